/* Pages of the workshop: a job's operations, everybody's days, craftsmen. */
#include "workshop/workshop_pages.h"

#include "base/text.h"
#include "base/url.h"
#include "trade/words.h"
#include "workshop.craftsmen.html.h"
#include "workshop.workshop.html.h"

#include <stdlib.h>
#include <string.h>

const char *bench_weekday(int64_t weekday) {
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return weekday >= 0 && weekday < 7 ? names[weekday] : "";
}

const char *clock_words(struct view *v, int64_t instant) {
    struct civil civil = civil_at(v->locale->zone, instant);
    return locale_time(v->locale, civil.hour, civil.minute, v->arena);
}

const char *slot_words(struct view *v, int64_t start, int64_t end) {
    int64_t today = day_at(v->locale->zone, v->now);
    int64_t first = day_at(v->locale->zone, start), last = day_at(v->locale->zone, end - 1);
    if (start == NONE)
        return "–";
    if (first == last)
        return words(v, "%s, %s", locale_day(v->locale, first, today, v->arena),
                     clock_words(v, start));
    return arena_printf(v->arena, "%s – %s", locale_day(v->locale, first, today, v->arena),
                        locale_day(v->locale, last, today, v->arena));
}

static const char *job_url(struct arena *arena, int64_t id, const char *rest) {
    return arena_printf(arena, "/jobs/%ld%s", (long)id, rest);
}

/* ------------------------------------------------------------------ a job's operations */

static const struct field operations_fields[] = {
    FIELD_ROWS(struct operations_page, operations, count, &operation_record),
    FIELD(struct operations_page, promised_day, FIELD_DAY),
    FIELD(struct operations_page, bench_day, FIELD_DAY),
    FIELD(struct operations_page, tentative, FIELD_FLAG),
};
static const struct record operations_record =
    RECORD("Operations", struct operations_page, operations_fields);

struct operations_input {
    struct operation_edit *rows;
    int64_t count;
};
static const struct field input_fields[] = {
    {.name = "operations",
     .label = "Operations",
     .kind = FIELD_LIST,
     .offset = offsetof(struct operations_input, rows),
     .of = &operation_edit_record,
     .count_offset = offsetof(struct operations_input, count),
     .flags = FIELD_NO_COLUMN,
     .max = 100},
};
static const struct record operations_input_record =
    RECORD("OperationsEdit", struct operations_input, input_fields);

static const struct vocabulary *choices(struct arena *arena, struct word *words) {
    struct vocabulary *made = ARENA_NEW(arena, struct vocabulary);
    *made = (struct vocabulary){"choice", words};
    return made;
}

static const struct vocabulary *craftsman_words(struct context *cx) {
    struct craftsman *all;
    int64_t count = craftsman_list(cx, true, &all);
    struct word *words = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        words[i] = (struct word){arena_printf(cx->arena, "%ld", (long)all[i].id), all[i].name};
    return choices(cx->arena, words);
}

static const struct vocabulary *vendor_words(struct context *cx) {
    struct vendor *all;
    int64_t count = vendor_list(cx, &all);
    struct word *words = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        words[i] = (struct word){arena_printf(cx->arena, "%ld", (long)all[i].id), all[i].name};
    return choices(cx->arena, words);
}

static void operations_read(struct context *cx, struct operations_page *page) {
    int64_t job = page->job.id;
    page->count = operation_list(cx, job, &page->operations);
    page->promised_day = page->job.promised_day;
    page->bench_day = page->job.bench_day;
    page->tentative = !workshop_is_firm(cx, job);
    page->edits = ARENA_ARRAY(cx->arena, struct operation_edit, (size_t)page->count + 1);
    for (int64_t i = 0; i < page->count; i++) {
        const struct operation *row = &page->operations[i];
        page->minutes += row->minutes;
        page->done += text_same(row->state, "done") ? row->minutes : 0;
        bool away = text_same(row->kind, "vendor") || text_same(row->kind, "customer");
        page->edits[i] =
            (struct operation_edit){.id = row->id,
                                    .position = i + 1,
                                    .craft = row->craft,
                                    .kind = row->kind,
                                    .name = row->name,
                                    .minutes = away && row->minutes == 0 ? NONE : row->minutes,
                                    .lead_days = away ? row->lead_days : NONE,
                                    .cost = row->cost,
                                    .vendor = row->vendor,
                                    .craftsman = row->pinned == 1 ? row->craftsman : NONE,
                                    .version = row->version};
    }
}

