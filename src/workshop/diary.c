#include "workshop/diary.h"

#include <assert.h>

/* A free stretch, in a treap ordered by its start. */
struct gap {
    struct gap *left, *right;
    uint64_t priority;
    struct span span;
    int64_t open; /* open milliseconds in it */
    int64_t most; /* the greatest `open` at or below here */
};

struct diary {
    struct hours hours;
    struct gap *root;
    struct gap *spare; /* given back, by `right` */
    uint64_t drawn;    /* of priorities: a counter, so that runs repeat */
    struct arena *arena;
};

/* SplitMix64 of the counter. */
static uint64_t priority_next(struct diary *diary) {
    uint64_t z = (diary->drawn += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void gap_update(struct gap *gap) {
    gap->most = gap->open;
    if (gap->left && gap->left->most > gap->most)
        gap->most = gap->left->most;
    if (gap->right && gap->right->most > gap->most)
        gap->most = gap->right->most;
}

static struct gap *gap_new(struct diary *diary, int64_t start, int64_t end) {
    struct gap *gap = diary->spare;
    if (gap)
        diary->spare = gap->right;
    else
        gap = ARENA_NEW(diary->arena, struct gap);
    *gap = (struct gap){.priority = priority_next(diary),
                        .span = {start, end},
                        .open = hours_between(&diary->hours, start, end)};
    gap->most = gap->open;
    return gap;
}

/* Everything in `left` begins before everything in `right`. */
static struct gap *gaps_join(struct gap *left, struct gap *right) {
    if (!left || !right)
        return left ? left : right;
    if (left->priority > right->priority) {
        left->right = gaps_join(left->right, right);
        gap_update(left);
        return left;
    }
    right->left = gaps_join(left, right->left);
    gap_update(right);
    return right;
}

/* Into what begins before `start` and the rest. */
static void gaps_split(struct gap *root, int64_t start, struct gap **before, struct gap **rest) {
    if (!root) {
        *before = *rest = NULL;
    } else if (root->span.start < start) {
        gaps_split(root->right, start, &root->right, rest);
        gap_update(root);
        *before = root;
    } else {
        gaps_split(root->left, start, before, &root->left);
        gap_update(root);
        *rest = root;
    }
}

static void gap_insert(struct diary *diary, int64_t start, int64_t end) {
    if (start >= end)
        return;
    struct gap *before, *rest;
    gaps_split(diary->root, start, &before, &rest);
    diary->root = gaps_join(gaps_join(before, gap_new(diary, start, end)), rest);
}

/* Takes out the gap that begins exactly there. */
static void gap_remove(struct diary *diary, int64_t start) {
    struct gap *before, *gap, *rest;
    gaps_split(diary->root, start, &before, &rest);
    gaps_split(rest, start + 1, &gap, &rest);
    assert(gap && !gap->left && !gap->right);
    gap->right = diary->spare;
    diary->spare = gap;
    diary->root = gaps_join(before, rest);
}

/* The last gap that begins at or before `instant`; NULL: none. */
static const struct gap *gap_at(const struct diary *diary, int64_t instant) {
    const struct gap *found = NULL;
    for (const struct gap *gap = diary->root; gap;) {
        if (gap->span.start <= instant) {
            found = gap;
            gap = gap->right;
        } else {
            gap = gap->left;
        }
    }
    return found;
}

/* The first gap that begins after `from` and has `work` open. Only along the border of `from` can a
 * branch disappoint, so this stays logarithmic. */
static const struct gap *gap_with(const struct gap *gap, int64_t from, int64_t work) {
    if (!gap || gap->most < work)
        return NULL;
    if (gap->span.start <= from)
        return gap_with(gap->right, from, work);
    const struct gap *earlier = gap_with(gap->left, from, work);
    if (earlier)
        return earlier;
    return gap->open >= work ? gap : gap_with(gap->right, from, work);
}

struct diary *diary_new(const struct hours *hours, const struct span *booked, int64_t count,
                        struct arena *arena) {
    struct diary *diary = ARENA_NEW(arena, struct diary);
    *diary = (struct diary){.hours = *hours, .arena = arena};
    if (hours->count == 0)
        return diary;
    struct hours taken = hours_of_spans(booked, count, arena);
    int64_t free_from = hours->spans[0].start, end = hours_end(hours);
    for (int64_t i = 0; i < taken.count && free_from < end; i++) {
        int64_t until = taken.spans[i].start < end ? taken.spans[i].start : end;
        if (free_from < until)
            diary->root = gaps_join(diary->root, gap_new(diary, free_from, until));
        if (taken.spans[i].end > free_from)
            free_from = taken.spans[i].end;
    }
    if (free_from < end)
        diary->root = gaps_join(diary->root, gap_new(diary, free_from, end));
    return diary;
}

/* The work in this gap, not before `from`. */
static bool place_in(const struct diary *diary, const struct gap *gap, int64_t from, int64_t work,
                     struct span *place) {
    int64_t start = gap->span.start > from ? gap->span.start : from, end;
    if (!hours_next(&diary->hours, start, &start) ||
        hours_between(&diary->hours, start, gap->span.end) < work ||
        !hours_after(&diary->hours, start, work, &end))
        return false;
    *place = (struct span){start, end};
    return true;
}

bool diary_find(const struct diary *diary, int64_t from, int64_t work, struct span *place) {
    const struct gap *gap = gap_at(diary, from);
    if (gap && gap->span.end > from && place_in(diary, gap, from, work, place))
        return true;
    gap = gap_with(diary->root, from, work);
    return gap && place_in(diary, gap, from, work, place);
}

bool diary_book(struct diary *diary, const struct span *place) {
    const struct gap *gap = gap_at(diary, place->start);
    if (!gap || place->start >= place->end || gap->span.end < place->end)
        return false;
    struct span span = gap->span;
    gap_remove(diary, span.start);
    gap_insert(diary, span.start, place->start);
    gap_insert(diary, place->end, span.end);
    return true;
}

void diary_release(struct diary *diary, const struct span *place) {
    struct span span = *place;
    const struct gap *before = gap_at(diary, place->start - 1), *after = gap_at(diary, place->end);
    bool joins_before = before && before->span.end == place->start;
    bool joins_after = after && after->span.start == place->end;
    if (joins_before)
        span.start = before->span.start;
    if (joins_after)
        span.end = after->span.end;
    if (joins_before)
        gap_remove(diary, span.start);
    if (joins_after)
        gap_remove(diary, place->end);
    gap_insert(diary, span.start, span.end);
}
