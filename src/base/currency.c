#include "base/currency.h"

#include "base/number.h"
#include "base/text.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* ISO 4217 list one, in the order of the codes (currency_find() searches by halving). Metals, test
 * codes and units of account that have no minor unit (XAU, XTS, XDR …) are no money of a shop. The
 * symbol alone tells one dollar from another: only the most used one of a sign bears it bare. */
static const struct currency currencies[] = {
    {"AED", 2, "AED", "UAE dirham"},
    {"AFN", 2, "AFN", "Afghani"},
    {"ALL", 2, "ALL", "Lek"},
    {"AMD", 2, "֏", "Armenian dram"},
    {"AOA", 2, "AOA", "Kwanza"},
    {"ARS", 2, "ARS", "Argentine peso"},
    {"AUD", 2, "A$", "Australian dollar"},
    {"AWG", 2, "AWG", "Aruban florin"},
    {"AZN", 2, "₼", "Azerbaijan manat"},
    {"BAM", 2, "BAM", "Convertible mark"},
    {"BBD", 2, "Bds$", "Barbados dollar"},
    {"BDT", 2, "৳", "Taka"},
    {"BHD", 3, "BHD", "Bahraini dinar"},
    {"BIF", 0, "BIF", "Burundi franc"},
    {"BMD", 2, "BMD", "Bermudian dollar"},
    {"BND", 2, "BND", "Brunei dollar"},
    {"BOB", 2, "BOB", "Boliviano"},
    {"BOV", 2, "BOV", "Bolivian mvdol"},
    {"BRL", 2, "R$", "Brazilian real"},
    {"BSD", 2, "BSD", "Bahamian dollar"},
    {"BTN", 2, "BTN", "Ngultrum"},
    {"BWP", 2, "BWP", "Pula"},
    {"BYN", 2, "BYN", "Belarusian ruble"},
    {"BZD", 2, "BZD", "Belize dollar"},
    {"CAD", 2, "C$", "Canadian dollar"},
    {"CDF", 2, "CDF", "Congolese franc"},
    {"CHE", 2, "CHE", "WIR euro"},
    {"CHF", 2, "CHF", "Swiss franc"},
    {"CHW", 2, "CHW", "WIR franc"},
    {"CLF", 4, "CLF", "Unidad de fomento"},
    {"CLP", 0, "CLP", "Chilean peso"},
    {"CNY", 2, "CN¥", "Yuan renminbi"},
    {"COP", 2, "COP", "Colombian peso"},
    {"COU", 2, "COU", "Unidad de valor real"},
    {"CRC", 2, "₡", "Costa Rican colón"},
    {"CUP", 2, "CUP", "Cuban peso"},
    {"CVE", 2, "CVE", "Cabo Verde escudo"},
    {"CZK", 2, "CZK", "Czech koruna"},
    {"DJF", 0, "DJF", "Djibouti franc"},
    {"DKK", 2, "DKK", "Danish krone"},
    {"DOP", 2, "DOP", "Dominican peso"},
    {"DZD", 2, "DZD", "Algerian dinar"},
    {"EGP", 2, "EGP", "Egyptian pound"},
    {"ERN", 2, "ERN", "Nakfa"},
    {"ETB", 2, "ETB", "Ethiopian birr"},
    {"EUR", 2, "€", "Euro"},
    {"FJD", 2, "FJ$", "Fiji dollar"},
    {"FKP", 2, "FK£", "Falkland Islands pound"},
    {"GBP", 2, "£", "Pound sterling"},
    {"GEL", 2, "₾", "Lari"},
    {"GHS", 2, "GH₵", "Ghana cedi"},
    {"GIP", 2, "GI£", "Gibraltar pound"},
    {"GMD", 2, "GMD", "Dalasi"},
    {"GNF", 0, "GNF", "Guinean franc"},
    {"GTQ", 2, "GTQ", "Quetzal"},
    {"GYD", 2, "GYD", "Guyana dollar"},
    {"HKD", 2, "HK$", "Hong Kong dollar"},
    {"HNL", 2, "HNL", "Lempira"},
    {"HTG", 2, "HTG", "Gourde"},
    {"HUF", 2, "HUF", "Forint"},
    {"IDR", 2, "IDR", "Rupiah"},
    {"ILS", 2, "₪", "New Israeli sheqel"},
    {"INR", 2, "₹", "Indian rupee"},
    {"IQD", 3, "IQD", "Iraqi dinar"},
    {"IRR", 2, "IRR", "Iranian rial"},
    {"ISK", 0, "ISK", "Iceland króna"},
    {"JMD", 2, "J$", "Jamaican dollar"},
    {"JOD", 3, "JOD", "Jordanian dinar"},
    {"JPY", 0, "¥", "Yen"},
    {"KES", 2, "KES", "Kenyan shilling"},
    {"KGS", 2, "KGS", "Som"},
    {"KHR", 2, "KHR", "Riel"},
    {"KMF", 0, "KMF", "Comorian franc"},
    {"KPW", 2, "KPW", "North Korean won"},
    {"KRW", 0, "₩", "Won"},
    {"KWD", 3, "KWD", "Kuwaiti dinar"},
    {"KYD", 2, "KYD", "Cayman Islands dollar"},
    {"KZT", 2, "₸", "Tenge"},
    {"LAK", 2, "₭", "Lao kip"},
    {"LBP", 2, "LBP", "Lebanese pound"},
    {"LKR", 2, "LKR", "Sri Lanka rupee"},
    {"LRD", 2, "LRD", "Liberian dollar"},
    {"LSL", 2, "LSL", "Loti"},
    {"LYD", 3, "LYD", "Libyan dinar"},
    {"MAD", 2, "MAD", "Moroccan dirham"},
    {"MDL", 2, "MDL", "Moldovan leu"},
    {"MGA", 2, "MGA", "Malagasy ariary"},
    {"MKD", 2, "MKD", "Denar"},
    {"MMK", 2, "MMK", "Kyat"},
    {"MNT", 2, "₮", "Tugrik"},
    {"MOP", 2, "MOP", "Pataca"},
    {"MRU", 2, "MRU", "Ouguiya"},
    {"MUR", 2, "MUR", "Mauritius rupee"},
    {"MVR", 2, "MVR", "Rufiyaa"},
    {"MWK", 2, "MWK", "Malawi kwacha"},
    {"MXN", 2, "MX$", "Mexican peso"},
    {"MXV", 2, "MXV", "Mexican unidad de inversión"},
    {"MYR", 2, "MYR", "Malaysian ringgit"},
    {"MZN", 2, "MZN", "Mozambique metical"},
    {"NAD", 2, "N$", "Namibia dollar"},
    {"NGN", 2, "₦", "Naira"},
    {"NIO", 2, "NIO", "Córdoba oro"},
    {"NOK", 2, "NOK", "Norwegian krone"},
    {"NPR", 2, "NPR", "Nepalese rupee"},
    {"NZD", 2, "NZ$", "New Zealand dollar"},
    {"OMR", 3, "OMR", "Rial Omani"},
    {"PAB", 2, "PAB", "Balboa"},
    {"PEN", 2, "PEN", "Sol"},
    {"PGK", 2, "PGK", "Kina"},
    {"PHP", 2, "₱", "Philippine peso"},
    {"PKR", 2, "PKR", "Pakistan rupee"},
    {"PLN", 2, "PLN", "Zloty"},
    {"PYG", 0, "₲", "Guarani"},
    {"QAR", 2, "QAR", "Qatari rial"},
    {"RON", 2, "RON", "Romanian leu"},
    {"RSD", 2, "RSD", "Serbian dinar"},
    {"RUB", 2, "₽", "Russian ruble"},
    {"RWF", 0, "RWF", "Rwanda franc"},
    {"SAR", 2, "SAR", "Saudi riyal"},
    {"SBD", 2, "SBD", "Solomon Islands dollar"},
    {"SCR", 2, "SCR", "Seychelles rupee"},
    {"SDG", 2, "SDG", "Sudanese pound"},
    {"SEK", 2, "SEK", "Swedish krona"},
    {"SGD", 2, "S$", "Singapore dollar"},
    {"SHP", 2, "SH£", "Saint Helena pound"},
    {"SLE", 2, "SLE", "Leone"},
    {"SOS", 2, "SOS", "Somali shilling"},
    {"SRD", 2, "SRD", "Surinam dollar"},
    {"SSP", 2, "SSP", "South Sudanese pound"},
    {"STN", 2, "STN", "Dobra"},
    {"SVC", 2, "SVC", "El Salvador colón"},
    {"SYP", 2, "SYP", "Syrian pound"},
    {"SZL", 2, "SZL", "Lilangeni"},
    {"THB", 2, "THB", "Baht"},
    {"TJS", 2, "TJS", "Somoni"},
    {"TMT", 2, "TMT", "Turkmenistan manat"},
    {"TND", 3, "TND", "Tunisian dinar"},
    {"TOP", 2, "TOP", "Paʻanga"},
    {"TRY", 2, "₺", "Turkish lira"},
    {"TTD", 2, "TT$", "Trinidad and Tobago dollar"},
    {"TWD", 2, "NT$", "New Taiwan dollar"},
    {"TZS", 2, "TZS", "Tanzanian shilling"},
    {"UAH", 2, "₴", "Hryvnia"},
    {"UGX", 0, "UGX", "Uganda shilling"},
    {"USD", 2, "$", "US dollar"},
    {"USN", 2, "USN", "US dollar (next day)"},
    {"UYI", 0, "UYI", "Uruguay peso in indexed units"},
    {"UYU", 2, "UYU", "Uruguayan peso"},
    {"UYW", 4, "UYW", "Unidad previsional"},
    {"UZS", 2, "UZS", "Uzbekistan sum"},
    {"VED", 2, "VED", "Bolívar digital"},
    {"VES", 2, "VES", "Bolívar soberano"},
    {"VND", 0, "₫", "Dong"},
    {"VUV", 0, "VUV", "Vatu"},
    {"WST", 2, "WST", "Tala"},
    {"XAD", 2, "XAD", "Arab accounting dinar"},
    {"XAF", 0, "XAF", "CFA franc BEAC"},
    {"XCD", 2, "EC$", "East Caribbean dollar"},
    {"XCG", 2, "XCG", "Caribbean guilder"},
    {"XOF", 0, "XOF", "CFA franc BCEAO"},
    {"XPF", 0, "XPF", "CFP franc"},
    {"YER", 2, "YER", "Yemeni rial"},
    {"ZAR", 2, "R", "Rand"},
    {"ZMW", 2, "ZMW", "Zambian kwacha"},
    {"ZWG", 2, "ZWG", "Zimbabwe gold"},
};

