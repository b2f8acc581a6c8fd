#include "stock/stock_pages.h"

#include "accounts/account.h"
#include "accounts/edit.h"
#include "base/number.h"
#include "base/text.h"
#include "base/url.h"
#include "stock.stock.html.h"
#include "trade/alloy.h"
#include "trade/stone.h"

#include <stdlib.h>

enum { PAGE_ROWS = 50, MOVEMENT_ROWS = 30 };

const char *stock_amount(struct view *v, const char *kind, int64_t amount) {
    if (text_same(kind, "metal"))
        return grams(v, amount);
    char text[32];
    number_print(llabs(amount), 0, 0, true, text);
    return words(v, "%s%s", amount < 0 ? "−" : "", text);
}

const char *stock_described(struct view *v, const struct stock_item *item) {
    if (text_same(item->kind, "metal"))
        return item->alloy == NULL ? "" : vocabulary_label(&alloys, item->alloy);
    if (!text_same(item->kind, "stone"))
        return view_t(v, "Finding");
    const struct stone_facts facts = {.gem = item->gem,
                                      .origin = item->origin,
                                      .treatment = item->treatment,
                                      .shape = item->shape,
                                      .length = item->length,
                                      .width = item->width};
    return stone_text(&facts, v->arena);
}

/* ------------------------------------------------------------------ the list */

static const struct field query_fields[] = {
    FIELD(struct stock_query, kind, FIELD_CODE, .label = "Kind", .words = &stock_kinds),
    FIELD(struct stock_query, gem, FIELD_CODE, .label = "Gem", .words = &gems),
    FIELD(struct stock_query, alloy, FIELD_CODE, .label = "Alloy", .words = &alloys),
    FIELD(struct stock_query, q, FIELD_TEXT, .label = "Search"),
    FIELD(struct stock_query, after, FIELD_TEXT, .label = "After"),
    FIELD(struct stock_query, archived, FIELD_FLAG, .label = "Archived"),
};
static const struct record query_record = RECORD("StockQuery", struct stock_query, query_fields);

static const struct field list_fields[] = {
    FIELD_ROWS(struct stock_list, rows, count, &stock_item_record),
    FIELD(struct stock_list, next, FIELD_TEXT, .max = 2000),
};
static const struct record list_record = RECORD("StockList", struct stock_list, list_fields);

static void list_html(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Stock"),
                                .nav = "stock",
                                .body = stock_list_html,
                                .model = model});
}
static const struct presentation list_as = {&list_record, list_html};

static enum status stock_show(struct request *r) {
    const struct stock_query *query = r->input;
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct stock_list list = {.query = *query,
                              .filter = {.record = &query_record, .values = query}};
    list.count = stock_find(cx, query, PAGE_ROWS + 1, &list.rows);
    if (list.count > PAGE_ROWS) {
        list.count = PAGE_ROWS;
        list.next =
            url_with(cx->arena, "/stock",
                     (const char *[]){"kind", query->kind, "gem", query->gem, "alloy", query->alloy,
                                      "q", query->q, "archived", query->archived == 1 ? "1" : NULL,
                                      "after", list.rows[PAGE_ROWS - 1].code, NULL});
    }
    return answer(r, &list_as, &list);
}

/* ------------------------------------------------------------------ one item */

static const struct word change_words[] = {
    {"received", "Received"}, {"returned", "Returned"}, {"counted", "Counted"}, {NULL, NULL}};
static const struct vocabulary change_reasons = {"reason", change_words};

#define MOST INT64_C(1000000000)
static const struct field change_fields[] = {
    FIELD(struct stock_change, reason, FIELD_CODE, .label = "What happened",
          .words = &change_reasons, .flags = FIELD_REQUIRED),
    FIELD(struct stock_change, weight, FIELD_MILLIGRAM, .label = "Weight", .max = MOST),
    FIELD(struct stock_change, pieces, FIELD_INT, .label = "Pieces", .max = MOST),
    FIELD(struct stock_change, carats, FIELD_CARAT, .label = "Carats", .max = MOST * 100),
    FIELD(struct stock_change, note, FIELD_TEXT, .label = "Note"),
};
static const struct record change_record =
    RECORD("StockChange", struct stock_change, change_fields);

static const struct field page_fields[] = {
    FIELD(struct stock_page, item, FIELD_ONE, .of = &stock_item_record, .flags = FIELD_NO_COLUMN),
    FIELD_ROWS(struct stock_page, movements, count, &stock_movement_record),
    FIELD(struct stock_page, older, FIELD_TEXT, .max = 2000),
};
static const struct record page_record = RECORD("StockPage", struct stock_page, page_fields);

