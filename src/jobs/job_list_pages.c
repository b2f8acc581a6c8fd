/* The list of jobs over HTTP: filters as chips, any column, any order, as CSV. */
#include "jobs.list.html.h"
#include "jobs/job_pages.h"

#include "base/text.h"
#include "shops/location.h"
#include "trade/words.h"

#include <string.h>

enum { PAGE_ROWS = 50 };

static const struct field list_fields[] = {
    FIELD_ROWS(struct job_list, rows, count, &job_found_record),
    FIELD(struct job_list, next, FIELD_TEXT, .max = 2000),
    FIELD(struct job_list, matches, FIELD_INT),
    FIELD(struct job_list, more_matches, FIELD_FLAG),
    FIELD(struct job_list, short_of, FIELD_FLAG),
};
static const struct record list_record = RECORD("JobList", struct job_list, list_fields);

static void list_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Jobs"),
                                .nav = "jobs",
                                .besides = "views",
                                .body = job_list_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, list_html};

static void read_views(struct context *cx, struct job_list_page *page) {
    page->view_count = job_views(cx, &page->views);
    for (int64_t i = 0; i < page->view_count; i++)
        if (page->views[i].id == page->query.view)
            page->view = &page->views[i];
}

static enum status jobs_show(struct request *r) {
    struct job_list_page page = {.query = *(struct job_query *)r->input};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    const char *first =
        !r->json && (r->query == NULL || *r->query == '\0') ? job_view_first(cx) : NULL;
    if (first != NULL)
        return answer_redirect(r, first);
    enum status status = job_query_check(cx, &page.query);
    if (status != OK)
        return status;
    job_list_read(cx, &page.query, PAGE_ROWS, "/jobs", &page.list);
    if (!r->json) {
        page.column_count = job_columns_shown(cx, &page.query, page.columns);
        page.staff_count = staff_list(cx, true, &page.staff);
        page.has_locations = location_words(cx, page.query.location, &page.locations);
        read_views(cx, &page);
    }
    return answer(r, &list_as, &page);
}

static enum status csv_show(struct request *r) {
    struct job_query query = *(struct job_query *)r->input;
    struct context *cx = request_read(r);
    struct buf out = {0};
    const char *next;
    if (cx == NULL)
        return UNAVAILABLE;
    enum status status = job_query_check(cx, &query);
    if (status != OK)
        return status;
    job_list_csv(cx, &query, &out, &next);
    if (next != NULL)
        answer_header(r, "Link", arena_printf(cx->arena, "<%s>; rel=\"next\"", next));
    return answer_bytes(
        r, "text/csv; charset=utf-8",
        arena_printf(cx->arena, "jobs-%s.csv", day_today(cx->locale->zone, cx->arena)), &out);
}

/* ------------------------------------------------------------------ addresses */

const char *list_url(struct view *v, const struct job_list_page *page, const char *path) {
    struct job_query query = job_query_kept(&page->query);
    return job_query_url(v->arena, path, &query);
}

const char *list_kind_url(struct view *v, const struct job_list_page *page, const char *kind) {
    struct job_query query = job_query_kept(&page->query);
    if (!text_same(query.kind, kind))
        query.stage = NULL; /* it is a stage of that kind */
    query.kind = kind;
    return job_query_url(v->arena, "/jobs", &query);
}

const char *list_edit_url(struct view *v, const struct job_list_page *page, bool edit) {
    struct job_query query = job_query_kept(&page->query);
    query.edit = edit;
    return job_query_url(v->arena, "/jobs", &query);
}

const char *list_query_text(struct view *v, const struct job_list_page *page) {
    struct job_query query = job_query_kept(&page->query);
    query.view = NONE;
    const char *url = job_query_url(v->arena, "", &query);
    return *url == '?' ? url + 1 : url;
}

bool list_view_changed(struct view *v, const struct job_list_page *page) {
    return page->view != NULL && !text_same(page->view->query, list_query_text(v, page));
}

const char *list_order_of(const struct job_list_page *page, const struct job_column *column) {
    bool down;
    const char *sort = job_query_sort(&page->query, &down);
    return !text_same(sort, column->name) ? NULL : down ? "descending" : "ascending";
}

const char *list_sorted_url(struct view *v, const struct job_list_page *page,
                            const struct job_column *column) {
    const char *scope = page->query.scope != NULL   ? page->query.scope
                        : text_empty(page->query.q) ? "open"
                                                    : "any";
    if (!job_sort_offered(scope, column->name))
        return NULL;
    struct job_query query = job_query_kept(&page->query);
    bool down = text_same(list_order_of(page, column), "ascending");
    query.sort = words(v, "%s%s", down ? "-" : "", column->name);
    return job_query_url(v->arena, "/jobs", &query);
}

bool list_column_on(const struct job_list_page *page, const struct job_column *column) {
    for (int64_t i = 0; i < page->column_count; i++)
        if (page->columns[i] == column)
            return true;
    return false;
}

