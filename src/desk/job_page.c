#include "desk/job_page.h"

#include "accounts/account.h"
#include "base/text.h"
#include "desk.job_page.html.h"
#include "shops/location.h"

#include <stdlib.h>
#include <string.h>

static const struct field page_fields[] = {
    FIELD(struct job_page, specification, FIELD_ONE, .of = &specification_record),
    FIELD_ROWS(struct job_page, materials, material_count, &material_record),
    FIELD_ROWS(struct job_page, operations, operation_count, &operation_record),
    FIELD_ROWS(struct job_page, quotes, quote_count, &quote_record),
    FIELD_ROWS(struct job_page, payments, payment_count, &payment_record),
    FIELD_ROWS(struct job_page, history, history_count, &history_record),
    FIELD_ROWS(struct job_page, comments, comment_count, &comment_record),
    FIELD_ROWS(struct job_page, files, file_count, &job_file_record),
    FIELD_ROWS(struct job_page, requests, request_count, &vendor_request_record),
    FIELD_ROWS(struct job_page, appointments, appointment_count, &appointment_record),
};
const struct record job_page_record = RECORD_ON(&job_record, "Order", struct job_page, page_fields);

/* ------------------------------------------------------------------ steps */

static const struct history *reached(const struct job_page *page, const char *stage) {
    for (int64_t i = page->history_count - 1; i >= 0; i--)
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): db_records() gives no NULL */
        if (page->history[i].undone != 1 && page->history[i].undoes == NONE &&
            text_same(page->history[i].stage, stage))
            return &page->history[i];
    return NULL;
}

/* When the plan has the job at a stage: the end of the last operation that belongs before it. Only
 * what stands at the end is told: ready. */
static void fill_steps(struct context *cx, struct job_page *page) {
    const struct job *job = &page->job;
    const char *at = job->held_from != NULL ? job->held_from : job->stage;
    const struct stage *now = stage_find(job->kind, at);
    int64_t count;
    const struct stage *stages = stages_of(job->kind, &count);
    int64_t today = day_at(cx->locale->zone, cx->now), promised;
    page->steps = ARENA_ARRAY(cx->arena, struct job_step, (size_t)count + 1);
    page->step_now = -1;
    for (int64_t i = 0; i < count; i++) {
        const struct stage *stage = &stages[i];
        if (stage->side)
            continue;
        struct job_step *step = &page->steps[page->step_count];
        const struct history *row = reached(page, stage->code);
        step->code = stage->code;
        step->label = stage->label;
        step->now = now != NULL && !now->side && stage->place == now->place;
        step->done = now != NULL && !now->side && stage->place < now->place && row != NULL;
        step->skipped = now != NULL && !now->side && stage->place < now->place && row == NULL;
        if ((step->done || step->now) && row != NULL)
            step->day =
                locale_day(context_reader(cx), day_at(cx->locale->zone, row->at), today, cx->arena);
        if (step->now)
            page->step_now = page->step_count;
        if (!step->done && !step->now && !step->skipped && text_same(stage->code, "ready") &&
            job->promised_day != NULL && day_parse(job->promised_day, &promised)) {
            step->day = locale_day(context_reader(cx), promised, today, cx->arena);
            step->planned = true;
        }
        page->step_count++;
    }
}

/* ------------------------------------------------------------------ what happened */

static int by_time(const void *a, const void *b) {
    const struct happening *x = a, *y = b;
    return x->at < y->at ? 1 : x->at > y->at ? -1 : 0;
}

