// SPDX-License-Identifier: Apache-2.0
// The lines of a postal address as the post of its country wants them, from what is known of a
// customer. What is missing, or cannot be right, is refused by name: a letter that comes back costs
// more than one that was not sent.
#pragma once

#include "push/letter/country.h"

struct postal_address {
    struct text name, company;
    struct text street; // may have several lines
    struct text postal_code, city, region;
    struct text country; // as its source writes it; empty: the sender's
};

enum { POSTAL_LINES_MOST = 8 };

struct postal_lines {
    struct text lines[POSTAL_LINES_MOST]; // from the name to the country
    size_t count;
    char country[COUNTRY_SIZE];
    struct text postal_code; // as it is written there: what the printer sorts by
};

// In the arena. `from_country` is where it is posted (ISO 3166 alpha-2): letters within it bear no
// country. INVALID with the field that is at fault; the message shows nothing of the person.
code address_lines(struct scope *scope, const struct countries *countries,
                   const struct postal_address *address, const char *from_country,
                   struct postal_lines *ret_lines);

// A postal code as its country writes it, "sw1a1aa" as "SW1A 1AA". False when it cannot be one of
// there. A country without a row in the table takes what there is.
bool postal_code_normalise(struct scope *scope, const char *country, struct text raw,
                           struct text *ret_postal_code);
