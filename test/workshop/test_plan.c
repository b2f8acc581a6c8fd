#include "workshop/plan.h"

#include "base/record.h"
#include "workshop/diary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MONDAY INT64_C(20780) /* 2026-11-23 */
#define WEEK (int64_t)(sizeof week / sizeof *week)

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

static uint64_t seed;
static uint64_t drawn(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static int64_t between(int64_t least, int64_t most) {
    return least + (int64_t)(drawn() % (uint64_t)(most - least + 1));
}

static int64_t utc(const void *zone, int64_t day, int64_t minute) {
    return day * DAY + minute * MINUTE;
}

static int64_t at(int64_t day, int64_t hour, int64_t minute) {
    return utc(NULL, MONDAY + day, hour * 60 + minute);
}

/* Monday to Friday, 9 to 12 and 13 to 17. */
static const struct week_hours week[] = {
    {0, 540, 720},  {0, 780, 1020}, {1, 540, 720},  {1, 780, 1020}, {2, 540, 720},
    {2, 780, 1020}, {3, 540, 720},  {3, 780, 1020}, {4, 540, 720},  {4, 780, 1020},
};

static struct hours hours_for(int64_t days) {
    return hours_of_week(week, WEEK, NULL, 0, MONDAY, MONDAY + days, utc, NULL, arena);
}

static const struct open_day *days_for(int64_t days, int64_t *count) {
    return open_days(week, WEEK, NULL, 0, MONDAY, MONDAY + days, utc, NULL, arena, count);
}

static const struct plan_skill daniel_does[] = {{"setting", 100}, {"mounting", 100}};
static const struct plan_skill joe_does[] = {{"polishing", 100}, {"setting", 50}};
static const struct plan_skill ines_does[] = {{"cad", 200}, {"quality", 100}};

static struct bench *bench_for(int64_t length) {
    struct plan_craftsman *people = ARENA_ARRAY(arena, struct plan_craftsman, 3);
    struct hours hours = hours_for(length);
    int64_t day_count;
    const struct open_day *days = days_for(length, &day_count);
    people[0] = (struct plan_craftsman){
        .id = 1, .name = "Daniel", .skills = daniel_does, .skill_count = 2, .hours = hours};
    people[1] = (struct plan_craftsman){
        .id = 2, .name = "Joe", .skills = joe_does, .skill_count = 2, .hours = hours};
    people[2] = (struct plan_craftsman){
        .id = 3, .name = "Ines", .skills = ines_does, .skill_count = 2, .hours = hours};
    return bench_new(people, 3, days, day_count, arena);
}

static struct plan_operation work(const char *name, const char *craft, int64_t minutes) {
    return (struct plan_operation){.name = name,
                                   .craft = craft,
                                   .kind = PLAN_WORK,
                                   .minutes = minutes,
                                   .cutoff = NONE,
                                   .craftsman = NONE,
                                   .earliest = NONE,
                                   .start = NONE,
                                   .end = NONE};
}

static struct plan_operation wait(const char *name, enum plan_kind kind, int64_t days) {
    struct plan_operation operation = work(name, NULL, 0);
    operation.kind = kind;
    operation.lead_days = days;
    return operation;
}

static const int64_t first[] = {0}, second[] = {1}, third[] = {2}, both[] = {0, 1};

static void waits(struct plan_operation *operation, const int64_t *after, int64_t count) {
    operation->after = after;
    operation->after_count = count;
}

static struct plan planned(struct bench *bench, const struct plan_operation *operations,
                           int64_t count, int64_t buffer, bool keep) {
    struct plan plan;
    struct plan_request request = {.operations = operations,
                                   .count = count,
                                   .from = at(0, 9, 0),
                                   .buffer_days = buffer,
                                   .keep = keep};
    errors_clear(&errors);
    if (plan_forward(bench, &request, arena, &plan, &errors))
        fail_msg("%s", errors.first->sentence);
    return plan;
}

static void refused(struct bench *bench, const struct plan_operation *operations, int64_t count,
                    const char *code, const char *names) {
    struct plan plan;
    struct plan_request request = {
        .operations = operations, .count = count, .from = at(0, 9, 0), .keep = true};
    errors_clear(&errors);
    assert_int_equal(plan_forward(bench, &request, arena, &plan, &errors), INVALID);
    assert_string_equal(errors.first->code, code);
    assert_non_null(strstr(errors.first->sentence, names));
}

static void a_chain_runs_one_after_the_other(void **state) {
    struct plan_operation operations[] = {
        work("Draw", "cad", 240), wait("Approve", PLAN_CUSTOMER, 3), wait("Cast", PLAN_VENDOR, 4),
        work("Set", "setting", 300)};
    waits(&operations[1], first, 1);
    waits(&operations[2], second, 1);
    waits(&operations[3], third, 1);
    struct plan plan = planned(bench_for(60), operations, 4, 2, false);
    assert_int_equal(plan.slots[0].craftsman, 3);
    assert_int_equal(plan.slots[0].end, at(0, 11, 0)); /* twice as fast */
    assert_int_equal(plan.slots[1].end, at(3, 11, 0)); /* Thursday */
    assert_int_equal(plan.slots[2].start, at(3, 11, 0));
    assert_int_equal(plan.slots[2].end, at(9, 17, 0)); /* Friday, Monday, Tuesday, Wednesday */
    assert_int_equal(plan.slots[3].craftsman, 1);
    assert_int_equal(plan.slots[3].start, at(10, 9, 0));
    assert_int_equal(plan.slots[3].end, at(10, 15, 0));
    assert_int_equal(plan.end, at(10, 15, 0));
    assert_int_equal(plan.bench_day, MONDAY + 10);
    assert_int_equal(plan.promised, MONDAY + 14); /* Friday, then Monday */
}

static void the_craftsman_who_finishes_first_gets_it(void **state) {
    struct bench *bench = bench_for(60);
    struct plan_operation operation = work("Set", "setting", 120);
    assert_int_equal(planned(bench, &operation, 1, 0, false).slots[0].craftsman, 1);
    assert_true(bench_book(bench, 1, &(struct span){at(0, 9, 0), at(2, 17, 0)}));
    struct plan plan = planned(bench, &operation, 1, 0, false);
    assert_int_equal(plan.slots[0].craftsman, 2); /* half as fast, but free */
    assert_int_equal(plan.slots[0].end, at(0, 14, 0));
    assert_true(bench_release(bench, 1, &(struct span){at(0, 9, 0), at(2, 17, 0)}));
    assert_int_equal(planned(bench, &operation, 1, 0, false).slots[0].craftsman, 1);
}

static void a_named_craftsman_does_it_skilled_or_not(void **state) {
    struct bench *bench = bench_for(60);
    struct plan_operation operation = work("Set", "setting", 60);
    operation.craftsman = 2;
    assert_int_equal(planned(bench, &operation, 1, 0, false).slots[0].end, at(0, 11, 0));
    operation.craftsman = 3;
    assert_int_equal(planned(bench, &operation, 1, 0, false).slots[0].end, at(0, 10, 0));
    operation.craftsman = 9;
    refused(bench, &operation, 1, "unknown_craftsman", "“Set”");
}

static void an_estimate_books_nothing_and_a_kept_plan_does(void **state) {
    struct bench *bench = bench_for(60);
    struct plan_operation operation = work("Polish", "polishing", 120);
    assert_int_equal(planned(bench, &operation, 1, 0, false).end, at(0, 11, 0));
    assert_int_equal(planned(bench, &operation, 1, 0, true).end, at(0, 11, 0));
    assert_int_equal(planned(bench, &operation, 1, 0, true).end, at(0, 14, 0));
    assert_int_equal(planned(bench, &operation, 1, 0, false).end, at(0, 16, 0));
}

static void a_failed_plan_leaves_the_bench_as_it_was(void **state) {
    struct bench *bench = bench_for(60);
    struct plan_operation operations[] = {work("Polish", "polishing", 120),
                                          work("Engrave", "engraving", 30)};
    waits(&operations[1], first, 1);
    refused(bench, operations, 2, "no_craftsman", "“Engrave”");
    assert_int_equal(planned(bench, operations, 1, 0, false).end, at(0, 11, 0));
}

static void work_waits_for_its_material(void **state) {
    struct plan_operation operation = work("Set", "setting", 60);
    operation.earliest = at(3, 18, 0);
    struct plan plan = planned(bench_for(60), &operation, 1, 0, false);
    assert_int_equal(plan.slots[0].start, at(4, 9, 0));
}

static void what_is_over_or_under_way_stays(void **state) {
    struct plan_operation operations[] = {work("Draw", "cad", 240), work("Set", "setting", 60)};
    operations[0].start = at(-3, 9, 0);
    operations[0].end = at(1, 10, 0);
    waits(&operations[1], first, 1);
    struct plan plan = planned(bench_for(60), operations, 2, 0, false);
    assert_int_equal(plan.slots[0].start, at(-3, 9, 0));
    assert_int_equal(plan.slots[1].start, at(1, 10, 0));
}

static void a_place_between_two_bookings_is_taken_when_it_is_long_enough(void **state) {
    struct bench *bench = bench_for(60);
    assert_true(bench_book(bench, 2, &(struct span){at(0, 10, 0), at(0, 11, 0)}));
    assert_true(bench_book(bench, 2, &(struct span){at(0, 14, 0), at(0, 17, 0)}));
    assert_false(bench_book(bench, 2, &(struct span){at(0, 10, 30), at(0, 11, 30)}));
    struct plan_operation operation = work("Polish", "polishing", 60);
    assert_int_equal(planned(bench, &operation, 1, 0, false).slots[0].start, at(0, 9, 0));
    operation.minutes = 120; /* 11 to 12 and 13 to 14: over the break, not around a booking */
    struct plan plan = planned(bench, &operation, 1, 0, false);
    assert_int_equal(plan.slots[0].start, at(0, 11, 0));
    assert_int_equal(plan.slots[0].end, at(0, 14, 0));
    operation.minutes = 121;
    assert_int_equal(planned(bench, &operation, 1, 0, false).slots[0].start, at(1, 9, 0));
}

static void a_vendors_cut_off_decides_whether_the_day_counts(void **state) {
    struct plan_operation operation = wait("Cast", PLAN_VENDOR, 2);
    operation.cutoff = 13 * 60;
    operation.earliest = at(0, 13, 0);
    assert_int_equal(planned(bench_for(60), &operation, 1, 0, false).end, at(2, 17, 0));
    operation.earliest = at(0, 13, 1);
    struct plan plan = planned(bench_for(60), &operation, 1, 0, false);
    assert_int_equal(plan.end, at(3, 17, 0));
    assert_int_equal(plan.slots[0].start, at(1, 9, 0));
}

static void branches_meet_at_the_later(void **state) {
    struct plan_operation operations[] = {work("Unset", "mounting", 60), work("Draw", "cad", 600),
                                          work("Set", "setting", 30)};
    waits(&operations[2], both, 2);
    struct plan plan = planned(bench_for(60), operations, 3, 0, false);
    assert_int_equal(plan.slots[2].start, plan.slots[1].end);
}

static void nothing_to_do_takes_no_time(void **state) {
    struct plan plan = planned(bench_for(60), NULL, 0, 1, false);
    assert_int_equal(plan.end, at(0, 9, 0));
    assert_int_equal(plan.promised, MONDAY + 1);
    struct plan_operation operation = work("Nothing", "alchemy", 0);
    plan = planned(bench_for(60), &operation, 1, 0, false);
    assert_int_equal(plan.slots[0].craftsman, NONE);
    assert_int_equal(plan.slots[0].end, at(0, 9, 0));
}

static void what_cannot_be_planned_is_said_by_name(void **state) {
    struct bench *bench = bench_for(6);
    struct plan_operation operation = work("Engrave “R & T”", "engraving", 30);
    refused(bench, &operation, 1, "no_craftsman", "Engrave “R & T”");
    operation = work("Set", "setting", 60 * 60);
    refused(bench, &operation, 1, "calendar_ends", "“Set”");
    operation = wait("Cast", PLAN_VENDOR, 5);
    refused(bench, &operation, 1, "calendar_ends", "“Cast”");
    operation = wait("Approve", PLAN_CUSTOMER, 30);
    refused(bench, &operation, 1, "calendar_ends", "Handing over");
    operation = work("Set", "setting", -1);
    refused(bench, &operation, 1, "out_of_range", "“Set”");
    operation = wait("Cast", PLAN_VENDOR, INT64_MAX);
    refused(bench, &operation, 1, "out_of_range", "“Cast”");
    operation = work("Set", "setting", 10);
    waits(&operation, second, 1);
    refused(bench, &operation, 1, "unknown_operation", "“Set”");
    waits(&operation, first, 1);
    refused(bench, &operation, 1, "cycle", "“Set”");
}

/* A diary against the same thing done by trying every minute. */
static void a_diary_finds_what_a_search_minute_by_minute_finds(void **state) {
    seed = 7;
    for (int round = 0; round < 60; round++) {
        struct arena *own = arena_new();
        struct hours hours =
            hours_of_week(week, WEEK, NULL, 0, MONDAY, MONDAY + 11, utc, NULL, own);
        struct span bookings[200];
        int64_t booked = 0, given = between(0, 6);
        for (; booked < given; booked++) {
            int64_t start = at(between(0, 9), between(8, 17), 5 * between(0, 11));
            bookings[booked] = (struct span){start, start + between(1, 30) * 10 * MINUTE};
        }
        struct diary *diary = diary_new(&hours, bookings, booked, own);
        for (int step = 0; step < 40; step++) {
            int64_t from = at(between(-1, 8), between(0, 23), between(0, 59));
            int64_t length = between(1, 300) * MINUTE;
            struct span found = {0, 0}, wanted = {0, 0};
            bool is_found = diary_find(diary, from, length, &found), is_wanted = false;
            for (int64_t start = from; !is_wanted && start < at(12, 0, 0); start += MINUTE) {
                int64_t open, stop;
                if (!hours_next(&hours, start, &open) || open != start ||
                    !hours_after(&hours, start, length, &stop))
                    continue;
                is_wanted = true;
                for (int64_t i = 0; i < booked && is_wanted; i++)
                    is_wanted = stop <= bookings[i].start || start >= bookings[i].end;
                wanted = (struct span){start, stop};
            }
            assert_int_equal(is_found, is_wanted);
            if (!is_found)
                continue;
            assert_int_equal(found.start, wanted.start);
            assert_int_equal(found.end, wanted.end);
            if (drawn() % 4 != 0) {
                assert_true(diary_book(diary, &found));
                assert_false(diary_book(diary, &found));
                bookings[booked++] = found;
            } else if (booked > given) { /* give one of ours back, in any order */
                int64_t which = between(given, booked - 1);
                diary_release(diary, &bookings[which]);
                bookings[which] = bookings[--booked];
            }
        }
        arena_free(own);
    }
}

/* Whatever is planned: no overlaps, inside hours, in order, the minutes kept. */
static void plans_keep_their_promises_whatever_is_planned(void **state) {
    static const char *const craft_names[] = {"cad", "mounting", "setting", "polishing", "quality"};
    static const int64_t speeds[] = {50, 80, 100, 130, 200};
    seed = 20261124;
    for (int round = 0; round < 40; round++) {
        struct arena *own = arena_new();
        int64_t people_count = between(1, 5), day_count;
        struct hours shop =
            hours_of_week(week, WEEK, NULL, 0, MONDAY, MONDAY + 400, utc, NULL, own);
        const struct open_day *days =
            open_days(week, WEEK, NULL, 0, MONDAY, MONDAY + 400, utc, NULL, own, &day_count);
        struct plan_craftsman people[5];
        struct plan_skill skills[5][5];
        struct span old[5][8];
        for (int64_t p = 0; p < people_count; p++) {
            int64_t away = MONDAY + between(0, 60), old_count = between(0, 8);
            struct day_range absence = {away, away + between(0, 9)};
            people[p] = (struct plan_craftsman){
                .id = 100 + p,
                .name = "x",
                .skills = skills[p],
                .skill_count = p == 0 ? 5 : between(0, 5), /* the first can do everything */
                .hours = p == 0 ? shop
                                : hours_of_week(week, WEEK, &absence, 1, MONDAY, MONDAY + 400, utc,
                                                NULL, own),
                .booked = old[p],
                .booked_count = old_count};
            for (int c = 0; c < 5; c++)
                skills[p][c] = (struct plan_skill){craft_names[c], speeds[between(0, 4)]};
            for (int64_t b = 0; b < old_count; b++) {
                int64_t start = at(between(0, 20), between(9, 16), 0);
                old[p][b] = (struct span){start, start + between(10, 2000) * MINUTE};
            }
        }
        struct bench *bench = bench_new(people, people_count, days, day_count, own);

        struct span taken[5][400];
        int64_t taken_count[5] = {0};
        for (int job = 0; job < 25; job++) {
            struct plan_operation operations[12];
            int64_t after[12][3], count = between(1, 12);
            for (int64_t i = 0; i < count; i++) {
                int64_t kind = between(0, 9);
                operations[i] = kind == 0 ? wait("v", PLAN_VENDOR, between(0, 5))
                                : kind == 1
                                    ? wait("c", PLAN_CUSTOMER, between(0, 4))
                                    : work("w", craft_names[between(0, 4)], between(0, 400));
                if (drawn() % 8 == 0)
                    operations[i].earliest = at(between(0, 30), 12, 0);
                if (drawn() % 10 == 0)
                    operations[i].craftsman = 100 + between(0, people_count - 1);
                operations[i].after = after[i];
                operations[i].after_count = i == 0 ? 0 : between(0, 2);
                for (int64_t a = 0; a < operations[i].after_count; a++)
                    after[i][a] = between(0, i - 1);
            }
            int64_t from = at(between(0, 20), between(0, 23), 7);
            struct plan plan;
            struct plan_request request = {.operations = operations,
                                           .count = count,
                                           .from = from,
                                           .buffer_days = between(0, 5),
                                           .keep = drawn() % 4 != 0};
            assert_int_equal(plan_forward(bench, &request, own, &plan, &errors), OK);

            int64_t last = from;
            for (int64_t i = 0; i < count; i++) {
                const struct plan_operation *operation = &operations[i];
                const struct plan_slot *slot = &plan.slots[i];
                assert_true(slot->start >= from && slot->end >= slot->start);
                assert_true(operation->earliest == NONE || slot->start >= operation->earliest);
                for (int64_t a = 0; a < operation->after_count; a++)
                    assert_true(slot->start >= plan.slots[after[i][a]].end);
                last = slot->end > last ? slot->end : last;
                if (operation->kind != PLAN_WORK || operation->minutes == 0) {
                    assert_int_equal(slot->craftsman, NONE);
                    continue;
                }
                int64_t p = slot->craftsman - 100, speed = 0;
                assert_in_range(p, 0, people_count - 1);
                assert_true(operation->craftsman == NONE ||
                            operation->craftsman == slot->craftsman);
                for (int64_t c = 0; c < people[p].skill_count; c++)
                    if (strcmp(people[p].skills[c].craft, operation->craft) == 0)
                        speed = people[p].skills[c].speed;
                if (speed == 0) {
                    assert_int_equal(operation->craftsman, slot->craftsman);
                    speed = 100;
                }
                int64_t open, needed = (operation->minutes * 100 + speed - 1) / speed * MINUTE;
                assert_true(hours_next(&people[p].hours, slot->start, &open));
                assert_int_equal(open, slot->start);
                assert_int_equal(hours_between(&people[p].hours, slot->start, slot->end), needed);
                assert_int_equal(hours_between(&people[p].hours, slot->start, slot->end - 1),
                                 needed - 1);
                for (int64_t b = 0; b < people[p].booked_count; b++)
                    assert_true(slot->end <= old[p][b].start || slot->start >= old[p][b].end);
                for (int64_t b = 0; b < taken_count[p]; b++)
                    assert_true(slot->end <= taken[p][b].start || slot->start >= taken[p][b].end);
                for (int64_t k = 0; k < i; k++)
                    assert_true(plan.slots[k].craftsman != slot->craftsman ||
                                slot->end <= plan.slots[k].start ||
                                slot->start >= plan.slots[k].end);
            }
            assert_int_equal(plan.end, last);
            int64_t bench_day = open_day_at(days, day_count, plan.end - 1);
            assert_int_equal(plan.bench_day, days[bench_day].day);
            assert_int_equal(plan.promised, days[bench_day + request.buffer_days].day);
            for (int64_t i = 0; request.keep && i < count; i++)
                if (plan.slots[i].craftsman != NONE) {
                    int64_t p = plan.slots[i].craftsman - 100;
                    assert_true(taken_count[p] < 400);
                    taken[p][taken_count[p]++] =
                        (struct span){plan.slots[i].start, plan.slots[i].end};
                }
        }
        arena_free(own);
    }
}

static void the_same_input_gives_the_same_plan(void **state) {
    struct plan plans[2];
    for (int run = 0; run < 2; run++) {
        struct bench *bench = bench_for(200);
        for (int job = 0; job < 50; job++) {
            struct plan_operation operations[] = {work("Set", "setting", 70 + job),
                                                  work("Polish", "polishing", 30 + job)};
            waits(&operations[1], first, 1);
            plans[run] = planned(bench, operations, 2, 1, true);
        }
    }
    assert_memory_equal(plans[0].slots, plans[1].slots, 2 * sizeof(struct plan_slot));
    assert_int_equal(plans[0].promised, plans[1].promised);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_runs_one_after_the_other),
        cmocka_unit_test(the_craftsman_who_finishes_first_gets_it),
        cmocka_unit_test(a_named_craftsman_does_it_skilled_or_not),
        cmocka_unit_test(an_estimate_books_nothing_and_a_kept_plan_does),
        cmocka_unit_test(a_failed_plan_leaves_the_bench_as_it_was),
        cmocka_unit_test(work_waits_for_its_material),
        cmocka_unit_test(what_is_over_or_under_way_stays),
        cmocka_unit_test(a_place_between_two_bookings_is_taken_when_it_is_long_enough),
        cmocka_unit_test(a_vendors_cut_off_decides_whether_the_day_counts),
        cmocka_unit_test(branches_meet_at_the_later),
        cmocka_unit_test(nothing_to_do_takes_no_time),
        cmocka_unit_test(what_cannot_be_planned_is_said_by_name),
        cmocka_unit_test(a_diary_finds_what_a_search_minute_by_minute_finds),
        cmocka_unit_test(plans_keep_their_promises_whatever_is_planned),
        cmocka_unit_test(the_same_input_gives_the_same_plan),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