static void fill_happenings(struct context *cx, struct job_page *page) {
    size_t most = (size_t)(page->comment_count + page->history_count + page->message_count +
                           page->file_count + page->request_count);
    page->happenings = ARENA_ARRAY(cx->arena, struct happening, most + 1);
    struct happening *out = page->happenings;
    int64_t n = 0;
    for (int64_t i = 0; i < page->comment_count; i++)
        out[n++] = (struct happening){.at = page->comments[i].at,
                                      .icon = "note",
                                      .who = page->comments[i].staff_name,
                                      .said = page->comments[i].text};
    for (int64_t i = 0; i < page->history_count; i++) {
        const struct history *row = &page->history[i];
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): db_records() gives no NULL */
        const struct stage *stage = stage_find(page->job.kind, row->stage);
        const char *label =
            language_text(context_language(cx), "stage", stage == NULL ? row->stage : stage->label);
        out[n++] =
            (struct happening){.at = row->at,
                               .icon = row->undoes != NONE ? "undo" : "right",
                               .who = row->staff_name,
                               .what = context_words(cx,
                                                     row->undoes != NONE ? "took it back to %s"
                                                     : row->from_stage == NULL ? "took it in: %s"
                                                                               : "moved it to %s",
                                                     label),
                               .said = row->note};
    }
    for (int64_t i = 0; i < page->message_count; i++) {
        const struct message *message = &page->messages[i];
        out[n++] = (struct happening){
            .at = message->sent_at == NONE ? message->created_at : message->sent_at,
            .icon = "send",
            .who = message->to_name,
            .what = text_same(message->state, "sent")
                        ? context_words(cx, "was sent “%s”", message->subject)
                        : arena_printf(cx->arena, "“%s”: %s", message->subject,
                                       context_label(cx, &message_states, message->state)),
            .url = arena_printf(cx->arena, "/messages/%ld", (long)message->id)};
    }
    for (int64_t i = 0; i < page->file_count; i++)
        out[n++] = (struct happening){.at = page->files[i].at,
                                      .icon = "camera",
                                      .who = NULL,
                                      .what = context_words(cx, "%s added",
                                                            page->files[i].caption != NULL
                                                                ? page->files[i].caption
                                                                : page->files[i].name)};
    qsort(out, (size_t)n, sizeof *out, by_time);
    page->happening_count = n;
}

/* ------------------------------------------------------------------ whose move is it? */

static const struct operation *open_operation(const struct job_page *page, const char *kind) {
    for (int64_t i = 0; i < page->operation_count; i++)
        if (operation_is_open(&page->operations[i]) &&
            (kind == NULL || text_same(page->operations[i].kind, kind)))
            return &page->operations[i];
    return NULL;
}

static const char *at_job(struct context *cx, const struct job_page *page, const char *rest) {
    return arena_printf(cx->arena, "/jobs/%ld%s", (long)page->job.id, rest);
}

static const char *valid_words(struct context *cx, const char *day) {
    int64_t number;
    return day_parse(day, &number) ? locale_day(context_reader(cx), number,
                                                day_at(cx->locale->zone, cx->now), cx->arena)
                                   : day;
}

static struct next_move next_of_custom(struct context *cx, const struct job_page *page) {
    const struct job *job = &page->job;
    const struct quote *quote = page->quote_count > 0 ? &page->quotes[0] : NULL;
    const struct operation *next = open_operation(page, NULL);
    const char *stage = job->stage;
    /* However it came to be ready, what is left is to hand it over. */
    if (text_same(stage, "ready") && job->balance > 0)
        return (struct next_move){"us",
                                  "Take the balance and hand it over",
                                  "It is ready; its balance is still open.",
                                  at_job(cx, page, "/payments/new"),
                                  "Take payment",
                                  "coin",
                                  true};
    if (text_same(stage, "ready"))
        return (struct next_move){"us",
                                  "Hand it over",
                                  job->quoted == NONE && job->final == NONE
                                      ? "It is ready to collect."
                                      : "Paid in full and ready to collect.",
                                  at_job(cx, page, "/hand-over"),
                                  "Hand over",
                                  "check",
                                  false};
    if (page->specification == NULL)
        return (struct next_move){"us",
                                  "Say what it is to be",
                                  "Metal, stones, size and finish: price and date follow from it.",
                                  at_job(cx, page, "/specification"),
                                  "Specify",
                                  "pencil",
                                  true};
    if (quote == NULL)
        return (struct next_move){"us",
                                  "Make a quote",
                                  "The specification is there; price it.",
                                  at_job(cx, page, "/quotes"),
                                  "Make a quote",
                                  "coin",
                                  true};
    if (text_same(quote->state, "draft"))
        return (struct next_move){
            "us",
            "Send the quote",
            context_words(cx, "Version %ld waits to be looked at and sent.", (long)quote->version),
            arena_printf(cx->arena, "/quotes/%ld", (long)quote->id),
            "Open it",
            "send",
            true};
    if (text_same(quote->state, "sent"))
        return (struct next_move){"the customer",
                                  "Get the quote accepted",
                                  context_words(cx, "Version %ld was sent. Valid until %s.",
                                                (long)quote->version,
                                                valid_words(cx, quote->valid_until)),
                                  arena_printf(cx->arena, "/quotes/%ld", (long)quote->id),
                                  "Open it",
                                  "check",
                                  true};
    if (text_same(quote->state, "accepted") && job->deposit <= 0 && job->paid <= 0 &&
        job->balance > 0)
        return (struct next_move){"us",
                                  "Take the deposit",
                                  "The quote is accepted; work begins with the deposit.",
                                  at_job(cx, page, "/payments/new"),
                                  "Take payment",
                                  "coin",
                                  true};
    if (next != NULL && text_same(next->kind, "customer"))
        return (struct next_move){"the customer",
                                  next->name,
                                  "Record the approval here as soon as it is given.",
                                  "#operations",
                                  "To the operations",
                                  "check",
                                  true};
    if (next != NULL)
        return (struct next_move){next->vendor_name != NULL      ? next->vendor_name
                                  : next->craftsman_name != NULL ? next->craftsman_name
                                                                 : "the bench",
                                  next->name,
                                  "The next operation at the bench.",
                                  "#operations",
                                  "To the operations",
                                  "right",
                                  true};
    return (struct next_move){0};
}

