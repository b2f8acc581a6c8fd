#include "health/health.h"

#include "backup/backup.h"
#include "http/metrics.h"

#include <string.h>

/* ------------------------------------------------------------------ a shop's figures */

struct figures {
    struct figures *next;
    const char *shop;
    bool answers; /* its database */
    int64_t reactions, stuck, oldest;
    int64_t waiting, late, trouble;
    int64_t backup_at, drill_at, drill_failed;
};

static const struct sql reactions_due = {
    "health_reactions",
    "select count(*), coalesce(sum(case when attempts > 3 then 1 else 0 end), 0), min(due) "
    "from reaction_due",
    NULL};
static const struct sql messages_due = {
    "health_messages",
    "select count(*), coalesce(sum(case when send_after < $1 then 1 else 0 end), 0) from message "
    "where state in ('waiting', 'sending')",
    NULL};
static const struct sql messages_trouble = {
    "health_trouble", "select count(*) from message where state in ('failed', 'uncertain')", NULL};

static enum status read_figures(struct context *cx, void *arg) {
    struct figures *figures = arg;
    struct rows *rows = db_rows(cx->db, &reactions_due, P0);
    if (rows_next(rows)) {
        figures->reactions = row_int(rows, 0);
        figures->stuck = row_int(rows, 1);
        figures->oldest = row_int(rows, 2);
    }
    rows_end(rows);
    rows = db_rows(cx->db, &messages_due, P(I(cx->now - 5 * MINUTE)));
    if (rows_next(rows)) {
        figures->waiting = row_int(rows, 0);
        figures->late = row_int(rows, 1);
    }
    rows_end(rows);
    figures->trouble = db_int(cx->db, &messages_trouble, P0);
    figures->answers = !db_failed(cx->db);
    return OK;
}

struct collection {
    struct arena *arena;
    int64_t now;
    struct figures *first, **last;
};

static void collect(struct store *store, const struct backup_plan *plan, struct collection *all) {
    struct figures *figures = ARENA_NEW(all->arena, struct figures);
    *figures = (struct figures){.shop = arena_text(all->arena, store_name(store)),
                                .oldest = NONE,
                                .backup_at = NONE,
                                .drill_at = NONE};
    struct errors errors = {.arena = all->arena};
    struct context cx = {.arena = all->arena, .errors = &errors, .store = store, .now = all->now};
    store_read(store, &cx, read_figures, figures);
    struct backup *backups;
    int64_t count = plan == NULL ? 0 : backup_list(plan, figures->shop, all->arena, &backups);
    if (count > 0)
        figures->backup_at = backups[0].made_at;
    for (int64_t i = 0; i < count && figures->drill_at == NONE; i++) {
        figures->drill_at = backups[i].checked_at;
        figures->drill_failed = backups[i].wrong != NULL;
    }
    *all->last = figures;
    all->last = &figures->next;
}

/* ------------------------------------------------------------------ printing */

/* One figure of every shop that has it. */
static void print(struct buf *out, const struct collection *all, const char *name, const char *help,
                  int64_t (*value)(const struct figures *figures, int64_t now)) {
    metric_head(out, name, "gauge", help);
    for (const struct figures *figures = all->first; figures != NULL; figures = figures->next) {
        int64_t number = value(figures, all->now);
        if (number != NONE)
            metric_labelled(out, name, "shop", figures->shop, number);
    }
}

static int64_t answers(const struct figures *f, int64_t now) {
    return f->answers;
}
static int64_t reactions(const struct figures *f, int64_t now) {
    return f->reactions;
}
static int64_t stuck(const struct figures *f, int64_t now) {
    return f->stuck;
}
static int64_t waited(const struct figures *f, int64_t now) {
    return f->oldest == NONE || f->oldest > now ? 0 : (now - f->oldest) / 1000;
}
static int64_t waiting(const struct figures *f, int64_t now) {
    return f->waiting;
}
static int64_t late(const struct figures *f, int64_t now) {
    return f->late;
}
static int64_t trouble(const struct figures *f, int64_t now) {
    return f->trouble;
}
static int64_t backup_at(const struct figures *f, int64_t now) {
    return f->backup_at == NONE ? NONE : f->backup_at / 1000;
}
static int64_t drill_at(const struct figures *f, int64_t now) {
    return f->drill_at == NONE ? NONE : f->drill_at / 1000;
}
static int64_t drill_failed(const struct figures *f, int64_t now) {
    return f->drill_at == NONE ? NONE : f->drill_failed;
}

static enum status metrics_show(struct request *r) {
    if (!server_shows_metrics(r))
        return fail(r, MISSING, "not_found", "There is nothing here.");
    struct buf out = {0};
    struct collection all = {.arena = r->cx.arena, .now = r->cx.now, .last = &all.first};
    /* What is shut rests: there is nothing of it to tell, and being asked is no reason to open it.
     */
    struct databases *databases = request_databases(r);
    for (struct store *store = NULL; (store = databases_next(databases, store)) != NULL;)
        if (store_hold_open(store)) {
            collect(store, request_backups(r), &all);
            store_give_back(store);
        }
    metric_head(&out, "benchpin_build_info", "gauge", "Which version this is.");
    metric_labelled(&out, "benchpin_build_info", "version", BENCHPIN_VERSION, 1);
    server_metrics(r->server, &out);
    print(&out, &all, "benchpin_database_up", "Whether the shop's database answers.", answers);
    print(&out, &all, "benchpin_reactions_due", "Work after a commit that is not done yet.",
          reactions);
    print(&out, &all, "benchpin_reactions_stuck", "Of it, what failed more than three times.",
          stuck);
    print(&out, &all, "benchpin_reactions_oldest_seconds", "How long the oldest of it is overdue.",
          waited);
    print(&out, &all, "benchpin_messages_waiting", "Messages that are to be sent.", waiting);
    print(&out, &all, "benchpin_messages_late", "Of them, those over five minutes late.", late);
    print(&out, &all, "benchpin_messages_trouble",
          "Messages that failed, or of which it is not known.", trouble);
    print(&out, &all, "benchpin_backup_timestamp_seconds", "When the newest backup was made.",
          backup_at);
    print(&out, &all, "benchpin_backup_drill_timestamp_seconds", "When one was last tried.",
          drill_at);
    print(&out, &all, "benchpin_backup_drill_failed", "1 when that trial failed.", drill_failed);
    return answer_bytes(r, "text/plain; version=0.0.4; charset=utf-8", NULL, &out);
}

/* ------------------------------------------------------------------ ready */

static const struct sql one = {"health_one", "select 1", NULL};

static enum status ready_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL || db_int(cx->db, &one, P0) != 1)
        return fail(r, UNAVAILABLE, "not_ready", "The database does not answer.");
    struct buf out = {0};
    buf_text(&out, "{\"status\":\"ready\"}\n");
    return answer_bytes(r, "application/json", NULL, &out);
}

const struct route health_routes[] = {
    {GET, "/metrics", RIGHT_PUBLIC, metrics_show, .flags = ROUTE_ROOT | ROUTE_SET_UP,
     .summary = "Figures for Prometheus"},
    {GET, "/readyz", RIGHT_PUBLIC, ready_show, .flags = ROUTE_ROOT | ROUTE_SET_UP,
     .summary = "Does the database answer?"},
    {0},
};
