#include "sales/sales_pages.h"

#include "accounts/account.h"
#include "base/text.h"
#include "base/url.h"
#include "sales.sales.html.h"
#include "sales/ledger.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ a job's payments */

#define SIGNED .min = -INT64_C(1000000000000000), .max = INT64_C(1000000000000000)
static const struct field payments_fields[] = {
    FIELD_ROWS(struct payments, rows, count, &payment_record),
    FIELD(struct payments, quoted, FIELD_MONEY),
    FIELD(struct payments, final, FIELD_MONEY),
    FIELD(struct payments, deposit, FIELD_MONEY, SIGNED),
    FIELD(struct payments, paid, FIELD_MONEY, SIGNED),
    FIELD(struct payments, balance, FIELD_MONEY, SIGNED),
};
static const struct record payments_record = RECORD("Payments", struct payments, payments_fields);
static const struct presentation payments_as = {&payments_record, NULL};
static const struct presentation payment_as = {&payment_record, NULL};

static enum status payments_show(struct request *r) {
    struct context *cx = request_read(r);
    struct job job;
    if (cx == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &job))
        return MISSING;
    struct payments model = {.quoted = job.quoted,
                             .final = job.final,
                             .deposit = job.deposit,
                             .paid = job.paid,
                             .balance = job.balance};
    model.count = payment_list(cx, job.id, &model.rows);
    return answer(r, &payments_as, &model);
}

static void take_page(struct view *v, const void *model) {
    const struct take_page *page = model;
    view_page(v, &(struct page){.title = page->refund ? view_t(v, "Give money back")
                                                      : view_t(v, "Take payment"),
                                .nav = "jobs",
                                .crumb = page->job.title,
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job.id),
                                .body = take_payment_html,
                                .model = model});
}
static const struct presentation take_as = {&take_record, take_page};

static const struct sql deposit_asked = {
    "deposit_asked", "select deposit from quote where job = $1 and state = 'accepted'", NULL};

/* Before any money: the deposit that the accepted quote asks; then the balance. */
static int64_t suggestion(struct context *cx, const struct job *job) {
    int64_t asked = job->paid > 0 ? NONE : db_int(cx->db, &deposit_asked, P(I(job->id)));
    return asked != NONE && asked > 0 && asked < job->balance ? asked : job->balance;
}

static enum status show_take(struct request *r, const struct take *typed, bool refund) {
    struct context *cx = request_read(r);
    struct take_page page = {.refund = refund};
    if (cx == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &page.job))
        return MISSING;
    struct take values;
    record_clear(&take_record, &values);
    values.method = "card";
    page.suggested = refund ? page.job.paid : suggestion(cx, &page.job);
    if (page.suggested > 0)
        values.amount = page.suggested;
    page.form = request_form(r, &take_record, typed == NULL ? &values : typed);
    return answer(r, &take_as, &page);
}

static enum status take_show(struct request *r) {
    return show_take(r, NULL, false);
}

static enum status take_again(struct request *r) {
    return show_take(r, r->input, false);
}

static enum status refund_show(struct request *r) {
    return show_take(r, NULL, true);
}

static enum status refund_again(struct request *r) {
    return show_take(r, r->input, true);
}

struct taking {
    int64_t job;
    const struct take *take;
};

static enum status payment_done(struct context *cx, int64_t job, int64_t id, const char *format) {
    struct payment payment;
    payment_load(cx, id, &payment);
    context_outcome(
        cx, &(struct outcome){.status = 201,
                              .location = arena_printf(cx->arena, "/jobs/%ld", (long)job),
                              .flash = context_words(cx, format, context_money(cx, payment.amount)),
                              .record = &payment_record,
                              .model = &payment});
    return OK;
}

static enum status take(struct context *cx, void *arg) {
    const struct taking *taking = arg;
    int64_t id;
    enum status status = payment_take(cx, taking->job, taking->take, &id);
    return status == OK ? payment_done(cx, taking->job, id, "%s taken.") : status;
}

static enum status refund(struct context *cx, void *arg) {
    const struct taking *taking = arg;
    int64_t id;
    enum status status = payment_refund(cx, taking->job, taking->take, &id);
    return status == OK ? payment_done(cx, taking->job, id, "%s given back.") : status;
}

