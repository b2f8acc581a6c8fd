#include "jobs/job_list.h"

#include "accounts/permission.h"
#include "base/number.h"
#include "base/text.h"
#include "base/url.h"
#include "jobs/job_file.h"
#include "trade/words.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ the query */

static const struct word scope_words[] = {{"open", "Open"},
                                          {"closed", "Closed"},
                                          {"archived", "Archived"},
                                          {"all", "Open and closed"},
                                          {NULL, NULL}};
const struct vocabulary job_scopes = {"scope", scope_words};

static const struct word due_words[] = {{"overdue", "Overdue"},
                                        {"soon", "Due soon"},
                                        {"week", "Due this week"},
                                        {"none", "Without a date"},
                                        {NULL, NULL}};
const struct vocabulary job_dues = {"due", due_words};

static const struct field query_fields[] = {
    FIELD(struct job_query, scope, FIELD_CODE, .label = "Which", .words = &job_scopes),
    FIELD(struct job_query, kind, FIELD_CODE, .label = "Kind", .words = &job_kinds),
    FIELD(struct job_query, stage, FIELD_TEXT, .label = "Stage", .max = 40),
    FIELD(struct job_query, status, FIELD_CODE, .label = "Status", .words = &job_statuses),
    FIELD(struct job_query, salesperson, FIELD_ID, .label = "Salesperson"),
    FIELD(struct job_query, location, FIELD_ID, .label = "Location"),
    FIELD(struct job_query, priority, FIELD_CODE, .label = "Priority", .words = &job_priorities),
    FIELD(struct job_query, type, FIELD_CODE, .label = "Type", .words = &jewellery_types),
    FIELD(struct job_query, due, FIELD_CODE, .label = "Due", .words = &job_dues),
    FIELD(struct job_query, promised_from, FIELD_DAY, .label = "Promised from"),
    FIELD(struct job_query, promised_to, FIELD_DAY, .label = "Promised to"),
    FIELD(struct job_query, created_from, FIELD_DAY, .label = "Taken in from"),
    FIELD(struct job_query, created_to, FIELD_DAY, .label = "Taken in to"),
    FIELD(struct job_query, balance, FIELD_FLAG, .label = "With a balance"),
    FIELD(struct job_query, held, FIELD_FLAG, .label = "On hold"),
    FIELD(struct job_query, shelf, FIELD_FLAG, .label = "Over 7 days ready"),
    FIELD(struct job_query, shelf_long, FIELD_FLAG, .label = "Over 14 days ready"),
    FIELD(struct job_query, q, FIELD_TEXT, .label = "Find"),
    FIELD(struct job_query, sort, FIELD_TEXT, .label = "Order", .max = 30),
    FIELD(struct job_query, columns, FIELD_TEXT, .label = "Columns", .max = 400),
    FIELD(struct job_query, view, FIELD_ID, .label = "View"),
    FIELD(struct job_query, edit, FIELD_FLAG, .label = "Choosing columns"),
    FIELD(struct job_query, late, FIELD_FLAG, .label = "Overdue"),
    FIELD(struct job_query, closed, FIELD_FLAG, .label = "Closed"),
    FIELD(struct job_query, archived, FIELD_FLAG, .label = "Archived"),
    FIELD(struct job_query, after, FIELD_TEXT, .label = "After", .max = 300),
    FIELD(struct job_query, after_id, FIELD_ID),
};
const struct record job_query_record = RECORD("JobQuery", struct job_query, query_fields);

static const char *scope_of(const struct job_query *query) {
    return query->scope != NULL ? query->scope : text_empty(query->q) ? "open" : "any";
}

const char *job_query_url(struct arena *arena, const char *path, const struct job_query *query) {
    struct job_query copy = *query;
    const char *pairs[2 * sizeof query_fields / sizeof query_fields[0] + 1];
    size_t count = 0;
    for (size_t i = 0; i < job_query_record.count; i++) {
        const struct field *field = &query_fields[i];
        const char *value = NULL;
        if (field_is_text(field->kind))
            value = *field_text(field, &copy);
        else if (field->kind == FIELD_FLAG)
            value = *field_number(field, &copy) == 1 ? "1" : NULL;
        else if (*field_number(field, &copy) != NONE)
            value = arena_printf(arena, "%ld", (long)*field_number(field, &copy));
        if (value == NULL)
            continue;
        pairs[count++] = field->name;
        pairs[count++] = value;
    }
    pairs[count] = NULL;
    return url_with(arena, path, pairs);
}

struct job_query job_query_kept(const struct job_query *query) {
    struct job_query kept = *query;
    kept.after = NULL;
    kept.after_id = NONE;
    kept.edit = 0;
    return kept;
}

bool job_query_filters(const struct job_query *query) {
    return query->kind != NULL || query->stage != NULL || query->status != NULL ||
           query->salesperson != NONE || query->location != NONE || query->priority != NULL ||
           query->type != NULL || query->due != NULL || query->promised_from != NULL ||
           query->promised_to != NULL || query->created_from != NULL || query->created_to != NULL ||
           query->balance == 1 || query->held == 1 || query->shelf == 1 || query->shelf_long == 1 ||
           !text_empty(query->q);
}

