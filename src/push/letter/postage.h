// SPDX-License-Identifier: Apache-2.0
// What it costs to post a letter: a table of prices by country, weight and the day from which they
// hold. Prices of posts change every year: what people say (letter_stationery.postage) stands
// before what is known here, and where nothing is known nothing is invented.
#pragma once

#include "base/json.h"

struct postage {
    char country[3]; // in which it is posted, and to which
    double most_grams;
    int64_t price_micros;
    char currency[4];
    char from_day[11]; // YYYY-MM-DD
    const char *source;
};
extern const struct postage usual_postage[];
extern const size_t usual_postage_count;

// Of a letter within the country; *ret_is_known is false when no row fits. `own` is an array of
// objects {"country", "most_grams", "price", "currency", "from"}; NULL: none. INVALID for one that
// cannot be read.
code postage_find(struct scope *scope, const struct json *own, const char *country, double grams,
                  const char *day, struct postage *ret_postage, bool *ret_is_known);

// A letter's weight: its sheets, and the envelope.
double letter_grams(double sheet_width_mm, double sheet_height_mm, double paper_gsm, int sheets,
                    double envelope_grams);
