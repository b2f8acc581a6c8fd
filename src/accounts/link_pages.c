/* The pages around links by mail: a password forgotten, a password chosen anew, an invitation
 * accepted. */
#include "accounts.sign_in.html.h"
#include "accounts/account_pages.h"
#include "accounts/link.h"
#include "accounts/session.h"
#include "base/text.h"
#include "http/throttle.h"

static struct page gate(struct view *v, const char *title,
                        void (*body)(struct view *v, const void *model), const void *model) {
    (void)v;
    return (struct page){.title = title, .bare = true, .body = body, .model = model};
}

/* ------------------------------------------------------------------ forgotten */

static const struct field forgotten_fields[] = {
    FIELD(struct forgotten, email, FIELD_EMAIL, .label = "E-mail", .flags = FIELD_REQUIRED),
};
static const struct record forgotten_record =
    RECORD("Forgotten", struct forgotten, forgotten_fields);

static void forgot_page(struct view *v, const void *model) {
    struct page page = gate(v, view_t(v, "Forgotten password"), forgot_html, model);
    view_page(v, &page);
}
static const struct presentation forgot_as = {&forgotten_record, forgot_page};

static void forgot_sent_page(struct view *v, const void *model) {
    struct page page = gate(v, view_t(v, "Look into your mail"), forgot_sent_html, model);
    view_page(v, &page);
}
static const struct presentation forgot_sent_as = {&forgotten_record, forgot_sent_page};

static enum status forgot_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct forgot_page page = {.form = request_form(r, &forgotten_record, NULL),
                               .mail = account_mail(cx)};
    return answer(r, &forgot_as, &page);
}

static enum status forget(struct context *cx, void *arg) {
    password_forgotten(cx, arg);
    context_outcome(cx, &(struct outcome){.status = 200, .location = "/forgot/sent"});
    return OK;
}

/* Known address or not: the same limits, the same writing, the same answer. */
static enum status forgot_post(struct request *r) {
    const struct forgotten *typed = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!account_mail(cx))
        return fail(r, CONFLICT, "no_mail",
                    "This shop can't send mail yet. Ask the owner for a new password.");
    const char *email = text_lower(text_trim(typed->email, cx->arena), cx->arena);
    if (!throttle(r, "forgot", r->address, 20, 10 * MINUTE) ||
        !throttle(r, "forgot-address", token_hash(email, cx->arena), 3, 15 * MINUTE))
        return fail(r, TOO_MANY, "too_many",
                    "This was asked for several times already. Look for the mail, also among "
                    "what was taken for advertising, or try again in a quarter of an hour.");
    return request_write(r, forget, (void *)email);
}

static enum status forgot_sent(struct request *r) {
    return answer(r, &forgot_sent_as, NULL);
}

/* ------------------------------------------------------------------ the link's own page */

