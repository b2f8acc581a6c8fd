#include "work/work.h"

#include "base/log.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AT_ONCE = 50 /* as the statements say */ };
enum { LONGEST_SLEEP = 5000, PAUSE = 1000 }; /* ms */

static const struct reaction *reaction_find(const struct store *store, const char *name) {
    for (const struct reaction *const *table = store_reactions(store);
         table != NULL && *table != NULL; table++)
        for (const struct reaction *reaction = *table; reaction->name != NULL; reaction++)
            if (strcmp(reaction->name, name) == 0)
                return reaction;
    return NULL;
}

static const struct sql event_insert = {
    "event_insert",
    "insert into event (kind, subject, actor, at, data) values ($1, $2, $3, $4, $5) returning id",
    NULL};
static const struct sql due_insert = {
    "reaction_due_insert",
    "insert into reaction_due (event, reaction, subject, due) values ($1, $2, $3, $4)", NULL};

void event_add(struct context *cx, const char *kind, int64_t subject, const char *data) {
    struct event event = {.kind = kind,
                          .subject = subject,
                          .actor = cx->actor == NULL ? 0 : cx->actor->staff,
                          .at = cx->now,
                          .data = data};
    event.id = db_insert(cx->db, &event_insert,
                         P(T(kind), I(subject), I(event.actor), I(event.at), T(data)));
    for (const struct reaction *const *table = store_reactions(cx->store);
         table != NULL && *table != NULL; table++)
        for (const struct reaction *reaction = *table; reaction->name != NULL; reaction++)
            if (strcmp(reaction->event, kind) == 0 &&
                (reaction->concerns == NULL || reaction->concerns(&event))) {
                db_run(cx->db, &due_insert,
                       P(I(event.id), T(reaction->name), I(subject), I(cx->now)));
                context_tell(cx, WORK_NEWS, 0);
            }
}

/* Only event_add() writes them, so they are what they should be. */
static json_t *event_data(const struct event *event) {
    return event->data == NULL ? NULL : json_loads(event->data, 0, NULL);
}

int64_t event_number(const struct event *event, const char *member) {
    json_t *data = event_data(event), *found = json_object_get(data, member);
    int64_t number = json_is_integer(found) ? json_integer_value(found) : NONE;
    json_decref(data);
    return number;
}

const char *event_text(const struct event *event, const char *member, struct arena *arena) {
    json_t *data = event_data(event);
    const char *text = arena_text(arena, json_string_value(json_object_get(data, member)));
    json_decref(data);
    return text;
}

bool event_says(const struct event *event, const char *member, const char *text) {
    json_t *data = event_data(event);
    const char *said = json_string_value(json_object_get(data, member));
    bool same = said != NULL && strcmp(said, text) == 0;
    json_decref(data);
    return same;
}

/* ------------------------------------------------------------------ timers */

static const struct sql timer_put = {"timer_put",
                                     "insert into timer (kind, subject, due) values ($1, $2, $3) "
                                     "on conflict (kind, subject) do update set due = excluded.due",
                                     NULL};
static const struct sql timer_drop = {"timer_drop",
                                      "delete from timer where kind = $1 and subject = $2", NULL};
static const struct sql timers_due = {
    "timers_due",
    "select kind, subject from timer where due <= $1 order by due, kind, subject limit 50", NULL};
static const struct sql next_timer = {"next_timer", "select min(due) from timer", NULL};

void timer_set(struct context *cx, const char *kind, int64_t subject, int64_t due) {
    db_run(cx->db, &timer_put, P(T(kind), I(subject), I(due)));
    context_tell(cx, WORK_NEWS, 0);
}

void timer_cancel(struct context *cx, const char *kind, int64_t subject) {
    db_run(cx->db, &timer_drop, P(T(kind), I(subject)));
}

static enum status fire_timers(struct context *cx, void *arg) {
    int64_t *fired = arg;
    *fired = 0;
    const char *kinds[AT_ONCE];
    int64_t subjects[AT_ONCE];
    struct rows *rows = db_rows(cx->db, &timers_due, P(I(cx->now)));
    while (rows_next(rows)) {
        kinds[*fired] = row_text(rows, 0);
        subjects[(*fired)++] = row_int(rows, 1);
    }
    for (int64_t i = 0; i < *fired; i++) {
        timer_cancel(cx, kinds[i], subjects[i]);
        event_add(cx, kinds[i], subjects[i], NULL);
    }
    return OK;
}

/* ------------------------------------------------------------------ reactions */

struct due {
    struct event event;
    const char *reaction;
    int64_t attempts;
};

