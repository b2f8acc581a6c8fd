/* One interface, two engines.
 *
 * A `struct store` is one shop's namespace: an SQLite file or a PostgreSQL schema. A `struct db` is
 * a connection to it, either inside one reading snapshot or inside one writing transaction; it
 * belongs to one thread while it is lent.
 *
 * Statements are constants: lower-case SQL with $1 parameters and explicit columns, the same text
 * for both engines; where they must differ the pair stands in one `struct sql`. They are prepared
 * once a connection. A room lists its statements in a table, so that one test prepares all of them
 * on both.
 *
 *     static const struct sql job_title = {"job_title", "select title from job where id = $1"};
 *     const char *title = db_text(cx->db, &job_title, P(I(id)));
 *
 * Failures are sticky: after the first, every call on the connection does nothing and returns
 * nothing, and the transaction is rolled back. A closure therefore checks its rules, not each call;
 * whoever needs a value from a row that must exist asks db_failed() before relying on it. */
#pragma once

#include "base/actor.h"
#include "base/arena.h"
#include "base/errors.h"
#include "base/locale.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct store;
struct databases;

struct sql {
    const char *name; /* unique, the constant's own name */
    const char *text;
    const char *postgres; /* NULL: the same text */
};

/* ------------------------------------------------------------------ parameters */

enum param_kind { PARAM_NULL, PARAM_INT, PARAM_TEXT, PARAM_BLOB };
struct param {
    enum param_kind kind;
    int64_t number;
    const void *bytes; /* kept by the caller until the call returns */
    size_t length;
};
struct params {
    const struct param *at;
    int count;
};
struct param param_int(int64_t number);    /* NONE binds null */
struct param param_text(const char *text); /* NULL binds null */
struct param param_blob(const void *bytes, size_t length);
#define I(number) param_int(number)
#define T(text) param_text(text)
#define B(bytes, length) param_blob((bytes), (length))
#define P(...)                                                                                     \
    ((struct params){(const struct param[]){__VA_ARGS__},                                          \
                     (int)(sizeof((const struct param[]){__VA_ARGS__}) / sizeof(struct param))})
#define P0 ((struct params){0, 0})
/* A record's columns in the order of its fields, then `more`. Fields with FIELD_NO_COLUMN are left
 * out, and so is a field called "id". */
struct params db_record_params(struct db *db, const struct record *record, const void *item,
                               struct params more);

/* ------------------------------------------------------------------ statements */

/* Runs a statement that returns nothing of interest. The number of rows it touched; -1: failed. */
int64_t db_run(struct db *db, const struct sql *sql, struct params params);

/* An "insert into ... returning id": the new row's id, or NONE when the statement's own "on
 * conflict do nothing" made none, or it failed. */
int64_t db_insert(struct db *db, const struct sql *sql, struct params params);

/* A statement that returns rows. Texts and blobs are copied into the connection's arena (the
 * context's). rows_next() false ends the reading; who stops earlier calls rows_end(). */
struct rows;
struct rows *db_rows(struct db *db, const struct sql *sql, struct params params);
bool rows_next(struct rows *rows);
void rows_end(struct rows *rows);
int64_t row_int(struct rows *rows, int column);      /* NONE when null */
const char *row_text(struct rows *rows, int column); /* NULL when null */
const void *row_blob(struct rows *rows, int column, size_t *length);
/* The current row into a record's struct: columns are matched to fields by name, other columns are
 * left to the caller, fields without a column keep their value. */
void row_record(struct rows *rows, const struct record *record, void *item);

/* Shorter ways. */
int64_t db_int(struct db *db, const struct sql *sql, struct params params);      /* NONE: no row */
const char *db_text(struct db *db, const struct sql *sql, struct params params); /* NULL: no row */
bool db_record(struct db *db, const struct sql *sql, struct params params,
               const struct record *record, void *item); /* false: no row, item untouched */
