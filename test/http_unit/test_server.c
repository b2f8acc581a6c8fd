/* The whole server, driven over its socket with routes made for the purpose. */
#include "base/log.h"
#include "http/http.h"
#include "http/throttle.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#undef fail /* the request's is meant */

/* ------------------------------------------------------------------ a small shop */

struct thing {
    int64_t id, size, cost;
    const char *name;
};
static const struct field thing_fields[] = {
    FIELD(struct thing, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct thing, name, FIELD_TEXT, .flags = FIELD_REQUIRED),
    FIELD(struct thing, size, FIELD_INT, .min = 0, .max = 100),
    FIELD(struct thing, cost, FIELD_MONEY, .flags = FIELD_COST | FIELD_READONLY),
};
static const struct record thing_record = RECORD("Thing", struct thing, thing_fields);

static const struct migration migrations[] = {
    {"0001_ground",
     "create table thing (id @id, name @text not null, size @int) @strict;\n"
     "create table idempotency (owner @text not null, key @text not null, method @text not null,"
     " path @text not null, body_hash @text not null, status @int not null, location @text,"
     " flash @text, undo @text, json @text, created_at @int not null, primary key (owner, key))"
     " @strict;\n"},
    {NULL, NULL},
};
static const struct sql thing_add = {
    "thing_add", "insert into thing (name, size) values ($1, $2) returning id", NULL};
static const struct sql thing_count = {"thing_count", "select count(*) from thing", NULL};

static void thing_page(struct view *v, const void *model) {
    const struct thing *thing = model;
    buf_printf(v->out, "<p>%s</p><form><input name=\"csrf\" value=\"%s\"></form>", thing->name,
               v->csrf);
    if (v->flash != NULL)
        buf_printf(v->out, "<p class=\"flash\">%s|%s</p>", v->flash,
                   v->undo == NULL ? "" : v->undo);
}
static const struct presentation thing_shown = {&thing_record, thing_page};

static enum status thing_get(struct request *r) {
    struct thing thing = {.id = request_id(r, "id"), .name = "Ring", .size = NONE, .cost = 5};
    return answer(r, &thing_shown, &thing);
}

static enum status add_thing(struct context *cx, void *arg) {
    struct thing *thing = arg;
    if (strcmp(thing->name, "twin") == 0)
        return error_add(cx->errors, CONFLICT, "name", "taken", "There is one already.");
    thing->id = db_int(cx->db, &thing_add, P(T(thing->name), I(thing->size)));
    context_tell(cx, "thing", thing->id);
    context_outcome(cx, &(struct outcome){.status = 201,
                                          .location = arena_printf(cx->arena, "/things/%lld",
                                                                   (long long)thing->id),
                                          .flash = "Made a thing.",
                                          .undo = "/things/undo",
                                          .record = &thing_record,
                                          .model = thing});
    return OK;
}

static enum status sign_in(struct context *cx, void *arg) {
    add_thing(cx, arg);
    cx->outcome->cookie = "benchpin=owner; Path=/";
    return OK;
}

static enum status session_post(struct request *r) {
    return request_write(r, sign_in, r->input);
}

static enum status thing_post(struct request *r) {
    struct thing *thing = r->input;
    thing->cost = 7;
    return request_write(r, add_thing, thing);
}

static void form_page(struct view *v, const void *model) {
    const struct form *form = model;
    const struct fault *fault = error_at(form->errors, "name");
    const char *typed = form->get == NULL ? NULL : form->get(form->typed, "name");
    buf_printf(v->out, "<form>typed=%s fault=%s</form>", typed == NULL ? "" : typed,
               fault == NULL ? "" : fault->code);
}
static const struct presentation form_shown = {NULL, form_page};

static enum status thing_again(struct request *r) {
    struct thing empty;
    record_clear(&thing_record, &empty);
    struct form form = request_form(r, &thing_record, &empty);
    return answer(r, &form_shown, &form);
}

struct count {
    int64_t count, size;
};
static const struct field count_fields[] = {FIELD(struct count, count, FIELD_INT),
                                            FIELD(struct count, size, FIELD_INT)};
static const struct record count_record = RECORD("Count", struct count, count_fields);
static const struct presentation count_shown = {&count_record, NULL};

static enum status things_count(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct count count = {db_int(cx->db, &thing_count, P0), 0};
    return answer(r, &count_shown, &count);
}

static enum status upload_post(struct request *r) {
    struct count count = {r->upload_count, 0};
    for (int64_t i = 0; i < r->upload_count; i++) {
        FILE *file = fopen(r->uploads[i].path, "rb");
        if (file == NULL)
            return FAILED;
        for (int c; (c = fgetc(file)) != EOF;)
            count.size += c == 'x';
        fclose(file);
    }
    return answer(r, &count_shown, &count);
}

static enum status file_get(struct request *r) {
    return answer_file(r, "/tmp/benchpin-http-file", "text/plain", NULL);
}

static enum status bytes_get(struct request *r) {
    struct buf bytes = {0};
    for (int i = 0; i < 500; i++)
        buf_text(&bytes, "word ");
    return answer_bytes(r, "text/plain; charset=utf-8", "w\"\xc3\xb6rds.txt", &bytes);
}

static enum status failing(struct request *r) {
    return fail(r, FAILED, "secret_code", "The secret detail.");
}

static const struct sql no_table = {"no_table", "select nothing from nowhere where id = $1", NULL};

static enum status unreadable(struct request *r) {
    struct context *cx = request_read(r);
    struct count count = {db_int(cx->db, &no_table, P(I(1))), 0};
    return count.count == NONE ? MISSING : answer(r, &count_shown, &count);
}

static enum status slow(struct request *r) {
    usleep(300 * 1000);
    return things_count(r);
}

static enum status live(struct request *r) {
    return answer_live(r);
}

static enum status enquiry_post(struct request *r) {
    context_outcome(&r->cx, &(struct outcome){.status = 200, .location = "/enquiry"});
    return answer_redirect(r, "//elsewhere.example");
}

