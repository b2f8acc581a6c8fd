/* What pricing is given, whether it is stored or only chosen. For this folder. */
#pragma once

#include "quotes/making.h"
#include "stock/stock.h"

struct piece_material {
    const char *kind, *name, *alloy, *gem, *shape, *origin;
    int64_t length, width, quantity, carats;
    int64_t cost_each; /* as a person entered it: of a piece, or a gram; NONE */
    bool own;          /* the customer's */
    bool by_hand;      /* metal: on top of what the specification asks for */
    int64_t item;      /* reserved from this, or NONE */
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
/* What a need costs as it is: as a person entered it, else of the stock item that has it, else by
 * the guide; 0: not known. */
int64_t material_guide(struct context *cx, const struct piece_material *material);
/* What so many pieces or milligrams of a stock item cost; metal is kept at a rate. */
int64_t material_item_cost(const struct stock_item *item, int64_t quantity);
/* The stock item that has all of it free; false: none. */
bool material_find(struct context *cx, const struct piece_material *material,
                   struct stock_item *item);
/* Who is asked for it, and when it would be here. False: nobody. */
bool material_source(struct context *cx, const struct piece_material *material, int64_t *vendor,
                     const char **expected_day);

/* ------------------------------------------------------------------ rows of materials */

/* As the row asks for it. */
struct piece_material material_piece(const struct material *row);
void material_insert(struct context *cx, const struct material *row);
void material_write(struct context *cx, const struct material *row);
void material_remove(struct context *cx, const struct material *row);
/* Gives back what is reserved; the row is then needed again. Writes nothing of the row. */
enum status material_release(struct context *cx, struct material *row);
/* Not here, and not the customer's to bring. */
bool material_is_waiting(const struct material *row);
/* The job's materials are made those of its specification, as that is stored. */
enum status materials_follow_stored(struct context *cx, int64_t job);
/* A stone that a person described: what follows from the rest is filled in, what is wrong stands at
 * "LIST.INDEX.gem". */
void stone_complete(struct context *cx, struct spec_stone *stone, const char *list, int64_t index);
