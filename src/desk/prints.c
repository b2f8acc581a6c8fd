#include "desk/prints.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/ring.h"
#include "base/text.h"
#include "jobs/job.h"
#include "paper/code.h"
#include "paper/paper.h"
#include "quotes/making.h"
#include "quotes/quote.h"
#include "sales/sales.h"
#include "shops/shop.h"
#include "trade/words.h"
#include "workshop/workshop.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ texts */

static const char *money_of(struct context *cx, int64_t minor) {
    return minor == NONE ? NULL : locale_money(cx->locale, minor, cx->arena);
}

static const char *long_day(struct context *cx, const char *day) {
    int64_t number;
    return day != NULL && day_parse(day, &number) ? locale_day_long(cx->locale, number, cx->arena)
                                                  : NULL;
}

static const char *short_day(struct context *cx, int64_t instant) {
    if (instant == NONE)
        return NULL;
    return locale_day(cx->locale, day_at(cx->locale->zone, instant),
                      day_at(cx->locale->zone, cx->now), cx->arena);
}

static const char *time_text(struct context *cx, int64_t minutes) {
    return minutes == NONE
               ? NULL
               : arena_printf(cx->arena, "%ld:%02ld", (long)(minutes / 60), (long)(minutes % 60));
}

static const char *percent_text(struct context *cx, int64_t basis_points) {
    return locale_percent(cx->locale, basis_points, cx->arena);
}

static bool shop_of(struct context *cx, struct paper_shop *paper, const char *terms) {
    struct shop shop;
    if (!shop_load(cx, &shop))
        return false;
    *paper = (struct paper_shop){
        .name = shop.name,
        .place = shop.place,
        .address = shop.address,
        .phone = shop.phone,
        .email = shop.email,
        .tax_number = shop.tax_number == NULL
                          ? NULL
                          : context_kept_words(cx, "Tax number %s", shop.tax_number),
        .terms = terms == NULL ? shop.terms : terms,
        .letter = paper_letter(shop.country),
        .made = cx->now,
        .language = cx->locale->words,
    };
    return true;
}

static const char *both(struct context *cx, const char *one, const char *other) {
    if (text_empty(one) || text_empty(other))
        return text_empty(one) ? other : one;
    return arena_printf(cx->arena, "%s\n\n%s", one, other);
}

static const char *quote_terms(struct context *cx, const struct shop *shop) {
    return both(cx, shop->quote_terms != NULL ? shop->quote_terms : shop->terms,
                shop->deposit_terms);
}

static const char *claim_terms(struct context *cx, const struct shop *shop, bool repair) {
    const char *terms = both(cx, shop->terms, repair ? shop->repair_terms : NULL);
    return both(cx, terms, shop->retention_terms);
}

/* ------------------------------------------------------------------ a job */

enum audience { COUNTER, BENCH, CUSTOMER, ENVELOPE };

static const struct sql pieces_in_visit = {"pieces_in_visit",
                                           "select count(*) from job where visit = $1", NULL};

struct facts {
    const char *(*at)[2];
    int count;
};

static void fact(struct facts *facts, const char *name, const char *value) {
    if (value == NULL)
        return;
    facts->at[facts->count][0] = name;
    facts->at[facts->count++][1] = value;
}

static const char *grams_of(struct context *cx, int64_t milligrams) {
    char digits[LOCALE_FIGURE];
    if (milligrams == NONE)
        return NULL;
    locale_number(cx->locale, milligrams, 3, 2, digits);
    return context_kept_words(cx, "about %s g", digits);
}

static const char *band_of(struct context *cx, const struct specification *spec) {
    char width[LOCALE_FIGURE], thickness[LOCALE_FIGURE];
    if (spec->band_width == NONE || spec->band_thickness == NONE)
        return NULL;
    locale_number(cx->locale, spec->band_width, 3, 1, width);
    locale_number(cx->locale, spec->band_thickness, 3, 1, thickness);
    return context_kept_words(cx, "%s × %s mm", width, thickness);
}

/* A text of ours and a code's label, in the language of the paper. */
static const char *say(struct context *cx, const char *english) {
    return language_text(cx->locale->words, NULL, english);
}

