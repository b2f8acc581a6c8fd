/* The shop's own settings: profile and terms, opening days, taxes, logo. */
#include "settings/shop_settings.h"

#include "accounts/account.h"
#include "accounts/edit.h"
#include "base/text.h"
#include "media/files.h"
#include "media/media.h"
#include "settings.shop_settings.html.h"

#include <stdlib.h>
#include <string.h>

static struct page page_of(struct view *v, const char *title) {
    return (struct page){.title = view_t(v, title),
                         .nav = "settings",
                         .crumb = view_t(v, "Settings"),
                         .crumb_url = "/settings"};
}

/* ------------------------------------------------------------------ the first page */

static const struct field missing_fields[] = {
    FIELD(struct missing, sentence, FIELD_TEXT),
    FIELD(struct missing, url, FIELD_TEXT),
};
static const struct record missing_record = RECORD("Missing", struct missing, missing_fields);
static const struct field hub_fields[] = {
    FIELD_ROWS(struct settings_hub, missing, missing_count, &missing_record),
};
static const struct record hub_record = RECORD("SettingsMissing", struct settings_hub, hub_fields);

static void hub_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Settings"),
                                .nav = "settings",
                                .body = settings_hub_html,
                                .model = model});
}
static const struct presentation hub_as = {&hub_record, hub_html};

static enum status hub_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct settings_hub hub = {0};
    hub.missing_count = shop_missing(cx, &hub.missing);
    return answer(r, &hub_as, &hub);
}

/* ------------------------------------------------------------------ profile and terms */

static void shop_html(struct view *v, const void *model) {
    struct page page = page_of(v, "Shop and terms");
    page.body = shop_settings_html;
    page.model = model;
    view_page(v, &page);
}
static const struct presentation shop_as = {&shop_record, shop_html};

static enum status shop_show(struct request *r) {
    struct shop_page page;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!shop_load(cx, &page.shop))
        return fail(r, MISSING, "not_set_up", "The shop is not set up yet.");
    struct shop typed =
        r->method == POST && r->input != NULL ? *(struct shop *)r->input : page.shop;
    page.form = edit_form(r, &shop_record, &typed, &page.shop,
                          &(struct edited){"shop", 1, "/settings/shop"});
    page.shop.version = typed.version;
    return answer(r, &shop_as, &page);
}

/* Under a refused form the fields show what was typed; logo, currency and version are the shop's.
 */
static enum status shop_again(struct request *r) {
    return shop_show(r);
}

static enum status save_shop(struct context *cx, void *arg) {
    const struct shop *given = arg;
    enum status status = shop_save(cx, given);
    if (status != OK)
        return status;
    struct shop saved;
    shop_load(cx, &saved);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/shop",
                                          .flash = "Settings saved.",
                                          .record = &shop_record,
                                          .model = &saved});
    return OK;
}

static enum status shop_post(struct request *r) {
    struct shop shop = *(struct shop *)r->input;
    enum status status = request_write(r, save_shop, &shop);
    if (status == OK)
        shop_changed(r->cx.store);
    return status;
}

/* ------------------------------------------------------------------ opening days */

static const struct field week_day_fields[] = {
    FIELD(struct week_day, weekday, FIELD_INT, .max = 6, .flags = FIELD_REQUIRED),
    FIELD(struct week_day, open, FIELD_FLAG, .label = "Open"),
    FIELD(struct week_day, opens, FIELD_MINUTES, .label = "Opens at", .max = 1439),
    FIELD(struct week_day, closes, FIELD_MINUTES, .label = "Closes at", .max = 1440),
};
const struct record week_day_record = RECORD("WeekDay", struct week_day, week_day_fields);
static const struct field week_fields[] = {
    FIELD_ROWS(struct week, days, count, &week_day_record, .label = "Days", .max = 7),
};
static const struct record week_record = RECORD("Week", struct week, week_fields);

static const struct field closing_fields[] = {
    FIELD(struct closing, day, FIELD_DAY, .label = "Day", .flags = FIELD_REQUIRED),
    FIELD(struct closing, to, FIELD_DAY, .label = "Last day, if there are several"),
    FIELD(struct closing, reason, FIELD_TEXT, .label = "Reason", .max = 120),
};
static const struct record closing_record = RECORD("Closing", struct closing, closing_fields);

