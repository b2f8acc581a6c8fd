/* PostgreSQL: the same closures on pooled connections, in READ COMMITTED behind the shop's advisory
 * transaction lock. One writer a shop, as on SQLite: no write skew, no retries, numbers without
 * gaps, events in the order of their commits. */
#include "base/log.h"
#include "db/internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PARAMETERS = 64 };

static void quiet(void *arg, const char *message) {
    (void)arg;
    (void)message;
}

bool pg_exec(struct db *db, const char *text) {
    PGresult *result = PQexec(db->pg, text);
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!good)
        db_fail(db, "execute", "script", PQerrorMessage(db->pg));
    PQclear(result);
    return good;
}

bool pg_open(struct store *store, struct db *db, struct errors *errors) {
    db->store = store;
    db->postgres = true;
    db->pg = PQconnectdb(store->owner->url);
    if (PQstatus(db->pg) != CONNECTION_OK) {
        error_add(errors, UNAVAILABLE, NULL, "database", "PostgreSQL does not answer: %s",
                  PQerrorMessage(db->pg));
        pg_close(db);
        return false;
    }
    PQsetNoticeProcessor(db->pg, quiet, NULL);
    PQsetErrorVerbosity(db->pg, PQERRORS_TERSE); /* details quote rows: personal data */
    char set_up[256];
    snprintf(set_up, sizeof set_up,
             "set search_path to \"%s\"; set client_encoding to 'UTF8'; set timezone to 'UTC';"
             "set default_transaction_isolation to 'read committed';"
             "set idle_in_transaction_session_timeout to '60s'",
             store->schema);
    if (pg_exec(db, set_up))
        return true;
    error_add(errors, UNAVAILABLE, NULL, "database",
              "PostgreSQL refuses the connection's settings: %s", PQerrorMessage(db->pg));
    pg_close(db);
    return false;
}

void pg_close(struct db *db) {
    pg_end_all(db);
    db_drop_prepared(db);
    PQfinish(db->pg);
    db->pg = NULL;
}

static PGresult *execute(struct db *db, const struct sql *sql, struct params params) {
    struct prepared *prepared = db_prepared(db, sql);
    if (prepared->pg_name[0] == '\0') {
        char name[sizeof prepared->pg_name];
        snprintf(name, sizeof name, "s%u", db->next_name++);
        PGresult *result =
            PQprepare(db->pg, name, sql->postgres != NULL ? sql->postgres : sql->text, 0, NULL);
        bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (!good) {
            db_fail(db, "prepare", sql->name, PQerrorMessage(db->pg));
            return NULL;
        }
        memcpy(prepared->pg_name, name, sizeof name);
    }
    if (params.count > MOST_PARAMETERS) {
        db_fail(db, "bind", sql->name, "too many parameters");
        return NULL;
    }
    const char *values[MOST_PARAMETERS];
    int lengths[MOST_PARAMETERS], formats[MOST_PARAMETERS];
    char numbers[MOST_PARAMETERS][24];
    for (int i = 0; i < params.count; i++) {
        const struct param *param = &params.at[i];
        formats[i] = param->kind == PARAM_BLOB;
        lengths[i] = (int)param->length;
        values[i] = param->bytes;
        if (param->kind == PARAM_NULL)
            values[i] = NULL;
        if (param->kind == PARAM_INT) {
            snprintf(numbers[i], sizeof numbers[i], "%lld", (long long)param->number);
            values[i] = numbers[i];
        }
    }
    return PQexecPrepared(db->pg, prepared->pg_name, params.count, values, lengths, formats, 0);
}

int64_t pg_run(struct db *db, const struct sql *sql, struct params params) {
    PGresult *result = execute(db, sql, params);
    if (result == NULL)
        return -1;
    ExecStatusType status = PQresultStatus(result);
    int64_t touched = -1;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        touched = strtoll(PQcmdTuples(result), NULL, 10);
    else
        db_fail(db, "run", sql->name, PQerrorMessage(db->pg));
    PQclear(result);
    return touched;
}

struct rows *pg_rows(struct db *db, const struct sql *sql, struct params params) {
    struct rows *rows = ARENA_NEW(db->arena, struct rows);
    rows->db = db;
    rows->row = -1;
    rows->done = true;
    rows->pg = execute(db, sql, params);
    if (rows->pg == NULL)
        return rows;
    if (PQresultStatus(rows->pg) != PGRES_TUPLES_OK) {
        db_fail(db, "read", sql->name, PQerrorMessage(db->pg));
        PQclear(rows->pg);
        rows->pg = NULL;
        return rows;
    }
    rows->prepared = db_prepared(db, sql);
    rows->columns = PQnfields(rows->pg);
    rows->done = false;
    rows->next = db->open;
    db->open = rows;
    return rows;
}

