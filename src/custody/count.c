#include "custody/custody.h"

#include "accounts/account.h"
#include "base/text.h"
#include "trade/words.h"

static const struct word state_words[] = {{"open", "Open"}, {"closed", "Closed"}, {NULL, NULL}};
const struct vocabulary count_states = {"state of a count", state_words};
static const struct word fate_words[] = {{"missing", "Missing"},
                                         {"elsewhere", "Not expected here"},
                                         {"moved", "Handed on meanwhile"},
                                         {"seen", "Counted"},
                                         {NULL, NULL}};
const struct vocabulary count_fates = {"outcome of a count", fate_words};

static const struct field count_fields[] = {
    FIELD(struct count, id, FIELD_ID),
    FIELD(struct count, place, FIELD_ID),
    FIELD(struct count, place_name, FIELD_TEXT),
    FIELD(struct count, state, FIELD_CODE, .words = &count_states),
    FIELD(struct count, started_at, FIELD_INSTANT),
    FIELD(struct count, staff_name, FIELD_TEXT),
    FIELD(struct count, closed_at, FIELD_INSTANT),
    FIELD(struct count, closed_by, FIELD_TEXT),
    FIELD(struct count, note, FIELD_LONG, .max = 2000),
    FIELD(struct count, expected, FIELD_INT),
    FIELD(struct count, seen, FIELD_INT),
    FIELD(struct count, missing, FIELD_INT),
    FIELD(struct count, elsewhere, FIELD_INT),
};
const struct record count_record = RECORD("CustodyCount", struct count, count_fields);
static const struct field row_fields[] = {
    FIELD(struct count_row, job, FIELD_ID),
    FIELD(struct count_row, number, FIELD_INT),
    FIELD(struct count_row, title, FIELD_TEXT),
    FIELD(struct count_row, type, FIELD_CODE, .words = &jewellery_types),
    FIELD(struct count_row, picture, FIELD_ID),
    FIELD(struct count_row, expected, FIELD_ID),
    FIELD(struct count_row, expected_name, FIELD_TEXT),
    FIELD(struct count_row, seen_at, FIELD_INSTANT),
    FIELD(struct count_row, seen_place, FIELD_ID),
    FIELD(struct count_row, seen_name, FIELD_TEXT),
    FIELD(struct count_row, staff_name, FIELD_TEXT),
    FIELD(struct count_row, fate, FIELD_CODE, .words = &count_fates),
    FIELD(struct count_row, place_name, FIELD_TEXT),
};
const struct record count_row_record = RECORD("CustodyCountRow", struct count_row, row_fields);

/* ------------------------------------------------------------------ reading */

#define COUNT                                                                                      \
    "select c.id, c.place, coalesce(v.name, p.name) as place_name, c.state, c.started_at, "        \
    "c.staff_name, c.closed_at, c.closed_by, c.note, c.expected, c.seen, c.missing, c.elsewhere "  \
    "from custody_count c left join place p on p.id = c.place "                                    \
    "left join vendor v on v.id = p.vendor "
/* What a row has come to. Of an open count as things stand now: what was not seen and has been
 * handed on is not missing, and what was seen stands elsewhere when nobody wrote it down here. */
#define FATE                                                                                       \
    "case when r.fate is not null then r.fate "                                                    \
    "when r.seen_at is null and coalesce(j.place, 0) <> r.expected then 'moved' "                  \
    "when r.seen_at is null then 'missing' "                                                       \
    "when r.expected is null or (r.seen_place is not null and r.seen_place <> r.expected) "        \
    "then 'elsewhere' else 'seen' end"

static const struct sql count_by_id = {"custody_count_by_id", COUNT "where c.id = $1", NULL};
static const struct sql counts_newest = {"custody_counts_newest",
                                         COUNT "where c.id < $1 order by c.id desc limit $2", NULL};
static const struct sql figures = {"custody_count_figures",
                                   "select fate, count(*) from (select " FATE
                                   " as fate from custody_count_row r "
                                   "join job j on j.id = r.job where r.count = $1) f group by fate",
                                   NULL};
