// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/experiment_file.h"

#include "plug/source/source.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct column {
    size_t place;
    struct buffer cells; // struct text, of the arena
    bool is_number;
    struct text levels[EXPERIMENT_LEVELS]; // in bytewise order, when it is none
    size_t level_count;
};

struct reading {
    const struct experiment_query *query;
    size_t treatment, response;
    struct buffer treated, responded; // a byte each
    struct column columns[EXPERIMENT_COLUMNS];
    int64_t left_out;
};

static void reading_clear(struct reading *reading) {
    buffer_clear(&reading->treated);
    buffer_clear(&reading->responded);
    for (size_t c = 0; c < EXPERIMENT_COLUMNS; c++)
        buffer_clear(&reading->columns[c].cells);
}

// ---- rows ----

static code find_column(struct scope *scope, const struct source *source, struct text name,
                        size_t *ret_place) {
    for (size_t i = 0; i < source_column_count(source); i++)
        if (text_equal_ascii_case(source_column_name(source, i), name)) {
            *ret_place = i;
            return OK;
        }
    return scope_fail(scope, INVALID, "the file has no column \"%.*s\"", TEXT_ARG(name));
}

static code find_columns(struct scope *scope, const struct source *source,
                         struct reading *reading) {
    const struct experiment_query *query = reading->query;

    TRY(find_column(scope, source, query->treatment, &reading->treatment));
    TRY(find_column(scope, source, query->response, &reading->response));
    for (size_t c = 0; c < query->feature_count; c++) {
        TRY(find_column(scope, source, query->features[c], &reading->columns[c].place));
        if (reading->columns[c].place == reading->treatment ||
            reading->columns[c].place == reading->response)
            return scope_fail(scope, INVALID, "\"%.*s\" cannot be a feature as well",
                              TEXT_ARG(query->features[c]));
    }
    return OK;
}

static code read_response(struct scope *scope, const struct record *record, struct text cell,
                          unsigned char *ret_responded) {
    static const char *const yes[] = {"true", "yes", "y"}, *const no[] = {"false", "no", "n"};
    double number;

    if (text_to_double(cell, &number) && isfinite(number)) {
        *ret_responded = number > 0;
        return OK;
    }
    for (size_t i = 0; i < 3; i++)
        if (text_equal_ascii_case(cell, text_of(yes[i])) ||
            text_equal_ascii_case(cell, text_of(no[i]))) {
            *ret_responded = text_equal_ascii_case(cell, text_of(yes[i]));
            return OK;
        }
    return scope_fail(scope, INVALID, "row %" PRId64 ": \"%.*s\" is neither a response nor none",
                      record->row, (int)(cell.size > 60 ? 60 : cell.size), cell.data);
}

static code read_row(struct scope *scope, struct reading *reading, const struct record *record) {
    const struct text arm = text_trim(record->fields[reading->treatment]);
    const unsigned char treated = text_equal(arm, reading->query->treated);
    unsigned char responded = 0;

    if (!treated && !text_equal(arm, reading->query->control)) {
        reading->left_out++;
        return OK;
    }
    TRY(read_response(scope, record, text_trim(record->fields[reading->response]), &responded));
    buffer_add(&reading->treated, &treated, 1);
    buffer_add(&reading->responded, &responded, 1);
    for (size_t c = 0; c < reading->query->feature_count; c++) {
        struct text cell = text_trim(record->fields[reading->columns[c].place]);

        if (cell.size == 0)
            return scope_fail(scope, INVALID, "row %" PRId64 ": \"%.*s\" is missing", record->row,
                              TEXT_ARG(reading->query->features[c]));
        cell = text_copy(&scope->arena, cell);
        buffer_add(&reading->columns[c].cells, &cell, sizeof(cell));
    }
    if (reading->treated.size > EXPERIMENT_ROWS)
        return scope_fail(scope, TOO_LARGE, "the experiment has more than %d customers",
                          EXPERIMENT_ROWS);
    return OK;
}

