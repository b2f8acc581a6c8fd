/* Money: deposits, payments, refunds, reversals, invoices. Rows are only appended; every
 * transaction's debits equal its credits; the figures on a job equal the sums of its entries. */
#pragma once

#include "db/db.h"
#include "http/http.h"
#include "work/work.h"

struct payment {
    int64_t id, number;
    const char *label; /* the number as it stands on the receipt */
    const char *kind, *method;
    int64_t visit, invoice, amount;
    const char *reference, *note;
    int64_t reverses, at;
    const char *staff_name;
    int64_t share;    /* of the job it was asked for, signed as the money moved */
    int64_t reversed; /* flag */
};
extern const struct record payment_record;
extern const struct vocabulary payment_kinds, payment_methods;
bool payment_load(struct context *cx, int64_t id, struct payment *payment);
/* A job's payments, oldest first. */
int64_t payment_list(struct context *cx, int64_t job, struct payment **payments);

struct take {
    const char *kind; /* "deposit" before the invoice is issued, else "payment"; NULL: by itself */
    const char *method; /* cash, card, bank, cheque, other */
    int64_t amount;
    const char *reference, *note;
};
extern const struct record take_record;
/* On one job: event "payment.taken". The first deposit moves the job (when the shop has it so); the
 * payment that settles the invoice does not hand over by itself. Never more than the balance. */
enum status payment_take(struct context *cx, int64_t job, const struct take *take,
                         int64_t *payment);
enum status payment_refund(struct context *cx, int64_t job, const struct take *take,
                           int64_t *payment);
enum status payment_reverse(struct context *cx, int64_t payment, const char *note,
                            int64_t *reversal);

struct invoice_line {
    int64_t position;
    const char *description;
    int64_t quantity, net, tax_rate, tax;
};
struct invoice {
    int64_t id, number;
    const char *label; /* the number as it stands on the paper; NULL: a draft */
    const char *kind;
    int64_t job, visit;
    const char *state; /* draft, open, paid, credited */
    int64_t credits;
    const char *customer_name, *customer_address;
    int64_t net, tax, total, deposits, issued_at;
    const char *issued_day;
    int64_t quote;       /* it was drawn from; NONE: from a price that was told */
    int64_t edited;      /* flag: its lines were edited by hand since it was drawn */
    int64_t newer_quote; /* of a draft: another that is accepted by now; NONE */
    int64_t version, created_at;
    struct invoice_line *lines;
    int64_t line_count;
};
extern const struct record invoice_record, invoice_line_record;
extern const struct vocabulary invoice_states; /* draft, open, paid, credited */
#define INVOICE_COLUMNS                                                                                                                           \
    "select id, number, coalesce(label, cast(number as text)) as label, kind, job, visit, state, credits, customer_name, customer_address, net, " \
    "tax, total, deposits, issued_at, issued_day, quote, edited, version, created_at from invoice "
bool invoice_load(struct context *cx, int64_t id, struct invoice *invoice);
bool invoice_of_job(struct context *cx, int64_t job, struct invoice *invoice); /* the live one */
/* A draft from the accepted quote (or the job's quoted price); nothing when there is one. */
enum status invoice_draft(struct context *cx, int64_t job, int64_t *invoice);
/* A draft's customer and lines; tax and sums are reckoned anew. Lines that are given as they stand
 * keep theirs, and are not edited. */
enum status invoice_edit(struct context *cx, struct invoice *edited);
/* Draws a draft's lines anew from the quote that is accepted now (or the job's price); its customer
 * stays. CONFLICT: it is issued, or `version` is not the one that was read. INVALID, field
 * "confirm": its lines were edited by hand, and nobody said that they may go. */
enum status invoice_redraw(struct context *cx, int64_t invoice, int64_t version, bool confirmed);
/* A quote of this job was accepted: its draft is drawn anew from it, unless its lines were edited
 * by hand. An issued invoice never changes. */
enum status invoice_follow(struct context *cx, int64_t job);
/* Numbers it, takes the deposits up; event "invoice.issued". */
enum status invoice_issue(struct context *cx, int64_t invoice);
enum status invoice_credit(struct context *cx, int64_t invoice, const char *note, int64_t *credit);

/* Balance of a job: final (else quoted) less what was paid; 0 without a price. */
int64_t sales_balance(struct context *cx, int64_t job);

struct invoice_page;
/* An invoice with all that its page and its print show; 404 when there is none. */
enum status invoice_page_load(struct request *r, int64_t id, struct invoice_page *page);

extern const struct reaction sales_reactions[];
extern const struct route sales_routes[];
