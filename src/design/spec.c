#include "design/spec.h"

#include "base/number.h"
#include "design/recipe.h"
#include "design/template.h"

#include <stdlib.h>
#include <string.h>

static const struct word role_words[] = {
    {"centre", "Centre"}, {"side", "Side"},     {"halo", "Halo"}, {"shoulder", "Shoulder"},
    {"band", "Band"},     {"accent", "Accent"}, {NULL, NULL}};
const struct vocabulary stone_roles = {"role", role_words};

static const struct word material_words[] = {
    {"metal", "Metal"}, {"stone", "Stone"}, {"finding", "Finding"}, {NULL, NULL}};
const struct vocabulary material_kinds = {"kind of material", material_words};

static const struct word operation_words[] = {{"work", "Work"},
                                              {"vendor", "Vendor"},
                                              {"quality", "Quality check"},
                                              {"customer", "Customer"},
                                              {NULL, NULL}};
const struct vocabulary operation_kinds = {"kind of operation", operation_words};

#define STONE(member, kind, ...) FIELD(struct spec_stone, member, kind, __VA_ARGS__)
static const struct field stone_fields[] = {
    STONE(id, FIELD_ID, .flags = FIELD_READONLY),
    STONE(job, FIELD_ID, .flags = FIELD_INTERNAL),
    STONE(position, FIELD_INT, .flags = FIELD_READONLY, .max = 1000),
    STONE(role, FIELD_CODE, .label = "Role", .words = &stone_roles, .flags = FIELD_REQUIRED),
    STONE(gem, FIELD_CODE, .label = "Gem", .words = &gems, .flags = FIELD_REQUIRED),
    STONE(shape, FIELD_CODE, .label = "Shape", .words = &shapes, .flags = FIELD_REQUIRED),
    STONE(length, FIELD_MICROMETRE, .label = "Length", .min = 300, .max = 100000,
          .flags = FIELD_REQUIRED),
    STONE(width, FIELD_MICROMETRE, .label = "Width", .min = 300, .max = 100000,
          .flags = FIELD_REQUIRED),
    STONE(count, FIELD_INT, .label = "Count", .min = 1, .max = 10000, .flags = FIELD_REQUIRED),
    STONE(carats, FIELD_CARAT, .label = "Carats in all", .min = 0, .max = 100000 * CARAT,
          .flags = FIELD_REQUIRED),
    STONE(quality, FIELD_TEXT, .label = "Quality", .max = 60),
    STONE(origin, FIELD_CODE, .label = "Origin", .words = &origins, .flags = FIELD_REQUIRED),
    STONE(treatment, FIELD_CODE, .label = "Treatment", .words = &treatments),
    STONE(report, FIELD_TEXT, .label = "Report number", .max = 60),
    STONE(setting, FIELD_CODE, .label = "Setting", .words = &stone_settings),
    STONE(whose, FIELD_CODE, .label = "Whose", .words = &owners, .flags = FIELD_REQUIRED),
};
const struct record spec_stone_record = RECORD("SpecStone", struct spec_stone, stone_fields);

#define SPEC(member, kind, ...) FIELD(struct specification, member, kind, __VA_ARGS__)
static const struct field spec_fields[] = {
    SPEC(job, FIELD_ID, .flags = FIELD_INTERNAL),
    SPEC(template, FIELD_TEXT, .label = "Template", .max = 40),
    SPEC(alloy, FIELD_CODE, .label = "Metal", .words = &alloys),
    SPEC(weight, FIELD_MILLIGRAM, .label = "Weight", .min = 0, .max = 10000000),
    SPEC(gross, FIELD_MILLIGRAM, .label = "To issue", .min = 0, .max = 20000000),
    SPEC(ring_size, FIELD_RING, .label = "Finger size", .min = 38000, .max = 85000),
    SPEC(band_width, FIELD_MICROMETRE, .label = "Band width", .min = 1000, .max = 20000),
    SPEC(band_thickness, FIELD_MICROMETRE, .label = "Band thickness", .min = 800, .max = 6000),
    SPEC(profile, FIELD_CODE, .label = "Profile", .words = &ring_profiles),
    SPEC(setting, FIELD_CODE, .label = "Setting", .words = &stone_settings),
    SPEC(finish, FIELD_CODE, .label = "Finish", .words = &finishes),
    SPEC(engraving, FIELD_TEXT, .label = "Engraving", .max = 120),
    SPEC(cad, FIELD_LONG, .label = "For the drawing", .max = 4000),
    SPEC(note, FIELD_LONG, .label = "Note", .max = 4000),
    SPEC(version, FIELD_INT, .flags = FIELD_READONLY, .max = INT64_C(1) << 40),
    FIELD_ROWS(struct specification, stones, stone_count, &spec_stone_record, .label = "Stones"),
};
const struct record specification_record =
    RECORD("Specification", struct specification, spec_fields);

