// SPDX-License-Identifier: Apache-2.0
#include "push/sms/gsm.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

enum { MESSAGE_SEPTETS = 160, PART_SEPTETS = 153, MESSAGE_UNITS = 70, PART_UNITS = 67 };

const char *sms_alphabet_name(enum sms_alphabet alphabet) {
    return alphabet == SMS_GSM_7 ? "gsm-7" : "ucs-2";
}

static bool is_among(UChar32 c, const UChar32 *set) {
    while (*set && *set != c)
        set++;
    return *set != 0;
}

// Septets that a character takes; 0: it is in neither table.
static int septets_of(UChar32 c) {
    static const UChar32 extension[] = {'\f', '^', '{', '}', '\\', '[', '~', ']', '|', 0x20AC, 0};
    static const UChar32 beyond_ascii[] = {0xA1,  0xA3,  0xA4,  0xA5,  0xA7,  0xBF,  0xC4,  0xC5,
                                           0xC6,  0xC7,  0xC9,  0xD1,  0xD6,  0xD8,  0xDC,  0xDF,
                                           0xE0,  0xE4,  0xE5,  0xE6,  0xE8,  0xE9,  0xEC,  0xF1,
                                           0xF2,  0xF6,  0xF8,  0xF9,  0xFC,  0x393, 0x394, 0x398,
                                           0x39B, 0x39E, 0x3A0, 0x3A3, 0x3A6, 0x3A8, 0x3A9, 0};

    if (is_among(c, extension))
        return 2;
    if (c == '\n' || c == '\r' || (c >= ' ' && c <= '~' && c != '`'))
        return 1;
    return is_among(c, beyond_ascii) ? 1 : 0;
}

static int units_of(UChar32 c, enum sms_alphabet alphabet) {
    return alphabet == SMS_GSM_7 ? septets_of(c) : U16_LENGTH(c);
}

static UChar32 next_of(struct text text, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)text.data;
    UChar32 c;

    U8_NEXT(bytes, *at, text.size, c);
    return c >= 0 ? c : 0xFFFD;
}

static struct text find_culprit(struct text text) {
    for (size_t at = 0; at < text.size;) {
        const size_t from = at;

        if (septets_of(next_of(text, &at)) == 0)
            return (struct text){text.data + from, at - from};
    }
    return TEXT("");
}

struct sms_size sms_measure(struct text text) {
    struct sms_size size = {.culprit = find_culprit(text)};
    int64_t whole, part, filled = 0;

    size.alphabet = size.culprit.size > 0 ? SMS_UCS_2 : SMS_GSM_7;
    whole = size.alphabet == SMS_GSM_7 ? MESSAGE_SEPTETS : MESSAGE_UNITS;
    part = size.alphabet == SMS_GSM_7 ? PART_SEPTETS : PART_UNITS;
    for (size_t at = 0; at < text.size;) {
        const int units = units_of(next_of(text, &at), size.alphabet);

        size.unit_count += units;
        if (size.part_count == 0 || filled + units > part) {
            size.part_count++;
            filled = 0;
        }
        filled += units;
    }
    if (size.unit_count <= whole) {
        size.part_count = size.unit_count > 0;
        size.left_count = whole - size.unit_count;
    } else {
        size.left_count = part - filled;
    }
    return size;
}
