#include "design/template.h"

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

static struct template_choices chosen(const char *code) {
    struct template_choices choices;
    template_choices_clear(&choices);
    choices.template = code;
    return choices;
}

static struct design made(const struct template_choices *choices) {
    struct design design;
    errors_clear(&errors);
    enum status status =
        template_make(choices, alloy_find(template_alloy(choices)), arena, &design, &errors);
    if (status)
        fail_msg("%s: %s", choices->template, errors.first->sentence);
    return design;
}

static void refused(const struct template_choices *choices, const char *field, const char *code) {
    struct design design;
    errors_clear(&errors);
    assert_int_equal(
        template_make(choices, alloy_find(template_alloy(choices)), arena, &design, &errors),
        INVALID);
    assert_non_null(errors.first);
    assert_string_equal(errors.first->code, code);
    if (field)
        assert_string_equal(errors.first->field, field);
    assert_true(strlen(errors.first->sentence) > 10);
}

static const struct spec_stone *stone_of(const struct design *design, const char *role) {
    for (int64_t i = 0; i < design->spec.stone_count; i++)
        if (strcmp(design->spec.stones[i].role, role) == 0)
            return &design->spec.stones[i];
    return NULL;
}

static const struct operation_plan *operation_of(const struct design *design, const char *name) {
    for (int64_t i = 0; i < design->operation_count; i++)
        if (strncmp(design->operations[i].name, name, strlen(name)) == 0)
            return &design->operations[i];
    return NULL;
}

static void every_template_makes_a_whole_design_from_nothing_but_its_name(void **state) {
    int64_t count;
    const struct design_template *templates = templates_all(&count);
    assert_true(count >= 9);
    for (int64_t t = 0; t < count; t++) {
        struct template_choices choices = chosen(templates[t].code);
        struct design design = made(&choices);
        assert_string_equal(design_templates.words[t].code, templates[t].code);
        assert_string_equal(design.spec.template, templates[t].code);
        assert_string_equal(design.type, templates[t].type);
        assert_true(vocabulary_has(&jewellery_types, design.type));
        assert_in_range(design.spec.weight, 500, 12000);
        assert_true(design.spec.gross > design.spec.weight);
        assert_true(design.material_count >= 1);
        assert_true(design.operation_count >= 3);
        assert_string_equal(design.operations[design.operation_count - 1].kind, "quality");
        assert_int_equal(record_check(&specification_record, &design.spec, &errors), OK);
        for (int64_t i = 0; i < design.spec.stone_count; i++)
            assert_int_equal(record_check(&spec_stone_record, &design.spec.stones[i], &errors), OK);
        for (int64_t i = 0; i < design.material_count; i++) {
            assert_int_equal(record_check(&material_need_record, &design.materials[i], &errors),
                             OK);
            assert_int_equal(design.materials[i].position, i + 1);
        }
        for (int64_t i = 0; i < design.operation_count; i++) {
            const struct operation_plan *operation = &design.operations[i];
            int64_t after[8], waits = operation_after(operation->after, after, 8);
            assert_int_equal(record_check(&operation_plan_record, operation, &errors), OK);
            assert_int_equal(operation->position, i + 1);
            for (int64_t w = 0; w < waits; w++)
                assert_in_range(after[w], 1, i);
            assert_int_equal(operation->minutes > 0, strcmp(operation->kind, "work") == 0 ||
                                                         strcmp(operation->kind, "quality") == 0);
        }
    }
}

static void every_metal_makes_every_template(void **state) {
    int64_t count, alloy_count;
    const struct design_template *templates = templates_all(&count);
    const struct alloy *all = alloy_all(&alloy_count);
    for (int64_t t = 0; t < count; t++)
        for (int64_t a = 0; a < alloy_count; a++) {
            struct template_choices choices = chosen(templates[t].code);
            choices.alloy = all[a].code;
            struct design design = made(&choices);
            assert_string_equal(design.materials[0].alloy, all[a].code);
            assert_string_equal(design.materials[0].name, all[a].name);
        }
}

