#include "jobs/job.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "base/number.h"
#include "base/text.h"
#include "customers/customer.h"
#include "design/template.h"
#include "jobs/job_store.h"
#include "shops/job_template.h"
#include "shops/location.h"
#include "trade/words.h"

#include <string.h>

/* ------------------------------------------------------------------ what a job is */

static const struct word priority_words[] = {{"normal", "Normal"}, {"rush", "Rush"}, {NULL, NULL}};
const struct vocabulary job_priorities = {"priority", priority_words};

static const struct word source_words[] = {
    {"counter", "Counter"}, {"web", "Web"}, {"api", "API"}, {"import", "Import"}, {NULL, NULL}};
static const struct vocabulary sources = {"source", source_words};

enum { CODE_MOST = 40, DESCRIPTION_MOST = 10000, NOTE_MOST = 1000 };

static const struct field job_fields[] = {
    FIELD(struct job, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct job, number, FIELD_INT),
    FIELD(struct job, reference, FIELD_TEXT),
    FIELD(struct job, kind, FIELD_CODE, .words = &job_kinds),
    FIELD(struct job, stage, FIELD_TEXT),
    FIELD(struct job, status, FIELD_CODE, .words = &job_statuses),
    FIELD(struct job, held_from, FIELD_TEXT),
    FIELD(struct job, visit, FIELD_ID),
    FIELD(struct job, visit_position, FIELD_INT),
    FIELD(struct job, customer, FIELD_ID),
    FIELD(struct job, customer_name, FIELD_TEXT),
    FIELD(struct job, customer_phone, FIELD_TEXT),
    FIELD(struct job, customer_email, FIELD_TEXT),
    FIELD(struct job, customer_address, FIELD_LONG),
    FIELD(struct job, title, FIELD_TEXT),
    FIELD(struct job, type, FIELD_CODE, .words = &jewellery_types),
    FIELD(struct job, description, FIELD_LONG),
    FIELD(struct job, salesperson, FIELD_ID),
    FIELD(struct job, salesperson_name, FIELD_TEXT),
    FIELD(struct job, location, FIELD_ID),
    FIELD(struct job, location_name, FIELD_TEXT),
    FIELD(struct job, wanted_by, FIELD_DAY),
    FIELD(struct job, promised_day, FIELD_DAY),
    FIELD(struct job, promised_hour, FIELD_INT),
    FIELD(struct job, bench_day, FIELD_DAY),
    FIELD(struct job, priority, FIELD_CODE, .words = &job_priorities),
    FIELD(struct job, budget, FIELD_MONEY),
    FIELD(struct job, template, FIELD_TEXT, .max = 40),
    FIELD(struct job, picture, FIELD_ID),
    FIELD(struct job, place, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct job, place_name, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct job, quoted, FIELD_MONEY),
    FIELD(struct job, final, FIELD_MONEY),
    FIELD(struct job, deposit, FIELD_MONEY),
    FIELD(struct job, paid, FIELD_MONEY),
    FIELD(struct job, balance, FIELD_MONEY, .flags = FIELD_NO_COLUMN),
    FIELD(struct job, progress, FIELD_INT, .flags = FIELD_NO_COLUMN),
    FIELD(struct job, ageing, FIELD_TEXT, .flags = FIELD_NO_COLUMN),
    FIELD(struct job, stage_at, FIELD_INSTANT),
    FIELD(struct job, ready_at, FIELD_INSTANT),
    FIELD(struct job, closed_at, FIELD_INSTANT),
    FIELD(struct job, archived_at, FIELD_INSTANT),
    FIELD(struct job, version, FIELD_INT),
    FIELD(struct job, created_at, FIELD_INSTANT),
    FIELD(struct job, updated_at, FIELD_INSTANT),
    FIELD(struct job, due_soon, FIELD_INT, .flags = FIELD_INTERNAL),
};
const struct record job_record = RECORD("Job", struct job, job_fields);

