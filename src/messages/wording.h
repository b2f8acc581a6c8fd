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

/* Only the check of its tokens. */
enum status wording_check(struct context *cx, const struct wording *wording);
/* Back to the words that Benchpin brings. */
enum status wording_reset(struct context *cx, const char *kind);

/* The same as a text message, for a phone: the shop's own or Benchpin's. False: no such kind. */
struct text_wording {
    const char *kind, *text;
    int64_t version; /* 0: Benchpin's */
};
extern const struct record text_wording_record;
bool text_wording_load(struct context *cx, const char *kind, struct text_wording *wording);
/* An empty text is Benchpin's again. INVALID and CONFLICT as wording_save(). */
enum status text_wording_save(struct context *cx, const struct text_wording *wording);

/* How long a text message is, by 3GPP TS 23.038 and 23.040: 160 characters of its alphabet (some of
 * them count twice), or 70 UTF-16 units when one is not of it; of several parts 153 or 67 each. */
struct text_size {
    int64_t characters, parts;
    bool plain; /* all of it is of that alphabet */
};
struct text_size text_measure(const char *text);

struct filling {
    const char *token, *value; /* without braces; a NULL value becomes nothing */
};
/* Puts the values in; a line that holds nothing but an empty token goes. Ends with a NULL token. */
const char *wording_fill(const char *text, const struct filling *fillings, struct arena *arena);
