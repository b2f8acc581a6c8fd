/* Secrets that the program itself must read again, kept sealed in the database: XSalsa20-Poly1305
 * with a random key of the shop's, which lies beside the shop's files (`seal.key`, mode 0600) and
 * is made when it is first needed. A copy of the database alone, or a look into it, gives none of
 * them away; a backup holds files and database, and a shop that is restored from one works. */
#pragma once

#include "db/db.h"

/* In the arena. NULL: the key can neither be read nor made; a fault says why. */
const char *seal(struct context *cx, const unsigned char *secret, size_t length);
/* The length, at most `most`; 0: sealed with another key, or damaged. */
size_t unseal(struct context *cx, const char *sealed, unsigned char *secret, size_t most);
