/* From what is stored to what price.h is given: rates, prices and margins on record. */
#include "quotes/making_inside.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "shops/shop.h"
#include "vendors/vendor.h"

#include <string.h>

/* ------------------------------------------------------------------ materials against stock */

static struct need need_of(const struct piece_material *material) {
    return (struct need){.kind = material->kind,
                         .alloy = material->alloy,
                         .gem = material->gem,
                         .shape = material->shape,
                         .origin = material->origin,
                         .name = material->name,
                         .length = material->length,
                         .width = material->width,
                         .quantity = material->quantity};
}

bool material_find(struct context *cx, const struct piece_material *material,
                   struct stock_item *item) {
    struct need need = need_of(material);
    return stock_match(cx, &need, item);
}

bool material_source(struct context *cx, const struct piece_material *material, int64_t *vendor_id,
                     const char **expected_day) {
    struct alloy alloy = {0};
    struct vendor vendor;
    if (material->alloy != NULL)
        stock_alloy(cx, material->alloy, &alloy);
    if (!vendor_for_material(cx, material->kind, material->gem, alloy.metal, &vendor))
        return false;
    *vendor_id = vendor.id;
    *expected_day = workshop_arrival(cx, vendor.lead_days, vendor.cutoff);
    return true;
}

int64_t material_item_cost(const struct stock_item *item, int64_t quantity) {
    int64_t cost = 0;
    bool metal = strcmp(item->kind, "metal") == 0;
    return number_ratio(quantity, item->cost, metal ? RATE_ONE : 1, &cost) ? cost : 0;
}

/* The guide price of a stone a carat, by the weight of one. */
static int64_t stone_guide(struct context *cx, const struct piece_material *stone) {
    int64_t count = stone->quantity > 0 ? stone->quantity : 1;
    int64_t each = stone->carats == NONE ? 0 : stone->carats / count;
    return stock_stone_price(cx, stone->gem, stone->origin, each);
}

int64_t material_guide(struct context *cx, const struct piece_material *material) {
    struct stock_item item = {0};
    int64_t cost = 0;
    if (material->own)
        return 0;
    if (material->cost_each != NONE) {
        item.kind = material->kind;
        return stock_cost(material->kind, material->cost_each, &item.cost)
                   ? material_item_cost(&item, material->quantity)
                   : 0;
    }
    if (material_find(cx, material, &item) && item.cost > 0)
        return material_item_cost(&item, material->quantity);
    if (text_same(material->kind, "stone") && material->carats != NONE)
        return number_ratio(stone_guide(cx, material), material->carats, CARAT, &cost) ? cost : 0;
    struct alloy alloy;
    struct metal_price price;
    int64_t rate;
    if (text_same(material->kind, "metal") && stock_alloy(cx, material->alloy, &alloy) &&
        stock_metal_price(cx, alloy.metal, &price) &&
        alloy_rate(price.price, alloy.fineness, 0, 0, &rate) &&
        number_ratio(material->quantity, rate, RATE_ONE, &cost))
        return cost;
    return 0;
}

/* ------------------------------------------------------------------ the price */

struct pricing {
    struct context *cx;
    const struct piece *piece;
    struct price_input input;
    struct price_metal *metals;
    struct price_stone *stones;
    struct price_setting *settings;
    struct price_labour *labour;
    struct price_item *findings, *vendors;
    struct buf rates;
    const char *unpriced;
};

static void missing(struct pricing *pricing, const char *field, const char *sentence,
                    const char *what) {
    error_add(pricing->cx->errors, INVALID, field, "no_price", sentence, what);
}

/* "key": before a value of the object of rates; opens it with the first. */
static void rate_key(struct pricing *pricing, const char *key) {
    struct buf *out = &pricing->rates;
    if (out->length > 1 && out->at[out->length - 1] != '{')
        buf_byte(out, ',');
    json_write_text(out, key);
    buf_byte(out, ':');
}

static void rate_int(struct pricing *pricing, const char *key, int64_t number) {
    rate_key(pricing, key);
    buf_int(&pricing->rates, number);
}

