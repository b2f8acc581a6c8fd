/* When the shop is open, what tax it adds, and its logo. */
#include "shops/shop.h"

#include "accounts/account.h"
#include "base/text.h"
#include "shops/brand.h"

#include <string.h>

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
static const struct sql closures_drop = {"closures_drop",
                                         "delete from closure where day between $1 and $2", NULL};
static const struct sql specials_from = {
    "special_days",
    "select day, opens, closes, reason from special_day where day >= $1 order by day limit 1000",
    NULL};
static const struct sql special_put = {
    "special_day_put",
    "insert into special_day (day, opens, closes, reason) values ($1, $2, $3, $4) "
    "on conflict (day) do update set opens = excluded.opens, closes = excluded.closes, "
    "reason = excluded.reason",
    NULL};
static const struct sql special_drop = {"special_day_drop",
                                        "delete from special_day where day = $1", NULL};

static const struct field special_fields[] = {
    FIELD(struct special_day, day, FIELD_DAY, .label = "Day", .flags = FIELD_REQUIRED),
    FIELD(struct special_day, opens, FIELD_MINUTES, .label = "Opens at", .max = 1439,
          .flags = FIELD_REQUIRED),
    FIELD(struct special_day, closes, FIELD_MINUTES, .label = "Closes at", .min = 1, .max = 1440,
          .flags = FIELD_REQUIRED),
    FIELD(struct special_day, reason, FIELD_TEXT, .label = "Reason", .max = 120),
};
const struct record special_day_record = RECORD("SpecialDay", struct special_day, special_fields);

static const struct field closure_fields[] = {
    FIELD(struct closure_day, day, FIELD_DAY, .label = "Day", .flags = FIELD_REQUIRED),
    FIELD(struct closure_day, reason, FIELD_TEXT, .label = "Reason", .max = 120),
};
const struct record closure_day_record = RECORD("ClosureDay", struct closure_day, closure_fields);

static const char *day_field(struct context *cx, int64_t index) {
    return arena_printf(cx->arena, "days.%d.closes", (int)index);
}

enum status openings_check(struct context *cx, const struct opening *openings, int64_t count) {
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
    return errors_any(cx->errors) ? INVALID : OK;
}

/* "Mon 9:30–17:30, Tue …": what stands in the log. */
static const char *openings_text(struct context *cx, const struct opening *openings,
                                 int64_t count) {
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    const char *text = "";
    for (int64_t i = 0; i < count; i++)
        text = arena_printf(cx->arena, "%s%s%s %d:%02d–%d:%02d", text, i > 0 ? ", " : "",
                            names[openings[i].weekday], (int)openings[i].opens / 60,
                            (int)openings[i].opens % 60, (int)openings[i].closes / 60,
                            (int)openings[i].closes % 60);
    return *text == '\0' ? "–" : text;
}

enum status shop_set_openings(struct context *cx, const struct opening *openings, int64_t count) {
    struct opening *before;
    int64_t known = shop_openings(cx, &before);
    if (openings_check(cx, openings, count) != OK)
        return INVALID;
    db_run(cx->db, &openings_drop, P0);
    for (int64_t i = 0; i < count; i++)
        db_run(cx->db, &opening_add,
               P(I(openings[i].weekday), I(openings[i].opens), I(openings[i].closes)));
    audit_add(cx, "edited", "opening", 1,
              arena_printf(cx->arena, "%s → %s", openings_text(cx, before, known),
                           openings_text(cx, openings, count)));
    return OK;
}

int64_t shop_closure_days(struct context *cx, const char *from, struct closure_day **days) {
    return DB_RECORDS(cx->db, &closures_all, P(T(from)), &closure_day_record, days);
}

static void close_day(struct context *cx, const char *day, const char *reason) {
    db_run(cx->db, &special_drop, P(T(day)));
    db_run(cx->db, &closure_put, P(T(day), T(reason)));
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
        close_day(cx, day_text(day, cx->arena), reason);
    audit_add(cx, "closed", "opening", 1,
              last == first ? from : arena_printf(cx->arena, "%s to %s", from, to));
    return OK;
}

