/* The same moves without HTTP: as many threads as there are clients call the same closure on the
 * same store. What the server reaches beside this is what the network and the pages leave of it.
 *
 *     bench-commit DATA DATABASE|- THREADS SECONDS JOB...      prints moves a second */
#include "accounts/account.h"
#include "cli/program.h"
#include "jobs/job.h"
#include "shops/shop.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct hand {
    pthread_t thread;
    struct databases *databases;
    const int64_t *jobs;
    int count;
    struct timespec until;
    int64_t moves, failures;
};

static const struct actor owner = {
    .name = "Benchmark", .role = "owner", .permissions = UINT64_MAX, .theme = "auto"};

struct wish {
    int64_t job;
    struct move move;
};

static enum status move(struct context *cx, void *arg) {
    struct wish *wish = arg;
    struct moved moved;
    enum status status = job_move(cx, wish->job, &wish->move, &moved);
    if (status == OK)
        context_outcome(cx, &(struct outcome){.status = 200,
                                              .flash = moved.message,
                                              .undo = moved.undo,
                                              .record = &moved_record,
                                              .model = &moved});
    return status;
}

/* What ran before left some of them at approval: all begin at the drawing board. */
static void bring_back(struct databases *databases, const int64_t *jobs, int count) {
    struct arena *arena = arena_new();
    for (int i = 0; i < count; i++) {
        arena_reset(arena);
        struct errors errors = {.arena = arena};
        struct context cx = program_context(databases, arena, &errors);
        cx.actor = &owner;
        struct wish wish = {.job = jobs[i],
                            .move = {.from = "approval", .to = "cad", .note = "Back again."}};
        store_write(cx.store, &cx, move, &wish);
    }
    arena_free(arena);
}

static bool over(const struct timespec *until) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > until->tv_sec ||
           (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

static void *work(void *arg) {
    struct hand *hand = arg;
    struct arena *arena = arena_new();
    for (int64_t round = 0; !over(&hand->until); round++) {
        arena_reset(arena);
        struct errors errors = {.arena = arena};
        struct context cx = program_context(hand->databases, arena, &errors);
        cx.actor = &owner;
        bool back = round / hand->count % 2 == 1;
        struct wish wish = {.job = hand->jobs[round % hand->count],
                            .move = {.from = back ? "approval" : "cad",
                                     .to = back ? "cad" : "approval",
                                     .note = "Once more."}};
        if (store_write(cx.store, &cx, move, &wish) == OK)
            hand->moves++;
        else
            hand->failures++;
    }
    arena_free(arena);
    return NULL;
}

int main(int argc, char **argv) {
    enum { THREADS_MOST = 256, BEFORE = 5 };
    if (argc <= BEFORE || sodium_init() < 0) {
        fputs("usage: bench-commit DATA DATABASE|- THREADS SECONDS JOB...\n", stderr);
        return 2;
    }
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct settings settings = {.data = argv[1],
                                .database = strcmp(argv[2], "-") == 0 ? NULL : argv[2]};
    int threads = atoi(argv[3]), jobs = argc - BEFORE;
    if (threads < 1 || threads > THREADS_MOST || jobs < threads)
        return 2;
    int64_t *ids = ARENA_ARRAY(arena, int64_t, (size_t)jobs);
    for (int i = 0; i < jobs; i++)
        ids[i] = strtoll(argv[BEFORE + i], NULL, 10);
    struct databases *databases = program_open(&settings, false, NULL, NULL, &errors);
    if (databases == NULL)
        return program_faults(&errors);
    bring_back(databases, ids, jobs);
    static struct hand hands[THREADS_MOST];
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += atoi(argv[4]);
    int64_t moves = 0, failures = 0;
    for (int i = 0; i < threads; i++) {
        int share = jobs / threads;
        hands[i] = (struct hand){
            .databases = databases, .jobs = ids + i * share, .count = share, .until = until};
        pthread_create(&hands[i].thread, NULL, work, &hands[i]);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(hands[i].thread, NULL);
        moves += hands[i].moves;
        failures += hands[i].failures;
    }
    databases_close(databases);
    arena_free(arena);
    printf("%.1f\n", (double)moves / atoi(argv[4]));
    if (failures > 0)
        fprintf(stderr, "%ld moves failed\n", (long)failures);
    return failures > 0;
}
