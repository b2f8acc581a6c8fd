#include "messages/smtp.h"

#include "base/buf.h"
#include "base/text.h"
#include "messages/mime.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <time.h>

enum { REPLY_LIMIT = 600, STOP_SECONDS = 3, CONNECT_SECONDS = 30 };

const char *smtp_outcome_name(enum smtp_outcome outcome) {
    static const char *const names[] = {"sent", "refused", "retry", "uncertain"};
    return names[outcome];
}

/* ------------------------------------------------------------------ under way */

struct delivery {
    const struct smtp_settings *settings;
    const struct smtp_watch *watch;
    const char *mail;
    size_t length, at;

    int code;         /* of the last whole answer */
    struct buf reply; /* its lines, joined */
    bool reply_ended; /* the next line begins a new answer */
    char command[5];  /* what was said last: "RCPT" */
    bool over;        /* we gave up or said goodbye: what comes now is no answer to the message */

    bool committed; /* the last byte was handed over, or is about to be */
    bool answered;  /* and the server has answered since */
    bool unrecorded, stopped, timed_out;
    int64_t last_progress, stop_seen; /* seconds of the steady clock */
    curl_off_t moved;
};

static int64_t seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static bool stopping(const struct delivery *d) {
    return d->watch != NULL && d->watch->stopping != NULL && d->watch->stopping(d->watch->arg);
}

/* Hands the message to libcurl. libcurl asks for more only when what it has is with the system; so
 * when the last byte is asked for, the server can have all but that one. */
static size_t give_bytes(char *to, size_t size, size_t count, void *arg) {
    struct delivery *d = arg;
    size_t room = size * count, left = d->length - d->at;
    if (left > 1) {
        size_t part = left - 1 < room ? left - 1 : room;
        memcpy(to, d->mail + d->at, part);
        d->at += part;
        return part;
    }
    if (left == 0)
        return 0;
    if (stopping(d)) {
        d->stopped = true;
        return CURL_READFUNC_ABORT;
    }
    if (d->watch != NULL && d->watch->committing != NULL && !d->watch->committing(d->watch->arg)) {
        d->unrecorded = true;
        return CURL_READFUNC_ABORT;
    }
    d->committed = true;
    d->last_progress = seconds_now();
    to[0] = d->mail[d->at++];
    return 1;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A line of the server's: "250-SIZE 1000", and "250 OK" for the last of an answer. Foreign text:
 * only what can be shown is kept. */
static size_t take_line(char *line, size_t size, size_t count, void *arg) {
    struct delivery *d = arg;
    size_t length = size * count;
    while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == '\n'))
        length--;
    bool numbered = length >= 3 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]);
    if (!numbered || d->answered || d->over)
        return size * count;
    if (d->reply_ended || d->reply.length == 0)
        buf_clear(&d->reply);
    else
        buf_byte(&d->reply, ' ');
    bool utf8 = text_is_utf8(line, length);
    for (size_t i = 0; i < length && d->reply.length < REPLY_LIMIT; i++) {
        bool shown = (unsigned char)line[i] >= ' ' && line[i] != 0x7f &&
                     (utf8 || (unsigned char)line[i] < 0x80);
        buf_byte(&d->reply, shown ? line[i] : '?');
    }
    d->reply_ended = length == 3 || line[3] != '-';
    if (d->reply_ended) {
        d->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
        d->answered = d->committed;
    }
    d->last_progress = seconds_now();
    return size * count;
}

/* What we say, as it goes out: to know what an answer answers. */
static int note_command(CURL *curl, curl_infotype kind, char *bytes, size_t length, void *arg) {
    struct delivery *d = arg;
    if (kind != CURLINFO_HEADER_OUT || length < 4 || d->over)
        return 0;
    d->over = length == 6 && memcmp(bytes, "QUIT\r\n", 6) == 0;
    if (!d->over)
        memcpy(d->command, bytes, 4);
    return 0;
}

/* About once a second. libcurl's own time limits do not know of the last byte: one limit holds
 * before it and a longer one after it, since giving up then leaves a doubt. */
static int watch_progress(void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                          curl_off_t up) {
    struct delivery *d = arg;
    int64_t now = seconds_now();
    if (up != d->moved) {
        d->moved = up;
        d->last_progress = now;
    }
    if (stopping(d)) {
        d->stop_seen = d->stop_seen == 0 ? now : d->stop_seen;
        d->stopped = !d->committed || now - d->stop_seen >= STOP_SECONDS;
    }
    int before = d->settings->timeout > 0 ? d->settings->timeout : 60;
    int after = d->settings->patience > 0 ? d->settings->patience : 300;
    d->timed_out = now - d->last_progress > (d->committed ? after : before);
    d->over = d->over || d->stopped || d->timed_out;
    return d->stopped || d->timed_out;
}

