/* Sends real files through the real helper. The samples are made by media-samples (samples.c). */
#include "media/media.h"

#include "media/files.h"
#include "media/helper/job.h"

#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static struct errors errors;
static struct media *media;
static char home[64];
static const char *folder, *samples, *looker;

/* Beside the program itself, not the link that may stand where people look for it. */
static const char *beside_helper(const char *name) {
    const char *link = media_find_helper(arena);
    char real[4096];
    assert_non_null(link);
    assert_non_null(realpath(link, real));
    const char *helper = arena_text(arena, real);
    return arena_printf(arena, "%.*s/%s", (int)(strrchr(helper, '/') - helper), helper, name);
}

static void run(const char *command) {
    assert_int_equal(system(command), 0);
}

static int start_all(void **state) {
    arena = arena_new();
    strcpy(home, "/tmp/benchpin-media-XXXXXX");
    assert_non_null(mkdtemp(home));
    samples = arena_printf(arena, "%s/samples", home);
    folder = arena_printf(arena, "%s/files", home);
    looker = beside_helper("media-samples");
    assert_int_equal(mkdir(samples, 0700), 0);
    run(arena_printf(arena, "'%s' '%s'", looker, samples));
    media = media_new(media_find_helper(arena));
    errors = (struct errors){.arena = arena};
    return files_prepare(folder, &errors) == OK ? 0 : -1;
}

static int end_all(void **state) {
    run(arena_printf(arena, "rm -rf '%s'", home));
    media_free(media);
    arena_free(arena);
    return 0;
}

static int start(void **state) {
    errors = (struct errors){.arena = arena};
    return 0;
}

/* An upload: a copy of the sample under a name that says nothing. */
static const char *uploaded(const char *sample, const char *name) {
    const char *path = arena_printf(arena, "%s/%s", home, name);
    run(arena_printf(arena, "cp '%s/%s' '%s'", samples, sample, path));
    return path;
}

static enum status keep(const char *sample, struct stored *stored) {
    return media_keep(media, folder, uploaded(sample, "upload"), "picture", stored, &errors);
}

static struct stored kept(const char *sample) {
    struct stored stored;
    enum status status = keep(sample, &stored);
    if (status != OK)
        print_error("%s: %s\n", sample, errors.first->sentence);
    assert_int_equal(status, OK);
    return stored;
}

struct seen {
    int width, height, bands, fields, darkest;
    char top, bottom;
};

static struct seen look(const char *path) {
    struct seen seen = {0};
    FILE *out = popen(arena_printf(arena, "'%s' --look '%s'", looker, path), "r");
    assert_non_null(out);
    assert_int_equal(fscanf(out, "%d %d %d %d %c %c %d", &seen.width, &seen.height, &seen.bands,
                            &seen.fields, &seen.top, &seen.bottom, &seen.darkest),
                     7);
    assert_int_equal(pclose(out), 0);
    return seen;
}

static struct seen look_at(const struct stored *stored, enum file_variant variant) {
    return look(files_path(folder, stored->id, variant, arena));
}

static void assert_nothing_left(void) {
    const char *list = arena_printf(arena, "test -z \"$(ls -A '%s/tmp')\"", folder);
    run(list);
}

static void assert_refused(const char *sample, enum status status, const char *code) {
    struct stored stored;
    errors = (struct errors){.arena = arena};
    assert_int_equal(keep(sample, &stored), status);
    assert_string_equal(errors.first->code, code);
    assert_string_equal(errors.first->field, "picture");
    assert_nothing_left();
}

/* ------------------------------------------------------------------ metadata */

static bool holds(const char *path, const char *word) {
    static char bytes[4 * 1024 * 1024];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return memmem(bytes, length, word, strlen(word)) != NULL;
}

static void assert_clean(const struct stored *stored) {
    static const char *const words[] = {"SECRET", "EXIF", "Exif", "XMP ", "ICCP", "xmpmeta", "GPS"};
    for (int variant = 0; variant < FILE_VARIANTS; variant++) {
        const char *path = files_path(folder, stored->id, (enum file_variant)variant, arena);
        assert_int_equal(look(path).fields, 0);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            assert_false(holds(path, words[i]));
    }
}

static void assert_tells(const char *sample) {
    assert_true(look(arena_printf(arena, "%s/%s", samples, sample)).fields > 0);
}

