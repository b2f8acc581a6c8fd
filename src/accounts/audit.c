#include "accounts/audit.h"

#include "base/text.h"

#include <string.h>

static const struct field change_fields[] = {
    FIELD(struct audit_change, field, FIELD_TEXT),
    FIELD(struct audit_change, was, FIELD_LONG),
    FIELD(struct audit_change, became, FIELD_LONG),
};
static const struct record change_record = RECORD("LogChange", struct audit_change, change_fields);
static const struct field audit_fields[] = {
    FIELD(struct audit_row, id, FIELD_ID),
    FIELD(struct audit_row, at, FIELD_INSTANT),
    FIELD(struct audit_row, staff, FIELD_ID),
    FIELD(struct audit_row, staff_name, FIELD_TEXT),
    FIELD(struct audit_row, action, FIELD_TEXT),
    FIELD(struct audit_row, thing, FIELD_TEXT),
    FIELD(struct audit_row, thing_id, FIELD_INT),
    FIELD(struct audit_row, detail, FIELD_LONG),
    FIELD(struct audit_row, token, FIELD_TEXT),
    FIELD_ROWS(struct audit_row, changes, change_count, &change_record),
};
const struct record audit_record = RECORD("LogEntry", struct audit_row, audit_fields);

/* ------------------------------------------------------------------ writing */

static const struct sql audit_insert = {
    "audit_insert",
    "insert into audit (at, staff, staff_name, action, thing, thing_id, detail, token) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
    NULL};
static const struct sql audit_change_insert = {
    "audit_change_insert",
    "insert into audit_change (audit, position, field, was, became) values ($1, $2, $3, $4, $5)",
    NULL};

void audit_add_changes(struct context *cx, const char *action, const char *thing, int64_t id,
                       const char *detail, const struct audit_change *changes, int64_t count) {
    const struct actor *actor = cx->actor;
    int64_t audit = db_insert(cx->db, &audit_insert,
                              P(I(cx->now), I(actor->staff > 0 ? actor->staff : NONE),
                                T(actor->name), T(action), T(thing), I(id), T(detail),
                                I(actor->token > 0 ? actor->token : NONE)));
    for (int64_t i = 0; i < count; i++)
        if (!text_same(changes[i].was, changes[i].became))
            db_run(cx->db, &audit_change_insert,
                   P(I(audit), I(i), T(changes[i].field), T(changes[i].was), T(changes[i].became)));
}

void audit_add(struct context *cx, const char *action, const char *thing, int64_t id,
               const char *detail) {
    audit_add_changes(cx, action, thing, id, detail, NULL, 0);
}

/* A value as people read it, at most so long; NULL when there is none. */
static const char *shown(struct context *cx, const struct field *field, const void *item) {
    enum { LONGEST = 2000 };
    const char *text = field_print(field, item, cx->locale, cx->arena);
    if (*text == '\0')
        return NULL;
    if (field->kind == FIELD_CODE && field->words != NULL)
        return vocabulary_label(field->words, text);
    size_t length = strlen(text);
    if (length <= LONGEST)
        return text;
    length = LONGEST;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--; /* not amid a character */
    return arena_printf(cx->arena, "%.*s…", (int)length, text);
}

static bool is_told(const struct field *field) {
    return field->kind != FIELD_ONE &&
           (field->flags & (FIELD_READONLY | FIELD_SECRET | FIELD_INTERNAL)) == 0 &&
           !text_same(field->name, "version") && !text_same(field->name, "id");
}

/* A list as one text: its rows with semicolons, what is in a row with commas. */
static const char *list_shown(struct context *cx, const struct field *field, const void *item) {
    const char *rows;
    int64_t count;
    memcpy(&rows, (const char *)item + field->offset, sizeof rows);
    memcpy(&count, (const char *)item + field->count_offset, sizeof count);
    struct buf out = {0};
    for (int64_t i = 0; rows != NULL && i < count; i++) {
        const char *comma = i > 0 ? "; " : "";
        for (size_t k = 0; k < field->of->count; k++) {
            const struct field *part = &field->of->fields[k];
            const char *text = is_told(part) && part->kind != FIELD_LIST
                                   ? shown(cx, part, rows + (size_t)i * field->of->size)
                                   : NULL;
            if (text == NULL)
                continue;
            buf_printf(&out, "%s%s", comma, text);
            comma = ", ";
        }
    }
    const char *text = out.at == NULL ? NULL : arena_text(cx->arena, out.at);
    buf_free(&out);
    return text;
}

int64_t audit_differences(struct context *cx, const struct record *record, const void *before,
                          const void *after, struct audit_change **changes) {
    int64_t count = 0;
    *changes = ARENA_ARRAY(cx->arena, struct audit_change, record->count);
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!is_told(field))
            continue;
        const char *(*print)(struct context *, const struct field *, const void *) =
            field->kind == FIELD_LIST ? list_shown : shown;
        struct audit_change change = {field_label(field, cx->arena), print(cx, field, before),
                                      print(cx, field, after)};
        if (!text_same(change.was, change.became))
            (*changes)[count++] = change;
    }
    return count;
}

