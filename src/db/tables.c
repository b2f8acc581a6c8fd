#include "db/tables.h"

#include "db/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ------------------------------------------------------------------ which there are */

static const struct sql table_names = {
    "tables_names",
    "select name from pragma_table_list where schema = 'main' and type = 'table' "
    "and name not like 'sqlite\\_%' escape '\\' and name <> 'migration' order by name",
    "select relname from pg_class where relkind = 'r' and relname <> 'migration' "
    "and relnamespace = current_schema()::regnamespace order by relname collate \"C\""};
static const struct sql table_columns = {
    "tables_columns",
    "select name, lower(type), \"notnull\" = 1 or pk > 0, pk from pragma_table_xinfo($1) "
    "where hidden = 0 order by cid",
    "select a.attname, format_type(a.atttypid, a.atttypmod), (a.attnotnull)::int, "
    "coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) from pg_attribute a "
    "left join pg_index i on i.indrelid = a.attrelid and i.indisprimary "
    "where a.attrelid = (current_schema() || '.' || quote_ident($1))::regclass and a.attnum > 0 "
    "and not a.attisdropped and a.attgenerated = '' order by a.attnum"};
static const struct sql table_parents = {
    "tables_parents",
    "select distinct \"table\" from pragma_foreign_key_list($1) where \"table\" <> $1",
    "select distinct p.relname from pg_constraint c join pg_class p on p.oid = c.confrelid "
    "where c.contype = 'f' and p.relname <> $1 "
    "and c.conrelid = (current_schema() || '.' || quote_ident($1))::regclass"};
static const struct sql newest = {"tables_schema", "select max(name) from migration", NULL};

const char *tables_schema(struct context *cx) {
    return db_text(cx->db, &newest, P0);
}

static bool describe(struct context *cx, struct table *table) {
    const char *keys[16] = {NULL};
    size_t capacity = 0;
    struct rows *rows = db_rows(cx->db, &table_columns, P(T(table->name)));
    while (rows_next(rows)) {
        const char *type = row_text(rows, 1);
        struct column column = {.name = row_text(rows, 0),
                                .number =
                                    strcmp(type, "integer") == 0 || strcmp(type, "bigint") == 0,
                                .required = row_int(rows, 2) == 1};
        if (!column.number && strcmp(type, "text") != 0) {
            rows_end(rows);
            return error_add(cx->errors, FAILED, NULL, "column",
                             "The column %s.%s is of a kind that cannot be taken out.", table->name,
                             column.name) == OK;
        }
        table->columns = arena_grow(cx->arena, table->columns, (size_t)table->column_count,
                                    &capacity, sizeof *table->columns);
        table->columns[table->column_count++] = column;
        int64_t key = row_int(rows, 3);
        if (key > 0 && key < 16)
            keys[key] = column.name;
    }
    struct buf order = {0};
    for (int i = 1; i < 16 && keys[i] != NULL; i++)
        buf_printf(&order, "%s\"%s\"", i == 1 ? "" : ", ", keys[i]);
    table->order = order.at == NULL ? "1" : arena_text(cx->arena, order.at);
    buf_free(&order);
    return table->column_count > 0;
}

static bool is_among(const char *name, const struct table *tables, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        if (strcmp(tables[i].name, name) == 0)
            return true;
    return false;
}

