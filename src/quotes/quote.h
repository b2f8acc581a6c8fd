/* Quotes: a job's price and promise, frozen in numbered versions. Pricing itself is pure:
 * quotes/price.h. The specification, materials and operations a quote is made of are in
 * quotes/making.h.
 *
 * A quote is a draft, then sent, then accepted or declined; a new version supersedes drafts and
 * sent ones, an accepted one when it is accepted itself. After its last valid day it is expired: it
 * can't be accepted, only made again. Events, subject the job, data {"quote","version"}:
 * quote.made, quote.sent, quote.accepted, quote.declined, quote.expired, quote.voided. */
#pragma once

#include "db/db.h"
#include "http/http.h"
#include "work/work.h"

struct quote_line {
    int64_t position;
    const char *kind, *description;
    int64_t quantity;
    const char *unit;
    int64_t cost, price, tax; /* tax: basis points */
};
struct quote {
    int64_t id, job, version;
    const char *label; /* its number, as it is written; NULL: made before quotes had one */
    const char *state; /* draft, sent, accepted, declined, expired, superseded, void */
    int64_t cost, subtotal, discount, net, tax, total, deposit;
    const char *promised_day, *valid_until, *rates, *note;
    int64_t at, staff, sent_at, decided_at;
    const char *staff_name; /* joined */
    const char *decided_note;
    struct quote_line *lines;
    int64_t line_count;
};
extern const struct record quote_record, quote_line_record;
extern const struct vocabulary quote_states;
bool quote_load(struct context *cx, int64_t id, struct quote *quote);
int64_t quote_list(struct context *cx, int64_t job,
                   struct quote **quotes); /* newest first, no lines */
bool quote_accepted(struct context *cx, int64_t job, struct quote *quote);
/* The newest that a customer may be asked about or has accepted: accepted, else sent, else draft.
 */
bool quote_current(struct context *cx, int64_t job, struct quote *quote);

struct quote_wish {
    int64_t discount;   /* minor units off what the customer sees */
    int64_t rush_share; /* basis points on the work; NONE: the shop's for the job's priority */
    const char *note;
};
extern const struct record quote_wish_record;
/* Prices the job as it is specified now, plans it when it has no plan, and saves the next version.
 * INVALID names what is missing (a metal price, a rate), or that a discount is more than this
 * person may give. */
enum status quote_make_as(struct context *cx, int64_t job, const struct quote_wish *wish,
                          int64_t *quote);
enum status quote_make(struct context *cx, int64_t job, int64_t discount, const char *note,
                       int64_t *quote);
/* Sends, or sends again. Sets the job's status CR where it may stand. */
enum status quote_send(struct context *cx, int64_t quote);
/* CONFLICT: it is expired, superseded, or decided already. The job's quoted price becomes its
 * total. */
enum status quote_accept(struct context *cx, int64_t quote, const char *note);
enum status quote_decline(struct context *cx, int64_t quote, const char *note);
/* Takes one back that should not have been made or sent; needs a note. */
enum status quote_void(struct context *cx, int64_t quote, const char *note);

extern const struct route quote_routes[];
extern const struct reaction quote_reactions[];
