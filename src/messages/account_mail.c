/* Mail to the staff about their own accounts. The links in it are made when it leaves. */
#include "accounts/link.h"
#include "base/language.h"
#include "messages/message.h"
#include "shops/shop.h"

/* What tells of something is wrong by now when it comes too late: the program was off, say. */
#define NEWS_LASTS DAY

/* One who is written to: in their own language where they have chosen one. */
struct letter {
    struct context cx; /* for words in that language, and nothing else */
    struct locale locale;
    const char *shop, *name, *email;
    int64_t link; /* or NONE */
};

/* False: no mail can be sent. */
static bool letter_begin(struct context *cx, struct letter *letter, const char *language) {
    struct shop shop;
    if (!account_mail(cx) || !shop_load(cx, &shop))
        return false;
    *letter = (struct letter){.cx = *cx, .shop = shop.name, .link = NONE};
    letter->locale = locale_in(cx->locale, language == NULL ? NULL : language_find(language));
    letter->cx.locale = &letter->locale;
    return true;
}

static enum status letter_queue(struct context *cx, const struct letter *letter, const char *kind,
                                const char *subject, const char *text) {
    const struct locale *shops = cx->locale;
    cx->locale = &letter->locale;
    enum status status = message_queue_account(cx, &(struct message){.kind = kind,
                                                                     .to_name = letter->name,
                                                                     .to_address = letter->email,
                                                                     .subject = subject,
                                                                     .text = text,
                                                                     .account_link = letter->link});
    cx->locale = shops;
    return status;
}

/* The link that an event tells of; false: it is over, or no mail can be sent. */
static bool letter_of_link(struct context *cx, const struct event *event, struct account_link *link,
                           struct letter *letter) {
    struct staff staff = {.language = NULL};
    if (!account_link_load(cx, -event->subject, link) || link->ended_at != NONE)
        return false;
    if (link->staff != NONE)
        staff_load(cx, link->staff, &staff);
    if (!letter_begin(cx, letter, staff.language))
        return false;
    letter->name = link->name;
    letter->email = link->email;
    letter->link = link->id;
    return true;
}

/* Greeting, what it is about, the link, what else to know, the shop. */
static const char *letter_text(const struct letter *letter, const char *about, const char *link,
                               const char *more) {
    struct arena *arena = letter->cx.arena;
    return arena_printf(arena, "%s\n\n%s%s%s\n\n%s\n\n%s",
                        context_kept_words(&letter->cx, "Dear %s,", letter->name), about,
                        link == NULL ? "" : "\n\n{url}", link == NULL ? "" : link, more,
                        letter->shop);
}

static enum status invite(struct context *cx, const struct event *event) {
    struct account_link link;
    struct letter letter;
    if (!letter_of_link(cx, event, &link, &letter))
        return OK;
    const char *until = day_print_long(day_at(cx->locale->zone, link.expires_at), cx->arena);
    return letter_queue(
        cx, &letter, "invitation",
        context_kept_words(&letter.cx, "%s invites you to Benchpin", letter.shop),
        letter_text(&letter,
                    context_kept_words(&letter.cx,
                                       "%s has invited you to %s in Benchpin. Choose a password, "
                                       "and you are in:",
                                       link.made_by, letter.shop),
                    "/welcome/{secret}",
                    context_kept_words(&letter.cx,
                                       "The link is good until %s, and once. If you did not expect "
                                       "this, leave it be: without a password nothing happens.",
                                       until)));
}

static enum status reset(struct context *cx, const struct event *event) {
    struct account_link link;
    struct letter letter;
    if (!letter_of_link(cx, event, &link, &letter))
        return OK;
    return letter_queue(
        cx, &letter, "reset", context_kept_words(&letter.cx, "A new password for %s", letter.shop),
        letter_text(&letter,
                    context_kept_words(&letter.cx,
                                       "somebody asked for a new password for your account at %s. "
                                       "If it was you, choose it here:",
                                       letter.shop),
                    "/reset/{secret}",
                    context_kept_words(&letter.cx,
                                       "The link is good for one hour, and once. If it was not "
                                       "you, leave it be: your password stays as it is.")));
}

/* News that somebody should hear who did not do it themselves. */
static enum status tell(struct context *cx, const struct event *event, const char *subject,
                        const char *about) {
    struct staff staff;
    struct letter letter;
    if (event->at < cx->now - NEWS_LASTS || !staff_load(cx, -event->subject, &staff) ||
        staff.active != 1 || !letter_begin(cx, &letter, staff.language))
        return OK;
    letter.name = staff.name;
    letter.email = staff.email;
    return letter_queue(
        cx, &letter, "account", context_kept_words(&letter.cx, subject, letter.shop),
        letter_text(&letter, context_kept_words(&letter.cx, about, NULL), NULL,
                    context_kept_words(&letter.cx,
                                       "If you did not know of it, tell the owner of the shop at "
                                       "once, and choose a new password.")));
}

static enum status tell_password(struct context *cx, const struct event *event) {
    return tell(cx, event, "%s: your password was changed",
                "the password of your account was changed.");
}

static enum status tell_factor_on(struct context *cx, const struct event *event) {
    return tell(cx, event, "%s: your second factor is on",
                "from now on your account asks for a code besides the password.");
}

static enum status tell_factor_off(struct context *cx, const struct event *event) {
    return tell(cx, event, "%s: your second factor is off",
                "the second factor of your account was switched off: the password alone opens it.");
}

const struct reaction message_account_reactions[] = {
    {"messages.invited", "account.invited", invite, NULL},
    {"messages.reset", "account.reset", reset, NULL},
    {"messages.password", "account.password", tell_password, NULL},
    {"messages.factor_on", "account.second_factor_on", tell_factor_on, NULL},
    {"messages.factor_off", "account.second_factor_off", tell_factor_off, NULL},
    {0},
};
