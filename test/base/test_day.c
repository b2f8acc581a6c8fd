#include "base/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
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

static int64_t day(const char *text) {
    int64_t number = INT64_MIN;
    assert_true(day_parse(text, &number));
    return number;
}

/* The UTC text of a local time. */
static const char *utc_of(const char *zone, const char *local) {
    int64_t instant;
    assert_non_null(zone_find(zone));
    assert_true(instant_parse_local(zone_find(zone), local, &instant));
    return instant_text(instant, arena);
}

static const char *local_of(const char *zone, const char *utc) {
    int64_t instant;
    assert_true(instant_parse(utc, &instant));
    return instant_local(zone_find(zone), instant, arena);
}

static void every_day_reads_back_the_same(void **state) {
    int64_t first = day("1900-01-01"), last = day("2999-12-31");
    assert_int_equal(day("1970-01-01"), 0);
    assert_int_equal(last - first + 1, 401767);
    struct civil before = day_civil(first - 1);
    for (int64_t number = first; number <= last; number++) {
        struct civil civil = day_civil(number);
        bool next = civil.day == before.day + 1 && civil.month == before.month;
        bool turned = civil.day == 1 && (civil.month == before.month + 1 ||
                                         (civil.month == 1 && civil.year == before.year + 1));
        assert_true(next || turned);
        assert_int_equal(civil.weekday, (before.weekday + 1) % 7);
        before = civil;
        if (number % 7 == 0) {
            assert_int_equal(day(day_text(number, arena)), number);
            arena_reset(arena);
        }
    }
}

static void only_real_days_are_days(void **state) {
    static const char *const texts[] = {
        "",           "2026",        "2026-02-29",  "2100-02-29", "2026-04-31",
        "2026-13-01", "2026-00-10",  "2026-01-00",  "2026-1-1",   "1899-12-31",
        "3000-01-01", "2026-11-24 ", " 2026-11-24", "2026/11/24", "24-11-2026",
        "2026-11-2x", "-026-11-24",  "2026-11-240",
    };
    int64_t number = 42;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (day_parse(texts[i], &number))
            fail_msg("“%s” was taken for a day", texts[i]);
    assert_false(day_parse(NULL, &number));
    assert_int_equal(number, 42);
    assert_true(day_parse("2024-02-29", &number));
    assert_true(day_parse("2000-02-29", &number));
    assert_int_equal(day_weekday(day("2026-11-24")), 1);
    assert_int_equal(day_weekday(day("1969-12-31")), 2);
}

