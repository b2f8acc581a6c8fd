/* Changing and taking out a job's files. For this folder. */
#pragma once

#include "jobs/job.h"

struct file_change {
    const char *kind, *caption, *stage;
    int64_t position, shared;
};
extern const struct record file_change_record;

enum status job_file_change(struct context *cx, int64_t job, int64_t id,
                            const struct file_change *change);
enum status job_picture_choose(struct context *cx, int64_t job, int64_t id);
/* Out of sight at once, the bytes a minute later; until then it comes back. Idempotent. */
enum status job_file_remove(struct context *cx, int64_t job, int64_t id, bool removed);
/* INVALID "unknown_stage", which names the valid ones. */
enum status stage_known(struct context *cx, const char *kind, const char *field, const char *stage);