static const struct sql rows_of = {
    "custody_count_rows",
    "select r.job, j.number, j.title, j.type, j.picture, r.expected, "
    "coalesce(ev.name, ep.name) as expected_name, r.seen_at, r.seen_place, "
    "coalesce(sv.name, sp.name) as seen_name, r.staff_name, " FATE " as fate, "
    "coalesce(nv.name, np.name) as place_name "
    "from custody_count_row r join job j on j.id = r.job "
    "left join place ep on ep.id = r.expected left join vendor ev on ev.id = ep.vendor "
    "left join place sp on sp.id = r.seen_place left join vendor sv on sv.id = sp.vendor "
    "left join place np on np.id = j.place left join vendor nv on nv.id = np.vendor "
    "where r.count = $1 order by case " FATE " when 'missing' then 1 when 'elsewhere' then 2 "
    "when 'moved' then 3 else 4 end, j.number limit 3000",
    NULL};

/* A closed one keeps the figures it was closed with. */
static void reckon(struct context *cx, struct count *count) {
    if (!text_same(count->state, "open"))
        return;
    int64_t moved = 0;
    struct rows *rows = db_rows(cx->db, &figures, P(I(count->id)));
    count->seen = count->missing = count->elsewhere = 0;
    while (rows_next(rows)) {
        const char *fate = row_text(rows, 0);
        int64_t number = row_int(rows, 1);
        *(text_same(fate, "seen")        ? &count->seen
          : text_same(fate, "missing")   ? &count->missing
          : text_same(fate, "elsewhere") ? &count->elsewhere
                                         : &moved) = number;
    }
    count->seen += count->elsewhere;
}

bool count_load(struct context *cx, int64_t id, struct count *count) {
    record_clear(&count_record, count);
    if (!db_record(cx->db, &count_by_id, P(I(id)), &count_record, count))
        return false;
    reckon(cx, count);
    return true;
}

int64_t count_rows(struct context *cx, const struct count *count, struct count_row **rows) {
    return DB_RECORDS(cx->db, &rows_of, P(I(count->id)), &count_row_record, rows);
}

int64_t count_list(struct context *cx, int64_t before, int64_t limit, struct count **counts) {
    int64_t count =
        DB_RECORDS(cx->db, &counts_newest, P(I(before == NONE ? INT64_MAX : before), I(limit)),
                   &count_record, counts);
    for (int64_t i = 0; i < count; i++)
        reckon(cx, &(*counts)[i]);
    return count;
}

/* ------------------------------------------------------------------ counting */

static const struct sql open_of = {"custody_count_open_of",
                                   "select id from custody_count where state = 'open' "
                                   "and coalesce(place, 0) = coalesce(cast($1 as bigint), 0)",
                                   NULL};
static const struct sql count_insert = {
    "custody_count_insert",
    "insert into custody_count (place, state, started_at, staff, staff_name) "
    "values ($1, 'open', $2, $3, $4) returning id",
    NULL};
static const struct sql expect_at = {
    "custody_count_expect",
    "insert into custody_count_row (count, job, expected) select $1, j.id, j.place from job j "
    "where j.place = $2 and j.place is not null and j.place <> 1",
    NULL};
static const struct sql expected_set = {
    "custody_count_expected",
    "update custody_count set expected = (select count(*) from custody_count_row where count = $1) "
    "where id = $1",
    NULL};

enum status count_start(struct context *cx, int64_t place_id, int64_t *id) {
    struct custody_place place, *places = &place;
    int64_t places_count = 1;
    if (place_id == NONE)
        places_count = place_list(cx, false, false, &places);
    else if (!place_load(cx, place_id, &place) || place_id == PLACE_CUSTOMER)
        return error_add(cx->errors, INVALID, "place", "unknown_place",
                         "Choose a place where things can be counted.");
    *id = db_int(cx->db, &open_of, P(I(place_id)));
    if (*id != NONE)
        return OK;
    *id = db_insert(cx->db, &count_insert,
                    P(I(place_id), I(cx->now), I(cx->actor->staff > 0 ? cx->actor->staff : NONE),
                      T(cx->actor->name)));
    for (int64_t i = 0; i < places_count; i++)
        if (place_id != NONE || place_in_house(&places[i]))
            db_run(cx->db, &expect_at, P(I(*id), I(places[i].id)));
    db_run(cx->db, &expected_set, P(I(*id)));
    audit_add(cx, "began a count", "count", *id, place_id == NONE ? NULL : place.name);
    context_tell(cx, "count", *id);
    return OK;
}

