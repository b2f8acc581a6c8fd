#include "accounts/permission.h"

#include "base/buf.h"

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
    const char *code, *group;
} table[PERMISSION_COUNT] = {
    [MAY_SEE_JOBS] = {"See jobs, the board and the flow", ALL, "see_jobs", "Jobs"},
    [MAY_EDIT_JOBS] = {"Take in and edit jobs, comment, add files", ALL, "edit_jobs", "Jobs"},
    [MAY_MOVE_JOBS] = {"Move jobs from stage to stage", ALL, "move_jobs", "Jobs"},
    [MAY_REOPEN_JOBS] = {"Reopen closed jobs, hand over with a balance", LEADERS, "reopen_jobs",
                         "Jobs"},
    [MAY_WORK_AT_BENCH] = {"Start and finish operations and checks", ALL, "work_at_bench", "Jobs"},
    [MAY_SEE_CUSTOMERS] = {"See customers", COUNTER, "see_customers", "Customers"},
    [MAY_EDIT_CUSTOMERS] = {"Make and edit customers", COUNTER, "edit_customers", "Customers"},
    [MAY_SEE_PRICES] = {"See prices, deposits and invoices", COUNTER, "see_prices", "Money"},
    [MAY_SEE_COSTS] = {"See costs and margins", LEADERS, "see_costs", "Money"},
    [MAY_QUOTE] = {"Make, send and accept quotes", COUNTER, "quote", "Money"},
    [MAY_TAKE_MONEY] = {"Take deposits and payments, issue invoices", COUNTER, "take_money",
                        "Money"},
    [MAY_GIVE_MONEY_BACK] = {"Refund, reverse and credit", LEADERS, "give_money_back", "Money"},
    [MAY_SEE_STOCK] = {"See stock", ALL, "see_stock", "Stock and buying"},
    [MAY_CHANGE_STOCK] = {"Change stock", LEADERS, "change_stock", "Stock and buying"},
    [MAY_BUY] = {"Keep vendors, ask them for prices", COUNTER, "buy", "Stock and buying"},
    [MAY_SEND_MESSAGES] = {"Send messages to customers", COUNTER, "send_messages", "Customers"},
    [MAY_SET_PRICES] = {"Set metal prices, rates and margins", LEADERS, "set_prices", "The shop"},
    [MAY_MANAGE_STAFF] = {"Manage staff", OWNER, "manage_staff", "The shop"},
    [MAY_EXPORT_SHOP] = {"Take a copy of the whole shop", OWNER, "export_shop", "The shop"},
    [MAY_CHANGE_SETTINGS] = {"Change the shop's settings", LEADERS, "change_settings", "The shop"},
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

const char *permission_code(enum permission permission) {
    return permission < PERMISSION_COUNT ? table[permission].code : "";
}

const char *permission_group(enum permission permission) {
    return permission < PERMISSION_COUNT ? table[permission].group : "";
}

uint64_t scopes_permissions(const char *scopes, const char **unknown, struct arena *arena) {
    uint64_t permissions = 0;
    if (scopes == NULL)
        return ~UINT64_C(0);
    for (const char *at = scopes; *at != '\0';) {
        size_t length = strcspn(at, " ");
        int p = 0;
        while (p < PERMISSION_COUNT &&
               (strlen(table[p].code) != length || strncmp(table[p].code, at, length) != 0))
            p++;
        if (p < PERMISSION_COUNT)
            permissions |= RIGHT(p);
        else if (unknown != NULL && length > 0)
            *unknown = arena_text_n(arena, at, length);
        at += length;
        at += strspn(at, " ");
    }
    return permissions;
}

const char *permissions_scopes(uint64_t permissions, struct arena *arena) {
    struct buf out = {0};
    for (int p = 0; p < PERMISSION_COUNT; p++)
        if (permissions & RIGHT(p)) {
            if (out.length > 0)
                buf_byte(&out, ' ');
            buf_text(&out, table[p].code);
        }
    const char *text = arena_text(arena, out.at == NULL ? "" : out.at);
    buf_free(&out);
    return text;
}
