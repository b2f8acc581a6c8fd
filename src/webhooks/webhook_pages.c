/* Webhooks in the settings and by the API. */
#include "webhooks/inside.h"

#include "accounts/permission.h"
#include "webhooks.webhooks.html.h"

#include <string.h>

enum { LOG_ROWS = 50 };

/* What a form or a program sends; the kinds one flag each, as boxes to tick. */
struct webhook_entry {
    const char *name, *url;
    int64_t told[24], version;
};
_Static_assert(sizeof((struct webhook_entry){0}.told) / sizeof(int64_t) >= 20,
               "one for each topic");

#define TOLD(index, name_, label_)                                                                 \
    {                                                                                              \
        .name = name_, .label = label_, .kind = FIELD_FLAG,                                        \
        .offset = offsetof(struct webhook_entry, told) + (index) * sizeof(int64_t)                 \
    }
/* In the order of webhook_topics. */
static const struct field entry_fields[] = {
    FIELD(struct webhook_entry, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED,
          .max = 100),
    FIELD(struct webhook_entry, url, FIELD_TEXT, .label = "Address", .flags = FIELD_REQUIRED,
          .max = 1000),
    FIELD(struct webhook_entry, version, FIELD_INT, .max = INT64_MAX),
    TOLD(0, "job_created", "A job was taken in"),
    TOLD(1, "job_edited", "A job was changed"),
    TOLD(2, "job_entered", "A job entered a stage"),
    TOLD(3, "job_undone", "A move was undone"),
    TOLD(4, "quote_made", "A quote was made"),
    TOLD(5, "quote_sent", "A quote was sent"),
    TOLD(6, "quote_accepted", "A quote was accepted"),
    TOLD(7, "quote_declined", "A quote was declined"),
    TOLD(8, "quote_expired", "A quote expired"),
    TOLD(9, "quote_voided", "A quote was voided"),
    TOLD(10, "payment_taken", "Money was taken"),
    TOLD(11, "payment_refunded", "Money was given back"),
    TOLD(12, "payment_reversed", "A payment was reversed"),
    TOLD(13, "invoice_issued", "An invoice was issued"),
    TOLD(14, "invoice_credited", "An invoice was credited"),
    TOLD(15, "operation_started", "Work at the bench began"),
    TOLD(16, "operation_ended", "Work at the bench ended"),
    TOLD(17, "vendor_requested", "A vendor was asked"),
    TOLD(18, "vendor_answered", "A vendor answered"),
    TOLD(19, "vendor_cancelled", "A request to a vendor was cancelled"),
};
static const struct record entry_record =
    RECORD("WebhookEntry", struct webhook_entry, entry_fields);

static void entry_of(const struct webhook *webhook, struct webhook_entry *entry) {
    record_clear(&entry_record, entry);
    entry->name = webhook->name;
    entry->url = webhook->url;
    entry->version = webhook->version;
    for (int i = 0; webhook_topics[i].kind != NULL; i++) {
        size_t length = strlen(webhook_topics[i].kind);
        for (const char *at = webhook->kinds;
             at != NULL && (at = strstr(at, webhook_topics[i].kind)) != NULL; at += length)
            if (at[length] == ' ' || at[length] == '\0')
                entry->told[i] = 1;
    }
}

static void webhook_of(const struct webhook_entry *entry, struct webhook *webhook,
                       struct arena *arena) {
    struct buf kinds = {0};
    for (int i = 0; webhook_topics[i].kind != NULL; i++)
        if (entry->told[i] == 1)
            buf_printf(&kinds, "%s%s", kinds.length > 0 ? " " : "", webhook_topics[i].kind);
    webhook->name = entry->name;
    webhook->url = entry->url;
    webhook->version = entry->version;
    webhook->kinds = kinds.length == 0 ? NULL : arena_text(arena, kinds.at);
    buf_free(&kinds);
}

/* ------------------------------------------------------------------ showing */

static const struct field rows_fields[] = {
    FIELD_ROWS(struct webhook_rows, rows, count, &webhook_record),
};
static const struct record rows_record = RECORD("Webhooks", struct webhook_rows, rows_fields);
static const struct field page_fields[] = {
    FIELD(struct webhook_page, secret, FIELD_TEXT),
    FIELD_ROWS(struct webhook_page, deliveries, delivery_count, &webhook_delivery_record),
    FIELD(struct webhook_page, next, FIELD_TEXT, .max = 1000),
};
static const struct record page_record =
    RECORD_ON(&webhook_record, "WebhookPage", struct webhook_page, page_fields);

struct before_query {
    int64_t before;
};
static const struct field before_fields[] = {FIELD(struct before_query, before, FIELD_ID)};
static const struct record before_record =
    RECORD("WebhookLogQuery", struct before_query, before_fields);

