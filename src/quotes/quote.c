/* Quotes: numbered versions of a job's price and promise, and what becomes of them. */
#include "quotes/quote.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "jobs/job.h"
#include "quotes/making.h"
#include "shops/numbering.h"

#include <string.h>

static const struct word state_words[] = {{"draft", "Draft"},       {"sent", "Sent"},
                                          {"accepted", "Accepted"}, {"declined", "Declined"},
                                          {"expired", "Expired"},   {"superseded", "Replaced"},
                                          {"void", "Taken back"},   {NULL, NULL}};
const struct vocabulary quote_states = {"state", state_words};

static const struct field line_fields[] = {
    FIELD(struct quote_line, position, FIELD_INT),
    FIELD(struct quote_line, kind, FIELD_CODE, .words = &price_kinds),
    FIELD(struct quote_line, description, FIELD_TEXT, .max = 400),
    FIELD(struct quote_line, quantity, FIELD_INT),
    FIELD(struct quote_line, unit, FIELD_CODE, .words = &price_units),
    FIELD(struct quote_line, cost, FIELD_MONEY, .flags = FIELD_COST),
    FIELD(struct quote_line, price, FIELD_MONEY),
    FIELD(struct quote_line, tax, FIELD_PERCENT),
};
const struct record quote_line_record = RECORD("QuoteLine", struct quote_line, line_fields);

static const struct field quote_fields[] = {
    FIELD(struct quote, id, FIELD_ID),
    FIELD(struct quote, job, FIELD_ID),
    FIELD(struct quote, version, FIELD_INT),
    FIELD(struct quote, label, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct quote, state, FIELD_CODE, .words = &quote_states),
    FIELD(struct quote, cost, FIELD_MONEY, .flags = FIELD_COST),
    FIELD(struct quote, subtotal, FIELD_MONEY),
    FIELD(struct quote, discount, FIELD_MONEY),
    FIELD(struct quote, net, FIELD_MONEY),
    FIELD(struct quote, tax, FIELD_MONEY),
    FIELD(struct quote, total, FIELD_MONEY),
    FIELD(struct quote, deposit, FIELD_MONEY),
    FIELD(struct quote, promised_day, FIELD_DAY),
    FIELD(struct quote, valid_until, FIELD_DAY),
    FIELD(struct quote, rates, FIELD_LONG, .max = 100000, .flags = FIELD_COST),
    FIELD(struct quote, note, FIELD_LONG),
    FIELD(struct quote, at, FIELD_INSTANT),
    FIELD(struct quote, staff, FIELD_ID),
    FIELD(struct quote, staff_name, FIELD_TEXT),
    FIELD(struct quote, sent_at, FIELD_INSTANT),
    FIELD(struct quote, decided_at, FIELD_INSTANT),
    FIELD(struct quote, decided_note, FIELD_LONG),
    FIELD_ROWS(struct quote, lines, line_count, &quote_line_record),
};
const struct record quote_record = RECORD("Quote", struct quote, quote_fields);

static const struct field wish_fields[] = {
    FIELD(struct quote_wish, discount, FIELD_MONEY, .label = "Discount",
          .max = INT64_C(100000000000)),
    FIELD(struct quote_wish, rush_share, FIELD_PERCENT, .label = "Rush, on the work", .max = 10000),
    FIELD(struct quote_wish, note, FIELD_LONG, .label = "What changed", .max = 1000),
};
const struct record quote_wish_record = RECORD("QuoteWish", struct quote_wish, wish_fields);

/* ------------------------------------------------------------------ reading */

#define QUOTES                                                                                     \
    "select q.id, q.job, q.version, q.label, q.state, q.cost, q.subtotal, q.discount, q.net, "     \
    "q.tax, q.total, q.deposit, q.promised_day, q.valid_until, q.rates, q.note, q.at, q.staff, "   \
    "q.sent_at, q.decided_at, q.decided_note, s.name as staff_name from quote q "                  \
    "left join staff s on s.id = q.staff "
static const struct sql quote_by_id = {"quote_by_id", QUOTES "where q.id = $1", NULL};
static const struct sql quotes_of_job = {"quotes_of_job",
                                         QUOTES "where q.job = $1 order by q.version desc", NULL};
static const struct sql quote_accepted_of = {
    "quote_accepted_of", QUOTES "where q.job = $1 and q.state = 'accepted'", NULL};
static const struct sql lines_of_quote = {
    "quote_lines_of",
    "select position, kind, description, quantity, unit, cost, price, tax from quote_line "
    "where quote = $1 order by position",
    NULL};

