#include "desk/customer_page.h"

#include "accounts/account.h"
#include "base/text.h"
#include "desk.customer_page.html.h"

static const struct field page_fields[] = {
    FIELD_ROWS(struct customer_page, open, open_count, &job_found_record),
    FIELD_ROWS(struct customer_page, past, past_count, &job_found_record),
    FIELD(struct customer_page, jobs, FIELD_INT, .max = INT64_MAX),
    FIELD(struct customer_page, spent, FIELD_MONEY),
    FIELD(struct customer_page, owed, FIELD_MONEY),
};
static const struct record page_record =
    RECORD_ON(&customer_record, "CustomerPage", struct customer_page, page_fields);

#define FOUND                                                                                      \
    "select j.id, j.number, j.kind, j.stage, j.status, j.held_from, j.type, j.title, "             \
    "j.customer_name, j.promised_day, j.priority, j.salesperson, s.name as salesperson_name, "     \
    "j.picture, j.quoted, j.final, j.paid, j.ready_at, j.stage_at, j.closed_at, j.archived_at "    \
    "from job j left join staff s on s.id = j.salesperson where j.customer = $1 "
static const struct sql jobs_open = {
    "customer_jobs_open", FOUND "and j.closed_at is null order by j.id desc limit 100", NULL};
static const struct sql jobs_past = {
    "customer_jobs_past", FOUND "and j.closed_at is not null order by j.id desc limit 100", NULL};
static const struct sql figures = {
    "customer_figures",
    "select count(*), cast(coalesce(sum(paid), 0) as bigint), "
    "cast(coalesce(sum(case when stage = 'cancelled' then 0 "
    "else coalesce(final, quoted, 0) - paid end), 0) as bigint) from job where customer = $1",
    NULL};

static void page_html(struct view *v, const void *model) {
    const struct customer_page *page = model;
    view_page(v, &(struct page){.title = page->customer.name,
                                .besides = "views",
                                .nav = "customers",
                                .crumb = view_t(v, "Customers"),
                                .crumb_url = "/customers",
                                .body = customer_page_html,
                                .model = model});
}
static const struct presentation page_as = {&page_record, page_html};

static void finish(struct context *cx, struct job_found *jobs, int64_t count) {
    int64_t soon = due_soon_days(cx);
    for (int64_t i = 0; i < count; i++)
        job_found_finish(cx, &jobs[i], soon);
}

static enum status customer_show(struct request *r) {
    struct context *cx = request_read(r);
    struct customer_page page = {0};
    if (cx == NULL)
        return UNAVAILABLE;
    int64_t id = request_id(r, "id");
    if (!customer_load(cx, id, &page.customer))
        return fail(r, MISSING, "unknown_customer", "There is no such customer.");
    page.open_count = DB_RECORDS(cx->db, &jobs_open, P(I(id)), &job_found_record, &page.open);
    page.past_count = DB_RECORDS(cx->db, &jobs_past, P(I(id)), &job_found_record, &page.past);
    finish(cx, page.open, page.open_count);
    finish(cx, page.past, page.past_count);
    struct rows *rows = db_rows(cx->db, &figures, P(I(id)));
    if (rows_next(rows)) {
        page.jobs = row_int(rows, 0);
        page.spent = row_int(rows, 1);
        page.owed = row_int(rows, 2);
    }
    rows_end(rows);
    return answer(r, &page_as, &page);
}

/* ------------------------------------------------------------------ a visit */

