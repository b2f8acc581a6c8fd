/* Figures, days and words as people read them. */
#include "base/number.h"
#include "base/ring.h"
#include "base/text.h"
#include "view/view.h"

#define ABSENT "–"

/* A figure with its unit. */
static const char *figure(struct view *v, int64_t number, int decimals, int least,
                          const char *unit) {
    char digits[LOCALE_FIGURE];
    locale_number(v->locale, number, decimals, least, digits);
    return arena_printf(v->arena, view_t(v, unit), digits);
}

const char *money(struct view *v, int64_t minor) {
    return minor == NONE ? ABSENT : locale_money(v->locale, minor, v->arena);
}

const char *money_round(struct view *v, int64_t minor) {
    return minor == NONE ? ABSENT : locale_money_round(v->locale, minor, v->arena);
}

const char *money_short(struct view *v, int64_t minor) {
    int64_t unit = 1, whole = minor;
    if (minor == NONE)
        return ABSENT;
    for (int i = 0; i < v->locale->currency->decimals; i++)
        unit *= 10;
    number_ratio(minor, 1, unit, &whole);
    return money_round(v, whole * unit);
}

const char *grams(struct view *v, int64_t milligrams) {
    return milligrams == NONE ? ABSENT : figure(v, milligrams, 3, 1, "%s g");
}

/* Two decimals as laboratories print them: the next one raises the second only when it is a nine,
 * so that no stone is said to weigh a carat that does not. */
const char *carats(struct view *v, int64_t units) {
    if (units == NONE)
        return ABSENT;
    int64_t size = units < 0 ? -units : units, rounded;
    if (size < CARAT / 10) {
        rounded = (size + 50) / 100;
        return figure(v, units < 0 ? -rounded : rounded, 3, 3, "%s ct");
    }
    rounded = size / 1000 + (size % 1000 >= 900);
    return figure(v, units < 0 ? -rounded : rounded, 2, 2, "%s ct");
}

const char *millimetres(struct view *v, int64_t micrometres) {
    return micrometres == NONE ? ABSENT : figure(v, micrometres, 3, 1, "%s mm");
}

const char *ring_size(struct view *v, int64_t micrometres) {
    return micrometres == NONE ? ABSENT : ring_print(micrometres, v->locale->country, v->arena);
}

const char *hours(struct view *v, int64_t minutes) {
    if (minutes == NONE)
        return ABSENT;
    uint64_t size = minutes < 0 ? -(uint64_t)minutes : (uint64_t)minutes;
    return arena_printf(v->arena, "%s%lu:%02lu", minutes < 0 ? "−" : "", (unsigned long)(size / 60),
                        (unsigned long)(size % 60));
}

const char *percent(struct view *v, int64_t basis_points) {
    return basis_points == NONE ? ABSENT : locale_percent(v->locale, basis_points, v->arena);
}

/* What is no day is shown as it is rather than hidden. */
const char *day(struct view *v, const char *ymd) {
    int64_t number;
    if (text_empty(ymd))
        return ABSENT;
    if (!day_parse(ymd, &number))
        return ymd;
    return locale_day(v->locale, number, day_at(v->locale->zone, v->now), v->arena);
}

const char *day_long(struct view *v, const char *ymd) {
    int64_t number;
    if (text_empty(ymd))
        return ABSENT;
    return day_parse(ymd, &number) ? locale_day_long(v->locale, number, v->arena) : ymd;
}

const char *when(struct view *v, int64_t instant) {
    return instant == NONE ? ABSENT : locale_instant(v->locale, instant, v->now, v->arena);
}

const char *when_day(struct view *v, int64_t instant) {
    if (instant == NONE)
        return ABSENT;
    const struct zone *zone = v->locale->zone;
    return locale_day_short(v->locale, day_at(zone, instant), day_at(zone, v->now), v->arena);
}

const char *iso(struct view *v, int64_t instant) {
    return instant == NONE ? "" : instant_text(instant, v->arena);
}

const char *job_number(struct view *v, int64_t number) {
    if (number == NONE)
        return ABSENT;
    return locale_job_number(v->locale, number, v->arena);
}

const char *initials(struct view *v, const char *name) {
    return text_initials(name, v->arena);
}

int tone(const char *name) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    if (name == NULL)
        return 0;
    for (const char *p = name; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    return (int)(hash % 6);
}

const char *view_t(struct view *v, const char *english) {
    return language_text(view_language(v), NULL, english);
}

const char *view_tc(struct view *v, const char *context, const char *english) {
    return language_text(view_language(v), context, english);
}

const char *label(struct view *v, const struct vocabulary *vocabulary, const char *code) {
    return vocabulary_say(vocabulary, view_language(v), code);
}

const char *words(struct view *v, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = language_vprintf(view_language(v), v->arena, format, args);
    va_end(args);
    return text;
}

const char *words_n(struct view *v, int64_t n, const char *one, const char *many, ...) {
    va_list args;
    va_start(args, many);
    const char *text =
        arena_vprintf(v->arena, language_count(view_language(v), n, one, many), args);
    va_end(args);
    return text;
}
