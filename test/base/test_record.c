#include "base/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* A record with every kind of field. */
struct stone {
    int64_t id, carats, count, natural;
    const char *shape, *note;
};

struct address {
    const char *street, *town;
};

struct order {
    int64_t id, customer, secret_cost, price, rate, margin, weight, width, size, minutes, gift,
        pieces, at, stone_count, hidden;
    const char *title, *notes, *email, *phone, *stage, *due, *password;
    struct stone *stones;
    struct address *address;
};

static const struct vocabulary shapes = {
    "shape", (const struct word[]){{"round", "Round"}, {"oval", "Oval"}, {NULL, NULL}}};
static const struct vocabulary stages = {
    "job stage", (const struct word[]){{"cad", "CAD"}, {"approval", "Approval"}, {NULL, NULL}}};

static const struct field stone_fields[] = {
    FIELD(struct stone, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct stone, shape, FIELD_CODE, .words = &shapes, .flags = FIELD_REQUIRED),
    FIELD(struct stone, carats, FIELD_CARAT, .max = 100 * INT64_C(100000)),
    FIELD(struct stone, count, FIELD_INT, .min = 1, .max = 1000),
    FIELD(struct stone, natural, FIELD_FLAG),
    FIELD(struct stone, note, FIELD_LONG, .max = 50),
};
static const struct record stone_record = RECORD("Stone", struct stone, stone_fields);

static const struct field address_fields[] = {
    FIELD(struct address, street, FIELD_TEXT, .flags = FIELD_REQUIRED),
    FIELD(struct address, town, FIELD_TEXT),
};
static const struct record address_record = RECORD("Address", struct address, address_fields);

static const struct field order_fields[] = {
    FIELD(struct order, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct order, title, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 20),
    FIELD(struct order, notes, FIELD_LONG),
    FIELD(struct order, email, FIELD_EMAIL),
    FIELD(struct order, phone, FIELD_PHONE),
    FIELD(struct order, stage, FIELD_CODE, .words = &stages),
    FIELD(struct order, due, FIELD_DAY, .label = "Promised day"),
    FIELD(struct order, customer, FIELD_ID),
    FIELD(struct order, price, FIELD_MONEY),
    FIELD(struct order, rate, FIELD_RATE),
    FIELD(struct order, margin, FIELD_PERCENT, .min = -5000, .max = 30000),
    FIELD(struct order, weight, FIELD_MILLIGRAM),
    FIELD(struct order, width, FIELD_MICROMETRE),
    FIELD(struct order, size, FIELD_RING, .label = "Ring size"),
    FIELD(struct order, minutes, FIELD_MINUTES),
    FIELD(struct order, gift, FIELD_FLAG),
    FIELD(struct order, pieces, FIELD_INT),
    FIELD(struct order, at, FIELD_INSTANT),
    FIELD(struct order, password, FIELD_TEXT, .flags = FIELD_SECRET, .min = 8),
    FIELD(struct order, secret_cost, FIELD_MONEY, .flags = FIELD_COST),
    FIELD(struct order, hidden, FIELD_INT, .flags = FIELD_INTERNAL),
    FIELD_ROWS(struct order, stones, stone_count, &stone_record),
    {.name = "address",
     .kind = FIELD_ONE,
     .offset = offsetof(struct order, address),
     .of = &address_record,
     .flags = FIELD_NO_COLUMN},
};
static const struct record order_record = RECORD("Order", struct order, order_fields);

static struct arena *arena;
static struct errors errors;
static struct order order;
static struct locale locale;

static int start(void **state) {
    arena = arena_new();
    errors = (struct errors){.arena = arena};
    locale = locale_make(currency_find("GBP"), zone_find("Europe/London"), "GB", "en-GB");
    record_clear(&order_record, &order);
    return 0;
}

static int stop(void **state) {
    arena_free(arena);
    return 0;
}

/* One field from what somebody typed. */
static enum status typed(const char *name, const char *text) {
    errors_clear(&errors);
    return field_parse(record_field(&order_record, name), &order, text, &locale, &errors);
}

static const char *shown(const char *name) {
    return field_print(record_field(&order_record, name), &order, &locale, arena);
}

