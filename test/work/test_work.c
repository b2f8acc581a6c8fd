/* Events and what they set off: each reaction happens once, in its turn, whatever fails and whoever
 * else works. On SQLite and, when BENCHPIN_TEST_POSTGRES names a server, on PostgreSQL. */
#include "base/day.h"
#include "base/text.h"
#include "schema/schema.h"
#include "work/work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "scratch.h"

static const int64_t START = INT64_C(1795000000000); /* 18 November 2026 */

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    struct store *store;
    struct actor actor;
    int64_t now;
    pthread_rwlock_t ears; /* who is told does not go meanwhile */
    struct worker *worker;
    atomic_int calls;   /* of a reaction that may fail */
    atomic_int rounds;  /* of the worker: it prepares its context for each */
    atomic_bool broken; /* "thing.broken" is refused */
    atomic_bool mute;   /* and says not why */
};

/* ------------------------------------------------------------------ what reacts */

static const struct sql seen_add = {
    "seen_add",
    "insert into seen (reaction, kind, subject, actor, at, data) values ($1, $2, $3, $4, $5, $6)",
    NULL};

/* Reactions are told nothing but the context: the fixture is kept beside the store. */
static const char fixture_key;

static struct fixture *fixture_of(struct context *cx) {
    return store_kept(cx->store, &fixture_key);
}

static enum status see(struct context *cx, const char *reaction, const struct event *event) {
    db_run(cx->db, &seen_add,
           P(T(reaction), T(event->kind), I(event->subject), I(event->actor), I(cx->now),
             T(event->data)));
    return OK;
}

static enum status note(struct context *cx, const struct event *event) {
    return see(cx, "note", event);
}

static enum status copy(struct context *cx, const struct event *event) {
    return see(cx, "copy", event);
}

static enum status mend(struct context *cx, const struct event *event) {
    struct fixture *f = fixture_of(cx);
    atomic_fetch_add(&f->calls, 1);
    see(cx, "mend", event);
    if (!atomic_load(&f->broken))
        return OK;
    return atomic_load(&f->mute)
               ? CONFLICT
               : error_add(cx->errors, CONFLICT, NULL, "cold", "The kiln is cold.");
}

static enum status cast(struct context *cx, const struct event *event) {
    see(cx, "cast", event);
    event_add(cx, "thing.cast", event->subject, NULL);
    return OK;
}

static enum status finish(struct context *cx, const struct event *event) {
    see(cx, "finish", event);
    timer_set(cx, "thing.finished", event->subject, cx->now);
    return OK;
}

static enum status polish(struct context *cx, const struct event *event) {
    atomic_fetch_add(&fixture_of(cx)->calls, 1);
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
    return see(cx, "polish", event);
}

static bool is_gold(const struct event *event) {
    return event_says(event, "metal", "gold");
}

static const struct reaction bench[] = {
    {"note", "thing.made", note, NULL},     {"mend", "thing.broken", mend, NULL},
    {"cast", "thing.drawn", cast, NULL},    {"finish", "thing.cast", finish, NULL},
    {"polish", "thing.dull", polish, NULL}, {NULL, NULL, NULL, NULL},
};
static const struct reaction office[] = {
    {"copy", "thing.made", copy, NULL}, {"assay", "thing.weighed", note, is_gold},
    {"bell", "thing.rung", note, NULL}, {"finished", "thing.finished", note, NULL},
    {NULL, NULL, NULL, NULL},
};
static const struct reaction *const reactions[] = {bench, office, NULL};

/* ------------------------------------------------------------------ the fixture */

static void heard(void *arg, struct store *store, const char *topic, int64_t id) {
    struct fixture *f = arg;
    pthread_rwlock_rdlock(&f->ears);
    worker_wake(f->worker, store);
    pthread_rwlock_unlock(&f->ears);
}

static void keep(void *fixture) {
    (void)fixture; /* the test's own */
}

