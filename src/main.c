/* The command line. */
#include "cli/program.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name, *usage, *meaning;
    int (*run)(const struct settings *settings, struct errors *errors);
} commands[] = {
    {"serve", "benchpin serve [--data DIR] [--listen ADDRESS:PORT] [--database URL] …",
     "serve the shop; in an empty folder the first page sets it up", serve_command},
    {"init",
     "benchpin init --data DIR --shop NAME --country CC --currency XXX --zone ZONE --owner NAME "
     "--email ADDRESS --password-file FILE [--database URL]",
     "set up a shop without a browser", init_command},
    {"demo", "benchpin demo --data DIR [--orders N] [--seed S] [--database URL]",
     "fill a shop that has no jobs yet with a believable past, and print who can sign in",
     demo_command},
    {"backup", "benchpin backup --data DIR --to FOLDER [--database URL]",
     "copy database and attachments, also while it is served", backup_command},
    {"restore", "benchpin restore --from FOLDER --data DIR [--database URL]",
     "make a shop from a backup, in a new folder or an empty database", restore_command},
    {"shop",
     "benchpin shop add NAME --host HOST [--url URL]\n"
     "benchpin shop list\n"
     "benchpin shop host add NAME HOST\n"
     "benchpin shop host remove NAME HOST\n"
     "benchpin shop url NAME --url URL\n"
     "benchpin shop remove NAME --confirm NAME\n"
     "benchpin shop restore NAME --host HOST",
     "several shops on one server, each at hosts of its own; also while it is served",
     shop_command},
    {"drill", "benchpin drill --from FOLDER [--database URL]",
     "try a backup: verify it, restore it beside, look, and remove that again", drill_command},
    {"export", "benchpin export --to FILE.zip [--shop NAME] [--data DIR] [--database URL]",
     "take a whole shop out: every row, every file, and tables for people; also while it is served",
     export_command},
    {"import",
     "benchpin import FILE.zip [--shop NAME [--host HOST]] [--password-file FILE] [--data DIR] "
     "[--database URL]",
     "make a shop of an export, on SQLite or PostgreSQL; nothing may be in it yet", import_command},
    {"migrate", "benchpin migrate [--data DIR] [--database URL]",
     "bring the database up to date without serving it, as serve does by itself", migrate_command},
    {"doctor", "benchpin doctor [--data DIR] [--database URL]",
     "say what is wrong with this installation", doctor_command},
    {"routes", "benchpin routes", "list every address and which roles may use it, as JSON",
     routes_command},
    {"config", "benchpin config [any setting]", "list every setting as it is in force",
     config_command},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out) {
    fputs("Benchpin: the system a jeweller runs the shop on.\n\n", out);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(out, "  benchpin %-8s  %s\n", commands[i].name, commands[i].meaning);
    fputs("\n  benchpin COMMAND --help   what a command takes\n"
          "  benchpin --version        which version this is\n",
          out);
}

static void print_command_help(const struct command *command) {
    printf("%s\n\n%s.\n\n", command->usage, command->meaning);
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++)
        if (settings_taken(setting, command->name))
            printf("  --%-15s %s%s%s%s\n", setting->name, setting->meaning,
                   setting->value == NULL ? "" : " (", setting->value == NULL ? "" : setting->value,
                   setting->value == NULL ? "" : ")");
    puts("\nEach can also be an environment variable (BENCHPIN_LISTEN) or a line of the\n"
         "configuration file (listen = …); see: benchpin config");
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "--version") == 0) {
        puts("benchpin " BENCHPIN_VERSION);
        return 0;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return 0;
    }
    const struct command *command = NULL;
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            command = &commands[i];
    if (command == NULL) {
        fprintf(stderr, "benchpin: there is no command “%s”.\n\n", name);
        print_help(stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            print_command_help(command);
            return 0;
        }
    if (sodium_init() < 0) {
        fputs("benchpin: the system has no source of randomness.\n", stderr);
        return 1;
    }
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    struct settings settings;
    int status;
    enum status read = settings_read(&settings, command->name, argc - 2, argv + 2, &errors);
    /* To init --shop is what the shop is called, to the others which of several is meant. */
    for (const struct setting *each = settings_all; each->name != NULL; each++)
        if (strcmp(each->name, "shop") == 0 && command->run != init_command &&
            settings_taken(each, command->name))
            settings.into = settings.shop;
    if (read == OK) {
        settings.arguments = argv;
        status = command->run(&settings, &errors);
    } else {
        status = program_faults(&errors) + 1;
    }
    arena_free(arena);
    return status;
}