struct openings {
    struct week_day *days;
    int64_t count;
    struct closure_day *closures;
    int64_t closure_count;
    struct special_day *specials;
    int64_t special_count;
};
static const struct field openings_fields[] = {
    FIELD_ROWS(struct openings, days, count, &week_day_record),
    FIELD_ROWS(struct openings, closures, closure_count, &closure_day_record),
    FIELD_ROWS(struct openings, specials, special_count, &special_day_record),
};
static const struct record openings_record = RECORD("Openings", struct openings, openings_fields);
_Static_assert(offsetof(struct opening_page, week.days) == offsetof(struct openings, days) &&
                   offsetof(struct opening_page, closures) == offsetof(struct openings, closures),
               "the page's model begins as the record's");

const char *weekday_name(int64_t weekday) {
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return weekday >= 0 && weekday < 7 ? names[weekday] : "";
}

static void opening_html(struct view *v, const void *model) {
    struct page page = page_of(v, "Opening days");
    page.body = opening_settings_html;
    page.model = model;
    view_page(v, &page);
}
static const struct presentation opening_as = {&openings_record, opening_html};

/* Which of the two forms is shown as it was typed. */
enum opening_form { NEITHER, THE_WEEK, THE_CLOSING, THE_SPECIAL };

struct holiday_year {
    int64_t year;
};
static const struct field year_fields[] = {
    FIELD(struct holiday_year, year, FIELD_INT, .label = "Year", .min = 1970, .max = 2199),
};
static const struct record year_record = RECORD("HolidayYear", struct holiday_year, year_fields);

static void fill_ranges(struct context *cx, struct opening_page *page) {
    page->ranges = ARENA_ARRAY(cx->arena, struct closed_range, (size_t)page->closure_count + 1);
    int64_t last = 0, number = 0;
    for (int64_t i = 0; i < page->closure_count; i++) {
        const struct closure_day *closed = &page->closures[i];
        struct closed_range *range =
            page->range_count > 0 ? &page->ranges[page->range_count - 1] : NULL;
        day_parse(closed->day, &number);
        if (range != NULL && number == last + 1 && text_same(range->reason, closed->reason))
            range->to = closed->day;
        else
            page->ranges[page->range_count++] =
                (struct closed_range){closed->day, closed->day, closed->reason};
        last = number;
    }
}

static bool is_closed(const struct opening_page *page, const char *day) {
    for (int64_t i = 0; i < page->closure_count; i++)
        if (text_same(page->closures[i].day, day))
            return true;
    return false;
}

/* The country's holidays of the year that are still to come. */
static void fill_offers(struct context *cx, const char *today, struct opening_page *page) {
    struct holiday *holidays;
    int64_t count = holidays_of(cx->locale->country, page->year, cx->arena, &holidays), number;
    const struct country *country = country_find(cx->locale->country);
    page->country = country == NULL ? cx->locale->country : country->name;
    page->source = holiday_source(cx->locale->country);
    page->note = holiday_note(cx->locale->country);
    page->offers = ARENA_ARRAY(cx->arena, struct holiday_offer, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        if (strcmp(holidays[i].day, today) >= 0 && day_parse(holidays[i].day, &number))
            page->offers[page->offer_count++] =
                (struct holiday_offer){holidays[i], is_closed(page, holidays[i].day),
                                       page->week.days[day_weekday(number)].open != 1};
}

static enum status show_opening(struct request *r, enum opening_form typed, int64_t year) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct opening_page page = {.week.count = 7};
    page.week.days = ARENA_ARRAY(cx->arena, struct week_day, 7);
    for (int64_t i = 0; i < 7; i++)
        page.week.days[i] = (struct week_day){i, 0, NONE, NONE};
    struct opening *openings;
    int64_t count = shop_openings(cx, &openings);
    for (int64_t i = 0; i < count; i++)
        page.week.days[openings[i].weekday] =
            (struct week_day){openings[i].weekday, 1, openings[i].opens, openings[i].closes};
    const char *today = day_today(cx->locale->zone, cx->arena);
    page.closure_count = shop_closure_days(cx, today, &page.closures);
    page.special_count = shop_special_days(cx, today, &page.specials);
    page.year = year != NONE ? year : civil_at(cx->locale->zone, cx->now).year;
    fill_ranges(cx, &page);
    fill_offers(cx, today, &page);
    if (page.offer_count == 0 && year == NONE) { /* December: the coming year's */
        page.year++;
        fill_offers(cx, today, &page);
    }
    struct closing blank = {0};
    struct special_day special = {.opens = NONE, .closes = NONE};
    page.week_form = typed == THE_WEEK ? request_form(r, &week_record, &page.week)
                                       : (struct form){.record = &week_record};
    page.closing_form = typed == THE_CLOSING
                            ? request_form(r, &closing_record, &blank)
                            : (struct form){.record = &closing_record, .values = &blank};
    page.special_form = typed == THE_SPECIAL
                            ? request_form(r, &special_day_record, &special)
                            : (struct form){.record = &special_day_record, .values = &special};
    return answer(r, &opening_as, &page);
}

