/* How a refusal is told: the form again, a page, or an RFC 9457 problem document. */
#include "http/problem.h"

#include "base/log.h"
#include "http/inside.h"
#include "view.problem.html.h"

#include <string.h>

static const char *title_of(int status) {
    return status == 405 ? "Method not allowed" : status_title((enum status)status);
}

/* Our own fault: what happened goes to the log, a number to the person. */
static void failure_hide(struct exchange *x) {
    const struct fault *fault = x->errors.last;
    log_error("request_failed", log_text("id", x->id),
              log_text("route", x->match.route != NULL ? x->match.route->path : "-"),
              log_text("code", fault != NULL ? fault->code : "unknown"),
              log_text("why", fault != NULL ? fault->sentence : ""));
    errors_clear(&x->errors);
    error_add(&x->errors, FAILED, NULL, "failed",
              "Something went wrong on our side; nothing was changed. Try again, and if it stays, "
              "tell whoever looks after Benchpin this number: %s.",
              x->id);
}

static void problem_json(struct exchange *x, int status) {
    const struct fault *first = x->errors.first;
    struct buf *out = &x->reply.bytes;
    buf_lit(out, "{\"type\":\"about:blank\",\"title\":");
    json_write_text(out, title_of(status));
    buf_printf(out, ",\"status\":%d,\"detail\":", status);
    json_write_text(out, first->sentence);
    buf_printf(out, ",\"instance\":\"urn:benchpin:request:%s\",\"code\":", x->id);
    json_write_text(out, first->code);
    buf_lit(out, ",\"errors\":[");
    const char *comma = "";
    for (const struct fault *fault = first; fault != NULL; fault = fault->next) {
        if (fault->field == NULL)
            continue;
        buf_printf(out, "%s{\"field\":", comma);
        json_write_text(out, fault->field);
        buf_lit(out, ",\"code\":");
        json_write_text(out, fault->code);
        buf_lit(out, ",\"detail\":");
        json_write_text(out, fault->sentence);
        if (fault->theirs != NULL)
            buf_printf(out, ",\"theirs\":%s,\"yours\":%s", fault->theirs, fault->yours);
        buf_lit(out, "}");
        comma = ",";
    }
    buf_lit(out, "]}");
    reply_text(x, status, "application/problem+json");
}

static void problem_show(struct view *v, const void *model) {
    const struct problem *problem = model;
    struct page page = {
        .title = problem->title, .bare = v->actor == NULL, .body = problem_html, .model = problem};
    view_page(v, &page);
}

static void problem_page(struct exchange *x, int status) {
    struct problem problem = {.status = status,
                              .title = language_text(x->errors.language, NULL, title_of(status)),
                              .sentence = x->errors.first->sentence,
                              .back = "/"};
    static const struct presentation page = {.html = problem_show};
    answer(&x->r, &page, &problem);
    reply_text(x, status, "text/html; charset=utf-8");
}

static void ask_to_sign_in(struct exchange *x) {
    struct request *r = &x->r;
    struct arena *arena = r->cx.arena;
    const char *here = "/";
    if (r->method == GET)
        here = arena_printf(arena, "%s%s%s", r->path, *r->query == '\0' ? "" : "?", r->query);
    const char *location = strcmp(here, "/") == 0 ? "/sign-in"
                                                  : arena_printf(arena, "/sign-in?next=%s",
                                                                 percent_encode(here, "/", arena));
    reply_redirect(x, 303, location);
}

/* Shows the form again with what was typed and what was wrong with it. */
static bool show_again(struct exchange *x, enum status status) {
    struct request *r = &x->r;
    bool fits = status >= 400 && status < 500 && status != MISSING && status != GONE;
    if (!fits || r->json || r->route == NULL || r->route->again == NULL || !x->admitted ||
        r->typed == NULL)
        return false;
    x->again = true;
    x->override = status;
    reply_clear(x);
    if (r->route->again(r) == OK && x->reply.kind != REPLY_NONE)
        return true;
    x->override = OK;
    return false;
}

void problem_answer(struct exchange *x, enum status status) {
    struct request *r = &x->r;
    if (status == FAILED)
        failure_hide(x);
    if (!errors_any(&x->errors))
        error_add(&x->errors, status, NULL, "refused", "%s.", title_of(status));
    request_unread(r);
    if (!x->set_up && status == UNAVAILABLE && !r->json) {
        reply_redirect(x, 303, "/set-up");
        return;
    }
    if (show_again(x, status))
        return;
    if (status == NOT_SIGNED_IN && !r->json) {
        ask_to_sign_in(x);
        return;
    }
    if (status == DENIED && r->cx.actor->detour != NULL && !r->json) {
        reply_redirect(x, 303, r->cx.actor->detour);
        return;
    }
    reply_clear(x);
    if (status == NOT_SIGNED_IN)
        reply_header(x, "WWW-Authenticate", "Bearer realm=\"Benchpin\"");
    if (status == UNAVAILABLE || status == TOO_MANY)
        reply_header(x, "Retry-After",
                     arena_printf(r->cx.arena, "%lld",
                                  (long long)(x->retry_after > 0 ? x->retry_after : 10)));
    if (r->json)
        problem_json(x, (int)status);
    else
        problem_page(x, (int)status);
}
