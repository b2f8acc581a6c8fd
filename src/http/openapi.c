/* The OpenAPI 3.1 document, made from what the routes say of themselves: their paths, rights,
 * inputs and presentations. */
#include "http/inside.h"

#include <string.h>

struct document {
    struct buf out;
    struct arena *arena;
    struct {
        const struct record *record;
        bool input;
    } schemas[1000];
    size_t schema_count;
};

/* Which schemas the document needs, those of nested records too. */
static void schema_use(struct document *d, const struct record *record, bool input) {
    size_t most = sizeof d->schemas / sizeof *d->schemas;
    for (size_t i = 0; i < d->schema_count; i++)
        if (d->schemas[i].input == input && strcmp(d->schemas[i].record->name, record->name) == 0)
            return;
    if (d->schema_count == most)
        return;
    d->schemas[d->schema_count].record = record;
    d->schemas[d->schema_count++].input = input;
    for (const struct record *part = record; part != NULL; part = part->base)
        for (size_t i = 0; i < part->count; i++)
            if (part->fields[i].of != NULL)
                schema_use(d, part->fields[i].of, input);
}

static void reference(struct document *d, const struct record *record, bool input) {
    schema_use(d, record, input);
    buf_printf(&d->out, "{\"$ref\":\"#/components/schemas/%s%s\"}", record->name,
               input ? "Input" : "");
}

/* ------------------------------------------------------------------ parameters */

static void path_parameters(struct document *d, const char *path, const char **comma) {
    for (const char *at = strchr(path, '{'); at != NULL; at = strchr(at, '{')) {
        size_t length = strcspn(++at, "}");
        bool number = name_is_number(at, length);
        buf_printf(&d->out, "%s{\"name\":\"%.*s\",\"in\":\"path\",\"required\":true,\"schema\":%s}",
                   *comma, (int)length, at,
                   number ? "{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":1}"
                          : "{\"type\":\"string\"}");
        *comma = ",";
    }
}

static bool is_asked(const struct field *field) {
    return !(field->flags & (FIELD_READONLY | FIELD_INTERNAL)) && field->kind != FIELD_LIST &&
           field->kind != FIELD_ONE;
}

/* A query is read as a form is, so every value is the text that a person would type. */
static void query_parameters(struct document *d, const struct record *record, const char **comma) {
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!is_asked(field))
            continue;
        buf_printf(&d->out, "%s{\"name\":", *comma);
        json_write_text(&d->out, field->name);
        buf_printf(&d->out, ",\"in\":\"query\",\"required\":%s,\"schema\":{\"type\":\"string\"",
                   field->flags & FIELD_REQUIRED ? "true" : "false");
        if (field->kind == FIELD_CODE && field->words != NULL) {
            const char *before = ",\"enum\":[";
            for (const struct word *word = field->words->words; word->code != NULL; word++) {
                buf_text(&d->out, before);
                json_write_text(&d->out, word->code);
                before = ",";
            }
            buf_lit(&d->out, "]");
        }
        buf_lit(&d->out, "}}");
        *comma = ",";
    }
}

static void parameters(struct document *d, const struct route *route) {
    const char *comma = "";
    buf_lit(&d->out, ",\"parameters\":[");
    path_parameters(d, route->path, &comma);
    if (route->method == GET && route->input != NULL)
        query_parameters(d, route->input, &comma);
    if (route->method == POST)
        buf_printf(&d->out, "%s{\"$ref\":\"#/components/parameters/IdempotencyKey\"}", comma);
    if (route->method == POST)
        comma = ",";
    bool versioned = route->input != NULL && record_field(route->input, "version") != NULL;
    if (route->method != GET && (versioned || (route->method == PATCH && route->input == NULL)))
        buf_printf(&d->out, "%s{\"$ref\":\"#/components/parameters/IfMatch\"}", comma);
    buf_lit(&d->out, "]");
}

/* ------------------------------------------------------------------ operations */

static void body(struct document *d, const struct route *route) {
    bool uploads = (route->flags & ROUTE_UPLOAD) != 0;
    if (route->method == GET || (route->input == NULL && !uploads))
        return;
    buf_lit(&d->out, ",\"requestBody\":{\"content\":{");
    if (uploads) {
        buf_lit(&d->out, "\"multipart/form-data\":{\"schema\":");
        if (route->input != NULL)
            reference(d, route->input, true);
        else
            buf_lit(&d->out, "{\"type\":\"object\"}");
        buf_lit(&d->out, "}");
    } else {
        const char *types[] = {"application/json", "application/x-www-form-urlencoded"};
        for (int i = 0; i < 2; i++) {
            buf_printf(&d->out, "%s\"%s\":{\"schema\":", i > 0 ? "," : "", types[i]);
            reference(d, route->input, true);
            buf_lit(&d->out, "}");
        }
    }
    buf_lit(&d->out, "}}");
}

static void responses(struct document *d, const struct route *route) {
    bool shown = route->output != NULL && route->output->json != NULL;
    buf_printf(&d->out, ",\"responses\":{\"%s\":{\"description\":\"Done\"",
               route->method == GET ? "200" : "2XX");
    if (shown) {
        buf_lit(&d->out, ",\"content\":{\"application/json\":{\"schema\":");
        reference(d, route->output->json, false);
        buf_lit(&d->out, "}}");
    }
    buf_lit(&d->out, "},\"4XX\":{\"$ref\":\"#/components/responses/Problem\"},"
                     "\"5XX\":{\"$ref\":\"#/components/responses/Problem\"}}");
}

