/* One order's life, step by step, each through the rules and by whoever does such a thing. */
#include "base/text.h"
#include "customers/customer.h"
#include "demo/inside.h"
#include "demo/people.h"
#include "flow/flow.h"
#include "jobs/job.h"
#include "quotes/making.h"
#include "quotes/quote.h"
#include "stock/stock.h"
#include "workshop/workshop.h"

#include <string.h>

/* ------------------------------------------------------------------ when */

/* Tenths of days after taking in, at the usual pace. */
static const int64_t days[STEPS] = {0, 15, 30, 45, 55, 90, 125, 145, 190, 220, 240, 275};
static const int64_t repair_days[] = {0, 10, 20, 40, 70, 90, 120};

int64_t order_days(const struct order *order, int step) {
    return (order->repair ? repair_days[step] : days[step]) * order->pace / 100;
}

int64_t order_instant(const struct demo *demo, struct order *order, const struct zone *zone,
                      int step) {
    int64_t at = order->start + order_days(order, step) * DAY / 10;
    struct civil civil = civil_at(zone, at);
    if (civil.weekday == 6)
        civil = civil_at(zone, at - DAY);
    int64_t minute = chance_between(&order->chance, 9 * 60 + 20, 17 * 60 + 10);
    civil.hour = (int)(minute / 60);
    civil.minute = (int)(minute % 60);
    civil.second = (int)chance_below(&order->chance, 60);
    at = instant_of(zone, &civil);
    if (step > 0 && at < order->last + 12 * MINUTE)
        at = order->last + 12 * MINUTE + chance_below(&order->chance, 30) * MINUTE;
    return at < demo->end ? at : demo->end - MINUTE + step * SECOND;
}

/* ------------------------------------------------------------------ small parts */

static void act_as(struct demo *demo, struct context *cx, int person) {
    cx->actor = &demo->people[person];
}

static const struct sql stage_of = {"demo_stage_of", "select stage from job where id = $1", NULL};

static enum status move_to(struct context *cx, struct order *order, const char *to,
                           const char *note) {
    struct moved moved;
    const char *from = db_text(cx->db, &stage_of, P(I(order->job)));
    if (from == NULL || strcmp(from, to) == 0)
        return OK;
    return job_move(cx, order->job, &(struct move){.from = from, .to = to, .note = note}, &moved);
}

static enum status say(struct context *cx, struct order *order, const char *text) {
    int64_t comment;
    return order->detailed ? job_comment(cx, order->job, text, &comment) : OK;
}

/* The piece is drawn from a copy of the order's chance, so that it is the same whenever asked. */
static struct piece_wish piece_of(const struct order *order, struct arena *arena) {
    struct chance chance = {(uint64_t)order->index * UINT64_C(0x2545f4914f6cdd1d) + 7};
    return piece_choose(&chance, order->index, arena);
}

/* A new plan for what is open. A bench that cannot be planned stops nobody. */
static void plan(struct context *cx, struct order *order, bool promise) {
    struct errors faults = {.arena = cx->arena};
    struct context quiet = *cx;
    quiet.errors = &faults;
    if (order->detailed)
        workshop_plan(&quiet, order->job, promise, NULL);
    cx->news = quiet.news;
}

/* ------------------------------------------------------------------ who orders */

static enum status customer_make(struct demo *demo, struct context *cx, struct order *order) {
    /* Letters are written for the orders that are looked at; writing one takes its time. */
    bool mail = order->detailed && chance_percent(&order->chance, 90);
    struct person person =
        person_make(&order->chance, demo->people_made, mail, demo->at_home, cx->arena);
    struct customer customer;
    struct customer_contact contacts[2];
    record_clear(&customer_record, &customer);
    customer.name = person.name;
    customer.address = person.address;
    customer.consent_email = mail;
    customer.consent_phone = 1;
    if (chance_percent(&order->chance, 50))
        customer.ring_size = chance_between(&order->chance, 47, 60) * 1000;
    customer.contacts = contacts;
    const char *values[] = {person.phone, person.email};
    for (int i = 0; i < 2; i++)
        if (values[i] != NULL) {
            record_clear(&customer_contact_record, &contacts[customer.contact_count]);
            contacts[customer.contact_count++].value = values[i];
        }
    enum status status = customer_save(cx, &customer);
    if (status != OK)
        return status;
    demo->people_made++;
    order->customer = customer.id;
    demo->customers = arena_grow(demo->arena, demo->customers, (size_t)demo->customer_count,
                                 (size_t *)&demo->customer_most, sizeof *demo->customers);
    demo->customers[demo->customer_count++] = customer.id;
    return OK;
}

