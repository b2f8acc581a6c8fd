/* Rows of materials as a person edits them. */
#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "jobs/job.h"
#include "quotes/making_inside.h"
#include "stock/stock.h"
#include "vendors/vendor.h"

#include <string.h>

enum { ROWS_MOST_OF_A_JOB = 100, PIECES_MOST = 10000, METAL_MOST = 20000000 };

#define EDIT(member, kind_, ...) FIELD(struct material_edit, member, kind_, __VA_ARGS__)
static const struct field edit_fields[] = {
    EDIT(id, FIELD_ID),
    EDIT(kind, FIELD_CODE, .label = "Kind", .words = &material_kinds),
    EDIT(name, FIELD_TEXT, .label = "Name", .max = 200),
    EDIT(alloy, FIELD_CODE, .label = "Metal", .words = &alloys),
    EDIT(gem, FIELD_CODE, .label = "Gem", .words = &gems),
    EDIT(origin, FIELD_CODE, .label = "Origin", .words = &origins),
    EDIT(treatment, FIELD_CODE, .label = "Treatment", .words = &treatments),
    EDIT(shape, FIELD_CODE, .label = "Shape", .words = &shapes),
    EDIT(length, FIELD_MICROMETRE, .label = "Length", .min = 300, .max = 100000),
    EDIT(width, FIELD_MICROMETRE, .label = "Width", .min = 300, .max = 100000),
    EDIT(quality, FIELD_TEXT, .label = "Quality", .max = 60),
    EDIT(quantity, FIELD_INT, .label = "Pieces", .min = 1, .max = METAL_MOST),
    EDIT(weight, FIELD_MILLIGRAM, .label = "Weight", .min = 1, .max = METAL_MOST),
    EDIT(carats, FIELD_CARAT, .label = "Carats in all", .min = 0, .max = 100000 * CARAT),
    EDIT(whose, FIELD_CODE, .label = "Whose", .words = &owners),
    EDIT(cost_each, FIELD_MONEY, .label = "Cost each", .max = INT64_C(1000000000000),
         .flags = FIELD_COST),
    EDIT(remove, FIELD_FLAG, .label = "Remove"),
    EDIT(version, FIELD_INT, .max = INT64_MAX),
};
const struct record material_edit_record =
    RECORD("MaterialEdit", struct material_edit, edit_fields);

static const struct sql leave_out = {
    "material_leave_out",
    "insert into material_left_out (job, part) values ($1, $2) on conflict do nothing", NULL};
static const struct sql take_back = {
    "material_take_back", "delete from material_left_out where job = $1 and part = $2", NULL};

struct saving {
    struct context *cx;
    int64_t job;
    struct material *old;
    int64_t old_count;
    int64_t index;    /* of the edit that is looked at, for faults */
    int64_t last;     /* the greatest position */
    struct buf audit; /* "added Bail; removed Jump ring" */
    struct audit_change *changes;
    int64_t change_count;
    const char *told;
    bool *looked; /* of the old ones: was reserved, and is to be found again */
};

static bool is(const struct material *row, const char *state) {
    return text_same(row->state, state);
}

bool material_is_editable(const struct material *row) {
    return !is(row, "consumed") && (row->by_hand == 1 || text_same(row->kind, "finding"));
}

/* ------------------------------------------------------------------ what is wrong */

static void fault(struct saving *saving, const char *name, const char *code, const char *sentence) {
    struct context *cx = saving->cx;
    error_add(cx->errors, INVALID,
              arena_printf(cx->arena, "materials.%ld.%s", (long)saving->index, name), code, "%s",
              sentence);
}

static enum status changed_meanwhile(struct context *cx) {
    return error_add(cx->errors, CONFLICT, NULL, "changed",
                     "The materials were changed by somebody else meanwhile. Nothing was saved: "
                     "look at them as they are now and enter your change again.");
}

static enum status is_used(struct context *cx, const struct material *row) {
    return error_add(cx->errors, CONFLICT, NULL, "consumed",
                     "“%s” has been used: it stays as it is. Nothing was saved.", row->name);
}

static void follows(struct saving *saving, const struct material *row, const char *name) {
    fault(saving, name, "follows",
          arena_printf(saving->cx->arena,
                       "“%s” follows from the specification: change it there, or add what comes on "
                       "top as a row of its own.",
                       row->name));
}

