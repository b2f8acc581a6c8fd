/* What the parts of the demo share. For this folder only. */
#pragma once

#include "accounts/account.h"
#include "demo/chance.h"
#include "demo/demo.h"
#include "demo/piece.h"

enum {
    PEOPLE = 7,
    OWNER = 0,
    MANAGER = 1,
    SALES = 2,
    BENCH = 3
}; /* those from BENCH on: the bench */
enum { PICTURES_MOST = 24 };

struct picture {
    const char *name; /* "sapphire-hero" */
    const char *id;   /* kept, but of no job: what jobs get is linked from it */
    int64_t width, height, length;
};

struct demo {
    const struct demo_settings *settings;
    struct arena *arena; /* lives as long as the demo */
    struct store *store;
    struct chance chance;
    int64_t begin, end;     /* instants */
    bool at_home;           /* the shop is in Great Britain: addresses and phone numbers of there */
    int64_t rate, decimals; /* of the currency: hundredths of its unit in a pound */
    struct actor people[PEOPLE];
    int64_t craftsmen[PEOPLE]; /* ids; NONE: no craftsman */
    int64_t *customers;
    int64_t customer_count, customer_most;
    int64_t people_made; /* customers so far: names are by number */
    struct picture pictures[PICTURES_MOST];
    int picture_count;
    int64_t busy; /* how much more is in stock than for a small shop */
};

/* Pounds as minor units of the shop's currency, roughly. */
int64_t demo_money(const struct demo *demo, int64_t pounds);

/* ground.c: the shop, who works there, what it has. Closures. */
enum status ground_make(struct demo *demo, struct context *cx);
struct demo_person ground_person(int number);
enum status ground_prices(struct demo *demo, struct context *cx, int64_t month); /* of metals */
enum status ground_restock(struct demo *demo, struct context *cx);

/* Codes of what is ordered for single jobs, and not kept on the shelf, begin so. */
#define ORDERED_IN "P-"

/* custody.c: where the open work stands. A closure's part. */
enum status custody_spread(struct demo *demo, struct context *cx);

/* pictures.c */
enum status pictures_prepare(struct demo *demo, struct errors *errors);
/* Gives the job this picture; nothing when there are no pictures. A closure's part. */
enum status picture_give(struct demo *demo, struct context *cx, int64_t job, const char *name,
                         const char *kind, const char *caption, bool shared);
void pictures_end(struct demo *demo);

/* order.c: one order's life */
enum { STEPS = 12 }; /* from taking in to handing over */
struct order {
    int64_t index;
    int64_t next;        /* the instant of its next step */
    int64_t start, pace; /* percent of the usual days */
    int64_t job, quote, customer;
    int64_t last; /* the instant of its last step */
    struct chance chance;
    int16_t seller;     /* of demo->people */
    int8_t step, steps; /* the next one; how many it takes */
    bool detailed;      /* each operation recorded, pictures, plans */
    bool open, cancelled, held, repair;
    bool missing; /* something must be ordered for it */
};
/* Does the order's next step, at cx->now. */
enum status order_step(struct demo *demo, struct context *cx, struct order *order);
/* When its step number `step` happens, within somebody's working hours. */
int64_t order_instant(const struct demo *demo, struct order *order, const struct zone *zone,
                      int step);
/* The days from taking in to a step, at the usual pace, in tenths. */
int64_t order_days(const struct order *order, int step);

/* money.c: what is paid. Closures' parts; cx->actor is who takes it. */
enum status money_deposit(struct demo *demo, struct context *cx, struct order *order);
enum status money_settle(struct demo *demo, struct context *cx, struct order *order);
enum status money_back(struct demo *demo, struct context *cx, struct order *order);
