/* The files of a job: sent, shown, described, taken out. */
#include "jobs.jobs.html.h"
#include "jobs/job_pages.h"

#include "base/text.h"
#include "media/files.h"

#include <string.h>

enum { FILES_AT_ONCE = 20 };

static enum status unknown_job(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
}

/* ------------------------------------------------------------------ the page */

struct file_list {
    struct job_file *files;
    int64_t count;
};
static const struct field list_fields[] = {
    FIELD_ROWS(struct file_list, files, count, &job_file_record),
};
static const struct record list_record = RECORD("JobFileList", struct file_list, list_fields);

static void files_html(struct view *v, const void *model) {
    const struct files_page *page = model;
    view_page(v, &(struct page){.title = view_t(v, "Files"),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job->number),
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job->id),
                                .body = job_files_html,
                                .model = model});
}
static const struct presentation page_as = {NULL, files_html};
static const struct presentation list_as = {&list_record, NULL};

static enum status files_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct job job;
    if (!job_load(cx, request_id(r, "id"), &job))
        return unknown_job(cx);
    if (r->json) {
        struct file_list list;
        list.count = job_files(cx, job.id, &list.files);
        return answer(r, &list_as, &list);
    }
    struct files_page page = {.job = &job, .stages = stages_words(job.kind)};
    page.file_count = job_files(cx, job.id, &page.files);
    return answer(r, &page_as, &page);
}

/* ------------------------------------------------------------------ one file's bytes */

struct file_query {
    const char *size;
    int64_t download;
};
static const struct word size_words[] = {
    {"96", "Small"}, {"440", "Middle"}, {"1200", "Large"}, {"full", "Full"}, {NULL, NULL}};
static const struct vocabulary sizes = {"size", size_words};
static const struct field file_query_fields[] = {
    FIELD(struct file_query, size, FIELD_CODE, .label = "Size", .words = &sizes),
    FIELD(struct file_query, download, FIELD_FLAG),
};
static const struct record file_query_record =
    RECORD("FileQuery", struct file_query, file_query_fields);

static enum status file_show(struct request *r) {
    const struct file_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct job_file file;
    if (!job_file_load(cx, request_id(r, "id"), request_id(r, "file_id"), &file))
        return fail(r, MISSING, "unknown_file", "There is no such file.");
    bool whole = query->size == NULL || text_same(query->size, "full");
    enum file_variant variant = whole ? FILE_ORIGINAL : files_variant(query->size);
    const char *path = files_path(store_files(cx->store), file.file, variant, cx->arena);
    if (path == NULL)
        return fail(r, MISSING, "unknown_file", "There is no such file.");
    return answer_file(r, path, whole ? file.mime : "image/webp",
                       query->download == 1 ? file.name : NULL);
}

/* ------------------------------------------------------------------ sending */

struct sending {
    const char *kind, *caption, *stage;
    int64_t shared;
};
static const struct field sending_fields[] = {
    FIELD(struct sending, kind, FIELD_CODE, .label = "Kind", .words = &job_file_kinds),
    FIELD(struct sending, caption, FIELD_TEXT, .label = "Caption", .max = 300),
    FIELD(struct sending, stage, FIELD_TEXT, .label = "Stage", .max = 40),
    FIELD(struct sending, shared, FIELD_FLAG, .label = "The customer sees it"),
};
static const struct record sending_record = RECORD("FileSending", struct sending, sending_fields);

struct taken {
    int64_t job;
    struct job_file *files;
    int64_t count;
    bool ran; /* false after a repeat, which writes nothing */
};

static const char *back_to(struct context *cx, int64_t job) {
    return arena_printf(cx->arena, "/jobs/%ld", (long)job);
}

static enum status write_files(struct context *cx, void *arg) {
    struct taken *taken = arg;
    taken->ran = true;
    enum status status = job_files_add(cx, taken->job, taken->files, taken->count);
    if (status != OK)
        return status;
    struct file_list list = {taken->files, taken->count};
    context_outcome(
        cx, &(struct outcome){.status = 201,
                              .location = back_to(cx, taken->job),
                              .flash = context_words_n(cx, taken->count, "%ld file added.",
                                                       "%ld files added.", (long)taken->count),
                              .record = &list_record,
                              .model = &list});
    return OK;
}

/* The job and the stage are looked at before the pictures are: a second of work for nothing would
 * be too much. */
static enum status sending_check(struct request *r, int64_t id, const struct sending *sending) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct job job;
    if (!job_load(cx, id, &job))
        return unknown_job(cx);
    if (r->upload_count == 0)
        return error_add(cx->errors, INVALID, "file", "required", "Choose a file first.");
    return stage_known(cx, job.kind, "stage", sending->stage);
}

static enum status files_post(struct request *r) {
    const struct sending *sending = r->input;
    struct taken taken = {.job = request_id(r, "id")};
    enum status status = sending_check(r, taken.job, sending);
    if (status != OK)
        return status;
    status = job_files_take(r, sending->kind == NULL ? "inspiration" : sending->kind, FILES_AT_ONCE,
                            &taken.files, &taken.count);
    if (status != OK)
        return status;
    if (taken.count == 0)
        return error_add(r->cx.errors, INVALID, "file", "required", "Choose a file first.");
    for (int64_t i = 0; i < taken.count; i++) {
        struct job_file *file = &taken.files[i];
        if (sending->kind == NULL && !job_file_is_picture(file))
            file->kind = "document";
        file->caption = sending->caption;
        file->stage = sending->stage;
        file->shared = sending->shared == 1;
    }
    status = request_write(r, write_files, &taken);
    if (status != OK || !taken.ran)
        job_files_drop(r, taken.files, taken.count);
    return status;
}

