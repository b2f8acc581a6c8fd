/* The models of the pages of locations, numbers and colours. */
#pragma once

#include "settings/settings.h"
#include "settings/shop_settings.h"
#include "shops/brand.h"
#include "shops/location.h"
#include "shops/numbering.h"

struct locations_page {
    struct location *locations;
    int64_t count;
    struct staff_place *places;
    int64_t place_count;
    struct vocabulary words;
    bool several; /* there are several to choose from */
};
struct location_entry {
    const char *name, *kind, *address, *phone;
    int64_t own_hours, version;
    struct week_day *days;
    int64_t count;
};
struct location_page {
    struct location location; /* id NONE: a new one */
    struct location_entry entry;
    struct form form;
};

struct numbers_page {
    struct numbering *rows;
    int64_t count;
    struct form form;
};

struct colours {
    const char *brand, *shell, *accent;
};
struct colours_page {
    struct colours colours;
    int64_t is_own; /* flag: Benchpin's own */
    struct form form;
    const char *preview; /* the query of the preview's stylesheet */
};
