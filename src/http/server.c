/* The server's life, and the seam to libmicrohttpd: its callbacks run on the event threads, which
 * only parse and queue. */
#include "http/inside.h"

#include "base/log.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    EVENT_THREADS = 2,
    CONNECTIONS = 1000,
    WORKERS = 32,
    IDLE_SECONDS = 60,  /* the library's own, behind ours: no connection is forgotten */
    DRAIN = 250,        /* ms in which a connection that is open may still ask something */
    PATIENCE = 2500,    /* ms that server_stop() waits for what is under way */
    LAST_ANSWERS = 100, /* ms for the event threads to send what the workers finished last */
};

/* ------------------------------------------------------------------ a request's first moments */

static void refuse(struct exchange *x, enum status status, const char *code, const char *sentence) {
    if (x->refused != OK)
        return;
    x->refused = status;
    x->refused_code = code;
    x->refused_sentence = sentence;
}

/* Hands the exchange to a worker; its connection sleeps meanwhile. */
static enum MHD_Result hand_over(struct exchange *x, enum task task) {
    x->task = task;
    x->step = STEP_WORK;
    connection_deadline(x->connection, INT64_MAX);
    struct MHD_Connection *mhd = x->mhd;
    MHD_suspend_connection(mhd);
    if (!workers_put(x->server->workers, x)) {
        x->step = STEP_DROPPED;
        MHD_resume_connection(mhd);
    }
    return MHD_YES;
}

static void body_deadline(struct exchange *x) {
    int64_t time = BODY_TIME + x->received / BODY_RATE;
    int64_t spent = clock_ms() - x->started;
    if (time > BODY_TIME_MOST)
        time = BODY_TIME_MOST;
    connection_deadline(x->connection, time - spent);
}

/* What kind of body comes, and whether it may. */
static void body_expect(struct exchange *x) {
    const char *length = header_of(x, "Content-Length");
    const char *encoding = header_of(x, "Transfer-Encoding");
    x->chunked = encoding != NULL && strcasestr(encoding, "chunked") != NULL;
    x->declared = length == NULL ? 0 : strtoll(length, NULL, 10);
    if (x->declared == 0 && !x->chunked)
        return;
    if (x->r.method == GET || x->r.method == 0) {
        x->draining = true;
        return;
    }
    const char *type = header_of(x, "Content-Type"), *boundary;
    size_t boundary_length;
    bool uploads = x->r.route != NULL && (x->r.route->flags & ROUTE_UPLOAD);
    x->body_kind = type == NULL ? BODY_OTHER : body_kind_of(type, &boundary, &boundary_length);
    if (x->body_kind == BODY_PARTS && !uploads)
        x->body_kind = BODY_OTHER;
    if (x->r.route == NULL)
        x->draining = true;
    else if (x->body_kind == BODY_OTHER)
        refuse(x, WRONG_TYPE, "wrong_type",
               uploads ? "This address takes multipart/form-data."
                       : "This address takes application/json or a form.");
    int64_t most =
        x->body_kind == BODY_PARTS ? 4 * x->server->settings.upload_limit + BODY_MOST : BODY_MOST;
    if (x->declared > most)
        refuse(x, TOO_LARGE, "too_large", "What was sent is too large.");
    if (x->refused != OK)
        x->draining = true;
    /* A short body is read for politeness; for a long one, or where the sender waits for leave, the
     * answer goes out at once. */
    if (x->draining && (x->declared > BODY_MOST || header_of(x, "Expect") != NULL))
        x->close = true;
}

static void address_find(struct exchange *x) {
    strcpy(x->address, x->connection != NULL ? x->connection->address : "unknown");
    if (x->connection == NULL || !x->connection->trusted)
        return;
    const char *forwarded = header_of(x, "X-Forwarded-For");
    const char *protocol = header_of(x, "X-Forwarded-Proto");
    if (protocol != NULL && strcasecmp(protocol, "https") == 0)
        x->https = true;
    if (forwarded == NULL)
        return;
    address_forwarded(x->server->connections, forwarded, x->address);
    x->counted = address_enter(x->server->connections, x->address);
    if (!x->counted)
        refuse(x, TOO_MANY, "too_many", "Too many requests from this address at once.");
}

