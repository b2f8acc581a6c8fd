/* The page that says why something did not work, where no form can be shown again. */
#pragma once

#include "view/view.h"

struct problem {
    int status;           /* 404 */
    const char *title;    /* "Not found" */
    const char *sentence; /* what happened and what to do */
    const char *back;     /* where to go: "/" */
};
