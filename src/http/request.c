/* One request from its headers to its reply: who asks, whether they may, what they sent, the
 * handler. */
#include "http/inside.h"

#include "base/log.h"
#include "base/merge.h"
#include "base/text.h"
#include "http/assets.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------ what handlers ask */

const char *header_of(struct exchange *x, const char *name) {
    return MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, name);
}

const char *request_header(const struct request *r, const char *name) {
    return header_of(exchange_of(r), name);
}

const char *request_cookie(const struct request *r, const char *name) {
    return cookie_get(request_header(r, "Cookie"), name, r->cx.arena);
}

const char *request_text(const struct request *r, const char *name) {
    return match_text(&exchange_of(r)->match, name);
}

int64_t request_id(const struct request *r, const char *name) {
    const char *text = request_text(r, name);
    return text == NULL ? NONE : strtoll(text, NULL, 10);
}

const char *request_typed(const struct request *r, const char *name) {
    const struct exchange *x = exchange_of(r);
    const char *value = pairs_get(&x->form, name);
    if (value == NULL && r->body != NULL)
        value = json_string_value(json_object_get(r->body, name));
    return value != NULL ? value : pairs_get(&x->query, name);
}

struct form request_form(const struct request *r, const struct record *record, const void *values) {
    bool typed = exchange_of(r)->again;
    return (struct form){.record = record,
                         .values = values,
                         .get = typed ? r->typed : NULL,
                         .typed = typed ? r->typed_form : NULL,
                         .errors = r->cx.errors};
}

enum status fail(struct request *r, enum status status, const char *code, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *sentence = arena_vprintf(r->cx.arena, format, args);
    va_end(args);
    return error_add(r->cx.errors, status, NULL, code, "%s", sentence);
}

const char *request_url(const struct request *r) {
    return exchange_of(r)->view.base_url;
}

struct databases *request_databases(const struct request *r) {
    return exchange_of(r)->server->settings.databases;
}

const struct backup_plan *request_backups(const struct request *r) {
    return exchange_of(r)->server->settings.backups;
}

bool request_plain_webhooks(const struct request *r) {
    return exchange_of(r)->server->settings.plain_webhooks;
}

struct media *request_media(const struct request *r) {
    return r->server->settings.media;
}

struct context *request_read(struct request *r) {
    if (r->cx.db != NULL)
        return &r->cx;
    if (r->cx.store == NULL) {
        fail(r, UNAVAILABLE, "no_store", "The shop cannot be opened just now. Try again shortly.");
        return NULL;
    }
    enum status status = store_read_begin(r->cx.store, &r->cx);
    if (status != OK) {
        if (!errors_any(r->cx.errors))
            fail(r, UNAVAILABLE, "busy", "The shop is busy. Try again shortly.");
        return NULL;
    }
    return &r->cx;
}

void request_unread(struct request *r) {
    if (r->cx.db == NULL)
        return;
    if (db_failed(r->cx.db))
        exchange_of(r)->read_failed = true;
    store_read_end(r->cx.store, &r->cx);
}

/* ------------------------------------------------------------------ an exchange's life */

static enum method method_of(const char *name) {
    for (enum method method = GET; method <= DELETE; method++)
        if (strcmp(name, method_name(method)) == 0)
            return method;
    return 0;
}

/* "GET http://host/path" is allowed by HTTP: only the path counts. */
static char *path_of(char *uri) {
    if (*uri == '/')
        return uri;
    char *rest = strstr(uri, "://");
    char *slash = rest == NULL ? NULL : strchr(rest + 3, '/');
    return slash == NULL ? uri : slash;
}

struct exchange *exchange_new(struct server *server, struct MHD_Connection *mhd, const char *uri) {
    struct exchange *x = calloc(1, sizeof *x);
    if (x == NULL || (x->uri = strdup(uri)) == NULL) {
        free(x);
        return NULL;
    }
    x->server = server;
    x->mhd = mhd;
    x->reply.file = -1;
    x->started = clock_ms();
    snprintf(x->id, sizeof x->id, "%08x%08x", server->boot,
             atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed));
    x->r.answer = x;
    x->r.server = server;
    x->r.id = x->id;
    x->r.path = path_of(x->uri);
    char *query = strchr(x->r.path, '?');
    x->r.query = "";
    if (query != NULL) {
        *query = '\0';
        x->r.query = query + 1;
    }
    return x;
}

