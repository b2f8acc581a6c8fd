/* A whole shop taken out, and in again: an owner's copy, the way to another server, and the way
 * from SQLite to PostgreSQL and back.
 *
 * An export is a zip archive:
 *
 *     README.txt              what this is, for people
 *     tables/job.jsonl        every row of every table as a line of JSON, every column, numbers
 * exact csv/jobs.csv            the main things once more for people: money with decimals, instants
 * UTC files/3fa0….original    the bytes of the attachments, as media/files.h names them
 *     manifest.json           format, version, the newest migration, rows of each table, files
 *     SHA256SUMS              of all the above, as `sha256sum -c` reads it
 *
 * It is of one instant, streamed in constant memory, and says nothing of the engine or the time:
 * the same shop gives the same bytes.
 *
 * What is left out: sessions, repeats of requests, failed sign-ins, and exports themselves. Secrets
 * (passwords' hashes, what mail servers and programs are given) are in it only when asked for, as
 * the command line does; otherwise they are null, or "none:7" where there must be something: then
 * nobody can sign in after an import before a password is set. Customers' links go on to work. */
#pragma once

#include "db/db.h"
#include "db/tables.h"
#include "http/http.h"

#include <stdatomic.h>

struct export_wish {
    bool secrets;
    const atomic_bool *stop; /* given up with UNAVAILABLE when it becomes true; or NULL */
    void (*progress)(void *arg, int64_t done, int64_t of); /* rows and files; or NULL */
    void *arg;
};
/* Writes to `path`, which is there whole or not at all. */
enum status shop_export(struct store *store, const char *path, const struct export_wish *wish,
                        struct errors *errors);

/* Reads all of it: whether every member is what SHA256SUMS says, and nothing is missing. */
enum status export_verify(const char *path, struct errors *errors);
/* Makes the shop `name` of a verified export: all of it or nothing. Nobody may have that shop open;
 * what is in it goes. `password_hash` (or NULL) becomes the owners' password. */
enum status shop_import(const struct database_settings *settings, const char *path,
                        const char *name, const char *password_hash, struct errors *errors);

/* ------------------------------------------------------------------ asked for by page
 *
 * The owner asks; a chore makes the archive without secrets; it can be fetched for a week, then it
 * goes. Asking and each fetching are in the log of who did what. */

struct export {
    int64_t id;
    const char *state; /* "waiting", "running", "ready", "failed", "gone" */
    int64_t asked_at;
    const char *staff_name;
    int64_t share; /* of it done, percent */
    int64_t bytes;
    const char *fault;
    int64_t ended_at, expires_at;
};
extern const struct record export_record;

/* For struct worker_settings: `arg` is a const atomic_bool that becomes true when the program ends.
 */
int64_t export_keep_up(struct store *store, void *arg, int64_t now);
extern const struct route export_routes[];
