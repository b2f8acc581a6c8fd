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
    FIELD(struct job_found, place_name, FIELD_TEXT),
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
    "j.picture, j.quoted, j.final, j.paid, j.stage_at, j.ready_at, j.closed_at, j.archived_at, "   \
    "coalesce(v.name, p.name) as place_name from job j "                                           \
    "left join staff s on s.id = j.salesperson left join place p on p.id = j.place "               \
    "left join vendor v on v.id = p.vendor "
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

/* ------------------------------------------------------------------ words
 *
 * A beginning of a word that fewer than MANY have is looked up in the index of words: all that fit
 * are read. One that more have is so frequent that the newest jobs are walked instead, WINDOW of
 * them at the most, each asked whether it has the words. Where that finds nothing, some of the many
 * are shown all the same. */

enum { WORDS_MOST = 4, MANY = 1500, WINDOW = 4000 };

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
