/* What a record's field looks like as a control; field.html writes it. */
#include "view/form.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct field_look no_look;

const char *field_id(struct view *v, const char *name) {
    char *id = arena_printf(v->arena, "f-%s", name);
    for (char *p = id; *p != '\0'; p++)
        if (*p == '.')
            *p = '-';
    return id;
}

static bool is_amount(enum field_kind kind) {
    return kind == FIELD_MONEY || kind == FIELD_RATE;
}

/* What stands behind the figure. */
static const char *unit_of(enum field_kind kind) {
    switch (kind) {
    case FIELD_PERCENT:
        return "%";
    case FIELD_MILLIGRAM:
        return "g";
    case FIELD_CARAT:
        return "ct";
    case FIELD_MICROMETRE:
        return "mm";
    default:
        return NULL;
    }
}

static const char *type_of(const struct field *field) {
    if (field->flags & FIELD_SECRET)
        return "password";
    switch (field->kind) {
    case FIELD_EMAIL:
        return "email";
    case FIELD_PHONE:
        return "tel";
    case FIELD_DAY:
        return "date";
    case FIELD_INSTANT:
        return "datetime-local";
    default:
        return "text";
    }
}

static const char *inputmode_of(enum field_kind kind) {
    switch (kind) {
    case FIELD_ID:
    case FIELD_INT:
        return "numeric";
    case FIELD_MONEY:
    case FIELD_RATE:
    case FIELD_PERCENT:
    case FIELD_MILLIGRAM:
    case FIELD_CARAT:
    case FIELD_MICROMETRE:
        return "decimal";
    default:
        return NULL;
    }
}

/* Staff type other people's data: the browser is not to offer their own. */
static const char *autocomplete_of(const struct view *v, const struct field *field) {
    switch (field->kind) {
    case FIELD_EMAIL:
        return v->actor != NULL ? "off" : "email";
    case FIELD_PHONE:
        return v->actor != NULL ? "off" : "tel";
    default:
        return field->flags & FIELD_SECRET ? "off" : NULL;
    }
}

static const char *value_of(struct view *v, const struct form *form,
                            const struct control *control) {
    const char *value = NULL;
    if (control->field->flags & FIELD_SECRET)
        return "";
    if (form->get != NULL)
        value = form->get(form->typed, control->name);
    else if (form->values != NULL)
        value = field_print(control->field, form->values, v->locale, v->arena);
    return value == NULL ? "" : value;
}

const struct merged *form_met(const struct form *form, const char *name) {
    for (int64_t i = 0; form->edit != NULL && i < form->edit->met_count; i++)
        if (text_same(form->edit->met[i].field->name, name))
            return &form->edit->met[i];
    return NULL;
}

const char *form_was(struct view *v, const struct form *form, const struct field *field) {
    if (form->edit->opened == NULL && form->get != NULL)
        return form->get(form->typed, arena_printf(v->arena, MERGE_WAS "%s", field->name));
    const void *item = form->edit->opened != NULL ? form->edit->opened : form->values;
    return field_print(field, item, v->locale, v->arena);
}

