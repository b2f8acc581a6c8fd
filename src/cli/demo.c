#include "cli/program.h"

#include "accounts/account.h"
#include "base/number.h"
#include "demo/demo.h"
#include "media/files.h"
#include "media/media.h"
#include "shops/shop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Known to everybody: a demo has nothing to hide, and nothing of value. */
#define DEMO_PASSWORD "morning-light-42"
#define ORDERS_MOST INT64_C(1000000)

static void tell(int64_t done, int64_t of) {
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%ld of %ld orders%s", (long)done, (long)of, done == of ? "\n" : "");
}

static enum status read_number(const char *text, const char *name, int64_t least, int64_t most,
                               int64_t *number, struct errors *errors) {
    if (number_parse(text, 0, number) && *number >= least && *number <= most)
        return OK;
    return error_add(errors, INVALID, name, "out_of_range",
                     "--%s is a whole number from %ld to %ld.", name, (long)least, (long)most);
}

static enum status fill(const struct settings *settings, struct databases *databases,
                        struct demo_settings *demo, struct errors *errors) {
    struct demo_person *people;
    int64_t count;
    struct context cx = program_context(databases, errors->arena, errors);
    if (!shop_prepare(&cx))
        return error_add(errors, CONFLICT, NULL, "not_set_up",
                         "There is no shop in %s yet. Set it up first: benchpin init --help",
                         settings->data);
    if (files_prepare(store_files(cx.store), errors) != OK)
        return errors->status;
    demo->password_hash = password_hash(DEMO_PASSWORD, errors->arena);
    demo->tell = tell;
    enum status status = demo_make(&cx, demo, &people, &count);
    for (int64_t i = 0; i < count && status == OK; i++)
        printf("%-20s %-18s %s, %s\n", people[i].email, DEMO_PASSWORD, people[i].name,
               people[i].role);
    return status;
}

int demo_command(const struct settings *settings, struct errors *errors) {
    struct demo_settings demo = {.orders = 0};
    int64_t seed;
    read_number(settings->orders, "orders", 1, ORDERS_MOST, &demo.orders, errors);
    if (read_number(settings->seed, "seed", 0, INT64_MAX, &seed, errors) == OK)
        demo.seed = (uint64_t)seed;
    if (errors_any(errors))
        return program_faults(errors) + 1;
    demo.by_hand = demo.orders > DEMO_ORDERS_WHOLE;
    struct databases *databases = demo.by_hand ? program_open_without_flow(settings, errors)
                                               : program_open(settings, false, NULL, NULL, errors);
    if (databases == NULL)
        return program_faults(errors);
    demo.temporary = arena_printf(errors->arena, "%s/tmp", settings->data);
    if (mkdir(demo.temporary, 0700) != 0 && errno != EEXIST)
        error_add(errors, FAILED, NULL, "data_folder", "The folder %s cannot be made: %s.",
                  demo.temporary, strerror(errno));
    const char *helper = program_media(settings, errors->arena);
    demo.media = helper == NULL ? NULL : media_new(helper);
    if (demo.media == NULL)
        fputs("benchpin: there will be no pictures: benchpin-media is not beside benchpin.\n",
              stderr);
    if (!errors_any(errors))
        fill(settings, databases, &demo, errors);
    media_free(demo.media);
    databases_close(databases);
    return errors_any(errors) ? program_faults(errors) : 0;
}
