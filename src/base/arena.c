#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 8 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
    struct block *newest, *first;
    size_t used;
};

static void out_of_memory(void) {
    fputs("benchpin: out of memory\n", stderr);
    abort();
}

static struct block *block_new(size_t size) {
    struct block *block = malloc(sizeof *block + size);
    if (block == NULL)
        out_of_memory();
    block->next = NULL;
    block->used = 0;
    block->size = size;
    return block;
}

struct arena *arena_new(void) {
    struct arena *arena = malloc(sizeof *arena);
    if (arena == NULL)
        out_of_memory();
    arena->first = arena->newest = block_new(FIRST_BLOCK);
    arena->used = 0;
    return arena;
}

void arena_reset(struct arena *arena) {
    while (arena->newest != arena->first) {
        struct block *next = arena->newest->next;
        free(arena->newest);
        arena->newest = next;
    }
    arena->first->used = 0;
    arena->used = 0;
}

void arena_free(struct arena *arena) {
    if (arena == NULL)
        return;
    arena_reset(arena);
    free(arena->first);
    free(arena);
}

size_t arena_used(const struct arena *arena) {
    return arena->used;
}

void *arena_alloc(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 4)
        out_of_memory();
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct block *block = arena->newest;
    if (block->size - block->used < size) {
        size_t wanted = block->size * 2 < 1024 * 1024 ? block->size * 2 : 1024 * 1024;
        block = block_new(size > wanted ? size : wanted);
        block->next = arena->newest;
        arena->newest = block;
    }
    void *at = block->bytes + block->used;
    block->used += size;
    arena->used += size;
    return memset(at, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory();
    return arena_alloc(arena, total);
}

char *arena_text_n(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_alloc(arena, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *arena_text(struct arena *arena, const char *text) {
    return text == NULL ? NULL : arena_text_n(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args) {
    char small[256]; /* nearly every text: formatted once */
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    if (length < 0)
        out_of_memory();
    char *text = arena_alloc(arena, (size_t)length + 1);
    if ((size_t)length < sizeof small)
        memcpy(text, small, (size_t)length);
    else
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return items;
    *capacity = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = arena_array(arena, *capacity, size);
    if (count > 0)
        memcpy(grown, items, count * size);
    return grown;
}
