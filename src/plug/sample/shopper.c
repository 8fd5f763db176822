// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/shopper.h"

#include "base/time.h"

#include <math.h>

enum { STREAM_SHOPPER = 0x540bbe5, STREAM_REGISTRATION };

// Customers registered at an even pace for this many years before the first day.
static const double years_before = 5;

// Shapes and scales of "buy till you die": rates with shape 0.9; dropout per week with shape 0.7
// and scale 1/50, so that 58 % are still there after a year and 36 % after three.
static const double rate_shape = 0.9, dropout_shape = 0.7, dropout_weeks = 50;

enum { PERSONA_SAVER = 6 };

static const struct {
    double share, rate, web;
} personas[PERSONA_COUNT] = {
    {0.14, 1.35, 0.16}, // young family
    {0.15, 1.10, 0.20}, // city dweller
    {0.14, 1.30, 0.08}, // home cook
    {0.09, 0.80, 0.06}, // gardener
    {0.12, 0.85, 0.20}, // reader
    {0.14, 0.75, 0.26}, // style
    {0.12, 1.20, 0.05}, // saver
    {0.10, 0.45, 0.14}, // giver
};

// Of a hundred articles: fresh, pantry, sweets, drinks, beauty, household, baby, books, stationery,
// home, clothing, toys, garden, electronics, gift cards.
const float persona_weights[PERSONA_SLOTS][CATEGORY_COUNT] = {
    {18, 13, 8, 9, 7, 10, 15, 3, 3, 2, 3, 6, 1.5F, 0.6F, 0.4F},
    {17, 11, 15, 20, 11, 7, 0.2F, 6, 3, 2, 4, 0.5F, 1, 2, 0.3F},
    {30, 23, 6, 14, 4, 7, 0.3F, 4, 1, 7, 1, 0.5F, 2, 0.9F, 0.2F},
    {12, 8, 5, 8, 5, 9, 0.2F, 7, 2, 6, 2, 0.7F, 33, 1, 0.4F},
    {8, 6, 12, 11, 5, 4, 0.3F, 33, 12, 3, 2, 1.5F, 1, 0.6F, 0.8F},
    {5, 3, 7, 7, 35, 5, 0.6F, 4, 4, 5, 23, 0.6F, 1, 1, 0.6F},
    {22, 25, 12, 12, 7, 18, 1, 1, 1, 0.7F, 1, 0.3F, 1, 0.2F, 0.1F},
    {3, 3, 19, 9, 9, 2, 2, 13, 14, 6, 4, 11, 5, 1, 3},
    {20, 12, 14, 14, 9, 8, 2, 6, 5, 2.5F, 3, 1.8F, 3, 0.8F, 0.6F},
};

const float basket_continues[BASKET_KINDS] = {0.50F, 0.70F, 0.82F};
const float basket_kinds_of_shoppers[BASKET_KINDS] = {0.30F, 0.45F, 0.25F};
const float basket_kinds_of_walk_ins[BASKET_KINDS] = {0.60F, 0.30F, 0.10F};

double basket_mean_lines(const float kinds[BASKET_KINDS]) {
    double mean = 0;

    for (int k = 0; k < BASKET_KINDS; k++) {
        const double p = (double)basket_continues[k];
        mean += (double)kinds[k] * (1 - pow(p, BASKET_LINES)) / (1 - p);
    }
    return mean;
}

void company_init(struct scope *scope, struct company *company, uint64_t seed, int64_t customers,
                  int32_t first_day, int32_t day_count) {
    double weights[128], scratch[128];

    company->seed = seed;
    company->customers = customers;
    season_init(&company->season, &scope->arena, seed, first_day, day_count);
    catalogue_init(scope, &company->catalogue, seed, day_count / 7 + 1);
    chain_init(scope, &company->chain, seed, customers, first_day, day_count);

    // People live where people live; more of them know the company where it has a shop.
    for (size_t t = 0; t < town_count; t++)
        weights[t] = (double)towns[t].inhabitants * (0.03 + company->chain.access[t]);
    company->home_towns = (struct weighted_choice){
        .count = (uint32_t)town_count,
        .slots = arena_array(&scope->arena, town_count, sizeof(struct weighted_slot)),
    };
    weighted_choice_build(&company->home_towns, weights, scratch);
}

