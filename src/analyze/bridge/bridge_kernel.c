// SPDX-License-Identifier: Apache-2.0
#include "analyze/bridge/bridge_kernel.h"

#include <math.h>
#include <stdbool.h>

static bool is_sold(const struct bridge_item *item, int period) {
    return item->units[period] > 0 && item->revenue[period] > 0;
}

void bridge_mix(const struct bridge_item *items, size_t count, struct bridge_mix *ret_mix) {
    struct bridge_mix mix = {0};
    double units[BRIDGE_PERIODS] = {0};
    double before = 0;    // revenue of articles of both periods
    double at_prices = 0; // what the units of now would have brought at the prices of before

    for (size_t i = 0; i < count; i++) {
        const struct bridge_item *item = &items[i];
        const double change = item->revenue[BRIDGE_NOW] - item->revenue[BRIDGE_BEFORE];
        const bool was = is_sold(item, BRIDGE_BEFORE), is = is_sold(item, BRIDGE_NOW);

        if (was && is) {
            const double price = item->revenue[BRIDGE_BEFORE] / item->units[BRIDGE_BEFORE];

            units[BRIDGE_BEFORE] += item->units[BRIDGE_BEFORE];
            units[BRIDGE_NOW] += item->units[BRIDGE_NOW];
            before += item->revenue[BRIDGE_BEFORE];
            at_prices += item->units[BRIDGE_NOW] * price;
            mix.price += item->revenue[BRIDGE_NOW] - item->units[BRIDGE_NOW] * price;
        } else if (is && item->units[BRIDGE_BEFORE] == 0 && item->revenue[BRIDGE_BEFORE] == 0) {
            mix.arrived += change;
        } else if (was && item->units[BRIDGE_NOW] == 0 && item->revenue[BRIDGE_NOW] == 0) {
            mix.gone += change;
        } else {
            mix.other += change;
        }
    }
    if (units[BRIDGE_BEFORE] > 0) {
        mix.volume = (units[BRIDGE_NOW] - units[BRIDGE_BEFORE]) * (before / units[BRIDGE_BEFORE]);
        mix.mix = at_prices - before - mix.volume;
    }
    *ret_mix = mix;
}

void bridge_factors(const double count[BRIDGE_PERIODS], const double product[BRIDGE_PERIODS],
                    double *ret_of_count, double *ret_of_size) {
    const double now = product[BRIDGE_NOW], before = product[BRIDGE_BEFORE];
    double of_count = now - before;

    if (now > 0 && before > 0 && count[BRIDGE_NOW] > 0 && count[BRIDGE_BEFORE] > 0) {
        // (x₁ − x₀) / ln(x₁ / x₀) goes to x₀ where both are the same.
        const double growth = log(now / before);
        const double mean = fabs(growth) < 1e-9 ? (now + before) / 2 : (now - before) / growth;

        of_count = mean * log(count[BRIDGE_NOW] / count[BRIDGE_BEFORE]);
    }
    *ret_of_count = of_count;
    *ret_of_size = now - before - of_count;
}
