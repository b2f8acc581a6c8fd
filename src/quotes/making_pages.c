/* Pages of how a job is made: its specification and its materials. */
#include "quotes/making_pages.h"

#include "base/number.h"
#include "base/text.h"
#include "quotes.making.html.h"
#include "shops/job_template.h"
#include "shops/shop.h"
#include "stock/stock.h"

#include <string.h>

static const char *job_url(struct arena *arena, int64_t id, const char *rest) {
    return arena_printf(arena, "/jobs/%ld%s", (long)id, rest);
}

/* ------------------------------------------------------------------ specification */

/* As spec_stone_record, but nothing is asked of a row that stays empty: what a stone needs is asked
 * when it is saved. */
#define STONE(member, kind, ...) FIELD(struct spec_stone, member, kind, __VA_ARGS__)
static const struct field stone_fields[] = {
    STONE(role, FIELD_CODE, .label = "Role", .words = &stone_roles),
    STONE(gem, FIELD_CODE, .label = "Gem", .words = &gems),
    STONE(origin, FIELD_CODE, .label = "Origin", .words = &origins),
    STONE(treatment, FIELD_CODE, .label = "Treatment", .words = &treatments),
    STONE(shape, FIELD_CODE, .label = "Shape", .words = &shapes),
    STONE(length, FIELD_MICROMETRE, .label = "Length", .min = 300, .max = 100000),
    STONE(width, FIELD_MICROMETRE, .label = "Width", .min = 300, .max = 100000),
    STONE(count, FIELD_INT, .label = "Count", .min = 1, .max = 10000),
    STONE(carats, FIELD_CARAT, .label = "Carats in all", .min = 0, .max = 100000 * CARAT),
    STONE(quality, FIELD_TEXT, .label = "Quality", .max = 60),
    STONE(report, FIELD_TEXT, .label = "Report number", .max = 60),
    STONE(setting, FIELD_CODE, .label = "Setting", .words = &stone_settings),
    STONE(whose, FIELD_CODE, .label = "Whose", .words = &owners),
};
const struct record stone_row_record = RECORD("SpecStoneEdit", struct spec_stone, stone_fields);

#define SPEC(member, kind_, ...)                                                                   \
    {                                                                                              \
        .name = #member, .kind = (kind_),                                                          \
        .offset = offsetof(struct specification_edit, spec.member), __VA_ARGS__                    \
    }
static const struct field edit_fields[] = {
    SPEC(alloy, FIELD_CODE, .label = "Metal", .words = &alloys),
    SPEC(weight, FIELD_MILLIGRAM, .label = "Weight, finished", .min = 0, .max = 10000000),
    SPEC(gross, FIELD_MILLIGRAM, .label = "To issue", .min = 0, .max = 20000000),
    SPEC(ring_size, FIELD_RING, .label = "Finger size", .min = 38000, .max = 85000),
    SPEC(band_width, FIELD_MICROMETRE, .label = "Band width", .min = 1000, .max = 20000),
    SPEC(band_thickness, FIELD_MICROMETRE, .label = "Band thickness", .min = 800, .max = 6000),
    SPEC(profile, FIELD_CODE, .label = "Profile", .words = &ring_profiles),
    SPEC(setting, FIELD_CODE, .label = "Setting", .words = &stone_settings),
    SPEC(finish, FIELD_CODE, .label = "Finish", .words = &finishes),
    SPEC(engraving, FIELD_TEXT, .label = "Engraving", .max = 120),
    SPEC(cad, FIELD_LONG, .label = "For the drawing", .max = 4000),
    SPEC(note, FIELD_LONG, .label = "What the customer must know", .max = 4000),
    SPEC(version, FIELD_INT, .max = INT64_MAX),
    {.name = "stones",
     .label = "Stones",
     .kind = FIELD_LIST,
     .offset = offsetof(struct specification_edit, spec.stones),
     .of = &stone_row_record,
     .count_offset = offsetof(struct specification_edit, spec.stone_count),
     .flags = FIELD_NO_COLUMN,
     .max = 40},
    FIELD(struct specification_edit, remake, FIELD_FLAG, .label = "Write the operations anew, too"),
};
const struct record specification_edit_record =
    RECORD("SpecificationEdit", struct specification_edit, edit_fields);

static const struct field page_fields[] = {
    {.name = "specification",
     .kind = FIELD_ONE,
     .offset = offsetof(struct specification_page, shown),
     .of = &specification_record,
     .flags = FIELD_NO_COLUMN},
    FIELD(struct specification_page, begun, FIELD_FLAG),
    FIELD(struct specification_page, hallmark, FIELD_TEXT, .max = 400),
};
static const struct record specification_page_record =
    RECORD("JobSpecification", struct specification_page, page_fields);