static const struct field intake_fields[] = {
    FIELD(struct intake, kind, FIELD_CODE, .label = "Kind", .words = &job_kinds),
    FIELD(struct intake, visit, FIELD_ID, .label = "Visit"),
    FIELD(struct intake, customer, FIELD_ID, .label = "Customer"),
    FIELD(struct intake, customer_name, FIELD_TEXT, .label = "Name"),
    FIELD(struct intake, customer_phone, FIELD_PHONE, .label = "Phone"),
    FIELD(struct intake, customer_email, FIELD_EMAIL, .label = "E-mail"),
    FIELD(struct intake, title, FIELD_TEXT, .label = "Title", .flags = FIELD_REQUIRED),
    FIELD(struct intake, type, FIELD_CODE, .label = "Type", .words = &jewellery_types),
    FIELD(struct intake, description, FIELD_LONG, .label = "What is wanted",
          .max = DESCRIPTION_MOST),
    FIELD(struct intake, template, FIELD_TEXT, .label = "Template", .max = 40),
    FIELD(struct intake, wanted_by, FIELD_DAY, .label = "Wanted by"),
    FIELD(struct intake, priority, FIELD_CODE, .label = "Priority", .words = &job_priorities),
    FIELD(struct intake, budget, FIELD_MONEY, .label = "Budget"),
    FIELD(struct intake, salesperson, FIELD_ID, .label = "Salesperson"),
    FIELD(struct intake, location, FIELD_ID, .label = "Location"),
    FIELD(struct intake, source, FIELD_CODE, .flags = FIELD_INTERNAL, .words = &sources),
};
const struct record intake_record = RECORD("Intake", struct intake, intake_fields);

static const struct field edit_fields[] = {
    FIELD(struct job_edit, title, FIELD_TEXT, .label = "Title", .flags = FIELD_REQUIRED),
    FIELD(struct job_edit, type, FIELD_CODE, .label = "Type", .flags = FIELD_REQUIRED,
          .words = &jewellery_types),
    FIELD(struct job_edit, description, FIELD_LONG, .label = "What is wanted",
          .max = DESCRIPTION_MOST),
    FIELD(struct job_edit, customer, FIELD_ID, .label = "Customer"),
    FIELD(struct job_edit, salesperson, FIELD_ID, .label = "Salesperson"),
    FIELD(struct job_edit, location, FIELD_ID, .label = "Location"),
    FIELD(struct job_edit, wanted_by, FIELD_DAY, .label = "Wanted by"),
    FIELD(struct job_edit, promised_day, FIELD_DAY, .label = "Promised day"),
    FIELD(struct job_edit, promised_hour, FIELD_MINUTES, .label = "Promised hour", .max = 1439),
    FIELD(struct job_edit, priority, FIELD_CODE, .label = "Priority", .flags = FIELD_REQUIRED,
          .words = &job_priorities),
    FIELD(struct job_edit, budget, FIELD_MONEY, .label = "Budget"),
    FIELD(struct job_edit, version, FIELD_INT, .flags = FIELD_REQUIRED, .max = INT64_MAX),
};
const struct record job_edit_record = RECORD("JobEdit", struct job_edit, edit_fields);

static const struct field move_fields[] = {
    FIELD(struct move, from, FIELD_TEXT, .label = "From", .flags = FIELD_REQUIRED,
          .max = CODE_MOST),
    FIELD(struct move, to, FIELD_TEXT, .label = "Stage", .flags = FIELD_REQUIRED, .max = CODE_MOST),
    FIELD(struct move, note, FIELD_LONG, .label = "Note", .max = NOTE_MOST),
    FIELD(struct move, override, FIELD_LONG, .label = "Reason to hand over with a balance",
          .max = NOTE_MOST),
};
const struct record move_record = RECORD("Move", struct move, move_fields);

static const struct field moved_fields[] = {
    FIELD(struct moved, moved, FIELD_FLAG),  FIELD(struct moved, stage, FIELD_TEXT),
    FIELD(struct moved, status, FIELD_TEXT), FIELD(struct moved, by, FIELD_TEXT),
    FIELD(struct moved, history, FIELD_ID),  FIELD(struct moved, message, FIELD_TEXT),
    FIELD(struct moved, undo, FIELD_TEXT),
};
const struct record moved_record = RECORD("Moved", struct moved, moved_fields);

