// SPDX-License-Identifier: Apache-2.0
// What personas are made of: numbers of each customer who bought, read from the lake as of a day.
// Scaling and grouping are not done here.
#pragma once

#include "base/scope.h"

enum {
    PERSONA_COLUMNS_MOST = 32,
    PERSONA_VALUES_MOST = 6, // columns of one feature that has several: channels, categories
};

enum persona_measure {
    PERSONA_RECENCY, // days from the last purchase to the day; 0 on its own day
    PERSONA_RECEIPTS,
    PERSONA_SPEND, // gross, in units of the currency
    PERSONA_AVERAGE_RECEIPT,
    PERSONA_LINES,          // of a receipt
    PERSONA_TENURE,         // days from the first purchase to the day
    PERSONA_DISCOUNT_SHARE, // of what it would have cost
    PERSONA_RETURN_SHARE,   // of spend, at most 1
    PERSONA_CHANNELS,       // share of receipts, a column for each channel
    PERSONA_CATEGORIES,     // share of spend, a column for each category
    PERSONA_MEASURES,
};

struct persona_feature {
    const char *name, *label;
    const char *type;       // of a column of figures
    const char *low, *high; // what little and much of it is called
    bool is_log;            // grouped by log1p of it
};
extern const struct persona_feature persona_features[PERSONA_MEASURES];

// "recency,receipts,spend" as bits 1 << measure. INVALID, naming what there is, for another name.
code persona_features_parse(struct scope *scope, struct text names, uint32_t *ret_features);

// One number of each customer.
struct persona_column {
    enum persona_measure measure;
    struct text of; // the channel or category
};

struct persona_span {
    int32_t end_day;   // the last that counts
    int32_t begin_day; // the one before the first that counts
};

struct persona_columns {
    size_t count;
    struct persona_column items[PERSONA_COLUMNS_MOST];
};

// Customers who bought within the span, ascending, and their numbers.
struct persona_data {
    struct persona_span span;
    size_t count;
    int64_t *customers;
    double *measures; // count × PERSONA_CHANNELS: those that are always read; NULL: not asked for
    double *values;   // count × columns.count, in the units of the features
};

// The first and the last day of purchases. NOT_FOUND in words when there is none.
code persona_days(struct scope *scope, int32_t *ret_first_day, int32_t *ret_last_day);
// INVALID when there are several.
code persona_currency(struct scope *scope, struct persona_span span, struct text *ret_currency);
// The columns of these features: channels and categories are those of the span.
code persona_columns(struct scope *scope, uint32_t features, struct persona_span span,
                     struct persona_columns *ret_columns);
enum persona_reading { PERSONA_VALUES, PERSONA_WITH_MEASURES };
code persona_data_read(struct scope *scope, const struct persona_columns *columns,
                       struct persona_span span, enum persona_reading reading,
                       struct persona_data *ret_data);

// The place of a customer; SIZE_MAX when they are not there.
size_t persona_place(const struct persona_data *data, int64_t customer);

// ---- what members of groups buy, and where; `labels` of each customer, < k ----

struct persona_counts {
    size_t count;       // products, or channels
    struct text *names; // with the code of a product before it
    int64_t *in_group;  // count × k: customers who bought it; receipts through it
};
code persona_baskets(struct scope *scope, const struct persona_data *data, const uint32_t *labels,
                     size_t k, struct persona_counts *ret_products);
code persona_channels(struct scope *scope, const struct persona_data *data, const uint32_t *labels,
                      size_t k, struct persona_counts *ret_channels);
