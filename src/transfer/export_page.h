/* The model of the page of exports: for this folder and its template. */
#pragma once

#include "transfer/transfer.h"

struct export_page {
    int64_t busy; /* flag: one is being made */
    struct export *exports;
    int64_t count;
};