static bool prepare(struct context *cx) {
    atomic_fetch_add(&fixture_of(cx)->rounds, 1);
    return true;
}

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->errors.arena = arena_new();
    f->now = START;
    f->actor = (struct actor){.staff = 7, .name = "Imogen", .role = "owner"};
    pthread_rwlock_init(&f->ears, NULL);
    f->scratch = scratch_make(*state != NULL);
    size_t count = 0;
    while (schema_migrations[count].name != NULL)
        count++;
    struct migration *migrations = ARENA_ARRAY(f->arena, struct migration, count + 2);
    memcpy(migrations, schema_migrations, count * sizeof *migrations);
    migrations[count] = (struct migration){
        "9999_seen", "create table seen (id @id, reaction @text not null, kind @text not null,"
                     " subject @int not null, actor @int not null, at @int not null,"
                     " data @text) @strict;"};
    f->databases = databases_open(&(struct database_settings){.data = f->scratch->folder,
                                                              .url = f->scratch->url,
                                                              .migrations = migrations,
                                                              .reactions = reactions,
                                                              .heard = heard,
                                                              .heard_arg = f},
                                  &f->errors);
    if (f->databases == NULL)
        print_error("%s\n", f->errors.first->sentence);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    store_keep(f->store, &fixture_key, f, keep);
    *state = f;
    return 0;
}

static void start(struct fixture *f) {
    struct worker_settings settings = {.databases = f->databases, .prepare = prepare};
    struct worker *worker = worker_start(&settings);
    pthread_rwlock_wrlock(&f->ears);
    f->worker = worker;
    pthread_rwlock_unlock(&f->ears);
}

static void stop(struct fixture *f) {
    pthread_rwlock_wrlock(&f->ears);
    struct worker *worker = f->worker;
    f->worker = NULL;
    pthread_rwlock_unlock(&f->ears);
    worker_stop(worker);
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    stop(f);
    databases_close(f->databases);
    scratch_drop(f->scratch);
    pthread_rwlock_destroy(&f->ears);
    arena_free(f->arena);
    free(f);
    return 0;
}

/* ------------------------------------------------------------------ steps */

static struct context context_of(struct fixture *f) {
    errors_clear(&f->errors);
    return (struct context){.arena = f->arena,
                            .errors = &f->errors,
                            .store = f->store,
                            .actor = &f->actor,
                            .now = f->now};
}

static enum status do_write(struct fixture *f, closure work, void *arg) {
    struct context cx = context_of(f);
    return store_write(f->store, &cx, work, arg);
}

struct happening {
    const char *kind, *data;
    int64_t subject, count, step; /* `count` of them, the subject going on by `step` each */
    bool told;
};

static enum status happen(struct context *cx, void *arg) {
    const struct happening *what = arg;
    for (int64_t i = 0; i < what->count; i++)
        event_add(cx, what->kind, what->subject + i * what->step, what->data);
    if (what->told)
        context_tell(cx, "thing", what->subject);
    return OK;
}

static void add(struct fixture *f, const char *kind, int64_t subject) {
    struct happening what = {.kind = kind, .subject = subject, .count = 1};
    assert_int_equal(do_write(f, happen, &what), OK);
}

static void add_all(struct fixture *f, struct happening what) {
    assert_int_equal(do_write(f, happen, &what), OK);
}

struct ringing {
    const char *kind;
    int64_t subject, due; /* NONE: cancelled */
};

static enum status ring(struct context *cx, void *arg) {
    const struct ringing *bell = arg;
    if (bell->due == NONE)
        timer_cancel(cx, bell->kind, bell->subject);
    else
        timer_set(cx, bell->kind, bell->subject, bell->due);
    return OK;
}

static void set_bell(struct fixture *f, int64_t subject, int64_t due) {
    assert_int_equal(do_write(f, ring, &(struct ringing){"thing.rung", subject, due}), OK);
}

/* Everything that is due `later`. */
static void drain(struct fixture *f, int64_t later) {
    f->now += later;
    struct worker_settings settings = {.databases = f->databases};
    assert_int_equal(worker_drain(&settings, f->store, f->now), OK);
}

/* ------------------------------------------------------------------ what came of it */

struct question {
    const struct sql *sql;
    int64_t number;
    const char *text;
};

static enum status ask_number(struct context *cx, void *arg) {
    struct question *question = arg;
    question->number = db_int(cx->db, question->sql, P0);
    return OK;
}

