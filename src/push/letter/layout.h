// SPDX-License-Identifier: Apache-2.0
// Where things stand on the paper so that the address shows in the window of the envelope. All
// lengths in millimetres from the upper left corner of the sheet.
#pragma once

#include "base/text.h"

enum letter_format { LETTER_DIN_A, LETTER_DIN_B, LETTER_US, LETTER_FORMAT_COUNT };
extern const char *const letter_format_names[]; // "din5008_a", …; ends with NULL

struct area {
    double left, top, width, height;
};

struct letter_layout {
    double width, height; // of the sheet
    const char *envelope; // what it is folded for
    struct area head;     // the letterhead
    struct area window;   // what of the sheet shows, wherever in the envelope it lies
    struct area address;  // the lines; within the window
    double raised_top;    // of an address that has more lines than `address` is meant for
    int usual_lines;      // for which it is meant
    struct area sender;   // the line above the address
    struct area date;
    double fold[2], hole;           // marks at the left edge; hole 0: none
    double body_top, body_left;     // of the first page
    double body_right, body_bottom; // margins
    double follow_top;              // of the pages behind it
};

const struct letter_layout *letter_layout(enum letter_format format);
