/* Hosts: what browsers send, what people type, made one spelling.
 *
 * "Shop.Example.", "shop.example:8080" and "SHOP.example" are one host; "bücher.example" is the
 * "xn--bcher-kva.example" that browsers send for it (IDNA2008 as UTS #46 reads it, without the
 * transitional mappings, as browsers do). An address of six is written in brackets. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* Lower case, in ASCII, without port and last dot. NULL: this is no host's name. */
const char *host_normal(const char *text, struct arena *arena);
/* "localhost" or an address in digits: no name of a stranger's that is made to lead here. */
bool host_is_address(const char *normal);
/* The host of "https://shop.example:8443/x", in its one spelling; NULL: it has none. */
const char *host_of_url(const char *url, struct arena *arena);
