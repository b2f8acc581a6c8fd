#include "base/text.h"

#include "base/buf.h"

#include <glib.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool text_is_utf8(const char *text, size_t length) {
    return length == 0 || g_utf8_validate_len(text, length, NULL);
}

size_t text_characters(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* The bytes of the white space at `at`, or 0: ASCII's, and Unicode's spaces and line ends. */
static size_t space_length(const char *at) {
    unsigned char first = (unsigned char)*at;
    if (first == ' ' || (first >= '\t' && first <= '\r'))
        return 1;
    if (first < 0xc2)
        return 0;
    gunichar c = g_utf8_get_char_validated(at, -1);
    if (c == (gunichar)-1 || c == (gunichar)-2)
        return 0;
    return g_unichar_isspace(c) || c == 0xfeff || c == 0x200b ? (size_t)g_unichar_to_utf8(c, NULL)
                                                              : 0;
}

bool text_empty(const char *text) {
    if (text == NULL)
        return true;
    for (size_t length; (length = space_length(text)) > 0;)
        text += length;
    return *text == '\0';
}

bool text_same(const char *a, const char *b) {
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *start) {
    return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

const char *text_trim(const char *text, struct arena *arena) {
    if (text == NULL)
        return NULL;
    for (size_t length; (length = space_length(text)) > 0;)
        text += length;
    const char *end = text; /* after the last character that is no space */
    for (const char *at = text; *at != '\0';) {
        size_t length = space_length(at);
        if (length == 0)
            end = at + 1;
        at += length > 0 ? length : 1;
    }
    return arena_text_n(arena, text, (size_t)(end - text));
}

/* Letters that Unicode does not take apart, and what a person types for them. */
static const char *opened(gunichar c) {
    switch (c) {
    case 0xe6: /* æ */
        return "ae";
    case 0x153: /* œ */
        return "oe";
    case 0xf8: /* ø */
        return "o";
    case 0x142: /* ł */
        return "l";
    case 0xf0:  /* ð */
    case 0x111: /* đ */
        return "d";
    case 0xfe: /* þ */
        return "th";
    case 0x127: /* ħ */
        return "h";
    case 0x131: /* ı */
        return "i";
    case 0x167: /* ŧ */
        return "t";
    case 0x14b: /* ŋ */
        return "n";
    case 0x138: /* ĸ */
        return "k";
    default:
        return NULL;
    }
}

/* Accents are the marks with a place above, below or through a letter. Marks of lower classes
 * (Indic nukta and virama, Japanese voicing) tell letters apart and stay. */
static bool is_accent(gunichar c) {
    return g_unichar_ismark(c) && g_unichar_combining_class(c) >= 10;
}

static bool is_letter(gunichar c) {
    return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* Adds a letter, after one space when a gap came before it. */
static void fold_put(char **to, const char *start, bool *gap, const char *bytes, size_t length) {
    if (*gap && *to > start)
        *(*to)++ = ' ';
    *gap = false;
    memcpy(*to, bytes, length);
    *to += length;
}

static const char *fold_ascii(const char *text, size_t length, struct arena *arena) {
    char *folded = arena_alloc(arena, length + 1), *to = folded;
    bool gap = false;
    for (; *text != '\0'; text++) {
        char c = g_ascii_tolower(*text);
        if (g_ascii_isalnum(c))
            fold_put(&to, folded, &gap, &c, 1);
        else
            gap = true;
    }
    return folded;
}

const char *text_fold(const char *text, struct arena *arena) {
    if (text == NULL)
        return NULL;
    const char *at = text;
    while (*at != '\0' && !((unsigned char)*at & 0x80))
        at++;
    if (*at == '\0')
        return fold_ascii(text, (size_t)(at - text), arena);

    /* Taken apart before the case is folded and again after it: a sign may open to capitals (№, K).
     */
    char *valid = g_utf8_make_valid(text, -1);
    char *opened_signs = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
    char *folded_case = g_utf8_casefold(opened_signs, -1);
    char *apart = g_utf8_normalize(folded_case, -1, G_NORMALIZE_ALL);
    g_free(valid);
    g_free(opened_signs);
    g_free(folded_case);
    /* Each byte becomes at most two (œ → oe stays 2) and a gap takes the place of what made it. */
    char *folded = arena_alloc(arena, strlen(apart) * 2 + 1), *to = folded;
    bool gap = false;
    for (at = apart; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        const char *letters = opened(c);
        char bytes[6];
        if (is_accent(c))
            continue;
        if (letters != NULL)
            fold_put(&to, folded, &gap, letters, strlen(letters));
        else if (is_letter(c))
            fold_put(&to, folded, &gap, bytes, (size_t)g_unichar_to_utf8(c, bytes));
        else
            gap = true;
    }
    *to = '\0';
    g_free(apart);
    return folded;
}

const char *text_digits(const char *text, struct arena *arena) {
    if (text == NULL)
        return NULL;
    char *digits = arena_alloc(arena, strlen(text) + 1), *to = digits;
    for (const char *at = text; *at != '\0';) {
        if (!((unsigned char)*at & 0x80)) {
            if (g_ascii_isdigit(*at))
                *to++ = *at;
            at++;
            continue;
        }
        gunichar c = g_utf8_get_char_validated(at, -1);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            at++;
            continue;
        }
        int value = g_unichar_digit_value(c); /* Arabic, full-width and other digits */
        if (value >= 0)
            *to++ = (char)('0' + value);
        at = g_utf8_next_char(at);
    }
    return digits;
}

const char *text_slug(const char *text, struct arena *arena) {
    enum { LONGEST = 80 };
    const char *folded = text_fold(text == NULL ? "" : text, arena);
    char *slug = arena_alloc(arena, strlen(folded) + 1), *to = slug;
    bool gap = false;
    for (; *folded != '\0' && to - slug < LONGEST; folded++) {
        if (!g_ascii_isalnum(*folded)) {
            gap = true;
            continue;
        }
        if (gap && to > slug)
            *to++ = '-';
        gap = false;
        *to++ = *folded;
    }
    return to == slug ? "untitled" : slug;
}

const char *text_initials(const char *name, struct arena *arena) {
    char first[7] = "", last[7] = "";
    bool within = false;
    char *valid = g_utf8_make_valid(name == NULL ? "" : name, -1);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isspace(c)) {
            within = false;
        } else if (!within && g_unichar_isalnum(c)) {
            char *to = first[0] == '\0' ? first : last;
            to[g_unichar_to_utf8(g_unichar_toupper(c), to)] = '\0';
            within = true;
        }
    }
    g_free(valid);
    return arena_printf(arena, "%s%s", first, last);
}

