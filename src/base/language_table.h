/* What `tools/words compile` writes and language.c reads; nobody else includes it. */
#pragma once

#include "base/language.h"

/* An open hash table over all keys: a key is the English, or context, \004, English. */
struct language_slot {
    uint32_t hash; /* the upper half of the key's */
    uint32_t key;  /* from 1; 0: an empty slot */
};
extern const struct language_slot language_slots[];
extern const uint32_t language_slots_mask; /* their number less one: a power of two less one */
extern const uint32_t language_keys[];     /* by the key's number: its place in the bytes below */
extern const char language_key_bytes[];
extern const struct language language_list[];
extern const int language_list_count;
