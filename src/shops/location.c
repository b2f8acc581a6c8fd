#include "shops/location.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "base/text.h"

static const struct word kind_words[] = {
    {"store", "Store"}, {"workshop", "Workshop"}, {NULL, NULL}};
const struct vocabulary location_kinds = {"kind of location", kind_words};

static const struct field location_fields[] = {
    FIELD(struct location, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct location, name, FIELD_TEXT, .label = "Name", .max = 120, .flags = FIELD_REQUIRED),
    FIELD(struct location, kind, FIELD_CODE, .label = "Kind", .words = &location_kinds),
    FIELD(struct location, address, FIELD_LONG, .label = "Address", .max = 500),
    FIELD(struct location, phone, FIELD_PHONE, .label = "Phone"),
    FIELD(struct location, own_hours, FIELD_FLAG, .label = "Opens at hours of its own"),
    FIELD(struct location, main, FIELD_FLAG, .flags = FIELD_READONLY),
    FIELD(struct location, archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct location, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct location, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record location_record = RECORD("Location", struct location, location_fields);

static const struct field place_fields[] = {
    FIELD(struct staff_place, staff, FIELD_ID, .flags = FIELD_REQUIRED),
    FIELD(struct staff_place, name, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct staff_place, location, FIELD_ID, .label = "Works at"),
};
const struct record staff_place_record = RECORD("StaffPlace", struct staff_place, place_fields);

#define LOCATION                                                                                   \
    "select id, name, kind, address, phone, own_hours, main, archived_at, version, created_at "    \
    "from location "
static const struct sql location_by_id = {"location_by_id", LOCATION "where id = $1", NULL};
static const struct sql locations_all = {
    "locations_all",
    LOCATION "order by case when archived_at is null then 0 else 1 end, main desc, name, id "
             "limit 200",
    NULL};
static const struct sql location_taken = {
    "location_taken",
    "select id from location where name = $1 and id <> $2 and archived_at is null", NULL};
static const struct sql location_insert = {
    "location_insert",
    "insert into location (name, kind, address, phone, own_hours, created_at) "
    "values ($1, $2, $3, $4, $5, $6) returning id",
    NULL};
static const struct sql location_update = {
    "location_update",
    "update location set name = $1, kind = $2, address = $3, phone = $4, own_hours = $5, "
    "version = version + 1 where id = $6 and version = $7",
    NULL};
static const struct sql location_set_archived = {
    "location_set_archived",
    "update location set archived_at = $2, version = version + 1 where id = $1", NULL};
static const struct sql location_no_main = {"location_no_main",
                                            "update location set main = 0 where main = 1", NULL};
static const struct sql location_set_main = {
    "location_set_main", "update location set main = 1, version = version + 1 where id = $1", NULL};
static const struct sql location_hours = {
    "location_hours",
    "select weekday, opens, closes from location_opening where location = $1 order by weekday",
    NULL};
static const struct sql location_hours_drop = {
    "location_hours_drop", "delete from location_opening where location = $1", NULL};
static const struct sql location_hours_add = {
    "location_hours_add",
    "insert into location_opening (location, weekday, opens, closes) values ($1, $2, $3, $4)",
    NULL};
static const struct sql location_where = {
    "location_where",
    "select coalesce((select location from staff_location where staff = $1), "
    "(select id from location where main = 1))",
    NULL};
static const struct sql places_all = {
    "staff_places",
    "select s.id as staff, s.name, p.location from staff s "
    "left join staff_location p on p.staff = s.id where s.active = 1 order by s.name, s.id",
    NULL};
static const struct sql place_put = {
    "staff_place_put",
    "insert into staff_location (staff, location) values ($1, $2) "
    "on conflict (staff) do update set location = excluded.location",
    NULL};
static const struct sql place_drop = {"staff_place_drop",
                                      "delete from staff_location where staff = $1", NULL};
static const struct sql places_drop = {"staff_places_drop",
                                       "delete from staff_location where location = $1", NULL};

static enum status unknown_location(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_location", "There is no such location.");
}

bool location_load(struct context *cx, int64_t id, struct location *location) {
    return db_record(cx->db, &location_by_id, P(I(id)), &location_record, location);
}

int64_t location_list(struct context *cx, struct location **locations) {
    return DB_RECORDS(cx->db, &locations_all, P0, &location_record, locations);
}

static void hours_save(struct context *cx, const struct location *location,
                       const struct opening *openings, int64_t count) {
    db_run(cx->db, &location_hours_drop, P(I(location->id)));
    for (int64_t i = 0; location->own_hours == 1 && i < count; i++)
        db_run(cx->db, &location_hours_add,
               P(I(location->id), I(openings[i].weekday), I(openings[i].opens),
                 I(openings[i].closes)));
}

enum status location_save(struct context *cx, struct location *location,
                          const struct opening *openings, int64_t count) {
    bool is_new = location->id == NONE;
    struct location before;
    record_clear(&location_record, &before);
    if (!is_new && !location_load(cx, location->id, &before))
        return unknown_location(cx);
    if (location->kind == NULL)
        location->kind = is_new ? "store" : before.kind;
    record_check(&location_record, location, cx->errors);
    if (!errors_any(cx->errors) &&
        db_int(cx->db, &location_taken, P(T(location->name), I(is_new ? 0 : location->id))) != NONE)
        error_add(cx->errors, INVALID, "name", "taken",
                  "There is a location of this name already. Give it another.");
    if (location->own_hours == 1)
        openings_check(cx, openings, count);
    if (errors_any(cx->errors))
        return INVALID;
    const struct param values[] = {T(location->name),      T(location->kind),
                                   T(location->address),   T(location->phone),
                                   I(location->own_hours), I(is_new ? cx->now : location->id),
                                   I(location->version)};
    if (is_new)
        location->id = db_insert(cx->db, &location_insert, (struct params){values, 6});
    else if (db_run(cx->db, &location_update, (struct params){values, 7}) == 0)
        return record_changed(&location_record, location, &before, context_reader(cx), cx->errors,
                              before.name);
    hours_save(cx, location, openings, count);
    if (is_new)
        audit_add(cx, "made", "location", location->id, location->name);
    else
        audit_edit(cx, "edited", "location", location->id, &location_record, &before, location);
    return OK;
}

enum status location_archive(struct context *cx, int64_t id, bool archived) {
    struct location location;
    if (!location_load(cx, id, &location))
        return unknown_location(cx);
    if (location.main == 1)
        return error_add(cx->errors, CONFLICT, NULL, "main",
                         "%s is the main location. Make another the main one first.",
                         location.name);
    if (!archived && db_int(cx->db, &location_taken, P(T(location.name), I(id))) != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "taken",
                         "Another location is called %s now. Rename that one first.",
                         location.name);
    db_run(cx->db, &location_set_archived, P(I(id), I(archived ? cx->now : NONE)));
    if (archived)
        db_run(cx->db, &places_drop, P(I(id)));
    audit_add(cx, archived ? "archived" : "restored", "location", id, location.name);
    return OK;
}

enum status location_make_main(struct context *cx, int64_t id) {
    struct location location;
    if (!location_load(cx, id, &location))
        return unknown_location(cx);
    if (location.archived_at != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "archived",
                         "%s is archived. Bring it back first.", location.name);
    db_run(cx->db, &location_no_main, P0);
    db_run(cx->db, &location_set_main, P(I(id)));
    audit_add(cx, "made the main one", "location", id, location.name);
    return OK;
}

int64_t location_openings(struct context *cx, int64_t id, struct opening **openings) {
    struct location location;
    if (id == NONE || !location_load(cx, id, &location) || location.own_hours != 1)
        return shop_openings(cx, openings);
    *openings = ARENA_ARRAY(cx->arena, struct opening, 7);
    int64_t count = 0;
    struct rows *rows = db_rows(cx->db, &location_hours, P(I(id)));
    while (rows_next(rows))
        (*openings)[count++] =
            (struct opening){row_int(rows, 0), row_int(rows, 1), row_int(rows, 2)};
    return count;
}

int64_t location_of_staff(struct context *cx, int64_t staff) {
    return db_int(cx->db, &location_where, P(I(staff > 0 ? staff : 0)));
}

int64_t staff_place_list(struct context *cx, struct staff_place **places) {
    return DB_RECORDS(cx->db, &places_all, P0, &staff_place_record, places);
}

enum status staff_places_save(struct context *cx, const struct staff_place *places, int64_t count) {
    struct staff_place *before;
    int64_t known = staff_place_list(cx, &before);
    for (int64_t i = 0; i < count; i++) {
        const struct staff_place *was = NULL;
        struct location location = {.name = "–"};
        for (int64_t k = 0; k < known; k++)
            if (before[k].staff == places[i].staff)
                was = &before[k];
        if (was == NULL)
            return error_add(cx->errors, INVALID,
                             arena_printf(cx->arena, "places.%d.staff", (int)i), "unknown_staff",
                             "There is nobody of the staff like that.");
        if (was->location == places[i].location)
            continue;
        if (places[i].location == NONE)
            db_run(cx->db, &place_drop, P(I(was->staff)));
        else if (!location_load(cx, places[i].location, &location) || location.archived_at != NONE)
            return error_add(cx->errors, INVALID,
                             arena_printf(cx->arena, "places.%d.location", (int)i),
                             "unknown_location", "There is no such location.");
        else
            db_run(cx->db, &place_put, P(I(was->staff), I(location.id)));
        audit_add(cx, "edited", "staff", was->staff,
                  arena_printf(cx->arena, "Works at: %s", location.name));
    }
    return OK;
}

bool location_words(struct context *cx, int64_t kept, struct vocabulary *words) {
    struct location *locations;
    int64_t count = location_list(cx, &locations), used = 0;
    struct word *list = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        if (locations[i].archived_at == NONE || locations[i].id == kept)
            list[used++] = (struct word){arena_printf(cx->arena, "%ld", (long)locations[i].id),
                                         locations[i].name};
    *words = (struct vocabulary){"location", list};
    return used > 1;
}

enum status location_check(struct context *cx, int64_t id) {
    struct location location;
    if (id == NONE || (location_load(cx, id, &location) && location.archived_at == NONE))
        return OK;
    return error_add(cx->errors, INVALID, "location", "unknown_location",
                     "There is no such location.");
}
