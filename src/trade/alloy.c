#include "trade/alloy.h"

#include "base/number.h"

#include <string.h>

#define CUBIC_CENTIMETRE INT64_C(1000000000000) /* µm³ */
#define OUNCE_E4 INT64_C(311034768)             /* a troy ounce in ten-thousandths of a milligram */
#define LONGEST INT64_C(1000000)                /* µm: no side of a piece is over a metre */

static const struct word metal_words[] = {
    {"gold", "Gold"},           {"silver", "Silver"}, {"platinum", "Platinum"},
    {"palladium", "Palladium"}, {NULL, NULL},
};
const struct vocabulary metals = {"metal", metal_words};

static const struct word colour_words[] = {
    {"yellow", "Yellow"}, {"white", "White"}, {"red", "Rose"}, {"green", "Green"}, {NULL, NULL}};
const struct vocabulary metal_colours = {"colour", colour_words};

/* One row an alloy, from which both the table and its vocabulary are made: they can't disagree.
 * The densities of 9ct white and rose and of palladium 500 are estimates of the right size. */
#define ALLOYS(A)                                                                                  \
    A("au999", "24ct gold", "gold", "yellow", 9990, 19300, 500)                                    \
    A("au916y", "22ct yellow gold", "gold", "yellow", 9160, 17800, 500)                            \
    A("au750y", "18ct yellow gold", "gold", "yellow", 7500, 15580, 500)                            \
    A("au750w", "18ct white gold", "gold", "white", 7500, 14640, 500)                              \
    A("au750r", "18ct rose gold", "gold", "red", 7500, 15180, 500)                                 \
    A("au750g", "18ct green gold", "gold", "green", 7500, 15900, 500)                              \
    A("au585y", "14ct yellow gold", "gold", "yellow", 5850, 13070, 500)                            \
    A("au585w", "14ct white gold", "gold", "white", 5850, 12610, 500)                              \
    A("au585r", "14ct rose gold", "gold", "red", 5850, 13260, 500)                                 \
    A("au585g", "14ct green gold", "gold", "green", 5850, 14200, 500)                              \
    A("au417y", "10ct yellow gold", "gold", "yellow", 4170, 11570, 500)                            \
    A("au417w", "10ct white gold", "gold", "white", 4170, 11070, 500)                              \
    A("au417r", "10ct rose gold", "gold", "red", 4170, 11590, 500)                                 \
    A("au417g", "10ct green gold", "gold", "green", 4170, 11030, 500)                              \
    A("au375y", "9ct yellow gold", "gold", "yellow", 3750, 11300, 500)                             \
    A("au375w", "9ct white gold", "gold", "white", 3750, 12000, 500)                               \
    A("au375r", "9ct rose gold", "gold", "red", 3750, 11200, 500)                                  \
    A("pt999", "Platinum 999", "platinum", "white", 9990, 21450, 400)                              \
    A("pt950", "Platinum 950", "platinum", "white", 9500, 20800, 400)                              \
    A("pt900", "Platinum 900", "platinum", "white", 9000, 21540, 400)                              \
    A("pd950", "Palladium 950", "palladium", "white", 9500, 11800, 400)                            \
    A("pd500", "Palladium 500", "palladium", "white", 5000, 11200, 400)                            \
    A("ag999", "Fine silver", "silver", "white", 9990, 10500, 500)                                 \
    A("ag958", "Britannia silver", "silver", "white", 9580, 10400, 500)                            \
    A("ag925", "Sterling silver", "silver", "white", 9250, 10400, 500)                             \
    A("ag800", "800 silver", "silver", "white", 8000, 10200, 500)

#define ALLOY_ROW(code, name, metal, colour, fineness, density, loss)                              \
    {code, name, metal, colour, fineness, density, loss},
#define ALLOY_WORD(code, name, metal, colour, fineness, density, loss) {code, name},

static const struct alloy alloy_table[] = {ALLOYS(ALLOY_ROW)};
static const struct word alloy_words[] = {ALLOYS(ALLOY_WORD){NULL, NULL}};
const struct vocabulary alloys = {"alloy", alloy_words};
static const int64_t alloy_count = sizeof alloy_table / sizeof *alloy_table;

const struct alloy *alloy_find(const char *code) {
    for (int64_t i = 0; code && i < alloy_count; i++)
        if (strcmp(alloy_table[i].code, code) == 0)
            return &alloy_table[i];
    return NULL;
}

const struct alloy *alloy_all(int64_t *count) {
    *count = alloy_count;
    return alloy_table;
}

static bool is_share(int64_t basis_points) {
    return basis_points >= 0 && basis_points <= 100 * WHOLE;
}

static bool is_fineness(int64_t fineness) {
    return fineness > 0 && fineness <= WHOLE;
}

bool alloy_value(int64_t per_ounce, int64_t weight, int64_t fineness, int64_t *minor) {
    return is_fineness(fineness) && number_ratio3(per_ounce, weight, fineness, OUNCE_E4, minor);
}

bool alloy_rate(int64_t per_ounce, int64_t fineness, int64_t markup, int64_t loss, int64_t *rate) {
    int64_t fine;
    /* A markup may be negative (scrap is bought under the price), but never below nothing. */
    if (!is_fineness(fineness) || !is_share(loss) || markup < -WHOLE || markup > 100 * WHOLE)
        return false;
    if (!number_ratio(per_ounce, fineness, 1, &fine))
        return false;
    return number_ratio3(fine, (WHOLE + markup) * (WHOLE + loss), RATE_ONE,
                         OUNCE_E4 * WHOLE * WHOLE, rate);
}

bool alloy_weight(int64_t density, int64_t volume, int64_t *weight) {
    return density > 0 && volume >= 0 && number_ratio(density, volume, CUBIC_CENTIMETRE, weight);
}

