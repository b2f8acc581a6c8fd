/* Views over HTTP: keeping, changing, removing, and which one a person begins with. */
#include "jobs.list.html.h"
#include "jobs/job_pages.h"
#include "jobs/job_view.h"

#include "base/text.h"

static const struct field list_fields[] = {
    FIELD_ROWS(struct job_views_page, views, count, &job_view_record),
};
static const struct record list_record = RECORD("JobViews", struct job_views_page, list_fields);

static void views_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Views"),
                                .nav = "jobs",
                                .crumb = view_t(v, "Jobs"),
                                .crumb_url = "/jobs",
                                .body = job_views_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, views_html};
static const struct presentation view_as = {&job_view_record, NULL};

static enum status show_views(struct request *r) {
    struct job_views_page page = {0};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    page.count = job_views(cx, &page.views);
    page.form = request_form(r, &job_view_record, r->input);
    return answer(r, &list_as, &page);
}

enum view_act { VIEW_SAVE, VIEW_REMOVE, VIEW_RESTORE, VIEW_CHOOSE };
struct view_writing {
    enum view_act act;
    struct job_view wish;
    const char *choice;
};

static const struct word choices[] = {{"first", "The list begins with it"},
                                      {"not_first", "The list begins as usual"},
                                      {"pin", "Pinned above the list"},
                                      {"unpin", "Not pinned"},
                                      {NULL, NULL}};
static const struct vocabulary choice_words = {"choice", choices};
struct view_choice {
    const char *choice;
};
static const struct field choice_fields[] = {
    FIELD(struct view_choice, choice, FIELD_CODE, .label = "Choice", .words = &choice_words,
          .flags = FIELD_REQUIRED),
};
static const struct record choice_record =
    RECORD("JobViewChoice", struct view_choice, choice_fields);

static enum status choose(struct context *cx, int64_t id, const char *choice) {
    bool first = text_same(choice, "first"), pins = text_same(choice, "pin");
    bool pinning = pins || text_same(choice, "unpin");
    return job_view_choose(cx, id, pinning ? !pins : NONE, pinning ? NONE : first);
}

static enum status act_on_view(struct context *cx, struct view_writing *writing, int64_t *id) {
    switch (writing->act) {
    case VIEW_SAVE:
        return job_view_save(cx, &writing->wish, id);
    case VIEW_CHOOSE:
        return choose(cx, *id, writing->choice);
    case VIEW_REMOVE:
    case VIEW_RESTORE:
        break;
    }
    return job_view_remove(cx, *id, writing->act == VIEW_REMOVE);
}

static const char *view_told(struct context *cx, const struct view_writing *writing,
                             const struct job_view *view) {
    switch (writing->act) {
    case VIEW_SAVE:
        return context_words(cx, "View “%s” saved.", view->name);
    case VIEW_REMOVE:
        return context_words(cx, "View “%s” removed.", view->name);
    case VIEW_RESTORE:
        return context_words(cx, "View “%s” is back.", view->name);
    case VIEW_CHOOSE:
        break;
    }
    return text_same(writing->choice, "first")
               ? context_words(cx, "Your list begins with “%s” now.", view->name)
           : text_same(writing->choice, "not_first") ? "Your list begins with all open jobs again."
           : text_same(writing->choice, "pin")
               ? context_words(cx, "“%s” is pinned above the list.", view->name)
               : context_words(cx, "“%s” is no longer pinned.", view->name);
}

static enum status write_view(struct context *cx, void *arg) {
    struct view_writing *writing = arg;
    int64_t id = writing->wish.id;
    struct job_view view;
    enum status status = act_on_view(cx, writing, &id);
    if (status != OK || (status = job_view_load(cx, id, &view)) != OK)
        return status;
    const char *undo = writing->act == VIEW_REMOVE
                           ? arena_printf(cx->arena, "/jobs/views/%ld/restore", (long)id)
                           : NULL;
    context_outcome(cx,
                    &(struct outcome){
                        .status = writing->act == VIEW_SAVE && writing->wish.id == NONE ? 201 : 200,
                        .location = writing->act == VIEW_SAVE || writing->act == VIEW_RESTORE
                                        ? view.url
                                        : "/jobs/views",
                        .flash = view_told(cx, writing, &view),
                        .undo = undo,
                        .record = &job_view_record,
                        .model = &view});
    return OK;
}

static enum status save_post(struct request *r) {
    struct view_writing writing = {.act = VIEW_SAVE, .wish = *(struct job_view *)r->input};
    writing.wish.id = request_text(r, "view_id") == NULL ? NONE : request_id(r, "view_id");
    return request_write(r, write_view, &writing);
}

static enum status post_act(struct request *r, enum view_act act) {
    struct view_writing writing = {.act = act};
    writing.wish.id = request_id(r, "view_id");
    if (act == VIEW_CHOOSE)
        writing.choice = ((const struct view_choice *)r->input)->choice;
    return request_write(r, write_view, &writing);
}

static enum status delete_post(struct request *r) {
    return post_act(r, VIEW_REMOVE);
}

static enum status restore_post(struct request *r) {
    return post_act(r, VIEW_RESTORE);
}

static enum status choice_post(struct request *r) {
    return post_act(r, VIEW_CHOOSE);
}

const struct route job_view_routes[] = {
    {GET, "/jobs/views", RIGHT(MAY_SEE_JOBS), show_views, .output = &list_as,
     .summary = "The views that you and the shop keep"},
    {POST, "/jobs/views", RIGHT(MAY_SEE_JOBS), save_post, &job_view_record, .again = show_views,
     .output = &view_as, .summary = "Keep a view"},
    {POST, "/jobs/views/{view_id}", RIGHT(MAY_SEE_JOBS), save_post, &job_view_record,
     .again = show_views, .output = &view_as, .summary = "Change a view"},
    {POST, "/jobs/views/{view_id}/delete", RIGHT(MAY_SEE_JOBS), delete_post, .output = &view_as,
     .summary = "Remove a view"},
    {POST, "/jobs/views/{view_id}/restore", RIGHT(MAY_SEE_JOBS), restore_post, .output = &view_as,
     .summary = "Bring a removed view back"},
    {POST, "/jobs/views/{view_id}/choice", RIGHT(MAY_SEE_JOBS), choice_post, &choice_record,
     .output = &view_as, .summary = "Pin a view, or begin with it"},
    {0},
};