static const char *label_in(struct context *cx, const struct vocabulary *words, const char *code) {
    return vocabulary_say(words, cx->locale->words, code);
}

static void fill_specification(struct context *cx, const struct making *making,
                               struct paper_job *paper, bool internal) {
    const struct specification *spec = &making->spec;
    struct facts facts = {.at = arena_alloc(cx->arena, 16 * sizeof *facts.at)};
    fact(&facts, "Metal", label_in(cx, &alloys, spec->alloy));
    fact(&facts, "Weight", grams_of(cx, spec->weight));
    if (spec->ring_size != NONE)
        fact(&facts, "Finger size", ring_print(spec->ring_size, cx->locale->country, cx->arena));
    fact(&facts, "Band", band_of(cx, spec));
    fact(&facts, "Setting", label_in(cx, &stone_settings, spec->setting));
    fact(&facts, "Finish", label_in(cx, &finishes, spec->finish));
    fact(&facts, "Engraving", spec->engraving);
    if (internal) {
        fact(&facts, "CAD", spec->cad);
        fact(&facts, "Note", spec->note);
    }
    paper->facts = (const char *const(*)[2])facts.at;
    paper->fact_count = facts.count;
    struct paper_line *stones =
        ARENA_ARRAY(cx->arena, struct paper_line, (size_t)spec->stone_count + 1);
    for (int64_t i = 0; i < spec->stone_count; i++) {
        stones[i].cells[0] = label_in(cx, &stone_roles, spec->stones[i].role);
        stones[i].cells[1] = spec_stone_text(&spec->stones[i], cx->arena);
        stones[i].cells[2] = label_in(cx, &owners, spec->stones[i].whose);
    }
    paper->stones = stones;
    paper->stone_count = (int)spec->stone_count;
}

static void fill_operations(struct context *cx, const struct making *making,
                            struct paper_job *paper) {
    struct paper_line *lines =
        ARENA_ARRAY(cx->arena, struct paper_line, (size_t)making->operation_count + 1);
    for (int64_t i = 0; i < making->operation_count; i++) {
        const struct operation *operation = &making->operations[i];
        lines[i].cells[0] = operation->name;
        lines[i].cells[1] =
            operation->vendor_name != NULL ? operation->vendor_name : operation->craftsman_name;
        lines[i].cells[2] = operation->minutes > 0 ? time_text(cx, operation->minutes) : NULL;
        lines[i].cells[3] = text_same(operation->state, "done") ? "✓" : "";
    }
    paper->operations = lines;
    paper->operation_count = (int)making->operation_count;
}

static void fill_comments(struct context *cx, int64_t job, struct paper_job *paper) {
    struct comment *comments;
    int64_t count = job_comments(cx, job, &comments);
    struct paper_line *lines = ARENA_ARRAY(cx->arena, struct paper_line, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++) {
        lines[i].cells[0] = short_day(cx, comments[i].at);
        lines[i].cells[1] = comments[i].staff_name;
        lines[i].cells[2] = comments[i].text;
    }
    paper->comments = lines;
    paper->comment_count = (int)count;
}

/* What each may read: the bench no prices, costs or customer; the customer no notes, vendors or
 * operations. */