#define NEED(member, kind_, ...) FIELD(struct material_need, member, kind_, __VA_ARGS__)
static const struct field need_fields[] = {
    NEED(position, FIELD_INT, .flags = FIELD_READONLY, .max = 1000),
    NEED(kind, FIELD_CODE, .label = "Kind", .words = &material_kinds, .flags = FIELD_REQUIRED),
    NEED(name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED, .max = 300),
    NEED(alloy, FIELD_CODE, .label = "Metal", .words = &alloys),
    NEED(gem, FIELD_CODE, .label = "Gem", .words = &gems),
    NEED(shape, FIELD_CODE, .label = "Shape", .words = &shapes),
    NEED(origin, FIELD_CODE, .label = "Origin", .words = &origins),
    NEED(treatment, FIELD_CODE, .label = "Treatment", .words = &treatments),
    NEED(quality, FIELD_TEXT, .label = "Quality", .max = 60),
    NEED(length, FIELD_MICROMETRE, .label = "Length", .max = 100000),
    NEED(width, FIELD_MICROMETRE, .label = "Width", .max = 100000),
    NEED(quantity, FIELD_INT, .label = "Quantity", .min = 1, .max = 100000000,
         .flags = FIELD_REQUIRED),
    NEED(carats, FIELD_CARAT, .label = "Carats in all"),
    NEED(whose, FIELD_CODE, .label = "Whose", .words = &owners, .flags = FIELD_REQUIRED),
};
const struct record material_need_record =
    RECORD("MaterialNeed", struct material_need, need_fields);

#define OPERATION(member, kind_, ...) FIELD(struct operation_plan, member, kind_, __VA_ARGS__)
static const struct field operation_fields[] = {
    OPERATION(position, FIELD_INT, .flags = FIELD_READONLY, .max = 1000),
    OPERATION(craft, FIELD_CODE, .label = "Craft", .words = &crafts, .flags = FIELD_REQUIRED),
    OPERATION(kind, FIELD_CODE, .label = "Kind", .words = &operation_kinds,
              .flags = FIELD_REQUIRED),
    OPERATION(name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED, .max = 200),
    OPERATION(minutes, FIELD_MINUTES, .label = "Minutes", .max = 100000),
    OPERATION(lead_days, FIELD_INT, .label = "Lead days", .max = 365),
    OPERATION(after, FIELD_TEXT, .label = "After", .max = 60),
};
const struct record operation_plan_record =
    RECORD("OperationPlan", struct operation_plan, operation_fields);

const char *spec_stone_text(const struct spec_stone *stone, struct arena *arena) {
    return stone_text(&(struct stone_facts){.gem = stone->gem,
                                            .origin = stone->origin,
                                            .treatment = stone->treatment,
                                            .shape = stone->shape,
                                            .quality = stone->quality,
                                            .report = stone->report,
                                            .count = stone->count,
                                            .length = stone->length,
                                            .width = stone->width,
                                            .carats = stone->carats},
                      arena);
}

