/* Sessions, and checking a password. Only for rooms that sign people in or out. */
#pragma once

#include "accounts/account.h"

/* Starts a session and returns the Set-Cookie value that carries its token. In a closure. */
struct visitor {
    const char *agent, *address; /* as their browser and the network tell them, or NULL */
    bool secure;                 /* the cookie is for https only */
};
struct visitor session_visitor(const struct request *r);
const char *session_start(struct context *cx, int64_t staff, const struct visitor *visitor);
#define SESSION_COOKIE_END "benchpin=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
void session_end(struct context *cx, int64_t session);
/* All of theirs but `kept` (0: all), and their tokens. */
void session_end_all(struct context *cx, int64_t staff, int64_t kept);

struct session {
    int64_t id, created_at, used_at;
    const char *agent, *address;
    const char *device; /* the agent in words: "Chrome on Windows" */
    int64_t here;       /* 1: the one that asks */
};
extern const struct record session_record;
/* The last used first, at most a hundred. */
int64_t session_list(struct context *cx, int64_t staff, struct session **sessions);
/* One's own: MISSING when there is no such session of theirs. */
enum status session_end_one(struct context *cx, int64_t id);
/* One's own: all, or all but the one that asks. Tokens go on. */
enum status session_end_own(struct context *cx, bool here_too);
/* "Safari on iPhone" of what a browser says it is; "Another program" of what is none. */
const char *agent_words(const char *agent, struct arena *arena);

/* Takes as long for a wrong password as for a right one. Never in a closure. */
bool password_matches(const char *password, const char *hash);
/* The stored hash; NULL: they have none yet. */
const char *staff_password(struct context *cx, int64_t staff);
/* Whether this is the present password of who asks: at most ten tries in ten minutes, else
 * TOO_MANY; INVALID at "current". Ends the reading snapshot; never in a closure. */
enum status password_confirm(struct request *r, const char *current);