static void fill_job(struct context *cx, const struct job *job, enum audience who, const char *url,
                     struct paper_job *paper) {
    static const char *const copies[] = {[COUNTER] = "Counter copy: everything",
                                         [BENCH] = "Bench copy: no prices, no customer",
                                         [CUSTOMER] = "Customer copy",
                                         [ENVELOPE] = NULL};
    int64_t pieces = db_int(cx->db, &pieces_in_visit, P(I(job->visit)));
    *paper = (struct paper_job){
        .copy = say(cx, copies[who]),
        .number = job_number_text(cx, job->number),
        .code = arena_printf(cx->arena, "%06ld", (long)job->number),
        .title = job->title,
        .promised = long_day(cx, job->promised_day),
        .piece_of =
            context_kept_words(cx, "%ld of %ld", (long)job->visit_position,
                               (long)(pieces < job->visit_position ? job->visit_position : pieces)),
        .description = job->description,
        .taken_in = short_day(cx, job->created_at),
        .rush = text_same(job->priority, "rush"),
    };
    if (who == CUSTOMER)
        paper->link = arena_printf(cx->arena, "%s/track", url);
    else
        paper->link = arena_printf(cx->arena, "%s/jobs/%ld", url, (long)job->id);
    if (who == ENVELOPE) /* the promised day, and what tells the piece apart: no person */
        return;
    if (who == BENCH) {
        paper->promised = NULL;
        paper->bench_day =
            long_day(cx, job->bench_day != NULL ? job->bench_day : job->promised_day);
    } else {
        paper->customer = job->customer_name;
        paper->reference = job->reference;
        paper->contact = job->customer_phone != NULL ? job->customer_phone : job->customer_email;
        paper->price = money_of(cx, job->final != NONE ? job->final : job->quoted);
        paper->paid = job->paid != 0 ? money_of(cx, job->paid) : NULL;
        paper->balance =
            job->quoted != NONE || job->final != NONE ? money_of(cx, job->balance) : NULL;
    }
    if (who == COUNTER)
        paper->bench_day = long_day(cx, job->bench_day);
    struct making making;
    if (making_load(cx, job->id, &making))
        fill_specification(cx, &making, paper, who != CUSTOMER);
    if (who != CUSTOMER) {
        fill_operations(cx, &making, paper);
        fill_comments(cx, job->id, paper);
    }
}

/* A paper for customers is in the shop's language, one for the staff in the reader's; both in
 * another where it is asked for: ?language=fr. */
static void paper_speaks(struct request *r, bool for_staff) {
    const struct language *language = language_find(request_typed(r, "language"));
    if (for_staff)
        r->cx.locale = context_reader(&r->cx);
    if (language != NULL) {
        struct locale *locale = ARENA_NEW(r->cx.arena, struct locale);
        *locale = locale_in(r->cx.locale, language);
        r->cx.locale = locale;
    }
}

typedef void (*job_layout)(const struct paper_shop *shop, const struct paper_job *job,
                           struct buf *out);

static enum status print_job(struct request *r, enum audience who, job_layout layout,
                             const char *what) {
    struct context *cx = request_read(r);
    struct job job;
    struct paper_shop shop;
    struct paper_job paper;
    struct buf out = {0};
    if (cx == NULL)
        return UNAVAILABLE;
    if (!job_load_for(r, request_id(r, "id"), &job))
        return MISSING;
    struct shop row;
    paper_speaks(r, who != CUSTOMER);
    if (!shop_load(cx, &row) ||
        !shop_of(cx, &shop,
                 who == CUSTOMER ? claim_terms(cx, &row, text_same(job.kind, "repair")) : NULL))
        return UNAVAILABLE;
    if (who == BENCH)
        shop.terms = NULL;
    fill_job(cx, &job, who, request_url(r), &paper);
    const char *name = arena_printf(cx->arena, "%s-%06ld.pdf", what, (long)job.number);
    store_read_end(r->cx.store, &r->cx); /* drawing takes a while */
    layout(&shop, &paper, &out);
    answer_header(r, "Content-Disposition",
                  arena_printf(r->cx.arena, "inline; filename=\"%s\"", name));
    return answer_bytes(r, "application/pdf", NULL, &out);
}

/* Of many jobs, "12,15,9", in one document. One that is not there is left out. */
struct print_query {
    const char *jobs;
};
static const struct field print_query_fields[] = {
    FIELD(struct print_query, jobs, FIELD_TEXT, .label = "Jobs", .flags = FIELD_REQUIRED,
          .max = 2000),
};
static const struct record print_query_record =
    RECORD("PrintQuery", struct print_query, print_query_fields);

typedef void (*jobs_layout)(const struct paper_shop *shop, const struct paper_job *jobs,
                            int64_t count, struct buf *out);
enum { PRINTS_MOST = 100 };

