#include "accounts/account_pages.h"
#include "accounts.sign_in.html.h"
#include "accounts/second_factor.h"
#include "accounts/session.h"
#include "accounts/token.h"
#include "base/text.h"
#include "http/throttle.h"

#include <string.h>

static const struct field sign_in_fields[] = {
    FIELD(struct sign_in, email, FIELD_TEXT, .label = "E-mail", .flags = FIELD_REQUIRED,
          .max = 200),
    FIELD(struct sign_in, password, FIELD_TEXT, .label = "Password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
    FIELD(struct sign_in, next, FIELD_TEXT, .max = 1000),
};
static const struct record sign_in_record = RECORD("SignIn", struct sign_in, sign_in_fields);

static const struct field code_fields[] = {
    FIELD(struct sign_in_code, code, FIELD_TEXT, .label = "Code", .max = 40,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
static const struct record code_record = RECORD("SignInCode", struct sign_in_code, code_fields);

static const struct field token_fields[] = {
    FIELD(struct token_request, email, FIELD_TEXT, .label = "E-mail", .max = 200),
    FIELD(struct token_request, password, FIELD_TEXT, .label = "Password", .max = 200,
          .flags = FIELD_SECRET),
    FIELD(struct token_request, code, FIELD_TEXT, .label = "Code of the second factor", .max = 40,
          .flags = FIELD_SECRET),
    FIELD(struct token_request, name, FIELD_TEXT, .label = "Name of the token", .max = 100),
    FIELD(struct token_request, scopes, FIELD_TEXT, .label = "Scopes", .max = 2000),
    FIELD(struct token_request, read_only, FIELD_FLAG, .label = "Read only"),
    FIELD(struct token_request, expires, FIELD_DAY, .label = "Good until"),
};
static const struct record token_record =
    RECORD("TokenRequest", struct token_request, token_fields);

static const struct field signed_in_fields[] = {
    FIELD(struct signed_in, staff, FIELD_ID),
    FIELD(struct signed_in, name, FIELD_TEXT),
    FIELD(struct signed_in, role, FIELD_TEXT),
    FIELD(struct signed_in, token, FIELD_TEXT),
    FIELD(struct signed_in, scopes, FIELD_TEXT, .max = 2000),
    FIELD(struct signed_in, read_only, FIELD_FLAG),
    FIELD(struct signed_in, expires_at, FIELD_INSTANT),
};
static const struct record signed_in_record =
    RECORD("SignedIn", struct signed_in, signed_in_fields);

enum { STEP_LASTS = 600 }; /* seconds from the password to the code */

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
static const struct sql step_add = {
    "sign_in_step_add",
    "insert into sign_in_step (token_hash, staff, next, expires_at) values ($1, $2, $3, $4)", NULL};
static const struct sql step_find = {
    "sign_in_step_find",
    "select s.staff, s.next, t.name, t.role from sign_in_step s join staff t on t.id = s.staff "
    "where s.token_hash = $1 and s.expires_at > $2 and t.active = 1",
    NULL};
static const struct sql steps_end = {"sign_in_steps_end",
                                     "delete from sign_in_step where staff = $1", NULL};
static const struct sql steps_expired = {"sign_in_steps_expired",
                                         "delete from sign_in_step where expires_at <= $1", NULL};
static const struct sql failures_old = {"failures_old",
                                        "delete from sign_in_failure where until < $1", NULL};
static const struct sql password_of = {
    "password_of",
    "select id, name, role, password, "
    "(select confirmed_at from second_factor where staff = staff.id), "
    "(select second_factor from account_policy where id = 1) "
    "from staff where email = $1 and active = 1 and password is not null",
    NULL};

/* What a wrong address is compared with, so that it takes as long as a wrong password. */
static const char decoy[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct signing_in {
    const char *key; /* of the failures to be forgiven; NULL: none */
    int64_t staff;
    const char *name, *role, *next;
    bool has_factor, asked_for_factor;
    const char *code; /* NULL: none is needed */
    struct visitor visitor;
    struct api_token token;
};

static enum status note_failure(struct context *cx, void *arg) {
    db_run(cx->db, &failures_old, P(I(cx->now - DAY)));
    db_run(cx->db, &failure_add, P(T(arg), I(cx->now)));
    return OK;
}

static void failed(struct request *r, const char *key) {
    struct errors ignored = {.arena = r->cx.arena};
    if (r->cx.db != NULL)
        store_read_end(r->cx.store, &r->cx);
    struct context writing = r->cx;
    writing.outcome = NULL;
    writing.errors = &ignored;
    store_write(r->cx.store, &writing, note_failure, (void *)key);
}

/* TOO_MANY while this key has to wait. */
static enum status wait_of(struct request *r, const char *key) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    int64_t until = db_int(cx->db, &failure_until, P(T(key)));
    if (until != NONE && until > cx->now)
        return fail(r, TOO_MANY, "too_many", "Too many attempts. Try again in %ld seconds.",
                    (long)((until - cx->now) / 1000 + 1));
    return OK;
}

/* Checks address and password. The same sentence, whichever is wrong. */
static enum status check(struct request *r, const char *typed_email, const char *password,
                         struct signing_in *in) {
    const char *email = text_lower(text_trim(typed_email, r->cx.arena), r->cx.arena);
    in->key = token_hash(email, r->cx.arena); /* no addresses of strangers in the table */
    if (!throttle(r, "sign-in", r->address, 60, 10 * MINUTE))
        return fail(r, TOO_MANY, "too_many",
                    "Too many attempts from here. Try again in ten minutes.");
    enum status status = wait_of(r, in->key);
    if (status != OK)
        return status;
    struct context *cx = &r->cx;
    const char *hash = decoy;
    struct rows *rows = db_rows(cx->db, &password_of, P(T(email)));
    if (rows_next(rows)) {
        in->staff = row_int(rows, 0);
        in->name = row_text(rows, 1);
        in->role = row_text(rows, 2);
        hash = row_text(rows, 3);
        in->has_factor = row_int(rows, 4) != NONE;
        in->asked_for_factor = policy_asks(row_text(rows, 5), in->role);
    }
    rows_end(rows);
    store_read_end(r->cx.store, &r->cx); /* hashing takes long: the connection goes back first */
    if (password_matches(password, hash) && in->staff != 0)
        return OK;
    failed(r, in->key);
    return fail(r, INVALID, "wrong_sign_in", "The e-mail address or the password is not right.");
}

/* The same sentence for a wrong code and for one that was used. */
static enum status wrong_code(struct errors *errors) {
    return error_add(errors, INVALID, "code", "wrong_code",
                     "This code is not right, or was used already. Wait for the next one.");
}

/* Checks the second factor; it is taken only in the closure that signs in. */
static enum status check_code(struct request *r, int64_t staff, const char *code) {
    const char *key = token_hash(arena_printf(r->cx.arena, "code %ld", (long)staff), r->cx.arena);
    enum status status = wait_of(r, key);
    if (status != OK)
        return status;
    if (second_factor_fits(&r->cx, staff, code))
        return OK;
    failed(r, key);
    return wrong_code(r->cx.errors);
}

/* From here on in the closure they act themselves. */
static enum status enter(struct context *cx, const struct signing_in *in) {
    struct actor *actor = ARENA_NEW(cx->arena, struct actor);
    *actor = (struct actor){.staff = in->staff,
                            .name = in->name,
                            .role = in->role,
                            .permissions = role_permissions(in->role) | RIGHT_IN_PERSON};
    cx->actor = actor;
    if (in->key != NULL)
        db_run(cx->db, &failure_clear, P(T(in->key)));
    if (in->code == NULL)
        return OK;
    if (!second_factor_take(cx, in->staff, in->code))
        return wrong_code(cx->errors);
    db_run(cx->db, &failure_clear,
           P(T(token_hash(arena_printf(cx->arena, "code %ld", (long)in->staff), cx->arena))));
    return OK;
}

static enum status start(struct context *cx, void *arg) {
    struct signing_in *in = arg;
    enum status status = enter(cx, in);
    if (status != OK)
        return status;
    db_run(cx->db, &steps_end, P(I(in->staff)));
    audit_add(cx, "signed in", "staff", in->staff, NULL);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = own_page(in->next),
                                          .cookie = session_start(cx, in->staff, &in->visitor)});
    return OK;
}

/* The password was right: ten minutes to give the code. */
static enum status ask_code(struct context *cx, void *arg) {
    struct signing_in *in = arg;
    const char *token = token_new(cx->arena, 32);
    db_run(cx->db, &failure_clear, P(T(in->key)));
    db_run(cx->db, &steps_expired, P(I(cx->now)));
    db_run(cx->db, &step_add,
           P(T(token_hash(token, cx->arena)), I(in->staff), T(in->next),
             I(cx->now + STEP_LASTS * SECOND)));
    context_outcome(
        cx, &(struct outcome){
                .status = 200,
                .location = "/sign-in/code",
                .cookie = arena_printf(cx->arena,
                                       "benchpin_step=%s; Path=/sign-in; HttpOnly; SameSite=Lax; "
                                       "Max-Age=%d%s",
                                       token, STEP_LASTS, in->visitor.secure ? "; Secure" : "")});
    return OK;
}

static enum status sign_in_post(struct request *r) {
    const struct sign_in *typed = r->input;
    struct signing_in in = {.next = typed->next, .visitor = session_visitor(r)};
    enum status status = check(r, typed->email, typed->password, &in);
    return status == OK ? request_write(r, in.has_factor ? ask_code : start, &in) : status;
}

/* ------------------------------------------------------------------ the second step */

/* Who gave the right password in this browser; false: nobody, or too long ago. */
static bool find_step(struct request *r, struct signing_in *in) {
    const char *cookie = request_cookie(r, "benchpin_step");
    struct context *cx = cookie == NULL || *cookie == '\0' ? NULL : request_read(r);
    if (cx == NULL)
        return false;
    struct rows *rows =
        db_rows(cx->db, &step_find, P(T(token_hash(cookie, cx->arena)), I(cx->now)));
    bool found = rows_next(rows);
    if (found) {
        in->staff = row_int(rows, 0);
        in->next = row_text(rows, 1);
        in->name = row_text(rows, 2);
        in->role = row_text(rows, 3);
    }
    rows_end(rows);
    return found;
}

static void code_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Second step"),
                                .bare = true,
                                .body = sign_in_code_html,
                                .model = model});
}
static const struct presentation code_as = {&code_record, code_page};

