// SPDX-License-Identifier: Apache-2.0
// The plans are those of ITU-T E.164's national annexes, reduced to what normalising needs: country
// code, the prefix dialled within the country, the prefix dialled out of it, and how long a number
// can be.
#include "host/identity/phone.h"

struct numbering_plan {
    char country[3];
    char country_code[4];
    char trunk[3];         // dialled before a national number, no part of it; "" when there is none
    char out[5];           // dialled before a country code, where it is not 00
    unsigned char minimum; // digits of a national number
    unsigned char maximum;
};

// To add a country: a row here, and cases in identifier_test.c. Countries that share a code: the
// first row speaks for numbers that come with the code.
static const struct numbering_plan plans[] = {
    {"US", "1", "1", "011", 10, 10}, {"CA", "1", "1", "011", 10, 10},
    {"AT", "43", "0", "", 4, 13},    {"BE", "32", "0", "", 8, 9},
    {"BG", "359", "0", "", 7, 9},    {"HR", "385", "0", "", 8, 9},
    {"CY", "357", "", "", 8, 8},     {"CZ", "420", "", "", 9, 9},
    {"DK", "45", "", "", 8, 8},      {"EE", "372", "", "", 7, 8},
    {"FI", "358", "0", "", 5, 12},   {"FR", "33", "0", "", 9, 9},
    {"DE", "49", "0", "", 5, 13},    {"GR", "30", "", "", 10, 10},
    {"HU", "36", "06", "", 8, 9},    {"IE", "353", "0", "", 7, 10},
    {"IT", "39", "", "", 6, 11},     {"LV", "371", "", "", 8, 8},
    {"LT", "370", "0", "", 8, 8},    {"LU", "352", "", "", 4, 11},
    {"MT", "356", "", "", 8, 8},     {"NL", "31", "0", "", 9, 11},
    {"PL", "48", "", "", 9, 9},      {"PT", "351", "", "", 9, 9},
    {"RO", "40", "0", "", 9, 9},     {"SK", "421", "0", "", 9, 9},
    {"SI", "386", "0", "", 8, 8},    {"ES", "34", "", "", 9, 9},
    {"SE", "46", "0", "", 7, 10},    {"GB", "44", "0", "", 9, 10},
    {"UK", "44", "0", "", 9, 10},    {"CH", "41", "0", "", 9, 9},
    {"LI", "423", "", "", 7, 9},     {"NO", "47", "", "", 8, 8},
    {"IS", "354", "", "", 7, 9},     {"TR", "90", "0", "", 10, 10},
    {"UA", "380", "0", "", 9, 9},    {"RU", "7", "8", "810", 10, 10},
    {"IL", "972", "0", "", 8, 9},    {"AE", "971", "0", "", 8, 9},
    {"SA", "966", "0", "", 8, 9},    {"IN", "91", "0", "", 10, 10},
    {"CN", "86", "0", "", 9, 11},    {"HK", "852", "", "001", 8, 8},
    {"SG", "65", "", "", 8, 8},      {"JP", "81", "0", "010", 9, 10},
    {"KR", "82", "0", "", 8, 10},    {"AU", "61", "0", "0011", 9, 9},
    {"NZ", "64", "0", "", 8, 10},    {"ZA", "27", "0", "", 9, 9},
    {"BR", "55", "0", "", 10, 11},   {"MX", "52", "", "", 10, 10},
    {"AR", "54", "0", "", 10, 11},   {"CL", "56", "", "", 9, 9},
    {"CO", "57", "", "", 8, 10},
};

enum { PLAN_COUNT = sizeof(plans) / sizeof(*plans) };
enum { SHORTEST_NUMBER = 7, LONGEST_NUMBER = 15 }; // digits, country code included

// The digits of a number under way, without "+".
struct digits {
    char data[64];
    size_t size;
    bool international; // it began with "+"
};

static struct text digits_text(const struct digits *digits) {
    return (struct text){.data = digits->data, .size = digits->size};
}

static bool drop_prefix(struct digits *digits, const char *prefix) {
    const size_t size = strlen(prefix);

    if (size == 0 || !text_starts_with(digits_text(digits), text_of(prefix)))
        return false;
    digits->size -= size;
    memmove(digits->data, digits->data + size, digits->size);
    return true;
}

// Signs that only group digits. U+00A0, U+2007..U+2015 and U+202F are blanks and dashes.
static size_t grouping_size(struct text rest) {
    const unsigned char *data = (const unsigned char *)rest.data;

    if (memchr(" \t-./()", data[0], 7))
        return 1;
    if (rest.size >= 2 && data[0] == 0xC2 && data[1] == 0xA0)
        return 2;
    if (rest.size >= 3 && data[0] == 0xE2 && data[1] == 0x80 &&
        ((data[2] >= 0x87 && data[2] <= 0x95) || data[2] == 0xAF))
        return 3;
    return 0;
}

