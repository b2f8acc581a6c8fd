#include "base/locale.h"

#include "base/number.h"
#include "base/text.h"

#include <glib.h>
#include <string.h>

#define NARROW "\u202f" /* no-break spaces */
#define SPACE "\u00a0"
#define LEFTWARD "\u200f"  /* what stands beside it runs from right to left */
#define RIGHTWARD "\u200e" /* … from left to right */

/* Patterns of days: E and W are the weekday, short and long, d the day, M and L the month, y the
 * year. */
struct format {
    const char *tag; /* "de", "de-CH" */
    const char *decimal, *group, *minus;
    const char *also_decimal; /* what people type for it besides; NULL: nothing */
    const char *money;        /* S is the symbol, N the number; the minus sign stands before it */
    const char *percent;      /* behind the number */
    const char *day, *day_year, *short_day, *short_year, *long_day;
    const char *morning, *afternoon; /* where the day has twice twelve hours; NULL: it has 24 */
    const char *const *weekdays, *const *short_weekdays, *const *months, *const *short_months;
};

static const char *const english_weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
static const char *const english_short_weekdays[] = {"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
static const char *const english_months[] = {"January",   "February", "March",    "April",
                                             "May",       "June",     "July",     "August",
                                             "September", "October",  "November", "December"};
static const char *const english_short_months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const german_weekdays[] = {"Montag",  "Dienstag", "Mittwoch", "Donnerstag",
                                              "Freitag", "Samstag",  "Sonntag"};
static const char *const german_short_weekdays[] = {"Mo.", "Di.", "Mi.", "Do.",
                                                    "Fr.", "Sa.", "So."};
static const char *const german_months[] = {"Januar",    "Februar", "März",     "April",
                                            "Mai",       "Juni",    "Juli",     "August",
                                            "September", "Oktober", "November", "Dezember"};
static const char *const austrian_months[] = {"Jänner",    "Februar", "März",     "April",
                                              "Mai",       "Juni",    "Juli",     "August",
                                              "September", "Oktober", "November", "Dezember"};
static const char *const german_short_months[] = {"Jan.", "Feb.", "März",  "Apr.", "Mai",  "Juni",
                                                  "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."};
static const char *const austrian_short_months[] = {"Jän.", "Feb.", "März", "Apr.", "Mai",  "Juni",
                                                    "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez."};
static const char *const french_weekdays[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                              "vendredi", "samedi", "dimanche"};
static const char *const french_short_weekdays[] = {"lun.", "mar.", "mer.", "jeu.",
                                                    "ven.", "sam.", "dim."};
static const char *const french_months[] = {"janvier",   "février", "mars",     "avril",
                                            "mai",       "juin",    "juillet",  "août",
                                            "septembre", "octobre", "novembre", "décembre"};
static const char *const french_short_months[] = {"janv.", "févr.", "mars",  "avr.",
                                                  "mai",   "juin",  "juil.", "août",
                                                  "sept.", "oct.",  "nov.",  "déc."};
static const char *const arabic_weekdays[] = {"الاثنين", "الثلاثاء", "الأربعاء", "الخميس",
                                              "الجمعة",  "السبت",    "الأحد"};
static const char *const arabic_months[] = {"يناير",  "فبراير", "مارس",   "أبريل",
                                            "مايو",   "يونيو",  "يوليو",  "أغسطس",
                                            "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"};
static const char *const levant_months[] = {
    "كانون الثاني", "شباط", "آذار",  "نيسان",       "أيار",         "حزيران",
    "تموز",         "آب",   "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"};
static const char *const tunis_months[] = {"جانفي",  "فيفري",  "مارس",   "أفريل",
                                           "ماي",    "جوان",   "جويلية", "أوت",
                                           "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"};
static const char *const moroccan_months[] = {"يناير", "فبراير", "مارس",   "أبريل",
                                              "ماي",   "يونيو",  "يوليوز", "غشت",
                                              "شتنبر", "أكتوبر", "نونبر",  "دجنبر"};

#define GERMAN                                                                                     \
    .minus = "−", .day = "E d. M", .day_year = "E d. M y", .short_day = "d. M",                    \
    .short_year = "d. M y", .long_day = "W, d. L y", .weekdays = german_weekdays,                  \
    .short_weekdays = german_short_weekdays, .percent = SPACE "%"
#define FRENCH                                                                                     \
    .minus = "−", .decimal = ",", .group = NARROW, .also_decimal = ".", .money = "N" SPACE "S",    \
    .percent = NARROW "%", .day = "E d M", .day_year = "E d M y", .short_day = "d M",              \
    .short_year = "d M y", .long_day = "W d L y", .weekdays = french_weekdays,                     \
    .short_weekdays = french_short_weekdays, .months = french_months,                              \
    .short_months = french_short_months
/* The sign stands on the side of the figure that is read first. */
#define ARABIC(months_)                                                                            \
    .minus = RIGHTWARD "−", .decimal = ".", .group = ",", .money = LEFTWARD "N" SPACE "S",         \
    .percent = RIGHTWARD "%" RIGHTWARD, .day = "E، d M", .day_year = "E، d M y",                   \
    .short_day = "d M", .short_year = "d M y", .long_day = "W، d L y", .morning = SPACE "ص",       \
    .afternoon = SPACE "م", .weekdays = arabic_weekdays, .short_weekdays = arabic_weekdays,        \
    .months = (months_), .short_months = (months_)

static const struct format formats[] = {
    {.tag = "en-US",
     .decimal = ".",
     .group = ",",
     .minus = "−",
     .money = "SN",
     .percent = "%",
     .day = "E, M d",
     .day_year = "E, M d, y",
     .short_day = "M d",
     .short_year = "M d, y",
     .long_day = "W, L d, y",
     .morning = SPACE "AM",
     .afternoon = SPACE "PM",
     .weekdays = english_weekdays,
     .short_weekdays = english_short_weekdays,
     .months = english_months,
     .short_months = english_short_months},
    {.tag = "de",
     GERMAN,
     .decimal = ",",
     .group = ".",
     .money = "N" SPACE "S",
     .months = german_months,
     .short_months = german_short_months},
    {.tag = "de-AT",
     GERMAN,
     .decimal = ",",
     .group = ".",
     .money = "S" SPACE "N",
     .months = austrian_months,
     .short_months = austrian_short_months},
    {.tag = "de-CH",
     GERMAN,
     .decimal = ".",
     .group = "’",
     .also_decimal = ",",
     .money = "S" SPACE "N",
     .months = german_months,
     .short_months = german_short_months},
    {.tag = "de-LI",
     GERMAN,
     .decimal = ".",
     .group = "’",
     .also_decimal = ",",
     .money = "S" SPACE "N",
     .months = german_months,
     .short_months = german_short_months},
    {.tag = "fr", FRENCH},
    {.tag = "ar", ARABIC(arabic_months)},
    {.tag = "ar-IQ", ARABIC(levant_months)},
    {.tag = "ar-JO", ARABIC(levant_months)},
    {.tag = "ar-LB", ARABIC(levant_months)},
    {.tag = "ar-PS", ARABIC(levant_months)},
    {.tag = "ar-SY", ARABIC(levant_months)},
    {.tag = "ar-DZ", ARABIC(tunis_months)},
    {.tag = "ar-TN", ARABIC(tunis_months)},
    {.tag = "ar-MA", ARABIC(moroccan_months)},
};

/* What Arabic calls the currencies of its own countries (CLDR 42, ar.xml). */
static const struct symbol {
    const char *code, *arabic;
} symbols[] = {
    {"AED", "د.إ."}, {"BHD", "د.ب."}, {"DZD", "د.ج."}, {"EGP", "ج.م."}, {"IQD", "د.ع."},
    {"JOD", "د.أ."}, {"KWD", "د.ك."}, {"LBP", "ل.ل."}, {"LYD", "د.ل."}, {"MAD", "د.م."},
    {"OMR", "ر.ع."}, {"QAR", "ر.ق."}, {"SAR", "ر.س."}, {"SDG", "ج.س."}, {"SYP", "ل.س."},
    {"TND", "د.ت."}, {"YER", "ر.ي."},
};

/* ------------------------------------------------------------------ making one */

static const struct format *format_named(const char *tag) {
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_ascii_strcasecmp(formats[i].tag, tag) == 0)
            return &formats[i];
    return NULL;
}

