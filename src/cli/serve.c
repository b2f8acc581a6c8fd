#include "cli/program.h"

#include "accounts/account.h"
#include "backup/backup.h"
#include "base/log.h"
#include "desk/post.h"
#include "http/idempotency.h"
#include "media/files.h"
#include "media/media.h"
#include "messages/message.h"
#include "shops/shop.h"
#include "transfer/transfer.h"
#include "webhooks/webhook.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

/* What hears of commits, from any thread: the shop's locale, and the live pages and the worker once
 * they are there. */
struct ears {
    pthread_rwlock_t lock; /* who listens does not go while it is told */
    struct server *server;
    struct worker *worker;
    _Atomic bool stopping;
};

static void heard(void *arg, struct store *store, const char *topic, int64_t id) {
    struct ears *ears = arg;
    /* One that is shut has nothing kept that could be old. */
    if ((strcmp(topic, "shop") == 0 || strcmp(topic, "all") == 0) && store_is_open(store))
        shop_changed(store);
    pthread_rwlock_rdlock(&ears->lock);
    if (ears->server != NULL && strcmp(topic, WORK_NEWS) != 0)
        server_tell(ears->server, store, topic, id);
    worker_wake(ears->worker, store);
    pthread_rwlock_unlock(&ears->lock);
}

static void set_ears(struct ears *ears, struct server *server, struct worker *worker) {
    pthread_rwlock_wrlock(&ears->lock);
    ears->server = server;
    ears->worker = worker;
    pthread_rwlock_unlock(&ears->lock);
}

static bool post_stops(struct post_office *office) {
    return ((struct ears *)office->arg)->stopping;
}

static bool hooks_stop(void *arg) {
    return ((struct ears *)arg)->stopping;
}

static enum status sweep(struct context *cx, void *arg) {
    enum status status = idempotency_sweep(cx);
    return status == OK ? webhook_sweep(cx, arg) : status;
}

/* Once a day, what is kept for a time only goes. Chores are called after every commit, so each shop
 * remembers when its day is over. */
static int64_t keep_house(struct store *store, void *arg, int64_t now) {
    static const char key;
    (void)arg;
    int64_t *due = store_kept(store, &key);
    if (due == NULL) {
        due = calloc(1, sizeof *due);
        if (due == NULL)
            abort();
        due = store_keep(store, &key, due, free);
    }
    if (now < *due)
        return *due;
    *due = now + DAY;
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct context cx = {.arena = arena, .errors = &errors, .store = store, .now = now};
    if (shop_prepare(&cx) && store_write(store, &cx, sweep, NULL) != OK)
        log_warn("sweep_failed", log_text("shop", store_name(store)));
    if (files_prepare(store_files(store), &errors) != OK)
        log_warn("files_unprepared", log_text("shop", store_name(store)));
    arena_free(arena);
    return *due;
}

/* The signal that ends this run: SIGTERM or SIGINT for good, SIGHUP to begin anew. */
static int wait_for_end(const sigset_t *ends) {
    int signal = SIGTERM;
    sigwait(ends, &signal);
    return signal;
}

/* The program as it lies on disk now, which a package may have replaced meanwhile. */
static const char *own_path(struct arena *arena) {
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    return length <= 0 ? NULL : arena_text_n(arena, path, (size_t)length);
}

/* Becomes the program anew with the same process id, with the listening socket as systemd would
 * hand it over (sd_listen_fds(3)): file descriptor 3, and nothing else but the standard three.
 * Returns only when that fails. */
static void begin_anew(const char *path, char **arguments, int listening) {
    char own[24];
    snprintf(own, sizeof own, "%ld", (long)getpid());
    if (path != NULL && dup2(listening, SD_LISTEN_FDS_START) == SD_LISTEN_FDS_START &&
        fcntl(SD_LISTEN_FDS_START, F_SETFD, 0) == 0 && setenv("LISTEN_FDS", "1", 1) == 0 &&
        setenv("LISTEN_PID", own, 1) == 0) {
        close_range(SD_LISTEN_FDS_START + 1, ~0U, 0);
        execv(path, arguments);
    }
    log_error("restart_failed", log_text("because", strerror(errno)));
}

