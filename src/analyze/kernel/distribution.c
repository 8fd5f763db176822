// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/distribution.h"

#include "analyze/kernel/special.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

// ---- quantiles ----

// A law of positive numbers, as its two tails.
struct law {
    double (*lower)(double x, const double *freedom);
    double (*upper)(double x, const double *freedom);
    const double *freedom;
};

// The smaller tail's logarithm minus the wanted one, falling or rising with ln x.
static double miss(const struct law *law, bool from_below, double wanted, double log_x) {
    const double x = exp(log_x);

    return from_below ? log(law->lower(x, law->freedom)) - wanted
                      : wanted - log(law->upper(x, law->freedom));
}

// Illinois' regula falsi on logarithms of the tail against that of x, where both ends of the law
// are close to straight lines; a step that does not halve the bracket in time is a bisection.
static double find_root(const struct law *law, bool from_below, double wanted, double low,
                        double high) {
    double at_low = miss(law, from_below, wanted, low);
    double at_high = miss(law, from_below, wanted, high);
    double last_width = high - low;
    int side = 0; // where the last step ended: −1 low, 1 high

    for (int i = 0; i < 400 && high - low > 2 * DBL_EPSILON * fmax(1, fabs(low)); i++) {
        double middle = low + (high - low) * (at_low / (at_low - at_high));
        double at_middle;

        if (i % 3 == 2) {
            if (high - low > last_width / 4)
                middle = (low + high) / 2;
            last_width = high - low;
        }
        if (!(middle > low && middle < high))
            middle = (low + high) / 2;
        if (!(middle > low && middle < high))
            break;
        at_middle = miss(law, from_below, wanted, middle);
        if (at_middle == 0)
            return middle;
        if (at_middle < 0) {
            low = middle;
            at_low = at_middle;
            at_high /= side < 0 ? 2 : 1;
            side = -1;
        } else {
            high = middle;
            at_high = at_middle;
            at_low /= side > 0 ? 2 : 1;
            side = 1;
        }
    }
    return (low + high) / 2;
}

static double law_quantile(const struct law *law, double probability, double start) {
    const double log_least = -740, log_most = 700;
    bool from_below;
    double wanted, low, high;

    if (!(probability >= 0 && probability <= 1))
        return NAN;
    if (probability == 0 || probability == 1)
        return probability == 0 ? 0 : INFINITY;
    from_below = probability <= 0.5;
    wanted = from_below ? log(probability) : log1p(-probability);
    low = high = log(start);
    for (double step = 0.5; low > log_least && miss(law, from_below, wanted, low) > 0; step *= 2)
        low = fmax(low - step, log_least);
    for (double step = 0.5; high < log_most && miss(law, from_below, wanted, high) < 0; step *= 2)
        high = fmin(high + step, log_most);
    return exp(find_root(law, from_below, wanted, low, high));
}

// ---- Student's t ----

double student_t_both_tails(double t, double freedom) {
    const double square = t * t;

    if (!(freedom > 0) || isnan(t))
        return NAN;
    if (isinf(square))
        return isinf(t) ? 0
                        : exp(0.5 * freedom * (log(freedom) - 2 * log(fabs(t))) -
                              log_beta(freedom / 2, 0.5)) *
                              2 / freedom;
    return incomplete_beta_pair(freedom / (freedom + square), square / (freedom + square),
                                freedom / 2, 0.5);
}

double student_t_upper(double t, double freedom) {
    const double half = student_t_both_tails(t, freedom) / 2;

    return t > 0 ? half : 1 - half;
}

double student_t_distribution(double t, double freedom) {
    return student_t_upper(-t, freedom);
}

// Of |t|.
static double t_upper(double x, const double *freedom) {
    return student_t_both_tails(x, freedom[0]);
}

static double t_lower(double x, const double *freedom) {
    const double square = x * x;

    return incomplete_beta_pair(square / (freedom[0] + square), freedom[0] / (freedom[0] + square),
                                0.5, freedom[0] / 2);
}

double student_t_quantile(double probability, double freedom) {
    const struct law law = {t_lower, t_upper, &freedom};
    const bool upper = probability > 0.5;
    const double tail = upper ? 1 - probability : probability;
    double within, x;

    if (!(probability >= 0 && probability <= 1) || !(freedom > 0))
        return NAN;
    if (tail == 0)
        return upper ? INFINITY : -INFINITY;
    if (tail == 0.5)
        return 0;
    // |t| is law-abiding: where its upper tail is below one half it is asked for as such.
    within = 1 - 2 * tail;
    if (within > 0.5)
        x = exp(
            find_root(&law, false, log(2 * tail), -40, fmin(700, 60 - log(tail) * 2 / freedom)));
    else
        x = law_quantile(&law, within, 1);
    return upper ? x : -x;
}

// ---- F ----

static double f_lower_tail(double f, const double *freedom) {
    const double scaled = freedom[0] * f;

    return incomplete_beta_pair(scaled / (freedom[1] + scaled), freedom[1] / (freedom[1] + scaled),
                                freedom[0] / 2, freedom[1] / 2);
}

static double f_upper_tail(double f, const double *freedom) {
    const double scaled = freedom[0] * f;

    return incomplete_beta_pair(freedom[1] / (freedom[1] + scaled), scaled / (freedom[1] + scaled),
                                freedom[1] / 2, freedom[0] / 2);
}

double f_distribution(double f, double numerator_freedom, double denominator_freedom) {
    const double freedom[2] = {numerator_freedom, denominator_freedom};

    if (isnan(f) || !(numerator_freedom > 0) || !(denominator_freedom > 0))
        return NAN;
    if (f <= 0 || isinf(f))
        return f <= 0 ? 0 : 1;
    return f_lower_tail(f, freedom);
}

double f_upper(double f, double numerator_freedom, double denominator_freedom) {
    const double freedom[2] = {numerator_freedom, denominator_freedom};

    if (isnan(f) || !(numerator_freedom > 0) || !(denominator_freedom > 0))
        return NAN;
    if (f <= 0 || isinf(f))
        return f <= 0 ? 1 : 0;
    return f_upper_tail(f, freedom);
}

double f_quantile(double probability, double numerator_freedom, double denominator_freedom) {
    const double freedom[2] = {numerator_freedom, denominator_freedom};
    const struct law law = {f_lower_tail, f_upper_tail, freedom};

    if (!(numerator_freedom > 0) || !(denominator_freedom > 0))
        return NAN;
    return law_quantile(&law, probability, 1);
}

// ---- χ² ----

static double chi_squared_lower_tail(double x, const double *freedom) {
    return incomplete_gamma(freedom[0] / 2, x / 2);
}

static double chi_squared_upper_tail(double x, const double *freedom) {
    return incomplete_gamma_upper(freedom[0] / 2, x / 2);
}

double chi_squared_distribution(double x, double freedom) {
    if (isnan(x) || !(freedom > 0))
        return NAN;
    if (x <= 0 || isinf(x))
        return x <= 0 ? 0 : 1;
    return chi_squared_lower_tail(x, &freedom);
}

double chi_squared_upper(double x, double freedom) {
    if (isnan(x) || !(freedom > 0))
        return NAN;
    if (x <= 0 || isinf(x))
        return x <= 0 ? 1 : 0;
    return chi_squared_upper_tail(x, &freedom);
}

double chi_squared_quantile(double probability, double freedom) {
    const struct law law = {chi_squared_lower_tail, chi_squared_upper_tail, &freedom};

    if (!(freedom > 0))
        return NAN;
    return law_quantile(&law, probability, freedom);
}
