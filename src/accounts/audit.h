/* Who did what, and what it was before: append-only, never edited.
 *
 * Every write of a person's leaves one entry here, in the same transaction. Where a thing was
 * edited, each field that changed stands in a row of its own with what it was and what it became,
 * as people read it. No secret ever does: fields that are FIELD_SECRET or FIELD_INTERNAL are left
 * out. */
#pragma once

#include "db/db.h"

/* What a field of a thing was and became; NULL: nothing. */
struct audit_change {
    const char *field, *was, *became;
};

/* `action` is a verb in the past ("edited"), `thing` a noun ("customer") with its id or NONE,
 * `detail` words that say which one, or why; or NULL. */
void audit_add(struct context *cx, const char *action, const char *thing, int64_t id,
               const char *detail);
/* The same with what changed. A change from something to the same is left out. */
void audit_add_changes(struct context *cx, const char *action, const char *thing, int64_t id,
                       const char *detail, const struct audit_change *changes, int64_t count);
/* The same with all that differs between two of a record: fields, and lists as a whole. */
void audit_edit(struct context *cx, const char *action, const char *thing, int64_t id,
                const struct record *record, const void *before, const void *after);
/* What differs between two of a record, in the arena; for audit_add_changes(). */
int64_t audit_differences(struct context *cx, const struct record *record, const void *before,
                          const void *after, struct audit_change **changes);

struct audit_row {
    int64_t id, at, staff;
    const char *staff_name, *action, *thing;
    int64_t thing_id;
    const char *detail;
    const char *token; /* the name of the token by which it was done, or NULL */
    struct audit_change *changes;
    int64_t change_count;
};
extern const struct record audit_record;

/* Which entries: of all that is set; NONE and NULL: any. */
struct audit_query {
    int64_t staff;
    const char *thing;
    int64_t id; /* of the thing */
    const char *action;
    int64_t from, to; /* instants: at or after, and before */
    int64_t before;   /* older than the entry of this id */
};
/* The newest first. */
int64_t audit_list(struct context *cx, const struct audit_query *query, int64_t limit,
                   struct audit_row **rows);
/* All things, or actions, that there are entries of, in the order of the alphabet; ended by NULL.
 */
const char **audit_things(struct context *cx);
const char **audit_actions(struct context *cx);
