/* A QR code as a picture for pages: black on white whatever the theme, with the four quiet modules
 * around it that scanners want. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>

/* The SVG document. False: the text is too long for a code. */
bool qr_svg(const char *text, struct buf *out);
