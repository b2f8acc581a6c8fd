/* The frame around a page: in whose language, theme and name. */
#include "base/actor.h"
#include "base/text.h"
#include "view.frame.html.h"
#include "view/frame.h"

#include <ctype.h>

const char *frame_language(const struct view *v) {
    const struct language *language = view_language(v);
    if (language != NULL && strcmp(language->tag, "ar") == 0)
        return arena_printf(v->arena, "%s-u-nu-latn", v->locale->language);
    return v->locale != NULL && v->locale->language != NULL ? v->locale->language : "en-GB";
}

const char *frame_direction(const struct view *v) {
    const struct language *language = view_language(v);
    return language != NULL && language->leftward ? "rtl" : "ltr";
}

const char *frame_words(const struct view *v) {
    const struct language *language = view_language(v);
    return language == NULL || language->texts == NULL ? NULL : language->tag;
}

bool frame_speaks(const struct view *v, const struct language *language) {
    const struct language *own = view_language(v);
    return own == NULL ? language->texts == NULL : own == language;
}

bool frame_offers(const struct view *v, const struct language *language) {
    if (frame_speaks(v, language))
        return true;
    /* "English" twice would ask people what they cannot answer. */
    bool variety = strchr(language->tag, '-') != NULL && language->texts != NULL;
    return !variety && !language_related(language, view_language(v)) &&
           language_offered(language, v->languages);
}

const char *frame_theme(const struct view *v) {
    if (v->theme != NULL && (strcmp(v->theme, "light") == 0 || strcmp(v->theme, "dark") == 0))
        return v->theme;
    return "auto";
}

const char *frame_shop(const struct view *v) {
    return text_empty(v->shop_name) ? "Benchpin" : v->shop_name;
}

bool frame_any(const struct view *v, const struct places *group) {
    for (const struct place *place = group->places; place->name != NULL; place++)
        if (view_may(v, place->right))
            return true;
    return false;
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
