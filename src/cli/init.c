#include "cli/program.h"

#include "base/text.h"
#include "shops/shop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *program_password(const char *path, struct errors *errors) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    const char *password = NULL;
    if (file != NULL && getline(&line, &size, file) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        password = arena_text(errors->arena, line);
    } else {
        error_add(errors, INVALID, "password-file", "unreadable",
                  "The password file %s cannot be read: %s.", path,
                  file == NULL ? strerror(errno) : "it is empty");
    }
    if (line != NULL)
        explicit_bzero(line, size);
    free(line);
    if (file != NULL)
        fclose(file);
    return password;
}

int init_command(const struct settings *settings, struct errors *errors) {
    struct {
        const char *flag, *value;
    } needed[] = {{"shop", settings->shop},
                  {"country", settings->country},
                  {"currency", settings->currency},
                  {"zone", settings->zone},
                  {"owner", settings->owner},
                  {"email", settings->email},
                  {"password-file", settings->password_file}};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (text_empty(needed[i].value))
            error_add(errors, INVALID, needed[i].flag, "required",
                      "--%s is missing. See: benchpin init --help", needed[i].flag);
    if (errors_any(errors))
        return program_faults(errors);
    struct set_up set_up;
    record_clear(&set_up_record, &set_up);
    set_up.name = settings->shop;
    set_up.country = settings->country;
    set_up.currency = settings->currency;
    set_up.zone = settings->zone;
    set_up.owner = settings->owner;
    set_up.email = settings->email;
    set_up.password = program_password(settings->password_file, errors);
    set_up.open_monday = set_up.open_tuesday = set_up.open_wednesday = set_up.open_thursday =
        set_up.open_friday = set_up.open_saturday = 1;
    if (set_up.password == NULL || record_check(&set_up_record, &set_up, errors) != OK)
        return program_faults(errors);
    struct databases *databases = program_open(settings, false, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    struct context cx = program_context(databases, errors->arena, errors);
    enum status status = shop_set_up(&cx, &set_up);
    databases_close(databases);
    if (status != OK)
        return program_faults(errors);
    printf("%s is set up in %s. Start it with: benchpin serve --data %s\n", set_up.name,
           settings->data, settings->data);
    return 0;
}
