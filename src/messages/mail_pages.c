/* Settings of this room: the mail server, the words, the stages that are told. */
#include "accounts/account.h"
#include "base/text.h"
#include "jobs/stage.h"
#include "messages.messages.html.h"
#include "messages/message_pages.h"
#include "messages/mime.h"
#include "messages/smtp.h"

static const struct word securities_[] = {{"starttls", "STARTTLS (usual, port 587)"},
                                          {"tls", "TLS (port 465)"},
                                          {"none", "None (a relay on this machine)"},
                                          {NULL, NULL}};
static const struct vocabulary securities = {"security", securities_};
static const struct field mail_fields[] = {
    FIELD(struct mail_settings, host, FIELD_TEXT, .label = "Server", .flags = FIELD_REQUIRED),
    FIELD(struct mail_settings, port, FIELD_INT, .label = "Port", .flags = FIELD_REQUIRED, .min = 1,
          .max = 65535),
    FIELD(struct mail_settings, security, FIELD_CODE, .label = "Security", .words = &securities,
          .flags = FIELD_REQUIRED),
    FIELD(struct mail_settings, user_name, FIELD_TEXT, .label = "Name for signing in"),
    FIELD(struct mail_settings, password, FIELD_TEXT, .label = "Password", .flags = FIELD_SECRET),
    FIELD(struct mail_settings, from_name, FIELD_TEXT, .label = "Sender's name"),
    FIELD(struct mail_settings, from_address, FIELD_EMAIL, .label = "Sender's address",
          .flags = FIELD_REQUIRED),
    FIELD(struct mail_settings, ca_file, FIELD_TEXT,
          .label = "Certificate authority (a PEM file on the server)", .max = 500),
    FIELD(struct mail_settings, version, FIELD_INT, .max = INT64_MAX),
};
static const struct record mail_record = RECORD("MailSettings", struct mail_settings, mail_fields);

static const struct sql mail_row = {
    "mail_row",
    "select host, port, security, user_name, from_name, from_address, ca_file, version "
    "from mail_settings where id = 1",
    NULL};
static const struct sql mail_put = {
    "mail_put",
    "insert into mail_settings (id, host, port, security, user_name, password, from_name, "
    "from_address, ca_file, updated_at) values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9) "
    "on conflict (id) do update set host = excluded.host, port = excluded.port, "
    "security = excluded.security, user_name = excluded.user_name, "
    "password = coalesce(excluded.password, mail_settings.password), "
    "from_name = excluded.from_name, from_address = excluded.from_address, "
    "ca_file = excluded.ca_file, updated_at = excluded.updated_at, "
    "version = mail_settings.version + 1 where mail_settings.version = $10",
    NULL};
static const struct sql release_waiting = {
    "messages_release",
    "update message set send_after = $1 where state = 'waiting' and fault is not null", NULL};
static const struct sql mail_waiting = {
    "mail_waiting", "select count(*) from message where state = 'waiting'", NULL};

static void mail_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Mail"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = mail_settings_html,
                                .model = model});
}
static const struct presentation mail_as = {&mail_record, mail_page};

static enum status show_mail(struct request *r, const struct mail_settings *typed) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct mail_settings settings;
    record_clear(&mail_record, &settings);
    settings.port = 587;
    settings.security = "starttls";
    bool is_set = db_record(cx->db, &mail_row, P0, &mail_record, &settings);
    if (settings.version == NONE)
        settings.version = 0;
    struct mail_page page = {.settings = typed == NULL ? &settings : typed,
                             .is_set = is_set,
                             .waiting = db_int(cx->db, &mail_waiting, P0)};
    page.form = request_form(r, &mail_record, page.settings);
    if (r->json)
        return answer(r, &mail_as, page.settings);
    return answer(r, &(struct presentation){NULL, mail_page}, &page);
}

static enum status mail_show(struct request *r) {
    return show_mail(r, NULL);
}

static enum status mail_again(struct request *r) {
    return show_mail(r, r->input);
}

static enum status save_mail(struct context *cx, void *arg) {
    const struct mail_settings *settings = arg;
    if (mime_address(settings->from_address, cx->arena) == NULL)
        return error_add(cx->errors, INVALID, "from_address", "bad_address",
                         "“%s” is not an e-mail address that servers take.",
                         settings->from_address);
    if (db_run(cx->db, &mail_put,
               P(T(settings->host), I(settings->port), T(settings->security),
                 T(settings->user_name), T(settings->password), T(settings->from_name),
                 T(settings->from_address), T(settings->ca_file), I(cx->now),
                 I(settings->version))) == 0)
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "The mail settings were changed by somebody else meanwhile. Nothing was "
                         "saved: look at the new ones and enter your change again.");
    db_run(cx->db, &release_waiting, P(I(cx->now)));
    audit_add(cx, "edited", "mail settings", 1, settings->host);
    context_tell(cx, "message", 0);
    struct mail_settings saved;
    db_record(cx->db, &mail_row, P0, &mail_record, &saved);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/mail",
                                          .flash = "Saved. What waited goes out now.",
                                          .record = &mail_record,
                                          .model = &saved});
    return OK;
}

