/* Staff: who may sign in, their sessions and tokens, and who did what. */
#pragma once

#include "accounts/permission.h"
#include "db/db.h"
#include "http/http.h"

struct staff {
    int64_t id;
    const char *name, *email, *role, *theme;
    int64_t active, version, created_at;
};
extern const struct record staff_record;
extern const struct vocabulary role_words;

bool staff_load(struct context *cx, int64_t id, struct staff *staff);
int64_t staff_list(struct context *cx, bool active_only, struct staff **staff);
/* The password is hashed by the caller, outside the transaction: password_hash(). */
enum status staff_add(struct context *cx, const struct staff *staff, const char *password_hash,
                      int64_t *id);

/* argon2id (19 MiB, 2 passes), at most two at once: others wait. In the arena; never in a closure.
 */
const char *password_hash(const char *password, struct arena *arena);
/* Length 10 to 200 characters, not the name or the address. Adds a fault at `field`. */
enum status password_check(const char *password, const char *field, struct errors *errors);

/* For struct server_settings: the actor behind the session cookie or the bearer token. */
enum status account_identify(struct request *r);

/* Who did what: append-only. `detail` says from what to what, in words; no secrets. */
void audit_add(struct context *cx, const char *action, const char *thing, int64_t id,
               const char *detail);

extern const struct route account_routes[];
