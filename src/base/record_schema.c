/* Records as JSON Schema 2020-12, for the OpenAPI document. */
#include "base/record.h"

#include "base/record_parts.h"

#include <string.h>

static const char *schema_type(enum field_kind kind) {
    switch (kind) {
    case FIELD_FLAG:
        return "boolean";
    case FIELD_INSTANT:
        return "string";
    default:
        return field_is_text(kind) ? "string" : "integer";
    }
}

static void reference_write(const struct record *record, bool input, struct buf *out) {
    buf_printf(out, "{\"$ref\":\"#/components/schemas/%s%s\"}", record->name, input ? "Input" : "");
}

static void words_write(const struct vocabulary *words, bool nullable, struct buf *out) {
    buf_lit(out, ",\"enum\":[");
    for (const struct word *word = words->words; word->code != NULL; word++) {
        if (word != words->words)
            buf_byte(out, ',');
        json_write_text(out, word->code);
    }
    if (nullable)
        buf_lit(out, ",null");
    buf_byte(out, ']');
}

static void bounds_write(const struct field *field, struct buf *out) {
    int64_t least, most;
    field_range(field, &least, &most);
    bool text = field_is_text(field->kind);
    if (field->kind == FIELD_FLAG || field->kind == FIELD_INSTANT || field->kind == FIELD_DAY ||
        field->kind == FIELD_CODE)
        return;
    if (text ? least > 0 : least != -INT64_MAX) {
        buf_put(out, text ? ",\"minLength\":" : ",\"minimum\":", text ? 13 : 11);
        buf_int(out, least);
    }
    if (most != INT64_MAX) {
        buf_put(out, text ? ",\"maxLength\":" : ",\"maximum\":", text ? 13 : 11);
        buf_int(out, most);
    }
}

static void field_write(const struct field *field, bool input, struct arena *arena,
                        struct buf *out) {
    bool required = (field->flags & FIELD_REQUIRED) != 0;
    if (field->kind == FIELD_ONE && required) {
        reference_write(field->of, input, out);
        return;
    }
    buf_lit(out, "{\"title\":");
    json_write_text(out, field_label(field, arena));
    if (field->kind == FIELD_ONE) {
        buf_lit(out, ",\"anyOf\":[");
        reference_write(field->of, input, out);
        buf_lit(out, ",{\"type\":\"null\"}]}");
        return;
    }
    if (field->kind == FIELD_LIST) {
        int64_t least, most;
        field_range(field, &least, &most);
        buf_lit(out, ",\"type\":\"array\",\"items\":");
        reference_write(field->of, input, out);
        if (input) {
            buf_lit(out, ",\"maxItems\":");
            buf_int(out, most);
        }
        buf_byte(out, '}');
        return;
    }
    bool nullable = !required && field->kind != FIELD_FLAG;
    if (nullable)
        buf_printf(out, ",\"type\":[\"%s\",\"null\"]", schema_type(field->kind));
    else
        buf_printf(out, ",\"type\":\"%s\"", schema_type(field->kind));
    if (schema_type(field->kind)[0] == 'i')
        buf_lit(out, ",\"format\":\"int64\"");
    if (field->kind == FIELD_DAY)
        buf_lit(out, ",\"format\":\"date\"");
    if (field->kind == FIELD_INSTANT)
        buf_lit(out, ",\"format\":\"date-time\"");
    if (field->kind == FIELD_EMAIL)
        buf_lit(out, ",\"format\":\"email\"");
    if (field->kind == FIELD_CODE && field->words != NULL)
        words_write(field->words, nullable, out);
    /* What came in long ago may lie outside of today's bounds: they hold for what is sent. */
    if (input)
        bounds_write(field, out);
    const char *unit = field_unit(field->kind);
    if (unit != NULL)
        buf_printf(out, ",\"description\":\"In %s.\"", unit);
    if ((field->flags & FIELD_READONLY) != 0)
        buf_lit(out, ",\"readOnly\":true");
    if ((field->flags & FIELD_SECRET) != 0)
        buf_lit(out, ",\"writeOnly\":true");
    buf_byte(out, '}');
}

static bool is_in(const struct field *field, bool input) {
    if (input)
        return field_takes(field);
    return (field->flags & (FIELD_SECRET | FIELD_INTERNAL)) == 0;
}

static const char *write_properties(const struct record *record, bool input, const char *before,
                                    struct arena *arena, struct buf *out) {
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!is_in(field, input))
            continue;
        buf_text(out, before);
        json_write_text(out, field->name);
        buf_byte(out, ':');
        field_write(field, input, arena, out);
        before = ",";
    }
    return before;
}

static const char *write_required(const struct record *record, bool input, const char *before,
                                  struct buf *out) {
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        /* An answer holds every field, but costs only for those who may see them. */
        unsigned flag = input ? FIELD_REQUIRED : FIELD_COST;
        if (!is_in(field, input) || ((field->flags & flag) != 0) != input)
            continue;
        buf_text(out, before);
        json_write_text(out, field->name);
        before = ",";
    }
    return before;
}

void record_write_schema(const struct record *record, bool input, struct buf *out) {
    struct arena *arena = arena_new();
    const char *before = "";
    buf_lit(out, "{\"type\":\"object\",\"properties\":{");
    if (record->base != NULL)
        before = write_properties(record->base, input, before, arena, out);
    write_properties(record, input, before, arena, out);
    buf_byte(out, '}');
    before = ",\"required\":[";
    if (record->base != NULL)
        before = write_required(record->base, input, before, out);
    before = write_required(record, input, before, out);
    if (before[1] == '\0')
        buf_byte(out, ']');
    if (input)
        buf_lit(out, ",\"additionalProperties\":false");
    buf_byte(out, '}');
    arena_free(arena);
}
