/* Specification, materials and operations of a job: generated, edited, checked against stock. */
#include "quotes/making.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "jobs/job.h"
#include "quotes/making_inside.h"
#include "shops/job_template.h"
#include "stock/stock.h"

#include <string.h>

static const struct word state_words[] = {{"needed", "Needed"},
                                          {"reserved", "Reserved"},
                                          {"to_order", "To order"},
                                          {"ordered", "Ordered"},
                                          {"consumed", "Used"},
                                          {"customer", "The customer’s"},
                                          {NULL, NULL}};
const struct vocabulary material_states = {"state", state_words};

#define MATERIAL(member, kind_, ...) FIELD(struct material, member, kind_, __VA_ARGS__)
static const struct field material_fields[] = {
    MATERIAL(id, FIELD_ID),
    MATERIAL(job, FIELD_ID),
    MATERIAL(position, FIELD_INT),
    MATERIAL(kind, FIELD_CODE, .words = &material_kinds),
    MATERIAL(name, FIELD_TEXT, .max = 400),
    MATERIAL(alloy, FIELD_CODE, .words = &alloys),
    MATERIAL(gem, FIELD_CODE, .words = &gems),
    MATERIAL(shape, FIELD_CODE, .words = &shapes),
    MATERIAL(length, FIELD_MICROMETRE),
    MATERIAL(width, FIELD_MICROMETRE),
    MATERIAL(quality, FIELD_TEXT),
    MATERIAL(origin, FIELD_CODE, .words = &origins),
    MATERIAL(treatment, FIELD_CODE, .words = &treatments),
    MATERIAL(quantity, FIELD_INT),
    MATERIAL(carats, FIELD_CARAT),
    MATERIAL(cost, FIELD_MONEY, .flags = FIELD_COST),
    MATERIAL(cost_each, FIELD_MONEY, .flags = FIELD_COST),
    MATERIAL(state, FIELD_CODE, .words = &material_states),
    MATERIAL(item, FIELD_ID),
    MATERIAL(item_code, FIELD_TEXT),
    MATERIAL(reserved, FIELD_INT),
    MATERIAL(vendor, FIELD_ID),
    MATERIAL(vendor_name, FIELD_TEXT),
    MATERIAL(expected_day, FIELD_DAY),
    MATERIAL(by_hand, FIELD_FLAG),
    MATERIAL(part, FIELD_TEXT),
    MATERIAL(version, FIELD_INT),
};
const struct record material_record = RECORD("Material", struct material, material_fields);

static const struct field making_fields[] = {
    {.name = "specification",
     .kind = FIELD_ONE,
     .offset = offsetof(struct making, shown),
     .of = &specification_record,
     .flags = FIELD_NO_COLUMN},
    FIELD_ROWS(struct making, materials, material_count, &material_record),
    FIELD_ROWS(struct making, operations, operation_count, &operation_record),
};
const struct record making_record = RECORD("Making", struct making, making_fields);

/* ------------------------------------------------------------------ loading */

static const struct sql spec_of_job = {
    "specification_of_job",
    "select job, template, alloy, weight, gross, ring_size, band_width, band_thickness, profile, "
    "setting, finish, engraving, cad, note, version from specification where job = $1",
    NULL};
static const struct sql stones_of_job = {
    "spec_stones_of_job",
    "select id, job, position, role, gem, shape, length, width, count, carats, quality, origin, "
    "treatment, report, setting, whose from spec_stone where job = $1 order by position, id",
    NULL};
static const struct sql materials_of_job = {
    "materials_of_job",
    "select m.id, m.job, m.position, m.kind, m.name, m.alloy, m.gem, m.shape, m.length, m.width, "
    "m.quality, m.origin, m.treatment, m.quantity, m.carats, m.cost, m.cost_each, m.state, m.item, "
    "m.reserved, m.vendor, m.expected_day, m.by_hand, m.part, m.version, i.code as item_code, "
    "v.name as vendor_name from material m "
    "left join stock_item i on i.id = m.item left join vendor v on v.id = m.vendor "
    "where m.job = $1 order by case when m.by_hand = 1 and m.part is null then 1 else 0 end, "
    "m.position, m.id",
    NULL};
static const struct sql left_out_of_job = {
    "materials_left_out", "select part from material_left_out where job = $1 order by part", NULL};

static bool spec_load(struct context *cx, int64_t job, struct specification *spec) {
    record_clear(&specification_record, spec);
    spec->job = job;
    if (!db_record(cx->db, &spec_of_job, P(I(job)), &specification_record, spec))
        return false;
    spec->stone_count =
        DB_RECORDS(cx->db, &stones_of_job, P(I(job)), &spec_stone_record, &spec->stones);
    return true;
}

