#include "http/assets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void an_asset_is_found_by_its_path(void **state) {
    const struct asset *css = asset_find("/static/app.css");
    assert_non_null(css);
    assert_string_equal(css->type, "text/css; charset=utf-8");
    assert_true(css->length > 10000);
    assert_non_null(css->br);
    assert_non_null(css->gz);
    assert_true(css->br_length < css->length);
    assert_int_equal(strlen(css->hash), 16);
    assert_non_null(asset_find("/seed/sapphire.webp"));
}

static void the_version_may_stand_as_a_folder(void **state) {
    char path[200];
    snprintf(path, sizeof path, "/static/%s/fonts/inter-latin.woff2", asset_version());
    assert_ptr_equal(asset_find(path), asset_find("/static/fonts/inter-latin.woff2"));
    assert_true(asset_is_versioned(path));
    assert_false(asset_is_versioned("/static/fonts/inter-latin.woff2"));
    assert_null(asset_find("/static/0000000000/app.css"));
}

static void the_version_opens_no_way_to_the_seeds(void **state) {
    char path[200];
    snprintf(path, sizeof path, "/static/%s/../seed/sapphire.webp", asset_version());
    assert_null(asset_find(path));
    snprintf(path, sizeof path, "/static/%s/seed/sapphire.webp", asset_version());
    assert_null(asset_find(path));
}

static void every_asset_is_found_again(void **state) {
    size_t count;
    const struct asset *all = asset_all(&count);
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(asset_find(all[i].path), &all[i]);
        assert_non_null(all[i].bytes);
        assert_true(i == 0 || strcmp(all[i - 1].path, all[i].path) < 0);
    }
}

static void what_is_not_there_is_null(void **state) {
    assert_null(asset_find(""));
    assert_null(asset_find("/"));
    assert_null(asset_find("/static/"));
    assert_null(asset_find("/static/app.css/"));
    assert_null(asset_find("/static/../static/app.css"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_asset_is_found_by_its_path),
        cmocka_unit_test(the_version_may_stand_as_a_folder),
        cmocka_unit_test(the_version_opens_no_way_to_the_seeds),
        cmocka_unit_test(every_asset_is_found_again),
        cmocka_unit_test(what_is_not_there_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
