/* Every address the server answers at and which roles may use it, from the tables themselves: for
 * who examines an installation, and for the tests, which thereby know of a new route by itself. */
#include "cli/program.h"

#include "accounts/permission.h"
#include "base/buf.h"
#include "http/router.h"

#include <stdio.h>

static bool allowed(const struct route *route, const char *role) {
    uint64_t own = role_permissions(role) | RIGHT_SIGNED_IN | RIGHT_IN_PERSON | RIGHT_PUBLIC;
    return (route->right & ~own) == 0;
}

int routes_command(const struct settings *settings, struct errors *errors) {
    static const char *const roles[] = {"owner", "manager", "sales", "bench"};
    struct buf out = {0};
    (void)settings;
    (void)errors;
    const char *comma = "[";
    for (const struct route *const *table = program_routes; *table != NULL; table++)
        for (const struct route *route = *table; route->path != NULL; route++) {
            unsigned flags = route->flags;
            buf_printf(&out, "%s\n{\"method\":\"%s\",\"path\":", comma, method_name(route->method));
            json_write_text(&out, route->path);
            buf_printf(&out, ",\"page\":%s,\"api\":%s,\"upload\":%s,\"public\":%s,\"roles\":",
                       flags & ROUTE_API ? "false" : "true",
                       flags & (ROUTE_PAGE | ROUTE_ROOT) ? "false" : "true",
                       flags & ROUTE_UPLOAD ? "true" : "false",
                       route->right & RIGHT_PUBLIC ? "true" : "false");
            const char *between = "[";
            for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
                if (allowed(route, roles[i])) {
                    buf_printf(&out, "%s\"%s\"", between, roles[i]);
                    between = ",";
                }
            buf_text(&out, *between == '[' ? "[]" : "]");
            /* What a token with scopes needs: these, and for some that it is not one. */
            buf_printf(&out, ",\"in_person\":%s,\"rights\":",
                       route->right & RIGHT_IN_PERSON ? "true" : "false");
            between = "[";
            for (int i = 0; i < PERMISSION_COUNT; i++)
                if (route->right & RIGHT(i)) {
                    buf_printf(&out, "%s\"%s\"", between, permission_code(i));
                    between = ",";
                }
            buf_text(&out, *between == '[' ? "[]}" : "]}");
            comma = ",";
        }
    buf_text(&out, "\n]\n");
    fwrite(out.at, 1, out.length, stdout);
    buf_free(&out);
    return 0;
}
