/* Planning with the shop's own craftsmen, hours and days: what plan.h is given, and what becomes of
 * its answer. */
#include "workshop/workshop.h"

#include "accounts/account.h"
#include "base/text.h"
#include "jobs/job.h"
#include "shops/job_template.h"
#include "trade/words.h"
#include "vendors/vendor.h"
#include "workshop/plan.h"

#include <stdlib.h>
#include <string.h>

static const struct field milestone_fields[] = {
    FIELD(struct milestone, name, FIELD_TEXT),
    FIELD(struct milestone, who, FIELD_TEXT),
    FIELD(struct milestone, kind, FIELD_CODE, .words = &operation_kinds),
    FIELD(struct milestone, start, FIELD_INSTANT),
    FIELD(struct milestone, end, FIELD_INSTANT),
};
const struct record milestone_record = RECORD("Milestone", struct milestone, milestone_fields);

/* Nobody begins at 14:46 and eleven seconds. */
static int64_t plan_from(int64_t now) {
    const int64_t grain = 5 * MINUTE;
    return (now + grain - 1) / grain * grain;
}

/* Most plans end within the first; only one that does not looks at the second. */
enum { DAYS_PAST = 31, DAYS_NEAR = 75, DAYS_FAR = 730, AFTER_MOST = 100 };

/* ------------------------------------------------------------------ the bench as it is */

/* Time is held by what has been begun, and by plans that are more than tentative. */
static const struct sql booked_of = {
    "operation_booked_of",
    "select planned_start, planned_end from operation where craftsman = $1 and planned_end > $2 "
    "and held = 1 and state in ('planned', 'started') and job <> $3",
    NULL};

/* A job is firm when a quote of it is accepted, or when it is past its consultation. */
static const struct sql job_is_firm = {
    "workshop_job_is_firm",
    "select 1 from job where id = $1 and (kind <> 'custom' or stage not in ('enquiry', "
    "'consultation') or exists (select 1 from quote where job = $1 and state = 'accepted'))",
    NULL};
static const struct sql operations_hold = {
    "operations_hold",
    "update operation set held = $2 where job = $1 and held <> $2 "
    "and state in ('planned', 'started', 'failed')",
    NULL};

bool workshop_is_firm(struct context *cx, int64_t job) {
    return db_int(cx->db, &job_is_firm, P(I(job))) != NONE;
}

void workshop_hold(struct context *cx, int64_t job) {
    if (db_run(cx->db, &operations_hold, P(I(job), I(workshop_is_firm(cx, job)))) > 0)
        context_tell(cx, "operation", 0);
}

/* The midnights of the days that are looked at, so that the zone is asked once a day and not for
 * every span of everybody's hours. */
struct clock {
    const struct zone *zone;
    int64_t first, count;
    int64_t *midnights; /* count + 1 */
};

static struct clock *clock_new(const struct zone *zone, int64_t first, int64_t last,
                               struct arena *arena) {
    struct clock *clock = ARENA_NEW(arena, struct clock);
    *clock = (struct clock){.zone = zone, .first = first, .count = last - first + 1};
    clock->midnights = ARENA_ARRAY(arena, int64_t, (size_t)clock->count + 1);
    for (int64_t i = 0; i <= clock->count; i++)
        clock->midnights[i] = day_start(zone, first + i);
    return clock;
}

/* Only on the days when clocks change is a minute of the day not where it usually is. */
static int64_t instant_at(const void *arg, int64_t day_number, int64_t minute) {
    const struct clock *clock = arg;
    int64_t at = day_number - clock->first;
    if (at >= 0 && at < clock->count && clock->midnights[at + 1] - clock->midnights[at] == DAY)
        return clock->midnights[at] + minute * MINUTE;
    struct civil civil = day_civil(minute == 1440 ? day_number + 1 : day_number);
    civil.hour = (int)(minute % 1440 / 60);
    civil.minute = (int)(minute % 60);
    return instant_of(clock->zone, &civil);
}

