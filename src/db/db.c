#include "base/log.h"
#include "db/internal.h"

#include <stdlib.h>
#include <string.h>

struct param param_int(int64_t number) {
    return number == NONE ? (struct param){.kind = PARAM_NULL}
                          : (struct param){.kind = PARAM_INT, .number = number};
}

struct param param_text(const char *text) {
    return text == NULL ? (struct param){.kind = PARAM_NULL}
                        : (struct param){.kind = PARAM_TEXT, .bytes = text, .length = strlen(text)};
}

struct param param_blob(const void *bytes, size_t length) {
    return (struct param){.kind = PARAM_BLOB, .bytes = bytes, .length = length};
}

void db_fail(struct db *db, const char *what, const char *name, const char *why) {
    if (!db->failed)
        log_error("database failed", log_text("doing", what), log_text("statement", name),
                  log_text("because", why));
    db->failed = true;
}

bool db_failed(const struct db *db) {
    return db->failed;
}

struct arena *db_arena(struct db *db) {
    return db->arena;
}

void db_use_arena(struct db *db, struct arena *arena) {
    db->arena = arena;
}

bool db_is_postgres(const struct db *db) {
    return db->postgres;
}

/* ------------------------------------------------------------------ prepared statements */

static size_t slot_of(const struct prepared *table, size_t size, const struct sql *sql) {
    size_t at = ((uintptr_t)sql >> 3) * 0x9E3779B97F4A7C15u >> 20 & (size - 1);
    while (table[at].sql != NULL && table[at].sql != sql)
        at = (at + 1) & (size - 1);
    return at;
}

struct prepared *db_prepared(struct db *db, const struct sql *sql) {
    if (db->prepared_count * 2 >= db->prepared_size) {
        size_t size = db->prepared_size == 0 ? 256 : db->prepared_size * 2;
        struct prepared *table = calloc(size, sizeof *table);
        if (table == NULL)
            abort();
        for (size_t i = 0; i < db->prepared_size; i++)
            if (db->prepared[i].sql != NULL)
                table[slot_of(table, size, db->prepared[i].sql)] = db->prepared[i];
        free(db->prepared);
        db->prepared = table;
        db->prepared_size = size;
    }
    struct prepared *found = &db->prepared[slot_of(db->prepared, db->prepared_size, sql)];
    if (found->sql == NULL) {
        found->sql = sql;
        db->prepared_count++;
    }
    return found;
}

void db_drop_prepared(struct db *db) {
    for (size_t i = 0; i < db->prepared_size; i++) {
        free(db->prepared[i].slots);
        free(db->prepared[i].blank);
        sqlite3_finalize(db->prepared[i].lite);
    }
    free(db->prepared);
    db->prepared = NULL;
    db->prepared_count = db->prepared_size = 0;
}

/* ------------------------------------------------------------------ statements */

bool db_exec(struct db *db, const char *text) {
    return db->postgres ? pg_exec(db, text) : lite_exec(db, text);
}

int64_t db_run(struct db *db, const struct sql *sql, struct params params) {
    if (db->failed)
        return -1;
    return db->postgres ? pg_run(db, sql, params) : lite_run(db, sql, params);
}

int64_t db_insert(struct db *db, const struct sql *sql, struct params params) {
    if (db->failed)
        return NONE;
    return db->postgres ? db_int(db, sql, params) : lite_insert(db, sql, params);
}

struct rows *db_rows(struct db *db, const struct sql *sql, struct params params) {
    if (db->failed) {
        struct rows *nothing = ARENA_NEW(db->arena, struct rows);
        nothing->db = db;
        nothing->done = true;
        return nothing;
    }
    return db->postgres ? pg_rows(db, sql, params) : lite_rows(db, sql, params);
}

bool rows_next(struct rows *rows) {
    if (rows->done)
        return false;
    bool more;
    if (rows->db->postgres)
        more = ++rows->row < PQntuples(rows->pg);
    else
        more = lite_next(rows);
    if (!more)
        rows_end(rows);
    return more;
}

void rows_end(struct rows *rows) {
    if (rows->done)
        return;
    rows->done = true;
    if (rows->db->postgres)
        pg_end(rows);
    else
        lite_end(rows);
}

