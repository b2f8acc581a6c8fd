/* Sending what is due, so that a crash loses nothing and repeats nothing that may have gone.
 *
 * A message is claimed in one transaction, sent outside of any, and its outcome recorded in
 * another. Just before its last byte goes out the fact is recorded too (committed_at). What is
 * found claimed after a crash is therefore either known to be unsent (no committed_at: it waits
 * again) or in doubt (marked uncertain, put on a list, never sent again by itself). */
#include "accounts/link.h"
#include "base/log.h"
#include "base/text.h"
#include "messages/message.h"
#include "messages/mime.h"
#include "messages/smtp.h"
#include "shops/shop.h"

#include <stdlib.h>

enum { TRIES_MOST = 12 };
/* Another server's claim is its own until it must have crashed: longer than smtp.h's patience. */
static const int64_t CLAIM_LASTS = 20 * MINUTE;

static const struct sql claimed_found = {
    "messages_claimed",
    "update message set state = case when committed_at is null then 'waiting' else 'uncertain' end, "
    "fault = case when committed_at is null then fault else $2 end "
    "where state = 'sending' and claimed_at < $1",
    NULL};
static const struct sql undone = {
    "messages_undone",
    "update message set state = 'withdrawn' where state = 'waiting' and send_after <= $1 "
    "and history in (select undoes from job_history where undoes is not null)",
    NULL};
static const struct sql next_due = {
    "message_next_due",
    MESSAGE_COLUMNS "where state = 'waiting' and send_after <= $1 order by send_after, id limit 1",
    NULL};
static const struct sql claim = {
    "message_claim",
    "update message set state = 'sending', claimed_at = $2, committed_at = null, "
    "attempts = attempts + 1 where id = $1 and state = 'waiting'",
    NULL};
static const struct sql commit_mark = {"message_commit_mark",
                                       "update message set committed_at = $2 where id = $1", NULL};
static const struct sql record_outcome = {
    "message_outcome",
    "update message set state = $2, reply = $3, fault = $4, sent_at = $5, send_after = $6 "
    "where id = $1 and state = 'sending'",
    NULL};
/* When there is something to do again: a message is due, or another's claim has lapsed. */
static const struct sql earliest = {
    "message_earliest",
    "select min(case when state = 'waiting' then send_after else claimed_at + $1 end) from message "
    "where state in ('waiting', 'sending')",
    NULL};
static const struct sql settings_row = {
    "mail_settings_row",
    "select host, port, security, user_name, password, from_name, from_address, ca_file "
    "from mail_settings where id = 1",
    NULL};

struct sending {
    struct post_office *office;
    struct store *store;
    struct context *cx;
    struct message message;
    bool found, have_settings;
    struct smtp_settings settings;
    struct mime_person from;
    int64_t earliest;
    const char *secret; /* of the account's link, made for this try and kept nowhere */
    struct smtp_result result;
};

bool mail_settings_load(struct context *cx, struct smtp_settings *settings,
                        struct mime_person *from) {
    struct rows *rows = db_rows(cx->db, &settings_row, P0);
    bool found = rows_next(rows);
    if (found) {
        const char *security = row_text(rows, 2);
        *settings = (struct smtp_settings){
            .host = row_text(rows, 0),
            .port = (int)row_int(rows, 1),
            .security = text_same(security, "tls")    ? SMTP_TLS
                        : text_same(security, "none") ? SMTP_PLAIN
                                                      : SMTP_STARTTLS,
            .user = row_text(rows, 3),
            .password = row_text(rows, 4),
            .authority = row_text(rows, 7),
        };
        *from = (struct mime_person){row_text(rows, 5), row_text(rows, 6)};
    }
    rows_end(rows);
    return found;
}

static enum status claim_next(struct context *cx, void *arg) {
    struct sending *sending = arg;
    /* A shop's SQLite file has one server: what it finds claimed, it claimed itself and died. */
    int64_t lasts = store_is_postgres(cx->store) ? CLAIM_LASTS : 0;
    db_run(cx->db, &claimed_found,
           P(I(cx->now - lasts),
             T("Benchpin stopped while the server had the message; nobody can know whether "
               "it was taken.")));
    db_run(cx->db, &undone, P(I(cx->now)));
    sending->have_settings = mail_settings_load(cx, &sending->settings, &sending->from);
    sending->found = sending->have_settings && db_record(cx->db, &next_due, P(I(cx->now)),
                                                         &message_record, &sending->message);
    if (sending->found) {
        db_run(cx->db, &claim, P(I(sending->message.id), I(cx->now)));
        sending->message.attempts++;
        if (sending->message.account_link != NONE)
            sending->secret = account_link_arm(cx, sending->message.account_link);
        if (sending->from.name == NULL) {
            struct shop shop;
            if (shop_load(cx, &shop))
                sending->from.name = shop.name;
        }
    }
    sending->earliest = db_int(cx->db, &earliest, P(I(lasts)));
    return OK;
}

static enum status mark_committed(struct context *cx, void *arg) {
    const struct sending *sending = arg;
    db_run(cx->db, &commit_mark, P(I(sending->message.id), I(instant_now())));
    return OK;
}

