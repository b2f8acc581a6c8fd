/* Every rule here holds on SQLite and, when BENCHPIN_TEST_POSTGRES names a server, on PostgreSQL.
 */
#include "base/text.h"
#include "db/db.h"
#include "schema/schema.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

static const struct migration notes[] = {
    {"0001_note",
     "create table note (id @id, text @text not null unique, size @int check (size >= 0),"
     " bytes @blob) @strict;"},
    {NULL, NULL},
};
static const struct migration notes_later[] = {
    {"0001_note", "select 'never run again'"},
    {"0002_more", "create table more (id @id) @strict;"},
    {NULL, NULL},
};

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    struct store *store;
    int heard;
    pthread_mutex_t lock;
};

static void heard(void *arg, struct store *store, const char *topic, int64_t id) {
    struct fixture *f = arg;
    (void)store;
    pthread_mutex_lock(&f->lock);
    if (strcmp(topic, "note") == 0 && id == 7)
        f->heard++;
    pthread_mutex_unlock(&f->lock);
}

static struct databases *open_with(struct fixture *f, const struct migration *migrations) {
    struct database_settings settings = {.data = f->scratch->folder,
                                         .url = f->scratch->url,
                                         .migrations = migrations,
                                         .heard = heard,
                                         .heard_arg = f};
    errors_clear(&f->errors);
    return databases_open(&settings, &f->errors);
}

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new();
    f->errors.arena = f->arena;
    pthread_mutex_init(&f->lock, NULL);
    f->scratch = scratch_make(*state != NULL);
    f->databases = open_with(f, notes);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    databases_close(f->databases);
    scratch_drop(f->scratch);
    arena_free(f->arena);
    pthread_mutex_destroy(&f->lock);
    free(f);
    return 0;
}

static struct context context_of(struct fixture *f) {
    return (struct context){.arena = f->arena, .errors = &f->errors, .store = f->store, .now = 1};
}

static const struct sql add = {"note_add",
                               "insert into note (text, size) values ($1, $2) returning id", NULL};
static const struct sql count = {"note_count", "select count(*) from note", NULL};
static const struct sql in_order = {"note_order", "select text from note order by text", NULL};

static enum status add_note(struct context *cx, void *arg) {
    db_insert(cx->db, &add, P(T(arg), I(1)));
    context_tell(cx, "note", 7);
    return OK;
}

static enum status add_then_refuse(struct context *cx, void *arg) {
    add_note(cx, arg);
    return error_add(cx->errors, INVALID, "text", "refused", "Not this one.");
}

static enum status add_negative(struct context *cx, void *arg) {
    db_insert(cx->db, &add, P(T(arg), I(-1)));
    return OK;
}

static enum status count_notes(struct context *cx, void *arg) {
    *(int64_t *)arg = db_int(cx->db, &count, P0);
    return OK;
}

static int64_t notes_in(struct fixture *f) {
    struct context cx = context_of(f);
    int64_t n = -1;
    assert_int_equal(store_read(f->store, &cx, count_notes, &n), OK);
    return n;
}

static void a_written_note_is_read_back(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, add_note, "first"), OK);
    assert_int_equal(notes_in(f), 1);
}

/* The second parameter stands first. */
static const struct sql add_backwards = {
    "note_add_backwards", "insert into note (size, text) values ($2, $1) returning size", NULL};

static enum status add_note_backwards(struct context *cx, void *arg) {
    assert_int_equal(db_int(cx->db, &add_backwards, P(T(arg), I(5))), 5);
    return OK;
}

static const struct sql add_new = {
    "note_add_new",
    "insert into note (text, size) values ($1, 1) on conflict (text) do nothing returning id",
    NULL};
static const struct sql id_of = {"note_id", "select id from note where text = $1", NULL};

static enum status add_new_notes(struct context *cx, void *arg) {
    int64_t first = db_insert(cx->db, &add_new, P(T("first")));
    int64_t second = db_insert(cx->db, &add_new, P(T("second")));
    assert_int_equal(first, db_int(cx->db, &id_of, P(T("first"))));
    assert_int_equal(second, db_int(cx->db, &id_of, P(T("second"))));
    assert_int_equal(db_insert(cx->db, &add_new, P(T("first"))), NONE);
    return OK;
}

static void an_insert_gives_the_new_rows_id_or_none(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, add_new_notes, NULL), OK);
    assert_int_equal(notes_in(f), 2);
}

static void a_parameter_is_known_by_its_number(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, add_note_backwards, "words"), OK);
    assert_int_equal(notes_in(f), 1);
}

static void a_refused_closure_changes_nothing(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, add_then_refuse, "refused"), INVALID);
    assert_string_equal(f->errors.first->field, "text");
    assert_int_equal(notes_in(f), 0);
}

static void a_broken_rule_of_the_database_fails_the_whole_write(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, add_negative, "less than nothing"), FAILED);
    assert_int_equal(store_write(f->store, &cx, add_note, "afterwards"), OK);
    assert_int_equal(notes_in(f), 1);
}

static void news_is_told_after_the_commit_only(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    store_write(f->store, &cx, add_then_refuse, "refused");
    store_write(f->store, &cx, add_note, "kept");
    for (int tries = 0; tries < 300; tries++) {
        pthread_mutex_lock(&f->lock);
        int so_far = f->heard;
        pthread_mutex_unlock(&f->lock);
        if (so_far > 0)
            break;
        usleep(10000);
    }
    pthread_mutex_lock(&f->lock);
    assert_int_equal(f->heard, 1);
    pthread_mutex_unlock(&f->lock);
}

