/* Sending: what is due is claimed, sent without a transaction, and its outcome written down. A
 * server that dies in between leaves the claim to run out, and the message goes once more under its
 * id. */
#include "webhooks/inside.h"

#include "base/log.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CONNECT_SECONDS = 5,
    ANSWER_SECONDS = 10,
    CLAIM = 60 * 1000, /* ms for which one sender has it to itself: longer than both */
    AT_ONCE = 10,
    ANSWER_KEPT = 300, /* bytes */
    GIVE_UP_DAYS = 5,
};

int64_t webhook_wait(int64_t attempts) {
    static const int64_t waits[] = {5 * SECOND, MINUTE,    10 * MINUTE, HOUR,
                                    4 * HOUR,   12 * HOUR, DAY};
    if (attempts < 1 || attempts > (int64_t)(sizeof waits / sizeof waits[0]))
        return NONE;
    return waits[attempts - 1];
}

const char *webhook_signature(const char *secret, const char *id, int64_t seconds, const char *body,
                              size_t length, struct arena *arena) {
    unsigned char key[64], mac[crypto_auth_hmacsha256_BYTES];
    size_t key_length;
    if (sodium_base642bin(key, sizeof key, secret, strlen(secret), NULL, &key_length, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return NULL;
    const char *head = arena_printf(arena, "%s.%ld.", id, (long)seconds);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, length);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(key, sizeof key);
    char text[sodium_base64_ENCODED_LEN(sizeof mac, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(text, sizeof text, mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL);
    return arena_printf(arena, "v1,%s", text);
}

/* ------------------------------------------------------------------ where it may go */

/* The IANA registries of special-purpose addresses, RFC 6890: what is not reachable globally. */
static bool public_v4(uint32_t address) {
    static const struct {
        uint32_t network;
        int bits;
    } closed[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                  {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24},
                  {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24},
                  {0xe0000000, 3}};
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        if (address >> (32 - closed[i].bits) == closed[i].network >> (32 - closed[i].bits))
            return false;
    return true;
}

bool webhook_address_public(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return public_v4(ntohl(four.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 six;
    memcpy(&six, address, sizeof six);
    const unsigned char *bytes = six.sin6_addr.s6_addr;
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff},
                               well[12] = {0, 0x64, 0xff, 0x9b};
    if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, well, 12) == 0) { /* NAT64: RFC 6052 */
        uint32_t four;
        memcpy(&four, bytes + 12, 4);
        return public_v4(ntohl(four));
    }
    bool global = (bytes[0] & 0xe0) == 0x20; /* 2000::/3 is all that is given out */
    bool example = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
    bool tunnel = bytes[0] == 0x20 &&
                  (bytes[1] == 0x02 || (bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0));
    return global && !example && !tunnel;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address) {
    const struct webhook_office *office = arg;
    (void)purpose;
    if (!office->plain && !webhook_address_public(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ------------------------------------------------------------------ one message */

struct message {
    int64_t id, webhook, event, attempts;
    const char *kind, *url, *secret;
    int64_t job, at; /* of the event */
    const char *data;
    /* what came of it */
    long answer_status;
    const char *answer;
};

static const struct sql due_ones = {
    "webhook_due",
    "select d.id, d.webhook, d.event, d.attempts, d.kind, w.url, w.secret, e.subject, "
    "coalesce(e.at, d.created_at), e.data, d.due from webhook_delivery d "
    "join webhook w on w.id = d.webhook and w.disabled_at is null "
    "left join event e on e.id = d.event "
    "where d.state = 'waiting' and d.due <= $1 order by d.due, d.id limit $2",
    NULL};
static const struct sql next_due = {
    "webhook_next_due",
    "select min(d.due) from webhook_delivery d join webhook w on w.id = d.webhook "
    "and w.disabled_at is null where d.state = 'waiting'",
    NULL};
static const struct sql claim = {
    "webhook_claim",
    "update webhook_delivery set due = $2, attempts = attempts + 1, tried_at = $3 "
    "where id = $1 and attempts = $4 and state = 'waiting' and due <= $3",
    NULL};
static const struct sql settle = {
    "webhook_settle",
    "update webhook_delivery set state = $2, due = $3, answer_status = $4, answer = $5 where id = $1",
    NULL};
static const struct sql got_through = {
    "webhook_through", "update webhook set failing_since = null where id = $1", NULL};
static const struct sql got_nowhere = {
    "webhook_nowhere",
    "update webhook set failing_since = coalesce(failing_since, $2) where id = $1", NULL};
static const struct sql gives_up = {
    "webhook_gives_up",
    "update webhook set disabled_at = $2 where id = $1 and disabled_at is null and "
    "(cast($4 as bigint) = 410 or failing_since < $3)",
    NULL};

static const char *body_of(const struct message *message, struct arena *arena) {
    json_t *data = message->data == NULL ? NULL : json_loads(message->data, 0, NULL);
    if (data == NULL)
        data = json_object();
    if (message->event != NONE)
        json_object_set_new(data, "job", json_integer(message->job));
    json_t *body = json_pack("{s:s, s:s, s:o}", "type", message->kind, "timestamp",
                             instant_text(message->at, arena), "data", data);
    char *text = json_dumps(body, JSON_COMPACT);
    const char *kept = arena_text(arena, text);
    free(text);
    json_decref(body);
    return kept;
}

struct reading {
    struct buf text;
    const struct webhook_office *office;
};

static size_t read_answer(char *bytes, size_t size, size_t count, void *arg) {
    struct reading *reading = arg;
    size_t room = ANSWER_KEPT - reading->text.length, given = size * count;
    buf_put(&reading->text, bytes, given < room ? given : room);
    return given;
}

static bool is_stopping(const struct webhook_office *office) {
    return office->stopping != NULL && office->stopping(office->arg);
}

static int give_up_when_stopping(void *arg, curl_off_t a, curl_off_t b, curl_off_t c,
                                 curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    return is_stopping(((const struct reading *)arg)->office);
}

/* What can be shown of an answer, on one line; NULL: nothing. */
static const char *readable(const struct buf *answer, struct arena *arena) {
    size_t length = answer->length;
    while (length > 0 && answer->length == ANSWER_KEPT && (answer->at[length - 1] & 0xc0) == 0x80)
        length--; /* a character that was cut */
    if (length == 0 || !text_is_utf8(answer->at, length))
        return NULL;
    char *text = arena_text_n(arena, answer->at, length);
    for (char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
    return text_trim(text, arena);
}

static void send_one(struct message *message, const struct webhook_office *office, int64_t now,
                     struct arena *arena) {
    const char *id = arena_printf(arena, "msg_%ld_%ld", (long)message->webhook, (long)message->id);
    const char *body = body_of(message, arena);
    const char *signature =
        webhook_signature(message->secret, id, now / 1000, body, strlen(body), arena);
    CURL *curl = curl_easy_init();
    if (curl == NULL || signature == NULL) {
        message->answer = "It could not be signed.";
        curl_easy_cleanup(curl);
        return;
    }
    struct curl_slist *headers = NULL;
    const char *const lines[] = {
        "Content-Type: application/json",
        arena_printf(arena, "webhook-id: %s", id),
        arena_printf(arena, "webhook-timestamp: %ld", (long)(now / 1000)),
        arena_printf(arena, "webhook-signature: %s", signature),
        "Expect:",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        headers = curl_slist_append(headers, lines[i]);
    struct reading reading = {.office = office};
    char fault[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl, CURLOPT_URL, message->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, office->plain ? "http,https" : "https");
    curl_easy_setopt(curl, CURLOPT_PROXY,
                     ""); /* the address is checked, so nobody stands between */
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, (void *)(uintptr_t)office);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Benchpin/" BENCHPIN_VERSION);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, read_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reading);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, give_up_when_stopping);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &reading);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fault);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &message->answer_status);
    if (code != CURLE_OK) {
        message->answer_status = 0;
        message->answer = arena_text(arena, fault[0] != '\0' ? fault : curl_easy_strerror(code));
    } else {
        message->answer = readable(&reading.text, arena);
    }
    buf_free(&reading.text);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}

/* ------------------------------------------------------------------ the round */

struct round {
    struct message messages[AT_ONCE];
    int64_t count, next;
    bool behind;
};

static enum status read_due(struct context *cx, void *arg) {
    struct round *round = arg;
    round->count = 0;
    round->behind = webhooks_behind(cx);
    struct rows *rows = db_rows(cx->db, &due_ones, P(I(cx->now), I(AT_ONCE)));
    while (round->count < AT_ONCE && rows_next(rows))
        round->messages[round->count++] = (struct message){.id = row_int(rows, 0),
                                                           .webhook = row_int(rows, 1),
                                                           .event = row_int(rows, 2),
                                                           .attempts = row_int(rows, 3),
                                                           .kind = row_text(rows, 4),
                                                           .url = row_text(rows, 5),
                                                           .secret = row_text(rows, 6),
                                                           .job = row_int(rows, 7),
                                                           .at = row_int(rows, 8),
                                                           .data = row_text(rows, 9)};
    rows_end(rows);
    round->next = db_int(cx->db, &next_due, P0);
    return OK;
}

static enum status claim_one(struct context *cx, void *arg) {
    const struct message *message = arg;
    return db_run(cx->db, &claim,
                  P(I(message->id), I(cx->now + CLAIM), I(cx->now), I(message->attempts))) == 1
               ? OK
               : CONFLICT;
}

static enum status settle_one(struct context *cx, void *arg) {
    const struct message *message = arg;
    bool good = message->answer_status >= 200 && message->answer_status < 300;
    int64_t wait = webhook_wait(message->attempts + 1);
    const char *state = good ? "sent" : wait == NONE ? "failed" : "waiting";
    db_run(cx->db, &settle,
           P(I(message->id), T(state), I(cx->now + (wait == NONE ? 0 : wait)),
             I(message->answer_status == 0 ? NONE : message->answer_status), T(message->answer)));
    if (good) {
        db_run(cx->db, &got_through, P(I(message->webhook)));
    } else {
        db_run(cx->db, &got_nowhere, P(I(message->webhook), I(cx->now)));
        if (db_run(cx->db, &gives_up,
                   P(I(message->webhook), I(cx->now), I(cx->now - GIVE_UP_DAYS * DAY),
                     I(message->answer_status))) > 0)
            log_warn("webhook_switched_off", log_text("shop", store_name(cx->store)),
                     log_int("webhook", message->webhook));
    }
    return db_failed(cx->db) ? FAILED : OK;
}

/* Queues and sends some; true: there may be more at once. */
static bool one_round(struct context *cx, const struct webhook_office *office, int64_t *next) {
    struct round round = {.next = NONE};
    bool did = false;
    if (store_read(cx->store, cx, read_due, &round) != OK) {
        *next = cx->now + MINUTE;
        return false;
    }
    if (round.behind)
        did = store_write(cx->store, cx, webhooks_queue, NULL) == OK;
    for (int64_t i = 0; i < round.count && !is_stopping(office); i++) {
        struct message *message = &round.messages[i];
        cx->now = instant_now();
        if (store_write(cx->store, cx, claim_one, message) != OK)
            continue; /* another server has it, or it was sent anew meanwhile */
        send_one(message, office, cx->now, cx->arena);
        cx->now = instant_now();
        did = store_write(cx->store, cx, settle_one, message) == OK || did;
    }
    *next = round.next == NONE ? INT64_MAX : round.next;
    return did && !is_stopping(office);
}

int64_t webhook_send_due(struct store *store, void *office, int64_t now) {
    static const struct actor program = {.name = "Benchpin", .role = "program"};
    int64_t next = INT64_MAX;
    for (bool more = true; more;) {
        struct arena *arena = arena_new();
        struct errors errors = {.arena = arena};
        struct context cx = {
            .arena = arena, .errors = &errors, .actor = &program, .store = store, .now = now};
        more = one_round(&cx, office, &next);
        now = instant_now();
        arena_free(arena);
    }
    return next;
}
