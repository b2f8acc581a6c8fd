#include "tracking/track_pages.h"
#include "accounts/account.h"
#include "base/text.h"
#include "http/throttle.h"
#include "media/files.h"
#include "tracking.track.html.h"
#include "tracking/link.h"

#include <string.h>

enum { REFERENCE_LENGTH = 8 };

static const struct field find_fields[] = {
    FIELD(struct find, reference, FIELD_TEXT, .label = "Reference", .flags = FIELD_REQUIRED,
          .max = 40),
    FIELD(struct find, proof, FIELD_TEXT,
          .label = "Your surname, or the last four digits of your phone", .flags = FIELD_REQUIRED,
          .max = 100),
};
static const struct record find_record = RECORD("TrackFind", struct find, find_fields);

static void find_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Follow your piece"),
                                .is_public = true,
                                .body = track_find_html,
                                .model = model});
}
static const struct presentation find_as = {&find_record, find_page};

static enum status show_find(struct request *r, const struct find *values) {
    struct find_page page = {.form = request_form(r, &find_record, values)};
    return answer(r, &find_as, &page);
}

static enum status find_show(struct request *r) {
    struct find empty = {0};
    return show_find(r, &empty);
}

static enum status find_again(struct request *r) {
    return show_find(r, r->input);
}

/* ------------------------------------------------------------------ by reference and proof */

static const struct sql job_by_proof = {
    "job_by_proof", "select id, customer_surname, customer_digits from job where reference = $1",
    NULL};

struct found {
    int64_t job;
};

static enum status open_link(struct context *cx, void *arg) {
    const struct found *found = arg;
    const char *link = tracking_link_new(cx, found->job);
    struct track track;
    if (!track_load(cx, found->job, link, &track))
        return error_add(cx->errors, MISSING, NULL, "unknown_reference",
                         "It is not there any more.");
    context_outcome(cx,
                    &(struct outcome){
                        .status = 200, .location = link, .record = &track_record, .model = &track});
    return OK;
}

/* Whether reference and proof belong together. What does not exist costs the same as what is wrong.
 */
static int64_t prove(struct context *cx, const struct find *find) {
    const char *reference = reference_read(find->reference, REFERENCE_LENGTH, cx->arena);
    struct rows *rows = db_rows(cx->db, &job_by_proof, P(T(reference == NULL ? "" : reference)));
    int64_t job = NONE;
    if (rows_next(rows)) {
        const char *surname = row_text(rows, 1), *digits = row_text(rows, 2);
        const char *folded = text_fold(find->proof, cx->arena);
        const char *last = strrchr(folded, ' ');
        bool by_name = !text_empty(surname) && (text_same(folded, surname) ||
                                                (last != NULL && text_same(last + 1, surname)));
        bool by_phone = !text_empty(digits) && strlen(digits) == 4 &&
                        text_same(text_digits(find->proof, cx->arena), digits);
        if (by_name || by_phone)
            job = row_int(rows, 0);
    }
    rows_end(rows);
    return job;
}

static enum status find_post(struct request *r) {
    const struct find *find = r->input;
    if (!throttle(r, "track", r->address, 20, 10 * MINUTE))
        return fail(r, TOO_MANY, "too_many",
                    "Too many tries from here. Please wait ten minutes, or "
                    "call us.");
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct found found = {.job = prove(cx, find)};
    if (found.job == NONE)
        return fail(r, INVALID, "not_found",
                    "We can't find that. Check the reference on your receipt, and the name or "
                    "number you gave us.");
    return request_write(r, open_link, &found);
}

/* ------------------------------------------------------------------ the page */

static void track_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Your piece"),
                                .is_public = true,
                                .body = track_html,
                                .model = model});
}
static const struct presentation track_as = {&track_record, track_page};

/* The job behind the token; NONE: the request has failed. Guessing is throttled by address. */
static int64_t job_of(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return NONE;
    int64_t job = tracking_link_job(cx, request_text(r, "token"));
    if (job == NONE) {
        if (!throttle(r, "track-link", r->address, 40, 10 * MINUTE))
            fail(r, TOO_MANY, "too_many", "Too many tries from here. Please wait ten minutes.");
        else
            fail(
                r, MISSING, "unknown_link",
                "This link does not work any more. You can still find your piece by its reference.");
    }
    return job;
}

