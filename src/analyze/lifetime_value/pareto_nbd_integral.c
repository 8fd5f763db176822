// SPDX-License-Identifier: Apache-2.0
// Sums are kept of the nearer and the farther of α and β, each four side by side, and are given
// their names at the end.
#include "analyze/lifetime_value/pareto_nbd_integral.h"

#include "analyze/kernel/lanes_math.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { POINTS = 12, SUMS = 15 };

// Of [−1, 1], DLMF 3.5; one is added, so that they go from 0 to 2.
static const double points[POINTS] = {
    1 - 0.981560634246719251, 1 - 0.904117256370474857, 1 - 0.769902674194304687,
    1 - 0.587317954286617447, 1 - 0.367831498998180194, 1 - 0.125233408511468916,
    1 + 0.125233408511468916, 1 + 0.367831498998180194, 1 + 0.587317954286617447,
    1 + 0.769902674194304687, 1 + 0.904117256370474857, 1 + 0.981560634246719251,
};
static const double weights[POINTS] = {
    0.047175336386511827, 0.106939325995318431, 0.160078328543346226, 0.203167426723065922,
    0.233492536538354809, 0.249147045813402785, 0.249147045813402785, 0.233492536538354809,
    0.203167426723065922, 0.160078328543346226, 0.106939325995318431, 0.047175336386511827,
};

// A piece may be so wide in ln(nearer + τ), and the integrand fall by so much over it.
static const double widest = 2, steepest = 11;
static const double seen = 46;

struct stretch {
    double here, logarithm; // nearer + from, and its logarithm
    double gap;             // farther − nearer
    double near_power, far_power, highest;
};

enum { W, A, U, B, V, AA, AU, AB, AV, UU, UB, UV, BB, BV, VV };

// One piece, `along` the way in ln(nearer + τ), `half` of it as wide.
#define DEFINE_PIECE(name, target)                                                                 \
    target static void name(const struct stretch *stretch, double along, double half,              \
                            four sums[SUMS]) {                                                     \
        for (int i = 0; i < POINTS; i += 4) {                                                      \
            const four step = *(const four *)(points + i) * half + along;                          \
            const four a = step + stretch->logarithm;                                              \
            four near, far, b, w, wa, wu, wb, u, v;                                                \
                                                                                                   \
            four_exp(&step, &near);                                                                \
            near *= stretch->here;                                                                 \
            far = near + stretch->gap;                                                             \
            four_log(&far, &b);                                                                    \
            w = -stretch->near_power * a - stretch->far_power * b - stretch->highest;              \
            four_exp(&w, &w);                                                                      \
            w *= *(const four *)(weights + i) * half * near;                                       \
            u = 1 / near;                                                                          \
            v = 1 / far;                                                                           \
            wa = w * a;                                                                            \
            wu = w * u;                                                                            \
            wb = w * b;                                                                            \
            sums[W] += w;                                                                          \
            sums[A] += wa;                                                                         \
            sums[U] += wu;                                                                         \
            sums[B] += wb;                                                                         \
            sums[V] += w * v;                                                                      \
            sums[AA] += wa * a;                                                                    \
            sums[AU] += wa * u;                                                                    \
            sums[AB] += wa * b;                                                                    \
            sums[AV] += wa * v;                                                                    \
            sums[UU] += wu * u;                                                                    \
            sums[UB] += wu * b;                                                                    \
            sums[UV] += wu * v;                                                                    \
            sums[BB] += wb * b;                                                                    \
            sums[BV] += wb * v;                                                                    \
            sums[VV] += w * v * v;                                                                 \
        }                                                                                          \
    }

DEFINE_PIECE(piece_plain, )
#ifdef __x86_64__
DEFINE_PIECE(piece_avx2, __attribute__((target("avx2"))))
#endif

static void add_piece(const struct stretch *stretch, double along, double half, four sums[SUMS]) {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        piece_avx2(stretch, along, half, sums);
        return;
    }
#endif
    piece_plain(stretch, along, half, sums);
}

// The slope of the integrand's logarithm by ln(nearer + τ).
static double slope_at(const struct stretch *stretch, double near) {
    return 1 - stretch->near_power - stretch->far_power * near / (near + stretch->gap);
}

static void add_pieces(const struct stretch *stretch, double length, four sums[SUMS]) {
    double along = 0, near = stretch->here, fallen = 0;

    while (along < length) {
        const double slope = slope_at(stretch, near);
        const double most = fabs(slope) * widest > steepest ? steepest / fabs(slope) : widest;
        const double width = fmin(most, length - along);

        add_piece(stretch, along, width / 2, sums);
        along += width;
        if (along >= length)
            return;
        near = stretch->here * exp(along);
        fallen -= slope * width;
        if (fallen > seen && slope < -1)
            return;
    }
}

static struct pareto_nbd_moments named(const double s[SUMS], bool is_alpha_near) {
    if (is_alpha_near)
        return (struct pareto_nbd_moments){s[W],  s[A],  s[U],  s[B],  s[V],  s[AA], s[AU], s[AB],
                                           s[AV], s[UU], s[UB], s[UV], s[BB], s[BV], s[VV]};
    return (struct pareto_nbd_moments){s[W],  s[B],  s[V],  s[A],  s[U],  s[BB], s[BV], s[AB],
                                       s[UB], s[VV], s[AV], s[UV], s[AA], s[AU], s[UU]};
}

void pareto_nbd_integrate(const struct pareto_nbd_integrand *integrand, double from, double to,
                          struct pareto_nbd_moments *ret_moments) {
    const bool is_alpha_near = integrand->alpha <= integrand->beta;
    const double nearer = is_alpha_near ? integrand->alpha : integrand->beta;
    const double farther = is_alpha_near ? integrand->beta : integrand->alpha;
    const struct stretch stretch = {
        .here = nearer + from,
        .logarithm = is_alpha_near ? integrand->alpha_from : integrand->beta_from,
        .gap = farther - nearer,
        .near_power = is_alpha_near ? integrand->k : integrand->n,
        .far_power = is_alpha_near ? integrand->n : integrand->k,
        .highest = integrand->highest,
    };
    const double difference =
        (is_alpha_near ? integrand->alpha_to : integrand->beta_to) - stretch.logarithm;
    four sums[SUMS];
    double added[SUMS];

    memset(sums, 0, sizeof(sums));
    // A short way is what the difference has no digits for.
    add_pieces(&stretch, difference > 0.05 ? difference : log1p((to - from) / (nearer + from)),
               sums);
    for (int i = 0; i < SUMS; i++)
        added[i] = (sums[i][0] + sums[i][1]) + (sums[i][2] + sums[i][3]);
    *ret_moments = named(added, is_alpha_near);
}
