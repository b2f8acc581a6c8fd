#include "desk/board.h"

#include "accounts/account.h"
#include "base/text.h"
#include "desk.board.html.h"
#include "desk/board_words.h"
#include "jobs/job.h"
#include "shops/location.h"

#include <stdlib.h>
#include <string.h>

static const struct field card_fields[] = {
    FIELD(struct board_card, id, FIELD_ID),
    FIELD(struct board_card, number, FIELD_INT),
    FIELD(struct board_card, stage, FIELD_TEXT),
    FIELD(struct board_card, status, FIELD_TEXT),
    FIELD(struct board_card, held_from, FIELD_TEXT),
    FIELD(struct board_card, title, FIELD_TEXT),
    FIELD(struct board_card, type, FIELD_TEXT),
    FIELD(struct board_card, customer_name, FIELD_TEXT),
    FIELD(struct board_card, salesperson, FIELD_ID),
    FIELD(struct board_card, salesperson_name, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
    FIELD(struct board_card, promised_day, FIELD_DAY),
    FIELD(struct board_card, priority, FIELD_TEXT),
    FIELD(struct board_card, picture, FIELD_ID),
    FIELD(struct board_card, quoted, FIELD_MONEY),
    FIELD(struct board_card, final, FIELD_MONEY),
    FIELD(struct board_card, deposit, FIELD_MONEY),
    FIELD(struct board_card, paid, FIELD_MONEY),
    FIELD(struct board_card, balance, FIELD_MONEY, .flags = FIELD_NO_COLUMN),
    FIELD(struct board_card, progress, FIELD_INT, .flags = FIELD_NO_COLUMN),
    FIELD(struct board_card, ageing, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
    FIELD(struct board_card, stage_at, FIELD_INSTANT),
    FIELD(struct board_card, ready_at, FIELD_INSTANT),
    FIELD(struct board_card, closed_at, FIELD_INSTANT),
    FIELD(struct board_card, archived_at, FIELD_INSTANT),
};
static const struct record card_record = RECORD("BoardCard", struct board_card, card_fields);

static const struct field lane_fields[] = {
    FIELD(struct board_lane, stage, FIELD_TEXT),
    FIELD(struct board_lane, label, FIELD_TEXT),
    FIELD(struct board_lane, progress, FIELD_INT),
    FIELD(struct board_lane, number, FIELD_INT),
    FIELD(struct board_lane, value, FIELD_MONEY),
    FIELD(struct board_lane, folded, FIELD_FLAG),
    FIELD_ROWS(struct board_lane, cards, card_count, &card_record),
};
static const struct record lane_record = RECORD("BoardLane", struct board_lane, lane_fields);

static const struct field board_fields[] = {
    FIELD(struct board, kind, FIELD_CODE, .words = &job_kinds),
    FIELD(struct board, custom, FIELD_INT),
    FIELD(struct board, repair, FIELD_INT),
    FIELD(struct board, stock, FIELD_INT),
    FIELD_ROWS(struct board, lanes, lane_count, &lane_record),
};
static const struct record board_record = RECORD("Board", struct board, board_fields);

/* ------------------------------------------------------------------ reading */

enum { LANE_MOST = 200 }; /* cards shown of a lane, the most urgent; as the statements below say */

/* Names and order are given here, not by the engine: with three hundred cards a join and a sort
 * cost more than all the rest. */
#define CARDS                                                                                      \
    "select j.id, j.number, j.stage, j.status, j.held_from, j.title, j.type, j.customer_name, "    \
    "j.salesperson, j.promised_day, j.priority, j.picture, j.quoted, j.final, j.deposit, j.paid, " \
    "j.stage_at, j.ready_at, j.closed_at, j.archived_at from job j where j.kind = $1 "
#define WHOSE "and (cast($2 as bigint) is null or j.salesperson = $2) "

static const struct sql cards_open = {
    "board_open", CARDS "and j.closed_at is null and j.archived_at is null " WHOSE, NULL};
static const struct sql cards_archived = {
    "board_archived",
    CARDS "and j.closed_at is null and j.archived_at is not null " WHOSE "order by j.id limit 200",
    NULL};
static const struct sql cards_closed = {
    "board_closed",
    CARDS "and j.closed_at >= $3 and j.archived_at is null and j.stage <> 'cancelled' " WHOSE
          "order by j.closed_at desc, j.id desc limit 200",
    NULL};
static const struct sql closed_number = {
    "board_closed_number",
    "select count(*) from job j where j.kind = $1 and j.closed_at >= $3 "
    "and j.archived_at is null and j.stage <> 'cancelled' " WHOSE,
    NULL};
static const struct sql kinds_open = {
    "board_kinds",
    "select kind, count(*) from job where closed_at is null and archived_at is null group by kind",
    NULL};

static void read_kinds(struct context *cx, struct board *board) {
    struct rows *rows = db_rows(cx->db, &kinds_open, P0);
    while (rows_next(rows)) {
        const char *kind = row_text(rows, 0);
        int64_t *number = text_same(kind, "custom")   ? &board->custom
                          : text_same(kind, "repair") ? &board->repair
                                                      : &board->stock;
        *number = row_int(rows, 1);
    }
    rows_end(rows);
}

static void read_lanes(struct context *cx, struct board *board) {
    int64_t count;
    const struct stage *stages = stages_of(board->kind, &count);
    board->lanes = ARENA_ARRAY(cx->arena, struct board_lane, (size_t)count);
    for (int64_t i = 0; i < count && !stages[i].side; i++)
        board->lanes[board->lane_count++] = (struct board_lane){
            .stage = stages[i].code, .label = stages[i].label, .progress = stages[i].progress};
}

/* A held card lies in the lane that it is held at. */
static struct board_lane *lane_of(struct board *board, const struct board_card *card) {
    const char *stage = text_same(card->stage, STAGE_ON_HOLD) ? card->held_from : card->stage;
    for (int64_t i = 0; i < board->lane_count; i++)
        if (strcmp(board->lanes[i].stage, stage) == 0)
            return &board->lanes[i];
    return NULL;
}

struct person {
    int64_t id;
    const char *name, *initials;
    int tone;
};

/* What all cards are reckoned with. */
struct reckoning {
    struct arena *arena;
    const struct locale *reader;
    const struct zone *zone;
    const char *kind;
    int64_t today, soon;
    int year; /* today's */
    bool prices;
    struct person *people;
    int64_t people_count;
};

static void people_read(struct context *cx, struct reckoning *with) {
    struct staff *staff;
    with->people_count = staff_list(cx, false, &staff);
    with->people = ARENA_ARRAY(cx->arena, struct person, (size_t)with->people_count + 1);
    for (int64_t i = 0; i < with->people_count; i++)
        with->people[i] =
            (struct person){staff[i].id, staff[i].name, text_initials(staff[i].name, cx->arena),
                            tone(staff[i].name)};
}

static const char *date_words(const struct reckoning *with, int64_t number) {
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (with->reader->format != NULL)
        return locale_day_short(with->reader, number, with->today, with->arena);
    struct civil civil = day_civil(number);
    if (civil.year != with->year)
        return arena_printf(with->arena, "%d %s %d", civil.day, months[civil.month - 1],
                            civil.year);
    char text[8], *at = text;
    if (civil.day > 9)
        *at++ = (char)('0' + civil.day / 10);
    *at++ = (char)('0' + civil.day % 10);
    *at++ = ' ';
    memcpy(at, months[civil.month - 1], 3);
    return arena_text_n(with->arena, text, (size_t)(at + 3 - text));
}

static void card_date(const struct reckoning *with, struct board_card *card) {
    int64_t promised = NONE, entered = NONE;
    if (card->promised_day != NULL && !day_parse(card->promised_day, &promised))
        promised = NONE;
    if (text_same(card->stage, "ready")) /* how long on the shelf */
        entered = day_at(with->zone, card->ready_at != NONE ? card->ready_at : card->stage_at);
    card->age = job_ageing(with->kind, card->stage, promised, entered, with->today, with->soon);
    card->ageing = ageing_code(card->age);
    if (card->closed_at != NONE)
        card->date = date_words(with, day_at(with->zone, card->closed_at));
    else if (card->age == AGEING_SHELF || card->age == AGEING_SHELF_LONG)
        card->date = arena_printf(with->arena, "%ld days", (long)(with->today - entered));
    else
        card->date = promised == NONE ? "No date" : date_words(with, promised);
}

static void card_reckon(const struct reckoning *with, struct board_card *card) {
    card_date(with, card);
    card->progress = stage_progress(with->kind, card->stage, card->held_from);
    for (int64_t i = 0; i < with->people_count && card->salesperson != NONE; i++)
        if (with->people[i].id == card->salesperson) {
            card->salesperson_name = with->people[i].name;
            card->initials = with->people[i].initials;
            card->tone = with->people[i].tone;
            break;
        }
    if (!with->prices) {
        card->quoted = card->final = card->deposit = card->paid = card->balance = NONE;
        return;
    }
    int64_t price = card->final != NONE ? card->final : card->quoted;
    card->balance = price == NONE ? NONE : price - card->paid;
}

/* Rush first, then by promised day; those without one last. */
static int by_urgency(const void *a, const void *b) {
    const struct board_card *one = a, *other = b;
    int rush = text_same(other->priority, "rush") - text_same(one->priority, "rush");
    if (rush != 0)
        return rush;
    int day = strcmp(one->promised_day == NULL ? "9999" : one->promised_day,
                     other->promised_day == NULL ? "9999" : other->promised_day);
    return day != 0 ? day : (one->id > other->id) - (one->id < other->id);
}

static int64_t card_price(const struct board_card *card) {
    return card->final != NONE ? card->final : card->quoted;
}

/* First counts, then fills: each lane's cards lie beside each other. */
static void cards_sort(struct context *cx, struct board *board, struct board_card *cards,
                       int64_t count) {
    struct board_lane **lanes = ARENA_ARRAY(cx->arena, struct board_lane *, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        if ((lanes[i] = lane_of(board, &cards[i])) != NULL)
            lanes[i]->number++;
    for (int64_t i = 0; i < board->lane_count; i++)
        board->lanes[i].cards =
            ARENA_ARRAY(cx->arena, struct board_card, (size_t)board->lanes[i].number + 1);
    for (int64_t i = 0; i < count; i++) {
        struct board_lane *lane = lanes[i];
        if (lane == NULL)
            continue;
        lane->cards[lane->card_count++] = cards[i];
        if (card_price(&cards[i]) == NONE)
            continue;
        lane->quoted++;
        lane->value += card_price(&cards[i]);
    }
    for (int64_t i = 0; i < board->lane_count; i++) {
        struct board_lane *lane = &board->lanes[i];
        qsort(lane->cards, (size_t)lane->card_count, sizeof(struct board_card), by_urgency);
        if (lane->card_count > LANE_MOST)
            lane->card_count = LANE_MOST;
    }
}

/* With a filter the list finds the jobs, so that a word means the same on both. */
static int64_t read_filtered(struct context *cx, const struct board *board, const char *scope,
                             struct board_card **out) {
    enum { FILTERED_MOST = 5000 };
    struct job_query query = board->query;
    struct job_list list;
    query.scope = scope;
    query.closed = query.archived = 0;
    job_list_read(cx, &query, FILTERED_MOST, "/board", &list);
    struct board_card *cards = ARENA_ARRAY(cx->arena, struct board_card, (size_t)list.count + 1);
    for (int64_t i = 0; i < list.count; i++) {
        const struct job_found *job = &list.rows[i];
        cards[i] = (struct board_card){.id = job->id,
                                       .number = job->number,
                                       .stage = job->stage,
                                       .status = job->status,
                                       .held_from = job->held_from,
                                       .title = job->title,
                                       .type = job->type,
                                       .customer_name = job->customer_name,
                                       .salesperson = job->salesperson,
                                       .promised_day = job->promised_day,
                                       .priority = job->priority,
                                       .picture = job->picture,
                                       .quoted = job->quoted,
                                       .final = job->final,
                                       .deposit = job->deposit,
                                       .paid = job->paid,
                                       .balance = NONE,
                                       .stage_at = job->stage_at,
                                       .ready_at = job->ready_at,
                                       .closed_at = job->closed_at,
                                       .archived_at = job->archived_at};
    }
    *out = cards;
    return list.count;
}

static int64_t read_cards(struct context *cx, const struct reckoning *with,
                          const struct board *board, bool archived, struct board_card **cards) {
    struct params params = P(T(board->kind), I(board->query.salesperson));
    int64_t count = board->filtered ? read_filtered(cx, board, archived ? "archived" : NULL, cards)
                                    : DB_RECORDS(cx->db, archived ? &cards_archived : &cards_open,
                                                 params, &card_record, cards);
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        card_reckon(with, &(*cards)[i]);
        if (!archived ||
            (*cards)[i].closed_at == NONE) /* what was closed has no lane but the last */
            (*cards)[kept++] = (*cards)[i];
    }
    return kept;
}

static void read_archived(struct context *cx, const struct reckoning *with,
                          const struct board *board, struct board_card **cards, int64_t *count) {
    struct board_card *archived;
    int64_t more = read_cards(cx, with, board, true, &archived);
    struct board_card *both =
        ARENA_ARRAY(cx->arena, struct board_card, (size_t)(*count + more) + 1);
    memcpy(both, *cards, (size_t)*count * sizeof **cards);
    memcpy(both + *count, archived, (size_t)more * sizeof *archived);
    *cards = both;
    *count += more;
}

/* The last lane is what was handed over since Monday: its number, and its cards when it is opened.
 */
static void read_closed(struct context *cx, const struct reckoning *with, struct board *board) {
    int64_t monday = day_start(with->zone, with->today - day_weekday(with->today));
    struct board_lane *lane = &board->lanes[board->lane_count - 1];
    struct params params = P(T(board->kind), I(board->query.salesperson), I(monday));
    if (board->query.closed == 1) {
        lane->card_count = DB_RECORDS(cx->db, &cards_closed, params, &card_record, &lane->cards);
        for (int64_t i = 0; i < lane->card_count; i++)
            card_reckon(with, &lane->cards[i]);
        lane->number = lane->card_count;
    } else {
        lane->number = db_int(cx->db, &closed_number, params);
    }
}

/* ------------------------------------------------------------------ how it is looked at */

static const struct field look_fields[] = {
    FIELD(struct board_look, compact, FIELD_FLAG, .label = "Small cards"),
    FIELD(struct board_look, lanes, FIELD_TEXT, .label = "Lanes across", .max = 20),
};
static const struct record look_record = RECORD("BoardLook", struct board_look, look_fields);

static const struct sql look_of = {"board_look_of",
                                   "select compact, lanes from board_look where staff = $1", NULL};
static const struct sql folds_of = {
    "board_folds_of", "select stage from board_fold where staff = $1 and kind = $2", NULL};

static void read_look(struct context *cx, struct board *board) {
    db_record(cx->db, &look_of, P(I(cx->actor->staff)), &look_record, &board->look);
    struct rows *rows = db_rows(cx->db, &folds_of, P(I(cx->actor->staff), T(board->kind)));
    while (rows_next(rows))
        for (int64_t i = 0; i < board->lane_count; i++)
            if (text_same(board->lanes[i].stage, row_text(rows, 0)))
                board->lanes[i].folded = 1;
    rows_end(rows);
}

bool card_swims(const struct board_card *card, const struct board_swim *swim) {
    if (swim->name == NULL)
        return true;
    return swim->priority != NULL ? text_same(card->priority, swim->priority)
                                  : card->salesperson == swim->salesperson;
}

int64_t lane_number(const struct board_lane *lane, const struct board_swim *swim) {
    int64_t number = 0;
    if (swim->name == NULL)
        return lane->number;
    for (int64_t i = 0; i < lane->card_count; i++)
        number += card_swims(&lane->cards[i], swim);
    return number;
}

/* Only those that somebody's card lies in, who looks first. */
static void make_swims(struct context *cx, const struct reckoning *with, struct board *board) {
    bool people = text_same(board->look.lanes, "salesperson");
    board->swims = ARENA_ARRAY(cx->arena, struct board_swim, (size_t)with->people_count + 3);
    if (board->look.lanes == NULL) {
        board->swims[board->swim_count++] = (struct board_swim){.salesperson = NONE};
        return;
    }
    struct board_swim *all =
        ARENA_ARRAY(cx->arena, struct board_swim, (size_t)with->people_count + 3);
    int64_t count = 0;
    if (people) {
        for (int64_t mine = 1; mine >= 0; mine--)
            for (int64_t i = 0; i < with->people_count; i++)
                if ((with->people[i].id == cx->actor->staff) == mine)
                    all[count++] = (struct board_swim){.name = with->people[i].name,
                                                       .salesperson = with->people[i].id};
        all[count++] = (struct board_swim){.name = "Nobody’s", .salesperson = NONE};
    } else {
        all[count++] = (struct board_swim){.name = "Rush", .priority = "rush"};
        all[count++] = (struct board_swim){.name = "Normal", .priority = "normal"};
    }
    for (int64_t s = 0; s < count; s++) {
        for (int64_t i = 0; i < board->lane_count; i++)
            all[s].number += lane_number(&board->lanes[i], &all[s]);
        if (all[s].number > 0)
            board->swims[board->swim_count++] = all[s];
    }
    if (board->swim_count == 0) /* there must be lanes to show that they are empty */
        board->swims[board->swim_count++] = (struct board_swim){.salesperson = NONE};
}

static void board_read(struct context *cx, struct board *board) {
    int64_t today = day_at(cx->locale->zone, cx->now);
    struct reckoning with = {.arena = cx->arena,
                             .reader = context_reader(cx),
                             .zone = cx->locale->zone,
                             .kind = board->kind,
                             .today = today,
                             .year = day_civil(today).year,
                             .soon = due_soon_days(cx),
                             .prices = actor_may(cx->actor, RIGHT(MAY_SEE_PRICES))};
    people_read(cx, &with);
    struct board_card *cards;
    int64_t count = read_cards(cx, &with, board, false, &cards);
    if (board->query.archived == 1)
        read_archived(cx, &with, board, &cards, &count);
    read_lanes(cx, board);
    read_look(cx, board);
    cards_sort(cx, board, cards, count);
    read_closed(cx, &with, board);
    board->card_count = count;
    make_swims(cx, &with, board);
    if (!with.prices)
        for (int64_t i = 0; i < board->lane_count; i++)
            board->lanes[i].value = NONE;
    read_kinds(cx, board);
}

/* ------------------------------------------------------------------ words */

const char *card_class(const struct board_card *card) {
    bool late = card->age == AGEING_OVERDUE || card->age == AGEING_SHELF_LONG;
    return late                                    ? "job-card is-late"
           : text_same(card->stage, STAGE_ON_HOLD) ? "job-card is-held"
                                                   : "job-card";
}

const char *card_date_class(const struct board_card *card) {
    switch (card->age) {
    case AGEING_OVERDUE:
    case AGEING_SHELF_LONG:
        return "late";
    case AGEING_SOON:
    case AGEING_SHELF:
        return "soon";
    case AGEING_NONE:
    case AGEING_FINE:
        break;
    }
    return NULL;
}

const char *card_date_title(struct view *v, const struct board_card *card) {
    switch (card->age) {
    case AGEING_OVERDUE:
        return view_t(v, "Overdue");
    case AGEING_SOON:
        return view_t(v, "Due soon");
    case AGEING_SHELF:
    case AGEING_SHELF_LONG:
        return view_t(v, "On the ready shelf");
    case AGEING_NONE:
    case AGEING_FINE:
        break;
    }
    return NULL;
}

const char *card_balance(struct view *v, const struct board_card *card) {
    return card->balance != NONE && card->balance <= 0 && card->paid > 0
               ? view_t(v, "Paid")
               : money_short(v, card->balance);
}

const char *board_url(struct view *v, const struct board *board, const char *filter) {
    struct job_query query = job_query_kept(&board->query);
    query.kind = board->kind;
    if (strcmp(filter, "mine") == 0)
        query.salesperson = board->mine ? NONE : v->actor == NULL ? 0 : v->actor->staff;
    if (strcmp(filter, "late") == 0)
        query.due = text_same(query.due, "overdue") ? NULL : "overdue";
    if (strcmp(filter, "closed") == 0)
        query.closed = query.closed != 1;
    if (strcmp(filter, "archived") == 0)
        query.archived = query.archived != 1;
    if (strcmp(filter, "list") != 0)
        return job_query_url(v->arena, "/board", &query);
    if (query.closed == 1 || query.archived == 1)
        query.scope = query.archived == 1 ? "archived" : NULL;
    query.closed = query.archived = 0;
    return job_query_url(v->arena, "/jobs", &query);
}

/* ------------------------------------------------------------------ the routes */

static void board_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Jobs"),
                                .nav = "jobs",
                                .rail = true,
                                .besides = "views",
                                .body = board_html,
                                .model = model});
}
static const struct presentation board_as = {&board_record, board_page};