static enum status choose_customer(struct demo *demo, struct context *cx, struct order *order) {
    /* Two in five come back. */
    if (demo->customer_count > 12 && chance_percent(&order->chance, 40)) {
        order->customer = demo->customers[chance_below(&order->chance, demo->customer_count)];
        return OK;
    }
    return customer_make(demo, cx, order);
}

/* ------------------------------------------------------------------ the steps of an order */

/* What work outside costs is known by heart: casters and the assay office have price lists. */
static void ask_vendors(struct demo *demo, struct context *cx, struct order *order) {
    struct operation *operations;
    int64_t count = operation_list(cx, order->job, &operations);
    for (int64_t i = 0; i < count; i++)
        if (operations[i].vendor != NONE)
            operation_set_vendor(
                cx, order->job, operations[i].vendor,
                demo_money(demo, text_same(operations[i].craft, "casting") ? 68 : 18), NONE);
}

static enum status specify(struct demo *demo, struct context *cx, struct order *order,
                           const struct piece_wish *piece) {
    enum status status =
        making_generate(cx, order->job, piece->kind->template, &piece->choices, true);
    if (status == OK)
        ask_vendors(demo, cx, order);
    return status;
}

static enum status take_in(struct demo *demo, struct context *cx, struct order *order) {
    struct piece_wish piece = piece_of(order, cx->arena);
    struct intake intake;
    bool web = order->open && order->index % 9 == 4;
    if (choose_customer(demo, cx, order) != OK)
        return cx->errors->status;
    record_clear(&intake_record, &intake);
    intake.kind = "custom";
    intake.customer = order->customer;
    intake.title = piece.title;
    intake.type = template_find(piece.kind->template)->type;
    intake.description = piece.kind->wish;
    intake.template = web ? NULL : piece.kind->template; /* strangers know no templates */
    intake.salesperson = cx->actor->staff;
    intake.source = web ? "web" : "counter";
    intake.priority = chance_percent(&order->chance, 7) ? "rush" : "normal";
    if (chance_percent(&order->chance, 60))
        intake.budget = demo_money(demo, piece.kind->budget);
    if (chance_percent(&order->chance, 35))
        intake.wanted_by = day_text(
            day_at(cx->locale->zone, cx->now) + chance_between(&order->chance, 35, 80), cx->arena);
    enum status status = job_take_in(cx, &intake, &order->job);
    if (status == OK && !web)
        status = specify(demo, cx, order, &piece);
    if (status == OK && order->detailed && chance_percent(&order->chance, 85))
        status = picture_give(demo, cx, order->job, piece.kind->picture, "inspiration",
                              web ? "Sent with the enquiry" : "What it should be like", true);
    return status;
}

static enum status consult(struct demo *demo, struct context *cx, struct order *order) {
    struct piece_wish piece = piece_of(order, cx->arena);
    struct job job;
    const char *decision;
    enum status status = move_to(cx, order, "consultation", NULL);
    if (status == OK && job_load(cx, order->job, &job) && job.template == NULL)
        status = specify(demo, cx, order, &piece);
    if (status == OK)
        status = making_check_materials(cx, order->job, &decision);
    if (status == OK && chance_percent(&order->chance, 30))
        status = say(cx, order,
                     "Came in with a picture on the phone. Wants it to sit low, and to "
                     "be easy to clean.");
    return status;
}

/* A small shop's salesperson promises; a busy demo's does so without asking the bench. */
static void promise(struct context *cx, struct order *order) {
    int64_t today = day_at(cx->locale->zone, cx->now);
    if (order->detailed)
        return;
    int64_t day = today + chance_between(&order->chance, 28, 45);
    day += day_weekday(day) == 6;
    job_set_promise(cx, order->job, day_text(day, cx->arena), day_text(day - 2, cx->arena));
}

static enum status quote(struct demo *demo, struct context *cx, struct order *order) {
    promise(cx, order);
    enum status status = quote_make(cx, order->job, 0, NULL, &order->quote);
    struct quote first;
    if (status == OK && order->detailed && chance_percent(&order->chance, 25) &&
        quote_load(cx, order->quote, &first)) {
        int64_t whole = demo_money(demo, 1);
        int64_t off = first.total * chance_between(&order->chance, 2, 5) / 100 / whole * whole;
        status = quote_make(cx, order->job, off, "A little off for a good customer", &order->quote);
    }
    if (status == OK && (order->detailed || order->cancelled))
        status = quote_send(cx, order->quote);
    return status;
}

