// SPDX-License-Identifier: Apache-2.0
// What is known of a customer at the end of a day, as numbers that a model can learn from, and
// whether the customer bought again after it. Features read nothing after the day and labels
// nothing until it, with one exception: which identifiers are one customer is known as of now.
#pragma once

#include "base/scope.h"

// To add a feature: a value at the end (the numbers are stored with scores), its row and its
// formula in churn_feature.c, its name in the view churn of both lakes and what it is made of in
// the view churn_feature (store/model_input.sql).
enum churn_feature {
    CHURN_RECENCY,
    CHURN_TENURE,
    CHURN_PURCHASES,
    CHURN_PURCHASES_90,
    CHURN_TREND,
    CHURN_LATENESS,
    CHURN_SPEND,
    CHURN_SPEND_90,
    CHURN_DISCOUNT,
    CHURN_REFUNDS,
    CHURN_PRODUCTS,
    CHURN_CATEGORIES,
    CHURN_PLACES,
    CHURN_VISITS,
    CHURN_MESSAGES,
    CHURN_RESPONSES,
    CHURN_SERVICE_90,
    CHURN_SERVICE,
    CHURN_FEATURES,
};
struct churn_feature_name {
    const char *name;       // "recency"
    const char *label;      // "Days since the last purchase"
    const char *definition; // exact
};
extern const struct churn_feature_name churn_feature_names[CHURN_FEATURES];

// Customers, ascending, with CHURN_FEATURES values each. Arrays in the scope's arena.
struct churn_rows {
    size_t count, capacity;
    int64_t *customers;
    double *values;
};
// Of customers who bought within `active_days` until `day`, about every `stride`-th, as ids say,
// the same ones on each day. Of more than `most` (2 or more) every second, every fourth, … is left.
code churn_features_read(struct scope *scope, int32_t day, int64_t active_days, int64_t stride,
                         size_t most, struct churn_rows *ret_rows);
// The same, handed out in pieces: `rows` is valid during the call only.
code churn_features_each(struct scope *scope, int32_t day, int64_t active_days,
                         code (*take)(struct scope *scope, void *data,
                                      const struct churn_rows *rows),
                         void *data);

// 1 for each of these customers who bought nothing within `horizon_days` after `day`.
code churn_labels_read(struct scope *scope, int32_t day, int64_t horizon_days, int64_t stride,
                       const struct churn_rows *rows, unsigned char *ret_labels);

// Customers who ever bought until this day.
code churn_buyers_count(struct scope *scope, int32_t day, int64_t *ret_count);
