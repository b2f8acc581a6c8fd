/* The models of the pages of specification, materials and quotes. */
#pragma once

#include "accounts/account.h"
#include "jobs/job.h"
#include "quotes/making.h"
#include "quotes/quote.h"

/* What a form says of the piece; `remake`: its operations are made anew, too. */
struct specification_edit {
    struct specification spec;
    int64_t remake;
};
extern const struct record specification_edit_record, stone_row_record;

struct specification_page {
    struct job job;
    struct specification *spec;  /* as it is stored or typed; absent figures without one */
    int64_t exists;              /* flag: stored */
    int64_t begun;               /* flag: the bench has begun, operations can't be made anew */
    struct specification *shown; /* for JSON: NULL without one */
    struct form form;            /* of specification_edit_record */
    struct form template_form;   /* of template_choices_record */
    struct vocabulary templates;
    const char *template_name;       /* it is from, or NULL */
    const char *hallmark;            /* why it must be hallmarked, or NULL */
    const struct vocabulary *alloys; /* those the shop has */
};

struct materials_page {
    struct job job;
    struct material *materials;
    int64_t count;
    int64_t cost;
    const char *decision; /* "in_stock" or "to_source", as it stands */
    int64_t waiting;      /* how many are not here */
    struct left_out *left_out;
    int64_t left_out_count;
    struct form form;            /* of the rows that are edited */
    struct material_edit *edits; /* those that may be, as they are; in their order */
    int64_t edit_count;
    const struct vocabulary *alloys; /* those the shop has */
};

struct quotes_page {
    struct job job;
    struct quote *quotes;
    int64_t count;
    struct form form;       /* of quote_wish_record */
    struct costing costing; /* today's price, when there is one */
    const char *missing;    /* why there is none */
    int64_t specified;      /* flag */
    const char *tax_name;
};

struct quote_page {
    struct job job;
    struct quote quote;
    struct quote *versions;
    int64_t version_count;
    const char *tax_name, *terms;
    const char *unpriced, *no_promise; /* what the quote itself says is missing */
    struct form form;                  /* of quote_note_record */
    int64_t decidable;                 /* flag: a draft or sent, and the job open */
};
extern const struct record quote_note_record;

const char *quote_quantity(struct view *v, const struct quote_line *line); /* "6.45 g" */
const char *material_quantity(struct view *v, const struct material *material);
const char *quote_chip(const char *state); /* the chip's class: "is-ok" */
