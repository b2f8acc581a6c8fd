#include "design/template.h"

#include "base/number.h"
#include "design/recipe.h"

#include <string.h>

/* Code and name stand here once, for the table and for the vocabulary. */
#define RECIPES(R)                                                                                 \
    R("solitaire", "Solitaire ring", "ring", "One stone in claws on a slim band.",                 \
      .ring_size = 52800, .band_width = 2200, .band_thickness = 1800, .profile = "court",          \
      .carats = CARAT, .setting = "claw", .cast = true, .cad_minutes = 180)                        \
    R("halo", "Halo ring", "ring", "A centre stone with a line of small ones around it.",          \
      .ring_size = 52800, .band_width = 2000, .band_thickness = 1700, .profile = "court",          \
      .carats = CARAT, .setting = "claw", .accent_size = 1300, .accent_setting = "pave",           \
      .cast = true, .cad_minutes = 240)                                                            \
    R("three_stone", "Three-stone ring", "ring",                                                   \
      "A centre stone with a smaller one at each side.", .ring_size = 52800, .band_width = 2400,   \
      .band_thickness = 1800, .profile = "court", .carats = 70000, .setting = "claw",              \
      .accent_setting = "claw", .cast = true, .cad_minutes = 240)                                  \
    R("eternity", "Eternity ring", "ring", "Equal stones all the way around, or half of it.",      \
      .ring_size = 52800, .band_thickness = 1900, .profile = "flat_court", .accent_size = 2000,    \
      .accent_setting = "claw", .cast = true, .cad_minutes = 210)                                  \
    R("wedding_band", "Wedding band", "band",                                                      \
      "A plain band, with small stones set into it if wished.", .ring_size = 55000,                \
      .band_width = 4000, .band_thickness = 1600, .profile = "court", .accent_size = 1500,         \
      .accent_setting = "flush", .mounting = "Make the band", .mounting_minutes = 75)              \
    R("signet", "Signet ring", "signet",                                                           \
      "A solid head for a seal, on a band that widens into it.", .ring_size = 57800,               \
      .band_width = 3500, .band_thickness = 1900, .profile = "d", .length = 13000, .width = 11000, \
      .thickness = 2000, .setting = "flush", .cast = true, .cad_minutes = 120, .seal_minutes = 60) \
    R("pendant", "Pendant", "pendant", "A stone, or a plain disc, on a chain.", .length = 16000,   \
      .width = 16000, .thickness = 1200, .carats = CARAT / 2, .setting = "bezel", .cast = true,    \
      .cad_minutes = 150, .findings = {{"Chain, 45 cm", 1}, {"Jump ring", 1}})                     \
    R("earrings", "Earrings", "earrings", "A pair of studs with a stone each, or plain.",          \
      .length = 10000, .width = 10000, .thickness = 1000, .carats = CARAT / 2, .setting = "claw",  \
      .pieces = 2, .cast = true, .cad_minutes = 150,                                               \
      .findings = {{"Ear post", 2}, {"Scroll back", 2}})                                           \
    R("remodel", "Remodelled piece", "ring",                                                       \
      "The customer's own stones, and metal if wished, in a new ring.", .ring_size = 52800,        \
      .band_width = 2400, .band_thickness = 1800, .profile = "court", .carats = CARAT / 2,         \
      .setting = "claw", .whose = "customer", .cast = true, .remodel = true, .cad_minutes = 240)

#define RECIPE_ROW(code_, name_, type_, about, ...)                                                \
    {.code = (code_), .name = (name_), .type = (type_), __VA_ARGS__},
#define TEMPLATE_ROW(code, name, type, about, ...) {code, name, type, about},
#define TEMPLATE_WORD(code, name, ...) {code, name},

static const struct recipe recipes[] = {RECIPES(RECIPE_ROW)};
static const struct design_template templates[] = {RECIPES(TEMPLATE_ROW)};
static const struct word template_words[] = {RECIPES(TEMPLATE_WORD){NULL, NULL}};
const struct vocabulary design_templates = {"template", template_words};
#define RECIPE_COUNT (sizeof recipes / sizeof *recipes)