void exchange_shed(struct exchange *x) {
    request_unread(&x->r);
    json_decref((json_t *)x->r.body);
    x->r.body = NULL;
    store_give_back(x->held);
    x->held = NULL;
    multipart_drop(x->multipart);
    x->multipart = NULL;
    buf_free(&x->body);
    atomic_fetch_sub(&x->server->bodies, x->reserved);
    x->reserved = 0;
    reply_clear(x);
    arena_free(x->r.cx.arena);
    x->r.cx.arena = NULL;
}

static void log_request(const struct exchange *x) {
    const char *pattern = x->match.route != NULL ? x->match.route->path : "-";
    const char *method = x->r.method == 0 ? "-" : method_name(x->r.method);
    log_info("request_answered", log_text("method", method), log_text("route", pattern),
             log_int("status", x->status), log_int("ms", clock_ms() - x->started),
             log_text("id", x->id));
}

void exchange_free(struct exchange *x) {
    if (x->server->settings.log_requests && x->method_name != NULL)
        log_request(x);
    metrics_count(x->server->metrics, x->match.route, x->status, clock_ms() - x->started);
    if (x->counted)
        address_leave(x->server->connections, x->address);
    exchange_shed(x);
    if (x->response != NULL)
        MHD_destroy_response(x->response);
    free(x->uri);
    free(x);
}

/* ------------------------------------------------------------------ who, where, may they */

/* The host that was asked for, as the browser or the proxy that is trusted says. */
static const char *host_of(struct exchange *x) {
    const char *host = NULL;
    if (x->connection != NULL && x->connection->trusted)
        host = header_of(x, "X-Forwarded-Host");
    if (host == NULL)
        host = header_of(x, "Host");
    /* Of several proxies the first says what the browser asked. */
    return host == NULL
               ? NULL
               : text_trim(arena_text_n(x->r.cx.arena, host, strcspn(host, ",")), x->r.cx.arena);
}

/* A script asks for JSON and for nothing that a browser's page would be. */
static bool wants_json(struct exchange *x) {
    const char *accept = header_of(x, "Accept");
    return accept != NULL && strstr(accept, "json") != NULL && strstr(accept, "text/html") == NULL;
}

void exchange_begin(struct exchange *x, const char *method) {
    x->method_name = method;
    x->head = strcmp(method, "HEAD") == 0;
    x->r.method = x->head ? GET : method_of(method);
}

void exchange_route(struct exchange *x) {
    struct request *r = &x->r;
    r->cx.arena = arena_new();
    x->errors.arena = r->cx.arena;
    r->cx.errors = &x->errors;
    x->nobody = (struct actor){.name = "", .role = "public", .theme = "auto"};
    r->cx.actor = &x->nobody;
    x->query.arena = x->form.arena = r->cx.arena;
    const char *prefix = "/api/v1";
    size_t length = strlen(prefix);
    if (strncmp(r->path, prefix, length) == 0 &&
        (r->path[length] == '/' || r->path[length] == '\0')) {
        r->api = true;
        r->path = r->path[length] == '\0' ? "/" : r->path + length;
    }
    enum status status =
        router_find(x->server->router, r->api, r->method, r->path, r->cx.arena, &x->match);
    r->route = x->match.route;
    if (status == BAD_REQUEST) {
        x->refused = BAD_REQUEST;
        x->refused_code = "malformed";
        x->refused_sentence = "The address is not well-formed UTF-8 text.";
    }
}

static void view_begin(struct exchange *x) {
    struct request *r = &x->r;
    x->view = (struct view){
        .out = &x->reply.bytes,
        .arena = r->cx.arena,
        .locale = &x->server->locale,
        .now = r->cx.now,
        .path = r->path,
        .theme = "auto",
        .shop_name = "",
        .shop_place = "",
        .base_url = x->server->url,
        .errors = &x->errors,
        .asset_version = asset_version(),
    };
}