struct query_text {
    struct arena *arena;
    const char *text;
};

static const char *query_get(const void *form, const char *name) {
    const struct query_text *from = form;
    return url_value(from->arena, from->text, name);
}

enum status job_query_read(struct context *cx, const char *text, struct job_query *query) {
    struct query_text from = {cx->arena, text};
    record_clear(&job_query_record, query);
    enum status status =
        record_from_form(&job_query_record, query, query_get, &from, cx->locale, cx->errors);
    return status == OK ? job_query_check(cx, query) : status;
}

/* ------------------------------------------------------------------ what is found */

static const struct field found_fields[] = {
    FIELD(struct job_found, id, FIELD_ID),
    FIELD(struct job_found, number, FIELD_INT),
    FIELD(struct job_found, reference, FIELD_TEXT),
    FIELD(struct job_found, kind, FIELD_CODE, .words = &job_kinds),
    FIELD(struct job_found, stage, FIELD_TEXT),
    FIELD(struct job_found, status, FIELD_CODE, .words = &job_statuses),
    FIELD(struct job_found, held_from, FIELD_TEXT),
    FIELD(struct job_found, type, FIELD_CODE, .words = &jewellery_types),
    FIELD(struct job_found, title, FIELD_TEXT),
    FIELD(struct job_found, customer_name, FIELD_TEXT),
    FIELD(struct job_found, promised_day, FIELD_DAY),
    FIELD(struct job_found, bench_day, FIELD_DAY),
    FIELD(struct job_found, priority, FIELD_CODE, .words = &job_priorities),
    FIELD(struct job_found, salesperson, FIELD_ID),
    FIELD(struct job_found, salesperson_name, FIELD_TEXT),
    FIELD(struct job_found, location, FIELD_ID),
    FIELD(struct job_found, location_name, FIELD_TEXT),
    FIELD(struct job_found, picture, FIELD_ID),
    FIELD(struct job_found, quoted, FIELD_MONEY),
    FIELD(struct job_found, final, FIELD_MONEY),
    FIELD(struct job_found, deposit, FIELD_MONEY),
    FIELD(struct job_found, paid, FIELD_MONEY),
    FIELD(struct job_found, balance, FIELD_MONEY, .flags = FIELD_NO_COLUMN),
    FIELD(struct job_found, progress, FIELD_INT, .flags = FIELD_NO_COLUMN),
    FIELD(struct job_found, ageing, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
    FIELD(struct job_found, created_at, FIELD_INSTANT),
    FIELD(struct job_found, stage_at, FIELD_INSTANT),
    FIELD(struct job_found, ready_at, FIELD_INSTANT),
    FIELD(struct job_found, closed_at, FIELD_INSTANT),
    FIELD(struct job_found, archived_at, FIELD_INSTANT),
    FIELD(struct job_found, place_name, FIELD_TEXT),
    FIELD(struct job_found, sort_key, FIELD_TEXT, .flags = FIELD_INTERNAL),
};
const struct record job_found_record = RECORD("JobFound", struct job_found, found_fields);

/* ------------------------------------------------------------------ the orders */

/* What is absent is reckoned latest for a day, last for a text, lowest for an amount. */
#define FOUND_COLUMNS                                                                              \
    "select j.id, j.number, j.reference, j.kind, j.stage, j.status, j.held_from, j.type, "         \
    "j.title, j.customer_name, j.promised_day, j.bench_day, j.priority, j.salesperson, "           \
    "s.name as salesperson_name, j.location, l.name as location_name, j.picture, j.quoted, "       \
    "j.final, j.deposit, j.paid, j.created_at, j.stage_at, j.ready_at, j.closed_at, "              \
    "j.archived_at, coalesce(pv.name, p.name) as place_name "
#define FOUND_FROM                                                                                 \
    "from job j left join staff s on s.id = j.salesperson left join place p on p.id = j.place "    \
    "left join vendor pv on pv.id = p.vendor left join location l on l.id = j.location "
#define FOUND FOUND_COLUMNS FOUND_FROM
#define FOUND_BY(key) FOUND_COLUMNS ", cast(" key " as text) as sort_key " FOUND_FROM

/* Each filter or none of it. */
#define FILTERED                                                                                   \
    "and (cast($1 as text) is null or j.kind = $1) "                                               \
    "and (cast($2 as text) is null or j.stage = $2) "                                              \
    "and (cast($3 as text) is null or j.status = $3) "                                             \
    "and (cast($4 as bigint) is null or j.salesperson = $4) "                                      \
    "and (cast($5 as text) is null or j.priority = $5) "                                           \
    "and (cast($6 as text) is null or j.type = $6) "                                               \
    "and (cast($7 as text) is null or j.promised_day >= $7) "                                      \
    "and (cast($8 as text) is null or j.promised_day <= $8) "                                      \
    "and (cast($9 as bigint) is null or j.stage <> 'ready') "                                      \
    "and (cast($10 as bigint) is null or j.promised_day is null) "                                 \
    "and (cast($11 as bigint) is null or j.created_at >= $11) "                                    \
    "and (cast($12 as bigint) is null or j.created_at < $12) "                                     \
    "and (cast($13 as bigint) is null or coalesce(j.final, j.quoted, 0) > j.paid) "                \
    "and (cast($14 as bigint) is null or j.stage = 'on_hold') "                                    \
    "and (cast($15 as bigint) is null or (j.stage = 'ready' and j.ready_at < $15)) "               \
    "and (cast($16 as bigint) is null or j.location = $16) "
#define IS_OPEN "j.closed_at is null and j.archived_at is null "
#define SCOPED                                                                                     \
    "and (($20 = 'any') or ($20 = 'all' and j.archived_at is null) "                               \
    "or ($20 = 'closed' and j.closed_at is not null and j.archived_at is null) "                   \
    "or ($20 = 'archived' and j.archived_at is not null) "                                         \
    "or ($20 = 'open' and j.closed_at is null and j.archived_at is null)) "

/* The first comparison lets an index begin at the key, the second makes it exact. */
#define AFTER(key) key " >= $18 and (" key " > $18 or j.id > $19) "
#define BEFORE(key) key " <= $18 and (" key " < $18 or j.id < $19) "
#define UP(key) "order by " key ", j.id limit $17"
#define DOWN(key) "order by " key " desc, j.id desc limit $17"
/* Not beyond what a page may look at; no end when there is no parameter. */
#define UNTIL(key, kind)                                                                           \
    "and (cast($21 as " kind ") is null or " key " < $21 or (" key " = $21 and j.id <= $22)) "
#define DOWN_UNTIL(key, kind)                                                                      \
    "and (cast($21 as " kind ") is null or " key " > $21 or (" key " = $21 and j.id >= $22)) "
#define NAMED_LITE "and j.id in (select value from json_each($21)) "
#define NAMED_PG                                                                                   \
    "and j.id in (select cast(value as bigint) from json_array_elements_text(cast($21 as json))) "

/* An order and its statements, up and down: of the open ones; of all there ever were, with
 * where a page's look ends; of jobs that are named. What is open is few: its order is made from
 * a key that no index over all jobs fits, so that none is walked for them. */
struct sort {
    const char *code;
    bool number;   /* its key is one */
    bool anywhere; /* has an index over all jobs */
    bool prices;   /* only for who may see prices */
    struct sql open[2], past[2], reach[2], named[2];
};

#define SORT(name, kind, key, open_key, number_, anywhere_, prices_)                               \
    {                                                                                              \
        .code = name, .number = number_, .anywhere = anywhere_, .prices = prices_,                 \
        .open = {{"jobs_open_" name,                                                               \
                  FOUND_BY(open_key) "where " IS_OPEN "and " AFTER(open_key)                       \
                      FILTERED UP(open_key),                                                       \
                  NULL},                                                                           \
                 {"jobs_open_down_" name,                                                          \
                  FOUND_BY(open_key) "where " IS_OPEN "and " BEFORE(open_key)                      \
                      FILTERED DOWN(open_key),                                                     \
                  NULL}},                                                                          \
        .past = {{"jobs_past_" name,                                                               \
                  FOUND_BY(key) "where " AFTER(key) UNTIL(key, kind) SCOPED FILTERED UP(key),      \
                  NULL},                                                                           \
                 {"jobs_past_down_" name,                                                          \
                  FOUND_BY(key) "where " BEFORE(key) DOWN_UNTIL(key, kind)                         \
                      SCOPED FILTERED DOWN(key),                                                   \
                  NULL}},                                                                          \
        .reach = {{"jobs_reach_" name,                                                             \
                   "select cast(" key " as text), j.id from job j where " REACH_AFTER(             \
                       key) "order by " key ", j.id limit 1 offset 2000",                          \
                   NULL},                                                                          \
                  {"jobs_reach_down_" name,                                                        \
                   "select cast(" key " as text), j.id from job j where " REACH_BEFORE(            \
                       key) "order by " key " desc, j.id desc limit 1 offset 2000",                \
                   NULL}},                                                                         \
        .named = {{"jobs_named_" name,                                                             \
                   FOUND_BY(key) "where " AFTER(key) NAMED_LITE SCOPED FILTERED UP(key),           \
                   FOUND_BY(key) "where " AFTER(key) NAMED_PG SCOPED FILTERED UP(key)},            \
                  {"jobs_named_down_" name,                                                        \
                   FOUND_BY(key) "where " BEFORE(key) NAMED_LITE SCOPED FILTERED DOWN(key),        \
                   FOUND_BY(key) "where " BEFORE(key) NAMED_PG SCOPED FILTERED DOWN(key)}},        \
    }
#define REACH_AFTER(key) key " >= $1 and (" key " > $1 or j.id > $2) "
#define REACH_BEFORE(key) key " <= $1 and (" key " < $1 or j.id < $2) "
#define WORDS(name, key, anywhere)                                                                 \
    SORT(name, "text", key, "(" key " || '')", false, anywhere, false)
#define FIGURE(name, key, anywhere, prices)                                                        \
    SORT(name, "bigint", key, "(" key " + 0)", true, anywhere, prices)

static const struct sort sorts[] = {
    /* of this one the open jobs have an index of their own */
    SORT("promised", "text", "coalesce(j.promised_day, '9999')", "coalesce(j.promised_day, '9999')",
         false, true, false),
    FIGURE("number", "j.number", true, false),
    WORDS("title", "lower(j.title)", true),
    WORDS("customer", "lower(coalesce(j.customer_name, '~'))", true),
    FIGURE("created", "j.created_at", true, false),
    FIGURE("closed", "coalesce(j.closed_at, 0)", true, false),
    FIGURE("price", "coalesce(j.final, j.quoted, -1)", true, true),
    WORDS("kind", "j.kind", false),
    WORDS("type", "j.type", false),
    FIGURE("stage",
           "(select t.progress from job_stage t where t.kind = j.kind "
           "and t.code = coalesce(j.held_from, j.stage))",
           false, false),
    WORDS("status", "coalesce(j.status, '~')", false),
    WORDS("salesperson", "lower(coalesce(s.name, '~'))", false),
    WORDS("location", "lower(coalesce(l.name, '~'))", false),
    FIGURE("priority", "cast(case j.priority when 'rush' then 0 else 1 end as bigint)", false,
           false),
    WORDS("bench", "coalesce(j.bench_day, '9999')", false),
    FIGURE("age", "j.stage_at", false, false),
    FIGURE("ready", "coalesce(j.ready_at, 9223372036854775806)", false, false),
    FIGURE("quoted", "coalesce(j.quoted, -1)", false, true),
    FIGURE("final", "coalesce(j.final, -1)", false, true),
    FIGURE("deposit", "j.deposit", false, true),
    FIGURE("paid", "j.paid", false, true),
    FIGURE("balance", "(coalesce(j.final, j.quoted, 0) - j.paid)", false, true),
};
/* Those who are put away have an index in the order of their numbers. */
static const struct sort sort_archived = {
    .code = "number",
    .number = true,
    .past = {{"jobs_archived",
              FOUND_BY("j.number") "where j.archived_at is not null and " AFTER("j.number")
                  UNTIL("j.number", "bigint") SCOPED FILTERED UP("j.number"),
              NULL},
             {"jobs_archived_down",
              FOUND_BY("j.number") "where j.archived_at is not null and " BEFORE("j.number")
                  DOWN_UNTIL("j.number", "bigint") SCOPED FILTERED DOWN("j.number"),
              NULL}},
    .reach =
        {{"jobs_archived_reach",
          "select cast(j.number as text), j.id from job j where j.archived_at is not null and " REACH_AFTER(
              "j.number") "order by j.number, j.id limit 1 offset 2000",
          NULL},
         {"jobs_archived_reach_down",
          "select cast(j.number as text), j.id from job j where j.archived_at is not null and " REACH_BEFORE(
              "j.number") "order by j.number desc, j.id desc limit 1 offset 2000",
          NULL}},
};

static const struct sort *sort_find(const char *code) {
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++)
        if (text_same(sorts[i].code, code))
            return &sorts[i];
    return NULL;
}

