/* Backups: made by the clock, kept by the plan, tried by a drill. */
#include "backup/backup.h"
#include "media/files.h"
#include "schema/schema.h"
#include "shops/shop.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scratch.h"

static const struct actor program = {.name = "Benchpin", .role = "program"};

/* 2026-11-17 12:00 in London, where the shop is. */
static const int64_t NOON = INT64_C(1794916800000);

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    struct store *store;
    struct backup_plan plan;
    const char *to;
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new();
    f->errors.arena = f->arena;
    f->scratch = scratch_make(*state != NULL);
    struct database_settings settings = {.data =
                                             arena_printf(f->arena, "%s/data", f->scratch->folder),
                                         .url = f->scratch->url,
                                         .migrations = schema_migrations};
    f->databases = databases_open(&settings, &f->errors);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    f->to = arena_printf(f->arena, "%s/backups", f->scratch->folder);
    f->plan = (struct backup_plan){.to = f->to,
                                   .minute = 180,
                                   .days = 2,
                                   .weeks = 2,
                                   .months = 2,
                                   .database_url = f->scratch->url};
    struct context cx = {.arena = f->arena,
                         .errors = &f->errors,
                         .store = f->store,
                         .actor = &program,
                         .now = NOON - 40 * DAY};
    shop_prepare(&cx);
    struct set_up shop;
    record_clear(&set_up_record, &shop);
    shop.name = "Hartwell";
    shop.country = "GB";
    shop.currency = "GBP";
    shop.zone = "Europe/London";
    shop.owner = "Imogen";
    shop.email = "imogen@example.com";
    shop.password = "morning-light-42";
    assert_int_equal(shop_set_up(&cx, &shop), OK);
    assert_int_equal(files_prepare(store_files(f->store), &f->errors), OK);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    databases_close(f->databases);
    scratch_drop(f->scratch);
    arena_free(f->arena);
    free(f);
    return 0;
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static const char *keep_picture(struct fixture *f, const char *bytes) {
    const char *id = files_id_new(f->arena);
    write_file(files_draft(store_files(f->store), id, FILE_ORIGINAL, f->arena), bytes);
    assert_int_equal(files_keep(store_files(f->store), id, &f->errors), OK);
    return id;
}

static const char *backed_up(struct fixture *f, const char *name, const char *before) {
    const char *folder = arena_printf(f->arena, "%s/%s", f->scratch->folder, name);
    assert_int_equal(backup_make(f->store, folder, before, NULL, &f->errors), OK);
    return folder;
}

static enum status drill(struct fixture *f, const char *folder) {
    errors_clear(&f->errors);
    return backup_drill(folder, arena_printf(f->arena, "%s/drill", f->scratch->folder),
                        f->scratch->url, &f->errors);
}

static int64_t newest(struct fixture *f, struct backup **backups) {
    return backup_list(&f->plan, store_name(f->store), f->arena, backups);
}

/* ------------------------------------------------------------------ rules without a shop */

static void a_plan_is_a_time_and_three_numbers(void **state) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct backup_plan plan = {0};
    assert_int_equal(backup_plan_read(&plan, "03:30", "7 4 12", &errors), OK);
    assert_int_equal(plan.minute, 210);
    assert_int_equal(plan.days, 7);
    assert_int_equal(plan.weeks, 4);
    assert_int_equal(plan.months, 12);
    static const char *const bad[][2] = {
        {"24:00", "1 1 1"},  {"3", "1 1 1"}, {"03:60", "1 1 1"}, {"03:00", "1 1"},
        {"03:00", "-1 0 0"}, {"03:00", ""},  {"03:00x", "1 1 1"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        errors_clear(&errors);
        assert_int_equal(backup_plan_read(&plan, bad[i][0], bad[i][1], &errors), INVALID);
    }
    arena_free(arena);
}

