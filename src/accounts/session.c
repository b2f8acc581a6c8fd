/* Sessions: a random token in a cookie, its hash in the database. They end after 30 days unused, 90
 * days in all, at sign-out, or when the person may no longer sign in. */
#include "accounts/session.h"

#include "accounts/second_factor.h"
#include "base/text.h"
#include "http/throttle.h"

#include <string.h>
#include <strings.h>

enum { COOKIE_DAYS = 30, LONGEST_DAYS = 90 };

#define PERSON                                                                                     \
    "t.name, t.role, t.theme, t.language, t.letters_off, "                                         \
    "(select confirmed_at from second_factor where staff = t.id), "                                \
    "(select second_factor from account_policy where id = 1)"
static const struct sql session_find = {
    "session_find",
    "select s.id, s.staff, s.used_at, " PERSON " from session s "
    "join staff t on t.id = s.staff where s.token_hash = $1 and s.expires_at > $2 and t.active = 1",
    NULL};
static const struct sql token_find = {
    "token_find",
    "select k.id, k.staff, k.used_at, " PERSON ", k.scopes, k.read_only from api_token k "
    "join staff t on t.id = k.staff where k.token_hash = $1 and k.revoked_at is null "
    "and (k.expires_at is null or k.expires_at > $2) and t.active = 1",
    NULL};
static const struct sql session_insert = {
    "session_insert",
    "insert into session (token_hash, staff, created_at, used_at, expires_at, agent, address) "
    "values ($1, $2, $3, $3, $4, $5, $6)",
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

/* What a session or a token may: a session all of the role, but first of all its second factor
 * where the shop asks for one; a token of the role what its scopes say. A person's own affairs
 * (password, other sessions, tokens) are not for a program that may not do everything. */
static void give_rights(struct actor *actor, struct rows *rows, bool token) {
    enum { SINCE = 8, POLICY = 9, SCOPES = 10, READ_ONLY = 11 };
    actor->permissions = role_permissions(actor->role) | RIGHT_SIGNED_IN | RIGHT_PUBLIC;
    const char *scopes = token ? row_text(rows, SCOPES) : NULL;
    if (scopes != NULL)
        actor->permissions &=
            scopes_permissions(scopes, NULL, NULL) | RIGHT_SIGNED_IN | RIGHT_PUBLIC;
    else if (!token || row_int(rows, READ_ONLY) != 1)
        actor->permissions |= RIGHT_IN_PERSON;
    if (!token && row_int(rows, SINCE) == NONE && policy_asks(row_text(rows, POLICY), actor->role))
        actor->detour = "/me/second-factor";
}

/* The actor behind a secret, if there is one. A use is noted at most every ten minutes, so that
 * reading pages stays reading. */
static enum status find(struct request *r, const char *secret, bool token) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return OK;
    struct rows *rows = db_rows(cx->db, token ? &token_find : &session_find,
                                P(T(token_hash(secret, cx->arena)), I(cx->now)));
    if (!rows_next(rows))
        return OK;
    struct actor *actor = ARENA_NEW(cx->arena, struct actor);
    struct used used = {row_int(rows, 0), token};
    int64_t used_at = row_int(rows, 2);
    bool read_only = token && row_int(rows, 11) == 1;
    actor->session = token ? 0 : used.id;
    actor->token = token ? used.id : 0;
    actor->staff = row_int(rows, 1);
    actor->name = row_text(rows, 3);
    actor->role = row_text(rows, 4);
    actor->theme = row_text(rows, 5);
    actor->language = row_text(rows, 6);
    actor->letters_off = row_int(rows, 7) == 1;
    give_rights(actor, rows, token);
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
    /* Signing out ends the token itself: that it may. */
    if (read_only && r->method != GET &&
        !(r->route != NULL && text_same(r->route->path, "/sign-out")))
        return fail(r, DENIED, "read_only", "This token may read, and change nothing.");
    return OK;
}

