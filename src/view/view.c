/* The frame around a page: which places there are, and in whose language, theme and name. */
#include "base/actor.h"
#include "base/text.h"
#include "view.frame.html.h"
#include "view/frame.h"

#include <ctype.h>

static const struct place workshop[] = {
    {"jobs", "/jobs", "jobs", "Jobs", true},
    {"flow", "/flows", "flow", "Flow", true},
};
static const struct place shop_floor[] = {
    {"customers", "/customers", "customers", "Customers", true},
    {"invoices", "/invoices", "invoices", "Invoices", false},
    {"messages", "/messages", "msg", "Messages", false},
};
static const struct place stock_room[] = {
    {"stock", "/stock", "stock", "Stock", false},
    {"vendors", "/vendors", "buying", "Vendors", false},
};
static const struct place settings = {"settings", "/settings", "settings", "Settings", false};

#define PLACES(title, of)                                                                          \
    { title, of, (int)(sizeof of / sizeof of[0]) }
static const struct places groups[] = {
    PLACES("Workshop", workshop),
    PLACES("Shop floor", shop_floor),
    PLACES("Stock room", stock_room),
};

const struct places *frame_places(int *count) {
    *count = (int)(sizeof groups / sizeof groups[0]);
    return groups;
}

const struct place *frame_settings(void) {
    return &settings;
}

const char *frame_language(const struct view *v) {
    return v->locale != NULL && v->locale->language != NULL ? v->locale->language : "en-GB";
}

const char *frame_direction(const struct view *v) {
    static const char *const leftward[] = {"ar", "fa", "he", "ur", "ps", "yi", "dv"};
    const char *language = frame_language(v);
    for (size_t i = 0; i < sizeof leftward / sizeof leftward[0]; i++)
        if (text_starts(language, leftward[i]) && !isalpha((unsigned char)language[2]))
            return "rtl";
    return "ltr";
}

const char *frame_theme(const struct view *v) {
    if (v->theme != NULL && (strcmp(v->theme, "light") == 0 || strcmp(v->theme, "dark") == 0))
        return v->theme;
    return "auto";
}

const char *frame_shop(const struct view *v) {
    return text_empty(v->shop_name) ? "Benchpin" : v->shop_name;
}

const char *frame_role(struct view *v) {
    if (v->actor == NULL || text_empty(v->actor->role))
        return NULL;
    char *role = arena_text(v->arena, v->actor->role);
    role[0] = (char)toupper((unsigned char)role[0]);
    return view_t(v, role);
}

bool view_may(const struct view *v, uint64_t permission) {
    return actor_may(v->actor, permission);
}

void view_page(struct view *v, const struct page *page) {
    frame_html(v, page);
}
