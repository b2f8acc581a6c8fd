#include "messages/mime.h"

#include "base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINE = 76, ENCODED_WORD = 75 };

/* ------------------------------------------------------------------ what may stand in a header */

static bool is_atext(char c) {
    return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Words of atext with single dots between them. */
static bool is_dot_atom(const char *text, size_t length) {
    bool after_dot = true;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.' ? after_dot : !is_atext(text[i]))
            return false;
        after_dot = text[i] == '.';
    }
    return !after_dot;
}

/* Letters, digits and inner dashes, 1 to 63 a label. */
static bool is_domain(const char *text) {
    size_t label = 0;
    if (strlen(text) > 253)
        return false;
    for (const char *at = text;; at++) {
        bool ends = *at == '.' || *at == '\0';
        if (ends && (label == 0 || label > 63 || at[-1] == '-'))
            return false;
        if (!ends && !g_ascii_isalnum(*at) && !(*at == '-' && label > 0))
            return false;
        if (*at == '\0')
            return true;
        label = ends ? 0 : label + 1;
    }
}

const char *mime_address(const char *address, struct arena *arena) {
    if (address == NULL || !text_is_utf8(address, strlen(address)))
        return NULL;
    address = text_trim(address, arena);
    const char *at = strrchr(address, '@');
    if (at == NULL || at - address > 64 || !is_dot_atom(address, (size_t)(at - address)))
        return NULL;
    gchar *ascii = g_hostname_to_ascii(at + 1);
    const char *domain = ascii == NULL ? NULL : arena_text(arena, ascii);
    g_free(ascii);
    if (domain == NULL || !is_domain(domain))
        return NULL;
    const char *whole = arena_printf(arena, "%.*s@%s", (int)(at - address), address, domain);
    return strlen(whole) <= 254 ? whole : NULL;
}

const char *mime_message_id(const char *from_address, struct arena *arena) {
    const char *address = mime_address(from_address, arena);
    if (address == NULL)
        return NULL;
    return arena_printf(arena, "%s@%s", token_new(arena, 16), strrchr(address, '@') + 1);
}

/* Without its angle brackets; NULL when it is none. */
static const char *bare_message_id(const char *id, struct arena *arena) {
    size_t length = id == NULL ? 0 : strlen(id);
    if (length > 2 && id[0] == '<' && id[length - 1] == '>') {
        id = arena_text_n(arena, id + 1, length - 2);
        length -= 2;
    }
    const char *at = length == 0 || length > 250 ? NULL : strchr(id, '@');
    if (at == NULL || !is_dot_atom(id, (size_t)(at - id)) || !is_dot_atom(at + 1, strlen(at + 1)))
        return NULL;
    return id;
}

static bool is_type(const char *type) {
    const char *slash = type == NULL ? NULL : strchr(type, '/');
    if (slash == NULL || slash == type || slash[1] == '\0' || strlen(type) > 60)
        return false;
    for (const char *at = type; *at != '\0'; at++)
        if (at != slash && !g_ascii_isalnum(*at) && strchr("-+.", *at) == NULL)
            return false;
    return true;
}

/* Adds a fault when the text cannot stand in a header. */
static bool is_header_text(const char *text, const char *field, struct errors *errors) {
    if (text == NULL)
        return true;
    if (!text_is_utf8(text, strlen(text))) {
        error_add(errors, INVALID, field, "bad_text", "This is not text in UTF-8.");
        return false;
    }
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            error_add(errors, INVALID, field, "line_break",
                      "This goes into one line of a mail: take out line breaks and tabs.");
            return false;
        }
    return true;
}

/* ------------------------------------------------------------------ headers */

static bool is_plain(const char *text) {
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at >= 0x7f)
            return false;
    /* What looks like an encoded word would be read as one. */
    return strstr(text, "=?") == NULL;
}

static size_t column(const struct buf *out) {
    const char *end = out->length == 0 ? NULL : memrchr(out->at, '\n', out->length);
    return end == NULL ? out->length : out->length - (size_t)(end + 1 - out->at);
}

static void base64(struct buf *out, const void *bytes, size_t length) {
    gchar *text = g_base64_encode(bytes, length);
    buf_text(out, text);
    g_free(text);
}