static bool has_flag(const struct exchange *x, unsigned flag) {
    return x->r.route != NULL && (x->r.route->flags & flag) != 0;
}

/* In whose language the answer is written: the person's own; what a visitor chose; what their
 * browser asks for, if the shop offers it; the shop's. Programs read English, and codes. */
static void reader_choose(struct exchange *x) {
    struct request *r = &x->r;
    const struct locale *shop = r->cx.locale;
    const struct language *language = NULL;
    bool visitor = r->cx.actor->staff == 0;
    x->reader = *shop;
    if (r->api)
        language = language_find("en-GB");
    else if (r->cx.actor->language != NULL)
        x->reader = locale_spoken(shop, r->cx.actor->language);
    else
        language = language_find(request_cookie(r, "language"));
    if (language == NULL && visitor && !r->api) {
        language = language_accepted(request_header(r, "Accept-Language"), x->view.languages);
        /* An American browser reads a British shop as the shop writes. */
        if (language_related(language, shop->words))
            language = NULL;
    }
    if (language != NULL)
        x->reader = locale_in(shop, language);
    r->cx.reader = x->view.locale = &x->reader;
    x->errors.language = x->reader.words;
}

/* How much of its share a program has used. Each token counts by itself, a session's person, and
 * whoever is not known by the address; also those whose token was refused, so that guessing is
 * slow. */
static enum status rate_check(struct exchange *x) {
    struct request *r = &x->r;
    struct arena *arena = r->cx.arena;
    const struct actor *actor = r->cx.actor;
    int limit = x->server->settings.api_rate;
    if (!r->api || limit <= 0)
        return OK;
    const char *key = arena_printf(arena, "address %s", r->address);
    if (actor->token != 0)
        key = arena_printf(arena, "token %lld", (long long)actor->token);
    else if (actor->staff != 0)
        key = arena_printf(arena, "staff %lld", (long long)actor->staff);
    const char *shop = r->cx.store == NULL ? "" : store_name(r->cx.store);
    struct allowance allowance;
    bool allowed = throttle_take(x->server->throttle, arena_printf(arena, "%s api", shop), key,
                                 limit, MINUTE, clock_ms(), &allowance);
    int64_t seconds = (allowance.wait + SECOND - 1) / SECOND;
    reply_header(x, "RateLimit-Limit", arena_printf(arena, "%d", allowance.limit));
    reply_header(x, "RateLimit-Remaining", arena_printf(arena, "%d", allowance.left));
    reply_header(x, "RateLimit-Reset", arena_printf(arena, "%lld", (long long)seconds));
    if (allowed)
        return OK;
    x->retry_after = seconds;
    return fail(r, TOO_MANY, "rate_limit",
                "More than %d requests in a minute. Go on in %lld seconds.", limit,
                (long long)seconds);
}

/* The store, the shop and the person: everything that the answer to a refusal needs too. */
static enum status exchange_prepare(struct exchange *x) {
    struct request *r = &x->r;
    const struct server_settings *settings = &x->server->settings;
    if (x->ready)
        return OK;
    x->ready = true;
    r->cx.now = instant_now();
    r->json = r->api || wants_json(x);
    r->address = x->address;
    view_begin(x);
    r->cx.locale = x->view.locale;
    enum status status = OK;
    if (settings->databases != NULL)
        status = databases_find(settings->databases, host_of(x), &x->held);
    /* Whoever looks after the server asks at any host how it fares. */
    if (status == MISSING && has_flag(x, ROUTE_ROOT)) {
        x->held = databases_default(settings->databases);
        status = x->held != NULL && store_hold_open(x->held) ? OK : UNAVAILABLE;
    }
    r->cx.store = x->held;
    if (status != OK) {
        x->held = r->cx.store = NULL;
        x->set_up = true; /* whether it is nobody knows */
        reader_choose(x);
        if (status == MISSING)
            return fail(r, MISDIRECTED, "no_shop",
                        "No shop answers at this address. Look whether it is spelled rightly; if "
                        "it is, ask who sent it to you.");
        return fail(r, status, "no_store",
                    "The shop cannot be opened just now. Try again shortly.");
    }
    if (x->held != NULL)
        x->view.base_url = store_url(x->held, r->cx.arena);
    if (has_flag(x, ROUTE_ROOT)) {
        x->set_up = true;
        return OK;
    }
    x->set_up = settings->shop == NULL || settings->shop(r, &x->view);
    if (x->view.locale == NULL)
        x->view.locale = &x->server->locale;
    r->cx.locale = x->view.locale;
    if (x->set_up && settings->identify != NULL)
        status = settings->identify(r);
    if (r->cx.actor == NULL)
        r->cx.actor = &x->nobody;
    if (r->cx.actor->staff != 0)
        x->view.actor = r->cx.actor;
    if (r->cx.actor->theme != NULL)
        x->view.theme = r->cx.actor->theme;
    reader_choose(x);
    enum status rate = rate_check(x);
    return rate != OK ? rate : status;
}

