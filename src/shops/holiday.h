/* Public holidays, as far as they can be reckoned: those of a fixed day, those that hang on Easter,
 * and those like the last Monday of May. Pure.
 *
 * Each country's rules are its law's, named in `source`. What is announced year by year (the moon's
 * feasts, a coronation) isn't here: holiday_note() says so where it matters. They are an offer: the
 * shop takes over what it closes on. */
#pragma once

#include "base/arena.h"

#include <stdint.h>

struct holiday {
    const char *day;    /* YYYY-MM-DD */
    const char *name;   /* "Good Friday"; "Christmas Day (substitute)" */
    const char *region; /* where alone it is one: "Scotland"; NULL: everywhere */
};
/* Of this country in this year (1970 to 2199), in the order of their days; 0: none are known. */
int64_t holidays_of(const char *country, int64_t year, struct arena *arena,
                    struct holiday **holidays);
/* The law they are taken from, or NULL; and what is missing from the list, or NULL. */
const char *holiday_source(const char *country);
const char *holiday_note(const char *country);

/* Easter Sunday as a day number, by the Gregorian reckoning (Meeus, Astronomical Algorithms, ch. 8,
 * after an anonymous correspondent of Nature, 1876). */
int64_t easter_sunday(int64_t year);
