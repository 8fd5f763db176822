// SPDX-License-Identifier: Apache-2.0
// Day A teaches or tests with what was known at its end and what happened within the horizon after
// it. The models tested on a day were taught by days whose horizons had passed by then: nothing of
// what the test asks for was known to them.
#include "analyze/churn/churn.h"

#include "analyze/kernel/parallel.h"
#include "base/progress.h"
#include "base/time.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

// ---- the past ----

// Days between a taught day and the day it helps to test, in months of the grid.
static size_t gap(const struct churn *churn) {
    return (size_t)((churn->options.horizon_days + CHURN_MONTH_DAYS - 1) / CHURN_MONTH_DAYS);
}

static code place_dates(struct scope *scope, struct churn *churn) {
    const int32_t newest = churn->end_day - (int32_t)churn->options.horizon_days;
    const int32_t oldest = churn->first_day + CHURN_HISTORY_DAYS - 1;
    const size_t most = CHURN_MONTHS_TESTED - 1 + gap(churn) + CHURN_MONTHS_TAUGHT;
    const size_t least = CHURN_MONTHS_LEAST + gap(churn);
    size_t count = newest >= oldest ? (size_t)((newest - oldest) / CHURN_MONTH_DAYS) + 1 : 0;

    if (count < least) {
        scope_fail_field(scope, INVALID, "horizon_days",
                         "%d days of sales are too few: to test %d months with a horizon of "
                         "%" PRId64 " days, %" PRId64 " are needed",
                         churn->end_day - churn->first_day + 1, CHURN_MONTHS_LEAST,
                         churn->options.horizon_days,
                         CHURN_HISTORY_DAYS + churn->options.horizon_days +
                             (int64_t)(least - 1) * CHURN_MONTH_DAYS);
        return scope_hint(scope, "ask for a shorter horizon, or import older receipts");
    }
    if (count > most)
        count = most;
    churn->dates = arena_array(&scope->arena, count, sizeof(*churn->dates));
    churn->date_count = count;
    for (size_t i = 0; i < count; i++)
        churn->dates[i].day = newest - (int32_t)(count - 1 - i) * CHURN_MONTH_DAYS;
    return OK;
}

static code read_date(struct scope *scope, struct churn *churn, struct churn_date *date,
                      struct churn_rows *ret_rows, unsigned char **ret_labels) {
    struct churn_rows rows;
    unsigned char *labels;

    TRY(churn_features_read(scope, date->day, churn->options.active_days, churn->stride,
                            CHURN_SAMPLE_LIMIT, &rows));
    labels = arena_array(&scope->arena, rows.count + 1, 1);
    TRY(churn_labels_read(scope, date->day, churn->options.horizon_days, churn->stride, &rows,
                          labels));
    date->count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        date->churned += labels[i];
    *ret_rows = rows;
    *ret_labels = labels;
    return OK;
}

static code read_past(struct scope *scope, struct churn *churn) {
    struct churn_rows *rows = arena_array(&scope->arena, churn->date_count, sizeof(*rows));
    unsigned char **labels = arena_array(&scope->arena, churn->date_count, sizeof(*labels));
    size_t count = 0;

    for (size_t i = 0; i < churn->date_count; i++) {
        progress_report(scope->progress, "reading the past", (int64_t)i, (int64_t)churn->date_count,
                        "months");
        churn->dates[i].first = count;
        TRY(read_date(scope, churn, &churn->dates[i], &rows[i], &labels[i]));
        count += rows[i].count;
    }
    double *values = arena_array(&scope->arena, count * CHURN_FEATURES + 1, sizeof(*values));
    unsigned char *all = arena_array(&scope->arena, count + 1, 1);

    churn->row_customers = arena_array(&scope->arena, count + 1, sizeof(*churn->row_customers));
    for (size_t i = 0; i < churn->date_count; i++) {
        const struct churn_date *date = &churn->dates[i];

        if (date->count == 0)
            continue;
        memcpy(values + date->first * CHURN_FEATURES, rows[i].values,
               date->count * CHURN_FEATURES * sizeof(*values));
        memcpy(all + date->first, labels[i], date->count);
        memcpy(churn->row_customers + date->first, rows[i].customers,
               date->count * sizeof(*churn->row_customers));
    }
    churn->rows = (struct labelled_rows){
        .count = count, .features = CHURN_FEATURES, .values = values, .labels = all};
    return OK;
}