/* ------------------------------------------------------------------ the row as it will be */

static const char *given(const char *value, const char *otherwise) {
    return value != NULL ? value : otherwise;
}

static int64_t number_given(int64_t value, int64_t otherwise) {
    return value == NONE ? otherwise : value;
}

static void merge_quantity(struct saving *saving, const struct material_edit *edit,
                           struct material *now) {
    bool metal = text_same(now->kind, "metal");
    bool weighed = metal && edit->weight != NONE;
    int64_t before = now->quantity;
    now->quantity = number_given(weighed ? edit->weight : edit->quantity, before);
    if (now->quantity == NONE || now->quantity <= 0)
        fault(saving, metal ? "weight" : "quantity", "required",
              metal ? "Say how many grams are needed." : "Say how many are needed.");
    else if (!metal && now->quantity > PIECES_MOST && now->quantity != before)
        fault(saving, "quantity", "too_large",
              arena_printf(saving->cx->arena, "%d pieces are the most.", PIECES_MOST));
}

static void merge_metal(struct saving *saving, const struct material_edit *edit,
                        struct material *now) {
    struct alloy alloy, before;
    bool as_alloy =
        now->name == NULL || (now->alloy != NULL && stock_alloy(saving->cx, now->alloy, &before) &&
                              text_same(now->name, before.name));
    bool named = edit->name != NULL && !text_same(edit->name, now->name);
    now->alloy = given(edit->alloy, now->alloy);
    if (now->alloy == NULL)
        fault(saving, "alloy", "required", "Say which metal this is.");
    else if (!stock_alloy(saving->cx, now->alloy, &alloy))
        fault(saving, "alloy", "unknown_alloy", "The shop has no such metal. Choose another.");
    else if (named)
        now->name = edit->name;
    else if (as_alloy)
        now->name = alloy.name;
}

/* Carats are of all of it: they follow the count where only that was changed. */
static int64_t carats_given(const struct material_edit *edit, const struct material *old,
                            const struct material *now) {
    int64_t carats = edit->carats == 0 ? NONE : edit->carats;
    if (carats == NONE || old == NULL || carats != old->carats || old->quantity == now->quantity)
        return carats;
    return number_ratio(carats, now->quantity, old->quantity, &carats) ? carats : NONE;
}

static void merge_stone(struct saving *saving, const struct material_edit *edit,
                        const struct material *old, struct material *now) {
    struct spec_stone stone;
    record_clear(&spec_stone_record, &stone);
    stone.gem = given(edit->gem, now->gem);
    stone.shape = given(edit->shape, now->shape);
    stone.origin = given(edit->origin, now->origin);
    stone.length = number_given(edit->length, now->length);
    stone.width = edit->width != NONE    ? edit->width
                  : edit->length != NONE ? edit->length
                                         : now->width;
    stone.treatment = edit->treatment;
    stone.quality = edit->quality;
    stone.count = now->quantity > 0 ? now->quantity : 1; /* else it is told already */
    stone.carats = carats_given(edit, old, now);
    stone.whose = given(edit->whose, old != NULL && is(old, "customer") ? "customer" : "shop");
    stone_complete(saving->cx, &stone, "materials", saving->index);
    now->gem = stone.gem;
    now->shape = stone.shape;
    now->origin = stone.origin;
    now->length = stone.length;
    now->width = stone.width;
    now->treatment = stone.treatment;
    now->quality = stone.quality;
    now->carats = number_given(stone.carats, 0);
    now->name = spec_stone_text(&stone, saving->cx->arena);
}

static void merge_cost(struct saving *saving, const struct material_edit *edit,
                       struct material *now) {
    if (actor_may(saving->cx->actor, RIGHT(MAY_SEE_COSTS)))
        now->cost_each = edit->cost_each;
    else if (edit->cost_each != NONE && edit->cost_each != now->cost_each)
        fault(saving, "cost_each", "not_allowed",
              "Only who may see costs can enter one. Leave it empty.");
}