static const struct field job_fields[] = {
    FIELD(struct visit_job, id, FIELD_ID),
    FIELD(struct visit_job, number, FIELD_INT, .max = INT64_MAX),
    FIELD(struct visit_job, title, FIELD_TEXT),
    FIELD(struct visit_job, kind, FIELD_TEXT),
    FIELD(struct visit_job, stage, FIELD_TEXT),
    FIELD(struct visit_job, type, FIELD_TEXT),
    FIELD(struct visit_job, position, FIELD_INT),
    FIELD(struct visit_job, picture, FIELD_ID),
    FIELD(struct visit_job, price, FIELD_MONEY),
    FIELD(struct visit_job, paid, FIELD_MONEY),
};
static const struct record job_in_visit = RECORD("VisitJob", struct visit_job, job_fields);
static const struct field visit_fields[] = {
    FIELD(struct visit_page, id, FIELD_ID),
    FIELD(struct visit_page, number, FIELD_INT, .max = INT64_MAX),
    FIELD(struct visit_page, at, FIELD_INSTANT),
    FIELD(struct visit_page, customer, FIELD_ID),
    FIELD(struct visit_page, customer_name, FIELD_TEXT),
    FIELD(struct visit_page, source, FIELD_TEXT),
    FIELD_ROWS(struct visit_page, jobs, job_count, &job_in_visit),
    FIELD_ROWS(struct visit_page, payments, payment_count, &payment_record),
    FIELD(struct visit_page, price, FIELD_MONEY),
    FIELD(struct visit_page, paid, FIELD_MONEY),
    FIELD(struct visit_page, balance, FIELD_MONEY),
};
static const struct record visit_record = RECORD("Visit", struct visit_page, visit_fields);

static const struct sql visit_by_id = {
    "visit_by_id",
    "select v.id, v.number, v.at, v.customer, c.name as customer_name, v.source from visit v "
    "left join customer c on c.id = v.customer where v.id = $1",
    NULL};
static const struct sql jobs_of_visit = {
    "jobs_of_visit",
    "select id, number, title, kind, stage, type, visit_position as position, picture, "
    "coalesce(final, quoted) as price, paid from job where visit = $1 order by visit_position",
    NULL};
static const struct sql payments_of_visit = {
    "payments_of_visit",
    "select p.id, p.number, p.kind, p.method, p.visit, p.invoice, p.amount, p.reference, p.note, "
    "p.reverses, p.at, p.staff_name, a.amount as share, "
    "case when exists (select 1 from payment r where r.reverses = p.id) then 1 else 0 end "
    "as reversed from payment p join payment_allotment a on a.payment = p.id "
    "where p.visit = $1 order by p.id",
    NULL};

static void visit_html_page(struct view *v, const void *model) {
    const struct visit_page *page = model;
    view_page(v, &(struct page){.title = words(v, "Visit %ld", (long)page->number),
                                .nav = "jobs",
                                .crumb = view_t(v, "Jobs"),
                                .crumb_url = "/board",
                                .body = visit_html,
                                .model = model});
}
static const struct presentation visit_as = {&visit_record, visit_html_page};

static enum status visit_show(struct request *r) {
    struct context *cx = request_read(r);
    struct visit_page page;
    if (cx == NULL)
        return UNAVAILABLE;
    record_clear(&visit_record, &page);
    int64_t id = request_id(r, "id");
    if (!db_record(cx->db, &visit_by_id, P(I(id)), &visit_record, &page))
        return fail(r, MISSING, "unknown_visit", "There is no such visit.");
    page.job_count = DB_RECORDS(cx->db, &jobs_of_visit, P(I(id)), &job_in_visit, &page.jobs);
    page.payment_count =
        DB_RECORDS(cx->db, &payments_of_visit, P(I(id)), &payment_record, &page.payments);
    page.price = page.paid = 0;
    for (int64_t i = 0; i < page.job_count; i++) {
        if (page.jobs[i].price != NONE && !text_same(page.jobs[i].stage, "cancelled"))
            page.price += page.jobs[i].price;
        page.paid += page.jobs[i].paid;
    }
    page.balance = page.price - page.paid;
    return answer(r, &visit_as, &page);
}

const struct route customer_page_routes[] = {
    {GET, "/customers/{id}", RIGHT(MAY_SEE_CUSTOMERS) | RIGHT(MAY_SEE_PRICES), customer_show,
     .output = &page_as, .summary = "A customer with their jobs and figures"},
    {GET, "/visits/{id}", RIGHT(MAY_SEE_CUSTOMERS) | RIGHT(MAY_SEE_PRICES), visit_show,
     .output = &visit_as, .summary = "What was brought or ordered at once, and its one balance"},
    {0},
};