struct before {
    int64_t before;
};
static const struct field before_fields[] = {FIELD(struct before, before, FIELD_ID)};
static const struct record before_record =
    RECORD("StockMovementQuery", struct before, before_fields);

static void item_html(struct view *v, const void *model) {
    const struct stock_page *page = model;
    view_page(v, &(struct page){.title = page->item->name,
                                .nav = "stock",
                                .crumb = view_t(v, "Stock"),
                                .crumb_url = "/stock",
                                .body = stock_item_html,
                                .model = model});
}
static const struct presentation page_as = {&page_record, item_html};
static const struct presentation item_as = {&stock_item_record, NULL};

static enum status unknown(struct request *r) {
    return fail(r, MISSING, "unknown_item", "There is nothing in stock under this number.");
}

static enum status show_item(struct request *r, int64_t before) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct stock_page page = {0};
    if (!stock_load(cx, request_id(r, "id"), &page.own))
        return unknown(r);
    page.item = &page.own;
    page.count = stock_movements(cx, page.own.id, before, MOVEMENT_ROWS + 1, &page.movements);
    if (page.count > MOVEMENT_ROWS) {
        page.count = MOVEMENT_ROWS;
        page.older = arena_printf(cx->arena, "/stock/%ld?before=%ld", (long)page.own.id,
                                  (long)page.movements[MOVEMENT_ROWS - 1].id);
    }
    struct stock_change blank;
    record_clear(&change_record, &blank);
    blank.reason = "received";
    page.form = request_form(r, &change_record, &blank);
    return answer(r, &page_as, &page);
}

static enum status item_show(struct request *r) {
    return show_item(r, ((const struct before *)r->input)->before);
}

static enum status change_again(struct request *r) {
    return show_item(r, NONE);
}

struct changing {
    int64_t id;
    const struct stock_change *change;
};

/* Metal is weighed and the rest counted: the other figure would be a mistake. */
static enum status quantity_of(struct context *cx, const char *kind, int64_t weight, int64_t pieces,
                               int64_t carats, bool required, int64_t *quantity) {
    bool metal = text_same(kind, "metal");
    *quantity = metal ? weight : pieces;
    if (required && *quantity == NONE)
        error_add(cx->errors, INVALID, metal ? "weight" : "pieces", "required",
                  metal ? "Metal is weighed: enter the weight."
                        : "Stones and findings are counted: enter how many.");
    if (metal && pieces != NONE)
        error_add(cx->errors, INVALID, "pieces", "unfit", "Metal is weighed, not counted.");
    if (!metal && weight != NONE)
        error_add(cx->errors, INVALID, "weight", "unfit",
                  "Stones and findings are counted, not weighed in grams.");
    if (!text_same(kind, "stone") && carats != NONE)
        error_add(cx->errors, INVALID, "carats", "unfit", "Only stones have carats.");
    return errors_any(cx->errors) ? INVALID : OK;
}

static enum status change(struct context *cx, void *arg) {
    const struct changing *changing = arg;
    const struct stock_change *made = changing->change;
    struct stock_item item;
    int64_t quantity;
    if (!stock_load(cx, changing->id, &item))
        return error_add(cx->errors, MISSING, NULL, "unknown_item",
                         "There is nothing in stock under this number.");
    if (item.archived_at != NONE)
        return error_add(cx->errors, CONFLICT, NULL, "archived",
                         "%s is archived. Bring it back first.", item.name);
    if (quantity_of(cx, item.kind, made->weight, made->pieces, made->carats, true, &quantity) != OK)
        return INVALID;
    enum status status =
        text_same(made->reason, "counted")
            ? stock_count(cx, item.id, quantity, made->carats, made->note)
            : stock_receive(cx, item.id, quantity, made->carats, made->reason, made->note);
    if (status != OK)
        return status;
    audit_add(cx, made->reason, "stock", item.id,
              arena_printf(cx->arena, "%s: %ld%s", item.code, (long)quantity,
                           text_same(item.kind, "metal") ? " mg" : ""));
    stock_load(cx, changing->id, &item);
    context_outcome(
        cx, &(struct outcome){.status = 201,
                              .location = arena_printf(cx->arena, "/stock/%ld", (long)item.id),
                              .flash = "Written down.",
                              .record = &stock_item_record,
                              .model = &item});
    return OK;
}

static enum status change_post(struct request *r) {
    return request_write(r, change, &(struct changing){request_id(r, "id"), r->input});
}

/* ------------------------------------------------------------------ the form */