static enum status mail_post(struct request *r) {
    return request_write(r, save_mail, r->input);
}

static enum status note_test(struct context *cx, void *arg) {
    (void)arg;
    audit_add(cx, "tested", "mail settings", 1, NULL);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/mail",
                                          .flash = "The server answers and lets us in."});
    return OK;
}

/* Connects and signs in, without sending; outside of any transaction. */
static enum status mail_test(struct request *r) {
    struct smtp_settings settings;
    struct mime_person from;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!mail_settings_load(cx, &settings, &from))
        return fail(r, CONFLICT, "no_mail_settings", "Save the settings first, then test them.");
    store_read_end(r->cx.store, &r->cx);
    settings.timeout = 15;
    struct smtp_result result = smtp_try(&settings, from.address, r->cx.arena);
    if (result.outcome != SMTP_SENT)
        return fail(r, CONFLICT, "mail_server", "%s", result.sentence);
    return request_write(r, note_test, NULL);
}

/* ------------------------------------------------------------------ the words */

static const struct field list_fields[] = {
    FIELD_ROWS(struct wording_list, rows, count, &wording_record),
};
static const struct record list_record =
    RECORD("MessageTemplates", struct wording_list, list_fields);

static const struct sql stage_tells = {"stage_tells",
                                       "select 1 from progress_stage where stage = $1", NULL};
static const struct sql stage_on = {
    "stage_on", "insert into progress_stage (stage) values ($1) on conflict do nothing", NULL};
static const struct sql stage_off = {"stage_off", "delete from progress_stage where stage = $1",
                                     NULL};

static void wordings_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Words of messages"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = wording_list_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, wordings_page};

/* Stages on the way that may be told: not the first, and not those that have their own message. */
static bool may_tell(const struct stage *stage) {
    return !stage->side && !stage->closed && stage->place > 0 && !text_same(stage->code, "ready");
}

static enum status wordings_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct wording_list list = {0};
    list.count = wording_all(cx, &list.rows);
    int64_t count;
    const struct stage *stages = stages_of("custom", &count);
    for (int64_t i = 0; i < count; i++)
        if (may_tell(&stages[i]) && list.stage_count < 16) {
            list.stages[list.stage_count].stage = stages[i].code;
            list.stages[list.stage_count].label = stages[i].label;
            list.stages[list.stage_count++].tells =
                db_int(cx->db, &stage_tells, P(T(stages[i].code))) != NONE;
        }
    return answer(r, &list_as, &list);
}

struct stages_wish {
    bool tells[32];
};

static enum status save_stages(struct context *cx, void *arg) {
    const struct stages_wish *wish = arg;
    int64_t count;
    const struct stage *stages = stages_of("custom", &count);
    for (int64_t i = 0; i < count && i < 32; i++)
        if (may_tell(&stages[i]))
            db_run(cx->db, wish->tells[i] ? &stage_on : &stage_off, P(T(stages[i].code)));
    audit_add(cx, "edited", "progress stages", NONE, NULL);
    context_outcome(
        cx, &(struct outcome){.status = 200, .location = "/settings/messages", .flash = "Saved."});
    return OK;
}

static enum status stages_post(struct request *r) {
    struct stages_wish wish = {0};
    int64_t count;
    const struct stage *stages = stages_of("custom", &count);
    for (int64_t i = 0; i < count && i < 32; i++)
        wish.tells[i] = request_typed(r, stages[i].code) != NULL;
    return request_write(r, save_stages, &wish);
}

static void wording_page(struct view *v, const void *model) {
    const struct wording_page *page = model;
    view_page(v, &(struct page){.title = view_t(v, page->wording->name),
                                .nav = "settings",
                                .crumb = view_t(v, "Words of messages"),
                                .crumb_url = "/settings/messages",
                                .body = wording_edit_html,
                                .model = model});
}
static const struct presentation wording_as = {&wording_record, NULL};