static void a_solitaire_has_one_stone_in_claws(void **state) {
    struct template_choices choices = chosen("solitaire");
    choices.alloy = "pt950";
    choices.stone_carats = 50000;
    choices.origin = "laboratory_grown";
    struct design design = made(&choices);
    assert_int_equal(design.spec.stone_count, 1);
    const struct spec_stone *stone = stone_of(&design, "centre");
    assert_int_equal(stone->carats, 50000);
    assert_in_range(stone->length, 5000, 5250);
    assert_string_equal(stone->setting, "claw");
    assert_string_equal(design.title, "Solitaire ring, Platinum 950, laboratory-grown diamond");
    assert_string_equal(spec_stone_text(stone, arena),
                        "laboratory-grown diamond, round 5.1 mm, 0.50 ct (measured), G VS");
}

static void a_heavier_metal_makes_a_heavier_ring_of_the_same_volume(void **state) {
    struct template_choices gold = chosen("solitaire"), platinum = chosen("solitaire");
    platinum.alloy = "pt950";
    struct design a = made(&gold), b = made(&platinum);
    assert_in_range(b.spec.weight, a.spec.weight * 2080 / 1558 - 2,
                    a.spec.weight * 2080 / 1558 + 2);
}

static void a_band_weighs_what_its_section_and_size_say(void **state) {
    struct template_choices choices = chosen("wedding_band");
    choices.ring_size = 54050;
    choices.profile = "flat";
    struct design design = made(&choices);
    int64_t weight;
    assert_true(ring_weight(alloy_find("au750y"), 54050, 4000, 1600, "flat", &weight));
    assert_int_equal(design.spec.weight, weight);
    assert_int_equal(design.spec.stone_count, 0);
    assert_null(stone_of(&design, "centre"));
    assert_string_equal(design.title, "Wedding band, 18ct yellow gold");
}

static void a_band_made_by_hand_needs_no_casting_and_no_approval(void **state) {
    struct template_choices choices = chosen("wedding_band");
    choices.engraving = "R & T 12.12.26";
    struct design design = made(&choices);
    assert_null(operation_of(&design, "Cast"));
    assert_null(operation_of(&design, "The customer approves"));
    assert_int_equal(operation_of(&design, "Engrave")->minutes, 22);
    assert_string_equal(operation_needs(design.operations, design.operation_count, 0), "metal");
}

static void a_halo_has_a_stone_every_pitch(void **state) {
    struct template_choices choices = chosen("halo");
    choices.gem = "sapphire";
    choices.shape = "oval";
    choices.treatment = "none";
    choices.stone_length = 9200;
    choices.stone_width = 7200;
    choices.stone_carats = 231000;
    choices.shoulders = 12;
    struct design design = made(&choices);
    /* (9.2 + 7.2 + 2 × 1.7) × π / 2 = 31.10 mm, one every 1.4 mm */
    assert_int_equal(stone_of(&design, "halo")->count, 22);
    assert_string_equal(stone_of(&design, "halo")->gem, "diamond");
    assert_string_equal(stone_of(&design, "halo")->setting, "pave");
    assert_int_equal(stone_of(&design, "shoulder")->count, 12);
    assert_int_equal(stone_of(&design, "centre")->carats, 231000);
    assert_string_equal(spec_stone_text(stone_of(&design, "centre"), arena),
                        "natural sapphire, untreated, oval 9.2 × 7.2 mm, 2.31 ct (measured)");
    assert_int_equal(operation_of(&design, "Set 22 halo stones")->minutes, 22 * 8);
}

static void the_number_of_halo_stones_may_be_given(void **state) {
    struct template_choices choices = chosen("halo");
    choices.accent_count = 16;
    struct design design = made(&choices);
    assert_int_equal(stone_of(&design, "halo")->count, 16);
}

