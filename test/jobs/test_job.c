/* The rules of jobs on real rows, with the clock in hand. On SQLite and, when
 * BENCHPIN_TEST_POSTGRES names a server, on PostgreSQL. */
#include "accounts/permission.h"
#include "base/text.h"
#include "jobs/job.h"
#include "jobs/job_file.h"
#include "media/files.h"
#include "schema/schema.h"
#include "shops/shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    struct store *store;
    struct actor actor;
    int64_t now;
};

static const int64_t START = INT64_C(1795000000000); /* 18 November 2026 */

static struct context context_of(struct fixture *f) {
    struct context cx = {.arena = f->arena,
                         .errors = &f->errors,
                         .store = f->store,
                         .actor = &f->actor,
                         .now = f->now};
    errors_clear(&f->errors);
    shop_prepare(&cx);
    return cx;
}

static const struct sql make_shop = {
    "make_shop",
    "insert into shop (id, name, country, currency, zone, created_at) "
    "values (1, 'Hartwell', 'GB', 'GBP', 'Europe/London', 0)",
    NULL};
static const struct sql make_staff = {
    "make_staff",
    "insert into staff (name, email, role, created_at) values ($1, $2, $3, 0) returning id", NULL};

static enum status furnish(struct context *cx, void *arg) {
    int64_t *ids = arg;
    db_run(cx->db, &make_shop, P0);
    ids[0] = db_int(cx->db, &make_staff, P(T("Imogen"), T("i@example.com"), T("owner")));
    ids[1] = db_int(cx->db, &make_staff, P(T("Joe"), T("j@example.com"), T("bench")));
    return OK;
}

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new();
    f->errors.arena = f->arena;
    f->now = START;
    f->scratch = scratch_make(*state != NULL);
    static const struct reaction *const reactions[] = {job_reactions, NULL};
    struct database_settings settings = {.data = f->scratch->folder,
                                         .url = f->scratch->url,
                                         .migrations = schema_migrations,
                                         .reactions = reactions};
    f->databases = databases_open(&settings, &f->errors);
    if (f->databases == NULL)
        print_error("%s\n", f->errors.first->sentence);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    struct context cx = context_of(f);
    int64_t ids[2];
    assert_int_equal(store_write(f->store, &cx, furnish, ids), OK);
    f->actor = (struct actor){.staff = ids[0],
                              .name = "Imogen",
                              .role = "owner",
                              .permissions = role_permissions("owner")};
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

/* ------------------------------------------------------------------ steps */

static enum status take_in(struct context *cx, void *arg) {
    struct intake intake;
    record_clear(&intake_record, &intake);
    intake.title = "Oval sapphire halo ring";
    intake.customer_name = "Rohan Mehta";
    intake.customer_phone = "07700 900214";
    return job_take_in(cx, &intake, arg);
}

static int64_t new_job(struct fixture *f) {
    struct context cx = context_of(f);
    int64_t id = NONE;
    assert_int_equal(store_write(f->store, &cx, take_in, &id), OK);
    return id;
}

struct step {
    int64_t job;
    struct move move;
    struct moved moved;
    int64_t history, quoted, paid;
    const char *to, *status;
};

static enum status do_move(struct context *cx, void *arg) {
    struct step *step = arg;
    return job_move(cx, step->job, &step->move, &step->moved);
}
static enum status do_undo(struct context *cx, void *arg) {
    struct step *step = arg;
    return job_undo(cx, step->job, step->history);
}
static enum status do_advance(struct context *cx, void *arg) {
    struct step *step = arg;
    return job_advance(cx, step->job, step->to, "by itself");
}
static enum status do_money(struct context *cx, void *arg) {
    struct step *step = arg;
    job_set_quoted(cx, step->job, step->quoted);
    job_set_money(cx, step->job, step->paid, step->paid);
    return OK;
}
static enum status do_status(struct context *cx, void *arg) {
    struct step *step = arg;
    return job_set_status(cx, step->job, step->status);
}

static enum status run(struct fixture *f, closure work, struct step *step) {
    struct context cx = context_of(f);
    return store_write(f->store, &cx, work, step);
}

