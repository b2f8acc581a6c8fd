#include "flow/flow.h"

#include "accounts/account.h"
#include "base/text.h"
#include "jobs/job.h"
#include "messages/message.h"
#include "quotes/making.h"
#include "quotes/quote.h"
#include "sales/sales.h"
#include "shops/job_template.h"
#include "workshop/workshop.h"

#include <string.h>

/* What a run of a node came to. */
struct ran {
    const char *state, *outcome, *detail, *waits_on;
};

static struct ran done(const char *detail) {
    return (struct ran){"done", NULL, detail, NULL};
}

static struct ran waiting(const char *on, const char *detail) {
    return (struct ran){"waiting", NULL, detail, on};
}

static const char *day_words(struct context *cx, const char *day) {
    int64_t number;
    return day != NULL && day_parse(day, &number)
               ? context_kept_words(cx, ", promised for %s",
                                    locale_day_long(cx->locale, number, cx->arena))
               : "";
}

/* ------------------------------------------------------------------ the nodes */

static const struct sql source_of_job = {
    "source_of_job", "select v.source from visit v join job j on j.visit = v.id where j.id = $1",
    NULL};

static enum status run_request(struct context *cx, const struct job *job, struct ran *ran) {
    const char *source = db_text(cx->db, &source_of_job, P(I(job->id)));
    if (text_same(source, "web"))
        *ran = done("From the website");
    else if (text_same(source, "api"))
        *ran = done("Through the API");
    else
        *ran = done(job->salesperson_name == NULL
                        ? "At the counter"
                        : context_kept_words(cx, "At the counter, by %s", job->salesperson_name));
    return OK;
}

static enum status run_specification(struct context *cx, const struct job *job, struct ran *ran) {
    struct making making;
    if (!making_load(cx, job->id, &making)) {
        if (job->template == NULL) {
            *ran = waiting("staff", "Nobody has said yet what it is to be.");
            return OK;
        }
        enum status status = making_generate(cx, job->id, NULL, NULL, false);
        if (status != OK)
            return status;
        making_load(cx, job->id, &making);
    }
    struct job_template template;
    *ran = done(!job_template_load(cx, making.spec.template, &template)
                    ? "Written by hand"
                    : context_kept_words(cx, "From the template %s, version %ld", template.name,
                                         (long)making.spec.version));
    return OK;
}

static enum status run_materials(struct context *cx, const struct job *job, struct ran *ran) {
    struct material *materials;
    if (material_list(cx, job->id, &materials) == 0) {
        *ran = waiting("staff", "Follows from the specification.");
        return OK;
    }
    const char *decision = NULL;
    enum status status = making_check_materials(cx, job->id, &decision);
    if (status != OK)
        return status;
    int64_t count = material_list(cx, job->id, &materials), there = 0, ordered = 0;
    for (int64_t i = 0; i < count; i++) {
        if (text_same(materials[i].state, "reserved") ||
            text_same(materials[i].state, "consumed") || text_same(materials[i].state, "customer"))
            there++;
        if (text_same(materials[i].state, "ordered"))
            ordered++;
    }
    *ran = done(context_kept_words(cx, "%ld of %ld there, %ld ordered, %ld to order", (long)there,
                                   (long)count, (long)ordered, (long)(count - there - ordered)));
    ran->outcome = decision;
    if (count - there - ordered > 0)
        ran->waits_on = "vendor";
    return OK;
}

static enum status run_price(struct context *cx, const struct job *job, struct ran *ran) {
    struct quote quote;
    struct making making;
    if (quote_current(cx, job->id, &quote)) {
        const char *detail = context_kept_words(cx, "Version %ld: %s%s", (long)quote.version,
                                                locale_money(cx->locale, quote.total, cx->arena),
                                                day_words(cx, quote.promised_day));
        if (text_same(quote.state, "accepted"))
            *ran = done(detail);
        else
            *ran = waiting(text_same(quote.state, "sent") ? "customer" : "staff", detail);
        return OK;
    }
    if (!making_load(cx, job->id, &making)) {
        *ran = waiting("staff", "Follows from the specification.");
        return OK;
    }
    struct costing costing;
    enum status status =
        making_price(cx, job->id, &(struct price_wish){.rush_share = NONE}, &costing);
    if (status != OK)
        return status;
    *ran = waiting("staff",
                   context_kept_words(cx, "It comes to %s. Make a quote of it.",
                                      locale_money(cx->locale, costing.price.total, cx->arena)));
    return OK;
}

