// SPDX-License-Identifier: Apache-2.0
// How many groups: silhouette, BIC and stability for each number, on at most SAMPLE customers drawn
// by the seed.
#include "analyze/persona/cluster_quality_kernel.h"
#include "analyze/persona/persona.h"
#include "base/progress.h"
#include "base/random.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
    SAMPLE = 20000,
    COMPARED = 5000, // whose silhouettes are computed
    STARTS = 10,
    RESAMPLES = 8,
    RESAMPLE_STARTS = 3,
};
static const double stable = 0.8; // an adjusted Rand index that is called stable
static const double resampled = 0.8;

static struct points take_points(struct scope *scope, const struct points *points,
                                 const size_t *indexes, size_t count) {
    const size_t row = points->dimensions * sizeof(double);
    double *values = arena_array(&scope->arena, count + 1, row);

    for (size_t i = 0; i < count; i++)
        memcpy(values + i * points->dimensions, points->values + indexes[i] * points->dimensions,
               row);
    return (struct points){values, count, points->dimensions};
}

// `count` of the points, drawn by a stream of the seed.
static struct points draw_points(struct scope *scope, const struct points *points, size_t count,
                                 struct random random, size_t **ret_indexes) {
    size_t *indexes = arena_array(&scope->arena, count + 1, sizeof(*indexes));

    random_sample(&random, points->count, count, indexes);
    if (ret_indexes != NULL)
        *ret_indexes = indexes;
    return take_points(scope, points, indexes, count);
}

// Groups of four fifths of the customers, drawn anew several times, say where all of them belong:
// how much that is as all of them say.
static code measure_stability(struct scope *scope, const struct points *points,
                              const struct k_means *fit, uint64_t seed, int threads,
                              double *ret_stability) {
    const size_t part = (size_t)((double)points->count * resampled);
    uint32_t *labels = arena_array(&scope->arena, points->count, sizeof(*labels));
    double sum = 0;

    *ret_stability = NAN;
    if (part < fit->k)
        return OK;
    for (uint64_t i = 0; i < RESAMPLES; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct points drawn =
            draw_points(scope, points, part, random_stream(seed, 1000 + fit->k, i), NULL);
        const struct k_means_options options = {
            .k = fit->k, .seed = seed + i + 1, .starts = RESAMPLE_STARTS, .threads = threads};
        struct k_means other;

        TRY(k_means_fit(scope, &drawn, &options, &other));
        k_means_assign(points, other.centres, other.k, threads, labels, NULL, NULL);
        sum += adjusted_rand_index(fit->labels, fit->k, labels, other.k, points->count);
        arena_rewind(&scope->arena, mark);
    }
    *ret_stability = sum / RESAMPLES;
    return OK;
}

static code measure(struct scope *scope, const struct points *points, uint64_t seed, int threads,
                    struct persona_choice *choice, uint32_t **ret_labels) {
    const struct k_means_options options = {
        .k = choice->k, .seed = seed, .starts = STARTS, .threads = threads};
    struct gaussian_mixture mixture;
    struct k_means fit;

    TRY(k_means_fit(scope, points, &options, &fit));
    choice->inertia = fit.inertia;
    choice->bic = NAN;
    if (gaussian_mixture_fit(
            scope, points,
            &(struct gaussian_mixture_options){
                .k = fit.k, .labels = fit.labels, .tolerance = 1e-5, .threads = threads},
            &mixture) == OK)
        choice->bic = mixture.bic;
    else if (scope->failure.code == INVALID)
        scope_forgive(scope); // groups that cannot have a covariance
    else
        return scope->failure.code;
    *ret_labels = fit.labels;
    return measure_stability(scope, points, &fit, seed, threads, &choice->stability);
}

static void compare(struct scope *scope, struct persona *persona, const struct points *points,
                    uint32_t *const *labels, int threads) {
    const size_t count = points->count < COMPARED ? points->count : COMPARED;
    const uint32_t *compared[PERSONA_K_MOST];
    double means[PERSONA_K_MOST];
    size_t k[PERSONA_K_MOST], *indexes;
    const struct points drawn = draw_points(
        scope, points, count, random_stream((uint64_t)persona->options.seed, 2, 0), &indexes);

    for (size_t g = 0; g < persona->choice_count; g++) {
        uint32_t *own = arena_array(&scope->arena, count + 1, sizeof(*own));

        assert(labels[g]); // each choice was measured
        for (size_t i = 0; i < count; i++)
            own[i] = labels[g][indexes[i]];
        compared[g] = own;
        k[g] = persona->choices[g].k;
    }
    silhouettes(scope, &drawn, compared, k, persona->choice_count, threads, means);
    for (size_t g = 0; g < persona->choice_count; g++)
        persona->choices[g].silhouette = means[g];
}

// Of three groups and more the stable ones, and of these the one with the best silhouette: two are
// nearly always apart best, and say least.
static void decide(struct persona *persona) {
    const struct persona_choice *choices = persona->choices;
    size_t best = persona->choice_count;

    for (size_t i = 0; i < persona->choice_count; i++)
        if (choices[i].k >= 3 && choices[i].stability >= stable &&
            (best == persona->choice_count || choices[i].silhouette > choices[best].silhouette))
            best = i;
    persona->reason = "of the stable numbers from 3 on, the one whose groups are farthest apart";
    if (best == persona->choice_count) {
        best = 0;
        for (size_t i = 1; i < persona->choice_count; i++)
            if (choices[i].stability > choices[best].stability)
                best = i;
        persona->reason = "no number from 3 on is stable: the most stable one";
    }
    persona->model.k = choices[best].k;
}

code persona_choose(struct scope *scope, struct persona *persona, int threads) {
    const uint64_t seed = (uint64_t)persona->options.seed;
    const size_t count = persona->points.count < SAMPLE ? persona->points.count : SAMPLE;
    const struct points points =
        draw_points(scope, &persona->points, count, random_stream(seed, 1, 0), NULL);
    uint32_t *labels[PERSONA_K_MOST] = {0};

    persona->sample = count;
    for (size_t k = 2; k <= (size_t)persona->options.k_most && k < count; k++) {
        const size_t i = persona->choice_count++;

        progress_report(scope->progress, "choosing the number of groups", (int64_t)k - 1,
                        persona->options.k_most, "groupings");
        persona->choices[i].k = k;
        TRY(measure(scope, &points, seed, threads, &persona->choices[i], &labels[i]));
    }
    if (persona->choice_count > 0)
        compare(scope, persona, &points, labels, threads);
    if (persona->options.k > 0) {
        persona->model.k = (size_t)persona->options.k;
        persona->reason = "asked for";
    } else if (persona->choice_count > 0)
        decide(persona);
    else {
        persona->model.k = 1;
        persona->reason = "there are too few customers to be grouped";
    }
    return OK;
}
