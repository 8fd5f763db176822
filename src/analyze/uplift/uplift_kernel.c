// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/uplift_kernel.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const uplift_method_names[] = {"two_models", "class_transformation", NULL};

// ---- models ----

static code check_arms(struct scope *scope, const struct uplift_rows *rows,
                       enum uplift_method method) {
    size_t treated = 0;

    for (size_t i = 0; i < rows->count; i++)
        treated += rows->treated[i];
    if (treated == 0 || treated == rows->count)
        return scope_fail(scope, INVALID, "an arm of the experiment has no customer");
    if (method == UPLIFT_CLASS_TRANSFORMATION &&
        fabs((double)treated / (double)rows->count - 0.5) > 0.05)
        return scope_fail(scope, INVALID,
                          "class transformation needs arms of equal size, and %.0f percent were "
                          "treated",
                          100 * (double)treated / (double)rows->count);
    return OK;
}

// The rows of one arm.
static struct labelled_rows arm_of(struct scope *scope, const struct uplift_rows *rows,
                                   const double *scaled, unsigned char arm) {
    double *values = arena_array(&scope->arena, rows->count * rows->features, sizeof(*values));
    unsigned char *labels = arena_array(&scope->arena, rows->count, 1);
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        if (rows->treated[i] != arm)
            continue;
        memcpy(values + count * rows->features, scaled + i * rows->features,
               rows->features * sizeof(*values));
        labels[count++] = rows->responded[i];
    }
    return (struct labelled_rows){count, rows->features, values, labels};
}

static code fit_scaled(struct scope *scope, const struct uplift_rows *rows, const double *scaled,
                       double penalty, int threads, struct uplift_model *model) {
    if (model->method == UPLIFT_TWO_MODELS) {
        const struct labelled_rows treated = arm_of(scope, rows, scaled, 1);
        const struct labelled_rows untreated = arm_of(scope, rows, scaled, 0);

        TRY(logistic_fit(scope, &treated, penalty, threads, &model->treated));
        return logistic_fit(scope, &untreated, penalty, threads, &model->untreated);
    }
    unsigned char *labels = arena_array(&scope->arena, rows->count, 1);

    for (size_t i = 0; i < rows->count; i++)
        labels[i] = rows->treated[i] == rows->responded[i];
    return logistic_fit(scope, &(struct labelled_rows){rows->count, rows->features, scaled, labels},
                        penalty, threads, &model->treated);
}

code uplift_fit(struct scope *scope, const struct uplift_rows *rows, enum uplift_method method,
                double penalty, int threads, struct uplift_model *ret_model) {
    const struct labelled_rows all = {rows->count, rows->features, rows->values, rows->responded};
    struct uplift_model model = {.method = method};
    double *scaled;

    TRY(check_arms(scope, rows, method));
    for (size_t i = 0; i < rows->count * rows->features; i++)
        if (!isfinite(rows->values[i]))
            return scope_fail(scope, INVALID, "customer %zu has a feature that is not finite",
                              i / rows->features + 1);
    feature_scale_make(scope, &all, &model.scale);
    scaled = arena_array(&scope->arena, rows->count * rows->features, sizeof(*scaled));
    feature_scale_apply(&model.scale, rows->values, rows->count, scaled);
    TRY(fit_scaled(scope, rows, scaled, penalty, threads, &model));
    *ret_model = model;
    return OK;
}

void uplift_score(struct scope *scope, const struct uplift_model *model,
                  const struct uplift_rows *rows, double *ret_scores) {
    double *scaled = arena_array(&scope->arena, rows->features, sizeof(*scaled));

    for (size_t i = 0; i < rows->count; i++) {
        double chance;

        feature_scale_apply(&model->scale, rows->values + i * rows->features, 1, scaled);
        chance = logistic_probability(logistic_log_odds(&model->treated, scaled));
        ret_scores[i] =
            model->method == UPLIFT_TWO_MODELS
                ? chance - logistic_probability(logistic_log_odds(&model->untreated, scaled))
                : 2 * chance - 1;
    }
}