static const struct field history_fields[] = {
    FIELD(struct history, id, FIELD_ID),       FIELD(struct history, from_stage, FIELD_TEXT),
    FIELD(struct history, stage, FIELD_TEXT),  FIELD(struct history, status, FIELD_TEXT),
    FIELD(struct history, at, FIELD_INSTANT),  FIELD(struct history, staff_name, FIELD_TEXT),
    FIELD(struct history, note, FIELD_LONG),   FIELD(struct history, undoes, FIELD_ID),
    FIELD(struct history, undone, FIELD_FLAG),
};
const struct record history_record = RECORD("JobHistory", struct history, history_fields);

static const struct field comment_fields[] = {
    FIELD(struct comment, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct comment, at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct comment, staff, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct comment, staff_name, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct comment, text, FIELD_LONG, .label = "Comment", .flags = FIELD_REQUIRED,
          .max = 4000),
};
const struct record comment_record = RECORD("Comment", struct comment, comment_fields);

const char *job_number_text(const struct context *cx, int64_t number) {
    return locale_job_number(cx->locale, number, cx->arena);
}

enum ageing job_ageing_at(const struct job *job, const struct zone *zone, int64_t now) {
    int64_t promised = NONE, entered = job->ready_at != NONE ? job->ready_at : job->stage_at;
    if (job->promised_day != NULL && !day_parse(job->promised_day, &promised))
        promised = NONE;
    int64_t soon = job->due_soon == NONE ? AGEING_SOON_DAYS : job->due_soon;
    return job_ageing(job->kind, job->stage, promised,
                      entered == NONE ? NONE : day_at(zone, entered), day_at(zone, now), soon);
}

void job_hide(const struct actor *actor, struct job *job) {
    if (!actor_may(actor, RIGHT(MAY_SEE_PRICES)))
        job->budget = job->quoted = job->final = job->deposit = job->paid = job->balance = NONE;
    if (!actor_may(actor, RIGHT(MAY_SEE_CUSTOMERS)))
        job->customer_phone = job->customer_email = job->customer_address = NULL;
}

static enum status unknown_job(struct context *cx) {
    return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
}

bool job_load_for(struct request *r, int64_t id, struct job *job) {
    if (job_load(&r->cx, id, job))
        return true;
    unknown_job(&r->cx);
    return false;
}

/* ------------------------------------------------------------------ whose it is */

/* What of the customer is written onto the job, so that later edits don't rewrite it. */
struct snapshot {
    const char *surname, *digits; /* what the tracking page asks for */
};

enum { DIGITS_ASKED = 4 };

static const char *last_word(const char *folded) {
    const char *space = strrchr(folded, ' ');
    return space == NULL ? folded : space + 1;
}

static void snapshot_take(struct context *cx, struct job *job, const struct customer *customer,
                          struct snapshot *snapshot) {
    job->customer = customer->id;
    job->customer_name = customer->name;
    job->customer_phone = customer_first(customer, "phone");
    job->customer_email = customer_first(customer, "email");
    job->customer_address = customer->address;
    snapshot->surname = last_word(text_fold(customer->name, cx->arena));
    const char *digits =
        job->customer_phone == NULL ? "" : text_digits(job->customer_phone, cx->arena);
    size_t length = strlen(digits);
    snapshot->digits = length >= DIGITS_ASKED ? digits + length - DIGITS_ASKED : "";
}

static enum status customer_choose(struct context *cx, int64_t id, struct customer *customer) {
    if (customer_load(cx, id, customer))
        return OK;
    return error_add(cx->errors, INVALID, "customer", "unknown_customer",
                     "There is no such customer.");
}

