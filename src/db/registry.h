/* The registry: which shops there are, at which hosts they answer, when each next has work to do.
 *
 * A namespace of its own beside the shops': the file DATA/registry.db, or the PostgreSQL schema
 * benchpin_registry. Commands write it also while a server runs; the server looks at it every few
 * seconds, and at once when it is asked for a host that it does not know. A shop is never deleted
 * here, only archived: its hosts are given up, its data stay where they are.
 *
 * A registry may be used by several threads; one uses it at a time. */
#pragma once

#include "base/arena.h"
#include "base/errors.h"

#include <stdbool.h>
#include <stdint.h>

struct registry;

struct registered {
    const char *name;    /* "main": a folder's and a schema's, too */
    const char *url;     /* the public base when it can't be told from the host; or NULL */
    int64_t created_at;  /* UTC ms */
    int64_t archived_at; /* NONE: it is served */
    int64_t due;         /* when it next has work to do; 0: look at it */
    const char **hosts;  /* in their one spelling (db/host.h); the first is the one in links */
    int64_t host_count;
};

/* `url`: PostgreSQL, or NULL for SQLite in `data`. With `read_only` nothing is made or changed: a
 * registry that is not there, or older than this program, reads as the one shop "main". */
struct registry *registry_open(const char *data, const char *url, bool read_only,
                               struct errors *errors);
void registry_close(struct registry *registry);

/* Every shop, the first made first, archived ones too. -1: it cannot be read just now. */
int64_t registry_read(struct registry *registry, struct arena *arena, struct registered **shops);

/* Each is one transaction, and says in `errors` why not. `host` may be in any spelling; NULL in
 * registry_add() only for a shop that gets its hosts later. */
enum status registry_add(struct registry *registry, const char *name, const char *host,
                         const char *url, int64_t now, struct errors *errors);
enum status registry_host_add(struct registry *registry, const char *name, const char *host,
                              struct errors *errors);
enum status registry_host_remove(struct registry *registry, const char *name, const char *host,
                                 struct errors *errors);
enum status registry_archive(struct registry *registry, const char *name, int64_t now,
                             struct errors *errors);
enum status registry_restore(struct registry *registry, const char *name, const char *host,
                             struct errors *errors);
enum status registry_set_url(struct registry *registry, const char *name, const char *url,
                             struct errors *errors);
/* Not said when it fails: the worst that comes of it is a look too many. */
void registry_set_due(struct registry *registry, const char *name, int64_t due);

/* Lower-case letters, digits, "-" and "_", beginning with a letter, 40 at most. */
bool shop_name_valid(const char *name);
