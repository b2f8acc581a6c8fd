/* The stores and workshops of a shop.
 *
 * Every shop has one that is its main one: made with the shop, and named as it. While there is no
 * other, nothing of this is seen; with a second, a job says where it was taken in. */
#pragma once

#include "shops/shop.h"

struct location {
    int64_t id;
    const char *name, *kind;     /* code of `location_kinds` */
    const char *address, *phone; /* NULL: the shop's */
    int64_t own_hours;           /* flag: opens at other hours than the shop */
    int64_t main, archived_at, version, created_at;
};
extern const struct record location_record;
extern const struct vocabulary location_kinds; /* store, workshop */

bool location_load(struct context *cx, int64_t id, struct location *location);
/* The main one first, archived ones last. */
int64_t location_list(struct context *cx, struct location **locations);
/* id NONE: a new one. `openings` are its own, kept only with `own_hours`. INVALID: a name that
 * another has; hours like shop_set_openings(). CONFLICT: `version` is not the one that was read. */
enum status location_save(struct context *cx, struct location *location,
                          const struct opening *openings, int64_t count);
/* Jobs that are there stay there; nobody chooses it any more, and who works there is at the main
 * one. CONFLICT: the main one can't go. */
enum status location_archive(struct context *cx, int64_t id, bool archived);
enum status location_make_main(struct context *cx, int64_t id);

/* Its own hours, or the shop's; NONE: the shop's. */
int64_t location_openings(struct context *cx, int64_t id, struct opening **openings);

/* Where this person works: what was said of them, else the main one. NONE: there is none. */
int64_t location_of_staff(struct context *cx, int64_t staff);
struct staff_place {
    int64_t staff;
    const char *name;
    int64_t location; /* NONE: wherever they are needed */
};
extern const struct record staff_place_record;
int64_t staff_place_list(struct context *cx, struct staff_place **places);
enum status staff_places_save(struct context *cx, const struct staff_place *places, int64_t count);

/* To choose one of: those in use, and `kept` (NONE: no other) that a thing has already. False when
 * there is nothing to choose: a single one. */
bool location_words(struct context *cx, int64_t kept, struct vocabulary *words);
/* INVALID at field "location": there is none such, or it is archived. NONE is fine. */
enum status location_check(struct context *cx, int64_t id);
