/* The tables of a shop, as migrations in the order of their numbers; made from the *.sql files of this
 * folder at build time. A released migration is never edited: a change is a new file. */
#pragma once

#include "db/db.h"

extern const struct migration schema_migrations[]; /* ends with a NULL name */
