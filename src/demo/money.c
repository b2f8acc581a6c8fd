/* What the demo's customers pay, and get back. */
#include "base/text.h"
#include "demo/inside.h"
#include "jobs/job.h"
#include "quotes/quote.h"
#include "sales/sales.h"

static const char *draw_method(struct order *order) {
    int64_t percent = chance_below(&order->chance, 100);
    return percent < 68 ? "card" : percent < 86 ? "bank" : percent < 97 ? "cash" : "cheque";
}

enum status money_deposit(struct demo *demo, struct context *cx, struct order *order) {
    struct quote quote;
    int64_t payment;
    if (!quote_load(cx, order->quote, &quote))
        return error_add(cx->errors, MISSING, NULL, "unknown_quote", "There is no such quote.");
    struct take take = {.kind = "deposit", .method = draw_method(order), .amount = quote.deposit};
    return quote.deposit > 0 ? payment_take(cx, order->job, &take, &payment) : OK;
}

enum status money_settle(struct demo *demo, struct context *cx, struct order *order) {
    int64_t invoice, payment;
    struct moved moved;
    enum status status = invoice_draft(cx, order->job, &invoice);
    struct invoice live;
    if (status == OK && invoice_of_job(cx, order->job, &live) && text_same(live.state, "draft"))
        status = invoice_issue(cx, live.id);
    if (status != OK)
        return status;
    int64_t balance = sales_balance(cx, order->job);
    struct take take = {.kind = "payment", .method = draw_method(order), .amount = balance};
    if (balance > 0)
        status = payment_take(cx, order->job, &take, &payment);
    if (status != OK)
        return status;
    return job_move(cx, order->job, &(struct move){.from = "ready", .to = "collected"}, &moved);
}

enum status money_back(struct demo *demo, struct context *cx, struct order *order) {
    struct payment *payments;
    int64_t count = payment_list(cx, order->job, &payments), paid = 0, payment;
    for (int64_t i = 0; i < count; i++)
        paid += payments[i].share;
    if (paid <= 0)
        return OK;
    cx->actor = &demo->people[OWNER]; /* who may give money back */
    struct take take = {.kind = "refund",
                        .method = payments[0].method,
                        .amount = paid,
                        .note = "The order was cancelled."};
    return payment_refund(cx, order->job, &take, &payment);
}
