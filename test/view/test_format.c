#include "view_test.h"

static void use_currency(struct shop *shop, const char *code) {
    shop->locale.currency = currency_find(code);
    assert_non_null(shop->locale.currency);
}

static void money_has_the_shops_currency(void **state) {
    struct shop *shop = *state;
    assert_string_equal(money(&shop->view, 123450), "£1,234.50");
    assert_string_equal(money(&shop->view, -324000), "−£3,240.00");
    assert_string_equal(money(&shop->view, 0), "£0.00");
    assert_string_equal(money(&shop->view, NONE), "–");
}

static void round_money_drops_only_empty_pence(void **state) {
    struct shop *shop = *state;
    assert_string_equal(money_round(&shop->view, 648000), "£6,480");
    assert_string_equal(money_round(&shop->view, 648001), "£6,480.01");
    assert_string_equal(money_round(&shop->view, -10000), "−£100");
    assert_string_equal(money_round(&shop->view, 0), "£0");
    assert_string_equal(money_round(&shop->view, NONE), "–");
    use_currency(shop, "JPY");
    assert_string_equal(money_round(&shop->view, 5000), money(&shop->view, 5000));
    use_currency(shop, "CHF");
    assert_string_equal(money_round(&shop->view, 1200), "CHF 12");
    use_currency(shop, "KWD");
    assert_null(strstr(money_round(&shop->view, 12000), ".000"));
}

static void measures_carry_their_unit(void **state) {
    struct shop *shop = *state;
    assert_string_equal(grams(&shop->view, 6450), "6.45 g");
    assert_string_equal(grams(&shop->view, 1234567), "1,234.567 g");
    assert_string_equal(grams(&shop->view, 6000), "6.0 g");
    assert_string_equal(grams(&shop->view, -500), "−0.5 g");
    assert_string_equal(grams(&shop->view, NONE), "–");
    assert_string_equal(millimetres(&shop->view, 1300), "1.3 mm");
    assert_string_equal(millimetres(&shop->view, 8000), "8.0 mm");
    assert_string_equal(millimetres(&shop->view, NONE), "–");
    assert_string_equal(percent(&shop->view, 1750), "17.5%");
    assert_string_equal(percent(&shop->view, 2000), "20%");
    assert_string_equal(percent(&shop->view, NONE), "–");
}

static void a_stone_under_a_carat_is_never_said_to_weigh_one(void **state) {
    struct shop *shop = *state;
    assert_string_equal(carats(&shop->view, 231000), "2.31 ct");
    assert_string_equal(carats(&shop->view, 100000), "1.00 ct");
    assert_string_equal(carats(&shop->view, 99500), "0.99 ct");
    assert_string_equal(carats(&shop->view, 99900), "1.00 ct");
    assert_string_equal(carats(&shop->view, NONE), "–");
}

static void small_stones_have_three_decimals(void **state) {
    struct shop *shop = *state;
    assert_string_equal(carats(&shop->view, 567), "0.006 ct");
    assert_string_equal(carats(&shop->view, 9999), "0.100 ct");
    assert_string_equal(carats(&shop->view, 10000), "0.10 ct");
    assert_string_equal(carats(&shop->view, 0), "0.000 ct");
}

static void minutes_are_hours_and_minutes(void **state) {
    struct shop *shop = *state;
    assert_string_equal(hours(&shop->view, 220), "3:40");
    assert_string_equal(hours(&shop->view, 5), "0:05");
    assert_string_equal(hours(&shop->view, -65), "−1:05");
    assert_string_equal(hours(&shop->view, NONE), "–");
}

static void days_tell_the_year_only_when_it_differs(void **state) {
    struct shop *shop = *state;
    assert_string_equal(day(&shop->view, "2026-11-24"), "Tue 24 Nov");
    assert_string_equal(day(&shop->view, "2027-01-02"), "Sat 2 Jan 2027");
    assert_string_equal(day_long(&shop->view, "2026-12-12"), "Saturday 12 December 2026");
    assert_string_equal(day(&shop->view, NULL), "–");
    assert_string_equal(day(&shop->view, ""), "–");
    assert_string_equal(day(&shop->view, "soon"), "soon");
}

static void instants_are_told_in_the_shops_zone(void **state) {
    struct shop *shop = *state;
    assert_string_equal(when(&shop->view, NOW), "Today 10:41");
    assert_string_equal(when(&shop->view, NOW - DAY), "Yesterday 10:41");
    assert_string_equal(when(&shop->view, NONE), "–");
    assert_string_equal(when_day(&shop->view, NOW), "24 Nov");
    assert_string_equal(when_day(&shop->view, NOW - 400 * DAY), "20 Oct 2025");
    shop->locale.zone = zone_find("Asia/Tokyo");
    assert_string_equal(when(&shop->view, NOW), "Today 19:41");
    assert_string_equal(when_day(&shop->view, NOW + 6 * HOUR), "25 Nov");
    assert_string_equal(iso(&shop->view, NOW), "2026-11-24T10:41:00.000Z");
    assert_string_equal(iso(&shop->view, NONE), "");
}

static void a_job_has_a_number_of_six_figures(void **state) {
    struct shop *shop = *state;
    assert_string_equal(job_number(&shop->view, 123), "#000123");
    assert_string_equal(job_number(&shop->view, 1234567), "#1234567");
    assert_string_equal(job_number(&shop->view, NONE), "–");
}

static void a_name_keeps_its_tone(void **state) {
    struct shop *shop = *state;
    assert_string_equal(initials(&shop->view, "Eleanor Whitcombe"), "EW");
    assert_int_equal(tone("Eleanor Whitcombe"), tone("Eleanor Whitcombe"));
    assert_int_equal(tone(NULL), 0);
    bool seen[6] = {false};
    for (char name[] = "A"; name[0] <= 'Z'; name[0]++) {
        assert_in_range(tone(name), 0, 5);
        seen[tone(name)] = true;
    }
    for (int i = 0; i < 6; i++)
        assert_true(seen[i]);
}

static void words_are_filled_in(void **state) {
    struct shop *shop = *state;
    assert_string_equal(words(&shop->view, "%d of %s", 3, "4"), "3 of 4");
    assert_string_equal(view_t(&shop->view, "Save"), "Save");
}

static void only_what_the_actor_may_is_offered(void **state) {
    struct shop *shop = *state;
    assert_true(view_may(&shop->view, 4));
    assert_false(view_may(&shop->view, 2));
    assert_false(view_may(&shop->view, 6));
    shop->view.actor = NULL;
    assert_false(view_may(&shop->view, 4));
}

int main(void) {
    const struct CMUnitTest rules[] = {
        RULE(money_has_the_shops_currency),
        RULE(round_money_drops_only_empty_pence),
        RULE(measures_carry_their_unit),
        RULE(a_stone_under_a_carat_is_never_said_to_weigh_one),
        RULE(small_stones_have_three_decimals),
        RULE(minutes_are_hours_and_minutes),
        RULE(days_tell_the_year_only_when_it_differs),
        RULE(instants_are_told_in_the_shops_zone),
        RULE(a_job_has_a_number_of_six_figures),
        RULE(a_name_keeps_its_tone),
        RULE(words_are_filled_in),
        RULE(only_what_the_actor_may_is_offered),
    };
    return cmocka_run_group_tests(rules, NULL, NULL);
}
