// SPDX-License-Identifier: Apache-2.0
// The inner loop of the Pareto/NBD model: ∫ (α + τ)^−k (β + τ)^−n dτ and what its derivatives by
// α, β, k and n need, over a stretch of time. Pure; the same digits on all processors.
#pragma once

struct pareto_nbd_integrand {
    double alpha, beta;
    double k, n;
    double highest;               // the integrand's logarithm is told less this
    double alpha_from, beta_from; // ln(α + from), ln(β + from)
    double alpha_to, beta_to;
};

// Sums over points, of weight w: of a = ln(α + τ), u = 1/(α + τ), b and v of β alike, and of their
// products.
struct pareto_nbd_moments {
    double weight;
    double a, u, b, v;
    double aa, au, ab, av, uu, ub, uv, bb, bv, vv;
};

// From `from` to `to` (≥ from ≥ 0), by Gauss-Legendre with twelve points in ln(min(α, β) + τ), in
// pieces over which these give full precision; a relative error of about 1e-13. The integrand's
// logarithm is concave there: once it has fallen by 46 and goes on falling the rest is not seen.
void pareto_nbd_integrate(const struct pareto_nbd_integrand *integrand, double from, double to,
                          struct pareto_nbd_moments *ret_moments);
