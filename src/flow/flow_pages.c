#include "flow/flow_pages.h"

#include "accounts/account.h"
#include "base/text.h"
#include "flow.flow.html.h"

static const struct field past_fields[] = {
    FIELD(struct flow_past, node, FIELD_TEXT),
    FIELD(struct flow_past, state, FIELD_TEXT),
    FIELD(struct flow_past, outcome, FIELD_TEXT),
    FIELD(struct flow_past, detail, FIELD_TEXT, .max = 2000),
    FIELD(struct flow_past, staff_name, FIELD_TEXT),
    FIELD(struct flow_past, at, FIELD_INSTANT),
};
static const struct record past_record = RECORD("FlowRun", struct flow_past, past_fields);
static const struct field page_fields[] = {
    FIELD_ROWS(struct flow_page, steps, count, &flow_step_record),
    FIELD_ROWS(struct flow_page, runs, run_count, &past_record),
};
static const struct record page_record = RECORD("Flow", struct flow_page, page_fields);
static const struct field count_fields[] = {
    FIELD(struct flow_count, node, FIELD_TEXT),    FIELD(struct flow_count, label, FIELD_TEXT),
    FIELD(struct flow_count, done, FIELD_INT),     FIELD(struct flow_count, waiting, FIELD_INT),
    FIELD(struct flow_count, failed, FIELD_INT),   FIELD(struct flow_count, skipped, FIELD_INT),
    FIELD(struct flow_count, in_stock, FIELD_INT), FIELD(struct flow_count, to_source, FIELD_INT),
};
static const struct record count_record = RECORD("FlowCount", struct flow_count, count_fields);
static const struct field counts_fields[] = {
    FIELD_ROWS(struct flow_counts, rows, count, &count_record),
};
static const struct record counts_record = RECORD("FlowCounts", struct flow_counts, counts_fields);

/* ------------------------------------------------------------------ one order */

static const struct sql runs_of = {
    "flow_runs_of",
    "select node, state, outcome, detail, staff_name, at from flow_run where job = $1 "
    "order by id desc limit 200",
    NULL};

static void flow_page(struct view *v, const void *model) {
    const struct flow_page *page = model;
    view_page(v, &(struct page){.title = words(v, "Flow of %s", job_number(v, page->job.number)),
                                .nav = "flow",
                                .crumb = page->job.title,
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job.id),
                                .body = flow_html,
                                .model = model});
}
static const struct presentation flow_as = {&page_record, flow_page};

static enum status flow_show(struct request *r) {
    struct context *cx = request_read(r);
    struct flow_page page = {0};
    if (cx == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &page.job))
        return MISSING;
    page.count = flow_steps(cx, page.job.id, &page.steps);
    page.run_count = DB_RECORDS(cx->db, &runs_of, P(I(page.job.id)), &past_record, &page.runs);
    for (int64_t i = 0; i < page.run_count; i++)
        page.runs[i].detail = flow_detail(cx, page.runs[i].node, page.runs[i].detail);
    return answer(r, &flow_as, &page);
}

struct running {
    int64_t job;
    const char *node;
};

static enum status run(struct context *cx, void *arg) {
    const struct running *running = arg;
    enum status status = flow_run(cx, running->job, running->node);
    if (status != OK)
        return status;
    struct flow_step *steps;
    int64_t count = flow_steps(cx, running->job, &steps);
    for (int64_t i = 0; i < count; i++)
        if (text_same(steps[i].node, running->node))
            context_outcome(
                cx, &(struct outcome){
                        .status = 200,
                        .location = arena_printf(cx->arena, "/jobs/%ld/flow", (long)running->job),
                        .flash = arena_printf(cx->arena, "%s: %s", steps[i].label,
                                              steps[i].detail == NULL ? steps[i].state
                                                                      : steps[i].detail),
                        .record = &flow_step_record,
                        .model = &steps[i]});
    return OK;
}

static enum status run_post(struct request *r) {
    return request_write(r, run, &(struct running){request_id(r, "id"), request_text(r, "node")});
}

/* ------------------------------------------------------------------ all orders */

/* Over orders that are still open: the past would only grow. */
static const struct sql counts = {
    "flow_counts",
    "select s.node, s.state, s.outcome, count(*) from job j join flow_step s on s.job = j.id "
    "where j.kind = 'custom' and j.closed_at is null and j.archived_at is null "
    "group by s.node, s.state, s.outcome",
    NULL};
static const struct sql stuck = {
    "flow_stuck",
    "select distinct j.id, j.number, j.kind, j.stage, j.status, j.title, j.customer_name "
    "from job j join flow_step s on s.job = j.id where j.kind = 'custom' and j.closed_at is null "
    "and j.archived_at is null and s.state = 'failed' order by j.id desc limit 20",
    NULL};

static void counts_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Flow"),
                                .nav = "flow",
                                .body = flow_counts_html,
                                .model = model});
}
static const struct presentation counts_as = {&counts_record, counts_page};

static enum status flows_show(struct request *r) {
    struct context *cx = request_read(r);
    struct flow_counts page = {0};
    struct flow_step *steps;
    if (cx == NULL)
        return UNAVAILABLE;
    page.count = flow_steps(cx, 0, &steps); /* the nodes' names */
    page.rows = ARENA_ARRAY(cx->arena, struct flow_count, (size_t)page.count);
    for (int64_t i = 0; i < page.count; i++) {
        page.rows[i].node = steps[i].node;
        page.rows[i].label = steps[i].label;
    }
    struct rows *rows = db_rows(cx->db, &counts, P0);
    while (rows_next(rows)) {
        const char *node = row_text(rows, 0), *state = row_text(rows, 1),
                   *outcome = row_text(rows, 2);
        int64_t number = row_int(rows, 3);
        for (int64_t i = 0; i < page.count; i++) {
            struct flow_count *row = &page.rows[i];
            if (!text_same(row->node, node))
                continue;
            int64_t *place = text_same(state, "done")      ? &row->done
                             : text_same(state, "waiting") ? &row->waiting
                             : text_same(state, "failed")  ? &row->failed
                                                           : &row->skipped;
            *place += number;
            if (text_same(outcome, "in_stock"))
                row->in_stock += number;
            if (text_same(outcome, "to_source"))
                row->to_source += number;
        }
    }
    page.stuck_count = DB_RECORDS(cx->db, &stuck, P0, &job_found_record, &page.stuck);
    return answer(r, &counts_as, &page);
}

const struct route flow_routes[] = {
    {GET, "/jobs/{id}/flow", RIGHT(MAY_SEE_JOBS), flow_show, .output = &flow_as,
     .summary = "An order's flow: which step ran when, with what outcome, what waits on whom"},
    {POST, "/jobs/{id}/flow/{node}", RIGHT(MAY_EDIT_JOBS), run_post, .output = &flow_as,
     .summary = "Run a step of an order's flow again"},
    {GET, "/flows", RIGHT(MAY_SEE_JOBS), flows_show, .output = &counts_as,
     .summary = "The flow over all open orders"},
    {0},
};
