/* What goes with a message: "quote:12", "invoice:7", "receipt:3", made into a PDF when it is sent;
 * and the messages that take such with them: a quote that was sent, an invoice, a receipt. */
#pragma once

#include "messages/message.h"

/* For struct post_office. */
bool post_attach(struct post_office *office, struct store *store, const char *what,
                 struct mime_file *file, struct buf *bytes, struct arena *arena);

extern const struct reaction post_reactions[];
