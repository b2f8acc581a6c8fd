#include "shops/country.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* Names and zones as in tzdata, currencies of ISO 4217, taxes of 2026 where one rate holds for the
 * whole country. One row each, from which the table and its vocabulary are made. */
#define COUNTRIES(C)                                                                               \
    C("AF", "Afghanistan", "AFN", "Asia/Kabul", NULL, 0)                                           \
    C("AX", "Åland Islands", "EUR", "Europe/Mariehamn", NULL, 0)                                   \
    C("AL", "Albania", "ALL", "Europe/Tirane", NULL, 0)                                            \
    C("DZ", "Algeria", "DZD", "Africa/Algiers", NULL, 0)                                           \
    C("AS", "American Samoa", "USD", "Pacific/Pago_Pago", NULL, 0)                                 \
    C("AD", "Andorra", "EUR", "Europe/Andorra", NULL, 0)                                           \
    C("AO", "Angola", "AOA", "Africa/Luanda", NULL, 0)                                             \
    C("AI", "Anguilla", "XCD", "America/Anguilla", NULL, 0)                                        \
    C("AG", "Antigua and Barbuda", "XCD", "America/Antigua", NULL, 0)                              \
    C("AR", "Argentina", "ARS", "America/Argentina/Buenos_Aires", NULL, 0)                         \
    C("AM", "Armenia", "AMD", "Asia/Yerevan", NULL, 0)                                             \
    C("AW", "Aruba", "AWG", "America/Aruba", NULL, 0)                                              \
    C("AU", "Australia", "AUD", "Australia/Sydney", "GST", 1000)                                   \
    C("AT", "Austria", "EUR", "Europe/Vienna", "VAT", 2000)                                        \
    C("AZ", "Azerbaijan", "AZN", "Asia/Baku", NULL, 0)                                             \
    C("BS", "Bahamas", "BSD", "America/Nassau", NULL, 0)                                           \
    C("BH", "Bahrain", "BHD", "Asia/Bahrain", "VAT", 1000)                                         \
    C("BD", "Bangladesh", "BDT", "Asia/Dhaka", NULL, 0)                                            \
    C("BB", "Barbados", "BBD", "America/Barbados", NULL, 0)                                        \
    C("BY", "Belarus", "BYN", "Europe/Minsk", NULL, 0)                                             \
    C("BE", "Belgium", "EUR", "Europe/Brussels", "VAT", 2100)                                      \
    C("BZ", "Belize", "BZD", "America/Belize", NULL, 0)                                            \
    C("BJ", "Benin", "XOF", "Africa/Porto-Novo", NULL, 0)                                          \
    C("BM", "Bermuda", "BMD", "Atlantic/Bermuda", NULL, 0)                                         \
    C("BT", "Bhutan", "BTN", "Asia/Thimphu", NULL, 0)                                              \
    C("BO", "Bolivia", "BOB", "America/La_Paz", NULL, 0)                                           \
    C("BA", "Bosnia and Herzegovina", "BAM", "Europe/Sarajevo", NULL, 0)                           \
    C("BW", "Botswana", "BWP", "Africa/Gaborone", NULL, 0)                                         \
    C("BR", "Brazil", "BRL", "America/Sao_Paulo", NULL, 0)                                         \
    C("VG", "British Virgin Islands", "USD", "America/Tortola", NULL, 0)                           \
    C("BN", "Brunei", "BND", "Asia/Brunei", NULL, 0)                                               \
    C("BG", "Bulgaria", "EUR", "Europe/Sofia", "VAT", 2000)                                        \
    C("BF", "Burkina Faso", "XOF", "Africa/Ouagadougou", NULL, 0)                                  \
    C("BI", "Burundi", "BIF", "Africa/Bujumbura", NULL, 0)                                         \
    C("KH", "Cambodia", "KHR", "Asia/Phnom_Penh", NULL, 0)                                         \
    C("CM", "Cameroon", "XAF", "Africa/Douala", NULL, 0)                                           \
    C("CA", "Canada", "CAD", "America/Toronto", "GST", 500)                                        \
    C("CV", "Cape Verde", "CVE", "Atlantic/Cape_Verde", NULL, 0)                                   \
    C("BQ", "Caribbean Netherlands", "USD", "America/Kralendijk", NULL, 0)                         \
    C("KY", "Cayman Islands", "KYD", "America/Cayman", NULL, 0)                                    \
    C("CF", "Central African Rep.", "XAF", "Africa/Bangui", NULL, 0)                               \
    C("TD", "Chad", "XAF", "Africa/Ndjamena", NULL, 0)                                             \
    C("CL", "Chile", "CLP", "America/Santiago", "VAT", 1900)                                       \
    C("CN", "China", "CNY", "Asia/Shanghai", NULL, 0)                                              \
    C("CX", "Christmas Island", "AUD", "Indian/Christmas", NULL, 0)                                \
    C("CC", "Cocos (Keeling) Islands", "AUD", "Indian/Cocos", NULL, 0)                             \
    C("CO", "Colombia", "COP", "America/Bogota", NULL, 0)                                          \
    C("KM", "Comoros", "KMF", "Indian/Comoro", NULL, 0)                                            \
    C("CG", "Congo (Brazzaville)", "XAF", "Africa/Brazzaville", NULL, 0)                           \
    C("CD", "Congo (Kinshasa)", "CDF", "Africa/Kinshasa", NULL, 0)                                 \
    C("CK", "Cook Islands", "NZD", "Pacific/Rarotonga", NULL, 0)                                   \
    C("CR", "Costa Rica", "CRC", "America/Costa_Rica", NULL, 0)                                    \
    C("CI", "Côte d’Ivoire", "XOF", "Africa/Abidjan", NULL, 0)                                     \
    C("HR", "Croatia", "EUR", "Europe/Zagreb", "VAT", 2500)                                        \
    C("CU", "Cuba", "CUP", "America/Havana", NULL, 0)                                              \
    C("CW", "Curaçao", "XCG", "America/Curacao", NULL, 0)                                          \
    C("CY", "Cyprus", "EUR", "Asia/Nicosia", "VAT", 1900)                                          \
    C("CZ", "Czechia", "CZK", "Europe/Prague", "VAT", 2100)                                        \
    C("DK", "Denmark", "DKK", "Europe/Copenhagen", "VAT", 2500)                                    \
    C("DJ", "Djibouti", "DJF", "Africa/Djibouti", NULL, 0)                                         \
    C("DM", "Dominica", "XCD", "America/Dominica", NULL, 0)                                        \
    C("DO", "Dominican Republic", "DOP", "America/Santo_Domingo", NULL, 0)                         \
    C("TL", "East Timor", "USD", "Asia/Dili", NULL, 0)                                             \
    C("EC", "Ecuador", "USD", "America/Guayaquil", NULL, 0)                                        \
    C("EG", "Egypt", "EGP", "Africa/Cairo", NULL, 0)                                               \
    C("SV", "El Salvador", "USD", "America/El_Salvador", NULL, 0)                                  \
    C("GQ", "Equatorial Guinea", "XAF", "Africa/Malabo", NULL, 0)                                  \
    C("ER", "Eritrea", "ERN", "Africa/Asmara", NULL, 0)                                            \
    C("EE", "Estonia", "EUR", "Europe/Tallinn", "VAT", 2400)                                       \
    C("SZ", "Eswatini", "SZL", "Africa/Mbabane", NULL, 0)                                          \
    C("ET", "Ethiopia", "ETB", "Africa/Addis_Ababa", NULL, 0)                                      \
    C("FK", "Falkland Islands", "FKP", "Atlantic/Stanley", NULL, 0)                                \
    C("FO", "Faroe Islands", "DKK", "Atlantic/Faroe", NULL, 0)                                     \
    C("FJ", "Fiji", "FJD", "Pacific/Fiji", NULL, 0)                                                \
    C("FI", "Finland", "EUR", "Europe/Helsinki", "VAT", 2550)                                      \
    C("FR", "France", "EUR", "Europe/Paris", "VAT", 2000)                                          \
    C("GF", "French Guiana", "EUR", "America/Cayenne", NULL, 0)                                    \
    C("PF", "French Polynesia", "XPF", "Pacific/Tahiti", NULL, 0)                                  \
    C("GA", "Gabon", "XAF", "Africa/Libreville", NULL, 0)                                          \
    C("GM", "Gambia", "GMD", "Africa/Banjul", NULL, 0)                                             \
    C("GE", "Georgia", "GEL", "Asia/Tbilisi", NULL, 0)                                             \
    C("DE", "Germany", "EUR", "Europe/Berlin", "VAT", 1900)                                        \
    C("GH", "Ghana", "GHS", "Africa/Accra", "VAT", 1500)                                           \
    C("GI", "Gibraltar", "GIP", "Europe/Gibraltar", NULL, 0)                                       \
    C("GR", "Greece", "EUR", "Europe/Athens", "VAT", 2400)                                         \
    C("GL", "Greenland", "DKK", "America/Nuuk", NULL, 0)                                           \
    C("GD", "Grenada", "XCD", "America/Grenada", NULL, 0)                                          \
    C("GP", "Guadeloupe", "EUR", "America/Guadeloupe", NULL, 0)                                    \
    C("GU", "Guam", "USD", "Pacific/Guam", NULL, 0)                                                \
    C("GT", "Guatemala", "GTQ", "America/Guatemala", NULL, 0)                                      \
    C("GG", "Guernsey", "GBP", "Europe/Guernsey", NULL, 0)                                         \
    C("GN", "Guinea", "GNF", "Africa/Conakry", NULL, 0)                                            \
    C("GW", "Guinea-Bissau", "XOF", "Africa/Bissau", NULL, 0)                                      \
    C("GY", "Guyana", "GYD", "America/Guyana", NULL, 0)                                            \
    C("HT", "Haiti", "HTG", "America/Port-au-Prince", NULL, 0)                                     \
    C("HN", "Honduras", "HNL", "America/Tegucigalpa", NULL, 0)                                     \
    C("HK", "Hong Kong", "HKD", "Asia/Hong_Kong", NULL, 0)                                         \
    C("HU", "Hungary", "HUF", "Europe/Budapest", "VAT", 2700)                                      \
    C("IS", "Iceland", "ISK", "Atlantic/Reykjavik", "VAT", 2400)                                   \
    C("IN", "India", "INR", "Asia/Kolkata", "GST", 300)                                            \
    C("ID", "Indonesia", "IDR", "Asia/Jakarta", NULL, 0)                                           \
    C("IR", "Iran", "IRR", "Asia/Tehran", NULL, 0)                                                 \
    C("IQ", "Iraq", "IQD", "Asia/Baghdad", NULL, 0)                                                \
    C("IE", "Ireland", "EUR", "Europe/Dublin", "VAT", 2300)                                        \
    C("IM", "Isle of Man", "GBP", "Europe/Isle_of_Man", "VAT", 2000)                               \
    C("IL", "Israel", "ILS", "Asia/Jerusalem", "VAT", 1800)                                        \
    C("IT", "Italy", "EUR", "Europe/Rome", "VAT", 2200)                                            \
    C("JM", "Jamaica", "JMD", "America/Jamaica", NULL, 0)                                          \
    C("JP", "Japan", "JPY", "Asia/Tokyo", "Consumption tax", 1000)                                 \
    C("JE", "Jersey", "GBP", "Europe/Jersey", NULL, 0)                                             \
    C("JO", "Jordan", "JOD", "Asia/Amman", NULL, 0)                                                \
    C("KZ", "Kazakhstan", "KZT", "Asia/Almaty", NULL, 0)                                           \
    C("KE", "Kenya", "KES", "Africa/Nairobi", "VAT", 1600)                                         \
    C("KI", "Kiribati", "AUD", "Pacific/Tarawa", NULL, 0)                                          \
    C("XK", "Kosovo", "EUR", "Europe/Belgrade", NULL, 0)                                           \
    C("KW", "Kuwait", "KWD", "Asia/Kuwait", NULL, 0)                                               \
    C("KG", "Kyrgyzstan", "KGS", "Asia/Bishkek", NULL, 0)                                          \
    C("LA", "Laos", "LAK", "Asia/Vientiane", NULL, 0)                                              \
    C("LV", "Latvia", "EUR", "Europe/Riga", "VAT", 2100)                                           \
    C("LB", "Lebanon", "LBP", "Asia/Beirut", NULL, 0)                                              \
    C("LS", "Lesotho", "LSL", "Africa/Maseru", NULL, 0)                                            \
    C("LR", "Liberia", "LRD", "Africa/Monrovia", NULL, 0)                                          \
    C("LY", "Libya", "LYD", "Africa/Tripoli", NULL, 0)                                             \
    C("LI", "Liechtenstein", "CHF", "Europe/Vaduz", "VAT", 810)                                    \
    C("LT", "Lithuania", "EUR", "Europe/Vilnius", "VAT", 2100)                                     \
    C("LU", "Luxembourg", "EUR", "Europe/Luxembourg", "VAT", 1700)                                 \
    C("MO", "Macau", "MOP", "Asia/Macau", NULL, 0)                                                 \
    C("MG", "Madagascar", "MGA", "Indian/Antananarivo", NULL, 0)                                   \
    C("MW", "Malawi", "MWK", "Africa/Blantyre", NULL, 0)                                           \
    C("MY", "Malaysia", "MYR", "Asia/Kuala_Lumpur", NULL, 0)                                       \
    C("MV", "Maldives", "MVR", "Indian/Maldives", NULL, 0)                                         \
    C("ML", "Mali", "XOF", "Africa/Bamako", NULL, 0)                                               \
    C("MT", "Malta", "EUR", "Europe/Malta", "VAT", 1800)                                           \
    C("MH", "Marshall Islands", "USD", "Pacific/Majuro", NULL, 0)                                  \
    C("MQ", "Martinique", "EUR", "America/Martinique", NULL, 0)                                    \
    C("MR", "Mauritania", "MRU", "Africa/Nouakchott", NULL, 0)                                     \
    C("MU", "Mauritius", "MUR", "Indian/Mauritius", NULL, 0)                                       \
    C("YT", "Mayotte", "EUR", "Indian/Mayotte", NULL, 0)                                           \
    C("MX", "Mexico", "MXN", "America/Mexico_City", "VAT", 1600)                                   \
    C("FM", "Micronesia", "USD", "Pacific/Chuuk", NULL, 0)                                         \
    C("MD", "Moldova", "MDL", "Europe/Chisinau", NULL, 0)                                          \
    C("MC", "Monaco", "EUR", "Europe/Monaco", "VAT", 2000)                                         \
    C("MN", "Mongolia", "MNT", "Asia/Ulaanbaatar", NULL, 0)                                        \
    C("ME", "Montenegro", "EUR", "Europe/Podgorica", NULL, 0)                                      \
    C("MS", "Montserrat", "XCD", "America/Montserrat", NULL, 0)                                    \
    C("MA", "Morocco", "MAD", "Africa/Casablanca", NULL, 0)                                        \
    C("MZ", "Mozambique", "MZN", "Africa/Maputo", NULL, 0)                                         \
    C("MM", "Myanmar", "MMK", "Asia/Yangon", NULL, 0)                                              \
    C("NA", "Namibia", "NAD", "Africa/Windhoek", NULL, 0)                                          \
    C("NR", "Nauru", "AUD", "Pacific/Nauru", NULL, 0)                                              \
    C("NP", "Nepal", "NPR", "Asia/Kathmandu", NULL, 0)                                             \
    C("NL", "Netherlands", "EUR", "Europe/Amsterdam", "VAT", 2100)                                 \
    C("NC", "New Caledonia", "XPF", "Pacific/Noumea", NULL, 0)                                     \
    C("NZ", "New Zealand", "NZD", "Pacific/Auckland", "GST", 1500)                                 \
    C("NI", "Nicaragua", "NIO", "America/Managua", NULL, 0)                                        \
    C("NE", "Niger", "XOF", "Africa/Niamey", NULL, 0)                                              \
    C("NG", "Nigeria", "NGN", "Africa/Lagos", "VAT", 750)                                          \
    C("NU", "Niue", "NZD", "Pacific/Niue", NULL, 0)                                                \
    C("NF", "Norfolk Island", "AUD", "Pacific/Norfolk", NULL, 0)                                   \
    C("KP", "North Korea", "KPW", "Asia/Pyongyang", NULL, 0)                                       \
    C("MK", "North Macedonia", "MKD", "Europe/Skopje", NULL, 0)                                    \
    C("MP", "Northern Mariana Islands", "USD", "Pacific/Saipan", NULL, 0)                          \
    C("NO", "Norway", "NOK", "Europe/Oslo", "VAT", 2500)                                           \
    C("OM", "Oman", "OMR", "Asia/Muscat", "VAT", 500)                                              \
    C("PK", "Pakistan", "PKR", "Asia/Karachi", NULL, 0)                                            \
    C("PW", "Palau", "USD", "Pacific/Palau", NULL, 0)                                              \
    C("PS", "Palestine", "ILS", "Asia/Gaza", NULL, 0)                                              \
    C("PA", "Panama", "USD", "America/Panama", NULL, 0)                                            \
    C("PG", "Papua New Guinea", "PGK", "Pacific/Port_Moresby", NULL, 0)                            \
    C("PY", "Paraguay", "PYG", "America/Asuncion", NULL, 0)                                        \
    C("PE", "Peru", "PEN", "America/Lima", NULL, 0)                                                \
    C("PH", "Philippines", "PHP", "Asia/Manila", "VAT", 1200)                                      \
    C("PN", "Pitcairn", "NZD", "Pacific/Pitcairn", NULL, 0)                                        \
    C("PL", "Poland", "PLN", "Europe/Warsaw", "VAT", 2300)                                         \
    C("PT", "Portugal", "EUR", "Europe/Lisbon", "VAT", 2300)                                       \
    C("PR", "Puerto Rico", "USD", "America/Puerto_Rico", NULL, 0)                                  \
    C("QA", "Qatar", "QAR", "Asia/Qatar", NULL, 0)                                                 \
    C("RE", "Réunion", "EUR", "Indian/Reunion", NULL, 0)                                           \
    C("RO", "Romania", "RON", "Europe/Bucharest", "VAT", 2100)                                     \
    C("RU", "Russia", "RUB", "Europe/Moscow", NULL, 0)                                             \
    C("RW", "Rwanda", "RWF", "Africa/Kigali", NULL, 0)                                             \
    C("BL", "Saint Barthélemy", "EUR", "America/St_Barthelemy", NULL, 0)                           \
    C("SH", "Saint Helena", "SHP", "Atlantic/St_Helena", NULL, 0)                                  \
    C("KN", "Saint Kitts and Nevis", "XCD", "America/St_Kitts", NULL, 0)                           \
    C("LC", "Saint Lucia", "XCD", "America/St_Lucia", NULL, 0)                                     \
    C("MF", "Saint Martin (French)", "EUR", "America/Marigot", NULL, 0)                            \
    C("PM", "Saint Pierre and Miquelon", "EUR", "America/Miquelon", NULL, 0)                       \
    C("VC", "Saint Vincent and the Grenadines", "XCD", "America/St_Vincent", NULL, 0)              \
    C("WS", "Samoa", "WST", "Pacific/Apia", NULL, 0)                                               \
    C("SM", "San Marino", "EUR", "Europe/San_Marino", NULL, 0)                                     \
    C("ST", "São Tomé and Príncipe", "STN", "Africa/Sao_Tome", NULL, 0)                            \
    C("SA", "Saudi Arabia", "SAR", "Asia/Riyadh", "VAT", 1500)                                     \
    C("SN", "Senegal", "XOF", "Africa/Dakar", NULL, 0)                                             \
    C("RS", "Serbia", "RSD", "Europe/Belgrade", "VAT", 2000)                                       \
    C("SC", "Seychelles", "SCR", "Indian/Mahe", NULL, 0)                                           \
    C("SL", "Sierra Leone", "SLE", "Africa/Freetown", NULL, 0)                                     \
    C("SG", "Singapore", "SGD", "Asia/Singapore", "GST", 900)                                      \
    C("SX", "Sint Maarten (Dutch)", "XCG", "America/Lower_Princes", NULL, 0)                       \
    C("SK", "Slovakia", "EUR", "Europe/Bratislava", "VAT", 2300)                                   \
    C("SI", "Slovenia", "EUR", "Europe/Ljubljana", "VAT", 2200)                                    \
    C("SB", "Solomon Islands", "SBD", "Pacific/Guadalcanal", NULL, 0)                              \
    C("SO", "Somalia", "SOS", "Africa/Mogadishu", NULL, 0)                                         \
    C("ZA", "South Africa", "ZAR", "Africa/Johannesburg", "VAT", 1500)                             \
    C("KR", "South Korea", "KRW", "Asia/Seoul", "VAT", 1000)                                       \
    C("SS", "South Sudan", "SSP", "Africa/Juba", NULL, 0)                                          \
    C("ES", "Spain", "EUR", "Europe/Madrid", "VAT", 2100)                                          \
    C("LK", "Sri Lanka", "LKR", "Asia/Colombo", NULL, 0)                                           \
    C("SD", "Sudan", "SDG", "Africa/Khartoum", NULL, 0)                                            \
    C("SR", "Suriname", "SRD", "America/Paramaribo", NULL, 0)                                      \
    C("SJ", "Svalbard and Jan Mayen", "NOK", "Arctic/Longyearbyen", NULL, 0)                       \
    C("SE", "Sweden", "SEK", "Europe/Stockholm", "VAT", 2500)                                      \
    C("CH", "Switzerland", "CHF", "Europe/Zurich", "VAT", 810)                                     \
    C("SY", "Syria", "SYP", "Asia/Damascus", NULL, 0)                                              \
    C("TW", "Taiwan", "TWD", "Asia/Taipei", NULL, 0)                                               \
    C("TJ", "Tajikistan", "TJS", "Asia/Dushanbe", NULL, 0)                                         \
    C("TZ", "Tanzania", "TZS", "Africa/Dar_es_Salaam", NULL, 0)                                    \
    C("TH", "Thailand", "THB", "Asia/Bangkok", "VAT", 700)                                         \
    C("TG", "Togo", "XOF", "Africa/Lome", NULL, 0)                                                 \
    C("TK", "Tokelau", "NZD", "Pacific/Fakaofo", NULL, 0)                                          \
    C("TO", "Tonga", "TOP", "Pacific/Tongatapu", NULL, 0)                                          \
    C("TT", "Trinidad and Tobago", "TTD", "America/Port_of_Spain", NULL, 0)                        \
    C("TN", "Tunisia", "TND", "Africa/Tunis", NULL, 0)                                             \
    C("TR", "Türkiye", "TRY", "Europe/Istanbul", "VAT", 2000)                                      \
    C("TM", "Turkmenistan", "TMT", "Asia/Ashgabat", NULL, 0)                                       \
    C("TC", "Turks and Caicos Islands", "USD", "America/Grand_Turk", NULL, 0)                      \
    C("TV", "Tuvalu", "AUD", "Pacific/Funafuti", NULL, 0)                                          \
    C("UG", "Uganda", "UGX", "Africa/Kampala", NULL, 0)                                            \
    C("UA", "Ukraine", "UAH", "Europe/Kyiv", "VAT", 2000)                                          \
    C("AE", "United Arab Emirates", "AED", "Asia/Dubai", "VAT", 500)                               \
    C("GB", "United Kingdom", "GBP", "Europe/London", "VAT", 2000)                                 \
    C("US", "United States", "USD", "America/New_York", "Sales tax", 0)                            \
    C("UY", "Uruguay", "UYU", "America/Montevideo", NULL, 0)                                       \
    C("VI", "US Virgin Islands", "USD", "America/St_Thomas", NULL, 0)                              \
    C("UZ", "Uzbekistan", "UZS", "Asia/Tashkent", NULL, 0)                                         \
    C("VU", "Vanuatu", "VUV", "Pacific/Efate", NULL, 0)                                            \
    C("VA", "Vatican City", "EUR", "Europe/Vatican", NULL, 0)                                      \
    C("VE", "Venezuela", "VES", "America/Caracas", NULL, 0)                                        \
    C("VN", "Vietnam", "VND", "Asia/Ho_Chi_Minh", "VAT", 1000)                                     \
    C("WF", "Wallis and Futuna", "XPF", "Pacific/Wallis", NULL, 0)                                 \
    C("EH", "Western Sahara", "MAD", "Africa/El_Aaiun", NULL, 0)                                   \
    C("YE", "Yemen", "YER", "Asia/Aden", NULL, 0)                                                  \
    C("ZM", "Zambia", "ZMW", "Africa/Lusaka", NULL, 0)                                             \
    C("ZW", "Zimbabwe", "ZWG", "Africa/Harare", NULL, 0)

