/* Making a backup, verifying one, and making a shop of it. */
#include "backup/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status refuse(struct errors *errors, const char *what, const char *path) {
    return error_add(errors, FAILED, NULL, "backup", "%s %s: %s.", path, what, strerror(errno));
}

static enum status make_folder(struct errors *errors, const char *path) {
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return OK;
    return refuse(errors, "cannot be made", path);
}

bool backup_place_free(const char *path) {
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno == ENOENT;
    bool empty = true;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(folder);
    return empty;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at) {
    (void)about, (void)kind, (void)at;
    return remove(path);
}

bool folder_remove(const char *path) {
    return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT;
}

/* Copies and flushes; an existing target is left alone (attachments never change). */
static enum status copy_file(struct errors *errors, const char *from, const char *to) {
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? OK : refuse(errors, "cannot be read", from); /* just removed */
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) {
        int why = errno;
        close(in);
        errno = why;
        return why == EEXIST ? OK : refuse(errors, "cannot be written", to);
    }
    char bytes[65536];
    ssize_t count;
    bool good = true;
    while (good && (count = read(in, bytes, sizeof bytes)) > 0)
        for (ssize_t done = 0; good && done < count;) {
            ssize_t wrote = write(out, bytes + done, (size_t)(count - done));
            good = wrote > 0;
            done += wrote > 0 ? wrote : 0;
        }
    good = good && count == 0 && fsync(out) == 0;
    enum status status = good ? OK : refuse(errors, "cannot be copied", from);
    close(in);
    close(out);
    return status;
}

/* Everything below `from` into `to`, but folders called "tmp". What `before` (or NULL) holds at the
 * same place is the same file: shared, when the disk can. */
static enum status copy_tree(struct errors *errors, const char *from, const char *to,
                             const char *before, const atomic_bool *stop) {
    DIR *folder = opendir(from);
    if (folder == NULL)
        return errno == ENOENT ? OK : refuse(errors, "cannot be read", from);
    enum status status = make_folder(errors, to);
    for (struct dirent *entry; status == OK && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "tmp") == 0)
            continue;
        const char *source = arena_printf(errors->arena, "%s/%s", from, entry->d_name);
        const char *target = arena_printf(errors->arena, "%s/%s", to, entry->d_name);
        const char *old =
            before == NULL ? NULL : arena_printf(errors->arena, "%s/%s", before, entry->d_name);
        struct stat about, shared;
        if (stop != NULL && *stop)
            status = error_add(errors, UNAVAILABLE, NULL, "stopped", "The server is stopping.");
        else if (lstat(source, &about) != 0)
            continue;
        else if (S_ISDIR(about.st_mode))
            status = copy_tree(errors, source, target, old, stop);
        else if (S_ISREG(about.st_mode) &&
                 (old == NULL || lstat(old, &shared) != 0 || shared.st_size != about.st_size ||
                  link(old, target) != 0))
            status = copy_file(errors, source, target);
    }
    closedir(folder);
    return status;
}

/* ------------------------------------------------------------------ the manifest */

/* One walk over a backup's files: writes the manifest's lines and adds up. */
struct inventory {
    struct errors *errors;
    FILE *out;
    const char *top;
    const char *before;  /* the backup whose files may be shared, or NULL */
    struct arena *lines; /* of its manifest: "hash  name" by name, sorted as it was written */
    const char **old;
    size_t old_count;
    int64_t bytes, files;
};

static bool hash_file(const char *path, char *hexadecimal) {
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    unsigned char bytes[65536], hash[32];
    size_t count;
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
        crypto_generichash_update(&state, bytes, count);
    bool good = !ferror(file);
    fclose(file);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(hexadecimal, 65, hash, sizeof hash);
    return good;
}

enum { HASH = 64, NAME_AT = HASH + 2 }; /* of a manifest's line */

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a + NAME_AT, *(const char *const *)b + NAME_AT);
}

