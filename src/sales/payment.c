#include "sales/sales.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "jobs/job.h"
#include "sales/ledger.h"
#include "shops/numbering.h"
#include "work/work.h"

static const struct word kinds_[] = {{"deposit", "Deposit"},
                                     {"payment", "Payment"},
                                     {"refund", "Refund"},
                                     {"reversal", "Reversal"},
                                     {NULL, NULL}};
const struct vocabulary payment_kinds = {"kind of payment", kinds_};
static const struct word methods_[] = {{"card", "Card"},          {"cash", "Cash"},
                                       {"bank", "Bank transfer"}, {"cheque", "Cheque"},
                                       {"other", "Other"},        {NULL, NULL}};
const struct vocabulary payment_methods = {"method of payment", methods_};

static const struct field payment_fields[] = {
    FIELD(struct payment, id, FIELD_ID),
    FIELD(struct payment, number, FIELD_INT, .max = INT64_MAX),
    FIELD(struct payment, label, FIELD_TEXT),
    FIELD(struct payment, kind, FIELD_CODE, .words = &payment_kinds),
    FIELD(struct payment, method, FIELD_CODE, .words = &payment_methods),
    FIELD(struct payment, visit, FIELD_ID),
    FIELD(struct payment, invoice, FIELD_ID),
    FIELD(struct payment, amount, FIELD_MONEY),
    FIELD(struct payment, reference, FIELD_TEXT),
    FIELD(struct payment, note, FIELD_TEXT, .max = 500),
    FIELD(struct payment, reverses, FIELD_ID),
    FIELD(struct payment, at, FIELD_INSTANT),
    FIELD(struct payment, staff_name, FIELD_TEXT),
    FIELD(struct payment, share, FIELD_MONEY, .min = -INT64_C(1000000000000000),
          .max = INT64_C(1000000000000000)),
    FIELD(struct payment, reversed, FIELD_FLAG),
};
const struct record payment_record = RECORD("Payment", struct payment, payment_fields);

static const struct field take_fields[] = {
    FIELD(struct take, kind, FIELD_CODE, .label = "Kind", .words = &payment_kinds),
    FIELD(struct take, method, FIELD_CODE, .label = "How", .words = &payment_methods,
          .flags = FIELD_REQUIRED),
    FIELD(struct take, amount, FIELD_MONEY, .label = "Amount", .min = 1,
          .max = INT64_C(1000000000000), .flags = FIELD_REQUIRED),
    FIELD(struct take, reference, FIELD_TEXT, .label = "Reference", .max = 100),
    FIELD(struct take, note, FIELD_TEXT, .label = "Note", .max = 500),
};
const struct record take_record = RECORD("Take", struct take, take_fields);

#define PAYMENT                                                                                     \
    "select p.id, p.number, coalesce(p.label, cast(p.number as text)) as label, p.kind, p.method, " \
    "p.visit, p.invoice, p.amount, p.reference, p.note, "                                           \
    "p.reverses, p.at, p.staff_name, a.amount as share, "                                           \
    "case when exists (select 1 from payment r where r.reverses = p.id) then 1 else 0 end "         \
    "as reversed from payment_allotment a join payment p on p.id = a.payment "
static const struct sql payments_of_job = {"payments_of_job",
                                           PAYMENT "where a.job = $1 order by p.id", NULL};
static const struct sql payment_by_id = {"payment_by_id", PAYMENT "where p.id = $1", NULL};
static const struct sql payment_insert = {
    "payment_insert",
    "insert into payment (number, kind, visit, invoice, method, amount, reference, note, reverses, "
    "at, staff, staff_name, label) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
    "returning id",
    NULL};
static const struct sql allotment_insert = {
    "allotment_insert", "insert into payment_allotment (payment, job, amount) values ($1, $2, $3)",
    NULL};
static const struct sql allotments_of = {
    "allotments_of", "select job, amount from payment_allotment where payment = $1 order by job",
    NULL};

int64_t payment_list(struct context *cx, int64_t job, struct payment **payments) {
    return DB_RECORDS(cx->db, &payments_of_job, P(I(job)), &payment_record, payments);
}

bool payment_load(struct context *cx, int64_t id, struct payment *payment) {
    return db_record(cx->db, &payment_by_id, P(I(id)), &payment_record, payment);
}

