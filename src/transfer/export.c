#include "transfer/inside.h"

#include "base/log.h"
#include "media/files.h"
#include "shops/shop.h"

#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

bool is_momentary(const char *table) {
    static const char *const all[] = {"session", "idempotency", "sign_in_failure", "export"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i], table) == 0)
            return true;
    return false;
}

/* By its name, so that a secret of a later migration is one from the beginning. A customer's link
 * is random enough that its hash gives nothing away. */
bool is_secret(const char *table, const char *column) {
    static const char *const ends[] = {"password", "secret", "_hash", "_key", "seed", "recovery"};
    if (strcmp(table, "tracking_link") == 0)
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(column), end = strlen(ends[i]);
        if (length >= end && strcmp(column + length - end, ends[i]) == 0)
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ the archive */

static void give_up(struct writing *w) {
    if (!w->failed && !errors_any(w->errors))
        error_add(w->errors, FAILED, NULL, "export", "The export cannot be written: %s.",
                  archive_error_string(w->archive) != NULL ? archive_error_string(w->archive)
                                                           : strerror(errno));
    w->failed = true;
}

void member_begin(struct writing *w, const char *name, int64_t size) {
    w->member = name;
    crypto_hash_sha256_init(&w->hash);
    if (size == NONE)
        archive_write_zip_set_compression_deflate(w->archive);
    else
        archive_write_zip_set_compression_store(w->archive);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 315619200, 0); /* 1980: the same shop gives the same bytes */
    if (size != NONE)
        archive_entry_set_size(entry, size);
    if (archive_write_header(w->archive, entry) != ARCHIVE_OK)
        give_up(w);
    archive_entry_free(entry);
}

void member_put(struct writing *w, const void *bytes, size_t length) {
    crypto_hash_sha256_update(&w->hash, bytes, length);
    if (!w->failed && length > 0 &&
        archive_write_data(w->archive, bytes, length) != (la_ssize_t)length)
        give_up(w);
}

void member_flush(struct writing *w, size_t least) {
    if (w->buf.length == 0 || w->buf.length < least)
        return;
    member_put(w, w->buf.at, w->buf.length);
    buf_clear(&w->buf);
}

void member_end(struct writing *w) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hexadecimal[2 * sizeof hash + 1];
    member_flush(w, 0);
    crypto_hash_sha256_final(&w->hash, hash);
    sodium_bin2hex(hexadecimal, sizeof hexadecimal, hash, sizeof hash);
    if (w->sums != NULL && fprintf(w->sums, "%s  %s\n", hexadecimal, w->member) < 0)
        give_up(w);
    if (!w->failed && archive_write_finish_entry(w->archive) != ARCHIVE_OK)
        give_up(w);
}

/* ------------------------------------------------------------------ what is in it */

struct exporting {
    struct writing w;
    const struct export_wish *wish;
    struct store *store;
    struct context *cx;
    const struct table *table;
    int64_t rows; /* of the table */
    int64_t done, of;
    struct buf counts; /* for the manifest: each table's */
    const char *schema, *shop;
    int64_t file_count, file_bytes;
};

static bool stopped(struct exporting *e) {
    if (e->wish->stop == NULL || !*e->wish->stop)
        return false;
    if (!errors_any(e->w.errors))
        error_add(e->w.errors, UNAVAILABLE, NULL, "stopping", "The server is stopping.");
    return true;
}

static void tell(struct exporting *e) {
    if (e->wish->progress != NULL)
        e->wish->progress(e->wish->arg, e->done, e->of);
}

static bool put_row(void *arg, const struct param *values) {
    struct exporting *e = arg;
    struct buf *out = &e->w.buf;
    e->rows++;
    for (int64_t i = 0; i < e->table->column_count; i++) {
        const struct column *column = &e->table->columns[i];
        buf_byte(out, i == 0 ? '{' : ',');
        json_write_text(out, column->name);
        buf_byte(out, ':');
        if (values[i].kind == PARAM_NULL) {
            buf_lit(out, "null");
        } else if (!e->wish->secrets && is_secret(e->table->name, column->name)) {
            if (column->required)
                buf_printf(out, "\"none:%lld\"", (long long)e->rows);
            else
                buf_lit(out, "null");
        } else if (column->number) {
            buf_int(out, values[i].number);
        } else {
            json_write_text(out, values[i].bytes);
        }
    }
    buf_lit(out, "}\n");
    member_flush(&e->w, PIECE);
    if (++e->done % 5000 == 0)
        tell(e);
    return !e->w.failed && !stopped(e);
}

