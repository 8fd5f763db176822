// SPDX-License-Identifier: Apache-2.0
// A dashboard on paper: its numbers as they stand now, drawn as a PDF for printing and archives or
// as one PNG for an e-mail. Reading and drawing are apart: a sheet is plain data, so drawing needs
// no database, and the same sheet gives the same picture.
#pragma once

#include "base/scope.h"

enum sheet_format { SHEET_PDF, SHEET_PNG };
extern const char *const sheet_format_names[]; // "pdf", "png"; ends with NULL

enum sheet_shape {
    SHEET_FIGURE,  // one value, how it changed, how far it is
    SHEET_COLUMNS, // values over time, upright
    SHEET_LINE,    // values over time, with what is expected of the periods ahead
    SHEET_BARS,    // values by name, lying; may be below 0
    SHEET_TABLE,
    SHEET_WORDS, // of people, or why a tile cannot be told
    SHEET_SHAPES
};

// A value and the range that it lies in; NAN where there is none.
struct sheet_point {
    struct text label; // "2011-03", "Main street"
    double value, low, high;
    bool is_ahead; // expected, not seen
};

enum { SHEET_COLUMNS_MOST = 8, SHEET_ROWS_MOST = 20, SHEET_POINTS_MOST = 120 };

struct sheet_tile {
    enum sheet_shape shape;
    int width; // quarters of the page, 1 to 4
    struct text title;
    struct text value, note; // of a figure
    int trend;               // of the note: 1 up, −1 down, 0 neither
    double progress;         // towards the target, 1: reached; NAN: there is none
    struct sheet_point *points;
    size_t point_count;
    struct text unit;   // of points
    struct text *heads; // of a table
    struct text *cells; // row by row
    bool is_number[SHEET_COLUMNS_MOST];
    size_t column_count, row_count;
    size_t left_out; // rows or points past the most
    struct text words;
};

struct sheet {
    struct text name, description;
    struct text days; // which, and beside which: one sentence
    struct text made; // when
    struct sheet_tile *tiles;
    size_t tile_count;
};

// The dashboard's numbers of now. A tile that cannot be told says why, in the place of its numbers,
// and leaves the others alone. Segments are shown to those who may read them. NOT_FOUND,
// UNAVAILABLE, CANCELLED.
code sheet_read(struct scope *scope, struct text dashboard, struct sheet *ret_sheet);

// Appended to `out`. A PDF has pages of A4 paper; a PNG is as long as it must be. Same sheet, same
// bytes on the same machine. UNAVAILABLE when no font is installed or memory is out.
code sheet_draw(struct scope *scope, const struct sheet *sheet, enum sheet_format format,
                struct buffer *out);

// "12,345" with two decimals below a thousand; "1.2M" for axes. In the arena.
struct text sheet_number(struct arena *arena, double value);
struct text sheet_short_number(struct arena *arena, double value);
