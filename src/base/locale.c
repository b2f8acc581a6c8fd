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
    return locale_make(locale->currency, locale->zone, locale->country, language->tag);
}