static void operations_html(struct view *v, const void *model) {
    const struct operations_page *page = model;
    view_page(v, &(struct page){.title = words(v, view_t(v, "Operations, %s"), page->job.title),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job.number),
                                .crumb_url = job_url(v->arena, page->job.id, ""),
                                .body = workshop_operations_html,
                                .model = model});
}
static const struct presentation operations_as = {&operations_record, operations_html};

/* `typed`: the rows are shown as they were typed, when there are such. */
static enum status operations_answer(struct request *r, int64_t job, bool typed) {
    struct operations_page page = {0};
    if (request_read(r) == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, job, &page.job))
        return r->cx.errors->status;
    operations_read(&r->cx, &page);
    page.craftsmen = craftsman_words(&r->cx);
    page.vendors = vendor_words(&r->cx);
    page.form = request_form(r, &operations_input_record, NULL);
    if (!typed)
        page.form.get = NULL;
    job_hide(r->cx.actor, &page.job);
    return answer(r, &operations_as, &page);
}

static enum status operations_show(struct request *r) {
    return operations_answer(r, request_id(r, "id"), false);
}

static enum status operations_again(struct request *r) {
    return operations_answer(r, request_id(r, "id"), true);
}

/* A refusal at one operation is told above all of its job's. */
static enum status operation_again(struct request *r) {
    struct operation operation;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!operation_load(cx, request_id(r, "operation_id"), &operation))
        return MISSING;
    return operations_answer(r, operation.job, false);
}

/* The job's operations as they are now, as the answer of a write. */
static void operations_outcome(struct context *cx, int64_t job, const char *location,
                               const char *flash) {
    struct operations_page page = {0};
    job_load(cx, job, &page.job);
    operations_read(cx, &page);
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = location,
                                          .flash = flash,
                                          .record = &operations_record,
                                          .model = &page});
}

/* Plans anew; what stands against it becomes part of the sentence, not a refusal. */
static const char *plan_again(struct context *cx, int64_t job, const char *done) {
    struct errors faults = {.arena = cx->arena};
    struct context quiet = *cx;
    const char *possible = NULL;
    int64_t number;
    quiet.errors = &faults;
    enum status status = workshop_plan(&quiet, job, false, &possible);
    cx->news = quiet.news;
    if (status != OK)
        return arena_printf(cx->arena, "%s %s", language_text(context_language(cx), NULL, done),
                            faults.first == NULL ? "" : faults.first->sentence);
    day_parse(possible, &number);
    return context_words(
        cx, "%s It could be done by %s.", language_text(context_language(cx), NULL, done),
        locale_day(context_reader(cx), number, day_at(cx->locale->zone, cx->now), cx->arena));
}

struct operations_write {
    int64_t job;
    const struct operations_input *input;
};

