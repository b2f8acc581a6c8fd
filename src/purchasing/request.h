/* Requests to vendors from a job: composed, mailed, logged, answered. */
#pragma once

#include "db/db.h"
#include "http/http.h"

struct vendor_request {
    int64_t id, job, vendor;
    const char *vendor_name, *vendor_email, *subject, *body, *needed_by, *state;
    int64_t message, at, answer_price, answer_days;
    const char *answer_note;
    int64_t answered_at, version;
};
extern const struct record vendor_request_record;
int64_t vendor_requests(struct context *cx, int64_t job, struct vendor_request **requests);

extern const struct route request_routes[];
