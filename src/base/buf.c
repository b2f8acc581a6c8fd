#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

void buf_reserve(struct buf *buf, size_t more) {
    size_t wanted;
    if (__builtin_add_overflow(buf->length, more, &wanted) || wanted > SIZE_MAX / 4) {
        fputs("benchpin: buffer too large\n", stderr);
        abort();
    }
    if (wanted < buf->capacity)
        return;
    size_t capacity = buf->capacity == 0 ? 256 : buf->capacity;
    while (capacity <= wanted)
        capacity *= 2;
    char *at = realloc(buf->at, capacity);
    if (at == NULL) {
        fputs("benchpin: out of memory\n", stderr);
        abort();
    }
    if (buf->at == NULL)
        at[0] = '\0';
    buf->at = at;
    buf->capacity = capacity;
}

void buf_printf(struct buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        fputs("benchpin: a text could not be formatted\n", stderr);
        abort();
    }
    buf_reserve(buf, (size_t)length + 1);
    vsnprintf(buf->at + buf->length, (size_t)length + 1, format, again);
    va_end(again);
    buf->length += (size_t)length;
}

void buf_int(struct buf *buf, int64_t number) {
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        *--at = '-';
    buf_put(buf, at, (size_t)(digits + sizeof digits - at));
}

void buf_clear(struct buf *buf) {
    buf->length = 0;
    if (buf->at != NULL)
        buf->at[0] = '\0';
}

void buf_free(struct buf *buf) {
    free(buf->at);
    *buf = (struct buf){0};
}

char *buf_take(struct buf *buf, size_t *length) {
    if (buf->at == NULL)
        buf_reserve(buf, 1);
    char *at = buf->at;
    if (length != NULL)
        *length = buf->length;
    *buf = (struct buf){0};
    return at;
}
