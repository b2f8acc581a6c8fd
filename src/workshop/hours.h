/* Hours: when a craftsman, or the shop, is open, and how much work fits between two instants.
 *
 * Instants are UTC milliseconds, days day numbers (base/day.h), hours of a week minutes after local
 * midnight. Pure: weekly hours become spans of instants through a function that the caller gives,
 * since only it knows the zone (instant_of() of base/day.h in the shop's zone; changes of the clock
 * are its business). Everything is allocated from the arena and never changes afterwards. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* From `start` up to but without `end`. */
struct span {
    int64_t start, end;
};

/* One stretch of a weekly timetable: 0 Monday … 6 Sunday, minutes from midnight, 0 to 1440. A break
 * is the gap between two stretches of a day. They may come in any order, and overlap. */
struct week_hours {
    int64_t weekday, opens, closes;
};

/* Both days included: a holiday, a closure, an absence. */
struct day_range {
    int64_t first, last;
};

/* The instant `minute` minutes after midnight of a day, as clocks there show it. */
typedef int64_t (*hours_instant)(const void *zone, int64_t day, int64_t minute);

struct hours {
    const struct span *spans; /* in order, none empty, none touching the next */
    int64_t count;
    const int64_t *before; /* count + 1: open milliseconds before each span; the last is the sum */
};

/* The open spans of the days `first` to `last`: the week's hours on every day that no range in
 * `closed` covers. */
struct hours hours_of_week(const struct week_hours *week, int64_t week_count,
                           const struct day_range *closed, int64_t closed_count, int64_t first,
                           int64_t last, hours_instant instant, const void *zone,
                           struct arena *arena);
/* From spans in any order: sorted, empty ones dropped, touching and overlapping ones joined. */
struct hours hours_of_spans(const struct span *spans, int64_t count, struct arena *arena);
/* What is open in both. */
struct hours hours_both(const struct hours *a, const struct hours *b, struct arena *arena);

/* All of these are O(log n). */
/* Open milliseconds from one instant to another; 0 when `to` is not after `from`. */
int64_t hours_between(const struct hours *hours, int64_t from, int64_t to);
/* The first open instant not before `from`; false: there is none. */
bool hours_next(const struct hours *hours, int64_t from, int64_t *instant);
/* The instant at which `work` open milliseconds from `from` on are done; with work 0 it is `from`.
 * False: the hours end before. */
bool hours_after(const struct hours *hours, int64_t from, int64_t work, int64_t *end);
/* The first instant that lies behind all hours; INT64_MIN when there are none. */
int64_t hours_end(const struct hours *hours);

/* The days on which the shop is open, for what is reckoned in working days. */
struct open_day {
    int64_t day;           /* its number */
    int64_t midnight;      /* its first instant */
    int64_t opens, closes; /* the first and the last open instant */
};
/* As hours_of_week(), a row for each day with any hours. */
const struct open_day *open_days(const struct week_hours *week, int64_t week_count,
                                 const struct day_range *closed, int64_t closed_count,
                                 int64_t first, int64_t last, hours_instant instant,
                                 const void *zone, struct arena *arena, int64_t *count);
/* The index of the first open day that closes after `instant`; `count` when there is none. */
int64_t open_day_at(const struct open_day *days, int64_t count, int64_t instant);
