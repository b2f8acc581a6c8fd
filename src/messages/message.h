/* What is said to customers and vendors: templates, the outbox, sending. */
#pragma once

#include "db/db.h"
#include "http/http.h"
#include "work/work.h"

struct message {
    int64_t id;
    const char *kind;
    int64_t job, customer, vendor, history;
    const char *to_name, *to_address, *subject, *text, *html, *attach, *state, *message_id;
    int64_t send_after, attempts;
    const char *fault, *reply;
    int64_t resend_of, created_at, sent_at;
    const char *staff_name;
};
extern const struct record message_record;
int64_t message_list(struct context *cx, int64_t job, struct message **messages);

/* Puts one into the outbox from its template and the job. Leaves after the shop's delay, or at once.
 * Nothing (and *message NONE) when the template is switched off, the customer has no address or no
 * consent: `why` then says so. `link` (or NULL) is the customer's page; `attach` e.g. "quote:12". */
struct message_wish {
    const char *kind;   /* "confirmation", "progress", "ready", "appointment", "receipt", "quote" */
    int64_t job;
    int64_t history;    /* the move it tells of, or NONE */
    const char *attach;
    int64_t delay;      /* seconds; NONE: the shop's */
    const char *extra;  /* one more sentence of the sender's, or NULL */
};
enum status message_queue(struct context *cx, const struct message_wish *wish, int64_t *message,
                          const char **why);
/* To a vendor: the text is the request's own. */
enum status message_queue_vendor(struct context *cx, int64_t job, int64_t vendor, const char *to_name,
                                 const char *to_address, const char *subject, const char *text,
                                 int64_t *message);
/* Waiting messages that tell of this move are withdrawn. */
void message_withdraw(struct context *cx, int64_t history);

/* The chore that sends what is due; `arg` is a struct post_office. */
struct post_office {
    const char *base_url; /* for links */
};
int64_t message_send_due(struct store *store, void *arg, int64_t now);

extern const struct reaction message_reactions[];
extern const struct route message_routes[];