int64_t tables_list(struct context *cx, struct table **tables) {
    struct table *all = NULL, *sorted;
    size_t count = 0, capacity = 0;
    struct rows *rows = db_rows(cx->db, &table_names, P0);
    while (rows_next(rows)) {
        all = arena_grow(cx->arena, all, count, &capacity, sizeof *all);
        all[count++] = (struct table){.name = row_text(rows, 0)};
    }
    const char ***parents = ARENA_ARRAY(cx->arena, const char **, count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t found = 0, room = 0;
        if (!describe(cx, &all[i]))
            return -1;
        rows = db_rows(cx->db, &table_parents, P(T(all[i].name)));
        for (const char *parent = ""; parent != NULL;) { /* NULL ends them */
            parent = rows_next(rows) ? row_text(rows, 0) : NULL;
            parents[i] = arena_grow(cx->arena, parents[i], found, &room, sizeof *parents[i]);
            parents[i][found++] = parent;
        }
    }
    if (db_failed(cx->db))
        return -1;
    /* Each time the first by name whose parents are there; in a circle just the first. */
    sorted = ARENA_ARRAY(cx->arena, struct table, count + 1);
    for (size_t done = 0; done < count; done++) {
        size_t chosen = count;
        for (size_t i = 0; i < count; i++) {
            if (is_among(all[i].name, sorted, (int64_t)done))
                continue;
            bool ready = true;
            for (const char **parent = parents[i]; *parent != NULL; parent++)
                ready = ready && is_among(*parent, sorted, (int64_t)done);
            if (ready || chosen == count)
                chosen = ready ? i : chosen == count ? i : chosen;
            if (ready)
                break;
        }
        sorted[done] = all[chosen];
    }
    *tables = sorted;
    return (int64_t)count;
}

/* ------------------------------------------------------------------ reading */

static void column_names(const struct table *table, struct buf *out) {
    for (int64_t i = 0; i < table->column_count; i++)
        buf_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", table->columns[i].name);
}

static bool lite_each(struct db *db, const char *text, const struct table *table,
                      bool (*visit)(void *arg, const struct param *values), void *arg,
                      struct param *values) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db->lite, text, -1, &statement, NULL) != SQLITE_OK) {
        db_fail(db, "prepare", table->name, sqlite3_errmsg(db->lite));
        return false;
    }
    int result;
    bool on = true;
    while (on && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < table->column_count; i++)
            if (sqlite3_column_type(statement, i) == SQLITE_NULL)
                values[i] = (struct param){.kind = PARAM_NULL};
            else if (table->columns[i].number)
                values[i] = param_int(sqlite3_column_int64(statement, i));
            else
                values[i] = (struct param){.kind = PARAM_TEXT,
                                           .bytes = sqlite3_column_text(statement, i),
                                           .length = (size_t)sqlite3_column_bytes(statement, i)};
        on = visit(arg, values);
    }
    if (on && result != SQLITE_DONE)
        db_fail(db, "read", table->name, sqlite3_errmsg(db->lite));
    sqlite3_finalize(statement);
    return on;
}

/* A thousand rows at a time, by a cursor. */
static bool pg_each(struct db *db, const char *text, const struct table *table,
                    bool (*visit)(void *arg, const struct param *values), void *arg,
                    struct param *values) {
    struct buf declare = {0};
    buf_printf(&declare, "declare each_row no scroll cursor for %s", text);
    bool on = pg_exec(db, declare.at);
    buf_free(&declare);
    for (int got = 1; on && got > 0;) {
        PGresult *result = PQexec(db->pg, "fetch 1000 from each_row");
        if (PQresultStatus(result) != PGRES_TUPLES_OK)
            db_fail(db, "read", table->name, PQerrorMessage(db->pg));
        got = db->failed ? 0 : PQntuples(result);
        for (int row = 0; on && row < got; row++) {
            for (int i = 0; i < table->column_count; i++)
                if (PQgetisnull(result, row, i))
                    values[i] = (struct param){.kind = PARAM_NULL};
                else if (table->columns[i].number)
                    values[i] = param_int(strtoll(PQgetvalue(result, row, i), NULL, 10));
                else
                    values[i] = (struct param){.kind = PARAM_TEXT,
                                               .bytes = PQgetvalue(result, row, i),
                                               .length = (size_t)PQgetlength(result, row, i)};
            on = visit(arg, values);
        }
        PQclear(result);
    }
    return !db->failed && pg_exec(db, "close each_row") && on;
}

