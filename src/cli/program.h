/* What the commands share: the program put together from its rooms. */
#pragma once

#include "cli/settings.h"
#include "http/http.h"
#include "work/work.h"

extern const struct route *const program_routes[]; /* the rooms' tables; ends with NULL */
extern const struct reaction *const *program_reactions(void);

/* Opens the databases that the settings name. NULL: a fault says why. */
struct databases *program_open(const struct settings *settings, bool read_only,
                               void (*heard)(void *, struct store *, const char *, int64_t),
                               void *heard_arg, struct errors *errors);
/* For a demo of many orders: no event runs the flow's nodes, demo_make() does (demo/demo.h). */
struct databases *program_open_without_flow(const struct settings *settings, struct errors *errors);
/* A context of the program itself on the shop that the settings name. */
struct context program_context(struct databases *databases, struct arena *arena,
                               struct errors *errors);
/* The faults on the standard error, a line each; returns the exit status for it, 1. */
int program_faults(const struct errors *errors);

/* The program that decodes pictures: the setting, or beside this one. NULL: not found. */
const char *program_media(const struct settings *settings, struct arena *arena);

/* The first line of the file, without its end; NULL: a fault says why. */
const char *program_password(const char *path, struct errors *errors);
/* Makes the data folder when it is missing. */
enum status program_folder(const struct settings *settings, struct errors *errors);

/* The commands: each takes its settings and returns the exit status. */
int serve_command(const struct settings *settings, struct errors *errors);
int init_command(const struct settings *settings, struct errors *errors);
int demo_command(const struct settings *settings, struct errors *errors);
int export_command(const struct settings *settings, struct errors *errors);
int import_command(const struct settings *settings, struct errors *errors);
int routes_command(const struct settings *settings, struct errors *errors);
int shop_command(const struct settings *settings, struct errors *errors);
int migrate_command(const struct settings *settings, struct errors *errors);
int config_command(const struct settings *settings, struct errors *errors);
int backup_command(const struct settings *settings, struct errors *errors);
int drill_command(const struct settings *settings, struct errors *errors);
int restore_command(const struct settings *settings, struct errors *errors);
int doctor_command(const struct settings *settings, struct errors *errors);
