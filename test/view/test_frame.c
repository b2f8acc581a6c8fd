#include "view_test.h"

static void body(struct view *v, const void *model) {
    const char *text = model;
    buf_lit(v->out, "<div class=\"page\"><h1>");
    view_out_text(v, text);
    buf_lit(v->out, "</h1></div>");
}

static const char *shown(struct shop *shop, struct page page) {
    page.body = body;
    page.model = "Here";
    view_page(&shop->view, &page);
    return written(shop);
}

static void staff_find_their_way(void **state) {
    const char *html =
        shown(*state,
              (struct page){
                  .title = "Rings & things", .nav = "jobs", .crumb = "Jobs", .crumb_url = "/jobs"});
    const char *start = "<!doctype html>\n"
                        "<html lang=\"en-GB\" dir=\"ltr\" data-theme=\"dark\">\n";
    assert_int_equal(strncmp(html, start, strlen(start)), 0);
    assert_has(html, "<title>Rings &amp; things · Benchpin</title>");
    assert_has(html, "<a class=\"skip\" href=\"#main\">");
    assert_has(html, "<link rel=\"stylesheet\" href=\"/static/abc123/app.css\">");
    assert_has(html, "<script src=\"/static/abc123/app.js\" defer></script>");
    assert_has(html, "<a class=\"nav-item\" href=\"/board\" aria-current=\"page\">");
    assert_lacks(html, "/stock"); /* without the right to see it */
    assert_has(html, "<li><a href=\"/jobs\">Jobs</a></li>");
    assert_has(html, "<li aria-current=\"page\">Rings &amp; things</li>");
    assert_has(html, "action=\"/search\"");
    assert_has(html, "<nav class=\"tabbar\"");
    assert_has(html, "<b>Hartwell &amp; Daughters</b>");
    assert_has(html, "<small>Owner</small>");
    assert_has(html, "<main id=\"main\" tabindex=\"-1\"><div class=\"page\"><h1>Here</h1></div>");
    assert_has(html, "<meta name=\"csrf-token\" content=\"token\">");
    assert_lacks(html, "is-rail");
    assert_lacks(html, "toast");
}

static void sign_out_is_a_post_with_the_token(void **state) {
    const char *html = shown(*state, (struct page){.title = "Jobs"});
    assert_has(html, "<form method=\"post\" action=\"/sign-out\"><input type=\"hidden\" "
                     "name=\"csrf\" value=\"token\">");
}

static void a_rail_is_narrow(void **state) {
    assert_has(shown(*state, (struct page){.title = "Board", .rail = true}),
               "<div class=\"app is-rail\">");
}

static void customers_see_the_shop_and_no_navigation(void **state) {
    struct shop *shop = *state;
    const char *html = shown(shop, (struct page){.title = "Your ring", .is_public = true});
    assert_has(html, "<title>Your ring · Hartwell &amp; Daughters</title>");
    assert_has(html, "<body class=\"public\">");
    assert_has(html, "<header class=\"t-head\">");
    assert_has(html, "<p>Hartwell &amp; Daughters, Bath</p>");
    assert_has(html, "/static/abc123/public.js");
    assert_lacks(html, "class=\"nav");
    assert_lacks(html, "Imogen");
}

static void the_door_has_neither(void **state) {
    struct shop *shop = *state;
    shop->view.actor = NULL;
    shop->view.shop_name = "";
    const char *html = shown(shop, (struct page){.title = "Sign in", .bare = true});
    assert_has(html, "<main id=\"main\" class=\"gate\" tabindex=\"-1\">");
    assert_has(html, "<b>Benchpin</b>");
    assert_lacks(html, "class=\"nav");
    assert_lacks(html, "t-head");
}

static void nobody_signed_in_never_gets_the_staffs_frame(void **state) {
    struct shop *shop = *state;
    shop->view.actor = NULL;
    assert_lacks(shown(shop, (struct page){.title = "Gone"}), "class=\"nav");
}

static void a_flash_can_be_undone(void **state) {
    struct shop *shop = *state;
    shop->view.flash = "Moved to <Setting>.";
    assert_has(shown(shop, (struct page){.title = "Job"}),
               "<span>Moved to &lt;Setting&gt;.</span>");
    assert_lacks(shown(shop, (struct page){.title = "Job"}), "Undo");
    shop->view.undo = "/jobs/1/undo";
    const char *html = shown(shop, (struct page){.title = "Job"});
    assert_has(html, "<form method=\"post\" action=\"/jobs/1/undo\"><input type=\"hidden\"");
    assert_has(html, "<button type=\"submit\">Undo</button>");
}