static enum status print_jobs(struct request *r, enum audience who, jobs_layout layout,
                              const char *what) {
    struct context *cx = request_read(r);
    struct paper_shop shop;
    struct buf out = {0};
    if (cx == NULL || !shop_of(cx, &shop, NULL))
        return UNAVAILABLE;
    shop.terms = NULL;
    struct paper_job *papers = ARENA_ARRAY(cx->arena, struct paper_job, PRINTS_MOST);
    int64_t count = 0;
    const char *at = ((const struct print_query *)r->input)->jobs;
    while (*at != '\0' && count < PRINTS_MOST) {
        struct job job;
        char *end;
        int64_t id = strtoll(at, &end, 10);
        if (end != at && job_load(cx, id, &job))
            fill_job(cx, &job, who, server_url(r->server), &papers[count++]);
        at = end + strcspn(end, ",");
        at += *at == ',';
    }
    if (count == 0)
        return fail(r, MISSING, "unknown_job", "There is no such job.");
    store_read_end(r->cx.store, &r->cx); /* drawing takes a while */
    layout(&shop, papers, count, &out);
    answer_header(r, "Content-Disposition",
                  arena_printf(r->cx.arena, "inline; filename=\"%s.pdf\"", what));
    return answer_bytes(r, "application/pdf", NULL, &out);
}

static enum status labels_show(struct request *r) {
    return print_jobs(r, ENVELOPE, paper_labels, "labels");
}

static enum status bench_copies_show(struct request *r) {
    return print_jobs(r, BENCH, paper_copies, "bench-copies");
}

static enum status label_show(struct request *r) {
    return print_job(r, ENVELOPE, paper_label, "label");
}

static enum status claim_show(struct request *r) {
    return print_job(r, CUSTOMER, paper_claim_check, "claim-check");
}

static enum status counter_show(struct request *r) {
    return print_job(r, COUNTER, paper_copy, "counter-copy");
}

static enum status bench_show(struct request *r) {
    return print_job(r, BENCH, paper_copy, "bench-copy");
}

static enum status customer_show(struct request *r) {
    return print_job(r, CUSTOMER, paper_copy, "customer-copy");
}

/* ------------------------------------------------------------------ bills */

static const char *job_and_reference(struct context *cx, const struct job *job) {
    return context_kept_words(cx, "Job %s\nReference %s", job_number_text(cx, job->number),
                              job->reference);
}

static struct paper_line total_line(struct context *cx, int64_t net, int64_t tax, int64_t total) {
    return (struct paper_line){
        {say(cx, "Total"), money_of(cx, net), money_of(cx, tax), money_of(cx, total)}, true};
}

/* The terms as they stand on paper, beside a piece that isn't there. */
static enum status terms_show(struct request *r) {
    struct context *cx = request_read(r);
    struct shop shop;
    struct paper_shop paper;
    struct buf out = {0};
    if (cx == NULL)
        return UNAVAILABLE;
    bool quote = text_same(request_text(r, "paper"), "quote.pdf");
    if ((!quote && !text_same(request_text(r, "paper"), "claim.pdf")) || !shop_load(cx, &shop))
        return fail(r, MISSING, "unknown_paper", "There is no such paper.");
    shop_of(cx, &paper, quote ? quote_terms(cx, &shop) : claim_terms(cx, &shop, true));
    const char *today = long_day(cx, day_text(day_at(cx->locale->zone, cx->now), cx->arena));
    if (quote)
        paper_bill(&paper,
                   &(struct paper_bill){.title = say(cx, "Quote"),
                                        .number = "0000",
                                        .date = today,
                                        .customer = "Eleanor Whitcombe",
                                        .job = "Job #000000",
                                        .piece = "Oval sapphire halo ring",
                                        .terms = paper.terms,
                                        .watermark = say(cx, "Sample"),
                                        .link = request_url(r)},
                   &out);
    else
        paper_claim_check(&paper,
                          &(struct paper_job){.copy = say(cx, "Sample"),
                                              .number = "#000000",
                                              .code = "000000",
                                              .title = "Ring to be made larger",
                                              .customer = "Eleanor Whitcombe",
                                              .reference = "SAMPLE00",
                                              .piece_of = "1 of 1",
                                              .promised = today,
                                              .taken_in = today,
                                              .link = request_url(r)},
                          &out);
    answer_header(r, "Content-Disposition", "inline; filename=\"terms.pdf\"");
    return answer_bytes(r, "application/pdf", NULL, &out);
}

