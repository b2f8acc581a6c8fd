#include "search/search.h"

#include "accounts/account.h"
#include "base/text.h"
#include "base/url.h"
#include "paper/code.h"
#include "quotes/quote.h"
#include "sales/sales.h"
#include "search.search.html.h"
#include "stock/stock.h"
#include "trade/words.h"
#include "vendors/vendor.h"

#include <string.h>

static const struct field hit_fields[] = {
    FIELD(struct search_hit, kind, FIELD_TEXT),
    FIELD(struct search_hit, id, FIELD_ID),
    FIELD(struct search_hit, url, FIELD_TEXT, .max = 2000),
    FIELD(struct search_hit, title, FIELD_TEXT),
    FIELD(struct search_hit, detail, FIELD_TEXT, .max = 400),
    FIELD(struct search_hit, note, FIELD_TEXT, .max = 400),
};
const struct record search_hit_record = RECORD("SearchHit", struct search_hit, hit_fields);

static const struct word group_words[] = {{"jobs", "Jobs"},
                                          {"customers", "Customers"},
                                          {"invoices", "Invoices"},
                                          {"quotes", "Quotes"},
                                          {"appointments", "Appointments"},
                                          {"stock", "Stock"},
                                          {"vendors", "Vendors"},
                                          {"places", "Places"},
                                          {NULL, NULL}};
static const struct vocabulary groups = {"group", group_words};

struct search_query {
    const char *q, *group;
    int64_t before;
};
static const struct field query_fields[] = {
    FIELD(struct search_query, q, FIELD_TEXT, .label = "Search", .max = 500),
    FIELD(struct search_query, group, FIELD_CODE, .label = "Only", .words = &groups),
    FIELD(struct search_query, before, FIELD_ID),
};
static const struct record query_record = RECORD("SearchQuery", struct search_query, query_fields);
static const struct field page_fields[] = {
    FIELD_ROWS(struct search_page, jobs, job_count, &job_found_record),
    FIELD_ROWS(struct search_page, customers, customer_count, &customer_found_record),
    FIELD_ROWS(struct search_page, others, other_count, &search_hit_record),
    FIELD(struct search_page, next, FIELD_TEXT, .max = 2000),
};
static const struct record page_record = RECORD("Search", struct search_page, page_fields);

/* How much of each group is read: while typing, on the page of all, on a group's own. */
struct amount {
    int64_t jobs, others, looked; /* `looked`: the jobs whose papers are looked for */
};
static const struct amount typing = {6, 3, 6}, page_of_all = {20, 6, 20}, own_page = {50, 50, 200};

struct searching {
    struct context *cx;
    struct search_page *page;
    const struct amount *amount;
    const char *only;
    int64_t before;
    struct job_found *jobs; /* those found by words, whose papers are found with them */
    int64_t job_count, next;
};

static bool wants(const struct searching *s, const char *group) {
    return s->only == NULL || text_same(s->only, group);
}

static const char *more_url(const struct searching *s, const char *group, int64_t before) {
    return url_with(
        s->cx->arena, "/search",
        (const char *[]){"q", s->page->q, "group", group, "before",
                         before == NONE ? NULL : arena_printf(s->cx->arena, "%ld", (long)before),
                         NULL});
}

static struct search_group *group_add(struct searching *s, const char *code, int64_t most) {
    struct search_group *group = &s->page->groups[s->page->group_count++];
    *group = (struct search_group){
        .code = code,
        .title = context_label(s->cx, &groups, code),
        .hits = ARENA_ARRAY(s->cx->arena, struct search_hit, (size_t)most + 1)};
    return group;
}

/* A group in which nothing was found is not shown. */
static void group_end(struct searching *s, const struct search_group *group) {
    if (group->count == 0 && group->more == NULL)
        s->page->group_count--;
}

static const char *dated(struct context *cx, int64_t at) {
    return day_print(day_at(cx->locale->zone, at), day_at(cx->locale->zone, cx->now), cx->arena);
}

/* ------------------------------------------------------------------ each group */

