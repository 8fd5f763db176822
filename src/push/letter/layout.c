// SPDX-License-Identifier: Apache-2.0
// DIN 5008:2020, annex: the address field is 85 × 45 mm and begins 20 mm from the left and 27 (form
// A) or 45 mm (form B) from the top: 17.7 mm for the sender's line and remarks, 27.3 mm for six
// lines of address; text stands 5 mm within. Folds at 87 and 192 (A) or 105 and 210 mm (B), the
// hole mark at 148.5 mm. The window of envelopes for it (DIN 680) is 90 × 45 mm.
//
// The No. 10 envelope is 4 1/8 × 9 1/2 in; its standard window is 1 1/8 × 4 1/2 in, 7/8 in from the
// left and 1/2 in from the bottom (as envelope makers state it). A Letter sheet of which the first
// 3 7/8 in are folded has 1/4 in of play in it upwards and 1 in sideways; what shows wherever it
// lies is 2 1/2 to 3 3/8 in from the top and 7/8 to 4 3/8 in from the left. The address keeps 1/16
// in from that above and below and 1/8 in at the sides. What may show at all is 2 1/4 to 3 5/8 in
// from the top: nothing else stands there.
#include "push/letter/layout.h"

#define INCH 25.4

const char *const letter_format_names[] = {
    [LETTER_DIN_A] = "din5008_a",
    [LETTER_DIN_B] = "din5008_b",
    [LETTER_US] = "us_10",
    [LETTER_FORMAT_COUNT] = NULL,
};

const struct letter_layout *letter_layout(enum letter_format format) {
    static const struct letter_layout layouts[LETTER_FORMAT_COUNT] = {
        [LETTER_DIN_A] = {.width = 210,
                          .height = 297,
                          .envelope = "DIN long (DL), window at the left",
                          .head = {25, 8, 165, 18},
                          .window = {20, 27, 85, 45},
                          .address = {25, 44.7, 78, 27.3},
                          .raised_top = 36.2,
                          .usual_lines = 6,
                          .sender = {25, 28.5, 78, 4},
                          .date = {125, 32, 65, 40},
                          .fold = {87, 192},
                          .hole = 148.5,
                          .body_top = 80.46,
                          .body_left = 25,
                          .body_right = 20,
                          .body_bottom = 25,
                          .follow_top = 25},
        [LETTER_DIN_B] = {.width = 210,
                          .height = 297,
                          .envelope = "DIN long (DL), window at the left",
                          .head = {25, 10, 165, 30},
                          .window = {20, 45, 85, 45},
                          .address = {25, 62.7, 78, 27.3},
                          .raised_top = 54.2,
                          .usual_lines = 6,
                          .sender = {25, 46.5, 78, 4},
                          .date = {125, 50, 65, 40},
                          .fold = {105, 210},
                          .hole = 148.5,
                          .body_top = 98.46,
                          .body_left = 25,
                          .body_right = 20,
                          .body_bottom = 25,
                          .follow_top = 25},
        [LETTER_US] = {.width = 8.5 * INCH,
                       .height = 11 * INCH,
                       .envelope = "No. 10, standard window",
                       .head = {1 * INCH, 0.4 * INCH, 6.5 * INCH, 1.25 * INCH},
                       .window = {0.875 * INCH, 2.5 * INCH, 3.5 * INCH, 0.875 * INCH},
                       .address = {1 * INCH, 2.5625 * INCH, 3.25 * INCH, 0.75 * INCH},
                       .raised_top = 2.5625 * INCH,
                       .usual_lines = 5,
                       .sender = {1 * INCH, 1.9 * INCH, 4 * INCH, 0.2 * INCH},
                       .date = {5.5 * INCH, 2.5625 * INCH, 2 * INCH, 0.75 * INCH},
                       .fold = {3.875 * INCH, 7.4375 * INCH},
                       .body_top = 4.1 * INCH,
                       .body_left = 1 * INCH,
                       .body_right = 1 * INCH,
                       .body_bottom = 1 * INCH,
                       .follow_top = 1 * INCH},
    };

    return &layouts[format];
}