int64_t sales_balance(struct context *cx, int64_t job) {
    struct job row;
    return job_load(cx, job, &row) ? row.balance : 0;
}

static bool live_invoice(struct context *cx, int64_t job, struct invoice *invoice) {
    return invoice_of_job(cx, job, invoice) && !text_same(invoice->state, "draft");
}

/* The row, its one allotment, and its number; the entries are the caller's. */
static int64_t insert(struct context *cx, const struct job *job, const char *kind, int64_t invoice,
                      const struct take *take, int64_t signed_amount) {
    const char *label;
    int64_t number = numbering_take(cx, "receipt", &label);
    int64_t id = db_insert(cx->db, &payment_insert,
                           P(I(number), T(kind), I(job->visit), I(invoice), T(take->method),
                             I(take->amount), T(take->reference), T(take->note), I(NONE),
                             I(cx->now), I(cx->actor->staff > 0 ? cx->actor->staff : NONE),
                             T(cx->actor->name), T(label)));
    db_run(cx->db, &allotment_insert, P(I(id), I(job->id), I(signed_amount)));
    return id;
}

static void tell(struct context *cx, const char *kind, int64_t job, int64_t payment,
                 int64_t amount) {
    audit_add(cx, kind, "payment", payment, locale_money(cx->locale, amount, cx->arena));
    event_add(
        cx, kind, job,
        arena_printf(cx->arena, "{\"payment\":%ld,\"amount\":%ld}", (long)payment, (long)amount));
}

