/* Jobs over HTTP: the list, finding, editing, moving, and what is said about them. */
#include "jobs/job_pages.h"
#include "jobs.jobs.html.h"
#include "jobs/job_store.h"

#include "accounts/edit.h"
#include "base/text.h"
#include "base/url.h"
#include "shops/location.h"

#include <string.h>

/* ------------------------------------------------------------------ words of a job */

const struct vocabulary *stages_words(const char *kind) {
    return text_same(kind, "custom")   ? &custom_stages
           : text_same(kind, "repair") ? &repair_stages
           : text_same(kind, "stock")  ? &stock_stages
                                       : NULL;
}

const char *stage_label(const char *kind, const char *code) {
    const struct stage *stage = stage_find(kind, code);
    return stage == NULL ? code : stage->label;
}

const char *status_label(const char *code) {
    return code == NULL ? NULL : vocabulary_label(&job_statuses, code);
}

const char *picture_url(struct view *v, int64_t job, int64_t picture, const char *size) {
    return picture == NONE ? NULL
                           : arena_printf(v->arena, "/jobs/%ld/files/%ld?size=%s", (long)job,
                                          (long)picture, size);
}

const char *promise_class(const struct job_found *job) {
    const char *ageing = job->ageing == NULL ? "" : job->ageing;
    return text_same(ageing, "overdue") || text_same(ageing, "on_shelf_long") ? "late"
           : text_same(ageing, "due_soon") || text_same(ageing, "on_shelf")   ? "soon"
                                                                              : "";
}

const char *promise_words(struct view *v, const struct job_found *job) {
    if (text_starts(job->ageing, "on_shelf")) {
        const struct zone *zone = v->locale->zone;
        int64_t since = job->ready_at != NONE ? job->ready_at : job->stage_at;
        return words(v, "%ld days ready", (long)(day_at(zone, v->now) - day_at(zone, since)));
    }
    return job->promised_day == NULL ? view_t(v, "No date") : day(v, job->promised_day);
}

static enum status unknown_job(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
}

static const char *job_path(struct arena *arena, int64_t id) {
    return arena_printf(arena, "/jobs/%ld", (long)id);
}

/* After a write: the job as the actor may see it. */
static void job_told(struct context *cx, int64_t id, int status, const char *flash,
                     const char *undo) {
    struct job job;
    job_load(cx, id, &job);
    job_hide(cx->actor, &job);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = job_path(cx->arena, id),
                                          .flash = flash,
                                          .undo = undo,
                                          .record = &job_record,
                                          .model = &job});
}

/* ------------------------------------------------------------------ taking in */

static const struct presentation job_as = {&job_record, NULL};

static enum status take_in(struct context *cx, void *arg) {
    int64_t id;
    enum status status = job_take_in(cx, arg, &id);
    if (status == OK)
        job_told(cx, id, 201, "Taken in.", NULL);
    return status;
}

static enum status jobs_post(struct request *r) {
    struct intake intake = *(struct intake *)r->input;
    intake.source = "api";
    return request_write(r, take_in, &intake);
}

/* ------------------------------------------------------------------ editing */

static void form_html(struct view *v, const void *model) {
    const struct job_form *form = model;
    view_page(v, &(struct page){.title = view_t(v, "Edit"),
                                .nav = "jobs",
                                .crumb = job_number(v, form->job->number),
                                .crumb_url = job_path(v->arena, form->job->id),
                                .body = job_form_html,
                                .model = model});
}
static const struct presentation form_as = {&job_edit_record, form_html};

