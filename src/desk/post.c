#include "desk/post.h"

#include "base/text.h"
#include "desk/prints.h"
#include "messages/mime.h"
#include "quotes/quote.h"
#include "sales/sales.h"
#include "shops/shop.h"

#include <stdlib.h>
#include <string.h>

struct making_of {
    const char *what, *url, *name;
    struct buf *bytes;
};

static enum status make(struct context *cx, void *arg) {
    struct making_of *making = arg;
    const char *colon = strchr(making->what, ':');
    int64_t id = colon == NULL ? 0 : strtoll(colon + 1, NULL, 10);
    bool good = false;
    if (strncmp(making->what, "quote:", 6) == 0)
        good = print_quote(cx, id, making->url, making->bytes, &making->name);
    else if (strncmp(making->what, "invoice:", 8) == 0)
        good = print_invoice(cx, id, making->url, making->bytes, &making->name);
    else if (strncmp(making->what, "receipt:", 8) == 0)
        good = print_receipt(cx, id, making->url, making->bytes, &making->name);
    return good ? OK : MISSING;
}

bool post_attach(struct post_office *office, struct store *store, const char *what,
                 struct mime_file *file, struct buf *bytes, struct arena *arena) {
    static const struct actor program = {.name = "Benchpin", .role = "program"};
    struct errors errors = {.arena = arena};
    struct context cx = {
        .arena = arena, .errors = &errors, .actor = &program, .store = store, .now = instant_now()};
    struct making_of making = {.what = what, .url = store_url(store, arena), .bytes = bytes};
    shop_prepare(&cx);
    if (store_read(store, &cx, make, &making) != OK)
        return false;
    *file = (struct mime_file){.name = making.name,
                               .type = "application/pdf",
                               .bytes = bytes->at,
                               .length = bytes->length};
    return true;
}

/* ------------------------------------------------------------------ what sets messages off */

/* A message about the event's job with the paper that `member` of its data names. Nothing when the
 * customer has no address or the message is switched off. */
static enum status post(struct context *cx, const struct event *event, const char *kind,
                        const char *paper, const char *member, int64_t amount) {
    int64_t id = event_number(event, member), message;
    const char *why;
    return message_queue(
        cx,
        &(struct message_wish){.kind = kind,
                               .job = event->subject,
                               .history = NONE,
                               .attach = arena_printf(cx->arena, "%s:%ld", paper, (long)id),
                               .delay = NONE,
                               .amount = amount,
                               .when = NONE},
        &message, &why);
}

static enum status post_quote(struct context *cx, const struct event *event) {
    struct quote quote;
    bool stands =
        quote_load(cx, event_number(event, "quote"), &quote) && text_same(quote.state, "sent");
    return stands ? post(cx, event, "quote", "quote", "quote", quote.total) : OK;
}

static enum status post_invoice(struct context *cx, const struct event *event) {
    return post(cx, event, "invoice", "invoice", "invoice", NONE);
}

static enum status post_receipt(struct context *cx, const struct event *event) {
    struct payment payment;
    bool stands =
        payment_load(cx, event_number(event, "payment"), &payment) && payment.reversed != 1;
    int64_t amount = event_number(event, "amount");
    return stands ? post(cx, event, "receipt", "receipt", "payment", amount) : OK;
}

const struct reaction post_reactions[] = {
    {"post.quote", "quote.sent", post_quote, NULL},
    {"post.invoice", "invoice.issued", post_invoice, NULL},
    {"post.receipt", "payment.taken", post_receipt, NULL},
    {0},
};