static void fill_next(struct context *cx, struct job_page *page) {
    const struct job *job = &page->job;
    if (job->closed_at != NONE)
        return;
    if (text_same(job->stage, "on_hold"))
        page->next = (struct next_move){
            "us",    "On hold", "Take it up again when the way is free.", "#move", "Move it",
            "right", true};
    else if (text_same(job->status, "AVQ"))
        page->next = (struct next_move){"the vendor",
                                        "Waiting for a vendor's answer",
                                        "Write it down when it comes.",
                                        at_job(cx, page, "/requests"),
                                        "Requests",
                                        "buying",
                                        true};
    else if (text_same(job->kind, "custom"))
        page->next = next_of_custom(cx, page);
    else if (text_same(job->stage, "ready"))
        page->next =
            (struct next_move){"us",
                               "Hand it over",
                               "It is ready to collect.",
                               at_job(cx, page, job->balance > 0 ? "/payments/new" : "/hand-over"),
                               job->balance > 0 ? "Take payment" : "Hand over",
                               "check",
                               job->balance > 0};
}

/* ------------------------------------------------------------------ the page */

static void job_html_page(struct view *v, const void *model) {
    const struct job_page *page = model;
    view_page(v, &(struct page){.title = page->job.title,
                                .nav = "jobs",
                                .crumb = view_t(v, "Jobs"),
                                .crumb_url = words(v, "/board?kind=%s", page->job.kind),
                                .body = job_page_html,
                                .model = model});
}
static const struct presentation job_as = {&job_page_record, job_html_page};

static const struct sql pieces_of_visit = {
    "pieces_of_visit",
    "select id, number, title from job where visit = $1 order by visit_position limit 50", NULL};

static void read_pieces(struct context *cx, struct job_page *page) {
    page->pieces = ARENA_ARRAY(cx->arena, struct visit_piece, 50);
    struct rows *rows = db_rows(cx->db, &pieces_of_visit, P(I(page->job.visit)));
    while (rows_next(rows))
        page->pieces[page->piece_count++] =
            (struct visit_piece){row_int(rows, 0), row_int(rows, 1), row_text(rows, 2)};
}

enum { TRAIL_ROWS = 4 };