static const struct route routes[] = {
    {.method = GET, .path = "/", .right = RIGHT_SIGNED_IN, .handle = thing_get},
    {.method = GET,
     .path = "/things",
     .right = RIGHT_SIGNED_IN,
     .handle = things_count,
     .output = &count_shown,
     .summary = "Count the things"},
    {.method = POST,
     .path = "/things",
     .right = RIGHT_SIGNED_IN,
     .handle = thing_post,
     .input = &thing_record,
     .again = thing_again,
     .output = &thing_shown},
    {.method = GET,
     .path = "/things/{id}",
     .right = RIGHT_SIGNED_IN,
     .handle = thing_get,
     .output = &thing_shown},
    {.method = PATCH, .path = "/things/{id}", .right = RIGHT_SIGNED_IN, .handle = thing_get},
    {.method = POST,
     .path = "/session",
     .right = RIGHT_PUBLIC,
     .handle = session_post,
     .input = &thing_record,
     .flags = ROUTE_OPEN_POST},
    {.method = GET, .path = "/owner", .right = 4, .handle = thing_get},
    {.method = POST,
     .path = "/pictures",
     .right = RIGHT_SIGNED_IN,
     .handle = upload_post,
     .flags = ROUTE_UPLOAD},
    {.method = GET, .path = "/file", .right = RIGHT_SIGNED_IN, .handle = file_get},
    {.method = GET, .path = "/bytes", .right = RIGHT_SIGNED_IN, .handle = bytes_get},
    {.method = GET, .path = "/failing", .right = RIGHT_SIGNED_IN, .handle = failing},
    {.method = GET, .path = "/unreadable", .right = RIGHT_SIGNED_IN, .handle = unreadable},
    {.method = GET, .path = "/slow", .right = RIGHT_SIGNED_IN, .handle = slow},
    {.method = GET, .path = "/live", .right = RIGHT_SIGNED_IN, .handle = live},
    {.method = GET, .path = "/enquiry", .right = RIGHT_PUBLIC, .handle = thing_get},
    {.method = POST, .path = "/enquiry", .right = RIGHT_PUBLIC, .handle = enquiry_post},
    {.method = GET,
     .path = "/set-up",
     .right = RIGHT_PUBLIC,
     .handle = thing_get,
     .flags = ROUTE_SET_UP},
    {0},
};

static const struct actor owner = {
    .staff = 1, .name = "Ann", .role = "owner", .session = 9, .permissions = 7, .theme = "dark"};
static const struct actor bench = {
    .staff = 2, .name = "Bo", .role = "bench", .session = 8, .permissions = 1, .theme = "auto"};
static const struct actor script = {.staff = 1, .name = "Ann", .role = "owner", .permissions = 7};

static enum status identify(struct request *r) {
    const char *cookie = request_cookie(r, "benchpin");
    const char *token = request_header(r, "Authorization");
    if (token != NULL && strcmp(token, "Bearer good") == 0)
        r->cx.actor = &script;
    else if (cookie != NULL && strcmp(cookie, "owner") == 0)
        r->cx.actor = &owner;
    else if (cookie != NULL && strcmp(cookie, "bench") == 0)
        r->cx.actor = &bench;
    return OK;
}

static atomic_bool is_set_up;

static bool shop(struct request *r, struct view *v) {
    (void)r;
    (void)v;
    return atomic_load(&is_set_up);
}

/* ------------------------------------------------------------------ the fixture */

struct fixture {
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    _Atomic(struct server *) server; /* news may come while it is being started */
    struct scratch *scratch;
    const char *temporary;
    char answer[1 << 20];
    int answer_length;
};

static void heard(void *arg, struct store *store, const char *topic, int64_t id) {
    struct fixture *f = arg;
    server_tell(f->server, store, topic, id);
}

static int64_t ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void serve(struct fixture *f, int per_address, const char *proxies) {
    static const struct route *const tables[] = {routes, NULL};
    struct server_settings settings = {.listen = "127.0.0.1:0",
                                       .temporary = f->temporary,
                                       .upload_limit = 1000 * 1000,
                                       .workers = 4,
                                       .trusted_proxy = proxies,
                                       .connections_per_address = per_address,
                                       .cost_right = 2,
                                       .databases = f->databases,
                                       .routes = tables,
                                       .identify = identify,
                                       .shop = shop};
    f->server = server_start(&settings, &f->errors);
    if (f->server == NULL)
        print_error("%s\n", f->errors.first->sentence);
    assert_non_null(f->server);
}

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->errors.arena = arena_new();
    f->scratch = scratch_make(*state != NULL);
    f->temporary = arena_printf(f->arena, "%s/temporary", f->scratch->folder);
    assert_int_equal(mkdir(f->temporary, 0700), 0);
    atomic_store(&is_set_up, true);
    struct database_settings settings = {.data = f->scratch->folder,
                                         .url = f->scratch->url,
                                         .migrations = migrations,
                                         .heard = heard,
                                         .heard_arg = f};
    f->databases = databases_open(&settings, &f->errors);
    assert_non_null(f->databases);
    serve(f, 0, NULL);
    *state = f;
    return 0;
}

static int files_in(const char *folder) {
    DIR *dir = opendir(folder);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    server_stop(f->server);
    databases_close(f->databases);
    int left = files_in(f->temporary);
    scratch_drop(f->scratch);
    arena_free(f->arena);
    free(f);
    return left != 0;
}

/* ------------------------------------------------------------------ a small client */

static int dial(const struct fixture *f) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)server_port(f->server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void say(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server has heard enough */
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* Reads until the end, or `patience` ms of silence; the status, 0 when nothing came. */
static int listen_to(struct fixture *f, int fd, int patience) {
    f->answer_length = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, patience) <= 0)
            break;
        ssize_t got = recv(fd, f->answer + f->answer_length,
                           sizeof f->answer - 1 - (size_t)f->answer_length, 0);
        if (got <= 0)
            break;
        f->answer_length += (int)got;
    }
    f->answer[f->answer_length] = '\0';
    return f->answer_length > 12 ? atoi(f->answer + 9) : 0;
}