static void no_output_of_any_format_tells_camera_or_place(void **state) {
    static const char *const photos[] = {"photo.jpg",  "photo.png",  "photo.webp",
                                         "photo.heic", "photo.avif", "photo.gif"};
    for (size_t i = 0; i < sizeof photos / sizeof photos[0]; i++) {
        if (strcmp(photos[i], "photo.gif") != 0)
            assert_tells(photos[i]);
        struct stored stored = kept(photos[i]);
        assert_clean(&stored);
    }
}

static void the_picture_as_sent_is_not_kept(void **state) {
    struct stored stored = kept("photo.jpg");
    assert_string_equal(stored.type, "image/webp");
    assert_string_equal(stored.sent_type, "image/jpeg");
    assert_false(holds(files_path(folder, stored.id, FILE_ORIGINAL, arena), "SECRET"));
}

/* ------------------------------------------------------------------ shapes */

static void a_picture_on_its_side_is_turned_upright(void **state) {
    static const char *const photos[] = {"photo.jpg", "photo.webp"};
    for (size_t i = 0; i < sizeof photos / sizeof photos[0]; i++) {
        struct stored stored = kept(photos[i]);
        assert_int_equal(stored.width, 400);
        assert_int_equal(stored.height, 600);
        for (int variant = 0; variant < FILE_VARIANTS; variant++) {
            struct seen seen = look_at(&stored, (enum file_variant)variant);
            assert_int_equal(seen.top, 'r');
            assert_int_equal(seen.bottom, 'b');
        }
    }
}

static void assert_size(const struct stored *stored, enum file_variant variant, int width,
                        int height) {
    struct seen seen = look_at(stored, variant);
    assert_int_equal(seen.width, width);
    assert_int_equal(seen.height, height);
}

static void a_large_picture_is_kept_at_four_thousand_pixels(void **state) {
    struct stored stored = kept("large.jpg");
    assert_int_equal(stored.height, 4000);
    assert_in_range(stored.width, 2856, 2858);
    assert_size(&stored, FILE_ORIGINAL, (int)stored.width, 4000);
    assert_size(&stored, FILE_LARGE, 857, 1200);
    assert_size(&stored, FILE_MIDDLE, 314, 440);
    assert_size(&stored, FILE_SMALL, 96, 96);
}

static void a_small_picture_is_never_enlarged(void **state) {
    struct stored stored = kept("tiny.png");
    assert_size(&stored, FILE_ORIGINAL, (int)stored.width, (int)stored.height);
    assert_int_equal(stored.width * stored.height, 50 * 30);
    assert_size(&stored, FILE_LARGE, (int)stored.width, (int)stored.height);
    assert_size(&stored, FILE_MIDDLE, (int)stored.width, (int)stored.height);
    assert_size(&stored, FILE_SMALL, 96, 96);
}

static void a_thread_of_a_picture_is_made(void **state) {
    struct stored stored = kept("tall.png");
    assert_int_equal(stored.height, 4000);
    assert_int_equal(stored.width, 1);
    assert_size(&stored, FILE_SMALL, 96, 96);
}

static void of_an_animation_the_first_frame_is_shown(void **state) {
    struct stored stored = kept("animated.gif");
    assert_int_equal(stored.width, 60);
    assert_int_equal(stored.height, 40);
    assert_false(holds(files_path(folder, stored.id, FILE_ORIGINAL, arena), "ANIM"));
}

static void transparency_stays(void **state) {
    struct stored stored = kept("transparent.png");
    assert_int_equal(look_at(&stored, FILE_LARGE).bands, 4);
}

static void apple_and_av1_pictures_are_read(void **state) {
    assert_string_equal(kept("photo.heic").sent_type, "image/heic");
    assert_string_equal(kept("photo.avif").sent_type, "image/avif");
}

/* ------------------------------------------------------------------ documents */

static void a_pdf_is_kept_as_it_came_and_its_first_page_drawn(void **state) {
    struct stored stored = kept("page.pdf");
    assert_false(stored.picture);
    assert_string_equal(stored.type, "application/pdf");
    const char *original = files_path(folder, stored.id, FILE_ORIGINAL, arena);
    run(arena_printf(arena, "cmp '%s/page.pdf' '%s'", samples, original));
    struct stat about;
    assert_int_equal(stat(original, &about), 0);
    assert_int_equal(stored.size, about.st_size);
    assert_int_equal(stored.width, 900);
    assert_int_equal(stored.height, 1200);
    assert_size(&stored, FILE_LARGE, 900, 1200);
    assert_int_equal(look_at(&stored, FILE_LARGE).top, 'r');
    assert_int_equal(look_at(&stored, FILE_LARGE).bottom, 'b');
}

