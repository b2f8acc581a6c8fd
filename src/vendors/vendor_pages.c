#include "vendors/vendor_pages.h"

#include "accounts/edit.h"
#include "accounts/permission.h"
#include "base/text.h"
#include "base/url.h"
#include "trade/alloy.h"
#include "trade/stone.h"
#include "trade/words.h"
#include "vendors.vendors.html.h"

#include <strings.h>

enum { PAGE_ROWS = 50 };

const char *vendor_does(struct view *v, const struct vendor *vendor) {
    const char *const parts[] = {vendor->supplies,
                                 vendor->craft == NULL ? NULL : label(v, &crafts, vendor->craft),
                                 vendor->gem == NULL ? NULL : label(v, &gems, vendor->gem),
                                 vendor->metal == NULL ? NULL : label(v, &metals, vendor->metal)};
    const char *all = "";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i] != NULL && (i == 0 || parts[0] == NULL || strcasecmp(parts[0], parts[i]) != 0))
            all = words(v, "%s%s%s", all, *all == '\0' ? "" : ", ", parts[i]);
    return all;
}

/* ------------------------------------------------------------------ the list */

static const struct field query_fields[] = {
    FIELD(struct vendor_query, after, FIELD_TEXT, .label = "After"),
    FIELD(struct vendor_query, after_id, FIELD_ID),
    FIELD(struct vendor_query, archived, FIELD_FLAG),
};
static const struct record query_record = RECORD("VendorQuery", struct vendor_query, query_fields);
static const struct field list_fields[] = {
    FIELD_ROWS(struct vendor_rows, rows, count, &vendor_record),
    FIELD(struct vendor_rows, next, FIELD_TEXT, .max = 2000),
};
static const struct record list_record = RECORD("VendorList", struct vendor_rows, list_fields);

static void list_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Vendors"),
                                .nav = "vendors",
                                .body = vendor_list_page_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, list_html};

static enum status vendors_show(struct request *r) {
    const struct vendor_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct vendor_rows list = {.query = *query};
    list.count = vendor_page(cx, query->archived == 1, query->after, query->after_id, PAGE_ROWS + 1,
                             &list.rows);
    if (list.count > PAGE_ROWS) {
        list.count = PAGE_ROWS;
        const struct vendor *last = &list.rows[PAGE_ROWS - 1];
        list.next = url_with(cx->arena, "/vendors",
                             (const char *[]){"after", last->name, "after_id",
                                              arena_printf(cx->arena, "%ld", (long)last->id),
                                              "archived", query->archived == 1 ? "1" : NULL, NULL});
    }
    return answer(r, &list_as, &list);
}

/* ------------------------------------------------------------------ the form */

static void form_html(struct view *v, const void *model) {
    const struct vendor_form *form = model;
    view_page(v, &(struct page){.title = form->vendor.id == NONE ? view_t(v, "New vendor")
                                                                 : form->vendor.name,
                                .nav = "vendors",
                                .crumb = view_t(v, "Vendors"),
                                .crumb_url = "/vendors",
                                .body = vendor_form_html,
                                .model = model});
}
static const struct presentation form_as = {&vendor_record, form_html};

static enum status show_form(struct request *r, struct vendor *vendor) {
    struct vendor typed = vendor->id > 0 && r->input != NULL ? *(struct vendor *)r->input : *vendor;
    struct vendor_form form = {
        .vendor = *vendor,
        .form = edit_form(
            r, &vendor_record, &typed, vendor,
            &(struct edited){"vendor", vendor->id,
                             arena_printf(r->cx.arena, "/vendors/%ld", (long)vendor->id)})};
    form.vendor.version = typed.version;
    return answer(r, &form_as, &form);
}

static enum status new_show(struct request *r) {
    struct vendor blank;
    record_clear(&vendor_record, &blank);
    blank.lead_days = 5;
    return show_form(r, &blank);
}

/* Also of a refused form: its fields show what was typed, its head the vendor as it is. */
static enum status vendor_show(struct request *r) {
    struct vendor vendor;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!vendor_load(cx, request_id(r, "id"), &vendor))
        return fail(r, MISSING, "unknown_vendor", "There is no such vendor.");
    return show_form(r, &vendor);
}

static void outcome_of_vendor(struct context *cx, int64_t id, int status, const char *flash,
                              const char *undo) {
    struct vendor saved;
    vendor_load(cx, id, &saved);
    const char *here = arena_printf(cx->arena, "/vendors/%ld", (long)id);
    context_outcome(cx,
                    &(struct outcome){
                        .status = status,
                        .location = here,
                        .flash = context_words(cx, flash, saved.name),
                        .undo = undo == NULL ? NULL : arena_printf(cx->arena, "%s/%s", here, undo),
                        .record = &vendor_record,
                        .model = &saved});
}

static enum status save(struct context *cx, void *arg) {
    struct vendor vendor = *(struct vendor *)arg;
    bool is_new = vendor.id == NONE;
    enum status status = vendor_save(cx, &vendor);
    if (status == OK)
        outcome_of_vendor(cx, vendor.id, is_new ? 201 : 200, "%s saved.", NULL);
    return status;
}

static enum status vendor_post(struct request *r) {
    struct vendor vendor = *(struct vendor *)r->input;
    vendor.id = request_id(r, "id");
    return request_write(r, save, &vendor);
}

struct archiving {
    int64_t id;
    bool archived;
};

static enum status archive(struct context *cx, void *arg) {
    const struct archiving *archiving = arg;
    enum status status = vendor_archive(cx, archiving->id, archiving->archived);
    if (status == OK)
        outcome_of_vendor(cx, archiving->id, 200,
                          archiving->archived ? "%s archived." : "%s is back.",
                          archiving->archived ? "restore" : "archive");
    return status;
}

static enum status archive_post(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), true});
}

static enum status restore_post(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), false});
}

#define BUY RIGHT(MAY_BUY)

const struct route vendor_routes[] = {
    {GET, "/vendors", BUY, vendors_show, &query_record, .output = &list_as,
     .summary = "List vendors"},
    {GET, "/vendors/new", BUY, new_show, .flags = ROUTE_PAGE},
    {POST, "/vendors", BUY, vendor_post, &vendor_record, .again = new_show, .output = &form_as,
     .summary = "Add a vendor"},
    {GET, "/vendors/{id}", BUY, vendor_show, .output = &form_as, .summary = "A vendor"},
    {POST, "/vendors/{id}", BUY, vendor_post, &vendor_record, .again = vendor_show,
     .output = &form_as, .summary = "Change a vendor"},
    {POST, "/vendors/{id}/archive", BUY, archive_post, .output = &form_as,
     .summary = "Archive a vendor"},
    {POST, "/vendors/{id}/restore", BUY, restore_post, .output = &form_as,
     .summary = "Bring a vendor back"},
    {0},
};
