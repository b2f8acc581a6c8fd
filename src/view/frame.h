/* What stands around a page. */
#pragma once

#include "view/view.h"

/* "en-GB"; "ar-EG-u-nu-latn": the browser's scripts too write Latin digits. */
const char *frame_language(const struct view *v);
const char *frame_direction(const struct view *v); /* "ltr" or "rtl" */
/* Whether visitors are offered this language (of one that has varieties, only the shop's). */
bool frame_offers(const struct view *v, const struct language *language);
/* The language whose words the scripts bring along: "de"; NULL: British English, which needs none. */
const char *frame_words(const struct view *v);
bool frame_speaks(const struct view *v, const struct language *language); /* the page's own */
const char *frame_theme(const struct view *v);     /* "light", "dark" or "auto" */
const char *frame_shop(const struct view *v); /* the shop's name, "Benchpin" before it has one */
bool frame_any(const struct view *v, const struct places *group); /* something to show? */
const char *frame_role(struct view *v);                           /* "Owner" */
