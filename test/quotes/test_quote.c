/* Quotes, materials and plans on real rows, with the clock in hand. On SQLite and, when
 * BENCHPIN_TEST_POSTGRES names a server, on PostgreSQL. */
#include "accounts/permission.h"
#include "base/text.h"
#include "jobs/job.h"
#include "quotes/making.h"
#include "quotes/quote.h"
#include "schema/schema.h"
#include "shops/shop.h"
#include "stock/stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    struct store *store;
    struct actor actor;
    int64_t now, job;
};

static const int64_t START = INT64_C(1795426200000); /* Monday 23 November 2026, 9:30 in London */

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
    "insert into shop (id, name, country, currency, zone, created_at, quote_days) "
    "values (1, 'Hartwell', 'GB', 'GBP', 'Europe/London', 0, 14)",
    NULL};
static const struct sql make_opening = {
    "make_opening", "insert into opening (weekday, opens, closes) values ($1, 570, 1050)", NULL};
static const struct sql make_staff = {
    "make_staff",
    "insert into staff (name, email, role, created_at) values ($1, $2, $3, 0) returning id", NULL};
static const struct sql make_price = {
    "make_price", "insert into metal_price (metal, price, at) values ('gold', 200000, 1)", NULL};
static const struct sql make_rate = {
    "make_rate", "insert into craft_rate (craft, hourly) values ($1, 6000)", NULL};
static const struct sql make_alloy = {
    "make_alloy",
    "insert into alloy (code, name, metal, colour, fineness, density, loss) "
    "values ('au750y', '18ct yellow gold', 'gold', 'yellow', 7500, 15580, 500)",
    NULL};

static enum status furnish(struct context *cx, void *arg) {
    int64_t *staff = arg;
    static const char *const rates[] = {"cad", "mounting", "setting", "polishing", "engraving"};
    db_run(cx->db, &make_shop, P0);
    db_run(cx->db, &make_alloy, P0);
    db_run(cx->db, &make_price, P0);
    for (int64_t day = 0; day < 5; day++)
        db_run(cx->db, &make_opening, P(I(day)));
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        db_run(cx->db, &make_rate, P(T(rates[i])));
    *staff = db_int(cx->db, &make_staff, P(T("Imogen"), T("i@example.com"), T("owner")));
    return OK;
}

static enum status furnish_bench(struct context *cx, void *arg) {
    (void)arg;
    struct craftsman_craft skills[] = {{"cad", 100},       {"mounting", 100},  {"setting", 100},
                                       {"polishing", 200}, {"engraving", 100}, {"quality", 100}};
    struct craftsman daniel = {.id = NONE,
                               .staff = NONE,
                               .name = "Daniel",
                               .active = 1,
                               .version = NONE,
                               .created_at = NONE,
                               .crafts = skills,
                               .craft_count = 6};
    return craftsman_save(cx, &daniel);
}

static enum status take_in(struct context *cx, void *arg) {
    struct intake intake;
    record_clear(&intake_record, &intake);
    intake.kind = "custom";
    intake.title = "Wedding band";
    intake.customer_name = "Rohan Mehta";
    intake.template = "wedding_band";
    intake.source = "counter";
    return job_take_in(cx, &intake, arg);
}

static const struct reaction *const reactions[] = {making_reactions, workshop_reactions,
                                                   quote_reactions, NULL};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new();
    f->errors.arena = f->arena;
    f->now = START;
    f->scratch = scratch_make(*state != NULL);
    f->databases = databases_open(&(struct database_settings){.data = f->scratch->folder,
                                                              .url = f->scratch->url,
                                                              .migrations = schema_migrations,
                                                              .reactions = reactions},
                                  &f->errors);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    f->actor = (struct actor){
        .staff = 1, .name = "Imogen", .role = "owner", .permissions = role_permissions("owner")};
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, furnish, &f->actor.staff), OK);
    cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, furnish_bench, NULL), OK);
    cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, take_in, &f->job), OK);
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

static enum status do_write(struct fixture *f, closure work, void *arg) {
    struct context cx = context_of(f);
    return store_write(f->store, &cx, work, arg);
}

