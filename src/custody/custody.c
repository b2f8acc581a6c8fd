#include "custody/custody.h"

#include "accounts/account.h"
#include "base/text.h"
#include "paper/code.h"
#include "trade/words.h"
#include "workshop/workshop.h"

#include <string.h>

static const struct word way_words[] = {{"scan", "Scanned"},           {"hand", "Written down"},
                                        {"count", "Found at a count"}, {"program", "By itself"},
                                        {"undo", "Taken back"},        {NULL, NULL}};
const struct vocabulary hand_over_ways = {"way of a hand-over", way_words};

static const struct field hand_over_fields[] = {
    FIELD(struct hand_over, id, FIELD_ID),
    FIELD(struct hand_over, job, FIELD_ID),
    FIELD(struct hand_over, from_place, FIELD_ID),
    FIELD(struct hand_over, from_name, FIELD_TEXT),
    FIELD(struct hand_over, to_place, FIELD_ID),
    FIELD(struct hand_over, to_name, FIELD_TEXT),
    FIELD(struct hand_over, at, FIELD_INSTANT),
    FIELD(struct hand_over, staff_name, FIELD_TEXT),
    FIELD(struct hand_over, whom, FIELD_TEXT),
    FIELD(struct hand_over, note, FIELD_TEXT, .max = 500),
    FIELD(struct hand_over, way, FIELD_CODE, .words = &hand_over_ways),
    FIELD(struct hand_over, batch, FIELD_ID),
    FIELD(struct hand_over, undoes, FIELD_ID),
    FIELD(struct hand_over, undone, FIELD_FLAG),
};
const struct record hand_over_record = RECORD("HandOverRow", struct hand_over, hand_over_fields);

static const struct field whereabouts_fields[] = {
    FIELD(struct whereabouts, job, FIELD_ID),
    FIELD(struct whereabouts, number, FIELD_INT),
    FIELD(struct whereabouts, title, FIELD_TEXT),
    FIELD(struct whereabouts, type, FIELD_CODE, .words = &jewellery_types),
    FIELD(struct whereabouts, picture, FIELD_ID),
    FIELD(struct whereabouts, place, FIELD_ID),
    FIELD(struct whereabouts, place_name, FIELD_TEXT),
    FIELD(struct whereabouts, since, FIELD_INSTANT),
    FIELD(struct whereabouts, by, FIELD_TEXT),
    FIELD(struct whereabouts, whom, FIELD_TEXT),
};
const struct record whereabouts_record =
    RECORD("Whereabouts", struct whereabouts, whereabouts_fields);

/* ------------------------------------------------------------------ reading */

#define PLACE_NAME(p, v) "coalesce(" v ".name, " p ".name)"

static const struct sql trail = {
    "hand_over_trail",
    "select h.id, h.job, h.from_place, " PLACE_NAME("fp", "fv") " as from_name, h.to_place, " PLACE_NAME(
        "tp",
        "tv") " as to_name, h.at, h.staff_name, h.whom, h.note, h.way, h.batch, "
              "h.undoes, case when u.id is null then 0 else 1 end as undone "
              "from hand_over h left join place fp on fp.id = h.from_place "
              "left join vendor fv on fv.id = fp.vendor left join place tp on tp.id = h.to_place "
              "left join vendor tv on tv.id = tp.vendor left join hand_over u on u.undoes = h.id "
              "where h.job = $1 and h.id < $2 order by h.id desc limit $3",
    NULL};

int64_t hand_over_list(struct context *cx, int64_t job, int64_t before, int64_t limit,
                       struct hand_over **rows) {
    return DB_RECORDS(cx->db, &trail, P(I(job), I(before == NONE ? INT64_MAX : before), I(limit)),
                      &hand_over_record, rows);
}

/* The newest row of the job says since when; "by" is a word of SQL's own. */
#define WHERE_IS                                                                                     \
    "select j.id as job, j.number, j.title, j.type, j.picture, j.place, " PLACE_NAME(                \
        "p",                                                                                         \
        "v") " as place_name, h.at as since, h.staff_name as \"by\", h.whom "                        \
             "from job j left join place p on p.id = j.place left join vendor v on v.id = p.vendor " \
             "left join hand_over h on h.id = (select max(n.id) from hand_over n where n.job = j.id) "

static const struct sql where_is = {"custody_where_is", WHERE_IS "where j.id = $1", NULL};
static const struct sql stands_at = {
    "custody_stands_at",
    WHERE_IS "where j.place = $1 and j.place is not null and j.place <> 1 and j.id > $2 "
             "order by j.id limit $3",
    NULL};