/* What nobody has asked to be sorted: what is promised first, or came last. */
const char *job_query_sort(const struct job_query *query, bool *down) {
    const char *scope = scope_of(query), *sort = query->sort;
    if (sort == NULL)
        sort = text_same(scope, "open")     ? "promised"
               : text_same(scope, "closed") ? "-closed"
                                            : "-number";
    *down = *sort == '-';
    return sort + *down;
}

bool job_sort_offered(const char *scope, const char *code) {
    const struct sort *sort = sort_find(code);
    if (sort == NULL)
        return false;
    if (text_same(scope, "archived"))
        return text_same(code, "number");
    return scope == NULL || text_same(scope, "open") || text_same(scope, "any") || sort->anywhere;
}

static const char *sorts_listed(struct context *cx, const char *scope) {
    const char *all = NULL;
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++)
        if (job_sort_offered(scope, sorts[i].code) &&
            (!sorts[i].prices || actor_may(cx->actor, RIGHT(MAY_SEE_PRICES))))
            all =
                all == NULL ? sorts[i].code : arena_printf(cx->arena, "%s, %s", all, sorts[i].code);
    return all;
}

/* A stage may be asked for without its kind; one that no kind has is told with those there are. */
static enum status stage_asked(struct context *cx, const struct job_query *query) {
    if (query->stage == NULL || query->kind != NULL)
        return stage_known(cx, query->kind, "stage", query->stage);
    for (const struct word *kind = job_kinds.words; kind->code != NULL; kind++)
        if (stage_find(kind->code, query->stage) != NULL)
            return OK;
    return stage_known(cx, "custom", "stage", query->stage);
}