/* Who comes back under the same surname with the same phone or address is the same person. */
static bool customer_known(struct context *cx, const struct intake *intake,
                           struct customer *customer) {
    int64_t id = customer_by_contact(cx, intake->customer_email, intake->customer_phone);
    return id != NONE && customer_load(cx, id, customer) &&
           text_same(last_word(text_fold(customer->name, cx->arena)),
                     last_word(text_fold(intake->customer_name, cx->arena)));
}

static enum status customer_make(struct context *cx, const struct intake *intake,
                                 struct customer *customer) {
    record_clear(&customer_record, customer);
    customer->name = intake->customer_name;
    customer->contacts = ARENA_ARRAY(cx->arena, struct customer_contact, 2);
    const char *contacts[] = {intake->customer_phone, intake->customer_email};
    for (int i = 0; i < 2; i++) {
        if (text_empty(contacts[i]))
            continue;
        struct customer_contact *contact = &customer->contacts[customer->contact_count++];
        record_clear(&customer_contact_record, contact);
        contact->value = contacts[i];
    }
    return customer_save(cx, customer);
}

static enum status customer_of(struct context *cx, const struct intake *intake, int64_t of_visit,
                               struct customer *customer) {
    int64_t id = intake->customer != NONE ? intake->customer : of_visit;
    customer->id = NONE;
    if (intake->customer != NONE && of_visit != NONE && intake->customer != of_visit)
        return error_add(cx->errors, INVALID, "customer", "other_visit",
                         "This visit is another customer's. Take the piece in by itself.");
    if (id != NONE)
        return customer_choose(cx, id, customer);
    if (!text_empty(intake->customer_name))
        return customer_known(cx, intake, customer) ? OK : customer_make(cx, intake, customer);
    if (text_same(intake->kind, "stock"))
        return OK;
    return error_add(cx->errors, INVALID, "customer_name", "required",
                     "A job needs a customer: choose one, or enter a name.");
}

static enum status salesperson_check(struct context *cx, int64_t id) {
    struct staff staff;
    if (id == NONE || (staff_load(cx, id, &staff) && staff.active == 1))
        return OK;
    return error_add(cx->errors, INVALID, "salesperson", "unknown_staff",
                     "There is nobody of the staff like that.");
}

/* A day that somebody wishes or promises now lies not behind. */
static enum status day_check(struct context *cx, const char *field, const char *ymd) {
    int64_t number;
    if (ymd == NULL || (day_parse(ymd, &number) && number >= day_at(cx->locale->zone, cx->now)))
        return OK;
    return error_add(cx->errors, INVALID, field, "in_the_past", "This day is before today.");
}

/* ------------------------------------------------------------------ taking in */

static enum status intake_visit(struct context *cx, const struct intake *intake, struct job *job,
                                int64_t *customer) {
    int64_t jobs = 0;
    *customer = NONE;
    if (intake->visit == NONE)
        return OK;
    if (!visit_read(cx, intake->visit, customer, &jobs))
        return error_add(cx->errors, INVALID, "visit", "unknown_visit", "There is no such visit.");
    job->visit = intake->visit;
    job->visit_position = jobs + 1;
    return OK;
}

static const char *type_of(struct context *cx, const struct intake *intake) {
    struct job_template template;
    return intake->type != NULL                                 ? intake->type
           : job_template_load(cx, intake->template, &template) ? template.type
                                                                : "ring";
}

enum status job_take_in(struct context *cx, const struct intake *intake, int64_t *id) {
    struct intake wish = *intake;
    if (wish.kind == NULL)
        wish.kind = "custom";
    if (wish.priority == NULL)
        wish.priority = "normal";
    struct job job;
    record_clear(&job_record, &job);
    struct customer customer = {.id = NONE};
    int64_t of_visit;
    record_check(&intake_record, &wish, cx->errors);
    day_check(cx, "wanted_by", wish.wanted_by);
    salesperson_check(cx, wish.salesperson);
    location_check(cx, wish.location);
    if (wish.template != NULL)
        job_template_check(cx, wish.template);
    if (intake_visit(cx, &wish, &job, &of_visit) == OK)
        customer_of(cx, &wish, of_visit, &customer);
    if (errors_any(cx->errors))
        return cx->errors->status;

