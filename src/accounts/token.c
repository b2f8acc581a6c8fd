#include "accounts/token.h"

#include "base/text.h"
#include "http/http.h"

static const struct field token_fields[] = {
    FIELD(struct api_token, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct api_token, name, FIELD_TEXT, .label = "Name", .max = 100),
    FIELD(struct api_token, scopes, FIELD_TEXT, .max = 2000),
    FIELD(struct api_token, read_only, FIELD_FLAG),
    FIELD(struct api_token, expires_at, FIELD_INSTANT),
    FIELD(struct api_token, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct api_token, used_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record api_token_record = RECORD("ApiToken", struct api_token, token_fields);

static const struct sql tokens_live = {
    "tokens_live",
    "select id, name, scopes, read_only, expires_at, created_at, used_at from api_token "
    "where staff = $1 and revoked_at is null and (expires_at is null or expires_at > $2) "
    "order by id desc limit 200",
    NULL};
static const struct sql token_end = {
    "token_end",
    "update api_token set revoked_at = $3 where id = $1 and staff = $2 and revoked_at is null",
    NULL};
static const struct sql token_insert = {
    "api_token_insert",
    "insert into api_token (staff, name, token_hash, scopes, read_only, expires_at, created_at) "
    "values ($1, $2, $3, $4, $5, $6, $7) returning id",
    NULL};

int64_t token_list(struct context *cx, int64_t staff, struct api_token **tokens) {
    return DB_RECORDS(cx->db, &tokens_live, P(I(staff), I(cx->now)), &api_token_record, tokens);
}

const char *token_make(struct context *cx, int64_t staff, struct api_token *token) {
    const char *unknown = NULL;
    uint64_t scopes = scopes_permissions(token->scopes, &unknown, cx->arena);
    if (unknown != NULL)
        error_add(cx->errors, INVALID, "scopes", "unknown_scope",
                  "There is no right that is called “%s”. They are: %s.", unknown,
                  permissions_scopes(~UINT64_C(0), cx->arena));
    if (token->expires_at != NONE && token->expires_at <= cx->now)
        error_add(cx->errors, INVALID, "expires", "too_small",
                  "The token would have run out already.");
    if (errors_any(cx->errors))
        return NULL;
    /* What may not do everything makes nothing that may. */
    bool narrow = cx->actor->staff == staff && !actor_may(cx->actor, RIGHT_IN_PERSON);
    if (narrow)
        scopes &= cx->actor->permissions;
    if (narrow || token->scopes != NULL)
        token->scopes = permissions_scopes(scopes, cx->arena);
    const char *secret = token_new(cx->arena, 32);
    token->id =
        db_insert(cx->db, &token_insert,
                  P(I(staff), T(token->name), T(token_hash(secret, cx->arena)), T(token->scopes),
                    I(token->read_only == 1), I(token->expires_at), I(cx->now)));
    audit_add(cx, "made", "token", token->id,
              arena_printf(cx->arena, "%s: %s", token->name,
                           token->read_only == 1   ? "reads only"
                           : token->scopes == NULL ? "everything"
                                                   : token->scopes));
    return secret;
}

enum status token_revoke_of(struct context *cx, int64_t staff, int64_t id) {
    if (db_run(cx->db, &token_end, P(I(id), I(staff), I(cx->now))) != 1)
        return error_add(cx->errors, MISSING, NULL, "unknown_token",
                         "There is no such token, or it has been taken back already.");
    audit_add(cx, "took back", "token", id, NULL);
    return OK;
}

int64_t token_end_of(const struct context *cx, const char *day) {
    int64_t number;
    if (day == NULL || !day_parse(day, &number))
        return NONE;
    return day_start(cx->locale->zone, number + 1);
}
