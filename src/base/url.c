#include "base/url.h"

#include "base/text.h"

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

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

const char *url_decode(const char *text, size_t length, bool plus_is_space, struct arena *arena) {
    char *out = arena_alloc(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%') {
            int high = length - i > 2 ? hex_digit(text[i + 1]) : -1;
            int low = length - i > 2 ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        out[used++] = c;
    }
    out[used] = '\0';
    return text_is_utf8(out, used) ? out : NULL;
}

const char *url_value(struct arena *arena, const char *query, const char *name) {
    size_t length = strlen(name);
    while (query != NULL && *query != '\0') {
        size_t size = strcspn(query, "&");
        if (size > length && strncmp(query, name, length) == 0 && query[length] == '=')
            return url_decode(query + length + 1, size - length - 1, true, arena);
        query += size + (query[size] == '&');
    }
    return NULL;
}
