/* One mail to one mail server, and what is known of it afterwards.
 *
 * The one thing that SMTP leaves open: when the connection is lost after the message's last byte
 * went out and before the server's answer came, nobody can know whether it was taken. The last byte
 * is therefore held back until all others have been handed over. Just before it, `committing` is
 * called, so that the caller can record "in doubt" durably: a crash before that call means unsent,
 * a crash after it means unknown, and an outcome other than SMTP_UNCERTAIN ends the doubt.
 *
 * Connections are never reused and nothing is repeated by itself. Blocks for as long as it takes:
 * call it outside of any database transaction. Thread-safe. */
#pragma once

#include "base/errors.h"

#include <stdbool.h>
#include <stddef.h>

enum smtp_security {
    SMTP_STARTTLS, /* usual on port 587: a server that does not offer it is refused */
    SMTP_TLS,      /* usual on port 465 */
    SMTP_PLAIN,    /* for a relay on this machine; with a password only on a loopback address */
};

struct smtp_settings {
    const char *host; /* a name or an address */
    int port;         /* 0: 587, 465 or 25 by `security` */
    enum smtp_security security;
    const char *user, *password; /* NULL: no signing in */
    const char *authority;       /* PEM file of the certificate authority; NULL: the system's */
    int timeout;                 /* seconds without any progress before the last byte; 0: 60 */
    int patience;                /* seconds to wait for the answer after it; 0: 300 */
};

enum smtp_outcome {
    SMTP_SENT,      /* the server took it: `reply` is its answer */
    SMTP_REFUSED,   /* for good: the same message will not be taken */
    SMTP_RETRY,     /* not sent; trying later may help */
    SMTP_UNCERTAIN, /* it may have been sent: never again by itself */
};

struct smtp_result {
    enum smtp_outcome outcome;
    bool settings;        /* RETRY: it helps only once somebody has changed the mail settings */
    int code;             /* the server's last, 250; 0: none came */
    const char *reply;    /* the server's last answer, "250 2.0.0 queued as 4F1", or NULL */
    const char *sentence; /* what happened, for a person; never NULL */
};

struct smtp_watch {
    /* Before the last byte. False: it could not be recorded, so do not send (SMTP_RETRY). */
    bool (*committing)(void *arg);
    /* Asked about every second: true when the program wants to end. Before the last byte the
     * message is left unsent; after it the answer is waited for 3 seconds more. */
    bool (*stopping)(void *arg);
    void *arg;
};

/* `from` and `to` are the envelope's addresses; `mail` as mime_write() makes it. `watch` and each
 * of its functions may be NULL. The result's texts are in the arena. */
struct smtp_result smtp_send(const struct smtp_settings *settings, const char *from, const char *to,
                             const void *mail, size_t length, const struct smtp_watch *watch,
                             struct arena *arena);

/* Connects and signs in without sending: for "Test these settings". SMTP_SENT means that all is
 * well. */
struct smtp_result smtp_try(const struct smtp_settings *settings, const char *from,
                            struct arena *arena);

/* "sent", "refused", "retry", "uncertain". */
const char *smtp_outcome_name(enum smtp_outcome outcome);
