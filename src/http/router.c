#include "http/router.h"

#include "http/input.h"

#include <stdlib.h>
#include <string.h>

enum { METHODS = DELETE + 1 };

/* One segment of a pattern: a literal, or a name with an optional tail. */
struct node {
    struct node *next;   /* the next sibling: literals first, then numbers, then texts */
    struct node *first;  /* children */
    const char *literal; /* or NULL */
    const char *tail;    /* "" or ".pdf" */
    bool number;
    const struct route *routes[METHODS];
};

struct router {
    struct node *pages, *api;
};

bool name_is_number(const char *name, size_t length) {
    static const char *const ends[] = {"id", "number"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);
        if (length < end || strncmp(name + length - end, ends[i], end) != 0)
            continue;
        if (length == end || name[length - end - 1] == '_')
            return true;
    }
    return false;
}

const char *method_name(enum method method) {
    static const char *const names[] = {"", "GET", "POST", "PUT", "PATCH", "DELETE"};
    return names[method];
}

const char *allow_header(unsigned allowed, struct arena *arena) {
    const char *text = allowed & 1u << GET ? "GET, HEAD" : "";
    for (enum method method = POST; method <= DELETE; method++)
        if (allowed & 1u << method)
            text = *text == '\0' ? method_name(method)
                                 : arena_printf(arena, "%s, %s", text, method_name(method));
    return *text == '\0' ? "OPTIONS" : arena_printf(arena, "%s, OPTIONS", text);
}

/* ------------------------------------------------------------------ compiling */

/* In which order siblings are tried: a tail makes a name more particular. */
static int rank(const struct node *node) {
    if (node->literal != NULL)
        return 0;
    return 1 + (node->number ? 0 : 2) + (*node->tail != '\0' ? 0 : 1);
}

static bool same_node(const struct node *a, const struct node *b) {
    if (a->literal != NULL || b->literal != NULL)
        return a->literal != NULL && b->literal != NULL && strcmp(a->literal, b->literal) == 0;
    return a->number == b->number && strcmp(a->tail, b->tail) == 0;
}

static struct node *node_child(struct node *parent, const struct node *wanted,
                               struct arena *arena) {
    struct node **at = &parent->first;
    for (; *at != NULL && rank(*at) <= rank(wanted); at = &(*at)->next)
        if (same_node(*at, wanted))
            return *at;
    struct node *node = ARENA_NEW(arena, struct node);
    *node = *wanted;
    node->next = *at;
    *at = node;
    return node;
}

/* "{id}.pdf" or "jobs"; false: malformed. */
static bool segment_read(const char *text, size_t length, struct node *node, struct arena *arena) {
    *node = (struct node){0};
    if (length == 0)
        return false;
    if (*text != '{') {
        node->literal = arena_text_n(arena, text, length);
        return strpbrk(node->literal, "{}") == NULL;
    }
    const char *close = memchr(text, '}', length);
    if (close == NULL || close == text + 1)
        return false;
    node->number = name_is_number(text + 1, (size_t)(close - text - 1));
    node->tail = arena_text_n(arena, close + 1, length - (size_t)(close + 1 - text));
    return strpbrk(node->tail, "{}") == NULL;
}

static bool router_add(struct node *root, const struct route *route, struct arena *arena,
                       const char **why) {
    struct node *node = root;
    int segments = 0;
    for (const char *at = route->path; *at != '\0' && strcmp(route->path, "/") != 0;) {
        if (*at != '/' || ++segments > SEGMENTS_MOST)
            return *why = "its path is malformed", false;
        at++;
        size_t length = strcspn(at, "/");
        struct node wanted;
        if (!segment_read(at, length, &wanted, arena))
            return *why = "its path is malformed", false;
        node = node_child(node, &wanted, arena);
        at += length;
    }
    if (node->routes[route->method] != NULL)
        return *why = "another route answers there already", false;
    node->routes[route->method] = route;
    return true;
}

