/* When the shop is open, what tax it adds, and its logo. */
#include "shops/shop.h"

#include "accounts/account.h"
#include "base/text.h"

/* ------------------------------------------------------------------ opening days */

static const struct sql openings_drop = {"openings_drop", "delete from opening", NULL};
static const struct sql opening_add = {
    "opening_add", "insert into opening (weekday, opens, closes) values ($1, $2, $3)", NULL};
static const struct sql closures_all = {
    "closures_all", "select day, reason from closure where day >= $1 order by day limit 1000",
    NULL};
static const struct sql closure_put = {"closure_put",
                                       "insert into closure (day, reason) values ($1, $2) "
                                       "on conflict (day) do update set reason = excluded.reason",
                                       NULL};
static const struct sql closure_drop = {"closure_drop", "delete from closure where day = $1", NULL};

static const struct field closure_fields[] = {
    FIELD(struct closure_day, day, FIELD_DAY, .label = "Day", .flags = FIELD_REQUIRED),
    FIELD(struct closure_day, reason, FIELD_TEXT, .label = "Reason", .max = 120),
};
const struct record closure_day_record = RECORD("ClosureDay", struct closure_day, closure_fields);

static const char *day_field(struct context *cx, int64_t index) {
    return arena_printf(cx->arena, "days.%d.closes", (int)index);
}

enum status shop_set_openings(struct context *cx, const struct opening *openings, int64_t count) {
    unsigned seen = 0;
    for (int64_t i = 0; i < count; i++) {
        const struct opening *day = &openings[i];
        if (day->weekday < 0 || day->weekday > 6 || seen & 1u << day->weekday)
            error_add(cx->errors, INVALID, day_field(cx, i), "unknown_weekday",
                      "Weekdays are 0, Monday, to 6, Sunday, each once.");
        else
            seen |= 1u << day->weekday;
        if (day->opens == NONE || day->closes == NONE)
            error_add(cx->errors, INVALID, day_field(cx, i), "required",
                      "An open day needs the hours at which it begins and ends.");
        else if (day->opens >= day->closes)
            error_add(cx->errors, INVALID, day_field(cx, i), "order",
                      "The shop must close after it opens.");
    }
    if (errors_any(cx->errors))
        return INVALID;
    db_run(cx->db, &openings_drop, P0);
    for (int64_t i = 0; i < count; i++)
        db_run(cx->db, &opening_add,
               P(I(openings[i].weekday), I(openings[i].opens), I(openings[i].closes)));
    audit_add(cx, "edited", "opening", 1, NULL);
    return OK;
}

int64_t shop_closure_days(struct context *cx, const char *from, struct closure_day **days) {
    return DB_RECORDS(cx->db, &closures_all, P(T(from)), &closure_day_record, days);
}

enum status shop_close(struct context *cx, const char *from, const char *to, const char *reason) {
    enum { LONGEST = 366 };
    int64_t first, last;
    if (!day_parse(from, &first))
        return error_add(cx->errors, INVALID, "day", "not_a_day",
                         "The first day must be a day like 2026-12-25.");
    last = first;
    if (to != NULL && !day_parse(to, &last))
        return error_add(cx->errors, INVALID, "to", "not_a_day",
                         "The last day must be a day like 2026-12-31.");
    if (last < first)
        return error_add(cx->errors, INVALID, "to", "order", "The last day is before the first.");
    if (last - first >= LONGEST)
        return error_add(cx->errors, INVALID, "to", "too_large",
                         "At most %d days can be closed at once.", LONGEST);
    for (int64_t day = first; day <= last; day++)
        db_run(cx->db, &closure_put, P(T(day_text(day, cx->arena)), T(reason)));
    audit_add(cx, "closed", "opening", 1,
              last == first ? from : arena_printf(cx->arena, "%s to %s", from, to));
    return OK;
}

enum status shop_reopen(struct context *cx, const char *day) {
    if (db_run(cx->db, &closure_drop, P(T(day))) != 1)
        return error_add(cx->errors, MISSING, NULL, "unknown_day",
                         "The shop was not closed on that day.");
    audit_add(cx, "opened", "opening", 1, day);
    return OK;
}

/* ------------------------------------------------------------------ taxes */

