#include "workshop/hours.h"

#include <stdlib.h>
#include <string.h>

static int span_compare(const void *left, const void *right) {
    const struct span *a = left, *b = right;
    return a->start != b->start ? (a->start < b->start ? -1 : 1)
                                : (a->end > b->end) - (a->end < b->end);
}

/* Takes over `spans`, which it sorts in place. */
static struct hours hours_make(struct span *spans, int64_t count, struct arena *arena) {
    bool sorted = true;
    for (int64_t i = 1; i < count && sorted; i++)
        sorted = spans[i - 1].start <= spans[i].start;
    if (!sorted)
        qsort(spans, (size_t)count, sizeof *spans, span_compare);

    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        if (spans[i].end <= spans[i].start)
            continue;
        if (kept > 0 && spans[i].start <= spans[kept - 1].end) {
            if (spans[i].end > spans[kept - 1].end)
                spans[kept - 1].end = spans[i].end;
        } else {
            spans[kept++] = spans[i];
        }
    }
    int64_t *before = ARENA_ARRAY(arena, int64_t, (size_t)kept + 1);
    for (int64_t i = 0; i < kept; i++)
        before[i + 1] = before[i] + (spans[i].end - spans[i].start);
    return (struct hours){.spans = spans, .count = kept, .before = before};
}

struct hours hours_of_spans(const struct span *spans, int64_t count, struct arena *arena) {
    struct span *copy = ARENA_ARRAY(arena, struct span, (size_t)count + 1);
    if (count > 0)
        memcpy(copy, spans, (size_t)count * sizeof *spans);
    return hours_make(copy, count, arena);
}

/* The weekday of a day number: 1970-01-01 was a Thursday. */
static int64_t weekday_of(int64_t day) {
    return ((day + 3) % 7 + 7) % 7;
}

static bool day_closed(const struct day_range *closed, int64_t count, int64_t day) {
    for (int64_t i = 0; i < count; i++)
        if (closed[i].first <= day && day <= closed[i].last)
            return true;
    return false;
}

struct hours hours_of_week(const struct week_hours *week, int64_t week_count,
                           const struct day_range *closed, int64_t closed_count, int64_t first,
                           int64_t last, hours_instant instant, const void *zone,
                           struct arena *arena) {
    size_t capacity = 0;
    int64_t count = 0;
    struct span *spans = NULL;
    for (int64_t day = first; day <= last; day++) {
        if (day_closed(closed, closed_count, day))
            continue;
        for (int64_t i = 0; i < week_count; i++) {
            if (week[i].weekday != weekday_of(day) || week[i].opens >= week[i].closes)
                continue;
            spans = arena_grow(arena, spans, (size_t)count, &capacity, sizeof *spans);
            spans[count++] = (struct span){instant(zone, day, week[i].opens),
                                           instant(zone, day, week[i].closes)};
        }
    }
    return hours_make(spans, count, arena);
}

struct hours hours_both(const struct hours *a, const struct hours *b, struct arena *arena) {
    struct span *spans = ARENA_ARRAY(arena, struct span, (size_t)(a->count + b->count) + 1);
    int64_t count = 0;
    for (int64_t i = 0, j = 0; i < a->count && j < b->count;) {
        const struct span *x = &a->spans[i], *y = &b->spans[j];
        int64_t start = x->start > y->start ? x->start : y->start;
        int64_t end = x->end < y->end ? x->end : y->end;
        if (start < end)
            spans[count++] = (struct span){start, end};
        if (x->end < y->end)
            i++;
        else
            j++;
    }
    return hours_make(spans, count, arena);
}

/* The first span that ends after `instant`; count when there is none. */
static int64_t span_at(const struct hours *hours, int64_t instant) {
    int64_t low = 0, high = hours->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (hours->spans[middle].end > instant)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Open milliseconds before `instant`. */
static int64_t open_before(const struct hours *hours, int64_t instant) {
    int64_t at = span_at(hours, instant);
    int64_t open = hours->before[at];
    if (at < hours->count && hours->spans[at].start < instant)
        open += instant - hours->spans[at].start;
    return open;
}

int64_t hours_between(const struct hours *hours, int64_t from, int64_t to) {
    return to <= from ? 0 : open_before(hours, to) - open_before(hours, from);
}

bool hours_next(const struct hours *hours, int64_t from, int64_t *instant) {
    int64_t at = span_at(hours, from);
    if (at == hours->count)
        return false;
    *instant = hours->spans[at].start > from ? hours->spans[at].start : from;
    return true;
}

bool hours_after(const struct hours *hours, int64_t from, int64_t work, int64_t *end) {
    if (work == 0) {
        *end = from;
        return true;
    }
    int64_t open = open_before(hours, from);
    if (work < 0 || work > hours->before[hours->count] - open)
        return false;
    int64_t target = open + work;
    /* The span in which the target is reached: the last that begins below it. */
    int64_t low = 0, high = hours->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (hours->before[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    *end = hours->spans[low - 1].start + (target - hours->before[low - 1]);
    return true;
}

int64_t hours_end(const struct hours *hours) {
    return hours->count ? hours->spans[hours->count - 1].end : INT64_MIN;
}

const struct open_day *open_days(const struct week_hours *week, int64_t week_count,
                                 const struct day_range *closed, int64_t closed_count,
                                 int64_t first, int64_t last, hours_instant instant,
                                 const void *zone, struct arena *arena, int64_t *count) {
    size_t capacity = 0;
    struct open_day *days = NULL;
    *count = 0;
    for (int64_t day = first; day <= last; day++) {
        if (day_closed(closed, closed_count, day))
            continue;
        int64_t opens = 1441, closes = -1;
        for (int64_t i = 0; i < week_count; i++) {
            if (week[i].weekday != weekday_of(day) || week[i].opens >= week[i].closes)
                continue;
            opens = week[i].opens < opens ? week[i].opens : opens;
            closes = week[i].closes > closes ? week[i].closes : closes;
        }
        if (closes < 0)
            continue;
        days = arena_grow(arena, days, (size_t)*count, &capacity, sizeof *days);
        days[(*count)++] = (struct open_day){.day = day,
                                             .midnight = instant(zone, day, 0),
                                             .opens = instant(zone, day, opens),
                                             .closes = instant(zone, day, closes)};
    }
    return days;
}

int64_t open_day_at(const struct open_day *days, int64_t count, int64_t instant) {
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (days[middle].closes > instant)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