static enum status ask_text(struct context *cx, void *arg) {
    struct question *question = arg;
    struct buf out = {0};
    struct rows *rows = db_rows(cx->db, question->sql, P0);
    while (rows_next(rows))
        buf_printf(&out, "%s%s", out.length == 0 ? "" : " ", row_text(rows, 0));
    question->text = arena_text_n(cx->arena, out.at, out.length);
    buf_free(&out);
    return OK;
}

static int64_t number(struct fixture *f, const struct sql *sql) {
    struct question question = {.sql = sql};
    struct context cx = context_of(f);
    assert_int_equal(store_read(f->store, &cx, ask_number, &question), OK);
    return question.number;
}

static const char *words(struct fixture *f, const struct sql *sql) {
    struct question question = {.sql = sql};
    struct context cx = context_of(f);
    assert_int_equal(store_read(f->store, &cx, ask_text, &question), OK);
    return question.text;
}

static const struct sql seen_count = {"seen_count", "select count(*) from seen", NULL};
static const struct sql seen_list = {
    "seen_list", "select reaction || ':' || kind || ':' || subject from seen order by id", NULL};
static const struct sql seen_doubled = {
    "seen_doubled",
    "select count(*) from (select 1 from seen group by reaction, kind, subject having count(*) > 1)"
    " doubled",
    NULL};
static const struct sql seen_at = {"seen_at", "select max(at) from seen", NULL};
static const struct sql seen_actors = {"seen_actors", "select sum(actor) from seen", NULL};
static const struct sql event_count = {"event_count", "select count(*) from event", NULL};
static const struct sql timer_count = {"timer_count", "select count(*) from timer", NULL};
static const struct sql due_count = {"due_count", "select count(*) from reaction_due", NULL};
static const struct sql due_attempts = {
    "due_attempts", "select attempts from reaction_due order by event limit 1", NULL};
static const struct sql due_at = {"due_at", "select due from reaction_due order by event limit 1",
                                  NULL};
static const struct sql due_fault = {"due_fault",
                                     "select fault from reaction_due order by event limit 1", NULL};

static int64_t ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int64_t time) {
    nanosleep(&(struct timespec){.tv_sec = time / 1000, .tv_nsec = time % 1000 * 1000000}, NULL);
}

/* Whether so many were seen within `most` milliseconds. */
static bool seen_within(struct fixture *f, int64_t count, int64_t most) {
    int64_t until = ms() + most;
    while (number(f, &seen_count) < count) {
        if (ms() > until)
            return false;
        sleep_ms(5);
    }
    return true;
}

/* ------------------------------------------------------------------ events */

static void a_reaction_happens_once_for_each_event(void **state) {
    struct fixture *f = *state;
    add(f, "thing.made", 1);
    add(f, "thing.made", 2);
    assert_int_equal(number(f, &seen_count), 0); /* not in the change's own transaction */
    drain(f, 0);
    drain(f, 0);
    drain(f, DAY);
    assert_string_equal(words(f, &seen_list),
                        "copy:thing.made:1 note:thing.made:1 copy:thing.made:2 note:thing.made:2");
    assert_int_equal(number(f, &seen_actors), 4 * 7);
    assert_int_equal(number(f, &due_count), 0);
    assert_int_equal(number(f, &event_count), 2); /* what happened stays on record */
}

static enum status happen_in_vain(struct context *cx, void *arg) {
    happen(cx, arg);
    return error_add(cx->errors, CONFLICT, NULL, "no", "No.");
}

static void a_change_that_is_rolled_back_sets_nothing_off(void **state) {
    struct fixture *f = *state;
    struct happening what = {.kind = "thing.made", .subject = 1, .count = 1};
    assert_int_equal(do_write(f, happen_in_vain, &what), CONFLICT);
    drain(f, 0);
    assert_int_equal(number(f, &event_count), 0);
    assert_int_equal(number(f, &seen_count), 0);
}

static void an_event_that_nobody_waits_for_is_on_record(void **state) {
    struct fixture *f = *state;
    add(f, "thing.unheard", 1);
    assert_int_equal(number(f, &event_count), 1);
    assert_int_equal(number(f, &due_count), 0);
}

