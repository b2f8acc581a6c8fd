/* Records out of JSON. */
#include "base/record.h"

#include "base/record_parts.h"
#include "base/text.h"

#include <string.h>

/* --- Parsing ------------------------------------------------------------------------------ */

/* The byte at which the nesting passes JSON_LEVELS, or `length`. The parser itself would go 2048
 * deep before it says no, and everything that walks its tree with it. */
static size_t too_deep_at(const char *text, size_t length) {
    int depth = 0;
    bool within = false; /* a string */
    for (size_t i = 0; i < length; i++) {
        if (within) {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                within = false;
            continue;
        }
        if (text[i] == '"')
            within = true;
        else if ((text[i] == '[' || text[i] == '{') && ++depth > JSON_LEVELS)
            return i;
        else if (text[i] == ']' || text[i] == '}')
            depth--;
    }
    return length;
}

static void place_of(const char *text, size_t at, int *line, int *column) {
    *line = *column = 1;
    for (size_t i = 0; i < at; i++) {
        bool end = text[i] == '\n';
        *line += end;
        *column = end ? 1 : *column + 1;
    }
}

json_t *json_parse(const char *text, size_t length, struct errors *errors) {
    if (length > JSON_BYTES) {
        error_add(errors, BAD_REQUEST, NULL, "bad_json",
                  "The JSON is larger than %d bytes: send less at once.", JSON_BYTES);
        return NULL;
    }
    if (length == 0) {
        error_add(errors, BAD_REQUEST, NULL, "bad_json", "A JSON object is needed: nothing came.");
        return NULL;
    }
    int line, column;
    size_t deep = too_deep_at(text, length);
    if (deep < length) {
        place_of(text, deep, &line, &column);
        error_add(errors, BAD_REQUEST, NULL, "bad_json",
                  "The JSON nests deeper than %d levels at line %d, column %d.", JSON_LEVELS, line,
                  column);
        return NULL;
    }
    json_error_t error;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        /* The parser's words may end in the middle of a character of the sender's. */
        bool shown = text_is_utf8(error.text, strlen(error.text));
        error_add(errors, BAD_REQUEST, NULL, "bad_json",
                  "The JSON cannot be read at line %d, column %d: %s.", error.line, error.column,
                  shown ? error.text : "it is malformed");
    }
    return json;
}

/* --- Reading ------------------------------------------------------------------------------ */

static enum status object_read(const struct reading *reading, const struct record *record,
                               void *item, const json_t *object, bool whole);

static enum status type_fault(const struct reading *reading, const struct field *field,
                              const char *wanted) {
    const char *unit = field_unit(field->kind);
    return reading_fault(reading, field->name, "wrong_type", "%s must be %s%s%s%s in JSON.",
                         field_label(field, reading->errors->arena), wanted,
                         unit != NULL ? " (" : "", unit != NULL ? unit : "",
                         unit != NULL ? ")" : "");
}

static enum status rows_read(const struct reading *reading, const struct field *field, void *item,
                             const json_t *array) {
    if (!json_is_array(array))
        return type_fault(reading, field, "a list");
    struct arena *arena = reading->errors->arena;
    size_t count = json_array_size(array), size = field->of->size;
    int64_t least, most;
    field_range(field, &least, &most);
    if ((int64_t)count > most)
        return reading_fault(reading, field->name, "too_many",
                             "%s has %zu rows: send at most %lld.", field_label(field, arena),
                             count, (long long)most);
    char *rows = count > 0 ? arena_array(arena, count, size) : NULL;
    enum status status = OK;
    for (size_t i = 0; i < count; i++) {
        struct reading within = reading_within(reading, field, (int64_t)i);
        record_clear(field->of, rows + i * size);
        status = worse(status, object_read(&within, field->of, rows + i * size,
                                           json_array_get(array, i), true));
    }
    *(void **)field_at(field, item) = rows;
    *(int64_t *)((char *)item + field->count_offset) = (int64_t)count;
    return status;
}

static enum status one_read(const struct reading *reading, const struct field *field, void *item,
                            const json_t *object, bool whole) {
    void **to = field_at(field, item);
    void *one = arena_alloc(reading->errors->arena, field->of->size);
    record_clear(field->of, one);
    if (!whole && *to != NULL)
        memcpy(one, *to, field->of->size);
    else
        whole = true;
    struct reading within = reading_within(reading, field, -1);
    *to = one;
    return object_read(&within, field->of, one, object, whole);
}

