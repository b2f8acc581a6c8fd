/* What the files of the record engine share; nobody else includes it. */
#pragma once

#include "base/record.h"

/* A reading under way: where faults go and what the fields are called there. */
struct reading {
    struct errors *errors;
    const struct locale *locale; /* NULL: none is known, or values are in the stored unit (JSON) */
    const char *prefix;          /* "" or "stones.2." */
    int *faults;                 /* how many so far: past FAULTS_MOST they are no longer told */
};
enum { FAULTS_MOST = 100, ROWS_MOST = 500 };

/* Adds a fault at the field and returns INVALID. */
enum status reading_fault(const struct reading *reading, const char *name, const char *code,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The field's label in the language of who reads the faults. */
const char *reading_label(const struct reading *reading, const struct field *field);
/* The reading of row `index` of a list, or of a single record when it is negative. */
struct reading reading_within(const struct reading *reading, const struct field *field,
                              int64_t index);

/* As field_parse() says. */
enum status reading_take(const struct reading *reading, const struct field *field, void *item,
                         const char *text);
/* A text (JSON's, too) into a text field: trimmed, checked. `text` is UTF-8. */
enum status reading_take_text(const struct reading *reading, const struct field *field, void *item,
                              const char *text);
/* A number in the stored unit, checked against the field's range. */
enum status reading_take_number(const struct reading *reading, const struct field *field,
                                void *item, int64_t number);
/* Adds a fault when the field is required and the item lacks it. */
enum status reading_require(const struct reading *reading, const struct field *field,
                            const void *item);

/* The range that holds for the field: its own, else its kind's. */
void field_range(const struct field *field, int64_t *least, int64_t *most);
/* "hundred-thousandths of a carat"; NULL where the number needs no unit. */
const char *field_unit(enum field_kind kind);
void field_clear(const struct field *field, void *item);
bool field_absent(const struct field *field, const void *item);
bool field_takes(const struct field *field); /* forms and JSON may set it */

static inline void *field_at(const struct field *field, void *item) {
    return (char *)item + field->offset;
}
static inline const void *field_seen(const struct field *field, const void *item) {
    return (const char *)item + field->offset;
}
static inline enum status worse(enum status first, enum status second) {
    return first != OK ? first : second;
}
