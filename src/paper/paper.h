/* What the shop prints. Each layout takes texts that are ready to read, so this room needs no
 * database, and appends a PDF to `out`. NULL texts leave their place out. */
#pragma once

#include "view/pdf.h"

struct paper_shop {
    const char *name, *place, *address, *phone, *email, *tax_number, *terms;
    bool letter;                     /* US Letter instead of A4 */
    int64_t made;                    /* the date told in the file */
    const struct language *language; /* of the paper; NULL: British English */
};
/* The sizes by country: Letter in the US, Canada and Mexico. */
bool paper_letter(const char *country);

struct paper_line {
    const char *cells[6];
    bool strong;
};

/* A job as it is told to somebody: what must not be told is left out by who fills it in. */
struct paper_job {
    const char *copy;   /* "Bench copy": which one it is */
    const char *number; /* "#004118" */
    const char *code;   /* what the barcode holds: "004118" */
    const char *reference, *title, *customer, *contact, *promised, *bench_day, *piece_of;
    const char *description, *taken_in, *price, *paid, *balance;
    const char *link;              /* of the QR code */
    const char *const (*facts)[2]; /* specification: name and value */
    int fact_count;
    const struct paper_line *stones, *operations, *comments;
    int stone_count, operation_count, comment_count;
    bool rush;
};

/* 62 mm roll: number, Code 128, QR, promised day. */
void paper_label(const struct paper_shop *shop, const struct paper_job *job, struct buf *out);
/* Many (at least one) in one document, each begun on a page of its own. */
void paper_labels(const struct paper_shop *shop, const struct paper_job *jobs, int64_t count,
                  struct buf *out);
void paper_copies(const struct paper_shop *shop, const struct paper_job *jobs, int64_t count,
                  struct buf *out);
/* A place of custody, for its wall or tray: name, Code 128, QR. */
struct paper_place {
    const char *name, *kind, *code, *link;
};
void paper_place(const struct paper_shop *shop, const struct paper_place *place, struct buf *out);
/* The customer's stub. */
void paper_claim_check(const struct paper_shop *shop, const struct paper_job *job, struct buf *out);
/* A whole page: counter, bench or customer copy. */
void paper_copy(const struct paper_shop *shop, const struct paper_job *job, struct buf *out);

/* 80 mm roll. */
struct paper_receipt {
    const char *code;  /* of the barcode */
    const char *title; /* "Deposit receipt" */
    const char *number, *date, *customer, *piece, *job, *method, *reference, *amount, *price, *paid,
        *balance, *staff, *terms, *link; /* terms: NULL, none */
};
void paper_receipt(const struct paper_shop *shop, const struct paper_receipt *receipt,
                   struct buf *out);

/* Quotes, invoices and credit notes. */
struct paper_bill {
    const char *code;   /* of the barcode; NULL: none */
    const char *title;  /* "Quote", "Invoice", "Credit note" */
    const char *number; /* "Version 3", "1042", or "Draft" */
    const char *date, *customer, *address, *job, *piece, *about;
    const struct paper_line *lines; /* description, net, tax, total */
    int line_count;
    const struct paper_line *sums; /* name, net, tax, total */
    int sum_count;
    const struct paper_line *payments; /* day, what, amount */
    int payment_count;
    const char *balance_name, *balance;
    const char *const (*facts)[2]; /* promise, validity, deposit asked */
    int fact_count;
    const struct paper_line *stones;
    int stone_count;
    const char *terms;
    const char *watermark; /* "Draft", or NULL */
    const char *link;
};
void paper_bill(const struct paper_shop *shop, const struct paper_bill *bill, struct buf *out);
