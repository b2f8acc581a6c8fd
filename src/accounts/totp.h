/* One-time passwords that change every thirty seconds: RFC 6238 over RFC 4226, HMAC-SHA-1 and six
 * digits, which is what every authenticator understands. Pure: no database, no clock. */
#pragma once

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

enum {
    TOTP_SECRET = 20, /* bytes: as long as the hash (RFC 4226, 4) */
    TOTP_PERIOD = 30, /* seconds */
    TOTP_DIGITS = 6,
    TOTP_DRIFT = 1, /* steps that a phone's clock may be off, either way (RFC 6238, 5.2) */
};

/* The number of `digits` digits (6 to 8) for this counter. */
int64_t hotp(const unsigned char *secret, size_t length, int64_t counter, int digits);
/* The time step of an instant in UTC milliseconds. */
int64_t totp_step(int64_t instant);
/* Which step the typed code is of, of those around the instant; NONE: of none of them. White space
 * in it is skipped. The same time is taken whether one fits or not. */
int64_t totp_match(const char *code, const unsigned char *secret, size_t length, int64_t instant);

/* RFC 4648 base 32 without padding, as authenticators take a secret typed in; and back into at most
 * `most` bytes, blanks and case aside: their number, or 0 when it is none. */
const char *base32_text(const unsigned char *bytes, size_t length, struct arena *arena);
size_t base32_bytes(const char *text, unsigned char *bytes, size_t most);
/* "otpauth://totp/Shop:name?secret=…&issuer=Shop", as read from a QR code. */
const char *totp_uri(const char *shop, const char *name, const char *secret, struct arena *arena);
