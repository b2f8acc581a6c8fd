/* The registry: which shops there are, by which host they are found, where each lives. */
#include "base/log.h"
#include "db/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char *copy(const char *text) {
    char *made = text == NULL ? NULL : strdup(text);
    if (text != NULL && made == NULL)
        abort();
    return made;
}

static char *format(const char *pattern, const char *a, const char *b) {
    char *made;
    if (asprintf(&made, pattern, a, b) < 0)
        abort();
    return made;
}

static bool folder(const char *path, struct errors *errors) {
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    error_add(errors, FAILED, NULL, "data_folder", "The folder %s cannot be made: %s.", path,
              strerror(errno));
    return false;
}

static struct store *store_add(struct databases *databases, const char *name, const char *host) {
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        abort();
    store->owner = databases;
    store->name = copy(name);
    store->host = copy(host);
    store->postgres = databases->url != NULL;
    char *shops = format("%s/shops/%s", databases->data, name);
    store->files = format("%s/%s", shops, "files");
    store->path = format("%s/%s", shops, "benchpin.db");
    store->schema = format("shop_%s%s", name, "");
    free(shops);
    store->most = databases->settings.readers > 0 ? databases->settings.readers
                  : store->postgres               ? 12
                                                  : 4;
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->reader_free, NULL);
    pthread_cond_init(&store->work, NULL);
    struct store **at = &databases->stores;
    while (*at != NULL)
        at = &(*at)->next;
    *at = store;
    return store;
}

static bool store_open(struct store *store, struct errors *errors) {
    char *shops = format("%s/shops%s", store->owner->data, "");
    char *own = format("%s/%s", shops, store->name);
    bool good = store->owner->settings.read_only ||
                (folder(shops, errors) && folder(own, errors) && folder(store->files, errors));
    free(shops);
    free(own);
    if (!good)
        return false;
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL)
        abort();
    good = store->postgres ? pg_open(store, db, errors) : lite_open(store, db, true, errors);
    if (good && !store->owner->settings.read_only && !store_migrate(store, db, errors)) {
        if (store->postgres)
            pg_close(db);
        else
            lite_close(db);
        good = false;
    }
    if (!good) {
        free(db);
        return false;
    }
    if (store->postgres) {
        pg_close(db); /* prepared before the schema existed: the pool opens its own */
        free(db);
    } else {
        store->writer = db;
        if (!lite_writer_start(store, errors))
            return false;
    }
    store->open = true;
    return true;
}

static void store_close(struct store *store) {
    lite_writer_stop(store);
    if (store->writer != NULL) {
        lite_close(store->writer);
        free(store->writer);
    }
    for (int i = 0; i < store->idle_count; i++) {
        if (store->postgres)
            pg_close(store->idle[i]);
        else
            lite_close(store->idle[i]);
        free(store->idle[i]);
    }
    while (store->kept != NULL) {
        struct kept *kept = store->kept;
        store->kept = kept->next;
        if (kept->drop != NULL)
            kept->drop(kept->value);
        free(kept);
    }
    pthread_mutex_destroy(&store->lock);
    pthread_cond_destroy(&store->reader_free);
    pthread_cond_destroy(&store->work);
    free(store->name);
    free(store->host);
    free(store->files);
    free(store->path);
    free(store->schema);
    free(store);
}

/* The registry itself is a namespace of the same kind: a file, or a schema, named "registry". */
static const struct migration registry_migrations[] = {
    {"0001_registry",
     "create table shop (name @text primary key, host @text unique, created_at @int not null) @strict;"
     "insert into shop (name, host, created_at) values ('main', null, 0);"},
    {NULL, NULL},
};
static const struct sql registered = {
    "registered", "select name, host from shop order by created_at, name", NULL};

static bool registry_read(struct databases *databases, struct errors *errors) {
    struct databases own = {.settings = {.migrations = registry_migrations},
                            .data = databases->data,
                            .url = databases->url};
    struct store registry = {.owner = &own, .postgres = databases->url != NULL};
    registry.name = copy("the registry");
    registry.schema = copy("benchpin_registry");
    registry.path = format("%s/%s", databases->data, "registry.db");
    struct db db = {0};
    bool good = registry.postgres ? pg_open(&registry, &db, errors)
                                  : lite_open(&registry, &db, true, errors);
    if (good) {
        good = store_migrate(&registry, &db, errors);
        struct arena *arena = arena_new();
        db.arena = arena;
        struct rows *rows = good ? db_rows(&db, &registered, P0) : NULL;
        while (good && rows_next(rows))
            store_add(databases, row_text(rows, 0), row_text(rows, 1));
        db.arena = NULL;
        arena_free(arena);
        if (registry.postgres)
            pg_close(&db);
        else
            lite_close(&db);
    }
    free(registry.name);
    free(registry.schema);
    free(registry.path);
    return good;
}

