#include "workshop/plan.h"

#include "base/day.h"
#include "base/record.h"
#include "workshop/diary.h"

#include <string.h>

#define LONGEST_MINUTES INT64_C(1000000) /* sixteen months of eight-hour days */
#define LONGEST_DAYS INT64_C(3650)

struct bench {
    const struct plan_craftsman *craftsmen;
    struct diary **diaries;
    int64_t count;
    const struct open_day *days;
    int64_t day_count;
};

struct bench *bench_new(const struct plan_craftsman *craftsmen, int64_t count,
                        const struct open_day *days, int64_t day_count, struct arena *arena) {
    struct bench *bench = ARENA_NEW(arena, struct bench);
    *bench = (struct bench){.craftsmen = craftsmen,
                            .diaries = ARENA_ARRAY(arena, struct diary *, (size_t)count + 1),
                            .count = count,
                            .days = days,
                            .day_count = day_count};
    for (int64_t i = 0; i < count; i++)
        bench->diaries[i] =
            diary_new(&craftsmen[i].hours, craftsmen[i].booked, craftsmen[i].booked_count, arena);
    return bench;
}

/* The index of a craftsman; -1: nobody has this id. */
static int64_t craftsman_at(const struct bench *bench, int64_t id) {
    for (int64_t i = 0; i < bench->count; i++)
        if (bench->craftsmen[i].id == id)
            return i;
    return -1;
}

bool bench_book(struct bench *bench, int64_t craftsman, const struct span *place) {
    int64_t at = craftsman_at(bench, craftsman);
    return at >= 0 && diary_book(bench->diaries[at], place);
}

bool bench_release(struct bench *bench, int64_t craftsman, const struct span *place) {
    int64_t at = craftsman_at(bench, craftsman);
    if (at >= 0)
        diary_release(bench->diaries[at], place);
    return at >= 0;
}

struct planning {
    struct bench *bench;
    const struct plan_request *request;
    struct plan *plan;
    bool *done;
    bool *booked; /* slots that this plan has booked, to be given back */
    struct errors *errors;
};

static enum status calendar_ends(const struct planning *planning, const char *name) {
    return error_add(planning->errors, INVALID, NULL, "calendar_ends",
                     "“%s” does not fit into the hours that are planned so far. Add working hours, "
                     "or take absences out.",
                     name);
}

/* The speed at which this craftsman does it; 0: not at all. Who is named for it does it anyway. */
static int64_t speed_at(const struct plan_craftsman *craftsman,
                        const struct plan_operation *operation) {
    for (int64_t i = 0; i < craftsman->skill_count; i++)
        if (operation->craft && strcmp(craftsman->skills[i].craft, operation->craft) == 0)
            return craftsman->skills[i].speed > 0 ? craftsman->skills[i].speed : 0;
    return operation->craftsman == NONE ? 0 : 100;
}

/* Milliseconds of open time, in whole minutes: nobody plans in seconds. */
static int64_t work_at(const struct plan_operation *operation, int64_t speed) {
    return (operation->minutes * 100 + speed - 1) / speed * MINUTE;
}

static enum status work_place(struct planning *planning, int64_t index, int64_t ready) {
    struct bench *bench = planning->bench;
    const struct plan_operation *operation = &planning->request->operations[index];
    struct plan_slot *slot = &planning->plan->slots[index];
    if (operation->craftsman != NONE && craftsman_at(bench, operation->craftsman) < 0)
        return error_add(planning->errors, INVALID, NULL, "unknown_craftsman",
                         "“%s” is given to somebody who is not at the bench. Choose another "
                         "craftsman.",
                         operation->name);
    *slot = (struct plan_slot){.craftsman = NONE, .start = ready, .end = ready};
    if (operation->minutes == 0)
        return OK;

    int64_t best = -1;
    bool anybody = false;
    for (int64_t i = 0; i < bench->count; i++) {
        if (operation->craftsman != NONE && bench->craftsmen[i].id != operation->craftsman)
            continue;
        int64_t speed = speed_at(&bench->craftsmen[i], operation);
        if (speed == 0)
            continue;
        anybody = true;
        struct span place;
        if (!diary_find(bench->diaries[i], ready, work_at(operation, speed), &place))
            continue;
        if (best < 0 || place.end < slot->end) {
            best = i;
            *slot = (struct plan_slot){bench->craftsmen[i].id, place.start, place.end};
        }
    }
    if (!anybody)
        return error_add(planning->errors, INVALID, NULL, "no_craftsman",
                         "Nobody at the bench does the craft “%s” that “%s” needs. Give it to a "
                         "craftsman, or to a vendor.",
                         operation->craft ? operation->craft : "", operation->name);
    if (best < 0)
        return calendar_ends(planning, operation->name);
    planning->booked[index] =
        diary_book(bench->diaries[best], &(struct span){slot->start, slot->end});
    return OK;
}

static enum status vendor_place(struct planning *planning, int64_t index, int64_t ready) {
    const struct bench *bench = planning->bench;
    const struct plan_operation *operation = &planning->request->operations[index];
    int64_t day = open_day_at(bench->days, bench->day_count, ready);
    if (day < bench->day_count && operation->cutoff != NONE &&
        ready > bench->days[day].midnight + operation->cutoff * MINUTE)
        day++;
    if (day + operation->lead_days >= bench->day_count)
        return calendar_ends(planning, operation->name);
    int64_t opens = bench->days[day].opens;
    planning->plan->slots[index] =
        (struct plan_slot){.craftsman = NONE,
                           .start = ready > opens ? ready : opens,
                           .end = bench->days[day + operation->lead_days].closes};
    return OK;
}

