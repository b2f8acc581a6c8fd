/* A shop's tables out and in: the same on both engines, whole or not at all. */
#include "base/text.h"
#include "db/tables.h"

#include <stdio.h>

#include "scratch.h"

static const struct migration shelf[] = {
    {"0001_shelf",
     "create table piece (id @id, shelf @text not null references shelf (code), next @int"
     " references piece (id), note @text) @strict;"
     "create table ring (piece @int not null references piece (id), place @int not null,"
     " primary key (place, piece)) @strict;"
     "insert into shelf (code) values ('seed');"},
    {"0002_colour", "alter table piece add column colour @text not null default 'none';"},
    {NULL, NULL},
};
/* The table that is referred to comes first. */
static struct migration migrations[4];

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct database_settings settings;
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->errors.arena = arena_new();
    f->scratch = scratch_make(*state != NULL);
    migrations[0] =
        (struct migration){"0000_codes", "create table shelf (code @text primary key) @strict;"};
    memcpy(migrations + 1, shelf, sizeof shelf);
    f->settings = (struct database_settings){
        .data = f->scratch->folder, .url = f->scratch->url, .migrations = migrations};
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    scratch_drop(f->scratch);
    arena_free(f->arena);
    free(f);
    return 0;
}

struct filling {
    const char *shelf; /* of the pieces */
    bool fails;
};

static const struct table *named(const struct table *tables, int64_t count, const char *name) {
    for (int64_t i = 0; i < count; i++)
        if (strcmp(tables[i].name, name) == 0)
            return &tables[i];
    fail_msg("no table %s", name);
    return NULL;
}

static enum status fill(struct context *cx, void *arg) {
    const struct filling *filling = arg;
    struct table *tables;
    int64_t count = tables_list(cx, &tables);
    struct table_fill *one = table_fill_begin(cx, named(tables, count, "shelf"));
    table_fill_row(one, (struct param[]){T("top\t\\N\n")});
    assert_int_equal(table_fill_end(one), OK);
    one = table_fill_begin(cx, named(tables, count, "piece"));
    /* The first refers to one that comes later. */
    table_fill_row(one, (struct param[]){I(7), T(filling->shelf), I(9), T("")});
    table_fill_row(one, (struct param[]){I(9), T(filling->shelf), I(NONE), T(NULL)});
    assert_int_equal(table_fill_end(one), OK);
    return filling->fails ? error_add(cx->errors, INVALID, NULL, "no", "Not so.") : OK;
}

static const struct sql all = {"tables_test_all",
                               "select p.id, p.next, p.note, p.shelf, p.colour, "
                               "(select count(*) from shelf) from piece p order by p.id",
                               NULL};
static const struct sql add = {"tables_test_add",
                               "insert into piece (shelf) values ($1) returning id", NULL};

static enum status look(struct context *cx, void *arg) {
    (void)arg;
    struct rows *rows = db_rows(cx->db, &all, P0);
    assert_true(rows_next(rows));
    assert_int_equal(row_int(rows, 0), 7);
    assert_int_equal(row_int(rows, 1), 9);
    assert_string_equal(row_text(rows, 2), ""); /* which is not null */
    assert_string_equal(row_text(rows, 3), "top\t\\N\n");
    assert_string_equal(row_text(rows, 4), "none"); /* the later migration ran */
    assert_int_equal(row_int(rows, 5), 1);          /* what a migration put there is gone */
    assert_true(rows_next(rows));
    assert_null(row_text(rows, 2));
    assert_false(rows_next(rows));
    assert_int_equal(db_insert(cx->db, &add, P(T("top\t\\N\n"))), 10);
    return OK;
}

static struct databases *open_all(struct fixture *f) {
    struct databases *databases = databases_open(&f->settings, &f->errors);
    if (databases == NULL)
        print_error("%s\n", f->errors.first->sentence);
    assert_non_null(databases);
    return databases;
}

static void an_older_shop_is_made_and_brought_up_to_date(void **state) {
    struct fixture *f = *state;
    struct filling filling = {.shelf = "top\t\\N\n"};
    assert_int_equal(store_make(&f->settings, "main", "0001_shelf", fill, &filling, &f->errors),
                     OK);
    struct databases *databases = open_all(f);
    struct context cx = {.arena = f->arena, .errors = &f->errors, .now = 1};
    assert_int_equal(store_write(databases_default(databases), &cx, look, NULL), OK);
    databases_close(databases);
}

static void nothing_is_made_of_what_does_not_fit(void **state) {
    struct fixture *f = *state;
    struct filling filling = {.shelf = "nowhere"};
    assert_true(store_make(&f->settings, "main", "0001_shelf", fill, &filling, &f->errors) != OK);
    errors_clear(&f->errors);
    filling = (struct filling){.shelf = "top\t\\N\n", .fails = true};
    assert_int_equal(store_make(&f->settings, "main", "0001_shelf", fill, &filling, &f->errors),
                     INVALID);
    assert_string_equal(f->errors.first->code, "no");
    errors_clear(&f->errors);
    assert_int_equal(store_make(&f->settings, "main", "0003_later", fill, &filling, &f->errors),
                     INVALID);
    assert_string_equal(f->errors.first->code, "newer_schema");
    errors_clear(&f->errors);
    /* Then a good one is made in the same place. */
    filling.fails = false;
    assert_int_equal(store_make(&f->settings, "main", "0001_shelf", fill, &filling, &f->errors),
                     OK);
}

static enum status order(struct context *cx, void *arg) {
    struct table *tables;
    assert_int_equal(tables_list(cx, &tables), 3);
    assert_string_equal(tables[0].name, "shelf");
    assert_string_equal(tables[1].name, "piece");
    assert_string_equal(tables[2].name, "ring");
    assert_string_equal(tables[2].order, "\"place\", \"piece\"");
    assert_int_equal(tables[1].column_count, 5);
    assert_string_equal(tables[1].columns[4].name, "colour");
    assert_true(tables[1].columns[4].required && !tables[1].columns[4].number);
    assert_true(tables[1].columns[0].number && !tables[1].columns[3].required);
    assert_string_equal(tables_schema(cx), "0002_colour");
    (void)arg;
    return OK;
}

static void what_is_referred_to_comes_first(void **state) {
    struct fixture *f = *state;
    struct databases *databases = open_all(f);
    struct context cx = {.arena = f->arena, .errors = &f->errors, .now = 1};
    assert_int_equal(store_read(databases_default(databases), &cx, order, NULL), OK);
    databases_close(databases);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(an_older_shop_is_made_and_brought_up_to_date),
        ON_BOTH(nothing_is_made_of_what_does_not_fit),
        ON_BOTH(what_is_referred_to_comes_first),
    };
    return SCRATCH_RUN("tables", rules);
}