static void what_does_not_concern_a_reaction_is_never_stored(void **state) {
    struct fixture *f = *state;
    add(f, "thing.weighed", 1);
    add_all(f, (struct happening){"thing.weighed", "{\"metal\":\"silver\"}", 2, 1, 0, false});
    assert_int_equal(number(f, &due_count), 0);
    add_all(f, (struct happening){"thing.weighed", "{\"metal\":\"gold\"}", 3, 1, 0, false});
    assert_int_equal(number(f, &due_count), 1);
    drain(f, 0);
    assert_string_equal(words(f, &seen_list), "note:thing.weighed:3");
}

static void the_data_of_an_event_is_read_by_its_members(void **state) {
    struct fixture *f = *state;
    struct event event = {.data = "{\"job\":12,\"metal\":\"gold \\u00e0 18\",\"none\":null}"};
    assert_int_equal(event_number(&event, "job"), 12);
    assert_int_equal(event_number(&event, "metal"), NONE);
    assert_int_equal(event_number(&event, "none"), NONE);
    assert_int_equal(event_number(&event, "other"), NONE);
    assert_string_equal(event_text(&event, "metal", f->arena), "gold \303\240 18");
    assert_null(event_text(&event, "job", f->arena));
    assert_null(event_text(&event, "none", f->arena));
    assert_null(event_text(&event, "other", f->arena));
    assert_true(event_says(&event, "metal", "gold \303\240 18"));
    assert_false(event_says(&event, "metal", "gold"));
    assert_false(event_says(&event, "job", "12"));
    assert_false(event_says(&event, "other", ""));
    struct event bare = {.data = NULL};
    assert_int_equal(event_number(&bare, "job"), NONE);
    assert_null(event_text(&bare, "job", f->arena));
    assert_false(event_says(&bare, "job", ""));
}

static void what_a_reaction_sets_off_follows(void **state) {
    struct fixture *f = *state;
    add(f, "thing.drawn", 4);
    drain(f, 0);
    assert_string_equal(words(f, &seen_list),
                        "cast:thing.drawn:4 finish:thing.cast:4 note:thing.finished:4");
    assert_int_equal(number(f, &seen_actors), 7); /* the first is hers, the others the program's */
}

static void many_events_of_one_subject_keep_their_order(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < 60; i++)
        add_all(f, (struct happening){"thing.made", arena_printf(f->arena, "{\"no\":%d}", 100 + i),
                                      5, 1, 0, false});
    add_all(f, (struct happening){"thing.made", "{\"no\":900}", 1000, 200, 1, false});
    drain(f, 0);
    assert_int_equal(number(f, &seen_count), 2 * 260);
    assert_int_equal(number(f, &due_count), 0);
    static const struct sql disorder = {
        "seen_of_one_disorder",
        "select count(*) from seen a join seen b on b.id > a.id and b.subject = a.subject "
        "where a.subject = 5 and b.data < a.data",
        NULL};
    assert_int_equal(number(f, &disorder), 0);
}

/* ------------------------------------------------------------------ failures */

static void a_reaction_that_fails_leaves_its_sentence_only(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    add(f, "thing.broken", 1);
    drain(f, 0);
    assert_int_equal(f->calls, 1);
    assert_int_equal(number(f, &seen_count), 0);
    assert_int_equal(number(f, &due_attempts), 1);
    assert_string_equal(words(f, &due_fault), "The kiln is cold.");
    f->mute = true;
    drain(f, 2 * SECOND);
    assert_int_equal(number(f, &due_attempts), 2);
    assert_string_equal(words(f, &due_fault), "It failed.");
}

static void it_is_tried_again_after_a_wait_that_doubles_up_to_an_hour(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    add(f, "thing.broken", 1);
    drain(f, 0);
    int calls = 1;
    for (int64_t wait = 2 * SECOND, i = 0; i < 14; i++) {
        assert_int_equal(number(f, &due_at), f->now + wait);
        drain(f, wait - 1);
        assert_int_equal(f->calls, calls);
        drain(f, 1);
        assert_int_equal(f->calls, ++calls);
        wait = wait * 2 < HOUR ? wait * 2 : HOUR;
    }
    f->broken = false;
    drain(f, HOUR);
    drain(f, DAY);
    assert_int_equal(f->calls, calls + 1);
    assert_string_equal(words(f, &seen_list), "mend:thing.broken:1");
    assert_int_equal(number(f, &due_count), 0);
}

