#include "base/currency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
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

static int64_t money(const char *code, const char *text) {
    int64_t minor = INT64_MIN;
    const struct currency *currency = currency_find(code);
    assert_non_null(currency);
    return money_parse(currency, text, &minor) ? minor : INT64_MIN;
}

static const char *printed(const char *code, int64_t minor) {
    return money_print(currency_find(code), minor, arena);
}

static void currencies_are_found_by_their_code(void **state) {
    int count;
    const struct currency *all = currency_all(&count);
    assert_true(count > 150);
    for (int i = 0; i < count; i++) {
        assert_ptr_equal(currency_find(all[i].code), &all[i]);
        assert_int_equal(strlen(all[i].code), 3);
        assert_true(all[i].symbol[0] != '\0' && all[i].name[0] != '\0');
    }
    assert_null(currency_find("gbp"));
    assert_null(currency_find("XYZ"));
    assert_null(currency_find("GBPX"));
    assert_null(currency_find(""));
    assert_null(currency_find(NULL));
}

static void each_has_its_decimals(void **state) {
    assert_int_equal(currency_find("GBP")->decimals, 2);
    assert_int_equal(currency_find("JPY")->decimals, 0);
    assert_int_equal(currency_find("ISK")->decimals, 0);
    assert_int_equal(currency_find("KWD")->decimals, 3);
    assert_int_equal(currency_find("CLF")->decimals, 4);
    assert_int_equal(currency_find("MRU")->decimals, 2);
}

static void a_bare_sign_belongs_to_one_currency(void **state) {
    int count;
    const struct currency *all = currency_all(&count);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(all[i].symbol, all[j].symbol);
}

static void money_is_read_as_people_write_it(void **state) {
    assert_int_equal(money("GBP", "1,234.50"), 123450);
    assert_int_equal(money("GBP", "£1,234.5"), 123450);
    assert_int_equal(money("GBP", "1 234.50 GBP"), 123450);
    assert_int_equal(money("GBP", "gbp 12"), 1200);
    assert_int_equal(money("GBP", " £ 12 "), 1200);
    assert_int_equal(money("GBP", "-£3"), -300);
    assert_int_equal(money("GBP", "£-3"), -300);
    assert_int_equal(money("GBP", "\u2212£3,240.00"), -324000);
    assert_int_equal(money("GBP", "£.50"), 50);
    assert_int_equal(money("EUR", "12.50\u00a0€"), 1250);
    assert_int_equal(money("USD", "$1,999.99"), 199999);
    assert_int_equal(money("AUD", "A$5"), 500);
    assert_int_equal(money("AUD", "$5"), 500);
    assert_int_equal(money("JPY", "¥120,000"), 120000);
    assert_int_equal(money("KWD", "1.234 KWD"), 1234);
    assert_int_equal(money("CHF", "CHF 1'200.05"), 120005);
    assert_int_equal(money("ZAR", "R1 200"), 120000);
}

static void what_is_no_money_of_this_currency_is_refused(void **state) {
    static const struct {
        const char *code, *text;
    } cases[] = {
        {"GBP", ""},       {"GBP", "£"},    {"GBP", "€5"},     {"GBP", "5 EUR"},
        {"GBP", "1.234"},  {"GBP", "££5"},  {"GBP", "£5 GBP"}, {"GBP", "--5"},
        {"GBP", "5-"},     {"GBP", "5 5"},  {"GBP", "1,23"},   {"GBP", "five"},
        {"GBP", "5."},     {"GBP", "5abc"}, {"GBP", "1e5"},    {"JPY", "1.5"},
        {"KWD", "1.2345"}, {"USD", "A$5"},  {"GBP", "5 £ £"},  {"GBP", "+-5"},
        {"GBP", "(5)"},    {"GBP", "5\n6"}, {"GBP", "£-"},     {"GBP", "92233720368547758.08"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (money(cases[i].code, cases[i].text) != INT64_MIN)
            fail_msg("“%s” was taken for money in %s", cases[i].text, cases[i].code);
    int64_t minor;
    assert_false(money_parse(currency_find("GBP"), NULL, &minor));
}

static void money_is_printed_with_its_symbol(void **state) {
    assert_string_equal(printed("GBP", 123450), "£1,234.50");
    assert_string_equal(printed("GBP", -324000), "\u2212£3,240.00");
    assert_string_equal(printed("GBP", 5), "£0.05");
    assert_string_equal(printed("CHF", 1200), "CHF 12.00");
    assert_string_equal(printed("CHF", -1200), "\u2212CHF 12.00");
    assert_string_equal(printed("JPY", 120000), "¥120,000");
    assert_string_equal(printed("KWD", 1234567), "KWD 1,234.567");
    assert_string_equal(printed("USD", 99), "$0.99");
    assert_string_equal(printed("EUR", 100000000), "€1,000,000.00");
    assert_string_equal(printed("GBP", INT64_MIN), "");
    assert_string_equal(money_print_plain(currency_find("GBP"), 123450, arena), "1234.50");
    assert_string_equal(money_print_plain(currency_find("JPY"), -5, arena), "-5");
}

static void printed_money_reads_back_the_same_in_every_currency(void **state) {
    static const int64_t amounts[] = {0, 1, -1, 99, 100, -12345, 1234567890, INT64_MAX, -INT64_MAX};
    int count;
    const struct currency *all = currency_all(&count);
    for (int i = 0; i < count; i++)
        for (size_t j = 0; j < sizeof amounts / sizeof amounts[0]; j++) {
            assert_true(money(all[i].code, printed(all[i].code, amounts[j])) == amounts[j]);
            const char *plain = money_print_plain(&all[i], amounts[j], arena);
            assert_true(money(all[i].code, plain) == amounts[j]);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(currencies_are_found_by_their_code),
        cmocka_unit_test(each_has_its_decimals),
        cmocka_unit_test(a_bare_sign_belongs_to_one_currency),
        cmocka_unit_test(money_is_read_as_people_write_it),
        cmocka_unit_test(what_is_no_money_of_this_currency_is_refused),
        cmocka_unit_test(money_is_printed_with_its_symbol),
        cmocka_unit_test(printed_money_reads_back_the_same_in_every_currency),
    };
    return cmocka_run_group_tests_name("currency", tests, start, stop);
}
