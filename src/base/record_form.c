/* Records out of forms and queries. */
#include "base/record.h"

#include "base/record_parts.h"
#include "base/text.h"

#include <string.h>

/* A page may remove rows among others, never so many that this gap in their numbers arises. */
enum { GAP_MOST = 32 };

struct form {
    record_get get;
    const void *values;
};

static const char *sent(const struct form *form, const struct reading *reading, const char *name) {
    if (reading->prefix[0] == '\0')
        return form->get(form->values, name);
    return form->get(form->values,
                     arena_printf(reading->errors->arena, "%s%s", reading->prefix, name));
}

enum presence { NOT_SENT, EMPTY, FILLED };

static enum presence record_presence(const struct form *form, const struct reading *reading,
                                     const struct record *record);

static enum presence list_presence(const struct form *form, const struct reading *reading,
                                   const struct field *field) {
    enum presence presence = sent(form, reading, field->name) != NULL ? EMPTY : NOT_SENT;
    for (int64_t i = 0, gap = 0; gap < GAP_MOST && i <= ROWS_MOST * 2; i++, gap++) {
        struct reading within = reading_within(reading, field, i);
        enum presence row = record_presence(form, &within, field->of);
        if (row == FILLED)
            return FILLED;
        if (row == EMPTY) {
            presence = EMPTY;
            gap = 0;
        }
    }
    return presence;
}

/* Whether anything of the record was sent, and whether any of it says something. */
static enum presence record_presence(const struct form *form, const struct reading *reading,
                                     const struct record *record) {
    enum presence presence = NOT_SENT;
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!field_takes(field))
            continue;
        enum presence one;
        if (field->kind == FIELD_LIST) {
            one = list_presence(form, reading, field);
        } else if (field->kind == FIELD_ONE) {
            struct reading within = reading_within(reading, field, -1);
            one = record_presence(form, &within, field->of);
        } else {
            const char *text = sent(form, reading, field->name);
            one = text == NULL ? NOT_SENT : text_empty(text) ? EMPTY : FILLED;
        }
        if (one == FILLED)
            return FILLED;
        if (one == EMPTY)
            presence = EMPTY;
    }
    return presence;
}

static enum status form_read(const struct form *form, const struct reading *reading,
                             const struct record *record, void *item);

static enum status one_read(const struct form *form, const struct reading *reading,
                            const struct field *field, void *item) {
    void **to = field_at(field, item);
    struct reading within = reading_within(reading, field, -1);
    switch (record_presence(form, &within, field->of)) {
    case NOT_SENT:
        return OK;
    case EMPTY:
        *to = NULL;
        return OK;
    default:
        break;
    }
    void *one = arena_alloc(reading->errors->arena, field->of->size);
    if (*to != NULL)
        memcpy(one, *to, field->of->size);
    else
        record_clear(field->of, one);
    *to = one;
    return form_read(form, &within, field->of, one);
}

static enum status rows_read(const struct form *form, const struct reading *reading,
                             const struct field *field, void *item) {
    struct arena *arena = reading->errors->arena;
    size_t size = field->of->size, count = 0, capacity = 0;
    char *rows = NULL;
    bool any = sent(form, reading, field->name) != NULL;
    int64_t least, most;
    field_range(field, &least, &most);
    enum status status = OK;
    for (int64_t i = 0, gap = 0; gap < GAP_MOST; i++, gap++) {
        struct reading within = reading_within(reading, field, i);
        enum presence presence = record_presence(form, &within, field->of);
        if (presence == NOT_SENT)
            continue;
        any = true;
        gap = 0;
        if (presence == EMPTY)
            continue;
        if ((int64_t)count >= most)
            return reading_fault(reading, field->name, "too_many",
                                 "%s has more than %lld rows: remove some.",
                                 reading_label(reading, field), (long long)most);
        rows = arena_grow(arena, rows, count, &capacity, size);
        record_clear(field->of, rows + count * size);
        status = worse(status, form_read(form, &within, field->of, rows + count * size));
        count++;
    }
    if (any) {
        *(void **)field_at(field, item) = rows;
        *(int64_t *)((char *)item + field->count_offset) = (int64_t)count;
    }
    return status;
}

static enum status field_read(const struct form *form, const struct reading *reading,
                              const struct field *field, void *item) {
    enum status status = OK;
    if (field->kind == FIELD_LIST) {
        status = rows_read(form, reading, field, item);
    } else if (field->kind == FIELD_ONE) {
        status = one_read(form, reading, field, item);
    } else {
        const char *text = sent(form, reading, field->name);
        if (text != NULL)
            status = reading_take(reading, field, item, text);
        else if (field->kind == FIELD_FLAG)
            *field_number(field, item) = 0;
    }
    return status != OK ? status : reading_require(reading, field, item);
}

static enum status form_read(const struct form *form, const struct reading *reading,
                             const struct record *record, void *item) {
    enum status status = OK;
    for (size_t i = 0; i < record->count; i++)
        if (field_takes(&record->fields[i]))
            status = worse(status, field_read(form, reading, &record->fields[i], item));
    return status;
}

enum status record_from_form(const struct record *record, void *item, record_get get,
                             const void *form, const struct locale *locale, struct errors *errors) {
    int faults = 0;
    struct reading reading = {errors, locale, "", &faults};
    struct form all = {get, form};
    return form_read(&all, &reading, record, item);
}
