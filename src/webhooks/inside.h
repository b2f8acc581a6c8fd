/* What the files of this folder share. */
#pragma once

#include "webhooks/webhook.h"

bool webhooks_behind(struct context *cx); /* has something happened that is not queued yet? */
/* Queues some of what has happened: a closure. */
enum status webhooks_queue(struct context *cx, void *arg);

/* ---- the page */
struct webhook_page {
    struct webhook webhook;
    struct form form;
    const char *secret; /* just made: shown this once; else NULL */
    struct webhook_delivery *deliveries;
    int64_t delivery_count;
    const char *next;
    int64_t failed; /* are there any that can be sent anew? */
};
struct webhook_rows {
    struct webhook *rows;
    int64_t count;
};
