/* What a browser says that it is, in words. Browsers pretend to be each other, so the more
 * particular names are looked for first. */
#include "accounts/session.h"

#include <string.h>

struct sign {
    const char *part, *name;
};

static const struct sign programs[] = {
    {"Edg", "Edge"},
    {"OPR/", "Opera"},
    {"Opera", "Opera"},
    {"Vivaldi", "Vivaldi"},
    {"SamsungBrowser", "Samsung Internet"},
    {"FxiOS", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS", "Chrome"},
    {"Chrome/", "Chrome"},
    {"Safari/", "Safari"},
};
static const struct sign systems[] = {
    {"iPhone", "iPhone"},     {"iPad", "iPad"},       {"Android", "Android"},
    {"CrOS", "a Chromebook"}, {"Windows", "Windows"}, {"Macintosh", "a Mac"},
    {"Linux", "Linux"},
};

static const char *name_of(const struct sign *signs, size_t count, const char *agent) {
    for (size_t i = 0; i < count; i++)
        if (strstr(agent, signs[i].part) != NULL)
            return signs[i].name;
    return NULL;
}

const char *agent_words(const char *agent, struct arena *arena) {
    if (agent == NULL)
        return "Another program";
    const char *program = name_of(programs, sizeof programs / sizeof *programs, agent);
    const char *system = name_of(systems, sizeof systems / sizeof *systems, agent);
    if (program == NULL)
        return system == NULL ? "Another program" : system;
    return system == NULL ? program : arena_printf(arena, "%s on %s", program, system);
}
