#include "purchasing/request_pages.h"

#include "accounts/permission.h"
#include "base/text.h"
#include "purchasing.requests.html.h"

enum { PAGE_ROWS = 50 };

/* ------------------------------------------------------------------ of one job */

static const struct field page_fields[] = {
    FIELD_ROWS(struct job_requests, requests, count, &vendor_request_record),
    FIELD(struct job_requests, draft, FIELD_ONE, .of = &request_draft_record,
          .flags = FIELD_NO_COLUMN),
    FIELD_ROWS(struct job_requests, lacking, lacking_count, &material_record),
};
static const struct record page_record = RECORD("VendorRequests", struct job_requests, page_fields);

struct query {
    int64_t vendor;
};
static const struct field query_fields[] = {FIELD(struct query, vendor, FIELD_ID)};
static const struct record query_record = RECORD("VendorRequestQuery", struct query, query_fields);

static void page_html(struct view *v, const void *model) {
    const struct job_requests *page = model;
    view_page(v, &(struct page){.title = view_t(v, "Ask vendors"),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job.number),
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job.id),
                                .body = job_requests_html,
                                .model = model});
}
static const struct presentation page_as = {&page_record, page_html};
static const struct presentation request_as = {&vendor_request_record, NULL};

static struct vocabulary vendor_words(struct context *cx) {
    struct vendor *vendors;
    int64_t count = vendor_list(cx, &vendors), with_address = 0;
    struct word *words_ = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        if (vendors[i].email != NULL)
            words_[with_address++] =
                (struct word){arena_printf(cx->arena, "%ld", (long)vendors[i].id), vendors[i].name};
    return (struct vocabulary){"vendor", words_};
}

static void keep_lacking(struct job_requests *page) {
    int64_t kept = 0;
    for (int64_t i = 0; i < page->lacking_count; i++)
        if (text_same(page->lacking[i].state, "needed") ||
            text_same(page->lacking[i].state, "to_order"))
            page->lacking[kept++] = page->lacking[i];
    page->lacking_count = kept;
}

enum typed { NOTHING, THE_REQUEST, THE_ANSWER };

static enum status show_job(struct request *r, int64_t job, int64_t vendor, enum typed typed,
                            int64_t answering) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct job_requests page = {.answering = answering};
    struct request_draft draft;
    if (!job_load_for(r, job, &page.job))
        return MISSING;
    request_compose(cx, job, vendor, &draft);
    page.draft = &draft;
    page.count = vendor_requests(cx, job, &page.requests);
    page.lacking_count = material_list(cx, job, &page.lacking);
    keep_lacking(&page);
    page.vendors = vendor_words(cx);
    page.form = typed == THE_REQUEST
                    ? request_form(r, &request_draft_record, &draft)
                    : (struct form){.record = &request_draft_record, .values = &draft};
    page.answer_form = typed == THE_ANSWER ? request_form(r, &request_answer_record, NULL)
                                           : (struct form){.record = &request_answer_record};
    return answer(r, &page_as, &page);
}

static enum status requests_show(struct request *r) {
    return show_job(r, request_id(r, "id"), ((const struct query *)r->input)->vendor, NOTHING,
                    NONE);
}

static enum status request_again(struct request *r) {
    return show_job(r, request_id(r, "id"), ((const struct request_draft *)r->input)->vendor,
                    THE_REQUEST, NONE);
}

static enum status answer_again(struct request *r) {
    struct vendor_request request;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!vendor_request_load(cx, request_id(r, "request_id"), &request))
        return fail(r, MISSING, "unknown_request", "There is no such request.");
    return show_job(r, request.job, NONE, THE_ANSWER, request.id);
}

static void outcome_of_request(struct context *cx, int64_t id, int status, const char *flash) {
    struct vendor_request request;
    vendor_request_load(cx, id, &request);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = arena_printf(cx->arena, "/jobs/%ld/requests",
                                                                   (long)request.job),
                                          .flash = context_words(cx, flash, request.vendor_name),
                                          .record = &vendor_request_record,
                                          .model = &request});
}

struct asking {
    int64_t job;
    const struct request_draft *draft;
};

static enum status ask(struct context *cx, void *arg) {
    const struct asking *asking = arg;
    int64_t id;
    enum status status = request_make(cx, asking->job, asking->draft, &id);
    if (status == OK)
        outcome_of_request(cx, id, 201, "The request to %s is on its way.");
    return status;
}

