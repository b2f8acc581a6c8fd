#include "tracking/link.h"

#include "base/text.h"

#include <string.h>

enum { TOKEN_BYTES = 16 };

static const struct sql link_insert = {
    "tracking_link_insert",
    "insert into tracking_link (job, token_hash, created_at) values ($1, $2, $3)", NULL};
static const struct sql link_job = {
    "tracking_link_job",
    "select job from tracking_link where token_hash = $1 and revoked_at is null", NULL};
static const struct sql links_revoke = {
    "tracking_links_revoke",
    "update tracking_link set revoked_at = $2 where job = $1 and revoked_at is null", NULL};

const char *tracking_link_new(struct context *cx, int64_t job) {
    const char *token = token_new(cx->arena, TOKEN_BYTES);
    db_run(cx->db, &link_insert, P(I(job), T(token_hash(token, cx->arena)), I(cx->now)));
    return arena_printf(cx->arena, "/track/%s", token);
}

int64_t tracking_link_job(struct context *cx, const char *token) {
    if (token == NULL || strlen(token) != 2 * TOKEN_BYTES)
        return NONE;
    return db_int(cx->db, &link_job, P(T(token_hash(token, cx->arena))));
}

void tracking_links_revoke(struct context *cx, int64_t job) {
    db_run(cx->db, &links_revoke, P(I(job), I(cx->now)));
}
