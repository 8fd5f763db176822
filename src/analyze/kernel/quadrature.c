// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/quadrature.h"

#include <math.h>

// Zeros of the Legendre polynomial of degree 10 and their weights, DLMF 3.5.
const struct quadrature_pair quadrature_pairs[QUADRATURE_POINTS / 2] = {
    {0.148874338981631211, 0.295524224714752870}, {0.433395394129247191, 0.269266719309996355},
    {0.679409568299024406, 0.219086362515982044}, {0.865063366688984511, 0.149451349150580593},
    {0.973906528517171720, 0.066671344308688138},
};

double quadrature_width(double slope) {
    const double widest = 1.25;
    const double steepest = 8;

    return fabs(slope) * widest > steepest ? steepest / fabs(slope) : widest;
}

double quadrature_decay(double (*function)(const void *data, double y), const void *data,
                        double from, double to, double offset, double slope) {
    const double begin = log(offset + from);
    const double length = log1p((to - from) / (offset + from));
    const double width = quadrature_width(slope);
    const int pieces = (int)fmin(ceil(length / width), 100000);
    double sum = 0;

    for (int piece = 0; piece < pieces; piece++) {
        const double half = length / pieces / 2;
        const double middle = begin + half * (2 * piece + 1);
        double part = 0;

        for (int i = 0; i < QUADRATURE_POINTS; i++) {
            const struct quadrature_pair *pair = &quadrature_pairs[i / 2];
            const double v = middle + half * (i % 2 == 0 ? pair->abscissa : -pair->abscissa);
            const double y = exp(v) - offset;

            part += pair->weight * function(data, y > 0 ? y : 0) * (offset + y);
        }
        sum += part * half;
        if (part * half < sum * 1e-17)
            break;
    }
    return sum;
}
