#include "desk/board.h"

#include "accounts/account.h"
#include "base/text.h"
#include "desk.board.html.h"
#include "desk/board_words.h"
#include "jobs/job.h"

#include <stdlib.h>
#include <string.h>

static const struct field query_fields[] = {
    FIELD(struct board_query, kind, FIELD_CODE, .label = "Kind", .words = &job_kinds),
    FIELD(struct board_query, salesperson, FIELD_ID, .label = "Salesperson"),
    FIELD(struct board_query, late, FIELD_FLAG, .label = "Overdue"),
    FIELD(struct board_query, closed, FIELD_FLAG, .label = "Closed"),
    FIELD(struct board_query, archived, FIELD_FLAG, .label = "Archived"),
};
static const struct record query_record = RECORD("BoardQuery", struct board_query, query_fields);

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

static int64_t reckon_all(const struct reckoning *with, const struct board_query *query,
                          struct board_card *cards, int64_t count) {
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        card_reckon(with, &cards[i]);
        if (query->late != 1 || cards[i].age == AGEING_OVERDUE || cards[i].age == AGEING_SHELF_LONG)
            cards[kept++] = cards[i];
    }
    return kept;
}

static void read_archived(struct context *cx, const struct reckoning *with, struct params params,
                          const struct board_query *query, struct board_card **cards,
                          int64_t *count) {
    struct board_card *archived;
    int64_t more = DB_RECORDS(cx->db, &cards_archived, params, &card_record, &archived);
    more = reckon_all(with, query, archived, more);
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
    struct params params = P(T(board->kind), I(board->query.salesperson));
    struct board_card *cards;
    int64_t count = DB_RECORDS(cx->db, &cards_open, params, &card_record, &cards);
    count = reckon_all(&with, &board->query, cards, count);
    if (board->query.archived == 1)
        read_archived(cx, &with, params, &board->query, &cards, &count);
    read_lanes(cx, board);
    cards_sort(cx, board, cards, count);
    read_closed(cx, &with, board);
    board->card_count = count;
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
    const struct board_query *query = &board->query;
    bool mine = query->salesperson != NONE, late = query->late == 1;
    bool closed = query->closed == 1, archived = query->archived == 1;
    const char *who = mine ? words(v, "%ld", (long)query->salesperson)
                           : words(v, "%ld", (long)(v->actor == NULL ? 0 : v->actor->staff));
    mine ^= strcmp(filter, "mine") == 0;
    late ^= strcmp(filter, "late") == 0;
    closed ^= strcmp(filter, "closed") == 0;
    archived ^= strcmp(filter, "archived") == 0;
    return arena_printf(v->arena, "/board?kind=%s%s%s%s%s%s", board->kind,
                        mine ? "&salesperson=" : "", mine ? who : "", late ? "&late=1" : "",
                        closed ? "&closed=1" : "", archived ? "&archived=1" : "");
}

/* ------------------------------------------------------------------ the routes */

static void board_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Jobs"),
                                .nav = "jobs",
                                .rail = true,
                                .body = board_html,
                                .model = model});
}
static const struct presentation board_as = {&board_record, board_page};

static enum status board_show(struct request *r) {
    struct board board = {.query = *(struct board_query *)r->input};
    board.kind = board.query.kind == NULL ? "custom" : board.query.kind;
    board.mine = board.query.salesperson != NONE;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    board_read(cx, &board);
    return answer(r, &board_as, &board);
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
    {GET, "/board", RIGHT(MAY_SEE_JOBS), board_show, &query_record, .output = &board_as,
     .summary = "Open jobs by stage"},
    {0},
};
