#include "shops/holiday.h"

#include "base/day.h"

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

/* Easter Sundays as almanacs have them. */
static void easter_is_on_the_day_of_the_almanac(void **state) {
    static const char *const days[] = {"1976-04-18", "2000-04-23", "2008-03-23", "2011-04-24",
                                       "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28",
                                       "2038-04-25", "2049-04-18", "2100-03-28"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int64_t number;
        assert_true(day_parse(days[i], &number));
        assert_string_equal(day_text(easter_sunday(day_civil(number).year), arena), days[i]);
    }
}

static bool has(const char *country, int64_t year, const char *day, const char *name,
                const char *region) {
    struct holiday *holidays;
    int64_t count = holidays_of(country, year, arena, &holidays);
    for (int64_t i = 0; i < count; i++)
        if (strcmp(holidays[i].day, day) == 0 && strcmp(holidays[i].name, name) == 0)
            return region == NULL
                       ? holidays[i].region == NULL
                       : holidays[i].region != NULL && strstr(holidays[i].region, region) != NULL;
    return false;
}

/* gov.uk/bank-holidays: 2027 has both days of Christmas at a weekend, 2022 the first on a Sunday.
 */
static void british_days_at_a_weekend_have_a_substitute(void **state) {
    assert_true(has("GB", 2027, "2027-12-27", "Christmas Day (substitute)", NULL));
    assert_true(has("GB", 2027, "2027-12-28", "Boxing Day (substitute)", NULL));
    assert_true(has("GB", 2022, "2022-12-27", "Christmas Day (substitute)", NULL));
    assert_false(has("GB", 2022, "2022-12-26", "Boxing Day (substitute)", NULL));
    assert_true(has("GB", 2026, "2026-12-28", "Boxing Day (substitute)", NULL));
    assert_true(has("GB", 2028, "2028-01-03", "New Year’s Day (substitute)", NULL));
    assert_true(has("GB", 2028, "2028-01-04", "2 January (substitute)", "Scotland"));
}

static void days_of_one_region_say_so(void **state) {
    assert_true(has("GB", 2026, "2026-08-03", "Summer bank holiday", "Scotland"));
    assert_true(has("GB", 2026, "2026-08-31", "Summer bank holiday", "England"));
    assert_true(has("GB", 2026, "2026-05-25", "Spring bank holiday", NULL));
    assert_true(has("DE", 2026, "2026-11-18", "Day of Repentance", "Saxony"));
    assert_true(has("DE", 2026, "2026-06-04", "Corpus Christi", "Bavaria"));
    assert_true(has("FR", 2026, "2026-04-03", "Good Friday", "Alsace"));
}

static void american_days_at_a_weekend_are_observed_beside_it(void **state) {
    assert_true(has("US", 2026, "2026-07-04", "Independence Day", NULL));
    assert_true(has("US", 2026, "2026-07-03", "Independence Day (observed)", NULL));
    assert_true(has("US", 2026, "2026-11-26", "Thanksgiving", NULL));
    assert_true(has("US", 2027, "2027-12-24", "Christmas Day (observed)", NULL));
    assert_true(has("US", 2026, "2026-05-25", "Memorial Day", NULL));
    assert_false(has("US", 2020, "2020-06-19", "Juneteenth", NULL));
}

static void moving_days_of_other_countries(void **state) {
    assert_true(has("FR", 2026, "2026-05-14", "Ascension Day", NULL));
    assert_true(has("FR", 2026, "2026-05-25", "Whit Monday", NULL));
    assert_true(has("AE", 2026, "2026-12-02", "Eid Al Etihad (National Day)", NULL));
    assert_true(has("SE", 2026, "2026-06-20", "Midsummer Day", NULL));
    assert_true(has("CA", 2026, "2026-05-18", "Victoria Day", "provinces"));
}

/* What is offered must stand in its order, be a real day of the year or next to it, and say where
 * it is from. */
static void every_country_offers_days_in_order_with_their_source(void **state) {
    static const char *const known[] = {"GB", "US", "DE", "FR", "AE", "AT", "CH",
                                        "IE", "NL", "BE", "IT", "ES", "PT", "DK",
                                        "NO", "SE", "FI", "PL", "CA", "AU", "NZ"};
    for (size_t c = 0; c < sizeof known / sizeof *known; c++)
        for (int64_t year = 2020; year < 2060; year++) {
            struct holiday *holidays;
            int64_t count = holidays_of(known[c], year, arena, &holidays);
            assert_true(count >= 3);
            assert_non_null(holiday_source(known[c]));
            for (int64_t i = 1; i < count; i++)
                assert_true(strcmp(holidays[i - 1].day, holidays[i].day) <= 0);
        }
}

static void an_unknown_country_has_none_and_says_nothing(void **state) {
    struct holiday *holidays;
    assert_int_equal(holidays_of("ZZ", 2026, arena, &holidays), 0);
    assert_int_equal(holidays_of(NULL, 2026, arena, &holidays), 0);
    assert_int_equal(holidays_of("GB", 1900, arena, &holidays), 0);
    assert_null(holiday_source("ZZ"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(easter_is_on_the_day_of_the_almanac),
        cmocka_unit_test(british_days_at_a_weekend_have_a_substitute),
        cmocka_unit_test(days_of_one_region_say_so),
        cmocka_unit_test(american_days_at_a_weekend_are_observed_beside_it),
        cmocka_unit_test(moving_days_of_other_countries),
        cmocka_unit_test(every_country_offers_days_in_order_with_their_source),
        cmocka_unit_test(an_unknown_country_has_none_and_says_nothing),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
