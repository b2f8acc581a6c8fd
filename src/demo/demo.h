/* A believable past for a shop that has none: people, stock, prices, and orders in every stage.
 *
 * Nothing is written around the rules: every order is taken in, specified, priced, planned, paid
 * and moved by the functions that a person's click calls, as that person and with the clock set to
 * that moment of the past. The orders of two years live at once, hour by hour, so that numbers,
 * invoices and stock come in the order in which they happened.
 *
 * The same seed on the same day gives the same past, references included: while it is made, random
 * bytes come from the seed. Nothing secret is made meanwhile; what a person needs to sign in has
 * been hashed before. The past ends at the last midnight. */
#pragma once

#include "db/db.h"

/* So many orders are each made with all that a shop would record. Of more, only the open ones and
 * the newest closed are; of the others no hours are kept, no letters written, and no flow is
 * remembered: databases are then opened without the flow's reactions (`by_hand`). */
#define DEMO_ORDERS_WHOLE 500

struct media;
struct demo_settings {
    int64_t orders; /* custom orders; a small demo has some repairs besides */
    uint64_t seed;
    struct media *media;       /* for pictures; NULL: there are none */
    bool by_hand;              /* no reaction runs the flow: the demo does, for what is looked at */
    const char *temporary;     /* an existing folder, for pictures on their way */
    const char *password_hash; /* of everybody whom the demo employs */
    void (*tell)(int64_t done, int64_t of); /* progress now and then; may be NULL */
};
struct demo_person {
    const char *name, *email, *role;
};

/* Fills the shop that `cx` is prepared for; cx->db is not open. CONFLICT when it has jobs already.
 * `people` are those who can sign in now, without the owner. */
enum status demo_make(struct context *cx, const struct demo_settings *settings,
                      struct demo_person **people, int64_t *count);
