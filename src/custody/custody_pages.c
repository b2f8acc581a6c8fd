#include "custody/custody_pages.h"

#include "accounts/account.h"
#include "accounts/edit.h"
#include "base/text.h"
#include "base/url.h"
#include "custody.custody.html.h"
#include "paper/code.h"
#include "paper/paper.h"
#include "shops/shop.h"
#include "vendors/vendor.h"
#include "workshop/workshop.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 50, HAND_MOST = 60, BATCH_MOST = 200 };

const char *thumb_url(struct view *v, int64_t job, int64_t picture) {
    return picture == NONE
               ? NULL
               : arena_printf(v->arena, "/jobs/%ld/files/%ld?size=96", (long)job, (long)picture);
}

static const char *number(struct context *cx, int64_t id) {
    return arena_printf(cx->arena, "%ld", (long)id);
}

static enum status unknown_place(struct request *r) {
    return fail(r, MISSING, "unknown_place", "There is no such place.");
}

/* ------------------------------------------------------------------ where things can go */

void custody_choices(struct context *cx, struct custody_choices *choices) {
    struct vendor *vendors;
    struct craftsman *craftsmen;
    choices->place_count = place_list(cx, false, false, &choices->places);
    int64_t vendor_count = vendor_list(cx, &vendors);
    int64_t craftsman_count = craftsman_list(cx, true, &craftsmen);
    choices->others =
        ARENA_ARRAY(cx->arena, struct place_choice, (size_t)(vendor_count + craftsman_count) + 1);
    for (int64_t i = 0; i < craftsman_count; i++) {
        bool has = false;
        for (int64_t p = 0; p < choices->place_count; p++)
            has |= choices->places[p].craftsman == craftsmen[i].id;
        if (!has)
            choices->others[choices->other_count++] = (struct place_choice){
                arena_printf(cx->arena, "c%ld", (long)craftsmen[i].id), craftsmen[i].name};
    }
    for (int64_t i = 0; i < vendor_count; i++) {
        bool has = false;
        for (int64_t p = 0; p < choices->place_count; p++)
            has |= choices->places[p].vendor == vendors[i].id;
        if (!has)
            choices->others[choices->other_count++] = (struct place_choice){
                arena_printf(cx->arena, "v%ld", (long)vendors[i].id), vendors[i].name};
    }
}

/* ------------------------------------------------------------------ overview and places */

static const struct field overview_fields[] = {
    FIELD_ROWS(struct custody_page, places, place_count, &place_record),
    FIELD_ROWS(struct custody_page, counts, open_count, &count_record),
};
static const struct record overview_record =
    RECORD("Custody", struct custody_page, overview_fields);

static void overview_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Custody"),
                                .nav = "custody",
                                .body = custody_html,
                                .model = model});
}
static const struct presentation overview_as = {&overview_record, overview_html};

struct overview_query {
    int64_t archived;
};
static const struct field overview_query_fields[] = {
    FIELD(struct overview_query, archived, FIELD_FLAG),
};
static const struct record overview_query_record =
    RECORD("CustodyQuery", struct overview_query, overview_query_fields);

static enum status overview_show(struct request *r) {
    const struct overview_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct custody_page page = {.archived = query->archived == 1};
    page.place_count = place_list(cx, page.archived, true, &page.places);
    int64_t count = count_list(cx, NONE, 20, &page.counts);
    for (int64_t i = 0; i < count; i++)
        if (text_same(page.counts[i].state, "open"))
            page.counts[page.open_count++] = page.counts[i];
    return answer(r, &overview_as, &page);
}

static const struct field place_page_fields[] = {
    FIELD_ROWS(struct place_page, rows, count, &whereabouts_record),
    FIELD(struct place_page, next, FIELD_TEXT, .max = 2000),
};
static const struct record place_page_record =
    RECORD_ON(&place_record, "PlaceContents", struct place_page, place_page_fields);

static void place_html(struct view *v, const void *model) {
    const struct place_page *page = model;
    view_page(v, &(struct page){.title = page->place.name,
                                .nav = "custody",
                                .crumb = view_t(v, "Custody"),
                                .crumb_url = "/custody",
                                .body = custody_place_html,
                                .model = model});
}
static const struct presentation place_as = {&place_page_record, place_html};
static const struct presentation saved_as = {&place_record, NULL};

