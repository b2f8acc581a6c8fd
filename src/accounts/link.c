#include "accounts/link.h"

#include "base/text.h"

#include <string.h>

static const struct field link_fields[] = {
    FIELD(struct account_link, id, FIELD_ID),
    FIELD(struct account_link, kind, FIELD_TEXT, .flags = FIELD_INTERNAL),
    FIELD(struct account_link, staff, FIELD_ID, .flags = FIELD_INTERNAL),
    FIELD(struct account_link, name, FIELD_TEXT),
    FIELD(struct account_link, email, FIELD_TEXT),
    FIELD(struct account_link, role, FIELD_CODE, .words = &role_words),
    FIELD(struct account_link, made_by, FIELD_TEXT),
    FIELD(struct account_link, created_at, FIELD_INSTANT),
    FIELD(struct account_link, expires_at, FIELD_INSTANT),
    FIELD(struct account_link, sent_at, FIELD_INSTANT),
    FIELD(struct account_link, ended_at, FIELD_INSTANT, .flags = FIELD_INTERNAL),
    FIELD(struct account_link, message, FIELD_TEXT),
    FIELD(struct account_link, message_id, FIELD_ID),
};
const struct record account_link_record = RECORD("Invitation", struct account_link, link_fields);

#define LINK_COLUMNS                                                                               \
    "select l.id, l.kind, l.staff, l.name, l.email, l.role, l.made_by, l.created_at, "             \
    "l.expires_at, l.sent_at, l.ended_at"
static const struct sql link_by_id = {"account_link_by_id",
                                      LINK_COLUMNS " from account_link l where l.id = $1", NULL};
static const struct sql link_by_secret = {
    "account_link_by_secret",
    LINK_COLUMNS " from account_link l where l.token_hash = $1 and l.kind = $2 "
                 "and l.ended_at is null and l.expires_at > $3",
    NULL};
static const struct sql invitations_open = {
    "invitations_open",
    LINK_COLUMNS ", m.state as message, m.id as message_id from account_link l "
                 "left join message m on m.id = "
                 "(select max(id) from message where account_link = l.id) "
                 "where l.kind = 'invitation' and l.ended_at is null order by l.id desc limit 100",
    NULL};
static const struct sql link_add = {
    "account_link_add",
    "insert into account_link (kind, staff, name, email, role, made_by, created_at, expires_at) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
    NULL};
static const struct sql link_arm = {
    "account_link_arm",
    "update account_link set token_hash = $2, sent_at = $3 where id = $1 and ended_at is null "
    "and expires_at > $3",
    NULL};
static const struct sql link_end = {
    "account_link_end", "update account_link set ended_at = $2 where id = $1 and ended_at is null",
    NULL};
static const struct sql link_accepted = {"account_link_accepted",
                                         "update account_link set staff = $2 where id = $1", NULL};
static const struct sql link_extend = {
    "account_link_extend",
    "update account_link set expires_at = $2, token_hash = null, made_by = $3 "
    "where id = $1 and kind = 'invitation' and ended_at is null",
    NULL};
static const struct sql resets_end = {
    "account_resets_end",
    "update account_link set ended_at = $2 where staff = $1 and kind = 'reset' "
    "and ended_at is null",
    NULL};
static const struct sql invited_already = {
    "invited_already",
    "select id from account_link where email = $1 and kind = 'invitation' and ended_at is null",
    NULL};
static const struct sql staff_with_email = {"staff_with_email",
                                            "select id from staff where email = $1", NULL};
static const struct sql staff_who_may_sign_in = {
    "staff_who_may_sign_in", "select id from staff where email = $1 and active = 1", NULL};
static const struct sql mail_is_set = {"mail_is_set", "select 1 from mail_settings where id = 1",
                                       NULL};
static const struct sql failures_forgive = {"sign_in_failures_forgive",
                                            "delete from sign_in_failure where key = $1", NULL};

bool account_mail(struct context *cx) {
    return db_int(cx->db, &mail_is_set, P0) != NONE;
}

bool account_link_load(struct context *cx, int64_t id, struct account_link *link) {
    record_clear(&account_link_record, link);
    return db_record(cx->db, &link_by_id, P(I(id)), &account_link_record, link);
}

int64_t invitation_list(struct context *cx, struct account_link **links) {
    return DB_RECORDS(cx->db, &invitations_open, P0, &account_link_record, links);
}

/* ------------------------------------------------------------------ invitations */

static enum status unknown_invitation(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_invitation",
                     "There is no such invitation, or it was accepted or withdrawn.");
}

static void invite(struct context *cx, int64_t id) {
    account_event(cx, "account.invited", id);
    context_tell(cx, "staff", 0);
}

