/* Everybody's own account: language and looks, password, second factor, sessions, tokens. */
#include "settings/me_settings.h"

#include "accounts/totp.h"
#include "base/text.h"
#include "settings.me_settings.html.h"
#include "shops/shop.h"
#include "view/qr.h"

#include <string.h>

static struct page page_of(const char *title, void (*body)(struct view *v, const void *model),
                           const void *model) {
    return (struct page){.title = title, .nav = "me", .body = body, .model = model};
}

static struct page page_below(struct view *v, const char *title,
                              void (*body)(struct view *v, const void *model), const void *model) {
    struct page page = page_of(title, body, model);
    page.crumb = view_t(v, "My account");
    page.crumb_url = "/me/settings";
    return page;
}

/* ------------------------------------------------------------------ the account */

static const struct field own_password_fields[] = {
    FIELD(struct own_password, current, FIELD_TEXT, .label = "Present password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
    FIELD(struct own_password, password, FIELD_TEXT, .label = "New password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
static const struct record own_password_record =
    RECORD("OwnPassword", struct own_password, own_password_fields);

static const struct field me_fields[] = {
    FIELD(struct me_page, me, FIELD_ONE, .of = &staff_record, .flags = FIELD_NO_COLUMN),
    FIELD(struct me_page, second_factor, FIELD_ONE, .of = &second_factor_record,
          .flags = FIELD_NO_COLUMN),
    FIELD_ROWS(struct me_page, sessions, session_count, &session_record),
    FIELD_ROWS(struct me_page, tokens, token_count, &api_token_record),
};
static const struct record me_record = RECORD("Me", struct me_page, me_fields);

static void me_html(struct view *v, const void *model) {
    struct page page = page_of(view_t(v, "My account"), me_settings_html, model);
    view_page(v, &page);
}
static const struct presentation me_as = {&me_record, me_html};
static const struct presentation staff_as = {&staff_record, NULL};

enum own_form { NO_FORM, THE_SETTINGS, MY_PASSWORD };

static enum status show_me(struct request *r, enum own_form typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct me_page page = {0};
    if (!staff_load(cx, cx->actor->staff, &page.staff))
        return fail(r, MISSING, "unknown_staff", "There is nobody of the staff with this number.");
    page.me = &page.staff;
    second_factor_of(cx, &page.staff, &page.factor);
    page.second_factor = &page.factor;
    page.session_count = session_list(cx, page.staff.id, &page.sessions);
    page.token_count = token_list(cx, page.staff.id, &page.tokens);
    struct own_settings own = {page.staff.theme, page.staff.language, page.staff.letters_off};
    page.own_form = typed == THE_SETTINGS
                        ? request_form(r, &own_settings_record, &own)
                        : (struct form){.record = &own_settings_record, .values = &own};
    page.password_form = typed == MY_PASSWORD ? request_form(r, &own_password_record, NULL)
                                              : (struct form){.record = &own_password_record};
    return answer(r, &me_as, &page);
}

static enum status me_show(struct request *r) {
    return show_me(r, NO_FORM);
}

static enum status own_again(struct request *r) {
    return show_me(r, THE_SETTINGS);
}

static enum status own_password_again(struct request *r) {
    return show_me(r, MY_PASSWORD);
}

static void outcome_of_me(struct context *cx, const char *location, const char *flash) {
    struct staff saved;
    staff_load(cx, cx->actor->staff, &saved);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = location,
                                          .flash = flash,
                                          .record = &staff_record,
                                          .model = &saved});
}

static enum status save_own(struct context *cx, void *arg) {
    enum status status = staff_set_own(cx, arg);
    if (status == OK)
        outcome_of_me(cx, "/me/settings", "Saved.");
    return status;
}

static enum status own_post(struct request *r) {
    return request_write(r, save_own, r->input);
}

static enum status save_own_password(struct context *cx, void *arg) {
    enum status status = staff_set_password(cx, cx->actor->staff, arg);
    if (status == OK)
        outcome_of_me(cx, "/me/settings", "Password changed. Other browsers are signed out.");
    return status;
}

static enum status own_password_post(struct request *r) {
    const struct own_password *given = r->input;
    if (password_check(given->password, "password", r->cx.errors) != OK)
        return INVALID;
    enum status status = password_confirm(r, given->current);
    if (status != OK)
        return status;
    return request_write(r, save_own_password, (void *)password_hash(given->password, r->cx.arena));
}

/* ------------------------------------------------------------------ sessions */

static const struct field ending_fields[] = {
    FIELD(struct ending, here, FIELD_FLAG, .label = "This browser too"),
};
static const struct record ending_record = RECORD("SessionsEnding", struct ending, ending_fields);

static enum status end_session(struct context *cx, void *arg) {
    enum status status = session_end_one(cx, *(int64_t *)arg);
    if (status == OK)
        outcome_of_me(cx, "/me/settings", "That browser is signed out.");
    return status;
}

static enum status session_end_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, end_session, &id);
}

