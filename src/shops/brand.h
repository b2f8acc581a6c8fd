/* The shop's colours: three are chosen, all others follow from them so that everything stays
 * readable, light and dark.
 *
 * Contrast is that of WCAG 2.2 (w3.org/TR/WCAG22, "contrast ratio", relative luminance of sRGB), in
 * hundredths: 450 is 4.5 : 1. What is asked of the three:
 * - brand, of buttons and links: 3 : 1 against the white of a card (1.4.11). Its text is black or
 *   white, whichever reads better; as text it is made darker (lighter on dark) until it reads at
 *   4.5 : 1 on every surface.
 * - shell, behind the navigation: 4.5 : 1 under its ivory or its dark letters, also where it is
 *   marked as the present page.
 * - accent, of marks and progress: 3 : 1 against the shell, where it marks the focus. */
#pragma once

#include "base/arena.h"
#include "base/errors.h"

#include <stdbool.h>
#include <stdint.h>

/* "#17493d" each; NULL: Benchpin's own. */
struct brand {
    const char *brand, *shell, *accent;
};
#define BRAND_OWN ((struct brand){"#17493d", "#0f2f28", "#c39a53"})

bool brand_is_colour(const char *text);
int64_t brand_contrast(const char *one, const char *other);
/* INVALID at "brand", "shell" or "accent": `not_a_colour`, or `contrast` with the ratio it has, the
 * one it needs, and the nearest colour that has it. */
enum status brand_check(const struct brand *brand, struct errors *errors);
/* The tokens as a stylesheet; `scope`: put before each selector, for a preview beside others ("").
 * The colours must have been checked. */
const char *brand_css(const struct brand *brand, const char *scope, struct arena *arena);
