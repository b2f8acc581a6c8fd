/* The page of backups: what is there, whether it was tried, and one more now. */
#include "backup/backup_page.h"
#include "backup/inside.h"

#include "accounts/account.h"
#include "accounts/permission.h"
#include "backup.backups.html.h"

static const struct field backup_fields[] = {
    FIELD(struct backup, name, FIELD_TEXT),          FIELD(struct backup, made_at, FIELD_INSTANT),
    FIELD(struct backup, bytes, FIELD_INT),          FIELD(struct backup, files, FIELD_INT),
    FIELD(struct backup, checked_at, FIELD_INSTANT), FIELD(struct backup, wrong, FIELD_TEXT),
};
const struct record backup_record = RECORD("Backup", struct backup, backup_fields);

static const struct field page_fields[] = {
    FIELD(struct backup_page, on, FIELD_FLAG),
    FIELD(struct backup_page, asked, FIELD_FLAG),
    FIELD(struct backup_page, minute, FIELD_MINUTES),
    FIELD_ROWS(struct backup_page, backups, count, &backup_record),
};
static const struct record page_record = RECORD("Backups", struct backup_page, page_fields);

static void page_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Backups"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = backups_html,
                                .model = model});
}
static const struct presentation page_as = {&page_record, page_html};

static enum status backups_show(struct request *r) {
    const struct backup_plan *plan = request_backups(r);
    struct backup_page page = {.on = plan != NULL, .minute = NONE};
    if (plan != NULL) {
        page.minute = plan->minute;
        page.days = plan->days;
        page.weeks = plan->weeks;
        page.months = plan->months;
        page.asked = backup_asked(r->cx.store);
        page.count = backup_list(plan, store_name(r->cx.store), r->cx.arena, &page.backups);
    }
    return answer(r, &page_as, &page);
}

static enum status note_asking(struct context *cx, void *arg) {
    (void)arg;
    audit_add(cx, "asked for a backup", "shop", 1, NULL);
    context_tell(cx, "backup", 1);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/backups",
                                          .flash = "A backup is being made."});
    return OK;
}

static enum status backups_post(struct request *r) {
    if (request_backups(r) == NULL)
        return fail(
            r, CONFLICT, "no_backups",
            "This server makes no backups by itself: it was started with --backup-to none.");
    /* Asked first: the news wake who makes it. */
    backup_ask(r->cx.store, r->cx.now);
    return request_write(r, note_asking, NULL);
}

#define OWNER RIGHT(MAY_CHANGE_SETTINGS)
const struct route backup_routes[] = {
    {GET, "/settings/backups", OWNER, backups_show, .output = &page_as, .summary = "List backups"},
    {POST, "/settings/backups", OWNER, backups_post, .summary = "Make a backup now"},
    {0},
};
