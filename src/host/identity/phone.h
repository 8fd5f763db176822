// SPDX-License-Identifier: Apache-2.0
// Telephone numbers as people write them, to E.164 ("+442079460000"). Pure; a table of national
// numbering plans, no database. It tells a possible number from an impossible one, not a live one
// from a dead one.
#pragma once

#include "base/text.h"

enum { PHONE_SIZE = 17 }; // "+", 15 digits, NUL

// `country` (ISO 3166 alpha-2, may be empty) is where a number without country code was written.
// False when the text cannot be a telephone number, or is a national one and its country is not
// known.
bool phone_normalise(struct text raw, struct text country, char ret_phone[PHONE_SIZE]);

// How many characters of an E.164 number are "+" and country code; 3 when the code is not in the
// table.
size_t phone_country_code_size(struct text phone);