enum status shop_close_days(struct context *cx, const struct closure_day *days, int64_t count) {
    const char *closed = "";
    for (int64_t i = 0; i < count; i++) {
        int64_t number;
        if (!day_parse(days[i].day, &number))
            return error_add(cx->errors, INVALID, "days", "not_a_day",
                             "“%s” is not a day like 2026-12-25.", days[i].day);
        close_day(cx, days[i].day, days[i].reason);
        closed = arena_printf(cx->arena, "%s%s%s", closed, i > 0 ? ", " : "", days[i].day);
    }
    if (count == 0)
        return error_add(cx->errors, INVALID, "days", "required", "Tick at least one of the days.");
    audit_add(cx, "closed", "opening", 1, closed);
    return OK;
}

enum status shop_reopen(struct context *cx, const char *day, const char *to) {
    const char *last = to == NULL ? day : to;
    if (db_run(cx->db, &closures_drop, P(T(day), T(last))) < 1)
        return error_add(cx->errors, MISSING, NULL, "unknown_day",
                         "The shop was not closed on that day.");
    audit_add(cx, "opened", "opening", 1,
              text_same(day, last) ? day : arena_printf(cx->arena, "%s to %s", day, last));
    return OK;
}

int64_t shop_special_days(struct context *cx, const char *from, struct special_day **days) {
    return DB_RECORDS(cx->db, &specials_from, P(T(from)), &special_day_record, days);
}

enum status shop_set_special(struct context *cx, const struct special_day *day) {
    if (record_check(&special_day_record, day, cx->errors) != OK)
        return INVALID;
    if (day->opens >= day->closes)
        return error_add(cx->errors, INVALID, "closes", "order",
                         "The shop must close after it opens.");
    db_run(cx->db, &closures_drop, P(T(day->day), T(day->day)));
    db_run(cx->db, &special_put, P(T(day->day), I(day->opens), I(day->closes), T(day->reason)));
    audit_add(cx, "edited", "opening", 1,
              arena_printf(cx->arena, "%s: %d:%02d–%d:%02d", day->day, (int)day->opens / 60,
                           (int)day->opens % 60, (int)day->closes / 60, (int)day->closes % 60));
    return OK;
}

enum status shop_drop_special(struct context *cx, const char *day) {
    if (db_run(cx->db, &special_drop, P(T(day))) != 1)
        return error_add(cx->errors, MISSING, NULL, "unknown_day",
                         "This day has no hours of its own.");
    audit_add(cx, "edited", "opening", 1, arena_printf(cx->arena, "%s: as its weekday", day));
    return OK;
}

/* ------------------------------------------------------------------ taxes */

