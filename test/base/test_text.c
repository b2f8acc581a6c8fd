#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
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

static void only_well_formed_utf8_without_nul_is_text(void **state) {
    assert_true(text_is_utf8("", 0));
    assert_true(text_is_utf8(NULL, 0));
    assert_true(text_is_utf8("Zoë 💍", strlen("Zoë 💍")));
    assert_false(text_is_utf8("a\0b", 3));
    assert_false(text_is_utf8("\xff", 1));
    assert_false(text_is_utf8("\xc0\xaf", 2));         /* overlong */
    assert_false(text_is_utf8("\xed\xa0\x80", 3));     /* a surrogate */
    assert_false(text_is_utf8("\xf4\x90\x80\x80", 4)); /* beyond U+10FFFF */
    assert_false(text_is_utf8("Zo\xc3", 3));           /* cut short */
    assert_int_equal(text_characters("Zoë 💍"), 5);
    assert_int_equal(text_characters(""), 0);
}

static void white_space_of_all_kinds_is_trimmed(void **state) {
    assert_true(text_empty(NULL));
    assert_true(text_empty(""));
    assert_true(text_empty(" \t\r\n\u00a0\u2003\u3000\u200b"));
    assert_false(text_empty(" x "));
    assert_string_equal(text_trim("  a b \n", arena), "a b");
    assert_string_equal(text_trim("\u00a0\u2003ë\u00a0", arena), "ë");
    assert_string_equal(text_trim("  ", arena), "");
    assert_null(text_trim(NULL, arena));
    assert_true(text_same(NULL, NULL) && text_same("a", "a"));
    assert_false(text_same(NULL, "") || text_same("a", "b") || text_same("", NULL));
    assert_true(text_starts("sapphire", "sap") && text_starts("sap", ""));
    assert_false(text_starts("sa", "sap"));
}

static void folding_finds_names_however_they_are_typed(void **state) {
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"Łukasz O’Brien-Müller", "lukasz o brien muller"},
        {"lukasz o'brien muller", "lukasz o brien muller"},
        {"  Eleanor   WHITCOMBE ", "eleanor whitcombe"},
        {"Straße", "strasse"},
        {"STRASSE", "strasse"},
        {"Ærøskøbing", "aeroskobing"},
        {"Œuvre ﬁligree", "oeuvre filigree"},
        {"Zoe\u0308", "zoe"},
        {"Zoë", "zoe"},
        {"Đặng Þór Ħal Ŋ", "dang thor hal n"},
        {"İstanbul ısı", "istanbul isi"},
        {"Ἀθῆναι", "αθηναι"},
        {"Ёлка", "елка"},
        {"№ 18K", "no 18k"},
        {"½ ct", "1 2 ct"},
        {"", ""},
        {"—…!", ""},
        {"Ｆｕｌｌ", "full"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(text_fold(cases[i].text, arena), cases[i].folded);
    assert_null(text_fold(NULL, arena));
    assert_string_equal(text_fold("bad \xff bytes", arena), "bad bytes");
    /* Letters of other scripts stay letters. */
    assert_string_not_equal(text_fold("がか", arena), text_fold("かか", arena));
    assert_string_equal(text_fold("نادية", arena), "نادية");
}

static void folding_twice_changes_nothing(void **state) {
    uint32_t seed = 1;
    for (int i = 0; i < 3000; i++) {
        char text[64];
        size_t length = 0;
        for (int j = 0; j < 10; j++) {
            seed = seed * 1664525 + 1013904223;
            uint32_t c = seed >> 8;
            c = c % 3 == 0 ? 0x20 + c / 3 % 0x5f : 0xa0 + c / 3 % 0x2f60;
            if (c >= 0x13a0 && c < 0x1400)
                c = 'x'; /* Cherokee, whose cases GLib folds into each other */
            if (c < 0x80) {
                text[length++] = (char)c;
            } else if (c < 0x800) {
                text[length++] = (char)(0xc0 | c >> 6);
                text[length++] = (char)(0x80 | (c & 0x3f));
            } else {
                text[length++] = (char)(0xe0 | c >> 12);
                text[length++] = (char)(0x80 | (c >> 6 & 0x3f));
                text[length++] = (char)(0x80 | (c & 0x3f));
            }
        }
        text[length] = '\0';
        const char *once = text_fold(text, arena);
        const char *twice = text_fold(once, arena);
        if (strcmp(once, twice) != 0)
            fail_msg("“%s” → “%s” → “%s”", text, once, twice);
        assert_true(text_is_utf8(once, strlen(once)));
        arena_reset(arena);
    }
}