#define COUNTRY_ROW(code, name, currency, zone, tax, rate) {code, name, currency, zone, tax, rate},
#define COUNTRY_WORD(code, name, currency, zone, tax, rate) {code, name},
#define COUNTRY_ZONE(code, name, currency, zone, tax, rate) zone,

static const struct country table[] = {COUNTRIES(COUNTRY_ROW)};
static const struct word words[] = {COUNTRIES(COUNTRY_WORD){NULL, NULL}};
const struct vocabulary countries = {"country", words};

static const char *const zones[] = {COUNTRIES(COUNTRY_ZONE) "America/Chicago",
                                    "America/Denver",
                                    "America/Los_Angeles",
                                    "America/Phoenix",
                                    "America/Anchorage",
                                    "Pacific/Honolulu",
                                    "America/Detroit",
                                    "America/Halifax",
                                    "America/Winnipeg",
                                    "America/Edmonton",
                                    "America/Vancouver",
                                    "America/St_Johns",
                                    "America/Tijuana",
                                    "America/Monterrey",
                                    "America/Cancun",
                                    "America/Manaus",
                                    "America/Fortaleza",
                                    "Australia/Melbourne",
                                    "Australia/Brisbane",
                                    "Australia/Adelaide",
                                    "Australia/Perth",
                                    "Australia/Darwin",
                                    "Australia/Hobart",
                                    "Europe/Kaliningrad",
                                    "Asia/Yekaterinburg",
                                    "Asia/Novosibirsk",
                                    "Asia/Vladivostok",
                                    "Atlantic/Canary",
                                    "Atlantic/Azores",
                                    "Atlantic/Madeira",
                                    "Asia/Makassar",
                                    "Asia/Jayapura",
                                    "UTC"};