static enum status take_post(struct request *r) {
    const struct take *input = r->input;
    if (text_same(input->kind, "refund") || text_same(input->kind, "reversal"))
        return error_add(r->cx.errors, INVALID, "kind", "wrong_kind",
                         "Here money is taken: deposit or payment.");
    return request_write(r, take, &(struct taking){request_id(r, "id"), input});
}

static enum status refund_post(struct request *r) {
    return request_write(r, refund, &(struct taking){request_id(r, "id"), r->input});
}

static const struct field noted_fields[] = {
    FIELD(struct noted, note, FIELD_TEXT, .label = "Why", .max = 500, .flags = FIELD_REQUIRED),
};
static const struct record noted_record = RECORD("Reason", struct noted, noted_fields);

struct reversing {
    int64_t id;
    const char *note;
};
static const struct sql job_of_payment = {
    "job_of_payment", "select job from payment_allotment where payment = $1 order by job limit 1",
    NULL};

static enum status reverse(struct context *cx, void *arg) {
    const struct reversing *reversing = arg;
    int64_t id;
    enum status status = payment_reverse(cx, reversing->id, reversing->note, &id);
    return status == OK
               ? payment_done(cx, db_int(cx->db, &job_of_payment, P(I(id))), id, "%s reversed.")
               : status;
}

static enum status reverse_post(struct request *r) {
    return request_write(
        r, reverse,
        &(struct reversing){request_id(r, "id"), ((const struct noted *)r->input)->note});
}

/* ------------------------------------------------------------------ the list of invoices */

enum { PAGE_ROWS = 50 };

static const struct field query_fields[] = {
    FIELD(struct invoice_query, state, FIELD_CODE, .words = &invoice_states),
    FIELD(struct invoice_query, before, FIELD_ID),
};
static const struct record query_record =
    RECORD("InvoiceQuery", struct invoice_query, query_fields);
static const struct field found_fields[] = {
    FIELD(struct invoice_found, id, FIELD_ID),
    FIELD(struct invoice_found, number, FIELD_INT, .max = INT64_MAX),
    FIELD(struct invoice_found, label, FIELD_TEXT),
    FIELD(struct invoice_found, kind, FIELD_TEXT),
    FIELD(struct invoice_found, state, FIELD_CODE, .words = &invoice_states),
    FIELD(struct invoice_found, customer_name, FIELD_TEXT),
    FIELD(struct invoice_found, title, FIELD_TEXT),
    FIELD(struct invoice_found, job, FIELD_ID),
    FIELD(struct invoice_found, total, FIELD_MONEY, SIGNED),
    FIELD(struct invoice_found, issued_at, FIELD_INSTANT),
    FIELD(struct invoice_found, created_at, FIELD_INSTANT),
};
static const struct record found_record =
    RECORD("InvoiceFound", struct invoice_found, found_fields);
static const struct field list_fields[] = {
    FIELD_ROWS(struct invoice_list, rows, count, &found_record),
    FIELD(struct invoice_list, next, FIELD_TEXT, .max = 500),
};
static const struct record list_record = RECORD("Invoices", struct invoice_list, list_fields);

#define LISTED                                                                                     \
    "select i.id, i.number, coalesce(i.label, cast(i.number as text)) as label, i.kind, i.state, " \
    "i.customer_name, j.title, i.job, i.total, "                                                   \
    "i.issued_at, i.created_at from invoice i join job j on j.id = i.job where i.id < $1 "
static const struct sql newest = {"invoices_newest", LISTED "order by i.id desc limit $2", NULL};
static const struct sql newest_of_state = {
    "invoices_of_state", LISTED "and i.state = $3 order by i.id desc limit $2", NULL};

static void list_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Invoices"),
                                .nav = "invoices",
                                .body = invoice_list_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, list_page};

static enum status invoices_show(struct request *r) {
    const struct invoice_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct invoice_list list = {.query = *query};
    int64_t before = query->before == NONE ? INT64_MAX : query->before;
    list.count =
        query->state == NULL
            ? DB_RECORDS(cx->db, &newest, P(I(before), I(PAGE_ROWS + 1)), &found_record, &list.rows)
            : DB_RECORDS(cx->db, &newest_of_state, P(I(before), I(PAGE_ROWS + 1), T(query->state)),
                         &found_record, &list.rows);
    if (list.count > PAGE_ROWS) {
        list.count = PAGE_ROWS;
        list.next =
            url_with(cx->arena, "/invoices",
                     (const char *[]){
                         "state", query->state, "before",
                         arena_printf(cx->arena, "%ld", (long)list.rows[PAGE_ROWS - 1].id), NULL});
    }
    return answer(r, &list_as, &list);
}