static enum status decide(struct demo *demo, struct context *cx, struct order *order) {
    enum status status =
        quote_accept(cx, order->quote, order->detailed ? "Agreed at the counter" : NULL);
    if (status == OK)
        plan(cx, order, true);
    return status == OK ? money_deposit(demo, cx, order) : status;
}

/* Orders what is missing; the bench goes on without waiting where nothing is. */
static enum status source(struct demo *demo, struct context *cx, struct order *order) {
    struct material *rows;
    if (!order->missing && !order->detailed)
        return OK;
    int64_t count = material_list(cx, order->job, &rows);
    for (int64_t i = 0; i < count; i++)
        if (text_same(rows[i].state, "to_order") && rows[i].vendor != NONE)
            making_ordered(cx, order->job, rows[i].vendor, rows[i].expected_day);
    return move_to(cx, order, "stone_sourcing", NULL);
}

/* The row of stock that such a material is kept in; NONE: there is none yet. */
static int64_t stock_of(struct context *cx, const struct material *material) {
    struct stock_query query = {
        .kind = material->kind, .alloy = material->alloy, .gem = material->gem};
    struct stock_item *items;
    int64_t count = stock_find(cx, &query, 200, &items);
    for (int64_t i = 0; i < count; i++)
        if (text_same(material->kind, "metal") ||
            (text_same(items[i].shape, material->shape) && items[i].length == material->length &&
             items[i].width == material->width && text_same(items[i].origin, material->origin) &&
             (material->gem != NULL || text_same(items[i].name, material->name))))
            return items[i].id;
    return NONE;
}

static enum status stock_new(struct context *cx, struct order *order,
                             const struct material *material, int64_t *id) {
    struct stock_item item;
    record_clear(&stock_item_record, &item);
    item.kind = material->kind;
    item.code = arena_printf(cx->arena, ORDERED_IN "%ld-%ld", (long)order->index + 1,
                             (long)material->position);
    item.name = material->name;
    item.alloy = material->alloy;
    item.gem = material->gem;
    item.shape = material->shape;
    item.length = material->length;
    item.width = material->width;
    item.quality = material->quality;
    item.origin = material->origin;
    item.cost = text_same(material->kind, "metal") ? 0 : material->cost / material->quantity;
    enum status status = stock_save(cx, &item);
    *id = item.id;
    return status;
}

/* What was ordered for this job comes in, and is kept for it. */
static enum status receive(struct demo *demo, struct context *cx, struct order *order) {
    struct material *rows;
    if (!order->missing)
        return OK;
    int64_t count = material_list(cx, order->job, &rows);
    const char *decision;
    bool waiting = false;
    for (int64_t i = 0; i < count; i++) {
        const struct material *row = &rows[i];
        if (!text_same(row->state, "ordered") && !text_same(row->state, "to_order") &&
            !text_same(row->state, "needed"))
            continue;
        int64_t item = stock_of(cx, row);
        if (item == NONE && stock_new(cx, order, row, &item) != OK)
            return cx->errors->status;
        if (stock_receive(cx, item, row->quantity, row->carats, "received", NULL) != OK)
            return cx->errors->status;
        waiting = true;
    }
    return waiting ? making_check_materials(cx, order->job, &decision) : OK;
}

/* ------------------------------------------------------------------ at the bench */

enum phase { PHASE_DRAW, PHASE_APPROVE, PHASE_MAKE, PHASE_POLISH, PHASE_CHECK };

static enum phase phase_of(const struct operation *operations, int64_t count, int64_t index) {
    const struct operation *operation = &operations[index];
    if (text_same(operation->kind, "customer"))
        return PHASE_APPROVE;
    if (text_same(operation->kind, "quality")) {
        for (int64_t i = index + 1; i < count; i++)
            if (text_same(operations[i].kind, "quality"))
                return index > 0 ? phase_of(operations, count, index - 1) : PHASE_DRAW;
        return PHASE_CHECK;
    }
    if (text_same(operation->craft, "cad"))
        return PHASE_DRAW;
    return text_same(operation->craft, "polishing") ? PHASE_POLISH : PHASE_MAKE;
}

static int person_for(const struct demo *demo, const struct operation *operation) {
    for (int i = 0; i < PEOPLE; i++)
        if (demo->craftsmen[i] != NONE && demo->craftsmen[i] == operation->craftsman)
            return i;
    return text_same(operation->kind, "quality") ? OWNER : MANAGER;
}