static bool route_add(struct router *router, const struct route *route, struct arena *arena,
                      const char **why) {
    if (route->method < GET || route->method > DELETE || route->handle == NULL ||
        route->path[0] != '/')
        return *why = "it has no method, no path or no handler", false;
    if (route->right == 0)
        return *why = "it names no right", false;
    bool pages = !(route->flags & ROUTE_API);
    bool api = !(route->flags & (ROUTE_PAGE | ROUTE_ROOT));
    return (!pages || router_add(router->pages, route, arena, why)) &&
           (!api || router_add(router->api, route, arena, why));
}

struct router *router_new(const struct route *const *tables, struct arena *arena,
                          struct errors *errors) {
    struct router *router = ARENA_NEW(arena, struct router);
    router->pages = ARENA_NEW(arena, struct node);
    router->api = ARENA_NEW(arena, struct node);
    for (; tables != NULL && *tables != NULL; tables++)
        for (const struct route *route = *tables; route->path != NULL; route++) {
            const char *why = NULL;
            if (!route_add(router, route, arena, &why)) {
                error_add(errors, FAILED, NULL, "route", "The route %s %s is refused: %s.",
                          route->method >= GET && route->method <= DELETE
                              ? method_name(route->method)
                              : "?",
                          route->path, why);
                return NULL;
            }
        }
    return router;
}

/* ------------------------------------------------------------------ finding */

struct path {
    const char *segments[SEGMENTS_MOST];
    int count;
};

static bool is_number(const char *text) {
    size_t length = strspn(text, "0123456789");
    if (text[length] != '\0' || length == 0 || length > 19 || text[0] == '0')
        return false;
    return length < 19 || strcmp(text, "9223372036854775807") <= 0;
}

/* The part of the segment that the name stands for, or NULL. */
static const char *value_of(const struct node *node, const char *segment, struct arena *arena) {
    size_t length = strlen(segment), tail = strlen(node->tail);
    if (length <= tail || strcmp(segment + length - tail, node->tail) != 0)
        return NULL;
    const char *value = tail == 0 ? segment : arena_text_n(arena, segment, length - tail);
    return node->number && !is_number(value) ? NULL : value;
}

static bool find(const struct node *node, const struct path *path, int at, enum method method,
                 struct arena *arena, struct match *match) {
    if (at == path->count) {
        for (enum method each = GET; each <= DELETE; each++)
            if (node->routes[each] != NULL)
                match->allowed |= 1u << each;
        match->route = node->routes[method];
        return match->route != NULL;
    }
    int count = match->count;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        const char *segment = path->segments[at];
        match->count = count;
        if (child->literal != NULL) {
            if (strcmp(child->literal, segment) != 0)
                continue;
        } else {
            const char *value = value_of(child, segment, arena);
            if (value == NULL)
                continue;
            match->values[match->count++] = value;
        }
        if (find(child, path, at + 1, method, arena, match))
            return true;
    }
    match->count = count;
    return false;
}

static enum status path_read(const char *text, struct path *path, struct arena *arena) {
    path->count = 0;
    if (strcmp(text, "/") == 0)
        return OK;
    while (*text == '/') {
        text++;
        size_t length = strcspn(text, "/");
        const char *segment = url_decode(text, length, false, arena);
        if (segment == NULL)
            return BAD_REQUEST;
        for (const char *c = segment; *c != '\0'; c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                return BAD_REQUEST;
        if (*segment == '\0' || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0 ||
            strpbrk(segment, "/\\") != NULL || path->count == SEGMENTS_MOST)
            return MISSING;
        path->segments[path->count++] = segment;
        text += length;
    }
    return *text == '\0' && path->count > 0 ? OK : MISSING;
}

enum status router_find(const struct router *router, bool api, enum method method, const char *path,
                        struct arena *arena, struct match *match) {
    *match = (struct match){0};
    struct path read;
    enum status status = path_read(path, &read, arena);
    if (status != OK)
        return status;
    return find(api ? router->api : router->pages, &read, 0, method, arena, match) ? OK : MISSING;
}

const char *match_text(const struct match *match, const char *name) {
    if (match->route == NULL)
        return NULL;
    size_t length = strlen(name);
    int index = 0;
    for (const char *at = strchr(match->route->path, '{'); at != NULL; at = strchr(at, '{')) {
        at++;
        if (strncmp(at, name, length) == 0 && at[length] == '}')
            return index < match->count ? match->values[index] : NULL;
        index++;
    }
    return NULL;
}
