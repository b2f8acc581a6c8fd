/* Says in sentences what is wrong with an installation, and what to do about it. Changes nothing.
 */
#include "cli/program.h"

#include "schema/schema.h"
#include "shops/shop.h"

#include <errno.h>
#include <fcntl.h>
#include <pango/pangocairo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct examination {
    const struct settings *settings;
    struct errors *errors;
    int wrong;
};

static void well(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void wrong(struct examination *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void well(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("  ok    ", stdout);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
}

static void wrong(struct examination *e, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("  WRONG ", stdout);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    e->wrong++;
}

static bool folder(struct examination *e) {
    const char *data = e->settings->data;
    struct stat about;
    if (stat(data, &about) != 0) {
        wrong(e, "There is no folder %s. “benchpin serve --data %s” makes it.", data, data);
        return false;
    }
    if (access(data, R_OK | W_OK | X_OK) != 0)
        wrong(e, "The folder %s cannot be read and written by this user. It belongs to user id %u.",
              data, about.st_uid);
    else
        well("The folder %s can be read and written.", data);
    if (about.st_mode & 07)
        wrong(e, "Everybody on this machine can look into %s. Close it: chmod o-rwx %s", data,
              data);
    struct statvfs disk;
    if (statvfs(data, &disk) == 0) {
        double free_gigabytes = (double)disk.f_bavail * (double)disk.f_frsize / 1e9;
        if (free_gigabytes < 1)
            wrong(e, "Only %.1f GB are free on the disk of %s.", free_gigabytes, data);
        else
            well("%.0f GB are free on its disk.", free_gigabytes);
    }
    return true;
}

static void served(struct examination *e) {
    const char *path = arena_printf(e->errors->arena, "%s/lock", e->settings->data);
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        well("No Benchpin serves this folder at the moment.");
    else
        well("A Benchpin serves this folder at the moment.");
    close(file);
}

static const struct sql newest_migration = {"doctor_newest", "select max(name) from migration",
                                            NULL};
static const struct sql check_lite = {"doctor_check", "pragma quick_check", "select 'ok'"};
static const struct sql stuck = {"doctor_stuck",
                                 "select count(*) from reaction_due where attempts > 3", NULL};

static enum status look(struct context *cx, void *arg) {
    struct examination *e = arg;
    const char *last = "";
    for (const struct migration *m = schema_migrations; m->name != NULL; m++)
        last = m->name;
    const char *stored = db_text(cx->db, &newest_migration, P0);
    int difference = stored == NULL ? -1 : strcmp(stored, last);
    if (difference > 0)
        wrong(e, "The database was written by a newer Benchpin (%s). Install that one.", stored);
    else if (difference < 0)
        well("The database will be brought up to date (%s) when it is served next.", last);
    else
        well("The database is up to date (%s).", last);
    const char *check = db_text(cx->db, &check_lite, P0);
    if (check == NULL || strcmp(check, "ok") != 0)
        wrong(e, "The database is damaged: %s. Restore the last backup.",
              check == NULL ? "it cannot be read" : check);
    else
        well("The database passes its own check.");
    if (difference != 0)
        return OK;
    int64_t waiting = db_int(cx->db, &stuck, P0);
    if (waiting > 0)
        wrong(e, "%ld pieces of work after a commit fail again and again; the log says why.",
              (long)waiting);
    struct shop shop;
    if (!shop_load(cx, &shop)) {
        wrong(e, "The shop is not set up. Open it in a browser, or use: benchpin init");
        return OK;
    }
    well("It is the shop “%s”.", shop.name);
    struct missing *missing;
    int64_t count = shop_missing(cx, &missing);
    for (int64_t i = 0; i < count; i++)
        printf("  to do %s (%s)\n", missing[i].sentence, missing[i].url);
    return OK;
}

static void database(struct examination *e) {
    struct databases *databases = program_open(e->settings, true, NULL, NULL, e->errors);
    struct context cx = {0};
    if (databases != NULL) {
        cx = program_context(databases, e->errors->arena, e->errors);
        store_read(databases_default(databases), &cx, look, e);
        databases_close(databases);
    }
    for (const struct fault *fault = e->errors->first; fault != NULL; fault = fault->next)
        wrong(e, "%s", fault->sentence);
}

static void media(struct examination *e) {
    const char *helper = program_media(e->settings, e->errors->arena);
    if (helper == NULL) {
        wrong(e, "The program benchpin-media is not beside benchpin: pictures cannot be taken in.");
        return;
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execl(helper, helper, "--selftest", (char *)NULL);
        _exit(127);
    }
    int status = -1;
    if (child > 0)
        waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        well("Pictures are decoded in a sandbox that holds.");
    else
        wrong(e, "%s does not pass its self-test. Run it by hand: %s --selftest", helper, helper);
}

static void fonts(struct examination *e) {
    PangoFontFamily **families = NULL;
    int count = 0;
    pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &count);
    g_free(families);
    if (count == 0)
        wrong(e, "The system has no fonts: invoices and labels would have no text. Install the "
                 "packages fontconfig and fonts-noto-core.");
    else
        well("There are fonts for what is printed.");
}

static void surroundings(struct examination *e) {
    if (zone_find("Europe/London") == NULL)
        wrong(e, "The system has no time zones. Install the package tzdata.");
    else
        well("The system knows time zones.");
    if (e->settings->url == NULL)
        wrong(e,
              "No --url is set: links in mails and QR codes lead to %s, which customers cannot "
              "reach.",
              e->settings->listen);
    else if (strncmp(e->settings->url, "https://", 8) != 0)
        wrong(e, "--url %s is not https: passwords and customers' pages travel in the open.",
              e->settings->url);
    else
        well("Customers reach the shop at %s.", e->settings->url);
    if ((e->settings->certificate == NULL) != (e->settings->key == NULL))
        wrong(e, "--certificate and --key belong together; only one of them is set.");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec < 1735689600) /* 2025 */
        wrong(e, "The clock of this machine is years behind: promises and invoices need it right.");
}

int doctor_command(const struct settings *settings, struct errors *errors) {
    struct examination e = {.settings = settings, .errors = errors};
    printf("Benchpin %s, data in %s\n", BENCHPIN_VERSION, settings->data);
    if (folder(&e)) {
        served(&e);
        database(&e);
    }
    media(&e);
    fonts(&e);
    surroundings(&e);
    if (e.wrong == 0)
        puts("Nothing is wrong.");
    else
        printf("%d %s wrong.\n", e.wrong, e.wrong == 1 ? "thing is" : "things are");
    return e.wrong == 0 ? 0 : 1;
}
