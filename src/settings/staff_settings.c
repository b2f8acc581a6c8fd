/* Staff, what each role may do, the log, and everybody's own settings. */
#include "settings/staff_settings.h"

#include "accounts/session.h"
#include "base/text.h"
#include "base/url.h"
#include "http/throttle.h"
#include "settings.staff_settings.html.h"

static struct page page_of(struct view *v, const char *title,
                           void (*body)(struct view *v, const void *model), const void *model) {
    return (struct page){.title = title,
                         .nav = "settings",
                         .crumb = view_t(v, "Settings"),
                         .crumb_url = "/settings",
                         .body = body,
                         .model = model};
}

/* ------------------------------------------------------------------ staff */

static const struct field rows_fields[] = {
    FIELD_ROWS(struct staff_rows, rows, count, &staff_record),
};
static const struct record rows_record = RECORD("StaffList", struct staff_rows, rows_fields);

#define ENTRY                                                                                      \
    FIELD(struct staff_entry, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED,          \
          .max = 100),                                                                             \
        FIELD(struct staff_entry, email, FIELD_EMAIL, .label = "E-mail", .flags = FIELD_REQUIRED), \
        FIELD(struct staff_entry, role, FIELD_CODE, .label = "Role", .words = &role_words,         \
              .flags = FIELD_REQUIRED)
