/* Who did what: only ever appended, read newest first. */
#include "accounts/account.h"

#include "base/text.h"

static const struct field audit_fields[] = {
    FIELD(struct audit_row, id, FIELD_ID),        FIELD(struct audit_row, at, FIELD_INSTANT),
    FIELD(struct audit_row, staff, FIELD_ID),     FIELD(struct audit_row, staff_name, FIELD_TEXT),
    FIELD(struct audit_row, action, FIELD_TEXT),  FIELD(struct audit_row, thing, FIELD_TEXT),
    FIELD(struct audit_row, thing_id, FIELD_INT), FIELD(struct audit_row, detail, FIELD_LONG),
};
const struct record audit_record = RECORD("LogEntry", struct audit_row, audit_fields);

static const struct sql audit_insert = {
    "audit_insert",
    "insert into audit (at, staff, staff_name, action, thing, thing_id, detail) "
    "values ($1, $2, $3, $4, $5, $6, $7)",
    NULL};
#define AUDIT "select id, at, staff, staff_name, action, thing, thing_id, detail from audit "
static const struct sql audit_all = {"audit_all", AUDIT "where id < $1 order by id desc limit $2",
                                     NULL};
static const struct sql audit_of = {
    "audit_of", AUDIT "where thing = $3 and thing_id = $4 and id < $1 order by id desc limit $2",
    NULL};

void audit_add(struct context *cx, const char *action, const char *thing, int64_t id,
               const char *detail) {
    db_run(cx->db, &audit_insert,
           P(I(cx->now), I(cx->actor->staff > 0 ? cx->actor->staff : NONE), T(cx->actor->name),
             T(action), T(thing), I(id), T(detail)));
}

const char *audit_changes(struct context *cx, const struct record *record, const void *before,
                          const void *after) {
    enum { LONGEST = 2000 };
    struct buf out = {0};
    for (size_t i = 0; i < record->count && out.length < LONGEST; i++) {
        const struct field *field = &record->fields[i];
        if (field->kind == FIELD_LIST || field->kind == FIELD_ONE ||
            field->flags & (FIELD_READONLY | FIELD_SECRET | FIELD_INTERNAL) ||
            text_same(field->name, "version"))
            continue;
        const char *was = field_print(field, before, cx->locale, cx->arena);
        const char *is = field_print(field, after, cx->locale, cx->arena);
        if (text_same(was, is))
            continue;
        if (field->kind == FIELD_LONG)
            buf_printf(&out, "%s%s: changed", out.length > 0 ? "; " : "",
                       field_label(field, cx->arena));
        else
            buf_printf(&out, "%s%s: %s → %s", out.length > 0 ? "; " : "",
                       field_label(field, cx->arena), *was == '\0' ? "–" : was,
                       *is == '\0' ? "–" : is);
    }
    const char *text = out.at == NULL ? NULL : arena_text(cx->arena, out.at);
    buf_free(&out);
    return text;
}

int64_t audit_list(struct context *cx, const char *thing, int64_t thing_id, int64_t before,
                   int64_t limit, struct audit_row **rows) {
    struct param from = I(before == NONE ? INT64_MAX : before);
    if (thing == NULL || thing_id == NONE)
        return DB_RECORDS(cx->db, &audit_all, P(from, I(limit)), &audit_record, rows);
    return DB_RECORDS(cx->db, &audit_of, P(from, I(limit), T(thing), I(thing_id)), &audit_record,
                      rows);
}
