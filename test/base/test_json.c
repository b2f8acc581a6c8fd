#include "base/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
    int64_t id, carats, cost;
    const char *shape;
};

struct job {
    int64_t id, price, gift, at, line_count, hidden, pieces;
    const char *title, *notes, *due, *password;
    struct line *lines;
    struct line *main_line;
};

static const struct vocabulary shapes = {
    "shape", (const struct word[]){{"round", "Round"}, {"oval", "Oval"}, {NULL, NULL}}};

static const struct field line_fields[] = {
    FIELD(struct line, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct line, shape, FIELD_CODE, .words = &shapes, .flags = FIELD_REQUIRED),
    FIELD(struct line, carats, FIELD_CARAT, .label = "Carats", .max = 100 * INT64_C(100000)),
    FIELD(struct line, cost, FIELD_MONEY, .flags = FIELD_COST),
};
static const struct record line_record = RECORD("Line", struct line, line_fields);

static const struct field job_fields[] = {
    FIELD(struct job, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct job, title, FIELD_TEXT, .flags = FIELD_REQUIRED),
    FIELD(struct job, notes, FIELD_LONG),
    FIELD(struct job, due, FIELD_DAY),
    FIELD(struct job, price, FIELD_MONEY),
    FIELD(struct job, pieces, FIELD_INT),
    FIELD(struct job, gift, FIELD_FLAG),
    FIELD(struct job, at, FIELD_INSTANT),
    FIELD(struct job, password, FIELD_TEXT, .flags = FIELD_SECRET),
    FIELD(struct job, hidden, FIELD_INT, .flags = FIELD_INTERNAL),
    FIELD_ROWS(struct job, lines, line_count, &line_record),
    {.name = "main_line",
     .kind = FIELD_ONE,
     .offset = offsetof(struct job, main_line),
     .of = &line_record,
     .flags = FIELD_NO_COLUMN},
};
static const struct record job_record = RECORD("Job", struct job, job_fields);

static struct arena *arena;
static struct errors errors;
static struct job job;
static struct locale locale;
static struct buf out;

static int start(void **state) {
    arena = arena_new();
    errors = (struct errors){.arena = arena};
    locale = locale_make(currency_find("GBP"), zone_find("Europe/London"), "GB", "en-GB");
    record_clear(&job_record, &job);
    buf_clear(&out);
    return 0;
}

static int stop(void **state) {
    arena_free(arena);
    buf_free(&out);
    return 0;
}

static enum status parsed(const char *text, size_t length) {
    errors_clear(&errors);
    json_t *json = json_parse(text, length, &errors);
    assert_true((json == NULL) == errors_any(&errors));
    json_decref(json);
    return errors.status;
}

static enum status from(const char *text) {
    errors_clear(&errors);
    json_t *json = json_parse(text, strlen(text), &errors);
    if (json == NULL)
        fail_msg("%s", errors.first->sentence);
    enum status status = record_from_json(&job_record, &job, json, &locale, &errors);
    json_decref(json);
    return status;
}

static enum status patch(const char *text) {
    errors_clear(&errors);
    json_t *json = json_parse(text, strlen(text), &errors);
    assert_non_null(json);
    enum status status = record_patch_json(&job_record, &job, json, &locale, &errors);
    json_decref(json);
    return status;
}

static const char *code_at(const char *field) {
    const struct fault *fault = error_at(&errors, field);
    return fault != NULL ? fault->code : "";
}

static const char *sentence_at(const char *field) {
    const struct fault *fault = error_at(&errors, field);
    return fault != NULL ? fault->sentence : "";
}

static void refused(const char *text, const char *field, const char *code) {
    if (from(text) != INVALID)
        fail_msg("%s was taken", text);
    assert_string_equal(code_at(field), code);
}

static void a_body_is_parsed_strictly(void **state) {
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"a\":\"tab\there\"}",
        "{\"a\":1e999}",
        "{\"a\":9223372036854775808}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{'a':1}",
        "{a:1}",
        "// comment\n{}",
        "5",
        "\"text\"",
        "null",
        "\xef\xbb\xbf{}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parsed(bad[i], strlen(bad[i])) != BAD_REQUEST)
            fail_msg("%s was taken", bad[i]);
        assert_string_equal(errors.first->code, "bad_json");
    }
    assert_int_equal(parsed("{\"a\":\"x\0y\"}", 11), BAD_REQUEST);
    assert_int_equal(parsed("{}\0", 3), BAD_REQUEST);
    assert_int_equal(parsed(" {\"a\":[1,-2,\"\\u00e9\\\"\",true,null,{}]} \n", 39), OK);
}

