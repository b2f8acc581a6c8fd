/* Everything that can be gone to or begun from anywhere, in one list: the navigation, the settings,
 * and what is here. What can be done with the thing on a page is on that page: the browser adds its
 * buttons. */
#include "search/search.h"

#include "accounts/permission.h"
#include "base/text.h"
#include "search.search.html.h"
#include "settings/settings.h"

static const struct command begin[] = {
    {"New", "New job", "/jobs/new", "plus", "order intake take in", "N", RIGHT(MAY_EDIT_JOBS)},
    {"New", "New custom order", "/jobs/new?kind=custom", "plus", "job bespoke", "N 1",
     RIGHT(MAY_EDIT_JOBS)},
    {"New", "New repair", "/jobs/new?kind=repair", "plus", "job intake", "N 2",
     RIGHT(MAY_EDIT_JOBS)},
    {"New", "New piece for stock", "/jobs/new?kind=stock", "plus", "job make", "N 3",
     RIGHT(MAY_EDIT_JOBS)},
    {"New", "New customer", "/customers/new", "userplus", "add person", NULL,
     RIGHT(MAY_EDIT_CUSTOMERS)},
    {"New", "New vendor", "/vendors/new", "plus", "add caster supplier", NULL, RIGHT(MAY_BUY)},
    {"New", "New stock item", "/stock/new", "plus", "add stone metal finding", NULL,
     RIGHT(MAY_CHANGE_STOCK)},
    {"New", "New place", "/custody/places/new", "plus", "safe tray bench label", NULL,
     RIGHT(MAY_CHANGE_SETTINGS)},
    {"Custody", "Scan envelopes", "/custody/scan", "barcode", "move hand over", NULL,
     RIGHT(MAY_MOVE_JOBS)},
    {"Custody", "Count", "/custody/counts", "list", "evening stocktake missing", NULL,
     RIGHT(MAY_SEE_JOBS)},
    {"Jobs", "List of jobs", "/jobs", "list", "table orders", NULL, RIGHT(MAY_SEE_JOBS)},
    {"Jobs", "Board of repairs", "/board?kind=repair", "kanban", "jobs", NULL, RIGHT(MAY_SEE_JOBS)},
    {"Jobs", "Board of stock", "/board?kind=stock", "kanban", "jobs", NULL, RIGHT(MAY_SEE_JOBS)},
    {"Jobs", "Overdue jobs", "/jobs?late=1", "clock", "late promised", NULL, RIGHT(MAY_SEE_JOBS)},
    {"Jobs", "Long on the ready shelf", "/jobs?shelf=1", "clock", "uncollected pickup", NULL,
     RIGHT(MAY_SEE_JOBS)},
    {"Jobs", "Closed jobs", "/jobs?closed=1", "check", "collected completed", NULL,
     RIGHT(MAY_SEE_JOBS)},
    {"Jobs", "Archived jobs", "/jobs?archived=1", "archive", NULL, NULL, RIGHT(MAY_SEE_JOBS)},
    {"Stock room", "Waiting for vendors", "/requests", "clock", "requests quotes", NULL,
     RIGHT(MAY_BUY)},
    {"You", "Keys", "/keys", "info", "keyboard shortcuts help", "?", 0},
    {"You", "Your settings", "/me/settings", "user", "theme password keys", NULL, 0},
    {0},
};

enum { COMMANDS_MOST = 200 };

static void add(struct view *v, struct commands_page *page, struct command command) {
    for (int64_t i = 0; i < page->count; i++)
        if (text_same(page->commands[i].url, command.url))
            return;
    if (page->count < COMMANDS_MOST && (command.right == 0 || view_may(v, command.right)))
        page->commands[page->count++] = command;
}

