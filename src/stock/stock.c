#include "stock/stock.h"

#include "accounts/account.h"
#include "base/number.h"
#include "base/text.h"
#include "trade/alloy.h"
#include "trade/stone.h"

#include <string.h>

static const struct word kinds_[] = {
    {"metal", "Metal"}, {"stone", "Stone"}, {"finding", "Finding"}, {NULL, NULL}};
const struct vocabulary stock_kinds = {"kind of stock", kinds_};

static const struct field item_fields[] = {
    FIELD(struct stock_item, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct stock_item, kind, FIELD_CODE, .label = "Kind", .words = &stock_kinds,
          .flags = FIELD_REQUIRED),
    FIELD(struct stock_item, code, FIELD_TEXT, .label = "Code", .max = 40, .flags = FIELD_REQUIRED),
    FIELD(struct stock_item, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED),
    FIELD(struct stock_item, alloy, FIELD_CODE, .label = "Alloy", .words = &alloys),
    FIELD(struct stock_item, gem, FIELD_CODE, .label = "Gem", .words = &gems),
    FIELD(struct stock_item, shape, FIELD_CODE, .label = "Shape", .words = &shapes),
    FIELD(struct stock_item, length, FIELD_MICROMETRE, .label = "Length"),
    FIELD(struct stock_item, width, FIELD_MICROMETRE, .label = "Width"),
    FIELD(struct stock_item, quality, FIELD_TEXT, .label = "Quality", .max = 60),
    FIELD(struct stock_item, origin, FIELD_CODE, .label = "Origin", .words = &origins),
    FIELD(struct stock_item, treatment, FIELD_CODE, .label = "Treatment", .words = &treatments),
    FIELD(struct stock_item, report, FIELD_TEXT, .label = "Report number", .max = 60),
    FIELD(struct stock_item, cost, FIELD_INT, .label = "Cost", .flags = FIELD_COST,
          .max = INT64_MAX),
    FIELD(struct stock_item, on_hand, FIELD_INT, .flags = FIELD_READONLY),
    FIELD(struct stock_item, reserved, FIELD_INT, .flags = FIELD_READONLY),
    FIELD(struct stock_item, carats, FIELD_CARAT, .flags = FIELD_READONLY),
    FIELD(struct stock_item, archived_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct stock_item, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct stock_item, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct stock_item, cost_each, FIELD_MONEY,
          .flags = FIELD_READONLY | FIELD_NO_COLUMN | FIELD_COST),
};
const struct record stock_item_record = RECORD("StockItem", struct stock_item, item_fields);