void pg_end(struct rows *rows) {
    struct rows **at = &rows->db->open;
    while (*at != NULL && *at != rows)
        at = &(*at)->next;
    if (*at == rows)
        *at = rows->next;
    PQclear(rows->pg);
    rows->pg = NULL;
}

void pg_end_all(struct db *db) {
    while (db->open != NULL) {
        db->open->done = true;
        pg_end(db->open);
    }
}

/* Waits for the shop's lock, which the transaction keeps until it ends. */
static const struct sql take_turn = {
    "take_turn", "select 1",
    "select pg_advisory_xact_lock(hashtextextended(current_schema(), 7246))"};
static const struct sql notify = {"notify", "select 1", "select pg_notify('benchpin', $1)"};

enum status pg_write(struct store *store, struct db *db, struct context *cx, closure work,
                     void *arg) {
    cx->db = db;
    enum status status = FAILED;
    if (pg_exec(db, "begin") && pg_run(db, &take_turn, P0) >= 0)
        status = work(cx, arg);
    else
        return error_add(cx->errors, UNAVAILABLE, NULL, "database",
                         "The database does not answer. Nothing was changed.");
    pg_end_all(db);
    if (status == OK)
        for (struct news *news = cx->news; news != NULL; news = news->next)
            pg_run(db, &notify,
                   P(T(arena_printf(cx->arena, "%s %s %lld", store->schema, news->topic,
                                    (long long)news->id))));
    if (status == OK && db->failed)
        status = error_add(cx->errors, FAILED, NULL, "database",
                           "The change could not be written. Nothing was changed.");
    bool failed = db->failed;
    db->failed = false;
    if (status == OK && !pg_exec(db, "commit"))
        status = error_add(cx->errors, UNAVAILABLE, NULL, "database",
                           "The database went away while saving. Look whether the change is there "
                           "before trying again.");
    else if (status != OK)
        pg_exec(db, "rollback");
    db->failed = db->failed || failed;
    return status;
}

/* ------------------------------------------------------------------ live news */

/* It stays open meanwhile, if it is. */
static void hear_of(struct store *store, const char *topic, int64_t id) {
    const struct database_settings *settings = &store->owner->settings;
    if (settings->heard == NULL)
        return;
    bool held = store_hold_open(store);
    settings->heard(settings->heard_arg, store, topic, id);
    if (held)
        store_give_back(store);
}

static void hear(struct databases *databases, const char *payload) {
    char schema[64], topic[64];
    int end = 0;
    if (sscanf(payload, "%63s %63s %n", schema, topic, &end) != 2 || end == 0)
        return;
    int64_t id = strtoll(payload + end, NULL, 10);
    struct store *store = databases_next(databases, NULL);
    while (store != NULL && strcmp(store->schema, schema) != 0)
        store = databases_next(databases, store);
    if (store != NULL)
        hear_of(store, topic, id);
}

/* Nobody knows what was said while nobody listened: everything may have changed. */
static void hear_all(struct databases *databases) {
    for (struct store *store = databases_next(databases, NULL); store != NULL;
         store = databases_next(databases, store))
        hear_of(store, "all", 0);
}

void *pg_listen(void *arg) {
    struct databases *databases = arg;
    PGconn *pg = NULL;
    bool tried = false;
    while (!databases->stop) {
        if (pg == NULL || PQstatus(pg) != CONNECTION_OK) {
            PQfinish(pg);
            pg = PQconnectdb(databases->url);
            PGresult *result = PQstatus(pg) == CONNECTION_OK ? PQexec(pg, "listen benchpin") : NULL;
            bool listening = PQresultStatus(result) == PGRES_COMMAND_OK;
            PQclear(result);
            if (!tried)
                sem_post(&databases->listener_tried);
            else if (listening)
                hear_all(databases);
            tried = true;
            if (!listening) {
                log_error("not hearing other servers", log_text("because", PQerrorMessage(pg)));
                PQfinish(pg);
                pg = NULL;
                poll(NULL, 0, 500);
                continue;
            }
        }
        struct pollfd ready = {.fd = PQsocket(pg), .events = POLLIN};
        if (poll(&ready, 1, 200) <= 0)
            continue;
        PQconsumeInput(pg);
        for (PGnotify *note; (note = PQnotifies(pg)) != NULL; PQfreemem(note))
            hear(databases, note->extra);
    }
    PQfinish(pg);
    return NULL;
}