struct calendar {
    struct context *cx;
    struct shop shop;
    struct week_hours *week; /* of the shop */
    int64_t week_count;
    struct day_range *closed; /* the special days stand behind them: the week's hours don't count */
    int64_t closed_count, all_closed_count;
    struct week_hours *special; /* `weekday` is the day's number */
    int64_t special_count;
    int64_t today, first;
    struct craftsman *craftsmen;
    int64_t craftsman_count;
    struct bench *bench;
    struct clock *clock;
    const struct open_day *days;
    int64_t day_count;
};

static void read_closed(struct calendar *calendar) {
    struct context *cx = calendar->cx;
    const char *from = day_text(calendar->first, cx->arena), **closures;
    struct special_day *specials;
    int64_t closed = shop_closures(cx, from, &closures);
    int64_t special = shop_special_days(cx, from, &specials);
    struct day_range *ranges =
        ARENA_ARRAY(cx->arena, struct day_range, (size_t)(closed + special) + 1);
    calendar->special = ARENA_ARRAY(cx->arena, struct week_hours, (size_t)special + 1);
    calendar->closed = ranges;
    int64_t number;
    for (int64_t i = 0; i < closed; i++)
        if (day_parse(closures[i], &number))
            ranges[calendar->closed_count++] = (struct day_range){number, number};
    calendar->all_closed_count = calendar->closed_count;
    for (int64_t i = 0; i < special; i++)
        if (day_parse(specials[i].day, &number)) {
            ranges[calendar->all_closed_count++] = (struct day_range){number, number};
            calendar->special[calendar->special_count++] =
                (struct week_hours){number, specials[i].opens, specials[i].closes};
        }
}

static enum status calendar_open(struct context *cx, struct calendar *calendar) {
    *calendar = (struct calendar){.cx = cx};
    if (!shop_load(cx, &calendar->shop))
        return error_add(cx->errors, UNAVAILABLE, NULL, "not_set_up", "Set up the shop first.");
    calendar->today = day_at(cx->locale->zone, cx->now);
    calendar->first = calendar->today - DAYS_PAST; /* what has begun may have begun before today */
    struct opening *openings;
    calendar->week_count = shop_openings(cx, &openings);
    calendar->week = ARENA_ARRAY(cx->arena, struct week_hours, (size_t)calendar->week_count + 1);
    for (int64_t i = 0; i < calendar->week_count; i++)
        calendar->week[i] =
            (struct week_hours){openings[i].weekday, openings[i].opens, openings[i].closes};
    read_closed(calendar);
    if (calendar->week_count == 0)
        return error_add(cx->errors, INVALID, NULL, "no_opening",
                         "Nobody has said on which days the shop is open: see Settings.");
    return OK;
}

