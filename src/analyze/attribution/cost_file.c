// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/cost_file.h"

#include "analyze/attribution/cost.h"
#include "plug/source/source.h"

#include <inttypes.h>
#include <stdint.h>

static code find_columns(struct scope *scope, const struct source *source, size_t *ret_places) {
    for (size_t c = 0; c < CHANNEL_COST_FIELDS; c++) {
        const struct text name = text_of(channel_cost_fields[c].name);
        size_t i = 0;

        while (i < source_column_count(source) &&
               !text_equal_ascii_case(source_column_name(source, i), name))
            i++;
        if (i == source_column_count(source)) {
            scope_fail(scope, INVALID, "the file has no column \"%.*s\"", TEXT_ARG(name));
            return scope_hint(scope, "name its columns channel, from, until, amount, currency");
        }
        ret_places[c] = i;
    }
    return OK;
}

static code write_row(struct scope *scope, const size_t *places, const struct record *record,
                      struct json_writer *writer) {
    if (record->fault != NULL)
        return scope_fail(scope, INVALID, "row %" PRId64 ": %s", record->row, record->fault);
    json_begin_object(writer);
    for (size_t c = 0; c < CHANNEL_COST_FIELDS; c++) {
        const struct text field = text_trim(record->fields[places[c]]);
        double number;

        json_key(writer, channel_cost_fields[c].name);
        if (channel_cost_fields[c].type != JSON_FIELD_DOUBLE)
            json_write_text(writer, field);
        else if (text_to_double(field, &number))
            json_write_double(writer, number);
        else
            return scope_fail(scope, INVALID, "row %" PRId64 ": \"%.*s\" is no amount like 4200.50",
                              record->row, (int)(field.size > 60 ? 60 : field.size), field.data);
    }
    json_end_object(writer);
    return OK;
}

code channel_cost_file_read(struct scope *scope, const char *file, struct json_writer *writer) {
    CLEANUP(source_close) struct source *source = NULL;
    size_t places[CHANNEL_COST_FIELDS];

    TRY(source_open(scope, file, NULL, &source));
    TRY(find_columns(scope, source, places));
    for (int64_t rows = 0;; rows++) {
        struct record record;
        bool end;

        TRY(source_next(scope, source, &record, &end));
        if (end)
            return rows > 0 ? OK : scope_fail(scope, INVALID, "the file has no costs");
        TRY(write_row(scope, places, &record, writer));
    }
}