static const char *today_of(struct context *cx) {
    return day_text(day_at(cx->locale->zone, cx->now), cx->arena);
}

/* The day passes before its timer is looked at: what is read is true all the same. */
static void see_expiry(struct context *cx, struct quote *quote) {
    const char *today = today_of(cx);
    if ((text_same(quote->state, "draft") || text_same(quote->state, "sent")) &&
        strcmp(quote->valid_until, today) < 0)
        quote->state = "expired";
}

static void load_lines(struct context *cx, struct quote *quote) {
    quote->line_count =
        DB_RECORDS(cx->db, &lines_of_quote, P(I(quote->id)), &quote_line_record, &quote->lines);
    see_expiry(cx, quote);
}

bool quote_load(struct context *cx, int64_t id, struct quote *quote) {
    record_clear(&quote_record, quote);
    if (!db_record(cx->db, &quote_by_id, P(I(id)), &quote_record, quote))
        return false;
    load_lines(cx, quote);
    return true;
}

int64_t quote_list(struct context *cx, int64_t job, struct quote **quotes) {
    int64_t count = DB_RECORDS(cx->db, &quotes_of_job, P(I(job)), &quote_record, quotes);
    for (int64_t i = 0; i < count; i++)
        see_expiry(cx, &(*quotes)[i]);
    return count;
}

bool quote_accepted(struct context *cx, int64_t job, struct quote *quote) {
    record_clear(&quote_record, quote);
    if (!db_record(cx->db, &quote_accepted_of, P(I(job)), &quote_record, quote))
        return false;
    load_lines(cx, quote);
    return true;
}

bool quote_current(struct context *cx, int64_t job, struct quote *quote) {
    static const char *const order[] = {"accepted", "sent", "draft"};
    struct quote *quotes;
    int64_t count = quote_list(cx, job, &quotes);
    for (size_t state = 0; state < sizeof order / sizeof *order; state++)
        for (int64_t i = 0; i < count; i++)
            if (text_same(quotes[i].state, order[state]))
                return quote_load(cx, quotes[i].id, quote);
    return false;
}

/* ------------------------------------------------------------------ making one */

static const struct sql quote_version_of = {
    "quote_version_of", "select coalesce(max(version), 0) + 1 from quote where job = $1", NULL};
static const struct sql quotes_supersede = {
    "quotes_supersede",
    "update quote set state = 'superseded' where job = $1 and state in ('draft', 'sent')", NULL};
static const struct sql quote_insert = {
    "quote_insert",
    "insert into quote (job, version, state, cost, subtotal, discount, net, tax, total, deposit, "
    "promised_day, valid_until, rates, note, at, staff, label) "
    "values ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
    "returning id",
    NULL};
