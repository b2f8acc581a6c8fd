/* What the pages of this folder are given. */
#pragma once

#include "accounts/permission.h"
#include "custody/custody.h"

struct custody_page {
    struct custody_place *places;
    int64_t place_count;
    struct count *counts; /* the open ones */
    int64_t open_count;
    bool archived;
};
struct place_page {
    struct custody_place place; /* stands first: the record's base */
    struct whereabouts *rows;
    int64_t count;
    const char *next;
};
struct place_form {
    struct custody_place place;
    struct form form;
    struct vocabulary craftsmen, vendors;
};

/* One envelope in the hands of who scans: where it stood when it was scanned. */
struct in_hand {
    struct whereabouts job;
    int64_t from;
    bool gone; /* somebody has moved it meanwhile */
};
struct scan_page {
    struct in_hand *hand;
    int64_t hand_count;
    const char *held;       /* "12-3.15-": job and place, for the next step */
    int64_t last;           /* the job that was scanned last, or NONE */
    struct hand_over *done; /* what the scan before did */
    int64_t done_count;
    struct custody_choices choices;
    struct form form;
    struct custody_place place; /* scanned without anything in hand; id NONE: none */
};

struct trail_page {
    struct whereabouts where;
    struct hand_over *rows;
    int64_t count;
    const char *next;
    struct custody_choices choices;
    struct form form;
};

struct counts_page {
    struct count *rows;
    int64_t count;
    const char *next;
    struct custody_place *places;
    int64_t place_count;
};
struct count_page {
    struct count count; /* stands first: the record's base */
    struct count_row *rows;
    int64_t row_count;
    struct custody_place
        at;                /* where they count now, when it is the whole house; id NONE: not said */
    struct count_row last; /* what was scanned just now; job NONE: nothing */
    struct form form;
};

const char *thumb_url(struct view *v, int64_t job, int64_t picture);
