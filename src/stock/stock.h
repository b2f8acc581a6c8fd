/* What pieces are made of: alloys and their prices, stones, findings; a ledger that is only
 * appended. */
#pragma once

#include "db/db.h"
#include "http/http.h"

struct stock_item {
    int64_t id;
    const char *kind, *code, *name, *alloy, *gem, *shape;
    int64_t length, width; /* micrometres */
    const char *quality, *origin, *treatment, *report;
    int64_t cost; /* metal: a rate per milligram; else minor units a piece */
    int64_t on_hand, reserved, carats;
    int64_t archived_at, version, created_at;
};
extern const struct record stock_item_record;
extern const struct vocabulary stock_kinds; /* metal, stone, finding */
bool stock_load(struct context *cx, int64_t id, struct stock_item *item);

/* The newest price of a metal: minor units for a troy ounce, and the house markup; false: none yet.
 */
struct metal_price {
    int64_t id;
    const char *metal;
    int64_t price, markup;
    const char *source;
    int64_t at;
};
extern const struct record metal_price_record;
bool stock_metal_price(struct context *cx, const char *metal, struct metal_price *price);
/* Minor units an hour; 0: none set. */
int64_t stock_craft_rate(struct context *cx, const char *craft);
int64_t stock_setting_price(struct context *cx, const char *setting); /* a stone */
/* The guide price a carat for one stone of this weight; 0: none set. */
int64_t stock_stone_price(struct context *cx, const char *gem, const char *origin, int64_t carats);
int64_t stock_margin(struct context *cx, const char *kind); /* basis points on cost */

/* A need against stock. Stones match by gem, shape, origin, and size within 0.05 mm. */
struct need {
    const char *kind, *alloy, *gem, *shape, *origin;
    const char *name;                /* findings are found by it */
    int64_t length, width, quantity; /* milligrams or pieces */
};
/* The item that has the whole need free; false: none. */
bool stock_match(struct context *cx, const struct need *need, struct stock_item *item);
/* Movements. Reserving and releasing change only `reserved`; consuming takes both. CONFLICT when
 * there is not enough, with the item named. */
enum status stock_reserve(struct context *cx, int64_t item, int64_t quantity, int64_t job);
enum status stock_release(struct context *cx, int64_t item, int64_t quantity, int64_t job);
enum status stock_consume(struct context *cx, int64_t item, int64_t quantity, int64_t job);
enum status stock_receive(struct context *cx, int64_t item, int64_t quantity, int64_t carats,
                          const char *reason, const char *note);
/* What a count found: the difference is a movement. NONE carats leaves them. */
enum status stock_count(struct context *cx, int64_t item, int64_t counted, int64_t carats,
                        const char *note);
enum status stock_save(struct context *cx, struct stock_item *item);

extern const struct route stock_routes[];
