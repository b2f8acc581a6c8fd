/* Who acts: a signed-in person, an API token's owner, or the program itself. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct actor {
    int64_t staff;        /* 0: the program itself, or the public */
    const char *name;     /* "Imogen Hartwell"; "Benchpin" for the program */
    const char *role;     /* "owner", "manager", "sales", "bench"; "public" */
    uint64_t permissions; /* bits of accounts/permission.h: what is not set is denied */
    int64_t session;      /* 0: none (API token, program) */
    int64_t token;        /* the API token's id; 0: none */
    const char *theme;    /* the person's setting: "light", "dark", "auto" */
    const char *language; /* the person's own, BCP 47: "de-DE"; NULL: the shop's */
    bool letters_off;     /* keys of a single letter are switched off */
    const char *detour;   /* the page that must be dealt with before any other; NULL: none */
};

static inline bool actor_may(const struct actor *actor, uint64_t permission) {
    return actor != 0 && (actor->permissions & permission) == permission;
}
