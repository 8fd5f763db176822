// SPDX-License-Identifier: Apache-2.0
// Gauss-Legendre integration of smooth functions that fall off from a start, as those of survival
// do. Pure.
#pragma once

enum { QUADRATURE_POINTS = 10 };
// Of [−1, 1], by pairs: the points are ±abscissa, both with the same weight.
struct quadrature_pair {
    double abscissa, weight;
};
extern const struct quadrature_pair quadrature_pairs[QUADRATURE_POINTS / 2];

// How wide, in ln(offset + y), a piece may be over which these points give full precision, where
// the logarithm of the function has this slope by ln(offset + y).
double quadrature_width(double slope);

// ∫ f from `from` to `to` (≥ from ≥ 0) of a function that is smooth in ln(offset + y), offset > 0,
// and behaves there at most as exp(± slope · ln(offset + y)). Relative error about 1e-13.
double quadrature_decay(double (*function)(const void *data, double y), const void *data,
                        double from, double to, double offset, double slope);