enum status table_each(struct context *cx, const struct table *table,
                       bool (*visit)(void *arg, const struct param *values), void *arg) {
    struct db *db = cx->db;
    struct param *values = ARENA_ARRAY(cx->arena, struct param, (size_t)table->column_count);
    struct buf text = {0};
    buf_lit(&text, "select ");
    column_names(table, &text);
    buf_printf(&text, " from \"%s\" order by %s", table->name, table->order);
    if (!db->failed)
        (db->postgres ? pg_each : lite_each)(db, text.at, table, visit, arg, values);
    buf_free(&text);
    return db->failed ? error_add(cx->errors, FAILED, NULL, "database",
                                  "The table %s cannot be read.", table->name)
                      : OK;
}

/* ------------------------------------------------------------------ filling */

struct table_fill {
    struct context *cx;
    const struct table *table;
    sqlite3_stmt *lite;
    struct buf rows; /* PostgreSQL: as COPY text */
};

static bool sent(struct table_fill *fill) {
    struct db *db = fill->cx->db;
    if (fill->rows.length > 0 && PQputCopyData(db->pg, fill->rows.at, (int)fill->rows.length) != 1)
        db_fail(db, "copy", fill->table->name, PQerrorMessage(db->pg));
    buf_clear(&fill->rows);
    return !db->failed;
}

struct table_fill *table_fill_begin(struct context *cx, const struct table *table) {
    struct db *db = cx->db;
    struct table_fill *fill = ARENA_NEW(cx->arena, struct table_fill);
    *fill = (struct table_fill){.cx = cx, .table = table};
    struct buf text = {0};
    if (db->postgres) {
        buf_printf(&text, "copy \"%s\" (", table->name);
        column_names(table, &text);
        buf_lit(&text, ") from stdin");
        PGresult *result = PQexec(db->pg, text.at);
        if (PQresultStatus(result) != PGRES_COPY_IN)
            db_fail(db, "copy", table->name, PQerrorMessage(db->pg));
        PQclear(result);
    } else {
        buf_printf(&text, "insert into \"%s\" (", table->name);
        column_names(table, &text);
        buf_lit(&text, ") values (");
        for (int64_t i = 0; i < table->column_count; i++)
            buf_text(&text, i == 0 ? "?" : ", ?");
        buf_lit(&text, ")");
        if (sqlite3_prepare_v2(db->lite, text.at, -1, &fill->lite, NULL) != SQLITE_OK)
            db_fail(db, "prepare", table->name, sqlite3_errmsg(db->lite));
    }
    buf_free(&text);
    return fill;
}

static void copy_value(struct buf *out, const struct param *value) {
    if (value->kind == PARAM_NULL) {
        buf_lit(out, "\\N");
    } else if (value->kind == PARAM_INT) {
        buf_int(out, value->number);
    } else {
        const char *text = value->bytes;
        for (size_t i = 0; i < value->length; i++) {
            const char *escaped = text[i] == '\\'   ? "\\\\"
                                  : text[i] == '\n' ? "\\n"
                                  : text[i] == '\r' ? "\\r"
                                  : text[i] == '\t' ? "\\t"
                                                    : NULL;
            if (escaped != NULL)
                buf_put(out, escaped, 2);
            else
                buf_byte(out, text[i]);
        }
    }
}

bool table_fill_row(struct table_fill *fill, const struct param *values) {
    struct db *db = fill->cx->db;
    if (db->failed)
        return false;
    if (db->postgres) {
        for (int64_t i = 0; i < fill->table->column_count; i++) {
            if (i > 0)
                buf_byte(&fill->rows, '\t');
            copy_value(&fill->rows, &values[i]);
        }
        buf_byte(&fill->rows, '\n');
        return fill->rows.length < 65536 || sent(fill);
    }
    for (int i = 0; i < fill->table->column_count; i++) {
        const struct param *value = &values[i];
        if (value->kind == PARAM_NULL)
            sqlite3_bind_null(fill->lite, i + 1);
        else if (value->kind == PARAM_INT)
            sqlite3_bind_int64(fill->lite, i + 1, value->number);
        else
            sqlite3_bind_text64(fill->lite, i + 1, value->bytes, value->length, SQLITE_STATIC,
                                SQLITE_UTF8);
    }
    if (sqlite3_step(fill->lite) != SQLITE_DONE)
        db_fail(db, "insert", fill->table->name, sqlite3_errmsg(db->lite));
    sqlite3_reset(fill->lite);
    return !db->failed;
}