/* The oldest for each subject only: what is behind a failed one waits for it. */
static const struct sql reactions_due = {
    "reactions_due",
    "select d.event, d.reaction, d.attempts, e.kind, e.subject, e.actor, e.at, e.data "
    "from reaction_due d join event e on e.id = d.event "
    "where d.due <= $1 and not exists (select 1 from reaction_due o where o.subject = d.subject "
    "and o.event < d.event) order by d.event, d.reaction limit 50",
    NULL};
/* Whoever is behind another is not asked: it has its turn when that one has had it. */
static const struct sql next_reaction = {
    "next_reaction",
    "select min(d.due) from reaction_due d where not exists "
    "(select 1 from reaction_due o where o.subject = d.subject and o.event < d.event)",
    NULL};
/* What is due is read by every server, so each mark asks whether it is still as it was read. */
static const struct sql due_done = {
    "reaction_due_done",
    "delete from reaction_due where event = $1 and reaction = $2 and due <= $3", NULL};
static const struct sql due_failed = {
    "reaction_due_failed",
    "update reaction_due set attempts = attempts + 1, due = $4, fault = $5 "
    "where event = $1 and reaction = $2 and attempts = $3",
    NULL};

struct due_list {
    struct due items[AT_ONCE];
    int count;
    int64_t timer;    /* the first to fire; NONE: there is none */
    int64_t reaction; /* where none is due: the first that will be; NONE: there is none */
};

static void read_reactions(struct context *cx, struct due_list *list) {
    struct rows *rows = db_rows(cx->db, &reactions_due, P(I(cx->now)));
    while (rows_next(rows)) {
        struct due *due = &list->items[list->count++];
        due->event.id = row_int(rows, 0);
        due->reaction = row_text(rows, 1);
        due->attempts = row_int(rows, 2);
        due->event.kind = row_text(rows, 3);
        due->event.subject = row_int(rows, 4);
        due->event.actor = row_int(rows, 5);
        due->event.at = row_int(rows, 6);
        due->event.data = row_text(rows, 7);
    }
}

static enum status read_due(struct context *cx, void *arg) {
    struct due_list *list = arg;
    read_reactions(cx, list);
    list->timer = db_int(cx->db, &next_timer, P0);
    list->reaction = list->count > 0 ? cx->now : db_int(cx->db, &next_reaction, P0);
    return OK;
}

/* The mark that it was done comes first: another server may have made it since it was read. What
 * fails takes it back with the rest. */
static enum status react(struct context *cx, void *arg) {
    const struct due *due = arg;
    if (db_run(cx->db, &due_done, P(I(due->event.id), T(due->reaction), I(cx->now))) != 1)
        return OK;
    const struct reaction *reaction = reaction_find(cx->store, due->reaction);
    if (reaction == NULL) /* of an older program: nobody waits any more */
        return OK;
    return reaction->react(cx, &due->event);
}

struct failed_due {
    const struct due *due;
    const char *fault;
};

/* 2 s, 4 s, … up to an hour. */
static int64_t back_off(int64_t attempts) {
    int64_t wait = (int64_t)2000 << (attempts < 11 ? attempts : 11);
    return wait < HOUR ? wait : HOUR;
}

static enum status mark_failed(struct context *cx, void *arg) {
    const struct failed_due *failed = arg;
    db_run(cx->db, &due_failed,
           P(I(failed->due->event.id), T(failed->due->reaction), I(failed->due->attempts),
             I(cx->now + back_off(failed->due->attempts)), T(failed->fault)));
    return OK;
}

static const struct actor program = {
    .name = "Benchpin", .role = "program", .permissions = UINT64_MAX};

/* Reacts, or writes down why not. False: neither could be written. */
static bool settle(struct context *cx, struct due *due) {
    errors_clear(cx->errors);
    if (store_write(cx->store, cx, react, due) == OK)
        return true;
    struct failed_due failed = {due, cx->errors->first != NULL ? cx->errors->first->sentence
                                                               : "It failed."};
    log_warn("reaction failed", log_text("reaction", due->reaction),
             log_int("event", due->event.id));
    errors_clear(cx->errors);
    return store_write(cx->store, cx, mark_failed, &failed) == OK;
}

/* One round over a store: timers, then reactions, until told to stop. The instant of the next thing
 * due: one that has come already is of what could not be done. */