struct after_query {
    int64_t after;
};
static const struct field after_fields[] = {FIELD(struct after_query, after, FIELD_ID)};
static const struct record after_record = RECORD("AfterQuery", struct after_query, after_fields);

static enum status place_show(struct request *r) {
    const struct after_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct place_page page = {0};
    if (!place_load(cx, request_id(r, "id"), &page.place))
        return unknown_place(r);
    page.count = custody_at(cx, page.place.id, query->after == NONE ? 0 : query->after,
                            PAGE_ROWS + 1, &page.rows);
    if (page.count > PAGE_ROWS) {
        page.count = PAGE_ROWS;
        page.next = arena_printf(cx->arena, "/custody/places/%ld?after=%ld", (long)page.place.id,
                                 (long)page.rows[PAGE_ROWS - 1].job);
    }
    return answer(r, &place_as, &page);
}

static void place_form_html(struct view *v, const void *model) {
    const struct place_form *form = model;
    view_page(v, &(struct page){.title = form->place.id == NONE ? view_t(v, "New place")
                                                                : form->place.name,
                                .nav = "custody",
                                .crumb = view_t(v, "Custody"),
                                .crumb_url = "/custody",
                                .body = custody_place_form_html,
                                .model = model});
}
static const struct presentation form_as = {&place_record, place_form_html};

static enum status show_form(struct request *r, const struct custody_place *place) {
    struct context *cx = request_read(r);
    struct craftsman *craftsmen;
    struct vendor *vendors;
    if (cx == NULL)
        return UNAVAILABLE;
    struct custody_place typed =
        r->method == POST && r->input != NULL ? *(struct custody_place *)r->input : *place;
    struct place_form page = {
        .place = *place,
        .form = edit_form(r, &place_record, &typed, place,
                          &(struct edited){"place", place->id,
                                           arena_printf(cx->arena, "/custody/places/%ld/edit",
                                                        (long)place->id)})};
    page.place.version = typed.version;
    int64_t count = craftsman_list(cx, true, &craftsmen);
    struct word *people = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        people[i] = (struct word){number(cx, craftsmen[i].id), craftsmen[i].name};
    page.craftsmen = (struct vocabulary){"craftsman", people};
    count = vendor_list(cx, &vendors);
    struct word *firms = ARENA_ARRAY(cx->arena, struct word, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        firms[i] = (struct word){number(cx, vendors[i].id), vendors[i].name};
    page.vendors = (struct vocabulary){"vendor", firms};
    return answer(r, &form_as, &page);
}

static enum status new_show(struct request *r) {
    struct custody_place blank;
    record_clear(&place_record, &blank);
    blank.kind = "tray";
    return show_form(r, &blank);
}

static enum status edit_show(struct request *r) {
    struct custody_place place;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    if (!place_load(cx, request_id(r, "id"), &place))
        return unknown_place(r);
    return show_form(r, &place);
}

static void place_told(struct context *cx, int64_t id, int status, const char *flash,
                       const char *undo) {
    struct custody_place place;
    place_load(cx, id, &place);
    const char *here = arena_printf(cx->arena, "/custody/places/%ld", (long)id);
    context_outcome(cx,
                    &(struct outcome){
                        .status = status,
                        .location = here,
                        .flash = context_words(cx, flash, place.name),
                        .undo = undo == NULL ? NULL : arena_printf(cx->arena, "%s/%s", here, undo),
                        .record = &place_record,
                        .model = &place});
}

static enum status save(struct context *cx, void *arg) {
    struct custody_place place = *(struct custody_place *)arg;
    bool is_new = place.id == NONE;
    enum status status = place_save(cx, &place);
    if (status == OK)
        place_told(cx, place.id, is_new ? 201 : 200, "%s saved.", NULL);
    return status;
}

static enum status place_post(struct request *r) {
    struct custody_place place = *(struct custody_place *)r->input;
    place.id = request_id(r, "id");
    return request_write(r, save, &place);
}

struct archiving {
    int64_t id;
    bool archived;
};

static enum status archive(struct context *cx, void *arg) {
    const struct archiving *archiving = arg;
    enum status status = place_archive(cx, archiving->id, archiving->archived);
    if (status == OK)
        place_told(cx, archiving->id, 200, archiving->archived ? "%s archived." : "%s is back.",
                   archiving->archived ? "restore" : "archive");
    return status;
}

static enum status archive_post(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), true});
}

