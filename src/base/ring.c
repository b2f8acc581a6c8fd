#include "base/ring.h"

#include "base/number.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

enum {
    UK_A = 37800,  /* micrometres of circumference */
    UK_HALF = 625, /* half a letter */
    US_ZERO = 11633200 /* nanometres of diameter at size 0 */,
    US_HUNDREDTH = 8128,
    SWISS_ZERO = 40000,
};
#define PI INT64_C(3141592653589793) /* in 1e-15 */

/* π × a ÷ b. */
static int64_t times_pi(int64_t a, int64_t b) {
    int64_t product = INT64_MAX;
    number_ratio(a, PI, b, &product);
    return product;
}

/* a ÷ π × b ÷ c. */
static int64_t over_pi(int64_t a, int64_t b, int64_t c) {
    int64_t quotient = INT64_MAX;
    number_ratio3(a, b, INT64_C(1000000000000000), PI, &quotient);
    number_ratio(quotient, 1, c, &quotient);
    return quotient;
}

static int64_t us_circumference(int64_t hundredths) {
    return times_pi(US_ZERO + US_HUNDREDTH * hundredths, INT64_C(1000000000000000000));
}

/* Diameter 13 + (size - 1)/3 mm is (size + 38)/3 mm. */
static int64_t jp_circumference(int64_t hundredths) {
    return times_pi((hundredths + 3800) * 10, INT64_C(3000000000000000));
}

/* "½", "1/2", "¼", "3/4" at `*at`: hundredths, after which `*at` stands; 0 when there is none. */
static int fraction_read(const char **at) {
    static const struct {
        const char *text;
        int hundredths;
    } fractions[] = {
        {"½", 50},   {"¼", 25},   {"¾", 75},   {"1/2", 50}, {"1/4", 25},
        {"3/4", 75}, {"1⁄2", 50}, {"1⁄4", 25}, {"3⁄4", 75},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(fractions); i++)
        if (text_starts(*at, fractions[i].text)) {
            *at += strlen(fractions[i].text);
            return fractions[i].hundredths;
        }
    return 0;
}

static const char *skip_spaces(const char *at) {
    while (*at == ' ' || text_starts(at, "\u00a0"))
        at = g_utf8_next_char(at);
    return at;
}

/* "7", "6.75", "54,4", "6 3/4", "6½": thousandths. Returns what follows, or NULL. */
static const char *figure_read(const char *at, int64_t *thousandths) {
    int64_t number = 0;
    int digits = 0;
    for (; g_ascii_isdigit(*at) && digits < 3; at++, digits++)
        number = number * 10 + (*at - '0');
    if (digits == 0)
        return NULL;
    number *= 1000;
    if (*at == '.' || *at == ',') {
        at++;
        int64_t unit = 100;
        if (!g_ascii_isdigit(*at))
            return NULL;
        for (; g_ascii_isdigit(*at); at++, unit /= 10) {
            if (unit == 0)
                return NULL;
            number += (*at - '0') * unit;
        }
    } else {
        const char *after = skip_spaces(at);
        int fraction = fraction_read(&after);
        if (fraction > 0) {
            number += fraction * 10;
            at = after;
        }
    }
    *thousandths = number;
    return at;
}

/* "L", "L½", "L 1/2", "Z+2", "Z 2": half letters from A. Returns what follows, or NULL. */
static const char *letter_read(const char *at, int64_t *halves) {
    if (!g_ascii_isalpha(*at))
        return NULL;
    char letter = g_ascii_toupper(*at);
    at = skip_spaces(at + 1);
    *halves = (letter - 'A') * 2;
    const char *after = at;
    if (letter == 'Z') {
        if (*after == '+')
            after = skip_spaces(after + 1);
        if (g_ascii_isdigit(*after) && after[1] != '/' && !text_starts(after + 1, "⁄")) {
            *halves += (*after - '0') * 2;
            at = skip_spaces(after + 1);
        }
    }
    int fraction = fraction_read(&at);
    if (fraction != 0 && fraction != 50)
        return NULL;
    *halves += fraction > 0;
    return at;
}

enum scale { SCALE_NONE, SCALE_UK, SCALE_US, SCALE_EU, SCALE_JP, SCALE_SWISS };

/* A system's name before the size. One letter is a size, so names have two at least. */
static enum scale scale_read(const char **at) {
    static const struct {
        const char *name;
        enum scale scale;
    } scales[] = {
        {"UK", SCALE_UK},    {"GB", SCALE_UK}, {"AU", SCALE_UK},    {"NZ", SCALE_UK},
        {"ZA", SCALE_UK},    {"IE", SCALE_UK}, {"USA", SCALE_US},   {"US", SCALE_US},
        {"CA", SCALE_US},    {"EU", SCALE_EU}, {"ISO", SCALE_EU},   {"FR", SCALE_EU},
        {"DE", SCALE_EU},    {"JP", SCALE_JP}, {"CH", SCALE_SWISS}, {"IT", SCALE_SWISS},
        {"ES", SCALE_SWISS},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(scales); i++) {
        size_t length = strlen(scales[i].name);
        if (g_ascii_strncasecmp(*at, scales[i].name, length) == 0) {
            *at = skip_spaces(*at + length);
            return scales[i].scale;
        }
    }
    return SCALE_NONE;
}