    const struct stage *first = stage_first(wish.kind);
    struct snapshot snapshot = {0};
    if (customer.id != NONE)
        snapshot_take(cx, &job, &customer, &snapshot);
    if (job.visit == NONE) {
        job.visit = visit_insert(cx, sequence_next(cx, "visit"), job.customer,
                                 wish.source == NULL ? "counter" : wish.source);
        job.visit_position = 1;
    }
    job.number = sequence_next(cx, "job");
    job.kind = wish.kind;
    job.stage = first->code;
    job.status = first->status;
    job.title = wish.title;
    job.type = type_of(cx, &wish);
    job.description = wish.description;
    job.salesperson = wish.salesperson != NONE ? wish.salesperson
                      : cx->actor->staff > 0   ? cx->actor->staff
                                               : NONE;
    job.location = wish.location != NONE ? wish.location : location_of_staff(cx, cx->actor->staff);
    job.wanted_by = wish.wanted_by;
    job.priority = wish.priority;
    job.budget = wish.budget;
    job.template = wish.template;
    job.stage_at = cx->now;
    if (!job_insert(cx, &job, snapshot.surname, snapshot.digits))
        return error_add(cx->errors, FAILED, NULL, "no_reference", "The job could not be written.");
    job_words_set(cx, &job, true);
    history_insert(cx, &job, NULL, NULL, NONE);
    event_add(cx, "job.created", job.id,
              arena_printf(cx->arena, "{\"kind\":\"%s\",\"source\":\"%s\"}", job.kind,
                           wish.source == NULL ? "counter" : wish.source));
    audit_add(cx, "took in", "job", job.id, job_number_text(cx, job.number));
    context_tell(cx, "job", job.id);
    *id = job.id;
    return OK;
}

/* ------------------------------------------------------------------ editing */

/* Past its first stage a job must say whose it is and who sees to it. */
static bool past_first(const char *kind, const char *code, const char *held_from) {
    const struct stage *stage = stage_find(kind, text_same(code, STAGE_ON_HOLD) ? held_from : code);
    return stage != NULL && !text_same(stage->code, STAGE_CANCELLED) && stage->place > 0;
}

static enum status needs_customer(struct context *cx, const struct job *job) {
    return error_add(cx->errors, INVALID, "customer", "required", "%s needs a customer past %s.",
                     job_number_text(cx, job->number), stage_first(job->kind)->label);
}

static enum status needs_salesperson(struct context *cx, const struct job *job) {
    return error_add(cx->errors, INVALID, "salesperson", "required",
                     "%s needs a salesperson past %s.", job_number_text(cx, job->number),
                     stage_first(job->kind)->label);
}

struct job_edit job_edit_of(const struct job *job) {
    return (struct job_edit){
        .title = job->title,
        .type = job->type,
        .description = job->description,
        .wanted_by = job->wanted_by,
        .promised_day = job->promised_day,
        .priority = job->priority,
        .promised_hour = job->promised_hour,
        .budget = job->budget,
        .salesperson = job->salesperson,
        .location = job->location,
        .customer = job->customer,
        .version = job->version,
    };
}

/* What has become of it, people and places by their names. */
static void note_edit(struct context *cx, const struct job *before) {
    struct job after;
    if (!job_load(cx, before->id, &after))
        return;
    struct job_edit was = job_edit_of(before), is_now = job_edit_of(&after);
    was.salesperson = is_now.salesperson = NONE;
    was.location = is_now.location = NONE;
    was.customer = is_now.customer = NONE;
    struct audit_change *changes; /* has room for all fields, those too */
    int64_t count = audit_differences(cx, &job_edit_record, &was, &is_now, &changes);
    changes[count++] =
        (struct audit_change){"Customer", before->customer_name, after.customer_name};
    changes[count++] =
        (struct audit_change){"Salesperson", before->salesperson_name, after.salesperson_name};
    changes[count++] =
        (struct audit_change){"Location", before->location_name, after.location_name};
    audit_add_changes(cx, "edited", "job", before->id, job_number_text(cx, before->number), changes,
                      count);
}

