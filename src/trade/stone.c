#include "trade/stone.h"

#include "base/number.h"

#include <string.h>

#define LARGEST INT64_C(200000) /* µm: no stone is over 20 cm */

/* Specific gravities: diamond 3.52 is certain; the others are the species' usual figures. */
#define GEMS(G)                                                                                    \
    G("diamond", "Diamond", "diamond", "diamonds", 3520, NULL)                                     \
    G("sapphire", "Sapphire", "sapphire", "sapphires", 4000, NULL)                                 \
    G("ruby", "Ruby", "ruby", "rubies", 4000, NULL)                                                \
    G("emerald", "Emerald", "emerald", "emeralds", 2720, NULL)                                     \
    G("aquamarine", "Aquamarine", "aquamarine", "aquamarines", 2720, NULL)                         \
    G("morganite", "Morganite", "morganite", "morganites", 2720, NULL)                             \
    G("alexandrite", "Alexandrite", "alexandrite", "alexandrites", 3730, NULL)                     \
    G("spinel", "Spinel", "spinel", "spinels", 3600, NULL)                                         \
    G("tourmaline", "Tourmaline", "tourmaline", "tourmalines", 3060, NULL)                         \
    G("tanzanite", "Tanzanite", "tanzanite", "tanzanites", 3350, NULL)                             \
    G("topaz", "Topaz", "topaz", "topazes", 3530, NULL)                                            \
    G("garnet", "Garnet", "garnet", "garnets", 3800, NULL)                                         \
    G("peridot", "Peridot", "peridot", "peridots", 3340, NULL)                                     \
    G("zircon", "Zircon", "zircon", "zircons", 4600, NULL)                                         \
    G("amethyst", "Amethyst", "amethyst", "amethysts", 2650, NULL)                                 \
    G("citrine", "Citrine", "citrine", "citrines", 2650, NULL)                                     \
    G("quartz", "Quartz", "quartz", "quartzes", 2650, NULL)                                        \
    G("opal", "Opal", "opal", "opals", 2100, NULL)                                                 \
    G("moonstone", "Moonstone", "moonstone", "moonstones", 2570, NULL)                             \
    G("onyx", "Onyx", "onyx", "onyxes", 2650, NULL)                                                \
    G("turquoise", "Turquoise", "turquoise", "turquoises", 2760, NULL)                             \
    G("lapis", "Lapis lazuli", "lapis lazuli", "lapis lazuli", 2800, NULL)                         \
    G("jade", "Jade", "jade", "jades", 3330, NULL)                                                 \
    G("pearl", "Pearl", "pearl", "pearls", 2700, NULL)                                             \
    G("moissanite", "Moissanite", "moissanite", "moissanites", 3220, "diamond")                    \
    G("cubic_zirconia", "Cubic zirconia", "cubic zirconia", "cubic zirconias", 5800, "diamond")    \
    G("other", "Other", "stone", "stones", 0, NULL)

#define GEM_ROW(code, label, name, plural, gravity, simulates)                                     \
    {code, name, plural, gravity, simulates},
#define GEM_WORD(code, label, name, plural, gravity, simulates) {code, label},

static const struct gem gem_table[] = {GEMS(GEM_ROW)};
static const struct word gem_words[] = {GEMS(GEM_WORD){NULL, NULL}};
const struct vocabulary gems = {"gem", gem_words};

/* Diamond figures as the trade's calculators have them, those for any species after Dendritics;
 * trillion, and a bead's sphere (π/6 mm³ at 0.2 g a carat), are own. Depths are usual cuts'. */
#define SHAPES(S)                                                                                  \
    S("round", "Round", "round", 610, 180, 6100, 10000, false)                                     \
    S("oval", "Oval", "oval", 620, 200, 6200, 13500, false)                                        \
    S("princess", "Princess", "princess", 830, 230, 7200, 10000, true)                             \
    S("emerald", "Emerald cut", "emerald cut", 800, 250, 6500, 14000, true)                        \
    S("asscher", "Asscher", "asscher", 800, 230, 6700, 10000, true)                                \
    S("baguette", "Baguette", "baguette", 800, 260, 6200, 20000, true)                             \
    S("cushion", "Cushion", "cushion", 815, 230, 6600, 11000, true)                                \
    S("radiant", "Radiant", "radiant", 810, 250, 6600, 12500, true)                                \
    S("marquise", "Marquise", "marquise", 570, 160, 6000, 20000, false)                            \
    S("pear", "Pear", "pear", 615, 180, 6200, 15000, false)                                        \
    S("heart", "Heart", "heart", 590, 180, 6000, 10000, false)                                     \
    S("trillion", "Trillion", "trillion", 570, 160, 5500, 10000, false)                            \
    S("cabochon", "Cabochon", "cabochon", 0, 270, 5000, 13000, false)                              \
    S("bead", "Bead", "bead", 0, 262, 10000, 10000, false)                                         \
    S("other", "Other", "other shape", 0, 0, 0, 10000, false)

