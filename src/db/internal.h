/* Shared by the files of this folder only: what a connection and a store are inside. */
#pragma once

#include "db/db.h"
#include "db/registry.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>

/* A prepared statement of a connection, found by the address of its constant. */
struct slot;
struct prepared {
    const struct sql *sql;
    sqlite3_stmt *lite;
    char pg_name[24];
    const struct record *mapped; /* the record its columns were last matched to */
    struct slot *slots;          /* one a column */
    void *blank;                 /* the record with every field absent */
    int columns;
};

/* Where a column goes in the record's struct. */
struct slot {
    enum { SLOT_NONE, SLOT_NUMBER, SLOT_TEXT } kind;
    unsigned offset;
};

struct db {
    struct store *store;
    struct arena *arena; /* the context's, while lent */
    bool postgres, failed;
    sqlite3 *lite;
    PGconn *pg;
    struct prepared *prepared; /* open addressing, a power of two */
    size_t prepared_count, prepared_size;
    struct rows *open; /* PostgreSQL: results to clear when the unit of work ends */
    unsigned next_name;
};

struct rows {
    struct db *db;
    struct prepared *prepared;
    sqlite3_stmt *lite;
    bool lite_own; /* prepared for this reading alone: the cached one was in use */
    PGresult *pg;
    int row, columns;
    bool done;
    struct rows *next; /* of db->open */
};

struct kept {
    struct kept *next;
    const void *key;
    void *value;
    void (*drop)(void *value);
};

/* A write waiting for the writer. */
struct write {
    struct write *next;
    struct context *cx;
    closure work;
    void *arg;
    enum status status;
    bool done;
    pthread_cond_t finished;
};

/* A shop that the registry knows. It stays until the end, while what it has open comes and goes:
 * `opened` to `gone` are guarded by the lock of its databases, as are its hosts. */
struct store {
    struct store *next;
    struct databases *owner;
    char *name, *files, *path, *schema;
    bool postgres;
    enum { SHUT, OPENING, OPEN, SHUTTING } opened;
    int held;          /* who uses it: it is not shut meanwhile */
    int64_t used;      /* monotonic ms: when it was last given back */
    int64_t not_until; /* monotonic ms: it could not be opened before */
    bool gone;         /* archived */
    char *url;         /* as the registry says, or NULL */
    char **hosts;
    int64_t host_count;
    int64_t due;                   /* as the registry says */
    atomic_int_least64_t work_due; /* while it is open, as the worker says */
    pthread_mutex_t lock;
    pthread_cond_t reader_free, work;
    struct db *idle[64]; /* readers (SQLite), connections (PostgreSQL) */
    int idle_count, made, most;
    struct db *writer;
    pthread_t thread;
    bool thread_runs, stop;
    struct write *first, *last;
    struct kept *kept;
};

struct databases {
    struct database_settings settings;
    char *data, *url;
    struct registry *registry;
    char *base_url, *own_host;
    struct store *stores, *first; /* the one opened at once, held to the end */
    pthread_mutex_t lock;         /* held for moments only: never while something is opened */
    pthread_cond_t changed;       /* a store was opened or shut */
    int64_t refreshed;            /* monotonic ms: when the registry was last read */
    int lock_file;
    pthread_t listener;
    sem_t listener_tried; /* up once it listens, or could not at its first try */
    bool listener_runs;
    atomic_bool stop; /* read by the listener */
};

/* Where a statement's cache entry lives; made when new. NULL: the connection has failed. */
struct prepared *db_prepared(struct db *db, const struct sql *sql);
void db_fail(struct db *db, const char *what, const char *name, const char *why);
void db_drop_prepared(struct db *db);

/* sqlite.c */
bool lite_open(struct store *store, struct db *db, bool writer, struct errors *errors);
void lite_close(struct db *db);
bool lite_exec(struct db *db, const char *text);
int64_t lite_run(struct db *db, const struct sql *sql, struct params params);
int64_t lite_insert(struct db *db, const struct sql *sql, struct params params);
struct rows *lite_rows(struct db *db, const struct sql *sql, struct params params);
bool lite_next(struct rows *rows);
void lite_end(struct rows *rows);
bool lite_writer_start(struct store *store, struct errors *errors);
void lite_writer_stop(struct store *store);
enum status lite_write(struct store *store, struct context *cx, closure work, void *arg);
enum status lite_backup(struct store *store, const char *path, struct errors *errors);
enum status lite_restore(struct store *store, const char *path, struct errors *errors);

/* postgres.c */
bool pg_open(struct store *store, struct db *db, struct errors *errors);
void pg_close(struct db *db);
bool pg_exec(struct db *db, const char *text);
int64_t pg_run(struct db *db, const struct sql *sql, struct params params);
struct rows *pg_rows(struct db *db, const struct sql *sql, struct params params);
void pg_end(struct rows *rows);
void pg_end_all(struct db *db);
enum status pg_write(struct store *store, struct db *db, struct context *cx, closure work,
                     void *arg);
void *pg_listen(void *arg); /* a struct databases */
enum status pg_backup(struct store *store, const char *path, struct errors *errors);
extern const char pg_set_counters[]; /* identities go on after the largest id */
enum status pg_restore(struct store *store, const char *path, struct errors *errors);

/* migrate.c */
bool store_migrate(struct store *store, struct db *db, struct errors *errors);
bool db_exec(struct db *db, const char *text); /* several statements, no parameters */
