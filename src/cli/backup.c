/* A backup is a folder: the database as of one instant, the attachments, and a manifest with the
 * hash of each file. Attachments are copied before the database and again after it, so that every
 * file the database names is there: bytes are only removed a minute after their row. */
#include "cli/program.h"
#include "shops/shop.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

static bool is_empty(const char *path) {
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

/* Everything below `from` into `to`, but folders called "tmp". */
static enum status copy_tree(struct errors *errors, const char *from, const char *to) {
    DIR *folder = opendir(from);
    if (folder == NULL)
        return errno == ENOENT ? OK : refuse(errors, "cannot be read", from);
    enum status status = make_folder(errors, to);
    for (struct dirent *entry; status == OK && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "tmp") == 0)
            continue;
        const char *source = arena_printf(errors->arena, "%s/%s", from, entry->d_name);
        const char *target = arena_printf(errors->arena, "%s/%s", to, entry->d_name);
        struct stat about;
        if (lstat(source, &about) != 0)
            continue;
        if (S_ISDIR(about.st_mode))
            status = copy_tree(errors, source, target);
        else if (S_ISREG(about.st_mode))
            status = copy_file(errors, source, target);
    }
    closedir(folder);
    return status;
}

/* ------------------------------------------------------------------ the manifest */

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

static enum status list_tree(struct errors *errors, const char *top, const char *below, FILE *out) {
    const char *path = below[0] == '\0' ? top : arena_printf(errors->arena, "%s/%s", top, below);
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        return refuse(errors, "cannot be read", path);
    enum status status = OK;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        const char *at = below[0] == '\0' ? arena_text(errors->arena, name)
                                          : arena_printf(errors->arena, "%s/%s", below, name);
        const char *whole = arena_printf(errors->arena, "%s/%s", top, at);
        struct stat about;
        char hash[65];
        if (status != OK || name[0] == '.' || strcmp(at, "MANIFEST") == 0 ||
            lstat(whole, &about) != 0) {
        } else if (S_ISDIR(about.st_mode)) {
            status = list_tree(errors, top, at, out);
        } else if (hash_file(whole, hash)) {
            fprintf(out, "%s  %s\n", hash, at);
        } else {
            status = refuse(errors, "cannot be read", whole);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static enum status write_manifest(struct errors *errors, const char *folder) {
    const char *path = arena_printf(errors->arena, "%s/MANIFEST", folder);
    FILE *out = fopen(path, "w");
    if (out == NULL)
        return refuse(errors, "cannot be written", path);
    enum status status = list_tree(errors, folder, "", out);
    if (fflush(out) != 0 || fsync(fileno(out)) != 0)
        status = refuse(errors, "cannot be written", path);
    fclose(out);
    return status;
}

static enum status check_manifest(struct errors *errors, const char *folder) {
    const char *path = arena_printf(errors->arena, "%s/MANIFEST", folder);
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return error_add(errors, INVALID, NULL, "no_backup",
                         "%s is not a finished backup: it has no MANIFEST.", folder);
    enum status status = OK;
    char *line = NULL;
    size_t size = 0;
    while (status == OK && getline(&line, &size, in) > 66) {
        line[strcspn(line, "\n")] = '\0';
        char hash[65];
        const char *file = arena_printf(errors->arena, "%s/%s", folder, line + 66);
        if (!hash_file(file, hash) || strncmp(hash, line, 64) != 0)
            status = error_add(errors, INVALID, NULL, "damaged_backup",
                               "%s is missing or damaged: this backup is not restored.", file);
    }
    free(line);
    fclose(in);
    return status;
}

/* ------------------------------------------------------------------ the commands */

int backup_command(const struct settings *settings, struct errors *errors) {
    if (settings->to == NULL)
        error_add(errors, INVALID, NULL, "required", "--to is missing: the folder to write to.");
    else if (!is_empty(settings->to))
        error_add(errors, INVALID, NULL, "not_empty", "%s is not empty: name a new folder.",
                  settings->to);
    if (settings->to == NULL || errors_any(errors))
        return program_faults(errors);
    struct databases *databases = program_open(settings, true, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    struct store *store = databases_default(databases);
    const char *files = arena_printf(errors->arena, "%s/files", settings->to);
    const char *database = arena_printf(errors->arena, "%s/%s", settings->to,
                                        store_is_postgres(store) ? "database.copy" : "benchpin.db");
    enum status status = make_folder(errors, settings->to);
    if (status == OK)
        status = copy_tree(errors, store_files(store), files);
    if (status == OK)
        status = store_backup(store, database, errors);
    if (status == OK)
        status = copy_tree(errors, store_files(store), files);
    if (status == OK)
        status = write_manifest(errors, settings->to);
    databases_close(databases);
    if (status != OK)
        return program_faults(errors);
    printf("Backed up to %s. Restore it with: benchpin restore --from %s --data NEW\n",
           settings->to, settings->to);
    return 0;
}

int restore_command(const struct settings *settings, struct errors *errors) {
    if (settings->from == NULL)
        error_add(errors, INVALID, NULL, "required",
                  "--from is missing: the folder of the backup.");
    else if (!is_empty(settings->data))
        error_add(errors, INVALID, NULL, "not_empty",
                  "%s is not empty. A backup is restored into a new folder; nothing was changed.",
                  settings->data);
    if (errors_any(errors) || check_manifest(errors, settings->from) != OK)
        return program_faults(errors);
    struct databases *databases = program_open(settings, false, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    struct store *store = databases_default(databases);
    bool postgres = store_is_postgres(store);
    const char *database = arena_printf(errors->arena, "%s/%s", settings->from,
                                        postgres ? "database.copy" : "benchpin.db");
    struct context cx = program_context(databases, errors->arena, errors);
    struct stat about;
    enum status status = OK;
    if (shop_prepare(&cx))
        status = error_add(errors, CONFLICT, NULL, "not_empty",
                           "There is a shop in this database already; nothing was changed.");
    else if (stat(database, &about) != 0)
        status = error_add(errors, INVALID, NULL, "other_engine",
                           "This is a backup of %s; restore it there.",
                           postgres ? "an SQLite shop" : "a PostgreSQL shop");
    if (status == OK)
        status = store_restore(store, database, errors);
    if (status == OK)
        status = copy_tree(errors, arena_printf(errors->arena, "%s/files", settings->from),
                           store_files(store));
    databases_close(databases);
    if (status != OK)
        return program_faults(errors);
    printf("Restored into %s. Start it with: benchpin serve --data %s\n", settings->data,
           settings->data);
    return 0;
}
