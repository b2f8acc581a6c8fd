#include "messages/wording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const char *repeated(const char *text, int times) {
    static char all[4096];
    all[0] = '\0';
    for (int i = 0; i < times; i++)
        strcat(all, text);
    return all;
}

static void check(const char *text, int64_t characters, int64_t parts, bool plain) {
    struct text_size size = text_measure(text);
    assert_int_equal(size.characters, characters);
    assert_int_equal(size.parts, parts);
    assert_int_equal(size.plain, plain);
}

/* 3GPP TS 23.038: 160 in one, 153 in each of several; a euro counts twice. */
static void characters_of_its_alphabet_fit_160_into_one(void **state) {
    check("", 0, 0, true);
    check("Your ring is ready: £65", 23, 1, true);
    check(repeated("a", 160), 160, 1, true);
    check(repeated("a", 161), 161, 2, true);
    check(repeated("a", 307), 307, 3, true);
    check(repeated("€", 80), 160, 1, true);
    check("Größe à Øre", 11, 1, true);
}

static void one_other_character_makes_it_70(void **state) {
    check("Dvořák", 6, 1, false);
    check(repeated("’", 70), 70, 1, false);
    check(repeated("’", 71), 71, 2, false);
    check("💍", 2, 1, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_its_alphabet_fit_160_into_one),
        cmocka_unit_test(one_other_character_makes_it_70),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
