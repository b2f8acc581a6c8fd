#include "base/language_table.h"

#include "base/text.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MOST = 1024 }; /* bytes of a context and its text */

const struct language *languages_all(int *count) {
    *count = language_list_count;
    return language_list;
}

/* ------------------------------------------------------------------ which language */

static bool same_letter(char a, char b) {
    return g_ascii_tolower(a) == g_ascii_tolower(b) ||
           ((a == '-' || a == '_') && (b == '-' || b == '_'));
}

/* How much of `tag` a language's own tag says: its length when it is the tag or begins it. */
static size_t tag_match(const char *own, const char *tag, size_t length) {
    size_t i = 0;
    for (; own[i] != '\0'; i++)
        if (i >= length || !same_letter(own[i], tag[i]))
            return 0;
    return i == length || tag[i] == '-' || tag[i] == '_' ? i : 0;
}

static const struct language *find(const char *tag, size_t length) {
    const struct language *best = NULL;
    size_t most = 0;
    for (int i = 0; i < language_list_count; i++) {
        size_t match = tag_match(language_list[i].tag, tag, length);
        if (match > most) {
            most = match;
            best = &language_list[i];
        }
    }
    if (best == NULL && tag_match("en", tag, length) != 0)
        return &language_list[0];
    return best;
}

const struct language *language_find(const char *tag) {
    return tag == NULL ? NULL : find(tag, strlen(tag));
}

bool language_related(const struct language *a, const struct language *b) {
    const char *first = a == NULL ? "en" : a->tag, *second = b == NULL ? "en" : b->tag;
    size_t length = strcspn(first, "-");
    return length == strcspn(second, "-") && strncmp(first, second, length) == 0;
}

bool language_offered(const struct language *language, const char *offered) {
    if (text_empty(offered))
        return true;
    size_t length = strlen(language->tag);
    for (const char *at = offered; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        at += strspn(at, " ");
        if (strncmp(at, language->tag, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* The thousandths of a weight, ";q=0.8": 1000 where none is given. */
static int weight_at(const char *at) {
    at += strspn(at, " \t");
    if (*at != ';')
        return 1000;
    at += 1 + strspn(at + 1, " \t");
    if ((*at != 'q' && *at != 'Q') || at[1] != '=')
        return 1000;
    at += 2;
    int weight = *at == '1' ? 1000 : 0;
    if ((*at == '0' || *at == '1') && at[1] == '.')
        for (int i = 2, unit = 100; i < 5 && g_ascii_isdigit(at[i]); i++, unit /= 10)
            weight += (at[i] - '0') * unit;
    return weight > 1000 ? 1000 : weight;
}

const struct language *language_accepted(const char *header, const char *offered) {
    const struct language *best = NULL;
    int most = 0;
    for (const char *at = header; at != NULL && *at != '\0';) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, " \t,;");
        const struct language *language = length == 0 ? NULL : find(at, length);
        int weight = weight_at(at + length);
        if (language != NULL && weight > most && language_offered(language, offered)) {
            most = weight;
            best = language;
        }
        at = strchr(at + length, ',');
    }
    return best;
}

/* ------------------------------------------------------------------ looking up */

/* Eight bytes at a time; tools/words reckons the same. */
static uint64_t hash_of(const char *text, size_t length) {
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t hash = length * factor;
    for (; length >= 8; text += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        hash = (hash ^ GUINT64_FROM_LE(word)) * factor;
        hash ^= hash >> 32;
    }
    uint64_t word = 0;
    memcpy(&word, text, length);
    hash = (hash ^ GUINT64_FROM_LE(word)) * factor;
    return hash ^ hash >> 29;
}

/* The key's number, or 0. */
static uint32_t key_find(const char *key, size_t length) {
    uint64_t hash = hash_of(key, length);
    for (uint32_t at = (uint32_t)hash;; at++) {
        const struct language_slot *slot = &language_slots[at & language_slots_mask];
        if (slot->key == 0)
            return 0;
        if (slot->hash == (uint32_t)(hash >> 32) &&
            strcmp(language_key_bytes + language_keys[slot->key], key) == 0)
            return slot->key;
    }
}

/* NULL: not translated. */
static const char *find_text(const struct language *language, const char *key, size_t length) {
    uint32_t number = key_find(key, length);
    uint32_t place = number == 0 ? 0 : language->texts[number];
    return place == 0 ? NULL : language->bytes + place;
}

const char *language_text(const struct language *language, const char *context,
                          const char *english) {
    if (language == NULL || language->texts == NULL || english == NULL)
        return english;
    const char *found = NULL;
    size_t length = strlen(english);
    if (context != NULL) {
        size_t before = strlen(context);
        char key[KEY_MOST];
        if (before + 1 + length < sizeof key) {
            memcpy(key, context, before);
            key[before] = '\004';
            memcpy(key + before + 1, english, length + 1);
            found = find_text(language, key, before + 1 + length);
        }
    }
    if (found == NULL)
        found = find_text(language, english, length);
    return found == NULL ? english : found;
}

const char *language_count(const struct language *language, int64_t n, const char *one,
                           const char *many) {
    uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
    const char *found = NULL;
    if (language != NULL && language->texts != NULL)
        found = find_text(language, one, strlen(one));
    if (found == NULL)
        return size == 1 ? one : many;
    for (unsigned form = language->form(size); form > 0; form--)
        found += strlen(found) + 1;
    return found;
}

const char *language_vprintf(const struct language *language, struct arena *arena,
                             const char *format, va_list args) {
    return arena_vprintf(arena, language_text(language, NULL, format), args);
}

const char *language_printf(const struct language *language, struct arena *arena,
                            const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = language_vprintf(language, arena, format, args);
    va_end(args);
    return text;
}
