#include "transfer/inside.h"

#include "base/text.h"
#include "media/files.h"

#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, LINE_MOST = 64 * 1024 * 1024 };

static struct archive *open_archive(const char *path, struct errors *errors) {
    struct archive *archive = archive_read_new();
    if (archive == NULL)
        abort();
    if (archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK &&
        archive_read_open_filename(archive, path, PIECE) == ARCHIVE_OK)
        return archive;
    error_add(errors, INVALID, NULL, "unreadable", "%s cannot be read as an export: %s.", path,
              archive_error_string(archive));
    archive_read_free(archive);
    return NULL;
}

static enum status damaged(struct errors *errors, const char *path, const char *member) {
    return error_add(errors, INVALID, NULL, "damaged",
                     "%s is damaged at %s: nothing is made of it. Export the shop once more, or "
                     "copy the file once more.",
                     path, member);
}

/* The next member; NULL: there is none, or a fault says what is wrong. */
static struct archive_entry *next_member(struct archive *archive, const char *path,
                                         struct errors *errors) {
    struct archive_entry *entry;
    int result = archive_read_next_header(archive, &entry);
    if (result == ARCHIVE_OK && archive_entry_pathname(entry) != NULL)
        return entry;
    if (result != ARCHIVE_EOF)
        damaged(errors, path, "its list of contents");
    return NULL;
}

/* ------------------------------------------------------------------ is it whole? */

/* Writes the member's line as SHA256SUMS has it. */
static bool sum_member(struct archive *archive, const char *name, FILE *sums) {
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES], bytes[PIECE];
    char hexadecimal[2 * sizeof hash + 1];
    crypto_hash_sha256_init(&state);
    la_ssize_t got;
    while ((got = archive_read_data(archive, bytes, sizeof bytes)) > 0)
        crypto_hash_sha256_update(&state, bytes, (size_t)got);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hexadecimal, sizeof hexadecimal, hash, sizeof hash);
    return got == 0 && fprintf(sums, "%s  %s\n", hexadecimal, name) > 0;
}

/* Does the member say the same as what was found? Names the first line that differs. */
static const char *compare_sums(struct archive *archive, FILE *sums, struct arena *arena) {
    char *line = NULL, piece[4096];
    size_t size = 0;
    const char *wrong = NULL;
    struct buf said = {0};
    la_ssize_t got;
    while ((got = archive_read_data(archive, piece, sizeof piece)) > 0)
        buf_put(&said, piece, (size_t)got);
    const char *at = said.at == NULL ? "" : said.at;
    rewind(sums);
    ssize_t length;
    while (wrong == NULL && (length = getline(&line, &size, sums)) > 0) {
        if (strncmp(at, line, (size_t)length) == 0) {
            at += length;
        } else {
            line[strcspn(line, "\n")] = '\0';
            wrong = arena_text(arena, line + 66);
        }
    }
    if (wrong == NULL && (*at != '\0' || got < 0))
        wrong = "SHA256SUMS";
    free(line);
    buf_free(&said);
    return wrong;
}

enum status export_verify(const char *path, struct errors *errors) {
    struct archive *archive = open_archive(path, errors);
    FILE *sums = archive == NULL ? NULL : tmpfile();
    bool compared = false;
    if (archive == NULL)
        return errors->status;
    if (sums == NULL)
        error_add(errors, FAILED, NULL, "temporary", "No temporary file: %s.", strerror(errno));
    for (struct archive_entry *entry;
         !errors_any(errors) && (entry = next_member(archive, path, errors)) != NULL;) {
        const char *name = arena_text(errors->arena, archive_entry_pathname(entry));
        const char *wrong = NULL;
        if (compared)
            wrong = name; /* nothing comes after the sums */
        else if (strcmp(name, "SHA256SUMS") != 0)
            wrong = sum_member(archive, name, sums) ? NULL : name;
        else
            wrong = compare_sums(archive, sums, errors->arena);
        compared = compared || strcmp(name, "SHA256SUMS") == 0;
        if (wrong != NULL)
            damaged(errors, path, wrong);
    }
    if (!errors_any(errors) && !compared)
        error_add(errors, INVALID, NULL, "no_export", "%s is no export of Benchpin.", path);
    if (sums != NULL)
        fclose(sums);
    archive_read_free(archive);
    return errors_any(errors) ? errors->status : OK;
}

/* ------------------------------------------------------------------ lines of JSON */

struct lines {
    struct archive *archive;
    struct buf rest;
    size_t at;
    bool ended;
};

