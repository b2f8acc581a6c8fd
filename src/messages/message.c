/* The outbox: what is to be said, put there in the transaction that is the reason for it. */
#include "messages/message.h"

#include "accounts/account.h"
#include "base/text.h"
#include "jobs/job.h"
#include "messages/mime.h"
#include "messages/wording.h"
#include "shops/shop.h"
#include "tracking/link.h"

#include <string.h>

static const struct word states_[] = {
    {"waiting", "Waiting"},     {"sending", "Being sent"},  {"sent", "Sent"}, {"failed", "Failed"},
    {"uncertain", "Uncertain"}, {"withdrawn", "Withdrawn"}, {NULL, NULL}};
const struct vocabulary message_states = {"state of a message", states_};

static const struct field message_fields[] = {
    FIELD(struct message, id, FIELD_ID),
    FIELD(struct message, kind, FIELD_TEXT),
    FIELD(struct message, job, FIELD_ID),
    FIELD(struct message, customer, FIELD_ID),
    FIELD(struct message, vendor, FIELD_ID),
    FIELD(struct message, history, FIELD_ID),
    FIELD(struct message, to_name, FIELD_TEXT),
    FIELD(struct message, to_address, FIELD_TEXT),
    FIELD(struct message, subject, FIELD_TEXT, .max = 1000),
    FIELD(struct message, text, FIELD_LONG, .max = 100000),
    FIELD(struct message, html, FIELD_LONG, .max = 200000, .flags = FIELD_INTERNAL),
    FIELD(struct message, attach, FIELD_TEXT),
    FIELD(struct message, state, FIELD_CODE, .words = &message_states),
    FIELD(struct message, message_id, FIELD_TEXT),
    FIELD(struct message, send_after, FIELD_INSTANT),
    FIELD(struct message, attempts, FIELD_INT, .max = INT64_MAX),
    FIELD(struct message, fault, FIELD_TEXT, .max = 2000),
    FIELD(struct message, reply, FIELD_TEXT, .max = 2000),
    FIELD(struct message, resend_of, FIELD_ID),
    FIELD(struct message, created_at, FIELD_INSTANT),
    FIELD(struct message, sent_at, FIELD_INSTANT),
    FIELD(struct message, staff_name, FIELD_TEXT),
    FIELD(struct message, account_link, FIELD_ID, .flags = FIELD_INTERNAL),
};
const struct record message_record = RECORD("Message", struct message, message_fields);

static const struct sql message_insert = {
    "message_insert",
    "insert into message (kind, job, customer, vendor, history, to_name, to_address, subject, "
    "text, html, attach, state, message_id, send_after, resend_of, created_at, staff_name, "
    "account_link) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, $13, $14, "
    "$15, $16, $17) "
    "returning id",
    NULL};
static const struct sql messages_of_job = {
    "messages_of_job", MESSAGE_COLUMNS "where job = $1 order by id desc limit 200", NULL};
static const struct sql message_by_id = {"message_by_id", MESSAGE_COLUMNS "where id = $1", NULL};
static const struct sql messages_withdraw = {
    "messages_withdraw",
    "update message set state = 'withdrawn' where history = $1 and state = 'waiting'", NULL};
/* A message and those that were sent again for it, and again for those. */
#define REPEATS                                                                                    \
    "with recursive repeats (id, state) as (select id, state from message where id = $1 "          \
    "union all select m.id, m.state from message m join repeats r on m.resend_of = r.id) "
static const struct sql message_withdraw_waiting = {
    "message_withdraw_waiting",
    REPEATS "update message set state = 'withdrawn' where state = 'waiting' "
            "and id in (select id from repeats)",
    NULL};
static const struct sql message_fate_of = {
    "message_fate",
    REPEATS "select state from repeats order by case state when 'sent' then 0 "
            "when 'uncertain' then 1 when 'sending' then 2 when 'waiting' then 3 "
            "when 'failed' then 4 else 5 end limit 1",
    NULL};
