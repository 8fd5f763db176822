// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/difference_kernel.h"

#include "analyze/kernel/distribution.h"
#include "analyze/kernel/proportion.h"
#include "analyze/kernel/special.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double two_sided(double confidence) {
    return normal_quantile((1 + confidence) / 2);
}

static double normal_tails(double z) {
    return erfc(fabs(z) / M_SQRT2);
}

// By the normal law, of a difference whose error is known.
static void judge(struct difference *difference, double confidence) {
    const double reach = two_sided(confidence) * difference->error;

    difference->value = difference->second - difference->first;
    difference->low = difference->value - reach;
    difference->high = difference->value + reach;
    difference->statistic = difference->value / difference->error;
    difference->freedom = INFINITY;
    difference->p = normal_tails(difference->statistic);
}

// ---- proportions ----

static double share(struct proportion group) {
    return group.count > 0 ? (double)group.successes / (double)group.count : NAN;
}

struct difference difference_of_proportions(struct proportion first, struct proportion second,
                                            double confidence) {
    struct difference difference = {.first = share(first), .second = share(second)};
    const double pooled = share((struct proportion){
        .count = first.count + second.count, .successes = first.successes + second.successes});
    double first_low, first_high, second_low, second_high;

    difference.error =
        sqrt(pooled * (1 - pooled) * (1 / (double)first.count + 1 / (double)second.count));
    judge(&difference, confidence);
    proportion_interval((double)first.successes, (double)first.count, confidence, &first_low,
                        &first_high);
    proportion_interval((double)second.successes, (double)second.count, confidence, &second_low,
                        &second_high);
    difference.low =
        difference.value - hypot(difference.second - second_low, first_high - difference.first);
    difference.high =
        difference.value + hypot(second_high - difference.second, difference.first - first_low);
    return difference;
}

// ---- means ----

struct pair_sample pair_sample_of(const double *values, const double *others, size_t count) {
    struct pair_sample sample = {.count = (int64_t)count};
    const double freedom = (double)count - 1;

    for (size_t i = 0; i < count; i++) {
        sample.mean += values[i] / (double)count;
        sample.other_mean += others[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        const double a = values[i] - sample.mean;
        const double b = others[i] - sample.other_mean;

        sample.variance += a * a;
        sample.other_variance += b * b;
        sample.covariance += a * b;
    }
    sample.variance = count > 1 ? sample.variance / freedom : NAN;
    sample.other_variance = count > 1 ? sample.other_variance / freedom : NAN;
    sample.covariance = count > 1 ? sample.covariance / freedom : NAN;
    if (count == 0)
        sample.mean = sample.other_mean = NAN;
    return sample;
}

struct sample sample_of(const double *values, size_t count) {
    const struct pair_sample pair = pair_sample_of(values, values, count);

