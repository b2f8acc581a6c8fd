/* Pages of quotes: a job's versions, and one of them. */
#include "base/text.h"
#include "quotes.quotes.html.h"
#include "quotes/making_pages.h"
#include "shops/shop.h"

#include <jansson.h>
#include <string.h>

static const char *quote_url(struct arena *arena, int64_t id) {
    return arena_printf(arena, "/quotes/%ld", (long)id);
}

const char *quote_chip(const char *state) {
    if (text_same(state, "accepted"))
        return "chip is-ok";
    if (text_same(state, "sent"))
        return "chip is-info";
    if (text_same(state, "declined") || text_same(state, "expired"))
        return "chip is-warn";
    return "chip";
}

const char *quote_quantity(struct view *v, const struct quote_line *line) {
    if (text_same(line->unit, "mg"))
        return grams(v, line->quantity);
    if (text_same(line->unit, "ct"))
        return carats(v, line->quantity);
    if (text_same(line->unit, "minute"))
        return words(v, "%s h", hours(v, line->quantity));
    return words(v, "%ld", (long)line->quantity);
}

/* ------------------------------------------------------------------ a job's quotes */

static const struct field quotes_fields[] = {
    FIELD_ROWS(struct quotes_page, quotes, count, &quote_record),
    FIELD(struct quotes_page, missing, FIELD_LONG),
};
static const struct record quotes_record = RECORD("Quotes", struct quotes_page, quotes_fields);

static void quotes_html(struct view *v, const void *model) {
    const struct quotes_page *page = model;
    view_page(v, &(struct page){.title = words(v, view_t(v, "Quotes, %s"), page->job.title),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job.number),
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job.id),
                                .body = quote_list_html,
                                .model = model});
}
static const struct presentation quotes_as = {&quotes_record, quotes_html};

/* What it would cost today, or what stands against a price. */
static void read_costing(struct context *cx, struct quotes_page *page) {
    struct errors faults = {.arena = cx->arena};
    struct context quiet = *cx;
    quiet.errors = &faults;
    const struct price_wish usual = {.rush_share = NONE};
    if (making_price(&quiet, page->job.id, &usual, &page->costing) == OK)
        return;
    for (const struct fault *fault = faults.first; fault != NULL; fault = fault->next)
        page->missing = page->missing == NULL
                            ? fault->sentence
                            : arena_printf(cx->arena, "%s %s", page->missing, fault->sentence);
}

static enum status quotes_show(struct request *r) {
    struct quotes_page page = {0};
    struct making making;
    if (request_read(r) == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &page.job))
        return r->cx.errors->status;
    page.count = quote_list(&r->cx, page.job.id, &page.quotes);
    page.specified = making_load(&r->cx, page.job.id, &making) || making.operation_count > 0 ||
                     making.material_count > 0;
    read_costing(&r->cx, &page);
    shop_tax(&r->cx, false, &page.tax_name);
    struct quote_wish *wish = ARENA_NEW(r->cx.arena, struct quote_wish);
    record_clear(&quote_wish_record, wish);
    int64_t rush = making_rush(&r->cx, page.job.priority);
    if (rush > 0)
        wish->rush_share = rush;
    page.form = request_form(r, &quote_wish_record, wish);
    return answer(r, &quotes_as, &page);
}

struct making_quote {
    int64_t job;
    const struct quote_wish *wish;
};

static void quote_outcome(struct context *cx, int64_t id, int status, const char *format) {
    struct quote quote;
    quote_load(cx, id, &quote);
    const char *flash = context_words(cx, format, (long)quote.version);
    context_outcome(cx, &(struct outcome){.status = status,
                                          .location = quote_url(cx->arena, id),
                                          .flash = flash,
                                          .record = &quote_record,
                                          .model = &quote});
}

static enum status quotes_make(struct context *cx, void *arg) {
    const struct making_quote *making = arg;
    int64_t id;
    enum status status = quote_make_as(cx, making->job, making->wish, &id);
    if (status == OK)
        quote_outcome(cx, id, 201, "Version %ld made.");
    return status;
}

/* A program that does not name the surcharge takes the shop's; a person who empties its field wants
 * none. */
static enum status quotes_post(struct request *r) {
    struct quote_wish wish = *(const struct quote_wish *)r->input;
    if (wish.rush_share == NONE && request_typed(r, "rush_share") != NULL)
        wish.rush_share = 0;
    return request_write(r, quotes_make, &(struct making_quote){request_id(r, "id"), &wish});
}

/* ------------------------------------------------------------------ one quote */

struct quote_note {
    const char *note;
};
static const struct field note_fields[] = {
    FIELD(struct quote_note, note, FIELD_LONG, .label = "Note", .max = 1000),
};
const struct record quote_note_record = RECORD("QuoteNote", struct quote_note, note_fields);

