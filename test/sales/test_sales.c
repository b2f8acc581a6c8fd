/* The books on real rows: whatever is done in whatever order, they balance, and the figures on jobs
 * and invoices are theirs. On SQLite and, when BENCHPIN_TEST_POSTGRES names a server, on
 * PostgreSQL.
 */
#include "accounts/permission.h"
#include "base/text.h"
#include "jobs/job.h"
#include "quotes/making.h"
#include "quotes/quote.h"
#include "sales/ledger.h"
#include "sales/sales.h"
#include "schema/schema.h"
#include "shops/shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

struct fixture {
    struct scratch *scratch;
    struct arena *arena;
    struct errors errors;
    struct databases *databases;
    struct store *store;
    struct actor actor;
    int64_t now;
    int64_t job, repair; /* a ring with an accepted quote; a repair with a price of its own */
};

static const int64_t START = INT64_C(1795426200000); /* Monday 23 November 2026, 9:30 in London */

static struct context context_of(struct fixture *f) {
    struct context cx = {.arena = f->arena,
                         .errors = &f->errors,
                         .store = f->store,
                         .actor = &f->actor,
                         .now = f->now};
    errors_clear(&f->errors);
    shop_prepare(&cx);
    return cx;
}

static const struct sql make_shop = {
    "make_shop",
    "insert into shop (id, name, country, currency, zone, created_at, quote_days) "
    "values (1, 'Hartwell', 'GB', 'GBP', 'Europe/London', 0, 14)",
    NULL};
static const struct sql make_opening = {
    "make_opening", "insert into opening (weekday, opens, closes) values ($1, 570, 1050)", NULL};
static const struct sql make_staff = {
    "make_staff",
    "insert into staff (name, email, role, created_at) values ($1, $2, $3, 0) returning id", NULL};
static const struct sql make_price = {
    "make_price", "insert into metal_price (metal, price, at) values ('gold', 200000, 1)", NULL};
static const struct sql make_rate = {
    "make_rate", "insert into craft_rate (craft, hourly) values ($1, 6000)", NULL};
static const struct sql make_tax = {
    "make_tax", "insert into tax (name, rate, on_goods, on_labour) values ('VAT', 2000, 1, 1)",
    NULL};
static const struct sql make_alloy = {
    "make_alloy",
    "insert into alloy (code, name, metal, colour, fineness, density, loss) "
    "values ('au750y', '18ct yellow gold', 'gold', 'yellow', 7500, 15580, 500)",
    NULL};

static enum status furnish(struct context *cx, void *arg) {
    int64_t *staff = arg;
    static const char *const rates[] = {"cad", "mounting", "setting", "polishing", "engraving"};
    db_run(cx->db, &make_shop, P0);
    db_run(cx->db, &make_alloy, P0);
    db_run(cx->db, &make_tax, P0);
    db_run(cx->db, &make_price, P0);
    for (int64_t day = 0; day < 5; day++)
        db_run(cx->db, &make_opening, P(I(day)));
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        db_run(cx->db, &make_rate, P(T(rates[i])));
    *staff = db_int(cx->db, &make_staff, P(T("Imogen"), T("i@example.com"), T("owner")));
    return OK;
}

static enum status furnish_bench(struct context *cx, void *arg) {
    (void)arg;
    struct craftsman_craft skills[] = {{"cad", 100},       {"mounting", 100},  {"setting", 100},
                                       {"polishing", 200}, {"engraving", 100}, {"quality", 100}};
    struct craftsman daniel = {.id = NONE,
                               .staff = NONE,
                               .name = "Daniel",
                               .active = 1,
                               .version = NONE,
                               .created_at = NONE,
                               .crafts = skills,
                               .craft_count = 6};
    return craftsman_save(cx, &daniel);
}