enum status job_query_check(struct context *cx, struct job_query *query) {
    if (query->late == 1 && query->due == NULL)
        query->due = "overdue";
    if (query->scope == NULL && (query->closed == 1 || query->archived == 1))
        query->scope = query->archived == 1 ? "archived" : "closed";
    query->late = query->closed = query->archived = 0;
    if (text_same(query->scope, "open") && text_empty(query->q))
        query->scope = NULL;
    stage_asked(cx, query);
    bool down, prices = actor_may(cx->actor, RIGHT(MAY_SEE_PRICES));
    const char *code = job_query_sort(query, &down), *scope = scope_of(query);
    const struct sort *sort = sort_find(code);
    if (sort == NULL || !job_sort_offered(scope, code) || (sort->prices && !prices))
        error_add(cx->errors, INVALID, "sort", "unknown_sort",
                  "This list can't be sorted by “%s”. It can by %s.", code,
                  sorts_listed(cx, scope));
    else if (query->after != NULL && sort->number &&
             query->after[strspn(query->after, "-0123456789")] != '\0')
        error_add(cx->errors, INVALID, "after", "not_a_number",
                  "This is not the key of a list in that order.");
    if (query->balance == 1 && !prices)
        query->balance = 0;
    return errors_any(cx->errors) ? cx->errors->status : OK;
}

