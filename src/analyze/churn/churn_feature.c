// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/churn_feature.h"

#include "churn_sql.h"
#include "store/lake.h"
#include "store/model_input.h"

#include <math.h>
#include <string.h>

// Customers of one piece.
enum { PIECE = 16384 };

const struct churn_feature_name churn_feature_names[CHURN_FEATURES] = {
    [CHURN_RECENCY] = {"recency", "Days since the last purchase", "ln(1 + days)"},
    [CHURN_TENURE] = {"tenure", "Days since the first purchase", "ln(1 + days)"},
    [CHURN_PURCHASES] = {"purchases", "Days of purchase", "ln(1 + days of purchase)"},
    [CHURN_PURCHASES_90] = {"purchases_90", "Days of purchase in the last 90 days",
                            "ln(1 + days of purchase)"},
    [CHURN_TREND] = {"trend", "More purchases in these 90 days than in those before",
                     "ln((1 + days of purchase in 90 days) / (1 + those in the 90 before))"},
    [CHURN_LATENESS] = {"lateness", "Days away, measured by the customer's own pace",
                        "ln((1 + days since the last) / (1 + mean days between purchases)); 0 "
                        "after one purchase"},
    [CHURN_SPEND] = {"spend", "Spend on a day of purchase", "ln(1 + mean gross amount)"},
    [CHURN_SPEND_90] = {"spend_90", "Part of all spend that fell into the last 90 days",
                        "gross amount in 90 days / gross amount"},
    [CHURN_DISCOUNT] = {"discount", "Part of prices taken off by discounts",
                        "discounts / (gross amount + discounts)"},
    [CHURN_REFUNDS] = {"refunds", "Refunds", "ln(1 + refund documents)"},
    [CHURN_PRODUCTS] = {"products", "Different products", "ln(1 + products)"},
    [CHURN_CATEGORIES] = {"categories", "Different categories", "ln(1 + categories)"},
    [CHURN_PLACES] = {"places", "Different stores and channels", "ln(1 + stores + channels)"},
    [CHURN_VISITS] = {"visits", "Visits and other events in the last 90 days",
                      "ln(1 + events that are none of those below)"},
    [CHURN_MESSAGES] = {"messages", "Messages sent in the last 90 days",
                        "ln(1 + events with direction out)"},
    [CHURN_RESPONSES] = {"responses", "Answers to messages in the last 90 days",
                         "ln(1 + events through email, sms, push or letter)"},
    [CHURN_SERVICE_90] = {"service_90", "Contacts with service in the last 90 days",
                          "ln(1 + events through phone, chat, call, service, support or ticket, "
                          "or named complaint, support, ticket or cancel)"},
    [CHURN_SERVICE] = {"service", "Contacts with service, ever", "ln(1 + the same at any time)"},
};

// Columns of churn_features (store/model_input.sql), after the customer.
enum column {
    RECENCY = 1,
    TENURE,
    PURCHASES,
    PURCHASES_90,
    PURCHASES_180,
    GROSS,
    GROSS_90,
    DISCOUNT,
    REFUNDS,
    PLACES,
    PRODUCTS,
    CATEGORIES,
    VISITS,
    MESSAGES,
    RESPONSES,
    SERVICE_90,
    SERVICE,
};

static double count_of(const struct rows *rows, enum column column) {
    return log1p((double)rows_int64(rows, column));
}

// A part of a whole that amounts below zero do not carry out of 0 … 1.
static double share(double part, double whole) {
    return whole > 0 && part > 0 ? fmin(part / whole, 1) : 0;
}

static void read_values(const struct rows *rows, double *values) {
    const double recency = (double)rows_int64(rows, RECENCY);
    const double tenure = (double)rows_int64(rows, TENURE);
    const double purchases = (double)rows_int64(rows, PURCHASES);
    const double gross = (double)rows_int64(rows, GROSS) / 1e6;
    const double discount = (double)rows_int64(rows, DISCOUNT) / 1e6;

    values[CHURN_RECENCY] = log1p(recency);
    values[CHURN_TENURE] = log1p(tenure);
    values[CHURN_PURCHASES] = log1p(purchases);
    values[CHURN_PURCHASES_90] = count_of(rows, PURCHASES_90);
    values[CHURN_TREND] = count_of(rows, PURCHASES_90) - count_of(rows, PURCHASES_180);
    values[CHURN_LATENESS] =
        purchases > 1 ? log((recency + 1) / ((tenure - recency) / (purchases - 1) + 1)) : 0;
    values[CHURN_SPEND] = log1p(fmax(0, gross / purchases));
    values[CHURN_SPEND_90] = share((double)rows_int64(rows, GROSS_90) / 1e6, gross);
    values[CHURN_DISCOUNT] = share(discount, gross + discount);
    values[CHURN_REFUNDS] = count_of(rows, REFUNDS);
    values[CHURN_PRODUCTS] = count_of(rows, PRODUCTS);
    values[CHURN_CATEGORIES] = count_of(rows, CATEGORIES);
    values[CHURN_PLACES] = count_of(rows, PLACES);
    values[CHURN_VISITS] = count_of(rows, VISITS);
    values[CHURN_MESSAGES] = count_of(rows, MESSAGES);
    values[CHURN_RESPONSES] = count_of(rows, RESPONSES);
    values[CHURN_SERVICE_90] = count_of(rows, SERVICE_90);
    values[CHURN_SERVICE] = count_of(rows, SERVICE);
}