static void read_old(struct inventory *all) {
    if (all->before == NULL)
        return;
    FILE *in = fopen(arena_printf(all->lines, "%s/MANIFEST", all->before), "r");
    if (in == NULL)
        return;
    char *line = NULL;
    size_t size = 0, room = 0;
    while (getline(&line, &size, in) > NAME_AT) {
        line[strcspn(line, "\n")] = '\0';
        all->old = arena_grow(all->lines, all->old, all->old_count, &room, sizeof *all->old);
        all->old[all->old_count++] = arena_text(all->lines, line);
    }
    free(line);
    fclose(in);
    if (all->old_count > 0)
        qsort(all->old, all->old_count, sizeof *all->old, by_name);
}

/* A file that is shared with the backup before has the hash that it has there: the drill reads
 * every byte, the making of a backup only what is new. */
static bool hash_shared(const struct inventory *all, const char *name, const struct stat *about,
                        char *hash) {
    struct stat old;
    if (about->st_nlink < 2 || all->old_count == 0 ||
        lstat(arena_printf(all->lines, "%s/%s", all->before, name), &old) != 0 ||
        old.st_ino != about->st_ino || old.st_dev != about->st_dev)
        return false;
    const char *wanted = arena_printf(all->lines, "%*s%s", NAME_AT, "", name);
    const char **found = bsearch(&wanted, all->old, all->old_count, sizeof *all->old, by_name);
    if (found == NULL)
        return false;
    memcpy(hash, *found, HASH);
    hash[HASH] = '\0';
    return true;
}

static enum status list_tree(struct inventory *all, const char *below) {
    struct arena *arena = all->errors->arena;
    const char *path = below[0] == '\0' ? all->top : arena_printf(arena, "%s/%s", all->top, below);
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        return refuse(all->errors, "cannot be read", path);
    enum status status = OK;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        const char *at =
            below[0] == '\0' ? arena_text(arena, name) : arena_printf(arena, "%s/%s", below, name);
        const char *whole = arena_printf(arena, "%s/%s", all->top, at);
        struct stat about;
        char hash[HASH + 1];
        if (status != OK || name[0] == '.' || strcmp(at, "MANIFEST") == 0 ||
            strcmp(at, "ABOUT") == 0 || lstat(whole, &about) != 0) {
        } else if (S_ISDIR(about.st_mode)) {
            status = list_tree(all, at);
        } else if (hash_shared(all, at, &about, hash) || hash_file(whole, hash)) {
            fprintf(all->out, "%s  %s\n", hash, at);
            all->bytes += about.st_size;
            all->files += strncmp(at, "files/", 6) == 0;
        } else {
            status = refuse(all->errors, "cannot be read", whole);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static enum status write_manifest(struct inventory *all) {
    const char *path = arena_printf(all->errors->arena, "%s/MANIFEST", all->top);
    all->out = fopen(path, "w");
    if (all->out == NULL)
        return refuse(all->errors, "cannot be written", path);
    all->lines = arena_new();
    read_old(all);
    enum status status = list_tree(all, "");
    if (fflush(all->out) != 0 || fsync(fileno(all->out)) != 0)
        status = refuse(all->errors, "cannot be written", path);
    fclose(all->out);
    arena_free(all->lines);
    return status;
}

enum status backup_verify(const char *folder, struct errors *errors) {
    const char *path = arena_printf(errors->arena, "%s/MANIFEST", folder);
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return error_add(errors, INVALID, NULL, "no_backup",
                         "%s is not a finished backup: it has no MANIFEST.", folder);
    enum status status = OK;
    char *line = NULL;
    size_t size = 0;
    while (status == OK && getline(&line, &size, in) > NAME_AT) {
        line[strcspn(line, "\n")] = '\0';
        char hash[HASH + 1];
        const char *file = arena_printf(errors->arena, "%s/%s", folder, line + NAME_AT);
        if (!hash_file(file, hash) || strncmp(hash, line, HASH) != 0)
            status = error_add(errors, INVALID, NULL, "damaged_backup",
                               "%s is missing or damaged: this backup is not restored.", file);
    }
    free(line);
    fclose(in);
    return status;
}

/* ------------------------------------------------------------------ what it says of itself */

const char *about_read(const char *folder, const char *name, struct arena *arena) {
    FILE *in = fopen(arena_printf(arena, "%s/ABOUT", folder), "r");
    if (in == NULL)
        return NULL;
    const char *value = NULL;
    char *line = NULL;
    size_t size = 0, length = strlen(name);
    while (getline(&line, &size, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, name, length) == 0 && line[length] == '=')
            value = arena_text(arena, line + length + 1);
    }
    free(line);
    fclose(in);
    return value;
}

enum status about_write(const char *folder, const char *name, const char *value,
                        struct errors *errors) {
    const char *path = arena_printf(errors->arena, "%s/ABOUT", folder);
    const char *draft = arena_printf(errors->arena, "%s/.ABOUT", folder);
    FILE *out = fopen(draft, "w"), *in = fopen(path, "r");
    if (out == NULL) {
        if (in != NULL)
            fclose(in);
        return refuse(errors, "cannot be written", draft);
    }
    char *line = NULL;
    size_t size = 0, length = strlen(name);
    while (in != NULL && getline(&line, &size, in) > 0)
        if (strncmp(line, name, length) != 0 || line[length] != '=')
            fputs(line, out);
    fprintf(out, "%s=%s\n", name, value);
    free(line);
    if (in != NULL)
        fclose(in);
    bool good = fflush(out) == 0 && fsync(fileno(out)) == 0;
    good = fclose(out) == 0 && good && rename(draft, path) == 0;
    return good ? OK : refuse(errors, "cannot be written", path);
}

static enum status describe(const struct inventory *all, const struct store *store) {
    struct errors *errors = all->errors;
    const char *const lines[][2] = {
        {"version", BENCHPIN_VERSION},
        {"engine", store_is_postgres(store) ? "postgresql" : "sqlite"},
        {"files", arena_printf(errors->arena, "%ld", (long)all->files)},
        {"bytes", arena_printf(errors->arena, "%ld", (long)all->bytes)},
        {"made", instant_text(instant_now(), errors->arena)},
    };
    enum status status = OK;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0] && status == OK; i++)
        status = about_write(all->top, lines[i][0], lines[i][1], errors);
    return status;
}