/* The largest start of the text that ends between two characters and has at most `most` bytes. */
static size_t whole_characters(const char *text, size_t most) {
    size_t length = strlen(text);
    if (length <= most)
        return length;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}

/* RFC 2047, section 2: words of at most 75 characters, lines of at most 76. */
static void write_encoded(struct buf *out, const char *text) {
    static const char open[] = "=?UTF-8?B?", close[] = "?=";
    const size_t frame = sizeof open - 1 + sizeof close - 1;
    while (*text != '\0') {
        size_t room = ENCODED_WORD - column(out) % ENCODED_WORD;
        size_t bytes = room > frame + 8 ? whole_characters(text, (room - frame) / 4 * 3) : 0;
        if (bytes == 0) {
            buf_lit(out, "\r\n ");
            continue;
        }
        buf_text(out, open);
        base64(out, text, bytes);
        buf_text(out, close);
        text += bytes;
        if (*text != '\0')
            buf_lit(out, "\r\n ");
    }
}

/* Plain words, folded at their spaces. A run of spaces stays before the fold, so that unfolding
 * gives the same text again. */
static void write_folded(struct buf *out, const char *text) {
    while (*text != '\0') {
        size_t spaces = strspn(text, " ");
        size_t word = strcspn(text + spaces, " ");
        if (spaces > 0 && word > 0 && column(out) + spaces + word > LINE) {
            buf_put(out, text, spaces - 1);
            buf_lit(out, "\r\n");
            buf_put(out, text + spaces - 1, 1 + word);
        } else {
            buf_put(out, text, spaces + word);
        }
        text += spaces + word;
    }
}

/* A line may be 998 octets long (RFC 5322): an unbroken word longer than that must be encoded, and
 * so must white space at the ends, which a fold would lose. */
static void write_text_header(struct buf *out, const char *name, const char *text) {
    size_t longest = 0;
    for (const char *at = text; *at != '\0';) {
        size_t word = strcspn(at, " ");
        longest = word > longest ? word : longest;
        at += word + strspn(at + word, " ");
    }
    size_t length = strlen(text);
    bool ends_in_space = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
    buf_printf(out, "%s: ", name);
    if (is_plain(text) && longest < 200 && !ends_in_space)
        write_folded(out, text);
    else
        write_encoded(out, text);
    buf_lit(out, "\r\n");
}

static void write_quoted(struct buf *out, const char *text) {
    buf_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            buf_byte(out, '\\');
        buf_byte(out, *text);
    }
    buf_byte(out, '"');
}

static void write_person(struct buf *out, const char *header, const struct mime_person *person,
                         struct arena *arena) {
    const char *address = mime_address(person->address, arena);
    buf_printf(out, "%s: ", header);
    if (!text_empty(person->name)) {
        const char *name = text_trim(person->name, arena);
        if (is_plain(name) && strlen(name) < 200)
            write_quoted(out, name);
        else
            write_encoded(out, name);
        if (column(out) + strlen(address) + 3 > LINE)
            buf_lit(out, "\r\n");
        buf_byte(out, ' ');
    }
    buf_printf(out, "<%s>\r\n", address);
}

/* Not strftime(): its names follow the process's locale. */
static void write_date(struct buf *out, int64_t instant) {
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(instant / 1000);
    struct tm at = {0};
    gmtime_r(&seconds, &at);
    buf_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * at.tm_wday,
               at.tm_mday, months + 3 * at.tm_mon, at.tm_year + 1900, at.tm_hour, at.tm_min,
               at.tm_sec);
}

/* ------------------------------------------------------------------ bodies */

static void quoted_byte(struct buf *out, unsigned char byte) {
    static const char digits[] = "0123456789ABCDEF";
    const char three[] = {'=', digits[byte >> 4], digits[byte & 15]};
    buf_put(out, three, sizeof three);
}

/* RFC 2045, section 6.7. Besides what must be quoted, a dot and "From " at the start of a line are:
 * some relays change them. */