/* The next line; NULL: that was the last, or it can't be read (then not `ended`). */
static char *next_line(struct lines *lines) {
    for (;;) {
        char *start = lines->rest.at == NULL ? NULL : lines->rest.at + lines->at;
        char *end = start == NULL ? NULL : memchr(start, '\n', lines->rest.length - lines->at);
        if (end != NULL) {
            *end = '\0';
            lines->at = (size_t)(end + 1 - lines->rest.at);
            return start;
        }
        if (lines->at > 0) {
            size_t left = lines->rest.length - lines->at;
            memmove(lines->rest.at, start, left);
            lines->rest.length = left;
            lines->at = 0;
        }
        if (lines->rest.length > LINE_MOST)
            return NULL;
        char piece[PIECE];
        la_ssize_t got = archive_read_data(lines->archive, piece, sizeof piece);
        if (got <= 0) {
            lines->ended = got == 0 && lines->rest.length == 0;
            return NULL;
        }
        buf_put(&lines->rest, piece, (size_t)got);
    }
}

struct importing {
    const char *path, *schema, *files, *password_hash;
    struct errors *errors;
    json_t *manifest;
    int64_t file_count;
};

/* One value of a row by its column; false: it is not what the column holds. */
static bool value_of(const struct column *column, json_t *found, struct param *value) {
    if (json_is_null(found))
        *value = (struct param){.kind = PARAM_NULL};
    else if (column->number && json_is_integer(found))
        *value = (struct param){.kind = PARAM_INT, .number = json_integer_value(found)};
    else if (!column->number && json_is_string(found))
        *value = (struct param){.kind = PARAM_TEXT,
                                .bytes = json_string_value(found),
                                .length = json_string_length(found)};
    else
        return false;
    return true;
}

static bool fill_row(struct table_fill *fill, const struct table *table, const char *line,
                     struct param *values) {
    json_t *row = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_object(row) && json_object_size(row) == (size_t)table->column_count;
    for (int64_t i = 0; good && i < table->column_count; i++)
        good =
            value_of(&table->columns[i], json_object_get(row, table->columns[i].name), &values[i]);
    good = good && table_fill_row(fill, values);
    json_decref(row);
    return good;
}

static enum status fill_table(struct context *cx, struct importing *m, struct archive *archive,
                              const struct table *table) {
    struct lines lines = {.archive = archive};
    struct param *values = ARENA_ARRAY(cx->arena, struct param, (size_t)table->column_count);
    struct table_fill *fill = table_fill_begin(cx, table);
    int64_t count = 0;
    bool good = true;
    for (char *line; good && (line = next_line(&lines)) != NULL; count++)
        good = fill_row(fill, table, line, values);
    enum status status = table_fill_end(fill);
    int64_t said =
        json_integer_value(json_object_get(json_object_get(m->manifest, "tables"), table->name));
    if (status == OK && (!good || !lines.ended || count != said))
        status = error_add(m->errors, INVALID, NULL, "bad_rows",
                           "Line %lld of tables/%s.jsonl is not a row of that table. Nothing was "
                           "changed.",
                           (long long)count, table->name);
    buf_free(&lines.rest);
    return status;
}

/* ------------------------------------------------------------------ attachments */

static enum status take_file(struct importing *m, struct archive *archive, const char *name) {
    const char *point = strrchr(name, '.');
    const char *id =
        point == NULL ? "" : arena_text_n(m->errors->arena, name, (size_t)(point - name));
    enum file_variant variant = point == NULL ? FILE_VARIANTS : files_variant(point + 1);
    if (!files_id_valid(id) || variant == FILE_VARIANTS)
        return damaged(m->errors, m->path, name);
    const char *draft = files_draft(m->files, id, variant, m->errors->arena);
    int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char bytes[PIECE];
    la_ssize_t got = 0;
    bool good = file >= 0;
    while (good && (got = archive_read_data(archive, bytes, sizeof bytes)) > 0)
        good = write(file, bytes, (size_t)got) == got;
    if (file >= 0 && close(file) != 0)
        good = false;
    if (!good || got < 0)
        return error_add(m->errors, FAILED, NULL, "files", "%s cannot be written: %s.", draft,
                         strerror(errno));
    m->file_count++;
    return files_keep(m->files, id, m->errors);
}

/* ------------------------------------------------------------------ the whole */

static const struct sql owners_password = {
    "import_password", "update staff set password = $1 where role = 'owner' and active = 1", NULL};

