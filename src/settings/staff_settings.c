/* Staff, invitations, and what each role may do. */
#include "settings/staff_settings.h"

#include "accounts/edit.h"
#include "base/text.h"
#include "http/router.h"
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
    FIELD_ROWS(struct staff_rows, invitations, invitation_count, &account_link_record),
    FIELD(struct staff_rows, second_factor, FIELD_CODE, .words = &second_factor_policies),
    FIELD(struct staff_rows, mail, FIELD_FLAG),
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
static const struct field invitation_fields[] = {ENTRY};
static const struct record invitation_record =
    RECORD("NewInvitation", struct staff_entry, invitation_fields);
static const struct field policy_fields[] = {
    FIELD(struct factor_policy, second_factor, FIELD_CODE, .label = "A second factor is asked of",
          .words = &second_factor_policies, .flags = FIELD_REQUIRED),
};
static const struct record policy_record =
    RECORD("SecondFactorPolicy", struct factor_policy, policy_fields);
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

static void read_staff(struct context *cx, struct staff_rows *list) {
    list->count = staff_list(cx, false, &list->rows);
    list->invitation_count = invitation_list(cx, &list->invitations);
    list->second_factor = second_factor_policy(cx);
    list->mail = account_mail(cx);
}

static enum status staff_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct staff_rows list = {0};
    read_staff(cx, &list);
    struct factor_policy policy = {list.second_factor};
    list.policy_form = request_form(r, &policy_record, &policy);
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

static enum status show_new(struct request *r, bool by_hand) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct staff_entry entry = {.role = "sales"};
    struct staff_page page = {.by_hand = by_hand, .mail = account_mail(cx)};
    record_clear(&staff_record, &page.staff);
    page.form = request_form(r, by_hand ? &new_staff_record : &invitation_record, &entry);
    return answer(r, &form_as, &page);
}

static enum status new_show(struct request *r) {
    return show_new(r, false);
}

static enum status by_hand_show(struct request *r) {
    return show_new(r, true);
}

enum staff_form { NEITHER, THE_PERSON, THE_PASSWORD };

static enum status show_one(struct request *r, enum staff_form typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct staff_page page;
    if (!staff_load(cx, request_id(r, "id"), &page.staff))
        return fail(r, MISSING, "unknown_staff", "There is nobody of the staff with this number.");
    struct session *sessions;
    page.sessions = session_list(cx, page.staff.id, &sessions);
    struct staff_entry entry = {.name = page.staff.name,
                                .email = page.staff.email,
                                .role = page.staff.role,
                                .version = page.staff.version};
    struct staff_entry given = typed == THE_PERSON ? *(struct staff_entry *)r->input : entry;
    page.form = typed == THE_PASSWORD
                    ? (struct form){.record = &staff_entry_record, .values = &entry}
                    : edit_form(r, &staff_entry_record, &given, &entry,
                                &(struct edited){"staff", page.staff.id,
                                                 arena_printf(cx->arena, "/settings/staff/%ld",
                                                              (long)page.staff.id)});
    page.staff.version = typed == THE_PERSON ? given.version : page.staff.version;
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
    if (staff_check_role(cx, hiring->entry->role) != OK)
        return INVALID;
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

static enum status end_sessions(struct context *cx, void *arg) {
    const struct change *change = arg;
    enum status status = staff_end_sessions(cx, change->id);
    if (status == OK)
        outcome_of_staff(cx, change->id, 200, "%s is signed out everywhere.");
    return status;
}

static enum status sessions_post(struct request *r) {
    return request_write(r, end_sessions, &(struct change){.id = request_id(r, "id")});
}

static enum status end_factor(struct context *cx, void *arg) {
    const struct change *change = arg;
    enum status status = second_factor_end(cx, change->id);
    if (status == OK)
        outcome_of_staff(cx, change->id, 200, "%s signs in with the password alone again.");
    return status;
}

static enum status factor_post(struct request *r) {
    return request_write(r, end_factor, &(struct change){.id = request_id(r, "id")});
}

static enum status set_policy(struct context *cx, void *arg) {
    const struct factor_policy *policy = arg;
    enum status status = second_factor_set_policy(cx, policy->second_factor);
    if (status == OK)
        context_outcome(cx, &(struct outcome){.status = 200,
                                              .location = "/settings/staff",
                                              .flash = "Saved. It holds from now on.",
                                              .record = &policy_record,
                                              .model = policy});
    return status;
}

static enum status policy_post(struct request *r) {
    return request_write(r, set_policy, r->input);
}

/* ------------------------------------------------------------------ invitations */

static const struct presentation invitation_as = {&account_link_record, NULL};
static const struct field handed_fields[] = {
    FIELD(struct handed_over, name, FIELD_TEXT),
    FIELD(struct handed_over, email, FIELD_TEXT),
    FIELD(struct handed_over, url, FIELD_TEXT, .max = 2000),
    FIELD(struct handed_over, expires_at, FIELD_INSTANT),
};
static const struct record handed_record =
    RECORD("InvitationLink", struct handed_over, handed_fields);

static void handed_html(struct view *v, const void *model) {
    struct page page = page_of(v, view_t(v, "Link to hand over"), handed_over_html, model);
    page.crumb = view_t(v, "Staff");
    page.crumb_url = "/settings/staff";
    view_page(v, &page);
}
static const struct presentation handed_as = {&handed_record, handed_html};

static void outcome_of_invitation(struct context *cx, int64_t id, int status, const char *flash) {
    struct account_link link;
    account_link_load(cx, id, &link);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = "/settings/staff",
                                          .flash = context_words(cx, flash, link.email),
                                          .record = &account_link_record,
                                          .model = &link});
}