static void what_is_behind_a_failed_one_waits_and_others_go_on(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    add(f, "thing.broken", 1);
    add(f, "thing.rung", 1);
    add(f, "thing.rung", 2);
    drain(f, 0);
    assert_string_equal(words(f, &seen_list), "note:thing.rung:2");
    f->broken = false;
    drain(f, SECOND);
    assert_int_equal(number(f, &seen_count), 1);
    drain(f, SECOND);
    assert_string_equal(words(f, &seen_list),
                        "note:thing.rung:2 mend:thing.broken:1 note:thing.rung:1");
}

static const struct sql due_of_old = {
    "due_of_old",
    "insert into reaction_due (event, reaction, subject, due) "
    "select id, 'engrave', subject, at from event where subject = 1",
    NULL};

static enum status wait_by_an_old_name(struct context *cx, void *arg) {
    (void)arg;
    return db_run(cx->db, &due_of_old, P0) == 1 ? OK : FAILED;
}

static void what_only_an_older_program_waited_for_is_dropped(void **state) {
    struct fixture *f = *state;
    add(f, "thing.unheard", 1);
    assert_int_equal(do_write(f, wait_by_an_old_name, NULL), OK);
    add(f, "thing.rung", 1);
    drain(f, 0);
    assert_string_equal(words(f, &seen_list), "note:thing.rung:1");
    assert_int_equal(number(f, &due_count), 0);
}

/* From here on no failure can be written down: as on a full disk. */
static const struct sql spoil_fault = {
    "spoil_fault", "alter table reaction_due rename column fault to spoilt", NULL};

static enum status spoil(struct context *cx, void *arg) {
    (void)arg;
    return db_run(cx->db, &spoil_fault, P0) >= 0 ? OK : FAILED;
}

static void draining_ends_when_nothing_more_can_be_done(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    add(f, "thing.broken", 1);
    add(f, "thing.rung", 2);
    assert_int_equal(do_write(f, spoil, NULL), OK);
    struct worker_settings settings = {.databases = f->databases};
    assert_int_equal(worker_drain(&settings, f->store, f->now), FAILED);
    assert_string_equal(words(f, &seen_list), "note:thing.rung:2");
    f->broken = false;
    drain(f, 0);
    assert_int_equal(number(f, &seen_count), 2);
}

/* ------------------------------------------------------------------ timers */

static void a_timer_fires_once_at_its_instant(void **state) {
    struct fixture *f = *state;
    set_bell(f, 1, START + MINUTE);
    drain(f, MINUTE - 1);
    assert_int_equal(number(f, &seen_count), 0);
    drain(f, 1);
    assert_string_equal(words(f, &seen_list), "note:thing.rung:1");
    assert_int_equal(number(f, &seen_at), START + MINUTE);
    assert_int_equal(number(f, &seen_actors), 0); /* nobody's but the program's */
    drain(f, DAY);
    assert_int_equal(number(f, &seen_count), 1);
    set_bell(f, 1, f->now + MINUTE); /* and may be set anew */
    drain(f, MINUTE);
    assert_int_equal(number(f, &seen_count), 2);
}

static void setting_a_timer_again_moves_it(void **state) {
    struct fixture *f = *state;
    set_bell(f, 1, START + MINUTE);
    set_bell(f, 2, START + 2 * MINUTE);
    set_bell(f, 1, START + 3 * MINUTE); /* later */
    set_bell(f, 2, START + MINUTE);     /* sooner */
    assert_int_equal(number(f, &timer_count), 2);
    drain(f, MINUTE);
    assert_string_equal(words(f, &seen_list), "note:thing.rung:2");
    drain(f, 2 * MINUTE - 1);
    assert_int_equal(number(f, &seen_count), 1);
    drain(f, 1);
    assert_string_equal(words(f, &seen_list), "note:thing.rung:2 note:thing.rung:1");
}