/* A ring whose quote is accepted, and a repair that was priced by hand. */
static enum status take_in(struct context *cx, void *arg) {
    struct fixture *f = arg;
    struct intake intake;
    int64_t quote;
    record_clear(&intake_record, &intake);
    intake.kind = "custom";
    intake.title = "Wedding band";
    intake.customer_name = "Rohan Mehta";
    intake.template = "wedding_band";
    intake.source = "counter";
    enum status status = job_take_in(cx, &intake, &f->job);
    if (status == OK)
        status = making_generate(cx, f->job, NULL, NULL, false);
    if (status == OK)
        status = quote_make(cx, f->job, 0, NULL, &quote);
    if (status == OK)
        status = quote_accept(cx, quote, NULL);
    if (status != OK)
        return status;
    intake.kind = "repair";
    intake.title = "Resize";
    intake.template = NULL;
    status = job_take_in(cx, &intake, &f->repair);
    if (status == OK)
        job_set_quoted(cx, f->repair, 4999);
    return status;
}

static const struct reaction *const reactions[] = {making_reactions, workshop_reactions,
                                                   quote_reactions, sales_reactions, NULL};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new();
    f->errors.arena = f->arena;
    f->now = START;
    f->scratch = scratch_make(*state != NULL);
    f->databases = databases_open(&(struct database_settings){.data = f->scratch->folder,
                                                              .url = f->scratch->url,
                                                              .migrations = schema_migrations,
                                                              .reactions = reactions},
                                  &f->errors);
    assert_non_null(f->databases);
    f->store = databases_default(f->databases);
    f->actor = (struct actor){
        .staff = 1, .name = "Imogen", .role = "owner", .permissions = role_permissions("owner")};
    struct context cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, furnish, &f->actor.staff), OK);
    cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, furnish_bench, NULL), OK);
    cx = context_of(f);
    assert_int_equal(store_write(f->store, &cx, take_in, f), OK);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    databases_close(f->databases);
    scratch_drop(f->scratch);
    arena_free(f->arena);
    free(f);
    return 0;
}

static enum status do_write(struct fixture *f, closure work, void *arg) {
    struct context cx = context_of(f);
    return store_write(f->store, &cx, work, arg);
}

static const char *fault(const struct fixture *f) {
    return f->errors.first == NULL ? NULL : f->errors.first->code;
}

/* ------------------------------------------------------------------ what is done */

enum doing { TAKE, REFUND, REVERSE, DRAFT, EDIT, ISSUE, CREDIT, REPRICE, DOINGS };

/* One thing done to one job, with all that it needs: closures may run twice. */
struct step {
    enum doing doing;
    int64_t job, amount, pick;
    const char *kind, *method;
    int64_t balance_before; /* as it was when money was asked */
    int64_t id;
};

static int64_t xorshift(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (int64_t)(*state >> 1);
}

static const struct sql final_total = {
    "t_invoice_total",
    "select total from invoice where job = $1 and kind = 'invoice' "
    "and state in ('open', 'paid')",
    NULL};

static enum status edit(struct context *cx, struct step *step) {
    struct invoice invoice;
    if (!invoice_of_job(cx, step->job, &invoice))
        return MISSING;
    struct invoice_line lines[] = {
        {1, "The piece", 1, step->amount, 2000, 0},
        {2, "Engraving", 2, step->amount % 997, 500, 0},
    };
    invoice.lines = lines;
    invoice.line_count = 2;
    return invoice_edit(cx, &invoice);
}

