/* Documents on paper: cairo draws, pango sets the type (any script, right to left too). Measures
 * are in millimetres from the page's upper left corner. Texts are plain: nothing in them is markup.
 *
 * A document is written from top to bottom: `y` is where the next thing goes. A thing that does not
 * fit begins a new page. Every function may be called from any thread, a document belongs to one.
 */
#pragma once

#include "base/buf.h"
#include "base/language.h"

#include <stdbool.h>
#include <stdint.h>

enum pdf_type {
    PDF_BODY,  /* 9.5 pt */
    PDF_SMALL, /* 8 pt, grey */
    PDF_BOLD,
    PDF_TITLE, /* display, 20 pt */
    PDF_HEAD,  /* display, 13 pt */
    PDF_BIG,   /* display, 28 pt */
};
enum pdf_align { PDF_START, PDF_END, PDF_CENTRE };

struct pdf;

/* `height` 0: a label or receipt, as long as what is on it (at most 600). `made` is the date told
 * in the file: the same content gives the same bytes. */
struct pdf *pdf_new(const char *title, double width, double height, double margin, int64_t made);
/* Ends the page, and begins another of the same document. */
void pdf_next(struct pdf *pdf);
/* Ends the document and appends it to `out`; the document is gone. */
void pdf_end(struct pdf *pdf, struct buf *out);

/* The language of the page, before anything is put on it; NULL: British English. Names of pairs and
 * heads of tables are looked up in it; in one that is written from right to left, x counts from the
 * right and texts begin there. */
void pdf_speak(struct pdf *pdf, const struct language *language);
const char *pdf_t(const struct pdf *pdf, const char *english);
double pdf_width(const struct pdf *pdf); /* between the margins */
double pdf_margin(const struct pdf *pdf);
double pdf_y(const struct pdf *pdf);
void pdf_to(struct pdf *pdf, double y);
void pdf_down(struct pdf *pdf, double by);
/* Begins a new page unless there is room for so much. True when it did. */
bool pdf_need(struct pdf *pdf, double height);

/* Sets a text into a box of this width at x (from the left margin) and y, wrapped; y stays. Returns
 * its height. NULL and "" take no room. */
double pdf_text(struct pdf *pdf, enum pdf_type type, enum pdf_align align, double x, double width,
                const char *text);
/* The same over the whole width, and y goes below it. */
void pdf_paragraph(struct pdf *pdf, enum pdf_type type, const char *text);
/* "Promised   Sat 12 Dec": a small name and its value; nothing for a NULL value. */
void pdf_pair(struct pdf *pdf, const char *name, const char *value);

struct pdf_column {
    double share; /* of the width */
    enum pdf_align align;
    const char *head;
};
/* Names the columns for the rows to come; the heads are repeated on each page. */
void pdf_table(struct pdf *pdf, const struct pdf_column *columns, int count);
void pdf_row(struct pdf *pdf, const char *const *cells, bool strong);

void pdf_rule(struct pdf *pdf);  /* a hairline */
void pdf_brass(struct pdf *pdf); /* the one coloured line */
void pdf_watermark(struct pdf *pdf, const char *text);
/* Vectors. A QR code is a square of `size`; false: the text cannot be encoded. */
bool pdf_qr(struct pdf *pdf, double x, double size, const char *text);
bool pdf_code128(struct pdf *pdf, double x, double width, double height, const char *text);