/* The row as it will be; `whose` stands in its state. */
static struct material merge(struct saving *saving, const struct material_edit *edit,
                             const struct material *old) {
    struct material now;
    record_clear(&material_record, &now);
    if (old != NULL) {
        now = *old;
        if (edit->kind != NULL && !text_same(edit->kind, old->kind))
            fault(saving, "kind", "fixed",
                  "What it is stays as it was. Remove it and add another.");
    } else {
        now.job = saving->job;
        now.kind = edit->kind;
        now.state = "needed";
        now.carats = now.cost = now.reserved = 0;
        now.by_hand = now.version = 1;
        now.position = ++saving->last;
    }
    merge_quantity(saving, edit, &now);
    if (text_same(now.kind, "metal")) {
        merge_metal(saving, edit, &now);
    } else if (text_same(now.kind, "stone")) {
        merge_stone(saving, edit, old, &now);
    } else {
        now.name = given(edit->name, now.name);
        now.quality = edit->quality;
        if (text_empty(now.name))
            fault(saving, "name", "required", "Say what it is called: “Chain, 45 cm, 18ct”.");
    }
    merge_cost(saving, edit, &now);
    if (edit->whose != NULL && text_same(edit->whose, "customer") != is(&now, "customer"))
        now.state = text_same(edit->whose, "customer") ? "customer" : "needed";
    return now;
}

/* ------------------------------------------------------------------ what differs */

struct material_edit material_as_edit(const struct material *row) {
    bool metal = text_same(row->kind, "metal");
    struct material_edit edit;
    record_clear(&material_edit_record, &edit);
    edit.id = row->id;
    edit.version = row->version;
    edit.kind = row->kind;
    edit.name = row->name;
    edit.alloy = row->alloy;
    edit.gem = row->gem;
    edit.origin = row->origin;
    edit.treatment = row->treatment;
    edit.shape = row->shape;
    edit.length = row->length;
    edit.width = row->width;
    edit.quality = row->quality;
    edit.quantity = metal ? NONE : row->quantity;
    edit.weight = metal ? row->quantity : NONE;
    edit.carats = row->carats > 0 ? row->carats : NONE;
    edit.whose = is(row, "customer") ? "customer" : "shop";
    edit.cost_each = row->cost_each;
    return edit;
}

/* Notes what differs, as "Chain: Pieces". False: nothing does. */
static bool note_difference(struct saving *saving, const struct material *before,
                            const struct material *after) {
    struct material_edit was = material_as_edit(before), is_now = material_as_edit(after);
    struct audit_change *changes;
    int64_t count = audit_differences(saving->cx, &material_edit_record, &was, &is_now, &changes);
    for (int64_t i = 0; i < count; i++) {
        changes[i].field =
            arena_printf(saving->cx->arena, "%s: %s", before->name, changes[i].field);
        saving->changes[saving->change_count++] = changes[i];
    }
    return count > 0;
}

/* Would stock, or a vendor, be asked for something else? Carats are only what it weighs. */
static bool need_differs(const struct material *a, const struct material *b) {
    return a->quantity != b->quantity || !text_same(a->alloy, b->alloy) ||
           !text_same(a->gem, b->gem) || !text_same(a->shape, b->shape) ||
           !text_same(a->origin, b->origin) || !text_same(a->treatment, b->treatment) ||
           !text_same(a->quality, b->quality) || a->length != b->length || a->width != b->width ||
           is(a, "customer") != is(b, "customer") ||
           (text_same(a->kind, "finding") && !text_same(a->name, b->name));
}

/* What of a row that nobody may edit here is asked to be otherwise; NULL: nothing. Only what was
 * said counts. */
static const char *said_otherwise(const struct material_edit *edit, const struct material *row) {
    const struct {
        const char *name, *said, *is;
    } texts[] = {{"kind", edit->kind, row->kind},
                 {"name", edit->name, row->name},
                 {"alloy", edit->alloy, row->alloy},
                 {"gem", edit->gem, row->gem},
                 {"origin", edit->origin, row->origin},
                 {"treatment", edit->treatment, row->treatment},
                 {"shape", edit->shape, row->shape},
                 {"quality", edit->quality, row->quality},
                 {"whose", edit->whose, is(row, "customer") ? "customer" : "shop"}};
    const struct {
        const char *name;
        int64_t said, is;
    } numbers[] = {{"length", edit->length, row->length},
                   {"width", edit->width, row->width},
                   {"quantity", edit->quantity, row->quantity},
                   {"weight", edit->weight, row->quantity},
                   {"carats", edit->carats, row->carats},
                   {"cost_each", edit->cost_each, row->cost_each}};
    if (edit->remove == 1)
        return "remove";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].said != NULL && !text_same(texts[i].said, texts[i].is))
            return texts[i].name;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].said != NONE && numbers[i].said != numbers[i].is)
            return numbers[i].name;
    return NULL;
}

