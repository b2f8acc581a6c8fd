/* Customers: who buys. Their contacts are rows of their own, so that there can be several. */
#pragma once

#include "db/db.h"
#include "http/http.h"

struct customer_contact {
    int64_t id;
    const char *kind; /* "phone" or "email"; seen from the value: what has an @ is an address */
    const char *value, *label;
};
struct customer {
    int64_t id;
    const char *name, *address, *note;
    int64_t ring_size; /* micrometres of inner circumference */
    int64_t consent_email, consent_sms, consent_phone, consent_post;
    int64_t archived_at, version, created_at, updated_at;
    struct customer_contact *contacts;
    int64_t contact_count;
};
extern const struct record customer_record, customer_contact_record;

bool customer_load(struct context *cx, int64_t id, struct customer *customer);
/* Saves name, contacts and words for finding; `version` must be the one that was read (0: new). */
enum status customer_save(struct context *cx, struct customer *customer);
enum status customer_archive(struct context *cx, int64_t id, bool archived);
/* The first phone or e-mail address; NULL: none. */
const char *customer_first(const struct customer *customer, const char *kind);
/* One with this e-mail address or phone (folded, E.164); NONE: none. For enquiries. */
int64_t customer_by_contact(struct context *cx, const char *email, const char *phone);

struct customer_found {
    int64_t id;
    const char *name, *phone, *email; /* the first of each */
};
extern const struct record customer_found_record;
/* Every word typed must begin a word of the name, of an e-mail address, or a tail of a phone;
 * accents and case don't matter. The first `limit` by the word that was found, then in the order of
 * their names. Cost does not grow with the number of customers, except for two words that many have
 * and few have both: those of the rarer word are all looked at. */
int64_t customer_find(struct context *cx, const char *typed, int64_t limit,
                      struct customer_found **found);

extern const struct route customer_routes[];
