/* What is printed stays whole: any text in any script, tables over many pages, many threads. */
#include "paper/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

static const int64_t MADE = INT64_C(1795426200000);

static const struct paper_shop shop = {.name = "Hartwell & Rowe",
                                       .place = "Milsom Street, Bath",
                                       .address = "12 Milsom Street\nBath BA1 1DD",
                                       .phone = "01225 496 000",
                                       .terms = "Uncollected pieces are kept for a year.",
                                       .made = MADE};

static const char *const facts[][2] = {{"Metal", "18ct yellow gold"}, {"Band", "2.0 × 1.7 mm"}};

static struct paper_job job_of(const char *text) {
    static _Thread_local struct paper_line lines[40];
    for (int i = 0; i < 40; i++)
        lines[i] = (struct paper_line){.cells = {text, text, "1:30", "✓"}};
    return (struct paper_job){.copy = text,
                              .number = "#004118",
                              .code = "004118",
                              .reference = "RVXK7M2P",
                              .title = text,
                              .customer = text,
                              .promised = "Saturday 12 December 2026",
                              .piece_of = "1 of 3",
                              .description = text,
                              .link = "https://hartwell.example/jobs/4118",
                              .facts = facts,
                              .fact_count = 2,
                              .stones = lines,
                              .stone_count = 3,
                              .operations = lines,
                              .operation_count = 12,
                              .comments = lines,
                              .comment_count = 4,
                              .rush = true};
}

static struct paper_bill bill_of(const struct paper_line *lines, int count, const char *text) {
    static const struct paper_line sum = {{"Total", "£1.00", "£0.20", "£1.20"}, true};
    return (struct paper_bill){.title = "Quote",
                               .number = "Version 3",
                               .date = "Saturday 21 November 2026",
                               .customer = text,
                               .address = text,
                               .job = "Job #004118",
                               .piece = text,
                               .about = text,
                               .lines = lines,
                               .line_count = count,
                               .sums = &sum,
                               .sum_count = 1,
                               .balance_name = "The price, with tax",
                               .balance = "£1.20",
                               .facts = facts,
                               .fact_count = 2,
                               .terms = text,
                               .watermark = "Draft"};
}

/* A whole PDF; how many pages it has. */
static int pages_of(const struct buf *pdf) {
    static const char page[] = "<< /Type /Page %";
    assert_true(pdf->length > 200);
    assert_memory_equal(pdf->at, "%PDF-", 5);
    assert_memory_equal(pdf->at + pdf->length - 6, "%%EOF\n", 6);
    int pages = 0;
    for (size_t i = 0; i + sizeof page - 1 <= pdf->length; i++)
        pages += memcmp(pdf->at + i, page, sizeof page - 1) == 0;
    return pages;
}

/* All layouts with one text everywhere: how many pages in all. */
static int all_with(const char *text, struct buf *out) {
    struct paper_shop told = shop;
    struct paper_job job = job_of(text);
    struct paper_line lines[5] = {{.cells = {text, "£1.00", "20%", NULL}}};
    struct paper_bill bill = bill_of(lines, 5, text);
    struct paper_receipt receipt = {.title = "Deposit receipt",
                                    .number = "12",
                                    .customer = text,
                                    .piece = text,
                                    .reference = text,
                                    .amount = "£3,240.00",
                                    .staff = text,
                                    .link = "https://hartwell.example/track"};
    told.name = told.place = told.terms = text;
    struct buf one[5] = {{0}};
    paper_label(&told, &job, &one[0]);
    paper_claim_check(&told, &job, &one[1]);
    paper_copy(&told, &job, &one[2]);
    paper_receipt(&told, &receipt, &one[3]);
    paper_bill(&told, &bill, &one[4]);
    int pages = 0;
    for (int i = 0; i < 5; i++) {
        pages += pages_of(&one[i]);
        if (out != NULL)
            buf_put(out, one[i].at, one[i].length);
        buf_free(&one[i]);
    }
    return pages;
}

/* ------------------------------------------------------------------ texts */