static void note(struct saving *saving, const char *what, const char *more) {
    buf_printf(&saving->audit, "%s%s%s", saving->audit.length > 0 ? "; " : "", what, more);
}

static void tell(struct saving *saving, const char *sentence) {
    saving->told = *saving->told == '\0'
                       ? sentence
                       : arena_printf(saving->cx->arena, "%s %s", saving->told, sentence);
}

/* ------------------------------------------------------------------ writing */

/* What was kept is given back; who was asked for it must hear that it is to be otherwise. */
static enum status let_go(struct saving *saving, struct material *row, bool removed) {
    struct context *cx = saving->cx;
    if (is(row, "ordered"))
        tell(saving,
             arena_printf(cx->arena,
                          removed ? "“%s” is on order: tell %s that it is not needed."
                                  : "“%s” was on order as it was: tell %s what it is now.",
                          row->name, row->vendor_name != NULL ? row->vendor_name : "the vendor"));
    return material_release(cx, row);
}

static int64_t cost_of(struct context *cx, const struct material *row) {
    struct piece_material piece = material_piece(row);
    struct stock_item item;
    if (row->cost_each == NONE && is(row, "reserved") && stock_load(cx, row->item, &item) &&
        item.cost > 0)
        return material_item_cost(&item, row->quantity);
    return material_guide(cx, &piece);
}

static enum status change(struct saving *saving, int64_t at, struct material *now) {
    struct context *cx = saving->cx;
    struct material *old = &saving->old[at];
    if (!note_difference(saving, old, now))
        return OK;
    if (need_differs(old, now)) {
        bool own = is(now, "customer");
        saving->looked[at] = is(old, "reserved") && !own;
        if (let_go(saving, old, false) != OK)
            return cx->errors->status;
        now->state = own ? "customer" : old->state;
        now->item = NONE;
        now->reserved = 0;
        now->expected_day = NULL;
        if (own)
            now->vendor = NONE;
    }
    now->by_hand = 1;
    now->version++;
    now->cost = cost_of(cx, now);
    material_write(cx, now);
    return OK;
}

static void add(struct saving *saving, struct material *now) {
    now->cost = cost_of(saving->cx, now);
    note(saving, "added ", now->name);
    material_insert(saving->cx, now);
}

static enum status take_away(struct saving *saving, struct material *row) {
    struct context *cx = saving->cx;
    if (let_go(saving, row, true) != OK)
        return cx->errors->status;
    if (row->part != NULL)
        db_run(cx->db, &leave_out, P(I(saving->job), T(row->part)));
    note(saving, "removed ", row->name);
    material_remove(cx, row);
    return OK;
}

static enum status bring_back(struct saving *saving, const char *part) {
    struct context *cx = saving->cx;
    if (db_run(cx->db, &take_back, P(I(saving->job), T(part))) != 1)
        return error_add(cx->errors, CONFLICT, NULL, "not_left_out",
                         "“%s” is not left out. Nothing was changed.", part);
    note(saving, "brought back ", part);
    return materials_follow_stored(cx, saving->job);
}

/* ------------------------------------------------------------------ all of them */

static int64_t old_index(const struct saving *saving, int64_t id) {
    for (int64_t i = 0; i < saving->old_count; i++)
        if (saving->old[i].id == id)
            return i;
    return -1;
}