/* ------------------------------------------------------------------ backup
 *
 * A file of sections: "table NAME (COLUMNS)\n", the rows as COPY text, "\\.\n". */

static PGresult *ask(PGconn *pg, const char *text) {
    PGresult *result = PQexec(pg, text);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_OUT ||
        status == PGRES_COPY_IN)
        return result;
    PQclear(result);
    return NULL;
}

static bool copy_out(PGconn *pg, const char *table, const char *columns, FILE *file) {
    struct buf text = {0};
    buf_printf(&text, "copy \"%s\" (%s) to stdout", table, columns);
    PGresult *result = ask(pg, text.at);
    buf_free(&text);
    if (result == NULL)
        return false;
    PQclear(result);
    fprintf(file, "table %s (%s)\n", table, columns);
    char *row;
    int length;
    while ((length = PQgetCopyData(pg, &row, 0)) > 0) {
        fwrite(row, 1, (size_t)length, file);
        PQfreemem(row);
    }
    fputs("\\.\n", file);
    PQclear(PQgetResult(pg));
    while ((result = PQgetResult(pg)) != NULL)
        PQclear(result);
    return length == -1;
}

/* In the order of their making. */
static const char tables_in_order[] =
    "select c.relname, string_agg('\"' || a.attname || '\"', ', ' order by a.attnum) "
    "from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
    "where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace "
    "group by c.oid, c.relname order by c.oid";

enum status pg_backup(struct store *store, const char *path, struct errors *errors) {
    struct db db = {0};
    if (!pg_open(store, &db, errors))
        return errors->status;
    FILE *file = fopen(path, "w");
    bool good = file != NULL && pg_exec(&db, "begin isolation level repeatable read read only");
    PGresult *tables = good ? ask(db.pg, tables_in_order) : NULL;
    good = good && tables != NULL;
    for (int i = 0; good && i < PQntuples(tables); i++)
        good = copy_out(db.pg, PQgetvalue(tables, i, 0), PQgetvalue(tables, i, 1), file);
    PQclear(tables);
    if (!good)
        error_add(errors, FAILED, NULL, "backup", "The database could not be copied to %s: %s.",
                  path, file == NULL ? strerror(errno) : PQerrorMessage(db.pg));
    if (file != NULL && fclose(file) != 0 && good) {
        error_add(errors, FAILED, NULL, "backup", "%s could not be written: %s.", path,
                  strerror(errno));
        good = false;
    }
    pg_close(&db);
    return good ? OK : FAILED;
}

static bool copy_in(PGconn *pg, FILE *file, char **line, size_t *size) {
    while (getline(line, size, file) > 0) {
        if (strcmp(*line, "\\.\n") == 0) {
            if (PQputCopyEnd(pg, NULL) != 1)
                return false;
            PGresult *result = PQgetResult(pg);
            bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
            PQclear(result);
            while ((result = PQgetResult(pg)) != NULL)
                PQclear(result);
            return good;
        }
        if (PQputCopyData(pg, *line, (int)strlen(*line)) != 1)
            return false;
    }
    return false;
}

static bool restore_tables(PGconn *pg, FILE *file) {
    char *line = NULL;
    size_t size = 0;
    bool good = true;
    while (good && getline(&line, &size, file) > 0) {
        char *name = line + strlen("table "), *columns = strchr(line, '(');
        good = strncmp(line, "table ", strlen("table ")) == 0 && columns != NULL;
        if (!good)
            break;
        columns[-1] = '\0';
        columns[strcspn(columns, "\n")] = '\0';
        struct buf text = {0};
        buf_printf(&text, "copy \"%s\" %s from stdin", name, columns);
        PGresult *result = ask(pg, text.at);
        buf_free(&text);
        good = result != NULL;
        PQclear(result);
        good = good && copy_in(pg, file, &line, &size);
    }
    free(line);
    return good;
}

/* Identity counters go on after the largest id that came in. */
const char pg_set_counters[] =
    "do $$ declare t record; begin "
    "for t in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
    "where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace "
    "and a.attidentity <> '' loop "
    "execute format('select setval(pg_get_serial_sequence(%L, ''id''), "
    "coalesce((select max(id) from %I), 0) + 1, false)', quote_ident(t.relname), t.relname); "
    "end loop; end $$";