static enum status request_post(struct request *r) {
    return request_write(r, ask, &(struct asking){request_id(r, "id"), r->input});
}

struct answering {
    int64_t request;
    const struct request_answer *answer;
};

static enum status write_answer(struct context *cx, void *arg) {
    const struct answering *answering = arg;
    enum status status = request_answer(cx, answering->request, answering->answer);
    if (status == OK)
        outcome_of_request(cx, answering->request, 200, "The answer of %s is saved.");
    return status;
}

static enum status answer_post(struct request *r) {
    return request_write(r, write_answer,
                         &(struct answering){request_id(r, "request_id"), r->input});
}

static enum status cancel(struct context *cx, void *arg) {
    int64_t id = *(int64_t *)arg;
    struct vendor_request request;
    enum status status = request_cancel(cx, id);
    if (status != OK || !vendor_request_load(cx, id, &request))
        return status;
    const char *state = request.message_state;
    outcome_of_request(cx, id, 200,
                       text_same(state, "withdrawn")
                           ? "%s is no longer waited for; the mail had not left and is withdrawn."
                       : text_same(state, "sent")
                           ? "%s is no longer waited for, but has the request already."
                           : "%s is no longer waited for.");
    return status;
}

const char *request_mail_sentence(struct view *v, const struct vendor_request *request) {
    const char *state = request->message_state, *vendor = request->vendor_name;
    if (text_same(state, "withdrawn"))
        return view_t(v, "The mail had not left: it was withdrawn.");
    if (text_same(state, "failed"))
        return words(v, view_t(v, "The mail never reached %s."), vendor);
    if (text_same(state, "waiting"))
        return view_t(v, "The mail waits to be tried again: withdraw it on its own page.");
    if (text_same(state, "sent"))
        return words(v, view_t(v, "%s has the request: the mail left before it was cancelled."),
                     vendor);
    return words(v, view_t(v, "The mail was leaving as it was cancelled: %s may have it."), vendor);
}

static enum status cancel_post(struct request *r) {
    int64_t id = request_id(r, "request_id");
    return request_write(r, cancel, &id);
}

/* ------------------------------------------------------------------ over all jobs */

static const struct field open_fields[] = {
    FIELD_ROWS(struct open_requests, requests, count, &vendor_request_record),
    FIELD(struct open_requests, next, FIELD_TEXT, .max = 2000),
};
static const struct record open_record =
    RECORD("OpenVendorRequests", struct open_requests, open_fields);
struct after {
    int64_t after;
};
static const struct field after_fields[] = {FIELD(struct after, after, FIELD_ID)};
static const struct record after_record =
    RECORD("OpenVendorRequestQuery", struct after, after_fields);

static void open_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Waiting for vendors"),
                                .nav = "vendors",
                                .crumb = view_t(v, "Vendors"),
                                .crumb_url = "/vendors",
                                .body = open_requests_html,
                                .model = model});
}
static const struct presentation open_as = {&open_record, open_html};

static enum status open_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct open_requests page = {0};
    page.count = vendor_requests_open(cx, ((const struct after *)r->input)->after, PAGE_ROWS + 1,
                                      &page.requests);
    if (page.count > PAGE_ROWS) {
        page.count = PAGE_ROWS;
        page.next =
            arena_printf(cx->arena, "/requests?after=%ld", (long)page.requests[PAGE_ROWS - 1].id);
    }
    return answer(r, &open_as, &page);
}

#define BUY (RIGHT(MAY_BUY) | RIGHT(MAY_SEE_JOBS))

const struct route request_routes[] = {
    {GET, "/jobs/{id}/requests", BUY, requests_show, &query_record, .output = &page_as,
     .summary = "Requests to vendors for a job, and a draft of the next one"},
    {POST, "/jobs/{id}/requests", BUY, request_post, &request_draft_record, .again = request_again,
     .output = &request_as, .summary = "Ask a vendor for a job"},
    {POST, "/requests/{request_id}/answer", BUY, answer_post, &request_answer_record,
     .again = answer_again, .output = &request_as, .summary = "Write down what a vendor answered"},
    {POST, "/requests/{request_id}/cancel", BUY, cancel_post, .output = &request_as,
     .summary = "No longer wait for a vendor's answer"},
    {GET, "/requests", BUY, open_show, &after_record, .output = &open_as,
     .summary = "Requests that wait for an answer"},
    {0},
};
