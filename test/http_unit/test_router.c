/* Which route a path finds. */
#include "http/router.h"

#include "http/throttle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum status nothing(struct request *r) {
    (void)r;
    return OK;
}

#define ROUTE(method_, path_, ...)                                                                 \
    {                                                                                              \
        .method = (method_), .path = (path_), .right = RIGHT_SIGNED_IN, .handle = nothing,         \
        __VA_ARGS__                                                                                \
    }

static const struct route jobs[] = {
    ROUTE(GET, "/", .flags = ROUTE_PAGE),
    ROUTE(GET, "/jobs"),
    ROUTE(POST, "/jobs"),
    ROUTE(GET, "/jobs/new"),
    ROUTE(GET, "/jobs/{id}"),
    ROUTE(PATCH, "/jobs/{id}"),
    ROUTE(GET, "/jobs/{job_id}/files/{file}"),
    ROUTE(GET, "/quotes/{number}.pdf"),
    ROUTE(GET, "/quotes/{number}"),
    ROUTE(GET, "/t/{token}"),
    ROUTE(GET, "/t/{id}/edit"),
    ROUTE(GET, "/only/api", .flags = ROUTE_API),
    ROUTE(0, NULL, 0),
};

struct fixture {
    struct arena *arena;
    struct errors errors;
    struct router *router;
    struct match match;
};

static int set_up(void **state) {
    static const struct route *const tables[] = {jobs, NULL};
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->errors.arena = arena_new();
    f->router = router_new(tables, f->arena, &f->errors);
    *state = f;
    return f->router == NULL;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    arena_free(f->arena);
    free(f);
    return 0;
}

static const char *found(struct fixture *f, bool api, enum method method, const char *path) {
    enum status status = router_find(f->router, api, method, path, f->arena, &f->match);
    return status == OK ? f->match.route->path : NULL;
}

static void a_literal_goes_before_a_number(void **state) {
    struct fixture *f = *state;
    assert_string_equal(found(f, false, GET, "/jobs/new"), "/jobs/new");
    assert_string_equal(found(f, false, GET, "/jobs/12"), "/jobs/{id}");
    assert_string_equal(match_text(&f->match, "id"), "12");
    assert_null(match_text(&f->match, "file"));
    assert_string_equal(found(f, false, GET, "/"), "/");
}

static void names_are_those_of_the_route_that_was_found(void **state) {
    struct fixture *f = *state;
    assert_string_equal(found(f, false, GET, "/jobs/7/files/a%20b.png"),
                        "/jobs/{job_id}/files/{file}");
    assert_string_equal(match_text(&f->match, "job_id"), "7");
    assert_string_equal(match_text(&f->match, "file"), "a b.png");
    assert_null(match_text(&f->match, "id"));
}

static void a_tail_makes_a_name_more_particular(void **state) {
    struct fixture *f = *state;
    assert_string_equal(found(f, false, GET, "/quotes/12.pdf"), "/quotes/{number}.pdf");
    assert_string_equal(match_text(&f->match, "number"), "12");
    assert_string_equal(found(f, false, GET, "/quotes/12"), "/quotes/{number}");
    assert_null(found(f, false, GET, "/quotes/x.pdf"));
    assert_null(found(f, false, GET, "/quotes/.pdf"));
}

static void a_number_and_a_text_may_share_a_place(void **state) {
    struct fixture *f = *state;
    assert_string_equal(found(f, false, GET, "/t/12"), "/t/{token}");
    assert_string_equal(found(f, false, GET, "/t/12/edit"), "/t/{id}/edit");
    assert_null(found(f, false, GET, "/t/abc/edit"));
}