struct form_was_list form_was_list(struct view *v, const struct form *form,
                                   const struct field *field) {
    const void *item = form->edit->opened != NULL ? form->edit->opened : form->values;
    bool typed = form->edit->opened == NULL && form->get != NULL;
    enum { ROWS_MOST = 200 };
    struct form_was_list list = {0};
    const char *rows = NULL;
    if (typed) {
        const char *count =
            form->get(form->typed, arena_printf(v->arena, MERGE_WAS "%s", field->name));
        list.rows = count == NULL ? 0 : strtoll(count, NULL, 10);
    } else {
        memcpy(&rows, (const char *)item + field->offset, sizeof rows);
        memcpy(&list.rows, (const char *)item + field->count_offset, sizeof list.rows);
    }
    if (list.rows < 0 || list.rows > ROWS_MOST)
        list.rows = 0;
    list.values =
        ARENA_ARRAY(v->arena, struct form_was_value, (size_t)list.rows * field->of->count + 1);
    for (int64_t i = 0; i < list.rows; i++)
        for (size_t k = 0; k < field->of->count; k++) {
            const struct field *part = &field->of->fields[k];
            if (!field_is_edited(part) || part->kind == FIELD_LIST)
                continue;
            const char *name =
                arena_printf(v->arena, MERGE_WAS "%s.%ld.%s", field->name, (long)i, part->name);
            const char *value =
                typed ? form->get(form->typed, name)
                      : field_print(part, rows + (size_t)i * field->of->size, v->locale, v->arena);
            if (value != NULL)
                list.values[list.count++] = (struct form_was_value){name, value};
        }
    return list;
}

/* The ids of what is to be read after the label: first what is wrong, then the hint, then the unit.
 */
static const char *described_by(struct view *v, const struct control *control) {
    const char *ids = "";
    if (control->error != NULL)
        ids = arena_printf(v->arena, "%s-e", control->id);
    if (control->look->hint != NULL)
        ids = arena_printf(v->arena, "%s%s%s-h", ids, *ids ? " " : "", control->id);
    if (control->unit != NULL)
        ids = arena_printf(v->arena, "%s%s%s-u", ids, *ids ? " " : "", control->id);
    if (control->met != NULL)
        ids = arena_printf(v->arena, "%s%s%s-m", ids, *ids ? " " : "", control->id);
    return *ids ? ids : NULL;
}

struct control field_control(struct view *v, const struct form *form, const char *name,
                             const struct field_look *look) {
    const struct field *field = record_field(form->record, name);
    assert(field != NULL && "a form asks for a field that its record does not have");
    assert(field->kind != FIELD_LIST && field->kind != FIELD_ONE);
    look = look != NULL ? look : &no_look;
    struct control control = {.field = field, .look = look};
    control.name = look->name != NULL ? look->name : field->name;
    control.id = field_id(v, control.name);
    control.value = value_of(v, form, &control);
    if (form->edit != NULL && record_field(form->record, control.name) == field &&
        field_is_edited(field)) {
        control.was = form_was(v, form, field);
        control.met = form_met(form, control.name);
    }
    control.label = look->label != NULL ? look->label : view_t(v, field_label(field, v->arena));
    control.words = look->words != NULL ? look->words : field->words;
    control.required = look->required || (field->flags & FIELD_REQUIRED) != 0;
    control.readonly = (field->flags & FIELD_READONLY) != 0;
    control.checked =
        field->kind == FIELD_FLAG && *control.value != '\0' && strcmp(control.value, "0") != 0;
    control.type = look->type != NULL ? look->type : type_of(field);
    control.inputmode = inputmode_of(field->kind);
    control.autocomplete =
        look->autocomplete != NULL ? look->autocomplete : autocomplete_of(v, field);
    control.unit = look->unit != NULL ? look->unit : unit_of(field->kind);
    if (is_amount(field->kind)) {
        /* A sign stands before the figure; a code of letters behind it, where it has room. */
        const char *symbol = v->locale->currency->symbol;
        if (text_characters(symbol) == 1)
            control.sign = symbol;
        else if (control.unit == NULL)
            control.unit = symbol;
    }
    if (form->errors != NULL) {
        const struct fault *fault = error_at(form->errors, control.name);
        const struct fault *first = form->errors->first;
        if (fault != NULL)
            control.error = fault->sentence;
        control.autofocus = fault != NULL && fault == first && first->next == NULL;
    }
    control.autofocus = control.autofocus || (look->autofocus && !errors_any(form->errors));
    control.described_by = described_by(v, &control);
    return control;
}

void field_html(struct view *v, const struct form *form, const char *name) {
    field_as_html(v, form, name, NULL);
}
