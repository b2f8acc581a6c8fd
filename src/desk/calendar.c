#include "desk/calendar.h"

#include "accounts/account.h"
#include "appointments/appointment.h"
#include "base/text.h"
#include "base/url.h"
#include "desk.calendar.html.h"
#include "shops/location.h"
#include "shops/shop.h"

#include <string.h>

static const struct word looks_[] = {
    {"month", "Month"}, {"week", "Week"}, {"day", "Day"}, {"agenda", "Agenda"}, {NULL, NULL}};
static const struct vocabulary looks = {"look", looks_};

static const struct field query_fields[] = {
    FIELD(struct calendar_query, look, FIELD_CODE, .label = "Look", .words = &looks),
    FIELD(struct calendar_query, day, FIELD_DAY, .label = "Day"),
    FIELD(struct calendar_query, kind, FIELD_CODE, .label = "Kind", .words = &job_kinds),
    FIELD(struct calendar_query, salesperson, FIELD_ID, .label = "Salesperson"),
    FIELD(struct calendar_query, location, FIELD_ID, .label = "Location"),
};
static const struct record query_record =
    RECORD("CalendarQuery", struct calendar_query, query_fields);

static const struct field visit_fields[] = {
    FIELD(struct calendar_visit, id, FIELD_ID),
    FIELD(struct calendar_visit, job, FIELD_ID),
    FIELD(struct calendar_visit, number, FIELD_INT),
    FIELD(struct calendar_visit, kind, FIELD_CODE, .words = &appointment_kinds),
    FIELD(struct calendar_visit, title, FIELD_TEXT),
    FIELD(struct calendar_visit, customer_name, FIELD_TEXT),
    FIELD(struct calendar_visit, job_kind, FIELD_TEXT),
    FIELD(struct calendar_visit, at, FIELD_INSTANT),
    FIELD(struct calendar_visit, minutes, FIELD_MINUTES),
    FIELD(struct calendar_visit, time, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
};
static const struct record visit_record =
    RECORD("CalendarVisit", struct calendar_visit, visit_fields);
static const struct field day_fields[] = {
    FIELD(struct calendar_day, day, FIELD_DAY),
    FIELD(struct calendar_day, today, FIELD_FLAG),
    FIELD(struct calendar_day, outside, FIELD_FLAG),
    FIELD(struct calendar_day, closed, FIELD_FLAG),
    FIELD(struct calendar_day, reason, FIELD_TEXT),
    FIELD_ROWS(struct calendar_day, jobs, job_count, &job_found_record),
    FIELD_ROWS(struct calendar_day, visits, visit_count, &visit_record),
};
static const struct record day_record = RECORD("CalendarDay", struct calendar_day, day_fields);
static const struct field calendar_fields[] = {
    FIELD(struct calendar, look, FIELD_CODE, .words = &looks),
    FIELD(struct calendar, from, FIELD_DAY),
    FIELD(struct calendar, to, FIELD_DAY),
    FIELD(struct calendar, previous, FIELD_DAY),
    FIELD(struct calendar, next, FIELD_DAY),
    FIELD_ROWS(struct calendar, days, day_count, &day_record),
};
static const struct record calendar_record = RECORD("Calendar", struct calendar, calendar_fields);

/* ------------------------------------------------------------------ which days */

static int64_t month_begin(int64_t number) {
    return number - day_civil(number).day + 1;
}

struct span {
    int64_t from, to, previous, next, month; /* month: 1…12, or 0: none is meant */
};

static struct span span_of(const char *look, int64_t day) {
    int64_t monday = day - day_weekday(day);
    if (text_same(look, "day"))
        return (struct span){day, day, day - 1, day + 1, 0};
    if (text_same(look, "week"))
        return (struct span){monday, monday + 6, day - 7, day + 7, 0};
    if (text_same(look, "agenda"))
        return (struct span){day, day + 27, day - 28, day + 28, 0};
    int64_t begin = month_begin(day), next = month_begin(begin + 31);
    int64_t from = begin - day_weekday(begin), to = next - 1 + (6 - day_weekday(next - 1));
    return (struct span){from, to, month_begin(begin - 1), next, day_civil(day).month};
}

static void make_days(struct context *cx, struct calendar *calendar, const struct span *span) {
    int64_t today = day_at(cx->locale->zone, cx->now);
    bool open[7] = {false};
    struct opening *openings;
    int64_t opening_count = shop_openings(cx, &openings);
    for (int64_t i = 0; i < opening_count; i++)
        open[openings[i].weekday] = true;
    calendar->day_count = span->to - span->from + 1;
    calendar->days = ARENA_ARRAY(cx->arena, struct calendar_day, (size_t)calendar->day_count);
    for (int64_t i = 0; i < calendar->day_count; i++) {
        int64_t number = span->from + i;
        calendar->days[i] = (struct calendar_day){
            .day = day_text(number, cx->arena),
            .today = number == today,
            .outside = span->month != 0 && day_civil(number).month != span->month,
            .closed = opening_count > 0 && !open[day_weekday(number)]};
    }
    struct closure_day *closures;
    int64_t count = shop_closure_days(cx, calendar->from, &closures), number;
    for (int64_t i = 0; i < count && day_parse(closures[i].day, &number) && number <= span->to;
         i++) {
        calendar->days[number - span->from].closed = 1;
        calendar->days[number - span->from].reason = closures[i].reason;
    }
}

/* ------------------------------------------------------------------ what is on them */

/* What is promised and not handed over yet is as much as the shop has open: no more is there to
 * read.
 */
static const struct sql promised = {
    "calendar_promised",
    "select j.id, j.number, j.kind, j.stage, j.status, j.held_from, j.type, j.title, "
    "j.customer_name, j.promised_day, j.priority, j.salesperson, j.picture, j.quoted, j.final, "
    "j.deposit, j.paid, j.created_at, j.stage_at, j.ready_at, j.closed_at, j.archived_at "
    "from job j where j.promised_day >= $1 and j.promised_day <= $2 "
    "and j.promised_day is not null and j.archived_at is null and j.closed_at is null "
    "and (cast($3 as text) is null or j.kind = $3) "
    "and (cast($4 as bigint) is null or j.salesperson = $4) "
    "and (cast($5 as bigint) is null or j.location = $5) "
    "order by j.promised_day, case j.priority when 'rush' then 0 else 1 end, j.id limit 3000",
    NULL};
static const struct sql booked = {
    "calendar_booked",
    "select a.id, a.job, j.number, a.kind, j.title, j.customer_name, j.kind as job_kind, a.at, "
    "a.minutes from appointment a join job j on j.id = a.job "
    "where a.state = 'booked' and a.at >= $1 and a.at < $2 "
    "and (cast($3 as text) is null or j.kind = $3) "
    "and (cast($4 as bigint) is null or j.salesperson = $4) "
    "and (cast($5 as bigint) is null or j.location = $5) order by a.at, a.id limit 3000",
    NULL};

static void read_promised(struct context *cx, struct calendar *calendar) {
    struct job_found *jobs;
    int64_t soon = due_soon_days(cx), begin, number;
    int64_t count = DB_RECORDS(cx->db, &promised,
                               P(T(calendar->from), T(calendar->to), T(calendar->query.kind),
                                 I(calendar->query.salesperson), I(calendar->query.location)),
                               &job_found_record, &jobs);
    day_parse(calendar->from, &begin);
    for (int64_t i = 0; i < count; i++) {
        job_found_finish(cx, &jobs[i], soon);
        day_parse(jobs[i].promised_day, &number);
        struct calendar_day *day = &calendar->days[number - begin];
        if (day->job_count++ == 0)
            day->jobs = &jobs[i];
    }
    calendar->total += count;
}

static void read_booked(struct context *cx, struct calendar *calendar, const struct span *span) {
    const struct zone *zone = cx->locale->zone;
    struct calendar_visit *visits;
    int64_t count = DB_RECORDS(cx->db, &booked,
                               P(I(day_start(zone, span->from)), I(day_start(zone, span->to + 1)),
                                 T(calendar->query.kind), I(calendar->query.salesperson),
                                 I(calendar->query.location)),
                               &visit_record, &visits);
    for (int64_t i = 0; i < count; i++) {
        struct civil civil = civil_at(zone, visits[i].at);
        visits[i].time = arena_printf(cx->arena, "%d:%02d", civil.hour, civil.minute);
        struct calendar_day *day = &calendar->days[day_at(zone, visits[i].at) - span->from];
        if (day->visit_count++ == 0)
            day->visits = &visits[i];
    }
    calendar->total += count;
}

/* ------------------------------------------------------------------ the page */

static void calendar_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Calendar"),
                                .nav = "jobs",
                                .besides = "views",
                                .crumb = view_t(v, "Jobs"),
                                .crumb_url = "/jobs",
                                .body = calendar_html,
                                .model = model});
}
static const struct presentation calendar_as = {&calendar_record, calendar_page};

