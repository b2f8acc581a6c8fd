/* The shops: found by host, opened on first use, shut when nobody needs them. */
#include "base/log.h"
#include "db/host.h"
#include "db/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    OPEN_MOST = 64,
    REST = 120 * 1000,       /* ms without use, then it is shut */
    AGAIN = 2000,            /* ms until one that could not be opened is tried anew */
    LOOK_AT_MOST_EVERY = 100 /* ms: at the registry, for hosts that are nobody's */
};

static int64_t ticks(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

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

/* At the end of the list, so that who walks it misses none. */
static struct store *store_add(struct databases *databases, const char *name) {
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        abort();
    store->owner = databases;
    store->name = copy(name);
    store->postgres = databases->url != NULL;
    char *shops = format("%s/shops/%s", databases->data, name);
    store->files = format("%s/%s", shops, "files");
    store->path = format("%s/%s", shops, "benchpin.db");
    store->schema = format("shop_%s%s", name, "");
    free(shops);
    /* One shop has the server for itself; of many, few ask at a time. */
    store->most = databases->settings.readers > 0 ? databases->settings.readers
                  : store->postgres && strcmp(store->name, "main") == 0 ? 12
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
        if (!lite_writer_start(store, errors)) {
            lite_close(db);
            free(db);
            store->writer = NULL;
            return false;
        }
    }
    return true;
}

/* Nobody holds it. */
static void store_shut(struct store *store) {
    lite_writer_stop(store);
    store->stop = false;
    if (store->writer != NULL) {
        lite_close(store->writer);
        free(store->writer);
        store->writer = NULL;
    }
    for (int i = 0; i < store->idle_count; i++) {
        if (store->postgres)
            pg_close(store->idle[i]);
        else
            lite_close(store->idle[i]);
        free(store->idle[i]);
    }
    store->idle_count = store->made = 0;
    while (store->kept != NULL) {
        struct kept *kept = store->kept;
        store->kept = kept->next;
        if (kept->drop != NULL)
            kept->drop(kept->value);
        free(kept);
    }
}

static void hosts_free(struct store *store) {
    for (int64_t i = 0; i < store->host_count; i++)
        free(store->hosts[i]);
    free(store->hosts);
    store->hosts = NULL;
    store->host_count = 0;
}

