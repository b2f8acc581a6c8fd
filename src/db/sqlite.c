/* SQLite: WAL, synchronous=FULL, one writer thread a store, readers beside it.
 *
 * The writer takes everything that waits, runs each closure in a savepoint of one transaction, and
 * acknowledges all of them after the one commit: a shared fsync. Measured: 17 to 23 times the
 * throughput of a connection a request. When the engine has rolled the whole batch back (a full
 * disk, an I/O error), each closure is run again alone, so that one caller's trouble is not
 * another's. */
#include "base/log.h"
#include "db/internal.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_IN_A_BATCH = 64 };

bool lite_exec(struct db *db, const char *text) {
    char *why = NULL;
    if (sqlite3_exec(db->lite, text, NULL, NULL, &why) == SQLITE_OK)
        return true;
    db_fail(db, "execute", "script", why);
    sqlite3_free(why);
    return false;
}

bool lite_open(struct store *store, struct db *db, bool writer, struct errors *errors) {
    bool create = writer && !store->owner->settings.read_only;
    int flags = (create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE) |
                SQLITE_OPEN_NOMUTEX;
    db->store = store;
    db->postgres = false;
    if (sqlite3_open_v2(store->path, &db->lite, flags, NULL) != SQLITE_OK) {
        error_add(errors, UNAVAILABLE, NULL, "database", "The database %s cannot be opened: %s.",
                  store->path, sqlite3_errmsg(db->lite));
        sqlite3_close(db->lite);
        db->lite = NULL;
        return false;
    }
    sqlite3_busy_timeout(db->lite, 10000);
    sqlite3_extended_result_codes(db->lite, 1);
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    /* A plan looks at no parameter's value: it would be made anew whenever one is bound. */
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    const char *pragmas = writer ? "pragma journal_mode = wal; pragma synchronous = full;"
                                   "pragma foreign_keys = on; pragma cache_size = -8000;"
                                   "pragma temp_store = memory; pragma wal_autocheckpoint = 2000;"
                                 : "pragma query_only = on; pragma cache_size = -3000;"
                                   "pragma temp_store = memory;";
    if (lite_exec(db, pragmas))
        return true;
    error_add(errors, UNAVAILABLE, NULL, "database", "The database %s cannot be used: %s.",
              store->path, sqlite3_errmsg(db->lite));
    lite_close(db);
    return false;
}

void lite_close(struct db *db) {
    db_drop_prepared(db);
    sqlite3_close(db->lite);
    db->lite = NULL;
}

/* "$2" is to SQLite a name, numbered by where it first stands; "?2" is the second parameter
 * wherever it stands, as PostgreSQL understands "$2". Texts in quotes are left alone. */
static char *with_numbers(const char *text) {
    char *copy = strdup(text);
    if (copy == NULL)
        abort();
    bool quoted = false;
    for (char *at = copy; *at != '\0'; at++) {
        if (*at == '\'')
            quoted = !quoted;
        else if (*at == '$' && !quoted && at[1] >= '0' && at[1] <= '9')
            *at = '?';
    }
    return copy;
}

/* Of the statement's text the first `length` bytes. */
static sqlite3_stmt *prepare(struct db *db, const struct sql *sql, size_t length, unsigned flags) {
    sqlite3_stmt *statement = NULL;
    char *text = with_numbers(sql->text);
    text[length] = '\0';
    if (sqlite3_prepare_v3(db->lite, text, -1, flags, &statement, NULL) != SQLITE_OK) {
        db_fail(db, "prepare", sql->name, sqlite3_errmsg(db->lite));
        statement = NULL;
    }
    free(text);
    return statement;
}

static bool bind(struct db *db, const struct sql *sql, sqlite3_stmt *statement,
                 struct params params) {
    if (sqlite3_bind_parameter_count(statement) != params.count) {
        db_fail(db, "bind", sql->name, "the number of parameters differs from the statement's");
        return false;
    }
    for (int i = 0; i < params.count; i++) {
        const struct param *param = &params.at[i];
        int result = SQLITE_OK;
        switch (param->kind) {
        case PARAM_NULL:
            result = sqlite3_bind_null(statement, i + 1);
            break;
        case PARAM_INT:
            result = sqlite3_bind_int64(statement, i + 1, param->number);
            break;
        case PARAM_TEXT:
            result = sqlite3_bind_text64(statement, i + 1, param->bytes, param->length,
                                         SQLITE_STATIC, SQLITE_UTF8);
            break;
        case PARAM_BLOB:
            result = sqlite3_bind_blob64(statement, i + 1, param->bytes == NULL ? "" : param->bytes,
                                         param->length, SQLITE_STATIC);
            break;
        }
        if (result != SQLITE_OK) {
            db_fail(db, "bind", sql->name, sqlite3_errmsg(db->lite));
            return false;
        }
    }
    return true;
}

