/* Finding anything by what is typed, opening anything by what is scanned, and doing anything by its
 * name. Each shows only what the actor may see. */
#pragma once

#include "custody/custody.h"
#include "customers/customer.h"
#include "jobs/job.h"

/* Something found, whatever it is. */
struct search_hit {
    const char *kind; /* "job", "customer", "invoice", "quote", "vendor", "stock", … */
    int64_t id;
    const char *url, *title, *detail;
    const char *note;   /* what stands at the end of the row, or NULL */
    const char *status; /* of a job: its code, with `label` its name; else NULL */
    const char *label, *picture, *type, *icon;
};
extern const struct record search_hit_record;

enum { SEARCH_GROUPS = 9 };
struct search_group {
    const char *code, *title;
    struct search_hit *hits;
    int64_t count;
    const char *more; /* a page with more of them; NULL: that was all */
};
struct search_page {
    const char *q, *only; /* `only`: one group with its pages */
    /* as JSON */
    struct job_found *jobs;
    int64_t job_count;
    struct customer_found *customers;
    int64_t customer_count;
    struct search_hit *others; /* all that are neither */
    int64_t other_count;
    const char *next; /* a later page of jobs */
    /* as a page */
    struct search_group groups[SEARCH_GROUPS];
    int64_t group_count;
    bool older; /* nothing on this page, but there are older ones to look through */
};

/* What a code opens: `code` as the scanner sent it, `keys` what its keys are on an English keyboard
 * (NULL: not known), `base` our public address. MISSING: nothing has that code, DENIED: the actor
 * may not see what has. */
struct scanned {
    const char *kind, *url, *title;
    int64_t id;
};
extern const struct record scanned_record;
enum status scan_resolve(struct context *cx, const char *code, const char *keys, const char *base,
                         struct scanned *scanned);

/* One thing that a person can go to or begin from anywhere. */
struct command {
    const char *group, *label, *url, *icon;
    const char *words; /* others by which it is found, or NULL */
    const char *key;   /* as the keys are shown: "G J", or NULL */
    uint64_t right;
};
struct commands_page {
    struct command *commands;
    int64_t count;
};

/* The keys that work on more than one page. `when` says where: the browser leaves out what the page
 * at hand has not; `go` is the letter after G. */
enum { KEYS_MOST = 4 };
struct key {
    const char *keys[KEYS_MOST];
    const char *does, *when, *go;
};
struct key_group {
    const char *title;
    const struct key *keys;
};
extern const struct key_group key_groups[];

extern const struct route search_routes[], command_routes[];
