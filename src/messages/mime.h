/* A mail as bytes: RFC 5322 headers and a MIME body, ready for smtp_send().
 *
 * The text is written once, as plain text and, where there is HTML, as an alternative to it;
 * pictures that the HTML shows come beside it, files after it:
 *
 *     mixed ─┬─ alternative ─┬─ text
 *            │               └─ related ─┬─ html
 *            │                           └─ pictures
 *            └─ attachments
 *
 * A level that would hold one thing only is left out. Everything is ASCII in lines of at most 76
 * characters ending in CRLF: texts quoted-printable, files base64, names and subjects as encoded
 * words (RFC 2047), file names by RFC 2231. The same mail always gives the same bytes, so that a
 * second try is the same message. No header can be injected: line ends and control characters in
 * what goes into a header are refused. */
#pragma once

#include "base/buf.h"
#include "base/errors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mime_person {
    const char *name;    /* "Imogen Hartwell", UTF-8; NULL: none */
    const char *address; /* "imogen@hartwell.example" */
};

struct mime_file {
    const char *name; /* "Quote 3.pdf", UTF-8: slashes become dashes */
    const char *type; /* "application/pdf" */
    const char
        *content_id; /* attachments: NULL; a picture in the HTML: "logo" for src="cid:logo" */
    const void *bytes;
    size_t length;
};

struct mime_mail {
    struct mime_person from, to;
    struct mime_person reply_to; /* no address: none */
    const char *subject;
    const char *message_id; /* "token@domain", with or without <>: see mime_message_id() */
    int64_t date;           /* UTC ms; written in UTC */
    bool automatic;         /* adds Auto-Submitted: auto-generated, so that no robot answers */
    const char *text;       /* UTF-8; any line ends */
    const char *html;       /* NULL: plain text only */
    const struct mime_file *files;
    size_t file_count;
};

/* Appends the mail to `out`. INVALID with a fault at "from", "to", "reply_to", "subject",
 * "message_id", "text", "html" or "files": bad_address, bad_text (not UTF-8), line_break, required;
 * then `out` is as it was. */
enum status mime_write(const struct mime_mail *mail, struct buf *out, struct errors *errors);

/* The address as servers take it: white space around it gone, a domain with other letters than
 * ASCII turned into its xn-- form. NULL: not an address, or one whose first part is not plain ASCII
 * (few servers take those). */
const char *mime_address(const char *address, struct arena *arena);

/* A new "token@domain", the domain taken from the sender's address. Made once when a message is
 * queued, so that every try carries the same. NULL when the address is none. */
const char *mime_message_id(const char *from_address, struct arena *arena);
