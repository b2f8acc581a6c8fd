#include "base/phone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *arena;

static int start(void **state) {
    arena = arena_new();
    return 0;
}

static int stop(void **state) {
    arena_free(arena);
    return 0;
}

static void one_number_is_the_same_however_it_is_typed(void **state) {
    static const struct {
        const char *country, *typed, *number;
    } cases[] = {
        {"GB", "020 7946 0018", "+442079460018"},
        {"GB", "+44 20 7946 0018", "+442079460018"},
        {"GB", "+44 (0)20 7946 0018", "+442079460018"},
        {"GB", "0044 20 7946 0018", "+442079460018"},
        {"US", "+44 (0) 20-7946-0018", "+442079460018"},
        {"US", "011 44 20 7946 0018", "+442079460018"},
        {"GB", "07700\u00a0900\u2011214", "+447700900214"},
        {"US", "(212) 555-0123", "+12125550123"},
        {"US", "1-212-555-0123", "+12125550123"},
        {"CA", "212.555.0123", "+12125550123"},
        {"GB", "+1 212 555 0123", "+12125550123"},
        {"DE", "030 / 1234567", "+49301234567"},
        {"IT", "06 6982 1234", "+390669821234"},
        {"GB", "+39 06 6982 1234", "+390669821234"},
        {"ES", "612 345 678", "+34612345678"},
        {"FR", "06 12 34 56 78", "+33612345678"},
        {"HU", "06 1 234 5678", "+3612345678"},
        {"RU", "8 (912) 345-67-89", "+79123456789"},
        {"AU", "0011 44 20 7946 0018", "+442079460018"},
        {"AU", "0412 345 678", "+61412345678"},
        {"JP", "03-1234-5678", "+81312345678"},
        {"DK", "32 12 34 56", "+4532123456"},
        {"XX", "+44 20 7946 0018", "+442079460018"},
        {NULL, "+674 5551234", "+6745551234"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *number = phone_e164(cases[i].typed, cases[i].country, arena);
        if (number == NULL)
            fail_msg("“%s” was refused", cases[i].typed);
        assert_string_equal(number, cases[i].number);
        assert_string_equal(phone_e164(number, cases[i].country, arena), number);
    }
    assert_string_equal(phone_country_code("GB"), "44");
    assert_null(phone_country_code("XX"));
}

static void what_cannot_be_dialled_is_refused(void **state) {
    static const struct {
        const char *country, *typed;
    } cases[] = {
        {"GB", ""},
        {"GB", "12"},
        {"GB", "call me"},
        {"GB", "020 7946 0018 ext 5"},
        {"US", "555-0123"},
        {"US", "2125550123456"},
        {"XX", "020 7946 0018"},
        {NULL, "020 7946 0018"},
        {"GB", "+"},
        {"GB", "+44+20 7946 0018"},
        {"GB", "+0123456789"},
        {"GB", "+44 (0) 020 7946 0018"},
        {"GB", "+44 123456789012345"},
        {"GB", "020\xff 7946 0018"},
        {"GB", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (phone_e164(cases[i].typed, cases[i].country, arena) != NULL)
            fail_msg("“%s” was taken for a number", cases[i].typed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_is_the_same_however_it_is_typed),
        cmocka_unit_test(what_cannot_be_dialled_is_refused),
    };
    return cmocka_run_group_tests_name("phone", tests, start, stop);
}
