/* Arenas, buffers and errors: what everything else is made in. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/errors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void an_arena_hands_out_zeroed_aligned_bytes(void **state) {
    struct arena *arena = arena_new();
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 5000; size = size * 3 / 2 + 1) {
            unsigned char *bytes = arena_alloc(arena, size);
            assert_int_equal((uintptr_t)bytes % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(bytes[i], 0);
            memset(bytes, 0xff, size);
        }
        assert_true(arena_used(arena) > 10000);
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    char *large = arena_alloc(arena, 10 * 1024 * 1024);
    large[10 * 1024 * 1024 - 1] = 'x';
    arena_free(arena);
    arena_free(NULL);
}

static void texts_of_an_arena_end_in_nul(void **state) {
    struct arena *arena = arena_new();
    assert_string_equal(arena_text(arena, "abc"), "abc");
    assert_string_equal(arena_text_n(arena, "abc", 2), "ab");
    assert_string_equal(arena_text_n(arena, NULL, 0), "");
    assert_null(arena_text(arena, NULL));
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 5), "a-5");
    char *wide = arena_printf(arena, "%20000d", 1);
    assert_int_equal(strlen(wide), 20000);
    arena_free(arena);
}

static void a_grown_array_keeps_its_items(void **state) {
    struct arena *arena = arena_new();
    int64_t *items = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        items = arena_grow(arena, items, i, &capacity, sizeof *items);
        assert_true(capacity > i);
        items[i] = (int64_t)i;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    arena_free(arena);
}

static void a_buffer_grows_and_stays_terminated(void **state) {
    struct buf buf = {0};
    buf_lit(&buf, "a");
    assert_string_equal(buf.at, "a");
    for (int i = 0; i < 1000; i++)
        buf_printf(&buf, "%d,", i);
    buf_text(&buf, "end");
    buf_byte(&buf, '.');
    assert_int_equal(strlen(buf.at), buf.length);
    assert_string_equal(buf.at + buf.length - 8, "999,end.");
    buf_clear(&buf);
    assert_string_equal(buf.at, "");
    static const int64_t numbers[] = {0, 7, -7, 1000000, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[32];
        snprintf(text, sizeof text, "%lld", (long long)numbers[i]);
        buf_clear(&buf);
        buf_int(&buf, numbers[i]);
        assert_string_equal(buf.at, text);
    }
    size_t length;
    char *taken = buf_take(&buf, &length);
    assert_int_equal(length, 20);
    assert_null(buf.at);
    free(taken);
    taken = buf_take(&buf, NULL);
    assert_string_equal(taken, "");
    free(taken);
    buf_free(&buf);
}

static void the_first_fault_gives_the_status(void **state) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    assert_false(errors_any(&errors));
    assert_false(errors_any(NULL));
    char field[] = "price";
    assert_int_equal(error_add(&errors, INVALID, field, "too_small", "%s is %d.", "Price", -1),
                     INVALID);
    field[0] = 'x'; /* everything was copied */
    assert_int_equal(error_add(&errors, CONFLICT, NULL, "moved", "It moved."), CONFLICT);
    assert_int_equal(error_add(&errors, INVALID, "price", "again", "Again."), INVALID);
    assert_int_equal(errors.status, INVALID);
    assert_string_equal(error_at(&errors, "price")->sentence, "Price is -1.");
    assert_string_equal(error_at(&errors, "price")->code, "too_small");
    assert_null(error_at(&errors, "title"));
    assert_null(error_at(NULL, "price"));
    assert_true(errors_any(&errors));
    errors_clear(&errors);
    assert_false(errors_any(&errors));
    assert_int_equal(errors.status, OK);
    assert_string_equal(status_title(MISSING), "Not found");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_hands_out_zeroed_aligned_bytes),
        cmocka_unit_test(texts_of_an_arena_end_in_nul),
        cmocka_unit_test(a_grown_array_keeps_its_items),
        cmocka_unit_test(a_buffer_grows_and_stays_terminated),
        cmocka_unit_test(the_first_fault_gives_the_status),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