/* The row of each edit, -1 for a new one. CONFLICT: it is not what was read. */
static enum status find_rows(struct saving *saving, const struct material_edit *edits,
                             int64_t count, int64_t *at) {
    for (int64_t i = 0; i < count; i++) {
        const struct material_edit *edit = &edits[i];
        at[i] = -1;
        if (edit->id == NONE)
            continue;
        at[i] = old_index(saving, edit->id);
        if (at[i] < 0 || (edit->version != NONE && edit->version != saving->old[at[i]].version))
            return changed_meanwhile(saving->cx);
        for (int64_t k = 0; k < i; k++)
            if (at[k] == at[i])
                return changed_meanwhile(saving->cx);
    }
    return OK;
}

static enum status save_one(struct saving *saving, const struct material_edit *edit, int64_t at) {
    struct context *cx = saving->cx;
    struct material *old = at < 0 ? NULL : &saving->old[at];
    if (old == NULL && edit->remove == 1)
        return OK;
    if (old == NULL && edit->kind == NULL) {
        fault(saving, "kind", "required", "Say whether it is metal, a stone or a finding.");
        return INVALID;
    }
    if (old != NULL && !material_is_editable(old)) {
        const char *otherwise = said_otherwise(edit, old);
        if (otherwise != NULL && is(old, "consumed"))
            return is_used(cx, old);
        if (otherwise != NULL)
            follows(saving, old, otherwise);
        return OK;
    }
    if (edit->remove == 1)
        return take_away(saving, old);
    struct material now = merge(saving, edit, old);
    if (errors_any(cx->errors))
        return cx->errors->status;
    if (old != NULL)
        return change(saving, at, &now);
    add(saving, &now);
    return OK;
}

/* Which of those that were kept for the job stock does not have as they are now. */
static void tell_lost(struct saving *saving) {
    struct material *rows;
    int64_t count = material_list(saving->cx, saving->job, &rows);
    for (int64_t i = 0; i < saving->old_count; i++)
        for (int64_t k = 0; saving->looked[i] && k < count; k++)
            if (rows[k].id == saving->old[i].id && material_is_waiting(&rows[k]))
                tell(saving, arena_printf(saving->cx->arena,
                                          "Stock has not that much of “%s” free: what was kept "
                                          "was given back.",
                                          rows[k].name));
}

enum status material_save_all(struct context *cx, int64_t job, const struct material_edit *edits,
                              int64_t count, const char *part, bool *changed, const char **told) {
    struct saving saving = {.cx = cx, .job = job, .told = ""};
    saving.old_count = material_list(cx, job, &saving.old);
    saving.looked = ARENA_ARRAY(cx->arena, bool, (size_t)saving.old_count + 1);
    saving.changes =
        ARENA_ARRAY(cx->arena, struct audit_change, (size_t)count * material_edit_record.count);
    int64_t *at = ARENA_ARRAY(cx->arena, int64_t, (size_t)count + 1), more = 0;
    *told = "";
    *changed = false;
    if (find_rows(&saving, edits, count, at) != OK)
        return cx->errors->status;
    for (int64_t i = 0; i < saving.old_count; i++)
        if (saving.old[i].position > saving.last)
            saving.last = saving.old[i].position;
    for (int64_t i = 0; i < count; i++)
        more += at[i] < 0;
    if (more > 0 && saving.old_count + more > ROWS_MOST_OF_A_JOB)
        return error_add(cx->errors, INVALID, NULL, "too_many", "A job has at most %d materials.",
                         ROWS_MOST_OF_A_JOB);
    /* Every row is looked at, so that all faults are told at once; any of them undoes all. */
    for (int64_t i = 0; i < count && !db_failed(cx->db); i++) {
        saving.index = i;
        save_one(&saving, &edits[i], at[i]);
    }
    if (!errors_any(cx->errors) && part != NULL)
        bring_back(&saving, part);
    const char *audit = saving.audit.length > 0 ? arena_text(cx->arena, saving.audit.at) : NULL;
    buf_free(&saving.audit);
    if (errors_any(cx->errors))
        return cx->errors->status;
    const char *decision;
    enum status status = making_check_materials(cx, job, &decision);
    if (status != OK || (audit == NULL && saving.change_count == 0))
        return status;
    tell_lost(&saving);
    *told = saving.told;
    *changed = true;
    audit_add_changes(cx, "edited materials", "job", job, audit, saving.changes,
                      saving.change_count);
    event_add(cx, "making.edited", job, NULL);
    return OK;
}