/* All rows as an array in the arena; `*items` is never NULL. Returns the count. */
int64_t db_records(struct db *db, const struct sql *sql, struct params params,
                   const struct record *record, void **items);
#define DB_RECORDS(db, sql, params, record, items)                                                 \
    db_records((db), (sql), (params), (record), (void **)(items))

bool db_failed(const struct db *db);
struct arena *db_arena(struct db *db);
/* Where what is read from now on is copied to: for who reads much, a piece at a time. */
void db_use_arena(struct db *db, struct arena *arena);
bool db_is_postgres(const struct db *db);

/* ------------------------------------------------------------------ contexts */

/* What every function of the domain is given: where to read and write, who acts, when, for whom. */
struct context {
    struct db *db; /* NULL outside store_read and store_write */
    struct arena *arena;
    struct errors *errors;
    const struct actor *actor;
    const struct locale *locale; /* the shop's: of what is stored, and printed for customers */
    const struct locale *reader; /* of who reads the answer; NULL: the shop's */
    struct store *store;
    int64_t now;             /* UTC ms; one instant for the whole unit of work */
    struct outcome *outcome; /* what a POST came to, or NULL when nobody asks: see http/http.h */
    struct news *news;       /* what will be told after the commit; context_tell() adds */
};

/* The locale of who reads the answer. */
const struct locale *context_reader(const struct context *cx);
/* Their language; NULL: British English. */
const struct language *context_language(const struct context *cx);
/* Words in the language of who reads the answer: flashes, outcomes. What is put in is not looked
 * up. As words_n() on a page, the second is for words that count. */