const struct vocabulary *staff_words(struct view *v, const struct job_form *page) {
    struct vocabulary *vocabulary = ARENA_NEW(v->arena, struct vocabulary);
    struct word *people = ARENA_ARRAY(v->arena, struct word, (size_t)page->staff_count + 2);
    bool there = page->job->salesperson == NONE;
    int64_t count = 0;
    for (int64_t i = 0; i < page->staff_count; i++) {
        people[count].code = arena_printf(v->arena, "%ld", (long)page->staff[i].id);
        people[count++].label = page->staff[i].name;
        there = there || page->staff[i].id == page->job->salesperson;
    }
    if (!there) {
        people[count].code = arena_printf(v->arena, "%ld", (long)page->job->salesperson);
        people[count++].label = page->job->salesperson_name;
    }
    *vocabulary = (struct vocabulary){"salesperson", people};
    return vocabulary;
}

static enum status show_form(struct request *r, struct job_edit *edit) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct job job;
    if (!job_load(cx, request_id(r, "id"), &job))
        return unknown_job(cx);
    struct job_edit now = job_edit_of(&job);
    struct job_form form = {.job = &job, .customer_words = request_typed(r, "customer_words")};
    if (form.customer_words == NULL)
        form.customer_words = job.customer_name;
    form.staff_count = staff_list(cx, true, &form.staff);
    form.has_locations = location_words(cx, job.location, &form.locations);
    struct job_edit blank = now;
    if (edit == NULL)
        edit = &blank;
    form.form = edit_form(
        r, &job_edit_record, edit, &now,
        &(struct edited){"job", job.id, arena_printf(cx->arena, "/jobs/%ld/edit", (long)job.id)});
    const struct merged *met = form_met(&form.form, "customer");
    if (met != NULL && met->taken)
        form.customer_words = job.customer_name;
    return answer(r, &form_as, &form);
}

static enum status job_edit_show(struct request *r) {
    return show_form(r, NULL);
}

static enum status job_edit_again(struct request *r) {
    return show_form(r, r->input);
}

struct editing {
    int64_t id;
    struct job_edit edit;
    const json_t *patch;       /* or NULL */
    const struct actor *actor; /* what she may not see stays as it is */
    const char *words;         /* what stands in the form's customer field, or NULL */
};

/* Without script the customer is what was typed, if only one fits; with it a chosen one has an id.
 */
static enum status customer_meant(struct context *cx, const struct job *job, const char *typed,
                                  struct job_edit *wish) {
    const char *text = text_trim(typed, cx->arena);
    bool chosen = wish->customer != NONE && wish->customer != job->customer;
    if (chosen)
        return OK;
    if (text_same(text, job->customer_name == NULL ? "" : job->customer_name)) {
        wish->customer = job->customer;
        return OK;
    }
    if (*text == '\0') {
        wish->customer = NONE;
        return OK;
    }
    struct customer_found *found;
    int64_t count = customer_find(cx, text, 2, &found);
    if (count == 1) {
        wish->customer = found[0].id;
        return OK;
    }
    return error_add(cx->errors, INVALID, "customer",
                     count == 0 ? "unknown_customer" : "several_customers",
                     count == 0 ? "No customer fits “%s”. Add the customer first."
                                : "Several customers fit “%s”. Enter a phone or an e-mail address.",
                     text);
}

static enum status edit(struct context *cx, void *arg) {
    const struct editing *editing = arg;
    struct job_edit wish = editing->edit;
    struct job job;
    if (!job_load(cx, editing->id, &job))
        return unknown_job(cx);
    if (editing->patch != NULL) {
        wish = job_edit_of(&job);
        enum status patched =
            record_patch_json(&job_edit_record, &wish, editing->patch, cx->locale, cx->errors);
        if (patched != OK)
            return patched;
    }
    if (!actor_may(editing->actor, RIGHT(MAY_SEE_CUSTOMERS)))
        wish.customer = job.customer;
    else if (editing->words != NULL && customer_meant(cx, &job, editing->words, &wish) != OK)
        return INVALID;
    if (!actor_may(editing->actor, RIGHT(MAY_SEE_PRICES)))
        wish.budget = job.budget;
    enum status status = job_edit(cx, editing->id, &wish);
    if (status == OK)
        job_told(cx, editing->id, 200,
                 context_words(cx, "%s saved.", job_number_text(cx, job.number)), NULL);
    return status;
}

