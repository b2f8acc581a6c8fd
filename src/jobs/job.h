/* Jobs: one piece of work each, on a visit, moving through the stages of its kind.
 *
 * The rules of moving are in jobs/stage.h (pure); here they are applied to rows. Every change of a job
 * tells "job" news, so that open pages follow. */
#pragma once

#include "db/db.h"
#include "http/http.h"

struct job {
    int64_t id, number;
    const char *reference, *kind, *stage, *status, *held_from;
    int64_t visit, visit_position, customer;
    const char *customer_name, *customer_phone, *customer_email, *customer_address; /* snapshot */
    const char *title, *type, *description;
    int64_t salesperson;
    const char *wanted_by, *promised_day;
    int64_t promised_hour; /* minutes of the day */
    const char *bench_day, *priority;
    int64_t budget;
    const char *template;
    int64_t picture;       /* a job_file, or NONE */
    int64_t quoted, final, deposit, paid;
    int64_t stage_at, ready_at, closed_at, archived_at, version, created_at, updated_at;
};
extern const struct record job_record;

bool job_load(struct context *cx, int64_t id, struct job *job);

/* Taking in: a customer (an id, or a new one's name and contact), what is wanted. Makes the visit and
 * the job at its kind's first stage, appends event "job.created". */
struct intake {
    const char *kind;
    int64_t visit;    /* another piece of this visit, or NONE */
    int64_t customer;
    const char *customer_name, *customer_phone, *customer_email; /* when there is no id yet */
    const char *title, *type, *description, *template, *wanted_by, *priority;
    int64_t budget, salesperson;
    const char *source; /* "counter", "web", "api" */
};
extern const struct record intake_record;
enum status job_take_in(struct context *cx, const struct intake *intake, int64_t *job);

struct job_edit {
    const char *title, *type, *description, *wanted_by, *promised_day, *priority;
    int64_t promised_hour, budget, salesperson, customer, version;
};
extern const struct record job_edit_record;
enum status job_edit(struct context *cx, int64_t id, const struct job_edit *edit);

/* Moving: by compare-and-set from the stage that the mover saw. */
struct move {
    const char *from, *to, *note;
    const char *override; /* a manager's reason to hand over with a balance */
};
extern const struct record move_record;
struct moved {
    int64_t moved;        /* flag: 0 when another came first: nothing has happened */
    const char *stage, *status, *by; /* as it is now; who moved it there */
    int64_t history;      /* the row, for undo */
};
extern const struct record moved_record;
/* Appends history and event "job.entered" {"stage","from","history"}; sets the status on entry, ready_at,
 * closed_at. INVALID or CONFLICT with the rule that forbids it. */
enum status job_move(struct context *cx, int64_t id, const struct move *move, struct moved *moved);
/* One that the program does by itself: forward only, nothing when it is already there or later, held or
 * closed. `why` is the note. */
enum status job_advance(struct context *cx, int64_t id, const char *to, const char *why);
/* Within 60 s, the newest history row only; appends a row that undoes, and event "job.undone". */
enum status job_undo(struct context *cx, int64_t id, int64_t history);
enum status job_set_status(struct context *cx, int64_t id, const char *status);
enum status job_archive(struct context *cx, int64_t id, bool archived);
/* What other rooms keep on the job's row. NONE or NULL leaves a figure as it is. */
void job_set_promise(struct context *cx, int64_t id, const char *promised_day, const char *bench_day);
void job_set_quoted(struct context *cx, int64_t id, int64_t quoted);
void job_set_final(struct context *cx, int64_t id, int64_t final);
void job_set_money(struct context *cx, int64_t id, int64_t deposit, int64_t paid);
void job_touch(struct context *cx, int64_t id); /* updated_at and news */

struct history {
    int64_t id;
    const char *from_stage, *stage, *status;
    int64_t at;
    const char *staff_name, *note;
    int64_t undoes;
    int64_t undone; /* flag: a later row takes it back */
};
extern const struct record history_record;
int64_t job_history(struct context *cx, int64_t id, struct history **rows);

struct comment {
    int64_t id, at, staff;
    const char *staff_name, *text;
};
extern const struct record comment_record;
int64_t job_comments(struct context *cx, int64_t id, struct comment **rows);

struct job_file {
    int64_t id, job;
    const char *file, *kind, *mime, *name, *caption, *stage;
    int64_t position, shared, width, height, length, at;
};
extern const struct record job_file_record;
int64_t job_files(struct context *cx, int64_t id, struct job_file **rows);

extern const struct route job_routes[];
