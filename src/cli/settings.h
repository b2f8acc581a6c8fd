/* The program's settings: each is a flag, an environment variable and a line of the configuration
 * file, in this order of precedence. `benchpin config` lists them.
 *
 *     --listen 0.0.0.0:8080      BENCHPIN_LISTEN=0.0.0.0:8080      listen = 0.0.0.0:8080 */
#pragma once

#include "base/errors.h"

#include <stdbool.h>
#include <stddef.h>

struct settings {
    const char *config; /* the file; NULL: DATA/benchpin.conf when it is there */
    const char *data;
    const char *database; /* postgresql://…, or NULL: SQLite in the data folder */
    const char *listen;
    const char *url; /* as customers reach it, for links and QR codes */
    const char *certificate, *key;
    const char *trusted_proxy;
    const char *media;        /* the helper program */
    const char *upload_limit; /* megabytes */
    const char *workers;
    const char *log_requests; /* "yes" or "no" */
    const char *api_rate, *webhooks_anywhere;
    const char *log_format;   /* "text" or "json" */
    const char *metrics_from; /* addresses, or "none" */
    const char *backup_to, *backup_at, *backup_keep;
    char **arguments; /* the command line, for starting the program again */
    /* of single commands */
    const char *shop, *country, *currency, *zone, *owner, *email, *password_file;
    const char *orders, *seed, *to, *from;
    const char *into, *host, *confirm;
    const char *words[5]; /* what is no flag: "host" "add" "second" …; then NULL */
};

struct setting {
    const char *name;     /* "trusted-proxy" */
    size_t offset;        /* of its const char * in struct settings */
    const char *value;    /* what is taken when nothing is said; NULL: nothing */
    const char *meaning;  /* one line */
    const char *commands; /* the commands that take it, by spaces; "*": every one */
};
extern const struct setting settings_all[]; /* ends with a NULL name */

/* Reads flags (argv after the command), environment and file. Adds a fault for anything unknown, or
 * for a flag that the command does not take. Values live in the arena. */
enum status settings_read(struct settings *settings, const char *command, int argc, char **argv,
                          struct errors *errors);
bool settings_taken(const struct setting *setting, const char *command); /* does it take it? */
/* Where a setting comes from: "flag", "environment", "file", "default", for `benchpin config`. */
const char *settings_origin(const struct setting *setting);
