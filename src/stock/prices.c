/* What metal, stones and hours cost, and what the shop adds: kept by the settings pages. */
#include "stock/stock.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "trade/alloy.h"
#include "trade/stone.h"
#include "trade/words.h"

static const struct word margin_words[] = {{"metal", "Metal"},
                                           {"stone", "Stones"},
                                           {"labour", "Labour"},
                                           {"setting", "Setting"},
                                           {"finding", "Findings"},
                                           {"vendor", "Work of vendors"},
                                           {NULL, NULL}};
const struct vocabulary margin_kinds = {"kind of margin", margin_words};

#define MOST_MONEY INT64_C(1000000000000)

static const struct field craft_fields[] = {
    FIELD(struct craft_rate, craft, FIELD_CODE, .words = &crafts, .flags = FIELD_REQUIRED),
    FIELD(struct craft_rate, hourly, FIELD_MONEY, .label = "An hour", .max = MOST_MONEY),
};
const struct record craft_rate_record = RECORD("CraftRate", struct craft_rate, craft_fields);

static const struct field setting_fields[] = {
    FIELD(struct setting_price, setting, FIELD_CODE, .words = &stone_settings,
          .flags = FIELD_REQUIRED),
    FIELD(struct setting_price, price, FIELD_MONEY, .label = "A stone", .max = MOST_MONEY),
};
const struct record setting_price_record =
    RECORD("SettingPrice", struct setting_price, setting_fields);

static const struct field margin_fields[] = {
    FIELD(struct margin, kind, FIELD_CODE, .words = &margin_kinds, .flags = FIELD_REQUIRED),
    FIELD(struct margin, share, FIELD_PERCENT, .label = "On cost", .max = 100000),
};
const struct record margin_record = RECORD("Margin", struct margin, margin_fields);

static const struct field stone_fields[] = {
    FIELD(struct stone_price, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct stone_price, gem, FIELD_CODE, .label = "Gem", .words = &gems,
          .flags = FIELD_REQUIRED),
    FIELD(struct stone_price, origin, FIELD_CODE, .label = "Origin", .words = &origins,
          .flags = FIELD_REQUIRED),
    FIELD(struct stone_price, quality, FIELD_TEXT, .label = "Quality", .max = 60),
    FIELD(struct stone_price, from_carats, FIELD_CARAT, .label = "From, one stone",
          .max = 1000 * CARAT),
    FIELD(struct stone_price, per_carat, FIELD_MONEY, .label = "Price a carat", .max = MOST_MONEY,
          .flags = FIELD_REQUIRED),
};
const struct record stone_price_record = RECORD("StonePrice", struct stone_price, stone_fields);

static const struct field alloy_fields[] = {
    FIELD(struct shop_alloy, code, FIELD_CODE, .words = &alloys, .flags = FIELD_REQUIRED),
    FIELD(struct shop_alloy, name, FIELD_TEXT, .flags = FIELD_READONLY),
    FIELD(struct shop_alloy, metal, FIELD_CODE, .words = &metals, .flags = FIELD_READONLY),
    FIELD(struct shop_alloy, fineness, FIELD_PERCENT, .label = "Fine", .min = 1, .max = 10000,
          .flags = FIELD_REQUIRED),
    FIELD(struct shop_alloy, density, FIELD_MILLIGRAM, .label = "Density", .min = 1000,
          .max = 25000, .flags = FIELD_REQUIRED),
    FIELD(struct shop_alloy, loss, FIELD_PERCENT, .label = "Loss", .max = 10000),
    FIELD(struct shop_alloy, active, FIELD_FLAG, .label = "In use"),
};
const struct record shop_alloy_record = RECORD("Alloy", struct shop_alloy, alloy_fields);

static int64_t or_zero(int64_t number) {
    return number == NONE ? 0 : number;
}

static int64_t count_words(const struct vocabulary *words) {
    int64_t count = 0;
    while (words->words[count].code != NULL)
        count++;
    return count;
}

/* ------------------------------------------------------------------ metal */

#define PRICE "select id, metal, price, markup, source, at from metal_price "
static const struct sql price_add = {
    "metal_price_add",
    "insert into metal_price (metal, price, markup, source, at, staff) "
    "values ($1, $2, $3, $4, $5, $6) returning id",
    NULL};
static const struct sql prices_before = {"metal_prices_before",
                                         PRICE "where id < $1 order by id desc limit $2", NULL};

