/* Tokens for programs: they act as the person who made them and never may more, and of that only
 * what their scopes say. Shown once, kept as a hash. */
#pragma once

#include "accounts/account.h"

struct api_token {
    int64_t id;
    const char *name;
    const char *scopes; /* codes of permissions; NULL: all that the person may */
    int64_t read_only;  /* 1: it asks and changes nothing */
    int64_t expires_at; /* NONE: never */
    int64_t created_at, used_at;
};
extern const struct record api_token_record;

/* Those that work, the newest first. */
int64_t token_list(struct context *cx, int64_t staff, struct api_token **tokens);
/* Makes one of `name`, `scopes`, `read_only` and `expires_at`; the secret is returned and known to
 * nobody else. NULL: a fault at "scopes" or "expires" says why not. Of a token that makes another,
 * the new one may no more. */
const char *token_make(struct context *cx, int64_t staff, struct api_token *token);
/* MISSING: they have no such token. */
enum status token_revoke_of(struct context *cx, int64_t staff, int64_t id);
/* The instant at which a token that is good until this day (in the shop's zone) runs out; NULL:
 * NONE. */
int64_t token_end_of(const struct context *cx, const char *day);
