/* The models of this room's pages. */
#pragma once

#include "tracking/tracking.h"

struct find {
    const char *reference, *proof; /* surname, or last four digits of the phone */
};
struct find_page {
    struct form form;
};
struct renewed {
    const char *link;
};
struct enquiry {
    const char *name, *phone, *email, *type, *description, *wanted_by;
    int64_t budget;
    const char *website; /* left empty by people: robots fill it in */
};
struct enquiry_page {
    struct form form;
    int64_t open; /* flag */
};
struct thanks_page {
    const char *reference, *link;
};