enum status account_identify(struct request *r) {
    r->cx.actor = &nobody;
    const char *authorization = request_header(r, "Authorization");
    if (authorization != NULL && strncasecmp(authorization, "Bearer ", 7) == 0)
        return find(r, authorization + 7, true);
    const char *cookie = request_cookie(r, "benchpin");
    return cookie != NULL && cookie[0] != '\0' ? find(r, cookie, false) : OK;
}

struct visitor session_visitor(const struct request *r) {
    return (struct visitor){request_header(r, "User-Agent"), r->address,
                            text_starts(request_url(r), "https://")};
}

const char *session_start(struct context *cx, int64_t staff, const struct visitor *visitor) {
    const char *token = token_new(cx->arena, 32);
    db_run(cx->db, &sessions_expired, P(I(cx->now)));
    db_run(cx->db, &session_insert,
           P(T(token_hash(token, cx->arena)), I(staff), I(cx->now), I(cx->now + COOKIE_DAYS * DAY),
             T(visitor->agent), T(visitor->address)));
    return arena_printf(cx->arena, "benchpin=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
                        token, LONGEST_DAYS * 86400, visitor->secure ? "; Secure" : "");
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

/* ------------------------------------------------------------------ one's own */

static const struct field session_fields[] = {
    FIELD(struct session, id, FIELD_ID),
    FIELD(struct session, created_at, FIELD_INSTANT),
    FIELD(struct session, used_at, FIELD_INSTANT),
    FIELD(struct session, agent, FIELD_TEXT, .flags = FIELD_INTERNAL),
    FIELD(struct session, address, FIELD_TEXT),
    FIELD(struct session, device, FIELD_TEXT),
    FIELD(struct session, here, FIELD_FLAG),
};
const struct record session_record = RECORD("Session", struct session, session_fields);

static const struct sql sessions_live = {
    "sessions_live",
    "select id, created_at, used_at, agent, address from session "
    "where staff = $1 and expires_at > $2 order by used_at desc, id desc limit 100",
    NULL};
static const struct sql session_delete_own = {
    "session_delete_own", "delete from session where id = $1 and staff = $2", NULL};

int64_t session_list(struct context *cx, int64_t staff, struct session **sessions) {
    int64_t count =
        DB_RECORDS(cx->db, &sessions_live, P(I(staff), I(cx->now)), &session_record, sessions);
    for (int64_t i = 0; i < count; i++) {
        struct session *session = &(*sessions)[i];
        session->device = agent_words(session->agent, cx->arena);
        session->here = session->id == cx->actor->session;
    }
    return count;
}

enum status session_end_one(struct context *cx, int64_t id) {
    if (db_run(cx->db, &session_delete_own, P(I(id), I(cx->actor->staff))) != 1)
        return error_add(cx->errors, MISSING, NULL, "unknown_session",
                         "There is no such session, or it has ended already.");
    audit_add(cx, "ended a session", "staff", cx->actor->staff, NULL);
    return OK;
}

enum status session_end_own(struct context *cx, bool here_too) {
    db_run(cx->db, &sessions_of_staff,
           P(I(cx->actor->staff), I(here_too ? 0 : cx->actor->session)));
    audit_add(cx, here_too ? "signed out everywhere" : "signed out everywhere else", "staff",
              cx->actor->staff, NULL);
    return OK;
}

/* Who finds a browser open must not be able to take the account over by guessing. */
enum status password_confirm(struct request *r, const char *current) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    const char *key = arena_printf(cx->arena, "%ld", (long)cx->actor->staff);
    if (!throttle(r, "own-password", key, 10, 10 * MINUTE))
        return fail(r, TOO_MANY, "too_many", "Too many attempts. Try again in ten minutes.");
    const char *hash = staff_password(cx, cx->actor->staff);
    store_read_end(cx->store, cx); /* hashing takes long: the connection goes back first */
    if (hash != NULL && password_matches(current, hash))
        return OK;
    return error_add(r->cx.errors, INVALID, "current", "wrong_password",
                     "This is not the present password. Nothing was changed.");
}
