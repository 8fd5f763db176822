// SPDX-License-Identifier: Apache-2.0
// Functions of four numbers at once, for the inner loops of kernels (lanes.h, and kernels with
// loops of their own). They are inlined into code for any processor and give the same digits on
// each. Values go by address: how vectors are passed differs from processor to processor.
#pragma once

#include <stdint.h>

typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t four_bits __attribute__((vector_size(32), aligned(8), may_alias));

// e^x to about two units in the last place; 0 below −700. Not for values above 700.
//
// e^x = 2^n e^r with |r| ≤ ln 2 / 2: the series to the 13th power is exact to the last place. 2^n
// is made of the bits of n + 1.5 · 2^52, in which n stands at the end.
static inline __attribute__((always_inline)) void four_exp(const four *given, four *ret_exp) {
    const four_bits is_low = *given < -700.0;
    const four x = (four)((four_bits)*given & ~is_low);
    const four shifted = x * 1.4426950408889634 + 0x1.8p52;
    const four n = shifted - 0x1.8p52;
    const four r = x - n * 0x1.62e42fee00000p-1 - n * 0x1.a39ef35793c76p-33;
    const four_bits power = ((four_bits)shifted << 52) + 0x3ff0000000000000;
    four sum = r * (1.0 / 6227020800) + 1.0 / 479001600;

    sum = sum * r + 1.0 / 39916800;
    sum = sum * r + 1.0 / 3628800;
    sum = sum * r + 1.0 / 362880;
    sum = sum * r + 1.0 / 40320;
    sum = sum * r + 1.0 / 5040;
    sum = sum * r + 1.0 / 720;
    sum = sum * r + 1.0 / 120;
    sum = sum * r + 1.0 / 24;
    sum = sum * r + 1.0 / 6;
    sum = sum * r + 0.5;
    sum = sum * r + 1;
    sum = sum * r + 1;
    *ret_exp = (four)((four_bits)(sum * (four)power) & ~is_low);
}

// ln x of positive normal numbers, to about two units in the last place.
//
// x = 2^n m with √½ ≤ m < √2, which the bits of x less those of √½ tell apart; ln m = 2 artanh s
// for s = (m − 1)/(m + 1), |s| < 0.1716: the series to s^21 is exact to the last place.
static inline __attribute__((always_inline)) void four_log(const four *x, four *ret_log) {
    const int64_t half_root = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
    const four_bits bits = (four_bits)*x + (one - half_root);
    const four_bits exponent = (four_bits)((bits >> 52) + 0x4330000000000000);
    const four n = (four)exponent - (0x1p52 + 1023);
    const four m = (four)((bits & 0xfffffffffffff) + half_root);
    const four s = (m - 1) / (m + 1);
    const four z = s * s;
    four sum = z * (1.0 / 21) + 1.0 / 19;

    sum = sum * z + 1.0 / 17;
    sum = sum * z + 1.0 / 15;
    sum = sum * z + 1.0 / 13;
    sum = sum * z + 1.0 / 11;
    sum = sum * z + 1.0 / 9;
    sum = sum * z + 1.0 / 7;
    sum = sum * z + 1.0 / 5;
    sum = sum * z + 1.0 / 3;
    sum = sum * z * s * 2 + s * 2;
    *ret_log = n * 0x1.62e42fee00000p-1 + (sum + n * 0x1.a39ef35793c76p-33);
}
