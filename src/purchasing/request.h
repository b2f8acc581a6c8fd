/* Requests to vendors from a job: composed, mailed, logged, answered.
 *
 * What happens to them is told by events, whose subject is the job:
 *
 *     vendor.requested  {"request","vendor","piece"}         the message is in the outbox; 1: the piece
 *                                                            goes to them with it
 *     vendor.answered   {"request","vendor","days"}          days null: not said
 *     vendor.cancelled  {"request","vendor"}                 its mail is withdrawn if it waits */
#pragma once

#include "db/db.h"
#include "http/http.h"
#include "work/work.h"

struct vendor_request {
    int64_t id, job, vendor;
    const char *vendor_name, *vendor_email, *subject, *body, *needed_by, *state;
    int64_t message, at, answer_price, answer_days;
    const char *answer_note;
    int64_t answered_at, version;
    int64_t job_number;        /* joined */
    const char *staff_name;    /* who asked */
    const char *message_state; /* what became of its mail: see message_fate() */
};
extern const struct record vendor_request_record;
extern const struct vocabulary request_states; /* sent, answered, cancelled */

bool vendor_request_load(struct context *cx, int64_t id, struct vendor_request *request);
/* Newest first. */
int64_t vendor_requests(struct context *cx, int64_t job, struct vendor_request **requests);
/* Those that wait for an answer over all jobs, oldest first, after this id. */
int64_t vendor_requests_open(struct context *cx, int64_t after, int64_t limit,
                             struct vendor_request **requests);

/* What is to be asked. */
struct request_draft {
    int64_t vendor;
    const char *subject, *body, *needed_by;
    int64_t piece; /* flag: the piece goes to the vendor with it */
};
extern const struct record request_draft_record;
/* A first text: what the job still lacks and this vendor supplies (`vendor` NONE: all of it), and
 * the work they take over. Nothing of the customer is in it, nor of prices. */
void request_compose(struct context *cx, int64_t job, int64_t vendor, struct request_draft *draft);
/* Puts the mail into the outbox and the job to AVQ. INVALID: the vendor has no e-mail address, or
 * is archived. */
enum status request_make(struct context *cx, int64_t job, const struct request_draft *draft,
                         int64_t *request);

struct request_answer {
    int64_t price, days;
    const char *note;
};
extern const struct record request_answer_record;
/* Writes the answer down, or corrects it. What was to be ordered from them is then ordered,
 * expected after these days; when nobody else is asked, the job goes on from AVQ to QN. */
enum status request_answer(struct context *cx, int64_t id, const struct request_answer *answer);
/* No answer is waited for any more, and the mail is withdrawn if it still waits; what has left, the
 * vendor has: request.message_state says which. CONFLICT: there is an answer. */
enum status request_cancel(struct context *cx, int64_t id);

extern const struct route request_routes[];