/* ------------------------------------------------------------------ reading */

struct bounds {
    const char *from, *to;
    bool not_ready, undated;
    int64_t created_from, created_to, ready_before;
};

static const char *later(const char *a, const char *b) {
    return a == NULL || (b != NULL && strcmp(b, a) > 0) ? b : a;
}

static const char *earlier(const char *a, const char *b) {
    return a == NULL || (b != NULL && strcmp(b, a) < 0) ? b : a;
}

static int64_t day_begins(struct context *cx, const char *day, int64_t more) {
    int64_t number;
    return day != NULL && day_parse(day, &number) ? day_start(cx->locale->zone, number + more)
                                                  : NONE;
}

/* What is said in words, as days and instants of the shop. */
static struct bounds bounds_of(struct context *cx, const struct job_query *query) {
    const struct zone *zone = cx->locale->zone;
    int64_t today = day_at(zone, cx->now), monday = today - day_weekday(today);
    struct bounds bounds = {.from = query->promised_from,
                            .to = query->promised_to,
                            .created_from = day_begins(cx, query->created_from, 0),
                            .created_to = day_begins(cx, query->created_to, 1),
                            .ready_before = NONE};
    if (text_same(query->due, "overdue")) {
        bounds.to = earlier(bounds.to, day_text(today - 1, cx->arena));
        bounds.not_ready = true;
    } else if (text_same(query->due, "soon")) {
        bounds.from = later(bounds.from, day_text(today, cx->arena));
        bounds.to = earlier(bounds.to, day_text(today + due_soon_days(cx), cx->arena));
        bounds.not_ready = true;
    } else if (text_same(query->due, "week")) {
        bounds.from = later(bounds.from, day_text(monday, cx->arena));
        bounds.to = earlier(bounds.to, day_text(monday + 6, cx->arena));
    } else if (text_same(query->due, "none")) {
        bounds.undated = true;
    }
    if (query->shelf == 1 || query->shelf_long == 1)
        bounds.ready_before = day_start(
            zone, today - (query->shelf_long == 1 ? AGEING_SHELF_LONG_DAYS : AGEING_SHELF_DAYS));
    return bounds;
}

enum { FILTERS = 16, PARAMS = 22, LIMIT = FILTERS, KEY, KEY_ID, SCOPE, END, END_ID };

static int64_t flag(bool on) {
    return on ? 1 : NONE;
}

static void filters_bind(struct context *cx, const struct job_query *query, struct param *params) {
    struct bounds bounds = bounds_of(cx, query);
    const struct param all[FILTERS] = {T(query->kind),
                                       T(query->stage),
                                       T(query->status),
                                       I(query->salesperson),
                                       T(query->priority),
                                       T(query->type),
                                       T(bounds.from),
                                       T(bounds.to),
                                       I(flag(bounds.not_ready)),
                                       I(flag(bounds.undated)),
                                       I(bounds.created_from),
                                       I(bounds.created_to),
                                       I(flag(query->balance == 1)),
                                       I(flag(query->held == 1)),
                                       I(bounds.ready_before),
                                       I(query->location)};
    memcpy(params, all, sizeof all);
}

static struct param key_param(const struct sort *sort, const char *key) {
    return !sort->number ? T(key) : I(key == NULL ? NONE : strtoll(key, NULL, 10));
}

/* Before the first row of all. */
static void begin_bind(const struct sort *sort, bool down, const struct job_query *query,
                       struct param *key, struct param *id) {
    *id = I(query->after_id != NONE ? query->after_id : down ? INT64_MAX : 0);
    if (query->after != NULL)
        *key = key_param(sort, query->after);
    else if (sort->number)
        *key = I(down ? INT64_MAX : -INT64_MAX);
    else
        *key = T(down ? "\U0010FFFF" : "");
}

static const struct sql soon_days = {"soon_days", "select due_soon_days from shop", NULL};

int64_t due_soon_days(struct context *cx) {
    int64_t days = db_int(cx->db, &soon_days, P0);
    return days == NONE ? AGEING_SOON_DAYS : days;
}