static void side_stones_follow_the_centre(void **state) {
    struct template_choices choices = chosen("three_stone");
    choices.shape = "emerald";
    choices.stone_length = 7000;
    choices.stone_width = 5000;
    struct design design = made(&choices);
    const struct spec_stone *side = stone_of(&design, "side");
    assert_int_equal(side->count, 2);
    assert_int_equal(side->length, 4900);
    assert_int_equal(side->width, 3500);
    assert_string_equal(side->shape, "emerald");
    choices.accent_size = 4000;
    design = made(&choices);
    assert_int_equal(stone_of(&design, "side")->width, 4000);
    assert_int_equal(stone_of(&design, "side")->length, 5600);
}

static void an_eternity_ring_is_full_of_stones_and_says_it_cannot_be_sized(void **state) {
    struct template_choices choices = chosen("eternity");
    choices.ring_size = 52800;
    struct design design = made(&choices);
    /* 52.8 + 2π × 1.9 = 64.74 mm, one every 2.1 mm */
    assert_int_equal(stone_of(&design, "band")->count, 30);
    assert_non_null(strstr(design.spec.note, "can't be made larger"));
    choices.coverage = 5000;
    struct design half = made(&choices);
    assert_int_equal(stone_of(&half, "band")->count, 15);
    assert_true(half.spec.weight > design.spec.weight);
}

static void earrings_come_in_pairs(void **state) {
    struct template_choices choices = chosen("earrings");
    choices.gem = "pearl";
    choices.shape = "bead";
    choices.stone_length = 8000;
    choices.treatment = "none";
    struct design design = made(&choices);
    const struct spec_stone *stone = stone_of(&design, "centre");
    int64_t each;
    assert_true(stone_carats("pearl", "bead", 8000, 8000, 0, &each));
    assert_int_equal(stone->count, 2);
    assert_int_equal(stone->carats, 2 * each);
    int64_t findings = 0;
    for (int64_t i = 0; i < design.material_count; i++)
        if (strcmp(design.materials[i].kind, "finding") == 0)
            findings += design.materials[i].quantity;
    assert_int_equal(findings, 4);
}

static void a_pendant_with_a_size_and_no_stone_is_a_plate(void **state) {
    struct template_choices choices = chosen("pendant");
    choices.length = 20000;
    struct design design = made(&choices);
    assert_int_equal(design.spec.stone_count, 0);
    assert_null(operation_of(&design, "Set"));
    assert_non_null(strstr(design.spec.cad, "Plate: 20.0 × 20.0 × 1.2 mm"));
    /* a disc of 377 mm³ in 18ct yellow gold, and a bail */
    assert_in_range(design.spec.weight, 5870, 6200);
}

static void a_remodelled_piece_uses_what_the_customer_brought(void **state) {
    struct template_choices choices = chosen("remodel");
    choices.gem = "ruby";
    choices.own_metal = 3000;
    struct design design = made(&choices);
    const struct spec_stone *stone = stone_of(&design, "centre");
    assert_string_equal(stone->whose, "customer");
    assert_string_equal(stone->treatment, "unknown");
    assert_string_equal(design.materials[0].whose, "customer");
    assert_int_equal(design.materials[0].quantity, 3000);
    assert_string_equal(design.materials[1].whose, "shop");
    assert_int_equal(design.materials[0].quantity + design.materials[1].quantity,
                     design.spec.gross);
    const struct operation_plan *cast = operation_of(&design, "Cast in");
    const struct operation_plan *melt = operation_of(&design, "Melt");
    int64_t after[4], waits = operation_after(cast->after, after, 4);
    assert_int_equal(waits, 2);
    assert_true(after[0] == melt->position || after[1] == melt->position);
    choices.own_metal = 90000; /* more than the piece needs */
    design = made(&choices);
    assert_int_equal(design.materials[0].quantity, design.spec.gross);
    assert_string_equal(design.materials[1].kind, "stone");
}

