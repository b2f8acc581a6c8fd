#include "quotes/price.h"

#include "base/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static struct errors errors;

static int begin(void **state) {
    arena = arena_new();
    errors = (struct errors){.arena = arena};
    return 0;
}

static int end(void **state) {
    arena_free(arena);
    return 0;
}

/* SplitMix64: the same numbers on every machine. */
static uint64_t seed;
static uint64_t drawn(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static int64_t between(int64_t least, int64_t most) {
    return least + (int64_t)(drawn() % (uint64_t)(most - least + 1));
}

static struct price made(const struct price_input *input) {
    struct price price;
    errors_clear(&errors);
    if (price_make(input, arena, &price, &errors))
        fail_msg("%s", errors.first->sentence);
    return price;
}

static void refused(const struct price_input *input, const char *code) {
    struct price price;
    errors_clear(&errors);
    assert_int_equal(price_make(input, arena, &price, &errors), INVALID);
    assert_string_equal(errors.first->code, code);
}

static const struct price_metal gold = {.code = "au750y",
                                        .name = "18ct yellow gold",
                                        .weight = 4600,
                                        .fineness = 7500,
                                        .loss = 500,
                                        .per_ounce = 200000};
static const struct price_stone diamond = {.code = "diamond",
                                           .name = "natural diamond, round 6.45 mm",
                                           .count = 1,
                                           .carats = 100000,
                                           .per_carat = 342000,
                                           .per_stone = NONE};
static const struct price_labour bench = {
    .code = "mounting", .name = "Mounting", .minutes = 90, .per_hour = 4500};

static void metal_costs_weight_at_fineness_with_loss_and_markup(void **state) {
    struct price price = made(&(struct price_input){.metals = &gold, .metal_count = 1});
    /* 200000 × 7500 × 1.05 / 311034768 = 5.063743 a milligram, × 4600 = 23293.2 */
    assert_int_equal(price.lines[0].cost, 23293);
    assert_int_equal(price.lines[0].price, 23293);
    assert_int_equal(price.lines[0].rate, 5063743);
    assert_string_equal(price.lines[0].unit, "mg");
    assert_int_equal(price.lines[0].quantity, 4600);
    struct price_metal dear = gold;
    dear.markup = 1000;
    price = made(&(struct price_input){.metals = &dear, .metal_count = 1});
    assert_int_equal(price.lines[0].cost, 25623); /* 25622.54 */
}

static void stones_cost_by_the_carat_or_by_the_piece(void **state) {
    struct price_stone stones[] = {
        diamond,
        {.code = "diamond",
         .name = "melee",
         .count = 22,
         .carats = 23210,
         .per_carat = 60000,
         .per_stone = NONE},
        {.code = "sapphire", .name = "sapphire", .count = 3, .carats = 1, .per_stone = 5000},
    };
    struct price price = made(&(struct price_input){.stones = stones, .stone_count = 3});
    assert_int_equal(price.lines[0].cost, 342000);
    assert_int_equal(price.lines[1].cost, 13926); /* 0.2321 ct × 600.00 */
    assert_int_equal(price.lines[2].cost, 15000);
    assert_string_equal(price.lines[2].unit, "piece");
}

static void labour_is_minutes_at_an_hourly_rate(void **state) {
    struct price_labour odd = {.code = "cad", .name = "CAD", .minutes = 10, .per_hour = 10000};
    struct price price = made(&(struct price_input){.labour = &bench, .labour_count = 1});
    assert_int_equal(price.lines[0].cost, 6750);
    price = made(&(struct price_input){.labour = &odd, .labour_count = 1});
    assert_int_equal(price.lines[0].cost, 1667);
}

static void each_kind_has_its_own_margin(void **state) {
    struct price_input input = {.metals = &gold,
                                .metal_count = 1,
                                .stones = &diamond,
                                .stone_count = 1,
                                .labour = &bench,
                                .labour_count = 1};
    input.margin[PRICE_METAL] = 5000;
    input.margin[PRICE_STONE] = 8000;
    input.margin[PRICE_LABOUR] = 0;
    struct price price = made(&input);
    assert_int_equal(price.lines[0].price, 34940); /* 23293.22 × 1.5 = 34939.8, not 23293 × 1.5 */
    assert_int_equal(price.lines[1].price, 615600);
    assert_int_equal(price.lines[2].price, 6750);
    assert_int_equal(price.subtotal, 34940 + 615600 + 6750);
    assert_int_equal(price.margin, price.net - price.cost);
}

static void half_a_penny_goes_away_from_zero(void **state) {
    struct price_item item = {.code = "chain", .name = "Chain", .count = 1, .each = 1};
    struct price_input input = {.findings = &item, .finding_count = 1};
    input.margin[PRICE_FINDING] = 5000;
    assert_int_equal(made(&input).subtotal, 2);
    input.margin[PRICE_FINDING] = 4999;
    assert_int_equal(made(&input).subtotal, 1);
}

static void the_customers_own_stone_stays_on_the_quote_without_a_price(void **state) {
    struct price_stone own = diamond;
    own.per_carat = 0;
    struct price price = made(&(struct price_input){.stones = &own, .stone_count = 1});
    assert_int_equal(price.line_count, 1);
    assert_int_equal(price.total, 0);
}

static void tax_is_added_by_kind_or_not_at_all(void **state) {
    struct price_input input = {
        .metals = &gold, .metal_count = 1, .labour = &bench, .labour_count = 1};
    input.tax[PRICE_METAL] = 2000;
    struct price price = made(&input);
    assert_int_equal(price.lines[0].tax, 4659);
    assert_int_equal(price.lines[0].taxable, 1);
    assert_int_equal(price.lines[1].tax, 0);
    assert_int_equal(price.lines[1].taxable, 0);
    assert_int_equal(price.total, price.net + 4659);
    input.exempt = true;
    price = made(&input);
    assert_int_equal(price.tax, 0);
    assert_int_equal(price.lines[0].taxable, 0);
}

static void without_a_discount_the_total_is_the_same_with_tax_inside_or_on_top(void **state) {
    seed = 11;
    for (int round = 0; round < 5000; round++) {
        struct price_item items[4];
        struct price_input input = {.findings = items, .finding_count = 4};
        for (int i = 0; i < 4; i++)
            items[i] = (struct price_item){
                .code = "x", .name = "x", .count = between(1, 9), .each = between(0, 99999)};
        input.margin[PRICE_FINDING] = between(0, 20000);
        input.tax[PRICE_FINDING] = between(0, 3000);
        struct price on_top = made(&input);
        input.tax_inside = true;
        struct price inside = made(&input);
        assert_int_equal(on_top.total, inside.total);
        assert_int_equal(on_top.tax, inside.tax);
        assert_int_equal(inside.discount, 0);
    }
}

static void a_discount_comes_off_what_the_customer_sees(void **state) {
    struct price_item item = {.code = "x", .name = "x", .count = 1, .each = 10000};
    struct price_input input = {.findings = &item, .finding_count = 1, .discount_amount = 1200};
    input.tax[PRICE_FINDING] = 2000;
    struct price price = made(&input);
    assert_int_equal(price.net, 8800);
    assert_int_equal(price.total, 10560);
    input.tax_inside = true;
    price = made(&input);
    assert_int_equal(price.total, 10800);
    assert_int_equal(price.net, 9000);
    assert_int_equal(price.discount, 1000);
    assert_int_equal(price.tax, 1800);
}

static void a_share_is_taken_after_the_amount(void **state) {
    struct price_item item = {.code = "x", .name = "x", .count = 1, .each = 10000};
    struct price price = made(&(struct price_input){
        .findings = &item, .finding_count = 1, .discount_amount = 1000, .discount_share = 1000});
    assert_int_equal(price.discount, 1900);
    assert_int_equal(price.total, 8100);
}

static void rush_is_a_share_of_the_work(void **state) {
    struct price_item caster = {.code = "casting", .name = "Casting", .count = 1, .each = 8500};
    struct price_input input = {.metals = &gold,
                                .metal_count = 1,
                                .labour = &bench,
                                .labour_count = 1,
                                .vendors = &caster,
                                .vendor_count = 1,
                                .rush_share = 2000,
                                .rush_amount = 500};
    struct price price = made(&input);
    const struct price_line *rush = &price.lines[price.line_count - 1];
    assert_string_equal(rush->kind, "rush");
    assert_int_equal(rush->price, (6750 + 8500) / 5 + 500);
    assert_int_equal(rush->cost, 0);
}

static void the_deposit_is_a_share_of_the_total(void **state) {
    struct price_item item = {.code = "x", .name = "x", .count = 1, .each = 12345};
    struct price price =
        made(&(struct price_input){.findings = &item, .finding_count = 1, .deposit_share = 5000});
    assert_int_equal(price.deposit, 6173);
}

static void nothing_costs_nothing(void **state) {
    struct price price = made(&(struct price_input){.deposit_share = 5000});
    assert_int_equal(price.line_count, 0);
    assert_int_equal(price.total, 0);
}

static void senseless_prices_are_refused(void **state) {
    struct price_item item = {.code = "x", .name = "x", .count = 1, .each = 10000};
    struct price_input good = {.findings = &item, .finding_count = 1}, input;

    input = good;
    input.discount_amount = 10001;
    refused(&input, "discount_too_large");
    input = good;
    input.discount_share = 10001;
    refused(&input, "out_of_range");
    input = good;
    input.discount_amount = -1;
    refused(&input, "negative");
    input = good;
    input.margin[PRICE_FINDING] = -1;
    refused(&input, "out_of_range");
    input = good;
    input.tax[PRICE_STONE] = NONE;
    refused(&input, "out_of_range");
    input = good;
    input.rush_amount = -5;
    refused(&input, "negative");
    struct price_item bad = {.code = "x", .name = "Chain", .count = -1, .each = 1};
    input = (struct price_input){.findings = &bad, .finding_count = 1};
    refused(&input, "negative");
    assert_non_null(strstr(errors.first->sentence, "Chain"));
    bad = (struct price_item){.code = "x", .name = "Chain", .count = INT64_MAX, .each = INT64_MAX};
    refused(&input, "too_large");
    bad = (struct price_item){.code = "x", .name = "Chain", .count = 1, .each = NONE};
    refused(&input, "negative");
    struct price_metal metal = gold;
    metal.per_ounce = INT64_MAX;
    input = (struct price_input){.metals = &metal, .metal_count = 1};
    refused(&input, "too_large");
}

/* Whatever is priced, every figure is the sum of its lines and every line of its parts. */
static void the_sums_are_exact_whatever_is_priced(void **state) {
    seed = 20261124;
    for (int round = 0; round < 20000; round++) {
        struct arena *own = arena_new();
        struct price_metal metals[3];
        struct price_stone stones[6];
        struct price_setting sets[3];
        struct price_labour labour[5];
        struct price_item findings[3], vendors[3];
        struct price_input input = {.metals = metals,
                                    .metal_count = between(0, 3),
                                    .stones = stones,
                                    .stone_count = between(0, 6),
                                    .settings = sets,
                                    .setting_count = between(0, 3),
                                    .labour = labour,
                                    .labour_count = between(0, 5),
                                    .findings = findings,
                                    .finding_count = between(0, 3),
                                    .vendors = vendors,
                                    .vendor_count = between(0, 3),
                                    .tax_inside = drawn() & 1,
                                    .exempt = drawn() % 8 == 0,
                                    .rush_share = drawn() & 1 ? between(0, 5000) : 0,
                                    .rush_amount = drawn() & 1 ? between(0, 20000) : 0,
                                    .discount_share = drawn() & 1 ? between(0, 10000) : 0,
                                    .deposit_share = between(0, 10000)};
        for (int i = 0; i < 3; i++) {
            metals[i] = (struct price_metal){.code = "m",
                                             .name = "m",
                                             .weight = between(0, 90000),
                                             .fineness = between(1, 10000),
                                             .loss = between(0, 1000),
                                             .per_ounce = between(0, 9999999),
                                             .markup = between(-500, 3000)};
            sets[i] = (struct price_setting){
                .code = "s", .name = "s", .count = between(0, 60), .per_stone = between(0, 9999)};
            findings[i] = (struct price_item){
                .code = "f", .name = "f", .count = between(0, 4), .each = between(0, 99999)};
            vendors[i] = (struct price_item){
                .code = "v", .name = "v", .count = between(0, 2), .each = between(0, 99999)};
        }
        for (int i = 0; i < 6; i++)
            stones[i] = (struct price_stone){.code = "d",
                                             .name = "d",
                                             .count = between(0, 50),
                                             .carats = between(0, 300000),
                                             .per_carat = between(0, 9999999),
                                             .per_stone = drawn() & 1 ? NONE : between(0, 99999)};
        for (int i = 0; i < 5; i++)
            labour[i] = (struct price_labour){.code = "l",
                                              .name = "l",
                                              .minutes = between(0, 900),
                                              .per_hour = between(0, 20000)};
        for (int kind = 0; kind < PRICE_KINDS; kind++) {
            input.margin[kind] = between(0, 30000);
            input.tax[kind] = between(0, 2500);
        }
        struct price price;
        assert_int_equal(price_make(&input, own, &price, &errors), OK);
        if (drawn() & 1) {
            input.discount_amount = between(0, input.tax_inside ? price.total : price.subtotal);
            if (input.discount_share == 0 || input.discount_amount <= price.net)
                assert_int_equal(price_make(&input, own, &price, &errors), OK);
        }

        int64_t cost = 0, subtotal = 0, discount = 0, net = 0, tax = 0, total = 0;
        for (int64_t i = 0; i < price.line_count; i++) {
            const struct price_line *line = &price.lines[i];
            assert_int_equal(line->position, i + 1);
            assert_int_equal(line->net, line->price - line->discount);
            assert_int_equal(line->total, line->net + line->tax);
            assert_true(line->discount >= 0 && line->net >= 0 && line->tax >= 0);
            assert_true(!input.exempt || line->tax == 0);
            int64_t exact;
            assert_true(number_ratio(line->net, line->tax_share, WHOLE, &exact));
            assert_in_range(line->tax - exact + 1, 0, 2); /* inside, worked back from the total */
            if (!input.tax_inside)
                assert_int_equal(line->tax, exact);
            cost += line->cost;
            subtotal += line->price;
            discount += line->discount;
            net += line->net;
            tax += line->tax;
            total += line->total;
        }
        assert_int_equal(price.cost, cost);
        assert_int_equal(price.subtotal, subtotal);
        assert_int_equal(price.discount, discount);
        assert_int_equal(price.net, net);
        assert_int_equal(price.tax, tax);
        assert_int_equal(price.total, total);
        assert_int_equal(price.net, price.subtotal - price.discount);
        assert_int_equal(price.total, price.net + price.tax);
        assert_int_equal(price.margin, price.net - price.cost);
        assert_in_range(price.deposit, 0, price.total);
        arena_free(own);
    }
}

static void kinds_have_codes_both_ways(void **state) {
    for (int i = 0; i < PRICE_KINDS; i++) {
        enum price_kind kind;
        assert_true(price_kind_find(price_kind_code((enum price_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    enum price_kind kind;
    assert_false(price_kind_find("magic", &kind));
    assert_false(price_kind_find(NULL, &kind));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metal_costs_weight_at_fineness_with_loss_and_markup),
        cmocka_unit_test(stones_cost_by_the_carat_or_by_the_piece),
        cmocka_unit_test(labour_is_minutes_at_an_hourly_rate),
        cmocka_unit_test(each_kind_has_its_own_margin),
        cmocka_unit_test(half_a_penny_goes_away_from_zero),
        cmocka_unit_test(the_customers_own_stone_stays_on_the_quote_without_a_price),
        cmocka_unit_test(tax_is_added_by_kind_or_not_at_all),
        cmocka_unit_test(without_a_discount_the_total_is_the_same_with_tax_inside_or_on_top),
        cmocka_unit_test(a_discount_comes_off_what_the_customer_sees),
        cmocka_unit_test(a_share_is_taken_after_the_amount),
        cmocka_unit_test(rush_is_a_share_of_the_work),
        cmocka_unit_test(the_deposit_is_a_share_of_the_total),
        cmocka_unit_test(nothing_costs_nothing),
        cmocka_unit_test(senseless_prices_are_refused),
        cmocka_unit_test(the_sums_are_exact_whatever_is_priced),
        cmocka_unit_test(kinds_have_codes_both_ways),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