static enum status opening_show(struct request *r) {
    return show_opening(r, NEITHER, ((const struct holiday_year *)r->input)->year);
}

static enum status week_again(struct request *r) {
    return show_opening(r, THE_WEEK, NONE);
}

static enum status closing_again(struct request *r) {
    return show_opening(r, THE_CLOSING, NONE);
}

static enum status special_again(struct request *r) {
    return show_opening(r, THE_SPECIAL, NONE);
}

static enum status holidays_again(struct request *r) {
    return show_opening(r, NEITHER, NONE);
}

static const struct field offer_fields[] = {
    FIELD(struct holiday, day, FIELD_DAY),
    FIELD(struct holiday, name, FIELD_TEXT),
    FIELD(struct holiday, region, FIELD_TEXT),
};
static const struct record offer_record = RECORD("Holiday", struct holiday, offer_fields);
struct offers {
    const char *country, *source, *note;
    struct holiday *holidays;
    int64_t count;
};
static const struct field offers_fields[] = {
    FIELD(struct offers, country, FIELD_TEXT),
    FIELD(struct offers, source, FIELD_TEXT),
    FIELD(struct offers, note, FIELD_TEXT),
    FIELD_ROWS(struct offers, holidays, count, &offer_record),
};
static const struct record offers_record = RECORD("Holidays", struct offers, offers_fields);
static const struct presentation offers_as = {&offers_record, NULL};

static enum status holidays_show(struct request *r) {
    const struct holiday_year *query = r->input;
    struct context *cx = &r->cx;
    const char *country = cx->locale->country;
    int64_t year = query->year != NONE ? query->year : civil_at(cx->locale->zone, cx->now).year;
    struct offers offers = {country, holiday_source(country), holiday_note(country), NULL, 0};
    offers.count = holidays_of(country, year, cx->arena, &offers.holidays);
    return answer(r, &offers_as, &offers);
}

static void outcome_of_opening(struct context *cx, const char *flash) {
    struct openings saved = {.count = 0};
    struct opening *openings;
    saved.count = shop_openings(cx, &openings);
    saved.days = ARENA_ARRAY(cx->arena, struct week_day, 7);
    for (int64_t i = 0; i < saved.count; i++)
        saved.days[i] =
            (struct week_day){openings[i].weekday, 1, openings[i].opens, openings[i].closes};
    const char *today = day_today(cx->locale->zone, cx->arena);
    saved.closure_count = shop_closure_days(cx, today, &saved.closures);
    saved.special_count = shop_special_days(cx, today, &saved.specials);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/opening",
                                          .flash = flash,
                                          .record = &openings_record,
                                          .model = &saved});
}

static enum status save_week(struct context *cx, void *arg) {
    const struct week *week = arg;
    struct opening openings[7];
    int64_t count = 0;
    for (int64_t i = 0; i < week->count && i < 7; i++)
        if (week->days[i].open == 1)
            openings[count++] =
                (struct opening){week->days[i].weekday, week->days[i].opens, week->days[i].closes};
    enum status status = shop_set_openings(cx, openings, count);
    if (status == OK)
        outcome_of_opening(cx, "Opening days saved.");
    return status;
}

static enum status week_post(struct request *r) {
    return request_write(r, save_week, r->input);
}

static enum status save_closing(struct context *cx, void *arg) {
    const struct closing *closing = arg;
    enum status status = shop_close(cx, closing->day, closing->to, closing->reason);
    if (status == OK)
        outcome_of_opening(cx, "Closed.");
    return status;
}

