// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/trial.h"

#include "analyze/experiment/difference_kernel.h"
#include "analyze/experiment/trial_result.h"
#include "analyze/kernel/multiple_tests.h"

#include <math.h>

// ---- one comparison ----

static struct proportion proportion_of(const struct trial_arm *arm, size_t outcome) {
    struct proportion proportion = {.count = (int64_t)arm->count};

    for (size_t i = 0; i < arm->count; i++)
        proportion.successes += arm->values[outcome][i] > 0;
    return proportion;
}

static struct difference plain(const struct trial *trial, const struct trial_arm *arm,
                               size_t outcome, double confidence) {
    const struct trial_arm *control = &trial->arms[0];

    switch (trial->outcomes[outcome].measure) {
    case TRIAL_SHARE:
        return difference_of_proportions(proportion_of(control, outcome),
                                         proportion_of(arm, outcome), confidence);
    case TRIAL_RATIO:
        return difference_of_ratios(
            pair_sample_of(control->values[outcome], control->below[outcome], control->count),
            pair_sample_of(arm->values[outcome], arm->below[outcome], arm->count), confidence);
    case TRIAL_MEAN:
    default:
        return difference_of_means(sample_of(control->values[outcome], control->count),
                                   sample_of(arm->values[outcome], arm->count), confidence);
    }
}

static struct difference by_method(struct scope *scope, const struct trial *trial,
                                   struct trial_comparison *comparison, double confidence) {
    const size_t outcome = comparison->outcome;
    const struct trial_arm *control = &trial->arms[0], *arm = &trial->arms[comparison->arm];

    if (comparison->method == TRIAL_ADJUSTED)
        return difference_of_adjusted_means(
            pair_sample_of(control->values[outcome], control->before[outcome], control->count),
            pair_sample_of(arm->values[outcome], arm->before[outcome], arm->count), confidence,
            &comparison->kept);
    if (comparison->method == TRIAL_MEDIAN)
        return difference_of_medians(scope, control->values[outcome], control->count,
                                     arm->values[outcome], arm->count, confidence);
    return plain(trial, arm, outcome, confidence);
}

// `decisions` is how many comparisons decide: intervals at 1 − (1 − confidence) / decisions hold
// for all of them at once (Bonferroni).
static void compare(struct scope *scope, const struct trial *trial, size_t decisions,
                    struct trial_comparison *comparison) {
    const double together = 1 - (1 - trial->confidence) / (double)decisions;
    const int64_t count = (int64_t)(trial->arms[0].count + trial->arms[comparison->arm].count);

    comparison->difference = by_method(scope, trial, comparison, trial->confidence);
    comparison->together = by_method(scope, trial, comparison, together);
    comparison->always =
        difference_at_all_times(comparison->difference, count, count, trial->confidence);
    comparison->corrected_p = comparison->discovery_p = NAN;
}

// ---- all of them ----

static bool has_method(const struct trial *trial, size_t outcome, size_t arm,
                       enum trial_method method) {
    const bool is_ratio = trial->outcomes[outcome].measure == TRIAL_RATIO;

    switch (method) {
    case TRIAL_ADJUSTED:
        return !is_ratio && trial->arms[0].before[outcome] != NULL &&
               trial->arms[arm].before[outcome] != NULL;
    case TRIAL_MEDIAN:
        return trial->outcomes[outcome].measure == TRIAL_MEAN;
    case TRIAL_PLAIN:
    case TRIAL_METHODS:
    default:
        return true;
    }
}

static void correct(struct scope *scope, struct trial_result *result) {
    double *p = arena_array(&scope->arena, result->count, sizeof(*p));
    double *holm = arena_array(&scope->arena, result->count, sizeof(*holm));
    double *discovery = arena_array(&scope->arena, result->count, sizeof(*discovery));

    for (size_t i = 0; i < result->count; i++)
        p[i] = result->comparisons[i].decides ? result->comparisons[i].difference.p : NAN;
    holm_adjust(scope, p, result->count, holm);
    false_discovery_adjust(scope, p, result->count, discovery);
    for (size_t i = 0; i < result->count; i++) {
        result->comparisons[i].corrected_p = holm[i];
        result->comparisons[i].discovery_p = discovery[i];
    }
}

static void compare_all(struct scope *scope, const struct trial *trial,
                        struct trial_result *result) {
    result->decisions = trial->outcome_count * (trial->arm_count - 1);
    result->comparisons =
        arena_array(&scope->arena, result->decisions * TRIAL_METHODS, sizeof(*result->comparisons));
    for (size_t outcome = 0; outcome < trial->outcome_count; outcome++)
        for (size_t arm = 1; arm < trial->arm_count; arm++)
            for (enum trial_method method = 0; method < TRIAL_METHODS; method++) {
                struct trial_comparison *comparison = &result->comparisons[result->count];

                if (!has_method(trial, outcome, arm, method))
                    continue;
                *comparison = (struct trial_comparison){
                    .outcome = outcome, .arm = arm, .method = method, .kept = NAN};
                comparison->decides =
                    method == TRIAL_ADJUSTED ||
                    (method == TRIAL_PLAIN && !has_method(trial, outcome, arm, TRIAL_ADJUSTED));
                compare(scope, trial, result->decisions, comparison);
                // A median that cannot be told beside a mean that can is left out.
                result->count += method != TRIAL_MEDIAN || isfinite(comparison->difference.error);
            }
    correct(scope, result);
}

static double divided(const struct trial *trial) {
    int64_t counts[TRIAL_ARMS];
    double shares[TRIAL_ARMS];

    for (size_t arm = 0; arm < trial->arm_count; arm++) {
        counts[arm] = (int64_t)trial->arms[arm].count;
        shares[arm] = trial->arms[arm].share;
    }
    return division_p(counts, shares, trial->arm_count);
}

code trial_write(struct scope *scope, const struct trial *trial, struct json_writer *writer) {
    struct trial_result result = {.trial = trial};

    if (trial->arm_count < 2)
        return scope_fail(scope, INVALID, "one arm has nothing to be compared with");
    if (!(trial->confidence > 0.5 && trial->confidence < 1))
        return scope_fail_field(scope, INVALID, "confidence",
                                "the confidence is to be between .5 and 1");
    for (size_t arm = 0; arm < trial->arm_count; arm++)
        if (trial->arms[arm].count < 2)
            return scope_fail(scope, INVALID, "the arm \"%.*s\" has %zu customers: 2 are needed",
                              TEXT_ARG(trial->arms[arm].name), trial->arms[arm].count);
    compare_all(scope, trial, &result);
    result.division_p = divided(trial);
    trial_result_write(scope, writer, &result);
    return OK;
}

code trial_division_read(struct scope *scope, struct text list, double shares[TRIAL_ARMS],
                         size_t *ret_count) {
    size_t count = 0;

    for (; list.size > 0; count++) {
        if (count == TRIAL_ARMS)
            return scope_fail_field(scope, INVALID, "division", "more than %d shares are too many",
                                    TRIAL_ARMS);
        if (!text_to_double(text_trim(text_split(list, ',', &list)), &shares[count]) ||
            !(shares[count] > 0 && shares[count] <= 1e9))
            return scope_fail_field(scope, INVALID, "division",
                                    "shares are numbers above 0, as in 50,25,25");
    }
    *ret_count = count;
    return OK;
}
