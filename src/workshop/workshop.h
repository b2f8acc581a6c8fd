/* The workshop: craftsmen with their crafts and hours, and the operations of jobs in their days. The
 * planning itself is pure: workshop/plan.h. */
#pragma once

#include "db/db.h"
#include "http/http.h"

struct craftsman {
    int64_t id, staff;
    const char *name;
    int64_t active, version, created_at;
};
extern const struct record craftsman_record;

struct operation {
    int64_t id, job, position;
    const char *craft, *name, *kind; /* "work", "vendor", "quality", "customer" */
    int64_t minutes, lead_days, craftsman, vendor, pinned;
    const char *craftsman_name, *vendor_name; /* joined */
    int64_t planned_start, planned_end;
    const char *state;               /* "planned", "started", "done", "failed", "skipped" */
    int64_t actual, started_at, ended_at, ended_by;
    const char *note;
};
extern const struct record operation_record;
int64_t operation_list(struct context *cx, int64_t job, struct operation **operations);

/* Plans the job's open operations forward from now (or when its materials arrive) into free hours and
 * stores them; sets the promised day (when the job has none, or `promise` is asked for) and the bench
 * day. Tentative while no quote is accepted. INVALID: a sentence naming the operation. */
enum status workshop_plan(struct context *cx, int64_t job, bool promise, const char **promised_day);
/* The same without storing anything: when could a piece of these operations be done? */
struct operation_plan;
enum status workshop_estimate(struct context *cx, const struct operation_plan *operations,
                              int64_t count, int64_t release, const char **promised_day);
/* At the bench. Finishing the last check moves the job to ready (when the shop has it so); a customer
 * check is finished by recording the approval, which moves it to setting. Event "operation.ended". */
enum status operation_start(struct context *cx, int64_t id);
enum status operation_end(struct context *cx, int64_t id, bool passed, int64_t actual,
                          const char *note);

extern const struct route workshop_routes[];