// Letters, extensions and second numbers in one cell are refused: whose number it is would be a
// guess.
static bool digits_read(struct text raw, struct digits *digits) {
    struct text rest = text_trim(raw);

    if (rest.size > 4 && text_equal_ascii_case((struct text){rest.data, 4}, TEXT("tel:")))
        rest = text_trim((struct text){rest.data + 4, rest.size - 4});
    if (text_starts_with(rest, TEXT("+")) || text_starts_with(rest, TEXT("(+"))) {
        const size_t sign = rest.data[0] == '+' ? 1 : 2;

        digits->international = true;
        rest = (struct text){rest.data + sign, rest.size - sign};
    }
    while (rest.size > 0) {
        size_t size = 1;

        // "+44 (0)20 …": the trunk prefix in brackets is not dialled from abroad.
        if (digits->international && text_starts_with(rest, TEXT("(0)"))) {
            size = 3;
        } else if (rest.data[0] >= '0' && rest.data[0] <= '9') {
            if (digits->size == sizeof(digits->data))
                return false;
            digits->data[digits->size++] = rest.data[0];
        } else if ((size = grouping_size(rest)) == 0) {
            return false;
        }
        rest = (struct text){rest.data + size, rest.size - size};
    }
    return digits->size > 0;
}

static const struct numbering_plan *plan_of_country(struct text country) {
    for (size_t i = 0; i < PLAN_COUNT; i++)
        if (text_equal_ascii_case(country, text_of(plans[i].country)))
            return &plans[i];
    return NULL;
}

// No country code is the beginning of another, so the first that fits is the only one.
static const struct numbering_plan *plan_of_number(struct text digits) {
    for (size_t i = 0; i < PLAN_COUNT; i++)
        if (text_starts_with(digits, text_of(plans[i].country_code)))
            return &plans[i];
    return NULL;
}

// Takes a country code away and checks what follows it against the plan.
static bool national_part_fits(struct digits *digits, const struct numbering_plan *plan) {
    struct digits national = *digits;

    drop_prefix(&national, plan->country_code);
    // "+44 020 …" is a common slip; where 0 is the trunk prefix no national number begins with it.
    if (strcmp(plan->trunk, "0") == 0 && drop_prefix(&national, "0")) {
        const size_t code_size = strlen(plan->country_code);

        memcpy(digits->data + code_size, national.data, national.size);
        digits->size = code_size + national.size;
    }
    if (strcmp(plan->trunk, "0") == 0 && text_starts_with(digits_text(&national), TEXT("0")))
        return false;
    return national.size >= plan->minimum && national.size <= plan->maximum;
}

static bool digits_from_national(struct digits *digits, const struct numbering_plan *plan) {
    const size_t code_size = strlen(plan->country_code);

    drop_prefix(digits, plan->trunk);
    if (digits->size < plan->minimum || digits->size > plan->maximum)
        return false;
    memmove(digits->data + code_size, digits->data, digits->size);
    memcpy(digits->data, plan->country_code, code_size);
    digits->size += code_size;
    return true;
}

bool phone_normalise(struct text raw, struct text country, char ret_phone[PHONE_SIZE]) {
    const struct numbering_plan *home = plan_of_country(country);
    const struct numbering_plan *plan;
    struct digits digits = {0};

    if (!digits_read(raw, &digits))
        return false;
    if (!digits.international)
        digits.international =
            drop_prefix(&digits, home && home->out[0] != '\0' ? home->out : "00") ||
            drop_prefix(&digits, "00");
    if (!digits.international && (!home || !digits_from_national(&digits, home)))
        return false;
    if (digits.size < SHORTEST_NUMBER || digits.size > LONGEST_NUMBER || digits.data[0] == '0')
        return false;
    plan = plan_of_number(digits_text(&digits));
    if (plan && !national_part_fits(&digits, plan))
        return false;
    ret_phone[0] = '+';
    memcpy(ret_phone + 1, digits.data, digits.size);
    ret_phone[digits.size + 1] = '\0';
    return true;
}

size_t phone_country_code_size(struct text phone) {
    const struct numbering_plan *plan =
        phone.size > 1 ? plan_of_number((struct text){phone.data + 1, phone.size - 1}) : NULL;

    return plan ? strlen(plan->country_code) + 1 : 3;
}
