/* Conditional requests of the API, RFC 9110, section 13.
 *
 * An answer's ETag is "17-9f…": the version of the thing, when it has one, and a hash of what was
 * said, which also changes when something else than the version does (an age, a name beside it).
 * If-None-Match compares the whole; If-Match the version alone, since that is what a change would
 * overwrite: it stands for the member "version" of the body. */
#include "http/inside.h"

#include "base/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { HASH = 8 }; /* bytes */

static int64_t version_of(const struct record *record, const void *model) {
    for (const struct record *part = record; part != NULL; part = part->base) {
        const struct field *field = record_field(part, "version");
        if (field != NULL && !field_is_text(field->kind))
            return *field_number(field, (void *)(uintptr_t)model);
    }
    return NONE;
}

void condition_answer(struct exchange *x, const struct record *record, const void *model) {
    struct reply *reply = &x->reply;
    unsigned char hash[crypto_generichash_BYTES_MIN];
    char digits[2 * HASH + 1];
    if (x->r.method != GET || !x->r.api || reply->status != 200)
        return;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)reply->bytes.at,
                       reply->bytes.length, NULL, 0);
    sodium_bin2hex(digits, sizeof digits, hash, HASH);
    int64_t version = version_of(record, model);
    reply->etag = version == NONE ? arena_text(x->r.cx.arena, digits)
                                  : arena_printf(x->r.cx.arena, "%ld-%s", (long)version, digits);
    const char *known = header_of(x, "If-None-Match");
    if (known == NULL || (strcmp(known, "*") != 0 && strstr(known, reply->etag) == NULL))
        return;
    reply->status = 304;
    reply->type = NULL;
    buf_clear(&reply->bytes);
}

/* "\"17-9f86d081884c7d65\"", perhaps with the mark of its coding. */
static bool tag_read(const char *tag, int64_t *version) {
    size_t length = strlen(tag);
    if (length < 4 || tag[0] != '"' || tag[length - 1] != '"' ||
        strchr(tag + 1, '"') != tag + length - 1)
        return false;
    char *end;
    *version = strtoll(tag + 1, &end, 10);
    if (*end != '-') /* it was said of something without a version */
        *version = NONE;
    return true;
}

enum status condition_take(struct exchange *x) {
    struct request *r = &x->r;
    const char *sent = header_of(x, "If-Match");
    if (sent == NULL || r->method == GET || strcmp(sent, "*") == 0)
        return OK;
    int64_t version = NONE;
    if (strncmp(sent, "W/", 2) == 0)
        return fail(r, PRECONDITION, "weak_tag",
                    "If-Match takes no weak tags, which begin with W/.");
    if (!tag_read(sent, &version))
        return fail(r, BAD_REQUEST, "bad_tag",
                    "If-Match takes one tag as an ETag told it, with its quotes.");
    bool patches = r->route->input == NULL && r->method == PATCH;
    if (version == NONE ||
        !(patches || (r->route->input != NULL && record_field(r->route->input, "version") != NULL)))
        return fail(r, PRECONDITION, "no_version",
                    "There is no version here that If-Match could be compared with. Nothing was "
                    "changed.");
    if (r->body == NULL && x->body_kind == BODY_NONE) {
        r->body = json_object();
        x->body_kind = BODY_JSON;
    }
    if (!json_is_object(r->body))
        return fail(r, BAD_REQUEST, "malformed", "With If-Match a JSON object is expected.");
    const json_t *told = json_object_get(r->body, "version");
    if (told != NULL && json_integer_value(told) != version)
        return fail(r, PRECONDITION, "other_version",
                    "The body's version is another than that of If-Match. Nothing was changed.");
    json_object_set_new((json_t *)(uintptr_t)r->body, "version", json_integer(version));
    x->conditional = true;
    return OK;
}
