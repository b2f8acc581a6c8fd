/* The models of the pages of metals, rates and margins. */
#pragma once

#include "settings/settings.h"
#include "stock/stock.h"

/* Today's prices as they are typed: for an ounce, a gram or a pennyweight. */
struct price_entry {
    const char *metal;
    int64_t price, markup;
};
struct price_entries {
    const char *unit, *source;
    struct price_entry *prices;
    int64_t count;
};
extern const struct record price_entry_record;

struct alloy_entries {
    struct shop_alloy *alloys;
    int64_t count;
};

struct metals_page {
    struct metal_price *prices; /* the newest of each metal */
    int64_t price_count;
    struct shop_alloy *alloys;
    int64_t alloy_count;
    struct metal_price *history;
    int64_t history_count;
    const char *older; /* the address of older prices, or NULL */
    struct form price_form, alloy_form;
};

struct rates {
    struct craft_rate *crafts;
    int64_t craft_count;
    struct setting_price *settings;
    int64_t setting_count;
    struct margin *margins;
    int64_t margin_count;
    int64_t rush_share; /* basis points on the work of a job that is a rush */
};
struct rates_page {
    struct rates rates;
    struct stone_price *stones;
    int64_t stone_count;
    struct form rates_form, stone_form;
};
