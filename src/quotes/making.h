/* How a job is made: its specification, the materials that follow from it, and its operations
 * (workshop/workshop.h), from a template or by hand.
 *
 * The rules of templates are pure: design/template.h. Everything here is stored and may be edited;
 * running a step again does nothing twice and takes no edit back. */
#pragma once

#include "design/template.h"
#include "quotes/price.h"
#include "workshop/workshop.h"

/* ------------------------------------------------------------------ specification */

/* Writes specification, materials and operations of a job from its template and what intake chose
 * (`choices` NULL: the template's defaults; `template` NULL: that of the choices, else the job's).
 * Nothing happens when there is a specification already, unless `again`: then all is made anew, and
 * CONFLICT when the bench has begun. INVALID: no template, or the choices' faults. Event
 * "making.generated". */
enum status making_generate(struct context *cx, int64_t job, const char *template,
                            const struct template_choices *choices, bool again);

/* The whole of it. */
struct material {
    int64_t id, job, position;
    const char *kind, *name, *alloy, *gem, *shape;
    int64_t length, width;
    const char *quality, *origin, *treatment;
    int64_t quantity; /* milligrams, or pieces */
    int64_t carats;
    int64_t cost; /* minor units, of all of it: by `cost_each`, of what is reserved, else a guide */
    int64_t cost_each; /* of a piece, or a gram of metal, as a person entered it; NONE */
    const char *state; /* needed, reserved, to_order, ordered, consumed, customer */
    int64_t item, reserved, vendor;
    const char *item_code, *vendor_name; /* joined */
    const char *expected_day;
    int64_t by_hand;  /* flag: added or changed by a person; the specification leaves it alone */
    const char *part; /* the finding of the template that it stands for; NULL: none */
    int64_t version;  /* of what is asked for; reserving, ordering and using do not count */
};
extern const struct record material_record;
extern const struct vocabulary material_states;

struct making {
    struct specification spec;   /* with its stones */
    struct specification *shown; /* the same, or NULL when there is none: for JSON */
    struct material *materials;
    int64_t material_count;
    struct operation *operations;
    int64_t operation_count;
};
extern const struct record making_record;
/* False: there is no specification (materials and operations are loaded all the same). */
bool making_load(struct context *cx, int64_t job, struct making *making);
int64_t material_list(struct context *cx, int64_t job, struct material **materials);

/* Saves what a person says the piece is; `spec->version` must be the one that was read (0: there
 * was none). Absent carats and widths are reckoned, the weight follows when the alloy is exchanged,
 * and materials follow: what is not needed any more is released, what a person added or changed
 * among them stays. `remake`: operations are made anew, too. The stones' faults stand at
 * "stones.0.gem". */
enum status making_save_specification(struct context *cx, int64_t job, struct specification *spec,
                                      bool remake);

/* ------------------------------------------------------------------ materials */

/* What belongs to whom. Metal and stones that follow from the specification are changed there and
 * nowhere else, so there is one answer to what the piece is. What a person adds is theirs: no
 * specification changes it or takes it away, and it comes on top of what that asks for. A finding
 * of the template is the template's until a person changes it; from then on it is theirs, too. One
 * that they remove is left out and does not come back until they bring it back. */

/* A row as it is edited. What its kind has no use for is not kept. */
struct material_edit {
    int64_t id;       /* NONE: a new one */
    const char *kind; /* of a new one; it stays */
    const char *name; /* a finding's; metal: NULL, as its alloy; a stone is named by what it is */
    const char *alloy, *gem, *origin, *treatment, *shape;
    int64_t length, width;
    const char *quality;
    int64_t quantity;  /* milligrams, or pieces */
    int64_t weight;    /* the same of metal, as a form has it in grams; NONE: `quantity` */
    int64_t carats;    /* of all of it; NONE: reckoned from the size */
    const char *whose; /* shop, customer */
    int64_t cost_each; /* of a piece, or a gram of metal; NONE: what stock or the guide say */
    int64_t remove;    /* flag */
    int64_t version;   /* of the row as it was read; NONE: not checked */
};
extern const struct record material_edit_record;
/* Changes, adds and removes rows by hand, brings back the template's finding `bring_back` (NULL:
 * none), and then checks all that is not there against stock, see making_check_materials(). Rows
 * that are not named stay. Of one that is there, what is absent stays, but quality, treatment,
 * carats (reckoned again) and the cost entered go; who may not see costs leaves that as it is.
 *
 * What was reserved or ordered for a row whose need changes, or that is removed, is let go, and
 * looked for anew as it is now; `told` says in sentences what somebody must know of that ("":
 * nothing), and `changed` whether anything did change. INVALID: a fault at "materials.0.quantity";
 * `follows` where the specification says it. CONFLICT: `changed` by somebody else meanwhile, or
 * `consumed`: what is used stays as it is. Event "making.edited" when something changed. */