bool custody_of(struct context *cx, int64_t job, struct whereabouts *where) {
    record_clear(&whereabouts_record, where);
    return db_record(cx->db, &where_is, P(I(job)), &whereabouts_record, where);
}

int64_t custody_at(struct context *cx, int64_t place, int64_t after, int64_t limit,
                   struct whereabouts **rows) {
    return DB_RECORDS(cx->db, &stands_at, P(I(place), I(after), I(limit)), &whereabouts_record,
                      rows);
}

static const struct sql job_exists = {"custody_job_exists", "select id from job where id = $1",
                                      NULL};
static const struct sql place_exists = {"custody_place_exists",
                                        "select id from place where id = $1", NULL};

bool custody_code(struct context *cx, const char *scanned, const char *base, int64_t *job,
                  int64_t *place) {
    struct code code = code_read(scanned, base, cx->arena);
    *job = code.kind == CODE_JOB      ? job_by_code(cx, code.text)
           : code.kind == CODE_JOB_ID ? db_int(cx->db, &job_exists, P(I(code.number)))
                                      : NONE;
    *place = code.kind == CODE_PLACE ? db_int(cx->db, &place_exists, P(I(code.number))) : NONE;
    return *job != NONE || *place != NONE;
}

/* ------------------------------------------------------------------ handing over */

/* Compare and set: only while it stands where the mover saw it. */
static const struct sql place_set = {
    "custody_place_set",
    "update job set place = $3, updated_at = $4 "
    "where id = $1 and coalesce(place, 0) = coalesce(cast($2 as bigint), 0) "
    "and coalesce(place, 0) <> coalesce(cast($3 as bigint), 0)",
    NULL};
static const struct sql row_insert = {
    "hand_over_insert",
    "insert into hand_over (job, from_place, to_place, at, staff, staff_name, whom, note, way, "
    "batch, undoes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
    NULL};

static int64_t write_down(struct context *cx, const struct hand_over_wish *wish, int64_t undoes) {
    if (db_run(cx->db, &place_set, P(I(wish->job), I(wish->from), I(wish->to), I(cx->now))) != 1)
        return NONE;
    int64_t id = db_insert(cx->db, &row_insert,
                           P(I(wish->job), I(wish->from), I(wish->to), I(cx->now),
                             I(cx->actor->staff > 0 ? cx->actor->staff : NONE), T(cx->actor->name),
                             T(text_empty(wish->whom) ? NULL : wish->whom),
                             T(text_empty(wish->note) ? NULL : wish->note), T(wish->way),
                             I(wish->batch), I(undoes)));
    context_tell(cx, "job", wish->job);
    return id;
}

int64_t hand_over(struct context *cx, const struct hand_over_wish *wish) {
    return write_down(cx, wish, NONE);
}

static const struct sql batch_rows = {
    "hand_over_batch_rows",
    "select h.id, h.job, h.from_place, h.to_place from hand_over h "
    "left join hand_over u on u.undoes = h.id "
    "where (h.id = $1 or (h.batch = $1 and h.batch is not null)) and h.way <> 'undo' "
    "and u.id is null order by h.id limit 200",
    NULL};

int64_t hand_over_undo(struct context *cx, int64_t batch) {
    struct hand_over *rows;
    int64_t undone = 0;
    int64_t count = DB_RECORDS(cx->db, &batch_rows, P(I(batch)), &hand_over_record, &rows);
    for (int64_t i = 0; i < count; i++)
        undone += write_down(cx,
                             &(struct hand_over_wish){.job = rows[i].job,
                                                      .from = rows[i].to_place,
                                                      .to = rows[i].from_place,
                                                      .way = "undo",
                                                      .batch = NONE},
                             rows[i].id) != NONE;
    return undone;
}

/* ------------------------------------------------------------------ what the program knows */

static const struct sql receiving = {"custody_receiving", "select id from place where receives = 1",
                                     NULL};
static const struct sql place_now = {"custody_place_now", "select place from job where id = $1",
                                     NULL};
static const struct sql name_of_staff = {"custody_name_of_staff",
                                         "select name from staff where id = $1", NULL};

/* In the name of whoever set it off. */
static void by_itself(struct context *cx, const struct event *event, int64_t from, int64_t to,
                      const char *note) {
    const struct actor *program = cx->actor;
    const char *name =
        event->actor > 0 ? db_text(cx->db, &name_of_staff, P(I(event->actor))) : NULL;
    struct actor actor = {.staff = event->actor, .name = name};
    if (to == NONE)
        return;
    if (name != NULL)
        cx->actor = &actor;
    hand_over(cx, &(struct hand_over_wish){.job = event->subject,
                                           .from = from,
                                           .to = to,
                                           .note = note,
                                           .way = "program",
                                           .batch = NONE});
    cx->actor = program;
}

