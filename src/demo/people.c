#include "demo/people.h"

#include "base/text.h"

#include <string.h>

#define COUNT(list) ((int64_t)(sizeof(list) / sizeof *(list)))

static const char *const regulars[] = {
    "Rohan Mehta",       "Harriet Nwosu",    "Ben Carvalho",         "Julia Frost",
    "Grace Tan",         "Fiona MacLeod",    "Oliver Penrose",       "Catriona Bell",
    "Sofia Lindqvist",   "Yusuf Demir",      "Amara Diallo",         "Zoë Ashworth",
    "José Álvarez",      "Siân Prosser",     "Søren Kjær",           "Niamh O’Sullivan",
    "Wei-Ling Zhao",     "Łukasz Wójcik",    "Aoife Byrne",          "Hiroshi Tanaka",
    "Beatriz Gonçalves", "Mary Anne D’Arcy", "Nguyễn Thị Lan",       "Ömer Yıldız",
    "Eilidh Stewart",    "Priyanka Iyer",    "Tobias Grünwald",      "Chloé Lefèvre",
    "Dafydd ap Rhys",    "Ngozi Okonkwo",    "Eleanor Fairfax-Hale", "Mateusz Zieliński",
};
static const char *const given[] = {
    "Alice",     "Thomas",  "Amelia", "George",  "Freya",  "Henry",  "Isla",   "Arthur", "Ruth",
    "Edward",    "Maya",    "Samuel", "Leila",   "Daniel", "Nadia",  "Joseph", "Hannah", "Adam",
    "Anjali",    "Kwame",   "Zainab", "Rafael",  "Elif",   "Marek",  "Ingrid", "Kenji",  "Mei",
    "Tariq",     "Bronwen", "Callum", "Saoirse", "Luca",   "Noémie", "Björn",  "Renée",  "Inês",
    "Katarzyna", "Andrei",  "Sunita", "Femi",    "Chiara", "Pavel",  "Yasmin", "Owen",   "Margaret",
    "Clive",     "Dorothy", "Nigel",  "Agnes",   "Victor",
};
static const char *const families[] = {
    "Abbott",  "Baxter",    "Clarke",    "Dawson",       "Ellison",    "Fletcher", "Gallagher",
    "Hughes",  "Ibrahim",   "Jenkins",   "Kaur",         "Lambert",    "Morgan",   "Novák",
    "Okafor",  "Pemberton", "Quinn",     "Rahman",       "Sinclair",   "Turner",   "Underhill",
    "Vaughan", "Whitlock",  "Yeo",       "Zhang",        "Andersson",  "Bauer",    "Castillo",
    "Dubois",  "Evans",     "Fernández", "Goldberg",     "Hansen",     "Ivanova",  "Joshi",
    "Kelly",   "Lopez",     "McKenzie",  "Nakamura",     "O’Connor",   "Patel",    "Rossi",
    "Sharma",  "Thornton",  "Usman",     "Varga",        "Williams",   "Yılmaz",   "Osei",
    "Bianchi", "Chukwu",    "de Vries",  "Featherstone", "Hargreaves", "Kowalski", "Lindholm",
    "Mbeki",   "Nowak",     "Petrov",    "Ramaswamy",
};
static const char *const streets[] = {
    "Great Pulteney Street", "Walcot Street", "Bathwick Hill",       "Lansdown Crescent",
    "Widcombe Parade",       "Camden Road",   "Newbridge Hill",      "Wellsway",
    "Prior Park Road",       "Julian Road",   "Lower Oldfield Park", "Sydney Place",
};
static const char *const towns[] = {"Bath BA1",     "Bath BA2",   "Bradford on Avon BA15",
                                    "Corsham SN13", "Frome BA11", "Bristol BS1"};
/* Ofcom: telephone numbers for use in TV and radio drama; a thousand each. */
static const char *const numbers[] = {"7700 900",  "20 7946 0", "117 496 0", "1632 960",
                                      "29 2018 0", "131 496 0", "161 496 0", "121 496 0"};

static const char *mail_address(const char *name, int64_t number, struct arena *arena) {
    char *local = arena_text(arena, text_fold(name, arena));
    size_t length = 0;
    for (const char *at = local; *at != '\0';
         at++) /* what is left of scripts without a fold goes */
        if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == ' ')
            local[length++] = *at == ' ' ? '.' : *at;
    local[length] = '\0';
    if (number < COUNT(regulars))
        return arena_printf(arena, "%s@example.com", local);
    return arena_printf(arena, "%s.%ld@example.com", local, (long)number);
}

struct person person_make(struct chance *chance, int64_t number, bool email, bool at_home,
                          struct arena *arena) {
    struct person person = {0};
    if (number < COUNT(regulars))
        person.name = regulars[number];
    else
        person.name = arena_printf(arena, "%s %s", given[chance_below(chance, COUNT(given))],
                                   families[chance_below(chance, COUNT(families))]);
    int64_t line = chance_below(chance, 1000);
    person.phone = arena_printf(arena, "%s%s%03ld", at_home ? "0" : "+44 ",
                                numbers[number < 1000 ? 0 : chance_below(chance, COUNT(numbers))],
                                (long)(number < 1000 ? number : line));
    if (email)
        person.email = mail_address(person.name, number, arena);
    if (at_home && chance_percent(chance, 60))
        person.address = arena_printf(arena, "%ld %s\n%s", (long)chance_between(chance, 1, 90),
                                      streets[chance_below(chance, COUNT(streets))],
                                      towns[chance_below(chance, COUNT(towns))]);
    return person;
}
