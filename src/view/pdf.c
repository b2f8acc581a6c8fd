#include "view/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>
#include <zint.h>

#define POINTS (72.0 / 25.4)

enum { COLUMNS_MOST = 8 };
static const double LONGEST = 600;

struct pdf {
    cairo_surface_t *surface;
    cairo_t *cairo;
    double width, height, margin, y;
    bool endless;           /* its page ends where its content does */
    cairo_surface_t *paper; /* of endless pages */
    struct buf bytes;
    struct pdf_column columns[COLUMNS_MOST];
    int column_count;
    const char *watermark;
    char *title;
    int64_t made;
    const struct language *language;
};

static const struct {
    const char *family;
    double points;
    PangoWeight weight;
    double grey;
} types[] = {
    [PDF_BODY] = {"Inter, Noto Sans, DejaVu Sans", 9.5, PANGO_WEIGHT_NORMAL, 0},
    [PDF_SMALL] = {"Inter, Noto Sans, DejaVu Sans", 8, PANGO_WEIGHT_NORMAL, 0.35},
    [PDF_BOLD] = {"Inter, Noto Sans, DejaVu Sans", 9.5, PANGO_WEIGHT_SEMIBOLD, 0},
    [PDF_TITLE] = {"Newsreader, Noto Serif, DejaVu Serif", 20, PANGO_WEIGHT_NORMAL, 0},
    [PDF_HEAD] = {"Newsreader, Noto Serif, DejaVu Serif", 13, PANGO_WEIGHT_NORMAL, 0},
    [PDF_BIG] = {"Newsreader, Noto Serif, DejaVu Serif", 28, PANGO_WEIGHT_NORMAL, 0},
};

static cairo_status_t keep(void *closure, const unsigned char *bytes, unsigned int length) {
    buf_put(closure, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

static void set_date(cairo_surface_t *surface, int64_t made) {
    GDateTime *date = g_date_time_new_from_unix_utc(made / 1000);
    if (date == NULL)
        return;
    char *text = g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, text);
    g_free(text);
    g_date_time_unref(date);
}

static cairo_surface_t *paper_of(struct pdf *pdf, double height) {
    cairo_surface_t *paper = cairo_pdf_surface_create_for_stream(
        keep, &pdf->bytes, pdf->width * POINTS, height * POINTS);
    cairo_pdf_surface_set_metadata(paper, CAIRO_PDF_METADATA_TITLE, pdf->title);
    cairo_pdf_surface_set_metadata(paper, CAIRO_PDF_METADATA_CREATOR, "Benchpin");
    set_date(paper, pdf->made);
    return paper;
}

/* How long an endless page is shows at its end: until then it is recorded. */
static void record(struct pdf *pdf) {
    const cairo_rectangle_t sheet = {0, 0, pdf->width * POINTS, LONGEST * POINTS};
    pdf->surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &sheet);
    pdf->cairo = cairo_create(pdf->surface);
}

struct pdf *pdf_new(const char *title, double width, double height, double margin, int64_t made) {
    struct pdf *pdf = calloc(1, sizeof *pdf);
    if (pdf == NULL)
        abort();
    pdf->title = strdup(title == NULL ? "" : title);
    if (pdf->title == NULL)
        abort();
    pdf->made = made;
    pdf->width = width;
    pdf->endless = height <= 0;
    pdf->height = pdf->endless ? LONGEST : height;
    pdf->margin = pdf->y = margin;
    if (pdf->endless)
        record(pdf);
    else {
        pdf->surface = paper_of(pdf, pdf->height);
        pdf->cairo = cairo_create(pdf->surface);
    }
    return pdf;
}

/* The recorded page onto paper that is as long as it. */
static void play_back(struct pdf *pdf) {
    double height = pdf->y + pdf->margin;
    if (pdf->paper == NULL)
        pdf->paper = paper_of(pdf, height);
    else
        cairo_pdf_surface_set_size(pdf->paper, pdf->width * POINTS, height * POINTS);
    cairo_t *cairo = cairo_create(pdf->paper);
    cairo_set_source_surface(cairo, pdf->surface, 0, 0);
    cairo_paint(cairo);
    cairo_show_page(cairo);
    cairo_destroy(cairo);
}