static void table_export(struct exporting *e, const struct table *table) {
    char *name = arena_printf(e->cx->arena, "tables/%s.jsonl", table->name);
    e->table = table;
    e->rows = 0;
    member_begin(&e->w, name, NONE);
    if (table_each(e->cx, table, put_row, e) != OK)
        e->w.failed = true;
    member_end(&e->w);
    buf_printf(&e->counts, "%s\n    ", e->counts.length == 0 ? "" : ",");
    json_write_text(&e->counts, table->name);
    buf_printf(&e->counts, ": %lld", (long long)e->rows);
}

/* A guess is enough for a bar: what belongs to the jobs is most of a shop. */
static int64_t rows_guessed(struct context *cx) {
    static const struct sql jobs = {"export_size", "select count(*) from job", NULL};
    return db_int(cx->db, &jobs, P0) * 80;
}

static void write_readme(struct exporting *e) {
    member_begin(&e->w, "README.txt", NONE);
    buf_printf(&e->w.buf,
               "Everything that the shop “%s” keeps in Benchpin.\n\n"
               "csv/       the main things, for a spreadsheet\n"
               "tables/    everything, for programs: a line of JSON for each row\n"
               "files/     pictures and documents; tables/job_file.jsonl says what they are\n\n"
               "Make a shop of it again: benchpin import THIS-FILE --help\n"
               "Look whether it is whole: sha256sum -c SHA256SUMS\n",
               e->shop);
    member_end(&e->w);
}

static enum status export_tables(struct context *cx, void *arg) {
    struct exporting *e = arg;
    struct table *tables;
    int64_t count = tables_list(cx, &tables);
    e->cx = cx;
    struct shop shop;
    if (count < 0 || !shop_load(cx, &shop))
        return error_add(cx->errors, CONFLICT, NULL, "not_set_up",
                         "The shop is not set up yet: there is nothing to take out.");
    e->shop = arena_text(e->w.errors->arena, shop.name);
    e->schema = arena_text(e->w.errors->arena, tables_schema(cx));
    e->of = rows_guessed(cx);
    write_readme(e);
    for (int64_t i = 0; i < count && !e->w.failed; i++)
        if (!is_momentary(tables[i].name))
            table_export(e, &tables[i]);
    csv_write(cx, &e->w);
    return e->w.failed || errors_any(cx->errors) ? FAILED : OK;
}

/* ------------------------------------------------------------------ attachments */

struct attachment {
    char id[40];
    enum file_variant variant;
};

struct attachments {
    struct attachment *at;
    size_t count, capacity;
};

static bool note_file(void *arg, const struct file_entry *entry) {
    struct attachments *all = arg;
    if (all->count == all->capacity) {
        all->capacity = all->capacity == 0 ? 1024 : all->capacity * 2;
        all->at = realloc(all->at, all->capacity * sizeof *all->at);
        if (all->at == NULL)
            abort();
    }
    struct attachment *one = &all->at[all->count++];
    one->variant = entry->variant;
    snprintf(one->id, sizeof one->id, "%s", entry->id);
    return true;
}

static int by_id(const void *a, const void *b) {
    const struct attachment *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order != 0 ? order : (int)x->variant - (int)y->variant;
}

static void put_file(struct exporting *e, const struct attachment *one, struct arena *arena) {
    const char *path = files_path(store_files(e->store), one->id, one->variant, arena);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return; /* removed since it was listed: what named it is gone as well */
    off_t size = lseek(file, 0, SEEK_END);
    lseek(file, 0, SEEK_SET);
    member_begin(
        &e->w, arena_printf(arena, "files/%s.%s", one->id, files_variant_name(one->variant)), size);
    char *bytes = arena_alloc(arena, PIECE);
    for (ssize_t got; !e->w.failed && (got = read(file, bytes, PIECE)) > 0;)
        member_put(&e->w, bytes, (size_t)got);
    close(file);
    member_end(&e->w);
    e->file_count++;
    e->file_bytes += size;
    if (++e->done % 100 == 0)
        tell(e);
}