const char *list_columns_url(struct view *v, const struct job_list_page *page,
                             const struct job_column *column, enum column_change change) {
    const struct job_column *order[COLUMNS + 1];
    int64_t count = 0;
    for (int64_t i = 0; i < page->column_count; i++)
        if (page->columns[i] != column || change == COLUMN_EARLIER || change == COLUMN_LATER)
            order[count++] = page->columns[i];
    if (change == COLUMN_ADD)
        order[count++] = column;
    int64_t step = change == COLUMN_EARLIER ? -1 : change == COLUMN_LATER ? 1 : 0;
    for (int64_t i = 0; i < count && step != 0; i++)
        if (order[i] == column && i + step >= 0 && i + step < count) {
            order[i] = order[i + step];
            order[i + step] = column;
            break;
        }
    const char *names = NULL;
    for (int64_t i = 0; i < count; i++)
        names = names == NULL ? order[i]->name : words(v, "%s,%s", names, order[i]->name);
    struct job_query query = job_query_kept(&page->query);
    query.columns = names;
    query.edit = 1;
    return job_query_url(v->arena, "/jobs", &query);
}

/* ------------------------------------------------------------------ words */

const char *list_matches(struct view *v, const struct job_list *list) {
    if (list->matches == NONE)
        return NULL;
    if (list->more_matches)
        return words(v, "%ld+ jobs", (long)list->matches);
    return words_n(v, list->matches, "%ld job", "%ld jobs", (long)list->matches);
}

const struct vocabulary *list_statuses(struct view *v) {
    struct vocabulary *statuses = ARENA_NEW(v->arena, struct vocabulary);
    struct word *all = ARENA_ARRAY(v->arena, struct word, 8);
    int count = 0;
    for (const struct word *word = job_statuses.words; word->code != NULL; word++)
        if (strcmp(word->code, "RP") != 0 && strcmp(word->code, "OH") != 0)
            all[count++] =
                (struct word){word->code, words(v, "%s %s", word->code, view_t(v, word->label))};
    *statuses = (struct vocabulary){"status", all};
    return statuses;
}

struct chips {
    struct view *v;
    const struct job_query *query;
    const char *path;
    const struct staff *staff;
    int64_t staff_count;
    const struct vocabulary *locations;
    struct list_chip *at;
    int64_t count;
};

/* `without` is the query with this filter taken off. */
static void chip(struct chips *chips, const char *label, struct job_query without) {
    chips->at[chips->count++] =
        (struct list_chip){label, job_query_url(chips->v->arena, chips->path, &without)};
}

#define CHIP(chips, member, absent, label)                                                         \
    do {                                                                                           \
        struct job_query without = *(chips)->query;                                                \
        without.member = (absent);                                                                 \
        chip((chips), (label), without);                                                           \
    } while (0)

static const char *staff_name(const struct chips *chips, int64_t id, const char *other) {
    for (int64_t i = 0; i < chips->staff_count; i++)
        if (chips->staff[i].id == id)
            return chips->staff[i].name;
    return other;
}

static const char *any_stage_label(const char *kind, const char *stage) {
    if (kind != NULL)
        return stage_label(kind, stage);
    for (const struct word *word = job_kinds.words; word->code != NULL; word++)
        if (stage_find(word->code, stage) != NULL)
            return stage_label(word->code, stage);
    return stage;
}

static void chips_of_codes(struct chips *chips) {
    struct view *v = chips->v;
    const struct job_query *q = chips->query;
    if (q->scope != NULL)
        CHIP(chips, scope, NULL, label(v, &job_scopes, q->scope));
    if (q->kind != NULL && text_same(chips->path, "/jobs")) /* a board is always of one kind */
        CHIP(chips, kind, NULL, words(v, "Kind: %s", label(v, &job_kinds, q->kind)));
    if (q->stage != NULL)
        CHIP(chips, stage, NULL,
             words(v, "Stage: %s", view_t(v, any_stage_label(q->kind, q->stage))));
    if (q->status != NULL)
        CHIP(chips, status, NULL, words(v, "%s %s", q->status, view_t(v, status_label(q->status))));
    if (q->salesperson != NONE)
        CHIP(chips, salesperson, NONE,
             words(v, "Salesperson: %s",
                   staff_name(chips, q->salesperson, view_t(v, "somebody who left"))));
    if (q->location != NONE)
        CHIP(chips, location, NONE,
             words(v, "Location: %s",
                   vocabulary_label(chips->locations, words(v, "%ld", (long)q->location))));
    if (q->priority != NULL)
        CHIP(chips, priority, NULL,
             words(v, "Priority: %s", label(v, &job_priorities, q->priority)));
    if (q->type != NULL)
        CHIP(chips, type, NULL, words(v, "Type: %s", label(v, &jewellery_types, q->type)));
}

