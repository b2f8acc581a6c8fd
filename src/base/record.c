#include "base/record.h"

#include "base/number.h"
#include "base/record_parts.h"
#include "base/ring.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

/* --- Vocabularies ------------------------------------------------------------------------- */

static const struct word *vocabulary_find(const struct vocabulary *words, const char *code) {
    for (const struct word *word = words->words; code != NULL && word->code != NULL; word++)
        if (strcmp(word->code, code) == 0)
            return word;
    return NULL;
}

const char *vocabulary_label(const struct vocabulary *words, const char *code) {
    const struct word *word = vocabulary_find(words, code);
    return word != NULL ? word->label : code;
}

const char *vocabulary_say(const struct vocabulary *words, const struct language *language,
                           const char *code) {
    return code == NULL ? NULL
                        : language_text(language, words->name, vocabulary_label(words, code));
}

bool vocabulary_has(const struct vocabulary *words, const char *code) {
    return vocabulary_find(words, code) != NULL;
}

/* --- Fields ------------------------------------------------------------------------------- */

const struct field *record_field(const struct record *record, const char *name) {
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

const char *field_label(const struct field *field, struct arena *arena) {
    if (field->label != NULL)
        return field->label;
    char *label = arena_text(arena, field->name);
    for (char *at = label; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    label[0] = g_ascii_toupper(label[0]);
    return label;
}

int64_t *field_number(const struct field *field, void *item) {
    return field_at(field, item);
}

const char **field_text(const struct field *field, void *item) {
    return field_at(field, item);
}

static int64_t number_seen(const struct field *field, const void *item) {
    return *(const int64_t *)field_seen(field, item);
}

static const char *text_seen(const struct field *field, const void *item) {
    return *(const char *const *)field_seen(field, item);
}

bool field_is_text(enum field_kind kind) {
    switch (kind) {
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD_EMAIL:
    case FIELD_PHONE:
    case FIELD_CODE:
    case FIELD_DAY:
        return true;
    default:
        return false;
    }
}

bool field_takes(const struct field *field) {
    return (field->flags & (FIELD_READONLY | FIELD_INTERNAL)) == 0;
}

void field_clear(const struct field *field, void *item) {
    if (field->kind == FIELD_LIST || field->kind == FIELD_ONE)
        *(void **)field_at(field, item) = NULL;
    else if (field_is_text(field->kind))
        *field_text(field, item) = NULL;
    else
        *field_number(field, item) = field->kind == FIELD_FLAG ? 0 : NONE;
    if (field->kind == FIELD_LIST)
        *(int64_t *)((char *)item + field->count_offset) = 0;
}

void record_clear(const struct record *record, void *item) {
    for (size_t i = 0; i < record->count; i++)
        field_clear(&record->fields[i], item);
}

bool field_absent(const struct field *field, const void *item) {
    if (field->kind == FIELD_LIST)
        return *(const int64_t *)((const char *)item + field->count_offset) <= 0;
    if (field->kind == FIELD_ONE)
        return *(void *const *)field_seen(field, item) == NULL;
    if (field_is_text(field->kind))
        return text_empty(text_seen(field, item));
    return number_seen(field, item) == NONE;
}

const char *field_unit(enum field_kind kind) {
    switch (kind) {
    case FIELD_MONEY:
        return "minor units of the shop's currency";
    case FIELD_RATE:
        return "millionths of a minor unit of the shop's currency";
    case FIELD_PERCENT:
        return "hundredths of a percent";
    case FIELD_MILLIGRAM:
        return "milligrams";
    case FIELD_CARAT:
        return "hundred-thousandths of a carat";
    case FIELD_MICROMETRE:
        return "micrometres";
    case FIELD_RING:
        return "micrometres of inner circumference";
    case FIELD_MINUTES:
        return "minutes";
    default:
        return NULL;
    }
}

/* The kinds' own bounds are far beyond any real figure, and small enough that sums of thousands of
 * them stay within 64 bits. */
static void kind_range(enum field_kind kind, int64_t *least, int64_t *most) {
    *least = 0;
    *most = INT64_C(1000000000000);
    switch (kind) {
    case FIELD_ID:
        *least = 1;
        *most = INT64_MAX;
        break;
    case FIELD_FLAG:
        *most = 1;
        break;
    case FIELD_INT:
        *least = -INT64_MAX;
        *most = INT64_MAX;
        break;
    case FIELD_INSTANT:
        *least = -INT64_MAX;
        *most = INT64_MAX;
        break;
    case FIELD_RATE:
        *most = INT64_C(1000000000000000);
        break;
    case FIELD_PERCENT:
        *most = 100 * WHOLE;
        break;
    case FIELD_MINUTES:
        *most = INT64_C(10000000);
        break;
    case FIELD_RING:
        *least = RING_SMALLEST;
        *most = RING_LARGEST;
        break;
    case FIELD_TEXT:
    case FIELD_EMAIL:
    case FIELD_CODE:
    case FIELD_DAY:
        *most = 200;
        break;
    case FIELD_PHONE:
        *most = 40;
        break;
    case FIELD_LONG:
        *most = 10000;
        break;
    case FIELD_LIST:
        *most = ROWS_MOST;
        break;
    default:
        break;
    }
}

void field_range(const struct field *field, int64_t *least, int64_t *most) {
    kind_range(field->kind, least, most);
    if (field->min == 0 && field->max == 0)
        return;
    *least = field->min;
    /* Only a least was given: the kind's most holds on. */
    if (field->max > 0 || field->min <= 0)
        *most = field->max;
}

/* --- Printing ----------------------------------------------------------------------------- */

static const char *decimal_print(const struct locale *locale, int64_t number, int decimals,
                                 int least, struct arena *arena) {
    char figures[LOCALE_FIGURE];
    locale_number_plain(locale, number, decimals, least, figures);
    return arena_text(arena, figures);
}

/* A number as its field's form shows it; without a locale, in the stored unit. */
static const char *figure_print(const struct field *field, int64_t number,
                                const struct locale *locale, struct arena *arena) {
    if (number == NONE)
        return "";
    if (locale == NULL)
        return decimal_print(locale, number, 0, 0, arena);
    switch (field->kind) {
    case FIELD_FLAG:
        return number != 0 ? "1" : "";
    case FIELD_MONEY:
        return decimal_print(locale, number, locale->currency->decimals, locale->currency->decimals,
                             arena);
    case FIELD_RATE:
        return decimal_print(locale, number, locale->currency->decimals + 6,
                             locale->currency->decimals, arena);
    case FIELD_PERCENT:
        return decimal_print(locale, number, 2, 0, arena);
    case FIELD_MILLIGRAM:
    case FIELD_MICROMETRE:
        return decimal_print(locale, number, 3, 0, arena);
    case FIELD_CARAT:
        return decimal_print(locale, number, 5, 0, arena);
    case FIELD_RING:
        return ring_print_plain(number, locale->country, arena);
    case FIELD_MINUTES:
        if (number < 60)
            return decimal_print(locale, number, 0, 0, arena);
        return arena_printf(arena, "%lld:%02d", (long long)(number / 60), (int)(number % 60));
    case FIELD_INSTANT:
        return instant_local(locale->zone, number, arena);
    default:
        return decimal_print(locale, number, 0, 0, arena);
    }
}

const char *field_print(const struct field *field, const void *item, const struct locale *locale,
                        struct arena *arena) {
    if (field->kind == FIELD_LIST || field->kind == FIELD_ONE)
        return "";
    if (field_is_text(field->kind)) {
        const char *text = text_seen(field, item);
        return text != NULL ? text : "";
    }
    return figure_print(field, number_seen(field, item), locale, arena);
}

/* --- Faults ------------------------------------------------------------------------------- */

enum status reading_fault(const struct reading *reading, const char *name, const char *code,
                          const char *format, ...) {
    if ((*reading->faults)++ >= FAULTS_MOST)
        return INVALID;
    struct arena *arena = reading->errors->arena;
    va_list args;
    va_start(args, format);
    const char *sentence = language_vprintf(reading->errors->language, arena, format, args);
    va_end(args);
    return error_add(reading->errors, INVALID, arena_printf(arena, "%s%s", reading->prefix, name),
                     code, "%s", sentence);
}

struct reading reading_within(const struct reading *reading, const struct field *field,
                              int64_t index) {
    struct reading within = *reading;
    struct arena *arena = reading->errors->arena;
    within.prefix = index < 0 ? arena_printf(arena, "%s%s.", reading->prefix, field->name)
                              : arena_printf(arena, "%s%s.%lld.", reading->prefix, field->name,
                                             (long long)index);
    return within;
}

/* A text of ours that is put into a sentence. */
static const char *say(const struct reading *reading, const char *english) {
    return language_text(reading->errors->language, NULL, english);
}

const char *reading_label(const struct reading *reading, const struct field *field) {
    return say(reading, field_label(field, reading->errors->arena));
}

/* A number with what people add to it, "100 ct" in "at most 100 ct"; without a locale, in the
 * stored unit as programs send it. */
static const char *bound_print(const struct reading *reading, const struct field *field,
                               int64_t bound) {
    const struct locale *locale = reading->locale;
    struct arena *arena = reading->errors->arena;
    const char *figure = figure_print(field, bound, locale, arena);
    if (locale == NULL) {
        const char *unit = field_unit(field->kind);
        return unit == NULL ? figure : arena_printf(arena, "%s %s", figure, unit);
    }
    switch (field->kind) {
    case FIELD_MILLIGRAM:
        return language_printf(reading->errors->language, arena, "%s g", figure);
    case FIELD_CARAT:
        return language_printf(reading->errors->language, arena, "%s ct", figure);
    case FIELD_MICROMETRE:
        return language_printf(reading->errors->language, arena, "%s mm", figure);
    case FIELD_PERCENT:
        return locale_percent(locale, bound, arena);
    case FIELD_MONEY:
    case FIELD_RATE:
        return arena_printf(arena, "%s %s", figure, locale->currency->code);
    case FIELD_MINUTES:
        return language_printf(reading->errors->language, arena,
                               "%s (hours and minutes, or minutes)", figure);
    default:
        return figure;
    }
}

static enum status length_fault(const struct reading *reading, const struct field *field,
                                size_t length, int64_t bound, bool too_long) {
    return reading_fault(reading, field->name, too_long ? "too_long" : "too_short",
                         too_long ? "%s has %zu characters: use at most %lld."
                                  : "%s has %zu characters: use at least %lld.",
                         reading_label(reading, field), length, (long long)bound);
}

static enum status code_fault(const struct reading *reading, const struct field *field,
                              const char *text) {
    struct arena *arena = reading->errors->arena;
    char *code = arena_printf(arena, "unknown_%s", field->words->name);
    for (char *at = code; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at))
            *at = '_';
    struct buf codes = {0};
    for (const struct word *word = field->words->words; word->code != NULL; word++)
        buf_printf(&codes, "%s%s", codes.length > 0 ? ", " : "", word->code);
    /* A stranger's text may be long: enough of it is shown to know it again. */
    const char *end = text;
    for (int i = 0; i < 40 && *end != '\0'; i++)
        end = g_utf8_next_char(end);
    const char *shown = arena_text_n(arena, text, (size_t)(end - text));
    enum status status =
        reading_fault(reading, field->name, code, "There is no %s “%s%s”. Use one of: %s.",
                      say(reading, field->words->name), shown, *end != '\0' ? "…" : "",
                      codes.at != NULL ? codes.at : "");
    buf_free(&codes);
    return status;
}

enum status reading_require(const struct reading *reading, const struct field *field,
                            const void *item) {
    if ((field->flags & FIELD_REQUIRED) == 0 || !field_absent(field, item))
        return OK;
    return reading_fault(reading, field->name, "required", "%s is needed.",
                         reading_label(reading, field));
}

/* --- Texts -------------------------------------------------------------------------------- */

static bool has_control(const char *text, bool lines) {
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at < ' ' && !(lines && (*at == '\n' || *at == '\t')))
            return true;
        if (*at == 0x7f || (*at == 0xc2 && at[1] < 0xa0)) /* DEL, and U+0080 to U+009F */
            return true;
    }
    return false;
}

