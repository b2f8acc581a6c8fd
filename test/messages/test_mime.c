#include "messages/mime.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static struct errors errors;
static struct buf out;

static int start(void **state) {
    arena = arena_new();
    errors = (struct errors){.arena = arena};
    out = (struct buf){0};
    return 0;
}

static int end(void **state) {
    buf_free(&out);
    arena_free(arena);
    return 0;
}

static struct mime_mail plain_mail(void) {
    return (struct mime_mail){
        .from = {"Hartwell & Daughters", "shop@hartwell.example"},
        .to = {"Eleanor Whitcombe", "eleanor@example.org"},
        .subject = "Your ring is ready",
        .message_id = "abc123@hartwell.example",
        .date = INT64_C(1795516860000), /* 2026-11-24 10:41 UTC */
        .text = "Dear Eleanor,\nit is ready.",
    };
}

static const char *written(const struct mime_mail *mail) {
    buf_clear(&out);
    assert_int_equal(mime_write(mail, &out, &errors), OK);
    return out.at;
}

static void assert_holds(const char *text, const char *part) {
    if (strstr(text, part) == NULL)
        print_error("missing: %s\nin:\n%s\n", part, text);
    assert_non_null(strstr(text, part));
}

static void assert_refused(const struct mime_mail *mail, const char *field, const char *code) {
    errors_clear(&errors);
    buf_clear(&out);
    buf_lit(&out, "before");
    assert_int_equal(mime_write(mail, &out, &errors), INVALID);
    assert_string_equal(out.at, "before");
    assert_non_null(error_at(&errors, field));
    assert_string_equal(error_at(&errors, field)->code, code);
}

static void a_plain_mail_is_written_to_the_letter(void **state) {
    struct mime_mail mail = plain_mail();
    assert_string_equal(written(&mail), "Date: Tue, 24 Nov 2026 10:41:00 +0000\r\n"
                                        "From: \"Hartwell & Daughters\" <shop@hartwell.example>\r\n"
                                        "To: \"Eleanor Whitcombe\" <eleanor@example.org>\r\n"
                                        "Subject: Your ring is ready\r\n"
                                        "Message-ID: <abc123@hartwell.example>\r\n"
                                        "MIME-Version: 1.0\r\n"
                                        "Content-Type: text/plain; charset=utf-8\r\n"
                                        "Content-Transfer-Encoding: quoted-printable\r\n"
                                        "\r\n"
                                        "Dear Eleanor,\r\nit is ready.\r\n");
}

static void the_same_mail_gives_the_same_bytes(void **state) {
    struct mime_mail mail = plain_mail();
    mail.html = "<p>Ready.</p>";
    const char *first = arena_text(arena, written(&mail));
    assert_string_equal(first, written(&mail));
}

static void an_automatic_mail_says_so_and_names_who_is_answered(void **state) {
    struct mime_mail mail = plain_mail();
    mail.automatic = true;
    mail.reply_to = (struct mime_person){NULL, "imogen@hartwell.example"};
    assert_holds(written(&mail), "\r\nAuto-Submitted: auto-generated\r\n");
    assert_holds(out.at, "\r\nReply-To: <imogen@hartwell.example>\r\n");
}

static void parts_are_nested_as_readers_expect(void **state) {
    static const struct mime_file files[] = {
        {"Quote 3.pdf", "application/pdf", NULL, "%PDF-1.7", 8},
        {"logo.png", "image/png", "logo", "\x89PNG", 4},
    };
    struct mime_mail mail = plain_mail();
    mail.html = "<p><img src=\"cid:logo\"></p>";
    mail.files = files;
    mail.file_count = 2;
    const char *order[] = {
        "multipart/mixed; boundary=\"=_mixed\"",
        "--=_mixed\r\nContent-Type: multipart/alternative",
        "--=_alternative\r\nContent-Type: text/plain",
        "--=_alternative\r\nContent-Type: multipart/related",
        "--=_related\r\nContent-Type: text/html",
        "--=_related\r\nContent-Type: image/png",
        "Content-ID: <logo>\r\nContent-Disposition: inline",
        "\r\niVBORw==\r\n",
        "--=_related--\r\n",
        "--=_alternative--\r\n",
        "--=_mixed\r\nContent-Type: application/pdf",
        "Content-Disposition: attachment;\r\n filename=\"Quote 3.pdf\"\r\n\r\nJVBERi0xLjc=\r\n",
        "--=_mixed--\r\n",
    };
    const char *at = written(&mail);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        assert_holds(at, order[i]);
        at = strstr(at, order[i]);
    }
}