static void chips_of_days(struct chips *chips) {
    struct view *v = chips->v;
    const struct job_query *q = chips->query;
    if (q->due != NULL)
        CHIP(chips, due, NULL, label(v, &job_dues, q->due));
    if (q->promised_from != NULL)
        CHIP(chips, promised_from, NULL, words(v, "Promised from %s", day(v, q->promised_from)));
    if (q->promised_to != NULL)
        CHIP(chips, promised_to, NULL, words(v, "Promised to %s", day(v, q->promised_to)));
    if (q->created_from != NULL)
        CHIP(chips, created_from, NULL, words(v, "Taken in from %s", day(v, q->created_from)));
    if (q->created_to != NULL)
        CHIP(chips, created_to, NULL, words(v, "Taken in to %s", day(v, q->created_to)));
    if (q->balance == 1)
        CHIP(chips, balance, 0, view_t(v, "With a balance"));
    if (q->held == 1)
        CHIP(chips, held, 0, view_t(v, "On hold"));
    if (q->shelf == 1)
        CHIP(chips, shelf, 0, view_t(v, "Ready over 7 days"));
    if (q->shelf_long == 1)
        CHIP(chips, shelf_long, 0, view_t(v, "Ready over 14 days"));
    if (!text_empty(q->q))
        CHIP(chips, q, NULL, words(v, "“%s”", q->q));
}

int64_t job_chips(struct view *v, const struct job_query *query, const char *path,
                  const struct staff *staff, int64_t staff_count,
                  const struct vocabulary *locations, struct list_chip **out) {
    enum { CHIPS_MOST = 20 };
    struct job_query kept = job_query_kept(query);
    struct chips chips = {.v = v,
                          .query = &kept,
                          .path = path,
                          .staff = staff,
                          .staff_count = staff_count,
                          .locations = locations,
                          .at = ARENA_ARRAY(v->arena, struct list_chip, CHIPS_MOST)};
    chips_of_codes(&chips);
    chips_of_days(&chips);
    *out = chips.at;
    return chips.count;
}

/* ------------------------------------------------------------------ tabs */

/* What a view is about: neither its order nor its columns, nor the kind, which has its own switch.
 */
static const char *gist(struct view *v, struct job_query query) {
    query = job_query_kept(&query);
    query.sort = query.columns = query.kind = NULL;
    query.view = NONE;
    return job_query_url(v->arena, "", &query);
}

static void ready_tab(struct view *v, const struct job_list_page *page, const char *label,
                      struct job_query query, struct list_tab *tab) {
    query.kind = page->query.kind;
    query.columns = page->query.columns;
    query.after_id = query.view = NONE;
    const char *url = job_query_url(v->arena, "/jobs", &query);
    *tab = (struct list_tab){
        /* the plain list, also for whom the list begins with a view */
        .label = label,
        .url = strchr(url, '?') == NULL ? "/jobs?scope=open" : url,
        .current = page->view == NULL && text_same(gist(v, query), gist(v, page->query))};
}

int64_t list_tabs(struct view *v, const struct job_list_page *page, struct list_tab **out) {
    int64_t me = v->actor != NULL && v->actor->staff > 0 ? v->actor->staff : NONE;
    const struct {
        const char *label;
        struct job_query query;
    } ready[] = {
        {view_t(v, "All open"), {.salesperson = NONE, .location = NONE}},
        {view_t(v, "Mine"), {.salesperson = me, .location = NONE}},
        {view_t(v, "Overdue"), {.salesperson = NONE, .location = NONE, .due = "overdue"}},
        {view_t(v, "Due this week"), {.salesperson = NONE, .location = NONE, .due = "week"}},
        {view_t(v, "With the customer"), {.salesperson = NONE, .location = NONE, .status = "CR"}},
        {view_t(v, "Ready over 7 days"), {.salesperson = NONE, .location = NONE, .shelf = 1}},
        {view_t(v, "Ready over 14 days"), {.salesperson = NONE, .location = NONE, .shelf_long = 1}},
    };
    enum { READY = sizeof ready / sizeof ready[0] };
    struct list_tab *tabs =
        ARENA_ARRAY(v->arena, struct list_tab, READY + (size_t)page->view_count);
    int64_t count = 0;
    for (int64_t i = 0; i < READY; i++)
        ready_tab(v, page, ready[i].label, ready[i].query, &tabs[count++]);
    for (int64_t i = 0; i < page->view_count; i++) {
        const struct job_view *view = &page->views[i];
        if (view->unpinned == 1 && view != page->view)
            continue;
        tabs[count++] = (struct list_tab){view->name, view->url, view == page->view};
    }
    *out = tabs;
    return count;
}

const struct route job_list_routes[] = {
    {GET, "/jobs", RIGHT(MAY_SEE_JOBS), jobs_show, &job_query_record, .output = &list_as,
     .summary = "List or find jobs"},
    {GET, "/jobs/csv", RIGHT(MAY_SEE_JOBS), csv_show, &job_query_record,
     .summary = "The same list as CSV: its columns, at most ten thousand rows"},
    {0},
};
