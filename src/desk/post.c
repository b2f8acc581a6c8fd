#include "desk/post.h"

#include "desk/prints.h"
#include "messages/mime.h"
#include "shops/shop.h"

#include <stdlib.h>
#include <string.h>

struct making_of {
    const char *what, *url, *name;
    struct buf *bytes;
};

static enum status make(struct context *cx, void *arg) {
    struct making_of *making = arg;
    const char *colon = strchr(making->what, ':');
    int64_t id = colon == NULL ? 0 : strtoll(colon + 1, NULL, 10);
    bool good = false;
    if (strncmp(making->what, "quote:", 6) == 0)
        good = print_quote(cx, id, making->url, making->bytes, &making->name);
    else if (strncmp(making->what, "invoice:", 8) == 0)
        good = print_invoice(cx, id, making->url, making->bytes, &making->name);
    else if (strncmp(making->what, "receipt:", 8) == 0)
        good = print_receipt(cx, id, making->url, making->bytes, &making->name);
    return good ? OK : MISSING;
}

bool post_attach(struct post_office *office, struct store *store, const char *what,
                 struct mime_file *file, struct buf *bytes, struct arena *arena) {
    static const struct actor program = {.name = "Benchpin", .role = "program"};
    struct errors errors = {.arena = arena};
    struct context cx = {
        .arena = arena, .errors = &errors, .actor = &program, .store = store, .now = instant_now()};
    struct making_of making = {.what = what, .url = office->base_url, .bytes = bytes};
    shop_prepare(&cx);
    if (store_read(store, &cx, make, &making) != OK)
        return false;
    *file = (struct mime_file){.name = making.name,
                               .type = "application/pdf",
                               .bytes = bytes->at,
                               .length = bytes->length};
    return true;
}
