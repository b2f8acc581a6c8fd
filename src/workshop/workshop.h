/* The workshop: craftsmen with their crafts and hours, and the operations of jobs in their days.
 * The planning itself is pure: workshop/plan.h.
 *
 * What happens at the bench is told by events, subject the job:
 *
 *     operation.started {"operation","kind"}
 *     operation.ended   {"operation","kind","craft","passed"}   passed: 1 or 0
 */
#pragma once

#include "db/db.h"
#include "design/spec.h"
#include "http/http.h"
#include "work/work.h"

/* ------------------------------------------------------------------ who works here */

struct craftsman_craft {
    const char *craft; /* code of `crafts` */
    int64_t speed;     /* percent: 100 is as the minutes say, 200 twice as fast */
};
/* A stretch of work; a break is the gap between two of a day. */
struct craftsman_hours {
    int64_t weekday, starts, ends; /* 0 Monday; minutes of the day */
};
struct absence {
    int64_t id;
    const char *from_day, *to_day, *reason; /* both days included */
};
struct craftsman {
    int64_t id, staff; /* staff: who signs in as this craftsman, or NONE */
    const char *name;
    int64_t active, version, created_at;
    struct craftsman_craft *crafts;
    int64_t craft_count;
    struct craftsman_hours *hours; /* none: the shop's opening hours */
    int64_t hour_count;
    struct absence *absences; /* from today on, when it is loaded */
    int64_t absence_count;
};
extern const struct record craftsman_record, craftsman_craft_record, craftsman_hours_record,
    absence_record;
bool craftsman_load(struct context *cx, int64_t id, struct craftsman *craftsman);
/* By name, with crafts, hours and absences. */
int64_t craftsman_list(struct context *cx, bool active_only, struct craftsman **craftsmen);
/* Saves the row and what belongs to it; absences that are over stay. `version` must be the one that
 * was read (a new one has no id). */
enum status craftsman_save(struct context *cx, struct craftsman *craftsman);
/* The craftsman that this person of the staff is; NONE: none. */
int64_t craftsman_of_staff(struct context *cx, int64_t staff);

/* ------------------------------------------------------------------ operations */

struct operation {
    int64_t id, job, position;
    const char *craft, *name, *kind; /* "work", "vendor", "quality", "customer" */
    int64_t minutes, lead_days, craftsman, vendor, pinned;
    const char *craftsman_name, *vendor_name; /* joined */
    int64_t cost;                             /* vendor: what they ask for it; NONE: not known */
    const char *after; /* positions that must be done first, "3 5"; NULL: none */
    int64_t planned_start, planned_end;
    const char *state; /* "planned", "started", "done", "failed", "skipped" */
    int64_t actual, started_at, ended_at, ended_by;
    const char *note;
    int64_t version;
};
extern const struct record operation_record;
extern const struct vocabulary operation_states;
bool operation_load(struct context *cx, int64_t id, struct operation *operation);
/* In their order. */
int64_t operation_list(struct context *cx, int64_t job, struct operation **operations);
/* Stands still to be done, or to be done again? */
bool operation_is_open(const struct operation *operation);

/* Writes the first operations of a job, or those that stand instead of all it has. CONFLICT when
 * something has been begun already. Vendors are found by craft. */
enum status operation_generate(struct context *cx, int64_t job,
                               const struct operation_plan *operations, int64_t count);

/* A row as it is edited. What has been begun keeps its craft, kind and name, and stays. */
struct operation_edit {
    int64_t id;       /* NONE: a new one */
    int64_t position; /* where it stands; NONE: after the row before it */
    const char *craft, *kind, *name;
    int64_t minutes, lead_days, cost, vendor;
    int64_t craftsman; /* who must do it; NONE: whoever can first */
    const char *after; /* positions in the new order, "3 5"; NULL: as it was */
    int64_t remove;    /* flag */
    int64_t version;   /* of the row as it was read; NONE: not checked */
};
extern const struct record operation_edit_record;
/* Changes, adds, removes and orders a job's operations. Of one that is there already, a craft,
 * kind, name or figure that is absent stays; vendor, craftsman and cost go. Rows that are not named
 * stay as they are, behind those that are. What each waits for stays as it was: who waited for a
 * removed one waits for what that one waited for, a new one comes between the one before it and
 * those behind; when the order of old ones is changed, each waits for the one before. */
enum status operation_save_all(struct context *cx, int64_t job, const struct operation_edit *edits,
                               int64_t count);
/* What a vendor asks for an operation that waits for them, and how many days they take; NONE leaves
 * either. For answers to requests. */
void operation_set_vendor(struct context *cx, int64_t job, int64_t vendor, int64_t cost,
                          int64_t lead_days);

/* At the bench. Starting names who does it. Ending a customer check is recording the approval,
 * which moves the job to setting; ending the last check, when no other is open, moves it to ready,
 * and what was not recorded before it counts as skipped (both when the shop has it so). A check
 * that is not passed stays to be done again, its note says why, and the job stays where it is.
 * CONFLICT: it has ended already, or the job is closed or held. */
enum status operation_start(struct context *cx, int64_t id);
enum status operation_end(struct context *cx, int64_t id, bool passed, int64_t actual,
                          const char *note);

/* ------------------------------------------------------------------ planning */

/* Plans the job's open operations forward from now (or when its materials arrive) into free hours
 * and stores them; sets the promised day (when the job has none, or `promise` is asked for) and the
 * bench day. Before a quote is accepted a plan is tentative: it is shown, but holds no time against
 * others. INVALID: a sentence naming the operation. `promised_day` (may be NULL) is what could be
 * kept. */
enum status workshop_plan(struct context *cx, int64_t job, bool promise, const char **promised_day);

/* A job is firm once a quote of it is accepted, or it is past its consultation (repairs and stock
 * always are): then its plan holds its time against others. workshop_hold() is to be called when
 * that may have changed in the same transaction. */
bool workshop_is_firm(struct context *cx, int64_t job);
void workshop_hold(struct context *cx, int64_t job);

/* One step of the way to a promise, as a customer may hear it. */
struct milestone {
    const char *name; /* the operation */
    const char *who;  /* a craftsman, a vendor; NULL: the customer, or nobody */
    const char *kind;
    int64_t start, end;
};
extern const struct record milestone_record;
/* The same without storing anything: when could a piece of these operations be done? `release`: the
 * instant at which materials are there; NONE: they are. `milestones` may be NULL; one a row. */
enum status workshop_estimate(struct context *cx, const struct operation_plan *operations,
                              int64_t count, int64_t release, const char **promised_day,
                              struct milestone **milestones);
/* The day on which something ordered now from a vendor is here, by the shop's open days. */
const char *workshop_arrival(struct context *cx, int64_t lead_days, int64_t cutoff);

extern const struct route workshop_routes[];
extern const struct reaction workshop_reactions[];
