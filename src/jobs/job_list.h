/* Many jobs at once: which ones, in which order, with which columns. For this folder, and for pages
 * above it that show jobs by the same filters (board, calendar).
 *
 * What a list shows is one struct job_query: it is read from an address, written back into one, and
 * kept as a view. Every filter left out filters nothing.
 *
 * The cost of a page does not grow with the shop's history. Open jobs are few: they are sorted when
 * they are asked for. Among all that ever were, only the orders with an index are offered, and a
 * page looks at no more than LIST_REACH jobs: when few of them fit, it is short and says from where
 * to look further. */
#pragma once

#include "jobs/job.h"

struct job_query {
    const char *scope; /* "open" (also NULL), "closed", "archived", "all" but the archived */
    const char *kind, *stage, *status, *priority, *type;
    int64_t salesperson, location;
    const char *due; /* "overdue", "soon" (the shop's days), "week" (Monday to Sunday), "none" */
    const char *promised_from, *promised_to, *created_from, *created_to; /* days, both included */
    int64_t balance;     /* flags: something is still to be paid */
    int64_t held;        /* on hold */
    int64_t shelf;       /* ready, and uncollected for more than AGEING_SHELF_DAYS */
    int64_t shelf_long;  /* the same for AGEING_SHELF_LONG_DAYS */
    const char *q;       /* words: among all jobs, the newest that fit */
    const char *sort;    /* a column's code, "-" before it turns it round; NULL: the scope's own */
    const char *columns; /* codes with commas; NULL: the usual ones */
    int64_t view;        /* the saved view this began as, or NONE */
    int64_t edit;        /* flag: columns are being chosen */
    int64_t late, closed, archived; /* flags: older names of due=overdue and of the scopes */
    const char *after;              /* the key of the last row of the page before */
    int64_t after_id;
};
extern const struct record job_query_record;
extern const struct vocabulary job_scopes, job_dues;

/* The older names become the present ones. INVALID: a stage that is none of its kind, an order that
 * the scope does not offer or that the actor may not know (prices). */
enum status job_query_check(struct context *cx, struct job_query *query);
/* What stands behind the mark of an address, read as one. */
enum status job_query_read(struct context *cx, const char *text, struct job_query *query);
/* "/jobs?kind=repair&sort=-number": all of it that is said; a cursor only when it has one. */
const char *job_query_url(struct arena *arena, const char *path, const struct job_query *query);
/* Whether something filters, other than scope, order and columns. */
bool job_query_filters(const struct job_query *query);
/* The same filters and order, from the beginning, without what concerns the page only. */
struct job_query job_query_kept(const struct job_query *query);
/* The order it is in; `down` is set for a descending one. */
const char *job_query_sort(const struct job_query *query, bool *down);
/* May a list of this scope be sorted by it? */
bool job_sort_offered(const char *scope, const char *sort);

enum {
    LIST_REACH = 2000, /* jobs that a page of a filtered past looks at; as the statements say */
    LIST_COUNT = 200,  /* up to which matches are counted */
};

struct job_list {
    struct job_found *rows;
    int64_t count;
    const char *next;     /* the address of what follows, or NULL */
    int64_t short_of;     /* flag: `next` looks further, though this page is not full */
    int64_t matches;      /* counted with the first page, else NONE */
    int64_t more_matches; /* flag: there are more than that */
};
/* One page of at most `limit` rows. */
void job_list_read(struct context *cx, const struct job_query *query, int64_t limit,
                   const char *path, struct job_list *list);
/* Makes the query that of the page after this one; false: there is none. */
bool job_query_turn(struct context *cx, struct job_query *query, const struct job_list *list);
/* The ids of all that fit, in order, at most `most`; the count, one more than `most` when there are
 * more. */
int64_t job_list_ids(struct context *cx, const struct job_query *query, int64_t most, int64_t *ids);
/* These jobs, those that fit the query's filters, in its order. */
int64_t job_list_among(struct context *cx, const struct job_query *query, const int64_t *ids,
                       int64_t id_count, int64_t limit, struct job_found **found);

/* ------------------------------------------------------------------ columns */

enum job_column_code {
    COLUMN_PICTURE,
    COLUMN_NUMBER,
    COLUMN_REFERENCE,
    COLUMN_TITLE,
    COLUMN_CUSTOMER,
    COLUMN_KIND,
    COLUMN_TYPE,
    COLUMN_STAGE,
    COLUMN_STATUS,
    COLUMN_PROMISED,
    COLUMN_BENCH,
    COLUMN_SALESPERSON,
    COLUMN_LOCATION,
    COLUMN_PLACE,
    COLUMN_PRIORITY,
    COLUMN_AGE,
    COLUMN_PRICE,
    COLUMN_QUOTED,
    COLUMN_FINAL,
    COLUMN_DEPOSIT,
    COLUMN_PAID,
    COLUMN_BALANCE,
    COLUMN_CREATED,
    COLUMN_READY,
    COLUMN_CLOSED,
    COLUMNS
};
struct job_column {
    enum job_column_code code;
    const char *name, *label;
    bool number, prices; /* set at the end of its cell; only for who may see prices */
};
extern const struct job_column job_columns[COLUMNS];
/* The columns a query shows this actor, in order; never none. */
int64_t job_columns_shown(struct context *cx, const struct job_query *query,
                          const struct job_column **shown);

/* As CSV (RFC 4180, BOM first): the columns shown, exact numbers, days as YYYY-MM-DD. At most
 * CSV_MOST rows; `next` is then the address of the rest. */
enum { CSV_MOST = 10000 };
void job_list_csv(struct context *cx, const struct job_query *query, struct buf *out,
                  const char **next);
