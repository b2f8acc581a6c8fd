#include "appointments/appointment.h"

#include "accounts/account.h"
#include "base/text.h"
#include "jobs/job.h"
#include "messages/message.h"
#include "shops/location.h"

static const struct word kinds_[] = {
    {"pickup", "Pickup"}, {"consultation", "Consultation"}, {NULL, NULL}};
const struct vocabulary appointment_kinds = {"kind", kinds_};

static const struct field fields[] = {
    FIELD(struct appointment, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct appointment, job, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct appointment, kind, FIELD_CODE, .label = "For", .words = &appointment_kinds),
    FIELD(struct appointment, at, FIELD_INSTANT, .label = "When", .flags = FIELD_REQUIRED),
    FIELD(struct appointment, minutes, FIELD_MINUTES, .label = "How long", .min = 5, .max = 480),
    FIELD(struct appointment, note, FIELD_TEXT, .label = "Note", .max = 500),
    FIELD(struct appointment, state, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct appointment, staff, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct appointment, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct appointment, version, FIELD_INT, .flags = FIELD_READONLY, .max = INT64_MAX),
};
const struct record appointment_record = RECORD("Appointment", struct appointment, fields);

#define APPOINTMENT                                                                                \
    "select id, job, kind, at, minutes, note, state, staff, created_at, version from appointment "
static const struct sql of_job = {
    "appointments_of_job", APPOINTMENT "where job = $1 and state <> 'cancelled' order by at", NULL};
static const struct sql by_id = {"appointment_by_id", APPOINTMENT "where id = $1", NULL};
static const struct sql booked = {
    "appointment_booked",
    "select id from appointment where job = $1 and kind = $2 and state = 'booked'", NULL};
static const struct sql insert = {
    "appointment_insert",
    "insert into appointment (job, kind, at, minutes, note, staff, created_at) "
    "values ($1, $2, $3, $4, $5, $6, $7) returning id",
    NULL};
static const struct sql move = {
    "appointment_move",
    "update appointment set at = $2, minutes = $3, note = $4, staff = $5, version = version + 1 "
    "where id = $1",
    NULL};
static const struct sql cancel = {
    "appointment_cancel",
    "update appointment set state = 'cancelled', version = version + 1 where id = $1 "
    "and state = 'booked'",
    NULL};

int64_t appointment_list(struct context *cx, int64_t job, struct appointment **rows) {
    return DB_RECORDS(cx->db, &of_job, P(I(job)), &appointment_record, rows);
}

/* The shop must be open; what it then has open is told. */
static enum status check_open(struct context *cx, const struct job *job, int64_t at) {
    struct opening *openings;
    int64_t count = location_openings(cx, job->location, &openings);
    struct civil civil = civil_at(cx->locale->zone, at);
    int64_t minute = civil.hour * 60 + civil.minute;
    const char *day = day_text(day_at(cx->locale->zone, at), cx->arena), **closed;
    int64_t closures = shop_closures(cx, day, &closed);
    if (closures > 0 && text_same(closed[0], day))
        return error_add(cx->errors, INVALID, "at", "closed", "The shop is closed on that day.");
    struct special_day *specials;
    if (shop_special_days(cx, day, &specials) > 0 && text_same(specials[0].day, day)) {
        openings[0] = (struct opening){civil.weekday, specials[0].opens, specials[0].closes};
        count = 1;
    }
    for (int64_t i = 0; i < count; i++)
        if (openings[i].weekday == civil.weekday) {
            if (minute >= openings[i].opens && minute < openings[i].closes)
                return OK;
            return error_add(cx->errors, INVALID, "at", "closed",
                             "The shop is open from %d:%02d to %d:%02d on that day.",
                             (int)openings[i].opens / 60, (int)openings[i].opens % 60,
                             (int)openings[i].closes / 60, (int)openings[i].closes % 60);
        }
    return count == 0 ? OK
                      : error_add(cx->errors, INVALID, "at", "closed",
                                  "The shop is closed on that weekday.");
}

static enum status tell(struct context *cx, const struct appointment *wish) {
    int64_t message;
    const char *why;
    return message_queue(cx,
                         &(struct message_wish){.kind = "appointment",
                                                .job = wish->job,
                                                .history = NONE,
                                                .delay = NONE,
                                                .extra = wish->note,
                                                .amount = NONE,
                                                .when = wish->at},
                         &message, &why);
}

