#include "jobs/job_list.h"

#include "accounts/permission.h"
#include "base/text.h"
#include "trade/words.h"

#include <stdlib.h>
#include <string.h>

static const struct field query_fields[] = {
    FIELD(struct job_query, kind, FIELD_CODE, .label = "Kind", .words = &job_kinds),
    FIELD(struct job_query, stage, FIELD_TEXT, .label = "Stage", .max = 40),
    FIELD(struct job_query, status, FIELD_CODE, .label = "Status", .words = &job_statuses),
    FIELD(struct job_query, salesperson, FIELD_ID, .label = "Salesperson"),
    FIELD(struct job_query, q, FIELD_TEXT, .label = "Find"),
    FIELD(struct job_query, late, FIELD_FLAG, .label = "Overdue"),
    FIELD(struct job_query, shelf, FIELD_FLAG, .label = "Long on the ready shelf"),
    FIELD(struct job_query, closed, FIELD_FLAG, .label = "Closed"),
    FIELD(struct job_query, archived, FIELD_FLAG, .label = "Archived"),
    FIELD(struct job_query, after, FIELD_TEXT, .label = "After", .max = 10),
    FIELD(struct job_query, after_id, FIELD_ID),
};
const struct record job_query_record = RECORD("JobQuery", struct job_query, query_fields);

static const struct field found_fields[] = {
    FIELD(struct job_found, id, FIELD_ID),
    FIELD(struct job_found, number, FIELD_INT),
    FIELD(struct job_found, kind, FIELD_CODE, .words = &job_kinds),
    FIELD(struct job_found, stage, FIELD_TEXT),
    FIELD(struct job_found, status, FIELD_CODE, .words = &job_statuses),
    FIELD(struct job_found, held_from, FIELD_TEXT),
    FIELD(struct job_found, type, FIELD_CODE, .words = &jewellery_types),
    FIELD(struct job_found, title, FIELD_TEXT),
    FIELD(struct job_found, customer_name, FIELD_TEXT),
    FIELD(struct job_found, promised_day, FIELD_DAY),
    FIELD(struct job_found, priority, FIELD_CODE, .words = &job_priorities),
    FIELD(struct job_found, salesperson, FIELD_ID),
    FIELD(struct job_found, salesperson_name, FIELD_TEXT),
    FIELD(struct job_found, picture, FIELD_ID),
    FIELD(struct job_found, quoted, FIELD_MONEY),
    FIELD(struct job_found, final, FIELD_MONEY),
    FIELD(struct job_found, paid, FIELD_MONEY),
    FIELD(struct job_found, progress, FIELD_INT, .flags = FIELD_NO_COLUMN),
    FIELD(struct job_found, ageing, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
    FIELD(struct job_found, stage_at, FIELD_INSTANT),
    FIELD(struct job_found, ready_at, FIELD_INSTANT),
    FIELD(struct job_found, closed_at, FIELD_INSTANT),
    FIELD(struct job_found, archived_at, FIELD_INSTANT),
};
const struct record job_found_record = RECORD("JobFound", struct job_found, found_fields);

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
    if (!actor_may(cx->actor, RIGHT(MAY_SEE_PRICES)))
        found->quoted = found->final = found->paid = NONE;
}

static int64_t finish_all(struct context *cx, struct job_found *found, int64_t count) {
    int64_t soon = count > 0 ? due_soon_days(cx) : 0;
    for (int64_t i = 0; i < count; i++)
        job_found_finish(cx, &found[i], soon);
    return count;
}

/* ------------------------------------------------------------------ the list */

#define FOUND                                                                                      \
    "select j.id, j.number, j.kind, j.stage, j.status, j.held_from, j.type, j.title, "             \
    "j.customer_name, j.promised_day, j.priority, j.salesperson, s.name as salesperson_name, "     \
    "j.picture, j.quoted, j.final, j.paid, j.stage_at, j.ready_at, j.closed_at, j.archived_at "    \
    "from job j left join staff s on s.id = j.salesperson "
/* Each filter or none of it. */
#define FILTERED                                                                                   \
    "and (cast($4 as text) is null or j.kind = $4) "                                               \
    "and (cast($5 as text) is null or j.stage = $5) "                                              \
    "and (cast($6 as text) is null or j.status = $6) "                                             \
    "and (cast($7 as bigint) is null or j.salesperson = $7) "                                      \
    "and (cast($8 as text) is null or (j.promised_day < $8 and j.stage <> 'ready')) "              \
    "and (cast($9 as bigint) is null or (j.stage = 'ready' and j.ready_at < $9)) "

