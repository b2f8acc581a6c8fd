/* The evening count over HTTP. */
#include "custody/custody_pages.h"

#include "base/text.h"
#include "base/url.h"
#include "custody.counts.html.h"

enum { PAGE_ROWS = 30 };

static const char *count_path(struct arena *arena, int64_t id) {
    return arena_printf(arena, "/custody/counts/%ld", (long)id);
}

/* ------------------------------------------------------------------ all of them */

static const struct field list_fields[] = {
    FIELD_ROWS(struct counts_page, rows, count, &count_record),
    FIELD(struct counts_page, next, FIELD_TEXT, .max = 2000),
};
static const struct record list_record = RECORD("CustodyCounts", struct counts_page, list_fields);

static void list_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Counts"),
                                .nav = "custody",
                                .crumb = view_t(v, "Custody"),
                                .crumb_url = "/custody",
                                .body = counts_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, list_html};

struct list_query {
    int64_t before;
};
static const struct field list_query_fields[] = {FIELD(struct list_query, before, FIELD_ID)};
static const struct record list_query_record =
    RECORD("CountsQuery", struct list_query, list_query_fields);

static enum status show_list(struct request *r, int64_t before) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct counts_page page = {0};
    page.count = count_list(cx, before, PAGE_ROWS + 1, &page.rows);
    if (page.count > PAGE_ROWS) {
        page.count = PAGE_ROWS;
        page.next = arena_printf(cx->arena, "/custody/counts?before=%ld",
                                 (long)page.rows[PAGE_ROWS - 1].id);
    }
    if (!r->json)
        page.place_count = place_list(cx, false, true, &page.places);
    return answer(r, &list_as, &page);
}

static enum status counts_show(struct request *r) {
    return show_list(r, ((struct list_query *)r->input)->before);
}

static enum status counts_again(struct request *r) {
    return show_list(r, NONE);
}

struct start {
    int64_t place;
};
static const struct field start_fields[] = {
    FIELD(struct start, place, FIELD_ID, .label = "Place"),
};
static const struct record start_record = RECORD("CountStart", struct start, start_fields);

static void count_told(struct context *cx, int64_t id, int status, const char *location,
                       const char *flash, const char *undo) {
    struct count count;
    count_load(cx, id, &count);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = location,
                                          .flash = flash,
                                          .undo = undo,
                                          .record = &count_record,
                                          .model = &count});
}

static enum status start(struct context *cx, void *arg) {
    const struct start *wish = arg;
    int64_t id;
    enum status status = count_start(cx, wish->place, &id);
    if (status == OK)
        count_told(cx, id, 201, count_path(cx->arena, id), NULL, NULL);
    return status;
}

static enum status counts_post(struct request *r) {
    return request_write(r, start, r->input);
}

/* ------------------------------------------------------------------ one */

static const struct field page_fields[] = {
    FIELD_ROWS(struct count_page, rows, row_count, &count_row_record),
};
static const struct record page_record =
    RECORD_ON(&count_record, "CustodyCountPage", struct count_page, page_fields);

static void count_html(struct view *v, const void *model) {
    const struct count_page *page = model;
    view_page(v, &(struct page){.title = page->count.place_name == NULL
                                             ? view_t(v, "Count of the house")
                                             : words(v, "Count of %s", page->count.place_name),
                                .nav = "custody",
                                .crumb = view_t(v, "Counts"),
                                .crumb_url = "/custody/counts",
                                .body = custody_count_html,
                                .model = model});
}
static const struct presentation count_as = {&page_record, count_html};
static const struct presentation told_as = {&count_record, NULL};

struct count_query {
    int64_t at, last;
};
static const struct field count_query_fields[] = {
    FIELD(struct count_query, at, FIELD_ID),
    FIELD(struct count_query, last, FIELD_ID),
};
static const struct record count_query_record =
    RECORD("CountQuery", struct count_query, count_query_fields);

struct scan {
    const char *code, *keys, *note;
    int64_t at, put_right;
};
static const struct field scan_fields[] = {
    FIELD(struct scan, code, FIELD_TEXT, .label = "Code", .max = 500, .flags = FIELD_REQUIRED),
    FIELD(struct scan, keys, FIELD_TEXT, .max = 500),
    FIELD(struct scan, at, FIELD_ID, .label = "Place"),
};
static const struct record scan_record = RECORD("CountScan", struct scan, scan_fields);

static enum status show_count(struct request *r, int64_t at, int64_t last,
                              const struct scan *typed) {
    struct context *cx = request_read(r);
    struct scan blank = {.at = NONE};
    if (cx == NULL)
        return UNAVAILABLE;
    struct count_page page = {.form = request_form(r, &scan_record, typed ? typed : &blank),
                              .last = {.job = NONE}};
    if (!count_load(cx, request_id(r, "id"), &page.count))
        return fail(r, MISSING, "unknown_count", "There is no such count.");
    page.row_count = count_rows(cx, &page.count, &page.rows);
    record_clear(&place_record, &page.at);
    if (at != NONE)
        place_load(cx, at, &page.at);
    for (int64_t i = 0; last != NONE && i < page.row_count; i++)
        if (page.rows[i].job == last)
            page.last = page.rows[i];
    return answer(r, &count_as, &page);
}

