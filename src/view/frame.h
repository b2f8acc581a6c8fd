/* What stands around a page. */
#pragma once

#include "view/view.h"

const char *frame_language(const struct view *v);  /* "en-GB" */
const char *frame_direction(const struct view *v); /* "ltr" or "rtl" */
const char *frame_theme(const struct view *v);     /* "light", "dark" or "auto" */
const char *frame_shop(const struct view *v); /* the shop's name, "Benchpin" before it has one */
bool frame_any(const struct view *v, const struct places *group); /* something to show? */
const char *frame_role(struct view *v);                           /* "Owner" */