/* ------------------------------------------------------------------ lines */

static void assert_lines_fit(const char *mail) {
    for (const char *line = mail; *line != '\0';) {
        const char *ends = strstr(line, "\r\n");
        assert_non_null(ends);
        assert_null(memchr(line, '\r', (size_t)(ends - line)));
        assert_null(memchr(line, '\n', (size_t)(ends - line)));
        if (ends - line > 76)
            print_error("too long: %.*s\n", (int)(ends - line), line);
        assert_true(ends - line <= 76);
        for (const char *c = line; c < ends; c++)
            assert_true((unsigned char)*c < 0x7f);
        line = ends + 2;
    }
}

static void no_line_is_long_and_none_holds_more_than_ascii(void **state) {
    static unsigned char bytes[1000];
    struct mime_file file = {"Übergröße — ein sehr langer Name für eine Datei, die es gibt.pdf",
                             "application/pdf", NULL, bytes, sizeof bytes};
    struct mime_mail mail = plain_mail();
    mail.from.name =
        "Goldschmiede Müller-Lüdenscheidt & Töchter, gegründet 1894 in Schwäbisch Gmünd";
    mail.to.name = "A name of many plain words that goes on";
    mail.subject =
        "Ihr Ring „Morgenröte“ ist fertig – kommen Sie ihn abholen, wann immer es paßt 💍💍💍";
    mail.text = "Ein langer Absatz mit Umlauten: äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü und "
                "danach noch mehr, ohne ein einziges Zeilenende bis zum Schluß des Absatzes.  \n"
                "\tnext\x01 line\r\nlast\rend ";
    mail.html = "<p>ÄÖÜ</p>";
    mail.files = &file;
    mail.file_count = 1;
    assert_lines_fit(written(&mail));
}

/* Undoes quoted-printable, by the book. */
static char *unquoted(const char *text) {
    struct buf plain = {0};
    for (; *text != '\0'; text++) {
        if (*text != '=') {
            buf_byte(&plain, *text);
        } else if (text[1] == '\r' && text[2] == '\n') {
            text += 2;
        } else {
            buf_byte(&plain,
                     (char)(g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2])));
            text += 2;
        }
    }
    char *copy = arena_text(arena, plain.at);
    buf_free(&plain);
    return copy;
}

static void a_text_comes_back_as_it_was(void **state) {
    struct mime_mail mail = plain_mail();
    mail.text = "1 + 1 = 2\n.dot\n..\nFrom here\n\ntrailing \t\n£1,234.50 — für 💍 =20 =\n"
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa€€€";
    const char *body = strstr(written(&mail), "\r\n\r\n") + 4;
    assert_lines_fit(out.at);
    char *back = unquoted(body);
    char **lines = g_strsplit(back, "\r\n", -1);
    char *joined = g_strjoinv("\n", lines);
    assert_string_equal(joined, arena_printf(arena, "%s\n", mail.text));
    g_strfreev(lines);
    g_free(joined);
    assert_null(strstr(body, "\r\n.dot"));
    assert_null(strstr(body, "\r\nFrom here"));
}

static void every_length_of_line_comes_back(void **state) {
    struct mime_mail mail = plain_mail();
    for (int length = 70; length < 160; length++) {
        char *text = arena_alloc(arena, 200);
        memset(text, 'x', (size_t)length);
        if (length % 3 == 0)
            memcpy(text + length - 2, "\xc3\xa9", 2);
        mail.text = text;
        char *back = unquoted(strstr(written(&mail), "\r\n\r\n") + 4);
        assert_lines_fit(out.at);
        assert_string_equal(back, arena_printf(arena, "%s\r\n", text));
    }
}

/* ------------------------------------------------------------------ headers */