/* ------------------------------------------------------------------ setting up */

static bool is_address(const char *host) {
    unsigned char bytes[16];
    return inet_pton(AF_INET6, host, bytes) == 1;
}

/* It becomes part of a URL: nothing that could end the host there. */
static bool is_host(const char *host) {
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    return !text_empty(host) && strlen(host) < 254 && host[0] != '-' &&
           (is_address(host) || strspn(host, allowed) == strlen(host));
}

static bool is_loopback(const char *host) {
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 || text_starts(host, "127.");
}

static struct smtp_result not_sent(bool settings, const char *sentence) {
    return (struct smtp_result){.outcome = SMTP_RETRY, .settings = settings, .sentence = sentence};
}

/* NULL: the settings can be tried; otherwise why not. */
static const char *settings_fault(const struct smtp_settings *settings) {
    if (!is_host(settings->host))
        return "The mail settings have no server, or one that is not a name or an address.";
    if (settings->port < 0 || settings->port > 65535)
        return "The mail server's port must be between 1 and 65535.";
    if (settings->security == SMTP_PLAIN && settings->user != NULL && !is_loopback(settings->host))
        return "The mail settings have a password but no encryption. Choose STARTTLS or TLS.";
    return NULL;
}

static const char *server_url(const struct smtp_settings *settings, const char *from,
                              struct arena *arena) {
    static const int ports[] = {[SMTP_STARTTLS] = 587, [SMTP_TLS] = 465, [SMTP_PLAIN] = 25};
    int port = settings->port != 0 ? settings->port : ports[settings->security];
    bool brackets = is_address(settings->host);
    /* The path is the name by which we greet. */
    return arena_printf(arena, "%s://%s%s%s:%d/%s",
                        settings->security == SMTP_TLS ? "smtps" : "smtp", brackets ? "[" : "",
                        settings->host, brackets ? "]" : "", port, strrchr(from, '@') + 1);
}

static void configure(CURL *curl, struct delivery *d, const char *from, struct arena *arena) {
    const struct smtp_settings *s = d->settings;
    curl_easy_setopt(curl, CURLOPT_URL, server_url(s, from, arena));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(s->security == SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (s->authority != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, s->authority);
    if (s->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, s->password == NULL ? "" : s->password);
    }
    int longest = s->patience > 0 ? s->patience : 300;
    longest = longest > s->timeout ? longest : s->timeout;
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)longest + 60);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_line);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, d);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, note_command);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, d);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, d);
}

/* What a probe or a failed dialogue writes as its body: nothing that anybody reads. */
static size_t drop_bytes(char *bytes, size_t size, size_t count, void *arg) {
    return size * count;
}

/* ------------------------------------------------------------------ judging */

static struct smtp_result refused(const struct delivery *d, struct arena *arena) {
    return (struct smtp_result){
        .outcome = SMTP_REFUSED,
        .sentence = arena_printf(arena, "The mail server refused the message: %s", d->reply.at)};
}

static struct smtp_result not_now(const struct delivery *d, struct arena *arena) {
    return not_sent(false, arena_printf(arena, "The mail server could not take the message now: %s",
                                        d->reply.at));
}

/* A refusal before the message: of the recipient or the message for good; of the sender means that
 * no message would be taken, whatever it is, until the settings are right. 552 is about its size.
 */
static struct smtp_result judge_refusal(const struct delivery *d, struct arena *arena) {
    bool sender = strcmp(d->command, "MAIL") == 0 && d->code != 552;
    bool message = strcmp(d->command, "MAIL") == 0 || strcmp(d->command, "RCPT") == 0 ||
                   strcmp(d->command, "DATA") == 0;
    if (!sender && message)
        return refused(d, arena);
    return not_sent(true,
                    arena_printf(arena, "The mail server does not accept mail from this shop: %s",
                                 d->reply.at));
}