enum status invitation_add(struct context *cx, const struct staff *staff, int64_t *id) {
    const char *email = text_lower(staff->email, cx->arena);
    if (db_int(cx->db, &staff_with_email, P(T(email))) != NONE)
        error_add(cx->errors, INVALID, "email", "taken",
                  "Somebody of the staff has this address already.");
    else if (db_int(cx->db, &invited_already, P(T(email))) != NONE)
        error_add(cx->errors, INVALID, "email", "invited",
                  "This address is invited already: send that invitation again, or withdraw it.");
    staff_check_role(cx, staff->role);
    if (errors_any(cx->errors))
        return INVALID;
    *id = db_insert(cx->db, &link_add,
                    P(T("invitation"), I(NONE), T(staff->name), T(email), T(staff->role),
                      T(cx->actor->name), I(cx->now), I(cx->now + INVITATION_LASTS)));
    audit_add(cx, "invited", "invitation", *id,
              arena_printf(cx->arena, "%s, %s, %s", staff->name, email, staff->role));
    invite(cx, *id);
    return OK;
}

/* Whoever sends it again answers for the role that is given by it. */
static enum status extend(struct context *cx, int64_t id) {
    struct account_link link;
    if (!account_link_load(cx, id, &link) || !text_same(link.kind, "invitation") ||
        link.ended_at != NONE)
        return unknown_invitation(cx);
    if (staff_check_role(cx, link.role) != OK)
        return INVALID;
    db_run(cx->db, &link_extend, P(I(id), I(cx->now + INVITATION_LASTS), T(cx->actor->name)));
    return OK;
}

enum status invitation_resend(struct context *cx, int64_t id) {
    enum status status = extend(cx, id);
    if (status != OK)
        return status;
    audit_add(cx, "sent again", "invitation", id, NULL);
    invite(cx, id);
    return OK;
}

enum status invitation_hand_over(struct context *cx, int64_t id, const char **secret) {
    enum status status = extend(cx, id);
    if (status != OK)
        return status;
    audit_add(cx, "handed over", "invitation", id, NULL);
    *secret = account_link_arm(cx, id);
    context_tell(cx, "staff", 0);
    return OK;
}

enum status invitation_withdraw(struct context *cx, int64_t id) {
    struct account_link link;
    if (!account_link_load(cx, id, &link) || !text_same(link.kind, "invitation") ||
        db_run(cx->db, &link_end, P(I(id), I(cx->now))) != 1)
        return unknown_invitation(cx);
    audit_add(cx, "withdrew", "invitation", id, link.email);
    context_tell(cx, "staff", 0);
    return OK;
}

enum status invitation_accept(struct context *cx, const struct account_link *link, const char *name,
                              const char *password_hash, int64_t *staff) {
    if (db_run(cx->db, &link_end, P(I(link->id), I(cx->now))) != 1)
        return unknown_invitation(cx);
    enum status status =
        staff_add(cx, &(struct staff){.name = name, .email = link->email, .role = link->role},
                  password_hash, staff);
    if (status == OK)
        db_run(cx->db, &link_accepted, P(I(link->id), I(*staff)));
    return status;
}

/* ------------------------------------------------------------------ secrets */

const char *account_link_arm(struct context *cx, int64_t id) {
    const char *secret = token_new(cx->arena, 32);
    if (db_run(cx->db, &link_arm, P(I(id), T(token_hash(secret, cx->arena)), I(cx->now))) != 1)
        return NULL;
    return secret;
}

bool account_link_find(struct context *cx, const char *kind, const char *secret,
                       struct account_link *link) {
    record_clear(&account_link_record, link);
    return db_record(cx->db, &link_by_secret,
                     P(T(token_hash(secret, cx->arena)), T(kind), I(cx->now)), &account_link_record,
                     link);
}

/* ------------------------------------------------------------------ forgotten passwords */

void password_forgotten(struct context *cx, const char *email) {
    int64_t staff = db_int(cx->db, &staff_who_may_sign_in, P(T(email)));
    account_event(cx, "account.forgotten", staff == NONE ? 0 : staff);
}

void password_resets_end(struct context *cx, int64_t staff) {
    db_run(cx->db, &resets_end, P(I(staff), I(cx->now)));
}

static enum status make_reset(struct context *cx, const struct event *event) {
    struct staff staff;
    if (event->subject == 0 || !staff_load(cx, -event->subject, &staff) || staff.active != 1)
        return OK;
    int64_t expires = event->at + RESET_LASTS;
    if (expires <= cx->now)
        return OK;
    password_resets_end(cx, staff.id);
    int64_t id = db_insert(cx->db, &link_add,
                           P(T("reset"), I(staff.id), T(staff.name), T(staff.email), T(NULL),
                             T(staff.name), I(cx->now), I(expires)));
    audit_add(cx, "asked for a new password", "staff", staff.id, NULL);
    account_event(cx, "account.reset", id);
    return OK;
}

const struct reaction account_reactions[] = {
    {"accounts.forgotten", "account.forgotten", make_reset, NULL},
    {0},
};

enum status password_reset(struct context *cx, const struct account_link *link,
                           const char *password_hash) {
    struct staff staff;
    if (!staff_load(cx, link->staff, &staff) || staff.active != 1 ||
        db_run(cx->db, &link_end, P(I(link->id), I(cx->now))) != 1)
        return error_add(cx->errors, GONE, NULL, "link_ended",
                         "This link was used already, or is too old. Ask for a new one.");
    db_run(cx->db, &failures_forgive, P(T(token_hash(staff.email, cx->arena))));
    return staff_set_password(cx, staff.id, password_hash);
}
