/* The models of the pages of staff, roles, the log and one's own settings. */
#pragma once

#include "accounts/account.h"
#include "accounts/link.h"
#include "accounts/second_factor.h"
#include "accounts/session.h"
#include "settings/settings.h"

/* Whom a second factor is asked of. */
struct factor_policy {
    const char *second_factor;
};
struct staff_rows {
    struct staff *rows;
    int64_t count;
    struct account_link *invitations;
    int64_t invitation_count;
    const char *second_factor;
    int64_t mail; /* 1: there is a mail server */
    struct form policy_form;
};

/* An invitation's link, shown this once. */
struct handed_over {
    const char *name, *email, *url;
    int64_t expires_at;
};

/* Somebody new, with a first password; or a change of who is there (no password in it). */
struct staff_entry {
    const char *name, *email, *role, *password;
    int64_t version;
};
struct staff_page {
    struct staff staff; /* id NONE: somebody new */
    struct form form, password_form;
    bool mail, by_hand; /* of somebody new: there is a mail server; with a first password */
    int64_t sessions;
};
extern const struct record staff_entry_record, new_staff_record;

struct new_password {
    const char *password;
};
extern const struct record new_password_record;

/* One right, and who has it. */
struct opened {
    const char *method, *path, *summary;
};
struct right_row {
    const char *right, *code, *group;
    int64_t owner, manager, sales, bench;
    struct opened *opens; /* what it opens: routes that need it */
    int64_t open_count;
};
struct rights {
    struct right_row *rows;
    int64_t count;
};
