/* Links by mail that let somebody set a password: invitations, and forgotten passwords.
 *
 * A link's secret exists in two places only: in the mail, and hashed in the database. It is made at
 * the moment the mail leaves (account_link_arm(), called by whoever sends), so neither an event nor
 * the outbox ever holds one, and a mail that is tried again carries a new one that ends the old.
 * A link is good once. */
#pragma once

#include "accounts/account.h"
#include "work/work.h"

#define INVITATION_LASTS (7 * DAY)
#define RESET_LASTS HOUR

struct account_link {
    int64_t id;
    const char *kind; /* "invitation", "reset" */
    int64_t staff;    /* whose password; NONE: an invitation */
    const char *name, *email, *role, *made_by;
    int64_t created_at, expires_at;
    int64_t sent_at; /* when a link of it last went out, or was handed over; NONE: not yet */
    int64_t ended_at;
    const char
        *message; /* the state of its newest mail, as `message_states`; NULL: there is none */
    int64_t message_id;
};
extern const struct record account_link_record;

/* Can the shop send mail at all? */
bool account_mail(struct context *cx);

/* Invites somebody: told as "account.invited" with the id of the link, for a mail. INVALID: of the
 * staff already; invited already; a role with rights that who invites has not. */
enum status invitation_add(struct context *cx, const struct staff *staff, int64_t *id);
/* Open ones, the newest first, at most a hundred; also those that ran out. */
int64_t invitation_list(struct context *cx, struct account_link **links);
bool account_link_load(struct context *cx, int64_t id, struct account_link *link);
/* For seven days from now, with a new mail. */
enum status invitation_resend(struct context *cx, int64_t id);
enum status invitation_withdraw(struct context *cx, int64_t id);
/* For seven days from now, without a mail: the secret, to be handed over this once. */
enum status invitation_hand_over(struct context *cx, int64_t id, const char **secret);

/* Makes the link's secret anew. NULL: it ran out, was used or withdrawn. */
const char *account_link_arm(struct context *cx, int64_t id);

/* The link with this secret. False: there is none that is still good. */
bool account_link_find(struct context *cx, const char *kind, const char *secret,
                       struct account_link *link);

/* Makes the invited person one of the staff. */
enum status invitation_accept(struct context *cx, const struct account_link *link, const char *name,
                              const char *password_hash, int64_t *staff);

/* Somebody says that they forgot the password of this address. Whether anybody has it makes no
 * difference that can be measured or read: the same is written either way. */
void password_forgotten(struct context *cx, const char *email);
/* What comes of it, afterwards: a link for whoever has the address, with its mail told as
 * "account.reset". */
extern const struct reaction account_reactions[];
/* Ends what was sent of this kind and not used. */
void password_resets_end(struct context *cx, int64_t staff);
/* Sets it, ends this and all other links, sessions and tokens of theirs. */
enum status password_reset(struct context *cx, const struct account_link *link,
                           const char *password_hash);

extern const struct route account_link_routes[];