static enum status edit_late(struct context *cx, const struct job *job,
                             const struct job_edit *edit) {
    struct job_edit now = job_edit_of(job);
    if (edit->location == NONE) /* it stays */
        now.location = NONE;
    return record_changed(&job_edit_record, edit, &now, context_reader(cx), cx->errors,
                          job_number_text(cx, job->number));
}

enum status job_edit(struct context *cx, int64_t id, const struct job_edit *edit) {
    struct job job;
    if (!job_load(cx, id, &job))
        return unknown_job(cx);
    if (record_check(&job_edit_record, edit, cx->errors) != OK)
        return INVALID;
    if (edit->version != job.version)
        return edit_late(cx, &job, edit);
    const struct job before = job;
    bool other_promise = !text_same(edit->promised_day, job.promised_day);
    if (!text_same(edit->wanted_by, job.wanted_by))
        day_check(cx, "wanted_by", edit->wanted_by);
    if (other_promise)
        day_check(cx, "promised_day", edit->promised_day);
    if (edit->salesperson != job.salesperson)
        salesperson_check(cx, edit->salesperson);
    if (edit->location != job.location)
        location_check(cx, edit->location);
    bool past = past_first(job.kind, job.stage, job.held_from);
    if (past && edit->customer == NONE && !text_same(job.kind, "stock"))
        needs_customer(cx, &job);
    if (past && edit->salesperson == NONE)
        needs_salesperson(cx, &job);
    struct customer customer = {.id = NONE};
    struct snapshot snapshot = {0};
    if (edit->customer != job.customer) {
        if (edit->customer == NONE) {
            job.customer = NONE;
            job.customer_name = job.customer_phone = NULL;
            job.customer_email = job.customer_address = NULL;
            snapshot = (struct snapshot){"", ""};
        } else if (customer_choose(cx, edit->customer, &customer) == OK) {
            snapshot_take(cx, &job, &customer, &snapshot);
        }
    }
    if (errors_any(cx->errors))
        return cx->errors->status;
    job.title = edit->title;
    job.type = edit->type;
    job.description = edit->description;
    job.wanted_by = edit->wanted_by;
    job.promised_day = edit->promised_day;
    job.promised_hour = edit->promised_hour;
    job.priority = edit->priority;
    job.budget = edit->budget;
    job.salesperson = edit->salesperson;
    if (edit->location != NONE)
        job.location = edit->location;
    if (!job_update(cx, &job, snapshot.surname, snapshot.digits))
        return edit_late(cx, &before, edit);
    job_words_set(cx, &job, false);
    event_add(cx, "job.edited", id, other_promise ? "{\"promised\":1}" : "{\"promised\":0}");
    note_edit(cx, &before);
    context_tell(cx, "job", id);
    return OK;
}

/* ------------------------------------------------------------------ moving */

static void moved_tell(struct context *cx, const struct job *job, struct moved *moved) {
    const struct stage *stage = stage_find(job->kind, job->stage);
    moved->stage = job->stage;
    moved->status = job->status;
    if (moved->moved) {
        moved->message = context_words(cx, "Moved to %s.",
                                       language_text(context_language(cx), "stage", stage->label));
        moved->undo = arena_printf(cx->arena, "/jobs/%ld/history/%ld/undo", (long)job->id,
                                   (long)moved->history);
        return;
    }
    moved->message = context_words(
        cx, "%s is at %s: %s was first. Nothing was changed.", job_number_text(cx, job->number),
        language_text(context_language(cx), "stage", stage->label), moved->by);
}

/* Another came first, or it is there already: a quiet no-op that says how things are. */
static enum status move_not(struct context *cx, const struct job *job, struct moved *moved) {
    struct entry newest = {.id = NONE};
    history_newest(cx, job->id, &newest);
    *moved = (struct moved){.by = newest.staff_name, .history = newest.id};
    moved_tell(cx, job, moved);
    return OK;
}

