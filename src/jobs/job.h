/* Jobs: one piece of work each, on a visit, moving through the stages of its kind.
 *
 * The rules of moving are in jobs/stage.h (pure); here they are applied to rows. Every change of a
 * job tells "job" news, so that open pages follow.
 *
 * What happens to a job is told by events, for the rooms above:
 *
 *     job.created   {"kind","source"}          taken in
 *     job.entered   {"stage","from","history"} came to a stage
 *     job.undone    {"history"}                that row was taken back
 *     job.edited    {"promised"}               1 when a person promised another day */
#pragma once

#include "db/db.h"
#include "http/http.h"
#include "jobs/stage.h"
#include "work/work.h"

struct job {
    int64_t id, number;
    const char *reference, *kind, *stage, *status, *held_from;
    int64_t visit, visit_position, customer;
    const char *customer_name, *customer_phone, *customer_email, *customer_address; /* snapshot */
    const char *title, *type, *description;
    int64_t salesperson;
    const char *salesperson_name;
    int64_t location; /* where it was taken in, and is handed over */
    const char *location_name;
    const char *wanted_by, *promised_day;
    int64_t promised_hour; /* minutes of the day */
    const char *bench_day, *priority;
    int64_t budget;
    const char *template;
    int64_t picture; /* a job_file, or NONE */
    int64_t place;   /* where the envelope is: custody/custody.h; NONE: nowhere yet */
    const char *place_name;
    int64_t quoted, final, deposit, paid;
    int64_t stage_at, ready_at, closed_at, archived_at, version, created_at, updated_at;
    /* reckoned when it is loaded */
    int64_t progress; /* percent */
    int64_t balance;  /* final (else quoted, else 0) less what was paid */
    const char *ageing;
    int64_t due_soon; /* the shop's days, for the ageing */
};
extern const struct record job_record;
extern const struct vocabulary job_priorities;

bool job_load(struct context *cx, int64_t id, struct job *job);
/* For a handler: 404 "unknown_job" when there is none. */
bool job_load_for(struct request *r, int64_t id, struct job *job);
/* What the actor may not see becomes absent: prices, and the customer's contact. For answers; rules
 * read the whole. */
void job_hide(const struct actor *actor, struct job *job);
/* The days the ageing is reckoned with: of `job` (its due_soon set) in this zone at this instant.
 */
enum ageing job_ageing_at(const struct job *job, const struct zone *zone, int64_t now);
const char *job_number_text(const struct context *cx, int64_t number); /* "#000123" */

/* Taking in: a customer (an id, or a new one's name and contact), what is wanted. Makes the visit
 * and the job at its kind's first stage, appends event "job.created". */
struct intake {
    const char *kind;
    int64_t visit; /* another piece of this visit, or NONE */
    int64_t customer;
    const char *customer_name, *customer_phone, *customer_email; /* when there is no id yet */
    const char *title, *type, *description, *template, *wanted_by, *priority;
    int64_t budget, salesperson;
    int64_t location;   /* NONE: where who takes it in works */
    const char *source; /* "counter", "web", "api" */
};
extern const struct record intake_record;
enum status job_take_in(struct context *cx, const struct intake *intake, int64_t *id);

struct job_edit {
    const char *title, *type, *description, *wanted_by, *promised_day, *priority;
    int64_t promised_hour, budget, salesperson, customer, version;
    int64_t location; /* NONE: stays */
};
extern const struct record job_edit_record;
struct job_edit job_edit_of(const struct job *job); /* as it is: to be changed and given back */
enum status job_edit(struct context *cx, int64_t id, const struct job_edit *edit);

/* Moving: by compare-and-set from the stage that the mover saw. */
struct move {
    const char *from, *to, *note;
    const char *override; /* a manager's reason to hand over with a balance */
};
extern const struct record move_record;
struct moved {
    int64_t moved;                   /* flag: 0 when another came first: nothing has happened */
    const char *stage, *status, *by; /* as it is now; who moved it there */
    int64_t history;                 /* the row, for undo */
    const char *message;             /* "Moved to Setting." */
    const char *undo; /* a POST there takes it back; NULL when nothing has happened */
};
extern const struct record moved_record;
/* Appends history and event "job.entered" {"stage","from","history"}; sets the status on entry,
 * ready_at, closed_at. INVALID or CONFLICT with the rule that forbids it. */
