/* Which webhooks there are, and what is queued for them. */
#include "webhooks/inside.h"

#include "accounts/account.h"
#include "base/text.h"

#include <sodium.h>
#include <string.h>

enum { SECRET_BYTES = 24, KEPT_DAYS = 30, AT_ONCE = 200 };

const struct webhook_topic webhook_topics[] = {
    {"job.created", "A job was taken in"},
    {"job.edited", "A job was changed"},
    {"job.entered", "A job entered a stage"},
    {"job.undone", "A move was undone"},
    {"quote.made", "A quote was made"},
    {"quote.sent", "A quote was sent"},
    {"quote.accepted", "A quote was accepted"},
    {"quote.declined", "A quote was declined"},
    {"quote.expired", "A quote expired"},
    {"quote.voided", "A quote was voided"},
    {"payment.taken", "Money was taken"},
    {"payment.refunded", "Money was given back"},
    {"payment.reversed", "A payment was reversed"},
    {"invoice.issued", "An invoice was issued"},
    {"invoice.credited", "An invoice was credited"},
    {"operation.started", "Work at the bench began"},
    {"operation.ended", "Work at the bench ended"},
    {"vendor.requested", "A vendor was asked"},
    {"vendor.answered", "A vendor answered"},
    {"vendor.cancelled", "A request to a vendor was cancelled"},
    {NULL, NULL},
};

