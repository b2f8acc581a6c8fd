#include "base/phone.h"

#include "base/text.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* How a country's people write a number: after `trunk` at home, after `abroad` to another country.
 * Countries not listed cannot be guessed; their numbers are taken with a + only. */
struct plan {
    char country[3];
    const char *code;
    const char *trunk;  /* dropped before the national number; "" none */
    const char *abroad; /* what is dialled instead of + */
};

static const struct plan plans[] = {
    {"AD", "376", "", "00"},   {"AE", "971", "0", "00"},  {"AL", "355", "0", "00"},
    {"AM", "374", "0", "00"},  {"AR", "54", "0", "00"},   {"AT", "43", "0", "00"},
    {"AU", "61", "0", "0011"}, {"AZ", "994", "0", "00"},  {"BA", "387", "0", "00"},
    {"BD", "880", "0", "00"},  {"BE", "32", "0", "00"},   {"BG", "359", "0", "00"},
    {"BH", "973", "", "00"},   {"BR", "55", "0", "00"},   {"BW", "267", "", "00"},
    {"BY", "375", "8", "810"}, {"CA", "1", "1", "011"},   {"CH", "41", "0", "00"},
    {"CL", "56", "", "00"},    {"CN", "86", "0", "00"},   {"CO", "57", "0", "00"},
    {"CR", "506", "", "00"},   {"CY", "357", "", "00"},   {"CZ", "420", "", "00"},
    {"DE", "49", "0", "00"},   {"DK", "45", "", "00"},    {"DZ", "213", "0", "00"},
    {"EC", "593", "0", "00"},  {"EE", "372", "", "00"},   {"EG", "20", "0", "00"},
    {"ES", "34", "", "00"},    {"FI", "358", "0", "00"},  {"FO", "298", "", "00"},
    {"FR", "33", "0", "00"},   {"GB", "44", "0", "00"},   {"GE", "995", "0", "00"},
    {"GG", "44", "0", "00"},   {"GH", "233", "0", "00"},  {"GI", "350", "", "00"},
    {"GR", "30", "", "00"},    {"HK", "852", "", "001"},  {"HR", "385", "0", "00"},
    {"HU", "36", "06", "00"},  {"ID", "62", "0", "00"},   {"IE", "353", "0", "00"},
    {"IL", "972", "0", "00"},  {"IM", "44", "0", "00"},   {"IN", "91", "0", "00"},
    {"IS", "354", "", "00"},   {"IT", "39", "", "00"},    {"JE", "44", "0", "00"},
    {"JM", "1", "1", "011"},   {"JO", "962", "0", "00"},  {"JP", "81", "0", "010"},
    {"KE", "254", "0", "000"}, {"KR", "82", "0", "00"},   {"KW", "965", "", "00"},
    {"KZ", "7", "8", "810"},   {"LB", "961", "0", "00"},  {"LI", "423", "", "00"},
    {"LK", "94", "0", "00"},   {"LT", "370", "0", "00"},  {"LU", "352", "", "00"},
    {"LV", "371", "", "00"},   {"MA", "212", "0", "00"},  {"MC", "377", "", "00"},
    {"MD", "373", "0", "00"},  {"ME", "382", "0", "00"},  {"MK", "389", "0", "00"},
    {"MT", "356", "", "00"},   {"MU", "230", "", "00"},   {"MX", "52", "", "00"},
    {"MY", "60", "0", "00"},   {"NA", "264", "0", "00"},  {"NG", "234", "0", "009"},
    {"NL", "31", "0", "00"},   {"NO", "47", "", "00"},    {"NP", "977", "0", "00"},
    {"NZ", "64", "0", "00"},   {"OM", "968", "", "00"},   {"PA", "507", "", "00"},
    {"PE", "51", "0", "00"},   {"PH", "63", "0", "00"},   {"PK", "92", "0", "00"},
    {"PL", "48", "", "00"},    {"PR", "1", "1", "011"},   {"PT", "351", "", "00"},
    {"QA", "974", "", "00"},   {"RO", "40", "0", "00"},   {"RS", "381", "0", "00"},
    {"RU", "7", "8", "810"},   {"SA", "966", "0", "00"},  {"SE", "46", "0", "00"},
    {"SG", "65", "", "000"},   {"SI", "386", "0", "00"},  {"SK", "421", "0", "00"},
    {"SM", "378", "", "00"},   {"TH", "66", "0", "001"},  {"TN", "216", "", "00"},
    {"TR", "90", "0", "00"},   {"TW", "886", "0", "002"}, {"TZ", "255", "0", "000"},
    {"UA", "380", "0", "00"},  {"UG", "256", "0", "000"}, {"US", "1", "1", "011"},
    {"UY", "598", "0", "00"},  {"VN", "84", "0", "00"},   {"ZA", "27", "0", "00"},
    {"ZW", "263", "0", "00"},
};

