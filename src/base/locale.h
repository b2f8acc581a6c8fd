/* How a shop writes money, days and times: what parsing and printing need to know of it.
 * Immutable once made; belongs to the arena or the shop that made it. */
#pragma once

#include "base/currency.h"
#include "base/day.h"
#include "base/language.h"

struct locale {
    const struct currency *currency;
    const struct zone *zone;
    const char *country;  /* ISO 3166-1 alpha-2, upper case: the default for phone numbers */
    const char *language; /* BCP 47, "en-GB" */
    const struct language *words; /* the catalogue that serves it; NULL: British English */
    const char *number_prefix;    /* before a job's number: "#"; NULL: "#" and six digits */
    int64_t number_digits;
};

/* "#000123": a job's number as the shop writes it. `locale` may be NULL. */
const char *locale_number(const struct locale *locale, int64_t number, struct arena *arena);


/* `language` and `country` are kept by the caller; a language without a catalogue reads English. */
struct locale locale_make(const struct currency *currency, const struct zone *zone,
                          const char *country, const char *language);
/* The same shop in another language. */
struct locale locale_in(const struct locale *locale, const struct language *language);