/* Everything up to the input: in the order that the header states. */
static enum status exchange_admit(struct exchange *x) {
    struct request *r = &x->r;
    if (x->admitted)
        return OK;
    enum status status = exchange_prepare(x);
    if (status != OK)
        return status;
    if (x->refused == TOO_MANY)
        return fail(r, TOO_MANY, x->refused_code, "%s", x->refused_sentence);
    if (!x->set_up && !has_flag(x, ROUTE_SET_UP))
        return fail(r, UNAVAILABLE, "not_set_up", "The shop is not set up yet.");
    const struct actor *actor = r->cx.actor;
    uint64_t right = r->route == NULL ? (r->api ? RIGHT_SIGNED_IN : RIGHT_PUBLIC) : r->route->right;
    if (!(right & RIGHT_PUBLIC)) {
        if (actor->staff == 0)
            return fail(r, NOT_SIGNED_IN, "not_signed_in", "Sign in first.");
        if ((right & ~RIGHT_SIGNED_IN & ~actor->permissions) != 0)
            return fail(r, DENIED, "denied", "Your role does not allow this. Ask the owner.");
        if (actor->detour != NULL && !has_flag(x, ROUTE_DETOUR))
            return fail(r, DENIED, "detour", "Before anything else: %s%s.", x->server->url,
                        actor->detour);
    }
    if (x->refused != OK && !errors_any(&x->errors))
        return fail(r, x->refused, x->refused_code, "%s", x->refused_sentence);
    if (x->refused != OK)
        return x->refused;
    if (r->route == NULL) {
        if (x->match.allowed == 0)
            return fail(r, MISSING, "missing", "There is nothing at this address.");
        reply_header(x, "Allow", allow_header(x->match.allowed, r->cx.arena));
        return fail(r, (enum status)405, "method_not_allowed", "This address does not take %s.",
                    x->method_name);
    }
    x->admitted = true;
    return OK;
}

/* ------------------------------------------------------------------ the input */

static const char *body_get(struct exchange *x, const char *name) {
    const char *value = pairs_get(&x->form, name);
    return value != NULL ? value : json_string_value(json_object_get(x->r.body, name));
}

static void hash_pairs(struct exchange *x) {
    crypto_generichash_state state;
    unsigned char hash[32];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < x->form.count; i++) {
        const struct pair *pair = &x->form.at[i];
        if (strcmp(pair->name, "csrf") == 0 || strcmp(pair->name, "idempotency_key") == 0)
            continue;
        crypto_generichash_update(&state, (const void *)pair->name, strlen(pair->name) + 1);
        crypto_generichash_update(&state, (const void *)pair->value, strlen(pair->value) + 1);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(x->body_hash, sizeof x->body_hash, hash, sizeof hash);
}

static void hash_bytes(struct exchange *x) {
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const void *)x->body.at, x->body.length, NULL, 0);
    sodium_bin2hex(x->body_hash, sizeof x->body_hash, hash, sizeof hash);
}