int64_t material_list(struct context *cx, int64_t job, struct material **materials) {
    return DB_RECORDS(cx->db, &materials_of_job, P(I(job)), &material_record, materials);
}

static const struct field left_out_fields[] = {FIELD(struct left_out, part, FIELD_TEXT)};
const struct record left_out_record = RECORD("MaterialLeftOut", struct left_out, left_out_fields);

int64_t material_left_out(struct context *cx, int64_t job, struct left_out **rows) {
    return DB_RECORDS(cx->db, &left_out_of_job, P(I(job)), &left_out_record, rows);
}

bool making_load(struct context *cx, int64_t job, struct making *making) {
    *making = (struct making){0};
    bool found = spec_load(cx, job, &making->spec);
    if (found) {
        making->shown = ARENA_NEW(cx->arena, struct specification);
        *making->shown = making->spec;
    }
    making->material_count = material_list(cx, job, &making->materials);
    making->operation_count = operation_list(cx, job, &making->operations);
    return found;
}

/* ------------------------------------------------------------------ materials follow */

static const struct sql insert_row = {
    "material_insert",
    "insert into material (job, position, kind, name, alloy, gem, shape, length, width, quality, "
    "origin, treatment, quantity, carats, cost, cost_each, state, by_hand, part) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    NULL};
static const struct sql update_row = {
    "material_update",
    "update material set position = $2, name = $3, alloy = $4, gem = $5, shape = $6, length = $7, "
    "width = $8, quality = $9, origin = $10, treatment = $11, quantity = $12, carats = $13, "
    "cost = $14, cost_each = $15, state = $16, item = $17, reserved = $18, vendor = $19, "
    "expected_day = $20, by_hand = $21, part = $22, version = $23 where id = $1",
    NULL};
static const struct sql drop_row = {"material_drop", "delete from material where id = $1", NULL};

void material_insert(struct context *cx, const struct material *row) {
    db_run(cx->db, &insert_row,
           P(I(row->job), I(row->position), T(row->kind), T(row->name), T(row->alloy), T(row->gem),
             T(row->shape), I(row->length), I(row->width), T(row->quality), T(row->origin),
             T(row->treatment), I(row->quantity), I(row->carats), I(row->cost), I(row->cost_each),
             T(row->state), I(row->by_hand), T(row->part)));
}

void material_write(struct context *cx, const struct material *row) {
    db_run(cx->db, &update_row,
           P(I(row->id), I(row->position), T(row->name), T(row->alloy), T(row->gem), T(row->shape),
             I(row->length), I(row->width), T(row->quality), T(row->origin), T(row->treatment),
             I(row->quantity), I(row->carats), I(row->cost), I(row->cost_each), T(row->state),
             I(row->item), I(row->reserved), I(row->vendor), T(row->expected_day), I(row->by_hand),
             T(row->part), I(row->version)));
}

void material_remove(struct context *cx, const struct material *row) {
    db_run(cx->db, &drop_row, P(I(row->id)));
}

enum status material_release(struct context *cx, struct material *row) {
    if (text_same(row->state, "reserved") && row->reserved > 0) {
        enum status status = stock_release(cx, row->item, row->reserved, row->job);
        if (status != OK)
            return status;
    }
    row->item = NONE;
    row->reserved = 0;
    row->state = "needed";
    return OK;
}

struct piece_material material_piece(const struct material *row) {
    return (struct piece_material){.kind = row->kind,
                                   .name = row->name,
                                   .alloy = row->alloy,
                                   .gem = row->gem,
                                   .shape = row->shape,
                                   .origin = row->origin,
                                   .length = row->length,
                                   .width = row->width,
                                   .quantity = row->quantity,
                                   .carats = row->carats,
                                   .cost_each = row->cost_each,
                                   .own = text_same(row->state, "customer"),
                                   .by_hand = row->by_hand == 1,
                                   .item = row->item};
}

static struct piece_material needed_piece(const struct material_need *need) {
    return (struct piece_material){.kind = need->kind,
                                   .name = need->name,
                                   .alloy = need->alloy,
                                   .gem = need->gem,
                                   .shape = need->shape,
                                   .origin = need->origin,
                                   .length = need->length,
                                   .width = need->width,
                                   .quantity = need->quantity,
                                   .carats = need->carats,
                                   .cost_each = NONE,
                                   .own = text_same(need->whose, "customer"),
                                   .item = NONE};
}

/* Is the row for this need, whatever its quantity? What is by hand is for none, but where it stands
 * for a finding of the template; one that has no part yet was written before there were such. What
 * is used is for nothing but what it was. */
static bool material_is(const struct material *row, const struct material_need *need) {
    bool used = text_same(row->state, "consumed") && row->by_hand != 1;
    if (need->part != NULL && row->part != NULL)
        return text_same(row->part, need->part) && (!used || text_same(row->name, need->name));
    if (row->by_hand == 1)
        return false;
    return text_same(row->kind, need->kind) && text_same(row->alloy, need->alloy) &&
           text_same(row->gem, need->gem) && text_same(row->shape, need->shape) &&
           text_same(row->origin, need->origin) && row->length == need->length &&
           row->width == need->width &&
           text_same(row->state, "customer") == text_same(need->whose, "customer") &&
           (!text_same(row->kind, "finding") || text_same(row->name, need->name));
}

static enum status material_follow(struct context *cx, struct material *row,
                                   const struct material_need *need, int64_t position) {
    struct piece_material piece = needed_piece(need);
    bool renamed = !text_same(row->name, need->name);
    bool other = row->quantity != need->quantity ||
                 (renamed && text_same(row->kind, "finding")); /* stock knows it by its name */
    if (text_same(row->state, "consumed"))
        other = false; /* what was used was used */
    if (other && material_release(cx, row) != OK)
        return cx->errors->status;
    if (other && piece.own)
        row->state = "customer";
    row->version += other || renamed;
    row->position = position;
    row->part = need->part;
    row->name = need->name;
    row->quality = need->quality;
    row->treatment = need->treatment;
    if (!text_same(row->state, "consumed")) {
        row->quantity = need->quantity;
        row->carats = need->carats == NONE ? 0 : need->carats;
        if (!text_same(row->state, "reserved"))
            row->cost = material_guide(cx, &piece);
    }
    material_write(cx, row);
    return OK;
}

static void material_add(struct context *cx, int64_t job, const struct material_need *need,
                         int64_t position) {
    struct piece_material piece = needed_piece(need);
    material_insert(cx, &(struct material){.job = job,
                                           .position = position,
                                           .kind = need->kind,
                                           .name = need->name,
                                           .part = need->part,
                                           .alloy = need->alloy,
                                           .gem = need->gem,
                                           .shape = need->shape,
                                           .length = need->length,
                                           .width = need->width,
                                           .quality = need->quality,
                                           .origin = need->origin,
                                           .treatment = need->treatment,
                                           .quantity = need->quantity,
                                           .carats = need->carats == NONE ? 0 : need->carats,
                                           .cost = material_guide(cx, &piece),
                                           .cost_each = NONE,
                                           .state = piece.own ? "customer" : "needed"});
}

/* Nothing asks for the row any more: what a person made of it stays, by hand alone. */
static enum status material_unneeded(struct context *cx, struct material *row) {
    if (text_same(row->state, "consumed") || (row->by_hand == 1 && row->part == NULL))
        return OK;
    if (row->by_hand == 1) {
        row->part = NULL;
        material_write(cx, row);
        return OK;
    }
    if (material_release(cx, row) != OK)
        return cx->errors->status;
    material_remove(cx, row);
    return OK;
}

static bool is_left_out(const struct left_out *left_out, int64_t count, const char *part) {
    for (int64_t i = 0; i < count; i++)
        if (text_same(left_out[i].part, part))
            return true;
    return false;
}

/* Makes the job's materials those of the needs: rows that are still needed keep what they have, and
 * what is by hand stays as it is. */
static enum status materials_follow(struct context *cx, int64_t job,
                                    const struct material_need *needs, int64_t count) {
    struct material *rows;
    struct left_out *left_out;
    int64_t row_count = material_list(cx, job, &rows);
    int64_t left_out_count = material_left_out(cx, job, &left_out);
    bool *used = ARENA_ARRAY(cx->arena, bool, (size_t)row_count + 1);
    for (int64_t i = 0; i < count; i++) {
        struct material *row = NULL;
        if (is_left_out(left_out, left_out_count, needs[i].part))
            continue;
        for (int64_t k = 0; k < row_count && row == NULL; k++)
            if (!used[k] && material_is(&rows[k], &needs[i])) {
                row = &rows[k];
                used[k] = true;
            }
        if (row == NULL)
            material_add(cx, job, &needs[i], i + 1);
        else if (row->by_hand != 1 && material_follow(cx, row, &needs[i], i + 1) != OK)
            return cx->errors->status;
    }
    for (int64_t k = 0; k < row_count; k++)
        if (!used[k] && material_unneeded(cx, &rows[k]) != OK)
            return cx->errors->status;
    return OK;
}

/* The customer's own metal is known by its row; what a person added comes on top. */
static int64_t own_metal_of(struct context *cx, int64_t job) {
    struct material *rows;
    int64_t count = material_list(cx, job, &rows), own = 0;
    for (int64_t i = 0; i < count; i++)
        if (text_same(rows[i].kind, "metal") && text_same(rows[i].state, "customer") &&
            rows[i].by_hand != 1)
            own += rows[i].quantity;
    return own;
}

/* The specification with the template as this shop has it. */
static struct specification with_recipe(struct context *cx, const struct specification *spec) {
    struct specification ours = *spec;
    struct recipe *recipe = ARENA_NEW(cx->arena, struct recipe);
    ours.recipe = job_template_recipe(cx, spec->template, recipe) ? recipe : NULL;
    return ours;
}

static enum status materials_follow_spec(struct context *cx, int64_t job,
                                         const struct specification *spec, int64_t own_metal) {
    struct material_need *needs = NULL;
    int64_t count = 0;
    struct alloy alloy;
    struct specification ours = with_recipe(cx, spec);
    if (spec->alloy != NULL)
        spec_materials(&ours, stock_alloy(cx, spec->alloy, &alloy) ? &alloy : NULL, own_metal,
                       cx->arena, &needs, &count, cx->errors);
    return errors_any(cx->errors) ? cx->errors->status : materials_follow(cx, job, needs, count);
}

enum status materials_follow_stored(struct context *cx, int64_t job) {
    struct specification spec;
    if (!spec_load(cx, job, &spec))
        return OK;
    return materials_follow_spec(cx, job, &spec, own_metal_of(cx, job));
}

/* ------------------------------------------------------------------ writing a specification */

static const struct sql spec_insert = {
    "specification_insert",
    "insert into specification (template, alloy, weight, gross, ring_size, band_width, "
    "band_thickness, profile, setting, finish, engraving, cad, note, updated_at, job) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    NULL};
static const struct sql spec_update = {
    "specification_update",
    "update specification set template = $1, alloy = $2, weight = $3, gross = $4, ring_size = $5, "
    "band_width = $6, band_thickness = $7, profile = $8, setting = $9, finish = $10, "
    "engraving = $11, cad = $12, note = $13, updated_at = $14, version = version + 1 "
    "where job = $15 and version = $16",
    NULL};
static const struct sql stones_drop = {"spec_stones_drop", "delete from spec_stone where job = $1",
                                       NULL};
static const struct sql stone_insert = {
    "spec_stone_insert",
    "insert into spec_stone (job, position, role, gem, shape, length, width, count, carats, "
    "quality, origin, treatment, report, setting, whose) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    NULL};

/* `version` NONE: a new one. False: it was changed meanwhile. */
static bool spec_write(struct context *cx, int64_t job, const struct specification *spec,
                       int64_t version) {
    const struct param values[] = {T(spec->template),
                                   T(spec->alloy),
                                   I(spec->weight),
                                   I(spec->gross),
                                   I(spec->ring_size),
                                   I(spec->band_width),
                                   I(spec->band_thickness),
                                   T(spec->profile),
                                   T(spec->setting),
                                   T(spec->finish),
                                   T(spec->engraving),
                                   T(spec->cad),
                                   T(spec->note),
                                   I(cx->now),
                                   I(job),
                                   I(version)};
    if (version == NONE)
        db_run(cx->db, &spec_insert, (struct params){values, 15});
    else if (db_run(cx->db, &spec_update, (struct params){values, 16}) == 0)
        return false;
    db_run(cx->db, &stones_drop, P(I(job)));
    for (int64_t i = 0; i < spec->stone_count; i++) {
        const struct spec_stone *stone = &spec->stones[i];
        db_run(cx->db, &stone_insert,
               P(I(job), I(i + 1), T(stone->role), T(stone->gem), T(stone->shape), I(stone->length),
                 I(stone->width), I(stone->count), I(stone->carats), T(stone->quality),
                 T(stone->origin), T(stone->treatment), T(stone->report), T(stone->setting),
                 T(stone->whose)));
    }
    return true;
}

static enum status unknown_job(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
}

enum status making_design(struct context *cx, const struct template_choices *choices,
                          struct design *design) {
    struct alloy alloy;
    bool known = stock_alloy(cx, template_alloy(choices), &alloy);
    struct template_choices ours = *choices;
    struct recipe *recipe = ARENA_NEW(cx->arena, struct recipe);
    ours.recipe = job_template_recipe(cx, choices->template, recipe) ? recipe : NULL;
    return template_make(&ours, known ? &alloy : NULL, cx->arena, design, cx->errors);
}

enum status making_generate(struct context *cx, int64_t job_id, const char *template,
                            const struct template_choices *given, bool again) {
    struct specification old;
    struct template_choices choices;
    struct design design;
    struct job job;
    if (!job_load(cx, job_id, &job))
        return unknown_job(cx);
    bool there = spec_load(cx, job_id, &old);
    if (there && !again)
        return OK;
    template_choices_clear(&choices);
    if (given != NULL)
        choices = *given;
    choices.template = template != NULL           ? template
                       : choices.template != NULL ? choices.template
                                                  : job.template;
    if (text_empty(choices.template))
        return error_add(cx->errors, INVALID, "template", "required",
                         "Nobody has said yet what kind of piece this is: choose a template, or "
                         "write the specification by hand.");
    enum status status = making_design(cx, &choices, &design);
    if (status == OK)
        status = operation_generate(cx, job_id, design.operations, design.operation_count);
    if (status != OK)
        return status;
    spec_write(cx, job_id, &design.spec, there ? old.version : NONE);
    status = materials_follow(cx, job_id, design.materials, design.material_count);
    if (status != OK)
        return status;
    audit_add(cx, there ? "specified again" : "specified", "job", job_id, design.title);
    event_add(cx, "making.generated", job_id, NULL);
    job_touch(cx, job_id);
    return OK;
}

/* ------------------------------------------------------------------ saving an edited one */

void stone_complete(struct context *cx, struct spec_stone *stone, const char *list, int64_t index) {
    struct errors faults = {.arena = cx->arena};
    int64_t each;
    stone->id = stone->job = NONE;
    stone->position = index + 1;
    stone->role = stone->role != NULL ? stone->role : index == 0 ? "centre" : "accent";
    stone->whose = stone->whose != NULL ? stone->whose : "shop";
    stone->count = stone->count == NONE ? 1 : stone->count;
    if (stone->width == NONE)
        stone->width = stone->length;
    bool sized = stone->gem != NULL && stone->shape != NULL && stone->length != NONE &&
                 stone->length > 0 && stone->count > 0;
    if (stone->carats == NONE && sized &&
        stone_carats(stone->gem, stone->shape, stone->length, stone->width, 0, &each) &&
        !number_ratio(each, stone->count, 1, &stone->carats))
        stone->carats = NONE;
    record_check(&spec_stone_record, stone, &faults);
    for (const struct fault *fault = faults.first; fault != NULL; fault = fault->next)
        error_add(cx->errors, INVALID,
                  arena_printf(cx->arena, "%s.%ld.%s", list, (long)index, fault->field),
                  fault->code, "%s", fault->sentence);
    if (stone->gem != NULL && stone->origin != NULL && !gem_may_be(stone->gem, stone->origin))
        error_add(cx->errors, INVALID, arena_printf(cx->arena, "%s.%ld.origin", list, (long)index),
                  "impossible_origin", "%s can't be %s. Choose another origin.",
                  vocabulary_label(&gems, stone->gem), vocabulary_label(&origins, stone->origin));
}

/* The weight follows the alloy and what is issued the weight, where only the other was changed. */
static void weights_follow(struct context *cx, struct specification *spec,
                           const struct specification *old) {
    struct alloy alloy, before;
    bool known = stock_alloy(cx, spec->alloy, &alloy);
    bool other = old != NULL && !text_same(old->alloy, spec->alloy);
    if (known && other && spec->weight != NONE && spec->weight == old->weight &&
        stock_alloy(cx, old->alloy, &before))
        alloy_exchange(old->weight, &before, &alloy, &spec->weight);
    if (spec->weight == NONE || !known)
        return;
    bool untouched = old != NULL && spec->gross == old->gross && spec->weight != old->weight;
    if (untouched && old->gross != NONE && old->weight != NONE && old->weight > 0)
        number_ratio(spec->weight, old->gross, old->weight, &spec->gross);
    else if (spec->gross == NONE || untouched)
        alloy_issue(spec->weight, alloy.loss, ALLOY_SPRUE, &spec->gross);
}

static bool has_assay(struct context *cx, int64_t job) {
    struct operation *operations;
    int64_t count = operation_list(cx, job, &operations);
    for (int64_t i = 0; i < count; i++)
        if (text_same(operations[i].craft, "assay"))
            return true;
    return false;
}

static enum status operations_remake(struct context *cx, int64_t job,
                                     const struct specification *spec, int64_t own_metal) {
    struct operation_plan *operations;
    int64_t count;
    struct alloy alloy;
    bool known = stock_alloy(cx, spec->alloy, &alloy);
    struct specification ours = with_recipe(cx, spec);
    enum status status =
        spec_operations(&ours, known ? &alloy : NULL, own_metal > 0, has_assay(cx, job), cx->arena,
                        &operations, &count, cx->errors);
    return status != OK ? status : operation_generate(cx, job, operations, count);
}

enum status making_save_specification(struct context *cx, int64_t job, struct specification *spec,
                                      bool remake) {
    struct specification old;
    bool there = spec_load(cx, job, &old);
    spec->job = job;
    if (there && spec->template == NULL)
        spec->template = old.template;
    for (int64_t i = 0; i < spec->stone_count; i++)
        stone_complete(cx, &spec->stones[i], "stones", i);
    if (errors_any(cx->errors))
        return cx->errors->status;
    if (there != (spec->version > 0) || (there && spec->version != old.version))
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "The specification was changed by somebody else meanwhile. Nothing was "
                         "saved: look at it as it is now and enter your change again.");
    weights_follow(cx, spec, there ? &old : NULL);
    record_check(&specification_record, spec, cx->errors);
    if (errors_any(cx->errors))
        return cx->errors->status;
    int64_t own_metal = own_metal_of(cx, job);
    spec_write(cx, job, spec, there ? old.version : NONE);
    if (materials_follow_spec(cx, job, spec, own_metal) != OK)
        return cx->errors->status;
    if (remake && operations_remake(cx, job, spec, own_metal) != OK)
        return cx->errors->status;
    audit_add(cx, "edited specification", "job", job, NULL);
    event_add(cx, "making.edited", job, NULL);
    job_touch(cx, job);
    return OK;
}

/* ------------------------------------------------------------------ against stock */

static enum status material_look(struct context *cx, struct material *row) {
    struct piece_material piece = material_piece(row);
    struct stock_item item;
    piece.own = false;
    if (material_find(cx, &piece, &item)) {
        enum status status = stock_reserve(cx, item.id, row->quantity, row->job);
        if (status != OK)
            return status;
        int64_t cost = material_item_cost(&item, row->quantity);
        row->cost = cost > 0 && row->cost_each == NONE ? cost : row->cost;
        row->state = "reserved";
        row->item = item.id;
        row->reserved = row->quantity;
        row->expected_day = NULL;
    } else if (!text_same(row->state, "ordered")) {
        row->state = "to_order";
        row->vendor = NONE;
        row->expected_day = NULL;
        material_source(cx, &piece, &row->vendor, &row->expected_day);
    }
    material_write(cx, row);
    return OK;
}

bool material_is_waiting(const struct material *row) {
    return text_same(row->state, "needed") || text_same(row->state, "to_order") ||
           text_same(row->state, "ordered");
}

enum status making_check_materials(struct context *cx, int64_t job, const char **decision) {
    struct material *rows;
    int64_t count = material_list(cx, job, &rows);
    *decision = "in_stock";
    for (int64_t i = 0; i < count; i++) {
        if (!material_is_waiting(&rows[i]))
            continue;
        enum status status = material_look(cx, &rows[i]);
        if (status != OK)
            return status;
        if (material_is_waiting(&rows[i]))
            *decision = "to_source";
    }
    job_touch(cx, job);
    return OK;
}

static const struct sql materials_ordered = {
    "materials_ordered",
    "update material set state = 'ordered', expected_day = coalesce($3, expected_day) "
    "where job = $1 and vendor = $2 and state in ('needed', 'to_order', 'ordered')",
    NULL};

void making_ordered(struct context *cx, int64_t job, int64_t vendor, const char *expected_day) {
    db_run(cx->db, &materials_ordered, P(I(job), I(vendor), T(expected_day)));
    job_touch(cx, job);
}

enum status making_release(struct context *cx, int64_t job) {
    struct material *rows;
    int64_t count = material_list(cx, job, &rows);
    for (int64_t i = 0; i < count; i++) {
        if (!text_same(rows[i].state, "reserved"))
            continue;
        enum status status = material_release(cx, &rows[i]);
        if (status != OK)
            return status;
        material_write(cx, &rows[i]);
    }
    return OK;
}

/* What is reserved of this kind (NULL: of any) has gone into the piece. */
static enum status materials_consume(struct context *cx, int64_t job, const char *kind) {
    struct material *rows;
    int64_t count = material_list(cx, job, &rows);
    for (int64_t i = 0; i < count; i++) {
        struct material *row = &rows[i];
        if (!text_same(row->state, "reserved") || (kind != NULL && !text_same(row->kind, kind)))
            continue;
        enum status status = stock_consume(cx, row->item, row->reserved, job);
        if (status != OK)
            return status;
        row->state = "consumed";
        row->reserved = 0;
        material_write(cx, row);
    }
    return OK;
}

/* ------------------------------------------------------------------ price and promise */

static void set_operations(struct context *cx, struct piece *piece,
                           const struct operation *operations, int64_t count) {
    piece->operations = ARENA_ARRAY(cx->arena, struct piece_operation, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        if (!text_same(operations[i].state, "skipped"))
            piece->operations[piece->operation_count++] =
                (struct piece_operation){.craft = operations[i].craft,
                                         .kind = operations[i].kind,
                                         .name = operations[i].name,
                                         .minutes = operations[i].minutes,
                                         .cost = operations[i].cost,
                                         .vendor = operations[i].vendor};
}

int64_t making_rush(struct context *cx, const char *priority) {
    return text_same(priority, "rush") ? stock_rush_share(cx) : 0;
}

enum status making_price(struct context *cx, int64_t job, const struct price_wish *wish,
                         struct costing *costing) {
    struct making making;
    bool specified = making_load(cx, job, &making);
    if (!specified && making.operation_count == 0 && making.material_count == 0)
        return error_add(cx->errors, INVALID, NULL, "no_specification",
                         "Nothing is specified yet that could be priced: write the specification "
                         "first.");
    struct piece piece = {.job = job, .spec = specified ? &making.spec : NULL};
    piece.materials =
        ARENA_ARRAY(cx->arena, struct piece_material, (size_t)making.material_count + 1);
    for (int64_t i = 0; i < making.material_count; i++)
        piece.materials[piece.material_count++] = material_piece(&making.materials[i]);
    set_operations(cx, &piece, making.operations, making.operation_count);
    struct price_wish wished = *wish;
    struct job owner;
    if (wished.rush_share == NONE && job_load(cx, job, &owner))
        wished.rush_share = making_rush(cx, owner.priority);
    return piece_price(cx, &piece, &wished, costing);
}

static const char *sentences(const struct errors *errors, struct arena *arena) {
    const char *all = NULL;
    for (const struct fault *fault = errors->first; fault != NULL; fault = fault->next)
        all = all == NULL ? fault->sentence : arena_printf(arena, "%s %s", all, fault->sentence);
    return all;
}

/* Whether all is in stock, and when the last thing that is not would be here. */
static void estimate_materials(struct context *cx, const struct piece *piece,
                               struct estimate *estimate) {
    estimate->decision = "in_stock";
    for (int64_t i = 0; i < piece->material_count; i++) {
        const struct piece_material *material = &piece->materials[i];
        struct stock_item item;
        const char *expected = NULL;
        int64_t vendor;
        if (material->own || material_find(cx, material, &item))
            continue;
        estimate->decision = "to_source";
        if (material_source(cx, material, &vendor, &expected) &&
            (estimate->materials_day == NULL || strcmp(expected, estimate->materials_day) > 0))
            estimate->materials_day = expected;
    }
}

static void estimate_promise(struct context *cx, struct estimate *estimate) {
    struct errors faults = {.arena = cx->arena};
    struct context quiet = *cx;
    int64_t number, release = NONE;
    quiet.errors = &faults;
    if (estimate->materials_day != NULL && day_parse(estimate->materials_day, &number))
        release = day_start(cx->locale->zone, number + 1);
    if (workshop_estimate(&quiet, estimate->design.operations, estimate->design.operation_count,
                          release, &estimate->promised_day, &estimate->milestones) == OK)
        estimate->milestone_count = estimate->design.operation_count;
    else
        estimate->promise_missing = sentences(&faults, cx->arena);
}

enum status making_estimate(struct context *cx, const char *template,
                            const struct template_choices *given, const struct price_wish *wish,
                            struct estimate *estimate) {
    struct template_choices choices;
    *estimate = (struct estimate){0};
    template_choices_clear(&choices);
    if (given != NULL)
        choices = *given;
    if (template != NULL)
        choices.template = template;
    enum status status = making_design(cx, &choices, &estimate->design);
    if (status != OK)
        return status;

    const struct design *design = &estimate->design;
    struct piece piece = {.job = NONE, .spec = &design->spec};
    piece.materials =
        ARENA_ARRAY(cx->arena, struct piece_material, (size_t)design->material_count + 1);
    for (int64_t i = 0; i < design->material_count; i++)
        piece.materials[piece.material_count++] = needed_piece(&design->materials[i]);
    piece.operations =
        ARENA_ARRAY(cx->arena, struct piece_operation, (size_t)design->operation_count + 1);
    for (int64_t i = 0; i < design->operation_count; i++)
        piece.operations[piece.operation_count++] =
            (struct piece_operation){.craft = design->operations[i].craft,
                                     .kind = design->operations[i].kind,
                                     .name = design->operations[i].name,
                                     .minutes = design->operations[i].minutes,
                                     .cost = NONE,
                                     .vendor = NONE};

    struct errors faults = {.arena = cx->arena};
    struct context quiet = *cx;
    struct costing costing;
    quiet.errors = &faults;
    if (piece_price(&quiet, &piece, wish, &costing) == OK) {
        estimate->price = costing.price;
        estimate->shown_price = ARENA_NEW(cx->arena, struct price);
        *estimate->shown_price = costing.price;
    } else {
        estimate->price_missing = sentences(&faults, cx->arena);
    }
    estimate->unpriced = costing.unpriced;
    estimate_materials(cx, &piece, estimate);
    estimate_promise(cx, estimate);
    return OK;
}

static const struct field estimate_fields[] = {
    {.name = "price",
     .kind = FIELD_ONE,
     .offset = offsetof(struct estimate, shown_price),
     .of = &price_record,
     .flags = FIELD_NO_COLUMN},
    FIELD(struct estimate, price_missing, FIELD_LONG),
    FIELD(struct estimate, unpriced, FIELD_LONG),
    FIELD(struct estimate, promised_day, FIELD_DAY),
    FIELD(struct estimate, promise_missing, FIELD_LONG),
    FIELD(struct estimate, decision, FIELD_TEXT),
    FIELD(struct estimate, materials_day, FIELD_DAY),
    FIELD_ROWS(struct estimate, milestones, milestone_count, &milestone_record),
};
const struct record estimate_record = RECORD("Estimate", struct estimate, estimate_fields);

/* ------------------------------------------------------------------ reactions */

/* Whatever is still kept for the piece has gone into it when it stands at one of these: pieces for
 * stock are never ready, and something may be added to one that is. */
static const char *const finished[] = {"ready", "collected", "completed"};

/* Stock is given back when a job is cancelled, and used up when the piece is finished. */
static enum status follow_job(struct context *cx, const struct event *event) {
    struct job job;
    if (!job_load(cx, event->subject, &job))
        return OK;
    if (text_same(job.stage, STAGE_CANCELLED))
        return making_release(cx, job.id);
    for (size_t i = 0; i < sizeof finished / sizeof *finished; i++)
        if (text_same(job.stage, finished[i]))
            return materials_consume(cx, job.id, NULL);
    return OK;
}

/* What an operation needed is in the piece when it has been done: metal and findings by casting or
 * mounting, stones by setting. */
static enum status follow_operation(struct context *cx, const struct event *event) {
    struct operation *operations;
    int64_t count = operation_list(cx, event->subject, &operations);
    struct operation_plan *plain = ARENA_ARRAY(cx->arena, struct operation_plan, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        plain[i] = (struct operation_plan){.craft = operations[i].craft};
    int64_t id = event_number(event, "operation");
    for (int64_t i = 0; i < count; i++) {
        if (operations[i].id != id || !text_same(operations[i].state, "done"))
            continue;
        const char *needs = operation_needs(plain, count, i);
        enum status status = needs == NULL ? OK : materials_consume(cx, event->subject, needs);
        if (status == OK && text_same(operations[i].craft, "mounting"))
            status = materials_consume(cx, event->subject, "finding");
        return status;
    }
    return OK;
}

static bool ends_the_making(const struct event *event) {
    for (size_t i = 0; i < sizeof finished / sizeof *finished; i++)
        if (event_says(event, "stage", finished[i]))
            return true;
    return event_says(event, "stage", STAGE_CANCELLED);
}

const struct reaction making_reactions[] = {
    {"making.follow_job", "job.entered", follow_job, ends_the_making},
    {"making.follow_operation", "operation.ended", follow_operation, NULL},
    {0},
};