static int64_t at_now(struct context *cx, const struct event *event) {
    return db_int(cx->db, &place_now, P(I(event->subject)));
}

static bool is_brought(const struct event *event) {
    return event_says(event, "kind", "repair") && event_says(event, "source", "counter");
}

static enum status receive(struct context *cx, const struct event *event) {
    if (at_now(cx, event) == NONE)
        by_itself(cx, event, NONE, db_int(cx->db, &receiving, P0), NULL);
    return OK;
}

static enum status to_vendor(struct context *cx, const struct event *event, int64_t vendor) {
    struct custody_place place;
    enum status status = place_chosen(cx, arena_printf(cx->arena, "v%ld", (long)vendor), &place);
    if (status == OK)
        by_itself(cx, event, at_now(cx, event), place.id, NULL);
    return status;
}

static bool has_piece(const struct event *event) {
    return event_number(event, "piece") == 1;
}

static enum status sent_along(struct context *cx, const struct event *event) {
    return to_vendor(cx, event, event_number(event, "vendor"));
}

static bool vendors_work(struct context *cx, const struct event *event,
                         struct operation *operation) {
    return operation_load(cx, event_number(event, "operation"), operation) &&
           text_same(operation->kind, "vendor") && operation->vendor != NONE;
}

static bool is_vendors(const struct event *event) {
    return event_says(event, "kind", "vendor");
}

static enum status vendor_began(struct context *cx, const struct event *event) {
    struct operation operation;
    return vendors_work(cx, event, &operation) ? to_vendor(cx, event, operation.vendor) : OK;
}

static const struct sql vendors_place = {"custody_vendors_place",
                                         "select id from place where vendor = $1", NULL};

static enum status vendor_ended(struct context *cx, const struct event *event) {
    struct operation operation;
    if (!vendors_work(cx, event, &operation))
        return OK;
    int64_t place = db_int(cx->db, &vendors_place, P(I(operation.vendor)));
    if (place != NONE && at_now(cx, event) == place)
        by_itself(cx, event, place, db_int(cx->db, &receiving, P0), operation.name);
    return OK;
}

static bool leaves(const char *stage) {
    return text_same(stage, "collected") || text_same(stage, "completed");
}

/* Asked of every move of a stage, so without reading it as JSON. */
static bool to_or_from_customer(const struct event *event) {
    return event->data != NULL && (strstr(event->data, "\"collected\"") != NULL ||
                                   strstr(event->data, "\"completed\"") != NULL);
}

/* A piece for stock stays in the house when it is completed. */
static enum status entered(struct context *cx, const struct event *event) {
    struct job job;
    if (!job_load(cx, event->subject, &job) || text_same(job.kind, "stock"))
        return OK;
    const char *stage = event_text(event, "stage", cx->arena);
    int64_t now = at_now(cx, event);
    if (leaves(stage) && text_same(job.stage, stage) && now != PLACE_CUSTOMER)
        by_itself(cx, event, now, PLACE_CUSTOMER, NULL);
    else if (!leaves(stage) && now == PLACE_CUSTOMER && job.closed_at == NONE)
        by_itself(cx, event, now, db_int(cx->db, &receiving, P0), NULL);
    return OK;
}

/* The newest hand-over, when the program wrote it as the piece went to the customer. */
static const struct sql given = {
    "custody_given",
    "select h.id from hand_over h where h.id = (select max(n.id) from hand_over n where n.job = $1) "
    "and h.to_place = 1 and h.way = 'program'",
    NULL};

static enum status undone(struct context *cx, const struct event *event) {
    struct job job;
    int64_t row = db_int(cx->db, &given, P(I(event->subject)));
    if (row != NONE && job_load(cx, event->subject, &job) && job.closed_at == NONE)
        hand_over_undo(cx, row);
    return OK;
}

const struct reaction custody_reactions[] = {
    {"custody.receive", "job.created", receive, is_brought},
    {"custody.sent", "vendor.requested", sent_along, has_piece},
    {"custody.began", "operation.started", vendor_began, is_vendors},
    {"custody.ended", "operation.ended", vendor_ended, is_vendors},
    {"custody.entered", "job.entered", entered, to_or_from_customer},
    {"custody.undone", "job.undone", undone, NULL},
    {0},
};
