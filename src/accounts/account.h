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
extern const struct vocabulary role_words, theme_words;

bool staff_load(struct context *cx, int64_t id, struct staff *staff);
int64_t staff_list(struct context *cx, bool active_only, struct staff **staff);
/* The password is hashed by the caller, outside the transaction: password_hash(). */
enum status staff_add(struct context *cx, const struct staff *staff, const char *password_hash,
                      int64_t *id);
/* Name, address and role; `version` must be the one that was read. The last owner who may sign in
 * stays one. */
enum status staff_save(struct context *cx, const struct staff *staff);
/* Who may no longer sign in is signed out everywhere, programs with a token too. Nobody locks
 * themselves out. */
enum status staff_set_active(struct context *cx, int64_t id, bool active);
/* Ends every session and token of theirs but the actor's own session. */
enum status staff_set_password(struct context *cx, int64_t id, const char *password_hash);
enum status staff_set_theme(struct context *cx, int64_t id, const char *theme);

/* argon2id (19 MiB, 2 passes), at most two at once: others wait. In the arena; never in a closure.
 */
const char *password_hash(const char *password, struct arena *arena);
/* Length 10 to 200 characters. Adds a fault at `field`. */
enum status password_check(const char *password, const char *field, struct errors *errors);

/* For struct server_settings: the actor behind the session cookie or the bearer token. */
enum status account_identify(struct request *r);

/* Who did what: append-only. `detail` says from what to what, in words; no secrets. */
void audit_add(struct context *cx, const char *action, const char *thing, int64_t id,
               const char *detail);
/* What differs between two of a record, as people read it, for `detail`: "Deposit asked: 50 → 40;
 * Place: – → Bath". NULL: nothing. Secrets and what cannot be edited are left out. */
const char *audit_changes(struct context *cx, const struct record *record, const void *before,
                          const void *after);

struct audit_row {
    int64_t id, at, staff;
    const char *staff_name, *action, *thing;
    int64_t thing_id;
    const char *detail;
};
extern const struct record audit_record;
/* The newest first, below the id `before` (NONE: from the newest). Of one thing, or of all (NULL). */
int64_t audit_list(struct context *cx, const char *thing, int64_t thing_id, int64_t before,
                   int64_t limit, struct audit_row **rows);

struct api_token {
    int64_t id;
    const char *name;
    int64_t created_at, used_at;
};
extern const struct record api_token_record;
int64_t token_list(struct context *cx, int64_t staff, struct api_token **tokens);
enum status token_revoke_of(struct context *cx, int64_t staff, int64_t id);

extern const struct route account_routes[];