static int send_raw(struct fixture *f, const char *bytes, size_t length) {
    int fd = dial(f);
    say(fd, bytes, length);
    int status = listen_to(f, fd, 5000);
    close(fd);
    return status;
}

/* "GET /things" and headers, each ended by \r\n; the body may be NULL. */
static int ask(struct fixture *f, const char *line, const char *headers, const char *body) {
    const char *text = arena_printf(
        f->arena, "%s HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n%s%s\r\n%s", line, headers,
        body == NULL ? "" : arena_printf(f->arena, "Content-Length: %zu\r\n", strlen(body)),
        body == NULL ? "" : body);
    return send_raw(f, text, strlen(text));
}

static bool says(const struct fixture *f, const char *text) {
    return strstr(f->answer, text) != NULL;
}

static const char *body_of(const struct fixture *f) {
    const char *gap = strstr(f->answer, "\r\n\r\n");
    return gap == NULL ? "" : gap + 4;
}

/* The token of a form on the page that was just read. */
static const char *token_of(struct fixture *f) {
    const char *at = strstr(f->answer, "name=\"csrf\" value=\"");
    assert_non_null(at);
    at += strlen("name=\"csrf\" value=\"");
    return arena_text_n(f->arena, at, strcspn(at, "\""));
}

#define OWNER "Cookie: benchpin=owner\r\n"
#define BEARER "Authorization: Bearer good\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"

static int64_t count_things(struct fixture *f) {
    assert_int_equal(ask(f, "GET /api/v1/things", BEARER, NULL), 200);
    const char *at = strstr(body_of(f), "\"count\":");
    assert_non_null(at);
    return atoll(at + 8);
}

/* ------------------------------------------------------------------ the rules */

static void health_needs_nobody(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /healthz", "", NULL), 200);
    assert_string_equal(body_of(f), "{\"status\":\"ok\"}\n");
    assert_int_equal(ask(f, "HEAD /healthz", "", NULL), 200);
    assert_string_equal(body_of(f), "");
}

static void every_answer_carries_the_guards(void **state) {
    struct fixture *f = *state;
    const char *lines[] = {"GET /healthz", "GET /", "GET /nowhere", "GET /api/v1/things"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ask(f, lines[i], OWNER, NULL);
        assert_true(says(f, "Content-Security-Policy: default-src 'none'; script-src 'self';"));
        assert_false(says(f, "unsafe"));
        assert_true(says(f, "X-Content-Type-Options: nosniff"));
        assert_true(says(f, "Referrer-Policy: same-origin"));
        assert_true(says(f, "Cache-Control: no-store, private"));
        assert_false(says(f, "Strict-Transport-Security"));
    }
}

static void who_is_not_signed_in_is_led_there(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /things/4?a=b%20c", "", NULL), 303);
    assert_true(says(f, "Location: /sign-in?next=/things/4%3Fa%3Db%2520c\r\n"));
}

static void the_api_asks_for_a_token(void **state) {
    struct fixture *f = *state;
    const char *lines[] = {"GET /api/v1/things", "GET /api/v1/unknown/path", "GET /api/v1",
                           "DELETE /api/v1/things"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_int_equal(ask(f, lines[i], "", NULL), 401);
        assert_true(says(f, "WWW-Authenticate: Bearer"));
        assert_true(says(f, "Content-Type: application/problem+json"));
        assert_true(says(f, "\"code\":\"not_signed_in\""));
    }
    assert_int_equal(ask(f, "GET /api/v1/unknown/path", BEARER, NULL), 404);
    assert_int_equal(ask(f, "GET /api/v1/things", BEARER, NULL), 200);
}

static void a_right_that_is_missing_denies(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /owner", "Cookie: benchpin=bench\r\n", NULL), 403);
    assert_int_equal(ask(f, "GET /owner", OWNER, NULL), 200);
}

static void costs_are_left_out_for_those_who_may_not_see_them(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /api/v1/things/3", OWNER, NULL), 200);
    assert_true(says(f, "\"cost\":5"));
    assert_int_equal(ask(f, "GET /api/v1/things/3", "Cookie: benchpin=bench\r\n", NULL), 200);
    assert_false(says(f, "cost"));
}

static void unknown_paths_and_methods_are_told_apart(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /nowhere", OWNER, NULL), 404);
    assert_int_equal(ask(f, "GET /things/abc", OWNER, NULL), 404);
    assert_int_equal(ask(f, "GET /things//3", OWNER, NULL), 404);
    assert_int_equal(ask(f, "GET /things/..%2f3", OWNER, NULL), 404);
    assert_int_equal(ask(f, "GET /things/%ff", OWNER, NULL), 400);
    assert_int_equal(ask(f, "GET /things/3?q=%ff", OWNER, NULL), 400);
    assert_int_equal(ask(f, "DELETE /things", OWNER, NULL), 405);
    assert_true(says(f, "Allow: GET, HEAD, POST, OPTIONS\r\n"));
    assert_int_equal(ask(f, "BREW /things", OWNER, NULL), 405);
    assert_int_equal(ask(f, "OPTIONS /things", OWNER, NULL), 204);
    assert_true(says(f, "Allow: GET, HEAD, POST, OPTIONS\r\n"));
    assert_int_equal(ask(f, "GET /things/?a=1", OWNER, NULL), 308);
    assert_true(says(f, "Location: /things?a=1\r\n"));
}

static void head_is_get_without_the_body(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "HEAD /things/3", OWNER, NULL), 200);
    assert_string_equal(body_of(f), "");
    assert_false(says(f, "Content-Length: 0"));
    assert_int_equal(ask(f, "HEAD /live", OWNER, NULL), 200);
}

