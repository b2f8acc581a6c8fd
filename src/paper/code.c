#include "paper/code.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char PLACE[] = "PL", INVOICE[] = "INV", RECEIPT[] = "RC";

const char *code_of_place(int64_t id, struct arena *arena) {
    return arena_printf(arena, "%s%05ld", PLACE, (long)id);
}

const char *code_of_invoice(int64_t number, struct arena *arena) {
    return arena_printf(arena, "%s%06ld", INVOICE, (long)number);
}

const char *code_of_receipt(int64_t number, struct arena *arena) {
    return arena_printf(arena, "%s%07ld", RECEIPT, (long)number);
}

enum { DIGITS_MOST = 12, REFERENCE_LENGTH = 8 };

/* The number that these digits are up to `end`; 0: none, or too long a one. */
static int64_t number_of(const char *digits, const char *end) {
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > DIGITS_MOST || strchr(end, digits[length]) == NULL)
        return 0;
    return strtoll(digits, NULL, 10);
}

static int64_t after_prefix(const char *code, const char *prefix) {
    size_t length = strlen(prefix);
    return strncasecmp(code, prefix, length) == 0 ? number_of(code + length, "") : 0;
}

/* An address's path when it is one of ours; NULL otherwise, with the host told. Whether it is http
 * or https does not matter: a shop moves behind a certificate, its labels stay. */
static const char *own_path(const char *url, const char *base, const char **host,
                            struct arena *arena) {
    const char *from = strstr(url, "://") + 3;
    size_t length = strcspn(from, "/?#");
    const char *ours = base == NULL ? NULL : strstr(base, "://");
    *host = arena_printf(arena, "%.*s", (int)length, from);
    return ours != NULL && strcasecmp(ours + 3, *host) == 0 ? from + length : NULL;
}

static struct code of_path(const char *path, struct arena *arena) {
    static const struct {
        const char *start;
        enum code_kind kind;
    } pages[] = {
        {"/jobs/", CODE_JOB_ID},         {"/custody/places/", CODE_PLACE},
        {"/invoices/", CODE_INVOICE_ID}, {"/customers/", CODE_CUSTOMER_ID},
        {"/stock/", CODE_STOCK_ID},      {"/quotes/", CODE_QUOTE_ID},
    };
    static const char track[] = "/track/";
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (text_starts(path, pages[i].start)) {
            int64_t number = number_of(path + strlen(pages[i].start), "/?#");
            if (number > 0)
                return (struct code){pages[i].kind, number, NULL};
        }
    if (text_starts(path, track)) {
        const char *token = path + sizeof track - 1;
        size_t length = strcspn(token, "/?#");
        if (length > 0)
            return (struct code){CODE_LINK, 0, arena_printf(arena, "%.*s", (int)length, token)};
    }
    return (struct code){CODE_OTHER, 0, path};
}

struct code code_read(const char *scanned, const char *base, struct arena *arena) {
    if (text_empty(scanned))
        return (struct code){0};
    const char *code = text_trim(scanned, arena);
    if (code[0] == ']' && isalpha((unsigned char)code[1]) && isalnum((unsigned char)code[2]))
        code = text_trim(code + 3, arena);
    if (*code == '\0')
        return (struct code){0};
    if (strncasecmp(code, "http://", 7) == 0 || strncasecmp(code, "https://", 8) == 0) {
        const char *host, *path = own_path(code, base, &host, arena);
        return path == NULL ? (struct code){CODE_STRANGER, 0, host} : of_path(path, arena);
    }
    if (*code == '/')
        return of_path(code, arena);
    int64_t number;
    if ((number = after_prefix(code, PLACE)) > 0)
        return (struct code){CODE_PLACE, number, NULL};
    if ((number = after_prefix(code, INVOICE)) > 0)
        return (struct code){CODE_INVOICE, number, NULL};
    if ((number = after_prefix(code, RECEIPT)) > 0)
        return (struct code){CODE_RECEIPT, number, NULL};
    const char *digits = *code == '#' ? code + 1 : code;
    if (number_of(digits, "") > 0 || reference_read(code, REFERENCE_LENGTH, arena) != NULL)
        return (struct code){CODE_JOB, 0, code};
    return (struct code){CODE_OTHER, 0, code};
}
