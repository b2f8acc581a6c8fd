/* Addresses: building a query, and reading one. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* "/customers?q=Ana%20L&after=7": pairs of name and value, ended by a NULL name; pairs with a NULL
 * value are left out. */
const char *url_with(struct arena *arena, const char *path, const char *const *pairs);
/* Percent-encoded but for unreserved characters. */
const char *url_encode(struct arena *arena, const char *text);
/* What was percent-encoded, as it was meant; NULL when it is no well-formed UTF-8. */
const char *url_decode(const char *text, size_t length, bool plus_is_space, struct arena *arena);
/* What "kind=repair&q=halo" (no mark before it) says of a name; NULL: nothing, or not well formed.
 */
const char *url_value(struct arena *arena, const char *query, const char *name);