static enum status restore_post(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), false});
}

static enum status label_show(struct request *r) {
    struct context *cx = request_read(r);
    struct custody_place place;
    struct shop shop;
    struct buf out = {0};
    if (cx == NULL)
        return UNAVAILABLE;
    if (!place_load(cx, request_id(r, "id"), &place))
        return unknown_place(r);
    if (!shop_load(cx, &shop))
        return UNAVAILABLE;
    const char *code = code_of_place(place.id, cx->arena);
    struct paper_shop paper = {.name = shop.name, .made = cx->now};
    struct paper_place told = {
        .name = place.name,
        .kind = vocabulary_label(&place_kinds, place.kind),
        .code = code,
        .link = arena_printf(cx->arena, "%s/custody/places/%ld", request_url(r), (long)place.id)};
    paper_place(&paper, &told, &out);
    answer_header(r, "Content-Disposition",
                  arena_printf(cx->arena, "inline; filename=\"place-%s.pdf\"", code));
    return answer_bytes(r, "application/pdf", NULL, &out);
}

/* ------------------------------------------------------------------ moving several */

/* What several hand-overs came to. */
struct moves_done {
    int64_t moved, batch;
    const char *to_name;
    struct whereabouts *rows; /* of all that were named, as they are now */
    int64_t count;
};
static const struct field moves_done_fields[] = {
    FIELD(struct moves_done, moved, FIELD_INT),
    FIELD(struct moves_done, batch, FIELD_ID),
    FIELD(struct moves_done, to_name, FIELD_TEXT),
    FIELD_ROWS(struct moves_done, rows, count, &whereabouts_record),
};
static const struct record moves_done_record =
    RECORD("HandOversDone", struct moves_done, moves_done_fields);

struct move_row {
    int64_t job, from;
};
struct moves {
    const char *to, *whom, *note;
    struct move_row *jobs;
    int64_t job_count;
    const char *way; /* not sent */
};
static const struct field move_row_fields[] = {
    FIELD(struct move_row, job, FIELD_ID, .flags = FIELD_REQUIRED),
    FIELD(struct move_row, from, FIELD_ID),
};
static const struct record move_row_record = RECORD("HandOverOf", struct move_row, move_row_fields);
static const struct field moves_fields[] = {
    FIELD(struct moves, to, FIELD_TEXT, .label = "To", .max = 20, .flags = FIELD_REQUIRED),
    FIELD(struct moves, whom, FIELD_TEXT, .label = "To whom", .max = 120),
    FIELD(struct moves, note, FIELD_TEXT, .label = "Note", .max = 500),
    FIELD_ROWS(struct moves, jobs, job_count, &move_row_record),
};
static const struct record moves_record = RECORD("HandOvers", struct moves, moves_fields);

/* What has moved; or, when somebody was first, where one of them is instead. */
static const char *moves_words(struct context *cx, const struct moves_done *done,
                               const struct whereabouts *late) {
    if (late == NULL)
        return done->moved == 0 ? "It is there already."
                                : context_words_n(cx, done->moved, "%ld envelope is now at %s.",
                                                  "%ld envelopes are now at %s.", (long)done->moved,
                                                  done->to_name);
    return context_words_n(cx, done->moved, "%ld envelope was moved. %s is at %s: %s was first.",
                           "%ld envelopes were moved. %s is at %s: %s was first.",
                           (long)done->moved, job_number_text(cx, late->number),
                           late->place_name == NULL ? "–" : late->place_name,
                           late->by == NULL ? "–" : late->by);
}