static void zones_are_found_by_their_iana_name(void **state) {
    assert_non_null(zone_find("Europe/London"));
    assert_ptr_equal(zone_find("Europe/London"), zone_find("Europe/London"));
    assert_string_equal(zone_name(zone_find("America/Argentina/Buenos_Aires")),
                        "America/Argentina/Buenos_Aires");
    assert_non_null(zone_find("UTC"));
    assert_non_null(zone_find("Etc/GMT+5"));
    static const char *const names[] = {
        "",
        "Nowhere/City",
        "../../../etc/passwd",
        "/etc/localtime",
        "+05:00",
        "Europe",
        "localtime",
        "leapseconds",
        "tzdata.zi",
        "right/Europe/London",
        "posixrules",
        "Europe/../Europe/London",
        "Europe/London ",
        "EST5EDT4,M3",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (zone_find(names[i]) != NULL)
            fail_msg("“%s” was taken for a zone", names[i]);
    assert_null(zone_find(NULL));
}

static void a_skipped_hour_moves_forward(void **state) {
    assert_string_equal(utc_of("Europe/London", "2026-03-29T00:59"), "2026-03-29T00:59:00.000Z");
    assert_string_equal(utc_of("Europe/London", "2026-03-29T01:30"), "2026-03-29T01:30:00.000Z");
    assert_string_equal(local_of("Europe/London", "2026-03-29T01:30:00Z"), "2026-03-29T02:30");
    assert_string_equal(utc_of("Europe/London", "2026-03-29T02:00"), "2026-03-29T01:00:00.000Z");
    assert_string_equal(utc_of("America/New_York", "2026-03-08T02:15"), "2026-03-08T07:15:00.000Z");
    assert_string_equal(local_of("America/New_York", "2026-03-08T07:15:00Z"), "2026-03-08T03:15");
    /* Lord Howe moves by half an hour. */
    assert_string_equal(utc_of("Australia/Lord_Howe", "2026-10-04T02:10"),
                        "2026-10-03T15:40:00.000Z");
    assert_string_equal(local_of("Australia/Lord_Howe", "2026-10-03T15:40:00Z"),
                        "2026-10-04T02:40");
}

static void an_hour_that_comes_twice_is_the_first_of_the_two(void **state) {
    assert_string_equal(utc_of("Europe/London", "2026-10-25T01:30"), "2026-10-25T00:30:00.000Z");
    assert_string_equal(utc_of("Europe/London", "2026-10-25T02:00"), "2026-10-25T02:00:00.000Z");
    assert_string_equal(utc_of("America/New_York", "2026-11-01T01:30"), "2026-11-01T05:30:00.000Z");
    assert_string_equal(utc_of("Australia/Lord_Howe", "2026-04-05T01:45"),
                        "2026-04-04T14:45:00.000Z");
    assert_string_equal(utc_of("Pacific/Auckland", "2026-04-05T02:30"), "2026-04-04T13:30:00.000Z");
}

static void a_day_begins_where_its_first_moment_is(void **state) {
    const struct zone *sao_paulo = zone_find("America/Sao_Paulo");
    /* Midnight of 4 November 2018 was skipped there. */
    int64_t first = day_start(sao_paulo, day("2018-11-04"));
    assert_string_equal(instant_text(first, arena), "2018-11-04T03:00:00.000Z");
    assert_int_equal(day_at(sao_paulo, first), day("2018-11-04"));
    assert_int_equal(day_at(sao_paulo, first - 1), day("2018-11-03"));
    /* Samoa had no 30 December 2011: it begins where the 31st does. */
    const struct zone *apia = zone_find("Pacific/Apia");
    assert_int_equal(day_start(apia, day("2011-12-30")), day_start(apia, day("2011-12-31")));
    assert_int_equal(day_at(apia, day_start(apia, day("2011-12-30")) - 1), day("2011-12-29"));
    /* Havana sets midnight back to eleven: 00:30 comes twice on the same day. */
    const struct zone *havana = zone_find("America/Havana");
    assert_string_equal(instant_text(day_start(havana, day("2026-11-01")), arena),
                        "2026-11-01T04:00:00.000Z");
}

static void every_day_begins_at_its_start_in_every_zone(void **state) {
    static const char *const names[] = {
        "Europe/London",       "America/New_York",
        "Australia/Lord_Howe", "Africa/Casablanca",
        "America/Santiago",    "Asia/Beirut",
        "Africa/Cairo",        "Pacific/Apia",
        "Asia/Kathmandu",      "UTC",
        "America/Toronto",     "Pacific/Kiritimati",
        "Asia/Tehran",         "America/St_Johns",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct zone *zone = zone_find(names[i]);
        assert_non_null(zone);
        int64_t last = day("2045-01-01");
        for (int64_t number = day("1950-01-01"); number < last; number++) {
            int64_t first = day_start(zone, number);
            if (day_at(zone, first) < number || day_at(zone, first - 1) >= number)
                fail_msg("%s does not begin in %s", day_text(number, arena), names[i]);
        }
    }
}

static void local_times_read_back_the_same(void **state) {
    static const char *const names[] = {"Europe/London", "America/New_York", "Asia/Tokyo",
                                        "Australia/Lord_Howe", "Africa/Casablanca"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct zone *zone = zone_find(names[i]);
        int64_t last = day("2110-01-01") * DAY;
        for (int64_t instant = day("2020-01-01") * DAY; instant < last; instant += 7 * HOUR) {
            struct civil civil = civil_at(zone, instant);
            int64_t again = instant_of(zone, &civil);
            /* The same, or the first of two. */
            assert_true(again == instant || (again < instant && instant - again <= HOUR));
            struct civil same = civil_at(zone, again);
            assert_memory_equal(&same, &civil, sizeof civil);
        }
    }
}

static void clocks_still_change_after_2037(void **state) {
    assert_string_equal(local_of("Europe/London", "2060-07-01T12:00:00Z"), "2060-07-01T13:00");
    assert_string_equal(local_of("Europe/London", "2060-01-01T12:00:00Z"), "2060-01-01T12:00");
    assert_string_equal(local_of("Europe/London", "2150-07-01T12:00:00Z"), "2150-07-01T13:00");
}

static void fields_that_run_over_are_carried(void **state) {
    const struct zone *utc = zone_find("UTC");
    struct civil civil = {.year = 2026, .month = 14, .day = 31, .hour = 25};
    assert_string_equal(instant_text(instant_of(utc, &civil), arena), "2027-03-04T01:00:00.000Z");
}

static void days_are_said_as_people_say_them(void **state) {
    int64_t today = day("2026-11-20");
    assert_string_equal(day_print(day("2026-11-24"), today, arena), "Tue 24 Nov");
    assert_string_equal(day_print(day("2027-11-24"), today, arena), "Wed 24 Nov 2027");
    assert_string_equal(day_print_long(day("2026-12-12"), arena), "Saturday 12 December 2026");
    const struct zone *london = zone_find("Europe/London");
    int64_t now, instant;
    assert_true(instant_parse("2026-11-24T12:00:00Z", &now));
    assert_true(instant_parse("2026-11-24T10:41:00Z", &instant));
    assert_string_equal(instant_print(london, instant, now, arena), "Today 10:41");
    assert_string_equal(instant_print(london, instant - DAY, now, arena), "Yesterday 10:41");
    assert_string_equal(instant_print(london, instant - 2 * DAY, now, arena), "22 Nov 10:41");
    assert_string_equal(instant_print(london, instant + DAY, now, arena), "25 Nov 10:41");
    assert_string_equal(instant_print(london, instant - 365 * DAY, now, arena),
                        "24 Nov 2025 10:41");
    assert_int_equal(strlen(day_today(london, arena)), 10);
}

static void instants_are_written_by_rfc_3339(void **state) {
    int64_t instant;
    assert_true(instant_parse("2026-11-24T10:41:00.000Z", &instant));
    assert_int_equal(instant, INT64_C(1795516860000));
    assert_string_equal(instant_text(instant, arena), "2026-11-24T10:41:00.000Z");
    assert_string_equal(instant_text(-1, arena), "1969-12-31T23:59:59.999Z");
    int64_t same;
    assert_true(instant_parse("2026-11-24T11:41:00+01:00", &same));
    assert_int_equal(same, instant);
    assert_true(instant_parse("2026-11-24t05:11:00.0-05:30", &same));
    assert_int_equal(same, instant);
    assert_true(instant_parse("2026-11-24 10:41:00.123456789z", &same));
    assert_int_equal(same, instant + 123);
    for (int64_t i = -2000000000000; i < 30000000000000; i += 98765432123) {
        assert_true(instant_parse(instant_text(i, arena), &same));
        assert_int_equal(same, i);
    }
}

static void what_is_no_instant_is_refused(void **state) {
    static const char *const texts[] = {
        "",
        "2026-11-24",
        "2026-11-24T10:41Z",
        "2026-11-24T10:41:00",
        "2026-11-24T24:00:00Z",
        "2026-11-24T10:60:00Z",
        "2026-11-24T10:41:61Z",
        "2026-11-24T10:41:00.Z",
        "2026-11-24T10:41:00+0100",
        "2026-11-24T10:41:00+24:00",
        "2026-11-24T10:41:00Zx",
        "2026-02-30T10:41:00Z",
        "1795516860000",
    };
    int64_t instant = 42;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (instant_parse(texts[i], &instant))
            fail_msg("“%s” was taken for an instant", texts[i]);
    const struct zone *utc = zone_find("UTC");
    assert_false(instant_parse_local(utc, "2026-11-24T10:41Z", &instant));
    assert_false(instant_parse_local(utc, "2026-11-24", &instant));
    assert_false(instant_parse_local(utc, "2026-11-24T1:41", &instant));
    assert_false(instant_parse_local(utc, NULL, &instant));
    assert_int_equal(instant, 42);
    assert_true(instant_parse_local(utc, "2026-11-24T10:41:30", &instant));
    assert_int_equal(instant, INT64_C(1795516890000));
}

static void *find_zones(void *failed) {
    static const char *const names[] = {"Europe/Paris", "Asia/Dubai", "America/Chicago", "No/Zone"};
    for (int i = 0; i < 2000; i++) {
        const struct zone *zone = zone_find(names[i % 4]);
        if ((zone == NULL) != (i % 4 == 3) || (zone != NULL && civil_at(zone, 0).year < 1969))
            *(int *)failed = 1;
    }
    return NULL;
}

static void threads_find_zones_at_once(void **state) {
    pthread_t threads[4];
    int failed[4] = {0};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_zones, &failed[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(failed[i], 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_reads_back_the_same),
        cmocka_unit_test(only_real_days_are_days),
        cmocka_unit_test(zones_are_found_by_their_iana_name),
        cmocka_unit_test(a_skipped_hour_moves_forward),
        cmocka_unit_test(an_hour_that_comes_twice_is_the_first_of_the_two),
        cmocka_unit_test(a_day_begins_where_its_first_moment_is),
        cmocka_unit_test(every_day_begins_at_its_start_in_every_zone),
        cmocka_unit_test(local_times_read_back_the_same),
        cmocka_unit_test(clocks_still_change_after_2037),
        cmocka_unit_test(fields_that_run_over_are_carried),
        cmocka_unit_test(days_are_said_as_people_say_them),
        cmocka_unit_test(instants_are_written_by_rfc_3339),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(threads_find_zones_at_once),
    };
    return cmocka_run_group_tests_name("day", tests, start, stop);
}
