/* No text, however hostile, leaves the place it was put into. */
#include "view_test.h"

#include <ctype.h>

static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "&lt;b&gt;",
    "`onclick=x`",
    "--><b>",
    "]]>",
    "</textarea><script>",
    "\\\"",
    "\x01\x02\x1f\x7f",
    "Łukasz O’Brien 💍",
    "a\r\nb\tc",
    "%3Cscript%3E",
    "javascript:alert(1)//",
    "\xff\xfe<",
};
enum { HOSTILE = sizeof hostile / sizeof hostile[0] };

static const char *as_text(struct shop *shop, const char *text) {
    view_out_text(&shop->view, text);
    return written(shop);
}

static const char *as_attribute(struct shop *shop, const char *text) {
    view_out_attribute(&shop->view, text);
    return written(shop);
}

static const char *as_url(struct shop *shop, const char *url) {
    view_out_url(&shop->view, url);
    return written(shop);
}

static const char *as_part(struct shop *shop, const char *part) {
    view_out_url_part(&shop->view, part);
    return written(shop);
}

static void text_never_opens_a_tag(void **state) {
    for (int i = 0; i < HOSTILE; i++)
        assert_null(strpbrk(as_text(*state, hostile[i]), "<>"));
    assert_string_equal(as_text(*state, "<b>\"Tom\" & 'Jo'"), "&lt;b&gt;\"Tom\" &amp; 'Jo'");
    assert_string_equal(as_text(*state, "&lt;"), "&amp;lt;");
    assert_string_equal(as_text(*state, "Łukasz 💍"), "Łukasz 💍");
}

static void an_attribute_never_ends_early(void **state) {
    for (int i = 0; i < HOSTILE; i++)
        assert_null(strpbrk(as_attribute(*state, hostile[i]), "<>\"'`"));
    assert_string_equal(as_attribute(*state, "\"'`&"), "&#34;&#39;&#96;&amp;");
}

static void a_url_is_only_of_a_known_scheme(void **state) {
    static const char *const refused[] = {
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:x",
        "java\nscript:x",
        "java\tscript:x",
        "\x01javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:x",
        ":x",
        "httpx:x",
        "htt:x",
        "javascript\xC2\xA0:x",
    };
    static const char *const allowed[] = {
        "/jobs/12",     "jobs?x=a:b", "#a:b", "?q=javascript:x", "https://example.com/",
        "HTTP://x.com", "tel:+44",    "",     "mailto:a@b.com",  "../a:b/c",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_string_equal(as_url(*state, refused[i]), "#blocked");
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        assert_string_equal(as_url(*state, allowed[i]), allowed[i]);
}

static void a_url_keeps_its_shape_and_loses_what_is_no_url(void **state) {
    assert_string_equal(as_url(*state, "/a b?c=d&e='f'\"<>\\`#g%20"),
                        "/a%20b?c=d&amp;e=%27f%27%22%3C%3E%5C%60#g%20");
    assert_string_equal(as_url(*state, "/é"), "/%C3%A9");
    for (int i = 0; i < HOSTILE; i++)
        assert_null(strpbrk(as_url(*state, hostile[i]), "<>\"'` \n"));
}

static void a_piece_of_a_url_adds_nothing_to_its_structure(void **state) {
    assert_string_equal(as_part(*state, "a/b?c=d&e#f:g@h"), "a%2Fb%3Fc%3Dd%26e%23f%3Ag%40h");
    assert_string_equal(as_part(*state, "AZaz09-._~"), "AZaz09-._~");
    for (int i = 0; i < HOSTILE; i++)
        for (const char *p = as_part(*state, hostile[i]); *p != '\0'; p++)
            assert_true(isalnum((unsigned char)*p) || strchr("-._~%", *p) != NULL);
}

static void every_byte_alone_is_harmless(void **state) {
    for (int byte = 1; byte < 256; byte++) {
        char text[2] = {(char)byte, '\0'};
        assert_null(strpbrk(as_text(*state, text), "<>"));
        assert_null(strpbrk(as_attribute(*state, text), "<>\"'`"));
        assert_null(strpbrk(as_url(*state, text), "<>\"'` \t\r\n"));
        assert_null(strpbrk(as_part(*state, text), "<>\"'` /?#&=:"));
    }
}

static void phones_and_addresses_keep_what_dials_and_delivers(void **state) {
    struct shop *shop = *state;
    view_out_tel(&shop->view, "+44 (0)1225 000-000;ext=1");
    assert_string_equal(written(shop), "+44012250000001");
    view_out_tel(&shop->view, "12+3\"");
    assert_string_equal(written(shop), "123");
    view_out_mail(&shop->view, "a+b@example.com?bcc=x");
    assert_string_equal(written(shop), "a%2Bb@example.com%3Fbcc%3Dx");
}

static void what_is_absent_prints_nothing(void **state) {
    struct shop *shop = *state;
    view_out_text(&shop->view, NULL);
    view_out_attribute(&shop->view, NULL);
    view_out_url(&shop->view, NULL);
    view_out_url_part(&shop->view, NULL);
    view_out_tel(&shop->view, NULL);
    view_out_mail(&shop->view, NULL);
    view_out_int(&shop->view, NONE);
    view_out_html(&shop->view, (struct html){0});
    view_out_optional(&shop->view, " title=\"", NULL);
    view_out_optional_url(&shop->view, " href=\"", NULL);
    view_out_optional_int(&shop->view, " width=\"", NONE);
    assert_string_equal(written(shop), "");
}

static void numbers_print_whole(void **state) {
    struct shop *shop = *state;
    view_out_int(&shop->view, INT64_MAX);
    view_out_int(&shop->view, -1);
    view_out_unsigned(&shop->view, UINT64_MAX);
    view_out_unsigned(&shop->view, 0);
    assert_string_equal(written(shop), "9223372036854775807-1184467440737095516150");
}

static void an_optional_attribute_is_escaped_like_any(void **state) {
    struct shop *shop = *state;
    view_out_optional(&shop->view, " title=\"", "\"><b>");
    view_out_optional_url(&shop->view, " href=\"", "javascript:x");
    view_out_optional_int(&shop->view, " width=\"", 44);
    assert_string_equal(written(shop),
                        " title=\"&#34;&gt;&lt;b&gt;\" href=\"#blocked\" width=\"44\"");
}

int main(void) {
    const struct CMUnitTest rules[] = {
        RULE(text_never_opens_a_tag),
        RULE(an_attribute_never_ends_early),
        RULE(a_url_is_only_of_a_known_scheme),
        RULE(a_url_keeps_its_shape_and_loses_what_is_no_url),
        RULE(a_piece_of_a_url_adds_nothing_to_its_structure),
        RULE(every_byte_alone_is_harmless),
        RULE(phones_and_addresses_keep_what_dials_and_delivers),
        RULE(what_is_absent_prints_nothing),
        RULE(numbers_print_whole),
        RULE(an_optional_attribute_is_escaped_like_any),
    };
    return cmocka_run_group_tests(rules, NULL, NULL);
}
