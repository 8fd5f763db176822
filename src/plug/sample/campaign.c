// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/campaign.h"

#include "base/random.h"
#include "base/time.h"

enum { STREAM_CAMPAIGN = 0xca3b };

enum { DAYS_BETWEEN = 35, DAYS_OF_A_COUPON = 14 };

// No food: margins there are too thin for coupons.
static const struct occasion {
    enum category category;
    const char *word; // of the coupon
} occasions[] = {
    {SWEETS, "SWEET"},     {BEAUTY, "BEAUTY"}, {HOUSEHOLD, "CLEAN"}, {BOOKS, "READ"},
    {STATIONERY, "PAPER"}, {HOME, "HOME"},     {TOYS, "PLAY"},       {CLOTHING, "STYLE"},
    {GARDEN, "GARDEN"},    {DRINKS, "CHEERS"},
};
enum { OCCASION_COUNT = sizeof(occasions) / sizeof(occasions[0]) };

// In proportion to what the month asks for.
static const struct occasion *occasion_of(struct random *random, int month) {
    double weights[OCCASION_COUNT], sum = 0;
    int o = 0;

    for (int i = 0; i < OCCASION_COUNT; i++) {
        weights[i] = categories[occasions[i].category].month_percent[month - 1];
        sum += weights[i];
    }
    for (double place = random_uniform(random) * sum; o < OCCASION_COUNT - 1 && place >= weights[o];
         o++)
        place -= weights[o];
    return &occasions[o];
}

void campaigns_init(struct scope *scope, struct campaigns *campaigns, uint64_t seed,
                    int32_t first_day, int32_t day_count) {
    static const uint8_t percents[] = {10, 10, 15, 20};
    const size_t count = (size_t)(day_count / DAYS_BETWEEN);
    struct campaign *const list = arena_array(&scope->arena, count + 1, sizeof(*list));

    for (size_t i = 0; i < count; i++) {
        struct random random = random_stream(seed, STREAM_CAMPAIGN, i);
        const int32_t day = first_day + 10 + (int32_t)i * DAYS_BETWEEN;
        int year, month, day_of_month;

        day_to_civil(day, &year, &month, &day_of_month);
        const struct occasion *const occasion = occasion_of(&random, month);
        const uint8_t percent = percents[random_below(&random, 4)];
        list[i] = (struct campaign){
            .name = arena_printf(&scope->arena, "%d-%02d %s", year, month,
                                 categories[occasion->category].name),
            .coupon = arena_printf(&scope->arena, "%s%d-%02d%02d", occasion->word, percent,
                                   year % 100, month),
            .category = occasion->category,
            .percent = percent,
            .from_day = day,
            .until_day = day + DAYS_OF_A_COUPON,
        };
    }
    *campaigns = (struct campaigns){.list = list, .count = count};
}

const struct campaign *campaign_of_day(const struct campaigns *campaigns, int32_t day) {
    for (size_t i = 0; i < campaigns->count; i++)
        if (day >= campaigns->list[i].from_day && day < campaigns->list[i].until_day)
            return &campaigns->list[i];
    return NULL;
}
