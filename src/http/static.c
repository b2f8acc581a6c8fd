/* Answers from memory, given on the event threads: the browsers' files, /healthz and the OpenAPI
 * document. */
#include "http/inside.h"

#include "http/assets.h"

#include <string.h>

static bool is_etag(const char *sent, const char *hash) {
    return sent != NULL && strstr(sent, hash) != NULL;
}

static void constant(struct exchange *x, int status, const char *type, const void *bytes,
                     size_t length, const char *caching) {
    x->reply = (struct reply){.kind = REPLY_STATIC,
                              .status = status,
                              .type = type,
                              .constant = bytes,
                              .length = (int64_t)length,
                              .file = -1,
                              .caching = caching};
    reply_build(x);
}

static bool asset_answer(struct exchange *x) {
    const char *path = x->r.path;
    const struct asset *asset = asset_find(path);
    if (asset == NULL || strncmp(path, "/static/", 8) != 0)
        return false;
    const char *version = strncmp(x->r.query, "v=", 2) == 0 ? x->r.query + 2 : "";
    bool forever = asset_is_versioned(path) || strcmp(version, asset_version()) == 0;
    const char *caching = forever ? "public, max-age=31536000, immutable" : "public, max-age=300";
    const char *encodings = header_of(x, "Accept-Encoding"), *coding = NULL;
    const unsigned char *bytes = asset->bytes;
    size_t length = asset->length;
    if (asset->br != NULL && accepts(encodings, "br")) {
        coding = "br";
        bytes = asset->br;
        length = asset->br_length;
    } else if (asset->gz != NULL && accepts(encodings, "gzip")) {
        coding = "gzip";
        bytes = asset->gz;
        length = asset->gz_length;
    }
    if (is_etag(header_of(x, "If-None-Match"), asset->hash))
        constant(x, 304, NULL, "", 0, caching);
    else
        constant(x, 200, asset->type, bytes, length, caching);
    char etag[64];
    snprintf(etag, sizeof etag, "\"%s%s%s\"", asset->hash, coding != NULL ? "-" : "",
             coding != NULL ? coding : "");
    MHD_add_response_header(x->response, "ETag", etag);
    if (asset->br != NULL || asset->gz != NULL)
        MHD_add_response_header(x->response, "Vary", "Accept-Encoding");
    if (coding != NULL && x->status == 200)
        MHD_add_response_header(x->response, "Content-Encoding", coding);
    return true;
}

bool static_answer(struct exchange *x) {
    static const char healthy[] = "{\"status\":\"ok\"}\n";
    if (strcmp(x->method_name, "GET") != 0 && strcmp(x->method_name, "HEAD") != 0)
        return false;
    const char *length = header_of(x, "Content-Length");
    if ((length != NULL && strcmp(length, "0") != 0) || header_of(x, "Transfer-Encoding") != NULL)
        return false;
    const char *path = x->r.path;
    if (strncmp(path, "/static/", 8) == 0)
        return asset_answer(x);
    if (strcmp(path, "/healthz") == 0) {
        constant(x, 200, "application/json", healthy, sizeof healthy - 1, NULL);
        return true;
    }
    if (strcmp(path, "/api/v1/openapi.json") == 0) {
        constant(x, 200, "application/json", x->server->openapi, x->server->openapi_length,
                 "public, max-age=300");
        return true;
    }
    return false;
}