static struct moved moves(struct fixture *f, int64_t job, const char *from, const char *to,
                          const char *note) {
    struct step step = {.job = job, .move = {.from = from, .to = to, .note = note}};
    assert_int_equal(run(f, do_move, &step), OK);
    return step.moved;
}

static enum status load(struct context *cx, void *arg) {
    struct job *job = arg;
    return job_load(cx, job->id, job) ? OK : MISSING;
}

static struct job read_job(struct fixture *f, int64_t id) {
    struct job job = {.id = id};
    struct context cx = context_of(f);
    assert_int_equal(store_read(f->store, &cx, load, &job), OK);
    return job;
}

/* ------------------------------------------------------------------ rules */

static void a_job_begins_at_its_first_stage_with_a_snapshot_of_its_customer(void **state) {
    struct fixture *f = *state;
    struct job job = read_job(f, new_job(f));
    assert_int_equal(job.number, 1);
    assert_string_equal(job.stage, "enquiry");
    assert_string_equal(job.status, "QN");
    assert_string_equal(job.customer_name, "Rohan Mehta");
    assert_string_equal(job.customer_phone, "07700 900214");
    assert_int_equal(job.salesperson, f->actor.staff);
    assert_int_equal(strlen(job.reference), 8);
    assert_int_equal(job.visit_position, 1);
    assert_int_equal(job.progress, 5);
}

static void who_comes_back_is_the_same_customer(void **state) {
    struct fixture *f = *state;
    struct job first = read_job(f, new_job(f)), second = read_job(f, new_job(f));
    assert_int_equal(first.customer, second.customer);
    assert_int_equal(second.number, 2);
    assert_int_not_equal(first.visit, second.visit);
}

static void the_second_of_two_moves_changes_nothing(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    struct moved first = moves(f, id, "enquiry", "cad", NULL);
    assert_true(first.moved);
    struct moved second = moves(f, id, "enquiry", "approval", NULL);
    assert_false(second.moved);
    assert_string_equal(second.stage, "cad");
    assert_string_equal(second.by, "Imogen");
    assert_int_equal(second.history, first.history);
    assert_null(second.undo);
    assert_string_equal(read_job(f, id).stage, "cad");
}

static void going_back_needs_a_note(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    moves(f, id, "enquiry", "polish", NULL);
    struct step step = {.job = id, .move = {.from = "polish", .to = "setting"}};
    assert_int_equal(run(f, do_move, &step), INVALID);
    assert_string_equal(f->errors.first->field, "note");
    moves(f, id, "polish", "setting", "A stone is loose.");
}

static void a_held_job_remembers_where_it_was(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    moves(f, id, "enquiry", "setting", NULL);
    moves(f, id, "setting", "on_hold", NULL);
    struct job held = read_job(f, id);
    assert_string_equal(held.status, "OH");
    assert_string_equal(held.held_from, "setting");
    assert_int_equal(held.progress, 80);
    moves(f, id, "on_hold", "setting", NULL);
    assert_null(read_job(f, id).held_from);
}

static void handing_over_needs_the_balance_settled(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    moves(f, id, "enquiry", "ready", NULL);
    struct step step = {
        .job = id, .quoted = 648000, .paid = 324000, .move = {.from = "ready", .to = "collected"}};
    run(f, do_money, &step);
    assert_int_equal(run(f, do_move, &step), INVALID);
    assert_string_equal(f->errors.first->code, "balance_open");
    step.paid = 648000;
    run(f, do_money, &step);
    assert_int_equal(run(f, do_move, &step), OK);
    struct job job = read_job(f, id);
    assert_null(job.status);
    assert_int_equal(job.closed_at, f->now);
    assert_int_equal(job.balance, 0);
}

static void only_a_manager_hands_over_with_a_balance(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    moves(f, id, "enquiry", "ready", NULL);
    struct step step = {
        .job = id,
        .quoted = 100,
        .paid = 0,
        .move = {.from = "ready", .to = "collected", .override = "Pays on account."}};
    run(f, do_money, &step);
    f->actor.permissions = role_permissions("sales");
    assert_int_equal(run(f, do_move, &step), DENIED);
    f->actor.permissions = role_permissions("manager");
    assert_int_equal(run(f, do_move, &step), OK);
}

