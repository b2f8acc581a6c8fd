/* The form of a thing that somebody else may be saving at the same time: one mechanism for all.
 *
 *     form = edit_form(r, &customer_record, typed, &now,
 *                      &(struct edited){"customer", id, "/customers/12/edit"});
 *
 * Nothing is silently lost (PRODUCT.md, edits by two people at once): the write is refused as
 * CONFLICT "changed" when the version is another, and the form that comes back has both edits in
 * it, field by field, and the present version. */
#pragma once

#include "http/http.h"
#include "view/form.h"

struct edited {
    const char *thing; /* in the log, and the topic of its news: "customer" */
    int64_t id;        /* NONE or 0: a new one, which nobody else edits */
    const char *page;  /* where its form is: "/customers/12/edit" */
};

/* `yours` is what was typed, or the thing itself when nothing was; `theirs` is the thing as it is
 * now. After a conflict `yours` is changed into what is to be shown. Reads while the request does.
 */
struct form edit_form(struct request *r, const struct record *record, void *yours,
                      const void *theirs, const struct edited *edited);
