/* How a shop and its people write money, numbers, days and times: what parsing and printing need to
 * know of it. Immutable once made; belongs to the arena or the shop that made it. */
#pragma once

#include "base/currency.h"
#include "base/day.h"
#include "base/language.h"

struct format;

struct locale {
    const struct currency *currency;
    const struct zone *zone;
    const char *country;  /* ISO 3166-1 alpha-2, upper case: the default for phone numbers */
    const char *language; /* BCP 47, "en-GB": what pages are marked with */
    const struct language *words; /* the catalogue that serves it; NULL: British English */
    const char *number_prefix;    /* before a job's number: "#"; NULL: "#" and six digits */
    int64_t number_digits;
    const struct format *format;  /* how numbers and days are written; NULL: as in Britain */
};

/* "#000123": a job's number as the shop writes it. `locale` may be NULL. */
const char *locale_job_number(const struct locale *locale, int64_t number, struct arena *arena);

/* `language` and `country` are kept by the caller; a language without a catalogue reads English. */
struct locale locale_make(const struct currency *currency, const struct zone *zone,
                          const char *country, const char *language);
/* The same shop for who reads this language, "de-CH". */
struct locale locale_spoken(const struct locale *locale, const char *language);
/* The same by a catalogue (NULL: in its own language). */
struct locale locale_in(const struct locale *locale, const struct language *language);

/* Printing follows Unicode CLDR 42 for the language in the country ("de" in Switzerland writes
 * 1’234.50), but for a true minus sign and for days without the comma behind a short weekday, as
 * the house writes them. Arabic has Latin digits in every country: scales, hallmarks, stones' papers,
 * references and bar codes have them too, and a page in two sets of digits is misread. */

enum { LOCALE_FIGURE = 64 };
/* "1,234.5", "−1.234,5", "1 234,5": as number_print(), grouped. The absent number is "". */
void locale_number(const struct locale *locale, int64_t number, int decimals, int least,
                   char text[LOCALE_FIGURE]);
const char *locale_money(const struct locale *locale, int64_t minor, struct arena *arena);
/* Without the fraction where that is all noughts: "£6,480", "6.480 €". */
const char *locale_money_round(const struct locale *locale, int64_t minor, struct arena *arena);
/* "17.5%", "17,5 %" */
const char *locale_percent(const struct locale *locale, int64_t basis_points, struct arena *arena);
/* As an input shows it: without groups, the decimal sign the reader's. `text` as number_print(). */
void locale_number_plain(const struct locale *locale, int64_t number, int decimals, int least,
                         char text[LOCALE_FIGURE]);
/* What people type, brought to the form that number_parse() and money_parse() read: the reader's
 * decimal and group signs, Arabic and Persian digits. A text that is too long stays as it is. */
const char *locale_typed(const struct locale *locale, const char *text, struct arena *arena);

/* "Tue 24 Nov", "Di. 24. Nov.", with the year when it is not `today`'s. */
const char *locale_day(const struct locale *locale, int64_t number, int64_t today,
                       struct arena *arena);
/* Without the weekday: "24 Nov". */
const char *locale_day_short(const struct locale *locale, int64_t number, int64_t today,
                             struct arena *arena);
/* "Saturday 12 December 2026", "Samstag, 12. Dezember 2026" */
const char *locale_day_long(const struct locale *locale, int64_t number, struct arena *arena);
/* "10:41"; "10:41 AM" where the day has twice twelve hours. */
const char *locale_time(const struct locale *locale, int hour, int minute, struct arena *arena);
/* "Today 10:41", "Yesterday 10:41", "24 Nov 10:41", with the year when it differs. */
const char *locale_instant(const struct locale *locale, int64_t instant, int64_t now,
                           struct arena *arena);
/* "Saturday 12 December 2026, 10:41" */
const char *locale_instant_long(const struct locale *locale, int64_t instant, struct arena *arena);
