// SPDX-License-Identifier: Apache-2.0
// The customers of a sample company: when they come and go, how often they buy, what they like, who
// they are. A shopper is 56 bytes; who somebody is (name, address, consents) is computed from seed
// and number whenever it is needed.
//
// Buying is Schmittlein, Morrison and Colombo's "Counting your customers" (Management Science 33,
// 1987), which Fader and Hardie call buy till you die: while alive a customer visits in a Poisson
// process of a rate that differs between customers by a gamma distribution, and leaves for good
// after an exponential time whose rate differs by another gamma distribution. The process runs on
// the season's clock, and each persona has a mean rate of its own.
#pragma once

#include "plug/sample/catalogue.h"
#include "plug/sample/chain.h"
#include "plug/sample/season.h"

enum taste { TASTE_ANY, TASTE_CHEAP, TASTE_DEAR };

// How long receipts are: the chance that another line follows, line after line, twelve at most.
enum { BASKET_KINDS = 3, BASKET_LINES = 12 };

struct shopper {
    uint64_t random;         // state of the customer's stream
    double due;              // reading of the customer's clock at the next visit
    float rate;              // visits per unit of the clock
    int32_t next;            // the next one who comes on the same day, −1 for none
    int16_t arrives, leaves; // day indexes; before 0 for customers of old
    int16_t subscribed_from, subscribed_until; // to the newsletter, from ≤ day < until
    uint16_t shop;                             // the usual one
    uint8_t town, persona, favourite, web_percent, taste, basket;
    bool is_new; // registered, but has not bought yet
};

// What receipts and events call a customer.
static inline int64_t shopper_number(int64_t index) {
    return 1000001 + index;
}

extern const float persona_weights[PERSONA_SLOTS][CATEGORY_COUNT];
extern const float basket_continues[BASKET_KINDS];
double basket_mean_lines(const float kinds[BASKET_KINDS]);
extern const float basket_kinds_of_shoppers[BASKET_KINDS], basket_kinds_of_walk_ins[BASKET_KINDS];

struct company {
    uint64_t seed;
    int64_t customers;
    struct season season;
    struct catalogue catalogue;
    struct chain chain;
    struct weighted_choice home_towns;
};

void company_init(struct scope *scope, struct company *company, uint64_t seed, int64_t customers,
                  int32_t first_day, int32_t day_count);

// Everything but consents, random state ready for the first visit. rate is relative: 1 on average.
void shopper_init(const struct company *company, int64_t index, struct shopper *shopper);

// As shopper_init finds it, alone.
uint8_t shopper_persona(const struct company *company, int64_t index);

// The second of the day on which a customer registered.
int32_t shopper_registration_second(const struct company *company, int64_t index, int32_t day);

// Expected visits of a customer besides the first, at the present rate, by channel.
void shopper_expected_visits(const struct company *company, const struct shopper *shopper,
                             double visits[CHANNEL_COUNT]);