static void specification_html(struct view *v, const void *model) {
    const struct specification_page *page = model;
    view_page(v, &(struct page){.title = words(v, view_t(v, "Specification, %s"), page->job.title),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job.number),
                                .crumb_url = job_url(v->arena, page->job.id, ""),
                                .body = making_specification_html,
                                .model = model});
}
static const struct presentation specification_as = {&specification_page_record,
                                                     specification_html};

static const struct sql shop_alloys = {
    "making_shop_alloys",
    "select code, name from alloy where active = 1 order by metal, fineness desc, name", NULL};

/* The alloys in use, and the one that is chosen already. */
static const struct vocabulary *alloys_in_use(struct context *cx, const char *chosen) {
    size_t count = 0, capacity = 0;
    struct word *list = NULL;
    bool there = text_empty(chosen);
    struct rows *rows = db_rows(cx->db, &shop_alloys, P0);
    while (rows_next(rows)) {
        list = arena_grow(cx->arena, list, count, &capacity, sizeof *list);
        list[count++] = (struct word){row_text(rows, 0), row_text(rows, 1)};
        there = there || text_same(chosen, list[count - 1].code);
    }
    list = arena_grow(cx->arena, list, count, &capacity, sizeof *list);
    if (!there)
        list[count++] = (struct word){chosen, vocabulary_label(&alloys, chosen)};
    list = arena_grow(cx->arena, list, count, &capacity, sizeof *list);
    list[count] = (struct word){NULL, NULL};
    struct vocabulary *made = ARENA_NEW(cx->arena, struct vocabulary);
    *made = (struct vocabulary){"alloy", list};
    return made;
}

static const char *hallmark_words(struct context *cx, const struct specification *spec) {
    struct alloy alloy;
    if (spec->weight == NONE || !stock_alloy(cx, spec->alloy, &alloy) ||
        !hallmark_needed(cx->locale->country, alloy.metal, spec->weight))
        return NULL;
    return arena_printf(cx->arena,
                        "At this weight it must be hallmarked before it may be sold as %s.",
                        vocabulary_label(&metals, alloy.metal));
}

static void specification_read(struct context *cx, struct specification_page *page) {
    struct making making;
    page->exists = making_load(cx, page->job.id, &making);
    page->spec = ARENA_NEW(cx->arena, struct specification);
    *page->spec = making.spec;
    if (page->exists)
        page->shown = page->spec;
    else
        page->spec->version = 0;
    for (int64_t i = 0; i < making.operation_count; i++)
        page->begun = page->begun || !text_same(making.operations[i].state, "planned");
    page->hallmark = hallmark_words(cx, page->spec);
}

static enum status specification_answer(struct request *r, bool typed, bool chosen) {
    struct specification_page page = {0};
    if (request_read(r) == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &page.job))
        return r->cx.errors->status;
    specification_read(&r->cx, &page);
    struct specification_edit *edit = ARENA_NEW(r->cx.arena, struct specification_edit);
    struct template_choices *choices = ARENA_NEW(r->cx.arena, struct template_choices);
    edit->spec = *page.spec;
    if (typed)
        page.spec->stone_count = ((struct specification_edit *)r->input)->spec.stone_count;
    template_choices_clear(choices);
    choices->template = page.spec->template != NULL ? page.spec->template : page.job.template;
    page.alloys = alloys_in_use(&r->cx, page.spec->alloy);
    job_template_words(&r->cx, false, &page.templates);
    struct job_template template;
    page.template_name =
        job_template_load(&r->cx, page.spec->template, &template) ? template.name : NULL;
    page.form = request_form(r, &specification_edit_record, edit);
    page.template_form = request_form(r, &template_choices_record, choices);
    if (!typed) {
        page.form.get = NULL;
        page.form.errors = NULL;
    }
    if (!chosen) {
        page.template_form.get = NULL;
        page.template_form.errors = NULL;
    }
    job_hide(r->cx.actor, &page.job);
    return answer(r, &specification_as, &page);
}

static enum status specification_show(struct request *r) {
    return specification_answer(r, false, false);
}

static enum status specification_again(struct request *r) {
    return specification_answer(r, true, false);
}

static enum status generate_again(struct request *r) {
    return specification_answer(r, false, true);
}

