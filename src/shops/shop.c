#include "shops/shop.h"

#include "accounts/account.h"
#include "base/merge.h"
#include "base/text.h"
#include "shops/numbering.h"
#include "trade/alloy.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const struct field shop_fields[] = {
    FIELD(struct shop, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED, .max = 120),
    FIELD(struct shop, place, FIELD_TEXT, .label = "Place", .max = 120),
    FIELD(struct shop, address, FIELD_LONG, .label = "Address", .max = 500),
    FIELD(struct shop, country, FIELD_TEXT, .label = "Country", .flags = FIELD_REQUIRED, .min = 2,
          .max = 2),
    FIELD(struct shop, currency, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct shop, zone, FIELD_TEXT, .label = "Time zone", .flags = FIELD_REQUIRED, .max = 60),
    FIELD(struct shop, language, FIELD_TEXT, .label = "Language", .max = 20),
    FIELD(struct shop, languages, FIELD_TEXT, .label = "Languages for customers", .max = 60),
    FIELD(struct shop, phone, FIELD_PHONE, .label = "Phone"),
    FIELD(struct shop, email, FIELD_EMAIL, .label = "E-mail"),
    FIELD(struct shop, website, FIELD_TEXT, .label = "Website"),
    FIELD(struct shop, tax_number, FIELD_TEXT, .label = "Tax number", .max = 60),
    FIELD(struct shop, logo, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct shop, terms, FIELD_LONG, .label = "Terms on claim checks and invoices"),
    FIELD(struct shop, quote_terms, FIELD_LONG, .label = "Terms on quotes"),
    FIELD(struct shop, deposit_terms, FIELD_LONG, .label = "Terms of deposits"),
    FIELD(struct shop, repair_terms, FIELD_LONG, .label = "Risks of repairs"),
    FIELD(struct shop, retention_terms, FIELD_LONG, .label = "Pieces that are not collected"),
    FIELD(struct shop, brand, FIELD_TEXT, .flags = FIELD_INTERNAL),
    FIELD(struct shop, shell, FIELD_TEXT, .flags = FIELD_INTERNAL),
    FIELD(struct shop, accent, FIELD_TEXT, .flags = FIELD_INTERNAL),
    FIELD(struct shop, deposit_share, FIELD_PERCENT, .label = "Deposit asked", .max = 10000),
    FIELD(struct shop, quote_days, FIELD_INT, .label = "Quotes are valid for, days", .min = 1,
          .max = 365),
    FIELD(struct shop, due_soon_days, FIELD_INT, .label = "Due soon, days before", .max = 60),
    FIELD(struct shop, bench_buffer_days, FIELD_INT, .label = "Bench is told earlier by, days",
          .max = 60),
    FIELD(struct shop, approval_days, FIELD_INT, .label = "Customers take for an approval, days",
          .max = 60),
    FIELD(struct shop, message_delay, FIELD_INT, .label = "Messages leave after, seconds",
          .max = 86400),
    FIELD(struct shop, enquiry_open, FIELD_FLAG, .label = "Take enquiries on the public page"),
    FIELD(struct shop, auto_deposit, FIELD_FLAG,
          .label = "The first deposit moves an order to Deposit received"),
    FIELD(struct shop, auto_approval, FIELD_FLAG,
          .label = "A recorded approval moves an order to Setting"),
    FIELD(struct shop, auto_ready, FIELD_FLAG,
          .label = "The last bench check, once passed, moves an order to Ready"),
    FIELD(struct shop, auto_collected, FIELD_FLAG,
          .label = "Payment and hand-over move an order to Collected"),
    FIELD(struct shop, demo, FIELD_FLAG, .flags = FIELD_READONLY),
    FIELD(struct shop, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct shop, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record shop_record = RECORD("Shop", struct shop, shop_fields);

static const struct sql shop_row = {
    "shop_row",
    "select name, place, address, country, currency, zone, language, languages, phone, email, website, "
    "tax_number, logo, terms, quote_terms, deposit_terms, repair_terms, retention_terms, brand, "
    "shell, accent, deposit_share, quote_days, due_soon_days, "
    "bench_buffer_days, approval_days, message_delay, enquiry_open, auto_deposit, auto_approval, "
    "auto_ready, auto_collected, demo, version, created_at from shop where id = 1",
    NULL};

bool shop_load(struct context *cx, struct shop *shop) {
    return db_record(cx->db, &shop_row, P0, &shop_record, shop);
}

/* ------------------------------------------------------------------ the locale, kept by the store
 *
 * It changes when the settings do, which is seldom, while every request uses it: the newest is
 * found without a lock, and older ones stay until the store closes, as requests may still use them.
 *
 * Each change that is heard of, from here or from another server, raises `changes`. What was read
 * before the last of them is read anew by whoever next needs it; a reading that was overtaken never
 * takes the place of a later one. */

static const char kept_key[] = "shop locale";

struct kept_locale {
    struct locale locale;
    char *country, *language, *languages, *name, *place;
    char *prefix;     /* of a job's number */
    char *brand;      /* the three colours in one word, "" with Benchpin's own */
    uint64_t changes; /* how many were heard of when its reading began */
    struct kept_locale *older;
};

struct keeper {
    _Atomic(struct kept_locale *) newest;
    _Atomic uint64_t changes;
    struct locale before_set_up;
};

static char *copy(const char *text) {
    char *made = strdup(text == NULL ? "" : text);
    if (made == NULL)
        abort();
    return made;
}

static void drop_one(struct kept_locale *kept) {
    free(kept->country);
    free(kept->language);
    free(kept->languages);
    free(kept->name);
    free(kept->place);
    free(kept->prefix);
    free(kept->brand);
    free(kept);
}

static void drop(void *value) {
    struct keeper *keeper = value;
    for (struct kept_locale *kept = keeper->newest, *older; kept != NULL; kept = older) {
        older = kept->older;
        drop_one(kept);
    }
    free(keeper);
}

struct reading {
    struct shop shop;
    struct numbering jobs;
};

static enum status load(struct context *cx, void *arg) {
    struct reading *reading = arg;
    reading->jobs = (struct numbering){.prefix = "#", .digits = 6};
    numbering_load(cx, "job", &reading->jobs);
    return shop_load(cx, &reading->shop) ? OK : MISSING;
}

/* What changes when they do, and can stand in an address. */
static char *brand_word(const struct shop *shop) {
    const char *const colours[] = {shop->brand, shop->shell, shop->accent};
    char word[32] = "";
    for (int i = 0; i < 3; i++)
        if (colours[i] != NULL)
            strncat(word, colours[i] + 1, 6);
    return copy(word);
}

/* Puts it in the newest's place; another reading that is as new may be there already. */
static struct kept_locale *keep(struct keeper *keeper, const struct reading *reading,
                                uint64_t changes) {
    const struct shop *shop = &reading->shop;
    struct kept_locale *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        abort();
    kept->country = copy(shop->country);
    kept->language = copy(shop->language);
    kept->languages = copy(shop->languages);
    kept->name = copy(shop->name);
    kept->place = copy(shop->place);
    kept->brand = brand_word(shop);
    kept->prefix = copy(reading->jobs.prefix);
    kept->changes = changes;
    kept->locale = locale_make(currency_find(shop->currency), zone_find(shop->zone), kept->country,
                               kept->language);
    kept->locale.number_prefix = kept->prefix;
    kept->locale.number_digits = reading->jobs.digits;
    if (kept->locale.currency == NULL)
        kept->locale.currency = keeper->before_set_up.currency;
    if (kept->locale.zone == NULL)
        kept->locale.zone = keeper->before_set_up.zone;
    kept->older = keeper->newest;
    do {
        if (kept->older != NULL && kept->older->changes >= changes) {
            struct kept_locale *newer = kept->older;
            drop_one(kept);
            return newer;
        }
    } while (!atomic_compare_exchange_weak(&keeper->newest, &kept->older, kept));
    return kept;
}

static struct keeper *keeper_of(struct store *store) {
    struct keeper *keeper = store_kept(store, kept_key);
    if (keeper != NULL)
        return keeper;
    keeper = calloc(1, sizeof *keeper);
    if (keeper == NULL)
        abort();
    keeper->before_set_up = locale_make(currency_find("GBP"), zone_find("UTC"), "GB", "en-GB");
    return store_keep(store, kept_key, keeper, drop);
}

static struct kept_locale *prepare(struct context *cx) {
    struct keeper *keeper = keeper_of(cx->store);
    uint64_t changes = keeper->changes;
    struct kept_locale *kept = keeper->newest;
    if (kept == NULL || kept->changes < changes) {
        struct context own = *cx;
        struct errors errors = {.arena = cx->arena};
        struct reading reading;
        own.errors = &errors;
        /* A database that does not answer just now: what was known last serves on. */
        if (store_read(cx->store, &own, load, &reading) == OK)
            kept = keep(keeper, &reading, changes);
    }
    cx->locale = kept == NULL ? &keeper->before_set_up : &kept->locale;
    return kept;
}

void shop_changed(struct store *store) {
    atomic_fetch_add(&keeper_of(store)->changes, 1);
}

bool shop_prepare(struct context *cx) {
    return prepare(cx) != NULL;
}

bool shop_view(struct request *r, struct view *v) {
    struct kept_locale *kept = prepare(&r->cx);
    if (v != NULL) {
        v->shop_name = kept == NULL ? "" : kept->name;
        v->shop_place = kept == NULL ? "" : kept->place;
        v->brand = kept == NULL || *kept->brand == '\0' ? NULL : kept->brand;
        v->languages = kept == NULL ? NULL : kept->languages;
        v->locale = r->cx.locale;
        v->places = shop_places;
    }
    return kept != NULL;
}

/* ------------------------------------------------------------------ saving */

static const struct sql shop_insert = {
    "shop_insert",
    "insert into shop (id, name, country, currency, zone, language, created_at, demo) "
    "values (1, $1, $2, $3, $4, $5, $6, 0)",
    NULL};
static const struct sql shop_update = {
    "shop_update",
    "update shop set name = $1, place = $2, address = $3, country = $4, zone = $5, language = $6, "
    "phone = $7, email = $8, website = $9, tax_number = $10, terms = $11, quote_terms = $12, "
    "deposit_share = $13, quote_days = $14, due_soon_days = $15, bench_buffer_days = $16, "
    "approval_days = $17, message_delay = $18, enquiry_open = $19, auto_deposit = $20, "
    "auto_approval = $21, auto_ready = $22, auto_collected = $23, deposit_terms = $24, "
    "repair_terms = $25, retention_terms = $26, languages = $27, version = version + 1 "
    "where id = 1 and version = $28",
    NULL};

/* "en-GB, ar, de" */
static const char *languages_listed(struct arena *arena) {
    int count;
    const struct language *all = languages_all(&count);
    const char *list = all[0].tag;
    for (int i = 1; i < count; i++)
        list = arena_printf(arena, "%s, %s", list, all[i].tag);
    return list;
}

enum status shop_save(struct context *cx, const struct shop *shop) {
    if (zone_find(shop->zone) == NULL)
        error_add(cx->errors, INVALID, "zone", "unknown_zone",
                  "There is no time zone “%s”. They are written like Europe/London.", shop->zone);
    const char *country = shop->country;
    if (strlen(country) != 2 || country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' ||
        country[1] > 'Z')
        error_add(cx->errors, INVALID, "country", "unknown_country",
                  "A country is written as its two letters, like GB or DE.");
    for (const char *at = shop->languages; at != NULL && *at != '\0';) {
        at += strspn(at, " ,");
        size_t length = strcspn(at, " ,");
        const char *tag = arena_text_n(cx->arena, at, length);
        const struct language *language = language_find(tag);
        if (length > 0 && (language == NULL || strcmp(language->tag, tag) != 0))
            error_add(cx->errors, INVALID, "languages", "unknown_language",
                      "There is no language “%s”. There are %s.", tag, languages_listed(cx->arena));
        at += length;
    }
    if (record_check(&shop_record, shop, cx->errors) != OK || errors_any(cx->errors))
        return INVALID;
    struct shop before;
    if (!shop_load(cx, &before))
        return error_add(cx->errors, MISSING, NULL, "not_set_up", "The shop is not set up yet.");
    int64_t changed = db_run(
        cx->db, &shop_update,
        P(T(shop->name), T(shop->place), T(shop->address), T(shop->country), T(shop->zone),
          T(shop->language == NULL ? "en-GB" : shop->language), T(shop->phone), T(shop->email),
          T(shop->website), T(shop->tax_number), T(shop->terms), T(shop->quote_terms),
          I(shop->deposit_share), I(shop->quote_days), I(shop->due_soon_days),
          I(shop->bench_buffer_days), I(shop->approval_days), I(shop->message_delay),
          I(shop->enquiry_open), I(shop->auto_deposit), I(shop->auto_approval), I(shop->auto_ready),
          I(shop->auto_collected), T(shop->deposit_terms), T(shop->repair_terms),
          T(shop->retention_terms), T(shop->languages), I(shop->version)));
    if (changed == 0)
        return record_changed(&shop_record, shop, &before, context_reader(cx), cx->errors,
                              before.name);
    audit_edit(cx, "edited", "shop", 1, &shop_record, &before, shop);
    context_tell(cx, "shop", 1);
    return OK;
}

/* ------------------------------------------------------------------ set-up */

static const struct field set_up_fields[] = {
    FIELD(struct set_up, name, FIELD_TEXT, .label = "Name of the shop", .flags = FIELD_REQUIRED,
          .max = 120),
    FIELD(struct set_up, country, FIELD_TEXT, .label = "Country", .flags = FIELD_REQUIRED, .min = 2,
          .max = 2),
    FIELD(struct set_up, currency, FIELD_TEXT, .label = "Currency", .flags = FIELD_REQUIRED,
          .min = 3, .max = 3),
    FIELD(struct set_up, zone, FIELD_TEXT, .label = "Time zone", .flags = FIELD_REQUIRED,
          .max = 60),
    FIELD(struct set_up, language, FIELD_TEXT, .label = "Language", .max = 20),
    FIELD(struct set_up, tax_name, FIELD_TEXT, .label = "Tax", .max = 40),
    FIELD(struct set_up, tax_rate, FIELD_PERCENT, .label = "Tax rate", .max = 10000),
    FIELD(struct set_up, owner, FIELD_TEXT, .label = "Your name", .flags = FIELD_REQUIRED,
          .max = 100),
    FIELD(struct set_up, email, FIELD_EMAIL, .label = "Your e-mail", .flags = FIELD_REQUIRED),
    FIELD(struct set_up, password, FIELD_TEXT, .label = "Password",
          .flags = FIELD_REQUIRED | FIELD_SECRET, .max = 200),
    FIELD(struct set_up, open_monday, FIELD_FLAG, .label = "Monday"),
    FIELD(struct set_up, open_tuesday, FIELD_FLAG, .label = "Tuesday"),
    FIELD(struct set_up, open_wednesday, FIELD_FLAG, .label = "Wednesday"),
    FIELD(struct set_up, open_thursday, FIELD_FLAG, .label = "Thursday"),
    FIELD(struct set_up, open_friday, FIELD_FLAG, .label = "Friday"),
    FIELD(struct set_up, open_saturday, FIELD_FLAG, .label = "Saturday"),
    FIELD(struct set_up, open_sunday, FIELD_FLAG, .label = "Sunday"),
    FIELD(struct set_up, opens, FIELD_MINUTES, .label = "Opens at", .max = 1439),
    FIELD(struct set_up, closes, FIELD_MINUTES, .label = "Closes at", .max = 1440),
};
const struct record set_up_record = RECORD("SetUp", struct set_up, set_up_fields);

static const struct sql opening_put = {
    "opening_put",
    "insert into opening (weekday, opens, closes) values ($1, $2, $3) on conflict (weekday) "
    "do update set opens = excluded.opens, closes = excluded.closes",
    NULL};
static const struct sql tax_insert = {"tax_insert", "insert into tax (name, rate) values ($1, $2)",
                                      NULL};
static const struct sql alloy_insert = {
    "alloy_seed",
    "insert into alloy (code, name, metal, colour, fineness, density, loss) "
    "values ($1, $2, $3, $4, $5, $6, $7)",
    NULL};
static const struct sql location_first = {
    "location_first", "insert into location (name, main, created_at) values ($1, 1, $2)", NULL};
static const struct sql margin_insert = {"margin_seed",
                                         "insert into margin (kind, share) values ($1, 0)", NULL};

enum status set_up_check(const struct set_up *set_up, struct errors *errors) {
    if (set_up->currency != NULL && currency_find(set_up->currency) == NULL)
        error_add(errors, INVALID, "currency", "unknown_currency",
                  "“%s” is not a currency of ISO 4217, like GBP or EUR.", set_up->currency);
    if (set_up->zone != NULL && zone_find(set_up->zone) == NULL)
        error_add(errors, INVALID, "zone", "unknown_zone",
                  "There is no time zone “%s”. They are written like Europe/London.", set_up->zone);
    const char *country = set_up->country;
    if (country != NULL && (strlen(country) != 2 || country[0] < 'A' || country[0] > 'Z' ||
                            country[1] < 'A' || country[1] > 'Z'))
        error_add(errors, INVALID, "country", "unknown_country",
                  "A country is written as its two letters, like GB or DE.");
    if (set_up->opens != NONE && set_up->closes != NONE && set_up->opens >= set_up->closes)
        error_add(errors, INVALID, "closes", "order", "The shop must close after it opens.");
    password_check(set_up->password, "password", errors);
    return errors_any(errors) ? INVALID : OK;
}

static void seed_trade(struct context *cx) {
    int64_t count;
    const struct alloy *table = alloy_all(&count);
    for (int64_t i = 0; i < count; i++)
        db_run(cx->db, &alloy_insert,
               P(T(table[i].code), T(table[i].name), T(table[i].metal), T(table[i].colour),
                 I(table[i].fineness), I(table[i].density), I(table[i].loss)));
    static const char *const kinds[] = {"metal", "stone", "labour", "setting", "finding", "vendor"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        db_run(cx->db, &margin_insert, P(T(kinds[i])));
}

static enum status hashed_set_up(struct context *cx, const struct set_up *set_up,
                                 const char *password_hash_) {
    struct shop shop;
    if (shop_load(cx, &shop))
        return error_add(cx->errors, CONFLICT, NULL, "set_up_already",
                         "%s is set up already. Sign in instead.", shop.name);
    db_run(cx->db, &shop_insert,
           P(T(set_up->name), T(set_up->country), T(set_up->currency), T(set_up->zone),
             T(set_up->language == NULL ? "en-GB" : set_up->language), I(cx->now)));
    db_run(cx->db, &location_first, P(T(set_up->name), I(cx->now)));
    const int64_t days[] = {set_up->open_monday,   set_up->open_tuesday, set_up->open_wednesday,
                            set_up->open_thursday, set_up->open_friday,  set_up->open_saturday,
                            set_up->open_sunday};
    for (int64_t weekday = 0; weekday < 7; weekday++)
        if (days[weekday] == 1)
            db_run(cx->db, &opening_put,
                   P(I(weekday), I(set_up->opens == NONE ? 570 : set_up->opens),
                     I(set_up->closes == NONE ? 1050 : set_up->closes)));
    if (set_up->tax_rate != NONE && set_up->tax_rate > 0)
        db_run(cx->db, &tax_insert,
               P(T(text_empty(set_up->tax_name) ? "Tax" : set_up->tax_name), I(set_up->tax_rate)));
    seed_trade(cx);
    int64_t owner;
    return staff_add(
        cx, &(struct staff){.name = set_up->owner, .email = set_up->email, .role = "owner"},
        password_hash_, &owner);
}

struct set_up_work {
    const struct set_up *set_up;
    const char *hash;
};

static enum status set_up_closure(struct context *cx, void *arg) {
    const struct set_up_work *work = arg;
    enum status status = hashed_set_up(cx, work->set_up, work->hash);
    if (status == OK)
        context_outcome(cx, &(struct outcome){.status = 201,
                                              .location = "/sign-in",
                                              .flash = "Your shop is set up. Sign in to go on."});
    return status;
}

closure shop_set_up_closure(struct context *cx, const struct set_up *set_up, void **arg) {
    struct set_up_work *work = ARENA_NEW(cx->arena, struct set_up_work);
    work->set_up = set_up;
    work->hash = password_hash(set_up->password, cx->arena);
    *arg = work;
    return set_up_closure;
}

enum status shop_set_up(struct context *cx, const struct set_up *set_up) {
    enum status status = set_up_check(set_up, cx->errors);
    if (status != OK)
        return status;
    void *arg;
    closure work = shop_set_up_closure(cx, set_up, &arg);
    return store_write(cx->store, cx, work, arg);
}

/* ------------------------------------------------------------------ days, taxes, numbers */

static const struct sql openings_all = {
    "openings_all", "select weekday, opens, closes from opening order by weekday", NULL};
static const struct sql closures_from = {
    "closures_from", "select day from closure where day >= $1 order by day limit 1000", NULL};
#define TAX_OF_DAY                                                                                 \
    "and coalesce(from_day, '') <= $1 and coalesce(until_day, '9999') >= $1 order by id limit 1"
static const struct sql tax_goods = {
    "tax_goods",
    "select rate, name from tax where archived_at is null and on_goods = 1 " TAX_OF_DAY, NULL};
static const struct sql tax_labour = {
    "tax_labour",
    "select rate, name from tax where archived_at is null and on_labour = 1 " TAX_OF_DAY, NULL};
static const struct sql sequence_take = {
    "sequence_take",
    "insert into sequence (name, next) values ($1, 2) "
    "on conflict (name) do update set next = sequence.next + 1 returning next - 1",
    NULL};

int64_t shop_openings(struct context *cx, struct opening **openings) {
    *openings = ARENA_ARRAY(cx->arena, struct opening, 7);
    int64_t count = 0;
    struct rows *rows = db_rows(cx->db, &openings_all, P0);
    while (rows_next(rows))
        (*openings)[count++] =
            (struct opening){row_int(rows, 0), row_int(rows, 1), row_int(rows, 2)};
    return count;
}

int64_t shop_closures(struct context *cx, const char *from, const char ***days) {
    size_t count = 0, capacity = 0;
    *days = NULL;
    struct rows *rows = db_rows(cx->db, &closures_from, P(T(from)));
    while (rows_next(rows)) {
        *days = arena_grow(cx->arena, *days, count, &capacity, sizeof **days);
        (*days)[count++] = row_text(rows, 0);
    }
    return (int64_t)count;
}

int64_t shop_tax(struct context *cx, bool labour, const char **name) {
    const char *today = day_text(day_at(cx->locale->zone, cx->now), cx->arena);
    struct rows *rows = db_rows(cx->db, labour ? &tax_labour : &tax_goods, P(T(today)));
    int64_t rate = 0;
    if (rows_next(rows)) {
        rate = row_int(rows, 0);
        if (name != NULL)
            *name = row_text(rows, 1);
    } else if (name != NULL) {
        *name = NULL;
    }
    rows_end(rows);
    return rate;
}

int64_t sequence_next(struct context *cx, const char *name) {
    return db_int(cx->db, &sequence_take, P(T(name)));
}

/* ------------------------------------------------------------------ what is missing */

static const struct {
    struct sql sql;
    const char *sentence, *url;
} needed[] = {
    {{"has_metal_price", "select 1 from metal_price limit 1", NULL},
     "Enter today's metal prices.",
     "/settings/metals"},
    {{"has_rate", "select 1 from craft_rate where hourly > 0 limit 1", NULL},
     "Set what an hour of each craft costs.",
     "/settings/rates"},
    {{"has_craftsman", "select 1 from craftsman where active = 1 limit 1", NULL},
     "Add a craftsman with crafts and hours.",
     "/settings/craftsmen"},
    {{"has_opening", "select 1 from opening limit 1", NULL},
     "Say on which days the shop is open.",
     "/settings/opening"},
    {{"has_margin", "select 1 from margin where share > 0 limit 1", NULL},
     "Set your margins.",
     "/settings/rates"},
    {{"has_stock", "select 1 from stock_item limit 1", NULL},
     "Enter the metal and the stones you have (or go on without stock: everything is ordered then).",
     "/stock/new"},
    {{"has_vendor", "select 1 from vendor where archived_at is null limit 1", NULL},
     "Add the vendors you order castings and stones from.",
     "/vendors/new"},
    {{"has_mail", "select 1 from mail_settings limit 1", NULL},
     "Say through which server your mail goes; until then messages wait.",
     "/settings/mail"},
};

int64_t shop_missing(struct context *cx, struct missing **missing) {
    int64_t count = 0;
    *missing = ARENA_ARRAY(cx->arena, struct missing, sizeof needed / sizeof needed[0]);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (db_int(cx->db, &needed[i].sql, P0) == NONE)
            (*missing)[count++] = (struct missing){needed[i].sentence, needed[i].url};
    return count;
}
