#include "view_test.h"

static const struct vocabulary metals = {
    .name = "metal",
    .words = (const struct word[]){{"yellow", "Yellow gold"}, {"rose", "Rose & pink"}, {0}},
};

struct ring {
    int64_t price, rate, weight, stone, width, count, margin, size, promised_at, gift, minutes;
    const char *title, *note, *email, *phone, *metal, *due, *password;
};
static const struct field ring_fields[] = {
    FIELD(struct ring, title, FIELD_TEXT, .flags = FIELD_REQUIRED),
    FIELD(struct ring, note, FIELD_LONG),
    FIELD(struct ring, email, FIELD_EMAIL, .label = "Email"),
    FIELD(struct ring, phone, FIELD_PHONE),
    FIELD(struct ring, metal, FIELD_CODE, .words = &metals),
    FIELD(struct ring, due, FIELD_DAY),
    FIELD(struct ring, password, FIELD_TEXT, .flags = FIELD_SECRET),
    FIELD(struct ring, price, FIELD_MONEY),
    FIELD(struct ring, rate, FIELD_RATE),
    FIELD(struct ring, weight, FIELD_MILLIGRAM),
    FIELD(struct ring, stone, FIELD_CARAT),
    FIELD(struct ring, width, FIELD_MICROMETRE),
    FIELD(struct ring, count, FIELD_INT),
    FIELD(struct ring, margin, FIELD_PERCENT),
    FIELD(struct ring, size, FIELD_RING, .label = "Ring size"),
    FIELD(struct ring, promised_at, FIELD_INSTANT),
    FIELD(struct ring, gift, FIELD_FLAG, .label = "It is a gift"),
    FIELD(struct ring, minutes, FIELD_MINUTES),
};
static const struct record ring_record = RECORD("Ring", struct ring, ring_fields);

static struct ring some_ring(void) {
    struct ring ring;
    record_clear(&ring_record, &ring);
    ring.title = "Toi \"et\" <moi>";
    ring.price = 123450;
    ring.weight = 4600;
    ring.metal = "rose";
    ring.due = "2026-12-20";
    ring.gift = 1;
    return ring;
}

static const char *shown(struct shop *shop, const struct form *form, const char *name) {
    field_html(&shop->view, form, name);
    return written(shop);
}

static const char *shown_as(struct shop *shop, const struct form *form, const char *name,
                            struct field_look look) {
    field_as_html(&shop->view, form, name, &look);
    return written(shop);
}

/* A form that was sent: NAME, VALUE, … NULL. */
static const char *typed(const void *form, const char *name) {
    const char *const *pairs = form;
    for (; *pairs != NULL; pairs += 2)
        if (strcmp(pairs[0], name) == 0)
            return pairs[1];
    return NULL;
}

static void a_field_is_a_label_and_its_control(void **state) {
    struct ring ring = some_ring();
    struct form form = {.record = &ring_record, .values = &ring};
    assert_string_equal(
        shown(*state, &form, "title"),
        "<div class=\"field\">\n"
        "<label for=\"f-title\">Title<span class=\"req\" aria-hidden=\"true\" title=\"Needed\"> "
        "*</span></label>\n"
        "<input class=\"input\" id=\"f-title\" name=\"title\" type=\"text\" value=\"Toi "
        "&#34;et&#34; &lt;moi&gt;\" required>\n\n"
        "</div>");
}

static void the_kind_picks_the_control(void **state) {
    struct ring ring = some_ring();
    struct form form = {.record = &ring_record, .values = &ring};
    assert_has(shown(*state, &form, "note"), "<textarea class=\"textarea\" id=\"f-note\"");
    assert_has(shown(*state, &form, "email"), "type=\"email\"");
    assert_has(shown(*state, &form, "phone"), "type=\"tel\"");
    assert_has(shown(*state, &form, "due"), "type=\"date\" value=\"2026-12-20\"");
    assert_has(shown(*state, &form, "promised_at"), "type=\"datetime-local\" value=\"\"");
    assert_has(shown(*state, &form, "count"), "inputmode=\"numeric\"");
    assert_has(shown(*state, &form, "minutes"), "type=\"text\"");
    assert_has(shown(*state, &form, "size"), "<label for=\"f-size\">Ring size</label>");
}

