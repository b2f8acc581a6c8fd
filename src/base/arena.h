/* Memory that goes at once.
 *
 * Whoever starts a unit of work (a request, a background step, a command) makes an arena, and
 * everything that the work allocates comes from it; when the work ends the arena is freed or reset.
 * Rooms therefore never call free(). What must live longer has an owner named in its header.
 *
 * Running out of memory ends the process: acknowledged writes are safe on disk, and no caller could
 * do better. An arena belongs to one thread at a time. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);  /* accepts NULL */
void arena_reset(struct arena *arena); /* keeps the first block, for reuse */
size_t arena_used(const struct arena *arena); /* bytes handed out since the last reset */

/* `size` zeroed bytes, aligned for any object. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);
/* `count` objects of `size` bytes; ends the process when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))

/* Copies that end in a NUL byte. A NULL text stays NULL. */
char *arena_text(struct arena *arena, const char *text);
char *arena_text_n(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Grows an array by doubling; returns where it now lives. `*capacity` is updated. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);