/* Line ends as \n, white space at the end gone, lines at the beginning that are empty too. */
static const char *lines_tidy(const char *text, struct arena *arena) {
    char *tidy = arena_alloc(arena, strlen(text) + 1), *to = tidy;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\r')
            *to++ = '\n';
        else if (*at != '\n' || at == text || at[-1] != '\r')
            *to++ = *at;
    }
    while (to > tidy && g_ascii_isspace(to[-1]))
        to--;
    *to = '\0';
    while (*tidy == '\n')
        tidy++;
    return tidy;
}

/* One address of the form name@domain. Whether it takes mail only mail can tell; what is refused
 * here is what could not be written into a message's head as it stands. */
static bool is_email(const char *text) {
    const char *at = strrchr(text, '@');
    if (at == NULL || at == text || at - text > 64 || strlen(text) > 254)
        return false;
    if (strchr(text, '@') != at || strpbrk(text, " \"(),:;<>[]\\") != NULL)
        return false;
    if (text[0] == '.' || at[-1] == '.' || strstr(text, "..") != NULL)
        return false;
    const char *domain = at + 1;
    if (strchr(domain, '.') == NULL || *domain == '.' || domain[strlen(domain) - 1] == '.')
        return false;
    for (const char *c = domain; *c != '\0'; c++) {
        bool edge = c == domain || c[-1] == '.' || c[1] == '.' || c[1] == '\0';
        if (!g_ascii_isalnum(*c) && *c != '.' && !((unsigned char)*c & 0x80) && (*c != '-' || edge))
            return false;
    }
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c))
        if (g_unichar_isspace(g_utf8_get_char(c)))
            return false;
    return true;
}