/* False: no backups, or a fault says what of the settings is wrong. */
static bool plan_backups(const struct settings *settings, struct backup_plan *plan,
                         struct errors *errors) {
    const char *to = settings->backup_to;
    if (backup_plan_read(plan, settings->backup_at, settings->backup_keep, errors) != OK)
        return false;
    plan->to = to != NULL ? to : arena_printf(errors->arena, "%s/backups", settings->data);
    plan->database_url = settings->database;
    return to == NULL || strcmp(to, "none") != 0;
}

int serve_command(const struct settings *settings, struct errors *errors) {
    /* Blocked before any thread starts: only the main thread takes them. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);

    const char *path = own_path(errors->arena);
    log_as_json(strcmp(settings->log_format, "json") == 0);
    struct backup_plan plan = {0};
    bool backups = plan_backups(settings, &plan, errors);
    if (errors_any(errors))
        return program_faults(errors);
    struct ears ears = {.lock = PTHREAD_RWLOCK_INITIALIZER};
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
        .inherited = sd_listen_fds(1) > 0 ? SD_LISTEN_FDS_START : 0,
        .metrics_from = strcmp(settings->metrics_from, "none") == 0 ? NULL : settings->metrics_from,
        .url = settings->url,
        .certificate = settings->certificate,
        .key = settings->key,
        .trusted_proxy = settings->trusted_proxy,
        .temporary = temporary,
        .upload_limit = strtoll(settings->upload_limit, NULL, 10) * 1024 * 1024,
        .workers = (int)strtol(settings->workers, NULL, 10),
        .cost_right = RIGHT(MAY_SEE_COSTS),
        .log_requests = strcmp(settings->log_requests, "yes") == 0,
        .databases = databases,
        .media = media,
        .backups = backups ? &plan : NULL,
        .plain_webhooks = strcmp(settings->webhooks_anywhere, "yes") == 0,
        .api_rate = (int)strtol(settings->api_rate, NULL, 10),
        .routes = program_routes,
        .identify = account_identify,
        .shop = shop_view,
    };
    struct server *server = server_start(&serving, errors);
    if (server == NULL) {
        media_free(media);
        databases_close(databases);
        return program_faults(errors);
    }
    struct post_office office = {.stopping = post_stops, .attach = post_attach, .arg = &ears};
    struct webhook_office hooks = {.plain = strcmp(settings->webhooks_anywhere, "yes") == 0,
                                   .stopping = hooks_stop,
                                   .arg = &ears};
    const struct chore chores[] = {{"messages", message_send_due, &office},
                                   {"webhooks", webhook_send_due, &hooks},
                                   {"housekeeping", keep_house, NULL},
                                   {"exports", export_keep_up, &ears.stopping},
                                   {backups ? "backups" : NULL, backup_keep_up, &plan},
                                   {0}};
    struct worker_settings working = {
        .databases = databases, .chores = chores, .prepare = shop_prepare};
    struct worker *worker = worker_start(&working);
    set_ears(&ears, server, worker);
    printf("benchpin %s listening on %s\n", BENCHPIN_VERSION, server_url(server));
    fflush(stdout);
    sd_notify(0, "READY=1");
    bool anew = wait_for_end(&ends) == SIGHUP;
    sd_notify(0, anew ? "RELOADING=1" : "STOPPING=1");
    log_info(anew ? "restarting" : "stopping");
    ears.stopping = plan.stop = true;
    set_ears(&ears, server, NULL);
    worker_stop(worker);
    set_ears(&ears, NULL, NULL);
    int listening = -1;
    if (anew)
        listening = server_hand_over(server);
    else
        server_stop(server);
    media_free(media);
    databases_close(databases);
    if (anew)
        begin_anew(path, settings->arguments, listening);
    return anew;
}
