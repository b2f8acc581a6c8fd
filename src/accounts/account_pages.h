/* The models of this room's pages. */
#pragma once

#include "accounts/account.h"

struct sign_in {
    const char *email, *password, *next;
};
struct sign_in_form {
    const char *next;
    struct form form;
};
/* The second step: a code from the authenticator, or a recovery code. */
struct sign_in_code {
    const char *code;
};
/* What a program asks a token with; who is signed in needs no password for it. */
struct token_request {
    const char *email, *password, *code, *name, *scopes, *expires;
    int64_t read_only;
};
struct signed_in {
    int64_t staff;
    const char *name, *role, *token, *scopes;
    int64_t read_only, expires_at;
};

/* A forgotten password, and the pages that links by mail lead to. */
struct forgotten {
    const char *email;
};
struct forgot_page {
    struct form form;
    bool mail; /* there is a mail server */
};
struct chosen {
    const char *name, *password;
};
struct link_page {
    const char *shop, *role, *email, *name;
    struct form form;
};