static enum status act(struct context *cx, void *arg) {
    struct step *step = arg;
    struct take take = {step->kind, step->method, step->amount, NULL, "By the test"};
    struct payment *payments;
    struct invoice invoice;
    int64_t count;
    switch (step->doing) {
    case TAKE:
        step->balance_before = sales_balance(cx, step->job);
        enum status status = payment_take(cx, step->job, &take, &step->id);
        /* A payment may have issued the draft, whose total is then the price. */
        int64_t total = db_int(cx->db, &final_total, P(I(step->job)));
        if (status == OK && total != NONE)
            step->balance_before = sales_balance(cx, step->job) + step->amount;
        return status;
    case REFUND:
        return payment_refund(cx, step->job, &take, &step->id);
    case REVERSE:
        count = payment_list(cx, step->job, &payments);
        return count == 0
                   ? MISSING
                   : payment_reverse(cx, payments[step->pick % count].id, "A mistake", &step->id);
    case DRAFT:
        return invoice_draft(cx, step->job, &step->id);
    case EDIT:
        return edit(cx, step);
    case ISSUE:
        return invoice_of_job(cx, step->job, &invoice) ? invoice_issue(cx, invoice.id) : MISSING;
    case CREDIT:
        return invoice_of_job(cx, step->job, &invoice)
                   ? invoice_credit(cx, invoice.id, "Wrong", &step->id)
                   : MISSING;
    case REPRICE:
        job_set_quoted(cx, step->job, step->amount);
        return OK;
    case DOINGS:
        break;
    }
    return FAILED;
}

/* ------------------------------------------------------------------ what always holds */

static const struct sql unbalanced = {
    "t_unbalanced",
    "select count(*) from (select payment, invoice from entry group by payment, invoice "
    "having sum(debit) <> sum(credit)) as wrong",
    NULL};
static const struct sql both_or_none = {
    "t_both_or_none",
    "select count(*) from entry where (payment is null) = (invoice is null) or job is null", NULL};
static const struct sql wrong_jobs = {
    "t_wrong_jobs",
    "select count(*) from job where paid <> (select coalesce(sum(debit - credit), 0) from entry "
    "where entry.job = job.id and account in ('cash', 'card', 'bank', 'cheque', 'other')) "
    "or paid <> (select coalesce(sum(amount), 0) from payment_allotment "
    "where payment_allotment.job = job.id) "
    "or deposit <> (select coalesce(sum(credit - debit), 0) from entry where entry.job = job.id "
    "and account = 'deposits' and payment is not null) or paid < 0 or deposit < 0",
    NULL};
static const struct sql wrong_payments = {
    "t_wrong_payments",
    "select count(*) from payment where amount <> (select coalesce(sum(debit), 0) from entry "
    "where entry.payment = payment.id) or amount <> (select abs(sum(payment_allotment.amount)) "
    "from payment_allotment where payment_allotment.payment = payment.id)",
    NULL};
static const struct sql wrong_invoices = {
    "t_wrong_invoices",
    "select count(*) from invoice where net <> (select coalesce(sum(l.net), 0) from invoice_line l "
    "where l.invoice = invoice.id) or tax <> (select coalesce(sum(l.tax), 0) from invoice_line l "
    "where l.invoice = invoice.id)",
    NULL};
/* An issued invoice is paid exactly when nothing is owed; its total is the job's final price. */
static const struct sql wrong_states = {
    "t_wrong_states",
    "select count(*) from invoice join job on job.id = invoice.job where invoice.kind = 'invoice' "
    "and invoice.state in ('open', 'paid') and (job.final is null or job.final <> invoice.total "
    "or (invoice.state = 'paid') <> ((select sum(debit - credit) from entry "
    "where entry.job = job.id and account = 'receivable') <= 0))",
    NULL};
static const struct sql no_final = {
    "t_no_final",
    "select count(*) from job where final is not null and not exists (select 1 from invoice "
    "where invoice.job = job.id and kind = 'invoice' and state in ('open', 'paid'))",
    NULL};
/* Numbers run from the first without a gap. */
static const struct sql invoice_gaps = {
    "t_invoice_gaps",
    "select coalesce(max(number) - min(number) + 1, 0) - count(*) from invoice "
    "where number is not null",
    NULL};
static const struct sql receipt_gaps = {
    "t_receipt_gaps", "select coalesce(max(number), 0) - count(*) from payment", NULL};
