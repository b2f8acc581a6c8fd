/* Webhooks: other programs are told of what happens, each at its address.
 *
 * A message is a POST of {"type":"job.entered","timestamp":"…","data":{"job":12,…}}, signed after
 * Standard Webhooks (standardwebhooks.com): `webhook-id`, the same for every attempt; `webhook-
 * timestamp`, seconds; `webhook-signature`, "v1," and the base64 of the HMAC-SHA256 of
 * "id.timestamp.body" under the secret ("whsec_" and its base64). It carries ids only, no names and
 * no amounts of the shop's costs: who wants more asks the API, under its own rights.
 *
 * Delivery is at least once: an answer of 2xx within ten seconds ends it; anything else is tried
 * again after 5 s, 1 min, 10 min, 1 h, 4 h, 12 h and 24 h, then it has failed and waits for a
 * person to send it anew. 410 switches the webhook off, as do five days in which nothing got
 * through. What lies in the shop's own network is refused as an address, whatever its name resolves
 * to, unless the server was started with --webhooks-anywhere yes. */
#pragma once

#include "http/http.h"
#include "work/work.h"

/* What can be told: kinds of events (work/work.h), the last without a kind. */
struct webhook_topic {
    const char *kind;  /* "job.entered" */
    const char *label; /* for people */
};
extern const struct webhook_topic webhook_topics[];

struct webhook {
    int64_t id;
    const char *name, *url;
    const char *kinds; /* "job.created job.entered"; when it is saved NULL means all of them */
    int64_t failing_since, disabled_at, version, created_at;
};
extern const struct record webhook_record;

struct webhook_delivery {
    int64_t id;
    const char *kind, *state;
    int64_t event, attempts, due, answer_status;
    const char *answer;
    int64_t created_at, tried_at;
};
extern const struct record webhook_delivery_record;

bool webhook_load(struct context *cx, int64_t id, struct webhook *webhook);
int64_t webhook_list(struct context *cx, struct webhook **webhooks);
/* Checks and saves; a new one (id NONE) gets a secret, which `secret` is set to ("whsec_…") and
 * which nobody is shown again. `plain`: http and addresses of the own network are allowed. */
enum status webhook_save(struct context *cx, struct webhook *webhook, bool plain,
                         const char **secret);
enum status webhook_rotate(struct context *cx, int64_t id, const char **secret);
/* With its log. */
enum status webhook_delete(struct context *cx, int64_t id);
enum status webhook_enable(struct context *cx, int64_t id, bool enabled);
enum status webhook_ping(struct context *cx, int64_t id);
/* The newest first, below the id `before` (NONE: from the newest). */
int64_t webhook_deliveries(struct context *cx, int64_t webhook, int64_t before, int64_t limit,
                           struct webhook_delivery **deliveries);
/* Sends one anew, or (delivery NONE) all that failed; how many in `count`. */
enum status webhook_replay(struct context *cx, int64_t webhook, int64_t delivery, int64_t *count);

/* For struct worker_settings: queues what has happened and sends what is due. */
struct webhook_office {
    bool plain; /* as above */
    bool (*stopping)(void *arg);
    void *arg;
};
/* Removes from the log what is over and older than thirty days: a closure. */
enum status webhook_sweep(struct context *cx, void *arg);
int64_t webhook_send_due(struct store *store, void *office, int64_t now);

/* "v1,…" over this id, timestamp and body; `secret` is base64. NULL: it is none. */
const char *webhook_signature(const char *secret, const char *id, int64_t seconds, const char *body,
                              size_t length, struct arena *arena);
/* When a delivery is tried again after so many attempts; NONE: not any more. */
int64_t webhook_wait(int64_t attempts);
/* May this address be connected to by a server that keeps to the public network? */
struct sockaddr;
bool webhook_address_public(const struct sockaddr *address);

extern const struct route webhook_routes[];
