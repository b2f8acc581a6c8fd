/* Several shops: found by host, opened when needed, shut again, apart from each other. On SQLite
 * and, when BENCHPIN_TEST_POSTGRES names a server, on PostgreSQL. */
#include "base/day.h"
#include "db/db.h"
#include "db/registry.h"
#include "schema/schema.h"
#include "work/work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "scratch.h"

static const struct migration notes[] = {
    {"0001_note", "create table note (id @id, text @text not null) @strict;"},
    {"0002_timer",
     "create table timer (kind @text not null, subject @int not null, due @int not null,"
     " primary key (kind, subject)) @strict;"},
    {NULL, NULL},
};

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    struct registry *registry; /* another's: of a command beside the server */
};

static void open_all(struct fixture *f) {
    f->databases = databases_open(&(struct database_settings){.data = f->scratch->folder,
                                                              .url = f->scratch->url,
                                                              .migrations = notes},
                                  &f->errors);
    if (f->databases == NULL)
        print_error("%s\n", f->errors.first->sentence);
    assert_non_null(f->databases);
}

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->errors.arena = arena_new();
    f->scratch = scratch_make(*state != NULL);
    open_all(f);
    f->registry = registry_open(f->scratch->folder, f->scratch->url, false, &f->errors);
    assert_non_null(f->registry);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    registry_close(f->registry);
    databases_close(f->databases);
    scratch_drop(f->scratch);
    arena_free(f->arena);
    free(f);
    return 0;
}

static void add(struct fixture *f, const char *name, const char *host) {
    errors_clear(&f->errors);
    assert_int_equal(registry_add(f->registry, name, host, NULL, instant_now(), &f->errors), OK);
    databases_refresh(f->databases);
}

/* The name of the shop at this host; NULL: none. */
static const char *at(struct fixture *f, const char *host) {
    struct store *store;
    enum status status = databases_find(f->databases, host, &store);
    if (status != OK) {
        assert_int_equal(status, MISSING);
        assert_null(store);
        return NULL;
    }
    const char *name = store_name(store);
    store_give_back(store);
    return name;
}

static void a_shop_that_is_alone_answers_at_every_host(void **state) {
    struct fixture *f = *state;
    assert_string_equal(at(f, "whatever.example"), "main");
    assert_string_equal(at(f, "127.0.0.1:8080"), "main");
    assert_string_equal(at(f, NULL), "main");
    assert_string_equal(at(f, "not a host"), "main");
}

static void beside_others_it_answers_where_no_strangers_name_leads(void **state) {
    struct fixture *f = *state;
    databases_serve_at(f->databases, "https://Own.Example");
    add(f, "second", "second.example");
    assert_string_equal(at(f, "127.0.0.1:8080"), "main");
    assert_string_equal(at(f, "localhost"), "main");
    assert_string_equal(at(f, "[::1]:8080"), "main");
    assert_string_equal(at(f, "own.example"), "main");
    assert_null(at(f, "whatever.example"));
    assert_null(at(f, NULL));
    assert_null(at(f, "not a host"));
}

static void one_that_names_its_hosts_answers_at_these_only(void **state) {
    struct fixture *f = *state;
    assert_int_equal(registry_host_add(f->registry, "main", "main.example", &f->errors), OK);
    databases_refresh(f->databases);
    assert_string_equal(at(f, "main.example"), "main");
    assert_null(at(f, "rebound.example"));
    assert_null(at(f, "127.0.0.1"));
}

static void a_host_is_found_in_any_spelling(void **state) {
    struct fixture *f = *state;
    add(f, "second", "Bücher.Example.");
    assert_string_equal(at(f, "xn--bcher-kva.example"), "second");
    assert_string_equal(at(f, "XN--BCHER-KVA.example.:8080"), "second");
    assert_string_equal(at(f, "bücher.example"), "second");
    assert_null(at(f, "bucher.example"));
    assert_null(at(f, "x.xn--bcher-kva.example"));
}

static void a_new_shop_is_found_without_being_told(void **state) {
    struct fixture *f = *state;
    add(f, "second", "second.example");
    assert_int_equal(
        registry_add(f->registry, "third", "third.example", NULL, instant_now(), &f->errors), OK);
    usleep(150 * 1000);
    assert_string_equal(at(f, "third.example"), "third");
}

static void an_archived_one_is_gone_and_comes_back(void **state) {
    struct fixture *f = *state;
    add(f, "second", "second.example");
    assert_string_equal(at(f, "second.example"), "second");
    assert_int_equal(registry_archive(f->registry, "second", instant_now(), &f->errors), OK);
    databases_refresh(f->databases);
    assert_null(at(f, "second.example")); /* and main does not stand in for it */
    assert_null(databases_named(f->databases, "second", &f->errors));
    for (struct store *store = NULL; (store = databases_next(f->databases, store)) != NULL;)
        assert_string_equal(store_name(store), "main");
    assert_int_equal(registry_restore(f->registry, "second", "again.example", &f->errors), OK);
    databases_refresh(f->databases);
    assert_string_equal(at(f, "again.example"), "second");
}

