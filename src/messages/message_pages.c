#include "messages/message_pages.h"

#include "accounts/account.h"
#include "base/text.h"
#include "base/url.h"
#include "jobs/job.h"
#include "messages.messages.html.h"
#include "trade/words.h"

#include <stdlib.h>

static const struct field query_fields[] = {
    FIELD(struct outbox_query, state, FIELD_CODE, .words = &message_states),
    FIELD(struct outbox_query, before, FIELD_ID),
};
static const struct record query_record = RECORD("OutboxQuery", struct outbox_query, query_fields);

static const struct field outbox_fields[] = {
    FIELD_ROWS(struct outbox, rows, count, &message_record),
    FIELD_ROWS(struct outbox, trouble, trouble_count, &message_record),
    FIELD(struct outbox, waiting, FIELD_INT, .max = INT64_MAX),
    FIELD(struct outbox, have_settings, FIELD_FLAG),
    FIELD(struct outbox, next, FIELD_TEXT, .max = 1000),
};
static const struct record outbox_record = RECORD("Outbox", struct outbox, outbox_fields);

/* ------------------------------------------------------------------ the outbox */

enum { PAGE_ROWS = 50 };

static const struct sql newest = {"outbox_newest",
                                  MESSAGE_COLUMNS "where id < $1 order by id desc limit $2", NULL};
static const struct sql newest_of_state = {
    "outbox_newest_of_state",
    MESSAGE_COLUMNS "where id < $1 and state = $3 order by id desc limit $2", NULL};
static const struct sql in_trouble = {
    "outbox_trouble",
    MESSAGE_COLUMNS "where state in ('failed', 'uncertain') and not exists (select 1 "
                    "from message again where again.resend_of = message.id) "
                    "order by id desc limit 20",
    NULL};
static const struct sql count_waiting = {
    "outbox_waiting", "select count(*) from message where state in ('waiting', 'sending')", NULL};
static const struct sql has_settings = {"has_mail_settings",
                                        "select 1 from mail_settings where id = 1", NULL};

static void outbox_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Messages"),
                                .nav = "messages",
                                .body = outbox_html,
                                .model = model});
}
static const struct presentation outbox_as = {&outbox_record, outbox_page};

static enum status outbox_show(struct request *r) {
    const struct outbox_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct outbox outbox = {.query = *query};
    int64_t before = query->before == NONE ? INT64_MAX : query->before;
    outbox.count =
        query->state == NULL
            ? DB_RECORDS(cx->db, &newest, P(I(before), I(PAGE_ROWS + 1)), &message_record,
                         &outbox.rows)
            : DB_RECORDS(cx->db, &newest_of_state, P(I(before), I(PAGE_ROWS + 1), T(query->state)),
                         &message_record, &outbox.rows);
    if (query->before == NONE && query->state == NULL)
        outbox.trouble_count =
            DB_RECORDS(cx->db, &in_trouble, P0, &message_record, &outbox.trouble);
    outbox.waiting = db_int(cx->db, &count_waiting, P0);
    outbox.have_settings = db_int(cx->db, &has_settings, P0) == 1;
    if (outbox.count > PAGE_ROWS) {
        outbox.count = PAGE_ROWS;
        outbox.next = url_with(
            cx->arena, "/messages",
            (const char *[]){"state", query->state, "before",
                             arena_printf(cx->arena, "%ld", (long)outbox.rows[PAGE_ROWS - 1].id),
                             NULL});
    }
    return answer(r, &outbox_as, &outbox);
}

/* ------------------------------------------------------------------ one message */

static void message_show_page(struct view *v, const void *model) {
    const struct message_page *page = model;
    view_page(v, &(struct page){.title = page->message.subject,
                                .nav = "messages",
                                .crumb = view_t(v, "Messages"),
                                .crumb_url = "/messages",
                                .body = message_html,
                                .model = model});
}