static enum status check_open(struct context *cx, int64_t id) {
    struct job job;
    if (!job_load(cx, id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (job.closed_at != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "closed",
                         "%s is closed: it stays as it was made. Reopen it first.",
                         job_number_text(cx, job.number));
    return OK;
}

static void specification_outcome(struct context *cx, int64_t job, const char *flash) {
    struct specification_page page = {0};
    job_load(cx, job, &page.job);
    specification_read(cx, &page);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = job_url(cx->arena, job, "/specification"),
                                          .flash = flash,
                                          .record = &specification_page_record,
                                          .model = &page});
}

struct specification_write {
    int64_t job;
    const struct specification_edit *edit;
};

static enum status specification_save(struct context *cx, void *arg) {
    const struct specification_write *write = arg;
    struct specification spec = write->edit->spec;
    struct spec_stone *stones =
        ARENA_ARRAY(cx->arena, struct spec_stone, (size_t)spec.stone_count + 1);
    for (int64_t i = 0; i < spec.stone_count; i++)
        stones[i] = spec.stones[i];
    spec.stones = stones;
    enum status status = check_open(cx, write->job);
    if (status == OK)
        status = making_save_specification(cx, write->job, &spec, write->edit->remake == 1);
    if (status != OK)
        return status;
    specification_outcome(cx, write->job,
                          write->edit->remake == 1 ? "Specification and operations saved."
                                                   : "Specification saved.");
    return OK;
}

static enum status specification_post(struct request *r) {
    struct specification_edit *edit = r->input;
    if (edit->spec.version == NONE)
        edit->spec.version = 0;
    return request_write(r, specification_save,
                         &(struct specification_write){request_id(r, "id"), edit});
}

/* ------------------------------------------------------------------ from a template */

struct generate_write {
    int64_t job;
    const struct template_choices *choices;
};

static enum status generate(struct context *cx, void *arg) {
    const struct generate_write *write = arg;
    enum status status = check_open(cx, write->job);
    if (status == OK)
        status = making_generate(cx, write->job, NULL, write->choices, true);
    if (status != OK)
        return status;
    specification_outcome(cx, write->job, "Written from the template.");
    return OK;
}

static enum status generate_post(struct request *r) {
    return request_write(r, generate, &(struct generate_write){request_id(r, "id"), r->input});
}

/* ------------------------------------------------------------------ materials */

/* The form's rows; without any, and with nothing brought back, stock is only asked again. */
struct materials_input {
    struct material_edit *rows;
    int64_t count;
    const char *bring_back;
};
static const struct field materials_input_fields[] = {
    {.name = "materials",
     .label = "Materials",
     .kind = FIELD_LIST,
     .offset = offsetof(struct materials_input, rows),
     .of = &material_edit_record,
     .count_offset = offsetof(struct materials_input, count),
     .flags = FIELD_NO_COLUMN,
     .max = 100},
    FIELD(struct materials_input, bring_back, FIELD_TEXT, .label = "Bring back"),
};
static const struct record materials_input_record =
    RECORD("MaterialsEdit", struct materials_input, materials_input_fields);

static const struct field materials_fields[] = {
    FIELD_ROWS(struct materials_page, materials, count, &material_record),
    FIELD_ROWS(struct materials_page, left_out, left_out_count, &left_out_record),
    FIELD(struct materials_page, cost, FIELD_MONEY, .flags = FIELD_COST),
    FIELD(struct materials_page, decision, FIELD_TEXT),
    FIELD(struct materials_page, waiting, FIELD_INT),
};
static const struct record materials_record =
    RECORD("Materials", struct materials_page, materials_fields);

static void materials_html(struct view *v, const void *model) {
    const struct materials_page *page = model;
    view_page(v, &(struct page){.title = words(v, view_t(v, "Materials, %s"), page->job.title),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job.number),
                                .crumb_url = job_url(v->arena, page->job.id, ""),
                                .body = making_materials_html,
                                .model = model});
}
static const struct presentation materials_as = {&materials_record, materials_html};

static void materials_read(struct context *cx, struct materials_page *page) {
    page->count = material_list(cx, page->job.id, &page->materials);
    page->left_out_count = material_left_out(cx, page->job.id, &page->left_out);
    page->edits = ARENA_ARRAY(cx->arena, struct material_edit, (size_t)page->count + 1);
    page->decision = "in_stock";
    for (int64_t i = 0; i < page->count; i++) {
        const struct material *row = &page->materials[i];
        page->cost += row->cost;
        if (material_is_editable(row))
            page->edits[page->edit_count++] = material_as_edit(row);
        if (text_same(row->state, "needed") || text_same(row->state, "to_order") ||
            text_same(row->state, "ordered")) {
            page->waiting++;
            page->decision = "to_source";
        }
    }
}

