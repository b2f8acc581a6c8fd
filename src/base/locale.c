#include "base/locale.h"

struct locale locale_make(const struct currency *currency, const struct zone *zone,
                          const char *country, const char *language) {
    return (struct locale){.currency = currency,
                           .zone = zone,
                           .country = country,
                           .language = language,
                           .words = language_find(language)};
}

struct locale locale_in(const struct locale *locale, const struct language *language) {
    if (language == NULL || language == locale->words)
        return *locale;
    struct locale other = *locale;
    other.language = language->tag;
    other.words = language;
    return other;
}

const char *locale_number(const struct locale *locale, int64_t number, struct arena *arena) {
    bool own = locale != NULL && locale->number_prefix != NULL;
    return arena_printf(arena, "%s%0*ld", own ? locale->number_prefix : "#",
                        own ? (int)locale->number_digits : 6, (long)number);
}
