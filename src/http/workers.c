/* The threads that do what may wait: a queue, and the hand-over back to the event threads. */
#include "http/inside.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK = 4 * 1024 * 1024 };
#else
enum { STACK = 1024 * 1024 };
#endif

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t more, quiet;
    struct exchange *head, **tail;
    int busy, waiting; /* exchanges with a worker; threads that wait for one */
    bool stopping;
    int count;
    pthread_t threads[];
};

static void *work(void *arg) {
    struct workers *workers = arg;
    pthread_mutex_lock(&workers->lock);
    for (;;) {
        while (workers->head == NULL && !workers->stopping) {
            workers->waiting++;
            pthread_cond_wait(&workers->more, &workers->lock);
            workers->waiting--;
        }
        struct exchange *x = workers->head;
        if (x == NULL)
            break;
        workers->head = x->next;
        if (workers->head == NULL)
            workers->tail = &workers->head;
        workers->busy++;
        pthread_mutex_unlock(&workers->lock);
        struct MHD_Connection *mhd = x->mhd;
        exchange_work(x);
        MHD_resume_connection(mhd); /* from here on the exchange is the event thread's */
        pthread_mutex_lock(&workers->lock);
        workers->busy--;
        if (workers->busy == 0 && workers->head == NULL)
            pthread_cond_broadcast(&workers->quiet);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

struct workers *workers_start(int count) {
    struct workers *workers = calloc(1, sizeof *workers + (size_t)count * sizeof(pthread_t));
    if (workers == NULL)
        return NULL;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->more, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&workers->quiet, &monotonic);
    pthread_condattr_destroy(&monotonic);
    workers->tail = &workers->head;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    for (int i = 0; i < count; i++)
        if (pthread_create(&workers->threads[workers->count], &small, work, workers) == 0)
            workers->count++;
    pthread_attr_destroy(&small);
    if (workers->count == 0) {
        workers_free(workers);
        return NULL;
    }
    return workers;
}

bool workers_put(struct workers *workers, struct exchange *x) {
    x->next = NULL;
    pthread_mutex_lock(&workers->lock);
    bool open = !workers->stopping, wake = workers->waiting > 0;
    if (open) {
        *workers->tail = x;
        workers->tail = &x->next;
    }
    pthread_mutex_unlock(&workers->lock);
    if (open && wake)
        pthread_cond_signal(&workers->more);
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
    pthread_cond_broadcast(&workers->more);
    pthread_mutex_unlock(&workers->lock);
    if (quiet)
        for (int i = 0; i < workers->count; i++)
            pthread_join(workers->threads[i], NULL);
    return quiet;
}

void workers_free(struct workers *workers) {
    if (workers == NULL)
        return;
    pthread_cond_destroy(&workers->more);
    pthread_cond_destroy(&workers->quiet);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
