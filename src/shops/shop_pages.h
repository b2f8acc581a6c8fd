/* The models of this room's pages. */
#pragma once

#include "shops/country.h"
#include "shops/shop.h"

struct set_up_form {
    const struct country *country;
    struct vocabulary currencies; /* "GBP Pound sterling" */
    struct form form, country_form;
};
