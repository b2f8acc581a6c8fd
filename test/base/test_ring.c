#include "base/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;

static int start(void **state) {
    arena = arena_new();
    return 0;
}

static int stop(void **state) {
    arena_free(arena);
    return 0;
}

static int64_t ring(const char *typed) {
    int64_t micrometres = 0;
    if (!ring_parse(typed, &micrometres))
        fail_msg("“%s” was refused", typed);
    return micrometres;
}

static void uk_letters_grow_by_a_millimetre_and_a_quarter(void **state) {
    assert_int_equal(ring("A"), 37800);
    assert_int_equal(ring("L"), 51550);
    assert_int_equal(ring("L½"), 52175);
    assert_int_equal(ring("L 1/2"), 52175);
    assert_int_equal(ring("l1/2"), 52175);
    assert_int_equal(ring("M ½"), 53425);
    assert_int_equal(ring("UK N"), 54050);
    assert_int_equal(ring("uk n½"), 54675);
    assert_int_equal(ring("AU P"), 56550);
    assert_int_equal(ring("Z"), 69050);
    assert_int_equal(ring("Z+2"), 71550);
    assert_int_equal(ring("Z 3½"), 73425);
    assert_int_equal(ring("Z 1/2"), 69675);
}

static void us_sizes_are_a_diameter(void **state) {
    /* Circumferences as the tables give them, to a tenth of a millimetre. */
    static const int64_t tenths[] = {468, 493, 519, 544, 570, 595, 621};
    for (int size = 4; size <= 10; size++) {
        char typed[8] = {'U', 'S', ' ', 0};
        typed[3] = (char)(size < 10 ? '0' + size : '1');
        typed[4] = size < 10 ? '\0' : '0';
        int64_t circumference = ring(typed);
        assert_true(labs(circumference - tenths[size - 4] * 100) <= 60);
        assert_int_equal(ring(typed + 3), circumference);
    }
    assert_int_equal(ring("US 7"), 54421);
    assert_int_equal(ring("6.75"), ring("6 3/4"));
    assert_int_equal(ring("US 6¾"), ring("CA 6.75"));
    assert_int_equal(ring("7 ½"), ring("7,5"));
}

static void other_systems_are_circumferences_and_thirds(void **state) {
    assert_int_equal(ring("EU 54"), 54000);
    assert_int_equal(ring("54.4"), 54400);
    assert_int_equal(ring("54,4 mm"), 54400);
    assert_int_equal(ring("37"), 37000);
    assert_int_equal(ring("ISO 54"), 54000);
    assert_int_equal(ring("CH 14"), 54000);
    assert_int_equal(ring("it 14.5"), 54500);
    assert_int_equal(ring("JP 1"), 40841);
    assert_int_equal(ring("JP 14"), 54454);
}

static void what_is_no_ring_size_is_refused(void **state) {
    static const char *const texts[] = {
        "",          " ",      "½",     "L¼",     "LL",         "L.5",
        "US L",      "EU L",   "UK 7",  "7.125",  "EU 20",      "200",
        "-7",        "7-8",    "M 1/3", "US",     "EU",         "JP 0",
        "36 mm",     "Z+",     "100.1", "1000",   "É",          "L½½",
        "7 1/2 1/2", "54.4.4", "54.",   "size 7", "US 7 EU 54", "99999999999999999999",
        "L\xff",
    };
    int64_t micrometres = 42;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (ring_parse(texts[i], &micrometres))
            fail_msg("“%s” was taken for %ld µm", texts[i], (long)micrometres);
    assert_false(ring_parse(NULL, &micrometres));
    assert_int_equal(micrometres, 42);
}

static void a_size_is_said_in_two_systems_the_shops_first(void **state) {
    assert_string_equal(ring_print(54675, "GB", arena), "N½ · EU 54.7");
    assert_string_equal(ring_print(ring("US 7"), "US", arena), "US 7 · EU 54.4");
    assert_string_equal(ring_print(54400, "DE", arena), "EU 54.4 · US 7");
    assert_string_equal(ring_print(54454, "JP", arena), "JP 14 · EU 54.5");
    assert_string_equal(ring_print(54000, NULL, arena), "EU 54 · US 6.75");
    assert_string_equal(ring_print(71550, "IE", arena), "Z+2 · EU 71.6");
    assert_string_equal(ring_print(31000, "GB", arena), "EU 31");
    assert_string_equal(ring_print(INT64_MIN, "GB", arena), "");
    assert_string_equal(ring_print_in(RING_UK, ring("US 7"), arena), "N½");
    assert_string_equal(ring_print_in(RING_JP, ring("US 7"), arena), "JP 14");
    static const char *const uk[] = {"GB", "AU", "ZA", "IE", "NZ"};
    for (int i = 0; i < 5; i++)
        assert_int_equal(ring_system_of(uk[i]), RING_UK);
    assert_int_equal(ring_system_of("CA"), RING_US);
    assert_int_equal(ring_system_of("FR"), RING_EU);
}

static void an_input_field_gives_the_same_size_again(void **state) {
    static const char *const countries[] = {"GB", "US", "JP", "DE", NULL};
    for (int i = 0; i < 5; i++)
        for (int64_t size = RING_SMALLEST; size <= RING_LARGEST; size += i == 4 ? 1 : 7) {
            const char *plain = ring_print_plain(size, countries[i], arena);
            if (ring(plain) != size)
                fail_msg("%ld µm in %s became “%s”", (long)size, countries[i], plain);
            arena_reset(arena);
        }
    assert_string_equal(ring_print_plain(54675, "GB", arena), "N½");
    assert_string_equal(ring_print_plain(ring("US 6.75"), "US", arena), "US 6.75");
    assert_string_equal(ring_print_plain(54400, "GB", arena), "EU 54.4");
    assert_string_equal(ring_print_plain(54400, "DE", arena), "54.4");
}

static void what_a_system_says_it_reads_back(void **state) {
    static const enum ring_system systems[] = {RING_EU, RING_UK, RING_US, RING_JP};
    for (int i = 0; i < 4; i++)
        for (int64_t size = RING_SMALLEST; size <= RING_LARGEST; size += 13) {
            const char *said = ring_print_in(systems[i], size, arena);
            int64_t again = ring(said);
            if (systems[i] != RING_EU && said[0] == 'E')
                continue;                           /* smaller or larger than this system's sizes */
            assert_true(labs(again - size) <= 550); /* half a step of Japan's */
            assert_string_equal(ring_print_in(systems[i], again, arena), said);
            arena_reset(arena);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uk_letters_grow_by_a_millimetre_and_a_quarter),
        cmocka_unit_test(us_sizes_are_a_diameter),
        cmocka_unit_test(other_systems_are_circumferences_and_thirds),
        cmocka_unit_test(what_is_no_ring_size_is_refused),
        cmocka_unit_test(a_size_is_said_in_two_systems_the_shops_first),
        cmocka_unit_test(an_input_field_gives_the_same_size_again),
        cmocka_unit_test(what_a_system_says_it_reads_back),
    };
    return cmocka_run_group_tests_name("ring", tests, start, stop);
}