static enum status run_schedule(struct context *cx, const struct job *job, struct ran *ran) {
    struct operation *operations;
    struct quote quote;
    int64_t count = operation_list(cx, job->id, &operations), open = 0;
    if (count == 0) {
        *ran = waiting("staff", "Follows from the specification.");
        return OK;
    }
    for (int64_t i = 0; i < count; i++)
        open += operation_is_open(&operations[i]);
    bool accepted = quote_accepted(cx, job->id, &quote);
    const char *day = job->promised_day;
    if (open > 0 && job->closed_at == NONE && !text_same(job->stage, "on_hold")) {
        enum status status = workshop_plan(cx, job->id, false, &day);
        if (status != OK)
            return status;
    }
    const char *detail = context_kept_words(cx, "%ld operations, %ld open%s", (long)count,
                                            (long)open, day_words(cx, day));
    if (accepted)
        *ran = done(detail);
    else
        *ran = waiting("customer",
                       context_kept_words(cx, "%s; tentative until a quote is accepted", detail));
    return OK;
}

static const struct sql confirmed = {
    "flow_confirmed", "select state from message where job = $1 and kind = 'confirmation' limit 1",
    NULL};

static const char *waits_by_status(const char *status) {
    if (text_same(status, "AVQ"))
        return "vendor";
    if (text_same(status, "CR"))
        return "customer";
    return text_same(status, "IP") ? "bench" : "staff";
}

static enum status run_inform(struct context *cx, const struct job *job, struct ran *ran) {
    struct quote quote;
    if (!quote_accepted(cx, job->id, &quote)) {
        *ran = waiting("customer", "Begins when a quote is accepted.");
        return OK;
    }
    const char *state = db_text(cx->db, &confirmed, P(I(job->id)));
    if (state == NULL) {
        int64_t message;
        const char *why;
        enum status status = message_queue(
            cx,
            &(struct message_wish){.kind = "confirmation",
                                   .job = job->id,
                                   .history = NONE,
                                   .attach = arena_printf(cx->arena, "quote:%ld", (long)quote.id),
                                   .delay = NONE,
                                   .amount = NONE,
                                   .when = NONE},
            &message, &why);
        if (status != OK)
            return status;
        if (message == NONE)
            return error_add(cx->errors, CONFLICT, NULL, "not_told",
                             "The confirmation was not sent. %s", why);
    }
    const struct stage *stage = stage_find(job->kind, job->stage);
    const char *detail = context_kept_words(
        cx, "Confirmed; at %s", language_text(cx->locale->words, "stage", stage->label));
    if (job->closed_at != NONE || text_same(job->stage, "ready"))
        *ran = done("Confirmed, and told of the progress");
    else
        *ran = waiting(waits_by_status(job->status), detail);
    return OK;
}

static enum status run_complete(struct context *cx, const struct job *job, struct ran *ran) {
    struct invoice invoice;
    if (text_same(job->stage, "cancelled")) {
        *ran = (struct ran){"skipped", NULL, "The order was cancelled.", NULL};
        return OK;
    }
    if (job->closed_at != NONE) {
        *ran = done("Handed over");
        return OK;
    }
    if (!text_same(job->stage, "ready")) {
        *ran = waiting("bench", "Begins when the last check is passed.");
        return OK;
    }
    bool invoiced = invoice_of_job(cx, job->id, &invoice);
    *ran =
        waiting("customer",
                context_kept_words(
                    cx, "Ready; invoice %s, %s to pay",
                    !invoiced                ? context_kept_words(cx, "not drafted")
                    : invoice.number == NONE ? context_kept_words(cx, "drafted")
                                             : invoice.label,
                    locale_money(cx->locale, job->balance > 0 ? job->balance : 0, cx->arena)));
    return OK;
}

