/* Records as JSON and CSV. The JSON writer is on the way of every answer of the API: it writes
 * straight into the buffer, and neither builds a tree nor formats through printf. */
#include "base/record.h"

#include "base/record_parts.h"
#include "base/text.h"

#include <string.h>

/* --- JSON --------------------------------------------------------------------------------- */

/* What a byte within a string is written as: 0 as it is, 'u' as \u00XX, else after a backslash. */
static const char escapes[256] = {
    [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u',  [0x04] = 'u', [0x05] = 'u',
    [0x06] = 'u', [0x07] = 'u', ['\b'] = 'b', ['\t'] = 't',  ['\n'] = 'n', [0x0b] = 'u',
    ['\f'] = 'f', ['\r'] = 'r', [0x0e] = 'u', [0x0f] = 'u',  [0x10] = 'u', [0x11] = 'u',
    [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u',  [0x16] = 'u', [0x17] = 'u',
    [0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u',  [0x1c] = 'u', [0x1d] = 'u',
    [0x1e] = 'u', [0x1f] = 'u', ['"'] = '"',  ['\\'] = '\\',
};

/* The rest of a text, from its first character that must be escaped. */
static void escaped_put(struct buf *out, const char *text) {
    static const char digits[] = "0123456789abcdef";
    while (*text != '\0') {
        unsigned char c = (unsigned char)*text;
        if (escapes[c] == 0) {
            const char *plain = text;
            while (escapes[(unsigned char)*text] == 0)
                text++;
            buf_put(out, plain, (size_t)(text - plain));
            continue;
        }
        if (escapes[c] == 'u') {
            char hex[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
            buf_put(out, hex, sizeof hex);
        } else {
            char pair[2] = {'\\', escapes[c]};
            buf_put(out, pair, sizeof pair);
        }
        text++;
    }
}

void json_write_text(struct buf *out, const char *text) {
    if (text == NULL) {
        buf_lit(out, "null");
        return;
    }
    size_t plain = 0; /* NUL counts as escaped, too */
    while (escapes[(unsigned char)text[plain]] == 0)
        plain++;
    if (out->capacity - out->length <= plain + 2)
        buf_reserve(out, plain + 2);
    char *to = out->at + out->length;
    *to++ = '"';
    memcpy(to, text, plain);
    to += plain;
    out->length += plain + 1;
    if (text[plain] != '\0') {
        escaped_put(out, text + plain);
        buf_byte(out, '"');
        return;
    }
    to[0] = '"';
    to[1] = '\0';
    out->length++;
}

/* `count` digits of `number`, leading zeros included. */
static void digits_put(char *to, int number, int count) {
    while (count-- > 0) {
        to[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* "2026-11-24T10:41:00.000Z", quoted. */
static void instant_write(struct buf *out, int64_t instant) {
    int64_t number = instant / DAY - (instant % DAY < 0);
    int rest = (int)(instant - number * DAY);
    struct civil day = day_civil(number);
    if (day.year < 0 || day.year > 9999) {
        buf_lit(out, "null"); /* no instant of RFC 3339 */
        return;
    }
    char text[] = "\"0000-00-00T00:00:00.000Z\"";
    digits_put(text + 1, day.year, 4);
    digits_put(text + 6, day.month, 2);
    digits_put(text + 9, day.day, 2);
    digits_put(text + 12, rest / (int)HOUR, 2);
    digits_put(text + 15, rest / (int)MINUTE % 60, 2);
    digits_put(text + 18, rest / (int)SECOND % 60, 2);
    digits_put(text + 21, rest % (int)SECOND, 3);
    buf_put(out, text, sizeof text - 1);
}

static void value_write(const struct field *field, const void *item, bool may_see_cost,
                        struct buf *out) {
    if (field_is_text(field->kind)) {
        json_write_text(out, *(const char *const *)field_seen(field, item));
        return;
    }
    if (field->kind == FIELD_LIST) {
        const char *rows = *(void *const *)field_seen(field, item);
        int64_t count = *(const int64_t *)((const char *)item + field->count_offset);
        buf_byte(out, '[');
        for (int64_t i = 0; i < count; i++) {
            if (i > 0)
                buf_byte(out, ',');
            record_write_json(field->of, rows + (size_t)i * field->of->size, may_see_cost, out);
        }
        buf_byte(out, ']');
        return;
    }
    if (field->kind == FIELD_ONE) {
        const void *one = *(void *const *)field_seen(field, item);
        if (one == NULL)
            buf_lit(out, "null");
        else
            record_write_json(field->of, one, may_see_cost, out);
        return;
    }
    int64_t number = *(const int64_t *)field_seen(field, item);
    if (field->kind == FIELD_FLAG) {
        if (number == 1)
            buf_lit(out, "true");
        else
            buf_lit(out, "false");
    } else if (number == NONE) {
        buf_lit(out, "null");
    } else if (field->kind == FIELD_INSTANT) {
        instant_write(out, number);
    } else {
        buf_int(out, number);
    }
}

/* The members; `before` is what stands before the next one. */
static char write_members(const struct record *record, const void *item, bool may_see_cost,
                          char before, struct buf *out) {
    unsigned hidden = FIELD_SECRET | FIELD_INTERNAL | (may_see_cost ? 0 : FIELD_COST);
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if ((field->flags & hidden) != 0)
            continue;
        /* `{"name":` in one piece: names are identifiers and need no escaping. */
        size_t length = strlen(field->name);
        if (out->capacity - out->length <= length + 4)
            buf_reserve(out, length + 4);
        char *to = out->at + out->length;
        *to++ = before;
        *to++ = '"';
        memcpy(to, field->name, length);
        to += length;
        *to++ = '"';
        *to++ = ':';
        out->length += length + 4;
        before = ',';
        value_write(field, item, may_see_cost, out);
    }
    return before;
}

void record_write_json(const struct record *record, const void *item, bool may_see_cost,
                       struct buf *out) {
    char before = '{';
    if (record->base != NULL)
        before = write_members(record->base, item, may_see_cost, before, out);
    before = write_members(record, item, may_see_cost, before, out);
    if (before == '{')
        buf_byte(out, '{');
    buf_byte(out, '}');
}

/* --- CSV ---------------------------------------------------------------------------------- */

static bool in_csv(const struct field *field) {
    return (field->flags & (FIELD_SECRET | FIELD_INTERNAL | FIELD_COST)) == 0 &&
           field->kind != FIELD_LIST && field->kind != FIELD_ONE;
}

void csv_write_cell(struct buf *out, const char *text, bool guarded) {
    if (guarded && *text != '\0' && strchr("=+-@\t\r", *text) != NULL) {
        struct buf made = {0};
        buf_printf(&made, "'%s", text);
        csv_write_cell(out, made.at, false);
        buf_free(&made);
        return;
    }
    size_t length = strlen(text);
    bool quoted = strpbrk(text, ",\"\r\n") != NULL ||
                  (length > 0 && (text[0] == ' ' || text[length - 1] == ' '));
    if (!quoted) {
        buf_put(out, text, length);
        return;
    }
    buf_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_byte(out, '"');
        buf_byte(out, *text);
    }
    buf_byte(out, '"');
}

void record_write_csv_head(const struct record *record, struct buf *out) {
    struct arena *arena = arena_new();
    bool first = true;
    for (size_t i = 0; i < record->count; i++) {
        if (!in_csv(&record->fields[i]))
            continue;
        if (!first)
            buf_byte(out, ',');
        first = false;
        csv_write_cell(out, field_label(&record->fields[i], arena), false);
    }
    buf_lit(out, "\r\n");
    arena_free(arena);
}

void record_write_csv(const struct record *record, const void *item, const struct locale *locale,
                      struct arena *arena, struct buf *out) {
    bool first = true;
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!in_csv(field))
            continue;
        if (!first)
            buf_byte(out, ',');
        first = false;
        const char *text = field_print(field, item, locale, arena);
        if (field->kind == FIELD_CODE && field->words != NULL)
            text = vocabulary_label(field->words, text);
        csv_write_cell(out, text, field_is_text(field->kind));
    }
    buf_lit(out, "\r\n");
}