static struct search_hit job_hit(struct context *cx, const struct job_found *job) {
    const struct vocabulary *stages = text_same(job->kind, "custom")   ? &custom_stages
                                      : text_same(job->kind, "repair") ? &repair_stages
                                                                       : &stock_stages;
    const char *number = job_number_text(cx, job->number);
    return (struct search_hit){
        .kind = "job",
        .id = job->id,
        .url = arena_printf(cx->arena, "/jobs/%ld", (long)job->id),
        .title = job->title,
        .detail = job->customer_name == NULL
                      ? number
                      : arena_printf(cx->arena, "%s · %s", number, job->customer_name),
        .note = context_label(cx, stages, job->stage),
        .status = job->status,
        .label = context_label(cx, &job_statuses, job->status),
        .picture = job->picture == NONE ? NULL
                                        : arena_printf(cx->arena, "/jobs/%ld/files/%ld?size=96",
                                                       (long)job->id, (long)job->picture),
        .type = job->type};
}

static bool has_job(const struct searching *s, int64_t id) {
    for (int64_t i = 0; i < s->job_count; i++)
        if (s->jobs[i].id == id)
            return true;
    return false;
}

/* Those with the words; then those of the customers who were found, by a phone or in spite of a
 * typing error. */
static void find_jobs(struct searching *s) {
    struct context *cx = s->cx;
    struct search_page *page = s->page;
    enum { CUSTOMERS = 3, EACH = 5 };
    bool whole = wants(s, "jobs");
    int64_t limit = whole && s->only != NULL ? s->amount->jobs : s->amount->looked;
    struct job_found *found;
    int64_t count = job_find_before(cx, page->q, s->before, limit, &found, &s->next);
    s->jobs = ARENA_ARRAY(cx->arena, struct job_found, (size_t)limit + CUSTOMERS * EACH);
    for (int64_t i = 0; i < count; i++)
        s->jobs[s->job_count++] = found[i];
    for (int64_t c = 0; s->before == NONE && s->next == NONE && c < page->customer_count &&
                        c < CUSTOMERS && s->job_count < limit;
         c++) {
        struct job_found *theirs;
        int64_t n = job_find_of_customer(cx, page->customers[c].id, EACH, &theirs);
        for (int64_t i = 0; i < n && s->job_count < limit; i++)
            if (!has_job(s, theirs[i].id))
                s->jobs[s->job_count++] = theirs[i];
    }
    if (!whole)
        return;
    page->jobs = s->jobs;
    page->job_count = s->job_count < s->amount->jobs ? s->job_count : s->amount->jobs;
    int64_t next = s->job_count > page->job_count ? page->jobs[page->job_count - 1].id : s->next;
    page->next = next == NONE ? NULL : more_url(s, "jobs", s->only == NULL ? NONE : next);
    struct search_group *group = group_add(s, "jobs", page->job_count);
    for (int64_t i = 0; i < page->job_count; i++)
        group->hits[group->count++] = job_hit(cx, &page->jobs[i]);
    group->more = page->next;
    page->older = page->job_count == 0 && next != NONE;
    group_end(s, group);
}

static void find_customers(struct searching *s) {
    struct search_page *page = s->page;
    if (!actor_may(s->cx->actor, RIGHT(MAY_SEE_CUSTOMERS)) || s->before != NONE)
        return;
    int64_t limit = wants(s, "customers") ? s->amount->jobs : 3;
    page->customer_count = customer_find(s->cx, page->q, limit, &page->customers);
}

static void show_customers(struct searching *s) {
    struct search_page *page = s->page;
    struct search_group *group = group_add(s, "customers", page->customer_count);
    for (int64_t i = 0; i < page->customer_count; i++) {
        const struct customer_found *row = &page->customers[i];
        group->hits[group->count++] =
            (struct search_hit){.kind = "customer",
                                .id = row->id,
                                .url = arena_printf(s->cx->arena, "/customers/%ld", (long)row->id),
                                .title = row->name,
                                .detail = row->phone != NULL ? row->phone : row->email,
                                .note = row->phone != NULL ? row->email : NULL};
    }
    if (group->count == s->amount->jobs)
        group->more = url_with(s->cx->arena, "/customers", (const char *[]){"q", page->q, NULL});
    group_end(s, group);
}

#define INVOICE                                                                                    \
    "select i.id, i.number, i.kind, i.state, i.customer_name, i.issued_at, i.total, i.job, "       \
    "j.title from invoice i join job j on j.id = i.job "
static const struct sql invoice_numbered = {"search_invoice_numbered",
                                            INVOICE "where i.number = $1", NULL};
static const struct sql invoices_of = {
    "search_invoices_of", INVOICE "where i.job = $1 order by i.id desc limit 10", NULL};