/* The salesperson of an enquiry from the web is whoever of the shop takes it further; nobody at the
 * bench. The program moves jobs by themselves and is never held up by it. */
static enum status move_needs(struct context *cx, struct job *job, const char *to) {
    if (!past_first(job->kind, to, NULL))
        return OK;
    if (job->customer == NONE && !text_same(job->kind, "stock"))
        return needs_customer(cx, job);
    if (job->salesperson == NONE && cx->actor->staff > 0) {
        if (!actor_may(cx->actor, RIGHT(MAY_QUOTE)))
            return needs_salesperson(cx, job);
        job->salesperson = cx->actor->staff;
    }
    return OK;
}

/* Handing over needs the balance settled, or a manager who says why not. The reason becomes part of
 * the note. */
static enum status move_settled(struct context *cx, const struct job *job, const struct move *move,
                                const char **note) {
    if (job->balance <= 0)
        return OK;
    /* Who sees no prices learns that there is a balance, not how much. */
    const char *open = actor_may(cx->actor, RIGHT(MAY_SEE_PRICES)) ? context_money(cx, job->balance)
                                                                   : context_words(cx, "A balance");
    if (text_empty(move->override))
        return error_add(cx->errors, INVALID, "override", "balance_open",
                         "%s is still to be paid. Take the payment first, or let a manager hand "
                         "over with a reason.",
                         open);
    if (!actor_may(cx->actor, RIGHT(MAY_REOPEN_JOBS)))
        return error_add(cx->errors, DENIED, "override", "manager_required",
                         "%s is still to be paid. Only a manager can hand over without it.", open);
    *note = context_kept_words(cx, "Handed over with %s to be paid: %s%s%s",
                               locale_money(cx->locale, job->balance, cx->arena), move->override,
                               *note == NULL ? "" : "\n", *note == NULL ? "" : *note);
    return OK;
}

static void move_dates(struct context *cx, struct job *job, enum stage_step step,
                       const struct stage *to) {
    if (step == STEP_HOLD)
        job->held_from = job->stage;
    else
        job->held_from = NULL;
    if (text_same(to->code, "ready"))
        job->ready_at = job->ready_at != NONE ? job->ready_at : cx->now;
    else if (!to->side && !to->closed)
        job->ready_at = NONE;
    job->closed_at = to->closed ? cx->now : NONE;
    job->stage = to->code;
    job->status = to->status;
    job->stage_at = cx->now;
}

static enum status job_enter(struct context *cx, const struct job *was, struct job *job,
                             const char *note, struct moved *moved) {
    if (!job_place(cx, job, was->stage)) {
        struct job now;
        return job_load(cx, was->id, &now) ? move_not(cx, &now, moved) : unknown_job(cx);
    }
    *moved = (struct moved){.moved = 1, .by = cx->actor->name};
    moved->history = history_insert(cx, job, was, note, NONE);
    event_add(cx, "job.entered", job->id,
              arena_printf(cx->arena, "{\"stage\":\"%s\",\"from\":\"%s\",\"history\":%ld}",
                           job->stage, was->stage, (long)moved->history));
    context_tell(cx, "job", job->id);
    moved_tell(cx, job, moved);
    return OK;
}

static enum status move_loaded(struct context *cx, const struct job *was, const struct move *move,
                               struct moved *moved) {
    struct job job = *was;
    enum stage_step step;
    const char *note = text_empty(move->note) ? NULL : move->note;
    struct stage_move wish = {.kind = was->kind,
                              .from = move->from,
                              .to = move->to,
                              .held_from = was->held_from,
                              .note = note != NULL,
                              .manager = actor_may(cx->actor, RIGHT(MAY_REOPEN_JOBS))};
    if (stage_find(was->kind, move->from) != NULL && stage_find(was->kind, move->to) != NULL &&
        !text_same(was->stage, move->from))
        return move_not(cx, was, moved);
    enum status status = stage_check_move(&wish, &step, cx->errors);
    if (status != OK)
        return status;
    if (step == STEP_NONE)
        return move_not(cx, was, moved);
    if (was->archived_at != NONE)
        return error_add(cx->errors, CONFLICT, "to", "archived",
                         "%s is archived. Bring it back before you move it.",
                         job_number_text(cx, was->number));
    if ((status = move_needs(cx, &job, move->to)) != OK ||
        (step == STEP_CLOSE && (status = move_settled(cx, was, move, &note)) != OK))
        return status;
    move_dates(cx, &job, step, stage_find(was->kind, move->to));
    return job_enter(cx, was, &job, note, moved);
}

