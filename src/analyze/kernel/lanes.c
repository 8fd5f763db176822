// SPDX-License-Identifier: Apache-2.0
// Each loop is written once, with vectors of four, and compiled for two kinds of processor. FMA
// would be faster still and give other digits than a processor without it.
#include "analyze/kernel/lanes.h"

#include <stdint.h>
#include <string.h>

typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t four_bits __attribute__((vector_size(32), aligned(8), may_alias));

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

// e^x = 2^n e^r with |r| ≤ ln 2 / 2: the series to the 13th power is exact to the last place. 2^n
// is made of the bits of n + 1.5 · 2^52, in which n stands at the end.
#define DEFINE_EXP(name, target)                                                                   \
    target static void name(double *values, size_t count) {                                        \
        for (size_t i = 0; i < count; i += 4) {                                                    \
            const four given = AT(values, i);                                                      \
            const four_bits is_low = given < -700.0;                                               \
            const four x = (four)((four_bits)given & ~is_low);                                     \
            const four shifted = x * 1.4426950408889634 + 0x1.8p52;                                \
            const four n = shifted - 0x1.8p52;                                                     \
            const four r = x - n * 0x1.62e42fee00000p-1 - n * 0x1.a39ef35793c76p-33;               \
            const four_bits power = ((four_bits)shifted << 52) + 0x3ff0000000000000;               \
            four sum = r * (1.0 / 6227020800) + 1.0 / 479001600;                                   \
                                                                                                   \
            sum = sum * r + 1.0 / 39916800;                                                        \
            sum = sum * r + 1.0 / 3628800;                                                         \
            sum = sum * r + 1.0 / 362880;                                                          \
            sum = sum * r + 1.0 / 40320;                                                           \
            sum = sum * r + 1.0 / 5040;                                                            \
            sum = sum * r + 1.0 / 720;                                                             \
            sum = sum * r + 1.0 / 120;                                                             \
            sum = sum * r + 1.0 / 24;                                                              \
            sum = sum * r + 1.0 / 6;                                                               \
            sum = sum * r + 0.5;                                                                   \
            sum = sum * r + 1;                                                                     \
            sum = sum * r + 1;                                                                     \
            PUT(values, i) = (four)((four_bits)(sum * (four)power) & ~is_low);                     \
        }                                                                                          \
    }

#define DEFINE_ALL(suffix, target)                                                                 \
    DEFINE_DISTANCES(distances##suffix, target)                                                    \
    DEFINE_SQUARES(squares##suffix, target)                                                        \
    DEFINE_DOT(dot##suffix, target)                                                                \
    DEFINE_MOMENTS(moments##suffix, dot##suffix, target)                                           \
    DEFINE_EXP(exp##suffix, target)

DEFINE_ALL(_plain, )

#ifdef __x86_64__
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