static struct page page_of(struct view *v, const char *title,
                           void (*body)(struct view *, const void *), const void *model) {
    return (struct page){.title = title,
                         .nav = "settings",
                         .crumb = view_t(v, "Settings"),
                         .crumb_url = "/settings",
                         .body = body,
                         .model = model};
}

static void rows_html(struct view *v, const void *model) {
    struct page page = page_of(v, view_t(v, "Webhooks"), webhook_list_html, model);
    view_page(v, &page);
}
static void one_html(struct view *v, const void *model) {
    const struct webhook_page *shown = model;
    struct page page =
        page_of(v, shown->webhook.id == NONE ? view_t(v, "New webhook") : shown->webhook.name,
                webhook_form_html, model);
    page.crumb = view_t(v, "Webhooks");
    page.crumb_url = "/settings/webhooks";
    view_page(v, &page);
}
static const struct presentation rows_as = {&rows_record, rows_html};
static const struct presentation one_as = {&page_record, one_html};

static enum status list_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct webhook_rows list = {0};
    list.count = webhook_list(cx, &list.rows);
    return answer(r, &rows_as, &list);
}

static enum status new_show(struct request *r) {
    struct webhook_page page = {0};
    struct webhook_entry entry;
    record_clear(&webhook_record, &page.webhook);
    entry_of(&page.webhook, &entry);
    page.form = request_form(r, &entry_record, &entry);
    return answer(r, &one_as, &page);
}

/* `secret`: just made, to be shown this once. */
static enum status show_one(struct request *r, int64_t id, int64_t before, const char *secret,
                            bool typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct webhook_page page = {.secret = secret};
    if (!webhook_load(cx, id, &page.webhook))
        return fail(r, MISSING, "unknown_webhook", "There is no webhook with this number.");
    struct webhook_entry entry;
    entry_of(&page.webhook, &entry);
    page.form = typed ? request_form(r, &entry_record, &entry)
                      : (struct form){.record = &entry_record, .values = &entry};
    page.delivery_count = webhook_deliveries(cx, id, before, LOG_ROWS + 1, &page.deliveries);
    if (page.delivery_count > LOG_ROWS) {
        page.delivery_count = LOG_ROWS;
        page.next = arena_printf(cx->arena, "/settings/webhooks/%ld?before=%ld", (long)id,
                                 (long)page.deliveries[LOG_ROWS - 1].id);
    }
    for (int64_t i = 0; i < page.delivery_count; i++)
        page.failed += strcmp(page.deliveries[i].state, "failed") == 0;
    return answer(r, &one_as, &page);
}

static enum status one_show(struct request *r) {
    return show_one(r, request_id(r, "id"), ((struct before_query *)r->input)->before, NULL, false);
}

static enum status edit_again(struct request *r) {
    return show_one(r, request_id(r, "id"), NONE, NULL, true);
}

/* ------------------------------------------------------------------ changing */

struct change {
    struct webhook webhook;
    const char *secret;
    int64_t delivery;
    bool plain, off;
};

static void tell(struct context *cx, int64_t id, int status, const char *flash) {
    struct webhook webhook;
    bool there = webhook_load(cx, id, &webhook);
    context_outcome(
        cx, &(struct outcome){
                .status = status,
                .location = there ? arena_printf(cx->arena, "/settings/webhooks/%ld", (long)id)
                                  : "/settings/webhooks",
                .flash = flash,
                .record = there ? &webhook_record : NULL,
                .model = &webhook});
}

static enum status save_new(struct context *cx, void *arg) {
    struct change *change = arg;
    return webhook_save(cx, &change->webhook, change->plain, &change->secret);
}

/* Its secret is in the answer itself: nothing of it is kept for a repeat. */
static enum status new_post(struct request *r) {
    struct change change = {.plain = request_plain_webhooks(r)};
    record_clear(&webhook_record, &change.webhook);
    webhook_of(r->input, &change.webhook, r->cx.arena);
    enum status status = request_write(r, save_new, &change);
    return status != OK ? status : show_one(r, change.webhook.id, NONE, change.secret, false);
}

static enum status save_edit(struct context *cx, void *arg) {
    struct change *change = arg;
    enum status status = webhook_save(cx, &change->webhook, change->plain, &change->secret);
    if (status == OK)
        tell(cx, change->webhook.id, 200, context_words(cx, "Saved."));
    return status;
}

static enum status edit_post(struct request *r) {
    struct change change = {.plain = request_plain_webhooks(r)};
    record_clear(&webhook_record, &change.webhook);
    webhook_of(r->input, &change.webhook, r->cx.arena);
    change.webhook.id = request_id(r, "id");
    return request_write(r, save_edit, &change);
}

