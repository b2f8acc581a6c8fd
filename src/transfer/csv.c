/* CSV (RFC 4180) of what people look for in a spreadsheet. Read a page at a time by key, so that
 * memory does not grow with the shop. */
#include "transfer/inside.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { PAGE = 500 };

/* The first column is the id by which it is paged and is written, too. Of a column's name what
 * follows the colon says what it is: money, instant, or text and numbers as they are. */
static const struct sheet {
    const char *name, *columns;
    struct sql sql;
} sheets[] = {
    {"customers",
     "id,name,address,note,emails,phones,consent_email,consent_sms,consent_phone,consent_post,"
     "created_at:instant,archived_at:instant",
     {"export_customers",
      "select c.id, c.name, c.address, c.note, "
      "(select min(k.value) from customer_contact k where k.customer = c.id and k.kind = 'email'), "
      "(select min(k.value) from customer_contact k where k.customer = c.id and k.kind = 'phone'), "
      "c.consent_email, c.consent_sms, c.consent_phone, c.consent_post, c.created_at, "
      "c.archived_at from customer c where c.id > $1 order by c.id limit 500",
      NULL}},
    {"jobs",
     "id,number,reference,kind,stage,status,title,type,customer_id,customer,phone,email,"
     "description,promised_day,priority,quoted:money,final:money,deposit:money,paid:money,"
     "salesperson,created_at:instant,ready_at:instant,closed_at:instant",
     {"export_jobs",
      "select j.id, j.number, j.reference, j.kind, j.stage, j.status, j.title, j.type, "
      "j.customer, j.customer_name, j.customer_phone, j.customer_email, j.description, "
      "j.promised_day, j.priority, j.quoted, j.final, j.deposit, j.paid, s.name, j.created_at, "
      "j.ready_at, j.closed_at from job j left join staff s on s.id = j.salesperson "
      "where j.id > $1 order by j.id limit 500",
      NULL}},
    {"quotes",
     "id,job_id,version,state,net:money,tax:money,total:money,deposit:money,valid_until,"
     "at:instant,decided_at:instant",
     {"export_quotes",
      "select id, job, version, state, net, tax, total, deposit, valid_until, at, decided_at "
      "from quote where id > $1 order by id limit 500",
      NULL}},
    {"invoices",
     "id,number,kind,job_id,state,customer,net:money,tax:money,total:money,deposits:money,"
     "issued_day",
     {"export_invoices",
      "select id, number, kind, job, state, customer_name, net, tax, total, deposits, issued_day "
      "from invoice where id > $1 order by id limit 500",
      NULL}},
    {"payments",
     "id,receipt,kind,method,amount:money,reference,note,at:instant,taken_by",
     {"export_payments",
      "select id, number, kind, method, amount, reference, note, at, staff_name from payment "
      "where id > $1 order by id limit 500",
      NULL}},
    {"stock",
     "id,code,kind,name,alloy,gem,shape,quality,on_hand,reserved,archived_at:instant",
     {"export_stock",
      "select id, code, kind, name, alloy, gem, shape, quality, on_hand, reserved, archived_at "
      "from stock_item where id > $1 order by id limit 500",
      NULL}},
    {"vendors",
     "id,name,email,phone,address,supplies,craft,note,archived_at:instant",
     {"export_vendors",
      "select id, name, email, phone, address, supplies, craft, note, archived_at from vendor "
      "where id > $1 order by id limit 500",
      NULL}},
};

/* A spreadsheet takes what begins like a formula for one: an apostrophe makes it a text. */
static void put_text(struct buf *out, const char *text) {
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    if (!formula && strpbrk(text, "\",\r\n") == NULL) {
        buf_text(out, text);
        return;
    }
    buf_byte(out, '"');
    if (formula)
        buf_byte(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_byte(out, '"');
        buf_byte(out, *text);
    }
    buf_byte(out, '"');
}

struct column_kind {
    bool money, instant;
};

static int head(const char *columns, struct column_kind *kinds, struct buf *out) {
    int count = 0;
    for (const char *at = columns; *at != '\0'; count++) {
        size_t length = strcspn(at, ",");
        size_t name = strcspn(at, ":,");
        kinds[count] = (struct column_kind){strncmp(at + name, ":money", 6) == 0,
                                            strncmp(at + name, ":instant", 8) == 0};
        if (count > 0)
            buf_byte(out, ',');
        buf_put(out, at, name);
        at += length + (at[length] == ',');
    }
    buf_lit(out, "\r\n");
    return count;
}

static int64_t page(struct context *cx, const struct sheet *sheet, const struct column_kind *kinds,
                    int columns, int64_t *after, struct buf *out) {
    int64_t count = 0;
    struct rows *rows = db_rows(cx->db, &sheet->sql, P(I(*after)));
    for (; rows_next(rows); count++) {
        *after = row_int(rows, 0);
        for (int i = 0; i < columns; i++) {
            bool exact = kinds[i].money || kinds[i].instant;
            int64_t number = exact ? row_int(rows, i) : NONE;
            const char *text = exact ? NULL : row_text(rows, i);
            if (i > 0)
                buf_byte(out, ',');
            if (number != NONE && kinds[i].money)
                buf_text(out, money_print_plain(cx->locale->currency, number, cx->arena));
            else if (number != NONE)
                buf_text(out, instant_text(number, cx->arena));
            else if (text != NULL)
                put_text(out, text);
        }
        buf_lit(out, "\r\n");
    }
    return count;
}

void csv_write(struct context *cx, struct writing *w) {
    struct arena *arena = cx->arena;
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets && !w->failed; i++) {
        struct column_kind kinds[32];
        member_begin(w, arena_printf(arena, "csv/%s.csv", sheets[i].name), NONE);
        int columns = head(sheets[i].columns, kinds, &w->buf);
        int64_t after = 0, count = PAGE;
        while (count == PAGE && !db_failed(cx->db)) {
            struct arena *own = cx->arena = arena_new();
            db_use_arena(cx->db, own);
            count = page(cx, &sheets[i], kinds, columns, &after, &w->buf);
            cx->arena = arena;
            db_use_arena(cx->db, arena);
            arena_free(own);
            member_flush(w, 0);
        }
        member_end(w);
    }
}
