/* The owner's copy of the shop: asked for on a page, made in the background, fetched. */
#include "transfer/export_page.h"

#include "accounts/account.h"
#include "base/log.h"
#include "base/text.h"
#include "shops/shop.h"
#include "transfer.exports.html.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_DAYS = 7 };
#define SILENT (2 * MINUTE) /* whoever made it has died */

static const struct field export_fields[] = {
    FIELD(struct export, id, FIELD_INT),
    FIELD(struct export, state, FIELD_TEXT),
    FIELD(struct export, asked_at, FIELD_INSTANT),
    FIELD(struct export, staff_name, FIELD_TEXT),
    FIELD(struct export, share, FIELD_INT),
    FIELD(struct export, bytes, FIELD_INT),
    FIELD(struct export, fault, FIELD_TEXT),
    FIELD(struct export, ended_at, FIELD_INSTANT),
    FIELD(struct export, expires_at, FIELD_INSTANT),
};
const struct record export_record = RECORD("Export", struct export, export_fields);

static const struct field page_fields[] = {
    FIELD(struct export_page, busy, FIELD_FLAG),
    FIELD_ROWS(struct export_page, exports, count, &export_record),
};
static const struct record page_record = RECORD("Exports", struct export_page, page_fields);

#define COLUMNS                                                                                    \
    "select id, state, asked_at, staff_name, share, bytes, fault, ended_at, expires_at from export "
static const struct sql newest = {"export_newest", COLUMNS "order by id desc limit 20", NULL};
static const struct sql by_id = {"export_by_id", COLUMNS "where id = $1", NULL};
static const struct sql is_open = {
    "export_is_open", "select min(id) from export where state in ('waiting', 'running')", NULL};
static const struct sql ask = {"export_ask",
                               "insert into export (state, asked_at, staff, staff_name) "
                               "values ('waiting', $1, $2, $3) returning id",
                               NULL};
static const struct sql claim = {
    "export_claim",
    "update export set state = 'running', beat_at = $1, share = 0 where state = 'waiting' "
    "or (state = 'running' and beat_at < $2)",
    NULL};
static const struct sql running = {"export_running",
                                   "select min(id) from export where state = 'running'", NULL};
static const struct sql beat = {"export_beat",
                                "update export set beat_at = $2, share = $3 where id = $1", NULL};
static const struct sql ended = {"export_ended",
                                 "update export set state = $2, share = 100, bytes = $3, "
                                 "fault = $4, ended_at = $5, expires_at = $6 where id = $1",
                                 NULL};
static const struct sql expired = {
    "export_expired", "select min(id) from export where state = 'ready' and expires_at <= $1",
    NULL};
static const struct sql gone = {"export_gone", "update export set state = 'gone' where id = $1",
                                NULL};
static const struct sql next_due = {
    "export_due",
    "select min(case when state = 'ready' then expires_at when state = 'running' then beat_at + $1 "
    "else 0 end) from export where state in ('waiting', 'running', 'ready')",
    NULL};

/* Beside the folder of attachments. */
static const char *file_of(struct store *store, int64_t id, struct arena *arena) {
    const char *files = store_files(store);
    const char *slash = strrchr(files, '/');
    return arena_printf(arena, "%.*s/exports/%lld.zip", (int)(slash - files), files, (long long)id);
}

/* ------------------------------------------------------------------ the chore */

struct making {
    struct store *store;
    int64_t id, now, share;
    const char *state, *fault;
    int64_t bytes;
};

static enum status claim_one(struct context *cx, void *arg) {
    struct making *m = arg;
    m->id = db_run(cx->db, &claim, P(I(m->now), I(m->now - SILENT))) == 1
                ? db_int(cx->db, &running, P0)
                : NONE;
    return OK;
}

static enum status note_beat(struct context *cx, void *arg) {
    const struct making *m = arg;
    db_run(cx->db, &beat, P(I(m->id), I(m->now), I(m->share)));
    context_tell(cx, "export", 1);
    return OK;
}

static enum status note_end(struct context *cx, void *arg) {
    const struct making *m = arg;
    bool ready = m->fault == NULL;
    db_run(cx->db, &ended,
           P(I(m->id), T(ready ? "ready" : "failed"), I(m->bytes), T(m->fault), I(m->now),
             I(ready ? m->now + KEPT_DAYS * DAY : NONE)));
    context_tell(cx, "export", 1);
    return OK;
}

static enum status take_away(struct context *cx, void *arg) {
    struct making *m = arg;
    m->id = db_int(cx->db, &expired, P(I(m->now)));
    if (m->id != NONE)
        db_run(cx->db, &gone, P(I(m->id)));
    return OK;
}

static enum status look(struct context *cx, void *arg) {
    int64_t *due = arg;
    *due = db_int(cx->db, &next_due, P(I(SILENT)));
    return OK;
}