/* By language and country: the tag's own ("de-CH"), else the shop's. */
static const struct format *format_find(const char *language, const char *country) {
    if (language == NULL)
        return NULL;
    char tag[6] = "";
    size_t length = strcspn(language, "-_");
    if (length != 2)
        return NULL;
    const char *rest = language + length;
    const char *region = *rest == '\0' ? country : rest + 1;
    if (region != NULL && g_ascii_isalpha(region[0]) && g_ascii_isalpha(region[1]) &&
        !g_ascii_isalnum(region[2])) {
        memcpy(tag, language, 2);
        tag[2] = '-';
        memcpy(tag + 3, region, 2);
        const struct format *format = format_named(tag);
        if (format != NULL)
            return format;
    }
    memcpy(tag, language, 2);
    tag[2] = '\0';
    return format_named(tag);
}

struct locale locale_make(const struct currency *currency, const struct zone *zone,
                          const char *country, const char *language) {
    return (struct locale){.currency = currency,
                           .zone = zone,
                           .country = country,
                           .language = language,
                           .words = language_find(language),
                           .format = format_find(language, country)};
}

struct locale locale_spoken(const struct locale *locale, const char *language) {
    struct locale other = *locale;
    other.language = language;
    other.words = language_find(language);
    other.format = format_find(language, locale->country);
    return other;
}

