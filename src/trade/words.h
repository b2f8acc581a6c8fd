/* The trade's closed vocabularies: what a form offers and what the database lets in.
 *
 * Codes are stored and never change; labels are what people read, and may be translated. The metals
 * and alloys stand in trade/alloy.h, gems, shapes, origins and treatments in trade/stone.h. */
#pragma once

#include "base/record.h"

extern const struct vocabulary jewellery_types; /* ring, band, signet, pendant, earrings, … */
extern const struct vocabulary stone_settings;  /* how stones are held: claw, bezel, pave, … */
extern const struct vocabulary finishes;        /* high_polish, satin, … */
extern const struct vocabulary crafts;          /* what somebody at a bench can do */
extern const struct vocabulary owners;          /* whose a stone or metal is: shop, customer */

/* "claw, bezel, channel, …": for errors that name what is valid. */
const char *words_listed(const struct vocabulary *words, struct arena *arena);
