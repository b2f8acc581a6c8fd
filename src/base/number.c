#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one value that is kept for "absent" (NONE): no result may look like it, and nothing can be
 * reckoned from it. */
#define ABSENT INT64_MIN

static bool fits(__int128 wide, int64_t *out) {
    if (wide > INT64_MAX || wide <= ABSENT)
        return false;
    *out = (int64_t)wide;
    return true;
}

static bool divide_rounded(__int128 over, int64_t under, int64_t *out) {
    if (under == 0 || under == ABSENT)
        return false;
    __int128 quotient = over / under;
    __int128 rest = over % under;
    __int128 distance = (rest < 0 ? -rest : rest) * 2;
    __int128 width = under < 0 ? -(__int128)under : under;
    if (distance >= width)
        quotient += (over < 0) == (under < 0) ? 1 : -1;
    return fits(quotient, out);
}

bool number_ratio(int64_t a, int64_t b, int64_t c, int64_t *out) {
    if (a == ABSENT || b == ABSENT)
        return false;
    return divide_rounded((__int128)a * b, c, out);
}

bool number_ratio3(int64_t a, int64_t b, int64_t c, int64_t d, int64_t *out) {
    if (a == ABSENT || b == ABSENT || c == ABSENT)
        return false;
    __int128 product;
    if (__builtin_mul_overflow((__int128)a * b, (__int128)c, &product))
        return false;
    return divide_rounded(product, d, out);
}

bool number_add(int64_t a, int64_t b, int64_t *out) {
    return a != ABSENT && b != ABSENT && fits((__int128)a + b, out);
}

bool number_subtract(int64_t a, int64_t b, int64_t *out) {
    return a != ABSENT && b != ABSENT && fits((__int128)a - b, out);
}

struct remainder {
    unsigned __int128 rest;
    int64_t at;
};

static int remainder_compare(const void *left, const void *right) {
    const struct remainder *a = left, *b = right;
    if (a->rest != b->rest)
        return a->rest > b->rest ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

bool number_split(int64_t total, const int64_t *weights, int64_t count, int64_t *parts) {
    if (total == ABSENT || count < 0)
        return false;
    unsigned __int128 sum = 0;
    for (int64_t i = 0; i < count; i++) {
        if (weights[i] < 0)
            return false;
        sum += (uint64_t)weights[i];
    }
    if (count == 0)
        return total == 0;
    bool equal = sum == 0;
    if (equal)
        sum = (unsigned __int128)count;

    struct remainder few[32];
    struct remainder *remainders = few;
    if (count > (int64_t)(sizeof few / sizeof few[0])) {
        remainders = calloc((size_t)count, sizeof *remainders);
        if (remainders == NULL) {
            fputs("benchpin: out of memory\n", stderr);
            abort();
        }
    }
    /* A negative total is split as its magnitude, so that a refund mirrors its payment. */
    int64_t magnitude = total < 0 ? -total : total;
    int64_t left = magnitude;
    for (int64_t i = 0; i < count; i++) {
        unsigned __int128 share = (unsigned __int128)magnitude * (equal ? 1 : (uint64_t)weights[i]);
        parts[i] = (int64_t)(share / sum);
        remainders[i] = (struct remainder){share % sum, i};
        left -= parts[i];
    }
    qsort(remainders, (size_t)count, sizeof *remainders, remainder_compare);
    for (int64_t i = 0; i < left; i++)
        parts[remainders[i].at]++;
    if (total < 0)
        for (int64_t i = 0; i < count; i++)
            parts[i] = -parts[i];
    if (remainders != few)
        free(remainders);
    return true;
}

/* The bytes of the group separator at `at`, or 0. */
static size_t separator_length(const char *at) {
    static const char *const separators[] = {
        ",", " ", "'", "\u2019", "\u2009", "\u00a0", "\u202f",
    };
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        size_t length = strlen(separators[i]);
        if (strncmp(at, separators[i], length) == 0)
            return length;
    }
    return 0;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool number_parse(const char *text, int decimals, int64_t *out) {
    static const char minus[] = "\u2212";
    const char *at = text;
    bool negative = false;
    if (strncmp(at, minus, sizeof minus - 1) == 0) {
        negative = true;
        at += sizeof minus - 1;
    } else if (*at == '-' || *at == '+') {
        negative = *at == '-';
        at++;
    }

    int64_t number = 0;
    int whole = 0; /* digits before the point */
    int since = 0; /* digits since the last separator */
    const char *separator = NULL;
    size_t separator_size = 0;
    for (;;) {
        if (is_digit(*at)) {
            if (__builtin_mul_overflow(number, 10, &number) ||
                __builtin_add_overflow(number, *at - '0', &number))
                return false;
            whole++;
            since++;
            at++;
            continue;
        }
        size_t length = separator_length(at);
        if (length == 0)
            break;
        if (separator == NULL
                ? since < 1 || since > 3
                : since != 3 || length != separator_size || memcmp(separator, at, length) != 0)
            return false;
        separator = at;
        separator_size = length;
        since = 0;
        at += length;
    }
    if (separator != NULL && since != 3)
        return false;

    int fraction = 0;
    if (*at == '.') {
        at++;
        for (; is_digit(*at); at++, fraction++)
            if (fraction >= decimals || __builtin_mul_overflow(number, 10, &number) ||
                __builtin_add_overflow(number, *at - '0', &number))
                return false;
        if (fraction == 0)
            return false;
    }
    if (*at != '\0' || whole + fraction == 0)
        return false;
    for (; fraction < decimals; fraction++)
        if (__builtin_mul_overflow(number, 10, &number))
            return false;
    *out = negative ? -number : number;
    return true;
}

void number_print(int64_t number, int decimals, int least, bool grouped, char *text) {
    if (number == ABSENT) {
        text[0] = '\0';
        return;
    }
    char digits[32]; /* from the last to the first, and zeros before it */
    memset(digits, '0', sizeof digits);
    int count = 0;
    for (uint64_t rest = number < 0 ? (uint64_t)-number : (uint64_t)number; rest > 0; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    if (count <= decimals)
        count = decimals + 1;

    char *at = text;
    if (number < 0)
        *at++ = '-';
    for (int i = count - 1; i >= decimals; i--) {
        *at++ = digits[i];
        if (grouped && i > decimals && (i - decimals) % 3 == 0)
            *at++ = ',';
    }
    int last = 0; /* the last digit of the fraction that is written */
    while (last < decimals - least && digits[last] == '0')
        last++;
    if (last < decimals) {
        *at++ = '.';
        for (int i = decimals - 1; i >= last; i--)
            *at++ = digits[i];
    }
    *at = '\0';
}