/* What only the page shows. */
static void read_for_page(struct context *cx, struct job_page *page) {
    page->message_count = message_list(cx, page->job.id, &page->messages);
    page->has_invoice = invoice_of_job(cx, page->job.id, &page->invoice);
    read_pieces(cx, page);
    custody_of(cx, page->job.id, &page->where);
    page->trail_count = hand_over_list(cx, page->job.id, NONE, TRAIL_ROWS, &page->trail);
    custody_choices(cx, &page->choices);
    if (text_same(page->job.kind, "custom"))
        page->flow_count = flow_steps(cx, page->job.id, &page->flow);
    page->stage = stage_find(page->job.kind, page->job.stage);
    page->stage_next = stage_next(page->job.kind, page->job.held_from != NULL ? page->job.held_from
                                                                              : page->job.stage);
    const struct history *newest =
        page->history_count > 0 ? &page->history[page->history_count - 1] : NULL;
    if (newest != NULL && newest->undoes == NONE && newest->from_stage != NULL &&
        newest->at > cx->now - STAGE_UNDO)
        page->undo = (struct history *)newest;
    fill_steps(cx, page);
    fill_happenings(cx, page);
    fill_next(cx, page);
}

/* What the page and its quick look are read from. MISSING: no such job. */
static enum status read_job(struct request *r, struct context *cx, struct job_page *page) {
    struct making making = {0};
    if (!job_load_for(r, request_id(r, "id"), &page->job))
        return MISSING;
    int64_t id = page->job.id;
    if (making_load(cx, id, &making)) {
        page->specification = ARENA_NEW(cx->arena, struct specification);
        *page->specification = making.spec;
    }
    page->materials = making.materials;
    page->material_count = making.material_count;
    page->operations = making.operations;
    page->operation_count = making.operation_count;
    page->appointment_count = appointment_list(cx, id, &page->appointments);
    if (actor_may(cx->actor, RIGHT(MAY_SEE_PRICES)))
        page->quote_count = quote_list(cx, id, &page->quotes);
    return OK;
}

static enum status job_show(struct request *r) {
    struct context *cx = request_read(r);
    struct job_page page = {0};
    if (cx == NULL)
        return UNAVAILABLE;
    enum status status = read_job(r, cx, &page);
    if (status != OK)
        return status;
    int64_t id = page.job.id;
    page.history_count = job_history(cx, id, &page.history);
    page.comment_count = job_comments(cx, id, &page.comments);
    page.file_count = job_files(cx, id, &page.files);
    if (actor_may(cx->actor, RIGHT(MAY_SEE_PRICES)))
        page.payment_count = payment_list(cx, id, &page.payments);
    if (actor_may(cx->actor, RIGHT(MAY_BUY)))
        page.request_count = vendor_requests(cx, id, &page.requests);
    if (!r->json)
        read_for_page(cx, &page);
    struct vocabulary locations;
    page.has_locations = !r->json && location_words(cx, page.job.location, &locations);
    job_hide(cx->actor, &page.job);
    return answer(r, &job_as, &page);
}

/* ------------------------------------------------------------------ the quick look */

static void peek_html(struct view *v, const void *model) {
    const struct job_page *page = model;
    view_page(v, &(struct page){.title = page->job.title,
                                .nav = "jobs",
                                .besides = "views",
                                .crumb = job_number(v, page->job.number),
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job.id),
                                .body = job_peek_html,
                                .model = model});
}
static const struct presentation peek_as = {NULL, peek_html};

static enum status peek_show(struct request *r) {
    struct context *cx = request_read(r);
    struct job_page page = {0};
    if (cx == NULL)
        return UNAVAILABLE;
    enum status status = read_job(r, cx, &page);
    if (status != OK)
        return status;
    page.stage = stage_find(page.job.kind, page.job.stage);
    fill_next(cx, &page);
    if (page.next.action != NULL && *page.next.action == '#') /* a place on the job's own page */
        page.next.action =
            arena_printf(cx->arena, "/jobs/%ld%s", (long)page.job.id, page.next.action);
    job_hide(cx->actor, &page.job);
    return answer(r, &peek_as, &page);
}

const struct route job_page_routes[] = {
    {GET, "/jobs/{id}", RIGHT(MAY_SEE_JOBS), job_show, .output = &job_as,
     .summary = "A job with its specification, materials, operations, quotes, money and history"},
    {GET, "/jobs/{id}/peek", RIGHT(MAY_SEE_JOBS), peek_show, .flags = ROUTE_PAGE},
    {0},
};