int64_t row_int(struct rows *rows, int column) {
    if (rows->db->postgres)
        return PQgetisnull(rows->pg, rows->row, column)
                   ? NONE
                   : strtoll(PQgetvalue(rows->pg, rows->row, column), NULL, 10);
    return sqlite3_column_type(rows->lite, column) == SQLITE_NULL
               ? NONE
               : sqlite3_column_int64(rows->lite, column);
}

const char *row_text(struct rows *rows, int column) {
    struct arena *arena = rows->db->arena;
    if (rows->db->postgres)
        return PQgetisnull(rows->pg, rows->row, column)
                   ? NULL
                   : arena_text_n(arena, PQgetvalue(rows->pg, rows->row, column),
                                  (size_t)PQgetlength(rows->pg, rows->row, column));
    const unsigned char *text = sqlite3_column_text(rows->lite, column);
    return text == NULL ? NULL
                        : arena_text_n(arena, (const char *)text,
                                       (size_t)sqlite3_column_bytes(rows->lite, column));
}

const void *row_blob(struct rows *rows, int column, size_t *length) {
    struct arena *arena = rows->db->arena;
    *length = 0;
    if (rows->db->postgres) {
        if (PQgetisnull(rows->pg, rows->row, column))
            return NULL;
        unsigned char *bytes =
            PQunescapeBytea((const unsigned char *)PQgetvalue(rows->pg, rows->row, column), length);
        if (bytes == NULL)
            abort();
        void *copy = arena_text_n(arena, (const char *)bytes, *length);
        PQfreemem(bytes);
        return copy;
    }
    const void *bytes = sqlite3_column_blob(rows->lite, column);
    if (bytes == NULL)
        return NULL;
    *length = (size_t)sqlite3_column_bytes(rows->lite, column);
    return arena_text_n(arena, bytes, *length);
}

/* Done once a statement: what each column is called, and which field that is. */
static void match_columns(struct rows *rows, const struct record *record) {
    struct prepared *prepared = rows->prepared;
    free(prepared->slots);
    free(prepared->blank);
    prepared->slots = calloc((size_t)rows->columns + 1, sizeof *prepared->slots);
    prepared->blank = calloc(1, record->size);
    if (prepared->slots == NULL || prepared->blank == NULL)
        abort();
    record_clear(record, prepared->blank);
    prepared->mapped = record;
    prepared->columns = rows->columns;
    for (int i = 0; i < rows->columns; i++) {
        const char *name =
            rows->db->postgres ? PQfname(rows->pg, i) : sqlite3_column_name(rows->lite, i);
        const struct field *field = record_field(record, name);
        if (field == NULL || field->kind == FIELD_LIST || field->kind == FIELD_ONE)
            continue;
        prepared->slots[i].kind = field_is_text(field->kind) ? SLOT_TEXT : SLOT_NUMBER;
        prepared->slots[i].offset = (unsigned)field->offset;
    }
}

static void match_if_new(struct rows *rows, const struct record *record) {
    if (rows->prepared->mapped != record || rows->prepared->columns != rows->columns)
        match_columns(rows, record);
}

void row_record(struct rows *rows, const struct record *record, void *item) {
    match_if_new(rows, record);
    const struct slot *slots = rows->prepared->slots;
    for (int i = 0; i < rows->columns; i++) {
        char *at = (char *)item + slots[i].offset;
        if (slots[i].kind == SLOT_NUMBER)
            *(int64_t *)at = row_int(rows, i);
        else if (slots[i].kind == SLOT_TEXT)
            *(const char **)at = row_text(rows, i);
    }
}

/* The same into an item that holds nothing yet. */
static void row_whole(struct rows *rows, const struct record *record, void *item) {
    match_if_new(rows, record);
    memcpy(item, rows->prepared->blank, record->size);
    row_record(rows, record, item);
}

int64_t db_int(struct db *db, const struct sql *sql, struct params params) {
    struct rows *rows = db_rows(db, sql, params);
    int64_t number = rows_next(rows) ? row_int(rows, 0) : NONE;
    rows_end(rows);
    return number;
}

