/* The columns of a list of jobs: which there are, which are shown, and the same as CSV. */
#include "accounts/permission.h"
#include "base/currency.h"
#include "base/text.h"
#include "base/url.h"
#include "jobs/job_list.h"
#include "jobs/job_pages.h"
#include "trade/words.h"

#include <stdlib.h>
#include <string.h>

const struct job_column job_columns[COLUMNS] = {
    {COLUMN_PICTURE, "picture", "Picture", false, false},
    {COLUMN_NUMBER, "number", "Number", false, false},
    {COLUMN_REFERENCE, "reference", "Reference", false, false},
    {COLUMN_TITLE, "title", "Title", false, false},
    {COLUMN_CUSTOMER, "customer", "Customer", false, false},
    {COLUMN_KIND, "kind", "Kind", false, false},
    {COLUMN_TYPE, "type", "Type", false, false},
    {COLUMN_STAGE, "stage", "Stage", false, false},
    {COLUMN_STATUS, "status", "Status", false, false},
    {COLUMN_PROMISED, "promised", "Promised", false, false},
    {COLUMN_BENCH, "bench", "Bench date", false, false},
    {COLUMN_SALESPERSON, "salesperson", "Salesperson", false, false},
    {COLUMN_LOCATION, "location", "Location", false, false},
    {COLUMN_PLACE, "place", "Where it is", false, false},
    {COLUMN_PRIORITY, "priority", "Priority", false, false},
    {COLUMN_AGE, "age", "Days in stage", true, false},
    {COLUMN_PRICE, "price", "Price", true, true},
    {COLUMN_QUOTED, "quoted", "Quoted", true, true},
    {COLUMN_FINAL, "final", "Final price", true, true},
    {COLUMN_DEPOSIT, "deposit", "Deposit", true, true},
    {COLUMN_PAID, "paid", "Paid", true, true},
    {COLUMN_BALANCE, "balance", "Balance", true, true},
    {COLUMN_CREATED, "created", "Taken in", false, false},
    {COLUMN_READY, "ready", "Ready since", false, false},
    {COLUMN_CLOSED, "closed", "Closed", false, false},
};

static const char usual_open[] = "picture,number,title,customer,stage,status,promised,salesperson,"
                                 "price,balance";
static const char usual_past[] = "picture,number,title,customer,stage,closed,salesperson,price,"
                                 "balance";

static const struct job_column *column_find(const char *name, size_t length) {
    for (int i = 0; i < COLUMNS; i++)
        if (strlen(job_columns[i].name) == length &&
            strncmp(job_columns[i].name, name, length) == 0)
            return &job_columns[i];
    return NULL;
}

/* Each known column once; one that is unknown is passed over, as a view may be older or newer. */
static int64_t columns_read(struct context *cx, const char *names,
                            const struct job_column **shown) {
    bool there[COLUMNS] = {false};
    int64_t count = 0;
    while (*names != '\0') {
        size_t length = strcspn(names, ",");
        const struct job_column *column = column_find(names, length);
        if (column != NULL && !there[column->code] &&
            (!column->prices || actor_may(cx->actor, RIGHT(MAY_SEE_PRICES)))) {
            there[column->code] = true;
            shown[count++] = column;
        }
        names += length + (names[length] == ',');
    }
    return count;
}

int64_t job_columns_shown(struct context *cx, const struct job_query *query,
                          const struct job_column **shown) {
    int64_t count = query->columns == NULL ? 0 : columns_read(cx, query->columns, shown);
    bool past = text_same(query->scope, "closed");
    return count > 0 ? count : columns_read(cx, past ? usual_past : usual_open, shown);
}

/* ------------------------------------------------------------------ CSV */

static const char *csv_money(struct context *cx, int64_t minor) {
    return minor == NONE ? "" : money_print_plain(cx->locale->currency, minor, cx->arena);
}