/* "post_jobs_id_move": the method and the path's words. */
static void operation_id(struct document *d, const struct route *route) {
    buf_lit(&d->out, "\"operationId\":\"");
    for (const char *at = method_name(route->method); *at != '\0'; at++)
        buf_byte(&d->out, (char)(*at + 32));
    bool gap = true;
    for (const char *at = route->path; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_' ||
                      (*at >= 'A' && *at <= 'Z');
        if (letter && gap)
            buf_byte(&d->out, '_');
        if (letter)
            buf_byte(&d->out, *at);
        gap = !letter;
    }
    buf_lit(&d->out, "\"");
}

static void operation(struct document *d, const struct route *route) {
    static const char *const keys[] = {"", "get", "post", "put", "patch", "delete"};
    size_t room = strcspn(route->path + 1, "/{");
    buf_printf(&d->out, "\"%s\":{", keys[route->method]);
    operation_id(d, route);
    if (route->summary != NULL) {
        buf_lit(&d->out, ",\"summary\":");
        json_write_text(&d->out, route->summary);
    }
    if (room > 0)
        buf_printf(&d->out, ",\"tags\":[\"%.*s\"]", (int)room, route->path + 1);
    if (route->right & RIGHT_PUBLIC)
        buf_lit(&d->out, ",\"security\":[]");
    parameters(d, route);
    body(d, route);
    responses(d, route);
    buf_lit(&d->out, "}");
}

static bool is_told(const struct route *route) {
    return !(route->flags & (ROUTE_INTERNAL | ROUTE_PAGE | ROUTE_ROOT));
}

struct cursor {
    const struct route *const *table;
    const struct route *route;
};

/* The next route that belongs into the document, over all tables; NULL: there is none. */
static const struct route *next(struct cursor *cursor) {
    while (cursor->table != NULL && *cursor->table != NULL) {
        cursor->route = cursor->route == NULL ? *cursor->table : cursor->route + 1;
        if (cursor->route->path == NULL) {
            cursor->table++;
            cursor->route = NULL;
        } else if (is_told(cursor->route)) {
            return cursor->route;
        }
    }
    return NULL;
}

static bool is_first_of_path(const struct route *const *tables, const struct route *route) {
    struct cursor cursor = {tables, NULL};
    const struct route *each;
    while ((each = next(&cursor)) != NULL)
        if (strcmp(each->path, route->path) == 0)
            return each == route;
    return true;
}

static void paths(struct document *d, const struct route *const *tables) {
    struct cursor cursor = {tables, NULL};
    const struct route *route, *same;
    const char *comma = "";
    buf_lit(&d->out, ",\"paths\":{");
    while ((route = next(&cursor)) != NULL) {
        if (!is_first_of_path(tables, route))
            continue;
        buf_printf(&d->out, "%s\"%s\":{", comma, route->path);
        const char *between = "";
        struct cursor again = {tables, NULL};
        while ((same = next(&again)) != NULL) {
            if (strcmp(same->path, route->path) != 0)
                continue;
            buf_text(&d->out, between);
            operation(d, same);
            between = ",";
        }
        buf_lit(&d->out, "}");
        comma = ",";
    }
    buf_lit(&d->out, "}");
}

static void components(struct document *d) {
    buf_lit(
        &d->out,
        ",\"components\":{"
        "\"securitySchemes\":{"
        "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
        "\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"benchpin\","
        "\"description\":\"Writing by cookie needs the page's token in X-CSRF-Token.\"}},"
        "\"parameters\":{\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"schema\":{\"type\":"
        "\"string\"},\"description\":\"The ETag of the thing as it was read: stands for the body's member "
        "version. 412 when it has changed meanwhile.\"},"
        "\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
        "\"description\":\"A repeat with the same key is answered from the record.\","
        "\"schema\":{\"type\":\"string\",\"minLength\":8,\"maxLength\":128}}},"
        "\"responses\":{\"Problem\":{\"description\":\"What was wrong (RFC 9457)\",\"content\":"
        "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}"
        "}}}},"
        "\"schemas\":{\"Problem\":{\"type\":\"object\",\"properties\":{"
        "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
        "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
        "\"instance\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
        "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
        "\"field\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
        "\"detail\":{\"type\":\"string\"}},\"required\":[\"field\",\"code\",\"detail\"]}}},"
        "\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\",\"errors\"]}");
    /* schema_use() has found nested ones already: the list does not grow here. */
    for (size_t i = 0; i < d->schema_count; i++) {
        buf_printf(&d->out, ",\"%s%s\":", d->schemas[i].record->name,
                   d->schemas[i].input ? "Input" : "");
        record_write_schema(d->schemas[i].record, d->schemas[i].input, &d->out);
    }
    buf_lit(&d->out, "}}");
}

char *openapi_write(const struct server *server, size_t *length) {
    struct arena *arena = arena_new();
    struct document *d = ARENA_NEW(arena, struct document);
    d->arena = arena;
    buf_lit(&d->out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Benchpin\",\"version\":\"1\","
                     "\"description\":\"Money is in minor units, metal in milligrams, stones in "
                     "hundred-thousandths of a carat, lengths in micrometres, time in minutes. "
                     "RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset (seconds) tell how "
                     "many requests a minute are left; beyond them the answer is 429, and "
                     "Retry-After tells when to go on.\"},"
                     "\"servers\":[{\"url\":");
    json_write_text(&d->out, "/api/v1"); /* of each shop's own host */
    buf_lit(&d->out, "}],\"security\":[{\"bearer\":[]},{\"cookie\":[]}]");
    paths(d, server->settings.routes);
    components(d);
    buf_lit(&d->out, "}");
    struct buf out = d->out;
    arena_free(arena);
    return buf_take(&out, length);
}
