// SPDX-License-Identifier: Apache-2.0
// Is the first record a header, and what are the columns called? A header's cell is a word where
// the column's cells are numbers or dates; where all are words, a header's are distinct and do not
// come again.
#include "base/limits.h"
#include "plug/source/sniff.h"

#include <stdlib.h>

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool has_digit(struct text cell) {
    for (size_t i = 0; i < cell.size; i++)
        if (is_digit(cell.data[i]))
            return true;
    return false;
}

// Signs of amounts, dates and times; ISO 8601's T and Z; the exponent's e; the bytes of € £ ¥ − and
// of the blanks that do not break.
static bool is_number_byte(char byte) {
    return is_digit(byte) ||
           (byte != '\0' &&
            strchr(" .,:-+/'%$()TZeE\xE2\x82\xAC\xC2\xA3\xA5\x88\x92\xA0\x80\xAF", byte));
}

bool sniff_is_number_like(struct text cell) {
    cell = text_trim(cell);
    if (!has_digit(cell) || cell.size > 40)
        return false;
    for (size_t i = 0; i < cell.size; i++)
        if (!is_number_byte(cell.data[i]))
            return false;
    return !strchr("TZeE", cell.data[0]);
}

static bool is_word(struct text cell) {
    cell = text_trim(cell);
    return cell.size > 0 && cell.size <= LIMIT_NAME_BYTES && !sniff_is_number_like(cell) &&
           !text_contains(cell, '@');
}

static const struct text *cell_at(const struct table *table, size_t row, size_t column) {
    return column < table->counts[row] && table->rows[row][column].size > 0
               ? &table->rows[row][column]
               : NULL;
}

// What speaks for (+1) or against (-1) a header in one column; 0: nothing.
static int vote(const struct table *table, size_t column) {
    const struct text *first = cell_at(table, 0, column);
    size_t filled = 0, numbers = 0, with_digit = 0;

    for (size_t row = 1; row < table->row_count; row++) {
        const struct text *cell = cell_at(table, row, column);

        if (!cell)
            continue;
        filled++;
        numbers += sniff_is_number_like(*cell);
        with_digit += has_digit(*cell) || text_contains(*cell, '@');
    }
    if (filled == 0 || !first)
        return 0;
    if (numbers * 10 >= filled * 9)
        return sniff_is_number_like(*first) ? -1 : 1;
    if (with_digit * 10 >= filled * 9 && is_word(*first) && !has_digit(*first))
        return 1;
    return 0;
}

static bool comes_again(const struct table *table, size_t column) {
    for (size_t row = 1; row < table->row_count; row++) {
        const struct text *cell = cell_at(table, row, column);

        if (cell && text_equal(text_trim(*cell), text_trim(table->rows[0][column])))
            return true;
    }
    return false;
}

static bool are_distinct_words(const struct table *table) {
    for (size_t i = 0; i < table->counts[0]; i++) {
        if (!is_word(table->rows[0][i]) || comes_again(table, i))
            return false;
        for (size_t j = 0; j < i; j++)
            if (text_equal_ascii_case(text_trim(table->rows[0][i]), text_trim(table->rows[0][j])))
                return false;
    }
    return table->counts[0] > 0;
}

bool sniff_has_header(const struct table *table) {
    int votes = 0;

    if (table->row_count == 0)
        return false;
    for (size_t column = 0; column < table->counts[0]; column++)
        votes += vote(table, column);
    return votes != 0 ? votes > 0 : are_distinct_words(table);
}

// ---- names ----

static int compare_columns(const void *a, const void *b) {
    return text_compare(((const struct source_column *)a)->name,
                        ((const struct source_column *)b)->name);
}

static bool is_taken(const struct source_column *columns, size_t count, struct text name) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(columns[i].name, name))
            return true;
    return false;
}

static bool has_duplicate(struct scope *scope, const struct source_column *columns, size_t count) {
    struct source_column *sorted = arena_copy(&scope->arena, columns, count * sizeof(*columns));

    if (count == 0)
        return false;
    qsort(sorted, count, sizeof(*sorted), compare_columns);
    for (size_t i = 1; i < count; i++)
        if (text_equal(sorted[i - 1].name, sorted[i].name))
            return true;
    return false;
}

static void make_unique(struct scope *scope, struct source_column *columns, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const struct text name = columns[i].name;

        for (int number = 2; is_taken(columns, i, columns[i].name); number++)
            columns[i].name = text_printf(&scope->arena, "%.*s_%d", TEXT_ARG(name), number);
    }
}

// Empty when it cannot be a name; cut when it is too long, between characters.
static struct text usable_name(struct text cell) {
    struct text name = text_trim(cell);

    if (!text_is_utf8(name) || text_contains(name, '\0'))
        return (struct text){0};
    if (name.size <= LIMIT_NAME_BYTES)
        return name;
    name.size = LIMIT_NAME_BYTES;
    while (name.size > 0 && !text_is_utf8(name))
        name.size--;
    return name;
}

struct source_column *sniff_name_columns(struct scope *scope, const struct text *cells,
                                         size_t cell_count, size_t column_count) {
    struct source_column *columns = arena_array(&scope->arena, column_count, sizeof(*columns));

    for (size_t i = 0; i < column_count; i++) {
        const struct text name = i < cell_count ? usable_name(cells[i]) : (struct text){0};

        columns[i].name = name.size > 0 ? text_copy(&scope->arena, name)
                                        : text_printf(&scope->arena, "col%zu", i + 1);
    }
    if (has_duplicate(scope, columns, column_count))
        make_unique(scope, columns, column_count);
    return columns;
}
