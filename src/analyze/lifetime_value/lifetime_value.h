// SPDX-License-Identifier: Apache-2.0
// What each known customer is worth: models of repeat purchase are fitted to a first part of the
// data, measured on the rest, and the one that forecasts best is fitted to all of it; with a model
// of spend it gives each customer a probability of being alive, the purchases and the value to be
// expected. docs/lifetime-value.md tells people how to read it.
#pragma once

#include "analyze/lifetime_value/purchase_model.h"
#include "analyze/lifetime_value/purchase_record.h"
#include "base/json.h"

enum {
    LIFETIME_VALUE_VERSION = 3,          // of the computation: raise it when digits change
    LIFETIME_VALUE_LAST_DAY = INT32_MIN, // as a day: that of the last sale
    LIFETIME_VALUE_MONTHS_MOST = 120,
    LIFETIME_VALUE_MODELS = 8,
    LIFETIME_VALUE_COHORTS = 8, // at most
    LIFETIME_VALUE_FIELDS = 7,
};

struct lifetime_value_options {
    int32_t as_of_day;     // the last day whose sales count; LIFETIME_VALUE_LAST_DAY
    int64_t hold_out_days; // 0: a third of the days there are
    int64_t horizon_months;
    double discount_percent; // a year
    double margin_percent;   // of the gross amount
    int model;               // of purchase_models, from 1; 0: the one that forecasts best
    // Days that an opportunity to buy lasts, and the models that count them are tried; 0: customers
    // may buy on any day.
    int64_t opportunity_days;
};
struct lifetime_value_options lifetime_value_default_options(void);
extern const struct json_field lifetime_value_fields[LIFETIME_VALUE_FIELDS];
struct lifetime_value_request { // as it is written in JSON
    struct text as_of;
    int64_t hold_out_days, horizon_months;
    double discount_percent, margin_percent;
    int model;
    int64_t opportunity_days;
};
// INVALID with the field for what is out of range.
code lifetime_value_read_options(struct scope *scope, const struct json *object,
                                 struct lifetime_value_options *ret_options);

// Record the job.
code lifetime_value_start(struct scope *scope, const struct lifetime_value_options *options,
                          int64_t *ret_job_id);
// The job kind "lifetime_value" (store/job.h). Its result names the run (analyze/run).
code lifetime_value_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                        struct json_writer *result);

// ---- what a run works out, in order; for the parts of this noun ----

// How well a model forecast the purchases of the hold-out, by customer.
struct hold_out_quality {
    double expected; // all purchases together
    double mean_absolute_error, root_mean_square_error;
};

struct candidate {
    const struct purchase_model *model; // NULL: that everybody goes on as before
    struct likelihood_fit fit;
    struct hold_out_quality quality;
};

// Customers whose first purchase lies in these days, and the chosen model fitted to them alone.
struct value_cohort {
    int32_t from_day, until_day;
    size_t customer_count, repeat_count;
    bool is_fitted; // enough came back
    struct likelihood_fit fit;
    double alive; // customers
    // Purchases of a new customer within the first year, and their standard error (NaN: the data
    // leave it open).
    double newcomer, newcomer_error;
};

struct value_cohorts {
    struct value_cohort items[LIFETIME_VALUE_COHORTS];
    size_t count, fitted_count;
    // Twice what the fitted cohorts' own parameters gain in log-likelihood on common ones: χ² of
    // `freedom` degrees where they do not differ.
    double statistic, freedom, probability;
};

struct lifetime_value {
    struct lifetime_value_options options;
    int32_t unit_days; // that sales of which are one purchase
    double time_days;  // of the models' unit of time
    int32_t first_day;
    int64_t change_id;
    struct purchase_records records;

    // Calibration. `customers` of the records who had bought by then.
    struct purchase_groups calibration;
    uint32_t *calibration_customers;
    int64_t *later; // purchases in the hold-out
    int64_t later_count;
    struct candidate candidates[LIFETIME_VALUE_MODELS]; // the last one is the naive one
    size_t candidate_count, chosen;
    const double *chosen_expected; // of each calibration group, by the chosen candidate
    int64_t *hold_out_days;        // purchases of each day

    // All data.
    struct purchase_groups groups;
    struct likelihood_fit fit;
    struct purchase_forecast forecast;
    size_t spend_count; // customers that the model of spend was fitted to; 0: none
    struct likelihood_fit spend_fit;
    double spend_correlation;        // of repeats and average spend
    double expected, expected_error; // purchases of all customers within the horizon; its standard
                                     // error
    struct value_cohorts cohorts;
    int64_t *scores[4]; // alive, purchases, spend, value: of each record, micros
};

// How long the hold-out is, in the models' unit of time.
double lifetime_value_held_out(const struct lifetime_value *value);

// The chosen model by the time of customers' first purchase (lifetime_value_cohort.c).
code lifetime_value_compare_cohorts(struct scope *scope, struct lifetime_value *value, int threads);
void lifetime_value_write_cohorts(struct scope *scope, struct json_writer *writer,
                                  const struct lifetime_value *value);

// The picture, the numbers and the reading of a run, as JSON (lifetime_value_result.c).
void lifetime_value_write(struct scope *scope, struct json_writer *writer,
                          const struct lifetime_value *value);