static void sodium_start(void) {
    if (sodium_init() < 0) {
        fputs("benchpin: the system's random generator cannot be used\n", stderr);
        abort();
    }
}

static void random_bytes(void *bytes, size_t length) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, sodium_start);
    randombytes_buf(bytes, length);
}

const char *token_new(struct arena *arena, int bytes) {
    size_t length = bytes > 0 ? (size_t)bytes : 0;
    unsigned char *random = arena_alloc(arena, length + 1);
    char *token = arena_alloc(arena, length * 2 + 1);
    random_bytes(random, length);
    sodium_bin2hex(token, length * 2 + 1, random, length);
    return token;
}

const char *reference_new(struct arena *arena, int length) {
    char *reference = arena_alloc(arena, (size_t)length + 1);
    random_bytes(reference, (size_t)length);
    for (int i = 0; i < length; i++)
        reference[i] = crockford[(unsigned char)reference[i] & 31];
    return reference;
}

const char *reference_read(const char *typed, int length, struct arena *arena) {
    if (typed == NULL)
        return NULL;
    char *reference = arena_alloc(arena, (size_t)length + 1);
    int count = 0;
    for (const char *at = typed; *at != '\0';) {
        size_t space = space_length(at);
        if (space > 0 || *at == '-') {
            at += space > 0 ? space : 1;
            continue;
        }
        char c = g_ascii_toupper(*at++);
        if (c == 'I' || c == 'L')
            c = '1';
        else if (c == 'O')
            c = '0';
        if (count == length || strchr(crockford, c) == NULL)
            return NULL;
        reference[count++] = c;
    }
    return count == length ? reference : NULL;
}

const char *token_hash(const char *token, struct arena *arena) {
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)token, strlen(token), NULL, 0);
    char *text = arena_alloc(arena, sizeof hash * 2 + 1);
    sodium_bin2hex(text, sizeof hash * 2 + 1, hash, sizeof hash);
    return text;
}

const char *text_lower(const char *text, struct arena *arena) {
    char *folded = g_utf8_casefold(text, -1);
    const char *copy = arena_text(arena, folded);
    g_free(folded);
    return copy;
}
