/* The drill: a backup that was never restored is a hope. */
#include "backup/inside.h"

#include "media/files.h"
#include "schema/schema.h"
#include "shops/shop.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct sql check_engine = {"drill_check", "pragma integrity_check(1)", "select 'ok'"};
/* PostgreSQL checks its foreign keys as the rows come in. */
static const struct sql check_keys = {"drill_keys", "select count(*) from pragma_foreign_key_check",
                                      "select 0"};
static const struct sql named_files = {
    "drill_files",
    "select file from job_file where id > $1 and removed_at is null order by id limit 500", NULL};
static const struct sql last_file = {"drill_last_file", "select id from job_file where file = $1",
                                     NULL};

static enum status missing_file(struct context *cx, const char *file) {
    return error_add(cx->errors, INVALID, NULL, "missing_file",
                     "The attachment %s, which the database names, is not in the backup.", file);
}

static enum status look(struct context *cx, void *arg) {
    (void)arg;
    const char *said = db_text(cx->db, &check_engine, P0);
    if (said == NULL || strcmp(said, "ok") != 0)
        return error_add(cx->errors, INVALID, NULL, "damaged_backup",
                         "The database is damaged: %s.", said == NULL ? "it cannot be read" : said);
    if (db_int(cx->db, &check_keys, P0) != 0)
        return error_add(cx->errors, INVALID, NULL, "damaged_backup",
                         "Rows of the database refer to others that are not there.");
    struct shop shop;
    if (!shop_load(cx, &shop))
        return error_add(cx->errors, INVALID, NULL, "no_shop", "There is no shop in the backup.");
    const char *files = store_files(cx->store), *last = NULL;
    for (int64_t after = 0;; after = db_int(cx->db, &last_file, P(T(last)))) {
        struct rows *rows = db_rows(cx->db, &named_files, P(I(after)));
        last = NULL;
        while (rows_next(rows)) {
            last = row_text(rows, 0);
            if (access(files_path(files, last, FILE_ORIGINAL, cx->arena), R_OK) != 0) {
                rows_end(rows);
                return missing_file(cx, last);
            }
        }
        if (last == NULL)
            return OK;
    }
}

/* In a database of the drill's own: `url` is NULL for SQLite in the scratch folder. */
static enum status try_restoring(const char *folder, const char *scratch, const char *url,
                                 struct errors *errors) {
    struct databases *databases = databases_open(
        &(struct database_settings){.data = scratch, .url = url, .migrations = schema_migrations},
        errors);
    if (databases == NULL)
        return errors->status;
    enum status status = backup_restore(databases_default(databases), folder, errors);
    databases_close(databases);
    if (status != OK)
        return status;
    /* Opened again: an older one is brought up to date as serving it would. */
    databases = databases_open(
        &(struct database_settings){.data = scratch, .url = url, .migrations = schema_migrations},
        errors);
    if (databases == NULL)
        return errors->status;
    struct context cx = {.arena = errors->arena,
                         .errors = errors,
                         .store = databases_default(databases),
                         .now = instant_now()};
    status = store_read(cx.store, &cx, look, NULL);
    databases_close(databases);
    return status;
}

enum status backup_drill(const char *folder, const char *scratch, const char *database_url,
                         struct errors *errors) {
    enum status status = backup_verify(folder, errors);
    if (status != OK)
        return status;
    if (!folder_remove(scratch))
        return error_add(errors, FAILED, NULL, "drill", "%s is in the drill's way.", scratch);
    const char *url = NULL;
    if (database_url != NULL) {
        url = databases_scratch(database_url, true, errors);
        if (url == NULL)
            return errors->status;
    }
    status = try_restoring(folder, scratch, url, errors);
    if (url != NULL && databases_scratch(database_url, false, errors) == NULL && status == OK)
        status = errors->status;
    if (!folder_remove(scratch) && status == OK)
        status = error_add(errors, FAILED, NULL, "drill", "%s cannot be removed.", scratch);
    return status;
}
