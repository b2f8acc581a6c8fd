#include "base/day.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { YEAR_FIRST = 1900, YEAR_LAST = 2999 };

static const char *const month_names[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};
static const char *const weekday_names[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
};

/* --- The calendar ------------------------------------------------------------------------- */

static int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01 of a Gregorian date; months and days outside their range run over. Reckoned
 * in years that begin in March, so that the leap day is the last of its year (Hinnant, "chrono-
 * compatible low-level date algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year += floor_divide(month - 1, 12);
    month -= 12 * floor_divide(month - 1, 12);
    year -= month <= 2;
    int64_t era = floor_divide(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil day_civil(int64_t number) {
    int64_t shifted = number + 719468;
    int64_t era = floor_divide(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t month = month_from_march + (month_from_march < 10 ? 3 : -9);
    return (struct civil){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = (int)month,
        .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
        .weekday = day_weekday(number),
    };
}

int day_weekday(int64_t number) {
    int64_t weekday = (number + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

/* `count` digits at `text`, or -1. */
static int digits_at(const char *text, int count) {
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* A day at the beginning of `text`; returns what follows it, or NULL. */
static const char *day_read(const char *text, int64_t *number) {
    int year = digits_at(text, 4);
    if (year < YEAR_FIRST || year > YEAR_LAST || text[4] != '-')
        return NULL;
    int month = digits_at(text + 5, 2);
    if (month < 1 || month > 12 || text[7] != '-')
        return NULL;
    int day = digits_at(text + 8, 2);
    if (day < 1 || day > days_of(year, month + 1, 1) - days_of(year, month, 1))
        return NULL;
    *number = days_of(year, month, day);
    return text + 10;
}

bool day_parse(const char *text, int64_t *number) {
    int64_t read;
    const char *rest = text == NULL ? NULL : day_read(text, &read);
    if (rest == NULL || *rest != '\0')
        return false;
    *number = read;
    return true;
}

const char *day_text(int64_t number, struct arena *arena) {
    struct civil civil = day_civil(number);
    return arena_printf(arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

/* --- Zones -------------------------------------------------------------------------------- */

/* The offsets of a zone from 1840 to 2100 are read out of GLib once, because its own search is
 * linear and a page may show hundreds of times. What lies beyond asks GLib. */
struct change {
    int64_t at;     /* UTC seconds */
    int64_t offset; /* seconds east of UTC from here on */
};

struct zone {
    struct zone *next;
    char *name;
    GTimeZone *source;
    int64_t known_until;
    size_t count;
    struct change changes[];
};

static struct {
    pthread_mutex_t lock;
    struct zone *first;
} zones = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int interval_at(GTimeZone *source, int64_t seconds) {
    return g_time_zone_find_interval(source, G_TIME_TYPE_UNIVERSAL, seconds);
}

/* The first second after `from` and up to `until` that is in another interval than `from`. */
static bool change_after(GTimeZone *source, int64_t from, int64_t until, int64_t *change) {
    int here = interval_at(source, from);
    int64_t step = 30 * 86400, before = from, after = from;
    do {
        if (after >= until)
            return false;
        before = after;
        after = after + step < until ? after + step : until;
        step *= 2;
    } while (interval_at(source, after) == here);
    while (after - before > 1) {
        int64_t middle = before + (after - before) / 2;
        if (interval_at(source, middle) == here)
            before = middle;
        else
            after = middle;
    }
    *change = after;
    return true;
}

/* A name is a path below the zone files: only one that is a zone file indeed may reach GLib, which
 * would also take offsets, and read any file that dots lead to. */
static bool zone_exists(const char *name) {
    size_t length = strlen(name);
    if (length == 0 || length > 64 || !g_ascii_isalpha(name[0]))
        return false;
    if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") !=
        length)
        return false;
    /* The same zones again: one with leap seconds, one by another rule; and this machine's own. */
    if (strncmp(name, "right/", 6) == 0 || strncmp(name, "posix", 5) == 0 ||
        strcmp(name, "localtime") == 0)
        return false;
    const char *folder = getenv("TZDIR");
    char *path = g_build_filename(folder != NULL ? folder : "/usr/share/zoneinfo", name, NULL);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    g_free(path);
    if (file < 0)
        return false;
    char magic[4];
    bool is_zone = read(file, magic, sizeof magic) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(file);
    return is_zone;
}

static struct zone *zone_read(const char *name) {
    if (!zone_exists(name))
        return NULL;
    GTimeZone *source = g_time_zone_new_identifier(name);
    if (source == NULL)
        return NULL;
    const int64_t from = days_of(1840, 1, 1) * 86400, until = days_of(2100, 1, 1) * 86400;
    size_t capacity = 64;
    struct zone *zone = g_malloc(sizeof *zone + capacity * sizeof zone->changes[0]);
    size_t count = 0;
    int64_t at = from;
    do {
        if (count == capacity) {
            capacity *= 2;
            zone = g_realloc(zone, sizeof *zone + capacity * sizeof zone->changes[0]);
        }
        int32_t offset = g_time_zone_get_offset(source, interval_at(source, at));
        zone->changes[count++] = (struct change){at, offset};
    } while (change_after(source, at, until, &at));
    zone->name = g_strdup(name);
    zone->source = source;
    zone->known_until = until;
    zone->count = count;
    return zone;
}

const struct zone *zone_find(const char *name) {
    if (name == NULL)
        return NULL;
    pthread_mutex_lock(&zones.lock);
    struct zone *zone = zones.first;
    while (zone != NULL && strcmp(zone->name, name) != 0)
        zone = zone->next;
    if (zone == NULL) {
        zone = zone_read(name);
        if (zone != NULL) {
            zone->next = zones.first;
            zones.first = zone;
        }
    }
    pthread_mutex_unlock(&zones.lock);
    return zone;
}

const char *zone_name(const struct zone *zone) {
    return zone->name;
}

/* Seconds east of UTC at this UTC second. */
static int64_t offset_at(const struct zone *zone, int64_t seconds) {
    if (seconds >= zone->known_until)
        return g_time_zone_get_offset(zone->source, interval_at(zone->source, seconds));
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at <= seconds)
            low = middle;
        else
            high = middle;
    }
    return zone->changes[low].offset;
}

/* --- Instants ----------------------------------------------------------------------------- */

int64_t instant_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000000;
}

static struct civil civil_of(int64_t seconds) {
    int64_t day = floor_divide(seconds, 86400);
    int second = (int)(seconds - day * 86400);
    struct civil civil = day_civil(day);
    civil.hour = second / 3600;
    civil.minute = second / 60 % 60;
    civil.second = second % 60;
    return civil;
}

struct civil civil_at(const struct zone *zone, int64_t instant) {
    int64_t seconds = floor_divide(instant, SECOND);
    return civil_of(seconds + offset_at(zone, seconds));
}

/* More than the widest distance between local time and UTC, a change of day line included. */
enum { AROUND = 27 * 3600 };

/* The UTC seconds of a local time, told in seconds as if it were UTC. False when a change of the
 * clock skips it: then `*seconds` is where it would be if the clock had not changed, which is the
 * same distance after the change. */
static bool local_resolve(const struct zone *zone, int64_t local, int64_t *seconds) {
    int64_t before = offset_at(zone, local - AROUND), after = offset_at(zone, local + AROUND);
    *seconds = local - before;
    if (offset_at(zone, local - before) == before)
        return true;
    if (offset_at(zone, local - after) != after)
        return false;
    *seconds = local - after;
    return true;
}

int64_t instant_of(const struct zone *zone, const struct civil *civil) {
    int64_t local = days_of(civil->year, civil->month, civil->day) * 86400 +
                    (int64_t)civil->hour * 3600 + (int64_t)civil->minute * 60 + civil->second;
    int64_t seconds;
    local_resolve(zone, local, &seconds);
    return seconds * SECOND;
}

int64_t day_at(const struct zone *zone, int64_t instant) {
    int64_t seconds = floor_divide(instant, SECOND);
    return floor_divide(seconds + offset_at(zone, seconds), 86400);
}

int64_t day_start(const struct zone *zone, int64_t number) {
    int64_t local = number * 86400, seconds;
    if (local_resolve(zone, local, &seconds))
        return seconds * SECOND;
    /* Midnight is skipped: the day begins where the clock changes. */
    int64_t before = local - AROUND, after = local + AROUND;
    while (after - before > 1) {
        int64_t middle = before + (after - before) / 2;
        if (middle + offset_at(zone, middle) < local)
            before = middle;
        else
            after = middle;
    }
    return after * SECOND;
}

const char *day_today(const struct zone *zone, struct arena *arena) {
    return day_text(day_at(zone, instant_now()), arena);
}

/* --- For people --------------------------------------------------------------------------- */

const char *day_print(int64_t number, int64_t today, struct arena *arena) {
    struct civil civil = day_civil(number);
    const char *text = arena_printf(arena, "%.3s %d %.3s", weekday_names[civil.weekday], civil.day,
                                    month_names[civil.month - 1]);
    return civil.year == day_civil(today).year ? text
                                               : arena_printf(arena, "%s %d", text, civil.year);
}

const char *day_print_long(int64_t number, struct arena *arena) {
    struct civil civil = day_civil(number);
    return arena_printf(arena, "%s %d %s %d", weekday_names[civil.weekday], civil.day,
                        month_names[civil.month - 1], civil.year);
}

const char *instant_print(const struct zone *zone, int64_t instant, int64_t now,
                          struct arena *arena) {
    struct civil civil = civil_at(zone, instant);
    int64_t age = day_at(zone, now) - day_at(zone, instant);
    if (age == 0 || age == 1)
        return arena_printf(arena, "%s %02d:%02d", age == 0 ? "Today" : "Yesterday", civil.hour,
                            civil.minute);
    if (civil.year == civil_at(zone, now).year)
        return arena_printf(arena, "%d %.3s %02d:%02d", civil.day, month_names[civil.month - 1],
                            civil.hour, civil.minute);
    return arena_printf(arena, "%d %.3s %d %02d:%02d", civil.day, month_names[civil.month - 1],
                        civil.year, civil.hour, civil.minute);
}

/* --- As text ------------------------------------------------------------------------------ */

const char *instant_text(int64_t instant, struct arena *arena) {
    int64_t seconds = floor_divide(instant, SECOND);
    struct civil civil = civil_of(seconds);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", civil.year, civil.month,
                        civil.day, civil.hour, civil.minute, civil.second,
                        (int)(instant - seconds * SECOND));
}

/* "HH:MM", and ":SS" where `*second` is wanted or there. Returns what follows, or NULL. */
static const char *time_read(const char *text, bool need_second, int64_t *seconds) {
    int hour = digits_at(text, 2);
    if (hour < 0 || hour > 23 || text[2] != ':')
        return NULL;
    int minute = digits_at(text + 3, 2);
    if (minute < 0 || minute > 59)
        return NULL;
    int second = 0;
    text += 5;
    if (*text == ':') {
        second = digits_at(text + 1, 2);
        if (second < 0 || second > 59)
            return NULL;
        text += 3;
    } else if (need_second) {
        return NULL;
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return text;
}

bool instant_parse(const char *text, int64_t *instant) {
    int64_t day, seconds;
    const char *at = text == NULL ? NULL : day_read(text, &day);
    if (at == NULL || (*at != 'T' && *at != 't' && *at != ' '))
        return false;
    at = time_read(at + 1, true, &seconds);
    if (at == NULL)
        return false;
    int64_t milliseconds = 0;
    if (*at == '.') {
        at++;
        if (digits_at(at, 1) < 0)
            return false;
        for (int64_t unit = 100; digits_at(at, 1) >= 0; at++, unit /= 10)
            milliseconds += unit * digits_at(at, 1);
    }
    int64_t offset = 0;
    if (*at == '+' || *at == '-') {
        int hours = digits_at(at + 1, 2);
        if (hours < 0 || hours > 23 || at[3] != ':')
            return false;
        int minutes = digits_at(at + 4, 2);
        if (minutes < 0 || minutes > 59)
            return false;
        offset = (hours * 60 + minutes) * (*at == '-' ? -MINUTE : MINUTE);
        at += 6;
    } else if (*at == 'Z' || *at == 'z') {
        at++;
    } else {
        return false;
    }
    if (*at != '\0')
        return false;
    *instant = day * DAY + seconds * SECOND + milliseconds - offset;
    return true;
}

const char *instant_local(const struct zone *zone, int64_t instant, struct arena *arena) {
    struct civil civil = civil_at(zone, instant);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d", civil.year, civil.month, civil.day,
                        civil.hour, civil.minute);
}

bool instant_parse_local(const struct zone *zone, const char *text, int64_t *instant) {
    int64_t day, seconds, resolved;
    const char *at = text == NULL ? NULL : day_read(text, &day);
    if (at == NULL || (*at != 'T' && *at != ' '))
        return false;
    at = time_read(at + 1, false, &seconds);
    if (at == NULL || *at != '\0')
        return false;
    local_resolve(zone, day * 86400 + seconds, &resolved);
    *instant = resolved * SECOND;
    return true;
}
