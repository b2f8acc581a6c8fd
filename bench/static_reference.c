/* The same server with nothing behind it: GET /bytes/{count_number} answers that many bytes from
 * memory, uncompressed. What a page costs beside this is what Benchpin itself adds to HTTP. */
#include "cli/program.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MOST = 8 << 20 };
static char bytes[BYTES_MOST];

static enum status bytes_show(struct request *r) {
    int64_t count = request_id(r, "count_number");
    struct buf out = {0};
    if (count > BYTES_MOST)
        return fail(r, MISSING, "too_many", "There are not so many bytes.");
    buf_put(&out, bytes, (size_t)count);
    return answer_bytes(r, "application/octet-stream", NULL, &out);
}

static const struct route routes[] = {
    {GET, "/bytes/{count_number}", RIGHT_PUBLIC, bytes_show, .flags = ROUTE_ROOT | ROUTE_PAGE},
    {0},
};
static const struct route *const tables[] = {routes, NULL};
static const struct actor nobody = {.name = "Nobody", .role = "public", .theme = "auto"};

static enum status identify(struct request *r) {
    r->cx.actor = &nobody;
    return OK;
}

static bool shop(struct request *r, struct view *v) {
    (void)r;
    (void)v;
    return true;
}

int main(int argc, char **argv) {
    sigset_t ends;
    int signal;
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct settings settings = {.data = argc > 1 ? argv[1] : "."};
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    if (sodium_init() < 0)
        return 1;
    memset(bytes, 'x', sizeof bytes);
    struct databases *databases = program_open(&settings, false, NULL, NULL, &errors);
    if (databases == NULL)
        return program_faults(&errors);
    struct server_settings serving = {.listen = "127.0.0.1:0",
                                      .temporary = settings.data,
                                      .databases = databases,
                                      .routes = tables,
                                      .identify = identify,
                                      .shop = shop};
    struct server *server = server_start(&serving, &errors);
    if (server == NULL)
        return program_faults(&errors);
    printf("listening on %s\n", server_url(server));
    fflush(stdout);
    sigwait(&ends, &signal);
    server_stop(server);
    databases_close(databases);
    arena_free(arena);
    return 0;
}