enum status metal_price_add(struct context *cx, struct metal_price *price) {
    if (record_check(&metal_price_record, price, cx->errors) != OK)
        return INVALID;
    price->markup = or_zero(price->markup);
    price->at = cx->now;
    price->id = db_insert(cx->db, &price_add,
                          P(T(price->metal), I(price->price), I(price->markup), T(price->source),
                            I(cx->now), I(cx->actor->staff > 0 ? cx->actor->staff : NONE)));
    audit_add(cx, "entered", "metal price", price->id,
              arena_printf(cx->arena, "%s: %s an ounce", vocabulary_label(&metals, price->metal),
                           money_print(cx->locale->currency, price->price, cx->arena)));
    return OK;
}

int64_t metal_price_list(struct context *cx, int64_t before, int64_t limit,
                         struct metal_price **prices) {
    return DB_RECORDS(cx->db, &prices_before, P(I(before == NONE ? INT64_MAX : before), I(limit)),
                      &metal_price_record, prices);
}

/* ------------------------------------------------------------------ alloys */

#define ALLOY "select code, name, metal, colour, fineness, density, loss, active from alloy "
static const struct sql alloy_by_code = {"shop_alloy_by_code", ALLOY "where code = $1", NULL};
static const struct sql alloys_all = {"shop_alloys_all",
                                      ALLOY "order by metal, fineness desc, code", NULL};
static const struct sql alloy_update = {
    "shop_alloy_update",
    "update alloy set fineness = $2, density = $3, loss = $4, active = $5 where code = $1", NULL};

bool stock_alloy(struct context *cx, const char *code, struct alloy *alloy) {
    const struct alloy *usual = alloy_find(code);
    struct rows *rows = db_rows(cx->db, &alloy_by_code, P(T(code)));
    bool found = rows_next(rows);
    if (found)
        *alloy = (struct alloy){.code = row_text(rows, 0),
                                .name = row_text(rows, 1),
                                .metal = row_text(rows, 2),
                                .colour = row_text(rows, 3),
                                .fineness = row_int(rows, 4),
                                .density = row_int(rows, 5),
                                .loss = row_int(rows, 6)};
    else if (usual != NULL)
        *alloy = *usual;
    rows_end(rows);
    return found || usual != NULL;
}

int64_t shop_alloy_list(struct context *cx, struct shop_alloy **list) {
    return DB_RECORDS(cx->db, &alloys_all, P0, &shop_alloy_record, list);
}

enum status shop_alloys_save(struct context *cx, const struct shop_alloy *list, int64_t count) {
    struct shop_alloy *before;
    int64_t known = shop_alloy_list(cx, &before);
    for (int64_t i = 0; i < count; i++) {
        const struct shop_alloy *after = &list[i];
        struct audit_change *changes;
        int64_t changed = 0;
        for (int64_t k = 0; k < known; k++)
            if (text_same(before[k].code, after->code))
                changed = audit_differences(cx, &shop_alloy_record, &before[k], after, &changes);
        if (changed == 0)
            continue;
        db_run(cx->db, &alloy_update,
               P(T(after->code), I(after->fineness), I(after->density), I(or_zero(after->loss)),
                 I(after->active)));
        audit_add_changes(cx, "edited", "alloy", NONE, vocabulary_label(&alloys, after->code),
                          changes, changed);
    }
    return OK;
}

/* ------------------------------------------------------------------ rates and margins */

static const struct sql rate_put = {"craft_rate_put",
                                    "insert into craft_rate (craft, hourly) values ($1, $2) "
                                    "on conflict (craft) do update set hourly = excluded.hourly",
                                    NULL};
static const struct sql setting_put = {"setting_price_put",
                                       "insert into setting_price (setting, price) values ($1, $2) "
                                       "on conflict (setting) do update set price = excluded.price",
                                       NULL};
static const struct sql margin_put = {"margin_put",
                                      "insert into margin (kind, share) values ($1, $2) "
                                      "on conflict (kind) do update set share = excluded.share",
                                      NULL};

static const struct sql surcharge_share = {"surcharge_share",
                                           "select share from surcharge where kind = $1", NULL};
static const struct sql surcharge_put = {"surcharge_put",
                                         "insert into surcharge (kind, share) values ($1, $2) "
                                         "on conflict (kind) do update set share = excluded.share",
                                         NULL};

int64_t stock_rush_share(struct context *cx) {
    return or_zero(db_int(cx->db, &surcharge_share, P(T("rush"))));
}

int64_t craft_rate_list(struct context *cx, struct craft_rate **rates) {
    int64_t count = count_words(&crafts);
    *rates = ARENA_ARRAY(cx->arena, struct craft_rate, (size_t)count);
    for (int64_t i = 0; i < count; i++)
        (*rates)[i] =
            (struct craft_rate){crafts.words[i].code, stock_craft_rate(cx, crafts.words[i].code)};
    return count;
}

