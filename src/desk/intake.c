#include "desk/intake.h"

#include "accounts/account.h"
#include "base/text.h"
#include "desk.intake.html.h"
#include "quotes/quote.h"
#include "shops/job_template.h"
#include "shops/location.h"

#include <string.h>

enum { PICTURES_MOST = 10 };

/* ------------------------------------------------------------------ the page */

static void intake_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "New job"),
                                .nav = "jobs",
                                .crumb = view_t(v, "Jobs"),
                                .crumb_url = "/board",
                                .rail = true,
                                .body = intake_html,
                                .model = model});
}

/* The staff as words to choose from. */
static struct vocabulary staff_words(struct context *cx) {
    struct staff *staff;
    int64_t count = staff_list(cx, true, &staff);
    struct word *words = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        words[i] = (struct word){arena_printf(cx->arena, "%ld", (long)staff[i].id), staff[i].name};
    return (struct vocabulary){"member of the staff", words};
}

/* The template that a type of jewellery suggests. */
static const char *template_for(const char *type) {
    int64_t count;
    const struct design_template *templates = templates_all(&count);
    for (int64_t i = 0; i < count; i++)
        if (text_same(templates[i].type, type))
            return templates[i].code;
    return NULL;
}

static enum status show(struct request *r, const struct intake *values,
                        const struct template_choices *choices) {
    struct context *cx = request_read(r);
    struct intake_page page = {.intake = values};
    if (cx == NULL)
        return UNAVAILABLE;
    page.kind = values->kind == NULL ? "custom" : values->kind;
    page.form = request_form(r, &intake_record, values);
    page.choices_form = request_form(r, &template_choices_record, choices);
    page.staff = staff_words(cx);
    job_template_words(cx, !text_same(page.kind, "custom"), &page.templates);
    page.has_locations = location_words(cx, NONE, &page.locations);
    page.has_customer = values->customer != NONE &&
                        actor_may(cx->actor, RIGHT(MAY_SEE_CUSTOMERS)) &&
                        customer_load(cx, values->customer, &page.customer);
    return answer(r, &(struct presentation){NULL, intake_page}, &page);
}

struct intake_query {
    const char *kind, *name;
    int64_t customer, visit;
};
static const struct field query_fields[] = {
    FIELD(struct intake_query, kind, FIELD_CODE, .words = &job_kinds),
    FIELD(struct intake_query, name, FIELD_TEXT),
    FIELD(struct intake_query, customer, FIELD_ID),
    FIELD(struct intake_query, visit, FIELD_ID),
};
static const struct record query_record = RECORD("IntakeQuery", struct intake_query, query_fields);

static const struct sql customer_of_visit = {"customer_of_visit",
                                             "select customer from visit where id = $1", NULL};

static enum status intake_show(struct request *r) {
    const struct intake_query *query = r->input;
    struct context *cx = request_read(r);
    struct intake values;
    struct template_choices choices;
    if (cx == NULL)
        return UNAVAILABLE;
    record_clear(&intake_record, &values);
    template_choices_clear(&choices);
    values.kind = query->kind == NULL ? "custom" : query->kind;
    values.customer = query->customer;
    values.visit = query->visit;
    if (values.visit != NONE && values.customer == NONE)
        values.customer = db_int(cx->db, &customer_of_visit, P(I(values.visit)));
    values.customer_name = query->name;
    values.type = "ring";
    values.priority = "normal";
    values.salesperson = cx->actor->staff;
    values.location = location_of_staff(cx, cx->actor->staff);
    if (text_same(values.kind, "custom"))
        choices.template = values.template = "solitaire";
    return show(r, &values, &choices);
}

/* The form's other half: the record of the route is the intake, the choices are read beside it. */
static enum status read_choices(struct request *r, struct template_choices *choices,
                                struct errors *errors) {
    template_choices_clear(choices);
    enum status status = record_from_form(&template_choices_record, choices, r->typed,
                                          r->typed_form, r->cx.locale, errors);
    if (choices->template == NULL)
        choices->template = template_for(request_typed(r, "type"));
    return status;
}

static enum status intake_again(struct request *r) {
    struct template_choices choices;
    struct errors own = {.arena = r->cx.arena};
    read_choices(r, &choices, &own);
    return show(r, r->input, &choices);
}

