#include "workshop/hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

static struct arena *arena;

static int begin(void **state) {
    arena = arena_new();
    return 0;
}

static int end(void **state) {
    arena_free(arena);
    return 0;
}

/* A place whose clocks show UTC. */
static int64_t utc(const void *zone, int64_t day, int64_t minute) {
    return day * DAY_MS + minute * MINUTE_MS;
}

/* Monday to Friday 9 to 17 with an hour's break; Saturday morning. */
static const struct week_hours week[] = {
    {0, 540, 720}, {0, 780, 1020}, {1, 540, 720},  {1, 780, 1020}, {2, 540, 720}, {2, 780, 1020},
    {3, 540, 720}, {3, 780, 1020}, {4, 780, 1020}, {4, 540, 720},  {5, 600, 780},
};
#define WEEK (int64_t)(sizeof week / sizeof *week)
#define MONDAY INT64_C(20780) /* 2026-11-23 */

static struct hours hours_for(int64_t first, int64_t last) {
    return hours_of_week(week, WEEK, NULL, 0, first, last, utc, NULL, arena);
}

static void a_week_has_its_hours_and_its_breaks(void **state) {
    struct hours hours = hours_for(MONDAY, MONDAY + 6);
    assert_int_equal(hours.count, 11);
    assert_int_equal(hours.before[hours.count], (5 * 7 + 3) * HOUR_MS);
    assert_int_equal(hours.spans[0].start, utc(NULL, MONDAY, 540));
    assert_int_equal(hours.spans[1].start, utc(NULL, MONDAY, 780));
    assert_int_equal(hours_end(&hours), utc(NULL, MONDAY + 5, 780));
}

static void holidays_and_absences_close_whole_days(void **state) {
    struct day_range closed[] = {{MONDAY + 1, MONDAY + 2}, {MONDAY + 4, MONDAY + 4}};
    struct hours hours = hours_of_week(week, WEEK, closed, 2, MONDAY, MONDAY + 6, utc, NULL, arena);
    assert_int_equal(hours.before[hours.count], (2 * 7 + 3) * HOUR_MS);
}

static void spans_are_sorted_joined_and_emptied(void **state) {
    struct span spans[] = {{50, 60}, {10, 20}, {20, 30}, {5, 5}, {9, 3}, {15, 25}, {58, 59}};
    struct hours hours = hours_of_spans(spans, 7, arena);
    assert_int_equal(hours.count, 2);
    assert_int_equal(hours.spans[0].start, 10);
    assert_int_equal(hours.spans[0].end, 30);
    assert_int_equal(hours.before[2], 30);
    assert_int_equal(hours_of_spans(NULL, 0, arena).count, 0);
}

static void work_runs_over_breaks_nights_and_weekends(void **state) {
    struct hours hours = hours_for(MONDAY, MONDAY + 13);
    int64_t instant;
    assert_true(hours_after(&hours, utc(NULL, MONDAY, 0), 3 * HOUR_MS, &instant));
    assert_int_equal(instant, utc(NULL, MONDAY, 720)); /* done when the break begins */
    assert_true(hours_after(&hours, utc(NULL, MONDAY, 660), 2 * HOUR_MS, &instant));
    assert_int_equal(instant, utc(NULL, MONDAY, 840));
    assert_true(hours_after(&hours, utc(NULL, MONDAY, 990), HOUR_MS, &instant));
    assert_int_equal(instant, utc(NULL, MONDAY + 1, 570));
    assert_true(hours_after(&hours, utc(NULL, MONDAY + 5, 720), 2 * HOUR_MS, &instant));
    assert_int_equal(instant, utc(NULL, MONDAY + 7, 600));
    assert_false(hours_after(&hours, utc(NULL, MONDAY, 0), 77 * HOUR_MS, &instant));
    assert_true(hours_after(&hours, utc(NULL, MONDAY, 0), 76 * HOUR_MS, &instant));
    assert_int_equal(instant, hours_end(&hours));
}

