// SPDX-License-Identifier: Apache-2.0
// Answers as text: for people (table), for spreadsheets and scripts (csv), as they are (json).
// Results go to cli->out, remarks and errors to cli->err.
#pragma once

#include "cli/cli.h"

// What is written to cli->out goes this way. UNAVAILABLE or STORAGE_FULL when it cannot be.
code output_write(struct scope *scope, struct cli *cli, const struct buffer *buffer);
// Writes what is buffered. Fails as output_write does.
code output_flush(struct scope *scope, struct cli *cli);

// Documents as the handler wrote them, with a newline.
code output_raw(struct scope *scope, struct cli *cli, struct text json);
// The scope's failure: "tessera: message", its detail and hint; one JSON object with --format json.
void output_failure(struct cli *cli, const struct failure *failure);
// "tessera: …" on cli->err, unless --quiet.
void output_notice(struct cli *cli, struct text notice);

// ---- the parts, for output.c and its tests ----

// One column of a table of an answer, as its header describes it.
struct output_column {
    struct text name;
    struct text label;
    struct text unit;
    enum column_type type;
    int decimals; // that its numbers are shown with
};

// The columns and rows of an answer's table; false when the value is no table.
bool output_is_table(const struct json *json);
// In the arena; *ret_count columns.
struct output_column *output_columns(struct scope *scope, const struct json *table,
                                     size_t *ret_count);

// A cell for people: thousands separators, two decimals of money, shares in percent, control
// characters replaced. A number in a column of text stays as it is.
void output_cell(struct buffer *out, const struct output_column *column, const struct json *cell);
// A value outside of a table.
void output_scalar(struct buffer *out, const struct json *value);
// RFC 4180. Text that a spreadsheet would take for a formula (= + - @ TAB CR first) gets an
// apostrophe in front, unless it is a number.
void output_csv_cell(struct buffer *out, const struct json *cell);
void output_csv_text(struct buffer *out, struct text text);
bool column_is_right_aligned(enum column_type type);

void output_table(struct scope *scope, const struct cli *cli, const struct json *table,
                  struct buffer *out);
void output_csv(struct scope *scope, const struct json *table, struct buffer *out);

// Text from outside without what a terminal would obey: control characters and direction overrides
// become U+FFFD, tabs and line ends blanks.
void output_safe_text(struct buffer *out, struct text text);
// Columns it takes on a terminal.
size_t output_width(struct text text);