/* The code of the first fault there, or "". */
static const char *code_at(const char *field) {
    const struct fault *fault = error_at(&errors, field);
    return fault != NULL ? fault->code : "";
}

static const char *sentence_at(const char *field) {
    const struct fault *fault = error_at(&errors, field);
    return fault != NULL ? fault->sentence : "";
}

static void refused(const char *name, const char *text, const char *code) {
    if (typed(name, text) != INVALID)
        fail_msg("%s took “%s”", name, text);
    assert_string_equal(code_at(name), code);
    size_t length = strlen(sentence_at(name));
    assert_true(length > 10 && sentence_at(name)[length - 1] == '.');
}

static void a_cleared_record_has_nothing(void **state) {
    assert_true(order.price == NONE && order.id == NONE && order.at == NONE);
    assert_int_equal(order.gift, 0);
    assert_null(order.title);
    assert_null(order.stones);
    assert_null(order.address);
    assert_int_equal(order.stone_count, 0);
    for (size_t i = 0; i < order_record.count; i++)
        assert_string_equal(field_print(&order_fields[i], &order, &locale, arena), "");
    assert_null(record_field(&order_record, "nothing"));
    assert_string_equal(field_label(record_field(&order_record, "secret_cost"), arena),
                        "Secret cost");
    assert_string_equal(field_label(record_field(&order_record, "due"), arena), "Promised day");
}