static enum status rotate(struct context *cx, void *arg) {
    struct change *change = arg;
    return webhook_rotate(cx, change->webhook.id, &change->secret);
}

static enum status secret_post(struct request *r) {
    struct change change = {.webhook.id = request_id(r, "id")};
    enum status status = request_write(r, rotate, &change);
    return status != OK ? status : show_one(r, change.webhook.id, NONE, change.secret, false);
}

static enum status drop(struct context *cx, void *arg) {
    struct change *change = arg;
    enum status status = webhook_delete(cx, change->webhook.id);
    if (status == OK)
        tell(cx, change->webhook.id, 200, context_words(cx, "The webhook is gone."));
    return status;
}

static enum status delete_post(struct request *r) {
    struct change change = {.webhook.id = request_id(r, "id")};
    return request_write(r, drop, &change);
}

static enum status turn(struct context *cx, void *arg) {
    struct change *change = arg;
    enum status status = webhook_enable(cx, change->webhook.id, !change->off);
    if (status == OK)
        tell(cx, change->webhook.id, 200,
             change->off ? context_words(cx, "Switched off: nothing is told any more.")
                         : context_words(cx, "Switched on: it is told of what happens from now."));
    return status;
}

static enum status disable_post(struct request *r) {
    struct change change = {.webhook.id = request_id(r, "id"), .off = true};
    return request_write(r, turn, &change);
}

static enum status enable_post(struct request *r) {
    struct change change = {.webhook.id = request_id(r, "id")};
    return request_write(r, turn, &change);
}

static enum status ping(struct context *cx, void *arg) {
    struct change *change = arg;
    enum status status = webhook_ping(cx, change->webhook.id);
    if (status == OK)
        tell(cx, change->webhook.id, 200, context_words(cx, "A ping is on its way."));
    return status;
}

static enum status ping_post(struct request *r) {
    struct change change = {.webhook.id = request_id(r, "id")};
    return request_write(r, ping, &change);
}

static enum status send_anew(struct context *cx, void *arg) {
    struct change *change = arg;
    int64_t count = 0;
    enum status status = webhook_replay(cx, change->webhook.id, change->delivery, &count);
    if (status == OK)
        tell(cx, change->webhook.id, 200,
             count == 0 ? context_words(cx, "There was nothing to send anew.")
                        : context_words_n(cx, count, "%ld message is sent anew.",
                                          "%ld messages are sent anew.", (long)count));
    return status;
}

static enum status replay_post(struct request *r) {
    struct change change = {.webhook.id = request_id(r, "id"), .delivery = NONE};
    return request_write(r, send_anew, &change);
}

static enum status replay_one_post(struct request *r) {
    struct change change = {.webhook.id = request_id(r, "id"),
                            .delivery = request_id(r, "delivery_id")};
    return request_write(r, send_anew, &change);
}

#define RIGHTS RIGHT(MAY_CHANGE_SETTINGS)
const struct route webhook_routes[] = {
    {GET, "/settings/webhooks", RIGHTS, list_show, .output = &rows_as, .summary = "List webhooks"},
    {GET, "/settings/webhooks/new", RIGHTS, new_show, .flags = ROUTE_PAGE},
    {POST, "/settings/webhooks", RIGHTS, new_post, &entry_record, .again = new_show,
     .flags = ROUTE_SECRET, .output = &one_as,
     .summary = "Add a webhook; its secret is in the answer and nowhere else"},
    {GET, "/settings/webhooks/{id}", RIGHTS, one_show, &before_record, .output = &one_as,
     .summary = "A webhook and its log"},
    {POST, "/settings/webhooks/{id}", RIGHTS, edit_post, &entry_record, .again = edit_again,
     .output = &one_as, .summary = "Change a webhook"},
    {POST, "/settings/webhooks/{id}/secret", RIGHTS, secret_post, .flags = ROUTE_SECRET,
     .output = &one_as, .summary = "Give a webhook a new secret"},
    {POST, "/settings/webhooks/{id}/delete", RIGHTS, delete_post, .summary = "Remove a webhook"},
    {POST, "/settings/webhooks/{id}/disable", RIGHTS, disable_post, .output = &one_as,
     .summary = "Switch a webhook off"},
    {POST, "/settings/webhooks/{id}/enable", RIGHTS, enable_post, .output = &one_as,
     .summary = "Switch a webhook on"},
    {POST, "/settings/webhooks/{id}/ping", RIGHTS, ping_post, .output = &one_as,
     .summary = "Send a ping"},
    {POST, "/settings/webhooks/{id}/replay", RIGHTS, replay_post, .output = &one_as,
     .summary = "Send anew what failed"},
    {POST, "/settings/webhooks/{id}/deliveries/{delivery_id}/replay", RIGHTS, replay_one_post,
     .output = &one_as, .summary = "Send one message anew"},
    {0},
};
