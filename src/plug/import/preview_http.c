// SPDX-License-Identifier: Apache-2.0
#include "plug/import/preview_http.h"

#include "plug/import/convert.h"
#include "store/setting.h"

enum {
    PREVIEW_ROWS = 5,
    EXAMPLE_ROWS = 50, // that examples of a column's values are taken from
    EXAMPLES = 4,
    EXAMPLE_BYTES = 60 // of a value that is shown beside others
};

struct preview {
    struct source *source;
    struct text *columns; // names
    size_t column_count;
    struct text **fields; // the first rows
    struct text *faults;  // of each row, empty when it would be taken
    struct values *values;
    size_t row_count;
};

// Constants belong to the converter, which goes before the rows are written.
static void keep_texts(struct scope *scope, const struct mapping *mapping, struct values *values) {
    for (size_t i = 0; i < mapping->field_count; i++) {
        struct text *text = &values->text[mapping->fields[i].target];

        *text = text_copy(&scope->arena, *text);
    }
}

static code read_rows(struct scope *scope, const struct mapping *mapping, struct preview *preview) {
    CLEANUP(converter_close) struct converter *converter = NULL;
    bool end = false;

    TRY(converter_open(scope, mapping, preview->columns, preview->column_count, &converter));
    while (preview->row_count < EXAMPLE_ROWS) {
        const size_t row = preview->row_count;
        struct refusal refusal = {0};
        struct record record;

        TRY(source_next(scope, preview->source, &record, &end));
        if (end)
            break;
        preview->fields[row] =
            arena_array(&scope->arena, preview->column_count + 1, sizeof(struct text));
        for (size_t i = 0; i < preview->column_count && i < record.field_count; i++)
            preview->fields[row][i] = text_copy(&scope->arena, record.fields[i]);
        if (record.fault)
            preview->faults[row] = text_copy(&scope->arena, text_of(record.fault));
        else if (!converter_row(converter, &scope->arena, preview->fields[row],
                                preview->column_count, &preview->values[row], &refusal))
            preview->faults[row] = text_copy(&scope->arena, text_of(refusal.message));
        keep_texts(scope, mapping, &preview->values[row]);
        preview->row_count++;
    }
    return OK;
}

static code open_preview(struct scope *scope, const char *path, const struct mapping *mapping,
                         struct preview *preview) {
    TRY(source_open(scope, path, &mapping->dialect, &preview->source));
    preview->column_count = source_column_count(preview->source);
    preview->columns = arena_array(&scope->arena, preview->column_count + 1, sizeof(struct text));
    for (size_t i = 0; i < preview->column_count; i++)
        preview->columns[i] = text_copy(&scope->arena, source_column_name(preview->source, i));
    preview->fields = arena_array(&scope->arena, EXAMPLE_ROWS, sizeof(struct text *));
    preview->faults = arena_array(&scope->arena, EXAMPLE_ROWS, sizeof(struct text));
    preview->values = arena_array(&scope->arena, EXAMPLE_ROWS, sizeof(struct values));
    return OK;
}

static const char *meaning(const struct mapping *mapping, struct text column) {
    for (size_t i = 0; i < mapping->field_count; i++)
        for (size_t k = 0; k < mapping->fields[i].column_count; k++)
            if (text_equal(mapping->fields[i].columns[k], column))
                return target_info(mapping->fields[i].target)->name;
    for (size_t i = 0; i < mapping->attribute_count; i++)
        if (text_equal(mapping->attributes[i], column))
            return "(attribute)";
    return "(left out)";
}

static bool is_among(const struct text *values, size_t count, struct text value) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(values[i], value))
            return true;
    return false;
}

// Different values of a column, a line each: one says little of what a column holds.
static void write_examples(struct response *response, const struct preview *preview,
                           size_t column) {
    CLEANUP(buffer_clear) struct buffer examples = {0};
    struct text shown[EXAMPLES];
    size_t count = 0;

    for (size_t row = 0; row < preview->row_count && count < EXAMPLES; row++) {
        const struct text value = text_trim(preview->fields[row][column]);

        if (value.size == 0 || value.size > EXAMPLE_BYTES || text_contains(value, '\n') ||
            is_among(shown, count, value))
            continue;
        buffer_add_string(&examples, count > 0 ? "\n" : "");
        buffer_add_text(&examples, value);
        shown[count++] = value;
    }
    response_text(response, buffer_text(&examples));
}