/* ------------------------------------------------------------------ what it comes to */

static void estimate_part(struct view *v, const void *model) {
    estimate_html(v, model);
}

static enum status estimate_post(struct request *r) {
    struct context *cx = request_read(r);
    struct template_choices choices;
    struct errors own = {.arena = r->cx.arena};
    struct estimate_page page = {.budget = NONE};
    if (cx == NULL)
        return UNAVAILABLE;
    const struct field *budget = record_field(&intake_record, "budget");
    struct intake intake;
    record_clear(&intake_record, &intake);
    struct errors ignored = {.arena = cx->arena};
    if (request_typed(r, "budget") != NULL &&
        field_parse(budget, &intake, request_typed(r, "budget"), cx->locale, &ignored) == OK)
        page.budget = intake.budget;
    page.wanted_by = request_typed(r, "wanted_by");
    const struct price_wish wish = {.rush_share = making_rush(cx, request_typed(r, "priority"))};
    struct context reckoning = *cx;
    reckoning.errors = &own;
    page.good =
        read_choices(r, &choices, &own) == OK &&
        making_estimate(&reckoning, choices.template, &choices, &wish, &page.estimate) == OK;
    if (!page.good)
        page.sentence = own.first == NULL ? "Choose what it shall be." : own.first->sentence;
    return answer(r, &(struct presentation){NULL, estimate_part}, &page);
}

/* ------------------------------------------------------------------ saving */

struct taking {
    struct intake intake;
    struct template_choices choices;
    bool design, quote;
    struct job_file *files;
    int64_t count;
    bool ran;
};

static enum status take_in(struct context *cx, void *arg) {
    struct taking *taking = arg;
    int64_t id, quote = NONE;
    enum status status = job_take_in(cx, &taking->intake, &id);
    if (status == OK && taking->count > 0)
        status = job_files_add(cx, id, taking->files, taking->count);
    if (status == OK && taking->design)
        status = making_generate(cx, id, taking->choices.template, &taking->choices, false);
    if (status == OK && taking->quote)
        status = quote_make(cx, id, 0, NULL, &quote);
    if (status != OK)
        return status;
    taking->ran = true;
    struct job job;
    job_load(cx, id, &job);
    context_outcome(
        cx, &(struct outcome){.status = 201,
                              .location = quote == NONE
                                              ? arena_printf(cx->arena, "/jobs/%ld", (long)id)
                                              : arena_printf(cx->arena, "/quotes/%ld", (long)quote),
                              .flash = context_words(cx, "%s taken in as %s.", job.title,
                                                     job_number_text(cx, job.number)),
                              .record = &job_record,
                              .model = &job});
    return OK;
}

static enum status intake_post(struct request *r) {
    struct taking taking = {.intake = *(const struct intake *)r->input};
    taking.intake.source = "counter";
    bool custom = taking.intake.kind == NULL || text_same(taking.intake.kind, "custom");
    taking.design = custom && text_same(request_typed(r, "design"), "1");
    taking.quote = taking.design && text_same(request_typed(r, "then"), "quote") &&
                   actor_may(r->cx.actor, RIGHT(MAY_QUOTE));
    if (taking.design && read_choices(r, &taking.choices, r->cx.errors) != OK)
        return INVALID;
    if (!taking.design)
        taking.intake.template = text_empty(taking.intake.template) ? NULL : taking.intake.template;
    enum status status =
        job_files_take(r, "inspiration", PICTURES_MOST, &taking.files, &taking.count);
    if (status != OK)
        return status;
    status = request_write(r, take_in, &taking);
    if (!taking.ran || status != OK)
        job_files_drop(r, taking.files, taking.count);
    return status;
}

const struct route intake_routes[] = {
    {GET, "/jobs/new", RIGHT(MAY_EDIT_JOBS), intake_show, &query_record, .flags = ROUTE_PAGE},
    {POST, "/jobs/new", RIGHT(MAY_EDIT_JOBS), intake_post, &intake_record, .again = intake_again,
     .flags = ROUTE_PAGE | ROUTE_UPLOAD},
    {POST, "/jobs/estimate", RIGHT(MAY_EDIT_JOBS) | RIGHT(MAY_SEE_PRICES), estimate_post,
     .flags = ROUTE_PAGE | ROUTE_UPLOAD},
    {0},
};
