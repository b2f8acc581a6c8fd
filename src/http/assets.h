/* The files that browsers load, inside the binary.
 *
 * web/build.mjs bundles styles and scripts, compresses each text by brotli and gzip, and includes
 * the bytes. Two families of addresses: /static/…  styles, scripts, icons, pictures and fonts: for
 * everybody /seed/…    pictures of the demo shop: read by `benchpin demo`, never served
 *
 * A static file may be asked for with the version as a folder, /static/<version>/app.css, so that
 * the relative addresses inside the style sheet carry it too; the answer to such an address never
 * changes and may be kept by browsers for ever. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct asset {
    const char *path;                     /* "/static/app.css" */
    const char *type;                     /* "text/css; charset=utf-8" */
    const unsigned char *bytes, *br, *gz; /* br and gz are NULL when they would save nothing */
    size_t length, br_length, gz_length;
    const char *hash; /* of the bytes: 16 hexadecimal digits, for the ETag */
};

/* The asset at `path`, or NULL. A folder that is the present version is passed over. */
const struct asset *asset_find(const char *path);

/* Whether `path` names the present version, so that its answer never changes. */
bool asset_is_versioned(const char *path);

/* One short hash over all assets: changes when any of them does. */
const char *asset_version(void);

/* All of them, sorted by path: for tests and for the demo. */
const struct asset *asset_all(size_t *count);
