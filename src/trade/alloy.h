/* Alloys: what jewellery is made of, what it weighs and what its metal is worth.
 *
 * Weights are milligrams, lengths micrometres, volumes cubic micrometres (10^12 make a cm³),
 * fineness ten-thousandths, densities milligrams per cm³, losses basis points, prices minor units
 * of money for a troy ounce of fine metal. Everything is reckoned in whole numbers and rounded
 * once, half away from zero. A function that returns false was given something senseless, or a
 * result that does not fit; its outputs are then untouched.
 *
 * Fineness and density: the UK's legal standards and Stuller's table. A real alloy differs by a few
 * percent: a shop may keep its own `struct alloy` and hand it to the same functions. */
#pragma once

#include "trade/words.h"

struct alloy {
    const char *code;   /* "au750y" */
    const char *name;   /* "18ct yellow gold" */
    const char *metal;  /* code of `metals` */
    const char *colour; /* code of `metal_colours` */
    int64_t fineness;   /* 7500 */
    int64_t density;    /* 15580 */
    int64_t loss;       /* expected loss that is not recovered, of the finished weight: a starting
                           figure until a workshop knows its own */
};

extern const struct vocabulary metals;        /* gold, silver, platinum, palladium */
extern const struct vocabulary metal_colours; /* yellow, white, red, green */
extern const struct vocabulary alloys;        /* the table's codes and names */
extern const struct vocabulary ring_profiles; /* flat, flat_court, d, court */

const struct alloy *alloy_find(const char *code); /* NULL: not in the table */
const struct alloy *alloy_all(int64_t *count);    /* gold first, finest first */

/* What the fine metal in `weight` costs: per_ounce × mg × fineness / 311,034,768, since an ounce is
 * 31,103.4768 mg. */
bool alloy_value(int64_t per_ounce, int64_t weight, int64_t fineness, int64_t *minor);
/* The same as a rate: millionths of a minor unit for a milligram of alloy. `markup` (the house's,
 * on the price) and `loss` are added in basis points before the one rounding. */
bool alloy_rate(int64_t per_ounce, int64_t fineness, int64_t markup, int64_t loss, int64_t *rate);

/* Weight and volume. */
bool alloy_weight(int64_t density, int64_t volume, int64_t *weight);
/* The same volume in another alloy: weight × new density ÷ old. */
bool alloy_exchange(int64_t weight, const struct alloy *from, const struct alloy *to, int64_t *out);
/* What a wax (0.95 to 1.0 g/cm³; `wax_density` in mg/cm³) will weigh once cast. */
bool alloy_cast_weight(int64_t wax, int64_t wax_density, const struct alloy *alloy, int64_t *out);
/* What must be melted for a finished weight: the alloy's loss and the sprue with its button (25 to
 * 50 % of the metal; comes back as clean scrap) on top. Both rounded up: a crucible can't be short.
 */
#define ALLOY_SPRUE INT64_C(3500)
bool alloy_issue(int64_t weight, int64_t loss, int64_t sprue, int64_t *issued);

/* A ring's band. Its section is width × thickness × the profile's factor; its length the circle
 * through the section's middle, inner circumference + π × thickness (Pappus), with π as 355/113.
 * Factors (ten-thousandths of the rectangle; own reckoning from the shapes):
 *   flat        10000  a rectangle
 *   flat_court   9460  flat outside; the inner quarter of the thickness a half ellipse
 *   d            8390  flat inside; the outer three quarters a half ellipse
 *   court        8280  comfort fit: half ellipses outside (60 %) and inside (20 %), a wall between
 */
int64_t ring_profile_factor(const char *profile); /* 0: no such profile */
bool ring_volume(int64_t inner, int64_t width, int64_t thickness, const char *profile,
                 int64_t *volume);
bool ring_weight(const struct alloy *alloy, int64_t inner, int64_t width, int64_t thickness,
                 const char *profile, int64_t *weight);
/* The outside of a ring: inner + 2π × thickness. What stones around it have room on. */
bool ring_outside(int64_t inner, int64_t thickness, int64_t *outer);

/* Other solids: what pendants, plates, posts and settings are made of. */
bool plate_volume(int64_t length, int64_t width, int64_t thickness, int64_t *volume);
bool disc_volume(int64_t diameter, int64_t thickness, int64_t *volume);
bool ellipse_volume(int64_t length, int64_t width, int64_t thickness, int64_t *volume);
bool wire_volume(int64_t diameter, int64_t length, int64_t *volume);

/* Units of weight in which the trade speaks; amounts in thousandths of the unit. */
enum weight_unit {
    WEIGHT_GRAM,        /* 1000 mg */
    WEIGHT_OUNCE,       /* troy, 31,103.4768 mg */
    WEIGHT_PENNYWEIGHT, /* a twentieth of an ounce, 1555.17384 mg */
    WEIGHT_GRAIN,       /* 1/480 of an ounce, 64.79891 mg */
};
bool weight_from(enum weight_unit unit, int64_t thousandths, int64_t *weight);
bool weight_in(enum weight_unit unit, int64_t weight, int64_t *thousandths);
/* A price for this unit as the price for an ounce, and back. */
bool price_to_ounce(enum weight_unit unit, int64_t price, int64_t *per_ounce);
bool price_from_ounce(enum weight_unit unit, int64_t per_ounce, int64_t *price);

/* Whether a piece must be hallmarked before it may be sold under its metal's name, by the weight of
 * all its metal without stones. United Kingdom: above 7.78 g silver, 1 g gold, 1 g palladium, 0.5 g
 * platinum. Elsewhere false: the shop's own rule decides. */
bool hallmark_needed(const char *country, const char *metal, int64_t weight);