static enum status end_sessions(struct context *cx, void *arg) {
    const struct ending *ending = arg;
    enum status status = session_end_own(cx, ending->here);
    if (status != OK)
        return status;
    if (!ending->here || cx->actor->session == 0) {
        outcome_of_me(cx, "/me/settings", "All other browsers are signed out.");
        return OK;
    }
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/sign-in",
                                          .flash = "You are signed out everywhere.",
                                          .cookie = SESSION_COOKIE_END});
    return OK;
}

static enum status sessions_end_post(struct request *r) {
    return request_write(r, end_sessions, r->input);
}

/* ------------------------------------------------------------------ tokens */

static const struct word mays[] = {{"everything", "Everything I may"},
                                   {"read", "Look, change nothing"},
                                   {"some", "Only what is ticked"},
                                   {NULL, NULL}};
static const struct vocabulary may_words = {"right", mays};
static const struct field token_fields[] = {
    FIELD(struct token_entry, name, FIELD_TEXT, .label = "Name", .max = 100,
          .flags = FIELD_REQUIRED),
    FIELD(struct token_entry, may, FIELD_CODE, .label = "It may", .words = &may_words,
          .flags = FIELD_REQUIRED),
    FIELD(struct token_entry, expires, FIELD_DAY, .label = "Good until"),
};
static const struct record token_record = RECORD("TokenEntry", struct token_entry, token_fields);

const char *scopes_in_words(struct view *v, const char *scopes) {
    uint64_t permissions = scopes_permissions(scopes, NULL, v->arena);
    const char *all = "";
    for (int p = 0; p < PERMISSION_COUNT; p++)
        if (permissions & RIGHT(p)) {
            const char *one = view_t(v, permission_words((enum permission)p));
            all = *all == '\0' ? one : arena_printf(v->arena, "%s; %s", all, one);
        }
    return *all == '\0' ? view_t(v, "Nothing") : all;
}

static void token_html(struct view *v, const void *model) {
    struct page page = page_below(v, view_t(v, "New token"), token_new_html, model);
    view_page(v, &page);
}
static const struct presentation token_as = {&token_record, token_html};
static void token_made_page(struct view *v, const void *model) {
    struct page page = page_below(v, view_t(v, "New token"), token_made_html, model);
    view_page(v, &page);
}
static const struct presentation token_made_as = {NULL, token_made_page};

static bool is_ticked(struct request *r, int p) {
    return request_typed(
               r, arena_printf(r->cx.arena, "may.%s", permission_code((enum permission)p))) != NULL;
}

static enum status token_show(struct request *r) {
    struct token_entry entry = {.may = "read"};
    struct token_page page = {.form = request_form(r, &token_record, &entry)};
    for (int p = 0; p < PERMISSION_COUNT; p++)
        page.ticked[p] = is_ticked(r, p);
    return answer(r, &token_as, &page);
}

struct making {
    struct api_token token;
    const char *secret;
};

static enum status make_token(struct context *cx, void *arg) {
    struct making *making = arg;
    struct api_token token = making->token; /* made anew each time that this runs */
    making->secret = token_make(cx, cx->actor->staff, &token);
    return making->secret == NULL ? INVALID : OK;
}

/* The page that answers is the only place where the token ever stands: nothing redirects. */
static enum status token_post(struct request *r) {
    const struct token_entry *entry = r->input;
    struct making making = {.token = {.name = entry->name,
                                      .read_only = text_same(entry->may, "read"),
                                      .expires_at = token_end_of(&r->cx, entry->expires)}};
    if (text_same(entry->may, "some")) {
        uint64_t ticked = 0;
        for (int p = 0; p < PERMISSION_COUNT; p++)
            if (is_ticked(r, p))
                ticked |= RIGHT(p);
        if (ticked == 0)
            return error_add(r->cx.errors, INVALID, "may", "required",
                             "Tick at least one thing that the token may do.");
        making.token.scopes = permissions_scopes(ticked, r->cx.arena);
    }
    enum status status = request_write(r, make_token, &making);
    if (status != OK)
        return status;
    struct token_made made = {&making.token, making.secret};
    return answer(r, &token_made_as, &made);
}