static void the_same_model_is_page_and_json(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /things/3", OWNER, NULL), 200);
    assert_true(says(f, "Content-Type: text/html; charset=utf-8"));
    assert_true(says(f, "<p>Ring</p>"));
    assert_int_equal(ask(f, "GET /things/3", OWNER "Accept: application/json\r\n", NULL), 200);
    assert_true(says(f, "\"name\":\"Ring\""));
    assert_int_equal(ask(f, "GET /things/3", OWNER "Accept: text/html, application/json\r\n", NULL),
                     200);
    assert_true(says(f, "<p>Ring</p>"));
}

static void json_faults_name_their_field(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "POST /api/v1/things", BEARER JSON, "{\"size\":101,\"x\":1}"), 422);
    assert_true(says(f, "application/problem+json"));
    assert_true(says(f, "\"field\":\"name\",\"code\":\"required\""));
    assert_true(says(f, "\"field\":\"size\""));
    assert_true(says(f, "\"field\":\"x\""));
    assert_true(says(f, "\"instance\":\"urn:benchpin:request:"));
    const char *broken[] = {"{",
                            "{\"name\":\"a\",\"name\":\"b\"}",
                            "{\"name\":\"\xff\"}",
                            "",
                            "[]",
                            "{\"name\":\"a\\u0000\"}",
                            "null"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(ask(f, "POST /api/v1/things", BEARER JSON, broken[i]),
                         *broken[i] == '\0' ? 422 : 400);
    assert_int_equal(ask(f, "POST /api/v1/things", BEARER "Content-Type: text/plain\r\n", "name=a"),
                     415);
    assert_int_equal(ask(f, "POST /api/v1/things",
                         BEARER "Content-Type: multipart/form-data; boundary=X\r\n", "--X--"),
                     415);
    assert_int_equal(count_things(f), 0);
}

static void a_form_comes_back_with_what_was_typed(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /things/3", OWNER, NULL), 200);
    const char *token = token_of(f);
    const char *body = arena_printf(f->arena, "csrf=%s&name=Oval&size=1000", token);
    assert_int_equal(ask(f, "POST /things", OWNER FORM, body), 422);
    assert_true(says(f, "typed=Oval"));
    body = arena_printf(f->arena, "csrf=%s&name=", token);
    assert_int_equal(ask(f, "POST /things", OWNER FORM, body), 422);
    assert_true(says(f, "fault=required"));
    body = arena_printf(f->arena, "csrf=%s&name=twin", token);
    assert_int_equal(ask(f, "POST /things", OWNER FORM, body), 409);
    assert_true(says(f, "typed=twin fault=taken"));
    assert_int_equal(count_things(f), 0);
}

static void a_post_leads_on_and_tells_it_once(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /things/3", OWNER, NULL), 200);
    const char *body = arena_printf(f->arena, "csrf=%s&name=Oval", token_of(f));
    assert_int_equal(ask(f, "POST /things", OWNER FORM, body), 303);
    assert_true(says(f, "Location: /things/1\r\n"));
    const char *at = strstr(f->answer, "Set-Cookie: flash=");
    assert_non_null(at);
    const char *flash = arena_text_n(f->arena, at + 12, strcspn(at + 12, ";"));
    assert_int_equal(ask(f, "GET /things/1",
                         arena_printf(f->arena, "Cookie: benchpin=owner; %s\r\n", flash), NULL),
                     200);
    assert_true(says(f, "Made a thing.|/things/undo"));
    assert_true(says(f, "Set-Cookie: flash=; "));
    assert_int_equal(ask(f, "GET /things/1", "Cookie: benchpin=owner; flash=e30\r\n", NULL), 200);
    assert_int_equal(ask(f, "GET /things/1", "Cookie: benchpin=owner; flash=%%%\r\n", NULL), 200);
}

static void a_post_from_elsewhere_is_refused(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /things/3", OWNER, NULL), 200);
    const char *token = token_of(f);
    const char *good = arena_printf(f->arena, "csrf=%s&name=a", token);
    assert_int_equal(ask(f, "POST /things", OWNER FORM, "name=a"), 403);
    assert_int_equal(ask(f, "POST /things", OWNER FORM, "name=a&csrf=abc"), 403);
    assert_int_equal(ask(f, "POST /things", "Cookie: benchpin=bench\r\n" FORM, good), 403);
    assert_int_equal(ask(f, "POST /api/v1/things", OWNER JSON, "{\"name\":\"a\"}"), 403);
    assert_int_equal(ask(f, "POST /things", OWNER FORM "Origin: http://evil.example\r\n", good),
                     403);
    assert_int_equal(ask(f, "POST /things", OWNER FORM "Origin: null\r\n", good), 403);
    assert_int_equal(ask(f, "POST /things", OWNER FORM "Sec-Fetch-Site: cross-site\r\n", good),
                     403);
    assert_int_equal(count_things(f), 0);
    assert_int_equal(ask(f, "POST /things",
                         OWNER FORM "Origin: http://shop\r\nSec-Fetch-Site: same-origin\r\n", good),
                     303);
    const char *header = arena_printf(f->arena, OWNER JSON "X-CSRF-Token: %s\r\n", token);
    assert_int_equal(ask(f, "POST /api/v1/things", header, "{\"name\":\"a\"}"), 201);
    assert_int_equal(ask(f, "POST /api/v1/things", BEARER JSON, "{\"name\":\"a\"}"), 201);
    assert_int_equal(count_things(f), 3);
}

