// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/cluster_quality_kernel.h"

#include "analyze/kernel/lanes.h"
#include "analyze/kernel/parallel.h"

#include <math.h>
#include <string.h>

enum { PIECE = 64 };

struct comparing {
    const struct points *points;
    const uint32_t *const *labels;
    const size_t *k;
    size_t groupings, padded;
    const double *columns; // all points by column
    double *distances;     // padded, of each thread
    const size_t (*sizes)[K_MEANS_K_MOST];
    double *piece_sums; // pieces × groupings
};

static double silhouette_of(const double *sums, const size_t *sizes, size_t k, uint32_t own) {
    double within, other = INFINITY;

    if (sizes[own] < 2)
        return 0;
    within = sums[own] / (double)(sizes[own] - 1);
    for (size_t c = 0; c < k; c++)
        if (c != own && sizes[c] > 0)
            other = fmin(other, sums[c] / (double)sizes[c]);
    if (isinf(other) || (other <= 0 && within <= 0))
        return isinf(other) ? NAN : 0;
    return (other - within) / fmax(other, within);
}

static void compare_piece(void *data, size_t piece, int thread) {
    const struct comparing *comparing = data;
    const struct points *points = comparing->points;
    const size_t last = (piece + 1) * PIECE < points->count ? (piece + 1) * PIECE : points->count;
    double *distances = comparing->distances + (size_t)thread * comparing->padded;

    for (size_t i = piece * PIECE; i < last; i++) {
        lanes_distances(points->values + i * points->dimensions, comparing->columns,
                        points->dimensions, comparing->padded, distances);
        for (size_t j = 0; j < points->count; j++)
            distances[j] = sqrt(distances[j]);
        for (size_t g = 0; g < comparing->groupings; g++) {
            const uint32_t *labels = comparing->labels[g];
            double sums[K_MEANS_K_MOST] = {0};

            for (size_t j = 0; j < points->count; j++)
                sums[labels[j]] += distances[j];
            comparing->piece_sums[piece * comparing->groupings + g] +=
                silhouette_of(sums, comparing->sizes[g], comparing->k[g], labels[i]);
        }
    }
}

static const double *columns_of(struct scope *scope, const struct points *points) {
    const size_t padded = lanes_padded(points->count);
    double *columns = arena_array(&scope->arena, padded * points->dimensions, sizeof(*columns));

    for (size_t i = 0; i < points->count; i++)
        for (size_t j = 0; j < points->dimensions; j++)
            columns[j * padded + i] = points->values[i * points->dimensions + j];
    return columns;
}

void silhouettes(struct scope *scope, const struct points *points, const uint32_t *const *labels,
                 const size_t *k, size_t groupings, int threads, double *ret_means) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const size_t pieces = (points->count + PIECE - 1) / PIECE;
    size_t sizes[SILHOUETTE_LABELINGS][K_MEANS_K_MOST] = {0};
    struct comparing comparing = {
        .points = points,
        .labels = labels,
        .k = k,
        .groupings = groupings,
        .padded = lanes_padded(points->count),
        .columns = columns_of(scope, points),
        .sizes = (const size_t(*)[K_MEANS_K_MOST])sizes,
    };

    comparing.distances =
        arena_array(&scope->arena, (size_t)threads * comparing.padded, sizeof(double));
    comparing.piece_sums = arena_array(&scope->arena, pieces * groupings, sizeof(double));
    for (size_t g = 0; g < groupings; g++)
        for (size_t i = 0; i < points->count; i++)
            sizes[g][labels[g][i]]++;
    parallel_pieces(pieces, threads, compare_piece, &comparing);
    for (size_t g = 0; g < groupings; g++) {
        double sum = 0;

        for (size_t piece = 0; piece < pieces; piece++)
            sum += comparing.piece_sums[piece * groupings + g];
        ret_means[g] = sum / (double)points->count;
    }
    arena_rewind(&scope->arena, mark);
}

static double pairs(double count) {
    return count * (count - 1) / 2;
}

double adjusted_rand_index(const uint32_t *first, size_t first_k, const uint32_t *second,
                           size_t second_k, size_t count) {
    double table[K_MEANS_K_MOST][K_MEANS_K_MOST] = {0};
    double of_first[K_MEANS_K_MOST] = {0}, of_second[K_MEANS_K_MOST] = {0};
    double both = 0, rows = 0, columns = 0, expected;

    for (size_t i = 0; i < count; i++) {
        table[first[i]][second[i]]++;
        of_first[first[i]]++;
        of_second[second[i]]++;
    }
    for (size_t a = 0; a < first_k; a++) {
        rows += pairs(of_first[a]);
        for (size_t b = 0; b < second_k; b++)
            both += pairs(table[a][b]);
    }
    for (size_t b = 0; b < second_k; b++)
        columns += pairs(of_second[b]);
    expected = count > 1 ? rows * columns / pairs((double)count) : 0;
    if ((rows + columns) / 2 - expected == 0)
        return 1;
    return (both - expected) / ((rows + columns) / 2 - expected);
}