struct locale locale_in(const struct locale *locale, const struct language *language) {
    if (language == NULL || language == locale->words)
        return *locale;
    return locale_spoken(locale, language->tag);
}

const char *locale_job_number(const struct locale *locale, int64_t number, struct arena *arena) {
    bool own = locale != NULL && locale->number_prefix != NULL;
    return arena_printf(arena, "%s%0*ld", own ? locale->number_prefix : "#",
                        own ? (int)locale->number_digits : 6, (long)number);
}

/* ------------------------------------------------------------------ numbers */

/* A number as number_print() writes it, with the locale's signs; stpcpy() as far as there is room.
 */
static void figure_write(const struct format *format, const char *digits,
                         char text[LOCALE_FIGURE]) {
    const char *minus = format == NULL ? "−" : format->minus;
    char *at = text;
    for (; *digits != '\0'; digits++) {
        char one[] = {*digits, '\0'};
        const char *piece = one;
        if (*digits == '-')
            piece = minus;
        else if (*digits == ',' && format != NULL)
            piece = format->group;
        else if (*digits == '.' && format != NULL)
            piece = format->decimal;
        size_t length = strlen(piece);
        if ((size_t)(at - text) + length >= LOCALE_FIGURE)
            break;
        memcpy(at, piece, length);
        at += length;
    }
    *at = '\0';
}

void locale_number(const struct locale *locale, int64_t number, int decimals, int least,
                   char text[LOCALE_FIGURE]) {
    char digits[32];
    number_print(number, decimals, least, true, digits);
    figure_write(locale->format, digits, text);
}

void locale_number_plain(const struct locale *locale, int64_t number, int decimals, int least,
                         char text[LOCALE_FIGURE]) {
    number_print(number, decimals, least, false, text);
    char *point = locale == NULL || locale->format == NULL ? NULL : strchr(text, '.');
    if (point != NULL)
        *point = locale->format->decimal[0];
}