static void a_visitor_gets_a_token_with_the_form(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /enquiry", "", NULL), 200);
    const char *at = strstr(f->answer, "Set-Cookie: visit=");
    assert_non_null(at);
    assert_true(says(f, "HttpOnly; SameSite=Lax"));
    const char *visit = arena_text_n(f->arena, at + 12, strcspn(at + 12, ";"));
    const char *cookie = arena_printf(f->arena, "Cookie: %s\r\n" FORM, visit);
    const char *body = arena_printf(f->arena, "csrf=%s", token_of(f));
    assert_int_equal(ask(f, "POST /enquiry", FORM, body), 403);
    assert_int_equal(ask(f, "POST /enquiry", cookie, "csrf=1"), 403);
    assert_int_equal(ask(f, "POST /enquiry", cookie, body), 303);
    assert_true(says(f, "Location: /\r\n")); /* never to another host */
    assert_int_equal(ask(f, "GET /enquiry", arena_printf(f->arena, "Cookie: %s\r\n", visit), NULL),
                     200);
    assert_false(says(f, "Set-Cookie"));
}

static void a_repeat_is_answered_from_the_record(void **state) {
    struct fixture *f = *state;
    const char *headers = BEARER JSON "Idempotency-Key: key-0001\r\n";
    assert_int_equal(ask(f, "POST /api/v1/things", headers, "{\"name\":\"a\"}"), 201);
    const char *first = arena_text(f->arena, body_of(f));
    assert_true(says(f, "Location: /api/v1/things/1\r\n"));
    assert_true(says(f, "Benchpin-Undo: /things/undo\r\n"));
    assert_true(says(f, "Benchpin-Flash: Made%20a%20thing.\r\n"));
    assert_false(says(f, "Idempotency-Replayed"));
    assert_int_equal(ask(f, "POST /api/v1/things", headers, "{\"name\":\"a\"}"), 201);
    assert_string_equal(body_of(f), first);
    assert_true(says(f, "Location: /api/v1/things/1\r\n"));
    assert_true(says(f, "Idempotency-Replayed: true"));
    assert_int_equal(ask(f, "POST /api/v1/things", headers, "{\"name\":\"b\"}"), 422);
    assert_true(says(f, "\"code\":\"key_reused\""));
    assert_int_equal(count_things(f), 1);
    /* Another person's key of the same name is another key. */
    assert_int_equal(ask(f, "GET /things/3", "Cookie: benchpin=bench\r\n", NULL), 200);
    const char *other = arena_printf(f->arena,
                                     "Cookie: benchpin=bench\r\nX-CSRF-Token: %s\r\n" JSON
                                     "Idempotency-Key: key-0001\r\n",
                                     token_of(f));
    assert_int_equal(ask(f, "POST /api/v1/things", other, "{\"name\":\"b\"}"), 201);
    assert_int_equal(count_things(f), 2);
    assert_int_equal(
        ask(f, "POST /api/v1/things", BEARER JSON "Idempotency-Key: short\r\n", "{\"name\":\"a\"}"),
        422);
    assert_int_equal(count_things(f), 2);
}

static void a_refused_request_leaves_its_key_free(void **state) {
    struct fixture *f = *state;
    const char *headers = BEARER JSON "Idempotency-Key: key-0002\r\n";
    assert_int_equal(ask(f, "POST /api/v1/things", headers, "{\"name\":\"twin\"}"), 409);
    assert_int_equal(ask(f, "POST /api/v1/things", headers, "{\"name\":\"one\"}"), 201);
    assert_int_equal(count_things(f), 1);
}

static void a_form_sent_twice_happens_once(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /things/3", OWNER, NULL), 200);
    const char *first = token_of(f);
    assert_int_equal(ask(f, "GET /things/3", OWNER, NULL), 200);
    const char *second = token_of(f);
    assert_string_not_equal(first, second);
    for (int i = 0; i < 2; i++) {
        const char *body = arena_printf(f->arena, "csrf=%s&idempotency_key=form-0001&name=Oval",
                                        i == 0 ? first : second);
        assert_int_equal(ask(f, "POST /things", OWNER FORM, body), 303);
        assert_true(says(f, "Location: /things/1\r\n"));
    }
    assert_int_equal(count_things(f), 1);
}

static void signing_in_twice_gives_the_cookie_twice(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ask(f, "POST /api/v1/session", JSON "Idempotency-Key: key-0003\r\n",
                             "{\"name\":\"a\"}"),
                         201);
        assert_true(says(f, "Set-Cookie: benchpin=owner"));
        assert_false(says(f, "Idempotency-Replayed"));
    }
}

struct racer {
    struct fixture *f;
    int status;
};

static void *race(void *arg) {
    struct racer *racer = arg;
    const struct fixture *f = racer->f;
    static const char text[] =
        "POST /api/v1/things HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" BEARER JSON
        "Idempotency-Key: race-0001\r\n"
        "Content-Length: 12\r\n\r\n{\"name\":\"a\"}";
    char answer[4096];
    int fd = dial(f);
    say(fd, text, sizeof text - 1);
    ssize_t length = recv(fd, answer, sizeof answer - 1, 0);
    answer[length < 0 ? 0 : length] = '\0';
    racer->status = atoi(answer + 9);
    close(fd);
    return NULL;
}

static void repeats_at_the_same_time_happen_once(void **state) {
    struct fixture *f = *state;
    enum { RACERS = 16 };
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.f = f};
        pthread_create(&threads[i], NULL, race, &racers[i]);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(racers[i].status, 201);
    }
    assert_int_equal(count_things(f), 1);
}

static void our_own_fault_is_told_without_detail(void **state) {
    struct fixture *f = *state;
    log_from((enum log_level)(LOG_ERROR_ + 1)); /* it is told there */
    assert_int_equal(ask(f, "GET /api/v1/failing", BEARER, NULL), 500);
    assert_false(says(f, "secret"));
    assert_true(says(f, "\"code\":\"failed\""));
    assert_int_equal(ask(f, "GET /failing", OWNER, NULL), 500);
    assert_false(says(f, "secret"));
    assert_int_equal(ask(f, "GET /unreadable", OWNER, NULL), 500);
    log_from(LOG_INFO_);
}

