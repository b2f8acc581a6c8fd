/* Craftsmen: their crafts, their hours, their absences. */
#include "workshop/workshop.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "base/text.h"
#include "trade/words.h"

static const struct field craft_fields[] = {
    FIELD(struct craftsman_craft, craft, FIELD_CODE, .label = "Craft", .words = &crafts,
          .flags = FIELD_REQUIRED),
    FIELD(struct craftsman_craft, speed, FIELD_INT, .label = "Speed, percent", .min = 10,
          .max = 400, .flags = FIELD_REQUIRED),
};
const struct record craftsman_craft_record =
    RECORD("CraftsmanCraft", struct craftsman_craft, craft_fields);

static const struct field hours_fields[] = {
    FIELD(struct craftsman_hours, weekday, FIELD_INT, .label = "Weekday", .max = 6,
          .flags = FIELD_REQUIRED),
    FIELD(struct craftsman_hours, starts, FIELD_MINUTES, .label = "From", .max = 1439,
          .flags = FIELD_REQUIRED),
    FIELD(struct craftsman_hours, ends, FIELD_MINUTES, .label = "To", .min = 1, .max = 1440,
          .flags = FIELD_REQUIRED),
};
const struct record craftsman_hours_record =
    RECORD("CraftsmanHours", struct craftsman_hours, hours_fields);

static const struct field absence_fields[] = {
    FIELD(struct absence, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct absence, from_day, FIELD_DAY, .label = "First day away", .flags = FIELD_REQUIRED),
    FIELD(struct absence, to_day, FIELD_DAY, .label = "Last day away", .flags = FIELD_REQUIRED),
    FIELD(struct absence, reason, FIELD_TEXT, .label = "Reason", .max = 100),
};
const struct record absence_record = RECORD("Absence", struct absence, absence_fields);

