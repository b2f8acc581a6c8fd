/* Planning: from the operations of a job to craftsmen, hours and a promised day.
 *
 * This header is a seam. Behind it stands a forward planner: every operation in its order goes to
 * the craftsman who can finish it first, at the earliest place that nothing else holds. It is
 * exact, quick and short-sighted: it never moves what is booked. A planner that optimizes over all
 * jobs can stand behind the same calls: whoever calls relies on nothing but this page.
 *
 * Pure: arrays in, plan out; the same input gives the same plan. Instants are UTC milliseconds.
 * What holds of every plan:
 * - two operations of one craftsman never overlap, nor does one overlap what was booked before;
 * - work begins and ends within its craftsman's hours, and fills its minutes at his or her speed
 *   with open time (it may run over a night or a weekend, but not around another operation);
 * - nothing begins before `from`, before its own `earliest`, or before everything it waits for has
 *   ended. */
#pragma once

#include "base/errors.h"
#include "workshop/hours.h"

struct plan_skill {
    const char *craft;
    int64_t speed; /* percent: 100 is as the minutes say, 200 twice as fast */
};

struct plan_craftsman {
    int64_t id;
    const char *name;
    const struct plan_skill *skills;
    int64_t skill_count;
    struct hours hours;        /* open, absences and closures already taken out */
    const struct span *booked; /* in any order */
    int64_t booked_count;
};

/* Everybody's diaries. Made once and used for many plans; lives as long as its arena. */
struct bench;
struct bench *bench_new(const struct plan_craftsman *craftsmen, int64_t count,
                        const struct open_day *days, int64_t day_count, struct arena *arena);
/* Books or gives back a place by hand; false: no such craftsman, or it is not free. */
bool bench_book(struct bench *bench, int64_t craftsman, const struct span *place);
bool bench_release(struct bench *bench, int64_t craftsman, const struct span *place);

enum plan_kind {
    PLAN_WORK,     /* minutes of a craftsman: work and quality checks */
    PLAN_VENDOR,   /* `lead_days` of the shop's open days; back when the last of them closes */
    PLAN_CUSTOMER, /* waits `lead_days` days, open or not, for an answer */
};

struct plan_operation {
    const char *name;  /* for errors */
    const char *craft; /* PLAN_WORK */
    enum plan_kind kind;
    int64_t minutes;
    int64_t lead_days;
    int64_t cutoff;       /* PLAN_VENDOR: in by this minute after midnight, and the day counts;
                             NONE: until closing */
    int64_t craftsman;    /* the id of who must do it, skilled or not; NONE: anybody who can */
    int64_t earliest;     /* its material arrives, say; NONE: any time */
    const int64_t *after; /* indices of the operations that must have ended */
    int64_t after_count;
    int64_t start, end; /* both given: it is over, or under way, and stays as it is; else NONE */
};

struct plan_request {
    const struct plan_operation *operations;
    int64_t count;
    int64_t from;        /* usually now */
    int64_t buffer_days; /* open days between the bench and the customer */
    bool keep;           /* the plan is booked on the bench; else it is only an estimate */
};

struct plan_slot {
    int64_t craftsman; /* NONE: nobody here (a vendor, the customer, nothing to do) */
    int64_t start, end;
};

struct plan {
    struct plan_slot *slots; /* one for each operation, in the request's order */
    int64_t count;
    int64_t end;       /* when the last has ended; `from` for no operations */
    int64_t bench_day; /* the open day on which it has, at the latest */
    int64_t promised;  /* day number: `bench_day` and the buffer, an open day */
};

/* INVALID, with a sentence that names the operation: `no_craftsman` (nobody has the craft),
 * `unknown_craftsman` (pinned to somebody who is not there), `calendar_ends` (it does not fit into
 * the hours and days that were given), `cycle` (it waits for itself), `unknown_operation` (it waits
 * for one that is not there), `out_of_range` (minutes or days that can't be). The bench is then as
 * it was before. */
enum status plan_forward(struct bench *bench, const struct plan_request *request,
                         struct arena *arena, struct plan *plan, struct errors *errors);
