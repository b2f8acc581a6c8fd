/* Vendors: casters, setters, stone dealers. What is asked of them for a job is in purchasing/. */
#pragma once

#include "db/db.h"
#include "http/http.h"

struct vendor {
    int64_t id;
    const char *name, *email, *phone, *address, *supplies, *craft, *gem, *metal;
    int64_t lead_days, cutoff;
    const char *note;
    int64_t archived_at, version, created_at;
};
extern const struct record vendor_record;
bool vendor_load(struct context *cx, int64_t id, struct vendor *vendor);
int64_t vendor_list(struct context *cx, struct vendor **vendors); /* those not archived, by name */
/* The same a page at a time, after this name and id; or the archived ones. */
int64_t vendor_page(struct context *cx, bool archived, const char *after, int64_t after_id,
                    int64_t limit, struct vendor **vendors);
enum status vendor_save(struct context *cx, struct vendor *vendor);
enum status vendor_archive(struct context *cx, int64_t id, bool archived);
/* The first that takes over this craft, or supplies this gem or metal; false: none. */
bool vendor_for_craft(struct context *cx, const char *craft, struct vendor *vendor);
bool vendor_for_material(struct context *cx, const char *kind, const char *gem, const char *metal,
                         struct vendor *vendor);

extern const struct route vendor_routes[];
