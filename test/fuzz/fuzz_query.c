/* Queries, cookies and paths from anybody: no crash, and nothing but well-formed UTF-8 comes out. */
#include "base/text.h"
#include "http/input.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct pairs pairs = {.arena = arena};
    if (query_parse(&pairs, (const char *)bytes, length, &errors) == OK) {
        for (size_t i = 0; i < pairs.count; i++) {
            const struct pair *pair = &pairs.at[i];
            if (!text_is_utf8(pair->name, strlen(pair->name)) ||
                !text_is_utf8(pair->value, strlen(pair->value)) || strlen(pair->name) > NAME_MOST)
                abort();
            const char *encoded = percent_encode(pair->value, "", arena);
            const char *decoded = url_decode(encoded, strlen(encoded), false, arena);
            if (decoded == NULL || strcmp(decoded, pair->value) != 0)
                abort();
        }
    } else if (!errors_any(&errors)) {
        abort();
    }
    const char *text = arena_text_n(arena, (const char *)bytes, length), *boundary;
    size_t boundary_length;
    cookie_get(text, "benchpin", arena);
    if (body_kind_of(text, &boundary, &boundary_length) == BODY_PARTS && boundary_length > 70)
        abort();
    arena_free(arena);
    return 0;
}
