/* Multipart bodies from anybody, whole and in pieces: both ways must come to the same. */
#include "http/multipart.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static enum status read_in(struct multipart *multipart, const char *bytes, size_t length,
                           size_t piece) {
    enum status status = OK;
    for (size_t at = 0; at < length && status == OK; at += piece)
        status =
            multipart_feed(multipart, bytes + at, length - at < piece ? length - at : piece);
    return status == OK ? multipart_end(multipart) : status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    if (length == 0)
        return 0;
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct multipart_limits limits = {.file = 4096, .files = 3, .folder = "/tmp"};
    struct multipart *whole = multipart_new("X", 1, &limits, arena, &errors);
    struct multipart *pieces = multipart_new("X", 1, &limits, arena, &errors);
    const char *text = (const char *)bytes + 1;
    enum status first = read_in(whole, text, length - 1, length);
    enum status second = read_in(pieces, text, length - 1, (size_t)bytes[0] % 32 + 1);
    if (first == OK) {
        char a[65], b[65];
        multipart_hash(whole, a);
        multipart_hash(pieces, b);
        if (second != OK || strcmp(a, b) != 0 ||
            multipart_fields(whole)->count != multipart_fields(pieces)->count)
            abort();
    }
    multipart_drop(whole);
    multipart_drop(pieces);
    arena_free(arena);
    return 0;
}
