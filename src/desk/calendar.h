/* The calendar: what was promised for which day, and who comes; by month, week or day. */
#pragma once

#include "http/http.h"
#include "jobs/job.h"

struct calendar_query {
    const char *look; /* "month" (also NULL), "week", "day", "agenda": the coming four weeks */
    const char *day;  /* a day in it; NULL: today */
    const char *kind;
    int64_t salesperson, location;
};

struct calendar_visit {
    int64_t id, job, number;
    const char *kind, *title, *customer_name, *job_kind;
    int64_t at, minutes;
    const char *time; /* "10:30" in the shop's zone */
};

struct calendar_day {
    const char *day;
    int64_t today, outside, closed; /* flags: outside of the month; the shop is closed */
    const char *reason;             /* of a closure, or NULL */
    struct job_found *jobs;         /* promised for that day and not handed over yet */
    int64_t job_count;
    struct calendar_visit *visits;
    int64_t visit_count;
};

struct calendar {
    struct calendar_query query;
    const char *look, *day, *from, *to;
    const char *previous, *next; /* days to look at then */
    struct calendar_day *days;
    int64_t day_count;
    int64_t total; /* jobs and visits shown */
    struct staff *staff;
    int64_t staff_count;
    struct vocabulary locations;
    bool has_locations;
};

/* Entries of a day that a look shows; the rest is a link to the day. */
int64_t calendar_shown(const struct calendar *calendar);
const char *calendar_title(struct view *v, const struct calendar *calendar);
const char *calendar_url(struct view *v, const struct calendar *calendar, const char *look,
                         const char *day);
/* The day so many days later. */
const char *calendar_later(struct view *v, const char *day, int64_t days);
const char *calendar_date(struct view *v, const char *day); /* "24", or "1 Dec" */

extern const struct route calendar_routes[];