static void a_closed_job_is_reopened_by_a_manager_with_a_note(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    moves(f, id, "enquiry", "cancelled", NULL);
    struct step step = {.job = id,
                        .move = {.from = "cancelled", .to = "cad", .note = "She came back."}};
    f->actor.permissions = role_permissions("sales");
    assert_int_equal(run(f, do_move, &step), DENIED);
    f->actor.permissions = role_permissions("manager");
    assert_int_equal(run(f, do_move, &step), OK);
    assert_int_equal(read_job(f, id).closed_at, NONE);
}

static void a_move_is_undone_within_a_minute_and_all_is_as_before(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    moves(f, id, "enquiry", "ready", NULL);
    struct step wish = {.job = id};
    f->now += 5 * HOUR;
    struct job before = read_job(f, id);
    wish.history = moves(f, id, "ready", "polish", "A scratch.").history;
    f->now += STAGE_UNDO;
    assert_int_equal(run(f, do_undo, &wish), OK);
    struct job after = read_job(f, id);
    assert_string_equal(after.stage, "ready");
    assert_string_equal(after.status, "RP");
    assert_int_equal(after.ready_at, before.ready_at);
    assert_int_equal(after.stage_at, before.stage_at);
    assert_int_equal(run(f, do_undo, &wish), OK); /* pressed twice: nothing more happens */
    assert_string_equal(read_job(f, id).stage, "ready");
}

static void an_undo_gives_back_the_status_that_was_set_by_hand(void **state) {
    struct fixture *f = *state;
    struct step step = {.job = new_job(f), .status = "AVQ"};
    assert_int_equal(run(f, do_status, &step), OK);
    step.history = moves(f, step.job, "enquiry", "consultation", NULL).history;
    assert_string_equal(read_job(f, step.job).status, "QN");
    assert_int_equal(run(f, do_undo, &step), OK);
    assert_string_equal(read_job(f, step.job).status, "AVQ");
}

static void after_the_minute_or_another_move_nothing_is_undone(void **state) {
    struct fixture *f = *state;
    struct step step = {.job = new_job(f)};
    step.history = moves(f, step.job, "enquiry", "cad", NULL).history;
    f->now += STAGE_UNDO + 1;
    assert_int_equal(run(f, do_undo, &step), CONFLICT);
    assert_string_equal(f->errors.first->code, "too_late");
    moves(f, step.job, "cad", "approval", NULL);
    assert_int_equal(run(f, do_undo, &step), CONFLICT);
    assert_string_equal(f->errors.first->code, "not_newest");
}

static void the_program_moves_forward_only(void **state) {
    struct fixture *f = *state;
    struct step step = {.job = new_job(f), .to = "deposit_received"};
    assert_int_equal(run(f, do_advance, &step), OK);
    assert_string_equal(read_job(f, step.job).stage, "deposit_received");
    moves(f, step.job, "deposit_received", "setting", NULL);
    assert_int_equal(run(f, do_advance, &step), OK);
    assert_string_equal(read_job(f, step.job).stage, "setting");
    moves(f, step.job, "setting", "on_hold", NULL);
    step.to = "ready";
    assert_int_equal(run(f, do_advance, &step), OK);
    assert_string_equal(read_job(f, step.job).stage, "on_hold");
}

static enum status enquire(struct context *cx, void *arg) {
    struct intake intake;
    record_clear(&intake_record, &intake);
    intake.title = "A pendant";
    intake.customer_name = "Julia Frost";
    intake.source = "web";
    return job_take_in(cx, &intake, arg);
}

static void an_enquiry_from_the_web_becomes_whose_who_takes_it_further(void **state) {
    struct fixture *f = *state;
    int64_t id, owner = f->actor.staff;
    f->actor.staff = 0;
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, enquire, &id), OK);
    assert_int_equal(read_job(f, id).salesperson, NONE);
    f->actor.staff = owner;
    f->actor.permissions = role_permissions("bench");
    struct step step = {.job = id, .move = {.from = "enquiry", .to = "cad"}};
    assert_int_equal(run(f, do_move, &step), INVALID);
    assert_string_equal(f->errors.first->field, "salesperson");
    f->actor.permissions = role_permissions("sales");
    assert_int_equal(run(f, do_move, &step), OK);
    assert_int_equal(read_job(f, id).salesperson, owner);
}