static void rate_open(struct pricing *pricing, const char *key) {
    rate_key(pricing, key);
    buf_byte(&pricing->rates, '{');
}

static void rate_close(struct pricing *pricing) {
    buf_byte(&pricing->rates, '}');
}

/* The finished piece's metal; what of it was the customer's own costs nothing. */
static void add_metal(struct pricing *pricing) {
    struct context *cx = pricing->cx;
    const struct specification *spec = pricing->piece->spec;
    struct alloy alloy;
    struct metal_price price;
    if (spec == NULL || spec->alloy == NULL)
        return;
    if (!stock_alloy(cx, spec->alloy, &alloy)) {
        missing(pricing, "alloy", "The shop has no alloy “%s”.", spec->alloy);
        return;
    }
    if (spec->weight == NONE) {
        missing(pricing, "weight", "The weight of the %s is not known yet: enter it.", alloy.name);
        return;
    }
    int64_t own = 0, own_share = 0;
    for (int64_t i = 0; i < pricing->piece->material_count; i++) {
        const struct piece_material *row = &pricing->piece->materials[i];
        if (row->own && text_same(row->kind, "metal") && !row->by_hand)
            own += row->quantity;
    }
    if (spec->gross != NONE && spec->gross > 0)
        number_ratio(spec->weight, own, spec->gross, &own_share);
    if (own_share > spec->weight)
        own_share = spec->weight;
    if (own_share > 0)
        pricing->metals[pricing->input.metal_count++] =
            (struct price_metal){.code = alloy.code,
                                 .name = arena_printf(cx->arena, "%s, your own", alloy.name),
                                 .weight = own_share,
                                 .fineness = alloy.fineness};
    if (own_share == spec->weight)
        return;
    if (!stock_metal_price(cx, alloy.metal, &price)) {
        missing(pricing, "metal", "There is no price for %s yet: enter it under Settings, Metals.",
                alloy.metal);
        return;
    }
    pricing->metals[pricing->input.metal_count++] =
        (struct price_metal){.code = alloy.code,
                             .name = alloy.name,
                             .weight = spec->weight - own_share,
                             .fineness = alloy.fineness,
                             .loss = alloy.loss,
                             .per_ounce = price.price,
                             .markup = price.markup};
    rate_open(pricing, "metal");
    rate_key(pricing, "metal");
    json_write_text(&pricing->rates, alloy.metal);
    rate_int(pricing, "per_ounce", price.price);
    rate_int(pricing, "markup", price.markup);
    rate_int(pricing, "fineness", alloy.fineness);
    rate_int(pricing, "loss", alloy.loss);
    rate_int(pricing, "at", price.at);
    rate_close(pricing);
}

/* Metal that a person added comes on top of the piece's own, as much as is issued of it. */
static void add_more_metal(struct pricing *pricing, const struct piece_material *row) {
    struct context *cx = pricing->cx;
    struct alloy alloy;
    struct metal_price price;
    struct price_metal *metal = &pricing->metals[pricing->input.metal_count];
    if (!stock_alloy(cx, row->alloy, &alloy)) {
        missing(pricing, "alloy", "The shop has no alloy “%s”.", row->alloy);
        return;
    }
    *metal = (struct price_metal){
        .code = alloy.code, .name = row->name, .weight = row->quantity, .fineness = alloy.fineness};
    if (row->own) {
        metal->name = arena_printf(cx->arena, "%s, your own", row->name);
    } else if (row->cost_each != NONE) {
        stock_cost(row->kind, row->cost_each, &metal->rate);
    } else if (stock_metal_price(cx, alloy.metal, &price)) {
        metal->per_ounce = price.price;
        metal->markup = price.markup;
        rate_int(pricing,
                 arena_printf(cx->arena, "%ld: %s, an ounce", (long)pricing->input.metal_count,
                              alloy.metal),
                 price.price);
    } else {
        missing(pricing, "metal", "There is no price for %s yet: enter it under Settings, Metals.",
                alloy.metal);
        return;
    }
    pricing->input.metal_count++;
}