static enum status move_all(struct context *cx, const struct moves *moves, const char *location) {
    struct custody_place place;
    struct whereabouts *late = NULL;
    enum status status = place_chosen(cx, moves->to, &place);
    if (status != OK)
        return status;
    if (moves->job_count == 0 || moves->job_count > BATCH_MOST)
        return error_add(cx->errors, INVALID, "jobs", "required",
                         "Name the jobs whose envelopes go there, %d at the most.", BATCH_MOST);
    struct moves_done done = {.batch = NONE, .to_name = place.name};
    done.rows = ARENA_ARRAY(cx->arena, struct whereabouts, (size_t)moves->job_count);
    for (int64_t i = 0; i < moves->job_count; i++) {
        const struct move_row *row = &moves->jobs[i];
        int64_t id = hand_over(cx, &(struct hand_over_wish){.job = row->job,
                                                            .from = row->from,
                                                            .to = place.id,
                                                            .whom = moves->whom,
                                                            .note = moves->note,
                                                            .way = moves->way,
                                                            .batch = done.batch});
        struct whereabouts *now = &done.rows[done.count];
        if (!custody_of(cx, row->job, now))
            return error_add(cx->errors, MISSING, "jobs", "unknown_job", "There is no such job.");
        done.count++;
        if (id == NONE) {
            if (now->place != place.id)
                late = now;
            continue;
        }
        done.batch = done.batch == NONE ? id : done.batch;
        done.moved++;
    }
    if (location == NULL)
        location = done.batch == NONE
                       ? "/custody/scan"
                       : arena_printf(cx->arena, "/custody/scan?batch=%ld", (long)done.batch);
    context_outcome(
        cx, &(struct outcome){.status = 200,
                              .location = location,
                              .flash = moves_words(cx, &done, late),
                              .undo = done.batch == NONE
                                          ? NULL
                                          : arena_printf(cx->arena, "/custody/batches/%ld/undo",
                                                         (long)done.batch),
                              .record = &moves_done_record,
                              .model = &done});
    return OK;
}

static enum status move_many(struct context *cx, void *arg) {
    return move_all(cx, arg, NULL);
}

static const struct presentation moves_as = {&moves_done_record, NULL};

static enum status moves_post(struct request *r) {
    struct moves moves = *(struct moves *)r->input;
    moves.way = "hand";
    return request_write(r, move_many, &moves);
}

struct undoing {
    int64_t batch;
};

static enum status undo_batch(struct context *cx, void *arg) {
    const struct undoing *undoing = arg;
    struct moves_done done = {.batch = undoing->batch};
    done.moved = hand_over_undo(cx, undoing->batch);
    if (done.moved == 0)
        return error_add(cx->errors, CONFLICT, NULL, "not_there",
                         "This can't be taken back: the envelopes are elsewhere by now.");
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .flash = context_words_n(
                                              cx, done.moved, "Taken back for %ld envelope.",
                                              "Taken back for %ld envelopes.", (long)done.moved),
                                          .record = &moves_done_record,
                                          .model = &done});
    return OK;
}

static enum status undo_post(struct request *r) {
    return request_write(r, undo_batch, &(struct undoing){request_id(r, "id")});
}

/* ------------------------------------------------------------------ one job */

struct job_move {
    const char *to, *whom, *note;
    int64_t from;
};
static const struct field job_move_fields[] = {
    FIELD(struct job_move, to, FIELD_TEXT, .label = "To", .max = 20, .flags = FIELD_REQUIRED),
    FIELD(struct job_move, from, FIELD_ID),
    FIELD(struct job_move, whom, FIELD_TEXT, .label = "To whom", .max = 120),
    FIELD(struct job_move, note, FIELD_TEXT, .label = "Note", .max = 500),
};
static const struct record job_move_record = RECORD("HandOver", struct job_move, job_move_fields);

/* FIELD_ONE wants a pointer, so the JSON has a struct of its own. */
struct trail_json {
    const struct whereabouts *where;
    struct hand_over *rows;
    int64_t count;
    const char *next;
    const struct trail_page *page;
};
static const struct field trail_json_fields[] = {
    FIELD(struct trail_json, where, FIELD_ONE, .of = &whereabouts_record),
    FIELD_ROWS(struct trail_json, rows, count, &hand_over_record),
    FIELD(struct trail_json, next, FIELD_TEXT, .max = 2000),
};
static const struct record trail_record =
    RECORD("CustodyTrail", struct trail_json, trail_json_fields);

static void trail_html(struct view *v, const void *model) {
    const struct trail_page *page = ((const struct trail_json *)model)->page;
    view_page(v, &(struct page){.title = view_t(v, "Custody"),
                                .nav = "custody",
                                .crumb = job_number(v, page->where.number),
                                .crumb_url = words(v, "/jobs/%ld", (long)page->where.job),
                                .body = custody_trail_html,
                                .model = page});
}
static const struct presentation trail_as = {&trail_record, trail_html};