static void the_last_of_days_weeks_and_months_stay(void **state) {
    struct backup_plan plan = {.days = 3, .weeks = 2, .months = 3};
    enum { COUNT = 100 };
    int64_t made[COUNT];
    bool kept[COUNT];
    for (int i = 0; i < COUNT; i++)
        made[i] = NOON - i * DAY; /* one a day; the 17th is a Tuesday */
    backup_kept(&plan, zone_find("Europe/London"), made, COUNT, kept);
    for (int i = 0; i < COUNT; i++) {
        bool day = i < 3;                          /* 17, 16, 15 November */
        bool week = i == 0 || i == 2;              /* this week's, and Sunday the 15th */
        bool month = i == 0 || i == 17 || i == 48; /* 17 November, 31 October, 30 September */
        assert_int_equal(kept[i], day || week || month);
    }
    plan = (struct backup_plan){0};
    backup_kept(&plan, zone_find("Europe/London"), made, COUNT, kept);
    assert_true(kept[0]); /* the newest is never removed */
    assert_false(kept[1]);
}

/* ------------------------------------------------------------------ with a shop */

static void attachments_are_shared_with_the_backup_before(void **state) {
    struct fixture *f = *state;
    const char *old = keep_picture(f, "a ring");
    const char *first = backed_up(f, "first", NULL);
    const char *young = keep_picture(f, "a brooch");
    const char *second = backed_up(f, "second", first);
    struct stat one, other, fresh;
    const char *path = files_path("files", old, FILE_ORIGINAL, f->arena);
    assert_int_equal(stat(arena_printf(f->arena, "%s/%s", first, path), &one), 0);
    assert_int_equal(stat(arena_printf(f->arena, "%s/%s", second, path), &other), 0);
    assert_int_equal(one.st_ino, other.st_ino);
    path = files_path("files", young, FILE_ORIGINAL, f->arena);
    assert_int_equal(stat(arena_printf(f->arena, "%s/%s", second, path), &fresh), 0);
    assert_int_equal(fresh.st_nlink, 1); /* never with the shop's own file, which may be damaged */
    assert_int_equal(backup_verify(second, &f->errors), OK);
}

static void a_good_backup_passes_the_drill_and_nothing_is_left_of_it(void **state) {
    struct fixture *f = *state;
    keep_picture(f, "a ring");
    const char *folder = backed_up(f, "good", NULL);
    assert_int_equal(drill(f, folder), OK);
    assert_int_equal(drill(f, folder), OK); /* the first left nothing in the way */
    struct stat about;
    assert_int_not_equal(stat(arena_printf(f->arena, "%s/drill", f->scratch->folder), &about), 0);
}

static void a_changed_byte_fails_the_drill(void **state) {
    struct fixture *f = *state;
    const char *id = keep_picture(f, "a ring");
    const char *folder = backed_up(f, "changed", NULL);
    write_file(
        arena_printf(f->arena, "%s/%s", folder, files_path("files", id, FILE_ORIGINAL, f->arena)),
        "a rinG");
    assert_int_equal(drill(f, folder), INVALID);
    assert_string_equal(f->errors.first->code, "damaged_backup");
}

static enum status name_a_file(struct context *cx, void *arg) {
    static const struct sql visit = {
        "test_visit",
        "insert into visit (number, at, source) values (1, 0, 'counter') returning id", NULL};
    static const struct sql job = {
        "test_job",
        "insert into job (number, reference, kind, stage, status, visit, title, stage_at, "
        "created_at, updated_at) values (1, 'TEST2345', 'stock', 'intake', 'IP', $1, 'Ring', "
        "0, 0, 0) returning id",
        NULL};
    static const struct sql file = {
        "test_file",
        "insert into job_file (job, file, kind, mime, name, stage, position, length, at) "
        "values ($1, $2, 'progress', 'image/webp', 'ring', 'intake', 1, 6, 0)",
        NULL};
    int64_t id = db_insert(cx->db, &job, P(I(db_insert(cx->db, &visit, P0))));
    db_run(cx->db, &file, P(I(id), T(arg)));
    return db_failed(cx->db) ? FAILED : OK;
}

