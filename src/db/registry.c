#include "db/registry.h"

#include "base/day.h"
#include "db/host.h"
#include "db/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct registry {
    struct databases own; /* a store belongs to some */
    struct store store;
    struct db db;
    pthread_mutex_t lock;
    bool open, plain; /* plain: read_only, and there is nothing to read */
};

static const struct migration migrations[] = {
    {"0001_registry",
     "create table shop (name @text primary key, host @text unique, created_at @int not null) @strict;"
     "insert into shop (name, host, created_at) values ('main', null, 0);"},
    {"0002_hosts",
     "alter table shop add column url @text;"
     "alter table shop add column archived_at @int;"
     "alter table shop add column due @int not null default 0;"
     "create table host (name @text primary key, shop @text not null references shop (name),"
     " position @int not null) @strict;"
     "insert into host (name, shop, position)"
     " select lower(host), name, 1 from shop where host is not null;"},
    {NULL, NULL},
};

static const struct sql all_shops = {
    "registry_shops",
    "select s.name, s.url, s.created_at, s.archived_at, s.due, h.name from shop s "
    "left join host h on h.shop = s.name order by s.created_at, s.name, h.position, h.name",
    NULL};
static const struct sql one_shop = {
    "registry_shop", "select coalesce(archived_at, 0) from shop where name = $1", NULL};
static const struct sql shop_add = {
    "registry_shop_add", "insert into shop (name, url, created_at) values ($1, $2, $3)", NULL};
static const struct sql host_owner = {"registry_host_owner",
                                      "select shop from host where name = $1", NULL};
static const struct sql host_add = {
    "registry_host_add",
    "insert into host (name, shop, position) values "
    "($1, $2, (select coalesce(max(position), 0) + 1 from host where shop = $2))",
    NULL};
static const struct sql host_remove = {"registry_host_remove",
                                       "delete from host where name = $1 and shop = $2", NULL};
static const struct sql host_count = {"registry_host_count",
                                      "select count(*) from host where shop = $1", NULL};
static const struct sql hosts_remove = {"registry_hosts_remove", "delete from host where shop = $1",
                                        NULL};
static const struct sql shop_archive = {"registry_shop_archive",
                                        "update shop set archived_at = $2 where name = $1", NULL};
static const struct sql shop_url = {"registry_shop_url",
                                    "update shop set url = $2, due = 0 where name = $1", NULL};
static const struct sql shop_due = {"registry_shop_due",
                                    "update shop set due = $2 where name = $1 and due <> $2", NULL};
static const struct sql is_there = {
    "registry_is_there", "select count(*) from sqlite_master where name = 'host'",
    "select count(*) from pg_class where relname = 'host' and relnamespace = "
    "to_regnamespace('benchpin_registry')"};