static void store_free(struct store *store) {
    store_shut(store);
    hosts_free(store);
    pthread_mutex_destroy(&store->lock);
    pthread_cond_destroy(&store->reader_free);
    pthread_cond_destroy(&store->work);
    free(store->name);
    free(store->files);
    free(store->path);
    free(store->schema);
    free(store->url);
    free(store);
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

/* ------------------------------------------------------------------ what the registry says */

static struct store *named(struct databases *databases, const char *name) {
    struct store *store = databases->stores;
    while (store != NULL && strcmp(store->name, name) != 0)
        store = store->next;
    return store;
}

static void take_in(struct store *store, const struct registered *shop) {
    store->gone = shop->archived_at != NONE;
    store->due = shop->due;
    free(store->url);
    store->url = copy(shop->url);
    hosts_free(store);
    store->hosts = calloc((size_t)shop->host_count + 1, sizeof *store->hosts);
    if (store->hosts == NULL)
        abort();
    for (; store->host_count < shop->host_count; store->host_count++)
        store->hosts[store->host_count] = copy(shop->hosts[store->host_count]);
}

static bool registry_look(struct databases *databases) {
    struct arena *arena = arena_new();
    struct registered *shops;
    int64_t count = registry_read(databases->registry, arena, &shops);
    pthread_mutex_lock(&databases->lock);
    databases->refreshed = ticks();
    for (int64_t i = 0; i < count; i++) {
        struct store *store = named(databases, shops[i].name);
        take_in(store != NULL ? store : store_add(databases, shops[i].name), &shops[i]);
    }
    pthread_mutex_unlock(&databases->lock);
    arena_free(arena);
    return count > 0;
}

/* The shop of this host; not `sure` when it is so only because nothing else is known: a shop made a
 * moment ago may have it. The lock is held. */
static struct store *found(struct databases *databases, const char *host, bool *sure) {
    struct store *main = NULL;
    int64_t count = 0;
    for (struct store *store = databases->stores; store != NULL; store = store->next, count++) {
        *sure = true;
        for (int64_t i = 0; i < store->host_count && host != NULL; i++)
            if (strcmp(store->hosts[i], host) == 0)
                return store->gone ? NULL : store;
        if (strcmp(store->name, "main") == 0 && !store->gone && store->host_count == 0)
            main = store;
    }
    bool ours = host != NULL && (host_is_address(host) || (databases->own_host != NULL &&
                                                           strcmp(databases->own_host, host) == 0));
    *sure = ours || host == NULL;
    return count == 1 || ours ? main : NULL;
}

/* ------------------------------------------------------------------ holding */

/* Of those that nobody holds the one unused for longest, now SHUTTING; NULL: none. The lock is
 * held.
 */
static struct store *to_shut(struct databases *databases, int64_t unused_since) {
    struct store *oldest = NULL;
    for (struct store *store = databases->stores; store != NULL; store = store->next)
        if (store->opened == OPEN && store->held == 0 &&
            (store->used <= unused_since || store->gone) &&
            (oldest == NULL || store->used < oldest->used))
            oldest = store;
    if (oldest != NULL)
        oldest->opened = SHUTTING;
    return oldest;
}

/* The lock is held, and let go meanwhile. */
static void shut_one(struct store *store) {
    struct databases *databases = store->owner;
    pthread_mutex_unlock(&databases->lock);
    store_shut(store);
    int64_t due = store->work_due;
    if (!databases->settings.read_only && due != 0)
        registry_set_due(databases->registry, store->name, due);
    pthread_mutex_lock(&databases->lock);
    store->due = due;
    store->opened = SHUT;
    pthread_cond_broadcast(&databases->changed);
}

static int open_count(const struct databases *databases) {
    int count = 0;
    for (const struct store *store = databases->stores; store != NULL; store = store->next)
        count += store->opened != SHUT;
    return count;
}

/* The lock is held, and let go meanwhile: others are served while this one is brought up to date.
 */
static bool open_one(struct store *store, struct errors *errors) {
    struct databases *databases = store->owner;
    store->opened = OPENING;
    pthread_mutex_unlock(&databases->lock);
    atomic_store(&store->work_due, 0);
    /* What becomes due while it is open is known to nobody else, should this process just end. */
    if (!databases->settings.read_only)
        registry_set_due(databases->registry, store->name, 0);
    bool good = store_open(store, errors);
    if (!good && errors_any(errors))
        log_error("shop not opened", log_text("shop", store->name),
                  log_text("because", errors->first->sentence));
    pthread_mutex_lock(&databases->lock);
    store->opened = good ? OPEN : SHUT;
    store->not_until = good ? 0 : ticks() + AGAIN;
    pthread_cond_broadcast(&databases->changed);
    return good;
}

/* The lock is held, and let go meanwhile. */
static bool hold(struct store *store, struct errors *errors) {
    struct databases *databases = store->owner;
    while (store->opened == OPENING || store->opened == SHUTTING)
        pthread_cond_wait(&databases->changed, &databases->lock);
    if (store->opened == OPEN) {
        store->held++;
        return true;
    }
    if (ticks() < store->not_until) {
        error_add(errors, UNAVAILABLE, NULL, "no_store",
                  "The shop cannot be opened just now. Try again shortly.");
        return false;
    }
    if (!open_one(store, errors))
        return false;
    store->held++;
    while (open_count(databases) > OPEN_MOST) {
        struct store *other = to_shut(databases, INT64_MAX);
        if (other == NULL)
            break; /* each is in use at this moment */
        shut_one(other);
    }
    return true;
}

bool store_hold(struct store *store, struct errors *errors) {
    pthread_mutex_lock(&store->owner->lock);
    bool held = hold(store, errors);
    pthread_mutex_unlock(&store->owner->lock);
    return held;
}

bool store_hold_open(struct store *store) {
    pthread_mutex_lock(&store->owner->lock);
    bool open = store->opened == OPEN;
    store->held += open;
    pthread_mutex_unlock(&store->owner->lock);
    return open;
}

void store_give_back(struct store *store) {
    if (store == NULL)
        return;
    pthread_mutex_lock(&store->owner->lock);
    store->held--;
    store->used = ticks();
    pthread_mutex_unlock(&store->owner->lock);
}

bool store_is_open(struct store *store) {
    pthread_mutex_lock(&store->owner->lock);
    bool open = store->opened == OPEN;
    pthread_mutex_unlock(&store->owner->lock);
    return open;
}

enum status databases_find(struct databases *databases, const char *host, struct store **store) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    const char *name = host_normal(host, arena);
    pthread_mutex_lock(&databases->lock);
    bool sure;
    struct store *one = found(databases, name, &sure);
    if (!sure && ticks() - databases->refreshed >= LOOK_AT_MOST_EVERY) {
        databases->refreshed = ticks();
        pthread_mutex_unlock(&databases->lock);
        registry_look(databases);
        pthread_mutex_lock(&databases->lock);
        one = found(databases, name, &sure);
    }
    enum status status = one == NULL ? MISSING : hold(one, &errors) ? OK : UNAVAILABLE;
    pthread_mutex_unlock(&databases->lock);
    *store = status == OK ? one : NULL;
    arena_free(arena);
    return status;
}