static void amounts_and_measures_show_their_unit(void **state) {
    struct shop *shop = *state;
    struct ring ring = some_ring();
    struct form form = {.record = &ring_record, .values = &ring};
    const char *price = shown(shop, &form, "price");
    assert_has(price, "<div class=\"affix\">\n<span aria-hidden=\"true\">£</span>");
    assert_has(price, "value=\"1234.50\" inputmode=\"decimal\"");
    const char *weight = shown(shop, &form, "weight");
    assert_has(weight, "value=\"4.6\"");
    assert_has(weight, "<span class=\"unit\" id=\"f-weight-u\">g</span>");
    assert_has(weight, "aria-describedby=\"f-weight-u\"");
    assert_has(shown(shop, &form, "stone"), ">ct</span>");
    assert_has(shown(shop, &form, "width"), ">mm</span>");
    assert_has(shown(shop, &form, "margin"), ">%</span>");
    assert_has(shown_as(shop, &form, "rate", (struct field_look){.unit = "a gram"}),
               ">a gram</span>");
    shop->locale.currency = currency_find("CHF");
    assert_has(shown(shop, &form, "price"), "<span class=\"unit\" id=\"f-price-u\">CHF</span>");
}

static void a_code_is_chosen_from_its_words(void **state) {
    struct ring ring = some_ring();
    struct form form = {.record = &ring_record, .values = &ring};
    assert_string_equal(shown(*state, &form, "metal"),
                        "<div class=\"field\">\n"
                        "<label for=\"f-metal\">Metal</label>\n"
                        "<select class=\"select\" id=\"f-metal\" name=\"metal\">\n"
                        "<option value=\"\">–</option>\n"
                        "<option value=\"yellow\">Yellow gold</option>\n"
                        "<option value=\"rose\" selected>Rose &amp; pink</option>\n"
                        "</select>\n\n"
                        "</div>");
    const char *segment =
        shown_as(*state, &form, "metal", (struct field_look){.choice = CHOICE_SEGMENT});
    assert_has(segment, "<fieldset class=\"field\" role=\"radiogroup\">");
    assert_has(segment, "<input type=\"radio\" id=\"f-metal\" name=\"metal\" value=\"yellow\">");
    assert_has(segment, "<input type=\"radio\" name=\"metal\" value=\"rose\" checked>");
    assert_has(shown_as(*state, &form, "metal",
                        (struct field_look){.choice = CHOICE_TILES, .drawing = "c"}),
               "<div class=\"seg tiles cuts\">");
}

static void what_must_be_chosen_has_no_empty_choice_once_it_is(void **state) {
    struct ring ring = some_ring();
    struct form form = {.record = &ring_record, .values = &ring};
    assert_lacks(shown_as(*state, &form, "metal", (struct field_look){.required = true}),
                 "value=\"\"");
    ring.metal = NULL;
    assert_has(shown_as(*state, &form, "metal", (struct field_look){.required = true}),
               "<option value=\"\">–</option>");
}

static void a_flag_is_a_box_to_tick(void **state) {
    struct ring ring = some_ring();
    struct form form = {.record = &ring_record, .values = &ring};
    assert_has(shown(*state, &form, "gift"),
               "<label class=\"check\"><input type=\"checkbox\" id=\"f-gift\" name=\"gift\" "
               "value=\"1\" checked><span>It is a gift</span></label>");
    ring.gift = 0;
    const char *html = shown_as(*state, &form, "gift", (struct field_look){.switches = true});
    assert_lacks(html, "checked");
    assert_has(html, "class=\"switch\"");
    assert_has(html, "role=\"switch\"");
}

static void a_refused_form_shows_what_was_typed(void **state) {
    struct shop *shop = *state;
    struct ring ring = some_ring();
    const char *const sent[] = {"title", "", "price", "12,00x", "note", "\n<a>", NULL};
    error_add(&shop->errors, INVALID, "price", "not_a_number", "Write an amount & no letters.");
    struct form form = {.record = &ring_record,
                        .values = &ring,
                        .get = typed,
                        .typed = sent,
                        .errors = &shop->errors};
    const char *price = shown(shop, &form, "price");
    assert_has(price, "value=\"12,00x\"");
    assert_has(price, "aria-invalid=\"true\" aria-describedby=\"f-price-e\" autofocus>");
    assert_has(price, "<span class=\"err\" id=\"f-price-e\">");
    assert_has(price, "</svg>Write an amount &amp; no letters.</span>");
    assert_has(shown(shop, &form, "title"), "value=\"\"");
    assert_lacks(shown(shop, &form, "gift"), "checked"); /* not sent: not ticked */
    /* The browser drops the first line end of a text area: one is put before the typed one. */
    assert_has(shown(shop, &form, "note"), ">\n\n&lt;a&gt;</textarea>");
}

static void a_hint_is_read_after_the_error(void **state) {
    struct shop *shop = *state;
    error_add(&shop->errors, INVALID, "weight", "too_large", "Too heavy.");
    struct form form = {.record = &ring_record, .errors = &shop->errors};
    const char *html = shown_as(shop, &form, "weight", (struct field_look){.hint = "Estimated"});
    assert_has(html, "aria-describedby=\"f-weight-e f-weight-h f-weight-u\"");
    assert_has(html, "<span class=\"hint\" id=\"f-weight-h\">Estimated</span>");
}

