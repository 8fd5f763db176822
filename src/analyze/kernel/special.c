// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/special.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

double log_gamma(double x) {
    int sign;

    return lgamma_r(x, &sign);
}

enum { ASYMPTOTIC_FROM = 10 };

double digamma(double x) {
    double below = 0;
    double square;

    if (!(x > 0))
        return NAN;
    while (x < ASYMPTOTIC_FROM) {
        below += 1 / x;
        x += 1;
    }
    square = 1 / (x * x);
    return log(x) - 0.5 / x -
           square *
               (1.0 / 12 -
                square * (1.0 / 120 -
                          square * (1.0 / 252 -
                                    square * (1.0 / 240 -
                                              square * (1.0 / 132 - square * (691.0 / 32760 -
                                                                              square / 12)))))) -
           below;
}

double trigamma(double x) {
    double below = 0;
    double square;

    if (!(x > 0))
        return NAN;
    while (x < ASYMPTOTIC_FROM) {
        below += 1 / (x * x);
        x += 1;
    }
    square = 1 / (x * x);
    return below + 1 / x + square / 2 +
           square / x *
               (1.0 / 6 -
                square * (1.0 / 30 -
                          square * (1.0 / 42 -
                                    square * (1.0 / 30 -
                                              square * (5.0 / 66 - square * (691.0 / 2730 -
                                                                             square * 7.0 / 6))))));
}

// Beyond this the difference of log-gammas cancels: ln Γ(b) − ln Γ(a + b) by Stirling's series of
// the difference.
static double log_gamma_ratio(double b, double a) {
    const double c = a + b;

    if (b < 1000)
        return log_gamma(b) - log_gamma(c);
    return (b - 0.5) * -log1p(a / b) - a * log(c) + a + (1 / b - 1 / c) / 12 -
           (1 / (b * b * b) - 1 / (c * c * c)) / 360;
}

double log_beta(double a, double b) {
    const double small = a < b ? a : b;
    const double large = a < b ? b : a;

    if (!(small > 0))
        return NAN;
    return log_gamma(small) + log_gamma_ratio(large, small);
}

// ---- incomplete functions ----

enum { FRACTION_STEPS = 20000 };
static const double tiny = 1e-300;

static double not_zero(double value) {
    return fabs(value) < tiny ? tiny : value;
}

static double beta_fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / not_zero(1 - (a + b) * x / (a + 1));
    double fraction = d;

    for (int m = 1; m < FRACTION_STEPS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change;

        d = 1 / not_zero(1 + even * d);
        c = not_zero(1 + even / c);
        fraction *= d * c;
        d = 1 / not_zero(1 + odd * d);
        c = not_zero(1 + odd / c);
        change = d * c;
        fraction *= change;
        if (fabs(change - 1) < DBL_EPSILON)
            break;
    }
    return fraction;
}

double incomplete_beta_pair(double x, double y, double a, double b) {
    double front;

    if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0))
        return NAN;
    if (x == 0 || y == 0)
        return x == 0 ? 0 : 1;
    front =
        exp(a * (x < y ? log(x) : log1p(-y)) + b * (x < y ? log1p(-x) : log(y)) - log_beta(a, b));
    // The fraction is quick on this side of the mean.
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(y, b, a) / b;
}

double incomplete_beta(double x, double a, double b) {
    if (!(x >= 0) || !(x <= 1))
        return NAN;
    return incomplete_beta_pair(x, 1 - x, a, b);
}

static double gamma_series(double a, double x) {
    double term = 1 / a;
    double sum = term;

    for (int k = 1; k < FRACTION_STEPS && term > sum * DBL_EPSILON / 4; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return sum * exp(a * log(x) - x - log_gamma(a));
}

static double gamma_fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1 / tiny;
    double d = 1 / not_zero(b);
    double fraction = d;

    for (int k = 1; k < FRACTION_STEPS; k++) {
        const double numerator = -k * (k - a);
        double change;

        b += 2;
        d = 1 / not_zero(numerator * d + b);
        c = not_zero(b + numerator / c);
        change = d * c;
        fraction *= change;
        if (fabs(change - 1) < DBL_EPSILON)
            break;
    }
    return fraction * exp(a * log(x) - x - log_gamma(a));
}