static void quote_html(struct view *v, const void *model) {
    const struct quote_page *page = model;
    view_page(v, &(struct page){.title = words(v, view_t(v, "Quote %s v%ld"),
                                               job_number(v, page->job.number),
                                               (long)page->quote.version),
                                .nav = "jobs",
                                .crumb = job_number(v, page->job.number),
                                .crumb_url = words(v, "/jobs/%ld", (long)page->job.id),
                                .body = quote_page_html,
                                .model = model});
}
static const struct presentation quote_page_as = {&quote_record, quote_html};
static const struct presentation quote_as = {&quote_record, NULL};

/* The sentences that were frozen with the rates. */
static void read_frozen(struct context *cx, struct quote_page *page) {
    json_t *rates = json_loads(page->quote.rates == NULL ? "{}" : page->quote.rates, 0, NULL);
    page->unpriced = arena_text(cx->arena, json_string_value(json_object_get(rates, "unpriced")));
    page->no_promise =
        arena_text(cx->arena, json_string_value(json_object_get(rates, "no_promise")));
    json_decref(rates);
}

static enum status quote_show(struct request *r) {
    struct context *cx = request_read(r);
    if (cx == NULL)
        return UNAVAILABLE;
    struct quote_page page = {0};
    struct shop shop;
    if (!quote_load(cx, request_id(r, "quote_id"), &page.quote))
        return fail(r, MISSING, "unknown_quote", "There is no such quote.");
    if (r->json)
        return answer(r, &quote_as, &page.quote);
    if (!job_load_for(r, page.quote.job, &page.job))
        return cx->errors->status;
    page.version_count = quote_list(cx, page.quote.job, &page.versions);
    page.decidable = page.job.closed_at == NONE &&
                     (text_same(page.quote.state, "draft") || text_same(page.quote.state, "sent"));
    shop_tax(cx, false, &page.tax_name);
    if (shop_load(cx, &shop))
        page.terms = shop.quote_terms;
    read_frozen(cx, &page);
    struct quote_note *note = ARENA_NEW(cx->arena, struct quote_note);
    page.form = request_form(r, &quote_note_record, note);
    return answer(r, &quote_page_as, &page);
}

struct deciding {
    int64_t id;
    const char *note;
    enum status (*decide)(struct context *cx, int64_t quote, const char *note);
    const char *words;
};

static enum status decide(struct context *cx, void *arg) {
    const struct deciding *deciding = arg;
    enum status status = deciding->decide(cx, deciding->id, deciding->note);
    if (status == OK)
        quote_outcome(cx, deciding->id, 200, deciding->words);
    return status;
}

static enum status deciding_post(struct request *r,
                                 enum status (*with)(struct context *, int64_t, const char *),
                                 const char *words_after) {
    const struct quote_note *note = r->input;
    return request_write(
        r, decide, &(struct deciding){request_id(r, "quote_id"), note->note, with, words_after});
}

static enum status send(struct context *cx, int64_t id, const char *note) {
    (void)note;
    return quote_send(cx, id);
}

static enum status send_post(struct request *r) {
    return deciding_post(r, send, "Version %ld sent.");
}

static enum status accept_post(struct request *r) {
    return deciding_post(r, quote_accept, "Version %ld accepted.");
}

static enum status decline_post(struct request *r) {
    return deciding_post(r, quote_decline, "Version %ld declined.");
}

static enum status void_post(struct request *r) {
    return deciding_post(r, quote_void, "Version %ld taken back.");
}

#define QUOTES_RIGHT (RIGHT(MAY_SEE_JOBS) | RIGHT(MAY_SEE_PRICES))

const struct route quote_routes[] = {
    {GET, "/jobs/{id}/quotes", QUOTES_RIGHT, quotes_show, .output = &quotes_as,
     .summary = "A job's quotes"},
    {POST, "/jobs/{id}/quotes", RIGHT(MAY_QUOTE), quotes_post, &quote_wish_record,
     .again = quotes_show, .output = &quote_as, .summary = "Price a job and make a quote of it"},
    {GET, "/quotes/{quote_id}", QUOTES_RIGHT, quote_show, .output = &quote_page_as,
     .summary = "A quote"},
    {POST, "/quotes/{quote_id}/send", RIGHT(MAY_QUOTE), send_post, &quote_note_record,
     .again = quote_show, .output = &quote_as, .summary = "Send a quote"},
    {POST, "/quotes/{quote_id}/accept", RIGHT(MAY_QUOTE), accept_post, &quote_note_record,
     .again = quote_show, .output = &quote_as, .summary = "Record that a quote was accepted"},
    {POST, "/quotes/{quote_id}/decline", RIGHT(MAY_QUOTE), decline_post, &quote_note_record,
     .again = quote_show, .output = &quote_as, .summary = "Record that a quote was declined"},
    {POST, "/quotes/{quote_id}/void", RIGHT(MAY_QUOTE), void_post, &quote_note_record,
     .again = quote_show, .output = &quote_as, .summary = "Take a quote back"},
    {0},
};
