#include "http/idempotency.h"

#include "base/text.h"
#include "http/inside.h"

#include <sodium.h>
#include <string.h>

#define KEPT (7 * DAY)

static const struct sql idempotency_find = {
    "idempotency_find",
    "select body_hash, status, location, flash, undo, json from idempotency where owner = $1 and "
    "key = $2",
    NULL};
static const struct sql idempotency_add = {
    "idempotency_add",
    "insert into idempotency (owner, key, method, path, body_hash, status, location, flash, undo, "
    "json, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    NULL};
static const struct sql idempotency_forget = {
    "idempotency_forget", "delete from idempotency where created_at < $1", NULL};

enum status idempotency_sweep(struct context *cx) {
    db_run(cx->db, &idempotency_forget, P(I(cx->now - KEPT)));
    return OK;
}

struct write {
    struct exchange *x;
    closure work;
    void *arg;
    const char *owner, *key, *hash; /* key NULL: nothing is recorded */
    struct outcome outcome;
    bool replayed;
};

void context_outcome(struct context *cx, const struct outcome *outcome) {
    struct outcome *kept = cx->outcome;
    if (kept == NULL)
        return;
    *kept = *outcome;
    kept->location = arena_text(cx->arena, outcome->location);
    kept->flash =
        arena_text(cx->arena, language_text(context_language(cx), NULL, outcome->flash));
    kept->undo = arena_text(cx->arena, outcome->undo);
    kept->json = arena_text(cx->arena, outcome->json);
    kept->cookie = arena_text(cx->arena, outcome->cookie);
    if (kept->record != NULL && kept->model != NULL) {
        char *model = arena_alloc(cx->arena, kept->record->size);
        memcpy(model, kept->model, kept->record->size);
        kept->model = model;
    }
}

/* Whose key it is: the person's and the route's. */
static const char *owner_of(struct exchange *x) {
    const struct request *r = &x->r;
    struct arena *arena = r->cx.arena;
    const char *who;
    if (r->cx.actor->staff != 0) {
        who = arena_printf(arena, "staff:%lld", (long long)r->cx.actor->staff);
    } else {
        const char *visit = request_cookie(r, "visit");
        who = visit != NULL ? arena_printf(arena, "visit:%s", token_hash(visit, arena))
                            : arena_printf(arena, "address:%s", token_hash(r->address, arena));
    }
    return arena_printf(arena, "%s %s %s", who, method_name(r->method), r->route->path);
}

/* Over all that makes it this request and no other. */
static const char *hash_of(struct exchange *x) {
    struct arena *arena = x->r.cx.arena;
    return token_hash(arena_printf(arena, "%s %s?%s %s", method_name(x->r.method), x->r.path,
                                   x->r.query, x->body_hash),
                      arena);
}

static bool replay(struct context *cx, struct write *write, enum status *status) {
    struct rows *rows = db_rows(cx->db, &idempotency_find, P(T(write->owner), T(write->key)));
    bool found = rows_next(rows);
    if (!found)
        return false;
    const char *hash = row_text(rows, 0);
    if (text_same(hash, write->hash)) {
        write->outcome = (struct outcome){.status = (int)row_int(rows, 1),
                                          .location = row_text(rows, 2),
                                          .flash = row_text(rows, 3),
                                          .undo = row_text(rows, 4),
                                          .json = row_text(rows, 5)};
        write->replayed = true;
        *status = OK;
    } else {
        *status = error_add(cx->errors, INVALID, "idempotency_key", "key_reused",
                            "This Idempotency-Key was used before for something else. Take a new "
                            "one.");
    }
    rows_end(rows);
    return true;
}

static void record(struct context *cx, const struct write *write) {
    const struct outcome *outcome = &write->outcome;
    const struct request *r = &write->x->r;
    struct buf json = {0};
    const char *text = outcome->json;
    if (outcome->record != NULL && outcome->model != NULL) {
        uint64_t right = r->server->settings.cost_right;
        record_write_json(outcome->record, outcome->model,
                          right == 0 || actor_may(cx->actor, right), &json);
        text = json.at;
    }
    db_run(cx->db, &idempotency_add,
           P(T(write->owner), T(write->key), T(method_name(r->method)), T(r->path), T(write->hash),
             I(outcome->status), T(outcome->location), T(outcome->flash), T(outcome->undo), T(text),
             I(cx->now)));
    buf_free(&json);
}

/* The closure round the closure. It may run twice, so it begins from nothing each time. */
static enum status write_once(struct context *cx, void *arg) {
    struct write *write = arg;
    enum status status;
    errors_clear(cx->errors);
    write->outcome = (struct outcome){0};
    write->replayed = false;
    cx->outcome = &write->outcome;
    if (write->key != NULL && replay(cx, write, &status))
        return status;
    status = write->work(cx, write->arg);
    /* A secret is in no record: who signs in twice is signed in twice. */
    bool secret = write->outcome.cookie != NULL || (write->x->r.route->flags & ROUTE_SECRET);
    if (status == OK && write->key != NULL && write->outcome.status != 0 && !secret)
        record(cx, write);
    return status;
}

enum status request_write(struct request *r, closure work, void *arg) {
    struct exchange *x = exchange_of(r);
    /* A handler that writes twice is answered from the record as a whole. */
    if (x->replayed)
        return OK;
    request_unread(r);
    if (r->cx.store == NULL)
        return fail(r, UNAVAILABLE, "no_store",
                    "The shop cannot be opened just now. Try again shortly.");
    struct write write = {.x = x, .work = work, .arg = arg};
    if (x->key != NULL && !x->recorded) {
        write.key = x->key;
        write.owner = owner_of(x);
        write.hash = hash_of(x);
    }
    workers_wait(true);
    enum status status = store_write(r->cx.store, &r->cx, write_once, &write);
    workers_wait(false);
    r->cx.outcome = NULL;
    if (status != OK)
        return status;
    if (write.outcome.status != 0) {
        x->outcome = write.outcome;
        x->recorded = write.key != NULL;
        x->replayed = write.replayed;
    }
    return OK;
}
