/* A POST with an Idempotency-Key happens once: its outcome is recorded in the same transaction, and
 * a repeat is answered from the record. The key belongs to the person and the route; with another
 * body it is refused. */
#pragma once

#include "http/http.h"

/* Forgets what is older than seven days. A closure's body: for a timer. */
enum status idempotency_sweep(struct context *cx);
