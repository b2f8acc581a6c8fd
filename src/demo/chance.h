/* Chance that repeats itself: the same seed gives the same draws, on every machine. For the demo
 * only, never for secrets. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

static inline uint64_t chance_next(struct chance *chance) { /* SplitMix64 */
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 to `below` − 1. `below` is small, so that the modulo's slant does not matter here. */
static inline int64_t chance_below(struct chance *chance, int64_t below) {
    return below <= 1 ? 0 : (int64_t)(chance_next(chance) % (uint64_t)below);
}

/* `least` to `most`, both included. */
static inline int64_t chance_between(struct chance *chance, int64_t least, int64_t most) {
    return least + chance_below(chance, most - least + 1);
}

static inline bool chance_percent(struct chance *chance, int64_t percent) {
    return chance_below(chance, 100) < percent;
}
