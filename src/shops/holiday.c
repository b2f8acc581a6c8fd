#include "shops/holiday.h"

#include "base/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the day is found. */
enum rule_kind {
    FIXED,  /* month, day */
    EASTER, /* days from Easter Sunday */
    NTH,    /* month, weekday, which: 1 the first … 4, -1 the last */
    FROM,   /* month, day, weekday: the first such weekday on or after it */
    UNTIL,  /* month, day, weekday: the last such weekday on or before it */
};
/* What happens at a weekend. */
enum weekend {
    STAYS,
    SUBSTITUTE, /* the next weekday that is none already: the United Kingdom */
    OBSERVED,   /* Saturday: the day before, Sunday: the day after: the United States */
};
struct rule {
    enum rule_kind kind;
    int a, b, c;
    const char *name, *region;
    enum weekend weekend;
    int since; /* the first year; 0: always */
};

enum { MON, TUE, WED, THU, FRI, SAT, SUN };

#define NEW_YEAR                                                                                   \
    { FIXED, 1, 1, 0, "New Year’s Day", NULL, STAYS, 0 }
#define EPIPHANY                                                                                   \
    { FIXED, 1, 6, 0, "Epiphany", NULL, STAYS, 0 }
#define GOOD_FRIDAY                                                                                \
    { EASTER, -2, 0, 0, "Good Friday", NULL, STAYS, 0 }
#define EASTER_MONDAY                                                                              \
    { EASTER, 1, 0, 0, "Easter Monday", NULL, STAYS, 0 }
#define LABOUR_DAY                                                                                 \
    { FIXED, 5, 1, 0, "Labour Day", NULL, STAYS, 0 }
#define ASCENSION                                                                                  \
    { EASTER, 39, 0, 0, "Ascension Day", NULL, STAYS, 0 }
#define WHIT_MONDAY                                                                                \
    { EASTER, 50, 0, 0, "Whit Monday", NULL, STAYS, 0 }
#define CORPUS_CHRISTI                                                                             \
    { EASTER, 60, 0, 0, "Corpus Christi", NULL, STAYS, 0 }
#define ASSUMPTION                                                                                 \
    { FIXED, 8, 15, 0, "Assumption Day", NULL, STAYS, 0 }
#define ALL_SAINTS                                                                                 \
    { FIXED, 11, 1, 0, "All Saints’ Day", NULL, STAYS, 0 }
#define IMMACULATE                                                                                 \
    { FIXED, 12, 8, 0, "Immaculate Conception", NULL, STAYS, 0 }
#define CHRISTMAS                                                                                  \
    { FIXED, 12, 25, 0, "Christmas Day", NULL, STAYS, 0 }
#define SECOND_CHRISTMAS                                                                           \
    { FIXED, 12, 26, 0, "Second Day of Christmas", NULL, STAYS, 0 }

