/* Every right there is, and which role has it: one table, denied by default. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum permission {
    MAY_SEE_JOBS,      /* board, list, job, flow */
    MAY_EDIT_JOBS,     /* take in, edit, comment, files, specification, operations */
    MAY_MOVE_JOBS,     /* from stage to stage, undo */
    MAY_REOPEN_JOBS,   /* closed jobs; override of a balance at hand-over */
    MAY_WORK_AT_BENCH, /* start and finish operations, bench checks */
    MAY_SEE_CUSTOMERS,
    MAY_EDIT_CUSTOMERS,
    MAY_SEE_PRICES,      /* quoted, final, deposits, invoices */
    MAY_SEE_COSTS,       /* cost, margin, vendors' prices */
    MAY_QUOTE,           /* make, send, accept quotes */
    MAY_TAKE_MONEY,      /* deposits, payments, invoices, receipts */
    MAY_GIVE_MONEY_BACK, /* refunds, reversals, credit notes */
    MAY_SEE_STOCK,
    MAY_CHANGE_STOCK,
    MAY_BUY, /* vendors and requests to them */
    MAY_SEND_MESSAGES,
    MAY_SET_PRICES, /* metal prices, rates, margins */
    MAY_MANAGE_STAFF,
    MAY_CHANGE_SETTINGS,
    MAY_EXPORT_SHOP, /* take a copy of everything */
    PERMISSION_COUNT
};

/* As a route's right: RIGHT(MAY_EDIT_JOBS) | RIGHT(MAY_SEE_PRICES). */
#define RIGHT(permission) (UINT64_C(1) << (permission))

/* All bits of a role; none for an unknown one. RIGHT_SIGNED_IN is not among them. */
uint64_t role_permissions(const char *role);
/* "MAY_QUOTE" in words, for the page that shows the table. */
const char *permission_words(enum permission permission);
/* "quote": as a token's scopes call it. Stable. */
const char *permission_code(enum permission permission);
/* "Money": under which title the pages show it. Those of one group stand together in the table. */
const char *permission_group(enum permission permission);

/* A token's scopes, "see_jobs see_customers", as bits; NULL are all there are. A code that nobody
 * knows gives no right, and is told in `unknown` (or NULL) when it is given. */
uint64_t scopes_permissions(const char *scopes, const char **unknown, struct arena *arena);
/* The same written out, in the order of the table. */
const char *permissions_scopes(uint64_t permissions, struct arena *arena);