static bool lock_folder(struct databases *databases, struct errors *errors) {
    char *path = format("%s/%s", databases->data, "lock");
    databases->lock_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    if (databases->lock_file < 0) {
        error_add(errors, FAILED, NULL, "data_folder", "The folder %s cannot be written to: %s.",
                  databases->data, strerror(errno));
        return false;
    }
    if (flock(databases->lock_file, LOCK_EX | LOCK_NB) != 0) {
        error_add(errors, CONFLICT, NULL, "in_use",
                  "The shop in %s is in use by a running Benchpin. Stop it first; nothing was "
                  "changed.",
                  databases->data);
        return false;
    }
    return true;
}

struct databases *databases_open(const struct database_settings *settings, struct errors *errors) {
    struct databases *databases = calloc(1, sizeof *databases);
    if (databases == NULL)
        abort();
    /* Counting every allocation under one lock serves nobody here, and costs 5 % of a write. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    databases->settings = *settings;
    databases->data = copy(settings->data);
    databases->url = copy(settings->url);
    databases->lock_file = -1;
    pthread_mutex_init(&databases->lock, NULL);
    sem_init(&databases->listener_tried, 0, 0);
    bool good;
    if (settings->read_only)
        good = store_add(databases, "main", NULL) != NULL;
    else
        good = folder(databases->data, errors) && lock_folder(databases, errors) &&
               registry_read(databases, errors);
    good = good && store_open(databases->stores, errors);
    if (good && databases->url != NULL && !settings->read_only)
        databases->listener_runs =
            pthread_create(&databases->listener, NULL, pg_listen, databases) == 0;
    /* What is written from here on is heard. */
    while (databases->listener_runs && sem_wait(&databases->listener_tried) != 0)
        continue;
    if (good)
        return databases;
    databases_close(databases);
    return NULL;
}

void databases_close(struct databases *databases) {
    if (databases == NULL)
        return;
    databases->stop = true;
    if (databases->listener_runs)
        pthread_join(databases->listener, NULL);
    while (databases->stores != NULL) {
        struct store *store = databases->stores;
        databases->stores = store->next;
        store_close(store);
    }
    if (databases->lock_file >= 0)
        close(databases->lock_file);
    sem_destroy(&databases->listener_tried);
    pthread_mutex_destroy(&databases->lock);
    free(databases->data);
    free(databases->url);
    free(databases);
}

struct store *databases_store(struct databases *databases, const char *host) {
    pthread_mutex_lock(&databases->lock);
    struct store *store = databases->stores;
    size_t length = host == NULL ? 0 : strcspn(host, ":");
    for (struct store *at = databases->stores; length > 0 && at != NULL; at = at->next)
        if (at->host != NULL && strlen(at->host) == length &&
            strncasecmp(at->host, host, length) == 0)
            store = at;
    if (store != NULL && !store->open) {
        struct arena *arena = arena_new();
        struct errors errors = {.arena = arena};
        if (!store_open(store, &errors)) {
            log_error("shop not opened", log_text("shop", store->name),
                      log_text("because", errors.first->sentence));
            store = NULL;
        }
        arena_free(arena);
    }
    pthread_mutex_unlock(&databases->lock);
    return store;
}

struct store *databases_default(struct databases *databases) {
    return databases->stores;
}

void databases_each(struct databases *databases, void (*each)(struct store *store, void *arg),
                    void *arg) {
    for (struct store *store = databases->stores; store != NULL; store = store->next)
        if (store->open || databases_store(databases, store->host) == store)
            each(store, arg);
}

const char *store_name(const struct store *store) {
    return store->name;
}

const char *store_files(const struct store *store) {
    return store->files;
}

bool store_is_postgres(const struct store *store) {
    return store->postgres;
}

const struct reaction *const *store_reactions(const struct store *store) {
    return store->owner->settings.reactions;
}

enum status store_backup(struct store *store, const char *path, struct errors *errors) {
    return store->postgres ? pg_backup(store, path, errors) : lite_backup(store, path, errors);
}

enum status store_restore(struct store *store, const char *path, struct errors *errors) {
    return store->postgres ? pg_restore(store, path, errors) : lite_restore(store, path, errors);
}

void *store_keep(struct store *store, const void *key, void *value, void (*drop)(void *value)) {
    pthread_mutex_lock(&store->lock);
    struct kept *kept = store->kept;
    while (kept != NULL && kept->key != key)
        kept = kept->next;
    bool first = kept == NULL;
    if (first) {
        kept = calloc(1, sizeof *kept);
        if (kept == NULL)
            abort();
        *kept = (struct kept){store->kept, key, value, drop};
        store->kept = kept;
    }
    void *stays = kept->value;
    pthread_mutex_unlock(&store->lock);
    if (!first && drop != NULL)
        drop(value);
    return stays;
}

void *store_kept(struct store *store, const void *key) {
    pthread_mutex_lock(&store->lock);
    struct kept *kept = store->kept;
    while (kept != NULL && kept->key != key)
        kept = kept->next;
    void *value = kept == NULL ? NULL : kept->value;
    pthread_mutex_unlock(&store->lock);
    return value;
}