static void digits_slugs_and_initials(void **state) {
    assert_string_equal(text_digits("+44 (0)7700 900-214", arena), "4407700900214");
    assert_string_equal(text_digits("٠٧٧ ０１", arena), "07701");
    assert_string_equal(text_digits("no\xff", arena), "");
    assert_null(text_digits(NULL, arena));
    assert_string_equal(text_slug("Oval sapphire, halo", arena), "oval-sapphire-halo");
    assert_string_equal(text_slug("../../Etc/Pässwd", arena), "etc-passwd");
    assert_string_equal(text_slug("指輪", arena), "untitled");
    assert_string_equal(text_slug(NULL, arena), "untitled");
    char longest[400];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(strlen(text_slug(longest, arena)), 80);
    assert_string_equal(text_initials("Eleanor Whitcombe", arena), "EW");
    assert_string_equal(text_initials("eleanor jane mary whitcombe", arena), "EW");
    assert_string_equal(text_initials("Zoë", arena), "Z");
    assert_string_equal(text_initials("(Éloïse) ž", arena), "ÉŽ");
    assert_string_equal(text_initials("", arena), "");
    assert_string_equal(text_initials(NULL, arena), "");
}

static void tokens_are_hexadecimal_and_differ(void **state) {
    const char *token = token_new(arena, 16);
    assert_int_equal(strlen(token), 32);
    assert_int_equal(strspn(token, "0123456789abcdef"), 32);
    assert_string_not_equal(token, token_new(arena, 16));
}

static void a_token_is_stored_as_its_hash(void **state) {
    /* BLAKE2b-256 of "abc". */
    assert_string_equal(token_hash("abc", arena),
                        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_string_not_equal(token_hash("abc", arena), token_hash("abd", arena));
}

static void references_are_read_as_a_person_types_them(void **state) {
    assert_string_equal(reference_read("7k3m-9qpx", 8, arena), "7K3M9QPX");
    assert_string_equal(reference_read(" 7K3M 9QPX ", 8, arena), "7K3M9QPX");
    assert_string_equal(reference_read("oIlO0000", 8, arena), "01100000");
    assert_null(reference_read("7K3M9QP", 8, arena));
    assert_null(reference_read("7K3M9QPXX", 8, arena));
    assert_null(reference_read("7K3M9QPU", 8, arena));
    assert_null(reference_read("7K3M9QP\xff", 8, arena));
    assert_null(reference_read("", 8, arena));
    assert_null(reference_read(NULL, 8, arena));
    for (int i = 0; i < 1000; i++) {
        const char *reference = reference_new(arena, 8);
        assert_int_equal(strlen(reference), 8);
        assert_null(strpbrk(reference, "ILOU"));
        assert_string_equal(reference_read(reference, 8, arena), reference);
        assert_string_not_equal(reference, reference_new(arena, 8));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_well_formed_utf8_without_nul_is_text),
        cmocka_unit_test(white_space_of_all_kinds_is_trimmed),
        cmocka_unit_test(folding_finds_names_however_they_are_typed),
        cmocka_unit_test(folding_twice_changes_nothing),
        cmocka_unit_test(digits_slugs_and_initials),
        cmocka_unit_test(tokens_are_hexadecimal_and_differ),
        cmocka_unit_test(a_token_is_stored_as_its_hash),
        cmocka_unit_test(references_are_read_as_a_person_types_them),
    };
    return cmocka_run_group_tests_name("text", tests, start, stop);
}