enum status job_move(struct context *cx, int64_t id, const struct move *move, struct moved *moved);
/* One that the program does by itself: forward only, nothing when it is already there or later,
 * held or closed. `why` is the note. */
enum status job_advance(struct context *cx, int64_t id, const char *to, const char *why);
/* Within 60 s, the newest history row only; appends a row that undoes, and event "job.undone". */
enum status job_undo(struct context *cx, int64_t id, int64_t history);
enum status job_set_status(struct context *cx, int64_t id, const char *status);
enum status job_archive(struct context *cx, int64_t id, bool archived);
/* What other rooms keep on the job's row. NONE or NULL leaves a figure as it is. */
void job_set_promise(struct context *cx, int64_t id, const char *promised_day,
                     const char *bench_day);
void job_set_quoted(struct context *cx, int64_t id, int64_t quoted);
void job_set_final(struct context *cx, int64_t id, int64_t final); /* NONE: none any more */
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

/* A comment of whoever acts. */
enum status job_comment(struct context *cx, int64_t id, const char *text, int64_t *comment);
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
extern const struct vocabulary job_file_kinds; /* inspiration, vendor_drawing, cad, … */
int64_t job_files(struct context *cx, int64_t id, struct job_file **rows);
bool job_file_load(struct context *cx, int64_t job, int64_t id, struct job_file *file);
/* A picture can be shown in a page and be the job's own; anything else is a document. */
bool job_file_is_picture(const struct job_file *file);

/* Files that came with a request: looked at, cleaned and kept, before the write; each gets `kind`.
 * On a refusal nothing is kept and the fault stands at the upload's field. At most `most` files. */
enum status job_files_take(struct request *r, const char *kind, int64_t most,
                           struct job_file **files, int64_t *count);
/* Writes their rows, in the closure. The first picture becomes the job's own when it has none. */
enum status job_files_add(struct context *cx, int64_t id, struct job_file *files, int64_t count);
/* Removes the bytes again: when the write failed, or was a repeat that wrote nothing. */
void job_files_drop(struct request *r, const struct job_file *files, int64_t count);

/* Finding by what is typed or scanned. A number ("#000123", "123") or a reference is one job: its
 * id, else NONE. */
int64_t job_by_code(struct context *cx, const char *typed);
struct job_found {
    int64_t id, number;
    const char *reference, *kind, *stage, *status, *held_from, *type, *title, *customer_name;
    const char *promised_day, *bench_day, *priority;
    int64_t salesperson;
    const char *salesperson_name;
    int64_t location;
    const char *location_name;
    int64_t picture, quoted, final, deposit, paid;
    int64_t created_at, ready_at, stage_at, closed_at, archived_at;
    const char *place_name; /* where the envelope is */
    /* reckoned by job_found_finish() */
    int64_t balance, progress;
    const char *ageing;
    const char *sort_key; /* its place in the order of the list it was read for */
};
extern const struct record job_found_record;
/* Balance, progress and ageing from the columns; hides the prices from who may not see them. */
void job_found_finish(struct context *cx, struct job_found *found, int64_t due_soon);
int64_t due_soon_days(struct context *cx); /* as the shop has set it */
/* Every word typed begins a word of the title or of the customer's name; newest first. A number or
 * a reference is that one job. The cost is bounded, however many fit and however many jobs there
 * are: what few have is found whole; what many have, among the newest jobs first. `next` (may be
 * NULL) is NONE when that was all, else the id to go on with as `before` (NONE: from the newest).
 */
int64_t job_find(struct context *cx, const char *typed, int64_t limit, struct job_found **found);
int64_t job_find_before(struct context *cx, const char *typed, int64_t before, int64_t limit,
                        struct job_found **found, int64_t *next);
/* The jobs of a customer, newest first. */
int64_t job_find_of_customer(struct context *cx, int64_t customer, int64_t limit,
                             struct job_found **found);
/* The newest jobs of all. */
int64_t job_find_newest(struct context *cx, int64_t limit, struct job_found **found);

extern const struct route job_routes[], job_list_routes[];
extern const struct route job_file_routes[];
extern const struct reaction job_reactions[];