static const struct field tax_fields[] = {
    FIELD(struct tax, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct tax, name, FIELD_TEXT, .label = "Name", .max = 40, .flags = FIELD_REQUIRED),
    FIELD(struct tax, rate, FIELD_PERCENT, .label = "Rate", .max = 10000, .flags = FIELD_REQUIRED),
    FIELD(struct tax, on_goods, FIELD_FLAG, .label = "On goods"),
    FIELD(struct tax, on_labour, FIELD_FLAG, .label = "On labour"),
    FIELD(struct tax, archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record tax_record = RECORD("Tax", struct tax, tax_fields);

#define TAX "select id, name, rate, on_goods, on_labour, archived_at from tax "
static const struct sql tax_by_id = {"tax_by_id", TAX "where id = $1", NULL};
static const struct sql taxes_all = {
    "taxes_all", TAX "order by case when archived_at is null then 0 else 1 end, id limit 100",
    NULL};
static const struct sql tax_add = {
    "tax_add",
    "insert into tax (name, rate, on_goods, on_labour) values ($1, $2, $3, $4) returning id", NULL};
static const struct sql tax_update = {
    "tax_update",
    "update tax set name = $1, rate = $2, on_goods = $3, on_labour = $4 where id = $5", NULL};
static const struct sql tax_set_archived = {"tax_set_archived",
                                            "update tax set archived_at = $2 where id = $1", NULL};
/* Prices are reckoned with one tax on goods and one on labour: two would not both be added. */
static const struct sql tax_clash = {
    "tax_clash",
    "select name from tax where archived_at is null and id <> $1 "
    "and ((on_goods = 1 and $2 = 1) or (on_labour = 1 and $3 = 1)) order by id limit 1",
    NULL};

static enum status unknown_tax(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_tax", "There is no such tax.");
}

bool tax_load(struct context *cx, int64_t id, struct tax *tax) {
    return db_record(cx->db, &tax_by_id, P(I(id)), &tax_record, tax);
}

int64_t tax_list(struct context *cx, struct tax **taxes) {
    return DB_RECORDS(cx->db, &taxes_all, P0, &tax_record, taxes);
}

static enum status check_clash(struct context *cx, const struct tax *tax) {
    const char *other =
        db_text(cx->db, &tax_clash,
                P(I(tax->id == NONE ? 0 : tax->id), I(tax->on_goods), I(tax->on_labour)));
    if (other == NULL)
        return OK;
    return error_add(cx->errors, INVALID, "on_goods", "taken",
                     "%s is charged on the same already. Change it, or archive it first.", other);
}

enum status tax_save(struct context *cx, struct tax *tax) {
    struct tax before;
    record_clear(&tax_record, &before);
    bool is_new = tax->id == NONE;
    if (!is_new && !tax_load(cx, tax->id, &before))
        return unknown_tax(cx);
    if (record_check(&tax_record, tax, cx->errors) != OK)
        return INVALID;
    if ((is_new || before.archived_at == NONE) && check_clash(cx, tax) != OK)
        return INVALID;
    if (is_new)
        tax->id = db_insert(cx->db, &tax_add,
                            P(T(tax->name), I(tax->rate), I(tax->on_goods), I(tax->on_labour)));
    else
        db_run(cx->db, &tax_update,
               P(T(tax->name), I(tax->rate), I(tax->on_goods), I(tax->on_labour), I(tax->id)));
    audit_edit(cx, is_new ? "made" : "edited", "tax", tax->id, &tax_record, &before, tax);
    return OK;
}

enum status tax_archive(struct context *cx, int64_t id, bool archived) {
    struct tax tax;
    if (!tax_load(cx, id, &tax))
        return unknown_tax(cx);
    if (!archived && check_clash(cx, &tax) != OK)
        return INVALID;
    db_run(cx->db, &tax_set_archived, P(I(id), I(archived ? cx->now : NONE)));
    audit_add(cx, archived ? "archived" : "restored", "tax", id, tax.name);
    return OK;
}

/* ------------------------------------------------------------------ logo */

static const struct sql logo_put = {"logo_put", "update shop set logo = $1 where id = 1", NULL};

enum status shop_set_logo(struct context *cx, const char *file) {
    db_run(cx->db, &logo_put, P(T(file)));
    audit_add(cx, file == NULL ? "removed" : "changed", "logo", 1, NULL);
    return OK;
}