/* The kind's own rule for a text; `text` is tidy, not empty, and valid UTF-8. */
static enum status text_check(const struct reading *reading, const struct field *field,
                              const char *text) {
    struct arena *arena = reading->errors->arena;
    size_t length = text_characters(text);
    int64_t least, most, day;
    field_range(field, &least, &most);
    if (has_control(text, field->kind == FIELD_LONG))
        return reading_fault(reading, field->name, "bad_text",
                             field->kind == FIELD_LONG
                                 ? "%s holds a control character: remove it."
                                 : "%s holds a line break or control character: write one line.",
                             reading_label(reading, field));
    if ((int64_t)length > most)
        return length_fault(reading, field, length, most, true);
    if ((int64_t)length < least)
        return length_fault(reading, field, length, least, false);
    switch (field->kind) {
    case FIELD_EMAIL:
        if (!is_email(text))
            return reading_fault(reading, field->name, "not_an_email",
                                 "%s must be one address like name@example.com.",
                                 reading_label(reading, field));
        return OK;
    case FIELD_PHONE: {
        size_t digits = strlen(text_digits(text, arena));
        if (digits < 5 || digits > 15)
            return reading_fault(reading, field->name, "not_a_phone",
                                 "%s must have 5 to 15 digits, like 020 7946 0018.",
                                 reading_label(reading, field));
        return OK;
    }
    case FIELD_CODE:
        return field->words == NULL || vocabulary_has(field->words, text)
                   ? OK
                   : code_fault(reading, field, text);
    case FIELD_DAY:
        if (!day_parse(text, &day))
            return reading_fault(reading, field->name, "not_a_day",
                                 "%s must be a day of the calendar, like 2026-11-24.",
                                 reading_label(reading, field));
        return OK;
    default:
        return OK;
    }
}

