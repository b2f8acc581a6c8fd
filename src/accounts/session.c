/* Sessions: a random token in a cookie, its hash in the database. They end after 30 days unused, 90
 * days in all, at sign-out, or when the person may no longer sign in. */
#include "accounts/session.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { COOKIE_DAYS = 30, LONGEST_DAYS = 90 };

static const struct sql session_find = {
    "session_find",
    "select s.id, s.staff, s.used_at, t.name, t.role, t.theme from session s "
    "join staff t on t.id = s.staff where s.token_hash = $1 and s.expires_at > $2 and t.active = 1",
    NULL};
static const struct sql token_find = {
    "token_find",
    "select k.id, k.staff, k.used_at, t.name, t.role, t.theme from api_token k "
    "join staff t on t.id = k.staff where k.token_hash = $1 and k.revoked_at is null "
    "and cast($2 as bigint) > 0 and t.active = 1",
    NULL};
static const struct sql session_insert = {
    "session_insert",
    "insert into session (token_hash, staff, created_at, used_at, expires_at, agent) "
    "values ($1, $2, $3, $3, $4, $5)",
    NULL};
static const struct sql session_used = {
    "session_used",
    "update session set used_at = $2, expires_at = case when $3 < created_at + $4 then $3 "
    "else created_at + $4 end where id = $1",
    NULL};
static const struct sql token_used = {"token_used",
                                      "update api_token set used_at = $2 where id = $1", NULL};
static const struct sql session_delete = {"session_delete", "delete from session where id = $1",
                                          NULL};
static const struct sql sessions_expired = {"sessions_expired",
                                            "delete from session where expires_at <= $1", NULL};

static const struct actor nobody = {.name = "The customer", .role = "public", .theme = "auto"};

struct used {
    int64_t id;
    bool token;
};

static enum status note_use(struct context *cx, void *arg) {
    const struct used *used = arg;
    if (used->token)
        db_run(cx->db, &token_used, P(I(used->id), I(cx->now)));
    else
        db_run(cx->db, &session_used,
               P(I(used->id), I(cx->now), I(cx->now + COOKIE_DAYS * DAY), I(LONGEST_DAYS * DAY)));
    return OK;
}

/* The actor behind a secret; false: none. A use is noted at most every ten minutes, so that reading
 * pages stays reading. */
static bool find(struct request *r, const char *secret, bool token) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return false;
    struct rows *rows = db_rows(cx->db, token ? &token_find : &session_find,
                                P(T(token_hash(secret, cx->arena)), I(cx->now)));
    bool found = rows_next(rows);
    if (found) {
        struct actor *actor = ARENA_NEW(cx->arena, struct actor);
        struct used used = {row_int(rows, 0), token};
        int64_t used_at = row_int(rows, 2);
        actor->session = token ? 0 : used.id;
        actor->staff = row_int(rows, 1);
        actor->name = row_text(rows, 3);
        actor->role = row_text(rows, 4);
        actor->theme = row_text(rows, 5);
        actor->permissions = role_permissions(actor->role) | RIGHT_SIGNED_IN | RIGHT_PUBLIC;
        rows_end(rows);
        r->cx.actor = actor;
        if (used_at == NONE || used_at < cx->now - 10 * MINUTE) {
            struct errors errors = {.arena = cx->arena};
            struct context writing = r->cx;
            writing.errors = &errors;
            writing.outcome = NULL;
            writing.db = NULL;
            store_write(r->cx.store, &writing, note_use, &used);
        }
    }
    rows_end(rows);
    return found;
}

enum status account_identify(struct request *r) {
    r->cx.actor = &nobody;
    const char *authorization = request_header(r, "Authorization");
    if (authorization != NULL && strncasecmp(authorization, "Bearer ", 7) == 0) {
        find(r, authorization + 7, true);
        return OK;
    }
    const char *cookie = request_cookie(r, "benchpin");
    if (cookie != NULL && cookie[0] != '\0')
        find(r, cookie, false);
    return OK;
}

const char *session_start(struct context *cx, int64_t staff, const char *agent, bool secure) {
    const char *token = token_new(cx->arena, 32);
    db_run(cx->db, &sessions_expired, P(I(cx->now)));
    db_run(cx->db, &session_insert,
           P(T(token_hash(token, cx->arena)), I(staff), I(cx->now), I(cx->now + COOKIE_DAYS * DAY),
             T(agent)));
    return arena_printf(cx->arena, "benchpin=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
                        token, LONGEST_DAYS * 86400, secure ? "; Secure" : "");
}

void session_end(struct context *cx, int64_t session) {
    db_run(cx->db, &session_delete, P(I(session)));
}

static const struct sql sessions_of_staff = {
    "sessions_of_staff_end", "delete from session where staff = $1 and id <> $2", NULL};
static const struct sql tokens_of_staff = {
    "tokens_of_staff_end",
    "update api_token set revoked_at = $2 where staff = $1 and revoked_at is null", NULL};

void session_end_all(struct context *cx, int64_t staff, int64_t kept) {
    db_run(cx->db, &sessions_of_staff, P(I(staff), I(kept)));
    db_run(cx->db, &tokens_of_staff, P(I(staff), I(cx->now)));
}
