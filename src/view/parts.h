/* The parts that every template may call, `{{> icon("plus")}}`: this is their manual, parts.html
 * has them. They look as web/styles/app.css says. Controls of forms are in view/form.h. */
#pragma once

#include "view/view.h"

/* The drawing `i-NAME` of the sprite, hidden from screen readers. */
void icon_html(struct view *v, const char *name);
/* Any drawing of the sprite by its whole id: "mark", "t-ring", "c-oval". */
void drawing_html(struct view *v, const char *id);
/* The gem of a status: "QN", "AVQ", "CR", "IP", "RP", "OH", "late". */
void gem_html(struct view *v, const char *status);
/* Gem, code and name: "IP In production"; for "late" the name only. */
void status_chip_html(struct view *v, const char *code, const char *label);
/* The same with the name for screen readers and as a tool tip: in cards and tables. */
void status_short_html(struct view *v, const char *code, const char *label);
/* Somebody's initials in a round, in the colour of the name; nothing for NULL. */
void avatar_html(struct view *v, const char *name);
/* A list with nothing in it: the title says the good news, one sentence says what will come here,
 * one way on. NULL leaves a sentence or the way out. */
void empty_html(struct view *v, const char *title, const char *sentence, const char *url,
                const char *action);
/* `kind`: "ok", "warn", "bad", "brass", or NULL for plain information. */
void callout_html(struct view *v, const char *kind, const char *text);
/* A picture of 44 pixels; without one (NULL or "") the drawing of the piece's type: "ring". */
void thumb_html(struct view *v, const char *url, const char *alt, const char *type);
/* Links to the pages after and before; NULL: there is none. */
void pager_html(struct view *v, const char *next_url, const char *previous_url);
