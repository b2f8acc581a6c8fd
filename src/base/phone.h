/* Phone numbers in the international form (E.164), by which the same number is found again however
 * it was typed, and which gateways dial. */
#pragma once

#include "base/arena.h"

/* "020 7946 0018" in "GB", "+44 (0)20 7946 0018", "0044 20 7946 0018" → "+442079460018". `country`
 * (ISO 3166-1 alpha-2) tells how a number without a country code is read. NULL when that is not
 * known, when there are letters in it (an extension), or when it has too few or too many digits.
 * The form is checked, not whether somebody answers. */
const char *phone_e164(const char *typed, const char *country, struct arena *arena);
/* "44" for "GB"; NULL: not known. */
const char *phone_country_code(const char *country);
