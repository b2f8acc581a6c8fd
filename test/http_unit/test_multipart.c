/* Forms with files, arriving in pieces. */
#include "http/multipart.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct arena *arena;
    struct errors errors;
    struct multipart *multipart;
    char folder[64];
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->errors.arena = arena_new();
    strcpy(f->folder, "/tmp/benchpin-parts-XXXXXX");
    *state = f;
    return mkdtemp(f->folder) == NULL;
}

static int files_in(const char *folder) {
    DIR *dir = opendir(folder);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    multipart_drop(f->multipart);
    assert_int_equal(files_in(f->folder), 0);
    rmdir(f->folder);
    arena_free(f->arena);
    free(f);
    return 0;
}

static enum status feed(struct fixture *f, const char *text, size_t length, size_t piece) {
    struct multipart_limits limits = {.file = 1000, .files = 2, .folder = f->folder};
    multipart_drop(f->multipart);
    errors_clear(&f->errors);
    f->multipart = multipart_new("XX", 2, &limits, f->arena, &f->errors);
    enum status status = OK;
    for (size_t at = 0; at < length && status == OK; at += piece)
        status = multipart_feed(f->multipart, text + at, length - at < piece ? length - at : piece);
    return status == OK ? multipart_end(f->multipart) : status;
}

static enum status whole(struct fixture *f, const char *text) {
    return feed(f, text, strlen(text), SIZE_MAX / 2);
}

static const char form[] =
    "--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n"
    "Oval \xc3\xa9\r\n--X\r\n-XX\r\n"
    "--XX\r\ncontent-disposition: form-data; name=\"picture\"; "
    "filename=\"C:\\\\x\\\\..\\\\a%22b.png\"\r\nContent-Type: image/png\r\n"
    "\r\n\r\n--XY\r\n\0binary\r\n\r\n"
    "--XX\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n"
    "\r\n\r\n--XX\r\nContent-Disposition: form-data; name=empty\r\n\r\n\r\n"
    "--XX--\r\nepilogue";

static void pieces_of_any_size_make_the_same_form(void **state) {
    struct fixture *f = *state;
    for (size_t piece = 1; piece < sizeof form; piece++) {
        assert_int_equal(feed(f, form, sizeof form - 1, piece), OK);
        const struct pairs *fields = multipart_fields(f->multipart);
        assert_int_equal(fields->count, 2);
        assert_string_equal(pairs_get(fields, "title"), "Oval \xc3\xa9\r\n--X\r\n-XX");
        assert_string_equal(pairs_get(fields, "empty"), "");
        int64_t count;
        const struct upload *uploads = multipart_uploads(f->multipart, &count);
        assert_int_equal(count, 1);
        assert_string_equal(uploads->field, "picture");
        assert_string_equal(uploads->name, "a\"b.png");
        static const char expected[] = "\r\n--XY\r\n\0binary\r\n";
        char bytes[64] = "";
        FILE *file = fopen(uploads->path, "rb");
        assert_non_null(file);
        assert_int_equal(fread(bytes, 1, sizeof bytes, file), sizeof expected - 1);
        fclose(file);
        assert_int_equal(uploads->length, sizeof expected - 1);
        assert_memory_equal(bytes, expected, sizeof expected - 1);
    }
}

static void a_repeat_with_another_boundary_has_the_same_hash(void **state) {
    struct fixture *f = *state;
    char hash[65], again[65], other[65];
#define FIELD_(boundary, name, value)                                                              \
    "--" boundary "\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
    assert_int_equal(whole(f, FIELD_("XX", "a", "1") FIELD_("XX", "csrf", "t") "--XX--"), OK);
    multipart_hash(f->multipart, hash);
    multipart_drop(f->multipart);
    struct multipart_limits limits = {.file = 1000, .files = 2, .folder = f->folder};
    f->multipart = multipart_new("YYY", 3, &limits, f->arena, &f->errors);
    const char *text = FIELD_("YYY", "csrf", "u") FIELD_("YYY", "a", "1") "--YYY--\r\n";
    assert_int_equal(multipart_feed(f->multipart, text, strlen(text)), OK);
    assert_int_equal(multipart_end(f->multipart), OK);
    multipart_hash(f->multipart, again);
    assert_string_equal(hash, again);
    assert_int_equal(whole(f, FIELD_("XX", "a", "2") "--XX--"), OK);
    multipart_hash(f->multipart, other);
    assert_string_not_equal(hash, other);
}

static void a_file_over_the_limit_is_refused_and_removed(void **state) {
    struct fixture *f = *state;
    char text[1300];
    int head =
        snprintf(text, sizeof text,
                 "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n");
    memset(text + head, 'x', 1000);
    strcpy(text + head + 1000, "\r\n--XX--");
    assert_int_equal(whole(f, text), OK);
    strcpy(text + head + 1000, "x\r\n--XX--");
    assert_int_equal(whole(f, text), TOO_LARGE);
    assert_string_equal(f->errors.first->code, "too_large");
    assert_string_equal(f->errors.first->field, "f");
}

static void more_files_than_allowed_are_refused(void **state) {
    struct fixture *f = *state;
#define FILE_ "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx\r\n"
    assert_int_equal(whole(f, FILE_ FILE_ "--XX--"), OK);
    assert_int_equal(whole(f, FILE_ FILE_ FILE_ "--XX--"), TOO_LARGE);
    assert_string_equal(f->errors.first->code, "too_many_files");
}

static void broken_forms_are_refused(void **state) {
    struct fixture *f = *state;
    const char *bad[] = {
        "",
        "nothing at all",
        "--XX",
        "--XX\r\n",
        "--XX\r\n\r\nno name\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XX",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XXY",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n--XX--",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(whole(f, bad[i]), BAD_REQUEST);
    static const char nul[] =
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\0y\r\n--XX--";
    assert_int_equal(feed(f, nul, sizeof nul - 1, 7), BAD_REQUEST);
}

static void endless_heads_and_preambles_are_refused(void **state) {
    struct fixture *f = *state;
    char *text = malloc(20000);
    memset(text, 'x', 20000);
    assert_int_equal(feed(f, text, 20000, 100), BAD_REQUEST);
    memcpy(text, "--XX\r\n", 6);
    assert_int_equal(feed(f, text, 20000, 100), BAD_REQUEST);
    free(text);
}

static void a_name_that_is_a_path_loses_its_folders(void **state) {
    struct fixture *f = *state;
    const char *names[][2] = {{"../../etc/passwd", "passwd"},
                              {"a/", "file"},
                              {"..", "file"},
                              {"\\\\x\\\\y.png", "y.png"},
                              {"a\tb", "ab"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = arena_printf(
            f->arena,
            "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%s\"\r\n\r\nx\r\n--XX--",
            names[i][0]);
        int64_t count;
        assert_int_equal(whole(f, text), OK);
        assert_string_equal(multipart_uploads(f->multipart, &count)->name, names[i][1]);
    }
}

int main(void) {
#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RULE(pieces_of_any_size_make_the_same_form),
        RULE(a_repeat_with_another_boundary_has_the_same_hash),
        RULE(a_file_over_the_limit_is_refused_and_removed),
        RULE(more_files_than_allowed_are_refused),
        RULE(broken_forms_are_refused),
        RULE(endless_heads_and_preambles_are_refused),
        RULE(a_name_that_is_a_path_loses_its_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
