/* A whole shop out, and in again. */
#include "cli/program.h"

#include "accounts/account.h"
#include "base/text.h"
#include "db/registry.h"
#include "schema/schema.h"
#include "shops/shop.h"
#include "transfer/transfer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void progress(void *arg, int64_t done, int64_t of) {
    (void)arg;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%ld of about %ld rows and files%s", (long)done,
                (long)(of < done ? done : of), done == of ? "\n" : "");
}

int export_command(const struct settings *settings, struct errors *errors) {
    if (settings->to == NULL) {
        error_add(errors, INVALID, NULL, "required",
                  "--to is missing: the file to write, like shop.zip.");
        return program_faults(errors);
    }
    if (access(settings->to, F_OK) == 0)
        error_add(errors, INVALID, NULL, "exists", "There is a file %s already: name a new one.",
                  settings->to);
    struct databases *databases =
        errors_any(errors) ? NULL : program_open(settings, true, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    struct export_wish wish = {.secrets = true, .progress = progress};
    enum status status = shop_export(databases_default(databases), settings->to, &wish, errors);
    databases_close(databases);
    if (status != OK)
        return program_faults(errors);
    printf(
        "Exported to %s, with the hashes of passwords: keep it as you keep the shop's data. Make "
        "a shop of it with: benchpin import %s --data NEW\n",
        settings->to, settings->to);
    return 0;
}

/* Nobody has it open, and nothing is in it; or there is none of this name yet. */
static bool is_free(const struct settings *settings, const char *name, bool registered,
                    struct errors *errors) {
    if (!registered)
        return true;
    struct settings one = *settings;
    one.into = name;
    struct databases *databases = program_open(&one, false, NULL, NULL, errors);
    if (databases == NULL)
        return false;
    struct context cx = program_context(databases, errors->arena, errors);
    if (shop_prepare(&cx))
        error_add(errors, CONFLICT, NULL, "not_empty",
                  "There is a shop in “%s” already; nothing was changed. A new one beside it: "
                  "--shop NAME --host HOST",
                  name);
    databases_close(databases);
    return !errors_any(errors);
}

/* -1: it can't be read; otherwise whether the registry has a shop of this name. */
static int is_registered(const struct settings *settings, const char *name, struct errors *errors) {
    struct registry *registry = registry_open(settings->data, settings->database, false, errors);
    struct registered *shops;
    int64_t count = registry == NULL ? -1 : registry_read(registry, errors->arena, &shops);
    int found = count < 0 ? -1 : 0;
    for (int64_t i = 0; i < count; i++)
        if (strcmp(shops[i].name, name) == 0)
            found = 1;
    registry_close(registry);
    return found;
}

static enum status make_known(const struct settings *settings, const char *name,
                              struct errors *errors) {
    struct registry *registry = registry_open(settings->data, settings->database, false, errors);
    enum status status = registry == NULL ? FAILED
                                          : registry_add(registry, name, settings->host,
                                                         settings->url, instant_now(), errors);
    registry_close(registry);
    return status;
}

int import_command(const struct settings *settings, struct errors *errors) {
    const char *path = settings->words[0], *name = settings->into == NULL ? "main" : settings->into;
    const char *password = NULL;
    if (path == NULL)
        error_add(errors, BAD_REQUEST, NULL, "usage",
                  "The file is missing. See: benchpin import "
                  "--help");
    else if (!shop_name_valid(name))
        error_add(
            errors, INVALID, NULL, "bad_name",
            "--shop is up to 40 small letters, digits and hyphens, and begins with a letter.");
    else if (settings->password_file != NULL)
        password = program_password(settings->password_file, errors);
    if (password != NULL && password_check(password, "password-file", errors) == OK)
        password = password_hash(password, errors->arena);
    if (errors_any(errors) || program_folder(settings, errors) != OK)
        return program_faults(errors);
    int registered = is_registered(settings, name, errors);
    if (registered == 0 && settings->host == NULL)
        error_add(errors, BAD_REQUEST, NULL, "usage",
                  "--host is missing: there is no shop “%s” yet, and it has to answer somewhere.",
                  name);
    struct database_settings database = {
        .data = settings->data, .url = settings->database, .migrations = schema_migrations};
    if (registered < 0 || errors_any(errors) || export_verify(path, errors) != OK ||
        !is_free(settings, name, registered == 1, errors) ||
        shop_import(&database, path, name, password, errors) != OK ||
        (registered == 0 && make_known(settings, name, errors) != OK))
        return program_faults(errors);
    printf("Imported as the shop “%s”. Start it with: benchpin serve --data %s\n", name,
           settings->data);
    return 0;
}