static enum status check_open(struct context *cx, int64_t id) {
    struct job job;
    if (!job_load(cx, id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    if (job.closed_at != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "closed",
                         "%s is closed: its operations stay as they are. Reopen it first.",
                         job_number_text(cx, job.number));
    return OK;
}

static enum status operations_save(struct context *cx, void *arg) {
    const struct operations_write *write = arg;
    enum status status = check_open(cx, write->job);
    if (status == OK)
        status = operation_save_all(cx, write->job, write->input->rows, write->input->count);
    if (status != OK)
        return status;
    operations_outcome(cx, write->job, job_url(cx->arena, write->job, "/operations"),
                       plan_again(cx, write->job, "Operations saved."));
    return OK;
}

static enum status operations_post(struct request *r) {
    return request_write(r, operations_save,
                         &(struct operations_write){request_id(r, "id"), r->input});
}

/* ------------------------------------------------------------------ planning */

struct plan_input {
    int64_t promise;
};
static const struct field plan_fields[] = {
    FIELD(struct plan_input, promise, FIELD_FLAG, .label = "Promise this day"),
};
static const struct record plan_record = RECORD("PlanAgain", struct plan_input, plan_fields);

struct plan_write {
    int64_t job, promise;
};

static enum status plan_write(struct context *cx, void *arg) {
    const struct plan_write *write = arg;
    const char *possible;
    int64_t number;
    enum status status = check_open(cx, write->job);
    if (status == OK)
        status = workshop_plan(cx, write->job, write->promise == 1, &possible);
    if (status != OK)
        return status;
    audit_add(cx, "planned", "job", write->job, possible);
    day_parse(possible, &number);
    const char *day_words =
        locale_day(context_reader(cx), number, day_at(cx->locale->zone, cx->now), cx->arena);
    operations_outcome(cx, write->job, job_url(cx->arena, write->job, "/operations"),
                       context_words(cx,
                                     write->promise == 1 ? "Planned, and promised for %s."
                                                         : "Planned: it could be done by %s.",
                                     day_words));
    return OK;
}

static enum status plan_post(struct request *r) {
    const struct plan_input *input = r->input;
    return request_write(r, plan_write, &(struct plan_write){request_id(r, "id"), input->promise});
}

/* ------------------------------------------------------------------ at the bench */

struct bench_input {
    int64_t passed, actual;
    const char *note, *from;
};
static const struct field bench_fields[] = {
    FIELD(struct bench_input, passed, FIELD_FLAG, .label = "Passed"),
    FIELD(struct bench_input, actual, FIELD_MINUTES, .label = "It took", .max = 100000),
    FIELD(struct bench_input, note, FIELD_LONG, .label = "Note", .max = 2000),
    FIELD(struct bench_input, from, FIELD_TEXT, .max = 20),
};
static const struct record bench_record = RECORD("OperationEnd", struct bench_input, bench_fields);
static const struct field start_fields[] = {
    FIELD(struct bench_input, from, FIELD_TEXT, .max = 20),
};
static const struct record start_record =
    RECORD("OperationStart", struct bench_input, start_fields);

struct bench_write {
    int64_t id;
    const struct bench_input *input; /* NULL: a start */
    const char *from;
};

static const struct presentation operation_as = {&operation_record, NULL};

/* "“Final check” passed. Moved to Ready." */
static const char *ended_words(struct context *cx, const struct operation *operation,
                               const struct job *was, bool passed) {
    struct job now;
    job_load(cx, operation->job, &now);
    const struct stage *stage = stage_find(now.kind, now.stage);
    const char *label =
        language_text(context_language(cx), "stage", stage == NULL ? now.stage : stage->label);
    bool moved = !text_same(was->stage, now.stage);
    if (!passed)
        return context_words(cx, "“%s” was not passed: the job stays at %s.", operation->name,
                             label);
    if (text_same(operation->kind, "work") || text_same(operation->kind, "vendor"))
        return moved ? context_words(cx, "“%s” done. Moved to %s.", operation->name, label)
                     : context_words(cx, "“%s” done.", operation->name);
    if (text_same(operation->kind, "customer"))
        return moved ? context_words(cx, "“%s” approved. Moved to %s.", operation->name, label)
                     : context_words(cx, "“%s” approved.", operation->name);
    return moved ? context_words(cx, "“%s” passed. Moved to %s.", operation->name, label)
                 : context_words(cx, "“%s” passed.", operation->name);
}

static enum status bench_write(struct context *cx, void *arg) {
    const struct bench_write *write = arg;
    struct operation operation;
    struct job job;
    const char *flash;
    if (!operation_load(cx, write->id, &operation) || !job_load(cx, operation.job, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_operation",
                         "There is no such operation.");
    bool starts = write->input == NULL;
    bool passed = !starts && write->input->passed == 1;
    enum status status =
        starts ? operation_start(cx, write->id)
               : operation_end(cx, write->id, passed, write->input->actual, write->input->note);
    if (status != OK)
        return status;
    flash = starts ? context_words(cx, "“%s” is under way.", operation.name)
                   : ended_words(cx, &operation, &job, passed);
    operation_load(cx, write->id, &operation);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = text_same(write->from, "workshop")
                                              ? "/workshop"
                                              : job_url(cx->arena, operation.job, "/operations"),
                              .flash = flash,
                              .record = &operation_record,
                              .model = &operation});
    return OK;
}

static enum status start_post(struct request *r) {
    const struct bench_input *input = r->input;
    return request_write(
        r, bench_write,
        &(struct bench_write){.id = request_id(r, "operation_id"), .from = input->from});
}

static enum status end_post(struct request *r) {
    const struct bench_input *input = r->input;
    return request_write(r, bench_write,
                         &(struct bench_write){.id = request_id(r, "operation_id"),
                                               .input = input,
                                               .from = input->from});
}

/* ------------------------------------------------------------------ everybody's days */

static const struct field entry_fields[] = {
    FIELD(struct agenda_entry, id, FIELD_ID),
    FIELD(struct agenda_entry, job, FIELD_ID),
    FIELD(struct agenda_entry, number, FIELD_INT),
    FIELD(struct agenda_entry, name, FIELD_TEXT),
    FIELD(struct agenda_entry, craft, FIELD_CODE, .words = &crafts),
    FIELD(struct agenda_entry, kind, FIELD_CODE, .words = &operation_kinds),
    FIELD(struct agenda_entry, state, FIELD_CODE, .words = &operation_states),
    FIELD(struct agenda_entry, title, FIELD_TEXT),
    FIELD(struct agenda_entry, stage, FIELD_TEXT),
    FIELD(struct agenda_entry, promised_day, FIELD_DAY),
    FIELD(struct agenda_entry, priority, FIELD_TEXT),
    FIELD(struct agenda_entry, minutes, FIELD_MINUTES),
    FIELD(struct agenda_entry, planned_start, FIELD_INSTANT),
    FIELD(struct agenda_entry, planned_end, FIELD_INSTANT),
    FIELD(struct agenda_entry, tentative, FIELD_FLAG),
    FIELD(struct agenda_entry, day, FIELD_DAY, .flags = FIELD_NO_COLUMN),
};
static const struct record entry_record = RECORD("AgendaEntry", struct agenda_entry, entry_fields);
static const struct field lane_fields[] = {
    FIELD(struct agenda_lane, craftsman, FIELD_ID),
    FIELD(struct agenda_lane, name, FIELD_TEXT),
    FIELD(struct agenda_lane, own, FIELD_FLAG),
    FIELD(struct agenda_lane, minutes, FIELD_MINUTES),
    FIELD_ROWS(struct agenda_lane, entries, count, &entry_record),
};
static const struct record lane_record = RECORD("AgendaLane", struct agenda_lane, lane_fields);
static const struct field agenda_fields[] = {
    FIELD(struct agenda, from, FIELD_DAY),
    FIELD(struct agenda, to, FIELD_DAY),
    FIELD_ROWS(struct agenda, lanes, lane_count, &lane_record),
    FIELD_ROWS(struct agenda, unplanned, unplanned_count, &entry_record),
};
static const struct record agenda_record = RECORD("Agenda", struct agenda, agenda_fields);

struct agenda_query {
    const char *from;
};
static const struct field query_fields[] = {
    FIELD(struct agenda_query, from, FIELD_DAY, .label = "From"),
};
static const struct record agenda_query_record =
    RECORD("AgendaQuery", struct agenda_query, query_fields);

enum { AGENDA_DAYS = 7, AGENDA_ROWS = 200 };

#define ENTRIES                                                                                    \
    "select o.id, o.job, j.number, o.name, o.craft, o.kind, o.state, j.title, j.stage, "           \
    "j.promised_day, j.priority, o.minutes, o.planned_start, o.planned_end, "                      \
    "case when o.held = 1 then 0 else 1 end as tentative from operation o "                        \
    "join job j on j.id = o.job "                                                                  \
    "where o.state in ('planned', 'started') and j.closed_at is null and j.stage <> 'on_hold' "
static const struct sql agenda_of_craftsman = {
    "agenda_of_craftsman",
    ENTRIES "and o.craftsman = $1 and o.planned_end > $2 and o.planned_start < $3 "
            "order by o.planned_start, o.id limit $4",
    NULL};
static const struct sql agenda_of_others = {
    "agenda_of_others",
    ENTRIES "and o.craftsman is null and o.planned_end > $1 and o.planned_start < $2 "
            "order by o.planned_start, o.id limit $3",
    NULL};
static const struct sql agenda_unplanned = {
    "agenda_unplanned",
    ENTRIES "and o.craftsman is null and o.planned_end is null order by j.id, o.position limit $1",
    NULL};

static void lane_finish(struct context *cx, struct agenda *agenda, struct agenda_lane *lane) {
    for (int64_t i = 0; i < lane->count; i++) {
        struct agenda_entry *entry = &lane->entries[i];
        int64_t begins = day_at(cx->locale->zone, entry->planned_start), first;
        day_parse(agenda->from, &first);
        entry->day = day_text(begins < first ? first : begins, cx->arena);
        lane->minutes += entry->minutes;
    }
    agenda->entry_count += lane->count;
}

static void agenda_read(struct context *cx, int64_t first, struct agenda *agenda) {
    struct craftsman *craftsmen;
    int64_t count = craftsman_list(cx, true, &craftsmen);
    int64_t start = day_start(cx->locale->zone, first);
    int64_t end = day_start(cx->locale->zone, first + AGENDA_DAYS);
    int64_t own = craftsman_of_staff(cx, cx->actor->staff);
    agenda->from = day_text(first, cx->arena);
    agenda->to = day_text(first + AGENDA_DAYS - 1, cx->arena);
    agenda->before = day_text(first - AGENDA_DAYS, cx->arena);
    agenda->after = day_text(first + AGENDA_DAYS, cx->arena);
    agenda->lanes = ARENA_ARRAY(cx->arena, struct agenda_lane, (size_t)count + 1);
    for (int mine = 1; mine >= 0; mine--) /* who looks sees the own bench first */
        for (int64_t i = 0; i < count; i++) {
            if ((craftsmen[i].id == own) != mine)
                continue;
            struct agenda_lane *lane = &agenda->lanes[agenda->lane_count++];
            *lane = (struct agenda_lane){
                .craftsman = craftsmen[i].id, .name = craftsmen[i].name, .own = mine};
            lane->count = DB_RECORDS(cx->db, &agenda_of_craftsman,
                                     P(I(lane->craftsman), I(start), I(end), I(AGENDA_ROWS)),
                                     &entry_record, &lane->entries);
            lane_finish(cx, agenda, lane);
        }
    struct agenda_lane *lane = &agenda->lanes[agenda->lane_count];
    *lane = (struct agenda_lane){.craftsman = NONE};
    lane->count = DB_RECORDS(cx->db, &agenda_of_others, P(I(start), I(end), I(AGENDA_ROWS)),
                             &entry_record, &lane->entries);
    lane_finish(cx, agenda, lane);
    if (lane->count > 0)
        agenda->lane_count++;
    agenda->unplanned_count =
        DB_RECORDS(cx->db, &agenda_unplanned, P(I(AGENDA_ROWS)), &entry_record, &agenda->unplanned);
}

static void agenda_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Workshop"),
                                .nav = "workshop",
                                .body = workshop_agenda_html,
                                .model = model});
}
static const struct presentation agenda_as = {&agenda_record, agenda_html};

