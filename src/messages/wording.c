#include "messages/wording.h"

#include "accounts/account.h"
#include "base/text.h"

#include <string.h>

static const struct field wording_fields[] = {
    FIELD(struct wording, kind, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct wording, name, FIELD_TEXT, .flags = FIELD_READONLY | FIELD_NO_COLUMN),
    FIELD(struct wording, subject, FIELD_TEXT, .label = "Subject", .flags = FIELD_REQUIRED,
          .max = 200),
    FIELD(struct wording, body, FIELD_LONG, .label = "Text", .flags = FIELD_REQUIRED, .max = 8000),
    FIELD(struct wording, enabled, FIELD_FLAG, .label = "Send this message"),
    FIELD(struct wording, version, FIELD_INT, .max = INT64_MAX),
};
const struct record wording_record = RECORD("MessageTemplate", struct wording, wording_fields);

static const struct word tokens_[] = {
    {"customer", "the customer's name"},
    {"piece", "the job's title"},
    {"number", "the job's number"},
    {"reference", "the reference for the tracking page"},
    {"link", "the customer's own page"},
    {"stage", "a plain sentence for where the piece is"},
    {"promised", "the promised day"},
    {"price", "the price"},
    {"deposit", "the deposit that was paid"},
    {"balance", "what is still to pay"},
    {"amount", "the amount of this payment"},
    {"when", "day and time of the appointment"},
    {"extra", "a sentence of the sender's"},
    {"shop", "the shop's name"},
    {"phone", "the shop's phone"},
    {NULL, NULL},
};
const struct vocabulary wording_tokens = {"token", tokens_};

static const struct wording defaults[] = {
    {"confirmation", "Order confirmed", "Your order is confirmed: {piece}",
     "Dear {customer},\n\nthank you. We have noted your order {number}: {piece}.\n\n"
     "Price: {price}\nReady for you: {promised}\n\n{extra}\n\n"
     "You can follow how it comes to be here: {link}\n"
     "Your reference is {reference}.\n\n{shop}",
     1, 0},
    {"progress", "Progress", "News of your {piece}",
     "Dear {customer},\n\n{stage}\n\n{extra}\n\nReady for you: {promised}\n\n"
     "See it here: {link}\n\n{shop}",
     1, 0},
    {"ready", "Ready to collect", "Ready to collect: {piece}",
     "Dear {customer},\n\nyour {piece} is finished and waits for you.\n\n"
     "Still to pay: {balance}\n\n{extra}\n\n"
     "Tell us when you would like to come, or just walk in: {phone}\n\n{link}\n\n{shop}",
     1, 0},
    {"appointment", "Appointment", "Your appointment on {when}",
     "Dear {customer},\n\nwe look forward to seeing you on {when} for your {piece}.\n\n{extra}\n\n"
     "If another time suits you better, call us: {phone}\n\n{shop}",
     1, 0},
    {"receipt", "Receipt", "Receipt for {amount}",
     "Dear {customer},\n\nthank you for {amount} for {piece}.\n\nStill to pay: {balance}\n\n{shop}",
     1, 0},
    {"quote", "Quote", "Our quote for your {piece}",
     "Dear {customer},\n\nhere is our quote for {piece}: {price}, ready {promised}.\n\n{extra}\n\n"
     "It is attached. You can also see it here: {link}\n\n{shop}",
     1, 0},
    {"invoice", "Invoice", "Invoice for your {piece}",
     "Dear {customer},\n\nthe invoice for {piece} is attached.\n\nStill to pay: {balance}\n\n"
     "{extra}\n\n{shop}",
     1, 0},
    {"note", "Message by hand", "About your {piece}", "Dear {customer},\n\n{extra}\n\n{shop}", 1,
     0},
};
enum { KINDS = sizeof defaults / sizeof defaults[0] };

static const struct sql wording_by_kind = {
    "wording_by_kind",
    "select subject, body, enabled, version from message_template where kind = $1", NULL};
static const struct sql wording_put = {
    "wording_put",
    "insert into message_template (kind, subject, body, enabled, version) "
    "values ($1, $2, $3, $4, 1) on conflict (kind) do update set subject = excluded.subject, "
    "body = excluded.body, enabled = excluded.enabled, version = message_template.version + 1 "
    "where message_template.version = $5",
    NULL};

