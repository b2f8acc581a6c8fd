#include "jobs/job_store.h"

#include "base/text.h"

#include <string.h>

/* ------------------------------------------------------------------ reading */

static const struct sql job_by_id = {
    "job_by_id",
    "select j.id, j.number, j.reference, j.kind, j.stage, j.status, j.held_from, j.visit, "
    "j.visit_position, j.customer, j.customer_name, j.customer_phone, j.customer_email, "
    "j.customer_address, j.title, j.type, j.description, j.salesperson, "
    "s.name as salesperson_name, j.location, l.name as location_name, j.wanted_by, j.promised_day, j.promised_hour, j.bench_day, "
    "j.priority, j.budget, j.template, j.picture, j.quoted, j.final, j.deposit, j.paid, "
    "j.stage_at, j.ready_at, j.closed_at, j.archived_at, j.version, j.created_at, j.updated_at, "
    "(select due_soon_days from shop) as due_soon, j.place, coalesce(v.name, p.name) as place_name "
    "from job j left join staff s on s.id = j.salesperson left join place p on p.id = j.place "
    "left join vendor v on v.id = p.vendor left join location l on l.id = j.location "
    "where j.id = $1",
    NULL};

bool job_load(struct context *cx, int64_t id, struct job *job) {
    record_clear(&job_record, job);
    if (!db_record(cx->db, &job_by_id, P(I(id)), &job_record, job))
        return false;
    job->progress = stage_progress(job->kind, job->stage, job->held_from);
    int64_t price = job->final != NONE ? job->final : job->quoted != NONE ? job->quoted : 0;
    job->balance = price - job->paid;
    job->ageing = ageing_code(job_ageing_at(job, cx->locale->zone, cx->now));
    return true;
}

static const struct sql history_of = {
    "history_of",
    "select h.id, h.from_stage, h.stage, h.status, h.at, h.staff_name, h.note, h.undoes, "
    "case when u.id is null then 0 else 1 end as undone "
    "from job_history h left join job_history u on u.undoes = h.id where h.job = $1 order by h.id",
    NULL};

int64_t job_history(struct context *cx, int64_t id, struct history **rows) {
    return DB_RECORDS(cx->db, &history_of, P(I(id)), &history_record, rows);
}

static const struct sql newest_entry = {
    "newest_entry",
    "select id, at, undoes, from_stage, stage, staff_name, was_status, was_held_from, "
    "was_stage_at, was_ready_at, was_closed_at from job_history where job = $1 "
    "order by id desc limit 1",
    NULL};

bool history_newest(struct context *cx, int64_t job, struct entry *entry) {
    struct rows *rows = db_rows(cx->db, &newest_entry, P(I(job)));
    bool found = rows_next(rows);
    if (found)
        *entry = (struct entry){
            .id = row_int(rows, 0),
            .at = row_int(rows, 1),
            .undoes = row_int(rows, 2),
            .from_stage = row_text(rows, 3),
            .stage = row_text(rows, 4),
            .staff_name = row_text(rows, 5),
            .was_status = row_text(rows, 6),
            .was_held_from = row_text(rows, 7),
            .was_stage_at = row_int(rows, 8),
            .was_ready_at = row_int(rows, 9),
            .was_closed_at = row_int(rows, 10),
        };
    rows_end(rows);
    return found;
}

static const struct sql visit_by_id = {
    "visit_by_id",
    "select customer, (select count(*) from job where visit = $1) as jobs from visit where id = $1",
    NULL};

bool visit_read(struct context *cx, int64_t id, int64_t *customer, int64_t *jobs) {
    struct rows *rows = db_rows(cx->db, &visit_by_id, P(I(id)));
    bool found = rows_next(rows);
    if (found) {
        *customer = row_int(rows, 0);
        *jobs = row_int(rows, 1);
    }
    rows_end(rows);
    return found;
}

/* ------------------------------------------------------------------ taking in */

static const struct sql visit_add = {
    "visit_add",
    "insert into visit (number, customer, staff, at, source) values ($1, $2, $3, $4, $5) "
    "returning id",
    NULL};

static int64_t who(const struct context *cx) {
    return cx->actor->staff > 0 ? cx->actor->staff : NONE;
}

int64_t visit_insert(struct context *cx, int64_t number, int64_t customer, const char *source) {
    return db_insert(cx->db, &visit_add,
                     P(I(number), I(customer), I(who(cx)), I(cx->now), T(source)));
}