static const struct rule gb[] = {
    {FIXED, 1, 1, 0, "New Year’s Day", NULL, SUBSTITUTE, 0},
    {FIXED, 1, 2, 0, "2 January", "Scotland", SUBSTITUTE, 0},
    {FIXED, 3, 17, 0, "St Patrick’s Day", "Northern Ireland", SUBSTITUTE, 0},
    GOOD_FRIDAY,
    {EASTER, 1, 0, 0, "Easter Monday", "England, Wales, Northern Ireland", STAYS, 0},
    {NTH, 5, MON, 1, "Early May bank holiday", NULL, STAYS, 0},
    {NTH, 5, MON, -1, "Spring bank holiday", NULL, STAYS, 0},
    {FIXED, 7, 12, 0, "Battle of the Boyne", "Northern Ireland", SUBSTITUTE, 0},
    {NTH, 8, MON, 1, "Summer bank holiday", "Scotland", STAYS, 0},
    {NTH, 8, MON, -1, "Summer bank holiday", "England, Wales, Northern Ireland", STAYS, 0},
    {FIXED, 11, 30, 0, "St Andrew’s Day", "Scotland", SUBSTITUTE, 0},
    {FIXED, 12, 25, 0, "Christmas Day", NULL, SUBSTITUTE, 0},
    {FIXED, 12, 26, 0, "Boxing Day", NULL, SUBSTITUTE, 0},
};
static const struct rule us[] = {
    {FIXED, 1, 1, 0, "New Year’s Day", NULL, OBSERVED, 0},
    {NTH, 1, MON, 3, "Martin Luther King Jr. Day", NULL, STAYS, 1986},
    {NTH, 2, MON, 3, "Washington’s Birthday", NULL, STAYS, 0},
    {NTH, 5, MON, -1, "Memorial Day", NULL, STAYS, 0},
    {FIXED, 6, 19, 0, "Juneteenth", NULL, OBSERVED, 2021},
    {FIXED, 7, 4, 0, "Independence Day", NULL, OBSERVED, 0},
    {NTH, 9, MON, 1, "Labor Day", NULL, STAYS, 0},
    {NTH, 10, MON, 2, "Columbus Day", NULL, STAYS, 0},
    {FIXED, 11, 11, 0, "Veterans Day", NULL, OBSERVED, 0},
    {NTH, 11, THU, 4, "Thanksgiving", NULL, STAYS, 0},
    {FIXED, 12, 25, 0, "Christmas Day", NULL, OBSERVED, 0},
};
static const struct rule de[] = {
    NEW_YEAR,
    {FIXED, 1, 6, 0, "Epiphany", "Baden-Württemberg, Bavaria, Saxony-Anhalt", STAYS, 0},
    {FIXED, 3, 8, 0, "Women’s Day", "Berlin, Mecklenburg-Western Pomerania", STAYS, 2023},
    GOOD_FRIDAY,
    EASTER_MONDAY,
    LABOUR_DAY,
    ASCENSION,
    WHIT_MONDAY,
    {EASTER, 60, 0, 0, "Corpus Christi",
     "Baden-Württemberg, Bavaria, Hesse, North Rhine-Westphalia, Rhineland-Palatinate, Saarland",
     STAYS, 0},
    {FIXED, 8, 15, 0, "Assumption Day", "Saarland, Catholic parishes of Bavaria", STAYS, 0},
    {FIXED, 9, 20, 0, "Children’s Day", "Thuringia", STAYS, 2019},
    {FIXED, 10, 3, 0, "German Unity Day", NULL, STAYS, 1990},
    {FIXED, 10, 31, 0, "Reformation Day",
     "Brandenburg, Bremen, Hamburg, Lower Saxony, Mecklenburg-Western Pomerania, Saxony, "
     "Saxony-Anhalt, Schleswig-Holstein, Thuringia",
     STAYS, 2018},
    {FIXED, 11, 1, 0, "All Saints’ Day",
     "Baden-Württemberg, Bavaria, North Rhine-Westphalia, Rhineland-Palatinate, Saarland", STAYS,
     0},
    {UNTIL, 11, 22, WED, "Day of Repentance", "Saxony", STAYS, 0},
    CHRISTMAS,
    SECOND_CHRISTMAS,
};
static const struct rule fr[] = {
    NEW_YEAR,
    {EASTER, -2, 0, 0, "Good Friday", "Alsace and Moselle", STAYS, 0},
    EASTER_MONDAY,
    LABOUR_DAY,
    {FIXED, 5, 8, 0, "Victory Day 1945", NULL, STAYS, 1982},
    ASCENSION,
    WHIT_MONDAY,
    {FIXED, 7, 14, 0, "National Day", NULL, STAYS, 0},
    ASSUMPTION,
    ALL_SAINTS,
    {FIXED, 11, 11, 0, "Armistice 1918", NULL, STAYS, 0},
    CHRISTMAS,
    {FIXED, 12, 26, 0, "St Stephen’s Day", "Alsace and Moselle", STAYS, 0},
};
static const struct rule ae[] = {
    NEW_YEAR,
    {FIXED, 12, 2, 0, "Eid Al Etihad (National Day)", NULL, STAYS, 0},
    {FIXED, 12, 3, 0, "Eid Al Etihad, second day", NULL, STAYS, 0},
};
static const struct rule at[] = {
    NEW_YEAR,        EPIPHANY,   EASTER_MONDAY,
    LABOUR_DAY,      ASCENSION,  WHIT_MONDAY,
    CORPUS_CHRISTI,  ASSUMPTION, {FIXED, 10, 26, 0, "National Day", NULL, STAYS, 0},
    ALL_SAINTS,      IMMACULATE, CHRISTMAS,
    SECOND_CHRISTMAS};
