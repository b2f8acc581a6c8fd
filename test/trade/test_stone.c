#include "trade/stone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena *arena;

static int begin(void **state) {
    arena = arena_new();
    return 0;
}

static int end(void **state) {
    arena_free(arena);
    return 0;
}

static int64_t carats_of(const char *gem, const char *shape, int64_t length, int64_t width) {
    int64_t carats;
    assert_true(stone_carats(gem, shape, length, width, 0, &carats));
    return carats;
}

static void round_diamonds_follow_the_trades_figures(void **state) {
    assert_int_equal(carats_of("diamond", "round", 1000, 0), 500);
    assert_int_equal(carats_of("diamond", "round", 1100, 1100), 660);
    assert_int_equal(carats_of("diamond", "round", 1500, 0), 1450);
    assert_in_range(carats_of("diamond", "round", 2000, 0), 2950, 3050);
    assert_in_range(carats_of("diamond", "round", 3000, 0), 9500, 10500);
    assert_in_range(carats_of("diamond", "round", 6500, 0), 97000, 103000);
    assert_in_range(carats_of("diamond", "princess", 5500, 0), 97000, 103000);
}

static void a_measured_depth_is_used_exactly(void **state) {
    int64_t carats;
    /* 6.5² × 4.0 × 0.0061 = 1.0309 ct */
    assert_true(stone_carats("diamond", "round", 6500, 6500, 4000, &carats));
    assert_int_equal(carats, 103090);
    /* 9.2 × 7.2 × 4.5 × 4.00 × 0.0020 = 2.38464 ct */
    assert_true(stone_carats("sapphire", "oval", 9200, 7200, 4500, &carats));
    assert_int_equal(carats, 238464);
    /* 7 × 5 × 3.2 × 0.0080 = 0.896 ct */
    assert_true(stone_carats("diamond", "emerald", 7000, 5000, 3200, &carats));
    assert_int_equal(carats, 89600);
}

static void carats_never_fall_as_a_stone_grows(void **state) {
    for (const struct word *shape = shapes.words; shape->code; shape++)
        for (const struct word *gem = gems.words; gem->code; gem++) {
            int64_t before = 0, carats;
            for (int64_t size = 300; size < 12000; size += 37) {
                if (!stone_carats(gem->code, shape->code, size, 0, 0, &carats))
                    break;
                assert_true(carats >= before);
                before = carats;
            }
        }
}

static void every_shape_but_other_weighs_a_sapphire(void **state) {
    for (const struct word *shape = shapes.words; shape->code; shape++) {
        int64_t carats;
        bool known = stone_carats("sapphire", shape->code, 5000, 0, 0, &carats);
        assert_int_equal(known, shape_find(shape->code)->any > 0);
    }
}

static void a_pearl_is_a_sphere(void **state) {
    /* 8 mm: 268.08 mm³ × 2.70 ÷ 200 mg = 3.62 ct */
    assert_in_range(carats_of("pearl", "bead", 8000, 0), 360000, 364000);
}

static void senseless_stones_are_refused(void **state) {
    int64_t carats = 7;
    assert_false(stone_carats("kryptonite", "round", 1000, 0, 0, &carats));
    assert_false(stone_carats("diamond", "blob", 1000, 0, 0, &carats));
    assert_false(stone_carats("diamond", "other", 1000, 0, 0, &carats));
    assert_false(stone_carats("other", "round", 1000, 0, 0, &carats));
    assert_false(stone_carats("diamond", "round", 0, 0, 0, &carats));
    assert_false(stone_carats("diamond", "round", -5, 5, 0, &carats));
    assert_false(stone_carats("diamond", "round", INT64_MAX, 1, 0, &carats));
    assert_false(stone_carats(NULL, NULL, 1, 1, 1, &carats));
    assert_int_equal(carats, 7);
}

static void size_is_the_inverse_of_carats(void **state) {
    static const int64_t wanted[] = {250, 1000, 3000, 25000, 100000, 231000, 1200000};
    for (const struct word *shape = shapes.words; shape->code; shape++)
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            int64_t length, width, carats;
            if (!stone_size("sapphire", shape->code, wanted[i], &length, &width))
                continue;
            assert_true(stone_carats("sapphire", shape->code, length, width, 0, &carats));
            assert_true(carats >= wanted[i]);
            assert_true(carats <= wanted[i] + wanted[i] / 200 + 2);
        }
    int64_t length, width;
    assert_true(stone_size("diamond", "round", 100000, &length, &width));
    assert_in_range(length, 6400, 6600);
    assert_int_equal(length, width);
    assert_false(stone_size("diamond", "round", 0, &length, &width));
    assert_false(stone_size("diamond", "round", INT64_MAX, &length, &width));
}

