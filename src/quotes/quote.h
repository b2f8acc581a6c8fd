/* Quotes: a job's price and promise, frozen in numbered versions. Pricing itself is pure:
 * quotes/price.h. The specification, materials and operations a quote is made of are in
 * quotes/making.h. */
#pragma once

#include "db/db.h"
#include "http/http.h"

struct quote_line {
    int64_t position;
    const char *kind, *description;
    int64_t quantity;
    const char *unit;
    int64_t cost, price, tax;
};
struct quote {
    int64_t id, job, version;
    const char *state; /* draft, sent, accepted, declined, expired, superseded, void */
    int64_t cost, subtotal, discount, net, tax, total, deposit;
    const char *promised_day, *valid_until, *rates, *note;
    int64_t at, staff, sent_at, decided_at;
    const char *decided_note;
    struct quote_line *lines;
    int64_t line_count;
};
extern const struct record quote_record;
bool quote_load(struct context *cx, int64_t id, struct quote *quote);
int64_t quote_list(struct context *cx, int64_t job, struct quote **quotes); /* newest first, no lines */
bool quote_accepted(struct context *cx, int64_t job, struct quote *quote);
/* Prices the job as it is specified now and saves the next version; the one before is superseded.
 * INVALID names what is missing (a metal price, a rate). Event "quote.made". */
enum status quote_make(struct context *cx, int64_t job, int64_t discount, const char *note,
                       int64_t *quote);
enum status quote_send(struct context *cx, int64_t quote);    /* CR; event "quote.sent" */
enum status quote_accept(struct context *cx, int64_t quote, const char *note); /* event "quote.accepted" */
enum status quote_decline(struct context *cx, int64_t quote, const char *note);

extern const struct route quote_routes[];
