// SPDX-License-Identifier: Apache-2.0
// Student's t, F and χ²: distribution function, upper tail, quantile. Pure, safe on any thread. NaN
// for arguments that are none (degrees of freedom ≤ 0, a probability outside 0 … 1, NaN).
//
// Tails are computed as such, never as 1 − the other side: relative errors stay below 1e-11 down to
// the smallest numbers there are (1e-8 beyond a million degrees of freedom). By incomplete beta and
// gamma functions (Abramowitz & Stegun 26.4.19, 26.5.27, 26.6.2). Degrees of freedom need not be
// whole.
#pragma once

// P(T ≤ t), P(T > t), P(|T| > |t|).
double student_t_distribution(double t, double freedom);
double student_t_upper(double t, double freedom);
double student_t_both_tails(double t, double freedom);
// The t that is not exceeded with this probability; ∓∞ for 0 and 1.
double student_t_quantile(double probability, double freedom);

// P(F ≤ f) and P(F > f), f ≥ 0 (0 and 1 below).
double f_distribution(double f, double numerator_freedom, double denominator_freedom);
double f_upper(double f, double numerator_freedom, double denominator_freedom);
double f_quantile(double probability, double numerator_freedom, double denominator_freedom);

double chi_squared_distribution(double x, double freedom);
double chi_squared_upper(double x, double freedom);
double chi_squared_quantile(double probability, double freedom);