static void write_quoted_printable(struct buf *out, const char *text) {
    size_t used = 0;
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '\r' && at[1] == '\n')
            continue;
        if (byte == '\n' || byte == '\r') {
            buf_lit(out, "\r\n");
            used = 0;
            continue;
        }
        bool last = at[1] == '\0' || at[1] == '\n' || at[1] == '\r';
        bool start = used == 0 && (byte == '.' || strncmp(at, "From ", 5) == 0);
        bool quoted = byte == '=' || byte >= 0x7f || (byte < ' ' && byte != '\t') ||
                      ((byte == ' ' || byte == '\t') && last) || start;
        size_t width = quoted ? 3 : 1;
        if (used + width > LINE - (last ? 0 : 1)) {
            buf_lit(out, "=\r\n");
            used = 0;
        }
        if (quoted)
            quoted_byte(out, byte);
        else
            buf_byte(out, (char)byte);
        used += width;
    }
    buf_lit(out, "\r\n");
}

static void write_base64(struct buf *out, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        size_t part = length < LINE / 4 * 3 ? length : LINE / 4 * 3;
        base64(out, at, part);
        buf_lit(out, "\r\n");
        at += part;
        length -= part;
    }
}

static void write_text_part(struct buf *out, const char *subtype, const char *text) {
    buf_printf(out,
               "Content-Type: text/%s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
               subtype);
    write_quoted_printable(out, text);
}

/* RFC 2231: the name in pieces of percent-encoded UTF-8. A plain name is a quoted string. */
static void write_file_name(struct buf *out, const char *name) {
    if (is_plain(name) && strlen(name) <= 60) {
        buf_lit(out, ";\r\n filename=");
        write_quoted(out, name);
        return;
    }
    for (int piece = 0; *name != '\0'; piece++) {
        buf_printf(out, ";\r\n filename*%d*=%s", piece, piece == 0 ? "UTF-8''" : "");
        for (int width = 0; *name != '\0' && width < 50; name++) {
            unsigned char byte = (unsigned char)*name;
            bool plain = g_ascii_isalnum((char)byte) || byte == '-' || byte == '.' || byte == '_';
            if (plain)
                buf_byte(out, (char)byte);
            else
                buf_printf(out, "%%%02X", byte);
            width += plain ? 1 : 3;
        }
    }
}

static void write_file(struct buf *out, const struct mime_file *file, struct arena *arena) {
    buf_printf(out, "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n", file->type);
    if (file->content_id != NULL)
        buf_printf(out, "Content-ID: <%s>\r\n", file->content_id);
    buf_printf(out, "Content-Disposition: %s", file->content_id == NULL ? "attachment" : "inline");
    if (!text_empty(file->name)) {
        char *name = arena_text(arena, file->name);
        for (char *at = name; *at != '\0'; at++)
            if (*at == '/' || *at == '\\')
                *at = '-';
        write_file_name(out, name);
    }
    buf_lit(out, "\r\n\r\n");
    write_base64(out, file->bytes, file->length);
}

/* "=_" can occur neither in quoted-printable nor in base64: no content ends a part early, and the
 * boundaries need not be random. */
static void open_multipart(struct buf *out, const char *kind) {
    buf_printf(out, "Content-Type: multipart/%s; boundary=\"=_%s\"\r\n\r\n", kind, kind);
}

static void next_part(struct buf *out, const char *kind) {
    buf_printf(out, "--=_%s\r\n", kind);
}

static void close_multipart(struct buf *out, const char *kind) {
    buf_printf(out, "--=_%s--\r\n", kind);
}

static size_t count_files(const struct mime_mail *mail, bool inside) {
    size_t count = 0;
    for (size_t i = 0; i < mail->file_count; i++)
        count += (mail->files[i].content_id != NULL) == inside;
    return count;
}

static void write_files(struct buf *out, const struct mime_mail *mail, const char *kind,
                        bool inside, struct arena *arena) {
    for (size_t i = 0; i < mail->file_count; i++)
        if ((mail->files[i].content_id != NULL) == inside) {
            next_part(out, kind);
            write_file(out, &mail->files[i], arena);
        }
    close_multipart(out, kind);
}