enum status material_save_all(struct context *cx, int64_t job, const struct material_edit *edits,
                              int64_t count, const char *bring_back, bool *changed,
                              const char **told);
/* May a person change it? Else it follows, or is used. */
bool material_is_editable(const struct material *row);
struct material_edit material_as_edit(const struct material *row);
/* The template's findings that the job goes without. */
struct left_out {
    const char *part;
};
extern const struct record left_out_record;
int64_t material_left_out(struct context *cx, int64_t job, struct left_out **rows);

/* Looks for everything that is not there yet: what stock has free is reserved for the job, the rest
 * is to be ordered from the vendor who supplies it, expected by their lead time. `decision` becomes
 * "in_stock" or "to_source". Running again reserves nothing twice. */
enum status making_check_materials(struct context *cx, int64_t job, const char **decision);
/* A vendor was asked, or promised: all of theirs that is to be ordered is now ordered, expected on
 * that day (NULL: as it is). For requests to vendors. */
void making_ordered(struct context *cx, int64_t job, int64_t vendor, const char *expected_day);
/* Everything reserved goes back: the job was cancelled. */
enum status making_release(struct context *cx, int64_t job);

/* ------------------------------------------------------------------ price and promise */

/* The design that follows from the choices, in the alloy as the shop has it: see template_make().
 */
enum status making_design(struct context *cx, const struct template_choices *choices,
                          struct design *design);

/* What a price was made of, and what could not be priced or promised; each a sentence, or NULL. */
struct costing {
    struct price price;
    const char *rates;    /* a JSON object: the rates used */
    const char *unpriced; /* "Cast in Platinum 950 has no price yet." */
};
/* The price of the job as it is specified now. INVALID names everything that is missing: a metal's
 * price, a craft's rate, a stone's price. */
struct price_wish {
    int64_t discount;   /* minor units off what the customer sees; 0: none */
    int64_t rush_share; /* basis points on the work; NONE: see making_rush() */
};
/* What the shop adds to the work of a job of this priority: the standing surcharge of its settings
 * for "rush", 0 otherwise. A job's price takes it where the wish names none. */
int64_t making_rush(struct context *cx, const char *priority);
enum status making_price(struct context *cx, int64_t job, const struct price_wish *wish,
                         struct costing *costing);

/* While somebody chooses, nothing is stored: the design, its price and the day it could be done.
 * INVALID only when the choices make no piece; what else is missing stands in the sentences. */
struct estimate {
    struct design design;
    struct price *shown_price;   /* the price, or NULL: for JSON */
    struct price price;          /* empty (no lines) when `price_missing` says why */
    const char *price_missing;   /* or NULL */
    const char *unpriced;        /* or NULL */
    const char *promised_day;    /* NULL when `promise_missing` says why */
    const char *promise_missing; /* or NULL */
    const char *decision;        /* "in_stock" or "to_source" */
    const char *materials_day;   /* when the last material is expected; NULL: all is there */
    struct milestone *milestones;
    int64_t milestone_count;
};
extern const struct record estimate_record;
enum status making_estimate(struct context *cx, const char *template,
                            const struct template_choices *choices, const struct price_wish *wish,
                            struct estimate *estimate);

extern const struct route making_routes[];
extern const struct reaction making_reactions[];
