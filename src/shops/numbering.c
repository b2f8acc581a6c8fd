#include "shops/numbering.h"

#include "accounts/account.h"
#include "base/text.h"

#include <string.h>

static const struct word series_words[] = {{"job", "Jobs"},
                                           {"quote", "Quotes"},
                                           {"invoice", "Invoices and credit notes"},
                                           {"receipt", "Receipts"},
                                           {NULL, NULL}};
const struct vocabulary numbering_series = {"series", series_words};

#define HIGHEST INT64_C(999999999)

static const struct field numbering_fields[] = {
    FIELD(struct numbering, series, FIELD_CODE, .words = &numbering_series,
          .flags = FIELD_REQUIRED),
    FIELD(struct numbering, prefix, FIELD_TEXT, .label = "Begins with", .max = 12),
    FIELD(struct numbering, digits, FIELD_INT, .label = "Digits", .min = 1, .max = 9),
    FIELD(struct numbering, year, FIELD_FLAG, .label = "With the year"),
    FIELD(struct numbering, next, FIELD_INT, .label = "Next", .min = 1, .max = HIGHEST),
    FIELD(struct numbering, fixed, FIELD_FLAG, .flags = FIELD_READONLY | FIELD_NO_COLUMN),
};
const struct record numbering_record = RECORD("Numbering", struct numbering, numbering_fields);

#define NUMBERING                                                                                  \
    "select n.series, n.prefix, n.digits, n.year, coalesce(s.next, 1) as next "                    \
    "from numbering n left join sequence s on s.name = n.series "
static const struct sql numbering_all = {
    "numbering_all",
    NUMBERING "order by case n.series when 'job' then 1 when 'quote' then 2 "
              "when 'invoice' then 3 else 4 end",
    NULL};
static const struct sql numbering_of = {"numbering_of", NUMBERING "where n.series = $1", NULL};
static const struct sql numbering_put = {
    "numbering_put", "update numbering set prefix = $2, digits = $3, year = $4 where series = $1",
    NULL};
static const struct sql sequence_raise = {
    "sequence_raise",
    "insert into sequence (name, next) values ($1, $2) "
    "on conflict (name) do update set next = excluded.next where sequence.next < excluded.next",
    NULL};
static const struct sql invoice_issued = {
    "numbering_invoice_issued", "select 1 from invoice where number is not null limit 1", NULL};

bool numbering_load(struct context *cx, const char *series, struct numbering *numbering) {
    return db_record(cx->db, &numbering_of, P(T(series)), &numbering_record, numbering);
}

int64_t numbering_list(struct context *cx, struct numbering **rows) {
    int64_t count = DB_RECORDS(cx->db, &numbering_all, P0, &numbering_record, rows);
    bool issued = db_int(cx->db, &invoice_issued, P0) != NONE;
    for (int64_t i = 0; i < count; i++)
        (*rows)[i].fixed = issued && text_same((*rows)[i].series, "invoice");
    return count;
}

static void check(struct context *cx, const struct numbering *before, const struct numbering *row,
                  int64_t index) {
    const char *prefix = row->prefix == NULL ? "" : row->prefix;
    if (prefix[strspn(prefix, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "#/._- ")] != '\0')
        error_add(cx->errors, INVALID, arena_printf(cx->arena, "rows.%d.prefix", (int)index),
                  "not_a_prefix", "A prefix is made of letters, digits and # / . _ - only.");
    const char *at = arena_printf(cx->arena, "rows.%d.next", (int)index);
    if (row->next == NONE || row->next == before->next)
        return;
    if (before->fixed == 1)
        error_add(
            cx->errors, INVALID, at, "gapless",
            "Invoices are issued already: their numbers go on without a gap, the next is %ld.",
            (long)before->next);
    else if (row->next < before->next)
        error_add(cx->errors, INVALID, at, "too_small",
                  "Numbers up to %ld are given already. The next can only be raised.",
                  (long)before->next - 1);
}

enum status numbering_save(struct context *cx, const struct numbering *rows, int64_t count) {
    struct numbering *before;
    int64_t known = numbering_list(cx, &before);
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; k < known; k++)
            if (text_same(before[k].series, rows[i].series))
                check(cx, &before[k], &rows[i], i);
    if (errors_any(cx->errors))
        return INVALID;
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; k < known; k++) {
            if (!text_same(before[k].series, rows[i].series))
                continue;
            struct numbering after = rows[i];
            after.prefix = after.prefix == NULL ? "" : after.prefix;
            after.digits = after.digits == NONE ? before[k].digits : after.digits;
            after.next = after.next == NONE ? before[k].next : after.next;
            struct audit_change *changes;
            int64_t changed =
                audit_differences(cx, &numbering_record, &before[k], &after, &changes);
            if (changed == 0)
                continue;
            db_run(cx->db, &numbering_put,
                   P(T(after.series), T(after.prefix), I(after.digits), I(after.year)));
            if (after.next > before[k].next)
                db_run(cx->db, &sequence_raise, P(T(after.series), I(after.next)));
            audit_add_changes(cx, "edited", "numbering", NONE,
                              vocabulary_label(&numbering_series, after.series), changes, changed);
        }
    context_tell(cx, "shop", 1);
    return OK;
}

const char *numbering_print(const struct numbering *numbering, int64_t number, int64_t year,
                            struct arena *arena) {
    const char *prefix = numbering->prefix == NULL ? "" : numbering->prefix;
    const char *digits = arena_printf(arena, "%0*ld", (int)numbering->digits, (long)number);
    return numbering->year == 1 ? arena_printf(arena, "%s%ld-%s", prefix, (long)year, digits)
                                : arena_printf(arena, "%s%s", prefix, digits);
}

int64_t numbering_take(struct context *cx, const char *series, const char **label) {
    struct numbering numbering = {.prefix = "", .digits = 1};
    numbering_load(cx, series, &numbering);
    int64_t number = sequence_next(cx, series);
    *label =
        numbering_print(&numbering, number, civil_at(cx->locale->zone, cx->now).year, cx->arena);
    return number;
}
