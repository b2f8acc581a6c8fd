#include "media/helper/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

/* ------------------------------------------------------------------ kinds */

struct loader {
    enum reply_kind kind;
    const char *class; /* libvips's name of the loader from memory, as
                          vips_foreign_find_load_buffer() gives it */
};

static const struct loader loaders[] = {
    {KIND_PNG, "VipsForeignLoadPngBuffer"},   {KIND_JPEG, "VipsForeignLoadJpegBuffer"},
    {KIND_WEBP, "VipsForeignLoadWebpBuffer"}, {KIND_GIF, "VipsForeignLoadNsgifBuffer"},
    {KIND_HEIF, "VipsForeignLoadHeifBuffer"}, {KIND_PDF, "VipsForeignLoadPdfBuffer"},
};

static const char *loader_class(enum reply_kind kind) {
    for (size_t i = 0; i < sizeof loaders / sizeof loaders[0]; i++)
        if (loaders[i].kind == kind)
            return loaders[i].class;
    return NULL;
}

static bool begins(const unsigned char *bytes, size_t length, size_t at, const char *mark) {
    size_t size = strlen(mark);
    return length >= at + size && memcmp(bytes + at, mark, size) == 0;
}

/* The major brands of still pictures in an ISO base media file: HEVC (HEIC), AV1 (AVIF), or said by
 * the compatible brands only (mif1). Sequences and films are not taken. */
static bool is_heif(const unsigned char *bytes, size_t length) {
    static const char *const brands[] = {"heic", "heix", "heim", "heis", "mif1", "avif"};
    if (!begins(bytes, length, 4, "ftyp"))
        return false;
    for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++)
        if (begins(bytes, length, 8, brands[i]))
            return true;
    return false;
}

enum reply_kind picture_kind(const unsigned char *bytes, size_t length) {
    if (begins(bytes, length, 0, "\x89PNG\r\n\x1a\n"))
        return KIND_PNG;
    if (begins(bytes, length, 0, "\xff\xd8\xff"))
        return KIND_JPEG;
    if (begins(bytes, length, 0, "RIFF") && begins(bytes, length, 8, "WEBP"))
        return KIND_WEBP;
    if (begins(bytes, length, 0, "GIF87a") || begins(bytes, length, 0, "GIF89a"))
        return KIND_GIF;
    if (begins(bytes, length, 0, "%PDF-"))
        return KIND_PDF;
    return is_heif(bytes, length) ? KIND_HEIF : (enum reply_kind)0;
}

/* ------------------------------------------------------------------ starting */

static void ignore_log(const gchar *domain, GLogLevelFlags level, const gchar *text,
                       gpointer data) {}

bool picture_start(const char *program) {
    /* Large pictures stay in memory: there is no temporary file to open in the sandbox. */
    setenv("VIPS_DISC_THRESHOLD", "4g", 1);
    setenv("VIPS_NOVECTOR", "1", 1); /* run-time generated code needs executable memory */
    g_log_set_default_handler(ignore_log, NULL);
    if (vips_init(program) != 0)
        return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    /* Whatever libvips was built with (ImageMagick, SVG, OpenSlide, …), only these may read. */
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < sizeof loaders / sizeof loaders[0]; i++)
        vips_operation_block_set(loaders[i].class, FALSE);
    return true;
}

/* One line of Helvetica, which the file does not carry: finding it starts fontconfig. */
static const char tiny_pdf[] =
    "%PDF-1.1\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 20 20]/Contents 4 0 R"
    "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    "4 0 obj<</Length 31>>stream\nBT /F 9 Tf 2 5 Td (Ab) Tj ET    \nendstream endobj\n"
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    "trailer<</Root 1 0 R>>\n";

void picture_warm(enum reply_kind kind) {
    VipsImage *page = NULL;
    if (kind == KIND_PDF &&
        vips_thumbnail_buffer((void *)tiny_pdf, sizeof tiny_pdf - 1, &page, 20, NULL) == 0) {
        size_t size;
        g_free(vips_image_write_to_memory(page, &size));
    }
    g_clear_object(&page);
    vips_error_clear();
}

/* ------------------------------------------------------------------ making */

/* The picture without anything but its pixels: no field of the sender's reaches the saver. Those
 * that cannot be removed are the picture's own measures. */
static VipsImage *cleaned(VipsImage *image) {
    VipsImage *copy = NULL;
    if (vips_copy(image, &copy, NULL) != 0)
        return NULL;
    gchar **fields = vips_image_get_fields(copy);
    for (gchar **field = fields; field != NULL && *field != NULL; field++)
        vips_image_remove(copy, *field);
    g_strfreev(fields);
    return copy;
}

static bool write_all(int file, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t put = write(file, bytes, length);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            bytes += put;
            length -= (size_t)put;
        }
    }
    return true;
}

/* Of a WebP file just made only what draws it. libvips writes an EXIF chunk whatever it is told
 * (its "strip" does nothing for WebP in 8.14): chunks that are not pixels or transparency are cut
 * out and their flags in the header cleared. Returns the new length, 0 when this is no WebP. */
