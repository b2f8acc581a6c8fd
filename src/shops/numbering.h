/* How the numbers of a series are written: "INV-2026-0042".
 *
 * A number is taken from its series in the transaction of the thing it is for, so that none is left
 * out. What it looks like is made at that moment and kept with the thing: changing prefix, digits
 * or year changes what comes, never what was issued. A year is only written, the count goes on over
 * it.
 *
 * The next number may only go up: one that was given is never given again. Of invoices it may be
 * raised only as long as none was issued, since the law of most countries wants them without gaps;
 * credit notes are of the same series. */
#pragma once

#include "shops/shop.h"

struct numbering {
    const char *series, *prefix; /* "invoice"; at most 12 of letters, digits and # / . _ - space */
    int64_t digits;              /* at least so many, zeros before it */
    int64_t year;                /* flag: the year of the day on which it was taken, and a dash */
    int64_t next;
    int64_t fixed; /* flag: `next` can't be raised any more */
};
extern const struct record numbering_record;
extern const struct vocabulary numbering_series; /* job, quote, invoice, receipt */

bool numbering_load(struct context *cx, const char *series, struct numbering *numbering);
int64_t numbering_list(struct context *cx, struct numbering **rows);
/* All or none. INVALID at "rows.N.prefix" or "rows.N.next"; rows that are not given stay. */
enum status numbering_save(struct context *cx, const struct numbering *rows, int64_t count);
/* As a number of this series looks when it is taken in that year. */
const char *numbering_print(const struct numbering *numbering, int64_t number, int64_t year,
                            struct arena *arena);
/* Takes the next number of the series, and how it is written. */
int64_t numbering_take(struct context *cx, const char *series, const char **label);