static enum MHD_Result send_response(struct exchange *x) {
    x->step = STEP_SENT;
    connection_deadline(x->connection,
                        x->streaming ? INT64_MAX : ANSWER_TIME + x->sending / BODY_RATE);
    enum MHD_Result sent = MHD_queue_response(x->mhd, (unsigned)x->status, x->response);
    MHD_destroy_response(x->response);
    x->response = NULL;
    return sent;
}

static enum MHD_Result begin(struct exchange *x, const char *method) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->connection = info == NULL ? NULL : info->socket_context;
    x->https = x->server->https;
    exchange_begin(x, method);
    address_find(x);
    /* An answer at the first call would close the connection: it is sent at the second. */
    if (x->refused == OK && static_answer(x)) {
        x->step = STEP_ANSWERED;
        return MHD_YES;
    }
    exchange_route(x);
    body_expect(x);
    if (x->close)
        return hand_over(x, TASK_HANDLE);
    if (x->body_kind == BODY_PARTS && x->refused == OK)
        return hand_over(x, TASK_ADMIT);
    x->step = STEP_BODY;
    body_deadline(x);
    return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *x, const char *bytes, size_t *length) {
    size_t more = *length;
    *length = 0;
    x->received += (int64_t)more;
    body_deadline(x);
    if (x->draining)
        return x->received > LATE_MOST + 4 * x->server->settings.upload_limit ? MHD_NO : MHD_YES;
    if (x->body_kind == BODY_PARTS) {
        buf_put(&x->body, bytes, more);
        return x->body.length < CHUNK ? MHD_YES : hand_over(x, TASK_CHUNK);
    }
    x->reserved += (int64_t)more;
    int64_t all = atomic_fetch_add(&x->server->bodies, (int64_t)more) + (int64_t)more;
    if (x->received > BODY_MOST)
        refuse(x, TOO_LARGE, "too_large", "What was sent is too large.");
    else if (all > BODIES_MOST)
        refuse(x, UNAVAILABLE, "busy", "The shop is busy. Try again shortly.");
    else
        buf_put(&x->body, bytes, more);
    if (x->refused != OK) {
        x->draining = true;
        buf_free(&x->body);
    }
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *length, void **context) {
    struct exchange *x = *context;
    if (x == NULL)
        return MHD_NO;
    const enum step step = x->step;
    switch (step) {
    case STEP_NEW:
        return begin(x, method);
    case STEP_BODY:
        if (*length > 0)
            return take_body(x, bytes, length);
        /* The first call after a worker admitted an upload comes before any byte of it. */
        if (x->task == TASK_ADMIT && x->multipart != NULL && !x->begun) {
            x->begun = true;
            body_deadline(x);
            return MHD_YES;
        }
        return hand_over(x, TASK_HANDLE);
    case STEP_ANSWERED:
        return send_response(x);
    case STEP_DROPPED:
        return MHD_NO;
    case STEP_WORK:
    case STEP_SENT:
        break;
    }
    return MHD_YES;
}

/* Called with the request line, before anything is decoded: the only place to see it as sent. */
static void *on_uri(void *cls, const char *uri, struct MHD_Connection *mhd) {
    struct server *server = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info != NULL && info->socket_context != NULL)
        connection_deadline(info->socket_context, HEADERS_TIME);
    return exchange_new(server, mhd, uri);
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **context,
                         enum MHD_RequestTerminationCode why) {
    struct exchange *x = *context;
    if (x == NULL)
        return;
    connection_deadline(x->connection, IDLE_TIME);
    exchange_free(x);
    *context = NULL;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **socket_context,
                          enum MHD_ConnectionNotificationCode what) {
    struct server *server = cls;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        connection_close(server->connections, *socket_context);
        *socket_context = NULL;
        return;
    }
    /* Each answer may stand where the one before stood: taken at once. */
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *address =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    *socket_context = connection_open(server->connections, address, fd);
}

static enum MHD_Result on_accept(void *cls, const struct sockaddr *address, socklen_t length) {
    struct server *server = cls;
    return connections_admit(server->connections, address) ? MHD_YES : MHD_NO;
}