static void refused(struct fixture *f, enum status status, const char *code) {
    assert_true(status != OK);
    assert_string_equal(f->errors.first->code, code);
    errors_clear(&f->errors);
}

static void the_registry_says_what_is_wrong(void **state) {
    struct fixture *f = *state;
    struct registry *r = f->registry;
    struct errors *e = &f->errors;
    add(f, "second", "second.example");
    refused(f, registry_add(r, "second", "x.example", NULL, 1, e), "name_taken");
    refused(f, registry_add(r, "third", "SECOND.example:80", NULL, 1, e), "host_taken");
    refused(f, registry_add(r, "Third", "third.example", NULL, 1, e), "bad_name");
    refused(f, registry_add(r, "../x", "third.example", NULL, 1, e), "bad_name");
    refused(f, registry_add(r, "third", "no host", NULL, 1, e), "bad_host");
    refused(f, registry_add(r, "third", "third.example", "third.example", 1, e), "bad_url");
    refused(f, registry_host_add(r, "none", "x.example", e), "unknown_shop");
    refused(f, registry_host_add(r, "main", "second.example", e), "host_taken");
    refused(f, registry_host_remove(r, "second", "x.example", e), "unknown_host");
    refused(f, registry_host_remove(r, "second", "second.example", e), "last_host");
    refused(f, registry_restore(r, "second", "x.example", e), "not_archived");
    assert_int_equal(registry_archive(r, "second", 5, e), OK);
    refused(f, registry_archive(r, "second", 5, e), "archived");
    refused(f, registry_add(r, "second", "x.example", NULL, 1, e), "archived");
    struct registered *shops;
    assert_int_equal(registry_read(r, f->arena, &shops), 2);
    assert_string_equal(shops[1].name, "second");
    assert_int_equal(shops[1].host_count, 0);
    assert_int_equal(shops[0].host_count, 0);
}

static const struct sql note_add = {"shops_note_add", "insert into note (text) values ($1)", NULL};
static const struct sql note_first = {"shops_note_first", "select min(text) from note", NULL};

static enum status write_note(struct context *cx, void *arg) {
    db_run(cx->db, &note_add, P(T(arg)));
    return OK;
}

static enum status read_note(struct context *cx, void *arg) {
    *(const char **)arg = db_text(cx->db, &note_first, P0);
    return OK;
}

static void write_in(struct fixture *f, const char *host, char *text) {
    struct store *store;
    assert_int_equal(databases_find(f->databases, host, &store), OK);
    struct context cx = {.arena = f->arena, .errors = &f->errors, .now = 1};
    assert_int_equal(store_write(store, &cx, write_note, text), OK);
    store_give_back(store);
}

static const char *read_in(struct fixture *f, const char *host) {
    struct store *store;
    const char *text = NULL;
    assert_int_equal(databases_find(f->databases, host, &store), OK);
    struct context cx = {.arena = f->arena, .errors = &f->errors, .now = 1};
    assert_int_equal(store_read(store, &cx, read_note, &text), OK);
    store_give_back(store);
    return text;
}

static void at_most_64_are_open_and_what_is_shut_is_found_again(void **state) {
    struct fixture *f = *state;
    enum { SHOPS = 70 };
    for (int i = 0; i < SHOPS; i++) {
        const char *name = arena_printf(f->arena, "shop%d", i);
        assert_int_equal(registry_add(f->registry, name, arena_printf(f->arena, "%s.example", name),
                                      NULL, i + 1, &f->errors),
                         OK);
    }
    databases_refresh(f->databases);
    for (int i = 0; i < SHOPS; i++)
        write_in(f, arena_printf(f->arena, "shop%d.example", i),
                 arena_printf(f->arena, "of %d", i));
    int open = 0;
    for (struct store *store = NULL; (store = databases_next(f->databases, store)) != NULL;)
        open += store_is_open(store);
    assert_int_equal(open, 64);
    assert_true(store_is_open(databases_default(f->databases))); /* it is held */
    for (int i = 0; i < SHOPS; i++)
        assert_string_equal(read_in(f, arena_printf(f->arena, "shop%d.example", i)),
                            arena_printf(f->arena, "of %d", i));
}

/* What stands in its way differs by engine: a newer program's mark does on both. */
static const struct sql newer = {"shops_newer",
                                 "insert into migration (name, at) values ('9999_newer', 1)", NULL};

static enum status spoil(struct context *cx, void *arg) {
    (void)arg;
    db_run(cx->db, &newer, P0);
    return OK;
}

static void one_that_cannot_be_opened_is_no_other_shops_trouble(void **state) {
    struct fixture *f = *state;
    add(f, "second", "second.example");
    struct store *store;
    assert_int_equal(databases_find(f->databases, "second.example", &store), OK);
    struct context cx = {.arena = f->arena, .errors = &f->errors, .now = 1};
    assert_int_equal(store_write(store, &cx, spoil, NULL), OK);
    store_give_back(store);
    databases_close(f->databases);
    open_all(f);
    assert_int_equal(databases_find(f->databases, "second.example", &store), UNAVAILABLE);
    assert_null(store);
    assert_string_equal(at(f, "127.0.0.1"), "main");
}

