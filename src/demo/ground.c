/* The ground that the demo's orders stand on: settings, people, vendors, prices, stock. */
#include "base/number.h"
#include "base/text.h"
#include "demo/inside.h"
#include "quotes/making.h"
#include "shops/country.h"
#include "shops/shop.h"
#include "stock/stock.h"
#include "vendors/vendor.h"
#include "workshop/workshop.h"

#include <string.h>

#define COUNT(list) ((int64_t)(sizeof(list) / sizeof *(list)))

int64_t demo_money(const struct demo *demo, int64_t pounds) {
    int64_t minor = pounds * demo->rate;
    for (int64_t i = demo->decimals; i > 2; i--)
        minor *= 10;
    for (int64_t i = demo->decimals; i < 2; i++)
        minor /= 10;
    return minor;
}

/* ------------------------------------------------------------------ the shop */

static void set_if_empty(const char **text, const char *value) {
    if (text_empty(*text))
        *text = value;
}

static enum status make_shop(struct demo *demo, struct context *cx) {
    struct shop shop;
    if (!shop_load(cx, &shop))
        return error_add(cx->errors, CONFLICT, NULL, "not_set_up",
                         "There is no shop here yet. Set it up first: benchpin init --help");
    if (demo->at_home) {
        set_if_empty(&shop.place, "Bath · Milsom Street");
        set_if_empty(&shop.address, "14 Milsom Street\nBath BA1 1DE");
        set_if_empty(&shop.phone, "020 7946 0118");
        set_if_empty(&shop.tax_number, "GB 999 9999 73");
    }
    set_if_empty(&shop.email, "workshop@example.com");
    set_if_empty(&shop.website, "https://example.com");
    set_if_empty(&shop.terms,
                 "Bespoke pieces are made to order and cannot be returned unless "
                 "faulty. Every piece is checked and cleaned free of charge for a year.");
    set_if_empty(&shop.quote_terms, "Metal is priced at the day of the quote. Work begins when the "
                                    "deposit has been received.");
    enum status status = shop_save(cx, &shop);
    struct tax *taxes;
    const struct country *country = country_find(shop.country);
    if (status == OK && tax_list(cx, &taxes) == 0 && country != NULL && country->tax != NULL)
        status = tax_save(cx, &(struct tax){.id = NONE,
                                            .name = country->tax,
                                            .rate = country->rate,
                                            .on_goods = 1,
                                            .on_labour = 1,
                                            .archived_at = NONE});
    return status;
}

/* ------------------------------------------------------------------ people */

static const struct {
    const char *name, *email, *role;
    struct craftsman_craft can[6];
    int craft_count;
} people[PEOPLE] = {
    [OWNER] = {NULL, NULL, "owner", {{"quality", 100}, {"setting", 120}, {"cad", 80}}, 3},
    [MANAGER] = {"Theo Marsh", "theo@example.com", "manager", {{0}}, 0},
    [SALES] = {"Priya Nair", "priya@example.com", "sales", {{0}}, 0},
    [BENCH] = {"Ines Duarte", "ines@example.com", "bench", {{"cad", 110}, {"other", 100}}, 2},
    {"Daniel Okafor", "daniel@example.com", "bench", {{"setting", 115}, {"engraving", 80}}, 2},
    {"Marta Kowalczyk",
     "marta@example.com",
     "bench",
     {{"mounting", 110}, {"casting", 100}, {"polishing", 90}, {"other", 100}},
     4},
    {"Joe Pritchard",
     "joe@example.com",
     "bench",
     {{"polishing", 110}, {"engraving", 100}, {"mounting", 90}, {"quality", 100}},
     4},
};

