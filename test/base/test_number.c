#include "base/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 20261124;

static uint64_t any(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Of any size: small numbers as often as large ones. */
static int64_t any_number(void) {
    int64_t number = (int64_t)(any() >> (any() % 63 + 1));
    return any() % 2 != 0 ? number : -number;
}

static void halves_round_away_from_zero(void **state) {
    int64_t out;
    assert_true(number_ratio(5, 1, 2, &out));
    assert_int_equal(out, 3);
    assert_true(number_ratio(-5, 1, 2, &out));
    assert_int_equal(out, -3);
    assert_true(number_ratio(5, 1, -2, &out));
    assert_int_equal(out, -3);
    assert_true(number_ratio(-5, 1, -2, &out));
    assert_int_equal(out, 3);
    assert_true(number_ratio(7, 1, 3, &out));
    assert_int_equal(out, 2);
    assert_true(number_ratio(8, 1, 3, &out));
    assert_int_equal(out, 3);
    assert_true(number_ratio(0, 5, 3, &out));
    assert_int_equal(out, 0);
}

static void products_pass_through_128_bits(void **state) {
    int64_t out;
    assert_true(number_ratio(INT64_MAX, INT64_MAX, INT64_MAX, &out));
    assert_true(out == INT64_MAX);
    assert_true(number_ratio(INT64_MAX, 1000000, 2000000, &out));
    assert_true(out == INT64_MAX / 2 + 1);
    assert_true(number_ratio3(INT64_MAX, 1000000, 3, 6000000, &out));
    assert_true(out == INT64_MAX / 2 + 1);
}

static void what_does_not_fit_is_an_error(void **state) {
    int64_t out = 42;
    assert_false(number_ratio(INT64_MAX, 2, 1, &out));
    assert_false(number_ratio(INT64_MAX, INT64_MAX, 1, &out));
    assert_false(number_ratio(1, 1, 0, &out));
    assert_false(number_ratio3(INT64_MAX, INT64_MAX, 8, 1, &out));
    assert_false(number_ratio3(INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, &out));
    assert_false(number_ratio3(1, 1, 1, 0, &out));
    assert_false(number_add(INT64_MAX, 1, &out));
    assert_false(number_subtract(-INT64_MAX, 2, &out));
    assert_int_equal(out, 42);
}

static void the_absent_number_neither_enters_nor_leaves_a_sum(void **state) {
    int64_t out = 42, part;
    assert_false(number_add(INT64_MIN, 1, &out));
    assert_false(number_subtract(5, INT64_MIN, &out));
    assert_false(number_ratio(INT64_MIN, 1, 1, &out));
    assert_false(number_ratio(1, 1, INT64_MIN, &out));
    assert_false(number_ratio3(1, 1, INT64_MIN, 1, &out));
    assert_false(number_subtract(-INT64_MAX, 1, &out));
    assert_false(number_parse("-9223372036854775808", 0, &out));
    assert_false(number_split(INT64_MIN, (int64_t[]){1}, 1, &part));
    assert_int_equal(out, 42);
    char text[32] = "x";
    number_print(INT64_MIN, 2, 2, true, text);
    assert_string_equal(text, "");
}

static void sums_agree_with_the_machine_where_it_can_reckon(void **state) {
    for (int i = 0; i < 20000; i++) {
        int64_t a = any_number() / 4, b = any_number() / 4, out;
        assert_true(number_add(a, b, &out));
        assert_true(out == a + b);
        assert_true(number_subtract(a, b, &out));
        assert_true(out == a - b);
        int64_t c = a % 1000000, d = b % 1000000;
        if (d != 0) {
            assert_true(number_ratio(c * d, 1, d, &out));
            assert_true(out == c);
        }
    }
}

static void parts_add_up_to_the_whole(void **state) {
    int64_t weights[100], parts[100];
    for (int i = 0; i < 3000; i++) {
        int64_t count = 1 + (int64_t)(any() % 100), total = any_number();
        for (int64_t j = 0; j < count; j++)
            weights[j] = any() % 4 == 0 ? 0 : (int64_t)(any() >> (1 + any() % 60));
        assert_true(number_split(total, weights, count, parts));
        __int128 sum = 0, all = 0;
        for (int64_t j = 0; j < count; j++)
            all += weights[j];
        for (int64_t j = 0; j < count; j++) {
            sum += parts[j];
            if (all == 0)
                continue;
            /* Each part is its share, rounded up or down. */
            __int128 off = (__int128)parts[j] * all - (__int128)total * weights[j];
            assert_true(off < all && off > -all);
        }
        assert_true(sum == total);
    }
}

static void what_is_left_goes_to_the_largest_remainders(void **state) {
    int64_t parts[4];
    assert_true(number_split(100, (int64_t[]){1, 1, 1}, 3, parts));
    assert_memory_equal(parts, ((int64_t[]){34, 33, 33}), 3 * sizeof *parts);
    assert_true(number_split(10, (int64_t[]){10, 25, 65}, 3, parts));
    assert_memory_equal(parts, ((int64_t[]){1, 3, 6}), 3 * sizeof *parts);
    assert_true(number_split(-100, (int64_t[]){1, 1, 1}, 3, parts));
    assert_memory_equal(parts, ((int64_t[]){-34, -33, -33}), 3 * sizeof *parts);
    assert_true(number_split(7, (int64_t[]){0, 0, 0, 0}, 4, parts));
    assert_memory_equal(parts, ((int64_t[]){2, 2, 2, 1}), sizeof parts);
    assert_true(number_split(INT64_MAX, (int64_t[]){INT64_MAX, INT64_MAX}, 2, parts));
    assert_true(parts[0] == INT64_MAX / 2 + 1 && parts[1] == INT64_MAX / 2);
    assert_false(number_split(100, (int64_t[]){1, -1}, 2, parts));
    assert_false(number_split(100, NULL, 0, parts));
    assert_true(number_split(0, NULL, 0, parts));
}

static void a_split_of_thousands_is_quick(void **state) {
    enum { MANY = 100000 };
    int64_t *weights = calloc(MANY, sizeof *weights), *parts = calloc(MANY, sizeof *parts), sum = 0;
    for (int i = 0; i < MANY; i++)
        weights[i] = i % 7 + 1;
    assert_true(number_split(123456789, weights, MANY, parts));
    for (int i = 0; i < MANY; i++)
        sum += parts[i];
    assert_int_equal(sum, 123456789);
    free(weights);
    free(parts);
}

static void numbers_are_read_as_people_write_them(void **state) {
    static const struct {
        const char *text;
        int decimals;
        int64_t number;
    } cases[] = {
        {"0", 0, 0},
        {"1,234.5", 3, 1234500},
        {"1234.5", 3, 1234500},
        {"1 234 567", 0, 1234567},
        {"1\u2009234\u2009567.25", 2, 123456725},
        {"1\u00a0234", 2, 123400},
        {"12\u202f345", 0, 12345},
        {"1'234.00", 2, 123400},
        {"1\u2019234", 0, 1234},
        {"-5", 2, -500},
        {"\u22125.5", 2, -550},
        {"+5.5", 2, 550},
        {".5", 2, 50},
        {"007", 0, 7},
        {"9223372036854775807", 0, INT64_MAX},
        {"-9,223,372,036,854,775,807", 0, -INT64_MAX},
        {"9007199254740993", 0, 9007199254740993},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t number = 42;
        if (!number_parse(cases[i].text, cases[i].decimals, &number))
            fail_msg("“%s” was refused", cases[i].text);
        assert_true(number == cases[i].number);
    }
}

static void what_is_no_number_is_refused(void **state) {
    static const char *const texts[] = {
        "",
        "-",
        "+",
        ".",
        "5.",
        "1,5",
        "1,23",
        "12,34,567",
        "1234,567",
        ",123",
        "123,",
        "1,,234",
        "1, 234",
        "1,234 567",
        "1.2.3",
        "--1",
        "1-",
        " 1",
        "1 ",
        "1e3",
        "0x10",
        "NaN",
        "inf",
        "1.005",
        "1.2,345",
        "١٢",
        "1,234,",
        "1 ,234",
        "9223372036854775808",
        "92233720368547758.08",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t number = 42;
        int decimals = strcmp(texts[i], "92233720368547758.08") == 0 ? 2 : i < 28 ? 2 : 0;
        if (number_parse(texts[i], decimals, &number))
            fail_msg("“%s” was taken for %lld", texts[i], (long long)number);
        assert_int_equal(number, 42);
    }
}

static void what_is_printed_reads_back_the_same(void **state) {
    for (int i = 0; i < 50000; i++) {
        int64_t number = any_number(), again = 42;
        int decimals = (int)(any() % 19), least = (int)(any() % (unsigned)(decimals + 1));
        char text[32];
        memset(text, 'x', sizeof text);
        number_print(number, decimals, least, any() % 2 != 0, text);
        assert_non_null(memchr(text, '\0', sizeof text));
        if (!number_parse(text, decimals, &again) || again != number)
            fail_msg("%lld with %d decimals became “%s”", (long long)number, decimals, text);
    }
}

static void fractions_lose_their_zeros_down_to_the_least(void **state) {
    char text[32];
    number_print(1234500, 3, 0, true, text);
    assert_string_equal(text, "1,234.5");
    number_print(1234500, 3, 2, true, text);
    assert_string_equal(text, "1,234.50");
    number_print(1000000, 3, 0, false, text);
    assert_string_equal(text, "1000");
    number_print(-5, 3, 0, false, text);
    assert_string_equal(text, "-0.005");
    number_print(0, 2, 2, true, text);
    assert_string_equal(text, "0.00");
    number_print(-INT64_MAX, 0, 0, true, text);
    assert_string_equal(text, "-9,223,372,036,854,775,807");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_round_away_from_zero),
        cmocka_unit_test(products_pass_through_128_bits),
        cmocka_unit_test(what_does_not_fit_is_an_error),
        cmocka_unit_test(the_absent_number_neither_enters_nor_leaves_a_sum),
        cmocka_unit_test(sums_agree_with_the_machine_where_it_can_reckon),
        cmocka_unit_test(parts_add_up_to_the_whole),
        cmocka_unit_test(what_is_left_goes_to_the_largest_remainders),
        cmocka_unit_test(a_split_of_thousands_is_quick),
        cmocka_unit_test(numbers_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(what_is_printed_reads_back_the_same),
        cmocka_unit_test(fractions_lose_their_zeros_down_to_the_least),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