static const struct sql job_add = {
    "job_add",
    "insert into job (number, reference, kind, stage, status, visit, visit_position, customer, "
    "customer_name, customer_phone, customer_email, customer_address, customer_surname, "
    "customer_digits, title, type, description, salesperson, wanted_by, priority, budget, "
    "template, stage_at, closed_at, location, created_at, updated_at) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21, $22, $23, $24, $25, $23, $23) on conflict (reference) do nothing returning id",
    NULL};

enum { REFERENCE_LENGTH = 8, REFERENCE_TRIES = 8 };

/* A reference has 40 bits: that one is taken happens once in years, and then it is drawn again. */
bool job_insert(struct context *cx, struct job *job, const char *surname, const char *digits) {
    for (int i = 0; i < REFERENCE_TRIES && !db_failed(cx->db); i++) {
        job->reference = reference_new(cx->arena, REFERENCE_LENGTH);
        job->id = db_insert(
            cx->db, &job_add,
            P(I(job->number), T(job->reference), T(job->kind), T(job->stage), T(job->status),
              I(job->visit), I(job->visit_position), I(job->customer), T(job->customer_name),
              T(job->customer_phone), T(job->customer_email), T(job->customer_address), T(surname),
              T(digits), T(job->title), T(job->type), T(job->description), I(job->salesperson),
              T(job->wanted_by), T(job->priority), I(job->budget), T(job->template),
              I(job->stage_at), I(job->closed_at), I(job->location)));
        if (job->id != NONE)
            return true;
    }
    return false;
}

static const struct sql words_drop = {"job_words_drop", "delete from job_word where job = $1",
                                      NULL};
static const struct sql word_add = {
    "job_word_add", "insert into job_word (job, word) values ($1, $2) on conflict do nothing",
    NULL};

