// SPDX-License-Identifier: Apache-2.0
// How many parts a text message takes on the air. Pure.
//
// 3GPP TS 23.038: the default alphabet has seven bits a character, and its extension (the euro,
// brackets, …) takes two of them; one character outside of both makes all of the text UCS-2. A
// message is 140 bytes: 160 septets or 70 UTF-16 units. A longer text is cut into parts that each
// give six bytes to a header (TS 23.040, concatenated messages): 153 septets or 67 units, and no
// character is cut in two.
#pragma once

#include "base/text.h"

enum sms_alphabet { SMS_GSM_7, SMS_UCS_2 };
const char *sms_alphabet_name(enum sms_alphabet alphabet); // "gsm-7"

struct sms_size {
    enum sms_alphabet alphabet;
    int64_t unit_count; // septets, or UTF-16 units
    int64_t part_count; // 0 of an empty text
    int64_t left_count; // units that fit in before there is one part more
    // The first character that the default alphabet has not, as it stands in the text; empty:
    // all are there.
    struct text culprit;
};

// `text` is UTF-8.
struct sms_size sms_measure(struct text text);
