/* From a handler's model to the bytes on the wire. */
#include "http/inside.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { GZIP_LEAST = 1024, GZIP_LEVEL = 2, FLASH_MOST = 1000 };

/* What every answer carries. Uploaded files get a stricter policy: they are never pages of ours. */
static const struct {
    const char *name, *value;
} guards[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()"},
};
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'";
static const char file_policy[] = "default-src 'none'; frame-ancestors 'none'; sandbox";
static const char pdf_policy[] = "default-src 'none'; frame-ancestors 'none'; style-src 'self'";

/* ------------------------------------------------------------------ parts of a reply */

void reply_clear(struct exchange *x) {
    struct reply *reply = &x->reply;
    if (reply->file >= 0)
        close(reply->file);
    buf_free(&reply->bytes);
    *reply = (struct reply){.file = -1, .headers = reply->headers};
}

void reply_header(struct exchange *x, const char *name, const char *value) {
    struct header *header = ARENA_NEW(x->r.cx.arena, struct header);
    header->name = arena_text(x->r.cx.arena, name);
    char *copy = arena_text(x->r.cx.arena, value);
    for (char *at = copy; *at != '\0'; at++) /* a header is one line, whatever it was made of */
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' ';
    header->value = copy;
    struct header **last = &x->reply.headers;
    while (*last != NULL)
        last = &(*last)->next;
    *last = header;
}

void answer_header(struct request *r, const char *name, const char *value) {
    if (strcasecmp(name, "Cache-Control") == 0) /* instead of the usual one */
        exchange_of(r)->reply.caching = value;
    else
        reply_header(exchange_of(r), name, value);
}

void answer_cookie(struct request *r, const char *set_cookie) {
    reply_header(exchange_of(r), "Set-Cookie", set_cookie);
}

static void cookie_set(struct exchange *x, const char *name, const char *value,
                       const char *attributes) {
    reply_header(x, "Set-Cookie",
                 arena_printf(x->r.cx.arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", name,
                              value, attributes, x->https ? "; Secure" : ""));
}

void reply_text(struct exchange *x, int status, const char *type) {
    x->reply.kind = REPLY_BYTES;
    x->reply.status = x->override != OK ? (int)x->override : status;
    x->reply.type = type;
}

void reply_redirect(struct exchange *x, int status, const char *location) {
    /* Only to places of our own: "//host" and "https://host" would lead elsewhere. */
    bool own = location[0] == '/' && location[1] != '/' && location[1] != '\\';
    reply_clear(x);
    reply_header(x, "Location", own ? location : "/");
    x->reply.kind = REPLY_BYTES;
    x->reply.status = status;
}

/* ------------------------------------------------------------------ the flash */