enum status job_move(struct context *cx, int64_t id, const struct move *move, struct moved *moved) {
    struct job job;
    if (!job_load(cx, id, &job))
        return unknown_job(cx);
    return move_loaded(cx, &job, move, moved);
}

enum status job_advance(struct context *cx, int64_t id, const char *to, const char *why) {
    struct job job;
    if (!job_load(cx, id, &job))
        return unknown_job(cx);
    const struct stage *here = stage_find(job.kind, job.stage), *there = stage_find(job.kind, to);
    if (here == NULL || there == NULL || there->side || here->side || here->closed ||
        here->place >= there->place || job.archived_at != NONE)
        return OK;
    struct moved moved;
    return move_loaded(cx, &job, &(struct move){.from = job.stage, .to = to, .note = why}, &moved);
}

/* ------------------------------------------------------------------ undoing */

enum status job_undo(struct context *cx, int64_t id, int64_t history) {
    struct job was;
    struct entry newest;
    if (!job_load(cx, id, &was) || !history_newest(cx, id, &newest))
        return unknown_job(cx);
    if (newest.undoes == history)
        return OK; /* pressed twice */
    if (newest.id != history)
        return error_add(cx->errors, CONFLICT, NULL, "not_newest",
                         "Only the last move can be undone, and this was not it.");
    if (newest.from_stage == NULL || newest.undoes != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "nothing_to_undo",
                         "There is nothing to undo here. Move the job instead.");
    if (cx->now - newest.at > STAGE_UNDO)
        return error_add(cx->errors, CONFLICT, NULL, "too_late",
                         "The minute for undoing is over. Move the job back with a note.");
    struct job job = was;
    job.stage = newest.from_stage;
    job.status = newest.was_status;
    job.held_from = newest.was_held_from;
    job.stage_at = newest.was_stage_at;
    job.ready_at = newest.was_ready_at;
    job.closed_at = newest.was_closed_at;
    if (!job_place(cx, &job, was.stage))
        return error_add(cx->errors, CONFLICT, NULL, "not_newest",
                         "Only the last move can be undone, and this was not it.");
    history_insert(cx, &job, &was, NULL, history);
    event_add(cx, "job.undone", id, arena_printf(cx->arena, "{\"history\":%ld}", (long)history));
    context_tell(cx, "job", id);
    return OK;
}

/* ------------------------------------------------------------------ the rest of a job's life */

enum status job_set_status(struct context *cx, int64_t id, const char *status) {
    struct job job;
    if (!job_load(cx, id, &job))
        return unknown_job(cx);
    enum status checked = status_check_set(job.kind, job.stage, status, cx->errors);
    if (checked != OK)
        return checked;
    if (text_same(job.status, status))
        return OK;
    job_status_set(cx, id, status);
    audit_add_changes(cx, "edited", "job", id, job_number_text(cx, job.number),
                      &(struct audit_change){"Status", job.status, status}, 1);
    context_tell(cx, "job", id);
    return OK;
}

enum status job_archive(struct context *cx, int64_t id, bool archived) {
    struct job job;
    if (!job_load(cx, id, &job))
        return unknown_job(cx);
    if ((job.archived_at != NONE) == archived)
        return OK;
    job_archived_set(cx, id, archived ? cx->now : NONE);
    audit_add(cx, archived ? "archived" : "restored", "job", id, job_number_text(cx, job.number));
    context_tell(cx, "job", id);
    return OK;
}