/* The JSON is the message itself: it stands first in the model. */
static const struct presentation message_as = {&message_record, message_show_page};

static enum status load_message(struct request *r, struct message_page *page) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!message_load(cx, request_id(r, "id"), &page->message))
        return fail(r, MISSING, "unknown_message", "There is no such message.");
    page->text = page->message.text = message_with_url(
        message_with_secret(page->message.text, NULL, cx->arena), request_url(r), cx->arena);
    return OK;
}

static enum status message_show(struct request *r) {
    struct message_page page = {0};
    enum status status = load_message(r, &page);
    return status == OK ? answer(r, &message_as, &page) : status;
}

/* The HTML part as it is sent: a document of its own, under the strict policy of every answer. */
static enum status message_html_show(struct request *r) {
    struct message_page page = {0};
    enum status status = load_message(r, &page);
    if (status != OK)
        return status;
    struct buf html = {0};
    buf_text(&html, message_with_url(message_with_secret(page.message.html, NULL, r->cx.arena),
                                     request_url(r), r->cx.arena));
    return answer_bytes(r, "text/html; charset=utf-8", NULL, &html);
}

static enum status done(struct context *cx, int64_t id, const char *flash) {
    struct message message;
    message_load(cx, id, &message);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = arena_printf(cx->arena, "/messages/%ld", (long)id),
                              .flash = flash,
                              .record = &message_record,
                              .model = &message});
    return OK;
}

static enum status resend(struct context *cx, void *arg) {
    int64_t again;
    enum status status = message_resend(cx, *(const int64_t *)arg, &again);
    return status == OK ? done(cx, again, "It will be sent again.") : status;
}

static enum status message_post_resend(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, resend, &id);
}

static enum status withdraw(struct context *cx, void *arg) {
    int64_t id = *(const int64_t *)arg;
    struct message message;
    if (!message_load(cx, id, &message))
        return error_add(cx->errors, MISSING, NULL, "unknown_message", "There is no such message.");
    if (!text_same(message.state, "waiting") || !message_withdraw(cx, id))
        return error_add(cx->errors, CONFLICT, NULL, "too_late",
                         "This message is not waiting any more: it cannot be taken back.");
    return done(cx, id, "Withdrawn.");
}

static enum status message_post_withdraw(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, withdraw, &id);
}

/* ------------------------------------------------------------------ by hand, from a job */

static const struct word kinds_by_hand_[] = {{"note", "A few words of your own"},
                                             {"progress", "Progress"},
                                             {"confirmation", "Order confirmed"},
                                             {"ready", "Ready to collect"},
                                             {NULL, NULL}};
static const struct vocabulary kinds_by_hand = {"kind of message", kinds_by_hand_};
static const struct field written_fields[] = {
    FIELD(struct written, kind, FIELD_CODE, .label = "Message", .words = &kinds_by_hand),
    FIELD(struct written, extra, FIELD_LONG, .label = "Your words", .max = 4000),
    FIELD(struct written, send, FIELD_FLAG, .label = "Send"),
};
static const struct record written_record = RECORD("MessageByHand", struct written, written_fields);

static struct message_wish wish_of(int64_t job, const struct written *written) {
    return (struct message_wish){.kind = written->kind,
                                 .job = job,
                                 .history = NONE,
                                 .delay = NONE,
                                 .extra = written->extra,
                                 .amount = NONE,
                                 .when = NONE};
}

static void write_page(struct view *v, const void *model) {
    const struct write_page *page = model;
    view_page(v, &(struct page){.title = view_t(v, "Message"),
                                .nav = "jobs",
                                .crumb = page->job_title,
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job),
                                .body = message_write_html,
                                .model = model});
}
static const struct presentation write_as = {&written_record, write_page};

