#include "accounts/edit.h"

#include "accounts/audit.h"
#include "base/text.h"

#include <stdlib.h>

enum { ENTRIES_SEEN = 20 };

/* Who made each field what it is: the newest entry of the log that changed it. */
static void who_changed(struct context *cx, const struct edited *edited, struct form_edit *edit,
                        struct merged *met) {
    struct audit_query query = {.staff = NONE,
                                .thing = edited->thing,
                                .id = edited->id,
                                .from = NONE,
                                .to = NONE,
                                .before = NONE};
    struct audit_row *rows;
    int64_t count = audit_list(cx, &query, ENTRIES_SEEN, &rows);
    edit->at = NONE;
    if (count > 0) {
        edit->who = rows[0].staff_name;
        edit->at = rows[0].at;
    }
    for (int64_t i = 0; i < edit->met_count; i++) {
        const char *label = field_label(met[i].field, cx->arena);
        for (int64_t k = 0; k < count && met[i].who == NULL; k++)
            for (int64_t n = 0; n < rows[k].change_count; n++)
                if (text_same(rows[k].changes[n].field, label)) {
                    met[i].who = rows[k].staff_name;
                    met[i].at = rows[k].at;
                }
    }
}

static int64_t version_of(const struct record *record, const void *item) {
    const struct field *field = record_field(record, "version");
    return field == NULL ? NONE : *field_number(field, (void *)item);
}

struct form edit_form(struct request *r, const struct record *record, void *yours,
                      const void *theirs, const struct edited *edited) {
    struct form form = request_form(r, record, yours);
    struct context *cx = &r->cx;
    if (edited->id <= 0 || cx->db == NULL)
        return form;
    struct form_edit *edit = ARENA_NEW(cx->arena, struct form_edit);
    *edit = (struct form_edit){.topic = edited->thing,
                               .id = edited->id,
                               .version = version_of(record, theirs),
                               .page = edited->page,
                               .at = NONE};
    form.edit = edit;
    const struct fault *fault = cx->errors->first;
    if (form.get != NULL && fault != NULL && fault->field == NULL &&
        cx->errors->status == CONFLICT && text_same(fault->code, "changed")) {
        struct merged *met;
        edit->late = true;
        edit->met_count = record_merge(record, yours, theirs, form.get, form.typed,
                                       context_reader(cx), cx->arena, &met);
        edit->met = met;
        edit->opened = theirs;
        who_changed(cx, edited, edit, met);
        if (edit->version != NONE)
            *field_number(record_field(record, "version"), yours) = edit->version;
        /* The whole is in `yours` now, and what was wrong stands at its field. */
        form.get = NULL;
        errors_clear(cx->errors);
        return form;
    }
    if (form.get != NULL) {
        edit->version = version_of(record, yours);
    } else {
        /* A form that is open elsewhere asks whether it is still of the present version. */
        const char *open = r->method == GET ? request_typed(r, "version") : NULL;
        edit->late = open != NULL && strtoll(open, NULL, 10) != edit->version;
        if (edit->late) {
            edit->version = strtoll(open, NULL, 10);
            who_changed(cx, edited, edit, NULL);
        }
    }
    return form;
}