static void stones_are_needed_by_setting_and_metal_by_casting(void **state) {
    struct template_choices choices = chosen("halo");
    struct design design = made(&choices);
    for (int64_t i = 0; i < design.operation_count; i++) {
        const char *needs = operation_needs(design.operations, design.operation_count, i);
        if (strcmp(design.operations[i].craft, "setting") == 0)
            assert_string_equal(needs, "stone");
        else if (strcmp(design.operations[i].craft, "casting") == 0)
            assert_string_equal(needs, "metal");
        else
            assert_null(needs);
    }
}

static void white_gold_is_rhodium_plated_and_hallmarks_cost_a_week(void **state) {
    struct template_choices choices = chosen("solitaire");
    choices.alloy = "au750w";
    choices.assay = 1;
    struct design design = made(&choices);
    assert_int_equal(operation_of(&design, "Rhodium")->minutes, 20);
    assert_int_equal(operation_of(&design, "Hallmark")->lead_days, 5);
    choices.finish = "satin";
    choices.assay = 0;
    design = made(&choices);
    assert_null(operation_of(&design, "Rhodium"));
    assert_null(operation_of(&design, "Hallmark"));
}

static void a_wide_band_warns_of_its_fit(void **state) {
    struct template_choices choices = chosen("wedding_band");
    choices.band_width = 8000;
    struct design design = made(&choices);
    assert_non_null(strstr(design.spec.note, "half a size tighter"));
}

static void wrong_choices_are_refused_beside_their_field(void **state) {
    struct template_choices choices = chosen("tiara");
    refused(&choices, "template", "unknown_template");
    assert_non_null(strstr(errors.first->sentence, "solitaire, halo"));
    choices = chosen(NULL);
    refused(&choices, "template", "unknown_template");
    choices = chosen("solitaire");
    choices.gem = "cubic_zirconia";
    choices.origin = "natural";
    refused(&choices, "origin", "impossible_origin");
    choices = chosen("halo");
    choices.accent_gem = "cubic_zirconia";
    choices.accent_origin = "natural";
    refused(&choices, "accent_origin", "impossible_origin");
    choices = chosen("solitaire");
    choices.shape = "other";
    refused(&choices, "stone_length", "no_formula");
    choices.stone_length = 6000;
    refused(&choices, "stone_carats", "no_formula");
    choices.stone_carats = 80000;
    made(&choices);
}

static void sizes_out_of_range_are_refused(void **state) {
    static const int64_t wild[] = {-1, 0, INT64_MAX, INT64_MIN + 1};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        struct template_choices choices = chosen("halo");
        struct design design;
        choices.ring_size = wild[i];
        errors_clear(&errors);
        assert_int_equal(
            template_make(&choices, alloy_find(template_alloy(&choices)), arena, &design, &errors),
            INVALID);
        choices = chosen("halo");
        choices.stone_length = wild[i];
        errors_clear(&errors);
        assert_int_equal(
            template_make(&choices, alloy_find(template_alloy(&choices)), arena, &design, &errors),
            INVALID);
        choices = chosen("halo");
        choices.stone_carats = wild[i];
        errors_clear(&errors);
        assert_int_equal(
            template_make(&choices, alloy_find(template_alloy(&choices)), arena, &design, &errors),
            INVALID);
    }
    struct template_choices choices = chosen("solitaire");
    choices.alloy = "kryptonite";
    struct design design;
    errors_clear(&errors);
    assert_int_equal(
        template_make(&choices, alloy_find(template_alloy(&choices)), arena, &design, &errors),
        INVALID);
    assert_string_equal(errors.first->field, "alloy");
}

