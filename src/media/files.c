#include "media/files.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <magic.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ID_DIGITS = 32, SNIFFED = 4096, DRAFT_SECONDS = 24 * 60 * 60 };

static const char *const variant_names[FILE_VARIANTS] = {
    [FILE_ORIGINAL] = "original",
    [FILE_LARGE] = "1200",
    [FILE_MIDDLE] = "440",
    [FILE_SMALL] = "96",
};

const char *files_variant_name(enum file_variant variant) {
    return variant_names[variant];
}

enum file_variant files_variant(const char *name) {
    int variant = 0;
    while (variant < FILE_VARIANTS && (name == NULL || strcmp(name, variant_names[variant]) != 0))
        variant++;
    return (enum file_variant)variant;
}

/* ------------------------------------------------------------------ what a file is */

/* What may come in; the loader of each stands in helper/picture.c. */
static const char *const allowed_types[] = {
    "image/png",  "image/jpeg", "image/webp", "image/gif",
    "image/heic", "image/heif", "image/avif", "application/pdf",
};

/* libmagic's tables take milliseconds to load and its handle serves one thread at a time: one
 * handle for the process, behind a lock. */
static pthread_mutex_t magic_lock = PTHREAD_MUTEX_INITIALIZER;
static magic_t magic_handle;

static void magic_open_once(void) {
    /* Only the plain tables: no looking into archives, documents or programs. */
    const int flags = MAGIC_MIME_TYPE | MAGIC_ERROR | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                      MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_APPTYPE |
                      MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON;
    magic_t handle = magic_open(flags);
    if (handle != NULL && magic_load(handle, NULL) == 0)
        magic_handle = handle;
    else if (handle != NULL)
        magic_close(handle);
}

static const char *allowed_type(const char *type) {
    for (size_t i = 0; i < sizeof allowed_types / sizeof allowed_types[0]; i++)
        if (type != NULL && strcmp(type, allowed_types[i]) == 0)
            return allowed_types[i];
    return NULL;
}

const char *files_type(const char *path) {
    unsigned char start[SNIFFED];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return NULL;
    ssize_t length = read(file, start, sizeof start);
    close(file);
    if (length <= 0)
        return NULL;
    pthread_mutex_lock(&magic_lock);
    if (magic_handle == NULL)
        magic_open_once();
    const char *type = NULL;
    if (magic_handle != NULL)
        type = allowed_type(magic_buffer(magic_handle, start, (size_t)length));
    pthread_mutex_unlock(&magic_lock);
    return type;
}

/* ------------------------------------------------------------------ paths */

const char *files_id_new(struct arena *arena) {
    return token_new(arena, ID_DIGITS / 2);
}

bool files_id_valid(const char *id) {
    return id != NULL && strlen(id) == ID_DIGITS && strspn(id, "0123456789abcdef") == ID_DIGITS;
}

const char *files_path(const char *folder, const char *id, enum file_variant variant,
                       struct arena *arena) {
    if (!files_id_valid(id))
        return NULL;
    return arena_printf(arena, "%s/%.2s/%.2s/%s.%s", folder, id, id + 2, id,
                        variant_names[variant]);
}

const char *files_draft(const char *folder, const char *id, enum file_variant variant,
                        struct arena *arena) {
    if (!files_id_valid(id))
        return NULL;
    return arena_printf(arena, "%s/tmp/%s.%s", folder, id, variant_names[variant]);
}

/* ------------------------------------------------------------------ keeping */

static enum status disk_fault(struct errors *errors, const char *doing, const char *path) {
    int code = errno;
    return error_add(errors, FAILED, NULL, "disk", "Cannot %s %s: %s.", doing, path,
                     strerror(code));
}

static bool flush(const char *path, int flags) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags);
    if (file < 0)
        return false;
    bool flushed = fsync(file) == 0;
    int code = errno;
    close(file);
    errno = code;
    return flushed;
}

/* Makes a folder and flushes the entry in its parent. */
static bool folder_make(const char *path, const char *parent) {
    if (mkdir(path, 0700) == 0)
        return flush(parent, O_DIRECTORY);
    return errno == EEXIST;
}

enum status files_prepare(const char *folder, struct errors *errors) {
    struct arena *arena = errors->arena;
    const char *tmp = arena_printf(arena, "%s/tmp", folder);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return disk_fault(errors, "make the folder", folder);
    if (!folder_make(tmp, folder))
        return disk_fault(errors, "make the folder", tmp);
    DIR *drafts = opendir(tmp);
    if (drafts == NULL)
        return disk_fault(errors, "read the folder", tmp);
    time_t oldest = time(NULL) - DRAFT_SECONDS;
    for (struct dirent *entry; (entry = readdir(drafts)) != NULL;) {
        struct stat about;
        if (fstatat(dirfd(drafts), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(about.st_mode) && about.st_mtime < oldest)
            unlinkat(dirfd(drafts), entry->d_name, 0);
    }
    closedir(drafts);
    return OK;
}

enum status files_keep(const char *folder, const char *id, struct errors *errors) {
    if (!files_id_valid(id))
        return error_add(errors, FAILED, NULL, "bad_id", "This is not the id of a file.");
    struct arena *arena = errors->arena;
    const char *outer = arena_printf(arena, "%s/%.2s", folder, id);
    const char *inner = arena_printf(arena, "%s/%.2s", outer, id + 2);
    if (!folder_make(outer, folder) || !folder_make(inner, outer))
        return disk_fault(errors, "make the folder", inner);
    int kept = 0;
    for (int i = 0; i < FILE_VARIANTS; i++) {
        const char *draft = files_draft(folder, id, (enum file_variant)i, arena);
        const char *path = files_path(folder, id, (enum file_variant)i, arena);
        if (access(draft, F_OK) != 0)
            continue;
        if (!flush(draft, 0) || rename(draft, path) != 0) {
            disk_fault(errors, "keep the file", path);
            files_delete(folder, id);
            return FAILED;
        }
        kept++;
    }
    if (kept == 0)
        return error_add(errors, FAILED, NULL, "no_file", "There is no file to keep for %s.", id);
    if (!flush(inner, O_DIRECTORY)) {
        disk_fault(errors, "flush the folder", inner);
        files_delete(folder, id);
        return FAILED;
    }
    return OK;
}

static bool copy_bytes(int from, int to) {
    char bytes[64 * 1024];
    for (;;) {
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got == 0)
            return true;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, bytes + done, (size_t)(got - done));
            if (put < 0 && errno != EINTR)
                return false;
            if (put > 0)
                done += put;
        }
    }
}

