/* Texts as people write them: NUL-terminated UTF-8. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

bool text_is_utf8(const char *text, size_t length); /* well formed, without NUL */
size_t text_characters(const char *text);           /* code points */
bool text_empty(const char *text);                  /* NULL, or white space only */
bool text_same(const char *a, const char *b);       /* both NULL, or equal */
bool text_starts(const char *text, const char *start); /* NULL starts with nothing */
const char *text_trim(const char *text, struct arena *arena); /* white space at both ends gone */

/* For finding: accents off, case folded, ligatures and ß opened, punctuation to spaces, single
 * spaces. "Łukasz O’Brien-Müller" → "lukasz o brien muller". */
const char *text_fold(const char *text, struct arena *arena);
/* Case folded, nothing else: for comparing e-mail addresses and codes. */
const char *text_lower(const char *text, struct arena *arena);
/* The digits alone: "+44 (0)7700 900-214" → "4407700900214". */
const char *text_digits(const char *text, struct arena *arena);
/* A safe file name part: ASCII letters, digits, dash; "oval-sapphire-halo". */
const char *text_slug(const char *text, struct arena *arena);
/* "EW" for "Eleanor Whitcombe". */
const char *text_initials(const char *name, struct arena *arena);

/* Unguessable things, from the system's generator. */
const char *token_new(struct arena *arena, int bytes);      /* lower-case hexadecimal */
/* `length` characters of Crockford's base 32 (no I, L, O, U); 40 bits for 8. */
const char *reference_new(struct arena *arena, int length);
/* As a person typed it: dashes and spaces dropped, case folded, I and L → 1, O → 0; NULL when it
 * cannot be a reference of this length. */
const char *reference_read(const char *typed, int length, struct arena *arena);
/* BLAKE2b-256 of a secret token, hexadecimal: what is stored instead of it. */
const char *token_hash(const char *token, struct arena *arena);