static enum status closing_post(struct request *r) {
    return request_write(r, save_closing, r->input);
}

struct reopening {
    const char *day, *to;
};
static const struct field reopening_fields[] = {
    FIELD(struct reopening, to, FIELD_DAY, .label = "Last day"),
};
static const struct record reopening_record =
    RECORD("Reopening", struct reopening, reopening_fields);

static enum status reopen(struct context *cx, void *arg) {
    const struct reopening *reopening = arg;
    enum status status = shop_reopen(cx, reopening->day, reopening->to);
    if (status == OK)
        outcome_of_opening(cx, "Open again.");
    return status;
}

static enum status reopen_post(struct request *r) {
    return request_write(
        r, reopen,
        &(struct reopening){request_text(r, "day"), ((const struct reopening *)r->input)->to});
}

static enum status save_special(struct context *cx, void *arg) {
    enum status status = shop_set_special(cx, arg);
    if (status == OK)
        outcome_of_opening(cx, "Hours of this day saved.");
    return status;
}

static enum status special_post(struct request *r) {
    return request_write(r, save_special, r->input);
}

static enum status drop_special(struct context *cx, void *arg) {
    enum status status = shop_drop_special(cx, arg);
    if (status == OK)
        outcome_of_opening(cx, "The day has its weekday's hours again.");
    return status;
}

static enum status special_delete_post(struct request *r) {
    return request_write(r, drop_special, (void *)(uintptr_t)request_text(r, "day"));
}

/* The days that were ticked, of a year's list. */
struct holiday_tick {
    const char *day;
    int64_t take;
};
static const struct field tick_fields[] = {
    FIELD(struct holiday_tick, day, FIELD_DAY, .label = "Day", .flags = FIELD_REQUIRED),
    FIELD(struct holiday_tick, take, FIELD_FLAG, .label = "Close"),
};
static const struct record tick_record = RECORD("HolidayTick", struct holiday_tick, tick_fields);
struct holiday_ticks {
    struct holiday_tick *days;
    int64_t count;
};
static const struct field ticks_fields[] = {
    FIELD_ROWS(struct holiday_ticks, days, count, &tick_record, .label = "Days", .max = 100),
};
static const struct record ticks_record =
    RECORD("HolidayTicks", struct holiday_ticks, ticks_fields);

static const char *holiday_name(struct context *cx, const char *day) {
    struct holiday *holidays;
    int64_t count = holidays_of(cx->locale->country, atoi(day), cx->arena, &holidays);
    for (int64_t i = 0; i < count; i++)
        if (text_same(holidays[i].day, day))
            return holidays[i].name;
    return NULL;
}

static enum status close_holidays(struct context *cx, void *arg) {
    const struct holiday_ticks *ticks = arg;
    struct closure_day *days = ARENA_ARRAY(cx->arena, struct closure_day, (size_t)ticks->count + 1);
    int64_t count = 0;
    for (int64_t i = 0; i < ticks->count; i++)
        if (ticks->days[i].take == 1)
            days[count++] =
                (struct closure_day){ticks->days[i].day, holiday_name(cx, ticks->days[i].day)};
    enum status status = shop_close_days(cx, days, count);
    if (status == OK)
        outcome_of_opening(cx, count == 1
                                   ? "1 day closed."
                                   : arena_printf(cx->arena, "%ld days closed.", (long)count));
    return status;
}

static enum status holidays_post(struct request *r) {
    return request_write(r, close_holidays, r->input);
}

/* ------------------------------------------------------------------ taxes */

struct tax_rows {
    struct tax *taxes;
    int64_t count;
};
static const struct field tax_rows_fields[] = {
    FIELD_ROWS(struct tax_rows, taxes, count, &tax_record),
};
static const struct record tax_rows_record = RECORD("TaxList", struct tax_rows, tax_rows_fields);

static void tax_html(struct view *v, const void *model) {
    struct page page = page_of(v, "Taxes");
    page.body = tax_settings_html;
    page.model = model;
    view_page(v, &page);
}
static const struct presentation taxes_as = {&tax_rows_record, tax_html};
static const struct presentation tax_as = {&tax_record, NULL};