static size_t bare_webp(unsigned char *bytes, size_t length) {
    enum { HEAD = 12, CHUNK = 8, METADATA_FLAGS = 0x20 | 0x08 | 0x04 }; /* ICC, EXIF, XMP */
    if (!begins(bytes, length, 0, "RIFF") || !begins(bytes, length, 8, "WEBP"))
        return 0;
    size_t from = HEAD, to = HEAD;
    while (from + CHUNK <= length) {
        guint32 stored;
        memcpy(&stored, bytes + from + 4, 4);
        size_t size = CHUNK + (((size_t)GUINT32_FROM_LE(stored) + 1) & ~(size_t)1);
        if (size > length - from)
            return 0;
        bool head = begins(bytes, length, from, "VP8X");
        if (head)
            bytes[from + CHUNK] &= (unsigned char)~METADATA_FLAGS;
        if (head || begins(bytes, length, from, "VP8 ") || begins(bytes, length, from, "VP8L") ||
            begins(bytes, length, from, "ALPH")) {
            memmove(bytes + to, bytes + from, size);
            to += size;
        }
        from += size;
    }
    guint32 total = GUINT32_TO_LE((guint32)(to - CHUNK));
    memcpy(bytes + 4, &total, 4);
    return to;
}

static enum reply_outcome save(VipsImage *image, int output, int quality) {
    VipsImage *clean = cleaned(image);
    void *bytes = NULL;
    size_t length = 0;
    enum reply_outcome outcome = REPLY_UNREADABLE;
    if (clean != NULL &&
        vips_webpsave_buffer(clean, &bytes, &length, "Q", quality, "effort", 2, "strip", TRUE,
                             NULL) == 0 &&
        (length = bare_webp(bytes, length)) > 0)
        outcome = write_all(output, bytes, length) ? REPLY_MADE : REPLY_FAILED;
    g_free(bytes);
    g_clear_object(&clean);
    return outcome;
}

/* Fits into a square of this side, never enlarged; the smallest is a filled square. */
static enum reply_outcome save_at(VipsImage *image, int side, int output) {
    VipsImage *small = NULL;
    bool square = side == JOB_SMALL_SIDE;
    if (vips_thumbnail_image(image, &small, side, "height", side, "size",
                             square ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN, "crop",
                             square ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE, NULL) != 0)
        return REPLY_UNREADABLE;
    enum reply_outcome outcome = save(small, output, 82);
    g_object_unref(small);
    return outcome;
}

/* What the file declares, without decoding it. False: it cannot be read as its kind, or libvips
 * would read it as another. */
static bool measure(enum reply_kind kind, const void *bytes, size_t length, uint32_t *width,
                    uint32_t *height) {
    const char *class = vips_foreign_find_load_buffer(bytes, length);
    if (class == NULL || strcmp(class, loader_class(kind)) != 0)
        return false;
    VipsImage *image =
        vips_image_new_from_buffer(bytes, length, "", "access", VIPS_ACCESS_SEQUENTIAL, NULL);
    if (image == NULL)
        return false;
    *width = (uint32_t)vips_image_get_width(image);
    *height = (uint32_t)vips_image_get_height(image);
    g_object_unref(image);
    return true;
}

/* The picture upright, in sRGB, in memory, at the size that is kept. A page is drawn at the size of
 * its large picture: it has no pixels of its own. */
static VipsImage *decoded(enum reply_kind kind, const void *bytes, size_t length) {
    bool page = kind == KIND_PDF;
    int side = page ? JOB_LARGE_SIDE : JOB_ORIGINAL_SIDE;
    VipsImage *image = NULL, *plain = NULL, *memory = NULL;
    /* "fail_on" as an argument of vips_thumbnail_buffer() does not reach the loader (8.14); as an
     * option of the loader's it does. What is cut off or damaged is refused, not shown half. */
    if (vips_thumbnail_buffer((void *)bytes, length, &image, side, "height", side, "size",
                              page ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN, "export_profile", "srgb",
                              "option_string", "fail_on=error", NULL) != 0)
        return NULL;
    if (page && vips_image_hasalpha(image)) {
        VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
        vips_flatten(image, &plain, "background", white, NULL);
        vips_area_unref(VIPS_AREA(white));
    } else {
        plain = g_object_ref(image);
    }
    g_object_unref(image);
    memory = plain == NULL ? NULL : vips_image_copy_memory(plain);
    g_clear_object(&plain);
    image = memory == NULL ? NULL : cleaned(memory);
    g_clear_object(&memory);
    return image;
}

void picture_make(enum reply_kind kind, const void *bytes, size_t length, struct reply *reply) {
    static const int sides[JOB_OUTPUT_COUNT] = {0, JOB_LARGE_SIDE, JOB_MIDDLE_SIDE, JOB_SMALL_SIDE};
    reply->kind = (uint32_t)kind;
    reply->outcome = REPLY_UNREADABLE;
    if (!measure(kind, bytes, length, &reply->width, &reply->height))
        return;
    if ((uint64_t)reply->width * reply->height > (uint64_t)JOB_MEGAPIXELS * 1000000) {
        reply->outcome = REPLY_TOO_LARGE;
        return;
    }
    VipsImage *image = decoded(kind, bytes, length);
    if (image == NULL)
        return;
    reply->width = (uint32_t)vips_image_get_width(image);
    reply->height = (uint32_t)vips_image_get_height(image);
    /* A PDF is kept as it was sent: it has no output of its own. */
    reply->outcome = kind == KIND_PDF ? REPLY_MADE : save(image, JOB_OUTPUTS, 90);
    for (int i = 1; i < JOB_OUTPUT_COUNT && reply->outcome == REPLY_MADE; i++)
        reply->outcome = save_at(image, sides[i], JOB_OUTPUTS + i);
    g_object_unref(image);
}