bool wording_load(struct context *cx, const char *kind, struct wording *wording) {
    for (int i = 0; i < KINDS; i++) {
        if (!text_same(defaults[i].kind, kind))
            continue;
        *wording = defaults[i];
        struct rows *rows = db_rows(cx->db, &wording_by_kind, P(T(kind)));
        if (rows_next(rows))
            row_record(rows, &wording_record, wording);
        rows_end(rows);
        return true;
    }
    return false;
}

int64_t wording_all(struct context *cx, struct wording **wordings) {
    *wordings = ARENA_ARRAY(cx->arena, struct wording, KINDS);
    for (int i = 0; i < KINDS; i++)
        wording_load(cx, defaults[i].kind, &(*wordings)[i]);
    return KINDS;
}

/* The token that begins here, "{customer}", without its braces; NULL: none does. */
static const char *token_at(const char *text, struct arena *arena) {
    size_t length = text[0] == '{' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
    return length > 0 && text[1 + length] == '}' ? arena_text_n(arena, text + 1, length) : NULL;
}

static void check_tokens(struct context *cx, const char *field, const char *text) {
    for (const char *at = text; (at = strchr(at, '{')) != NULL; at++) {
        const char *token = token_at(at, cx->arena);
        if (token != NULL && !vocabulary_has(&wording_tokens, token))
            error_add(cx->errors, INVALID, field, "unknown_token",
                      "There is no {%s}. The page lists what can be used.", token);
    }
}

enum status wording_check(struct context *cx, const struct wording *wording) {
    check_tokens(cx, "subject", wording->subject);
    check_tokens(cx, "body", wording->body);
    return errors_any(cx->errors) ? INVALID : OK;
}

enum status wording_save(struct context *cx, const struct wording *wording) {
    if (wording_check(cx, wording) != OK)
        return INVALID;
    if (db_run(cx->db, &wording_put,
               P(T(wording->kind), T(wording->subject), T(wording->body), I(wording->enabled),
                 I(wording->version))) == 0)
        return error_add(
            cx->errors, CONFLICT, NULL, "changed",
            "This text was changed by somebody else meanwhile. Nothing was saved: look "
            "at the new version and enter your change again.");
    audit_add(cx, "edited", "message template", NONE, wording->kind);
    return OK;
}

static const struct sql wording_drop = {"wording_drop",
                                        "delete from message_template where kind = $1", NULL};

enum status wording_reset(struct context *cx, const char *kind) {
    struct wording wording;
    if (!wording_load(cx, kind, &wording))
        return error_add(cx->errors, MISSING, NULL, "unknown_kind", "There is no such message.");
    db_run(cx->db, &wording_drop, P(T(kind)));
    audit_add(cx, "reset", "message template", NONE, kind);
    return OK;
}

/* ------------------------------------------------------------------ text messages */

static const struct field text_fields[] = {
    FIELD(struct text_wording, kind, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct text_wording, text, FIELD_LONG, .label = "Text message", .max = 1000),
    FIELD(struct text_wording, version, FIELD_INT, .max = INT64_MAX),
};
const struct record text_wording_record = RECORD("TextTemplate", struct text_wording, text_fields);

static const struct {
    const char *kind, *body;
} text_defaults[] = {
    {"confirmation",
     "{shop}: we have noted your order {number}, {piece}. Ready: {promised}. {link}"},
    {"progress", "{shop}: {stage} {link}"},
    {"ready", "{shop}: your {piece} is ready to collect. Still to pay: {balance}. {phone}"},
    {"appointment", "{shop}: we look forward to seeing you on {when}. {phone}"},
    {"receipt", "{shop}: thank you for {amount}. Still to pay: {balance}"},
    {"quote", "{shop}: our quote for {piece} is {price}. {link}"},
    {"invoice", "{shop}: the invoice for {piece} is with you by e-mail. Still to pay: {balance}"},
    {"note", "{shop}: {extra}"},
};

static const struct sql text_by_kind = {
    "message_text_by_kind",
    "select body, version from message_text where kind = $1 and channel = 'sms' and language = ''",
    NULL};
static const struct sql text_put = {
    "message_text_put",
    "insert into message_text (kind, channel, body) values ($1, 'sms', $2) "
    "on conflict (kind, channel, language) do update set body = excluded.body, "
    "version = message_text.version + 1 where message_text.version = $3",
    NULL};
