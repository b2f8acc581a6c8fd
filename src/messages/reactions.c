/* What sets messages off: a job's coming to a stage, and the taking back of that. */
#include "base/text.h"
#include "messages/message.h"

static const struct sql tells_progress = {"tells_progress",
                                          "select 1 from progress_stage where stage = $1", NULL};

static enum status tell_of_stage(struct context *cx, const struct event *event) {
    const char *stage = event_text(event, "stage", cx->arena);
    const char *kind = NULL, *why;
    if (text_same(stage, "ready"))
        kind = "ready";
    else if (stage != NULL && db_int(cx->db, &tells_progress, P(T(stage))) != NONE)
        kind = "progress";
    if (kind == NULL)
        return OK;
    int64_t message;
    return message_queue(cx,
                         &(struct message_wish){.kind = kind,
                                                .job = event->subject,
                                                .history = event_number(event, "history"),
                                                .delay = NONE,
                                                .amount = NONE,
                                                .when = NONE},
                         &message, &why);
}

static enum status take_back(struct context *cx, const struct event *event) {
    message_withdraw_move(cx, event_number(event, "history"));
    return OK;
}

const struct reaction message_reactions[] = {
    {"messages.stage", "job.entered", tell_of_stage, NULL},
    {"messages.undone", "job.undone", take_back, NULL},
    {0},
};
