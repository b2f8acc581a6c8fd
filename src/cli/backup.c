/* The commands around backups. */
#include "backup/backup.h"

#include "cli/program.h"
#include "shops/shop.h"

#include <stdio.h>
#include <string.h>

int backup_command(const struct settings *settings, struct errors *errors) {
    if (settings->to == NULL) {
        error_add(errors, INVALID, NULL, "required", "--to is missing: the folder to write to.");
        return program_faults(errors);
    }
    struct databases *databases = program_open(settings, true, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    enum status status =
        backup_make(databases_default(databases), settings->to, NULL, NULL, errors);
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
    else if (!backup_place_free(settings->data))
        error_add(errors, INVALID, NULL, "not_empty",
                  "%s is not empty. A backup is restored into a new folder; nothing was changed.",
                  settings->data);
    if (errors_any(errors) || backup_verify(settings->from, errors) != OK)
        return program_faults(errors);
    struct databases *databases = program_open(settings, false, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    struct context cx = program_context(databases, errors->arena, errors);
    enum status status =
        shop_prepare(&cx)
            ? error_add(errors, CONFLICT, NULL, "not_empty",
                        "There is a shop in this database already; nothing was changed.")
            : backup_restore(databases_default(databases), settings->from, errors);
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