static enum status make_person(struct demo *demo, struct context *cx, int number) {
    struct actor *actor = &demo->people[number];
    if (number != OWNER) {
        struct staff staff = {.id = NONE,
                              .name = people[number].name,
                              .email = people[number].email,
                              .role = people[number].role,
                              .theme = "auto",
                              .active = 1};
        int64_t id;
        if (staff_add(cx, &staff, demo->settings->password_hash, &id) != OK)
            return cx->errors->status;
        *actor = (struct actor){.staff = id,
                                .name = people[number].name,
                                .role = people[number].role,
                                .permissions = role_permissions(people[number].role),
                                .theme = "auto"};
    }
    demo->craftsmen[number] = NONE;
    if (people[number].craft_count == 0)
        return OK;
    struct craftsman_craft can[6];
    struct craftsman_hours hours[12];
    memcpy(can, people[number].can, sizeof can);
    int hour_count = 0;
    for (int day = 0; day < (number % 2 == 0 ? 5 : 6); day++) { /* some on Saturdays, too */
        if (number % 2 == 1 && day == 0)
            continue;
        hours[hour_count++] = (struct craftsman_hours){day, 9 * 60, 13 * 60};
        hours[hour_count++] = (struct craftsman_hours){day, 13 * 60 + 45, 17 * 60 + 30};
    }
    struct craftsman craftsman = {.id = NONE,
                                  .staff = actor->staff,
                                  .name = actor->name,
                                  .active = 1,
                                  .crafts = can,
                                  .craft_count = people[number].craft_count,
                                  .hours = hours,
                                  .hour_count = hour_count};
    enum status status = craftsman_save(cx, &craftsman);
    demo->craftsmen[number] = craftsman.id;
    return status;
}

static enum status make_people(struct demo *demo, struct context *cx) {
    struct staff *staff;
    int64_t count = staff_list(cx, true, &staff), owner = 0;
    while (owner < count && strcmp(staff[owner].role, "owner") != 0)
        owner++;
    if (owner == count)
        return error_add(cx->errors, CONFLICT, NULL, "no_owner",
                         "Nobody is the owner of this shop: set it up with benchpin init.");
    demo->people[OWNER] = (struct actor){.staff = staff[owner].id,
                                         .name = arena_text(demo->arena, staff[owner].name),
                                         .role = "owner",
                                         .permissions = role_permissions("owner"),
                                         .theme = "auto"};
    enum status status = OK;
    for (int i = 0; i < PEOPLE && status == OK; i++)
        status = make_person(demo, cx, i);
    return status;
}

static enum status make_vendors(struct context *cx) {
    static const struct vendor vendors[] = {
        {.name = "Avon Castings",
         .email = "orders@avon-castings.example",
         .supplies = "casting",
         .craft = "casting",
         .lead_days = 4,
         .cutoff = 12 * 60},
        {.name = "Guildhall Assay Office",
         .email = "counter@assay.example",
         .supplies = "assay",
         .craft = "assay",
         .lead_days = 5},
        {.name = "Severn Bullion",
         .email = "desk@severn-bullion.example",
         .supplies = "gold",
         .metal = "gold",
         .lead_days = 2,
         .cutoff = 15 * 60},
        {.name = "Severn Bullion, white metals",
         .email = "platinum@severn-bullion.example",
         .supplies = "platinum",
         .metal = "platinum",
         .lead_days = 3,
         .cutoff = 15 * 60},
        {.name = "Severn Bullion, silver",
         .email = "silver@severn-bullion.example",
         .supplies = "silver",
         .metal = "silver",
         .lead_days = 2,
         .cutoff = 15 * 60},
        {.name = "Levenson Stones",
         .email = "memo@levenson.example",
         .supplies = "coloured stones, diamonds",
         .lead_days = 6},
        {.name = "Hatton Emeralds",
         .email = "post@hatton-emeralds.example",
         .supplies = "emeralds",
         .gem = "emerald",
         .lead_days = 9},
    };
    for (int64_t i = 0; i < COUNT(vendors); i++) {
        struct vendor vendor = vendors[i];
        vendor.id = vendor.archived_at = NONE;
        if (vendor.cutoff == 0)
            vendor.cutoff = NONE;
        if (vendor_save(cx, &vendor) != OK)
            return cx->errors->status;
    }
    return OK;
}

struct demo_person ground_person(int number) {
    return (struct demo_person){people[number].name, people[number].email, people[number].role};
}

/* ------------------------------------------------------------------ prices */

static const struct {
    const char *metal;
    int64_t pounds; /* a troy ounce, at the end */
    int64_t wander; /* percent up or down over a month */
} metal_prices[] = {
    {"gold", 2480, 4}, {"platinum", 960, 5}, {"silver", 29, 6}, {"palladium", 840, 6}};

