/* The second factor: a code from an authenticator (totp.h) after the password, or one of ten
 * recovery codes, each good once.
 *
 * The secret rests sealed (seal.h) and is shown to its owner while it is being set up and never
 * again; recovery codes are shown once and kept as hashes. Neither is in any record, export or log.
 * A time step that was taken is not taken again, so a code that somebody looked at is of no use. */
#pragma once

#include "accounts/account.h"

enum { RECOVERY_CODES = 10 };

struct second_factor {
    int64_t since;          /* since when it is asked for; NONE: it is not */
    int64_t recovery_codes; /* how many are left */
    int64_t required;       /* 1: by the shop of this role */
};
extern const struct record second_factor_record;
void second_factor_of(struct context *cx, const struct staff *staff, struct second_factor *factor);

/* A new secret, sealed: made outside of a closure. NULL: a fault says why not. */
const char *second_factor_new(struct context *cx);
/* Begins to set it up, instead of one that was begun and not confirmed. CONFLICT: there is one. */
enum status second_factor_begin(struct context *cx, const char *sealed);
/* What was begun: the secret as it is typed into an authenticator. NULL: nothing was. */
const char *second_factor_secret(struct context *cx, int64_t staff);
/* The first code from it proves that it works: from now on it is asked for. Their recovery codes,
 * to be shown this once. INVALID at "code". */
enum status second_factor_confirm(struct context *cx, const char *code, const char **recovery);
/* New recovery codes instead of all old ones. */
enum status second_factor_renew(struct context *cx, const char **recovery);
/* Ends it: one's own, or by who manages the staff of somebody who lost theirs. */
enum status second_factor_end(struct context *cx, int64_t staff);

/* Would this code of theirs be taken now? Reads only. */
bool second_factor_fits(struct context *cx, int64_t staff, const char *code);
/* Takes it, in a closure: false when it does not fit or was taken meanwhile. */
bool second_factor_take(struct context *cx, int64_t staff, const char *code);

/* Whom the shop asks for one: "nobody", "leaders" (owners and managers), "everybody". */
extern const struct vocabulary second_factor_policies;
const char *second_factor_policy(struct context *cx);
enum status second_factor_set_policy(struct context *cx, const char *policy);
bool policy_asks(const char *policy, const char *role);
