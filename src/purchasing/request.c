#include "purchasing/request.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "jobs/job.h"
#include "messages/message.h"
#include "quotes/making.h"
#include "shops/shop.h"
#include "vendors/vendor.h"

static const struct word state_words[] = {
    {"sent", "Asked"}, {"answered", "Answered"}, {"cancelled", "Cancelled"}, {NULL, NULL}};
const struct vocabulary request_states = {"state of a request", state_words};

static const struct field request_fields[] = {
    FIELD(struct vendor_request, id, FIELD_ID),
    FIELD(struct vendor_request, job, FIELD_ID),
    FIELD(struct vendor_request, job_number, FIELD_INT),
    FIELD(struct vendor_request, vendor, FIELD_ID),
    FIELD(struct vendor_request, vendor_name, FIELD_TEXT),
    FIELD(struct vendor_request, vendor_email, FIELD_TEXT),
    FIELD(struct vendor_request, subject, FIELD_TEXT),
    FIELD(struct vendor_request, body, FIELD_LONG),
    FIELD(struct vendor_request, needed_by, FIELD_DAY),
    FIELD(struct vendor_request, state, FIELD_CODE, .words = &request_states),
    FIELD(struct vendor_request, message, FIELD_ID),
    FIELD(struct vendor_request, message_state, FIELD_CODE, .words = &message_states,
          .flags = FIELD_NO_COLUMN),
    FIELD(struct vendor_request, at, FIELD_INSTANT),
    FIELD(struct vendor_request, staff_name, FIELD_TEXT),
    FIELD(struct vendor_request, answer_price, FIELD_MONEY, .flags = FIELD_COST),
    FIELD(struct vendor_request, answer_days, FIELD_INT),
    FIELD(struct vendor_request, answer_note, FIELD_LONG),
    FIELD(struct vendor_request, answered_at, FIELD_INSTANT),
    FIELD(struct vendor_request, version, FIELD_INT, .max = INT64_MAX),
};
const struct record vendor_request_record =
    RECORD("VendorRequest", struct vendor_request, request_fields);

static const struct field draft_fields[] = {
    FIELD(struct request_draft, vendor, FIELD_ID, .label = "Vendor", .flags = FIELD_REQUIRED),
    FIELD(struct request_draft, subject, FIELD_TEXT, .label = "Subject", .flags = FIELD_REQUIRED),
    FIELD(struct request_draft, body, FIELD_LONG, .label = "Text", .flags = FIELD_REQUIRED),
    FIELD(struct request_draft, needed_by, FIELD_DAY, .label = "Needed by"),
    FIELD(struct request_draft, piece, FIELD_FLAG, .label = "The piece goes to them with it"),
};
const struct record request_draft_record =
    RECORD("VendorRequestDraft", struct request_draft, draft_fields);

static const struct field answer_fields[] = {
    FIELD(struct request_answer, price, FIELD_MONEY, .label = "Price, without tax",
          .max = INT64_C(1000000000000)),
    FIELD(struct request_answer, days, FIELD_INT, .label = "Takes, working days", .max = 365),
    FIELD(struct request_answer, note, FIELD_LONG, .label = "What they said", .max = 4000),
};
const struct record request_answer_record =
    RECORD("VendorAnswer", struct request_answer, answer_fields);

/* ------------------------------------------------------------------ reading */

#define REQUEST                                                                                    \
    "select q.id, q.job, j.number as job_number, q.vendor, q.vendor_name, q.vendor_email, "        \
    "q.subject, q.body, q.needed_by, q.state, q.message, q.at, s.name as staff_name, "             \
    "q.answer_price, q.answer_days, q.answer_note, q.answered_at, q.version "                      \
    "from vendor_request q join job j on j.id = q.job left join staff s on s.id = q.staff "
static const struct sql request_by_id = {"vendor_request_by_id", REQUEST "where q.id = $1", NULL};
static const struct sql requests_of_job = {
    "vendor_requests_of_job", REQUEST "where q.job = $1 order by q.id desc limit 200", NULL};
static const struct sql requests_open = {
    "vendor_requests_open", REQUEST "where q.state = 'sent' and q.id > $1 order by q.id limit $2",
    NULL};

static int64_t with_fates(struct context *cx, struct vendor_request *requests, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        requests[i].message_state =
            requests[i].message == NONE ? NULL : message_fate(cx, requests[i].message);
    return count;
}

bool vendor_request_load(struct context *cx, int64_t id, struct vendor_request *request) {
    return db_record(cx->db, &request_by_id, P(I(id)), &vendor_request_record, request) &&
           with_fates(cx, request, 1) == 1;
}

int64_t vendor_requests(struct context *cx, int64_t job, struct vendor_request **requests) {
    int64_t count =
        DB_RECORDS(cx->db, &requests_of_job, P(I(job)), &vendor_request_record, requests);
    return with_fates(cx, *requests, count);
}