enum status table_fill_end(struct table_fill *fill) {
    struct db *db = fill->cx->db;
    if (db->postgres) {
        bool good = !db->failed && sent(fill);
        if (PQputCopyEnd(db->pg, good ? NULL : "given up") != 1 && good)
            db_fail(db, "copy", fill->table->name, PQerrorMessage(db->pg));
        for (PGresult *result; (result = PQgetResult(db->pg)) != NULL; PQclear(result))
            if (PQresultStatus(result) != PGRES_COMMAND_OK)
                db_fail(db, "copy", fill->table->name, PQerrorMessage(db->pg));
    }
    sqlite3_finalize(fill->lite);
    buf_free(&fill->rows);
    return db->failed ? error_add(fill->cx->errors, INVALID, NULL, "bad_rows",
                                  "The table %s does not take what was given. Nothing was changed.",
                                  fill->table->name)
                      : OK;
}

/* ------------------------------------------------------------------ a shop made aside */

/* What the migrations put there goes, so that what is given is all there is; and references are
 * looked at when everything is there. */
static const char pg_prepare[] =
    "do $$ declare t record; begin "
    "for t in select conrelid::regclass as relation, conname from pg_constraint "
    "where contype = 'f' and connamespace = current_schema()::regnamespace loop "
    "execute format('alter table %s alter constraint %I deferrable initially deferred', "
    "t.relation, t.conname); end loop; end $$";
static const char pg_settle[] =
    "set constraints all immediate; "
    "do $$ declare t record; begin "
    "for t in select conrelid::regclass as relation, conname from pg_constraint "
    "where contype = 'f' and connamespace = current_schema()::regnamespace loop "
    "execute format('alter table %s alter constraint %I not deferrable', "
    "t.relation, t.conname); end loop; end $$";
static const struct sql broken_reference = {
    "tables_broken", "select \"table\" from pragma_foreign_key_check limit 1", "select null"};

static bool empty(struct context *cx) {
    struct table *tables;
    int64_t count = tables_list(cx, &tables);
    for (int64_t i = count - 1; i >= 0; i--)
        if (!db_exec(cx->db, arena_printf(cx->arena, "delete from \"%s\"", tables[i].name)))
            return false;
    return count >= 0;
}

static enum status fill_it(struct context *cx, closure fill, void *arg) {
    struct db *db = cx->db;
    bool postgres = db->postgres;
    enum status status = FAILED;
    /* SQLite keeps to foreign keys at the end of a transaction when it is told so within it. */
    if (db_exec(db, "begin") &&
        db_exec(db, postgres ? pg_prepare : "pragma defer_foreign_keys = on") && empty(cx))
        status = fill(cx, arg);
    if (postgres)
        pg_end_all(db);
    if (status == OK && !db->failed) {
        const char *where = db_text(db, &broken_reference, P0);
        if (where != NULL)
            status = error_add(cx->errors, INVALID, NULL, "bad_reference",
                               "A row of the table %s refers to one that is not there. Nothing was "
                               "changed.",
                               where);
    }
    if (status == OK &&
        (db->failed || (postgres && (!db_exec(db, pg_settle) || !db_exec(db, pg_set_counters))) ||
         !db_exec(db, "commit")))
        status = FAILED;
    if (status != OK) {
        db->failed = false;
        db_exec(db, "rollback");
        if (!errors_any(cx->errors))
            error_add(cx->errors, INVALID, NULL, "bad_rows",
                      "The database does not take what was given; the log says why. Nothing was "
                      "changed.");
    }
    return status;
}

