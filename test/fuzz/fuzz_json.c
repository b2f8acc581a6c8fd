/* Any bytes as a JSON body: refused with a fault, or read into a record whose JSON is valid again.
 */
#include "base/record.h"

#include <stdlib.h>
#include <string.h>

struct stone {
    int64_t carats, count, natural;
    const char *shape, *note;
};

struct order {
    int64_t id, price, size, at, stone_count;
    const char *title, *email, *phone, *due;
    struct stone *stones, *centre;
};

static const struct vocabulary shapes = {
    "shape", (const struct word[]){{"round", "Round"}, {"oval", "Oval"}, {NULL, NULL}}};

static const struct field stone_fields[] = {
    FIELD(struct stone, shape, FIELD_CODE, .words = &shapes, .flags = FIELD_REQUIRED),
    FIELD(struct stone, carats, FIELD_CARAT),
    FIELD(struct stone, count, FIELD_INT),
    FIELD(struct stone, natural, FIELD_FLAG),
    FIELD(struct stone, note, FIELD_LONG),
};
static const struct record stone_record = RECORD("Stone", struct stone, stone_fields);

static const struct field order_fields[] = {
    FIELD(struct order, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct order, title, FIELD_TEXT),
    FIELD(struct order, email, FIELD_EMAIL),
    FIELD(struct order, phone, FIELD_PHONE),
    FIELD(struct order, due, FIELD_DAY),
    FIELD(struct order, price, FIELD_MONEY),
    FIELD(struct order, size, FIELD_RING),
    FIELD(struct order, at, FIELD_INSTANT),
    FIELD_ROWS(struct order, stones, stone_count, &stone_record),
    {.name = "centre",
     .kind = FIELD_ONE,
     .offset = offsetof(struct order, centre),
     .of = &stone_record,
     .flags = FIELD_NO_COLUMN},
};
static const struct record order_record = RECORD("Order", struct order, order_fields);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *arena = arena_new();
    struct errors errors = {.arena = arena};
    json_t *json = json_parse((const char *)data, size, &errors);
    if ((json == NULL) != errors_any(&errors))
        abort();
    struct order order;
    record_clear(&order_record, &order);
    if (json != NULL && record_from_json(&order_record, &order, json, NULL, &errors) == OK) {
        struct buf out = {0};
        record_write_json(&order_record, &order, true, &out);
        json_t *again = json_parse(out.at, out.length, &errors);
        if (again == NULL || record_check(&order_record, &order, &errors) != OK)
            abort();
        json_decref(again);
        buf_free(&out);
    } else if (!errors_any(&errors)) {
        abort(); /* refused without a word */
    }
    json_decref(json);
    arena_free(arena);
    return 0;
}