static const char *symbol_of(const struct locale *locale) {
    if (locale->words != NULL && locale->words->leftward)
        for (size_t i = 0; i < G_N_ELEMENTS(symbols); i++)
            if (strcmp(symbols[i].code, locale->currency->code) == 0)
                return symbols[i].arabic;
    return locale->currency->symbol;
}

static const char *money_text(const struct locale *locale, int64_t minor, int least,
                              struct arena *arena) {
    const struct format *format = locale->format;
    const struct currency *currency = locale->currency;
    char digits[32], figure[LOCALE_FIGURE];
    number_print(minor, currency->decimals, least, true, digits);
    if (digits[0] == '\0')
        return "";
    bool negative = digits[0] == '-';
    figure_write(format, digits + negative, figure);
    const char *symbol = symbol_of(locale);
    char text[192], *at = text, *end = text + sizeof text - 1;
    if (negative)
        at = stpncpy(at, format == NULL ? "−" : format->minus, (size_t)(end - at));
    /* A code of letters does not stick to its figure. */
    const char *pattern = format == NULL ? "SN" : format->money;
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p == 'S') {
            at = stpncpy(at, symbol, (size_t)(end - at));
            if (p[1] == 'N' && strcmp(symbol, currency->code) == 0)
                at = stpncpy(at, " ", (size_t)(end - at));
        } else if (*p == 'N') {
            at = stpncpy(at, figure, (size_t)(end - at));
        } else if (at < end) {
            *at++ = *p;
        }
    }
    return arena_text_n(arena, text, (size_t)(at - text));
}

const char *locale_money(const struct locale *locale, int64_t minor, struct arena *arena) {
    return money_text(locale, minor, locale->currency->decimals, arena);
}

const char *locale_money_round(const struct locale *locale, int64_t minor, struct arena *arena) {
    int64_t unit = 1;
    for (int i = 0; i < locale->currency->decimals; i++)
        unit *= 10;
    return money_text(locale, minor, minor % unit == 0 ? 0 : locale->currency->decimals, arena);
}

const char *locale_percent(const struct locale *locale, int64_t basis_points, struct arena *arena) {
    char figure[LOCALE_FIGURE];
    locale_number(locale, basis_points, 2, 0, figure);
    return arena_printf(arena, "%s%s", figure,
                        locale->format == NULL ? "%" : locale->format->percent);
}

/* The value of an Arabic or Persian digit, two bytes of UTF-8, or -1. */
static int digit_at(const char *at) {
    unsigned char first = (unsigned char)at[0], second = (unsigned char)at[1];
    if (first == 0xd9 && second >= 0xa0 && second <= 0xa9)
        return second - 0xa0;
    if (first == 0xdb && second >= 0xb0 && second <= 0xb9)
        return second - 0xb0;
    return -1;
}

const char *locale_typed(const struct locale *locale, const char *text, struct arena *arena) {
    const struct format *format = locale == NULL ? NULL : locale->format;
    bool plain = format == NULL || (strcmp(format->decimal, ".") == 0 && !format->also_decimal);
    bool ascii = true;
    for (const char *at = text; *at != '\0' && ascii; at++)
        ascii = (unsigned char)*at < 0x80;
    if (plain && ascii)
        return text;
    char *typed = arena_text(arena, text), *to = typed;
    for (const char *at = text; *at != '\0';) {
        int digit = digit_at(at);
        if (digit >= 0) {
            *to++ = (char)('0' + digit);
            at += 2;
        } else if (text_starts(at, "٫")) {
            *to++ = '.';
            at += strlen("٫");
        } else if (text_starts(at, "٬")) {
            *to++ = ',';
            at += strlen("٬");
        } else if (text_starts(at, RIGHTWARD) || text_starts(at, LEFTWARD)) {
            at += strlen(RIGHTWARD); /* copied with a figure, unseen */
        } else if (!plain && (text_starts(at, format->decimal) ||
                              (format->also_decimal && text_starts(at, format->also_decimal)))) {
            *to++ = '.';
            at++;
        } else if (!plain && *at == '.') {
            *to++ = ','; /* it groups: what is left over of the two signs */
            at++;
        } else {
            *to++ = *at++;
        }
    }
    *to = '\0';
    return typed;
}

