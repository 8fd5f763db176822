// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/series_kernel.h"

#include "analyze/kernel/parallel.h"
#include "base/random.h"
#include "base/test.h"

#include <math.h>

enum { COUNT = 72, HORIZON = 12 };

static void made_up(uint64_t seed, double error, double *values) {
    struct random random = random_stream(seed, 1, 0);

    for (size_t i = 0; i < COUNT; i++)
        values[i] = (100 + (double)i) * (1 + 0.3 * sin(2 * M_PI * (double)(i % 12) / 12)) *
                    (1 + error * random_normal(&random));
}

static struct series_question question_of(const double *values, size_t count) {
    return (struct series_question){.values = values,
                                    .count = count,
                                    .season = 12,
                                    .horizon = HORIZON,
                                    .seed = 5,
                                    .is_positive = true};
}

static struct series_answer answer_of(struct scope *scope, const struct series_question *question) {
    double *scratch = arena_array(
        &scope->arena, series_scratch_count(question->count, question->horizon), sizeof(double));
    struct series_answer answer;

    series_forecast(question, scratch, &answer);
    return answer;
}

TEST(a_season_with_a_trend_is_forecast_better_than_by_the_naive_method) {
    double values[COUNT];
    struct series_question question = question_of(values, COUNT);
    struct series_answer answer;

    made_up(1, 0.03, values);
    answer = answer_of(scope, &question);
    CHECK(answer.method != SERIES_NAIVE);
    CHECK_INT((int64_t)answer.origins, SERIES_ORIGINS_MOST);
    CHECK_INT((int64_t)answer.tested_horizon, HORIZON);
    CHECK(answer.errors[answer.method].mase < answer.errors[SERIES_NAIVE].mase);
    CHECK(answer.errors[answer.method].coverage_95 > 0.7);
    for (size_t h = 0; h < HORIZON; h++) {
        CHECK(answer.fan.low_95[h] < answer.fan.low_80[h]);
        CHECK(answer.fan.low_80[h] < answer.fan.mean[h]);
        CHECK(answer.fan.mean[h] < answer.fan.high_80[h]);
        CHECK(answer.fan.high_80[h] < answer.fan.high_95[h]);
    }
}

// The back-test written out plainly, for the naive method.
TEST(errors_at_the_past_are_those_of_rolling_origins) {
    double values[COUNT], error = 0, percent = 0, scale = 0;
    struct series_question question = question_of(values, COUNT);
    struct series_answer answer;

    made_up(2, 0.1, values);
    answer = answer_of(scope, &question);
    // 72 values, at least 25 known: origins 60, 49 (11 before: (47 − 12) / 3), 38, 27.
    for (int origin = 60; origin >= 27; origin -= 11) {
        double within = 0;

        for (int i = 12; i < origin; i++)
            within += fabs(values[i] - values[i - 12]) / (origin - 12);
        scale += within / 4;
        for (int h = 0; h < 12; h++) {
            const double actual = values[origin + h], forecast = values[origin - 12 + h];

            error += fabs(actual - forecast) / 48;
            percent += 2 * fabs(actual - forecast) / (actual + forecast) / 48;
        }
    }
    CHECK_CLOSE(answer.errors[SERIES_NAIVE].mean_absolute, error, 1e-12);
    CHECK_CLOSE(answer.errors[SERIES_NAIVE].mase, error / scale, 1e-12);
    CHECK_CLOSE(answer.errors[SERIES_NAIVE].smape, percent, 1e-12);
}

// A random walk: nothing beats its last value by more than luck, and what is used is never worse.
TEST(the_naive_method_is_used_where_it_wins) {
    int naive = 0;

    for (uint64_t seed = 0; seed < 20; seed++) {
        struct random random = random_stream(seed, 8, 0);
        double values[60], level = 500;
        struct series_question question = question_of(values, 60);
        struct series_answer answer;

        for (size_t i = 0; i < 60; i++)
            values[i] = level += 10 * random_normal(&random);
        question.season = 1;
        question.horizon = 6;
        answer = answer_of(scope, &question);
        for (int method = 0; method < SERIES_METHODS; method++)
            CHECK(answer.errors[answer.method].mean_absolute <=
                  1.03 * answer.errors[method].mean_absolute);
        naive += answer.method == SERIES_NAIVE;
    }
    CHECK(naive >= 3);
}