static const struct sql line_insert = {
    "quote_line_insert",
    "insert into quote_line (quote, position, kind, description, quantity, unit, cost, price, tax) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    NULL};

#define SALES_DISCOUNT (20 * PERCENT) /* what may be given without a manager */

static enum status check_discount(struct context *cx, const struct price *price) {
    int64_t most;
    if (price->discount == 0 || actor_may(cx->actor, RIGHT(MAY_SET_PRICES)) ||
        !number_ratio(price->subtotal, SALES_DISCOUNT, WHOLE, &most) || price->discount <= most)
        return OK;
    return error_add(cx->errors, INVALID, "discount", "discount_too_large",
                     "More than 20%% off needs a manager. Nothing was saved.");
}

/* The date that goes into the quote: the promised one, else what the bench could keep now. A bench
 * that can't be planned yet stops no price: the quote then has no date, and says why. */
static const char *promise_for(struct context *cx, const struct job *job, const char **why) {
    struct errors faults = {.arena = cx->arena};
    struct context quiet = *cx;
    const char *possible = NULL;
    quiet.errors = &faults;
    *why = NULL;
    if (!text_empty(job->promised_day) && strcmp(job->promised_day, today_of(cx)) >= 0)
        return job->promised_day;
    enum status status = workshop_plan(&quiet, job->id, true, &possible);
    cx->news = quiet.news;
    if (status == OK)
        return possible;
    *why = faults.first != NULL ? faults.first->sentence : NULL;
    return NULL;
}

static const char *quote_data(struct context *cx, const struct quote *quote) {
    return arena_printf(cx->arena, "{\"quote\":%ld,\"version\":%ld}", (long)quote->id,
                        (long)quote->version);
}

static void tell(struct context *cx, const struct quote *quote, const char *event,
                 const char *action) {
    event_add(cx, event, quote->job, quote_data(cx, quote));
    audit_add(
        cx, action, "quote", quote->id,
        arena_printf(cx->arena, "job %ld, version %ld", (long)quote->job, (long)quote->version));
    job_touch(cx, quote->job);
}

static const char *rates_with(struct context *cx, const struct costing *costing, const char *why) {
    struct buf out = {0};
    buf_put(&out, costing->rates, strlen(costing->rates) - 1);
    buf_lit(&out, ",\"unpriced\":");
    json_write_text(&out, costing->unpriced);
    buf_lit(&out, ",\"no_promise\":");
    json_write_text(&out, why);
    buf_byte(&out, '}');
    const char *rates = arena_text(cx->arena, out.at);
    buf_free(&out);
    return rates;
}

static void write_lines(struct context *cx, int64_t quote, const struct price *price) {
    for (int64_t i = 0; i < price->line_count; i++) {
        const struct price_line *line = &price->lines[i];
        db_run(cx->db, &line_insert,
               P(I(quote), I(i + 1), T(line->kind), T(line->description), I(line->quantity),
                 T(line->unit), I(line->cost), I(line->price), I(line->tax_share)));
    }
}

static enum status load_open_job(struct context *cx, int64_t id, struct job *job) {
    if (!job_load(cx, id, job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (job->closed_at != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "closed",
                         "%s is closed: its price stays as it is. Reopen it first.",
                         job_number_text(cx, job->number));
    return OK;
}

enum status quote_make_as(struct context *cx, int64_t job_id, const struct quote_wish *wish,
                          int64_t *quote_id) {
    struct job job;
    struct shop shop;
    struct costing costing;
    struct quote accepted;
    const char *why;
    enum status status = load_open_job(cx, job_id, &job);
    if (status == OK)
        status = making_price(
            cx, job_id,
            &(struct price_wish){.discount = wish->discount, .rush_share = wish->rush_share},
            &costing);
    if (status == OK)
        status = check_discount(cx, &costing.price);
    if (status != OK)
        return status;
    shop_load(cx, &shop);
    const struct price *price = &costing.price;
    const char *promised = promise_for(cx, &job, &why);
    int64_t today = day_at(cx->locale->zone, cx->now), staff = cx->actor->staff;
    struct quote quote = {.job = job_id,
                          .version = db_int(cx->db, &quote_version_of, P(I(job_id)))};
    db_run(cx->db, &quotes_supersede, P(I(job_id)));
    numbering_take(cx, "quote", &quote.label);
    quote.id =
        db_insert(cx->db, &quote_insert,
                  P(I(job_id), I(quote.version), I(price->cost), I(price->subtotal),
                    I(price->discount), I(price->net), I(price->tax), I(price->total),
                    I(price->deposit), T(promised), T(day_text(today + shop.quote_days, cx->arena)),
                    T(rates_with(cx, &costing, why)), T(text_empty(wish->note) ? NULL : wish->note),
                    I(cx->now), I(staff > 0 ? staff : NONE), T(quote.label)));
    write_lines(cx, quote.id, price);
    timer_set(cx, "quote.due", quote.id, day_start(cx->locale->zone, today + shop.quote_days + 1));
    if (!quote_accepted(cx, job_id, &accepted))
        job_set_quoted(cx, job_id, price->total);
    tell(cx, &quote, "quote.made", "made");
    *quote_id = quote.id;
    return OK;
}

enum status quote_make(struct context *cx, int64_t job, int64_t discount, const char *note,
                       int64_t *quote) {
    const struct quote_wish wish = {.discount = discount, .rush_share = NONE, .note = note};
    return quote_make_as(cx, job, &wish, quote);
}

/* ------------------------------------------------------------------ what becomes of it */

static const struct sql quote_set_sent = {
    "quote_set_sent", "update quote set state = 'sent', sent_at = $2 where id = $1", NULL};
static const struct sql quote_set_decided = {
    "quote_set_decided",
    "update quote set state = $2, decided_at = $3, decided_by = $4, decided_note = $5 where id = $1",
    NULL};
static const struct sql accepted_supersede = {
    "quote_accepted_supersede",
    "update quote set state = 'superseded' where job = $1 and state = 'accepted' and id <> $2",
    NULL};

/* The quote, when it is a draft or sent and its job is open; else a sentence. */
static enum status load_undecided(struct context *cx, int64_t id, struct quote *quote,
                                  struct job *job) {
    if (!quote_load(cx, id, quote))
        return error_add(cx->errors, MISSING, NULL, "unknown_quote", "There is no such quote.");
    enum status status = load_open_job(cx, quote->job, job);
    if (status != OK)
        return status;
    if (text_same(quote->state, "expired"))
        return error_add(cx->errors, CONFLICT, NULL, "expired",
                         "Version %ld was valid until %s. Make a new version with today's prices.",
                         (long)quote->version, quote->valid_until);
    if (!text_same(quote->state, "draft") && !text_same(quote->state, "sent"))
        return error_add(cx->errors, CONFLICT, NULL, quote->state,
                         "Version %ld is %s already: nothing was changed.", (long)quote->version,
                         text_same(quote->state, "void")         ? "taken back"
                         : text_same(quote->state, "superseded") ? "replaced by a newer one"
                                                                 : quote->state);
    return OK;
}

/* Whose move is next, where a person might have said so at this stage. */
static void set_status(struct context *cx, const struct job *job, const char *status) {
    struct errors none = {.arena = cx->arena};
    struct context quiet = *cx;
    quiet.errors = &none;
    if (!text_same(job->status, status) &&
        status_check_set(job->kind, job->stage, status, &none) == OK)
        job_set_status(&quiet, job->id, status);
    cx->news = quiet.news;
}

enum status quote_send(struct context *cx, int64_t id) {
    struct quote quote;
    struct job job;
    enum status status = load_undecided(cx, id, &quote, &job);
    if (status != OK)
        return status;
    db_run(cx->db, &quote_set_sent, P(I(id), I(cx->now)));
    set_status(cx, &job, "CR");
    tell(cx, &quote, "quote.sent", "sent");
    return OK;
}

static void decide(struct context *cx, const struct quote *quote, const char *state,
                   const char *note) {
    int64_t staff = cx->actor->staff;
    db_run(cx->db, &quote_set_decided,
           P(I(quote->id), T(state), I(cx->now), I(staff > 0 ? staff : NONE),
             T(text_empty(note) ? NULL : note)));
    timer_cancel(cx, "quote.due", quote->id);
}

enum status quote_accept(struct context *cx, int64_t id, const char *note) {
    struct quote quote;
    struct job job;
    enum status status = load_undecided(cx, id, &quote, &job);
    if (status != OK)
        return status;
    db_run(cx->db, &accepted_supersede, P(I(quote.job), I(id)));
    decide(cx, &quote, "accepted", note);
    job_set_quoted(cx, quote.job, quote.total);
    workshop_hold(cx, quote.job);
    if (text_same(job.status, "CR") || text_same(job.status, "QN"))
        set_status(cx, &job, "IP");
    tell(cx, &quote, "quote.accepted", "accepted");
    return OK;
}

enum status quote_decline(struct context *cx, int64_t id, const char *note) {
    struct quote quote;
    struct job job;
    enum status status = load_undecided(cx, id, &quote, &job);
    if (status != OK)
        return status;
    decide(cx, &quote, "declined", note);
    if (text_same(job.status, "CR"))
        set_status(cx, &job, "QN");
    tell(cx, &quote, "quote.declined", "declined");
    return OK;
}

enum status quote_void(struct context *cx, int64_t id, const char *note) {
    struct quote quote;
    if (!quote_load(cx, id, &quote))
        return error_add(cx->errors, MISSING, NULL, "unknown_quote", "There is no such quote.");
    if (text_empty(note))
        return error_add(cx->errors, INVALID, "note", "required", "Say why it is taken back.");
    if (!text_same(quote.state, "draft") && !text_same(quote.state, "sent") &&
        !text_same(quote.state, "accepted"))
        return error_add(cx->errors, CONFLICT, NULL, quote.state,
                         "Version %ld counts no more: nothing is left to take back.",
                         (long)quote.version);
    decide(cx, &quote, "void", note);
    workshop_hold(cx, quote.job);
    tell(cx, &quote, "quote.voided", "took back");
    return OK;
}

/* ------------------------------------------------------------------ reactions */

/* The morning after its last day. */
static enum status expire(struct context *cx, const struct event *event) {
    struct quote quote;
    if (!quote_load(cx, event->subject, &quote) || !text_same(quote.state, "expired") ||
        quote.decided_at != NONE)
        return OK;
    db_run(cx->db, &quote_set_decided, P(I(quote.id), T("expired"), I(cx->now), I(NONE), T(NULL)));
    tell(cx, &quote, "quote.expired", "expired");
    return OK;
}

const struct reaction quote_reactions[] = {
    {"quote.expire", "quote.due", expire, NULL},
    {0},
};