struct before_query {
    int64_t before;
};
static const struct field before_fields[] = {FIELD(struct before_query, before, FIELD_ID)};
static const struct record before_record =
    RECORD("BeforeQuery", struct before_query, before_fields);

static enum status show_trail(struct request *r, int64_t before, const struct job_move *typed) {
    struct context *cx = request_read(r);
    struct job_move blank = {.from = NONE};
    if (cx == NULL)
        return UNAVAILABLE;
    struct trail_page page = {.form = request_form(r, &job_move_record, typed ? typed : &blank)};
    int64_t id = request_id(r, "id");
    if (!custody_of(cx, id, &page.where))
        return fail(r, MISSING, "unknown_job", "There is no such job.");
    page.count = hand_over_list(cx, id, before, PAGE_ROWS + 1, &page.rows);
    if (page.count > PAGE_ROWS) {
        page.count = PAGE_ROWS;
        page.next = arena_printf(cx->arena, "/jobs/%ld/custody?before=%ld", (long)id,
                                 (long)page.rows[PAGE_ROWS - 1].id);
    }
    if (!r->json)
        custody_choices(cx, &page.choices);
    struct trail_json json = {&page.where, page.rows, page.count, page.next, &page};
    return answer(r, &trail_as, &json);
}

static enum status trail_show(struct request *r) {
    return show_trail(r, ((struct before_query *)r->input)->before, NULL);
}

static enum status trail_again(struct request *r) {
    return show_trail(r, NONE, r->input);
}

struct moving_one {
    int64_t job;
    const struct job_move *move;
};

static enum status move_one(struct context *cx, void *arg) {
    const struct moving_one *moving = arg;
    struct move_row row = {moving->job, moving->move->from};
    struct moves moves = {.to = moving->move->to,
                          .whom = moving->move->whom,
                          .note = moving->move->note,
                          .jobs = &row,
                          .job_count = 1,
                          .way = "hand"};
    return move_all(cx, &moves, arena_printf(cx->arena, "/jobs/%ld#custody", (long)moving->job));
}

static enum status job_move_post(struct request *r) {
    return request_write(r, move_one, &(struct moving_one){request_id(r, "id"), r->input});
}

/* ------------------------------------------------------------------ the page for scanners */

struct scan_query {
    const char *held;
    int64_t last, batch, at;
};
static const struct field scan_query_fields[] = {
    FIELD(struct scan_query, held, FIELD_TEXT, .max = 2000),
    FIELD(struct scan_query, last, FIELD_ID),
    FIELD(struct scan_query, batch, FIELD_ID),
    FIELD(struct scan_query, at, FIELD_ID),
};
static const struct record scan_query_record =
    RECORD("CustodyScanQuery", struct scan_query, scan_query_fields);

struct scan {
    const char *code, *keys, *held, *to, *whom, *note;
    int64_t remove;
};
static const struct field scan_fields[] = {
    FIELD(struct scan, code, FIELD_TEXT, .label = "Code", .max = 500),
    FIELD(struct scan, keys, FIELD_TEXT, .max = 500),
    FIELD(struct scan, held, FIELD_TEXT, .max = 2000),
    FIELD(struct scan, to, FIELD_TEXT, .label = "To", .max = 20),
    FIELD(struct scan, whom, FIELD_TEXT, .label = "To whom", .max = 120),
    FIELD(struct scan, note, FIELD_TEXT, .label = "Note", .max = 500),
    FIELD(struct scan, remove, FIELD_ID),
};
static const struct record scan_record = RECORD("CustodyScan", struct scan, scan_fields);

/* "12-3.15-": jobs and where each stood when it was scanned. What is no such list is left out. */
static int64_t held_read(const char *held, struct move_row *rows) {
    int64_t count = 0;
    for (const char *at = held == NULL ? "" : held; *at != '\0' && count < HAND_MOST;) {
        char *end;
        int64_t job = strtoll(at, &end, 10), from = NONE;
        if (end == at || *end != '-' || job <= 0)
            break;
        at = end + 1;
        int64_t place = strtoll(at, &end, 10);
        if (end != at && place > 0)
            from = place;
        at = *end == '.' ? end + 1 : end;
        rows[count++] = (struct move_row){job, from};
        if (at == end)
            break;
    }
    return count;
}

