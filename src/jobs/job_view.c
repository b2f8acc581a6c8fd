#include "jobs/job_view.h"

#include "accounts/account.h"
#include "base/text.h"

#include <string.h>

enum { NAME_MOST = 60, QUERY_MOST = 2000, VIEWS_MOST = 100 };

static const struct field fields[] = {
    FIELD(struct job_view, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct job_view, staff, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct job_view, staff_name, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct job_view, name, FIELD_TEXT, .label = "Name", .max = NAME_MOST),
    FIELD(struct job_view, query, FIELD_TEXT, .label = "What it shows", .max = QUERY_MOST),
    FIELD(struct job_view, shared, FIELD_FLAG, .label = "For everybody in the shop"),
    FIELD(struct job_view, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct job_view, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct job_view, unpinned, FIELD_FLAG, .flags = FIELD_READONLY),
    FIELD(struct job_view, first, FIELD_FLAG, .flags = FIELD_READONLY),
    FIELD(struct job_view, url, FIELD_TEXT, .flags = FIELD_READONLY | FIELD_NO_COLUMN),
    FIELD(struct job_view, change, FIELD_FLAG, .flags = FIELD_READONLY | FIELD_NO_COLUMN),
    FIELD(struct job_view, removed_at, FIELD_INSTANT, .flags = FIELD_INTERNAL),
};
const struct record job_view_record = RECORD("JobView", struct job_view, fields);

#define VIEW                                                                                       \
    "select w.id, w.staff, s.name as staff_name, w.name, w.query, w.shared, w.removed_at, "        \
    "w.version, w.created_at, coalesce(c.unpinned, 0) as unpinned, coalesce(c.first, 0) as first " \
    "from job_view w join staff s on s.id = w.staff "                                              \
    "left join job_view_choice c on c.view = w.id and c.staff = $1 "
static const struct sql views_of = {
    "job_views_of",
    VIEW "where w.removed_at is null and (w.staff = $1 or w.shared = 1) order by w.id limit 200",
    NULL};
static const struct sql view_by_id = {
    "job_view_by_id", VIEW "where w.id = $2 and (w.staff = $1 or w.shared = 1)", NULL};
static const struct sql view_first = {
    "job_view_that_is_first",
    VIEW "where c.first = 1 and w.removed_at is null and (w.staff = $1 or w.shared = 1)", NULL};

/* As the actor may read it: an order that shows prices is not for everybody. */
static void finish(struct context *cx, struct job_view *view) {
    struct errors ignored = {.arena = cx->arena};
    struct context reading = *cx;
    struct job_query query;
    reading.errors = &ignored;
    if (job_query_read(&reading, view->query, &query) != OK)
        query.sort = NULL;
    query = job_query_kept(&query);
    query.view = view->id;
    view->url = job_query_url(cx->arena, "/jobs", &query);
    view->change = view->staff == cx->actor->staff ||
                   (view->shared == 1 && actor_may(cx->actor, RIGHT(MAY_CHANGE_SETTINGS)));
}

int64_t job_views(struct context *cx, struct job_view **views) {
    int64_t count = DB_RECORDS(cx->db, &views_of, P(I(cx->actor->staff)), &job_view_record, views);
    for (int64_t i = 0; i < count; i++)
        finish(cx, &(*views)[i]);
    return count;
}

const char *job_view_first(struct context *cx) {
    struct job_view view;
    if (!db_record(cx->db, &view_first, P(I(cx->actor->staff)), &job_view_record, &view))
        return NULL;
    finish(cx, &view);
    return view.url;
}

enum status job_view_load(struct context *cx, int64_t id, struct job_view *view) {
    record_clear(&job_view_record, view);
    if (!db_record(cx->db, &view_by_id, P(I(cx->actor->staff), I(id)), &job_view_record, view))
        return error_add(cx->errors, MISSING, NULL, "unknown_view", "There is no such view.");
    finish(cx, view);
    return OK;
}

static enum status view_load_own(struct context *cx, int64_t id, struct job_view *view) {
    enum status status = job_view_load(cx, id, view);
    if (status != OK || view->change == 1)
        return status;
    return error_add(cx->errors, DENIED, NULL, "not_yours",
                     "“%s” is %s’s. Only they or a manager can change it; you can save what you "
                     "see under another name.",
                     view->name, view->staff_name);
}

/* ------------------------------------------------------------------ writing */

static const struct sql view_add = {
    "job_view_add",
    "insert into job_view (staff, name, query, shared, created_at) values ($1, $2, $3, $4, $5) "
    "returning id",
    NULL};
static const struct sql view_change = {
    "job_view_change",
    "update job_view set name = $2, query = $3, shared = $4, version = version + 1 where id = $1",
    NULL};