static void the_place_of_a_mistake_is_told(void **state) {
    const char *text = "{\n  \"a\": 1,\n  \"a\": 2\n}";
    assert_int_equal(parsed(text, strlen(text)), BAD_REQUEST);
    assert_non_null(strstr(errors.first->sentence, "line 3"));
}

static void nesting_has_an_end(void **state) {
    char text[200001];
    for (int depth = 31; depth <= 33; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        assert_int_equal(parsed(text, (size_t)depth * 2), depth <= 32 ? OK : BAD_REQUEST);
    }
    memset(text, '[', sizeof text);
    assert_int_equal(parsed(text, sizeof text), BAD_REQUEST);
    assert_non_null(strstr(errors.first->sentence, "column 33"));
    /* Brackets within a text are no levels. */
    text[0] = '[';
    text[1] = '"';
    text[2] = '\\';
    text[3] = '"';
    text[198] = '"';
    text[199] = ']';
    assert_int_equal(parsed(text, 200), OK);
}

static void a_body_too_large_is_not_parsed(void **state) {
    size_t length = JSON_BYTES + 1;
    char *text = malloc(length);
    memset(text, ' ', length);
    text[0] = '[';
    text[length - 2] = ']';
    assert_int_equal(parsed(text, length), BAD_REQUEST);
    assert_int_equal(parsed(text, length - 1), OK);
    free(text);
}

static void a_whole_thing_is_read(void **state) {
    job.id = 7;
    job.notes = "old";
    job.hidden = 9;
    job.gift = 1;
    assert_int_equal(
        from("{\"title\":\" Halo \",\"price\":123450,\"due\":\"2026-11-24\","
             "\"at\":\"2026-11-24T10:41:00+01:00\",\"password\":\"secret\","
             "\"lines\":[{\"shape\":\"oval\",\"carats\":125000},{\"shape\":\"round\"}],"
             "\"main_line\":{\"shape\":\"oval\"}}"),
        OK);
    assert_string_equal(job.title, "Halo");
    assert_int_equal(job.price, 123450);
    assert_int_equal(job.at, INT64_C(1795513260000));
    assert_string_equal(job.password, "secret");
    assert_int_equal(job.line_count, 2);
    assert_int_equal(job.lines[0].carats, 125000);
    assert_true(job.lines[1].carats == NONE && job.lines[1].id == NONE);
    assert_string_equal(job.main_line->shape, "oval");
    assert_null(job.notes); /* not said: absent */
    assert_int_equal(job.gift, 0);
    assert_int_equal(job.id, 7); /* not anybody's to say */
    assert_int_equal(job.hidden, 9);
}

static void numbers_are_whole_and_exact(void **state) {
    assert_int_equal(from("{\"title\":\"a\",\"pieces\":9007199254740993}"), OK);
    assert_true(job.pieces == INT64_C(9007199254740993));
    record_write_json(&job_record, &job, true, &out);
    assert_non_null(strstr(out.at, "\"pieces\":9007199254740993,"));
    assert_int_equal(from("{\"title\":\"a\",\"pieces\":9223372036854775807}"), OK);
    assert_int_equal(from("{\"title\":\"a\",\"pieces\":-9223372036854775807}"), OK);
    refused("{\"title\":\"a\",\"pieces\":-9223372036854775808}", "pieces", "too_small");
    refused("{\"title\":\"a\",\"price\":12.5}", "price", "wrong_type");
    assert_string_equal(
        sentence_at("price"),
        "Price must be a whole number (minor units of the shop's currency) in JSON.");
    refused("{\"title\":\"a\",\"price\":1e3}", "price", "wrong_type");
    refused("{\"title\":\"a\",\"price\":1.0}", "price", "wrong_type");
    refused("{\"title\":\"a\",\"price\":\"5\"}", "price", "wrong_type");
    refused("{\"title\":\"a\",\"price\":true}", "price", "wrong_type");
}

