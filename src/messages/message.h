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
    int64_t account_link; /* whose secret {secret} becomes when it is sent (accounts/link.h) */
    const char *phone_text; /* only of one that is composed: the same to be sent by phone */
};
extern const struct record message_record;
extern const struct vocabulary message_states;
/* Of a job, newest first. */
int64_t message_list(struct context *cx, int64_t job, struct message **messages);
bool message_load(struct context *cx, int64_t id, struct message *message);
#define MESSAGE_COLUMNS                                                                            \
    "select id, kind, job, customer, vendor, history, to_name, to_address, subject, text, html, "  \
    "attach, state, message_id, send_after, attempts, fault, reply, resend_of, created_at, "       \
    "sent_at, staff_name, account_link from message "
/* Texts hold {url} where the server's public address goes. */
const char *message_with_url(const char *text, const char *base_url, struct arena *arena);
/* Texts of accounts hold {secret} where that of their link goes when they are sent; NULL shows that
 * there is one. */
const char *message_with_secret(const char *text, const char *secret, struct arena *arena);

/* Puts one into the outbox from its template and the job. Leaves after the shop's delay, or at
 * once. Nothing (and *message NONE) when the template is switched off, the customer has no address
 * or no consent: `why` then says so. `link` (or NULL) is the customer's page; `attach` e.g.
 * "quote:12". */
struct message_wish {
    const char *kind; /* "confirmation", "progress", "ready", "appointment", "receipt", "quote" */
    int64_t job;
    int64_t history; /* the move it tells of, or NONE */
    const char *attach;
    int64_t delay;     /* seconds; NONE: the shop's */
    const char *extra; /* one more sentence of the sender's, or NULL */
    int64_t amount;    /* of a receipt or a quote, or NONE */
    int64_t when;      /* of an appointment, or NONE */
    bool preview;      /* nothing is made for it: no link of its own */
};
/* What would be sent, without putting it into the outbox. */
enum status message_compose(struct context *cx, const struct message_wish *wish,
                            struct message *message, const char **why);
enum status message_queue(struct context *cx, const struct message_wish *wish, int64_t *message,
                          const char **why);
/* To a vendor: the text is the request's own. */
enum status message_queue_vendor(struct context *cx, int64_t job, int64_t vendor,
                                 const char *to_name, const char *to_address, const char *subject,
                                 const char *text, int64_t *message);
/* To somebody of the staff, at once: an invitation, a forgotten password, news of their account. */
enum status message_queue_account(struct context *cx, const struct message *message);
/* A trial of some words to one of the staff, at once. */
enum status message_queue_staff(struct context *cx, const char *to_name, const char *to_address,
                                const char *subject, const char *text, int64_t *message);
/* Waiting messages that tell of this move are withdrawn. */
void message_withdraw_move(struct context *cx, int64_t history);
/* Withdraws this message and its repeats as far as they still wait. False: none of them does. */
bool message_withdraw(struct context *cx, int64_t id);
/* What became of a message and its repeats together, as one of `message_states`: sent when one of
 * them was, else uncertain, sending, waiting, failed, withdrawn. NULL: there is no such message. */
const char *message_fate(struct context *cx, int64_t id);

/* By hand, as a message of its own; CONFLICT while the first still waits. */
enum status message_resend(struct context *cx, int64_t id, int64_t *again);

/* The chore that sends what is due; `arg` is a struct post_office. */
struct mime_file;
struct mime_person;
struct smtp_settings;
struct post_office {
    bool (*stopping)(struct post_office *office); /* NULL: never */
    /* Makes what "quote:12" or "invoice:7" names; its bytes are kept in `bytes` until it was sent.
     */
    bool (*attach)(struct post_office *office, struct store *store, const char *what,
                   struct mime_file *file, struct buf *bytes, struct arena *arena);
    void *arg;
};
/* False: no mail server is set, messages wait. */
bool mail_settings_load(struct context *cx, struct smtp_settings *settings,
                        struct mime_person *from);
int64_t message_send_due(struct store *store, void *arg, int64_t now);

extern const struct reaction message_reactions[];
extern const struct reaction message_account_reactions[];
extern const struct route message_routes[]; /* the outbox, messages by hand */
extern const struct route mail_routes[];    /* settings */