static void add_invoices(struct searching *s, struct search_group *group, const struct sql *sql,
                         int64_t which, int64_t most) {
    struct context *cx = s->cx;
    struct rows *rows = db_rows(cx->db, sql, P(I(which)));
    while (rows_next(rows)) {
        if (group->count >= most)
            continue;
        int64_t id = row_int(rows, 0), number = row_int(rows, 1), at = row_int(rows, 5);
        bool there = false; /* found by its number already */
        for (int64_t i = 0; i < group->count; i++)
            there |= group->hits[i].id == id;
        if (there)
            continue;
        bool credit = text_same(row_text(rows, 2), "credit");
        group->hits[group->count++] = (struct search_hit){
            .kind = "invoice",
            .id = id,
            .url = arena_printf(cx->arena, "/invoices/%ld", (long)id),
            .title = number == NONE ? context_words(cx, "Draft invoice")
                     : credit       ? context_words(cx, "Credit note %ld", (long)number)
                                    : context_words(cx, "Invoice %ld", (long)number),
            .detail = arena_printf(cx->arena, "%s · %s", row_text(rows, 4), row_text(rows, 8)),
            .note =
                at == NONE ? context_label(cx, &invoice_states, row_text(rows, 3)) : dated(cx, at),
            .icon = "invoices"};
    }
}

/* Papers of the jobs that were found, a page of jobs at a time. */
static void find_papers(struct searching *s, const char *code, uint64_t right,
                        void (*add)(struct searching *s, struct search_group *group,
                                    const struct job_found *job, int64_t most)) {
    if (!wants(s, code) || !actor_may(s->cx->actor, right))
        return;
    int64_t most = s->amount->others, next = s->next;
    struct search_group *group = group_add(s, code, most);
    if (text_same(code, "invoices") && s->before == NONE) {
        struct code number = code_read(s->page->q, NULL, s->cx->arena);
        if (number.kind == CODE_JOB)
            number =
                code_read(arena_printf(s->cx->arena, "INV%s", number.text), NULL, s->cx->arena);
        if (number.kind == CODE_INVOICE)
            add_invoices(s, group, &invoice_numbered, number.number, most);
    }
    for (int64_t i = 0; i < s->job_count; i++) {
        if (group->count >= most) {
            next = s->jobs[i - 1].id;
            break;
        }
        add(s, group, &s->jobs[i], most);
    }
    if (next != NONE && (s->only != NULL || group->count >= most))
        group->more = more_url(s, code, s->only == NULL ? NONE : next);
    s->page->older |= s->only != NULL && group->count == 0 && next != NONE;
    group_end(s, group);
}

static void add_invoices_of(struct searching *s, struct search_group *group,
                            const struct job_found *job, int64_t most) {
    add_invoices(s, group, &invoices_of, job->id, most);
}

static const struct sql quotes_of = {
    "search_quotes_of",
    "select id, version, state, total, at from quote where job = $1 order by version desc limit 3",
    NULL};

static void add_quotes_of(struct searching *s, struct search_group *group,
                          const struct job_found *job, int64_t most) {
    struct context *cx = s->cx;
    struct rows *rows = db_rows(cx->db, &quotes_of, P(I(job->id)));
    while (rows_next(rows)) {
        if (group->count >= most)
            continue;
        int64_t id = row_int(rows, 0);
        group->hits[group->count++] = (struct search_hit){
            .kind = "quote",
            .id = id,
            .url = arena_printf(cx->arena, "/quotes/%ld", (long)id),
            .title = context_words(cx, "Quote v%ld of %s", (long)row_int(rows, 1),
                                   job_number_text(cx, job->number)),
            .detail = job->customer_name == NULL
                          ? job->title
                          : arena_printf(cx->arena, "%s · %s", job->customer_name, job->title),
            .note = context_label(cx, &quote_states, row_text(rows, 2)),
            .icon = "note"};
    }
}

static const struct sql appointments_of = {
    "search_appointments_of",
    "select id, kind, at from appointment where job = $1 and at >= $2 and state = 'booked' "
    "order by at limit 5",
    NULL};

