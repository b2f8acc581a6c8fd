/* Webhooks: signatures by known answer, waits, and the addresses that are not for them. */
#include "webhooks/webhook.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

/* The example of Standard Webhooks' own libraries. */
static void the_signature_is_the_standards(void **state) {
    struct arena *arena = arena_new();
    static const char body[] = "{\"test\": 2432232314}";
    const char *signature =
        webhook_signature("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                          1614265330, body, strlen(body), arena);
    assert_string_equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_null(webhook_signature("no base64!", "a", 1, body, strlen(body), arena));
    arena_free(arena);
}

static void what_fails_is_tried_again_later_and_later_and_then_not(void **state) {
    int64_t last = 0;
    for (int64_t attempt = 1; attempt <= 7; attempt++) {
        assert_true(webhook_wait(attempt) > last);
        last = webhook_wait(attempt);
    }
    assert_int_equal(webhook_wait(8), NONE);
}

static bool is_public(const char *text) {
    struct sockaddr_storage address = {0};
    struct sockaddr_in *four = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        address.ss_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
        address.ss_family = AF_INET6;
    }
    return webhook_address_public((struct sockaddr *)&address);
}

static void only_the_public_network_is_reached(void **state) {
    static const char *const closed[] = {"127.0.0.1",
                                         "10.1.2.3",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.168.1.1",
                                         "169.254.169.254",
                                         "100.64.0.1",
                                         "0.0.0.0",
                                         "224.0.0.1",
                                         "255.255.255.255",
                                         "192.0.2.1",
                                         "198.18.0.1",
                                         "::1",
                                         "::",
                                         "fe80::1",
                                         "fc00::1",
                                         "fd12::1",
                                         "ff02::1",
                                         "::ffff:127.0.0.1",
                                         "::ffff:10.0.0.1",
                                         "64:ff9b::7f00:1",
                                         "2001:db8::1",
                                         "2002:7f00:1::",
                                         "2001:0:1::1"};
    static const char *const open[] = {"8.8.8.8",       "172.32.0.1",        "11.0.0.1",
                                       "193.0.0.1",     "2a00:1450:4001::1", "2606:4700::1111",
                                       "::ffff:8.8.8.8"};
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        if (is_public(closed[i]))
            fail_msg("%s is reached", closed[i]);
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (!is_public(open[i]))
            fail_msg("%s is not reached", open[i]);
}

int main(void) {
    const struct CMUnitTest rules[] = {
        cmocka_unit_test(the_signature_is_the_standards),
        cmocka_unit_test(what_fails_is_tried_again_later_and_later_and_then_not),
        cmocka_unit_test(only_the_public_network_is_reached),
    };
    return cmocka_run_group_tests(rules, NULL, NULL);
}