static const struct node {
    const char *name, *label;
    enum status (*run)(struct context *cx, const struct job *job, struct ran *ran);
} nodes[] = {
    {"request", "Request received", run_request},
    {"specification", "Specification", run_specification},
    {"materials", "Materials in stock?", run_materials},
    {"price", "Price and promise", run_price},
    {"schedule", "Scheduled", run_schedule},
    {"inform", "Track and inform", run_inform},
    {"complete", "Complete and hand over", run_complete},
};
enum { NODES = sizeof nodes / sizeof nodes[0] };

/* ------------------------------------------------------------------ running and remembering */

static const struct field step_fields[] = {
    FIELD(struct flow_step, node, FIELD_TEXT),
    FIELD(struct flow_step, label, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
    FIELD(struct flow_step, state, FIELD_TEXT),
    FIELD(struct flow_step, outcome, FIELD_TEXT),
    FIELD(struct flow_step, detail, FIELD_TEXT, .max = 2000),
    FIELD(struct flow_step, waits_on, FIELD_TEXT),
    FIELD(struct flow_step, runs, FIELD_INT, .max = INT64_MAX),
    FIELD(struct flow_step, at, FIELD_INSTANT),
    FIELD(struct flow_step, staff_name, FIELD_TEXT),
};
const struct record flow_step_record = RECORD("FlowStep", struct flow_step, step_fields);

static const struct sql steps_of = {
    "flow_steps",
    "select node, state, outcome, detail, waits_on, runs, at, staff_name from flow_step "
    "where job = $1",
    NULL};
/* A run that changes nothing is not remembered. */
static const struct sql step_put = {
    "flow_step_put",
    "insert into flow_step (job, node, state, outcome, detail, waits_on, runs, at, staff_name) "
    "values ($1, $2, $3, $4, $5, $6, 1, $7, $8) on conflict (job, node) do update set "
    "state = excluded.state, outcome = excluded.outcome, detail = excluded.detail, "
    "waits_on = excluded.waits_on, runs = flow_step.runs + 1, at = excluded.at, "
    "staff_name = excluded.staff_name where flow_step.state <> excluded.state "
    "or flow_step.outcome is distinct from excluded.outcome "
    "or flow_step.detail is distinct from excluded.detail "
    "or flow_step.waits_on is distinct from excluded.waits_on",
    NULL};
static const struct sql run_insert = {
    "flow_run_insert",
    "insert into flow_run (job, node, at, state, outcome, detail, staff_name) "
    "values ($1, $2, $3, $4, $5, $6, $7)",
    NULL};

const char *flow_detail(struct context *cx, const char *node, const char *detail) {
    bool tells_prices = text_same(node, "price") || text_same(node, "complete");
    return tells_prices && !actor_may(cx->actor, RIGHT(MAY_SEE_PRICES)) ? NULL : detail;
}

int64_t flow_steps(struct context *cx, int64_t job, struct flow_step **steps) {
    *steps = ARENA_ARRAY(cx->arena, struct flow_step, NODES);
    for (int i = 0; i < NODES; i++) {
        record_clear(&flow_step_record, &(*steps)[i]);
        (*steps)[i].node = nodes[i].name;
        (*steps)[i].label = nodes[i].label;
    }
    struct rows *rows = db_rows(cx->db, &steps_of, P(I(job)));
    while (rows_next(rows)) {
        const char *node = row_text(rows, 0);
        for (int i = 0; i < NODES; i++)
            if (text_same(nodes[i].name, node))
                row_record(rows, &flow_step_record, &(*steps)[i]);
    }
    for (int i = 0; i < NODES; i++)
        (*steps)[i].detail = flow_detail(cx, nodes[i].name, (*steps)[i].detail);
    return NODES;
}

struct attempt {
    const struct node *node;
    const struct job *job;
    struct ran *ran;
};

static enum status attempt(struct context *cx, void *arg) {
    const struct attempt *a = arg;
    return a->node->run(cx, a->job, a->ran);
}

static void run_node(struct context *cx, const struct node *node, const struct job *job) {
    struct ran ran = {0};
    struct errors own = {.arena = cx->arena};
    struct errors *errors = cx->errors;
    cx->errors = &own;
    if (context_try(cx, attempt, &(struct attempt){node, job, &ran}) != OK)
        ran = (struct ran){"failed", NULL, own.first == NULL ? "It failed." : own.first->sentence,
                           "staff"};
    cx->errors = errors;
    int64_t changed = db_run(cx->db, &step_put,
                             P(I(job->id), T(node->name), T(ran.state), T(ran.outcome),
                               T(ran.detail), T(ran.waits_on), I(cx->now), T(cx->actor->name)));
    if (changed > 0) {
        db_run(cx->db, &run_insert,
               P(I(job->id), T(node->name), I(cx->now), T(ran.state), T(ran.outcome), T(ran.detail),
                 T(cx->actor->name)));
        context_tell(cx, "job", job->id);
    }
}

enum status flow_run(struct context *cx, int64_t id, const char *name) {
    struct job job;
    if (!job_load(cx, id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (!text_same(job.kind, "custom"))
        return error_add(cx->errors, CONFLICT, NULL, "no_flow", "Only custom orders have a flow.");
    for (int i = 0; i < NODES; i++)
        if (text_same(nodes[i].name, name)) {
            run_node(cx, &nodes[i], &job);
            return OK;
        }
    return error_add(cx->errors, MISSING, "node", "unknown_node",
                     "There is no step “%s”. The steps are request, specification, materials, "
                     "price, schedule, inform, complete.",
                     name);
}

/* ------------------------------------------------------------------ what sets nodes off */

static enum status run_nodes(struct context *cx, int64_t id, const char *names) {
    struct job job;
    for (int i = 0; i < NODES; i++) {
        const char *at = strstr(names, nodes[i].name);
        if (at == NULL)
            continue;
        /* Loaded anew: a node may have changed the job. */
        if (!job_load(cx, id, &job) || !text_same(job.kind, "custom"))
            return OK;
        run_node(cx, &nodes[i], &job);
    }
    return OK;
}

static enum status on_created(struct context *cx, const struct event *event) {
    return run_nodes(cx, event->subject, "request specification materials price schedule");
}

static enum status on_making(struct context *cx, const struct event *event) {
    return run_nodes(cx, event->subject, "specification materials price schedule");
}

static enum status on_quote(struct context *cx, const struct event *event) {
    return run_nodes(cx, event->subject, "price schedule");
}

static enum status on_accepted(struct context *cx, const struct event *event) {
    return run_nodes(cx, event->subject, "materials price schedule inform");
}

static enum status on_entered(struct context *cx, const struct event *event) {
    return run_nodes(cx, event->subject, "inform complete");
}

static enum status on_money(struct context *cx, const struct event *event) {
    return run_nodes(cx, event->subject, "complete");
}

static enum status on_materials(struct context *cx, const struct event *event) {
    return run_nodes(cx, event->subject, "materials schedule");
}

const struct reaction flow_reactions[] = {
    {"flow.created", "job.created", on_created, NULL},
    {"flow.generated", "making.generated", on_making, NULL},
    {"flow.edited", "making.edited", on_making, NULL},
    {"flow.materials", "materials.checked", on_materials, NULL},
    {"flow.answered", "vendor.answered", on_materials, NULL},
    {"flow.quote_made", "quote.made", on_quote, NULL},
    {"flow.quote_sent", "quote.sent", on_quote, NULL},
    {"flow.quote_declined", "quote.declined", on_quote, NULL},
    {"flow.quote_expired", "quote.expired", on_quote, NULL},
    {"flow.quote_voided", "quote.voided", on_quote, NULL},
    {"flow.quote_accepted", "quote.accepted", on_accepted, NULL},
    {"flow.entered", "job.entered", on_entered, NULL},
    {"flow.undone", "job.undone", on_entered, NULL},
    {"flow.invoiced", "invoice.issued", on_money, NULL},
    {"flow.paid", "payment.taken", on_money, NULL},
    {0},
};