static bool knows(const struct migration *migrations, const char *schema, struct migration *until) {
    for (; migrations->name != NULL; migrations++) {
        *until++ = *migrations;
        *until = (struct migration){NULL, NULL};
        if (schema != NULL && strcmp(migrations->name, schema) == 0)
            return true;
    }
    return false;
}

static void remove_file(const char *path, struct arena *arena) {
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        unlink(arena_printf(arena, "%s%s", path, endings[i]));
}

/* Into its place, all at once. */
static bool put_in_place(const struct store *aside, struct db *db, const char *name,
                         struct arena *arena) {
    if (aside->postgres)
        return db_exec(db, arena_printf(arena,
                                        "begin; drop schema if exists \"shop_%s\" cascade; "
                                        "alter schema \"%s\" rename to \"shop_%s\"; commit",
                                        name, aside->schema, name));
    const char *place = arena_printf(arena, "%s/shops/%s/benchpin.db", aside->owner->data, name);
    lite_close(db); /* its log is in the file then */
    remove_file(place, arena);
    return rename(aside->path, place) == 0;
}

enum status store_make(const struct database_settings *settings, const char *name,
                       const char *schema, closure fill, void *arg, struct errors *errors) {
    struct arena *arena = errors->arena;
    struct migration until[256];
    if (!knows(settings->migrations, schema, until))
        return error_add(errors, INVALID, NULL, "newer_schema",
                         "This was made by a newer Benchpin (its newest change is %s). Install the "
                         "newer program; nothing was changed.",
                         schema == NULL ? "unknown" : schema);
    struct databases own = {.settings = *settings,
                            .data = arena_text(arena, settings->data),
                            .url = arena_text(arena, settings->url)};
    struct store aside = {
        .owner = &own,
        .name = arena_text(arena, name),
        .postgres = own.url != NULL,
        .schema = arena_printf(arena, "making_%s", name),
        .path = arena_printf(arena, "%s/shops/%s/making.db", own.data, name),
    };
    const char *const folders[] = {own.data, arena_printf(arena, "%s/shops", own.data),
                                   arena_printf(arena, "%s/shops/%s", own.data, name)};
    for (int i = 0; i < 3; i++)
        if (mkdir(folders[i], 0700) != 0 && errno != EEXIST)
            return error_add(errors, FAILED, NULL, "data_folder",
                             "The folder %s cannot be made: %s.", folders[i], strerror(errno));
    if (!aside.postgres)
        remove_file(aside.path, arena);
    struct db db = {0};
    if (!(aside.postgres ? pg_open(&aside, &db, errors) : lite_open(&aside, &db, true, errors)))
        return errors->status;
    const char *drop = arena_printf(arena, "drop schema if exists \"%s\" cascade", aside.schema);
    struct context cx = {
        .arena = arena, .errors = errors, .db = &db, .store = &aside, .now = instant_now()};
    own.settings.migrations = until;
    bool good = (!aside.postgres || db_exec(&db, drop)) && store_migrate(&aside, &db, errors);
    db.arena = arena;
    enum status status = good ? fill_it(&cx, fill, arg) : FAILED;
    own.settings.migrations = settings->migrations;
    if (status == OK && !store_migrate(&aside, &db, errors))
        status = FAILED;
    if (status == OK && !put_in_place(&aside, &db, name, arena))
        status =
            error_add(errors, FAILED, NULL, "place", "The shop could not be put in its place: %s.",
                      aside.postgres ? "the log says why" : strerror(errno));
    db.failed = false;
    if (aside.postgres) {
        if (status != OK)
            db_exec(&db, drop);
        pg_close(&db);
    } else {
        if (db.lite != NULL)
            lite_close(&db);
        if (status != OK)
            remove_file(aside.path, arena);
    }
    if (status != OK && !errors_any(errors))
        error_add(errors, FAILED, NULL, "database",
                  "The shop could not be made; the log says why.");
    return status;
}
