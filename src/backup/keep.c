/* Backups by the clock: when the next is due, which of the old ones stay. */
#include "backup/inside.h"

#include "base/log.h"
#include "shops/shop.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    SETTLING = 2 * MINUTE, /* after a start that comes late: the counter opens first */
    AGAIN = 30 * MINUTE,   /* after one that failed */
    DRILL_DAYS = 7,
};
static const char UNDER_WAY[] = ".making"; /* the folder of the one being made */
static const char SCRATCH[] = ".drill";

/* ------------------------------------------------------------------ the plan */

static bool read_number(const char **at, long most, int64_t *number) {
    char *end;
    errno = 0;
    long value = strtol(*at, &end, 10);
    if (end == *at || errno != 0 || value < 0 || value > most)
        return false;
    *at = end;
    *number = value;
    return true;
}

enum status backup_plan_read(struct backup_plan *plan, const char *at, const char *keep,
                             struct errors *errors) {
    int64_t hour, minute, counts[3];
    const char *text = at;
    if (!read_number(&text, 23, &hour) || *text++ != ':' || !read_number(&text, 59, &minute) ||
        *text != '\0')
        return error_add(errors, INVALID, "backup-at", "bad_time",
                         "--backup-at %s is no time of the day, like 03:00.", at);
    text = keep;
    for (int i = 0; i < 3; i++)
        if (!read_number(&text, 1000, &counts[i]))
            return error_add(errors, INVALID, "backup-keep", "bad_keep",
                             "--backup-keep %s is not three numbers: days, weeks and months, like "
                             "“7 4 12”.",
                             keep);
    plan->minute = hour * 60 + minute;
    plan->days = (int)counts[0];
    plan->weeks = (int)counts[1];
    plan->months = (int)counts[2];
    return OK;
}

/* ------------------------------------------------------------------ what is there */

static const char *folder_of(const struct backup_plan *plan, const char *shop,
                             struct arena *arena) {
    return arena_printf(arena, "%s/%s", plan->to, shop);
}

static const char *name_of(int64_t instant, struct arena *arena) {
    struct civil day = day_civil(instant / DAY);
    int64_t time = instant % DAY;
    return arena_printf(arena, "%04d-%02d-%02dT%02d%02d%02dZ", day.year, day.month, day.day,
                        (int)(time / HOUR), (int)(time / MINUTE % 60), (int)(time / SECOND % 60));
}

/* Also what nobody should have put there is refused: only names that name_of() makes. */
static bool made_at(const char *name, struct arena *arena, int64_t *instant) {
    if (strlen(name) != 18 || name[10] != 'T')
        return false;
    const char *text = arena_printf(arena, "%.13s:%.2s:%.2sZ", name, name + 13, name + 15);
    return instant_parse(text, instant) && strcmp(name_of(*instant, arena), name) == 0;
}

static int64_t number_of(const char *text) {
    return text == NULL ? NONE : strtoll(text, NULL, 10);
}

static int newest_first(const void *a, const void *b) {
    const struct backup *one = a, *other = b;
    return (one->made_at < other->made_at) - (one->made_at > other->made_at);
}

int64_t backup_list(const struct backup_plan *plan, const char *shop, struct arena *arena,
                    struct backup **backups) {
    const char *top = folder_of(plan, shop, arena);
    DIR *dir = opendir(top);
    size_t room = 0;
    int64_t count = 0;
    *backups = NULL;
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        int64_t made;
        if (!made_at(entry->d_name, arena, &made))
            continue;
        const char *folder = arena_printf(arena, "%s/%s", top, entry->d_name);
        const char *checked = about_read(folder, "checked", arena);
        struct backup backup = {.name = arena_text(arena, entry->d_name),
                                .made_at = made,
                                .bytes = number_of(about_read(folder, "bytes", arena)),
                                .files = number_of(about_read(folder, "files", arena)),
                                .checked_at = NONE,
                                .wrong = about_read(folder, "wrong", arena)};
        if (checked != NULL && !instant_parse(checked, &backup.checked_at))
            backup.checked_at = NONE;
        if (backup.wrong != NULL && backup.wrong[0] == '\0')
            backup.wrong = NULL;
        *backups = arena_grow(arena, *backups, (size_t)count, &room, sizeof **backups);
        (*backups)[count++] = backup;
    }
    if (dir != NULL)
        closedir(dir);
    if (count > 1)
        qsort(*backups, (size_t)count, sizeof **backups, newest_first);
    return count;
}