const char *db_text(struct db *db, const struct sql *sql, struct params params) {
    struct rows *rows = db_rows(db, sql, params);
    const char *text = rows_next(rows) ? row_text(rows, 0) : NULL;
    rows_end(rows);
    return text;
}

bool db_record(struct db *db, const struct sql *sql, struct params params,
               const struct record *record, void *item) {
    struct rows *rows = db_rows(db, sql, params);
    bool found = rows_next(rows);
    if (found)
        row_whole(rows, record, item);
    rows_end(rows);
    return found;
}

int64_t db_records(struct db *db, const struct sql *sql, struct params params,
                   const struct record *record, void **items) {
    size_t count = 0, capacity = 0;
    char *all = NULL;
    struct rows *rows = db_rows(db, sql, params);
    while (rows_next(rows)) {
        all = arena_grow(db->arena, all, count, &capacity, record->size);
        row_whole(rows, record, all + count++ * record->size);
    }
    *items = all == NULL ? arena_alloc(db->arena, record->size) : all;
    return (int64_t)count;
}

struct params db_record_params(struct db *db, const struct record *record, const void *item,
                               struct params more) {
    struct param *at = ARENA_ARRAY(db->arena, struct param, record->count + (size_t)more.count);
    int count = 0;
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (field->flags & FIELD_NO_COLUMN || strcmp(field->name, "id") == 0)
            continue;
        at[count++] = field_is_text(field->kind) ? param_text(*field_text(field, (void *)item))
                                                 : param_int(*field_number(field, (void *)item));
    }
    for (int i = 0; i < more.count; i++)
        at[count++] = more.at[i];
    return (struct params){at, count};
}

/* ------------------------------------------------------------------ units of work */

const struct locale *context_reader(const struct context *cx) {
    return cx->reader != NULL ? cx->reader : cx->locale;
}

const char *context_money(const struct context *cx, int64_t minor) {
    return locale_money(context_reader(cx), minor, cx->arena);
}

const struct language *context_language(const struct context *cx) {
    const struct locale *reader = context_reader(cx);
    return reader == NULL ? NULL : reader->words;
}

const char *context_words(const struct context *cx, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = language_vprintf(context_language(cx), cx->arena, format, args);
    va_end(args);
    return text;
}

const char *context_words_n(const struct context *cx, int64_t n, const char *one, const char *many,
                            ...) {
    va_list args;
    va_start(args, many);
    const char *text =
        arena_vprintf(cx->arena, language_count(context_language(cx), n, one, many), args);
    va_end(args);
    return text;
}

const char *context_kept_words(const struct context *cx, const char *format, ...) {
    const struct language *language = cx->locale == NULL ? NULL : cx->locale->words;
    va_list args;
    va_start(args, format);
    const char *text = language_vprintf(language, cx->arena, format, args);
    va_end(args);
    return text;
}

const char *context_label(const struct context *cx, const struct vocabulary *vocabulary,
                          const char *code) {
    return vocabulary_say(vocabulary, context_language(cx), code);
}

void context_tell(struct context *cx, const char *topic, int64_t id) {
    for (struct news *news = cx->news; news != NULL; news = news->next)
        if (news->id == id && strcmp(news->topic, topic) == 0)
            return;
    struct news *news = ARENA_NEW(cx->arena, struct news);
    news->topic = arena_text(cx->arena, topic);
    news->id = id;
    news->next = cx->news;
    cx->news = news;
}

static struct db *take(struct store *store, struct errors *errors) {
    pthread_mutex_lock(&store->lock);
    while (store->idle_count == 0 && store->made >= store->most)
        pthread_cond_wait(&store->reader_free, &store->lock);
    struct db *db = NULL;
    if (store->idle_count > 0)
        db = store->idle[--store->idle_count];
    else
        store->made++;
    pthread_mutex_unlock(&store->lock);
    if (db != NULL)
        return db;
    db = calloc(1, sizeof *db);
    if (db == NULL)
        abort();
    db->store = store;
    db->postgres = store->postgres;
    if (store->postgres ? pg_open(store, db, errors) : lite_open(store, db, false, errors))
        return db;
    free(db);
    pthread_mutex_lock(&store->lock);
    store->made--;
    pthread_cond_signal(&store->reader_free);
    pthread_mutex_unlock(&store->lock);
    return NULL;
}