static const struct sql text_drop = {
    "message_text_drop",
    "delete from message_text where kind = $1 and channel = 'sms' and language = ''", NULL};

bool text_wording_load(struct context *cx, const char *kind, struct text_wording *wording) {
    for (size_t i = 0; i < sizeof text_defaults / sizeof *text_defaults; i++) {
        if (!text_same(text_defaults[i].kind, kind))
            continue;
        *wording = (struct text_wording){text_defaults[i].kind, text_defaults[i].body, 0};
        struct rows *rows = db_rows(cx->db, &text_by_kind, P(T(kind)));
        if (rows_next(rows)) {
            wording->text = row_text(rows, 0);
            wording->version = row_int(rows, 1);
        }
        rows_end(rows);
        return true;
    }
    return false;
}

enum status text_wording_save(struct context *cx, const struct text_wording *wording) {
    if (text_empty(wording->text)) {
        db_run(cx->db, &text_drop, P(T(wording->kind)));
        audit_add(cx, "reset", "message template", NONE,
                  arena_printf(cx->arena, "%s, text message", wording->kind));
        return OK;
    }
    check_tokens(cx, "text", wording->text);
    if (errors_any(cx->errors))
        return INVALID;
    if (db_run(cx->db, &text_put, P(T(wording->kind), T(wording->text), I(wording->version))) == 0)
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "This text was changed by somebody else meanwhile. Nothing was saved: "
                         "look at the new version and enter your change again.");
    audit_add(cx, "edited", "message template", NONE,
              arena_printf(cx->arena, "%s, text message", wording->kind));
    return OK;
}

/* Places of a character in the alphabet of 23.038: 1, 2 of its extension, 0 when it is not there.
 */
static int gsm_places(const char *character, size_t length) {
    static const char basic[] =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    static const char extended[] = "^{}\\[~]|€\f";
    if (memmem(basic, sizeof basic - 1, character, length) != NULL)
        return 1;
    return memmem(extended, sizeof extended - 1, character, length) != NULL ? 2 : 0;
}

struct text_size text_measure(const char *text) {
    int64_t places = 0, units = 0;
    bool plain = true;
    for (const char *at = text; *at != '\0';) {
        size_t length = 1;
        while (((unsigned char)at[length] & 0xC0) == 0x80)
            length++;
        int here = gsm_places(at, length);
        plain = plain && here > 0;
        places += here;
        units += length == 4 ? 2 : 1;
        at += length;
    }
    int64_t characters = plain ? places : units;
    int64_t one = plain ? 160 : 70, each = plain ? 153 : 67;
    int64_t parts = characters == 0 ? 0 : characters <= one ? 1 : (characters + each - 1) / each;
    return (struct text_size){characters, parts, plain};
}

static const char *value_of(const struct filling *fillings, const char *token) {
    for (; fillings->token != NULL; fillings++)
        if (strcmp(fillings->token, token) == 0)
            return fillings->value == NULL ? "" : fillings->value;
    return "";
}

/* A line of a template; false: all it held were tokens without a value. */
static bool fill_line(const char *line, size_t length, const struct filling *fillings,
                      struct arena *arena, struct buf *out) {
    bool tokens = false, values = false;
    size_t start = out->length;
    for (const char *at = line; at < line + length;) {
        const char *token = token_at(at, arena);
        if (token == NULL) {
            buf_byte(out, *at++);
            continue;
        }
        const char *value = value_of(fillings, token);
        tokens = true;
        values = values || value[0] != '\0';
        buf_text(out, value);
        at += strlen(token) + 2;
    }
    if (!tokens || values)
        return true;
    out->length = start;
    if (out->at != NULL)
        out->at[start] = '\0';
    return false;
}

const char *wording_fill(const char *text, const struct filling *fillings, struct arena *arena) {
    struct buf out = {0};
    int blank = 1; /* none at the beginning, never two in a row */
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (length > 0) {
            if (fill_line(line, length, fillings, arena, &out)) {
                buf_byte(&out, '\n');
                blank = 0;
            }
        } else if (blank++ == 0) {
            buf_byte(&out, '\n');
        }
        line += length + (line[length] == '\n');
    }
    while (out.length > 0 && out.at[out.length - 1] == '\n')
        out.at[--out.length] = '\0';
    const char *filled = arena_text(arena, out.at == NULL ? "" : out.at);
    buf_free(&out);
    return filled;
}
