// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/path_file.h"

#include "plug/source/source.h"

#include <inttypes.h>
#include <math.h>

enum { COLUMN_PATH, COLUMN_CONVERSIONS, COLUMN_VALUE, COLUMN_NULLS, COLUMNS };

static const struct {
    const char *name;
    int column;
} column_names[] = {
    {"path", COLUMN_PATH},
    {"conversions", COLUMN_CONVERSIONS},
    {"total_conversions", COLUMN_CONVERSIONS},
    {"value", COLUMN_VALUE},
    {"conversion_value", COLUMN_VALUE},
    {"total_conversion_value", COLUMN_VALUE},
    {"null", COLUMN_NULLS},
    {"nulls", COLUMN_NULLS},
    {"total_null", COLUMN_NULLS},
};

struct reading {
    size_t places[COLUMNS]; // of the columns in a record; SIZE_MAX: none
    struct channel_names names;
    struct path_set set;
    struct path_file *file;
};

static code find_columns(struct scope *scope, const struct source *source,
                         struct reading *reading) {
    for (int c = 0; c < COLUMNS; c++)
        reading->places[c] = SIZE_MAX;
    for (size_t i = 0; i < source_column_count(source); i++)
        for (size_t n = 0; n < sizeof(column_names) / sizeof(*column_names); n++)
            if (text_equal_ascii_case(source_column_name(source, i), text_of(column_names[n].name)))
                reading->places[column_names[n].column] = i;
    if (reading->places[COLUMN_PATH] == SIZE_MAX) {
        scope_fail(scope, INVALID, "the file has no column \"path\"");
        return scope_hint(scope, "name its columns path, conversions, value, nulls");
    }
    reading->file->has_values = reading->places[COLUMN_VALUE] != SIZE_MAX;
    reading->file->has_nulls = reading->places[COLUMN_NULLS] != SIZE_MAX;
    return OK;
}

// A number of the record; `otherwise` where there is no such column or nothing in it.
static code read_number(struct scope *scope, const struct reading *reading,
                        const struct record *record, int column, double otherwise,
                        double *ret_number) {
    const size_t place = reading->places[column];
    double number = otherwise;
    struct text field;

    if (place != SIZE_MAX && record->fields[place].size > 0) {
        field = text_trim(record->fields[place]);
        if (!text_to_double(field, &number) || !(number >= 0 && number <= 9e12))
            return scope_fail(scope, INVALID, "row %" PRId64 ": \"%.*s\" is no number from 0 on",
                              record->row, (int)(field.size > 60 ? 60 : field.size), field.data);
    }
    *ret_number = number;
    return OK;
}

static code read_count(struct scope *scope, const struct reading *reading,
                       const struct record *record, int column, double otherwise,
                       int64_t *ret_count) {
    double number = 0;

    TRY(read_number(scope, reading, record, column, otherwise, &number));
    if (number != floor(number))
        return scope_fail(scope, INVALID, "row %" PRId64 ": %g is no whole number of journeys",
                          record->row, number);
    *ret_count = (int64_t)number;
    return OK;
}

static code read_touches(struct scope *scope, struct reading *reading, const struct record *record,
                         uint16_t *touches, size_t *ret_count) {
    struct text rest = record->fields[reading->places[COLUMN_PATH]];
    size_t count = 0;

    while (rest.size > 0) {
        const struct text name = text_trim(text_split(rest, '>', &rest));
        size_t channel;

        if (name.size == 0)
            continue;
        if (count == PATH_TOUCHES)
            return scope_fail(scope, INVALID, "row %" PRId64 ": a path has more than %d touches",
                              record->row, PATH_TOUCHES);
        channel = channel_number(scope, &reading->names, name);
        if (channel == PATH_CHANNELS)
            return scope_fail(scope, INVALID, "there are more than %d channels", PATH_CHANNELS);
        touches[count++] = (uint16_t)channel;
    }
    if (count == 0)
        return scope_fail(scope, INVALID, "row %" PRId64 ": the path is empty", record->row);
    *ret_count = count;
    return OK;
}

static code read_row(struct scope *scope, struct reading *reading, const struct record *record) {
    uint16_t touches[PATH_TOUCHES];
    int64_t conversions = 0, nulls = 0;
    double value = 0;
    size_t count = 0;

    if (record->fault != NULL)
        return scope_fail(scope, INVALID, "row %" PRId64 ": %s", record->row, record->fault);
    TRY(read_touches(scope, reading, record, touches, &count));
    TRY(read_count(scope, reading, record, COLUMN_CONVERSIONS, 1, &conversions));
    TRY(read_count(scope, reading, record, COLUMN_NULLS, 0, &nulls));
    TRY(read_number(scope, reading, record, COLUMN_VALUE, 0, &value));
    if (value > 0 && conversions == 0)
        return scope_fail(scope, INVALID,
                          "row %" PRId64 ": a path without a conversion is worth %g", record->row,
                          value);
    return path_set_add(scope, &reading->set, touches, count, conversions, nulls,
                        llround(value * 1e6));
}

static code read_rows(struct scope *scope, struct source *source, struct reading *reading) {
    for (;;) {
        struct record record;
        bool end;

        TRY(source_next(scope, source, &record, &end));
        if (end)
            return OK;
        TRY(read_row(scope, reading, &record));
        reading->file->row_count++;
    }
}

static code finish(struct scope *scope, const struct reading *reading) {
    uint16_t *places;

    channel_order(scope, &reading->names, &reading->file->channels, &places);
    return path_set_finish(scope, &reading->set, places, reading->names.count,
                           &reading->file->paths);
}

static void reading_clear(struct reading *reading) {
    path_set_clear(&reading->set);
}

code path_file_read(struct scope *scope, const char *file, struct path_file *ret_file) {
    CLEANUP(source_close) struct source *source = NULL;
    CLEANUP(reading_clear) struct reading reading = {0};
    struct path_file found = {0};

    reading.file = &found;
    TRY(source_open(scope, file, NULL, &source));
    TRY(find_columns(scope, source, &reading));
    TRY(read_rows(scope, source, &reading));
    if (found.row_count == 0)
        return scope_fail(scope, INVALID, "the file has no paths");
    TRY(finish(scope, &reading));
    *ret_file = found;
    return OK;
}
