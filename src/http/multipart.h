/* multipart/form-data as it arrives, in pieces of any size: fields into pairs, files onto the disk.
 * Never more in memory than a field's value or a line of a part's head. */
#pragma once

#include "http/http.h"
#include "http/input.h"

struct multipart;

struct multipart_limits {
    int64_t file; /* bytes of one file */
    int files;
    const char *folder; /* where files are written */
};

/* Everything lives in the arena, except the files. BAD_REQUEST for a boundary that is none gives
 * NULL. */
struct multipart *multipart_new(const char *boundary, size_t length,
                                const struct multipart_limits *limits, struct arena *arena,
                                struct errors *errors);
enum status multipart_feed(struct multipart *multipart, const char *bytes, size_t length);
/* No more comes: BAD_REQUEST when the last boundary is missing. */
enum status multipart_end(struct multipart *multipart);
struct pairs *multipart_fields(struct multipart *multipart);
const struct upload *multipart_uploads(struct multipart *multipart, int64_t *count);
/* BLAKE2b-256 over fields and files, the same for a repeat with another boundary; fields named
 * "csrf" and "idempotency_key" are left out. */
void multipart_hash(struct multipart *multipart, char hex[static 65]);
/* Closes what is open and removes the files that are still there. */
void multipart_drop(struct multipart *multipart);
