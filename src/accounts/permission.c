#include "accounts/permission.h"

#include <stddef.h>
#include <string.h>

enum {
    OWNER = 1,
    MANAGER = 2,
    SALES = 4,
    BENCH = 8,
    ALL = OWNER | MANAGER | SALES | BENCH,
    COUNTER = OWNER | MANAGER | SALES,
    LEADERS = OWNER | MANAGER
};

/* The one table of who may do what. What is not said here is denied. */
static const struct {
    const char *words;
    int roles;
} table[PERMISSION_COUNT] = {
    [MAY_SEE_JOBS] = {"See jobs, the board and the flow", ALL},
    [MAY_EDIT_JOBS] = {"Take in and edit jobs, comment, add files", ALL},
    [MAY_MOVE_JOBS] = {"Move jobs from stage to stage", ALL},
    [MAY_REOPEN_JOBS] = {"Reopen closed jobs, hand over with a balance", LEADERS},
    [MAY_WORK_AT_BENCH] = {"Start and finish operations and checks", ALL},
    [MAY_SEE_CUSTOMERS] = {"See customers", COUNTER},
    [MAY_EDIT_CUSTOMERS] = {"Make and edit customers", COUNTER},
    [MAY_SEE_PRICES] = {"See prices, deposits and invoices", COUNTER},
    [MAY_SEE_COSTS] = {"See costs and margins", LEADERS},
    [MAY_QUOTE] = {"Make, send and accept quotes", COUNTER},
    [MAY_TAKE_MONEY] = {"Take deposits and payments, issue invoices", COUNTER},
    [MAY_GIVE_MONEY_BACK] = {"Refund, reverse and credit", LEADERS},
    [MAY_SEE_STOCK] = {"See stock", ALL},
    [MAY_CHANGE_STOCK] = {"Change stock", LEADERS},
    [MAY_BUY] = {"Keep vendors, ask them for prices", COUNTER},
    [MAY_SEND_MESSAGES] = {"Send messages to customers", COUNTER},
    [MAY_SET_PRICES] = {"Set metal prices, rates and margins", LEADERS},
    [MAY_MANAGE_STAFF] = {"Manage staff", OWNER},
    [MAY_EXPORT_SHOP] = {"Take a copy of the whole shop", OWNER},
    [MAY_CHANGE_SETTINGS] = {"Change the shop's settings", LEADERS},
};

uint64_t role_permissions(const char *role) {
    static const struct {
        const char *code;
        int role;
    } roles[] = {{"owner", OWNER}, {"manager", MANAGER}, {"sales", SALES}, {"bench", BENCH}};
    uint64_t permissions = 0;
    for (size_t i = 0; role != NULL && i < sizeof roles / sizeof roles[0]; i++)
        if (strcmp(roles[i].code, role) == 0)
            for (int p = 0; p < PERMISSION_COUNT; p++)
                if (table[p].roles & roles[i].role)
                    permissions |= RIGHT(p);
    return permissions;
}

const char *permission_words(enum permission permission) {
    return permission < PERMISSION_COUNT ? table[permission].words : "";
}