enum status ground_prices(struct demo *demo, struct context *cx, int64_t month) {
    for (int64_t i = 0; i < COUNT(metal_prices); i++) {
        int64_t now = demo_money(demo, metal_prices[i].pounds);
        int64_t wander =
            chance_between(&demo->chance, -metal_prices[i].wander, metal_prices[i].wander);
        int64_t share = month == 0 ? 100 : 100 - month + wander; /* metal has become dearer */
        struct metal_price price = {.id = NONE,
                                    .metal = metal_prices[i].metal,
                                    .price = now * share / 100,
                                    .markup = 250,
                                    .source = "London fix"};
        if (metal_price_add(cx, &price) != OK)
            return cx->errors->status;
    }
    return OK;
}

static enum status make_rates(struct demo *demo, struct context *cx) {
    static const struct {
        const char *craft;
        int64_t pounds;
    } hours[] = {{"cad", 48},     {"casting", 42},   {"mounting", 46},
                 {"setting", 58}, {"engraving", 52}, {"polishing", 38},
                 {"quality", 45}, {"assay", 30},     {"other", 40}};
    static const struct margin shares[] = {{"metal", 2500},   {"stone", 6000},   {"labour", 5500},
                                           {"setting", 5500}, {"finding", 8000}, {"vendor", 3500}};
    static const struct {
        const char *gem, *origin;
        int64_t from, pounds;
    } stones[] = {{"diamond", "natural", 0, 480},
                  {"diamond", "natural", 30000, 1450},
                  {"diamond", "natural", 70000, 2600},
                  {"diamond", "natural", 100000, 3900},
                  {"diamond", "laboratory_grown", 0, 220},
                  {"diamond", "laboratory_grown", 50000, 420},
                  {"sapphire", "natural", 0, 320},
                  {"sapphire", "natural", 100000, 980},
                  {"ruby", "natural", 0, 900},
                  {"emerald", "natural", 0, 850},
                  {"emerald", "natural", 100000, 1900},
                  {"aquamarine", "natural", 0, 160},
                  {"morganite", "natural", 0, 190},
                  {"peridot", "natural", 0, 85},
                  {"garnet", "natural", 0, 60},
                  {"amethyst", "natural", 0, 25}};
    struct craft_rate rates[COUNT(hours)];
    for (int64_t i = 0; i < COUNT(hours); i++)
        rates[i] = (struct craft_rate){hours[i].craft, demo_money(demo, hours[i].pounds)};
    enum status status = craft_rates_save(cx, rates, COUNT(hours));
    if (status == OK)
        status = margins_save(cx, shares, COUNT(shares));
    for (int64_t i = 0; i < COUNT(stones) && status == OK; i++)
        status = stone_price_add(
            cx, &(struct stone_price){.id = NONE,
                                      .gem = stones[i].gem,
                                      .origin = stones[i].origin,
                                      .from_carats = stones[i].from,
                                      .per_carat = demo_money(demo, stones[i].pounds)});
    return status;
}

/* ------------------------------------------------------------------ stock */

struct shelf {
    struct demo *demo;
    struct context *cx;
    int64_t number;
};

static enum status put(struct shelf *shelf, struct stock_item *item, int64_t each, int64_t quantity,
                       int64_t carats) {
    struct context *cx = shelf->cx;
    item->id = item->archived_at = NONE;
    if (!stock_cost(item->kind, each, &item->cost))
        return error_add(cx->errors, FAILED, NULL, "cost", "%s has no cost.", item->name);
    enum status status = stock_save(cx, item);
    return status != OK ? status
                        : stock_receive(cx, item->id, quantity, carats, "opening", "Opening stock");
}

static enum status put_metals(struct shelf *shelf) {
    static const struct {
        const char *alloy, *name;
        int64_t pounds, grams; /* pounds a gram */
    } metals_[] = {{"pt950", "Platinum 950, casting grain", 31, 220},
                   {"au750y", "18ct yellow, casting grain", 61, 340},
                   {"au750w", "18ct white, casting grain", 64, 220},
                   {"au750r", "18ct rose, casting grain", 61, 160},
                   {"au585y", "14ct yellow, casting grain", 48, 90},
                   {"au375y", "9ct yellow, sheet and wire", 31, 180},
                   {"ag925", "Sterling silver, sheet and wire", 1, 600}};
    enum status status = OK;
    for (int64_t i = 0; i < COUNT(metals_) && status == OK; i++) {
        struct stock_item item;
        record_clear(&stock_item_record, &item);
        item.kind = "metal";
        item.code = arena_printf(shelf->cx->arena, "M-%02ld", (long)i + 1);
        item.name = metals_[i].name;
        item.alloy = metals_[i].alloy;
        status = put(shelf, &item, demo_money(shelf->demo, metals_[i].pounds),
                     metals_[i].grams * GRAM * shelf->demo->busy, 0);
    }
    return status;
}