static enum status do_operation(struct demo *demo, struct context *cx, struct order *order,
                                const struct operation *operation, int64_t ends) {
    int64_t actual = NONE;
    bool work = text_same(operation->kind, "work");
    act_as(demo, cx, person_for(demo, operation));
    if (work)
        actual = operation->minutes * chance_between(&order->chance, 80, 130) / 100;
    if (order->detailed && work && text_same(operation->state, "planned")) {
        cx->now = ends - (actual > 0 ? actual : 5) * MINUTE;
        if (operation_start(cx, operation->id) != OK)
            return cx->errors->status;
    }
    cx->now = ends;
    return operation_end(cx, operation->id, true, actual, NULL);
}

/* Everything that is still open up to a phase, spread over the time since the last step. Who keeps
 * no times records approvals and the last check only. */
static enum status work_until(struct demo *demo, struct context *cx, struct order *order,
                              enum phase most) {
    struct operation *operations;
    int64_t count = operation_list(cx, order->job, &operations), to_do = 0, done = 0;
    int64_t end = cx->now, begin = order->last < end ? order->last : end;
    int seller = order->seller;
    enum status status = OK;
    bool *due = ARENA_ARRAY(cx->arena, bool, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++) {
        enum phase phase = phase_of(operations, count, i);
        due[i] = operation_is_open(&operations[i]) && phase <= most &&
                 (order->detailed || phase == PHASE_APPROVE || phase == PHASE_CHECK);
        to_do += due[i];
    }
    for (int64_t i = 0; i < count && status == OK; i++)
        if (due[i])
            status = do_operation(demo, cx, order, &operations[i],
                                  begin + (end - begin) / to_do * ++done);
    cx->now = end;
    act_as(demo, cx, seller);
    return status;
}

static enum status draw(struct demo *demo, struct context *cx, struct order *order) {
    enum status status = receive(demo, cx, order);
    if (status == OK && order->detailed)
        status = move_to(cx, order, "cad", NULL);
    if (status == OK && order->open)
        plan(cx, order, false);
    return status;
}

static enum status show(struct demo *demo, struct context *cx, struct order *order) {
    struct piece_wish piece = piece_of(order, cx->arena);
    if (!order->detailed)
        return OK; /* who keeps no times records the approval when it comes */
    enum status status = work_until(demo, cx, order, PHASE_DRAW);
    if (status == OK)
        status = move_to(cx, order, "approval", NULL);
    if (status == OK && order->detailed && chance_percent(&order->chance, 15)) {
        status = move_to(cx, order, "cad", "The customer wants it a little lower.");
        cx->now += 10 * MINUTE;
        if (status == OK)
            status = move_to(cx, order, "approval", NULL);
    }
    if (status == OK && order->detailed && text_same(piece.kind->picture, "sapphire-hero")) {
        status = picture_give(demo, cx, order->job, "sapphire-top", "cad", "Seen from above", true);
        if (status == OK)
            status =
                picture_give(demo, cx, order->job, "sapphire-side", "cad", "From the side", true);
    }
    if (status == OK && chance_percent(&order->chance, 40))
        status = say(cx, order, "Render sent. Waiting to hear whether the height is right.");
    return status;
}

static enum status approve(struct demo *demo, struct context *cx, struct order *order) {
    enum status status = work_until(demo, cx, order, PHASE_APPROVE);
    if (status == OK) /* a piece that is made without a drawing has no approval to record */
        status = move_to(cx, order, "setting", NULL);
    if (status == OK && order->open)
        plan(cx, order, false);
    return status;
}

static enum status make(struct demo *demo, struct context *cx, struct order *order) {
    struct piece_wish piece = piece_of(order, cx->arena);
    if (!order->detailed)
        return OK;
    enum status status = work_until(demo, cx, order, PHASE_MAKE);
    if (status == OK && order->detailed && text_same(piece.kind->picture, "sapphire-hero"))
        status = picture_give(demo, cx, order->job, "sapphire-cast", "progress", "Cast, sprue off",
                              true);
    if (status == OK && chance_percent(&order->chance, 30))
        status = say(cx, order, "Claws are tight; took a tenth off the seat before setting.");
    return status;
}

static enum status polish(struct demo *demo, struct context *cx, struct order *order) {
    if (!order->detailed)
        return OK; /* who keeps no times goes from setting to the last check */
    return move_to(cx, order, "polish", NULL);
}

