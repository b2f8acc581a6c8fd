/* The languages that Benchpin speaks: texts out of the catalogues, looked up by their English.
 *
 * `catalogues/de.po` and its like are made into tables when the program is built; tools/words
 * checks that each translation takes the same arguments as its English (docs/translations.md). A
 * look-up allocates nothing, locks nothing and costs some tens of nanoseconds; in British English,
 * which is the key, it costs nothing. What has no translation stays English. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct language {
    const char *tag;              /* BCP 47: "en-GB", "de", "ar" */
    const char *name;             /* as those who speak it call it: "Deutsch" */
    bool leftward;                /* written from right to left */
    unsigned forms;               /* of a text that counts: 2 in English, 6 in Arabic */
    unsigned (*form)(uint64_t n); /* which of them: 0 … forms − 1; NULL: English */
    const uint32_t *texts;        /* a key's place in `bytes`, 0: none; NULL: British English */
    const char *bytes;
};

/* All of them, British English first. */
const struct language *languages_all(int *count);
/* The one that serves this tag best: "de-CH" and "de_AT" are German's, "en-AU" British English's.
 * NULL: none does. */
const struct language *language_find(const char *tag);
/* Like language_find() for a browser's Accept-Language, "fr-CH, fr;q=0.9, en;q=0.8": the one that
 * it likes best among those that `offered` lists ("de,fr"; NULL: all); NULL: none of them. */
const struct language *language_accepted(const char *header, const char *offered);
/* Varieties of one language: "en-US" and "en-GB". */
bool language_related(const struct language *a, const struct language *b);
bool language_offered(const struct language *language, const char *offered);

/* The text in this language (NULL: English). `context` tells apart what is one word in English and
 * two elsewhere ("Setting", the stage and the fitting); mostly NULL. */
const char *language_text(const struct language *language, const char *context,
                          const char *english);
/* A text that counts: "%ld ring" and "%ld rings", in the form for `n`. */
const char *language_count(const struct language *language, int64_t n, const char *one,
                           const char *many);
/* The translated text with its arguments put in. */
const char *language_vprintf(const struct language *language, struct arena *arena,
                             const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
const char *language_printf(const struct language *language, struct arena *arena,
                            const char *format, ...) __attribute__((format(printf, 3, 4)));