static int currency_compare(const void *code, const void *currency) {
    return strcmp(code, ((const struct currency *)currency)->code);
}

const struct currency *currency_find(const char *code) {
    if (code == NULL)
        return NULL;
    return bsearch(code, currencies, G_N_ELEMENTS(currencies), sizeof currencies[0],
                   currency_compare);
}

const struct currency *currency_all(int *count) {
    *count = G_N_ELEMENTS(currencies);
    return currencies;
}

/* The sign that the symbol ends in, as people type it at home: "$" for "A$". NULL: none. */
static const char *bare_sign(const struct currency *currency) {
    const char *last =
        g_utf8_find_prev_char(currency->symbol, currency->symbol + strlen(currency->symbol));
    return last == NULL || g_ascii_isalpha(*last) ? NULL : last;
}

static const char *skip_spaces(const char *at) {
    for (;;) {
        if (*at == ' ')
            at++;
        else if (text_starts(at, "\u00a0") || text_starts(at, "\u202f"))
            at = g_utf8_next_char(at);
        else
            return at;
    }
}

/* The length of the currency's symbol, sign or code at `at`, in either case of letters; 0: none. */
static size_t unit_length(const struct currency *currency, const char *at) {
    const char *units[] = {currency->symbol, currency->code, bare_sign(currency)};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (units[i] != NULL && g_ascii_strncasecmp(at, units[i], strlen(units[i])) == 0)
            return strlen(units[i]);
    return 0;
}