static void end_page(struct pdf *pdf) {
    if (pdf->endless)
        play_back(pdf);
    else
        cairo_show_page(pdf->cairo);
}

void pdf_next(struct pdf *pdf) {
    end_page(pdf);
    pdf->y = pdf->margin;
    if (pdf->endless) {
        cairo_destroy(pdf->cairo);
        cairo_surface_destroy(pdf->surface);
        record(pdf);
    }
}

void pdf_end(struct pdf *pdf, struct buf *out) {
    end_page(pdf);
    cairo_destroy(pdf->cairo);
    if (pdf->endless) {
        cairo_surface_destroy(pdf->surface);
        pdf->surface = pdf->paper;
    }
    cairo_surface_finish(pdf->surface);
    cairo_surface_destroy(pdf->surface);
    buf_put(out, pdf->bytes.at, pdf->bytes.length);
    buf_free(&pdf->bytes);
    free(pdf->title);
    free(pdf);
}

double pdf_width(const struct pdf *pdf) {
    return pdf->width - 2 * pdf->margin;
}

double pdf_margin(const struct pdf *pdf) {
    return pdf->margin;
}

double pdf_y(const struct pdf *pdf) {
    return pdf->y;
}

void pdf_speak(struct pdf *pdf, const struct language *language) {
    pdf->language = language;
}

const char *pdf_t(const struct pdf *pdf, const char *english) {
    return language_text(pdf->language, NULL, english);
}

static bool leftward(const struct pdf *pdf) {
    return pdf->language != NULL && pdf->language->leftward;
}

void pdf_to(struct pdf *pdf, double y) {
    pdf->y = y;
}

void pdf_down(struct pdf *pdf, double by) {
    pdf->y += by;
}

/* ------------------------------------------------------------------ texts */

/* Whether the first letter or mark that has a direction runs from right to left; of valid UTF-8. */
static bool begins_leftward(const char *text) {
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (letter == 0x200f || (letter >= 0x590 && letter <= 0x8ff)) /* Hebrew to Arabic */
            return true;
        if (g_unichar_isalpha(letter))
            return false;
    }
    return false;
}

static PangoLayout *layout_of(struct pdf *pdf, enum pdf_type type, enum pdf_align align,
                              double width, const char *text) {
    PangoLayout *layout = pango_cairo_create_layout(pdf->cairo);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, types[type].family);
    pango_font_description_set_absolute_size(font, types[type].points * PANGO_SCALE);
    pango_font_description_set_weight(font, types[type].weight);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * POINTS * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (g_utf8_validate(text, -1, NULL)) {
        pango_layout_set_text(layout, text, -1);
    } else { /* shown with marks for what is broken */
        char *valid = g_utf8_make_valid(text, -1);
        pango_layout_set_text(layout, valid, -1);
        g_free(valid);
    }
    if (leftward(pdf)) {
        /* Each text runs in its own direction, a phone number from left to right, and all of them
         * begin at the right. */
        bool arabic = begins_leftward(pango_layout_get_text(layout));
        pango_context_set_base_dir(pango_layout_get_context(layout),
                                   arabic ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
        pango_layout_set_auto_dir(layout, FALSE);
        pango_layout_context_changed(layout);
        align = align == PDF_START ? PDF_END : align == PDF_END ? PDF_START : align;
    }
    pango_layout_set_alignment(layout, align == PDF_END      ? PANGO_ALIGN_RIGHT
                                       : align == PDF_CENTRE ? PANGO_ALIGN_CENTER
                                                             : PANGO_ALIGN_LEFT);
    return layout;
}

static double height_of(PangoLayout *layout) {
    int height;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE / POINTS;
}

static double measure(struct pdf *pdf, enum pdf_type type, double width, const char *text) {
    if (text == NULL || text[0] == '\0')
        return 0;
    PangoLayout *layout = layout_of(pdf, type, PDF_START, width, text);
    double height = height_of(layout);
    g_object_unref(layout);
    return height;
}

