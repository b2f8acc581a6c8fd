/* The commands around backups. */
#include "backup/backup.h"

#include "cli/program.h"
#include "db/registry.h"
#include "shops/shop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Of several shops each has a folder of its own, and SHOPS says which there are:
 *
 *     main
 *     second second.example www.second.example url=https://desk.second.example
 */
static enum status list_shops(const struct settings *settings, struct errors *errors) {
    const char *path = arena_printf(errors->arena, "%s/SHOPS", settings->to);
    struct registry *registry = registry_open(settings->data, settings->database, true, errors);
    struct registered *shops;
    int64_t count = registry == NULL ? -1 : registry_read(registry, errors->arena, &shops);
    FILE *out = count < 0 ? NULL : fopen(path, "w");
    for (int64_t i = 0; i < count && out != NULL; i++) {
        if (shops[i].archived_at != NONE)
            continue;
        fputs(shops[i].name, out);
        for (int64_t h = 0; h < shops[i].host_count; h++)
            fprintf(out, " %s", shops[i].hosts[h]);
        if (shops[i].url != NULL)
            fprintf(out, " url=%s", shops[i].url);
        fputc('\n', out);
    }
    registry_close(registry);
    if (out == NULL || fclose(out) != 0)
        return error_add(errors, FAILED, NULL, "backup", "%s cannot be written: %s.", path,
                         strerror(errno));
    return OK;
}

static enum status back_up(struct databases *databases, const struct settings *settings,
                           struct errors *errors) {
    struct store *first = databases_next(databases, NULL);
    if (settings->into != NULL || first == NULL || databases_next(databases, first) == NULL)
        return backup_make(databases_default(databases), settings->to, NULL, NULL, errors);
    if (!backup_place_free(settings->to))
        return error_add(errors, INVALID, NULL, "not_empty", "%s is not empty: name a new folder.",
                         settings->to);
    if (mkdir(settings->to, 0700) != 0 && errno != EEXIST)
        return error_add(errors, FAILED, NULL, "backup", "%s cannot be made: %s.", settings->to,
                         strerror(errno));
    enum status status = OK;
    for (struct store *store = first; store != NULL && status == OK;
         store = databases_next(databases, store)) {
        const char *folder = arena_printf(errors->arena, "%s/%s", settings->to, store_name(store));
        if (!store_hold(store, errors))
            return errors->status;
        status = backup_make(store, folder, NULL, NULL, errors);
        store_give_back(store);
    }
    return status == OK ? list_shops(settings, errors) : status;
}

int backup_command(const struct settings *settings, struct errors *errors) {
    if (settings->to == NULL) {
        error_add(errors, INVALID, NULL, "required", "--to is missing: the folder to write to.");
        return program_faults(errors);
    }
    struct databases *databases = program_open(settings, true, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    enum status status = back_up(databases, settings, errors);
    databases_close(databases);
    if (status != OK)
        return program_faults(errors);
    printf("Backed up to %s. Restore it with: benchpin restore --from %s --data NEW\n",
           settings->to, settings->to);
    return 0;
}

/* One shop, which must be there and empty. */
static enum status restore_one(struct databases *databases, const char *name, const char *folder,
                               struct errors *errors) {
    if (backup_verify(folder, errors) != OK)
        return errors->status;
    struct store *store = databases_named(databases, name, errors);
    if (store == NULL)
        return errors->status;
    struct context cx = {
        .arena = errors->arena, .errors = errors, .store = store, .now = instant_now()};
    enum status status =
        shop_prepare(&cx)
            ? error_add(errors, CONFLICT, NULL, "not_empty",
                        "There is a shop in this database already; nothing was changed.")
            : backup_restore(store, folder, errors);
    store_give_back(store);
    return status;
}

/* A line of SHOPS: made known, then restored. */
static enum status restore_line(const struct settings *settings, struct databases *databases,
                                char *line, struct errors *errors) {
    char *rest = NULL;
    const char *name = strtok_r(line, " \n", &rest);
    struct registry *registry = registry_open(settings->data, settings->database, false, errors);
    enum status status = registry == NULL || name == NULL ? FAILED : OK;
    if (status == OK && strcmp(name, "main") != 0)
        status = registry_add(registry, name, NULL, NULL, instant_now(), errors);
    for (const char *word; status == OK && (word = strtok_r(NULL, " \n", &rest)) != NULL;)
        status = strncmp(word, "url=", 4) == 0 ? registry_set_url(registry, name, word + 4, errors)
                                               : registry_host_add(registry, name, word, errors);
    registry_close(registry);
    if (status != OK)
        return status;
    databases_refresh(databases);
    return restore_one(databases, name, arena_printf(errors->arena, "%s/%s", settings->from, name),
                       errors);
}

static enum status restore(const struct settings *settings, struct databases *databases,
                           struct errors *errors) {
    FILE *shops = fopen(arena_printf(errors->arena, "%s/SHOPS", settings->from), "r");
    if (shops == NULL || settings->into != NULL) {
        if (shops != NULL)
            fclose(shops);
        return restore_one(databases, store_name(databases_default(databases)), settings->from,
                           errors);
    }
    char *line = NULL;
    size_t size = 0;
    enum status status = OK;
    while (status == OK && getline(&line, &size, shops) > 0)
        status = restore_line(settings, databases, line, errors);
    free(line);
    fclose(shops);
    return status;
}

int restore_command(const struct settings *settings, struct errors *errors) {
    if (settings->from == NULL)
        error_add(errors, INVALID, NULL, "required",
                  "--from is missing: the folder of the backup.");
    else if (settings->into == NULL && !backup_place_free(settings->data))
        error_add(errors, INVALID, NULL, "not_empty",
                  "%s is not empty. A backup is restored into a new folder, or with --shop into a "
                  "shop that is empty; nothing was changed.",
                  settings->data);
    if (errors_any(errors))
        return program_faults(errors);
    struct databases *databases = program_open(settings, false, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    enum status status = restore(settings, databases, errors);
    databases_close(databases);
    if (status != OK)
        return program_faults(errors);
    printf("Restored into %s. Start it with: benchpin serve --data %s\n", settings->data,
           settings->data);
    return 0;
}

int drill_command(const struct settings *settings, struct errors *errors) {
    if (settings->from == NULL) {
        error_add(errors, INVALID, NULL, "required",
                  "--from is missing: the folder of the backup.");
        return program_faults(errors);
    }
    const char *scratch = arena_printf(errors->arena, "%s/.drill", settings->from);
    if (backup_drill(settings->from, scratch, settings->database, errors) != OK)
        return program_faults(errors);
    printf("A shop can be made of %s: restored beside, checked, and removed again.\n",
           settings->from);
    return 0;
}
