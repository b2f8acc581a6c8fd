/* Prints a test template with a fixed model. */
#include "good.html.h"
#include "model.h"
#include "view/template.h"

#include <stdio.h>
#include <stdlib.h>

const char *view_t(struct view *v, const char *english) {
    return english;
}

const char *view_tc(struct view *v, const char *context, const char *english) {
    static char text[256];
    snprintf(text, sizeof text, "%s: %s", context, english);
    return text;
}

const char *words_n(struct view *v, int64_t n, const char *one, const char *many, ...) {
    static char text[256];
    va_list args;
    va_start(args, many);
    vsnprintf(text, sizeof text, n == 1 ? one : many, args);
    va_end(args);
    return text;
}

const char *words(struct view *v, const char *format, ...) {
    static char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return text;
}

void form_start_hidden_html(struct view *v) {
    buf_lit(v->out, "[hidden]");
}

int main(void) {
    struct buf out = {0};
    struct view view = {.out = &out};
    struct good good = {
        .text = "<b>\"Tom\" & 'Åsa'</b>",
        .script = " jAvascript:alert(1)",
        .url = "https://example.com/a?b=c&d='e'",
        .phone = "+44 (0)7700 900-214",
        .mail = "a+b@example.com?cc=x",
        .number = INT64_C(-9000000000),
        .absent = NONE,
        .count = 3,
        .yes = 1,
    };
    good_html(&view, &good);
    fwrite(out.at, 1, out.length, stdout);
    putchar('\n');
    buf_free(&out);
    return 0;
}