static enum status invite(struct context *cx, void *arg) {
    const struct staff_entry *entry = arg;
    int64_t id;
    enum status status = invitation_add(
        cx, &(struct staff){.name = entry->name, .email = entry->email, .role = entry->role}, &id);
    if (status == OK)
        outcome_of_invitation(cx, id, 201,
                              account_mail(cx) ? "The invitation to %s is on its way."
                                               : "%s is invited. There is no mail server: hand "
                                                 "the link over yourself.");
    return status;
}

static enum status invite_post(struct request *r) {
    return request_write(r, invite, r->input);
}

static enum status resend(struct context *cx, void *arg) {
    int64_t id = *(int64_t *)arg;
    if (!account_mail(cx))
        return error_add(cx->errors, CONFLICT, NULL, "no_mail",
                         "There is no mail server: set one, or hand the link over yourself.");
    enum status status = invitation_resend(cx, id);
    if (status == OK)
        outcome_of_invitation(cx, id, 200, "The invitation to %s is on its way again.");
    return status;
}

static enum status resend_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, resend, &id);
}

static enum status withdraw(struct context *cx, void *arg) {
    int64_t id = *(int64_t *)arg;
    enum status status = invitation_withdraw(cx, id);
    if (status == OK)
        outcome_of_invitation(cx, id, 200, "The invitation to %s is withdrawn.");
    return status;
}

static enum status withdraw_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, withdraw, &id);
}

struct handing {
    int64_t id;
    const char *secret;
    struct account_link link;
};

static enum status hand_over(struct context *cx, void *arg) {
    struct handing *handing = arg;
    enum status status = invitation_hand_over(cx, handing->id, &handing->secret);
    if (status == OK)
        account_link_load(cx, handing->id, &handing->link);
    return status;
}

/* The page that answers is the only place where the link ever stands: nothing redirects. */
static enum status hand_over_post(struct request *r) {
    struct handing handing = {.id = request_id(r, "id")};
    enum status status = request_write(r, hand_over, &handing);
    if (status != OK)
        return status;
    struct handed_over handed = {
        handing.link.name, handing.link.email,
        arena_printf(r->cx.arena, "%s/welcome/%s", request_url(r), handing.secret),
        handing.link.expires_at};
    return answer(r, &handed_as, &handed);
}

/* ------------------------------------------------------------------ roles */

