/* Many jobs at once: the list by promised day, and what a search finds. For this folder. */
#pragma once

#include "jobs/job.h"

struct job_query {
    const char *kind, *stage, *status;
    int64_t salesperson;
    const char *q;
    int64_t late;  /* flag: promised before today, and not ready */
    int64_t shelf; /* flag: ready and waiting longer than AGEING_SHELF_DAYS */
    int64_t closed, archived; /* flags: these instead of the open ones */
    const char *after; /* the key of the last row of the page before */
    int64_t after_id;
};
extern const struct record job_query_record;

/* A page of them, one row more than `limit` when there is a next one. */
int64_t job_list(struct context *cx, const struct job_query *query, int64_t limit,
                 struct job_found **found);