static double sum_of(const double *values, size_t count) {
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

// The bounds of the total are none of the sums of the periods' bounds: errors partly cancel out.
static bool is_within_total(const struct series_fan *fan, const double *ahead) {
    const double actual = sum_of(ahead, HORIZON);

    CHECK_CLOSE(fan->total.mean, sum_of(fan->mean, HORIZON), 1e-9 * fabs(fan->total.mean));
    CHECK(fan->total.low_95 < fan->total.low_80 && fan->total.low_80 < fan->total.mean);
    CHECK(fan->total.high_95 > fan->total.high_80 && fan->total.high_80 > fan->total.mean);
    CHECK(fan->total.low_80 > sum_of(fan->low_80, HORIZON) * (1 - 1e-12));
    CHECK(fan->total.high_80 < sum_of(fan->high_80, HORIZON) * (1 + 1e-12));
    return actual >= fan->total.low_80 && actual <= fan->total.high_80;
}

TEST(intervals_of_totals_hold_as_often_as_they_say) {
    for (int method = SERIES_THETA; method < SERIES_METHODS; method++) {
        int within = 0;

        for (uint64_t seed = 0; seed < 60; seed++) {
            double values[COUNT], *scratch;
            struct series_question question = question_of(values, COUNT - HORIZON);
            struct series_fan fan;
            char model[SERIES_MODEL_SIZE];

            made_up(seed + 100, 0.05, values);
            scratch =
                arena_array(&scope->arena, series_scratch_count(COUNT, HORIZON), sizeof(double));
            CHECK(series_fan_by((enum series_method)method, &question, scratch, &fan, model));
            within += is_within_total(&fan, values + COUNT - HORIZON);
        }
        CHECK(within >= 33 && within <= 58);
    }
}

// A walk: an error stays, so that the one of step i counts as often as there are steps from it on.
TEST(the_total_of_a_walk_varies_by_the_squares) {
    double values[9] = {1, 2, 1, 2, 1, 2, 1, 2, 1}, scratch[9 + SERIES_PATHS * 5];
    struct series_question question = {.values = values, .count = 9, .season = 1, .horizon = 4};
    struct series_fan fan;
    char model[SERIES_MODEL_SIZE];

    CHECK(series_fan_by(SERIES_NAIVE, &question, scratch, &fan, model));
    CHECK_CLOSE(fan.total.mean, 4, 1e-12);
    CHECK_CLOSE(fan.total.high_80, 4 + 1.2815515655446004 * sqrt(4 * 4 + 3 * 3 + 2 * 2 + 1), 1e-9);
    question.season = 2; // two steps of each: 2² twice and 1 twice, of no change at all
    CHECK(series_fan_by(SERIES_NAIVE, &question, scratch, &fan, model));
    CHECK_CLOSE(fan.total.low_95, 6, 1e-12);
    CHECK_CLOSE(fan.total.high_95, 6, 1e-12);
}

TEST(intervals_hold_as_often_as_they_say) {
    double within_80 = 0, within_95 = 0;

    for (uint64_t seed = 0; seed < 60; seed++) {
        double values[COUNT], *scratch;
        struct series_question question = question_of(values, COUNT - HORIZON);
        struct series_fan fan;
        char model[SERIES_MODEL_SIZE];

        made_up(seed + 100, 0.05, values);
        scratch = arena_array(&scope->arena, series_scratch_count(COUNT, HORIZON), sizeof(double));
        CHECK(series_fan_by(SERIES_ETS, &question, scratch, &fan, model));
        for (size_t h = 0; h < HORIZON; h++) {
            const double actual = values[COUNT - HORIZON + h];

            within_80 += actual >= fan.low_80[h] && actual <= fan.high_80[h];
            within_95 += actual >= fan.low_95[h] && actual <= fan.high_95[h];
        }
    }
    CHECK(within_80 / (60 * HORIZON) > 0.7 && within_80 / (60 * HORIZON) < 0.88);
    CHECK(within_95 / (60 * HORIZON) > 0.88 && within_95 / (60 * HORIZON) < 0.985);
}

TEST(a_long_season_is_taken_out_first) {
    double values[160];
    struct random random = random_stream(3, 3, 0);
    struct series_question question = question_of(values, 160);
    struct series_answer answer;

    question.season = 52;
    for (size_t i = 0; i < 160; i++)
        values[i] = (300 + (double)i) * (1 + 0.5 * sin(2 * M_PI * (double)(i % 52) / 52)) *
                    (1 + 0.02 * random_normal(&random));
    answer = answer_of(scope, &question);
    CHECK(answer.method != SERIES_NAIVE);
    for (size_t h = 0; h < HORIZON; h++) {
        const double i = 160 + (double)h;

        CHECK(fabs(answer.fan.mean[h] / ((300 + i) * (1 + 0.5 * sin(2 * M_PI * i / 52))) - 1) <
              0.12);
    }
}

enum { CONSTANT, NOTHING, SELDOM, BELOW_ZERO, LARGE, ODD_KINDS };

static double odd_value(int kind, size_t i, struct random *random) {
    switch (kind) {
    case CONSTANT:
        return 7;
    case NOTHING:
        return 0;
    case SELDOM:
        return (double)(i % 9 == 4);
    case BELOW_ZERO:
        return -50 + (double)(i % 12);
    default:
        return 1e12 * (1.5 + random_uniform(random));
    }
}

static void check_forecast_of_odd(int kind, size_t count, const struct series_answer *answer) {
    for (size_t h = 0; h < HORIZON; h++) {
        CHECK(isfinite(answer->fan.mean[h]));
        CHECK(kind == BELOW_ZERO || answer->fan.mean[h] >= 0);
        CHECK(isnan(answer->fan.low_95[h]) == (count == 1));
        CHECK(kind != CONSTANT || answer->fan.mean[h] == 7);
        CHECK(kind != NOTHING || answer->fan.mean[h] == 0);
    }
    CHECK(count >= 10 ? answer->origins > 0 : answer->origins == 0);
    CHECK(answer->origins > 0 || answer->method == SERIES_NAIVE);
}

TEST(short_and_odd_series_have_defined_forecasts) {
    double values[COUNT];

    for (int kind = 0; kind < ODD_KINDS; kind++)
        for (size_t count = 1; count <= COUNT; count += count < 30 ? 1 : 7) {
            struct series_question question = question_of(values, count);
            struct series_answer answer;
            struct random random = random_stream((uint64_t)kind, 6, count);

            for (size_t i = 0; i < count; i++)
                values[i] = odd_value(kind, i, &random);
            question.is_positive = kind != BELOW_ZERO;
            answer = answer_of(scope, &question);
            check_forecast_of_odd(kind, count, &answer);
        }
}

TEST(a_surprise_is_found_where_it_is) {
    double values[COUNT];
    struct series_question question = question_of(values, COUNT);
    struct series_answer answer;

    made_up(4, 0.02, values);
    values[40] *= 3;
    answer = answer_of(scope, &question);
    CHECK(answer.surprise > 5);
    CHECK(answer.surprise_at == 40 || answer.surprise_at == 52);
}

// ---- threads ----

enum { SERIES = 40 };

struct many {
    double values[SERIES][COUNT];
    struct series_answer answers[SERIES];
    double *scratch[PARALLEL_THREADS];
};

static void forecast_one(void *data, size_t piece, int thread) {
    struct many *many = data;
    const struct series_question question = question_of(many->values[piece], COUNT);

    series_forecast(&question, many->scratch[thread], &many->answers[piece]);
}

TEST(threads_change_no_digit_of_a_forecast) {
    struct many *one = arena_alloc(&scope->arena, sizeof(*one));
    struct many *two = arena_alloc(&scope->arena, sizeof(*two));

    for (size_t i = 0; i < SERIES; i++)
        made_up(i, 0.08, one->values[i]);
    memcpy(two->values, one->values, sizeof(one->values));
    for (int i = 0; i < 2; i++) {
        one->scratch[i] =
            arena_array(&scope->arena, series_scratch_count(COUNT, HORIZON), sizeof(double));
        two->scratch[i] =
            arena_array(&scope->arena, series_scratch_count(COUNT, HORIZON), sizeof(double));
    }
    parallel_pieces(SERIES, 1, forecast_one, one);
    parallel_pieces(SERIES, 2, forecast_one, two);
    for (size_t i = 0; i < SERIES; i++) {
        CHECK_INT(one->answers[i].method, two->answers[i].method);
        CHECK(test_is_same(one->answers[i].fan.mean, two->answers[i].fan.mean,
                           HORIZON * sizeof(double)));
        CHECK(test_is_same(one->answers[i].fan.high_95, two->answers[i].fan.high_95,
                           HORIZON * sizeof(double)));
    }
}
