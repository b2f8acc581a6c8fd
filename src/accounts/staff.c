/* Changes to staff: names and roles, who may sign in, passwords. */
#include "accounts/account.h"
#include "accounts/session.h"

#include "base/text.h"

static const struct sql staff_update = {
    "staff_update",
    "update staff set name = $1, email = $2, role = $3, version = version + 1 "
    "where id = $4 and version = $5",
    NULL};
static const struct sql staff_other_email = {
    "staff_other_email", "select id from staff where email = $1 and id <> $2", NULL};
static const struct sql staff_other_owner = {
    "staff_other_owner",
    "select id from staff where role = 'owner' and active = 1 and id <> $1 limit 1", NULL};
static const struct sql staff_active_put = {
    "staff_active_put", "update staff set active = $2, version = version + 1 where id = $1", NULL};
static const struct sql staff_password_put = {"staff_password_put",
                                              "update staff set password = $2 where id = $1", NULL};
static const struct sql staff_theme_put = {"staff_theme_put",
                                           "update staff set theme = $2 where id = $1", NULL};

static enum status unknown(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_staff",
                     "There is nobody of the staff with this number.");
}

/* Whether nobody else could manage the staff if this person no longer could. */
static bool is_last_owner(struct context *cx, const struct staff *staff) {
    return text_same(staff->role, "owner") && staff->active == 1 &&
           db_int(cx->db, &staff_other_owner, P(I(staff->id))) == NONE;
}

enum status staff_save(struct context *cx, const struct staff *staff) {
    struct staff before;
    if (!staff_load(cx, staff->id, &before))
        return unknown(cx);
    struct staff after = before;
    after.name = staff->name;
    after.email = text_lower(staff->email, cx->arena);
    after.role = staff->role;
    if (db_int(cx->db, &staff_other_email, P(T(after.email), I(staff->id))) != NONE)
        error_add(cx->errors, INVALID, "email", "taken",
                  "Somebody of the staff has this address already.");
    if (!text_same(after.role, "owner") && is_last_owner(cx, &before))
        error_add(cx->errors, INVALID, "role", "last_owner",
                  "%s is the only owner who may sign in. Make somebody else an owner first.",
                  before.name);
    if (errors_any(cx->errors))
        return INVALID;
    if (db_run(cx->db, &staff_update,
               P(T(after.name), T(after.email), T(after.role), I(staff->id), I(staff->version))) ==
        0)
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "%s was changed by somebody else meanwhile. Nothing was saved: look at "
                         "the new version and enter your change again.",
                         before.name);
    audit_add(cx, "edited", "staff", staff->id, audit_changes(cx, &staff_record, &before, &after));
    return OK;
}

enum status staff_set_active(struct context *cx, int64_t id, bool active) {
    struct staff staff;
    if (!staff_load(cx, id, &staff))
        return unknown(cx);
    if (!active && id == cx->actor->staff)
        return error_add(cx->errors, CONFLICT, NULL, "yourself",
                         "Nobody can lock themselves out. Ask another owner to do it.");
    if (!active && is_last_owner(cx, &staff))
        return error_add(cx->errors, CONFLICT, NULL, "last_owner",
                         "%s is the only owner who may sign in. Make somebody else an owner first.",
                         staff.name);
    db_run(cx->db, &staff_active_put, P(I(id), I(active)));
    if (!active)
        session_end_all(cx, id, 0);
    audit_add(cx, active ? "let in" : "locked out", "staff", id, staff.name);
    return OK;
}

enum status staff_set_password(struct context *cx, int64_t id, const char *hash) {
    if (db_run(cx->db, &staff_password_put, P(I(id), T(hash))) != 1)
        return unknown(cx);
    session_end_all(cx, id, id == cx->actor->staff ? cx->actor->session : 0);
    audit_add(cx, "changed the password", "staff", id, NULL);
    return OK;
}

enum status staff_set_theme(struct context *cx, int64_t id, const char *theme) {
    return db_run(cx->db, &staff_theme_put, P(I(id), T(theme))) == 1 ? OK : unknown(cx);
}

static const struct sql staff_password_get = {"staff_password_get",
                                              "select password from staff where id = $1", NULL};

const char *staff_password(struct context *cx, int64_t staff) {
    return db_text(cx->db, &staff_password_get, P(I(staff)));
}

/* ------------------------------------------------------------------ tokens */

static const struct field token_fields[] = {
    FIELD(struct api_token, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct api_token, name, FIELD_TEXT, .label = "Name", .max = 100),
    FIELD(struct api_token, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct api_token, used_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record api_token_record = RECORD("ApiToken", struct api_token, token_fields);

static const struct sql tokens_live = {
    "tokens_live",
    "select id, name, created_at, used_at from api_token "
    "where staff = $1 and revoked_at is null order by id desc limit 200",
    NULL};
static const struct sql token_end = {
    "token_end",
    "update api_token set revoked_at = $3 where id = $1 and staff = $2 and revoked_at is null",
    NULL};

int64_t token_list(struct context *cx, int64_t staff, struct api_token **tokens) {
    return DB_RECORDS(cx->db, &tokens_live, P(I(staff)), &api_token_record, tokens);
}

enum status token_revoke_of(struct context *cx, int64_t staff, int64_t id) {
    if (db_run(cx->db, &token_end, P(I(id), I(staff), I(cx->now))) != 1)
        return error_add(cx->errors, MISSING, NULL, "unknown_token",
                         "There is no such token, or it has been taken back already.");
    audit_add(cx, "took back", "token", id, NULL);
    return OK;
}
