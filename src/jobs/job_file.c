#include "jobs/job_file.h"

#include "accounts/account.h"
#include "base/text.h"
#include "media/files.h"
#include "media/media.h"

#include <string.h>

static const struct word kind_words[] = {{"inspiration", "Inspiration"},
                                         {"vendor_drawing", "Vendor drawing"},
                                         {"cad", "CAD"},
                                         {"progress", "Progress"},
                                         {"finished", "Finished"},
                                         {"document", "Document"},
                                         {NULL, NULL}};
const struct vocabulary job_file_kinds = {"kind", kind_words};

enum { CAPTION_MOST = 300, NAME_MOST = 200 };

static const struct field file_fields[] = {
    FIELD(struct job_file, id, FIELD_ID),
    FIELD(struct job_file, job, FIELD_ID),
    FIELD(struct job_file, file, FIELD_TEXT, .flags = FIELD_SECRET),
    FIELD(struct job_file, kind, FIELD_CODE, .words = &job_file_kinds),
    FIELD(struct job_file, mime, FIELD_TEXT),
    FIELD(struct job_file, name, FIELD_TEXT),
    FIELD(struct job_file, caption, FIELD_TEXT),
    FIELD(struct job_file, stage, FIELD_TEXT),
    FIELD(struct job_file, position, FIELD_INT),
    FIELD(struct job_file, shared, FIELD_FLAG),
    FIELD(struct job_file, width, FIELD_INT),
    FIELD(struct job_file, height, FIELD_INT),
    FIELD(struct job_file, length, FIELD_INT),
    FIELD(struct job_file, at, FIELD_INSTANT),
};
const struct record job_file_record = RECORD("JobFile", struct job_file, file_fields);

/* The bytes of one that is taken out go after this long, so that it can be undone. */
enum { KEPT_FOR_UNDO = 60 * 1000 };
#define FILE_REMOVE "file.remove"

#define FILE_COLUMNS                                                                               \
    "id, job, file, kind, mime, name, caption, stage, position, shared, width, height, length, at"

static const struct sql files_of = {"job_files_of",
                                    "select " FILE_COLUMNS
                                    " from job_file where job = $1 and removed_at is null "
                                    "order by position, id",
                                    NULL};
static const struct sql file_by_id = {
    "job_file_by_id",
    "select " FILE_COLUMNS " from job_file where id = $2 and job = $1 and removed_at is null",
    NULL};

int64_t job_files(struct context *cx, int64_t id, struct job_file **rows) {
    return DB_RECORDS(cx->db, &files_of, P(I(id)), &job_file_record, rows);
}

bool job_file_load(struct context *cx, int64_t job, int64_t id, struct job_file *file) {
    record_clear(&job_file_record, file);
    return db_record(cx->db, &file_by_id, P(I(job), I(id)), &job_file_record, file);
}

bool job_file_is_picture(const struct job_file *file) {
    return text_starts(file->mime, "image/");
}

/* ------------------------------------------------------------------ taking in */

/* Marks that turn the direction of what follows, so that a name could look like a picture that is
 * none. */
static bool turns_direction(const char *at) {
    const unsigned char *byte = (const unsigned char *)at;
    return byte[0] == 0xE2 && ((byte[1] == 0x80 && byte[2] >= 0xAA && byte[2] <= 0xAE) ||
                               (byte[1] == 0x81 && byte[2] >= 0xA6 && byte[2] <= 0xA9));
}

