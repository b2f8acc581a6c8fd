#include "accounts/totp.h"

#include "base/day.h"
#include "base/record.h"
#include "base/url.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* RFC 4226, 5.3 and 5.4. */
int64_t hotp(const unsigned char *secret, size_t length, int64_t counter, int digits) {
    unsigned char message[8], hash[20];
    for (int i = 0; i < 8; i++)
        message[i] = (unsigned char)((uint64_t)counter >> (56 - 8 * i));
    if (gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret, length, message, sizeof message, hash) != 0)
        abort(); /* the library has no SHA-1: it cannot be the one that was built with */
    const unsigned char *at = hash + (hash[19] & 0x0f);
    int64_t number =
        (int64_t)(at[0] & 0x7f) << 24 | (int64_t)at[1] << 16 | (int64_t)at[2] << 8 | (int64_t)at[3];
    int64_t modulus = 1;
    for (int i = 0; i < digits; i++)
        modulus *= 10;
    return number % modulus;
}

int64_t totp_step(int64_t instant) {
    return instant / SECOND / TOTP_PERIOD;
}

int64_t totp_match(const char *code, const unsigned char *secret, size_t length, int64_t instant) {
    int64_t typed = 0, now = totp_step(instant), found = NONE;
    int digits = 0;
    for (const char *at = code; *at != '\0'; at++) {
        if (*at == ' ')
            continue;
        if (*at < '0' || *at > '9' || ++digits > TOTP_DIGITS)
            return NONE;
        typed = typed * 10 + (*at - '0');
    }
    for (int64_t step = now - TOTP_DRIFT; step <= now + TOTP_DRIFT; step++)
        if ((hotp(secret, length, step, TOTP_DIGITS) ^ typed) == 0)
            found = step;
    return digits == TOTP_DIGITS ? found : NONE;
}

const char *base32_text(const unsigned char *bytes, size_t length, struct arena *arena) {
    char *text = arena_alloc(arena, (length * 8 + 4) / 5 + 1), *at = text;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 5; held -= 5)
            *at++ = alphabet[bits >> (held - 5) & 31];
    }
    if (held > 0)
        *at++ = alphabet[bits << (5 - held) & 31];
    *at = '\0';
    return text;
}

size_t base32_bytes(const char *text, unsigned char *bytes, size_t most) {
    uint32_t bits = 0;
    int held = 0;
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        char letter = *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text;
        const char *found = strchr(alphabet, letter);
        if (found == NULL)
            return 0;
        bits = bits << 5 | (uint32_t)(found - alphabet);
        held += 5;
        if (held >= 8) {
            if (count == most)
                return 0;
            held -= 8;
            bytes[count++] = (unsigned char)(bits >> held);
        }
    }
    return count;
}

/* As https://github.com/google/google-authenticator/wiki/Key-Uri-Format has it; what it leaves out
 * is taken as SHA-1, six digits and thirty seconds. */
const char *totp_uri(const char *shop, const char *name, const char *secret, struct arena *arena) {
    return arena_printf(arena, "otpauth://totp/%s:%s?secret=%s&issuer=%s", url_encode(arena, shop),
                        url_encode(arena, name), secret, url_encode(arena, shop));
}