static enum status check_take(struct context *cx, int64_t id, const struct take *take,
                              struct job *job) {
    if (!job_load(cx, id, job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (record_check(&take_record, take, cx->errors) != OK)
        return INVALID;
    return OK;
}

enum status payment_take(struct context *cx, int64_t id, const struct take *take,
                         int64_t *payment) {
    struct job job;
    struct invoice invoice;
    struct shop shop;
    enum status status = check_take(cx, id, take, &job);
    if (status != OK)
        return status;
    if (text_same(job.stage, "cancelled"))
        return error_add(cx->errors, CONFLICT, NULL, "cancelled",
                         "This job is cancelled: no money is taken for it.");
    /* "Numbered when issued or first paid": what is not called a deposit issues the draft. Its
     * total is then the price, which may be another than was quoted. */
    if (!text_same(take->kind, "deposit") && invoice_of_job(cx, id, &invoice) &&
        text_same(invoice.state, "draft")) {
        status = invoice_issue(cx, invoice.id);
        if (status != OK)
            return status;
        job_load(cx, id, &job);
    }
    if (job.quoted == NONE && job.final == NONE)
        return error_add(cx->errors, CONFLICT, NULL, "no_price",
                         "There is no price yet. Make a quote first, then take the money.");
    if (take->amount > job.balance)
        return error_add(cx->errors, INVALID, "amount", "above_balance",
                         job.balance > 0 ? "That is more than the balance, %s."
                                         : "Nothing is to be paid: the balance is %s.",
                         context_money(cx, job.balance));
    bool issued = live_invoice(cx, id, &invoice);
    if (text_same(take->kind, "deposit") && issued)
        return error_add(cx->errors, CONFLICT, "kind", "invoiced",
                         "The invoice is issued: this is a payment, no deposit any more.");
    const char *kind = issued ? "payment" : "deposit";
    *payment = insert(cx, &job, kind, issued ? invoice.id : NONE, take, take->amount);
    status = ledger_move(cx, *payment, NONE, id, take->method, issued ? "receivable" : "deposits",
                         take->amount);
    if (status != OK)
        return status;
    ledger_settle(cx, id);
    tell(cx, "payment.taken", id, *payment, take->amount);
    if (!issued && text_same(job.kind, "custom") && job.deposit <= 0 && shop_load(cx, &shop) &&
        shop.auto_deposit == 1)
        status = job_advance(cx, id, "deposit_received", "First deposit taken");
    return status;
}

enum status payment_refund(struct context *cx, int64_t id, const struct take *take,
                           int64_t *payment) {
    struct job job;
    enum status status = check_take(cx, id, take, &job);
    if (status != OK)
        return status;
    /* Deposits still held are given back first; after a credit note, what the customer is owed. */
    int64_t held = -ledger_balance(cx, id, "deposits");
    int64_t owed = -ledger_balance(cx, id, "receivable");
    int64_t from_deposits = take->amount < held ? take->amount : held > 0 ? held : 0;
    int64_t from_owed = take->amount - from_deposits;
    if (from_owed > (owed > 0 ? owed : 0))
        return error_add(
            cx->errors, INVALID, "amount", "above_paid",
            "Only %s can be given back here. What stands on an issued invoice is credited first.",
            context_money(cx, (held > 0 ? held : 0) + (owed > 0 ? owed : 0)));
    *payment = insert(cx, &job, "refund", NONE, take, -take->amount);
    const struct entry entries[] = {{id, "deposits", from_deposits, 0},
                                    {id, "receivable", from_owed, 0},
                                    {id, take->method, 0, take->amount}};
    status = ledger_write(cx, *payment, NONE, entries, 3);
    if (status != OK)
        return status;
    ledger_settle(cx, id);
    tell(cx, "payment.refunded", id, *payment, take->amount);
    return OK;
}

static const struct sql reversal_insert = {
    "reversal_insert",
    "insert into payment (number, kind, visit, invoice, method, amount, reference, note, reverses, "
    "at, staff, staff_name, label) "
    "values ($1, 'reversal', $2, $3, $4, $5, null, $6, $7, $8, $9, $10, $11) "
    "returning id",
    NULL};

/* Whether the books still hold what this payment moved, so that it can be moved back. */
static enum status check_reversal(struct context *cx, const struct payment *payment, int64_t job,
                                  int64_t share) {
    struct invoice invoice;
    bool issued = live_invoice(cx, job, &invoice);
    if (issued && !text_same(payment->kind, "payment"))
        return error_add(cx->errors, CONFLICT, NULL, "taken_up",
                         "The invoice has reckoned with this. Credit the invoice first.");
    if (share < 0)
        return OK; /* money comes back to where it was held */
    const char *account = text_same(payment->kind, "payment") ? "receivable" : "deposits";
    if (ledger_received(cx, job) < share || (!issued && -ledger_balance(cx, job, account) < share))
        return error_add(cx->errors, CONFLICT, NULL, "given_back",
                         "This money, or a part of it, was given back. Reverse the refund first.");
    return OK;
}

enum status payment_reverse(struct context *cx, int64_t id, const char *note, int64_t *reversal) {
    struct payment payment;
    if (!payment_load(cx, id, &payment))
        return error_add(cx->errors, MISSING, NULL, "unknown_payment", "There is no such payment.");
    if (text_same(payment.kind, "reversal"))
        return error_add(cx->errors, CONFLICT, NULL, "is_reversal",
                         "A reversal cannot be reversed. Take the payment again instead.");
    if (payment.reversed == 1)
        return error_add(cx->errors, CONFLICT, NULL, "reversed_already",
                         "This payment was reversed already.");
    struct {
        int64_t job, amount;
    } shares[32];
    int count = 0;
    struct rows *rows = db_rows(cx->db, &allotments_of, P(I(id)));
    while (count < 32 && rows_next(rows)) {
        shares[count].job = row_int(rows, 0);
        shares[count++].amount = row_int(rows, 1);
    }
    rows_end(rows);
    enum status status = OK;
    for (int i = 0; i < count && status == OK; i++)
        status = check_reversal(cx, &payment, shares[i].job, shares[i].amount);
    if (status != OK)
        return status;
    const char *label;
    int64_t number = numbering_take(cx, "receipt", &label);
    *reversal = db_insert(cx->db, &reversal_insert,
                          P(I(number), I(payment.visit), I(payment.invoice), T(payment.method),
                            I(payment.amount), T(note), I(id), I(cx->now),
                            I(cx->actor->staff > 0 ? cx->actor->staff : NONE), T(cx->actor->name),
                            T(label)));
    status = ledger_mirror(cx, *reversal, NONE, id, NONE);
    for (int i = 0; i < count && status == OK; i++) {
        db_run(cx->db, &allotment_insert, P(I(*reversal), I(shares[i].job), I(-shares[i].amount)));
        ledger_settle(cx, shares[i].job);
        tell(cx, "payment.reversed", shares[i].job, *reversal, payment.amount);
    }
    return status;
}
