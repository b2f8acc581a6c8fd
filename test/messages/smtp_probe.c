/* smtp-probe KEY=VALUE...: sends one mail with the product's own code and tells what came of it, a
 * line each: outcome, settings, commits, code, reply, sentence. For smtp.test.mjs. */
#include "messages/mime.h"
#include "messages/smtp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *value_of(char **words, const char *key) {
    size_t length = strlen(key);
    for (; *words != NULL; words++)
        if (strncmp(*words, key, length) == 0 && (*words)[length] == '=')
            return *words + length + 1;
    return NULL;
}

static int number_of(char **words, const char *key) {
    const char *value = value_of(words, key);
    return value == NULL ? 0 : atoi(value);
}

static enum smtp_security security_of(const char *name) {
    if (name != NULL && strcmp(name, "tls") == 0)
        return SMTP_TLS;
    return name != NULL && strcmp(name, "starttls") == 0 ? SMTP_STARTTLS : SMTP_PLAIN;
}

static bool commit(void *arg) {
    ++*(int *)arg;
    return true;
}

static void write_mail(char **words, struct buf *out, struct arena *arena) {
    size_t size = (size_t)number_of(words, "attach");
    const struct mime_file files[] = {
        {"Quote – Nº 3.pdf", "application/pdf", NULL, arena_alloc(arena, size + 1), size},
        {"logo.png", "image/png", "logo", "\x89PNG", 4},
    };
    const struct mime_mail mail = {
        .from = {"Hartwell & Töchter", "shop@hartwell.example"},
        .to = {"Eleanor Whitcombe", "eleanor@example.org"},
        .reply_to = {"Imogen", "imogen@hartwell.example"},
        .subject = "Your ring “Dawn” is ready",
        .message_id = "probe-1@hartwell.example",
        .date = INT64_C(1795516860000),
        .automatic = true,
        .text = "Dear Eleanor,\n.\nit is ready — £1,234.50.\n",
        .html = "<p>It is ready — <b>£1,234.50</b> <img src=\"cid:logo\"></p>",
        .files = files,
        .file_count = 2,
    };
    struct errors errors = {.arena = arena};
    if (mime_write(&mail, out, &errors) != OK) {
        fprintf(stderr, "smtp-probe: %s\n", errors.first->sentence);
        exit(2);
    }
}

int main(int count, char **words) {
    struct arena *arena = arena_new();
    struct buf mail = {0};
    int commits = 0;
    struct smtp_watch watch = {.committing = commit, .arg = &commits};
    struct smtp_settings settings = {
        .host = value_of(words, "host"),
        .port = number_of(words, "port"),
        .security = security_of(value_of(words, "security")),
        .user = value_of(words, "user"),
        .password = value_of(words, "password"),
        .authority = value_of(words, "authority"),
        .timeout = 5,
        .patience = 2,
    };
    write_mail(words, &mail, arena);
    struct smtp_result result =
        value_of(words, "try") != NULL
            ? smtp_try(&settings, "shop@hartwell.example", arena)
            : smtp_send(&settings, "shop@hartwell.example", "eleanor@example.org", mail.at,
                        mail.length, &watch, arena);
    printf("outcome=%s\nsettings=%d\ncommits=%d\ncode=%d\nreply=%s\nsentence=%s\n",
           smtp_outcome_name(result.outcome), result.settings, commits, result.code,
           result.reply == NULL ? "" : result.reply, result.sentence);
    buf_free(&mail);
    arena_free(arena);
    return 0;
}