static void a_body_declared_too_large_is_refused_unread(void **state) {
    struct fixture *f = *state;
    const char *lines[] = {"POST", "PATCH", "PUT"};
    for (size_t i = 0; i < 3; i++) {
        const char *text = arena_printf(f->arena,
                                        "%s /api/v1/things%s HTTP/1.1\r\nHost: shop\r\n" BEARER JSON
                                        "Content-Length: 2000000000\r\n\r\n{\"name\":",
                                        lines[i], i == 1 ? "/1" : "");
        int64_t start = ms();
        int status = send_raw(f, text, strlen(text));
        assert_int_equal(status, 413);
        assert_true(says(f, "Connection: close"));
        assert_true(ms() - start < 3000);
    }
    static const char upload[] = "POST /api/v1/pictures HTTP/1.1\r\nHost: shop\r\n" BEARER
                                 "Content-Type: multipart/form-data; boundary=X\r\n"
                                 "Expect: 100-continue\r\nContent-Length: 2000000000\r\n\r\n";
    assert_int_equal(send_raw(f, upload, sizeof upload - 1), 413);
}

/* A chunked body of `chunks` times 64 KB, after what `text` holds already. */
static int send_chunks(struct fixture *f, struct buf *text, int chunks, const char *end) {
    for (int i = 0; i < chunks; i++) {
        buf_lit(text, "10000\r\n");
        for (int k = 0; k < 0x10000 / 16; k++)
            buf_lit(text, "xxxxxxxxxxxxxxxx");
        buf_lit(text, "\r\n");
    }
    buf_printf(text, "%zx\r\n%s\r\n0\r\n\r\n", strlen(end), end);
    int status = send_raw(f, text->at, text->length);
    buf_free(text);
    return status;
}

static void a_chunked_body_is_counted(void **state) {
    struct fixture *f = *state;
    struct buf text = {0};
#define CHUNKED(line, type)                                                                        \
    buf_lit(&text, line " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" BEARER type             \
                        "Transfer-Encoding: chunked\r\n\r\n")
    CHUNKED("POST /api/v1/things", JSON);
    assert_int_equal(send_chunks(f, &text, 20, "x"), 413);
    CHUNKED("POST /api/v1/things", JSON);
    buf_lit(&text, "9\r\n{\"name\":\"\r\n");
    assert_int_equal(send_chunks(f, &text, 0, "a\"}"), 201);
#define PART_HEAD "--X\r\nContent-Disposition: form-data; name=\"p\"; filename=\"p.png\"\r\n\r\n"
    CHUNKED("POST /api/v1/pictures", "Content-Type: multipart/form-data; boundary=X\r\n");
    buf_printf(&text, "%zx\r\n%s\r\n", strlen(PART_HEAD), PART_HEAD);
    assert_int_equal(send_chunks(f, &text, 20, "\r\n--X--"), 413);
    assert_true(says(f, "\"field\":\"p\",\"code\":\"too_large\""));
    CHUNKED("POST /api/v1/pictures", "Content-Type: multipart/form-data; boundary=X\r\n");
    buf_printf(&text, "%zx\r\n%s\r\n", strlen(PART_HEAD), PART_HEAD);
    assert_int_equal(send_chunks(f, &text, 12, "\r\n--X--"), 200);
    assert_true(says(f, "{\"count\":1,\"size\":786432}"));
    assert_int_equal(files_in(f->temporary), 0);
}

static void an_upload_is_refused_before_it_is_read(void **state) {
    struct fixture *f = *state;
    const char *body = PART_HEAD "xxx\r\n--X--";
    const char *type = "Content-Type: multipart/form-data; boundary=X\r\n";
    assert_int_equal(ask(f, "POST /api/v1/pictures", type, body), 401);
    assert_int_equal(ask(f, "POST /pictures", arena_printf(f->arena, OWNER "%s", type), body), 403);
    assert_int_equal(
        ask(f, "POST /api/v1/pictures", arena_printf(f->arena, BEARER "%s", type), body), 200);
    assert_true(says(f, "{\"count\":1,\"size\":3}"));
    assert_int_equal(
        ask(f, "POST /api/v1/pictures", arena_printf(f->arena, BEARER "%s", type), "--X\r\nbroken"),
        400);
    assert_int_equal(ask(f, "POST /api/v1/pictures", BEARER JSON, "{}"), 200);
    assert_int_equal(files_in(f->temporary), 0);
}

static void files_answer_ranges_and_tags(void **state) {
    struct fixture *f = *state;
    FILE *file = fopen("/tmp/benchpin-http-file", "w");
    fputs("0123456789", file);
    fclose(file);
    assert_int_equal(ask(f, "GET /file", OWNER, NULL), 200);
    assert_string_equal(body_of(f), "0123456789");
    assert_true(says(f, "sandbox"));
    const char *at = strstr(f->answer, "ETag: ") + 6;
    const char *etag = arena_text_n(f->arena, at, strcspn(at, "\r"));
    assert_int_equal(
        ask(f, "GET /file", arena_printf(f->arena, OWNER "If-None-Match: %s\r\n", etag), NULL),
        304);
    const struct {
        const char *range, *body;
        int status;
    } cases[] = {{"bytes=2-4", "234", 206},        {"bytes=7-", "789", 206},
                 {"bytes=-2", "89", 206},          {"bytes=5-100", "56789", 206},
                 {"bytes=10-", "", 416},           {"bytes=4-2", "0123456789", 200},
                 {"bytes=a-b", "0123456789", 200}, {"bytes=0-1,3-4", "0123456789", 200},
                 {"bytes=-", "0123456789", 200},   {"bytes=0-9", "0123456789", 200}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *headers = arena_printf(f->arena, OWNER "Range: %s\r\n", cases[i].range);
        assert_int_equal(ask(f, "GET /file", headers, NULL), cases[i].status);
        assert_string_equal(body_of(f), cases[i].body);
    }
    unlink("/tmp/benchpin-http-file");
    assert_int_equal(ask(f, "GET /file", OWNER, NULL), 404);
}