/* The library tells of every connection that a client drops: nothing that a shop could act on. */
static void on_log(void *cls, const char *format, va_list args) {}

/* Our own decoding is stricter and keeps an encoded slash apart from a slash. */
static size_t on_unescape(void *cls, struct MHD_Connection *mhd, char *text) {
    return strlen(text);
}

/* ------------------------------------------------------------------ start */

static enum status unusable(struct errors *errors, const char *what, const char *why) {
    return error_add(errors, FAILED, NULL, "server", "%s: %s.", what, why);
}

static int listen_at(const char *listen_address, struct errors *errors) {
    char host[256] = "";
    const char *colon = strrchr(listen_address, ':');
    if (colon == NULL || (size_t)(colon - listen_address) >= sizeof host || colon[1] == '\0') {
        unusable(errors, listen_address, "an address is written like 127.0.0.1:8080");
        return -1;
    }
    size_t length = (size_t)(colon - listen_address);
    bool bracketed = length >= 2 && listen_address[0] == '[';
    memcpy(host, listen_address + bracketed, length - (bracketed ? 2 : 0));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int wrong = getaddrinfo(*host == '\0' || strcmp(host, "*") == 0 ? NULL : host, colon + 1,
                            &hints, &found);
    if (wrong != 0) {
        unusable(errors, listen_address, gai_strerror(wrong));
        return -1;
    }
    int one = 1, fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool good = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
                bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 1024) == 0;
    freeaddrinfo(found);
    if (good)
        return fd;
    unusable(errors, listen_address, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int inherit(int fd, struct errors *errors) {
    int listening = 0;
    socklen_t length = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 && listening &&
        fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
        return fd;
    unusable(errors, "The socket that was handed over", "nobody can connect to it");
    return -1;
}

static int port_of(int fd) {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address = {.six = {0}};
    socklen_t length = sizeof address;
    if (getsockname(fd, &address.any, &length) != 0)
        return 0;
    bool six = address.any.sa_family == AF_INET6;
    return ntohs(six ? address.six.sin6_port : address.four.sin_port);
}

static char *file_text(const char *what, const char *path, struct arena *arena,
                       struct errors *errors) {
    FILE *file = fopen(path, "re");
    char *text = arena_alloc(arena, 256 * 1024);
    size_t length = file == NULL ? 0 : fread(text, 1, 256 * 1024 - 1, file);
    if (length == 0)
        error_add(errors, FAILED, NULL, "server", "The %s %s cannot be read: %s.", what, path,
                  file == NULL ? strerror(errno) : "it is empty");
    if (file != NULL)
        fclose(file);
    return length == 0 ? NULL : text;
}

/* What an earlier run left behind when it was killed. */
static void temporary_clear(const char *folder) {
    DIR *dir = folder == NULL ? NULL : opendir(folder);
    if (dir == NULL)
        return;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL)
        if (strncmp(entry->d_name, "upload-", 7) == 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
}

static void descriptors_raise(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= 4096)
        return;
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void settings_keep(struct server *server, const struct server_settings *settings) {
    struct server_settings *own = &server->settings;
    *own = *settings;
    own->listen = arena_text(server->arena, settings->listen);
    own->temporary = arena_text(server->arena, settings->temporary);
    if (own->upload_limit <= 0)
        own->upload_limit = 32 * 1024 * 1024;
    if (own->workers <= 0)
        own->workers = WORKERS;
    server->locale = (struct locale){.currency = currency_find("GBP"),
                                     .zone = zone_find("UTC"),
                                     .country = "GB",
                                     .language = "en-GB"};
}

static void url_keep(struct server *server, const char *url) {
    if (url == NULL || *url == '\0') {
        const char *address = server->settings.listen;
        size_t length = (size_t)(strrchr(address, ':') - address);
        const char *host = arena_text_n(server->arena, address, length);
        /* Every address of this machine: one of them is known. */
        bool any = length == 0 || strcmp(host, "*") == 0 || strcmp(host, "0.0.0.0") == 0 ||
                   strcmp(host, "[::]") == 0;
        url = arena_printf(server->arena, "http%s://%s:%d", server->https ? "s" : "",
                           any ? "localhost" : host, server->port);
    }
    char *copy = arena_text(server->arena, url);
    size_t length = strlen(copy);
    while (length > 0 && copy[length - 1] == '/')
        copy[--length] = '\0';
    server->url = copy;
    server->https = server->https || strncasecmp(copy, "https://", 8) == 0;
    if (server->settings.databases != NULL)
        databases_serve_at(server->settings.databases, copy);
}

static bool daemon_start(struct server *server, int fd, struct errors *errors) {
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
                     MHD_USE_ERROR_LOG;
    /* TLS before 1.2 is deprecated: RFC 8996. */
    static char versions[] = "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:-VERS-DTLS-ALL";
    struct MHD_OptionItem tls[4] = {{MHD_OPTION_END, 0, NULL}};
    if (server->certificate != NULL) {
        flags |= MHD_USE_TLS;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, server->key};
        tls[2] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, versions};
        tls[3] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    /* The logger first: it also hears what is wrong with the other options. */
    server->daemon = MHD_start_daemon(
        flags, 0, on_accept, server, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)EVENT_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_URI_LOG_CALLBACK, on_uri, server,
        MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (server->daemon == NULL)
        unusable(errors, server->settings.listen,
                 server->certificate != NULL
                     ? "the server could not start; is the certificate good?"
                     : "the server could not start");
    return server->daemon != NULL;
}