/* ------------------------------------------------------------------ one invoice */

static void invoice_page(struct view *v, const void *model) {
    const struct invoice_page *page = model;
    view_page(v, &(struct page){.title = page->invoice.number == NONE
                                             ? view_t(v, "Draft invoice")
                                             : words(v, "%s %s",
                                                     text_same(page->invoice.kind, "credit")
                                                         ? view_t(v, "Credit note")
                                                         : view_t(v, "Invoice"),
                                                     page->invoice.label),
                                .nav = "invoices",
                                .crumb = view_t(v, "Invoices"),
                                .crumb_url = "/invoices",
                                .body = invoice_html,
                                .model = model});
}
/* The JSON is the invoice itself: it stands first in the model. */
static const struct presentation invoice_as = {&invoice_record, invoice_page};

/* Net and tax by rate, for the foot. */
static void sum_taxes(struct context *cx, struct invoice_page *page) {
    page->taxes = ARENA_ARRAY(cx->arena, struct tax_sum, (size_t)page->invoice.line_count + 1);
    for (int64_t i = 0; i < page->invoice.line_count; i++) {
        const struct invoice_line *line = &page->invoice.lines[i];
        int64_t t = 0;
        while (t < page->tax_count && page->taxes[t].rate != line->tax_rate)
            t++;
        if (t == page->tax_count)
            page->taxes[page->tax_count++] = (struct tax_sum){.rate = line->tax_rate};
        page->taxes[t].net += line->net;
        page->taxes[t].tax += line->tax;
    }
}

enum status invoice_page_load(struct request *r, int64_t id, struct invoice_page *page) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!invoice_load(cx, id, &page->invoice))
        return fail(r, MISSING, "unknown_invoice", "There is no such invoice.");
    job_load(cx, page->invoice.job, &page->job);
    shop_load(cx, &page->shop);
    page->payment_count = payment_list(cx, page->invoice.job, &page->payments);
    page->balance = page->invoice.total - page->job.paid;
    if (!text_same(page->invoice.kind, "invoice") || text_same(page->invoice.state, "credited"))
        page->balance = 0;
    sum_taxes(cx, page);
    if (page->invoice.newer_quote != NONE)
        quote_load(cx, page->invoice.newer_quote, &page->newer);
    page->form = (struct form){.record = &invoice_record, .values = &page->invoice};
    page->redraw_form = (struct form){.record = &redraw_record};
    page->typed = &page->invoice;
    return OK;
}

static enum status invoice_show(struct request *r) {
    struct invoice_page page = {0};
    enum status status = invoice_page_load(r, request_id(r, "id"), &page);
    return status == OK ? answer(r, &invoice_as, &page) : status;
}

/* A refused draft: the paper as it stands, the form as it was typed. */
static enum status invoice_again(struct request *r) {
    struct invoice_page page = {0};
    const struct invoice *typed = r->input;
    enum status status = invoice_page_load(r, request_id(r, "id"), &page);
    if (status != OK)
        return status;
    page.typed = typed;
    page.form = request_form(r, &invoice_record, typed);
    return answer(r, &invoice_as, &page);
}

static enum status redraw_again(struct request *r) {
    struct invoice_page page = {0};
    enum status status = invoice_page_load(r, request_id(r, "id"), &page);
    if (status != OK)
        return status;
    page.redraw_form = request_form(r, &redraw_record, NULL);
    return answer(r, &invoice_as, &page);
}

static enum status invoice_done(struct context *cx, int64_t id, int status, const char *flash) {
    struct invoice invoice;
    invoice_load(cx, id, &invoice);
    context_outcome(
        cx, &(struct outcome){.status = status,
                              .location = arena_printf(cx->arena, "/invoices/%ld", (long)id),
                              .flash = flash,
                              .record = &invoice_record,
                              .model = &invoice});
    return OK;
}

static enum status draft(struct context *cx, void *arg) {
    int64_t id;
    enum status status = invoice_draft(cx, *(const int64_t *)arg, &id);
    return status == OK ? invoice_done(cx, id, 201, NULL) : status;
}

static enum status draft_post(struct request *r) {
    int64_t job = request_id(r, "id");
    return request_write(r, draft, &job);
}