void audit_edit(struct context *cx, const char *action, const char *thing, int64_t id,
                const struct record *record, const void *before, const void *after) {
    struct audit_change *changes;
    int64_t count = audit_differences(cx, record, before, after, &changes);
    audit_add_changes(cx, action, thing, id, NULL, changes, count);
}

/* ------------------------------------------------------------------ reading */

/* One statement for each way to look for them by an index, newest first; what else is asked for is
 * sifted. In the parameters: before which (at, id), from when on, and then what NULL leaves open.
 */
#define AUDIT_LIST(key)                                                                            \
    "select a.id, a.at, a.staff, a.staff_name, a.action, a.thing, a.thing_id, a.detail, "          \
    "k.name as token, c.field, c.was, c.became from "                                              \
    "(select id, at, staff, staff_name, action, thing, thing_id, detail, token from audit "        \
    "where " key " and (at, id) < ($1, $2) and at >= $3 "                                          \
    "and (cast($4 as bigint) is null or staff = $4) "                                              \
    "and (cast($5 as text) is null or thing = $5) "                                                \
    "and (cast($6 as bigint) is null or thing_id = $6) "                                           \
    "and (cast($7 as text) is null or action = $7) order by at desc, id desc limit $8) a "         \
    "left join audit_change c on c.audit = a.id left join api_token k on k.id = a.token "          \
    "order by a.at desc, a.id desc, c.position"
static const struct sql audit_all = {"audit_all", AUDIT_LIST("1 = 1"), NULL};
static const struct sql audit_of = {"audit_of", AUDIT_LIST("thing = $5 and thing_id = $6"), NULL};
static const struct sql audit_of_things = {"audit_of_things", AUDIT_LIST("thing = $5"), NULL};
static const struct sql audit_by_staff = {"audit_by_staff", AUDIT_LIST("staff = $4"), NULL};
static const struct sql audit_by_action = {"audit_by_action", AUDIT_LIST("action = $7"), NULL};
static const struct sql audit_instant = {"audit_instant", "select at from audit where id = $1",
                                         NULL};

static const struct sql *statement_for(const struct audit_query *query) {
    if (query->thing != NULL && query->id != NONE)
        return &audit_of;
    if (query->staff != NONE)
        return &audit_by_staff;
    if (query->action != NULL)
        return &audit_by_action;
    return query->thing != NULL ? &audit_of_things : &audit_all;
}

int64_t audit_list(struct context *cx, const struct audit_query *query, int64_t limit,
                   struct audit_row **rows) {
    int64_t at = query->to == NONE ? INT64_MAX : query->to, id = 0, count = 0;
    if (query->before != NONE) {
        int64_t last = db_int(cx->db, &audit_instant, P(I(query->before)));
        if (last != NONE && last <= at) {
            at = last;
            id = query->before;
        }
    }
    *rows = ARENA_ARRAY(cx->arena, struct audit_row, (size_t)limit);
    struct rows *found =
        db_rows(cx->db, statement_for(query),
                P(I(at), I(id), I(query->from == NONE ? 0 : query->from), I(query->staff),
                  T(query->thing), I(query->id), T(query->action), I(limit)));
    int64_t room = 0;
    while (rows_next(found)) {
        struct audit_row *row = count > 0 ? &(*rows)[count - 1] : NULL;
        if (row == NULL || row->id != row_int(found, 0)) {
            row = &(*rows)[count++];
            record_clear(&audit_record, row);
            row_record(found, &audit_record, row);
            room = 0;
        }
        if (row_text(found, 9) == NULL)
            continue;
        if (row->change_count == room) {
            room = room == 0 ? 4 : 2 * room;
            struct audit_change *more = ARENA_ARRAY(cx->arena, struct audit_change, (size_t)room);
            if (row->change_count > 0)
                memcpy(more, row->changes, (size_t)row->change_count * sizeof *more);
            row->changes = more;
        }
        row->changes[row->change_count++] =
            (struct audit_change){row_text(found, 9), row_text(found, 10), row_text(found, 11)};
    }
    rows_end(found);
    return count;
}

/* From each to the next by the index: there are few of them, and many entries. */
static const struct sql audit_things_all = {
    "audit_things_all",
    "with recursive each (word) as (select min(thing) from audit union all "
    "select (select min(thing) from audit where thing > each.word) from each "
    "where each.word is not null) select word from each where word is not null order by word",
    NULL};
static const struct sql audit_actions_all = {
    "audit_actions_all",
    "with recursive each (word) as (select min(action) from audit union all "
    "select (select min(action) from audit where action > each.word) from each "
    "where each.word is not null) select word from each where word is not null order by word",
    NULL};

static const char **words_of(struct context *cx, const struct sql *sql) {
    enum { MOST = 200 };
    const char **words = ARENA_ARRAY(cx->arena, const char *, MOST + 1);
    int count = 0;
    struct rows *rows = db_rows(cx->db, sql, P0);
    while (count < MOST && rows_next(rows))
        words[count++] = row_text(rows, 0);
    rows_end(rows);
    return words;
}

const char **audit_things(struct context *cx) {
    return words_of(cx, &audit_things_all);
}

const char **audit_actions(struct context *cx) {
    return words_of(cx, &audit_actions_all);
}
