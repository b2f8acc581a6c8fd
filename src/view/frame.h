/* What stands around a page. */
#pragma once

#include "view/view.h"

/* One place in the navigation. */
struct place {
    const char *name; /* as struct page's `nav` calls it */
    const char *url, *icon, *label;
    bool tab; /* also in the bar at a phone's foot */
};
struct places {
    const char *title; /* over the group, or NULL */
    const struct place *places;
    int count;
};
const struct places *frame_places(int *count);
const struct place *frame_settings(void);

const char *frame_language(const struct view *v);  /* "en-GB" */
const char *frame_direction(const struct view *v); /* "ltr" or "rtl" */
const char *frame_theme(const struct view *v);     /* "light", "dark" or "auto" */
const char *frame_shop(const struct view *v); /* the shop's name, "Benchpin" before it has one */
const char *frame_role(struct view *v);       /* "Owner" */