bool ring_parse(const char *typed, int64_t *micrometres) {
    if (typed == NULL)
        return false;
    const char *at = skip_spaces(typed);
    enum scale scale = scale_read(&at);
    int64_t size, thousandths = 0, halves = 0;
    bool letter = g_ascii_isalpha(*at);
    at = letter ? letter_read(at, &halves) : figure_read(at, &thousandths);
    if (at == NULL)
        return false;
    at = skip_spaces(at);
    if (!letter && thousandths >= 37000 && (scale == SCALE_NONE || scale == SCALE_EU) &&
        g_ascii_strncasecmp(at, "mm", 2) == 0)
        at = skip_spaces(at + 2);
    if (*at != '\0' || (letter && scale != SCALE_NONE && scale != SCALE_UK))
        return false;
    if (scale == SCALE_NONE)
        scale = letter ? SCALE_UK : thousandths >= 37000 ? SCALE_EU : SCALE_US;

    switch (scale) {
    case SCALE_UK:
        if (!letter)
            return false;
        size = UK_A + UK_HALF * halves;
        break;
    case SCALE_US:
        if (thousandths % 10 != 0)
            return false;
        size = us_circumference(thousandths / 10);
        break;
    case SCALE_JP:
        if (thousandths < 1000 || thousandths % 10 != 0)
            return false;
        size = jp_circumference(thousandths / 10);
        break;
    case SCALE_SWISS:
        size = thousandths + SWISS_ZERO;
        break;
    default:
        size = thousandths;
    }
    if (size < RING_SMALLEST || size > RING_LARGEST)
        return false;
    *micrometres = size;
    return true;
}

enum ring_system ring_system_of(const char *country) {
    static const struct {
        char country[3];
        enum ring_system system;
    } systems[] = {
        {"GB", RING_UK}, {"AU", RING_UK}, {"ZA", RING_UK}, {"IE", RING_UK},
        {"NZ", RING_UK}, {"US", RING_US}, {"CA", RING_US}, {"JP", RING_JP},
    };
    for (size_t i = 0; country != NULL && i < G_N_ELEMENTS(systems); i++)
        if (strcmp(country, systems[i].country) == 0)
            return systems[i].system;
    return RING_EU;
}

/* a ÷ b to the nearest whole. */
static int64_t nearest(int64_t a, int64_t b) {
    int64_t whole = 0;
    number_ratio(a, 1, b, &whole);
    return whole;
}

static const char *eu_print(int64_t micrometres, struct arena *arena) {
    char figures[32];
    number_print(nearest(micrometres, 100), 1, 0, false, figures);
    return arena_printf(arena, "EU %s", figures);
}

static const char *uk_print(int64_t micrometres, struct arena *arena) {
    int64_t halves = nearest(micrometres - UK_A, UK_HALF);
    if (halves < 0)
        return NULL; /* smaller than any letter */
    const char *half = halves % 2 != 0 ? "½" : "";
    if (halves / 2 <= 25)
        return arena_printf(arena, "%c%s", (char)('A' + halves / 2), half);
    if (halves / 2 - 25 > 9)
        return NULL;
    return arena_printf(arena, "Z+%d%s", (int)(halves / 2 - 25), half);
}

static const char *us_print(int64_t micrometres, struct arena *arena) {
    int64_t above =
        over_pi(micrometres, 1000, 1) - US_ZERO; /* nanometres of diameter over size 0 */
    int64_t quarters = nearest(above, US_HUNDREDTH * 25);
    if (quarters < 0)
        return NULL;
    char figures[32];
    number_print(quarters * 25, 2, 0, false, figures);
    return arena_printf(arena, "US %s", figures);
}

static const char *jp_print(int64_t micrometres, struct arena *arena) {
    int64_t size = over_pi(micrometres, 3, 1000) - 38;
    return size < 1 ? NULL : arena_printf(arena, "JP %d", (int)size);
}

const char *ring_print_in(enum ring_system system, int64_t micrometres, struct arena *arena) {
    if (micrometres == INT64_MIN)
        return "";
    const char *text = NULL;
    /* What no ring measures is told as it is stored. */
    if (micrometres >= RING_SMALLEST && micrometres <= RING_LARGEST)
        text = system == RING_UK   ? uk_print(micrometres, arena)
               : system == RING_US ? us_print(micrometres, arena)
               : system == RING_JP ? jp_print(micrometres, arena)
                                   : NULL;
    return text != NULL ? text : eu_print(micrometres, arena);
}

const char *ring_print(int64_t micrometres, const char *country, struct arena *arena) {
    if (micrometres == INT64_MIN)
        return "";
    enum ring_system first = ring_system_of(country);
    enum ring_system second = first == RING_EU ? RING_US : RING_EU;
    const char *said = ring_print_in(first, micrometres, arena);
    const char *also = ring_print_in(second, micrometres, arena);
    return strcmp(said, also) == 0 ? said : arena_printf(arena, "%s · %s", said, also);
}

const char *ring_print_plain(int64_t micrometres, const char *country, struct arena *arena) {
    if (micrometres == INT64_MIN)
        return "";
    const char *said = ring_print_in(ring_system_of(country), micrometres, arena);
    int64_t again;
    if (ring_parse(said, &again) && again == micrometres)
        return text_starts(said, "EU 3") ? said : text_starts(said, "EU ") ? said + 3 : said;
    char figures[32];
    number_print(micrometres, 3, 0, false, figures);
    return arena_printf(arena, "EU %s", figures);
}
