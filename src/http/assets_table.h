/* The table of assets, written by web/build.mjs; only assets.c reads it. */
#pragma once

#include "http/assets.h"

extern const struct asset asset_table[]; /* sorted by path, as strcmp() orders */
extern const size_t asset_count;
extern const char asset_table_version[];