static enum status agenda_show(struct request *r) {
    const struct agenda_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct agenda agenda = {0};
    int64_t first = day_at(cx->locale->zone, cx->now);
    if (query->from != NULL)
        day_parse(query->from, &first);
    agenda_read(cx, first, &agenda);
    return answer(r, &agenda_as, &agenda);
}

/* ------------------------------------------------------------------ craftsmen */

static const struct field craftsmen_fields[] = {
    FIELD_ROWS(struct craftsmen_page, craftsmen, count, &craftsman_record),
};
static const struct record craftsmen_record =
    RECORD("Craftsmen", struct craftsmen_page, craftsmen_fields);

static void craftsmen_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Craftsmen"),
                                .nav = "settings",
                                .crumb = view_t(v, "Settings"),
                                .crumb_url = "/settings",
                                .body = craftsmen_list_html,
                                .model = model});
}
static const struct presentation craftsmen_as = {&craftsmen_record, craftsmen_html};

static enum status craftsmen_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct craftsmen_page page = {0};
    page.count = craftsman_list(cx, false, &page.craftsmen);
    return answer(r, &craftsmen_as, &page);
}

static void craftsman_html(struct view *v, const void *model) {
    const struct craftsman_page *page = model;
    view_page(v, &(struct page){.title = page->craftsman->id == NONE ? view_t(v, "New craftsman")
                                                                     : page->craftsman->name,
                                .nav = "settings",
                                .crumb = view_t(v, "Craftsmen"),
                                .crumb_url = "/settings/craftsmen",
                                .body = craftsman_form_html,
                                .model = model});
}
static const struct presentation craftsman_page_as = {&craftsman_record, craftsman_html};
static const struct presentation craftsman_as = {&craftsman_record, NULL};