struct finding {
    const char *typed;
    int64_t count;
};

static enum status find(struct context *cx, void *arg) {
    struct finding *finding = arg;
    struct job_found *found;
    finding->count = job_find(cx, finding->typed, 10, &found);
    return OK;
}

static int64_t finds(struct fixture *f, const char *typed) {
    struct finding finding = {.typed = typed};
    struct context cx = context_of(f);
    assert_int_equal(store_read(f->store, &cx, find, &finding), OK);
    return finding.count;
}

static void a_job_is_found_by_number_reference_title_and_name(void **state) {
    struct fixture *f = *state;
    int64_t id = new_job(f);
    assert_int_equal(finds(f, "#000001"), 1);
    assert_int_equal(finds(f, "1"), 1);
    assert_int_equal(finds(f, read_job(f, id).reference), 1);
    assert_int_equal(finds(f, "sapph"), 1);
    assert_int_equal(finds(f, "méhta halo oval"), 1);
    assert_int_equal(finds(f, "ruby"), 0);
    assert_int_equal(finds(f, "  "), 0);
}

/* ------------------------------------------------------------------ files */

struct filing {
    int64_t job;
    struct job_file file;
    bool removed;
};

static enum status add_file(struct context *cx, void *arg) {
    struct filing *filing = arg;
    return job_files_add(cx, filing->job, &filing->file, 1);
}

static enum status remove_file(struct context *cx, void *arg) {
    struct filing *filing = arg;
    return job_file_remove(cx, filing->job, filing->file.id, filing->removed);
}

/* A picture in the store and on the job. */
static struct filing new_file(struct fixture *f) {
    const char *folder = store_files(f->store);
    struct filing filing = {.job = new_job(f),
                            .file = {.file = files_id_new(f->arena),
                                     .kind = "inspiration",
                                     .mime = "image/webp",
                                     .name = "ring.webp",
                                     .width = NONE,
                                     .height = NONE,
                                     .length = 5}};
    assert_int_equal(files_prepare(folder, &f->errors), OK);
    const char *draft = files_draft(folder, filing.file.file, FILE_ORIGINAL, f->arena);
    FILE *file = fopen(draft, "w");
    assert_non_null(file);
    fputs("bytes", file);
    fclose(file);
    assert_int_equal(files_keep(folder, filing.file.file, &f->errors), OK);
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, add_file, &filing), OK);
    return filing;
}

static bool bytes_there(struct fixture *f, const struct filing *filing) {
    return access(files_path(store_files(f->store), filing->file.file, FILE_ORIGINAL, f->arena),
                  F_OK) == 0;
}

static void drain(struct fixture *f, int64_t later) {
    f->now += later;
    struct worker_settings settings = {.databases = f->databases, .prepare = shop_prepare};
    assert_int_equal(worker_drain(&settings, f->store, f->now), OK);
}

static enum status remove_it(struct fixture *f, struct filing *filing, bool removed) {
    struct context cx = context_of(f);
    filing->removed = removed;
    return store_write(f->store, &cx, remove_file, filing);
}

static void a_removed_file_loses_its_bytes_after_a_minute(void **state) {
    struct fixture *f = *state;
    struct filing filing = new_file(f);
    assert_int_equal(read_job(f, filing.job).picture, filing.file.id);
    assert_int_equal(remove_it(f, &filing, true), OK);
    assert_int_equal(read_job(f, filing.job).picture, NONE);
    drain(f, 59 * SECOND);
    assert_true(bytes_there(f, &filing));
    drain(f, 2 * SECOND);
    assert_false(bytes_there(f, &filing));
    assert_int_equal(remove_it(f, &filing, false), GONE);
}

static void a_file_brought_back_in_time_keeps_its_bytes(void **state) {
    struct fixture *f = *state;
    struct filing filing = new_file(f);
    assert_int_equal(remove_it(f, &filing, true), OK);
    drain(f, 30 * SECOND);
    assert_int_equal(remove_it(f, &filing, false), OK);
    drain(f, 2 * MINUTE);
    assert_true(bytes_there(f, &filing));
    assert_int_equal(read_job(f, filing.job).picture, filing.file.id);
}