bool shop_name_valid(const char *name) {
    size_t length = name == NULL ? 0 : strlen(name);
    return length > 0 && length <= 40 && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

/* ------------------------------------------------------------------ opening */

static void shut(struct registry *registry) {
    if (!registry->open)
        return;
    if (registry->store.postgres)
        pg_close(&registry->db);
    else
        lite_close(&registry->db);
    registry->db = (struct db){0};
    registry->open = false;
}

static bool open_it(struct registry *registry, struct errors *errors) {
    bool read_only = registry->own.settings.read_only, postgres = registry->store.postgres;
    registry->plain = read_only && !postgres && access(registry->store.path, R_OK | W_OK) != 0;
    if (registry->plain)
        return true;
    registry->open = postgres ? pg_open(&registry->store, &registry->db, errors)
                              : lite_open(&registry->store, &registry->db, !read_only, errors);
    if (!registry->open)
        return false;
    bool good = true;
    if (read_only) {
        struct arena *arena = arena_new();
        registry->db.arena = arena;
        registry->plain = db_int(&registry->db, &is_there, P0) != 1;
        registry->db.arena = NULL;
        arena_free(arena);
    } else {
        good = store_migrate(&registry->store, &registry->db, errors);
    }
    if (!good)
        shut(registry);
    return good;
}

struct registry *registry_open(const char *data, const char *url, bool read_only,
                               struct errors *errors) {
    struct registry *registry = calloc(1, sizeof *registry);
    if (registry == NULL || asprintf(&registry->store.path, "%s/registry.db", data) < 0 ||
        (registry->own.data = strdup(data)) == NULL ||
        (url != NULL && (registry->own.url = strdup(url)) == NULL))
        abort();
    registry->own.settings =
        (struct database_settings){.migrations = migrations, .read_only = read_only};
    registry->store.owner = &registry->own;
    registry->store.name = "the registry";
    registry->store.schema = "benchpin_registry";
    registry->store.postgres = url != NULL;
    pthread_mutex_init(&registry->lock, NULL);
    if (open_it(registry, errors))
        return registry;
    registry_close(registry);
    return NULL;
}

void registry_close(struct registry *registry) {
    if (registry == NULL)
        return;
    shut(registry);
    pthread_mutex_destroy(&registry->lock);
    free(registry->store.path);
    free(registry->own.data);
    free(registry->own.url);
    free(registry);
}

/* The lock is taken; a connection that failed is made anew. */
static bool begin(struct registry *registry, struct arena *arena, struct errors *errors) {
    pthread_mutex_lock(&registry->lock);
    if (registry->open && registry->db.failed)
        shut(registry);
    if (!registry->open && !registry->plain && !open_it(registry, errors)) {
        pthread_mutex_unlock(&registry->lock);
        return false;
    }
    registry->db.arena = arena;
    return true;
}

static void end(struct registry *registry) {
    if (registry->store.postgres && registry->open)
        pg_end_all(&registry->db);
    registry->db.arena = NULL;
    pthread_mutex_unlock(&registry->lock);
}

/* ------------------------------------------------------------------ reading */

int64_t registry_read(struct registry *registry, struct arena *arena, struct registered **shops) {
    struct errors errors = {.arena = arena};
    if (!begin(registry, arena, &errors))
        return -1;
    struct registered *all = ARENA_NEW(arena, struct registered);
    size_t count = 0, capacity = 0;
    if (registry->plain) {
        *all = (struct registered){.name = "main", .archived_at = NONE};
        count = 1;
    } else {
        size_t hosts = 0;
        all = NULL;
        struct rows *rows = db_rows(&registry->db, &all_shops, P0);
        while (rows_next(rows)) {
            const char *name = row_text(rows, 0), *host = row_text(rows, 5);
            struct registered *last = count == 0 ? NULL : &all[count - 1];
            if (last == NULL || strcmp(last->name, name) != 0) {
                all = arena_grow(arena, all, count, &capacity, sizeof *all);
                last = &all[count++];
                *last = (struct registered){.name = name,
                                            .url = row_text(rows, 1),
                                            .created_at = row_int(rows, 2),
                                            .archived_at = row_int(rows, 3),
                                            .due = row_int(rows, 4)};
                hosts = 0;
            }
            if (host == NULL)
                continue;
            last->hosts = arena_grow(arena, last->hosts, (size_t)last->host_count, &hosts,
                                     sizeof *last->hosts);
            last->hosts[last->host_count++] = host;
        }
    }
    bool good = !registry->db.failed;
    end(registry);
    *shops = all;
    return good ? (int64_t)count : -1;
}

/* ------------------------------------------------------------------ writing */

/* What a change is given; each closure looks before it writes, so that it can say what is wrong. */
struct change {
    struct db *db;
    struct errors *errors;
    const char *name, *host, *url;
    int64_t now;
};

static enum status change(struct registry *registry, enum status (*work)(struct change *),
                          struct change *change) {
    if (!begin(registry, change->errors->arena, change->errors))
        return change->errors->status;
    struct db *db = change->db = &registry->db;
    /* One at a time: what was looked at stays so until it is written. */
    bool good =
        db_exec(db, registry->store.postgres ? "begin; lock table shop in share row exclusive mode"
                                             : "begin immediate");
    enum status status = good ? work(change) : FAILED;
    if (registry->store.postgres)
        pg_end_all(db);
    if (status == OK && (db->failed || !db_exec(db, "commit")))
        status = FAILED;
    bool failed = db->failed;
    db->failed = false;
    if (status != OK)
        db_exec(db, "rollback");
    db->failed = failed || db->failed;
    if (status == FAILED && !errors_any(change->errors))
        error_add(change->errors, FAILED, NULL, "registry",
                  "The registry of shops cannot be written. Nothing was changed.");
    end(registry);
    return status;
}

/* NONE and a fault: there is none such. Otherwise when it was archived, 0 when it was not. */
static int64_t find(struct change *c) {
    int64_t archived = db_int(c->db, &one_shop, P(T(c->name)));
    if (archived == NONE)
        error_add(c->errors, MISSING, "name", "unknown_shop",
                  "There is no shop “%s”. The shops: benchpin shop list", c->name);
    return archived;
}

static enum status take_host(struct change *c) {
    const char *host = host_normal(c->host, c->errors->arena);
    if (host == NULL)
        return error_add(c->errors, INVALID, "host", "bad_host",
                         "“%s” is no host. A host is written like shop.example.com.", c->host);
    const char *owner = db_text(c->db, &host_owner, P(T(host)));
    if (owner != NULL)
        return error_add(c->errors, CONFLICT, "host", "host_taken",
                         "%s belongs to the shop “%s” already. Nothing was changed.", host, owner);
    db_run(c->db, &host_add, P(T(host), T(c->name)));
    return OK;
}

static enum status check_url(struct change *c) {
    if (c->url == NULL ||
        (host_of_url(c->url, c->errors->arena) != NULL &&
         (strncmp(c->url, "https://", 8) == 0 || strncmp(c->url, "http://", 7) == 0)))
        return OK;
    return error_add(c->errors, INVALID, "url", "bad_url",
                     "“%s” is no address of a shop. It is written like https://shop.example.com.",
                     c->url);
}

static enum status add(struct change *c) {
    if (!shop_name_valid(c->name))
        return error_add(c->errors, INVALID, "name", "bad_name",
                         "A shop's name here is up to 40 small letters, digits and hyphens, and "
                         "begins with a letter, like “smith-and-co”. What customers read is set "
                         "up with the shop.");
    int64_t archived = db_int(c->db, &one_shop, P(T(c->name)));
    if (archived != NONE && archived > 0)
        return error_add(c->errors, CONFLICT, "name", "archived",
                         "There is an archived shop “%s”. Bring it back with: benchpin shop "
                         "restore %s --host HOST",
                         c->name, c->name);
    if (archived != NONE)
        return error_add(c->errors, CONFLICT, "name", "name_taken",
                         "There is a shop “%s” already. Nothing was changed.", c->name);
    if (check_url(c) != OK)
        return INVALID;
    db_run(c->db, &shop_add, P(T(c->name), T(c->url), I(c->now)));
    return c->host == NULL ? OK : take_host(c);
}

static enum status add_host(struct change *c) {
    int64_t archived = find(c);
    if (archived == NONE)
        return MISSING;
    if (archived > 0)
        return error_add(c->errors, CONFLICT, "name", "archived",
                         "The shop “%s” is archived. Bring it back with: benchpin shop restore %s "
                         "--host %s",
                         c->name, c->name, c->host);
    return take_host(c);
}

static enum status remove_host(struct change *c) {
    if (find(c) == NONE)
        return MISSING;
    const char *host = host_normal(c->host, c->errors->arena);
    if (host == NULL || db_run(c->db, &host_remove, P(T(host), T(c->name))) != 1)
        return error_add(c->errors, MISSING, "host", "unknown_host",
                         "%s is no host of the shop “%s”. Its hosts: benchpin shop list", c->host,
                         c->name);
    if (strcmp(c->name, "main") != 0 && db_int(c->db, &host_count, P(T(c->name))) == 0)
        return error_add(c->errors, CONFLICT, "host", "last_host",
                         "%s is the only host of the shop “%s”: nobody could reach it any more. "
                         "Add its new host first, or remove the shop.",
                         host, c->name);
    return OK;
}

static enum status archive(struct change *c) {
    int64_t archived = find(c);
    if (archived == NONE)
        return MISSING;
    if (archived > 0)
        return error_add(c->errors, CONFLICT, "name", "archived",
                         "The shop “%s” is archived already.", c->name);
    db_run(c->db, &hosts_remove, P(T(c->name)));
    db_run(c->db, &shop_archive, P(T(c->name), I(c->now)));
    return OK;
}

static enum status bring_back(struct change *c) {
    int64_t archived = find(c);
    if (archived == NONE)
        return MISSING;
    if (archived == 0)
        return error_add(c->errors, CONFLICT, "name", "not_archived",
                         "The shop “%s” is not archived.", c->name);
    db_run(c->db, &shop_archive, P(T(c->name), I(NONE)));
    db_run(c->db, &shop_due, P(T(c->name), I(0)));
    return c->host == NULL ? OK : take_host(c);
}

static enum status set_url(struct change *c) {
    if (find(c) == NONE)
        return MISSING;
    if (check_url(c) != OK)
        return INVALID;
    db_run(c->db, &shop_url, P(T(c->name), T(c->url)));
    return OK;
}

enum status registry_add(struct registry *registry, const char *name, const char *host,
                         const char *url, int64_t now, struct errors *errors) {
    return change(
        registry, add,
        &(struct change){.errors = errors, .name = name, .host = host, .url = url, .now = now});
}

enum status registry_host_add(struct registry *registry, const char *name, const char *host,
                              struct errors *errors) {
    return change(registry, add_host,
                  &(struct change){.errors = errors, .name = name, .host = host});
}

enum status registry_host_remove(struct registry *registry, const char *name, const char *host,
                                 struct errors *errors) {
    return change(registry, remove_host,
                  &(struct change){.errors = errors, .name = name, .host = host});
}

enum status registry_archive(struct registry *registry, const char *name, int64_t now,
                             struct errors *errors) {
    return change(registry, archive, &(struct change){.errors = errors, .name = name, .now = now});
}

enum status registry_restore(struct registry *registry, const char *name, const char *host,
                             struct errors *errors) {
    return change(registry, bring_back,
                  &(struct change){.errors = errors, .name = name, .host = host});
}

enum status registry_set_url(struct registry *registry, const char *name, const char *url,
                             struct errors *errors) {
    return change(registry, set_url, &(struct change){.errors = errors, .name = name, .url = url});
}

void registry_set_due(struct registry *registry, const char *name, int64_t due) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    if (begin(registry, arena, &errors)) {
        if (registry->open && !registry->own.settings.read_only)
            db_run(&registry->db, &shop_due, P(T(name), I(due)));
        end(registry);
    }
    arena_free(arena);
}