// ---- curves ----

// Customers, the highest score first; how often each counts.
struct ranking {
    size_t count;
    const unsigned char *treated, *responded;
    const unsigned char *ends; // the last one of those with an equal score
    const double *weights;
};

struct tally {
    double treated, untreated;     // customers
    double responded, unresponded; // who responded, among the treated and the untreated
};

static void add(struct tally *tally, unsigned char treated, unsigned char responded,
                double weight) {
    if (treated) {
        tally->treated += weight;
        tally->responded += weight * responded;
    } else {
        tally->untreated += weight;
        tally->unresponded += weight * responded;
    }
}

// Responses gained among the treated beyond what as many untreated would have given.
static double qini_of(const struct tally *tally) {
    return tally->responded -
           (tally->untreated > 0 ? tally->unresponded * tally->treated / tally->untreated : 0);
}

// Responses gained if all of them were treated.
static double uplift_of(const struct tally *tally) {
    const double treated = tally->treated > 0 ? tally->responded / tally->treated : 0;
    const double untreated = tally->untreated > 0 ? tally->unresponded / tally->untreated : 0;

    return (treated - untreated) * (tally->treated + tally->untreated);
}

typedef double curve_height(const struct tally *tally);

// The area under a curve, by trapezia.
struct area {
    curve_height *height;
    double last_x, last_y, sum;
};

static void area_add(struct area *area, const struct tally *tally) {
    const double x = tally->treated + tally->untreated, y = area->height(tally);

    area->sum += (x - area->last_x) * (y + area->last_y) / 2;
    area->last_x = x;
    area->last_y = y;
}

static double area_of(const struct ranking *ranking, curve_height *height, struct tally *ret_all) {
    struct area area = {.height = height};
    struct tally tally = {0};

    for (size_t i = 0; i < ranking->count; i++) {
        add(&tally, ranking->treated[i], ranking->responded[i], ranking->weights[i]);
        if (ranking->ends[i])
            area_add(&area, &tally);
    }
    *ret_all = tally;
    return area.sum;
}

// Of the four kinds of customers, those of the highest rank first; of equal rank together.
static double area_of_kinds(const struct tally *all, const int ranks[2][2], curve_height *height) {
    struct area area = {.height = height};
    struct tally tally = {0};

    for (int rank = 3; rank >= -1; rank--) {
        bool is_any = false;

        for (unsigned char t = 0; t < 2; t++)
            for (unsigned char y = 0; y < 2; y++) {
                const double total = t ? all->treated : all->untreated;
                const double responses = t ? all->responded : all->unresponded;

                if (ranks[t][y] != rank)
                    continue;
                add(&tally, t, y, y ? responses : total - responses);
                is_any = true;
            }
        if (is_any)
            area_add(&area, &tally);
    }
    return area.sum;
}

static double against_chance(double area, double perfect, const struct tally *all,
                             curve_height *height) {
    const double chance = (all->treated + all->untreated) * height(all) / 2;

    return (area - chance) / (perfect - chance);
}

static double qini_score(const struct ranking *ranking) {
    static const int ranks[2][2] = {{0, -1}, {0, 1}}; // [treated][responded]
    struct tally all;
    const double area = area_of(ranking, qini_of, &all);

    return against_chance(area, area_of_kinds(&all, ranks, qini_of), &all, qini_of);
}

// The perfect ranking as scikit-uplift has it: it depends on which of two kinds is the rarer.
static double auuc_score(const struct ranking *ranking) {
    static const int by_response[2][2] = {{2, 1}, {0, 3}}, by_arm[2][2] = {{2, 0}, {1, 3}};
    struct tally all;
    const double area = area_of(ranking, uplift_of, &all);
    const bool more_respond = all.unresponded > all.treated - all.responded;

    return against_chance(area, area_of_kinds(&all, more_respond ? by_response : by_arm, uplift_of),
                          &all, uplift_of);
}