/* Whether what was typed belongs to the rows as they are now. */
static bool typed_fits(const struct request *r, const struct materials_page *page) {
    for (int64_t i = 0; i < page->edit_count; i++) {
        const char *id = request_typed(r, arena_printf(r->cx.arena, "materials.%ld.id", (long)i));
        if (id == NULL || !text_same(id, arena_printf(r->cx.arena, "%ld", (long)page->edits[i].id)))
            return false;
    }
    return true;
}

/* `typed`: the rows are shown as they were typed, where a value of theirs was refused. Where they
 * were changed meanwhile, they are shown as they are now. */
static enum status materials_answer(struct request *r, bool typed) {
    struct materials_page page = {0};
    if (request_read(r) == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &page.job))
        return r->cx.errors->status;
    materials_read(&r->cx, &page);
    page.alloys = alloys_in_use(&r->cx, NULL);
    page.form = request_form(r, &materials_input_record, NULL);
    if (!typed || r->cx.errors->status != INVALID || !typed_fits(r, &page))
        page.form.get = NULL;
    job_hide(r->cx.actor, &page.job);
    return answer(r, &materials_as, &page);
}

static enum status materials_show(struct request *r) {
    return materials_answer(r, false);
}

static enum status materials_again(struct request *r) {
    return materials_answer(r, true);
}

struct materials_write {
    int64_t job;
    const struct materials_input *input;
};

static enum status materials_save(struct context *cx, void *arg) {
    const struct materials_write *write = arg;
    const struct materials_input *input = write->input;
    const char *told;
    bool changed;
    enum status status = check_open(cx, write->job);
    if (status == OK)
        status = material_save_all(cx, write->job, input->rows, input->count, input->bring_back,
                                   &changed, &told);
    if (status != OK)
        return status;
    struct materials_page page = {0};
    job_load(cx, write->job, &page.job);
    materials_read(cx, &page);
    if (!changed)
        event_add(cx, "materials.checked", write->job,
                  arena_printf(cx->arena, "{\"decision\":\"%s\"}", page.decision));
    const char *found =
        page.waiting == 0
            ? context_words(cx, "All of it is here and kept for this job.")
            : context_words_n(cx, page.waiting, "%ld is not here: it is to be ordered.",
                              "%ld are not here: they are to be ordered.", (long)page.waiting);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = job_url(cx->arena, write->job, "/materials"),
                                          .flash = arena_printf(
                                              cx->arena, "%s%s%s%s",
                                              changed ? context_words(cx, "Materials saved. ") : "",
                                              told, *told == '\0' ? "" : " ", found),
                                          .record = &materials_record,
                                          .model = &page});
    return OK;
}

static enum status materials_post(struct request *r) {
    return request_write(r, materials_save,
                         &(struct materials_write){request_id(r, "id"), r->input});
}

const char *material_quantity(struct view *v, const struct material *material) {
    if (text_same(material->kind, "metal"))
        return grams(v, material->quantity);
    if (material->carats > 0)
        return words(v, "%ld, %s", (long)material->quantity, carats(v, material->carats));
    return words(v, "%ld", (long)material->quantity);
}

const struct route making_routes[] = {
    {GET, "/jobs/{id}/specification", RIGHT(MAY_SEE_JOBS), specification_show,
     .output = &specification_as, .summary = "What a job's piece is to be"},
    {POST, "/jobs/{id}/specification", RIGHT(MAY_EDIT_JOBS), specification_post,
     &specification_edit_record, .again = specification_again, .output = &specification_as,
     .summary = "Change what a job's piece is to be"},
    {POST, "/jobs/{id}/specification/template", RIGHT(MAY_EDIT_JOBS), generate_post,
     &template_choices_record, .again = generate_again, .output = &specification_as,
     .summary = "Write specification, materials and operations from a template"},
    {GET, "/jobs/{id}/materials", RIGHT(MAY_SEE_JOBS), materials_show, .output = &materials_as,
     .summary = "What a job's piece is made of"},
    {POST, "/jobs/{id}/materials", RIGHT(MAY_EDIT_JOBS), materials_post, &materials_input_record,
     .again = materials_again, .output = &materials_as,
     .summary = "Change, add and remove a job's materials; check them against stock, and keep what "
                "is there"},
    {0},
};