static const struct field password_fields[] = {
    FIELD(struct chosen, password, FIELD_TEXT, .label = "New password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
static const struct record password_record =
    RECORD("ChosenPassword", struct chosen, password_fields);
static const struct field welcome_fields[] = {
    FIELD(struct chosen, name, FIELD_TEXT, .label = "Your name", .flags = FIELD_REQUIRED,
          .max = 100),
    FIELD(struct chosen, password, FIELD_TEXT, .label = "Password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
static const struct record welcome_record = RECORD("Welcome", struct chosen, welcome_fields);

static void link_over_page(struct view *v, const void *model) {
    struct page page = gate(v, view_t(v, "This link is over"), link_over_html, model);
    view_page(v, &page);
}
static const struct presentation link_over_as = {&password_record, link_over_page};

static void reset_page(struct view *v, const void *model) {
    struct page page = gate(v, view_t(v, "A new password"), reset_html, model);
    view_page(v, &page);
}
static const struct presentation reset_as = {&password_record, reset_page};

static void welcome_page(struct view *v, const void *model) {
    struct page page = gate(v, view_t(v, "Welcome"), welcome_html, model);
    view_page(v, &page);
}
static const struct presentation welcome_as = {&welcome_record, welcome_page};

/* A link that is of no use any more, or never was, leads to a page that says what to do. */
static enum status find_link(struct request *r, const char *kind, struct account_link *link,
                             bool *found) {
    *found = false;
    if (!throttle(r, "account-link", r->address, 60, 10 * MINUTE))
        return fail(r, TOO_MANY, "too_many",
                    "Too many attempts from here. Try again in ten minutes.");
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    *found = account_link_find(cx, kind, request_text(r, "secret"), link);
    return OK;
}

static enum status show_link(struct request *r, const char *kind, const struct record *record,
                             const struct presentation *as) {
    struct account_link link;
    bool found;
    enum status status = find_link(r, kind, &link, &found);
    if (status != OK)
        return status;
    if (!found)
        return answer(r, &link_over_as, kind);
    struct chosen chosen = {.name = link.name};
    struct link_page page = {.role = link.role,
                             .email = link.email,
                             .name = link.name,
                             .form = request_form(r, record, &chosen)};
    return answer(r, as, &page);
}

static enum status reset_show(struct request *r) {
    return show_link(r, "reset", &password_record, &reset_as);
}

static enum status welcome_show(struct request *r) {
    return show_link(r, "invitation", &welcome_record, &welcome_as);
}

struct choosing {
    struct account_link link;
    const char *name, *hash;
    struct visitor visitor;
};

/* Finds the link and hashes what was chosen; `found` false: it was answered that the link is over.
 */
static enum status choose(struct request *r, const char *kind, struct choosing *choosing,
                          bool *found) {
    const struct chosen *typed = r->input;
    enum status status = find_link(r, kind, &choosing->link, found);
    if (status != OK)
        return status;
    if (!*found)
        return answer(r, &link_over_as, kind);
    if (password_check(typed->password, "password", r->cx.errors) != OK)
        return INVALID;
    store_read_end(r->cx.store, &r->cx); /* hashing takes long: the connection goes back first */
    choosing->name = typed->name;
    choosing->hash = password_hash(typed->password, r->cx.arena);
    choosing->visitor = session_visitor(r);
    return OK;
}

/* From here on in the closure they act themselves. */
static void act_as(struct context *cx, int64_t staff, const char *name, const char *role) {
    struct actor *actor = ARENA_NEW(cx->arena, struct actor);
    *actor = (struct actor){.staff = staff, .name = name, .role = role};
    cx->actor = actor;
}

static enum status reset(struct context *cx, void *arg) {
    const struct choosing *choosing = arg;
    act_as(cx, choosing->link.staff, choosing->link.name, choosing->link.role);
    enum status status = password_reset(cx, &choosing->link, choosing->hash);
    if (status == OK)
        context_outcome(cx, &(struct outcome){.status = 200,
                                              .location = "/sign-in",
                                              .flash = "Your password is changed. Sign in with it.",
                                              .cookie = SESSION_COOKIE_END});
    return status;
}

static enum status reset_post(struct request *r) {
    struct choosing choosing;
    bool found;
    enum status status = choose(r, "reset", &choosing, &found);
    return status == OK && found ? request_write(r, reset, &choosing) : status;
}

static enum status accept(struct context *cx, void *arg) {
    const struct choosing *choosing = arg;
    const struct account_link *link = &choosing->link;
    int64_t staff = NONE;
    act_as(cx, 0, choosing->name, link->role);
    enum status status = invitation_accept(cx, link, choosing->name, choosing->hash, &staff);
    if (status != OK)
        return status;
    act_as(cx, staff, choosing->name, link->role);
    audit_add(cx, "accepted", "invitation", link->id, link->email);
    context_tell(cx, "staff", staff);
    context_outcome(cx, &(struct outcome){
                            .status = 200,
                            .location = "/",
                            .flash = "You are in. Have a look round; your own settings are behind "
                                     "your name.",
                            .cookie = session_start(cx, staff, &choosing->visitor)});
    return OK;
}

static enum status welcome_post(struct request *r) {
    struct choosing choosing;
    bool found;
    enum status status = choose(r, "invitation", &choosing, &found);
    return status == OK && found ? request_write(r, accept, &choosing) : status;
}

const struct route account_link_routes[] = {
    {GET, "/forgot", RIGHT_PUBLIC, forgot_show, .flags = ROUTE_PAGE},
    {POST, "/forgot", RIGHT_PUBLIC, forgot_post, &forgotten_record, .again = forgot_show,
     .flags = ROUTE_PAGE},
    {GET, "/forgot/sent", RIGHT_PUBLIC, forgot_sent, .flags = ROUTE_PAGE},
    {GET, "/reset/{secret}", RIGHT_PUBLIC, reset_show, .flags = ROUTE_PAGE},
    {POST, "/reset/{secret}", RIGHT_PUBLIC, reset_post, &password_record, .again = reset_show,
     .flags = ROUTE_PAGE},
    {GET, "/welcome/{secret}", RIGHT_PUBLIC, welcome_show, .flags = ROUTE_PAGE},
    {POST, "/welcome/{secret}", RIGHT_PUBLIC, welcome_post, &welcome_record, .again = welcome_show,
     .flags = ROUTE_PAGE},
    {0},
};