#define SHAPE_ROW(code, label, name, diamond, any, depth, ratio, corners)                          \
    {code, name, diamond, any, depth, ratio, corners},
#define SHAPE_WORD(code, label, name, diamond, any, depth, ratio, corners) {code, label},

static const struct stone_shape shape_table[] = {SHAPES(SHAPE_ROW)};
static const struct word shape_words[] = {SHAPES(SHAPE_WORD){NULL, NULL}};
const struct vocabulary shapes = {"shape", shape_words};

static const struct word origin_words[] = {{"natural", "Natural"},
                                           {"laboratory_grown", "Laboratory-grown"},
                                           {"simulant", "Simulant"},
                                           {NULL, NULL}};
const struct vocabulary origins = {"origin", origin_words};

static const struct word treatment_words[] = {
    {"none", "Untreated"},
    {"unknown", "Not known"},
    {"heated", "Heated"},
    {"irradiated", "Irradiated"},
    {"hpht", "High pressure, high temperature"},
    {"diffused", "Lattice diffused"},
    {"oiled", "Oiled"},
    {"resin_filled", "Resin filled"},
    {"fracture_filled", "Fracture filled"},
    {"glass_filled", "Lead-glass filled"},
    {"laser_drilled", "Laser drilled"},
    {"coated", "Coated"},
    {"dyed", "Dyed"},
    {"bleached", "Bleached"},
    {"stabilised", "Stabilised"},
    {"assembled", "Assembled (doublet, triplet)"},
    {NULL, NULL},
};
const struct vocabulary treatments = {"treatment", treatment_words};

/* As a sentence tells them; "unknown" is told too, since silence would read as untreated. */
static const struct word treatment_texts[] = {
    {"none", "untreated"},
    {"unknown", "treatment not known"},
    {"heated", "heated"},
    {"irradiated", "irradiated"},
    {"hpht", "HPHT treated"},
    {"diffused", "lattice diffused"},
    {"oiled", "oiled"},
    {"resin_filled", "resin filled"},
    {"fracture_filled", "fracture filled"},
    {"glass_filled", "lead-glass filled"},
    {"laser_drilled", "laser drilled"},
    {"coated", "coated"},
    {"dyed", "dyed"},
    {"bleached", "bleached"},
    {"stabilised", "stabilised"},
    {"assembled", "assembled"},
    {NULL, NULL},
};

