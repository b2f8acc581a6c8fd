#include "sales/ledger.h"

#include "base/log.h"
#include "base/number.h"
#include "jobs/job.h"

static const struct sql entry_insert = {
    "entry_insert",
    "insert into entry (at, payment, invoice, job, account, debit, credit) "
    "values ($1, $2, $3, $4, $5, $6, $7)",
    NULL};
static const struct sql entries_of = {
    "entries_of",
    "select job, account, debit, credit from entry where payment = $1 or invoice = $2 order by id",
    NULL};
static const struct sql account_balance = {
    "account_balance",
    "select cast(coalesce(sum(debit - credit), 0) as bigint) from entry "
    "where job = $1 and account = $2",
    NULL};
static const struct sql received = {
    "ledger_received",
    "select cast(coalesce(sum(debit - credit), 0) as bigint) from entry where job = $1 "
    "and account in ('cash', 'card', 'bank', 'cheque', 'other')",
    NULL};
static const struct sql deposited = {
    "ledger_deposited",
    "select cast(coalesce(sum(credit - debit), 0) as bigint) from entry where job = $1 "
    "and account = 'deposits' and payment is not null",
    NULL};
/* An issued invoice is open until nothing is owed on it. */
static const struct sql invoice_follow = {
    "ledger_invoice_follow",
    "update invoice set state = $2, version = version + 1 where job = $1 and kind = 'invoice' "
    "and state in ('open', 'paid') and state <> $2",
    NULL};

enum status ledger_write(struct context *cx, int64_t payment, int64_t invoice,
                         const struct entry *entries, int64_t count) {
    int64_t debits = 0, credits = 0;
    bool fits = true;
    for (int64_t i = 0; i < count; i++)
        fits = fits && number_add(debits, entries[i].debit, &debits) &&
               number_add(credits, entries[i].credit, &credits);
    if (!fits || debits != credits) {
        log_error("unbalanced_transaction", log_int("payment", payment),
                  log_int("invoice", invoice));
        return error_add(cx->errors, FAILED, NULL, "unbalanced",
                         "The books would not balance. Nothing was changed.");
    }
    for (int64_t i = 0; i < count; i++)
        if (entries[i].debit != 0 || entries[i].credit != 0)
            db_run(cx->db, &entry_insert,
                   P(I(cx->now), I(payment), I(invoice), I(entries[i].job), T(entries[i].account),
                     I(entries[i].debit), I(entries[i].credit)));
    return OK;
}

enum status ledger_move(struct context *cx, int64_t payment, int64_t invoice, int64_t job,
                        const char *debit, const char *credit, int64_t amount) {
    const struct entry entries[] = {{job, debit, amount, 0}, {job, credit, 0, amount}};
    return ledger_write(cx, payment, invoice, entries, 2);
}

enum status ledger_mirror(struct context *cx, int64_t payment, int64_t invoice, int64_t of_payment,
                          int64_t of_invoice) {
    struct entry *entries = NULL;
    size_t count = 0, capacity = 0;
    struct rows *rows = db_rows(cx->db, &entries_of, P(I(of_payment), I(of_invoice)));
    while (rows_next(rows)) {
        entries = arena_grow(cx->arena, entries, count, &capacity, sizeof *entries);
        entries[count++] = (struct entry){.job = row_int(rows, 0),
                                          .account = row_text(rows, 1),
                                          .debit = row_int(rows, 3),
                                          .credit = row_int(rows, 2)};
    }
    return ledger_write(cx, payment, invoice, entries, (int64_t)count);
}

int64_t ledger_balance(struct context *cx, int64_t job, const char *account) {
    return db_int(cx->db, &account_balance, P(I(job), T(account)));
}

int64_t ledger_received(struct context *cx, int64_t job) {
    return db_int(cx->db, &received, P(I(job)));
}

int64_t ledger_deposited(struct context *cx, int64_t job) {
    return db_int(cx->db, &deposited, P(I(job)));
}

void ledger_settle(struct context *cx, int64_t job) {
    job_set_money(cx, job, ledger_deposited(cx, job), ledger_received(cx, job));
    db_run(cx->db, &invoice_follow,
           P(I(job), T(ledger_balance(cx, job, "receivable") <= 0 ? "paid" : "open")));
    context_tell(cx, "job", job);
}
