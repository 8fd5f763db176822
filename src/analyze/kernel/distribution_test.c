// SPDX-License-Identifier: Apache-2.0
// Tables: Abramowitz & Stegun (1964), chapter 26, to their digits; more digits and the far tails
// from R 4.2.2 (pt, qt, pf, qf, pchisq, qchisq), and closed forms.
#include "analyze/kernel/distribution.h"

#include "base/test.h"

#include <float.h>
#include <math.h>

TEST(student_t_is_that_of_the_tables) {
    // A&S table 26.10: A(t|ν) = 0.95, 0.99, 0.999.
    CHECK_CLOSE(student_t_quantile(0.975, 1), 12.706, 1e-4);
    CHECK_CLOSE(student_t_quantile(0.975, 10), 2.228, 2e-4);
    CHECK_CLOSE(student_t_quantile(0.995, 20), 2.845, 2e-4);
    CHECK_CLOSE(student_t_quantile(0.9995, 4), 8.610, 1e-4);
    CHECK_CLOSE(student_t_quantile(0.975, 1), 12.706204736174694, 1e-12);
    CHECK_CLOSE(student_t_quantile(0.975, 10), 2.2281388519862739, 1e-12);
    CHECK_CLOSE(student_t_quantile(1e-12, 7), -104.02182926264717, 1e-11);
    CHECK_CLOSE(student_t_quantile(0.6, 1e7), 0.25334710987600301, 1e-9);
    CHECK_CLOSE(student_t_quantile(0.3, 0.7), -0.83544115570694544, 1e-12);
    CHECK_CLOSE(student_t_distribution(-40, 3), 1.719034039457927e-05, 1e-12);
    CHECK_CLOSE(student_t_distribution(1e-3, 2.5), 0.50036180863960755, 1e-13);
    CHECK_CLOSE(student_t_distribution(-3, 1e7), 0.0013499013555185811, 1e-8);
    CHECK_CLOSE(student_t_upper(12.5, 1e7), 3.7348722364967794e-36, 1e-8);
    CHECK_CLOSE(student_t_upper(8, 40), 3.9525420550522586e-10, 1e-12);
    // ν = 1 is Cauchy's law, ν = 2 has a root: exact, however far out.
    CHECK_CLOSE(student_t_upper(1e8, 1), atan(1e-8) / M_PI, 1e-12);
    CHECK_CLOSE(student_t_both_tails(1e200, 1), 2e-200 / M_PI, 1e-11);
    CHECK_CLOSE(student_t_distribution(1, 2), 0.5 + 1 / sqrt(12), 1e-13);
}

TEST(f_is_that_of_the_tables) {
    // A&S table 26.9: the upper 5, 5 and 1 per cent.
    CHECK_CLOSE(f_quantile(0.95, 1, 10), 4.96, 1e-3);
    CHECK_CLOSE(f_quantile(0.95, 6, 9), 3.37, 2e-3);
    CHECK_CLOSE(f_quantile(0.99, 5, 20), 4.10, 1e-3);
    CHECK_CLOSE(f_quantile(0.95, 1, 10), 4.9646027437307101, 1e-12);
    CHECK_CLOSE(f_upper(f_quantile(0.99, 20, 1e7), 20, 1e7), 0.01, 1e-10); // R takes χ² here
    CHECK_CLOSE(f_quantile(1e-8, 5, 7), 0.00034032782730961662, 1e-11);
    CHECK_CLOSE(f_quantile(0.999, 2, 2), 999, 1e-11);
    CHECK_CLOSE(f_upper(4.96, 1, 10), 0.050087650566468134, 1e-12);
    CHECK_CLOSE(f_upper(330.285339, 6, 9), 4.9840305445564104e-10, 1e-12);
    CHECK_CLOSE(f_distribution(0.01, 3, 200), 0.0013745491376352303, 1e-12);
    CHECK_CLOSE(f_upper(5, 1e6, 3), 0.10356765412931407, 1e-8);
    CHECK_CLOSE(f_upper(3, 20, 1e7), 7.1220706360663936e-06, 1e-8);
    CHECK_CLOSE(f_upper(4, 1, 17), student_t_both_tails(2, 17), 1e-13);
    CHECK(f_upper(0, 2, 3) == 1 && f_upper(INFINITY, 2, 3) == 0 && f_distribution(-1, 2, 3) == 0);
}

TEST(chi_squared_is_that_of_the_tables) {
    // A&S table 26.8.
    CHECK_CLOSE(chi_squared_quantile(0.95, 10), 18.3070, 1e-5);
    CHECK_CLOSE(chi_squared_quantile(0.005, 1), 0.0000392704, 1e-5);
    CHECK_CLOSE(chi_squared_quantile(0.99, 100), 135.807, 1e-5);
    CHECK_CLOSE(chi_squared_quantile(0.95, 10), 18.307038053275146, 1e-12);
    CHECK_CLOSE(chi_squared_quantile(0.005, 1), 3.9270422220515896e-05, 1e-12);
    CHECK_CLOSE(chi_squared_quantile(0.999, 1e6), 1004375.9487461417, 1e-11);
    CHECK_CLOSE(chi_squared_quantile(1e-10, 3), 5.2093976214344798e-07, 1e-11);
    CHECK_CLOSE(chi_squared_upper(200, 10), 1.6139305336977309e-37, 1e-12);
    CHECK_CLOSE(chi_squared_distribution(1e-3, 0.5), 0.16495975076841282, 1e-12);
    CHECK_CLOSE(chi_squared_upper(1003000, 1e6), 0.017016772933266314, 1e-8);
    // Two degrees of freedom: exp(−x / 2).
    CHECK_CLOSE(chi_squared_upper(1400, 2), exp(-700), 1e-11);
    CHECK_CLOSE(chi_squared_quantile(0.5, 2), 2 * M_LN2, 1e-13);
}

TEST(a_quantile_is_where_the_law_is_its_probability) {
    for (double freedom = 0.5; freedom < 3000; freedom *= 3)
        for (double p = 1e-9; p < 1; p = p < 0.4 ? p * 5 : p + 0.13) {
            const double t = student_t_quantile(p, freedom);

            CHECK_CLOSE(student_t_distribution(t, freedom), p, 1e-10);
            CHECK_CLOSE(student_t_quantile(1 - p, freedom), -t, p < 1e-4 ? 1e-5 : 1e-9);
            CHECK_CLOSE(chi_squared_distribution(chi_squared_quantile(p, freedom), freedom), p,
                        1e-10);
            CHECK_CLOSE(f_distribution(f_quantile(p, freedom, 7), freedom, 7), p, 1e-10);
        }
}

TEST(laws_of_nothing_are_not_a_number) {
    CHECK(isnan(student_t_quantile(1.1, 3)) && isnan(student_t_quantile(0.5, 0)));
    CHECK(isnan(f_quantile(0.5, -1, 3)) && isnan(chi_squared_quantile(NAN, 3)));
    CHECK(isnan(student_t_upper(NAN, 3)) && isnan(f_upper(NAN, 1, 1)));
    CHECK(isinf(student_t_quantile(1, 3)) && isinf(student_t_quantile(0, 3)));
    CHECK(chi_squared_quantile(0, 3) == 0 && student_t_quantile(0.5, 3) == 0);
}