static const struct field craftsman_fields[] = {
    FIELD(struct craftsman, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct craftsman, staff, FIELD_ID, .label = "Signs in as"),
    FIELD(struct craftsman, name, FIELD_TEXT, .label = "Name", .max = 100, .flags = FIELD_REQUIRED),
    FIELD(struct craftsman, active, FIELD_FLAG, .label = "Works here"),
    FIELD(struct craftsman, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct craftsman, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD_ROWS(struct craftsman, crafts, craft_count, &craftsman_craft_record, .label = "Crafts"),
    FIELD_ROWS(struct craftsman, hours, hour_count, &craftsman_hours_record, .label = "Hours"),
    FIELD_ROWS(struct craftsman, absences, absence_count, &absence_record, .label = "Absences"),
};
const struct record craftsman_record = RECORD("Craftsman", struct craftsman, craftsman_fields);

/* ------------------------------------------------------------------ reading */

#define CRAFTSMAN "select id, staff, name, active, version, created_at from craftsman "
static const struct sql craftsman_by_id = {"craftsman_by_id", CRAFTSMAN "where id = $1", NULL};
static const struct sql craftsmen_all = {"craftsmen_all", CRAFTSMAN "order by name, id", NULL};
static const struct sql craftsmen_active = {"craftsmen_active",
                                            CRAFTSMAN "where active = 1 order by name, id", NULL};
static const struct sql craftsman_staff = {
    "craftsman_staff",
    "select id from craftsman where staff = $1 and active = 1 order by id limit 1", NULL};
static const struct sql crafts_of = {
    "crafts_of", "select craft, speed from craftsman_craft where craftsman = $1 order by craft",
    NULL};
static const struct sql hours_of = {"hours_of",
                                    "select weekday, starts, ends from craftsman_hours "
                                    "where craftsman = $1 order by weekday, starts",
                                    NULL};
static const struct sql absences_of = {
    "absences_of",
    "select id, from_day, to_day, reason from absence where craftsman = $1 and to_day >= $2 "
    "order by from_day, id",
    NULL};

static void load_parts(struct context *cx, struct craftsman *craftsman) {
    struct params one = P(I(craftsman->id));
    craftsman->craft_count =
        DB_RECORDS(cx->db, &crafts_of, one, &craftsman_craft_record, &craftsman->crafts);
    craftsman->hour_count =
        DB_RECORDS(cx->db, &hours_of, one, &craftsman_hours_record, &craftsman->hours);
    const char *today = day_text(day_at(cx->locale->zone, cx->now), cx->arena);
    craftsman->absence_count = DB_RECORDS(cx->db, &absences_of, P(I(craftsman->id), T(today)),
                                          &absence_record, &craftsman->absences);
}

bool craftsman_load(struct context *cx, int64_t id, struct craftsman *craftsman) {
    record_clear(&craftsman_record, craftsman);
    if (!db_record(cx->db, &craftsman_by_id, P(I(id)), &craftsman_record, craftsman))
        return false;
    load_parts(cx, craftsman);
    return true;
}

/* Everybody's parts are read at once, and shared out. */
static const struct sql crafts_all = {
    "crafts_all", "select craftsman, craft, speed from craftsman_craft order by craftsman, craft",
    NULL};
static const struct sql hours_all = {"hours_all",
                                     "select craftsman, weekday, starts, ends from craftsman_hours "
                                     "order by craftsman, weekday, starts",
                                     NULL};
static const struct sql absences_all = {
    "absences_all",
    "select craftsman, id, from_day, to_day, reason from absence where to_day >= $1 "
    "order by craftsman, from_day, id",
    NULL};

/* The rows of one query, in the order of the craftsmen's ids, to whom they belong. `take` reads a
 * row into the craftsman; his array grows as it is filled. */
struct growing {
    struct context *cx;
    size_t capacity;
};

static void take_craft(struct growing *growing, struct craftsman *craftsman, struct rows *rows) {
    craftsman->crafts =
        arena_grow(growing->cx->arena, craftsman->crafts, (size_t)craftsman->craft_count,
                   &growing->capacity, sizeof *craftsman->crafts);
    craftsman->crafts[craftsman->craft_count++] =
        (struct craftsman_craft){row_text(rows, 1), row_int(rows, 2)};
}

static void take_hours(struct growing *growing, struct craftsman *craftsman, struct rows *rows) {
    craftsman->hours =
        arena_grow(growing->cx->arena, craftsman->hours, (size_t)craftsman->hour_count,
                   &growing->capacity, sizeof *craftsman->hours);
    craftsman->hours[craftsman->hour_count++] =
        (struct craftsman_hours){row_int(rows, 1), row_int(rows, 2), row_int(rows, 3)};
}

static void take_absence(struct growing *growing, struct craftsman *craftsman, struct rows *rows) {
    craftsman->absences =
        arena_grow(growing->cx->arena, craftsman->absences, (size_t)craftsman->absence_count,
                   &growing->capacity, sizeof *craftsman->absences);
    craftsman->absences[craftsman->absence_count++] =
        (struct absence){row_int(rows, 1), row_text(rows, 2), row_text(rows, 3), row_text(rows, 4)};
}

static void share(struct context *cx, struct craftsman *craftsmen, int64_t count, struct rows *rows,
                  void (*take)(struct growing *, struct craftsman *, struct rows *)) {
    struct growing growing = {.cx = cx};
    struct craftsman *last = NULL;
    while (rows_next(rows)) {
        struct craftsman *whose = NULL;
        for (int64_t i = 0; i < count; i++)
            if (craftsmen[i].id == row_int(rows, 0))
                whose = &craftsmen[i];
        if (whose != last)
            growing.capacity = 0;
        last = whose;
        if (whose != NULL)
            take(&growing, whose, rows);
    }
}

int64_t craftsman_list(struct context *cx, bool active_only, struct craftsman **craftsmen) {
    int64_t count = DB_RECORDS(cx->db, active_only ? &craftsmen_active : &craftsmen_all, P0,
                               &craftsman_record, craftsmen);
    const char *today = day_text(day_at(cx->locale->zone, cx->now), cx->arena);
    share(cx, *craftsmen, count, db_rows(cx->db, &crafts_all, P0), take_craft);
    share(cx, *craftsmen, count, db_rows(cx->db, &hours_all, P0), take_hours);
    share(cx, *craftsmen, count, db_rows(cx->db, &absences_all, P(T(today))), take_absence);
    return count;
}

int64_t craftsman_of_staff(struct context *cx, int64_t staff) {
    return staff > 0 ? db_int(cx->db, &craftsman_staff, P(I(staff))) : NONE;
}

/* ------------------------------------------------------------------ saving */

static const struct sql craftsman_insert = {
    "craftsman_insert",
    "insert into craftsman (staff, name, active, created_at) values ($1, $2, $3, $4) returning id",
    NULL};
static const struct sql craftsman_update = {
    "craftsman_update",
    "update craftsman set staff = $1, name = $2, active = $3, version = version + 1 "
    "where id = $4 and version = $5",
    NULL};
static const struct sql crafts_drop = {"craftsman_crafts_drop",
                                       "delete from craftsman_craft where craftsman = $1", NULL};
static const struct sql hours_drop = {"craftsman_hours_drop",
                                      "delete from craftsman_hours where craftsman = $1", NULL};
static const struct sql absences_drop = {
    "absences_drop", "delete from absence where craftsman = $1 and to_day >= $2", NULL};
static const struct sql craft_insert = {
    "craftsman_craft_insert",
    "insert into craftsman_craft (craftsman, craft, speed) values ($1, $2, $3) "
    "on conflict (craftsman, craft) do update set speed = excluded.speed",
    NULL};
static const struct sql hours_insert = {
    "craftsman_hours_insert",
    "insert into craftsman_hours (craftsman, weekday, starts, ends) values ($1, $2, $3, $4)", NULL};
static const struct sql absence_insert = {
    "absence_insert",
    "insert into absence (craftsman, from_day, to_day, reason) values ($1, $2, $3, $4)", NULL};
static const struct sql staff_exists = {"craftsman_staff_exists",
                                        "select id from staff where id = $1", NULL};
static const struct sql staff_taken = {
    "craftsman_staff_taken", "select name from craftsman where staff = $1 and id <> $2 limit 1",
    NULL};

static void check_hours(struct context *cx, const struct craftsman *craftsman) {
    for (int64_t i = 0; i < craftsman->hour_count; i++) {
        const struct craftsman_hours *row = &craftsman->hours[i];
        const char *at = arena_printf(cx->arena, "hours.%ld.ends", (long)i);
        if (row->ends <= row->starts)
            error_add(cx->errors, INVALID, at, "ends_before", "Work must end after it starts.");
        for (int64_t k = 0; k < i; k++)
            if (craftsman->hours[k].weekday == row->weekday &&
                craftsman->hours[k].starts < row->ends && row->starts < craftsman->hours[k].ends)
                error_add(cx->errors, INVALID, at, "overlaps",
                          "Two stretches of one day overlap. Leave a break between them.");
    }
}

static void check(struct context *cx, const struct craftsman *craftsman, int64_t id) {
    check_hours(cx, craftsman);
    for (int64_t i = 0; i < craftsman->absence_count; i++) {
        const struct absence *row = &craftsman->absences[i];
        if (strcmp(row->to_day, row->from_day) < 0)
            error_add(cx->errors, INVALID, arena_printf(cx->arena, "absences.%ld.to_day", (long)i),
                      "ends_before", "The last day away is before the first.");
    }
    if (craftsman->staff == NONE)
        return;
    if (db_int(cx->db, &staff_exists, P(I(craftsman->staff))) == NONE)
        error_add(cx->errors, INVALID, "staff", "unknown_staff", "There is nobody of that name.");
    const char *other = db_text(cx->db, &staff_taken, P(I(craftsman->staff), I(id)));
    if (other != NULL)
        error_add(cx->errors, INVALID, "staff", "taken", "%s signs in as this person already.",
                  other);
}

static void save_parts(struct context *cx, const struct craftsman *craftsman) {
    int64_t id = craftsman->id;
    const char *today = day_text(day_at(cx->locale->zone, cx->now), cx->arena);
    db_run(cx->db, &crafts_drop, P(I(id)));
    db_run(cx->db, &hours_drop, P(I(id)));
    db_run(cx->db, &absences_drop, P(I(id), T(today)));
    for (int64_t i = 0; i < craftsman->craft_count; i++)
        db_run(cx->db, &craft_insert,
               P(I(id), T(craftsman->crafts[i].craft), I(craftsman->crafts[i].speed)));
    for (int64_t i = 0; i < craftsman->hour_count; i++)
        db_run(cx->db, &hours_insert,
               P(I(id), I(craftsman->hours[i].weekday), I(craftsman->hours[i].starts),
                 I(craftsman->hours[i].ends)));
    for (int64_t i = 0; i < craftsman->absence_count; i++)
        db_run(cx->db, &absence_insert,
               P(I(id), T(craftsman->absences[i].from_day), T(craftsman->absences[i].to_day),
                 T(craftsman->absences[i].reason)));
}

enum status craftsman_save(struct context *cx, struct craftsman *craftsman) {
    bool is_new = craftsman->id == NONE || craftsman->id == 0;
    for (int64_t i = 0; i < craftsman->absence_count; i++)
        craftsman->absences[i].id = NONE; /* they are written anew */
    if (is_new)
        craftsman->id = NONE;
    struct craftsman before;
    if (is_new || !craftsman_load(cx, craftsman->id, &before))
        record_clear(&craftsman_record, &before);
    record_check(&craftsman_record, craftsman, cx->errors);
    if (errors_any(cx->errors))
        return INVALID;
    check(cx, craftsman, is_new ? 0 : craftsman->id);
    if (errors_any(cx->errors))
        return INVALID;
    const struct param values[] = {I(craftsman->staff), T(craftsman->name),
                                   I(is_new || craftsman->active == 1 ? 1 : 0),
                                   I(is_new ? cx->now : craftsman->id), I(craftsman->version)};
    if (is_new)
        craftsman->id = db_insert(cx->db, &craftsman_insert, (struct params){values, 4});
    else if (db_run(cx->db, &craftsman_update, (struct params){values, 5}) == 0)
        return record_changed(&craftsman_record, craftsman, &before, context_reader(cx), cx->errors,
                              craftsman->name);
    save_parts(cx, craftsman);
    struct craftsman after; /* as it is read, so that only what is another counts */
    if (is_new)
        audit_add(cx, "made", "craftsman", craftsman->id, craftsman->name);
    else if (craftsman_load(cx, craftsman->id, &after))
        audit_edit(cx, "edited", "craftsman", after.id, &craftsman_record, &before, &after);
    return OK;
}
