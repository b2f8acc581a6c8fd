/* The models of the shop's settings pages. */
#pragma once

#include "settings/settings.h"
#include "shops/shop.h"

struct settings_hub {
    struct missing *missing;
    int64_t missing_count;
};

struct shop_page {
    struct shop shop;
    struct form form;
};

/* A weekday as the form has it: seven rows, Monday first. */
struct week_day {
    int64_t weekday, open, opens, closes;
};
struct week {
    struct week_day *days;
    int64_t count;
};
struct closing {
    const char *day, *to, *reason;
};
struct opening_page {
    struct week week;
    struct closure_day *closures;
    int64_t closure_count;
    struct form week_form, closing_form;
};
extern const struct record week_day_record;
const char *weekday_name(int64_t weekday);

struct tax_page {
    struct tax *taxes;
    int64_t count;
    int64_t edited; /* the id whose form was refused; NONE: the new one's */
    struct form form;
};
extern const struct record logo_record;
