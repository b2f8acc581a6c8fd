/* Templates: from a few choices to a whole specification, with its materials and operations.
 *
 * The rules, which are estimates to start from and meant to be edited:
 * - A band weighs as trade/alloy.h reckons it. On top come, by setting, for a stone of length L,
 *   width W, girdle outline O and depth D:
 *     claw      4 claws of 1.0 mm wire (6 above 9 mm; 0.8 mm wire under 4 mm), each D + 2 mm long,
 *               and two rails of 0.9 mm wire, together 1.15 × O
 *     bezel     a wall 0.5 mm thick and 0.6 × D + 1.5 mm high around O, and a 0.8 mm rail 0.7 × O
 *     illusion  a plate 0.8 mm thick, 1.5 mm longer and wider than the stone, and 4 claws
 *     other     nothing: the stones sit in the body
 * - A halo's stones stand on the line 0.2 mm + half a stone outside the centre's girdle, one every
 *   diameter + 0.1 mm; its plate is the line × (diameter + 0.4 mm) × 1.3 mm, of which 70 % is
 * metal.
 * - An eternity ring has one stone every diameter + 0.1 mm of its outside × coverage; seats take a
 *   quarter of the metal that is covered. Its band is 0.6 mm wider than the stones.
 * - Side stones of a three-stone ring have the centre's shape and 0.7 × its length and width, or
 *   `accent_size` as their width. Stones on the shoulders are 1.3 mm unless said otherwise, in
 * pavé.
 * - A size that is not given follows from the carats; neither given, from the template's usual
 *   carats; rounded to 0.05 mm. Carats that are not given follow from the size.
 * - Starting minutes (unverified; to be learned from actuals): CAD 60 to 240 by template; clean-up
 *   60; centre set 40 in claws, 30 in a bezel; others a stone: pavé 8, bead 8, channel 8, claw 15,
 *   bezel 30, bar 10, flush 12, illusion 15, invisible 15, tension 45; engraving 2 a letter, at
 *   least 10; rhodium 20; polish 30; quality check 10. Casting 4 working days, assay 5, an answer
 *   to a design 3 days.
 * - What must be issued: 5 % loss or the alloy's own, 35 % sprue where it is cast, 15 % offcuts
 *   where it is made by hand. */
#pragma once

#include "design/spec.h"

/* The choices of a form. What is absent (NULL, NONE) gets the template's default. */
struct template_choices {
    const char *template;
    const char *alloy, *finish, *profile, *engraving;
    int64_t ring_size, band_width, band_thickness;
    int64_t length, width,
        thickness; /* of a signet's head, or of a pendant or earring without stone */
    /* the centre stone, or the pair of an earring */
    const char *gem, *shape, *origin, *treatment, *quality, *report, *setting, *whose;
    int64_t stone_length, stone_width, stone_carats; /* of one stone */
    /* the smaller stones: halo, sides, shoulders, band */
    const char *accent_gem, *accent_origin, *accent_quality, *accent_setting;
    int64_t accent_size;
    int64_t accent_count; /* instead of the rule's; of a wedding band: how many are set into it */
    int64_t shoulders;    /* stones on both shoulders together */
    int64_t coverage;     /* eternity: how far around, basis points; 10000 full, 5000 half */
    int64_t own_metal;    /* milligrams of the customer's own metal to be used */
    int64_t assay;        /* flag: hallmarked before it is handed over */
    const struct recipe *recipe; /* a shop's own of that template; NULL: the built-in one */
};
extern const struct record template_choices_record;

struct design_template {
    const char *code, *name;
    const char *type;  /* code of `jewellery_types` */
    const char *about; /* a sentence for who chooses */
};
extern const struct vocabulary design_templates;
const struct design_template *templates_all(int64_t *count);
const struct design_template *template_find(const char *code); /* NULL: none */

/* A form before anybody chose: everything absent, flags 0. */
void template_choices_clear(struct template_choices *choices);
/* The code of the alloy that was chosen, or else of the usual one. */
const char *template_alloy(const struct template_choices *choices);
/* Fills what is absent with the template's defaults, sizes of stones included. */
enum status template_complete(struct template_choices *choices, struct errors *errors);

struct design {
    const char *title; /* "Halo ring, Platinum 950, natural sapphire" */
    const char *type;
    struct specification spec;
    struct material_need *materials;
    int64_t material_count;
    struct operation_plan *operations;
    int64_t operation_count;
};

/* The whole design, reckoned with the shop's own figures of its alloy: `alloy` is of the code
 * template_alloy(), or NULL when there is none such. Faults carry the choice's name as field:
 * `unknown_template` (names the valid ones), the codes of record_check(), `unknown_alloy`,
 * `impossible_origin` (a natural cubic zirconia), `no_formula` (carats of such a stone can't be
 * reckoned: give size and carats), `too_large`. */
enum status template_make(const struct template_choices *given, const struct alloy *alloy,
                          struct arena *arena, struct design *design, struct errors *errors);
