/* The words of messages: a template an event, in the shop's voice, with tokens for what differs. */
#pragma once

#include "db/db.h"

struct wording {
    const char *kind;    /* "confirmation" */
    const char *name;    /* as staff call it: "Order confirmed" */
    const char *subject; /* tokens: see wording_tokens */
    const char *body;    /* paragraphs, an empty line between them */
    int64_t enabled, version;
};
extern const struct record wording_record;

/* The tokens that may be used, "{customer}", with what they become: for the page that edits. */
extern const struct vocabulary wording_tokens;

/* The shop's own words for this kind, else the defaults. False: there is no such kind. */
bool wording_load(struct context *cx, const char *kind, struct wording *wording);
int64_t wording_all(struct context *cx, struct wording **wordings);
/* INVALID "unknown_token" names a token that does not exist; CONFLICT when it was changed
 * meanwhile. */
enum status wording_save(struct context *cx, const struct wording *wording);

struct filling {
    const char *token, *value; /* without braces; a NULL value becomes nothing */
};
/* Puts the values in; a line that holds nothing but an empty token goes. Ends with a NULL token. */
const char *wording_fill(const char *text, const struct filling *fillings, struct arena *arena);
