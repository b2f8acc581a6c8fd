/* The models of this room's pages. */
#pragma once

#include "vendors/vendor.h"

struct vendor_query {
    const char *after;
    int64_t after_id, archived;
};
struct vendor_rows {
    struct vendor *rows;
    int64_t count;
    const char *next;
    struct vendor_query query;
};
struct vendor_form {
    struct vendor vendor; /* the JSON is the first member alone */
    struct form form;
};

const char *vendor_does(struct view *v, const struct vendor *vendor); /* "Casting, gold" */
