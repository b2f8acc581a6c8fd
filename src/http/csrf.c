/* Posts from elsewhere. A form carries a token that is derived from a cookie which another site can
 * neither read nor choose: the session's, or for people who are not signed in the visit's. The key
 * of the derivation only keeps it apart from other hashes of the same cookie; the secret is the
 * cookie, so tokens outlive a restart and are good on every server.
 *
 * In a page the token is masked afresh each time: a compressed page that holds a constant secret
 * beside what a stranger can influence gives it away by its length. */
#include "http/inside.h"

#include "base/text.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

enum { SECRET = 16 };

/* The shop's name is part of it: one shop's token is no other's, whatever cookie comes with it. */
static void derive(const struct exchange *x, const char *cookie,
                   unsigned char secret[static SECRET]) {
    static const unsigned char key[] = "benchpin form token, version two";
    const char *shop = x->held == NULL ? "" : store_name(x->held);
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, sizeof key - 1, SECRET);
    crypto_generichash_update(&state, (const unsigned char *)shop, strlen(shop) + 1);
    crypto_generichash_update(&state, (const unsigned char *)cookie, strlen(cookie));
    crypto_generichash_final(&state, secret, SECRET);
}

static const char *mask(const struct exchange *x, const char *cookie) {
    unsigned char bytes[2 * SECRET];
    derive(x, cookie, bytes + SECRET);
    randombytes_buf(bytes, SECRET);
    for (int i = 0; i < SECRET; i++)
        bytes[SECRET + i] ^= bytes[i];
    char *token = arena_alloc(x->r.cx.arena, 2 * sizeof bytes + 1);
    return sodium_bin2hex(token, 2 * sizeof bytes + 1, bytes, sizeof bytes);
}

static bool fits(const struct exchange *x, const char *token, const char *cookie) {
    unsigned char bytes[2 * SECRET], secret[SECRET];
    size_t length;
    if (token == NULL || cookie == NULL || *cookie == '\0' ||
        sodium_hex2bin(bytes, sizeof bytes, token, strlen(token), NULL, &length, NULL) != 0 ||
        length != sizeof bytes)
        return false;
    for (int i = 0; i < SECRET; i++)
        bytes[i] ^= bytes[SECRET + i];
    derive(x, cookie, secret);
    return sodium_memcmp(bytes, secret, SECRET) == 0;
}

static bool is_visit(const char *cookie) {
    return cookie != NULL && strlen(cookie) == 2 * SECRET &&
           strspn(cookie, "0123456789abcdef") == 2 * SECRET;
}

const char *csrf_token(struct exchange *x) {
    struct arena *arena = x->r.cx.arena;
    if (x->token != NULL)
        return x->token;
    const char *cookie = NULL;
    if (x->r.cx.actor->staff != 0)
        cookie = request_cookie(&x->r, "benchpin");
    if (cookie == NULL) {
        cookie = request_cookie(&x->r, "visit");
        if (!is_visit(cookie))
            cookie = x->visit = token_new(arena, SECRET);
    }
    return x->token = mask(x, cookie);
}

/* The host and port of an Origin must be those that the browser asked. */
static bool origin_is_ours(struct exchange *x, const char *origin) {
    const char *host = strstr(origin, "://");
    if (host == NULL)
        return false; /* "null" */
    host += 3;
    const char *asked = header_of(x, "Host");
    const char *forwarded = NULL;
    if (x->connection != NULL && x->connection->trusted)
        forwarded = header_of(x, "X-Forwarded-Host");
    const char *public = strstr(x->view.base_url, "://");
    return (public != NULL && strcasecmp(host, public + 3) == 0) ||
           (asked != NULL && strcasecmp(host, asked) == 0) ||
           (forwarded != NULL && strcasecmp(host, forwarded) == 0);
}

enum status csrf_check(struct exchange *x, const char *token) {
    struct request *r = &x->r;
    const struct actor *actor = r->cx.actor;
    /* No cookie spoke for them: a bearer token did, or nothing needs to. */
    if (actor->staff != 0 && actor->session == 0)
        return OK;
    if (r->api && (r->route->flags & ROUTE_OPEN_POST))
        return OK;
    const char *site = header_of(x, "Sec-Fetch-Site"), *origin = header_of(x, "Origin");
    bool ours = (site == NULL || strcmp(site, "cross-site") != 0) &&
                (origin == NULL || origin_is_ours(x, origin));
    if (ours && (fits(x, token, request_cookie(r, "benchpin")) ||
                 fits(x, token, request_cookie(r, "visit"))))
        return OK;
    return fail(r, DENIED, "csrf",
                "This form did not come from a page of this shop, or has become too old. Load the "
                "page again and send it once more.");
}
