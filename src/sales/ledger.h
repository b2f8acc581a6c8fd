/* The books: balanced transactions of entries, only ever appended. This room's own. */
#pragma once

#include "db/db.h"

struct entry {
    int64_t job;
    const char *account; /* code of table `account` */
    int64_t debit, credit;
};

/* Writes a transaction that belongs to a payment or to an invoice (the other is NONE). FAILED, and
 * so nothing at all is written, when its debits do not equal its credits: a fault of the program.
 */
enum status ledger_write(struct context *cx, int64_t payment, int64_t invoice,
                         const struct entry *entries, int64_t count);
/* A debit and the credit of the same amount. */
enum status ledger_move(struct context *cx, int64_t payment, int64_t invoice, int64_t job,
                        const char *debit, const char *credit, int64_t amount);
/* The same accounts and amounts the other way round, for a new payment or invoice. */
enum status ledger_mirror(struct context *cx, int64_t payment, int64_t invoice, int64_t of_payment,
                          int64_t of_invoice);
/* What an account holds for a job: debits less credits. */
int64_t ledger_balance(struct context *cx, int64_t job, const char *account);
/* What came in for a job less what was given back, over all methods. */
int64_t ledger_received(struct context *cx, int64_t job);
/* Of what is held as deposits: what payments put in less what payments took out. */
int64_t ledger_deposited(struct context *cx, int64_t job);
/* Writes the job's figures, and whether its issued invoice is open or paid, as the books have them.
 */
void ledger_settle(struct context *cx, int64_t job);