#define ENTRY                                                                                      \
    FIELD(struct stock_entry, kind, FIELD_CODE, .label = "Kind", .words = &stock_kinds,            \
          .flags = FIELD_REQUIRED),                                                                \
        FIELD(struct stock_entry, code, FIELD_TEXT, .label = "Code", .max = 40,                    \
              .flags = FIELD_REQUIRED),                                                            \
        FIELD(struct stock_entry, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED),     \
        FIELD(struct stock_entry, alloy, FIELD_CODE, .label = "Alloy", .words = &alloys),          \
        FIELD(struct stock_entry, gem, FIELD_CODE, .label = "Gem", .words = &gems),                \
        FIELD(struct stock_entry, shape, FIELD_CODE, .label = "Shape", .words = &shapes),          \
        FIELD(struct stock_entry, length, FIELD_MICROMETRE, .label = "Length"),                    \
        FIELD(struct stock_entry, width, FIELD_MICROMETRE, .label = "Width"),                      \
        FIELD(struct stock_entry, quality, FIELD_TEXT, .label = "Quality", .max = 60),             \
        FIELD(struct stock_entry, origin, FIELD_CODE, .label = "Origin", .words = &origins),       \
        FIELD(struct stock_entry, treatment, FIELD_CODE, .label = "Treatment",                     \
              .words = &treatments),                                                               \
        FIELD(struct stock_entry, report, FIELD_TEXT, .label = "Report number", .max = 60),        \
        FIELD(struct stock_entry, cost_each, FIELD_MONEY, .label = "Cost each",                    \
              .max = INT64_C(1000000000000))
static const struct field new_fields[] = {
    ENTRY,
    FIELD(struct stock_entry, weight, FIELD_MILLIGRAM, .label = "Weight", .max = MOST),
    FIELD(struct stock_entry, pieces, FIELD_INT, .label = "Pieces", .max = MOST),
    FIELD(struct stock_entry, carats, FIELD_CARAT, .label = "Carats", .max = MOST * 100),
};
static const struct record new_record = RECORD("NewStockItem", struct stock_entry, new_fields);
static const struct field edit_fields[] = {
    ENTRY,
    FIELD(struct stock_entry, version, FIELD_INT, .max = INT64_MAX, .flags = FIELD_REQUIRED),
};
static const struct record edit_record = RECORD("StockItemEdit", struct stock_entry, edit_fields);

static void form_html(struct view *v, const void *model) {
    const struct stock_form *form = model;
    view_page(v, &(struct page){.title = form->id == NONE ? view_t(v, "New in stock")
                                                          : view_t(v, "Change"),
                                .nav = "stock",
                                .crumb = view_t(v, "Stock"),
                                .crumb_url = "/stock",
                                .body = stock_form_html,
                                .model = model});
}
static const struct presentation form_as = {&stock_item_record, form_html};

static enum status new_show(struct request *r) {
    struct stock_entry blank;
    record_clear(&new_record, &blank);
    blank.kind = "metal";
    struct stock_form page = {.id = NONE, .form = request_form(r, &new_record, &blank)};
    return answer(r, &form_as, &page);
}

static enum status edit_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct stock_item item;
    if (!stock_load(cx, request_id(r, "id"), &item))
        return unknown(r);
    struct stock_entry entry = {.kind = item.kind,
                                .code = item.code,
                                .name = item.name,
                                .alloy = item.alloy,
                                .gem = item.gem,
                                .shape = item.shape,
                                .length = item.length,
                                .width = item.width,
                                .quality = item.quality,
                                .origin = item.origin,
                                .treatment = item.treatment,
                                .report = item.report,
                                .cost_each = item.cost_each,
                                .version = item.version};
    struct stock_entry typed =
        r->method == POST && r->input != NULL ? *(struct stock_entry *)r->input : entry;
    struct stock_form page = {
        .id = item.id,
        .form =
            edit_form(r, &edit_record, &typed, &entry,
                      &(struct edited){"stock", item.id,
                                       arena_printf(cx->arena, "/stock/%ld/edit", (long)item.id)})};
    return answer(r, &form_as, &page);
}

struct saving {
    int64_t id;
    const struct stock_entry *entry;
};

static struct stock_item item_of(const struct stock_entry *entry) {
    struct stock_item item;
    record_clear(&stock_item_record, &item);
    item.kind = entry->kind;
    item.code = entry->code;
    item.name = entry->name;
    item.alloy = entry->alloy;
    item.gem = entry->gem;
    item.shape = entry->shape;
    item.length = entry->length;
    item.width = entry->width;
    item.quality = entry->quality;
    item.origin = entry->origin;
    item.treatment = entry->treatment;
    item.report = entry->report;
    return item;
}