static bool stone_in_stock(struct pricing *pricing, const struct piece_material *row,
                           struct stock_item *item) {
    return row->item != NONE ? stock_load(pricing->cx, row->item, item)
                             : material_find(pricing->cx, row, item);
}

/* A stone of ours is priced as it stands in stock, else by the guide. */
static void add_stone(struct pricing *pricing, const struct piece_material *row) {
    struct stock_item item;
    struct price_stone *stone = &pricing->stones[pricing->input.stone_count++];
    *stone = (struct price_stone){.code = row->gem,
                                  .name = row->name,
                                  .count = row->quantity,
                                  .carats = row->carats == NONE ? 0 : row->carats,
                                  .per_stone = NONE};
    if (row->own) {
        stone->per_stone = 0;
        stone->name = arena_printf(pricing->cx->arena, "%s, your own", row->name);
        return;
    }
    if (row->cost_each != NONE) {
        stone->per_stone = row->cost_each;
        return;
    }
    if (stone_in_stock(pricing, row, &item) && item.cost > 0) {
        stone->per_stone = item.cost;
        rate_key(pricing, arena_printf(pricing->cx->arena, "%ld: %s",
                                       (long)pricing->input.stone_count, item.code));
        buf_int(&pricing->rates, item.cost);
        return;
    }
    stone->per_carat = stone_guide(pricing->cx, row);
    if (stone->per_carat <= 0)
        missing(pricing, "stone",
                "There is no price for “%s”: put it in stock, or enter a guide price.", row->name);
    rate_key(pricing, arena_printf(pricing->cx->arena, "%ld: %s, a carat",
                                   (long)pricing->input.stone_count, row->gem));
    buf_int(&pricing->rates, stone->per_carat);
}

static void add_finding(struct pricing *pricing, const struct piece_material *row) {
    struct need any = {.kind = "finding", .name = row->name};
    struct stock_item item;
    struct price_item *finding = &pricing->findings[pricing->input.finding_count++];
    *finding = (struct price_item){.code = "finding", .name = row->name, .count = row->quantity};
    if (row->own)
        return;
    if (row->cost_each != NONE)
        finding->each = row->cost_each;
    else if (stock_match(pricing->cx, &any, &item) && item.cost > 0)
        finding->each = item.cost;
    else
        pricing->unpriced = arena_printf(
            pricing->cx->arena,
            "%s%s“%s” has no price yet: put it in stock with its cost, or enter that with the "
            "materials.",
            pricing->unpriced == NULL ? "" : pricing->unpriced,
            pricing->unpriced == NULL ? "" : " ", row->name);
}

static void add_materials(struct pricing *pricing) {
    for (int64_t i = 0; i < pricing->piece->material_count; i++)
        if (text_same(pricing->piece->materials[i].kind, "metal") &&
            pricing->piece->materials[i].by_hand)
            add_more_metal(pricing, &pricing->piece->materials[i]);
    rate_open(pricing, "stones");
    for (int64_t i = 0; i < pricing->piece->material_count; i++)
        if (text_same(pricing->piece->materials[i].kind, "stone"))
            add_stone(pricing, &pricing->piece->materials[i]);
    rate_close(pricing);
    for (int64_t i = 0; i < pricing->piece->material_count; i++)
        if (text_same(pricing->piece->materials[i].kind, "finding"))
            add_finding(pricing, &pricing->piece->materials[i]);
}

/* Setting is charged by the stone when every way of setting has such a price; else by the minute.
 */
