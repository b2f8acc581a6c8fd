#include "http/throttle.h"

#include "http/inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Keys are kept as keyed hashes: nobody can choose keys that fall into one row. A sliding window is
 * estimated from two fixed ones: the last counts by the share of it that the window still covers.
 */
enum { ROWS = 4096, WAYS = 4, LOCKS = 16 };

struct entry {
    uint64_t hash;
    int64_t start; /* of the present fixed window */
    int64_t window;
    int64_t used; /* last try */
    int now, before;
};

struct throttle {
    pthread_mutex_t locks[LOCKS];
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct entry entries[ROWS][WAYS];
};

struct throttle *throttle_new(void) {
    struct throttle *throttle = calloc(1, sizeof *throttle);
    if (throttle == NULL)
        return NULL;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&throttle->locks[i], NULL);
    randombytes_buf(throttle->secret, sizeof throttle->secret);
    return throttle;
}

void throttle_free(struct throttle *throttle) {
    if (throttle == NULL)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&throttle->locks[i]);
    free(throttle);
}

static uint64_t key_hash(const struct throttle *throttle, const char *bucket, const char *key) {
    unsigned char first[8], both[16];
    crypto_shorthash(first, (const unsigned char *)bucket, strlen(bucket), throttle->secret);
    memcpy(both, first, 8);
    crypto_shorthash(first, (const unsigned char *)key, strlen(key), throttle->secret);
    memcpy(both + 8, first, 8);
    crypto_shorthash(first, both, sizeof both, throttle->secret);
    uint64_t hash;
    memcpy(&hash, first, sizeof hash);
    return hash;
}

static struct entry *entry_for(struct entry row[static WAYS], uint64_t hash) {
    struct entry *oldest = &row[0];
    for (int i = 0; i < WAYS; i++) {
        if (row[i].window != 0 && row[i].hash == hash)
            return &row[i];
        if (row[i].used < oldest->used)
            oldest = &row[i];
    }
    *oldest = (struct entry){.hash = hash};
    return oldest;
}

/* When does the estimate leave room for one more? The counts only fade with time: those of the last
 * window now, those of this one when it has become the last. */
static int64_t time_until_room(const struct entry *entry, int limit, int64_t rest) {
    int64_t window = entry->window;
    if (entry->now < limit)
        return rest - (limit - 1 - entry->now) * window / entry->before;
    return rest + window - (limit - 1) * window / entry->now;
}

bool throttle_take(struct throttle *throttle, const char *bucket, const char *key, int limit,
                   int64_t window_ms, int64_t now, struct allowance *allowance) {
    uint64_t hash = key_hash(throttle, bucket, key);
    size_t row = hash % ROWS;
    pthread_mutex_t *lock = &throttle->locks[row % LOCKS];
    pthread_mutex_lock(lock);
    struct entry *entry = entry_for(throttle->entries[row], hash);
    if (entry->window != window_ms)
        *entry = (struct entry){.hash = hash, .start = now, .window = window_ms};
    int64_t passed = (now - entry->start) / window_ms;
    if (passed > 0) {
        entry->before = passed == 1 ? entry->now : 0;
        entry->now = 0;
        entry->start += passed * window_ms;
    }
    entry->used = now;
    int64_t rest = window_ms - (now - entry->start);
    int64_t before = (entry->before * rest + window_ms - 1) / window_ms; /* rounded up */
    bool allowed = before + entry->now < limit;
    if (allowed)
        entry->now++;
    if (allowance != NULL)
        *allowance = (struct allowance){
            .limit = limit,
            .left = allowed ? (int)(limit - before - entry->now) : 0,
            .wait = allowed ? rest : time_until_room(entry, limit, rest),
        };
    pthread_mutex_unlock(lock);
    return allowed;
}

bool throttle(const struct request *r, const char *bucket, const char *key, int limit,
              int64_t window_ms) {
    const char *shop = r->cx.store == NULL ? "" : store_name(r->cx.store);
    return throttle_take(r->server->throttle, arena_printf(r->cx.arena, "%s %s", shop, bucket), key,
                         limit, window_ms, clock_ms(), NULL);
}