static enum status calendar_show(struct request *r) {
    struct calendar calendar = {.query = *(struct calendar_query *)r->input};
    struct context *cx = request_read(r);
    int64_t day;
    if (cx == NULL)
        return UNAVAILABLE;
    calendar.look = calendar.query.look == NULL ? "month" : calendar.query.look;
    if (calendar.query.day == NULL || !day_parse(calendar.query.day, &day))
        day = day_at(cx->locale->zone, cx->now);
    struct span span = span_of(calendar.look, day);
    calendar.day = day_text(day, cx->arena);
    calendar.from = day_text(span.from, cx->arena);
    calendar.to = day_text(span.to, cx->arena);
    calendar.previous = day_text(span.previous, cx->arena);
    calendar.next = day_text(span.next, cx->arena);
    make_days(cx, &calendar, &span);
    read_promised(cx, &calendar);
    read_booked(cx, &calendar, &span);
    if (!r->json) {
        calendar.staff_count = staff_list(cx, true, &calendar.staff);
        calendar.has_locations = location_words(cx, calendar.query.location, &calendar.locations);
    }
    return answer(r, &calendar_as, &calendar);
}

int64_t calendar_shown(const struct calendar *calendar) {
    return text_same(calendar->look, "month") ? 4 : text_same(calendar->look, "week") ? 20 : 500;
}