static const struct sql view_removed = {"job_view_removed",
                                        "update job_view set removed_at = $2 where id = $1", NULL};
static const struct sql name_taken = {
    "job_view_name_taken",
    "select id from job_view where staff = $1 and name = $2 and removed_at is null and id <> $3",
    NULL};
static const struct sql views_number = {
    "job_views_number", "select count(*) from job_view where staff = $1 and removed_at is null",
    NULL};
static const struct sql none_first = {
    "job_view_none_first", "update job_view_choice set first = 0 where staff = $1 and first = 1",
    NULL};
static const struct sql choice_set = {
    "job_view_choice_set",
    "insert into job_view_choice (staff, view, unpinned, first) values ($1, $2, $3, $4) "
    "on conflict (staff, view) do update set unpinned = $3, first = $4",
    NULL};

/* Kept in one form: known names, in their order, no cursor. */
static enum status query_check(struct context *cx, const char *text, const char **kept) {
    struct job_query query;
    enum status status = job_query_read(cx, text == NULL ? "" : text, &query);
    if (status != OK)
        return status;
    query = job_query_kept(&query);
    query.view = NONE;
    const char *url = job_query_url(cx->arena, "", &query);
    *kept = *url == '?' ? url + 1 : url;
    return OK;
}

static enum status name_check(struct context *cx, const struct job_view *view) {
    if (text_empty(view->name))
        return error_add(cx->errors, INVALID, "name", "required", "A view needs a name.");
    if (db_int(cx->db, &name_taken, P(I(view->staff), T(view->name), I(view->id))) != NONE)
        return error_add(cx->errors, CONFLICT, "name", "name_taken",
                         "There is a view called “%s” already. Choose another name, or change "
                         "that one.",
                         view->name);
    return OK;
}

static enum status view_make(struct context *cx, const struct job_view *wish, int64_t *id) {
    struct job_view view = *wish;
    view.staff = cx->actor->staff;
    view.id = 0;
    if (db_int(cx->db, &views_number, P(I(view.staff))) >= VIEWS_MOST)
        error_add(cx->errors, CONFLICT, NULL, "too_many",
                  "You have %d views, which is the most. Remove one first.", VIEWS_MOST);
    query_check(cx, wish->query, &view.query);
    name_check(cx, &view);
    if (errors_any(cx->errors))
        return cx->errors->status;
    *id = db_insert(
        cx->db, &view_add,
        P(I(view.staff), T(view.name), T(view.query), I(view.shared == 1 ? 1 : 0), I(cx->now)));
    audit_add(cx, "made", "view", *id, view.name);
    return OK;
}

enum status job_view_save(struct context *cx, const struct job_view *wish, int64_t *id) {
    if (wish->id == NONE)
        return view_make(cx, wish, id);
    struct job_view view, before;
    enum status status = view_load_own(cx, wish->id, &view);
    if (status != OK)
        return status;
    before = view;
    if (wish->version != NONE && wish->version != view.version)
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "“%s” was changed by somebody else meanwhile. Nothing was saved: look at "
                         "it again first.",
                         view.name);
    if (!text_empty(wish->name))
        view.name = wish->name;
    view.shared = wish->shared == 1 ? 1 : 0;
    if (wish->query != NULL)
        query_check(cx, wish->query, &view.query);
    name_check(cx, &view);
    if (errors_any(cx->errors))
        return cx->errors->status;
    db_run(cx->db, &view_change, P(I(view.id), T(view.name), T(view.query), I(view.shared)));
    audit_edit(cx, "edited", "view", view.id, &job_view_record, &before, &view);
    *id = view.id;
    return OK;
}

enum status job_view_remove(struct context *cx, int64_t id, bool removed) {
    struct job_view view;
    enum status status = view_load_own(cx, id, &view);
    if (status != OK || (view.removed_at != NONE) == removed)
        return status;
    if (!removed && (status = name_check(cx, &view)) != OK)
        return status;
    db_run(cx->db, &view_removed, P(I(id), I(removed ? cx->now : NONE)));
    audit_add(cx, removed ? "removed" : "restored", "view", id, view.name);
    return OK;
}

enum status job_view_choose(struct context *cx, int64_t id, int64_t unpinned, int64_t first) {
    struct job_view view;
    enum status status = job_view_load(cx, id, &view);
    if (status != OK)
        return status;
    if (first == 1)
        db_run(cx->db, &none_first, P(I(cx->actor->staff)));
    db_run(cx->db, &choice_set,
           P(I(cx->actor->staff), I(id), I(unpinned == NONE ? view.unpinned : unpinned == 1),
             I(first == NONE ? view.first : first == 1)));
    return OK;
}
