// SPDX-License-Identifier: Apache-2.0
// Delimited text, RFC 4180 and what is delivered under its name: any delimiter and quote mark, LF,
// CR LF and CR, quoted line ends, doubled quotes, ragged rows, stray quotes. Private to this
// folder.
#pragma once

#include "plug/source/fault.h"
#include "plug/source/scan.h"
#include "plug/source/window.h"

struct csv {
    struct window *window;
    struct scan scan;      // over the window, behind what was taken
    char delimiter;        // ' ': a run of blanks, also at the ends of the line
    int quote;             // as unsigned char, or CSV_QUOTE_NONE
    size_t column_count;   // of each record; 0: not checked
    bool has_header;       // for the wording of faults
    bool is_transcoded;    // U+FFFD in a record is then a byte that could not be decoded
    struct text *fields;   // heap, LIMIT_RECORD_FIELDS
    size_t field_count;    // may be more than were kept
    struct buffer scratch; // fields whose doubled quotes were made single
    int64_t row;           // of the record read last
    char fault[FAULT_BYTES];
};

enum { CSV_QUOTE_NONE = -1 };

// Reads what is in the window, which the caller keeps and leaves alone from the first record on.
void csv_open(struct csv *csv, struct window *window, char delimiter, char quote);
void csv_clear(struct csv *csv);

// The next record that is not a blank line; as source_next.
code csv_next(struct scope *scope, struct csv *csv, struct record *ret_record, bool *ret_end);
// The same without looking at the fields: for skipping.
code csv_pass(struct scope *scope, struct csv *csv, bool *ret_end);

// Spreadsheets may write a first line "sep=;" that names the delimiter: take it from the window.
// Without such a line nothing happens.
code csv_take_separator_line(struct scope *scope, struct window *window, char *ret_delimiter);