static void each_fault_names_its_field(void **state) {
    refused("{}", "title", "required");
    refused("{\"title\":null}", "title", "required");
    refused("{\"title\":\" \"}", "title", "required");
    refused("{\"title\":5}", "title", "wrong_type");
    refused("{\"title\":\"a\",\"colour\":1}", "colour", "unknown_field");
    assert_non_null(strstr(sentence_at("colour"), "title, notes, due, price"));
    refused("{\"title\":\"a\",\"hidden\":1}", "hidden", "unknown_field");
    refused("{\"title\":\"a\",\"id\":1}", "id", "read_only");
    refused("{\"title\":\"a\",\"gift\":1}", "gift", "wrong_type");
    refused("{\"title\":\"a\",\"at\":1795513260000}", "at", "wrong_type");
    refused("{\"title\":\"a\",\"at\":\"tomorrow\"}", "at", "not_an_instant");
    refused("{\"title\":\"a\",\"due\":\"2026-02-30\"}", "due", "not_a_day");
    refused("{\"title\":\"a\",\"price\":-1}", "price", "too_small");
    refused("{\"title\":\"a\",\"notes\":\"\\u0007\"}", "notes", "bad_text");
    refused("{\"title\":\"a\",\"lines\":{}}", "lines", "wrong_type");
    refused("{\"title\":\"a\",\"lines\":[{\"shape\":\"oval\"},5]}", "lines.1", "wrong_type");
    refused("{\"title\":\"a\",\"lines\":[{\"shape\":\"oval\"},{\"shape\":\"square\"}]}",
            "lines.1.shape", "unknown_shape");
    assert_string_equal(sentence_at("lines.1.shape"),
                        "There is no shape “square”. Use one of: round, oval.");
    refused("{\"title\":\"a\",\"lines\":[{\"carats\":10000001}]}", "lines.0.carats", "too_large");
    assert_string_equal(code_at("lines.0.shape"), "required");
    assert_string_equal(sentence_at("lines.0.carats"),
                        "Carats must be at most 10000000 hundred-thousandths of a carat.");
    refused("{\"title\":\"a\",\"main_line\":{\"colour\":1}}", "main_line.colour", "unknown_field");
    refused("{\"title\":\"a\",\"main_line\":[]}", "main_line", "wrong_type");
    refused("[]", "", "wrong_type");
}

static void a_patch_changes_only_what_it_says(void **state) {
    assert_int_equal(from("{\"title\":\"Halo\",\"price\":5,\"gift\":true,"
                          "\"lines\":[{\"shape\":\"oval\"}],"
                          "\"main_line\":{\"shape\":\"oval\",\"carats\":5}}"),
                     OK);
    const struct line *before = job.main_line;
    assert_int_equal(patch("{\"price\":6,\"main_line\":{\"carats\":7}}"), OK);
    assert_int_equal(job.price, 6);
    assert_int_equal(job.gift, 1);
    assert_string_equal(job.title, "Halo");
    assert_int_equal(job.line_count, 1);
    assert_int_equal(job.main_line->carats, 7);
    assert_string_equal(job.main_line->shape, "oval");
    assert_int_equal(before->carats, 5); /* the row that was loaded is not written through */
    assert_int_equal(patch("{\"lines\":[],\"price\":null,\"main_line\":null}"), OK);
    assert_int_equal(job.line_count, 0);
    assert_true(job.price == NONE);
    assert_null(job.main_line);
    assert_int_equal(patch("{\"title\":null}"), INVALID);
    assert_string_equal(code_at("title"), "required");
    assert_int_equal(patch("{\"id\":5}"), INVALID);
    assert_int_equal(patch("{}"), OK);
}

static void hostile_bodies_are_told_little(void **state) {
    struct buf body = {0};
    buf_lit(&body, "{\"title\":\"a\"");
    for (int i = 0; i < 5000; i++)
        buf_printf(&body, ",\"x%d\":1", i);
    buf_byte(&body, '}');
    assert_int_equal(from(body.at), INVALID);
    int count = 0;
    for (const struct fault *fault = errors.first; fault != NULL; fault = fault->next)
        count++;
    assert_int_equal(count, 100);
    buf_clear(&body);
    buf_lit(&body, "{\"title\":\"");
    for (int i = 0; i < 100000; i++)
        buf_lit(&body, "é");
    buf_lit(&body, "\"}");
    assert_int_equal(from(body.at), INVALID);
    assert_string_equal(sentence_at("title"), "Title has 100000 characters: use at most 200.");
    buf_clear(&body);
    buf_lit(&body, "{\"title\":\"a\",\"lines\":[");
    for (int i = 0; i < 501; i++)
        buf_printf(&body, "%s{\"shape\":\"oval\"}", i > 0 ? "," : "");
    buf_lit(&body, "]}");
    assert_int_equal(from(body.at), INVALID);
    assert_string_equal(code_at("lines"), "too_many");
    buf_free(&body);
}

