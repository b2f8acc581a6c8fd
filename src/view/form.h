/* Forms: a control from a record's field, with its label, hint and error.
 *
 *     <form method="post" action="/customers">
 *       {{> form_start_hidden()}}
 *       {{> form_errors(form)}}
 *       {{> field(form, "name")}}
 *       {{> field_as(form, "note", &(struct field_look){.hint = view_t(v, "Only staff see it")})}}
 *
 * The kind of the field picks the control: a text area for long texts, the currency's sign or the
 * unit beside amounts and measures, a date, a list to choose from, a box to tick. Shown is what was
 * typed when the form comes back refused, else the value. Ids are `f-NAME`, a point in the name
 * becoming a dash; hint and error belong to the control by aria-describedby. */
#pragma once

#include "view/view.h"

/* How a code, or anything with `words`, is chosen. */
enum choice {
    CHOICE_SELECT,  /* a list to drop down */
    CHOICE_SEGMENT, /* buttons beside each other */
    CHOICE_TILES,   /* buttons with drawings: `drawing`, a dash, the code */
};

/* What the record's description cannot know. Everything may be left out. */
struct field_look {
    const char *label; /* instead of the field's own */
    const char *hint;  /* a line under the control */
    const char *placeholder;
    const char *name;         /* the input's name, for rows of lists: "stones.0.shape" */
    const char *type;         /* "search", "password"; NULL: from the kind */
    const char *autocomplete; /* "off", "current-password"; NULL: from the kind */
    const char *unit;         /* beside the control, instead of the kind's own: "g, est." */
    const char *list;         /* the id of a <datalist> */
    const struct vocabulary
        *words;       /* instead of the field's own; makes a choice of any text or id */
    const char *none; /* what choosing nothing is called; NULL: "–" */
    enum choice choice;
    const char *drawing; /* CHOICE_TILES: "t" or "c" */
    int rows;            /* of a text area; 0: three */
    bool required;       /* though the record does not ask for it */
    bool switches;       /* a flag as a switch */
    bool autofocus;
    bool label_hidden; /* for screen readers only, as in tables */
};

void field_html(struct view *v, const struct form *form, const char *name);
void field_as_html(struct view *v, const struct form *form, const char *name,
                   const struct field_look *look);
/* A call-out, focused, that says what is wrong: with links to the fields when several are; what
 * belongs to no field always. Nothing when all is well or the one error stands at its field. */
void form_errors_html(struct view *v, const struct form *form);
/* First in every form that posts: the session's token, and the key by which a form sent twice is
 * done once. The template compiler insists on it. */
void form_start_hidden_html(struct view *v);

/* ---- for field.html: a control as it will be shown */
struct control {
    const struct field *field;
    const struct field_look *look;
    const char *id, *name, *value; /* value is never NULL */
    const char *label, *error;     /* the error's sentence, or NULL */
    const char *described_by;      /* ids, or NULL */
    const char *type, *inputmode, *autocomplete;
    const char *sign, *unit;        /* before and behind the control, or NULL */
    const struct vocabulary *words; /* NULL: not a choice */
    bool required, readonly, checked, autofocus;
};
struct control field_control(struct view *v, const struct form *form, const char *name,
                             const struct field_look *look);
const char *field_id(struct view *v, const char *name); /* "f-stones-0-shape" */