double pdf_text(struct pdf *pdf, enum pdf_type type, enum pdf_align align, double x, double width,
                const char *text) {
    if (text == NULL || text[0] == '\0')
        return 0;
    PangoLayout *layout = layout_of(pdf, type, align, width, text);
    double grey = types[type].grey;
    cairo_set_source_rgb(pdf->cairo, grey, grey, grey);
    if (leftward(pdf))
        x = pdf_width(pdf) - x - width;
    cairo_move_to(pdf->cairo, (pdf->margin + x) * POINTS, pdf->y * POINTS);
    pango_cairo_show_layout(pdf->cairo, layout);
    double height = height_of(layout);
    g_object_unref(layout);
    return height;
}

bool pdf_need(struct pdf *pdf, double height) {
    if (pdf->endless || pdf->y + height <= pdf->height - pdf->margin || pdf->y <= pdf->margin + 0.1)
        return false;
    cairo_show_page(pdf->cairo);
    pdf->y = pdf->margin;
    if (pdf->watermark != NULL)
        pdf_watermark(pdf, pdf->watermark);
    return true;
}

/* A text longer than a page goes on over the next ones, line by line. */
void pdf_paragraph(struct pdf *pdf, enum pdf_type type, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    PangoLayout *layout = layout_of(pdf, type, PDF_START, pdf_width(pdf), text);
    double grey = types[type].grey;
    int lines = pango_layout_get_line_count(layout);
    double line_height = height_of(layout) / lines;
    for (int i = 0; i < lines; i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        PangoRectangle extents;
        pango_layout_line_get_extents(line, NULL, &extents);
        pdf_need(pdf, line_height);
        cairo_set_source_rgb(pdf->cairo, grey, grey, grey);
        /* Lines of a right-to-left paragraph begin at the other side. */
        double indent = line->resolved_dir == PANGO_DIRECTION_RTL || leftward(pdf)
                            ? pdf_width(pdf) - (double)extents.width / PANGO_SCALE / POINTS
                            : 0;
        cairo_move_to(pdf->cairo, (pdf->margin + indent) * POINTS,
                      pdf->y * POINTS - (double)extents.y / PANGO_SCALE);
        pango_cairo_show_layout_line(pdf->cairo, line);
        pdf->y += line_height;
    }
    g_object_unref(layout);
    pdf->y += 1.2;
}

void pdf_pair(struct pdf *pdf, const char *name, const char *value) {
    if (value == NULL || value[0] == '\0')
        return;
    double split = pdf_width(pdf) * 0.28;
    double height = measure(pdf, PDF_BODY, pdf_width(pdf) - split, value);
    pdf_need(pdf, height);
    pdf->y += 0.5; /* both stand on one line */
    pdf_text(pdf, PDF_SMALL, PDF_START, 0, split - 2, pdf_t(pdf, name));
    pdf->y -= 0.5;
    pdf_text(pdf, PDF_BODY, PDF_START, split, pdf_width(pdf) - split, value);
    pdf->y += height + 0.8;
}

/* ------------------------------------------------------------------ tables and lines */

static void line(struct pdf *pdf, double grey_or_brass, double thickness) {
    if (grey_or_brass < 0)
        cairo_set_source_rgb(pdf->cairo, 0xC3 / 255.0, 0x9A / 255.0, 0x53 / 255.0);
    else
        cairo_set_source_rgb(pdf->cairo, grey_or_brass, grey_or_brass, grey_or_brass);
    cairo_set_line_width(pdf->cairo, thickness * POINTS);
    cairo_move_to(pdf->cairo, pdf->margin * POINTS, pdf->y * POINTS);
    cairo_line_to(pdf->cairo, (pdf->width - pdf->margin) * POINTS, pdf->y * POINTS);
    cairo_stroke(pdf->cairo);
}

void pdf_rule(struct pdf *pdf) {
    line(pdf, 0.75, 0.15);
    pdf->y += 1.6;
}

void pdf_brass(struct pdf *pdf) {
    line(pdf, -1, 0.5);
    pdf->y += 3;
}

/* Columns keep apart from each other; the last one ends at the margin. */
static double column_width(const struct pdf *pdf, int i) {
    double width = pdf->columns[i].share * pdf_width(pdf);
    return i == pdf->column_count - 1 ? width : width - 2;
}

