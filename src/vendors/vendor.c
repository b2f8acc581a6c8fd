#include "vendors/vendor.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "trade/alloy.h"
#include "trade/stone.h"
#include "trade/words.h"

static const struct field vendor_fields[] = {
    FIELD(struct vendor, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct vendor, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED),
    FIELD(struct vendor, email, FIELD_EMAIL, .label = "E-mail"),
    FIELD(struct vendor, phone, FIELD_PHONE, .label = "Phone"),
    FIELD(struct vendor, address, FIELD_LONG, .label = "Address", .max = 500),
    FIELD(struct vendor, supplies, FIELD_TEXT, .label = "Supplies"),
    FIELD(struct vendor, craft, FIELD_CODE, .label = "Takes over", .words = &crafts),
    FIELD(struct vendor, gem, FIELD_CODE, .label = "Gem", .words = &gems),
    FIELD(struct vendor, metal, FIELD_CODE, .label = "Metal", .words = &metals),
    FIELD(struct vendor, lead_days, FIELD_INT, .label = "Takes, working days", .max = 365),
    FIELD(struct vendor, cutoff, FIELD_MINUTES, .label = "In by, to count as the same day",
          .max = 1439),
    FIELD(struct vendor, note, FIELD_LONG, .label = "Note", .max = 4000),
    FIELD(struct vendor, archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct vendor, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct vendor, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record vendor_record = RECORD("Vendor", struct vendor, vendor_fields);

#define VENDOR                                                                                     \
    "select id, name, email, phone, address, supplies, craft, gem, metal, lead_days, cutoff, "     \
    "note, archived_at, version, created_at from vendor "
static const struct sql vendor_by_id = {"vendor_by_id", VENDOR "where id = $1", NULL};
static const struct sql vendors_live = {"vendors_live",
                                        VENDOR "where archived_at is null order by name, id", NULL};
static const struct sql vendor_of_craft = {
    "vendor_of_craft", VENDOR "where craft = $1 and archived_at is null order by id limit 1", NULL};
/* Who names the gem or the metal goes before who supplies any. */
static const struct sql vendor_of_stone = {
    "vendor_of_stone",
    VENDOR "where archived_at is null and metal is null and craft is null "
           "and (gem = $1 or gem is null) order by case when gem is null then 1 else 0 end, id "
           "limit 1",
    NULL};
static const struct sql vendor_of_metal = {
    "vendor_of_metal", VENDOR "where archived_at is null and metal = $1 order by id limit 1", NULL};
static const struct sql vendor_insert = {
    "vendor_insert",
    "insert into vendor (name, email, phone, address, supplies, craft, gem, metal, lead_days, "
    "cutoff, note, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
    "returning id",
    NULL};
static const struct sql vendor_update = {
    "vendor_update",
    "update vendor set name = $1, email = $2, phone = $3, address = $4, supplies = $5, craft = $6, "
    "gem = $7, metal = $8, lead_days = $9, cutoff = $10, note = $11, version = version + 1 "
    "where id = $12 and version = $13",
    NULL};
static const struct sql vendor_set_archived = {
    "vendor_set_archived",
    "update vendor set archived_at = $2, version = version + 1 where id = $1", NULL};

static const struct sql vendors_page = {
    "vendors_page",
    VENDOR "where archived_at is null and (name, id) > ($1, $2) order by name, id limit $3", NULL};
static const struct sql vendors_archived = {
    "vendors_archived",
    VENDOR "where archived_at is not null and (name, id) > ($1, $2) order by name, id limit $3",
    NULL};

bool vendor_load(struct context *cx, int64_t id, struct vendor *vendor) {
    return db_record(cx->db, &vendor_by_id, P(I(id)), &vendor_record, vendor);
}

int64_t vendor_list(struct context *cx, struct vendor **vendors) {
    return DB_RECORDS(cx->db, &vendors_live, P0, &vendor_record, vendors);
}

int64_t vendor_page(struct context *cx, bool archived, const char *after, int64_t after_id,
                    int64_t limit, struct vendor **vendors) {
    return DB_RECORDS(
        cx->db, archived ? &vendors_archived : &vendors_page,
        P(T(after == NULL ? "" : after), I(after_id == NONE ? 0 : after_id), I(limit)),
        &vendor_record, vendors);
}

bool vendor_for_craft(struct context *cx, const char *craft, struct vendor *vendor) {
    return db_record(cx->db, &vendor_of_craft, P(T(craft)), &vendor_record, vendor);
}

bool vendor_for_material(struct context *cx, const char *kind, const char *gem, const char *metal,
                         struct vendor *vendor) {
    if (kind[0] == 'm')
        return db_record(cx->db, &vendor_of_metal, P(T(metal)), &vendor_record, vendor);
    return db_record(cx->db, &vendor_of_stone, P(T(gem)), &vendor_record, vendor);
}

enum status vendor_save(struct context *cx, struct vendor *vendor) {
    if (record_check(&vendor_record, vendor, cx->errors) != OK)
        return INVALID;
    bool is_new = vendor->id == NONE || vendor->id == 0;
    struct vendor before;
    if (!is_new && !vendor_load(cx, vendor->id, &before))
        return error_add(cx->errors, MISSING, NULL, "unknown_vendor", "There is no such vendor.");
    const struct param values[] = {T(vendor->name),
                                   T(vendor->email),
                                   T(vendor->phone),
                                   T(vendor->address),
                                   T(vendor->supplies),
                                   T(vendor->craft),
                                   T(vendor->gem),
                                   T(vendor->metal),
                                   I(vendor->lead_days == NONE ? 5 : vendor->lead_days),
                                   I(vendor->cutoff),
                                   T(vendor->note),
                                   I(is_new ? cx->now : vendor->id),
                                   I(vendor->version)};
    if (is_new)
        vendor->id = db_insert(cx->db, &vendor_insert, (struct params){values, 12});
    else if (db_run(cx->db, &vendor_update, (struct params){values, 13}) == 0)
        return record_changed(&vendor_record, vendor, &before, context_reader(cx), cx->errors,
                              vendor->name);
    if (is_new)
        audit_add(cx, "made", "vendor", vendor->id, vendor->name);
    else
        audit_edit(cx, "edited", "vendor", vendor->id, &vendor_record, &before, vendor);
    context_tell(cx, "vendor", vendor->id);
    return OK;
}

enum status vendor_archive(struct context *cx, int64_t id, bool archived) {
    if (db_run(cx->db, &vendor_set_archived, P(I(id), I(archived ? cx->now : NONE))) == 0)
        return error_add(cx->errors, MISSING, NULL, "unknown_vendor", "There is no such vendor.");
    audit_add(cx, archived ? "archived" : "restored", "vendor", id, NULL);
    return OK;
}