struct store *databases_named(struct databases *databases, const char *name,
                              struct errors *errors) {
    pthread_mutex_lock(&databases->lock);
    struct store *store = named(databases, name);
    if (store == NULL || store->gone) {
        error_add(errors, MISSING, "shop", "unknown_shop",
                  store == NULL
                      ? "There is no shop “%s”. The shops: benchpin shop list"
                      : "The shop “%s” is archived: benchpin shop restore brings it back.",
                  name);
        store = NULL;
    } else if (!hold(store, errors)) {
        store = NULL;
    }
    pthread_mutex_unlock(&databases->lock);
    return store;
}

struct store *databases_next(struct databases *databases, const struct store *store) {
    pthread_mutex_lock(&databases->lock);
    struct store *next = store == NULL ? databases->stores : store->next;
    while (next != NULL && next->gone)
        next = next->next;
    pthread_mutex_unlock(&databases->lock);
    return next;
}

/* ------------------------------------------------------------------ serving */

void databases_refresh(struct databases *databases) {
    registry_look(databases);
    pthread_mutex_lock(&databases->lock);
    for (struct store *store; (store = to_shut(databases, ticks() - REST)) != NULL;)
        shut_one(store);
    /* Another server has shut it, and does not know what became due here since. */
    for (struct store *store = databases->stores; store != NULL; store = store->next)
        if (store->opened == OPEN && store->due != 0) {
            store->due = 0;
            pthread_mutex_unlock(&databases->lock);
            registry_set_due(databases->registry, store->name, 0);
            pthread_mutex_lock(&databases->lock);
        }
    pthread_mutex_unlock(&databases->lock);
}

void databases_serve_at(struct databases *databases, const char *url) {
    struct arena *arena = arena_new();
    pthread_mutex_lock(&databases->lock);
    free(databases->base_url);
    free(databases->own_host);
    databases->base_url = copy(url);
    databases->own_host = copy(host_of_url(url, arena));
    pthread_mutex_unlock(&databases->lock);
    arena_free(arena);
}

const char *store_url(struct store *store, struct arena *arena) {
    struct databases *databases = store->owner;
    pthread_mutex_lock(&databases->lock);
    const char *base = databases->base_url, *url = base;
    bool own = store->host_count == 0;
    for (int64_t i = 0; i < store->host_count && databases->own_host != NULL; i++)
        own = own || strcmp(store->hosts[i], databases->own_host) == 0;
    if (store->url != NULL) {
        url = store->url;
    } else if (!own && base != NULL) {
        const char *host = strstr(base, "://") + 3;
        const char *rest = *host == '[' ? strchrnul(host, ']') + 1 : host + strcspn(host, ":/");
        url = arena_printf(arena, "%.*s%s%s", (int)(host - base), base, store->hosts[0], rest);
    }
    char *made = arena_text(arena, url);
    pthread_mutex_unlock(&databases->lock);
    for (size_t length = made == NULL ? 0 : strlen(made); length > 0 && made[length - 1] == '/';)
        made[--length] = '\0';
    return made;
}

int64_t store_due(struct store *store) {
    pthread_mutex_lock(&store->owner->lock);
    int64_t due = store->due;
    pthread_mutex_unlock(&store->owner->lock);
    return due;
}

void store_set_due(struct store *store, int64_t due) {
    atomic_store(&store->work_due, due);
}

/* ------------------------------------------------------------------ opening and closing */

static bool open_first(struct databases *databases, struct errors *errors) {
    const char *name = databases->settings.shop;
    struct store *first = NULL;
    if (name == NULL && (first = databases_next(databases, NULL)) == NULL)
        error_add(errors, MISSING, NULL, "no_shop",
                  "Every shop here is archived. Bring one back with: benchpin shop restore");
    if (name == NULL && first == NULL)
        return false;
    databases->first = databases_named(databases, name != NULL ? name : first->name, errors);
    return databases->first != NULL;
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
    pthread_cond_init(&databases->changed, NULL);
    sem_init(&databases->listener_tried, 0, 0);
    bool good =
        settings->read_only || (folder(databases->data, errors) && lock_folder(databases, errors));
    if (good)
        databases->registry =
            registry_open(databases->data, databases->url, settings->read_only, errors);
    good = databases->registry != NULL && registry_look(databases) && open_first(databases, errors);
    if (!good && !errors_any(errors))
        error_add(errors, UNAVAILABLE, NULL, "registry",
                  "The registry of shops cannot be read. Nothing was changed.");
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
        int64_t due = store->work_due;
        if (store->opened == OPEN && due != 0 && !databases->settings.read_only)
            registry_set_due(databases->registry, store->name, due);
        store_free(store);
    }
    registry_close(databases->registry);
    if (databases->lock_file >= 0)
        close(databases->lock_file);
    sem_destroy(&databases->listener_tried);
    pthread_mutex_destroy(&databases->lock);
    pthread_cond_destroy(&databases->changed);
    free(databases->base_url);
    free(databases->own_host);
    free(databases->data);
    free(databases->url);
    free(databases);
}

struct store *databases_default(struct databases *databases) {
    return databases->first;
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
