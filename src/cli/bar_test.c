// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "cli/bar.h"
#include "cli/output.h"

#include <stdlib.h>

static void check(const struct bar_state *state, int width, const char *expected) {
    struct buffer line = {0};

    bar_format(&line, state, width);
    CHECK_TEXT(buffer_text(&line), expected);
    buffer_clear(&line);
}

TEST(a_bar_tells_share_speed_and_time_left) {
    const struct bar_state rows = {.stage = "import",
                                   .unit = "rows",
                                   .done = 300000,
                                   .total = 541909,
                                   .begin_done = 100000,
                                   .elapsed_us = 4000000};
    const struct bar_state bytes = {
        .stage = "read", .unit = "bytes", .done = 12345678, .elapsed_us = 1000000};
    const struct bar_state slow = {
        .stage = "x", .unit = "rows", .done = 1, .total = 8000, .elapsed_us = 1000000};

    // 200,000 rows in 4 s: 50,000/s; 241,909 to go: 4.8 s.
    check(&rows, 0, "import  55%  300,000 of 541,909 rows  50,000/s  5 s left");
    check(&rows, 100,
          "import  █████████████░░░░░░░░░░░  55%  300,000 of 541,909 rows  50,000/s  5 s left");
    check(&rows, 40, "import  55%  300,000 of 541,909 rows");
    check(&bytes, 0, "read  12.3 MB  12.3 MB/s");
    check(&slow, 0, "x  0%  1 of 8,000 rows  1/s  2 h 13 min left");
}

TEST(a_bar_that_is_past_its_end_or_just_begun_says_nothing_odd) {
    const struct bar_state past = {
        .stage = "x", .unit = "rows", .done = 12, .total = 10, .elapsed_us = 1000000};
    const struct bar_state begun = {.stage = "x", .unit = "rows", .total = 10};

    check(&past, 0, "x  100%  12 of 10 rows  12/s");
    check(&begun, 0, "x  0%  0 of 10 rows");
}

TEST(quick_work_shows_no_bar_and_notes_are_lines) {
    struct bar bar;
    char *shown;
    size_t size;
    FILE *out = open_memstream(&shown, &size);

    bar_init(&bar, out, true);
    for (int i = 0; i < 100; i++)
        progress_report(&bar.progress, "import", i, 100, "rows");
    fflush(out);
    CHECK_INT((int64_t)size, 0);
    progress_note(&bar.progress, "%d rows are odd", 3);
    fclose(out);
    CHECK_STRING(shown, "tessera: 3 rows are odd\n");
    free(shown);
}