static const struct sql from_address = {
    "mail_from", "select from_address from mail_settings where id = 1", NULL};
static const struct sql told_already = {
    "message_told", "select id from message where kind = $1 and history = $2 and resend_of is null",
    NULL};

int64_t message_list(struct context *cx, int64_t job, struct message **messages) {
    return DB_RECORDS(cx->db, &messages_of_job, P(I(job)), &message_record, messages);
}

bool message_load(struct context *cx, int64_t id, struct message *message) {
    return db_record(cx->db, &message_by_id, P(I(id)), &message_record, message);
}

void message_withdraw_move(struct context *cx, int64_t history) {
    if (db_run(cx->db, &messages_withdraw, P(I(history))) > 0)
        context_tell(cx, "message", 0);
}

bool message_withdraw(struct context *cx, int64_t id) {
    struct message message;
    if (!message_load(cx, id, &message) || db_run(cx->db, &message_withdraw_waiting, P(I(id))) <= 0)
        return false;
    audit_add(cx, "withdrew", "message", id, NULL);
    context_tell(cx, "message", 0);
    if (message.job != NONE)
        context_tell(cx, "job", message.job);
    return true;
}

const char *message_fate(struct context *cx, int64_t id) {
    return db_text(cx->db, &message_fate_of, P(I(id)));
}

/* Text and HTML hold {url} where the public address goes: it is the server's, not the shop's, and
 * put in when the message is shown or sent. */
static const char *with(const char *text, const char *mark, const char *value,
                        struct arena *arena) {
    struct buf out = {0};
    size_t length = strlen(mark);
    for (const char *at = text; *at != '\0';) {
        if (strncmp(at, mark, length) == 0) {
            buf_text(&out, value);
            at += length;
        } else {
            buf_byte(&out, *at++);
        }
    }
    const char *filled = arena_text(arena, out.at == NULL ? "" : out.at);
    buf_free(&out);
    return filled;
}

const char *message_with_url(const char *text, const char *base_url, struct arena *arena) {
    return with(text, "{url}", base_url, arena);
}

const char *message_with_secret(const char *text, const char *secret, struct arena *arena) {
    return with(text, "{secret}", secret == NULL ? "…" : secret, arena);
}

/* ------------------------------------------------------------------ HTML from the text */

static void escaped(struct buf *out, const char *text, size_t length) {
    for (const char *at = text; at < text + length; at++)
        switch (*at) {
        case '&':
            buf_lit(out, "&amp;");
            break;
        case '<':
            buf_lit(out, "&lt;");
            break;
        case '>':
            buf_lit(out, "&gt;");
            break;
        case '"':
            buf_lit(out, "&quot;");
            break;
        default:
            buf_byte(out, *at);
        }
}

/* A line: escaped, its one link (the customer's page) made to be pressed. */
static void html_line(struct buf *out, const char *line, size_t length) {
    const char *link = memmem(line, length, "{url}/", 6);
    if (link == NULL) {
        escaped(out, line, length);
        return;
    }
    size_t before = (size_t)(link - line), whole = strcspn(link, " \n");
    if (whole > length - before)
        whole = length - before;
    escaped(out, line, before);
    buf_lit(out, "<a href=\"");
    escaped(out, link, whole);
    buf_lit(out, "\">");
    escaped(out, link, whole);
    buf_lit(out, "</a>");
    escaped(out, link + whole, length - before - whole);
}

static const char *html_of(const char *text, const char *language, struct arena *arena) {
    struct buf out = {0};
    buf_printf(&out, "<!doctype html>\n<html lang=\"%s\"><body>\n<p>", language);
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *next = line + length + (line[length] == '\n');
        html_line(&out, line, length);
        if (*next == '\n') {
            buf_lit(&out, "</p>\n<p>");
            next++;
        } else if (*next != '\0') {
            buf_lit(&out, "<br>\n");
        }
        line = next;
    }
    buf_lit(&out, "</p>\n</body></html>\n");
    const char *html = arena_text(arena, out.at);
    buf_free(&out);
    return html;
}

