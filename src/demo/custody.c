/* Where the open work of the demo stands: on benches and the ready shelf, some with a vendor, and
 * what yesterday evening's count said. */
#include "custody/custody.h"
#include "demo/inside.h"

#include <string.h>

enum { OPEN_MOST = 120, EACH_BENCH = 9 };

static const struct sql open_jobs = {
    "demo_open_jobs",
    "select id, stage from job where closed_at is null and archived_at is null and place is null "
    "and stage in ('ready', 'setting', 'polish', 'cad', 'approval', 'stone_sourcing', 'making') "
    "order by id desc limit $1",
    NULL};
static const struct sql place_of_kind = {
    "demo_place_of_kind",
    "select id from place where kind = $1 and archived_at is null order by id limit 1", NULL};
static const struct sql a_vendor = {
    "demo_a_vendor", "select id from vendor where archived_at is null order by id limit 1", NULL};

static enum status put(struct context *cx, int64_t job, int64_t place, const char *whom) {
    hand_over(
        cx, &(struct hand_over_wish){
                .job = job, .from = NONE, .to = place, .whom = whom, .way = "scan", .batch = NONE});
    return OK;
}

static bool is_one(const char *stage, const char *const *stages) {
    for (; *stages != NULL; stages++)
        if (strcmp(stage, *stages) == 0)
            return true;
    return false;
}

enum status custody_spread(struct demo *demo, struct context *cx) {
    static const char *const at_bench[] = {"setting", "polish", "making", NULL};
    static const char *const kept[] = {"cad", "approval", "stone_sourcing", NULL};
    struct {
        int64_t id;
        const char *stage;
    } jobs[OPEN_MOST];
    struct custody_place bench[PEOPLE], vendor;
    int benches = 0, count = 0, next = 0;
    const struct actor *actor = cx->actor;
    cx->actor = &demo->people[SALES];
    for (int i = BENCH; i < PEOPLE; i++)
        if (demo->craftsmen[i] != NONE &&
            place_chosen(cx, arena_printf(cx->arena, "c%ld", (long)demo->craftsmen[i]),
                         &bench[benches]) == OK)
            benches++;
    int64_t safe = db_int(cx->db, &place_of_kind, P(T("safe")));
    int64_t shelf = db_int(cx->db, &place_of_kind, P(T("shelf")));
    int64_t caster = db_int(cx->db, &a_vendor, P0);
    bool sent = caster != NONE &&
                place_chosen(cx, arena_printf(cx->arena, "v%ld", (long)caster), &vendor) == OK;
    struct rows *rows = db_rows(cx->db, &open_jobs, P(I(OPEN_MOST)));
    while (count < OPEN_MOST && rows_next(rows)) {
        jobs[count].id = row_int(rows, 0);
        jobs[count++].stage = row_text(rows, 1);
    }
    rows_end(rows);
    for (int i = 0; i < count; i++) {
        if (is_one(jobs[i].stage, at_bench) && benches > 0 && next < EACH_BENCH * benches)
            put(cx, jobs[i].id, bench[next++ % benches].id, NULL);
        else if (strcmp(jobs[i].stage, "ready") == 0)
            put(cx, jobs[i].id, shelf, NULL);
        else if (is_one(jobs[i].stage, kept))
            put(cx, jobs[i].id, sent && i % 7 == 0 ? vendor.id : safe,
                sent && i % 7 == 0 ? "Their driver" : NULL);
    }
    int64_t id;
    bool again;
    struct count evening = {0};
    struct count_row *seen;
    enum status status = count_start(cx, shelf, &id);
    if (status == OK && count_load(cx, id, &evening)) {
        int64_t n = count_rows(cx, &evening, &seen);
        for (int64_t i = 1; i < n && status == OK; i++) /* the first of them is missing */
            status = count_see(cx, id, seen[i].job, NONE, &again);
    }
    if (status == OK)
        status = count_close(cx, id, "The first one was still in the window.", false);
    cx->actor = actor;
    return status;
}
