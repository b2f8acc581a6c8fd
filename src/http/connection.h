/* Connections: who is connected, how many from one address, and how long they may take.
 *
 * libmicrohttpd's own time limit counts idle time only, so that one byte a second keeps a
 * connection for ever. Each connection therefore has a deadline for the phase it is in, and a
 * thread that looks twice a second shuts down those that are late. A connection whose request is
 * with a worker, or that is a live stream, has none. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ADDRESS_LENGTH = 48, NETWORKS_MOST = 64 };

/* Addresses and networks: "127.0.0.1, 10.0.0.0/8". */
struct network {
    unsigned char bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
    int bits;
};
struct networks {
    struct network networks[NETWORKS_MOST];
    int count;
};
/* False: it cannot be read. NULL and "" are none. */
bool networks_read(struct networks *networks, const char *list);
bool networks_have(const struct networks *networks, const char *address);

struct connections;

struct connection {
    struct connection *next, **back;
    int fd;
    char address[ADDRESS_LENGTH]; /* of the peer: "192.0.2.7", "2001:db8::1" */
    bool trusted;                 /* a proxy whose X-Forwarded-* headers count */
    bool counted;
    _Atomic int64_t deadline; /* monotonic ms; INT64_MAX: none */
};

#define HEADERS_TIME INT64_C(10000)
#define IDLE_TIME INT64_C(30000)
#define BODY_TIME INT64_C(30000) /* and what comes with it: */
#define BODY_RATE INT64_C(8)     /* bytes a millisecond that a body must keep up */
#define BODY_TIME_MOST INT64_C(600000)
#define ANSWER_TIME INT64_C(60000) /* for taking an answer, and its length at BODY_RATE */

/* `trusted`: comma-separated addresses or networks in CIDR, or NULL. `per_address` 0: 300, loopback
 * excepted. NULL: `trusted` cannot be read. */
struct connections *connections_start(const char *trusted, int per_address);
/* May this address have another connection? */
bool connections_admit(struct connections *connections, const struct sockaddr *address);
struct connection *connection_open(struct connections *connections, const struct sockaddr *address,
                                   int fd);
void connection_close(struct connections *connections, struct connection *connection);
/* The phase ends `ms` from now; INT64_MAX: it may take as long as it takes. */
void connection_deadline(struct connection *connection, int64_t ms);
/* Shuts down every connection that has a deadline: nobody is working for it. */
int connections_count(struct connections *connections);
void connections_hang_up(struct connections *connections);
void connections_stop(struct connections *connections); /* ends the thread */
void connections_free(struct connections *connections);

/* The client behind a trusted proxy: the right-most address of X-Forwarded-For that is no trusted
 * proxy itself. */
void address_forwarded(const struct connections *connections, const char *forwarded_for,
                       char address[static ADDRESS_LENGTH]);
/* Counts requests under way for addresses behind proxies; false: too many. */
bool address_enter(struct connections *connections, const char *address);
void address_leave(struct connections *connections, const char *address);
