#include "jobs/job_bulk.h"

#include "accounts/account.h"
#include "base/text.h"
#include "jobs/job_store.h"

#include <stdlib.h>
#include <string.h>

static const struct word actions_[] = {{"salesperson", "Salesperson"}, {"priority", "Priority"},
                                       {"promised", "Promised day"},   {"move", "Move"},
                                       {"status", "Status"},           {"archive", "Archive"},
                                       {"restore", "Bring back"},      {"label", "Labels"},
                                       {"bench_copy", "Bench copies"}, {NULL, NULL}};
static const struct vocabulary actions = {"action", actions_};

static const struct field job_fields[] = {FIELD(struct bulk_job, id, FIELD_ID)};
static const struct record bulk_job_record = RECORD("BulkJob", struct bulk_job, job_fields);

static const struct field wish_fields[] = {
    FIELD(struct job_bulk_wish, action, FIELD_CODE, .label = "What to do", .words = &actions,
          .flags = FIELD_REQUIRED),
    FIELD_ROWS(struct job_bulk_wish, jobs, job_count, &bulk_job_record, .max = BULK_MOST),
    FIELD(struct job_bulk_wish, all, FIELD_FLAG, .label = "All that match"),
    FIELD(struct job_bulk_wish, query, FIELD_TEXT, .label = "Which", .max = 2000),
    FIELD(struct job_bulk_wish, salesperson, FIELD_ID, .label = "Salesperson"),
    FIELD(struct job_bulk_wish, priority, FIELD_CODE, .label = "Priority",
          .words = &job_priorities),
    FIELD(struct job_bulk_wish, promised_day, FIELD_DAY, .label = "Promised day"),
    FIELD(struct job_bulk_wish, stage, FIELD_TEXT, .label = "Stage", .max = 40),
    FIELD(struct job_bulk_wish, status, FIELD_TEXT, .label = "Status", .max = 40),
};
const struct record job_bulk_wish_record = RECORD("JobBulkWish", struct job_bulk_wish, wish_fields);

static const struct field row_fields[] = {
    FIELD(struct bulk_row, job, FIELD_ID),
    FIELD(struct bulk_row, number, FIELD_INT),
    FIELD(struct bulk_row, title, FIELD_TEXT),
    FIELD(struct bulk_row, fault, FIELD_TEXT),
};
static const struct record bulk_row_record = RECORD("JobBulkRow", struct bulk_row, row_fields);
static const struct field bulk_fields[] = {
    FIELD(struct job_bulk, id, FIELD_ID),
    FIELD(struct job_bulk, staff, FIELD_ID),
    FIELD(struct job_bulk, action, FIELD_CODE, .words = &actions),
    FIELD(struct job_bulk, value, FIELD_TEXT),
    FIELD(struct job_bulk, at, FIELD_INSTANT),
    FIELD(struct job_bulk, undone_at, FIELD_INSTANT),
    FIELD(struct job_bulk, done, FIELD_INT),
    FIELD(struct job_bulk, failed, FIELD_INT),
    FIELD_ROWS(struct job_bulk, rows, row_count, &bulk_row_record),
};
const struct record job_bulk_record = RECORD("JobBulk", struct job_bulk, bulk_fields);

/* ------------------------------------------------------------------ which jobs */

static enum status too_many(struct context *cx, int64_t most) {
    return error_add(cx->errors, INVALID, "jobs", "too_many",
                     "That is more than %ld jobs, which is the most at once. Filter the list "
                     "further.",
                     (long)most);
}

enum status job_bulk_ids(struct context *cx, const struct job_bulk_wish *wish, int64_t most,
                         int64_t **out, int64_t *count) {
    int64_t *ids = ARENA_ARRAY(cx->arena, int64_t, (size_t)most + 1);
    struct job_query query;
    *out = ids;
    *count = 0;
    if (wish->all == 1) {
        if (job_query_read(cx, wish->query == NULL ? "" : wish->query, &query) != OK)
            return INVALID;
        *count = job_list_ids(cx, &query, most, ids);
        if (*count > most)
            return too_many(cx, most);
    } else {
        if (wish->job_count > most)
            return too_many(cx, most);
        for (int64_t i = 0; i < wish->job_count; i++)
            ids[(*count)++] = wish->jobs[i].id;
    }
    if (*count > 0)
        return OK;
    return error_add(cx->errors, INVALID, "jobs", "nothing_chosen",
                     "No job is chosen. Tick those that are meant.");
}