/* A sentence for the next page, in a cookie that it reads once. */
static void flash_set(struct exchange *x, const char *flash, const char *undo) {
    struct arena *arena = x->r.cx.arena;
    struct buf json = {0};
    if (strlen(flash) > FLASH_MOST)
        flash = arena_text_n(arena, flash, FLASH_MOST);
    buf_lit(&json, "{\"flash\":");
    json_write_text(&json, flash);
    buf_lit(&json, ",\"undo\":");
    json_write_text(&json, undo);
    buf_lit(&json, "}");
    size_t room = sodium_base64_encoded_len(json.length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *value = arena_alloc(arena, room);
    sodium_bin2base64(value, room, (const unsigned char *)json.at, json.length,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    buf_free(&json);
    cookie_set(x, "flash", value, "; Max-Age=60");
}

static void flash_read(struct exchange *x) {
    const char *cookie = request_cookie(&x->r, "flash");
    if (cookie == NULL || *cookie == '\0')
        return;
    struct arena *arena = x->r.cx.arena;
    size_t length = strlen(cookie);
    unsigned char *text = arena_alloc(arena, length + 1);
    x->flash_shown = true;
    if (sodium_base642bin(text, length, cookie, length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return;
    struct errors ignored = {.arena = arena};
    json_t *json = json_parse((const char *)text, length, &ignored);
    const char *flash = json_string_value(json_object_get(json, "flash"));
    const char *undo = json_string_value(json_object_get(json, "undo"));
    x->view.flash = arena_text(arena, flash);
    if (undo != NULL && undo[0] == '/' && undo[1] != '/')
        x->view.undo = arena_text(arena, undo);
    json_decref(json);
}

/* ------------------------------------------------------------------ answers */

static bool sees_cost(const struct exchange *x) {
    uint64_t right = x->server->settings.cost_right;
    return right == 0 || actor_may(x->r.cx.actor, right);
}

static void page_write(struct exchange *x, const struct presentation *as, const void *model) {
    x->view.csrf = csrf_token(x);
    if (!x->flash_shown)
        flash_read(x);
    as->html(&x->view, model);
    const char *bytes = x->reply.bytes.at;
    if (x->visit != NULL && bytes != NULL && strstr(bytes, x->view.csrf) != NULL)
        cookie_set(x, "visit", x->visit, "");
    x->visit = NULL;
    if (x->flash_shown && x->view.flash != NULL)
        cookie_set(x, "flash", "", "; Max-Age=0");
}

enum status answer(struct request *r, const struct presentation *as, const void *model) {
    struct exchange *x = exchange_of(r);
    request_unread(r); /* the model is read: somebody else may read while it is written out */
    reply_clear(x);
    if (as->html == NULL || (r->json && as->json != NULL)) {
        record_write_json(as->json, model, sees_cost(x), &x->reply.bytes);
        reply_text(x, 200, "application/json");
        condition_answer(x, as->json, model);
    } else {
        page_write(x, as, model);
        reply_text(x, 200, "text/html; charset=utf-8");
    }
    return OK;
}

enum status answer_redirect(struct request *r, const char *location) {
    reply_redirect(exchange_of(r), 303, location);
    return OK;
}

/* A handler's own word on it (an inline file with a name) stands. */
static void disposition_set(struct exchange *x, const char *name) {
    for (const struct header *header = x->reply.headers; header != NULL; header = header->next)
        if (strcmp(header->name, "Content-Disposition") == 0)
            return;
    if (name == NULL) {
        reply_header(x, "Content-Disposition", "inline");
        return;
    }
    struct arena *arena = x->r.cx.arena;
    char *ascii = arena_text(arena, name);
    for (char *at = ascii; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e || strchr("\"\\/%;", *at))
            *at = '_';
    reply_header(x, "Content-Disposition",
                 arena_printf(arena, "attachment; filename=\"%s\"; filename*=UTF-8''%s", ascii,
                              percent_encode(name, "", arena)));
}

enum status answer_bytes(struct request *r, const char *type, const char *download_name,
                         struct buf *bytes) {
    struct exchange *x = exchange_of(r);
    reply_clear(x);
    x->reply.bytes = *bytes;
    *bytes = (struct buf){0};
    reply_text(x, 200, arena_text(r->cx.arena, type));
    disposition_set(x, download_name);
    return OK;
}

/* "bytes=0-499", "bytes=500-", "bytes=-500": one range; anything else is the whole file. False: it
 * lies outside. */
static bool range_read(const char *header, int64_t size, int64_t *from, int64_t *length) {
    *from = 0;
    *length = size;
    if (header == NULL || strncmp(header, "bytes=", 6) != 0 || strchr(header, ',') != NULL)
        return true;
    const char *at = header + 6;
    char *end;
    if (*at == '-') {
        errno = 0;
        int64_t last = strtoll(at + 1, &end, 10);
        if (*end != '\0' || end == at + 1 || errno != 0 || last < 0)
            return true;
        *from = last > size ? 0 : size - last;
        *length = size - *from;
        return *length > 0;
    }
    if (*at < '0' || *at > '9')
        return true;
    errno = 0;
    int64_t first = strtoll(at, &end, 10), last = size - 1;
    if (*end != '-' || errno != 0)
        return true;
    if (end[1] != '\0') {
        const char *tail = end + 1;
        last = strtoll(tail, &end, 10);
        if (*end != '\0' || errno != 0 || last < first)
            return true;
    }
    if (first >= size)
        return false;
    *from = first;
    *length = (last < size - 1 ? last : size - 1) - first + 1;
    return true;
}

static bool etag_matches(const char *header, const char *etag) {
    return header != NULL && (strcmp(header, "*") == 0 || strstr(header, etag) != NULL);
}

enum status answer_file(struct request *r, const char *path, const char *type,
                        const char *download_name) {
    struct exchange *x = exchange_of(r);
    struct stat file;
    reply_clear(x);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
        if (fd >= 0)
            close(fd);
        return fail(r, MISSING, "missing", "This file is not there any more.");
    }
    const char *etag =
        arena_printf(r->cx.arena, "\"%llx-%llx\"", (long long)file.st_size,
                     (long long)file.st_mtim.tv_sec * 1000000000 + file.st_mtim.tv_nsec);
    struct reply *reply = &x->reply;
    reply_header(x, "ETag", etag);
    reply->caching = "private, no-cache";
    reply->type = arena_text(r->cx.arena, type);
    if (etag_matches(request_header(r, "If-None-Match"), etag)) {
        close(fd);
        reply_text(x, 304, NULL);
        return OK;
    }
    reply_header(x, "Accept-Ranges", "bytes");
    const char *range = request_header(r, "Range"), *only_if = request_header(r, "If-Range");
    if (only_if != NULL && strcmp(only_if, etag) != 0)
        range = NULL;
    if (!range_read(range, file.st_size, &reply->offset, &reply->length)) {
        close(fd);
        reply_header(x, "Content-Range",
                     arena_printf(r->cx.arena, "bytes */%lld", (long long)file.st_size));
        reply_text(x, 416, NULL);
        return OK;
    }
    reply->kind = REPLY_FILE;
    reply->file = fd;
    reply->status = reply->length == file.st_size ? 200 : 206;
    if (reply->status == 206)
        reply_header(x, "Content-Range",
                     arena_printf(r->cx.arena, "bytes %lld-%lld/%lld", (long long)reply->offset,
                                  (long long)(reply->offset + reply->length - 1),
                                  (long long)file.st_size));
    disposition_set(x, download_name);
    return OK;
}

enum status answer_live(struct request *r) {
    struct exchange *x = exchange_of(r);
    reply_clear(x);
    x->reply.kind = x->head ? REPLY_BYTES : REPLY_LIVE;
    x->reply.status = 200;
    x->reply.type = "text/event-stream";
    reply_header(x, "X-Accel-Buffering", "no");
    return OK;
}

/* The address a browser goes back to when an outcome names none: the page that the form was on. */
static const char *referring_path(struct exchange *x) {
    const char *referer = header_of(x, "Referer");
    const char *host = referer == NULL ? NULL : strstr(referer, "://");
    const char *path = host == NULL ? NULL : strchr(host + 3, '/');
    return path == NULL ? "/" : path;
}

void reply_outcome(struct exchange *x) {
    const struct outcome *outcome = &x->outcome;
    struct arena *arena = x->r.cx.arena;
    reply_clear(x);
    if (outcome->cookie != NULL)
        reply_header(x, "Set-Cookie", outcome->cookie);
    if (x->replayed)
        reply_header(x, "Idempotency-Replayed", "true");
    if (!x->r.json) {
        reply_redirect(x, 303, outcome->location != NULL ? outcome->location : referring_path(x));
        if (outcome->flash != NULL)
            flash_set(x, outcome->flash, outcome->undo);
        return;
    }
    if (outcome->location != NULL)
        reply_header(x, "Location",
                     arena_printf(arena, "%s%s", x->r.api ? "/api/v1" : "", outcome->location));
    if (outcome->undo != NULL)
        reply_header(x, "Benchpin-Undo", outcome->undo);
    if (outcome->flash != NULL)
        reply_header(x, "Benchpin-Flash", percent_encode(outcome->flash, "", arena));
    if (outcome->record != NULL && outcome->model != NULL)
        record_write_json(outcome->record, outcome->model, sees_cost(x), &x->reply.bytes);
    else
        buf_text(&x->reply.bytes, outcome->json != NULL ? outcome->json : "{}");
    reply_text(x, outcome->status, "application/json");
}

/* ------------------------------------------------------------------ onto the wire */

bool accepts(const char *header, const char *coding) {
    size_t length = strlen(coding);
    for (const char *at = header; at != NULL && *at != '\0';) {
        at += strspn(at, " \t,");
        size_t end = strcspn(at, ",");
        if (strncasecmp(at, coding, length) == 0 && strchr(" \t;,", at[length]) != NULL) {
            const char *q = memmem(at, end, "q=0", 3);
            /* "q=0", "q=0.0", "q=0.000" refuse; "q=0.5" takes. */
            return q == NULL || q[3 + strspn(q + 3, ".0")] > '0';
        }
        at += end;
    }
    return false;
}

static bool is_text(const char *type) {
    return type != NULL && (strncmp(type, "text/", 5) == 0 || strstr(type, "json") != NULL ||
                            strstr(type, "xml") != NULL);
}

static bool gzip(struct buf *bytes) {
    z_stream stream = {0};
    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    struct buf out = {0};
    buf_reserve(&out, deflateBound(&stream, bytes->length));
    stream.next_in = (unsigned char *)bytes->at;
    stream.avail_in = (unsigned)bytes->length;
    stream.next_out = (unsigned char *)out.at;
    stream.avail_out = (unsigned)out.capacity;
    bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out < bytes->length;
    out.length = stream.total_out;
    deflateEnd(&stream);
    if (!done) {
        buf_free(&out);
        return false;
    }
    buf_free(bytes);
    *bytes = out;
    return true;
}

static void add(struct exchange *x, const char *name, const char *value) {
    MHD_add_response_header(x->response, name, value);
}

static const char *policy_of(const struct exchange *x) {
    const char *type = x->reply.type;
    if (x->reply.kind != REPLY_FILE)
        return page_policy;
    return type != NULL && strcmp(type, "application/pdf") == 0 ? pdf_policy : file_policy;
}

static void headers_add(struct exchange *x) {
    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        add(x, guards[i].name, guards[i].value);
    add(x, "Content-Security-Policy", policy_of(x));
    if (x->https)
        add(x, "Strict-Transport-Security", "max-age=31536000");
    add(x, "Cache-Control", x->reply.caching != NULL ? x->reply.caching : "no-store, private");
    if (x->reply.type != NULL)
        add(x, "Content-Type", x->reply.type);
    if (x->close || atomic_load_explicit(&x->server->stopping, memory_order_relaxed))
        add(x, "Connection", "close");
    for (const struct header *header = x->reply.headers; header != NULL; header = header->next)
        add(x, header->name, header->value);
}

void reply_build(struct exchange *x) {
    struct reply *reply = &x->reply;
    bool zipped = false;
    switch (reply->kind) {
    case REPLY_NONE:
    case REPLY_BYTES:
        if (reply->bytes.length > GZIP_LEAST && is_text(reply->type) &&
            accepts(header_of(x, "Accept-Encoding"), "gzip"))
            zipped = gzip(&reply->bytes);
        size_t length;
        char *bytes = buf_take(&reply->bytes, &length);
        reply->length = (int64_t)length;
        x->response = MHD_create_response_from_buffer_with_free_callback(length, bytes, free);
        break;
    case REPLY_STATIC:
        x->response = MHD_create_response_from_buffer(
            (size_t)reply->length, (void *)(uintptr_t)reply->constant, MHD_RESPMEM_PERSISTENT);
        break;
    case REPLY_FILE:
        x->response = MHD_create_response_from_fd_at_offset64((uint64_t)reply->length, reply->file,
                                                              (uint64_t)reply->offset);
        reply->file = -1; /* the response closes it */
        break;
    case REPLY_LIVE:
        x->response = live_response(x);
        x->streaming = true;
        break;
    }
    if (x->response == NULL) {
        log_error("response_failed", log_text("id", x->id));
        abort();
    }
    x->status = reply->status;
    x->sending = reply->length;
    headers_add(x);
    if (zipped)
        add(x, "Content-Encoding", "gzip");
    if (reply->etag != NULL) { /* other bytes, another tag */
        char tag[80];
        snprintf(tag, sizeof tag, "\"%s%s\"", reply->etag, zipped ? "-gzip" : "");
        add(x, "ETag", tag);
    }
}
