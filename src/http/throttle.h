/* How often something may be tried: sign-in, tracking, enquiries. In memory and bounded: when the
 * table is full, the entry that was idle longest in its row makes room. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct request;
struct throttle;

/* Counts a try of `key` (an address, a name) in `bucket` ("sign_in"); false when this is more than
 * `limit` tries in a sliding window of `window_ms`. Each shop counts by itself. A refused try does
 * not count. Thread-safe. */
bool throttle(const struct request *r, const char *bucket, const char *key, int limit,
              int64_t window_ms);

/* What is left after a try. */
struct allowance {
    int limit, left;
    int64_t wait; /* ms: refused, until the next try may succeed; else until the window ends */
};

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle);
bool throttle_take(struct throttle *throttle, const char *bucket, const char *key, int limit,
                   int64_t window_ms, int64_t now, struct allowance *allowance); /* or NULL */