static const struct field opened_fields[] = {
    FIELD(struct opened, method, FIELD_TEXT),
    FIELD(struct opened, path, FIELD_TEXT),
    FIELD(struct opened, summary, FIELD_TEXT),
};
static const struct record opened_record = RECORD("OpenedRoute", struct opened, opened_fields);
static const struct field right_fields[] = {
    FIELD(struct right_row, code, FIELD_TEXT),
    FIELD(struct right_row, right, FIELD_TEXT),
    FIELD(struct right_row, group, FIELD_TEXT),
    FIELD(struct right_row, owner, FIELD_FLAG),
    FIELD(struct right_row, manager, FIELD_FLAG),
    FIELD(struct right_row, sales, FIELD_FLAG),
    FIELD(struct right_row, bench, FIELD_FLAG),
    FIELD_ROWS(struct right_row, opens, open_count, &opened_record),
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

/* What a right opens, from the routes themselves: those that programs are told of. */
static void find_opened(struct request *r, int permission, struct right_row *row) {
    for (int pass = 0; pass < 2; pass++) {
        row->open_count = 0;
        for (const struct route *const *table = server_routes(r->server); *table != NULL; table++)
            for (const struct route *route = *table; route->path != NULL; route++) {
                if (route->summary == NULL || route->right & RIGHT_PUBLIC ||
                    (route->right & RIGHT(permission)) == 0)
                    continue;
                if (pass == 1)
                    row->opens[row->open_count] =
                        (struct opened){method_name(route->method), route->path, route->summary};
                row->open_count++;
            }
        if (pass == 0)
            row->opens = ARENA_ARRAY(r->cx.arena, struct opened, (size_t)row->open_count + 1);
    }
}

static enum status rights_show(struct request *r) {
    struct rights rights = {0};
    rights.rows = ARENA_ARRAY(r->cx.arena, struct right_row, PERMISSION_COUNT);
    bool taken[PERMISSION_COUNT] = {false};
    for (int first = 0; first < PERMISSION_COUNT; first++)
        for (int i = first; i < PERMISSION_COUNT; i++) {
            const char *group = permission_group((enum permission)i);
            if (taken[i] || !text_same(group, permission_group((enum permission)first)))
                continue;
            taken[i] = true;
            struct right_row *row = &rights.rows[rights.count++];
            *row = (struct right_row){.right = permission_words((enum permission)i),
                                      .code = permission_code((enum permission)i),
                                      .group = group,
                                      .owner = role_permissions("owner") >> i & 1,
                                      .manager = role_permissions("manager") >> i & 1,
                                      .sales = role_permissions("sales") >> i & 1,
                                      .bench = role_permissions("bench") >> i & 1};
            find_opened(r, i, row);
        }
    return answer(r, &rights_as, &rights);
}

#define STAFF RIGHT(MAY_MANAGE_STAFF)

const struct route settings_staff_routes[] = {
    {GET, "/settings/staff", STAFF, staff_show, .output = &staff_as, .summary = "List the staff"},
    {GET, "/settings/staff/new", STAFF, new_show, .flags = ROUTE_PAGE},
    {GET, "/settings/staff/by-hand", STAFF, by_hand_show, .flags = ROUTE_PAGE},
    {POST, "/settings/staff", STAFF, staff_post, &new_staff_record, .again = by_hand_show,
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
    {POST, "/settings/staff/{id}/sessions/end", STAFF, sessions_post, .output = &form_as,
     .summary = "Sign somebody out everywhere, their programs too"},
    {POST, "/settings/staff/{id}/second-factor/end", STAFF, factor_post, .output = &form_as,
     .summary = "Switch somebody's second factor off"},
    {POST, "/settings/staff/second-factor", STAFF, policy_post, &policy_record, .again = staff_show,
     .summary = "Say whom a second factor is asked of"},
    {POST, "/settings/staff/invitations", STAFF, invite_post, &invitation_record, .again = new_show,
     .output = &invitation_as, .summary = "Invite somebody to the staff by mail"},
    {POST, "/settings/staff/invitations/{id}/resend", STAFF, resend_post, .output = &invitation_as,
     .summary = "Send an invitation again: the old link ends"},
    {POST, "/settings/staff/invitations/{id}/withdraw", STAFF, withdraw_post,
     .output = &invitation_as, .summary = "Withdraw an invitation"},
    {POST, "/settings/staff/invitations/{id}/link", STAFF, hand_over_post, .output = &handed_as,
     .flags = ROUTE_SECRET, .summary = "An invitation's link, to be handed over: the old one ends"},
    {GET, "/settings/permissions", RIGHT(MAY_CHANGE_SETTINGS), rights_show, .output = &rights_as,
     .summary = "What each role may do"},
    {0},
};
