/* What is printed of jobs, quotes, payments and invoices: read from the rooms, laid out by paper/.
 */
#pragma once

#include "http/http.h"

/* A quote, invoice or receipt as PDF, appended to `out`; `url` is the server's public address.
 * False: there is no such thing. The name is a good one for the file. */
bool print_quote(struct context *cx, int64_t id, const char *url, struct buf *out,
                 const char **name);
bool print_invoice(struct context *cx, int64_t id, const char *url, struct buf *out,
                   const char **name);
bool print_receipt(struct context *cx, int64_t id, const char *url, struct buf *out,
                   const char **name);

extern const struct route print_routes[];