static const struct field tax_fields[] = {
    FIELD(struct tax, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct tax, name, FIELD_TEXT, .label = "Name", .max = 40, .flags = FIELD_REQUIRED),
    FIELD(struct tax, rate, FIELD_PERCENT, .label = "Rate", .max = 10000, .flags = FIELD_REQUIRED),
    FIELD(struct tax, on_goods, FIELD_FLAG, .label = "On goods"),
    FIELD(struct tax, on_labour, FIELD_FLAG, .label = "On labour"),
    FIELD(struct tax, from_day, FIELD_DAY, .label = "From"),
    FIELD(struct tax, until_day, FIELD_DAY, .label = "Until"),
    FIELD(struct tax, archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record tax_record = RECORD("Tax", struct tax, tax_fields);

#define TAX "select id, name, rate, on_goods, on_labour, from_day, until_day, archived_at from tax "
static const struct sql tax_by_id = {"tax_by_id", TAX "where id = $1", NULL};
static const struct sql taxes_all = {
    "taxes_all",
    TAX "order by case when archived_at is null then 0 else 1 end, coalesce(from_day, ''), id "
        "limit 100",
    NULL};
static const struct sql tax_add = {
    "tax_add",
    "insert into tax (name, rate, on_goods, on_labour, from_day, until_day) "
    "values ($1, $2, $3, $4, $5, $6) returning id",
    NULL};
static const struct sql tax_update = {
    "tax_update",
    "update tax set name = $1, rate = $2, on_goods = $3, on_labour = $4, from_day = $5, "
    "until_day = $6 where id = $7",
    NULL};
static const struct sql tax_set_archived = {"tax_set_archived",
                                            "update tax set archived_at = $2 where id = $1", NULL};
/* Prices are reckoned with one tax on goods and one on labour: two of a day would not both be
 * added.
 */
static const struct sql tax_clash = {
    "tax_clash",
    "select name from tax where archived_at is null and id <> $1 "
    "and ((on_goods = 1 and $2 = 1) or (on_labour = 1 and $3 = 1)) "
    "and coalesce(from_day, '') <= $5 and coalesce(until_day, '9999') >= $4 order by id limit 1",
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
    const char *other = db_text(cx->db, &tax_clash,
                                P(I(tax->id == NONE ? 0 : tax->id), I(tax->on_goods),
                                  I(tax->on_labour), T(tax->from_day == NULL ? "" : tax->from_day),
                                  T(tax->until_day == NULL ? "9999" : tax->until_day)));
    if (other == NULL)
        return OK;
    return error_add(cx->errors, INVALID, "on_goods", "taken",
                     "%s is charged on the same at that time. Say until when, or archive it first.",
                     other);
}

enum status tax_save(struct context *cx, struct tax *tax) {
    struct tax before;
    record_clear(&tax_record, &before);
    bool is_new = tax->id == NONE;
    if (!is_new && !tax_load(cx, tax->id, &before))
        return unknown_tax(cx);
    if (record_check(&tax_record, tax, cx->errors) != OK)
        return INVALID;
    if (tax->from_day != NULL && tax->until_day != NULL &&
        strcmp(tax->until_day, tax->from_day) < 0)
        return error_add(cx->errors, INVALID, "until_day", "order",
                         "The last day is before the first.");
    if ((is_new || before.archived_at == NONE) && check_clash(cx, tax) != OK)
        return INVALID;
    if (is_new)
        tax->id = db_insert(cx->db, &tax_add,
                            P(T(tax->name), I(tax->rate), I(tax->on_goods), I(tax->on_labour),
                              T(tax->from_day), T(tax->until_day)));
    else
        db_run(cx->db, &tax_update,
               P(T(tax->name), I(tax->rate), I(tax->on_goods), I(tax->on_labour), T(tax->from_day),
                 T(tax->until_day), I(tax->id)));
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

/* ------------------------------------------------------------------ colours and logo */

static const struct sql brand_put = {
    "brand_put",
    "update shop set brand = $1, shell = $2, accent = $3, version = version + 1 where id = 1",
    NULL};

enum status shop_set_brand(struct context *cx, const struct brand *brand) {
    struct shop before;
    if (!shop_load(cx, &before))
        return error_add(cx->errors, MISSING, NULL, "not_set_up", "The shop is not set up yet.");
    if (brand_check(brand, cx->errors) != OK)
        return INVALID;
    const struct brand own = BRAND_OWN;
    bool is_own = text_same(brand->brand, own.brand) && text_same(brand->shell, own.shell) &&
                  text_same(brand->accent, own.accent);
    struct brand kept = is_own ? (struct brand){0} : *brand;
    db_run(cx->db, &brand_put, P(T(kept.brand), T(kept.shell), T(kept.accent)));
    audit_add(cx, "edited", "colours", 1,
              arena_printf(cx->arena, "%s %s %s → %s %s %s",
                           before.brand == NULL ? own.brand : before.brand,
                           before.shell == NULL ? own.shell : before.shell,
                           before.accent == NULL ? own.accent : before.accent,
                           kept.brand == NULL ? own.brand : kept.brand,
                           kept.shell == NULL ? own.shell : kept.shell,
                           kept.accent == NULL ? own.accent : kept.accent));
    context_tell(cx, "shop", 1);
    return OK;
}

static const struct sql logo_put = {"logo_put", "update shop set logo = $1 where id = 1", NULL};

enum status shop_set_logo(struct context *cx, const char *file) {
    db_run(cx->db, &logo_put, P(T(file)));
    audit_add(cx, file == NULL ? "removed" : "changed", "logo", 1, NULL);
    return OK;
}