static enum status value_read(const struct reading *reading, const struct field *field, void *item,
                              const json_t *value, bool whole) {
    if (json_is_null(value)) {
        field_clear(field, item);
        return OK;
    }
    if (field->kind == FIELD_LIST)
        return rows_read(reading, field, item, value);
    if (field->kind == FIELD_ONE)
        return one_read(reading, field, item, value, whole);
    if (field->kind == FIELD_FLAG) {
        if (!json_is_boolean(value))
            return type_fault(reading, field, "true or false");
        *field_number(field, item) = json_is_true(value);
        return OK;
    }
    if (field_is_text(field->kind))
        return json_is_string(value)
                   ? reading_take_text(reading, field, item, json_string_value(value))
                   : type_fault(reading, field, "a text");
    if (field->kind == FIELD_INSTANT) {
        int64_t instant;
        if (!json_is_string(value))
            return type_fault(reading, field, "an RFC 3339 text");
        if (!instant_parse(json_string_value(value), &instant))
            return reading_fault(reading, field->name, "not_an_instant",
                                 "%s must be a time like 2026-11-24T10:41:00Z.",
                                 field_label(field, reading->errors->arena));
        return reading_take_number(reading, field, item, instant);
    }
    return json_is_integer(value)
               ? reading_take_number(reading, field, item, json_integer_value(value))
               : type_fault(reading, field, "a whole number");
}

/* A stranger's member name, short enough to be shown. */
static const char *shown_name(const char *name, struct arena *arena) {
    enum { LONGEST = 60 };
    if (strlen(name) <= LONGEST)
        return name;
    size_t length = LONGEST;
    while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
        length--;
    return arena_printf(arena, "%.*s…", (int)length, name);
}

static enum status unknown_fault(const struct reading *reading, const struct record *record,
                                 const char *name) {
    struct buf known = {0};
    for (size_t i = 0; i < record->count; i++)
        if (field_takes(&record->fields[i]))
            buf_printf(&known, "%s%s", known.length > 0 ? ", " : "", record->fields[i].name);
    name = shown_name(name, reading->errors->arena);
    enum status status =
        reading_fault(reading, name, "unknown_field", "There is no field “%s” here. Use: %s.", name,
                      known.at != NULL ? known.at : "none");
    buf_free(&known);
    return status;
}

static enum status object_read(const struct reading *reading, const struct record *record,
                               void *item, const json_t *object, bool whole) {
    if (!json_is_object(object)) {
        /* The whole, or the row: "stones.2." without its last dot. */
        struct reading at = *reading;
        size_t length = strlen(at.prefix);
        at.prefix = "";
        return reading_fault(
            &at,
            length == 0 ? "" : arena_text_n(reading->errors->arena, reading->prefix, length - 1),
            "wrong_type", "%s must be a JSON object.", record->name);
    }
    enum status status = OK;
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!field_takes(field))
            continue;
        const json_t *value = json_object_get(object, field->name);
        if (value == NULL && !whole)
            continue;
        enum status one = OK;
        if (value != NULL)
            one = value_read(reading, field, item, value, whole);
        else
            field_clear(field, item);
        if (one == OK)
            one = reading_require(reading, field, item);
        status = worse(status, one);
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        const struct field *field = record_field(record, name);
        if (*reading->faults >= FAULTS_MOST)
            break;
        if (field == NULL || (field->flags & FIELD_INTERNAL) != 0)
            status = worse(status, unknown_fault(reading, record, name));
        else if ((field->flags & FIELD_READONLY) != 0)
            status = worse(status, reading_fault(reading, name, "read_only",
                                                 "%s cannot be set: leave it out.",
                                                 field_label(field, reading->errors->arena)));
    }
    return status;
}

static enum status read_all(const struct record *record, void *item, const json_t *object,
                            struct errors *errors, bool whole) {
    int faults = 0;
    /* Without a locale: bounds are told in the unit that JSON is written in. */
    struct reading reading = {errors, NULL, "", &faults};
    return object_read(&reading, record, item, object, whole);
}

enum status record_from_json(const struct record *record, void *item, const json_t *object,
                             const struct locale *locale, struct errors *errors) {
    (void)locale;
    return read_all(record, item, object, errors, true);
}

enum status record_patch_json(const struct record *record, void *item, const json_t *object,
                              const struct locale *locale, struct errors *errors) {
    (void)locale;
    return read_all(record, item, object, errors, false);
}
