// SPDX-License-Identifier: Apache-2.0
// The tables of an answer: aligned for people, or as CSV.
#include "cli/output.h"

#include <math.h>

enum {
    MOST_DECIMALS = 4, // of plain numbers; money and quantities show all of their six
    WIDEST_TEXT_ON_TERMINAL = 60,
};

bool output_is_table(const struct json *json) {
    const struct json *columns = json_member(json, "columns");
    const struct json *rows = json_member(json, "rows");

    return columns && columns->type == JSON_ARRAY && rows && rows->type == JSON_ARRAY;
}

static struct text member_text(const struct json *object, const char *key) {
    const struct json *member = json_member(object, key);

    return member && member->type == JSON_STRING ? member->string : (struct text){0};
}

// How many decimals the value has, up to `most`.
static int decimals_of(double value, int most) {
    char digits[64];
    size_t size;

    if (fabs(value) >= 1e15)
        return 0;
    snprintf(digits, sizeof(digits), "%.*f", most, value);
    size = strlen(digits);
    while (most > 0 && digits[size - 1] == '0') {
        size--;
        most--;
    }
    return most;
}

static int wanted_decimals(enum column_type type, double value) {
    switch (type) {
    case COLUMN_MONEY:
    case COLUMN_QUANTITY:
        return decimals_of(value, 6);
    case COLUMN_NUMBER:
        return decimals_of(value, MOST_DECIMALS);
    case COLUMN_RATE:
        return decimals_of(value, 2);
    case COLUMN_SHARE:
        return value != 0 && fabs(value) < 0.001 ? 2 : 1;
    case COLUMN_INTEGER:
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_DAY:
    case COLUMN_INSTANT:
    case COLUMN_BOOL:
    case COLUMN_TYPE_COUNT:
        return 0;
    }
    return 0;
}

// All numbers of a column are shown with the decimals of the one that has most, so that they line
// up.
static void find_decimals(struct output_column *columns, size_t count, const struct json *rows) {
    for (size_t i = 0; i < count; i++)
        columns[i].decimals = columns[i].type == COLUMN_MONEY ? 2 : 0;
    for (const struct json *row = rows->first; row; row = row->next) {
        size_t i = 0;

        for (const struct json *cell = row->first; cell && i < count; cell = cell->next, i++) {
            const int decimals = cell->type == JSON_DOUBLE
                                     ? wanted_decimals(columns[i].type, cell->number)
                                 : columns[i].type == COLUMN_SHARE ? 1
                                                                   : 0;

            if (decimals > columns[i].decimals)
                columns[i].decimals = decimals;
        }
    }
}

struct output_column *output_columns(struct scope *scope, const struct json *table,
                                     size_t *ret_count) {
    const struct json *list = json_member(table, "columns");
    struct output_column *columns = arena_array(&scope->arena, list->count, sizeof(*columns));
    size_t count = 0;

    for (const struct json *item = list->first; item; item = item->next) {
        struct output_column *column = &columns[count++];

        column->name = member_text(item, "name");
        column->label = member_text(item, "label");
        column->unit = member_text(item, "unit");
        if (column->label.size == 0)
            column->label = column->name;
        if (!column_type_parse(member_text(item, "type"), &column->type))
            column->type = COLUMN_TEXT;
    }
    find_decimals(columns, count, json_member(table, "rows"));
    *ret_count = count;
    return columns;
}

// The text cut to a width, the last place being an ellipsis.
static void add_cut(struct buffer *out, struct text text, size_t width) {
    size_t size = 0;

    if (output_width(text) <= width) {
        buffer_add_text(out, text);
        return;
    }
    while (size < text.size) {
        size_t next = size + 1;

        while (next < text.size && (text.data[next] & 0xC0) == 0x80)
            next++;
        if (output_width((struct text){.data = text.data, .size = next}) > width - 1)
            break;
        size = next;
    }
    buffer_add(out, text.data, size);
    buffer_add_string(out, "…");
}

// A grid of finished cells, header first.
struct grid {
    struct text *cells;
    size_t *widths;
    size_t column_count, row_count;
};