static const char *fault(const struct fixture *f) {
    return f->errors.first == NULL ? NULL : f->errors.first->code;
}

/* ------------------------------------------------------------------ what the tests do */

struct step {
    struct fixture *f;
    int64_t id, count;
    bool flag;
    const char *text;
    struct quote quote;
    struct estimate estimate;
};

static enum status generate(struct context *cx, void *arg) {
    struct step *step = arg;
    return making_generate(cx, step->f->job, NULL, NULL, step->flag);
}

static enum status make_quote(struct context *cx, void *arg) {
    struct step *step = arg;
    return quote_make(cx, step->f->job, 0, NULL, &step->id);
}

static enum status accept(struct context *cx, void *arg) {
    return quote_accept(cx, ((struct step *)arg)->id, NULL);
}

static enum status send(struct context *cx, void *arg) {
    return quote_send(cx, ((struct step *)arg)->id);
}

static enum status read_quote(struct context *cx, void *arg) {
    struct step *step = arg;
    return quote_load(cx, step->id, &step->quote) ? OK : MISSING;
}

static const struct sql count_all = {
    "count_all",
    "select (select count(*) from specification) + (select count(*) from material) "
    "+ (select count(*) from operation)",
    NULL};

static enum status count_rows(struct context *cx, void *arg) {
    ((struct step *)arg)->count = db_int(cx->db, &count_all, P0);
    return OK;
}

static enum status rename_first(struct context *cx, void *arg) {
    struct step *step = arg;
    struct operation *operations;
    operation_list(cx, step->f->job, &operations);
    struct operation_edit edit;
    record_clear(&operation_edit_record, &edit);
    edit.id = operations[0].id;
    edit.name = "By hand";
    return operation_save_all(cx, step->f->job, &edit, 1);
}

static enum status first_name(struct context *cx, void *arg) {
    struct step *step = arg;
    struct operation *operations;
    step->count = operation_list(cx, step->f->job, &operations);
    step->text = operations[0].name;
    return OK;
}

static enum status estimate(struct context *cx, void *arg) {
    struct step *step = arg;
    return making_estimate(cx, "wedding_band", NULL, NULL, &step->estimate);
}

static enum status plan(struct context *cx, void *arg) {
    struct step *step = arg;
    return workshop_plan(cx, step->f->job, true, &step->text);
}

/* ------------------------------------------------------------------ the rules */

static struct step quoted(struct fixture *f) {
    struct step step = {.f = f};
    assert_int_equal(do_write(f, generate, &step), OK);
    assert_int_equal(do_write(f, make_quote, &step), OK);
    assert_int_equal(do_write(f, read_quote, &step), OK);
    return step;
}

static void the_last_valid_day_still_counts(void **state) {
    struct fixture *f = *state;
    struct step step = quoted(f);
    assert_string_equal(step.quote.valid_until, "2026-12-07");
    f->now = START + 14 * DAY;
    assert_int_equal(do_write(f, accept, &step), OK);
}

static void an_expired_quote_is_neither_accepted_nor_sent(void **state) {
    struct fixture *f = *state;
    struct step step = quoted(f);
    f->now = START + 15 * DAY;
    assert_int_equal(do_write(f, read_quote, &step), OK);
    assert_string_equal(step.quote.state, "expired");
    assert_int_equal(do_write(f, accept, &step), CONFLICT);
    assert_string_equal(fault(f), "expired");
    assert_int_equal(do_write(f, send, &step), CONFLICT);
}

static void expiry_is_written_down_when_its_day_has_passed(void **state) {
    struct fixture *f = *state;
    struct step step = quoted(f);
    f->now = START + 15 * DAY;
    struct worker_settings settings = {.databases = f->databases, .prepare = shop_prepare};
    assert_int_equal(worker_drain(&settings, f->store, f->now), OK);
    f->now = START; /* the row says so, whatever the day */
    assert_int_equal(do_write(f, read_quote, &step), OK);
    assert_string_equal(step.quote.state, "expired");
    assert_true(step.quote.decided_at != NONE);
}