const struct recipe *recipe_find(const char *code) {
    for (size_t i = 0; code && i < RECIPE_COUNT; i++)
        if (strcmp(recipes[i].code, code) == 0)
            return &recipes[i];
    return NULL;
}

const struct design_template *template_find(const char *code) {
    for (size_t i = 0; code && i < RECIPE_COUNT; i++)
        if (strcmp(templates[i].code, code) == 0)
            return &templates[i];
    return NULL;
}

const struct design_template *templates_all(int64_t *count) {
    *count = RECIPE_COUNT;
    return templates;
}

#define CHOICE(member, kind, ...) FIELD(struct template_choices, member, kind, __VA_ARGS__)
static const struct field choice_fields[] = {
    CHOICE(template, FIELD_TEXT, .label = "Template", .max = 40, .flags = FIELD_REQUIRED),
    CHOICE(alloy, FIELD_CODE, .label = "Metal", .words = &alloys),
    CHOICE(finish, FIELD_CODE, .label = "Finish", .words = &finishes),
    CHOICE(profile, FIELD_CODE, .label = "Profile", .words = &ring_profiles),
    CHOICE(engraving, FIELD_TEXT, .label = "Engraving", .max = 120),
    CHOICE(ring_size, FIELD_RING, .label = "Finger size", .min = 38000, .max = 85000),
    CHOICE(band_width, FIELD_MICROMETRE, .label = "Band width", .min = 1000, .max = 20000),
    CHOICE(band_thickness, FIELD_MICROMETRE, .label = "Band thickness", .min = 800, .max = 6000),
    CHOICE(length, FIELD_MICROMETRE, .label = "Length", .min = 2000, .max = 100000),
    CHOICE(width, FIELD_MICROMETRE, .label = "Width", .min = 2000, .max = 100000),
    CHOICE(thickness, FIELD_MICROMETRE, .label = "Thickness", .min = 300, .max = 10000),
    CHOICE(gem, FIELD_CODE, .label = "Stone", .words = &gems),
    CHOICE(shape, FIELD_CODE, .label = "Shape", .words = &shapes),
    CHOICE(origin, FIELD_CODE, .label = "Origin", .words = &origins),
    CHOICE(treatment, FIELD_CODE, .label = "Treatment", .words = &treatments),
    CHOICE(quality, FIELD_TEXT, .label = "Quality", .max = 60),
    CHOICE(report, FIELD_TEXT, .label = "Report number", .max = 60),
    CHOICE(setting, FIELD_CODE, .label = "Setting", .words = &stone_settings),
    CHOICE(whose, FIELD_CODE, .label = "Whose stone", .words = &owners),
    CHOICE(stone_length, FIELD_MICROMETRE, .label = "Stone length", .min = 800, .max = 60000),
    CHOICE(stone_width, FIELD_MICROMETRE, .label = "Stone width", .min = 800, .max = 60000),
    CHOICE(stone_carats, FIELD_CARAT, .label = "Carats", .min = 100, .max = 500 * CARAT),
    CHOICE(accent_gem, FIELD_CODE, .label = "Small stones", .words = &gems),
    CHOICE(accent_origin, FIELD_CODE, .label = "Small stones' origin", .words = &origins),
    CHOICE(accent_quality, FIELD_TEXT, .label = "Small stones' quality", .max = 60),
    CHOICE(accent_setting, FIELD_CODE, .label = "Small stones' setting", .words = &stone_settings),
    CHOICE(accent_size, FIELD_MICROMETRE, .label = "Small stones' size", .min = 800, .max = 10000),
    CHOICE(accent_count, FIELD_INT, .label = "How many small stones", .min = 1, .max = 500),
    CHOICE(shoulders, FIELD_INT, .label = "Stones on the shoulders", .min = 0, .max = 100),
    CHOICE(coverage, FIELD_PERCENT, .label = "How far around", .min = 1000, .max = 10000),
    CHOICE(own_metal, FIELD_MILLIGRAM, .label = "Customer's own metal", .min = 0, .max = 1000000),
    CHOICE(assay, FIELD_FLAG, .label = "To be hallmarked"),
};
const struct record template_choices_record =
    RECORD("TemplateChoices", struct template_choices, choice_fields);

void template_choices_clear(struct template_choices *choices) {
    record_clear(&template_choices_record, choices);
    choices->recipe = NULL;
}