const char *context_words(const struct context *cx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *context_words_n(const struct context *cx, int64_t n, const char *one, const char *many,
                            ...) __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* Words that are kept with the thing and read by anybody later, in the shop's language. */
const char *context_kept_words(const struct context *cx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* An amount for who reads the answer. */
const char *context_money(const struct context *cx, int64_t minor);
/* A code's label for who reads the answer. */
const char *context_label(const struct context *cx, const struct vocabulary *vocabulary,
                          const char *code);

/* Tells live pages, after the commit and only then, that a thing changed: topic "job", id 123. On
 * PostgreSQL other servers hear it too. */
void context_tell(struct context *cx, const char *topic, int64_t id);
struct news {
    struct news *next;
    const char *topic;
    int64_t id;
};

/* A unit of work against one store. It may run twice (when a shared commit fails, each closure is
 * run again alone), so it has no effect outside the database and its context. Anything but OK rolls
 * it back. No network, no rendering, at most some milliseconds. */
typedef enum status (*closure)(struct context *cx, void *arg);

/* Reading: one snapshot. Many at once. */
enum status store_read(struct store *store, struct context *cx, closure work, void *arg);
/* The same in two halves, for a request that reads in steps. cx->db is set and unset. */
enum status store_read_begin(struct store *store, struct context *cx);
void store_read_end(struct store *store, struct context *cx);
/* Writing: acknowledged (returned OK) only when it is durable. One writer a shop; on SQLite the
 * closures of many callers share a commit. */
enum status store_write(struct store *store, struct context *cx, closure work, void *arg);

/* A part of a write that may fail by itself: when `work` does not return OK, what it wrote is taken
 * back, its faults are in cx->errors, and the caller goes on. Only inside a write. */
enum status context_try(struct context *cx, closure work, void *arg);

/* ------------------------------------------------------------------ stores */

struct migration {
    const char *name; /* "0001_shop": number and word; runs once, forward, in a transaction */
    const char *text; /* statements ended by ";\n"; types in the notation of db/migrate.c */
};

struct reaction;
struct database_settings {
    const char *data;                   /* the data folder: registry, SQLite files, attachments */
    const char *url;                    /* "postgresql://…", or NULL for SQLite in `data` */
    const struct migration *migrations; /* ends with a NULL name */
    int readers;                        /* connections for reading a store; 0: 4 */
    void (*heard)(void *arg, struct store *store, const char *topic, int64_t id);
    /* Called after commits, from any thread. Topic "all", id 0: news may have been missed. */
    void *heard_arg;
    const struct reaction *const *reactions; /* who waits for which event: see work/work.h */
    bool read_only;                          /* refuse to create or migrate: for doctor */
    const char *shop;                        /* the one to open at once; NULL: the first */
};

/* Opens the registry and a shop of it, creating and migrating both when needed. NULL: a fault says
 * what is wrong (not writable, newer than the program, already served by another process, no such
 * shop). The data folder is locked while open: SQLite's writer is one process. */
struct databases *databases_open(const struct database_settings *settings, struct errors *errors);
void databases_close(struct databases *databases);
/* The shop that was opened at once; it stays open to the end. */
struct store *databases_default(struct databases *databases);

/* Many shops. A `struct store` is valid to the end, but usable only while it is held: whoever holds
 * it gives it back. The one that nobody held for longest is shut when more than 64 are open, and
 * each after two minutes without use; it is opened (and migrated) again when it is next asked for.
 */

/* The shop that answers at this host, as a header has it: held. MISSING: nobody does; UNAVAILABLE:
 * it can't be opened just now. The shop "main" may be without hosts: then it answers at every host
 * while it is the only one, and beside others at those that are no stranger's to choose, the
 * server's own and addresses in digits: a name that is made to lead here finds no shop behind it.
 */
enum status databases_find(struct databases *databases, const char *host, struct store **store);
/* The one of this name, held; NULL: a fault says why. */
struct store *databases_named(struct databases *databases, const char *name, struct errors *errors);
/* Of all that are not archived the one after `store` (NULL: the first); NULL: it was the last. Not
 * held: store_hold() does, and says false when it can't be opened. */
struct store *databases_next(struct databases *databases, const struct store *store);
bool store_hold(struct store *store, struct errors *errors);
bool store_hold_open(struct store *store); /* false: it is not open, and stays so */
void store_give_back(struct store *store); /* accepts NULL */
bool store_is_open(struct store *store);

/* Reads the registry anew (shops come, go, and get other hosts) and shuts what nobody used for a
 * while; to be called every few seconds by who serves. */
void databases_refresh(struct databases *databases);
/* The server's public address, from which the shops' are made: see store_url(). */
void databases_serve_at(struct databases *databases, const char *url);
/* The public base of this shop's links, without a slash at the end: as the registry says, else the
 * server's with the first of its hosts. NULL: nothing is served. */
const char *store_url(struct store *store, struct arena *arena);
/* When a shop that is shut next has work to do, as the registry says; 0: somebody has to look. And
 * what it shall say when this one, now open, is shut (INT64_MAX: never). */
int64_t store_due(struct store *store);
void store_set_due(struct store *store, int64_t due);

const char *store_name(const struct store *store);  /* "main" */
const char *store_files(const struct store *store); /* the folder of its attachments */
bool store_is_postgres(const struct store *store);
const struct reaction *const *store_reactions(const struct store *store);
/* A copy of the database as of one instant, while others read and write: SQLite's backup into the
 * file, or for PostgreSQL every table as COPY text. */
enum status store_backup(struct store *store, const char *path, struct errors *errors);
enum status store_restore(struct store *store, const char *path, struct errors *errors);
/* PostgreSQL: a database beside the one that `url` names, for trying something out: made anew (make)
 * or dropped with what is in it. Its address; NULL: a fault says why, mostly that this user may not
 * create one. */
const char *databases_scratch(const char *url, bool make, struct errors *errors);
/* A value that rooms keep beside an open store (the shop's locale): set once, freed at close. Of
 * two that are set at once the first stays; the one that stays is returned, the other dropped. */
void *store_keep(struct store *store, const void *key, void *value, void (*drop)(void *value));
void *store_kept(struct store *store, const void *key);