static enum status taxes_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    int64_t id = request_id(r, "id");
    struct tax_page page = {.edited = id, .form = request_form(r, &tax_record, NULL)};
    page.count = tax_list(cx, &page.taxes);
    return answer(r, &taxes_as, &page);
}

static void outcome_of_tax(struct context *cx, int64_t id, int status, const char *flash) {
    struct tax saved;
    tax_load(cx, id, &saved);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = "/settings/taxes",
                                          .flash = flash,
                                          .record = &tax_record,
                                          .model = &saved});
}

static enum status save_tax(struct context *cx, void *arg) {
    struct tax tax = *(struct tax *)arg;
    bool is_new = tax.id == NONE;
    enum status status = tax_save(cx, &tax);
    if (status == OK)
        outcome_of_tax(cx, tax.id, is_new ? 201 : 200, "Tax saved.");
    return status;
}

static enum status tax_post(struct request *r) {
    struct tax tax = *(struct tax *)r->input;
    tax.id = request_id(r, "id");
    return request_write(r, save_tax, &tax);
}

struct archiving {
    int64_t id;
    bool archived;
};

static enum status archive_tax(struct context *cx, void *arg) {
    const struct archiving *archiving = arg;
    enum status status = tax_archive(cx, archiving->id, archiving->archived);
    if (status == OK)
        outcome_of_tax(cx, archiving->id, 200, archiving->archived ? "Archived." : "Back in use.");
    return status;
}

static enum status tax_archive_post(struct request *r) {
    return request_write(r, archive_tax, &(struct archiving){request_id(r, "id"), true});
}

static enum status tax_restore_post(struct request *r) {
    return request_write(r, archive_tax, &(struct archiving){request_id(r, "id"), false});
}

/* ------------------------------------------------------------------ logo */

struct logo {
    const char *logo;
    int64_t width, height;
};
static const struct field logo_fields[] = {
    FIELD(struct logo, logo, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct logo, width, FIELD_INT, .flags = FIELD_READONLY),
    FIELD(struct logo, height, FIELD_INT, .flags = FIELD_READONLY),
};
const struct record logo_record = RECORD("Logo", struct logo, logo_fields);
static const struct presentation logo_as = {&logo_record, NULL};

static enum status show_logo(struct request *r) {
    struct shop shop;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    const char *path = shop_load(cx, &shop) && shop.logo != NULL
                           ? files_path(store_files(cx->store), shop.logo, FILE_MIDDLE, cx->arena)
                           : NULL;
    if (path == NULL)
        return fail(r, MISSING, "no_logo", "The shop has no logo.");
    return answer_file(r, path, "image/webp", NULL);
}

static enum status save_logo(struct context *cx, void *arg) {
    const struct logo *logo = arg;
    enum status status = shop_set_logo(cx, logo->logo);
    if (status == OK)
        context_outcome(
            cx, &(struct outcome){.status = 200,
                                  .location = "/settings/shop",
                                  .flash = logo->logo == NULL ? "Logo removed." : "Logo saved.",
                                  .record = &logo_record,
                                  .model = logo});
    return status;
}

/* Writes the new logo's row; whichever of the two files is then not the shop's goes. */
static enum status replace_logo(struct request *r, const struct logo *logo) {
    struct shop shop, after;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    const char *before = shop_load(cx, &shop) ? shop.logo : NULL;
    store_read_end(cx->store, cx);
    enum status status = request_write(r, save_logo, (void *)logo);
    struct errors errors = {.arena = r->cx.arena};
    struct context reading = r->cx;
    reading.errors = &errors;
    reading.db = NULL;
    if (store_read_begin(reading.store, &reading) != OK)
        return status;
    const char *now = shop_load(&reading, &after) ? after.logo : before;
    store_read_end(reading.store, &reading);
    const char *const candidates[] = {before, logo->logo};
    for (int i = 0; i < 2; i++)
        if (candidates[i] != NULL && !text_same(candidates[i], now))
            files_delete(store_files(r->cx.store), candidates[i]);
    return status;
}