/* The sender's name for it is for showing only: its last part, without what could mislead. */
static const char *shown_name(struct arena *arena, const char *name) {
    const char *base = name == NULL ? "" : name;
    for (const char *at = base; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            base = at + 1;
    char *shown = arena_alloc(arena, strlen(base) + 1);
    size_t length = 0;
    for (const char *at = base; *at != '\0' && length < NAME_MOST; at++) {
        if (turns_direction(at))
            at += 2;
        else
            shown[length++] = (unsigned char)*at < 0x20 || *at == 0x7f ? ' ' : *at;
    }
    while (length > 0 && !text_is_utf8(shown, length)) /* cut within a character */
        length--;
    shown[length] = '\0';
    return text_empty(shown) ? "file" : shown;
}

void job_files_drop(struct request *r, const struct job_file *files, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        files_delete(store_files(r->cx.store), files[i].file);
}

enum status job_files_take(struct request *r, const char *kind, int64_t most,
                           struct job_file **files, int64_t *count) {
    struct media *media = request_media(r);
    struct errors *errors = r->cx.errors;
    const char *folder = store_files(r->cx.store);
    *count = 0;
    *files = ARENA_ARRAY(r->cx.arena, struct job_file, (size_t)(r->upload_count + 1));
    if (r->upload_count > most)
        return error_add(errors, INVALID, r->uploads[most].field, "too_many_files",
                         "%ld files at once are the most.", (long)most);
    if (media == NULL && r->upload_count > 0)
        return error_add(errors, UNAVAILABLE, NULL, "no_media",
                         "Pictures cannot be taken in just now: the program for them is missing. "
                         "Ask whoever runs the server.");
    if (r->upload_count > 0 && files_prepare(folder, errors) != OK)
        return errors->status;
    for (int64_t i = 0; i < r->upload_count; i++) {
        const struct upload *upload = &r->uploads[i];
        if (upload->length == 0 && text_empty(upload->name))
            continue; /* a file field that was left empty */
        struct stored stored;
        enum status status =
            media_keep(media, folder, upload->path, upload->field, &stored, errors);
        if (status != OK) {
            job_files_drop(r, *files, *count);
            *count = 0;
            return status;
        }
        (*files)[(*count)++] = (struct job_file){
            .id = NONE,
            .file = stored.id,
            .kind = kind,
            .mime = stored.type,
            .name = shown_name(r->cx.arena, upload->name),
            .shared = 0,
            .width = stored.width,
            .height = stored.height,
            .length = stored.size,
        };
    }
    return OK;
}

static const struct sql file_add = {
    "job_file_add",
    "insert into job_file (job, file, kind, mime, name, caption, stage, position, shared, width, "
    "height, length, staff, at) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id",
    NULL};
static const struct sql last_position = {
    "job_file_last", "select coalesce(max(position), 0) from job_file where job = $1", NULL};
static const struct sql picture_set = {"job_picture_set",
                                       "update job set picture = $2 where id = $1", NULL};

enum status job_files_add(struct context *cx, int64_t id, struct job_file *files, int64_t count) {
    struct job job;
    if (!job_load(cx, id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    int64_t position = db_int(cx->db, &last_position, P(I(id)));
    for (int64_t i = 0; i < count; i++) {
        struct job_file *file = &files[i];
        if (file->stage == NULL)
            file->stage =
                text_same(job.stage, STAGE_ON_HOLD) && job.held_from ? job.held_from : job.stage;
        file->job = id;
        file->position = ++position;
        file->at = cx->now;
        file->id = db_insert(cx->db, &file_add,
                             P(I(id), T(file->file), T(file->kind), T(file->mime), T(file->name),
                               T(file->caption), T(file->stage), I(file->position), I(file->shared),
                               I(file->width), I(file->height), I(file->length),
                               I(cx->actor->staff > 0 ? cx->actor->staff : NONE), I(cx->now)));
        if (job.picture == NONE && job_file_is_picture(file)) {
            job.picture = file->id;
            db_run(cx->db, &picture_set, P(I(id), I(file->id)));
        }
    }
    if (count > 0)
        job_touch(cx, id);
    return OK;
}

/* ------------------------------------------------------------------ changing */

static const struct field change_fields[] = {
    FIELD(struct file_change, kind, FIELD_CODE, .label = "Kind", .flags = FIELD_REQUIRED,
          .words = &job_file_kinds),
    FIELD(struct file_change, caption, FIELD_TEXT, .label = "Caption", .max = CAPTION_MOST),
    FIELD(struct file_change, stage, FIELD_TEXT, .label = "Stage", .flags = FIELD_REQUIRED,
          .max = 40),
    FIELD(struct file_change, position, FIELD_INT, .label = "Place", .flags = FIELD_REQUIRED,
          .min = 1, .max = 10000),
    FIELD(struct file_change, shared, FIELD_FLAG, .label = "The customer sees it"),
};
const struct record file_change_record = RECORD("FileChange", struct file_change, change_fields);

static enum status unknown_file(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_file", "There is no such file.");
}

static const struct sql file_change = {
    "job_file_change",
    "update job_file set kind = $2, caption = $3, stage = $4, position = $5, shared = $6 "
    "where id = $1",
    NULL};

enum status stage_known(struct context *cx, const char *kind, const char *field,
                        const char *stage) {
    if (stage == NULL || stage_find(kind, stage) != NULL)
        return OK;
    return error_add(cx->errors, INVALID, field, "unknown_stage",
                     "There is no stage “%s”. The stages are %s.", stage,
                     stages_listed(kind, cx->arena));
}

enum status job_file_change(struct context *cx, int64_t job_id, int64_t id,
                            const struct file_change *change) {
    struct job_file file;
    struct job job;
    if (!job_load(cx, job_id, &job) || !job_file_load(cx, job_id, id, &file))
        return unknown_file(cx);
    if (record_check(&file_change_record, change, cx->errors) != OK)
        return INVALID;
    enum status status = stage_known(cx, job.kind, "stage", change->stage);
    if (status != OK)
        return status;
    db_run(cx->db, &file_change,
           P(I(id), T(change->kind), T(change->caption), T(change->stage), I(change->position),
             I(change->shared)));
    if (change->shared != file.shared)
        audit_add(cx, change->shared ? "showed" : "hid", "file", id, file.name);
    job_touch(cx, job_id);
    return OK;
}

enum status job_picture_choose(struct context *cx, int64_t job, int64_t id) {
    struct job_file file;
    if (!job_file_load(cx, job, id, &file))
        return unknown_file(cx);
    if (!job_file_is_picture(&file))
        return error_add(cx->errors, INVALID, "file", "not_a_picture",
                         "Only a picture can stand for the job.");
    db_run(cx->db, &picture_set, P(I(job), I(id)));
    job_touch(cx, job);
    return OK;
}

/* ------------------------------------------------------------------ taking out */

static const struct sql file_out = {
    "job_file_out",
    "update job_file set removed_at = $3, "
    "shared = case when cast($3 as bigint) is null then shared else 0 end "
    "where id = $2 and job = $1 and (removed_at is null) <> (cast($3 as bigint) is null)",
    NULL};
static const struct sql file_there = {"job_file_there",
                                      "select id from job_file where id = $2 and job = $1", NULL};
static const struct sql first_picture = {
    "job_first_picture",
    "select id from job_file where job = $1 and removed_at is null and mime >= 'image/' "
    "and mime < 'image0' order by position, id limit 1",
    NULL};
static const struct sql picture_of = {"job_picture_of", "select picture from job where id = $1",
                                      NULL};

/* The job's own picture may have gone or come back: the first one there is. */
static void picture_renew(struct context *cx, int64_t job) {
    struct job_file file;
    int64_t picture = db_int(cx->db, &picture_of, P(I(job)));
    if (picture != NONE && job_file_load(cx, job, picture, &file))
        return;
    db_run(cx->db, &picture_set, P(I(job), I(db_int(cx->db, &first_picture, P(I(job))))));
}

enum status job_file_remove(struct context *cx, int64_t job, int64_t id, bool removed) {
    if (db_int(cx->db, &file_there, P(I(job), I(id))) == NONE)
        return removed ? unknown_file(cx)
                       : error_add(cx->errors, GONE, NULL, "file_gone",
                                   "The minute for undoing is over: the file is gone.");
    if (db_run(cx->db, &file_out, P(I(job), I(id), I(removed ? cx->now : NONE))) == 0)
        return OK; /* pressed twice */
    if (removed)
        timer_set(cx, FILE_REMOVE, id, cx->now + KEPT_FOR_UNDO);
    else
        timer_cancel(cx, FILE_REMOVE, id);
    picture_renew(cx, job);
    audit_add(cx, removed ? "removed" : "restored", "file", id, NULL);
    job_touch(cx, job);
    return OK;
}

static const struct sql removed_file = {
    "job_removed_file", "select file from job_file where id = $1 and removed_at is not null", NULL};
static const struct sql file_drop = {"job_file_drop", "delete from job_file where id = $1", NULL};

/* The bytes first: when the row's deletion fails, this runs again and finds nothing to remove. */
static enum status file_bytes_remove(struct context *cx, const struct event *event) {
    const char *file = db_text(cx->db, &removed_file, P(I(event->subject)));
    if (file == NULL)
        return OK;
    if (!files_delete(store_files(cx->store), file))
        return error_add(cx->errors, UNAVAILABLE, NULL, "disk",
                         "The file could not be removed from the disk.");
    db_run(cx->db, &file_drop, P(I(event->subject)));
    return OK;
}

const struct reaction job_reactions[] = {
    {"job_file_bytes", FILE_REMOVE, file_bytes_remove, NULL},
    {0},
};