static enum status job_post_edit(struct request *r) {
    return request_write(
        r, edit,
        &(struct editing){request_id(r, "id"), *(struct job_edit *)r->input, NULL, r->cx.actor,
                          r->body == NULL && !text_same(request_typed(r, "take.customer"), "1")
                              ? request_typed(r, "customer_words")
                              : NULL});
}

static enum status job_patch(struct request *r) {
    if (!json_is_object(r->body))
        return fail(r, BAD_REQUEST, "malformed", "A JSON object is expected.");
    struct editing editing = {.id = request_id(r, "id"), .patch = r->body, .actor = r->cx.actor};
    return request_write(r, edit, &editing);
}

/* ------------------------------------------------------------------ moving */

static void move_html(struct view *v, const void *model) {
    const struct move_page *page = model;
    view_page(v, &(struct page){.title = view_t(v, "Move"),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job->number),
                                .crumb_url = job_path(v->arena, page->job->id),
                                .body = job_move_page_html,
                                .model = model});
}
static const struct presentation move_page_as = {NULL, move_html};
static const struct presentation moved_as = {&moved_record, NULL};

/* Every stage that the rules allow from here, the next one first chosen. */
static void move_choices(struct context *cx, const struct job *job, const char *chosen,
                         struct move_page *page) {
    int64_t count;
    const struct stage *stages = stages_of(job->kind, &count);
    const struct stage *next = stage_next(job->kind, job->stage);
    page->choices = ARENA_ARRAY(cx->arena, struct move_choice, (size_t)count);
    for (int64_t i = 0; i < count; i++) {
        struct errors ignored = {.arena = cx->arena};
        enum stage_step step;
        struct stage_move move = {.kind = job->kind,
                                  .from = job->stage,
                                  .to = stages[i].code,
                                  .held_from = job->held_from,
                                  .note = true,
                                  .manager = actor_may(cx->actor, RIGHT(MAY_REOPEN_JOBS))};
        if (stage_check_move(&move, &step, &ignored) != OK || step == STEP_NONE)
            continue;
        const char *wanted = chosen != NULL   ? chosen
                             : job->held_from ? job->held_from
                             : next != NULL   ? next->code
                                              : NULL;
        page->choices[page->choice_count++] =
            (struct move_choice){&stages[i], step == STEP_BACK || step == STEP_REOPEN,
                                 text_same(stages[i].code, wanted)};
    }
}

static enum status show_move(struct request *r, struct move *move) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct job job;
    if (!job_load(cx, request_id(r, "id"), &job))
        return unknown_job(cx);
    struct move nothing = {0};
    struct move_page page = {.job = &job,
                             .form = request_form(r, &move_record, move ? move : &nothing),
                             .may_override = actor_may(cx->actor, RIGHT(MAY_REOPEN_JOBS))};
    move_choices(cx, &job, move != NULL ? move->to : NULL, &page);
    return answer(r, &move_page_as, &page);
}

static enum status move_show(struct request *r) {
    return show_move(r, NULL);
}

static enum status move_again(struct request *r) {
    return show_move(r, r->input);
}

struct moving {
    int64_t id, history;
    struct move move;
    bool stay; /* back to the page the form was on */
};

static void moved_told(struct context *cx, const struct moving *moving, const struct moved *moved) {
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = moving->stay ? NULL : job_path(cx->arena, moving->id),
                              .flash = moved->message,
                              .undo = moved->undo,
                              .record = &moved_record,
                              .model = moved});
}

static enum status move(struct context *cx, void *arg) {
    const struct moving *moving = arg;
    struct moved moved;
    enum status status = job_move(cx, moving->id, &moving->move, &moved);
    if (status == OK)
        moved_told(cx, moving, &moved);
    return status;
}