static enum status show_write(struct request *r, const struct written *written) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct write_page page = {.job = request_id(r, "id"),
                              .form = request_form(r, &written_record, written)};
    struct job job;
    if (!job_load_for(r, page.job, &job))
        return MISSING;
    page.job_title = job.title;
    struct written shown = *written;
    if (!vocabulary_has(&kinds_by_hand, shown.kind))
        shown.kind = "note";
    struct message_wish wish = wish_of(page.job, &shown);
    wish.preview = true;
    struct errors own = {.arena = cx->arena};
    struct context composing = *cx;
    composing.errors = &own;
    if (message_compose(&composing, &wish, &page.preview, &page.why) != OK)
        page.why = own.first->sentence;
    else
        page.text = message_with_url(page.preview.text, request_url(r), cx->arena);
    if (page.preview.phone_text != NULL) {
        page.phone_text = message_with_url(page.preview.phone_text, request_url(r), cx->arena);
        page.size = text_measure(page.phone_text);
    }
    return answer(r, &write_as, &page);
}

static enum status write_show(struct request *r) {
    struct written written = *(const struct written *)r->input;
    if (written.kind == NULL)
        written.kind = "note";
    return show_write(r, &written);
}

static enum status write_again(struct request *r) {
    return show_write(r, r->input);
}

struct writing {
    int64_t job;
    const struct written *written;
};

static enum status queue_written(struct context *cx, void *arg) {
    const struct writing *writing = arg;
    struct message_wish wish = wish_of(writing->job, writing->written);
    int64_t message;
    const char *why;
    enum status status = message_queue(cx, &wish, &message, &why);
    if (status != OK)
        return status;
    if (message == NONE)
        return error_add(cx->errors, INVALID, NULL, "cannot_be_sent", "%s", why);
    audit_add(cx, "wrote", "message", message, writing->written->kind);
    struct message queued;
    message_load(cx, message, &queued);
    context_outcome(
        cx,
        &(struct outcome){.status = 201,
                          .location = arena_printf(cx->arena, "/jobs/%ld", (long)writing->job),
                          .flash = context_words(cx, "The message leaves in a minute."),
                          .undo = arena_printf(cx->arena, "/messages/%ld/withdraw", (long)message),
                          .record = &message_record,
                          .model = &queued});
    return OK;
}

static enum status write_post(struct request *r) {
    const struct written *written = r->input;
    if (written->kind == NULL)
        return error_add(r->cx.errors, INVALID, "kind", "required", "Choose what to send: %s.",
                         words_listed(&kinds_by_hand, r->cx.arena));
    if (text_same(written->kind, "note") && text_empty(written->extra))
        return error_add(r->cx.errors, INVALID, "extra", "required", "Write what you want to say.");
    return request_write(r, queue_written, &(struct writing){request_id(r, "id"), written});
}

const struct route message_routes[] = {
    {GET, "/messages", RIGHT(MAY_SEND_MESSAGES), outbox_show, &query_record, .output = &outbox_as,
     .summary = "The outbox: what waits, went, failed or is uncertain"},
    {GET, "/messages/{id}", RIGHT(MAY_SEND_MESSAGES), message_show, .output = &message_as,
     .summary = "A message as it is sent"},
    {GET, "/messages/{id}/html", RIGHT(MAY_SEND_MESSAGES), message_html_show, .flags = ROUTE_PAGE},
    {POST, "/messages/{id}/resend", RIGHT(MAY_SEND_MESSAGES), message_post_resend,
     .output = &message_as, .summary = "Send it again, as a message of its own"},
    {POST, "/messages/{id}/withdraw", RIGHT(MAY_SEND_MESSAGES), message_post_withdraw,
     .output = &message_as, .summary = "Withdraw a waiting message"},
    {GET, "/jobs/{id}/messages/new", RIGHT(MAY_SEND_MESSAGES), write_show, &written_record,
     .flags = ROUTE_PAGE},
    {POST, "/jobs/{id}/messages", RIGHT(MAY_SEND_MESSAGES), write_post, &written_record,
     .again = write_again, .output = &message_as, .summary = "Write to the customer"},
    {0},
};