static enum status write_it(struct making *m, closure work) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct context cx = {
        .arena = arena, .errors = &errors, .store = m->store, .now = m->now = instant_now()};
    enum status status = store_write(m->store, &cx, work, m);
    arena_free(arena);
    return status;
}

/* Once a second is often enough for a bar. */
static void show_progress(void *arg, int64_t done, int64_t of) {
    struct making *m = arg;
    int64_t share = of <= 0 || done >= of ? 99 : done * 100 / of;
    if (instant_now() - m->now < 1000)
        return;
    m->share = share;
    write_it(m, note_beat);
}

static void make_one(struct making *m, const atomic_bool *stop) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    const char *path = file_of(m->store, m->id, arena);
    mkdir(arena_text_n(arena, path, (size_t)(strrchr(path, '/') - path)), 0700);
    struct export_wish wish = {.stop = stop, .progress = show_progress, .arg = m};
    if (shop_export(m->store, path, &wish, &errors) != OK) {
        bool stopped = stop != NULL && *stop;
        log_warn("export_failed", log_text("shop", store_name(m->store)), log_int("export", m->id));
        m->fault = errors_any(&errors) ? errors.first->sentence : "It could not be made.";
        if (stopped) { /* it begins anew with the server, when its silence is noticed */
            arena_free(arena);
            return;
        }
    } else {
        struct stat about;
        m->bytes = stat(path, &about) == 0 ? about.st_size : 0;
    }
    write_it(m, note_end);
    arena_free(arena);
}

int64_t export_keep_up(struct store *store, void *arg, int64_t now) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct context cx = {.arena = arena, .errors = &errors, .store = store, .now = now};
    int64_t due = NONE;
    if (!shop_prepare(&cx) || store_read(store, &cx, look, &due) != OK || due == NONE ||
        due > now) {
        arena_free(arena);
        return due == NONE ? INT64_MAX : due;
    }
    struct making making = {.store = store, .id = NONE, .bytes = NONE};
    write_it(&making, take_away);
    if (making.id != NONE)
        unlink(file_of(store, making.id, arena));
    write_it(&making, claim_one);
    if (making.id != NONE)
        make_one(&making, arg);
    store_read(store, &cx, look, &due);
    arena_free(arena);
    return due == NONE ? INT64_MAX : due;
}

/* ------------------------------------------------------------------ the page */

static void page_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Copy of the shop"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = exports_html,
                                .model = model});
}
static const struct presentation page_as = {&page_record, page_html};

static enum status exports_show(struct request *r) {
    struct export_page page = {.busy = 0};
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    page.count = DB_RECORDS(cx->db, &newest, P0, &export_record, &page.exports);
    page.busy = db_int(cx->db, &is_open, P0) != NONE;
    return answer(r, &page_as, &page);
}

static enum status ask_for_one(struct context *cx, void *arg) {
    (void)arg;
    if (db_int(cx->db, &is_open, P0) != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "busy",
                         "A copy is being made already. Wait until it is there.");
    int64_t id = db_insert(cx->db, &ask, P(I(cx->now), I(cx->actor->staff), T(cx->actor->name)));
    audit_add(cx, "asked for a copy of the shop", "export", id, NULL);
    context_tell(cx, "export", 1);
    context_outcome(cx, &(struct outcome){.status = 201,
                                          .location = "/settings/export",
                                          .flash = "The copy is being made."});
    return OK;
}

static enum status exports_post(struct request *r) {
    return request_write(r, ask_for_one, NULL);
}

static enum status note_fetching(struct context *cx, void *arg) {
    audit_add(cx, "took a copy of the shop", "export", *(int64_t *)arg, NULL);
    return OK;
}

static enum status file_show(struct request *r) {
    struct export export;
    int64_t id = request_id(r, "id");
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!db_record(cx->db, &by_id, P(I(id)), &export_record, &export))
        return fail(r, MISSING, "unknown_export", "There is no such copy.");
    const char *path = file_of(cx->store, id, cx->arena);
    if (!text_same(export.state, "ready") || access(path, R_OK) != 0)
        return fail(r, GONE, "gone",
                    "This copy is not there: it is not made yet, or was removed. Make a new one.");
    enum status status = request_write(r, note_fetching, &id);
    if (status != OK)
        return status;
    return answer_file(
        r, path, "application/zip",
        arena_printf(r->cx.arena, "%s-%s.zip", store_name(r->cx.store),
                     arena_text_n(r->cx.arena, instant_text(export.asked_at, r->cx.arena), 10)));
}

#define OWNER RIGHT(MAY_EXPORT_SHOP)
const struct route export_routes[] = {
    {GET, "/settings/export", OWNER, exports_show, .output = &page_as,
     .summary = "List copies of the shop"},
    {POST, "/settings/export", OWNER, exports_post, .summary = "Make a copy of the shop"},
    {GET, "/settings/export/{id}/file", OWNER, file_show, .summary = "A copy of the shop (zip)"},
    {0},
};