static void an_accepted_quote_does_not_expire(void **state) {
    struct fixture *f = *state;
    struct step step = quoted(f);
    assert_int_equal(do_write(f, accept, &step), OK);
    f->now = START + 400 * DAY;
    struct worker_settings settings = {.databases = f->databases, .prepare = shop_prepare};
    assert_int_equal(worker_drain(&settings, f->store, f->now), OK);
    assert_int_equal(do_write(f, read_quote, &step), OK);
    assert_string_equal(step.quote.state, "accepted");
}

static void a_price_is_the_same_however_often_it_is_reckoned(void **state) {
    struct fixture *f = *state;
    struct step first = quoted(f), second = {.f = f};
    assert_int_equal(do_write(f, make_quote, &second), OK);
    assert_int_equal(do_write(f, read_quote, &second), OK);
    assert_int_equal(first.quote.total, second.quote.total);
    assert_int_equal(second.quote.version, 2);
    assert_int_equal(second.quote.subtotal - second.quote.discount, second.quote.net);
    assert_int_equal(second.quote.net + second.quote.tax, second.quote.total);
}

static void generating_again_takes_no_edit_back(void **state) {
    struct fixture *f = *state;
    struct step step = {.f = f};
    assert_int_equal(do_write(f, generate, &step), OK);
    assert_int_equal(do_write(f, first_name, &step), OK);
    int64_t count = step.count;
    assert_int_equal(do_write(f, rename_first, &step), OK);
    assert_int_equal(do_write(f, generate, &step), OK);
    assert_int_equal(do_write(f, first_name, &step), OK);
    assert_string_equal(step.text, "By hand");
    assert_int_equal(step.count, count);
    step.flag = true; /* asked for */
    assert_int_equal(do_write(f, generate, &step), OK);
    assert_int_equal(do_write(f, first_name, &step), OK);
    assert_string_not_equal(step.text, "By hand");
    assert_int_equal(step.count, count);
}

static void an_estimate_stores_nothing(void **state) {
    struct fixture *f = *state;
    struct step step = {.f = f};
    assert_int_equal(do_write(f, estimate, &step), OK);
    assert_true(step.estimate.price.total > 0);
    assert_null(step.estimate.price_missing);
    assert_non_null(step.estimate.promised_day);
    assert_string_equal(step.estimate.decision, "to_source");
    assert_int_equal(step.estimate.milestone_count, step.estimate.design.operation_count);
    assert_int_equal(do_write(f, count_rows, &step), OK);
    assert_int_equal(step.count, 0);
}

static void an_estimate_says_what_a_quote_then_says(void **state) {
    struct fixture *f = *state;
    struct step step = {.f = f};
    assert_int_equal(do_write(f, estimate, &step), OK);
    struct step made = quoted(f);
    assert_int_equal(made.quote.total, step.estimate.price.total);
    assert_string_equal(made.quote.promised_day, step.estimate.promised_day);
}

static void planning_twice_gives_the_same_day(void **state) {
    struct fixture *f = *state;
    struct step step = {.f = f}, again = {.f = f};
    assert_int_equal(do_write(f, generate, &step), OK);
    assert_int_equal(do_write(f, plan, &step), OK);
    assert_int_equal(do_write(f, plan, &again), OK);
    assert_string_equal(step.text, again.text);
    assert_true(strcmp(step.text, "2026-11-23") > 0);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(the_last_valid_day_still_counts),
        ON_BOTH(an_expired_quote_is_neither_accepted_nor_sent),
        ON_BOTH(expiry_is_written_down_when_its_day_has_passed),
        ON_BOTH(an_accepted_quote_does_not_expire),
        ON_BOTH(a_price_is_the_same_however_often_it_is_reckoned),
        ON_BOTH(generating_again_takes_no_edit_back),
        ON_BOTH(an_estimate_stores_nothing),
        ON_BOTH(an_estimate_says_what_a_quote_then_says),
        ON_BOTH(planning_twice_gives_the_same_day),
    };
    return SCRATCH_RUN("quotes", rules);
}
