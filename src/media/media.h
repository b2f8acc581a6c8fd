/* Pictures and documents from strangers, made safe to show.
 *
 * The server never parses an image or a PDF. It starts `benchpin-media` with the file on its
 * standard input and empty files to write into; that program opens nothing else, closes its
 * sandbox, decodes and writes WebP without any metadata: no camera, no time, no place. One process
 * does one job, so what a hostile file does to it dies with it; one that crashes or takes longer
 * than 20 seconds is killed. What it answers is checked like a stranger's word.
 *
 * A `struct media` belongs to who made it and may be used by many threads: two jobs run at a time,
 * others wait their turn. */
#pragma once

#include "base/errors.h"

#include <stdbool.h>
#include <stdint.h>

struct media;

/* Where `benchpin-media` is: $BENCHPIN_MEDIA, or beside the running program, or in src/media/ below
 * it (a build folder), or in ../libexec/benchpin/. NULL: nowhere. */
const char *media_find_helper(struct arena *arena);

struct media *media_new(const char *helper);
void media_free(struct media *media); /* no job may be running; accepts NULL */
/* How long one job may take, if not 20 seconds. Before the first job. */
void media_set_deadline(struct media *media, int milliseconds);

struct stored {
    const char *id;        /* in the file store: 32 hexadecimal digits */
    const char *type;      /* of FILE_ORIGINAL as kept: "image/webp", "application/pdf" */
    const char *sent_type; /* what came in: "image/heic" */
    bool picture;          /* false: a PDF; its variants show the first page */
    int64_t width, height; /* pixels of FILE_ORIGINAL upright; of a PDF, those of FILE_LARGE */
    int64_t size;          /* bytes of FILE_ORIGINAL */
};

/* Takes a file that was sent into the store: looks at what it really is, makes the variants, keeps
 * them durably (media/files.h). Takes 0.2 to 6 seconds: not inside a database transaction.
 *
 * `upload` is the temporary file: a PDF is moved away from there, a picture is left for the caller
 * to remove, since its metadata may say where it was taken. `field` is the form's name for it.
 * `stored` and its texts are in the arena of `errors`.
 *
 * WRONG_TYPE "wrong_type": not one of PNG, JPEG, WebP, GIF, HEIC, AVIF and PDF by content. INVALID
 * "unreadable": it says it is, and cannot be read; "too_large": over 100 megapixels; "too_slow".
 * UNAVAILABLE "busy": no turn within a minute. FAILED: our fault, or the disk's. */
enum status media_keep(struct media *media, const char *folder, const char *upload,
                       const char *field, struct stored *stored, struct errors *errors);