/* ------------------------------------------------------------------ making, and making of */

static const char *database_of(const struct store *store, const char *folder, struct arena *arena) {
    return arena_printf(arena, "%s/%s", folder,
                        store_is_postgres(store) ? "database.copy" : "benchpin.db");
}

enum status backup_make(struct store *store, const char *folder, const char *before,
                        const atomic_bool *stop, struct errors *errors) {
    if (!backup_place_free(folder))
        return error_add(errors, INVALID, NULL, "not_empty", "%s is not empty: name a new folder.",
                         folder);
    const char *files = arena_printf(errors->arena, "%s/files", folder);
    const char *shared = before == NULL ? NULL : arena_printf(errors->arena, "%s/files", before);
    struct inventory all = {.errors = errors, .top = folder, .before = before};
    enum status status = make_folder(errors, folder);
    if (status == OK)
        status = copy_tree(errors, store_files(store), files, shared, stop);
    if (status == OK)
        status = store_backup(store, database_of(store, folder, errors->arena), errors);
    if (status == OK)
        status = copy_tree(errors, store_files(store), files, shared, stop);
    if (status == OK)
        status = write_manifest(&all);
    if (status == OK)
        status = describe(&all, store);
    return status;
}

enum status backup_restore(struct store *store, const char *folder, struct errors *errors) {
    const char *database = database_of(store, folder, errors->arena);
    struct stat about;
    if (stat(database, &about) != 0)
        return error_add(errors, INVALID, NULL, "other_engine",
                         "This is a backup of %s; restore it there.",
                         store_is_postgres(store) ? "an SQLite shop" : "a PostgreSQL shop");
    enum status status = store_restore(store, database, errors);
    if (status == OK)
        status = copy_tree(errors, arena_printf(errors->arena, "%s/files", folder),
                           store_files(store), NULL, NULL);
    return status;
}