static code read_rows(struct scope *scope, struct source *source, struct reading *reading) {
    for (;;) {
        struct record record;
        bool end;

        TRY(source_next(scope, source, &record, &end));
        if (end)
            return OK;
        if (record.fault != NULL)
            return scope_fail(scope, INVALID, "row %" PRId64 ": %s", record.row, record.fault);
        TRY(read_row(scope, reading, &record));
    }
}

// ---- features ----

static const struct text *cells_of(const struct column *column) {
    return (const struct text *)(const void *)column->cells.data;
}

static int by_text(const void *a, const void *b) {
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static code find_levels(struct scope *scope, struct column *column, struct text name,
                        size_t count) {
    const struct text *cells = cells_of(column);
    double number;

    column->is_number = true;
    for (size_t i = 0; i < count && column->is_number; i++)
        column->is_number = text_to_double(cells[i], &number) && isfinite(number);
    for (size_t i = 0; i < count && !column->is_number; i++) {
        size_t level = 0;

        while (level < column->level_count && !text_equal(column->levels[level], cells[i]))
            level++;
        if (level < column->level_count)
            continue;
        if (level == EXPERIMENT_LEVELS)
            return scope_fail(scope, INVALID, "\"%.*s\" has more than %d different words",
                              TEXT_ARG(name), EXPERIMENT_LEVELS);
        column->levels[column->level_count++] = cells[i];
    }
    if (column->level_count > 1)
        qsort(column->levels, column->level_count, sizeof(*column->levels), by_text);
    return OK;
}

static size_t width_of(const struct column *column) {
    return column->is_number ? 1 : column->level_count;
}

static void fill(const struct column *column, double *values, size_t width, size_t count) {
    const struct text *cells = cells_of(column);

    for (size_t i = 0; i < count; i++) {
        if (column->is_number)
            text_to_double(cells[i], &values[i * width]);
        else
            for (size_t level = 0; level < column->level_count; level++)
                values[i * width + level] = text_equal(cells[i], column->levels[level]);
    }
}

static code encode(struct scope *scope, struct reading *reading, struct experiment *experiment) {
    const size_t count = reading->treated.size;
    size_t width = 0, place = 0;
    double *values;

    for (size_t c = 0; c < reading->query->feature_count; c++) {
        TRY(find_levels(scope, &reading->columns[c], reading->query->features[c], count));
        width += width_of(&reading->columns[c]);
    }
    if (width > LOGISTIC_FEATURES)
        return scope_fail(scope, INVALID, "%zu features are more than %d", width,
                          LOGISTIC_FEATURES);
    values = arena_array(&scope->arena, count * width, sizeof(*values));
    experiment->names = arena_array(&scope->arena, width, sizeof(*experiment->names));
    for (size_t c = 0; c < reading->query->feature_count; c++) {
        const struct column *column = &reading->columns[c];
        const struct text name = reading->query->features[c];

        fill(column, values + place, width, count);
        for (size_t k = 0; k < width_of(column); k++)
            experiment->names[place++] =
                column->is_number ? name
                                  : text_printf(&scope->arena, "%.*s = %.*s", TEXT_ARG(name),
                                                TEXT_ARG(column->levels[k]));
    }
    experiment->rows = (struct uplift_rows){
        .count = count,
        .features = width,
        .values = values,
        .treated = arena_copy(&scope->arena, reading->treated.data, count),
        .responded = arena_copy(&scope->arena, reading->responded.data, count),
    };
    experiment->left_out = reading->left_out;
    return OK;
}

code experiment_read(struct scope *scope, const char *file, const struct experiment_query *query,
                     struct experiment *ret_experiment) {
    CLEANUP(source_close) struct source *source = NULL;
    CLEANUP(reading_clear) struct reading reading = {.query = query};
    struct experiment experiment = {0};

    TRY(source_open(scope, file, NULL, &source));
    TRY(find_columns(scope, source, &reading));
    TRY(read_rows(scope, source, &reading));
    if (reading.treated.size == 0)
        return scope_fail(scope, INVALID, "no row is of the arms \"%.*s\" and \"%.*s\"",
                          TEXT_ARG(query->treated), TEXT_ARG(query->control));
    TRY(encode(scope, &reading, &experiment));
    *ret_experiment = experiment;
    return OK;
}