static enum status body_read(struct exchange *x) {
    struct request *r = &x->r;
    enum status status;
    switch (x->body_kind) {
    case BODY_FORM:
        status =
            query_parse(&x->form, x->body.at == NULL ? "" : x->body.at, x->body.length, &x->errors);
        if (status != OK)
            return status;
        break;
    case BODY_PARTS:
        if ((x->body.length > 0 &&
             (status = multipart_feed(x->multipart, x->body.at, x->body.length)) != OK) ||
            (status = multipart_end(x->multipart)) != OK)
            return status;
        x->form = *multipart_fields(x->multipart);
        r->uploads = multipart_uploads(x->multipart, &r->upload_count);
        multipart_hash(x->multipart, x->body_hash);
        return OK;
    case BODY_JSON:
        r->body = json_parse(x->body.at == NULL ? "" : x->body.at, x->body.length, &x->errors);
        if (r->body == NULL)
            return errors_any(&x->errors) ? x->errors.status : BAD_REQUEST;
        hash_bytes(x);
        return OK;
    case BODY_NONE:
    case BODY_OTHER:
        break;
    }
    hash_pairs(x);
    return OK;
}

/* "take.NAME=1": of a field that two changed, what the other made of it (base/merge.h). */
static enum status merge_take(struct exchange *x) {
    struct pairs *form = &x->form;
    struct arena *arena = x->r.cx.arena;
    size_t count = form->count;
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++) {
        const struct pair choice = form->at[i];
        size_t length = strlen(MERGE_TAKE);
        if (strncmp(choice.name, MERGE_TAKE, length) != 0 || strcmp(choice.value, "1") != 0)
            continue;
        const char *name = choice.name + length;
        const char *rows = arena_printf(arena, "%s.", name);
        const char *were = arena_printf(arena, MERGE_WAS "%s.", name);
        for (size_t k = 0; k < count; k++)
            if (strncmp(form->at[k].name, rows, strlen(rows)) == 0)
                form->at[k].name = "";
        const char *was = pairs_get(form, arena_printf(arena, MERGE_WAS "%s", name));
        if (was != NULL)
            status = pairs_add(form, name, was, &x->errors);
        for (size_t k = 0; k < count && status == OK; k++)
            if (strncmp(form->at[k].name, were, strlen(were)) == 0)
                status = pairs_add(form, form->at[k].name + strlen(MERGE_WAS), form->at[k].value,
                                   &x->errors);
    }
    return status;
}

static enum status record_read(struct exchange *x) {
    struct request *r = &x->r;
    const struct route *route = r->route;
    r->typed = pairs_get;
    bool from_query = r->method == GET || (r->method == DELETE && x->body_kind == BODY_NONE);
    r->typed_form = from_query ? &x->query : &x->form;
    if (route->input == NULL)
        return OK;
    enum status taken = from_query ? OK : merge_take(x);
    if (taken != OK)
        return taken;
    size_t size = route->input_size > 0 ? route->input_size : route->input->size;
    r->input = arena_alloc(r->cx.arena, size);
    record_clear(route->input, r->input);
    if (x->body_kind != BODY_JSON || from_query)
        return record_from_form(route->input, r->input, pairs_get, r->typed_form, r->cx.reader,
                                &x->errors);
    if (!json_is_object(r->body))
        return fail(r, BAD_REQUEST, "malformed", "A JSON object is expected.");
    return record_from_json(route->input, r->input, r->body, r->cx.locale, &x->errors);
}

/* The token and the key may come in a JSON body too; they are no members of the record. */
static enum status extras_take(struct exchange *x, const char **csrf) {
    struct request *r = &x->r;
    *csrf = header_of(x, "X-CSRF-Token");
    if (*csrf == NULL)
        *csrf = arena_text(r->cx.arena, body_get(x, "csrf"));
    x->key = header_of(x, "Idempotency-Key");
    if (x->key == NULL)
        x->key = arena_text(r->cx.arena, body_get(x, "idempotency_key"));
    if (r->body != NULL) {
        json_object_del((json_t *)r->body, "csrf");
        json_object_del((json_t *)r->body, "idempotency_key");
    }
    if (r->method == GET || x->key == NULL || *x->key == '\0') {
        x->key = NULL;
        return OK;
    }
    size_t length = strlen(x->key);
    bool plain = length >= 8 && length <= 128;
    for (const char *at = x->key; *at != '\0'; at++)
        plain = plain && *at > 0x20 && *at < 0x7f;
    if (plain)
        return OK;
    x->key = NULL;
    return error_add(&x->errors, INVALID, "idempotency_key", "bad_key",
                     "An Idempotency-Key is 8 to 128 printable characters without spaces.");
}

