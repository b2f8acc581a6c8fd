/* Links to a customer's own page: a 128-bit token each, stored hashed, revocable. */
#pragma once

#include "db/db.h"

/* A new link to this job's page, as a path: "/track/3f2a…". In a closure. */
const char *tracking_link_new(struct context *cx, int64_t job);
/* The job that an unrevoked token opens; NONE: none. */
int64_t tracking_link_job(struct context *cx, const char *token);
/* All links of the job stop working. */
void tracking_links_revoke(struct context *cx, int64_t job);