static const char *held_text(struct context *cx, const struct move_row *rows, int64_t count) {
    struct buf out = {0};
    for (int64_t i = 0; i < count; i++) {
        buf_printf(&out, i == 0 ? "%ld-" : ".%ld-", (long)rows[i].job);
        if (rows[i].from != NONE)
            buf_printf(&out, "%ld", (long)rows[i].from);
    }
    const char *text = count == 0 ? NULL : arena_text(cx->arena, out.at);
    buf_free(&out);
    return text;
}

static void scan_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Scan"),
                                .nav = "custody",
                                .crumb = view_t(v, "Custody"),
                                .crumb_url = "/custody",
                                .body = custody_scan_html,
                                .model = model});
}
static const struct presentation scan_as = {&scan_record, scan_html};

static const struct sql batch_list = {
    "custody_batch_list",
    "select h.id, h.job, h.from_place, coalesce(fv.name, fp.name) as from_name, h.to_place, "
    "coalesce(tv.name, tp.name) as to_name, h.at, h.staff_name, j.title as note "
    "from hand_over h join job j on j.id = h.job left join place fp on fp.id = h.from_place "
    "left join vendor fv on fv.id = fp.vendor left join place tp on tp.id = h.to_place "
    "left join vendor tv on tv.id = tp.vendor "
    "where h.id = $1 or (h.batch = $1 and h.batch is not null) order by h.id limit 200",
    NULL};

static enum status show_scan(struct request *r, const struct scan_query *query,
                             const struct scan *typed) {
    struct context *cx = request_read(r);
    struct move_row rows[HAND_MOST];
    struct scan blank = {.remove = NONE};
    if (cx == NULL)
        return UNAVAILABLE;
    struct scan_page page = {.last = query->last,
                             .form = request_form(r, &scan_record, typed ? typed : &blank)};
    record_clear(&place_record, &page.place);
    int64_t count = held_read(query->held, rows);
    page.hand = ARENA_ARRAY(cx->arena, struct in_hand, HAND_MOST);
    for (int64_t i = 0; i < count; i++) {
        struct in_hand *hand = &page.hand[page.hand_count];
        if (!custody_of(cx, rows[i].job, &hand->job))
            continue;
        hand->from = rows[i].from;
        hand->gone = hand->job.place != rows[i].from;
        page.hand_count++;
    }
    page.held = held_text(cx, rows, count);
    if (query->batch != NONE)
        page.done_count =
            DB_RECORDS(cx->db, &batch_list, P(I(query->batch)), &hand_over_record, &page.done);
    if (query->at != NONE)
        place_load(cx, query->at, &page.place);
    custody_choices(cx, &page.choices);
    return answer(r, &scan_as, &page);
}

static enum status scan_show(struct request *r) {
    return show_scan(r, r->input, NULL);
}

static enum status scan_again(struct request *r) {
    const struct scan *typed = r->input;
    return show_scan(
        r, &(struct scan_query){.held = typed->held, .last = NONE, .batch = NONE, .at = NONE},
        typed);
}

struct scanning {
    struct scan scan;
    const char *base;
};

static void scan_goes_on(struct context *cx, const char *held, int64_t last, int64_t at,
                         const char *flash) {
    const char *url =
        url_with(cx->arena, "/custody/scan",
                 (const char *[]){"held", held, "last", last == NONE ? NULL : number(cx, last),
                                  "at", at == NONE ? NULL : number(cx, at), NULL});
    context_outcome(cx, &(struct outcome){.status = 200,
                                          .location = url,
                                          .flash = flash,
                                          .record = &moves_done_record,
                                          .model = &(struct moves_done){.batch = NONE}});
}

/* Takes one envelope more into the hand. */
static enum status take(struct context *cx, struct move_row *rows, int64_t count, int64_t job) {
    struct whereabouts where;
    for (int64_t i = 0; i < count; i++)
        if (rows[i].job == job) {
            scan_goes_on(cx, held_text(cx, rows, count), job, NONE, "It is in your hand already.");
            return OK;
        }
    if (count == HAND_MOST)
        return error_add(cx->errors, INVALID, "code", "too_many",
                         "%d envelopes are enough for one walk. Scan where they go.", HAND_MOST);
    if (!custody_of(cx, job, &where))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    rows[count++] = (struct move_row){job, where.place};
    scan_goes_on(cx, held_text(cx, rows, count), job, NONE, NULL);
    return OK;
}