static void server_free(struct server *server) {
    workers_free(server->workers);
    live_free(server->live);
    connections_free(server->connections);
    throttle_free(server->throttle);
    metrics_free(server->metrics);
    free(server->openapi);
    arena_free(server->arena);
    free(server);
}

/* SQLite's readers only ever wait for the processor, of which the event threads need their share;
 * PostgreSQL's wait for its answers. */
static struct workers *workers_begin(const struct server_settings *settings) {
    int processors = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (settings->databases != NULL && store_is_postgres(databases_default(settings->databases)))
        return workers_start(settings->workers, settings->workers, settings->workers);
    return workers_start(settings->workers, processors > 2 ? processors - 1 : 1,
                         processors > 2 ? processors : 2);
}

static bool parts_start(struct server *server, const struct server_settings *settings,
                        struct errors *errors) {
    if ((settings->certificate == NULL) != (settings->key == NULL))
        return unusable(errors, "TLS", "a certificate and its key go together"), false;
    if (settings->certificate != NULL) {
        server->certificate =
            file_text("certificate", settings->certificate, server->arena, errors);
        server->key = file_text("key", settings->key, server->arena, errors);
        if (server->certificate == NULL || server->key == NULL)
            return false;
        server->https = true;
    }
    server->router = router_new(settings->routes, server->arena, errors);
    if (server->router == NULL)
        return false;
    server->connections =
        connections_start(settings->trusted_proxy, settings->connections_per_address);
    if (server->connections == NULL)
        return unusable(errors, settings->trusted_proxy == NULL ? "" : settings->trusted_proxy,
                        "trusted proxies are addresses or networks like 10.0.0.0/8"),
               false;
    if (!networks_read(&server->metrics_from, settings->metrics_from))
        return unusable(errors, settings->metrics_from,
                        "who may read the figures are addresses or networks like 10.0.0.0/8"),
               false;
    server->metrics = metrics_new(settings->routes);
    server->throttle = throttle_new();
    server->live = live_start();
    server->workers = workers_begin(&server->settings);
    if (server->throttle == NULL || server->live == NULL || server->workers == NULL)
        return unusable(errors, "threads", "they could not be started"), false;
    return true;
}

struct server *server_start(const struct server_settings *settings, struct errors *errors) {
    if (sodium_init() < 0) {
        unusable(errors, "libsodium", "it could not be started");
        return NULL;
    }
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return NULL;
    server->arena = arena_new();
    randombytes_buf(&server->boot, sizeof server->boot);
    settings_keep(server, settings);
    descriptors_raise();
    temporary_clear(settings->temporary);
    int fd = -1;
    if (parts_start(server, settings, errors) &&
        (fd = settings->inherited > 0 ? inherit(settings->inherited, errors)
                                      : listen_at(server->settings.listen, errors)) >= 0) {
        server->port = port_of(fd);
        url_keep(server, settings->url);
        server->openapi = openapi_write(server, &server->openapi_length);
        if (daemon_start(server, fd, errors))
            return server;
        close(fd);
    }
    if (server->workers != NULL)
        workers_stop(server->workers, PATIENCE);
    if (server->live != NULL)
        live_stop(server->live);
    server_free(server);
    return NULL;
}

