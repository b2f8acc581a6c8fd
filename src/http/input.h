/* What was sent, taken apart: queries, form bodies, cookies, media types. Everything here comes
 * from strangers: lengths and counts are limited, UTF-8 is checked, NUL is refused. */
#pragma once

#include "base/arena.h"
#include "base/errors.h"
#include "base/url.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    FIELDS_MOST = 1000,
    NAME_MOST = 200,        /* bytes of a field's name */
    VALUE_MOST = 64 * 1024, /* bytes of a field's value */
};

struct pair {
    const char *name, *value;
};
struct pairs {
    struct arena *arena;
    struct pair *at;
    size_t count, capacity;
};

/* The value of the last pair of this name, or NULL. Fits record_get. */
const char *pairs_get(const void *pairs, const char *name);
/* Adds a pair; both texts are kept, not copied. TOO_LARGE beyond FIELDS_MOST. */
enum status pairs_add(struct pairs *pairs, const char *name, const char *value,
                      struct errors *errors);
/* "a=1&b=x+y%20z" → pairs, copied into pairs->arena. BAD_REQUEST: broken escapes, NUL, UTF-8. */
enum status query_parse(struct pairs *pairs, const char *text, size_t length,
                        struct errors *errors);

/* Everything but unreserved characters and those in `keep` as %XX. */
const char *percent_encode(const char *text, const char *keep, struct arena *arena);

/* The value of a cookie in a Cookie header, or NULL. */
const char *cookie_get(const char *header, const char *name, struct arena *arena);

enum body_kind { BODY_NONE, BODY_FORM, BODY_JSON, BODY_PARTS, BODY_OTHER };
/* The Content-Type header; for BODY_PARTS the boundary, which points into the header. A charset
 * other than UTF-8 is BODY_OTHER. */
enum body_kind body_kind_of(const char *content_type, const char **boundary, size_t *length);