/* ------------------------------------------------------------------ queueing */

static const char *new_message_id(struct context *cx) {
    const char *from = db_text(cx->db, &from_address, P0);
    const char *made = from == NULL ? NULL : mime_message_id(from, cx->arena);
    return made != NULL ? made
                        : arena_printf(cx->arena, "%s@benchpin.invalid", token_new(cx->arena, 16));
}

static int64_t insert(struct context *cx, const struct message *message) {
    int64_t id = db_insert(cx->db, &message_insert,
                           P(T(message->kind), I(message->job), I(message->customer),
                             I(message->vendor), I(message->history), T(message->to_name),
                             T(message->to_address), T(message->subject), T(message->text),
                             T(html_of(message->text, cx->locale->language, cx->arena)),
                             T(message->attach), T(new_message_id(cx)), I(message->send_after),
                             I(message->resend_of), I(cx->now), T(cx->actor->name),
                             I(message->account_link == 0 ? NONE : message->account_link)));
    context_tell(cx, "message", id);
    if (message->job != NONE)
        context_tell(cx, "job", message->job);
    return id;
}

static const char *priced(struct context *cx, int64_t minor) {
    return minor == NONE ? NULL : money_print(cx->locale->currency, minor, cx->arena);
}

static const char *day_in_words(struct context *cx, const char *day) {
    int64_t number;
    return day != NULL && day_parse(day, &number) ? day_print_long(number, cx->arena) : NULL;
}

static const char *moment(struct context *cx, int64_t instant) {
    if (instant == NONE)
        return NULL;
    struct civil civil = civil_at(cx->locale->zone, instant);
    return arena_printf(cx->arena, "%s, %02d:%02d",
                        day_print_long(day_at(cx->locale->zone, instant), cx->arena), civil.hour,
                        civil.minute);
}

