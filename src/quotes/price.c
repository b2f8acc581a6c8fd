#include "quotes/price.h"

#include "base/number.h"
#include "trade/alloy.h"

#include <string.h>

static const struct word kind_words[] = {
    [PRICE_METAL] = {"metal", "Metal"},        [PRICE_STONE] = {"stone", "Stones"},
    [PRICE_SETTING] = {"setting", "Setting"},  [PRICE_LABOUR] = {"labour", "Work"},
    [PRICE_FINDING] = {"finding", "Findings"}, [PRICE_VENDOR] = {"vendor", "Outside work"},
    [PRICE_RUSH] = {"rush", "Rush"},           [PRICE_KINDS] = {NULL, NULL},
};
const struct vocabulary price_kinds = {"kind of line", kind_words};

static const struct word unit_words[] = {{"mg", "mg"},         {"ct", "ct"},     {"piece", "piece"},
                                         {"minute", "minute"}, {"each", "each"}, {NULL, NULL}};
const struct vocabulary price_units = {"unit", unit_words};

const char *price_kind_code(enum price_kind kind) {
    return kind_words[kind].code;
}

bool price_kind_find(const char *code, enum price_kind *kind) {
    for (int i = 0; code && i < PRICE_KINDS; i++)
        if (strcmp(kind_words[i].code, code) == 0) {
            *kind = (enum price_kind)i;
            return true;
        }
    return false;
}

#define LINE(member, kind_, ...) FIELD(struct price_line, member, kind_, __VA_ARGS__)
static const struct field line_fields[] = {
    LINE(position, FIELD_INT, .max = 10000),
    LINE(kind, FIELD_CODE, .words = &price_kinds, .flags = FIELD_REQUIRED),
    LINE(code, FIELD_TEXT),
    LINE(description, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 300),
    LINE(quantity, FIELD_INT, .flags = FIELD_REQUIRED, .max = INT64_MAX),
    LINE(unit, FIELD_CODE, .words = &price_units, .flags = FIELD_REQUIRED),
    LINE(rate, FIELD_RATE, .flags = FIELD_COST),
    LINE(per, FIELD_INT, .flags = FIELD_COST, .min = 1, .max = CARAT),
    LINE(cost, FIELD_MONEY, .flags = FIELD_COST),
    LINE(price, FIELD_MONEY),
    LINE(discount, FIELD_MONEY),
    LINE(net, FIELD_MONEY),
    LINE(tax_share, FIELD_PERCENT, .label = "Tax rate"),
    LINE(tax, FIELD_MONEY),
    LINE(total, FIELD_MONEY),
    LINE(taxable, FIELD_FLAG),
};
const struct record price_line_record = RECORD("PriceLine", struct price_line, line_fields);

#define PRICE(member, kind_, ...) FIELD(struct price, member, kind_, __VA_ARGS__)
static const struct field price_fields[] = {
    PRICE(cost, FIELD_MONEY, .flags = FIELD_COST),
    PRICE(subtotal, FIELD_MONEY),
    PRICE(discount, FIELD_MONEY),
    PRICE(net, FIELD_MONEY),
    PRICE(tax, FIELD_MONEY),
    PRICE(total, FIELD_MONEY),
    PRICE(deposit, FIELD_MONEY),
    /* A piece sold below its cost has a negative margin. */
    PRICE(margin, FIELD_MONEY, .flags = FIELD_COST, .min = -INT64_MAX, .max = INT64_MAX),
    FIELD_ROWS(struct price, lines, line_count, &price_line_record),
};
const struct record price_record = RECORD("Price", struct price, price_fields);

#define LARGEST_SHARE (100 * WHOLE) /* a margin of ten thousand percent is a slip of the finger */

struct pricing {
    const struct price_input *input;
    struct price *price;
    struct errors *errors;
    enum status status;
};

static void too_large(struct pricing *pricing, const char *what) {
    pricing->status = error_add(
        pricing->errors, INVALID, NULL, "too_large",
        "The price of “%s” is too large to be reckoned. Check its quantity and rate.", what);
}

/* One line: `quantity` at `rate` for `per`, with the kind's margin. Does nothing after a fault. */
static void line_add(struct pricing *pricing, enum price_kind kind, const char *code,
                     const char *description, int64_t quantity, const char *unit, int64_t rate,
                     int64_t per) {
    const struct price_input *input = pricing->input;
    struct price *price = pricing->price;
    if (pricing->status)
        return;
    if (quantity < 0 || rate < 0) {
        pricing->status =
            error_add(pricing->errors, INVALID, NULL, "negative",
                      "“%s” has a negative quantity or rate. Neither may be below 0.", description);
        return;
    }
    struct price_line *line = &price->lines[price->line_count++];
    *line = (struct price_line){.position = price->line_count,
                                .kind = price_kind_code(kind),
                                .code = code,
                                .description = description,
                                .quantity = quantity,
                                .unit = unit,
                                .rate = rate,
                                .per = per,
                                .tax_share = input->exempt ? 0 : input->tax[kind]};
    line->taxable = line->tax_share > 0;
    int64_t margin = kind == PRICE_RUSH ? 0 : input->margin[kind];
    if (!number_ratio(quantity, rate, per * RATE_ONE, &line->cost) ||
        !number_ratio3(quantity, rate, WHOLE + margin, per * RATE_ONE * WHOLE, &line->price))
        too_large(pricing, description);
    if (kind == PRICE_RUSH)
        line->cost = 0; /* it is charged, and costs the shop nothing that is not elsewhere */
}