enum status reading_take_text(const struct reading *reading, const struct field *field, void *item,
                              const char *text) {
    struct arena *arena = reading->errors->arena;
    const char **to = field_text(field, item);
    if (text_empty(text)) {
        *to = NULL;
        return OK;
    }
    /* Before anything is copied: a body's worth of text is not worth tidying. */
    int64_t least, most;
    field_range(field, &least, &most);
    size_t bytes = strlen(text);
    if (bytes / 8 > (size_t)most + 1024)
        return length_fault(reading, field, text_characters(text), most, true);
    if (!text_is_utf8(text, bytes))
        return reading_fault(reading, field->name, "bad_text",
                             "%s holds bytes that are no text: type it again.",
                             reading_label(reading, field));
    text = field->kind == FIELD_LONG ? lines_tidy(text, arena) : text_trim(text, arena);
    enum status status = text_check(reading, field, text);
    if (status == OK)
        *to = text;
    return status;
}

/* --- Numbers ------------------------------------------------------------------------------ */

static enum status range_check(const struct reading *reading, const struct field *field,
                               int64_t number) {
    int64_t least, most;
    field_range(field, &least, &most);
    if (number < least && least == 0 && field->kind != FIELD_FLAG)
        return reading_fault(reading, field->name, "too_small", "%s cannot be negative.",
                             reading_label(reading, field));
    if (number < least)
        return reading_fault(reading, field->name, "too_small", "%s must be at least %s.",
                             reading_label(reading, field), bound_print(reading, field, least));
    if (number > most)
        return reading_fault(reading, field->name, "too_large", "%s must be at most %s.",
                             reading_label(reading, field), bound_print(reading, field, most));
    return OK;
}

