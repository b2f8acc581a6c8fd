#include "customers/customer_pages.h"
#include "accounts/account.h"
#include "accounts/edit.h"
#include "customers.customers.html.h"
#include "customers/customer.h"

#include "base/text.h"
#include "base/url.h"

#include <string.h>

/* ------------------------------------------------------------------ the list */

enum { PAGE_ROWS = 50, LOOKUP_ROWS = 8 };

static const struct field list_query_fields[] = {
    FIELD(struct customer_query, q, FIELD_TEXT, .label = "Search"),
    FIELD(struct customer_query, after, FIELD_TEXT, .label = "After"),
    FIELD(struct customer_query, after_id, FIELD_ID),
    FIELD(struct customer_query, archived, FIELD_FLAG),
};
static const struct record list_query_record =
    RECORD("CustomerQuery", struct customer_query, list_query_fields);

static const struct field list_fields[] = {
    FIELD_ROWS(struct customer_list, rows, count, &customer_found_record),
    FIELD(struct customer_list, next, FIELD_TEXT, .max = 2000),
};
static const struct record list_record = RECORD("CustomerList", struct customer_list, list_fields);

#define LISTED                                                                                     \
    "select c.id, c.name, c.sort_name, "                                                           \
    "(select p.value from customer_contact p where p.customer = c.id and p.kind = 'phone' "        \
    "order by p.position limit 1) as phone, "                                                      \
    "(select e.value from customer_contact e where e.customer = c.id and e.kind = 'email' "        \
    "order by e.position limit 1) as email from customer c "

static const struct sql list_live = {
    "customer_list",
    LISTED "where c.archived_at is null and (c.sort_name, c.id) > ($1, $2) "
           "order by c.sort_name, c.id limit $3",
    NULL};
static const struct sql list_archived = {
    "customer_list_archived",
    LISTED "where c.archived_at is not null and (c.sort_name, c.id) > ($1, $2) "
           "order by c.sort_name, c.id limit $3",
    NULL};

static void list_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Customers"),
                                .nav = "customers",
                                .body = customer_list_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, list_html};

/* One row more than a page tells that there is a next one; its key is the last row shown. */
static void read_page(struct context *cx, const struct customer_query *query,
                      struct customer_list *list) {
    struct rows *rows =
        db_rows(cx->db, query->archived ? &list_archived : &list_live,
                P(T(query->after == NULL ? "" : query->after),
                  I(query->after_id == NONE ? 0 : query->after_id), I(PAGE_ROWS + 1)));
    list->rows = ARENA_ARRAY(cx->arena, struct customer_found, PAGE_ROWS);
    const char *last = NULL;
    while (rows_next(rows)) {
        if (list->count == PAGE_ROWS) {
            list->next = url_with(
                cx->arena, "/customers",
                (const char *[]){"after", last, "after_id",
                                 arena_printf(cx->arena, "%ld", (long)list->rows[PAGE_ROWS - 1].id),
                                 "archived", query->archived ? "1" : NULL, NULL});
            break;
        }
        row_record(rows, &customer_found_record, &list->rows[list->count++]);
        last = row_text(rows, 2);
    }
    rows_end(rows);
}

static enum status customers_show(struct request *r) {
    const struct customer_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct customer_list list = {.query = *query};
    if (text_empty(query->q))
        read_page(cx, query, &list);
    else
        list.count = customer_find(cx, query->q, PAGE_ROWS, &list.rows);
    return answer(r, &list_as, &list);
}

static const struct presentation lookup_as = {&list_record, customer_lookup_html};

static enum status customers_lookup(struct request *r) {
    const struct customer_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct customer_list list = {.query = *query};
    list.count = customer_find(cx, query->q, LOOKUP_ROWS, &list.rows);
    return answer(r, &lookup_as, &list);
}

/* ------------------------------------------------------------------ the form */

static void form_html(struct view *v, const void *model) {
    const struct customer_form *form = model;
    view_page(v, &(struct page){.title = form->customer->id == NONE ? view_t(v, "New customer")
                                                                    : form->customer->name,
                                .nav = "customers",
                                .crumb = view_t(v, "Customers"),
                                .crumb_url = "/customers",
                                .body = customer_form_html,
                                .model = model});
}
static const struct presentation form_as = {&customer_record, form_html};