/* From the board back to the board; from the page of moving to the job. */
static bool stays(const struct request *r) {
    const char *referer = request_header(r, "Referer");
    return referer != NULL && strstr(referer, "/move") == NULL && strstr(referer, "/stage") == NULL;
}

static enum status stage_post(struct request *r) {
    return request_write(
        r, move, &(struct moving){request_id(r, "id"), 0, *(struct move *)r->input, stays(r)});
}

static enum status undo(struct context *cx, void *arg) {
    const struct moving *moving = arg;
    enum status status = job_undo(cx, moving->id, moving->history);
    if (status != OK)
        return status;
    struct job job;
    struct entry newest = {.id = NONE};
    job_load(cx, moving->id, &job);
    history_newest(cx, moving->id, &newest);
    struct moved moved = {.moved = 1,
                          .stage = job.stage,
                          .status = job.status,
                          .by = newest.staff_name,
                          .history = newest.id,
                          .message = context_words(cx, "Undone: %s is at %s again.",
                                                   job_number_text(cx, job.number),
                                                   stage_label(job.kind, job.stage))};
    moved_told(cx, moving, &moved);
    return OK;
}

static enum status undo_post(struct request *r) {
    return request_write(r, undo,
                         &(struct moving){.id = request_id(r, "id"),
                                          .history = request_id(r, "history_id"),
                                          .stay = stays(r)});
}

/* ------------------------------------------------------------------ status, archive */

struct status_wish {
    const char *status;
};
static const struct field status_fields[] = {
    FIELD(struct status_wish, status, FIELD_TEXT, .label = "Status", .flags = FIELD_REQUIRED,
          .max = 40),
};
static const struct record status_record = RECORD("StatusWish", struct status_wish, status_fields);

struct act {
    int64_t id;
    const char *text;
    bool on;
};

static enum status set_status(struct context *cx, void *arg) {
    const struct act *act = arg;
    enum status status = job_set_status(cx, act->id, act->text);
    if (status == OK)
        job_told(cx, act->id, 200,
                 context_words(cx, "Now %s.", context_label(cx, &job_statuses, act->text)), NULL);
    return status;
}

static enum status status_post(struct request *r) {
    const struct status_wish *wish = r->input;
    return request_write(r, set_status, &(struct act){request_id(r, "id"), wish->status, false});
}

static enum status archive(struct context *cx, void *arg) {
    const struct act *act = arg;
    enum status status = job_archive(cx, act->id, act->on);
    if (status == OK)
        job_told(cx, act->id, 200, act->on ? "Archived." : "Back from the archive.",
                 arena_printf(cx->arena, "/jobs/%ld/%s", (long)act->id,
                              act->on ? "restore" : "archive"));
    return status;
}

static enum status archive_post(struct request *r) {
    return request_write(r, archive, &(struct act){request_id(r, "id"), NULL, true});
}

static enum status restore_post(struct request *r) {
    return request_write(r, archive, &(struct act){request_id(r, "id"), NULL, false});
}

/* ------------------------------------------------------------------ what was said and done */

static const struct field comments_fields[] = {
    FIELD_ROWS(struct talk_page, comments, comment_count, &comment_record),
};
static const struct record comments_record =
    RECORD("CommentList", struct talk_page, comments_fields);
static const struct field histories_fields[] = {
    FIELD_ROWS(struct talk_page, history, history_count, &history_record),
};
static const struct record histories_record =
    RECORD("JobHistoryList", struct talk_page, histories_fields);

static void talk_html(struct view *v, const void *model) {
    const struct talk_page *page = model;
    view_page(v, &(struct page){.title = view_t(v, "History"),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job->number),
                                .crumb_url = job_path(v->arena, page->job->id),
                                .body = job_talk_html,
                                .model = model});
}
static const struct presentation comments_as = {&comments_record, talk_html};
static const struct presentation histories_as = {&histories_record, talk_html};

