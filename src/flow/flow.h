/* The order's flow: the seven steps of a custom order as nodes that run, wait, decide or fail.
 *
 *     request → specification → materials → price → schedule → inform → complete
 *                                  ├ in_stock: plan at once
 *                                  └ to_source: ask the vendors
 *
 * A node looks at how the order stands, does what is not done yet and can be done without a person,
 * and says what came of it; running it again does nothing twice. Events of the rooms below run the
 * nodes they concern; a person may run any of them by hand. Each change of a node's state is a run,
 * kept. */
#pragma once

#include "db/db.h"
#include "http/http.h"
#include "work/work.h"

struct flow_step {
    const char *node, *label;
    const char *state;    /* "waiting", "done", "failed", "skipped"; NULL: has not run */
    const char *outcome;  /* which way a decision went: "in_stock", "to_source" */
    const char *detail;   /* what came of it, or why it failed, a sentence */
    const char *waits_on; /* "staff", "customer", "vendor", "bench" */
    int64_t runs, at;
    const char *staff_name;
};
extern const struct record flow_step_record;
int64_t flow_steps(struct context *cx, int64_t job, struct flow_step **steps); /* all nodes */
/* What came of a node as the actor may read it: NULL where it tells prices they may not see. */
const char *flow_detail(struct context *cx, const char *node, const char *detail);

/* Runs a node. A failure is recorded, with its sentence, and is no failure of the call. MISSING: no
 * such job or node; CONFLICT: only orders have a flow. */
enum status flow_run(struct context *cx, int64_t job, const char *node);

extern const struct reaction flow_reactions[];
extern const struct route flow_routes[];
