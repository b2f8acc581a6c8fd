#include "cli/program.h"

#include "schema/schema.h"

#include <stdio.h>

int migrate_command(const struct settings *settings, struct errors *errors) {
    struct databases *databases = program_open(settings, false, NULL, NULL, errors);
    const char *last = "";
    if (databases == NULL)
        return program_faults(errors);
    int64_t count = 0;
    for (struct store *store = databases_next(databases, NULL); store != NULL;
         store = databases_next(databases, store), count++)
        if (store_hold(store, errors))
            store_give_back(store);
    databases_close(databases);
    if (errors_any(errors))
        return program_faults(errors);
    for (const struct migration *m = schema_migrations; m->name != NULL; m++)
        last = m->name;
    if (count == 1)
        printf("The database is up to date (%s).\n", last);
    else
        printf("The databases of all %ld shops are up to date (%s).\n", (long)count, last);
    return 0;
}
