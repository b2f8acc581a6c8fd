/* Requests and answers: what a room sees of the network.
 *
 * A room declares a table of routes; the router checks, in this order: the shop (by host), the
 * limits, who is asking, the route's permission, the cross-site token, the input against its
 * record. A handler therefore never sees an unchecked value and never checks a right itself; it
 * reads or writes, and hands a model to one of the answers below. The same model is the page and
 * the JSON: under /api/v1, or when the request accepts JSON only, it is written by its record,
 * otherwise by its page.
 *
 * Every route "/jobs/{id}" is reachable as "/jobs/{id}" and "/api/v1/jobs/{id}" unless its flags
 * say otherwise. */
#pragma once

#include "db/db.h"
#include "view/view.h"

struct server;
struct request;
struct media;
struct backup_plan;

enum method { GET = 1, POST, PUT, PATCH, DELETE };

/* Three rights that are no permission of a role. All others are bits of accounts/permission.h. A
 * route with no right at all is refused when the router is built. */
#define RIGHT_PUBLIC (UINT64_C(1) << 63)    /* anybody */
#define RIGHT_SIGNED_IN (UINT64_C(1) << 62) /* anybody of the staff */
/* Anybody of the staff in person, or a program that may do all that they may: one's password,
 * sessions and tokens are not for a token with scopes. */
#define RIGHT_IN_PERSON (UINT64_C(1) << 61)

enum {
    ROUTE_PAGE = 1 << 0,   /* only as a page */
    ROUTE_API = 1 << 1,    /* only under /api/v1 */
    ROUTE_UPLOAD = 1 << 2, /* takes multipart files, streamed to disk */
    ROUTE_SET_UP = 1 << 3, /* answers also before the shop is set up */
    ROUTE_OPEN_POST =
        1 << 4, /* API POST that needs no sign-in (tokens, enquiry): no CSRF under /api */
    ROUTE_INTERNAL = 1 << 5, /* left out of the OpenAPI document */
    ROUTE_ROOT = 1 << 6,     /* no /api/v1 twin and no session looked up: /healthz */
    ROUTE_SECRET = 1 << 7,   /* its answer holds a secret (a token): never kept for repeats */
    ROUTE_DETOUR = 1 << 8,   /* open also to an actor with a detour (base/actor.h) */
};

/* What a handler can be given to show. `html` writes a whole page or, for parts, a fragment. */
struct presentation {
    const struct record *json;
    void (*html)(struct view *v, const void *model);
};

struct route {
    enum method method;
    const char *path; /* "/jobs/{id}/files/{file}": {names ending in id or number} must be
                         whole positive numbers, else 404; others one path segment */
    uint64_t right;   /* all of these bits; or RIGHT_PUBLIC, RIGHT_SIGNED_IN */
    enum status (*handle)(struct request *r); /* anything but OK: the router shows r->cx.errors */
    const struct record *input; /* the query of a GET, the body of the others; NULL: none */
    size_t input_size;          /* 0: the record's */
    /* Shows the page with the form again when a page's POST was refused (422, 409): r->typed and
     * r->cx.errors are set. NULL: the problem page. */
    enum status (*again)(struct request *r);
    unsigned flags;
    const struct presentation *output; /* for the OpenAPI document */
    const char *summary;               /* "Move a job to another stage" */
};

struct upload {
    const char *field; /* the form's name for it */
    const char *name;  /* as the sender calls it: for showing only, never a path */
    const char *path;  /* the temporary file; removed after the answer unless moved away */
    int64_t length;
};

/* What a POST came to. Recorded with the Idempotency-Key in the transaction itself, so that a
 * repeat is answered from the record and does nothing. */
struct outcome {
    int status;                  /* 200 or 201 */
    const char *location;        /* where a browser is sent (303): "/jobs/123" */
    const char *flash;           /* the sentence told there: "Moved to Setting."; looked up when it
                                    is a literal, by context_words() when something is put in */
    const char *undo;            /* a POST there takes it back, or NULL */
    const struct record *record; /* the JSON answer */
    const void *model;
    const char *json;   /* instead of record and model: as recorded */
    const char *cookie; /* a Set-Cookie value (sign-in): then nothing is recorded */
};
/* Called in a closure as its last act; copies what it is given into the context's arena. */
void context_outcome(struct context *cx, const struct outcome *outcome);

struct request {
    struct context cx; /* arena, errors, actor, locale, store, now; db while reading */
    struct server *server;
    const struct route *route;
    enum method method;
    const char *path;    /* "/jobs/123", without /api/v1 */
    const char *query;   /* raw, after "?" */
    const char *id;      /* of this request, for the log */
    const char *address; /* the client's, behind trusted proxies the real one */
    bool json;           /* the answer is to be JSON */
    bool api;            /* came through /api/v1 */
    void *input;         /* filled from route->input */
    record_get typed;    /* the raw values by name, for showing a form again */
    const void *typed_form;
    const json_t *body; /* a JSON body, for routes that patch */
    const struct upload *uploads;
    int64_t upload_count;
    void *answer; /* the server's own */
};

