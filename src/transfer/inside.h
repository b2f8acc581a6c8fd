/* What the files of this folder share. */
#pragma once

#include "transfer/transfer.h"

#include <archive.h>
#include <sodium.h>

#define EXPORT_FORMAT "benchpin-export"
enum { EXPORT_VERSION = 1 };

/* An archive being written: members one after the other, each hashed on its way. */
struct writing {
    struct archive *archive;
    struct errors *errors;
    FILE *sums; /* the lines of SHA256SUMS so far */
    crypto_hash_sha256_state hash;
    const char *member;
    struct buf buf; /* of the member, not yet handed over */
    bool failed;
};
/* `size` NONE: not known beforehand, and compressed; otherwise stored as it is. */
void member_begin(struct writing *w, const char *name, int64_t size);
void member_put(struct writing *w, const void *bytes, size_t length);
void member_flush(struct writing *w, size_t least); /* hands w->buf over when it is that long */
void member_end(struct writing *w);

/* The main things as tables for people, one member each. */
void csv_write(struct context *cx, struct writing *w);

/* Rows of these are of the moment, and left out. */
bool is_momentary(const char *table);
bool is_secret(const char *table, const char *column);