int64_t vendor_requests_open(struct context *cx, int64_t after, int64_t limit,
                             struct vendor_request **requests) {
    int64_t count = DB_RECORDS(cx->db, &requests_open, P(I(after == NONE ? 0 : after), I(limit)),
                               &vendor_request_record, requests);
    return with_fates(cx, *requests, count);
}

/* ------------------------------------------------------------------ composing */

static void add_material(struct buf *out, const struct material *material) {
    char figure[32];
    if (text_same(material->kind, "metal")) {
        number_print(material->quantity, 3, 1, false, figure);
        buf_printf(out, "- %s, %s g\n", material->name, figure);
    } else {
        buf_printf(out, "- %ld × %s\n", (long)material->quantity, material->name);
    }
}

static bool is_lacking(const struct material *material, int64_t vendor) {
    return (text_same(material->state, "needed") || text_same(material->state, "to_order")) &&
           (vendor == NONE || material->vendor == vendor);
}

/* The work that they take over; how many lines it makes. */
static int64_t add_work(struct buf *out, const struct making *making, const struct vendor *vendor) {
    int64_t lines = 0;
    for (int64_t i = 0; i < making->operation_count; i++) {
        const struct operation *operation = &making->operations[i];
        if (operation->vendor != vendor->id &&
            !(text_same(operation->kind, "vendor") && text_same(operation->craft, vendor->craft)))
            continue;
        buf_printf(out, "- %s\n", operation->name);
        lines++;
    }
    return lines;
}

/* What it is for: metal, size and stones, without a name or a price. */
static void add_piece(struct context *cx, struct buf *out, const struct specification *spec) {
    buf_lit(out, "\nThe piece:\n");
    if (spec->alloy != NULL)
        buf_printf(out, "- %s\n", vocabulary_label(&alloys, spec->alloy));
    if (spec->ring_size != NONE)
        buf_printf(out, "- size %s\n",
                   field_print(record_field(&specification_record, "ring_size"), spec, cx->locale,
                               cx->arena));
    for (int64_t i = 0; i < spec->stone_count; i++)
        buf_printf(out, "- %s\n", spec_stone_text(&spec->stones[i], cx->arena));
}

void request_compose(struct context *cx, int64_t job_id, int64_t vendor_id,
                     struct request_draft *draft) {
    struct job job;
    struct making making = {0};
    struct vendor vendor;
    struct shop shop = {0};
    record_clear(&request_draft_record, draft);
    draft->vendor = vendor_id;
    if (!job_load(cx, job_id, &job))
        return;
    making_load(cx, job_id, &making);
    shop_load(cx, &shop);
    bool known = vendor_id != NONE && vendor_load(cx, vendor_id, &vendor);
    const char *number = job_number_text(cx, job.number);
    int64_t day, today = day_at(cx->locale->zone, cx->now);
    if (job.bench_day != NULL && day_parse(job.bench_day, &day) && day > today)
        draft->needed_by = job.bench_day;
    struct buf out = {0};
    buf_printf(&out, "Hello%s%s,\n\nplease quote us for our order %s:\n\n", known ? " " : "",
               known ? vendor.name : "", number);
    int64_t lacking = 0, work = 0;
    for (int64_t i = 0; i < making.material_count; i++)
        if (is_lacking(&making.materials[i], vendor_id)) {
            add_material(&out, &making.materials[i]);
            lacking++;
        }
    if (known)
        work = add_work(&out, &making, &vendor);
    if (making.shown != NULL && (work > 0 || lacking == 0))
        add_piece(cx, &out, making.shown);
    buf_lit(&out, "\nWhat does it cost, and how many working days do you need?\n");
    if (draft->needed_by != NULL && day_parse(draft->needed_by, &day))
        buf_printf(&out, "We need it by %s.\n", day_print_long(day, cx->arena));
    buf_printf(&out, "\n%s\n%s\n", cx->actor->name, shop.name == NULL ? "" : shop.name);
    draft->subject = arena_printf(cx->arena, "Request for order %s", number);
    draft->body = arena_text(cx->arena, out.at);
    buf_free(&out);
}

/* ------------------------------------------------------------------ asking */

static const struct sql request_insert = {
    "vendor_request_insert",
    "insert into vendor_request (job, vendor, vendor_name, vendor_email, subject, body, needed_by, "
    "state, message, at, staff) values ($1, $2, $3, $4, $5, $6, $7, 'sent', $8, $9, $10) "
    "returning id",
    NULL};

static void tell(struct context *cx, const char *kind, const struct vendor_request *request,
                 const char *more) {
    event_add(cx, kind, request->job,
              arena_printf(cx->arena, "{\"request\":%ld,\"vendor\":%ld%s}", (long)request->id,
                           (long)request->vendor, more));
    job_touch(cx, request->job);
}