static int64_t stone_each(struct shelf *shelf, const struct material_need *need) {
    int64_t one = need->carats / (need->quantity > 0 ? need->quantity : 1), price;
    int64_t guide = stock_stone_price(shelf->cx, need->gem, need->origin, one);
    if (!number_ratio(guide, one, CARAT, &price) || price < 1)
        price = 1;
    return price;
}

/* What a kind of piece needs, if it is not on the shelf yet. */
static enum status put_needs(struct shelf *shelf, const struct material_need *needs, int64_t count,
                             bool stocked) {
    struct context *cx = shelf->cx;
    for (int64_t i = 0; i < count; i++) {
        const struct material_need *need = &needs[i];
        bool stone = strcmp(need->kind, "stone") == 0;
        bool small = stone && need->length < 4000;
        struct stock_item item;
        if (strcmp(need->kind, "metal") == 0 || (stone && !small && !stocked) ||
            strcmp(need->whose, "customer") == 0)
            continue;
        struct need wanted = {.kind = need->kind,
                              .gem = need->gem,
                              .shape = need->shape,
                              .origin = need->origin,
                              .name = need->name,
                              .length = need->length,
                              .width = need->width,
                              .quantity = 1};
        if (stock_match(cx, &wanted, &item))
            continue;
        record_clear(&stock_item_record, &item);
        item.kind = need->kind;
        item.code = arena_printf(cx->arena, "%s-%03ld", stone ? "S" : "F", (long)++shelf->number);
        item.name = need->name;
        item.gem = need->gem;
        item.shape = need->shape;
        item.length = need->length;
        item.width = need->width;
        item.origin = need->origin;
        item.quality = need->quality;
        int64_t quantity = (small ? 240 : stone ? 4 : 30) * shelf->demo->busy;
        int64_t carats = stone ? need->carats / need->quantity * quantity : 0;
        int64_t each = stone ? stone_each(shelf, need) : demo_money(shelf->demo, 6);
        if (put(shelf, &item, each, quantity, carats) != OK)
            return cx->errors->status;
    }
    return OK;
}

static enum status make_stock(struct demo *demo, struct context *cx) {
    struct shelf shelf = {demo, cx, 0};
    enum status status = put_metals(&shelf);
    for (int64_t i = 0; i < piece_kind_count && status == OK; i++) {
        struct template_choices choices = piece_choices(&piece_kinds[i], 0);
        struct design design;
        status = making_design(cx, &choices, &design);
        if (status == OK)
            status =
                put_needs(&shelf, design.materials, design.material_count, piece_kinds[i].stocked);
    }
    return status;
}

/* What has become little is filled up again: the vendor's van comes every other week. */
enum status ground_restock(struct demo *demo, struct context *cx) {
    struct stock_item *items;
    int64_t count = stock_find(cx, &(struct stock_query){0}, 500, &items);
    for (int64_t i = 0; i < count; i++) {
        const struct stock_item *item = &items[i];
        bool metal = strcmp(item->kind, "metal") == 0;
        int64_t each = item->on_hand > 0 ? item->carats / item->on_hand : 0;
        int64_t much = (metal                 ? 200 * GRAM
                        : item->gem == NULL   ? 30
                        : item->length < 4000 ? 240
                                              : 4) *
                       demo->busy;
        if (item->on_hand - item->reserved >= much / 2 || text_starts(item->code, ORDERED_IN))
            continue;
        if (stock_receive(cx, item->id, much, each * much, "received", NULL) != OK)
            return cx->errors->status;
    }
    return OK;
}

enum status ground_make(struct demo *demo, struct context *cx) {
    enum status status = make_shop(demo, cx);
    if (status == OK)
        status = make_people(demo, cx);
    cx->actor = &demo->people[OWNER];
    if (status == OK)
        status = make_vendors(cx);
    if (status == OK)
        status = make_rates(demo, cx);
    if (status == OK)
        status = ground_prices(demo, cx, 24);
    if (status == OK)
        status = make_stock(demo, cx);
    return status;
}
