/* What the server counts, and the text that Prometheus reads: for this folder and for whoever adds
 * figures of their own.
 *
 * Counting is one addition a request, without a lock. The labels are routes' patterns
 * ("/jobs/{id}"), never addresses as they were asked for: no id, name or reference of anybody
 * stands in them. */
#pragma once

#include "base/buf.h"
#include "http/http.h"

struct metrics;
struct metrics *metrics_new(const struct route *const *routes);
void metrics_free(struct metrics *metrics);
/* A request was answered; `route` NULL: a file of the browsers', or nothing of ours. */
void metrics_count(struct metrics *metrics, const struct route *route, int status, int64_t ms);
void metrics_print(const struct metrics *metrics, struct buf *out);

/* One figure with its two lines of description: the type is "gauge" or "counter". */
void metric_head(struct buf *out, const char *name, const char *type, const char *help);
void metric_value(struct buf *out, const char *name, int64_t value);
/* NAME{label="text"} value */
void metric_labelled(struct buf *out, const char *name, const char *label, const char *text,
                     int64_t value);
