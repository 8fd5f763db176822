// SPDX-License-Identifier: Apache-2.0
// Journeys of customers: the touches before each sale, and those that led to none, read from the
// lake in one pass over what each customer did, in the order of time. A customer is whoever the
// identity graph says: what was done on any device before anybody knew whose it was counts.
#pragma once

#include "analyze/attribution/path.h"

enum journey_conversions {
    JOURNEYS_TO_ALL_SALES,     // each sale ends a journey; the next one begins
    JOURNEYS_TO_FIRST_SALE,    // of the period; what comes after is left out
    JOURNEYS_TO_NEW_CUSTOMERS, // the first sale of all; who bought before is left out
};
extern const char *const journey_conversion_names[]; // "all", "first", "new"; ends with NULL

struct journey_options {
    int32_t from_day, until_day; // of sales, both included
    int64_t look_back_days; // a touch counts so long; without one for so long a journey is over
    enum journey_conversions conversions;
    double half_life_days; // of the credit by age
};

enum {
    JOURNEY_VISIT_MINUTES = 30, // what follows sooner, by the same channel or none, is one touch
    JOURNEY_NAMES = 60,         // of channels, and of campaigns: the rarest are told as others
    JOURNEY_DAY_STEPS = 8,      // of the time from the first touch to the sale
};
extern const int journey_day_steps[JOURNEY_DAY_STEPS]; // whole days, at least so many

// Touches told as channels, or as campaigns.
struct journey_level {
    struct paths paths;
    struct text *names;       // by number, in bytewise order
    double *aged_conversions; // credit by the age of each touch in days
    double *aged_values;      // in units
};

struct journeys {
    struct journey_level channels, campaigns;
    struct text currency;             // empty: no sale in the period
    int64_t customers;                // with a touch or a sale
    int64_t touches;                  // of all journeys that count
    int64_t sales, sale_value_micros; // conversions, also those without a touch before
    int64_t untouched, untouched_value_micros;
    int64_t open; // journeys that may still convert: they count as nothing
    int64_t by_days[JOURNEY_DAY_STEPS];
    int64_t shortened; // paths of more than PATH_TOUCHES: the last ones count
};

#define JOURNEY_NO_CAMPAIGN "(no campaign)"
#define JOURNEY_OTHER       "(other)" // past JOURNEY_NAMES

// The first and last days of touches and of sales; *ret_touches false: there are none.
struct journey_span {
    bool has_touches, has_sales;
    int32_t first_touch_day, last_touch_day, first_sale_day, last_sale_day;
};
code journey_span(struct scope *scope, struct journey_span *ret_span);
// The lake must be fresh. INVALID when sales of the period are in several currencies.
code journeys_read(struct scope *scope, const struct journey_options *options,
                   struct journeys *ret_journeys);