/* ------------------------------------------------------------------ which stay */

/* Monday of the day's week: ISO 8601 weeks begin there. */
static int64_t week_of(int64_t day) {
    return day - day_weekday(day);
}

static int64_t month_of(int64_t day) {
    struct civil civil = day_civil(day);
    return (int64_t)civil.year * 12 + civil.month;
}

static int64_t same(int64_t day) {
    return day;
}

/* The newest of each of the first `most` periods that have one. */
static void keep_newest(const struct zone *zone, const int64_t *made, int64_t count, int most,
                        int64_t (*period)(int64_t day), bool *kept) {
    int64_t last = NONE;
    for (int64_t i = 0, periods = 0; i < count; i++) {
        int64_t here = period(day_at(zone, made[i]));
        if (here == last)
            continue;
        if (periods++ == most)
            return;
        last = here;
        kept[i] = true;
    }
}

void backup_kept(const struct backup_plan *plan, const struct zone *zone, const int64_t *made,
                 int64_t count, bool *kept) {
    for (int64_t i = 0; i < count; i++)
        kept[i] = i == 0;
    keep_newest(zone, made, count, plan->days, same, kept);
    keep_newest(zone, made, count, plan->weeks, week_of, kept);
    keep_newest(zone, made, count, plan->months, month_of, kept);
}

