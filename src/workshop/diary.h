/* A diary: one craftsman's open hours and what is already booked in them.
 *
 * The free stretches between bookings are kept in a balanced tree that knows the open time of each
 * and the most in every branch: finding the earliest place, booking and giving back are O(log n).
 * Bookings never overlap. A booking may run over closed time (a ring stays on the bench overnight),
 * but nothing else is done in between. Deterministic: the same calls give the same diary. */
#pragma once

#include "workshop/hours.h"

struct diary;

/* `booked` may come in any order and overlap (what people booked by hand does). The arena must live
 * as long as the diary; `hours` are copied shallowly and must, too. */
struct diary *diary_new(const struct hours *hours, const struct span *booked, int64_t count,
                        struct arena *arena);
/* The earliest place for `work` open milliseconds (more than 0) that does not begin before `from`.
 * It begins and ends within open hours. False: there is none before the hours end. */
bool diary_find(const struct diary *diary, int64_t from, int64_t work, struct span *place);
/* Books a place that is free; false when it is not (any more), with nothing changed. */
bool diary_book(struct diary *diary, const struct span *place);
/* Gives back what was booked with diary_book(), in any order. */
void diary_release(struct diary *diary, const struct span *place);
