/* The demo's pictures: decoded once each, then linked to every job that shows them. */
#include "base/text.h"
#include "demo/inside.h"
#include "http/assets.h"
#include "jobs/job.h"
#include "media/files.h"
#include "media/media.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SEEDS "/seed/"

static enum status write_file(const char *path, const struct asset *asset, struct errors *errors) {
    FILE *file = fopen(path, "wxe");
    bool good = file != NULL && fwrite(asset->bytes, 1, asset->length, file) == asset->length;
    if (file != NULL)
        good = fclose(file) == 0 && good;
    return good ? OK
                : error_add(errors, FAILED, NULL, "pictures", "%s cannot be written: %s.", path,
                            strerror(errno));
}

static const char *plain_name(const struct asset *asset, struct arena *arena) {
    const char *name = asset->path + strlen(SEEDS);
    return arena_text_n(arena, name, strcspn(name, "."));
}

enum status pictures_prepare(struct demo *demo, struct errors *errors) {
    size_t count;
    const struct asset *assets = asset_all(&count);
    if (demo->settings->media == NULL)
        return OK;
    for (size_t i = 0; i < count && demo->picture_count < PICTURES_MOST; i++) {
        if (!text_starts(assets[i].path, SEEDS))
            continue;
        const char *path =
            arena_printf(demo->arena, "%s/demo-%zu.webp", demo->settings->temporary, i);
        struct stored stored;
        enum status status = write_file(path, &assets[i], errors);
        if (status == OK)
            status = media_keep(demo->settings->media, store_files(demo->store), path, "files",
                                &stored, errors);
        unlink(path);
        if (status != OK)
            return status;
        demo->pictures[demo->picture_count++] =
            (struct picture){.name = plain_name(&assets[i], demo->arena),
                             .id = arena_text(demo->arena, stored.id),
                             .width = stored.width,
                             .height = stored.height,
                             .length = stored.size};
    }
    return OK;
}

static const struct picture *find(const struct demo *demo, const char *name) {
    for (int i = 0; i < demo->picture_count; i++)
        if (strcmp(demo->pictures[i].name, name) == 0)
            return &demo->pictures[i];
    return NULL;
}

/* Files never change once kept: the same bytes may have many names. */
static enum status link_picture(struct context *cx, const struct picture *picture, const char *id) {
    const char *folder = store_files(cx->store);
    for (int variant = 0; variant < FILE_VARIANTS; variant++) {
        const char *from = files_path(folder, picture->id, variant, cx->arena);
        const char *to = files_draft(folder, id, variant, cx->arena);
        if (link(from, to) != 0 && errno != ENOENT)
            return error_add(cx->errors, FAILED, NULL, "pictures", "%s cannot be linked: %s.", from,
                             strerror(errno));
    }
    return files_keep(folder, id, cx->errors);
}

enum status picture_give(struct demo *demo, struct context *cx, int64_t job, const char *name,
                         const char *kind, const char *caption, bool shared) {
    const struct picture *picture = name == NULL ? NULL : find(demo, name);
    if (picture == NULL)
        return OK;
    struct job_file file = {.id = NONE,
                            .file = files_id_new(cx->arena),
                            .kind = kind,
                            .mime = "image/webp",
                            .name = arena_printf(cx->arena, "%s.webp", name),
                            .caption = caption,
                            .shared = shared,
                            .width = picture->width,
                            .height = picture->height,
                            .length = picture->length};
    enum status status = link_picture(cx, picture, file.file);
    return status != OK ? status : job_files_add(cx, job, &file, 1);
}

void pictures_end(struct demo *demo) {
    for (int i = 0; i < demo->picture_count; i++)
        files_delete(store_files(demo->store), demo->pictures[i].id);
}
