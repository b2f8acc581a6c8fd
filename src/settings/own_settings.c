/* Locations, how numbers are written, and the shop's colours. */
#include "settings/own_settings.h"

#include "accounts/permission.h"
#include "base/text.h"
#include "base/url.h"
#include "http/assets.h"
#include "settings.own_settings.html.h"

#include <stdlib.h>
#include <string.h>

static void page_show(struct view *v, const char *title, const char *crumb, const char *crumb_url,
                      void (*body)(struct view *v, const void *model), const void *model) {
    view_page(v, &(struct page){.title = title,
                                .nav = "settings",
                                .crumb = crumb,
                                .crumb_url = crumb_url,
                                .body = body,
                                .model = model});
}

/* ------------------------------------------------------------------ locations */

static const struct field list_fields[] = {
    FIELD_ROWS(struct locations_page, locations, count, &location_record),
    FIELD_ROWS(struct locations_page, places, place_count, &staff_place_record),
};
static const struct record list_record = RECORD("Locations", struct locations_page, list_fields);

static const struct field entry_fields[] = {
    FIELD(struct location_entry, name, FIELD_TEXT, .label = "Name", .max = 120,
          .flags = FIELD_REQUIRED),
    FIELD(struct location_entry, kind, FIELD_CODE, .label = "Kind", .words = &location_kinds),
    FIELD(struct location_entry, address, FIELD_LONG, .label = "Address", .max = 500),
    FIELD(struct location_entry, phone, FIELD_PHONE, .label = "Phone"),
    FIELD(struct location_entry, own_hours, FIELD_FLAG, .label = "Opens at hours of its own"),
    FIELD(struct location_entry, version, FIELD_INT, .max = INT64_MAX),
    FIELD_ROWS(struct location_entry, days, count, &week_day_record, .label = "Days", .max = 7),
};
static const struct record entry_record =
    RECORD("LocationEntry", struct location_entry, entry_fields);

static void locations_html(struct view *v, const void *model) {
    page_show(v, view_t(v, "Locations"), view_t(v, "Settings"), "/settings", location_list_html,
              model);
}
static const struct presentation list_as = {&list_record, locations_html};

static void location_html(struct view *v, const void *model) {
    const struct location_page *page = model;
    page_show(v, page->location.id == NONE ? view_t(v, "New location") : page->location.name,
              view_t(v, "Locations"), "/settings/locations", location_form_html, model);
}

static const struct presentation location_as = {&location_record, NULL};

static enum status locations_show(struct request *r) {
    struct locations_page page = {0};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    page.count = location_list(cx, &page.locations);
    page.place_count = staff_place_list(cx, &page.places);
    page.several = location_words(cx, NONE, &page.words);
    return answer(r, &list_as, &page);
}

static void fill_days(struct context *cx, int64_t location, struct location_entry *entry) {
    struct opening *openings;
    int64_t count = location_openings(cx, location, &openings);
    entry->count = 7;
    entry->days = ARENA_ARRAY(cx->arena, struct week_day, 7);
    for (int64_t i = 0; i < 7; i++)
        entry->days[i] = (struct week_day){i, 0, NONE, NONE};
    for (int64_t i = 0; i < count; i++)
        entry->days[openings[i].weekday] =
            (struct week_day){openings[i].weekday, 1, openings[i].opens, openings[i].closes};
}

static enum status show_location(struct request *r) {
    int64_t id = request_id(r, "id");
    struct location_page page = {.location.id = NONE};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    record_clear(&entry_record, &page.entry);
    page.entry.kind = "store";
    if (id != NONE && !location_load(cx, id, &page.location))
        return fail(r, MISSING, "unknown_location", "There is no such location.");
    if (id != NONE)
        page.entry = (struct location_entry){.name = page.location.name,
                                             .kind = page.location.kind,
                                             .address = page.location.address,
                                             .phone = page.location.phone,
                                             .own_hours = page.location.own_hours,
                                             .version = page.location.version};
    fill_days(cx, id, &page.entry);
    page.form = request_form(r, &entry_record, &page.entry);
    if (r->json)
        return answer(r, &location_as, &page.location);
    return answer(r, &(struct presentation){NULL, location_html}, &page);
}

struct location_write {
    int64_t id;
    const struct location_entry *entry;
};

