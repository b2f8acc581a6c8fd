#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/locale.h"
#include "base/number.h"

#include <string.h>

static struct arena *arena;

static int start(void **state) {
    arena = arena_new();
    return 0;
}

static int end(void **state) {
    arena_free(arena);
    return 0;
}

static struct locale made(const char *language, const char *country, const char *currency) {
    return locale_make(currency_find(currency), zone_find("Europe/London"), country, language);
}

static const char *amount(const char *language, const char *country, const char *currency,
                          int64_t minor) {
    struct locale locale = made(language, country, currency);
    return locale_money(&locale, minor, arena);
}

/* CLDR 42, currency formats (standard) of each locale, the minus sign a true one. */
static void money_is_written_as_in_the_language_and_country(void **state) {
    assert_string_equal(amount("en-GB", "GB", "GBP", 123450), "£1,234.50");
    assert_string_equal(amount("en-US", "US", "USD", -123450), "−$1,234.50");
    assert_string_equal(amount("de-DE", "DE", "EUR", 123450), "1.234,50\u00a0€");
    assert_string_equal(amount("de", "DE", "EUR", -123450), "−1.234,50\u00a0€");
    assert_string_equal(amount("de-AT", "AT", "EUR", 123450), "€\u00a01.234,50");
    assert_string_equal(amount("de-CH", "CH", "CHF", 123450), "CHF\u00a01’234.50");
    assert_string_equal(amount("de", "CH", "CHF", 123450), "CHF\u00a01’234.50");
    assert_string_equal(amount("de-DE", "CH", "CHF", 123450), "1.234,50\u00a0CHF");
    assert_string_equal(amount("fr-FR", "FR", "EUR", 123456789), "1\u202f234\u202f567,89\u00a0€");
    assert_string_equal(amount("ar", "AE", "AED", 123450), "\u200f1,234.50\u00a0د.إ.");
    assert_string_equal(amount("ar-EG", "EG", "EGP", -500), "\u200e−\u200f5.00\u00a0ج.م.");
    assert_string_equal(amount("ar", "KW", "KWD", 1234567), "\u200f1,234.567\u00a0د.ك.");
    assert_string_equal(amount("de", "JP", "JPY", 123456), "123.456\u00a0¥");
    assert_string_equal(amount("en-GB", "CH", "CHF", 1200), "CHF 12.00");
    assert_string_equal(amount("de", "DE", "EUR", INT64_MIN), "");
}

static void round_money_drops_an_empty_fraction_only(void **state) {
    struct locale german = made("de", "DE", "EUR"), british = made("en-GB", "GB", "GBP");
    assert_string_equal(locale_money_round(&german, 648000, arena), "6.480\u00a0€");
    assert_string_equal(locale_money_round(&german, 648001, arena), "6.480,01\u00a0€");
    assert_string_equal(locale_money_round(&british, -648000, arena), "−£6,480");
}

static void shares_are_written_as_in_the_language(void **state) {
    struct locale british = made("en-GB", "GB", "GBP"), german = made("de", "DE", "EUR"),
                  french = made("fr", "FR", "EUR"), arabic = made("ar", "EG", "EGP");
    assert_string_equal(locale_percent(&british, 1750, arena), "17.5%");
    assert_string_equal(locale_percent(&german, 1750, arena), "17,5\u00a0%");
    assert_string_equal(locale_percent(&french, 1750, arena), "17,5\u202f%");
    assert_string_equal(locale_percent(&arabic, 1750, arena), "17.5\u200e%\u200e");
}

#define TUESDAY 20781  /* 2026-11-24 */
#define SATURDAY 20799 /* 2026-12-12 */