double incomplete_gamma(double a, double x) {
    if (!(a > 0) || !(x >= 0))
        return NAN;
    if (x == 0)
        return 0;
    return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

double incomplete_gamma_upper(double a, double x) {
    if (!(a > 0) || !(x >= 0))
        return NAN;
    if (x == 0)
        return 1;
    return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

// ---- ₂F₁ ----

// ln of the series of positive terms for 0 ≤ z < 1. Sums that grow large are scaled down.
static double log_series(double a, double b, double c, double z) {
    const double large = 1e200;
    double term = 1;
    double sum = 1;
    double scaled = 0;

    for (int i = 0; i < 1000000; i++) {
        const double k = i;
        const double ratio = (a + k) / (c + k) * ((b + k) / (1 + k)) * z;

        term *= ratio;
        sum += term;
        if (sum > large) {
            sum /= large;
            term /= large;
            scaled += log(large);
        }
        // The tail is no larger than a geometric one, once the terms fall.
        if (ratio < 1 && term < sum * (1 - ratio) * DBL_EPSILON / 8)
            break;
    }
    return log(sum) + scaled;
}

// ln of the integrand of Euler's integral where t = e^y / (1 + e^y), its Jacobian t (1 − t)
// included. For z > 0; `rest` is 1 − z.
static double euler_log(double a, double b, double c, double z, double rest, double y) {
    const double log_t = y > 0 ? -log1p(exp(-y)) : y - log1p(exp(y));
    const double log_u = y > 0 ? -y - log1p(exp(-y)) : -log1p(exp(y)); // of 1 − t

    // 1 − z t = (1 − z) + z (1 − t): exact near t = 1.
    return b * log_t + (c - b) * log_u - a * log(rest + z * exp(log_u));
}

// The trapezoidal rule on the whole line converges geometrically for what decays so on both sides;
// the steps leave the peak until nothing is added any more.
static double log_euler(double a, double b, double c, double z, double rest) {
    const double step = 1.0 / 16;
    double peak = 0;
    double highest;
    double sum = 0;

    for (int power = 6; power >= -4; power--) { // from 64 down to a step
        const double width = ldexp(1, power);

        for (bool moved = true; moved;) {
            const double here = euler_log(a, b, c, z, rest, peak);
            const double left = euler_log(a, b, c, z, rest, peak - width);
            const double right = euler_log(a, b, c, z, rest, peak + width);

            moved = left > here || right > here;
            if (moved)
                peak += right > left ? width : -width;
        }
    }
    highest = euler_log(a, b, c, z, rest, peak);
    for (int side = -1; side <= 1; side += 2)
        for (long k = side > 0 ? 0 : 1; k < 10000000; k++) {
            const double add =
                exp(euler_log(a, b, c, z, rest, peak + side * step * (double)k) - highest);

            sum += add;
            if (add < sum * DBL_EPSILON / 64)
                break;
        }
    return highest + log(sum * step) - log_beta(b, c - b);
}

double log_hypergeometric_2f1(double a, double b, double c, double z) {
    const double slow = 0.98; // beyond, the integral needs fewer steps than the series
    double w;

    if (!(a > 0) || !(b > 0) || !(c > b) || !(z < 1))
        return NAN;
    if (z >= 0)
        return z > slow ? log_euler(a, b, c, z, 1 - z) : log_series(a, b, c, z);
    w = z / (z - 1);
    return -a * log1p(-z) +
           (w > slow ? log_euler(a, c - b, c, w, 1 / (1 - z)) : log_series(a, c - b, c, w));
}

double hypergeometric_2f1(double a, double b, double c, double z) {
    return exp(log_hypergeometric_2f1(a, b, c, z));
}

// ---- the normal distribution ----

double normal_distribution(double x) {
    return erfc(-x / M_SQRT2) / 2;
}

// Newton's method on ln Φ, which is concave: from the left of the root it never overshoots.
double normal_quantile(double p) {
    const bool upper = p > 0.5;
    const double tail = upper ? 1 - p : p;
    double x;

    if (!(p > 0) || !(p < 1))
        return NAN;
    x = -sqrt(-2 * log(tail));
    for (int i = 0; i < 60; i++) {
        const double below = normal_distribution(x);
        const double density = exp(-x * x / 2) / sqrt(2 * M_PI);
        const double step = (log(tail) - log(below)) * below / density;

        x += step;
        if (fabs(step) < 4 * DBL_EPSILON * (1 + fabs(x)))
            break;
    }
    return upper ? -x : x;
}
