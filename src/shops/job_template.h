/* Templates as this shop has them: Benchpin's own with what the shop changed of them, its own made
 * after one of these, and its usual work for repairs.
 *
 * A template with a base is reckoned by the base's rules (design/template.h) with the figures that
 * are given here; with operations of its own these are done instead of what the rules say. Usual
 * work has no base: operations in their order, and a price. */
#pragma once

#include "design/recipe.h"
#include "shops/shop.h"

struct template_operation {
    const char *craft, *kind, *name; /* codes of `crafts`, `operation_kinds` */
    int64_t minutes, lead_days;
};
struct job_template {
    const char *code; /* "halo"; "own-3" */
    const char *base; /* code of a built-in one; NULL: usual work for repairs */
    const char *name, *type, *about;
    int64_t position;
    /* NONE, NULL: as the base has it */
    int64_t ring_size, band_width, band_thickness;
    const char *profile;
    int64_t carats;
    const char *setting;
    int64_t accent_size;
    const char *accent_setting;
    int64_t cad_minutes, mounting_minutes;
    int64_t price; /* of usual work, with tax; NONE: none told */
    int64_t archived_at, version;
    int64_t changed; /* flag: a built-in one that the shop changed */
    struct template_operation *operations;
    int64_t operation_count;
};
extern const struct record job_template_record, template_operation_record;

/* By `position` (Benchpin's own have 10, 20, …), archived ones last. `operations` aren't read. */
int64_t job_template_list(struct context *cx, struct job_template **templates);
bool job_template_load(struct context *cx, const char *code, struct job_template *template);
/* INVALID at "template", `unknown_template`: there is none such, or it is archived. */
enum status job_template_check(struct context *cx, const char *code);
/* To choose from: those for pieces that are made, or the usual work for repairs. */
void job_template_words(struct context *cx, bool repairs, struct vocabulary *words);

/* code NULL: a new one, and it is given one. CONFLICT: `version` is not the one that was read (0 of
 * a built-in one that was never changed). */
enum status job_template_save(struct context *cx, struct job_template *template);
enum status job_template_archive(struct context *cx, const char *code, bool archived);
/* A built-in one as Benchpin made it. */
enum status job_template_reset(struct context *cx, const char *code);
enum status job_template_copy(struct context *cx, const char *code, const char **made);

/* What design/ reckons with. False: there is no such template, or it is usual work. */
bool job_template_recipe(struct context *cx, const char *code, struct recipe *recipe);
