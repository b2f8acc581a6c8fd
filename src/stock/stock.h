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
    int64_t cost_each; /* reckoned when it is loaded: minor units a gram, or a piece */
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
/* A new price, which counts from now on. */
enum status metal_price_add(struct context *cx, struct metal_price *price);
/* All of them, newest first, below the id `before` (NONE: from the newest). */
int64_t metal_price_list(struct context *cx, int64_t before, int64_t limit,
                         struct metal_price **prices);
/* Minor units an hour; 0: none set. */
int64_t stock_craft_rate(struct context *cx, const char *craft);
int64_t stock_setting_price(struct context *cx, const char *setting); /* a stone */
/* The guide price a carat for one stone of this weight; 0: none set. */
int64_t stock_stone_price(struct context *cx, const char *gem, const char *origin, int64_t carats);
int64_t stock_margin(struct context *cx, const char *kind); /* basis points on cost */
/* What a job that is a rush pays more for its work: basis points; 0: nothing. */
int64_t stock_rush_share(struct context *cx);

/* The alloy as this shop has it: density, fineness and loss may be its own. False: unknown code. */
struct alloy;
bool stock_alloy(struct context *cx, const char *code, struct alloy *alloy);

/* What the settings pages change. Each list has a row for every code there is. */
struct craft_rate {
    const char *craft;
    int64_t hourly;
};
struct setting_price {
    const char *setting;
    int64_t price; /* a stone */
};
struct margin {
    const char *kind;
    int64_t share; /* basis points on cost */
};
struct stone_price {
    int64_t id;
    const char *gem, *origin, *quality;
    int64_t from_carats, per_carat; /* of one stone of at least this weight */
};
struct shop_alloy {
    const char *code, *name, *metal;
    int64_t fineness, density, loss, active;
};
extern const struct record craft_rate_record, setting_price_record, margin_record,
    stone_price_record, shop_alloy_record;
extern const struct vocabulary margin_kinds; /* metal, stone, labour, setting, finding, vendor */
int64_t craft_rate_list(struct context *cx, struct craft_rate **rates);
int64_t setting_price_list(struct context *cx, struct setting_price **prices);
int64_t margin_list(struct context *cx, struct margin **margins);
int64_t stone_price_list(struct context *cx, struct stone_price **prices);
int64_t shop_alloy_list(struct context *cx, struct shop_alloy **list);
/* Rows that are not given stay as they are; a figure that is absent is 0. */
enum status craft_rates_save(struct context *cx, const struct craft_rate *rates, int64_t count);
enum status setting_prices_save(struct context *cx, const struct setting_price *prices,
                                int64_t count);
enum status margins_save(struct context *cx, const struct margin *margins, int64_t count);
enum status rush_share_save(struct context *cx, int64_t share);
enum status shop_alloys_save(struct context *cx, const struct shop_alloy *list, int64_t count);
enum status stone_price_add(struct context *cx, struct stone_price *price);
enum status stone_price_remove(struct context *cx, int64_t id);

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
/* CONFLICT while some of it is reserved. */
enum status stock_archive(struct context *cx, int64_t id, bool archived);
/* Minor units a gram or a piece as `cost`, and back. */
bool stock_cost(const char *kind, int64_t each, int64_t *cost);

struct stock_movement {
    int64_t id, at;
    const char *staff_name, *reason;
    int64_t on_hand, reserved, carats, job, job_number;
    const char *note;
};
extern const struct record stock_movement_record;
extern const struct vocabulary stock_reasons;
/* Newest first, below the id `before` (NONE: from the newest). */
int64_t stock_movements(struct context *cx, int64_t item, int64_t before, int64_t limit,
                        struct stock_movement **movements);

struct stock_query {
    const char *kind, *alloy, *gem, *q, *after; /* `after`: the code of the last one seen */
    int64_t archived;
};
/* By code; every word of `q` must stand in code, name or description. */
int64_t stock_find(struct context *cx, const struct stock_query *query, int64_t limit,
                   struct stock_item **items);

extern const struct route stock_routes[];
