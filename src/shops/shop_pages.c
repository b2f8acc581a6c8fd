#include "shops/shop_pages.h"
#include "shops.set_up.html.h"
#include "shops/shop.h"

/* ------------------------------------------------------------------ first set-up */

static void set_up_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Set up your shop"),
                                .bare = true,
                                .body = set_up_html,
                                .model = model});
}
static const struct presentation set_up_as = {&set_up_record, set_up_page};

/* Which country the shop is in decides what the rest of the form begins with. */
struct where {
    const char *country;
};
static const struct field where_fields[] = {
    FIELD(struct where, country, FIELD_TEXT, .label = "Where is the shop?", .max = 2),
};
static const struct record where_record = RECORD("SetUpWhere", struct where, where_fields);

static struct vocabulary currency_words(struct arena *arena) {
    int count;
    const struct currency *all = currency_all(&count);
    struct word *words = ARENA_ARRAY(arena, struct word, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        words[i] =
            (struct word){all[i].code, arena_printf(arena, "%s %s", all[i].code, all[i].name)};
    return (struct vocabulary){"currency", words};
}

static enum status set_up_form_show(struct request *r, const struct set_up *values) {
    struct where where = {values->country};
    struct set_up_form model = {
        .country = country_find(values->country),
        .currencies = currency_words(r->cx.arena),
        .form = request_form(r, &set_up_record, values),
        .country_form = {.record = &where_record, .values = &where},
    };
    return answer(r, &set_up_as, &model);
}

/* What is usual in a country; the shop changes what is not so with it. */
static void set_up_defaults(struct set_up *values, const char *code) {
    const struct country *country = country_find(code);
    record_clear(&set_up_record, values);
    values->country = country->code;
    values->currency = country->currency;
    values->zone = country->zone;
    values->language = country_language(code);
    values->tax_name = country->tax;
    values->tax_rate = country->rate > 0 ? country->rate : NONE;
    values->open_tuesday = values->open_wednesday = values->open_thursday = values->open_friday =
        values->open_saturday = 1;
    values->open_monday = 1;
    values->opens = 9 * 60 + 30;
    values->closes = 17 * 60 + 30;
}

static enum status set_up_show(struct request *r) {
    if (shop_view(r, NULL))
        return answer_redirect(r, "/sign-in");
    const char *code = ((const struct where *)r->input)->country;
    if (country_find(code) == NULL)
        code = country_of_languages(request_header(r, "Accept-Language"), r->cx.arena);
    struct set_up values;
    set_up_defaults(&values, code);
    return set_up_form_show(r, &values);
}

static enum status set_up_again(struct request *r) {
    return set_up_form_show(r, r->input);
}

static enum status set_up_post(struct request *r) {
    const struct set_up *set_up = r->input;
    if (shop_view(r, NULL))
        return fail(r, CONFLICT, "set_up_already", "This shop is set up already. Sign in instead.");
    if (set_up_check(set_up, r->cx.errors) != OK)
        return INVALID;
    void *arg;
    closure work = shop_set_up_closure(&r->cx, set_up, &arg);
    enum status status = request_write(r, work, arg);
    if (status == OK)
        shop_changed(r->cx.store);
    return status;
}

/* ------------------------------------------------------------------ the language */

/* What a visitor chose is kept for a year; staff choose theirs on their own page. */
static enum status language_show(struct request *r) {
    const struct language *language = language_find(request_text(r, "tag"));
    const char *next = request_typed(r, "next");
    if (language == NULL)
        return fail(r, MISSING, "unknown_language", "There is no such language.");
    answer_redirect(r, next == NULL ? "/" : next);
    answer_cookie(r, arena_printf(r->cx.arena,
                                  "language=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
                                  language->tag));
    return OK;
}

const struct route shop_routes[] = {
    {GET, "/language/{tag}", RIGHT_PUBLIC, language_show,
     .flags = ROUTE_PAGE | ROUTE_SET_UP | ROUTE_INTERNAL},
    {GET, "/set-up", RIGHT_PUBLIC, set_up_show, &where_record, .flags = ROUTE_PAGE | ROUTE_SET_UP},
    {POST, "/set-up", RIGHT_PUBLIC, set_up_post, &set_up_record, .again = set_up_again,
     .flags = ROUTE_PAGE | ROUTE_SET_UP},
    {0},
};