static const struct field entry_fields[] = {
    ENTRY,
    FIELD(struct staff_entry, version, FIELD_INT, .max = INT64_MAX, .flags = FIELD_REQUIRED),
};
const struct record staff_entry_record = RECORD("StaffEntry", struct staff_entry, entry_fields);
static const struct field new_fields[] = {
    ENTRY,
    FIELD(struct staff_entry, password, FIELD_TEXT, .label = "First password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
const struct record new_staff_record = RECORD("NewStaff", struct staff_entry, new_fields);
static const struct field new_password_fields[] = {
    FIELD(struct new_password, password, FIELD_TEXT, .label = "New password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
const struct record new_password_record =
    RECORD("NewPassword", struct new_password, new_password_fields);

static void staff_html(struct view *v, const void *model) {
    struct page page = page_of(v, view_t(v, "Staff"), staff_settings_html, model);
    view_page(v, &page);
}
static const struct presentation staff_as = {&rows_record, staff_html};

static enum status staff_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct staff_rows list = {0};
    list.count = staff_list(cx, false, &list.rows);
    return answer(r, &staff_as, &list);
}

static void form_html(struct view *v, const void *model) {
    const struct staff_page *shown = model;
    struct page page =
        page_of(v, shown->staff.id == NONE ? view_t(v, "Somebody new") : shown->staff.name,
                staff_form_html, model);
    page.crumb = view_t(v, "Staff");
    page.crumb_url = "/settings/staff";
    view_page(v, &page);
}
static const struct presentation form_as = {&staff_record, form_html};

static enum status new_show(struct request *r) {
    struct staff_page page = {.password_form = {.record = &new_password_record}};
    struct staff_entry entry = {.role = "sales"};
    record_clear(&staff_record, &page.staff);
    page.form = request_form(r, &new_staff_record, &entry);
    return answer(r, &form_as, &page);
}

enum staff_form { NEITHER, THE_PERSON, THE_PASSWORD };

static enum status show_one(struct request *r, enum staff_form typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct staff_page page;
    if (!staff_load(cx, request_id(r, "id"), &page.staff))
        return fail(r, MISSING, "unknown_staff", "There is nobody of the staff with this number.");
    struct staff_entry entry = {.name = page.staff.name,
                                .email = page.staff.email,
                                .role = page.staff.role,
                                .version = page.staff.version};
    page.form = typed == THE_PERSON
                    ? request_form(r, &staff_entry_record, &entry)
                    : (struct form){.record = &staff_entry_record, .values = &entry};
    page.password_form = typed == THE_PASSWORD ? request_form(r, &new_password_record, NULL)
                                               : (struct form){.record = &new_password_record};
    return answer(r, &form_as, &page);
}

static enum status one_show(struct request *r) {
    return show_one(r, NEITHER);
}

static enum status edit_again(struct request *r) {
    return show_one(r, THE_PERSON);
}

static enum status password_again(struct request *r) {
    return show_one(r, THE_PASSWORD);
}

static void outcome_of_staff(struct context *cx, int64_t id, int status, const char *flash) {
    struct staff saved;
    staff_load(cx, id, &saved);
    context_outcome(
        cx, &(struct outcome){.status = status,
                              .location = arena_printf(cx->arena, "/settings/staff/%ld", (long)id),
                              .flash = context_words(cx, flash, saved.name),
                              .record = &staff_record,
                              .model = &saved});
}

struct hiring {
    const struct staff_entry *entry;
    const char *hash;
};

static enum status hire(struct context *cx, void *arg) {
    const struct hiring *hiring = arg;
    int64_t id;
    enum status status = staff_add(cx,
                                   &(struct staff){.name = hiring->entry->name,
                                                   .email = hiring->entry->email,
                                                   .role = hiring->entry->role},
                                   hiring->hash, &id);
    if (status == OK)
        outcome_of_staff(cx, id, 201, "%s may sign in.");
    return status;
}

static enum status staff_post(struct request *r) {
    struct hiring hiring = {.entry = r->input};
    if (password_check(hiring.entry->password, "password", r->cx.errors) != OK)
        return INVALID;
    hiring.hash = password_hash(hiring.entry->password, r->cx.arena);
    return request_write(r, hire, &hiring);
}

static enum status edit(struct context *cx, void *arg) {
    const struct staff *staff = arg;
    enum status status = staff_save(cx, staff);
    if (status == OK)
        outcome_of_staff(cx, staff->id, 200, "%s saved.");
    return status;
}

static enum status edit_post(struct request *r) {
    const struct staff_entry *entry = r->input;
    struct staff staff = {.id = request_id(r, "id"),
                          .name = entry->name,
                          .email = entry->email,
                          .role = entry->role,
                          .version = entry->version};
    return request_write(r, edit, &staff);
}

struct change {
    int64_t id;
    bool active;
    const char *hash;
};

static enum status change_password(struct context *cx, void *arg) {
    const struct change *change = arg;
    enum status status = staff_set_password(cx, change->id, change->hash);
    if (status == OK)
        outcome_of_staff(cx, change->id, 200, "%s has a new password.");
    return status;
}

static enum status password_post(struct request *r) {
    const struct new_password *given = r->input;
    if (password_check(given->password, "password", r->cx.errors) != OK)
        return INVALID;
    struct change change = {.id = request_id(r, "id"),
                            .hash = password_hash(given->password, r->cx.arena)};
    return request_write(r, change_password, &change);
}

static enum status set_active(struct context *cx, void *arg) {
    const struct change *change = arg;
    enum status status = staff_set_active(cx, change->id, change->active);
    if (status == OK)
        outcome_of_staff(cx, change->id, 200,
                         change->active ? "%s may sign in again." : "%s is locked out.");
    return status;
}

static enum status activate_post(struct request *r) {
    return request_write(r, set_active, &(struct change){request_id(r, "id"), true, NULL});
}

static enum status deactivate_post(struct request *r) {
    return request_write(r, set_active, &(struct change){request_id(r, "id"), false, NULL});
}

/* ------------------------------------------------------------------ roles */

static const struct field right_fields[] = {
    FIELD(struct right_row, right, FIELD_TEXT),   FIELD(struct right_row, owner, FIELD_FLAG),
    FIELD(struct right_row, manager, FIELD_FLAG), FIELD(struct right_row, sales, FIELD_FLAG),
    FIELD(struct right_row, bench, FIELD_FLAG),
};
static const struct record right_record = RECORD("RoleRight", struct right_row, right_fields);
static const struct field rights_fields[] = {
    FIELD_ROWS(struct rights, rows, count, &right_record),
};
static const struct record rights_record = RECORD("RoleRights", struct rights, rights_fields);

static void rights_html(struct view *v, const void *model) {
    struct page page = page_of(v, view_t(v, "Roles"), right_settings_html, model);
    view_page(v, &page);
}
static const struct presentation rights_as = {&rights_record, rights_html};

static enum status rights_show(struct request *r) {
    struct rights rights = {.count = PERMISSION_COUNT};
    rights.rows = ARENA_ARRAY(r->cx.arena, struct right_row, PERMISSION_COUNT);
    for (int i = 0; i < PERMISSION_COUNT; i++)
        rights.rows[i] = (struct right_row){
            permission_words((enum permission)i), role_permissions("owner") >> i & 1,
            role_permissions("manager") >> i & 1, role_permissions("sales") >> i & 1,
            role_permissions("bench") >> i & 1};
    return answer(r, &rights_as, &rights);
}

/* ------------------------------------------------------------------ the log */

enum { LOG_ROWS = 50 };

static const struct field query_fields[] = {
    FIELD(struct log_query, thing, FIELD_TEXT, .max = 40),
    FIELD(struct log_query, id, FIELD_ID),
    FIELD(struct log_query, before, FIELD_ID),
};
static const struct record query_record = RECORD("LogQuery", struct log_query, query_fields);
static const struct field log_fields[] = {
    FIELD_ROWS(struct log_page, rows, count, &audit_record),
    FIELD(struct log_page, older, FIELD_TEXT, .max = 2000),
};
static const struct record log_record = RECORD("Log", struct log_page, log_fields);

const char *log_url(struct arena *arena, const struct audit_row *row) {
    static const struct {
        const char *thing, *place, *rest;
    } pages[] = {
        {"job", "/jobs/", ""},         {"customer", "/customers/", "/edit"},
        {"stock", "/stock/", ""},      {"vendor", "/vendors/", ""},
        {"quote", "/quotes/", ""},     {"invoice", "/invoices/", ""},
        {"message", "/messages/", ""}, {"staff", "/settings/staff/", ""},
    };
    for (size_t i = 0; row->thing_id != NONE && i < sizeof pages / sizeof pages[0]; i++)
        if (text_same(row->thing, pages[i].thing))
            return arena_printf(arena, "%s%ld%s", pages[i].place, (long)row->thing_id,
                                pages[i].rest);
    return NULL;
}

static void log_html(struct view *v, const void *model) {
    struct page page = page_of(v, view_t(v, "Log"), log_settings_html, model);
    view_page(v, &page);
}
static const struct presentation log_as = {&log_record, log_html};

static enum status log_show(struct request *r) {
    const struct log_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct log_page page = {.query = *query};
    page.count = audit_list(cx, query->thing, query->id, query->before, LOG_ROWS + 1, &page.rows);
    if (page.count > LOG_ROWS) {
        page.count = LOG_ROWS;
        const char *id = query->id == NONE ? NULL : arena_printf(cx->arena, "%ld", (long)query->id);
        const char *before = arena_printf(cx->arena, "%ld", (long)page.rows[LOG_ROWS - 1].id);
        page.older =
            url_with(cx->arena, "/settings/log",
                     (const char *[]){"thing", query->thing, "id", id, "before", before, NULL});
    }
    return answer(r, &log_as, &page);
}

/* ------------------------------------------------------------------ one's own */

static const struct field theme_fields[] = {
    FIELD(struct own_theme, theme, FIELD_CODE, .label = "Theme", .words = &theme_words,
          .flags = FIELD_REQUIRED),
};
const struct record own_theme_record = RECORD("OwnSettings", struct own_theme, theme_fields);
static const struct field own_password_fields[] = {
    FIELD(struct own_password, current, FIELD_TEXT, .label = "Present password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
    FIELD(struct own_password, password, FIELD_TEXT, .label = "New password", .max = 200,
          .flags = FIELD_REQUIRED | FIELD_SECRET),
};
const struct record own_password_record =
    RECORD("OwnPassword", struct own_password, own_password_fields);

static const struct field me_fields[] = {
    FIELD(struct me_page, me, FIELD_ONE, .of = &staff_record, .flags = FIELD_NO_COLUMN),
    FIELD_ROWS(struct me_page, tokens, token_count, &api_token_record),
};
static const struct record me_record = RECORD("Me", struct me_page, me_fields);

static void me_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Your settings"),
                                .nav = "me",
                                .body = me_settings_html,
                                .model = model});
}
static const struct presentation me_as = {&me_record, me_html};

enum own_form { NO_FORM, THE_THEME, MY_PASSWORD };

static enum status show_me(struct request *r, enum own_form typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct me_page page = {0};
    if (!staff_load(cx, cx->actor->staff, &page.staff))
        return fail(r, MISSING, "unknown_staff", "There is nobody of the staff with this number.");
    page.me = &page.staff;
    page.token_count = token_list(cx, page.staff.id, &page.tokens);
    struct own_theme theme = {page.staff.theme};
    page.theme_form = typed == THE_THEME
                          ? request_form(r, &own_theme_record, &theme)
                          : (struct form){.record = &own_theme_record, .values = &theme};
    page.password_form = typed == MY_PASSWORD ? request_form(r, &own_password_record, NULL)
                                              : (struct form){.record = &own_password_record};
    return answer(r, &me_as, &page);
}

static enum status me_show(struct request *r) {
    return show_me(r, NO_FORM);
}

static enum status theme_again(struct request *r) {
    return show_me(r, THE_THEME);
}

static enum status own_password_again(struct request *r) {
    return show_me(r, MY_PASSWORD);
}

static void outcome_of_me(struct context *cx, const char *flash) {
    struct staff saved;
    staff_load(cx, cx->actor->staff, &saved);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/me/settings",
                                          .flash = flash,
                                          .record = &staff_record,
                                          .model = &saved});
}

