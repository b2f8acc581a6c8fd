#include "search/search.h"

#include "accounts/permission.h"
#include "base/text.h"
#include "paper/code.h"
#include "stock/stock.h"
#include "tracking/link.h"

static const struct field scanned_fields[] = {
    FIELD(struct scanned, kind, FIELD_TEXT),
    FIELD(struct scanned, id, FIELD_ID),
    FIELD(struct scanned, url, FIELD_TEXT),
    FIELD(struct scanned, title, FIELD_TEXT, .max = 400),
};
const struct record scanned_record = RECORD("Scanned", struct scanned, scanned_fields);

static const struct sql job_title = {"scan_job_title", "select title from job where id = $1", NULL};
static const struct sql invoice_id = {"scan_invoice_id", "select id from invoice where number = $1",
                                      NULL};
static const struct sql invoice_title = {"scan_invoice_title",
                                         "select customer_name from invoice where id = $1", NULL};
static const struct sql payment_id = {"scan_payment_id", "select id from payment where number = $1",
                                      NULL};
static const struct sql payment_title = {
    "scan_payment_title",
    "select j.title from payment_allotment a join job j on j.id = a.job where a.payment = $1 "
    "order by j.id limit 1",
    NULL};
static const struct sql customer_title = {"scan_customer_title",
                                          "select name from customer where id = $1", NULL};
static const struct sql stock_title = {"scan_stock_title",
                                       "select name from stock_item where id = $1", NULL};
static const struct sql stock_id = {"scan_stock_id", "select id from stock_item where code = $1",
                                    NULL};
static const struct sql quote_title = {
    "scan_quote_title", "select j.title from quote q join job j on j.id = q.job where q.id = $1",
    NULL};
static const struct sql place_title = {"scan_place_title", "select name from place where id = $1",
                                       NULL};

/* Each kind of thing: where its page is, who may see it, and what it is called. */
static const struct thing {
    const char *kind, *path, *after;
    uint64_t right;
    const struct sql *title;
} job_thing = {"job", "/jobs/", "", RIGHT(MAY_SEE_JOBS), &job_title},
  place_thing = {"place", "/custody/places/", "", RIGHT(MAY_SEE_JOBS), &place_title},
  invoice_thing = {"invoice", "/invoices/", "", RIGHT(MAY_SEE_PRICES), &invoice_title},
  receipt_thing = {"receipt", "/payments/", "/receipt", RIGHT(MAY_SEE_PRICES), &payment_title},
  customer_thing = {"customer", "/customers/", "", RIGHT(MAY_SEE_CUSTOMERS), &customer_title},
  stock_thing = {"stock", "/stock/", "", RIGHT(MAY_SEE_STOCK), &stock_title},
  quote_thing = {"quote", "/quotes/", "", RIGHT(MAY_SEE_PRICES), &quote_title};

static enum status open_thing(struct context *cx, const struct thing *thing, int64_t id,
                              struct scanned *scanned) {
    const char *title = id == NONE ? NULL : db_text(cx->db, thing->title, P(I(id)));
    if (title == NULL)
        return MISSING;
    if (!actor_may(cx->actor, thing->right))
        return DENIED;
    *scanned = (struct scanned){
        .kind = thing->kind,
        .url = arena_printf(cx->arena, "%s%ld%s", thing->path, (long)id, thing->after),
        .title = title,
        .id = id};
    return OK;
}

/* Digits are a job's number, or else an invoice's. */
static enum status open_number(struct context *cx, const char *text, struct scanned *scanned) {
    int64_t job = job_by_code(cx, text), number;
    if (job != NONE)
        return open_thing(cx, &job_thing, job, scanned);
    struct code invoice =
        code_read(arena_printf(cx->arena, "INV%s", text + (*text == '#')), NULL, cx->arena);
    number = invoice.kind == CODE_INVOICE ? invoice.number : 0;
    return open_thing(cx, &invoice_thing, db_int(cx->db, &invoice_id, P(I(number))), scanned);
}

static enum status open_code(struct context *cx, const struct code *code, struct scanned *scanned) {
    switch (code->kind) {
    case CODE_JOB:
        return open_number(cx, code->text, scanned);
    case CODE_JOB_ID:
        return open_thing(cx, &job_thing, code->number, scanned);
    case CODE_PLACE:
        return open_thing(cx, &place_thing, code->number, scanned);
    case CODE_INVOICE:
        return open_thing(cx, &invoice_thing, db_int(cx->db, &invoice_id, P(I(code->number))),
                          scanned);
    case CODE_INVOICE_ID:
        return open_thing(cx, &invoice_thing, code->number, scanned);
    case CODE_RECEIPT:
        return open_thing(cx, &receipt_thing, db_int(cx->db, &payment_id, P(I(code->number))),
                          scanned);
    case CODE_CUSTOMER_ID:
        return open_thing(cx, &customer_thing, code->number, scanned);
    case CODE_STOCK_ID:
        return open_thing(cx, &stock_thing, code->number, scanned);
    case CODE_QUOTE_ID:
        return open_thing(cx, &quote_thing, code->number, scanned);
    case CODE_LINK:
        return open_thing(cx, &job_thing, tracking_link_job(cx, code->text), scanned);
    case CODE_OTHER:
    case CODE_STRANGER:
    case CODE_NOTHING:
        break;
    }
    return MISSING;
}

enum status scan_resolve(struct context *cx, const char *typed, const char *keys, const char *base,
                         struct scanned *scanned) {
    const char *const ways[] = {typed, keys};
    enum status worst = MISSING;
    for (int i = 0; i < 2; i++) {
        struct code code = code_read(ways[i], base, cx->arena);
        enum status status = open_code(cx, &code, scanned);
        if (status == MISSING && code.text != NULL && code.kind != CODE_STRANGER)
            status =
                open_thing(cx, &stock_thing, db_int(cx->db, &stock_id, P(T(code.text))), scanned);
        if (status == OK)
            return OK;
        if (status == DENIED)
            worst = DENIED;
    }
    return worst;
}