static const char *csv_day(struct context *cx, int64_t instant) {
    return instant == NONE ? "" : day_text(day_at(cx->locale->zone, instant), cx->arena);
}

static const char *csv_cell(struct context *cx, const struct job_found *job,
                            enum job_column_code code) {
    const struct zone *zone = cx->locale->zone;
    switch (code) {
    case COLUMN_PICTURE:
    case COLUMNS:
        break;
    case COLUMN_NUMBER:
        return arena_printf(cx->arena, "%ld", (long)job->number);
    case COLUMN_REFERENCE:
        return job->reference;
    case COLUMN_TITLE:
        return job->title;
    case COLUMN_CUSTOMER:
        return job->customer_name;
    case COLUMN_KIND:
        return vocabulary_label(&job_kinds, job->kind);
    case COLUMN_TYPE:
        return vocabulary_label(&jewellery_types, job->type);
    case COLUMN_STAGE:
        return stage_label(job->kind, job->stage);
    case COLUMN_STATUS:
        return job->status;
    case COLUMN_PROMISED:
        return job->promised_day;
    case COLUMN_BENCH:
        return job->bench_day;
    case COLUMN_SALESPERSON:
        return job->salesperson_name;
    case COLUMN_LOCATION:
        return job->location_name;
    case COLUMN_PLACE:
        return job->place_name;
    case COLUMN_PRIORITY:
        return vocabulary_label(&job_priorities, job->priority);
    case COLUMN_AGE:
        return arena_printf(cx->arena, "%ld",
                            (long)(day_at(zone, cx->now) - day_at(zone, job->stage_at)));
    case COLUMN_PRICE:
        return csv_money(cx, job->final != NONE ? job->final : job->quoted);
    case COLUMN_QUOTED:
        return csv_money(cx, job->quoted);
    case COLUMN_FINAL:
        return csv_money(cx, job->final);
    case COLUMN_DEPOSIT:
        return csv_money(cx, job->deposit);
    case COLUMN_PAID:
        return csv_money(cx, job->paid);
    case COLUMN_BALANCE:
        return csv_money(cx, job->balance);
    case COLUMN_CREATED:
        return csv_day(cx, job->created_at);
    case COLUMN_READY:
        return csv_day(cx, job->ready_at);
    case COLUMN_CLOSED:
        return csv_day(cx, job->closed_at);
    }
    return NULL;
}

static void csv_row(struct context *cx, const struct job_column *const *columns, int64_t count,
                    const struct job_found *job, struct buf *out) {
    for (int64_t i = 0; i < count; i++) {
        if (columns[i]->code == COLUMN_PICTURE)
            continue;
        const char *text = job == NULL ? columns[i]->label : csv_cell(cx, job, columns[i]->code);
        csv_write_cell(out, text == NULL ? "" : text, !columns[i]->number);
        buf_byte(out, ',');
    }
    out->length--; /* the comma after the last */
    buf_lit(out, "\r\n");
}

void job_list_csv(struct context *cx, const struct job_query *query, struct buf *out,
                  const char **next) {
    enum { CSV_PAGE = 500 };
    const struct job_column *shown[COLUMNS + 1];
    int64_t count = job_columns_shown(cx, query, shown), rows = 0;
    if (count == 1 && shown[0]->code == COLUMN_PICTURE)
        shown[count++] = &job_columns[COLUMN_NUMBER]; /* a picture alone is no line */
    struct job_query page = *query;
    struct job_list list;
    buf_lit(out, "\xef\xbb\xbf");
    csv_row(cx, shown, count, NULL, out);
    do {
        job_list_read(cx, &page, CSV_PAGE, "/jobs/csv", &list);
        for (int64_t i = 0; i < list.count; i++)
            csv_row(cx, shown, count, &list.rows[i], out);
        rows += list.count;
    } while (job_query_turn(cx, &page, &list) && rows < CSV_MOST);
    *next = list.next;
}
