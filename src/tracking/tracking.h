/* The customer's side, public and phone first: following a piece by its reference or a link, and
 * the enquiry. Shows what was meant for the customer and nothing else: no numbers of rows, no staff
 * notes, no vendors, no costs. */
#pragma once

#include "http/http.h"
#include "jobs/job.h"

struct track_step {
    const char *words; /* "Your stones are chosen" */
    const char *day;   /* when it was reached, in words, or NULL */
    int64_t done, now; /* flags */
};
struct track_picture {
    const char *url, *caption;
    int64_t id, width, height;
};
struct track {
    const char *reference, *title, *type, *first_name;
    const char *sentence;     /* where the piece is, in the shop's voice */
    const char *stage_code;   /* not shown */
    int64_t progress;         /* percent */
    const char *promised_day; /* in words, or NULL */
    const char *next;         /* the next milestone, or NULL */
    int64_t ready, closed;    /* flags */
    const char *appointment;  /* day and time in words, or NULL */
    const char *shop_phone, *shop_email, *shop_address;
    struct track_step *steps;
    int64_t step_count;
    struct track_picture *pictures;
    int64_t picture_count;
};
extern const struct record track_record;

/* The customer's view of a job; `base` is the page's own path, which its pictures are below. */
bool track_load(struct context *cx, int64_t job, const char *base, struct track *track);

extern const struct route tracking_routes[];
extern const struct route enquiry_routes[];
