/* Job templates: Benchpin's own as the shop wants them, its own ones, and usual work for repairs.
 */
#include "settings/template_settings.h"

#include "accounts/permission.h"
#include "base/text.h"
#include "design/template.h"
#include "settings.template_settings.html.h"

enum { EMPTY_ROWS = 3 };

static const struct field list_fields[] = {
    FIELD_ROWS(struct templates_page, templates, count, &job_template_record),
};
static const struct record list_record = RECORD("JobTemplates", struct templates_page, list_fields);

static void list_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Job templates"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = template_list_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, list_html};

static void form_html(struct view *v, const void *model) {
    const struct template_page *page = model;
    view_page(v, &(struct page){.title = page->template.code == NULL ? view_t(v, "New template")
                                                                     : page->template.name,
                                .nav = "settings",
                                .crumb = view_t(v, "Job templates"),
                                .crumb_url = "/settings/templates",
                                .body = template_form_html,
                                .model = model});
}
static const struct presentation template_as = {&job_template_record, NULL};

static enum status templates_show(struct request *r) {
    struct templates_page page = {0};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    page.count = job_template_list(cx, &page.templates);
    return answer(r, &list_as, &page);
}

static enum status show_one(struct request *r, struct template_page *page) {
    const struct job_template *typed = r->typed != NULL && r->method == POST ? r->input : NULL;
    page->base = recipe_find(page->template.base);
    int64_t count = typed != NULL ? typed->operation_count : page->template.operation_count;
    page->row_count = count + EMPTY_ROWS;
    page->rows = ARENA_ARRAY(r->cx.arena, struct template_operation, (size_t)page->row_count);
    for (int64_t i = 0; i < page->row_count; i++)
        if (typed == NULL && i < count)
            page->rows[i] = page->template.operations[i];
        else
            page->rows[i] = (struct template_operation){.minutes = NONE, .lead_days = NONE};
    page->form = request_form(r, &job_template_record, &page->template);
    return answer(r, &(struct presentation){NULL, form_html}, page);
}

struct base_query {
    const char *base;
};
static const struct field base_fields[] = {
    FIELD(struct base_query, base, FIELD_CODE, .words = &design_templates),
};
static const struct record base_record = RECORD("TemplateBase", struct base_query, base_fields);

static enum status show_new(struct request *r, const char *base) {
    struct template_page page = {.base = NULL};
    if (request_read(r) == NULL)
        return UNAVAILABLE;
    record_clear(&job_template_record, &page.template);
    const struct design_template *built = template_find(base);
    page.template.base = base;
    page.template.type = built != NULL ? built->type : "ring";
    return show_one(r, &page);
}

static enum status new_show(struct request *r) {
    return show_new(r, ((const struct base_query *)r->input)->base);
}

static enum status new_again(struct request *r) {
    return show_new(r, ((const struct job_template *)r->input)->base);
}

static enum status template_show(struct request *r) {
    struct template_page page = {.base = NULL};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!job_template_load(cx, request_text(r, "code"), &page.template))
        return fail(r, MISSING, "unknown_template", "There is no such template.");
    if (r->json)
        return answer(r, &template_as, &page.template);
    return show_one(r, &page);
}

static void outcome_of(struct context *cx, const char *code, int status, const char *flash,
                       const char *undo) {
    struct job_template saved;
    job_template_load(cx, code, &saved);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = "/settings/templates",
                                          .flash = arena_printf(cx->arena, flash, saved.name),
                                          .undo = undo,
                                          .record = &job_template_record,
                                          .model = &saved});
}

static enum status save(struct context *cx, void *arg) {
    struct job_template template = *(const struct job_template *)arg;
    bool is_new = template.code == NULL;
    enum status status = job_template_save(cx, &template);
    if (status == OK)
        outcome_of(cx, template.code, is_new ? 201 : 200, "%s saved.", NULL);
    return status;
}

static enum status template_post(struct request *r) {
    struct job_template template = *(const struct job_template *)r->input;
    template.code = request_text(r, "code");
    return request_write(r, save, &template);
}

static enum status archive(struct context *cx, void *arg) {
    const char *code = arg;
    enum status status = job_template_archive(cx, code, true);
    if (status == OK)
        outcome_of(cx, code, 200, "%s archived.",
                   arena_printf(cx->arena, "/settings/templates/%s/restore", code));
    return status;
}

static enum status restore(struct context *cx, void *arg) {
    enum status status = job_template_archive(cx, arg, false);
    if (status == OK)
        outcome_of(cx, arg, 200, "%s is back.", NULL);
    return status;
}

static enum status reset(struct context *cx, void *arg) {
    enum status status = job_template_reset(cx, arg);
    if (status == OK)
        outcome_of(cx, arg, 200, "%s is as Benchpin made it.", NULL);
    return status;
}

static enum status copy(struct context *cx, void *arg) {
    const char *made;
    enum status status = job_template_copy(cx, arg, &made);
    if (status == OK)
        outcome_of(cx, made, 201, "%s made.", NULL);
    return status;
}

static void *code_of(struct request *r) {
    return (void *)(uintptr_t)request_text(r, "code");
}

static enum status archive_post(struct request *r) {
    return request_write(r, archive, code_of(r));
}

static enum status restore_post(struct request *r) {
    return request_write(r, restore, code_of(r));
}

static enum status reset_post(struct request *r) {
    return request_write(r, reset, code_of(r));
}

static enum status copy_post(struct request *r) {
    return request_write(r, copy, code_of(r));
}

#define SETTINGS RIGHT(MAY_CHANGE_SETTINGS)

const struct route settings_template_routes[] = {
    {GET, "/settings/templates", SETTINGS, templates_show, .output = &list_as,
     .summary = "Job templates and usual work"},
    {GET, "/settings/templates/new", SETTINGS, new_show, &base_record, .flags = ROUTE_PAGE},
    {POST, "/settings/templates", SETTINGS, template_post, &job_template_record, .again = new_again,
     .output = &template_as, .summary = "Add a job template"},
    {GET, "/settings/templates/{code}", SETTINGS, template_show, .output = &template_as,
     .summary = "One job template with its operations"},
    {POST, "/settings/templates/{code}", SETTINGS, template_post, &job_template_record,
     .again = template_show, .output = &template_as, .summary = "Change a job template"},
    {POST, "/settings/templates/{code}/archive", SETTINGS, archive_post, .output = &template_as,
     .summary = "Archive a job template"},
    {POST, "/settings/templates/{code}/restore", SETTINGS, restore_post, .output = &template_as,
     .summary = "Bring a job template back"},
    {POST, "/settings/templates/{code}/reset", SETTINGS, reset_post, .output = &template_as,
     .summary = "A built-in template as Benchpin made it"},
    {POST, "/settings/templates/{code}/copy", SETTINGS, copy_post, .output = &template_as,
     .summary = "Duplicate a job template"},
    {0},
};