static enum status code_show(struct request *r) {
    struct signing_in in = {0};
    if (!find_step(r, &in))
        return answer_redirect(r, "/sign-in");
    struct form form = request_form(r, &code_record, NULL);
    return answer(r, &code_as, &form);
}

static enum status code_post(struct request *r) {
    const struct sign_in_code *typed = r->input;
    struct signing_in in = {.code = typed->code, .visitor = session_visitor(r)};
    if (!find_step(r, &in))
        return answer_redirect(r, "/sign-in");
    enum status status = check_code(r, in.staff, in.code);
    return status == OK ? request_write(r, start, &in) : status;
}

/* ------------------------------------------------------------------ tokens */

static enum status make_token(struct context *cx, void *arg) {
    struct signing_in *in = arg;
    if (in->key != NULL) {
        enum status status = enter(cx, in);
        if (status != OK)
            return status;
    }
    struct api_token token = in->token; /* made anew each time that this runs */
    const char *secret = token_make(cx, in->staff, &token);
    if (secret == NULL)
        return INVALID;
    struct signed_in out = {in->staff,    in->name,        in->role,        secret,
                            token.scopes, token.read_only, token.expires_at};
    context_outcome(cx,
                    &(struct outcome){.status = 201, .record = &signed_in_record, .model = &out});
    return OK;
}

