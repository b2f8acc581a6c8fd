/* Stones: what they are, how many carats their size makes, and how they are told truthfully.
 *
 * Lengths are micrometres, carats hundred-thousandths of a carat. Set stones are measured, never
 * weighed: the formulas are good to 5 to 10 %, and a girdle that is thick weighs more. */
#pragma once

#include "trade/words.h"

struct gem {
    const char *code;      /* "sapphire" */
    const char *name;      /* "sapphire", as a sentence has it */
    const char *plural;    /* "sapphires" */
    int64_t gravity;       /* specific gravity in thousandths: 4000. 0: not known */
    const char *simulates; /* what it is sold instead of: "diamond" for cubic zirconia; or NULL */
};

struct stone_shape {
    const char *code; /* "oval" */
    const char *name; /* "oval" */
    int64_t diamond;  /* carats = this/100,000 × length × width × depth in mm; 0: none known */
    int64_t any;      /* the same for any species, × specific gravity; 0: none known */
    int64_t depth;    /* of the width, in basis points, where nobody measured it */
    int64_t ratio;    /* usual length by width, basis points: 10000 is as long as wide */
    bool corners;     /* its outline is nearer a rectangle than an ellipse */
};

extern const struct vocabulary gems;
extern const struct vocabulary shapes;
extern const struct vocabulary origins;    /* natural, laboratory_grown, simulant */
extern const struct vocabulary treatments; /* none, unknown, heated, … */

const struct gem *gem_find(const char *code);           /* NULL: not in the table */
const struct stone_shape *shape_find(const char *code); /* NULL: not in the table */
/* False where the words would lie: cubic zirconia has no natural origin that is sold, and a stone
 * of another species than it looks is always a simulant. NULL codes are false. */
bool gem_may_be(const char *gem, const char *origin);

/* Carats of one stone from its size. `width` 0: as wide as long; `depth` 0: the shape's usual
 * depth. Diamonds: length × width × depth × the shape's figure (round 0.0061, oval 0.0062, princess
 * 0.0083, …). Other species: × specific gravity × round 0.0018, oval 0.0020, emerald 0.0025, …
 * Round diamonds under 2 mm without a measured depth follow the trade's melee figures, whose
 * girdles are thick (1.0 mm 0.005 ct, 1.1 0.0066, 1.5 0.0145); under 1 mm by the cube of the
 * diameter. False: unknown gem or shape, one without a formula, no size, or a result that does not
 * fit. */
bool stone_carats(const char *gem, const char *shape, int64_t length, int64_t width, int64_t depth,
                  int64_t *carats);
/* The other way: the size that a stone of these carats usually has, in the shape's usual ratio; to
 * the micrometre whose carats are the first not to fall short. */
bool stone_size(const char *gem, const char *shape, int64_t carats, int64_t *length,
                int64_t *width);
/* The line around the stone at its girdle: π × (length + width) / 2, or the four sides of a shape
 * with corners. For bezels and halos. */
bool stone_girdle(const char *shape, int64_t length, int64_t width, int64_t *outline);
/* Melee: up to 0.20 ct. */
#define STONE_MELEE INT64_C(20000)

/* What is known of a stone, or of several alike. */
struct stone_facts {
    const char *gem, *origin, *treatment, *shape; /* codes; treatment NULL: not told */
    const char *quality;                          /* "G VS", as graded; NULL: not told */
    const char *report;                           /* "GIA 2215-880"; NULL: none */
    int64_t count;                                /* 0 and 1 are one */
    int64_t length, width;                        /* 0 or NONE: not told */
    int64_t carats;                               /* of all together; 0 or NONE: not told */
    bool weighed;                                 /* the carats come from a balance */
};

/* The stone in the law's order: origin right before the name, treatment right after, then shape and
 * size, carats and how they are known, quality, report.
 *   "laboratory-grown diamond, round 1.3 mm"
 *   "natural sapphire, heated, oval 9.2 × 7.2 mm, 2.31 ct (weighed), GIA 2215-880"
 *   "22 natural diamonds, round 1.3 mm, 0.23 ct in all (measured), G VS"
 *   "cubic zirconia (diamond simulant), round 5 mm"; "imitation ruby, oval 6 × 4 mm"
 * Where the origin is not known, it says so: "diamond of undisclosed origin". */
const char *stone_text(const struct stone_facts *facts, struct arena *arena);
/* Only what it is: "natural sapphire, heated". */
const char *stone_name(const struct stone_facts *facts, struct arena *arena);
