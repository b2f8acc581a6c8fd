#include "demo/piece.h"

#include "base/record.h"

#include <string.h>

#define MM INT64_C(1000)

const struct piece_kind piece_kinds[] = {
    {"Oval sapphire halo ring, %s",
     "halo",
     "An oval sapphire, Ceylon if possible, in a halo of small diamonds. Comfort fit, and low enough "
     "to wear under gloves.",
     "sapphire",
     "oval",
     "natural",
     "Ceylon",
     9200,
     7200,
     "sapphire-hero",
     {"pt950", "au750w", "au750y"},
     6500,
     false,
     "R & T"},
    {"Emerald trilogy, %s",
     "three_stone",
     "Three emeralds, the middle one larger. Her grandmother had one like it.",
     "emerald",
     "oval",
     "natural",
     "Colombian",
     7 * MM,
     5 * MM,
     "trilogy",
     {"au750y", "pt950", "au750y"},
     6000,
     false,
     NULL},
    {"Family crest signet, %s",
     "signet",
     "An oxford oval with the family crest, to be engraved.",
     NULL,
     NULL,
     NULL,
     NULL,
     0,
     0,
     "signet",
     {"au375y", "au750y", "au585y"},
     2200,
     true,
     "O P"},
    {"Toi et moi, pear diamond and emerald, %s",
     "three_stone",
     "A pear diamond beside an emerald, set close.",
     "diamond",
     "pear",
     "natural",
     "F VS1",
     7 * MM,
     4700,
     "toi",
     {"au750y", "au750w", "pt950"},
     8000,
     false,
     NULL},
    {"Wedding bands, %s",
     "wedding_band",
     "A pair of plain bands, slightly domed, hers narrower.",
     NULL,
     NULL,
     NULL,
     NULL,
     0,
     0,
     "bands",
     {"au750r", "pt950", "au750y"},
     2400,
     true,
     NULL},
    {"Emerald solitaire, %s",
     "solitaire",
     "One emerald cut stone in four claws, nothing else.",
     "emerald",
     "emerald",
     "natural",
     "Zambian",
     7 * MM,
     5 * MM,
     "emerald-solitaire",
     {"au750y", "pt950", "au750w"},
     4800,
     true,
     NULL},
    {"Morganite halo ring, %s",
     "halo",
     "A cushion morganite, warm pink, in rose gold.",
     "morganite",
     "cushion",
     "natural",
     "AA",
     8 * MM,
     8 * MM,
     "morganite",
     {"au750r", "au585r", "au750r"},
     2900,
     true,
     NULL},
    {"Full eternity ring, %s",
     "eternity",
     "For the tenth anniversary: diamonds all the way around.",
     NULL,
     NULL,
     NULL,
     NULL,
     0,
     0,
     "eternity",
     {"pt950", "au750w", "au750y"},
     4200,
     true,
     NULL},
    {"Aquamarine pendant, %s",
     "pendant",
     "A drop in a rubbed-over setting, on a 45 cm chain.",
     "aquamarine",
     "oval",
     "natural",
     "AAA",
     9 * MM,
     7 * MM,
     "pendant",
     {"au750w", "au750y", "ag925"},
     1400,
     true,
     NULL},
    {"Peridot studs, %s",
     "earrings",
     "Round studs in claws, as a birthday present in August.",
     "peridot",
     "round",
     "natural",
     "AA",
     6 * MM,
     6 * MM,
     "studs",
     {"au750y", "au375y", "au750w"},
     1200,
     true,
     NULL},
    {"Remodel of grandmother’s ring, %s",
     "remodel",
     "Her own stone and as much of the old gold as will do, in something for every day.",
     "diamond",
     "round",
     "natural",
     NULL,
     5 * MM,
     5 * MM,
     "remodel",
     {"au750y", "pt950", "au585y"},
     2500,
     true,
     NULL},
    {"Round diamond solitaire, %s",
     "solitaire",
     "A one carat brilliant, claws as fine as is safe. It is to be a surprise.",
     "diamond",
     "round",
     "natural",
     "G VS2",
     6500,
     6500,
     NULL,
     {"pt950", "au750y", "au750w"},
     7500,
     true,
     NULL},
    {"Laboratory-grown diamond solitaire, %s",
     "solitaire",
     "Laboratory-grown, 1.5 ct, in a knife-edge band.",
     "diamond",
     "round",
     "laboratory_grown",
     "E VVS2",
     7400,
     7400,
     NULL,
     {"au750y", "pt950", "au585y"},
     3200,
     true,
     NULL},
    {"Sapphire three-stone ring, %s",
     "three_stone",
     "Sapphire in the middle, and two smaller ones beside it.",
     "sapphire",
     "cushion",
     "natural",
     "Madagascar",
     7 * MM,
     7 * MM,
     "sapphire",
     {"pt950", "au750y", "au750w"},
     5600,
     false,
     NULL},
    {"Heart pendant, %s",
     "pendant",
     "A ruby heart for a christening, small.",
     "ruby",
     "heart",
     "natural",
     "Mozambique",
     5 * MM,
     5 * MM,
     "heart",
     {"au750y", "au375y", "au750r"},
     1600,
     false,
     "I M"},
    {"Half eternity ring, %s",
     "eternity",
     "Half way round is enough; it is worn beside the other.",
     NULL,
     NULL,
     NULL,
     NULL,
     0,
     0,
     "eternity",
     {"au750y", "pt950", "au750w"},
     2600,
     true,
     NULL},
};
const int64_t piece_kind_count = sizeof piece_kinds / sizeof *piece_kinds;

