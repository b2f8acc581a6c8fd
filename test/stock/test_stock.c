/* The ledger of stock: whatever happens, an item's figures are the sums of its movements, nothing
 * is promised twice and nothing falls below nought. On SQLite and, when BENCHPIN_TEST_POSTGRES
 * names a server, on PostgreSQL. */
#include "accounts/permission.h"
#include "base/number.h"
#include "schema/schema.h"
#include "shops/shop.h"
#include "stock/stock.h"
#include "trade/alloy.h"

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
};

static struct context context_of(struct fixture *f) {
    struct context cx = {.arena = f->arena,
                         .errors = &f->errors,
                         .store = f->store,
                         .actor = &f->actor,
                         .now = INT64_C(1795000000000)};
    errors_clear(&f->errors);
    shop_prepare(&cx);
    return cx;
}

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new();
    f->errors.arena = f->arena;
    f->scratch = scratch_make(*state != NULL);
    struct database_settings settings = {
        .data = f->scratch->folder, .url = f->scratch->url, .migrations = schema_migrations};
    f->databases = databases_open(&settings, &f->errors);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    f->actor = (struct actor){.staff = 0, .name = "Benchpin", .role = "program"};
    struct context cx = context_of(f);
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

enum act { RESERVE, RELEASE, CONSUME, RECEIVE, COUNT, ACTS };

struct step {
    enum act act;
    int64_t item, quantity, carats;
};

static enum status take_step(struct context *cx, void *arg) {
    const struct step *s = arg;
    switch (s->act) {
    case RESERVE:
        return stock_reserve(cx, s->item, s->quantity, 7);
    case RELEASE:
        return stock_release(cx, s->item, s->quantity, 7);
    case CONSUME:
        return stock_consume(cx, s->item, s->quantity, 7);
    case RECEIVE:
        return stock_receive(cx, s->item, s->quantity, s->carats, "received", NULL);
    default:
        return stock_count(cx, s->item, s->quantity, s->carats, "counted");
    }
}

static enum status step(struct fixture *f, struct step s) {
    struct context cx = context_of(f);
    return store_write(f->store, &cx, take_step, &s);
}

static enum status save(struct context *cx, void *arg) {
    return stock_save(cx, arg);
}

static struct stock_item stone(const char *code) {
    struct stock_item item;
    record_clear(&stock_item_record, &item);
    item.kind = "stone";
    item.code = code;
    item.name = "Melee";
    item.gem = "diamond";
    item.origin = "natural";
    item.shape = "round";
    item.length = 1300;
    item.version = 1;
    return item;
}

static int64_t add(struct fixture *f, struct stock_item item) {
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, save, &item), OK);
    return item.id;
}

static const struct sql sum_on_hand = {
    "test_sum_on_hand",
    "select cast(coalesce(sum(on_hand), 0) as bigint) from stock_movement where item = $1", NULL};
static const struct sql sum_reserved = {
    "test_sum_reserved",
    "select cast(coalesce(sum(reserved), 0) as bigint) from stock_movement where item = $1", NULL};
static const struct sql sum_carats = {
    "test_sum_carats",
    "select cast(coalesce(sum(carats), 0) as bigint) from stock_movement where item = $1", NULL};

struct figures {
    int64_t id;
    struct stock_item item;
    int64_t on_hand, reserved, carats; /* the movements' sums */
};

static enum status read_figures(struct context *cx, void *arg) {
    struct figures *figures = arg;
    assert_true(stock_load(cx, figures->id, &figures->item));
    figures->on_hand = db_int(cx->db, &sum_on_hand, P(I(figures->id)));
    figures->reserved = db_int(cx->db, &sum_reserved, P(I(figures->id)));
    figures->carats = db_int(cx->db, &sum_carats, P(I(figures->id)));
    return OK;
}

static struct figures figures_of(struct fixture *f, int64_t id) {
    struct figures figures = {.id = id};
    struct context cx = context_of(f);
    assert_int_equal(store_read(f->store, &cx, read_figures, &figures), OK);
    assert_int_equal(figures.item.on_hand, figures.on_hand);
    assert_int_equal(figures.item.reserved, figures.reserved);
    assert_int_equal(figures.item.carats, figures.carats);
    assert_true(figures.reserved >= 0 && figures.reserved <= figures.on_hand &&
                figures.carats >= 0);
    return figures;
}

static uint64_t dice = 20261124; /* the same walk each time */