int64_t setting_price_list(struct context *cx, struct setting_price **prices) {
    int64_t count = count_words(&stone_settings);
    *prices = ARENA_ARRAY(cx->arena, struct setting_price, (size_t)count);
    for (int64_t i = 0; i < count; i++)
        (*prices)[i] = (struct setting_price){
            stone_settings.words[i].code, stock_setting_price(cx, stone_settings.words[i].code)};
    return count;
}

int64_t margin_list(struct context *cx, struct margin **margins) {
    int64_t count = count_words(&margin_kinds);
    *margins = ARENA_ARRAY(cx->arena, struct margin, (size_t)count);
    for (int64_t i = 0; i < count; i++)
        (*margins)[i] = (struct margin){margin_kinds.words[i].code,
                                        stock_margin(cx, margin_kinds.words[i].code)};
    return count;
}

/* One figure of a settings page: stored and noted when it is another than before. */
static void put(struct context *cx, const struct sql *sql, const char *thing, const char *code,
                const char *label, int64_t before, int64_t after,
                const char *(*print)(struct context *cx, int64_t number)) {
    if (before == after)
        return;
    db_run(cx->db, sql, P(T(code), I(after)));
    audit_add_changes(cx, "edited", thing, NONE, NULL,
                      &(struct audit_change){label, print(cx, before), print(cx, after)}, 1);
}

static const char *print_money(struct context *cx, int64_t number) {
    return money_print(cx->locale->currency, number, cx->arena);
}

static const char *print_share(struct context *cx, int64_t number) {
    char text[32];
    number_print(number, 2, 0, false, text);
    return arena_printf(cx->arena, "%s%%", text);
}

enum status craft_rates_save(struct context *cx, const struct craft_rate *rates, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        put(cx, &rate_put, "labour rate", rates[i].craft, vocabulary_label(&crafts, rates[i].craft),
            stock_craft_rate(cx, rates[i].craft), or_zero(rates[i].hourly), print_money);
    return OK;
}

enum status setting_prices_save(struct context *cx, const struct setting_price *prices,
                                int64_t count) {
    for (int64_t i = 0; i < count; i++)
        put(cx, &setting_put, "setting price", prices[i].setting,
            vocabulary_label(&stone_settings, prices[i].setting),
            stock_setting_price(cx, prices[i].setting), or_zero(prices[i].price), print_money);
    return OK;
}

enum status margins_save(struct context *cx, const struct margin *margins, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        put(cx, &margin_put, "margin", margins[i].kind,
            vocabulary_label(&margin_kinds, margins[i].kind), stock_margin(cx, margins[i].kind),
            or_zero(margins[i].share), print_share);
    return OK;
}

enum status rush_share_save(struct context *cx, int64_t share) {
    put(cx, &surcharge_put, "surcharge", "rush", "Rush", stock_rush_share(cx), or_zero(share),
        print_share);
    return OK;
}

/* ------------------------------------------------------------------ stones that are not in stock
 */

static const struct sql stones_all = {
    "stone_prices_all",
    "select id, gem, origin, quality, from_carats, per_carat from stone_price "
    "order by gem, origin, from_carats, id limit 1000",
    NULL};
static const struct sql stone_add = {
    "stone_price_add",
    "insert into stone_price (gem, origin, quality, from_carats, per_carat) "
    "values ($1, $2, $3, $4, $5) returning id",
    NULL};
static const struct sql stone_remove = {"stone_price_remove",
                                        "delete from stone_price where id = $1", NULL};

int64_t stone_price_list(struct context *cx, struct stone_price **prices) {
    return DB_RECORDS(cx->db, &stones_all, P0, &stone_price_record, prices);
}

enum status stone_price_add(struct context *cx, struct stone_price *price) {
    if (record_check(&stone_price_record, price, cx->errors) != OK)
        return INVALID;
    if (!gem_may_be(price->gem, price->origin))
        return error_add(cx->errors, INVALID, "origin", "impossible", "%s is never sold as %s.",
                         vocabulary_label(&gems, price->gem),
                         vocabulary_label(&origins, price->origin));
    price->from_carats = or_zero(price->from_carats);
    price->id = db_insert(cx->db, &stone_add,
                          P(T(price->gem), T(price->origin), T(price->quality),
                            I(price->from_carats), I(price->per_carat)));
    audit_add(cx, "entered", "stone price", price->id,
              arena_printf(cx->arena, "%s: %s a carat", vocabulary_label(&gems, price->gem),
                           print_money(cx, price->per_carat)));
    return OK;
}

enum status stone_price_remove(struct context *cx, int64_t id) {
    if (db_run(cx->db, &stone_remove, P(I(id))) != 1)
        return error_add(cx->errors, MISSING, NULL, "unknown_price", "There is no such price.");
    audit_add(cx, "removed", "stone price", id, NULL);
    return OK;
}