static const struct table *table_named(const struct table *tables, int64_t count,
                                       const char *member) {
    size_t length = strlen(member);
    for (int64_t i = 0; i < count; i++)
        if (strlen(tables[i].name) + 6 == length &&
            strncmp(tables[i].name, member, length - 6) == 0 &&
            strcmp(member + length - 6, ".jsonl") == 0)
            return &tables[i];
    return NULL;
}

static enum status take_members(struct context *cx, struct importing *m, struct archive *archive) {
    struct table *tables;
    int64_t count = tables_list(cx, &tables), filled = 0;
    enum status status = count < 0 ? FAILED : OK;
    struct arena *arena = m->errors->arena;
    for (struct archive_entry *entry;
         status == OK && (entry = next_member(archive, m->path, m->errors)) != NULL;) {
        const char *name = arena_text(arena, archive_entry_pathname(entry));
        if (strncmp(name, "files/", 6) == 0) {
            status = take_file(m, archive, name + 6);
        } else if (strncmp(name, "tables/", 7) == 0) {
            const struct table *table = table_named(tables, count, name + 7);
            status = table == NULL ? damaged(m->errors, m->path, name)
                                   : fill_table(cx, m, archive, table);
            filled++;
        }
    }
    if (status == OK && errors_any(m->errors))
        status = m->errors->status;
    if (status == OK &&
        (filled != (int64_t)json_object_size(json_object_get(m->manifest, "tables")) ||
         m->file_count != json_integer_value(json_object_get(m->manifest, "files"))))
        status = damaged(m->errors, m->path, "manifest.json");
    return status;
}

static enum status import_all(struct context *cx, void *arg) {
    struct importing *m = arg;
    struct archive *archive = open_archive(m->path, m->errors);
    if (archive == NULL)
        return m->errors->status;
    enum status status = take_members(cx, m, archive);
    archive_read_free(archive);
    if (status == OK && m->password_hash != NULL)
        db_run(cx->db, &owners_password, P(T(m->password_hash)));
    return status;
}

static json_t *read_manifest(const char *path, struct errors *errors) {
    struct archive *archive = open_archive(path, errors);
    struct buf text = {0};
    for (struct archive_entry *entry;
         archive != NULL && (entry = next_member(archive, path, errors)) != NULL;) {
        char piece[4096];
        la_ssize_t got;
        if (strcmp(archive_entry_pathname(entry), "manifest.json") == 0)
            while ((got = archive_read_data(archive, piece, sizeof piece)) > 0)
                buf_put(&text, piece, (size_t)got);
    }
    if (archive != NULL)
        archive_read_free(archive);
    json_t *manifest = text.at == NULL ? NULL : json_loads(text.at, JSON_REJECT_DUPLICATES, NULL);
    buf_free(&text);
    const char *format = json_string_value(json_object_get(manifest, "format"));
    if (format != NULL && strcmp(format, EXPORT_FORMAT) == 0 &&
        json_integer_value(json_object_get(manifest, "version")) == EXPORT_VERSION)
        return manifest;
    if (!errors_any(errors))
        error_add(errors, INVALID, NULL, "no_export",
                  "%s is no export of Benchpin that this program can read.", path);
    json_decref(manifest);
    return NULL;
}

enum status shop_import(const struct database_settings *settings, const char *path,
                        const char *name, const char *password_hash, struct errors *errors) {
    json_t *manifest = read_manifest(path, errors);
    if (manifest == NULL)
        return errors->status;
    const char *folder = arena_printf(errors->arena, "%s/shops/%s", settings->data, name);
    struct importing importing = {
        .path = path,
        .schema = json_string_value(json_object_get(manifest, "schema")),
        .files = arena_printf(errors->arena, "%s/files", folder),
        .password_hash = password_hash,
        .errors = errors,
        .manifest = manifest,
    };
    const char *const folders[] = {settings->data,
                                   arena_printf(errors->arena, "%s/shops", settings->data), folder};
    for (int i = 0; i < 3; i++)
        if (mkdir(folders[i], 0700) != 0 && errno != EEXIST)
            error_add(errors, FAILED, NULL, "data_folder", "The folder %s cannot be made: %s.",
                      folders[i], strerror(errno));
    enum status status =
        errors_any(errors) ? errors->status : files_prepare(importing.files, errors);
    if (status == OK)
        status = store_make(settings, name, importing.schema, import_all, &importing, errors);
    json_decref(manifest);
    return status;
}