static const char *metal_words(const char *alloy) {
    static const char *const words[][2] = {
        {"pt950", "platinum"},    {"au750y", "18ct yellow"},    {"au750w", "18ct white"},
        {"au750r", "18ct rose"},  {"au585y", "14ct yellow"},    {"au585r", "14ct rose"},
        {"au375y", "9ct yellow"}, {"ag925", "sterling silver"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], alloy) == 0)
            return words[i][1];
    return alloy;
}

struct template_choices piece_choices(const struct piece_kind *kind, int alloy) {
    struct template_choices choices;
    template_choices_clear(&choices);
    choices.template = kind->template;
    choices.alloy = kind->alloys[alloy];
    choices.gem = kind->gem;
    choices.shape = kind->shape;
    choices.origin = kind->origin;
    choices.quality = kind->quality;
    choices.engraving = kind->engraving;
    if (kind->length > 0) {
        choices.stone_length = kind->length;
        choices.stone_width = kind->width;
    }
    if (strcmp(kind->template, "eternity") == 0)
        choices.coverage = strstr(kind->title, "Half") != NULL ? 5000 : 10000;
    return choices;
}

struct piece_wish piece_choose(struct chance *chance, int64_t index, struct arena *arena) {
    /* The first orders go through all kinds, so that a small demo shows everything. */
    int64_t number = index < piece_kind_count ? index : chance_below(chance, piece_kind_count);
    const struct piece_kind *kind = &piece_kinds[number];
    struct piece_wish wish = {.kind = kind};
    wish.choices = piece_choices(kind, (int)chance_below(chance, 3));
    const char *type = template_find(kind->template)->type;
    if (strcmp(type, "pendant") != 0 && strcmp(type, "earrings") != 0)
        wish.choices.ring_size =
            chance_between(chance, 47, 60) * MM + chance_below(chance, 2) * 500;
    if (strcmp(kind->template, "remodel") == 0)
        wish.choices.own_metal = chance_between(chance, 15, 60) * 100;
    char *mark = strstr(kind->title, "%s");
    wish.title = arena_printf(arena, "%.*s%s", (int)(mark - kind->title), kind->title,
                              metal_words(wish.choices.alloy));
    return wish;
}
