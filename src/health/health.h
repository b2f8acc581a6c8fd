/* For whoever looks after the machine: is it ready, and the figures that Prometheus collects.
 *
 *     /healthz   200 as long as the program answers at all (src/http)
 *     /readyz    200 when this shop's database answers a question, 503 when not
 *     /metrics   the server's figures and, for each shop, its work left undone and its last backup;
 *                only for the addresses that --metrics-from names
 *
 * No figure tells of a person. */
#pragma once

#include "http/http.h"

extern const struct route health_routes[];
