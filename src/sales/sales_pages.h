/* The models of this room's pages. */
#pragma once

#include "jobs/job.h"
#include "quotes/quote.h"
#include "sales/sales.h"
#include "shops/shop.h"

struct payments {
    struct payment *rows;
    int64_t count;
    int64_t quoted, final, deposit, paid, balance;
};
struct take_page {
    struct job job;
    struct form form;
    int64_t suggested; /* the deposit asked, or the balance */
    int64_t refund;    /* flag: money goes back */
};
struct invoice_query {
    const char *state;
    int64_t before;
};
struct invoice_found {
    int64_t id, number;
    const char *label, *kind, *state, *customer_name, *title;
    int64_t job, total, issued_at, created_at;
};
struct invoice_list {
    struct invoice_query query;
    struct invoice_found *rows;
    int64_t count;
    const char *next;
};
struct tax_sum {
    int64_t rate, net, tax;
};
struct invoice_page {
    struct invoice invoice;
    struct job job;
    struct shop shop;
    struct payment *payments;
    int64_t payment_count, balance;
    struct tax_sum *taxes;
    int64_t tax_count;
    struct form form;            /* while it is a draft */
    const struct invoice *typed; /* what the form shows: the invoice, or what was refused of it */
    struct quote newer;          /* invoice.newer_quote, if there is one */
    struct form redraw_form;
};
struct redraw {
    int64_t version, confirm;
};
extern const struct record redraw_record;
struct noted {
    const char *note;
};
struct hand_over {
    const char *override, *note;
};