static enum status track_show(struct request *r) {
    int64_t job = job_of(r);
    if (job == NONE)
        return r->cx.errors->status;
    struct track track;
    const char *base =
        arena_printf(r->cx.arena, "%s/track/%s", r->api ? "/api/v1" : "", request_text(r, "token"));
    if (!track_load(&r->cx, job, base, &track))
        return fail(r, MISSING, "unknown_link", "This link does not work any more.");
    return answer(r, &track_as, &track);
}

static enum status picture_show(struct request *r) {
    int64_t job = job_of(r);
    struct job_file file;
    if (job == NONE)
        return r->cx.errors->status;
    if (!job_file_load(&r->cx, job, request_id(r, "file_id"), &file) || file.shared != 1 ||
        !job_file_is_picture(&file))
        return fail(r, MISSING, "unknown_file", "There is no such picture.");
    const char *path = files_path(store_files(r->cx.store), file.file, FILE_LARGE, r->cx.arena);
    return answer_file(r, path, "image/webp", NULL);
}

/* ------------------------------------------------------------------ staff: links */

static const struct field renewed_fields[] = {
    FIELD(struct renewed, link, FIELD_TEXT, .max = 1000),
};
static const struct record renewed_record = RECORD("TrackingLink", struct renewed, renewed_fields);
static const struct presentation renewed_as = {&renewed_record, NULL};

struct renewing {
    int64_t job;
    const char *base_url;
    bool again;
};

static enum status renew(struct context *cx, void *arg) {
    const struct renewing *renewing = arg;
    struct job job;
    if (!job_load(cx, renewing->job, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    tracking_links_revoke(cx, job.id);
    struct renewed renewed = {0};
    const char *flash = "The customer's links do not work any more.";
    if (renewing->again) {
        renewed.link =
            arena_printf(cx->arena, "%s%s", renewing->base_url, tracking_link_new(cx, job.id));
        flash = context_words(cx, "New link, the old ones no longer work: %s", renewed.link);
    }
    audit_add(cx, renewing->again ? "renewed link" : "revoked links", "job", job.id, NULL);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = arena_printf(cx->arena, "/jobs/%ld", (long)job.id),
                              .flash = flash,
                              .record = &renewed_record,
                              .model = &renewed});
    return OK;
}

static enum status renew_post(struct request *r) {
    return request_write(r, renew,
                         &(struct renewing){request_id(r, "id"), request_url(r), true});
}

static enum status revoke_post(struct request *r) {
    return request_write(r, renew,
                         &(struct renewing){request_id(r, "id"), request_url(r), false});
}

const struct route tracking_routes[] = {
    {GET, "/track", RIGHT_PUBLIC, find_show, .flags = ROUTE_PAGE},
    {POST, "/track", RIGHT_PUBLIC, find_post, &find_record, .again = find_again,
     .flags = ROUTE_OPEN_POST, .output = &track_as,
     .summary = "Follow a piece by its reference and the customer's surname or phone"},
    {GET, "/track/{token}", RIGHT_PUBLIC, track_show, .output = &track_as,
     .summary = "Follow a piece by the link of a message"},
    {GET, "/track/{token}/pictures/{file_id}", RIGHT_PUBLIC, picture_show,
     .summary = "A picture that was shared with the customer"},
    {POST, "/jobs/{id}/tracking/renew", RIGHT(MAY_EDIT_JOBS) | RIGHT(MAY_SEND_MESSAGES), renew_post,
     .output = &renewed_as, .summary = "A new link for the customer; old ones stop working"},
    {POST, "/jobs/{id}/tracking/revoke", RIGHT(MAY_EDIT_JOBS) | RIGHT(MAY_SEND_MESSAGES),
     revoke_post, .output = &renewed_as, .summary = "All links of the customer stop working"},
    {0},
};
