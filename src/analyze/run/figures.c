// SPDX-License-Identifier: Apache-2.0
#include "analyze/run/figures.h"

#include "base/time.h"

void figure_text(struct json_writer *writer, const char *key, const char *value) {
    json_key(writer, key);
    if (value)
        json_write_string(writer, value);
    else
        json_write_null(writer);
}

void figure_number(struct json_writer *writer, const char *key, double value) {
    json_key(writer, key);
    json_write_double(writer, value);
}

void figure_integer(struct json_writer *writer, const char *key, int64_t value) {
    json_key(writer, key);
    json_write_int64(writer, value);
}

void figure_bool(struct json_writer *writer, const char *key, bool value) {
    json_key(writer, key);
    json_write_bool(writer, value);
}

void figure_day(struct json_writer *writer, const char *key, int32_t day) {
    char text[TIME_TEXT_SIZE];

    json_key(writer, key);
    json_write_string(writer, day_format(day, text));
}

void figures_begin_table(struct json_writer *writer, const char *key,
                         const struct figure_column *columns, size_t count) {
    json_key(writer, key);
    json_begin_object(writer);
    json_key(writer, "columns");
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(writer);
        figure_text(writer, "name", columns[i].name);
        figure_text(writer, "label", columns[i].label);
        figure_text(writer, "type", columns[i].type);
        figure_text(writer, "unit", columns[i].unit);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_key(writer, "rows");
    json_begin_array(writer);
}

void figures_end_table(struct json_writer *writer, int64_t rows) {
    json_end_array(writer);
    figure_integer(writer, "row_count", rows);
    json_end_object(writer);
}
