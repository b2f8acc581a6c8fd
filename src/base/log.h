/* The log: one line an event to the standard error, for people and for machines.
 *
 *     log_warn("mail_refused", log_text("host", host), log_int("code", 550));
 *     2026-11-24T10:41:00.000Z warn mail_refused host=mail.example code=550
 *
 * Events are named like functions, noun_verb. Never log what tells of a person: no names,
 * addresses, phone numbers, mail addresses, notes, tokens; ids and references are enough to find
 * out more. Thread-safe; a line is written whole or, past 4,000 bytes, cut. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG_, LOG_INFO_, LOG_WARN_, LOG_ERROR_ };

struct log_pair {
    const char *key;  /* NULL ends the pairs */
    const char *text; /* NULL: the number */
    int64_t number;
};

static inline struct log_pair log_text(const char *key, const char *text) {
    return (struct log_pair){key, text != 0 ? text : "", 0};
}

static inline struct log_pair log_int(const char *key, int64_t number) {
    return (struct log_pair){key, 0, number};
}

void log_write(enum log_level level, const char *event, const struct log_pair *pairs);
/* Lines as JSON objects instead:
 * {"at":"…","level":"warn","event":"mail_refused","host":"…","code":550}.
 */
void log_as_json(bool json);
/* What is less than this level is left out; LOG_INFO_ to begin with. */
void log_from(enum log_level level);

#define LOG_PAIRS(...) ((struct log_pair[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define log_debug(event, ...) log_write(LOG_DEBUG_, (event), LOG_PAIRS(__VA_ARGS__))
#define log_info(event, ...) log_write(LOG_INFO_, (event), LOG_PAIRS(__VA_ARGS__))
#define log_warn(event, ...) log_write(LOG_WARN_, (event), LOG_PAIRS(__VA_ARGS__))
#define log_error(event, ...) log_write(LOG_ERROR_, (event), LOG_PAIRS(__VA_ARGS__))
