#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/language_table.h"

#include <string.h>

static const struct language *german(void) {
    return language_find("de");
}

static void a_regions_tag_finds_its_language(void **state) {
    assert_string_equal(language_find("de-CH")->tag, "de");
    assert_string_equal(language_find("DE_at")->tag, "de");
    assert_string_equal(language_find("en-AU")->tag, "en-GB");
    assert_string_equal(language_find("en")->tag, "en-GB");
    assert_string_equal(language_find("en-US")->tag, "en-US");
    assert_string_equal(language_find("ar-EG")->tag, "ar");
    assert_null(language_find("deu"));
    assert_null(language_find("ja"));
    assert_null(language_find(""));
    assert_null(language_find(NULL));
}

static void a_browser_gets_what_it_likes_best_of_what_is_offered(void **state) {
    assert_string_equal(language_accepted("fr-CH, fr;q=0.9, en;q=0.8", NULL)->tag, "fr");
    assert_string_equal(language_accepted("en;q=0.3,de;q=0.7", NULL)->tag, "de");
    assert_string_equal(language_accepted("ja, de;q=0.5", NULL)->tag, "de");
    assert_string_equal(language_accepted("de, fr;q=0.5", "en-GB,fr")->tag, "fr");
    assert_null(language_accepted("de;q=0", NULL));
    assert_null(language_accepted("de", "en-GB, fr"));
    assert_null(language_accepted("", NULL));
    assert_null(language_accepted(NULL, NULL));
    assert_null(language_accepted(";;;,,q=,=", NULL));
}

static void english_is_the_key(void **state) {
    const char *text = "Sign in";
    assert_ptr_equal(language_text(NULL, NULL, text), text);
    assert_ptr_equal(language_text(language_find("en-GB"), NULL, text), text);
    assert_ptr_equal(language_text(german(), NULL, NULL), NULL);
}

static void a_text_is_found_by_its_english(void **state) {
    assert_string_equal(language_text(german(), NULL, "Sign in"), "Anmelden");
}

static void what_no_catalogue_knows_stays_english(void **state) {
    const char *text = "No catalogue says this";
    assert_ptr_equal(language_text(german(), NULL, text), text);
    assert_string_equal(language_text(german(), NULL, ""), "");
    char longer[4000];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_ptr_equal(language_text(german(), "context", longer), longer);
}

static void every_key_of_every_catalogue_is_found(void **state) {
    int count;
    const struct language *languages = languages_all(&count);
    assert_true(count >= 5);
    for (uint32_t at = 0; at <= language_slots_mask; at++) {
        const struct language_slot *slot = &language_slots[at];
        if (slot->key == 0)
            continue;
        const char *key = language_key_bytes + language_keys[slot->key];
        if (strchr(key, '\004') != NULL)
            continue;
        for (int i = 1; i < count; i++) {
            uint32_t place = languages[i].texts[slot->key];
            assert_string_equal(language_text(&languages[i], NULL, key),
                                place == 0 ? key : languages[i].bytes + place);
        }
    }
}

/* Unicode CLDR 42, plural rules (cardinal) of ar, de, en and fr, for whole numbers. */
static void plural_forms_are_those_of_the_language(void **state) {
    static const struct {
        const char *tag;
        uint64_t n;
        unsigned form;
    } known[] = {
        {"de", 0, 1},   {"de", 1, 0},   {"de", 2, 1},    {"fr", 0, 0},    {"fr", 1, 0},
        {"fr", 2, 1},   {"fr", 100, 1}, {"ar", 0, 0},    {"ar", 1, 1},    {"ar", 2, 2},
        {"ar", 3, 3},   {"ar", 10, 3},  {"ar", 103, 3},  {"ar", 110, 3},  {"ar", 11, 4},
        {"ar", 26, 4},  {"ar", 99, 4},  {"ar", 111, 4},  {"ar", 100, 5},  {"ar", 102, 5},
        {"ar", 200, 5}, {"ar", 302, 5}, {"ar", 1003, 3}, {"en-US", 1, 0}, {"en-US", 0, 1},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_int_equal(language_find(known[i].tag)->form(known[i].n), known[i].form);
}

static void what_counts_takes_its_form(void **state) {
    assert_string_equal(language_count(NULL, 1, "%ld day", "%ld days"), "%ld day");
    assert_string_equal(language_count(NULL, 0, "%ld day", "%ld days"), "%ld days");
    assert_string_equal(language_count(NULL, -1, "%ld day", "%ld days"), "%ld day");
    assert_string_equal(language_count(german(), 1, "%ld day", "%ld days"), "%ld Tag");
    assert_string_equal(language_count(german(), 2, "%ld day", "%ld days"), "%ld Tage");
    const struct language *arabic = language_find("ar");
    assert_string_equal(language_count(arabic, 2, "%ld day", "%ld days"), "يومان");
    assert_string_equal(language_count(arabic, 5, "%ld day", "%ld days"), "%ld أيام");
    assert_string_equal(language_count(arabic, 11, "%ld day", "%ld days"), "%ld يومًا");
    assert_string_equal(language_count(german(), 2, "%ld xyz", "%ld xyzs"), "%ld xyzs");
}

static void only_arabic_runs_leftward(void **state) {
    assert_true(language_find("ar")->leftward);
    assert_false(german()->leftward);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_regions_tag_finds_its_language),
        cmocka_unit_test(a_browser_gets_what_it_likes_best_of_what_is_offered),
        cmocka_unit_test(english_is_the_key),
        cmocka_unit_test(a_text_is_found_by_its_english),
        cmocka_unit_test(what_no_catalogue_knows_stays_english),
        cmocka_unit_test(every_key_of_every_catalogue_is_found),
        cmocka_unit_test(plural_forms_are_those_of_the_language),
        cmocka_unit_test(what_counts_takes_its_form),
        cmocka_unit_test(only_arabic_runs_leftward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
