#include "base/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

struct thing {
    int64_t version, gift;
    const char *name, *note;
};
static const struct field thing_fields[] = {
    FIELD(struct thing, name, FIELD_TEXT),
    FIELD(struct thing, note, FIELD_LONG),
    FIELD(struct thing, gift, FIELD_FLAG),
    FIELD(struct thing, version, FIELD_INT),
};
static const struct record thing_record = RECORD("Thing", struct thing, thing_fields);

static const char *get(const void *sent, const char *name) {
    for (const char *const *at = sent; *at != NULL; at += 2)
        if (strcmp(at[0], name) == 0)
            return at[1];
    return NULL;
}

static int64_t merge(struct thing *yours, const struct thing *theirs, const char *const *sent,
                     struct arena *arena, struct merged **met) {
    return record_merge(&thing_record, yours, theirs, get, sent, NULL, arena, met);
}

static void what_only_they_changed_is_taken_over(void **state) {
    struct arena *arena = arena_new();
    struct thing yours = {.name = "old", .note = "mine", .gift = 0, .version = 1};
    const struct thing theirs = {.name = "new", .note = "was", .gift = 1, .version = 2};
    struct merged *met;
    int64_t count = merge(&yours, &theirs,
                          (const char *const[]){"name", "old", "was.name", "old", "note", "mine",
                                                "was.note", "was", "was.gift", "0", NULL},
                          arena, &met);
    assert_int_equal(count, 2);
    assert_true(met[0].taken && met[1].taken);
    assert_string_equal(yours.name, "new");
    assert_string_equal(yours.note, "mine");
    assert_int_equal(yours.gift, 1);
    assert_int_equal(yours.version, 1);
    arena_free(arena);
}

static void what_both_changed_stays_yours_and_is_told(void **state) {
    struct arena *arena = arena_new();
    struct thing yours = {.name = "mine"};
    const struct thing theirs = {.name = "theirs"};
    struct merged *met;
    int64_t count =
        merge(&yours, &theirs, (const char *const[]){"name", "mine", "was.name", "old", NULL},
              arena, &met);
    assert_int_equal(count, 1);
    assert_false(met[0].taken);
    assert_string_equal(met[0].theirs, "theirs");
    assert_string_equal(yours.name, "mine");
    arena_free(arena);
}

static void both_the_same_is_no_difference_and_what_was_not_asked_is_theirs(void **state) {
    struct arena *arena = arena_new();
    struct thing yours = {.name = "same"};
    const struct thing theirs = {.name = "same", .note = "kept", .gift = 1};
    struct merged *met;
    int64_t count =
        merge(&yours, &theirs, (const char *const[]){"name", "same", "was.name", "old", NULL},
              arena, &met);
    assert_int_equal(count, 0);
    assert_string_equal(yours.note, "kept");
    assert_int_equal(yours.gift, 1);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_only_they_changed_is_taken_over),
        cmocka_unit_test(what_both_changed_stays_yours_and_is_told),
        cmocka_unit_test(both_the_same_is_no_difference_and_what_was_not_asked_is_theirs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