enum status reading_take_number(const struct reading *reading, const struct field *field,
                                void *item, int64_t number) {
    enum status status = range_check(reading, field, number);
    if (status == OK)
        *field_number(field, item) = number;
    return status;
}

static bool same_word(const char *text, const char *const *words) {
    for (; *words != NULL; words++)
        if (g_ascii_strcasecmp(text, *words) == 0)
            return true;
    return false;
}

static bool flag_parse(const char *text, int64_t *flag) {
    static const char *const yes[] = {"1", "on", "true", "yes", NULL};
    static const char *const no[] = {"0", "off", "false", "no", NULL};
    *flag = same_word(text, yes);
    return *flag != 0 || same_word(text, no);
}

/* "4.6", "4.6 g": the number before the unit, which may be left out. */
static bool measure_parse(const char *text, int decimals, const char *unit, struct arena *arena,
                          int64_t *number) {
    size_t length = strlen(text), suffix = strlen(unit);
    if (length > suffix && g_ascii_strcasecmp(text + length - suffix, unit) == 0)
        text = text_trim(arena_text_n(arena, text, length - suffix), arena);
    return number_parse(text, decimals, number);
}

static bool rate_parse(const struct currency *currency, const char *text, int64_t *number) {
    struct currency finer = *currency;
    finer.decimals += 6;
    return money_parse(&finer, text, number);
}