void job_found_finish(struct context *cx, struct job_found *found, int64_t due_soon) {
    struct job job = {.kind = found->kind,
                      .stage = found->stage,
                      .promised_day = found->promised_day,
                      .ready_at = found->ready_at,
                      .stage_at = found->stage_at,
                      .due_soon = due_soon};
    found->ageing = ageing_code(job_ageing_at(&job, cx->locale->zone, cx->now));
    found->progress = stage_progress(found->kind, found->stage, found->held_from);
    int64_t price = found->final != NONE ? found->final : found->quoted;
    found->balance = price == NONE ? NONE : price - found->paid;
    if (!actor_may(cx->actor, RIGHT(MAY_SEE_PRICES)))
        found->quoted = found->final = found->deposit = found->paid = found->balance = NONE;
}

static int64_t finish_all(struct context *cx, struct job_found *found, int64_t count) {
    int64_t soon = count > 0 ? due_soon_days(cx) : 0;
    for (int64_t i = 0; i < count; i++)
        job_found_finish(cx, &found[i], soon);
    return count;
}

static const struct sql count_open = {
    "jobs_open_count",
    "select count(*) from (select j.id from job j where " IS_OPEN FILTERED "limit $17) counted",
    NULL};

struct reading {
    const struct sort *sort;
    bool down;
    struct param params[PARAMS];
};

static struct reading reading_of(struct context *cx, const struct job_query *query, int64_t limit) {
    struct reading reading = {0};
    reading.sort = sort_find(job_query_sort(query, &reading.down));
    filters_bind(cx, query, reading.params);
    reading.params[LIMIT] = I(limit);
    begin_bind(reading.sort, reading.down, query, &reading.params[KEY], &reading.params[KEY_ID]);
    reading.params[SCOPE] = T(scope_of(query));
    return reading;
}

static const char *next_url(struct context *cx, const struct job_query *query, const char *path,
                            const char *key, int64_t id) {
    struct job_query next = *query;
    next.after = key;
    next.after_id = id;
    return job_query_url(cx->arena, path, &next);
}

/* With a filter no more is looked at than a page's reach. */
static void read_past(struct context *cx, const struct job_query *query, int64_t limit,
                      const char *path, struct job_list *list) {
    int64_t ask = query->after == NULL ? LIST_COUNT + 1 : limit + 1;
    struct reading reading = reading_of(cx, query, ask > limit ? ask : limit + 1);
    const struct sort *sort = text_same(query->scope, "archived") ? &sort_archived : reading.sort;
    struct rows *end =
        db_rows(cx->db, &sort->reach[reading.down], P(reading.params[KEY], reading.params[KEY_ID]));
    bool ends = rows_next(end);
    const char *end_key = ends ? row_text(end, 0) : NULL;
    int64_t end_id = ends ? row_int(end, 1) : NONE;
    rows_end(end);
    reading.params[END] = key_param(sort, end_key);
    reading.params[END_ID] = I(end_id);
    list->count =
        DB_RECORDS(cx->db, &sort->past[reading.down], ((struct params){reading.params, PARAMS}),
                   &job_found_record, &list->rows);
    if (query->after == NULL) {
        list->more_matches = list->count > LIST_COUNT || ends;
        list->matches = list->count > LIST_COUNT ? LIST_COUNT : list->count;
    }
    if (list->count > limit) {
        list->count = limit;
        const struct job_found *last = &list->rows[limit - 1];
        list->next = next_url(cx, query, path, last->sort_key, last->id);
    } else if (ends) {
        list->short_of = true;
        list->next = next_url(cx, query, path, end_key, end_id);
    }
}

static void read_open(struct context *cx, const struct job_query *query, int64_t limit,
                      const char *path, struct job_list *list) {
    struct reading reading = reading_of(cx, query, limit + 1);
    list->count =
        DB_RECORDS(cx->db, &reading.sort->open[reading.down],
                   ((struct params){reading.params, SCOPE}), &job_found_record, &list->rows);
    if (list->count > limit) {
        list->count = limit;
        const struct job_found *last = &list->rows[limit - 1];
        list->next = next_url(cx, query, path, last->sort_key, last->id);
    }
    if (query->after != NULL)
        return;
    list->matches = list->count;
    if (list->next != NULL) {
        reading.params[LIMIT] = I(LIST_COUNT + 1);
        list->matches = db_int(cx->db, &count_open, (struct params){reading.params, FILTERS + 1});
        list->more_matches = list->matches > LIST_COUNT;
        if (list->more_matches)
            list->matches = LIST_COUNT;
    }
}

int64_t job_list_among(struct context *cx, const struct job_query *query, const int64_t *ids,
                       int64_t id_count, int64_t limit, struct job_found **found) {
    struct reading reading = reading_of(cx, query, limit);
    struct buf named = {0};
    for (int64_t i = 0; i < id_count; i++)
        buf_printf(&named, "%c%ld", i == 0 ? '[' : ',', (long)ids[i]);
    buf_text(&named, id_count == 0 ? "[]" : "]");
    reading.params[END] = T(named.at);
    int64_t count = DB_RECORDS(cx->db, &reading.sort->named[reading.down],
                               ((struct params){reading.params, END_ID}), &job_found_record, found);
    buf_free(&named);
    return finish_all(cx, *found, count);
}

