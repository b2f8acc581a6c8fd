/* One change to many jobs.
 *
 * Each job is changed by the rules that one alone is changed by, and by itself: those that can be
 * are, and of each that cannot it is told why. What was done is kept for a day: one Undo takes it
 * back for every job that nobody has changed since; a move only within the minute that moves have.
 */
#pragma once

#include "jobs/job_list.h"

struct bulk_job {
    int64_t id;
};
struct job_bulk_wish {
    const char *action; /* salesperson, priority, promised, move, status, archive, restore; or, on a
                           page, label, bench_copy: then it leads to the print */
    struct bulk_job *jobs;
    int64_t job_count;
    int64_t all;       /* flag: all that fit `query` instead, at most BULK_MOST */
    const char *query; /* what stands behind "/jobs?" */
    int64_t salesperson;
    const char *priority, *promised_day, *stage, *status;
};
extern const struct record job_bulk_wish_record;
enum { BULK_MOST = 500 };

/* One job of it. */
struct bulk_row {
    int64_t job, number;
    const char *title, *fault; /* why it stayed as it was, or NULL */
};
struct job_bulk {
    int64_t id, staff, at, undone_at;
    const char *action, *value;
    int64_t done, failed;  /* jobs */
    struct bulk_row *rows; /* those that failed */
    int64_t row_count;
};
extern const struct record job_bulk_record;

/* INVALID: nothing chosen, too many, or nothing to set. */
enum status job_bulk_do(struct context *cx, const struct job_bulk_wish *wish, int64_t *id);
enum status job_bulk_undo(struct context *cx, int64_t id);
bool job_bulk_load(struct context *cx, int64_t id, struct job_bulk *bulk);
/* The jobs that a wish means, in order; INVALID: none, or more than `most`. */
enum status job_bulk_ids(struct context *cx, const struct job_bulk_wish *wish, int64_t most,
                         int64_t **ids, int64_t *count);

extern const struct route job_bulk_routes[];
