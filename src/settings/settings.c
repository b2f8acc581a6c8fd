#include "settings/settings.h"

#include "accounts/permission.h"

static const struct settings_place shop_places_[] = {
    {"shop", "/settings/shop", "Shop and terms", RIGHT(MAY_CHANGE_SETTINGS),
     "Name, address, logo, terms, deposit, what moves by itself"},
    {"colours", "/settings/colours", "Colours", RIGHT(MAY_CHANGE_SETTINGS),
     "As your customers know you, light and dark"},
    {"locations", "/settings/locations", "Locations", RIGHT(MAY_CHANGE_SETTINGS),
     "Stores and workshops, and who works where"},
    {"opening", "/settings/opening", "Opening days", RIGHT(MAY_CHANGE_SETTINGS),
     "Hours of the week, holidays, short days"},
    {"taxes", "/settings/taxes", "Taxes", RIGHT(MAY_CHANGE_SETTINGS), "What is added to prices"},
    {"numbers", "/settings/numbers", "Numbers", RIGHT(MAY_CHANGE_SETTINGS),
     "Of jobs, quotes, invoices and receipts"},
    {"mail", "/settings/mail", "Mail", RIGHT(MAY_CHANGE_SETTINGS),
     "The server that messages leave through"},
    {"messages", "/settings/messages", "Words of messages", RIGHT(MAY_CHANGE_SETTINGS),
     "What customers are told, and when"},
    {"webhooks", "/settings/webhooks", "Webhooks", RIGHT(MAY_CHANGE_SETTINGS),
     "Other programs that are told of what happens"},
    {"backups", "/settings/backups", "Backups", RIGHT(MAY_CHANGE_SETTINGS),
     "What is kept, and whether it was tried"},
    {"export", "/settings/export", "Copy of the shop", RIGHT(MAY_EXPORT_SHOP),
     "Everything in one file, to keep or to move"},
    {0},
};
static const struct settings_place work_places[] = {
    {"templates", "/settings/templates", "Job templates", RIGHT(MAY_CHANGE_SETTINGS),
     "What new jobs begin with; usual work and its price"},
    {0},
};
static const struct settings_place price_places[] = {
    {"metals", "/settings/metals", "Metals", RIGHT(MAY_SET_PRICES),
     "Today's prices, alloys, fineness, loss"},
    {"rates", "/settings/rates", "Rates and margins", RIGHT(MAY_SET_PRICES),
     "Hours, settings, stones, what is added to cost"},
    {0},
};
static const struct settings_place people_places[] = {
    {"staff", "/settings/staff", "Staff", RIGHT(MAY_MANAGE_STAFF),
     "Who may sign in, and with which role"},
    {"craftsmen", "/settings/craftsmen", "Craftsmen", RIGHT(MAY_CHANGE_SETTINGS),
     "Crafts, speed, working hours, days away"},
    {"permissions", "/settings/permissions", "Roles", RIGHT(MAY_CHANGE_SETTINGS),
     "Who may do what"},
    {"log", "/settings/log", "Log", RIGHT(MAY_CHANGE_SETTINGS), "Who did what, and when"},
    {0},
};

const struct settings_group settings_groups[] = {
    {"Shop", shop_places_},
    {"Work", work_places},
    {"Prices", price_places},
    {"People", people_places},
    {0},
};
