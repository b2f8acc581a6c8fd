/* The models of this room's pages. */
#pragma once

#include "accounts/account.h"
#include "jobs/job.h"
#include "vendors/vendor.h"
#include "workshop/workshop.h"

/* A job's operations, and how they are edited. */
struct operations_page {
    struct job job;
    struct operation *operations;
    int64_t count;
    const char *promised_day, *bench_day;
    int64_t tentative;     /* flag: no quote is accepted */
    int64_t minutes, done; /* planned in all; of what is done */
    struct form form;
    struct operation_edit *edits; /* a row for each, as it is */
    const struct vocabulary *craftsmen, *vendors;
};

/* What is on somebody's bench. */
struct agenda_entry {
    int64_t id, job, number;
    const char *name, *craft, *kind, *state, *title, *stage, *promised_day, *priority;
    int64_t minutes, planned_start, planned_end, tentative;
    const char *day; /* the day it begins on, in the shop */
};
struct agenda_lane {
    int64_t craftsman; /* NONE: vendors and customers */
    const char *name;
    int64_t own; /* flag: of who is looking */
    struct agenda_entry *entries;
    int64_t count, minutes;
};
struct agenda {
    const char *from, *to, *before, *after; /* days; before and after: of the neighbouring weeks */
    struct agenda_lane *lanes;
    int64_t lane_count, entry_count;
    struct agenda_entry *unplanned;
    int64_t unplanned_count;
};

struct craftsmen_page {
    struct craftsman *craftsmen;
    int64_t count;
};

struct craftsman_page {
    struct craftsman *craftsman;
    struct form form;
    const struct vocabulary *staff;
};

const char *bench_weekday(int64_t weekday);
const char *clock_words(struct view *v, int64_t instant); /* "10:30" */
/* "Tue 24 Nov, 10:30", or from day to day when it lasts longer. */
const char *slot_words(struct view *v, int64_t start, int64_t end);