    return (struct sample){.count = pair.count, .mean = pair.mean, .variance = pair.variance};
}

struct difference difference_of_means(struct sample first, struct sample second,
                                      double confidence) {
    struct difference difference = {.first = first.mean, .second = second.mean};
    const double a = first.variance / (double)first.count;
    const double b = second.variance / (double)second.count;
    double reach;

    difference.error = sqrt(a + b);
    judge(&difference, confidence);
    difference.freedom = (a + b) * (a + b) /
                         (a * a / (double)(first.count - 1) + b * b / (double)(second.count - 1));
    difference.p = student_t_both_tails(difference.statistic, difference.freedom);
    reach = student_t_quantile((1 + confidence) / 2, difference.freedom) * difference.error;
    difference.low = difference.value - reach;
    difference.high = difference.value + reach;
    return difference;
}

// ---- pairs ----

static double ratio_variance(const struct pair_sample *group, double ratio) {
    return (group->variance - 2 * ratio * group->covariance +
            ratio * ratio * group->other_variance) /
           ((double)group->count * group->other_mean * group->other_mean);
}

static double ratio_of(const struct pair_sample *group) {
    return group->other_mean != 0 ? group->mean / group->other_mean : NAN;
}

struct difference difference_of_ratios(struct pair_sample first, struct pair_sample second,
                                       double confidence) {
    struct difference difference = {.first = ratio_of(&first), .second = ratio_of(&second)};

    difference.error =
        sqrt(ratio_variance(&first, difference.first) + ratio_variance(&second, difference.second));
    judge(&difference, confidence);
    return difference;
}

static struct sample adjusted(const struct pair_sample *group, double theta, double other_mean) {
    return (struct sample){
        .count = group->count,
        .mean = group->mean - theta * (group->other_mean - other_mean),
        .variance =
            group->variance - 2 * theta * group->covariance + theta * theta * group->other_variance,
    };
}

struct difference difference_of_adjusted_means(struct pair_sample first, struct pair_sample second,
                                               double confidence, double *ret_kept) {
    const double a = (double)first.count - 1, b = (double)second.count - 1;
    const double spread = first.other_variance * a + second.other_variance * b;
    const double theta = spread > 0 ? (first.covariance * a + second.covariance * b) / spread : 0;
    const double other_mean =
        (first.other_mean * (double)first.count + second.other_mean * (double)second.count) /
        (double)(first.count + second.count);
    const struct sample one = adjusted(&first, theta, other_mean);
    const struct sample two = adjusted(&second, theta, other_mean);

    *ret_kept = (one.variance * a + two.variance * b) / (first.variance * a + second.variance * b);
    return difference_of_means(one, two, confidence);
}

// ---- medians ----

static int compare(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

struct median {
    double value, variance;
};

static struct median median_of(struct scope *scope, const double *values, size_t count) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct median median = {NAN, NAN};
    double *sorted = arena_array(&scope->arena, count, sizeof(*sorted));

    if (count > 0) {
        memcpy(sorted, values, count * sizeof(*sorted));
        qsort(sorted, count, sizeof(*sorted), compare);
        median.value = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }
    if (count >= 5) {
        // The place from the bottom, from 1, and how probable it is that the median lies below it.
        const double place = fmax(1, nearbyint(((double)count + 1) / 2 - sqrt((double)count)));
        const double below = incomplete_beta(0.5, (double)count - place + 1, place);
        const size_t low = (size_t)place - 1;
        const double width = sorted[count - 1 - low] - sorted[low];
        const double deviation = width / (2 * -normal_quantile(below));

        median.variance = width > 0 ? deviation * deviation : NAN;
    }
    arena_rewind(&scope->arena, mark);
    return median;
}

struct difference difference_of_medians(struct scope *scope, const double *first,
                                        size_t first_count, const double *second,
                                        size_t second_count, double confidence) {
    const struct median one = median_of(scope, first, first_count);
    const struct median two = median_of(scope, second, second_count);
    struct difference difference = {
        .first = one.value, .second = two.value, .error = sqrt(one.variance + two.variance)};

    judge(&difference, confidence);
    return difference;
}

// ---- looking every day ----

struct difference difference_at_all_times(struct difference difference, int64_t count,
                                          int64_t planned, double confidence) {
    const double level = 1 - confidence;
    const double information = -2 * log(level);
    // ρ² n, with ρ such that the boundary is narrowest at the planned size.
    const double weight = (information + log(information) + 1) * (double)count / (double)planned;
    const double z = difference.value / difference.error;
    const double reach =
        difference.error * sqrt(2 * (weight + 1) / weight * log(sqrt(weight + 1) / level));

    difference.low = difference.value - reach;
    difference.high = difference.value + reach;
    difference.statistic = z;
    difference.freedom = INFINITY;
    difference.p = fmin(1, sqrt(weight + 1) * exp(-z * z * weight / (2 * (weight + 1))));
    return difference;
}

// ---- how many it takes ----

// P(T > t) of the noncentral t: the normal tail at t s − δ, over the law of s = √(χ² / ν), by
// Simpson's rule where that law has its weight.
static double noncentral_t_upper(double t, double freedom, double shift) {
    enum { STEPS = 2000 };
    const double reach = 12 / sqrt(2 * freedom);
    const double low = fmax(0, 1 - reach), high = 1 + reach + 4 / freedom;
    const double step = (high - low) / STEPS;
    const double constant = log(2) + freedom / 2 * log(freedom / 2) - log_gamma(freedom / 2);
    double sum = 0;

    for (int i = 0; i <= STEPS; i++) {
        const double s = low + i * step;
        const double density =
            s > 0 ? exp(constant + (freedom - 1) * log(s) - freedom * s * s / 2) : 0;
        const int weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;

        sum += weight * density * normal_distribution(shift - t * s);
    }
    return sum * step / 3;
}

double power_of_means(double difference, double deviation, double count, double level) {
    const double freedom = 2 * (count - 1);

    if (!(freedom > 0) || !(deviation > 0) || !(level > 0 && level < 1))
        return NAN;
    return noncentral_t_upper(student_t_quantile(1 - level / 2, freedom), freedom,
                              fabs(difference) / deviation * sqrt(count / 2));
}

double power_of_proportions(double first, double second, double count, double level) {
    const double mean = (first + second) / 2;
    const double apart = sqrt(first * (1 - first) + second * (1 - second));

    if (!(first >= 0 && first <= 1 && second >= 0 && second <= 1) || !(count > 0) ||
        !(level > 0 && level < 1))
        return NAN;
    return normal_distribution((sqrt(count) * fabs(first - second) +
                                normal_quantile(level / 2) * sqrt(2 * mean * (1 - mean))) /
                               apart);
}

// By halving on the logarithm of the count: power grows with it.
static double find_count(double (*power_of)(double, double, double, double), double a, double b,
                         double power, double level) {
    double low = log(2), high = log(1e12);

    if (!(power > level && power < 1) || !(power_of(a, b, exp(high), level) > power))
        return NAN;
    for (int i = 0; i < 100 && high - low > 1e-13; i++) {
        const double middle = (low + high) / 2;

        if (power_of(a, b, exp(middle), level) < power)
            low = middle;
        else
            high = middle;
    }
    return exp((low + high) / 2);
}

double count_for_means(double difference, double deviation, double power, double level) {
    return find_count(power_of_means, difference, deviation, power, level);
}

double count_for_proportions(double first, double second, double power, double level) {
    return find_count(power_of_proportions, first, second, power, level);
}

double difference_for_means(double deviation, double count, double power, double level) {
    double low = 0, high = 64 * deviation; // in deviations, beyond whatever two in a group find

    if (!(power > level && power < 1) || !(power_of_means(high, deviation, count, level) > power))
        return NAN;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        const double middle = (low + high) / 2;

        if (power_of_means(middle, deviation, count, level) < power)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double difference_for_proportions(double first, double count, double power, double level) {
    double low = 0, high = 1 - first;

    if (!(power > level && power < 1) || !(power_of_proportions(first, 1, count, level) > power))
        return NAN;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        const double middle = (low + high) / 2;

        if (power_of_proportions(first, first + middle, count, level) < power)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double division_p(const int64_t *counts, const double *shares, size_t group_count) {
    double total = 0, whole = 0, square = 0;

    for (size_t i = 0; i < group_count; i++) {
        total += (double)counts[i];
        whole += shares[i];
        if (!(shares[i] > 0))
            return NAN;
    }
    if (group_count < 2 || !(total > 0))
        return NAN;
    for (size_t i = 0; i < group_count; i++) {
        const double expected = total * shares[i] / whole;

        square += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    }
    return chi_squared_upper(square, (double)group_count - 1);
}