static void write_html(struct buf *out, const struct mime_mail *mail, struct arena *arena) {
    if (count_files(mail, true) == 0) {
        write_text_part(out, "html", mail->html);
        return;
    }
    open_multipart(out, "related");
    next_part(out, "related");
    write_text_part(out, "html", mail->html);
    write_files(out, mail, "related", true, arena);
}

static void write_words(struct buf *out, const struct mime_mail *mail, struct arena *arena) {
    if (mail->html == NULL) {
        write_text_part(out, "plain", mail->text);
        return;
    }
    open_multipart(out, "alternative");
    next_part(out, "alternative");
    write_text_part(out, "plain", mail->text);
    next_part(out, "alternative");
    write_html(out, mail, arena);
    close_multipart(out, "alternative");
}

static void write_body(struct buf *out, const struct mime_mail *mail, struct arena *arena) {
    if (count_files(mail, false) == 0) {
        write_words(out, mail, arena);
        return;
    }
    open_multipart(out, "mixed");
    next_part(out, "mixed");
    write_words(out, mail, arena);
    write_files(out, mail, "mixed", false, arena);
}

/* ------------------------------------------------------------------ checking */

static void check_person(const struct mime_person *person, const char *field, const char *who,
                         struct errors *errors) {
    if (text_empty(person->address))
        error_add(errors, INVALID, field, "required", "%s needs an email address.", who);
    else if (mime_address(person->address, errors->arena) == NULL)
        error_add(errors, INVALID, field, "bad_address",
                  "%s has an email address that cannot be written to.", who);
    is_header_text(person->name, field, errors);
}

static void check_words(const char *text, const char *field, bool required, struct errors *errors) {
    if (text == NULL && required)
        error_add(errors, INVALID, field, "required", "A mail needs a text.");
    else if (text != NULL && !text_is_utf8(text, strlen(text)))
        error_add(errors, INVALID, field, "bad_text", "This is not text in UTF-8.");
}

static void check_file(const struct mime_file *file, bool has_html, struct errors *errors) {
    is_header_text(file->name, "files", errors);
    if (!is_type(file->type))
        error_add(errors, INVALID, "files", "bad_type", "A file of a mail needs its type.");
    if (file->content_id != NULL &&
        (!has_html || !is_dot_atom(file->content_id, strlen(file->content_id))))
        error_add(errors, INVALID, "files", "bad_id",
                  "A picture inside a mail needs a plain name and an HTML text that shows it.");
}

enum status mime_write(const struct mime_mail *mail, struct buf *out, struct errors *errors) {
    struct errors found = {.arena = errors->arena};
    const char *id = bare_message_id(mail->message_id, errors->arena);
    check_person(&mail->from, "from", "The sender", &found);
    check_person(&mail->to, "to", "The recipient", &found);
    if (!text_empty(mail->reply_to.address) || mail->reply_to.name != NULL)
        check_person(&mail->reply_to, "reply_to", "Who is to be answered", &found);
    if (mail->subject == NULL)
        error_add(&found, INVALID, "subject", "required", "A mail needs a subject.");
    is_header_text(mail->subject, "subject", &found);
    if (id == NULL)
        error_add(&found, INVALID, "message_id", "required", "A mail needs its Message-ID.");
    check_words(mail->text, "text", true, &found);
    check_words(mail->html, "html", false, &found);
    for (size_t i = 0; i < mail->file_count; i++)
        check_file(&mail->files[i], mail->html != NULL, &found);
    for (const struct fault *fault = found.first; fault != NULL; fault = fault->next)
        error_add(errors, INVALID, fault->field, fault->code, "%s", fault->sentence);
    if (errors_any(&found))
        return INVALID;

    write_date(out, mail->date);
    write_person(out, "From", &mail->from, errors->arena);
    write_person(out, "To", &mail->to, errors->arena);
    if (!text_empty(mail->reply_to.address))
        write_person(out, "Reply-To", &mail->reply_to, errors->arena);
    write_text_header(out, "Subject", mail->subject);
    buf_printf(out, "Message-ID: <%s>\r\n", id);
    if (mail->automatic)
        buf_lit(out, "Auto-Submitted: auto-generated\r\n");
    buf_lit(out, "MIME-Version: 1.0\r\n");
    write_body(out, mail, errors->arena);
    return OK;
}
