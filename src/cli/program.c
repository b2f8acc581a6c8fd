#include "cli/program.h"

#include "accounts/account.h"
#include "accounts/link.h"
#include "appointments/appointment.h"
#include "backup/backup.h"
#include "custody/custody.h"
#include "customers/customer.h"
#include "desk/board.h"
#include "desk/calendar.h"
#include "desk/customer_page.h"
#include "desk/intake.h"
#include "desk/job_page.h"
#include "desk/post.h"
#include "desk/prints.h"
#include "flow/flow.h"
#include "health/health.h"
#include "jobs/job.h"
#include "jobs/job_bulk.h"
#include "jobs/job_view.h"
#include "media/media.h"
#include "messages/message.h"
#include "purchasing/request.h"
#include "quotes/making.h"
#include "quotes/quote.h"
#include "sales/sales.h"
#include "schema/schema.h"
#include "search/search.h"
#include "settings/settings.h"
#include "shops/shop.h"
#include "stock/stock.h"
#include "tracking/tracking.h"
#include "transfer/transfer.h"
#include "vendors/vendor.h"
#include "webhooks/webhook.h"
#include "workshop/workshop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off: a line each, so that rooms are added beside each other */
const struct route *const program_routes[] = {
    shop_routes,
    account_routes,
    customer_routes,
    settings_routes,
    settings_price_routes,
    settings_staff_routes,
    vendor_routes,
    stock_routes,
    job_routes,
    job_file_routes,
    workshop_routes,
    making_routes,
    quote_routes,
    board_routes,
    flow_routes,
    intake_routes,
    customer_page_routes,
    job_page_routes,
    print_routes,
    sales_routes,
    tracking_routes,
    enquiry_routes,
    appointment_routes,
    request_routes,
    message_routes,
    mail_routes,
    job_list_routes,
    job_view_routes,
    job_bulk_routes,
    calendar_routes,
    settings_own_routes,
    settings_template_routes,
    backup_routes,
    health_routes,
    webhook_routes,
    account_link_routes,
    settings_log_routes,
    settings_me_routes,
    export_routes,
    custody_routes,
    count_routes,
    search_routes,
    command_routes,
    NULL,
};
/* clang-format on */

static const struct reaction *const reactions[] = {
    job_reactions,     workshop_reactions,        making_reactions,  quote_reactions,
    sales_reactions,   message_reactions,         post_reactions,    flow_reactions,
    account_reactions, message_account_reactions, custody_reactions, NULL,
};

const struct reaction *const *program_reactions(void) {
    return reactions;
}

static struct databases *open_with(const struct settings *settings,
                                   const struct database_settings *more, struct errors *errors) {
    struct database_settings opening = *more;
    opening.data = settings->data;
    opening.url = settings->database;
    opening.migrations = schema_migrations;
    opening.shop = settings->into != NULL ? settings->into : more->shop;
    return databases_open(&opening, errors);
}

struct databases *program_open(const struct settings *settings, bool read_only,
                               void (*heard)(void *, struct store *, const char *, int64_t),
                               void *heard_arg, struct errors *errors) {
    return open_with(
        settings,
        &(struct database_settings){
            .read_only = read_only, .heard = heard, .heard_arg = heard_arg, .reactions = reactions},
        errors);
}

struct databases *program_open_without_flow(const struct settings *settings,
                                            struct errors *errors) {
    static const struct reaction *rest[sizeof reactions / sizeof reactions[0]];
    for (size_t i = 0, count = 0; reactions[i] != NULL; i++)
        if (reactions[i] != flow_reactions)
            rest[count++] = reactions[i];
    return open_with(settings, &(struct database_settings){.reactions = rest}, errors);
}

static const struct actor program = {
    .name = "Benchpin", .role = "program", .permissions = UINT64_MAX, .theme = "auto"};

struct context program_context(struct databases *databases, struct arena *arena,
                               struct errors *errors) {
    struct context cx = {.arena = arena,
                         .errors = errors,
                         .actor = &program,
                         .store = databases_default(databases),
                         .now = instant_now()};
    shop_prepare(&cx);
    return cx;
}

enum status program_folder(const struct settings *settings, struct errors *errors) {
    if (mkdir(settings->data, 0700) == 0 || errno == EEXIST)
        return OK;
    return error_add(errors, FAILED, NULL, "data_folder", "The folder %s cannot be made: %s.",
                     settings->data, strerror(errno));
}

const char *program_media(const struct settings *settings, struct arena *arena) {
    if (settings->media != NULL)
        return access(settings->media, X_OK) == 0 ? settings->media : NULL;
    return media_find_helper(arena);
}

int program_faults(const struct errors *errors) {
    for (const struct fault *fault = errors->first; fault != NULL; fault = fault->next)
        fprintf(stderr, "benchpin: %s\n", fault->sentence);
    return 1;
}