const char *calendar_title(struct view *v, const struct calendar *calendar) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int64_t number;
    if (text_same(calendar->look, "day"))
        return day_long(v, calendar->day);
    if (!text_same(calendar->look, "month") || !day_parse(calendar->day, &number))
        return words(v, "%s to %s", day(v, calendar->from), day(v, calendar->to));
    struct civil civil = day_civil(number);
    return words(v, "%s %ld", view_tc(v, "month", months[civil.month - 1]), (long)civil.year);
}

const char *calendar_url(struct view *v, const struct calendar *calendar, const char *look,
                         const char *day) {
    const char *who = calendar->query.salesperson == NONE
                          ? NULL
                          : words(v, "%ld", (long)calendar->query.salesperson);
    const char *where =
        calendar->query.location == NONE ? NULL : words(v, "%ld", (long)calendar->query.location);
    return url_with(v->arena, "/calendar",
                    (const char *[]){"look", look, "day", day, "kind", calendar->query.kind,
                                     "salesperson", who, "location", where, NULL});
}

const char *calendar_later(struct view *v, const char *day, int64_t days) {
    int64_t number;
    return day_parse(day, &number) ? day_text(number + days, v->arena) : day;
}

const char *calendar_date(struct view *v, const char *day) {
    int64_t number;
    if (!day_parse(day, &number))
        return day;
    struct civil civil = day_civil(number);
    return civil.day == 1 ? when_day(v, day_start(v->locale->zone, number))
                          : words(v, "%ld", (long)civil.day);
}

const struct route calendar_routes[] = {
    {GET, "/calendar", RIGHT(MAY_SEE_JOBS), calendar_show, &query_record, .output = &calendar_as,
     .summary = "Promised days and appointments of a month, a week or a day"},
    {0},
};