static enum status board_show(struct request *r) {
    struct board board = {.query = *(struct job_query *)r->input};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    /* Both flags mean lanes here, not a list of their own. */
    int64_t closed = board.query.closed, archived = board.query.archived;
    board.kind = board.query.kind == NULL ? "custom" : board.query.kind;
    board.query.kind = board.kind;
    board.query.closed = board.query.archived = 0;
    board.query.sort = board.query.scope = board.query.stage = NULL;
    enum status status = job_query_check(cx, &board.query);
    if (status != OK)
        return status;
    board.query.closed = closed;
    board.query.archived = archived;
    board.mine = board.query.salesperson != NONE;
    struct job_query rest = board.query;
    rest.kind = NULL;
    board.filtered = job_query_filters(&rest);
    if (!r->json) {
        board.staff_count = staff_list(cx, true, &board.staff);
        board.has_locations = location_words(cx, board.query.location, &board.locations);
    }
    board_read(cx, &board);
    return answer(r, &board_as, &board);
}

/* What is remembered of how somebody looks tells nobody else anything: no news. */
struct fold {
    const char *kind, *stage;
    int64_t folded;
};
static const struct field fold_fields[] = {
    FIELD(struct fold, kind, FIELD_CODE, .label = "Kind", .words = &job_kinds,
          .flags = FIELD_REQUIRED),
    FIELD(struct fold, stage, FIELD_TEXT, .label = "Stage", .max = 40, .flags = FIELD_REQUIRED),
    FIELD(struct fold, folded, FIELD_FLAG, .label = "Folded"),
};
static const struct record fold_record = RECORD("BoardFold", struct fold, fold_fields);
static const struct presentation fold_as = {&fold_record, NULL};
static const struct presentation look_as = {&look_record, NULL};

