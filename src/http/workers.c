/* The threads that do what may wait.
 *
 * Waking a thread costs more than most handlers do. So there are many workers, but only as many are
 * kept running as there is something to gain from: less than one a processor while the queue is
 * short. They take one request after another while the queue lasts, the one that slept last is
 * woken first (its caches are warm), and who waits for something else than the processor does not
 * count: a write says so itself (workers_wait), and a watcher that looks every two milliseconds
 * finds those whom nobody knew to be slow, a password being hashed or a document being drawn, and
 * lets another take their place. */
#include "http/inside.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK = 4 * 1024 * 1024 };
#else
enum { STACK = 1024 * 1024 };
#endif

enum { TICK_MS = 2, REST_TICKS = 50, DEEP = 8 };

struct worker_thread {
    struct workers *workers;
    struct worker_thread *below; /* in the stack of the idle */
    pthread_t thread;
    pthread_cond_t wake;
    bool woken;
    bool working, waiting; /* waiting: not counted among the running */
    unsigned since;        /* the tick at which its work began */
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t quiet, watch;
    pthread_t watcher;
    struct exchange *head, **tail;
    struct worker_thread *idle; /* the one that slept last on top */
    int running, few, most;     /* running now; as many as may when the queue is short, and long */
    int queued;
    int busy; /* exchanges with a worker */
    unsigned tick;
    bool watching, stopping;
    int count;
    struct worker_thread threads[];
};

static _Thread_local struct worker_thread *self;

/* How many are any use now: one more for each few that wait in the queue. */
static int enough(const struct workers *workers) {
    int wanted = workers->few + workers->queued / DEEP;
    return wanted < workers->most ? wanted : workers->most;
}

/* Another worker, if one more is any use. With the lock; to be signalled without it, so that it
 * does not wake only to wait for the lock. */
static struct worker_thread *one_more(struct workers *workers) {
    struct worker_thread *worker = workers->idle;
    if (workers->head == NULL || worker == NULL || workers->running >= enough(workers))
        return NULL;
    workers->idle = worker->below;
    workers->running++;
    worker->woken = true;
    return worker;
}

static void unlock_and_wake(struct workers *workers, struct worker_thread *worker) {
    pthread_mutex_unlock(&workers->lock);
    if (worker != NULL)
        pthread_cond_signal(&worker->wake);
}

static struct exchange *take(struct workers *workers) {
    struct exchange *x = workers->head;
    if (x != NULL) {
        workers->head = x->next;
        workers->queued--;
        if (workers->head == NULL)
            workers->tail = &workers->head;
    }
    return x;
}

static void sleep_idle(struct worker_thread *worker) {
    struct workers *workers = worker->workers;
    workers->running--;
    worker->below = workers->idle;
    workers->idle = worker;
    worker->woken = false;
    while (!worker->woken && !workers->stopping)
        pthread_cond_wait(&worker->wake, &workers->lock);
}