static void answers_are_compressed_for_those_who_ask(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /bytes", OWNER, NULL), 200);
    assert_int_equal(strlen(body_of(f)), 2500);
    assert_true(says(f, "filename=\"w__"
                        "_rds.txt\"; filename*=UTF-8''w%22%C3%B6rds.txt"));
    assert_int_equal(ask(f, "GET /bytes", OWNER "Accept-Encoding: br, gzip\r\n", NULL), 200);
    assert_true(says(f, "Content-Encoding: gzip"));
    assert_true(f->answer_length < 2000);
    assert_int_equal(ask(f, "GET /bytes", OWNER "Accept-Encoding: gzip;q=0\r\n", NULL), 200);
    assert_false(says(f, "Content-Encoding"));
}

static void before_set_up_everything_leads_there(void **state) {
    struct fixture *f = *state;
    atomic_store(&is_set_up, false);
    assert_int_equal(ask(f, "GET /things", "", NULL), 303);
    assert_true(says(f, "Location: /set-up\r\n"));
    assert_int_equal(ask(f, "GET /nowhere", "", NULL), 303);
    assert_int_equal(ask(f, "GET /api/v1/things", "", NULL), 503);
    assert_true(says(f, "\"code\":\"not_set_up\""));
    assert_int_equal(ask(f, "GET /set-up", "", NULL), 200);
    assert_int_equal(ask(f, "GET /healthz", "", NULL), 200);
}

static void the_document_describes_the_routes(void **state) {
    struct fixture *f = *state;
    assert_int_equal(ask(f, "GET /api/v1/openapi.json", "", NULL), 200);
    json_error_t error;
    json_t *document = json_loads(body_of(f), JSON_REJECT_DUPLICATES, &error);
    if (document == NULL)
        print_error("%s at %d\n", error.text, error.position);
    assert_non_null(document);
    const json_t *paths = json_object_get(document, "paths");
    const json_t *post = json_object_get(json_object_get(paths, "/things"), "post");
    assert_string_equal(json_string_value(json_object_get(post, "operationId")), "post_things");
    const json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
    assert_non_null(json_object_get(schemas, "Thing"));
    assert_non_null(json_object_get(schemas, "ThingInput"));
    assert_non_null(json_object_get(schemas, "Count"));
    json_decref(document);
}

static void several_requests_share_a_connection(void **state) {
    struct fixture *f = *state;
    static const char text[] =
        "GET /api/v1/things HTTP/1.1\r\nHost: shop\r\n" BEARER "\r\n"
        "POST /api/v1/things HTTP/1.1\r\nHost: shop\r\n" BEARER JSON
        "Content-Length: 12\r\n\r\n{\"name\":\"a\"}"
        "POST /api/v1/unknown HTTP/1.1\r\nHost: shop\r\n" BEARER JSON
        "Content-Length: 12\r\n\r\n{\"name\":\"a\"}"
        "GET /api/v1/things HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" BEARER "\r\n";
    assert_int_equal(send_raw(f, text, sizeof text - 1), 200);
    int answers = 0;
    for (const char *at = f->answer; (at = strstr(at, "HTTP/1.1 ")) != NULL; at++)
        answers++;
    assert_int_equal(answers, 4);
    assert_true(says(f, "HTTP/1.1 404"));
    assert_true(says(f, "{\"count\":1,"));
}

static void slow_headers_are_cut_off(void **state) {
    struct fixture *f = *state;
    int fd = dial(f);
    int64_t start = ms();
    const char *text = "GET /healthz HTTP/1.1\r\nHost: shop\r\nX-Slow: yes, very very slow";
    size_t sent = 0;
    struct pollfd gone = {.fd = fd, .events = POLLIN};
    while (ms() - start < 20000 && poll(&gone, 1, 500) == 0)
        if (text[sent] != '\0')
            say(fd, text + sent++, 1);
    int64_t took = ms() - start;
    assert_true(took > 8000 && took < 13000);
    close(fd);
    assert_int_equal(ask(f, "GET /healthz", "", NULL), 200);
}

static void one_address_cannot_take_every_connection(void **state) {
    struct fixture *f = *state;
    server_stop(f->server);
    serve(f, 3, NULL);
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = dial(f);
        static const char text[] = "GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n";
        say(fds[i], text, sizeof text - 1);
        assert_int_equal(listen_to(f, fds[i], 300), 200);
    }
    assert_int_equal(ask(f, "GET /healthz", "", NULL), 0);
    close(fds[0]);
    usleep(300 * 1000);
    assert_int_equal(ask(f, "GET /healthz", "", NULL), 200);
    close(fds[1]);
    close(fds[2]);
}

static void behind_a_proxy_the_forwarded_address_counts(void **state) {
    struct fixture *f = *state;
    server_stop(f->server);
    serve(f, 2, "10.0.0.0/8, 127.0.0.1");
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = dial(f);
        const char *text = arena_printf(f->arena,
                                        "GET /live HTTP/1.1\r\nHost: shop\r\n" OWNER
                                        "X-Forwarded-For: 203.0.113.9, 192.0.2.%d, 10.1.2.3\r\n"
                                        "\r\n",
                                        i == 2 ? 8 : 7);
        say(fds[i], text, strlen(text));
        assert_int_equal(listen_to(f, fds[i], 200), 200);
    }
    assert_int_equal(ask(f, "GET /things/1", OWNER "X-Forwarded-For: 192.0.2.7\r\n", NULL), 429);
    assert_int_equal(ask(f, "GET /things/1", OWNER "X-Forwarded-For: 192.0.2.8\r\n", NULL), 200);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