static enum status unknown_request(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_request", "There is no such request.");
}

enum status request_make(struct context *cx, int64_t job_id, const struct request_draft *draft,
                         int64_t *id) {
    struct job job;
    struct vendor vendor;
    int64_t message;
    if (!job_load(cx, job_id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (!vendor_load(cx, draft->vendor, &vendor) || vendor.archived_at != NONE)
        return error_add(cx->errors, INVALID, "vendor", "unknown_vendor",
                         "Choose one of the vendors.");
    if (vendor.email == NULL)
        return error_add(cx->errors, INVALID, "vendor", "no_email",
                         "%s has no e-mail address yet. Enter it under Vendors first.",
                         vendor.name);
    enum status status = job_set_status(cx, job_id, "AVQ");
    if (status == OK)
        status = message_queue_vendor(cx, job_id, vendor.id, vendor.name, vendor.email,
                                      draft->subject, draft->body, &message);
    if (status != OK)
        return status;
    *id = db_insert(cx->db, &request_insert,
                    P(I(job_id), I(vendor.id), T(vendor.name), T(vendor.email), T(draft->subject),
                      T(draft->body), T(draft->needed_by), I(message), I(cx->now),
                      I(cx->actor->staff > 0 ? cx->actor->staff : NONE)));
    audit_add(cx, "asked", "vendor", vendor.id,
              arena_printf(cx->arena, "for %s", job_number_text(cx, job.number)));
    tell(cx, "vendor.requested",
         &(struct vendor_request){.id = *id, .job = job_id, .vendor = vendor.id},
         draft->piece == 1 ? ",\"piece\":1" : "");
    return OK;
}

/* ------------------------------------------------------------------ answers */

static const struct sql request_answered = {
    "vendor_request_answered",
    "update vendor_request set state = 'answered', answer_price = $2, answer_days = $3, "
    "answer_note = $4, answered_at = $5, version = version + 1 where id = $1",
    NULL};
static const struct sql request_cancelled = {
    "vendor_request_cancelled",
    "update vendor_request set state = 'cancelled', version = version + 1 where id = $1", NULL};
static const struct sql request_waiting = {
    "vendor_request_waiting",
    "select id from vendor_request where job = $1 and state = 'sent' limit 1", NULL};

/* When nobody is waited for any more, the next move is ours: to quote. */
static enum status go_on(struct context *cx, int64_t job_id) {
    struct job job;
    if (db_int(cx->db, &request_waiting, P(I(job_id))) != NONE || !job_load(cx, job_id, &job) ||
        !text_same(job.status, "AVQ"))
        return OK;
    return job_set_status(cx, job_id, "QN");
}

enum status request_answer(struct context *cx, int64_t id, const struct request_answer *answer) {
    struct vendor_request request;
    struct vendor vendor;
    if (!vendor_request_load(cx, id, &request))
        return unknown_request(cx);
    if (text_same(request.state, "cancelled"))
        return error_add(cx->errors, CONFLICT, NULL, "cancelled",
                         "This request was cancelled. Ask %s again.", request.vendor_name);
    if (answer->price == NONE && answer->days == NONE && answer->note == NULL)
        return error_add(cx->errors, INVALID, "price", "required",
                         "Enter a price, the days, or what they said.");
    db_run(cx->db, &request_answered,
           P(I(id), I(answer->price), I(answer->days), T(answer->note), I(cx->now)));
    if (answer->days != NONE && vendor_load(cx, request.vendor, &vendor))
        making_ordered(cx, request.job, request.vendor,
                       workshop_arrival(cx, answer->days, vendor.cutoff));
    audit_add(cx, "answered", "vendor", request.vendor,
              arena_printf(cx->arena, "for %s", job_number_text(cx, request.job_number)));
    tell(cx, "vendor.answered", &request,
         answer->days == NONE ? ",\"days\":null"
                              : arena_printf(cx->arena, ",\"days\":%ld", (long)answer->days));
    return go_on(cx, request.job);
}

enum status request_cancel(struct context *cx, int64_t id) {
    struct vendor_request request;
    if (!vendor_request_load(cx, id, &request))
        return unknown_request(cx);
    if (text_same(request.state, "answered"))
        return error_add(cx->errors, CONFLICT, NULL, "answered",
                         "%s has answered already: the answer stays.", request.vendor_name);
    if (text_same(request.state, "cancelled"))
        return OK;
    db_run(cx->db, &request_cancelled, P(I(id)));
    if (request.message != NONE)
        message_withdraw(cx, request.message);
    audit_add(cx, "cancelled the request", "vendor", request.vendor,
              arena_printf(cx->arena, "for %s", job_number_text(cx, request.job_number)));
    tell(cx, "vendor.cancelled", &request, "");
    return go_on(cx, request.job);
}