static bool add_settings(struct pricing *pricing) {
    const struct specification *spec = pricing->piece->spec;
    if (spec == NULL || spec->stone_count == 0)
        return false;
    for (int64_t i = 0; i < spec->stone_count; i++)
        if (spec->stones[i].setting == NULL ||
            stock_setting_price(pricing->cx, spec->stones[i].setting) <= 0)
            return false;
    rate_open(pricing, "settings");
    for (int64_t i = 0; i < spec->stone_count; i++) {
        const struct spec_stone *stone = &spec->stones[i];
        int64_t price = stock_setting_price(pricing->cx, stone->setting);
        struct price_setting *line = NULL;
        for (int64_t k = 0; k < pricing->input.setting_count; k++)
            if (text_same(pricing->settings[k].code, stone->setting))
                line = &pricing->settings[k];
        if (line == NULL) {
            line = &pricing->settings[pricing->input.setting_count++];
            *line = (struct price_setting){
                .code = stone->setting,
                .name = arena_printf(pricing->cx->arena, "Setting: %s",
                                     vocabulary_label(&stone_settings, stone->setting)),
                .per_stone = price};
            rate_int(pricing, stone->setting, price);
        }
        line->count += stone->count;
    }
    rate_close(pricing);
    return true;
}

/* Nobody is charged for looking or waiting, unless the shop has set a rate for it. */
static bool may_be_free(const char *craft) {
    return text_same(craft, "quality") || text_same(craft, "other") || text_same(craft, "assay");
}

static void add_labour(struct pricing *pricing, const struct piece_operation *operation) {
    struct price_labour *line = NULL;
    if (operation->minutes == NONE || operation->minutes == 0)
        return;
    for (int64_t i = 0; i < pricing->input.labour_count; i++)
        if (text_same(pricing->labour[i].code, operation->craft))
            line = &pricing->labour[i];
    if (line != NULL) {
        line->minutes += operation->minutes;
        return;
    }
    int64_t rate = stock_craft_rate(pricing->cx, operation->craft);
    const char *label = vocabulary_label(&crafts, operation->craft);
    if (rate <= 0 && may_be_free(operation->craft))
        return;
    if (rate <= 0)
        missing(pricing, "labour",
                "There is no hourly rate for %s yet: enter it under Settings, "
                "Rates.",
                label);
    pricing->labour[pricing->input.labour_count++] = (struct price_labour){
        .code = operation->craft, .name = label, .minutes = operation->minutes, .per_hour = rate};
    rate_int(pricing, operation->craft, rate);
}

static const struct sql vendor_answer = {
    "making_vendor_answer",
    "select answer_price from vendor_request where job = $1 and vendor = $2 "
    "and state = 'answered' and answer_price is not null order by id desc limit 1",
    NULL};

/* What the vendor asks for it; else what they answered for the job; else our rate for the time. */
static int64_t vendor_price(struct pricing *pricing, const struct piece_operation *operation) {
    int64_t cost = operation->cost, rate;
    if (cost == NONE && operation->vendor != NONE && pricing->piece->job != NONE)
        cost = db_int(pricing->cx->db, &vendor_answer,
                      P(I(pricing->piece->job), I(operation->vendor)));
    if (cost != NONE || operation->minutes == NONE || operation->minutes == 0)
        return cost;
    rate = stock_craft_rate(pricing->cx, operation->craft);
    return rate > 0 && number_ratio(rate, operation->minutes, 60, &cost) ? cost : NONE;
}

static void add_vendor(struct pricing *pricing, const struct piece_operation *operation) {
    int64_t cost = vendor_price(pricing, operation);
    if (cost == NONE)
        pricing->unpriced = arena_printf(pricing->cx->arena,
                                         "%s%s“%s” has no price yet: enter it with the operations.",
                                         pricing->unpriced == NULL ? "" : pricing->unpriced,
                                         pricing->unpriced == NULL ? "" : " ", operation->name);
    else
        pricing->vendors[pricing->input.vendor_count++] = (struct price_item){
            .code = operation->craft, .name = operation->name, .count = 1, .each = cost};
}

static void add_operations(struct pricing *pricing, bool setting_by_stone) {
    rate_open(pricing, "hours");
    for (int64_t i = 0; i < pricing->piece->operation_count; i++) {
        const struct piece_operation *operation = &pricing->piece->operations[i];
        bool here = text_same(operation->kind, "work") || text_same(operation->kind, "quality");
        if (here && !(setting_by_stone && text_same(operation->craft, "setting")))
            add_labour(pricing, operation);
    }
    rate_close(pricing);
    for (int64_t i = 0; i < pricing->piece->operation_count; i++)
        if (text_same(pricing->piece->operations[i].kind, "vendor"))
            add_vendor(pricing, &pricing->piece->operations[i]);
}

