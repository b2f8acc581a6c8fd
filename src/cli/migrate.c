#include "cli/program.h"

#include "schema/schema.h"

#include <stdio.h>

int migrate_command(const struct settings *settings, struct errors *errors) {
    struct databases *databases = program_open(settings, false, NULL, NULL, errors);
    const char *last = "";
    if (databases == NULL)
        return program_faults(errors);
    databases_close(databases);
    for (const struct migration *m = schema_migrations; m->name != NULL; m++)
        last = m->name;
    printf("The database is up to date (%s).\n", last);
    return 0;
}
