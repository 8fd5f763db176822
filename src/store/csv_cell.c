// SPDX-License-Identifier: Apache-2.0
#include "store/csv_cell.h"

static void add_quoted(struct buffer *out, struct text cell, const char *before) {
    buffer_add_char(out, '"');
    buffer_add_string(out, before);
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, cell.data[i]);
    }
    buffer_add_char(out, '"');
}

static bool must_be_quoted(struct text cell) {
    return cell.size == 0 || text_contains(cell, ',') || text_contains(cell, '"') ||
           text_contains(cell, '\n') || text_contains(cell, '\r');
}

void csv_add_cell(struct buffer *out, struct text cell) {
    if (must_be_quoted(cell))
        add_quoted(out, cell, "");
    else
        buffer_add_text(out, cell);
}

// A sign, digits, and digits behind a point.
static bool is_plain_number(struct text cell) {
    size_t i = cell.size > 0 && (cell.data[0] == '-' || cell.data[0] == '+'), digits = 0;
    bool point = false;

    for (; i < cell.size; i++) {
        if (cell.data[i] >= '0' && cell.data[i] <= '9')
            digits++;
        else if (cell.data[i] == '.' && !point && digits > 0)
            point = true;
        else
            return false;
    }
    return digits > 0;
}

void csv_add_safe_cell(struct buffer *out, struct text cell) {
    static const char dangerous[] = {'=', '+', '-', '@', '\t', '\r', '\0'};

    if (cell.size == 0 || !memchr(dangerous, cell.data[0], sizeof(dangerous)) ||
        is_plain_number(cell)) {
        csv_add_cell(out, cell);
        return;
    }
    if (must_be_quoted(cell)) {
        add_quoted(out, cell, "'");
        return;
    }
    buffer_add_char(out, '\'');
    buffer_add_text(out, cell);
}
