/* The price of a piece, line by line and exact.
 *
 * Money is in minor units; weights milligrams, stones hundred-thousandths of a carat, work minutes,
 * shares basis points. Pure: whoever calls has looked up the rates and freezes what comes out.
 *
 * A line is a quantity at a rate, rounded once, half away from zero:
 *     cost  = quantity × rate ÷ (per × 1,000,000)
 *     price = quantity × rate × (1 + margin) ÷ (per × 1,000,000)       both before tax
 * and everything below is a sum of lines, so that nothing is ever a penny off:
 *     subtotal = Σ price     discount = Σ discount     net = subtotal − discount = Σ net
 *     tax = Σ tax            total = net + tax = Σ total
 *
 * Margins are reckoned before tax. Whether a shop shows its prices with tax or without changes what
 * a discount is taken from (what the customer sees), not what a piece without discount costs: a
 * discount of an amount is that amount off the total where tax is shown inside, and off the net
 * elsewhere. It is split over the lines by their prices, to the last penny. */
#pragma once

#include "base/record.h"

enum price_kind {
    PRICE_METAL,
    PRICE_STONE,
    PRICE_SETTING,
    PRICE_LABOUR,
    PRICE_FINDING,
    PRICE_VENDOR,
    PRICE_RUSH,
    PRICE_KINDS
};
extern const struct vocabulary
    price_kinds; /* metal, stone, setting, labour, finding, vendor, rush */
extern const struct vocabulary price_units; /* mg, ct, piece, minute, each */
const char *price_kind_code(enum price_kind kind);
bool price_kind_find(const char *code, enum price_kind *kind);

/* What is priced. Names are what the customer reads. A thing that is the customer's own has a cost
 * of 0 and stays on the quote as a line without a price. */
struct price_metal {
    const char *code, *name; /* "au750y", "18ct yellow gold" */
    int64_t weight;          /* in the finished piece; the loss comes on top */
    int64_t fineness, loss;  /* of the alloy */
    int64_t per_ounce;       /* of fine metal */
    int64_t rate;            /* instead of it, for a milligram (RATE_ONE); 0: none */
    int64_t markup;          /* the house's, on the price; may be negative */
};
struct price_stone {
    const char *code, *name; /* "diamond"; the stone in the law's words */
    int64_t count, carats;   /* carats of all together */
    int64_t per_carat;       /* read where per_stone is NONE */
    int64_t per_stone;
};
struct price_setting { /* where the shop charges by the stone: then leave setting out of labour */
    const char *code, *name;
    int64_t count, per_stone;
};
struct price_labour {
    const char *code, *name; /* a craft */
    int64_t minutes, per_hour;
};
struct price_item { /* findings; vendors' work */
    const char *code, *name;
    int64_t count, each;
};

struct price_input {
    const struct price_metal *metals;
    const struct price_stone *stones;
    const struct price_setting *settings;
    const struct price_labour *labour;
    const struct price_item *findings, *vendors;
    int64_t metal_count, stone_count, setting_count, labour_count, finding_count, vendor_count;

    int64_t margin[PRICE_KINDS]; /* on cost, by kind; PRICE_RUSH is not read */
    int64_t tax[PRICE_KINDS];    /* goods and work are taxed each their own way; 0: not taxed */
    bool tax_inside;         /* the shop shows prices with tax: discounts are taken from those */
    bool exempt;             /* the customer pays no tax */
    int64_t rush_share;      /* on the prices of setting, labour and vendors' work */
    int64_t rush_amount;     /* and a flat one, before tax */
    int64_t discount_share;  /* of what is left… */
    int64_t discount_amount; /* …after this */
    int64_t deposit_share;   /* of the total */
};

struct price_line {
    int64_t position;
    const char *kind, *code, *description;
    int64_t quantity;
    const char *unit;
    int64_t rate, per;      /* `rate` millionths of a minor unit for `per` units */
    int64_t cost, price;    /* before tax */
    int64_t discount;       /* before tax */
    int64_t net;            /* price − discount */
    int64_t tax_share, tax; /* basis points; their amount on the net */
    int64_t total;          /* net + tax */
    int64_t taxable;        /* flag */
};
extern const struct record price_line_record;

struct price {
    struct price_line *lines;
    int64_t line_count;
    int64_t cost, subtotal, discount, net, tax, total;
    int64_t deposit; /* the share of the total, rounded once */
    int64_t margin;  /* net − cost: what the shop keeps before its own costs */
};
extern const struct record price_record;

/* INVALID with a sentence that names the line: a negative quantity or rate (`negative`), a discount
 * greater than the price (`discount_too_large`, field "discount"), a share out of its range
 * (`out_of_range`), or figures too large to be reckoned exactly (`too_large`). */
enum status price_make(const struct price_input *input, struct arena *arena, struct price *price,
                       struct errors *errors);
