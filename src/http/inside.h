/* The inside of this folder: what its files share and no room sees.
 *
 * The way of a request. An event thread of libmicrohttpd reads the request line and the headers and
 * makes an `exchange`. Static files and /healthz are answered there and then; everything else is
 * put on the workers' queue while its connection is suspended, so that an event thread never waits
 * for a disk, a database or a template. A worker leaves a `reply` in the exchange and resumes the
 * connection; the event thread sends it. Until the resume the exchange belongs to the worker alone,
 * after it to the event thread alone: it needs no lock. */
#pragma once

#include "http/connection.h"
#include "http/http.h"
#include "http/input.h"
#include "http/metrics.h"
#include "http/multipart.h"
#include "http/router.h"
#include "http/throttle.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    BODY_MOST = 1024 * 1024,        /* of a form or a JSON body, kept in memory */
    BODIES_MOST = 64 * 1024 * 1024, /* of all bodies in memory together */
    CHUNK = 256 * 1024,             /* of an upload: handed to a worker at a time */
    UPLOADS_MOST = 20,
    LATE_MOST = 16 * 1024 * 1024, /* of a refused body: swallowed so that the sender reads why */
};

struct server {
    struct server_settings settings;
    struct arena *arena; /* of what lives as long as the server; only touched while starting */
    struct MHD_Daemon *daemon;
    int port;
    const char *url;
    bool https;
    char *certificate, *key;
    struct router *router;
    struct connections *connections;
    struct workers *workers;
    struct live *live;
    struct metrics *metrics;
    struct networks metrics_from;
    struct throttle *throttle;
    char *openapi; /* the document, made at the start */
    size_t openapi_length;
    struct locale locale;        /* before the shop is set up */
    uint32_t boot;               /* first half of the requests' ids */
    atomic_uint requests;        /* second half */
    atomic_int_least64_t bodies; /* bytes of request bodies in memory */
    atomic_bool stopping;
};

struct header {
    struct header *next;
    const char *name, *value;
};

enum reply_kind { REPLY_NONE, REPLY_BYTES, REPLY_FILE, REPLY_LIVE, REPLY_STATIC };

struct reply {
    enum reply_kind kind;
    int status;
    const char *type;
    struct buf bytes;       /* REPLY_BYTES */
    const void *constant;   /* REPLY_STATIC: bytes that live as long as the server */
    int64_t offset, length; /* REPLY_FILE, REPLY_STATIC */
    int file;               /* REPLY_FILE: the reply closes it */
    const char *etag;       /* without its quotes; NULL: none */
    const char *caching;    /* Cache-Control, when it is not the strict one */
    struct header *headers;
};

enum step {
    STEP_NEW,      /* the headers are there */
    STEP_BODY,     /* collecting the body */
    STEP_WORK,     /* on the queue or with a worker */
    STEP_ANSWERED, /* the response is made, to be sent */
    STEP_SENT,
    STEP_DROPPED, /* the server is stopping */
};

/* What a worker is to do with an exchange. */
enum task { TASK_ADMIT, TASK_CHUNK, TASK_HANDLE };

struct exchange {
    struct request r; /* what handlers see; r.answer points back here */
    struct server *server;
    struct MHD_Connection *mhd;
    struct connection *connection;
    struct exchange *next;  /* in the workers' queue */
    _Atomic enum step step; /* written last when the exchange changes hands */
    enum task task;
    struct errors errors;
    struct locale reader; /* the shop's, in the language of who reads */
    struct actor nobody;
    struct view view;
    char *uri; /* as sent, cut into path and query */
    const char *method_name;
    struct match match;
    int64_t started; /* monotonic ms */
    char id[24], address[ADDRESS_LENGTH];

    int64_t declared, received; /* bytes of the body */
    int64_t reserved;           /* of server->bodies */
    struct buf body;
    struct multipart *multipart;
    struct pairs query, form;
    const char *key; /* Idempotency-Key, or NULL */
    char body_hash[65];

