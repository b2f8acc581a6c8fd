/* What the test templates are given. */
#pragma once

#include <stdint.h>

struct good {
    const char *text;    /* hostile: a bit of everything */
    const char *nothing; /* NULL */
    const char *script;  /* a URL of a forbidden scheme */
    const char *url;     /* a good one */
    const char *phone, *mail;
    int64_t number, absent;
    int count;
    double weight;
    _Bool yes;
};
