/* One-time codes against the vectors of RFC 4226 (appendix D), RFC 6238 (appendix B) and RFC 4648
 * (10), and scopes against the table of permissions. */
#include "accounts/permission.h"
#include "accounts/session.h"
#include "accounts/totp.h"
#include "base/record.h"
#include "http/http.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const unsigned char secret[] = "12345678901234567890";
enum { LENGTH = 20 };

static void counters_give_the_codes_of_rfc_4226(void **state) {
    static const int64_t codes[] = {755224, 287082, 359152, 969429, 338314,
                                    254676, 287922, 162583, 399871, 520489};
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(hotp(secret, LENGTH, i, 6), codes[i]);
}

static void instants_give_the_codes_of_rfc_6238(void **state) {
    static const struct {
        int64_t seconds, code;
    } vectors[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                   {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        assert_int_equal(hotp(secret, LENGTH, totp_step(vectors[i].seconds * 1000), 8),
                         vectors[i].code);
}

static void a_code_is_good_for_its_step_and_one_either_way(void **state) {
    (void)state;
    int64_t now = INT64_C(59000); /* step 1 */
    assert_int_equal(totp_match("287082", secret, LENGTH, now), 1);
    assert_int_equal(totp_match(" 287 082 ", secret, LENGTH, now), 1);
    assert_int_equal(totp_match("755224", secret, LENGTH, now), 0);
    assert_int_equal(totp_match("359152", secret, LENGTH, now), 2);
    assert_int_equal(totp_match("969429", secret, LENGTH, now), NONE);
    static const char *const wrong[] = {"", "28708", "2870821", "28708x", "0287082", "-87082"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(totp_match(wrong[i], secret, LENGTH, now), NONE);
}

static void base_32_is_that_of_rfc_4648(void **state) {
    static const char *const vectors[][2] = {{"f", "MY"},           {"fo", "MZXQ"},
                                             {"foo", "MZXW6"},      {"foob", "MZXW6YQ"},
                                             {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
    (void)state;
    struct arena *arena = arena_new();
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        size_t length = strlen(vectors[i][0]);
        assert_string_equal(base32_text((const unsigned char *)vectors[i][0], length, arena),
                            vectors[i][1]);
        assert_int_equal(base32_bytes(vectors[i][1], bytes, sizeof bytes), length);
        assert_memory_equal(bytes, vectors[i][0], length);
    }
    assert_int_equal(base32_bytes("mzxw 6ytb", bytes, sizeof bytes), 5);
    assert_int_equal(base32_bytes("MZXW1", bytes, sizeof bytes), 0);
    assert_int_equal(base32_bytes("MZXW6YTBMZXW6YTB", bytes, sizeof bytes), 0);
    assert_string_equal(totp_uri("Hartwell & Rowe", "a@b.example", "MZXW6", arena),
                        "otpauth://totp/Hartwell%20%26%20Rowe:a%40b.example?secret=MZXW6"
                        "&issuer=Hartwell%20%26%20Rowe");
    arena_free(arena);
}

static void every_permission_has_a_code_of_its_own_and_a_group(void **state) {
    (void)state;
    for (int p = 0; p < PERMISSION_COUNT; p++) {
        const char *code = permission_code((enum permission)p);
        assert_non_null(code);
        assert_non_null(permission_group((enum permission)p));
        assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz_"), strlen(code));
        for (int q = 0; q < p; q++)
            assert_string_not_equal(code, permission_code((enum permission)q));
    }
}

static void scopes_are_bits_and_back_and_what_is_unknown_gives_nothing(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    const char *unknown = NULL;
    uint64_t two = scopes_permissions("see_costs  see_jobs", &unknown, arena);
    assert_int_equal(two, RIGHT(MAY_SEE_JOBS) | RIGHT(MAY_SEE_COSTS));
    assert_null(unknown);
    assert_string_equal(permissions_scopes(two, arena), "see_jobs see_costs");
    assert_int_equal(scopes_permissions("", &unknown, arena), 0);
    assert_int_equal(scopes_permissions("see_job see_jobss", &unknown, arena), 0);
    assert_string_equal(unknown, "see_jobss");
    assert_int_equal(scopes_permissions(NULL, NULL, arena), ~UINT64_C(0));
    uint64_t all = 0;
    for (int p = 0; p < PERMISSION_COUNT; p++)
        all |= RIGHT(p);
    assert_int_equal(scopes_permissions(permissions_scopes(all, arena), NULL, arena), all);
    assert_int_equal(all & (RIGHT_PUBLIC | RIGHT_SIGNED_IN | RIGHT_IN_PERSON), 0);
    arena_free(arena);
}

static void browsers_are_called_by_their_names(void **state) {
    static const char *const agents[][2] = {
        {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Linux"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.0 Safari/605.1.15",
         "Safari on a Mac"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
         "Edge on Windows"},
        {"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/131.0.0.0 Mobile Safari/537.36",
         "Chrome on Android"},
        {"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "CriOS/126.0 Mobile/15E148 Safari/604.1",
         "Chrome on iPad"},
        {"curl/8.5.0", "Another program"},
        {NULL, "Another program"},
    };
    (void)state;
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof agents / sizeof *agents; i++)
        assert_string_equal(agent_words(agents[i][0], arena), agents[i][1]);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        cmocka_unit_test(counters_give_the_codes_of_rfc_4226),
        cmocka_unit_test(instants_give_the_codes_of_rfc_6238),
        cmocka_unit_test(a_code_is_good_for_its_step_and_one_either_way),
        cmocka_unit_test(base_32_is_that_of_rfc_4648),
        cmocka_unit_test(every_permission_has_a_code_of_its_own_and_a_group),
        cmocka_unit_test(scopes_are_bits_and_back_and_what_is_unknown_gives_nothing),
        cmocka_unit_test(browsers_are_called_by_their_names),
    };
    return cmocka_run_group_tests_name("totp", rules, NULL, NULL);
}
