/* Hosts in their one spelling. */
#include "db/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void is(const char *text, const char *normal) {
    assert_string_equal(host_normal(text, arena), normal);
}

static void case_port_and_last_dot_make_no_difference(void **state) {
    (void)state;
    is("Shop.Example", "shop.example");
    is("shop.example:8080", "shop.example");
    is("SHOP.example.:443", "shop.example");
    is("shop.example:", "shop.example");
    is("my_shop-2.example", "my_shop-2.example");
}

static void other_scripts_are_what_browsers_send_for_them(void **state) {
    (void)state;
    is("bücher.example", "xn--bcher-kva.example");
    is("BÜCHER.example:80", "xn--bcher-kva.example");
    is("xn--BCHER-kva.example", "xn--bcher-kva.example");
    is("strauß.example", "xn--strau-pqa.example"); /* not strauss, which may be another's */
    is("u\xcc\x88.example", "xn--tda.example");    /* u and its dots: ü */
    is("مثال.example", "xn--mgbh0fb.example");
}

static void addresses_in_digits_are_ours(void **state) {
    (void)state;
    is("127.0.0.1:8080", "127.0.0.1");
    is("[::1]:8080", "[::1]");
    is("[0:0:0:0:0:0:0:1]", "[::1]");
    assert_true(host_is_address("127.0.0.1"));
    assert_true(host_is_address("[::1]"));
    assert_true(host_is_address("localhost"));
    assert_false(host_is_address("127.1"));
    assert_false(host_is_address("localhost.example"));
    assert_false(host_is_address("127.0.0.1.example"));
    assert_false(host_is_address(NULL));
}

static void what_is_no_host_is_none(void **state) {
    (void)state;
    static const char *const none[] = {"",
                                       ".",
                                       "a..b",
                                       "-a.example",
                                       "a-.example",
                                       "a b",
                                       "a/b",
                                       "a:b",
                                       "[::1",
                                       "[::1]x",
                                       "[x]",
                                       "a.example:80:80",
                                       "a@b",
                                       "a.example,b.example",
                                       "\xff\xfe.example"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(host_normal(none[i], arena));
    assert_null(host_normal(NULL, arena));
    char label[100] = "";
    memset(label, 'a', 64);
    assert_null(host_normal(label, arena));
    char *name = arena_alloc(arena, 300);
    for (int i = 0; i < 140; i++)
        memcpy(name + 2 * i, "a.", 3);
    assert_null(host_normal(name, arena));
}

static void a_url_has_a_host(void **state) {
    (void)state;
    assert_string_equal(host_of_url("https://Shop.Example:8443/x?y", arena), "shop.example");
    assert_null(host_of_url("shop.example", arena));
    assert_null(host_of_url(NULL, arena));
}

int main(void) {
    const struct CMUnitTest rules[] = {
        cmocka_unit_test(case_port_and_last_dot_make_no_difference),
        cmocka_unit_test(other_scripts_are_what_browsers_send_for_them),
        cmocka_unit_test(addresses_in_digits_are_ours),
        cmocka_unit_test(what_is_no_host_is_none),
        cmocka_unit_test(a_url_has_a_host),
    };
    return cmocka_run_group_tests_name("host", rules, set_up, tear_down);
}
