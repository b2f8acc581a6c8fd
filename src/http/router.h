/* Finding the route: the tables of all rooms compiled into two tries, one for pages and one for
 * /api/v1. A literal segment goes before a number, a number before a text; "{id}" and "{number}"
 * and names ending so take whole positive numbers only. A segment may have a tail: "{number}.pdf".
 */
#pragma once

#include "http/http.h"

enum { SEGMENTS_MOST = 16 };

struct match {
    const struct route *route;
    const char *values[SEGMENTS_MOST]; /* decoded, in the order of the pattern's names */
    int count;
    unsigned allowed; /* bits 1 << method: what the path takes, when route is NULL */
};

struct router;

/* NULL: a fault says which route is wrong (no right, doubled, malformed). */
struct router *router_new(const struct route *const *tables, struct arena *arena,
                          struct errors *errors);
/* `path` is raw, without query and without /api/v1. BAD_REQUEST: broken escapes or UTF-8; MISSING
 * otherwise when nothing fits (`allowed` tells 405 from 404). */
enum status router_find(const struct router *router, bool api, enum method method, const char *path,
                        struct arena *arena, struct match *match);
/* {name} of the path, or NULL. */
const char *match_text(const struct match *match, const char *name);
bool name_is_number(const char *name, size_t length); /* of a pattern: must it be a number? */
const char *method_name(enum method method);
/* "GET, HEAD, POST" */
const char *allow_header(unsigned allowed, struct arena *arena);