static void outlines_follow_the_shape(void **state) {
    int64_t outline;
    assert_true(stone_girdle("round", 1000000 / 10, 0, &outline));
    assert_in_range(outline, 314159, 314160);
    assert_true(stone_girdle("princess", 5500, 5500, &outline));
    assert_int_equal(outline, 22000);
    assert_false(stone_girdle("blob", 5500, 5500, &outline));
}

static void origin_stands_right_before_the_name(void **state) {
    struct stone_facts facts = {.gem = "diamond",
                                .origin = "laboratory_grown",
                                .shape = "round",
                                .length = 1300,
                                .width = 1300};
    assert_string_equal(stone_text(&facts, arena), "laboratory-grown diamond, round 1.3 mm");
}

static void treatment_stands_right_after_the_name(void **state) {
    struct stone_facts facts = {.gem = "sapphire",
                                .origin = "natural",
                                .treatment = "heated",
                                .shape = "oval",
                                .length = 9200,
                                .width = 7200,
                                .carats = 231000,
                                .weighed = true,
                                .report = "GIA 2215-880"};
    assert_string_equal(stone_text(&facts, arena),
                        "natural sapphire, heated, oval 9.2 × 7.2 mm, 2.31 ct (weighed), "
                        "GIA 2215-880");
    assert_string_equal(stone_name(&facts, arena), "natural sapphire, heated");
}

static void several_stones_are_counted_and_weighed_together(void **state) {
    struct stone_facts facts = {.gem = "diamond",
                                .origin = "natural",
                                .shape = "round",
                                .count = 22,
                                .length = 1300,
                                .width = 1300,
                                .carats = 23210,
                                .quality = "G VS"};
    assert_string_equal(stone_text(&facts, arena),
                        "22 natural diamonds, round 1.3 mm, 0.23 ct in all (measured), G VS");
    facts.carats = 6600;
    assert_string_equal(stone_text(&facts, arena),
                        "22 natural diamonds, round 1.3 mm, 0.066 ct in all (measured), G VS");
}

static void simulants_are_never_passed_off(void **state) {
    struct stone_facts facts = {
        .gem = "cubic_zirconia", .origin = "simulant", .shape = "round", .length = 5000};
    assert_string_equal(stone_text(&facts, arena), "cubic zirconia (diamond simulant), round 5 mm");
    facts = (struct stone_facts){
        .gem = "ruby", .origin = "simulant", .shape = "oval", .length = 6000, .width = 4000};
    assert_string_equal(stone_text(&facts, arena), "imitation ruby, oval 6 × 4 mm");
    facts = (struct stone_facts){.gem = "moissanite", .origin = "laboratory_grown"};
    assert_string_equal(stone_text(&facts, arena),
                        "laboratory-grown moissanite (diamond simulant)");
}

static void what_is_not_known_is_said(void **state) {
    struct stone_facts facts = {.gem = "diamond", .treatment = "unknown"};
    assert_string_equal(stone_text(&facts, arena),
                        "diamond of undisclosed origin, treatment not known");
    facts = (struct stone_facts){.count = NONE, .length = NONE, .width = NONE, .carats = NONE};
    assert_string_equal(stone_text(&facts, arena), "stone of undisclosed origin");
}

static void every_treatment_is_told(void **state) {
    for (const struct word *word = treatments.words; word->code; word++) {
        struct stone_facts with = {.gem = "emerald", .origin = "natural", .treatment = word->code};
        assert_string_not_equal(stone_text(&with, arena), "natural emerald");
    }
}

static void origins_that_would_lie_are_refused(void **state) {
    assert_true(gem_may_be("diamond", "natural"));
    assert_true(gem_may_be("diamond", "simulant"));
    assert_false(gem_may_be("cubic_zirconia", "natural"));
    assert_true(gem_may_be("moissanite", "laboratory_grown"));
    assert_false(gem_may_be("diamond", "martian"));
    assert_false(gem_may_be("diamond", NULL));
    assert_false(gem_may_be(NULL, "natural"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_diamonds_follow_the_trades_figures),
        cmocka_unit_test(a_measured_depth_is_used_exactly),
        cmocka_unit_test(carats_never_fall_as_a_stone_grows),
        cmocka_unit_test(every_shape_but_other_weighs_a_sapphire),
        cmocka_unit_test(a_pearl_is_a_sphere),
        cmocka_unit_test(senseless_stones_are_refused),
        cmocka_unit_test(size_is_the_inverse_of_carats),
        cmocka_unit_test(outlines_follow_the_shape),
        cmocka_unit_test(origin_stands_right_before_the_name),
        cmocka_unit_test(treatment_stands_right_after_the_name),
        cmocka_unit_test(several_stones_are_counted_and_weighed_together),
        cmocka_unit_test(simulants_are_never_passed_off),
        cmocka_unit_test(what_is_not_known_is_said),
        cmocka_unit_test(every_treatment_is_told),
        cmocka_unit_test(origins_that_would_lie_are_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
