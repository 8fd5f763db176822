// SPDX-License-Identifier: Apache-2.0
// The steps by which source_sniff finds out what a file is. Private to this folder.
#pragma once

#include "plug/source/source.h"

enum {
    SNIFF_BYTES = 256 << 10, // of the inflated file
    SNIFF_RECORDS = 1000,    // of the sample
};

// Part of a file from its beginning. Lives as long as the scope.
struct sample {
    const char *path;
    struct text text; // ends with a line end, or is_whole
    bool is_whole;    // the file has nothing more
};

// ---- sniff_encoding.c: bytes ----

// Fails with INVALID for what is no text: archives, workbooks, pictures.
code sniff_refuse_binary(struct scope *scope, const struct sample *sample);
enum source_encoding sniff_encoding(const struct sample *sample);

// ---- sniff_layout.c: the delimiter and the quote mark ----

// Records of equal fields; rows[0] may be the header. Lives as long as the scope.
struct table {
    struct text **rows; // row i has counts[i] fields
    size_t *counts;
    size_t row_count;
    size_t column_count;    // of most rows
    size_t first_count;     // fields of the first row, also past the limit; CSV only
    struct text first_line; // fixed width only
};

struct table sniff_table(struct scope *scope, const struct sample *sample,
                         const struct source_dialect *dialect);

// Fill format (CSV or fixed width), delimiter and quote where they are open.
code sniff_layout(struct scope *scope, const struct sample *sample, struct source_dialect *dialect);

// ---- sniff_fixed_width.c ----

// The columns that blank places divide all lines into; false when there are none. Names are left
// empty. *ret_has_odd_first: all lines but the first, a header with as many words as columns.
bool sniff_fixed_width(struct scope *scope, const struct sample *sample,
                       struct source_column **ret_columns, size_t *ret_count,
                       bool *ret_has_odd_first);

// ---- sniff_header.c: names ----

bool sniff_is_number_like(struct text cell); // a number, an amount, a date, a time
bool sniff_has_header(const struct table *table);
// Names from cells (NULL: none): trimmed, unique, "col1" … where there is none.
struct source_column *sniff_name_columns(struct scope *scope, const struct text *cells,
                                         size_t cell_count, size_t column_count);