static bool same(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

const struct gem *gem_find(const char *code) {
    for (size_t i = 0; i < sizeof gem_table / sizeof *gem_table; i++)
        if (same(gem_table[i].code, code))
            return &gem_table[i];
    return NULL;
}

const struct stone_shape *shape_find(const char *code) {
    for (size_t i = 0; i < sizeof shape_table / sizeof *shape_table; i++)
        if (same(shape_table[i].code, code))
            return &shape_table[i];
    return NULL;
}

bool gem_may_be(const char *code, const char *origin) {
    const struct gem *gem = gem_find(code);
    if (!gem || !origin)
        return false;
    if (gem->simulates)
        return same(origin, "simulant") || same(origin, "laboratory_grown");
    return same(origin, "natural") || same(origin, "laboratory_grown") || same(origin, "simulant");
}

/* Round diamonds: diameter in micrometres and carats, straight lines between. The last is the
 * formula's own figure, so that carats never fall as the diameter grows. */
static const struct {
    int64_t diameter, carats;
} melee[] = {{1000, 500}, {1100, 660}, {1500, 1450}, {2000, 2977}};
#define MELEE_LAST (sizeof melee / sizeof *melee - 1)

static bool melee_carats(int64_t diameter, int64_t *carats) {
    if (diameter < melee[0].diameter)
        return number_ratio3(diameter * diameter, diameter, melee[0].carats, INT64_C(1000000000),
                             carats);
    size_t i = 0;
    while (i + 1 < MELEE_LAST && diameter > melee[i + 1].diameter)
        i++;
    int64_t more;
    return number_ratio(diameter - melee[i].diameter, melee[i + 1].carats - melee[i].carats,
                        melee[i + 1].diameter - melee[i].diameter, &more) &&
           number_add(melee[i].carats, more, carats);
}

bool stone_carats(const char *gem_code, const char *shape_code, int64_t length, int64_t width,
                  int64_t depth, int64_t *carats) {
    const struct gem *gem = gem_find(gem_code);
    const struct stone_shape *shape = shape_find(shape_code);
    if (width == 0)
        width = length;
    if (!gem || !shape || length <= 0 || width <= 0 || depth < 0 || length > LARGEST ||
        width > LARGEST || depth > LARGEST)
        return false;
    bool diamond = same(gem->code, "diamond") && shape->diamond > 0;
    if (diamond && depth == 0 && same(shape->code, "round") && length == width &&
        length <= melee[MELEE_LAST].diameter)
        return melee_carats(length, carats);

    /* The usual depth stays a product, so that everything is rounded once: depth = width × share.
     */
    int64_t deep = depth ? depth * WHOLE : width * shape->depth;
    if (diamond)
        return number_ratio3(length * width, deep, shape->diamond, INT64_C(1000000000) * WHOLE,
                             carats);
    if (shape->any == 0 || gem->gravity == 0)
        return false;
    return number_ratio3(length * width, deep, shape->any * gem->gravity,
                         INT64_C(1000000000000) * WHOLE, carats);
}

bool stone_size(const char *gem, const char *shape_code, int64_t carats, int64_t *length,
                int64_t *width) {
    const struct stone_shape *shape = shape_find(shape_code);
    if (!shape || carats <= 0)
        return false;
    int64_t low = 1, high = LARGEST * WHOLE / shape->ratio, made;
    if (!stone_carats(gem, shape_code, high * shape->ratio / WHOLE, high, 0, &made) ||
        made < carats)
        return false;
    while (low < high) {
        int64_t middle = (low + high) / 2, long_side = middle * shape->ratio / WHOLE;
        if (!stone_carats(gem, shape_code, long_side, middle, 0, &made))
            return false;
        if (made < carats)
            low = middle + 1;
        else
            high = middle;
    }
    *width = low;
    *length = low * shape->ratio / WHOLE;
    return true;
}

bool stone_girdle(const char *shape_code, int64_t length, int64_t width, int64_t *outline) {
    const struct stone_shape *shape = shape_find(shape_code);
    if (width == 0)
        width = length;
    if (!shape || length <= 0 || width <= 0 || length > LARGEST || width > LARGEST)
        return false;
    if (shape->corners) {
        *outline = 2 * (length + width);
        return true;
    }
    return number_ratio(length + width, 355, 226, outline);
}

static bool told(int64_t number) {
    return number != NONE && number > 0;
}

const char *stone_name(const struct stone_facts *facts, struct arena *arena) {
    const struct gem *gem = gem_find(facts->gem);
    bool many = told(facts->count) && facts->count > 1;
    const char *noun = gem          ? (many ? gem->plural : gem->name)
                       : facts->gem ? facts->gem
                                    : (many ? "stones" : "stone");
    const char *told_name;
    if (gem && gem->simulates)
        told_name = arena_printf(arena, "%s%s (%s simulant)",
                                 same(facts->origin, "laboratory_grown") ? "laboratory-grown " : "",
                                 noun, gem->simulates);
    else if (same(facts->origin, "natural"))
        told_name = arena_printf(arena, "natural %s", noun);
    else if (same(facts->origin, "laboratory_grown"))
        told_name = arena_printf(arena, "laboratory-grown %s", noun);
    else if (same(facts->origin, "simulant"))
        told_name = arena_printf(arena, "imitation %s", noun);
    else
        told_name = arena_printf(arena, "%s of undisclosed origin", noun);

    for (const struct word *text = treatment_texts; facts->treatment && text->code; text++)
        if (strcmp(text->code, facts->treatment) == 0)
            return arena_printf(arena, "%s, %s", told_name, text->label);
    return told_name;
}

const char *stone_text(const struct stone_facts *facts, struct arena *arena) {
    const struct stone_shape *shape = shape_find(facts->shape);
    bool many = told(facts->count) && facts->count > 1;
    char number[32], other[32];
    const char *text = stone_name(facts, arena);
    if (many) {
        number_print(facts->count, 0, 0, false, number);
        text = arena_printf(arena, "%s %s", number, text);
    }
    if (shape)
        text = arena_printf(arena, "%s, %s", text, shape->name);
    if (told(facts->length)) {
        number_print(facts->length, 3, 0, false, number);
        text = arena_printf(arena, "%s%s%s", text, shape ? " " : ", ", number);
        if (told(facts->width) && facts->width != facts->length) {
            number_print(facts->width, 3, 0, false, other);
            text = arena_printf(arena, "%s × %s", text, other);
        }
        text = arena_printf(arena, "%s mm", text);
    }
    if (told(facts->carats)) {
        /* To a hundredth of a carat as the trade says it; melee to a thousandth. */
        int64_t shown;
        bool fine = facts->carats < 10000;
        if (number_ratio(facts->carats, 1, fine ? 100 : 1000, &shown)) {
            number_print(shown, fine ? 3 : 2, 2, false, number);
            text = arena_printf(arena, "%s, %s ct%s (%s)", text, number, many ? " in all" : "",
                                facts->weighed ? "weighed" : "measured");
        }
    }
    if (facts->quality && *facts->quality)
        text = arena_printf(arena, "%s, %s", text, facts->quality);
    if (facts->report && *facts->report)
        text = arena_printf(arena, "%s, %s", text, facts->report);
    return text;
}