static int64_t round_of(const struct worker_settings *settings, struct store *store, int64_t now,
                        const atomic_bool *stop, bool *again) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct context cx = {
        .arena = arena, .errors = &errors, .actor = &program, .store = store, .now = now};
    int64_t next = INT64_MAX, fired = 0;
    *again = false;
    if (settings->prepare == NULL || settings->prepare(&cx)) {
        struct due_list list = {.count = 0, .timer = NONE, .reaction = NONE};
        if (store_read(store, &cx, read_due, &list) != OK) {
            list.count = 0;
            next = now;
        }
        if (list.timer != NONE && list.timer <= now)
            *again = store_write(store, &cx, fire_timers, &fired) == OK;
        for (int i = 0; i < list.count && (stop == NULL || !*stop); i++)
            if (settle(&cx, &list.items[i]))
                *again = true;
        if (list.timer != NONE && list.timer < next)
            next = list.timer;
        if (list.reaction != NONE && list.reaction < next)
            next = list.reaction;
    }
    arena_free(arena);
    return next;
}

enum status work_due(struct context *cx, bool timers) {
    const struct actor *actor = cx->actor;
    enum status status = OK;
    struct due_list list;
    int64_t fired = 0;
    cx->actor = &program;
    do {
        if (timers)
            status = fire_timers(cx, &fired);
        list.count = 0;
        read_reactions(cx, &list);
        for (int i = 0; i < list.count && status == OK; i++)
            status = react(cx, &list.items[i]);
    } while ((list.count > 0 || fired > 0) && status == OK && !db_failed(cx->db));
    cx->actor = actor;
    return status;
}

enum status worker_drain(const struct worker_settings *settings, struct store *store, int64_t now) {
    int64_t next = now;
    for (bool again = true; again;)
        next = round_of(settings, store, now, NULL, &again);
    return next > now ? OK : FAILED;
}

/* ------------------------------------------------------------------ the threads
 *
 * Each shop has a task for its events and timers and one for each chore, each with the instant at
 * which it is next to be looked at. A few threads take whichever has waited longest; a task is run
 * by one of them at a time. A shop that has nothing to do before then is not even opened: what it
 * said last is in the registry, also after a restart. */

enum {
    THREADS = 8,
    FOR_CHORES = 6,      /* the others never wait for a network */
    LOOK_ROUND = 2000,   /* ms between looks at the registry */
    RETRY_MOST = 300000, /* ms until a shop that can't be opened is tried again */
};

struct task {
    int64_t next;
    bool running, woken;
};

struct ward {
    struct store *store;
    int64_t patience; /* ms until it is tried again, since it could not be opened */
    struct task *tasks;
};

struct worker {
    struct worker_settings settings;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stop; /* set under the lock, read in the midst of work too */
    pthread_t threads[THREADS];
    int thread_count, chores_running;
    int task_count; /* of a shop */
    struct ward *wards;
    size_t ward_count, ward_capacity;
    int64_t looked; /* when the registry was */
};

/* The lock is held. Shops that are new, and work in shops that are shut which others have left. */
static void wards_look(struct worker *worker) {
    struct databases *databases = worker->settings.databases;
    for (struct store *store = databases_next(databases, NULL); store != NULL;
         store = databases_next(databases, store)) {
        size_t at = 0;
        while (at < worker->ward_count && worker->wards[at].store != store)
            at++;
        struct ward *ward = &worker->wards[at];
        if (at == worker->ward_count) {
            if (at == worker->ward_capacity) {
                worker->ward_capacity = at == 0 ? 8 : at * 2;
                worker->wards =
                    realloc(worker->wards, worker->ward_capacity * sizeof *worker->wards);
                if (worker->wards == NULL)
                    abort();
            }
            ward = &worker->wards[worker->ward_count++];
            *ward = (struct ward){.store = store,
                                  .tasks = calloc((size_t)worker->task_count, sizeof *ward->tasks)};
            if (ward->tasks == NULL)
                abort();
            for (int i = 0; i < worker->task_count; i++)
                ward->tasks[i].next = store_due(store);
        } else if (ward->patience == 0 && !store_is_open(store)) {
            int64_t due = store_due(store);
            for (int i = 0; i < worker->task_count; i++)
                if (due < ward->tasks[i].next)
                    ward->tasks[i].next = due;
        }
    }
}

struct choice {
    struct store *store;
    size_t ward; /* the array may move meanwhile */
    int task;
};

/* The lock is held. The task that is due for longest, and in `until` when the next will be. */
static bool choose(struct worker *worker, int64_t now, struct choice *choice, int64_t *until) {
    const struct task *best = NULL;
    for (size_t w = 0; w < worker->ward_count; w++)
        for (int t = 0; t < worker->task_count; t++) {
            const struct task *task = &worker->wards[w].tasks[t];
            if (task->running || (t > 0 && worker->chores_running >= FOR_CHORES))
                continue;
            int64_t next = task->woken ? 0 : task->next;
            if (next > now && next < *until)
                *until = next;
            if (next <= now && (best == NULL || next < (best->woken ? 0 : best->next))) {
                best = task;
                *choice = (struct choice){worker->wards[w].store, w, t};
            }
        }
    return best != NULL;
}

