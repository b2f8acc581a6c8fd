/* Any text as a number, money, ring size, phone number and field: refused, or printed so that it
 * reads back the same. */
#include "base/currency.h"
#include "base/number.h"
#include "base/phone.h"
#include "base/record.h"
#include "base/ring.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void check_money(const char *text, struct arena *arena) {
    static const char *const codes[] = {"GBP", "JPY", "KWD", "USD", "CHF", "AUD", "ZAR"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        const struct currency *currency = currency_find(codes[i]);
        int64_t minor, again;
        if (!money_parse(currency, text, &minor))
            continue;
        if (!money_parse(currency, money_print(currency, minor, arena), &again) || again != minor)
            abort();
        if (!money_parse(currency, money_print_plain(currency, minor, arena), &again) ||
            again != minor)
            abort();
    }
}

static void check_number(const char *text) {
    for (int decimals = 0; decimals <= 8; decimals += 2) {
        int64_t number, again;
        char printed[32];
        if (!number_parse(text, decimals, &number))
            continue;
        number_print(number, decimals, decimals / 2, true, printed);
        if (!number_parse(printed, decimals, &again) || again != number)
            abort();
    }
}

/* Every kind of number, through the field that takes it. */
static void check_fields(const char *text, struct arena *arena) {
    struct errors errors = {.arena = arena};
    struct locale locale =
        locale_make(currency_find("GBP"), zone_find("Europe/London"), "GB", "en-GB");
    for (enum field_kind kind = FIELD_ID; kind <= FIELD_INSTANT; kind++) {
        union {
            int64_t number;
            const char *text;
        } value = {.number = NONE};
        struct field field = {.name = "value", .kind = kind};
        if (field_is_text(kind))
            value.text = NULL;
        errors_clear(&errors);
        if ((field_parse(&field, &value, text, &locale, &errors) == OK) == errors_any(&errors))
            abort();
        if (errors_any(&errors))
            continue;
        const char *shown = field_print(&field, &value, &locale, arena);
        if (field_is_text(kind) && !text_is_utf8(shown, strlen(shown)))
            abort();
        int64_t before = value.number;
        if (field_parse(&field, &value, shown, &locale, &errors) != OK)
            abort();
        /* A form's instant is told to the minute, and an unchecked box says nothing. */
        if (!field_is_text(kind) && kind != FIELD_INSTANT && kind != FIELD_FLAG &&
            value.number != before)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *arena = arena_new();
    const char *text = arena_text_n(arena, (const char *)data, size);
    check_number(text);
    check_money(text, arena);
    check_fields(text, arena);
    int64_t ring, again;
    if (ring_parse(text, &ring) &&
        (!ring_parse(ring_print_plain(ring, "GB", arena), &again) || again != ring))
        abort();
    const char *phone = phone_e164(text, "GB", arena);
    if (phone != NULL) {
        const char *same = phone_e164(phone, "US", arena);
        if (same == NULL || strcmp(same, phone) != 0)
            abort();
    }
    const char *folded = text_fold(text, arena);
    if (!text_is_utf8(folded, strlen(folded)))
        abort();
    reference_read(text, 8, arena);
    text_slug(text, arena);
    text_initials(text, arena);
    arena_free(arena);
    return 0;
}