static bool same(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

static void number_default(int64_t *number, int64_t value) {
    if (*number == NONE && value)
        *number = value;
}

static void text_default(const char **text, const char *value) {
    if (!*text || !**text)
        *text = value;
}

static const struct recipe *recipe_of(const struct template_choices *choices) {
    return choices->recipe ? choices->recipe : recipe_find(choices->template);
}

static const char *rules_of(const struct recipe *recipe) {
    return recipe->rules ? recipe->rules : recipe->code;
}

static enum status recipe_unknown(const char *code, struct errors *errors) {
    return error_add(errors, INVALID, "template", "unknown_template",
                     "There is no template “%s”. The templates are %s.", code ? code : "",
                     words_listed(&design_templates, errors->arena));
}

/* What a stone of this gem is unless somebody says otherwise: diamonds natural, what only imitates
 * them never. */
static const char *usual_origin(const char *gem) {
    return same(gem, "cubic_zirconia") ? "simulant"
           : same(gem, "moissanite")   ? "laboratory_grown"
                                       : "natural";
}

/* Diamonds and grown stones are bought untreated, and nothing is said. Of other natural stones, and
 * of what a customer brings, nobody knows until it was looked at, and that is said. */
static const char *usual_treatment(const char *gem, const char *origin, const char *whose) {
    bool known = same(gem, "diamond") || !same(origin, "natural");
    return known && !same(whose, "customer") ? NULL : "unknown";
}

/* Sizes are said in steps of 0.05 mm. */
static int64_t size_rounded(int64_t micrometres) {
    int64_t rounded = (micrometres + 25) / 50 * 50;
    return rounded < 800 ? 800 : rounded;
}

static enum status no_formula(const char *field, struct errors *errors) {
    return error_add(errors, INVALID, field, "no_formula",
                     "The carats of such a stone can't be reckoned from its size. Give its length, "
                     "width and carats.");
}

/* The missing of size and carats, from each other or from the usual carats. */
static enum status stone_complete(struct template_choices *choices, int64_t usual,
                                  struct errors *errors) {
    const struct stone_shape *shape = shape_find(choices->shape);
    if (!shape)
        return no_formula("shape", errors);
    if (choices->stone_length == NONE && choices->stone_width != NONE)
        choices->stone_length = choices->stone_width * shape->ratio / WHOLE;
    if (choices->stone_length == NONE) {
        int64_t carats = choices->stone_carats == NONE ? usual : choices->stone_carats;
        int64_t length, width;
        if (!stone_size(choices->gem, choices->shape, carats, &length, &width))
            return no_formula("stone_length", errors);
        choices->stone_length = size_rounded(length);
        choices->stone_width = size_rounded(width);
    }
    if (choices->stone_width == NONE)
        choices->stone_width = size_rounded(choices->stone_length * WHOLE / shape->ratio);
    if (choices->stone_carats == NONE &&
        !stone_carats(choices->gem, choices->shape, choices->stone_length, choices->stone_width, 0,
                      &choices->stone_carats))
        return no_formula("stone_carats", errors);
    return OK;
}

/* A signet's head; or a plate instead of a stone: a pendant or earring whose size was given and no
 * stone. */
static bool has_plate(const struct template_choices *choices, const struct recipe *recipe) {
    return recipe->length && (!recipe->carats || (choices->length != NONE && !choices->gem));
}

const char *template_alloy(const struct template_choices *choices) {
    return choices->alloy ? choices->alloy : "au750y";
}

enum status template_complete(struct template_choices *choices, struct errors *errors) {
    const struct recipe *recipe = recipe_of(choices);
    if (!recipe)
        return recipe_unknown(choices->template, errors);
    choices->alloy = template_alloy(choices);
    text_default(&choices->finish, "high_polish");
    if (recipe->ring_size) {
        number_default(&choices->ring_size, recipe->ring_size);
        number_default(&choices->band_thickness, recipe->band_thickness);
        text_default(&choices->profile, recipe->profile);
    }
    bool centre = (recipe->carats && !has_plate(choices, recipe)) ||
                  (recipe->setting && choices->gem); /* a stone in a signet's head */
    if (has_plate(choices, recipe)) {
        number_default(&choices->length, recipe->length);
        number_default(&choices->width, recipe->carats ? choices->length : recipe->width);
        number_default(&choices->thickness, recipe->thickness);
    }
    if (recipe->setting && centre) {
        text_default(&choices->gem, "diamond");
        text_default(&choices->shape, "round");
        text_default(&choices->origin, usual_origin(choices->gem));
        text_default(&choices->whose, recipe->whose ? recipe->whose : "shop");
        text_default(&choices->treatment,
                     usual_treatment(choices->gem, choices->origin, choices->whose));
        text_default(&choices->setting, recipe->setting);
        if (same(choices->gem, "diamond") && same(choices->whose, "shop"))
            text_default(&choices->quality, "G VS");
        enum status status =
            stone_complete(choices, recipe->carats ? recipe->carats : CARAT / 20, errors);
        if (status)
            return status;
    }
    bool shoulders = choices->shoulders != NONE && choices->shoulders > 0;
    bool optional = same(rules_of(recipe), "wedding_band") && choices->accent_count == NONE;
    bool accents = shoulders || (recipe->accent_setting && !optional);
    if (accents) {
        text_default(&choices->accent_gem, "diamond");
        text_default(&choices->accent_origin, usual_origin(choices->accent_gem));
        text_default(&choices->accent_setting,
                     recipe->accent_setting ? recipe->accent_setting : "pave");
        if (same(choices->accent_gem, "diamond"))
            text_default(&choices->accent_quality, "G VS");
        number_default(&choices->accent_size, recipe->accent_size);
    }
    if (same(rules_of(recipe), "eternity")) {
        number_default(&choices->coverage, WHOLE);
        number_default(&choices->band_width, choices->accent_size + 600);
    }
    number_default(&choices->band_width, recipe->band_width);
    return OK;
}

/* A design in the making. Volumes are cubic micrometres of metal. */
struct making {
    const struct template_choices *choices; /* complete */
    const struct recipe *recipe;
    const struct alloy *alloy;
    struct arena *arena;
    struct errors *errors;
    struct design *design;
    int64_t volume;
    bool failed; /* something did not fit: said once at the end */
};

#define MOST_GROUPS 4 /* groups of stones in a piece */
#define SHOULDER_SIZE 1300

static void metal_add(struct making *making, bool known, int64_t volume) {
    if (!known || !number_add(making->volume, volume, &making->volume))
        making->failed = true;
}

/* `share` of this volume, in basis points; negative where it is taken away. */
static void metal_add_share(struct making *making, int64_t volume, int64_t share) {
    int64_t part = 0;
    bool known = number_ratio(volume, share, WHOLE, &part);
    metal_add(making, known, part);
}

static void metal_add_wire(struct making *making, int64_t diameter, int64_t length) {
    int64_t volume = 0;
    bool known = wire_volume(diameter, length, &volume);
    metal_add(making, known, volume);
}

/* `share` of a plate. */
static void metal_add_plate(struct making *making, int64_t length, int64_t width, int64_t thickness,
                            int64_t share) {
    int64_t volume = 0;
    if (plate_volume(length, width, thickness, &volume))
        metal_add_share(making, volume, share);
    else
        making->failed = true;
}

static void band_make(struct making *making) {
    const struct template_choices *choices = making->choices;
    struct specification *spec = &making->design->spec;
    int64_t volume = 0;
    bool known = ring_volume(choices->ring_size, choices->band_width, choices->band_thickness,
                             choices->profile, &volume);
    metal_add(making, known, volume);
    spec->ring_size = choices->ring_size;
    spec->band_width = choices->band_width;
    spec->band_thickness = choices->band_thickness;
    spec->profile = choices->profile;
}

/* What holds one stone, by the rules of template.h. */
static void head_make(struct making *making, const char *setting, const char *shape_code,
                      int64_t length, int64_t width) {
    const struct stone_shape *shape = shape_find(shape_code);
    int64_t outline = 0;
    if (!shape || !stone_girdle(shape_code, length, width, &outline)) {
        making->failed = true;
        return;
    }
    int64_t depth = width * (shape->depth ? shape->depth : 6000) / WHOLE;
    int64_t claws = length > 9000 ? 6 : 4, wire = length < 4000 ? 800 : 1000;
    if (same(setting, "claw")) {
        metal_add_wire(making, wire, claws * (depth + 2000));
        metal_add_wire(making, 900, outline * 115 / 100);
    } else if (same(setting, "bezel")) {
        metal_add_plate(making, outline, depth * 6 / 10 + 1500, 500, WHOLE);
        metal_add_wire(making, 800, outline * 7 / 10);
    } else if (same(setting, "illusion")) {
        metal_add_plate(making, length + 1500, width + 1500, 800, WHOLE);
        metal_add_wire(making, wire, claws * (depth + 2000));
    }
}

static struct spec_stone *stone_add(struct making *making, const char *role) {
    struct specification *spec = &making->design->spec;
    struct spec_stone *stone = &spec->stones[spec->stone_count++];
    *stone = (struct spec_stone){.id = NONE,
                                 .job = NONE,
                                 .position = spec->stone_count,
                                 .role = role,
                                 .count = 1,
                                 .whose = "shop"};
    return stone;
}

/* The centre stone and its head; both of them for a pair. */
static void centre_make(struct making *making) {
    const struct template_choices *choices = making->choices;
    struct spec_stone *stone = stone_add(making, "centre");
    stone->gem = choices->gem;
    stone->shape = choices->shape;
    stone->origin = choices->origin;
    stone->treatment = choices->treatment;
    stone->quality = choices->quality;
    stone->report = choices->report;
    stone->setting = choices->setting;
    stone->whose = choices->whose;
    stone->length = choices->stone_length;
    stone->width = choices->stone_width;
    stone->count = making->recipe->pieces ? making->recipe->pieces : 1;
    stone->carats = stone->count * choices->stone_carats;
    making->design->spec.setting = choices->setting;
    for (int64_t i = 0; i < stone->count; i++)
        head_make(making, stone->setting, stone->shape, stone->length, stone->width);
}

/* Small stones of the chosen kind. */
static struct spec_stone *accent_add(struct making *making, const char *role, const char *shape,
                                     int64_t length, int64_t width, int64_t count) {
    const struct template_choices *choices = making->choices;
    struct spec_stone *stone = stone_add(making, role);
    stone->gem = choices->accent_gem;
    stone->origin = choices->accent_origin;
    stone->treatment = usual_treatment(stone->gem, stone->origin, stone->whose);
    stone->quality = choices->accent_quality;
    stone->setting = choices->accent_setting;
    stone->shape = shape;
    stone->length = length;
    stone->width = width;
    stone->count = count;
    int64_t each;
    if (!stone_carats(stone->gem, shape, length, width, 0, &each)) {
        no_formula("accent_gem", making->errors);
        making->failed = true;
    } else {
        stone->carats = each * count;
    }
    return stone;
}

static void shoulders_make(struct making *making) {
    const struct template_choices *choices = making->choices;
    if (choices->shoulders == NONE || choices->shoulders <= 0)
        return;
    /* A three-stone ring's accents are its sides: its shoulders take the usual size. */
    int64_t size = choices->accent_size == NONE || same(rules_of(making->recipe), "three_stone")
                       ? SHOULDER_SIZE
                       : choices->accent_size;
    accent_add(making, "shoulder", "round", size, size, choices->shoulders)->setting = "pave";
}

#define PITCH_GAP 100 /* between two small stones */
#define HALO_GAP 200  /* between the centre's girdle and the halo's */

/* As many as the room has place for, at least one; or as many as were asked for. */
static int64_t stones_along(const struct template_choices *choices, int64_t room) {
    if (choices->accent_count != NONE)
        return choices->accent_count;
    int64_t count = room / (choices->accent_size + PITCH_GAP);
    return count < 1 ? 1 : count;
}

static void halo_make(struct making *making) {
    const struct template_choices *choices = making->choices;
    int64_t size = choices->accent_size, wider = 2 * HALO_GAP + size;
    int64_t line = 0;
    if (!stone_girdle(choices->shape, choices->stone_length + wider, choices->stone_width + wider,
                      &line))
        making->failed = true;
    accent_add(making, "halo", "round", size, size, stones_along(choices, line));
    metal_add_plate(making, line, size + 400, 1300, 7000);
}

static void sides_make(struct making *making) {
    const struct template_choices *choices = making->choices;
    int64_t width = choices->accent_size != NONE ? choices->accent_size
                                                 : size_rounded(choices->stone_width * 7 / 10);
    int64_t length = size_rounded(choices->stone_length * width / choices->stone_width);
    accent_add(making, "side", choices->shape, length, width, 2);
    for (int i = 0; i < 2; i++)
        head_make(making, choices->accent_setting, choices->shape, length, width);
}

static void eternity_make(struct making *making) {
    const struct template_choices *choices = making->choices;
    struct specification *spec = &making->design->spec;
    int64_t outside = 0, room = 0;
    if (!ring_outside(choices->ring_size, choices->band_thickness, &outside) ||
        !number_ratio(outside, choices->coverage, WHOLE, &room))
        making->failed = true;
    accent_add(making, "band", "round", choices->accent_size, choices->accent_size,
               stones_along(choices, room));
    metal_add_share(making, making->volume, -choices->coverage / 4);
    spec->setting = choices->accent_setting;
    spec->note = "An eternity ring can't be made larger or smaller later.";
}

/* A head, disc or plate: an ellipse of solid metal. */
static void plate_make(struct making *making, int64_t pieces) {
    const struct template_choices *choices = making->choices;
    int64_t volume = 0;
    bool known = ellipse_volume(choices->length, choices->width, choices->thickness, &volume);
    for (int64_t i = 0; i < pieces; i++)
        metal_add(making, known, volume);
}

static const char *millimetres(int64_t micrometres, struct arena *arena) {
    char text[32];
    number_print(micrometres, 3, 1, false, text);
    return arena_text(arena, text);
}

static const char *line_add(struct arena *arena, const char *lines, const char *line) {
    return *lines ? arena_printf(arena, "%s\n%s", lines, line) : line;
}

/* What whoever draws it must know. Platinum and gold shrink alike in casting, near 1.6 %. */
static const char *cad_parameters(struct making *making) {
    const struct specification *spec = &making->design->spec;
    const struct template_choices *choices = making->choices;
    struct arena *arena = making->arena;
    const char *lines = "";
    if (spec->ring_size != NONE)
        lines = line_add(
            arena, lines,
            arena_printf(arena, "Finger: %s mm around the inside\nBand: %s × %s mm, %s",
                         millimetres(spec->ring_size, arena), millimetres(spec->band_width, arena),
                         millimetres(spec->band_thickness, arena),
                         vocabulary_label(&ring_profiles, spec->profile)));
    if (has_plate(choices, making->recipe))
        lines = line_add(arena, lines,
                         arena_printf(arena, "Plate: %s × %s × %s mm",
                                      millimetres(choices->length, arena),
                                      millimetres(choices->width, arena),
                                      millimetres(choices->thickness, arena)));
    for (int64_t i = 0; i < spec->stone_count; i++) {
        const struct spec_stone *stone = &spec->stones[i];
        lines = line_add(arena, lines,
                         arena_printf(arena, "%s: %d %s, %s × %s mm, seat +0.05 mm, %s",
                                      vocabulary_label(&stone_roles, stone->role),
                                      (int)stone->count, vocabulary_label(&shapes, stone->shape),
                                      millimetres(stone->length, arena),
                                      millimetres(stone->width, arena),
                                      vocabulary_label(&stone_settings, stone->setting)));
    }
    return line_add(arena, lines, "Shrinkage: 1.6 %");
}

static const char *note_of(const struct specification *spec, struct arena *arena) {
    const char *note = spec->note ? spec->note : "";
    if (spec->ring_size != NONE && spec->band_width > 6000)
        note = line_add(arena, note, "A band wider than 6 mm fits about half a size tighter.");
    return *note ? note : NULL;
}

static const char *title_of(const struct making *making) {
    const struct specification *spec = &making->design->spec;
    if (spec->stone_count == 0)
        return arena_printf(making->arena, "%s, %s", making->recipe->name, making->alloy->name);
    const struct spec_stone *stone = &spec->stones[0];
    return arena_printf(making->arena, "%s, %s, %s", making->recipe->name, making->alloy->name,
                        stone_name(&(struct stone_facts){.gem = stone->gem,
                                                         .origin = stone->origin,
                                                         .count = stone->count},
                                   making->arena));
}

/* A natural cubic zirconia, say: the words would lie. */
static enum status origins_check(const struct specification *spec, struct errors *errors) {
    for (int64_t i = 0; i < spec->stone_count; i++) {
        const struct spec_stone *stone = &spec->stones[i];
        if (!gem_may_be(stone->gem, stone->origin))
            return error_add(
                errors, INVALID, same(stone->role, "centre") ? "origin" : "accent_origin",
                "impossible_origin", "%s can't be %s. Choose another origin.",
                vocabulary_label(&gems, stone->gem), vocabulary_label(&origins, stone->origin));
    }
    return OK;
}

static void piece_make(struct making *making) {
    const struct template_choices *choices = making->choices;
    const char *code = rules_of(making->recipe);
    int64_t pieces = making->recipe->pieces ? making->recipe->pieces : 1;
    if (making->recipe->ring_size)
        band_make(making);
    if (has_plate(choices, making->recipe))
        plate_make(making, pieces);
    if (same(code, "eternity"))
        eternity_make(making);
    else if (making->recipe->setting && choices->gem)
        centre_make(making);
    if (same(code, "halo"))
        halo_make(making);
    if (same(code, "three_stone"))
        sides_make(making);
    if (same(code, "wedding_band") && choices->accent_count != NONE)
        accent_add(making, "band", "round", choices->accent_size, choices->accent_size,
                   choices->accent_count);
    shoulders_make(making);
    if (same(code, "pendant")) { /* the bail and its loop */
        metal_add_wire(making, 1000, 15000);
        metal_add_wire(making, 800, 10000);
    }
}

enum status template_make(const struct template_choices *given, const struct alloy *alloy,
                          struct arena *arena, struct design *design, struct errors *errors) {
    *design = (struct design){0};
    const struct recipe *recipe = recipe_of(given);
    if (!recipe)
        return recipe_unknown(given->template, errors);
    enum status status = record_check(&template_choices_record, given, errors);
    if (status)
        return status;
    struct template_choices choices = *given;
    status = template_complete(&choices, errors);
    if (status)
        return status;

    struct making making = {.choices = &choices,
                            .recipe = recipe,
                            .alloy = alloy,
                            .arena = arena,
                            .errors = errors,
                            .design = design};
    struct specification *spec = &design->spec;
    *spec = (struct specification){.job = NONE,
                                   .template = recipe->code,
                                   .alloy = choices.alloy,
                                   .ring_size = NONE,
                                   .band_width = NONE,
                                   .band_thickness = NONE,
                                   .finish = choices.finish,
                                   .engraving = choices.engraving,
                                   .version = 1,
                                   .recipe = recipe,
                                   .stones = ARENA_ARRAY(arena, struct spec_stone, MOST_GROUPS)};
    if (!alloy)
        return error_add(errors, INVALID, "alloy", "unknown_alloy",
                         "There is no alloy “%s”. Choose one of the list.", choices.alloy);
    piece_make(&making);

    int64_t sprue = making.recipe->cast ? ALLOY_SPRUE : 1500;
    if (errors_any(errors))
        return errors->status;
    if (making.failed || making.volume < 0 ||
        !alloy_weight(making.alloy->density, making.volume, &spec->weight) ||
        !alloy_issue(spec->weight, making.alloy->loss, sprue, &spec->gross))
        return error_add(errors, INVALID, NULL, "too_large",
                         "A piece of this size can't be reckoned. Check its measures.");
    status = origins_check(spec, errors);
    if (status)
        return status;
    spec->cad = cad_parameters(&making);
    spec->note = note_of(spec, arena);
    design->type = making.recipe->type;
    design->title = title_of(&making);
    bool own_metal = choices.own_metal != NONE && choices.own_metal > 0;
    status = spec_materials(spec, alloy, choices.own_metal, arena, &design->materials,
                            &design->material_count, errors);
    if (status)
        return status;
    return spec_operations(spec, alloy, own_metal, choices.assay == 1, arena, &design->operations,
                           &design->operation_count, errors);
}