static void outcome_of_location(struct context *cx, int64_t id, int status, const char *flash) {
    struct location saved;
    location_load(cx, id, &saved);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = "/settings/locations",
                                          .flash = arena_printf(cx->arena, flash, saved.name),
                                          .record = &location_record,
                                          .model = &saved});
}

static enum status save_location(struct context *cx, void *arg) {
    const struct location_write *write = arg;
    const struct location_entry *entry = write->entry;
    struct location location = {.id = write->id,
                                .name = entry->name,
                                .kind = entry->kind,
                                .address = entry->address,
                                .phone = entry->phone,
                                .own_hours = entry->own_hours,
                                .archived_at = NONE,
                                .created_at = NONE,
                                .version = entry->version};
    struct opening openings[7];
    int64_t count = 0;
    for (int64_t i = 0; i < entry->count && i < 7; i++)
        if (entry->days[i].open == 1)
            openings[count++] = (struct opening){entry->days[i].weekday, entry->days[i].opens,
                                                 entry->days[i].closes};
    enum status status = location_save(cx, &location, openings, count);
    if (status == OK)
        outcome_of_location(cx, location.id, write->id == NONE ? 201 : 200, "%s saved.");
    return status;
}

static enum status location_post(struct request *r) {
    return request_write(r, save_location, &(struct location_write){request_id(r, "id"), r->input});
}

static enum status archive(struct context *cx, void *arg) {
    int64_t id = *(int64_t *)arg;
    enum status status = location_archive(cx, id, true);
    if (status != OK)
        return status;
    struct location saved;
    location_load(cx, id, &saved);
    context_outcome(
        cx, &(struct outcome){
                .status = 200,
                .location = "/settings/locations",
                .flash = arena_printf(cx->arena, "%s archived.", saved.name),
                .undo = arena_printf(cx->arena, "/settings/locations/%ld/restore", (long)id),
                .record = &location_record,
                .model = &saved});
    return OK;
}

static enum status restore(struct context *cx, void *arg) {
    int64_t id = *(int64_t *)arg;
    enum status status = location_archive(cx, id, false);
    if (status == OK)
        outcome_of_location(cx, id, 200, "%s is back.");
    return status;
}

static enum status make_main(struct context *cx, void *arg) {
    int64_t id = *(int64_t *)arg;
    enum status status = location_make_main(cx, id);
    if (status == OK)
        outcome_of_location(cx, id, 200, "%s is the main location now.");
    return status;
}

static enum status archive_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, archive, &id);
}

static enum status restore_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, restore, &id);
}

static enum status main_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, make_main, &id);
}

struct places_entry {
    struct staff_place *places;
    int64_t count;
};
static const struct field places_fields[] = {
    FIELD_ROWS(struct places_entry, places, count, &staff_place_record, .label = "Staff",
               .max = 500),
};
static const struct record places_record =
    RECORD("StaffPlaces", struct places_entry, places_fields);

static enum status save_places(struct context *cx, void *arg) {
    const struct places_entry *entry = arg;
    enum status status = staff_places_save(cx, entry->places, entry->count);
    if (status != OK)
        return status;
    struct locations_page saved = {0};
    saved.count = location_list(cx, &saved.locations);
    saved.place_count = staff_place_list(cx, &saved.places);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/locations",
                                          .flash = "Saved.",
                                          .record = &list_record,
                                          .model = &saved});
    return OK;
}

static enum status places_post(struct request *r) {
    return request_write(r, save_places, r->input);
}

/* ------------------------------------------------------------------ numbers */

static const struct field numbers_fields[] = {
    FIELD_ROWS(struct numbers_page, rows, count, &numbering_record, .label = "Series", .max = 4),
};
static const struct record numbers_record =
    RECORD("NumberingList", struct numbers_page, numbers_fields);

static void numbers_html(struct view *v, const void *model) {
    page_show(v, view_t(v, "Numbers"), view_t(v, "Settings"), "/settings", number_settings_html,
              model);
}
static const struct presentation numbers_as = {&numbers_record, numbers_html};

static enum status numbers_show(struct request *r) {
    struct numbers_page page = {0};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    page.count = numbering_list(cx, &page.rows);
    page.form = request_form(r, &numbers_record, &page);
    return answer(r, &numbers_as, &page);
}

