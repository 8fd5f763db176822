// SPDX-License-Identifier: Apache-2.0
// A table laid out for people: cells aligned, and on a terminal that is too narrow texts broken
// into several lines of their column. Nothing is cut off.
#include "cli/output.h"

enum { NARROWEST_COLUMN = 12, GAP = 2 };

// Finished cells, header first.
struct grid {
    struct text *cells;
    size_t *widths;
    const struct output_column *columns;
    size_t column_count, row_count;
};

static void add_header(struct buffer *out, const struct output_column *column) {
    output_safe_text(out, column->label);
    if (column->unit.size == 0)
        return;
    buffer_add_string(out, " (");
    output_safe_text(out, column->unit);
    buffer_add_char(out, ')');
}

static void fill(struct scope *scope, struct grid *grid, const struct json *rows) {
    struct buffer content = {0};
    struct text *cell = grid->cells;

    for (size_t i = 0; i < grid->column_count; i++) {
        content.size = 0;
        add_header(&content, &grid->columns[i]);
        *cell++ = text_copy(&scope->arena, buffer_text(&content));
    }
    for (const struct json *row = rows->first; row; row = row->next) {
        const struct json *value = row->first;

        for (size_t i = 0; i < grid->column_count; i++, value = value ? value->next : NULL) {
            content.size = 0;
            if (value)
                output_cell(&content, &grid->columns[i], value);
            *cell++ = text_copy(&scope->arena, buffer_text(&content));
        }
    }
    buffer_clear(&content);
}

static void measure(struct grid *grid) {
    for (size_t i = 0; i < grid->row_count * grid->column_count; i++) {
        const size_t width = output_width(grid->cells[i]);

        if (width > grid->widths[i % grid->column_count])
            grid->widths[i % grid->column_count] = width;
    }
}

// Takes room from the widest column of text, again and again, until the table fits or all are
// narrow.
static void squeeze(struct grid *grid, size_t room) {
    for (;;) {
        size_t total = (grid->column_count - 1) * GAP;
        size_t *widest = NULL;

        for (size_t i = 0; i < grid->column_count; i++) {
            total += grid->widths[i];
            if (!column_is_right_aligned(grid->columns[i].type) &&
                grid->widths[i] > NARROWEST_COLUMN && (!widest || grid->widths[i] > *widest))
                widest = &grid->widths[i];
        }
        if (total <= room || !widest)
            return;
        --*widest;
    }
}

// The bytes of the text's first line in a column: broken at a blank, or within a word that is
// wider.
static size_t line_size(struct text text, size_t width) {
    size_t size = 0, blank = 0;

    if (output_width(text) <= width)
        return text.size;
    while (size < text.size) {
        size_t next = size + 1;

        while (next < text.size && ((unsigned char)text.data[next] & 0xC0) == 0x80)
            next++;
        if (output_width((struct text){.data = text.data, .size = next}) > width)
            break;
        size = next;
        if (size < text.size && text.data[size] == ' ')
            blank = size;
    }
    return blank > 0 ? blank : size;
}

static struct text take_line(struct text *rest, size_t width) {
    const size_t size = line_size(*rest, width);
    const struct text line = {.data = rest->data, .size = size};

    rest->data += size;
    rest->size -= size;
    while (rest->size > 0 && rest->data[0] == ' ') {
        rest->data++;
        rest->size--;
    }
    return line;
}

static void add_repeated(struct buffer *out, char byte, size_t count) {
    memset(buffer_reserve(out, count + 1), byte, count);
    out->size += count;
}

// One line of a row; what does not fit stays in `rest`. True when something does.
static bool add_line(struct buffer *out, const struct grid *grid, struct text *rest) {
    bool more = false;

    for (size_t i = 0; i < grid->column_count; i++) {
        const bool right = column_is_right_aligned(grid->columns[i].type);
        const struct text line = right ? rest[i] : take_line(&rest[i], grid->widths[i]);
        const size_t blanks = grid->widths[i] - output_width(line);

        if (i > 0)
            add_repeated(out, ' ', GAP);
        if (right)
            add_repeated(out, ' ', blanks);
        buffer_add_text(out, line);
        if (!right)
            add_repeated(out, ' ', blanks);
        if (right)
            rest[i] = (struct text){0};
        more = more || rest[i].size > 0;
    }
    while (out->size > 0 && out->data[out->size - 1] == ' ')
        out->size--;
    return more;
}

static void add_rule(struct buffer *out, const struct grid *grid) {
    for (size_t i = 0; i < grid->column_count; i++) {
        if (i > 0)
            add_repeated(out, ' ', GAP);
        add_repeated(out, '-', grid->widths[i]);
    }
    buffer_add_char(out, '\n');
}

void output_table(struct scope *scope, const struct cli *cli, const struct json *table,
                  struct buffer *out) {
    const struct json *rows = json_member(table, "rows");
    struct grid grid = {.row_count = rows->count + 1};
    struct text *row;

    grid.columns = output_columns(scope, table, &grid.column_count);
    if (grid.column_count == 0)
        return;
    grid.cells =
        arena_array(&scope->arena, grid.row_count * grid.column_count, sizeof(*grid.cells));
    grid.widths = arena_array(&scope->arena, grid.column_count, sizeof(*grid.widths));
    fill(scope, &grid, rows);
    measure(&grid);
    if (cli->out_width > 0)
        squeeze(&grid, (size_t)cli->out_width);
    row = grid.cells;
    for (size_t i = 0; i < grid.row_count; i++, row += grid.column_count) {
        bool more = true;

        while (more) {
            if (i == 0 && cli->colour)
                buffer_add_string(out, "\x1b[1m");
            more = add_line(out, &grid, row);
            if (i == 0 && cli->colour)
                buffer_add_string(out, "\x1b[0m");
            buffer_add_char(out, '\n');
        }
        if (i == 0)
            add_rule(out, &grid);
    }
    if (grid.row_count == 1)
        buffer_add_string(out, "(no rows)\n");
}
