/* A server of our own that breaks off wherever a test wants: what is known of the message then? */
#include "messages/smtp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

/* ------------------------------------------------------------------ the server */

/* What it answers at each step; NULL: it hangs up instead. */
struct script {
    const char *greeting, *hello, *sender, *recipient, *data, *end;
    size_t cut_at; /* hangs up after that many bytes of the message; 0: never */
    bool silent;   /* takes the whole message and never answers */
};

static const struct script willing = {
    .greeting = "220 test ESMTP\r\n",
    .hello = "250-test\r\n250-SIZE 100000000\r\n250 8BITMIME\r\n",
    .sender = "250 sender ok\r\n",
    .recipient = "250 recipient ok\r\n",
    .data = "354 go on\r\n",
    .end = "250-2.0.0 first line\r\n250 2.0.0 queued as 4F1\r\n",
};

struct server {
    struct script script;
    int listener, port;
    pthread_t thread;
    struct buf seen;        /* all that came in */
    struct buf mail;        /* the message, dots undone */
    atomic_size_t received; /* of the mail so far, for who looks meanwhile */
    int connections;
};

static bool say(int peer, const char *text) {
    if (text == NULL)
        return false;
    return send(peer, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

static bool read_line(int peer, char *line, size_t size) {
    size_t length = 0;
    while (length + 1 < size && recv(peer, line + length, 1, 0) == 1)
        if (line[length++] == '\n')
            break;
    line[length] = '\0';
    return length > 0 && line[length - 1] == '\n';
}

/* True when the whole message came and was ended by a dot. */
static bool read_mail(struct server *server, int peer) {
    static const char ends[] = "\r\n.\r\n";
    char bytes[4096];
    struct buf *mail = &server->mail;
    for (;;) {
        size_t most = sizeof bytes;
        if (server->script.cut_at > 0 && server->script.cut_at - mail->length < most)
            most = server->script.cut_at - mail->length;
        if (most == 0)
            return false;
        ssize_t got = recv(peer, bytes, most, 0);
        if (got <= 0)
            return false;
        buf_put(mail, bytes, (size_t)got);
        server->received = mail->length;
        if (mail->length >= 5 && memcmp(mail->at + mail->length - 5, ends, 5) == 0) {
            mail->length -= 3;
            mail->at[mail->length] = '\0';
            return true;
        }
    }
}

static void talk(struct server *server, int peer) {
    const struct script *script = &server->script;
    char line[1024];
    if (!say(peer, script->greeting))
        return;
    while (read_line(peer, line, sizeof line)) {
        buf_text(&server->seen, line);
        bool went = false;
        if (strncmp(line, "EHLO", 4) == 0 || strncmp(line, "HELO", 4) == 0)
            went = say(peer, script->hello);
        else if (strncmp(line, "MAIL", 4) == 0)
            went = say(peer, script->sender);
        else if (strncmp(line, "RCPT", 4) == 0)
            went = say(peer, script->recipient);
        else if (strncmp(line, "DATA", 4) == 0 && say(peer, script->data))
            went = script->data[0] != '3' ||
                   (read_mail(server, peer) && !script->silent && say(peer, script->end));
        else if (strncmp(line, "NOOP", 4) == 0)
            went = say(peer, "250 ok\r\n");
        else if (strncmp(line, "QUIT", 4) == 0)
            say(peer, "221 bye\r\n");
        if (script->silent && server->mail.length > 0)
            read_line(peer, line, sizeof line); /* until the other side gives up */
        if (!went)
            return;
    }
}

static void *serve(void *arg) {
    struct server *server = arg;
    for (;;) {
        int peer = accept(server->listener, NULL, NULL);
        if (peer < 0)
            return NULL;
        server->connections++;
        talk(server, peer);
        close(peer);
    }
}

static void server_start(struct server *server, const struct script *script) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    *server = (struct server){.script = *script};
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void server_stop(struct server *server) {
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

static void server_free(struct server *server) {
    buf_free(&server->seen);
    buf_free(&server->mail);
}

/* ------------------------------------------------------------------ sending to it */

static struct arena *arena;
static struct server server;
static int commits;
static size_t bytes_at_commit;

static int start(void **state) {
    arena = arena_new();
    commits = 0;
    return 0;
}

static int end(void **state) {
    server_free(&server);
    server = (struct server){0};
    arena_free(arena);
    return 0;
}

static bool commit(void *arg) {
    commits++;
    bytes_at_commit = server.received; /* what the server has when we are told: never the end */
    return true;
}

static struct smtp_result send_bytes(const struct script *script, const char *mail, size_t length,
                                     const struct smtp_watch *watch) {
    server_start(&server, script);
    struct smtp_settings settings = {.host = "127.0.0.1",
                                     .port = server.port,
                                     .security = SMTP_PLAIN,
                                     .timeout = 3,
                                     .patience = 1};
    struct smtp_result result = smtp_send(&settings, "shop@hartwell.example", "eleanor@example.org",
                                          mail, length, watch, arena);
    server_stop(&server);
    return result;
}

static const char letter[] = "Subject: x\r\n\r\nDear Eleanor,\r\n.\r\n..dots\r\nready.\r\n";

static struct smtp_result send_letter(const struct script *script) {
    static const struct smtp_watch watch = {.committing = commit};
    return send_bytes(script, letter, sizeof letter - 1, &watch);
}

static void assert_outcome(struct smtp_result result, enum smtp_outcome outcome) {
    if (result.outcome != outcome)
        print_error("%s: %s\n", smtp_outcome_name(result.outcome), result.sentence);
    assert_int_equal(result.outcome, outcome);
    assert_non_null(result.sentence);
}

static void a_taken_message_is_sent_with_the_servers_words(void **state) {
    struct smtp_result result = send_letter(&willing);
    assert_outcome(result, SMTP_SENT);
    assert_int_equal(result.code, 250);
    assert_string_equal(result.reply, "250-2.0.0 first line 250 2.0.0 queued as 4F1");
    assert_int_equal(commits, 1);
    assert_non_null(strstr(server.seen.at, "EHLO hartwell.example\r\n"));
    assert_non_null(strstr(server.seen.at, "MAIL FROM:<shop@hartwell.example>"));
    assert_non_null(strstr(server.seen.at, "RCPT TO:<eleanor@example.org>\r\n"));
}

static void lines_that_begin_with_dots_arrive_whole(void **state) {
    send_letter(&willing);
    assert_string_equal(server.mail.at,
                        "Subject: x\r\n\r\nDear Eleanor,\r\n..\r\n...dots\r\nready.\r\n");
}

static void messages_of_any_length_arrive_whole(void **state) {
    static const size_t lengths[] = {1, 2, 3, 16383, 16384, 16385, 65536, 300001};
    char *mail = malloc(300001);
    memset(mail, 'x', 300001);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        assert_outcome(send_bytes(&willing, mail, lengths[i], NULL), SMTP_SENT);
        assert_int_equal(server.mail.length, lengths[i] + 2); /* and the line end that it lacked */
        server_free(&server);
    }
    server = (struct server){0};
    free(mail);
}

static void the_doubt_is_recorded_before_the_server_can_have_it_all(void **state) {
    size_t length = 200000;
    char *mail = malloc(length);
    memset(mail, 'x', length);
    static const struct smtp_watch watch = {.committing = commit};
    assert_outcome(send_bytes(&willing, mail, length, &watch), SMTP_SENT);
    assert_true(bytes_at_commit < length);
    free(mail);
}

/* ------------------------------------------------------------------ breaking off */

static struct script broken_at(size_t offset) {
    struct script script = willing;
    *(const char **)((char *)&script + offset) = NULL;
    return script;
}

static void a_connection_lost_before_the_end_means_unsent(void **state) {
    static const size_t steps[] = {offsetof(struct script, greeting),
                                   offsetof(struct script, hello), offsetof(struct script, sender),
                                   offsetof(struct script, recipient),
                                   offsetof(struct script, data)};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct script script = broken_at(steps[i]);
        assert_outcome(send_letter(&script), SMTP_RETRY);
        assert_int_equal(commits, 0);
        server_free(&server);
    }
    server = (struct server){0};
}

static void a_connection_lost_amid_the_message_means_unsent(void **state) {
    size_t length = 8 * 1024 * 1024; /* more than the sockets hold */
    char *mail = malloc(length);
    memset(mail, 'x', length);
    struct script script = willing;
    script.cut_at = 100000;
    static const struct smtp_watch watch = {.committing = commit};
    assert_outcome(send_bytes(&script, mail, length, &watch), SMTP_RETRY);
    assert_int_equal(commits, 0);
    free(mail);
}

static void a_connection_lost_before_the_answer_leaves_a_doubt(void **state) {
    struct script script = broken_at(offsetof(struct script, end));
    struct smtp_result result = send_letter(&script);
    assert_outcome(result, SMTP_UNCERTAIN);
    assert_int_equal(commits, 1);
    assert_int_equal(server.connections, 1); /* and it was not tried again */
}

static void a_server_that_never_answers_leaves_a_doubt(void **state) {
    struct script script = willing;
    script.silent = true;
    assert_outcome(send_letter(&script), SMTP_UNCERTAIN);
}

static void half_an_answer_is_none(void **state) {
    struct script script = willing;
    script.end = "250-2.0.0 almost\r\n";
    script.silent = false;
    assert_outcome(send_letter(&script), SMTP_UNCERTAIN);
}

static void an_answer_before_the_line_breaks_counts(void **state) {
    struct script script = willing; /* it closes at QUIT without a word */
    assert_outcome(send_letter(&script), SMTP_SENT);
}

/* ------------------------------------------------------------------ refusals */

static struct smtp_result answered(size_t offset, const char *answer) {
    struct script script = willing;
    *(const char **)((char *)&script + offset) = answer;
    server_free(&server);
    return send_letter(&script);
}

#define ANSWERED(step, answer) answered(offsetof(struct script, step), answer)

static void a_refused_recipient_or_message_is_refused_for_good(void **state) {
    struct smtp_result result = ANSWERED(recipient, "550 5.1.1 no such user\r\n");
    assert_outcome(result, SMTP_REFUSED);
    assert_string_equal(result.reply, "550 5.1.1 no such user");
    assert_non_null(strstr(result.sentence, "no such user"));
    assert_int_equal(commits, 0);
    assert_outcome(ANSWERED(data, "554 no\r\n"), SMTP_REFUSED);
    assert_outcome(ANSWERED(end, "554 5.7.1 spam\r\n"), SMTP_REFUSED);
    assert_outcome(ANSWERED(sender, "552 too big\r\n"), SMTP_REFUSED);
}

static void a_server_that_is_busy_is_tried_again(void **state) {
    assert_outcome(ANSWERED(greeting, "421 busy\r\n"), SMTP_RETRY);
    assert_outcome(ANSWERED(sender, "451 later\r\n"), SMTP_RETRY);
    assert_outcome(ANSWERED(recipient, "450 greylisted\r\n"), SMTP_RETRY);
    assert_outcome(ANSWERED(data, "451 later\r\n"), SMTP_RETRY);
    struct smtp_result result = ANSWERED(end, "452 4.3.1 disk full\r\n");
    assert_outcome(result, SMTP_RETRY);
    assert_false(result.settings);
    assert_string_equal(result.reply, "452 4.3.1 disk full");
}

static void a_refused_shop_waits_for_better_settings(void **state) {
    struct smtp_result result = ANSWERED(sender, "530 5.7.0 authentication required\r\n");
    assert_outcome(result, SMTP_RETRY);
    assert_true(result.settings);
    result = ANSWERED(greeting, "554 go away\r\n");
    assert_outcome(result, SMTP_RETRY);
    assert_true(result.settings);
}

static void an_answer_that_is_no_text_can_still_be_shown(void **state) {
    struct smtp_result result = ANSWERED(recipient, "550 caf\xe9 \x01\x1b[2J\r\n");
    assert_string_equal(result.reply, "550 caf? ??[2J");
}

/* ------------------------------------------------------------------ stopping */

static bool refuse(void *arg) {
    return false;
}

static void what_cannot_be_recorded_is_not_sent(void **state) {
    static const struct smtp_watch watch = {.committing = refuse};
    assert_outcome(send_bytes(&willing, letter, sizeof letter - 1, &watch), SMTP_RETRY);
    assert_null(strstr(server.mail.at, "ready.\r\n")); /* it broke off one byte earlier */
}

static atomic_bool stop;

static bool stop_asked(void *arg) {
    return stop;
}

static bool stop_soon(void *arg) {
    stop = true;
    return commit(arg);
}

static void ending_the_program_leaves_a_message_unsent(void **state) {
    static const struct smtp_watch watch = {.stopping = stop_asked, .committing = commit};
    stop = true;
    assert_outcome(send_bytes(&willing, letter, sizeof letter - 1, &watch), SMTP_RETRY);
    assert_int_equal(commits, 0);
}

static void ending_the_program_does_not_wait_long_for_an_answer(void **state) {
    static const struct smtp_watch watch = {.stopping = stop_asked, .committing = stop_soon};
    struct script script = willing;
    script.silent = true;
    stop = false;
    assert_outcome(send_bytes(&script, letter, sizeof letter - 1, &watch), SMTP_UNCERTAIN);
}

/* ------------------------------------------------------------------ settings */

static struct smtp_result with(struct smtp_settings settings) {
    return smtp_send(&settings, "shop@hartwell.example", "eleanor@example.org", "x", 1, NULL,
                     arena);
}

static void settings_that_cannot_work_are_told_without_trying(void **state) {
    static const char *const hosts[] = {NULL, "",    " ",        "a b",    "a/b",   "a@b", "a:25",
                                        "-a", "a?b", "smtp://a", "a\r\nb", "[::1]", "a#b", "a%20b"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct smtp_result result = with((struct smtp_settings){.host = hosts[i]});
        assert_outcome(result, SMTP_RETRY);
        assert_true(result.settings);
    }
    assert_true(with((struct smtp_settings){.host = "a", .port = 70000}).settings);
}

static void a_password_never_leaves_the_machine_unencrypted(void **state) {
    struct smtp_result result = with((struct smtp_settings){
        .host = "mail.example", .security = SMTP_PLAIN, .user = "u", .password = "p"});
    assert_outcome(result, SMTP_RETRY);
    assert_non_null(strstr(result.sentence, "encryption"));
}

static void nobody_listening_is_tried_again(void **state) {
    server_start(&server, &willing);
    server_stop(&server); /* its port is free again */
    struct smtp_result result = with(
        (struct smtp_settings){.host = "127.0.0.1", .port = server.port, .security = SMTP_PLAIN});
    assert_outcome(result, SMTP_RETRY);
    assert_false(result.settings);
}

static void what_is_no_address_is_refused(void **state) {
    struct smtp_settings settings = {.host = "127.0.0.1", .port = 1, .security = SMTP_PLAIN};
    assert_outcome(smtp_send(&settings, "a@b", "x> SIZE=1\r\nRCPT TO:<y@z", "x", 1, NULL, arena),
                   SMTP_REFUSED);
    struct smtp_result result = smtp_send(&settings, "nobody", "a@b", "x", 1, NULL, arena);
    assert_outcome(result, SMTP_RETRY);
    assert_true(result.settings);
}

static void settings_can_be_tried_without_sending(void **state) {
    server_start(&server, &willing);
    struct smtp_settings settings = {
        .host = "127.0.0.1", .port = server.port, .security = SMTP_PLAIN};
    assert_outcome(smtp_try(&settings, "shop@hartwell.example", arena), SMTP_SENT);
    server_stop(&server);
    assert_null(strstr(server.seen.at, "MAIL"));
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        RULE(a_taken_message_is_sent_with_the_servers_words),
        RULE(lines_that_begin_with_dots_arrive_whole),
        RULE(messages_of_any_length_arrive_whole),
        RULE(the_doubt_is_recorded_before_the_server_can_have_it_all),
        RULE(a_connection_lost_before_the_end_means_unsent),
        RULE(a_connection_lost_amid_the_message_means_unsent),
        RULE(a_connection_lost_before_the_answer_leaves_a_doubt),
        RULE(a_server_that_never_answers_leaves_a_doubt),
        RULE(half_an_answer_is_none),
        RULE(an_answer_before_the_line_breaks_counts),
        RULE(a_refused_recipient_or_message_is_refused_for_good),
        RULE(a_server_that_is_busy_is_tried_again),
        RULE(a_refused_shop_waits_for_better_settings),
        RULE(an_answer_that_is_no_text_can_still_be_shown),
        RULE(what_cannot_be_recorded_is_not_sent),
        RULE(ending_the_program_leaves_a_message_unsent),
        RULE(ending_the_program_does_not_wait_long_for_an_answer),
        RULE(settings_that_cannot_work_are_told_without_trying),
        RULE(a_password_never_leaves_the_machine_unencrypted),
        RULE(nobody_listening_is_tried_again),
        RULE(what_is_no_address_is_refused),
        RULE(settings_can_be_tried_without_sending),
    };
    return cmocka_run_group_tests_name("smtp", tests, NULL, NULL);
}
