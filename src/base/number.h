/* Exact numbers. Money is in the currency's minor unit, metal in milligrams, stones in hundred-
 * thousandths of a carat, rates in a millionth of a minor unit per unit; no floating point anywhere.
 *
 * Products are made in 128 bits and rounded once, half away from zero. A result that leaves 64 bits
 * is an error, never a wrong figure. INT64_MIN is no number but an absent one (NONE): what is given it
 * fails, and nothing results in it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CARAT INT64_C(100000)  /* units in a carat */
#define GRAM INT64_C(1000)     /* milligrams in a gram */
#define RATE_ONE INT64_C(1000000) /* rate units in one minor unit */
#define PERCENT INT64_C(100)   /* basis points in a percent */
#define WHOLE INT64_C(10000)   /* basis points in the whole */

/* a × b ÷ c rounded half away from zero into `*out`; false when c is 0 or it does not fit. */
bool number_ratio(int64_t a, int64_t b, int64_t c, int64_t *out);
/* a × b × c ÷ d, the product kept whole in 128 bits (false where even that overflows). */
bool number_ratio3(int64_t a, int64_t b, int64_t c, int64_t d, int64_t *out);
bool number_add(int64_t a, int64_t b, int64_t *out);
bool number_subtract(int64_t a, int64_t b, int64_t *out);
/* Splits `total` over `count` weights so that the parts add up to it exactly: each gets its share
 * rounded down, and what is left goes one unit each to the largest remainders, first come first.
 * Weights are not negative; when all are 0 the parts are as equal as can be. */
bool number_split(int64_t total, const int64_t *weights, int64_t count, int64_t *parts);

/* "1,234.5" with `decimals` digits of fraction at most → 1234500 for 3. Accepts a leading sign, group
 * separators (comma, space, thin space, apostrophe) in their right places and nothing else around.
 * False when it is no number, has too many decimals, or does not fit. */
bool number_parse(const char *text, int decimals, int64_t *out);
/* The other way, with 0 to 18 decimals: `text` needs 32 bytes. Trailing zeros of the fraction go down
 * to `least` digits. The absent number is "". */
void number_print(int64_t number, int decimals, int least, bool grouped, char *text);