/* A connection that failed is not lent again: PostgreSQL may have gone away meanwhile. */
static void give_back(struct store *store, struct db *db) {
    bool broken = db->failed;
    db->arena = NULL;
    db->failed = false;
    if (broken) {
        if (store->postgres)
            pg_close(db);
        else
            lite_close(db);
        free(db);
        db = NULL;
    }
    pthread_mutex_lock(&store->lock);
    if (db != NULL)
        store->idle[store->idle_count++] = db;
    else
        store->made--;
    pthread_cond_signal(&store->reader_free);
    pthread_mutex_unlock(&store->lock);
}

enum status store_read_begin(struct store *store, struct context *cx) {
    struct db *db = take(store, cx->errors);
    if (db == NULL)
        return cx->errors->status;
    db->arena = cx->arena;
    cx->db = db;
    cx->store = store;
    static const struct sql begin_lite = {"begin_read", "begin", NULL};
    bool begun = db->postgres ? pg_exec(db, "begin isolation level repeatable read read only")
                              : lite_run(db, &begin_lite, P0) >= 0;
    if (begun)
        return OK;
    store_read_end(store, cx);
    return error_add(cx->errors, UNAVAILABLE, NULL, "database",
                     "The database does not answer. Try again in a moment.");
}

void store_read_end(struct store *store, struct context *cx) {
    struct db *db = cx->db;
    if (db == NULL)
        return;
    cx->db = NULL;
    static const struct sql end_lite = {"end_read", "rollback", NULL};
    bool failed = db->failed;
    db->failed = false;
    if (db->postgres) {
        pg_end_all(db);
        pg_exec(db, "rollback");
    } else if (!sqlite3_get_autocommit(db->lite)) {
        lite_run(db, &end_lite, P0);
    }
    db->failed = db->failed || failed;
    give_back(store, db);
}

enum status store_read(struct store *store, struct context *cx, closure work, void *arg) {
    enum status status = store_read_begin(store, cx);
    if (status != OK)
        return status;
    status = work(cx, arg);
    if (status == OK && cx->db->failed)
        status = error_add(cx->errors, FAILED, NULL, "database", "The database could not be read.");
    store_read_end(store, cx);
    return status;
}

static void tell(struct store *store, const struct news *news) {
    const struct database_settings *settings = &store->owner->settings;
    if (settings->heard != NULL)
        for (; news != NULL; news = news->next)
            settings->heard(settings->heard_arg, store, news->topic, news->id);
}

enum status store_write(struct store *store, struct context *cx, closure work, void *arg) {
    cx->store = store;
    cx->news = NULL;
    enum status status;
    if (store->postgres) {
        struct db *db = take(store, cx->errors);
        if (db == NULL)
            return cx->errors->status;
        db->arena = cx->arena;
        status = pg_write(store, db, cx, work, arg);
        cx->db = NULL;
        give_back(store, db);
    } else {
        status = lite_write(store, cx, work, arg);
        if (status == OK)
            tell(store, cx->news);
    }
    return status;
}

static const struct sql try_begin = {"try_begin", "savepoint attempt", NULL};
static const struct sql try_keep = {"try_keep", "release savepoint attempt", NULL};
static const struct sql try_undo = {"try_undo", "rollback to savepoint attempt", NULL};

enum status context_try(struct context *cx, closure work, void *arg) {
    struct db *db = cx->db;
    struct news *news = cx->news;
    struct outcome *outcome = cx->outcome;
    if (db_run(db, &try_begin, P0) < 0)
        return error_add(cx->errors, FAILED, NULL, "database", "The change could not be written.");
    cx->outcome = NULL; /* it speaks for itself, not for the whole */
    enum status status = work(cx, arg);
    cx->outcome = outcome;
    if (status == OK && db->failed)
        status =
            error_add(cx->errors, FAILED, NULL, "database", "The change could not be written.");
    if (status != OK) {
        db->failed = false;
        cx->news = news;
        if (db->postgres)
            pg_end_all(db);
        db_run(db, &try_undo, P0);
    }
    db_run(db, &try_keep, P0);
    return status;
}
