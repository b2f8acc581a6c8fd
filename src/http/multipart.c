#include "http/multipart.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { HEAD_MOST = 8 * 1024, PREAMBLE_MOST = 8 * 1024, PARTS_MOST = 2 * FIELDS_MOST };

enum state { PREAMBLE, AFTER_BOUNDARY, HEAD, DATA, EPILOGUE, BROKEN };

struct multipart {
    struct arena *arena;
    struct errors *errors;
    struct multipart_limits limits;
    crypto_generichash_state *hash;
    char delimiter[2 + 2 + 70 + 1]; /* "\r\n--" and the boundary */
    size_t delimiter_length;
    enum state state;
    enum status status; /* of the first fault */
    struct buf window;  /* what has come and is not understood yet */
    int parts;

    /* The part being read. */
    const char *name, *file_name;
    struct buf value;
    int file; /* -1: none */
    bool skipped;

    struct pairs fields;
    struct upload *uploads;
    int64_t upload_count;
    size_t upload_capacity;
};

static enum status broken(struct multipart *m, const char *why) {
    m->state = BROKEN;
    return m->status = error_add(m->errors, BAD_REQUEST, NULL, "malformed",
                                 "The form that was sent is malformed: %s.", why);
}

static enum status refused(struct multipart *m, enum status status) {
    m->state = BROKEN;
    return m->status = status;
}

struct multipart *multipart_new(const char *boundary, size_t length,
                                const struct multipart_limits *limits, struct arena *arena,
                                struct errors *errors) {
    if (length == 0 || length > 70) {
        error_add(errors, BAD_REQUEST, NULL, "malformed", "The form has no usable boundary.");
        return NULL;
    }
    struct multipart *m = ARENA_NEW(arena, struct multipart);
    m->arena = arena;
    m->errors = errors;
    m->limits = *limits;
    /* The library wants its state at a multiple of 64. */
    uintptr_t at = (uintptr_t)arena_alloc(arena, sizeof *m->hash + 63);
    m->hash = (crypto_generichash_state *)((at + 63) & ~(uintptr_t)63);
    crypto_generichash_init(m->hash, NULL, 0, 32);
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary, length);
    m->delimiter_length = length + 4;
    m->file = -1;
    m->fields.arena = arena;
    /* The first boundary stands at the very start, without the line end that begins the others. */
    buf_lit(&m->window, "\r\n");
    return m;
}

/* ------------------------------------------------------------------ a part's head */

/* The value of `name="…"` in a Content-Disposition, or NULL. Browsers write a quote inside as %22;
 * others put a backslash before it. */
static const char *disposition(struct multipart *m, const char *line, const char *name) {
    size_t length = strlen(name);
    for (const char *at = strchr(line, ';'); at != NULL; at = strchr(at, ';')) {
        at += 1 + strspn(at + 1, " \t");
        if (strncasecmp(at, name, length) != 0 || at[length] != '=')
            continue;
        const char *value = at + length + 1;
        if (*value != '"')
            return arena_text_n(m->arena, value, strcspn(value, "; \t"));
        char *out = arena_alloc(m->arena, strlen(value)), *end = out;
        for (value++; *value != '"'; value++) {
            if (*value == '\0')
                return NULL;
            if (*value == '\\' && (value[1] == '"' || value[1] == '\\'))
                value++;
            if (strncmp(value, "%22", 3) == 0) {
                *end++ = '"';
                value += 2;
            } else {
                *end++ = *value;
            }
        }
        *end = '\0';
        return out;
    }
    return NULL;
}

/* Only what follows the last slash of either kind, without control characters, at most 200 bytes.
 */