static void any_script_is_set(void **state) {
    (void)state;
    static const char *const texts[] = {
        "Ring für Żaneta & Françoise",
        "חנות התכשיטים של רחל — טבעת מס׳ 12",
        "خاتم الذهب ١٨ قيراط (مع حجر الياقوت)",
        "婚約指輪 サファイア 반지",
        "विवाह की अंगूठी",
        "mixed עברית and English ١٢٣ in one line",
        "👰🏽‍♀️💍 ring with a family 👨‍👩‍👧‍👦",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_in_range(all_with(texts[i], NULL), 5, 8);
}

static void nothing_in_a_text_is_markup_or_a_command(void **state) {
    (void)state;
    static const char *const texts[] = {
        "<b>bold</b> &amp; <span size='900000'>huge</span>",
        ") Tj ET /Type /Page\tendobj %PDF-1.4 ((((",
        "%s%n%d \\ \\( \\) <</JavaScript>>",
        "tab\tbell\a escape\x1b[31m backspace\b delete\x7f",
        "\xe2\x80\xae reversed \xe2\x80\x8f\xe2\x81\xa6 isolates never closed",
        "\xff\xfe broken \xc3( bytes \xed\xa0\x80 \xf4\x90\x80\x80",
        "\xe2\x80\xa8line\xe2\x80\xa9paragraph\r\n\r\nreturns\v\f",
        "\xf0\x9f", /* cut off */
        "",
        " ",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_in_range(all_with(texts[i], NULL), 5, 10);
}

static char *long_text(size_t length, const char *unit) {
    size_t each = strlen(unit);
    char *text = malloc(length + each + 1);
    assert_non_null(text);
    size_t at = 0;
    for (; at < length; at += each)
        memcpy(text + at, unit, each);
    text[at] = '\0';
    return text;
}

static void long_texts_go_on_over_pages_and_one_word_is_broken(void **state) {
    (void)state;
    char *prose = long_text(9000, "a long description of a ring, ");
    char *word = long_text(4000, "W");
    char *lines = long_text(900, "line\n");
    char *stacked = long_text(3000, "e\xcc\x81\xcc\x81\xcc\x81"); /* accents upon accents */
    assert_true(all_with(prose, NULL) > 6);
    assert_true(all_with(word, NULL) > 5);
    assert_true(all_with(lines, NULL) > 5);
    assert_true(all_with(stacked, NULL) > 4);
    free(prose);
    free(word);
    free(lines);
    free(stacked);
}

static void what_is_not_known_leaves_its_place_out(void **state) {
    (void)state;
    struct paper_shop bare = {.name = "Shop", .made = MADE};
    struct paper_job job = {0};
    struct paper_receipt receipt = {0};
    struct paper_bill bill = {0};
    struct buf out = {0};
    paper_label(&bare, &job, &out);
    paper_claim_check(&bare, &job, &out);
    paper_copy(&bare, &job, &out);
    paper_receipt(&bare, &receipt, &out);
    paper_bill(&bare, &bill, &out);
    assert_int_equal(pages_of(&out), 5);
    buf_free(&out);
}

/* ------------------------------------------------------------------ pages */

static void a_table_goes_on_over_pages(void **state) {
    (void)state;
    enum { MANY = 600 };
    struct paper_line *lines = calloc(MANY, sizeof *lines);
    for (int i = 0; i < MANY; i++)
        lines[i] = (struct paper_line){.cells = {"Setting", "£1.00", "20%", NULL}};
    int last = 0;
    for (int count = 0; count <= MANY; count += 200) {
        struct paper_bill bill = bill_of(lines, count, "Ring");
        struct buf out = {0};
        paper_bill(&shop, &bill, &out);
        int pages = pages_of(&out);
        assert_true(pages > last);
        last = pages;
        buf_free(&out);
    }
    assert_in_range(last, 12, 40);
    free(lines);
}

static void a_row_higher_than_a_page_still_ends(void **state) {
    (void)state;
    char *text = long_text(12000, "a long line of a table, ");
    struct paper_line line = {.cells = {text, "£1.00", "20%", "£1.20"}};
    struct paper_bill bill = bill_of(&line, 1, "Ring");
    struct buf out = {0};
    paper_bill(&shop, &bill, &out);
    assert_in_range(pages_of(&out), 2, 6);
    buf_free(&out);
    free(text);
}

static void a_roll_is_one_page(void **state) {
    (void)state;
    struct paper_job job = job_of("Oval sapphire halo ring");
    struct buf out = {0};
    paper_label(&shop, &job, &out);
    assert_int_equal(pages_of(&out), 1);
    assert_non_null(memmem(out.at, out.length, "/MediaBox [ 0 0 175.7", 21)); /* 62 mm */
    buf_free(&out);
}

static void letter_is_for_north_america(void **state) {
    (void)state;
    assert_true(paper_letter("US"));
    assert_true(paper_letter("CA"));
    assert_false(paper_letter("GB"));
    assert_false(paper_letter(NULL));
}

static void the_same_content_gives_the_same_bytes(void **state) {
    (void)state;
    struct buf one = {0}, two = {0};
    all_with("Żaneta's ring", &one);
    all_with("Żaneta's ring", &two);
    assert_int_equal(one.length, two.length);
    assert_memory_equal(one.at, two.at, one.length);
    buf_free(&one);
    buf_free(&two);
}

static void *draw(void *arg) {
    for (int i = 0; i < 4; i++)
        all_with(i % 2 == 0 ? "خاتم الذهب" : "Żaneta's ring", arg);
    return NULL;
}

static void threads_do_not_meet(void **state) {
    (void)state;
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    struct buf drawn[THREADS] = {{0}};
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, draw, &drawn[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 1; i < THREADS; i++) {
        assert_int_equal(drawn[i].length, drawn[0].length);
        assert_memory_equal(drawn[i].at, drawn[0].at, drawn[0].length);
    }
    for (int i = 0; i < THREADS; i++)
        buf_free(&drawn[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_script_is_set),
        cmocka_unit_test(nothing_in_a_text_is_markup_or_a_command),
        cmocka_unit_test(long_texts_go_on_over_pages_and_one_word_is_broken),
        cmocka_unit_test(what_is_not_known_leaves_its_place_out),
        cmocka_unit_test(a_table_goes_on_over_pages),
        cmocka_unit_test(a_row_higher_than_a_page_still_ends),
        cmocka_unit_test(a_roll_is_one_page),
        cmocka_unit_test(letter_is_for_north_america),
        cmocka_unit_test(the_same_content_gives_the_same_bytes),
        cmocka_unit_test(threads_do_not_meet),
    };
    return cmocka_run_group_tests_name("paper", tests, NULL, NULL);
}
