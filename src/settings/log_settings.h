/* The models of the log's page. */
#pragma once

#include "accounts/account.h"
#include "settings/settings.h"

struct log_query {
    int64_t staff;
    const char *thing;
    int64_t id;
    const char *action, *from, *to; /* days in the shop's zone, both included */
    int64_t before;
};
struct log_page {
    struct audit_row *rows;
    int64_t count;
    const char *older;
    struct log_query query;
    struct form form;
    struct vocabulary people, things, actions; /* to choose from */
    const char *csv;                           /* the address of the same as CSV */
    bool filtered;
};
/* Where the thing is looked at; NULL: it has no page. */
const char *log_url(struct arena *arena, const struct audit_row *row);