void job_words_set(struct context *cx, const struct job *job, bool is_new) {
    if (!is_new)
        db_run(cx->db, &words_drop, P(I(job->id)));
    const char *text = arena_printf(cx->arena, "%s %s", job->title,
                                    job->customer_name == NULL ? "" : job->customer_name);
    char *folded = arena_text(cx->arena, text_fold(text, cx->arena)), *rest;
    for (char *word = strtok_r(folded, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        db_run(cx->db, &word_add, P(I(job->id), T(word)));
}

/* ------------------------------------------------------------------ changing */

static const struct sql job_change = {
    "job_change",
    "update job set title = $3, type = $4, description = $5, wanted_by = $6, promised_day = $7, "
    "promised_hour = $8, priority = $9, budget = $10, salesperson = $11, customer = $12, "
    "customer_name = $13, customer_phone = $14, customer_email = $15, customer_address = $16, "
    "customer_surname = coalesce($17, customer_surname), "
    "customer_digits = coalesce($18, customer_digits), location = $20, updated_at = $19, "
    "version = version + 1 "
    "where id = $1 and version = $2",
    NULL};

bool job_update(struct context *cx, const struct job *job, const char *surname,
                const char *digits) {
    return db_run(cx->db, &job_change,
                  P(I(job->id), I(job->version), T(job->title), T(job->type), T(job->description),
                    T(job->wanted_by), T(job->promised_day), I(job->promised_hour),
                    T(job->priority), I(job->budget), I(job->salesperson), I(job->customer),
                    T(job->customer_name), T(job->customer_phone), T(job->customer_email),
                    T(job->customer_address), T(surname), T(digits), I(cx->now),
                    I(job->location))) == 1;
}

static const struct sql job_placed = {
    "job_placed",
    "update job set stage = $3, status = $4, held_from = $5, stage_at = $6, ready_at = $7, "
    "closed_at = $8, salesperson = $9, updated_at = $10 where id = $1 and stage = $2",
    NULL};

bool job_place(struct context *cx, const struct job *job, const char *from) {
    return db_run(cx->db, &job_placed,
                  P(I(job->id), T(from), T(job->stage), T(job->status), T(job->held_from),
                    I(job->stage_at), I(job->ready_at), I(job->closed_at), I(job->salesperson),
                    I(cx->now))) == 1;
}

static const struct sql history_add = {
    "history_add",
    "insert into job_history (job, from_stage, stage, status, at, staff, staff_name, note, undoes, "
    "was_status, was_held_from, was_stage_at, was_ready_at, was_closed_at) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id",
    NULL};

int64_t history_insert(struct context *cx, const struct job *now, const struct job *was,
                       const char *note, int64_t undoes) {
    static const struct job nothing = {.stage_at = NONE, .ready_at = NONE, .closed_at = NONE};
    const struct job *before = was == NULL ? &nothing : was;
    return db_insert(cx->db, &history_add,
                     P(I(now->id), T(before->stage), T(now->stage), T(now->status), I(cx->now),
                       I(who(cx)), T(cx->actor->name), T(note), I(undoes), T(before->status),
                       T(before->held_from), I(before->stage_at), I(before->ready_at),
                       I(before->closed_at)));
}

static const struct sql job_new_status = {
    "job_new_status", "update job set status = $2, updated_at = $3 where id = $1", NULL};

void job_status_set(struct context *cx, int64_t id, const char *status) {
    db_run(cx->db, &job_new_status, P(I(id), T(status), I(cx->now)));
}

static const struct sql job_new_archived = {
    "job_new_archived", "update job set archived_at = $2, updated_at = $3 where id = $1", NULL};

void job_archived_set(struct context *cx, int64_t id, int64_t archived_at) {
    db_run(cx->db, &job_new_archived, P(I(id), I(archived_at), I(cx->now)));
}

/* ------------------------------------------------------------------ figures of other rooms */

static const struct sql promise_set = {
    "promise_set",
    "update job set promised_day = coalesce($2, promised_day), "
    "bench_day = coalesce($3, bench_day), updated_at = $4 where id = $1",
    NULL};
static const struct sql quoted_set = {
    "quoted_set", "update job set quoted = coalesce($2, quoted), updated_at = $3 where id = $1",
    NULL};
static const struct sql final_set = {
    "final_set", "update job set final = $2, updated_at = $3 where id = $1", NULL};
static const struct sql money_set = {
    "money_set",
    "update job set deposit = coalesce($2, deposit), paid = coalesce($3, paid), updated_at = $4 "
    "where id = $1",
    NULL};
static const struct sql job_touched = {"job_touched",
                                       "update job set updated_at = $2 where id = $1", NULL};

void job_set_promise(struct context *cx, int64_t id, const char *promised_day,
                     const char *bench_day) {
    db_run(cx->db, &promise_set, P(I(id), T(promised_day), T(bench_day), I(cx->now)));
    context_tell(cx, "job", id);
}

void job_set_quoted(struct context *cx, int64_t id, int64_t quoted) {
    db_run(cx->db, &quoted_set, P(I(id), I(quoted), I(cx->now)));
    context_tell(cx, "job", id);
}

void job_set_final(struct context *cx, int64_t id, int64_t final) {
    db_run(cx->db, &final_set, P(I(id), I(final), I(cx->now)));
    context_tell(cx, "job", id);
}

void job_set_money(struct context *cx, int64_t id, int64_t deposit, int64_t paid) {
    db_run(cx->db, &money_set, P(I(id), I(deposit), I(paid), I(cx->now)));
    context_tell(cx, "job", id);
}

void job_touch(struct context *cx, int64_t id) {
    db_run(cx->db, &job_touched, P(I(id), I(cx->now)));
    context_tell(cx, "job", id);
}

/* ------------------------------------------------------------------ comments */

static const struct sql comments_of = {
    "comments_of",
    "select id, at, staff, staff_name, text from job_comment where job = $1 order by id", NULL};

int64_t job_comments(struct context *cx, int64_t id, struct comment **rows) {
    return DB_RECORDS(cx->db, &comments_of, P(I(id)), &comment_record, rows);
}

static const struct sql comment_add = {
    "comment_add",
    "insert into job_comment (job, at, staff, staff_name, text) values ($1, $2, $3, $4, $5) "
    "returning id",
    NULL};
static const struct sql job_there = {"job_there", "select id from job where id = $1", NULL};

enum status job_comment(struct context *cx, int64_t id, const char *text, int64_t *comment) {
    if (db_int(cx->db, &job_there, P(I(id))) == NONE)
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (text_empty(text))
        return error_add(cx->errors, INVALID, "text", "required", "There is nothing in it yet.");
    *comment = db_insert(cx->db, &comment_add,
                         P(I(id), I(cx->now), I(who(cx)), T(cx->actor->name), T(text)));
    job_touch(cx, id);
    return OK;
}
