/* People who do not exist: names of many kinds, addresses and phone numbers that belong to nobody.
 *
 * E-mail addresses end in example.com (RFC 2606); phone numbers are of the ranges that Ofcom keeps
 * for films and books. */
#pragma once

#include "base/arena.h"
#include "demo/chance.h"

struct person {
    const char *name, *phone, *email, *address;
};

/* The person of this number: the first have names that are their own, later ones are mixed. The
 * e-mail address is NULL for who left none. */
struct person person_make(struct chance *chance, int64_t number, bool email, bool at_home,
                          struct arena *arena);
