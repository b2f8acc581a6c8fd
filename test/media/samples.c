/* media-samples FOLDER       writes the pictures that the tests send
 * media-samples --look FILE  prints "WIDTH HEIGHT BANDS FIELDS TOP BOTTOM DARKEST": how many fields
 * of metadata there are, and "r", "b", "w" or "?" for the colours of the middle of the top and of
 * the bottom edge, the lowest value */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

static _Noreturn void stop(const char *what) {
    fprintf(stderr, "media-samples: %s: %s\n", what, vips_error_buffer());
    exit(1);
}

/* Left half red, right half blue: turned upright by orientation 6, red is at the top. */
static VipsImage *two_colours(int width, int height) {
    size_t row = (size_t)width * 3;
    unsigned char *pixels = g_malloc(row * (size_t)height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            unsigned char *pixel = pixels + (size_t)y * row + (size_t)x * 3;
            pixel[0] = x < width / 2 ? 230 : 10;
            pixel[1] = 10;
            pixel[2] = x < width / 2 ? 10 : 230;
        }
    VipsImage *image = vips_image_new_from_memory_copy(pixels, row * (size_t)height, width, height,
                                                       3, VIPS_FORMAT_UCHAR);
    g_free(pixels);
    if (image == NULL)
        stop("memory");
    VipsImage *srgb = NULL;
    if (vips_copy(image, &srgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0)
        stop("copy");
    g_object_unref(image);
    return srgb;
}

/* A telephone's picture: camera, place and a description, lying on its side. */
static VipsImage *photo(int width, int height) {
    static const char xmp[] = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRETXMP</x:xmpmeta>";
    VipsImage *image = two_colours(width, height);
    vips_image_set_string(image, "exif-ifd0-Make", "SECRETCAMERA");
    vips_image_set_string(image, "exif-ifd0-Model", "SECRETMODEL");
    vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef", "N");
    vips_image_set_string(image, "exif-ifd3-GPSLatitude", "51/1 30/1 26/1");
    vips_image_set_string(image, "exif-ifd3-GPSLongitudeRef", "W");
    vips_image_set_string(image, "exif-ifd3-GPSLongitude", "0/1 7/1 39/1");
    vips_image_set_string(image, "png-comment-0-Comment", "SECRETCOMMENT");
    vips_image_set_blob_copy(image, "xmp-data", xmp, sizeof xmp - 1);
    vips_image_set_blob_copy(image, "iptc-data", "SECRETIPTC", 10);
    vips_image_set_int(image, "orientation", 6);
    return image;
}

static void save(VipsImage *image, const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (vips_image_write_to_file(image, path, NULL) != 0)
        stop(name);
    g_object_unref(image);
}

static void save_bytes(const void *bytes, size_t length, const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
        stop(name);
}

static void save_animation(const char *folder) {
    VipsImage *frames[2] = {two_colours(60, 40), NULL};
    VipsImage *both = NULL, *animated = NULL;
    if (vips_invert(frames[0], &frames[1], NULL) != 0 ||
        vips_arrayjoin(frames, &both, 2, "across", 1, NULL) != 0 ||
        vips_copy(both, &animated, NULL) != 0)
        stop("animation");
    vips_image_set_int(animated, "page-height", 40);
    g_object_unref(frames[0]);
    g_object_unref(frames[1]);
    g_object_unref(both);
    save(animated, folder, "animated.gif");
}

static void save_transparent(const char *folder) {
    VipsImage *solid = two_colours(300, 300), *clear = NULL;
    if (vips_bandjoin_const1(solid, &clear, 40, NULL) != 0)
        stop("transparent");
    g_object_unref(solid);
    save(clear, folder, "transparent.png");
}

/* ------------------------------------------------------------------ written by hand */

static guint32 crc(const unsigned char *bytes, size_t length) {
    guint32 sum = 0xffffffff;
    for (size_t i = 0; i < length; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? 0xedb88320 ^ sum >> 1 : sum >> 1;
    }
    return ~sum;
}

/* A PNG that declares 60,000 × 60,000 pixels and brings a handful. */
static void save_bomb(const char *folder) {
    unsigned char png[33 + 12 + 12] =
        "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\2\0\0\0----"
        "\0\0\0\x0cIDAT\x78\x9c\x63\x60\x60\x60\0\0\0\4\0\1----";
    guint32 sum = GUINT32_TO_BE(crc(png + 12, 17));
    memcpy(png + 29, &sum, 4);
    sum = GUINT32_TO_BE(crc(png + 37, 16));
    memcpy(png + 53, &sum, 4);
    save_bytes(png, sizeof png, folder, "bomb.png");
}

/* One page, 300 × 400 points: a blue bar at the bottom, a red one at the top, black text in between
 * in a font that the file does not carry. */
static void save_page(const char *folder, const char *name, const char *box) {
    static const char drawing[] = "1 0 0 rg 0 350 300 50 re f 0 0 1 rg 0 0 300 50 re f 0 0 0 rg "
                                  "BT /F 90 Tf 20 170 Td (MWMW) Tj ET";
    char pdf[2048];
    int length = snprintf(pdf, sizeof pdf,
                          "%%PDF-1.4\n"
                          "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                          "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                          "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R"
                          "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
                          "4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
                          "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>endobj\n"
                          "trailer<</Root 1 0 R>>\n%%%%EOF\n",
                          box, strlen(drawing), drawing);
    save_bytes(pdf, (size_t)length, folder, name);
}

static void save_refused(const char *folder) {
    static const char svg[] = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                              "width=\"9\" height=\"9\"><script>alert(1)</script></svg>\n";
    static const char html[] = "<!DOCTYPE html><title>x</title><script>alert(1)</script>\n";
    save_bytes(svg, sizeof svg - 1, folder, "drawing.svg");
    save_bytes(svg, sizeof svg - 1, folder, "drawing.png");
    save_bytes(html, sizeof html - 1, folder, "page.jpg");
    save_bytes("MZ\x90\0\3\0\0\0\4", 9, folder, "program.gif");
    save_bytes("", 0, folder, "empty.png");
    save(two_colours(20, 20), folder, "scan.tif");
}

static void make(const char *folder) {
    save(photo(600, 400), folder, "photo.jpg");
    save(photo(600, 400), folder, "photo.png");
    save(photo(600, 400), folder, "photo.webp");
    save(photo(600, 400), folder, "photo.gif");
    save(photo(600, 400), folder, "photo.heic");
    save(photo(600, 400), folder, "photo.avif");
    save(photo(5600, 4000), folder, "large.jpg");
    save(photo(50, 30), folder, "tiny.png");
    save(two_colours(2, 16000), folder, "tall.png");
    save_animation(folder);
    save_transparent(folder);
    save_bomb(folder);
    save_page(folder, "page.pdf", "0 0 300 400");
    save_page(folder, "wide.pdf", "0 0 14400 14400");
    save_refused(folder);
}

/* ------------------------------------------------------------------ looking */

static char colour(VipsImage *image, int x, int y) {
    double *pixel;
    int bands;
    if (vips_getpoint(image, &pixel, &bands, x, y, NULL) != 0)
        stop("getpoint");
    char name = '?';
    if (bands >= 3 && pixel[0] > 180 && pixel[1] < 90 && pixel[2] < 90)
        name = 'r';
    else if (bands >= 3 && pixel[2] > 180 && pixel[0] < 90 && pixel[1] < 90)
        name = 'b';
    else if (bands >= 3 && pixel[0] > 240 && pixel[1] > 240 && pixel[2] > 240)
        name = 'w';
    g_free(pixel);
    return name;
}

/* libvips reads even what its saver was told to strip: anything that tells of a camera or a place.
 */
static int count_fields(VipsImage *image) {
    static const char *const starts[] = {"exif", "xmp",         "iptc",
                                         "icc",  "orientation", "png-comment"};
    int count = 0;
    gchar **fields = vips_image_get_fields(image);
    for (gchar **field = fields; *field != NULL; field++)
        for (size_t i = 0; i < G_N_ELEMENTS(starts); i++)
            count += g_str_has_prefix(*field, starts[i]);
    g_strfreev(fields);
    return count;
}

static double darkest(VipsImage *image) {
    double least;
    if (vips_min(image, &least, NULL) != 0)
        stop("min");
    return least;
}

static void look(const char *path) {
    VipsImage *image = vips_image_new_from_file(path, NULL);
    if (image == NULL)
        stop(path);
    int width = vips_image_get_width(image), height = vips_image_get_height(image);
    printf("%d %d %d %d %c %c %d\n", width, height, vips_image_get_bands(image),
           count_fields(image), colour(image, width / 2, 0), colour(image, width / 2, height - 1),
           (int)darkest(image));
    g_object_unref(image);
}

int main(int count, char **words) {
    if (vips_init(words[0]) != 0)
        stop("start");
    if (count == 3 && strcmp(words[1], "--look") == 0)
        look(words[2]);
    else if (count == 2)
        make(words[1]);
    else
        return 2;
    vips_shutdown();
    return 0;
}