/* Nothing was sent: why, as well as it can be said. */
static struct smtp_result judge_failure(const struct delivery *d, CURLcode code,
                                        struct arena *arena) {
    const char *host = d->settings->host;
    const char *reply = d->reply.length > 0 ? d->reply.at : "";
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return not_sent(false, arena_printf(arena, "The mail server %s was not found.", host));
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
        return not_sent(false, arena_printf(arena, "The mail server %s cannot be reached.", host));
    case CURLE_LOGIN_DENIED:
        if (d->code >= 400 && d->code < 500)
            break;
        return not_sent(true, arena_printf(arena,
                                           "The mail server did not accept the user name and "
                                           "password: %s",
                                           reply));
    case CURLE_USE_SSL_FAILED:
        return not_sent(true,
                        arena_printf(arena, "The mail server %s does not offer STARTTLS.", host));
    case CURLE_PEER_FAILED_VERIFICATION:
        return not_sent(true, arena_printf(arena,
                                           "The certificate of the mail server %s is not trusted, "
                                           "or is another server's.",
                                           host));
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
        return not_sent(true, arena_printf(arena,
                                           "No encrypted connection could be made with the mail "
                                           "server %s. Check the kind of encryption and the port.",
                                           host));
    default:
        break;
    }
    /* An answer that ended the dialogue; otherwise the connection broke after a good one. */
    if (d->code >= 500)
        return judge_refusal(d, arena);
    if (d->code >= 400)
        return not_now(d, arena);
    return not_sent(false, arena_printf(arena,
                                        "The connection to the mail server %s broke before the "
                                        "message was sent (%s).",
                                        host, curl_easy_strerror(code)));
}

static struct smtp_result judge(const struct delivery *d, CURLcode code, struct arena *arena) {
    if (d->answered && d->code >= 200 && d->code < 300)
        return (struct smtp_result){.outcome = SMTP_SENT, .sentence = "The mail server took it."};
    if (d->answered && d->code >= 400)
        return d->code >= 500 ? refused(d, arena) : not_now(d, arena);
    if (d->committed)
        return (struct smtp_result){
            .outcome = SMTP_UNCERTAIN,
            .sentence = "The connection was lost after the whole message had gone out and before "
                        "the mail server answered. It may or may not have been delivered."};
    if (d->unrecorded)
        return not_sent(false, "The sending could not be recorded, so nothing was sent.");
    if (d->stopped)
        return not_sent(false, "The program was ending, so nothing was sent.");
    if (d->timed_out)
        return not_sent(false, "The mail server did not answer in time; nothing was sent.");
    return judge_failure(d, code, arena);
}

static struct smtp_result finish(struct delivery *d, struct smtp_result result,
                                 struct arena *arena) {
    result.code = d->code;
    result.reply = d->reply.length > 0 ? arena_text_n(arena, d->reply.at, d->reply.length) : NULL;
    buf_free(&d->reply);
    return result;
}

/* ------------------------------------------------------------------ sending */

struct smtp_result smtp_send(const struct smtp_settings *settings, const char *from, const char *to,
                             const void *mail, size_t length, const struct smtp_watch *watch,
                             struct arena *arena) {
    const char *fault = settings_fault(settings);
    const char *sender = mime_address(from, arena), *recipient = mime_address(to, arena);
    if (fault != NULL)
        return not_sent(true, fault);
    if (sender == NULL)
        return not_sent(true, "The shop's own email address is not one.");
    if (recipient == NULL || length == 0)
        return (struct smtp_result){.outcome = SMTP_REFUSED,
                                    .sentence = recipient == NULL
                                                    ? "This email address cannot be written to."
                                                    : "The message is empty."};
    struct delivery d = {.settings = settings, .watch = watch, .mail = mail, .length = length};
    d.last_progress = seconds_now();
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        return not_sent(false, "No connection could be prepared.");
    struct curl_slist *recipients = curl_slist_append(NULL, arena_printf(arena, "<%s>", recipient));
    configure(curl, &d, sender, arena);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_printf(arena, "<%s>", sender));
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl, CURLOPT_READDATA, &d);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(recipients);
    /* Judged before the handle goes: ending it says QUIT, and the answer to that is not ours. */
    struct smtp_result result = judge(&d, code, arena);
    result = finish(&d, result, arena);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, drop_bytes);
    curl_easy_cleanup(curl);
    return result;
}

struct smtp_result smtp_try(const struct smtp_settings *settings, const char *from,
                            struct arena *arena) {
    const char *fault = settings_fault(settings), *sender = mime_address(from, arena);
    if (fault != NULL)
        return not_sent(true, fault);
    if (sender == NULL)
        return not_sent(true, "The shop's own email address is not one.");
    struct delivery d = {.settings = settings, .last_progress = seconds_now()};
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        return not_sent(false, "No connection could be prepared.");
    configure(curl, &d, sender, arena);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_bytes);
    CURLcode code = curl_easy_perform(curl);
    struct smtp_result result =
        code == CURLE_OK
            ? (struct smtp_result){.outcome = SMTP_SENT, .sentence = "The mail server accepts us."}
            : judge(&d, code, arena);
    result = finish(&d, result, arena);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, drop_bytes);
    curl_easy_cleanup(curl);
    return result;
}
