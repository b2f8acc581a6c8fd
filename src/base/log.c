#include "base/log.h"

#include "base/day.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Atomic enum log_level least = LOG_INFO_;
static _Atomic bool as_json;

void log_as_json(bool json) {
    atomic_store(&as_json, json);
}

void log_from(enum log_level level) {
    atomic_store(&least, level);
}

struct line {
    char at[4096];
    size_t length;
};

/* What does not fit is cut; the end of the line keeps its place. */
static void line_put(struct line *line, const char *bytes, size_t length) {
    size_t room = sizeof line->at - 1 - line->length;
    if (length > room)
        length = room;
    memcpy(line->at + line->length, bytes, length);
    line->length += length;
}

static void line_text(struct line *line, const char *text) {
    line_put(line, text, strlen(text));
}

/* A value that could be taken for something else is quoted, so that no input can forge a line. */
static void line_value(struct line *line, const char *text) {
    bool quoted = text[0] == '\0';
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        quoted = quoted || *at <= ' ' || *at == '"' || *at == '=' || *at == '\\' || *at >= 0x7f;
    if (!quoted) {
        line_text(line, text);
        return;
    }
    line_put(line, "\"", 1);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        char escaped[8];
        if (*at == '"' || *at == '\\')
            line_put(line, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\%c", *at));
        else if (*at == '\n')
            line_text(line, "\\n");
        else if (*at < ' ' || *at == 0x7f)
            line_put(line, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\x%02x", *at));
        else
            line_put(line, (const char *)at, 1);
    }
    line_put(line, "\"", 1);
}

/* As a JSON string; what is logged is UTF-8: it was checked, or is our own. */
static void line_string(struct line *line, const char *text) {
    line_put(line, "\"", 1);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        char escaped[8];
        if (*at == '"' || *at == '\\')
            line_put(line, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\%c", *at));
        else if (*at < ' ' || *at == 0x7f)
            line_put(line, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", *at));
        else
            line_put(line, (const char *)at, 1);
    }
    line_put(line, "\"", 1);
}

static void line_pair(struct line *line, const struct log_pair *pair, bool json) {
    char digits[24];
    line_text(line, json ? "," : " ");
    if (json)
        line_string(line, pair->key);
    else
        line_text(line, pair->key);
    line_text(line, json ? ":" : "=");
    if (pair->text == NULL)
        line_put(line, digits,
                 (size_t)snprintf(digits, sizeof digits, "%lld", (long long)pair->number));
    else if (json)
        line_string(line, pair->text);
    else
        line_value(line, pair->text);
}

void log_write(enum log_level level, const char *event, const struct log_pair *pairs) {
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < atomic_load_explicit(&least, memory_order_relaxed))
        return;
    bool json = atomic_load_explicit(&as_json, memory_order_relaxed);
    struct line line = {.length = 0};
    char head[64];
    int64_t now = instant_now();
    struct civil day = day_civil(now / DAY);
    int64_t time = now % DAY;
    snprintf(head, sizeof head, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", day.year, day.month, day.day,
             (int)(time / HOUR), (int)(time / MINUTE % 60), (int)(time / SECOND % 60),
             (int)(time % SECOND));
    line_text(&line, json ? "{\"at\":\"" : "");
    line_text(&line, head);
    line_text(&line, json ? "\",\"level\":\"" : " ");
    line_text(&line, names[level]);
    line_text(&line, json ? "\",\"event\":" : " ");
    if (json)
        line_string(&line, event);
    else
        line_text(&line, event);
    for (; pairs->key != NULL; pairs++) {
        size_t before = line.length;
        line_pair(&line, pairs, json);
        if (json && line.length >= sizeof line.at - 2) { /* an object that is cut is none */
            line.length = before;
            break;
        }
    }
    line_text(&line, json ? "}" : "");
    line.at[line.length++] = '\n';
    /* One write, so that lines of several threads do not mix; there is nobody to tell of a failure.
     */
    int kept = errno;
    ssize_t written = write(STDERR_FILENO, line.at, line.length);
    (void)written;
    errno = kept;
}