static const struct plan *plan_of(const char *country) {
    for (size_t i = 0; country != NULL && i < G_N_ELEMENTS(plans); i++)
        if (strcmp(plans[i].country, country) == 0)
            return &plans[i];
    return NULL;
}

/* The plan whose code these digits begin with. No code is the beginning of another. */
static const struct plan *plan_by_code(const char *digits) {
    for (size_t i = 0; i < G_N_ELEMENTS(plans); i++)
        if (text_starts(digits, plans[i].code))
            return &plans[i];
    return NULL;
}

const char *phone_country_code(const char *country) {
    const struct plan *plan = plan_of(country);
    return plan != NULL ? plan->code : NULL;
}

/* Digits and what people put between them; a + at the beginning only. */
static bool looks_dialled(const char *typed) {
    static const char *const between[] = {"\u00a0", "\u2009", "\u202f", "\u2010",
                                          "\u2011", "\u2012", "\u2013", "\u2212"};
    const char *at = typed;
    if (*at == '(' && at[1] == '+')
        at++;
    if (*at == '+')
        at++;
    while (*at != '\0') {
        if (g_ascii_isdigit(*at) || strchr(" ()-./", *at) != NULL) {
            at++;
            continue;
        }
        size_t i = 0;
        while (i < G_N_ELEMENTS(between) && !text_starts(at, between[i]))
            i++;
        if (i == G_N_ELEMENTS(between))
            return false;
        at += strlen(between[i]);
    }
    return true;
}

/* The digits after the country code: a trunk zero that was typed all the same is no part of the
 * number abroad ("+44 (0)20 …"); Italy's zero is, which is why it has no trunk here. */
static const char *national(const struct plan *plan, const char *digits) {
    if (strcmp(plan->trunk, "0") == 0 && digits[0] == '0')
        return digits + 1;
    return digits;
}

const char *phone_e164(const char *typed, const char *country, struct arena *arena) {
    enum { LEAST = 7, MOST = 15, NATIONAL_LEAST = 4 };
    if (typed == NULL)
        return NULL;
    typed = text_trim(typed, arena);
    if (!looks_dialled(typed))
        return NULL;
    const struct plan *plan = plan_of(country);
    const struct plan *target = NULL; /* whose number it is; NULL: a country that is not listed */
    const char *digits = text_digits(typed, arena);
    const char *abroad = plan != NULL ? plan->abroad : "00";
    /* "00" is understood everywhere: no country has numbers of its own that begin so. */
    const char *prefix = text_starts(digits, abroad) ? abroad
                         : text_starts(digits, "00") ? "00"
                                                     : NULL;
    bool plus = strchr(typed, '+') != NULL;
    if (plus || prefix != NULL) {
        if (!plus)
            digits += strlen(prefix);
        target = plan_by_code(digits);
        if (target != NULL)
            digits = national(target, digits + strlen(target->code));
    } else if (plan != NULL) {
        target = plan;
        /* North America's trunk is also its code: dropped where ten digits follow. */
        if (strcmp(plan->trunk, "1") == 0) {
            if (strlen(digits) == 11 && digits[0] == '1')
                digits++;
            if (strlen(digits) != 10)
                return NULL;
        } else if (plan->trunk[0] != '\0' && text_starts(digits, plan->trunk)) {
            digits += strlen(plan->trunk);
        }
    } else {
        return NULL;
    }
    /* A zero after the trunk's: no national number begins so, nor does a country's code. */
    if (digits[0] == '0' && (target == NULL || strcmp(target->trunk, "0") == 0))
        return NULL;
    const char *code = target != NULL ? target->code : "";
    size_t length = strlen(code) + strlen(digits);
    if (strlen(digits) < NATIONAL_LEAST || length < LEAST || length > MOST)
        return NULL;
    return arena_printf(arena, "+%s%s", code, digits);
}
