/* What templates are given, and what they call.
 *
 * Templates (`*.html` in a room's folder) are compiled to C by tools/tplc: see docs/templates.md.
 * In a template `v` is this view. A page is a function (view, model); the frame around it, the
 * field controls and the icons are templates of this folder. */
#pragma once

#include "base/buf.h"
#include "base/day.h"
#include "base/errors.h"
#include "base/record.h"

struct actor;

/* One place in the navigation; shown to who has the right. */
struct place {
    const char *name; /* as struct page's `nav` calls it */
    const char *url, *icon, *label;
    uint64_t right; /* a permission's bit */
    bool tab;       /* also in the bar at a phone's foot */
};
struct places {
    const char *title;          /* over the group; NULL: at the navigation's foot */
    const struct place *places; /* ends with a NULL name */
};

/* A form being shown: its record, its values, and after a refusal what was typed and what was wrong
 * with it. */
struct form {
    const struct record *record;
    const void *values; /* a struct of the record's */
    record_get get;     /* what was typed, or NULL when nothing was */
    const void *typed;
    const struct errors *errors; /* may be NULL */
    const struct form_edit *edit; /* an edit that may meet another's: see accounts/edit.h; or NULL */
};

struct view {
    struct buf *out;
    struct arena *arena;
    const struct locale *locale;
    const struct actor *actor;   /* NULL: nobody is signed in */
    int64_t now;                 /* UTC ms */
    const char *path;            /* of this page, for aria-current and for coming back */
    const char *csrf;            /* the token that forms carry; NULL without a session */
    const char *theme;           /* "light", "dark" or "auto" */
    const struct places *places; /* the navigation's groups; ends with NULL places */
    const char *shop_name;       /* "" before set-up */
    const char *shop_place;      /* the line under it */
    const char *brand;           /* the shop has colours of its own: a word for their version */
    const char *languages;       /* that visitors may read, "de,fr"; "" or NULL: all */
    const char *base_url;        /* "https://bench.example": no slash at the end */
    const char *flash;           /* one sentence told after a redirect, or NULL */
    const char *undo;            /* POST there takes back what the flash tells of, or NULL */
    const struct errors *errors;
    const char *asset_version; /* hash in the static files' addresses */
};

/* A page inside the staff's frame (navigation, top bar) or the public one. */
struct page {
    const char *title; /* "Jobs" */
    const char *nav;   /* the navigation's current item: "jobs", "customers", … or NULL */
    const char *crumb, *crumb_url; /* one step up, or NULL */
    bool rail;                     /* narrow navigation */
    const char *besides;           /* "views": a style sheet and a script of that name, too; or NULL */
    bool is_public;                /* the shop's own frame, without navigation */
    const char *description;       /* of a page that search engines may list; NULL: they may not */
    bool bare;                     /* sign-in and set-up: no navigation, no public header */
    void (*body)(struct view *v, const void *model);
    const void *model;
};
void view_page(struct view *v, const struct page *page); /* the whole document */

/* Already HTML: only functions of this folder make one; templates print it with {{! }}. */
struct html {
    const char *at;
};

/* Formats, allocated in the view's arena. NONE and NULL print as "–". */
const char *money(struct view *v, int64_t minor);
const char *money_round(struct view *v, int64_t minor); /* "£6,480" when there are no pence */
const char *money_short(struct view *v,
                        int64_t minor); /* to whole units, for overviews: "£2,016" */
const char *grams(struct view *v, int64_t milligrams); /* "6.45 g" */
const char *carats(struct view *v, int64_t units);     /* "2.31 ct", three decimals below 0.1 */
const char *millimetres(struct view *v, int64_t micrometres); /* "1.3 mm" */
const char *ring_size(struct view *v, int64_t micrometres);   /* "N½ · EU 54.7" */
const char *hours(struct view *v, int64_t minutes);           /* "3:40" */
const char *percent(struct view *v, int64_t basis_points);    /* "17.5%" */
const char *day(struct view *v, const char *ymd);             /* "Tue 24 Nov" */
const char *day_long(struct view *v, const char *ymd);
const char *when(struct view *v, int64_t instant);      /* "Today 10:41" */
const char *when_day(struct view *v, int64_t instant);  /* "24 Nov" in the shop's zone */
const char *iso(struct view *v, int64_t instant);       /* for <time datetime> */
const char *job_number(struct view *v, int64_t number); /* "#000123" */
const char *initials(struct view *v, const char *name);
int tone(const char *name); /* 0…5: an avatar's colour */
/* Words in the reader's language; the English is the key, and its translation takes the same
 * arguments. What is put in is not translated: labels are given by view_t() or label(). */
const char *words(struct view *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Words that count: words_n(v, n, "%ld ring", "%ld rings", (long)n). English has two forms, Arabic
 * six: never choose between texts by `n == 1`. */
const char *words_n(struct view *v, int64_t n, const char *one, const char *many, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
const char *view_t(struct view *v, const char *english);
/* Where one English word is two in other languages, `context` says which is meant: a vocabulary's
 * name, or a word or two for translators. */
const char *view_tc(struct view *v, const char *context, const char *english);
/* A code's label in the reader's language; the vocabulary's name is the context. NULL: NULL. */
const char *label(struct view *v, const struct vocabulary *vocabulary, const char *code);
static inline const struct language *view_language(const struct view *v) {
    return v->locale == NULL ? NULL : v->locale->words;
}
bool view_may(const struct view *v, uint64_t permission); /* may the actor do this? */

/* Escapers, chosen by the template compiler from the place in the HTML; rooms don't call them. */
void view_out_text(struct view *v, const char *text);      /* between tags */
void view_out_attribute(struct view *v, const char *text); /* inside a quoted attribute */
void view_out_url(struct view *v, const char *url);        /* a whole URL: other schemes blocked */
void view_out_url_part(struct view *v, const char *part);  /* percent-encoded */
void view_out_int(struct view *v, int64_t number);
void view_out_html(struct view *v, struct html html);