static const struct rule ch[] = {
    NEW_YEAR,
    {FIXED, 1, 2, 0, "Berchtold’s Day", "Many cantons", STAYS, 0},
    {EASTER, -2, 0, 0, "Good Friday", "All cantons but Ticino and Valais", STAYS, 0},
    {EASTER, 1, 0, 0, "Easter Monday", "Most cantons", STAYS, 0},
    {FIXED, 5, 1, 0, "Labour Day", "Some cantons", STAYS, 0},
    ASCENSION,
    {EASTER, 50, 0, 0, "Whit Monday", "Most cantons", STAYS, 0},
    {FIXED, 8, 1, 0, "National Day", NULL, STAYS, 0},
    CHRISTMAS,
    {FIXED, 12, 26, 0, "St Stephen’s Day", "Most cantons", STAYS, 0},
};
static const struct rule ie[] = {
    NEW_YEAR,
    {NTH, 2, MON, 1, "St Brigid’s Day", NULL, STAYS, 2023},
    {FIXED, 3, 17, 0, "St Patrick’s Day", NULL, STAYS, 0},
    EASTER_MONDAY,
    {NTH, 5, MON, 1, "May holiday", NULL, STAYS, 0},
    {NTH, 6, MON, 1, "June holiday", NULL, STAYS, 0},
    {NTH, 8, MON, 1, "August holiday", NULL, STAYS, 0},
    {NTH, 10, MON, -1, "October holiday", NULL, STAYS, 0},
    CHRISTMAS,
    {FIXED, 12, 26, 0, "St Stephen’s Day", NULL, STAYS, 0},
};
static const struct rule nl[] = {
    NEW_YEAR,        EASTER_MONDAY, {FIXED, 4, 27, 0, "King’s Day", NULL, STAYS, 2014},
    ASCENSION,       WHIT_MONDAY,   CHRISTMAS,
    SECOND_CHRISTMAS};
static const struct rule be[] = {
    NEW_YEAR,   EASTER_MONDAY, LABOUR_DAY,
    ASCENSION,  WHIT_MONDAY,   {FIXED, 7, 21, 0, "National Day", NULL, STAYS, 0},
    ASSUMPTION, ALL_SAINTS,    {FIXED, 11, 11, 0, "Armistice Day", NULL, STAYS, 0},
    CHRISTMAS};
static const struct rule it[] = {NEW_YEAR,
                                 EPIPHANY,
                                 EASTER_MONDAY,
                                 {FIXED, 4, 25, 0, "Liberation Day", NULL, STAYS, 0},
                                 LABOUR_DAY,
                                 {FIXED, 6, 2, 0, "Republic Day", NULL, STAYS, 0},
                                 ASSUMPTION,
                                 ALL_SAINTS,
                                 IMMACULATE,
                                 CHRISTMAS,
                                 {FIXED, 12, 26, 0, "St Stephen’s Day", NULL, STAYS, 0}};
static const struct rule es[] = {NEW_YEAR,    EPIPHANY,
                                 GOOD_FRIDAY, LABOUR_DAY,
                                 ASSUMPTION,  {FIXED, 10, 12, 0, "National Day", NULL, STAYS, 0},
                                 ALL_SAINTS,  {FIXED, 12, 6, 0, "Constitution Day", NULL, STAYS, 0},
                                 IMMACULATE,  CHRISTMAS};
