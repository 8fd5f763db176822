// SPDX-License-Identifier: Apache-2.0
// Who is held out, who is in the test, and which arm somebody gets: a keyed hash of the customer,
// so that the same campaign draws the same again, and two campaigns draw independently. Pure.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct draw {
    int64_t key;
    int32_t hold_out_bp;
    int32_t test_bp; // of those who are not held out
    const int32_t *shares;
    size_t arm_count; // at least 1, shares above 0
};

enum { DRAWN_HELD_OUT = -2, DRAWN_WAITS = -1 }; // for the winner; else an arm

int32_t draw_arm(const struct draw *draw, int64_t customer);