static const char *quote_name(struct context *cx, const struct quote *quote) {
    const char *name = text_same(quote->state, "draft")
                           ? context_kept_words(cx, "Version %ld, draft", (long)quote->version)
                           : context_kept_words(cx, "Version %ld", (long)quote->version);
    return quote->label == NULL ? name : context_kept_words(cx, "%s, %s", name, quote->label);
}

bool print_quote(struct context *cx, int64_t id, const char *url, struct buf *out,
                 const char **name) {
    struct quote quote;
    struct job job;
    struct shop shop;
    struct paper_shop paper;
    struct making making;
    if (!quote_load(cx, id, &quote) || !job_load(cx, quote.job, &job) || !shop_load(cx, &shop) ||
        !shop_of(cx, &paper, quote_terms(cx, &shop)))
        return false;
    struct paper_line *lines =
        ARENA_ARRAY(cx->arena, struct paper_line, (size_t)quote.line_count + 3);
    int count = 0;
    for (int64_t i = 0; i < quote.line_count; i++) {
        const struct quote_line *line = &quote.lines[i];
        lines[count++] = (struct paper_line){
            {line->description, money_of(cx, line->price), percent_text(cx, line->tax), NULL},
            false};
    }
    if (quote.discount > 0)
        lines[count++] = (struct paper_line){
            {say(cx, "Discount"), money_of(cx, -quote.discount), NULL, NULL}, false};
    struct paper_line sum = total_line(cx, quote.net, quote.tax, quote.total);
    const char *facts[4][2] = {{"Ready for you", long_day(cx, quote.promised_day)},
                               {"Valid until", long_day(cx, quote.valid_until)},
                               {"Deposit asked", money_of(cx, quote.deposit)},
                               {"Note", quote.note}};
    struct paper_bill bill = {
        .title = say(cx, "Quote"),
        .number = quote_name(cx, &quote),
        .date = long_day(cx, day_text(day_at(cx->locale->zone, quote.at), cx->arena)),
        .customer = job.customer_name,
        .address = job.customer_address,
        .job = job_and_reference(cx, &job),
        .piece = job.title,
        .about = job.description,
        .lines = lines,
        .line_count = count,
        .sums = &sum,
        .sum_count = 1,
        .balance_name = say(cx, "The price, with tax"),
        .balance = money_of(cx, quote.total),
        .facts = (const char *const(*)[2])facts,
        .fact_count = 4,
        .terms = paper.terms,
        .watermark = text_same(quote.state, "draft") ? say(cx, "Draft") : NULL,
        .link = url,
    };
    struct paper_job told = {0};
    if (making_load(cx, job.id, &making)) {
        fill_specification(cx, &making, &told, false);
        bill.stones = told.stones;
        bill.stone_count = told.stone_count;
    }
    *name = arena_printf(cx->arena, "quote-%06ld-v%ld.pdf", (long)job.number, (long)quote.version);
    paper_bill(&paper, &bill, out);
    return true;
}

/* Net and tax by rate, then the total. */
static int sums_of(struct context *cx, const struct invoice *invoice, struct paper_line *sums) {
    struct {
        int64_t rate, net, tax;
    } rates[8];
    int count = 0;
    for (int64_t i = 0; i < invoice->line_count; i++) {
        int r = 0;
        while (r < count && rates[r].rate != invoice->lines[i].tax_rate)
            r++;
        if (r == 8)
            continue;
        if (r == count) {
            rates[count].rate = invoice->lines[i].tax_rate;
            rates[count].net = rates[count].tax = 0;
            count++;
        }
        rates[r].net += invoice->lines[i].net;
        rates[r].tax += invoice->lines[i].tax;
    }
    for (int r = 0; r < count; r++)
        sums[r] = (struct paper_line){
            {context_kept_words(cx, "Tax at %s", percent_text(cx, rates[r].rate)),
             money_of(cx, rates[r].net), money_of(cx, rates[r].tax), NULL},
            false};
    sums[count] = total_line(cx, invoice->net, invoice->tax, invoice->total);
    return count + 1;
}

