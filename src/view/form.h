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

#include "base/merge.h"

/* An edit of a thing that somebody else may be saving: what the form was opened with goes along, a
 * note tells when the thing is saved meanwhile, and after a conflict each field that differs has
 * what it is now beside it. */
struct form_edit {
    const char *topic;        /* of the live news: "customer" */
    int64_t id, version;      /* of the thing; the version that the form is of */
    const char *page;         /* of the form: "/customers/12/edit" */
    const void *opened;       /* what the fields are known to be; NULL: as the form itself says */
    const struct merged *met; /* what differs; 0: nothing */
    int64_t met_count;
    bool late;       /* it was saved meanwhile */
    const char *who; /* who saved it last and when, as far as the log knows; NULL, NONE */
    int64_t at;
};
/* The field's difference, or NULL. */
const struct merged *form_met(const struct form *form, const char *name);
/* A note at a field whose control is not one of these: the choice, or what was taken over. `theirs`
 * as people read it, or NULL: as it is typed. */
void form_choice_html(struct view *v, const struct form *form, const char *name,
                      const char *theirs);
/* What the field was when the form was opened, as a hidden value; a list with all its rows. */
struct form_was_list {
    int64_t rows, count; /* of the rows; of the values in them */
    struct form_was_value {
        const char *name, *value;
    } * values;
};
struct form_was_list form_was_list(struct view *v, const struct form *form,
                                   const struct field *field);
void form_was_html(struct view *v, const struct form *form, const char *name);

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

/* What was typed, what was when the form was opened, or what is: see form_was_html(). */
const char *form_was(struct view *v, const struct form *form, const struct field *field);

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
    const char *was;               /* when the form was opened, or NULL: it does not matter */
    const struct merged *met;      /* or NULL */
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