/* Where prices are shown without tax, as in North America, a discount is taken from those. */
static bool tax_is_inside(const char *country) {
    return !text_same(country, "US") && !text_same(country, "CA");
}

static void add_shares(struct pricing *pricing, const struct shop *shop,
                       const struct price_wish *wish) {
    struct context *cx = pricing->cx;
    struct price_input *input = &pricing->input;
    int64_t goods = shop_tax(cx, false, NULL), work = shop_tax(cx, true, NULL);
    rate_open(pricing, "margins");
    for (int kind = 0; kind < PRICE_KINDS; kind++) {
        bool is_work = kind == PRICE_SETTING || kind == PRICE_LABOUR || kind == PRICE_VENDOR ||
                       kind == PRICE_RUSH;
        input->tax[kind] = is_work ? work : goods;
        if (kind == PRICE_RUSH)
            continue;
        input->margin[kind] = stock_margin(cx, price_kind_code((enum price_kind)kind));
        rate_int(pricing, price_kind_code((enum price_kind)kind), input->margin[kind]);
    }
    rate_close(pricing);
    rate_int(pricing, "tax_goods", goods);
    rate_int(pricing, "tax_work", work);
    rate_int(pricing, "deposit_share", shop->deposit_share);
    input->tax_inside = tax_is_inside(shop->country);
    input->deposit_share = shop->deposit_share;
    if (wish == NULL)
        return;
    input->discount_amount = wish->discount == NONE ? 0 : wish->discount;
    input->rush_share = wish->rush_share == NONE ? 0 : wish->rush_share;
    rate_int(pricing, "rush_share", input->rush_share);
}

static void make_room(struct pricing *pricing) {
    struct arena *arena = pricing->cx->arena;
    const struct piece *piece = pricing->piece;
    size_t materials = (size_t)piece->material_count + 2;
    size_t operations = (size_t)piece->operation_count + 1;
    size_t stones = piece->spec == NULL ? 1 : (size_t)piece->spec->stone_count + 1;
    pricing->metals = ARENA_ARRAY(arena, struct price_metal, materials);
    pricing->stones = ARENA_ARRAY(arena, struct price_stone, materials);
    pricing->findings = ARENA_ARRAY(arena, struct price_item, materials);
    pricing->settings = ARENA_ARRAY(arena, struct price_setting, stones);
    pricing->labour = ARENA_ARRAY(arena, struct price_labour, operations);
    pricing->vendors = ARENA_ARRAY(arena, struct price_item, operations);
    pricing->input.metals = pricing->metals;
    pricing->input.stones = pricing->stones;
    pricing->input.findings = pricing->findings;
    pricing->input.settings = pricing->settings;
    pricing->input.labour = pricing->labour;
    pricing->input.vendors = pricing->vendors;
}

enum status piece_price(struct context *cx, const struct piece *piece,
                        const struct price_wish *wish, struct costing *costing) {
    struct shop shop;
    struct pricing pricing = {.cx = cx, .piece = piece};
    *costing = (struct costing){0};
    if (!shop_load(cx, &shop))
        return error_add(cx->errors, UNAVAILABLE, NULL, "not_set_up", "Set up the shop first.");
    make_room(&pricing);
    buf_byte(&pricing.rates, '{');
    add_metal(&pricing);
    add_materials(&pricing);
    add_operations(&pricing, add_settings(&pricing));
    add_shares(&pricing, &shop, wish);
    buf_byte(&pricing.rates, '}');
    costing->rates = arena_text(cx->arena, pricing.rates.at);
    costing->unpriced = pricing.unpriced;
    buf_free(&pricing.rates);
    if (errors_any(cx->errors))
        return cx->errors->status;
    return price_make(&pricing.input, cx->arena, &costing->price, cx->errors);
}
