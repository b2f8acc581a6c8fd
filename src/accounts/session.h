/* Sessions, and checking a password. Only for rooms that sign people in or out. */
#pragma once

#include "accounts/account.h"

/* Starts a session and returns the Set-Cookie value that carries its token. In a closure. */
const char *session_start(struct context *cx, int64_t staff, const char *agent, bool secure);
void session_end(struct context *cx, int64_t session);
/* All of theirs but `kept` (0: all), and their tokens. */
void session_end_all(struct context *cx, int64_t staff, int64_t kept);
/* Takes as long for a wrong password as for a right one. Never in a closure. */
bool password_matches(const char *password, const char *hash);
/* The stored hash; NULL: they have none yet. */
const char *staff_password(struct context *cx, int64_t staff);
