/* What happens after the commit: events and their reactions, timers.
 *
 * A change appends an event in its own transaction, so neither is ever without the other. A worker
 * thread reads the events of each shop in order and runs the reactions that the database settings
 * name for their kind, each in a transaction of its own together with the mark that it was done: a
 * reaction's effect in the database happens exactly once, however many servers work on it. One that
 * fails is tried again after 2 s, 4 s, … up to an hour, and says why in reaction_due; the later
 * events of the same subject wait for it, others go on, also the other reactions to its event.
 * Effects outside the database (mail) go through the outbox of `messages`. */
#pragma once

#include "db/db.h"

/* The topic of the news that there is something to do: it wakes the worker, and no page waits for
 * it.
 */
#define WORK_NEWS "work"

struct event {
    int64_t id;
    const char *kind; /* "job.entered", "payment.taken": noun.verb */
    int64_t subject;  /* the id of the thing, mostly a job */
    int64_t actor;    /* staff, 0 the program */
    int64_t at;
    const char *data; /* a JSON object of a few members, or NULL */
};

void event_add(struct context *cx, const char *kind, int64_t subject, const char *data);

/* A member of the event's data: NONE or NULL where there is none such. */
int64_t event_number(const struct event *event, const char *member);
const char *event_text(const struct event *event, const char *member, struct arena *arena);
bool event_says(const struct event *event, const char *member, const char *text);

/* The rooms' tables of these, each ended by a NULL name, are given to databases_open(): an event
 * knows at its birth who waits for it. */
struct reaction {
    const char *name;  /* unique and stable: it is stored */
    const char *event; /* the kind it waits for */
    enum status (*react)(struct context *cx, const struct event *event);
    /* Asked at the event's birth; of what does not concern it a reaction never hears. NULL: all. */
    bool (*concerns)(const struct event *event);
};

/* A timer fires once, as the event of its kind, when its instant has come; setting it again for the
 * same kind and subject moves it. */
void timer_set(struct context *cx, const char *kind, int64_t subject, int64_t due);
void timer_cancel(struct context *cx, const char *kind, int64_t subject);

/* Work that goes on by itself and may use the network; returns the instant at which it wants to be
 * called again at the latest (INT64_MAX: when woken). Called for one shop by one thread at a time,
 * for several shops at once: one whose mail server does not answer holds no other up. */
struct chore {
    const char *name;
    int64_t (*run)(struct store *store, void *arg, int64_t now);
    void *arg;
};

struct worker_settings {
    struct databases *databases;
    const struct chore *chores; /* ended by a NULL name */
    /* Makes the context's locale for a store. */
    bool (*prepare)(struct context *cx);
};
struct worker *worker_start(const struct worker_settings *settings);
/* After a commit in this shop: from any thread. NULL: in any. */
void worker_wake(struct worker *worker, struct store *store);
/* After the reaction at hand: what is left stays due. */
void worker_stop(struct worker *worker);
/* Runs the reactions (and the timers) that are due at cx->now within the caller's own transaction,
 * and what these set off: for commands that do many things at once. One that fails fails all. */
enum status work_due(struct context *cx, bool timers);
/* Runs everything that is due at `now` and returns when nothing is left (OK) or what is left can't
 * be done nor the reason written down (FAILED): for tests. */
enum status worker_drain(const struct worker_settings *settings, struct store *store, int64_t now);
