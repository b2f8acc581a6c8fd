/* A growing run of bytes: what answers, messages and files are written into.
 *
 * `struct buf out = {0};` is empty and ready. The bytes are malloc'd and belong to the buffer until
 * buf_free() or buf_take(). `at` is NUL-terminated whenever it is not NULL. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *at;
    size_t length, capacity;
};

void buf_reserve(struct buf *buf, size_t more); /* room for `more` bytes and a NUL */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_int(struct buf *buf, int64_t number);
void buf_clear(struct buf *buf); /* empty, capacity kept */
void buf_free(struct buf *buf);
char *buf_take(struct buf *buf, size_t *length); /* the caller free()s; the buffer is empty again */

static inline void buf_put(struct buf *buf, const void *bytes, size_t length) {
    if (buf->capacity - buf->length <= length)
        buf_reserve(buf, length);
    memcpy(buf->at + buf->length, bytes, length);
    buf->length += length;
    buf->at[buf->length] = '\0';
}

static inline void buf_byte(struct buf *buf, char byte) {
    buf_put(buf, &byte, 1);
}

static inline void buf_text(struct buf *buf, const char *text) {
    buf_put(buf, text, strlen(text));
}

/* A string literal, its length known to the compiler. */
#define buf_lit(buf, literal) buf_put((buf), "" literal "", sizeof(literal) - 1)
