/* Any text as a day, instant, local time and zone: refused, or printed so that it reads back the
 * same. */
#include "base/day.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const zones[] = {"Europe/London", "Australia/Lord_Howe", "Pacific/Apia"};
    struct arena *arena = arena_new();
    const char *text = arena_text_n(arena, (const char *)data, size);
    int64_t number, again;
    if (day_parse(text, &number) && strcmp(day_text(number, arena), text) != 0)
        abort();
    if (instant_parse(text, &number) &&
        (number >= -2208988800000 + DAY && number < 32503680000000 - DAY) &&
        (!instant_parse(instant_text(number, arena), &again) || again != number))
        abort();
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        const struct zone *zone = zone_find(zones[i]);
        if (!instant_parse_local(zone, text, &number))
            continue;
        day_start(zone, day_at(zone, number));
        instant_print(zone, number, 0, arena);
        struct civil civil = civil_at(zone, number);
        if (instant_of(zone, &civil) > number)
            abort();
    }
    /* A name that is taken is one of the files, whatever it was. */
    const struct zone *zone = size < 40 ? zone_find(text) : NULL;
    if (zone != NULL && strcmp(zone_name(zone), text) != 0)
        abort();
    arena_free(arena);
    return 0;
}
