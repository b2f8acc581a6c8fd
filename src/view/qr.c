#include "view/qr.h"

#include <qrencode.h>

bool qr_svg(const char *text, struct buf *out) {
    enum { QUIET = 4 };
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    int whole = code->width + 2 * QUIET;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
               "shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
               "<path d=\"",
               whole, whole, whole, whole);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++) {
            int length = 0;
            while (x + length < code->width && code->data[y * code->width + x + length] & 1)
                length++;
            if (length > 0)
                buf_printf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, length, length);
            x += length;
        }
    buf_lit(out, "\"/></svg>\n");
    QRcode_free(code);
    return true;
}