static void an_item_is_written_as_json(void **state) {
    struct line lines[] = {{.id = 1, .shape = "oval", .carats = 125000, .cost = 99},
                           {.id = 2, .shape = "round", .carats = NONE, .cost = NONE}};
    job = (struct job){.id = 7,
                       .title = "Ring “Zoë”",
                       .notes = "a\"b\\c\n\t\x01/",
                       .price = -5,
                       .pieces = NONE,
                       .gift = 1,
                       .at = INT64_C(1795516860005),
                       .password = "secret",
                       .hidden = 3,
                       .lines = lines,
                       .line_count = 2};
    record_write_json(&job_record, &job, false, &out);
    assert_string_equal(
        out.at, "{\"id\":7,\"title\":\"Ring “Zoë”\",\"notes\":\"a\\\"b\\\\c\\n\\t\\u0001/\","
                "\"due\":null,\"price\":-5,\"pieces\":null,\"gift\":true,"
                "\"at\":\"2026-11-24T10:41:00.005Z\","
                "\"lines\":[{\"id\":1,\"shape\":\"oval\",\"carats\":125000},"
                "{\"id\":2,\"shape\":\"round\",\"carats\":null}],\"main_line\":null}");
    assert_int_equal(parsed(out.at, out.length), OK);
    buf_clear(&out);
    record_write_json(&job_record, &job, true, &out);
    assert_non_null(strstr(out.at, "\"carats\":125000,\"cost\":99}"));
    buf_clear(&out);
    json_write_text(&out, NULL);
    assert_string_equal(out.at, "null");
    buf_clear(&out);
    record_write_json(&(struct record){.name = "Empty"}, &job, true, &out);
    assert_string_equal(out.at, "{}");
}

static void every_text_that_is_written_is_read_back(void **state) {
    for (int c = 1; c < 256; c++) {
        char text[] = {'a', (char)c, 'b', 0};
        if (c >= 0x80) {
            text[1] = (char)(0xc0 | c >> 6);
            text[2] = (char)(0x80 | (c & 0x3f));
        }
        buf_clear(&out);
        buf_byte(&out, '[');
        json_write_text(&out, text);
        buf_byte(&out, ']');
        json_t *json = json_parse(out.at, out.length, &errors);
        assert_non_null(json);
        assert_string_equal(json_string_value(json_array_get(json, 0)), text);
        json_decref(json);
    }
}

static void instants_are_written_over_all_years(void **state) {
    for (int64_t at = -2208988800000; at < 32503680000000; at += 12345678901) {
        job.at = at;
        buf_clear(&out);
        record_write_json(&job_record, &job, false, &out);
        int64_t again = NONE;
        const char *text = strstr(out.at, "\"at\":\"") + 6;
        assert_true(instant_parse(arena_text_n(arena, text, 24), &again));
        assert_true(again == at);
    }
}

static void the_schema_is_json_and_tells_the_rules(void **state) {
    for (int input = 0; input < 2; input++) {
        buf_clear(&out);
        record_write_schema(&job_record, input != 0, &out);
        assert_int_equal(parsed(out.at, out.length), OK);
        json_t *schema = json_parse(out.at, out.length, &errors);
        json_t *fields = json_object_get(schema, "properties");
        assert_null(json_object_get(fields, "hidden"));
        assert_true((json_object_get(fields, "password") != NULL) == (input != 0));
        assert_true((json_object_get(fields, "id") != NULL) == (input == 0));
        assert_int_equal(json_array_size(json_object_get(schema, "required")), input != 0 ? 1 : 10);
        const char *row = json_string_value(
            json_object_get(json_object_get(json_object_get(fields, "lines"), "items"), "$ref"));
        assert_string_equal(row, input != 0 ? "#/components/schemas/LineInput"
                                            : "#/components/schemas/Line");
        json_decref(schema);
    }
    buf_clear(&out);
    record_write_schema(&line_record, true, &out);
    assert_string_equal(
        out.at,
        "{\"type\":\"object\",\"properties\":{"
        "\"shape\":{\"title\":\"Shape\",\"type\":\"string\",\"enum\":[\"round\",\"oval\"]},"
        "\"carats\":{\"title\":\"Carats\",\"type\":[\"integer\",\"null\"],\"format\":\"int64\","
        "\"minimum\":0,\"maximum\":10000000,\"description\":\"In hundred-thousandths of a carat.\"},"
        "\"cost\":{\"title\":\"Cost\",\"type\":[\"integer\",\"null\"],\"format\":\"int64\","
        "\"minimum\":0,\"maximum\":1000000000000,"
        "\"description\":\"In minor units of the shop's currency.\"}},"
        "\"required\":[\"shape\"],\"additionalProperties\":false}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_body_is_parsed_strictly),
        TEST(the_place_of_a_mistake_is_told),
        TEST(nesting_has_an_end),
        TEST(a_body_too_large_is_not_parsed),
        TEST(a_whole_thing_is_read),
        TEST(numbers_are_whole_and_exact),
        TEST(each_fault_names_its_field),
        TEST(a_patch_changes_only_what_it_says),
        TEST(hostile_bodies_are_told_little),
        TEST(an_item_is_written_as_json),
        TEST(every_text_that_is_written_is_read_back),
        TEST(instants_are_written_over_all_years),
        TEST(the_schema_is_json_and_tells_the_rules),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
