// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/trial_file.h"

#include "plug/source/source.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { COLUMNS = 2 * TRIAL_OUTCOMES + 1 }; // ratios take two; the last one was known before
enum { NO_COLUMN = COLUMNS };

struct reading {
    const struct trial_query *query;
    size_t arm_place, places[COLUMNS]; // in the file
    struct text names[COLUMNS];
    size_t column_count;
    size_t above[TRIAL_OUTCOMES], below[TRIAL_OUTCOMES], before; // which of them, or NO_COLUMN
    struct text arms[TRIAL_ARMS];
    size_t arm_count;
    struct buffer rows_arm; // a byte each
    struct buffer cells;    // double, column_count for each row
    int64_t left_out;
};

static void reading_clear(struct reading *reading) {
    buffer_clear(&reading->rows_arm);
    buffer_clear(&reading->cells);
}

// ---- columns ----

static bool place_of(const struct source *source, struct text name, size_t *ret_place) {
    for (size_t i = 0; i < source_column_count(source); i++)
        if (text_equal_ascii_case(source_column_name(source, i), name)) {
            *ret_place = i;
            return true;
        }
    return false;
}

static code add_column(struct scope *scope, struct reading *reading, const struct source *source,
                       struct text name, size_t *ret_column) {
    const size_t column = reading->column_count;

    if (!place_of(source, name, &reading->places[column]))
        return scope_fail(scope, INVALID, "the file has no column \"%.*s\"", TEXT_ARG(name));
    if (reading->places[column] == reading->arm_place)
        return scope_fail(scope, INVALID, "\"%.*s\" names the arms: it is no outcome",
                          TEXT_ARG(name));
    reading->names[column] = name;
    reading->column_count++;
    *ret_column = column;
    return OK;
}

static code find_columns(struct scope *scope, struct reading *reading,
                         const struct source *source) {
    const struct trial_query *query = reading->query;

    if (!place_of(source, query->arm, &reading->arm_place))
        return scope_fail(scope, INVALID, "the file has no column \"%.*s\"", TEXT_ARG(query->arm));
    reading->before = NO_COLUMN;
    for (size_t o = 0; o < query->outcome_count; o++) {
        struct text above = query->outcomes[o], below = {0};
        size_t place;

        reading->below[o] = NO_COLUMN;
        if (!place_of(source, above, &place) && text_contains(above, '/'))
            above = text_trim(text_split(above, '/', &below));
        TRY(add_column(scope, reading, source, above, &reading->above[o]));
        if (below.size > 0)
            TRY(add_column(scope, reading, source, text_trim(below), &reading->below[o]));
    }
    if (query->before.size > 0)
        TRY(add_column(scope, reading, source, query->before, &reading->before));
    return OK;
}

// ---- rows ----

static code arm_of(struct scope *scope, struct reading *reading, struct text name,
                   unsigned char *ret_arm) {
    size_t arm = 0;

    while (arm < reading->arm_count && !text_equal(reading->arms[arm], name))
        arm++;
    if (arm == TRIAL_ARMS)
        return scope_fail(scope, INVALID, "\"%.*s\" names more than %d arms",
                          TEXT_ARG(reading->query->arm), TRIAL_ARMS);
    if (arm == reading->arm_count)
        reading->arms[reading->arm_count++] = text_copy(&scope->arena, name);
    *ret_arm = (unsigned char)arm;
    return OK;
}

static code read_cell(struct scope *scope, const struct reading *reading, size_t column,
                      const struct record *record, double *ret_value) {
    const struct text cell = text_trim(record->fields[reading->places[column]]);

    if (text_to_double(cell, ret_value) && isfinite(*ret_value))
        return OK;
    if (cell.size == 0)
        return scope_fail(scope, INVALID, "row %" PRId64 ": \"%.*s\" is missing", record->row,
                          TEXT_ARG(reading->names[column]));
    *ret_value =
        text_equal_ascii_case(cell, TEXT("true")) || text_equal_ascii_case(cell, TEXT("yes"));
    if (*ret_value > 0 || text_equal_ascii_case(cell, TEXT("false")) ||
        text_equal_ascii_case(cell, TEXT("no")))
        return OK;
    return scope_fail(scope, INVALID, "row %" PRId64 ": \"%.*s\" is no number: \"%.*s\"",
                      record->row, TEXT_ARG(reading->names[column]),
                      (int)(cell.size > 60 ? 60 : cell.size), cell.data);
}