static void heads(struct pdf *pdf) {
    double x = 0, most = 0;
    for (int i = 0; i < pdf->column_count; i++) {
        double height = pdf_text(pdf, PDF_SMALL, pdf->columns[i].align, x, column_width(pdf, i),
                                 pdf_t(pdf, pdf->columns[i].head));
        most = height > most ? height : most;
        x += pdf->columns[i].share * pdf_width(pdf);
    }
    pdf->y += most + 1;
    pdf_rule(pdf);
}

void pdf_table(struct pdf *pdf, const struct pdf_column *columns, int count) {
    pdf->column_count = count < COLUMNS_MOST ? count : COLUMNS_MOST;
    memcpy(pdf->columns, columns, (size_t)pdf->column_count * sizeof *columns);
    pdf_need(pdf, 14);
    heads(pdf);
}

void pdf_row(struct pdf *pdf, const char *const *cells, bool strong) {
    enum pdf_type type = strong ? PDF_BOLD : PDF_BODY;
    double most = 0, x = 0;
    for (int i = 0; i < pdf->column_count; i++) {
        double height = measure(pdf, type, column_width(pdf, i), cells[i]);
        most = height > most ? height : most;
    }
    if (pdf_need(pdf, most + 2))
        heads(pdf);
    for (int i = 0; i < pdf->column_count; i++) {
        pdf_text(pdf, type, pdf->columns[i].align, x, column_width(pdf, i), cells[i]);
        x += pdf->columns[i].share * pdf_width(pdf);
    }
    pdf->y += most + 1;
    pdf_rule(pdf);
}

void pdf_watermark(struct pdf *pdf, const char *text) {
    pdf->watermark = text;
    cairo_save(pdf->cairo);
    PangoLayout *layout = layout_of(pdf, PDF_BIG, PDF_START, 400, text);
    PangoFontDescription *font =
        pango_font_description_copy(pango_layout_get_font_description(layout));
    pango_font_description_set_absolute_size(font, 110.0 * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    cairo_set_source_rgb(pdf->cairo, 0.92, 0.92, 0.92);
    cairo_translate(pdf->cairo, pdf->width * 0.16 * POINTS, pdf->height * 0.66 * POINTS);
    cairo_rotate(pdf->cairo, -0.7);
    pango_cairo_show_layout(pdf->cairo, layout);
    g_object_unref(layout);
    cairo_restore(pdf->cairo);
}

/* ------------------------------------------------------------------ codes */

bool pdf_qr(struct pdf *pdf, double x, double size, const char *text) {
    if (leftward(pdf))
        x = pdf_width(pdf) - x - size;
    QRcode *code = text == NULL ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    double module = size / code->width;
    cairo_set_source_rgb(pdf->cairo, 0, 0, 0);
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(pdf->cairo, (pdf->margin + x + column * module) * POINTS,
                                (pdf->y + row * module) * POINTS, module * POINTS, module * POINTS);
    cairo_fill(pdf->cairo);
    QRcode_free(code);
    return true;
}

bool pdf_code128(struct pdf *pdf, double x, double width, double height, const char *text) {
    if (leftward(pdf))
        x = pdf_width(pdf) - x - width;
    struct zint_symbol *symbol = text == NULL ? NULL : ZBarcode_Create();
    if (symbol == NULL)
        return false;
    symbol->symbology = BARCODE_CODE128;
    symbol->show_hrt = 0;
    bool good = ZBarcode_Encode(symbol, (const unsigned char *)text, (int)strlen(text)) < 5 &&
                symbol->width > 0;
    if (good) {
        double module = width / symbol->width;
        cairo_set_source_rgb(pdf->cairo, 0, 0, 0);
        for (int column = 0; column < symbol->width; column++)
            if (symbol->encoded_data[0][column / 8] >> (column % 8) & 1)
                cairo_rectangle(pdf->cairo, (pdf->margin + x + column * module) * POINTS,
                                pdf->y * POINTS, module * POINTS, height * POINTS);
        cairo_fill(pdf->cairo);
    }
    ZBarcode_Delete(symbol);
    return good;
}