/* What a credit note takes back, which the law of most countries wants named. */
static const char *credited_text(struct context *cx, const struct invoice *credit) {
    struct invoice credited;
    if (credit->credits == NONE || !invoice_load(cx, credit->credits, &credited))
        return NULL;
    return context_kept_words(cx, "Takes back invoice %s of %s.", credited.label,
                              long_day(cx, credited.issued_day));
}

bool print_invoice(struct context *cx, int64_t id, const char *url, struct buf *out,
                   const char **name) {
    struct invoice invoice;
    struct job job;
    struct paper_shop paper;
    if (!invoice_load(cx, id, &invoice) || !job_load(cx, invoice.job, &job) ||
        !shop_of(cx, &paper, NULL))
        return false;
    bool credit = text_same(invoice.kind, "credit");
    struct paper_line *lines =
        ARENA_ARRAY(cx->arena, struct paper_line, (size_t)invoice.line_count + 1);
    for (int64_t i = 0; i < invoice.line_count; i++) {
        const struct invoice_line *line = &invoice.lines[i];
        lines[i] =
            (struct paper_line){{line->description, money_of(cx, line->net),
                                 money_of(cx, line->tax), money_of(cx, line->net + line->tax)},
                                false};
    }
    struct paper_line sums[10];
    struct payment *payments;
    int64_t paid = credit ? 0 : payment_list(cx, job.id, &payments);
    struct paper_line *rows = ARENA_ARRAY(cx->arena, struct paper_line, (size_t)paid + 1);
    for (int64_t i = 0; i < paid; i++)
        rows[i] = (struct paper_line){
            {short_day(cx, payments[i].at),
             context_kept_words(cx, "%s, %s", label_in(cx, &payment_kinds, payments[i].kind),
                                label_in(cx, &payment_methods, payments[i].method)),
             money_of(cx, payments[i].share)},
            false};
    bool live = !credit && !text_same(invoice.state, "credited");
    struct paper_bill bill = {
        .title = credit ? say(cx, "Credit note") : say(cx, "Invoice"),
        .code = invoice.number == NONE ? NULL : code_of_invoice(invoice.number, cx->arena),
        .number = invoice.number == NONE ? say(cx, "Draft") : invoice.label,
        .date = long_day(cx, invoice.issued_day),
        .customer = invoice.customer_name,
        .address = invoice.customer_address,
        .job = job_and_reference(cx, &job),
        .about = credited_text(cx, &invoice),
        .lines = lines,
        .line_count = (int)invoice.line_count,
        .sums = sums,
        .sum_count = sums_of(cx, &invoice, sums),
        .payments = rows,
        .payment_count = (int)paid,
        .balance_name = say(cx, "Balance"),
        .balance = live ? money_of(cx, invoice.total - job.paid) : NULL,
        .terms = paper.terms,
        .watermark = invoice.number == NONE ? say(cx, "Draft") : NULL,
        .link = url,
    };
    *name = invoice.number == NONE
                ? "invoice-draft.pdf"
                : arena_printf(cx->arena, "%s-%ld.pdf", credit ? "credit-note" : "invoice",
                               (long)invoice.number);
    paper_bill(&paper, &bill, out);
    return true;
}

static const struct sql job_paid = {
    "print_job_of_payment",
    "select job from payment_allotment where payment = $1 order by job limit 1", NULL};

