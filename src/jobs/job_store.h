/* The rows of jobs: statements only, no rules. For this folder. */
#pragma once

#include "jobs/job.h"

/* A visit's customer, and how many jobs it has. False: no such visit. */
bool visit_read(struct context *cx, int64_t id, int64_t *customer, int64_t *jobs);
int64_t visit_insert(struct context *cx, int64_t number, int64_t customer, const char *source);

/* Writes the new job, gives it its id and a reference nobody has. `surname` and `digits` are what
 * the tracking page asks for. False: failed. */
bool job_insert(struct context *cx, struct job *job, const char *surname, const char *digits);
/* The fields that people edit, when the version is still the one of `job`. */
bool job_update(struct context *cx, const struct job *job, const char *surname, const char *digits);
/* Stage, status, what hangs on them, and the salesperson; only while the job stands at `from`. */
bool job_place(struct context *cx, const struct job *job, const char *from);
void job_status_set(struct context *cx, int64_t id, const char *status);
void job_archived_set(struct context *cx, int64_t id, int64_t archived_at);
/* The words by which it is found: of title and customer's name. */
void job_words_set(struct context *cx, const struct job *job, bool is_new);

/* One entry into `now`'s stage; `was` is the job before it, NULL at its beginning. */
int64_t history_insert(struct context *cx, const struct job *now, const struct job *was,
                       const char *note, int64_t undoes);
/* The newest row of a job, with what the job was before it. */
struct entry {
    int64_t id, at, undoes;
    const char *from_stage, *stage, *staff_name;
    const char *was_status, *was_held_from;
    int64_t was_stage_at, was_ready_at, was_closed_at;
};
bool history_newest(struct context *cx, int64_t job, struct entry *entry);