static void language_and_theme_follow_the_reader(void **state) {
    struct shop *shop = *state;
    shop->locale = locale_make(shop->locale.currency, shop->locale.zone, "AE", "ar-AE");
    shop->view.theme = "<x>";
    assert_has(shown(shop, (struct page){.title = "Jobs"}),
               "<html lang=\"ar-AE-u-nu-latn\" dir=\"rtl\" data-theme=\"auto\">");
    shop->locale =
        locale_make(shop->locale.currency, shop->locale.zone, "CL", "arn"); /* Mapudungun */
    assert_has(shown(shop, (struct page){.title = "Jobs"}), "dir=\"ltr\"");
    shop->view.locale = NULL;
    assert_has(shown(shop, (struct page){.title = "Jobs"}), "lang=\"en-GB\"");
}

static void no_page_holds_script_or_style_of_its_own(void **state) {
    struct shop *shop = *state;
    shop->view.flash = "x";
    const char *html = shown(shop, (struct page){.title = "Jobs"});
    assert_lacks(html, "style=");
    assert_lacks(html, "<style");
    assert_lacks(html, "onclick");
    for (const char *p = html; (p = strstr(p, "<script")) != NULL; p++)
        assert_int_equal(strncmp(p, "<script src=", 12), 0);
}

static void parts_escape_what_they_are_given(void **state) {
    struct shop *shop = *state;
    icon_html(&shop->view, "plus\"><b>");
    assert_string_equal(written(shop),
                        "<svg class=\"icon\" aria-hidden=\"true\"><use "
                        "href=\"/static/abc123/icons.svg#i-plus%22%3E%3Cb%3E\"/></svg>");
    status_chip_html(&shop->view, "IP", "In <production>");
    assert_has(written(shop), "<b>IP</b> In &lt;production&gt;");
    status_chip_html(&shop->view, "late", "Overdue");
    assert_has(written(shop), "<b>Overdue</b>");
    status_short_html(&shop->view, "RP", "Ready");
    assert_has(written(shop), "<b>RP</b><span class=\"vh\"> Ready</span>");
    avatar_html(&shop->view, NULL);
    assert_string_equal(written(shop), "");
    avatar_html(&shop->view, "Imogen Hartwell");
    assert_has(written(shop), "aria-hidden=\"true\">IH</span>");
    callout_html(&shop->view, "bad", "a < b");
    assert_has(written(shop), "<div class=\"callout is-bad\">");
    callout_html(&shop->view, NULL, "a < b");
    assert_has(written(shop), "<div class=\"callout\">");
    thumb_html(&shop->view, "javascript:x", "A \"ring\"", "ring");
    assert_has(written(shop), "src=\"#blocked\" alt=\"A &#34;ring&#34;\"");
    thumb_html(&shop->view, NULL, "", "ring");
    assert_has(written(shop), "#t-ring");
    empty_html(&shop->view, "Nothing here", "Jobs come.", "/jobs/new", "New job");
    assert_has(written(shop), "<a class=\"btn\" href=\"/jobs/new\">New job</a>");
    pager_html(&shop->view, "/jobs?after=3", NULL);
    assert_has(written(shop), "<a class=\"btn\" rel=\"next\" href=\"/jobs?after=3\">");
    pager_html(&shop->view, NULL, NULL);
    assert_string_equal(written(shop), "");
}

int main(void) {
    const struct CMUnitTest rules[] = {
        RULE(staff_find_their_way),
        RULE(sign_out_is_a_post_with_the_token),
        RULE(a_rail_is_narrow),
        RULE(customers_see_the_shop_and_no_navigation),
        RULE(the_door_has_neither),
        RULE(nobody_signed_in_never_gets_the_staffs_frame),
        RULE(a_flash_can_be_undone),
        RULE(language_and_theme_follow_the_reader),
        RULE(no_page_holds_script_or_style_of_its_own),
        RULE(parts_escape_what_they_are_given),
    };
    return cmocka_run_group_tests(rules, NULL, NULL);
}