static enum status revoke(struct context *cx, void *arg) {
    enum status status = token_revoke_of(cx, cx->actor->staff, *(int64_t *)arg);
    if (status == OK)
        outcome_of_me(cx, "/me/settings", "The token no longer works.");
    return status;
}

static enum status revoke_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, revoke, &id);
}

/* ------------------------------------------------------------------ the second factor */

static const struct field word_fields[] = {
    FIELD(struct own_word, current, FIELD_TEXT, .label = "Your password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
static const struct record word_record = RECORD("OwnWord", struct own_word, word_fields);
static const struct field code_fields[] = {
    FIELD(struct own_code, code, FIELD_TEXT, .label = "Code", .max = 40,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
static const struct record code_record = RECORD("OwnCode", struct own_code, code_fields);

const char *secret_in_fours(struct arena *arena, const char *secret) {
    const char *text = "";
    for (size_t i = 0; i < strlen(secret); i += 4)
        text = arena_printf(arena, "%s%s%.4s", text, i > 0 ? " " : "", secret + i);
    return text;
}

static void factor_html(struct view *v, const void *model) {
    struct page page = page_below(v, view_t(v, "Second factor"), second_factor_html, model);
    view_page(v, &page);
}
static const struct presentation factor_as = {&second_factor_record, factor_html};
static void recovery_html(struct view *v, const void *model) {
    struct page page = page_below(v, view_t(v, "Recovery codes"), recovery_codes_html, model);
    view_page(v, &page);
}
static const struct presentation recovery_as = {NULL, recovery_html};

enum factor_form { NO_FACTOR_FORM, BEGIN_FORM, CODE_FORM, END_FORM };

static struct form form_of(struct request *r, const struct record *record, bool typed) {
    return typed ? request_form(r, record, NULL) : (struct form){.record = record};
}

static enum status show_factor(struct request *r, enum factor_form typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct staff me;
    struct factor_page page = {.detour = cx->actor->detour != NULL};
    if (!staff_load(cx, cx->actor->staff, &me))
        return fail(r, MISSING, "unknown_staff", "There is nobody of the staff with this number.");
    second_factor_of(cx, &me, &page.factor);
    if (r->json)
        return answer(r, &factor_as, &page.factor);
    page.secret = second_factor_secret(cx, me.id);
    page.password_form = form_of(r, &word_record, typed == BEGIN_FORM);
    page.code_form = form_of(r, &code_record, typed == CODE_FORM);
    page.end_form = form_of(r, &word_record, typed == END_FORM);
    return answer(r, &(struct presentation){NULL, factor_html}, &page);
}

static enum status factor_show(struct request *r) {
    return show_factor(r, NO_FACTOR_FORM);
}

static enum status begin_again(struct request *r) {
    return show_factor(r, BEGIN_FORM);
}

static enum status confirm_again(struct request *r) {
    return show_factor(r, CODE_FORM);
}

static enum status end_again(struct request *r) {
    return show_factor(r, END_FORM);
}

static enum status begin(struct context *cx, void *arg) {
    enum status status = second_factor_begin(cx, arg);
    if (status == OK)
        context_outcome(cx, &(struct outcome){.status = 200, .location = "/me/second-factor"});
    return status;
}

static enum status begin_post(struct request *r) {
    const struct own_word *word = r->input;
    enum status status = password_confirm(r, word->current);
    if (status != OK)
        return status;
    const char *sealed = second_factor_new(&r->cx);
    return sealed == NULL ? FAILED : request_write(r, begin, (void *)sealed);
}

static enum status qr_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct staff me;
    struct shop shop;
    const char *secret = second_factor_secret(cx, cx->actor->staff);
    if (secret == NULL || !staff_load(cx, cx->actor->staff, &me) || !shop_load(cx, &shop))
        return fail(r, MISSING, "not_begun", "There is no second factor being set up.");
    struct buf svg = {0};
    if (!qr_svg(totp_uri(shop.name, me.email, secret, cx->arena), &svg))
        return fail(r, MISSING, "too_long", "The name of the shop is too long for a QR code.");
    return answer_bytes(r, "image/svg+xml", NULL, &svg);
}

struct recovering {
    const char *code, *codes;
};

static enum status confirm(struct context *cx, void *arg) {
    struct recovering *recovering = arg;
    return second_factor_confirm(cx, recovering->code, &recovering->codes);
}

static enum status renew(struct context *cx, void *arg) {
    struct recovering *recovering = arg;
    return second_factor_renew(cx, &recovering->codes);
}

/* The page that answers is the only place where the codes ever stand. */
static enum status show_codes(struct request *r, const char *codes, bool renewed) {
    struct recovery_page page = {codes, renewed};
    return answer(r, &recovery_as, &page);
}

static enum status confirm_post(struct request *r) {
    const struct own_code *typed = r->input;
    struct recovering recovering = {.code = typed->code};
    enum status status = request_write(r, confirm, &recovering);
    return status == OK ? show_codes(r, recovering.codes, false) : status;
}

static enum status codes_post(struct request *r) {
    const struct own_word *word = r->input;
    struct recovering recovering = {0};
    enum status status = password_confirm(r, word->current);
    if (status == OK)
        status = request_write(r, renew, &recovering);
    return status == OK ? show_codes(r, recovering.codes, true) : status;
}

static enum status end(struct context *cx, void *arg) {
    (void)arg;
    if (policy_asks(second_factor_policy(cx), cx->actor->role))
        return error_add(cx->errors, CONFLICT, NULL, "second_factor_required",
                         "The shop asks for a second factor from everybody with your role.");
    enum status status = second_factor_end(cx, cx->actor->staff);
    if (status == OK)
        outcome_of_me(cx, "/me/second-factor", "The second factor is off.");
    return status;
}

static enum status end_post(struct request *r) {
    const struct own_word *word = r->input;
    enum status status = password_confirm(r, word->current);
    return status == OK ? request_write(r, end, NULL) : status;
}

const struct route settings_me_routes[] = {
    {GET, "/me/settings", RIGHT_SIGNED_IN, me_show, .output = &me_as,
     .summary = "One's own account: settings, second factor, sessions, tokens"},
    {POST, "/me/settings", RIGHT_IN_PERSON, own_post, &own_settings_record, .again = own_again,
     .output = &staff_as, .summary = "Change one's theme, language and keys"},
    {POST, "/me/password", RIGHT_IN_PERSON, own_password_post, &own_password_record,
     .again = own_password_again, .output = &staff_as, .summary = "Change one's password"},
    {POST, "/me/sessions/{id}/end", RIGHT_IN_PERSON, session_end_post, .output = &staff_as,
     .summary = "Sign one of one's browsers out"},
    {POST, "/me/sessions/end", RIGHT_IN_PERSON, sessions_end_post, &ending_record,
     .output = &staff_as, .summary = "Sign out everywhere, or everywhere else"},
    {GET, "/me/tokens/new", RIGHT_IN_PERSON, token_show, .flags = ROUTE_PAGE},
    {POST, "/me/tokens", RIGHT_IN_PERSON, token_post, &token_record, .again = token_show,
     .flags = ROUTE_PAGE | ROUTE_SECRET},
    {POST, "/me/tokens/{id}/revoke", RIGHT_IN_PERSON, revoke_post, .output = &staff_as,
     .summary = "Take a token back"},
    {GET, "/me/second-factor", RIGHT_IN_PERSON, factor_show, .flags = ROUTE_DETOUR,
     .output = &factor_as, .summary = "One's own second factor"},
    {POST, "/me/second-factor", RIGHT_IN_PERSON, begin_post, &word_record, .again = begin_again,
     .flags = ROUTE_PAGE | ROUTE_DETOUR},
    {GET, "/me/second-factor/qr.svg", RIGHT_IN_PERSON, qr_show, .flags = ROUTE_PAGE | ROUTE_DETOUR},
    {POST, "/me/second-factor/confirm", RIGHT_IN_PERSON, confirm_post, &code_record,
     .again = confirm_again, .flags = ROUTE_PAGE | ROUTE_SECRET | ROUTE_DETOUR},
    {POST, "/me/second-factor/codes", RIGHT_IN_PERSON, codes_post, &word_record, .again = end_again,
     .flags = ROUTE_PAGE | ROUTE_SECRET},
    {POST, "/me/second-factor/end", RIGHT_IN_PERSON, end_post, &word_record, .again = end_again,
     .output = &staff_as, .summary = "Switch one's second factor off"},
    {0},
};