enum status message_compose(struct context *cx, const struct message_wish *wish,
                            struct message *message, const char **why) {
    struct job job;
    struct shop shop;
    struct wording wording;
    *why = NULL;
    if (!job_load(cx, wish->job, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (!wording_load(cx, wish->kind, &wording))
        return error_add(cx->errors, INVALID, "kind", "unknown_kind",
                         "There is no message of the kind “%s”.", wish->kind);
    if (!shop_load(cx, &shop))
        return error_add(cx->errors, CONFLICT, NULL, "no_shop", "The shop is not set up.");
    const char *address =
        job.customer_email == NULL ? NULL : mime_address(job.customer_email, cx->arena);
    if (!wording.enabled)
        *why = "This message is switched off in the settings.";
    else if (job.customer_email == NULL)
        *why = "The customer has no e-mail address.";
    else if (address == NULL)
        *why = "The customer's e-mail address cannot be used.";
    const struct stage *stage = stage_find(job.kind, job.stage);
    /* A quote tells its own price: an accepted one may still be the job's. */
    int64_t price = text_same(wish->kind, "quote") && wish->amount != NONE ? wish->amount
                    : job.final != NONE                                    ? job.final
                                                                           : job.quoted;
    const struct filling fillings[] = {
        {"customer", job.customer_name},
        {"piece", job.title},
        {"number", job_number_text(cx, job.number)},
        {"reference", job.reference},
        {"link", strstr(wording.body, "{link}") == NULL || *why != NULL || wish->preview
                     ? "{url}/track"
                     : arena_printf(cx->arena, "{url}%s", tracking_link_new(cx, job.id))},
        {"stage", stage == NULL ? NULL : stage->sentence},
        {"promised", day_in_words(cx, job.promised_day)},
        {"price", priced(cx, price)},
        {"deposit", job.deposit > 0 ? priced(cx, job.deposit) : NULL},
        {"balance", job.balance > 0 ? priced(cx, job.balance) : NULL},
        {"amount", priced(cx, wish->amount)},
        {"when", moment(cx, wish->when)},
        {"extra", wish->extra},
        {"shop", shop.name},
        {"phone", shop.phone},
        {NULL, NULL},
    };
    int64_t delay = wish->delay == NONE ? shop.message_delay : wish->delay;
    *message = (struct message){
        .kind = wish->kind,
        .job = job.id,
        .customer = job.customer,
        .vendor = NONE,
        .history = wish->history,
        .to_name = job.customer_name == NULL ? "" : job.customer_name,
        .to_address = address == NULL ? "" : address,
        .subject = wording_fill(wording.subject, fillings, cx->arena),
        .text = wording_fill(wording.body, fillings, cx->arena),
        .attach = wish->attach,
        .send_after = cx->now + delay * SECOND,
        .resend_of = NONE,
    };
    message->html = html_of(message->text, cx->locale->language, cx->arena);
    struct text_wording phone;
    if (text_wording_load(cx, wish->kind, &phone))
        message->phone_text = wording_fill(phone.text, fillings, cx->arena);
    return OK;
}

enum status message_queue(struct context *cx, const struct message_wish *wish, int64_t *message,
                          const char **why) {
    *message = NONE;
    *why = NULL;
    if (wish->history != NONE &&
        db_int(cx->db, &told_already, P(T(wish->kind), I(wish->history))) != NONE) {
        *why = "This was told already.";
        return OK;
    }
    struct message composed;
    enum status status = message_compose(cx, wish, &composed, why);
    if (status == OK && *why == NULL)
        *message = insert(cx, &composed);
    return status;
}

enum status message_queue_vendor(struct context *cx, int64_t job, int64_t vendor,
                                 const char *to_name, const char *to_address, const char *subject,
                                 const char *text, int64_t *message) {
    const char *address = mime_address(to_address, cx->arena);
    if (address == NULL)
        return error_add(cx->errors, INVALID, "email", "bad_address",
                         "“%s” cannot be written to: it is not an e-mail address.", to_address);
    *message = insert(cx, &(struct message){.kind = "vendor_request",
                                            .job = job,
                                            .customer = NONE,
                                            .vendor = vendor,
                                            .history = NONE,
                                            .to_name = to_name,
                                            .to_address = address,
                                            .subject = subject,
                                            .text = text,
                                            .send_after = cx->now,
                                            .resend_of = NONE});
    return OK;
}

enum status message_queue_account(struct context *cx, const struct message *message) {
    struct message composed = *message;
    composed.to_address = mime_address(message->to_address, cx->arena);
    if (composed.to_address == NULL)
        return OK; /* who signs in with it knows that nothing can be sent there */
    composed.job = composed.customer = composed.vendor = composed.history = NONE;
    composed.resend_of = NONE;
    composed.send_after = cx->now;
    insert(cx, &composed);
    return OK;
}

enum status message_queue_staff(struct context *cx, const char *to_name, const char *to_address,
                                const char *subject, const char *text, int64_t *message) {
    const char *address = mime_address(to_address, cx->arena);
    if (address == NULL)
        return error_add(cx->errors, INVALID, "email", "bad_address",
                         "“%s” cannot be written to: it is not an e-mail address.", to_address);
    *message = insert(cx, &(struct message){.kind = "trial",
                                            .job = NONE,
                                            .customer = NONE,
                                            .vendor = NONE,
                                            .history = NONE,
                                            .to_name = to_name,
                                            .to_address = address,
                                            .subject = subject,
                                            .text = text,
                                            .send_after = cx->now,
                                            .resend_of = NONE});
    return OK;
}

enum status message_resend(struct context *cx, int64_t id, int64_t *again) {
    struct message message;
    if (!message_load(cx, id, &message))
        return error_add(cx->errors, MISSING, NULL, "unknown_message", "There is no such message.");
    if (text_same(message.state, "waiting") || text_same(message.state, "sending"))
        return error_add(cx->errors, CONFLICT, NULL, "not_sent_yet",
                         "This message has not been sent yet: it goes out by itself.");
    message.resend_of = id;
    message.send_after = cx->now;
    *again = insert(cx, &message);
    audit_add(cx, "sent again", "message", id, NULL);
    return OK;
}