static void make_room(struct scope *scope, struct churn_rows *rows, size_t capacity) {
    struct churn_rows larger = {.count = rows->count, .capacity = capacity};

    larger.customers = arena_array(&scope->arena, capacity, sizeof(*larger.customers));
    larger.values = arena_array(&scope->arena, capacity * CHURN_FEATURES, sizeof(*larger.values));
    if (rows->count > 0) {
        memcpy(larger.customers, rows->customers, rows->count * sizeof(*larger.customers));
        memcpy(larger.values, rows->values, rows->count * CHURN_FEATURES * sizeof(*larger.values));
    }
    *rows = larger;
}

static void add_row(struct churn_rows *rows, const struct rows *row) {
    rows->customers[rows->count] = rows_int64(row, 0);
    read_values(row, rows->values + rows->count * CHURN_FEATURES);
    rows->count++;
}

static code query(struct scope *scope, int32_t day, int64_t active_days, int64_t stride,
                  struct rows **ret_rows) {
    return model_input_query(scope, MODEL_INPUT_CHURN,
                             BINDS(BIND_INT64(day), BIND_INT64(active_days), BIND_INT64(stride)),
                             ret_rows);
}

// Of the rows the first, the third, the fifth, … stay.
static void keep_every_second(struct churn_rows *rows) {
    const size_t kept = (rows->count + 1) / 2;

    for (size_t i = 1; i < kept; i++) {
        rows->customers[i] = rows->customers[2 * i];
        memcpy(rows->values + i * CHURN_FEATURES, rows->values + 2 * i * CHURN_FEATURES,
               CHURN_FEATURES * sizeof(*rows->values));
    }
    rows->count = kept;
}

code churn_features_read(struct scope *scope, int32_t day, int64_t active_days, int64_t stride,
                         size_t most, struct churn_rows *ret_rows) {
    CLEANUP(rows_close) struct rows *answer = NULL;
    struct churn_rows rows = {0};
    size_t seen = 0, step = 1;

    TRY(query(scope, day, active_days, stride, &answer));
    while (rows_next(answer)) {
        if (seen++ % step != 0)
            continue;
        if (rows.count == most) {
            keep_every_second(&rows);
            step *= 2;
            if ((seen - 1) % step != 0)
                continue;
        }
        if (rows.count == rows.capacity) {
            make_room(scope, &rows, rows.capacity > 0 ? rows.capacity * 2 : 1024);
            TRY(scope_check(scope));
        }
        add_row(&rows, answer);
    }
    TRY(rows_end(answer));
    *ret_rows = rows;
    return OK;
}

code churn_features_each(struct scope *scope, int32_t day, int64_t active_days,
                         code (*take)(struct scope *scope, void *data,
                                      const struct churn_rows *rows),
                         void *data) {
    CLEANUP(rows_close) struct rows *answer = NULL;
    struct churn_rows rows = {0};

    make_room(scope, &rows, PIECE);
    TRY(query(scope, day, active_days, 1, &answer));
    while (rows_next(answer)) {
        add_row(&rows, answer);
        if (rows.count < PIECE)
            continue;
        TRY(scope_check(scope));
        TRY(take(scope, data, &rows));
        rows.count = 0;
    }
    TRY(rows_end(answer));
    return take(scope, data, &rows);
}

code churn_labels_read(struct scope *scope, int32_t day, int64_t horizon_days, int64_t stride,
                       const struct churn_rows *rows, unsigned char *ret_labels) {
    CLEANUP(rows_close) struct rows *answer = NULL;
    size_t i = 0;

    memset(ret_labels, 1, rows->count);
    TRY(lake_query(scope, sql_churn_stayed,
                   BINDS(BIND_INT64(day), BIND_INT64(horizon_days), BIND_INT64(stride)), &answer));
    while (rows_next(answer)) {
        const int64_t customer = rows_int64(answer, 0);

        while (i < rows->count && rows->customers[i] < customer)
            i++;
        if (i < rows->count && rows->customers[i] == customer)
            ret_labels[i] = 0;
    }
    return rows_end(answer);
}

code churn_buyers_count(struct scope *scope, int32_t day, int64_t *ret_count) {
    return lake_int64(scope, sql_churn_buyers, BINDS(BIND_INT64(day)), 0, ret_count);
}