static void fonts_that_a_pdf_lacks_are_found_through_the_wall(void **state) {
    /* The letters are the only black there is. */
    struct stored stored = kept("page.pdf");
    assert_true(look_at(&stored, FILE_LARGE).darkest < 5);
    const char *large = files_path(folder, stored.id, FILE_LARGE, arena);
    const char *ink = arena_printf(arena, "%s/ink.webp", home);
    run(arena_printf(arena, "cp '%s' '%s'", large, ink));
    struct stat about;
    assert_int_equal(stat(ink, &about), 0);
    assert_true(about.st_size > 4000); /* two plain bars alone take less than half of that */
}

static void a_pdf_as_wide_as_a_house_is_refused(void **state) {
    assert_refused("wide.pdf", INVALID, "too_large");
}

/* ------------------------------------------------------------------ hostile files */

static void a_pixel_bomb_is_refused_before_it_is_decoded(void **state) {
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_refused("bomb.png", INVALID, "too_large");
    assert_non_null(strstr(errors.first->sentence, "60000 × 60000"));
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 4);
}

static void a_truncated_file_is_refused(void **state) {
    static const char *const whole[] = {"large.jpg",  "photo.png", "photo.webp", "photo.heic",
                                        "photo.avif", "photo.gif", "photo.jpg"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        const char *name = arena_printf(arena, "cut-%zu", i);
        run(arena_printf(arena, "f='%s/%s'; head -c $(($(wc -c <\"$f\") * 6 / 10)) \"$f\" >'%s/%s'",
                         samples, whole[i], samples, name));
        assert_refused(name, INVALID, "unreadable");
        assert_string_equal(errors.first->sentence,
                            "This file says it is a picture but cannot be read as one.");
    }
}

static void a_head_without_a_body_is_refused(void **state) {
    run(arena_printf(arena, "(head -c 60 '%s/photo.png'; echo rubbish) >'%s/head.png'", samples,
                     samples));
    run(arena_printf(arena, "printf '%%%%PDF-1.7\\nrubbish' >'%s/head.pdf'", samples));
    assert_refused("head.png", INVALID, "unreadable");
    assert_refused("head.pdf", INVALID, "unreadable");
    assert_non_null(strstr(errors.first->sentence, "PDF"));
}