static enum status show_talk(struct request *r, const struct presentation *as,
                             const struct comment *comment) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct job job;
    if (!job_load(cx, request_id(r, "id"), &job))
        return unknown_job(cx);
    struct comment nothing = {0};
    struct talk_page page = {
        .job = &job, .form = request_form(r, &comment_record, comment ? comment : &nothing)};
    page.history_count = job_history(cx, job.id, &page.history);
    page.comment_count = job_comments(cx, job.id, &page.comments);
    return answer(r, as, &page);
}

static enum status comments_show(struct request *r) {
    return show_talk(r, &comments_as, NULL);
}

static enum status history_show(struct request *r) {
    return show_talk(r, &histories_as, NULL);
}

static enum status comment_again(struct request *r) {
    return show_talk(r, &comments_as, r->input);
}

static enum status say(struct context *cx, void *arg) {
    const struct act *act = arg;
    struct comment comment = {
        .at = cx->now, .staff = cx->actor->staff, .staff_name = cx->actor->name, .text = act->text};
    enum status status = job_comment(cx, act->id, act->text, &comment.id);
    if (status != OK)
        return status;
    context_outcome(cx, &(struct outcome){.status = 201,
                                          .location = job_path(cx->arena, act->id),
                                          .flash = "Comment added.",
                                          .record = &comment_record,
                                          .model = &comment});
    return OK;
}

static enum status comments_post(struct request *r) {
    const struct comment *comment = r->input;
    return request_write(r, say, &(struct act){request_id(r, "id"), comment->text, false});
}

static const struct presentation comment_as = {&comment_record, NULL};

const struct route job_routes[] = {
    {POST, "/jobs", RIGHT(MAY_EDIT_JOBS), jobs_post, &intake_record, .flags = ROUTE_API,
     .output = &job_as, .summary = "Take a job in"},
    {GET, "/jobs/{id}/edit", RIGHT(MAY_EDIT_JOBS), job_edit_show, .flags = ROUTE_PAGE},
    {POST, "/jobs/{id}", RIGHT(MAY_EDIT_JOBS), job_post_edit, &job_edit_record,
     .again = job_edit_again, .output = &job_as, .summary = "Change a job"},
    {PATCH, "/jobs/{id}", RIGHT(MAY_EDIT_JOBS), job_patch, .flags = ROUTE_API, .output = &job_as,
     .summary = "Change some of a job"},
    {GET, "/jobs/{id}/move", RIGHT(MAY_MOVE_JOBS), move_show, .flags = ROUTE_PAGE},
    {POST, "/jobs/{id}/stage", RIGHT(MAY_MOVE_JOBS), stage_post, &move_record, .again = move_again,
     .output = &moved_as, .summary = "Move a job to another stage"},
    {POST, "/jobs/{id}/history/{history_id}/undo", RIGHT(MAY_MOVE_JOBS), undo_post,
     .output = &moved_as, .summary = "Undo the last move, within a minute"},
    {POST, "/jobs/{id}/status", RIGHT(MAY_MOVE_JOBS), status_post, &status_record,
     .output = &job_as, .summary = "Say whose move is next"},
    {POST, "/jobs/{id}/archive", RIGHT(MAY_EDIT_JOBS), archive_post, .output = &job_as,
     .summary = "Archive a job"},
    {POST, "/jobs/{id}/restore", RIGHT(MAY_EDIT_JOBS), restore_post, .output = &job_as,
     .summary = "Bring a job back from the archive"},
    {GET, "/jobs/{id}/comments", RIGHT(MAY_SEE_JOBS), comments_show, .output = &comments_as,
     .summary = "What was said about a job"},
    {POST, "/jobs/{id}/comments", RIGHT(MAY_EDIT_JOBS), comments_post, &comment_record,
     .again = comment_again, .output = &comment_as, .summary = "Comment on a job"},
    {GET, "/jobs/{id}/history", RIGHT(MAY_SEE_JOBS), history_show, .output = &histories_as,
     .summary = "Where a job has been"},
    {0},
};