/* ------------------------------------------------------------------ changing, taking out */

struct file_act {
    int64_t job, file;
    bool removed;
    struct file_change change;
};

static enum status change(struct context *cx, void *arg) {
    const struct file_act *act = arg;
    enum status status = job_file_change(cx, act->job, act->file, &act->change);
    if (status != OK)
        return status;
    struct job_file file;
    job_file_load(cx, act->job, act->file, &file);
    context_outcome(cx, &(struct outcome){
                            .status = 200,
                            .location = arena_printf(cx->arena, "%s/files", back_to(cx, act->job)),
                            .flash = file.shared ? "Saved. The customer sees it." : "Saved.",
                            .record = &job_file_record,
                            .model = &file});
    return OK;
}

static enum status file_post(struct request *r) {
    struct file_act act = {.job = request_id(r, "id"),
                           .file = request_id(r, "file_id"),
                           .change = *(struct file_change *)r->input};
    return request_write(r, change, &act);
}

/* Only what the object says changes. */
static enum status patch(struct context *cx, void *arg) {
    struct request *r = arg;
    struct file_act act = {.job = request_id(r, "id"), .file = request_id(r, "file_id")};
    struct job_file file;
    if (!job_file_load(cx, act.job, act.file, &file))
        return error_add(cx->errors, MISSING, NULL, "unknown_file", "There is no such file.");
    act.change =
        (struct file_change){file.kind, file.caption, file.stage, file.position, file.shared};
    enum status status =
        record_patch_json(&file_change_record, &act.change, r->body, cx->locale, cx->errors);
    return status != OK ? status : change(cx, &act);
}

static enum status file_patch(struct request *r) {
    if (!json_is_object(r->body))
        return fail(r, BAD_REQUEST, "malformed", "A JSON object is expected.");
    return request_write(r, patch, r);
}

static enum status take_out(struct context *cx, void *arg) {
    const struct file_act *act = arg;
    enum status status = job_file_remove(cx, act->job, act->file, act->removed);
    if (status != OK)
        return status;
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = back_to(cx, act->job),
                              .flash = act->removed ? "File removed." : "File is back.",
                              .undo = act->removed
                                          ? arena_printf(cx->arena, "/jobs/%ld/files/%ld/restore",
                                                         (long)act->job, (long)act->file)
                                          : NULL,
                              .json = "{}"});
    return OK;
}

static enum status file_delete(struct request *r) {
    return request_write(
        r, take_out, &(struct file_act){request_id(r, "id"), request_id(r, "file_id"), true, {0}});
}

static enum status file_restore(struct request *r) {
    return request_write(
        r, take_out, &(struct file_act){request_id(r, "id"), request_id(r, "file_id"), false, {0}});
}

struct choosing {
    int64_t file;
};
static const struct field choosing_fields[] = {
    FIELD(struct choosing, file, FIELD_ID, .label = "Picture", .flags = FIELD_REQUIRED),
};
static const struct record choosing_record =
    RECORD("PictureChoice", struct choosing, choosing_fields);

static enum status choose(struct context *cx, void *arg) {
    const struct file_act *act = arg;
    enum status status = job_picture_choose(cx, act->job, act->file);
    if (status != OK)
        return status;
    struct job job;
    job_load(cx, act->job, &job);
    job_hide(cx->actor, &job);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = back_to(cx, act->job),
                                          .flash = "Picture chosen.",
                                          .record = &job_record,
                                          .model = &job});
    return OK;
}

static enum status picture_post(struct request *r) {
    const struct choosing *choosing = r->input;
    return request_write(r, choose,
                         &(struct file_act){request_id(r, "id"), choosing->file, false, {0}});
}

static const struct presentation file_as = {&job_file_record, NULL};

const struct route job_file_routes[] = {
    {GET, "/jobs/{id}/files", RIGHT(MAY_SEE_JOBS), files_show, .output = &list_as,
     .summary = "The files of a job"},
    {POST, "/jobs/{id}/files", RIGHT(MAY_EDIT_JOBS), files_post, &sending_record,
     .flags = ROUTE_UPLOAD, .output = &list_as, .summary = "Add files to a job"},
    {GET, "/jobs/{id}/files/{file_id}", RIGHT(MAY_SEE_JOBS), file_show, &file_query_record,
     .summary = "A file's bytes, or its picture in a smaller size"},
    {POST, "/jobs/{id}/files/{file_id}", RIGHT(MAY_EDIT_JOBS), file_post, &file_change_record,
     .output = &file_as, .summary = "Describe a file"},
    {PATCH, "/jobs/{id}/files/{file_id}", RIGHT(MAY_EDIT_JOBS), file_patch, .flags = ROUTE_API,
     .output = &file_as, .summary = "Change some of a file's description"},
    {POST, "/jobs/{id}/files/{file_id}/delete", RIGHT(MAY_EDIT_JOBS), file_delete,
     .summary = "Remove a file"},
    {DELETE, "/jobs/{id}/files/{file_id}", RIGHT(MAY_EDIT_JOBS), file_delete, .flags = ROUTE_API,
     .summary = "Remove a file"},
    {POST, "/jobs/{id}/files/{file_id}/restore", RIGHT(MAY_EDIT_JOBS), file_restore,
     .summary = "Take a file's removal back, within a minute"},
    {POST, "/jobs/{id}/picture", RIGHT(MAY_EDIT_JOBS), picture_post, &choosing_record,
     .summary = "Choose the picture that stands for the job"},
    {0},
};