/* When to look again at what has just been looked at. */
static int64_t run_task(struct worker *worker, struct store *store, int number, int64_t now) {
    bool again = false;
    int64_t next;
    if (number > 0) {
        const struct chore *chore = &worker->settings.chores[number - 1];
        next = chore->run(store, chore->arg, now);
    } else {
        next = round_of(&worker->settings, store, now, &worker->stop, &again);
    }
    if (again)
        return 0; /* something was done: there may be more */
    if (next <= now)
        return now + PAUSE; /* due, yet it could not be done */
    /* Another server may have made something due, and its news have been lost. */
    return store_is_postgres(store) && next > now + LONGEST_SLEEP ? now + LONGEST_SLEEP : next;
}

/* The lock is held, and let go meanwhile. */
static void do_task(struct worker *worker, const struct choice *choice, int64_t now) {
    struct store *store = choice->store;
    struct task *task = &worker->wards[choice->ward].tasks[choice->task];
    task->running = true;
    task->woken = false;
    worker->chores_running += choice->task > 0;
    pthread_mutex_unlock(&worker->lock);

    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    int64_t next = now;
    bool held = store_hold(store, &errors);
    if (held)
        next = run_task(worker, store, choice->task, now);
    arena_free(arena);

    pthread_mutex_lock(&worker->lock);
    struct ward *ward = &worker->wards[choice->ward];
    ward->patience = held                              ? 0
                     : ward->patience == 0             ? PAUSE
                     : ward->patience * 2 < RETRY_MOST ? ward->patience * 2
                                                       : RETRY_MOST;
    task->next = next + ward->patience;
    task->running = false;
    worker->chores_running -= choice->task > 0;
    int64_t due = INT64_MAX;
    for (int i = 0; i < worker->task_count; i++) {
        const struct task *each = &ward->tasks[i];
        int64_t at = each->woken || each->running ? 0 : each->next;
        due = at < due ? at : due;
    }
    if (held) {
        store_set_due(store, due);
        store_give_back(store);
    }
    pthread_cond_signal(&worker->wake); /* a chore more may run */
}

static void wait_until(struct worker *worker, int64_t wait) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait / 1000;
    until.tv_nsec += wait % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&worker->wake, &worker->lock, &until);
}

static void *worker_main(void *arg) {
    struct worker *worker = arg;
    pthread_mutex_lock(&worker->lock);
    while (!worker->stop) {
        int64_t now = instant_now(), until = worker->looked + LOOK_ROUND;
        struct choice choice;
        if (until <= now || worker->looked > now) {
            worker->looked = now;
            pthread_mutex_unlock(&worker->lock);
            databases_refresh(worker->settings.databases);
            pthread_mutex_lock(&worker->lock);
            wards_look(worker);
        } else if (choose(worker, now, &choice, &until)) {
            pthread_cond_signal(&worker->wake); /* somebody looks for the next meanwhile */
            do_task(worker, &choice, now);
        } else {
            wait_until(worker, until - now);
        }
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

struct worker *worker_start(const struct worker_settings *settings) {
    struct worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        abort();
    worker->settings = *settings;
    worker->task_count = 1;
    while (settings->chores != NULL && settings->chores[worker->task_count - 1].name != NULL)
        worker->task_count++;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->wake, &clock);
    pthread_condattr_destroy(&clock);
    worker->looked = instant_now();
    wards_look(worker);
    for (; worker->thread_count < THREADS; worker->thread_count++)
        if (pthread_create(&worker->threads[worker->thread_count], NULL, worker_main, worker) != 0)
            abort();
    return worker;
}

void worker_wake(struct worker *worker, struct store *store) {
    if (worker == NULL)
        return;
    pthread_mutex_lock(&worker->lock);
    for (size_t i = 0; i < worker->ward_count; i++) {
        struct ward *ward = &worker->wards[i];
        /* In a shop that is shut here another server's change was: that one looks after it. */
        if ((store != NULL && ward->store != store) || !store_is_open(ward->store))
            continue;
        for (int t = 0; t < worker->task_count; t++)
            ward->tasks[t].woken = true;
    }
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
}

void worker_stop(struct worker *worker) {
    if (worker == NULL)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stop = true;
    pthread_cond_broadcast(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
    for (int i = 0; i < worker->thread_count; i++)
        pthread_join(worker->threads[i], NULL);
    for (size_t i = 0; i < worker->ward_count; i++)
        free(worker->wards[i].tasks);
    free(worker->wards);
    pthread_mutex_destroy(&worker->lock);
    pthread_cond_destroy(&worker->wake);
    free(worker);
}
