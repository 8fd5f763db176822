// SPDX-License-Identifier: Apache-2.0
// Special functions of real numbers that the C library lacks. Pure, safe on any thread; NaN in
// gives NaN out. Relative errors are below 1e-12 unless said otherwise; special_test.c checks them
// against published tables and against integration.
#pragma once

// ln |Γ(x)|; unlike lgamma it writes no global sign.
double log_gamma(double x);
// ψ(x) and ψ′(x) for x > 0; NaN otherwise. Recurrence up to x ≥ 10, then the asymptotic series
// (Abramowitz & Stegun 6.3.18, 6.4.12).
double digamma(double x);
double trigamma(double x);
// ln B(a, b), a, b > 0.
double log_beta(double a, double b);

// I_x(a, b), a, b > 0, 0 ≤ x ≤ 1: the continued fraction of DLMF 8.17.22 by Lentz's method.
double incomplete_beta(double x, double a, double b);
// The same where y = 1 − x is known better than x says, because x is close to 1.
double incomplete_beta_pair(double x, double y, double a, double b);
// P(a, x) and Q(a, x) = 1 − P, a > 0, x ≥ 0: DLMF 8.11.4 (series) and 8.9.2 (fraction).
double incomplete_gamma(double a, double x);
double incomplete_gamma_upper(double a, double x);

// ₂F₁(a, b; c; z) for a > 0, c > b > 0, z < 1. For z < 0 by Pfaff's transformation (DLMF 15.8.1),
// after which all terms are positive: nothing cancels. Near 1, where the series is slow, Euler's
// integral (DLMF 15.6.1). NaN outside its domain.
double hypergeometric_2f1(double a, double b, double c, double z);
// Its logarithm, which does not overflow where the value does.
double log_hypergeometric_2f1(double a, double b, double c, double z);

// Φ⁻¹(p), 0 < p < 1: the argument below which a standard normal variable stays with probability p.
double normal_quantile(double p);
// Φ(x).
double normal_distribution(double x);