bool money_parse(const struct currency *currency, const char *text, int64_t *minor) {
    static const char minus[] = "\u2212";
    if (text == NULL || strlen(text) > 100)
        return false;
    /* A sign and the unit before the figures, in either order, each once at most. */
    bool sign = false, negative = false, unit = false;
    const char *at = skip_spaces(text);
    for (;; at = skip_spaces(at)) {
        size_t length = unit_length(currency, at);
        if (length > 0 && !unit) {
            unit = true;
            at += length;
        } else if (!sign && (*at == '-' || *at == '+')) {
            sign = true;
            negative = *at++ == '-';
        } else if (!sign && text_starts(at, minus)) {
            sign = negative = true;
            at += sizeof minus - 1;
        } else {
            break;
        }
    }

    char figures[104];
    size_t length = 0;
    /* Up to where the digits end; what follows may be the unit, if it was not before. */
    for (size_t i = 0; at[i] != '\0'; i++)
        if (g_ascii_isdigit(at[i]))
            length = i + 1;
    if (length == 0 || !(g_ascii_isdigit(*at) || *at == '.'))
        return false;
    memcpy(figures, at, length);
    figures[length] = '\0';
    at = skip_spaces(at + length);
    if (!unit)
        at = skip_spaces(at + unit_length(currency, at));
    int64_t amount;
    if (*at != '\0' || !number_parse(figures, currency->decimals, &amount))
        return false;
    *minor = negative ? -amount : amount;
    return true;
}

const char *money_print(const struct currency *currency, int64_t minor, struct arena *arena) {
    char figures[32];
    number_print(minor, currency->decimals, currency->decimals, true, figures);
    if (figures[0] == '\0')
        return "";
    bool negative = figures[0] == '-';
    bool is_code = strcmp(currency->symbol, currency->code) == 0;
    const char *parts[] = {negative ? "\u2212" : "", currency->symbol, is_code ? " " : "",
                           figures + negative};
    char text[64], *at = text; /* a page of jobs prints a thousand amounts */
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        at = stpncpy(at, parts[i], sizeof text - 1 - (size_t)(at - text));
    return arena_text_n(arena, text, (size_t)(at - text));
}

const char *money_print_plain(const struct currency *currency, int64_t minor, struct arena *arena) {
    char figures[32];
    number_print(minor, currency->decimals, currency->decimals, false, figures);
    return arena_text(arena, figures);
}