/* The first comparison lets the index begin at the key, the second makes it exact. */
static const struct sql list_open = {
    "job_list_open",
    FOUND "where j.closed_at is null and j.archived_at is null "
          "and coalesce(j.promised_day, '9999') >= $1 "
          "and (coalesce(j.promised_day, '9999') > $1 or j.id > $2) " FILTERED
          "order by coalesce(j.promised_day, '9999'), j.id limit $3",
    NULL};
static const struct sql list_closed = {
    "job_list_closed",
    FOUND "where j.closed_at is not null and j.archived_at is null and j.id < $2 "
          "and cast($1 as text) is not null " FILTERED "order by j.id desc limit $3",
    NULL};
static const struct sql list_archived = {"job_list_archived",
                                         FOUND "where j.archived_at is not null and j.id < $2 "
                                               "and cast($1 as text) is not null " FILTERED
                                               "order by j.id desc limit $3",
                                         NULL};

int64_t job_list(struct context *cx, const struct job_query *query, int64_t limit,
                 struct job_found **found) {
    const struct zone *zone = cx->locale->zone;
    int64_t today = day_at(zone, cx->now);
    bool past = query->closed == 1 || query->archived == 1;
    const struct sql *sql = query->archived == 1 ? &list_archived
                            : query->closed == 1 ? &list_closed
                                                 : &list_open;
    int64_t from = query->after_id != NONE ? query->after_id : past ? INT64_MAX : 0;
    int64_t count =
        DB_RECORDS(cx->db, sql,
                   P(T(query->after == NULL ? "" : query->after), I(from), I(limit + 1),
                     T(query->kind), T(query->stage), T(query->status), I(query->salesperson),
                     T(query->late == 1 ? day_text(today, cx->arena) : NULL),
                     I(query->shelf == 1 ? day_start(zone, today - AGEING_SHELF_DAYS) : NONE)),
                   &job_found_record, found);
    return finish_all(cx, *found, count);
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

enum { WORDS_MOST = 3 };

#define AND_WORD(n, from, to)                                                                      \
    "and exists (select 1 from job_word " n " where " n ".job = w.job and " n ".word >= " from     \
    " and " n ".word < " to ") "
#define CANDIDATES "select w.job from job_word w where w.word >= $1 and w.word < $2 "
#define NEWEST "order by w.job desc limit 200) order by j.id desc limit "

static const struct sql find[WORDS_MOST] = {
    {"job_find_1", FOUND "where j.id in (" CANDIDATES NEWEST "$3", NULL},
    {"job_find_2", FOUND "where j.id in (" CANDIDATES AND_WORD("x", "$3", "$4") NEWEST "$5", NULL},
    {"job_find_3",
     FOUND "where j.id in (" CANDIDATES AND_WORD("x", "$3", "$4") AND_WORD("y", "$5", "$6") NEWEST
     "$7",
     NULL},
};

/* The longest word first: it has the fewest candidates. */
static int words_of(struct context *cx, const char *typed, const char **words) {
    char *folded = arena_text(cx->arena, text_fold(typed, cx->arena)), *rest;
    int count = 0;
    for (char *word = strtok_r(folded, " ", &rest); word != NULL && count < WORDS_MOST;
         word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    for (int i = 1; i < count; i++)
        if (strlen(words[i]) > strlen(words[0])) {
            const char *longer = words[i];
            words[i] = words[0];
            words[0] = longer;
        }
    return count;
}

static const struct sql found_by_id = {"job_found_by_id", FOUND "where j.id = $1", NULL};

int64_t job_find(struct context *cx, const char *typed, int64_t limit, struct job_found **found) {
    int64_t exact = job_by_code(cx, typed);
    *found = NULL;
    if (exact != NONE) {
        int64_t one = DB_RECORDS(cx->db, &found_by_id, P(I(exact)), &job_found_record, found);
        return finish_all(cx, *found, one);
    }
    const char *words[WORDS_MOST];
    int count = typed == NULL ? 0 : words_of(cx, typed, words);
    if (count == 0)
        return 0;
    struct param params[2 * WORDS_MOST + 1];
    for (int i = 0; i < count; i++) {
        params[2 * i] = T(words[i]);
        params[2 * i + 1] = T(arena_printf(cx->arena, "%s\U0010FFFF", words[i]));
    }
    params[2 * count] = I(limit);
    int64_t rows = DB_RECORDS(cx->db, &find[count - 1], ((struct params){params, 2 * count + 1}),
                              &job_found_record, found);
    return finish_all(cx, *found, rows);
}