// ---- a ranking ----

struct placed {
    double score;
    size_t row;
};

// Of equal scores the later row first.
static int by_score(const void *a, const void *b) {
    const struct placed *first = a, *second = b;

    if (first->score != second->score)
        return first->score > second->score ? -1 : 1;
    return (first->row < second->row) - (first->row > second->row);
}

static struct ranking rank(struct scope *scope, size_t count, const double *scores,
                           const unsigned char *treated, const unsigned char *responded) {
    struct placed *placed = arena_array(&scope->arena, count, sizeof(*placed));
    unsigned char *arms = arena_array(&scope->arena, count, 1);
    unsigned char *responses = arena_array(&scope->arena, count, 1);
    unsigned char *ends = arena_array(&scope->arena, count, 1);
    double *weights = arena_array(&scope->arena, count, sizeof(*weights));

    for (size_t i = 0; i < count; i++)
        placed[i] = (struct placed){scores[i], i};
    qsort(placed, count, sizeof(*placed), by_score);
    for (size_t i = 0; i < count; i++) {
        arms[i] = treated[placed[i].row];
        responses[i] = responded[placed[i].row];
        ends[i] = i + 1 == count || placed[i].score != placed[i + 1].score;
        weights[i] = 1;
    }
    return (struct ranking){count, arms, responses, ends, weights};
}

static struct tally first_of(const struct ranking *ranking, size_t count) {
    struct tally tally = {0};

    for (size_t i = 0; i < count; i++)
        add(&tally, ranking->treated[i], ranking->responded[i], 1);
    return tally;
}

static struct uplift_estimate difference(const struct tally *tally) {
    const double treated = tally->responded / tally->treated;
    const double untreated = tally->unresponded / tally->untreated;
    const double error = sqrt(treated * (1 - treated) / tally->treated +
                              untreated * (1 - untreated) / tally->untreated);
    const double value = treated - untreated, reach = 1.959963984540054 * error;

    return (struct uplift_estimate){value, value - reach, value + reach};
}

struct uplift_estimate uplift_at(struct scope *scope, size_t count, const double *scores,
                                 const unsigned char *treated, const unsigned char *responded,
                                 double share) {
    const struct ranking ranking = rank(scope, count, scores, treated, responded);
    const struct tally tally = first_of(&ranking, (size_t)((double)count * share));

    return difference(&tally);
}

// ---- the whole ----

