/* Ring sizes. One is stored as micrometres of inner circumference; people say it in their country's
 * system.
 *
 * UK, Ireland, Australia, New Zealand, South Africa: A is 37.8 mm of circumference, each letter
 * 1.25 mm more, halves between; after Z come Z+1, Z+2 … USA and Canada: the inner diameter is
 * 11.6332 mm + 0.8128 mm × size. ISO 8653, Europe: the circumference in millimetres. Switzerland,
 * Italy, Spain: the circumference less 40 mm. Japan: 13 mm of diameter at 1, each size 1/3 mm more.
 * US 7 is 54.4 mm, UK N½ and JP 14. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum ring_system { RING_EU, RING_UK, RING_US, RING_JP };

#define RING_SMALLEST INT64_C(30000) /* a ring for a baby; micrometres */
#define RING_LARGEST INT64_C(100000)

/* "L½", "L 1/2", "Z+2", "UK N", "US 7", "6 3/4", "EU 54", "54.4", "54,4 mm", "JP 14", "CH 14". A
 * bare letter is UK's, a bare number from 37 on Europe's, a smaller one the USA's. False when it is
 * no ring size, or smaller or larger than any ring. */
bool ring_parse(const char *typed, int64_t *micrometres);

/* The system that the shops of this country (ISO 3166-1 alpha-2) speak in. */
enum ring_system ring_system_of(const char *country);

/* In one system, rounded to what it can say: "N½", "US 7", "EU 54.4", "JP 14". */
const char *ring_print_in(enum ring_system system, int64_t micrometres, struct arena *arena);
/* In the country's system and one more: "N½ · EU 54.7", "US 7 · EU 54.4", "EU 54.4 · US 7". */
const char *ring_print(int64_t micrometres, const char *country, struct arena *arena);
/* For an input field: in the country's system where that says it exactly, else the circumference;
 * ring_parse() gives the same micrometres again. */
const char *ring_print_plain(int64_t micrometres, const char *country, struct arena *arena);
