/* The models of this room's pages. */
#pragma once

#include "stock/stock.h"

struct stock_list {
    struct stock_item *rows;
    int64_t count;
    const char *next; /* the address of the next page, or NULL */
    struct stock_query query;
    struct form filter;
};

/* An item as it is typed: cost a gram or a piece, and for a new one what there is of it. */
struct stock_entry {
    const char *kind, *code, *name, *alloy, *gem, *shape;
    int64_t length, width;
    const char *quality, *origin, *treatment, *report;
    int64_t cost_each;
    int64_t weight, pieces, carats; /* opening stock: metal is weighed, the rest counted */
    int64_t version;
};
struct stock_form {
    int64_t id; /* NONE: a new one */
    struct form form;
};

/* What came in, went back, or was counted. */
struct stock_change {
    const char *reason;
    int64_t weight, pieces, carats;
    const char *note;
};
struct stock_page {
    struct stock_item *item;
    struct stock_movement *movements;
    int64_t count;
    const char *older;
    struct stock_item own;
    struct form form;
};

const char *stock_amount(struct view *v, const char *kind, int64_t amount); /* "6.45 g", "22" */
const char *stock_described(struct view *v,
                            const struct stock_item *item); /* "oval 9.2 × 7.2 mm" */
