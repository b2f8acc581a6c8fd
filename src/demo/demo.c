/* The run: all orders of two years, hour by hour, many steps a commit. */
#include "demo/demo.h"

#include "base/text.h"
#include "demo/inside.h"
#include "shops/shop.h"
#include "work/work.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPEN_MOST = 300,    /* jobs open at the end */
    DETAILED_ALL = 500, /* up to so many orders, every operation of each is recorded */
    DETAILED_LAST = 60, /* of many, so many closed ones are made with everything recorded */
    STEPS_A_COMMIT = 3000,
};
#define ARENA_MOST (64u << 20)

/* ------------------------------------------------------------------ random bytes from the seed */

static struct chance bytes_from; /* the program makes one demo at a time */

static const char *bytes_name(void) {
    return "demo";
}
static uint32_t bytes_random(void) {
    return (uint32_t)chance_next(&bytes_from);
}
static void bytes_fill(void *const at, const size_t size) {
    unsigned char *to = at;
    for (size_t done = 0; done < size; done += 8) {
        uint64_t bits = chance_next(&bytes_from);
        memcpy(to + done, &bits, size - done < 8 ? size - done : 8);
    }
}
static randombytes_implementation bytes_implementation = {
    .implementation_name = bytes_name, .random = bytes_random, .buf = bytes_fill};

/* ------------------------------------------------------------------ what comes next */

/* What happens besides orders; these stand before them in the queue at the same instant. */
enum { DAILY = -1, MONTHLY = -2, FORTNIGHTLY = -3 };

struct turn {
    int64_t at, who; /* who: an order's index, or one of the above */
};
struct queue {
    struct turn *turns; /* a heap, the earliest first */
    int64_t count;
};

static bool turn_before(const struct turn *a, const struct turn *b) {
    return a->at != b->at ? a->at < b->at : a->who < b->who;
}

