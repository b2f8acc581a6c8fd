#include "jobs/stage.h"

#include <string.h>

static const struct word kind_words[] = {
    {"custom", "Custom order"}, {"repair", "Repair"}, {"stock", "For stock"}, {NULL, NULL}};
const struct vocabulary job_kinds = {"kind", kind_words};

/* Each stage of the way, once: the table and the vocabulary are both made from it.
 * The sentences greet nobody and promise no day: the page around them does. */
#define CUSTOM_WAY(S)                                                                              \
    S(0, "enquiry", "Enquiry", "QN", 5, "Thank you for asking us. We are looking at your idea.")   \
    S(1, "consultation", "Consultation", "QN", 15,                                                 \
      "We are working out with you what your piece will be.")                                      \
    S(2, "deposit_received", "Deposit received", "IP", 25,                                         \
      "We have your deposit and are getting everything ready to begin.")                           \
    S(3, "stone_sourcing", "Stone sourcing", "IP", 40,                                             \
      "We are finding the stones and the metal for your piece.")                                   \
    S(4, "cad", "CAD", "IP", 55, "We are drawing your piece in detail.")                           \
    S(5, "approval", "Approval", "CR", 65, "The design is ready for you to see.")                  \
    S(6, "setting", "Setting", "IP", 80, "We are making your piece and setting its stones.")       \
    S(7, "polish", "Polish", "IP", 92, "We are giving your piece its finish and checking it.")     \
    S(8, "ready", "Ready", "RP", 100, "Your piece is ready. We look forward to handing it over.")
#define REPAIR_WAY(S)                                                                              \
    S(0, "intake", "Booked in", "QN", 10, "Your piece is safely with us.")                         \
    S(1, "assessed", "Assessed", "QN", 25,                                                         \
      "We have looked your piece over and are working out the price.")                             \
    S(2, "quoted", "Quoted", "CR", 40, "We have sent you our price and wait for your answer.")     \
    S(3, "approved", "Approved", "IP", 55, "Thank you. Your piece is waiting for its turn.")       \
    S(4, "in_progress", "In progress", "IP", 75, "We are working on your piece.")                  \
    S(5, "ready", "Ready", "RP", 100, "Your piece is ready. We look forward to handing it over.")
#define STOCK_WAY(S)                                                                               \
    S(0, "intake", "Booked in", "IP", 10, "We have planned this piece.")                           \
    S(1, "making", "Making", "IP", 50, "We are making this piece.")

#define CUSTOM_END(S)                                                                              \
    S(9, "collected", "Collected", NULL, 100, "Your piece is yours. Wear it with joy.")
#define REPAIR_END(S) S(6, "completed", "Completed", NULL, 100, "Your piece is back with you.")
#define STOCK_END(S) S(2, "completed", "Completed", NULL, 100, "This piece is finished.")

#define HELD_SENTENCE "We have paused the work on your piece. Ask us and we will tell you why."
#define CANCELLED_SENTENCE "We are not going on with this piece. Call us if that surprises you."

#define OPEN_ROW(kind, place, code, label, status, progress, sentence)                             \
    {kind, code, label, status, sentence, place, progress, false, false},
#define CLOSED_ROW(kind, place, code, label, status, progress, sentence)                           \
    {kind, code, label, status, sentence, place, progress, true, false},
#define SIDE_ROWS(kind)                                                                            \
    {kind, STAGE_CANCELLED, "Cancelled", NULL, CANCELLED_SENTENCE, -1, 0, true, true},             \
        {kind, STAGE_ON_HOLD, "On hold", "OH", HELD_SENTENCE, -1, 0, false, true},
#define WORD(place, code, label, status, progress, sentence) {code, label},
#define SIDE_WORDS {STAGE_CANCELLED, "Cancelled"}, {STAGE_ON_HOLD, "On hold"}, {NULL, NULL},

#define CUSTOM_OPEN(...) OPEN_ROW("custom", __VA_ARGS__)
#define CUSTOM_CLOSED(...) CLOSED_ROW("custom", __VA_ARGS__)
#define REPAIR_OPEN(...) OPEN_ROW("repair", __VA_ARGS__)
#define REPAIR_CLOSED(...) CLOSED_ROW("repair", __VA_ARGS__)
#define STOCK_OPEN(...) OPEN_ROW("stock", __VA_ARGS__)
#define STOCK_CLOSED(...) CLOSED_ROW("stock", __VA_ARGS__)

static const struct stage custom_table[] = {CUSTOM_WAY(CUSTOM_OPEN) CUSTOM_END(CUSTOM_CLOSED)
                                                SIDE_ROWS("custom")};
static const struct stage repair_table[] = {REPAIR_WAY(REPAIR_OPEN) REPAIR_END(REPAIR_CLOSED)
                                                SIDE_ROWS("repair")};
static const struct stage stock_table[] = {STOCK_WAY(STOCK_OPEN) STOCK_END(STOCK_CLOSED)
                                               SIDE_ROWS("stock")};