/* A rate given in whole minor units. */
static void line_add_minor(struct pricing *pricing, enum price_kind kind, const char *code,
                           const char *description, int64_t quantity, const char *unit,
                           int64_t minor, int64_t per) {
    int64_t rate = -1;
    if (!pricing->status && minor >= 0 && !number_ratio(minor, RATE_ONE, 1, &rate))
        too_large(pricing, description);
    line_add(pricing, kind, code, description, quantity, unit, rate, per);
}

static void metal_add(struct pricing *pricing, const struct price_metal *metal) {
    int64_t rate = -1;
    if (metal->rate > 0)
        rate = metal->rate;
    else if (!pricing->status && metal->per_ounce >= 0 &&
             !alloy_rate(metal->per_ounce, metal->fineness, metal->markup, metal->loss, &rate))
        too_large(pricing, metal->name);
    line_add(pricing, PRICE_METAL, metal->code, metal->name, metal->weight, "mg", rate, 1);
}

static void stone_add(struct pricing *pricing, const struct price_stone *stone) {
    if (stone->per_stone != NONE)
        line_add_minor(pricing, PRICE_STONE, stone->code, stone->name, stone->count, "piece",
                       stone->per_stone, 1);
    else
        line_add_minor(pricing, PRICE_STONE, stone->code, stone->name, stone->carats, "ct",
                       stone->per_carat, CARAT);
}

/* The surcharge is a share of the work's prices as they stand on their lines. */
static void rush_add(struct pricing *pricing) {
    const struct price_input *input = pricing->input;
    const struct price *price = pricing->price;
    int64_t work = 0, share = 0, amount = 0;
    if (pricing->status || (input->rush_share == 0 && input->rush_amount == 0))
        return;
    for (int64_t i = 0; i < price->line_count; i++) {
        enum price_kind kind = PRICE_METAL;
        price_kind_find(price->lines[i].kind, &kind);
        if ((kind == PRICE_SETTING || kind == PRICE_LABOUR || kind == PRICE_VENDOR) &&
            !number_add(work, price->lines[i].price, &work))
            too_large(pricing, "Rush");
    }
    if (!number_ratio(work, input->rush_share, WHOLE, &share) ||
        !number_add(share, input->rush_amount, &amount))
        too_large(pricing, "Rush");
    line_add_minor(pricing, PRICE_RUSH, "rush", "Rush", 1, "each", amount, 1);
}

static bool line_tax(const struct price_line *line, int64_t net, int64_t *tax) {
    return number_ratio(net, line->tax_share, WHOLE, tax);
}

/* What the customer sees as the line's price, and the discount is taken from. */
static bool line_shown(const struct price_input *input, const struct price_line *line,
                       int64_t *shown) {
    int64_t tax = 0;
    if (input->tax_inside && !line_tax(line, line->price, &tax))
        return false;
    return number_add(line->price, tax, shown);
}

/* The discount on each line, of the prices as they are shown, exact over all. */
static int64_t *discounts_split(struct pricing *pricing, struct arena *arena) {
    const struct price_input *input = pricing->input;
    const struct price *price = pricing->price;
    size_t count = (size_t)price->line_count;
    int64_t *shown = ARENA_ARRAY(arena, int64_t, count + 1);
    int64_t *parts = ARENA_ARRAY(arena, int64_t, count + 1);
    int64_t sum = 0, left = 0, share = 0, discount = 0;
    for (size_t i = 0; i < count; i++)
        if (!line_shown(input, &price->lines[i], &shown[i]) || !number_add(sum, shown[i], &sum)) {
            too_large(pricing, price->lines[i].description);
            return parts;
        }
    if (input->discount_amount > sum) {
        pricing->status =
            error_add(pricing->errors, INVALID, "discount", "discount_too_large",
                      "The discount is greater than the price. It can be the whole price at most.");
        return parts;
    }
    if (!number_subtract(sum, input->discount_amount, &left) ||
        !number_ratio(left, input->discount_share, WHOLE, &share) ||
        !number_add(input->discount_amount, share, &discount) ||
        (count && !number_split(discount, shown, price->line_count, parts)))
        too_large(pricing, "Discount");
    return parts;
}

