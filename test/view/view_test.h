/* A view to test with: Hartwell's of Bath, on Tuesday 24 November 2026, 10:41. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/actor.h"
#include "view/template.h"

#define NOW INT64_C(1795516860000) /* 2026-11-24T10:41:00Z */

struct shop {
    struct view view;
    struct buf out;
    struct locale locale;
    struct actor actor;
    struct errors errors;
};

static const struct place test_places[] = {{"jobs", "/board", "jobs", "Jobs", 1, true},
                                           {"stock", "/stock", "stock", "Stock", 2, false},
                                           {0}};
static const struct places test_groups[] = {{"Workshop", test_places}, {0}};

static inline int shop_open(void **state) {
    static struct shop shop;
    shop = (struct shop){0};
    struct arena *arena = arena_new();
    shop.locale = (struct locale){.currency = currency_find("GBP"),
                                  .zone = zone_find("Europe/London"),
                                  .country = "GB",
                                  .language = "en-GB"};
    shop.actor =
        (struct actor){.staff = 1, .name = "Imogen Hartwell", .role = "owner", .permissions = 5};
    shop.errors.arena = arena;
    shop.view = (struct view){.out = &shop.out,
                              .arena = arena,
                              .locale = &shop.locale,
                              .actor = &shop.actor,
                              .now = NOW,
                              .path = "/jobs",
                              .csrf = "token",
                              .theme = "dark",
                              .places = test_groups,
                              .shop_name = "Hartwell & Daughters",
                              .shop_place = "Bath",
                              .base_url = "https://bench.example",
                              .asset_version = "abc123"};
    *state = &shop;
    return 0;
}

static inline int shop_close(void **state) {
    struct shop *shop = *state;
    buf_free(&shop->out);
    arena_free(shop->view.arena);
    return 0;
}

/* What was written since the last time. */
static inline const char *written(struct shop *shop) {
    const char *text =
        arena_text_n(shop->view.arena, shop->out.at == NULL ? "" : shop->out.at, shop->out.length);
    buf_clear(&shop->out);
    return text;
}

#define assert_has(text, part)                                                                     \
    do {                                                                                           \
        if (strstr((text), (part)) == NULL)                                                        \
            fail_msg("%s\nis not in\n%s", (part), (text));                                         \
    } while (0)
#define assert_lacks(text, part)                                                                   \
    do {                                                                                           \
        if (strstr((text), (part)) != NULL)                                                        \
            fail_msg("%s\nis in\n%s", (part), (text));                                             \
    } while (0)

#define RULE(rule) cmocka_unit_test_setup_teardown(rule, shop_open, shop_close)