static const struct filling sample[] = {
    {"customer", "Eleanor Whitcombe"},
    {"piece", "Oval sapphire halo ring"},
    {"number", "#004118"},
    {"reference", "RVXK7M2P"},
    {"link", "{url}/track/…"},
    {"stage", "Your stones are being set."},
    {"promised", "Saturday 12 December 2026"},
    {"price", "6,480.00"},
    {"deposit", "3,240.00"},
    {"balance", "3,240.00"},
    {"amount", "3,240.00"},
    {"when", "Saturday 12 December 2026, 11:00"},
    {"extra", NULL},
    {"shop", "Your shop"},
    {"phone", "01225 496 000"},
    {NULL, NULL},
};

static enum status show_wording(struct request *r, struct wording *wording, bool phone) {
    struct wording_page page = {
        .wording = wording,
        .form = request_form(r, &wording_record, wording),
        .subject = wording_fill(wording->subject, sample, r->cx.arena),
        .text = message_with_url(wording_fill(wording->body, sample, r->cx.arena), request_url(r),
                                 r->cx.arena)};
    text_wording_load(&r->cx, wording->kind, &page.phone);
    page.phone_form = (struct form){.record = &text_wording_record, .values = &page.phone};
    if (phone) {
        page.phone_form = request_form(r, &text_wording_record, &page.phone);
        page.form.get = NULL;
        page.form.errors = NULL;
    }
    page.phone_text = message_with_url(wording_fill(page.phone.text, sample, r->cx.arena),
                                       request_url(r), r->cx.arena);
    page.size = text_measure(page.phone_text);
    if (r->json)
        return answer(r, &wording_as, wording);
    return answer(r, &(struct presentation){NULL, wording_page}, &page);
}

static enum status wording_show(struct request *r) {
    struct wording wording;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!wording_load(cx, request_text(r, "kind"), &wording))
        return fail(r, MISSING, "unknown_kind", "There is no such message.");
    return show_wording(r, &wording, false);
}

/* What was typed, with what the form does not carry. */
static bool typed_wording(struct request *r, struct wording *typed) {
    struct wording known;
    struct context *cx = request_read(r);
    if (cx == NULL || !wording_load(cx, request_text(r, "kind"), &known))
        return false;
    *typed = *(const struct wording *)r->input;
    typed->kind = known.kind;
    typed->name = known.name;
    return true;
}

static enum status wording_again(struct request *r) {
    struct wording typed;
    if (!typed_wording(r, &typed))
        return fail(r, MISSING, "unknown_kind", "There is no such message.");
    typed.subject = typed.subject == NULL ? "" : typed.subject;
    typed.body = typed.body == NULL ? "" : typed.body;
    return show_wording(r, &typed, false);
}

/* As it would read while it is typed: the part of the page that shows it. */
static void preview_part(struct view *v, const void *model) {
    wording_preview_html(v, model);
}

static enum status preview_post(struct request *r) {
    struct wording typed;
    if (!typed_wording(r, &typed))
        return fail(r, MISSING, "unknown_kind", "There is no such message.");
    struct arena *arena = r->cx.arena;
    struct wording_page page = {
        .wording = &typed,
        .subject = wording_fill(typed.subject == NULL ? "" : typed.subject, sample, arena),
        .text = message_with_url(wording_fill(typed.body == NULL ? "" : typed.body, sample, arena),
                                 request_url(r), arena)};
    return answer(r, &(struct presentation){NULL, preview_part}, &page);
}

static enum status reset_wording(struct context *cx, void *arg) {
    const char *kind = arg;
    enum status status = wording_reset(cx, kind);
    if (status != OK)
        return status;
    struct wording saved;
    wording_load(cx, kind, &saved);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = arena_printf(cx->arena, "/settings/messages/%s", kind),
                              .flash = "These are Benchpin's words again.",
                              .record = &wording_record,
                              .model = &saved});
    return OK;
}

static enum status reset_post(struct request *r) {
    return request_write(r, reset_wording, (void *)(uintptr_t)request_text(r, "kind"));
}

/* What was typed goes to whoever typed it, filled with the sample. */
static enum status send_trial(struct context *cx, void *arg) {
    const struct wording *wording = arg;
    struct staff me;
    int64_t id;
    wording_check(cx, wording);
    if (errors_any(cx->errors))
        return INVALID;
    if (!staff_load(cx, cx->actor->staff, &me))
        return error_add(cx->errors, MISSING, NULL, "unknown_staff", "Nobody is signed in.");
    enum status status = message_queue_staff(
        cx, me.name, me.email,
        arena_printf(cx->arena, "Trial: %s", wording_fill(wording->subject, sample, cx->arena)),
        wording_fill(wording->body, sample, cx->arena), &id);
    if (status == OK)
        context_outcome(
            cx, &(struct outcome){
                    .status = 200,
                    .location = arena_printf(cx->arena, "/settings/messages/%s", wording->kind),
                    .flash = arena_printf(cx->arena,
                                          "On its way to %s. The words "
                                          "are not saved by this.",
                                          me.email)});
    return status;
}

