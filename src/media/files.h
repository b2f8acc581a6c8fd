/* Attachments on disk: private, immutable, unguessable.
 *
 * A stored thing has a random id of 32 hexadecimal digits and up to four variants: the original and
 * three WebP pictures. They lie below the shop's folder (store_files(), db/db.h) as
 *
 *     FOLDER/3f/a0/3fa0….original   FOLDER/3f/a0/3fa0….1200   ….440   ….96
 *     FOLDER/tmp/                   what is being made; never read, emptied by files_prepare()
 *
 * Nothing that a sender says becomes part of a path: names live in the database. A variant never
 * changes once kept, so a backup may copy files while the shop is open: database first, then files;
 * what the database does not know is left over and harmless. A file is there for good when
 * files_keep() returns OK: bytes and folder entries have been flushed. Keep first, then write the
 * row that names the id; when that write fails, files_delete(). Thread-safe: there is no state but
 * disk. */
#pragma once

#include "base/errors.h"

#include <stdbool.h>
#include <stdint.h>

enum file_variant {
    FILE_ORIGINAL, /* pictures: a cleaned WebP of at most 4000 pixels a side; PDFs: as sent */
    FILE_LARGE,    /* fits into 1200 × 1200 */
    FILE_MIDDLE,   /* fits into 440 × 440 */
    FILE_SMALL,    /* 96 × 96, cut to the middle */
    FILE_VARIANTS, /* their number */
};

/* "original", "1200", "440", "96"; and back, FILE_VARIANTS when it is none of them. */
const char *files_variant_name(enum file_variant variant);
enum file_variant files_variant(const char *name);

/* What the content is, whatever its name says: "image/png", "image/jpeg", "image/webp",
 * "image/gif", "image/heic", "image/heif", "image/avif" or "application/pdf". NULL: anything else,
 * SVG included, or unreadable. Looks at the first 4 KiB only. */
const char *files_type(const char *path);

/* Makes the folder and its tmp where they are missing (mode 0700) and removes from tmp what is
 * older than a day. Call once when a shop is opened. */
enum status files_prepare(const char *folder, struct errors *errors);

const char *files_id_new(struct arena *arena); /* 128 random bits */
bool files_id_valid(const char *id);           /* false for NULL */

/* Where a kept variant lies: for answer_file() and backup. NULL when the id is not valid. */
const char *files_path(const char *folder, const char *id, enum file_variant variant,
                       struct arena *arena);
/* Where to write it before it is kept: in tmp. NULL when the id is not valid. */
const char *files_draft(const char *folder, const char *id, enum file_variant variant,
                        struct arena *arena);

/* Moves those drafts of this id that exist to their place, durably. On failure none is left there.
 * Without any draft it is FAILED. */
enum status files_keep(const char *folder, const char *id, struct errors *errors);
/* Moves (or, from another file system, copies) a file to this draft. */
enum status files_take(const char *folder, const char *id, enum file_variant variant,
                       const char *from, struct errors *errors);
/* Removes the bytes of all variants, drafts too. What is not there counts as removed; false: the
 * disk refused, try later. */
bool files_delete(const char *folder, const char *id);

/* Every kept file, in no order; for backup, and for finding what no row names. `visit` returns
 * false to stop. FAILED with a fault when a folder cannot be read, OK also when stopped. */
struct file_entry {
    const char *id, *path; /* valid during the visit */
    enum file_variant variant;
    int64_t size;     /* bytes */
    int64_t modified; /* UTC ms: when it was kept */
};
enum status files_each(const char *folder, bool (*visit)(void *arg, const struct file_entry *entry),
                       void *arg, struct errors *errors);
