/* The specification of a piece, and what follows from it.
 *
 * `struct specification` is what is to be made; `struct material_need` what it is made of; `struct
 * operation_plan` what is done to it. They are records: forms, JSON and rows. Pure: whoever holds
 * them decides where they are stored. Units: micrometres, milligrams, hundred-thousandths of a
 * carat, minutes. */
#pragma once

#include "trade/alloy.h"
#include "trade/stone.h"

struct spec_stone {
    int64_t id, job, position;
    const char *role; /* code of `stone_roles`: centre, side, halo, shoulder, band, accent */
    const char *gem, *shape, *origin, *treatment, *quality, *report;
    int64_t length, width; /* of each */
    int64_t count;
    int64_t carats;      /* of all together */
    const char *setting; /* code of `stone_settings` */
    const char *whose;   /* shop, customer */
};

struct specification {
    int64_t job;
    const char *template; /* code of template.h; NULL: made by hand */
    const char *alloy;
    int64_t weight; /* of the metal in the finished piece, estimated until it is on the balance */
    int64_t gross;  /* to be issued: with loss and sprue */
    int64_t ring_size, band_width, band_thickness;
    const char *profile;
    const char *setting; /* of the centre; NULL: no stones, or by each stone */
    const char *finish, *engraving;
    const char *cad;  /* parameters for the drawing, a line each */
    const char *note; /* what the customer must hear: "can't be made larger later" */
    int64_t version;
    struct spec_stone *stones;
    int64_t stone_count;
    const struct recipe *recipe; /* a shop's own of that template; NULL: the built-in one */
};

/* One row of the bill of materials. */
struct material_need {
    int64_t position;
    const char *kind; /* code of `material_kinds`: metal, stone, finding */
    const char *name; /* "18ct yellow gold"; the stone in the law's words; "Chain, 45 cm" */
    const char *part; /* a finding's name in the template, whatever its metal; else NULL */
    const char *alloy;
    const char *gem, *shape, *origin, *treatment, *quality;
    int64_t length, width;
    int64_t quantity; /* milligrams to be issued; pieces */
    int64_t carats;   /* of all together; NONE for what is no stone */
    const char *whose;
};

/* One operation before anybody is planned for it. */
struct operation_plan {
    int64_t position;  /* from 1 */
    const char *craft; /* code of `crafts` */
    const char *kind;  /* code of `operation_kinds`: work, vendor, quality, customer */
    const char *name;  /* "Set 22 stones, pavé" */
    int64_t minutes;   /* of work, for a hand at speed 100; a starting figure to be learned from */
    int64_t lead_days; /* vendor: working days; customer: days until an answer is expected */
    const char *after; /* positions that must be done first, "3 5"; NULL: none */
};

extern const struct vocabulary stone_roles;
extern const struct vocabulary material_kinds;
extern const struct vocabulary operation_kinds;

extern const struct record spec_stone_record;
extern const struct record specification_record;
extern const struct record material_need_record;
extern const struct record operation_plan_record;

/* The stone as it is told everywhere (trade/stone.h). The carats of set stones are measured. */
const char *spec_stone_text(const struct spec_stone *stone, struct arena *arena);

/* What follows from it is reckoned with the shop's own figures of its alloy: `alloy` is of the code
 * spec->alloy, or NULL when there is none such (INVALID, field "alloy").
 *
 * What the piece is made of: the metal to issue (the customer's own first, `own_metal` milligrams
 * of it at most), the stones in the order of the specification, the findings of its template. */
enum status spec_materials(const struct specification *spec, const struct alloy *alloy,
                           int64_t own_metal, struct arena *arena, struct material_need **needs,
                           int64_t *count, struct errors *errors);

/* What is done to it, in order, by the rules of template.h. `assay`: it goes to the assay office
 * before the last polish. INVALID: the template or the alloy is unknown, or a stone's setting. */
enum status spec_operations(const struct specification *spec, const struct alloy *alloy,
                            bool own_metal, bool assay, struct arena *arena,
                            struct operation_plan **operations, int64_t *count,
                            struct errors *errors);

/* The positions of `after` into `list` (room for `size`); how many there are. */
int64_t operation_after(const char *after, int64_t *list, int64_t size);
/* Which material must be there before it can start: "metal", "stone" or NULL. Metal is needed by
 * casting, or by mounting where nothing is cast; stones by setting. */
const char *operation_needs(const struct operation_plan *operations, int64_t count, int64_t index);
