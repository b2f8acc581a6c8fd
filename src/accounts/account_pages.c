#include "accounts/account_pages.h"
#include "accounts.sign_in.html.h"
#include "accounts/session.h"
#include "base/text.h"
#include "http/throttle.h"

#include <string.h>

static const struct field sign_in_fields[] = {
    FIELD(struct sign_in, email, FIELD_TEXT, .label = "E-mail", .flags = FIELD_REQUIRED,
          .max = 200),
    FIELD(struct sign_in, password, FIELD_TEXT, .label = "Password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
    FIELD(struct sign_in, next, FIELD_TEXT, .max = 1000),
    FIELD(struct sign_in, name, FIELD_TEXT, .label = "Name of the token", .max = 100),
};
static const struct record sign_in_record = RECORD("SignIn", struct sign_in, sign_in_fields);

/* Who is signed in needs no password to make a token. */
static const struct field token_fields[] = {
    FIELD(struct sign_in, email, FIELD_TEXT, .label = "E-mail", .max = 200),
    FIELD(struct sign_in, password, FIELD_TEXT, .label = "Password", .max = 200,
          .flags = FIELD_SECRET),
    FIELD(struct sign_in, name, FIELD_TEXT, .label = "Name of the token", .max = 100),
};
static const struct record token_record = RECORD("TokenRequest", struct sign_in, token_fields);

static const struct field signed_in_fields[] = {
    FIELD(struct signed_in, staff, FIELD_ID),
    FIELD(struct signed_in, name, FIELD_TEXT),
    FIELD(struct signed_in, role, FIELD_TEXT),
    FIELD(struct signed_in, token, FIELD_TEXT),
};
static const struct record signed_in_record =
    RECORD("SignedIn", struct signed_in, signed_in_fields);

static void sign_in_page(struct view *v, const void *model) {
    view_page(
        v, &(struct page){
               .title = view_t(v, "Sign in"), .bare = true, .body = sign_in_html, .model = model});
}
static const struct presentation sign_in_as = {&sign_in_record, sign_in_page};
static const struct presentation signed_in_as = {&signed_in_record, NULL};

/* Only our own pages: a link from elsewhere must not lead a freshly signed-in person away. */
static const char *own_page(const char *next) {
    return next != NULL && next[0] == '/' && next[1] != '/' && next[1] != '\\' ? next : "/";
}

static enum status show(struct request *r, const struct sign_in *values) {
    struct sign_in_form model = {.next = own_page(values->next),
                                 .form = request_form(r, &sign_in_record, values)};
    return answer(r, &sign_in_as, &model);
}

static enum status sign_in_show(struct request *r) {
    if (r->cx.actor->staff != 0)
        return answer_redirect(r, own_page(request_typed(r, "next")));
    struct sign_in values;
    record_clear(&sign_in_record, &values);
    values.next = request_typed(r, "next");
    return show(r, &values);
}

static enum status sign_in_again(struct request *r) {
    return show(r, r->input);
}

/* ------------------------------------------------------------------ back-off */

static const struct sql failure_until = {"failure_until",
                                         "select until from sign_in_failure where key = $1", NULL};
static const struct sql failure_add = {
    "failure_add",
    "insert into sign_in_failure (key, failures, until) values ($1, 1, $2) "
    "on conflict (key) do update set failures = sign_in_failure.failures + 1, "
    "until = case when sign_in_failure.failures < 4 then $2 "
    "when sign_in_failure.failures < 9 then $2 + 5000 "
    "when sign_in_failure.failures < 19 then $2 + 60000 else $2 + 900000 end",
    NULL};
static const struct sql failure_clear = {"failure_clear",
                                         "delete from sign_in_failure where key = $1", NULL};
static const struct sql failures_old = {"failures_old",
                                        "delete from sign_in_failure where until < $1", NULL};
static const struct sql password_of = {
    "password_of",
    "select id, name, role, password from staff where email = $1 and active = 1 "
    "and password is not null",
    NULL};

/* What a wrong address is compared with, so that it takes as long as a wrong password. */
static const char decoy[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct signing_in {
    const char *key, *agent;
    int64_t staff;
    const char *name, *role, *token_name, *next;
    bool secure;
};

static enum status note_failure(struct context *cx, void *arg) {
    db_run(cx->db, &failures_old, P(I(cx->now - DAY)));
    db_run(cx->db, &failure_add, P(T(arg), I(cx->now)));
    return OK;
}

static enum status start(struct context *cx, void *arg) {
    struct signing_in *in = arg;
    db_run(cx->db, &failure_clear, P(T(in->key)));
    struct actor *actor = ARENA_NEW(cx->arena, struct actor);
    *actor = (struct actor){.staff = in->staff, .name = in->name, .role = in->role};
    cx->actor = actor;
    audit_add(cx, "signed in", "staff", in->staff, NULL);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = own_page(in->next),
                              .cookie = session_start(cx, in->staff, in->agent, in->secure)});
    return OK;
}

static const struct sql token_insert = {
    "api_token_insert",
    "insert into api_token (staff, name, token_hash, created_at) values ($1, $2, $3, $4) "
    "returning id",
    NULL};

