/* What the codes on our papers say, and how what a scanner sends is read back.
 *
 *     004118           a job's envelope, its copies and the customer's claim check
 *     PL00012          a place of custody
 *     INV001042        an invoice or credit note
 *     RC0001042        a receipt
 *     RVXK7M2P         a job's reference, as the customer has it
 *     https://…        the square codes: the page of the thing itself, or the customer's own
 *
 * A scanner may put an identifier of the symbology in front ("]C1") and types as its keyboard's
 * layout has it. Prefixes avoid the letters that layouts exchange (A Q W Z M Y). */
#pragma once

#include "base/arena.h"

#include <stdint.h>

enum code_kind {
    CODE_NOTHING, /* empty */
    CODE_JOB,     /* `text`: a number or a reference, for job_by_code() */
    CODE_JOB_ID,  /* `number`: the id, as all that end so */
    CODE_PLACE,   /* number: the id */
    CODE_INVOICE, /* number of the invoice */
    CODE_INVOICE_ID,
    CODE_RECEIPT, /* number of the payment */
    CODE_CUSTOMER_ID,
    CODE_STOCK_ID,
    CODE_QUOTE_ID,
    CODE_LINK,     /* text: the token of a customer's link */
    CODE_STRANGER, /* text: the host of an address that is not ours */
    CODE_OTHER,    /* text: as it came; a stock code, perhaps */
};
struct code {
    enum code_kind kind;
    int64_t number;
    const char *text;
};

/* `base` is the server's public address, "https://bench.example", whose pages are ours. */
struct code code_read(const char *scanned, const char *base, struct arena *arena);

/* As they are printed. */
const char *code_of_place(int64_t id, struct arena *arena);
const char *code_of_invoice(int64_t number, struct arena *arena);
const char *code_of_receipt(int64_t number, struct arena *arena);
