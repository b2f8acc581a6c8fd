#include "http/assets.h"
#include "http/assets_table.h"

#include <stdlib.h>
#include <string.h>

static const char STATIC[] = "/static/";

/* What follows "/static/<version>/", or NULL when `path` does not begin so. */
static const char *after_version(const char *path) {
    size_t length = strlen(asset_table_version);
    if (strncmp(path, STATIC, sizeof STATIC - 1) != 0)
        return NULL;
    path += sizeof STATIC - 1;
    if (strncmp(path, asset_table_version, length) != 0 || path[length] != '/')
        return NULL;
    return path + length + 1;
}

/* A static asset is looked for by what follows "/static/", so that no path need be put together. */
struct sought {
    const char *path;
    bool within_static;
};

static int compare(const void *key, const void *item) {
    const struct sought *sought = key;
    const char *path = ((const struct asset *)item)->path;
    if (!sought->within_static)
        return strcmp(sought->path, path);
    int family = strncmp(STATIC, path, sizeof STATIC - 1);
    return family != 0 ? family : strcmp(sought->path, path + sizeof STATIC - 1);
}

const struct asset *asset_find(const char *path) {
    const char *rest = after_version(path);
    struct sought sought = {.path = rest ? rest : path, .within_static = rest != NULL};
    return bsearch(&sought, asset_table, asset_count, sizeof *asset_table, compare);
}

bool asset_is_versioned(const char *path) {
    return after_version(path) != NULL;
}

const char *asset_version(void) {
    return asset_table_version;
}

const struct asset *asset_all(size_t *count) {
    *count = asset_count;
    return asset_table;
}
