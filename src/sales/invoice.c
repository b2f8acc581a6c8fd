#include "sales/sales.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "jobs/job.h"
#include "quotes/quote.h"
#include "sales/ledger.h"
#include "shops/numbering.h"
#include "work/work.h"

static const struct word kinds_[] = {
    {"invoice", "Invoice"}, {"credit", "Credit note"}, {NULL, NULL}};
static const struct vocabulary invoice_kinds = {"kind of invoice", kinds_};
static const struct word states_[] = {
    {"draft", "Draft"}, {"open", "Open"}, {"paid", "Paid"}, {"credited", "Credited"}, {NULL, NULL}};
const struct vocabulary invoice_states = {"state of an invoice", states_};

static const struct field line_fields[] = {
    FIELD(struct invoice_line, position, FIELD_INT, .flags = FIELD_READONLY),
    FIELD(struct invoice_line, description, FIELD_TEXT, .label = "Description", .max = 500),
    FIELD(struct invoice_line, quantity, FIELD_INT, .label = "Quantity", .min = 1, .max = 10000),
    FIELD(struct invoice_line, net, FIELD_MONEY, .label = "Amount before tax",
          .max = INT64_C(1000000000000)),
    FIELD(struct invoice_line, tax_rate, FIELD_PERCENT, .label = "Tax", .max = 10000),
    FIELD(struct invoice_line, tax, FIELD_MONEY, .flags = FIELD_READONLY),
};
const struct record invoice_line_record = RECORD("InvoiceLine", struct invoice_line, line_fields);

