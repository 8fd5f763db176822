// SPDX-License-Identifier: Apache-2.0
// Tables: Abramowitz & Stegun (1964), chapters 6, 15, 26; DLMF. Values with more digits follow from
// the closed forms beside them.
#include "analyze/kernel/lanes_math.h"
#include "analyze/kernel/quadrature.h"
#include "analyze/kernel/special.h"
#include "base/test.h"

#include <math.h>

static const double euler = 0.57721566490153286061; // A&S table 1.1

TEST(digamma_and_trigamma_are_those_of_the_tables) {
    CHECK_CLOSE(digamma(1), -euler, 1e-14);
    CHECK_CLOSE(digamma(0.5), -euler - 2 * M_LN2, 1e-14); // A&S 6.3.3
    CHECK_CLOSE(digamma(1.5), 0.0364899739785765, 1e-12); // A&S table 6.1
    CHECK_CLOSE(digamma(2), 0.4227843350984671, 1e-13);   // A&S table 6.1
    CHECK_CLOSE(digamma(1e-8), -1e8 - euler, 1e-14);
    CHECK_CLOSE(digamma(1e9), log(1e9) - 0.5e-9, 1e-15);
    CHECK_CLOSE(trigamma(1), M_PI * M_PI / 6, 1e-14);   // A&S 6.4.3
    CHECK_CLOSE(trigamma(0.5), M_PI * M_PI / 2, 1e-14); // A&S 6.4.4
    CHECK_CLOSE(trigamma(2), 0.6449340668482264, 1e-13);
    CHECK(isnan(digamma(0)) && isnan(trigamma(-1)) && isnan(digamma(NAN)));
}

TEST(the_logarithm_of_beta_does_not_cancel) {
    CHECK_CLOSE(log_beta(2, 3), log(1.0 / 12), 1e-14);
    CHECK_CLOSE(log_beta(0.5, 0.5), log(M_PI), 1e-14);
    // B(a, b) → Γ(a) b^−a; B(2, b) = 1/(b (b + 1)) exactly.
    CHECK_CLOSE(log_beta(2, 1e9), -log(1e9) - log(1e9 + 1), 1e-14);
    CHECK_CLOSE(log_beta(3, 1e6), log(2 / (1e6 * (1e6 + 1) * (1e6 + 2))), 1e-13);
    CHECK(isnan(log_beta(0, 1)));
}

TEST(incomplete_functions_are_those_of_the_tables) {
    CHECK_CLOSE(incomplete_beta(0.3, 1, 1), 0.3, 1e-14);
    CHECK_CLOSE(incomplete_beta(0.4, 2, 3), 0.5248, 1e-13); // binomial: A&S 26.5.24
    CHECK_CLOSE(incomplete_beta(0.5, 20, 20), 0.5, 1e-13);
    CHECK_CLOSE(incomplete_beta(0.9, 0.5, 0.5), 2 / M_PI * asin(sqrt(0.9)), 1e-13);
    CHECK_CLOSE(incomplete_gamma(1, 2), -expm1(-2), 1e-14);
    CHECK_CLOSE(incomplete_gamma(0.5, 1), erf(1), 1e-14);        // A&S 6.5.16
    CHECK_CLOSE(incomplete_gamma_upper(0.5, 9), erfc(3), 1e-12); // A&S 6.5.17
    // χ² with 10 degrees of freedom, A&S table 26.8: Q = 0.05 at 18.307.
    CHECK_CLOSE(incomplete_gamma_upper(5, 18.307038 / 2), 0.05, 1e-7);
    CHECK(isnan(incomplete_beta(1.1, 1, 1)) && isnan(incomplete_gamma(-1, 1)));
}