static void a_draft_weighs_with_the_figures_of_the_alloy_it_is_given(void **state) {
    struct template_choices choices = chosen("wedding_band");
    struct alloy own = *alloy_find(template_alloy(&choices));
    struct design usual = made(&choices), design;
    own.density *= 2;
    own.loss = 2000;
    own.name = "Our own gold";
    assert_int_equal(template_make(&choices, &own, arena, &design, &errors), OK);
    assert_in_range(design.spec.weight, 2 * usual.spec.weight - 1, 2 * usual.spec.weight + 1);
    assert_true(design.spec.gross > 2 * usual.spec.gross);
    assert_string_equal(design.materials[0].name, "Our own gold");
    assert_int_equal(template_make(&choices, NULL, arena, &design, &errors), INVALID);
    assert_string_equal(errors.first->code, "unknown_alloy");
}

static void an_edited_specification_has_its_materials_and_operations_again(void **state) {
    struct template_choices choices = chosen("halo");
    struct design design = made(&choices);
    design.spec.stones[1].count = 30;
    design.spec.gross = 9000;
    struct material_need *needs;
    struct operation_plan *operations;
    int64_t count;
    assert_int_equal(spec_materials(&design.spec, alloy_find(design.spec.alloy), NONE, arena,
                                    &needs, &count, &errors),
                     OK);
    assert_int_equal(needs[0].quantity, 9000);
    assert_int_equal(needs[2].quantity, 30);
    assert_int_equal(spec_operations(&design.spec, alloy_find(design.spec.alloy), false, false,
                                     arena, &operations, &count, &errors),
                     OK);
    assert_int_equal(operations[6].minutes, 240);
    design.spec.stones[1].setting = "glue";
    assert_int_equal(spec_operations(&design.spec, alloy_find(design.spec.alloy), false, false,
                                     arena, &operations, &count, &errors),
                     INVALID);
    assert_string_equal(errors.first->code, "unknown_setting");
}

static void lists_of_predecessors_are_read_leniently_and_bounded(void **state) {
    int64_t list[3];
    assert_int_equal(operation_after(NULL, list, 3), 0);
    assert_int_equal(operation_after("", list, 3), 0);
    assert_int_equal(operation_after("3 5", list, 3), 2);
    assert_int_equal(list[1], 5);
    assert_int_equal(operation_after("1, 2,3 4", list, 3), 3);
    assert_int_equal(operation_after("x", list, 3), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_makes_a_whole_design_from_nothing_but_its_name),
        cmocka_unit_test(every_metal_makes_every_template),
        cmocka_unit_test(a_solitaire_has_one_stone_in_claws),
        cmocka_unit_test(a_heavier_metal_makes_a_heavier_ring_of_the_same_volume),
        cmocka_unit_test(a_band_weighs_what_its_section_and_size_say),
        cmocka_unit_test(a_band_made_by_hand_needs_no_casting_and_no_approval),
        cmocka_unit_test(a_halo_has_a_stone_every_pitch),
        cmocka_unit_test(the_number_of_halo_stones_may_be_given),
        cmocka_unit_test(side_stones_follow_the_centre),
        cmocka_unit_test(an_eternity_ring_is_full_of_stones_and_says_it_cannot_be_sized),
        cmocka_unit_test(earrings_come_in_pairs),
        cmocka_unit_test(a_pendant_with_a_size_and_no_stone_is_a_plate),
        cmocka_unit_test(a_remodelled_piece_uses_what_the_customer_brought),
        cmocka_unit_test(stones_are_needed_by_setting_and_metal_by_casting),
        cmocka_unit_test(white_gold_is_rhodium_plated_and_hallmarks_cost_a_week),
        cmocka_unit_test(a_wide_band_warns_of_its_fit),
        cmocka_unit_test(wrong_choices_are_refused_beside_their_field),
        cmocka_unit_test(sizes_out_of_range_are_refused),
        cmocka_unit_test(a_draft_weighs_with_the_figures_of_the_alloy_it_is_given),
        cmocka_unit_test(an_edited_specification_has_its_materials_and_operations_again),
        cmocka_unit_test(lists_of_predecessors_are_read_leniently_and_bounded),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
