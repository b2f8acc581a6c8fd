/* The models of this room's pages. */
#pragma once

#include "customers/customer.h"

struct customer_query {
    const char *q, *after;
    int64_t after_id, archived;
};
struct customer_list {
    struct customer_query query;
    struct customer_found *rows;
    int64_t count;
    const char *next; /* the address of the next page, or NULL */
};
struct customer_form {
    struct customer *customer;
    struct form form;
};