static enum status open_count(struct context *cx, int64_t id, struct count *count) {
    if (!count_load(cx, id, count))
        return error_add(cx->errors, MISSING, NULL, "unknown_count", "There is no such count.");
    if (!text_same(count->state, "open"))
        return error_add(cx->errors, CONFLICT, NULL, "closed",
                         "%s closed this count. Start another one.", count->closed_by);
    return OK;
}

static const struct sql see = {
    "custody_count_see",
    "insert into custody_count_row (count, job, seen_at, seen_place, staff_name) "
    "values ($1, $2, $3, $4, $5) on conflict (count, job) do update set seen_at = $3, "
    "seen_place = coalesce($4, custody_count_row.seen_place), staff_name = $5 "
    "where custody_count_row.seen_at is null or $4 is not null",
    NULL};
static const struct sql seen_already = {
    "custody_count_seen_already",
    "select seen_at from custody_count_row where count = $1 and job = $2", NULL};
static const struct sql unsee = {
    "custody_count_unsee",
    "update custody_count_row set seen_at = null, seen_place = null, staff_name = null "
    "where count = $1 and job = $2 and expected is not null",
    NULL};
static const struct sql unsee_stranger = {
    "custody_count_unsee_stranger",
    "delete from custody_count_row where count = $1 and job = $2 and expected is null", NULL};

enum status count_see(struct context *cx, int64_t id, int64_t job, int64_t place, bool *again) {
    struct count count;
    enum status status = open_count(cx, id, &count);
    if (status != OK)
        return status;
    *again = db_int(cx->db, &seen_already, P(I(id), I(job))) != NONE;
    db_run(
        cx->db, &see,
        P(I(id), I(job), I(cx->now), I(place != NONE ? place : count.place), T(cx->actor->name)));
    context_tell(cx, "count", id);
    return OK;
}

enum status count_unsee(struct context *cx, int64_t id, int64_t job) {
    struct count count;
    enum status status = open_count(cx, id, &count);
    if (status != OK)
        return status;
    db_run(cx->db, &unsee, P(I(id), I(job)));
    db_run(cx->db, &unsee_stranger, P(I(id), I(job)));
    context_tell(cx, "count", id);
    return OK;
}

static const struct sql put_right_rows = {
    "custody_count_put_right",
    "select r.job, r.seen_place, j.place from custody_count_row r join job j on j.id = r.job "
    "where r.count = $1 and r.seen_place is not null and r.seen_at is not null "
    "and coalesce(j.place, 0) <> r.seen_place order by r.job limit 3000",
    NULL};
static const struct sql fates_set = {
    "custody_count_fates_set",
    "update custody_count_row set fate = (select " FATE " from custody_count_row r "
    "join job j on j.id = r.job where r.count = $1 and r.job = custody_count_row.job) "
    "where count = $1",
    NULL};
static const struct sql count_end = {
    "custody_count_end",
    "update custody_count set state = 'closed', closed_at = $2, closed_by = $3, note = $4, "
    "seen = $5, missing = $6, elsewhere = $7 where id = $1",
    NULL};

enum status count_close(struct context *cx, int64_t id, const char *note, bool put_right) {
    struct count count;
    enum status status = open_count(cx, id, &count);
    if (status != OK)
        return status;
    db_run(cx->db, &fates_set, P(I(id)));
    db_run(cx->db, &count_end,
           P(I(id), I(cx->now), T(cx->actor->name), T(text_empty(note) ? NULL : note),
             I(count.seen), I(count.missing), I(count.elsewhere)));
    if (put_right) {
        struct {
            int64_t job, to, from;
        } found[3000];
        int64_t n = 0;
        struct rows *rows = db_rows(cx->db, &put_right_rows, P(I(id)));
        while (rows_next(rows)) {
            found[n].job = row_int(rows, 0);
            found[n].to = row_int(rows, 1);
            found[n++].from = row_int(rows, 2);
        }
        for (int64_t i = 0; i < n; i++)
            hand_over(cx, &(struct hand_over_wish){.job = found[i].job,
                                                   .from = found[i].from,
                                                   .to = found[i].to,
                                                   .way = "count",
                                                   .batch = NONE});
    }
    audit_add(cx, "closed a count", "count", id,
              arena_printf(cx->arena, "%ld counted, %ld missing, %ld not expected",
                           (long)count.seen, (long)count.missing, (long)count.elsewhere));
    context_tell(cx, "count", id);
    return OK;
}