/* Deposits are never negative, and nobody owes without an invoice. */
static const struct sql below_nothing = {
    "t_below_nothing",
    "select count(*) from job where (select coalesce(sum(credit - debit), 0) from entry "
    "where entry.job = job.id and account = 'deposits') < 0 "
    "or ((select coalesce(sum(debit - credit), 0) from entry where entry.job = job.id "
    "and account = 'receivable') > 0 and final is null)",
    NULL};
/* What stands on accounts is what the job says is still to pay. */
static const struct sql owed_otherwise = {
    "t_owed_otherwise",
    "select count(*) from job where final is not null and final - paid <> "
    "(select sum(debit - credit) from entry where entry.job = job.id "
    "and account in ('receivable', 'deposits'))",
    NULL};
static const struct sql reversed_twice = {
    "t_reversed_twice",
    "select count(*) from (select reverses from payment where reverses is not null "
    "group by reverses having count(*) > 1) as wrong",
    NULL};

static enum status hold(struct context *cx, void *arg) {
    static const struct sql *const rules[] = {&unbalanced,     &both_or_none,   &wrong_jobs,
                                              &wrong_payments, &wrong_invoices, &wrong_states,
                                              &no_final,       &invoice_gaps,   &receipt_gaps,
                                              &below_nothing,  &owed_otherwise, &reversed_twice};
    const char **broken = arg;
    *broken = NULL;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (db_int(cx->db, rules[i], P0) != 0)
            *broken = rules[i]->name;
    return OK;
}

static const char *broken_rule(struct fixture *f) {
    const char *broken;
    assert_int_equal(do_write(f, hold, &broken), OK);
    return broken;
}

static enum status job_of(struct context *cx, void *arg) {
    struct job *job = arg;
    return job_load(cx, job->id, job) ? OK : MISSING;
}

static struct job job_now(struct fixture *f, int64_t id) {
    struct job job = {.id = id};
    assert_int_equal(do_write(f, job_of, &job), OK);
    return job;
}

/* ------------------------------------------------------------------ the rules */

static struct step draw(struct fixture *f, uint64_t *chance) {
    static const char *const methods[] = {"cash", "card", "bank", "cheque", "other"};
    static const char *const kinds[] = {NULL, "deposit", "payment"};
    static const enum doing likely[] = {TAKE,  TAKE,  TAKE, TAKE,  REFUND, REFUND, REVERSE, REVERSE,
                                        DRAFT, DRAFT, EDIT, ISSUE, ISSUE,  CREDIT, REPRICE};
    struct step step = {.doing = likely[xorshift(chance) % 15],
                        .job = xorshift(chance) % 3 == 0 ? f->repair : f->job,
                        .pick = xorshift(chance),
                        .kind = kinds[xorshift(chance) % 3],
                        .method = methods[xorshift(chance) % 5],
                        .id = NONE};
    int64_t balance = job_now(f, step.job).balance, paid = job_now(f, step.job).paid;
    int64_t most = step.doing == REFUND ? paid : step.doing == TAKE ? balance : 200000;
    switch (xorshift(chance) % 4) {
    case 0: /* all of it */
        step.amount = most;
        break;
    case 1: /* a penny more */
        step.amount = most + 1;
        break;
    default:
        step.amount = most > 0 ? xorshift(chance) % most + 1 : 1;
    }
    if (step.doing == EDIT || step.doing == REPRICE)
        step.amount = xorshift(chance) % 300000;
    return step;
}