static const struct sql fold_add = {
    "board_fold_add",
    "insert into board_fold (staff, kind, stage) values ($1, $2, $3) on conflict do nothing", NULL};
static const struct sql fold_drop = {
    "board_fold_drop", "delete from board_fold where staff = $1 and kind = $2 and stage = $3",
    NULL};
static const struct sql look_set = {
    "board_look_set",
    "insert into board_look (staff, compact, lanes) values ($1, $2, $3) "
    "on conflict (staff) do update set compact = $2, lanes = $3",
    NULL};

static enum status write_fold(struct context *cx, void *arg) {
    const struct fold *fold = arg;
    const struct stage *stage = stage_find(fold->kind, fold->stage);
    if (stage == NULL || stage->side)
        return error_add(cx->errors, INVALID, "stage", "unknown_stage",
                         "The board has no lane “%s”. It has %s.", fold->stage,
                         stages_listed(fold->kind, cx->arena));
    db_run(cx->db, fold->folded == 1 ? &fold_add : &fold_drop,
           P(I(cx->actor->staff), T(fold->kind), T(fold->stage)));
    context_outcome(cx, &(struct outcome){.status = 200, .record = &fold_record, .model = fold});
    return OK;
}

static enum status fold_post(struct request *r) {
    return request_write(r, write_fold, r->input);
}

