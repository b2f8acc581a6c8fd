/* Staff: who may sign in, their sessions and tokens, and who did what. */
#pragma once

#include "accounts/audit.h"
#include "accounts/permission.h"
#include "db/db.h"
#include "http/http.h"

struct staff {
    int64_t id;
    const char *name, *email, *role, *theme;
    const char *language; /* BCP 47; NULL: the shop's */
    int64_t letters_off;  /* 1: keys of a single letter do nothing */
    int64_t active, version, created_at;
    int64_t second_factor; /* since when one is asked for; NONE: none is */
};
extern const struct record staff_record;
extern const struct vocabulary role_words, theme_words, language_words;

bool staff_load(struct context *cx, int64_t id, struct staff *staff);
int64_t staff_list(struct context *cx, bool active_only, struct staff **staff);
/* The password is hashed by the caller, outside the transaction: password_hash(). */
enum status staff_add(struct context *cx, const struct staff *staff, const char *password_hash,
                      int64_t *id);
/* Nobody gives a role that may do what they may not themselves: INVALID at "role". */
enum status staff_check_role(struct context *cx, const char *role);
/* Name, address and role; `version` must be the one that was read. The last owner who may sign in
 * stays one. */
enum status staff_save(struct context *cx, const struct staff *staff);
/* Who may no longer sign in is signed out everywhere, programs with a token too. Nobody locks
 * themselves out. */
enum status staff_set_active(struct context *cx, int64_t id, bool active);
/* Ends every session and token of theirs but the actor's own session. */
enum status staff_set_password(struct context *cx, int64_t id, const char *password_hash);
/* How one wants to have it oneself. */
struct own_settings {
    const char *theme, *language;
    int64_t letters_off;
};
extern const struct record own_settings_record;
enum status staff_set_own(struct context *cx, const struct own_settings *own);
/* Signs somebody out everywhere, their programs too. */
enum status staff_end_sessions(struct context *cx, int64_t id);

/* An event of this room: its subject is the id with a minus before it. Events of one subject wait
 * for each other, and the positive numbers are jobs'. */
void account_event(struct context *cx, const char *kind, int64_t id);

/* argon2id (19 MiB, 2 passes), at most two at once: others wait. In the arena; never in a closure.
 */
const char *password_hash(const char *password, struct arena *arena);
/* Length 10 to 200 characters. Adds a fault at `field`. */
enum status password_check(const char *password, const char *field, struct errors *errors);

/* For struct server_settings: the actor behind the session cookie or the bearer token. */
enum status account_identify(struct request *r);

extern const struct route account_routes[];