// Customers are numbered in the order of their registration: the number says when it was.
static int16_t day_of_arrival(const struct company *company, int64_t index) {
    const struct season *const season = &company->season;
    const double years = season->day_count / 365.25;
    const double place = ((double)index + 0.5) / (double)company->customers;
    const double share_before = 0.94 * years_before / (years_before + years);

    if (place < share_before)
        return (int16_t)(-years_before * 365.25 * (1 - place / share_before) - 1);

    const double share = (place - share_before) / (1 - share_before);
    const double web_share = 0.15;
    const double end = season_reading(season, web_share, season->day_count);

    return (int16_t)fmin(season_day_at(season, web_share, share * end), season->day_count - 1);
}

static uint8_t pick_persona(struct random *random) {
    double place = random_uniform(random);
    uint8_t persona = 0;

    while (persona < PERSONA_COUNT - 1 && place >= personas[persona].share)
        place -= personas[persona++].share;
    return persona;
}

uint8_t shopper_persona(const struct company *company, int64_t index) {
    struct random random = random_stream(company->seed, STREAM_SHOPPER, (uint64_t)index);

    return pick_persona(&random);
}

// Half of the people never order online; others do a little or mostly, the more the farther the
// shops are.
static uint8_t pick_web_percent(struct random *random, double inclination, double access) {
    const double online = 0.25 + 1.2 * inclination + 0.45 * (1 - access);
    const double part = random_uniform(random);

    if (!random_chance(random, online))
        return 0;
    return (uint8_t)fmin(97, 100 * (inclination + (0.9 - 0.4 * access) * part * part) + 5);
}

static uint8_t pick_basket(struct random *random) {
    const double place = random_uniform(random);

    if (place < (double)basket_kinds_of_shoppers[0])
        return 0;
    return place < (double)(basket_kinds_of_shoppers[0] + basket_kinds_of_shoppers[1]) ? 1 : 2;
}

static int16_t day_of_leaving(struct random *random, int16_t arrives, int32_t day_count) {
    const double dropout = random_gamma(random, dropout_shape) / dropout_weeks;
    const double days = 7 * random_exponential(random) / dropout;

    return (int16_t)fmin(arrives + days, day_count);
}

void shopper_init(const struct company *company, int64_t index, struct shopper *shopper) {
    struct random random = random_stream(company->seed, STREAM_SHOPPER, (uint64_t)index);
    const uint8_t persona = pick_persona(&random);
    const double rate = random_gamma(&random, rate_shape) / rate_shape;
    const double cheap = persona == PERSONA_SAVER ? 0.7 : 0.15;
    const double taste = random_uniform(&random);
    const uint32_t town = weighted_choice_pick(&company->home_towns, &random);
    const int16_t arrives = day_of_arrival(company, index);

    *shopper = (struct shopper){
        .rate = (float)(rate * personas[persona].rate),
        .next = -1,
        .arrives = arrives,
        .town = (uint8_t)town,
        .persona = persona,
        .taste = taste < cheap         ? TASTE_CHEAP
                 : taste < cheap + 0.2 ? TASTE_DEAR
                                       : TASTE_ANY,
        .is_new = arrives >= 0,
    };
    // One draw after the other: initialisers have no order.
    shopper->leaves = day_of_leaving(&random, arrives, company->season.day_count);
    shopper->web_percent =
        pick_web_percent(&random, personas[persona].web, company->chain.access[town]);
    shopper->basket = pick_basket(&random);
    shopper->favourite = (uint8_t)random_below(&random, GIFT_CARDS);
    shopper->shop = chain_shop_of_town(&company->chain, &random, town, INT32_MAX);
    shopper->random = random.state;
}

int32_t shopper_registration_second(const struct company *company, int64_t index, int32_t day) {
    struct random random = random_stream(company->seed, STREAM_REGISTRATION, (uint64_t)index);

    return time_of_visit(&random, CHANNEL_STORE, day_weekday(day), closing_second(day)) - 120;
}

void shopper_expected_visits(const struct company *company, const struct shopper *shopper,
                             double visits[CHANNEL_COUNT]) {
    const struct season *const season = &company->season;
    const int32_t from = shopper->arrives > 0 ? shopper->arrives : 0;
    const int32_t until =
        shopper->leaves < season->day_count ? shopper->leaves + 1 : season->day_count;
    const double web_share = shopper->web_percent / 100.0;

    visits[CHANNEL_STORE] = visits[CHANNEL_WEB] = 0;
    if (until <= from)
        return;
    for (int c = 0; c < CHANNEL_COUNT; c++) {
        const double share = c == CHANNEL_WEB ? web_share : 1 - web_share;
        visits[c] =
            (double)shopper->rate * share * (season->clock[c][until] - season->clock[c][from]);
    }
}
