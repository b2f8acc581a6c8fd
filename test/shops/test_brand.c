#include "shops/brand.h"

#include "shops/numbering.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;

static int start(void **state) {
    arena = arena_new();
    return 0;
}

static int stop(void **state) {
    arena_free(arena);
    return 0;
}

/* The examples of WCAG's own tools: black on white 21 : 1, #777777 4.47 : 1, #767676 4.54 : 1. */
static void contrast_is_that_of_wcag(void **state) {
    assert_int_equal(brand_contrast("#000000", "#ffffff"), 2100);
    assert_int_equal(brand_contrast("#777777", "#ffffff"), 447);
    assert_int_equal(brand_contrast("#ffffff", "#767676"), 454);
    assert_int_equal(brand_contrast("#17493d", "#17493d"), 100);
}

static void a_colour_is_six_small_hexadecimal_digits(void **state) {
    assert_true(brand_is_colour("#17493d"));
    static const char *const none[] = {"17493d",   "#17493", "#17493D", "#gggggg",
                                       "#17493d0", "red",    "",        "#17493d;}body{}"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(brand_is_colour(none[i]));
    assert_false(brand_is_colour(NULL));
}

static const char *refused(struct brand brand, const char *field) {
    struct errors errors = {.arena = arena};
    assert_int_equal(brand_check(&brand, &errors), INVALID);
    assert_string_equal(errors.first->field, field);
    return errors.first->sentence;
}

/* The sentence ends with the colour that would do. */
static const char *offered(const char *sentence) {
    char *colour = arena_text_n(arena, sentence + strlen(sentence) - 8, 7);
    assert_true(brand_is_colour(colour));
    return colour;
}

static void what_does_not_read_is_refused_with_the_nearest_that_does(void **state) {
    struct brand brand = BRAND_OWN;
    struct errors errors = {.arena = arena};
    brand.brand = "#ffe680";
    brand.brand = offered(refused(brand, "brand"));
    assert_int_equal(brand_check(&brand, &errors), OK);
    brand.shell = "#808080";
    brand.shell = offered(refused(brand, "shell"));
    brand.accent = brand.shell;
    brand.accent = offered(refused(brand, "accent"));
    assert_int_equal(brand_check(&brand, &errors), OK);
}

/* The token's colour in the css behind `from`. */
static const char *token(const char *css, const char *name) {
    const char *at = strstr(css, arena_printf(arena, "--%s:", name));
    assert_non_null(at);
    return arena_text_n(arena, strchr(at, ':') + 1, 7);
}

static void check_theme(const char *css, const char *surface, const char *sunken) {
    static const char *const pairs[][3] = {
        {"on-brand", "brand", "450"},       {"on-brand", "brand-hover", "450"},
        {"brand-ink", "brand-tint", "450"}, {"brass-ink", "brass-tint", "450"},
        {"shell-ink", "shell", "450"},      {"shell-ink", "shell-active", "450"},
        {"shell-ink-2", "shell", "450"},    {"shell-ink-2", "shell-active", "450"},
        {"brass", "shell", "300"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_true(brand_contrast(token(css, pairs[i][0]), token(css, pairs[i][1])) >=
                    atoi(pairs[i][2]));
    assert_true(brand_contrast(token(css, "brand-ink"), surface) >= 450);
    assert_true(brand_contrast(token(css, "brand-ink"), sunken) >= 450);
    assert_true(brand_contrast(token(css, "brass-ink"), surface) >= 450);
    assert_true(brand_contrast(token(css, "brand"), surface) >= 300);
}

/* Of whatever passes the check, every pair of texts and grounds reads, light and dark. */
static void every_pair_reads_whatever_is_chosen(void **state) {
    srand(7);
    int checked = 0;
    for (int i = 0; i < 3000; i++) {
        struct errors errors = {.arena = arena};
        struct brand brand = {arena_printf(arena, "#%06x", rand() & 0xffffff),
                              arena_printf(arena, "#%06x", rand() & 0xffffff),
                              arena_printf(arena, "#%06x", rand() & 0xffffff)};
        if (brand_check(&brand, &errors) != OK)
            continue;
        const char *css = brand_css(&brand, "", arena);
        check_theme(css, "#ffffff", "#efebe2");
        check_theme(strstr(css, "dark"), "#1b1e1a", "#232722");
        checked++;
    }
    assert_true(checked > 300);
    struct errors errors = {.arena = arena};
    assert_int_equal(brand_check(&BRAND_OWN, &errors), OK);
}

static void numbers_are_written_with_prefix_year_and_zeros(void **state) {
    struct numbering plain = {.prefix = NULL, .digits = 1};
    struct numbering full = {.prefix = "INV-", .digits = 4, .year = 1};
    assert_string_equal(numbering_print(&plain, 1042, 2026, arena), "1042");
    assert_string_equal(numbering_print(&full, 42, 2026, arena), "INV-2026-0042");
    assert_string_equal(numbering_print(&full, 123456, 2027, arena), "INV-2027-123456");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrast_is_that_of_wcag),
        cmocka_unit_test(a_colour_is_six_small_hexadecimal_digits),
        cmocka_unit_test(what_does_not_read_is_refused_with_the_nearest_that_does),
        cmocka_unit_test(every_pair_reads_whatever_is_chosen),
        cmocka_unit_test(numbers_are_written_with_prefix_year_and_zeros),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