static enum status show_form(struct request *r, struct customer *customer) {
    struct customer now = *customer;
    int64_t id = customer->id;
    if (id != NONE) {
        struct context *cx = request_read(r);
        if (cx == NULL)
            return UNAVAILABLE;
        if (!customer_load(cx, id, &now))
            return fail(r, MISSING, "unknown_customer", "There is no such customer.");
    }
    struct customer_form form = {
        .customer = customer,
        .form = edit_form(
            r, &customer_record, customer, &now,
            &(struct edited){"customer", id,
                             arena_printf(r->cx.arena, "/customers/%ld/edit", (long)id)})};
    return answer(r, &form_as, &form);
}

static enum status customer_new(struct request *r) {
    struct customer customer;
    record_clear(&customer_record, &customer);
    customer.name = request_typed(r, "name");
    return show_form(r, &customer);
}

static enum status customer_edit(struct request *r) {
    struct customer customer;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!customer_load(cx, request_id(r, "id"), &customer))
        return fail(r, MISSING, "unknown_customer", "There is no such customer.");
    return show_form(r, &customer);
}

/* A refused form, as it was typed. */
static enum status customer_again(struct request *r) {
    struct customer *customer = r->input;
    int64_t id = request_id(r, "id");
    customer->id = id > 0 ? id : NONE;
    return show_form(r, customer);
}

static enum status save(struct context *cx, void *arg) {
    struct customer *customer = arg;
    bool is_new = customer->id == NONE;
    enum status status = customer_save(cx, customer);
    if (status != OK)
        return status;
    struct customer saved;
    customer_load(cx, customer->id, &saved);
    context_outcome(
        cx, &(struct outcome){.status = is_new ? 201 : 200,
                              .location = arena_printf(cx->arena, "/customers/%ld", (long)saved.id),
                              .flash = context_words(cx, "%s saved.", saved.name),
                              .record = &customer_record,
                              .model = &saved});
    return OK;
}

static enum status customer_post(struct request *r) {
    struct customer customer = *(struct customer *)r->input; /* the closure may run twice */
    customer.id = NONE;
    return request_write(r, save, &customer);
}

static enum status customer_post_edit(struct request *r) {
    struct customer customer = *(struct customer *)r->input;
    customer.id = request_id(r, "id");
    return request_write(r, save, &customer);
}

struct archiving {
    int64_t id;
    bool archived;
};

static enum status archive(struct context *cx, void *arg) {
    const struct archiving *archiving = arg;
    enum status status = customer_archive(cx, archiving->id, archiving->archived);
    if (status != OK)
        return status;
    struct customer saved;
    customer_load(cx, archiving->id, &saved);
    const char *here = arena_printf(cx->arena, "/customers/%ld", (long)saved.id);
    context_outcome(
        cx,
        &(struct outcome){.status = 200,
                          .location = here,
                          .flash = context_words(
                              cx, archiving->archived ? "%s archived." : "%s is back.", saved.name),
                          .undo = arena_printf(
                              cx->arena, archiving->archived ? "%s/restore" : "%s/archive", here),
                          .record = &customer_record,
                          .model = &saved});
    return OK;
}

static enum status customer_post_archive(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), true});
}

static enum status customer_post_restore(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), false});
}

const struct route customer_routes[] = {
    {GET, "/customers", RIGHT(MAY_SEE_CUSTOMERS), customers_show, &list_query_record,
     .output = &list_as, .summary = "List or find customers"},
    {GET, "/customers/lookup", RIGHT(MAY_SEE_CUSTOMERS), customers_lookup, &list_query_record,
     .output = &lookup_as, .summary = "Find customers while typing"},
    {GET, "/customers/new", RIGHT(MAY_EDIT_CUSTOMERS), customer_new, .flags = ROUTE_PAGE},
    {POST, "/customers", RIGHT(MAY_EDIT_CUSTOMERS), customer_post, &customer_record,
     .again = customer_again, .output = &form_as, .summary = "Make a customer"},
    {GET, "/customers/{id}/edit", RIGHT(MAY_EDIT_CUSTOMERS), customer_edit, .flags = ROUTE_PAGE},
    {POST, "/customers/{id}", RIGHT(MAY_EDIT_CUSTOMERS), customer_post_edit, &customer_record,
     .again = customer_again, .output = &form_as, .summary = "Change a customer"},
    {POST, "/customers/{id}/archive", RIGHT(MAY_EDIT_CUSTOMERS), customer_post_archive,
     .output = &form_as, .summary = "Archive a customer"},
    {POST, "/customers/{id}/restore", RIGHT(MAY_EDIT_CUSTOMERS), customer_post_restore,
     .output = &form_as, .summary = "Bring a customer back"},
    {0},
};