static void a_cancelled_timer_never_fires(void **state) {
    struct fixture *f = *state;
    set_bell(f, 1, START + MINUTE);
    set_bell(f, 2, START + MINUTE);
    set_bell(f, 1, NONE);
    set_bell(f, 3, NONE); /* there is none */
    drain(f, DAY);
    assert_string_equal(words(f, &seen_list), "note:thing.rung:2");
}

static enum status ring_many(struct context *cx, void *arg) {
    const int64_t *count = arg;
    for (int64_t i = 0; i < *count; i++)
        timer_set(cx, "thing.rung", i, cx->now + MINUTE);
    return OK;
}

static void many_timers_of_one_instant_all_fire(void **state) {
    struct fixture *f = *state;
    int64_t count = 130;
    assert_int_equal(do_write(f, ring_many, &count), OK);
    drain(f, MINUTE - 1);
    assert_int_equal(number(f, &seen_count), 0);
    drain(f, 1);
    assert_int_equal(number(f, &seen_count), count);
    assert_int_equal(number(f, &timer_count), 0);
    assert_int_equal(number(f, &seen_doubled), 0);
}

/* ------------------------------------------------------------------ within the caller's change */

static enum status happen_at_once(struct context *cx, void *arg) {
    happen(cx, arg);
    timer_set(cx, "thing.rung", 9, cx->now);
    enum status status = work_due(cx, true);
    assert_ptr_equal(cx->actor, &fixture_of(cx)->actor);
    return status;
}

static enum status happen_without_timers(struct context *cx, void *arg) {
    happen(cx, arg);
    timer_set(cx, "thing.rung", 9, cx->now);
    return work_due(cx, false);
}

static void work_is_done_within_the_callers_change(void **state) {
    struct fixture *f = *state;
    struct happening what = {.kind = "thing.drawn", .subject = 1, .count = 1};
    assert_int_equal(do_write(f, happen_at_once, &what), OK);
    assert_int_equal(number(f, &seen_count), 4);
    assert_int_equal(number(f, &due_count), 0);
    assert_int_equal(number(f, &timer_count), 0);
}

static void timers_are_left_alone_unless_asked_for(void **state) {
    struct fixture *f = *state;
    struct happening what = {.kind = "thing.made", .subject = 1, .count = 60, .step = 1};
    assert_int_equal(do_write(f, happen_without_timers, &what), OK);
    assert_int_equal(number(f, &seen_count), 120);
    assert_int_equal(number(f, &timer_count), 1);
}

static void one_reaction_that_fails_fails_the_callers_change(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    add(f, "thing.rung", 2);
    struct happening what = {.kind = "thing.broken", .subject = 1, .count = 1};
    assert_int_equal(do_write(f, happen_at_once, &what), CONFLICT);
    assert_string_equal(f->errors.first->code, "cold");
    assert_int_equal(number(f, &seen_count), 0);
    assert_int_equal(number(f, &event_count), 1); /* the one from before, and it still waits */
    assert_int_equal(number(f, &due_count), 1);
    assert_int_equal(number(f, &timer_count), 0);
}

/* ------------------------------------------------------------------ several at once */

enum { SERVERS = 4 };

struct draining {
    struct fixture *f;
    pthread_barrier_t *line;
    enum status status;
};

static void *drain_beside(void *arg) {
    struct draining *draining = arg;
    struct worker_settings settings = {.databases = draining->f->databases};
    pthread_barrier_wait(draining->line);
    draining->status = worker_drain(&settings, draining->f->store, draining->f->now);
    return NULL;
}

/* As several servers on one database do: each reads what is due, and then does it. */
static void drain_together(struct fixture *f) {
    pthread_t threads[SERVERS];
    struct draining drainings[SERVERS];
    pthread_barrier_t line;
    pthread_barrier_init(&line, NULL, SERVERS);
    for (int i = 0; i < SERVERS; i++) {
        drainings[i] = (struct draining){.f = f, .line = &line};
        assert_int_equal(pthread_create(&threads[i], NULL, drain_beside, &drainings[i]), 0);
    }
    for (int i = 0; i < SERVERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(drainings[i].status, OK);
    }
    pthread_barrier_destroy(&line);
}

