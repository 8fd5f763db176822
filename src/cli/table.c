// SPDX-License-Identifier: Apache-2.0
// The tables of an answer: their columns, and CSV. How they are laid out for people: grid.c.
#include "cli/output.h"

#include <math.h>

enum { MOST_DECIMALS = 4 }; // of plain numbers; money and quantities show all of their six

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