int server_port(const struct server *server) {
    return server->port;
}

const struct route *const *server_routes(const struct server *server) {
    return server->settings.routes;
}

const char *server_url(const struct server *server) {
    return server->url;
}

/* ------------------------------------------------------------------ stop */

/* Until every connection has had its last answer, which says that it closes; not longer, for those
 * that have nothing to ask. */
static void drain(struct server *server) {
    for (int64_t end = clock_ms() + DRAIN;
         clock_ms() < end && connections_count(server->connections) > 0;)
        usleep(10 * 1000);
}

int server_hand_over(struct server *server) {
    atomic_store(&server->stopping, true);
    /* The event threads take the listening socket out of their sets when they next look: it must
     * not be closed before they end. */
    int fd = MHD_quiesce_daemon(server->daemon);
    live_stop(server->live);
    drain(server);
    if (!workers_stop(server->workers, PATIENCE)) {
        /* Somebody is still in a handler: freeing what it stands on would be worse than leaving it
         * to the end of the process. */
        log_error("server_stop_late");
        return fd;
    }
    usleep(LAST_ANSWERS * 1000);
    connections_hang_up(server->connections);
    connections_stop(server->connections);
    MHD_stop_daemon(server->daemon);
    server_free(server);
    return fd;
}

void server_stop(struct server *server) {
    int fd = server == NULL ? -1 : server_hand_over(server);
    if (fd >= 0)
        close(fd);
}

/* ------------------------------------------------------------------ figures */

bool server_shows_metrics(const struct request *r) {
    const struct exchange *x = exchange_of(r);
    bool passed_on = request_header(r, "X-Forwarded-For") != NULL ||
                     request_header(r, "Forwarded") != NULL || request_header(r, "Via") != NULL;
    bool known = x->connection != NULL && x->connection->trusted;
    return (known || !passed_on) && networks_have(&x->server->metrics_from, x->address);
}

/* The process, from the kernel. */
static void print_process(struct buf *out) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        int64_t us = (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
                     usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
        metric_head(out, "process_cpu_seconds_total", "counter", "Processor time spent.");
        buf_printf(out, "process_cpu_seconds_total %lld.%06lld\n", (long long)(us / 1000000),
                   (long long)(us % 1000000));
    }
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file != NULL) {
        if (fscanf(file, "%*d %ld", &pages) == 1) {
            metric_head(out, "process_resident_memory_bytes", "gauge", "Memory held.");
            metric_value(out, "process_resident_memory_bytes", pages * sysconf(_SC_PAGESIZE));
        }
        fclose(file);
    }
    int64_t count = -3; /* ".", ".." and the folder's own */
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL) {
        closedir(folder);
        metric_head(out, "process_open_fds", "gauge", "Files and sockets open.");
        metric_value(out, "process_open_fds", count);
    }
}

void server_metrics(const struct server *server, struct buf *out) {
    int busy, queued;
    workers_count(server->workers, &busy, &queued);
    metrics_print(server->metrics, out);
    metric_head(out, "benchpin_connections", "gauge", "Connections open.");
    metric_value(out, "benchpin_connections", connections_count(server->connections));
    metric_head(out, "benchpin_live_streams", "gauge", "Pages that follow what changes.");
    metric_value(out, "benchpin_live_streams", live_count(server->live));
    metric_head(out, "benchpin_requests_running", "gauge", "Requests with a worker.");
    metric_value(out, "benchpin_requests_running", busy);
    metric_head(out, "benchpin_requests_queued", "gauge", "Requests that wait for a worker.");
    metric_value(out, "benchpin_requests_queued", queued);
    print_process(out);
}

void server_tell(void *server, struct store *store, const char *topic, int64_t id) {
    struct server *it = server;
    if (it != NULL && !atomic_load_explicit(&it->stopping, memory_order_relaxed))
        live_tell(it->live, store, topic, id);
}
