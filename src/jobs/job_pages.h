/* What the pages of this folder are given. */
#pragma once

#include "accounts/account.h"
#include "customers/customer.h"
#include "jobs/job_file.h"
#include "jobs/job_list.h"
#include "jobs/job_view.h"

struct job_list_page {
    struct job_list list; /* stands first: what is JSON of it */
    struct job_query query;
    struct vocabulary locations;
    bool has_locations;
    const struct job_column *columns[COLUMNS];
    int64_t column_count;
    struct staff *staff;
    int64_t staff_count;
    struct job_view *views;
    int64_t view_count;
    const struct job_view *view; /* the one this began as, or NULL */
};
struct job_views_page {
    struct job_view *views;
    int64_t count;
    struct form form;
};

/* A filter that is on, with the address without it. */
struct list_chip {
    const char *label, *url;
};
int64_t job_chips(struct view *v, const struct job_query *query, const char *path,
                  const struct staff *staff, int64_t staff_count,
                  const struct vocabulary *locations, struct list_chip **chips);
/* Ready-made views and pinned ones. */
struct list_tab {
    const char *label, *url;
    bool current;
};
int64_t list_tabs(struct view *v, const struct job_list_page *page, struct list_tab **tabs);
/* The address of the same list with one thing changed. */
const char *list_sorted_url(struct view *v, const struct job_list_page *page,
                            const struct job_column *column);
enum column_change { COLUMN_ADD, COLUMN_DROP, COLUMN_EARLIER, COLUMN_LATER };
const char *list_columns_url(struct view *v, const struct job_list_page *page,
                             const struct job_column *column, enum column_change change);
/* The same as it is, at another path; without the columns being chosen. */
const char *list_url(struct view *v, const struct job_list_page *page, const char *path);
const char *list_kind_url(struct view *v, const struct job_list_page *page, const char *kind);
const char *list_edit_url(struct view *v, const struct job_list_page *page, bool edit);
/* "ascending", "descending", or NULL */
const char *list_order_of(const struct job_list_page *page, const struct job_column *column);
bool list_column_on(const struct job_list_page *page, const struct job_column *column);
/* What would be kept as a view: the query without the view's id. */
const char *list_query_text(struct view *v, const struct job_list_page *page);
/* Whether what is shown differs from the view it began as. */
bool list_view_changed(struct view *v, const struct job_list_page *page);
/* The statuses that a person may set. */
const struct vocabulary *list_statuses(struct view *v);
const char *list_matches(struct view *v, const struct job_list *list); /* "37 jobs", "200+ jobs" */

struct job_form {
    const struct job *job;
    struct form form;
    const char *customer_words; /* the customer's name, or what was typed there */
    struct staff *staff;
    int64_t staff_count;
    struct vocabulary locations;
    bool has_locations; /* there are several to choose from */
};

/* A place to which a job may go from where it is. */
struct move_choice {
    const struct stage *stage;
    bool back, chosen;
};
struct move_page {
    const struct job *job;
    struct form form;
    struct move_choice *choices;
    int64_t choice_count;
    bool may_override;
};

struct files_page {
    const struct job *job;
    struct job_file *files;
    int64_t file_count;
    const struct vocabulary *stages;
};

struct talk_page {
    const struct job *job;
    struct history *history;
    int64_t history_count;
    struct comment *comments;
    int64_t comment_count;
    struct form form;
};

const struct vocabulary *stages_words(const char *kind); /* NULL: no such kind */
const char *stage_label(const char *kind, const char *code);
const char *status_label(const char *code);
/* "/jobs/12/files/3?size=96", or NULL without a picture. */
const char *picture_url(struct view *v, int64_t job, int64_t picture, const char *size);
/* "Promised", "Overdue", "17 days on the shelf": what stands at a job's date. */
const char *promise_words(struct view *v, const struct job_found *job);
/* The class of that date: "soon", "late", or "". */
const char *promise_class(const struct job_found *job);
/* The staff to choose a salesperson from; one who is gone stays where she is chosen. */
const struct vocabulary *staff_words(struct view *v, const struct job_form *page);
