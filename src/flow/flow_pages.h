/* The models of this room's pages. */
#pragma once

#include "flow/flow.h"
#include "jobs/job.h"

struct flow_past {
    const char *node, *state, *outcome, *detail, *staff_name;
    int64_t at;
};
struct flow_page {
    struct flow_step *steps;
    int64_t count;
    struct flow_past *runs; /* newest first */
    int64_t run_count;
    struct job job;
};
struct flow_count {
    const char *node, *label;
    int64_t done, waiting, failed, skipped;
    int64_t in_stock, to_source;
};
struct flow_counts {
    struct flow_count *rows;
    int64_t count;
    struct job_found *stuck; /* orders with a failed step */
    int64_t stuck_count;
};
