// SPDX-License-Identifier: Apache-2.0
// Who will leave: of customers who bought within the last year, the probability that they buy
// nothing within the next 90 days. Models are tested on past months first, each taught only by what
// was known then; a run whose best model does not beat the naive ones is kept with the reason and
// scores nobody. docs/churn.md tells people how to read it.
#pragma once

#include "analyze/churn/churn_feature.h"
#include "analyze/churn/churn_model.h"
#include "analyze/churn/score_quality.h"
#include "base/json.h"

enum {
    CHURN_VERSION = 3,          // of the computation: raise it when digits change
    CHURN_LAST_DAY = INT32_MIN, // as a day: that of the last sale
    CHURN_FIELDS = 4,
    CHURN_MONTH_DAYS = 30,     // between the days that models are taught by and tested on
    CHURN_HISTORY_DAYS = 60,   // of sales, at least, before the first such day
    CHURN_MONTHS_TESTED = 6,   // at most
    CHURN_MONTHS_LEAST = 2,    // tested, or nothing is said
    CHURN_MONTHS_TAUGHT = 12,  // at most
    CHURN_CLASS_LEAST = 20,    // customers who left, and who stayed, that a model is taught by
    CHURN_SAMPLE_MOST = 25000, // customers that models are taught by and tested on, about
    CHURN_SAMPLE_LIMIT = 2 * CHURN_SAMPLE_MOST, // of a month, however ids fall
    CHURN_BANDS = 10,
};

enum churn_choice { CHURN_BEST, CHURN_LOGISTIC, CHURN_TREES };

struct churn_options {
    int32_t as_of_day; // the last day that counts; CHURN_LAST_DAY
    int64_t horizon_days;
    int64_t active_days; // who has bought nothing for as long is no customer any more
    enum churn_choice model;
};
struct churn_options churn_default_options(void);
extern const struct json_field churn_fields[CHURN_FIELDS];
struct churn_request { // as it is written in JSON
    struct text as_of;
    int64_t horizon_days, active_days;
    int model;
};
// INVALID with the field for what is out of range.
code churn_read_options(struct scope *scope, const struct json *object,
                        struct churn_options *ret_options);

// Record the job.
code churn_start(struct scope *scope, const struct churn_options *options, int64_t *ret_job_id);
// The job kind "churn" (store/job.h). Its result names the run (analyze/run).
code churn_run(struct scope *scope, int64_t job_id, const struct json *parameters,
               struct json_writer *result);

// ---- what a run works out, in order; for the parts of this noun ----

// Customers as of the end of one day, and who of them left within the horizon after it.
struct churn_date {
    int32_t day;
    size_t first, count; // rows
    size_t churned;
};

// A month that models were tested on. Its customers are rows first … first + count − 1 of the
// tested ones.
struct churn_month {
    int32_t day;
    size_t first, count, churned;
    size_t taught; // rows that the models were taught by
    struct score_quality quality[CHURN_MODELS];
};

struct churn {
    struct churn_options options;
    int32_t first_day, end_day;
    int64_t change_id, buyers, stride;

    // The past, oldest day first, all dates' rows behind each other.
    struct churn_date *dates;
    size_t date_count;
    struct labelled_rows rows;
    int64_t *row_customers;

    // The back-test, oldest month first. Of each model: probabilities of all tested rows.
    struct churn_month months[CHURN_MONTHS_TESTED];
    size_t month_count, tested;
    unsigned char *tested_labels;
    int64_t *tested_customers;
    double *probabilities[CHURN_MODELS];
    struct score_quality quality[CHURN_MODELS];
    enum churn_model_kind chosen, naive; // the best ones of their sort
    size_t months_won;                   // by the chosen one over the naive one
    bool is_usable;

    // Today, when it is usable.
    struct churn_model model;
    size_t taught, count;
    int64_t *customers, *scores[5]; // probability, driver, effect, driver, effect: micros
    double expected;
    double importance[CHURN_FEATURES]; // mean |effect|
    double direction[CHURN_FEATURES];  // correlation of value and effect; NaN: constant
    double band_count[CHURN_BANDS], band_expected[CHURN_BANDS];
};
void churn_clear(struct churn *churn);

// Fits and measures all models on past months (churn_backtest.c). INVALID, with what is missing,
// when the past cannot teach or test them. Threads change no digit.
code churn_backtest(struct scope *scope, struct churn *churn, int threads);
// Fits the chosen model to the newest past and scores the customers of now (churn_score.c).
code churn_score(struct scope *scope, struct churn *churn, int threads);
// The pictures, the numbers and the reading of a run, as JSON (churn_result.c).
void churn_write(struct scope *scope, struct json_writer *writer, const struct churn *churn);