static void several_servers_react_once(void **state) {
    struct fixture *f = *state;
    int64_t bells = 60;
    add_all(f, (struct happening){"thing.made", NULL, 1000, 120, 1, false});
    assert_int_equal(do_write(f, ring_many, &bells), OK);
    f->now += MINUTE;
    drain_together(f);
    drain(f, 0);
    assert_int_equal(number(f, &seen_doubled), 0);
    assert_int_equal(number(f, &seen_count), 2 * 120 + bells);
}

static void several_servers_count_one_attempt(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    add_all(f, (struct happening){"thing.broken", NULL, 1, 20, 1, false});
    drain_together(f);
    static const struct sql most = {"due_attempts_most", "select max(attempts) from reaction_due",
                                    NULL};
    assert_int_equal(number(f, &due_count), 20);
    assert_int_equal(number(f, &most), 1);
    assert_int_equal(number(f, &due_at), f->now + 2 * SECOND);
}

/* ------------------------------------------------------------------ the worker's own thread */

/* Half of the worker's longest sleep: who was not woken is later. */
enum { SOON = 2500 };

static void an_event_is_reacted_to_soon_after_its_news(void **state) {
    struct fixture *f = *state;
    start(f);
    sleep_ms(100); /* it has gone to sleep */
    for (int i = 1; i <= 3; i++) {
        f->now = instant_now();
        add_all(f, (struct happening){"thing.made", NULL, i, 1, 0, true});
        assert_true(seen_within(f, 2 * i, SOON));
    }
    stop(f);
    assert_int_equal(number(f, &seen_count), 6);
    assert_int_equal(number(f, &due_count), 0);
}

static void a_worker_that_is_woken_looks_at_once(void **state) {
    struct fixture *f = *state;
    start(f);
    sleep_ms(100);
    f->now = instant_now();
    add(f, "thing.made", 1); /* nobody is told */
    worker_wake(f->worker, NULL);
    assert_true(seen_within(f, 2, SOON));
}

static void a_worker_fires_a_timer_in_time(void **state) {
    struct fixture *f = *state;
    start(f);
    f->now = instant_now();
    int64_t due = f->now + 400;
    set_bell(f, 1, due);
    worker_wake(f->worker, NULL);
    assert_true(seen_within(f, 1, SOON));
    assert_true(number(f, &seen_at) >= due);
}

static void what_was_due_while_nobody_worked_is_done_at_the_start(void **state) {
    struct fixture *f = *state;
    f->now = instant_now() - DAY;
    add(f, "thing.made", 1);
    set_bell(f, 2, f->now + HOUR);
    start(f);
    assert_true(seen_within(f, 3, SOON));
}

static void stopping_waits_for_no_sleep(void **state) {
    struct fixture *f = *state;
    start(f);
    sleep_ms(100);
    int64_t before = ms();
    stop(f);
    assert_true(ms() - before < 1000);
}

static void what_a_stop_leaves_undone_is_done_after_the_next_start(void **state) {
    struct fixture *f = *state;
    enum { PIECES = 120, AT_MOST = 35 };
    f->now = instant_now();
    add_all(f, (struct happening){"thing.dull", NULL, 1, PIECES, 1, false});
    for (int starts = 0; starts < 3; starts++) { /* each in the middle of its work */
        int calls = f->calls;
        start(f);
        int64_t until = ms() + 10 * SECOND;
        while (f->calls < calls + 3 && ms() < until)
            sleep_ms(1);
        stop(f);
        assert_true(f->calls >= calls + 3);
        assert_true(f->calls < calls + AT_MOST); /* it stopped after the one at hand */
        assert_int_equal(number(f, &seen_count), f->calls);
        assert_int_equal(number(f, &due_count), PIECES - f->calls);
    }
    start(f);
    assert_true(seen_within(f, PIECES, 20 * SECOND));
    stop(f);
    assert_int_equal(f->calls, PIECES);
    assert_int_equal(number(f, &seen_doubled), 0);
}