static const struct word custom_words[] = {CUSTOM_WAY(WORD) CUSTOM_END(WORD) SIDE_WORDS};
static const struct word repair_words[] = {REPAIR_WAY(WORD) REPAIR_END(WORD) SIDE_WORDS};
static const struct word stock_words[] = {STOCK_WAY(WORD) STOCK_END(WORD) SIDE_WORDS};
const struct vocabulary custom_stages = {"stage", custom_words};
const struct vocabulary repair_stages = {"stage", repair_words};
const struct vocabulary stock_stages = {"stage", stock_words};

#define COUNT(table) (int64_t)(sizeof(table) / sizeof(table)[0])

static const struct pipeline {
    const char *kind;
    const struct stage *stages;
    int64_t count; /* the two at the side included, which stand last */
} pipelines[] = {
    {"custom", custom_table, COUNT(custom_table)},
    {"repair", repair_table, COUNT(repair_table)},
    {"stock", stock_table, COUNT(stock_table)},
};

#define STATUSES(S)                                                                                \
    S("QN", "Quote needed", "sales", "AVQ, CR, IP")                                                \
    S("AVQ", "Awaiting vendor quote", "vendor", "CR, QN")                                          \
    S("CR", "Customer review", "sales", "IP, QN")                                                  \
    S("IP", "In production", "bench", "RP")                                                        \
    S("RP", "Ready for pickup", "sales", "closed")                                                 \
    S("OH", "On hold", "admin", "QN, AVQ, CR, IP, RP")

#define STATUS_ROW(code, label, owner, next) {code, label, owner, next},
#define STATUS_WORD(code, label, owner, next) {code, label},
static const struct job_status status_table[] = {STATUSES(STATUS_ROW)};
static const struct word status_words[] = {STATUSES(STATUS_WORD){NULL, NULL}};
const struct vocabulary job_statuses = {"status", status_words};

