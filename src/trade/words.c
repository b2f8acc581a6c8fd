#include "trade/words.h"

static const struct word type_words[] = {
    {"ring", "Ring"},       {"band", "Band"},         {"signet", "Signet"},
    {"pendant", "Pendant"}, {"earrings", "Earrings"}, {"bracelet", "Bracelet"},
    {"brooch", "Brooch"},   {"other", "Other"},       {NULL, NULL},
};
const struct vocabulary jewellery_types = {"type of jewellery", type_words};

static const struct word setting_words[] = {
    {"claw", "Claw"},
    {"bezel", "Bezel"},
    {"channel", "Channel"},
    {"pave", "Pavé"},
    {"bead", "Bead"},
    {"flush", "Flush"},
    {"tension", "Tension"},
    {"illusion", "Illusion"},
    {"invisible", "Invisible"},
    {"bar", "Bar"},
    {NULL, NULL},
};
const struct vocabulary stone_settings = {"setting", setting_words};

static const struct word finish_words[] = {
    {"high_polish", "High polish"},
    {"satin", "Satin"},
    {"brushed", "Brushed"},
    {"matt", "Matt"},
    {"hammered", "Hammered"},
    {"sandblasted", "Sandblasted"},
    {"rhodium", "Rhodium plated"},
    {"oxidised", "Oxidised"},
    {"milgrain", "Milgrain edge"},
    {"other", "Other"},
    {NULL, NULL},
};
const struct vocabulary finishes = {"finish", finish_words};

static const struct word craft_words[] = {
    {"cad", "CAD"},
    {"casting", "Casting"},
    {"mounting", "Mounting"},
    {"setting", "Setting"},
    {"engraving", "Engraving"},
    {"polishing", "Polishing"},
    {"quality", "Quality check"},
    {"assay", "Assay"},
    {"other", "Other"},
    {NULL, NULL},
};
const struct vocabulary crafts = {"craft", craft_words};

static const struct word owner_words[] = {
    {"shop", "Ours"}, {"customer", "The customer's"}, {NULL, NULL}};
const struct vocabulary owners = {"owner", owner_words};

const char *words_listed(const struct vocabulary *words, struct arena *arena) {
    const char *list = "";
    for (const struct word *word = words->words; word->code; word++)
        list = arena_printf(arena, "%s%s%s", list, *list ? ", " : "", word->code);
    return list;
}
