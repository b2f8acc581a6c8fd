/* The models of this room's pages. */
#pragma once

#include "accounts/account.h"

struct sign_in {
    const char *email, *password, *next, *name;
};
struct sign_in_form {
    const char *next;
    struct form form;
};
struct signed_in {
    int64_t staff;
    const char *name, *role, *token;
};
