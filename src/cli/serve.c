#include "cli/program.h"

#include "accounts/account.h"
#include "base/log.h"
#include "desk/post.h"
#include "media/media.h"
#include "messages/message.h"
#include "shops/shop.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What hears of commits: the live pages and the worker. Set before the first request. */
struct ears {
    struct server *server;
    struct worker *worker;
    _Atomic bool stopping;
};

static void heard(void *arg, struct store *store, const char *topic, int64_t id) {
    struct ears *ears = arg;
    if (ears->server != NULL)
        server_tell(ears->server, store, topic, id);
    worker_wake(ears->worker);
}

static bool post_stops(struct post_office *office) {
    return ((struct ears *)office->arg)->stopping;
}

static void wait_for_end(const sigset_t *ends) {
    int signal;
    sigwait(ends, &signal);
}

int serve_command(const struct settings *settings, struct errors *errors) {
    /* Blocked before any thread starts: only the main thread takes them. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);

    struct ears ears = {0};
    struct databases *databases = program_open(settings, false, heard, &ears, errors);
    if (databases == NULL)
        return program_faults(errors);
    const char *temporary = arena_printf(errors->arena, "%s/tmp", settings->data);
    if (mkdir(temporary, 0700) != 0 && errno != EEXIST) {
        error_add(errors, FAILED, NULL, "data_folder", "The folder %s cannot be made: %s.",
                  temporary, strerror(errno));
        databases_close(databases);
        return program_faults(errors);
    }
    const char *helper = program_media(settings, errors->arena);
    struct media *media = helper == NULL ? NULL : media_new(helper);
    if (media == NULL)
        log_warn("no pictures can be taken in: benchpin-media is not beside benchpin");
    struct server_settings serving = {
        .listen = settings->listen,
        .url = settings->url,
        .certificate = settings->certificate,
        .key = settings->key,
        .trusted_proxy = settings->trusted_proxy,
        .temporary = temporary,
        .upload_limit = strtoll(settings->upload_limit, NULL, 10) * 1024 * 1024,
        .workers = atoi(settings->workers),
        .cost_right = RIGHT(MAY_SEE_COSTS),
        .log_requests = strcmp(settings->log_requests, "yes") == 0,
        .databases = databases,
        .media = media,
        .routes = program_routes,
        .identify = account_identify,
        .shop = shop_view,
    };
    ears.server = server_start(&serving, errors);
    if (ears.server == NULL) {
        media_free(media);
        databases_close(databases);
        return program_faults(errors);
    }
    struct post_office office = {.base_url = server_url(ears.server),
                                 .stopping = post_stops,
                                 .attach = post_attach,
                                 .arg = &ears};
    const struct chore chores[] = {{"messages", message_send_due, &office}, {0}};
    struct worker_settings working = {
        .databases = databases, .chores = chores, .prepare = shop_prepare};
    ears.worker = worker_start(&working);
    printf("benchpin %s listening on %s\n", BENCHPIN_VERSION, server_url(ears.server));
    fflush(stdout);
    wait_for_end(&ends);
    log_info("stopping");
    ears.stopping = true;
    worker_stop(ears.worker);
    ears.worker = NULL;
    server_stop(ears.server);
    ears.server = NULL;
    media_free(media);
    databases_close(databases);
    return 0;
}