static void *work(void *arg) {
    struct worker_thread *worker = self = arg;
    struct workers *workers = worker->workers;
    pthread_mutex_lock(&workers->lock);
    workers->running++;
    for (;;) {
        struct exchange *x = workers->running > enough(workers) ? NULL : take(workers);
        if (x == NULL && workers->stopping)
            break;
        if (x == NULL) {
            sleep_idle(worker);
            continue;
        }
        workers->busy++;
        worker->working = true;
        worker->since = workers->tick;
        pthread_mutex_unlock(&workers->lock);
        struct MHD_Connection *mhd = x->mhd;
        exchange_work(x);
        MHD_resume_connection(mhd); /* from here on the exchange is the event thread's */
        pthread_mutex_lock(&workers->lock);
        worker->working = false;
        if (worker->waiting)
            workers->running++;
        worker->waiting = false;
        workers->busy--;
        if (workers->busy == 0 && workers->head == NULL)
            pthread_cond_broadcast(&workers->quiet);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

void workers_wait(bool begins) {
    if (self == NULL)
        return;
    struct workers *workers = self->workers;
    pthread_mutex_lock(&workers->lock);
    if (self->waiting != begins) {
        self->waiting = begins;
        workers->running += begins ? -1 : 1;
    }
    self->since = workers->tick;
    unlock_and_wake(workers, begins ? one_more(workers) : NULL);
}

void workers_count(struct workers *workers, int *busy, int *queued) {
    pthread_mutex_lock(&workers->lock);
    *busy = workers->busy;
    *queued = workers->queued;
    pthread_mutex_unlock(&workers->lock);
}

/* ------------------------------------------------------------------ the watcher */

static void find_slow(struct workers *workers) {
    workers->tick++;
    for (int i = 0; i < workers->count; i++) {
        struct worker_thread *worker = &workers->threads[i];
        if (!worker->working || worker->waiting || workers->tick - worker->since < 2)
            continue;
        worker->waiting = true;
        workers->running--;
        struct worker_thread *another = one_more(workers);
        if (another != NULL)
            pthread_cond_signal(&another->wake);
    }
}

static void *watch(void *arg) {
    struct workers *workers = arg;
    int rest = 0;
    pthread_mutex_lock(&workers->lock);
    while (!workers->stopping) {
        int64_t until = clock_ms() + TICK_MS;
        struct timespec when = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
        workers->watching = rest < REST_TICKS;
        if (workers->watching)
            pthread_cond_timedwait(&workers->watch, &workers->lock, &when);
        else
            pthread_cond_wait(&workers->watch, &workers->lock);
        rest = workers->busy > 0 || workers->head != NULL ? 0 : rest + 1;
        find_slow(workers);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

/* ------------------------------------------------------------------ from outside */

static bool threads_start(struct workers *workers, int count) {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    bool good = pthread_create(&workers->watcher, &small, watch, workers) == 0;
    for (int i = 0; good && i < count; i++) {
        struct worker_thread *worker = &workers->threads[i];
        worker->workers = workers;
        pthread_cond_init(&worker->wake, NULL);
        good = pthread_create(&worker->thread, &small, work, worker) == 0;
        pthread_mutex_lock(&workers->lock);
        workers->count += good;
        pthread_mutex_unlock(&workers->lock);
    }
    pthread_attr_destroy(&small);
    return good;
}

struct workers *workers_start(int count, int few, int most) {
    struct workers *workers = calloc(1, sizeof *workers + (size_t)count * sizeof *workers->threads);
    if (workers == NULL)
        return NULL;
    pthread_mutexattr_t brief; /* held for some instructions: worth a short spin */
    pthread_mutexattr_init(&brief);
    pthread_mutexattr_settype(&brief, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(&workers->lock, &brief);
    pthread_mutexattr_destroy(&brief);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&workers->quiet, &monotonic);
    pthread_cond_init(&workers->watch, &monotonic);
    pthread_condattr_destroy(&monotonic);
    workers->tail = &workers->head;
    workers->few = few < count ? few : count;
    workers->most = most < count ? most : count;
    if (threads_start(workers, count))
        return workers;
    return NULL; /* the process cannot even start its threads: it ends */
}

bool workers_put(struct workers *workers, struct exchange *x) {
    x->next = NULL;
    pthread_mutex_lock(&workers->lock);
    bool open = !workers->stopping;
    struct worker_thread *another = NULL;
    if (open) {
        *workers->tail = x;
        workers->tail = &x->next;
        workers->queued++;
        another = one_more(workers);
        if (!workers->watching)
            pthread_cond_signal(&workers->watch);
        workers->watching = true;
    }
    unlock_and_wake(workers, another);
    return open;
}

bool workers_stop(struct workers *workers, int patience) {
    int64_t end = clock_ms() + patience;
    struct timespec until = {.tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000};
    pthread_mutex_lock(&workers->lock);
    int failed = 0;
    while ((workers->busy > 0 || workers->head != NULL) && failed == 0)
        failed = pthread_cond_timedwait(&workers->quiet, &workers->lock, &until);
    bool quiet = workers->busy == 0 && workers->head == NULL;
    workers->stopping = true;
    pthread_cond_signal(&workers->watch);
    for (int i = 0; i < workers->count; i++)
        pthread_cond_signal(&workers->threads[i].wake);
    pthread_mutex_unlock(&workers->lock);
    pthread_join(workers->watcher, NULL);
    for (int i = 0; quiet && i < workers->count; i++)
        pthread_join(workers->threads[i].thread, NULL);
    return quiet;
}

void workers_free(struct workers *workers) {
    if (workers == NULL)
        return;
    for (int i = 0; i < workers->count; i++)
        pthread_cond_destroy(&workers->threads[i].wake);
    pthread_cond_destroy(&workers->watch);
    pthread_cond_destroy(&workers->quiet);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
