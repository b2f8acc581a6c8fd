/* Backups: a folder each, made while the shop is served, and the shop made of one again.
 *
 *     TO/main/2026-11-21T030000Z/     one backup of the shop "main", begun at that instant (UTC)
 *         MANIFEST                    the hash of each file, like b2sum's
 *         ABOUT                       NAME=VALUE lines: made, bytes, files, engine, version,
 * checked benchpin.db | database.copy the database as of one instant: SQLite's file | PostgreSQL's
 * COPY files/                      the attachments
 *
 * Attachments never change, so a backup shares with the one before it, by hard links, those that
 * both hold: thirty backups cost little more than one. Attachments are copied before the database
 * and again after it, so that every file that the database names is there: bytes are only removed a
 * minute after their row. While it is made its folder's name begins with a point; what is named is
 * whole. */
#pragma once

#include "db/db.h"
#include "http/http.h"

#include <stdatomic.h>

/* Copies the shop into `folder`, which must be empty or missing. `before` is an earlier backup of
 * the same shop to share attachments with, or NULL. Given up with UNAVAILABLE when `stop` (or NULL)
 * becomes true. */
enum status backup_make(struct store *store, const char *folder, const char *before,
                        const atomic_bool *stop, struct errors *errors);
/* Does every file have the hash that the manifest gives it? */
enum status backup_verify(const char *folder, struct errors *errors);
/* Nothing is in this folder yet, or it is missing. */
bool backup_place_free(const char *folder);
/* Makes the shop of a verified backup; `store` must be empty of a shop and of the same engine. */
enum status backup_restore(struct store *store, const char *folder, struct errors *errors);

/* The drill: verifies the backup, restores it beside (on PostgreSQL into a database of its own that
 * goes again, which needs the right to create one), brings it up to date, and looks: the engine's
 * own check, foreign keys, the shop, and that each attachment a row names is there. `scratch` is a
 * folder that is made and removed. OK: a shop can be made of it. */
enum status backup_drill(const char *folder, const char *scratch, const char *database_url,
                         struct errors *errors);

/* ------------------------------------------------------------------ by the clock */

struct backup_plan {
    const char *to; /* the folder above the shops' folders */
    int64_t minute; /* of the shop's day */
    int days, weeks,
        months; /* how many of each are kept: the last of a day, of a week, of a month */
    const char *database_url; /* for the drill; NULL: SQLite */
    atomic_bool stop;         /* set when the program ends: what is being made is given up */
};
/* "03:00" and "7 4 12" into the plan; adds a fault when one is something else. */
enum status backup_plan_read(struct backup_plan *plan, const char *at, const char *keep,
                             struct errors *errors);
/* For struct worker_settings: `arg` is the plan, which outlives the worker. Makes the backup that
 * is due, removes what the plan no longer keeps, and tries the newest by a drill once a week. A
 * machine that was off at the hour catches up a few minutes after it is started. */
int64_t backup_keep_up(struct store *store, void *arg, int64_t now);

/* One that is there. */
struct backup {
    const char *name; /* "2026-11-21T030000Z" */
    int64_t made_at;
    int64_t bytes, files; /* of database and attachments, shared ones counted too */
    int64_t checked_at;   /* when a drill made a shop of it; NONE: not tried */
    const char *wrong;    /* what the drill found; NULL: nothing */
};
extern const struct record backup_record;
/* The newest first. Those of this shop below plan->to. */
int64_t backup_list(const struct backup_plan *plan, const char *shop, struct arena *arena,
                    struct backup **backups);
/* Which of these instants (the newest first) the plan keeps: the newest of each of the last `days`
 * days, `weeks` ISO weeks and `months` months that have one, and always the newest of all. */
void backup_kept(const struct backup_plan *plan, const struct zone *zone, const int64_t *made,
                 int64_t count, bool *kept);

extern const struct route backup_routes[];
