#include "trade/alloy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEAR(value, low, high) assert_in_range((value), (low), (high))

static void every_alloy_is_in_its_vocabulary_once(void **state) {
    int64_t count;
    const struct alloy *all = alloy_all(&count);
    assert_int_equal(count, 26);
    for (int64_t i = 0; i < count; i++) {
        assert_ptr_equal(alloy_find(all[i].code), &all[i]);
        assert_string_equal(alloys.words[i].code, all[i].code);
        assert_string_equal(alloys.words[i].label, all[i].name);
        assert_in_range(all[i].fineness, 3000, 9999);
        assert_in_range(all[i].density, 10000, 22000);
        assert_in_range(all[i].loss, 100, 600);
        bool metal = false, colour = false;
        for (const struct word *word = metals.words; word->code; word++)
            metal |= strcmp(word->code, all[i].metal) == 0;
        for (const struct word *word = metal_colours.words; word->code; word++)
            colour |= strcmp(word->code, all[i].colour) == 0;
        assert_true(metal && colour);
    }
    assert_null(alloys.words[count].code);
    assert_null(alloy_find("au751y"));
    assert_null(alloy_find(NULL));
}

static void an_ounce_of_fine_metal_is_worth_its_price(void **state) {
    int64_t minor;
    /* 31,103.4768 mg: ten thousand ounces are a whole number of milligrams. */
    assert_true(alloy_value(200000, 311034768, 10000, &minor));
    assert_int_equal(minor, INT64_C(2000000000));
}

static void value_is_rounded_once_half_away_from_zero(void **state) {
    int64_t minor;
    /* 311034768 × 5 / 10 / 311034768 = 0.5 */
    assert_true(alloy_value(155517384, 1, 1, &minor));
    assert_int_equal(minor, 1);
    assert_true(alloy_value(155517383, 1, 1, &minor));
    assert_int_equal(minor, 0);
    assert_true(alloy_value(-155517384, 1, 1, &minor));
    assert_int_equal(minor, -1);
    /* 4.6 g of 18ct at £2,000: 200000 × 4600 × 7500 / 311034768 = 22184.04… */
    assert_true(alloy_value(200000, 4600, 7500, &minor));
    assert_int_equal(minor, 22184);
}

static void a_value_that_does_not_fit_is_refused(void **state) {
    int64_t minor = 7;
    assert_false(alloy_value(INT64_MAX, INT64_MAX, 10000, &minor));
    assert_false(alloy_value(200000, 4600, 0, &minor));
    assert_false(alloy_value(200000, 4600, 10001, &minor));
    assert_int_equal(minor, 7);
}

static void a_rate_has_six_decimals_and_holds_markup_and_loss(void **state) {
    int64_t rate;
    assert_true(alloy_rate(311034768, 10000, 0, 0, &rate));
    assert_int_equal(rate, INT64_C(10000000000)); /* 10,000 minor units a milligram */
    assert_true(alloy_rate(200000, 7500, 0, 0, &rate));
    assert_int_equal(rate, 4822612); /* 4.822612… minor units a milligram */
    int64_t dear;
    assert_true(alloy_rate(200000, 7500, 1000, 500, &dear));
    assert_int_equal(dear, 5570117); /* × 1.10 × 1.05, rounded once */
    assert_false(alloy_rate(200000, 7500, -10001, 0, &rate));
    assert_false(alloy_rate(200000, 7500, 0, -1, &rate));
}

static void rate_times_weight_agrees_with_value(void **state) {
    for (int64_t weight = 1; weight < 50000; weight += 977) {
        int64_t rate, minor, by_rate;
        assert_true(alloy_rate(213377, 5850, 0, 0, &rate));
        assert_true(alloy_value(213377, weight, 5850, &minor));
        by_rate = (rate * weight + 500000) / 1000000;
        assert_in_range(by_rate - minor + 1, 0, 2);
    }
}