static const struct rule pt[] = {NEW_YEAR,
                                 GOOD_FRIDAY,
                                 {FIXED, 4, 25, 0, "Freedom Day", NULL, STAYS, 0},
                                 LABOUR_DAY,
                                 CORPUS_CHRISTI,
                                 {FIXED, 6, 10, 0, "Portugal Day", NULL, STAYS, 0},
                                 ASSUMPTION,
                                 {FIXED, 10, 5, 0, "Republic Day", NULL, STAYS, 0},
                                 ALL_SAINTS,
                                 {FIXED, 12, 1, 0, "Restoration of Independence", NULL, STAYS, 0},
                                 IMMACULATE,
                                 CHRISTMAS};
static const struct rule dk[] = {NEW_YEAR,    {EASTER, -3, 0, 0, "Maundy Thursday", NULL, STAYS, 0},
                                 GOOD_FRIDAY, EASTER_MONDAY,
                                 ASCENSION,   WHIT_MONDAY,
                                 CHRISTMAS,   SECOND_CHRISTMAS};
static const struct rule no[] = {NEW_YEAR,    {EASTER, -3, 0, 0, "Maundy Thursday", NULL, STAYS, 0},
                                 GOOD_FRIDAY, EASTER_MONDAY,
                                 LABOUR_DAY,  {FIXED, 5, 17, 0, "Constitution Day", NULL, STAYS, 0},
                                 ASCENSION,   WHIT_MONDAY,
                                 CHRISTMAS,   SECOND_CHRISTMAS};
static const struct rule se[] = {NEW_YEAR,
                                 EPIPHANY,
                                 GOOD_FRIDAY,
                                 EASTER_MONDAY,
                                 LABOUR_DAY,
                                 ASCENSION,
                                 {FIXED, 6, 6, 0, "National Day", NULL, STAYS, 2005},
                                 {FROM, 6, 20, SAT, "Midsummer Day", NULL, STAYS, 0},
                                 {FROM, 10, 31, SAT, "All Saints’ Day", NULL, STAYS, 0},
                                 CHRISTMAS,
                                 SECOND_CHRISTMAS};
static const struct rule fi[] = {NEW_YEAR,
                                 EPIPHANY,
                                 GOOD_FRIDAY,
                                 EASTER_MONDAY,
                                 LABOUR_DAY,
                                 ASCENSION,
                                 {FROM, 6, 20, SAT, "Midsummer Day", NULL, STAYS, 0},
                                 {FROM, 10, 31, SAT, "All Saints’ Day", NULL, STAYS, 0},
                                 {FIXED, 12, 6, 0, "Independence Day", NULL, STAYS, 0},
                                 CHRISTMAS,
                                 SECOND_CHRISTMAS};
static const struct rule pl[] = {NEW_YEAR,
                                 EPIPHANY,
                                 EASTER_MONDAY,
                                 LABOUR_DAY,
                                 {FIXED, 5, 3, 0, "Constitution Day", NULL, STAYS, 0},
                                 CORPUS_CHRISTI,
                                 ASSUMPTION,
                                 ALL_SAINTS,
                                 {FIXED, 11, 11, 0, "Independence Day", NULL, STAYS, 0},
                                 {FIXED, 12, 24, 0, "Christmas Eve", NULL, STAYS, 2025},
                                 CHRISTMAS,
                                 SECOND_CHRISTMAS};