static const struct field webhook_fields[] = {
    FIELD(struct webhook, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct webhook, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED, .max = 100),
    FIELD(struct webhook, url, FIELD_TEXT, .label = "Address", .flags = FIELD_REQUIRED,
          .max = 1000),
    FIELD(struct webhook, kinds, FIELD_TEXT, .label = "What it is told of", .max = 1000,
          .flags = FIELD_NO_COLUMN),
    FIELD(struct webhook, failing_since, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct webhook, disabled_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct webhook, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct webhook, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record webhook_record = RECORD("Webhook", struct webhook, webhook_fields);

static const struct field delivery_fields[] = {
    FIELD(struct webhook_delivery, id, FIELD_ID),
    FIELD(struct webhook_delivery, kind, FIELD_TEXT),
    FIELD(struct webhook_delivery, state, FIELD_TEXT),
    FIELD(struct webhook_delivery, event, FIELD_ID),
    FIELD(struct webhook_delivery, attempts, FIELD_INT),
    FIELD(struct webhook_delivery, due, FIELD_INSTANT),
    FIELD(struct webhook_delivery, answer_status, FIELD_INT),
    FIELD(struct webhook_delivery, answer, FIELD_TEXT),
    FIELD(struct webhook_delivery, created_at, FIELD_INSTANT),
    FIELD(struct webhook_delivery, tried_at, FIELD_INSTANT),
};
const struct record webhook_delivery_record =
    RECORD("WebhookDelivery", struct webhook_delivery, delivery_fields);

/* ------------------------------------------------------------------ reading */

#define WEBHOOK                                                                                    \
    "select id, name, url, failing_since, disabled_at, version, created_at from webhook "
static const struct sql one_webhook = {"webhook_one", WEBHOOK "where id = $1", NULL};
static const struct sql all_webhooks = {"webhook_all", WEBHOOK "order by name, id", NULL};
static const struct sql kinds_of = {
    "webhook_kinds", "select kind from webhook_kind where webhook = $1 order by kind", NULL};
static const struct sql deliveries_of = {
    "webhook_deliveries",
    "select id, kind, state, event, attempts, due, answer_status, answer, created_at, tried_at "
    "from webhook_delivery where webhook = $1 and id < $2 order by id desc limit $3",
    NULL};

static void read_kinds(struct context *cx, struct webhook *webhook) {
    struct buf kinds = {0};
    struct rows *rows = db_rows(cx->db, &kinds_of, P(I(webhook->id)));
    while (rows_next(rows))
        buf_printf(&kinds, "%s%s", kinds.length > 0 ? " " : "", row_text(rows, 0));
    webhook->kinds = kinds.length == 0 ? NULL : arena_text(cx->arena, kinds.at);
    buf_free(&kinds);
}

bool webhook_load(struct context *cx, int64_t id, struct webhook *webhook) {
    record_clear(&webhook_record, webhook);
    if (!db_record(cx->db, &one_webhook, P(I(id)), &webhook_record, webhook))
        return false;
    read_kinds(cx, webhook);
    return true;
}

int64_t webhook_list(struct context *cx, struct webhook **webhooks) {
    int64_t count = DB_RECORDS(cx->db, &all_webhooks, P0, &webhook_record, webhooks);
    for (int64_t i = 0; i < count; i++)
        read_kinds(cx, &(*webhooks)[i]);
    return count;
}

int64_t webhook_deliveries(struct context *cx, int64_t webhook, int64_t before, int64_t limit,
                           struct webhook_delivery **deliveries) {
    return DB_RECORDS(cx->db, &deliveries_of,
                      P(I(webhook), I(before == NONE ? INT64_MAX : before), I(limit)),
                      &webhook_delivery_record, deliveries);
}

/* ------------------------------------------------------------------ changing */

static const struct sql webhook_add = {
    "webhook_add",
    "insert into webhook (name, url, secret, after_event, created_at) values "
    "($1, $2, $3, (select coalesce(max(id), 0) from event), $4) returning id",
    NULL};
static const struct sql webhook_edit = {
    "webhook_edit",
    "update webhook set name = $2, url = $3, version = version + 1 where id = $1 and version = $4",
    NULL};
static const struct sql webhook_secret = {
    "webhook_secret", "update webhook set secret = $2, version = version + 1 where id = $1", NULL};
static const struct sql kinds_drop = {"webhook_kinds_drop",
                                      "delete from webhook_kind where webhook = $1", NULL};
static const struct sql kind_add = {
    "webhook_kind_add",
    "insert into webhook_kind (webhook, kind) values ($1, $2) on conflict do nothing", NULL};
static const struct sql log_drop = {"webhook_log_drop",
                                    "delete from webhook_delivery where webhook = $1", NULL};
static const struct sql webhook_drop = {"webhook_drop", "delete from webhook where id = $1", NULL};
static const struct sql switch_off = {
    "webhook_off", "update webhook set disabled_at = $2 where id = $1 and disabled_at is null",
    NULL};
/* What happened while it was off is not told afterwards. */
static const struct sql switch_on = {
    "webhook_on",
    "update webhook set disabled_at = null, failing_since = null, "
    "after_event = (select coalesce(max(id), 0) from event) where id = $1",
    NULL};
static const struct sql ping_add = {
    "webhook_ping",
    "insert into webhook_delivery (webhook, kind, due, created_at) values ($1, 'ping', $2, $2)",
    NULL};
static const struct sql replay_one = {
    "webhook_replay_one",
    "update webhook_delivery set state = 'waiting', attempts = 0, due = $3 "
    "where webhook = $1 and id = $2 and state <> 'waiting'",
    NULL};
static const struct sql replay_failed = {
    "webhook_replay_failed",
    "update webhook_delivery set state = 'waiting', attempts = 0, due = $2 "
    "where webhook = $1 and state = 'failed'",
    NULL};

static bool is_topic(const char *kind, size_t length) {
    for (const struct webhook_topic *topic = webhook_topics; topic->kind != NULL; topic++)
        if (strlen(topic->kind) == length && strncmp(topic->kind, kind, length) == 0)
            return true;
    return false;
}

static enum status check(struct context *cx, const struct webhook *webhook, bool plain) {
    bool http = plain && strncmp(webhook->url, "http://", 7) == 0;
    if (!http && strncmp(webhook->url, "https://", 8) != 0)
        error_add(cx->errors, INVALID, "url", "not_https",
                  "The address begins with https://: what is told must not travel in the open.");
    if (strcspn(webhook->url, " \t\"<>\\^`{|}") != strlen(webhook->url))
        error_add(cx->errors, INVALID, "url", "bad_url", "An address has no blanks or brackets.");
    for (const char *at = webhook->kinds; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ,");
        if (length > 0 && !is_topic(at, length))
            error_add(cx->errors, INVALID, "kinds", "unknown_kind",
                      "“%.*s” is nothing that can be told.", (int)length, at);
        at += length + strspn(at + length, " ,");
    }
    return errors_any(cx->errors) ? INVALID : OK;
}

static const char *secret_new(struct context *cx, const char **shown) {
    unsigned char bytes[SECRET_BYTES];
    char *text = arena_alloc(
        cx->arena, sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_ORIGINAL));
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_ORIGINAL),
                      bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
    *shown = arena_printf(cx->arena, "whsec_%s", text);
    return text;
}