static bool copy_file(const char *from, const char *to) {
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0)
        return false;
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool copied = out >= 0 && copy_bytes(in, out);
    int code = errno;
    close(in);
    if (out >= 0)
        close(out);
    if (out >= 0 && !copied)
        unlink(to);
    errno = code;
    return copied;
}

enum status files_take(const char *folder, const char *id, enum file_variant variant,
                       const char *from, struct errors *errors) {
    const char *draft = files_draft(folder, id, variant, errors->arena);
    if (draft == NULL)
        return error_add(errors, FAILED, NULL, "bad_id", "This is not the id of a file.");
    if (rename(from, draft) == 0)
        return OK;
    int code = errno;
    if (code == EXDEV)
        unlink(draft); /* as rename() would have */
    errno = code;
    if (code != EXDEV || !copy_file(from, draft))
        return disk_fault(errors, "take the file", from);
    unlink(from);
    return OK;
}

bool files_delete(const char *folder, const char *id) {
    if (!files_id_valid(id))
        return false;
    char path[PATH_MAX];
    bool all = true;
    for (int i = 0; i < FILE_VARIANTS; i++) {
        const char *name = variant_names[i];
        int length = snprintf(path, sizeof path, "%s/tmp/%s.%s", folder, id, name);
        all &= length < PATH_MAX && (unlink(path) == 0 || errno == ENOENT);
        length = snprintf(path, sizeof path, "%s/%.2s/%.2s/%s.%s", folder, id, id + 2, id, name);
        all &= length < PATH_MAX && (unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR);
    }
    /* So that a power cut does not bring the bytes back. A folder that never was needs no flush. */
    snprintf(path, sizeof path, "%s/%.2s/%.2s", folder, id, id + 2);
    return (flush(path, O_DIRECTORY) || errno == ENOENT) && all;
}

/* ------------------------------------------------------------------ listing */

struct walk {
    const char *folder;
    bool (*visit)(void *arg, const struct file_entry *entry);
    void *arg;
    struct errors *errors;
    bool stopped;
};

/* A folder of the two levels below the root: two hexadecimal digits. */
static bool is_branch(const char *name) {
    return strlen(name) == 2 && strspn(name, "0123456789abcdef") == 2;
}

static void visit_file(struct walk *walk, int folder, const char *folder_path, const char *name) {
    char id[ID_DIGITS + 1], path[PATH_MAX];
    struct stat about;
    if (strlen(name) < ID_DIGITS + 2 || name[ID_DIGITS] != '.')
        return;
    memcpy(id, name, ID_DIGITS);
    id[ID_DIGITS] = '\0';
    enum file_variant variant = files_variant(name + ID_DIGITS + 1);
    if (!files_id_valid(id) || variant == FILE_VARIANTS ||
        fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode))
        return;
    if (snprintf(path, sizeof path, "%s/%s", folder_path, name) >= PATH_MAX)
        return;
    struct file_entry entry = {
        .id = id,
        .path = path,
        .variant = variant,
        .size = about.st_size,
        .modified = about.st_mtim.tv_sec * INT64_C(1000) + about.st_mtim.tv_nsec / 1000000,
    };
    walk->stopped = !walk->visit(walk->arg, &entry);
}

static enum status walk_folder(struct walk *walk, const char *path, int depth) {
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno == ENOENT ? OK : disk_fault(walk->errors, "read the folder", path);
    enum status status = OK;
    for (struct dirent *entry;
         status == OK && !walk->stopped && (entry = readdir(folder)) != NULL;) {
        char below[PATH_MAX];
        if (depth == 2) {
            visit_file(walk, dirfd(folder), path, entry->d_name);
        } else if (is_branch(entry->d_name)) {
            if (snprintf(below, sizeof below, "%s/%s", path, entry->d_name) < PATH_MAX)
                status = walk_folder(walk, below, depth + 1);
        }
    }
    closedir(folder);
    return status;
}

enum status files_each(const char *folder, bool (*visit)(void *arg, const struct file_entry *entry),
                       void *arg, struct errors *errors) {
    struct walk walk = {folder, visit, arg, errors, false};
    return walk_folder(&walk, folder, 0);
}