static void numbers_are_typed_in_peoples_units(void **state) {
    static const struct {
        const char *name, *text;
        int64_t number;
        const char *shown;
    } cases[] = {
        {"price", "£1,234.50", 123450, "1234.50"},
        {"rate", "98.14", INT64_C(9814000000), "98.14"},
        {"rate", "0.00012345", INT64_C(12345), "0.00012345"},
        {"margin", "20", 2000, "20"},
        {"margin", "17.5 %", 1750, "17.5"},
        {"margin", "-5%", -500, "-5"},
        {"weight", "4.6", 4600, "4.6"},
        {"weight", "4.625 g", 4625, "4.625"},
        {"width", "6.5mm", 6500, "6.5"},
        {"size", "N 1/2", 54675, "N½"},
        {"size", "54.4", 54400, "EU 54.4"},
        {"minutes", "90", 90, "1:30"},
        {"minutes", "45 min", 45, "45"},
        {"minutes", "1:30", 90, "1:30"},
        {"minutes", "1 h 30", 90, "1:30"},
        {"minutes", "1h30min", 90, "1:30"},
        {"minutes", "2 h", 120, "2:00"},
        {"minutes", "1.5h", 90, "1:30"},
        {"minutes", "40:00", 2400, "40:00"},
        {"gift", "on", 1, "1"},
        {"gift", "0", 0, ""},
        {"pieces", "-1,234", -1234, "-1234"},
        {"customer", "12", 12, "12"},
        {"at", "2026-07-01T10:41", INT64_C(1782898860000), "2026-07-01T10:41"},
        {"at", "2026-07-01T09:41:00Z", INT64_C(1782898860000), "2026-07-01T10:41"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (typed(cases[i].name, cases[i].text) != OK)
            fail_msg("%s refused “%s”: %s", cases[i].name, cases[i].text, errors.first->sentence);
        const struct field *field = record_field(&order_record, cases[i].name);
        assert_true(*field_number(field, &order) == cases[i].number);
        assert_string_equal(shown(cases[i].name), cases[i].shown);
        /* What the form shows again means the same again. */
        assert_int_equal(typed(cases[i].name, shown(cases[i].name)), OK);
        assert_true(*field_number(field, &order) == cases[i].number);
    }
}

static void an_empty_text_is_absent(void **state) {
    order.price = 5;
    order.notes = "old";
    assert_int_equal(typed("price", "  "), OK);
    assert_true(order.price == NONE);
    assert_int_equal(typed("notes", "\r\n \r\n"), OK);
    assert_null(order.notes);
    refused("title", " ", "required");
    assert_string_equal(sentence_at("title"), "Title is needed.");
}

static void what_does_not_fit_is_told_and_changes_nothing(void **state) {
    order.price = 5;
    refused("price", "-3", "too_small");
    assert_string_equal(sentence_at("price"), "Price cannot be negative.");
    refused("price", "1.234", "not_a_number");
    assert_string_equal(sentence_at("price"), "Price must be an amount in GBP, like 1234.50.");
    refused("price", "99999999999999", "too_large");
    refused("price", "lots", "not_a_number");
    assert_int_equal(order.price, 5);
    refused("margin", "300.01", "too_large");
    assert_string_equal(sentence_at("margin"), "Margin must be at most 300%.");
    refused("margin", "-50.01", "too_small");
    refused("weight", "4.6255", "not_a_number");
    refused("size", "QQ", "not_a_ring_size");
    refused("minutes", "1:60", "not_minutes");
    refused("minutes", "1:5", "not_minutes");
    refused("minutes", "soon", "not_minutes");
    refused("minutes", "99999999999999999999", "not_minutes");
    refused("gift", "maybe", "not_a_flag");
    refused("customer", "0", "too_small");
    refused("customer", "-4", "too_small");
    refused("customer", "9223372036854775808", "not_a_number");
    refused("pieces", "1.5", "not_a_number");
    refused("pieces", "-9223372036854775808", "not_a_number");
    refused("at", "yesterday", "not_an_instant");
    refused("due", "2026-02-30", "not_a_day");
    refused("stones", "x", "wrong_type");
}

static void texts_are_tidied_and_checked(void **state) {
    assert_int_equal(typed("title", "  Oval halo \t"), OK);
    assert_string_equal(order.title, "Oval halo");
    refused("title", "two\nlines", "bad_text");
    refused("title", "bell\x07", "bad_text");
    refused("title", "next\xc2\x85line", "bad_text");
    refused("title", "bad \xff byte", "bad_text");
    refused("title", "abcdefghijklmnopqrstu", "too_long");
    assert_string_equal(sentence_at("title"), "Title has 21 characters: use at most 20.");
    assert_int_equal(typed("title", "éééééééééééééééééééé"), OK); /* characters, not bytes */
    refused("password", "short", "too_short");
    assert_int_equal(typed("notes", "\n\r\nfirst\r\nsecond\rthird\n\n  indented\n\n"), OK);
    assert_string_equal(order.notes, "first\nsecond\nthird\n\n  indented");
    refused("notes", "esc\x1b[0m", "bad_text");
    assert_int_equal(typed("due", "2026-11-24"), OK);
}

static void a_code_must_be_of_the_vocabulary(void **state) {
    assert_int_equal(typed("stage", "cad"), OK);
    refused("stage", "CAD", "unknown_job_stage");
    assert_string_equal(sentence_at("stage"),
                        "There is no job stage “CAD”. Use one of: cad, approval.");
    assert_string_equal(vocabulary_label(&stages, "cad"), "CAD");
    assert_string_equal(vocabulary_label(&stages, "other"), "other");
    assert_false(vocabulary_has(&stages, NULL));
}

static void addresses_and_numbers_are_checked_for_form(void **state) {
    static const char *const good[] = {"a@b.co", "eleanor.w+ring@mail.example.com",
                                       "o'brien@example.ie", "jörg@bücher.example"};
    static const char *const bad[] = {
        "a",
        "a@b",
        "@b.co",
        "a@",
        "a b@c.co",
        "a@b@c.co",
        "a@b..co",
        ".a@b.co",
        "a.@b.co",
        "a@.co",
        "a@b.co.",
        "<a@b.co>",
        "a@b.co,c@d.co",
        "a@-b.co",
        "a@b-.co",
        "a@b_c.co",
        "A <a@b.co>",
        "a@b.co\nbcc: x@y.z",
        "a\u00a0b@c.co",
        "a..b@c.co",
        "a@b c.co",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (typed("email", good[i]) != OK)
            fail_msg("“%s” was refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (typed("email", bad[i]) != INVALID)
            fail_msg("“%s” was taken", bad[i]);
    assert_int_equal(typed("phone", "+44 (0)7700 900214 ext. 3"), OK);
    assert_string_equal(order.phone, "+44 (0)7700 900214 ext. 3");
    refused("phone", "1234", "not_a_phone");
    refused("phone", "1234567890123456", "not_a_phone");
}

/* --- Forms: "name=value" lines ------------------------------------------------------------ */

static const char *line_get(const void *form, const char *name) {
    static char value[400];
    size_t length = strlen(name);
    for (const char *line = form; line != NULL && *line != '\0';
         line = strchr(line, '\n'), line = line != NULL ? line + 1 : NULL)
        if (strncmp(line, name, length) == 0 && line[length] == '=') {
            snprintf(value, sizeof value, "%.*s", (int)strcspn(line + length + 1, "\n"),
                     line + length + 1);
            return value;
        }
    return NULL;
}

static enum status form(const char *lines) {
    errors_clear(&errors);
    return record_from_form(&order_record, &order, line_get, lines, &locale, &errors);
}

static void a_form_fills_a_record(void **state) {
    order.id = 7;
    order.hidden = 9;
    order.notes = "kept";
    order.gift = 1;
    assert_int_equal(
        form("id=99\nhidden=5\ntitle=Halo\nprice=12\nstones.0.shape=oval\n"
             "stones.0.carats=1.25\nstones.0.natural=on\naddress.street=High Street 1\n"),
        OK);
    assert_int_equal(order.id, 7);     /* read-only */
    assert_int_equal(order.hidden, 9); /* internal */
    assert_int_equal(order.gift, 0);   /* an unchecked box */
    assert_string_equal(order.notes, "kept");
    assert_string_equal(order.title, "Halo");
    assert_int_equal(order.price, 1200);
    assert_int_equal(order.stone_count, 1);
    assert_int_equal(order.stones[0].carats, 125000);
    assert_int_equal(order.stones[0].natural, 1);
    assert_true(order.stones[0].id == NONE && order.stones[0].count == NONE);
    assert_string_equal(order.address->street, "High Street 1");
    assert_null(order.address->town);
}

static void a_form_tells_all_its_errors_at_once(void **state) {
    assert_int_equal(form("price=x\nemail=x\nstones.0.shape=oval\nstones.2.shape=square\n"
                          "stones.2.carats=-1\naddress.town=York\n"),
                     INVALID);
    assert_int_equal(errors.status, INVALID);
    assert_string_equal(code_at("title"), "required");
    assert_string_equal(code_at("price"), "not_a_number");
    assert_string_equal(code_at("email"), "not_an_email");
    assert_string_equal(code_at("stones.2.shape"), "unknown_shape");
    assert_string_equal(code_at("stones.2.carats"), "too_small");
    assert_string_equal(code_at("address.street"), "required");
    assert_null(error_at(&errors, "stones.0.shape"));
}

static void rows_that_are_wholly_empty_are_dropped(void **state) {
    assert_int_equal(form("title=A\nstones.0.shape=\nstones.0.carats= \nstones.3.shape=oval\n"
                          "stones.30.shape=round\nstones.31.note=\n"),
                     OK);
    assert_int_equal(order.stone_count, 2);
    assert_string_equal(order.stones[1].shape, "round");
    /* Nothing of the list was sent: it stays. */
    assert_int_equal(form("title=A\n"), OK);
    assert_int_equal(order.stone_count, 2);
    /* Its bare name alone: all rows were removed. */
    assert_int_equal(form("title=A\nstones=\n"), OK);
    assert_int_equal(order.stone_count, 0);
    assert_int_equal(form("title=A\naddress.street=x\n"), OK);
    assert_non_null(order.address);
    assert_int_equal(form("title=A\naddress.street=\naddress.town=\n"), OK);
    assert_null(order.address);
}

static void a_required_field_stays_filled_when_it_is_not_sent(void **state) {
    order.title = "Halo";
    assert_int_equal(form("price=5\n"), OK);
    assert_int_equal(form("title=\n"), INVALID);
    assert_string_equal(code_at("title"), "required");
}

static void an_item_is_checked_without_a_form(void **state) {
    errors_clear(&errors);
    assert_int_equal(record_check(&order_record, &order, &errors), INVALID);
    assert_string_equal(code_at("title"), "required");
    struct stone stones[2];
    record_clear(&stone_record, &stones[0]);
    record_clear(&stone_record, &stones[1]);
    stones[0].shape = "oval";
    stones[1].shape = "square";
    stones[1].count = 0;
    order.title = "Halo";
    order.price = -1;
    order.due = "2026-02-30";
    order.notes = "\xff";
    order.stones = stones;
    order.stone_count = 2;
    errors_clear(&errors);
    assert_int_equal(record_check(&order_record, &order, &errors), INVALID);
    assert_string_equal(code_at("price"), "too_small");
    assert_string_equal(code_at("due"), "not_a_day");
    assert_string_equal(code_at("notes"), "bad_text");
    assert_string_equal(code_at("stones.1.shape"), "unknown_shape");
    assert_string_equal(code_at("stones.1.count"), "too_small");
    order.price = NONE;
    order.due = order.notes = NULL;
    order.stone_count = 1;
    errors_clear(&errors);
    assert_int_equal(record_check(&order_record, &order, &errors), OK);
}

static void money_follows_the_shops_currency(void **state) {
    locale.currency = currency_find("JPY");
    assert_int_equal(typed("price", "¥120,000"), OK);
    assert_int_equal(order.price, 120000);
    assert_string_equal(shown("price"), "120000");
    refused("price", "1.5", "not_a_number");
    assert_int_equal(typed("rate", "9,814.25"), OK);
    assert_true(order.rate == INT64_C(9814250000));
    assert_string_equal(shown("rate"), "9814.25");
    locale.currency = currency_find("KWD");
    assert_int_equal(typed("price", "1.234"), OK);
    assert_int_equal(order.price, 1234);
    assert_int_equal(typed("rate", "98.14"), OK);
    assert_string_equal(shown("rate"), "98.140");
}

static void csv_cannot_be_run_by_a_spreadsheet(void **state) {
    order.id = 3;
    order.title = "=SUM(A1), \"x\"";
    order.notes = "two\nlines";
    order.phone = "+44 20";
    order.stage = "approval";
    order.price = -500;
    order.secret_cost = 77;
    order.password = "hidden one";
    order.gift = 1;
    struct buf out = {0};
    record_write_csv_head(&order_record, &out);
    record_write_csv(&order_record, &order, &locale, arena, &out);
    assert_string_equal(
        out.at,
        "Id,Title,Notes,Email,Phone,Stage,Promised day,Customer,Price,Rate,Margin,Weight,Width,"
        "Ring size,Minutes,Gift,Pieces,At\r\n"
        "3,\"'=SUM(A1), \"\"x\"\"\",\"two\nlines\",,'+44 20,Approval,,,-5.00,,,,,,,1,,\r\n");
    buf_free(&out);
}

static void a_hostile_form_is_told_a_hundred_faults_at_most(void **state) {
    struct buf lines = {0};
    for (int i = 0; i < 300; i++)
        buf_printf(&lines, "stones.%d.carats=x\n", i);
    assert_int_equal(form(lines.at), INVALID);
    int count = 0;
    for (const struct fault *fault = errors.first; fault != NULL; fault = fault->next)
        count++;
    assert_int_equal(count, 100);
    buf_free(&lines);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_cleared_record_has_nothing),
        TEST(numbers_are_typed_in_peoples_units),
        TEST(an_empty_text_is_absent),
        TEST(what_does_not_fit_is_told_and_changes_nothing),
        TEST(texts_are_tidied_and_checked),
        TEST(a_code_must_be_of_the_vocabulary),
        TEST(addresses_and_numbers_are_checked_for_form),
        TEST(a_form_fills_a_record),
        TEST(a_form_tells_all_its_errors_at_once),
        TEST(rows_that_are_wholly_empty_are_dropped),
        TEST(a_required_field_stays_filled_when_it_is_not_sent),
        TEST(an_item_is_checked_without_a_form),
        TEST(money_follows_the_shops_currency),
        TEST(csv_cannot_be_run_by_a_spreadsheet),
        TEST(a_hostile_form_is_told_a_hundred_faults_at_most),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