static const struct rule ca[] = {
    NEW_YEAR,
    GOOD_FRIDAY,
    {UNTIL, 5, 24, MON, "Victoria Day", "Most provinces", STAYS, 0},
    {FIXED, 7, 1, 0, "Canada Day", NULL, STAYS, 0},
    {NTH, 9, MON, 1, "Labour Day", NULL, STAYS, 0},
    {FIXED, 9, 30, 0, "National Day for Truth and Reconciliation", "Federal; some provinces", STAYS,
     2021},
    {NTH, 10, MON, 2, "Thanksgiving", "All but the Atlantic provinces", STAYS, 0},
    {FIXED, 11, 11, 0, "Remembrance Day", "All but Ontario, Quebec, Manitoba, Nova Scotia", STAYS,
     0},
    CHRISTMAS,
};
static const struct rule au[] = {
    NEW_YEAR,
    {FIXED, 1, 26, 0, "Australia Day", NULL, STAYS, 0},
    GOOD_FRIDAY,
    EASTER_MONDAY,
    {FIXED, 4, 25, 0, "Anzac Day", NULL, STAYS, 0},
    {NTH, 6, MON, 2, "King’s Birthday", "All but Queensland and Western Australia", STAYS, 0},
    CHRISTMAS,
    {FIXED, 12, 26, 0, "Boxing Day", NULL, STAYS, 0},
};
static const struct rule nz[] = {
    NEW_YEAR,
    {FIXED, 1, 2, 0, "Day after New Year’s Day", NULL, STAYS, 0},
    {FIXED, 2, 6, 0, "Waitangi Day", NULL, STAYS, 0},
    GOOD_FRIDAY,
    EASTER_MONDAY,
    {FIXED, 4, 25, 0, "Anzac Day", NULL, STAYS, 0},
    {NTH, 6, MON, 1, "King’s Birthday", NULL, STAYS, 0},
    {NTH, 10, MON, 4, "Labour Day", NULL, STAYS, 0},
    CHRISTMAS,
    {FIXED, 12, 26, 0, "Boxing Day", NULL, STAYS, 0},
};

static const struct country_rules {
    const char *country;
    const struct rule *rules;
    size_t count;
    const char *source, *note;
} countries[] = {
#define RULES(code, table, source, note)                                                           \
    { code, table, sizeof table / sizeof *table, source, note }
    RULES("GB", gb, "Banking and Financial Dealings Act 1971", NULL),
    RULES("US", us, "5 U.S.C. § 6103", "States have days of their own."),
    RULES("DE", de, "Feiertagsgesetze der Länder", NULL),
    RULES("FR", fr, "Code du travail, art. L3133-1", NULL),
    RULES("AE", ae, "Cabinet Resolution 27 of 2024",
          "The feasts that follow the moon are announced each year: add them as closed days."),
    RULES("AT", at, "Arbeitsruhegesetz § 7", NULL),
    RULES("CH", ch, "Kantonale Ruhetagsgesetze; Bundesverfassung Art. 110",
          "Cantons have days of their own."),
    RULES("IE", ie, "Organisation of Working Time Act 1997",
          "In years when 1 February is a Friday, St Brigid’s Day is on it."),
    RULES("NL", nl, "Algemene termijnenwet art. 3",
          "When 27 April is a Sunday, King’s Day is the day before."),
    RULES("BE", be, "Wet van 4 januari 1974", NULL),
    RULES("IT", it, "Legge 260/1949", "Towns have the day of their patron saint."),
    RULES("ES", es, "Estatuto de los Trabajadores, art. 37.2", "Regions and towns add their own."),
    RULES("PT", pt, "Código do Trabalho, art. 234", "Towns have a day of their own."),
    RULES("DK", dk, "Helligdagsloven", NULL),
    RULES("NO", no, "Helligdagsfredsloven § 2", NULL),
    RULES("SE", se, "Lag (1989:253) om allmänna helgdagar", NULL),
    RULES("FI", fi, "Kirkkolaki 1:6", NULL),
    RULES("PL", pl, "Ustawa z dnia 18 stycznia 1951 r.", NULL),
    RULES("CA", ca, "Canada Labour Code, s. 166", "Provinces have days of their own."),
    RULES("AU", au, "Fair Work Act 2009, s. 115", "States have days of their own."),
    RULES("NZ", nz, "Holidays Act 2003, s. 44",
          "Matariki moves with the moon: add it as a closed day."),
#undef RULES
};

static const struct country_rules *rules_of(const char *country) {
    for (size_t i = 0; country != NULL && i < sizeof countries / sizeof *countries; i++)
        if (strcmp(countries[i].country, country) == 0)
            return &countries[i];
    return NULL;
}