static enum status count_show(struct request *r) {
    const struct count_query *query = r->input;
    return show_count(r, query->at, query->last, NULL);
}

static enum status count_again(struct request *r) {
    const struct scan *typed = r->input;
    return show_count(r, typed->at, NONE, typed);
}

static enum status closing_again(struct request *r) {
    return show_count(r, NONE, NONE, NULL);
}

struct counting {
    int64_t id, job;
    const struct scan *scan;
    const char *base;
};

static enum status scan_one(struct context *cx, void *arg) {
    const struct counting *counting = arg;
    const struct scan *scan = counting->scan;
    int64_t job, place, at = scan->at;
    bool again = false;
    struct custody_place here;
    if (!custody_code(cx, scan->code, counting->base, &job, &place) &&
        !custody_code(cx, scan->keys, counting->base, &job, &place))
        return error_add(cx->errors, INVALID, "code", "unknown_code",
                         "“%s” is no envelope of ours. Nothing was counted.", scan->code);
    if (at != NONE && !place_load(cx, at, &here))
        return error_add(cx->errors, INVALID, "at", "unknown_place", "There is no such place.");
    if (place != NONE)
        at = place;
    else {
        enum status status = count_see(cx, counting->id, job, at, &again);
        if (status != OK)
            return status;
    }
    const char *url = url_with(
        cx->arena, count_path(cx->arena, counting->id),
        (const char *[]){"at", at == NONE ? NULL : arena_printf(cx->arena, "%ld", (long)at), "last",
                         job == NONE ? NULL : arena_printf(cx->arena, "%ld", (long)job), NULL});
    count_told(cx, counting->id, 200, url, again ? "It was counted already." : NULL, NULL);
    return OK;
}

static enum status scan_post(struct request *r) {
    return request_write(r, scan_one,
                         &(struct counting){.id = request_id(r, "id"),
                                            .scan = r->input,
                                            .base = request_url(r)});
}

static enum status take_off(struct context *cx, void *arg) {
    const struct counting *counting = arg;
    enum status status = count_unsee(cx, counting->id, counting->job);
    if (status == OK)
        count_told(cx, counting->id, 200, count_path(cx->arena, counting->id),
                   "Taken off the count.", NULL);
    return status;
}

static enum status unsee_post(struct request *r) {
    return request_write(
        r, take_off, &(struct counting){.id = request_id(r, "id"), .job = request_id(r, "job_id")});
}

static const struct field close_fields[] = {
    FIELD(struct scan, note, FIELD_LONG, .label = "Note", .max = 2000),
    FIELD(struct scan, put_right, FIELD_FLAG,
          .label = "Write down what was found elsewhere where it was found"),
};
static const struct record close_record = RECORD("CountClose", struct scan, close_fields);

static enum status close_it(struct context *cx, void *arg) {
    const struct counting *counting = arg;
    enum status status =
        count_close(cx, counting->id, counting->scan->note, counting->scan->put_right == 1);
    if (status == OK)
        count_told(cx, counting->id, 200, count_path(cx->arena, counting->id), "Count closed.",
                   NULL);
    return status;
}

static enum status close_post(struct request *r) {
    return request_write(r, close_it,
                         &(struct counting){.id = request_id(r, "id"), .scan = r->input});
}

#define SEE RIGHT(MAY_SEE_JOBS)
#define MOVE RIGHT(MAY_MOVE_JOBS)

const struct route count_routes[] = {
    {GET, "/custody/counts", SEE, counts_show, &list_query_record, .output = &list_as,
     .summary = "The counts, newest first"},
    {POST, "/custody/counts", MOVE, counts_post, &start_record, .again = counts_again,
     .output = &told_as, .summary = "Begin a count of a place, or join the one under way"},
    {GET, "/custody/counts/{id}", SEE, count_show, &count_query_record, .output = &count_as,
     .summary = "A count: what is missing, what was not expected, what was counted"},
    {POST, "/custody/counts/{id}/scan", MOVE, scan_post, &scan_record, .again = count_again,
     .output = &told_as, .summary = "Count what was scanned"},
    {POST, "/custody/counts/{id}/jobs/{job_id}/remove", MOVE, unsee_post, .output = &told_as,
     .summary = "Take a job off the count"},
    {POST, "/custody/counts/{id}/close", MOVE, close_post, &close_record, .again = closing_again,
     .output = &told_as, .summary = "Close a count"},
    {0},
};