enum { FIND_MOST = 200 };

/* What words find is narrowed by the same filters. */
static void read_found(struct context *cx, const struct job_query *query, int64_t limit,
                       const char *path, struct job_list *list) {
    struct job_found *found;
    int64_t count = job_find(cx, query->q, FIND_MOST, &found);
    int64_t ids[FIND_MOST];
    for (int64_t i = 0; i < count; i++)
        ids[i] = found[i].id;
    list->count = job_list_among(cx, query, ids, count, FIND_MOST + 1, &list->rows);
    if (query->after == NULL) {
        list->matches = list->count;
        list->more_matches = count == FIND_MOST;
    }
    if (list->count > limit) {
        list->count = limit;
        const struct job_found *last = &list->rows[limit - 1];
        list->next = next_url(cx, query, path, last->sort_key, last->id);
    }
}

void job_list_read(struct context *cx, const struct job_query *query, int64_t limit,
                   const char *path, struct job_list *list) {
    *list = (struct job_list){.matches = NONE};
    if (!text_empty(query->q)) {
        read_found(cx, query, limit, path, list);
        return;
    }
    if (text_same(scope_of(query), "open"))
        read_open(cx, query, limit, path, list);
    else
        read_past(cx, query, limit, path, list);
    finish_all(cx, list->rows, list->count);
}

bool job_query_turn(struct context *cx, struct job_query *query, const struct job_list *list) {
    if (list->next == NULL)
        return false;
    const char *marks = strchr(list->next, '?') + 1;
    query->after = url_value(cx->arena, marks, "after");
    query->after_id = strtoll(url_value(cx->arena, marks, "after_id"), NULL, 10);
    return true;
}

enum { WALK_PAGE = 500 };

int64_t job_list_ids(struct context *cx, const struct job_query *query, int64_t most,
                     int64_t *ids) {
    struct job_query page = job_query_kept(query);
    int64_t count = 0;
    struct job_list list;
    do {
        job_list_read(cx, &page, WALK_PAGE, "/jobs", &list);
        for (int64_t i = 0; i < list.count; i++) {
            if (count == most)
                return most + 1;
            ids[count++] = list.rows[i].id;
        }
    } while (job_query_turn(cx, &page, &list));
    return count;
}

/* ------------------------------------------------------------------ finding */

static const struct sql id_by_number = {"job_id_by_number", "select id from job where number = $1",
                                        NULL};
static const struct sql id_by_reference = {"job_id_by_reference",
                                           "select id from job where reference = $1", NULL};

enum { NUMBER_DIGITS = 9, REFERENCE_LENGTH = 8 };

int64_t job_by_code(struct context *cx, const char *typed) {
    if (text_empty(typed))
        return NONE;
    const char *code = text_trim(typed, cx->arena);
    const char *digits = *code == '#' ? code + 1 : code, *prefix = cx->locale->number_prefix;
    if (!text_empty(prefix) && strncasecmp(code, prefix, strlen(prefix)) == 0)
        digits = code + strlen(prefix);
    size_t length = strlen(digits);
    if (length > 0 && length <= NUMBER_DIGITS && strspn(digits, "0123456789") == length) {
        int64_t id = db_int(cx->db, &id_by_number, P(I(strtoll(digits, NULL, 10))));
        if (id != NONE)
            return id;
    }
    const char *reference = reference_read(code, REFERENCE_LENGTH, cx->arena);
    return reference == NULL ? NONE : db_int(cx->db, &id_by_reference, P(T(reference)));
}

/* ------------------------------------------------------------------ words
 *
 * A beginning of a word that fewer than MANY have is looked up in the index of words: all that fit
 * are read. One that more have is so frequent that the newest jobs are walked instead, WINDOW of
 * them, each asked whether it has the words, or WIDE where these are too few. Where that finds
 * nothing, some of the many are shown all the same. */

enum { WORDS_MOST = 4, MANY = 1500, WINDOW = 4000, WIDE = 16000 };

/* The words as ranges of the index; the rarest stands first. */
struct wanted {
    const char *from[WORDS_MOST], *to[WORDS_MOST];
    int count;
    int64_t rows; /* of the rarest, MANY at the most */
};

static const struct sql word_rows = {
    "job_word_rows",
    "select count(*) from (select 1 as one from job_word where word >= $1 and word < $2 limit $3) c",
    NULL};

static struct wanted words_of(struct context *cx, const char *typed) {
    struct wanted wanted = {.rows = MANY};
    char *rest = arena_text(cx->arena, text_fold(typed == NULL ? "" : typed, cx->arena));
    for (char *word = strtok_r(rest, " ", &rest); word != NULL && wanted.count < WORDS_MOST;
         word = strtok_r(NULL, " ", &rest)) {
        int n = wanted.count++;
        wanted.from[n] = word;
        wanted.to[n] = arena_printf(cx->arena, "%s\U0010FFFF", word);
        int64_t rows = db_int(cx->db, &word_rows, P(T(word), T(wanted.to[n]), I(MANY)));
        if (rows >= wanted.rows || n == 0) {
            wanted.rows = n == 0 ? rows : wanted.rows;
            continue;
        }
        wanted.rows = rows;
        const char *from = wanted.from[0], *to = wanted.to[0];
        wanted.from[0] = wanted.from[n];
        wanted.to[0] = wanted.to[n];
        wanted.from[n] = from;
        wanted.to[n] = to;
    }
    return wanted;
}

