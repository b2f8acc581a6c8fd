/* The order's flow: the seven steps of a custom order as nodes that run, wait, decide or fail. */
#pragma once

#include "db/db.h"
#include "http/http.h"
#include "work/work.h"

/* In order: request, specification, materials, price, schedule, inform, complete. */
struct flow_step {
    const char *node, *state, *outcome, *detail, *waits_on;
    int64_t runs, at;
    const char *staff_name;
};
extern const struct record flow_step_record;
int64_t flow_steps(struct context *cx, int64_t job, struct flow_step **steps); /* all nodes */
/* Runs a node again: does what is not done yet and nothing twice; records the run. */
enum status flow_run(struct context *cx, int64_t job, const char *node);

extern const struct reaction flow_reactions[];
extern const struct route flow_routes[];
