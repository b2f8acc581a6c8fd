/* The models of this room's pages. */
#pragma once

#include "shops/shop.h"

struct set_up_form {
    struct form form;
};