/* A subquery with a limit is asked for each job in turn and never made a join over all words. */
#define HAS(from, to)                                                                              \
    "(select 1 from job_word x where x.job = j.id and x.word >= " from " and x.word < " to         \
    " limit 1) = 1 "
#define HAS_TOO(from, to) "and (cast(" from " as text) is null or " HAS(from, to) ") "

static const struct sql find_few = {
    "job_find_few",
    FOUND "where j.id in (select c.job from (select w.job from job_word w where w.word >= $1 "
          "and w.word < $2 limit $9) c) and j.id < $10 " HAS_TOO("$3", "$4") HAS_TOO("$5", "$6")
              HAS_TOO("$7", "$8") "order by j.id desc limit $11",
    NULL};
static const struct sql find_many = {"job_find_many",
                                     FOUND "where j.id < $10 and j.id >= $9 and " HAS("$1", "$2")
                                         HAS_TOO("$3", "$4") HAS_TOO("$5", "$6")
                                             HAS_TOO("$7", "$8") "order by j.id desc limit $11",
                                     NULL};
static const struct sql newest_id = {"job_newest_id", "select max(id) from job", NULL};

static int64_t run(struct context *cx, const struct sql *sql, const struct wanted *wanted,
                   int64_t bound, int64_t before, int64_t limit, struct job_found **found) {
    return DB_RECORDS(cx->db, sql,
                      P(T(wanted->from[0]), T(wanted->to[0]), T(wanted->from[1]), T(wanted->to[1]),
                        T(wanted->from[2]), T(wanted->to[2]), T(wanted->from[3]), T(wanted->to[3]),
                        I(bound), I(before), I(limit)),
                      &job_found_record, found);
}

static int64_t find_words(struct context *cx, const struct wanted *wanted, int64_t before,
                          int64_t limit, struct job_found **found, int64_t *next) {
    int64_t top = db_int(cx->db, &newest_id, P0) + 1, count;
    if (before != NONE && before < top)
        top = before;
    if (wanted->rows >= MANY) {
        int64_t bottom = top > WINDOW ? top - WINDOW : 0;
        count = run(cx, &find_many, wanted, bottom, top, limit + 1, found);
        if (count <= limit / 2 && bottom > 0) {
            bottom = top > WIDE ? top - WIDE : 0;
            count = run(cx, &find_many, wanted, bottom, top, limit + 1, found);
        }
        if (count > limit || bottom == 0 || count > 0) {
            *next = count > limit ? (*found)[limit - 1].id : bottom > 0 ? bottom : NONE;
            return count > limit ? limit : count;
        }
        *next = bottom;
        if (before != NONE) /* a later page may be empty and say that it goes on */
            return 0;
    }
    count = run(cx, &find_few, wanted, MANY, top, limit + 1, found);
    if (wanted->rows < MANY)
        *next = count > limit ? (*found)[limit - 1].id : NONE;
    return count > limit ? limit : count;
}

static const struct sql found_by_id = {"job_found_by_id", FOUND "where j.id = $1", NULL};

int64_t job_find_before(struct context *cx, const char *typed, int64_t before, int64_t limit,
                        struct job_found **found, int64_t *next) {
    int64_t ignored, exact = before == NONE ? job_by_code(cx, typed) : NONE, count = 0;
    if (next == NULL)
        next = &ignored;
    *next = NONE;
    *found = NULL;
    if (exact != NONE) {
        count = DB_RECORDS(cx->db, &found_by_id, P(I(exact)), &job_found_record, found);
        return finish_all(cx, *found, count);
    }
    struct wanted wanted = words_of(cx, typed);
    if (wanted.count > 0 && wanted.rows > 0)
        count = find_words(cx, &wanted, before, limit, found, next);
    return finish_all(cx, *found, count);
}

int64_t job_find(struct context *cx, const char *typed, int64_t limit, struct job_found **found) {
    return job_find_before(cx, typed, NONE, limit, found, NULL);
}

static const struct sql found_of_customer = {
    "job_found_of_customer", FOUND "where j.customer = $1 order by j.id desc limit $2", NULL};

int64_t job_find_of_customer(struct context *cx, int64_t customer, int64_t limit,
                             struct job_found **found) {
    int64_t count =
        DB_RECORDS(cx->db, &found_of_customer, P(I(customer), I(limit)), &job_found_record, found);
    return finish_all(cx, *found, count);
}

static const struct sql found_newest = {"job_found_newest", FOUND "order by j.id desc limit $1",
                                        NULL};

int64_t job_find_newest(struct context *cx, int64_t limit, struct job_found **found) {
    int64_t count = DB_RECORDS(cx->db, &found_newest, P(I(limit)), &job_found_record, found);
    return finish_all(cx, *found, count);
}
