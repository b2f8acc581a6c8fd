#include "http/metrics.h"

#include "http/router.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Upper bounds of the buckets, in milliseconds; above the last is +Inf. */
static const int bounds[] = {5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10000};
static const char *const bound_words[] = {"0.005", "0.01", "0.025", "0.05", "0.1",
                                          "0.25",  "0.5",  "1",     "2.5",  "10"};
enum { BOUNDS = sizeof bounds / sizeof bounds[0], CLASSES = 6 };

struct tally {
    const struct route *route;              /* NULL: static files, and what is not ours */
    atomic_uint_least64_t answers[CLASSES]; /* by the first digit of the status */
    atomic_uint_least64_t under[BOUNDS]; /* took at most this bound, and more than the one below */
    atomic_uint_least64_t ms;
};

struct metrics {
    size_t count;
    struct tally tallies[]; /* the first is the one without a route; the others by their routes */
};

static int by_route(const void *a, const void *b) {
    const struct tally *one = a, *other = b;
    return (one->route > other->route) - (one->route < other->route);
}

struct metrics *metrics_new(const struct route *const *routes) {
    size_t count = 1;
    for (const struct route *const *table = routes; *table != NULL; table++)
        for (const struct route *route = *table; route->path != NULL; route++)
            count++;
    struct metrics *metrics = calloc(1, sizeof *metrics + count * sizeof metrics->tallies[0]);
    if (metrics == NULL)
        abort();
    metrics->count = 1;
    for (const struct route *const *table = routes; *table != NULL; table++)
        for (const struct route *route = *table; route->path != NULL; route++)
            metrics->tallies[metrics->count++].route = route;
    qsort(metrics->tallies, metrics->count, sizeof metrics->tallies[0], by_route);
    return metrics;
}

void metrics_free(struct metrics *metrics) {
    free(metrics);
}

void metrics_count(struct metrics *metrics, const struct route *route, int status, int64_t ms) {
    const struct tally wanted = {.route = route};
    struct tally *tally =
        bsearch(&wanted, metrics->tallies, metrics->count, sizeof metrics->tallies[0], by_route);
    int class = status / 100;
    if (tally == NULL || class < 1 || class >= CLASSES)
        return;
    atomic_fetch_add_explicit(&tally->answers[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&tally->ms, ms < 0 ? 0 : (uint64_t)ms, memory_order_relaxed);
    for (int i = 0; i < BOUNDS; i++)
        if (ms <= bounds[i]) {
            atomic_fetch_add_explicit(&tally->under[i], 1, memory_order_relaxed);
            return;
        }
}

/* ------------------------------------------------------------------ printing */

void metric_head(struct buf *out, const char *name, const char *type, const char *help) {
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metric_value(struct buf *out, const char *name, int64_t value) {
    buf_printf(out, "%s %lld\n", name, (long long)value);
}

static void put_label(struct buf *out, const char *text) {
    for (; *text != '\0'; text++)
        if (*text == '\\' || *text == '"')
            buf_printf(out, "\\%c", *text);
        else if (*text == '\n')
            buf_put(out, "\\n", 2);
        else
            buf_put(out, text, 1);
}

void metric_labelled(struct buf *out, const char *name, const char *label, const char *text,
                     int64_t value) {
    buf_printf(out, "%s{%s=\"", name, label);
    put_label(out, text);
    buf_printf(out, "\"} %lld\n", (long long)value);
}

static uint64_t answers_of(const struct tally *tally) {
    uint64_t all = 0;
    for (int class = 1; class < CLASSES; class ++)
        all += atomic_load_explicit(&tally->answers[class], memory_order_relaxed);
    return all;
}

static void print_labels(struct buf *out, const struct tally *tally) {
    const struct route *route = tally->route;
    buf_printf(out, "{method=\"%s\",route=\"%s\"", route == NULL ? "" : method_name(route->method),
               route == NULL ? "" : route->path);
}

static void print_times(struct buf *out, const struct tally *tally) {
    uint64_t sum = 0, all = answers_of(tally);
    for (int i = 0; i < BOUNDS; i++) {
        sum += atomic_load_explicit(&tally->under[i], memory_order_relaxed);
        buf_text(out, "benchpin_request_seconds_bucket");
        print_labels(out, tally);
        buf_printf(out, ",le=\"%s\"} %llu\n", bound_words[i], (unsigned long long)sum);
    }
    /* A request that was counted meanwhile may stand in a bucket and not yet in the sum, or the
     * other way round; the last bucket is the count by definition. */
    if (all < sum)
        all = sum;
    buf_text(out, "benchpin_request_seconds_bucket");
    print_labels(out, tally);
    buf_printf(out, ",le=\"+Inf\"} %llu\nbenchpin_request_seconds_sum", (unsigned long long)all);
    print_labels(out, tally);
    uint64_t ms = atomic_load_explicit(&tally->ms, memory_order_relaxed);
    buf_printf(out, "} %llu.%03u\nbenchpin_request_seconds_count", (unsigned long long)(ms / 1000),
               (unsigned)(ms % 1000));
    print_labels(out, tally);
    buf_printf(out, "} %llu\n", (unsigned long long)all);
}

void metrics_print(const struct metrics *metrics, struct buf *out) {
    metric_head(out, "benchpin_requests_total", "counter",
                "Requests answered, by route and the first digit of the status.");
    for (size_t i = 0; i < metrics->count; i++)
        for (int class = 1; class < CLASSES; class ++) {
            const struct tally *tally = &metrics->tallies[i];
            uint64_t count = atomic_load_explicit(&tally->answers[class], memory_order_relaxed);
            if (count == 0)
                continue;
            buf_text(out, "benchpin_requests_total");
            print_labels(out, tally);
            buf_printf(out, ",status=\"%dxx\"} %llu\n", class, (unsigned long long)count);
        }
    metric_head(out, "benchpin_request_seconds", "histogram",
                "Time from the request's first line to the end of its answer.");
    for (size_t i = 0; i < metrics->count; i++)
        if (answers_of(&metrics->tallies[i]) > 0)
            print_times(out, &metrics->tallies[i]);
}