/* "90", "90 min", "1:30", "1 h 30", "1h30min", "2 h", "1.5 h". */
static bool minutes_parse(const char *text, int64_t *minutes) {
    enum { LONGEST = 9 }; /* digits of a figure, so that nothing overflows */
    int64_t first = 0, second = 0;
    const char *at = text;
    int digits = 0, tenths = -1;
    for (; g_ascii_isdigit(*at) && digits < LONGEST; at++, digits++)
        first = first * 10 + (*at - '0');
    if (digits == 0)
        return false;
    if (*at == '.' && g_ascii_isdigit(at[1])) {
        tenths = at[1] - '0';
        at += 2;
    }
    bool clock = *at == ':' && tenths < 0;
    while (*at == ' ')
        at++;
    bool hours = clock || g_ascii_tolower(*at) == 'h';
    if (!hours) {
        *minutes = first;
        return tenths < 0 && (*at == '\0' || g_ascii_strcasecmp(at, "min") == 0 ||
                              g_ascii_strcasecmp(at, "m") == 0);
    }
    at++;
    while (!clock && *at == ' ')
        at++;
    digits = 0;
    for (; g_ascii_isdigit(*at) && digits < 2; at++, digits++)
        second = second * 10 + (*at - '0');
    if (clock ? digits != 2 : digits > 0 && tenths >= 0)
        return false;
    while (!clock && *at == ' ')
        at++;
    if (!clock && digits > 0 &&
        (g_ascii_strcasecmp(at, "min") == 0 || g_ascii_strcasecmp(at, "m") == 0))
        at = "";
    if (*at != '\0' || second > 59)
        return false;
    *minutes = first * 60 + (tenths > 0 ? tenths * 6 : second);
    return true;
}

/* A number as people type it. `text` is trimmed and not empty. */
static bool figure_parse(const struct field *field, const char *text, const struct locale *locale,
                         struct arena *arena, int64_t *number) {
    switch (field->kind) {
    case FIELD_FLAG:
        return flag_parse(text, number);
    case FIELD_MONEY:
        return money_parse(locale->currency, text, number);
    case FIELD_RATE:
        return rate_parse(locale->currency, text, number);
    case FIELD_PERCENT:
        return measure_parse(text, 2, "%", arena, number);
    case FIELD_MILLIGRAM:
        return measure_parse(text, 3, "g", arena, number);
    case FIELD_CARAT:
        return measure_parse(text, 5, "ct", arena, number);
    case FIELD_MICROMETRE:
        return measure_parse(text, 3, "mm", arena, number);
    case FIELD_RING:
        return ring_parse(text, number);
    case FIELD_MINUTES:
        return minutes_parse(text, number);
    case FIELD_INSTANT:
        return instant_parse_local(locale->zone, text, number) || instant_parse(text, number);
    default:
        return number_parse(text, 0, number);
    }
}

/* An example, as the reader writes numbers. */
static const char *like(int64_t number, int decimals, const struct locale *locale,
                        struct arena *arena) {
    return decimal_print(locale, number, decimals, 0, arena);
}

static enum status figure_fault(const struct reading *reading, const struct field *field) {
    const char *label = reading_label(reading, field), *name = field->name;
    const struct currency *currency = reading->locale->currency;
    struct arena *arena = reading->errors->arena;
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_INT:
        return reading_fault(reading, name, "not_a_number", "%s must be a whole number, like 12.",
                             label);
    case FIELD_FLAG:
        return reading_fault(reading, name, "not_a_flag", "%s must be yes or no.", label);
    case FIELD_MONEY:
        return reading_fault(reading, name, "not_a_number", "%s must be an amount in %s, like %s.",
                             label, currency->code,
                             figure_print(field, 123450, reading->locale, arena));
    case FIELD_RATE:
        return reading_fault(reading, name, "not_a_number", "%s must be an amount in %s, like %s.",
                             label, currency->code, like(9814, 2, reading->locale, arena));
    case FIELD_PERCENT:
        return reading_fault(reading, name, "not_a_number",
                             "%s must be a percentage with two decimals at most, like %s.", label,
                             like(175, 1, reading->locale, arena));
    case FIELD_MILLIGRAM:
        return reading_fault(reading, name, "not_a_number",
                             "%s must be a weight in grams with three decimals at most, like %s.",
                             label, like(46, 1, reading->locale, arena));
    case FIELD_CARAT:
        return reading_fault(reading, name, "not_a_number",
                             "%s must be a weight in carats with five decimals at most, like %s.",
                             label, like(125, 2, reading->locale, arena));
    case FIELD_MICROMETRE:
        return reading_fault(
            reading, name, "not_a_number",
            "%s must be a length in millimetres with three decimals at most, like %s.", label,
            like(65, 1, reading->locale, arena));
    case FIELD_RING:
        return reading_fault(reading, name, "not_a_ring_size",
                             "%s must be a ring size, like N½, US 7 or %s.", label,
                             like(544, 1, reading->locale, arena));
    case FIELD_MINUTES:
        return reading_fault(reading, name, "not_minutes",
                             "%s must be a time, like 90 (minutes), 1:30 or 1 h 30.", label);
    case FIELD_INSTANT:
        return reading_fault(reading, name, "not_an_instant",
                             "%s must be a day and time, like 2026-11-24T10:41.", label);
    default:
        return reading_fault(reading, name, "not_a_number", "%s must be a number, like %s.", label,
                             like(125, 1, reading->locale, arena));
    }
}