static code read_row(struct scope *scope, struct reading *reading, const struct record *record) {
    const struct text name = text_trim(record->fields[reading->arm_place]);
    double values[COLUMNS];
    unsigned char arm;

    if (name.size == 0) {
        reading->left_out++;
        return OK;
    }
    TRY(arm_of(scope, reading, name, &arm));
    for (size_t column = 0; column < reading->column_count; column++)
        TRY(read_cell(scope, reading, column, record, &values[column]));
    buffer_add(&reading->rows_arm, &arm, 1);
    buffer_add(&reading->cells, values, reading->column_count * sizeof(*values));
    if (reading->rows_arm.size > TRIAL_ROWS)
        return scope_fail(scope, TOO_LARGE, "the experiment has more than %d customers",
                          TRIAL_ROWS);
    return OK;
}

static code read_rows(struct scope *scope, struct reading *reading, struct source *source) {
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

// ---- arms ----

static const double *column_of(struct scope *scope, const struct reading *reading, size_t arm,
                               size_t column) {
    const double *cells = (const double *)(const void *)reading->cells.data;
    double *values;
    size_t count = 0;

    if (column == NO_COLUMN)
        return NULL;
    values = arena_array(&scope->arena, reading->rows_arm.size, sizeof(*values));
    for (size_t row = 0; row < reading->rows_arm.size; row++)
        if ((unsigned char)reading->rows_arm.data[row] == arm)
            values[count++] = cells[row * reading->column_count + column];
    return values;
}

static bool is_share(const struct reading *reading, size_t column) {
    const double *cells = (const double *)(const void *)reading->cells.data;

    for (size_t row = 0; row < reading->rows_arm.size; row++) {
        const double value = cells[row * reading->column_count + column];

        if (value != 0 && value != 1)
            return false;
    }
    return true;
}

static size_t rows_of(const struct reading *reading, size_t arm) {
    size_t count = 0;

    for (size_t row = 0; row < reading->rows_arm.size; row++)
        count += (unsigned char)reading->rows_arm.data[row] == arm;
    return count;
}

// The control keeps the first place.
static void order_of_arms(const struct reading *reading, size_t order[TRIAL_ARMS]) {
    for (size_t i = 0; i < reading->arm_count; i++) {
        size_t place = i;

        for (; place > 1 && text_compare(reading->arms[order[place - 1]], reading->arms[i]) > 0;
             place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
}

static void fill_arm(struct scope *scope, const struct reading *reading, size_t place, size_t arm,
                     struct trial_arm *ret_arm) {
    const struct trial_query *query = reading->query;
    const double *before = column_of(scope, reading, arm, reading->before);

    *ret_arm = (struct trial_arm){
        .name = reading->arms[arm],
        .count = rows_of(reading, arm),
        .share = query->division_count > 0 ? query->division[place] : 1,
    };
    for (size_t o = 0; o < query->outcome_count; o++) {
        ret_arm->values[o] = column_of(scope, reading, arm, reading->above[o]);
        ret_arm->below[o] = column_of(scope, reading, arm, reading->below[o]);
        ret_arm->before[o] = before;
    }
}

static code fill(struct scope *scope, const struct reading *reading, struct trial *trial) {
    const struct trial_query *query = reading->query;
    size_t order[TRIAL_ARMS];

    if (query->division_count > 0 && query->division_count != reading->arm_count)
        return scope_fail_field(scope, INVALID, "division", "%zu shares for %zu arms",
                                query->division_count, reading->arm_count);
    order_of_arms(reading, order);
    trial->arm_count = reading->arm_count;
    for (size_t place = 0; place < reading->arm_count; place++)
        fill_arm(scope, reading, place, order[place], &trial->arms[place]);
    for (size_t o = 0; o < query->outcome_count; o++)
        trial->outcomes[trial->outcome_count++] = (struct trial_outcome){
            .name = query->outcomes[o],
            .measure = reading->below[o] != NO_COLUMN         ? TRIAL_RATIO
                       : is_share(reading, reading->above[o]) ? TRIAL_SHARE
                                                              : TRIAL_MEAN,
        };
    return OK;
}

code trial_read(struct scope *scope, const char *file, const struct trial_query *query,
                struct trial *ret_trial) {
    CLEANUP(source_close) struct source *source = NULL;
    CLEANUP(reading_clear)
    struct reading reading = {.query = query, .arms = {query->control}, .arm_count = 1};
    struct trial trial = {.before = query->before, .confidence = query->confidence};

    TRY(source_open(scope, file, NULL, &source));
    TRY(find_columns(scope, &reading, source));
    TRY(read_rows(scope, &reading, source));
    TRY(fill(scope, &reading, &trial));
    trial.left_out = reading.left_out;
    *ret_trial = trial;
    return OK;
}