const char *holiday_source(const char *country) {
    const struct country_rules *rules = rules_of(country);
    return rules == NULL ? NULL : rules->source;
}

const char *holiday_note(const char *country) {
    const struct country_rules *rules = rules_of(country);
    return rules == NULL ? NULL : rules->note;
}

static int64_t number_of(int64_t year, int64_t month, int64_t day) {
    char text[32];
    int64_t number = 0;
    snprintf(text, sizeof text, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    day_parse(text, &number);
    return number;
}

int64_t easter_sunday(int64_t year) {
    int64_t a = year % 19, b = year / 100, c = year % 100;
    int64_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int64_t h = (19 * a + b - d - g + 15) % 30;
    int64_t i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int64_t m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return number_of(year, n / 31, n % 31 + 1);
}

static int64_t day_of_rule(const struct rule *rule, int64_t year) {
    if (rule->kind == FIXED)
        return number_of(year, rule->a, rule->b);
    if (rule->kind == EASTER)
        return easter_sunday(year) + rule->a;
    if (rule->kind == NTH && rule->c < 0) {
        int64_t last = number_of(rule->a == 12 ? year + 1 : year, rule->a % 12 + 1, 1) - 1;
        return last - (day_weekday(last) - rule->b + 7) % 7;
    }
    if (rule->kind == NTH) {
        int64_t first = number_of(year, rule->a, 1);
        return first + (rule->b - day_weekday(first) + 7) % 7 + INT64_C(7) * (rule->c - 1);
    }
    int64_t day = number_of(year, rule->a, rule->b);
    return rule->kind == FROM ? day + (rule->c - day_weekday(day) + 7) % 7
                              : day - (day_weekday(day) - rule->c + 7) % 7;
}

struct found {
    int64_t day;
    const struct rule *rule;
    const char *name;
};

static int found_compare(const void *left, const void *right) {
    const struct found *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

/* Taken is what is a holiday there: a Scottish day doesn't push an English one on. */
static bool is_taken(const struct found *found, size_t count, int64_t day, const char *region) {
    for (size_t i = 0; i < count; i++)
        if (found[i].day == day && (found[i].rule->region == NULL ||
                                    (region != NULL && strcmp(found[i].rule->region, region) == 0)))
            return true;
    return false;
}

static bool other_day(const struct rule *rule, const struct found *found, size_t count,
                      int64_t *day) {
    int weekday = day_weekday(*day);
    if (rule->weekend == STAYS || weekday < SAT)
        return false;
    if (rule->weekend == OBSERVED) {
        *day += weekday == SAT ? -1 : 1;
        return true;
    }
    do
        ++*day;
    while (day_weekday(*day) >= SAT || is_taken(found, count, *day, rule->region));
    return true;
}

int64_t holidays_of(const char *country, int64_t year, struct arena *arena,
                    struct holiday **holidays) {
    const struct country_rules *rules = rules_of(country);
    *holidays = NULL;
    if (rules == NULL || year < 1970 || year > 2199)
        return 0;
    struct found *found = ARENA_ARRAY(arena, struct found, rules->count * 2);
    size_t count = 0;
    for (size_t i = 0; i < rules->count; i++)
        if (year >= rules->rules[i].since)
            found[count++] = (struct found){day_of_rule(&rules->rules[i], year), &rules->rules[i],
                                            rules->rules[i].name};
    size_t proper = count;
    for (size_t i = 0; i < proper; i++) {
        int64_t day = found[i].day;
        if (other_day(found[i].rule, found, count, &day))
            found[count++] = (struct found){
                day, found[i].rule,
                arena_printf(arena, "%s (%s)", found[i].name,
                             found[i].rule->weekend == OBSERVED ? "observed" : "substitute")};
    }
    qsort(found, count, sizeof *found, found_compare);
    *holidays = ARENA_ARRAY(arena, struct holiday, count);
    for (size_t i = 0; i < count; i++)
        (*holidays)[i] =
            (struct holiday){day_text(found[i].day, arena), found[i].name, found[i].rule->region};
    return (int64_t)count;
}
