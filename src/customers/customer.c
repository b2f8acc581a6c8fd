#include "customers/customer.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "base/number.h"
#include "base/phone.h"
#include "base/text.h"

#include <string.h>

static const struct word contact_kinds_[] = {{"phone", "Phone"}, {"email", "E-mail"}, {NULL, NULL}};
static const struct vocabulary contact_kinds = {"kind of contact", contact_kinds_};

static const struct field contact_fields[] = {
    FIELD(struct customer_contact, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct customer_contact, kind, FIELD_CODE, .words = &contact_kinds,
          .flags = FIELD_READONLY),
    FIELD(struct customer_contact, value, FIELD_TEXT, .label = "Phone or e-mail"),
    FIELD(struct customer_contact, label, FIELD_TEXT, .label = "Note", .max = 60),
};
const struct record customer_contact_record =
    RECORD("CustomerContact", struct customer_contact, contact_fields);

static const struct field customer_fields[] = {
    FIELD(struct customer, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct customer, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED, .max = 200),
    FIELD(struct customer, address, FIELD_LONG, .label = "Address", .max = 500),
    FIELD(struct customer, ring_size, FIELD_RING, .label = "Ring size"),
    FIELD(struct customer, note, FIELD_LONG, .label = "Note", .max = 4000),
    FIELD(struct customer, consent_email, FIELD_FLAG, .label = "E-mail"),
    FIELD(struct customer, consent_sms, FIELD_FLAG, .label = "Text messages"),
    FIELD(struct customer, consent_phone, FIELD_FLAG, .label = "Phone calls"),
    FIELD(struct customer, consent_post, FIELD_FLAG, .label = "Post"),
    FIELD(struct customer, archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct customer, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct customer, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct customer, updated_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD_ROWS(struct customer, contacts, contact_count, &customer_contact_record),
};
const struct record customer_record = RECORD("Customer", struct customer, customer_fields);

static const struct field found_fields[] = {
    FIELD(struct customer_found, id, FIELD_ID),
    FIELD(struct customer_found, name, FIELD_TEXT),
    FIELD(struct customer_found, phone, FIELD_TEXT),
    FIELD(struct customer_found, email, FIELD_TEXT),
};
const struct record customer_found_record =
    RECORD("CustomerFound", struct customer_found, found_fields);

/* ------------------------------------------------------------------ reading */

static const struct sql customer_by_id = {
    "customer_by_id",
    "select id, name, address, ring_size, note, consent_email, consent_sms, consent_phone, "
    "consent_post, archived_at, version, created_at, updated_at from customer where id = $1",
    NULL};
static const struct sql contacts_of = {
    "contacts_of",
    "select id, kind, value, label from customer_contact where customer = $1 order by position",
    NULL};

bool customer_load(struct context *cx, int64_t id, struct customer *customer) {
    if (!db_record(cx->db, &customer_by_id, P(I(id)), &customer_record, customer))
        return false;
    customer->contact_count =
        DB_RECORDS(cx->db, &contacts_of, P(I(id)), &customer_contact_record, &customer->contacts);
    return true;
}

const char *customer_first(const struct customer *customer, const char *kind) {
    for (int64_t i = 0; i < customer->contact_count; i++)
        if (text_same(customer->contacts[i].kind, kind))
            return customer->contacts[i].value;
    return NULL;
}

/* ------------------------------------------------------------------ finding */

enum { WORDS_MOST = 3, TAIL_LEAST = 4 };

/* The words that begin so are walked in their order until enough customers are found: a long list
 * is not read to show its beginning. A customer counts at the first of their words that begins so.
 * Contacts are looked up for those that are shown only. */
#define FOUND                                                                                      \
    "select c.id, c.name, "                                                                        \
    "(select p.value from customer_contact p where p.customer = c.id and p.kind = 'phone' "        \
    "order by p.position limit 1) as phone, "                                                      \
    "(select e.value from customer_contact e where e.customer = c.id and e.kind = 'email' "        \
    "order by e.position limit 1) as email "                                                       \
    "from (select k.id, k.name, k.sort_name from customer_word w "                                 \
    "join customer k on k.id = w.customer and k.archived_at is null "                              \
    "where w.word >= $1 and w.word < $2 "                                                          \
    "and not exists (select 1 from customer_word v where v.customer = w.customer "                 \
    "and v.word >= $1 and v.word < w.word) "
#define FIRST_OF(limit) "order by w.word, w.customer limit " limit ") c order by c.sort_name, c.id"
#define AND_WORD(n, from, to)                                                                      \
    "and exists (select 1 from customer_word " n " where " n ".customer = w.customer and " n       \
    ".word >= " from " and " n ".word < " to ") "

static const struct sql find[WORDS_MOST] = {
    {"customer_find_1", FOUND FIRST_OF("$3"), NULL},
    {"customer_find_2", FOUND AND_WORD("x", "$3", "$4") FIRST_OF("$5"), NULL},
    {"customer_find_3", FOUND AND_WORD("x", "$3", "$4") AND_WORD("y", "$5", "$6") FIRST_OF("$7"),
     NULL},
};
/* How many there are of a word, as far as that is worth knowing. */
static const struct sql word_count = {
    "customer_word_count",
    "select count(*) from (select 1 from customer_word where word >= $1 and word < $2 limit 500) w",
    NULL};

/* Digits that were typed as a phone number, as the words of phones begin: without what people dial
 * before them. NULL: not a phone number. */
static const char *typed_phone(struct context *cx, const char *typed) {
    const char *digits = text_digits(typed, cx->arena);
    if (strlen(digits) < TAIL_LEAST || strspn(typed, "0123456789 ()+-./") != strlen(typed))
        return NULL;
    /* Only what is dialled from its beginning; "900 214" is a piece of a number. */
    const char *start = text_trim(typed, cx->arena);
    const char *whole = start[0] == '+' || start[0] == '0'
                            ? phone_e164(typed, cx->locale->country, cx->arena)
                            : NULL;
    return whole != NULL ? whole + 1 : digits + strspn(digits, "0");
}

static int typed_words(struct context *cx, const char *typed, const char **words) {
    const char *phone = typed_phone(cx, typed);
    if (phone != NULL) {
        words[0] = phone;
        return phone[0] != '\0';
    }
    char *folded = arena_text(cx->arena, text_fold(typed, cx->arena));
    int count = 0;
    char *rest = folded;
    for (char *word = strtok_r(folded, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        if (count < WORDS_MOST)
            words[count++] = word;
    }
    return count;
}

/* Where the words end that begin so. */
static const char *word_end(struct context *cx, const char *word) {
    return arena_printf(cx->arena, "%s\U0010FFFF", word);
}

/* Those of the rarest word are walked, and asked for the others. */
static void rarest_first(struct context *cx, const char **words, int count) {
    int64_t least = INT64_MAX;
    for (int i = 0; i < count && count > 1; i++) {
        int64_t found = db_int(cx->db, &word_count, P(T(words[i]), T(word_end(cx, words[i]))));
        if (found >= least)
            continue;
        const char *rare = words[i];
        words[i] = words[0];
        words[0] = rare;
        least = found;
    }
}

int64_t customer_find(struct context *cx, const char *typed, int64_t limit,
                      struct customer_found **found) {
    const char *words[WORDS_MOST] = {NULL};
    int count = typed == NULL ? 0 : typed_words(cx, typed, words);
    *found = NULL;
    if (count == 0)
        return 0;
    rarest_first(cx, words, count);
    struct param params[2 * WORDS_MOST + 1];
    for (int i = 0; i < count; i++) {
        params[2 * i] = T(words[i]);
        params[2 * i + 1] = T(word_end(cx, words[i]));
    }
    params[2 * count] = I(limit);
    return DB_RECORDS(cx->db, &find[count - 1], ((struct params){params, 2 * count + 1}),
                      &customer_found_record, found);
}

static const struct sql contact_by_found = {
    "contact_by_found",
    "select k.customer from customer_contact k join customer c on c.id = k.customer "
    "where k.found = $1 and c.archived_at is null order by k.customer limit 1",
    NULL};

int64_t customer_by_contact(struct context *cx, const char *email, const char *phone) {
    int64_t id = NONE;
    if (!text_empty(email))
        id = db_int(cx->db, &contact_by_found, P(T(text_lower(email, cx->arena))));
    const char *whole =
        text_empty(phone) ? NULL : phone_e164(phone, cx->locale->country, cx->arena);
    if (id == NONE && whole != NULL)
        id = db_int(cx->db, &contact_by_found, P(T(whole + 1)));
    return id;
}

/* ------------------------------------------------------------------ saving */

static const struct sql customer_insert = {
    "customer_insert",
    "insert into customer (name, address, ring_size, note, consent_email, consent_sms, "
    "consent_phone, consent_post, sort_name, created_at, updated_at) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning id",
    NULL};
static const struct sql customer_update = {
    "customer_update",
    "update customer set name = $1, address = $2, ring_size = $3, note = $4, consent_email = $5, "
    "consent_sms = $6, consent_phone = $7, consent_post = $8, sort_name = $9, updated_at = $10, "
    "version = version + 1 where id = $11 and version = $12",
    NULL};
static const struct sql contacts_drop = {"contacts_drop",
                                         "delete from customer_contact where customer = $1", NULL};
static const struct sql words_drop = {"customer_words_drop",
                                      "delete from customer_word where customer = $1", NULL};
static const struct sql contact_insert = {
    "contact_insert",
    "insert into customer_contact (customer, position, kind, value, found, label) "
    "values ($1, $2, $3, $4, $5, $6)",
    NULL};
static const struct sql word_insert = {
    "customer_word_insert",
    "insert into customer_word (word, customer) values ($1, $2) on conflict do nothing", NULL};

static void add_words(struct context *cx, int64_t id, const char *text) {
    char *folded = arena_text(cx->arena, text_fold(text, cx->arena)), *rest;
    for (char *word = strtok_r(folded, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        db_run(cx->db, &word_insert, P(T(word), I(id)));
}

static void add_tails(struct context *cx, int64_t id, const char *digits) {
    for (size_t length = strlen(digits); length >= TAIL_LEAST; length--, digits++)
        db_run(cx->db, &word_insert, P(T(digits), I(id)));
}

/* Sees from the value what it is, and refuses what is neither. */
static void check_contact(struct context *cx, int64_t index, struct customer_contact *contact) {
    if (contact->value == NULL) {
        error_add(cx->errors, INVALID, arena_printf(cx->arena, "contacts.%d.value", (int)index),
                  "required", "There is a note here, but no phone or e-mail address.");
        return;
    }
    bool email = strchr(contact->value, '@') != NULL;
    contact->kind = email ? "email" : "phone";
    const char *at = strchr(contact->value, '@');
    if (email &&
        (at == contact->value || strchr(at, '.') == NULL || strpbrk(contact->value, " ,;<>")))
        error_add(cx->errors, INVALID, arena_printf(cx->arena, "contacts.%d.value", (int)index),
                  "not_an_address", "“%s” is not a complete e-mail address.", contact->value);
    size_t digits = strlen(text_digits(contact->value, cx->arena));
    if (!email && (digits < 5 || digits > 15))
        error_add(cx->errors, INVALID, arena_printf(cx->arena, "contacts.%d.value", (int)index),
                  "not_a_phone",
                  "“%s” is neither a phone number (5 to 15 digits) nor an e-mail "
                  "address.",
                  contact->value);
}

static void save_contacts(struct context *cx, struct customer *customer) {
    db_run(cx->db, &contacts_drop, P(I(customer->id)));
    db_run(cx->db, &words_drop, P(I(customer->id)));
    add_words(cx, customer->id, customer->name);
    for (int64_t i = 0; i < customer->contact_count; i++) {
        struct customer_contact *contact = &customer->contacts[i];
        const char *found;
        if (text_same(contact->kind, "email")) {
            found = text_lower(contact->value, cx->arena);
            add_words(cx, customer->id, contact->value);
        } else {
            const char *whole = phone_e164(contact->value, cx->locale->country, cx->arena);
            found = whole != NULL ? whole + 1 : text_digits(contact->value, cx->arena);
            add_tails(cx, customer->id, found);
        }
        db_run(cx->db, &contact_insert,
               P(I(customer->id), I(i), T(contact->kind), T(contact->value), T(found),
                 T(contact->label)));
    }
}

enum status customer_save(struct context *cx, struct customer *customer) {
    if (record_check(&customer_record, customer, cx->errors) != OK)
        return INVALID;
    for (int64_t i = 0; i < customer->contact_count; i++)
        check_contact(cx, i, &customer->contacts[i]);
    if (errors_any(cx->errors))
        return INVALID;
    const struct param values[] = {T(customer->name),
                                   T(customer->address),
                                   I(customer->ring_size),
                                   T(customer->note),
                                   I(customer->consent_email),
                                   I(customer->consent_sms),
                                   I(customer->consent_phone),
                                   I(customer->consent_post),
                                   T(text_fold(customer->name, cx->arena)),
                                   I(cx->now),
                                   I(customer->id),
                                   I(customer->version)};
    bool is_new = customer->id == NONE || customer->id == 0;
    struct customer before;
    if (!is_new && !customer_load(cx, customer->id, &before))
        return error_add(cx->errors, MISSING, NULL, "unknown_customer",
                         "There is no such customer.");
    if (is_new)
        customer->id = db_insert(cx->db, &customer_insert, (struct params){values, 10});
    else if (db_run(cx->db, &customer_update, (struct params){values, 12}) == 0)
        return record_changed(&customer_record, customer, &before, context_reader(cx), cx->errors,
                              customer->name);
    save_contacts(cx, customer);
    if (is_new)
        audit_add(cx, "made", "customer", customer->id, customer->name);
    else
        audit_edit(cx, "edited", "customer", customer->id, &customer_record, &before, customer);
    context_tell(cx, "customer", customer->id);
    return OK;
}

static const struct sql customer_set_archived = {
    "customer_set_archived",
    "update customer set archived_at = $2, updated_at = $3, version = version + 1 where id = $1",
    NULL};

enum status customer_archive(struct context *cx, int64_t id, bool archived) {
    if (db_run(cx->db, &customer_set_archived,
               P(I(id), I(archived ? cx->now : NONE), I(cx->now))) == 0)
        return error_add(cx->errors, MISSING, NULL, "unknown_customer",
                         "There is no such customer.");
    audit_add(cx, archived ? "archived" : "restored", "customer", id, NULL);
    context_tell(cx, "customer", id);
    return OK;
}
