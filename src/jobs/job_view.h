/* Views: lists of jobs that people keep under a name, for themselves or for the shop.
 *
 * A view is the query behind "/jobs?": filters, order and columns. Its maker may change it, and a
 * shared one also who may change the shop's settings. Removing only hides it, so that it can be
 * brought back. Each person says which of the views they see are pinned above the list (all, until
 * they say otherwise) and with which one the list begins. */
#pragma once

#include "jobs/job_list.h"

struct job_view {
    int64_t id, staff;
    const char *staff_name; /* who made it */
    const char *name;       /* at most 60 characters; once among the views a person has */
    const char *query;      /* as it was kept */
    int64_t shared;         /* flag */
    int64_t removed_at, version, created_at;
    int64_t unpinned, first; /* flags, of the actor */
    /* reckoned for the actor */
    const char *url; /* "/jobs?kind=repair&view=3" */
    int64_t change;  /* flag: may be changed by the actor */
};
extern const struct record job_view_record;

/* What the actor sees: their own and the shop's, as they were made. */
int64_t job_views(struct context *cx, struct job_view **views);
/* One of them, removed or not. MISSING: none that the actor sees. */
enum status job_view_load(struct context *cx, int64_t id, struct job_view *view);
/* The address with which the actor's list begins; NULL: the plain list. */
const char *job_view_first(struct context *cx);

/* Makes one (`id` NONE) or changes it; a NULL query or name stays as it is. */
enum status job_view_save(struct context *cx, const struct job_view *wish, int64_t *id);
enum status job_view_remove(struct context *cx, int64_t id, bool removed);
/* NONE leaves a flag as it is. Another one ceases to be the first. */
enum status job_view_choose(struct context *cx, int64_t id, int64_t unpinned, int64_t first);

extern const struct route job_view_routes[];