static void whatever_is_done_the_books_hold(void **state) {
    struct fixture *f = *state;
    enum { SEEDS = 6, STEPS = 90 };
    int64_t done[DOINGS] = {0}, refused = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        uint64_t chance = seed * UINT64_C(0x9E3779B97F4A7C15);
        struct context cx = context_of(f);
        assert_int_equal(store_write(f->store, &cx, take_in, f), OK); /* two new jobs */
        for (int i = 0; i < STEPS; i++) {
            struct step step = draw(f, &chance);
            struct job before = job_now(f, step.job);
            f->now += MINUTE;
            enum status status = do_write(f, act, &step);
            struct job after = job_now(f, step.job);
            if (status == OK)
                done[step.doing]++;
            else
                refused++;
            if (status == FAILED || status == UNAVAILABLE)
                fail_msg("seed %d step %d: %s", (int)seed, i, fault(f));
            if (status != OK && (after.paid != before.paid || after.deposit != before.deposit))
                fail_msg("seed %d step %d: refused, and moved money", (int)seed, i);
            if (status == OK && step.doing == TAKE && step.amount > step.balance_before)
                fail_msg("seed %d step %d: more than the balance was taken", (int)seed, i);
            if (status == OK && step.doing == REFUND && step.amount > before.paid)
                fail_msg("seed %d step %d: more was given back than was received", (int)seed, i);
            const char *broken = broken_rule(f);
            if (broken != NULL)
                fail_msg("seed %d step %d, doing %d: %s", (int)seed, i, step.doing, broken);
        }
    }
    for (int doing = 0; doing < DOINGS; doing++)
        assert_true(done[doing] > 5); /* it was tried in earnest */
    assert_true(refused > 20);
}

static void run(struct fixture *f, struct step step) {
    enum status status = do_write(f, act, &step);
    if (status != OK)
        fail_msg("%s", fault(f));
    assert_null(broken_rule(f));
}

static void refuses(struct fixture *f, struct step step, const char *code) {
    assert_int_not_equal(do_write(f, act, &step), OK);
    assert_string_equal(fault(f), code);
}

static enum status load_invoice(struct context *cx, void *arg) {
    struct invoice *invoice = arg;
    return invoice_of_job(cx, invoice->job, invoice) ? OK : MISSING;
}

static struct invoice invoice_now(struct fixture *f, int64_t job) {
    struct invoice invoice = {.job = job};
    assert_int_equal(do_write(f, load_invoice, &invoice), OK);
    return invoice;
}

static void the_invoice_is_the_quote_to_the_penny(void **state) {
    struct fixture *f = *state;
    run(f, (struct step){.doing = DRAFT, .job = f->job});
    assert_int_equal(invoice_now(f, f->job).total, job_now(f, f->job).quoted);
    run(f, (struct step){.doing = DRAFT, .job = f->repair});
    struct invoice invoice = invoice_now(f, f->repair);
    assert_int_equal(invoice.total, 4999);
    assert_int_equal(invoice.net, 4166); /* 20 % inside */
    assert_int_equal(invoice.lines[0].tax, 833);
}

static void a_payment_numbers_the_draft_and_settles_it(void **state) {
    struct fixture *f = *state;
    run(f, (struct step){.doing = TAKE, .job = f->repair, .amount = 1000, .method = "cash"});
    run(f, (struct step){.doing = DRAFT, .job = f->repair});
    run(f, (struct step){.doing = TAKE, .job = f->repair, .amount = 3999, .method = "card"});
    struct invoice invoice = invoice_now(f, f->repair);
    assert_string_equal(invoice.state, "paid");
    assert_int_equal(invoice.deposits, 1000);
    assert_true(invoice.number > 0);
    assert_int_equal(job_now(f, f->repair).balance, 0);
    refuses(f, (struct step){.doing = TAKE, .job = f->repair, .amount = 1, .method = "card"},
            "above_balance");
}

static void the_drafts_total_is_what_may_be_paid(void **state) {
    struct fixture *f = *state;
    run(f, (struct step){.doing = DRAFT, .job = f->repair});
    run(f, (struct step){.doing = EDIT, .job = f->repair, .amount = 1000});
    struct invoice draft = invoice_now(f, f->repair);
    assert_true(draft.total < 4999);
    refuses(f, (struct step){.doing = TAKE, .job = f->repair, .amount = 4999, .method = "card"},
            "above_balance");
    assert_string_equal(invoice_now(f, f->repair).state, "draft");
    run(f, (struct step){.doing = TAKE, .job = f->repair, .amount = draft.total, .method = "bank"});
    assert_string_equal(invoice_now(f, f->repair).state, "paid");
}