static enum status save_theme(struct context *cx, void *arg) {
    const struct own_theme *theme = arg;
    enum status status = staff_set_theme(cx, cx->actor->staff, theme->theme);
    if (status == OK)
        outcome_of_me(cx, "Saved.");
    return status;
}

static enum status theme_post(struct request *r) {
    return request_write(r, save_theme, r->input);
}

static enum status save_own_password(struct context *cx, void *arg) {
    enum status status = staff_set_password(cx, cx->actor->staff, arg);
    if (status == OK)
        outcome_of_me(cx, "Password changed. Other browsers are signed out.");
    return status;
}

/* Who finds a browser open must not be able to take the account over by guessing. */
static enum status own_password_post(struct request *r) {
    const struct own_password *given = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    const char *key = arena_printf(cx->arena, "%ld", (long)cx->actor->staff);
    if (!throttle(r, "own-password", key, 10, 10 * MINUTE))
        return fail(r, TOO_MANY, "too_many", "Too many attempts. Try again in ten minutes.");
    const char *hash = staff_password(cx, cx->actor->staff);
    store_read_end(cx->store, cx); /* hashing takes long: the connection goes back first */
    if (password_check(given->password, "password", r->cx.errors) != OK)
        return INVALID;
    if (hash == NULL || !password_matches(given->current, hash))
        return error_add(r->cx.errors, INVALID, "current", "wrong_password",
                         "This is not the present password. Nothing was changed.");
    return request_write(r, save_own_password, (void *)password_hash(given->password, r->cx.arena));
}

