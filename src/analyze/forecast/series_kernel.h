// SPDX-License-Identifier: Apache-2.0
// One series forecast: by the seasonal naive method, by Theta and by exponential smoothing, each
// tried on the past before it may be used. Pure mathematics: arrays in, arrays out; the same seed
// gives the same digits.
//
// The past is tried from rolling origins: all that is known until an origin is fitted anew, forms
// and all, and the periods behind it are forecast. The method with the smallest mean absolute error
// over all of them is fitted to the whole series; one that is not at least a hundredth better than
// a simpler one is not taken for better.
//
// Source of the measures: Hyndman & Koehler, Int. J. of Forecasting 22 (2006). Cost: five times
// that of ets_choose() with four origins, some 20 ms for 144 months.
#pragma once

#include "analyze/forecast/ets_kernel.h"

enum { SERIES_HORIZON_MOST = 120, SERIES_ORIGINS_MOST = 4, SERIES_PATHS = 1000 };
enum { SERIES_MODEL_SIZE = 40 };

enum series_method { SERIES_NAIVE, SERIES_THETA, SERIES_ETS, SERIES_METHODS };
const char *series_method_name(enum series_method method); // "naive"

// All periods ahead together. What is too high in one is likely too high in the next: the bounds
// are not the sums of theirs. Of linear methods they are normal, with the variance σ² Σᵢ (Σ_{h ≥ i}
// f_h c_{h−i})², c_j the response to an error j periods later, f_h the factor of the season; of the
// others quantiles of the sums of simulated ways.
struct series_total {
    double mean, low_80, high_80, low_95, high_95;
};

// The periods ahead: a middle, and what 80 and 95 of 100 values lie between. NaN where it cannot be
// said.
struct series_fan {
    double mean[SERIES_HORIZON_MOST];
    double low_80[SERIES_HORIZON_MOST], high_80[SERIES_HORIZON_MOST];
    double low_95[SERIES_HORIZON_MOST], high_95[SERIES_HORIZON_MOST];
    struct series_total total;
};

// Errors at the past; NaN where a method could not be fitted there.
struct series_errors {
    double mean_absolute;
    double mase;                     // by the naive method's error within what was known
    double smape;                    // 0 … 2: |error| by half of |value| + |forecast|
    double coverage_80, coverage_95; // the share of values that lay within
};

struct series_question {
    const double *values; // finite, in their order
    size_t count;         // at least one
    int season;           // 1: none; up to SEASON_MOST
    size_t horizon;       // 1 … SERIES_HORIZON_MOST
    uint64_t seed;
    bool is_positive; // nothing below 0 is forecast
};

struct series_answer {
    enum series_method method;
    char model[SERIES_MODEL_SIZE]; // "ETS(M,A,M)"
    struct series_fan fan;
    size_t origins, tested_horizon; // 0: the series is too short to be tried, and naive
    struct series_errors errors[SERIES_METHODS];
    int naive_lag; // the season, or 1
    // The greatest change against the period of the season before, in units of a usual one (the
    // median's standard deviation), and its place; 0 when there is none to speak of.
    double surprise;
    size_t surprise_at;
};

// Memory to work in, for series of up to so many values and a horizon.
size_t series_scratch_count(size_t count, size_t horizon); // doubles
void series_forecast(const struct series_question *question, double *scratch,
                     struct series_answer *ret_answer);
// By one method. False when it cannot be fitted; the naive one always can. *ret_model has room for
// SERIES_MODEL_SIZE.
bool series_fan_by(enum series_method method, const struct series_question *question,
                   double *scratch, struct series_fan *ret_fan, char *ret_model);