static void rotate(const struct backup_plan *plan, const char *shop, const struct zone *zone,
                   struct arena *arena) {
    struct backup *backups;
    int64_t count = backup_list(plan, shop, arena, &backups);
    int64_t *made = ARENA_ARRAY(arena, int64_t, (size_t)count + 1);
    bool *kept = ARENA_ARRAY(arena, bool, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        made[i] = backups[i].made_at;
    backup_kept(plan, zone, made, count, kept);
    for (int64_t i = 0; i < count; i++) {
        const char *folder =
            arena_printf(arena, "%s/%s", folder_of(plan, shop, arena), backups[i].name);
        if (!kept[i] && !folder_remove(folder))
            log_warn("backup_unremoved", log_text("shop", shop),
                     log_text("backup", backups[i].name));
    }
}

/* ------------------------------------------------------------------ the work of a night */

/* The last time the clock showed the plan's minute in the shop's zone, at or before `now`. */
static int64_t last_hour(const struct backup_plan *plan, const struct zone *zone, int64_t now) {
    int64_t day = day_at(zone, now);
    int64_t due = day_start(zone, day) + plan->minute * MINUTE;
    return due <= now ? due : day_start(zone, day - 1) + plan->minute * MINUTE;
}

static int64_t next_hour(const struct backup_plan *plan, const struct zone *zone, int64_t now) {
    int64_t day = day_at(zone, now);
    int64_t due = day_start(zone, day) + plan->minute * MINUTE;
    return due > now ? due : day_start(zone, day + 1) + plan->minute * MINUTE;
}

static enum status make_one(struct store *store, const struct backup_plan *plan, const char *before,
                            int64_t now, struct errors *errors) {
    const char *top = folder_of(plan, store_name(store), errors->arena);
    const char *draft = arena_printf(errors->arena, "%s/%s", top, UNDER_WAY);
    if ((mkdir(plan->to, 0700) != 0 && errno != EEXIST) ||
        (mkdir(top, 0700) != 0 && errno != EEXIST))
        return error_add(errors, FAILED, NULL, "backup", "The folder %s cannot be made: %s.", top,
                         strerror(errno));
    if (!folder_remove(draft))
        return error_add(errors, FAILED, NULL, "backup", "%s is in the way.", draft);
    if (before != NULL)
        before = arena_printf(errors->arena, "%s/%s", top, before);
    enum status status = backup_make(store, draft, before, &plan->stop, errors);
    const char *name = arena_printf(errors->arena, "%s/%s", top, name_of(now, errors->arena));
    if (status == OK && rename(draft, name) != 0)
        status = error_add(errors, FAILED, NULL, "backup", "%s cannot be named: %s.", draft,
                           strerror(errno));
    return status;
}

static void drill_one(struct store *store, const struct backup_plan *plan, const char *name,
                      int64_t now, struct arena *arena) {
    struct errors errors = {.arena = arena}, writing = {.arena = arena};
    const char *top = folder_of(plan, store_name(store), arena);
    const char *folder = arena_printf(arena, "%s/%s", top, name);
    const char *scratch = arena_printf(arena, "%s/%s", top, SCRATCH);
    enum status status = backup_drill(folder, scratch, plan->database_url, &errors);
    const char *wrong = status == OK ? "" : errors.first->sentence;
    if (status == OK)
        log_info("backup_drilled", log_text("shop", store_name(store)), log_text("backup", name));
    else
        log_error("backup_drill_failed", log_text("shop", store_name(store)),
                  log_text("backup", name), log_text("because", wrong));
    /* Noted above the backups too: the one that was tried may be gone before the week is over. */
    if (about_write(folder, "wrong", wrong, &writing) != OK ||
        about_write(folder, "checked", instant_text(now, arena), &writing) != OK ||
        about_write(top, "drilled", instant_text(now, arena), &writing) != OK)
        log_warn("backup_unmarked", log_text("backup", name));
}

/* What this shop's lane remembers between two calls; kept beside the store. */
struct memory {
    _Atomic int64_t not_before; /* a failure's, or a late start's, pause */
    _Atomic bool asked;         /* somebody wants one now */
};
static const char memory_key;

static struct memory *memory_of(struct store *store, int64_t now) {
    struct memory *memory = store_kept(store, &memory_key);
    if (memory != NULL)
        return memory;
    memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        abort();
    memory->not_before = now + SETTLING;
    return store_keep(store, &memory_key, memory, free);
}

void backup_ask(struct store *store, int64_t now) {
    memory_of(store, now)->asked = true;
}

bool backup_asked(struct store *store) {
    struct memory *memory = store_kept(store, &memory_key);
    return memory != NULL && memory->asked;
}

/* Open pages show what is there now. */
static enum status tell_made(struct context *cx, void *arg) {
    (void)arg;
    context_tell(cx, "backup", 1);
    return OK;
}

static enum status read_shop(struct context *cx, void *arg) {
    shop_load(cx, arg);
    return OK;
}

int64_t backup_keep_up(struct store *store, void *arg, int64_t now) {
    const struct backup_plan *plan = arg;
    struct memory *memory = memory_of(store, now);
    bool asked = memory->asked;
    if (!asked && now < memory->not_before)
        return memory->not_before;
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct context cx = {.arena = arena, .errors = &errors, .store = store, .now = now};
    struct shop shop = {.created_at = NONE};
    int64_t next = INT64_MAX;
    if (shop_prepare(&cx) && store_read(store, &cx, read_shop, &shop) == OK &&
        shop.created_at != NONE) {
        const struct zone *zone = cx.locale->zone;
        struct backup *backups;
        int64_t count = backup_list(plan, store_name(store), arena, &backups);
        int64_t last = count > 0 ? backups[0].made_at : shop.created_at;
        next = next_hour(plan, zone, now);
        if (asked || last < last_hour(plan, zone, now)) {
            const char *name = name_of(now, arena);
            enum status status =
                make_one(store, plan, count > 0 ? backups[0].name : NULL, now, &errors);
            if (status == OK) {
                log_info("backup_made", log_text("shop", store_name(store)),
                         log_text("backup", name));
                const char *text =
                    about_read(folder_of(plan, store_name(store), arena), "drilled", arena);
                int64_t drilled;
                if (text == NULL || !instant_parse(text, &drilled) ||
                    now - drilled >= DRILL_DAYS * DAY)
                    drill_one(store, plan, name, now, arena);
                rotate(plan, store_name(store), zone, arena);
            } else {
                log_error("backup_failed", log_text("shop", store_name(store)),
                          log_text("because", errors.first->sentence));
                memory->not_before = next = now + AGAIN;
            }
            memory->asked = false;
            store_write(store, &cx, tell_made, NULL);
        }
    }
    arena_free(arena);
    return next;
}
