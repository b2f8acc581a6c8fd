/* The board: a lane for each stage of a kind, a card for each open job. */
#pragma once

#include "accounts/account.h"
#include "http/http.h"
#include "jobs/job_list.h"

/* How a person looks at the board; kept for each. */
struct board_look {
    int64_t compact; /* flag: small cards */
    const char
        *lanes; /* a lane for each "salesperson" or "priority" besides the stages; NULL: none */
};

/* One of the lanes that lie across the stages. */
struct board_swim {
    const char *name;
    int64_t salesperson; /* or NONE: nobody's */
    const char *priority;
    int64_t number; /* of its cards */
};

struct board_card {
    int64_t id, number;
    const char *stage, *status, *held_from, *title, *type, *customer_name, *salesperson_name;
    int64_t salesperson;
    const char *promised_day, *priority;
    int64_t picture, quoted, final, deposit, paid, stage_at, ready_at, closed_at, archived_at;
    /* reckoned */
    int64_t progress, balance;
    const char *ageing;
    enum ageing age;
    const char *initials; /* of the salesperson */
    int tone;
    const char *date; /* "24 Nov", "17 days", "No date" */
};

struct board_lane {
    const char *stage, *label;
    int64_t progress;
    int64_t quoted; /* how many of its jobs have a price */
    int64_t value;  /* of those prices; absent for who may not see them */
    int64_t number; /* of jobs: a folded lane shows none of them, any other the 200 most urgent */
    struct board_card *cards;
    int64_t card_count;
    int64_t folded; /* flag: by who looks */
};

/* The query's filters are the list's; `closed` opens the last lane, `archived` adds those. */
struct board {
    struct job_query query;
    struct board_look look;
    struct board_swim *swims; /* one that holds all of them unless lanes lie across */
    int64_t swim_count;
    struct staff *staff;
    int64_t staff_count;
    struct vocabulary locations;
    bool has_locations;
    const char *kind;
    int64_t custom, repair, stock; /* open jobs of each kind */
    struct board_lane *lanes;
    int64_t lane_count;
    int64_t card_count;
    bool mine;     /* the filter is who looks */
    bool filtered; /* by anything */
};

extern const struct route board_routes[];