static bool same(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

static enum status unknown_alloy(const struct specification *spec, struct errors *errors) {
    return error_add(errors, INVALID, "alloy", "unknown_alloy",
                     "There is no alloy “%s”. Choose one of the list.",
                     spec->alloy ? spec->alloy : "");
}

static struct material_need *need_add(struct material_need *needs, int64_t *count, const char *kind,
                                      const char *name) {
    struct material_need *need = &needs[(*count)++];
    *need = (struct material_need){.position = *count,
                                   .kind = kind,
                                   .name = name,
                                   .length = NONE,
                                   .width = NONE,
                                   .carats = NONE,
                                   .quantity = 1,
                                   .whose = "shop"};
    return need;
}

enum status spec_materials(const struct specification *spec, const struct alloy *alloy,
                           int64_t own_metal, struct arena *arena, struct material_need **needs,
                           int64_t *count, struct errors *errors) {
    if (!alloy)
        return unknown_alloy(spec, errors);
    const struct recipe *recipe = spec->recipe ? spec->recipe : recipe_find(spec->template);
    struct material_need *list =
        ARENA_ARRAY(arena, struct material_need, (size_t)spec->stone_count + 2 + RECIPE_FINDINGS);
    *count = 0;

    int64_t gross = spec->gross == NONE ? 0 : spec->gross;
    int64_t own = own_metal == NONE || own_metal < 0 ? 0 : own_metal;
    if (own > gross)
        own = gross;
    if (own > 0) {
        struct material_need *need = need_add(list, count, "metal", alloy->name);
        need->alloy = alloy->code;
        need->quantity = own;
        need->whose = "customer";
    }
    if (gross > own) {
        struct material_need *need = need_add(list, count, "metal", alloy->name);
        need->alloy = alloy->code;
        need->quantity = gross - own;
    }
    for (int64_t i = 0; i < spec->stone_count; i++) {
        const struct spec_stone *stone = &spec->stones[i];
        struct material_need *need = need_add(list, count, "stone", spec_stone_text(stone, arena));
        need->gem = stone->gem;
        need->shape = stone->shape;
        need->origin = stone->origin;
        need->treatment = stone->treatment;
        need->quality = stone->quality;
        need->length = stone->length;
        need->width = stone->width;
        need->quantity = stone->count;
        need->carats = stone->carats;
        need->whose = stone->whose;
    }
    for (int i = 0; recipe && i < RECIPE_FINDINGS && recipe->findings[i].name; i++) {
        const struct recipe_finding *finding = &recipe->findings[i];
        struct material_need *need = need_add(
            list, count, "finding", arena_printf(arena, "%s, %s", finding->name, alloy->name));
        need->part = finding->name;
        need->quantity = finding->count;
    }
    *needs = list;
    return OK;
}

/* Minutes for setting one stone: as the centre, and as one of many. */
static const struct setting_minutes {
    const char *setting;
    int64_t centre, other;
} setting_minutes[] = {
    {"claw", 40, 15}, {"bezel", 30, 30},     {"channel", 15, 8},  {"pave", 8, 8},
    {"bead", 8, 8},   {"flush", 12, 12},     {"tension", 45, 45}, {"illusion", 30, 15},
    {"bar", 20, 10},  {"invisible", 15, 15},
};

static const struct setting_minutes *setting_minutes_of(const char *setting) {
    for (size_t i = 0; i < sizeof setting_minutes / sizeof *setting_minutes; i++)
        if (same(setting_minutes[i].setting, setting))
            return &setting_minutes[i];
    return NULL;
}

struct chain {
    struct arena *arena;
    struct operation_plan *list;
    int64_t count;
};

/* Adds an operation after `after` (0: after none) and returns its position. */
static int64_t chain_add(struct chain *chain, const char *craft, const char *kind, const char *name,
                         int64_t minutes, int64_t lead_days, int64_t after) {
    struct operation_plan *operation = &chain->list[chain->count++];
    *operation = (struct operation_plan){
        .position = chain->count,
        .craft = craft,
        .kind = kind,
        .name = name,
        .minutes = minutes,
        .lead_days = lead_days,
        .after = after ? arena_printf(chain->arena, "%d", (int)after) : NULL,
    };
    return chain->count;
}

/* The operation at `position` waits for one more. */
static void chain_wait(struct chain *chain, int64_t position, int64_t after) {
    struct operation_plan *operation = &chain->list[position - 1];
    operation->after = operation->after
                           ? arena_printf(chain->arena, "%s %d", operation->after, (int)after)
                           : arena_printf(chain->arena, "%d", (int)after);
}

static int64_t letters(const char *text) {
    int64_t count = 0;
    for (; text && *text; text++)
        count += *text != ' ' && ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* Every group of stones is set in one go: the centre first, then the rest in their order. */
static int64_t chain_set_stones(struct chain *chain, const struct specification *spec,
                                int64_t after) {
    for (int centre = 1; centre >= 0; centre--)
        for (int64_t i = 0; i < spec->stone_count; i++) {
            const struct spec_stone *stone = &spec->stones[i];
            if ((int)same(stone->role, "centre") != centre)
                continue;
            const char *setting = stone->setting ? stone->setting : "claw";
            const struct setting_minutes *each = setting_minutes_of(setting);
            const char *label = vocabulary_label(&stone_settings, setting);
            const char *name =
                centre && stone->count == 1
                    ? arena_printf(chain->arena, "Set the centre stone: %s", label)
                : stone->count == 1
                    ? arena_printf(chain->arena, "Set the %s stone: %s", stone->role, label)
                    : arena_printf(chain->arena, "Set %d %s stones: %s", (int)stone->count,
                                   stone->role, label);
            after = chain_add(chain, "setting", "work", name,
                              stone->count * (centre ? each->centre : each->other), 0, after);
        }
    return after;
}

enum status spec_operations(const struct specification *spec, const struct alloy *alloy,
                            bool own_metal, bool assay, struct arena *arena,
                            struct operation_plan **operations, int64_t *count,
                            struct errors *errors) {
    const struct recipe *recipe = spec->recipe ? spec->recipe : recipe_find(spec->template);
    if (!alloy)
        return unknown_alloy(spec, errors);
    if (!recipe)
        return error_add(errors, INVALID, "template", "unknown_template",
                         "There is no template “%s”. The templates are %s.",
                         spec->template ? spec->template : "",
                         words_listed(&design_templates, errors->arena));
    if (recipe->operation_count > 0) {
        struct operation_plan *own =
            ARENA_ARRAY(arena, struct operation_plan, (size_t)recipe->operation_count);
        for (int64_t i = 0; i < recipe->operation_count; i++) {
            own[i] = recipe->operations[i];
            own[i].position = i + 1;
            own[i].after = i > 0 ? arena_printf(arena, "%d", (int)i) : NULL;
        }
        *operations = own;
        *count = recipe->operation_count;
        return OK;
    }
    bool own_stone = false;
    for (int64_t i = 0; i < spec->stone_count; i++) {
        const struct spec_stone *stone = &spec->stones[i];
        if (stone->setting && !setting_minutes_of(stone->setting))
            return error_add(errors, INVALID, "setting", "unknown_setting",
                             "There is no setting “%s”. The settings are %s.", stone->setting,
                             words_listed(&stone_settings, errors->arena));
        own_stone |= same(stone->whose, "customer");
    }

    struct chain chain = {
        .arena = arena,
        .list = ARENA_ARRAY(arena, struct operation_plan, (size_t)spec->stone_count + 16)};
    /* What the customer brought is taken apart while the drawing is made. */
    int64_t brought = 0, last = 0;
    if (recipe->remodel)
        brought = chain_add(&chain, "mounting", "work", "Unset the stones and check them", 20, 0,
                            brought);
    else if (own_stone)
        brought =
            chain_add(&chain, "quality", "quality", "Check the customer's stones", 10, 0, brought);
    if (own_metal)
        brought = chain_add(&chain, "casting", "work", "Melt and check the customer's metal", 30, 0,
                            brought);
    if (recipe->cad_minutes) {
        last = chain_add(&chain, "cad", "work", "Draw the design", recipe->cad_minutes, 0, 0);
        last =
            chain_add(&chain, "other", "customer", "The customer approves the design", 0, 3, last);
    }
    if (recipe->cast) {
        last = chain_add(&chain, "casting", "vendor",
                         arena_printf(arena, "Cast in %s", alloy->name), 0, 4, last);
        if (own_metal)
            chain_wait(&chain, last, brought);
    }
    int64_t body = chain_add(&chain, "mounting", "work",
                             recipe->mounting ? recipe->mounting : "Clean up and assemble",
                             recipe->mounting_minutes ? recipe->mounting_minutes : 60, 0, last);
    if (own_metal && !recipe->cast)
        chain_wait(&chain, body, brought);
    last = body;
    if (spec->stone_count) {
        last =
            chain_add(&chain, "quality", "quality", "Check the mount and its stones", 10, 0, last);
        if (brought)
            chain_wait(&chain, last, brought);
        last = chain_set_stones(&chain, spec, last);
    }
    if (spec->engraving && *spec->engraving) {
        int64_t minutes = 2 * letters(spec->engraving);
        last = chain_add(&chain, "engraving", "work",
                         arena_printf(arena, "Engrave “%s”", spec->engraving),
                         minutes < 10 ? 10 : minutes, 0, last);
    }
    if (recipe->seal_minutes)
        last = chain_add(&chain, "engraving", "work", "Engrave the seal", recipe->seal_minutes, 0,
                         last);
    if (assay)
        last = chain_add(&chain, "assay", "vendor", "Hallmark", 0, 5, last);
    last = chain_add(&chain, "polishing", "work", "Polish and finish", 30, 0, last);
    bool white_gold = same(alloy->metal, "gold") && same(alloy->colour, "white");
    if (same(spec->finish, "rhodium") || (white_gold && same(spec->finish, "high_polish")))
        last = chain_add(&chain, "polishing", "work", "Rhodium plate", 20, 0, last);
    chain_add(&chain, "quality", "quality", "Final check", 10, 0, last);
    *operations = chain.list;
    *count = chain.count;
    return OK;
}

int64_t operation_after(const char *after, int64_t *list, int64_t size) {
    int64_t count = 0;
    while (after && *after && count < size) {
        char *end;
        long position = strtol(after, &end, 10);
        if (end == after)
            break;
        list[count++] = position;
        after = end + strspn(end, " ,");
    }
    return count;
}

const char *operation_needs(const struct operation_plan *operations, int64_t count, int64_t index) {
    const char *craft = operations[index].craft;
    if (same(craft, "setting"))
        return "stone";
    if (same(craft, "casting"))
        return "metal";
    if (!same(craft, "mounting"))
        return NULL;
    for (int64_t i = 0; i < count; i++)
        if (same(operations[i].craft, "casting"))
            return NULL;
    return "metal";
}