struct hammer {
    struct fixture *f;
    int number, good, bad;
};

static void *hammer(void *arg) {
    struct hammer *h = arg;
    for (int i = 0; i < 100; i++) {
        struct arena *arena = arena_new();
        struct errors errors = {.arena = arena};
        struct context cx = {.arena = arena, .errors = &errors, .store = h->f->store, .now = 1};
        char *text = arena_printf(arena, "%d-%d", h->number, i);
        closure work = i % 10 == 3 ? add_then_refuse : i % 10 == 7 ? add_negative : add_note;
        if (store_write(h->f->store, &cx, work, text) == OK)
            h->good++;
        else
            h->bad++;
        arena_free(arena);
    }
    return NULL;
}

static void many_writers_lose_and_double_nothing(void **state) {
    struct fixture *f = *state;
    enum { THREADS = 8 };
    struct hammer hammers[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        hammers[i] = (struct hammer){.f = f, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, &hammers[i]), 0);
    }
    int good = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        good += hammers[i].good;
        assert_int_equal(hammers[i].bad, 20);
    }
    assert_int_equal(good, THREADS * 80);
    assert_int_equal(notes_in(f), good);
}

static enum status first_text(struct context *cx, void *arg) {
    struct rows *rows = db_rows(cx->db, &in_order, P0);
    *(const char **)arg = rows_next(rows) ? row_text(rows, 0) : NULL;
    rows_end(rows);
    return OK;
}

static void texts_sort_by_their_bytes(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    const char *texts[] = {"apple", "Zebra", "Äpfel"}, *first = NULL;
    for (int i = 0; i < 3; i++)
        assert_int_equal(store_write(f->store, &cx, add_note, (void *)texts[i]), OK);
    assert_int_equal(store_read(f->store, &cx, first_text, &first), OK);
    assert_string_equal(first, "Zebra");
}

static void a_snapshot_does_not_see_later_writes(void **state) {
    struct fixture *f = *state;
    struct context reader = context_of(f), writer = context_of(f);
    assert_int_equal(store_read_begin(f->store, &reader), OK);
    assert_int_equal(db_int(reader.db, &count, P0), 0);
    assert_int_equal(store_write(f->store, &writer, add_note, "later"), OK);
    assert_int_equal(db_int(reader.db, &count, P0), 0);
    store_read_end(f->store, &reader);
    assert_int_equal(notes_in(f), 1);
}

static void a_second_opening_of_the_folder_is_refused(void **state) {
    struct fixture *f = *state;
    assert_null(open_with(f, notes));
    assert_string_equal(f->errors.first->code, "in_use");
}

static void migrations_run_once_and_only_forward(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, add_note, "stays"), OK);
    databases_close(f->databases);
    f->databases = open_with(f, notes_later);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    assert_int_equal(notes_in(f), 1);
    databases_close(f->databases);
    f->databases = open_with(f, notes);
    assert_null(f->databases);
    assert_string_equal(f->errors.first->code, "newer_database");
}

static void a_backup_restores_what_was_there(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    char *path = arena_printf(f->arena, "%s/copy", f->scratch->folder);
    assert_int_equal(store_write(f->store, &cx, add_note, "tab\there, \\ and\nline"), OK);
    assert_int_equal(store_backup(f->store, path, &f->errors), OK);
    assert_int_equal(store_write(f->store, &cx, add_note, "lost again"), OK);
    assert_int_equal(store_restore(f->store, path, &f->errors), OK);
    assert_int_equal(notes_in(f), 1);
    assert_int_equal(store_write(f->store, &cx, add_note, "new ids do not clash"), OK);
    const char *first = NULL;
    assert_int_equal(store_read(f->store, &cx, first_text, &first), OK);
    assert_string_equal(first, "new ids do not clash");
}

static void the_whole_schema_is_accepted(void **state) {
    struct fixture *f = *state;
    databases_close(f->databases);
    bool postgres = f->scratch->url != NULL;
    scratch_drop(f->scratch); /* the notes are in the way */
    f->scratch = scratch_make(postgres);
    struct database_settings settings = {
        .data = f->scratch->folder, .url = f->scratch->url, .migrations = schema_migrations};
    errors_clear(&f->errors);
    f->databases = databases_open(&settings, &f->errors);
    if (f->databases == NULL)
        print_error("%s\n", f->errors.first->sentence);
    assert_non_null(f->databases);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(a_written_note_is_read_back),
        ON_BOTH(an_insert_gives_the_new_rows_id_or_none),
        ON_BOTH(a_parameter_is_known_by_its_number),
        ON_BOTH(a_refused_closure_changes_nothing),
        ON_BOTH(a_broken_rule_of_the_database_fails_the_whole_write),
        ON_BOTH(news_is_told_after_the_commit_only),
        ON_BOTH(many_writers_lose_and_double_nothing),
        ON_BOTH(texts_sort_by_their_bytes),
        ON_BOTH(a_snapshot_does_not_see_later_writes),
        ON_BOTH(a_second_opening_of_the_folder_is_refused),
        ON_BOTH(migrations_run_once_and_only_forward),
        ON_BOTH(a_backup_restores_what_was_there),
        ON_BOTH(the_whole_schema_is_accepted),
    };
    return SCRATCH_RUN("db", rules);
}