static void an_id_is_a_whole_positive_number(void **state) {
    struct fixture *f = *state;
    const char *bad[] = {"/jobs/0",    "/jobs/-1",  "/jobs/01",
                         "/jobs/1x",   "/jobs/1.0", "/jobs/9223372036854775808",
                         "/jobs/%201", "/jobs/abc"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(found(f, false, GET, bad[i]));
    assert_non_null(found(f, false, GET, "/jobs/9223372036854775807"));
}

static void another_method_tells_which_are_taken(void **state) {
    struct fixture *f = *state;
    assert_null(found(f, false, DELETE, "/jobs"));
    assert_string_equal(allow_header(f->match.allowed, f->arena), "GET, HEAD, POST, OPTIONS");
    assert_null(found(f, false, POST, "/jobs/4"));
    assert_string_equal(allow_header(f->match.allowed, f->arena), "GET, HEAD, PATCH, OPTIONS");
    assert_null(found(f, false, GET, "/nowhere"));
    assert_int_equal(f->match.allowed, 0);
}

static void crooked_paths_lead_nowhere(void **state) {
    struct fixture *f = *state;
    const char *bad[] = {"//jobs",      "/jobs//new",     "/jobs/../jobs", "/jobs/./new", "/jobs/",
                         "/jobs%2Fnew", "/jobs/..%2fnew", "/%2e%2e/jobs",  "jobs",        "",
                         "*",           "/jobs\\new"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(router_find(f->router, false, GET, bad[i], f->arena, &f->match), MISSING);
    const char *broken[] = {"/jobs/%", "/jobs/%zz", "/jobs/%ff", "/jobs/%00", "/jobs/%0a"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(router_find(f->router, false, GET, broken[i], f->arena, &f->match),
                         BAD_REQUEST);
}

static void pages_and_api_are_kept_apart(void **state) {
    struct fixture *f = *state;
    assert_non_null(found(f, true, GET, "/jobs"));
    assert_null(found(f, true, GET, "/"));
    assert_non_null(found(f, true, GET, "/only/api"));
    assert_null(found(f, false, GET, "/only/api"));
}

static void refuses(const struct route *route, const char *why) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    const struct route table[] = {*route, {0}};
    const struct route *const tables[] = {jobs, table, NULL};
    assert_null(router_new(tables, arena, &errors));
    assert_non_null(strstr(errors.first->sentence, why));
    arena_free(arena);
}

static void a_route_without_a_right_is_refused(void **state) {
    (void)state;
    refuses(&(struct route){.method = GET, .path = "/open", .handle = nothing}, "no right");
}

static void a_doubled_or_malformed_route_is_refused(void **state) {
    (void)state;
    refuses(&(struct route)ROUTE(GET, "/jobs/{job_id}"), "already");
    refuses(&(struct route)ROUTE(GET, "/a//b"), "malformed");
    refuses(&(struct route)ROUTE(GET, "/a/{b"), "malformed");
    refuses(&(struct route)ROUTE(GET, "/a/"), "malformed");
    refuses(&(struct route)ROUTE(GET, "a"), "no path");
}

static void throttling_counts_in_a_sliding_window(void **state) {
    (void)state;
    struct throttle *throttle = throttle_new();
    for (int i = 0; i < 5; i++)
        assert_true(throttle_take(throttle, "sign_in", "192.0.2.1", 5, 1000, 100 + i, NULL));
    assert_false(throttle_take(throttle, "sign_in", "192.0.2.1", 5, 1000, 110, NULL));
    assert_true(throttle_take(throttle, "sign_in", "192.0.2.2", 5, 1000, 110, NULL));
    assert_true(throttle_take(throttle, "track", "192.0.2.1", 5, 1000, 110, NULL));
    assert_false(throttle_take(throttle, "sign_in", "192.0.2.1", 5, 1000, 1105, NULL));
    assert_true(throttle_take(throttle, "sign_in", "192.0.2.1", 5, 1000, 1700, NULL));
    assert_true(throttle_take(throttle, "sign_in", "192.0.2.1", 5, 1000, 9000, NULL));
    throttle_free(throttle);
}

int main(void) {
#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RULE(a_literal_goes_before_a_number),
        RULE(names_are_those_of_the_route_that_was_found),
        RULE(a_tail_makes_a_name_more_particular),
        RULE(a_number_and_a_text_may_share_a_place),
        RULE(an_id_is_a_whole_positive_number),
        RULE(another_method_tells_which_are_taken),
        RULE(crooked_paths_lead_nowhere),
        RULE(pages_and_api_are_kept_apart),
        RULE(a_route_without_a_right_is_refused),
        RULE(a_doubled_or_malformed_route_is_refused),
        RULE(throttling_counts_in_a_sliding_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
