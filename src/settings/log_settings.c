/* The log: who changed what from what to what, of one thing and over all. */
#include "settings/log_settings.h"

#include "base/text.h"
#include "base/url.h"
#include "settings.log_settings.html.h"

enum { LOG_ROWS = 50, CSV_ROWS = 20000 };

static const struct field query_fields[] = {
    FIELD(struct log_query, staff, FIELD_ID, .label = "Who"),
    FIELD(struct log_query, thing, FIELD_TEXT, .label = "On what", .max = 40),
    FIELD(struct log_query, id, FIELD_ID),
    FIELD(struct log_query, action, FIELD_TEXT, .label = "Did what", .max = 60),
    FIELD(struct log_query, from, FIELD_DAY, .label = "From"),
    FIELD(struct log_query, to, FIELD_DAY, .label = "To"),
    FIELD(struct log_query, before, FIELD_ID),
};
static const struct record query_record = RECORD("LogQuery", struct log_query, query_fields);
static const struct field log_fields[] = {
    FIELD_ROWS(struct log_page, rows, count, &audit_record),
    FIELD(struct log_page, older, FIELD_TEXT, .max = 2000),
};
static const struct record log_record = RECORD("Log", struct log_page, log_fields);

const char *log_url(struct arena *arena, const struct audit_row *row) {
    static const struct {
        const char *thing, *place, *rest;
    } pages[] = {
        {"job", "/jobs/", ""},         {"customer", "/customers/", ""},
        {"stock", "/stock/", ""},      {"vendor", "/vendors/", ""},
        {"quote", "/quotes/", ""},     {"invoice", "/invoices/", ""},
        {"message", "/messages/", ""}, {"staff", "/settings/staff/", ""},
    };
    for (size_t i = 0; row->thing_id != NONE && i < sizeof pages / sizeof pages[0]; i++)
        if (text_same(row->thing, pages[i].thing))
            return arena_printf(arena, "%s%ld%s", pages[i].place, (long)row->thing_id,
                                pages[i].rest);
    return NULL;
}

static void log_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Log"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = log_settings_html,
                                .model = model});
}
static const struct presentation log_as = {&log_record, log_html};

/* Day and after: the instants between which the entries lie. */
static struct audit_query between(const struct context *cx, const struct log_query *query) {
    struct audit_query asked = {.staff = query->staff,
                                .thing = query->thing,
                                .id = query->thing == NULL ? NONE : query->id,
                                .action = query->action,
                                .from = NONE,
                                .to = NONE,
                                .before = query->before};
    int64_t day;
    if (query->from != NULL && day_parse(query->from, &day))
        asked.from = day_start(cx->locale->zone, day);
    if (query->to != NULL && day_parse(query->to, &day))
        asked.to = day_start(cx->locale->zone, day + 1);
    return asked;
}

static const char *number(struct arena *arena, int64_t id) {
    return id == NONE ? NULL : arena_printf(arena, "%ld", (long)id);
}

static const char *url_of(struct arena *arena, const char *path, const struct log_query *query,
                          int64_t before) {
    return url_with(arena, path,
                    (const char *[]){"staff", number(arena, query->staff), "thing", query->thing,
                                     "id", number(arena, query->id), "action", query->action,
                                     "from", query->from, "to", query->to, "before",
                                     number(arena, before), NULL});
}

static struct vocabulary words_of(struct arena *arena, const char *name, const char **codes) {
    int count = 0;
    while (codes[count] != NULL)
        count++;
    struct word *words = ARENA_ARRAY(arena, struct word, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        words[i] = (struct word){codes[i], codes[i]};
    return (struct vocabulary){name, words};
}

static struct vocabulary people_of(struct context *cx) {
    struct staff *staff;
    int64_t count = staff_list(cx, false, &staff);
    struct word *words = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        words[i] = (struct word){number(cx->arena, staff[i].id), staff[i].name};
    return (struct vocabulary){"staff", words};
}

static enum status log_show(struct request *r) {
    const struct log_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct log_page page = {.query = *query};
    struct audit_query asked = between(cx, query);
    page.count = audit_list(cx, &asked, LOG_ROWS + 1, &page.rows);
    if (page.count > LOG_ROWS) {
        page.count = LOG_ROWS;
        page.older = url_of(cx->arena, "/settings/log", query, page.rows[LOG_ROWS - 1].id);
    }
    if (!r->json) {
        page.form = (struct form){.record = &query_record, .values = query};
        page.people = people_of(cx);
        page.things = words_of(cx->arena, "thing", audit_things(cx));
        page.actions = words_of(cx->arena, "action", audit_actions(cx));
        page.csv = url_of(cx->arena, "/settings/log.csv", query, NONE);
        page.filtered = query->staff != NONE || query->thing != NULL || query->action != NULL ||
                        query->from != NULL || query->to != NULL;
    }
    return answer(r, &log_as, &page);
}

/* ------------------------------------------------------------------ CSV */

/* A line for each field that changed, one for an entry without any. */
struct log_line {
    int64_t at;
    const char *staff_name, *token, *action, *thing;
    int64_t thing_id;
    const char *detail, *field, *was, *became;
};
static const struct field line_fields[] = {
    FIELD(struct log_line, at, FIELD_INSTANT, .label = "When"),
    FIELD(struct log_line, staff_name, FIELD_TEXT, .label = "Who"),
    FIELD(struct log_line, token, FIELD_TEXT, .label = "By the token"),
    FIELD(struct log_line, action, FIELD_TEXT, .label = "Did"),
    FIELD(struct log_line, thing, FIELD_TEXT, .label = "On"),
    FIELD(struct log_line, thing_id, FIELD_INT, .label = "Number"),
    FIELD(struct log_line, detail, FIELD_TEXT, .label = "Which, why"),
    FIELD(struct log_line, field, FIELD_TEXT, .label = "Field"),
    FIELD(struct log_line, was, FIELD_TEXT, .label = "From"),
    FIELD(struct log_line, became, FIELD_TEXT, .label = "To"),
};
static const struct record line_record = RECORD("LogLine", struct log_line, line_fields);

static enum status log_csv(struct request *r) {
    const struct log_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct audit_query asked = between(cx, query);
    struct audit_row *rows;
    int64_t count = audit_list(cx, &asked, CSV_ROWS, &rows);
    struct buf out = {0};
    buf_text(&out, "\xef\xbb\xbf");
    record_write_csv_head(&line_record, &out);
    for (int64_t i = 0; i < count; i++) {
        const struct audit_row *row = &rows[i];
        struct log_line line = {row->at,       row->staff_name, row->token, row->action, row->thing,
                                row->thing_id, row->detail,     NULL,       NULL,        NULL};
        for (int64_t k = 0; k == 0 || k < row->change_count; k++) {
            if (k < row->change_count) {
                line.field = row->changes[k].field;
                line.was = row->changes[k].was;
                line.became = row->changes[k].became;
            }
            record_write_csv(&line_record, &line, cx->locale, cx->arena, &out);
        }
    }
    return answer_bytes(r, "text/csv; charset=utf-8", "log.csv", &out);
}

/* Costs stand in it too. */
#define LOG (RIGHT(MAY_CHANGE_SETTINGS) | RIGHT(MAY_SEE_COSTS))

const struct route settings_log_routes[] = {
    {GET, "/settings/log", LOG, log_show, &query_record, .output = &log_as,
     .summary = "Who changed what from what to what"},
    {GET, "/settings/log.csv", LOG, log_csv, &query_record,
     .summary = "The same as CSV: the newest 20,000 entries"},
    {0},
};