/* In the form every craft and every day has its row, most of them empty: what is required of a
 * kept row is asked after those are dropped. */
static const struct field craft_row_fields[] = {
    FIELD(struct craftsman_craft, craft, FIELD_CODE, .words = &crafts),
    FIELD(struct craftsman_craft, speed, FIELD_INT, .label = "Speed", .min = 10, .max = 400),
};
static const struct record craft_row_record =
    RECORD("CraftsmanCraftRow", struct craftsman_craft, craft_row_fields);
static const struct field hours_row_fields[] = {
    FIELD(struct craftsman_hours, weekday, FIELD_INT, .max = 6),
    FIELD(struct craftsman_hours, starts, FIELD_MINUTES, .label = "From", .max = 1439),
    FIELD(struct craftsman_hours, ends, FIELD_MINUTES, .label = "To", .max = 1440),
};
static const struct record hours_row_record =
    RECORD("CraftsmanHoursRow", struct craftsman_hours, hours_row_fields);
static const struct field absence_row_fields[] = {
    FIELD(struct absence, from_day, FIELD_DAY, .label = "First day away"),
    FIELD(struct absence, to_day, FIELD_DAY, .label = "Last day away"),
    FIELD(struct absence, reason, FIELD_TEXT, .label = "Reason", .max = 100),
};
static const struct record absence_row_record =
    RECORD("AbsenceRow", struct absence, absence_row_fields);