static void a_court_band_in_18ct_yellow_weighs_what_it_should(void **state) {
    int64_t weight, flat;
    /* M½ (54.05 mm), 4.0 × 1.6 mm: 54.05 + 5.027 = 59.08 mm × 6.4 mm² = 378 mm³ flat, 5.89 g. */
    assert_true(ring_weight(alloy_find("au750y"), 54050, 4000, 1600, "flat", &flat));
    NEAR(flat, 5889, 5892);
    assert_true(ring_weight(alloy_find("au750y"), 54050, 4000, 1600, "court", &weight));
    NEAR(weight, flat * 8280 / 10000 - 1, flat * 8280 / 10000 + 1);
}

static void ring_weight_agrees_with_its_volume(void **state) {
    for (const struct word *profile = ring_profiles.words; profile->code; profile++)
        for (int64_t inner = 40000; inner < 75000; inner += 3771) {
            const struct alloy *alloy = alloy_find("pt950");
            int64_t volume, by_volume, weight;
            assert_true(ring_volume(inner, 3100, 1750, profile->code, &volume));
            assert_true(alloy_weight(alloy->density, volume, &by_volume));
            assert_true(ring_weight(alloy, inner, 3100, 1750, profile->code, &weight));
            assert_int_equal(weight, by_volume);
        }
}

static void a_wider_thicker_or_larger_ring_is_heavier(void **state) {
    const struct alloy *alloy = alloy_find("ag925");
    int64_t base, more;
    assert_true(ring_weight(alloy, 54000, 3000, 1500, "d", &base));
    assert_true(ring_weight(alloy, 54400, 3000, 1500, "d", &more));
    assert_true(more > base);
    assert_true(ring_weight(alloy, 54000, 3100, 1500, "d", &more));
    assert_true(more > base);
    assert_true(ring_weight(alloy, 54000, 3000, 1600, "d", &more));
    assert_true(more > base);
}

static void senseless_rings_are_refused(void **state) {
    int64_t out = 7;
    assert_false(ring_volume(54000, 3000, 1500, "round", &out));
    assert_false(ring_volume(54000, 3000, 1500, NULL, &out));
    assert_false(ring_volume(-1, 3000, 1500, "flat", &out));
    assert_false(ring_volume(54000, 3000, 2000000, "flat", &out));
    assert_false(ring_outside(NONE, 1, &out));
    assert_int_equal(out, 7);
}

static void changing_the_alloy_keeps_the_volume(void **state) {
    int64_t out;
    /* Four pennyweight of sterling are 5.03 pennyweight of 14ct yellow gold. */
    assert_true(alloy_exchange(4000, alloy_find("ag925"), alloy_find("au585y"), &out));
    assert_int_equal(out, 5027);
    assert_true(alloy_cast_weight(400, 1000, alloy_find("au750y"), &out));
    assert_int_equal(out, 6232);
    assert_false(alloy_cast_weight(400, 0, alloy_find("au750y"), &out));
}

static void issue_is_never_short(void **state) {
    int64_t issued;
    assert_true(alloy_issue(4600, 500, 3500, &issued));
    assert_int_equal(issued, 6521); /* 4,830 with loss, 1,690.5 of sprue rounded up */
    assert_true(alloy_issue(1, 1, 1, &issued));
    assert_int_equal(issued, 3);
    assert_true(alloy_issue(0, 500, 3500, &issued));
    assert_int_equal(issued, 0);
    assert_false(alloy_issue(-1, 500, 3500, &issued));
    assert_false(alloy_issue(INT64_MAX, 500, 3500, &issued));
}

static void solids_have_their_volumes(void **state) {
    int64_t volume;
    assert_true(plate_volume(10000, 10000, 1000, &volume));
    assert_int_equal(volume, INT64_C(100000000000)); /* 100 mm³ */
    assert_true(disc_volume(20000, 1500, &volume));
    NEAR(volume, INT64_C(471238000000), INT64_C(471239100000)); /* 471.24 mm³ */
    assert_true(wire_volume(1000, 10000, &volume));
    NEAR(volume, INT64_C(7853900000), INT64_C(7854100000));
    assert_false(plate_volume(-1, 1, 1, &volume));
    assert_false(disc_volume(INT64_C(1) << 40, 1, &volume));
}