static enum status revoke(struct context *cx, void *arg) {
    enum status status = token_revoke_of(cx, cx->actor->staff, *(int64_t *)arg);
    if (status == OK)
        outcome_of_me(cx, "The token no longer works.");
    return status;
}

static enum status revoke_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, revoke, &id);
}

#define STAFF RIGHT(MAY_MANAGE_STAFF)

const struct route settings_staff_routes[] = {
    {GET, "/settings/staff", STAFF, staff_show, .output = &staff_as, .summary = "List the staff"},
    {GET, "/settings/staff/new", STAFF, new_show, .flags = ROUTE_PAGE},
    {POST, "/settings/staff", STAFF, staff_post, &new_staff_record, .again = new_show,
     .output = &form_as, .summary = "Add somebody to the staff"},
    {GET, "/settings/staff/{id}", STAFF, one_show, .output = &form_as,
     .summary = "One of the staff"},
    {POST, "/settings/staff/{id}", STAFF, edit_post, &staff_entry_record, .again = edit_again,
     .output = &form_as, .summary = "Change name, address or role"},
    {POST, "/settings/staff/{id}/password", STAFF, password_post, &new_password_record,
     .again = password_again, .output = &form_as, .summary = "Set somebody's password"},
    {POST, "/settings/staff/{id}/deactivate", STAFF, deactivate_post, .output = &form_as,
     .summary = "Lock somebody out"},
    {POST, "/settings/staff/{id}/activate", STAFF, activate_post, .output = &form_as,
     .summary = "Let somebody in again"},
    {GET, "/settings/permissions", RIGHT(MAY_CHANGE_SETTINGS), rights_show, .output = &rights_as,
     .summary = "What each role may do"},
    {GET, "/settings/log", RIGHT(MAY_CHANGE_SETTINGS), log_show, &query_record, .output = &log_as,
     .summary = "Who did what"},
    {GET, "/me/settings", RIGHT_SIGNED_IN, me_show, .output = &me_as,
     .summary = "One's own settings and tokens"},
    {POST, "/me/settings", RIGHT_SIGNED_IN, theme_post, &own_theme_record, .again = theme_again,
     .output = &form_as, .summary = "Change one's theme"},
    {POST, "/me/password", RIGHT_SIGNED_IN, own_password_post, &own_password_record,
     .again = own_password_again, .output = &form_as, .summary = "Change one's password"},
    {POST, "/me/tokens/{id}/revoke", RIGHT_SIGNED_IN, revoke_post, .output = &form_as,
     .summary = "Take a token back"},
    {0},
};
