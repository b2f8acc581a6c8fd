/* What a test of the database leaves no trace of, and the choice of the engines it runs on.
 *
 * A folder of its own in $TMPDIR or /tmp and, for PostgreSQL, a database of its own on the server
 * that BENCHPIN_TEST_POSTGRES names. Both are called after the program, the database after its
 * process too, so that several may run on one server. A test says
 *
 *     static int set_up(void **state) {
 *         …
 *         f->scratch = scratch_make(*state != NULL);
 *
 *     int main(void) {
 *         const struct CMUnitTest rules[] = {ON_BOTH(a_rule), ON_BOTH(another)};
 *         return SCRATCH_RUN("room", rules);
 *     }
 *
 * and gives what it got to scratch_drop() in its tear_down(), once the databases are closed. It is
 * included last: cmocka's fail() is a macro, and a function of http/http.h is called so too. */
#pragma once

#include "base/arena.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

struct scratch {
    struct arena *arena; /* its own */
    char *folder;
    char *url; /* NULL: SQLite in the folder */
};

/* Drops the test's database, which an earlier rule may have left behind, and makes it again or not.
 * Its address: the server's, parameters and all, but for the name. */
static inline char *scratch_database(struct arena *arena, bool make) {
    const char *server = getenv("BENCHPIN_TEST_POSTGRES");
    char *name = arena_printf(arena, "%s_%d", program_invocation_short_name, (int)getpid());
    PGconn *pg = PQconnectdb(server);
    assert_int_equal(PQstatus(pg), CONNECTION_OK);
    const char *steps[] = {
        "set client_min_messages to warning", /* it is no news that it does not exist */
        arena_printf(arena, "drop database if exists \"%s\" with (force)", name),
        make ? arena_printf(arena, "create database \"%s\"", name) : NULL,
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps && steps[i] != NULL; i++) {
        PGresult *done = PQexec(pg, steps[i]);
        assert_int_equal(PQresultStatus(done), PGRES_COMMAND_OK);
        PQclear(done);
    }
    PQfinish(pg);
    const char *query = strchrnul(server, '?'); /* may hold slashes: the folder of a socket */
    const char *slash = memrchr(server, '/', (size_t)(query - server));
    return arena_printf(arena, "%.*s/%s%s", (int)(slash - server), server, name, query);
}

static inline struct scratch *scratch_make(bool postgres) {
    struct arena *arena = arena_new();
    struct scratch *scratch = ARENA_NEW(arena, struct scratch);
    const char *place = getenv("TMPDIR");
    scratch->arena = arena;
    scratch->folder = arena_printf(arena, "%s/%s-XXXXXX", place != NULL ? place : "/tmp",
                                   program_invocation_short_name);
    assert_non_null(mkdtemp(scratch->folder));
    if (postgres)
        scratch->url = scratch_database(arena, true);
    return scratch;
}

static inline void scratch_drop(struct scratch *scratch) {
    struct arena *arena = scratch->arena;
    if (scratch->url != NULL)
        scratch_database(arena, false);
    assert_int_equal(system(arena_printf(arena, "rm -rf -- '%s'", scratch->folder)), 0);
    arena_free(arena);
}

/* A rule on one engine or on both. The set_up() and tear_down() are those of the test that says
 * this; *state is NULL before set_up() on SQLite only. */
#define ON_SQLITE(rule)                                                                            \
    { #rule " (sqlite)", rule, set_up, tear_down, NULL }
#define ON_POSTGRES(rule)                                                                          \
    { #rule " (postgres)", rule, set_up, tear_down, "postgres" }
#define ON_BOTH(rule) ON_SQLITE(rule), ON_POSTGRES(rule)

/* Runs the rules; without BENCHPIN_TEST_POSTGRES those on SQLite alone. For main() to return. */
#define SCRATCH_RUN(name, rules) scratch_run((name), (rules), sizeof(rules) / sizeof *(rules))

static inline int scratch_run(const char *name, const struct CMUnitTest *rules, size_t count) {
    bool both = getenv("BENCHPIN_TEST_POSTGRES") != NULL;
    struct CMUnitTest *chosen = calloc(count, sizeof *chosen);
    if (chosen == NULL)
        abort();
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (both || rules[i].initial_state == NULL)
            chosen[kept++] = rules[i];
    char *group = NULL;
    if (asprintf(&group, "%s%s", name, both ? "" : " on SQLite") < 0)
        abort();
    int failed = _cmocka_run_group_tests(group, chosen, kept, NULL, NULL);
    free(group);
    free(chosen);
    return failed;
}
