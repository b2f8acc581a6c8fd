/* Which shops there are. Works on the registry alone, so also while they are served: the server
 * learns of it by itself. */
#include "cli/program.h"

#include "base/text.h"
#include "db/host.h"
#include "db/registry.h"

#include <stdio.h>
#include <string.h>

struct work {
    const struct settings *settings;
    struct registry *registry;
    struct errors *errors;
    const char *name, *host; /* the words after the verb */
};

static enum status need(struct work *w, const char *value, const char *what) {
    if (!text_empty(value))
        return OK;
    return error_add(w->errors, BAD_REQUEST, NULL, "usage",
                     "%s is missing. See: benchpin shop --help", what);
}

static enum status add(struct work *w) {
    const char *host = w->settings->host;
    if (need(w, w->name, "The name of the new shop") != OK || need(w, host, "--host") != OK)
        return BAD_REQUEST;
    enum status status =
        registry_add(w->registry, w->name, host, w->settings->url, instant_now(), w->errors);
    if (status == OK)
        printf("The shop %s answers at %s. The first page there sets it up, whoever opens it; or "
               "use: benchpin init --into %s …\n",
               w->name, host_normal(host, w->errors->arena), w->name);
    return status;
}

static enum status list(struct work *w) {
    struct registered *shops;
    int64_t count = registry_read(w->registry, w->errors->arena, &shops);
    if (count < 0)
        return error_add(w->errors, UNAVAILABLE, NULL, "registry",
                         "The registry of shops cannot be read.");
    for (int64_t i = 0; i < count; i++) {
        printf("%-20s ", shops[i].name);
        if (shops[i].archived_at != NONE)
            printf("(archived)");
        else if (shops[i].host_count == 0)
            printf("%s", count == 1 ? "(every host)" : "(no host of its own: addresses in digits)");
        for (int64_t h = 0; h < shops[i].host_count; h++)
            printf("%s%s", h == 0 ? "" : ", ", shops[i].hosts[h]);
        printf("%s%s\n", shops[i].url == NULL ? "" : "  ",
               shops[i].url == NULL ? "" : shops[i].url);
    }
    return OK;
}

static enum status host_add(struct work *w) {
    if (need(w, w->name, "The name of the shop") != OK || need(w, w->host, "The host") != OK)
        return BAD_REQUEST;
    return registry_host_add(w->registry, w->name, w->host, w->errors);
}

static enum status host_remove(struct work *w) {
    if (need(w, w->name, "The name of the shop") != OK || need(w, w->host, "The host") != OK)
        return BAD_REQUEST;
    return registry_host_remove(w->registry, w->name, w->host, w->errors);
}

static enum status set_url(struct work *w) {
    if (need(w, w->name, "The name of the shop") != OK)
        return BAD_REQUEST;
    return registry_set_url(w->registry, w->name, w->settings->url, w->errors);
}

static enum status take_away(struct work *w) {
    if (need(w, w->name, "The name of the shop") != OK)
        return BAD_REQUEST;
    if (!text_same(w->settings->confirm, w->name))
        return error_add(w->errors, BAD_REQUEST, NULL, "confirm",
                         "Nobody will reach the shop “%s” any more: its hosts are given up and its "
                         "work rests. Its data stay. If that is meant: benchpin shop remove %s "
                         "--confirm %s",
                         w->name, w->name, w->name);
    enum status status = registry_archive(w->registry, w->name, instant_now(), w->errors);
    if (status == OK)
        printf(
            "The shop %s is archived. Its data stay in %s/shops/%s%s%s; back again with: benchpin "
            "shop restore %s --host HOST\n",
            w->name, w->settings->data, w->name,
            w->settings->database == NULL ? "" : " and the schema shop_",
            w->settings->database == NULL ? "" : w->name, w->name);
    return status;
}

static enum status restore(struct work *w) {
    if (need(w, w->name, "The name of the shop") != OK ||
        (!text_same(w->name, "main") && need(w, w->settings->host, "--host") != OK))
        return BAD_REQUEST;
    return registry_restore(w->registry, w->name, w->settings->host, w->errors);
}

int shop_command(const struct settings *settings, struct errors *errors) {
    static const struct {
        const char *verb, *object;
        enum status (*run)(struct work *w);
    } verbs[] = {{"add", NULL, add},        {"list", NULL, list},
                 {"host", "add", host_add}, {"host", "remove", host_remove},
                 {"url", NULL, set_url},    {"remove", NULL, take_away},
                 {"restore", NULL, restore}};
    const char *const *words = settings->words;
    struct work work = {.settings = settings, .errors = errors};
    enum status (*run)(struct work * w) = NULL;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs && words[0] != NULL; i++) {
        int own = verbs[i].object == NULL ? 1 : 2;
        if (strcmp(words[0], verbs[i].verb) != 0 ||
            (own == 2 && (words[1] == NULL || strcmp(words[1], verbs[i].object) != 0)))
            continue;
        run = verbs[i].run;
        work.name = words[own];
        work.host = words[own] == NULL ? NULL : words[own + 1];
    }
    if (run == NULL) {
        error_add(errors, BAD_REQUEST, NULL, "usage",
                  "A shop can be listed, added, given hosts, removed and restored. See: benchpin "
                  "shop --help");
        return program_faults(errors) + 1;
    }
    if (program_folder(settings, errors) == OK)
        work.registry = registry_open(settings->data, settings->database, false, errors);
    enum status status = work.registry == NULL ? FAILED : run(&work);
    registry_close(work.registry);
    return status == OK ? 0 : program_faults(errors) + (status == BAD_REQUEST);
}
