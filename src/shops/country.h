/* Countries, and what is usual for a shop there: the first guess of the set-up page. */
#pragma once

#include "base/record.h"

struct country {
    const char *code;     /* ISO 3166-1 alpha-2 */
    const char *name;     /* "United Kingdom" */
    const char *currency; /* ISO 4217 */
    const char *zone;     /* of IANA: where it has several, that of its largest city */
    const char *tax;      /* what the tax on sales is called; NULL: not known, or by region */
    int64_t rate;         /* its usual rate in basis points: to be checked by the shop */
};

extern const struct vocabulary countries;             /* in the order of their names */
const struct country *country_find(const char *code); /* NULL: there is none */
/* The language that the shop's pages are marked with: "en-US" in the USA, else "en-GB". */
const char *country_language(const char *code);
/* From a browser's Accept-Language: "de-AT,de;q=0.9" → AT. "GB" where it does not say. */
const char *country_of_languages(const char *accepted, struct arena *arena);
/* The zones worth offering: every country's, and the others of the wide ones. */
const char *const *country_zones(int64_t *count);