static void add_appointments_of(struct searching *s, struct search_group *group,
                                const struct job_found *job, int64_t most) {
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    struct context *cx = s->cx;
    if (job->closed_at != NONE)
        return;
    struct rows *rows = db_rows(cx->db, &appointments_of, P(I(job->id), I(cx->now - DAY_MS)));
    while (rows_next(rows)) {
        if (group->count >= most)
            continue;
        bool pickup = text_same(row_text(rows, 1), "pickup");
        int64_t at = row_int(rows, 2);
        group->hits[group->count++] = (struct search_hit){
            .kind = "appointment",
            .id = row_int(rows, 0),
            .url = arena_printf(cx->arena, "/jobs/%ld", (long)job->id),
            .title = pickup ? context_words(cx, "Pickup") : context_words(cx, "Consultation"),
            .detail = job->customer_name == NULL
                          ? job->title
                          : arena_printf(cx->arena, "%s · %s", job->customer_name, job->title),
            .note = instant_print(cx->locale->zone, at, cx->now, cx->arena),
            .icon = "calendar"};
    }
}

static void find_stock(struct searching *s) {
    struct context *cx = s->cx;
    struct stock_item *items;
    if (!wants(s, "stock") || !actor_may(cx->actor, RIGHT(MAY_SEE_STOCK)) || s->before != NONE)
        return;
    int64_t most = s->amount->others;
    int64_t count = stock_find(cx, &(struct stock_query){.q = s->page->q}, most + 1, &items);
    struct search_group *group = group_add(s, "stock", most);
    for (int64_t i = 0; i < count && i < most; i++)
        group->hits[group->count++] =
            (struct search_hit){.kind = "stock",
                                .id = items[i].id,
                                .url = arena_printf(cx->arena, "/stock/%ld", (long)items[i].id),
                                .title = items[i].name,
                                .detail = items[i].code,
                                .note = context_label(cx, &stock_kinds, items[i].kind),
                                .icon = "stock"};
    if (count > most)
        group->more = url_with(cx->arena, "/stock", (const char *[]){"q", s->page->q, NULL});
    group_end(s, group);
}

/* Does every word typed begin a word of the name? For lists that are short by nature. */
static bool fits(struct context *cx, const char *typed, const char *name) {
    char *rest = arena_text(cx->arena, text_fold(typed, cx->arena));
    const char *folded = arena_printf(cx->arena, " %s", text_fold(name, cx->arena));
    bool any = false;
    for (char *word = strtok_r(rest, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        if (strstr(folded, arena_printf(cx->arena, " %s", word)) == NULL)
            return false;
        any = true;
    }
    return any;
}

static void find_vendors(struct searching *s) {
    struct context *cx = s->cx;
    struct vendor *vendors;
    if (!wants(s, "vendors") || !actor_may(cx->actor, RIGHT(MAY_BUY)) || s->before != NONE)
        return;
    int64_t count = vendor_list(cx, &vendors);
    struct search_group *group = group_add(s, "vendors", s->amount->others);
    for (int64_t i = 0; i < count && group->count < s->amount->others; i++)
        if (fits(cx, s->page->q, vendors[i].name))
            group->hits[group->count++] = (struct search_hit){
                .kind = "vendor",
                .id = vendors[i].id,
                .url = arena_printf(cx->arena, "/vendors/%ld", (long)vendors[i].id),
                .title = vendors[i].name,
                .detail = vendors[i].supplies,
                .note = vendors[i].phone,
                .icon = "buying"};
    group_end(s, group);
}

static void find_places(struct searching *s) {
    struct context *cx = s->cx;
    struct custody_place *places;
    if (!wants(s, "places") || s->before != NONE)
        return;
    int64_t count = place_list(cx, false, false, &places);
    struct search_group *group = group_add(s, "places", s->amount->others);
    for (int64_t i = 0; i < count && group->count < s->amount->others; i++)
        if (fits(cx, s->page->q, places[i].name))
            group->hits[group->count++] = (struct search_hit){
                .kind = "place",
                .id = places[i].id,
                .url = arena_printf(cx->arena, "/custody/places/%ld", (long)places[i].id),
                .title = places[i].name,
                .detail = context_label(cx, &place_kinds, places[i].kind),
                .icon = "archive"};
    group_end(s, group);
}

/* ------------------------------------------------------------------ all of them */

/* Before anything is typed: the newest jobs. */
static void show_newest(struct searching *s) {
    struct job_found *jobs;
    int64_t count = job_find_newest(s->cx, s->amount->jobs, &jobs);
    struct search_group *group = group_add(s, "jobs", count);
    group->title = context_words(s->cx, "Newest jobs");
    for (int64_t i = 0; i < count; i++)
        group->hits[group->count++] = job_hit(s->cx, &jobs[i]);
    group_end(s, group);
}

static void gather_others(struct searching *s) {
    struct search_page *page = s->page;
    page->others = ARENA_ARRAY(s->cx->arena, struct search_hit,
                               (size_t)(SEARCH_GROUPS * s->amount->others) + 1);
    for (int64_t g = 0; g < page->group_count; g++) {
        const struct search_group *group = &page->groups[g];
        if (text_same(group->code, "jobs") || text_same(group->code, "customers"))
            continue;
        for (int64_t i = 0; i < group->count; i++)
            page->others[page->other_count++] = group->hits[i];
        if (s->only != NULL && page->next == NULL)
            page->next = group->more;
    }
}

static void find_all(struct context *cx, const struct search_query *query,
                     const struct amount *amount, struct search_page *page) {
    struct searching s = {.cx = cx,
                          .page = page,
                          .amount = query->group != NULL ? &own_page : amount,
                          .only = query->group,
                          .before = query->before,
                          .next = NONE};
    page->q = query->q;
    page->only = query->group;
    if (text_empty(query->q)) {
        page->q = NULL;
        show_newest(&s);
        return;
    }
    find_customers(&s);
    find_jobs(&s);
    if (wants(&s, "customers"))
        show_customers(&s);
    find_papers(&s, "invoices", RIGHT(MAY_SEE_PRICES), add_invoices_of);
    find_papers(&s, "quotes", RIGHT(MAY_SEE_PRICES), add_quotes_of);
    find_papers(&s, "appointments", RIGHT(MAY_SEE_CUSTOMERS), add_appointments_of);
    find_stock(&s);
    find_vendors(&s);
    find_places(&s);
    if (s.only != NULL && !text_same(s.only, "customers"))
        page->customer_count = 0;
    gather_others(&s);
}

static void search_page_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Search"),
                                .besides = "views",
                                .body = search_html,
                                .model = model});
}
static const struct presentation search_as = {&page_record, search_page_html};
static const struct presentation options_as = {NULL, search_options_html};

