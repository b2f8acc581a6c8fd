/* The board: a lane for each stage of a kind, a card for each open job. */
#pragma once

#include "http/http.h"
#include "jobs/stage.h"

struct board_query {
    const char *kind; /* custom by itself */
    int64_t salesperson;
    int64_t late, closed, archived; /* flags: overdue only; the closed lane opened; archived too */
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
};

struct board {
    struct board_query query;
    const char *kind;
    int64_t custom, repair, stock; /* open jobs of each kind */
    struct board_lane *lanes;
    int64_t lane_count;
    int64_t card_count;
    bool mine; /* the filter is who looks */
};

extern const struct route board_routes[];
