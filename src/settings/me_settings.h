/* The models of the pages of one's own account. */
#pragma once

#include "accounts/account.h"
#include "accounts/second_factor.h"
#include "accounts/session.h"
#include "accounts/token.h"
#include "settings/settings.h"

struct own_password {
    const char *current, *password;
};
/* A step that is only for who knows the password. */
struct own_word {
    const char *current;
};
struct own_code {
    const char *code;
};
struct ending {
    int64_t here; /* 1: this browser too */
};

struct me_page {
    struct staff *me;
    struct staff staff;
    struct session *sessions;
    int64_t session_count;
    struct api_token *tokens;
    int64_t token_count;
    struct second_factor *second_factor;
    struct second_factor factor;
    struct form own_form, password_form;
};

/* A token to be made on the page. */
struct token_entry {
    const char *name, *may, *expires; /* may: "everything", "read", "some" */
};
struct token_page {
    struct form form;
    bool ticked[PERMISSION_COUNT];
};
struct token_made {
    const struct api_token *token;
    const char *secret;
};

struct factor_page {
    struct second_factor factor;
    const char *secret; /* of what was begun; NULL: nothing was */
    struct form password_form, code_form, end_form;
    bool detour; /* nothing else is open until it is set up */
};
struct recovery_page {
    const char *codes; /* a line each */
    bool renewed;
};

/* "ABCD EFGH …": to be typed into a phone. */
const char *secret_in_fours(struct arena *arena, const char *secret);
/* "See jobs, the board and the flow; …" of scopes. */
const char *scopes_in_words(struct view *v, const char *scopes);