enum status reading_take(const struct reading *reading, const struct field *field, void *item,
                         const char *text) {
    struct arena *arena = reading->errors->arena;
    if (field_is_text(field->kind))
        return reading_take_text(reading, field, item, text);
    if (text_empty(text)) {
        field_clear(field, item);
        return OK;
    }
    int64_t number;
    /* No number is as long as this: what is longer is not even copied. */
    if (strlen(text) > 200 ||
        !figure_parse(field, locale_typed(reading->locale, text_trim(text, arena), arena),
                      reading->locale, arena, &number))
        return figure_fault(reading, field);
    return reading_take_number(reading, field, item, number);
}

enum status field_parse(const struct field *field, void *item, const char *text,
                        const struct locale *locale, struct errors *errors) {
    int faults = 0;
    struct reading reading = {errors, locale, "", &faults};
    if (field->kind == FIELD_LIST || field->kind == FIELD_ONE)
        return reading_fault(&reading, field->name, "wrong_type", "%s is no single value.",
                             reading_label(&reading, field));
    return worse(reading_take(&reading, field, item, text),
                 text_empty(text) ? reading_require(&reading, field, item) : OK);
}

/* --- Checking ----------------------------------------------------------------------------- */

static enum status check_rows(const struct reading *reading, const struct record *record,
                              const void *item);

static enum status check_one(const struct reading *reading, const struct field *field,
                             const void *item) {
    if (field_absent(field, item))
        return reading_require(reading, field, item);
    if (field_is_text(field->kind)) {
        const char *text = text_seen(field, item);
        if (!text_is_utf8(text, strlen(text)))
            return reading_fault(reading, field->name, "bad_text",
                                 "%s holds bytes that are no text.", reading_label(reading, field));
        return text_check(reading, field, text);
    }
    if (field->kind == FIELD_ONE) {
        struct reading within = reading_within(reading, field, -1);
        return check_rows(&within, field->of, *(void *const *)field_seen(field, item));
    }
    if (field->kind != FIELD_LIST)
        return range_check(reading, field, number_seen(field, item));
    int64_t count = *(const int64_t *)((const char *)item + field->count_offset);
    const char *rows = *(void *const *)field_seen(field, item);
    enum status status = OK;
    for (int64_t i = 0; i < count; i++) {
        struct reading within = reading_within(reading, field, i);
        status = worse(status, check_rows(&within, field->of, rows + (size_t)i * field->of->size));
    }
    return status;
}

static enum status check_rows(const struct reading *reading, const struct record *record,
                              const void *item) {
    enum status status = OK;
    for (size_t i = 0; i < record->count; i++)
        status = worse(status, check_one(reading, &record->fields[i], item));
    return status;
}

enum status record_check(const struct record *record, const void *item, struct errors *errors) {
    int faults = 0;
    struct reading reading = {errors, NULL, "", &faults};
    return check_rows(&reading, record, item);
}
