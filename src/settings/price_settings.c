/* What metal and work cost, and what is added: the prices that quotes are made with. */
#include "settings/price_settings.h"

#include "accounts/permission.h"
#include "base/text.h"
#include "settings.price_settings.html.h"
#include "trade/alloy.h"

enum { HISTORY_ROWS = 20 };

/* ------------------------------------------------------------------ metals */

static const struct word unit_words[] = {
    {"ounce", "Troy ounce"}, {"gram", "Gram"}, {"pennyweight", "Pennyweight"}, {NULL, NULL}};
static const struct vocabulary units = {"unit", unit_words};

static const struct field entry_fields[] = {
    FIELD(struct price_entry, metal, FIELD_CODE, .label = "Metal", .words = &metals,
          .flags = FIELD_REQUIRED),
    FIELD(struct price_entry, price, FIELD_MONEY, .label = "Price", .min = 1,
          .max = INT64_C(1000000000000)),
    FIELD(struct price_entry, markup, FIELD_PERCENT, .label = "House markup", .max = 100000),
};
const struct record price_entry_record =
    RECORD("MetalPriceEntry", struct price_entry, entry_fields);
static const struct field entries_fields[] = {
    FIELD(struct price_entries, unit, FIELD_CODE, .label = "Prices are for a", .words = &units,
          .flags = FIELD_REQUIRED),
    FIELD(struct price_entries, source, FIELD_TEXT, .label = "Source", .max = 100),
    FIELD_ROWS(struct price_entries, prices, count, &price_entry_record, .label = "Prices",
               .max = 20),
};
static const struct record entries_record =
    RECORD("MetalPriceEntries", struct price_entries, entries_fields);

static const struct field alloy_entries_fields[] = {
    FIELD_ROWS(struct alloy_entries, alloys, count, &shop_alloy_record, .label = "Alloys",
               .max = 200),
};
static const struct record alloy_entries_record =
    RECORD("AlloyList", struct alloy_entries, alloy_entries_fields);

static const struct field metals_fields[] = {
    FIELD_ROWS(struct metals_page, prices, price_count, &metal_price_record),
    FIELD_ROWS(struct metals_page, alloys, alloy_count, &shop_alloy_record),
    FIELD_ROWS(struct metals_page, history, history_count, &metal_price_record),
    FIELD(struct metals_page, older, FIELD_TEXT, .max = 2000),
};
static const struct record metals_record = RECORD("Metals", struct metals_page, metals_fields);

struct before {
    int64_t before;
};
static const struct field before_fields[] = {FIELD(struct before, before, FIELD_ID)};
static const struct record before_record = RECORD("Before", struct before, before_fields);

static void metals_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Metals"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = metal_settings_html,
                                .model = model});
}
static const struct presentation metals_as = {&metals_record, metals_html};

static void read_metals(struct context *cx, int64_t before, struct metals_page *page) {
    page->prices = ARENA_ARRAY(cx->arena, struct metal_price, 8);
    for (int64_t i = 0; metals.words[i].code != NULL; i++)
        page->price_count +=
            stock_metal_price(cx, metals.words[i].code, &page->prices[page->price_count]);
    page->alloy_count = shop_alloy_list(cx, &page->alloys);
    page->history_count = metal_price_list(cx, before, HISTORY_ROWS + 1, &page->history);
    if (page->history_count > HISTORY_ROWS) {
        page->history_count = HISTORY_ROWS;
        page->older = arena_printf(cx->arena, "/settings/metals?before=%ld",
                                   (long)page->history[HISTORY_ROWS - 1].id);
    }
}

enum metal_form { NEITHER, THE_PRICES, THE_ALLOYS };

static enum status show_metals(struct request *r, int64_t before, enum metal_form typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct metals_page page = {0};
    struct price_entries blank = {.unit = "ounce"};
    read_metals(cx, before, &page);
    page.price_form = typed == THE_PRICES
                          ? request_form(r, &entries_record, &blank)
                          : (struct form){.record = &entries_record, .values = &blank};
    page.alloy_form = typed == THE_ALLOYS ? request_form(r, &alloy_entries_record, NULL)
                                          : (struct form){.record = &alloy_entries_record};
    return answer(r, &metals_as, &page);
}

static enum status metals_show(struct request *r) {
    return show_metals(r, ((const struct before *)r->input)->before, NEITHER);
}

static enum status prices_again(struct request *r) {
    return show_metals(r, NONE, THE_PRICES);
}