static enum status check(struct demo *demo, struct context *cx, struct order *order) {
    struct piece_wish piece = piece_of(order, cx->arena);
    enum status status = work_until(demo, cx, order, PHASE_CHECK);
    if (status == OK)
        status = move_to(cx, order, "ready", NULL);
    if (status == OK && order->detailed && order->index % 3 == 0)
        status =
            picture_give(demo, cx, order->job, piece.kind->picture, "finished", "Finished", true);
    return status;
}

static enum status hand_over(struct demo *demo, struct context *cx, struct order *order) {
    return money_settle(demo, cx, order);
}

static enum status (*const steps[STEPS])(struct demo *, struct context *, struct order *) = {
    take_in, consult, quote, decide, source, draw, show, approve, make, polish, check, hand_over};

/* ------------------------------------------------------------------ repairs */

static const struct {
    const char *title, *type, *wish;
} repairs[] = {
    {"Resize a wedding band from L to N", "band", "Getting tight in summer."},
    {"New claws on a diamond cluster", "ring", "Two claws are worn flat; check all of them."},
    {"Broken chain, 9ct, solder and clean", "pendant", "Broken near the clasp."},
    {"Restring pearls, knotted", "other", "About 60 pearls, the clasp is sound."},
    {"Ear post come off, stud", "earrings", "One of a pair; check the other."},
    {"Rhodium plate an engagement ring", "ring", "Turning yellow on the shank."},
    {"Replace a lost sapphire, 3 mm", "ring", "The stone fell out; the setting looks whole."},
    {"Clean and check a signet", "signet", "Engraving to be left as it is."},
};

static enum status repair_step(struct demo *demo, struct context *cx, struct order *order) {
    int64_t kind = order->index % (int64_t)(sizeof repairs / sizeof *repairs);
    struct moved moved;
    if (order->step == 0) {
        struct intake intake;
        if (choose_customer(demo, cx, order) != OK)
            return cx->errors->status;
        record_clear(&intake_record, &intake);
        intake.kind = "repair";
        intake.customer = order->customer;
        intake.title = repairs[kind].title;
        intake.type = repairs[kind].type;
        intake.description = repairs[kind].wish;
        intake.salesperson = cx->actor->staff;
        intake.source = "counter";
        intake.wanted_by = day_text(
            day_at(cx->locale->zone, cx->now) + chance_between(&order->chance, 10, 24), cx->arena);
        return job_take_in(cx, &intake, &order->job);
    }
    struct job job;
    if (!job_load(cx, order->job, &job))
        return MISSING;
    const struct stage *next = stage_next("repair", job.stage);
    if (order->step == 1)
        job_set_promise(cx, order->job, job.wanted_by, NULL);
    return next == NULL ? OK
                        : job_move(cx, order->job,
                                   &(struct move){.from = job.stage, .to = next->code}, &moved);
}

/* ------------------------------------------------------------------ one step */

/* The last step of an order that comes to nothing, or has to wait. */
static enum status leave(struct demo *demo, struct context *cx, struct order *order) {
    enum status status = OK;
    if (order->held)
        return move_to(cx, order, STAGE_ON_HOLD, "The customer is abroad until further notice.");
    if (order->step == 3)
        status = quote_decline(cx, order->quote, "Found something from the window.");
    if (status == OK && order->step > 3)
        status = money_back(demo, cx, order);
    if (status == OK)
        status = move_to(cx, order, STAGE_CANCELLED, "The customer has decided against it.");
    return status;
}

/* Where no events set the flow off, it is gone through after a step. */
static enum status run_flow(struct context *cx, struct order *order) {
    struct flow_step *nodes;
    int64_t count = flow_steps(cx, order->job, &nodes);
    enum status status = OK;
    for (int64_t i = 0; i < count && status == OK; i++)
        status = flow_run(cx, order->job, nodes[i].node);
    return status;
}

enum status order_step(struct demo *demo, struct context *cx, struct order *order) {
    enum status status;
    act_as(demo, cx, order->seller);
    if (order->repair)
        status = repair_step(demo, cx, order);
    else if ((order->cancelled || order->held) && order->step == order->steps - 1)
        status = leave(demo, cx, order);
    else
        status = steps[order->step](demo, cx, order);
    order->last = cx->now;
    order->step++;
    if (status == OK && demo->settings->by_hand && order->detailed && !order->repair)
        status = run_flow(cx, order);
    return status;
}