static enum status save_numbers(struct context *cx, void *arg) {
    const struct numbers_page *entry = arg;
    enum status status = numbering_save(cx, entry->rows, entry->count);
    if (status != OK)
        return status;
    struct numbers_page saved = {0};
    saved.count = numbering_list(cx, &saved.rows);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/numbers",
                                          .flash = "Numbers saved.",
                                          .record = &numbers_record,
                                          .model = &saved});
    return OK;
}

static enum status numbers_post(struct request *r) {
    enum status status = request_write(r, save_numbers, r->input);
    if (status == OK)
        shop_changed(r->cx.store);
    return status;
}

/* ------------------------------------------------------------------ colours */

static const struct field colours_fields[] = {
    FIELD(struct colours, brand, FIELD_TEXT, .label = "Buttons and links", .max = 7),
    FIELD(struct colours, shell, FIELD_TEXT, .label = "Navigation", .max = 7),
    FIELD(struct colours, accent, FIELD_TEXT, .label = "Marks and progress", .max = 7),
};
static const struct record colours_record = RECORD("Colours", struct colours, colours_fields);

static void colours_html(struct view *v, const void *model) {
    page_show(v, view_t(v, "Colours"), view_t(v, "Settings"), "/settings", colour_settings_html,
              model);
}

static const char *or_own(const char *colour, const char *own) {
    return text_empty(colour) ? own : colour;
}

static struct brand brand_of(const struct colours *colours) {
    const struct brand own = BRAND_OWN;
    return (struct brand){or_own(colours->brand, own.brand), or_own(colours->shell, own.shell),
                          or_own(colours->accent, own.accent)};
}

static enum status show_colours(struct request *r, const struct colours *typed) {
    struct shop shop;
    struct colours_page page = {.is_own = 0};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!shop_load(cx, &shop))
        return fail(r, MISSING, "not_set_up", "The shop is not set up yet.");
    struct colours kept = {shop.brand, shop.shell, shop.accent};
    page.is_own = shop.brand == NULL;
    bool asked = typed != NULL && typed->brand != NULL;
    struct brand shown = brand_of(asked ? typed : &kept);
    page.colours = (struct colours){shown.brand, shown.shell, shown.accent};
    page.form = request_form(r, &colours_record, &page.colours);
    page.preview = url_with(
        cx->arena, "/settings/colours/preview.css",
        (const char *[]){"brand", shown.brand, "shell", shown.shell, "accent", shown.accent, NULL});
    if (asked && page.form.get == NULL) { /* a preview says beforehand what saving would refuse */
        struct errors *own = ARENA_NEW(cx->arena, struct errors);
        *own = (struct errors){.arena = cx->arena};
        brand_check(&shown, own);
        page.form.errors = own;
    }
    if (r->json)
        return answer(r, &(struct presentation){&colours_record, NULL}, &page.colours);
    return answer(r, &(struct presentation){NULL, colours_html}, &page);
}

static enum status colours_show(struct request *r) {
    return show_colours(r, r->input);
}

static enum status colours_again(struct request *r) {
    return show_colours(r, r->input);
}

static enum status save_colours(struct context *cx, void *arg) {
    const struct colours *given = arg;
    struct brand brand = brand_of(given);
    enum status status = shop_set_brand(cx, &brand);
    if (status != OK)
        return status;
    struct colours saved = {brand.brand, brand.shell, brand.accent};
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/colours",
                                          .flash = "Colours saved.",
                                          .record = &colours_record,
                                          .model = &saved});
    return OK;
}

static enum status colours_post(struct request *r) {
    enum status status = request_write(r, save_colours, r->input);
    if (status == OK)
        shop_changed(r->cx.store);
    return status;
}

static enum status colours_reset(struct request *r) {
    struct colours none = {0};
    enum status status = request_write(r, save_colours, &none);
    if (status == OK)
        shop_changed(r->cx.store);
    return status;
}

static enum status answer_css(struct request *r, const char *css) {
    struct buf out = {0};
    buf_text(&out, css);
    return answer_bytes(r, "text/css; charset=utf-8", NULL, &out);
}

/* The present ones, for every page: its address changes with them, so it is kept for long. */
static enum status brand_show(struct request *r) {
    struct shop shop;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!shop_load(cx, &shop) || shop.brand == NULL)
        return fail(r, MISSING, "no_colours", "The shop has no colours of its own.");
    enum status status = answer_css(
        r, brand_css(&(struct brand){shop.brand, shop.shell, shop.accent}, "", r->cx.arena));
    answer_header(r, "Cache-Control", "public, max-age=31536000, immutable");
    return status;
}

