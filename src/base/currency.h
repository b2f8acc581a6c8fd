/* The currencies of ISO 4217: code, number of decimals, symbol. Amounts are int64_t minor units. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct currency {
    char code[4];       /* "GBP" */
    int decimals;       /* 2; JPY 0; KWD 3 */
    const char *symbol; /* "£"; the code where there is none in common use */
    const char *name;   /* "Pound sterling" */
};

const struct currency *currency_find(const char *code); /* NULL: no such currency */
const struct currency *currency_all(int *count);

/* "1,234.50", "£1,234.5", "1 234.50 GBP": false when it is not money of this currency. */
bool money_parse(const struct currency *currency, const char *text, int64_t *minor);
/* "£1,234.50"; "−£3,240.00" with a true minus sign; "CHF 12.00" where the symbol is a code. */
const char *money_print(const struct currency *currency, int64_t minor, struct arena *arena);
/* As an input field shows it: "1234.50". */
const char *money_print_plain(const struct currency *currency, int64_t minor, struct arena *arena);