enum status appointment_book(struct context *cx, const struct appointment *wish, int64_t *id) {
    struct job job;
    if (!job_load(cx, wish->job, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (job.closed_at != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "closed",
                         "This job is closed: there is nothing to come for.");
    if (wish->at <= cx->now || wish->at > cx->now + 366 * DAY)
        return error_add(cx->errors, INVALID, "at", "out_of_range",
                         "Choose a time within the coming year.");
    if (check_open(cx, &job, wish->at) != OK)
        return INVALID;
    const char *kind = wish->kind == NULL ? "pickup" : wish->kind;
    int64_t minutes = wish->minutes == NONE ? 15 : wish->minutes;
    int64_t staff = cx->actor->staff > 0 ? cx->actor->staff : NONE;
    *id = db_int(cx->db, &booked, P(I(wish->job), T(kind)));
    if (*id != NONE)
        db_run(cx->db, &move, P(I(*id), I(wish->at), I(minutes), T(wish->note), I(staff)));
    else
        *id = db_insert(
            cx->db, &insert,
            P(I(wish->job), T(kind), I(wish->at), I(minutes), T(wish->note), I(staff), I(cx->now)));
    audit_add(cx, "booked", "appointment", *id, NULL);
    job_touch(cx, wish->job);
    return tell(cx, wish);
}

enum status appointment_cancel(struct context *cx, int64_t id) {
    struct appointment appointment;
    if (!db_record(cx->db, &by_id, P(I(id)), &appointment_record, &appointment))
        return error_add(cx->errors, MISSING, NULL, "unknown_appointment",
                         "There is no such appointment.");
    if (db_run(cx->db, &cancel, P(I(id))) != 1)
        return error_add(cx->errors, CONFLICT, NULL, "not_booked",
                         "This appointment is not booked any more.");
    audit_add(cx, "cancelled", "appointment", id, NULL);
    job_touch(cx, appointment.job);
    return OK;
}

/* ------------------------------------------------------------------ routes */

struct appointments {
    struct appointment *rows;
    int64_t count;
};
static const struct field list_fields[] = {
    FIELD_ROWS(struct appointments, rows, count, &appointment_record),
};
static const struct record list_record = RECORD("Appointments", struct appointments, list_fields);
static const struct presentation list_as = {&list_record, NULL};
static const struct presentation one_as = {&appointment_record, NULL};

static enum status list_show(struct request *r) {
    struct context *cx = request_read(r);
    struct job job;
    if (cx == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &job))
        return MISSING;
    struct appointments list = {0};
    list.count = appointment_list(cx, job.id, &list.rows);
    return answer(r, &list_as, &list);
}

static enum status done(struct context *cx, int64_t id, int status, const char *flash) {
    struct appointment appointment = {0};
    db_record(cx->db, &by_id, P(I(id)), &appointment_record, &appointment);
    context_outcome(cx, &(struct outcome){
                            .status = status,
                            .location = arena_printf(cx->arena, "/jobs/%ld", (long)appointment.job),
                            .flash = flash,
                            .record = &appointment_record,
                            .model = &appointment});
    return OK;
}

static enum status book(struct context *cx, void *arg) {
    int64_t id = NONE;
    enum status status = appointment_book(cx, arg, &id);
    return status == OK ? done(cx, id, 201, "Booked; the customer is told.") : status;
}

static enum status book_post(struct request *r) {
    struct appointment wish = *(const struct appointment *)r->input;
    wish.job = request_id(r, "id");
    return request_write(r, book, &wish);
}

static enum status end(struct context *cx, void *arg) {
    int64_t id = *(const int64_t *)arg;
    enum status status = appointment_cancel(cx, id);
    return status == OK ? done(cx, id, 200, "The appointment is cancelled.") : status;
}

static enum status cancel_post(struct request *r) {
    int64_t id = request_id(r, "id");
    return request_write(r, end, &id);
}

const struct route appointment_routes[] = {
    {GET, "/jobs/{id}/appointments", RIGHT(MAY_SEE_JOBS), list_show, .flags = ROUTE_API,
     .output = &list_as, .summary = "A job's appointments"},
    {POST, "/jobs/{id}/appointments", RIGHT(MAY_EDIT_JOBS) | RIGHT(MAY_SEND_MESSAGES), book_post,
     &appointment_record, .output = &one_as, .summary = "Book an appointment, or move it"},
    {POST, "/appointments/{id}/cancel", RIGHT(MAY_EDIT_JOBS) | RIGHT(MAY_SEND_MESSAGES),
     cancel_post, .output = &one_as, .summary = "Cancel an appointment"},
    {0},
};
