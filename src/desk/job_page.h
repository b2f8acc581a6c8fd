/* The page of one job, which joins what every room knows of it; and the same as JSON. */
#pragma once

#include "appointments/appointment.h"
#include "custody/custody.h"
#include "flow/flow.h"
#include "jobs/job.h"
#include "messages/message.h"
#include "purchasing/request.h"
#include "quotes/making.h"
#include "quotes/quote.h"
#include "sales/sales.h"
#include "vendors/vendor.h"
#include "workshop/workshop.h"

struct job_step {
    const char *code, *label, *day; /* reached, or planned; NULL */
    bool done, now, skipped, planned;
};

/* One line of what happened, newest first: comments, moves, messages. */
struct happening {
    int64_t at;
    const char *icon, *who, *what, *said, *url;
};

/* The one thing to do next, and whose move it is. */
struct next_move {
    const char *who, *title, *sentence;
    const char *action, *label, *icon; /* a POST there; or, with `link`, a page */
    bool link;
};

struct job_page {
    struct job job; /* stands first: the record's base */
    struct specification *specification;
    struct material *materials;
    int64_t material_count;
    struct operation *operations;
    int64_t operation_count;
    struct quote *quotes;
    int64_t quote_count;
    struct payment *payments;
    int64_t payment_count;
    struct history *history;
    int64_t history_count;
    struct comment *comments;
    int64_t comment_count;
    struct job_file *files;
    int64_t file_count;
    struct vendor_request *requests;
    int64_t request_count;
    struct appointment *appointments;
    int64_t appointment_count;
    /* for the page alone */
    bool has_locations; /* the shop has several */
    struct message *messages;
    int64_t message_count;
    struct flow_step *flow;
    int64_t flow_count;
    struct job_step *steps;
    int64_t step_count, step_now;
    struct happening *happenings;
    int64_t happening_count;
    struct next_move next;
    struct invoice invoice;
    bool has_invoice;
    const struct stage *stage, *stage_next;
    struct history *undo; /* the move that may still be taken back, or NULL */
    struct visit_piece *pieces;
    int64_t piece_count;
    struct whereabouts where;
    struct hand_over *trail; /* the newest few */
    int64_t trail_count;
    struct custody_choices choices;
};
struct visit_piece {
    int64_t id, number;
    const char *title;
};
extern const struct record job_page_record;

extern const struct route job_page_routes[];
