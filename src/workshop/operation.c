/* Operations: a job's steps, as they are written, edited and done. */
#include "workshop/workshop.h"

#include "accounts/account.h"
#include "base/text.h"
#include "jobs/job.h"
#include "shops/shop.h"
#include "trade/words.h"
#include "vendors/vendor.h"

#include <string.h>

static const struct word state_words[] = {{"planned", "Planned"}, {"started", "Started"},
                                          {"done", "Done"},       {"failed", "To do again"},
                                          {"skipped", "Skipped"}, {NULL, NULL}};
const struct vocabulary operation_states = {"state", state_words};

#define OPERATION(member, kind_, ...) FIELD(struct operation, member, kind_, __VA_ARGS__)
static const struct field operation_fields[] = {
    OPERATION(id, FIELD_ID, .flags = FIELD_READONLY),
    OPERATION(job, FIELD_ID, .flags = FIELD_READONLY),
    OPERATION(position, FIELD_INT),
    OPERATION(craft, FIELD_CODE, .words = &crafts),
    OPERATION(name, FIELD_TEXT),
    OPERATION(kind, FIELD_CODE, .words = &operation_kinds),
    OPERATION(minutes, FIELD_MINUTES),
    OPERATION(lead_days, FIELD_INT),
    OPERATION(craftsman, FIELD_ID),
    OPERATION(craftsman_name, FIELD_TEXT),
    OPERATION(vendor, FIELD_ID),
    OPERATION(vendor_name, FIELD_TEXT),
    OPERATION(cost, FIELD_MONEY, .flags = FIELD_COST),
    OPERATION(pinned, FIELD_FLAG),
    OPERATION(after, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
    OPERATION(planned_start, FIELD_INSTANT),
    OPERATION(planned_end, FIELD_INSTANT),
    OPERATION(state, FIELD_CODE, .words = &operation_states),
    OPERATION(actual, FIELD_MINUTES),
    OPERATION(started_at, FIELD_INSTANT),
    OPERATION(ended_at, FIELD_INSTANT),
    OPERATION(ended_by, FIELD_ID),
    OPERATION(note, FIELD_LONG),
    OPERATION(version, FIELD_INT),
};
const struct record operation_record = RECORD("Operation", struct operation, operation_fields);

#define EDIT(member, kind_, ...) FIELD(struct operation_edit, member, kind_, __VA_ARGS__)
static const struct field edit_fields[] = {
    EDIT(id, FIELD_ID),
    EDIT(position, FIELD_INT, .label = "Place", .max = 1000),
    EDIT(craft, FIELD_CODE, .label = "Craft", .words = &crafts),
    EDIT(kind, FIELD_CODE, .label = "Kind", .words = &operation_kinds),
    EDIT(name, FIELD_TEXT, .label = "Operation", .max = 200),
    EDIT(minutes, FIELD_MINUTES, .label = "Minutes", .max = 100000),
    EDIT(lead_days, FIELD_INT, .label = "Days", .max = 365),
    EDIT(cost, FIELD_MONEY, .label = "Their price", .flags = FIELD_COST),
    EDIT(vendor, FIELD_ID, .label = "Vendor"),
    EDIT(craftsman, FIELD_ID, .label = "Who"),
    EDIT(after, FIELD_TEXT, .label = "After", .max = 60),
    EDIT(remove, FIELD_FLAG, .label = "Remove"),
    EDIT(version, FIELD_INT, .max = INT64_MAX),
};
const struct record operation_edit_record =
    RECORD("OperationEdit", struct operation_edit, edit_fields);

/* ------------------------------------------------------------------ reading */

#define OPERATIONS                                                                                 \
    "select o.id, o.job, o.position, o.craft, o.name, o.kind, o.minutes, o.lead_days, "            \
    "o.craftsman, o.vendor, o.cost, o.pinned, o.planned_start, o.planned_end, o.state, o.actual, " \
    "o.started_at, o.ended_at, o.ended_by, o.note, o.version, c.name as craftsman_name, "          \
    "v.name as vendor_name from operation o left join craftsman c on c.id = o.craftsman "          \
    "left join vendor v on v.id = o.vendor "
static const struct sql operation_by_id = {"operation_by_id", OPERATIONS "where o.id = $1", NULL};
static const struct sql operations_of_job = {
    "operations_of_job", OPERATIONS "where o.job = $1 order by o.position, o.id", NULL};
static const struct sql afters_of_job = {
    "operation_afters_of_job",
    "select o.id, b.position from operation o join operation_after a on a.operation = o.id "
    "join operation b on b.id = a.after where o.job = $1 order by o.id, b.position",
    NULL};

bool operation_is_open(const struct operation *operation) {
    return !text_same(operation->state, "done") && !text_same(operation->state, "skipped");
}

static bool begun(const struct operation *operation) {
    return !text_same(operation->state, "planned");
}

bool operation_load(struct context *cx, int64_t id, struct operation *operation) {
    record_clear(&operation_record, operation);
    return db_record(cx->db, &operation_by_id, P(I(id)), &operation_record, operation);
}

int64_t operation_list(struct context *cx, int64_t job, struct operation **operations) {
    int64_t count =
        DB_RECORDS(cx->db, &operations_of_job, P(I(job)), &operation_record, operations);
    struct rows *rows = db_rows(cx->db, &afters_of_job, P(I(job)));
    while (rows_next(rows))
        for (int64_t i = 0; i < count; i++) {
            struct operation *operation = &(*operations)[i];
            if (operation->id != row_int(rows, 0))
                continue;
            operation->after =
                operation->after == NULL
                    ? arena_printf(cx->arena, "%ld", (long)row_int(rows, 1))
                    : arena_printf(cx->arena, "%s %ld", operation->after, (long)row_int(rows, 1));
        }
    return count;
}

/* ------------------------------------------------------------------ writing them all */

static const struct sql operation_insert = {
    "operation_insert",
    "insert into operation (job, position, craft, name, kind, minutes, lead_days, craftsman, "
    "vendor, cost, pinned) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
    NULL};
static const struct sql operation_update = {
    "operation_update",
    "update operation set position = $2, craft = $3, name = $4, kind = $5, minutes = $6, "
    "lead_days = $7, craftsman = $8, vendor = $9, cost = $10, pinned = $11, version = version + 1 "
    "where id = $1",
    NULL};
static const struct sql operation_drop = {"operation_drop", "delete from operation where id = $1",
                                          NULL};
static const struct sql after_insert = {
    "operation_after_insert",
    "insert into operation_after (operation, after) values ($1, $2) on conflict do nothing", NULL};
static const struct sql afters_drop = {
    "operation_afters_drop",
    "delete from operation_after where operation in (select id from operation where job = $1)",
    NULL};

enum { MOST = 100 };

static enum status changed(struct context *cx) {
    return error_add(cx->errors, CONFLICT, NULL, "changed",
                     "The operations were changed by somebody else meanwhile. Nothing was saved: "
                     "look at them as they are now and enter your change again.");
}

static enum status has_begun(struct context *cx, const struct operation *operation) {
    return error_add(cx->errors, CONFLICT, NULL, "begun",
                     "“%s” has been begun: it stays as it is. Nothing was saved.", operation->name);
}

enum status operation_generate(struct context *cx, int64_t job,
                               const struct operation_plan *operations, int64_t count) {
    struct operation *old;
    int64_t old_count = operation_list(cx, job, &old);
    for (int64_t i = 0; i < old_count; i++)
        if (begun(&old[i]))
            return has_begun(cx, &old[i]);
    db_run(cx->db, &afters_drop, P(I(job)));
    for (int64_t i = 0; i < old_count; i++)
        db_run(cx->db, &operation_drop, P(I(old[i].id)));

    int64_t *ids = ARENA_ARRAY(cx->arena, int64_t, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++) {
        const struct operation_plan *plan = &operations[i];
        struct vendor vendor;
        bool outside =
            text_same(plan->kind, "vendor") && vendor_for_craft(cx, plan->craft, &vendor);
        ids[i] = db_insert(cx->db, &operation_insert,
                           P(I(job), I(i + 1), T(plan->craft), T(plan->name), T(plan->kind),
                             I(plan->minutes), I(outside ? vendor.lead_days : plan->lead_days),
                             I(NONE), I(outside ? vendor.id : NONE), I(NONE), I(0)));
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t after[MOST], waits = operation_after(operations[i].after, after, MOST);
        for (int64_t k = 0; k < waits; k++)
            if (after[k] >= 1 && after[k] <= count && after[k] != i + 1)
                db_run(cx->db, &after_insert, P(I(ids[i]), I(ids[after[k] - 1])));
    }
    return OK;
}

/* A row in its new place. */
struct placed {
    const struct operation *old;       /* NULL: a new one */
    const struct operation_edit *edit; /* NULL: not named */
    int64_t place, index;              /* what it is ordered by; the edit's number, for faults */
    int64_t id;
    bool *after; /* of `MOST` rows in their new places */
};

struct saving {
    struct context *cx;
    int64_t job;
    struct operation *old;
    int64_t old_count;
    struct placed *rows;
    int64_t count;
    bool *gone;  /* of the old ones */
    bool *waits; /* old_count × old_count: which old one waits for which */
};

static const char *field_at(struct context *cx, int64_t index, const char *name) {
    return arena_printf(cx->arena, "operations.%ld.%s", (long)index, name);
}

static int64_t old_index(const struct saving *saving, int64_t id) {
    for (int64_t i = 0; i < saving->old_count; i++)
        if (saving->old[i].id == id)
            return i;
    return -1;
}

static void read_waits(struct saving *saving) {
    int64_t n = saving->old_count;
    saving->waits = ARENA_ARRAY(saving->cx->arena, bool, (size_t)(n * n) + 1);
    for (int64_t i = 0; i < n; i++) {
        int64_t after[MOST], count = operation_after(saving->old[i].after, after, MOST);
        for (int64_t k = 0; k < count; k++)
            for (int64_t j = 0; j < n; j++)
                if (saving->old[j].position == after[k])
                    saving->waits[i * n + j] = true;
    }
}

/* Who waited for a removed one waits for what that one waited for. */
static void forget_gone(struct saving *saving) {
    int64_t n = saving->old_count;
    for (int64_t gone = 0; gone < n; gone++) {
        if (!saving->gone[gone])
            continue;
        for (int64_t i = 0; i < n; i++) {
            if (!saving->waits[i * n + gone])
                continue;
            saving->waits[i * n + gone] = false;
            for (int64_t j = 0; j < n; j++)
                if (j != i && saving->waits[gone * n + j])
                    saving->waits[i * n + j] = true;
        }
    }
}

static void check_text(struct saving *saving, int64_t index, const char *name, const char *value,
                       const char *sentence) {
    if (text_empty(value))
        error_add(saving->cx->errors, INVALID, field_at(saving->cx, index, name), "required", "%s",
                  sentence);
}

static void check_edit(struct saving *saving, const struct operation_edit *edit, int64_t index,
                       const struct operation *old) {
    if (old == NULL) {
        check_text(saving, index, "name", edit->name, "Say what is to be done.");
        check_text(saving, index, "craft", edit->craft, "Choose the craft that this needs.");
    } else if (begun(old) && ((edit->craft != NULL && !text_same(edit->craft, old->craft)) ||
                              (edit->kind != NULL && !text_same(edit->kind, old->kind)) ||
                              (edit->name != NULL && !text_same(edit->name, old->name)))) {
        has_begun(saving->cx, old);
    }
}

/* Reads the edits into rows; what is wrong with them is added to the errors. */
static void read_edits(struct saving *saving, const struct operation_edit *edits, int64_t count) {
    struct context *cx = saving->cx;
    int64_t place = 0;
    for (int64_t i = 0; i < count && !db_failed(cx->db); i++) {
        const struct operation_edit *edit = &edits[i];
        int64_t at = edit->id == NONE ? -1 : old_index(saving, edit->id);
        const struct operation *old = at < 0 ? NULL : &saving->old[at];
        bool twice = false;
        for (int64_t k = 0; k < i; k++)
            twice = twice || (old != NULL && edits[k].id == edit->id);
        if ((edit->id != NONE && old == NULL) || twice ||
            (old != NULL && edit->version != NONE && edit->version != old->version)) {
            changed(cx);
            return;
        }
        if (edit->remove == 1) {
            if (old != NULL && begun(old))
                has_begun(cx, old);
            if (old != NULL)
                saving->gone[at] = true;
            continue;
        }
        check_edit(saving, edit, i, old);
        place = edit->position == NONE ? place : edit->position;
        saving->rows[saving->count++] =
            (struct placed){.old = old, .edit = edit, .place = place, .index = i};
    }
}

/* Those that nobody named stand behind; then all by their places, equal ones as they came. */
static void order_rows(struct saving *saving) {
    for (int64_t i = 0; i < saving->old_count; i++) {
        bool named = saving->gone[i];
        for (int64_t k = 0; k < saving->count; k++)
            named = named || saving->rows[k].old == &saving->old[i];
        if (!named)
            saving->rows[saving->count++] =
                (struct placed){.old = &saving->old[i], .place = INT64_MAX};
    }
    for (int64_t i = 1; i < saving->count; i++) {
        struct placed row = saving->rows[i];
        int64_t at = i;
        for (; at > 0 && saving->rows[at - 1].place > row.place; at--)
            saving->rows[at] = saving->rows[at - 1];
        saving->rows[at] = row;
    }
    for (int64_t i = 0; i < saving->count; i++)
        saving->rows[i].after = ARENA_ARRAY(saving->cx->arena, bool, MOST + 1);
}

static bool order_kept(const struct saving *saving) {
    const struct operation *last = NULL;
    for (int64_t i = 0; i < saving->count; i++) {
        if (saving->rows[i].old == NULL)
            continue;
        if (last != NULL && saving->rows[i].old < last)
            return false;
        last = saving->rows[i].old;
    }
    return true;
}

static void wait_as_said(struct saving *saving) {
    for (int64_t i = 0; i < saving->count; i++) {
        struct placed *row = &saving->rows[i];
        int64_t after[MOST];
        int64_t count = operation_after(row->edit == NULL ? NULL : row->edit->after, after, MOST);
        for (int64_t k = 0; k < count; k++) {
            if (after[k] >= 1 && after[k] <= i)
                row->after[after[k] - 1] = true;
            else
                error_add(saving->cx->errors, INVALID, field_at(saving->cx, row->index, "after"),
                          "unknown_operation",
                          "An operation can wait only for those before it: 1 to %ld.", (long)i);
        }
    }
}

static void wait_as_before(struct saving *saving) {
    int64_t n = saving->old_count;
    for (int64_t i = 0; i < saving->count; i++)
        for (int64_t k = 0; k < i; k++)
            if (saving->rows[i].old != NULL && saving->rows[k].old != NULL)
                saving->rows[i].after[k] = saving->waits[(saving->rows[i].old - saving->old) * n +
                                                         (saving->rows[k].old - saving->old)];
    for (int64_t i = 0; i < saving->count; i++) {
        if (saving->rows[i].old != NULL)
            continue;
        if (i > 0)
            saving->rows[i].after[i - 1] = true;
        for (int64_t k = i + 1; i > 0 && k < saving->count; k++)
            if (saving->rows[k].after[i - 1]) {
                saving->rows[k].after[i - 1] = false;
                saving->rows[k].after[i] = true;
            }
        if (i == 0 && saving->count > 1)
            saving->rows[1].after[0] = true;
    }
}

static void set_waits(struct saving *saving) {
    bool said = false;
    for (int64_t i = 0; i < saving->count; i++)
        said = said || (saving->rows[i].edit != NULL && saving->rows[i].edit->after != NULL);
    if (said)
        wait_as_said(saving);
    else if (order_kept(saving))
        wait_as_before(saving);
    else
        for (int64_t i = 1; i < saving->count; i++)
            saving->rows[i].after[i - 1] = true;
}

static int64_t given(int64_t value, int64_t otherwise) {
    return value == NONE ? otherwise : value;
}

/* The row as it will be. */
static struct operation merge(const struct saving *saving, const struct placed *row,
                              int64_t position) {
    const struct operation_edit *edit = row->edit;
    struct operation now;
    record_clear(&operation_record, &now);
    if (row->old != NULL)
        now = *row->old;
    else
        now.kind = "work";
    now.position = position;
    if (edit == NULL)
        return now;
    now.craft = edit->craft != NULL ? edit->craft : now.craft;
    now.kind = edit->kind != NULL ? edit->kind : now.kind;
    now.name = edit->name != NULL ? edit->name : now.name;
    now.minutes = given(edit->minutes, given(now.minutes, 0));
    now.lead_days = given(edit->lead_days, given(now.lead_days, 0));
    now.vendor = edit->vendor;
    if (actor_may(saving->cx->actor, RIGHT(MAY_SEE_COSTS)))
        now.cost = edit->cost; /* others were not shown it */
    if (edit->craftsman != NONE)
        now.craftsman = edit->craftsman;
    else if (now.pinned == 1)
        now.craftsman = NONE; /* whoever the next plan finds */
    now.pinned = edit->craftsman != NONE;
    return now;
}

static bool differs(const struct operation *a, const struct operation *b) {
    return a->position != b->position || !text_same(a->craft, b->craft) ||
           !text_same(a->name, b->name) || !text_same(a->kind, b->kind) ||
           a->minutes != b->minutes || a->lead_days != b->lead_days ||
           a->craftsman != b->craftsman || a->vendor != b->vendor || a->cost != b->cost ||
           a->pinned != b->pinned;
}

static void write_rows(struct saving *saving) {
    struct db *db = saving->cx->db;
    db_run(db, &afters_drop, P(I(saving->job)));
    for (int64_t i = 0; i < saving->old_count; i++)
        if (saving->gone[i])
            db_run(db, &operation_drop, P(I(saving->old[i].id)));
    for (int64_t i = 0; i < saving->count; i++) {
        struct placed *row = &saving->rows[i];
        struct operation now = merge(saving, row, i + 1);
        const struct param values[] = {I(row->old == NULL ? saving->job : now.id),
                                       I(now.position),
                                       T(now.craft),
                                       T(now.name),
                                       T(now.kind),
                                       I(now.minutes),
                                       I(now.lead_days),
                                       I(now.craftsman),
                                       I(now.vendor),
                                       I(now.cost),
                                       I(now.pinned)};
        row->id = now.id;
        if (row->old == NULL)
            row->id = db_insert(db, &operation_insert, (struct params){values, 11});
        else if (differs(row->old, &now))
            db_run(db, &operation_update, (struct params){values, 11});
    }
    for (int64_t i = 0; i < saving->count; i++)
        for (int64_t k = 0; k < i; k++)
            if (saving->rows[i].after[k])
                db_run(db, &after_insert, P(I(saving->rows[i].id), I(saving->rows[k].id)));
}

static const struct sql craftsman_there = {"operation_craftsman_there",
                                           "select id from craftsman where id = $1", NULL};
static const struct sql vendor_there = {"operation_vendor_there",
                                        "select id from vendor where id = $1", NULL};

static void check_people(struct saving *saving) {
    struct context *cx = saving->cx;
    for (int64_t i = 0; i < saving->count; i++) {
        const struct operation_edit *edit = saving->rows[i].edit;
        if (edit == NULL)
            continue;
        if (edit->craftsman != NONE &&
            db_int(cx->db, &craftsman_there, P(I(edit->craftsman))) == NONE)
            error_add(cx->errors, INVALID, field_at(cx, saving->rows[i].index, "craftsman"),
                      "unknown_craftsman", "There is no such craftsman.");
        if (edit->vendor != NONE && db_int(cx->db, &vendor_there, P(I(edit->vendor))) == NONE)
            error_add(cx->errors, INVALID, field_at(cx, saving->rows[i].index, "vendor"),
                      "unknown_vendor", "There is no such vendor.");
    }
}

enum status operation_save_all(struct context *cx, int64_t job, const struct operation_edit *edits,
                               int64_t count) {
    struct saving saving = {.cx = cx, .job = job};
    saving.old_count = operation_list(cx, job, &saving.old);
    if (saving.old_count + count > MOST)
        return error_add(cx->errors, INVALID, "operations", "too_many",
                         "A job has at most %d operations.", MOST);
    saving.rows = ARENA_ARRAY(cx->arena, struct placed, (size_t)(saving.old_count + count) + 1);
    saving.gone = ARENA_ARRAY(cx->arena, bool, (size_t)saving.old_count + 1);
    read_waits(&saving);
    read_edits(&saving, edits, count);
    if (errors_any(cx->errors))
        return cx->errors->status;
    forget_gone(&saving);
    order_rows(&saving);
    set_waits(&saving);
    check_people(&saving);
    if (errors_any(cx->errors))
        return cx->errors->status;
    write_rows(&saving);
    audit_add(cx, "edited operations", "job", job, NULL);
    job_touch(cx, job);
    return OK;
}

static const struct sql vendor_set = {
    "operation_vendor_set",
    "update operation set cost = coalesce(cast($3 as bigint), cost), "
    "lead_days = coalesce(cast($4 as bigint), lead_days), version = version + 1 "
    "where job = $1 and vendor = $2 and kind = 'vendor' and state = 'planned'",
    NULL};

void operation_set_vendor(struct context *cx, int64_t job, int64_t vendor, int64_t cost,
                          int64_t lead_days) {
    db_run(cx->db, &vendor_set, P(I(job), I(vendor), I(cost), I(lead_days)));
}

/* ------------------------------------------------------------------ at the bench */

static const struct sql operation_begin = {
    "operation_begin",
    "update operation set state = 'started', held = 1, started_at = $2, ended_at = null, "
    "craftsman = coalesce(cast($3 as bigint), craftsman), version = version + 1 where id = $1",
    NULL};
static const struct sql operation_finish = {
    "operation_finish",
    "update operation set state = $2, started_at = coalesce(started_at, $3), ended_at = $3, "
    "actual = $4, note = $5, ended_by = $6, craftsman = coalesce(craftsman, cast($7 as bigint)), "
    "version = version + 1 where id = $1",
    NULL};
static const struct sql checks_open = {
    "operation_checks_open",
    "select count(*) from operation where job = $1 and id <> $2 and kind in ('quality', 'customer') "
    "and state in ('planned', 'started', 'failed')",
    NULL};
static const struct sql checks_after = {
    "operation_checks_after",
    "select count(*) from operation where job = $1 and kind = 'quality' and position > $2", NULL};
static const struct sql operations_skip = {
    "operations_skip",
    "update operation set state = 'skipped', ended_at = $2, version = version + 1 "
    "where job = $1 and state = 'planned'",
    NULL};
static const struct sql operations_close = {
    "operations_close",
    "update operation set state = 'done', ended_at = $2, version = version + 1 "
    "where job = $1 and state = 'started'",
    NULL};

/* The operation and its job, when work on it can be recorded. */
static enum status load_for_bench(struct context *cx, int64_t id, struct operation *operation,
                                  struct job *job) {
    if (!operation_load(cx, id, operation) || !job_load(cx, operation->job, job))
        return error_add(cx->errors, MISSING, NULL, "unknown_operation",
                         "There is no such operation.");
    if (job->closed_at != NONE || text_same(job->stage, STAGE_ON_HOLD))
        return error_add(cx->errors, CONFLICT, NULL, "not_open",
                         "%s is %s: nothing was recorded. Take it up again first.",
                         job_number_text(cx, job->number),
                         job->closed_at != NONE ? "closed" : "on hold");
    if (!operation_is_open(operation))
        return error_add(cx->errors, CONFLICT, NULL, "ended",
                         "“%s” has ended already. Nothing was recorded a second time.",
                         operation->name);
    return OK;
}

static void tell(struct context *cx, const struct operation *operation, const char *kind,
                 const char *data) {
    event_add(cx, kind, operation->job, data);
    job_touch(cx, operation->job);
    context_tell(cx, "operation", operation->id);
}

enum status operation_start(struct context *cx, int64_t id) {
    struct operation operation;
    struct job job;
    enum status status = load_for_bench(cx, id, &operation, &job);
    if (status != OK)
        return status;
    if (text_same(operation.state, "started"))
        return error_add(cx->errors, CONFLICT, NULL, "started", "“%s” is under way already.",
                         operation.name);
    db_run(cx->db, &operation_begin,
           P(I(id), I(cx->now), I(craftsman_of_staff(cx, cx->actor->staff))));
    audit_add(cx, "started", "operation", id, operation.name);
    tell(cx, &operation, "operation.started",
         arena_printf(cx->arena, "{\"operation\":%ld,\"kind\":\"%s\"}", (long)id, operation.kind));
    return OK;
}

/* An approval leads to setting, the last check to ready; both only when the shop has it so. */
static enum status move_on(struct context *cx, const struct operation *operation,
                           const struct job *job) {
    struct shop shop;
    if (!shop_load(cx, &shop))
        return OK;
    if (text_same(operation->kind, "customer")) {
        if (shop.auto_approval == 1 && text_same(job->kind, "custom"))
            return job_advance(cx, job->id, "setting", "The customer’s approval was recorded.");
        return OK;
    }
    if (!text_same(operation->kind, "quality") ||
        db_int(cx->db, &checks_after, P(I(job->id), I(operation->position))) != 0 ||
        db_int(cx->db, &checks_open, P(I(job->id), I(operation->id))) != 0)
        return OK;
    if (shop.auto_ready != 1 || stage_find(job->kind, "ready") == NULL)
        return OK;
    db_run(cx->db, &operations_skip, P(I(job->id), I(cx->now)));
    db_run(cx->db, &operations_close, P(I(job->id), I(cx->now)));
    return job_advance(cx, job->id, "ready", "The last check was passed.");
}

enum status operation_end(struct context *cx, int64_t id, bool passed, int64_t actual,
                          const char *note) {
    struct operation operation;
    struct job job;
    enum status status = load_for_bench(cx, id, &operation, &job);
    if (status != OK)
        return status;
    if (!passed && text_empty(note))
        return error_add(cx->errors, INVALID, "note", "required",
                         "Say what has to be put right, for whoever does it.");
    int64_t staff = cx->actor->staff > 0 ? cx->actor->staff : NONE;
    bool here = text_same(operation.kind, "work") || text_same(operation.kind, "quality");
    db_run(cx->db, &operation_finish,
           P(I(id), T(passed ? "done" : "failed"), I(cx->now), I(actual),
             T(text_empty(note) ? NULL : note), I(staff),
             I(here ? craftsman_of_staff(cx, cx->actor->staff) : NONE)));
    audit_add(cx, passed ? "ended" : "failed", "operation", id, operation.name);
    tell(cx, &operation, "operation.ended",
         arena_printf(cx->arena,
                      "{\"operation\":%ld,\"kind\":\"%s\",\"craft\":\"%s\",\"passed\":%d}",
                      (long)id, operation.kind, operation.craft, passed ? 1 : 0));
    return passed ? move_on(cx, &operation, &job) : OK;
}