/* Its turn has not come before the failed one's has: there is nothing to look for meanwhile. */
static void what_waits_behind_a_failed_one_keeps_no_worker_busy(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    f->now = instant_now();
    add(f, "thing.broken", 1);
    drain(f, 0);
    drain(f, 2 * SECOND); /* the next attempt is four seconds after that */
    f->now = instant_now();
    add(f, "thing.rung", 1);
    start(f);
    sleep_ms(1500);
    stop(f);
    assert_true(f->rounds <= 2);
    assert_int_equal(f->calls, 2);
    assert_int_equal(number(f, &due_count), 2);
}

static void what_cannot_be_written_down_keeps_no_worker_busy(void **state) {
    struct fixture *f = *state;
    f->broken = true;
    f->now = instant_now();
    add(f, "thing.broken", 1);
    assert_int_equal(do_write(f, spoil, NULL), OK);
    start(f);
    while (f->calls == 0)
        sleep_ms(5);
    sleep_ms(700);
    stop(f);
    assert_in_range(f->rounds, 1, 2);
    assert_int_equal(f->calls, f->rounds);
}

static int64_t sweep(struct store *store, void *arg, int64_t now) {
    struct fixture *f = arg;
    assert_ptr_equal(store, f->store);
    return now + (atomic_fetch_add(&f->calls, 1) == 0 ? 200 : DAY);
}

static void a_chore_is_done_again_when_it_asks_and_when_woken(void **state) {
    struct fixture *f = *state;
    const struct chore chores[] = {{"sweep", sweep, f}, {NULL, NULL, NULL}};
    struct worker_settings settings = {.databases = f->databases, .chores = chores};
    struct worker *worker = worker_start(&settings);
    int64_t until = ms() + SOON;
    while (f->calls < 2 && ms() < until)
        sleep_ms(5);
    sleep_ms(300);
    assert_int_equal(f->calls, 2);
    worker_wake(worker, NULL);
    until = ms() + SOON;
    while (f->calls < 3 && ms() < until)
        sleep_ms(5);
    worker_stop(worker);
    assert_int_equal(f->calls, 3);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(a_reaction_happens_once_for_each_event),
        ON_BOTH(a_change_that_is_rolled_back_sets_nothing_off),
        ON_BOTH(an_event_that_nobody_waits_for_is_on_record),
        ON_BOTH(what_does_not_concern_a_reaction_is_never_stored),
        ON_SQLITE(the_data_of_an_event_is_read_by_its_members),
        ON_BOTH(what_a_reaction_sets_off_follows),
        ON_BOTH(many_events_of_one_subject_keep_their_order),
        ON_BOTH(a_reaction_that_fails_leaves_its_sentence_only),
        ON_BOTH(it_is_tried_again_after_a_wait_that_doubles_up_to_an_hour),
        ON_BOTH(what_is_behind_a_failed_one_waits_and_others_go_on),
        ON_BOTH(what_only_an_older_program_waited_for_is_dropped),
        ON_BOTH(draining_ends_when_nothing_more_can_be_done),
        ON_BOTH(a_timer_fires_once_at_its_instant),
        ON_BOTH(setting_a_timer_again_moves_it),
        ON_BOTH(a_cancelled_timer_never_fires),
        ON_BOTH(many_timers_of_one_instant_all_fire),
        ON_BOTH(work_is_done_within_the_callers_change),
        ON_BOTH(timers_are_left_alone_unless_asked_for),
        ON_BOTH(one_reaction_that_fails_fails_the_callers_change),
        ON_BOTH(several_servers_react_once),
        ON_BOTH(several_servers_count_one_attempt),
        ON_BOTH(an_event_is_reacted_to_soon_after_its_news),
        ON_BOTH(a_worker_that_is_woken_looks_at_once),
        ON_BOTH(a_worker_fires_a_timer_in_time),
        ON_BOTH(what_was_due_while_nobody_worked_is_done_at_the_start),
        ON_BOTH(stopping_waits_for_no_sleep),
        ON_BOTH(what_a_stop_leaves_undone_is_done_after_the_next_start),
        ON_BOTH(what_waits_behind_a_failed_one_keeps_no_worker_busy),
        ON_BOTH(what_cannot_be_written_down_keeps_no_worker_busy),
        ON_BOTH(a_chore_is_done_again_when_it_asks_and_when_woken),
    };
    return SCRATCH_RUN("work", rules);
}
