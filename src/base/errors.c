#include "base/errors.h"

#include <string.h>

enum status(error_add)(struct errors *errors, enum status status, const char *field,
                       const char *code, const char *format, ...) {
    struct fault *fault = ARENA_NEW(errors->arena, struct fault);
    va_list args;
    va_start(args, format);
    fault->sentence = language_vprintf(errors->language, errors->arena, format, args);
    va_end(args);
    fault->field = arena_text(errors->arena, field);
    fault->code = arena_text(errors->arena, code);
    if (errors->last != NULL)
        errors->last->next = fault;
    else
        errors->first = fault;
    errors->last = fault;
    if (errors->status == OK)
        errors->status = status;
    return status;
}

const struct fault *error_at(const struct errors *errors, const char *field) {
    if (errors == NULL)
        return NULL;
    for (const struct fault *fault = errors->first; fault != NULL; fault = fault->next)
        if (fault->field != NULL && strcmp(fault->field, field) == 0)
            return fault;
    return NULL;
}

bool errors_any(const struct errors *errors) {
    return errors != NULL && errors->first != NULL;
}

void errors_clear(struct errors *errors) {
    errors->status = OK;
    errors->first = errors->last = NULL;
}

const char *status_title(enum status status) {
    switch (status) {
    case OK:
        return "OK";
    case BAD_REQUEST:
        return "Bad request";
    case NOT_SIGNED_IN:
        return "Not signed in";
    case DENIED:
        return "Not allowed";
    case MISSING:
        return "Not found";
    case CONFLICT:
        return "Conflict";
    case GONE:
        return "Gone";
    case PRECONDITION:
        return "It has changed";
    case TOO_LARGE:
        return "Too large";
    case WRONG_TYPE:
        return "Wrong type of content";
    case MISDIRECTED:
        return "No shop here";
    case INVALID:
        return "Please check what was entered";
    case TOO_MANY:
        return "Too many attempts";
    case FAILED:
        return "Something broke";
    case UNAVAILABLE:
        return "Not available just now";
    }
    return "Error";
}