TEST(the_hypergeometric_function_has_its_closed_forms) {
    // A&S 15.1.3: ln(1 − z)/−z, 15.1.5: arctan, 15.1.8-like: a power.
    CHECK_CLOSE(hypergeometric_2f1(1, 1, 2, 0.5), 2 * M_LN2, 1e-14);
    CHECK_CLOSE(hypergeometric_2f1(1, 1, 2, -3), log(4) / 3, 1e-14);
    CHECK_CLOSE(hypergeometric_2f1(1, 0.5, 1.5, -1), M_PI / 4, 1e-14);
    CHECK_CLOSE(hypergeometric_2f1(1, 1, 2, -1e6), log1p(1e6) / 1e6, 1e-12);
    CHECK_CLOSE(hypergeometric_2f1(1, 1, 2, 0.999999), -log(1e-6) / 0.999999, 1e-9);
    CHECK_CLOSE(hypergeometric_2f1(1, 1, 2, 0), 1, 1e-15);
    // ₂F₁(2, 1; 2; z) is no Euler integral of c > b > 0 at b = 2, but symmetric in a and b.
    CHECK_CLOSE(hypergeometric_2f1(2, 1, 2, 0.25), 1 / 0.75, 1e-14);
    CHECK_CLOSE(log_hypergeometric_2f1(3000, 1, 3000.5, 0.75),
                log_hypergeometric_2f1(1, 3000, 3000.5, 0.75), 1e-12);
    CHECK(isnan(hypergeometric_2f1(1, 2, 2, 0.5)) && isnan(hypergeometric_2f1(1, 1, 2, 1)));
}

struct euler_integral {
    double a, b, c, z;
};

static double integrand(const void *data, double t) {
    const struct euler_integral *of = data;

    return pow(t, of->b - 1) * pow(1 - t, of->c - of->b - 1) * pow(1 - of->z * t, -of->a);
}

TEST(the_hypergeometric_function_is_its_integral) {
    static const struct euler_integral cases[] = {
        {1.24, 2, 5, -0.5}, {8.5, 3, 4, -12}, {0.6, 4, 9, 0.7}, {200, 2, 6, -3}, {2, 2, 4, -80},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct euler_integral *of = &cases[i];
        double sum = 0;

        for (int piece = 0; piece < 400; piece++)
            sum += quadrature_decay(integrand, of, piece / 400.0, (piece + 1) / 400.0, 1, 8);
        CHECK_CLOSE(hypergeometric_2f1(of->a, of->b, of->c, of->z),
                    sum / exp(log_beta(of->b, of->c - of->b)), 1e-10);
    }
}

TEST(quantiles_of_the_normal_distribution_are_those_of_the_table) {
    CHECK_CLOSE(normal_quantile(0.975), 1.959963984540054, 1e-14); // A&S table 26.5
    CHECK_CLOSE(normal_quantile(0.9), 1.281551565544600, 1e-13);
    CHECK_CLOSE(normal_quantile(1e-10), -6.361340902404056, 1e-12);
    CHECK(fabs(normal_quantile(0.5)) < 1e-15);
    CHECK_CLOSE(normal_distribution(normal_quantile(0.123)), 0.123, 1e-14);
    CHECK(isnan(normal_quantile(0)) && isnan(normal_quantile(1)));
}

static double falling(const void *data, double y) {
    return pow(1 + y, -*(const double *)data);
}

TEST(integrals_of_what_falls_off_are_exact) {
    for (double power = 1.5; power < 5000; power *= 3)
        CHECK_CLOSE(quadrature_decay(falling, &power, 0, 100, 1, power),
                    -expm1(-(power - 1) * log(101)) / (power - 1), 1e-12);
}

TEST(four_logarithms_at_once_are_those_of_the_library) {
    for (double x = 1e-9; x < 1e12; x *= 1.00717) {
        const four given = {x, 1 + x, 1 / x, x * 3};
        four found, back;

        four_log(&given, &found);
        four_exp(&found, &back);
        for (int i = 0; i < 4; i++) {
            const double exact = log(given[i]);

            CHECK(fabs(found[i] - exact) <= 4e-16 * fabs(exact) + 2e-16);
            CHECK(fabs(back[i] - given[i]) <= 1e-14 * given[i]);
        }
    }
}