/* ------------------------------------------------------------------ the handling */

/* "/jobs/" is what somebody means who types it: the same without the slash. */
static bool redirect_slash(struct exchange *x) {
    struct request *r = &x->r;
    size_t length = strlen(r->path);
    if (r->route != NULL || r->api || r->method != GET || length < 2 ||
        r->path[length - 1] != '/' || r->path[length - 2] == '/')
        return false;
    const char *path = arena_text_n(r->cx.arena, r->path, length - 1);
    struct match match;
    if (router_find(x->server->router, false, GET, path, r->cx.arena, &match) != OK)
        return false;
    const char *mark = *r->query == '\0' ? "" : "?";
    reply_redirect(x, 308, arena_printf(r->cx.arena, "%s%s%s", path, mark, r->query));
    return true;
}

static enum status handle(struct exchange *x) {
    struct request *r = &x->r;
    enum status status;
    if (strcmp(x->method_name, "OPTIONS") == 0 && x->match.allowed != 0) {
        reply_header(x, "Allow", allow_header(x->match.allowed, r->cx.arena));
        x->reply.kind = REPLY_BYTES;
        x->reply.status = 204;
        return OK;
    }
    if (x->refused == OK && redirect_slash(x))
        return OK;
    const char *csrf = NULL;
    if ((status = exchange_admit(x)) != OK)
        return status;
    if ((status = query_parse(&x->query, r->query, strlen(r->query), &x->errors)) != OK ||
        (status = body_read(x)) != OK)
        return status;
    enum status key = extras_take(x, &csrf);
    if (r->method != GET && (status = csrf_check(x, csrf)) != OK)
        return status;
    if ((status = condition_take(x)) != OK)
        return status;
    status = record_read(x);
    if (key != OK || status != OK)
        return key != OK ? key : status;
    status = r->route->handle(r);
    if (status == CONFLICT && x->conditional && text_same(x->errors.first->code, "changed"))
        status = PRECONDITION;
    if (status != OK)
        return status;
    if (x->reply.kind == REPLY_NONE && x->outcome.status != 0)
        reply_outcome(x);
    if (x->reply.kind == REPLY_NONE)
        return fail(r, FAILED, "no_answer", "The handler gave no answer.");
    return OK;
}

static void finish(struct exchange *x, enum status status) {
    request_unread(&x->r);
    /* What was not found because it could not be read is not missing. */
    if (x->read_failed)
        status = error_add(&x->errors, FAILED, NULL, "database", "The database could not be read.");
    if (status != OK)
        problem_answer(x, status);
    request_unread(&x->r);
    reply_build(x);
    exchange_shed(x);
    x->step = STEP_ANSWERED;
}

static enum status admit_upload(struct exchange *x) {
    enum status status = exchange_admit(x);
    request_unread(&x->r);
    if (status != OK)
        return status;
    const struct server_settings *settings = &x->server->settings;
    struct multipart_limits limits = {
        .file = settings->upload_limit, .files = UPLOADS_MOST, .folder = settings->temporary};
    const char *boundary = NULL;
    size_t length = 0;
    body_kind_of(header_of(x, "Content-Type"), &boundary, &length);
    x->multipart = multipart_new(boundary, length, &limits, x->r.cx.arena, &x->errors);
    return x->multipart != NULL ? OK : BAD_REQUEST;
}

static void take_chunk(struct exchange *x) {
    enum status status = multipart_feed(x->multipart, x->body.at, x->body.length);
    buf_clear(&x->body);
    if (status != OK) {
        x->refused = status;
        x->draining = true;
        x->admitted = false; /* so that the end of the body finds the refusal */
    }
    x->step = STEP_BODY;
}

void exchange_work(struct exchange *x) {
    enum status status = OK;
    switch (x->task) {
    case TASK_ADMIT:
        status = admit_upload(x);
        if (status == OK) {
            x->step = STEP_BODY;
            return;
        }
        x->close = true;
        break;
    case TASK_CHUNK:
        take_chunk(x);
        return;
    case TASK_HANDLE:
        status = handle(x);
        break;
    }
    finish(x, status);
}