static int by_value(const void *a, const void *b) {
    const double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

// Customers of each arm, by their places in the ranking.
struct arms {
    size_t *members[2], counts[2];
};

static struct arms arms_of(struct scope *scope, const struct ranking *ranking) {
    struct arms arms = {.members = {arena_array(&scope->arena, ranking->count, sizeof(size_t)),
                                    arena_array(&scope->arena, ranking->count, sizeof(size_t))}};

    for (size_t i = 0; i < ranking->count; i++) {
        const unsigned char arm = ranking->treated[i];

        arms.members[arm][arms.counts[arm]++] = i;
    }
    return arms;
}

// As many of each arm as there are, drawn with replacement.
static void resample(const struct ranking *ranking, const struct arms *arms, struct random *random,
                     double *weights) {
    memset(weights, 0, ranking->count * sizeof(*weights));
    for (int arm = 0; arm < 2; arm++)
        for (size_t i = 0; i < arms->counts[arm]; i++)
            weights[arms->members[arm][random_below(random, (uint32_t)arms->counts[arm])]] += 1;
}

// The Qini curve at each point; a customer drawn several times stands at several places.
static void gained_of(const struct ranking *ranking, double ret_gained[UPLIFT_POINTS]) {
    struct tally tally = {0};
    size_t i = 0;

    for (int point = 0; point < UPLIFT_POINTS; point++) {
        const double share = (point + 1.0) / UPLIFT_POINTS;
        const double wanted = floor((double)ranking->count * share);

        for (; i < ranking->count && tally.treated + tally.untreated < wanted; i++)
            add(&tally, ranking->treated[i], ranking->responded[i], ranking->weights[i]);
        ret_gained[point] = qini_of(&tally);
    }
}

static void interval_of(double *values, struct uplift_estimate *estimate) {
    qsort(values, UPLIFT_RESAMPLES, sizeof(*values), by_value);
    estimate->low = values[(int)(UPLIFT_RESAMPLES * 0.025)];
    estimate->high = values[(int)(UPLIFT_RESAMPLES * 0.975)];
}

// Fills the intervals of the Qini and of its curve.
static code resample_all(struct scope *scope, const struct ranking *ranking, uint64_t seed,
                         struct uplift_quality *quality) {
    const struct arms arms = arms_of(scope, ranking);
    double *weights = arena_array(&scope->arena, ranking->count, sizeof(*weights));
    double *qinis = arena_array(&scope->arena, UPLIFT_RESAMPLES, sizeof(*qinis));
    double *gained =
        arena_array(&scope->arena, (size_t)UPLIFT_RESAMPLES * UPLIFT_POINTS, sizeof(double));
    struct ranking again = *ranking;

    again.weights = weights;
    for (int r = 0; r < UPLIFT_RESAMPLES; r++) {
        struct random random = random_stream(seed, 0x9111, (uint64_t)r);
        double points[UPLIFT_POINTS];

        TRY(scope_check(scope));
        resample(ranking, &arms, &random, weights);
        qinis[r] = qini_score(&again);
        gained_of(&again, points);
        for (int point = 0; point < UPLIFT_POINTS; point++)
            gained[point * UPLIFT_RESAMPLES + r] = points[point];
    }
    interval_of(qinis, &quality->qini);
    for (size_t point = 0; point < UPLIFT_POINTS; point++)
        interval_of(gained + point * UPLIFT_RESAMPLES, &quality->gained[point]);
    return OK;
}

static void measure_points(const struct ranking *ranking, const struct tally *all,
                           struct uplift_quality *quality) {
    for (int i = 0; i < UPLIFT_POINTS; i++) {
        const double share = (i + 1.0) / UPLIFT_POINTS;
        const size_t count = (size_t)((double)ranking->count * share);
        const struct tally tally = first_of(ranking, count);

        quality->at[i] = difference(&tally);
        quality->gained[i].value = qini_of(&tally);
        quality->by_chance[i] = qini_of(all) * (double)count / (double)ranking->count;
    }
}

code uplift_measure(struct scope *scope, size_t count, const double *scores,
                    const unsigned char *treated, const unsigned char *responded, uint64_t seed,
                    struct uplift_quality *ret_quality) {
    struct uplift_quality quality = {0};
    struct ranking ranking;
    struct tally all;

    for (size_t i = 0; i < count; i++)
        if (!isfinite(scores[i]))
            return scope_fail(scope, INVALID, "customer %zu has a score that is not finite", i + 1);
    ranking = rank(scope, count, scores, treated, responded);
    all = first_of(&ranking, count);
    if (!(all.treated > 0 && all.untreated > 0))
        return scope_fail(scope, INVALID, "an arm of the experiment has no customer");
    if (!(all.responded + all.unresponded > 0))
        return scope_fail(scope, INVALID, "nobody responded in either arm");
    quality.effect = difference(&all).value;
    quality.qini.value = qini_score(&ranking);
    TRY(resample_all(scope, &ranking, seed, &quality));
    quality.auuc = auuc_score(&ranking);
    quality.is_noise = !(quality.qini.low > 0);
    measure_points(&ranking, &all, &quality);
    *ret_quality = quality;
    return OK;
}
