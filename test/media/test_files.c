#include "media/files.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static struct errors errors;
static char home[64], folder[80];

static int start(void **state) {
    arena = arena_new();
    errors = (struct errors){.arena = arena};
    strcpy(home, "/tmp/benchpin-files-XXXXXX");
    assert_non_null(mkdtemp(home));
    snprintf(folder, sizeof folder, "%s/files", home);
    assert_int_equal(files_prepare(folder, &errors), OK);
    return 0;
}

static int end(void **state) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    assert_int_equal(system(command), 0);
    arena_free(arena);
    return 0;
}

static void write_file(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static const char *keep_two(void) {
    const char *id = files_id_new(arena);
    write_file(files_draft(folder, id, FILE_ORIGINAL, arena), "whole", 5);
    write_file(files_draft(folder, id, FILE_SMALL, arena), "bit", 3);
    assert_int_equal(files_keep(folder, id, &errors), OK);
    return id;
}

static void a_kept_file_lies_under_its_own_digits(void **state) {
    const char *id = keep_two();
    const char *path = files_path(folder, id, FILE_ORIGINAL, arena);
    const char *expected = arena_printf(arena, "%s/%.2s/%.2s/%s.original", folder, id, id + 2, id);
    assert_string_equal(path, expected);
    assert_int_equal(access(path, R_OK), 0);
    assert_int_equal(access(files_path(folder, id, FILE_SMALL, arena), R_OK), 0);
    assert_int_not_equal(access(files_path(folder, id, FILE_LARGE, arena), F_OK), 0);
    assert_int_not_equal(access(files_draft(folder, id, FILE_ORIGINAL, arena), F_OK), 0);
}

static void folders_are_for_the_server_alone(void **state) {
    struct stat about;
    assert_int_equal(stat(folder, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
}

static void keeping_nothing_is_a_fault(void **state) {
    assert_int_equal(files_keep(folder, files_id_new(arena), &errors), FAILED);
    assert_string_equal(errors.first->code, "no_file");
}

static void what_is_no_id_makes_no_path(void **state) {
    static const char *const bad[] = {
        NULL,
        "",
        "../../../../etc/passwd",
        "0123456789ABCDEF0123456789ABCDEF",
        "0123456789abcdef0123456789abcde",
        "0123456789abcdef0123456789abcdef0",
        "0123456789abcdef0123456789abcd/.",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(files_id_valid(bad[i]));
        assert_null(files_path(folder, bad[i], FILE_ORIGINAL, arena));
        assert_null(files_draft(folder, bad[i], FILE_ORIGINAL, arena));
        assert_false(files_delete(folder, bad[i]));
        assert_int_equal(files_keep(folder, bad[i], &errors), FAILED);
    }
    assert_true(files_id_valid("0123456789abcdef0123456789abcdef"));
}

static void variants_are_known_by_name(void **state) {
    for (int i = 0; i < FILE_VARIANTS; i++)
        assert_int_equal(files_variant(files_variant_name((enum file_variant)i)), i);
    assert_int_equal(files_variant("1200x"), FILE_VARIANTS);
    assert_int_equal(files_variant(NULL), FILE_VARIANTS);
}

static void ids_do_not_repeat(void **state) {
    assert_string_not_equal(files_id_new(arena), files_id_new(arena));
}

static void deleting_removes_the_bytes_of_every_variant(void **state) {
    const char *id = keep_two(), *other = keep_two();
    write_file(files_draft(folder, id, FILE_LARGE, arena), "draft", 5);
    assert_true(files_delete(folder, id));
    for (int i = 0; i < FILE_VARIANTS; i++) {
        enum file_variant variant = (enum file_variant)i;
        assert_int_not_equal(access(files_path(folder, id, variant, arena), F_OK), 0);
        assert_int_not_equal(access(files_draft(folder, id, variant, arena), F_OK), 0);
    }
    assert_int_equal(access(files_path(folder, other, FILE_ORIGINAL, arena), F_OK), 0);
    assert_true(files_delete(folder, id)); /* once more does no harm */
}

struct seen {
    int count, stop_after;
    int64_t bytes;
};

static bool see(void *arg, const struct file_entry *entry) {
    struct seen *seen = arg;
    assert_true(files_id_valid(entry->id));
    assert_string_equal(entry->path, files_path(folder, entry->id, entry->variant, arena));
    assert_true(entry->modified > INT64_C(1500000000000));
    seen->count++;
    seen->bytes += entry->size;
    return seen->count != seen->stop_after;
}

static void the_list_has_every_kept_file_and_no_draft(void **state) {
    struct seen seen = {0};
    keep_two();
    keep_two();
    write_file(files_draft(folder, files_id_new(arena), FILE_LARGE, arena), "draft", 5);
    write_file(arena_printf(arena, "%s/notes.txt", folder), "x", 1);
    assert_int_equal(files_each(folder, see, &seen, &errors), OK);
    assert_int_equal(seen.count, 4);
    assert_int_equal(seen.bytes, 2 * (5 + 3));
}

static void the_list_stops_when_told(void **state) {
    struct seen seen = {.stop_after = 3};
    keep_two();
    keep_two();
    assert_int_equal(files_each(folder, see, &seen, &errors), OK);
    assert_int_equal(seen.count, 3);
}

static void a_folder_not_made_yet_lists_nothing(void **state) {
    struct seen seen = {0};
    assert_int_equal(files_each("/tmp/benchpin-there-is-no-such", see, &seen, &errors), OK);
    assert_int_equal(seen.count, 0);
}

static void drafts_of_yesterday_are_swept(void **state) {
    const char *old = files_draft(folder, files_id_new(arena), FILE_ORIGINAL, arena);
    const char *fresh = files_draft(folder, files_id_new(arena), FILE_ORIGINAL, arena);
    write_file(old, "old", 3);
    write_file(fresh, "new", 3);
    const struct timespec past[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    assert_int_equal(utimensat(AT_FDCWD, old, past, 0), 0);
    assert_int_equal(files_prepare(folder, &errors), OK);
    assert_int_not_equal(access(old, F_OK), 0);
    assert_int_equal(access(fresh, F_OK), 0);
}

static void a_folder_that_cannot_be_made_is_told(void **state) {
    assert_int_equal(files_prepare("/proc/benchpin", &errors), FAILED);
    assert_non_null(strstr(errors.first->sentence, "/proc/benchpin"));
}

static void a_file_is_taken_from_another_file_system(void **state) {
    const char *id = files_id_new(arena);
    char from[] = "/dev/shm/benchpin-XXXXXX", text[8] = "";
    int file = mkstemp(from);
    if (file < 0)
        skip();
    assert_int_equal(write(file, "shared", 6), 6);
    close(file);
    write_file(files_draft(folder, id, FILE_ORIGINAL, arena), "gives way", 9);
    assert_int_equal(files_take(folder, id, FILE_ORIGINAL, from, &errors), OK);
    assert_int_equal(files_keep(folder, id, &errors), OK);
    assert_int_not_equal(access(from, F_OK), 0);
    FILE *kept = fopen(files_path(folder, id, FILE_ORIGINAL, arena), "rb");
    assert_non_null(kept);
    assert_int_equal(fread(text, 1, sizeof text, kept), 6);
    fclose(kept);
    assert_string_equal(text, "shared");
}

/* ------------------------------------------------------------------ types */

#define TYPE_OF(literal) type_of("" literal "", sizeof(literal) - 1)

static const char *type_of(const char *bytes, size_t length) {
    const char *path = arena_printf(arena, "%s/it.png", home);
    write_file(path, bytes, length);
    return files_type(path);
}

static void content_decides_what_a_file_is(void **state) {
    assert_string_equal(TYPE_OF("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0"),
                        "image/png");
    assert_string_equal(TYPE_OF("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"), "image/jpeg");
    assert_string_equal(TYPE_OF("GIF89a\1\0\1\0\0\0\0;"), "image/gif");
    assert_string_equal(TYPE_OF("RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f"), "image/webp");
    assert_string_equal(TYPE_OF("%PDF-1.7\n1 0 obj\n"), "application/pdf");
    assert_string_equal(TYPE_OF("\0\0\0\x18"
                                "ftypheic\0\0\0\0mif1heic"),
                        "image/heic");
    assert_string_equal(TYPE_OF("\0\0\0\x18"
                                "ftypmif1\0\0\0\0mif1heic"),
                        "image/heif");
    assert_string_equal(TYPE_OF("\0\0\0\x18"
                                "ftypavif\0\0\0\0mif1avif"),
                        "image/avif");
}

static void all_else_has_no_type(void **state) {
    assert_null(TYPE_OF("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
    assert_null(TYPE_OF("<!DOCTYPE html><script>alert(1)</script>"));
    assert_null(TYPE_OF("II*\0\x08\0\0\0"));
    assert_null(TYPE_OF("PK\3\4\x14\0\0\0\x08\0"));
    assert_null(TYPE_OF("%!PS-Adobe-3.0\n"));
    assert_null(TYPE_OF(""));
    assert_null(files_type("/tmp/benchpin-there-is-no-such"));
    assert_null(files_type("/tmp"));
    assert_null(files_type("/dev/zero"));
}

static void a_link_is_not_followed(void **state) {
    const char *png = arena_printf(arena, "%s/real.png", home);
    const char *link = arena_printf(arena, "%s/link.png", home);
    write_file(png, "%PDF-1.7\n", 9);
    assert_int_equal(symlink(png, link), 0);
    assert_non_null(files_type(png));
    assert_null(files_type(link));
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        RULE(a_kept_file_lies_under_its_own_digits),
        RULE(folders_are_for_the_server_alone),
        RULE(keeping_nothing_is_a_fault),
        RULE(what_is_no_id_makes_no_path),
        RULE(variants_are_known_by_name),
        RULE(ids_do_not_repeat),
        RULE(deleting_removes_the_bytes_of_every_variant),
        RULE(the_list_has_every_kept_file_and_no_draft),
        RULE(the_list_stops_when_told),
        RULE(a_folder_not_made_yet_lists_nothing),
        RULE(drafts_of_yesterday_are_swept),
        RULE(a_folder_that_cannot_be_made_is_told),
        RULE(a_file_is_taken_from_another_file_system),
        RULE(content_decides_what_a_file_is),
        RULE(all_else_has_no_type),
        RULE(a_link_is_not_followed),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
