// SPDX-License-Identifier: Apache-2.0
// From the revenue of one period to that of another: what came of volume, mix, price and range, and
// of the number of receipts and their size. Arrays in, arrays out; the effects of each way add up
// to the change. O(items).
#pragma once

#include <stddef.h>

enum { BRIDGE_BEFORE, BRIDGE_NOW, BRIDGE_PERIODS };

// An article in both periods: what was sold of it less what came back, and what that brought.
struct bridge_item {
    double units[BRIDGE_PERIODS];
    double revenue[BRIDGE_PERIODS];
};

// Price-volume-mix analysis. Of articles sold in both periods, p the revenue per unit, s an
// article's share of the units, U the units, P = Σ s p the average price:
//   price  Σ u₁ (p₁ − p₀)          the same articles cost more or less
//   volume (U₁ − U₀) P₀            more or less was sold
//   mix    U₁ Σ (s₁ − s₀) p₀       dearer or cheaper articles were sold
// An article counts as sold in a period when its units and its revenue are above 0.
struct bridge_mix {
    double volume, mix, price;
    double arrived; // articles sold now only
    double gone;    // those sold before only
    double other;   // neither: what came back, gifts, amounts without a quantity
};
void bridge_mix(const struct bridge_item *items, size_t count, struct bridge_mix *ret_mix);

// The change of count × size into the part of each (Ang 2005, the logarithmic mean Divisia index,
// Energy Policy 33): L(x₁, x₀) ln(c₁ / c₀), L the logarithmic mean of the products; symmetric in
// time and exact. Where a product is not above 0 all of the change is that of the count.
void bridge_factors(const double count[BRIDGE_PERIODS], const double product[BRIDGE_PERIODS],
                    double *ret_of_count, double *ret_of_size);