static struct text finish_cell(struct scope *scope, const struct cli *cli,
                               const struct buffer *content, const struct output_column *column) {
    struct buffer cut = {0};
    struct text cell;

    if (cli->out_is_terminal && !column_is_right_aligned(column->type))
        add_cut(&cut, buffer_text(content), WIDEST_TEXT_ON_TERMINAL);
    else
        buffer_add_text(&cut, buffer_text(content));
    cell = text_copy(&scope->arena, buffer_text(&cut));
    buffer_clear(&cut);
    return cell;
}

static struct grid make_grid(struct scope *scope, const struct cli *cli, const struct json *table,
                             const struct output_column *columns, size_t column_count) {
    const struct json *rows = json_member(table, "rows");
    struct grid grid = {.column_count = column_count, .row_count = rows->count + 1};
    struct buffer content = {0};
    struct text *cell;

    grid.cells = arena_array(&scope->arena, grid.row_count * column_count, sizeof(*grid.cells));
    grid.widths = arena_array(&scope->arena, column_count, sizeof(*grid.widths));
    cell = grid.cells;
    for (size_t i = 0; i < column_count; i++) {
        content.size = 0;
        output_safe_text(&content, columns[i].label);
        if (columns[i].unit.size > 0) {
            buffer_add_string(&content, " (");
            output_safe_text(&content, columns[i].unit);
            buffer_add_char(&content, ')');
        }
        *cell++ = text_copy(&scope->arena, buffer_text(&content));
    }
    for (const struct json *row = rows->first; row; row = row->next) {
        const struct json *value = row->first;

        for (size_t i = 0; i < column_count; i++, value = value ? value->next : NULL) {
            content.size = 0;
            if (value)
                output_cell(&content, &columns[i], value);
            *cell++ = finish_cell(scope, cli, &content, &columns[i]);
        }
    }
    buffer_clear(&content);
    for (size_t i = 0; i < grid.row_count * column_count; i++) {
        const size_t width = output_width(grid.cells[i]);

        if (width > grid.widths[i % column_count])
            grid.widths[i % column_count] = width;
    }
    return grid;
}

static void add_repeated(struct buffer *out, char byte, size_t count) {
    memset(buffer_reserve(out, count + 1), byte, count);
    out->size += count;
}

static void add_row(struct buffer *out, const struct grid *grid,
                    const struct output_column *columns, size_t row) {
    for (size_t i = 0; i < grid->column_count; i++) {
        const struct text cell = grid->cells[row * grid->column_count + i];
        const size_t blanks = grid->widths[i] - output_width(cell);
        const bool right = column_is_right_aligned(columns[i].type);

        if (i > 0)
            buffer_add_string(out, "  ");
        if (right)
            add_repeated(out, ' ', blanks);
        buffer_add_text(out, cell);
        if (!right)
            add_repeated(out, ' ', blanks);
    }
    while (out->size > 0 && out->data[out->size - 1] == ' ')
        out->size--;
}

void output_table(struct scope *scope, const struct cli *cli, const struct json *table,
                  struct buffer *out) {
    size_t column_count;
    const struct output_column *columns = output_columns(scope, table, &column_count);
    const struct grid grid = make_grid(scope, cli, table, columns, column_count);

    if (column_count == 0)
        return;
    if (cli->colour)
        buffer_add_string(out, "\x1b[1m");
    add_row(out, &grid, columns, 0);
    buffer_add_string(out, cli->colour ? "\x1b[0m\n" : "\n");
    for (size_t i = 0; i < column_count; i++) {
        if (i > 0)
            buffer_add_string(out, "  ");
        add_repeated(out, '-', grid.widths[i]);
    }
    buffer_add_char(out, '\n');
    for (size_t row = 1; row < grid.row_count; row++) {
        add_row(out, &grid, columns, row);
        buffer_add_char(out, '\n');
    }
    if (grid.row_count == 1)
        buffer_add_string(out, "(no rows)\n");
}

void output_csv(struct scope *scope, const struct json *table, struct buffer *out) {
    size_t column_count;
    const struct output_column *columns = output_columns(scope, table, &column_count);

    for (size_t i = 0; i < column_count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        output_csv_text(out, columns[i].name);
    }
    buffer_add_string(out, "\r\n");
    for (const struct json *row = json_member(table, "rows")->first; row; row = row->next) {
        for (const struct json *cell = row->first; cell; cell = cell->next) {
            if (cell != row->first)
                buffer_add_char(out, ',');
            output_csv_cell(out, cell);
        }
        buffer_add_string(out, "\r\n");
    }
}