static enum status make_token(struct context *cx, void *arg) {
    struct signing_in *in = arg;
    if (in->key != NULL)
        db_run(cx->db, &failure_clear, P(T(in->key)));
    const char *token = token_new(cx->arena, 32);
    int64_t id =
        db_insert(cx->db, &token_insert,
                  P(I(in->staff), T(in->token_name), T(token_hash(token, cx->arena)), I(cx->now)));
    struct actor *actor = ARENA_NEW(cx->arena, struct actor);
    *actor = (struct actor){.staff = in->staff, .name = in->name, .role = in->role};
    cx->actor = actor;
    audit_add(cx, "made", "token", id, in->token_name);
    struct signed_in out = {in->staff, in->name, in->role, token};
    context_outcome(cx,
                    &(struct outcome){.status = 201, .record = &signed_in_record, .model = &out});
    return OK;
}

/* Checks address and password. The same sentence, whichever is wrong. */
static enum status check(struct request *r, struct signing_in *in) {
    const struct sign_in *typed = r->input;
    const char *email = text_lower(text_trim(typed->email, r->cx.arena), r->cx.arena);
    in->key = token_hash(email, r->cx.arena); /* no addresses of strangers in the table */
    in->agent = request_header(r, "User-Agent");
    in->next = typed->next;
    if (!throttle(r, "sign-in", r->address, 60, 10 * MINUTE))
        return fail(r, TOO_MANY, "too_many",
                    "Too many attempts from here. Try again in ten minutes.");
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    int64_t until = db_int(cx->db, &failure_until, P(T(in->key)));
    if (until != NONE && until > cx->now)
        return fail(r, TOO_MANY, "too_many", "Too many attempts. Try again in %ld seconds.",
                    (long)((until - cx->now) / 1000 + 1));
    const char *hash = decoy;
    struct rows *rows = db_rows(cx->db, &password_of, P(T(email)));
    if (rows_next(rows)) {
        in->staff = row_int(rows, 0);
        in->name = row_text(rows, 1);
        in->role = row_text(rows, 2);
        hash = row_text(rows, 3);
    }
    rows_end(rows);
    store_read_end(r->cx.store, &r->cx); /* hashing takes long: the connection goes back first */
    if (password_matches(typed->password, hash) && in->staff != 0)
        return OK;
    struct context writing = r->cx;
    writing.outcome = NULL;
    store_write(r->cx.store, &writing, note_failure, (void *)in->key);
    return fail(r, INVALID, "wrong_sign_in", "The e-mail address or the password is not right.");
}

static enum status sign_in_post(struct request *r) {
    struct signing_in in = {.secure = text_starts(request_url(r), "https://")};
    enum status status = check(r, &in);
    return status == OK ? request_write(r, start, &in) : status;
}

static enum status token_post(struct request *r) {
    const struct sign_in *asked = r->input;
    struct signing_in in = {.token_name = text_empty(asked->name) ? "API" : asked->name};
    if (r->cx.actor->staff != 0 && asked->email == NULL) {
        in.staff = r->cx.actor->staff;
        in.name = r->cx.actor->name;
        in.role = r->cx.actor->role;
        return request_write(r, make_token, &in);
    }
    if (asked->email == NULL || asked->password == NULL)
        return error_add(r->cx.errors, INVALID, asked->email == NULL ? "email" : "password",
                         "required", "A token is made with an e-mail address and a password.");
    enum status status = check(r, &in);
    return status == OK ? request_write(r, make_token, &in) : status;
}

static const struct sql token_revoke = {
    "api_token_revoke",
    "update api_token set revoked_at = $2 where token_hash = $1 and revoked_at is null", NULL};

static enum status end(struct context *cx, void *arg) {
    const char *bearer = arg;
    if (bearer != NULL)
        db_run(cx->db, &token_revoke, P(T(token_hash(bearer, cx->arena)), I(cx->now)));
    if (cx->actor->session != 0)
        session_end(cx, cx->actor->session);
    audit_add(cx, "signed out", "staff", cx->actor->staff, NULL);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = "/sign-in",
                              .flash = "You are signed out.",
                              .cookie = "benchpin=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"});
    return OK;
}

static enum status sign_out_post(struct request *r) {
    const char *authorization = request_header(r, "Authorization");
    return request_write(
        r, end,
        authorization != NULL && strlen(authorization) > 7 ? (void *)(authorization + 7) : NULL);
}

static enum status me_show(struct request *r) {
    struct signed_in me = {r->cx.actor->staff, r->cx.actor->name, r->cx.actor->role, NULL};
    return answer(r, &signed_in_as, &me);
}

const struct route account_routes[] = {
    {GET, "/sign-in", RIGHT_PUBLIC, sign_in_show, .flags = ROUTE_PAGE},
    {POST, "/sign-in", RIGHT_PUBLIC, sign_in_post, &sign_in_record, .again = sign_in_again,
     .flags = ROUTE_PAGE},
    {POST, "/sign-out", RIGHT_SIGNED_IN, sign_out_post,
     .summary = "Sign out: ends the session or revokes the token"},
    {POST, "/tokens", RIGHT_PUBLIC, token_post, &token_record,
     .flags = ROUTE_API | ROUTE_OPEN_POST | ROUTE_SECRET, .output = &signed_in_as,
     .summary = "Sign in with e-mail and password for a bearer token"},
    {GET, "/me", RIGHT_SIGNED_IN, me_show, .flags = ROUTE_API, .output = &signed_in_as,
     .summary = "Who is signed in"},
    {0},
};