static int open_day_compare(const void *left, const void *right) {
    const struct open_day *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static void read_days(struct calendar *calendar, int64_t days) {
    struct context *cx = calendar->cx;
    int64_t last = calendar->today + days, count;
    calendar->clock = clock_new(cx->locale->zone, calendar->first, last, cx->arena);
    const struct open_day *usual = open_days(calendar->week, calendar->week_count, calendar->closed,
                                             calendar->all_closed_count, calendar->first, last,
                                             instant_at, calendar->clock, cx->arena, &count);
    calendar->days = usual;
    calendar->day_count = count;
    if (calendar->special_count == 0)
        return;
    struct open_day *all =
        ARENA_ARRAY(cx->arena, struct open_day, (size_t)(count + calendar->special_count));
    for (int64_t i = 0; i < count; i++)
        all[i] = usual[i];
    for (int64_t i = 0; i < calendar->special_count; i++) {
        const struct week_hours *special = &calendar->special[i];
        if (special->weekday <= last)
            all[count++] = (struct open_day){
                .day = special->weekday,
                .midnight = instant_at(calendar->clock, special->weekday, 0),
                .opens = instant_at(calendar->clock, special->weekday, special->opens),
                .closes = instant_at(calendar->clock, special->weekday, special->closes)};
    }
    qsort(all, (size_t)count, sizeof *all, open_day_compare);
    calendar->days = all;
    calendar->day_count = count;
}

/* On a special day nobody works longer than the shop is open; who has no hours of their own works
 * as long. `away`: the days on which the craftsman is not there. */
static struct hours with_specials(const struct calendar *calendar, const struct hours *usual,
                                  const struct week_hours *own, int64_t own_count,
                                  const struct day_range *away, int64_t away_count, int64_t last) {
    struct context *cx = calendar->cx;
    if (calendar->special_count == 0)
        return *usual;
    size_t most = (size_t)(usual->count + calendar->special_count * (own_count + 1));
    struct span *spans = ARENA_ARRAY(cx->arena, struct span, most + 1);
    int64_t count = 0;
    for (int64_t i = 0; i < usual->count; i++)
        spans[count++] = usual->spans[i];
    for (int64_t i = 0; i < calendar->special_count; i++) {
        const struct week_hours *special = &calendar->special[i];
        bool there = special->weekday >= calendar->today && special->weekday <= last;
        for (int64_t k = 0; k < away_count; k++)
            there = there && (special->weekday < away[k].first || special->weekday > away[k].last);
        for (int64_t k = 0; there && k < (own_count > 0 ? own_count : 1); k++) {
            int64_t opens = special->opens, closes = special->closes;
            if (own_count > 0) {
                if (own[k].weekday != day_weekday(special->weekday))
                    continue;
                opens = own[k].opens > opens ? own[k].opens : opens;
                closes = own[k].closes < closes ? own[k].closes : closes;
            }
            if (opens < closes)
                spans[count++] =
                    (struct span){instant_at(calendar->clock, special->weekday, opens),
                                  instant_at(calendar->clock, special->weekday, closes)};
        }
    }
    return hours_of_spans(spans, count, cx->arena);
}

/* A craftsman without hours works while the shop is open. */
static struct plan_craftsman craftsman_at_bench(const struct calendar *calendar,
                                                const struct craftsman *craftsman, int64_t days,
                                                int64_t job) {
    struct context *cx = calendar->cx;
    struct plan_craftsman here = {.id = craftsman->id, .name = craftsman->name};
    struct plan_skill *skills =
        ARENA_ARRAY(cx->arena, struct plan_skill, (size_t)craftsman->craft_count + 1);
    for (int64_t i = 0; i < craftsman->craft_count; i++)
        skills[i] = (struct plan_skill){craftsman->crafts[i].craft, craftsman->crafts[i].speed};
    here.skills = skills;
    here.skill_count = craftsman->craft_count;

    struct week_hours *week =
        ARENA_ARRAY(cx->arena, struct week_hours, (size_t)craftsman->hour_count + 1);
    for (int64_t i = 0; i < craftsman->hour_count; i++)
        week[i] = (struct week_hours){craftsman->hours[i].weekday, craftsman->hours[i].starts,
                                      craftsman->hours[i].ends};
    size_t away = (size_t)(calendar->all_closed_count + craftsman->absence_count);
    struct day_range *closed = ARENA_ARRAY(cx->arena, struct day_range, away + 1);
    int64_t count = calendar->all_closed_count;
    for (int64_t i = 0; i < count; i++)
        closed[i] = calendar->closed[i];
    for (int64_t i = 0; i < craftsman->absence_count; i++)
        if (day_parse(craftsman->absences[i].from_day, &closed[count].first) &&
            day_parse(craftsman->absences[i].to_day, &closed[count].last))
            count++;
    bool own = craftsman->hour_count > 0;
    int64_t last = calendar->today + days;
    struct hours usual = hours_of_week(
        own ? week : calendar->week, own ? craftsman->hour_count : calendar->week_count, closed,
        count, calendar->today, last, instant_at, calendar->clock, cx->arena);
    here.hours = with_specials(calendar, &usual, week, craftsman->hour_count,
                               closed + calendar->all_closed_count,
                               count - calendar->all_closed_count, last);

    struct span *booked = NULL;
    size_t booked_count = 0, capacity = 0;
    struct rows *rows =
        db_rows(cx->db, &booked_of, P(I(craftsman->id), I(cx->now), I(job == NONE ? 0 : job)));
    while (rows_next(rows)) {
        booked = arena_grow(cx->arena, booked, booked_count, &capacity, sizeof *booked);
        booked[booked_count++] = (struct span){row_int(rows, 0), row_int(rows, 1)};
    }
    here.booked = booked;
    here.booked_count = (int64_t)booked_count;
    return here;
}

/* Whether anything of the request may be done by this craftsman: nobody else's hours are read. */
static bool is_asked(const struct craftsman *craftsman, const struct plan_request *request) {
    for (int64_t i = 0; i < request->count; i++) {
        const struct plan_operation *operation = &request->operations[i];
        if (operation->kind != PLAN_WORK || operation->start != NONE)
            continue;
        if (operation->craftsman == craftsman->id)
            return true;
        for (int64_t k = 0; k < craftsman->craft_count; k++)
            if (text_same(craftsman->crafts[k].craft, operation->craft))
                return true;
    }
    return false;
}

static void set_bench(struct calendar *calendar, int64_t days, int64_t job,
                      const struct plan_request *request) {
    struct context *cx = calendar->cx;
    read_days(calendar, days);
    struct plan_craftsman *here =
        ARENA_ARRAY(cx->arena, struct plan_craftsman, (size_t)calendar->craftsman_count + 1);
    int64_t count = 0;
    for (int64_t i = 0; i < calendar->craftsman_count; i++)
        if (is_asked(&calendar->craftsmen[i], request))
            here[count++] = craftsman_at_bench(calendar, &calendar->craftsmen[i], days, job);
    calendar->bench = bench_new(here, count, calendar->days, calendar->day_count, cx->arena);
}

/* Within the near days if it fits, else within the far ones. */
static enum status plan_in(struct calendar *calendar, const struct plan_request *request,
                           int64_t job, struct plan *plan) {
    struct context *cx = calendar->cx;
    calendar->craftsman_count = craftsman_list(cx, true, &calendar->craftsmen);
    struct errors near = {.arena = cx->arena};
    set_bench(calendar, DAYS_NEAR, job, request);
    if (plan_forward(calendar->bench, request, cx->arena, plan, &near) == OK)
        return OK;
    if (!text_same(near.first->code, "calendar_ends"))
        return error_add(cx->errors, near.status, near.first->field, near.first->code, "%s",
                         near.first->sentence);
    set_bench(calendar, DAYS_FAR, job, request);
    return plan_forward(calendar->bench, request, cx->arena, plan, cx->errors);
}

static const char *craftsman_name(const struct calendar *calendar, int64_t id) {
    for (int64_t i = 0; i < calendar->craftsman_count; i++)
        if (calendar->craftsmen[i].id == id)
            return calendar->craftsmen[i].name;
    return NULL;
}

/* ------------------------------------------------------------------ what is to be planned */

static enum plan_kind kind_of(const char *kind) {
    return text_same(kind, "vendor")     ? PLAN_VENDOR
           : text_same(kind, "customer") ? PLAN_CUSTOMER
                                         : PLAN_WORK;
}

/* Positions to indices; those that are not there are left out. */
static void set_after(struct plan_operation *planned, const char *after, const int64_t *positions,
                      int64_t count, struct arena *arena) {
    int64_t waits[AFTER_MOST], found = operation_after(after, waits, AFTER_MOST);
    int64_t *list = ARENA_ARRAY(arena, int64_t, (size_t)found + 1);
    planned->after = list;
    for (int64_t i = 0; i < found; i++)
        for (int64_t k = 0; k < count; k++)
            if (positions[k] == waits[i])
                list[planned->after_count++] = k;
}

/* The end of the last day on which a material of this kind is expected; NONE: all is here. */
static const struct sql material_due = {
    "operation_material_due",
    "select max(expected_day) from material where job = $1 and kind = $2 "
    "and state in ('needed', 'to_order', 'ordered')",
    NULL};

static int64_t day_end(struct context *cx, const char *text) {
    int64_t number;
    return text != NULL && day_parse(text, &number) ? day_start(cx->locale->zone, number + 1)
                                                    : NONE;
}

static int64_t approval_days(const struct shop *shop, const char *kind, int64_t lead_days) {
    return text_same(kind, "customer") && lead_days == 0 ? shop->approval_days : lead_days;
}

/* What is over stays; what is under way ends as it was planned, but not before now. */
static void set_done(struct plan_operation *planned, const struct operation *operation,
                     int64_t now) {
    int64_t begun = operation->started_at != NONE ? operation->started_at : now;
    if (!operation_is_open(operation)) {
        planned->end = operation->ended_at != NONE ? operation->ended_at : now;
        planned->start = begun < planned->end ? begun : planned->end;
    } else if (text_same(operation->state, "started")) {
        int64_t due = operation->planned_end != NONE && operation->planned_start != NONE
                          ? begun + operation->planned_end - operation->planned_start
                          : begun + operation->minutes * MINUTE;
        planned->start = begun;
        planned->end = due > now ? due : now;
    }
}

static struct plan_operation *job_operations(const struct calendar *calendar,
                                             const struct operation *operations, int64_t count) {
    struct context *cx = calendar->cx;
    struct plan_operation *planned =
        ARENA_ARRAY(cx->arena, struct plan_operation, (size_t)count + 1);
    struct operation_plan *plain = ARENA_ARRAY(cx->arena, struct operation_plan, (size_t)count + 1);
    int64_t *positions = ARENA_ARRAY(cx->arena, int64_t, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++) {
        plain[i] = (struct operation_plan){.craft = operations[i].craft};
        positions[i] = operations[i].position;
    }
    for (int64_t i = 0; i < count; i++) {
        const struct operation *operation = &operations[i];
        struct vendor vendor;
        bool outside = operation->vendor != NONE && vendor_load(cx, operation->vendor, &vendor);
        planned[i] = (struct plan_operation){
            .name = operation->name,
            .craft = operation->craft,
            .kind = kind_of(operation->kind),
            .minutes = operation->minutes,
            .lead_days = approval_days(&calendar->shop, operation->kind, operation->lead_days),
            .cutoff = outside ? vendor.cutoff : NONE,
            .craftsman = operation->pinned == 1 ? operation->craftsman : NONE,
            .earliest = NONE,
            .start = NONE,
            .end = NONE};
        const char *needs = operation_needs(plain, count, i);
        if (needs != NULL)
            planned[i].earliest =
                day_end(cx, db_text(cx->db, &material_due, P(I(operation->job), T(needs))));
        set_after(&planned[i], operation->after, positions, count, cx->arena);
        set_done(&planned[i], operation, cx->now);
    }
    return planned;
}

/* ------------------------------------------------------------------ storing a plan */

static const struct sql slot_set = {
    "operation_slot_set",
    "update operation set planned_start = $2, planned_end = $3, craftsman = $4 where id = $1",
    NULL};

static void store_slots(struct context *cx, const struct operation *operations,
                        const struct plan *plan) {
    for (int64_t i = 0; i < plan->count; i++) {
        const struct operation *operation = &operations[i];
        const struct plan_slot *slot = &plan->slots[i];
        bool ahead =
            text_same(operation->state, "planned") || text_same(operation->state, "failed");
        int64_t who = operation->pinned == 1 ? operation->craftsman : slot->craftsman;
        if (ahead && (slot->start != operation->planned_start ||
                      slot->end != operation->planned_end || who != operation->craftsman))
            db_run(cx->db, &slot_set, P(I(operation->id), I(slot->start), I(slot->end), I(who)));
    }
}

/* The open day that lies `buffer` open days before the promised one, today at the earliest. */
static const char *bench_day_of(const struct calendar *calendar, const char *promised) {
    int64_t number, at = -1;
    if (!day_parse(promised, &number))
        return NULL;
    for (int64_t i = 0; i < calendar->day_count; i++)
        if (calendar->days[i].day <= number)
            at = i;
    at -= calendar->shop.bench_buffer_days;
    int64_t bench_day = at < 0 ? number : calendar->days[at].day;
    if (bench_day < calendar->today)
        bench_day = calendar->today < number ? calendar->today : number;
    return day_text(bench_day, calendar->cx->arena);
}

enum status workshop_plan(struct context *cx, int64_t job_id, bool promise,
                          const char **promised_day) {
    struct calendar calendar;
    struct job job;
    if (!job_load(cx, job_id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    enum status status = calendar_open(cx, &calendar);
    if (status != OK)
        return status;
    struct operation *operations;
    int64_t count = operation_list(cx, job_id, &operations);
    if (count == 0)
        return error_add(cx->errors, INVALID, NULL, "no_operations",
                         "%s has no operations to plan. Add them first.",
                         job_number_text(cx, job.number));
    struct plan_request request = {.operations = job_operations(&calendar, operations, count),
                                   .count = count,
                                   .from = plan_from(cx->now),
                                   .buffer_days = calendar.shop.bench_buffer_days};
    struct plan plan;
    status = plan_in(&calendar, &request, job_id, &plan);
    if (status != OK)
        return status;
    store_slots(cx, operations, &plan);
    workshop_hold(cx, job_id);
    const char *possible = day_text(plan.promised, cx->arena);
    const char *promised = promise || text_empty(job.promised_day) ? possible : job.promised_day;
    job_set_promise(cx, job_id, promised, bench_day_of(&calendar, promised));
    job_touch(cx, job_id);
    context_tell(cx, "operation", 0);
    if (promised_day != NULL)
        *promised_day = possible;
    return OK;
}

/* ------------------------------------------------------------------ estimating */

static struct plan_operation *new_operations(const struct calendar *calendar,
                                             const struct operation_plan *operations, int64_t count,
                                             int64_t release, const char **vendors) {
    struct context *cx = calendar->cx;
    struct plan_operation *planned =
        ARENA_ARRAY(cx->arena, struct plan_operation, (size_t)count + 1);
    int64_t *positions = ARENA_ARRAY(cx->arena, int64_t, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        positions[i] = operations[i].position;
    for (int64_t i = 0; i < count; i++) {
        const struct operation_plan *operation = &operations[i];
        struct vendor vendor;
        bool outside =
            text_same(operation->kind, "vendor") && vendor_for_craft(cx, operation->craft, &vendor);
        vendors[i] = outside ? vendor.name : NULL;
        planned[i] = (struct plan_operation){
            .name = operation->name,
            .craft = operation->craft,
            .kind = kind_of(operation->kind),
            .minutes = operation->minutes,
            .lead_days =
                outside ? vendor.lead_days
                        : approval_days(&calendar->shop, operation->kind, operation->lead_days),
            .cutoff = outside ? vendor.cutoff : NONE,
            .craftsman = NONE,
            .earliest = operation_needs(operations, count, i) != NULL ? release : NONE,
            .start = NONE,
            .end = NONE};
        set_after(&planned[i], operation->after, positions, count, cx->arena);
    }
    return planned;
}

enum status workshop_estimate(struct context *cx, const struct operation_plan *operations,
                              int64_t count, int64_t release, const char **promised_day,
                              struct milestone **milestones) {
    struct calendar calendar;
    enum status status = calendar_open(cx, &calendar);
    if (status != OK)
        return status;
    const char **vendors = ARENA_ARRAY(cx->arena, const char *, (size_t)count + 1);
    struct plan_request request = {
        .operations = new_operations(&calendar, operations, count, release, vendors),
        .count = count,
        .from = plan_from(cx->now),
        .buffer_days = calendar.shop.bench_buffer_days};
    struct plan plan;
    status = plan_in(&calendar, &request, NONE, &plan);
    if (status != OK)
        return status;
    *promised_day = day_text(plan.promised, cx->arena);
    if (milestones == NULL)
        return OK;
    *milestones = ARENA_ARRAY(cx->arena, struct milestone, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++) {
        const char *who = craftsman_name(&calendar, plan.slots[i].craftsman);
        (*milestones)[i] = (struct milestone){.name = operations[i].name,
                                              .who = who != NULL ? who : vendors[i],
                                              .kind = operations[i].kind,
                                              .start = plan.slots[i].start,
                                              .end = plan.slots[i].end};
    }
    return OK;
}

const char *workshop_arrival(struct context *cx, int64_t lead_days, int64_t cutoff) {
    struct calendar calendar;
    struct errors none = {.arena = cx->arena};
    struct context quiet = *cx;
    quiet.errors = &none;
    int64_t lead = lead_days == NONE ? 0 : lead_days;
    int64_t today = day_at(cx->locale->zone, cx->now);
    if (calendar_open(&quiet, &calendar) != OK)
        return day_text(today + lead, cx->arena);
    read_days(&calendar, 2 * lead + 60);
    int64_t at = open_day_at(calendar.days, calendar.day_count, cx->now);
    if (at < calendar.day_count && cutoff != NONE &&
        cx->now > calendar.days[at].midnight + cutoff * MINUTE)
        at++;
    if (at + lead >= calendar.day_count)
        return day_text(today + 2 * lead + 60, cx->arena);
    return day_text(calendar.days[at + lead].day, cx->arena);
}

/* ------------------------------------------------------------------ reactions */

/* Once a piece is ready, or its job closed, nothing is left to do: places are free again. When it
 * goes back to the bench, what nobody did stands there as before. */
static const struct sql operations_drop_left = {
    "operations_drop_left",
    "update operation set state = 'skipped', planned_start = null, planned_end = null, "
    "ended_at = $2, version = version + 1 where job = $1 and state = 'planned'",
    NULL};
static const struct sql operations_revive = {
    "operations_revive",
    "update operation set state = 'planned', ended_at = null, version = version + 1 "
    "where job = $1 and state = 'skipped' and started_at is null",
    NULL};

static enum status follow_job(struct context *cx, const struct event *event) {
    struct job job;
    if (!job_load(cx, event->subject, &job))
        return OK;
    bool over = job.closed_at != NONE || text_same(job.stage, "ready");
    if (!over)
        workshop_hold(cx, job.id);
    int64_t changed = over ? db_run(cx->db, &operations_drop_left, P(I(job.id), I(cx->now)))
                           : db_run(cx->db, &operations_revive, P(I(job.id)));
    if (changed <= 0)
        return OK;
    struct errors none = {.arena = cx->arena};
    struct context quiet = *cx;
    quiet.errors = &none;
    if (!over)
        workshop_plan(&quiet, job.id, false, NULL); /* as far as it can be planned */
    cx->news = quiet.news;
    job_touch(cx, job.id);
    context_tell(cx, "operation", 0);
    return OK;
}

/* A repair that is taken in as usual work has its operations and its price at once. */
static enum status begin_usual_work(struct context *cx, const struct event *event) {
    struct job job;
    struct job_template template;
    struct operation *there;
    if (!job_load(cx, event->subject, &job) || job.template == NULL ||
        !job_template_load(cx, job.template, &template) || template.base != NULL ||
        operation_list(cx, job.id, &there) > 0)
        return OK;
    struct operation_plan *plans =
        ARENA_ARRAY(cx->arena, struct operation_plan, (size_t) template.operation_count + 1);
    for (int64_t i = 0; i < template.operation_count; i++)
        plans[i] =
            (struct operation_plan){.position = i + 1,
                                    .craft = template.operations[i].craft,
                                    .kind = template.operations[i].kind,
                                    .name = template.operations[i].name,
                                    .minutes = template.operations[i].minutes,
                                    .lead_days = template.operations[i].lead_days,
                                    .after = i > 0 ? arena_printf(cx->arena, "%d", (int)i) : NULL};
    enum status status = operation_generate(cx, job.id, plans, template.operation_count);
    if (status == OK && template.price != NONE && job.quoted == NONE)
        job_set_quoted(cx, job.id, template.price);
    return status;
}

static bool is_repair(const struct event *event) {
    return event_says(event, "kind", "repair");
}

const struct reaction workshop_reactions[] = {
    {"workshop.usual_work", "job.created", begin_usual_work, is_repair},
    {"workshop.follow_job", "job.entered", follow_job, NULL},
    {"workshop.follow_undo", "job.undone", follow_job, NULL},
    {0},
};
