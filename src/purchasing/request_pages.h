/* The models of this room's pages. */
#pragma once

#include "jobs/job.h"
#include "purchasing/request.h"
#include "quotes/making.h"
#include "vendors/vendor.h"

struct job_requests {
    struct vendor_request *requests;
    int64_t count;
    struct request_draft *draft; /* what would be asked */
    struct material *lacking;
    int64_t lacking_count;
    struct job job;
    struct vocabulary vendors; /* who may be asked: those with an address */
    int64_t answering;         /* the id whose answer was refused; NONE */
    struct form form, answer_form;
};
struct open_requests {
    struct vendor_request *requests;
    int64_t count;
    const char *next;
};
/* Of a cancelled request: whether the vendor has it all the same. */
const char *request_mail_sentence(struct view *v, const struct vendor_request *request);
