// SPDX-License-Identifier: Apache-2.0
// The customers of now, in pieces as they are read: millions of them need no more memory than their
// scores.
#include "analyze/churn/churn.h"

#include "base/progress.h"

#include <math.h>

struct scoring {
    struct churn *churn;
    int threads;
    double values[CHURN_FEATURES], squares[CHURN_FEATURES];    // sums of features
    double effects[CHURN_FEATURES], effects_2[CHURN_FEATURES]; // and of their effects
    double products[CHURN_FEATURES];
};

static int64_t micros(double value) {
    return llround(value * 1e6);
}

// The two features that moved the score most, to either side.
static void keep_drivers(struct churn *churn, size_t at, const double *effects) {
    size_t first = 0, second = 1;

    if (fabs(effects[1]) > fabs(effects[0])) {
        first = 1;
        second = 0;
    }
    for (size_t j = 2; j < CHURN_FEATURES; j++)
        if (fabs(effects[j]) > fabs(effects[first])) {
            second = first;
            first = j;
        } else if (fabs(effects[j]) > fabs(effects[second]))
            second = j;
    churn->scores[1][at] = (int64_t)(first + 1) * 1000000;
    churn->scores[2][at] = micros(effects[first]);
    churn->scores[3][at] = (int64_t)(second + 1) * 1000000;
    churn->scores[4][at] = micros(effects[second]);
}

static void add_up(struct scoring *scoring, const double *values, const double *effects) {
    for (size_t j = 0; j < CHURN_FEATURES; j++) {
        scoring->churn->importance[j] += fabs(effects[j]);
        scoring->values[j] += values[j];
        scoring->squares[j] += values[j] * values[j];
        scoring->effects[j] += effects[j];
        scoring->effects_2[j] += effects[j] * effects[j];
        scoring->products[j] += values[j] * effects[j];
    }
}

static void keep_score(struct churn *churn, size_t at, int64_t customer, double probability) {
    const size_t band = (size_t)fmin(probability * CHURN_BANDS, CHURN_BANDS - 1);

    churn->customers[at] = customer;
    churn->scores[0][at] = micros(probability);
    churn->expected += probability;
    churn->band_count[band]++;
    churn->band_expected[band] += probability;
}

static code take(struct scope *scope, void *data, const struct churn_rows *rows) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct scoring *scoring = data;
    struct churn *churn = scoring->churn;
    double *probabilities = arena_array(&scope->arena, rows->count, sizeof(*probabilities));
    double *effects = arena_array(&scope->arena, rows->count * CHURN_FEATURES, sizeof(*effects));

    TRY(churn_model_probabilities(scope, &churn->model, rows->values, rows->count, scoring->threads,
                                  probabilities));
    TRY(churn_model_contributions(scope, &churn->model, rows->values, rows->count, scoring->threads,
                                  effects));
    for (size_t i = 0; i < rows->count && churn->count < (size_t)churn->buyers; i++) {
        keep_score(churn, churn->count, rows->customers[i], probabilities[i]);
        keep_drivers(churn, churn->count, effects + i * CHURN_FEATURES);
        add_up(scoring, rows->values + i * CHURN_FEATURES, effects + i * CHURN_FEATURES);
        churn->count++;
    }
    progress_report(scope->progress, "scoring", (int64_t)churn->count, churn->buyers, "customers");
    arena_rewind(&scope->arena, mark);
    return OK;
}

static void summarise(const struct scoring *scoring) {
    struct churn *churn = scoring->churn;
    const double n = (double)churn->count;

    for (size_t j = 0; j < CHURN_FEATURES; j++) {
        const double spread = scoring->squares[j] - scoring->values[j] * scoring->values[j] / n;
        const double effect = scoring->effects_2[j] - scoring->effects[j] * scoring->effects[j] / n;
        const double both = scoring->products[j] - scoring->values[j] * scoring->effects[j] / n;

        churn->importance[j] = n > 0 ? churn->importance[j] / n : 0;
        churn->direction[j] =
            spread > 1e-9 * scoring->squares[j] && effect > 0 ? both / sqrt(spread * effect) : NAN;
    }
}

// The newest months whose horizon has passed.
static struct labelled_rows newest(struct churn *churn) {
    const size_t start =
        churn->date_count > CHURN_MONTHS_TAUGHT ? churn->date_count - CHURN_MONTHS_TAUGHT : 0;
    const size_t first = churn->dates[start].first;

    return (struct labelled_rows){.count = churn->rows.count - first,
                                  .features = CHURN_FEATURES,
                                  .values = churn->rows.values + first * CHURN_FEATURES,
                                  .labels = churn->rows.labels + first};
}

code churn_score(struct scope *scope, struct churn *churn, int threads) {
    const struct labelled_rows taught = newest(churn);
    struct scoring scoring = {.churn = churn, .threads = threads};

    progress_report(scope->progress, "teaching the model", 0, 0, "");
    churn->taught = taught.count;
    TRY(churn_model_fit(scope, churn->chosen, &taught, threads, &churn->model));
    churn->customers = arena_array(&scope->arena, (size_t)churn->buyers, sizeof(*churn->customers));
    for (size_t k = 0; k < 5; k++)
        churn->scores[k] = arena_array(&scope->arena, (size_t)churn->buyers, sizeof(int64_t));
    TRY(churn_features_each(scope, churn->end_day, churn->options.active_days, take, &scoring));
    summarise(&scoring);
    return OK;
}
