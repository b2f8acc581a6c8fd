/* The page of one customer, and of one visit: their jobs and what they paid. */
#pragma once

#include "customers/customer.h"
#include "jobs/job.h"
#include "sales/sales.h"

struct customer_page {
    struct customer customer; /* stands first: the record's base */
    struct job_found *open, *past;
    int64_t open_count, past_count;
    int64_t jobs, spent, owed; /* figures over all their jobs */
    int64_t since;
};
struct visit_job {
    int64_t id, number;
    const char *title, *kind, *stage, *type;
    int64_t position, picture, price, paid;
};
struct visit_page {
    int64_t id, number, at, customer;
    const char *customer_name, *source;
    struct visit_job *jobs;
    int64_t job_count;
    struct payment *payments;
    int64_t payment_count;
    int64_t price, paid, balance;
};
extern const struct route customer_page_routes[];
