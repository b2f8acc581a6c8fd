/* Records: a struct's fields, said once.
 *
 * One description serves reading rows, binding parameters, JSON in and out, checking forms with an
 * error per field, CSV and the OpenAPI document. A field is added in one place and a migration.
 *
 * In a described struct every number, flag, amount, weight, instant and id is an `int64_t`, and every
 * text, code and day (`YYYY-MM-DD`) a `const char *`. What is absent is NONE, or NULL. A list is a
 * pointer and an `int64_t` count beside it.
 *
 *     struct stone { int64_t id, carats; const char *shape, *note; };
 *
 *     static const struct field stone_fields[] = {
 *         FIELD(struct stone, id, FIELD_ID, .flags = FIELD_READONLY),
 *         FIELD(struct stone, shape, FIELD_CODE, .words = &stone_shapes, .flags = FIELD_REQUIRED),
 *         FIELD(struct stone, carats, FIELD_CARAT, .label = "Carats", .max = 100 * CARAT),
 *         FIELD(struct stone, note, FIELD_LONG, .label = "Note", .max = 2000),
 *     };
 *     const struct record stone_record = RECORD("Stone", struct stone, stone_fields);
 */
#pragma once

#include "base/buf.h"
#include "base/errors.h"
#include "base/locale.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define NONE INT64_MIN /* a number that is absent */

enum field_kind {
    FIELD_ID,       /* the id of another thing, positive */
    FIELD_TEXT,     /* one line; white space at the ends is dropped, control characters refused */
    FIELD_LONG,     /* several lines; line ends become \n */
    FIELD_EMAIL,    /* one address; checked for form, kept as written */
    FIELD_PHONE,    /* as written; must hold 5 to 15 digits */
    FIELD_CODE,     /* one of a vocabulary's codes */
    FIELD_FLAG,     /* 0 or 1; a form's absent checkbox is 0 */
    FIELD_INT,      /* a plain whole number */
    FIELD_MONEY,    /* minor units of the shop's currency; forms "1,234.50", JSON 123450 */
    FIELD_RATE,     /* money per unit, six decimals more than the money; forms "98.14", JSON whole */
    FIELD_PERCENT,  /* basis points; forms "20" or "17.5", JSON 2000 */
    FIELD_MILLIGRAM,/* forms grams "4.6", JSON 4600 */
    FIELD_CARAT,    /* hundred-thousandths of a carat; forms "1.25", JSON 125000 */
    FIELD_MICROMETRE,/* forms millimetres "6.5", JSON 6500 */
    FIELD_RING,     /* ring size, micrometres of inner circumference; forms "M 1/2", "US 7", "54.4" */
    FIELD_MINUTES,  /* forms "90", "1:30" or "1 h 30", JSON 90 */
    FIELD_DAY,      /* `YYYY-MM-DD`, a real day of the calendar */
    FIELD_INSTANT,  /* UTC milliseconds; forms local "YYYY-MM-DDTHH:MM", JSON RFC 3339 text */
    FIELD_LIST,     /* rows of another record: `of`, and `count_offset` beside the pointer */
    FIELD_ONE,      /* a pointer to another record's struct, or NULL */
};

enum {
    FIELD_REQUIRED = 1 << 0,
    FIELD_READONLY = 1 << 1, /* shown, never taken from a form or JSON body */
    FIELD_SECRET = 1 << 2,   /* taken, never shown: passwords, tokens */
    FIELD_INTERNAL = 1 << 3, /* neither taken nor shown: only rows and parameters */
    FIELD_NO_COLUMN = 1 << 4, /* not part of its table: skipped by rows and parameters */
    FIELD_COST = 1 << 5,     /* shown only to who may see costs */
};

/* A closed set of codes and what people call them. */
struct word {
    const char *code, *label;
};
struct vocabulary {
    const char *name;        /* as errors call it: "stage" */
    const struct word *words; /* ends with a NULL code */
};
const char *vocabulary_label(const struct vocabulary *words, const char *code); /* or the code */
/* The label in a language, the vocabulary's name being the context. NULL: NULL. */
const char *vocabulary_say(const struct vocabulary *words, const struct language *language,
                           const char *code);
bool vocabulary_has(const struct vocabulary *words, const char *code);

struct record;

struct field {
    const char *name; /* as the column, the JSON member and the form's input are called */
    const char *label; /* as people call it, for forms, CSV heads and errors; NULL: from the name */
    enum field_kind kind;
    unsigned flags;
    size_t offset;
    int64_t min, max; /* numbers: range, in the stored unit; texts: length in characters.
                         Both 0: the kind's own bounds (texts 200, long texts 10,000; money,
                         weights, sizes, rates, minutes and percents not negative) */
    const struct vocabulary *words;
    const struct record *of;
    size_t count_offset; /* FIELD_LIST: offset of its int64_t count */
};

struct record {
    const char *name; /* as the OpenAPI schema is called: "Customer" */
    size_t size;
    const struct field *fields;
    size_t count;
    const struct record *base; /* answers only: its struct stands first in this one, and its fields
                                  are written before the own */
};