static char *header(const char *mail, const char *name) {
    const char *at = strstr(mail, arena_printf(arena, "\r\n%s: ", name));
    assert_non_null(at);
    at = strchr(at + 2, ':') + 2;
    struct buf line = {0};
    for (; strncmp(at, "\r\n", 2) != 0 || at[2] == ' '; at++)
        if (*at != '\r' && *at != '\n')
            buf_byte(&line, *at);
    char *copy = arena_text(arena, line.at);
    buf_free(&line);
    return copy;
}

/* Undoes RFC 2047 for a header of encoded words only. */
static char *decoded(const char *value) {
    struct buf plain = {0};
    while (*value != '\0') {
        assert_int_equal(strncmp(value, "=?UTF-8?B?", 10), 0);
        const char *ends = strstr(value + 10, "?=");
        assert_non_null(ends);
        assert_true(ends + 2 - value <= 75);
        gsize length;
        char *word = g_strndup(value + 10, (gsize)(ends - value - 10));
        guchar *bytes = g_base64_decode(word, &length);
        assert_true(g_utf8_validate((const char *)bytes, (gssize)length, NULL));
        buf_put(&plain, bytes, length);
        g_free(bytes);
        g_free(word);
        value = ends + 2;
        value += *value == ' ';
    }
    char *copy = arena_text(arena, plain.at);
    buf_free(&plain);
    return copy;
}

static void a_subject_comes_back_as_it_was(void **state) {
    static const char *const subjects[] = {
        "Ihr Ring „Morgenröte“ ist fertig – kommen Sie ihn abholen, wann immer es Ihnen paßt",
        "💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍💍",
        "é",
        "looks like =?UTF-8?B?QQ==?= but is not",
        " leading space",
    };
    struct mime_mail mail = plain_mail();
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        mail.subject = subjects[i];
        assert_string_equal(decoded(header(written(&mail), "Subject")), subjects[i]);
        assert_lines_fit(out.at);
    }
}

static void a_long_plain_subject_is_folded_at_its_spaces(void **state) {
    struct mime_mail mail = plain_mail();
    mail.subject = "Ring, 18 ct yellow gold,  with one oval sapphire and a halo of twenty-two "
                   "small brilliants, for Eleanor Whitcombe, to be collected on Saturday";
    assert_string_equal(header(written(&mail), "Subject"), mail.subject);
    assert_lines_fit(out.at);
}

static void a_name_with_quotes_stays_one_name(void **state) {
    struct mime_mail mail = plain_mail();
    mail.to.name = "Jo \"Ruby\" O'Neil\\, <boss@evil.example>, x";
    assert_holds(written(&mail), "To: \"Jo \\\"Ruby\\\" O'Neil\\\\, <boss@evil.example>, x\"");
    assert_holds(out.at, " <eleanor@example.org>\r\n");
}

static void a_name_in_other_letters_is_encoded(void **state) {
    struct mime_mail mail = plain_mail();
    mail.to.name = "Łukasz Müller";
    assert_holds(written(&mail), "\r\nTo: =?UTF-8?B?xYF1a2FzeiBNw7xsbGVy?= <eleanor@example.org>");
}

static void a_long_file_name_is_in_pieces(void **state) {
    struct mime_file file = {"Angebot für den Ring „Morgenröte“ / Fassung 3.pdf", "application/pdf",
                             NULL, "x", 1};
    struct mime_mail mail = plain_mail();
    mail.files = &file;
    mail.file_count = 1;
    assert_holds(written(&mail), "filename*0*=UTF-8''Angebot%20f%C3%BCr%20");
    assert_holds(out.at, ";\r\n filename*1*=");
    assert_lines_fit(out.at);
    assert_null(strstr(out.at, "%2F"));
}

/* ------------------------------------------------------------------ refusals */