static void write_kinds(struct context *cx, const struct webhook *webhook) {
    db_run(cx->db, &kinds_drop, P(I(webhook->id)));
    for (const struct webhook_topic *topic = webhook_topics;
         text_empty(webhook->kinds) && topic->kind != NULL; topic++)
        db_run(cx->db, &kind_add, P(I(webhook->id), T(topic->kind)));
    for (const char *at = webhook->kinds; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ,");
        if (length > 0)
            db_run(cx->db, &kind_add, P(I(webhook->id), T(arena_text_n(cx->arena, at, length))));
        at += length + strspn(at + length, " ,");
    }
}

static enum status unknown(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_webhook",
                     "There is no webhook with this number.");
}

enum status webhook_save(struct context *cx, struct webhook *webhook, bool plain,
                         const char **secret) {
    struct webhook before;
    if (check(cx, webhook, plain) != OK)
        return INVALID;
    if (webhook->id == NONE) {
        webhook->id =
            db_insert(cx->db, &webhook_add,
                      P(T(webhook->name), T(webhook->url), T(secret_new(cx, secret)), I(cx->now)));
        write_kinds(cx, webhook);
        audit_add(cx, "added", "webhook", webhook->id, webhook->name);
    } else {
        if (!webhook_load(cx, webhook->id, &before))
            return unknown(cx);
        int64_t version = webhook->version == NONE ? before.version : webhook->version;
        if (db_run(cx->db, &webhook_edit,
                   P(I(webhook->id), T(webhook->name), T(webhook->url), I(version))) != 1)
            return error_add(cx->errors, CONFLICT, "version", "changed",
                             "Somebody else has changed this webhook meanwhile.");
        write_kinds(cx, webhook);
        webhook_load(cx, webhook->id, webhook);
        audit_edit(cx, "changed", "webhook", webhook->id, &webhook_record, &before, webhook);
    }
    context_tell(cx, "webhook", webhook->id);
    return OK;
}

enum status webhook_rotate(struct context *cx, int64_t id, const char **secret) {
    if (db_run(cx->db, &webhook_secret, P(I(id), T(secret_new(cx, secret)))) != 1)
        return unknown(cx);
    audit_add(cx, "gave a new secret", "webhook", id, NULL);
    return OK;
}

enum status webhook_delete(struct context *cx, int64_t id) {
    struct webhook webhook;
    if (!webhook_load(cx, id, &webhook))
        return unknown(cx);
    db_run(cx->db, &log_drop, P(I(id)));
    db_run(cx->db, &kinds_drop, P(I(id)));
    db_run(cx->db, &webhook_drop, P(I(id)));
    audit_add(cx, "removed", "webhook", id, webhook.name);
    return OK;
}