#define FIELD(type, member, kind_, ...)                                                            \
    { .name = #member, .kind = (kind_), .offset = offsetof(type, member), __VA_ARGS__ }
#define FIELD_ROWS(type, member, count_member, record_, ...)                                       \
    { .name = #member, .kind = FIELD_LIST, .offset = offsetof(type, member), .of = (record_),      \
      .count_offset = offsetof(type, count_member), .flags = FIELD_NO_COLUMN, __VA_ARGS__ }
#define RECORD(name_, type, fields_)                                                               \
    { .name = (name_), .size = sizeof(type), .fields = (fields_),                                  \
      .count = sizeof(fields_) / sizeof(fields_)[0] }
#define RECORD_ON(base_, name_, type, fields_)                                                     \
    { .name = (name_), .size = sizeof(type), .fields = (fields_),                                  \
      .count = sizeof(fields_) / sizeof(fields_)[0], .base = (base_) }

const struct field *record_field(const struct record *record, const char *name);
const char *field_label(const struct field *field, struct arena *arena); /* "Ring size" */
int64_t *field_number(const struct field *field, void *item);      /* of a number field */
const char **field_text(const struct field *field, void *item);    /* of a text field */
bool field_is_text(enum field_kind kind);
void record_clear(const struct record *record, void *item); /* every field absent; flags 0 */

/* One value as people type it, into `item`. An empty text is absent. Adds a fault and returns
 * INVALID when it does not fit the field; `item` then keeps what it had.
 *
 * The codes of the faults: required, too_long, too_short, bad_text, not_a_number, too_small, too_large,
 * not_a_flag, not_a_day, not_an_instant, not_an_email, not_a_phone, not_a_ring_size, not_minutes,
 * unknown_<vocabulary>, too_many, wrong_type, unknown_field, read_only. */
enum status field_parse(const struct field *field, void *item, const char *text,
                        const struct locale *locale, struct errors *errors);
/* The value as the same form shows it again; "" when absent. */
const char *field_print(const struct field *field, const void *item, const struct locale *locale,
                        struct arena *arena);

/* A form's or a query's named values: NAME by NAME through `get` (NULL: not sent). Lists are sent as
 * "stones.0.shape", "stones.1.shape"; rows that are wholly empty are dropped. Checks every field and
 * adds a fault for each that fails: a form shows all its errors at once.
 *
 * A field that was not sent keeps what the item has, so start from record_clear() or from the row
 * that is edited; a flag that was not sent is 0. A list is replaced when a row of it, or its bare name
 * ("stones", any value), was sent; numbers may be missing among the rows where a page removed some. */
typedef const char *(*record_get)(const void *form, const char *name);
enum status record_from_form(const struct record *record, void *item, record_get get,
                             const void *form, const struct locale *locale, struct errors *errors);
/* A JSON object. Unknown members, wrong types and read-only members are faults. Numbers are whole, in
 * the stored unit. record_from_json() reads a whole thing: what it does not say is absent.
 * record_patch_json() writes only members that are present, so a PATCH is: load the row, then patch;
 * lists are replaced, a FIELD_ONE is patched itself. Fields that may not be sent keep what they had. */
enum status record_from_json(const struct record *record, void *item, const json_t *object,
                             const struct locale *locale, struct errors *errors);
enum status record_patch_json(const struct record *record, void *item, const json_t *object,
                              const struct locale *locale, struct errors *errors);
/* Strict parsing of a request's body: duplicate keys, bad UTF-8, NULs, trailing bytes, more than
 * JSON_LEVELS or JSON_BYTES are BAD_REQUEST with the place told (NULL). The caller json_decref()s. */
#define JSON_LEVELS 32
#define JSON_BYTES (1024 * 1024)
json_t *json_parse(const char *text, size_t length, struct errors *errors);

/* Checks what must hold of an item that did not come through a form: required fields and ranges. */
enum status record_check(const struct record *record, const void *item, struct errors *errors);

/* The item as a JSON object, streamed; `may_see_cost` 0 leaves FIELD_COST fields out. */
void record_write_json(const struct record *record, const void *item, bool may_see_cost,
                       struct buf *out);
void json_write_text(struct buf *out, const char *text); /* quoted and escaped; NULL: null */
/* One cell of CSV, quoted where it must be. A spreadsheet would run a text that begins like a formula:
 * `guarded` ones get a leading apostrophe. Numbers are ours, and may begin with a minus. */
void csv_write_cell(struct buf *out, const char *text, bool guarded);
/* CSV (RFC 4180, CRLF, a BOM is the caller's): texts that a spreadsheet would run get a leading
 * apostrophe. Codes are given by their labels; lists, secrets and costs are left out. */
void record_write_csv_head(const struct record *record, struct buf *out);
void record_write_csv(const struct record *record, const void *item, const struct locale *locale,
                      struct arena *arena, struct buf *out);
/* The schema as an OpenAPI 3.1 (JSON Schema 2020-12) object. `input`: what may be sent. Records in it
 * are referred to as "#/components/schemas/Stone", in an input as "#/components/schemas/StoneInput". */
void record_write_schema(const struct record *record, bool input, struct buf *out);
