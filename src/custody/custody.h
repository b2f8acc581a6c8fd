/* Custody: where the envelope or piece of every job is now, and how it came there.
 *
 * A place is a safe, a shelf, a tray, somebody's bench, a vendor, the courier, or the customer. A
 * job stands in one of them or, before it was ever put anywhere, in none. Every hand-over is a row
 * and names the place it starts from, as moves of a stage do: of two at once one lands, the other
 * is a quiet no-op that tells where the piece is now.
 *
 * Some are written by the program, by reactions:
 *
 *     job.created        a repair brought to the counter is where the shop receives things
 *     vendor.requested   with "piece": 1 it went to the vendor
 *     operation.started  of a vendor's work: it is with the vendor
 *     operation.ended    of a vendor's work: it came back, to where the shop receives things
 *     job.entered        collected or completed for a customer: the customer has it; out of these
 *                        again: it came back
 *     job.undone         the hand-over to the customer is taken back with the move
 *
 * Every change of where a job is tells "job" news. */
#pragma once

#include "http/http.h"
#include "jobs/job.h"
#include "work/work.h"

enum { PLACE_CUSTOMER = 1 }; /* made by the migration; see there */

struct custody_place {
    int64_t id;
    const char *kind, *name; /* of a vendor: its name as it now is */
    int64_t craftsman, vendor, receives, archived_at, version, created_at;
    const char *craftsman_name; /* joined */
    int64_t held;               /* how many jobs stand there; absent for the customer's */
};
extern const struct record place_record;
extern const struct vocabulary place_kinds; /* in the order in which they are listed */

bool place_load(struct context *cx, int64_t id, struct custody_place *place);
/* By kind and name; `counted` says how many stand in each, too. */
int64_t place_list(struct context *cx, bool archived, bool counted, struct custody_place **places);
/* Is what stands there in the house, so that a count of all looks there? */
bool place_in_house(const struct custody_place *place);
/* New (no id) or changed; `version` must be the one that was read. One place receives: who becomes
 * it takes over from the one before. */
enum status place_save(struct context *cx, struct custody_place *place);
/* CONFLICT while anything stands there, while it receives, and of the customer's. */
enum status place_archive(struct context *cx, int64_t id, bool archived);
/* "12" is a place; "v3" a vendor's and "c4" a craftsman's, made when they have none yet. */
enum status place_chosen(struct context *cx, const char *choice, struct custody_place *place);

struct place_choice {
    const char *value, *label;
};
/* Where something can go: places, then vendors and craftsmen who have none yet. */
struct custody_choices {
    struct custody_place *places;
    int64_t place_count;
    struct place_choice *others;
    int64_t other_count;
};
void custody_choices(struct context *cx, struct custody_choices *choices);

struct hand_over {
    int64_t id, job, from_place, to_place;
    const char *from_name, *to_name; /* joined; NULL: nowhere yet */
    int64_t at;
    const char *staff_name, *whom, *note, *way;
    int64_t batch, undoes;
    int64_t undone; /* flag: a later row takes it back */
};
extern const struct record hand_over_record;
extern const struct vocabulary hand_over_ways;
/* A job's, newest first, below the id `before` (NONE: from the newest). */
int64_t hand_over_list(struct context *cx, int64_t job, int64_t before, int64_t limit,
                       struct hand_over **rows);

struct hand_over_wish {
    int64_t job, from, to; /* from NONE: it stood nowhere */
    const char *whom, *note, *way;
    int64_t batch; /* NONE: alone */
};
/* Where a job is, and since when. */
struct whereabouts {
    int64_t job, number;
    const char *title, *type;
    int64_t picture, place;
    const char *place_name; /* NULL: nowhere yet */
    int64_t since;
    const char *by, *whom; /* who put it there, into whose hands; NULL */
};
extern const struct record whereabouts_record;
bool custody_of(struct context *cx, int64_t job, struct whereabouts *where);

/* NONE: somebody was first, or it is there already; nothing happened. Else the row. */
int64_t hand_over(struct context *cx, const struct hand_over_wish *wish);
/* Takes back what one scan did, as far as the pieces still are where it put them: how many. */
int64_t hand_over_undo(struct context *cx, int64_t batch);

/* What stands at a place, by job, after this id. */
int64_t custody_at(struct context *cx, int64_t place, int64_t after, int64_t limit,
                   struct whereabouts **rows);

/* What a code means here: a job or a place; false: neither. */
bool custody_code(struct context *cx, const char *scanned, const char *base, int64_t *job,
                  int64_t *place);

/* ------------------------------------------------------------------ counts
 *
 * A count writes down what should be at a place, or in the whole house, when it begins; what is
 * scanned is ticked off. Two may count at once. What is not found though nobody handed it on
 * meanwhile is missing; what is found and stands written for another place is elsewhere. Topic
 * "count". */

struct count {
    int64_t id, place;
    const char *place_name; /* NULL: the whole house */
    const char *state;      /* "open", "closed" */
    int64_t started_at;
    const char *staff_name;
    int64_t closed_at;
    const char *closed_by, *note;
    int64_t expected, seen, missing, elsewhere;
};
extern const struct record count_record;
extern const struct vocabulary count_states;
struct count_row {
    int64_t job, number;
    const char *title, *type;
    int64_t picture, expected;
    const char *expected_name;
    int64_t seen_at, seen_place;
    const char *seen_name, *staff_name;
    const char *fate;       /* "seen", "missing", "elsewhere", "moved" */
    const char *place_name; /* where it stands written now */
};
extern const struct record count_row_record;
extern const struct vocabulary count_fates;

bool count_load(struct context *cx, int64_t id, struct count *count); /* figures as of now */
int64_t count_rows(struct context *cx, const struct count *count, struct count_row **rows);
/* Newest first, below the id `before`. */
int64_t count_list(struct context *cx, int64_t before, int64_t limit, struct count **counts);
/* `place` NONE: every place in the house. One that is open already is joined: its id. */
enum status count_start(struct context *cx, int64_t place, int64_t *id);
/* This job was seen, at `place` (NONE: not said). `again`: somebody had it already. */
enum status count_see(struct context *cx, int64_t id, int64_t job, int64_t place, bool *again);
/* It was not, after all. */
enum status count_unsee(struct context *cx, int64_t id, int64_t job);
/* `put_right`: what was found elsewhere is written down where it was found. */
enum status count_close(struct context *cx, int64_t id, const char *note, bool put_right);

extern const struct route custody_routes[], count_routes[];
extern const struct reaction custody_reactions[];
