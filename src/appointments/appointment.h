/* Appointments: when a customer comes for a consultation or to collect. */
#pragma once

#include "http/http.h"

struct appointment {
    int64_t id, job;
    const char *kind; /* "pickup", "consultation" */
    int64_t at, minutes;
    const char *note, *state; /* "booked", "done", "cancelled" */
    int64_t staff, created_at, version;
};
extern const struct record appointment_record;
extern const struct vocabulary appointment_kinds;

/* Of a job, the next first; cancelled ones are left out. */
int64_t appointment_list(struct context *cx, int64_t job, struct appointment **rows);
/* In the future, on a day the shop is open (INVALID names the hours otherwise). Another of the same
 * kind is moved instead of doubled. The customer is told (message "appointment"). */
enum status appointment_book(struct context *cx, const struct appointment *wish, int64_t *id);
enum status appointment_cancel(struct context *cx, int64_t id);

extern const struct route appointment_routes[];