static enum status logo_post(struct request *r) {
    struct stored stored;
    if (r->upload_count != 1 || r->uploads[0].length == 0)
        return error_add(r->cx.errors, INVALID, "logo", "required", "Choose one picture.");
    if (request_media(r) == NULL)
        return fail(r, UNAVAILABLE, "no_media", "Pictures cannot be taken in on this server.");
    const char *type = files_type(r->uploads[0].path);
    if (type == NULL || strncmp(type, "image/", 6) != 0)
        return error_add(r->cx.errors, WRONG_TYPE, "logo", "wrong_type",
                         "A logo is a picture: PNG, JPEG or WebP.");
    const char *folder = store_files(r->cx.store);
    enum status status = files_prepare(folder, r->cx.errors);
    if (status == OK)
        status =
            media_keep(request_media(r), folder, r->uploads[0].path, "logo", &stored, r->cx.errors);
    if (status != OK)
        return status;
    return replace_logo(r, &(struct logo){stored.id, stored.width, stored.height});
}

static enum status logo_delete_post(struct request *r) {
    return replace_logo(r, &(struct logo){NULL, NONE, NONE});
}

#define SETTINGS RIGHT(MAY_CHANGE_SETTINGS)

const struct route settings_routes[] = {
    {GET, "/settings", SETTINGS, hub_show, .output = &hub_as,
     .summary = "What is still missing before the first quote"},
    {GET, "/settings/shop", SETTINGS, shop_show, .output = &shop_as,
     .summary = "The shop's profile and terms"},
    {POST, "/settings/shop", SETTINGS, shop_post, &shop_record, .again = shop_again,
     .output = &shop_as, .summary = "Change the shop's profile and terms"},
    {GET, "/settings/opening", SETTINGS, opening_show, &year_record, .output = &opening_as,
     .summary = "Opening hours, closed days and days with hours of their own"},
    {GET, "/settings/holidays", SETTINGS, holidays_show, &year_record, .output = &offers_as,
     .flags = ROUTE_API, .summary = "The country's public holidays of a year, as far as reckoned"},
    {POST, "/settings/holidays", SETTINGS, holidays_post, &ticks_record, .again = holidays_again,
     .output = &opening_as, .summary = "Close the shop on public holidays"},
    {POST, "/settings/special-days", SETTINGS, special_post, &special_day_record,
     .again = special_again, .output = &opening_as, .summary = "Give a day hours of its own"},
    {POST, "/settings/special-days/{day}/delete", SETTINGS, special_delete_post,
     .output = &opening_as, .summary = "Give a day its weekday's hours again"},
    {POST, "/settings/opening", SETTINGS, week_post, &week_record, .again = week_again,
     .output = &opening_as, .summary = "Set the opening hours of the week"},
    {POST, "/settings/closures", SETTINGS, closing_post, &closing_record, .again = closing_again,
     .output = &opening_as, .summary = "Close the shop on some days"},
    {POST, "/settings/closures/{day}/delete", SETTINGS, reopen_post, &reopening_record,
     .output = &opening_as, .summary = "Open the shop on a closed day, or on those up to another"},
    {GET, "/settings/taxes", SETTINGS, taxes_show, .output = &taxes_as, .summary = "List taxes"},
    {POST, "/settings/taxes", SETTINGS, tax_post, &tax_record, .again = taxes_show,
     .output = &tax_as, .summary = "Add a tax"},
    {POST, "/settings/taxes/{id}", SETTINGS, tax_post, &tax_record, .again = taxes_show,
     .output = &tax_as, .summary = "Change a tax"},
    {POST, "/settings/taxes/{id}/archive", SETTINGS, tax_archive_post, .output = &tax_as,
     .summary = "Archive a tax"},
    {POST, "/settings/taxes/{id}/restore", SETTINGS, tax_restore_post, .again = taxes_show,
     .output = &tax_as, .summary = "Bring a tax back"},
    {GET, "/settings/logo", RIGHT_SIGNED_IN, show_logo, .flags = ROUTE_PAGE},
    {GET, "/logo", RIGHT_PUBLIC, show_logo, .flags = ROUTE_PAGE},
    {POST, "/settings/logo", SETTINGS, logo_post, .flags = ROUTE_UPLOAD, .again = shop_show,
     .output = &logo_as, .summary = "Upload the shop's logo"},
    {POST, "/settings/logo/delete", SETTINGS, logo_delete_post, .output = &logo_as,
     .summary = "Remove the shop's logo"},
    {0},
};