static void a_secret_is_never_shown_again(void **state) {
    struct ring ring = some_ring();
    ring.password = "correct horse";
    const char *const sent[] = {"password", "correct horse", NULL};
    struct form form = {.record = &ring_record, .values = &ring};
    assert_has(shown(*state, &form, "password"), "type=\"password\" value=\"\"");
    form.get = typed;
    form.typed = sent;
    assert_lacks(shown(*state, &form, "password"), "horse");
}

static void a_row_of_a_list_has_names_of_its_own(void **state) {
    struct shop *shop = *state;
    struct ring ring = some_ring();
    error_add(&shop->errors, INVALID, "rings.1.title", "required", "Say what it is.");
    struct form form = {.record = &ring_record, .values = &ring, .errors = &shop->errors};
    const char *html = shown_as(shop, &form, "title", (struct field_look){.name = "rings.1.title"});
    assert_has(html, "id=\"f-rings-1-title\" name=\"rings.1.title\"");
    assert_has(html, "id=\"f-rings-1-title-e\"");
}

static void a_customer_is_offered_their_own_data_and_staff_are_not(void **state) {
    struct shop *shop = *state;
    struct form form = {.record = &ring_record};
    assert_has(shown(shop, &form, "email"), "autocomplete=\"off\"");
    shop->view.actor = NULL;
    assert_has(shown(shop, &form, "email"), "autocomplete=\"email\"");
    assert_has(shown(shop, &form, "phone"), "autocomplete=\"tel\"");
}

static void several_errors_are_summed_up_with_links(void **state) {
    struct shop *shop = *state;
    struct form form = {.record = &ring_record, .errors = &shop->errors};
    error_add(&shop->errors, INVALID, "title", "required", "Give it a title.");
    form_errors_html(&shop->view, &form);
    assert_string_equal(written(shop), ""); /* one stands at its field */
    error_add(&shop->errors, INVALID, "stones.0.carats", "too_large", "<Too> large.");
    error_add(&shop->errors, INVALID, NULL, "stale", "It has changed.");
    form_errors_html(&shop->view, &form);
    const char *html = written(shop);
    assert_has(html, "<div class=\"callout is-bad\" id=\"form-errors\" role=\"alert\"");
    assert_has(html, "<a href=\"#f-title\">Give it a title.</a>");
    assert_has(html, "<a href=\"#f-stones-0-carats\">&lt;Too&gt; large.</a>");
    assert_has(html, "<li>It has changed.</li>");
}

static void an_error_of_no_field_is_always_told(void **state) {
    struct shop *shop = *state;
    struct form form = {.record = &ring_record, .errors = &shop->errors};
    error_add(&shop->errors, CONFLICT, NULL, "stale", "It has changed.");
    form_errors_html(&shop->view, &form);
    assert_has(written(shop), "<p>It has changed.</p>");
    errors_clear(&shop->errors);
    error_add(&shop->errors, INVALID, "csrf", "expired", "Send it again.");
    form_errors_html(&shop->view, &form);
    assert_has(written(shop), "<p>Send it again.</p>");
}

static void a_form_carries_its_token_and_a_fresh_key(void **state) {
    struct shop *shop = *state;
    form_start_hidden_html(&shop->view);
    const char *first = written(shop);
    assert_has(first, "<input type=\"hidden\" name=\"csrf\" value=\"token\">");
    const char *key = strstr(first, "name=\"idempotency_key\" value=\"");
    assert_non_null(key);
    assert_int_equal(strspn(key + 30, "0123456789abcdef"), 0 + 32);
    form_start_hidden_html(&shop->view);
    assert_string_not_equal(first, written(shop));
    shop->view.csrf = NULL;
    form_start_hidden_html(&shop->view);
    assert_lacks(written(shop), "csrf");
}

int main(void) {
    const struct CMUnitTest rules[] = {
        RULE(a_field_is_a_label_and_its_control),
        RULE(the_kind_picks_the_control),
        RULE(amounts_and_measures_show_their_unit),
        RULE(a_code_is_chosen_from_its_words),
        RULE(what_must_be_chosen_has_no_empty_choice_once_it_is),
        RULE(a_flag_is_a_box_to_tick),
        RULE(a_refused_form_shows_what_was_typed),
        RULE(a_hint_is_read_after_the_error),
        RULE(a_secret_is_never_shown_again),
        RULE(a_row_of_a_list_has_names_of_its_own),
        RULE(a_customer_is_offered_their_own_data_and_staff_are_not),
        RULE(several_errors_are_summed_up_with_links),
        RULE(an_error_of_no_field_is_always_told),
        RULE(a_form_carries_its_token_and_a_fresh_key),
    };
    return cmocka_run_group_tests(rules, NULL, NULL);
}
