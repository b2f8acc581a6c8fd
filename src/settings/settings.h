/* The settings: one list of places beside one page each, over what shops, accounts and stock keep.
 *
 * A room above puts its own page among them: its place stands in the list here, and its template
 * includes "settings/settings.html" for
 *
 *     <div class="page">
 *       <div class="page-head"><div><h1>…</h1></div></div>
 *       <div class="settings">{{> settings_nav("mail")}}<div class="stack">…</div></div>
 *     </div>
 *
 * with "settings" as the page's `nav`, and "Settings", "/settings" as its crumb. */
#pragma once

#include "http/http.h"

struct settings_place {
    const char *name, *url, *label; /* a NULL name ends a group */
    uint64_t right;
    const char *sentence; /* what is found there, for the first page */
};
struct settings_group {
    const char *title; /* NULL ends the groups */
    const struct settings_place *places;
};
extern const struct settings_group settings_groups[];

extern const struct route settings_routes[];          /* the shop */
extern const struct route settings_own_routes[];      /* locations, numbers, colours */
extern const struct route settings_template_routes[]; /* job templates */
extern const struct route settings_price_routes[];    /* metals, rates, margins */
extern const struct route settings_staff_routes[];    /* staff, invitations, rights */
extern const struct route settings_log_routes[];      /* who changed what */
extern const struct route settings_me_routes[];       /* everybody's own account */
