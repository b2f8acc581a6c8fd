/* Addresses: building a query. */
#pragma once

#include "base/arena.h"

/* "/customers?q=Ana%20L&after=7": pairs of name and value, ended by a NULL name; pairs with a NULL
 * value are left out. */
const char *url_with(struct arena *arena, const char *path, const char *const *pairs);
/* Percent-encoded but for unreserved characters. */
const char *url_encode(struct arena *arena, const char *text);
