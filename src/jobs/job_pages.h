/* What the pages of this folder are given. */
#pragma once

#include "accounts/account.h"
#include "customers/customer.h"
#include "jobs/job_file.h"
#include "jobs/job_list.h"

struct job_list_page {
    struct job_query query;
    struct job_found *rows;
    int64_t count;
    const char *next;
    const struct vocabulary *stages; /* of the kind that is asked for, or NULL */
    struct staff *staff;
    int64_t staff_count;
};

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
