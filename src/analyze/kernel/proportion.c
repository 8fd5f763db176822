// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/proportion.h"

#include "analyze/kernel/special.h"

#include <math.h>

void proportion_interval(double successes, double trials, double confidence, double *ret_low,
                         double *ret_high) {
    const double z = normal_quantile((1 + confidence) / 2);
    const double share = successes / trials;
    const double middle = (share + z * z / (2 * trials)) / (1 + z * z / trials);
    const double reach = z / (1 + z * z / trials) *
                         sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials));

    *ret_low = trials > 0 && successes > 0 ? fmax(0, middle - reach) : 0;
    *ret_high = trials > 0 && successes < trials ? fmin(1, middle + reach) : 1;
}