const char *request_text(const struct request *r, const char *name); /* {name} of the path */
int64_t request_id(const struct request *r, const char *name);
const char *request_typed(const struct request *r, const char *name); /* a form or query value */
const char *request_header(const struct request *r, const char *name);
const char *request_cookie(const struct request *r, const char *name);

/* The public base of this shop's links: "https://shop.example", no slash at the end. */
const char *request_url(const struct request *r);

/* Opens the request's reading snapshot when it is not open yet; &r->cx with db set, or NULL and the
 * request fails with 503. Closed by the router before the first byte of the answer goes out. */
struct context *request_read(struct request *r);
/* Runs the closure as the request's write; with an Idempotency-Key that was used before by this
 * person it does not run: the recorded outcome is the answer (INVALID "key_reused" with another
 * body). */
enum status request_write(struct request *r, closure work, void *arg);
/* What is backed up when (backup/backup.h); NULL: nothing is by this server. */
const struct backup_plan *request_backups(const struct request *r);
/* May webhooks go by http, and to addresses that are not public? */
bool request_plain_webhooks(const struct request *r);
/* Every shop there is: for what is asked of the whole server. */
struct databases *request_databases(const struct request *r);
/* Who makes uploads safe (media/media.h); NULL: no uploads are taken. */
struct media *request_media(const struct request *r);
/* The form of the route's record for a page: after a refusal with what was typed. */
struct form request_form(const struct request *r, const struct record *record, const void *values);

/* Answers. Each returns OK so that a handler can end with `return answer(...)`. After request_write
 * with an outcome a handler simply returns OK. */
enum status answer(struct request *r, const struct presentation *as, const void *model);
enum status answer_redirect(struct request *r, const char *location); /* 303 */
enum status answer_bytes(struct request *r, const char *type, const char *download_name,
                         struct buf *bytes); /* takes the buffer; a NULL name shows it inline */
enum status answer_file(struct request *r, const char *path, const char *type,
                        const char *download_name); /* with ETag and ranges; private */
enum status answer_live(struct request *r);         /* the server-sent stream of this shop's news */
void answer_cookie(struct request *r, const char *set_cookie);
void answer_header(struct request *r, const char *name, const char *value);
enum status fail(struct request *r, enum status status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* ------------------------------------------------------------------ the server */

struct server_settings {
    const char *listen;            /* "127.0.0.1:8080"; port 0: any free one */
    int inherited;                 /* a listening socket made by somebody else, instead; 0: none */
    const char *url;               /* the public base, or NULL: made from the address */
    const char *certificate, *key; /* PEM files, or NULL */
    const char *metrics_from; /* whose requests may read the figures: addresses or CIDR by commas */
    const char *trusted_proxy;   /* comma-separated addresses or CIDR whose X-Forwarded-* counts */
    const char *temporary;       /* folder for uploads under way */
    int64_t upload_limit;        /* bytes of one file */
    int workers;                 /* 0: 32 */
    int connections_per_address; /* 0: 300, loopback excepted; from proxies: requests under way */
    bool plain_webhooks;         /* for request_plain_webhooks() */
    int api_rate;        /* requests a minute to the API of one token, person or address; 0: any */
    uint64_t cost_right; /* the permission without which FIELD_COST is left out of JSON */
    bool log_requests;   /* a line each */
    struct databases *databases;
    struct media *media;               /* or NULL: for request_media() */
    const struct backup_plan *backups; /* or NULL: for request_backups() */
    const struct route *const
        *routes; /* the rooms' tables, each ended by a NULL path; ends with NULL */
    /* Who is asking? Fills r->cx.actor (never NULL) from cookie or token. */
    enum status (*identify)(struct request *r);
    /* The shop's locale, name, place; false: not set up yet (everything leads to /set-up). */
    bool (*shop)(struct request *r, struct view *v);
};

struct server *server_start(const struct server_settings *settings, struct errors *errors);
int server_port(const struct server *server);
/* As they were given: for a page that says what there is. Ends with NULL. */
const struct route *const *server_routes(const struct server *server);
const char *server_url(const struct server *server); /* "http://127.0.0.1:8080": no slash at the end */
/* Takes no more connections, answers what still comes on those that are there and closes each with
 * its answer, finishes what runs (at most 3 s in all), ends the streams, frees. */
void server_stop(struct server *server);
/* The same, but the listening socket stays open and is returned (-1: none): whoever connects
 * meanwhile waits in its queue for the next server, and is not refused. */
int server_hand_over(struct server *server);
/* Is the one who asks among those whom `metrics_from` names, and did no proxy that we don't know
 * pass the request on? */
bool server_shows_metrics(const struct request *r);
/* The server's own figures, in Prometheus' text: requests, connections, streams, the process. */
struct buf;
void server_metrics(const struct server *server, struct buf *out);
/* Tells every live stream of this shop; given to databases as `heard`. */
void server_tell(void *server, struct store *store, const char *topic, int64_t id);