static void the_next_open_instant_skips_closed_time(void **state) {
    struct hours hours = hours_for(MONDAY, MONDAY + 6);
    int64_t instant;
    assert_true(hours_next(&hours, utc(NULL, MONDAY, 600), &instant));
    assert_int_equal(instant, utc(NULL, MONDAY, 600));
    assert_true(hours_next(&hours, utc(NULL, MONDAY, 720), &instant));
    assert_int_equal(instant, utc(NULL, MONDAY, 780));
    assert_true(hours_next(&hours, utc(NULL, MONDAY, 1020), &instant));
    assert_int_equal(instant, utc(NULL, MONDAY + 1, 540));
    assert_false(hours_next(&hours, utc(NULL, MONDAY + 6, 0), &instant));
}

static void between_is_the_inverse_of_after(void **state) {
    struct hours hours = hours_for(MONDAY, MONDAY + 20);
    for (int64_t from = utc(NULL, MONDAY - 1, 0); from < utc(NULL, MONDAY + 10, 0);
         from += 17 * MINUTE_MS)
        for (int64_t work = MINUTE_MS; work < 20 * HOUR_MS; work += 101 * MINUTE_MS) {
            int64_t instant;
            assert_true(hours_after(&hours, from, work, &instant));
            assert_int_equal(hours_between(&hours, from, instant), work);
            assert_int_equal(hours_between(&hours, from, instant - 1), work - 1);
        }
    assert_int_equal(hours_between(&hours, 5, 4), 0);
}

static void no_hours_are_no_hours(void **state) {
    struct hours hours = hours_of_spans(NULL, 0, arena);
    int64_t instant = 7;
    assert_false(hours_next(&hours, 0, &instant));
    assert_false(hours_after(&hours, 0, 1, &instant));
    assert_true(hours_after(&hours, 3, 0, &instant));
    assert_int_equal(instant, 3);
    assert_int_equal(hours_between(&hours, 0, 100), 0);
}

static void both_are_open_where_each_is(void **state) {
    struct span a[] = {{0, 10}, {20, 30}, {40, 50}}, b[] = {{5, 25}, {28, 45}};
    struct hours x = hours_of_spans(a, 3, arena), y = hours_of_spans(b, 2, arena);
    struct hours both = hours_both(&x, &y, arena);
    assert_int_equal(both.count, 4);
    assert_int_equal(both.before[4], 5 + 5 + 2 + 5);
    assert_int_equal(hours_both(&y, &x, arena).before[4], 17);
}

static void open_days_are_found_by_the_instant(void **state) {
    struct day_range closed = {MONDAY + 2, MONDAY + 2};
    int64_t count;
    const struct open_day *days =
        open_days(week, WEEK, &closed, 1, MONDAY, MONDAY + 7, utc, NULL, arena, &count);
    assert_int_equal(count, 6);
    assert_int_equal(days[0].opens, utc(NULL, MONDAY, 540));
    assert_int_equal(days[0].closes, utc(NULL, MONDAY, 1020));
    assert_int_equal(days[2].day, MONDAY + 3);
    assert_int_equal(open_day_at(days, count, utc(NULL, MONDAY, 0)), 0);
    assert_int_equal(open_day_at(days, count, utc(NULL, MONDAY, 1019)), 0);
    assert_int_equal(open_day_at(days, count, utc(NULL, MONDAY, 1020)), 1);
    assert_int_equal(open_day_at(days, count, utc(NULL, MONDAY + 2, 600)), 2);
    assert_int_equal(open_day_at(days, count, utc(NULL, MONDAY + 7, 1020)), count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_has_its_hours_and_its_breaks),
        cmocka_unit_test(holidays_and_absences_close_whole_days),
        cmocka_unit_test(spans_are_sorted_joined_and_emptied),
        cmocka_unit_test(work_runs_over_breaks_nights_and_weekends),
        cmocka_unit_test(the_next_open_instant_skips_closed_time),
        cmocka_unit_test(between_is_the_inverse_of_after),
        cmocka_unit_test(no_hours_are_no_hours),
        cmocka_unit_test(both_are_open_where_each_is),
        cmocka_unit_test(open_days_are_found_by_the_instant),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
