// SPDX-License-Identifier: Apache-2.0
// The kernels beside published and computed figures of IBM's contract customers (Telco), brute
// force on small cases, and what has to hold whatever the data.
#include "analyze/churn/boosted_kernel.h"
#include "analyze/churn/logistic_kernel.h"
#include "analyze/churn/score_quality.h"
#include "analyze/kernel/proportion.h"
#include "base/random.h"
#include "base/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- the Telco customers ----

enum { TELCO_ROWS = 7043, TELCO_FEATURES = 30, TELCO_VALUES = TELCO_ROWS * TELCO_FEATURES };
enum { TELCO_COLUMNS = 21 };

struct telco {
    struct labelled_rows train, test;
};

static bool is_number(int column) {
    return column == 2 || column == 5 || column == 18 || column == 19;
}

// Cells of a line, cut in place. The file has no quotes.
static void cut(char *line, char *cells[TELCO_COLUMNS]) {
    for (int i = 0; i < TELCO_COLUMNS; i++) {
        cells[i] = line;
        line += strcspn(line, ",\r\n");
        if (*line != '\0')
            *line++ = '\0';
    }
}

static int find(char *const *words, int count, const char *word) {
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static int by_word(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// Numbers as they are (a total not known is 0), every other column as one 0/1 for each of its
// values but the first in order.
static size_t encode(char *(*cells)[TELCO_COLUMNS], int column, double *values, size_t at) {
    char *words[8];
    int count = 0;

    if (is_number(column)) {
        for (size_t i = 0; i < TELCO_ROWS; i++)
            values[i * TELCO_FEATURES + at] = strtod(cells[i][column], NULL);
        return at + 1;
    }
    for (size_t i = 0; i < TELCO_ROWS; i++)
        if (find(words, count, cells[i][column]) < 0)
            words[count++] = cells[i][column];
    qsort(words, (size_t)count, sizeof(*words), by_word);
    for (int k = 1; k < count; k++, at++)
        for (size_t i = 0; i < TELCO_ROWS; i++)
            values[i * TELCO_FEATURES + at] = strcmp(cells[i][column], words[k]) == 0;
    return at;
}

static struct labelled_rows part(struct scope *scope, const double *values,
                                 char *(*cells)[TELCO_COLUMNS], bool test) {
    double *kept = arena_array(&scope->arena, TELCO_VALUES, sizeof(*kept));
    unsigned char *labels = arena_array(&scope->arena, TELCO_ROWS, 1);
    size_t count = 0;

    for (size_t i = 0; i < TELCO_ROWS; i++) {
        if ((i % 5 == 4) != test)
            continue;
        memcpy(kept + count * TELCO_FEATURES, values + i * TELCO_FEATURES,
               TELCO_FEATURES * sizeof(*values));
        labels[count++] = strcmp(cells[i][20], "Yes") == 0;
    }
    return (struct labelled_rows){
        .count = count, .features = TELCO_FEATURES, .values = kept, .labels = labels};
}

static void read_telco(struct scope *scope, struct telco *telco) {
    FILE *file = fopen(test_shared_data(scope, "telco_customer_churn.csv"), "r");
    char *(*cells)[TELCO_COLUMNS] = arena_array(&scope->arena, TELCO_ROWS, sizeof(*cells));
    double *values = arena_array(&scope->arena, TELCO_VALUES, sizeof(*values));
    char line[1024];
    size_t count = 0, at = 0;

    CHECK(file != NULL);
    CHECK(fgets(line, sizeof(line), file) != NULL);
    while (count < TELCO_ROWS && fgets(line, sizeof(line), file))
        cut(arena_copy(&scope->arena, line, strlen(line) + 1), cells[count++]);
    fclose(file);
    CHECK_INT((int64_t)count, TELCO_ROWS);
    for (int column = 1; column < 20; column++)
        at = encode(cells, column, values, at);
    CHECK_INT((int64_t)at, TELCO_FEATURES);
    telco->train = part(scope, values, cells, false);
    telco->test = part(scope, values, cells, true);
}

static struct labelled_rows scaled(struct scope *scope, const struct feature_scale *scale,
                                   const struct labelled_rows *rows) {
    double *values = arena_array(&scope->arena, rows->count * rows->features, sizeof(*values));
    struct labelled_rows result = *rows;

    feature_scale_apply(scale, rows->values, rows->count, values);
    result.values = values;
    return result;
}

static struct score_quality measure(struct scope *scope, const struct logistic_fit *fit,
                                    const struct labelled_rows *rows) {
    double *probabilities = arena_array(&scope->arena, rows->count, sizeof(*probabilities));
    struct score_quality quality;

    for (size_t i = 0; i < rows->count; i++)
        probabilities[i] =
            logistic_probability(logistic_log_odds(fit, rows->values + i * rows->features));
    score_quality_measure(scope, probabilities, rows->labels, rows->count, &quality);
    return quality;
}

// scikit-learn 1.2's lbfgs gives AUC .837469 and log-loss .430734 (C = 1), .837928 (no penalty): it
// stops a little before the minimum. Its newton-cg, told to go to 1e-10, is there.
TEST(logistic_regression_of_telco_customers_is_that_of_scikit_learn) {
    struct telco telco;
    struct feature_scale scale;
    struct labelled_rows train, test;
    struct logistic_fit fit;
    struct score_quality quality;

    read_telco(scope, &telco);
    feature_scale_make(scope, &telco.train, &scale);
    train = scaled(scope, &scale, &telco.train);
    test = scaled(scope, &scale, &telco.test);
    CHECK_OK(logistic_fit(scope, &train, 1, 2, &fit));
    CHECK(fit.converged);
    quality = measure(scope, &fit, &test);
    CHECK_CLOSE(quality.auc, .837469, 3e-5);
    CHECK_CLOSE(quality.log_loss, .430734, 2e-5);
    CHECK_CLOSE(quality.auc, .837451, 1e-6);
    CHECK_CLOSE(quality.log_loss, .430740, 1e-6);
    CHECK_OK(logistic_fit(scope, &train, 0, 2, &fit));
    CHECK(fit.converged);
    quality = measure(scope, &fit, &test);
    CHECK_CLOSE(quality.auc, .837928, 3e-6);
    CHECK_CLOSE(quality.auc, .837926, 1e-6);
}

// 100 trees of depth 4, by scikit-learn's face of XGBoost 1.7.
TEST(boosted_trees_of_telco_customers_are_those_of_xgboost) {
    static const struct boosted_options options = {
        .trees = 100, .depth = 4, .learning_rate = 0.1, .exact = true};
    CLEANUP(boosted_free) struct boosted *boosted = NULL;
    struct telco telco;
    struct score_quality quality;
    double *log_odds, *parts, expected;

    read_telco(scope, &telco);
    CHECK_OK(boosted_fit(scope, &telco.train, &options, &boosted));
    log_odds = arena_array(&scope->arena, telco.test.count, sizeof(*log_odds));
    parts = arena_array(&scope->arena, telco.test.count * TELCO_FEATURES, sizeof(*parts));
    CHECK_OK(boosted_log_odds(scope, boosted, telco.test.values, telco.test.count, 2, log_odds));
    CHECK_OK(boosted_contributions(scope, boosted, telco.test.values, telco.test.count, 2, parts,
                                   &expected));
    for (size_t i = 0; i < telco.test.count; i++) {
        double sum = expected;

        for (size_t j = 0; j < TELCO_FEATURES; j++)
            sum += parts[i * TELCO_FEATURES + j];
        CHECK(fabs(sum - log_odds[i]) < 1e-5);
        log_odds[i] = logistic_probability(log_odds[i]);
    }
    score_quality_measure(scope, log_odds, telco.test.labels, telco.test.count, &quality);
    CHECK_CLOSE(quality.auc, .835549, 1e-6);
    CHECK_CLOSE(quality.log_loss, .429751, 1e-6);
}

// ---- small cases ----

enum { MADE_ROWS = 700, MADE_FEATURES = 4, MADE_VALUES = MADE_ROWS * MADE_FEATURES };

static struct labelled_rows made(struct scope *scope) {
    struct random random = random_stream(7, 0, 0);
    double *values = arena_array(&scope->arena, MADE_VALUES, sizeof(*values));
    unsigned char *labels = arena_array(&scope->arena, MADE_ROWS, 1);

    for (size_t i = 0; i < MADE_ROWS; i++) {
        double *row = values + i * MADE_FEATURES;

        for (size_t j = 0; j < MADE_FEATURES; j++)
            row[j] = random_normal(&random) * (double)(j + 1);
        labels[i] = random_chance(&random, logistic_probability(0.4 * row[0] - row[1] / 3 + 0.2));
    }
    return (struct labelled_rows){
        .count = MADE_ROWS, .features = MADE_FEATURES, .values = values, .labels = labels};
}

static double objective(const struct labelled_rows *rows, const double *w, double b,
                        double penalty) {
    double sum = 0;

    for (size_t i = 0; i < rows->count; i++) {
        double log_odds = b;

        for (size_t j = 0; j < rows->features; j++)
            log_odds += w[j] * rows->values[i * rows->features + j];
        sum += score_log_loss(logistic_probability(log_odds), rows->labels[i]);
    }
    for (size_t j = 0; j < rows->features; j++)
        sum += penalty / 2 * w[j] * w[j];
    return sum;
}

TEST(no_step_in_any_direction_makes_a_logistic_fit_better) {
    const struct labelled_rows rows = made(scope);
    struct logistic_fit fit;

    CHECK_OK(logistic_fit(scope, &rows, 2.5, 1, &fit));
    CHECK(fit.converged);
    const double least = objective(&rows, fit.coefficients, fit.intercept, 2.5);

    CHECK_CLOSE(least, fit.objective, 1e-9);
    for (size_t j = 0; j <= MADE_FEATURES; j++)
        for (int sign = -1; sign <= 1; sign += 2) {
            double w[MADE_FEATURES], b = fit.intercept;

            memcpy(w, fit.coefficients, sizeof(w));
            *(j < MADE_FEATURES ? &w[j] : &b) += sign * 1e-4;
            CHECK(objective(&rows, w, b, 2.5) > least);
        }
}

TEST(threads_change_no_digit_of_a_logistic_fit) {
    const struct labelled_rows rows = made(scope);
    struct logistic_fit one, two, three;

    CHECK_OK(logistic_fit(scope, &rows, 1, 1, &one));
    CHECK_OK(logistic_fit(scope, &rows, 1, 2, &two));
    CHECK_OK(logistic_fit(scope, &rows, 1, 3, &three));
    CHECK(test_is_same(one.coefficients, two.coefficients, MADE_FEATURES * sizeof(double)));
    CHECK(test_is_same(one.coefficients, three.coefficients, MADE_FEATURES * sizeof(double)));
    CHECK(one.intercept == two.intercept && one.intercept == three.intercept);
}

TEST(scaling_a_feature_scales_its_coefficient_where_nothing_is_penalised) {
    const struct labelled_rows rows = made(scope);
    double *values = arena_array(&scope->arena, MADE_VALUES, sizeof(*values));
    struct labelled_rows larger = rows;
    struct logistic_fit fit, other;

    for (size_t i = 0; i < MADE_VALUES; i++)
        values[i] = rows.values[i] * (i % MADE_FEATURES == 1 ? 1000 : 1);
    larger.values = values;
    CHECK_OK(logistic_fit(scope, &rows, 0, 2, &fit));
    CHECK_OK(logistic_fit(scope, &larger, 0, 2, &other));
    CHECK_CLOSE(other.coefficients[1] * 1000, fit.coefficients[1], 1e-8);
    CHECK_CLOSE(other.coefficients[0], fit.coefficients[0], 1e-8);
    CHECK_CLOSE(other.objective, fit.objective, 1e-8);
}

TEST(logistic_contributions_add_up_to_the_log_odds) {
    const struct labelled_rows rows = made(scope);
    struct feature_scale scale;
    struct logistic_fit fit;
    double parts[MADE_FEATURES];

    CHECK_OK(logistic_fit(scope, &rows, 1, 1, &fit));
    feature_scale_make(scope, &rows, &scale);
    logistic_contributions(&fit, scale.means, rows.values, parts);
    double sum = logistic_log_odds(&fit, scale.means);

    for (size_t j = 0; j < MADE_FEATURES; j++)
        sum += parts[j];
    CHECK_CLOSE(sum, logistic_log_odds(&fit, rows.values), 1e-12);
}

TEST(threads_change_no_digit_of_boosted_trees) {
    static const struct boosted_options options = {.trees = 30, .depth = 3, .learning_rate = 0.2};
    const struct labelled_rows rows = made(scope);
    CLEANUP(boosted_free) struct boosted *one = NULL;
    CLEANUP(boosted_free) struct boosted *two = NULL;
    double a[MADE_ROWS], b[MADE_ROWS], expected_a, expected_b;
    double *parts_a = arena_array(&scope->arena, MADE_VALUES, sizeof(double));
    double *parts_b = arena_array(&scope->arena, MADE_VALUES, sizeof(double));

    CHECK_OK(boosted_fit(scope, &rows, &options, &one));
    CHECK_OK(boosted_fit(scope, &rows, &options, &two));
    CHECK_OK(boosted_log_odds(scope, one, rows.values, MADE_ROWS, 1, a));
    CHECK_OK(boosted_log_odds(scope, two, rows.values, MADE_ROWS, 2, b));
    CHECK(test_is_same(a, b, sizeof(a)));
    CHECK_OK(boosted_contributions(scope, one, rows.values, MADE_ROWS, 1, parts_a, &expected_a));
    CHECK_OK(boosted_contributions(scope, two, rows.values, MADE_ROWS, 2, parts_b, &expected_b));
    CHECK(test_is_same(parts_a, parts_b, MADE_VALUES * sizeof(double)));
    CHECK(expected_a == expected_b);
}

TEST(constant_and_repeated_features_get_no_coefficient) {
    const struct labelled_rows base = made(scope);
    double *values = arena_array(&scope->arena, MADE_VALUES, sizeof(*values));
    struct labelled_rows rows = base;
    struct logistic_fit fit;

    for (size_t i = 0; i < MADE_ROWS; i++) {
        values[i * 4] = 3;
        values[i * 4 + 1] = base.values[i * MADE_FEATURES];
        values[i * 4 + 2] = 2 * base.values[i * MADE_FEATURES];
        values[i * 4 + 3] = 0;
    }
    rows.values = values;
    CHECK_OK(logistic_fit(scope, &rows, 0, 1, &fit));
    CHECK(fit.converged);
    CHECK_CLOSE(fit.coefficients[0], 0, 0);
    CHECK_CLOSE(fit.coefficients[1], 0, 0);
    CHECK_CLOSE(fit.coefficients[3], 0, 0);
    CHECK(fit.coefficients[2] > 0.1);
}

TEST(rows_that_teach_nothing_are_refused) {
    static const struct boosted_options options = {.trees = 2, .depth = 2, .learning_rate = 0.1};
    double values[4] = {1, 2, 3, 4};
    unsigned char labels[4] = {1, 1, 1, 1};
    struct labelled_rows rows = {.count = 4, .features = 1, .values = values, .labels = labels};
    CLEANUP(boosted_free) struct boosted *boosted = NULL;
    struct logistic_fit fit;

    CHECK_CODE(logistic_fit(scope, &rows, 1, 1, &fit), INVALID);
    scope_forgive(scope);
    CHECK_CODE(boosted_fit(scope, &rows, &options, &boosted), INVALID);
    scope_forgive(scope);
    labels[0] = labels[3] = 0;
    values[2] = INFINITY;
    CHECK_CODE(logistic_fit(scope, &rows, 1, 1, &fit), INVALID);
    scope_forgive(scope);
    CHECK_CODE(boosted_fit(scope, &rows, &options, &boosted), INVALID);
    scope_forgive(scope);
    values[2] = NAN;
    CHECK_CODE(logistic_fit(scope, &rows, 1, 1, &fit), INVALID);
    scope_forgive(scope);
    rows.count = 0;
    CHECK_CODE(logistic_fit(scope, &rows, 1, 1, &fit), INVALID);
    scope_forgive(scope);
}

TEST(classes_that_a_plane_parts_have_no_fit_without_a_penalty) {
    const double values[] = {1, 2, 3, 4, 5, 6};
    const unsigned char labels[] = {0, 0, 0, 1, 1, 1};
    const struct labelled_rows rows = {
        .count = 6, .features = 1, .values = values, .labels = labels};
    struct logistic_fit fit;

    CHECK_OK(logistic_fit(scope, &rows, 0, 1, &fit));
    CHECK(!fit.converged);
    CHECK_OK(logistic_fit(scope, &rows, 1, 1, &fit));
    CHECK(fit.converged && isfinite(fit.coefficients[0]));
}

// ---- quality ----

TEST(the_area_under_the_curve_counts_pairs) {
    enum { COUNT = 60 };
    struct random random = random_stream(3, 0, 0);
    double probabilities[COUNT], pairs = 0, all = 0;
    unsigned char labels[COUNT];
    struct score_quality quality;

    for (size_t i = 0; i < COUNT; i++) {
        probabilities[i] = (double)(random_next(&random) % 12) / 12; // many are equal
        labels[i] = random_next(&random) % 3 == 0;
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++) {
            if (!labels[i] || labels[j])
                continue;
            all++;
            pairs += probabilities[i] > probabilities[j]    ? 1
                     : probabilities[i] == probabilities[j] ? 0.5
                                                            : 0;
        }
    score_quality_measure(scope, probabilities, labels, COUNT, &quality);
    CHECK_CLOSE(quality.auc, pairs / all, 1e-12);
    CHECK(isfinite(quality.log_loss)); // of 0 and 1 as well
    score_quality_measure(scope, probabilities, labels, 0, &quality);
    CHECK(isnan(quality.auc) && isnan(quality.log_loss));
}

TEST(parts_hold_all_rows_the_highest_first) {
    double probabilities[23];
    unsigned char labels[23];
    struct score_part parts[SCORE_PARTS];
    size_t count = 0, positives = 0;

    for (size_t i = 0; i < 23; i++) {
        probabilities[i] = (double)((i * 7) % 23) / 23;
        labels[i] = probabilities[i] > 0.5;
    }
    score_parts_make(scope, probabilities, labels, NULL, 23, parts);
    for (size_t k = 0; k < SCORE_PARTS; k++) {
        count += parts[k].count;
        positives += parts[k].positives;
        CHECK(k == 0 || parts[k].least < parts[k - 1].least);
    }
    CHECK_INT((int64_t)count, 23);
    CHECK_INT((int64_t)positives, 11);
    CHECK_INT((int64_t)parts[0].positives, (int64_t)parts[0].count);
    CHECK_INT((int64_t)parts[9].positives, 0);
}

// Each customer stands there five times with the same label: the intervals are those of a fifth of
// the rows, but for c/(c − 1). Rows of customers of their own are as without customers.
TEST(intervals_of_parts_count_customers_and_not_their_months) {
    enum { ROWS = 2000, MONTHS = 5, EACH = ROWS / SCORE_PARTS };
    static double probabilities[ROWS];
    static unsigned char labels[ROWS];
    static int64_t customers[ROWS], own[ROWS];
    struct score_part alone[SCORE_PARTS], together[SCORE_PARTS], apart[SCORE_PARTS];

    for (size_t i = 0; i < ROWS; i++) {
        customers[i] = (int64_t)(i / MONTHS);
        own[i] = (int64_t)(ROWS - i);
        labels[i] = i / MONTHS % 3 == 0;
        probabilities[i] = 0.5;
    }
    score_parts_make(scope, probabilities, labels, NULL, ROWS, alone);
    score_parts_make(scope, probabilities, labels, customers, ROWS, together);
    score_parts_make(scope, probabilities, labels, own, ROWS, apart);
    for (size_t k = 0; k < SCORE_PARTS; k++) {
        const double clusters = (double)EACH / MONTHS;
        double low, high, share = (double)alone[k].positives / (double)alone[k].count;

        CHECK_CLOSE(alone[k].effective, (double)EACH, 0);
        CHECK_CLOSE(together[k].effective, clusters - 1, 1e-9);
        proportion_interval(share * (clusters - 1), clusters - 1, 0.95, &low, &high);
        CHECK_CLOSE(together[k].low, low, 1e-9);
        CHECK_CLOSE(together[k].high, high, 1e-9);
        CHECK_CLOSE(apart[k].effective, (double)ROWS / SCORE_PARTS - 1, 1e-9);
        CHECK(together[k].high - together[k].low > 2 * (alone[k].high - alone[k].low));
    }
    for (size_t i = 0; i < ROWS; i++)
        labels[i] = 1;
    score_parts_make(scope, probabilities, labels, customers, ROWS, together);
    CHECK_CLOSE(together[0].effective, (double)EACH / MONTHS, 0);
}

// Newcombe (1998), Statistics in Medicine 17, table I, method 3.
TEST(intervals_of_shares_are_those_of_wilson) {
    double low, high;

    proportion_interval(81, 263, 0.95, &low, &high);
    CHECK_CLOSE(low, .2553, 5e-5);
    CHECK_CLOSE(high, .3662, 5e-5);
    proportion_interval(0, 20, 0.95, &low, &high);
    CHECK_CLOSE(low, 0, 0);
    CHECK_CLOSE(high, .1611, 2e-4);
    proportion_interval(29, 29, 0.95, &low, &high);
    CHECK_CLOSE(low, .8830, 5e-5);
    CHECK_CLOSE(high, 1, 0);
    proportion_interval(0, 0, 0.95, &low, &high);
    CHECK(low == 0 && high == 1);
}
