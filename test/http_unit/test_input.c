/* What strangers send, taken apart. */
#include "http/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct arena *arena;
    struct errors errors;
    struct pairs pairs;
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->errors.arena = f->pairs.arena = arena_new();
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    arena_free(f->arena);
    free(f);
    return 0;
}

static enum status parse(struct fixture *f, const char *text) {
    f->pairs.count = 0;
    errors_clear(&f->errors);
    return query_parse(&f->pairs, text, strlen(text), &f->errors);
}

static void a_query_becomes_names_and_values(void **state) {
    struct fixture *f = *state;
    assert_int_equal(parse(f, "a=1&name=Anna+Lind%C3%A9n&empty=&bare&&b=x%26y%3D"), OK);
    assert_int_equal(f->pairs.count, 5);
    assert_string_equal(pairs_get(&f->pairs, "a"), "1");
    assert_string_equal(pairs_get(&f->pairs, "name"), "Anna Lind\xc3\xa9n");
    assert_string_equal(pairs_get(&f->pairs, "empty"), "");
    assert_string_equal(pairs_get(&f->pairs, "bare"), "");
    assert_string_equal(pairs_get(&f->pairs, "b"), "x&y=");
    assert_null(pairs_get(&f->pairs, "c"));
}

static void of_two_values_the_last_counts(void **state) {
    struct fixture *f = *state;
    assert_int_equal(parse(f, "paid=0&paid=1"), OK);
    assert_string_equal(pairs_get(&f->pairs, "paid"), "1");
}

static void broken_escapes_are_refused(void **state) {
    struct fixture *f = *state;
    const char *broken[] = {"a=%", "a=%4", "a=%zz", "%4=a", "a=%-1"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(parse(f, broken[i]), BAD_REQUEST);
    assert_int_equal(parse(f, "a=%41"), OK);
    assert_string_equal(pairs_get(&f->pairs, "a"), "A");
}

static void nul_and_malformed_utf8_are_refused(void **state) {
    struct fixture *f = *state;
    const char *bad[] = {"a=%00", "a=x%00y", "a=%ff", "a=%c3", "a=%c0%af", "a=%ed%a0%80", "%ff=1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(parse(f, bad[i]), BAD_REQUEST);
    assert_int_equal(query_parse(&f->pairs, "a=b\0c", 5, &f->errors), BAD_REQUEST);
}

static void too_many_and_too_long_fields_are_refused(void **state) {
    struct fixture *f = *state;
    char *long_value = malloc(VALUE_MOST + 16);
    memset(long_value, 'x', VALUE_MOST + 15);
    memcpy(long_value, "a=", 2);
    long_value[VALUE_MOST + 3] = '\0';
    assert_int_equal(parse(f, long_value), TOO_LARGE);
    long_value[VALUE_MOST + 2] = '\0';
    assert_int_equal(parse(f, long_value), OK);
    free(long_value);

    char many[2 * (FIELDS_MOST + 1) + 1];
    for (size_t i = 0; i < FIELDS_MOST + 1; i++)
        memcpy(many + 2 * i, "a&", 3);
    assert_int_equal(parse(f, many), TOO_LARGE);
    assert_string_equal(f->errors.first->code, "too_many_fields");
    many[(size_t)2 * FIELDS_MOST] = '\0';
    assert_int_equal(parse(f, many), OK);
}

static void encoding_and_decoding_are_inverse(void **state) {
    struct fixture *f = *state;
    const char *text = "/jobs?q=a b&c=\xc3\xa9%+\"<>";
    const char *encoded = percent_encode(text, "/", f->arena);
    assert_string_equal(encoded, "/jobs%3Fq%3Da%20b%26c%3D%C3%A9%25%2B%22%3C%3E");
    assert_string_equal(url_decode(encoded, strlen(encoded), false, f->arena), text);
}

static void a_cookie_is_found_by_its_whole_name(void **state) {
    struct fixture *f = *state;
    const char *header = "xbenchpin=no; benchpin=abc123 ;flash=\"q\"; benchpin=second";
    assert_string_equal(cookie_get(header, "benchpin", f->arena), "abc123");
    assert_string_equal(cookie_get(header, "flash", f->arena), "q");
    assert_null(cookie_get(header, "bench", f->arena));
    assert_null(cookie_get(NULL, "benchpin", f->arena));
    assert_null(cookie_get("benchpin", "benchpin", f->arena));
    assert_null(cookie_get(";;;=;", "benchpin", f->arena));
    assert_string_equal(cookie_get("benchpin=", "benchpin", f->arena), "");
}

static void media_types_are_told_apart(void **state) {
    const char *boundary;
    size_t length;
    assert_int_equal(body_kind_of("application/json", &boundary, &length), BODY_JSON);
    assert_int_equal(body_kind_of("Application/JSON; charset=UTF-8", &boundary, &length),
                     BODY_JSON);
    assert_int_equal(body_kind_of("application/json; charset=latin1", &boundary, &length),
                     BODY_OTHER);
    assert_int_equal(body_kind_of("application/jsonx", &boundary, &length), BODY_OTHER);
    assert_int_equal(body_kind_of("application/x-www-form-urlencoded", &boundary, &length),
                     BODY_FORM);
    assert_int_equal(body_kind_of("text/plain", &boundary, &length), BODY_OTHER);
    assert_int_equal(body_kind_of("", &boundary, &length), BODY_OTHER);
    assert_int_equal(body_kind_of("multipart/form-data; boundary=abc", &boundary, &length),
                     BODY_PARTS);
    assert_int_equal(length, 3);
    assert_memory_equal(boundary, "abc", 3);
    assert_int_equal(body_kind_of("multipart/form-data; boundary=\"a b\"; x=y", &boundary, &length),
                     BODY_PARTS);
    assert_int_equal(length, 3);
    assert_int_equal(body_kind_of("multipart/form-data", &boundary, &length), BODY_OTHER);
    assert_int_equal(body_kind_of("multipart/form-data; boundary=", &boundary, &length),
                     BODY_OTHER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_query_becomes_names_and_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_two_values_the_last_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_escapes_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nul_and_malformed_utf8_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_and_too_long_fields_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(encoding_and_decoding_are_inverse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cookie_is_found_by_its_whole_name, set_up, tear_down),
        cmocka_unit_test(media_types_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
