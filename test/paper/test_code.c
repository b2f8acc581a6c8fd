/* What a scanner sends is read back as what we printed, and nothing else is. */
#include "paper/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char BASE[] = "https://hartwell.example";
static struct arena *arena;

static struct code read_code(const char *text) {
    return code_read(text, BASE, arena);
}

static void is_kind(const char *text, enum code_kind kind, int64_t number) {
    struct code code = read_code(text);
    if (code.kind != kind || code.number != number)
        print_error("%s: kind %d, number %ld\n", text, (int)code.kind, (long)code.number);
    assert_int_equal(code.kind, kind);
    assert_int_equal(code.number, number);
}

static void what_is_printed_is_read_back(void **state) {
    is_kind(code_of_place(12, arena), CODE_PLACE, 12);
    is_kind(code_of_place(123456, arena), CODE_PLACE, 123456);
    is_kind(code_of_invoice(1042, arena), CODE_INVOICE, 1042);
    is_kind(code_of_receipt(7, arena), CODE_RECEIPT, 7);
    assert_string_equal(code_of_place(12, arena), "PL00012");
}

static void numbers_and_references_are_jobs(void **state) {
    const char *const codes[] = {"004118", "#004118", "4118", "RVXK7M2P", "rvxk-7m2p", "12345678"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        is_kind(codes[i], CODE_JOB, 0);
        assert_string_equal(read_code(codes[i]).text, codes[i]);
    }
}

static void a_symbology_and_blanks_in_front_are_dropped(void **state) {
    assert_string_equal(read_code("]C1004118").text, "004118");
    assert_string_equal(read_code("  004118\r\n").text, "004118");
    is_kind("]C0pl00012", CODE_PLACE, 12);
    is_kind("]C1", CODE_NOTHING, 0);
    is_kind("", CODE_NOTHING, 0);
    is_kind(NULL, CODE_NOTHING, 0);
}

static void our_own_addresses_are_their_things(void **state) {
    is_kind("https://hartwell.example/jobs/4118", CODE_JOB_ID, 4118);
    is_kind("http://HARTWELL.example/jobs/4118?x=1#top", CODE_JOB_ID, 4118);
    is_kind("https://hartwell.example/jobs/4118/label", CODE_JOB_ID, 4118);
    is_kind("https://hartwell.example/custody/places/3", CODE_PLACE, 3);
    is_kind("https://hartwell.example/invoices/9", CODE_INVOICE_ID, 9);
    is_kind("/stock/5", CODE_STOCK_ID, 5);
    struct code link = read_code("https://hartwell.example/track/3f2a?lang=de");
    assert_int_equal(link.kind, CODE_LINK);
    assert_string_equal(link.text, "3f2a");
}

static void other_addresses_are_strangers(void **state) {
    const char *const urls[] = {"https://other.example/jobs/1",
                                "https://hartwell.example.evil.example/jobs/1",
                                "https://hartwell.example:8443/jobs/1", "http://"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        is_kind(urls[i], CODE_STRANGER, 0);
    assert_string_equal(read_code(urls[0]).text, "other.example");
    assert_int_equal(code_read("https://hartwell.example/jobs/1", NULL, arena).kind, CODE_STRANGER);
}

static void what_is_nothing_of_ours_stays_as_it_came(void **state) {
    const char *const codes[] = {"S2207",
                                 "PL",
                                 "PLx12",
                                 "INV",
                                 "RC12a",
                                 "/jobs/x",
                                 "/jobs/",
                                 "#",
                                 "/track/",
                                 "9999999999999",
                                 "https://hartwell.example/settings",
                                 "]"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        is_kind(codes[i], CODE_OTHER, 0);
}

int main(void) {
    arena = arena_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_is_read_back),
        cmocka_unit_test(numbers_and_references_are_jobs),
        cmocka_unit_test(a_symbology_and_blanks_in_front_are_dropped),
        cmocka_unit_test(our_own_addresses_are_their_things),
        cmocka_unit_test(other_addresses_are_strangers),
        cmocka_unit_test(what_is_nothing_of_ours_stays_as_it_came),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
