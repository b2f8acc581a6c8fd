/* The models of the pages of job templates. */
#pragma once

#include "settings/settings.h"
#include "shops/job_template.h"

struct templates_page {
    struct job_template *templates;
    int64_t count;
};
struct template_page {
    struct job_template template; /* code NULL: a new one */
    const struct recipe *base;    /* what is absent is as here; NULL: usual work */
    struct form form;
    struct template_operation *rows; /* with some empty ones behind */
    int64_t row_count;
};
