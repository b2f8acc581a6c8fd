#include "base/url.h"

#include <ctype.h>
#include <string.h>

const char *url_encode(struct arena *arena, const char *text) {
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, strlen(text) * 3 + 1), *at = out;
    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        if (*byte < 128 && (isalnum(*byte) || strchr("-._~", *byte) != NULL)) {
            *at++ = (char)*byte;
        } else {
            *at++ = '%';
            *at++ = hex[*byte >> 4];
            *at++ = hex[*byte & 15];
        }
    }
    return out;
}

const char *url_with(struct arena *arena, const char *path, const char *const *pairs) {
    const char *url = path;
    for (char mark = '?'; *pairs != NULL; pairs += 2) {
        if (pairs[1] == NULL)
            continue;
        url = arena_printf(arena, "%s%c%s=%s", url, mark, pairs[0], url_encode(arena, pairs[1]));
        mark = '&';
    }
    return url;
}
