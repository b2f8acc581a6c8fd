/* The navigation: which places there are, and who is shown them. */
#include "accounts/permission.h"
#include "shops/shop.h"

static const struct place workshop[] = {
    {"jobs", "/board", "jobs", "Jobs", RIGHT(MAY_SEE_JOBS), true},
    {"flow", "/flows", "flow", "Flow", RIGHT(MAY_SEE_JOBS), true},
    {"custody", "/custody", "barcode", "Custody", RIGHT(MAY_SEE_JOBS), false},
    {"workshop", "/workshop", "schedule", "Workshop", RIGHT(MAY_SEE_JOBS), false},
    {0},
};
static const struct place shop_floor[] = {
    {"customers", "/customers", "customers", "Customers", RIGHT(MAY_SEE_CUSTOMERS), true},
    {"invoices", "/invoices", "invoices", "Invoices", RIGHT(MAY_SEE_PRICES), false},
    {"messages", "/messages", "msg", "Messages", RIGHT(MAY_SEND_MESSAGES), false},
    {0},
};
static const struct place stock_room[] = {
    {"stock", "/stock", "stock", "Stock", RIGHT(MAY_SEE_STOCK), false},
    {"vendors", "/vendors", "buying", "Vendors", RIGHT(MAY_BUY), false},
    {0},
};
static const struct place foot[] = {
    {"settings", "/settings", "settings", "Settings", RIGHT(MAY_CHANGE_SETTINGS), false},
    {0},
};

const struct places shop_places[] = {
    {"Workshop", workshop},
    {"Shop floor", shop_floor},
    {"Stock room", stock_room},
    {NULL, foot},
    {0},
};