static bool committing(void *arg) {
    struct sending *sending = arg;
    return store_write(sending->store, sending->cx, mark_committed, sending) == OK;
}

static bool stopping(void *arg) {
    const struct sending *sending = arg;
    return sending->office->stopping != NULL && sending->office->stopping(sending->office);
}

/* 2 s, 4 s, … up to an hour. */
static int64_t back_off(int64_t attempts) {
    int64_t wait = 2 * SECOND << (attempts < 12 ? attempts - 1 : 11);
    return wait < HOUR ? wait : HOUR;
}

static enum status record_result(struct context *cx, void *arg) {
    const struct sending *sending = arg;
    const struct smtp_result *result = &sending->result;
    const struct message *message = &sending->message;
    const char *state = "sent", *fault = result->sentence;
    int64_t now = instant_now(), again = message->send_after;
    switch (result->outcome) {
    case SMTP_SENT:
        fault = NULL;
        break;
    case SMTP_REFUSED:
        state = "failed";
        break;
    case SMTP_UNCERTAIN:
        state = "uncertain";
        break;
    case SMTP_RETRY:
        /* Wrong settings are not the message's fault: it waits until they are mended. */
        state = result->settings || message->attempts < TRIES_MOST ? "waiting" : "failed";
        again = now + back_off(message->attempts);
        break;
    }
    db_run(cx->db, &record_outcome,
           P(I(message->id), T(state), T(result->reply), T(fault),
             I(result->outcome == SMTP_SENT ? now : NONE), I(again)));
    context_tell(cx, "message", message->id);
    if (message->job != NONE)
        context_tell(cx, "job", message->job);
    return OK;
}

/* What is wrong with the message itself can never be sent. */
static void refuse(struct sending *sending, const char *sentence) {
    sending->result = (struct smtp_result){.outcome = SMTP_REFUSED, .sentence = sentence};
}

static void send_one(struct sending *sending) {
    struct context *cx = sending->cx;
    const struct message *message = &sending->message;
    const char *url = store_url(sending->store, cx->arena);
    struct mime_file file = {0};
    struct buf attached = {0}, mail = {0};
    bool with_file = message->attach != NULL && sending->office->attach != NULL;
    if (with_file && !sending->office->attach(sending->office, sending->store, message->attach,
                                              &file, &attached, cx->arena)) {
        refuse(sending, "What was to be attached could not be made.");
        return;
    }
    if (message->account_link != NONE && sending->secret == NULL) {
        refuse(sending, "The link in it ran out, was used or withdrawn before it could leave.");
        return;
    }
    const char *text = message->text, *html = message->html;
    if (message->account_link != NONE) {
        text = message_with_secret(text, sending->secret, cx->arena);
        html = message_with_secret(html, sending->secret, cx->arena);
    }
    errors_clear(cx->errors);
    struct mime_mail writing = {
        .from = sending->from,
        .to = {message->to_name[0] == '\0' ? NULL : message->to_name, message->to_address},
        .subject = message->subject,
        .message_id = message->message_id,
        .date = message->created_at,
        .automatic = message->vendor == NONE,
        .text = message_with_url(text, url, cx->arena),
        .html = message_with_url(html, url, cx->arena),
        .files = &file,
        .file_count = with_file ? 1 : 0,
    };
    if (mime_write(&writing, &mail, cx->errors) != OK) {
        refuse(sending, cx->errors->first->sentence);
    } else {
        struct smtp_watch watch = {committing, stopping, sending};
        sending->result = smtp_send(&sending->settings, sending->from.address, message->to_address,
                                    mail.at, mail.length, &watch, cx->arena);
    }
    buf_free(&mail);
    buf_free(&attached);
}

int64_t message_send_due(struct store *store, void *arg, int64_t now) {
    static const struct actor program = {.name = "Benchpin", .role = "program"};
    struct post_office *office = arg;
    for (;;) {
        struct arena *arena = arena_new();
        struct errors errors = {.arena = arena};
        struct context cx = {.arena = arena,
                             .errors = &errors,
                             .actor = &program,
                             .store = store,
                             .now = instant_now() > now ? instant_now() : now};
        shop_prepare(&cx);
        struct sending sending = {.office = office, .store = store, .cx = &cx, .earliest = NONE};
        bool claimed = store_write(store, &cx, claim_next, &sending) == OK && sending.found;
        if (claimed) {
            send_one(&sending);
            log_info("mail_tried", log_int("message", sending.message.id),
                     log_text("outcome", smtp_outcome_name(sending.result.outcome)));
            cx.now = instant_now();
            /* Not recorded: it stays claimed, and after a restart it is in doubt or waits again. */
            if (store_write(store, &cx, record_result, &sending) != OK)
                log_error("mail_not_recorded", log_int("message", sending.message.id));
        }
        int64_t next =
            sending.have_settings && sending.earliest != NONE ? sending.earliest : INT64_MAX;
        arena_free(arena);
        if (!claimed)
            return next;
        if (stopping(&sending))
            return INT64_MAX;
    }
}