static void news_reach_every_stream(void **state) {
    struct fixture *f = *state;
    enum { LISTENERS = 50 };
    int fds[LISTENERS];
    static const char text[] = "GET /live HTTP/1.1\r\nHost: shop\r\n" OWNER "\r\n";
    for (int i = 0; i < LISTENERS; i++) {
        fds[i] = dial(f);
        say(fds[i], text, sizeof text - 1);
    }
    assert_int_equal(listen_to(f, fds[0], 300), 200);
    assert_true(says(f, "Content-Type: text/event-stream"));
    assert_int_equal(ask(f, "POST /api/v1/things", BEARER JSON, "{\"name\":\"a\"}"), 201);
    int64_t start = ms();
    listen_to(f, fds[0], 400);
    assert_true(says(f, "event: news\ndata: {\"topic\":\"thing\",\"id\":1}\n\n"));
    assert_true(ms() - start < 1000);
    for (int i = 1; i < LISTENERS; i++) {
        listen_to(f, fds[i], 20);
        assert_true(says(f, "{\"topic\":\"thing\",\"id\":1}"));
    }
    /* More news than a stream keeps becomes "all". */
    for (int i = 0; i < 200; i++)
        server_tell(f->server, databases_default(f->databases), "job", i);
    listen_to(f, fds[0], 300);
    assert_true(says(f, "{\"topic\":\"all\",\"id\":0}"));
    for (int i = 0; i < LISTENERS; i++)
        close(fds[i]);
}

static void stopping_waits_for_nobody_who_only_listens(void **state) {
    struct fixture *f = *state;
    int fds[40];
    for (int i = 0; i < 40; i++) {
        fds[i] = dial(f);
        const char *text = i % 2 == 0 ? "GET /live HTTP/1.1\r\nHost: shop\r\n" OWNER "\r\n"
                                      : "GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n";
        say(fds[i], text, strlen(text));
        assert_int_equal(listen_to(f, fds[i], 50), 200);
    }
    int busy = dial(f);
    static const char text[] = "GET /api/v1/slow HTTP/1.1\r\nHost: shop\r\n" BEARER "\r\n";
    say(busy, text, sizeof text - 1);
    usleep(50 * 1000);
    int64_t start = ms();
    server_stop(f->server);
    assert_true(ms() - start < 3000);
    /* What was under way has been answered. */
    assert_int_equal(listen_to(f, busy, 500), 200);
    for (int i = 0; i < 40; i++)
        close(fds[i]);
    close(busy);
    serve(f, 0, NULL);
}

static void a_wrong_setting_is_told(void **state) {
    struct fixture *f = *state;
    static const struct route closed[] = {{.method = GET, .path = "/x", .handle = thing_get}, {0}};
    static const struct route *const bad[] = {closed, NULL};
    static const struct route *const good[] = {routes, NULL};
    const struct server_settings settings[] = {
        {.listen = "127.0.0.1:0", .routes = bad},
        {.listen = "nonsense", .routes = good},
        {.listen = "127.0.0.1:0", .routes = good, .trusted_proxy = "10.0.0.0/99"},
        {.listen = "127.0.0.1:0", .routes = good, .certificate = "/tmp/none.pem"},
        {.listen = "127.0.0.1:0", .routes = good, .certificate = "/tmp/none", .key = "/tmp/none"},
        {.listen = arena_printf(f->arena, "127.0.0.1:%d", server_port(f->server)), .routes = good},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        errors_clear(&f->errors);
        assert_null(server_start(&settings[i], &f->errors));
        assert_true(errors_any(&f->errors));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_SQLITE(health_needs_nobody),
        ON_SQLITE(every_answer_carries_the_guards),
        ON_SQLITE(who_is_not_signed_in_is_led_there),
        ON_SQLITE(the_api_asks_for_a_token),
        ON_SQLITE(a_right_that_is_missing_denies),
        ON_SQLITE(costs_are_left_out_for_those_who_may_not_see_them),
        ON_SQLITE(unknown_paths_and_methods_are_told_apart),
        ON_SQLITE(head_is_get_without_the_body),
        ON_SQLITE(the_same_model_is_page_and_json),
        ON_SQLITE(json_faults_name_their_field),
        ON_SQLITE(a_form_comes_back_with_what_was_typed),
        ON_SQLITE(a_post_leads_on_and_tells_it_once),
        ON_SQLITE(a_post_from_elsewhere_is_refused),
        ON_SQLITE(a_visitor_gets_a_token_with_the_form),
        ON_SQLITE(a_repeat_is_answered_from_the_record),
        ON_SQLITE(a_refused_request_leaves_its_key_free),
        ON_SQLITE(a_form_sent_twice_happens_once),
        ON_SQLITE(repeats_at_the_same_time_happen_once),
        ON_SQLITE(signing_in_twice_gives_the_cookie_twice),
        ON_SQLITE(our_own_fault_is_told_without_detail),
        ON_SQLITE(a_body_declared_too_large_is_refused_unread),
        ON_SQLITE(a_chunked_body_is_counted),
        ON_SQLITE(an_upload_is_refused_before_it_is_read),
        ON_SQLITE(files_answer_ranges_and_tags),
        ON_SQLITE(answers_are_compressed_for_those_who_ask),
        ON_SQLITE(before_set_up_everything_leads_there),
        ON_SQLITE(the_document_describes_the_routes),
        ON_SQLITE(several_requests_share_a_connection),
        ON_SQLITE(slow_headers_are_cut_off),
        ON_SQLITE(one_address_cannot_take_every_connection),
        ON_SQLITE(behind_a_proxy_the_forwarded_address_counts),
        ON_SQLITE(news_reach_every_stream),
        ON_SQLITE(stopping_waits_for_nobody_who_only_listens),
        ON_SQLITE(a_wrong_setting_is_told),
        ON_POSTGRES(a_form_comes_back_with_what_was_typed),
        ON_POSTGRES(a_post_leads_on_and_tells_it_once),
        ON_POSTGRES(a_repeat_is_answered_from_the_record),
        ON_POSTGRES(a_refused_request_leaves_its_key_free),
        ON_POSTGRES(a_form_sent_twice_happens_once),
        ON_POSTGRES(repeats_at_the_same_time_happen_once),
        ON_POSTGRES(our_own_fault_is_told_without_detail),
        ON_POSTGRES(news_reach_every_stream),
    };
    return SCRATCH_RUN("server", tests);
}
