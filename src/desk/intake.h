/* Taking a job in at the counter: who, what, and at once what it will cost and when it can be done.
 */
#pragma once

#include "customers/customer.h"
#include "jobs/job.h"
#include "quotes/making.h"

struct intake_page {
    const char *kind;
    struct form form;         /* of intake_record */
    struct form choices_form; /* of template_choices_record */
    const struct intake *intake;
    struct customer customer; /* the one that was chosen */
    bool has_customer;
    struct vocabulary staff, locations, templates; /* of what is made, or the usual work */
    bool has_locations;                            /* there are several to choose from */
    struct estimate_page *estimate;                /* what the choices come to, or NULL */
    int64_t visit_number;
};
struct estimate_page {
    struct estimate estimate;
    bool good;            /* the choices make a piece */
    const char *sentence; /* else what is missing */
    int64_t budget;
    const char *wanted_by;
};

extern const struct route intake_routes[];
