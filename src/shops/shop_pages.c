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

static enum status set_up_form_show(struct request *r, const struct set_up *values) {
    struct set_up_form model = {.form = request_form(r, &set_up_record, values)};
    return answer(r, &set_up_as, &model);
}

static enum status set_up_show(struct request *r) {
    if (shop_view(r, NULL))
        return answer_redirect(r, "/sign-in");
    struct set_up values;
    record_clear(&set_up_record, &values);
    values.open_monday = values.open_tuesday = values.open_wednesday = values.open_thursday =
        values.open_friday = values.open_saturday = 1;
    values.opens = 9 * 60 + 30;
    values.closes = 17 * 60 + 30;
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
        shop_changed(r->cx.store, &r->cx);
    return status;
}

const struct route shop_routes[] = {
    {GET, "/set-up", RIGHT_PUBLIC, set_up_show, .flags = ROUTE_PAGE | ROUTE_SET_UP},
    {POST, "/set-up", RIGHT_PUBLIC, set_up_post, &set_up_record, .again = set_up_again,
     .flags = ROUTE_PAGE | ROUTE_SET_UP},
    {0},
};