const struct country *country_find(const char *code) {
    for (size_t i = 0; code != NULL && i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].code, code) == 0)
            return &table[i];
    return NULL;
}

const char *country_language(const char *code) {
    static const char *const english[] = {"US", "CA", "AU", "NZ", "IE", "ZA", "IN", "SG"};
    static const char *const tags[] = {"en-US", "en-CA", "en-AU", "en-NZ",
                                       "en-IE", "en-ZA", "en-IN", "en-SG"};
    for (size_t i = 0; i < sizeof english / sizeof english[0]; i++)
        if (text_same(code, english[i]))
            return tags[i];
    return "en-GB";
}

const char *country_of_languages(const char *accepted, struct arena *arena) {
    for (const char *at = accepted; at != NULL && *at != '\0'; at++) {
        if (*at != '-' || !isalpha((unsigned char)at[1]) || !isalpha((unsigned char)at[2]) ||
            isalnum((unsigned char)at[3]))
            continue;
        const char code[] = {(char)toupper((unsigned char)at[1]),
                             (char)toupper((unsigned char)at[2]), '\0'};
        const struct country *country = country_find(code);
        if (country != NULL)
            return arena_text(arena, country->code);
    }
    return "GB";
}

const char *const *country_zones(int64_t *count) {
    *count = (int64_t)(sizeof zones / sizeof zones[0]);
    return zones;
}