static void queue_put(struct queue *queue, struct turn turn) {
    int64_t at = queue->count++;
    while (at > 0 && turn_before(&turn, &queue->turns[(at - 1) / 2])) {
        queue->turns[at] = queue->turns[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    queue->turns[at] = turn;
}

static struct turn queue_take(struct queue *queue) {
    struct turn first = queue->turns[0], last = queue->turns[--queue->count];
    int64_t at = 0;
    for (int64_t child; (child = 2 * at + 1) < queue->count; at = child) {
        if (child + 1 < queue->count && turn_before(&queue->turns[child + 1], &queue->turns[child]))
            child++;
        if (!turn_before(&queue->turns[child], &last))
            break;
        queue->turns[at] = queue->turns[child];
    }
    queue->turns[at] = last;
    return first;
}

/* ------------------------------------------------------------------ the orders */

struct run {
    struct demo demo;
    struct order *orders;
    int64_t count, finished;
    struct queue queue;
    int64_t month;
};

/* How many steps the open orders have behind them, in turn: every stage has some, those at which
 * pieces wait more. */
static const int8_t open_steps[] = {7, 4, 1, 9, 5, 3, 11, 6, 1, 8, 10, 2, 3, 5, 1, 8, 11, 4, 3, 6};

static void draw_open(struct run *run, struct order *order) {
    struct demo *demo = &run->demo;
    order->open = true;
    if (order->repair) {
        order->steps = (int8_t)chance_between(&demo->chance, 1, 6);
    } else {
        order->steps = open_steps[order->index % (int64_t)sizeof open_steps];
        order->held = order->steps > 3 && order->steps < 10 && order->index % 17 == 6;
    }
    int64_t since = chance_between(&demo->chance, 2, order->steps == 11 ? 160 : 60); /* tenths */
    order->start = demo->end - (order_days(order, order->steps - 1) + since) * DAY / 10;
}

static void draw_closed(struct run *run, struct order *order, int64_t number, int64_t of) {
    struct demo *demo = &run->demo;
    order->steps = order->repair ? 7 : STEPS;
    order->cancelled = !order->repair && chance_percent(&demo->chance, 6);
    if (order->cancelled)
        order->steps = (int8_t)(chance_percent(&demo->chance, 75) ? 4 : 6);
    int64_t life = order_days(order, order->steps - 1) * DAY / 10 + 2 * DAY;
    int64_t room = demo->end - demo->begin - life - 3 * DAY;
    /* Evenly over the time, a little by chance; more towards the end is what a shop hopes for. */
    int64_t share = of < 2 ? 0 : room / of;
    order->start = demo->begin + DAY + share * number +
                   (share > HOUR ? chance_below(&demo->chance, share / HOUR) * HOUR : 0);
    order->detailed = number >= of - DETAILED_LAST;
}

static void draw_orders(struct run *run, const struct zone *zone) {
    struct demo *demo = &run->demo;
    int64_t custom = demo->settings->orders, repair = custom <= 200 ? custom / 6 : 0;
    run->count = custom + repair;
    run->orders = calloc((size_t)run->count + 1, sizeof *run->orders);
    run->queue.turns = calloc((size_t)run->count + 8, sizeof *run->queue.turns);
    if (run->orders == NULL || run->queue.turns == NULL)
        abort();
    int64_t open = custom * 3 / 5 < OPEN_MOST ? custom * 3 / 5 : OPEN_MOST;
    for (int64_t i = 0; i < run->count; i++) {
        struct order *order = &run->orders[i];
        order->index = i;
        order->repair = i >= custom;
        order->job = order->quote = order->customer = NONE;
        order->chance.state = chance_next(&demo->chance);
        order->pace = chance_between(&demo->chance, 70, 125);
        order->seller = (int16_t)chance_between(&demo->chance, MANAGER, SALES);
        if (order->repair ? i - custom < repair * 2 / 3 : i < open)
            draw_open(run, order);
        else if (order->repair)
            draw_closed(run, order, i - custom - repair * 2 / 3, repair - repair * 2 / 3);
        else
            draw_closed(run, order, i - open, custom - open);
        order->detailed = order->detailed || order->open || custom <= DEMO_ORDERS_WHOLE;
        order->next = order_instant(demo, order, zone, 0);
        queue_put(&run->queue, (struct turn){order->next, i});
    }
    queue_put(&run->queue, (struct turn){demo->begin + 8 * HOUR, DAILY});
    queue_put(&run->queue, (struct turn){demo->begin + 30 * DAY, MONTHLY});
    queue_put(&run->queue, (struct turn){demo->begin + 14 * DAY, FORTNIGHTLY});
}

/* ------------------------------------------------------------------ turns */

static const struct sql messages_sent = {
    "demo_messages_sent",
    "update message set state = 'sent', sent_at = send_after where state = 'waiting' "
    "and send_after <= $1",
    NULL};

/* Mail of the past went out in the past. None is ever sent. */
static enum status daily(struct run *run, struct context *cx, int64_t at) {
    db_run(cx->db, &messages_sent, P(I(at)));
    if (at + DAY < run->demo.end)
        queue_put(&run->queue, (struct turn){at + DAY, DAILY});
    return work_due(cx, true);
}

static enum status take_turn(struct run *run, struct context *cx, const struct turn *turn) {
    struct demo *demo = &run->demo;
    int64_t more;
    cx->now = turn->at;
    cx->actor = &demo->people[OWNER];
    switch (turn->who) {
    case DAILY:
        return daily(run, cx, turn->at);
    case MONTHLY:
    case FORTNIGHTLY:
        more = turn->at + (turn->who == MONTHLY ? 30 : 14) * DAY;
        if (more < demo->end)
            queue_put(&run->queue, (struct turn){more, turn->who});
        run->month += turn->who == MONTHLY;
        return turn->who == FORTNIGHTLY ? ground_restock(demo, cx)
                                        : ground_prices(demo, cx, 24 - run->month);
    default:
        break;
    }
    struct order *order = &run->orders[turn->who];
    enum status status = order_step(demo, cx, order);
    if (status == OK)
        status = work_due(cx, false);
    if (status != OK)
        return error_add(cx->errors, status, NULL, "demo",
                         "Order %ld of the demo stopped at step %d: %s", (long)order->index,
                         order->step - 1,
                         cx->errors->first != NULL ? cx->errors->first->sentence : "unknown");
    if (order->step < order->steps) {
        order->next = order_instant(demo, order, cx->locale->zone, order->step);
        queue_put(&run->queue, (struct turn){order->next, turn->who});
    } else {
        run->finished++;
    }
    return OK;
}

static const struct sql wide_cache = {"demo_cache", "pragma cache_size = -160000", "select 1"};
static const struct sql long_log = {"demo_log", "pragma wal_autocheckpoint = 20000", "select 1"};

/* A good many steps in one commit: the disk is waited for seldom. */
static enum status turns(struct context *cx, void *arg) {
    struct run *run = arg;
    db_int(cx->db, &wide_cache, P0);
    db_int(cx->db, &long_log, P0);
    for (int i = 0; i < STEPS_A_COMMIT && run->queue.count > 0 && !db_failed(cx->db) &&
                    arena_used(cx->arena) < ARENA_MOST;
         i++) {
        struct turn turn = queue_take(&run->queue);
        enum status status = take_turn(run, cx, &turn);
        if (status != OK)
            return status;
        cx->news = NULL; /* nobody looks on */
    }
    return OK;
}

static enum status last_words(struct context *cx, void *arg) {
    struct run *run = arg;
    cx->now = run->demo.end;
    db_run(cx->db, &messages_sent, P(I(run->demo.end + DAY)));
    enum status status = work_due(cx, true);
    return status == OK ? custody_spread(&run->demo, cx) : status;
}

static const struct sql any_job = {"demo_any_job", "select id from job limit 1", NULL};
static const struct sql mark_demo = {"demo_mark", "update shop set demo = 1", NULL};

static enum status ground(struct context *cx, void *arg) {
    struct run *run = arg;
    if (db_int(cx->db, &any_job, P0) != NONE)
        return error_add(
            cx->errors, CONFLICT, NULL, "not_empty",
            "This shop has jobs already: the demo fills an empty one only. Nothing was "
            "changed.");
    enum status status = ground_make(&run->demo, cx);
    db_run(cx->db, &mark_demo, P0);
    return status != OK ? status : work_due(cx, true);
}

/* A unit of work with an arena of its own, told in the caller's errors. */
static enum status write_with(struct run *run, struct context *outer, closure work) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct context cx = {.arena = arena,
                         .errors = &errors,
                         .actor = outer->actor,
                         .locale = outer->locale,
                         .store = outer->store,
                         .now = run->demo.begin};
    enum status status = store_write(outer->store, &cx, work, run);
    for (const struct fault *fault = errors.first; fault != NULL; fault = fault->next)
        error_add(outer->errors, status, fault->field, fault->code, "%s", fault->sentence);
    arena_free(arena);
    return status;
}

static void set_currency(struct demo *demo, const struct context *cx) {
    static const struct {
        const char *code;
        int64_t rate;
    } rates[] = {{"GBP", 100},  {"EUR", 117}, {"USD", 130},  {"CHF", 112},   {"JPY", 19500},
                 {"SEK", 1300}, {"DKK", 870}, {"NOK", 1350}, {"INR", 11000}, {"AUD", 200}};
    demo->decimals = cx->locale->currency->decimals;
    demo->rate = 130;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        if (strcmp(rates[i].code, cx->locale->currency->code) == 0)
            demo->rate = rates[i].rate;
    demo->at_home = text_same(cx->locale->country, "GB");
}

enum status demo_make(struct context *cx, const struct demo_settings *settings,
                      struct demo_person **people, int64_t *count) {
    struct run run = {.month = 0};
    struct demo *demo = &run.demo;
    int64_t today = day_at(cx->locale->zone, cx->now);
    *demo = (struct demo){.settings = settings,
                          .arena = cx->arena,
                          .store = cx->store,
                          .chance = {settings->seed},
                          .end = day_start(cx->locale->zone, today),
                          .begin = day_start(cx->locale->zone, today - 730)};
    demo->busy = settings->orders < 500 ? 1 : settings->orders / 400;
    set_currency(demo, cx);
    enum status status = pictures_prepare(demo, cx->errors);
    bytes_from.state = settings->seed ^ UINT64_C(0x6a09e667f3bcc909);
    randombytes_set_implementation(&bytes_implementation);
    if (status == OK)
        status = write_with(&run, cx, ground);
    if (status == OK)
        draw_orders(&run, cx->locale->zone);
    while (status == OK && run.queue.count > 0) {
        status = write_with(&run, cx, turns);
        if (settings->tell != NULL)
            settings->tell(run.finished, run.count);
    }
    if (status == OK)
        status = write_with(&run, cx, last_words);
    randombytes_set_implementation(&randombytes_sysrandom_implementation);
    pictures_end(demo);
    free(run.orders);
    free(run.queue.turns);
    *count = 0;
    *people = ARENA_ARRAY(cx->arena, struct demo_person, PEOPLE);
    for (int i = MANAGER; i < PEOPLE && status == OK; i++)
        (*people)[(*count)++] = ground_person(i);
    return status;
}