static enum status scan_one(struct context *cx, void *arg) {
    const struct scanning *scanning = arg;
    const struct scan *scan = &scanning->scan;
    struct move_row rows[HAND_MOST];
    int64_t count = held_read(scan->held, rows), job = NONE, place = NONE;
    if (scan->remove != NONE) {
        int64_t kept = 0;
        for (int64_t i = 0; i < count; i++)
            if (rows[i].job != scan->remove)
                rows[kept++] = rows[i];
        scan_goes_on(cx, held_text(cx, rows, kept), NONE, NONE, NULL);
        return OK;
    }
    const char *to = scan->to;
    if (text_empty(to)) {
        if (text_empty(scan->code))
            return error_add(cx->errors, INVALID, "code", "required",
                             "Scan an envelope, or enter a job's number.");
        if (!custody_code(cx, scan->code, scanning->base, &job, &place) &&
            !custody_code(cx, scan->keys, scanning->base, &job, &place))
            return error_add(cx->errors, INVALID, "code", "unknown_code",
                             "“%s” is no envelope and no place of ours. Nothing was moved.",
                             scan->code);
        if (job != NONE)
            return take(cx, rows, count, job);
        if (count == 0) {
            scan_goes_on(cx, NULL, NONE, place, NULL);
            return OK;
        }
        to = number(cx, place);
    }
    return move_all(cx,
                    &(struct moves){.to = to,
                                    .whom = scan->whom,
                                    .note = scan->note,
                                    .jobs = rows,
                                    .job_count = count,
                                    .way = "scan"},
                    NULL);
}

static enum status scan_post(struct request *r) {
    struct scanning scanning = {*(struct scan *)r->input, request_url(r)};
    return request_write(r, scan_one, &scanning);
}

#define SEE RIGHT(MAY_SEE_JOBS)
#define MOVE RIGHT(MAY_MOVE_JOBS)
#define SET RIGHT(MAY_CHANGE_SETTINGS)

const struct route custody_routes[] = {
    {GET, "/custody", SEE, overview_show, &overview_query_record, .output = &overview_as,
     .summary = "The places, and how many envelopes stand in each"},
    {GET, "/custody/scan", MOVE, scan_show, &scan_query_record, .flags = ROUTE_PAGE},
    {POST, "/custody/scan", MOVE, scan_post, &scan_record, .again = scan_again,
     .flags = ROUTE_PAGE},
    {POST, "/custody/moves", MOVE, moves_post, &moves_record, .flags = ROUTE_API,
     .output = &moves_as,
     .summary = "Hand several envelopes over: to a place (12), a vendor (v3) or a bench (c4)"},
    {POST, "/custody/batches/{id}/undo", MOVE, undo_post, .output = &moves_as,
     .summary = "Take a hand-over back, and those made with it"},
    {GET, "/custody/places/new", SET, new_show, .flags = ROUTE_PAGE},
    {POST, "/custody/places", SET, place_post, &place_record, .again = new_show,
     .output = &saved_as, .summary = "Add a place"},
    {GET, "/custody/places/{id}", SEE, place_show, &after_record, .output = &place_as,
     .summary = "A place and what stands there"},
    {GET, "/custody/places/{id}/edit", SET, edit_show, .flags = ROUTE_PAGE},
    {POST, "/custody/places/{id}", SET, place_post, &place_record, .again = edit_show,
     .output = &saved_as, .summary = "Change a place"},
    {POST, "/custody/places/{id}/archive", SET, archive_post, .output = &saved_as,
     .summary = "Archive a place where nothing stands"},
    {POST, "/custody/places/{id}/restore", SET, restore_post, .output = &saved_as,
     .summary = "Bring a place back"},
    {GET, "/custody/places/{id}/label", SEE, label_show, .summary = "A place's label (PDF)"},
    {GET, "/jobs/{id}/custody", SEE, trail_show, &before_record, .output = &trail_as,
     .summary = "Where a job's envelope is, and every hand-over"},
    {POST, "/jobs/{id}/custody", MOVE, job_move_post, &job_move_record, .again = trail_again,
     .output = &moves_as, .summary = "Hand a job's envelope over"},
    {0},
};