static bool same(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

static const char *quoted(const char *code) {
    return code && *code ? code : "(nothing)";
}

static const struct pipeline *pipeline_of(const char *kind) {
    for (int64_t i = 0; i < COUNT(pipelines); i++)
        if (same(pipelines[i].kind, kind))
            return &pipelines[i];
    return NULL;
}

const struct stage *stages_of(const char *kind, int64_t *count) {
    const struct pipeline *pipeline = pipeline_of(kind);
    *count = pipeline ? pipeline->count : 0;
    return pipeline ? pipeline->stages : NULL;
}

const struct stage *stage_find(const char *kind, const char *code) {
    int64_t count;
    const struct stage *stages = stages_of(kind, &count);
    for (int64_t i = 0; i < count; i++)
        if (same(stages[i].code, code))
            return &stages[i];
    return NULL;
}

const struct stage *stage_first(const char *kind) {
    const struct pipeline *pipeline = pipeline_of(kind);
    return pipeline ? pipeline->stages : NULL;
}

const struct stage *stage_last(const char *kind) {
    const struct pipeline *pipeline = pipeline_of(kind);
    return pipeline ? &pipeline->stages[pipeline->count - 3] : NULL;
}

const struct stage *stage_next(const char *kind, const char *code) {
    const struct stage *stage = stage_find(kind, code);
    return stage && !stage->side && !stage->closed ? stage + 1 : NULL;
}

static const char *words_joined(const struct word *words, struct arena *arena) {
    const char *list = "";
    for (; words->code; words++)
        list = arena_printf(arena, "%s%s%s", list, *list ? ", " : "", words->code);
    return list;
}

const char *stages_listed(const char *kind, struct arena *arena) {
    return words_joined(same(kind, "custom")   ? custom_words
                        : same(kind, "repair") ? repair_words
                        : same(kind, "stock")  ? stock_words
                                               : status_words + COUNT(status_words) - 1,
                        arena);
}

const struct job_status *statuses_all(int64_t *count) {
    *count = COUNT(status_table);
    return status_table;
}

const struct job_status *status_find(const char *code) {
    for (int64_t i = 0; i < COUNT(status_table); i++)
        if (same(status_table[i].code, code))
            return &status_table[i];
    return NULL;
}

int64_t stage_progress(const char *kind, const char *code, const char *held_from) {
    const struct stage *stage = stage_find(kind, same(code, STAGE_ON_HOLD) ? held_from : code);
    return stage ? stage->progress : 0;
}

static enum status stage_unknown(const char *kind, const char *field, const char *code,
                                 struct errors *errors) {
    return error_add(errors, INVALID, field, "unknown_stage",
                     "There is no stage “%s”. The stages are %s.", quoted(code),
                     stages_listed(kind, errors->arena));
}

/* From a stage of the way to a stage of the way, or to the side. */
static enum status move_along(const struct stage *from, const struct stage *to, bool note,
                              enum stage_step *step, struct errors *errors) {
    if (same(to->code, STAGE_CANCELLED))
        *step = STEP_CANCEL;
    else if (same(to->code, STAGE_ON_HOLD))
        *step = STEP_HOLD;
    else if (to->closed)
        *step = STEP_CLOSE;
    else if (to->place >= from->place)
        *step = STEP_FORWARD;
    else if (note)
        *step = STEP_BACK;
    else
        return error_add(errors, INVALID, "note", "note_required",
                         "Going back from %s to %s needs a note that says why.", from->label,
                         to->label);
    return OK;
}

static enum status move_reopens(const struct stage *from, const struct stage *to,
                                const struct stage_move *move, enum stage_step *step,
                                struct errors *errors) {
    if (to->side || to->closed)
        return error_add(errors, CONFLICT, "to", "closed",
                         "This job is closed (%s). Reopen it at one of its open stages first.",
                         from->label);
    if (!move->manager)
        return error_add(errors, DENIED, "to", "manager_required",
                         "This job is closed (%s). Only a manager can reopen it.", from->label);
    if (!move->note)
        return error_add(errors, INVALID, "note", "note_required",
                         "Reopening a closed job needs a note that says why.");
    *step = STEP_REOPEN;
    return OK;
}

enum status stage_check_move(const struct stage_move *move, enum stage_step *step,
                             struct errors *errors) {
    *step = STEP_NONE;
    if (!pipeline_of(move->kind))
        return error_add(errors, INVALID, "kind", "unknown_kind",
                         "There is no kind of job “%s”. The kinds are %s.", quoted(move->kind),
                         words_joined(kind_words, errors->arena));
    const struct stage *from = stage_find(move->kind, move->from);
    const struct stage *to = stage_find(move->kind, move->to);
    if (!from)
        return stage_unknown(move->kind, "from", move->from, errors);
    if (!to)
        return stage_unknown(move->kind, "to", move->to, errors);
    if (from == to)
        return OK;
    if (from->closed)
        return move_reopens(from, to, move, step, errors);
    if (!from->side)
        return move_along(from, to, move->note, step, errors);

    const struct stage *held = stage_find(move->kind, move->held_from);
    if (same(to->code, STAGE_CANCELLED)) {
        *step = STEP_CANCEL;
        return OK;
    }
    if (!held || held->side || held->closed)
        return stage_unknown(move->kind, "held_from", move->held_from, errors);
    if (to->closed)
        return error_add(errors, INVALID, "to", "held",
                         "This job is on hold. Take it off hold before you close it.");
    return move_along(held, to, move->note, step, errors);
}

/* QN, AVQ, CR, IP: the statuses of work under way. */
static bool status_of_work(const char *status) {
    return same(status, "QN") || same(status, "AVQ") || same(status, "CR") || same(status, "IP");
}

bool status_allowed(const char *kind, const char *code, const char *status) {
    const struct stage *stage = stage_find(kind, code);
    if (!stage)
        return false;
    if (stage->closed)
        return status == NULL;
    if (stage->side || same(stage->code, "ready"))
        return same(status, stage->status);
    return status_of_work(status);
}

enum status status_check_set(const char *kind, const char *code, const char *status,
                             struct errors *errors) {
    const struct stage *stage = stage_find(kind, code);
    if (!stage)
        return stage_unknown(kind, "stage", code, errors);
    if (!status_find(status))
        return error_add(errors, INVALID, "status", "unknown_status",
                         "There is no status “%s”. The statuses are %s.", quoted(status),
                         words_joined(status_words, errors->arena));
    if (stage->closed)
        return error_add(errors, CONFLICT, "status", "closed",
                         "This job is closed (%s) and has no status.", stage->label);
    if (status_allowed(kind, code, status))
        return OK;
    if (stage->side || same(stage->code, "ready"))
        return error_add(errors, INVALID, "status", "status_fixed",
                         "A job at %s is always %s. Move the job to change that.", stage->label,
                         stage->status);
    return error_add(errors, INVALID, "status", "status_not_here",
                     "%s comes with its stage and can't be set by hand. Here it can be QN, AVQ, "
                     "CR or IP.",
                     status);
}

enum ageing job_ageing(const char *kind, const char *code, int64_t promised, int64_t entered,
                       int64_t today, int64_t soon) {
    const struct stage *stage = stage_find(kind, code);
    if (!stage || stage->closed)
        return AGEING_NONE;
    if (same(stage->code, "ready")) {
        int64_t shelf = entered == NONE ? 0 : today - entered;
        return shelf > AGEING_SHELF_LONG_DAYS ? AGEING_SHELF_LONG
               : shelf > AGEING_SHELF_DAYS    ? AGEING_SHELF
                                              : AGEING_FINE;
    }
    if (promised == NONE)
        return AGEING_NONE;
    return promised < today ? AGEING_OVERDUE : promised - today <= soon ? AGEING_SOON : AGEING_FINE;
}

const char *ageing_code(enum ageing ageing) {
    static const char *const codes[] = {
        [AGEING_NONE] = "none",      [AGEING_FINE] = "fine",
        [AGEING_SOON] = "due_soon",  [AGEING_OVERDUE] = "overdue",
        [AGEING_SHELF] = "on_shelf", [AGEING_SHELF_LONG] = "on_shelf_long",
    };
    return codes[ageing];
}

const char *stage_sentence(const char *kind, const char *code) {
    const struct stage *stage = stage_find(kind, code);
    return stage ? stage->sentence : "";
}
