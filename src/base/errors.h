/* What went wrong, said so that somebody can act on it.
 *
 * A function that can fail returns an `enum status` and leaves what it found in the `struct errors`
 * it was given. A fault of the user's carries the field, a code that scripts can rely on, and a
 * sentence that says what happened and what to do. The router turns them into a page or an RFC 9457
 * problem document: no handler writes an error page. */
#pragma once

#include "base/arena.h"
#include "base/language.h"

#include <stdbool.h>

/* The numbers are the HTTP statuses by which they are told. */
enum status {
    OK = 0,
    BAD_REQUEST = 400,   /* cannot be understood: malformed JSON, a broken query */
    NOT_SIGNED_IN = 401,
    DENIED = 403,        /* understood, and not allowed to this person */
    MISSING = 404,       /* there is no such thing, or not for this person */
    CONFLICT = 409,      /* the thing has changed meanwhile, or its state forbids it */
    GONE = 410,
    PRECONDITION = 412,  /* it is not as the asker said it must be */
    TOO_LARGE = 413,
    WRONG_TYPE = 415,
    MISDIRECTED = 421,   /* nobody answers at this host */
    INVALID = 422,       /* understood, but a rule refuses a value: see the faults */
    TOO_MANY = 429,
    FAILED = 500,        /* our fault: logged, told without detail */
    UNAVAILABLE = 503,
};

struct fault {
    struct fault *next;
    const char *field;    /* the input's name as the form and the JSON call it; NULL: the whole */
    const char *code;     /* "required", "too_long", "unknown_stage": stable, lower case */
    const char *sentence; /* what happened and what to do, for a person */
    const char *theirs, *yours; /* where somebody else's edit was met: JSON of both; or NULL */
};

struct errors {
    struct arena *arena;
    enum status status; /* of the first fault */
    const struct language *language; /* of who reads the sentences; NULL: British English */
    struct fault *first, *last;
};

/* Records a fault and returns `status`, so that `return error_add(...)` reads well. Everything is
 * copied into the arena. The sentence is looked up in the reader's language; what is put into it is
 * not: texts that are words themselves are given translated (language_text(errors->language, …)). */
enum status error_add(struct errors *errors, enum status status, const char *field,
                      const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
#ifdef __clang_analyzer__ /* looks into one file at a time, and would think that it may return OK */
#define error_add(errors, status, ...) (error_add((errors), (status), __VA_ARGS__), (status))
#endif

/* The first fault at this field, or NULL. */
const struct fault *error_at(const struct errors *errors, const char *field);
bool errors_any(const struct errors *errors);
void errors_clear(struct errors *errors);
/* "404 Not Found" without the number. */
const char *status_title(enum status status);
