/* The escapers. Each makes any text harmless in one place of HTML; tools/tplc knows the place.
 *
 * A byte that needs nothing goes through in runs, so that ordinary text costs one look a byte. */
#include "view/template.h"

#include <strings.h>

/* What each byte must become in which place: bits of one table, so that it stays in the cache. */
enum {
    IN_TEXT = 1 << 0,      /* must be escaped between tags */
    IN_ATTRIBUTE = 1 << 1, /* must be escaped in a quoted attribute */
    IN_URL = 1 << 2,       /* must be percent-encoded in a whole URL */
    IN_PART = 1 << 3,      /* must be percent-encoded in a piece of one */
};

static const unsigned char special[256] = {
    [0x01 ... 0x20] = IN_URL | IN_PART,
    [0x7f ... 0xff] = IN_URL | IN_PART,
    ['!'] = IN_PART,
    ['"'] = IN_ATTRIBUTE | IN_URL | IN_PART,
    ['#' ... '%'] = IN_PART,
    ['&'] = IN_TEXT | IN_ATTRIBUTE | IN_PART,
    ['\''] = IN_ATTRIBUTE | IN_URL | IN_PART,
    ['(' ... ','] = IN_PART,
    ['/'] = IN_PART,
    [':'] = IN_PART,
    [';'] = IN_PART,
    ['<'] = IN_TEXT | IN_ATTRIBUTE | IN_URL | IN_PART,
    ['='] = IN_PART,
    ['>'] = IN_TEXT | IN_ATTRIBUTE | IN_URL | IN_PART,
    ['?'] = IN_PART,
    ['@'] = IN_PART,
    ['[' ... '^'] = IN_URL | IN_PART,
    ['`'] = IN_ATTRIBUTE | IN_URL | IN_PART,
    ['{' ... '}'] = IN_URL | IN_PART,
};

static void put_reference(struct buf *out, char c) {
    switch (c) {
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
        buf_lit(out, "&#34;");
        break;
    case '\'':
        buf_lit(out, "&#39;");
        break;
    default:
        buf_lit(out, "&#96;");
    }
}

static void put_percent(struct buf *out, unsigned char c) {
    static const char digits[] = "0123456789ABCDEF";
    char code[3] = {'%', digits[c >> 4], digits[c & 15]};
    buf_put(out, code, 3);
}

static void put_escaped(struct buf *out, const char *text, unsigned char place) {
    const char *start = text, *p = text;
    for (; *p != '\0'; p++)
        if (special[(unsigned char)*p] & place) {
            buf_put(out, start, (size_t)(p - start));
            put_reference(out, *p);
            start = p + 1;
        }
    buf_put(out, start, (size_t)(p - start));
}

static void put_encoded(struct buf *out, const char *text, unsigned char place, char spared) {
    const char *start = text, *p = text;
    for (; *p != '\0'; p++)
        if (*p == '&' && place == IN_URL) {
            buf_put(out, start, (size_t)(p - start));
            put_reference(out, *p);
            start = p + 1;
        } else if ((special[(unsigned char)*p] & place) && *p != spared) {
            buf_put(out, start, (size_t)(p - start));
            put_percent(out, (unsigned char)*p);
            start = p + 1;
        }
    buf_put(out, start, (size_t)(p - start));
}

void view_out_text(struct view *v, const char *text) {
    if (text != NULL)
        put_escaped(v->out, text, IN_TEXT);
}

void view_out_attribute(struct view *v, const char *text) {
    if (text != NULL)
        put_escaped(v->out, text, IN_ATTRIBUTE);
}

/* Browsers drop white space and control characters around and inside of a scheme, so anything but
 * an allowed scheme, letter for letter, is refused. */
static bool url_allowed(const char *url) {
    static const char *const schemes[] = {"http", "https", "mailto", "tel"};
    size_t length = strcspn(url, ":/?#");
    if (url[length] != ':')
        return true; /* relative */
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strlen(schemes[i]) == length && strncasecmp(url, schemes[i], length) == 0)
            return true;
    return false;
}

void view_out_url(struct view *v, const char *url) {
    if (url == NULL)
        return;
    if (url_allowed(url))
        put_encoded(v->out, url, IN_URL, '\0');
    else
        buf_lit(v->out, "#blocked");
}

void view_out_url_part(struct view *v, const char *part) {
    if (part != NULL)
        put_encoded(v->out, part, IN_PART, '\0');
}

void view_out_tel(struct view *v, const char *phone) {
    if (phone == NULL)
        return;
    for (const char *p = phone; *p != '\0'; p++)
        if ((*p >= '0' && *p <= '9') || (*p == '+' && p == phone))
            buf_byte(v->out, *p);
}

void view_out_mail(struct view *v, const char *address) {
    if (address != NULL)
        put_encoded(v->out, address, IN_PART, '@');
}

void view_out_int(struct view *v, int64_t number) {
    if (number != NONE)
        buf_int(v->out, number);
}

void view_out_unsigned(struct view *v, uint64_t number) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buf_put(v->out, digits + at, sizeof digits - at);
}

void view_out_html(struct view *v, struct html html) {
    if (html.at != NULL)
        buf_text(v->out, html.at);
}

void view_out_optional(struct view *v, const char *start, const char *text) {
    if (text == NULL)
        return;
    buf_text(v->out, start);
    put_escaped(v->out, text, IN_ATTRIBUTE);
    buf_byte(v->out, '"');
}

void view_out_optional_url(struct view *v, const char *start, const char *url) {
    if (url == NULL)
        return;
    buf_text(v->out, start);
    view_out_url(v, url);
    buf_byte(v->out, '"');
}

void view_out_optional_int(struct view *v, const char *start, int64_t number) {
    if (number == NONE)
        return;
    buf_text(v->out, start);
    buf_int(v->out, number);
    buf_byte(v->out, '"');
}