static void outcome_of_item(struct context *cx, int64_t id, int status, const char *flash,
                            const char *undo) {
    struct stock_item item;
    stock_load(cx, id, &item);
    const char *here = arena_printf(cx->arena, "/stock/%ld", (long)id);
    context_outcome(cx,
                    &(struct outcome){
                        .status = status,
                        .location = here,
                        .flash = context_words(cx, flash, item.name),
                        .undo = undo == NULL ? NULL : arena_printf(cx->arena, "%s/%s", here, undo),
                        .record = &stock_item_record,
                        .model = &item});
}

static enum status save(struct context *cx, void *arg) {
    const struct saving *saving = arg;
    const struct stock_entry *entry = saving->entry;
    struct stock_item item = item_of(entry), before;
    bool is_new = saving->id == NONE;
    int64_t quantity = NONE;
    if (!is_new && !stock_load(cx, saving->id, &before))
        return error_add(cx->errors, MISSING, NULL, "unknown_item",
                         "There is nothing in stock under this number.");
    if (!is_new && !text_same(before.kind, entry->kind))
        error_add(
            cx->errors, INVALID, "kind", "fixed",
            "The kind stays as it is: its movements are in its unit. Make a new one instead.");
    if (is_new && quantity_of(cx, entry->kind, entry->weight, entry->pieces, entry->carats, false,
                              &quantity) != OK)
        return INVALID;
    item.id = saving->id;
    item.version = is_new ? 1 : entry->version;
    /* Who may not see costs leaves them as they are. */
    if (entry->cost_each == NONE)
        item.cost = is_new ? 0 : before.cost;
    else if (!stock_cost(entry->kind, entry->cost_each, &item.cost))
        error_add(cx->errors, INVALID, "cost_each", "too_large", "This cost is too large.");
    if (errors_any(cx->errors))
        return INVALID;
    enum status status = stock_save(cx, &item);
    if (status == OK && quantity != NONE && quantity > 0)
        status = stock_receive(cx, item.id, quantity, entry->carats, "opening", NULL);
    if (status == OK)
        outcome_of_item(cx, item.id, is_new ? 201 : 200, "%s saved.", NULL);
    return status;
}

static enum status stock_post(struct request *r) {
    return request_write(r, save, &(struct saving){NONE, r->input});
}

static enum status edit_post(struct request *r) {
    return request_write(r, save, &(struct saving){request_id(r, "id"), r->input});
}

struct archiving {
    int64_t id;
    bool archived;
};

static enum status archive(struct context *cx, void *arg) {
    const struct archiving *archiving = arg;
    enum status status = stock_archive(cx, archiving->id, archiving->archived);
    if (status == OK)
        outcome_of_item(cx, archiving->id, 200,
                        archiving->archived ? "%s archived." : "%s is back.",
                        archiving->archived ? "restore" : "archive");
    return status;
}

static enum status archive_post(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), true});
}

static enum status restore_post(struct request *r) {
    return request_write(r, archive, &(struct archiving){request_id(r, "id"), false});
}

#define SEE RIGHT(MAY_SEE_STOCK)
#define CHANGE RIGHT(MAY_CHANGE_STOCK)

const struct route stock_routes[] = {
    {GET, "/stock", SEE, stock_show, &query_record, .output = &list_as,
     .summary = "List or find stock"},
    {GET, "/stock/new", CHANGE, new_show, .flags = ROUTE_PAGE},
    {POST, "/stock", CHANGE, stock_post, &new_record, .again = new_show, .output = &item_as,
     .summary = "Add something to stock, with its opening quantity"},
    {GET, "/stock/{id}", SEE, item_show, &before_record, .output = &page_as,
     .summary = "Something in stock, with its movements"},
    {GET, "/stock/{id}/edit", CHANGE, edit_show, .flags = ROUTE_PAGE},
    {POST, "/stock/{id}", CHANGE, edit_post, &edit_record, .again = edit_show, .output = &item_as,
     .summary = "Change what is said of something in stock"},
    {POST, "/stock/{id}/movements", CHANGE, change_post, &change_record, .again = change_again,
     .output = &item_as, .summary = "Receive, take back or count stock"},
    {POST, "/stock/{id}/archive", CHANGE, archive_post, .output = &item_as,
     .summary = "Archive something in stock"},
    {POST, "/stock/{id}/restore", CHANGE, restore_post, .output = &item_as,
     .summary = "Bring something in stock back"},
    {0},
};
