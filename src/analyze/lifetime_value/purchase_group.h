// SPDX-License-Identifier: Apache-2.0
// What models of repeat purchase read: of each customer how often they came back, when last, and
// how long they have been watched. Customers with equal histories are one group with a weight, so
// that a likelihood costs by the number of different histories, not of customers.
#pragma once

#include "base/scope.h"

// Arrays of `count` customers, in one unit of time (or in opportunities to buy: BG/BB).
struct purchase_history {
    size_t count;
    const int64_t *repeats; // x ≥ 0: purchases after the first
    const double *last;     // t_x ≥ 0: from the first purchase to the last; 0 when x is
    const double *observed; // T ≥ t_x: from the first purchase to the end of observation
};

struct purchase_group {
    double repeats, last, observed;
    double count; // customers
};

// Groups in the order of repeats, observed, last. In the scope's arena.
struct purchase_groups {
    size_t count, customer_count;
    struct purchase_group *items;
    uint32_t *group_of; // of each customer
};

// INVALID names the customer (from 1) whose values are not finite, negative or contradict each
// other; also when there is no customer. Time: O(customers + groups log groups).
code purchase_groups_make(struct scope *scope, const struct purchase_history *history,
                          struct purchase_groups *ret_groups);

// The time that passes between purchases, roughly: where fits begin. 1 when nobody came back.
double purchase_groups_pace(const struct purchase_groups *groups);
