#include "db/host.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>

enum { NAME_MOST = 253, LABEL_MOST = 63 }; /* RFC 1035, 2.3.4 */

/* "[::1]:80" without its port; NULL: not an address. */
static const char *six(const char *text, struct arena *arena) {
    size_t length = strcspn(text, "]");
    struct in6_addr address;
    char normal[INET6_ADDRSTRLEN];
    if (text[length] != ']' || (text[length + 1] != '\0' && text[length + 1] != ':') ||
        inet_pton(AF_INET6, arena_text_n(arena, text + 1, length - 1), &address) != 1)
        return NULL;
    inet_ntop(AF_INET6, &address, normal, sizeof normal);
    return arena_printf(arena, "[%s]", normal);
}

static bool is_name(const char *text) {
    size_t length = strlen(text);
    if (length == 0 || length > NAME_MOST)
        return false;
    for (const char *at = text;;) {
        size_t label = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789-_");
        if (label == 0 || label > LABEL_MOST || at[0] == '-' || at[label - 1] == '-')
            return false;
        if (at[label] == '\0')
            return true;
        if (at[label] != '.')
            return false;
        at += label + 1;
    }
}

const char *host_normal(const char *text, struct arena *arena) {
    if (text == NULL)
        return NULL;
    if (*text == '[')
        return six(text, arena);
    size_t length = strcspn(text, ":");
    if (text[length] == ':' && text[length + 1 + strspn(text + length + 1, "0123456789")] != '\0')
        return NULL;
    if (length > 0 && text[length - 1] == '.')
        length--;
    if (length > 4 * NAME_MOST)
        return NULL;
    char *name = arena_text_n(arena, text, length);
    bool ascii = true;
    for (char *at = name; *at != '\0'; at++) {
        ascii = ascii && (unsigned char)*at < 0x80;
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + 32);
    }
    if (!ascii) {
        char *encoded = NULL;
        if (idn2_to_ascii_8z(name, &encoded, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
            return NULL;
        name = arena_text(arena, encoded);
        idn2_free(encoded);
    }
    return is_name(name) ? name : NULL;
}

bool host_is_address(const char *normal) {
    struct in_addr address;
    return normal != NULL && (strcmp(normal, "localhost") == 0 || *normal == '[' ||
                              inet_pton(AF_INET, normal, &address) == 1);
}

const char *host_of_url(const char *url, struct arena *arena) {
    const char *start = url == NULL ? NULL : strstr(url, "://");
    if (start == NULL)
        return NULL;
    start += 3;
    return host_normal(arena_text_n(arena, start, strcspn(start, "/?#")), arena);
}
