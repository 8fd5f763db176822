// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/quadrature.h"

#include <math.h>

// Zeros of the Legendre polynomial of degree 16 and their weights, DLMF 3.5.
const struct quadrature_pair quadrature_pairs[QUADRATURE_POINTS / 2] = {
    {0.095012509837637440, 0.189450610455068496}, {0.281603550779258913, 0.182603415044923589},
    {0.458016777657227386, 0.169156519395002538}, {0.617876244402643748, 0.149595988816576732},
    {0.755404408355003034, 0.124628971255533872}, {0.865631202387831744, 0.095158511682492785},
    {0.944575023073232576, 0.062253523938647893}, {0.989400934991649933, 0.027152459411754095},
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
