#include "custody/custody.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "base/text.h"
#include "vendors/vendor.h"
#include "workshop/workshop.h"

#include <stdlib.h>
#include <string.h>

static const struct word kind_words[] = {
    {"safe", "Safe"},     {"shelf", "Shelf"},     {"tray", "Tray"},         {"bench", "Bench"},
    {"vendor", "Vendor"}, {"courier", "Courier"}, {"customer", "Customer"}, {NULL, NULL}};
const struct vocabulary place_kinds = {"kind of place", kind_words};

static const struct field place_fields[] = {
    FIELD(struct custody_place, id, FIELD_ID),
    FIELD(struct custody_place, kind, FIELD_CODE, .label = "Kind", .words = &place_kinds,
          .flags = FIELD_REQUIRED),
    FIELD(struct custody_place, name, FIELD_TEXT, .label = "Name", .max = 80),
    FIELD(struct custody_place, craftsman, FIELD_ID, .label = "Whose bench"),
    FIELD(struct custody_place, vendor, FIELD_ID, .label = "Vendor"),
    FIELD(struct custody_place, receives, FIELD_FLAG, .label = "What is brought in goes here"),
    FIELD(struct custody_place, craftsman_name, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct custody_place, held, FIELD_INT, .flags = FIELD_READONLY),
    FIELD(struct custody_place, archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct custody_place, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct custody_place, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record place_record = RECORD("Place", struct custody_place, place_fields);

/* ------------------------------------------------------------------ reading */

#define PLACE                                                                                      \
    "select p.id, p.kind, coalesce(v.name, p.name) as name, p.craftsman, p.vendor, p.receives, "   \
    "p.archived_at, p.version, p.created_at, c.name as craftsman_name"
#define FROM                                                                                       \
    " from place p left join vendor v on v.id = p.vendor "                                         \
    "left join craftsman c on c.id = p.craftsman "
/* What is with customers is without number. */
#define HELD                                                                                       \
    ", case when p.id = 1 then null else (select count(*) from job j where j.place = p.id "        \
    "and j.place is not null and j.place <> 1) end as held"
#define ORDERED                                                                                    \
    "order by case p.kind when 'safe' then 1 when 'shelf' then 2 when 'tray' then 3 "              \
    "when 'bench' then 4 when 'vendor' then 5 when 'courier' then 6 else 7 end, "                  \
    "coalesce(v.name, p.name), p.id limit 500"

static const struct sql place_by_id = {"place_by_id", PLACE HELD FROM "where p.id = $1", NULL};
static const struct sql places_live = {"places_live",
                                       PLACE FROM "where p.archived_at is null " ORDERED, NULL};
static const struct sql places_counted = {
    "places_counted", PLACE HELD FROM "where p.archived_at is null " ORDERED, NULL};
static const struct sql places_archived = {
    "places_archived", PLACE FROM "where p.archived_at is not null " ORDERED, NULL};

bool place_load(struct context *cx, int64_t id, struct custody_place *place) {
    record_clear(&place_record, place);
    return db_record(cx->db, &place_by_id, P(I(id)), &place_record, place);
}

int64_t place_list(struct context *cx, bool archived, bool counted, struct custody_place **places) {
    const struct sql *sql = archived ? &places_archived : counted ? &places_counted : &places_live;
    return DB_RECORDS(cx->db, sql, P0, &place_record, places);
}

bool place_in_house(const struct custody_place *place) {
    return text_same(place->kind, "safe") || text_same(place->kind, "shelf") ||
           text_same(place->kind, "tray") || text_same(place->kind, "bench");
}

/* ------------------------------------------------------------------ changing */

static const struct sql place_insert = {
    "place_insert",
    "insert into place (kind, name, craftsman, vendor, receives, created_at) "
    "values ($1, $2, $3, $4, $5, $6) returning id",
    NULL};
static const struct sql place_update = {
    "place_update",
    "update place set kind = $3, name = $4, craftsman = $5, vendor = $6, receives = $7, "
    "version = version + 1 where id = $1 and version = $2",
    NULL};
static const struct sql stop_receiving = {
    "place_stop_receiving", "update place set receives = 0 where receives = 1 and id <> $1", NULL};
static const struct sql place_of_vendor = {"place_of_vendor",
                                           "select id from place where vendor = $1", NULL};
static const struct sql place_of_craftsman = {"place_of_craftsman",
                                              "select id from place where craftsman = $1", NULL};

static enum status unknown_place(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_place", "There is no such place.");
}

/* Whose it is, and that they have no other. */
static enum status owner_check(struct context *cx, struct custody_place *place) {
    struct craftsman craftsman;
    struct vendor vendor;
    if (!text_same(place->kind, "bench"))
        place->craftsman = NONE;
    if (!text_same(place->kind, "vendor"))
        place->vendor = NONE;
    if (place->craftsman != NONE) {
        if (!craftsman_load(cx, place->craftsman, &craftsman))
            return error_add(cx->errors, INVALID, "craftsman", "unknown_craftsman",
                             "There is no such craftsman.");
        int64_t other = db_int(cx->db, &place_of_craftsman, P(I(place->craftsman)));
        if (other != NONE && other != place->id)
            return error_add(cx->errors, CONFLICT, "craftsman", "has_one",
                             "%s has a bench already.", craftsman.name);
        if (text_empty(place->name))
            place->name = craftsman.name;
    }
    if (text_same(place->kind, "vendor")) {
        if (place->vendor == NONE || !vendor_load(cx, place->vendor, &vendor))
            return error_add(cx->errors, INVALID, "vendor", "unknown_vendor",
                             "Choose one of the vendors.");
        int64_t other = db_int(cx->db, &place_of_vendor, P(I(place->vendor)));
        if (other != NONE && other != place->id)
            return error_add(cx->errors, CONFLICT, "vendor", "has_one",
                             "%s is among the places already.", vendor.name);
        place->name = vendor.name;
    }
    return OK;
}

enum status place_save(struct context *cx, struct custody_place *place) {
    struct custody_place before;
    bool is_new = place->id == NONE;
    if (record_check(&place_record, place, cx->errors) != OK)
        return INVALID;
    if (!is_new && !place_load(cx, place->id, &before))
        return unknown_place(cx);
    if ((is_new || place->id != PLACE_CUSTOMER) && text_same(place->kind, "customer"))
        return error_add(cx->errors, INVALID, "kind", "one_customer",
                         "The customer is a place already.");
    if (place->id == PLACE_CUSTOMER)
        place->kind = "customer";
    if (owner_check(cx, place) != OK)
        return cx->errors->status;
    if (text_empty(place->name))
        return error_add(cx->errors, INVALID, "name", "required", "A place needs a name.");
    if (place->receives == 1 && !place_in_house(place))
        return error_add(cx->errors, INVALID, "receives", "not_in_house",
                         "What is brought in must go to a place in the house.");
    if (!is_new && before.receives == 1 && place->receives != 1)
        return error_add(cx->errors, INVALID, "receives", "needs_another",
                         "Say of another place that what is brought in goes there.");
    if (place->receives == 1)
        db_run(cx->db, &stop_receiving, P(I(is_new ? 0 : place->id)));
    if (is_new) {
        place->id = db_insert(cx->db, &place_insert,
                              P(T(place->kind), T(place->name), I(place->craftsman),
                                I(place->vendor), I(place->receives), I(cx->now)));
        audit_add(cx, "made", "place", place->id, place->name);
    } else {
        if (db_run(cx->db, &place_update,
                   P(I(place->id), I(place->version), T(place->kind), T(place->name),
                     I(place->craftsman), I(place->vendor), I(place->receives))) == 0)
            return record_changed(&place_record, place, &before, context_reader(cx), cx->errors,
                                  before.name);
        audit_edit(cx, "edited", "place", place->id, &place_record, &before, place);
    }
    return OK;
}

static const struct sql place_archived_set = {
    "place_archived_set", "update place set archived_at = $2, version = version + 1 where id = $1",
    NULL};

enum status place_archive(struct context *cx, int64_t id, bool archived) {
    struct custody_place place;
    if (!place_load(cx, id, &place))
        return unknown_place(cx);
    if (archived && id == PLACE_CUSTOMER)
        return error_add(cx->errors, CONFLICT, NULL, "customer_stays",
                         "What is collected goes to the customer: this place stays.");
    if (archived && place.receives == 1)
        return error_add(cx->errors, CONFLICT, NULL, "receives",
                         "What is brought in goes to %s. Say of another place that it does first.",
                         place.name);
    if (archived && place.held > 0)
        return error_add(cx->errors, CONFLICT, NULL, "not_empty",
                         "%s is not empty (%ld). Move what stands there first.", place.name,
                         (long)place.held);
    db_run(cx->db, &place_archived_set, P(I(id), I(archived ? cx->now : NONE)));
    audit_add(cx, archived ? "archived" : "brought back", "place", id, place.name);
    return OK;
}

/* ------------------------------------------------------------------ choosing */

static enum status place_made(struct context *cx, const struct sql *find, int64_t owner,
                              const char *kind, struct custody_place *place) {
    int64_t id = db_int(cx->db, find, P(I(owner)));
    if (id != NONE) {
        if (!place_load(cx, id, place))
            return unknown_place(cx);
        return place->archived_at == NONE ? OK : place_archive(cx, id, false);
    }
    struct custody_place made;
    record_clear(&place_record, &made);
    made.kind = kind;
    made.name = "";
    if (text_same(kind, "vendor"))
        made.vendor = owner;
    else
        made.craftsman = owner;
    enum status status = place_save(cx, &made);
    return status == OK && !place_load(cx, made.id, place) ? FAILED : status;
}

enum status place_chosen(struct context *cx, const char *choice, struct custody_place *place) {
    const char *digits = choice == NULL ? "" : choice + (*choice == 'v' || *choice == 'c');
    char *end;
    int64_t id = strtoll(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end != '\0' || id <= 0)
        return error_add(cx->errors, INVALID, "to",
                         text_empty(choice) ? "required" : "unknown_place", "Say where it goes.");
    if (*choice == 'v')
        return place_made(cx, &place_of_vendor, id, "vendor", place);
    if (*choice == 'c')
        return place_made(cx, &place_of_craftsman, id, "bench", place);
    if (!place_load(cx, id, place))
        return error_add(cx->errors, INVALID, "to", "unknown_place", "There is no such place.");
    if (place->archived_at != NONE)
        return error_add(cx->errors, CONFLICT, "to", "archived_place",
                         "%s is archived. Bring it back before anything goes there.", place->name);
    return OK;
}