/* The navigation is the view's, so the list is made where the page is. */
static struct commands_page gather(struct view *v) {
    struct commands_page page = {.commands = ARENA_ARRAY(v->arena, struct command, COMMANDS_MOST)};
    for (const struct command *command = begin; command->label != NULL; command++)
        add(v, &page, *command);
    for (const struct places *group = v->places; group != NULL && group->places != NULL; group++)
        for (const struct place *place = group->places; place->name != NULL; place++)
            add(v, &page,
                (struct command){.group = "Go to",
                                 .label = place->label,
                                 .url = place->url,
                                 .icon = place->icon,
                                 .words = group->title,
                                 .right = place->right});
    for (const struct settings_group *group = settings_groups; group->title != NULL; group++)
        for (const struct settings_place *place = group->places; place->name != NULL; place++)
            add(v, &page,
                (struct command){.group = "Settings",
                                 .label = place->label,
                                 .url = place->url,
                                 .icon = "settings",
                                 .words = place->sentence,
                                 .right = place->right});
    return page;
}

static void body(struct view *v, const void *model) {
    struct commands_page page = gather(v);
    commands_html(v, &page);
}

static void page_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Everything you can do"), .body = body});
}

static void options_html(struct view *v, const void *model) {
    struct commands_page page = gather(v);
    commands_options_html(v, &page);
}

static const struct presentation page_as = {NULL, page_html};
static const struct presentation options_as = {NULL, options_html};

static enum status commands_show(struct request *r) {
    return answer(r, &page_as, NULL);
}

static enum status options_show(struct request *r) {
    return answer(r, &options_as, NULL);
}

/* ------------------------------------------------------------------ keys */

static const struct key keys_everywhere[] = {
    {{"/", "Ctrl K"}, "Search, jump, scan", NULL, NULL},
    {{">"}, "Do anything by its name", NULL, NULL},
    {{"N"}, "New job", "nav", NULL},
    {{"N", "1"}, "New custom order", "nav", NULL},
    {{"N", "2"}, "New repair", "nav", NULL},
    {{"N", "3"}, "New piece for stock", "nav", NULL},
    {{"G", "T"}, "Today", NULL, "t"},
    {{"G", "J"}, "Jobs", NULL, "j"},
    {{"G", "S"}, "Schedule", NULL, "s"},
    {{"G", "C"}, "Customers", NULL, "c"},
    {{"G", "R"}, "Reports", NULL, "r"},
    {{"Ctrl Enter"}, "Send the form", "form", NULL},
    {{"Esc"}, "Close, leave, cancel a drag", NULL, NULL},
    {{"?"}, "This list", NULL, NULL},
    {{NULL}, NULL, NULL, NULL},
};
static const struct key keys_of_lists[] = {
    {{"↑", "↓"}, "From row to row", "rows", NULL},
    {{"Enter"}, "Open", "rows", NULL},
    {{"↑", "↓", "←", "→"}, "From card to card", "board", NULL},
    {{"1", "0"}, "To a stage", "board", NULL},
    {{"]"}, "Next stage", "board", NULL},
    {{"["}, "Stage back", "job", NULL},
    {{"M"}, "Stage menu", "job", NULL},
    {{"A"}, "Who sees to it", "job", NULL},
    {{"D"}, "Promised date", "job", NULL},
    {{NULL}, NULL, NULL, NULL},
};
const struct key_group key_groups[] = {
    {"Everywhere", keys_everywhere}, {"In lists, and of a job", keys_of_lists}, {NULL, NULL}};

static void keys_body(struct view *v, const void *model) {
    keys_html(v, model);
}

static void keys_page_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Keys"), .body = keys_body});
}

static const struct presentation keys_as = {NULL, keys_page_html};
static const struct presentation keys_list_as = {NULL, keys_list_html};

static enum status keys_show(struct request *r) {
    return answer(r, &keys_as, NULL);
}

static enum status keys_list_show(struct request *r) {
    return answer(r, &keys_list_as, NULL);
}

const struct route command_routes[] = {
    {GET, "/keys", RIGHT_SIGNED_IN, keys_show, .flags = ROUTE_PAGE},
    {GET, "/keys/list", RIGHT_SIGNED_IN, keys_list_show, .flags = ROUTE_PAGE | ROUTE_INTERNAL},
    {GET, "/commands", RIGHT_SIGNED_IN, commands_show, .flags = ROUTE_PAGE},
    {GET, "/commands/options", RIGHT_SIGNED_IN, options_show, .flags = ROUTE_PAGE | ROUTE_INTERNAL},
    {0},
};
