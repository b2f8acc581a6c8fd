/* The models of this room's pages. */
#pragma once

#include "messages/message.h"
#include "messages/wording.h"

struct outbox_query {
    const char *state;
    int64_t before;
};
struct outbox {
    struct outbox_query query;
    struct message *rows, *trouble; /* failed and uncertain ones stand first */
    int64_t count, trouble_count, waiting;
    int64_t have_settings; /* flag: a mail server is set */
    const char *next;
};
struct message_page {
    struct message message;
    const char *text; /* with the server's address put in */
};
struct write_page {
    int64_t job;
    const char *job_title;
    struct message preview;
    const char *text, *why; /* why it cannot be sent, or NULL */
    const char *phone_text; /* to be sent by a phone of the shop's own, or NULL */
    struct text_size size;
    struct form form;
};
struct written {
    const char *kind, *extra;
    int64_t send; /* flag: else only shown */
};
struct mail_settings {
    const char *host;
    int64_t port;
    const char *security, *user_name, *password, *from_name, *from_address, *ca_file;
    int64_t version;
};
struct mail_page {
    const struct mail_settings *settings;
    struct form form;
    int64_t is_set, waiting;
};
struct wording_list {
    struct wording *rows;
    int64_t count;
    struct {
        const char *stage, *label;
        bool tells;
    } stages[16];
    int stage_count;
};
struct wording_page {
    struct wording *wording;
    struct form form;
    const char *subject, *text; /* as it would read */
    struct text_wording phone;  /* the same as a text message */
    const char *phone_text;
    struct text_size size;
    struct form phone_form;
};
