/* What each template is made of: its defaults and how its work goes. For design/, and for who keeps
 * a shop's own ones (shops/job_template.h); others use template.h. */
#pragma once

#include "design/spec.h"

#define RECIPE_FINDINGS 3

struct recipe_finding {
    const char *name;
    int64_t count;
};

struct recipe {
    const char *code, *name, *type;
    const char *rules; /* code of the template whose rules it follows; NULL: its own code */
    /* defaults of the choices; 0 and NULL: the template has no such thing */
    int64_t ring_size, band_width, band_thickness;
    const char *profile;
    int64_t length, width, thickness;
    int64_t carats; /* of the centre stone */
    const char *setting;
    int64_t accent_size;
    const char *accent_setting;
    const char *whose; /* NULL: the shop's */
    int64_t pieces;    /* 2 for a pair; 0: one */
    /* the work */
    bool cast, remodel;
    int64_t cad_minutes;  /* 0: made without a drawing, and without showing one */
    const char *mounting; /* NULL and 0: clean up and assemble, 60 minutes */
    int64_t mounting_minutes;
    int64_t seal_minutes;
    struct recipe_finding findings[RECIPE_FINDINGS]; /* the first without a name ends them */
    const struct operation_plan *operations; /* done instead of what follows from the rules */
    int64_t operation_count;                 /* 0: the rules */
};

const struct recipe *recipe_find(const char *code); /* NULL: none */