/* Discount, net, tax and total of one line; `off` is in the prices as they are shown. With the tax
 * inside, what is left is what the customer pays: the tax in it is worked back from that. */
static bool line_finish(const struct price_input *input, struct price_line *line, int64_t off) {
    if (!input->tax_inside) {
        line->discount = off;
        return number_subtract(line->price, off, &line->net) &&
               line_tax(line, line->net, &line->tax) &&
               number_add(line->net, line->tax, &line->total);
    }
    int64_t shown;
    return line_shown(input, line, &shown) && number_subtract(shown, off, &line->total) &&
           number_ratio(line->total, line->tax_share, WHOLE + line->tax_share, &line->tax) &&
           number_subtract(line->total, line->tax, &line->net) &&
           number_subtract(line->price, line->net, &line->discount);
}

static bool sums_make(const struct price_input *input, struct price *price) {
    for (int64_t i = 0; i < price->line_count; i++) {
        const struct price_line *line = &price->lines[i];
        if (!number_add(price->cost, line->cost, &price->cost) ||
            !number_add(price->subtotal, line->price, &price->subtotal) ||
            !number_add(price->discount, line->discount, &price->discount) ||
            !number_add(price->net, line->net, &price->net) ||
            !number_add(price->tax, line->tax, &price->tax) ||
            !number_add(price->total, line->total, &price->total))
            return false;
    }
    return number_ratio(price->total, input->deposit_share, WHOLE, &price->deposit) &&
           number_subtract(price->net, price->cost, &price->margin);
}

static void share_check(struct pricing *pricing, const char *field, const char *name, int64_t share,
                        int64_t most) {
    if (!pricing->status && (share < 0 || share > most))
        pricing->status =
            error_add(pricing->errors, INVALID, field, "out_of_range",
                      "%s must lie between 0 and %d %%.", name, (int)(most / PERCENT));
}

static void shares_check(struct pricing *pricing) {
    const struct price_input *input = pricing->input;
    for (int kind = 0; kind < PRICE_KINDS; kind++) {
        if (kind != PRICE_RUSH)
            share_check(pricing, "margin", "A margin", input->margin[kind], LARGEST_SHARE);
        share_check(pricing, "tax", "A tax", input->tax[kind], WHOLE);
    }
    share_check(pricing, "rush", "The rush surcharge", input->rush_share, LARGEST_SHARE);
    share_check(pricing, "discount", "The discount", input->discount_share, WHOLE);
    share_check(pricing, "deposit", "The deposit's share", input->deposit_share, WHOLE);
    if (!pricing->status && input->discount_amount < 0)
        pricing->status = error_add(pricing->errors, INVALID, "discount", "negative",
                                    "A discount can't be negative.");
}

enum status price_make(const struct price_input *input, struct arena *arena, struct price *price,
                       struct errors *errors) {
    int64_t most = input->metal_count + input->stone_count + input->setting_count +
                   input->labour_count + input->finding_count + input->vendor_count + 1;
    *price = (struct price){.lines = ARENA_ARRAY(arena, struct price_line, (size_t)most)};
    struct pricing pricing = {.input = input, .price = price, .errors = errors};
    shares_check(&pricing);
    for (int64_t i = 0; i < input->metal_count; i++)
        metal_add(&pricing, &input->metals[i]);
    for (int64_t i = 0; i < input->stone_count; i++)
        stone_add(&pricing, &input->stones[i]);
    for (int64_t i = 0; i < input->finding_count; i++)
        line_add_minor(&pricing, PRICE_FINDING, input->findings[i].code, input->findings[i].name,
                       input->findings[i].count, "piece", input->findings[i].each, 1);
    for (int64_t i = 0; i < input->labour_count; i++)
        line_add_minor(&pricing, PRICE_LABOUR, input->labour[i].code, input->labour[i].name,
                       input->labour[i].minutes, "minute", input->labour[i].per_hour, 60);
    for (int64_t i = 0; i < input->setting_count; i++)
        line_add_minor(&pricing, PRICE_SETTING, input->settings[i].code, input->settings[i].name,
                       input->settings[i].count, "piece", input->settings[i].per_stone, 1);
    for (int64_t i = 0; i < input->vendor_count; i++)
        line_add_minor(&pricing, PRICE_VENDOR, input->vendors[i].code, input->vendors[i].name,
                       input->vendors[i].count, "each", input->vendors[i].each, 1);
    rush_add(&pricing);
    if (pricing.status)
        return pricing.status;

    const int64_t *off = discounts_split(&pricing, arena);
    for (int64_t i = 0; i < price->line_count && !pricing.status; i++)
        if (!line_finish(input, &price->lines[i], off[i]))
            too_large(&pricing, price->lines[i].description);
    if (!pricing.status && !sums_make(input, price))
        too_large(&pricing, "Total");
    return pricing.status;
}