/* What a browser needs to put the shop among its apps: https://www.w3.org/TR/appmanifest/ */
static enum status manifest_show(struct request *r) {
    struct shop shop;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    bool set_up = shop_load(cx, &shop);
    const char *shell = set_up && shop.shell != NULL ? shop.shell : "#0f2f28";
    json_t *icons = json_array();
    static const char *const files[][3] = {{"mark.svg", "any", "image/svg+xml"},
                                           {"icon-192.png", "192x192", "image/png"},
                                           {"icon-512.png", "512x512", "image/png"}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        json_array_append_new(icons, json_pack("{s:s, s:s, s:s, s:s}", "src",
                                               arena_printf(cx->arena, "/static/%s/img/%s",
                                                            asset_version(), files[i][0]),
                                               "sizes", files[i][1], "type", files[i][2], "purpose",
                                               i == 0 ? "any" : "any maskable"));
    json_t *manifest = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "id", "/", "name",
                                 set_up ? shop.name : "Benchpin", "short_name", "Benchpin",
                                 "start_url", "/", "display", "standalone", "background_color",
                                 "#efebe2", "theme_color", shell, "icons", icons);
    char *text = json_dumps(manifest, JSON_COMPACT);
    struct buf out = {0};
    buf_text(&out, text);
    free(text);
    json_decref(manifest);
    return answer_bytes(r, "application/manifest+json", NULL, &out);
}

/* Nothing but colours comes through: whatever else stands in the query is refused. */
static enum status preview_show(struct request *r) {
    struct brand brand = brand_of(r->input);
    if (!brand_is_colour(brand.brand) || !brand_is_colour(brand.shell) ||
        !brand_is_colour(brand.accent))
        return fail(r, INVALID, "not_a_colour", "A colour is written like #17493d.");
    return answer_css(r, brand_css(&brand, ".brand-preview", r->cx.arena));
}

#define SETTINGS RIGHT(MAY_CHANGE_SETTINGS)

const struct route settings_own_routes[] = {
    {GET, "/settings/locations", SETTINGS, locations_show, .output = &list_as,
     .summary = "Stores and workshops, and who works where"},
    {GET, "/settings/locations/new", SETTINGS, show_location, .flags = ROUTE_PAGE},
    {POST, "/settings/locations", SETTINGS, location_post, &entry_record, .again = show_location,
     .output = &location_as, .summary = "Add a location"},
    {POST, "/settings/locations/staff", SETTINGS, places_post, &places_record,
     .again = locations_show, .output = &list_as, .summary = "Say who works where"},
    {GET, "/settings/locations/{id}", SETTINGS, show_location, .output = &location_as,
     .summary = "One location"},
    {POST, "/settings/locations/{id}", SETTINGS, location_post, &entry_record,
     .again = show_location, .output = &location_as, .summary = "Change a location"},
    {POST, "/settings/locations/{id}/archive", SETTINGS, archive_post, .output = &location_as,
     .summary = "Archive a location"},
    {POST, "/settings/locations/{id}/restore", SETTINGS, restore_post, .output = &location_as,
     .summary = "Bring a location back"},
    {POST, "/settings/locations/{id}/main", SETTINGS, main_post, .output = &location_as,
     .summary = "Make a location the main one"},
    {GET, "/settings/numbers", SETTINGS, numbers_show, .output = &numbers_as,
     .summary = "How numbers are written, and which come next"},
    {POST, "/settings/numbers", SETTINGS, numbers_post, &numbers_record, .again = numbers_show,
     .output = &numbers_as, .summary = "Change how numbers are written"},
    {GET, "/settings/colours", SETTINGS, colours_show, &colours_record,
     .summary = "The shop's colours"},
    {POST, "/settings/colours", SETTINGS, colours_post, &colours_record, .again = colours_again,
     .summary = "Change the shop's colours"},
    {POST, "/settings/colours/reset", SETTINGS, colours_reset, .summary = "Benchpin's own colours"},
    {GET, "/settings/colours/preview.css", SETTINGS, preview_show, &colours_record,
     .flags = ROUTE_PAGE},
    {GET, "/brand.css", RIGHT_PUBLIC, brand_show, .flags = ROUTE_PAGE},
    {GET, "/manifest.webmanifest", RIGHT_PUBLIC, manifest_show, .flags = ROUTE_PAGE | ROUTE_SET_UP},
    {0},
};
