// SPDX-License-Identifier: Apache-2.0
// Each loop is written once, with vectors of four, and compiled for two kinds of processor. FMA
// would be faster still and give other digits than a processor without it.
#include "analyze/kernel/lanes.h"

#include "analyze/kernel/lanes_math.h"

#include <stdint.h>
#include <string.h>

#define AT(array, i)  (*(const four *)((array) + (i)))
#define PUT(array, i) (*(four *)((array) + (i)))

size_t lanes_padded(size_t count) {
    return (count + LANES - 1) / LANES * LANES;
}

#define DEFINE_DISTANCES(name, target)                                                             \
    target static void name(const double *point, const double *others, size_t dimensions,          \
                            size_t count, double *ret_squares) {                                   \
        for (size_t i = 0; i < count; i += LANES) {                                                \
            four low = {0}, high = {0};                                                            \
                                                                                                   \
            for (size_t j = 0; j < dimensions; j++) {                                              \
                const four a = AT(others, j * count + i) - point[j];                               \
                const four b = AT(others, j * count + i + 4) - point[j];                           \
                                                                                                   \
                low += a * a;                                                                      \
                high += b * b;                                                                     \
            }                                                                                      \
            PUT(ret_squares, i) = low;                                                             \
            PUT(ret_squares, i + 4) = high;                                                        \
        }                                                                                          \
    }

#define DEFINE_SQUARES(name, target)                                                               \
    target static void name(const double *block, const double *factor, size_t dimensions,          \
                            double *ret_squares) {                                                 \
        for (size_t p = 0; p < LANES_BLOCK; p += LANES) {                                          \
            four low = {0}, high = {0};                                                            \
                                                                                                   \
            for (size_t i = 0; i < dimensions; i++) {                                              \
                four a = {0}, b = {0};                                                             \
                                                                                                   \
                for (size_t j = 0; j <= i; j++) {                                                  \
                    a += factor[i * dimensions + j] * AT(block, j * LANES_BLOCK + p);              \
                    b += factor[i * dimensions + j] * AT(block, j * LANES_BLOCK + p + 4);          \
                }                                                                                  \
                low += a * a;                                                                      \
                high += b * b;                                                                     \
            }                                                                                      \
            PUT(ret_squares, p) = low;                                                             \
            PUT(ret_squares, p + 4) = high;                                                        \
        }                                                                                          \
    }

#define ADD_UP(low, high)                                                                          \
    (((low[0] + high[0]) + (low[1] + high[1])) + ((low[2] + high[2]) + (low[3] + high[3])))

#define DEFINE_DOT(name, target)                                                                   \
    target static double name(const double *first, const double *second) {                         \
        four low = {0}, high = {0};                                                                \
                                                                                                   \
        for (size_t p = 0; p < LANES_BLOCK; p += LANES) {                                          \
            low += AT(first, p) * AT(second, p);                                                   \
            high += AT(first, p + 4) * AT(second, p + 4);                                          \
        }                                                                                          \
        return ADD_UP(low, high);                                                                  \
    }

#define DEFINE_MOMENTS(name, dot, target)                                                          \
    target static void name(const double *weights, const double *block, size_t dimensions,         \
                            double *sums) {                                                        \
        double ones[LANES_BLOCK], weighted[LANES_BLOCK];                                           \
        double *products = sums + 1 + dimensions;                                                  \
                                                                                                   \
        for (size_t p = 0; p < LANES_BLOCK; p++)                                                   \
            ones[p] = 1;                                                                           \
        sums[0] += dot(weights, ones);                                                             \
        for (size_t i = 0; i < dimensions; i++) {                                                  \
            for (size_t p = 0; p < LANES_BLOCK; p += 4)                                            \
                PUT(weighted, p) = AT(weights, p) * AT(block, i * LANES_BLOCK + p);                \
            sums[1 + i] += dot(weighted, ones);                                                    \
            for (size_t j = 0; j <= i; j++)                                                        \
                *products++ += dot(weighted, block + j * LANES_BLOCK);                             \
        }                                                                                          \
    }

#define DEFINE_EXP(name, target)                                                                   \
    target static void name(double *values, size_t count) {                                        \
        for (size_t i = 0; i < count; i += 4)                                                      \
            four_exp(&AT(values, i), &PUT(values, i));                                             \
    }

#define DEFINE_ALL(suffix, target)                                                                 \
    DEFINE_DISTANCES(distances##suffix, target)                                                    \
    DEFINE_SQUARES(squares##suffix, target)                                                        \
    DEFINE_DOT(dot##suffix, target)                                                                \
    DEFINE_MOMENTS(moments##suffix, dot##suffix, target)                                           \
    DEFINE_EXP(exp##suffix, target)

// Written through a vector: NOLINTNEXTLINE(readability-non-const-parameter)
DEFINE_ALL(_plain, )

#ifdef __x86_64__
// Likewise: NOLINTNEXTLINE(readability-non-const-parameter)
DEFINE_ALL(_avx2, __attribute__((target("avx2"))))
#define CHOOSE(function, ...)                                                                      \
    (__builtin_cpu_supports("avx2") ? function##_avx2(__VA_ARGS__) : function##_plain(__VA_ARGS__))
#else
#define CHOOSE(function, ...) function##_plain(__VA_ARGS__)
#endif

void lanes_distances(const double *point, const double *others, size_t dimensions, size_t count,
                     double *ret_squares) {
    CHOOSE(distances, point, others, dimensions, count, ret_squares);
}

void lanes_squares(const double *block, const double *factor, size_t dimensions,
                   double *ret_squares) {
    CHOOSE(squares, block, factor, dimensions, ret_squares);
}

void lanes_moments(const double *weights, const double *block, size_t dimensions, double *sums) {
    CHOOSE(moments, weights, block, dimensions, sums);
}

void lanes_exp(double *values, size_t count) {
    CHOOSE(exp, values, count);
}