static const struct field price_fields[] = {
    FIELD(struct metal_price, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct metal_price, metal, FIELD_CODE, .label = "Metal", .words = &metals,
          .flags = FIELD_REQUIRED),
    FIELD(struct metal_price, price, FIELD_MONEY, .label = "Price of a troy ounce", .min = 1,
          .max = INT64_C(1000000000000), .flags = FIELD_REQUIRED),
    FIELD(struct metal_price, markup, FIELD_PERCENT, .label = "House markup", .max = 100000),
    FIELD(struct metal_price, source, FIELD_TEXT, .label = "Source", .max = 100),
    FIELD(struct metal_price, at, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record metal_price_record = RECORD("MetalPrice", struct metal_price, price_fields);

/* ------------------------------------------------------------------ prices and rates */

static const struct sql price_newest = {
    "metal_price_newest",
    "select id, metal, price, markup, source, at from metal_price where metal = $1 "
    "order by at desc, id desc limit 1",
    NULL};
static const struct sql rate_of_craft = {"rate_of_craft",
                                         "select hourly from craft_rate where craft = $1", NULL};
static const struct sql price_of_setting = {
    "price_of_setting", "select price from setting_price where setting = $1", NULL};
static const struct sql price_of_stone = {
    "price_of_stone",
    "select per_carat from stone_price where gem = $1 and origin = $2 and from_carats <= $3 "
    "order by from_carats desc, id desc limit 1",
    NULL};
static const struct sql margin_of_kind = {"margin_of_kind",
                                          "select share from margin where kind = $1", NULL};

static int64_t or_zero(int64_t number) {
    return number == NONE ? 0 : number;
}

bool stock_metal_price(struct context *cx, const char *metal, struct metal_price *price) {
    return db_record(cx->db, &price_newest, P(T(metal)), &metal_price_record, price);
}

int64_t stock_craft_rate(struct context *cx, const char *craft) {
    return or_zero(db_int(cx->db, &rate_of_craft, P(T(craft))));
}

int64_t stock_setting_price(struct context *cx, const char *setting) {
    return or_zero(db_int(cx->db, &price_of_setting, P(T(setting))));
}

int64_t stock_stone_price(struct context *cx, const char *gem, const char *origin, int64_t carats) {
    return or_zero(db_int(cx->db, &price_of_stone, P(T(gem), T(origin), I(carats))));
}

int64_t stock_margin(struct context *cx, const char *kind) {
    return or_zero(db_int(cx->db, &margin_of_kind, P(T(kind))));
}

/* ------------------------------------------------------------------ items */

#define ITEM                                                                                       \
    "select id, kind, code, name, alloy, gem, shape, length, width, quality, origin, treatment, "  \
    "report, cost, on_hand, reserved, carats, archived_at, version, created_at from stock_item "
static const struct sql item_by_id = {"stock_item_by_id", ITEM "where id = $1", NULL};
static const struct sql item_for_metal = {
    "stock_item_for_metal",
    ITEM "where alloy = $1 and archived_at is null and on_hand - reserved >= $2 "
         "order by on_hand - reserved, id limit 1",
    NULL};
/* A size within 0.05 mm fits the same seat. The smallest parcel that suffices is taken first. */
static const struct sql item_for_stone = {
    "stock_item_for_stone",
    ITEM "where gem = $1 and shape = $2 and archived_at is null and kind = 'stone' "
         "and length between $3 - 50 and $3 + 50 and width between $4 - 50 and $4 + 50 "
         "and origin = $5 and on_hand - reserved >= $6 order by on_hand - reserved, id limit 1",
    NULL};
static const struct sql item_for_finding = {
    "stock_item_for_finding",
    ITEM "where kind = 'finding' and name = $1 and archived_at is null "
         "and on_hand - reserved >= $2 order by id limit 1",
    NULL};

/* A metal's cost is kept for a milligram with six decimals more than the money has; people speak of
 * grams. */
#define GRAM_COST (RATE_ONE / GRAM)

bool stock_cost(const char *kind, int64_t each, int64_t *cost) {
    if (!text_same(kind, "metal")) {
        *cost = each;
        return true;
    }
    return number_ratio(each, GRAM_COST, 1, cost);
}

static void reckon(struct stock_item *item) {
    item->cost_each = item->cost;
    if (text_same(item->kind, "metal"))
        number_ratio(item->cost, 1, GRAM_COST, &item->cost_each);
}

static bool one(struct context *cx, const struct sql *sql, struct params params,
                struct stock_item *item) {
    if (!db_record(cx->db, sql, params, &stock_item_record, item))
        return false;
    reckon(item);
    return true;
}

bool stock_load(struct context *cx, int64_t id, struct stock_item *item) {
    return one(cx, &item_by_id, P(I(id)), item);
}

bool stock_match(struct context *cx, const struct need *need, struct stock_item *item) {
    if (strcmp(need->kind, "metal") == 0)
        return one(cx, &item_for_metal, P(T(need->alloy), I(need->quantity)), item);
    if (strcmp(need->kind, "stone") == 0)
        return one(cx, &item_for_stone,
                   P(T(need->gem), T(need->shape), I(need->length), I(need->width), T(need->origin),
                     I(need->quantity)),
                   item);
    return one(cx, &item_for_finding, P(T(need->name), I(need->quantity)), item);
}

/* ------------------------------------------------------------------ finding */

enum { WORDS_MOST = 3 };

#define HAS(n) "and (" n " = '' or replace(found, " n ", '') <> found) "
#define LISTED                                                                                     \
    "and (cast($2 as text) is null or kind = $2) and (cast($3 as text) is null or alloy = $3) "    \
    "and (cast($4 as text) is null or gem = $4) " HAS("$5") HAS("$6")                              \
        HAS("$7") "order by code limit $8"
static const struct sql items_live = {"stock_items_live",
                                      ITEM "where code > $1 and archived_at is null " LISTED, NULL};
static const struct sql items_archived = {
    "stock_items_archived", ITEM "where code > $1 and archived_at is not null " LISTED, NULL};

int64_t stock_find(struct context *cx, const struct stock_query *query, int64_t limit,
                   struct stock_item **items) {
    const char *words[WORDS_MOST] = {"", "", ""};
    if (query->q != NULL) {
        char *rest = arena_text(cx->arena, text_fold(query->q, cx->arena));
        for (int i = 0; i < WORDS_MOST; i++) {
            const char *word = strtok_r(rest, " ", &rest);
            words[i] = word == NULL ? "" : word;
        }
    }
    int64_t count =
        DB_RECORDS(cx->db, query->archived == 1 ? &items_archived : &items_live,
                   P(T(query->after == NULL ? "" : query->after), T(query->kind), T(query->alloy),
                     T(query->gem), T(words[0]), T(words[1]), T(words[2]), I(limit)),
                   &stock_item_record, items);
    for (int64_t i = 0; i < count; i++)
        reckon(&(*items)[i]);
    return count;
}

/* ------------------------------------------------------------------ movements
 *
 * An item's figures are kept beside its movements, changed by the same transaction and only by
 * these functions: they always equal the sums. */

static const struct sql movement_insert = {
    "stock_movement_insert",
    "insert into stock_movement (item, at, staff, reason, on_hand, reserved, carats, job, note) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    NULL};
static const struct sql item_move = {
    "stock_item_move",
    "update stock_item set on_hand = on_hand + $2, reserved = reserved + $3, carats = carats + $4 "
    "where id = $1 and on_hand + $2 >= 0 and reserved + $3 >= 0 "
    "and reserved + $3 <= on_hand + $2 and carats + $4 >= 0",
    NULL};

static const struct word reasons_[] = {{"opening", "Opening stock"}, {"received", "Received"},
                                       {"returned", "Returned"},     {"counted", "Counted"},
                                       {"reserved", "Reserved"},     {"released", "Released"},
                                       {"consumed", "Used"},         {NULL, NULL}};
const struct vocabulary stock_reasons = {"reason", reasons_};

static const struct field movement_fields[] = {
    FIELD(struct stock_movement, id, FIELD_ID),
    FIELD(struct stock_movement, at, FIELD_INSTANT),
    FIELD(struct stock_movement, staff_name, FIELD_TEXT),
    FIELD(struct stock_movement, reason, FIELD_CODE, .words = &stock_reasons),
    FIELD(struct stock_movement, on_hand, FIELD_INT),
    FIELD(struct stock_movement, reserved, FIELD_INT),
    FIELD(struct stock_movement, carats, FIELD_INT),
    FIELD(struct stock_movement, job, FIELD_ID),
    FIELD(struct stock_movement, job_number, FIELD_INT),
    FIELD(struct stock_movement, note, FIELD_TEXT),
};
const struct record stock_movement_record =
    RECORD("StockMovement", struct stock_movement, movement_fields);

static const struct sql movements_of = {
    "stock_movements_of",
    "select m.id, m.at, s.name as staff_name, m.reason, m.on_hand, m.reserved, m.carats, m.job, "
    "j.number as job_number, m.note from stock_movement m left join staff s on s.id = m.staff "
    "left join job j on j.id = m.job where m.item = $1 and m.id < $2 order by m.id desc limit $3",
    NULL};

int64_t stock_movements(struct context *cx, int64_t item, int64_t before, int64_t limit,
                        struct stock_movement **movements) {
    return DB_RECORDS(cx->db, &movements_of,
                      P(I(item), I(before == NONE ? INT64_MAX : before), I(limit)),
                      &stock_movement_record, movements);
}

struct step {
    int64_t on_hand, reserved, carats, job;
    const char *reason, *note;
};

static enum status move(struct context *cx, int64_t id, const struct step *step) {
    struct stock_item item;
    if (!stock_load(cx, id, &item))
        return error_add(cx->errors, MISSING, NULL, "unknown_item", "There is no such stock item.");
    if (db_run(cx->db, &item_move,
               P(I(id), I(step->on_hand), I(step->reserved), I(step->carats))) != 1)
        return error_add(cx->errors, CONFLICT, NULL, "not_enough",
                         "There is not enough of %s (%s) free for this. Nothing was changed.",
                         item.name, item.code);
    db_run(cx->db, &movement_insert,
           P(I(id), I(cx->now), I(cx->actor->staff > 0 ? cx->actor->staff : NONE), T(step->reason),
             I(step->on_hand), I(step->reserved), I(step->carats), I(step->job), T(step->note)));
    context_tell(cx, "stock", id);
    return OK;
}

static enum status positive(struct context *cx, int64_t quantity) {
    if (quantity > 0)
        return OK;
    return error_add(cx->errors, INVALID, "quantity", "too_small", "The quantity must be above 0.");
}

enum status stock_reserve(struct context *cx, int64_t item, int64_t quantity, int64_t job) {
    if (positive(cx, quantity) != OK)
        return INVALID;
    return move(cx, item, &(struct step){.reserved = quantity, .job = job, .reason = "reserved"});
}

enum status stock_release(struct context *cx, int64_t item, int64_t quantity, int64_t job) {
    if (positive(cx, quantity) != OK)
        return INVALID;
    return move(cx, item, &(struct step){.reserved = -quantity, .job = job, .reason = "released"});
}

/* What leaves takes its share of the carats, rounded down; the last piece takes all that is left.
 */
static int64_t carats_of(const struct stock_item *item, int64_t quantity) {
    if (item->on_hand <= 0 || item->carats <= 0)
        return 0;
    return quantity >= item->on_hand ? item->carats
                                     : (int64_t)((__int128)item->carats * quantity / item->on_hand);
}

enum status stock_consume(struct context *cx, int64_t item, int64_t quantity, int64_t job) {
    struct stock_item now;
    if (positive(cx, quantity) != OK)
        return INVALID;
    if (!stock_load(cx, item, &now))
        return error_add(cx->errors, MISSING, NULL, "unknown_item", "There is no such stock item.");
    return move(cx, item,
                &(struct step){.on_hand = -quantity,
                               .reserved = -quantity,
                               .carats = -carats_of(&now, quantity),
                               .job = job,
                               .reason = "consumed"});
}

enum status stock_receive(struct context *cx, int64_t item, int64_t quantity, int64_t carats,
                          const char *reason, const char *note) {
    if (positive(cx, quantity) != OK)
        return INVALID;
    return move(cx, item,
                &(struct step){.on_hand = quantity,
                               .carats = or_zero(carats),
                               .job = NONE,
                               .reason = reason,
                               .note = note});
}

enum status stock_count(struct context *cx, int64_t item, int64_t counted, int64_t carats,
                        const char *note) {
    struct stock_item now;
    if (counted < 0)
        return error_add(cx->errors, INVALID, "quantity", "too_small",
                         "A count cannot be below 0.");
    if (!stock_load(cx, item, &now))
        return error_add(cx->errors, MISSING, NULL, "unknown_item", "There is no such stock item.");
    return move(cx, item,
                &(struct step){.on_hand = counted - now.on_hand,
                               .carats = carats == NONE ? 0 : carats - now.carats,
                               .job = NONE,
                               .reason = "counted",
                               .note = note});
}

/* ------------------------------------------------------------------ saving */

static const struct sql item_insert = {
    "stock_item_insert",
    "insert into stock_item (kind, code, name, alloy, gem, shape, length, width, quality, origin, "
    "treatment, report, cost, found, created_at) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning id",
    NULL};
static const struct sql item_update = {
    "stock_item_update",
    "update stock_item set kind = $1, code = $2, name = $3, alloy = $4, gem = $5, shape = $6, "
    "length = $7, width = $8, quality = $9, origin = $10, treatment = $11, report = $12, "
    "cost = $13, found = $14, version = version + 1 where id = $15 and version = $16",
    NULL};
static const struct sql item_by_code = {"stock_item_by_code",
                                        "select id from stock_item where code = $1", NULL};

/* What a kind needs to be found again when a job asks for it. */
static void check_kind(struct context *cx, struct stock_item *item) {
    bool metal = strcmp(item->kind, "metal") == 0, stone = strcmp(item->kind, "stone") == 0;
    if (metal && item->alloy == NULL)
        error_add(cx->errors, INVALID, "alloy", "required", "Say which alloy this metal is.");
    if (!metal)
        item->alloy = NULL;
    const struct {
        const char *field, *what;
        bool there;
    } needed[] = {{"gem", "which gem this is", item->gem != NULL},
                  {"shape", "the shape of the stone", item->shape != NULL},
                  {"length", "the length of the stone", item->length != NONE},
                  {"origin", "whether the stone is natural, laboratory-grown or a simulant",
                   item->origin != NULL}};
    for (size_t i = 0; stone && i < sizeof needed / sizeof needed[0]; i++)
        if (!needed[i].there)
            error_add(cx->errors, INVALID, needed[i].field, "required", "Say %s.", needed[i].what);
    if (stone && item->width == NONE)
        item->width = item->length;
    if (stone && item->gem != NULL && item->origin != NULL && !gem_may_be(item->gem, item->origin))
        error_add(cx->errors, INVALID, "origin", "impossible", "%s is never sold as %s.",
                  vocabulary_label(&gems, item->gem), vocabulary_label(&origins, item->origin));
}

/* What an item is found by: code, name, and what it is in words. */
static const char *found_words(struct context *cx, const struct stock_item *item) {
    const char *all = arena_printf(
        cx->arena, "%s %s %s %s %s %s %s", item->code, item->name,
        item->alloy == NULL ? "" : vocabulary_label(&alloys, item->alloy),
        item->gem == NULL ? "" : vocabulary_label(&gems, item->gem),
        item->shape == NULL ? "" : vocabulary_label(&shapes, item->shape),
        item->quality == NULL ? "" : item->quality, item->report == NULL ? "" : item->report);
    return text_fold(all, cx->arena);
}

enum status stock_save(struct context *cx, struct stock_item *item) {
    if (record_check(&stock_item_record, item, cx->errors) != OK)
        return INVALID;
    check_kind(cx, item);
    int64_t same = db_int(cx->db, &item_by_code, P(T(item->code)));
    bool is_new = item->id == NONE || item->id == 0;
    if (same != NONE && (is_new || same != item->id))
        error_add(cx->errors, INVALID, "code", "taken", "Another item has the code %s.",
                  item->code);
    if (errors_any(cx->errors))
        return INVALID;
    const struct param values[] = {T(item->kind),
                                   T(item->code),
                                   T(item->name),
                                   T(item->alloy),
                                   T(item->gem),
                                   T(item->shape),
                                   I(item->length),
                                   I(item->width),
                                   T(item->quality),
                                   T(item->origin),
                                   T(item->treatment),
                                   T(item->report),
                                   I(or_zero(item->cost)),
                                   T(found_words(cx, item)),
                                   I(is_new ? cx->now : item->id),
                                   I(item->version)};
    struct stock_item before;
    bool known = !is_new && stock_load(cx, item->id, &before);
    if (is_new)
        item->id = db_insert(cx->db, &item_insert, (struct params){values, 15});
    else if (db_run(cx->db, &item_update, (struct params){values, 16}) == 0)
        return error_add(cx->errors, CONFLICT, NULL, "changed",
                         "%s was changed by somebody else meanwhile. Nothing was saved: look at "
                         "the new version and enter your change again.",
                         item->name);
    if (known)
        audit_edit(cx, "edited", "stock", item->id, &stock_item_record, &before, item);
    else
        audit_add(cx, "made", "stock", item->id, item->code);
    context_tell(cx, "stock", item->id);
    return OK;
}

static const struct sql item_set_archived = {
    "stock_item_set_archived",
    "update stock_item set archived_at = $2, version = version + 1 where id = $1", NULL};

enum status stock_archive(struct context *cx, int64_t id, bool archived) {
    struct stock_item item;
    if (!stock_load(cx, id, &item))
        return error_add(cx->errors, MISSING, NULL, "unknown_item", "There is no such stock item.");
    if (archived && item.reserved > 0)
        return error_add(cx->errors, CONFLICT, NULL, "reserved",
                         "Some of %s is reserved for jobs. Release it there first.", item.name);
    db_run(cx->db, &item_set_archived, P(I(id), I(archived ? cx->now : NONE)));
    audit_add(cx, archived ? "archived" : "restored", "stock", id, item.code);
    context_tell(cx, "stock", id);
    return OK;
}