static enum status operation_place(struct planning *planning, int64_t index, int64_t ready) {
    const struct plan_operation *operation = &planning->request->operations[index];
    struct plan_slot *slot = &planning->plan->slots[index];
    if (operation->start != NONE && operation->end != NONE) {
        *slot = (struct plan_slot){operation->craftsman, operation->start, operation->end};
        return OK;
    }
    switch (operation->kind) {
    case PLAN_VENDOR:
        return vendor_place(planning, index, ready);
    case PLAN_CUSTOMER:
        *slot = (struct plan_slot){NONE, ready, ready + operation->lead_days * DAY};
        return OK;
    case PLAN_WORK:
        break;
    }
    return work_place(planning, index, ready);
}

/* When everything that it waits for has ended; false: not everything is placed yet. */
static bool operation_ready(const struct planning *planning, int64_t index, int64_t *ready) {
    const struct plan_operation *operation = &planning->request->operations[index];
    *ready = planning->request->from;
    if (operation->earliest != NONE && operation->earliest > *ready)
        *ready = operation->earliest;
    for (int64_t i = 0; i < operation->after_count; i++) {
        int64_t before = operation->after[i];
        if (!planning->done[before])
            return false;
        if (planning->plan->slots[before].end > *ready)
            *ready = planning->plan->slots[before].end;
    }
    return true;
}

static enum status operation_check(const struct planning *planning, int64_t index) {
    const struct plan_operation *operation = &planning->request->operations[index];
    if (operation->minutes < 0 || operation->minutes > LONGEST_MINUTES ||
        operation->lead_days < 0 || operation->lead_days > LONGEST_DAYS)
        return error_add(planning->errors, INVALID, NULL, "out_of_range",
                         "“%s” can't take so long. Check its minutes and days.", operation->name);
    for (int64_t i = 0; i < operation->after_count; i++)
        if (operation->after[i] < 0 || operation->after[i] >= planning->request->count)
            return error_add(planning->errors, INVALID, NULL, "unknown_operation",
                             "“%s” waits for an operation that is not there.", operation->name);
    return OK;
}

/* Of all that could go next, the one that could begin first; the earlier in the list among equals.
 * So what runs beside a long chain does not get its places only after the chain. */
static enum status operations_place(struct planning *planning) {
    const struct plan_request *request = planning->request;
    for (int64_t placed = 0; placed < request->count; placed++) {
        int64_t next = -1, soonest = 0, waiting = -1;
        for (int64_t i = 0; i < request->count; i++) {
            int64_t ready;
            if (planning->done[i])
                continue;
            waiting = waiting < 0 ? i : waiting;
            if (operation_ready(planning, i, &ready) && (next < 0 || ready < soonest)) {
                next = i;
                soonest = ready;
            }
        }
        if (next < 0)
            return error_add(planning->errors, INVALID, NULL, "cycle",
                             "“%s” waits for operations that wait for it. Put them in an order.",
                             request->operations[waiting].name);
        enum status status = operation_place(planning, next, soonest);
        if (status)
            return status;
        planning->done[next] = true;
        if (planning->plan->slots[next].end > planning->plan->end)
            planning->plan->end = planning->plan->slots[next].end;
    }
    return OK;
}

/* The end lies on an open day when its closing is not before it. */
static enum status promise_make(struct planning *planning) {
    const struct bench *bench = planning->bench;
    struct plan *plan = planning->plan;
    int64_t day = open_day_at(bench->days, bench->day_count, plan->end - 1);
    int64_t promised = day + planning->request->buffer_days;
    if (planning->request->buffer_days < 0 || planning->request->buffer_days > LONGEST_DAYS)
        return error_add(planning->errors, INVALID, "buffer_days", "out_of_range",
                         "The days between the bench and the customer can't be so many.");
    if (promised >= bench->day_count)
        return calendar_ends(planning, "Handing over");
    plan->bench_day = bench->days[day].day;
    plan->promised = bench->days[promised].day;
    return OK;
}

static void bookings_release(const struct planning *planning) {
    for (int64_t i = 0; i < planning->request->count; i++) {
        const struct plan_slot *slot = &planning->plan->slots[i];
        if (planning->booked[i])
            bench_release(planning->bench, slot->craftsman, &(struct span){slot->start, slot->end});
    }
}

enum status plan_forward(struct bench *bench, const struct plan_request *request,
                         struct arena *arena, struct plan *plan, struct errors *errors) {
    size_t count = (size_t)request->count;
    *plan = (struct plan){.slots = ARENA_ARRAY(arena, struct plan_slot, count + 1),
                          .count = request->count,
                          .end = request->from,
                          .bench_day = NONE,
                          .promised = NONE};
    struct planning planning = {.bench = bench,
                                .request = request,
                                .plan = plan,
                                .done = ARENA_ARRAY(arena, bool, count + 1),
                                .booked = ARENA_ARRAY(arena, bool, count + 1),
                                .errors = errors};
    for (int64_t i = 0; i < request->count; i++) {
        enum status status = operation_check(&planning, i);
        if (status)
            return status;
    }
    enum status status = operations_place(&planning);
    if (status == OK)
        status = promise_make(&planning);
    if (status || !request->keep)
        bookings_release(&planning);
    return status;
}