static enum status alloys_again(struct request *r) {
    return show_metals(r, NONE, THE_ALLOYS);
}

static void outcome_of_metals(struct context *cx, int status, const char *flash) {
    struct metals_page saved = {0};
    read_metals(cx, NONE, &saved);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = "/settings/metals",
                                          .flash = flash,
                                          .record = &metals_record,
                                          .model = &saved});
}

static enum weight_unit unit_of(const char *code) {
    if (text_same(code, "gram"))
        return WEIGHT_GRAM;
    return text_same(code, "pennyweight") ? WEIGHT_PENNYWEIGHT : WEIGHT_OUNCE;
}

static enum status save_prices(struct context *cx, void *arg) {
    const struct price_entries *entries = arg;
    int64_t count = 0;
    for (int64_t i = 0; i < entries->count; i++) {
        const struct price_entry *entry = &entries->prices[i];
        if (entry->price == NONE)
            continue;
        struct metal_price price = {
            .id = NONE, .metal = entry->metal, .markup = entry->markup, .source = entries->source};
        if (!price_to_ounce(unit_of(entries->unit), entry->price, &price.price))
            return error_add(cx->errors, INVALID,
                             arena_printf(cx->arena, "prices.%d.price", (int)i), "too_large",
                             "This price is too large.");
        enum status status = metal_price_add(cx, &price);
        if (status != OK)
            return status;
        count++;
    }
    if (count == 0)
        return error_add(cx->errors, INVALID, "prices", "required",
                         "Enter the price of at least one metal.");
    outcome_of_metals(cx, 201, "Prices saved.");
    return OK;
}

static enum status prices_post(struct request *r) {
    return request_write(r, save_prices, r->input);
}

static enum status save_alloys(struct context *cx, void *arg) {
    const struct alloy_entries *entries = arg;
    enum status status = shop_alloys_save(cx, entries->alloys, entries->count);
    if (status == OK)
        outcome_of_metals(cx, 200, "Alloys saved.");
    return status;
}

static enum status alloys_post(struct request *r) {
    return request_write(r, save_alloys, r->input);
}

/* ------------------------------------------------------------------ rates and margins */

static const struct field rates_fields[] = {
    FIELD_ROWS(struct rates, crafts, craft_count, &craft_rate_record, .label = "Hours", .max = 100),
    FIELD_ROWS(struct rates, settings, setting_count, &setting_price_record, .label = "Settings",
               .max = 100),
    FIELD_ROWS(struct rates, margins, margin_count, &margin_record, .label = "Margins", .max = 100),
    FIELD(struct rates, rush_share, FIELD_PERCENT, .label = "Rush, on the work", .max = 10000),
};
static const struct record rates_record = RECORD("Rates", struct rates, rates_fields);

struct all_rates {
    struct rates rates;
    struct stone_price *stones;
    int64_t stone_count;
};
static const struct field all_fields[] = {
    {.name = "crafts",
     .kind = FIELD_LIST,
     .offset = offsetof(struct all_rates, rates.crafts),
     .of = &craft_rate_record,
     .count_offset = offsetof(struct all_rates, rates.craft_count),
     .flags = FIELD_NO_COLUMN},
    {.name = "settings",
     .kind = FIELD_LIST,
     .offset = offsetof(struct all_rates, rates.settings),
     .of = &setting_price_record,
     .count_offset = offsetof(struct all_rates, rates.setting_count),
     .flags = FIELD_NO_COLUMN},
    {.name = "margins",
     .kind = FIELD_LIST,
     .offset = offsetof(struct all_rates, rates.margins),
     .of = &margin_record,
     .count_offset = offsetof(struct all_rates, rates.margin_count),
     .flags = FIELD_NO_COLUMN},
    {.name = "rush_share",
     .kind = FIELD_PERCENT,
     .offset = offsetof(struct all_rates, rates.rush_share),
     .max = 10000},
    FIELD_ROWS(struct all_rates, stones, stone_count, &stone_price_record),
};
static const struct record all_record = RECORD("AllRates", struct all_rates, all_fields);
_Static_assert(offsetof(struct rates_page, stones) == offsetof(struct all_rates, stones),
               "the page's model begins as the record's");

static void rates_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Rates and margins"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = rate_settings_html,
                                .model = model});
}
static const struct presentation rates_as = {&all_record, rates_html};
static const struct presentation stone_as = {&stone_price_record, NULL};

