/* A shop's tables as such, whatever they hold: for taking a whole shop out and in again, on either
 * engine. Both give the same tables, columns and rows in the same order. */
#pragma once

#include "db/db.h"

struct column {
    const char *name;
    bool number;   /* a 64-bit integer; otherwise text */
    bool required; /* never null */
};
struct table {
    const char *name;
    struct column *columns;
    int64_t column_count;
    const char *order; /* its primary key, for an "order by" */
};
/* Those that are referred to come first; "migration" is not among them. -1: a fault says why. */
int64_t tables_list(struct context *cx, struct table **tables);
/* The newest migration that the database has had. */
const char *tables_schema(struct context *cx);

/* Each row in the order of the key, in constant memory; the values are valid during the visit,
 * which may use a scratch arena of its own. `visit` false stops it. Within a reading or a writing.
 */
enum status table_each(struct context *cx, const struct table *table,
                       bool (*visit)(void *arg, const struct param *values), void *arg);

/* Filling a table: begin, a row at a time, end. Rows may refer to rows that come later. Only inside
 * store_make(). `columns` are those that are given, in the order of each row's values. */
struct table_fill;
struct table_fill *table_fill_begin(struct context *cx, const struct table *table);
bool table_fill_row(struct table_fill *fill, const struct param *values);
enum status table_fill_end(struct table_fill *fill);

/* Makes a namespace aside: with the migrations up to `schema` and nothing in it, not even what
 * these put there; `fill` fills it in one transaction; then foreign keys are checked and the later
 * migrations run. Only when all that is well does it become the shop of this name, in the place of
 * the one that is there. Nobody may have that open. INVALID "newer_schema": this program does not
 * know `schema`. */
enum status store_make(const struct database_settings *settings, const char *name,
                       const char *schema, closure fill, void *arg, struct errors *errors);
