/* Changes to staff: names and roles, who may sign in, passwords. */
#include "accounts/account.h"
#include "accounts/link.h"
#include "accounts/session.h"
#include "base/merge.h"

#include "base/text.h"
#include "work/work.h"

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
static const struct sql staff_own_put = {
    "staff_own_put", "update staff set theme = $2, language = $3, letters_off = $4 where id = $1",
    NULL};

static enum status unknown(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_staff",
                     "There is nobody of the staff with this number.");
}

void account_event(struct context *cx, const char *kind, int64_t id) {
    event_add(cx, kind, -id, NULL);
}

enum status staff_check_role(struct context *cx, const char *role) {
    if ((role_permissions(role) & ~cx->actor->permissions) == 0)
        return OK;
    return error_add(cx->errors, INVALID, "role", "role_above",
                     "This role may do what you may not: only somebody who has it gives it.");
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
    if (!text_same(after.role, before.role))
        staff_check_role(cx, after.role);
    if (!text_same(after.role, "owner") && is_last_owner(cx, &before))
        error_add(cx->errors, INVALID, "role", "last_owner",
                  "%s is the only owner who may sign in. Make somebody else an owner first.",
                  before.name);
    if (errors_any(cx->errors))
        return INVALID;
    if (db_run(cx->db, &staff_update,
               P(T(after.name), T(after.email), T(after.role), I(staff->id), I(staff->version))) ==
        0)
        return record_changed(&staff_record, &after, &before, context_reader(cx), cx->errors,
                              before.name);
    audit_edit(cx, "edited", "staff", staff->id, &staff_record, &before, &after);
    context_tell(cx, "staff", staff->id);
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
    if (!active) {
        session_end_all(cx, id, 0);
        password_resets_end(cx, id);
    }
    audit_add(cx, active ? "let in" : "locked out", "staff", id, staff.name);
    return OK;
}

enum status staff_set_password(struct context *cx, int64_t id, const char *hash) {
    if (db_run(cx->db, &staff_password_put, P(I(id), T(hash))) != 1)
        return unknown(cx);
    session_end_all(cx, id, id == cx->actor->staff ? cx->actor->session : 0);
    password_resets_end(cx, id);
    audit_add(cx, "changed the password", "staff", id, NULL);
    account_event(cx, "account.password", id);
    return OK;
}

static const struct field own_fields[] = {
    FIELD(struct own_settings, theme, FIELD_CODE, .label = "Theme", .words = &theme_words,
          .flags = FIELD_REQUIRED),
    FIELD(struct own_settings, language, FIELD_CODE, .label = "Language", .words = &language_words),
    FIELD(struct own_settings, letters_off, FIELD_FLAG, .label = "Switch off single-letter keys"),
};
const struct record own_settings_record = RECORD("OwnSettings", struct own_settings, own_fields);

enum status staff_set_own(struct context *cx, const struct own_settings *own) {
    struct staff staff;
    if (!staff_load(cx, cx->actor->staff, &staff))
        return unknown(cx);
    struct own_settings before = {staff.theme, staff.language, staff.letters_off};
    db_run(cx->db, &staff_own_put,
           P(I(staff.id), T(own->theme), T(own->language), I(own->letters_off)));
    audit_edit(cx, "edited", "staff", staff.id, &own_settings_record, &before, own);
    return OK;
}

static const struct sql staff_password_get = {"staff_password_get",
                                              "select password from staff where id = $1", NULL};

const char *staff_password(struct context *cx, int64_t staff) {
    return db_text(cx->db, &staff_password_get, P(I(staff)));
}

enum status staff_end_sessions(struct context *cx, int64_t id) {
    struct staff staff;
    if (!staff_load(cx, id, &staff))
        return unknown(cx);
    session_end_all(cx, id, 0);
    audit_add(cx, "signed out everywhere", "staff", id, staff.name);
    return OK;
}