static void no_header_can_be_injected(void **state) {
    static const char *const bad[] = {"a\r\nBcc: all@example.org", "a\nb", "a\rb", "a\tb", "a\x7f"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mime_mail mail = plain_mail();
        mail.subject = bad[i];
        assert_refused(&mail, "subject", "line_break");
        mail = plain_mail();
        mail.from.name = bad[i];
        assert_refused(&mail, "from", "line_break");
        mail = plain_mail();
        mail.to.name = bad[i];
        assert_refused(&mail, "to", "line_break");
        mail = plain_mail();
        mail.reply_to = (struct mime_person){bad[i], "a@example.org"};
        assert_refused(&mail, "reply_to", "line_break");
        mail = plain_mail();
        mail.to.address = arena_printf(arena, "a@example.org%s", bad[i]);
        assert_refused(&mail, "to", "bad_address");
        mail = plain_mail();
        mail.message_id = arena_printf(arena, "x@example.org%s", bad[i] + 1);
        assert_refused(&mail, "message_id", "required");
        struct mime_file file = {bad[i], "application/pdf", NULL, "x", 1};
        mail = plain_mail();
        mail.files = &file;
        mail.file_count = 1;
        assert_refused(&mail, "files", "line_break");
        file = (struct mime_file){"x", "a/b\r\nX: y", NULL, "x", 1};
        assert_refused(&mail, "files", "bad_type");
    }
}

static void what_is_not_utf8_is_refused(void **state) {
    struct mime_mail mail = plain_mail();
    mail.text = "caf\xe9";
    assert_refused(&mail, "text", "bad_text");
    mail = plain_mail();
    mail.subject = "caf\xe9";
    assert_refused(&mail, "subject", "bad_text");
}

static void what_is_needed_is_asked_for_all_at_once(void **state) {
    struct mime_mail mail = {0};
    assert_refused(&mail, "from", "required");
    assert_refused(&mail, "to", "required");
    assert_refused(&mail, "subject", "required");
    assert_refused(&mail, "text", "required");
    assert_refused(&mail, "message_id", "required");
}

static void addresses_are_told_from_what_is_none(void **state) {
    static const char *const good[] = {"a@b", "eleanor.whitcombe+ring@mail.example.co.uk",
                                       "o'neil@example.org", "x_y-z@a-b.example", "shop@localhost"};
    static const char *const bad[] = {
        NULL,
        "",
        "a",
        "@b",
        "a@",
        "a b@c",
        "a@b c",
        "a..b@c",
        ".a@b",
        "a.@b",
        "a@b..c",
        "a@-b",
        "a@b-",
        "a@[127.0.0.1]",
        "a@b>c",
        "<a@b>",
        "a@b,c@d",
        "a@b\r\nX: y",
        "\"a\"@b",
        "é@b",
        "a@b/c",
        "0123456789012345678901234567890123456789012345678901234567890123456789@example.org",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_string_equal(mime_address(good[i], arena), good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(mime_address(bad[i], arena));
    assert_string_equal(mime_address(" a@bücher.example ", arena), "a@xn--bcher-kva.example");
}

static void a_message_id_is_new_each_time(void **state) {
    const char *one = mime_message_id("shop@hartwell.example", arena);
    assert_non_null(strstr(one, "@hartwell.example"));
    assert_string_not_equal(one, mime_message_id("shop@hartwell.example", arena));
    assert_null(mime_message_id("nobody", arena));
    struct mime_mail mail = plain_mail();
    mail.message_id = arena_printf(arena, "<%s>", one);
    assert_holds(written(&mail), arena_printf(arena, "\r\nMessage-ID: <%s>\r\n", one));
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        RULE(a_plain_mail_is_written_to_the_letter),
        RULE(the_same_mail_gives_the_same_bytes),
        RULE(an_automatic_mail_says_so_and_names_who_is_answered),
        RULE(parts_are_nested_as_readers_expect),
        RULE(no_line_is_long_and_none_holds_more_than_ascii),
        RULE(a_text_comes_back_as_it_was),
        RULE(every_length_of_line_comes_back),
        RULE(a_subject_comes_back_as_it_was),
        RULE(a_long_plain_subject_is_folded_at_its_spaces),
        RULE(a_name_with_quotes_stays_one_name),
        RULE(a_name_in_other_letters_is_encoded),
        RULE(a_long_file_name_is_in_pieces),
        RULE(no_header_can_be_injected),
        RULE(what_is_not_utf8_is_refused),
        RULE(what_is_needed_is_asked_for_all_at_once),
        RULE(addresses_are_told_from_what_is_none),
        RULE(a_message_id_is_new_each_time),
    };
    return cmocka_run_group_tests_name("mime", tests, NULL, NULL);
}
