#include "base/merge.h"

#include "base/record_parts.h"
#include "base/text.h"

#include <string.h>

bool field_is_edited(const struct field *field) {
    return field->kind != FIELD_ONE &&
           (field->flags & (FIELD_READONLY | FIELD_SECRET | FIELD_INTERNAL)) == 0 &&
           !text_same(field->name, "version") && !text_same(field->name, "id");
}

/* ------------------------------------------------------------------ lists as a text */

static int64_t rows_count(const struct field *field, const void *item) {
    return *(const int64_t *)((const char *)item + field->count_offset);
}

static const char *row_at(const struct field *field, const void *item, int64_t index) {
    const char *rows = *(void *const *)field_seen(field, item);
    return rows + (size_t)index * field->of->size;
}

static bool part_is_told(const struct field *part) {
    return field_is_edited(part) && part->kind != FIELD_LIST;
}

static const char *part_add(const struct field *part, const char *text, const char *before,
                            struct buf *out) {
    if (text == NULL || *text == '\0')
        return before;
    buf_printf(out, "%s%s", before,
               part->words == NULL ? text : vocabulary_label(part->words, text));
    return ", ";
}

static const char *text_of(struct buf *out, struct arena *arena) {
    const char *text = arena_text(arena, out->at == NULL ? "" : out->at);
    buf_free(out);
    return text;
}

const char *field_print_list(const struct field *field, const void *item,
                             const struct locale *locale, struct arena *arena) {
    struct buf out = {0};
    for (int64_t i = 0; i < rows_count(field, item); i++) {
        const char *before = out.length > 0 ? "; " : "";
        for (size_t k = 0; k < field->of->count; k++) {
            const struct field *part = &field->of->fields[k];
            if (part_is_told(part))
                before = part_add(part, field_print(part, row_at(field, item, i), locale, arena),
                                  before, &out);
        }
    }
    return text_of(&out, arena);
}

/* The same of what the form was opened with; NULL: it does not say. */
static const char *list_was(const struct field *field, record_get get, const void *sent,
                            struct arena *arena) {
    const char *count = get(sent, arena_printf(arena, MERGE_WAS "%s", field->name));
    int64_t rows = 0;
    if (count == NULL)
        return NULL;
    for (; *count >= '0' && *count <= '9' && rows < ROWS_MOST; count++)
        rows = 10 * rows + (*count - '0');
    struct buf out = {0};
    for (int64_t i = 0; i < rows && i < ROWS_MOST; i++) {
        const char *before = out.length > 0 ? "; " : "";
        for (size_t k = 0; k < field->of->count; k++) {
            const struct field *part = &field->of->fields[k];
            if (part_is_told(part))
                before = part_add(part,
                                  get(sent, arena_printf(arena, MERGE_WAS "%s.%ld.%s", field->name,
                                                         (long)i, part->name)),
                                  before, &out);
        }
    }
    return text_of(&out, arena);
}

/* ------------------------------------------------------------------ the merge */

static const char *print(const struct field *field, const void *item, const struct locale *locale,
                         struct arena *arena) {
    return field->kind == FIELD_LIST ? field_print_list(field, item, locale, arena)
                                     : field_print(field, item, locale, arena);
}

static void copy(const struct field *field, void *to, const void *from) {
    if (field->kind == FIELD_LIST) {
        memcpy(field_at(field, to), field_seen(field, from), sizeof(void *));
        memcpy((char *)to + field->count_offset, (const char *)from + field->count_offset,
               sizeof(int64_t));
    } else if (field_is_text(field->kind)) {
        memcpy(field_at(field, to), field_seen(field, from), sizeof(const char *));
    } else {
        memcpy(field_at(field, to), field_seen(field, from), sizeof(int64_t));
    }
}

int64_t record_merge(const struct record *record, void *yours, const void *theirs, record_get get,
                     const void *sent, const struct locale *locale, struct arena *arena,
                     struct merged **fields) {
    int64_t count = 0;
    *fields = ARENA_ARRAY(arena, struct merged, record->count + 1);
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!field_is_edited(field))
            continue;
        const char *was = field->kind == FIELD_LIST
                              ? list_was(field, get, sent, arena)
                              : get(sent, arena_printf(arena, MERGE_WAS "%s", field->name));
        /* A box that is not ticked and a list without rows are not sent, but they were asked. */
        if (was == NULL && get(sent, field->name) == NULL) {
            copy(field, yours, theirs);
            continue;
        }
        const char *mine = print(field, yours, locale, arena);
        const char *other = print(field, theirs, locale, arena);
        if (text_same(mine, other) || text_same(was, other))
            continue;
        bool taken = text_same(was, mine);
        if (taken)
            copy(field, yours, theirs);
        (*fields)[count++] = (struct merged){field, mine, other, taken, NULL, NONE};
    }
    return count;
}

/* ------------------------------------------------------------------ for programs */

static const char *value_json(const struct field *field, const void *item, struct arena *arena) {
    const struct record one = {.name = "", .size = 0, .fields = field, .count = 1};
    struct buf out = {0};
    record_write_json(&one, item, false, &out);
    const char *text = text_of(&out, arena);
    const char *value = strchr(text, ':'); /* {"name":value} */
    return value == NULL ? "null" : arena_text_n(arena, value + 1, strlen(value) - 2);
}

enum status record_changed(const struct record *record, const void *yours, const void *theirs,
                           const struct locale *locale, struct errors *errors, const char *what) {
    struct arena *arena = errors->arena;
    enum status status =
        error_add(errors, CONFLICT, NULL, "changed",
                  "%s was changed by somebody else meanwhile. Nothing was saved: look at "
                  "the new version and enter your change again.",
                  what);
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!field_is_edited(field) || (field->flags & FIELD_COST) != 0)
            continue;
        const char *now = print(field, theirs, locale, arena);
        if (text_same(now, print(field, yours, locale, arena)))
            continue;
        if (field->words != NULL)
            now = vocabulary_label(field->words, now);
        if (*now == '\0')
            error_add(errors, CONFLICT, field->name, "changed", "Now empty.");
        else
            error_add(errors, CONFLICT, field->name, "changed", "Now “%s”.", now);
        errors->last->theirs = value_json(field, theirs, arena);
        errors->last->yours = value_json(field, yours, arena);
    }
    return status;
}