static int64_t roll(int64_t sides) {
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int64_t)(dice % (uint64_t)sides);
}

/* ------------------------------------------------------------------ rules */

static void the_figures_are_always_the_sums_of_the_movements(void **state) {
    struct fixture *f = *state;
    int64_t id = add(f, stone("MEL-13")), on_hand = 0, reserved = 0;
    int done[ACTS] = {0}, refused = 0;
    for (int i = 0; i < 400; i++) {
        struct step s = {.act = (enum act)roll(ACTS),
                         .item = id,
                         .quantity = 1 + roll(12),
                         .carats = roll(3) == 0 ? NONE : 1 + roll(20000)};
        bool allowed;
        switch (s.act) {
        case RESERVE:
            allowed = reserved + s.quantity <= on_hand;
            reserved += allowed ? s.quantity : 0;
            break;
        case RELEASE:
            allowed = s.quantity <= reserved;
            reserved -= allowed ? s.quantity : 0;
            break;
        case CONSUME:
            allowed = s.quantity <= reserved;
            on_hand -= allowed ? s.quantity : 0;
            reserved -= allowed ? s.quantity : 0;
            break;
        case RECEIVE:
            allowed = true;
            on_hand += s.quantity;
            break;
        default:
            s.quantity = roll(60);
            allowed = s.quantity >= reserved;
            on_hand = allowed ? s.quantity : on_hand;
        }
        assert_int_equal(step(f, s), allowed ? OK : CONFLICT);
        done[s.act] += allowed;
        refused += !allowed;
        struct figures now = figures_of(f, id);
        assert_int_equal(now.on_hand, on_hand);
        assert_int_equal(now.reserved, reserved);
        arena_reset(f->arena);
        f->errors = (struct errors){.arena = f->arena};
    }
    for (int act = 0; act < ACTS; act++)
        assert_true(done[act] > 5);
    assert_true(refused > 20);
}

static void nothing_is_reserved_twice(void **state) {
    struct fixture *f = *state;
    int64_t id = add(f, stone("MEL-13"));
    assert_int_equal(step(f, (struct step){RECEIVE, id, 10, NONE}), OK);
    assert_int_equal(step(f, (struct step){RESERVE, id, 7, NONE}), OK);
    assert_int_equal(step(f, (struct step){RESERVE, id, 4, NONE}), CONFLICT);
    assert_string_equal(f->errors.first->code, "not_enough");
    assert_non_null(strstr(f->errors.first->sentence, "MEL-13"));
    assert_int_equal(step(f, (struct step){RESERVE, id, 3, NONE}), OK);
    assert_int_equal(figures_of(f, id).reserved, 10);
}

static void a_count_below_what_is_reserved_is_refused(void **state) {
    struct fixture *f = *state;
    int64_t id = add(f, stone("MEL-13"));
    assert_int_equal(step(f, (struct step){RECEIVE, id, 10, NONE}), OK);
    assert_int_equal(step(f, (struct step){RESERVE, id, 7, NONE}), OK);
    assert_int_equal(step(f, (struct step){COUNT, id, 6, NONE}), CONFLICT);
    assert_int_equal(step(f, (struct step){COUNT, id, -1, NONE}), INVALID);
    assert_int_equal(step(f, (struct step){COUNT, id, 7, NONE}), OK);
    assert_int_equal(figures_of(f, id).on_hand, 7);
}

static void the_last_piece_takes_the_last_carats(void **state) {
    struct fixture *f = *state;
    int64_t id = add(f, stone("MEL-13"));
    assert_int_equal(step(f, (struct step){RECEIVE, id, 3, 10000}), OK);
    assert_int_equal(step(f, (struct step){RESERVE, id, 3, NONE}), OK);
    assert_int_equal(step(f, (struct step){CONSUME, id, 1, NONE}), OK);
    assert_int_equal(figures_of(f, id).carats, 6667);
    assert_int_equal(step(f, (struct step){CONSUME, id, 2, NONE}), OK);
    assert_int_equal(figures_of(f, id).carats, 0);
}

static void a_quantity_of_nought_or_less_is_none(void **state) {
    struct fixture *f = *state;
    int64_t id = add(f, stone("MEL-13"));
    assert_int_equal(step(f, (struct step){RECEIVE, id, 5, NONE}), OK);
    for (enum act act = RESERVE; act <= RECEIVE; act++) {
        assert_int_equal(step(f, (struct step){act, id, 0, NONE}), INVALID);
        assert_int_equal(step(f, (struct step){act, id, -3, NONE}), INVALID);
    }
    assert_int_equal(figures_of(f, id).on_hand, 5);
    assert_int_equal(step(f, (struct step){RECEIVE, 999, 5, NONE}), MISSING);
}

