#include "cli/settings.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct settings, member)

const struct setting settings_all[] = {
    {"config", AT(config), NULL, "the configuration file", "*"},
    {"data", AT(data), "data", "the folder of the shop: database and attachments", "*"},
    {"database", AT(database), NULL, "postgresql://… instead of SQLite in the data folder", "*"},
    {"listen", AT(listen), "127.0.0.1:8080", "address and port to serve on", "serve doctor"},
    {"url", AT(url), NULL, "the address that customers use, for every link and QR code",
     "serve demo doctor shop import"},
    {"certificate", AT(certificate), NULL, "TLS certificate chain (PEM), to serve https directly",
     "serve doctor"},
    {"key", AT(key), NULL, "TLS private key (PEM)", "serve doctor"},
    {"trusted-proxy", AT(trusted_proxy), NULL,
     "addresses whose X-Forwarded headers count, by commas", "serve"},
    {"media", AT(media), NULL, "the program that decodes pictures; by itself: beside benchpin",
     "serve demo doctor"},
    {"upload-limit", AT(upload_limit), "25", "megabytes that one attached file may have", "serve"},
    {"workers", AT(workers), "32", "threads that answer requests", "serve"},
    {"log-requests", AT(log_requests), "no", "yes: a line in the log for each request", "serve"},
    {"shop", AT(shop), NULL,
     "init: what the shop is called; else: which of several, by itself main",
     "init demo doctor export import backup restore"},
    {"into", AT(into), NULL, "which of several shops is set up; by itself main", "init"},
    {"host", AT(host), NULL, "where the shop answers, like shop.example.com", "shop import"},
    {"confirm", AT(confirm), NULL, "the shop's name once more", "shop"},
    {"country", AT(country), NULL, "two letters, like GB", "init"},
    {"currency", AT(currency), NULL, "three letters, like GBP", "init"},
    {"zone", AT(zone), NULL, "time zone, like Europe/London", "init"},
    {"owner", AT(owner), NULL, "the owner's name", "init"},
    {"email", AT(email), NULL, "the owner's e-mail address", "init"},
    {"password-file", AT(password_file), NULL, "a file with the owner's password in its first line",
     "init import"},
    {"orders", AT(orders), "60", "how many orders the demo has", "demo"},
    {"seed", AT(seed), "1", "the demo is the same for the same seed", "demo"},
    {"to", AT(to), NULL, "the folder of the backup, or the file of the export, that is written",
     "backup export"},
    {"from", AT(from), NULL, "the folder of the backup", "restore drill"},
    {"api-rate", AT(api_rate), "6000",
     "requests a minute that a token, a person or an address may send to the API; 0: any number",
     "serve"},
    {"webhooks-anywhere", AT(webhooks_anywhere), "no",
     "yes: webhooks may go to http addresses and into the own network", "serve"},
    {"log-format", AT(log_format), "text", "text, or json: an object a line", "serve"},
    {"metrics-from", AT(metrics_from), "127.0.0.1,::1",
     "addresses that may read /metrics, by commas; none: nobody", "serve"},
    {"backup-to", AT(backup_to), NULL,
     "the folder of the daily backups; by itself: backups in the data folder; none: no backups",
     "serve"},
    {"backup-at", AT(backup_at), "03:00", "when they are made, by the shop's clock", "serve"},
    {"backup-keep", AT(backup_keep), "7 4 12",
     "how many are kept: the last of so many days, weeks and months", "serve"},
    {0},
};

static const char *origins[sizeof settings_all / sizeof settings_all[0]];

const char *settings_origin(const struct setting *setting) {
    const char *origin = origins[setting - settings_all];
    return origin == NULL ? "default" : origin;
}

static const char **value_of(struct settings *settings, const struct setting *setting) {
    return (const char **)((char *)settings + setting->offset);
}

static const struct setting *find(const char *name, size_t length) {
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++)
        if (strlen(setting->name) == length && strncmp(setting->name, name, length) == 0)
            return setting;
    return NULL;
}