enum status webhook_enable(struct context *cx, int64_t id, bool enabled) {
    struct webhook webhook;
    if (!webhook_load(cx, id, &webhook))
        return unknown(cx);
    if ((webhook.disabled_at == NONE) == enabled)
        return OK;
    db_run(cx->db, enabled ? &switch_on : &switch_off, enabled ? P(I(id)) : P(I(id), I(cx->now)));
    audit_add(cx, enabled ? "switched on" : "switched off", "webhook", id, webhook.name);
    context_tell(cx, "webhook", id);
    return OK;
}

enum status webhook_ping(struct context *cx, int64_t id) {
    struct webhook webhook;
    if (!webhook_load(cx, id, &webhook))
        return unknown(cx);
    db_run(cx->db, &ping_add, P(I(id), I(cx->now)));
    context_tell(cx, "webhook", id);
    return OK;
}

enum status webhook_replay(struct context *cx, int64_t webhook, int64_t delivery, int64_t *count) {
    struct webhook found;
    if (!webhook_load(cx, webhook, &found))
        return unknown(cx);
    *count = delivery == NONE ? db_run(cx->db, &replay_failed, P(I(webhook), I(cx->now)))
                              : db_run(cx->db, &replay_one, P(I(webhook), I(delivery), I(cx->now)));
    if (*count > 0)
        audit_add(cx, "sent anew", "webhook", webhook, found.name);
    context_tell(cx, "webhook", webhook);
    return OK;
}

/* ------------------------------------------------------------------ queueing */

static const struct sql behind = {
    "webhook_behind",
    "select count(*) from webhook where disabled_at is null and after_event < "
    "(select coalesce(max(id), 0) from event)",
    NULL};
static const struct sql hooks_behind = {
    "webhook_hooks_behind",
    "select id, after_event from webhook where disabled_at is null and after_event < "
    "(select coalesce(max(id), 0) from event)",
    NULL};
static const struct sql last_of = {
    "webhook_last",
    "select max(id) from (select id from event where id > $1 order by id limit $2) coming", NULL};
static const struct sql queue = {
    "webhook_queue",
    "insert into webhook_delivery (webhook, event, kind, due, created_at) "
    "select k.webhook, e.id, e.kind, $4, $4 from event e "
    "join webhook_kind k on k.webhook = $1 and k.kind = e.kind "
    "where e.id > $2 and e.id <= $3 order by e.id on conflict do nothing",
    "insert into webhook_delivery (webhook, event, kind, due, created_at) "
    "select k.webhook, e.id, e.kind, cast($4 as bigint), cast($4 as bigint) from event e "
    "join webhook_kind k on k.webhook = $1 and k.kind = e.kind "
    "where e.id > $2 and e.id <= $3 order by e.id on conflict do nothing"};
static const struct sql advance = {"webhook_advance",
                                   "update webhook set after_event = $2 where id = $1", NULL};
static const struct sql old_ones = {
    "webhook_old", "delete from webhook_delivery where state <> 'waiting' and created_at < $1",
    NULL};

bool webhooks_behind(struct context *cx) {
    return db_int(cx->db, &behind, P0) > 0;
}

enum status webhooks_queue(struct context *cx, void *arg) {
    (void)arg;
    int64_t ids[AT_ONCE], after[AT_ONCE], count = 0;
    struct rows *rows = db_rows(cx->db, &hooks_behind, P0);
    while (count < AT_ONCE && rows_next(rows)) {
        ids[count] = row_int(rows, 0);
        after[count++] = row_int(rows, 1);
    }
    rows_end(rows);
    for (int64_t i = 0; i < count; i++) {
        int64_t last = db_int(cx->db, &last_of, P(I(after[i]), I(AT_ONCE)));
        db_run(cx->db, &queue, P(I(ids[i]), I(after[i]), I(last), I(cx->now)));
        db_run(cx->db, &advance, P(I(ids[i]), I(last)));
    }
    return db_failed(cx->db) ? FAILED : OK;
}

enum status webhook_sweep(struct context *cx, void *arg) {
    (void)arg;
    db_run(cx->db, &old_ones, P(I(cx->now - KEPT_DAYS * DAY)));
    return OK;
}