static int64_t run(struct db *db, const struct sql *sql, size_t length, struct params params) {
    struct prepared *prepared = db_prepared(db, sql);
    if (prepared->lite == NULL)
        prepared->lite = prepare(db, sql, length, SQLITE_PREPARE_PERSISTENT);
    if (prepared->lite == NULL || !bind(db, sql, prepared->lite, params))
        return -1;
    int result;
    while ((result = sqlite3_step(prepared->lite)) == SQLITE_ROW) {
    }
    if (result != SQLITE_DONE)
        db_fail(db, "run", sql->name, sqlite3_errmsg(db->lite));
    sqlite3_reset(prepared->lite);
    sqlite3_clear_bindings(prepared->lite);
    return result == SQLITE_DONE ? sqlite3_changes64(db->lite) : -1;
}

int64_t lite_run(struct db *db, const struct sql *sql, struct params params) {
    return run(db, sql, strlen(sql->text), params);
}

/* The engine knows the id without being asked; for a returning clause it would open a table in
 * memory each time, which costs more than the row. */
int64_t lite_insert(struct db *db, const struct sql *sql, struct params params) {
    static const char clause[] = " returning id";
    size_t length = strlen(sql->text), cut = sizeof clause - 1;
    if (length < cut || strcmp(sql->text + length - cut, clause) != 0) {
        db_fail(db, "insert", sql->name, "the statement does not end with returning id");
        return NONE;
    }
    return run(db, sql, length - cut, params) > 0 ? sqlite3_last_insert_rowid(db->lite) : NONE;
}

struct rows *lite_rows(struct db *db, const struct sql *sql, struct params params) {
    struct rows *rows = ARENA_NEW(db->arena, struct rows);
    struct prepared *prepared = db_prepared(db, sql);
    rows->db = db;
    rows->prepared = prepared;
    rows->done = true;
    if (prepared->lite == NULL)
        prepared->lite = prepare(db, sql, strlen(sql->text), SQLITE_PREPARE_PERSISTENT);
    if (prepared->lite == NULL)
        return rows;
    rows->lite = prepared->lite;
    if (sqlite3_stmt_busy(prepared->lite)) {
        rows->lite = prepare(db, sql, strlen(sql->text), 0);
        rows->lite_own = true;
        if (rows->lite == NULL)
            return rows;
    }
    rows->done = false;
    rows->columns = sqlite3_column_count(rows->lite);
    if (!bind(db, sql, rows->lite, params))
        rows_end(rows);
    return rows;
}

bool lite_next(struct rows *rows) {
    int result = sqlite3_step(rows->lite);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        db_fail(rows->db, "read", rows->prepared->sql->name, sqlite3_errmsg(rows->db->lite));
    return false;
}

void lite_end(struct rows *rows) {
    if (rows->lite_own) {
        sqlite3_finalize(rows->lite);
        return;
    }
    sqlite3_reset(rows->lite); /* what is bound stays until it is bound anew: nothing reads it */
}

/* ------------------------------------------------------------------ the writer */

static const struct sql begin_write = {"begin_write", "begin immediate", NULL};
static const struct sql commit_write = {"commit_write", "commit", NULL};
static const struct sql roll_back = {"roll_back", "rollback", NULL};
static const struct sql savepoint = {"savepoint", "savepoint work", NULL};
static const struct sql release = {"release", "release work", NULL};
static const struct sql roll_back_to = {"roll_back_to", "rollback to work", NULL};

static enum status run_closure(struct db *db, struct write *write) {
    struct context *cx = write->cx;
    errors_clear(cx->errors);
    cx->news = NULL;
    cx->db = db;
    db->arena = cx->arena;
    db->failed = false;
    enum status status = write->work(cx, write->arg);
    if (status == OK && db->failed)
        status = error_add(cx->errors, FAILED, NULL, "database",
                           "The change could not be written. Nothing was changed.");
    cx->db = NULL;
    db->arena = NULL;
    return status;
}

static bool engine_run(struct db *db, const struct sql *sql) {
    db->failed = false;
    return lite_run(db, sql, P0) >= 0;
}

static void run_alone(struct db *db, struct write *write) {
    write->status = FAILED;
    if (!engine_run(db, &begin_write)) {
        error_add(write->cx->errors, UNAVAILABLE, NULL, "database",
                  "The database cannot be written to. Nothing was changed.");
        write->status = UNAVAILABLE;
        return;
    }
    write->status = run_closure(db, write);
    if (write->status == OK && engine_run(db, &commit_write))
        return;
    if (!sqlite3_get_autocommit(db->lite))
        engine_run(db, &roll_back);
    if (write->status == OK) {
        errors_clear(write->cx->errors);
        write->status = error_add(write->cx->errors, UNAVAILABLE, NULL, "database",
                                  "The change could not be saved on disk. Nothing was changed.");
    }
}