static void money_that_was_given_back_is_not_reversed_as_well(void **state) {
    struct fixture *f = *state;
    run(f, (struct step){.doing = TAKE, .job = f->job, .amount = 500, .method = "cash"});
    run(f, (struct step){.doing = REFUND, .job = f->job, .amount = 500, .method = "cash"});
    refuses(f, (struct step){.doing = REVERSE, .job = f->job, .pick = 0}, "given_back");
    run(f, (struct step){.doing = REVERSE, .job = f->job, .pick = 1});
    run(f, (struct step){.doing = REVERSE, .job = f->job, .pick = 0});
    refuses(f, (struct step){.doing = REVERSE, .job = f->job, .pick = 0}, "reversed_already");
    assert_int_equal(job_now(f, f->job).paid, 0);
}

static void what_the_invoice_has_taken_up_stays_until_it_is_credited(void **state) {
    struct fixture *f = *state;
    run(f, (struct step){.doing = TAKE, .job = f->repair, .amount = 2000, .method = "cash"});
    run(f, (struct step){.doing = DRAFT, .job = f->repair});
    run(f, (struct step){.doing = ISSUE, .job = f->repair});
    refuses(f, (struct step){.doing = REVERSE, .job = f->repair}, "taken_up");
    refuses(f, (struct step){.doing = REFUND, .job = f->repair, .amount = 1, .method = "cash"},
            "above_paid");
    run(f, (struct step){.doing = CREDIT, .job = f->repair});
    run(f, (struct step){.doing = REFUND, .job = f->repair, .amount = 2000, .method = "cash"});
    assert_int_equal(job_now(f, f->repair).paid, 0);
}

static void what_was_paid_on_a_credited_invoice_pays_the_next(void **state) {
    struct fixture *f = *state;
    run(f, (struct step){.doing = DRAFT, .job = f->repair});
    run(f, (struct step){.doing = TAKE, .job = f->repair, .amount = 4999, .method = "card"});
    int64_t first = invoice_now(f, f->repair).number;
    run(f, (struct step){.doing = CREDIT, .job = f->repair});
    run(f, (struct step){.doing = DRAFT, .job = f->repair});
    run(f, (struct step){.doing = ISSUE, .job = f->repair});
    struct invoice second = invoice_now(f, f->repair);
    assert_string_equal(second.state, "paid");
    assert_int_equal(second.number, first + 2); /* the credit note is between */
}

static enum status write_lopsided(struct context *cx, void *arg) {
    const struct fixture *f = arg;
    const struct entry entries[] = {{f->job, "cash", 100, 0}, {f->job, "deposits", 0, 99}};
    return ledger_write(cx, NONE, 1, entries, 2);
}

static void what_does_not_balance_is_not_written(void **state) {
    struct fixture *f = *state;
    assert_int_equal(do_write(f, write_lopsided, f), FAILED);
    assert_string_equal(fault(f), "unbalanced");
    assert_null(broken_rule(f));
}

int main(void) {
    const struct CMUnitTest rules[] = {
        ON_BOTH(whatever_is_done_the_books_hold),
        ON_BOTH(the_invoice_is_the_quote_to_the_penny),
        ON_BOTH(a_payment_numbers_the_draft_and_settles_it),
        ON_BOTH(the_drafts_total_is_what_may_be_paid),
        ON_BOTH(money_that_was_given_back_is_not_reversed_as_well),
        ON_BOTH(what_the_invoice_has_taken_up_stays_until_it_is_credited),
        ON_BOTH(what_was_paid_on_a_credited_invoice_pays_the_next),
        ON_BOTH(what_does_not_balance_is_not_written),
    };
    return SCRATCH_RUN("sales", rules);
}