static enum status edit(struct context *cx, void *arg) {
    struct invoice edited = *(const struct invoice *)arg;
    enum status status = invoice_edit(cx, &edited);
    return status == OK ? invoice_done(cx, edited.id, 200, "Draft saved.") : status;
}

static enum status edit_post(struct request *r) {
    struct invoice edited = *(const struct invoice *)r->input;
    edited.id = request_id(r, "id");
    return request_write(r, edit, &edited);
}

static const struct field redraw_fields[] = {
    FIELD(struct redraw, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct redraw, confirm, FIELD_FLAG, .label = "The lines that were edited by hand may go"),
};
const struct record redraw_record = RECORD("InvoiceRedraw", struct redraw, redraw_fields);

struct redrawing {
    int64_t id;
    const struct redraw *how;
};

static enum status redraw(struct context *cx, void *arg) {
    const struct redrawing *redrawing = arg;
    enum status status =
        invoice_redraw(cx, redrawing->id, redrawing->how->version, redrawing->how->confirm == 1);
    return status == OK ? invoice_done(cx, redrawing->id, 200, "Drawn anew.") : status;
}

static enum status redraw_post(struct request *r) {
    return request_write(r, redraw, &(struct redrawing){request_id(r, "id"), r->input});
}

static enum status issue(struct context *cx, void *arg) {
    int64_t id = *(const int64_t *)arg;
    enum status status = invoice_issue(cx, id);
    return status == OK ? invoice_done(cx, id, 200, "Issued.") : status;
}

static enum status issue_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, issue, &id);
}

static enum status credit(struct context *cx, void *arg) {
    const struct reversing *reversing = arg;
    int64_t id;
    enum status status = invoice_credit(cx, reversing->id, reversing->note, &id);
    return status == OK ? invoice_done(cx, id, 201, "Credited.") : status;
}

static enum status credit_post(struct request *r) {
    return request_write(
        r, credit,
        &(struct reversing){request_id(r, "id"), ((const struct noted *)r->input)->note});
}

/* ------------------------------------------------------------------ handing over */

static const struct field hand_over_fields[] = {
    FIELD(struct hand_over, override, FIELD_TEXT, .label = "Why with a balance", .max = 500),
    FIELD(struct hand_over, note, FIELD_TEXT, .label = "Note", .max = 500),
};
static const struct record hand_over_record =
    RECORD("HandOver", struct hand_over, hand_over_fields);
static const struct presentation moved_as = {&moved_record, NULL};

struct handing {
    int64_t job;
    const struct hand_over *how;
};

/* As moving has it, for a hand-over that moves nothing. */
static enum status hand_over_settled(struct context *cx, const struct job *job,
                                     const char *override) {
    if (job->balance <= 0)
        return OK;
    if (text_empty(override))
        return error_add(cx->errors, INVALID, "override", "balance_open",
                         "%s is still to be paid. Take the payment first, or let a manager hand "
                         "over with a reason.",
                         context_money(cx, job->balance));
    if (!actor_may(cx->actor, RIGHT(MAY_REOPEN_JOBS)))
        return error_add(cx->errors, DENIED, "override", "manager_required",
                         "%s is still to be paid. Only a manager can hand over without it.",
                         context_money(cx, job->balance));
    return OK;
}

/* Collected (repairs: completed) by the rules of moving, which ask for a settled balance. Where the
 * shop has switched the automatic move off, the hand-over is only noted. */
static enum status hand_over(struct context *cx, void *arg) {
    const struct handing *handing = arg;
    struct job job;
    struct shop shop;
    if (!job_load(cx, handing->job, &job) || !shop_load(cx, &shop))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    struct moved moved = {.moved = 0, .stage = job.stage, .status = job.status};
    const char *flash = "Handed over.";
    if (text_same(job.stage, "cancelled"))
        return error_add(cx->errors, CONFLICT, NULL, "cancelled",
                         "This job is cancelled: there is nothing to hand over.");
    if (job.closed_at != NONE)
        flash = "It was handed over before.";
    if (job.closed_at == NONE && shop.auto_collected == 1) {
        struct move move = {.from = job.stage,
                            .to = text_same(job.kind, "custom") ? "collected" : "completed",
                            .note = handing->how->note == NULL ? "Handed over" : handing->how->note,
                            .override = handing->how->override};
        enum status status = job_move(cx, job.id, &move, &moved);
        if (status != OK)
            return status;
    } else if (job.closed_at == NONE) {
        int64_t comment;
        enum status status = hand_over_settled(cx, &job, handing->how->override);
        if (status == OK)
            status = job_comment(cx, job.id, "Handed over to the customer.", &comment);
        if (status != OK)
            return status;
    }
    if (job.closed_at == NONE)
        audit_add(cx, "handed over", "job", job.id, handing->how->override);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = arena_printf(cx->arena, "/jobs/%ld", (long)job.id),
                              .flash = flash,
                              .record = &moved_record,
                              .model = &moved});
    return OK;
}