/* ------------------------------------------------------------------ days and times */

/* A board prints hundreds of days: no memory but the text's own. */
static const char *day_write(const struct format *format, const char *pattern, int64_t number,
                             struct arena *arena) {
    struct civil civil = day_civil(number);
    char text[160], figure[32], *at = text, *end = text + sizeof text - 1;
    for (const char *p = pattern; *p != '\0'; p++) {
        char one[] = {*p, '\0'};
        const char *piece = one;
        if (*p == 'E') {
            piece = format->short_weekdays[civil.weekday];
        } else if (*p == 'W') {
            piece = format->weekdays[civil.weekday];
        } else if (*p == 'M') {
            piece = format->short_months[civil.month - 1];
        } else if (*p == 'L') {
            piece = format->months[civil.month - 1];
        } else if (*p == 'd' || *p == 'y') {
            number_print(*p == 'd' ? civil.day : civil.year, 0, 0, false, figure);
            piece = figure;
        }
        at = stpncpy(at, piece, (size_t)(end - at));
        /* French counts the days of a month but for its first. */
        if (*p == 'd' && civil.day == 1 && format->weekdays == french_weekdays)
            at = stpncpy(at, "er", (size_t)(end - at));
    }
    return arena_text_n(arena, text, (size_t)(at - text));
}

const char *locale_day(const struct locale *locale, int64_t number, int64_t today,
                       struct arena *arena) {
    const struct format *format = locale->format;
    if (format == NULL)
        return day_print(number, today, arena);
    bool same = day_civil(number).year == day_civil(today).year;
    return day_write(format, same ? format->day : format->day_year, number, arena);
}

const char *locale_day_short(const struct locale *locale, int64_t number, int64_t today,
                             struct arena *arena) {
    const struct format *format = locale->format;
    if (format == NULL) {
        const char *text = day_print(number, today, arena);
        return strchr(text, ' ') + 1; /* behind the day of the week */
    }
    bool same = day_civil(number).year == day_civil(today).year;
    return day_write(format, same ? format->short_day : format->short_year, number, arena);
}

const char *locale_day_long(const struct locale *locale, int64_t number, struct arena *arena) {
    const struct format *format = locale->format;
    return format == NULL ? day_print_long(number, arena)
                          : day_write(format, format->long_day, number, arena);
}

const char *locale_time(const struct locale *locale, int hour, int minute, struct arena *arena) {
    const struct format *format = locale->format;
    if (format == NULL || format->morning == NULL)
        return arena_printf(arena, "%02d:%02d", hour, minute);
    return arena_printf(arena, "%d:%02d%s", hour % 12 == 0 ? 12 : hour % 12, minute,
                        hour < 12 ? format->morning : format->afternoon);
}

const char *locale_instant(const struct locale *locale, int64_t instant, int64_t now,
                           struct arena *arena) {
    const struct format *format = locale->format;
    if (format == NULL)
        return instant_print(locale->zone, instant, now, arena);
    struct civil civil = civil_at(locale->zone, instant);
    int64_t number = day_at(locale->zone, instant), today = day_at(locale->zone, now);
    const char *time = locale_time(locale, civil.hour, civil.minute, arena);
    if (number == today)
        return language_printf(locale->words, arena, "Today %s", time);
    if (number == today - 1)
        return language_printf(locale->words, arena, "Yesterday %s", time);
    return arena_printf(arena, "%s %s", locale_day_short(locale, number, today, arena), time);
}

const char *locale_instant_long(const struct locale *locale, int64_t instant, struct arena *arena) {
    struct civil civil = civil_at(locale->zone, instant);
    return language_printf(locale->words, arena, "%s, %s",
                           locale_day_long(locale, day_at(locale->zone, instant), arena),
                           locale_time(locale, civil.hour, civil.minute, arena));
}