/* ------------------------------------------------------------------ doing */

static const char *id_text(struct context *cx, int64_t id) {
    return id == NONE ? NULL : arena_printf(cx->arena, "%ld", (long)id);
}

static int64_t id_read(const char *text) {
    return text == NULL ? NONE : strtoll(text, NULL, 10);
}

/* What is to be set, as text; NULL is no value. */
static const char *value_of(struct context *cx, const struct job_bulk_wish *wish) {
    const char *action = wish->action;
    return text_same(action, "salesperson") ? id_text(cx, wish->salesperson)
           : text_same(action, "priority")  ? wish->priority
           : text_same(action, "promised")  ? wish->promised_day
           : text_same(action, "move")      ? wish->stage
           : text_same(action, "status")    ? wish->status
                                            : NULL;
}

static const char *field_of(const char *action) {
    return text_same(action, "promised") ? "promised_day"
           : text_same(action, "move")   ? "stage"
                                         : action;
}

static bool is_edit(const char *action) {
    return text_same(action, "salesperson") || text_same(action, "priority") ||
           text_same(action, "promised");
}

/* What the job has of it now. */
static const char *value_now(struct context *cx, const char *action, const struct job *job) {
    return text_same(action, "salesperson") ? id_text(cx, job->salesperson)
           : text_same(action, "priority")  ? job->priority
           : text_same(action, "promised")  ? job->promised_day
           : text_same(action, "move")      ? job->stage
           : text_same(action, "status")    ? job->status
           : job->archived_at != NONE       ? "archived"
                                            : NULL;
}

struct doing {
    const char *action, *value;
    int64_t id;
    const char *was; /* out */
    int64_t history; /* out, of a move */
};

static enum status move_one(struct context *cx, const struct job *job, struct doing *doing) {
    struct moved moved;
    struct move move = {.from = job->stage, .to = doing->value};
    const struct stage *from = stage_find(job->kind, job->stage);
    const struct stage *to = stage_find(job->kind, doing->value);
    if (from != NULL && to != NULL && !from->side && !to->side && to->place < from->place)
        return error_add(cx->errors, INVALID, "stage", "only_forward",
                         "It is at %s already. Move it back by itself, with a note.", from->label);
    enum status status = job_move(cx, job->id, &move, &moved);
    if (status == OK && moved.moved)
        doing->history = moved.history;
    return status;
}