static enum status hand_over_post(struct request *r) {
    return request_write(r, hand_over, &(struct handing){request_id(r, "id"), r->input});
}

/* ------------------------------------------------------------------ what follows by itself */

/* At ready the invoice is drafted. Without a price there is nothing to draft: no failure. */
static enum status draft_at_ready(struct context *cx, const struct event *event) {
    struct job job;
    int64_t invoice;
    if (!job_load(cx, event->subject, &job) || job.quoted == NONE || job.quoted == 0 ||
        text_same(job.kind, "stock"))
        return OK;
    return invoice_draft(cx, event->subject, &invoice);
}

static bool is_ready(const struct event *event) {
    return event_says(event, "stage", "ready");
}

static enum status follow_quote(struct context *cx, const struct event *event) {
    return invoice_follow(cx, event->subject);
}

const struct reaction sales_reactions[] = {
    {"sales.draft", "job.entered", draft_at_ready, is_ready},
    {"sales.follow", "quote.accepted", follow_quote, NULL},
    {0},
};

const struct route sales_routes[] = {
    {GET, "/jobs/{id}/payments", RIGHT(MAY_SEE_PRICES), payments_show, .flags = ROUTE_API,
     .output = &payments_as, .summary = "A job's payments and what they add up to"},
    {GET, "/jobs/{id}/payments/new", RIGHT(MAY_TAKE_MONEY), take_show, .flags = ROUTE_PAGE},
    {POST, "/jobs/{id}/payments", RIGHT(MAY_TAKE_MONEY), take_post, &take_record,
     .again = take_again, .output = &payment_as, .summary = "Take a deposit or a payment"},
    {GET, "/jobs/{id}/refunds/new", RIGHT(MAY_GIVE_MONEY_BACK), refund_show, .flags = ROUTE_PAGE},
    {POST, "/jobs/{id}/refunds", RIGHT(MAY_GIVE_MONEY_BACK), refund_post, &take_record,
     .again = refund_again, .output = &payment_as, .summary = "Give money back"},
    {POST, "/payments/{id}/reverse", RIGHT(MAY_GIVE_MONEY_BACK), reverse_post, &noted_record,
     .output = &payment_as, .summary = "Reverse a payment that was a mistake"},
    {GET, "/invoices", RIGHT(MAY_SEE_PRICES), invoices_show, &query_record, .output = &list_as,
     .summary = "Invoices and credit notes, newest first"},
    {GET, "/invoices/{id}", RIGHT(MAY_SEE_PRICES), invoice_show, .output = &invoice_as,
     .summary = "An invoice"},
    {POST, "/jobs/{id}/invoice", RIGHT(MAY_TAKE_MONEY), draft_post, .output = &invoice_as,
     .summary = "Draft the invoice, or find the one there is"},
    {POST, "/invoices/{id}", RIGHT(MAY_TAKE_MONEY), edit_post, &invoice_record,
     .again = invoice_again, .output = &invoice_as, .summary = "Change a draft"},
    {POST, "/invoices/{id}/redraw", RIGHT(MAY_TAKE_MONEY), redraw_post, &redraw_record,
     .again = redraw_again, .output = &invoice_as,
     .summary = "Draw a draft's lines anew from the quote that is accepted now"},
    {POST, "/invoices/{id}/issue", RIGHT(MAY_TAKE_MONEY), issue_post, .output = &invoice_as,
     .summary = "Number it and take the deposits up"},
    {POST, "/invoices/{id}/credit", RIGHT(MAY_GIVE_MONEY_BACK), credit_post, &noted_record,
     .output = &invoice_as, .summary = "Credit an issued invoice in full"},
    {POST, "/jobs/{id}/hand-over", RIGHT(MAY_TAKE_MONEY), hand_over_post, &hand_over_record,
     .output = &moved_as, .summary = "Hand the piece over to the customer"},
    {0},
};