static void links_carry_the_shops_own_host(void **state) {
    struct fixture *f = *state;
    struct store *main = databases_default(f->databases);
    databases_serve_at(f->databases, "http://127.0.0.1:8080");
    assert_string_equal(store_url(main, f->arena), "http://127.0.0.1:8080");
    add(f, "second", "second.example");
    assert_int_equal(registry_host_add(f->registry, "second", "www.second.example", &f->errors),
                     OK);
    databases_refresh(f->databases);
    struct store *second = databases_next(f->databases, main);
    assert_string_equal(store_url(second, f->arena), "http://second.example:8080");
    databases_serve_at(f->databases, "https://main.example");
    assert_string_equal(store_url(second, f->arena), "https://second.example");
    assert_string_equal(store_url(main, f->arena), "https://main.example");
    databases_serve_at(f->databases, "https://www.second.example");
    assert_string_equal(store_url(second, f->arena), "https://www.second.example");
    assert_int_equal(
        registry_set_url(f->registry, "second", "https://desk.second.example/", &f->errors), OK);
    databases_refresh(f->databases);
    assert_string_equal(store_url(second, f->arena), "https://desk.second.example");
}

/* ------------------------------------------------------------------ background work */

struct busy {
    atomic_int first, second;
    atomic_bool release;
};

static void nap(void) {
    nanosleep(&(struct timespec){.tv_nsec = 2 * 1000 * 1000}, NULL);
}

/* A mail server that does not answer, in one shop. */
static int64_t deliver(struct store *store, void *arg, int64_t now) {
    struct busy *busy = arg;
    (void)now;
    if (strcmp(store_name(store), "main") == 0) {
        busy->first++;
        while (!busy->release)
            nap();
    } else {
        busy->second++;
    }
    return INT64_MAX;
}

static bool soon(const atomic_int *count, int least) {
    for (int i = 0; i < 2000 && *count < least; i++)
        nap();
    return *count >= least;
}

static void slow_work_of_one_shop_holds_no_other_up(void **state) {
    struct fixture *f = *state;
    add(f, "second", "second.example");
    struct busy busy = {.release = false};
    const struct chore chores[] = {{"deliver", deliver, &busy}, {0}};
    struct worker *worker =
        worker_start(&(struct worker_settings){.databases = f->databases, .chores = chores});
    assert_true(soon(&busy.first, 1));
    assert_true(soon(&busy.second, 1));
    int before = busy.second;
    worker_wake(worker, databases_next(f->databases, databases_default(f->databases)));
    assert_true(soon(&busy.second, before + 1));
    assert_int_equal(busy.first, 1); /* by one thread at a time */
    busy.release = true;
    worker_stop(worker);
}

static int64_t ask_later(struct store *store, void *arg, int64_t now) {
    struct busy *busy = arg;
    if (strcmp(store_name(store), "main") == 0)
        return INT64_MAX;
    return busy->second++ == 0 ? now + 700 : INT64_MAX;
}

static bool never(struct context *cx) {
    (void)cx;
    return false; /* no events here: the chore is what is looked at */
}

static void a_shop_that_was_shut_is_opened_when_its_work_is_due(void **state) {
    struct fixture *f = *state;
    add(f, "second", "second.example");
    struct busy busy = {.release = false};
    const struct chore chores[] = {{"later", ask_later, &busy}, {0}};
    struct worker_settings settings = {
        .databases = f->databases, .chores = chores, .prepare = never};
    struct worker *worker = worker_start(&settings);
    assert_true(soon(&busy.second, 1));
    worker_stop(worker);
    /* The server ends, and another begins: the registry knows when to look. */
    databases_close(f->databases);
    open_all(f);
    struct registered *shops;
    assert_int_equal(registry_read(f->registry, f->arena, &shops), 2);
    assert_true(shops[1].due > instant_now() - 1000);
    assert_true(shops[1].due < instant_now() + 1000);
    settings.databases = f->databases;
    worker = worker_start(&settings);
    struct store *second = databases_next(f->databases, databases_default(f->databases));
    assert_false(store_is_open(second));
    assert_true(soon(&busy.second, 2));
    worker_stop(worker);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(a_shop_that_is_alone_answers_at_every_host),
        ON_BOTH(beside_others_it_answers_where_no_strangers_name_leads),
        ON_BOTH(one_that_names_its_hosts_answers_at_these_only),
        ON_BOTH(a_host_is_found_in_any_spelling),
        ON_BOTH(a_new_shop_is_found_without_being_told),
        ON_BOTH(an_archived_one_is_gone_and_comes_back),
        ON_BOTH(the_registry_says_what_is_wrong),
        ON_BOTH(at_most_64_are_open_and_what_is_shut_is_found_again),
        ON_BOTH(one_that_cannot_be_opened_is_no_other_shops_trouble),
        ON_BOTH(links_carry_the_shops_own_host),
        ON_BOTH(slow_work_of_one_shop_holds_no_other_up),
        ON_BOTH(a_shop_that_was_shut_is_opened_when_its_work_is_due),
    };
    return SCRATCH_RUN("shops", rules);
}