/* ------------------------------------------------------------------ matching */

struct search {
    struct need need;
    struct stock_item item;
};

static enum status search(struct context *cx, void *arg) {
    struct search *s = arg;
    return stock_match(cx, &s->need, &s->item) ? OK : MISSING;
}

static const char *found(struct fixture *f, struct need need) {
    struct search s = {.need = need};
    struct context cx = context_of(f);
    return store_read(f->store, &cx, search, &s) == OK ? s.item.code : "none";
}

static void a_stone_fits_within_a_twentieth_of_a_millimetre(void **state) {
    struct fixture *f = *state;
    int64_t small = add(f, stone("SMALL")), large = add(f, stone("LARGE"));
    assert_int_equal(step(f, (struct step){RECEIVE, small, 10, NONE}), OK);
    assert_int_equal(step(f, (struct step){RECEIVE, large, 50, NONE}), OK);
    struct need need = {.kind = "stone",
                        .gem = "diamond",
                        .shape = "round",
                        .origin = "natural",
                        .length = 1350,
                        .width = 1350,
                        .quantity = 8};
    assert_string_equal(found(f, need), "SMALL"); /* the smallest parcel that suffices */
    need.quantity = 20;
    assert_string_equal(found(f, need), "LARGE");
    need.quantity = 51;
    assert_string_equal(found(f, need), "none");
    need.quantity = 8;
    need.length = need.width = 1351;
    assert_string_equal(found(f, need), "none");
    need.length = need.width = 1250;
    assert_string_equal(found(f, need), "SMALL");
    need.origin = "laboratory_grown"; /* never taken for natural, nor the other way */
    assert_string_equal(found(f, need), "none");
    assert_int_equal(step(f, (struct step){RESERVE, small, 3, NONE}), OK);
    need.origin = "natural";
    assert_string_equal(found(f, need), "LARGE"); /* what is reserved is not free */
}

/* ------------------------------------------------------------------ figures */

static void a_metal_costs_by_the_gram_and_is_kept_by_the_milligram(void **state) {
    (void)state;
    int64_t cost;
    assert_true(stock_cost("metal", 7350, &cost));
    assert_int_equal(cost, 7350000); /* 73.50 a gram is 0.0735 a milligram */
    assert_true(stock_cost("stone", 7350, &cost));
    assert_int_equal(cost, 7350);
    assert_false(stock_cost("metal", INT64_MAX / 10, &cost));
}

static enum status change_alloy(struct context *cx, void *arg) {
    return shop_alloys_save(cx, arg, 1);
}

static int64_t density_of(struct fixture *f, const char *code) {
    struct alloy alloy = {.density = NONE};
    struct context cx = context_of(f);
    assert_int_equal(store_read_begin(f->store, &cx), OK);
    stock_alloy(&cx, code, &alloy);
    store_read_end(f->store, &cx);
    return alloy.density;
}

static void an_alloy_is_the_shops_own(void **state) {
    struct fixture *f = *state;
    struct shop_alloy own = {
        .code = "au750y", .fineness = 7500, .density = 15400, .loss = 700, .active = 1};
    struct context cx = context_of(f);
    assert_int_equal(density_of(f, "au750y"), 15580);
    assert_int_equal(density_of(f, "brass"), NONE);
    assert_int_equal(store_write(f->store, &cx, change_alloy, &own), OK);
    assert_int_equal(density_of(f, "au750y"), 15400);
    assert_int_equal(density_of(f, "au750w"), 14640);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(the_figures_are_always_the_sums_of_the_movements),
        ON_BOTH(nothing_is_reserved_twice),
        ON_BOTH(a_count_below_what_is_reserved_is_refused),
        ON_BOTH(the_last_piece_takes_the_last_carats),
        ON_BOTH(a_quantity_of_nought_or_less_is_none),
        ON_BOTH(a_stone_fits_within_a_twentieth_of_a_millimetre),
        ON_BOTH(a_metal_costs_by_the_gram_and_is_kept_by_the_milligram),
        ON_BOTH(an_alloy_is_the_shops_own),
    };
    return SCRATCH_RUN("stock", rules);
}
