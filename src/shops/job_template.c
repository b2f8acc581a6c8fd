#include "shops/job_template.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "base/number.h"
#include "base/text.h"
#include "design/template.h"
#include "trade/stone.h"
#include "trade/words.h"

#include <stdlib.h>
#include <string.h>

static const struct field operation_fields[] = {
    FIELD(struct template_operation, craft, FIELD_CODE, .label = "Craft", .words = &crafts,
          .flags = FIELD_REQUIRED),
    FIELD(struct template_operation, kind, FIELD_CODE, .label = "Kind", .words = &operation_kinds),
    FIELD(struct template_operation, name, FIELD_TEXT, .label = "Work", .max = 120,
          .flags = FIELD_REQUIRED),
    FIELD(struct template_operation, minutes, FIELD_MINUTES, .label = "Minutes", .max = 10000),
    FIELD(struct template_operation, lead_days, FIELD_INT, .label = "Days", .max = 365),
};
const struct record template_operation_record =
    RECORD("TemplateOperation", struct template_operation, operation_fields);

#define OWN(member, kind, ...) FIELD(struct job_template, member, kind, __VA_ARGS__)
static const struct field template_fields[] = {
    OWN(code, FIELD_TEXT, .flags = FIELD_READONLY),
    OWN(base, FIELD_CODE, .label = "Made after", .words = &design_templates),
    OWN(name, FIELD_TEXT, .label = "Name", .max = 80, .flags = FIELD_REQUIRED),
    OWN(type, FIELD_CODE, .label = "Type", .words = &jewellery_types),
    OWN(about, FIELD_TEXT, .label = "About", .max = 200),
    OWN(position, FIELD_INT, .label = "Place in the list", .max = 10000),
    OWN(ring_size, FIELD_RING, .label = "Finger size", .min = 38000, .max = 85000),
    OWN(band_width, FIELD_MICROMETRE, .label = "Band width", .min = 1000, .max = 20000),
    OWN(band_thickness, FIELD_MICROMETRE, .label = "Band thickness", .min = 800, .max = 6000),
    OWN(profile, FIELD_CODE, .label = "Profile", .words = &ring_profiles),
    OWN(carats, FIELD_CARAT, .label = "Centre stone", .min = 100, .max = 500 * CARAT),
    OWN(setting, FIELD_CODE, .label = "Setting", .words = &stone_settings),
    OWN(accent_size, FIELD_MICROMETRE, .label = "Small stones' size", .min = 800, .max = 10000),
    OWN(accent_setting, FIELD_CODE, .label = "Small stones' setting", .words = &stone_settings),
    OWN(cad_minutes, FIELD_MINUTES, .label = "Drawing", .max = 10000),
    OWN(mounting_minutes, FIELD_MINUTES, .label = "Mounting", .max = 10000),
    OWN(price, FIELD_MONEY, .label = "Price, with tax", .max = INT64_C(1000000000000)),
    OWN(archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    OWN(version, FIELD_INT, .max = INT64_MAX),
    OWN(changed, FIELD_FLAG, .flags = FIELD_READONLY | FIELD_NO_COLUMN),
    FIELD_ROWS(struct job_template, operations, operation_count, &template_operation_record,
               .label = "Operations", .max = 40),
};
const struct record job_template_record =
    RECORD("JobTemplate", struct job_template, template_fields);

#define TEMPLATE                                                                                    \
    "select code, base, name, type, about, position, ring_size, band_width, band_thickness, "       \
    "profile, carats, setting, accent_size, accent_setting, cad_minutes, mounting_minutes, price, " \
    "archived_at, version from job_template "
static const struct sql template_by_code = {"job_template_by_code", TEMPLATE "where code = $1",
                                            NULL};
static const struct sql templates_own = {"job_templates_own", TEMPLATE "order by code limit 500",
                                         NULL};
static const struct sql operations_of = {
    "job_template_operations",
    "select craft, kind, name, minutes, lead_days from job_template_operation "
    "where template = $1 order by position",
    NULL};
static const struct sql template_insert = {
    "job_template_insert",
    "insert into job_template (base, name, type, about, position, ring_size, band_width, "
    "band_thickness, profile, carats, setting, accent_size, accent_setting, cad_minutes, "
    "mounting_minutes, price, code, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
    "$11, $12, $13, $14, $15, $16, $17, $18) on conflict (code) do nothing",
    NULL};
static const struct sql template_update = {
    "job_template_update",
    "update job_template set base = $1, name = $2, type = $3, about = $4, position = $5, "
    "ring_size = $6, band_width = $7, band_thickness = $8, profile = $9, carats = $10, "
    "setting = $11, accent_size = $12, accent_setting = $13, cad_minutes = $14, "
    "mounting_minutes = $15, price = $16, version = version + 1 where code = $17 and version = $18",
    NULL};
static const struct sql template_drop = {"job_template_drop",
                                         "delete from job_template where code = $1", NULL};
static const struct sql operations_drop = {
    "job_template_operations_drop", "delete from job_template_operation where template = $1", NULL};
static const struct sql operation_insert = {
    "job_template_operation_insert",
    "insert into job_template_operation (template, position, craft, kind, name, minutes, "
    "lead_days) values ($1, $2, $3, $4, $5, $6, $7)",
    NULL};
static const struct sql set_archived = {
    "job_template_set_archived",
    "update job_template set archived_at = $2, version = version + 1 where code = $1", NULL};

static enum status unknown(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_template", "There is no such template.");
}

static void clear(struct job_template *template) {
    record_clear(&job_template_record, template);
    template->changed = 0;
    template->operation_count = 0;
}

/* In steps of ten, so that others find room between them. */
static void of_built_in(const struct design_template *built, struct job_template *template) {
    int64_t count;
    clear(template);
    template->code = template->base = built->code;
    template->name = built->name;
    template->type = built->type;
    template->about = built->about;
    template->position = (built - templates_all(&count) + 1) * 10;
    template->version = 0;
}

static bool is_own(const struct job_template *template) {
    return !text_same(template->code, template->base);
}

static int template_compare(const void *left, const void *right) {
    const struct job_template *a = left, *b = right;
    bool a_gone = a->archived_at != NONE, b_gone = b->archived_at != NONE;
    if (a_gone != b_gone)
        return a_gone - b_gone;
    return a->position != b->position ? (a->position > b->position) - (a->position < b->position)
                                      : strcmp(a->name, b->name);
}

int64_t job_template_list(struct context *cx, struct job_template **templates) {
    struct job_template *own;
    int64_t built_count;
    const struct design_template *built = templates_all(&built_count);
    int64_t count = DB_RECORDS(cx->db, &templates_own, P0, &job_template_record, &own);
    *templates = ARENA_ARRAY(cx->arena, struct job_template, (size_t)(built_count + count) + 1);
    for (int64_t i = 0; i < count; i++) {
        (*templates)[i] = own[i];
        (*templates)[i].changed = !is_own(&own[i]);
    }
    for (int64_t b = 0; b < built_count; b++) {
        bool stored = false;
        for (int64_t i = 0; i < count && !stored; i++)
            stored = text_same((*templates)[i].code, built[b].code);
        if (!stored)
            of_built_in(&built[b], &(*templates)[count++]);
    }
    qsort(*templates, (size_t)count, sizeof **templates, template_compare);
    return count;
}

bool job_template_load(struct context *cx, const char *code, struct job_template *template) {
    const struct design_template *built = template_find(code);
    if (code == NULL)
        return false;
    clear(template);
    bool stored = db_record(cx->db, &template_by_code, P(T(code)), &job_template_record, template);
    if (!stored && built == NULL)
        return false;
    if (!stored)
        of_built_in(built, template);
    template->changed = stored &&built != NULL;
    if (stored)
        template->operation_count = DB_RECORDS(cx->db, &operations_of, P(T(code)),
                                               &template_operation_record, &template->operations);
    return true;
}

enum status job_template_check(struct context *cx, const char *code) {
    struct job_template template;
    if (job_template_load(cx, code, &template) && template.archived_at == NONE)
        return OK;
    return error_add(cx->errors, INVALID, "template", "unknown_template",
                     "There is no template “%s”. Choose one of the list.", code);
}

void job_template_words(struct context *cx, bool repairs, struct vocabulary *words) {
    struct job_template *templates;
    int64_t count = job_template_list(cx, &templates), used = 0;
    struct word *list = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        if (templates[i].archived_at == NONE && (templates[i].base == NULL) == repairs)
            list[used++] = (struct word){templates[i].code, templates[i].name};
    *words = (struct vocabulary){"template", list};
}

static void check(struct context *cx, struct job_template *template) {
    for (int64_t i = 0; i < template->operation_count; i++) {
        struct template_operation *row = &template->operations[i];
        row->kind = row->kind == NULL ? "work" : row->kind;
        row->minutes = row->minutes == NONE ? 0 : row->minutes;
        row->lead_days = row->lead_days == NONE ? 0 : row->lead_days;
    }
    record_check(&job_template_record, template, cx->errors);
    if (template->base == NULL && template->operation_count == 0)
        error_add(cx->errors, INVALID, "operations", "required",
                  "Usual work needs at least one operation: what is done, and how long it takes.");
}

enum status job_template_save(struct context *cx, struct job_template *template) {
    struct job_template before;
    bool is_new = template->code == NULL;
    clear(&before);
    if (!is_new && !job_template_load(cx, template->code, &before))
        return unknown(cx);
    if (!is_new)
        template->base = before.base;
    if (template->type == NULL) {
        const struct design_template *built = template_find(template->base);
        template->type = built != NULL ? built->type : "ring";
    }
    if (template->position == NONE)
        template->position = is_new ? 1000 : before.position;
    check(cx, template);
    if (errors_any(cx->errors))
        return INVALID;
    if (is_new)
        template->code =
            arena_printf(cx->arena, "own-%ld", (long)sequence_next(cx, "job_template"));
    bool insert = is_new || (before.changed == 0 && !is_own(&before));
    const struct param values[] = {T(template->base),
                                   T(template->name),
                                   T(template->type),
                                   T(template->about),
                                   I(template->position),
                                   I(template->ring_size),
                                   I(template->band_width),
                                   I(template->band_thickness),
                                   T(template->profile),
                                   I(template->carats),
                                   T(template->setting),
                                   I(template->accent_size),
                                   T(template->accent_setting),
                                   I(template->cad_minutes),
                                   I(template->mounting_minutes),
                                   I(template->price),
                                   T(template->code),
                                   I(insert ? cx->now : template->version)};
    if (db_run(cx->db, insert ? &template_insert : &template_update, (struct params){values, 18}) ==
        0)
        return record_changed(&job_template_record, template, &before, context_reader(cx),
                              cx->errors, before.name);
    db_run(cx->db, &operations_drop, P(T(template->code)));
    for (int64_t i = 0; i < template->operation_count; i++) {
        const struct template_operation *row = &template->operations[i];
        db_run(cx->db, &operation_insert,
               P(T(template->code), I(i + 1), T(row->craft), T(row->kind), T(row->name),
                 I(row->minutes), I(row->lead_days)));
    }
    struct audit_change *changes = NULL;
    int64_t changed =
        is_new ? 0 : audit_differences(cx, &job_template_record, &before, template, &changes);
    audit_add_changes(cx, is_new ? "made" : "edited", "job template", NONE, template->name, changes,
                      changed);
    return OK;
}

enum status job_template_archive(struct context *cx, const char *code, bool archived) {
    struct job_template template;
    if (!job_template_load(cx, code, &template))
        return unknown(cx);
    if (template.changed == 0 && !is_own(&template)) { /* it becomes a row to be archived */
        enum status status = job_template_save(cx, &template);
        if (status != OK)
            return status;
    }
    db_run(cx->db, &set_archived, P(T(code), I(archived ? cx->now : NONE)));
    audit_add(cx, archived ? "archived" : "restored", "job template", NONE, template.name);
    return OK;
}

enum status job_template_reset(struct context *cx, const char *code) {
    const struct design_template *built = template_find(code);
    if (built == NULL)
        return unknown(cx);
    db_run(cx->db, &operations_drop, P(T(code)));
    db_run(cx->db, &template_drop, P(T(code)));
    audit_add(cx, "reset", "job template", NONE, built->name);
    return OK;
}

enum status job_template_copy(struct context *cx, const char *code, const char **made) {
    struct job_template template;
    if (!job_template_load(cx, code, &template))
        return unknown(cx);
    template.code = NULL;
    template.name = arena_printf(cx->arena, "%s, copy", template.name);
    template.position = NONE;
    template.archived_at = NONE;
    enum status status = job_template_save(cx, &template);
    *made = template.code;
    return status;
}

static void number_of(int64_t own, int64_t *number) {
    if (own != NONE)
        *number = own;
}

static void text_of(const char *own, const char **text) {
    if (!text_empty(own))
        *text = own;
}

bool job_template_recipe(struct context *cx, const char *code, struct recipe *recipe) {
    struct job_template template;
    if (!job_template_load(cx, code, &template) || template.base == NULL)
        return false;
    const struct recipe *base = recipe_find(template.base);
    if (base == NULL)
        return false;
    *recipe = *base;
    recipe->code = template.code;
    recipe->rules = base->code;
    recipe->name = template.name;
    recipe->type = template.type;
    number_of(template.ring_size, &recipe->ring_size);
    number_of(template.band_width, &recipe->band_width);
    number_of(template.band_thickness, &recipe->band_thickness);
    text_of(template.profile, &recipe->profile);
    number_of(template.carats, &recipe->carats);
    text_of(template.setting, &recipe->setting);
    number_of(template.accent_size, &recipe->accent_size);
    text_of(template.accent_setting, &recipe->accent_setting);
    number_of(template.cad_minutes, &recipe->cad_minutes);
    number_of(template.mounting_minutes, &recipe->mounting_minutes);
    struct operation_plan *plans =
        ARENA_ARRAY(cx->arena, struct operation_plan, (size_t) template.operation_count + 1);
    for (int64_t i = 0; i < template.operation_count; i++)
        plans[i] = (struct operation_plan){.position = i + 1,
                                           .craft = template.operations[i].craft,
                                           .kind = template.operations[i].kind,
                                           .name = template.operations[i].name,
                                           .minutes = template.operations[i].minutes,
                                           .lead_days = template.operations[i].lead_days};
    recipe->operations = plans;
    recipe->operation_count = template.operation_count;
    return true;
}