/* CLDR 42, formats MMMEd, yMMMEd, MMMd and full dates; short weekdays without their comma. */
static void days_are_written_as_in_the_language(void **state) {
    static const struct {
        const char *tag, *country, *day, *day_year, *short_day, *long_day;
    } known[] = {
        {"en-GB", "GB", "Tue 24 Nov", "Tue 24 Nov 2026", "24 Nov", "Saturday 12 December 2026"},
        {"en-US", "US", "Tue, Nov 24", "Tue, Nov 24, 2026", "Nov 24",
         "Saturday, December 12, 2026"},
        {"de", "DE", "Di. 24. Nov.", "Di. 24. Nov. 2026", "24. Nov.", "Samstag, 12. Dezember 2026"},
        {"fr", "FR", "mar. 24 nov.", "mar. 24 nov. 2026", "24 nov.", "samedi 12 décembre 2026"},
        {"ar", "EG", "الثلاثاء، 24 نوفمبر", "الثلاثاء، 24 نوفمبر 2026", "24 نوفمبر",
         "السبت، 12 ديسمبر 2026"},
        {"ar-LB", "LB", "الثلاثاء، 24 تشرين الثاني", "الثلاثاء، 24 تشرين الثاني 2026",
         "24 تشرين الثاني", "السبت، 12 كانون الأول 2026"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct locale locale = made(known[i].tag, known[i].country, "EUR");
        assert_string_equal(locale_day(&locale, TUESDAY, TUESDAY, arena), known[i].day);
        assert_string_equal(locale_day(&locale, TUESDAY, TUESDAY + 90, arena), known[i].day_year);
        assert_string_equal(locale_day_short(&locale, TUESDAY, TUESDAY, arena), known[i].short_day);
        assert_string_equal(locale_day_long(&locale, SATURDAY, arena), known[i].long_day);
    }
    struct locale french = made("fr", "FR", "EUR"), austrian = made("de-AT", "AT", "EUR");
    int64_t first;
    assert_true(day_parse("2026-01-01", &first));
    assert_string_equal(locale_day_long(&french, first, arena), "jeudi 1er janvier 2026");
    assert_string_equal(locale_day_long(&austrian, first, arena), "Donnerstag, 1. Jänner 2026");
}

static void times_have_twice_twelve_hours_where_people_do(void **state) {
    struct locale german = made("de", "DE", "EUR"), american = made("en-US", "US", "USD"),
                  arabic = made("ar", "AE", "AED");
    assert_string_equal(locale_time(&german, 9, 5, arena), "09:05");
    assert_string_equal(locale_time(&american, 0, 5, arena), "12:05\u00a0AM");
    assert_string_equal(locale_time(&american, 12, 5, arena), "12:05\u00a0PM");
    assert_string_equal(locale_time(&arabic, 17, 30, arena), "5:30\u00a0م");
    int64_t now = INT64_C(1795516860000); /* 2026-11-24T10:41:00Z */
    assert_string_equal(locale_instant(&german, now - 3 * DAY, now, arena), "21. Nov. 10:41");
}

static int64_t typed(const char *language, const char *country, const char *text) {
    struct locale locale = made(language, country, "EUR");
    int64_t minor = INT64_MIN;
    money_parse(locale.currency, locale_typed(&locale, text, arena), &minor);
    return minor;
}

static void what_is_typed_is_read_as_it_is_written(void **state) {
    assert_int_equal(typed("en-GB", "GB", "1,234.50"), 123450);
    assert_int_equal(typed("de", "DE", "1.234,50 €"), 123450);
    assert_int_equal(typed("de", "DE", "1234,5"), 123450);
    assert_int_equal(typed("de-CH", "CH", "1’234.50"), 123450);
    assert_int_equal(typed("de-CH", "CH", "1'234,50"), 123450);
    assert_int_equal(typed("fr", "FR", "1 234,50 €"), 123450);
    assert_int_equal(typed("fr", "FR", "1\u202f234,50"), 123450);
    assert_int_equal(typed("fr", "FR", "1234.50"), 123450);
    assert_int_equal(typed("ar", "EG", "١٬٢٣٤٫٥٠"), 123450);
    assert_int_equal(typed("ar", "AE", "1,234.50"), 123450);
    assert_int_equal(typed("en-GB", "GB", "۱۲"), 1200);
}

static void what_could_be_read_in_two_ways_is_refused(void **state) {
    assert_int_equal(typed("de", "DE", "12.50"), INT64_MIN);
    assert_int_equal(typed("de", "DE", "1,234.50"), INT64_MIN);
    assert_int_equal(typed("en-GB", "GB", "12,50"), INT64_MIN);
}

/* Whatever a page shows of an amount can be typed in again. */
static void an_amount_as_shown_reads_as_itself(void **state) {
    static const char *const tags[][2] = {{"en-GB", "GB"}, {"en-US", "US"}, {"de", "DE"},
                                          {"de-AT", "AT"}, {"de-CH", "CH"}, {"fr", "FR"},
                                          {"ar", "AE"},    {"ar-MA", "MA"}};
    static const int64_t amounts[] = {0, 1, -1, 99, 100, 123456, -123456789, 100000000000};
    for (size_t t = 0; t < sizeof tags / sizeof tags[0]; t++)
        for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
            struct locale locale = made(tags[t][0], tags[t][1], "EUR");
            int64_t again = INT64_MIN;
            const char *shown = locale_money(&locale, amounts[i], arena);
            assert_true(money_parse(locale.currency, locale_typed(&locale, shown, arena), &again));
            assert_int_equal(again, amounts[i]);
            char plain[LOCALE_FIGURE];
            locale_number_plain(&locale, amounts[i], 2, 2, plain);
            assert_true(number_parse(locale_typed(&locale, plain, arena), 2, &again));
            assert_int_equal(again, amounts[i]);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_written_as_in_the_language_and_country),
        cmocka_unit_test(round_money_drops_an_empty_fraction_only),
        cmocka_unit_test(shares_are_written_as_in_the_language),
        cmocka_unit_test(days_are_written_as_in_the_language),
        cmocka_unit_test(times_have_twice_twelve_hours_where_people_do),
        cmocka_unit_test(what_is_typed_is_read_as_it_is_written),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(an_amount_as_shown_reads_as_itself),
    };
    return cmocka_run_group_tests(tests, start, end);
}
