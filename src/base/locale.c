#include "base/locale.h"

const char *locale_number(const struct locale *locale, int64_t number, struct arena *arena) {
    bool own = locale != NULL && locale->number_prefix != NULL;
    return arena_printf(arena, "%s%0*ld", own ? locale->number_prefix : "#",
                        own ? (int)locale->number_digits : 6, (long)number);
}
