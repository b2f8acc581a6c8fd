/* Mail to the staff about their own accounts. The links in it are made when it leaves. */
#include "accounts/link.h"
#include "base/text.h"
#include "messages/message.h"
#include "shops/shop.h"

/* What tells of something is wrong by now when it comes too late: the program was off, say. */
#define NEWS_LASTS DAY

static const char *shop_name(struct context *cx) {
    struct shop shop;
    return shop_load(cx, &shop) ? shop.name : "Benchpin";
}

static enum status invite(struct context *cx, const struct event *event) {
    struct account_link link;
    if (!account_link_load(cx, -event->subject, &link) || link.ended_at != NONE ||
        !account_mail(cx))
        return OK;
    const char *shop = shop_name(cx);
    return message_queue_account(
        cx, &(struct message){
                .kind = "invitation",
                .to_name = link.name,
                .to_address = link.email,
                .subject = arena_printf(cx->arena, "%s invites you to Benchpin", shop),
                .text = arena_printf(
                    cx->arena,
                    "Dear %s,\n\n%s has invited you to %s in Benchpin. Choose a password, and you "
                    "are in:\n\n{url}/welcome/{secret}\n\nThe link is good until %s, and once. "
                    "If you did not expect this, leave it be: without a password nothing "
                    "happens.\n\n%s",
                    link.name, link.made_by, shop,
                    day_print_long(day_at(cx->locale->zone, link.expires_at), cx->arena), shop),
                .account_link = link.id});
}

static enum status reset(struct context *cx, const struct event *event) {
    struct account_link link;
    if (!account_link_load(cx, -event->subject, &link) || link.ended_at != NONE ||
        !account_mail(cx))
        return OK;
    const char *shop = shop_name(cx);
    return message_queue_account(
        cx, &(struct message){
                .kind = "reset",
                .to_name = link.name,
                .to_address = link.email,
                .subject = arena_printf(cx->arena, "A new password for %s", shop),
                .text = arena_printf(
                    cx->arena,
                    "Dear %s,\n\nsomebody asked for a new password for your account at %s. If it "
                    "was you, choose it here:\n\n{url}/reset/{secret}\n\nThe link is good for one "
                    "hour, and once. If it was not you, leave it be: your password stays as it "
                    "is.\n\n%s",
                    link.name, shop, shop),
                .account_link = link.id});
}

/* What somebody should hear who did not do it. */
static enum status tell(struct context *cx, const struct event *event, const char *subject,
                        const char *sentence) {
    struct staff staff;
    if (event->at < cx->now - NEWS_LASTS || !staff_load(cx, -event->subject, &staff) ||
        staff.active != 1 || !account_mail(cx))
        return OK;
    const char *shop = shop_name(cx);
    return message_queue_account(
        cx, &(struct message){
                .kind = "account",
                .to_name = staff.name,
                .to_address = staff.email,
                .subject = arena_printf(cx->arena, "%s: %s", shop, subject),
                .text = arena_printf(cx->arena,
                                     "Dear %s,\n\n%s\n\nIf you did not know of it, tell the owner "
                                     "of the shop at once, and choose a new password: "
                                     "{url}/forgot\n\n%s",
                                     staff.name, sentence, shop),
                .account_link = NONE});
}

static enum status tell_password(struct context *cx, const struct event *event) {
    return tell(cx, event, "your password was changed",
                "the password of your account was changed.");
}

static enum status tell_factor_on(struct context *cx, const struct event *event) {
    return tell(cx, event, "your second factor is on",
                "from now on your account asks for a code besides the password.");
}

static enum status tell_factor_off(struct context *cx, const struct event *event) {
    return tell(cx, event, "your second factor is off",
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