/* False: the engine has rolled everything back; nothing of the batch has happened. */
static bool run_together(struct db *db, struct write *first) {
    if (!engine_run(db, &begin_write))
        return false;
    for (struct write *write = first; write != NULL; write = write->next) {
        if (!engine_run(db, &savepoint))
            break;
        write->status = run_closure(db, write);
        if (sqlite3_get_autocommit(db->lite))
            return false;
        if (write->status != OK && !engine_run(db, &roll_back_to))
            break;
        if (!engine_run(db, &release))
            break;
    }
    if (!db->failed && engine_run(db, &commit_write))
        return true;
    if (!sqlite3_get_autocommit(db->lite))
        engine_run(db, &roll_back);
    return false;
}

static void *writer_main(void *arg) {
    struct store *store = arg;
    pthread_mutex_lock(&store->lock);
    for (;;) {
        while (store->first == NULL && !store->stop)
            pthread_cond_wait(&store->work, &store->lock);
        if (store->first == NULL)
            break;
        struct write *first = store->first, *last = first;
        int count = 1;
        for (; last->next != NULL && count < MOST_IN_A_BATCH; count++)
            last = last->next;
        store->first = last->next;
        if (store->first == NULL)
            store->last = NULL;
        last->next = NULL;
        pthread_mutex_unlock(&store->lock);
        if (count == 1 || !run_together(store->writer, first))
            for (struct write *write = first; write != NULL; write = write->next)
                run_alone(store->writer, write);
        pthread_mutex_lock(&store->lock);
        for (struct write *write = first; write != NULL;) {
            struct write *next = write->next; /* gone once its owner wakes */
            write->done = true;
            pthread_cond_signal(&write->finished);
            write = next;
        }
    }
    pthread_mutex_unlock(&store->lock);
    return NULL;
}

bool lite_writer_start(struct store *store, struct errors *errors) {
    if (pthread_create(&store->thread, NULL, writer_main, store) != 0) {
        error_add(errors, UNAVAILABLE, NULL, "threads", "No thread could be started for writing.");
        return false;
    }
    store->thread_runs = true;
    return true;
}

void lite_writer_stop(struct store *store) {
    if (!store->thread_runs)
        return;
    pthread_mutex_lock(&store->lock);
    store->stop = true;
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->lock);
    pthread_join(store->thread, NULL);
    store->thread_runs = false;
}

enum status lite_write(struct store *store, struct context *cx, closure work, void *arg) {
    struct write write = {.cx = cx, .work = work, .arg = arg};
    pthread_cond_init(&write.finished, NULL);
    pthread_mutex_lock(&store->lock);
    if (store->stop) {
        pthread_mutex_unlock(&store->lock);
        return error_add(cx->errors, UNAVAILABLE, NULL, "stopping", "The server is stopping.");
    }
    if (store->last != NULL)
        store->last->next = &write;
    else
        store->first = &write;
    store->last = &write;
    pthread_cond_signal(&store->work);
    while (!write.done)
        pthread_cond_wait(&write.finished, &store->lock);
    pthread_mutex_unlock(&store->lock);
    pthread_cond_destroy(&write.finished);
    return write.status;
}

/* ------------------------------------------------------------------ backup */

static enum status copy_database(const char *from, const char *to, bool replace,
                                 struct errors *errors) {
    sqlite3 *source = NULL, *target = NULL;
    enum status status = FAILED;
    int flags = SQLITE_OPEN_READWRITE | (replace ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(from, &source, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_open_v2(to, &target, flags | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        error_add(errors, FAILED, NULL, "backup", "%s cannot be copied to %s: %s.", from, to,
                  sqlite3_errmsg(target != NULL ? target : source));
    } else {
        sqlite3_busy_timeout(source, 10000);
        sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
        /* One step: a snapshot of one instant, however busy the writer is. */
        if (backup != NULL && sqlite3_backup_step(backup, -1) == SQLITE_DONE)
            status = OK;
        if (backup != NULL && sqlite3_backup_finish(backup) != SQLITE_OK)
            status = FAILED;
        if (status == OK)
            sqlite3_exec(target, "pragma journal_mode = delete", NULL, NULL, NULL);
        else
            error_add(errors, FAILED, NULL, "backup", "%s cannot be copied to %s: %s.", from, to,
                      sqlite3_errmsg(target));
    }
    sqlite3_close(source);
    sqlite3_close(target);
    return status;
}

enum status lite_backup(struct store *store, const char *path, struct errors *errors) {
    return copy_database(store->path, path, true, errors);
}

enum status lite_restore(struct store *store, const char *path, struct errors *errors) {
    return copy_database(path, store->path, true, errors);
}