static enum status export_files(struct exporting *e) {
    struct attachments all = {0};
    enum status status = files_each(store_files(e->store), note_file, &all, e->w.errors);
    if (all.count > 0)
        qsort(all.at, all.count, sizeof *all.at, by_id);
    e->of = e->done + (int64_t)all.count;
    for (size_t i = 0; i < all.count && status == OK && !e->w.failed && !stopped(e); i++) {
        struct arena *arena = arena_new();
        put_file(e, &all.at[i], arena);
        arena_free(arena);
    }
    free(all.at);
    return status == OK && !e->w.failed && !errors_any(e->w.errors) ? OK : FAILED;
}

/* ------------------------------------------------------------------ the whole */

static void write_manifest(struct exporting *e) {
    member_begin(&e->w, "manifest.json", NONE);
    buf_printf(&e->w.buf,
               "{\n  \"format\": \"%s\",\n  \"version\": %d,\n  \"schema\": ", EXPORT_FORMAT,
               EXPORT_VERSION);
    json_write_text(&e->w.buf, e->schema);
    buf_lit(&e->w.buf, ",\n  \"shop\": ");
    json_write_text(&e->w.buf, e->shop);
    buf_printf(&e->w.buf,
               ",\n  \"secrets\": %s,\n  \"tables\": {%s\n  },\n  \"files\": %lld,\n"
               "  \"file_bytes\": %lld\n}\n",
               e->wish->secrets ? "true" : "false", e->counts.at == NULL ? "" : e->counts.at,
               (long long)e->file_count, (long long)e->file_bytes);
    member_end(&e->w);
    FILE *sums = e->w.sums;
    e->w.sums = NULL; /* they do not name themselves */
    member_begin(&e->w, "SHA256SUMS", NONE);
    char bytes[4096];
    rewind(sums);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, sums)) > 0;)
        member_put(&e->w, bytes, got);
    member_end(&e->w);
    e->w.sums = sums;
}

static void write_all(struct exporting *e, struct context *cx) {
    if (store_read(e->store, cx, export_tables, e) != OK || export_files(e) != OK)
        return;
    write_manifest(e);
    if (!e->w.failed && archive_write_close(e->w.archive) != ARCHIVE_OK)
        give_up(&e->w);
    e->done = e->of;
    tell(e);
}

enum status shop_export(struct store *store, const char *path, const struct export_wish *wish,
                        struct errors *errors) {
    const char *part = arena_printf(errors->arena, "%s.part", path);
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct exporting e = {
        .w = {.archive = archive_write_new(), .errors = errors, .sums = tmpfile()},
        .wish = wish,
        .store = store};
    struct context cx = {
        .arena = errors->arena, .errors = errors, .store = store, .now = instant_now()};
    if (e.w.archive == NULL)
        abort();
    if (file < 0 || e.w.sums == NULL || archive_write_set_format_zip(e.w.archive) != ARCHIVE_OK ||
        archive_write_open_fd(e.w.archive, file) != ARCHIVE_OK)
        error_add(errors, FAILED, NULL, "export", "%s cannot be written: %s.", part,
                  strerror(errno));
    else if (!shop_prepare(&cx))
        error_add(errors, CONFLICT, NULL, "not_set_up",
                  "The shop is not set up yet: there is nothing to take out.");
    else
        write_all(&e, &cx);
    archive_write_free(e.w.archive);
    buf_free(&e.w.buf);
    buf_free(&e.counts);
    if (e.w.sums != NULL)
        fclose(e.w.sums);
    if (file >= 0) {
        if (!errors_any(errors) && (fsync(file) != 0 || rename(part, path) != 0))
            error_add(errors, FAILED, NULL, "export", "%s cannot be written: %s.", path,
                      strerror(errno));
        close(file);
    }
    if (errors_any(errors) || e.w.failed)
        unlink(part);
    return errors_any(errors) ? errors->status : e.w.failed ? FAILED : OK;
}