// ---- what teaches a month ----

// Rows of dates `end` − CHURN_MONTHS_TAUGHT … `end` − 1.
static struct labelled_rows rows_before(const struct churn *churn, size_t end) {
    const size_t start = end > CHURN_MONTHS_TAUGHT ? end - CHURN_MONTHS_TAUGHT : 0;
    struct labelled_rows rows = {.features = CHURN_FEATURES};

    for (size_t i = start; i < end; i++)
        rows.count += churn->dates[i].count;
    rows.values = churn->rows.values + churn->dates[start].first * CHURN_FEATURES;
    rows.labels = churn->rows.labels + churn->dates[start].first;
    return rows;
}

static size_t churned_of(const struct labelled_rows *rows) {
    size_t churned = 0;

    for (size_t i = 0; i < rows->count; i++)
        churned += rows->labels[i];
    return churned;
}

static bool teaches(const struct labelled_rows *rows) {
    const size_t churned = churned_of(rows);

    return churned >= CHURN_CLASS_LEAST && rows->count - churned >= CHURN_CLASS_LEAST;
}

static void choose_months(struct scope *scope, struct churn *churn) {
    const size_t behind = gap(churn);
    const size_t first = churn->date_count > CHURN_MONTHS_TESTED + behind
                             ? churn->date_count - CHURN_MONTHS_TESTED
                             : behind;

    for (size_t i = first; i < churn->date_count; i++) {
        const struct labelled_rows taught = rows_before(churn, i - behind + 1);
        const struct churn_date *date = &churn->dates[i];

        if (!teaches(&taught) || date->count == 0)
            continue;
        churn->months[churn->month_count++] = (struct churn_month){.day = date->day,
                                                                   .first = churn->tested,
                                                                   .count = date->count,
                                                                   .churned = date->churned,
                                                                   .taught = taught.count};
        churn->tested += date->count;
    }
    churn->tested_labels = arena_array(&scope->arena, churn->tested + 1, 1);
    churn->tested_customers = arena_array(&scope->arena, churn->tested + 1, sizeof(int64_t));
    for (size_t k = 0; k < CHURN_MODELS; k++)
        churn->probabilities[k] = arena_array(&scope->arena, churn->tested + 1, sizeof(double));
}

static code check_months(struct scope *scope, const struct churn *churn) {
    const size_t churned = churned_of(&churn->rows);

    if (churn->month_count >= CHURN_MONTHS_LEAST)
        return OK;
    if (churn->rows.count > 0 && churned == churn->rows.count)
        scope_fail(scope, INVALID,
                   "all customers left within %" PRId64 " days, in each of %zu months: there is "
                   "nothing to tell apart",
                   churn->options.horizon_days, churn->date_count);
    else if (churn->rows.count > 0 && churned == 0)
        scope_fail(scope, INVALID,
                   "no customer left within %" PRId64 " days, in any of %zu months: there is "
                   "nothing to tell apart",
                   churn->options.horizon_days, churn->date_count);
    else
        scope_fail(scope, INVALID,
                   "too few customers: of %" PRId64
                   " who ever bought, %zu months show %zu who left "
                   "and %zu who stayed; at least %d of each have to be known before the months "
                   "that models are tested on",
                   churn->buyers, churn->date_count, churned, churn->rows.count - churned,
                   CHURN_CLASS_LEAST);
    return scope_hint(scope,
                      "ask for another horizon, or import more receipts that name customers");
}

// ---- testing ----

// One piece is one model in one month. Each writes its own part of the results; what failed stands
// in the place of its piece.
struct test {
    struct churn *churn;
    struct scope *scope;
    struct failure failures[CHURN_MONTHS_TESTED * CHURN_MODELS];
};

static size_t date_of(const struct churn *churn, const struct churn_month *month) {
    size_t i = 0;

    while (churn->dates[i].day != month->day)
        i++;
    return i;
}

