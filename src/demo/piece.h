/* The pieces that the demo's customers order: what is chosen, how it is spoken of, which pictures
 * of web/seed show it. */
#pragma once

#include "base/arena.h"
#include "demo/chance.h"
#include "design/template.h"

struct piece_kind {
    const char *title; /* %s: the metal, "platinum" */
    const char *template;
    const char *wish; /* what the customer said */
    const char *gem, *shape, *origin, *quality;
    int64_t length, width; /* of the stone, micrometres */
    const char *picture;   /* NULL: nobody has one */
    const char *alloys[3]; /* that it is asked in */
    int64_t budget;        /* in pounds; 0: none named */
    bool stocked;          /* the shop keeps its stones */
    const char *engraving;
};

extern const struct piece_kind piece_kinds[];
extern const int64_t piece_kind_count;

/* Everything that the intake and the specification need, drawn for one order. */
struct piece_wish {
    const struct piece_kind *kind;
    const char *title;
    struct template_choices choices;
};
struct piece_wish piece_choose(struct chance *chance, int64_t index, struct arena *arena);
/* The choices of a kind in one of its alloys, nothing drawn: for the stock. */
struct template_choices piece_choices(const struct piece_kind *kind, int alloy);