/* A code that is one thing opens it: a scanner may well type into the field. */
static enum status search_show(struct request *r) {
    const struct search_query *query = r->input;
    struct search_page page = {0};
    struct scanned scanned;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!r->json && query->group == NULL &&
        scan_resolve(cx, query->q, NULL, request_url(r), &scanned) == OK)
        return answer_redirect(r, scanned.url);
    find_all(cx, query, &page_of_all, &page);
    return answer(r, &search_as, &page);
}

static enum status options_show(struct request *r) {
    struct search_page page = {0};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    find_all(cx, r->input, &typing, &page);
    return answer(r, &options_as, &page);
}

/* ------------------------------------------------------------------ scanning */

struct scan_query {
    const char *code, *keys;
};
static const struct field scan_fields[] = {
    FIELD(struct scan_query, code, FIELD_TEXT, .label = "Code", .max = 500,
          .flags = FIELD_REQUIRED),
    FIELD(struct scan_query, keys, FIELD_TEXT, .max = 500),
};
static const struct record scan_query_record = RECORD("ScanQuery", struct scan_query, scan_fields);
static const struct presentation scanned_as = {&scanned_record, NULL};

static enum status scan_show(struct request *r) {
    const struct scan_query *query = r->input;
    const char *base = request_url(r);
    struct scanned scanned;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    enum status status = scan_resolve(cx, query->code, query->keys, base, &scanned);
    struct code code = code_read(query->code, base, cx->arena);
    if (status == DENIED)
        return fail(r, DENIED, "not_for_you", "“%s” is there, but not for your role to see.",
                    query->code);
    if (status != OK && code.kind == CODE_STRANGER)
        return fail(r, MISSING, "other_address",
                    "This code belongs to %s, not to this shop’s Benchpin.", code.text);
    if (status != OK)
        return fail(r, MISSING, "unknown_code",
                    "Nothing here has the code “%s”. Scan it again, or search for the name.",
                    query->code);
    return r->json ? answer(r, &scanned_as, &scanned) : answer_redirect(r, scanned.url);
}

const struct route search_routes[] = {
    {GET, "/search", RIGHT(MAY_SEE_JOBS), search_show, &query_record, .output = &search_as,
     .summary = "Find anything by what is typed or scanned"},
    {GET, "/search/options", RIGHT(MAY_SEE_JOBS), options_show, &query_record,
     .flags = ROUTE_PAGE | ROUTE_INTERNAL},
    {GET, "/scan", RIGHT_SIGNED_IN, scan_show, &scan_query_record, .output = &scanned_as,
     .summary = "What a scanned code is"},
    {0},
};