static void what_is_not_on_the_list_is_refused_whatever_its_name(void **state) {
    static const char *const files[] = {"drawing.svg", "drawing.png", "page.jpg",
                                        "program.gif", "empty.png",   "scan.tif"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        assert_refused(files[i], WRONG_TYPE, "wrong_type");
}

static void a_wrong_name_on_a_good_picture_does_not_matter(void **state) {
    struct stored stored;
    const char *path = uploaded("photo.png", "photo.pdf");
    assert_int_equal(media_keep(media, folder, path, "picture", &stored, &errors), OK);
    assert_string_equal(stored.sent_type, "image/png");
}

static void a_file_of_two_kinds_is_what_its_first_bytes_say(void **state) {
    run(arena_printf(arena, "(head -c 40 '%s/photo.jpg'; cat '%s/page.pdf') >'%s/both.pdf'",
                     samples, samples, samples));
    assert_refused("both.pdf", INVALID, "unreadable");
}

/* ------------------------------------------------------------------ a helper gone wrong */

/* A helper that a file has taken over, or that is broken: a script in its place. */
static struct media *impostor(const char *script) {
    const char *path = arena_printf(arena, "%s/impostor", home);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
    return media_new(path);
}

static void assert_impostor(const char *script, enum status status, const char *code) {
    struct stored stored;
    struct media *other = impostor(script);
    media_set_deadline(other, 700);
    errors = (struct errors){.arena = arena};
    assert_int_equal(
        media_keep(other, folder, uploaded("photo.jpg", "upload"), "picture", &stored, &errors),
        status);
    assert_string_equal(errors.first->code, code);
    assert_nothing_left();
    media_free(other);
}

/* REPLY_MADE, KIND_JPEG, 4 × 4, little-endian. */
#define GOOD_REPLY "printf '1MPB\\1\\0\\0\\0\\2\\0\\0\\0\\4\\0\\0\\0\\4\\0\\0\\0'; "

static void a_helper_that_hangs_is_killed(void **state) {
    assert_impostor("exec sleep 30", INVALID, "too_slow");
}

static void a_helper_that_uses_up_its_time_is_told_apart(void **state) {
    assert_impostor("kill -XCPU $$", INVALID, "too_slow");
}

static void a_helper_that_dies_makes_the_file_unreadable(void **state) {
    assert_impostor("kill -SEGV $$", INVALID, "unreadable");
    assert_impostor("exit 0", INVALID, "unreadable");
}

static void a_helper_is_not_believed(void **state) {
    assert_impostor("head -c 20 /dev/zero", INVALID, "unreadable");
    assert_impostor(GOOD_REPLY, INVALID, "unreadable"); /* its outputs are empty */
    assert_impostor("for i in 3 4 5 6; do echo '<script>alert(1)</script>' >&$i; done; " GOOD_REPLY,
                    INVALID, "unreadable");
    assert_impostor("printf '1MPB\\1\\0\\0\\0\\2\\0\\0\\0\\377\\377\\377\\377\\4\\0\\0\\0'",
                    INVALID, "unreadable");
}

static void a_helper_sees_only_what_it_needs(void **state) {
    /* Descriptors 0 to 6 and the shell's own script; no variable of the server's. */
    assert_int_equal(setenv("BENCHPIN_SECRET", "x", 1), 0);
    assert_impostor("[ -z \"$BENCHPIN_SECRET\" ] && [ ! -e /proc/$$/fd/7 ] && "
                    "[ ! -e /proc/$$/fd/64 ] && [ ! -e /proc/$$/fd/65 ] && exec sleep 30",
                    INVALID, "too_slow");
    unsetenv("BENCHPIN_SECRET");
}

static void a_helper_that_is_not_there_is_our_fault(void **state) {
    struct stored stored;
    struct media *other = media_new("/tmp/benchpin-there-is-no-such");
    assert_int_equal(
        media_keep(other, folder, uploaded("photo.jpg", "upload"), "picture", &stored, &errors),
        FAILED);
    assert_non_null(strstr(errors.first->sentence, "/tmp/benchpin-there-is-no-such"));
    assert_nothing_left();
    media_free(other);
}

/* ------------------------------------------------------------------ many at once */

static void *keep_one(void *arg) {
    struct arena *own = arena_new();
    struct errors faults = {.arena = own};
    struct stored stored;
    enum status status = media_keep(media, folder, arg, "picture", &stored, &faults);
    arena_free(own);
    return (void *)(intptr_t)status;
}

static void many_may_send_at_once(void **state) {
    pthread_t threads[6];
    for (int i = 0; i < 6; i++) {
        const char *path = uploaded("photo.png", arena_printf(arena, "upload-%d", i));
        assert_int_equal(pthread_create(&threads[i], NULL, keep_one, (void *)path), 0);
    }
    for (int i = 0; i < 6; i++) {
        void *status;
        pthread_join(threads[i], &status);
        assert_int_equal((int)(intptr_t)status, OK);
    }
}

#define RULE(test) cmocka_unit_test_setup(test, start)

int main(void) {
    const struct CMUnitTest tests[] = {
        RULE(no_output_of_any_format_tells_camera_or_place),
        RULE(the_picture_as_sent_is_not_kept),
        RULE(a_picture_on_its_side_is_turned_upright),
        RULE(a_large_picture_is_kept_at_four_thousand_pixels),
        RULE(a_small_picture_is_never_enlarged),
        RULE(a_thread_of_a_picture_is_made),
        RULE(of_an_animation_the_first_frame_is_shown),
        RULE(transparency_stays),
        RULE(apple_and_av1_pictures_are_read),
        RULE(a_pdf_is_kept_as_it_came_and_its_first_page_drawn),
        RULE(fonts_that_a_pdf_lacks_are_found_through_the_wall),
        RULE(a_pdf_as_wide_as_a_house_is_refused),
        RULE(a_pixel_bomb_is_refused_before_it_is_decoded),
        RULE(a_truncated_file_is_refused),
        RULE(a_head_without_a_body_is_refused),
        RULE(what_is_not_on_the_list_is_refused_whatever_its_name),
        RULE(a_wrong_name_on_a_good_picture_does_not_matter),
        RULE(a_file_of_two_kinds_is_what_its_first_bytes_say),
        RULE(a_helper_that_hangs_is_killed),
        RULE(a_helper_that_uses_up_its_time_is_told_apart),
        RULE(a_helper_that_dies_makes_the_file_unreadable),
        RULE(a_helper_is_not_believed),
        RULE(a_helper_sees_only_what_it_needs),
        RULE(a_helper_that_is_not_there_is_our_fault),
        RULE(many_may_send_at_once),
    };
    return cmocka_run_group_tests_name("media", tests, start_all, end_all);
}
