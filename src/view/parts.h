/* The parts that every template may call, `{{> icon("plus")}}`: declared here as a manual, written
 * in parts.html and field.html. The looks are those of docs/design and web/app.css. */
#pragma once

#include "view/view.h"

/* The drawing `i-NAME` of the sprite, hidden from screen readers. */
void icon_html(struct view *v, const char *name);
/* Any drawing of the sprite by its whole id: "mark", "t-ring", "c-oval", "i-plus". */
void drawing_html(struct view *v, const char *id);
/* The gem of a status: "QN", "AVQ", "CR", "IP", "RP", "OH", "late". */
void gem_html(struct view *v, const char *status);
/* Gem, code and name: "IP In production". */
void status_chip_html(struct view *v, const char *code, const char *label);
/* The same, the name for screen readers only: for cards and tables. */
void status_short_html(struct view *v, const char *code, const char *label);
void avatar_html(struct view *v, const char *name);
/* A list with nothing in it: title says the good news, one sentence, one way on (NULL: none). */
void empty_html(struct view *v, const char *title, const char *sentence, const char *url,
                const char *action);
/* `kind`: "ok", "warn", "bad", "brass", or NULL for information. */
void callout_html(struct view *v, const char *kind, const char *text);
/* A picture of 44 pixels, or the drawing `t-TYPE` where there is none (NULL url or ""). */
void thumb_html(struct view *v, const char *url, const char *alt, const char *type);
/* Links to the page before and after; NULL: there is none. */
void pager_html(struct view *v, const char *previous_url, const char *next_url);

/* ---- forms */

enum choice {
    CHOICE_SELECT,  /* a list to drop down */
    CHOICE_SEGMENT, /* buttons beside each other */
    CHOICE_TILES,   /* buttons with a drawing: `drawing` and the code */
};

/* How a field is to look when the record's description is not enough. All of it may be left out. */
struct field_look {
    const char *label; /* instead of the field's own */
    const char *hint;  /* a line under the control */
    const char *placeholder;
    const char *autocomplete;       /* "off", "email", "street-address"; NULL: from the kind */
    const char *type;               /* "password", "search"; NULL: from the kind */
    const char *name;               /* the input's name, for rows of lists: "stones.0.shape" */
    const char *unit;               /* at the control's end, instead of the kind's own: "g, est." */
    const char *list;               /* id of a <datalist> */
    const struct vocabulary *words; /* instead of the field's own, or for a text or id */
    const char *none;               /* the empty choice's text; NULL: "–" where it may be empty */
    enum choice choice;
    const char *drawing; /* CHOICE_TILES: how the drawings' ids begin: "t", "c" */
    int rows;            /* of a textarea; 0: three */
    bool required;       /* though the record does not ask for it */
    bool switches;       /* a flag as a switch that looks pressed at once */
    bool autofocus;
    bool hide_label; /* for screen readers only: in tables */
};

/* Label, control, hint and error of one of the record's fields. The control's id is `f-NAME`. Shown
 * is what was typed if the form was sent, else the value. */
void field_html(struct view *v, const struct form *form, const char *name);
void field_as_html(struct view *v, const struct form *form, const char *name,
                   const struct field_look *look);
/* What is wrong with the whole, and links to the fields; nothing when nothing is. */
void form_errors_html(struct view *v, const struct form *form);
/* First in every form that posts: the session's token, and a key by which a form that is sent twice
 * is done once. The template compiler insists on it. */
void form_start_hidden_html(struct view *v);