bool print_receipt(struct context *cx, int64_t id, const char *url, struct buf *out,
                   const char **name) {
    struct payment payment;
    struct job job;
    struct paper_shop paper;
    struct shop shop;
    if (!payment_load(cx, id, &payment) || !shop_load(cx, &shop) ||
        !job_load(cx, db_int(cx->db, &job_paid, P(I(id))), &job) || !shop_of(cx, &paper, NULL))
        return false;
    struct paper_receipt receipt = {
        .title = text_same(payment.kind, "deposit")    ? say(cx, "Deposit receipt")
                 : text_same(payment.kind, "refund")   ? say(cx, "Refund")
                 : text_same(payment.kind, "reversal") ? say(cx, "Reversal")
                                                       : say(cx, "Receipt"),
        .code = code_of_receipt(payment.number, cx->arena),
        .number = payment.label,
        .date = long_day(cx, day_text(day_at(cx->locale->zone, payment.at), cx->arena)),
        .customer = job.customer_name,
        .piece = job.title,
        .job = job_number_text(cx, job.number),
        .method = label_in(cx, &payment_methods, payment.method),
        .reference = payment.reference,
        .amount = money_of(cx, payment.share),
        .price = money_of(cx, job.final != NONE ? job.final : job.quoted),
        .paid = money_of(cx, job.paid),
        .balance = money_of(cx, job.balance),
        .staff = payment.staff_name,
        .terms = text_same(payment.kind, "deposit") ? shop.deposit_terms : NULL,
        .link = arena_printf(cx->arena, "%s/track", url),
    };
    *name = arena_printf(cx->arena, "receipt-%ld.pdf", (long)payment.number);
    paper_receipt(&paper, &receipt, out);
    return true;
}

typedef bool (*printer)(struct context *cx, int64_t id, const char *url, struct buf *out,
                        const char **name);

static enum status print(struct request *r, printer print_it, const char *code,
                         const char *sentence) {
    struct context *cx = request_read(r);
    struct buf out = {0};
    const char *name;
    if (cx == NULL)
        return UNAVAILABLE;
    paper_speaks(r, false);
    if (!print_it(cx, request_id(r, "id"), request_url(r), &out, &name)) {
        buf_free(&out);
        return fail(r, MISSING, code, "%s", sentence);
    }
    answer_header(r, "Content-Disposition",
                  arena_printf(r->cx.arena, "inline; filename=\"%s\"", name));
    return answer_bytes(r, "application/pdf", NULL, &out);
}

static enum status quote_show(struct request *r) {
    return print(r, print_quote, "unknown_quote", "There is no such quote.");
}

static enum status invoice_show(struct request *r) {
    return print(r, print_invoice, "unknown_invoice", "There is no such invoice.");
}

static enum status receipt_show(struct request *r) {
    return print(r, print_receipt, "unknown_payment", "There is no such payment.");
}

const struct route print_routes[] = {
    {GET, "/settings/terms/{paper}", RIGHT(MAY_CHANGE_SETTINGS), terms_show, .flags = ROUTE_PAGE},
    {GET, "/jobs/{id}/label", RIGHT(MAY_SEE_JOBS), label_show, .summary = "Envelope label (PDF)"},
    {GET, "/jobs/labels", RIGHT(MAY_SEE_JOBS), labels_show, &print_query_record,
     .summary = "Envelope labels of many jobs in one document (PDF)"},
    {GET, "/jobs/bench-copies", RIGHT(MAY_SEE_JOBS), bench_copies_show, &print_query_record,
     .summary = "The bench's copies of many jobs in one document (PDF)"},
    {GET, "/jobs/{id}/bench-copy", RIGHT(MAY_SEE_JOBS), bench_show,
     .summary = "The bench's copy, without prices or customer (PDF)"},
    {GET, "/jobs/{id}/claim-check", RIGHT(MAY_SEE_PRICES), claim_show,
     .summary = "The customer's claim check (PDF)"},
    {GET, "/jobs/{id}/counter-copy", RIGHT(MAY_SEE_PRICES), counter_show,
     .summary = "The counter's copy (PDF)"},
    {GET, "/jobs/{id}/customer-copy", RIGHT(MAY_SEE_PRICES), customer_show,
     .summary = "The customer's copy (PDF)"},
    {GET, "/quotes/{id}/pdf", RIGHT(MAY_SEE_PRICES), quote_show, .summary = "A quote (PDF)"},
    {GET, "/invoices/{id}/pdf", RIGHT(MAY_SEE_PRICES), invoice_show,
     .summary = "An invoice or credit note (PDF)"},
    {GET, "/payments/{id}/receipt", RIGHT(MAY_SEE_PRICES), receipt_show,
     .summary = "The receipt of a payment (PDF)"},
    {0},
};
