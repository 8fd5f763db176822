// SPDX-License-Identifier: Apache-2.0
// Cells of CSV files (RFC 4180).
#pragma once

#include "base/text.h"

// Quoted where it must be, and when it is empty, so that it is told from no value.
void csv_add_cell(struct buffer *out, struct text cell);
// The same for files that people open in spreadsheets: a cell that one would run as a formula (it
// begins with = + - @, a tab, CR or NUL) begins with an apostrophe, unless it is a plain number.
void csv_add_safe_cell(struct buffer *out, struct text cell);