static enum status write_look(struct context *cx, void *arg) {
    const struct board_look *look = arg;
    if (look->lanes != NULL && !text_same(look->lanes, "salesperson") &&
        !text_same(look->lanes, "priority"))
        return error_add(cx->errors, INVALID, "lanes", "unknown_lanes",
                         "Lanes lie across by salesperson or by priority.");
    db_run(cx->db, &look_set, P(I(cx->actor->staff), I(look->compact == 1), T(look->lanes)));
    context_outcome(cx, &(struct outcome){.status = 200, .record = &look_record, .model = look});
    return OK;
}

static enum status look_post(struct request *r) {
    return request_write(r, write_look, r->input);
}

static enum status home(struct request *r) {
    return answer_redirect(r, r->cx.actor->staff > 0 ? "/board" : "/sign-in");
}

/* What changed, for every page that follows the shop. */
static enum status live(struct request *r) {
    return answer_live(r);
}

const struct route board_routes[] = {
    {GET, "/", RIGHT_PUBLIC, home, .flags = ROUTE_PAGE},
    {GET, "/live", RIGHT_SIGNED_IN, live, .flags = ROUTE_PAGE},
    {GET, "/board", RIGHT(MAY_SEE_JOBS), board_show, &job_query_record, .output = &board_as,
     .summary = "Open jobs by stage"},
    {POST, "/board/fold", RIGHT(MAY_SEE_JOBS), fold_post, &fold_record, .output = &fold_as,
     .summary = "Fold a lane of the board, or open it: remembered for you"},
    {POST, "/board/look", RIGHT(MAY_SEE_JOBS), look_post, &look_record, .output = &look_as,
     .summary = "Small cards, and lanes across: remembered for you"},
    {0},
};