static const struct field craftsman_edit_fields[] = {
    FIELD(struct craftsman, staff, FIELD_ID, .label = "Signs in as"),
    FIELD(struct craftsman, name, FIELD_TEXT, .label = "Name", .max = 100, .flags = FIELD_REQUIRED),
    FIELD(struct craftsman, active, FIELD_FLAG, .label = "Works here"),
    FIELD(struct craftsman, version, FIELD_INT, .max = INT64_MAX),
    FIELD_ROWS(struct craftsman, crafts, craft_count, &craft_row_record, .label = "Crafts"),
    FIELD_ROWS(struct craftsman, hours, hour_count, &hours_row_record, .label = "Hours"),
    FIELD_ROWS(struct craftsman, absences, absence_count, &absence_row_record, .label = "Absences"),
};
static const struct record craftsman_edit_record =
    RECORD("CraftsmanEdit", struct craftsman, craftsman_edit_fields);

static void drop_empty(struct craftsman *craftsman) {
    int64_t kept = 0;
    for (int64_t i = 0; i < craftsman->craft_count; i++)
        if (craftsman->crafts[i].speed != NONE)
            craftsman->crafts[kept++] = craftsman->crafts[i];
    craftsman->craft_count = kept;
    kept = 0;
    for (int64_t i = 0; i < craftsman->hour_count; i++)
        if (craftsman->hours[i].starts != NONE || craftsman->hours[i].ends != NONE)
            craftsman->hours[kept++] = craftsman->hours[i];
    craftsman->hour_count = kept;
}

