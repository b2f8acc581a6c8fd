/* What two people made of the same thing at the same time, field by field.
 *
 * A form that may meet another's edit carries what each of its fields was when it was opened, as
 * hidden values "was.NAME" (a list's rows as "was.NAME.0.PART", and "was.NAME" for the list
 * itself). When the thing has changed meanwhile there are three texts of a field: what it was, what
 * the other made of it, and what was typed. Only they changed it: theirs is taken over, and told.
 * Only you did: yours stays. Both did, and differently: yours stays and theirs stands beside it, to
 * be chosen by "take.NAME" with the value 1. A list is one field. */
#pragma once

#include "base/record.h"

#define MERGE_TAKE "take."
#define MERGE_WAS "was."

struct merged {
    const struct field *field;
    const char *yours, *theirs; /* as people type them; a list as its rows with semicolons */
    bool taken;      /* theirs is in the form, as yours was as the form was opened with */
    const char *who; /* of theirs, as far as the log knows; or NULL */
    int64_t at;      /* NONE */
};

/* Takes over into `yours` what only `theirs` changed and what was not sent, and gives all other
 * differences that must be told; how many. `get` finds what was sent and what it was. Without the
 * latter each difference is told and yours stays. */
int64_t record_merge(const struct record *record, void *yours, const void *theirs, record_get get,
                     const void *sent, const struct locale *locale, struct arena *arena,
                     struct merged **fields);

/* Tells a program what differs: a fault "changed" for the whole with this sentence, and one at each
 * field with what it is now and what was sent (fault's `theirs`, `yours`). Returns CONFLICT. */
enum status record_changed(const struct record *record, const void *yours, const void *theirs,
                           const struct locale *locale, struct errors *errors, const char *what);

/* A field that a person edits: not its id, version, secret or what is only shown. */
bool field_is_edited(const struct field *field);
/* The rows of a list as one text, for showing and comparing. */
const char *field_print_list(const struct field *field, const void *item,
                             const struct locale *locale, struct arena *arena);
