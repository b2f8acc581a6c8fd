/* What pricing is given, whether it is stored or only chosen. For this folder. */
#pragma once

#include "quotes/making.h"
#include "stock/stock.h"

struct piece_material {
    const char *kind, *name, *alloy, *gem, *shape, *origin;
    int64_t length, width, quantity, carats;
    bool own;     /* the customer's */
    int64_t item; /* reserved from this, or NONE */
};
struct piece_operation {
    const char *craft, *kind, *name;
    int64_t minutes, cost, vendor;
};
struct piece {
    int64_t job;                      /* NONE: none is stored */
    const struct specification *spec; /* NULL: none */
    struct piece_material *materials;
    int64_t material_count;
    struct piece_operation *operations;
    int64_t operation_count;
};

/* Everything that is missing is added to cx->errors. */
enum status piece_price(struct context *cx, const struct piece *piece,
                        const struct price_wish *wish, struct costing *costing);
/* What a need costs as it is: of the stock item that has it, else by the guide; 0: not known. */
int64_t material_guide(struct context *cx, const struct piece_material *material);
/* What so many pieces or milligrams of a stock item cost; metal is kept at a rate. */
int64_t material_item_cost(const struct stock_item *item, int64_t quantity);
/* The stock item that has all of it free; false: none. */
bool material_find(struct context *cx, const struct piece_material *material,
                   struct stock_item *item);
/* Who is asked for it, and when it would be here. False: nobody. */
bool material_source(struct context *cx, const struct piece_material *material, int64_t *vendor,
                     const char **expected_day);