#define SIGNED .min = -INT64_C(1000000000000000), .max = INT64_C(1000000000000000)
static const struct field invoice_fields[] = {
    FIELD(struct invoice, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct invoice, number, FIELD_INT, .flags = FIELD_READONLY, .max = INT64_MAX),
    FIELD(struct invoice, label, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct invoice, kind, FIELD_CODE, .words = &invoice_kinds, .flags = FIELD_READONLY),
    FIELD(struct invoice, job, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct invoice, visit, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct invoice, state, FIELD_CODE, .words = &invoice_states, .flags = FIELD_READONLY),
    FIELD(struct invoice, credits, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct invoice, customer_name, FIELD_TEXT, .label = "Customer", .max = 200),
    FIELD(struct invoice, customer_address, FIELD_LONG, .label = "Address", .max = 500),
    FIELD(struct invoice, net, FIELD_MONEY, .flags = FIELD_READONLY, SIGNED),
    FIELD(struct invoice, tax, FIELD_MONEY, .flags = FIELD_READONLY, SIGNED),
    FIELD(struct invoice, total, FIELD_MONEY, .flags = FIELD_READONLY, SIGNED),
    FIELD(struct invoice, deposits, FIELD_MONEY, .flags = FIELD_READONLY),
    FIELD(struct invoice, issued_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct invoice, issued_day, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct invoice, quote, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct invoice, edited, FIELD_FLAG, .flags = FIELD_READONLY),
    FIELD(struct invoice, newer_quote, FIELD_ID, .flags = FIELD_READONLY | FIELD_NO_COLUMN),
    FIELD(struct invoice, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct invoice, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD_ROWS(struct invoice, lines, line_count, &invoice_line_record),
};
const struct record invoice_record = RECORD("Invoice", struct invoice, invoice_fields);

static const struct sql invoice_by_id = {"invoice_by_id", INVOICE_COLUMNS "where id = $1", NULL};
static const struct sql invoice_live = {
    "invoice_live", INVOICE_COLUMNS "where job = $1 and kind = 'invoice' and state <> 'credited'",
    NULL};
static const struct sql lines_of = {
    "invoice_lines",
    "select position, description, quantity, net, tax_rate, tax from invoice_line "
    "where invoice = $1 order by position",
    NULL};
static const struct sql invoice_insert = {
    "invoice_insert",
    "insert into invoice (number, kind, job, visit, state, credits, customer_name, "
    "customer_address, net, tax, total, deposits, issued_at, issued_day, staff, created_at, quote, "
    "label) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) "
    "returning id",
    NULL};
static const struct sql line_insert = {
    "invoice_line_insert",
    "insert into invoice_line (invoice, position, description, quantity, net, tax_rate, tax) "
    "values ($1, $2, $3, $4, $5, $6, $7)",
    NULL};
static const struct sql lines_drop = {"invoice_lines_drop",
                                      "delete from invoice_line where invoice = $1", NULL};
static const struct sql draft_update = {
    "invoice_draft_update",
    "update invoice set customer_name = $2, customer_address = $3, net = $4, tax = $5, total = $6, "
    "quote = $8, edited = $9, version = version + 1 "
    "where id = $1 and version = $7 and state = 'draft'",
    NULL};
static const struct sql invoice_number = {
    "invoice_set_number",
    "update invoice set number = $2, state = $3, deposits = $4, issued_at = $5, issued_day = $6, "
    "label = $7, version = version + 1 where id = $1 and state = 'draft'",
    NULL};
static const struct sql mark_credited = {
    "invoice_mark_credited",
    "update invoice set state = 'credited', version = version + 1 where id = $1", NULL};

static bool with_lines(struct context *cx, bool found, struct invoice *invoice) {
    struct quote accepted;
    if (!found)
        return false;
    invoice->line_count =
        DB_RECORDS(cx->db, &lines_of, P(I(invoice->id)), &invoice_line_record, &invoice->lines);
    bool newer = text_same(invoice->state, "draft") &&
                 quote_accepted(cx, invoice->job, &accepted) && accepted.id != invoice->quote;
    invoice->newer_quote = newer ? accepted.id : NONE;
    return true;
}

bool invoice_load(struct context *cx, int64_t id, struct invoice *invoice) {
    return with_lines(cx, db_record(cx->db, &invoice_by_id, P(I(id)), &invoice_record, invoice),
                      invoice);
}

bool invoice_of_job(struct context *cx, int64_t job, struct invoice *invoice) {
    return with_lines(cx, db_record(cx->db, &invoice_live, P(I(job)), &invoice_record, invoice),
                      invoice);
}

/* ------------------------------------------------------------------ lines */

/* Tax of each line, rounded once; the sums. */
static enum status reckon(struct context *cx, struct invoice *invoice) {
    invoice->net = invoice->tax = invoice->total = 0;
    bool fits = true;
    for (int64_t i = 0; i < invoice->line_count; i++) {
        struct invoice_line *line = &invoice->lines[i];
        line->position = i + 1;
        if (line->quantity == NONE)
            line->quantity = 1;
        if (line->tax_rate == NONE)
            line->tax_rate = 0;
        if (line->net == NONE || text_empty(line->description)) {
            error_add(cx->errors, INVALID,
                      arena_printf(cx->arena, "lines.%d.%s", (int)i,
                                   line->net == NONE ? "net" : "description"),
                      "required", "Say what this is and what it costs.");
            continue;
        }
        fits = fits && number_ratio(line->net, line->tax_rate, WHOLE, &line->tax) &&
               number_add(invoice->net, line->net, &invoice->net) &&
               number_add(invoice->tax, line->tax, &invoice->tax);
    }
    fits = fits && number_add(invoice->net, invoice->tax, &invoice->total);
    if (!fits)
        error_add(cx->errors, INVALID, "lines", "too_large", "The sum is too large.");
    return errors_any(cx->errors) ? INVALID : OK;
}

static void write_lines(struct context *cx, const struct invoice *invoice) {
    for (int64_t i = 0; i < invoice->line_count; i++) {
        const struct invoice_line *line = &invoice->lines[i];
        db_run(cx->db, &line_insert,
               P(I(invoice->id), I(line->position), T(line->description), I(line->quantity),
                 I(line->net), I(line->tax_rate), I(line->tax)));
    }
}

/* One line a tax rate, as customers buy a piece and not its parts: the sums of the quote's lines,
 * the discount taken off in their proportion, so that net and tax are the quote's own to the last
 * penny. */
static void lines_from_quote(struct context *cx, const struct job *job, const struct quote *quote,
                             struct invoice *invoice) {
    struct {
        int64_t rate, price;
    } groups[8];
    int count = 0;
    for (int64_t i = 0; i < quote->line_count; i++) {
        int g = 0;
        while (g < count && groups[g].rate != quote->lines[i].tax)
            g++;
        if (g == count && count < 8) {
            groups[count].rate = quote->lines[i].tax;
            groups[count++].price = 0;
        }
        if (g < count)
            groups[g].price += quote->lines[i].price;
    }
    int64_t weights[8], nets[8];
    for (int g = 0; g < count; g++)
        weights[g] = groups[g].price;
    number_split(quote->net, weights, count, nets);
    invoice->lines = ARENA_ARRAY(cx->arena, struct invoice_line, 8);
    invoice->line_count = count;
    for (int g = 0; g < count; g++)
        invoice->lines[g] = (struct invoice_line){
            .position = g + 1,
            .description =
                count == 1 ? job->title
                           : arena_printf(cx->arena, "%s, taxed at %d.%02d%%", job->title,
                                          (int)(groups[g].rate / 100), (int)(groups[g].rate % 100)),
            .quantity = 1,
            .net = nets[g],
            .tax_rate = groups[g].rate};
}

/* A price that was told with its tax inside, as one line. */
static void line_from_price(struct context *cx, const struct job *job, struct invoice *invoice) {
    int64_t rate = shop_tax(cx, text_same(job->kind, "repair"), NULL), net = job->quoted;
    number_ratio(job->quoted, WHOLE, WHOLE + rate, &net);
    invoice->lines = ARENA_NEW(cx->arena, struct invoice_line);
    invoice->line_count = 1;
    invoice->lines[0] = (struct invoice_line){
        .position = 1, .description = job->title, .quantity = 1, .net = net, .tax_rate = rate};
}

/* The quote's own tax, whatever rounding each line would give: the difference of some pence goes to
 * the first line. */
static void settle_tax(struct invoice *invoice, int64_t tax) {
    if (invoice->line_count == 0 || invoice->tax == tax)
        return;
    invoice->lines[0].tax += tax - invoice->tax;
    invoice->tax = tax;
    invoice->total = invoice->net + tax;
}

/* Lines and sums, from the accepted quote or, without one, from the price that was told. */
static enum status draw(struct context *cx, const struct job *job, struct invoice *draft) {
    struct quote quote;
    if (job->quoted == NONE)
        return error_add(cx->errors, CONFLICT, NULL, "no_price",
                         "There is no price to invoice. Make a quote, or enter the price.");
    bool quoted = quote_accepted(cx, job->id, &quote);
    if (quoted)
        lines_from_quote(cx, job, &quote, draft);
    else
        line_from_price(cx, job, draft);
    draft->quote = quoted ? quote.id : NONE;
    enum status status = reckon(cx, draft);
    if (status == OK)
        settle_tax(draft, quoted ? quote.tax : job->quoted - draft->net);
    return status;
}

enum status invoice_draft(struct context *cx, int64_t id, int64_t *invoice) {
    struct invoice draft;
    struct job job;
    if (invoice_of_job(cx, id, &draft)) {
        *invoice = draft.id;
        return OK;
    }
    if (!job_load(cx, id, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    draft = (struct invoice){.job = id};
    enum status status = draw(cx, &job, &draft);
    if (status != OK)
        return status;
    *invoice = draft.id = db_insert(
        cx->db, &invoice_insert,
        P(I(NONE), T("invoice"), I(id), I(job.visit), T("draft"), I(NONE),
          T(job.customer_name == NULL ? job.title : job.customer_name), T(job.customer_address),
          I(draft.net), I(draft.tax), I(draft.total), I(0), I(NONE), T(NULL),
          I(cx->actor->staff > 0 ? cx->actor->staff : NONE), I(cx->now), I(draft.quote), T(NULL)));
    write_lines(cx, &draft);
    audit_add(cx, "drafted", "invoice", draft.id, NULL);
    context_tell(cx, "job", id);
    return OK;
}

/* ------------------------------------------------------------------ changing a draft */

/* The draft, as long as it is one. */
static enum status load_draft(struct context *cx, int64_t id, struct invoice *draft) {
    if (!invoice_load(cx, id, draft))
        return error_add(cx->errors, MISSING, NULL, "unknown_invoice", "There is no such invoice.");
    if (!text_same(draft->state, "draft"))
        return error_add(cx->errors, CONFLICT, NULL, "issued",
                         "An issued invoice is never edited. Credit it, and issue a new one.");
    return OK;
}

/* What a draft is from now on, if it still is the version that `changed` was made of. */
static enum status save_draft(struct context *cx, const struct invoice *changed,
                              const char *action) {
    if (db_run(cx->db, &draft_update,
               P(I(changed->id), T(changed->customer_name), T(changed->customer_address),
                 I(changed->net), I(changed->tax), I(changed->total), I(changed->version),
                 I(changed->quote), I(changed->edited))) == 0)
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "This draft was changed by somebody else meanwhile. Nothing was saved: "
                         "look at the new version and enter your change again.");
    db_run(cx->db, &lines_drop, P(I(changed->id)));
    write_lines(cx, changed);
    audit_add(cx, action, "invoice", changed->id, NULL);
    context_tell(cx, "job", changed->job);
    return OK;
}

static bool lines_same(const struct invoice *one, const struct invoice *other) {
    bool same = one->line_count == other->line_count;
    for (int64_t i = 0; same && i < one->line_count; i++)
        same = text_same(one->lines[i].description, other->lines[i].description) &&
               one->lines[i].quantity == other->lines[i].quantity &&
               one->lines[i].net == other->lines[i].net &&
               one->lines[i].tax_rate == other->lines[i].tax_rate;
    return same;
}

enum status invoice_edit(struct context *cx, struct invoice *edited) {
    struct invoice draft;
    enum status status = load_draft(cx, edited->id, &draft);
    if (status != OK)
        return status;
    if (edited->line_count == 0)
        error_add(cx->errors, INVALID, "lines", "required", "An invoice needs at least one line.");
    if (text_empty(edited->customer_name))
        error_add(cx->errors, INVALID, "customer_name", "required",
                  "An invoice says whom it is for.");
    if (errors_any(cx->errors) || reckon(cx, edited) != OK)
        return INVALID;
    edited->job = draft.job;
    edited->quote = draft.quote;
    edited->edited = draft.edited;
    if (lines_same(&draft, edited)) { /* the quote's own tax stays, to the last penny */
        edited->lines = draft.lines;
        edited->tax = draft.tax;
        edited->total = draft.total;
    } else {
        edited->edited = 1;
    }
    return save_draft(cx, edited, "edited");
}

enum status invoice_redraw(struct context *cx, int64_t id, int64_t version, bool confirmed) {
    struct invoice draft;
    struct job job;
    enum status status = load_draft(cx, id, &draft);
    if (status != OK)
        return status;
    if (draft.edited && !confirmed)
        return error_add(cx->errors, INVALID, "confirm", "required",
                         "This draft was edited by hand. Say that those lines may go.");
    if (!job_load(cx, draft.job, &job))
        return error_add(cx->errors, MISSING, NULL, "unknown_job", "There is no such job.");
    draft.version = version;
    draft.edited = 0;
    status = draw(cx, &job, &draft);
    return status == OK ? save_draft(cx, &draft, "drew anew") : status;
}

enum status invoice_follow(struct context *cx, int64_t job) {
    struct invoice draft;
    if (!invoice_of_job(cx, job, &draft) || draft.newer_quote == NONE || draft.edited)
        return OK;
    return invoice_redraw(cx, draft.id, draft.version, false);
}

/* ------------------------------------------------------------------ issuing and crediting */

enum status invoice_issue(struct context *cx, int64_t id) {
    struct invoice invoice;
    if (!invoice_load(cx, id, &invoice))
        return error_add(cx->errors, MISSING, NULL, "unknown_invoice", "There is no such invoice.");
    if (!text_same(invoice.state, "draft"))
        return OK; /* issued already: once is enough */
    int64_t held = -ledger_balance(cx, invoice.job, "deposits");
    int64_t taken_up = held < invoice.total ? held : invoice.total;
    if (taken_up < 0)
        taken_up = 0;
    const struct entry entries[] = {{invoice.job, "receivable", invoice.total, 0},
                                    {invoice.job, "sales", 0, invoice.net},
                                    {invoice.job, "tax", 0, invoice.tax},
                                    {invoice.job, "deposits", taken_up, 0},
                                    {invoice.job, "receivable", 0, taken_up}};
    enum status status = ledger_write(cx, NONE, id, entries, 5);
    if (status != OK)
        return status;
    const char *label;
    int64_t number = numbering_take(cx, "invoice", &label);
    db_run(cx->db, &invoice_number,
           P(I(id), I(number), T("open"), I(taken_up), I(cx->now),
             T(day_text(day_at(cx->locale->zone, cx->now), cx->arena)), T(label)));
    job_set_final(cx, invoice.job, invoice.total);
    ledger_settle(cx, invoice.job);
    audit_add(cx, "issued", "invoice", id, label);
    event_add(cx, "invoice.issued", invoice.job,
              arena_printf(cx->arena, "{\"invoice\":%ld}", (long)id));
    return OK;
}

enum status invoice_credit(struct context *cx, int64_t id, const char *note, int64_t *credit) {
    struct invoice invoice;
    if (!invoice_load(cx, id, &invoice))
        return error_add(cx->errors, MISSING, NULL, "unknown_invoice", "There is no such invoice.");
    if (!text_same(invoice.kind, "invoice"))
        return error_add(cx->errors, CONFLICT, NULL, "is_credit",
                         "This is a credit note. Issue a new invoice instead.");
    if (text_same(invoice.state, "draft"))
        return error_add(cx->errors, CONFLICT, NULL, "draft",
                         "A draft needs no credit note: edit it.");
    if (text_same(invoice.state, "credited"))
        return error_add(cx->errors, CONFLICT, NULL, "credited_already",
                         "This invoice was credited already.");
    db_run(cx->db, &mark_credited, P(I(id)));
    const char *label;
    int64_t number = numbering_take(cx, "invoice", &label);
    struct invoice mirror = invoice;
    *credit = mirror.id =
        db_insert(cx->db, &invoice_insert,
                  P(I(number), T("credit"), I(invoice.job), I(invoice.visit), T("credited"), I(id),
                    T(invoice.customer_name), T(invoice.customer_address), I(-invoice.net),
                    I(-invoice.tax), I(-invoice.total), I(-invoice.deposits), I(cx->now),
                    T(day_text(day_at(cx->locale->zone, cx->now), cx->arena)),
                    I(cx->actor->staff > 0 ? cx->actor->staff : NONE), I(cx->now), I(invoice.quote),
                    T(label)));
    for (int64_t i = 0; i < mirror.line_count; i++) {
        mirror.lines[i].net = -mirror.lines[i].net;
        mirror.lines[i].tax = -mirror.lines[i].tax;
    }
    write_lines(cx, &mirror);
    /* Deposits that were taken up are held again; payments on it are owed to the customer, and both
     * can be given back or taken up by the next invoice. */
    enum status status = ledger_mirror(cx, NONE, *credit, NONE, id);
    if (status != OK)
        return status;
    job_set_final(cx, invoice.job, NONE);
    ledger_settle(cx, invoice.job);
    audit_add(cx, "credited", "invoice", id, note);
    event_add(cx, "invoice.credited", invoice.job,
              arena_printf(cx->arena, "{\"invoice\":%ld}", (long)id));
    return OK;
}
