#include "cli/program.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A database's address may carry a password. */
static const char *masked(const struct setting *setting, const char *value, struct arena *arena) {
    const char *at = value == NULL ? NULL : strrchr(value, '@');
    if (at == NULL || strcmp(setting->name, "database") != 0)
        return value;
    const char *start = strstr(value, "://");
    const char *colon = start == NULL ? NULL : strchr(start + 3, ':');
    if (colon == NULL || colon > at)
        return value;
    return arena_printf(arena, "%.*s:…%s", (int)(colon - value), value, at);
}

int config_command(const struct settings *settings, struct errors *errors) {
    printf(
        "# Every setting as it is in force here. The first word in brackets says where it comes\n"
        "# from: flag, environment, file, or default. A line without its # is a line for the\n"
        "# configuration file (--config FILE, by itself %s/benchpin.conf).\n",
        settings->data);
    for (const struct setting *setting = settings_all; setting->name != NULL; setting++) {
        char variable[64];
        snprintf(variable, sizeof variable, "BENCHPIN_%s", setting->name);
        for (char *at = variable; *at != '\0'; at++)
            *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
        const char *value = *(const char *const *)((const char *)settings + setting->offset);
        printf("\n# %s\n# --%s, %s [%s]\n%s%s = %s\n", setting->meaning, setting->name, variable,
               settings_origin(setting), value == NULL ? "# " : "", setting->name,
               value == NULL ? "" : masked(setting, value, errors->arena));
    }
    return 0;
}
