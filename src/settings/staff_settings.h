/* The models of the pages of staff, roles, the log and one's own settings. */
#pragma once

#include "accounts/account.h"
#include "settings/settings.h"

struct staff_rows {
    struct staff *rows;
    int64_t count;
};

/* Somebody new, with a first password; or a change of who is there (no password in it). */
struct staff_entry {
    const char *name, *email, *role, *password;
    int64_t version;
};
struct staff_page {
    struct staff staff; /* id NONE: somebody new */
    struct form form, password_form;
};
extern const struct record staff_entry_record, new_staff_record;

struct new_password {
    const char *password;
};
struct own_password {
    const char *current, *password;
};
extern const struct record new_password_record, own_password_record;

/* One right, and who has it. */
struct right_row {
    const char *right;
    int64_t owner, manager, sales, bench;
};
struct rights {
    struct right_row *rows;
    int64_t count;
};

struct log_query {
    const char *thing;
    int64_t id, before;
};
struct log_page {
    struct audit_row *rows;
    int64_t count;
    const char *older;
    struct log_query query;
};
const char *log_url(struct arena *arena, const struct audit_row *row); /* NULL: it has no page */

struct own_theme {
    const char *theme;
};
extern const struct record own_theme_record;
struct me_page {
    struct staff *me;
    struct staff staff;
    struct api_token *tokens;
    int64_t token_count;
    struct form theme_form, password_form;
};