/* A table may refer to one that was made after it, so the references are put aside for the time of
 * the restoring; putting them back checks every row of them. */
static const char references[] =
    "select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
    "from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace";

static bool alter_references(struct db *db, const PGresult *all, bool add) {
    bool good = true;
    for (int i = 0; good && i < PQntuples(all); i++) {
        struct buf text = {0};
        buf_printf(&text, "alter table %s %s constraint %s %s", PQgetvalue(all, i, 0),
                   add ? "add" : "drop", PQgetvalue(all, i, 1), add ? PQgetvalue(all, i, 2) : "");
        good = pg_exec(db, text.at);
        buf_free(&text);
    }
    return good;
}

static bool empty_tables(struct db *db) {
    PGresult *tables = ask(db->pg, tables_in_order);
    bool good = tables != NULL;
    for (int i = 0; good && i < PQntuples(tables); i++) {
        struct buf text = {0};
        buf_printf(&text, "delete from \"%s\"", PQgetvalue(tables, i, 0));
        good = pg_exec(db, text.at);
        buf_free(&text);
    }
    PQclear(tables);
    return good;
}

enum status pg_restore(struct store *store, const char *path, struct errors *errors) {
    struct db db = {0};
    if (!pg_open(store, &db, errors))
        return errors->status;
    FILE *file = fopen(path, "r");
    bool good = file != NULL && pg_exec(&db, "begin");
    PGresult *constraints = good ? ask(db.pg, references) : NULL;
    good = constraints != NULL && alter_references(&db, constraints, false) && empty_tables(&db) &&
           restore_tables(db.pg, file) && alter_references(&db, constraints, true) &&
           pg_exec(&db, pg_set_counters) && pg_exec(&db, "commit");
    if (!good)
        error_add(errors, FAILED, NULL, "restore",
                  "The database could not be restored from %s: %s.", path,
                  file == NULL ? strerror(errno) : PQerrorMessage(db.pg));
    PQclear(constraints);
    if (file != NULL)
        fclose(file);
    pg_close(&db);
    return good ? OK : FAILED;
}

/* ------------------------------------------------------------------ a database for a while */

/* The address of a connection to another database of the same server, as "name='value' …". */
static const char *address_beside(PGconn *pg, const char *database, struct arena *arena) {
    PQconninfoOption *options = PQconninfo(pg);
    struct buf text = {0};
    for (const PQconninfoOption *at = options; at != NULL && at->keyword != NULL; at++) {
        const char *value = strcmp(at->keyword, "dbname") == 0 ? database : at->val;
        if (value == NULL || value[0] == '\0')
            continue;
        buf_printf(&text, "%s='", at->keyword);
        for (; *value != '\0'; value++) {
            if (*value == '\'' || *value == '\\')
                buf_put(&text, "\\", 1);
            buf_put(&text, value, 1);
        }
        buf_put(&text, "' ", 2);
    }
    PQconninfoFree(options);
    const char *address = arena_text_n(arena, text.at, text.length);
    buf_free(&text);
    return address;
}

const char *databases_scratch(const char *url, bool make, struct errors *errors) {
    PGconn *pg = PQconnectdb(url);
    const char *name =
        arena_printf(errors->arena, "%.40s_scratch", PQdb(pg) == NULL ? "" : PQdb(pg));
    const char *address = NULL;
    PQsetNoticeProcessor(pg, quiet, NULL);
    char *quoted = PQescapeIdentifier(pg, name, strlen(name));
    const char *steps[] = {
        arena_printf(errors->arena, "drop database if exists %s with (force)", quoted),
        make ? arena_printf(errors->arena, "create database %s template template0", quoted) : NULL,
    };
    bool good = PQstatus(pg) == CONNECTION_OK && quoted != NULL;
    for (int i = 0; i < 2 && good && steps[i] != NULL; i++) {
        PGresult *result = PQexec(pg, steps[i]);
        good = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (good)
        address = address_beside(pg, name, errors->arena);
    else
        error_add(errors, UNAVAILABLE, NULL, "scratch",
                  "PostgreSQL gives no database of its own to try in: %s", PQerrorMessage(pg));
    PQfreemem(quoted);
    PQfinish(pg);
    return address;
}