static enum status do_one(struct context *cx, void *arg) {
    struct doing *doing = arg;
    struct job job;
    doing->history = NONE;
    if (!job_load(cx, doing->id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    doing->was = value_now(cx, doing->action, &job);
    if (text_same(doing->action, "move"))
        return move_one(cx, &job, doing);
    if (text_same(doing->action, "status"))
        return job_set_status(cx, job.id, doing->value);
    if (!is_edit(doing->action))
        return job_archive(cx, job.id, text_same(doing->action, "archive"));
    struct job_edit edit = job_edit_of(&job);
    if (text_same(doing->action, "salesperson"))
        edit.salesperson = id_read(doing->value);
    else if (text_same(doing->action, "priority"))
        edit.priority = doing->value;
    else
        edit.promised_day = doing->value;
    if (text_same(doing->was, doing->value))
        return OK;
    return job_edit(cx, job.id, &edit);
}

static const struct sql bulk_add = {
    "job_bulk_add",
    "insert into job_bulk (staff, action, value, at) values ($1, $2, $3, $4) returning id", NULL};
static const struct sql bulk_row_add = {
    "job_bulk_row_add",
    "insert into job_bulk_row (bulk, job, was, history, fault) values ($1, $2, $3, $4, $5) "
    "on conflict (bulk, job) do nothing",
    NULL};
static const struct sql job_exists = {"job_bulk_job", "select id from job where id = $1", NULL};
static const struct sql rows_forget = {
    "job_bulk_rows_forget",
    "delete from job_bulk_row where bulk in (select id from job_bulk where at < $1)", NULL};
static const struct sql bulks_forget = {"job_bulk_forget", "delete from job_bulk where at < $1",
                                        NULL};

/* Does or undoes one in a part of the write that may fail by itself. NULL: done; else why not. */
static const char *try_one(struct context *cx, closure work, void *arg) {
    struct errors mine = {.arena = cx->arena}, *all = cx->errors;
    mine.language = all->language;
    cx->errors = &mine;
    enum status status = context_try(cx, work, arg);
    cx->errors = all;
    return status == OK         ? NULL
           : mine.first == NULL ? "It could not be changed."
                                : mine.first->sentence;
}

static enum status wish_check(struct context *cx, const struct job_bulk_wish *wish) {
    const char *value = value_of(cx, wish);
    bool needs = is_edit(wish->action) || text_same(wish->action, "move") ||
                 text_same(wish->action, "status");
    uint64_t right = is_edit(wish->action) || text_same(wish->action, "archive") ||
                             text_same(wish->action, "restore")
                         ? RIGHT(MAY_EDIT_JOBS)
                         : RIGHT(MAY_MOVE_JOBS);
    if (!actor_may(cx->actor, right))
        return error_add(cx->errors, DENIED, NULL, "denied", "You may not do that to jobs.");
    if (text_same(wish->action, "label") || text_same(wish->action, "bench_copy"))
        return error_add(cx->errors, INVALID, "action", "not_a_change",
                         "That prints and changes nothing: get /jobs/labels or "
                         "/jobs/bench-copies.");
    if (needs && value == NULL)
        return error_add(cx->errors, INVALID, field_of(wish->action), "required",
                         "Say what they are to be set to.");
    return OK;
}

enum status job_bulk_do(struct context *cx, const struct job_bulk_wish *wish, int64_t *id) {
    int64_t *ids, count;
    enum status status = wish_check(cx, wish);
    if (status != OK || (status = job_bulk_ids(cx, wish, BULK_MOST, &ids, &count)) != OK)
        return status;
    db_run(cx->db, &rows_forget, P(I(cx->now - DAY)));
    db_run(cx->db, &bulks_forget, P(I(cx->now - DAY)));
    const char *value = value_of(cx, wish);
    *id =
        db_insert(cx->db, &bulk_add, P(I(cx->actor->staff), T(wish->action), T(value), I(cx->now)));
    for (int64_t i = 0; i < count && !db_failed(cx->db); i++) {
        struct doing doing = {.action = wish->action, .value = value, .id = ids[i]};
        const char *fault = try_one(cx, do_one, &doing);
        if (fault != NULL && db_int(cx->db, &job_exists, P(I(ids[i]))) == NONE)
            continue; /* there is nothing to tell it of */
        db_run(
            cx->db, &bulk_row_add,
            P(I(*id), I(ids[i]), T(doing.was), I(fault == NULL ? doing.history : NONE), T(fault)));
    }
    return OK;
}

/* ------------------------------------------------------------------ taking back */

struct undoing {
    const struct job_bulk *bulk;
    int64_t job;
    const char *was;
    int64_t history;
};

/* Below the rules of editing: the day before may be over by now, and is the right one still. */
static enum status restore_edit(struct context *cx, const struct undoing *undoing,
                                struct job *job) {
    bool promise = text_same(undoing->bulk->action, "promised");
    if (promise)
        job->promised_day = undoing->was;
    else if (text_same(undoing->bulk->action, "priority"))
        job->priority = undoing->was;
    else
        job->salesperson = id_read(undoing->was);
    job_update(cx, job, NULL, NULL);
    event_add(cx, "job.edited", job->id, promise ? "{\"promised\":1}" : "{\"promised\":0}");
    audit_add(cx, "undid an edit of", "job", job->id, job_number_text(cx, job->number));
    context_tell(cx, "job", job->id);
    return OK;
}

static enum status undo_one(struct context *cx, void *arg) {
    const struct undoing *undoing = arg;
    const char *action = undoing->bulk->action;
    struct job job;
    if (!job_load(cx, undoing->job, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (text_same(action, "move"))
        return undoing->history == NONE ? OK : job_undo(cx, job.id, undoing->history);
    const char *now = value_now(cx, action, &job);
    if (text_same(now, undoing->was))
        return OK; /* it was so before, or is again */
    const char *set = text_same(action, "archive")   ? "archived"
                      : text_same(action, "restore") ? NULL
                                                     : undoing->bulk->value;
    if (!text_same(now, set))
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "It was changed again since, and stays as it is.");
    if (text_same(action, "status"))
        return job_set_status(cx, job.id, undoing->was);
    if (!is_edit(action))
        return job_archive(cx, job.id, undoing->was != NULL);
    return restore_edit(cx, undoing, &job);
}

static const struct sql done_rows = {
    "job_bulk_done_rows",
    "select job, was, history from job_bulk_row where bulk = $1 and fault is null order by job",
    NULL};
static const struct sql row_failed = {
    "job_bulk_row_failed", "update job_bulk_row set fault = $3 where bulk = $1 and job = $2", NULL};
static const struct sql rows_were_faults = {
    "job_bulk_faults_told", "delete from job_bulk_row where bulk = $1 and fault is not null", NULL};
static const struct sql bulk_undone = {"job_bulk_undone",
                                       "update job_bulk set undone_at = $2 where id = $1", NULL};

enum status job_bulk_undo(struct context *cx, int64_t id) {
    struct job_bulk bulk;
    if (!job_bulk_load(cx, id, &bulk))
        return error_add(cx->errors, MISSING, NULL, "unknown_bulk",
                         "There is nothing to take back any more.");
    if (bulk.staff != cx->actor->staff)
        return error_add(cx->errors, DENIED, NULL, "not_yours",
                         "Only who made this change can take it back.");
    if (bulk.undone_at != NONE)
        return OK; /* pressed twice */
    struct undoing *all = ARENA_ARRAY(cx->arena, struct undoing, BULK_MOST);
    int64_t count = 0;
    struct rows *rows = db_rows(cx->db, &done_rows, P(I(id)));
    while (rows_next(rows))
        all[count++] =
            (struct undoing){&bulk, row_int(rows, 0), row_text(rows, 1), row_int(rows, 2)};
    rows_end(rows);
    /* From now on the rows tell which could not be taken back. */
    db_run(cx->db, &rows_were_faults, P(I(id)));
    for (int64_t i = 0; i < count && !db_failed(cx->db); i++) {
        const char *fault = try_one(cx, undo_one, &all[i]);
        if (fault != NULL)
            db_run(cx->db, &row_failed, P(I(id), I(all[i].job), T(fault)));
    }
    db_run(cx->db, &bulk_undone, P(I(id), I(cx->now)));
    return OK;
}

static const struct sql bulk_by_id = {
    "job_bulk_by_id",
    "select id, staff, action, value, at, undone_at, "
    "(select count(*) from job_bulk_row where bulk = $1 and fault is null) as done, "
    "(select count(*) from job_bulk_row where bulk = $1 and fault is not null) as failed "
    "from job_bulk where id = $1",
    NULL};
static const struct sql failed_rows = {
    "job_bulk_failed_rows",
    "select r.job, j.number, j.title, r.fault from job_bulk_row r join job j on j.id = r.job "
    "where r.bulk = $1 and r.fault is not null order by j.number",
    NULL};

bool job_bulk_load(struct context *cx, int64_t id, struct job_bulk *bulk) {
    record_clear(&job_bulk_record, bulk);
    if (!db_record(cx->db, &bulk_by_id, P(I(id)), &job_bulk_record, bulk))
        return false;
    bulk->row_count = DB_RECORDS(cx->db, &failed_rows, P(I(id)), &bulk_row_record, &bulk->rows);
    return true;
}