static code test_model(struct scope *scope, struct churn *churn, struct churn_month *month,
                       enum churn_model_kind kind) {
    CLEANUP(churn_model_clear) struct churn_model model = {0};
    const size_t date = date_of(churn, month);
    const struct labelled_rows taught = rows_before(churn, date - gap(churn) + 1);
    const double *values = churn->rows.values + churn->dates[date].first * CHURN_FEATURES;
    const unsigned char *labels = churn->rows.labels + churn->dates[date].first;
    double *probabilities = churn->probabilities[kind] + month->first;

    TRY(churn_model_fit(scope, kind, &taught, 1, &model));
    TRY(churn_model_probabilities(scope, &model, values, month->count, 1, probabilities));
    score_quality_measure(scope, probabilities, labels, month->count, &month->quality[kind]);
    if (kind == 0) {
        memcpy(churn->tested_labels + month->first, labels, month->count);
        memcpy(churn->tested_customers + month->first,
               churn->row_customers + churn->dates[date].first, month->count * sizeof(int64_t));
    }
    return OK;
}

static void test_piece(void *data, size_t piece, int thread) {
    struct test *test = data;
    struct scope scope;

    (void)thread;
    scope_init(&scope);
    scope.cancelled = test->scope->cancelled;
    scope.deadline_us = test->scope->deadline_us;
    if (test_model(&scope, test->churn, &test->churn->months[piece / CHURN_MODELS],
                   (enum churn_model_kind)(piece % CHURN_MODELS)) != OK)
        test->failures[piece] = scope.failure;
    scope_clear(&scope);
}

static code test_months(struct scope *scope, struct churn *churn, int threads) {
    const size_t pieces = churn->month_count * CHURN_MODELS;
    struct test test = {.churn = churn, .scope = scope};

    progress_report(scope->progress, "testing models", 0, (int64_t)churn->month_count, "months");
    parallel_pieces(pieces, threads, test_piece, &test);
    for (size_t i = 0; i < pieces; i++)
        if (test.failures[i].code != OK)
            return scope_fail(scope, test.failures[i].code, "%s", test.failures[i].message);
    return OK;
}

static bool may_choose(const struct churn *churn, enum churn_model_kind kind) {
    return churn->options.model == CHURN_BEST ||
           (churn->options.model == CHURN_LOGISTIC) == (kind == CHURN_MODEL_LOGISTIC);
}

// Better in all months together and in more than half of them: once may be luck.
static void judge(struct scope *scope, struct churn *churn) {
    const struct score_quality *quality = churn->quality;

    for (size_t k = 0; k < CHURN_MODELS; k++)
        score_quality_measure(scope, churn->probabilities[k], churn->tested_labels, churn->tested,
                              &churn->quality[k]);
    churn->naive = quality[CHURN_MODEL_BY_RECENCY].log_loss < quality[CHURN_MODEL_RATE].log_loss
                       ? CHURN_MODEL_BY_RECENCY
                       : CHURN_MODEL_RATE;
    churn->chosen =
        may_choose(churn, CHURN_MODEL_LOGISTIC) ? CHURN_MODEL_LOGISTIC : CHURN_MODEL_TREES;
    if (may_choose(churn, CHURN_MODEL_TREES) &&
        quality[CHURN_MODEL_TREES].log_loss < quality[churn->chosen].log_loss)
        churn->chosen = CHURN_MODEL_TREES;
    for (size_t i = 0; i < churn->month_count; i++)
        churn->months_won += churn->months[i].quality[churn->chosen].log_loss <
                             churn->months[i].quality[churn->naive].log_loss;
    churn->is_usable = quality[churn->chosen].log_loss < quality[churn->naive].log_loss &&
                       2 * churn->months_won > churn->month_count;
}

code churn_backtest(struct scope *scope, struct churn *churn, int threads) {
    TRY(place_dates(scope, churn));
    TRY(read_past(scope, churn));
    choose_months(scope, churn);
    TRY(check_months(scope, churn));
    TRY(test_months(scope, churn, threads));
    judge(scope, churn);
    return OK;
}
