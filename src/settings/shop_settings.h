/* The models of the shop's settings pages. */
#pragma once

#include "settings/settings.h"
#include "shops/country.h"
#include "shops/holiday.h"
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
/* Closed days that follow each other with the same reason. */
struct closed_range {
    const char *from, *to, *reason;
};
struct holiday_offer {
    struct holiday holiday;
    bool closed; /* already */
    bool weekly; /* the shop is not open on that weekday anyway */
};
struct opening_page {
    struct week week;
    struct closure_day *closures;
    int64_t closure_count;
    struct special_day *specials;
    int64_t special_count;
    struct closed_range *ranges;
    int64_t range_count;
    int64_t year; /* whose holidays are offered */
    struct holiday_offer *offers;
    int64_t offer_count;
    const char *country, *source, *note;
    struct form week_form, closing_form, special_form;
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
