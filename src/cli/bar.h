// SPDX-License-Identifier: Apache-2.0
// A receiver of progress for people: a bar on a terminal, otherwise a line every few seconds. Quick
// work shows nothing.
#pragma once

#include "base/progress.h"

#include <stdio.h>

struct bar {
    struct progress progress; // first: the receiver is the bar
    FILE *out;
    bool is_terminal;
    bool is_drawn; // a bar stands on the last line
    char stage[64];
    int64_t stage_begin_us;   // monotonic
    int64_t stage_begin_done; // work taken up again does not begin at 0
    int64_t drawn_at_us;
};

// With a NULL `out` it drops everything.
void bar_init(struct bar *bar, FILE *out, bool is_terminal);
// Take the bar off the screen, before something else is written. It comes back with the next
// report.
void bar_clear(struct bar *bar);

// How far a stage is, for the text of it.
struct bar_state {
    const char *stage;
    const char *unit;
    int64_t done;
    int64_t total; // 0: not known
    int64_t begin_done;
    int64_t elapsed_us; // since begin_done
};

// "import  62%  335,812 of 541,909 rows  71,234/s  3 s left"; with a drawn bar when width > 0, no
// wider than that many columns.
void bar_format(struct buffer *out, const struct bar_state *state, int width);
