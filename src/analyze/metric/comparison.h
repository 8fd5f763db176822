// SPDX-License-Identifier: Apache-2.0
// A period beside an earlier one: which days those are, and which of their days, weeks and months
// stand beside each other. Arithmetic of the calendar alone; it reads nothing.
#pragma once

#include "analyze/metric/metric.h"

enum comparison {
    COMPARE_NOTHING,
    COMPARE_PREVIOUS, // as many days, right before
    COMPARE_YEAR,     // the same days a year before; 29 February: 28 February
};

extern const char *const comparison_names[];     // "previous", "year"; ends with NULL
enum comparison comparison_of(struct text name); // COMPARE_NOTHING for any other name

// The same selection over the earlier period. INVALID unless it says from and to.
code comparison_before(struct scope *scope, const struct selection *now, enum comparison comparison,
                       struct selection *ret_before);

// The number of the period of a time dimension that holds the day; the next period has the next
// number.
int64_t comparison_period(enum dimension_type type, int32_t day);
// The number of the earlier period that stands beside the one that holds `day`. Periods stand
// beside each other by their place in the selection: the first beside the first. Only days of a
// year before go by the calendar, and then 29 February has none (false).
bool comparison_beside(enum comparison comparison, const struct selection *now,
                       const struct selection *before, enum dimension_type type, int32_t day,
                       int64_t *ret_period);