static void units_of_weight_convert_both_ways(void **state) {
    int64_t weight, back;
    assert_true(weight_from(WEIGHT_OUNCE, 1000, &weight));
    assert_int_equal(weight, 31103);
    assert_true(weight_from(WEIGHT_OUNCE, 10000000, &weight));
    assert_int_equal(weight, 311034768);
    assert_true(weight_from(WEIGHT_PENNYWEIGHT, 20000, &weight));
    assert_int_equal(weight, 31103);
    assert_true(weight_from(WEIGHT_GRAIN, 480000, &weight));
    assert_int_equal(weight, 31103);
    assert_true(weight_in(WEIGHT_PENNYWEIGHT, 31103, &back));
    assert_int_equal(back, 20000);
    assert_true(weight_in(WEIGHT_OUNCE, 4600, &back));
    assert_int_equal(back, 148);
    assert_true(weight_in(WEIGHT_GRAM, 4600, &back));
    assert_int_equal(back, 4600);
}

static void prices_convert_between_units(void **state) {
    int64_t price;
    assert_true(price_to_ounce(WEIGHT_GRAM, 9814, &price));
    assert_int_equal(price, 305250); /* 98.14 × 31.1034768 = 3,052.495… */
    assert_true(price_from_ounce(WEIGHT_GRAM, 305250, &price));
    assert_int_equal(price, 9814);
    assert_true(price_to_ounce(WEIGHT_PENNYWEIGHT, 1000, &price));
    assert_int_equal(price, 20000);
    assert_true(price_from_ounce(WEIGHT_OUNCE, 305250, &price));
    assert_int_equal(price, 305250);
}

static void hallmarks_are_needed_above_the_exempt_weight(void **state) {
    assert_false(hallmark_needed("GB", "gold", 1000));
    assert_true(hallmark_needed("GB", "gold", 1001));
    assert_false(hallmark_needed("GB", "silver", 7780));
    assert_true(hallmark_needed("GB", "silver", 7781));
    assert_true(hallmark_needed("GB", "platinum", 501));
    assert_false(hallmark_needed("GB", "palladium", 1000));
    assert_false(hallmark_needed("US", "gold", 100000));
    assert_false(hallmark_needed(NULL, "gold", 100000));
}

static void lists_of_words_name_every_code(void **state) {
    struct arena *arena = arena_new();
    assert_string_equal(words_listed(&ring_profiles, arena), "flat, flat_court, d, court");
    assert_string_equal(words_listed(&owners, arena), "shop, customer");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_alloy_is_in_its_vocabulary_once),
        cmocka_unit_test(an_ounce_of_fine_metal_is_worth_its_price),
        cmocka_unit_test(value_is_rounded_once_half_away_from_zero),
        cmocka_unit_test(a_value_that_does_not_fit_is_refused),
        cmocka_unit_test(a_rate_has_six_decimals_and_holds_markup_and_loss),
        cmocka_unit_test(rate_times_weight_agrees_with_value),
        cmocka_unit_test(a_court_band_in_18ct_yellow_weighs_what_it_should),
        cmocka_unit_test(ring_weight_agrees_with_its_volume),
        cmocka_unit_test(a_wider_thicker_or_larger_ring_is_heavier),
        cmocka_unit_test(senseless_rings_are_refused),
        cmocka_unit_test(changing_the_alloy_keeps_the_volume),
        cmocka_unit_test(issue_is_never_short),
        cmocka_unit_test(solids_have_their_volumes),
        cmocka_unit_test(units_of_weight_convert_both_ways),
        cmocka_unit_test(prices_convert_between_units),
        cmocka_unit_test(hallmarks_are_needed_above_the_exempt_weight),
        cmocka_unit_test(lists_of_words_name_every_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