/* Half a row can't be kept; its fault stands where it was typed. */
static void check_rows(struct errors *errors, const struct craftsman *typed) {
    for (int64_t i = 0; i < typed->hour_count; i++)
        if ((typed->hours[i].starts == NONE) != (typed->hours[i].ends == NONE))
            error_add(errors, INVALID,
                      arena_printf(errors->arena, "hours.%ld.%s", (long)i,
                                   typed->hours[i].starts == NONE ? "starts" : "ends"),
                      "required", "Say from when and until when.");
    for (int64_t i = 0; i < typed->absence_count; i++)
        if (typed->absences[i].from_day == NULL || typed->absences[i].to_day == NULL)
            error_add(errors, INVALID,
                      arena_printf(errors->arena, "absences.%ld.%s", (long)i,
                                   typed->absences[i].from_day == NULL ? "from_day" : "to_day"),
                      "required", "Say the first and the last day away.");
}

static const struct vocabulary *staff_to_choose(struct context *cx) {
    struct staff *all;
    int64_t count = staff_list(cx, true, &all);
    struct word *words = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        words[i] = (struct word){arena_printf(cx->arena, "%ld", (long)all[i].id), all[i].name};
    return choices(cx->arena, words);
}

static enum status craftsman_answer(struct request *r, struct craftsman *craftsman) {
    if (r->json)
        return answer(r, &craftsman_as, craftsman);
    struct craftsman_page page = {.craftsman = craftsman,
                                  .form = request_form(r, &craftsman_edit_record, craftsman),
                                  .staff = staff_to_choose(&r->cx)};
    return answer(r, &craftsman_page_as, &page);
}

static enum status craftsman_new(struct request *r) {
    struct craftsman craftsman;
    if (request_read(r) == NULL)
        return UNAVAILABLE;
    record_clear(&craftsman_record, &craftsman);
    craftsman.active = 1;
    return craftsman_answer(r, &craftsman);
}

static enum status craftsman_show(struct request *r) {
    struct craftsman craftsman;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!craftsman_load(cx, request_id(r, "id"), &craftsman))
        return fail(r, MISSING, "unknown_craftsman", "There is no such craftsman.");
    return craftsman_answer(r, &craftsman);
}

static enum status craftsman_again(struct request *r) {
    struct craftsman *craftsman = r->input;
    if (request_read(r) == NULL)
        return UNAVAILABLE;
    int64_t id = request_id(r, "id");
    craftsman->id = id > 0 ? id : NONE;
    return craftsman_answer(r, craftsman);
}

