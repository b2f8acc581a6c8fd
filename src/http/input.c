#include "http/input.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

const char *pairs_get(const void *pairs, const char *name) {
    const struct pairs *all = pairs;
    for (size_t i = all->count; i > 0; i--)
        if (strcmp(all->at[i - 1].name, name) == 0)
            return all->at[i - 1].value;
    return NULL;
}

enum status pairs_add(struct pairs *pairs, const char *name, const char *value,
                      struct errors *errors) {
    if (pairs->count == FIELDS_MOST)
        return error_add(errors, TOO_LARGE, NULL, "too_many_fields",
                         "This form has more than %d fields.", FIELDS_MOST);
    if (pairs->count == pairs->capacity)
        pairs->at =
            arena_grow(pairs->arena, pairs->at, pairs->count, &pairs->capacity, sizeof *pairs->at);
    pairs->at[pairs->count++] = (struct pair){name, value};
    return OK;
}

const char *percent_encode(const char *text, const char *keep, struct arena *arena) {
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, 3 * strlen(text) + 1), *at = out;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-._~", c) != NULL || strchr(keep, c) != NULL;
        if (plain) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '%';
        *at++ = hex[c >> 4];
        *at++ = hex[c & 15];
    }
    *at = '\0';
    return out;
}

enum status query_parse(struct pairs *pairs, const char *text, size_t length,
                        struct errors *errors) {
    const char *end = text + length;
    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        if (stop == NULL)
            stop = end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        const char *name_end = equals == NULL ? stop : equals;
        const char *value = equals == NULL ? stop : equals + 1;
        if (stop > text) {
            if (name_end - text > 3 * NAME_MOST || stop - value > 3 * VALUE_MOST)
                return error_add(errors, TOO_LARGE, NULL, "too_long",
                                 "A field of this form is too long.");
            const char *name = url_decode(text, (size_t)(name_end - text), true, pairs->arena);
            value = url_decode(value, (size_t)(stop - value), true, pairs->arena);
            if (name == NULL || value == NULL)
                return error_add(errors, BAD_REQUEST, NULL, "malformed",
                                 "What was sent is not well-formed UTF-8 text.");
            if (strlen(name) > NAME_MOST || strlen(value) > VALUE_MOST)
                return error_add(errors, TOO_LARGE, NULL, "too_long",
                                 "A field of this form is too long.");
            enum status status = pairs_add(pairs, name, value, errors);
            if (status != OK)
                return status;
        }
        text = stop == end ? end : stop + 1;
    }
    return OK;
}

const char *cookie_get(const char *header, const char *name, struct arena *arena) {
    size_t length = strlen(name);
    for (const char *at = header; at != NULL && *at != '\0';) {
        at += strspn(at, " \t;");
        size_t stop = strcspn(at, ";");
        if (stop > length && at[length] == '=' && strncmp(at, name, length) == 0) {
            const char *value = at + length + 1;
            size_t size = stop - length - 1;
            while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
                size--;
            if (size >= 2 && value[0] == '"' && value[size - 1] == '"')
                value++, size -= 2;
            return text_is_utf8(value, size) ? arena_text_n(arena, value, size) : NULL;
        }
        at += stop;
    }
    return NULL;
}

static bool type_is(const char *header, size_t length, const char *type) {
    return length == strlen(type) && strncasecmp(header, type, length) == 0;
}

/* The value of a parameter such as boundary=… or charset="…", or NULL. */
static const char *parameter(const char *header, const char *name, size_t *length) {
    size_t name_length = strlen(name);
    for (const char *at = strchr(header, ';'); at != NULL; at = strchr(at, ';')) {
        at += 1 + strspn(at + 1, " \t");
        if (strncasecmp(at, name, name_length) != 0 || at[name_length] != '=')
            continue;
        const char *value = at + name_length + 1;
        if (*value == '"') {
            *length = strcspn(value + 1, "\"");
            return value[1 + *length] == '"' ? value + 1 : NULL;
        }
        *length = strcspn(value, "; \t");
        return value;
    }
    return NULL;
}

enum body_kind body_kind_of(const char *content_type, const char **boundary, size_t *length) {
    size_t type = strcspn(content_type, "; \t");
    if (type_is(content_type, type, "multipart/form-data")) {
        *boundary = parameter(content_type, "boundary", length);
        return *boundary != NULL && *length > 0 && *length <= 70 ? BODY_PARTS : BODY_OTHER;
    }
    size_t charset_length;
    const char *charset = parameter(content_type, "charset", &charset_length);
    if (charset != NULL && !type_is(charset, charset_length, "utf-8") &&
        !type_is(charset, charset_length, "utf8"))
        return BODY_OTHER;
    if (type_is(content_type, type, "application/x-www-form-urlencoded"))
        return BODY_FORM;
    if (type_is(content_type, type, "application/json") ||
        type_is(content_type, type, "application/merge-patch+json"))
        return BODY_JSON;
    return BODY_OTHER;
}