static void write_columns(struct response *response, const struct mapping *mapping,
                          const struct preview *preview) {
    static const struct column columns[] = {
        {"column", "Column of the file", COLUMN_TEXT, NULL},
        {"field", "Taken for", COLUMN_TEXT, NULL},
        {"example", "First value", COLUMN_TEXT, NULL},
        {"examples", "Different values", COLUMN_TEXT, NULL},
    };

    response_begin_table(response, "columns", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < preview->column_count; i++) {
        response_begin_row(response);
        response_text(response, preview->columns[i]);
        response_text(response, text_of(meaning(mapping, preview->columns[i])));
        response_text(response, preview->row_count > 0 ? preview->fields[0][i] : (struct text){0});
        write_examples(response, preview, i);
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_value(struct response *response, const struct values *values,
                        enum target target) {
    const int64_t number = values->number[target];

    if (!values->has[target]) {
        response_null(response);
        return;
    }
    switch (target_info(target)->type) {
    case TARGET_TYPE_INSTANT:
        response_int64(response, COLUMN_INSTANT, number);
        return;
    case TARGET_TYPE_DAY:
        response_int64(response, COLUMN_DAY, number);
        return;
    case TARGET_TYPE_MONEY:
        response_int64(response, COLUMN_MONEY, number);
        return;
    case TARGET_TYPE_QUANTITY:
        response_int64(response, COLUMN_QUANTITY, number);
        return;
    case TARGET_TYPE_RATE:
        response_int64(response, COLUMN_RATE, number);
        return;
    case TARGET_TYPE_TEXT:
    case TARGET_TYPE_CURRENCY:
    case TARGET_TYPE_SALE_KIND:
    case TARGET_TYPE_CONSENT_STATE:
    case TARGET_TYPE_JSON:
        break;
    }
    response_text(response, values->text[target]);
}

static enum column_type column_type_of(enum target_type type) {
    switch (type) {
    case TARGET_TYPE_INSTANT:
        return COLUMN_INSTANT;
    case TARGET_TYPE_DAY:
        return COLUMN_DAY;
    case TARGET_TYPE_MONEY:
        return COLUMN_MONEY;
    case TARGET_TYPE_QUANTITY:
        return COLUMN_QUANTITY;
    case TARGET_TYPE_RATE:
        return COLUMN_RATE;
    case TARGET_TYPE_TEXT:
    case TARGET_TYPE_CURRENCY:
    case TARGET_TYPE_SALE_KIND:
    case TARGET_TYPE_CONSENT_STATE:
    case TARGET_TYPE_JSON:
        break;
    }
    return COLUMN_TEXT;
}

static void write_rows(struct scope *scope, struct response *response,
                       const struct mapping *mapping, const struct preview *preview) {
    struct column *columns = arena_array(&scope->arena, mapping->field_count + 1, sizeof(*columns));
    const size_t row_count = preview->row_count < PREVIEW_ROWS ? preview->row_count : PREVIEW_ROWS;
    bool faulty = false;

    for (size_t i = 0; i < row_count; i++)
        faulty = faulty || preview->faults[i].size > 0;
    for (size_t i = 0; i < mapping->field_count; i++) {
        const struct target_info *info = target_info(mapping->fields[i].target);

        columns[i] = (struct column){info->name, info->label, column_type_of(info->type), NULL};
    }
    columns[mapping->field_count] = (struct column){"fault", "Cannot be taken", COLUMN_TEXT, NULL};
    response_begin_table(response, "preview", columns, mapping->field_count + faulty);
    for (size_t row = 0; row < row_count; row++) {
        response_begin_row(response);
        for (size_t i = 0; i < mapping->field_count; i++)
            write_value(response, &preview->values[row], mapping->fields[i].target);
        if (faulty)
            response_text(response, preview->faults[row]);
        response_end_row(response);
    }
    response_end_table(response);
}

code preview_write(struct scope *scope, struct response *response, const char *path,
                   const struct mapping *mapping) {
    struct preview preview = {0};
    struct mapping zoned = *mapping;
    struct settings settings;
    code outcome;

    TRY(settings_load(scope, &settings));
    if (zoned.options.zone.size == 0)
        zoned.options.zone = settings.zone; // as the import will
    outcome = open_preview(scope, path, mapping, &preview);
    if (outcome == OK)
        outcome = read_rows(scope, &zoned, &preview);
    if (outcome == OK) {
        write_columns(response, mapping, &preview); // their names are the source's
        write_rows(scope, response, mapping, &preview);
    }
    source_close(&preview.source);
    if (outcome != OK)
        return outcome;
    if (mapping_check(scope, mapping) != OK) {
        json_key(&response->writer, "missing");
        json_write_string(&response->writer, scope->failure.message);
        json_key(&response->writer, "missing_hint");
        json_write_string(&response->writer, scope->failure.hint);
        scope_forgive(scope);
    }
    return OK;
}