static enum status craftsman_write(struct context *cx, void *arg) {
    struct craftsman craftsman = *(struct craftsman *)arg;
    bool is_new = craftsman.id == NONE;
    enum status status = craftsman_save(cx, &craftsman);
    if (status != OK)
        return status;
    struct craftsman saved;
    craftsman_load(cx, craftsman.id, &saved);
    context_outcome(cx, &(struct outcome){.status = is_new ? 201 : 200,
                                          .location = "/settings/craftsmen",
                                          .flash = context_words(cx, "%s saved.", saved.name),
                                          .record = &craftsman_record,
                                          .model = &saved});
    return OK;
}

static enum status craftsman_post(struct request *r) {
    struct craftsman *typed = r->input;
    check_rows(r->cx.errors, typed);
    if (errors_any(r->cx.errors))
        return INVALID;
    struct craftsman craftsman = *typed;
    int64_t id = request_id(r, "id");
    craftsman.id = id > 0 ? id : NONE;
    craftsman.crafts =
        ARENA_ARRAY(r->cx.arena, struct craftsman_craft, (size_t)craftsman.craft_count + 1);
    craftsman.hours =
        ARENA_ARRAY(r->cx.arena, struct craftsman_hours, (size_t)craftsman.hour_count + 1);
    for (int64_t i = 0; i < typed->craft_count; i++)
        craftsman.crafts[i] = typed->crafts[i];
    for (int64_t i = 0; i < typed->hour_count; i++)
        craftsman.hours[i] = typed->hours[i];
    drop_empty(&craftsman);
    return request_write(r, craftsman_write, &craftsman);
}

const struct route workshop_routes[] = {
    {GET, "/workshop", RIGHT(MAY_SEE_JOBS), agenda_show, &agenda_query_record, .output = &agenda_as,
     .summary = "What is on everybody's bench"},
    {GET, "/jobs/{id}/operations", RIGHT(MAY_SEE_JOBS), operations_show, .output = &operations_as,
     .summary = "A job's operations"},
    {POST, "/jobs/{id}/operations", RIGHT(MAY_EDIT_JOBS), operations_post, &operations_input_record,
     .again = operations_again, .output = &operations_as,
     .summary = "Change, add, remove and order a job's operations"},
    {POST, "/jobs/{id}/plan", RIGHT(MAY_EDIT_JOBS), plan_post, &plan_record,
     .again = operations_show, .output = &operations_as, .summary = "Plan a job again"},
    {POST, "/operations/{operation_id}/start", RIGHT(MAY_WORK_AT_BENCH), start_post, &start_record,
     sizeof(struct bench_input), .again = operation_again, .output = &operation_as,
     .summary = "Begin an operation"},
    {POST, "/operations/{operation_id}/end", RIGHT(MAY_WORK_AT_BENCH), end_post, &bench_record,
     .again = operation_again, .output = &operation_as,
     .summary = "End an operation, or record a check or an approval"},
    {GET, "/settings/craftsmen", RIGHT(MAY_CHANGE_SETTINGS), craftsmen_show,
     .output = &craftsmen_as, .summary = "Craftsmen"},
    {GET, "/settings/craftsmen/new", RIGHT(MAY_CHANGE_SETTINGS), craftsman_new,
     .flags = ROUTE_PAGE},
    {POST, "/settings/craftsmen", RIGHT(MAY_CHANGE_SETTINGS), craftsman_post,
     &craftsman_edit_record, .again = craftsman_again, .output = &craftsman_as,
     .summary = "Add a craftsman"},
    {GET, "/settings/craftsmen/{id}", RIGHT(MAY_CHANGE_SETTINGS), craftsman_show,
     .output = &craftsman_as, .summary = "A craftsman"},
    {POST, "/settings/craftsmen/{id}", RIGHT(MAY_CHANGE_SETTINGS), craftsman_post,
     &craftsman_edit_record, .again = craftsman_again, .output = &craftsman_as,
     .summary = "Change a craftsman"},
    {0},
};