static enum status trial_post(struct request *r) {
    struct wording typed;
    if (!typed_wording(r, &typed))
        return fail(r, MISSING, "unknown_kind", "There is no such message.");
    return request_write(r, send_trial, &typed);
}

static enum status save_phone(struct context *cx, void *arg) {
    const struct text_wording *wording = arg;
    enum status status = text_wording_save(cx, wording);
    if (status != OK)
        return status;
    struct text_wording saved;
    text_wording_load(cx, wording->kind, &saved);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = arena_printf(
                                              cx->arena, "/settings/messages/%s", wording->kind),
                                          .flash = "Saved.",
                                          .record = &text_wording_record,
                                          .model = &saved});
    return OK;
}

static enum status phone_post(struct request *r) {
    struct text_wording known, typed = *(const struct text_wording *)r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!text_wording_load(cx, request_text(r, "kind"), &known))
        return fail(r, MISSING, "unknown_kind", "There is no such message.");
    typed.kind = known.kind;
    return request_write(r, save_phone, &typed);
}

static enum status phone_again(struct request *r) {
    struct wording wording;
    struct context *cx = request_read(r);
    if (cx == NULL || !wording_load(cx, request_text(r, "kind"), &wording))
        return fail(r, MISSING, "unknown_kind", "There is no such message.");
    return show_wording(r, &wording, true);
}

static const struct presentation phone_as = {&text_wording_record, NULL};

static enum status save_wording(struct context *cx, void *arg) {
    const struct wording *wording = arg;
    enum status status = wording_save(cx, wording);
    if (status != OK)
        return status;
    struct wording saved;
    wording_load(cx, wording->kind, &saved);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = "/settings/messages",
                                          .flash = "Saved.",
                                          .record = &wording_record,
                                          .model = &saved});
    return OK;
}

static enum status wording_post(struct request *r) {
    struct wording typed;
    if (!typed_wording(r, &typed))
        return fail(r, MISSING, "unknown_kind", "There is no such message.");
    return request_write(r, save_wording, &typed);
}

const struct route mail_routes[] = {
    {GET, "/settings/mail", RIGHT(MAY_CHANGE_SETTINGS), mail_show, .output = &mail_as,
     .summary = "The mail server"},
    {POST, "/settings/mail", RIGHT(MAY_CHANGE_SETTINGS), mail_post, &mail_record,
     .again = mail_again, .output = &mail_as, .summary = "Set the mail server"},
    {POST, "/settings/mail/test", RIGHT(MAY_CHANGE_SETTINGS), mail_test, .again = mail_again,
     .flags = ROUTE_PAGE},
    {GET, "/settings/messages", RIGHT(MAY_CHANGE_SETTINGS), wordings_show, .output = &list_as,
     .summary = "The words of messages"},
    {POST, "/settings/messages/stages", RIGHT(MAY_CHANGE_SETTINGS), stages_post,
     .flags = ROUTE_PAGE},
    {GET, "/settings/messages/{kind}", RIGHT(MAY_CHANGE_SETTINGS), wording_show,
     .output = &wording_as, .summary = "The words of one message"},
    {POST, "/settings/messages/{kind}/preview", RIGHT(MAY_CHANGE_SETTINGS), preview_post,
     &wording_record, .flags = ROUTE_PAGE},
    {POST, "/settings/messages/{kind}/reset", RIGHT(MAY_CHANGE_SETTINGS), reset_post,
     .output = &wording_as, .summary = "Benchpin's own words of a message again"},
    {POST, "/settings/messages/{kind}/trial", RIGHT(MAY_CHANGE_SETTINGS), trial_post,
     &wording_record, .again = wording_again,
     .summary = "Send these words to oneself, filled with a sample"},
    {POST, "/settings/messages/{kind}/phone", RIGHT(MAY_CHANGE_SETTINGS), phone_post,
     &text_wording_record, .again = phone_again, .output = &phone_as,
     .summary = "Change the words of a text message"},
    {POST, "/settings/messages/{kind}", RIGHT(MAY_CHANGE_SETTINGS), wording_post, &wording_record,
     .again = wording_again, .output = &wording_as, .summary = "Change the words of one message"},
    {0},
};
