/* Instants, days and time zones.
 *
 * An instant is UTC milliseconds since 1970 (int64_t). A day is the text `YYYY-MM-DD` in the shop's
 * zone, or a day number (days since 1970-01-01) where it is reckoned with. Zones are IANA's, read by
 * GLib from the system's tzdata. Thread-safe. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

struct zone;

/* NULL: no such zone. Cached for the life of the process; never freed. */
const struct zone *zone_find(const char *name);
const char *zone_name(const struct zone *zone);

int64_t instant_now(void);

struct civil {
    int year, month, day, hour, minute, second; /* month and day from 1 */
    int weekday;                                /* 0 Monday … 6 Sunday */
};
struct civil civil_at(const struct zone *zone, int64_t instant);
/* A time that a clock change skips becomes the same distance after the change; one that happens twice
 * is the first of the two. */
int64_t instant_of(const struct zone *zone, const struct civil *civil);

/* Days. Years 1900 to 2999. */
bool day_parse(const char *text, int64_t *number); /* strict `YYYY-MM-DD`, real days only */
const char *day_text(int64_t number, struct arena *arena);
int64_t day_at(const struct zone *zone, int64_t instant); /* the day number of this instant there */
int64_t day_start(const struct zone *zone, int64_t number); /* its first instant */
int day_weekday(int64_t number); /* 0 Monday … 6 Sunday */
struct civil day_civil(int64_t number);
const char *day_today(const struct zone *zone, struct arena *arena);

/* For people: "Tue 24 Nov"; with the year when it is not `today`'s ("Tue 24 Nov 2027"). */
const char *day_print(int64_t number, int64_t today, struct arena *arena);
const char *day_print_long(int64_t number, struct arena *arena); /* "Saturday 12 December 2026" */
/* "24 Nov 10:41", "Today 10:41", "Yesterday 10:41", with the year when it differs. */
const char *instant_print(const struct zone *zone, int64_t instant, int64_t now,
                          struct arena *arena);

/* RFC 3339 in UTC, "2026-11-24T10:41:00.000Z", and back (any offset; false if it is none). */
const char *instant_text(int64_t instant, struct arena *arena);
bool instant_parse(const char *text, int64_t *instant);
/* A form's local time, "2026-11-24T10:41" in the zone. */
const char *instant_local(const struct zone *zone, int64_t instant, struct arena *arena);
bool instant_parse_local(const struct zone *zone, const char *text, int64_t *instant);
