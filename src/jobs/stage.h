/* Stages and statuses: where a piece is, and whose move is next.
 *
 * Everything here is a table and pure rules: the database states the pairs a second time. Codes are
 * fixed; labels may be translated. A job has a kind (`custom`, `repair`, `stock`); each kind has
 * its own stages in order, the last of which closes the job, and the two at the side, `on_hold` and
 * `cancelled`. */
#pragma once

#include "base/record.h"

struct stage {
    const char *kind;     /* "custom" */
    const char *code;     /* "stone_sourcing" */
    const char *label;    /* "Stone sourcing" */
    const char *status;   /* set on entry; NULL: a closed job has none */
    const char *sentence; /* to the customer: the shop's voice, no codes, no stage names */
    int64_t place;        /* 0, 1, … along the kind's way; the side stages are -1 */
    int64_t progress;     /* percent: a picture only. on_hold: see stage_progress() */
    bool closed;          /* collected, completed, cancelled */
    bool side;            /* on_hold, cancelled */
};

struct job_status {
    const char *code;  /* "AVQ" */
    const char *label; /* "Awaiting vendor quote" */
    const char *owner; /* of the next move: sales, admin, vendor, bench */
    const char *next;  /* codes that usually follow, "CR, QN"; RP's is the closing of the job */
};

extern const struct vocabulary job_kinds;     /* custom, repair, stock */
extern const struct vocabulary custom_stages; /* in order, then cancelled and on_hold */
extern const struct vocabulary repair_stages;
extern const struct vocabulary stock_stages;
extern const struct vocabulary job_statuses; /* QN, AVQ, CR, IP, RP, OH */

#define STAGE_ON_HOLD "on_hold"
#define STAGE_CANCELLED "cancelled"
/* Within this long of a move it may be undone, without a note. Milliseconds. */
#define STAGE_UNDO (INT64_C(60) * 1000)

/* All stages of a kind: its way in order, then cancelled and on_hold. NULL and 0: no such kind. */
const struct stage *stages_of(const char *kind, int64_t *count);
const struct stage *stage_find(const char *kind, const char *code); /* NULL: none */
const struct stage *stage_first(const char *kind);
const struct stage *stage_last(const char *kind); /* the one that closes: collected, completed */
/* The one after on the way; NULL after the last, from the side, or for what does not exist. */
const struct stage *stage_next(const char *kind, const char *code);
/* "enquiry, consultation, …, cancelled, on_hold" */
const char *stages_listed(const char *kind, struct arena *arena);
const struct job_status *statuses_all(int64_t *count);
const struct job_status *status_find(const char *code); /* NULL: none */

/* Percent. A held job keeps the figure of the stage it was held from (0 where that is unknown). */
int64_t stage_progress(const char *kind, const char *code, const char *held_from);

/* What a move is, once it is allowed. */
enum stage_step {
    STEP_NONE,    /* to where it is already: nothing happens */
    STEP_FORWARD, /* to a later stage, or out of on_hold to where it was or later */
    STEP_BACK,    /* to an earlier one, with a note */
    STEP_HOLD,
    STEP_CANCEL,
    STEP_CLOSE,  /* to the kind's last stage */
    STEP_REOPEN, /* a closed job, by a manager with a note */
};

struct stage_move {
    const char *kind, *from, *to;
    const char *held_from; /* the stage it was held at; only read when `from` is on_hold */
    bool note;             /* a note comes with it */
    bool manager;          /* who moves it may reopen */
};

/* Whether the move is allowed. Forward to any later stage; back only with a note; on_hold and
 * cancelled from any open stage; out of on_hold to any open stage under the rules of a move from
 * the stage it was held at, or to cancelled; a closed job only by a manager with a note, to an open
 * stage. Faults, all at field "to" unless said: `unknown_kind` ("kind"), `unknown_stage` (names the
 * valid ones; "from" or "held_from" where that is the wrong one), `note_required` ("note"),
 * `closed` (CONFLICT: cancelling, holding or closing a closed job), `held` (out of on_hold straight
 * to the closing stage), `manager_required` (DENIED). */
enum status stage_check_move(const struct stage_move *move, enum stage_step *step,
                             struct errors *errors);

/* May this status stand at this stage? ready is RP, on_hold OH, closed none (NULL); the other open
 * stages QN, AVQ, CR or IP. The database's table of pairs is made from this. */
bool status_allowed(const char *kind, const char *stage, const char *status);
/* May a person set it there? Faults at "status": `unknown_status` (names the valid ones), `closed`
 * (CONFLICT), `status_fixed` (ready and on_hold keep theirs), `status_not_here` (RP and OH come
 * with their stage). */
enum status status_check_set(const char *kind, const char *stage, const char *status,
                             struct errors *errors);

/* How urgent a job is. Days are day numbers (base/day.h); NONE: no promise. */
enum ageing {
    AGEING_NONE,       /* closed, or nothing promised */
    AGEING_FINE,       /* there is time; or ready, and fresh on the shelf */
    AGEING_SOON,       /* due within `soon` days, today included */
    AGEING_OVERDUE,    /* the promised day is over */
    AGEING_SHELF,      /* ready, and more than 7 days on the shelf */
    AGEING_SHELF_LONG, /* ready, and more than 14: red */
};
#define AGEING_SOON_DAYS INT64_C(3)
#define AGEING_SHELF_DAYS INT64_C(7)
#define AGEING_SHELF_LONG_DAYS INT64_C(14)
/* `entered` is the day the job came to its present stage: the shelf is counted from it. */
enum ageing job_ageing(const char *kind, const char *stage, int64_t promised, int64_t entered,
                       int64_t today, int64_t soon);
const char *ageing_code(enum ageing ageing); /* "due_soon": for JSON and for styles */

/* What the customer reads; a job that does not exist has "". */
const char *stage_sentence(const char *kind, const char *code);