static void a_file_that_only_the_database_knows_fails_the_drill(void **state) {
    struct fixture *f = *state;
    struct context cx = {
        .arena = f->arena, .errors = &f->errors, .store = f->store, .actor = &program, .now = NOON};
    shop_prepare(&cx);
    char *named = arena_text(f->arena, files_id_new(f->arena)); /* its bytes were never kept */
    assert_int_equal(store_write(f->store, &cx, name_a_file, named), OK);
    assert_int_equal(drill(f, backed_up(f, "short", NULL)), INVALID);
    assert_string_equal(f->errors.first->code, "missing_file");
}

static void a_backup_is_made_once_a_day_at_its_hour(void **state) {
    struct fixture *f = *state;
    struct backup *backups;
    /* Nobody was there at three: caught up with, but not in the first moments after the start. */
    int64_t next = backup_keep_up(f->store, &f->plan, NOON);
    assert_int_equal(newest(f, &backups), 0);
    assert_true(next > NOON && next <= NOON + 5 * MINUTE);
    next = backup_keep_up(f->store, &f->plan, next);
    assert_int_equal(newest(f, &backups), 1);
    assert_int_equal(next, NOON + 15 * HOUR);   /* three in the morning, in winter */
    assert_true(backups[0].checked_at != NONE); /* the first one is tried at once */
    assert_null(backups[0].wrong);
    assert_true(backups[0].bytes > 0);
    assert_int_equal(backup_keep_up(f->store, &f->plan, NOON + HOUR), next);
    assert_int_equal(newest(f, &backups), 1);
    backup_keep_up(f->store, &f->plan, next);
    assert_int_equal(newest(f, &backups), 2);
    assert_int_equal(backups[0].checked_at, NONE); /* tried once a week */
}

static void old_ones_go_by_the_plan_and_one_a_week_is_tried(void **state) {
    struct fixture *f = *state;
    struct backup *backups;
    int tried = 0;
    backup_keep_up(f->store, &f->plan, NOON - DAY);
    for (int day = 0; day < 9; day++) {
        backup_keep_up(f->store, &f->plan, NOON + day * DAY);
        assert_true(newest(f, &backups) >= 1);
        assert_string_not_equal(backups[0].name, "");
        tried += backups[0].checked_at != NONE;
    }
    assert_int_equal(tried, 2);
    /* Of 17 to 25 November: the last two days, which hold the last of this week and of the month,
     * and the last of the week before, Sunday the 22nd. */
    assert_int_equal(newest(f, &backups), 3);
    assert_string_equal(backups[2].name, "2026-11-22T120000Z");
}

static void a_backup_that_fails_leaves_nothing_and_is_tried_again(void **state) {
    struct fixture *f = *state;
    struct backup *backups;
    write_file(f->to, "a file where the folder should be");
    backup_keep_up(f->store, &f->plan, NOON);
    int64_t now = NOON + HOUR;
    int64_t next = backup_keep_up(f->store, &f->plan, now);
    assert_true(next > now && next <= now + HOUR);
    assert_int_equal(unlink(f->to), 0);
    backup_keep_up(f->store, &f->plan, next);
    assert_int_equal(newest(f, &backups), 1);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        cmocka_unit_test(a_plan_is_a_time_and_three_numbers),
        cmocka_unit_test(the_last_of_days_weeks_and_months_stay),
        ON_BOTH(attachments_are_shared_with_the_backup_before),
        ON_BOTH(a_good_backup_passes_the_drill_and_nothing_is_left_of_it),
        ON_BOTH(a_changed_byte_fails_the_drill),
        ON_BOTH(a_file_that_only_the_database_knows_fails_the_drill),
        ON_BOTH(a_backup_is_made_once_a_day_at_its_hour),
        ON_BOTH(old_ones_go_by_the_plan_and_one_a_week_is_tried),
        ON_BOTH(a_backup_that_fails_leaves_nothing_and_is_tried_again),
    };
    return SCRATCH_RUN("backup", rules);
}