bool settings_taken(const struct setting *setting, const char *command) {
    if (strcmp(setting->commands, "*") == 0 || strcmp(command, "config") == 0)
        return true;
    size_t length = strlen(command);
    for (const char *at = setting->commands; (at = strstr(at, command)) != NULL; at += length)
        if ((at == setting->commands || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static void put(struct settings *settings, const struct setting *setting, const char *value,
                const char *origin) {
    *value_of(settings, setting) = value;
    origins[setting - settings_all] = origin;
}

static bool takes_words(const char *command) {
    return strcmp(command, "shop") == 0 || strcmp(command, "import") == 0;
}

static void read_flags(struct settings *settings, const char *command, int argc, char **argv,
                       struct errors *errors) {
    enum { WORDS = sizeof settings->words / sizeof *settings->words - 1 };
    int words = 0;
    for (int i = 0; i < argc; i++) {
        const char *flag = argv[i];
        if (strncmp(flag, "--", 2) != 0 && takes_words(command) && words < WORDS) {
            settings->words[words++] = arena_text(errors->arena, flag);
            continue;
        }
        if (strncmp(flag, "--", 2) != 0) {
            error_add(errors, BAD_REQUEST, NULL, "usage",
                      "“%s” is not understood here. See: "
                      "benchpin %s --help",
                      flag, command);
            return;
        }
        size_t length = strcspn(flag + 2, "=");
        const struct setting *setting = find(flag + 2, length);
        if (setting == NULL || !settings_taken(setting, command)) {
            error_add(errors, BAD_REQUEST, NULL, "usage",
                      "There is no %.*s for benchpin %s. See: benchpin %s --help", (int)length + 2,
                      flag, command, command);
            return;
        }
        const char *value = flag[2 + length] == '=' ? flag + 3 + length : argv[i + 1];
        if (flag[2 + length] != '=')
            i++;
        if (value == NULL || i >= argc) {
            error_add(errors, BAD_REQUEST, NULL, "usage", "--%s needs a value: %s.", setting->name,
                      setting->meaning);
            return;
        }
        put(settings, setting, arena_text(errors->arena, value), "flag");
    }
}

static void read_environment(struct settings *settings, struct arena *arena) {
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++) {
        char *name = arena_printf(arena, "BENCHPIN_%s", setting->name);
        for (char *at = name; *at != '\0'; at++)
            *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
        const char *value = getenv(name);
        if (value != NULL && value[0] != '\0' && *value_of(settings, setting) == NULL)
            put(settings, setting, arena_text(arena, value), "environment");
    }
}

static void read_file(struct settings *settings, const char *path, bool must,
                      struct errors *errors) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        if (must || errno != ENOENT)
            error_add(errors, BAD_REQUEST, NULL, "config",
                      "The configuration file %s cannot be read: "
                      "%s.",
                      path, strerror(errno));
        return;
    }
    char *line = NULL;
    size_t size = 0;
    for (int number = 1; getline(&line, &size, file) > 0; number++) {
        const char *text = text_trim(line, errors->arena);
        if (text[0] == '\0' || text[0] == '#')
            continue;
        const char *equals = strchr(text, '=');
        const char *name = text_trim(
            arena_text_n(errors->arena, text, equals == NULL ? 0 : (size_t)(equals - text)),
            errors->arena);
        const struct setting *setting = find(name, strlen(name));
        if (equals == NULL || setting == NULL) {
            error_add(errors, BAD_REQUEST, NULL, "config",
                      "Line %d of %s is not understood: it must be NAME = VALUE with a name that "
                      "benchpin config lists.",
                      number, path);
            break;
        }
        if (*value_of(settings, setting) == NULL)
            put(settings, setting, text_trim(equals + 1, errors->arena), "file");
    }
    free(line);
    fclose(file);
}

enum status settings_read(struct settings *settings, const char *command, int argc, char **argv,
                          struct errors *errors) {
    *settings = (struct settings){0};
    read_flags(settings, command, argc, argv, errors);
    if (errors_any(errors))
        return errors->status;
    read_environment(settings, errors->arena);
    const char *data = settings->data == NULL ? "data" : settings->data;
    if (settings->config != NULL)
        read_file(settings, settings->config, true, errors);
    else
        read_file(settings, arena_printf(errors->arena, "%s/benchpin.conf", data), false, errors);
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++)
        if (*value_of(settings, setting) == NULL)
            *value_of(settings, setting) = setting->value;
    return errors_any(errors) ? errors->status : OK;
}