/* More than are looked up word by word, so that the newest jobs are walked. */
enum { RINGS = 1700 };

static enum status take_in_many(struct context *cx, void *arg) {
    struct intake intake;
    int64_t id;
    record_clear(&intake_record, &intake);
    for (int i = 0; i < RINGS; i++) {
        intake.title = i == 3       ? "Ring with a rare alexandrite"
                       : i % 5 == 0 ? "Plain ring, Argyle pink"
                                    : "Plain ring";
        intake.customer = i == 0 ? NONE : *(int64_t *)arg;
        intake.customer_name = i == 0 ? "Rohan Mehta" : NULL;
        if (job_take_in(cx, &intake, &id) != OK)
            return cx->errors->status;
        struct job job;
        if (i == 0 && job_load(cx, id, &job))
            *(int64_t *)arg = job.customer;
    }
    return OK;
}

struct found {
    const char *typed;
    int64_t count, newest, rounds;
};

static enum status find_every(struct context *cx, void *arg) {
    struct found *found = arg;
    struct job_found *rows;
    int64_t before = NONE, last = INT64_MAX;
    found->count = found->newest = found->rounds = 0;
    do {
        int64_t n = job_find_before(cx, found->typed, before, 100, &rows, &before);
        for (int64_t i = 0; i < n; i++) {
            assert_true(rows[i].id < last); /* the newest first, none twice */
            last = rows[i].id;
            found->newest = found->newest > last ? found->newest : last;
        }
        found->count += n;
        found->rounds++;
    } while (before != NONE);
    return OK;
}

static struct found finds_all(struct fixture *f, const char *typed) {
    struct found found = {.typed = typed};
    struct context cx = context_of(f);
    assert_int_equal(store_read(f->store, &cx, find_every, &found), OK);
    return found;
}

static void what_many_jobs_have_is_found_page_by_page(void **state) {
    struct fixture *f = *state;
    struct context cx = context_of(f);
    int64_t customer = NONE;
    assert_int_equal(store_write(f->store, &cx, take_in_many, &customer), OK);
    assert_int_equal(finds_all(f, "ring").count, RINGS);
    assert_int_equal(finds_all(f, "ri meh").count, RINGS);
    assert_int_equal(finds_all(f, "ring argyle").count, RINGS / 5);
    assert_int_equal(finds_all(f, "pin arg pla rin").count, RINGS / 5);
    struct found rare = finds_all(f, "ring alexandr");
    assert_int_equal(rare.count, 1);
    assert_int_equal(rare.rounds, 1);
    assert_int_equal(finds_all(f, "ring alexandrite pink").count, 0);
    assert_int_equal(finds_all(f, "opal").count, 0);
    assert_int_equal(finds_all(f, " ").count, 0);
    assert_int_equal(finds_all(f, "#000004").count, 1);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(what_many_jobs_have_is_found_page_by_page),
        ON_BOTH(a_job_begins_at_its_first_stage_with_a_snapshot_of_its_customer),
        ON_BOTH(who_comes_back_is_the_same_customer),
        ON_BOTH(the_second_of_two_moves_changes_nothing),
        ON_BOTH(going_back_needs_a_note),
        ON_BOTH(a_held_job_remembers_where_it_was),
        ON_BOTH(handing_over_needs_the_balance_settled),
        ON_BOTH(only_a_manager_hands_over_with_a_balance),
        ON_BOTH(a_closed_job_is_reopened_by_a_manager_with_a_note),
        ON_BOTH(a_move_is_undone_within_a_minute_and_all_is_as_before),
        ON_BOTH(an_undo_gives_back_the_status_that_was_set_by_hand),
        ON_BOTH(after_the_minute_or_another_move_nothing_is_undone),
        ON_BOTH(the_program_moves_forward_only),
        ON_BOTH(an_enquiry_from_the_web_becomes_whose_who_takes_it_further),
        ON_BOTH(a_job_is_found_by_number_reference_title_and_name),
        ON_BOTH(a_removed_file_loses_its_bytes_after_a_minute),
        ON_BOTH(a_file_brought_back_in_time_keeps_its_bytes),
    };
    return SCRATCH_RUN("jobs", rules);
}
