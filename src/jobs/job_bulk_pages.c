/* Changes to many jobs over HTTP. */
#include "jobs.list.html.h"
#include "jobs/job_bulk.h"
#include "jobs/job_pages.h"

#include "base/text.h"

static void bulk_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "What could not be done"),
                                .nav = "jobs",
                                .crumb = view_t(v, "Jobs"),
                                .crumb_url = "/jobs",
                                .body = job_bulk_html,
                                .model = model});
}
static const struct presentation bulk_as = {&job_bulk_record, bulk_html};

struct bulk_writing {
    const struct job_bulk_wish *wish;
    int64_t id;
    bool undo;
};

static const char *told(struct context *cx, const struct job_bulk *bulk) {
    if (bulk->undone_at != NONE)
        return context_words_n(cx, bulk->done, "Taken back for %ld job.",
                               "Taken back for %ld jobs.", (long)bulk->done);
    if (text_same(bulk->action, "move"))
        return context_words_n(cx, bulk->done, "%ld job moved.", "%ld jobs moved.",
                               (long)bulk->done);
    if (text_same(bulk->action, "archive"))
        return context_words_n(cx, bulk->done, "%ld job archived.", "%ld jobs archived.",
                               (long)bulk->done);
    return context_words_n(cx, bulk->done, "%ld job changed.", "%ld jobs changed.",
                           (long)bulk->done);
}

/* The prints are addresses of their own: nothing is changed. */
static enum status lead_to_print(struct context *cx, const struct job_bulk_wish *wish) {
    enum { PRINTS_MOST = 100 };
    int64_t *ids, count;
    enum status status = job_bulk_ids(cx, wish, PRINTS_MOST, &ids, &count);
    if (status != OK)
        return status;
    const char *url =
        text_same(wish->action, "label") ? "/jobs/labels?jobs=" : "/jobs/bench-copies?jobs=";
    for (int64_t i = 0; i < count; i++)
        url = arena_printf(cx->arena, "%s%s%ld", url, i == 0 ? "" : ",", (long)ids[i]);
    context_outcome(cx, &(struct outcome){.status = 200, .location = url});
    return OK;
}

static enum status write_bulk(struct context *cx, void *arg) {
    struct bulk_writing *writing = arg;
    const struct job_bulk_wish *wish = writing->wish;
    struct job_bulk bulk;
    if (!writing->undo &&
        (text_same(wish->action, "label") || text_same(wish->action, "bench_copy")))
        return lead_to_print(cx, wish);
    enum status status =
        writing->undo ? job_bulk_undo(cx, writing->id) : job_bulk_do(cx, wish, &writing->id);
    if (status != OK)
        return status;
    job_bulk_load(cx, writing->id, &bulk);
    bool undo = !writing->undo && bulk.done > 0;
    context_outcome(
        cx,
        &(struct outcome){
            .status = 200,
            /* back to the list, unless there is something to read */
            .location =
                bulk.failed == 0 ? NULL : arena_printf(cx->arena, "/jobs/bulk/%ld", (long)bulk.id),
            .flash = told(cx, &bulk),
            .undo = undo ? arena_printf(cx->arena, "/jobs/bulk/%ld/undo", (long)bulk.id) : NULL,
            .record = &job_bulk_record,
            .model = &bulk});
    return OK;
}

static enum status bulk_post(struct request *r) {
    return request_write(r, write_bulk, &(struct bulk_writing){.wish = r->input});
}

static enum status undo_post(struct request *r) {
    return request_write(r, write_bulk,
                         &(struct bulk_writing){.id = request_id(r, "bulk_id"), .undo = true});
}

static enum status bulk_show(struct request *r) {
    struct context *cx = request_read(r);
    struct job_bulk bulk;
    if (cx == NULL)
        return UNAVAILABLE;
    if (!job_bulk_load(cx, request_id(r, "bulk_id"), &bulk) || bulk.staff != cx->actor->staff)
        return fail(r, MISSING, "unknown_bulk", "This is not remembered any more.");
    return answer(r, &bulk_as, &bulk);
}

const struct route job_bulk_routes[] = {
    {POST, "/jobs/bulk", RIGHT(MAY_SEE_JOBS), bulk_post, &job_bulk_wish_record, .output = &bulk_as,
     .summary = "Change many jobs at once; says which could not be changed and why"},
    {GET, "/jobs/bulk/{bulk_id}", RIGHT(MAY_SEE_JOBS), bulk_show, .output = &bulk_as,
     .summary = "What a change to many jobs came to"},
    {POST, "/jobs/bulk/{bulk_id}/undo", RIGHT(MAY_SEE_JOBS), undo_post, .output = &bulk_as,
     .summary = "Take a change to many jobs back, as far as nothing has changed since"},
    {0},
};