static void read_rates(struct context *cx, struct rates *rates) {
    rates->craft_count = craft_rate_list(cx, &rates->crafts);
    rates->setting_count = setting_price_list(cx, &rates->settings);
    rates->margin_count = margin_list(cx, &rates->margins);
    rates->rush_share = stock_rush_share(cx);
}

enum rate_form { NO_FORM, THE_RATES, THE_STONE };

static enum status show_rates(struct request *r, enum rate_form typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct rates_page page = {0};
    struct stone_price blank;
    record_clear(&stone_price_record, &blank);
    read_rates(cx, &page.rates);
    page.stone_count = stone_price_list(cx, &page.stones);
    page.rates_form = typed == THE_RATES
                          ? request_form(r, &rates_record, &page.rates)
                          : (struct form){.record = &rates_record, .values = &page.rates};
    page.stone_form = typed == THE_STONE
                          ? request_form(r, &stone_price_record, &blank)
                          : (struct form){.record = &stone_price_record, .values = &blank};
    return answer(r, &rates_as, &page);
}

static enum status rates_show(struct request *r) {
    return show_rates(r, NO_FORM);
}

static enum status rates_again(struct request *r) {
    return show_rates(r, THE_RATES);
}

static enum status stone_again(struct request *r) {
    return show_rates(r, THE_STONE);
}

static void outcome_of_rates(struct context *cx, const char *flash) {
    struct all_rates saved = {.stone_count = 0};
    read_rates(cx, &saved.rates);
    saved.stone_count = stone_price_list(cx, &saved.stones);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/rates",
                                          .flash = flash,
                                          .record = &all_record,
                                          .model = &saved});
}

static enum status save_rates(struct context *cx, void *arg) {
    const struct rates *rates = arg;
    enum status status = craft_rates_save(cx, rates->crafts, rates->craft_count);
    if (status == OK)
        status = setting_prices_save(cx, rates->settings, rates->setting_count);
    if (status == OK)
        status = margins_save(cx, rates->margins, rates->margin_count);
    if (status == OK && rates->rush_share != NONE)
        status = rush_share_save(cx, rates->rush_share);
    if (status == OK)
        outcome_of_rates(cx, "Rates saved.");
    return status;
}

/* A program that does not name the surcharge leaves it; a person who empties its field wants none.
 */
static enum status rates_post(struct request *r) {
    struct rates rates = *(const struct rates *)r->input;
    if (rates.rush_share == NONE && request_typed(r, "rush_share") != NULL)
        rates.rush_share = 0;
    return request_write(r, save_rates, &rates);
}

static enum status save_stone(struct context *cx, void *arg) {
    struct stone_price price = *(struct stone_price *)arg;
    enum status status = stone_price_add(cx, &price);
    if (status == OK)
        context_outcome(cx, &(struct outcome){.status = 201,
                                              .location = "/settings/rates",
                                              .flash = "Price saved.",
                                              .record = &stone_price_record,
                                              .model = &price});
    return status;
}

static enum status stone_post(struct request *r) {
    return request_write(r, save_stone, r->input);
}

static enum status remove_stone(struct context *cx, void *arg) {
    enum status status = stone_price_remove(cx, *(int64_t *)arg);
    if (status == OK)
        outcome_of_rates(cx, "Price removed.");
    return status;
}

static enum status stone_delete_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, remove_stone, &id);
}

#define PRICES RIGHT(MAY_SET_PRICES)

const struct route settings_price_routes[] = {
    {GET, "/settings/metals", PRICES, metals_show, &before_record, .output = &metals_as,
     .summary = "Metal prices, their history, and alloys"},
    {POST, "/settings/metals", PRICES, prices_post, &entries_record, .again = prices_again,
     .output = &metals_as, .summary = "Enter metal prices"},
    {POST, "/settings/alloys", PRICES, alloys_post, &alloy_entries_record, .again = alloys_again,
     .output = &metals_as, .summary = "Change alloys"},
    {GET, "/settings/rates", PRICES, rates_show, .output = &rates_as,
     .summary = "Labour rates, setting prices, margins and guide prices of stones"},
    {POST, "/settings/rates", PRICES, rates_post, &rates_record, .again = rates_again,
     .output = &rates_as, .summary = "Change labour rates, setting prices and margins"},
    {POST, "/settings/stone-prices", PRICES, stone_post, &stone_price_record, .again = stone_again,
     .output = &stone_as, .summary = "Add a guide price for stones"},
    {POST, "/settings/stone-prices/{id}/delete", PRICES, stone_delete_post, .output = &rates_as,
     .summary = "Remove a guide price"},
    {0},
};