bool alloy_exchange(int64_t weight, const struct alloy *from, const struct alloy *to,
                    int64_t *out) {
    return number_ratio(weight, to->density, from->density, out);
}

bool alloy_cast_weight(int64_t wax, int64_t wax_density, const struct alloy *alloy, int64_t *out) {
    return wax_density > 0 && number_ratio(wax, alloy->density, wax_density, out);
}

static bool share_up(int64_t amount, int64_t basis_points, int64_t *out) {
    int64_t whole = amount / WHOLE, rest = amount % WHOLE, part;
    if (!number_ratio(whole, basis_points, 1, &part))
        return false;
    return number_add(part, (rest * basis_points + WHOLE - 1) / WHOLE, out);
}

bool alloy_issue(int64_t weight, int64_t loss, int64_t sprue, int64_t *issued) {
    int64_t lost, cast, tree;
    if (weight < 0 || !is_share(loss) || !is_share(sprue))
        return false;
    return share_up(weight, loss, &lost) && number_add(weight, lost, &cast) &&
           share_up(cast, sprue, &tree) && number_add(cast, tree, issued);
}

static const struct profile {
    const char *code;
    int64_t factor;
} profiles[] = {{"flat", 10000}, {"flat_court", 9460}, {"d", 8390}, {"court", 8280}};

static const struct word profile_words[] = {{"flat", "Flat"},
                                            {"flat_court", "Flat court"},
                                            {"d", "D-shape"},
                                            {"court", "Court (comfort fit)"},
                                            {NULL, NULL}};
const struct vocabulary ring_profiles = {"profile", profile_words};

int64_t ring_profile_factor(const char *profile) {
    for (size_t i = 0; profile && i < sizeof profiles / sizeof *profiles; i++)
        if (strcmp(profiles[i].code, profile) == 0)
            return profiles[i].factor;
    return 0;
}

static bool is_length(int64_t micrometres) {
    return micrometres >= 0 && micrometres <= LONGEST;
}

bool ring_volume(int64_t inner, int64_t width, int64_t thickness, const char *profile,
                 int64_t *volume) {
    int64_t factor = ring_profile_factor(profile);
    if (factor == 0 || !is_length(inner) || !is_length(width) || !is_length(thickness))
        return false;
    return number_ratio3(113 * inner + 355 * thickness, width * thickness, factor, 113 * WHOLE,
                         volume);
}

bool ring_weight(const struct alloy *alloy, int64_t inner, int64_t width, int64_t thickness,
                 const char *profile, int64_t *weight) {
    int64_t factor = ring_profile_factor(profile);
    if (factor == 0 || !is_length(inner) || !is_length(width) || !is_length(thickness))
        return false;
    /* Not by way of ring_volume(): one rounding is better than two. The path's 113 is what keeps
     * the divisor within 64 bits. */
    return number_ratio3(113 * inner + 355 * thickness, width * thickness, factor * alloy->density,
                         113 * WHOLE * CUBIC_CENTIMETRE, weight);
}

bool ring_outside(int64_t inner, int64_t thickness, int64_t *outer) {
    return is_length(inner) && is_length(thickness) &&
           number_ratio(113 * inner + 710 * thickness, 1, 113, outer);
}

bool plate_volume(int64_t length, int64_t width, int64_t thickness, int64_t *volume) {
    return is_length(length) && is_length(width) && is_length(thickness) &&
           number_ratio3(length, width, thickness, 1, volume);
}

bool ellipse_volume(int64_t length, int64_t width, int64_t thickness, int64_t *volume) {
    return is_length(length) && is_length(width) && is_length(thickness) &&
           number_ratio3(length * width, thickness, 355, 4 * 113, volume);
}

bool disc_volume(int64_t diameter, int64_t thickness, int64_t *volume) {
    return ellipse_volume(diameter, diameter, thickness, volume);
}

bool wire_volume(int64_t diameter, int64_t length, int64_t *volume) {
    return disc_volume(diameter, length, volume);
}

/* Milligrams in a unit, as a whole number and its power of ten. */
static const struct {
    int64_t amount, power;
} units[] = {
    [WEIGHT_GRAM] = {1000, 1},
    [WEIGHT_OUNCE] = {311034768, 10000},
    [WEIGHT_PENNYWEIGHT] = {155517384, 100000},
    [WEIGHT_GRAIN] = {6479891, 100000},
};

bool weight_from(enum weight_unit unit, int64_t thousandths, int64_t *weight) {
    return number_ratio(thousandths, units[unit].amount, units[unit].power * 1000, weight);
}

bool weight_in(enum weight_unit unit, int64_t weight, int64_t *thousandths) {
    return number_ratio(weight, units[unit].power * 1000, units[unit].amount, thousandths);
}

bool price_to_ounce(enum weight_unit unit, int64_t price, int64_t *per_ounce) {
    return number_ratio3(price, OUNCE_E4, units[unit].power, WHOLE * units[unit].amount, per_ounce);
}

bool price_from_ounce(enum weight_unit unit, int64_t per_ounce, int64_t *price) {
    return number_ratio3(per_ounce, units[unit].amount, WHOLE, OUNCE_E4 * units[unit].power, price);
}

bool hallmark_needed(const char *country, const char *metal, int64_t weight) {
    static const struct {
        const char *metal;
        int64_t exempt;
    } exemptions[] = {{"gold", 1000}, {"silver", 7780}, {"platinum", 500}, {"palladium", 1000}};
    if (!country || !metal || strcmp(country, "GB") != 0)
        return false;
    for (size_t i = 0; i < sizeof exemptions / sizeof *exemptions; i++)
        if (strcmp(exemptions[i].metal, metal) == 0)
            return weight > exemptions[i].exempt;
    return false;
}