static enum status check_token_request(struct request *r, struct signing_in *in) {
    const struct token_request *asked = r->input;
    if (asked->email == NULL || asked->password == NULL)
        return error_add(r->cx.errors, INVALID, asked->email == NULL ? "email" : "password",
                         "required", "A token is made with an e-mail address and a password.");
    enum status status = check(r, asked->email, asked->password, in);
    if (status != OK)
        return status;
    if (in->has_factor && asked->code == NULL)
        return error_add(r->cx.errors, INVALID, "code", "required",
                         "There is a second factor: send the code of the moment with it.");
    if (in->has_factor) {
        in->code = asked->code;
        return check_code(r, in->staff, in->code);
    }
    if (in->asked_for_factor)
        return fail(r, DENIED, "second_factor_missing",
                    "This shop asks for a second factor. Sign in with a browser and set it up.");
    return OK;
}

static enum status token_post(struct request *r) {
    const struct token_request *asked = r->input;
    struct signing_in in = {.token = {.name = text_empty(asked->name) ? "API" : asked->name,
                                      .scopes = asked->scopes,
                                      .read_only = asked->read_only,
                                      .expires_at = token_end_of(&r->cx, asked->expires)}};
    if (r->cx.actor->staff != 0 && asked->email == NULL) {
        in.staff = r->cx.actor->staff;
        in.name = r->cx.actor->name;
        in.role = r->cx.actor->role;
        return request_write(r, make_token, &in);
    }
    enum status status = check_token_request(r, &in);
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
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/sign-in",
                                          .flash = "You are signed out.",
                                          .cookie = SESSION_COOKIE_END});
    return OK;
}

static enum status sign_out_post(struct request *r) {
    const char *authorization = request_header(r, "Authorization");
    return request_write(
        r, end,
        authorization != NULL && strlen(authorization) > 7 ? (void *)(authorization + 7) : NULL);
}

static enum status me_show(struct request *r) {
    struct signed_in me = {.staff = r->cx.actor->staff,
                           .name = r->cx.actor->name,
                           .role = r->cx.actor->role,
                           .expires_at = NONE};
    return answer(r, &signed_in_as, &me);
}

const struct route account_routes[] = {
    {GET, "/sign-in", RIGHT_PUBLIC, sign_in_show, .flags = ROUTE_PAGE},
    {POST, "/sign-in", RIGHT_PUBLIC, sign_in_post, &sign_in_record, .again = sign_in_again,
     .flags = ROUTE_PAGE},
    {GET, "/sign-in/code", RIGHT_PUBLIC, code_show, .flags = ROUTE_PAGE},
    {POST, "/sign-in/code", RIGHT_PUBLIC, code_post, &code_record, .again = code_show,
     .flags = ROUTE_PAGE},
    {POST, "/sign-out", RIGHT_SIGNED_IN, sign_out_post, .flags = ROUTE_DETOUR,
     .summary = "Sign out: ends the session or revokes the token"},
    {POST, "/tokens", RIGHT_PUBLIC, token_post, &token_record,
     .flags = ROUTE_API | ROUTE_OPEN_POST | ROUTE_SECRET, .output = &signed_in_as,
     .summary = "Sign in with e-mail and password for a bearer token"},
    {GET, "/me", RIGHT_SIGNED_IN, me_show, .flags = ROUTE_API | ROUTE_DETOUR,
     .output = &signed_in_as, .summary = "Who is signed in"},
    {0},
};
