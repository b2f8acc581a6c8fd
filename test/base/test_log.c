#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a piece of work writes to the standard error. The caller free()s. */
static char *logged(void (*work)(void)) {
    FILE *file = tmpfile();
    assert_non_null(file);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    work();
    dup2(kept, STDERR_FILENO);
    close(kept);
    long length = lseek(fileno(file), 0, SEEK_END);
    char *text = calloc(1, (size_t)length + 1);
    assert_int_equal(pread(fileno(file), text, (size_t)length, 0), length);
    fclose(file);
    return text;
}

static void say_one(void) {
    log_warn("mail_refused", log_text("host", "mail.example"), log_int("code", 550));
}

static void an_event_is_one_line_of_keys_and_values(void **state) {
    char *text = logged(say_one);
    assert_non_null(strchr(text, 'Z'));
    assert_string_equal(strchr(text, 'Z'), "Z warn mail_refused host=mail.example code=550\n");
    free(text);
}

static void say_forged(void) {
    log_error("file_refused", log_text("name", "a\nb\"c=d \\ \x01é"), log_text("none", NULL));
    log_info("plain");
}

static void no_value_can_forge_a_line(void **state) {
    char *text = logged(say_forged);
    assert_non_null(
        strstr(text, " error file_refused name=\"a\\nb\\\"c=d \\\\ \\x01é\" none=\"\"\n"));
    assert_non_null(strstr(text, " info plain\n"));
    free(text);
}

static void say_in_json(void) {
    static char longest[5000];
    memset(longest, 'x', sizeof longest - 1);
    log_as_json(true);
    log_error("file_refused", log_text("name", "a\nb\"c\\ \x01é"), log_int("code", -5));
    log_info("cut", log_text("kept", "whole"), log_text("dropped", longest));
    log_as_json(false);
}

static void a_line_is_a_json_object_when_wanted(void **state) {
    char *text = logged(say_in_json);
    assert_int_equal(strncmp(text, "{\"at\":\"20", 9), 0);
    assert_non_null(strstr(text, "Z\",\"level\":\"error\",\"event\":\"file_refused\","
                                 "\"name\":\"a\\u000ab\\\"c\\\\ \\u0001é\",\"code\":-5}\n"));
    assert_non_null(strstr(text, "\"event\":\"cut\",\"kept\":\"whole\"}\n"));
    free(text);
}

static void say_quietly(void) {
    log_debug("unseen");
    log_from(LOG_WARN_);
    log_info("unseen");
    log_warn("seen");
    log_from(LOG_INFO_);
}

static void what_is_less_than_the_level_is_left_out(void **state) {
    char *text = logged(say_quietly);
    assert_null(strstr(text, "unseen"));
    assert_non_null(strstr(text, "warn seen"));
    free(text);
}

static void say_much(void) {
    char long_text[10000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    log_info("long", log_text("text", long_text));
}

static void a_line_too_long_is_cut_and_ends(void **state) {
    char *text = logged(say_much);
    size_t length = strlen(text);
    assert_int_equal(length, 4096);
    assert_int_equal(text[length - 1], '\n');
    free(text);
}

static void *say_often(void *unused) {
    for (int i = 0; i < 500; i++)
        log_info("thread", log_text("text", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    return unused;
}

static void say_from_threads(void) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, say_often, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static void lines_of_threads_do_not_mix(void **state) {
    char *text = logged(say_from_threads), *rest = NULL;
    int lines = 0;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        assert_string_equal(strchr(line, 'Z'),
                            "Z info thread text=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        lines++;
    }
    assert_int_equal(lines, 2000);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_line_of_keys_and_values),
        cmocka_unit_test(no_value_can_forge_a_line),
        cmocka_unit_test(a_line_is_a_json_object_when_wanted),
        cmocka_unit_test(what_is_less_than_the_level_is_left_out),
        cmocka_unit_test(a_line_too_long_is_cut_and_ends),
        cmocka_unit_test(lines_of_threads_do_not_mix),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
