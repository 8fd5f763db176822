// SPDX-License-Identifier: Apache-2.0
// The campaigns of a sample company: every five weeks a newsletter with a coupon for one category.
#pragma once

#include "base/scope.h"
#include "plug/sample/assortment.h"

struct campaign {
    const char *name;   // "2024-11 Toys"
    const char *coupon; // "PLAY10-2411"
    enum category category;
    uint8_t percent;             // off
    int32_t from_day, until_day; // from ≤ day < until; the newsletter goes out on from_day
};

struct campaigns {
    const struct campaign *list;
    size_t count;
};

void campaigns_init(struct scope *scope, struct campaigns *campaigns, uint64_t seed,
                    int32_t first_day, int32_t day_count);
// The one that runs on a day, or NULL.
const struct campaign *campaign_of_day(const struct campaigns *campaigns, int32_t day);