static const char *plain_name(struct multipart *m, const char *sent) {
    for (const char *at = sent; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            sent = at + 1;
    char *name = arena_text(m->arena, sent), *end = name;
    for (const char *at = sent; *at != '\0'; at++)
        if ((unsigned char)*at >= 0x20 && *at != 0x7f)
            *end++ = *at;
    *end = '\0';
    size_t length = (size_t)(end - name);
    if (length > NAME_MOST) {
        length = NAME_MOST;
        while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
            length--;
        name[length] = '\0';
    }
    return *name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ? "file" : name;
}

static enum status file_open(struct multipart *m) {
    if (m->upload_count == m->limits.files) {
        error_add(m->errors, TOO_LARGE, m->name, "too_many_files",
                  "At most %d files can be sent at once.", m->limits.files);
        return refused(m, TOO_LARGE);
    }
    char *path = arena_printf(m->arena, "%s/upload-XXXXXX", m->limits.folder);
    m->file = mkostemp(path, O_CLOEXEC);
    if (m->file < 0) {
        error_add(m->errors, FAILED, NULL, "storage", "%s: %s", path, strerror(errno));
        return refused(m, FAILED);
    }
    m->uploads = arena_grow(m->arena, m->uploads, (size_t)m->upload_count, &m->upload_capacity,
                            sizeof *m->uploads);
    m->uploads[m->upload_count++] =
        (struct upload){.field = m->name, .name = m->file_name, .path = path};
    return OK;
}

static enum status part_begin(struct multipart *m, const char *bytes, size_t length) {
    m->name = m->file_name = NULL;
    m->skipped = false;
    buf_clear(&m->value);
    if (++m->parts > PARTS_MOST)
        return broken(m, "it has too many parts");
    if (!text_is_utf8(bytes, length))
        return broken(m, "the head of a part is not UTF-8");
    char *head = arena_text_n(m->arena, bytes, length), *line;
    while ((line = strsep(&head, "\r\n")) != NULL) {
        if (strncasecmp(line, "content-disposition:", 20) != 0)
            continue;
        m->name = disposition(m, line, "name");
        m->file_name = disposition(m, line, "filename");
    }
    if (m->name == NULL || *m->name == '\0')
        return broken(m, "a part has no name");
    if (strlen(m->name) > NAME_MOST)
        return broken(m, "the name of a part is too long");
    if (m->file_name == NULL)
        return OK;
    /* A file control that was left empty is sent as a part with an empty name. */
    m->skipped = *m->file_name == '\0';
    if (m->skipped)
        return OK;
    m->file_name = plain_name(m, m->file_name);
    return file_open(m);
}

/* ------------------------------------------------------------------ a part's body */

static void hash_text(struct multipart *m, const char *text) {
    crypto_generichash_update(m->hash, (const unsigned char *)text, strlen(text) + 1);
}

static enum status file_write(struct multipart *m, const char *bytes, size_t length) {
    struct upload *upload = &m->uploads[m->upload_count - 1];
    upload->length += (int64_t)length;
    if (upload->length > m->limits.file) {
        error_add(m->errors, TOO_LARGE, m->name, "too_large",
                  "%s is larger than %lld MB, which is the most a file can be.", upload->name,
                  (long long)(m->limits.file / (1024 * 1024)));
        return refused(m, TOO_LARGE);
    }
    crypto_generichash_update(m->hash, (const unsigned char *)bytes, length);
    while (length > 0) {
        ssize_t written = write(m->file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            error_add(m->errors, FAILED, NULL, "storage", "%s: %s", upload->path, strerror(errno));
            return refused(m, FAILED);
        }
        bytes += written;
        length -= (size_t)written;
    }
    return OK;
}

static enum status part_data(struct multipart *m, const char *bytes, size_t length) {
    if (length == 0 || m->skipped)
        return OK;
    if (m->file >= 0)
        return file_write(m, bytes, length);
    if (m->value.length + length > VALUE_MOST) {
        error_add(m->errors, TOO_LARGE, m->name, "too_long", "This text is too long.");
        return refused(m, TOO_LARGE);
    }
    buf_put(&m->value, bytes, length);
    return OK;
}

static enum status part_end(struct multipart *m) {
    if (m->skipped)
        return OK;
    if (m->file >= 0) {
        close(m->file);
        m->file = -1;
        hash_text(m, m->name);
        hash_text(m, m->file_name);
        return OK;
    }
    const char *value = m->value.length == 0 ? "" : m->value.at;
    if (!text_is_utf8(value, m->value.length))
        return broken(m, "a field is not UTF-8");
    if (strcmp(m->name, "csrf") != 0 && strcmp(m->name, "idempotency_key") != 0) {
        hash_text(m, m->name);
        hash_text(m, value);
    }
    enum status status =
        pairs_add(&m->fields, m->name, arena_text_n(m->arena, value, m->value.length), m->errors);
    return status == OK ? OK : refused(m, status);
}

/* ------------------------------------------------------------------ the whole */

/* Goes one step on from `*at`. False: more bytes are needed. */
static bool step(struct multipart *m, size_t *at) {
    const char *from = m->window.at + *at;
    size_t left = m->window.length - *at;
    const char *found;
    switch (m->state) {
    case PREAMBLE:
    case DATA:
        found = memmem(from, left, m->delimiter, m->delimiter_length);
        if (m->state == DATA) {
            size_t ready = left >= m->delimiter_length ? left - m->delimiter_length + 1 : 0;
            size_t length = found != NULL ? (size_t)(found - from) : ready;
            if (part_data(m, from, length) != OK)
                return false;
            *at += length;
            if (found != NULL && part_end(m) != OK)
                return false;
        } else if (found != NULL) {
            *at += (size_t)(found - from);
        } else if (left > PREAMBLE_MOST) {
            broken(m, "the first boundary is missing");
        }
        if (found == NULL)
            return false;
        *at += m->delimiter_length;
        m->state = AFTER_BOUNDARY;
        return true;
    case AFTER_BOUNDARY:
        if (left > 0 && (*from == ' ' || *from == '\t')) {
            ++*at;
            return true;
        }
        if (left < 2)
            return false;
        if (memcmp(from, "--", 2) == 0)
            m->state = EPILOGUE;
        else if (memcmp(from, "\r\n", 2) == 0)
            m->state = HEAD;
        else
            broken(m, "a boundary is not followed by a line end");
        *at += 2;
        return m->state != BROKEN;
    case HEAD:
        found = memmem(from, left, "\r\n\r\n", 4);
        if (found == NULL || (size_t)(found - from) > HEAD_MOST) {
            if (left > HEAD_MOST)
                broken(m, "the head of a part is too long");
            return false;
        }
        if (part_begin(m, from, (size_t)(found - from)) != OK)
            return false;
        *at += (size_t)(found - from) + 4;
        m->state = DATA;
        return true;
    case EPILOGUE:
        *at = m->window.length;
        return false;
    case BROKEN:
        return false;
    }
    return false;
}

enum status multipart_feed(struct multipart *m, const char *bytes, size_t length) {
    if (m->state == BROKEN || m->state == EPILOGUE)
        return m->status;
    buf_put(&m->window, bytes, length);
    size_t at = 0;
    while (step(m, &at)) {
    }
    size_t left = m->window.length - at;
    memmove(m->window.at, m->window.at + at, left);
    m->window.length = left;
    m->window.at[left] = '\0';
    return m->status;
}

enum status multipart_end(struct multipart *m) {
    if (m->status == OK && m->state != EPILOGUE)
        return broken(m, "it breaks off");
    return m->status;
}

struct pairs *multipart_fields(struct multipart *m) {
    return &m->fields;
}

const struct upload *multipart_uploads(struct multipart *m, int64_t *count) {
    *count = m->upload_count;
    return m->uploads;
}

void multipart_hash(struct multipart *m, char hex[static 65]) {
    unsigned char hash[32];
    crypto_generichash_final(m->hash, hash, sizeof hash);
    sodium_bin2hex(hex, 65, hash, sizeof hash);
}

void multipart_drop(struct multipart *m) {
    if (m == NULL)
        return;
    if (m->file >= 0)
        close(m->file);
    m->file = -1;
    for (int64_t i = 0; i < m->upload_count; i++)
        unlink(m->uploads[i].path);
    buf_free(&m->window);
    buf_free(&m->value);
}
