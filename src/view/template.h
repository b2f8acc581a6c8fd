/* What compiled templates are made of: every generated C file includes this, nothing else does.
 *
 * `{{value}}` becomes one of the view_print macros, chosen by tools/tplc from the place in the
 * HTML; the value's type picks the function: text, or any integer. A floating number, a character,
 * a truth value or a struct is refused by the C compiler at the template's line. */
#pragma once

#include "view/form.h"
#include "view/parts.h"
#include "view/view.h"

#define VIEW_PRINT(v, value, print_text)                                                           \
    _Generic(value,                                                                                \
        char *: (print_text),                                                                        \
        const char *: (print_text),                                                                  \
        short: view_out_int,                                                                       \
        unsigned short: view_out_int,                                                              \
        int: view_out_int,                                                                         \
        unsigned: view_out_int,                                                                    \
        long: view_out_int,                                                                        \
        unsigned long: view_out_unsigned,                                                          \
        long long: view_out_int,                                                                   \
        unsigned long long: view_out_unsigned)((v), value)

#define view_print_text(v, value) VIEW_PRINT(v, value, view_out_text)
#define view_print_attribute(v, value) VIEW_PRINT(v, value, view_out_attribute)
#define view_print_url(v, value) VIEW_PRINT(v, value, view_out_url)
#define view_print_url_part(v, value) VIEW_PRINT(v, value, view_out_url_part)
#define view_print_tel(v, value) VIEW_PRINT(v, value, view_out_tel)
#define view_print_mail(v, value) VIEW_PRINT(v, value, view_out_mail)

/* {{attr "name", value}}: `start` is ` name="`; nothing at all is printed for NULL or NONE. */
#define VIEW_PRINT_OPTIONAL(v, start, value, print_text)                                           \
    _Generic(value,                                                                                \
        char *: (print_text),                                                                        \
        const char *: (print_text),                                                                  \
        short: view_out_optional_int,                                                              \
        unsigned short: view_out_optional_int,                                                     \
        int: view_out_optional_int,                                                                \
        unsigned: view_out_optional_int,                                                           \
        long: view_out_optional_int,                                                               \
        long long: view_out_optional_int)((v), (start), value)

#define view_print_optional(v, start, value) VIEW_PRINT_OPTIONAL(v, start, value, view_out_optional)
#define view_print_optional_url(v, start, value)                                                   \
    VIEW_PRINT_OPTIONAL(v, start, value, view_out_optional_url)

void view_out_unsigned(struct view *v, uint64_t number);
void view_out_tel(struct view *v, const char *phone);    /* behind tel: digits and a leading + */
void view_out_mail(struct view *v, const char *address); /* behind mailto: percent-encoded but @ */
void view_out_optional(struct view *v, const char *start, const char *text);
void view_out_optional_url(struct view *v, const char *start, const char *url);
void view_out_optional_int(struct view *v, const char *start, int64_t number);