    struct outcome outcome;
    struct store *held; /* r.cx.store, until the answer is made */
    const char *visit;  /* a new visit cookie to set if the page uses it */
    const char *token;  /* the CSRF token as printed in forms */
    struct reply reply;
    struct MHD_Response *response;
    int64_t sending; /* bytes of the answer */
    int status;
    enum status override; /* of the page shown again */
    int64_t retry_after;  /* s; 0: the usual */

    enum status refused; /* found before a worker looked: told by one */
    enum body_kind body_kind;
    const char *refused_code, *refused_sentence;

    bool head, https, close;
    bool counted;                  /* among this address's requests under way */
    bool ready, set_up, admitted;  /* how far the checks have come */
    bool chunked, draining, begun; /* of the body */
    bool read_failed;
    bool replayed, recorded; /* by the Idempotency-Key */
    bool again, flash_shown, streaming;
    bool conditional; /* If-Match gave the version: who has another is told 412 */
};

static inline struct exchange *exchange_of(const struct request *r) {
    return r->answer;
}

/* request.c */
struct exchange *exchange_new(struct server *server, struct MHD_Connection *mhd, const char *uri);
void exchange_free(struct exchange *x);
void exchange_begin(struct exchange *x, const char *method);
void exchange_route(struct exchange *x); /* finds the route; the first thing after the headers */
void exchange_work(struct exchange *x);  /* on a worker; leaves step ANSWERED or BODY */
void exchange_shed(struct exchange *x);  /* ends the snapshot, gives the arena and files back */
void request_unread(struct request *r);  /* ends the snapshot if it is open */
const char *header_of(struct exchange *x, const char *name);

/* answer.c */
void reply_clear(struct exchange *x);
void reply_header(struct exchange *x, const char *name, const char *value);
void reply_redirect(struct exchange *x, int status, const char *location);
void reply_text(struct exchange *x, int status, const char *type); /* x->reply.bytes is filled */
void reply_outcome(struct exchange *x);
void reply_build(struct exchange *x);                 /* x->reply → x->response */
bool accepts(const char *header, const char *coding); /* of Accept-Encoding, heeding q=0 */

/* static.c: true when the exchange was answered without a worker */
bool static_answer(struct exchange *x);

/* problem.c */
void problem_answer(struct exchange *x, enum status status);

/* conditional.c */
/* Gives the answer its ETag, and makes it a 304 when the asker has it already. */
void condition_answer(struct exchange *x, const struct record *record, const void *model);
/* If-Match becomes the body's member "version", or the request is refused. */
enum status condition_take(struct exchange *x);

/* csrf.c */
const char *csrf_token(struct exchange *x); /* for the page being made; may plan a visit cookie */
enum status csrf_check(struct exchange *x, const char *token);

/* live.c */
struct live *live_start(void);
void live_stop(
    struct live *live); /* ends every stream; to be called before the event threads end */
void live_free(struct live *live);
int live_count(struct live *live); /* open streams */
void live_tell(struct live *live, struct store *store, const char *topic, int64_t id);
struct MHD_Response *live_response(struct exchange *x);

/* openapi.c */
char *openapi_write(const struct server *server, size_t *length);

/* workers.c */
/* `few` run at a time, `most` when the queue is long; those who wait for something else than the
 * processor don't count. */
struct workers *workers_start(int count, int few, int most);
/* This worker begins or ends waiting: another may run meanwhile. */
void workers_wait(bool begins);
/* How many exchanges are with a worker, and wait for one. */
void workers_count(struct workers *workers, int *busy, int *queued);
bool workers_put(struct workers *workers, struct exchange *x); /* false: stopping */
/* Waits until nothing is under way, `patience` ms at most; false: somebody is still busy. */
bool workers_stop(struct workers *workers, int patience);
void workers_free(struct workers *workers);

int64_t clock_ms(void); /* monotonic */
