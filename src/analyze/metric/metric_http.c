// SPDX-License-Identifier: Apache-2.0
// The registry and its numbers as answers. Each answer of numbers carries the definitions, the
// selection and the lake's watermark, so that it can be had again.
#include "analyze/metric/metric_http.h"

#include "analyze/metric/comparison_http.h"
#include "analyze/metric/selection_http.h"
#include "base/limits.h"

static enum column_type metric_column_type(enum metric_type type) {
    switch (type) {
    case METRIC_MONEY:
        return COLUMN_MONEY;
    case METRIC_COUNT:
        return COLUMN_INTEGER;
    case METRIC_QUANTITY:
        return COLUMN_QUANTITY;
    case METRIC_NUMBER:
        return COLUMN_NUMBER;
    case METRIC_SHARE:
        return COLUMN_SHARE;
    }
    return COLUMN_NUMBER;
}

static const char *metric_type_name(enum metric_type type) {
    static const char *const names[] = {"money", "count", "quantity", "number", "share"};

    return names[type];
}

struct column metric_column(struct scope *scope, const struct metric *metric,
                            struct text currency) {
    struct column column = {
        .name = metric->name, .label = metric->label, .type = metric_column_type(metric->type)};

    if (metric->type == METRIC_MONEY && currency.size > 0)
        column.unit = text_string(&scope->arena, currency);
    return column;
}

// ---- tables of numbers ----

size_t metric_dimension_columns(struct scope *scope, const struct metric_query *query,
                                struct column *columns) {
    size_t count = 0;

    for (size_t i = 0; i < query->dimension_count; i++) {
        const struct dimension *dimension = query->dimensions[i];
        const bool is_number = dimension->type == DIMENSION_RATE;

        columns[count++] = (struct column){.name = dimension->name,
                                           .label = dimension->label,
                                           .type = is_number ? COLUMN_RATE : COLUMN_TEXT};
        if (dimension_width(dimension) == 2)
            columns[count++] =
                (struct column){.name = arena_printf(&scope->arena, "%s_name", dimension->name),
                                .label = arena_printf(&scope->arena, "%s, name", dimension->label),
                                .type = COLUMN_TEXT};
    }
    return count;
}

static size_t query_columns(struct scope *scope, const struct metric_query *query,
                            struct text currency, struct column *columns) {
    size_t count = metric_dimension_columns(scope, query, columns);

    for (size_t i = 0; i < query->metric_count; i++)
        columns[count++] = metric_column(scope, query->metrics[i], currency);
    return count;
}

static void write_text_cell(struct response *response, struct text value) {
    if (value.data)
        response_text(response, value);
    else
        response_null(response);
}

size_t metric_write_dimensions(struct scope *scope, struct response *response,
                               const struct metric_query *query, const struct rows *rows) {
    size_t column = 0;

    for (size_t i = 0; i < query->dimension_count; i++) {
        const struct dimension *dimension = query->dimensions[i];

        if (dimension->type == DIMENSION_RATE) {
            response_cell(response, COLUMN_RATE, rows, column++);
            continue;
        }
        for (size_t k = 0; k < dimension_width(dimension); k++, column++)
            write_text_cell(response, dimension_text(&scope->arena, dimension, rows, column));
    }
    return column;
}

static void write_row(struct scope *scope, struct response *response,
                      const struct metric_query *query, const struct column *columns,
                      const struct rows *rows) {
    size_t column;

    response_begin_row(response);
    column = metric_write_dimensions(scope, response, query, rows);
    for (size_t i = 0; i < query->metric_count; i++, column++)
        response_cell(response, columns[column].type, rows, column);
    response_end_row(response);
}

code metric_write_table(struct scope *scope, struct response *response, const char *key,
                        const struct metric_query *query, struct rows *rows, struct text currency) {
    struct column columns[2 * METRIC_DIMENSIONS + METRIC_COLUMNS];
    const size_t count = query_columns(scope, query, currency, columns);

    response_begin_table(response, key, columns, count);
    while (rows_next(rows)) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        write_row(scope, response, query, columns, rows);
        arena_rewind(&scope->arena, mark);
    }
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}

// ---- the registry ----

const struct route_answer metric_list_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "metrics", ANSWER_TABLE, "name, type, unit and definition"},
                              {.name = "dimensions", ANSWER_TABLE, "what metrics are split by"},
                              {.name = "filters", ANSWER_TABLE, "what a selection is made by"}),
};

code metric_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column metric_columns[] = {
        {"name", "Metric", COLUMN_TEXT, NULL},
        {"label", "Label", COLUMN_TEXT, NULL},
        {"type", "Type", COLUMN_TEXT, NULL},
        {"unit", "Unit", COLUMN_TEXT, NULL},
        {"definition", "Definition", COLUMN_TEXT, NULL},
    };
    static const struct column dimension_columns[] = {
        {"name", "Dimension", COLUMN_TEXT, NULL},
        {"label", "Label", COLUMN_TEXT, NULL},
        {"definition", "Definition", COLUMN_TEXT, NULL},
    };
    static const struct column filter_columns[] = {
        {"name", "Filter", COLUMN_TEXT, NULL},
        {"help", "Value", COLUMN_TEXT, NULL},
    };

    (void)scope, (void)request;
    json_begin_object(&response->writer);
    response_begin_table(response, "metrics", metric_columns, 5);
    for (size_t i = 0; i < metric_count; i++) {
        response_begin_row(response);
        response_text(response, text_of(metrics[i].name));
        response_text(response, text_of(metrics[i].label));
        response_text(response, text_of(metric_type_name(metrics[i].type)));
        response_text(response, text_of(metrics[i].unit));
        response_text(response, text_of(metrics[i].definition));
        response_end_row(response);
    }
    response_end_table(response);
    response_begin_table(response, "dimensions", dimension_columns, 3);
    for (size_t i = 0; i < dimension_count; i++) {
        response_begin_row(response);
        response_text(response, text_of(dimensions[i].name));
        response_text(response, text_of(dimensions[i].label));
        response_text(response, text_of(dimensions[i].definition));
        response_end_row(response);
    }
    response_end_table(response);
    response_begin_table(response, "filters", filter_columns, 2);
    for (size_t i = 0; i < filter_field_count; i++) {
        response_begin_row(response);
        response_text(response, text_of(filter_fields[i].name));
        response_text(response, text_of(filter_fields[i].help));
        response_end_row(response);
    }
    response_end_table(response);
    json_end_object(&response->writer);
    return OK;
}

#define DEFINITION_MEMBERS                                                                         \
    {.name = "name", ANSWER_TEXT, "the metric"}, {.name = "label", ANSWER_TEXT, "in words"},       \
        {.name = "type", ANSWER_TEXT, "money, count, quantity, number or share"},                  \
        {.name = "unit", ANSWER_TEXT, "what it is counted in", .is_nullable = true}, {             \
        .name = "definition", ANSWER_TEXT, "how it is counted"                                     \
    }

const struct route_answer metric_find_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        DEFINITION_MEMBERS,
        {.name = "over_documents", ANSWER_TEXT, "its part over receipts", .is_nullable = true},
        {.name = "over_lines", ANSWER_TEXT, "its part over lines", .is_nullable = true},
        {.name = "sql", ANSWER_TEXT, "the query of the whole"}),
};

static void write_member(struct json_writer *writer, const char *key, const char *value) {
    json_key(writer, key);
    if (value)
        json_write_string(writer, value);
    else
        json_write_null(writer);
}

static void write_definition(struct json_writer *writer, const struct metric *metric) {
    write_member(writer, "name", metric->name);
    write_member(writer, "label", metric->label);
    write_member(writer, "type", metric_type_name(metric->type));
    write_member(writer, "unit", metric->unit);
    write_member(writer, "definition", metric->definition);
}

code metric_http_find(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct json_writer *writer = &response->writer;
    CLEANUP(statement_clear) struct statement statement = {0};
    struct metric_query query = {.metric_count = 1};

    TRY(metric_find(scope, request_text(request, "name"), &query.metrics[0]));
    TRY(metric_compile(scope, &query, &statement));
    json_begin_object(writer);
    write_definition(writer, query.metrics[0]);
    write_member(writer, "over_documents", query.metrics[0]->expression.on_sale);
    write_member(writer, "over_lines", query.metrics[0]->expression.on_line);
    write_member(writer, "sql", statement_sql(&statement));
    json_end_object(writer);
    return OK;
}

// ---- values ----

const struct route_parameter metric_values_parameters[] = {
    {.name = "by",
     PARAMETER_TEXT,
     "a dimension, or several with commas between: one row for each of their values",
     .repeats = true},
    {.name = "order",
     PARAMETER_TEXT,
     "a column of the answer to order by; COLUMN:asc or COLUMN:desc says how"},
    COMPARE_PARAMETER,
    {.name = "limit",
     PARAMETER_INTEGER,
     "rows of the answer at most",
     .usual = "100000",
     .minimum = 1,
     .maximum = LIMIT_REPORT_ROWS},
    {.name = "sql", PARAMETER_BOOL, "show the query, too", .usual = "false"},
    SELECTION_PARAMETERS,
    PARAMETERS_END,
};
const struct route_answer metric_values_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "metrics",
         ANSWER_OBJECT,
         "how each is defined",
         .members = ANSWER_MEMBERS(DEFINITION_MEMBERS),
         .is_list = true},
        SELECTION_ANSWER, COMPARE_ANSWER,
        {.name = "sql", ANSWER_TEXT, "the query", .is_optional = true},
        {.name = "values_bound",
         ANSWER_ANY,
         "the query's values, in order",
         .is_optional = true,
         .is_list = true},
        {.name = "values", ANSWER_TABLE, "a column for each dimension and each metric"},
        ANSWER_NOTICES),
};

static code read_query(struct scope *scope, const struct request *request,
                       struct metric_query *query) {
    struct text rest = request_text(request, "names");
    struct text by[METRIC_DIMENSIONS + 1];
    size_t count;

    do
        TRY(metric_query_add(scope, query, text_trim(text_split(rest, ',', &rest))));
    while (rest.data);
    count = request_all(request, "by", by, METRIC_DIMENSIONS + 1);
    for (size_t i = 0; i < count && i <= METRIC_DIMENSIONS; i++) {
        rest = by[i];
        do
            TRY(metric_query_by(scope, query, text_trim(text_split(rest, ',', &rest))));
        while (rest.data);
    }
    if (request_text(request, "order").size > 0)
        TRY(metric_query_order(scope, query, request_text(request, "order")));
    query->limit = request_integer(request, "limit");
    return selection_read(scope, request, &query->selection);
}

static code write_sql(struct scope *scope, struct json_writer *writer,
                      const struct metric_query *query) {
    CLEANUP(statement_clear) struct statement statement = {0};

    TRY(metric_compile(scope, query, &statement));
    statement_write(writer, &statement);
    return OK;
}

static void write_definitions(struct json_writer *writer, const struct metric_query *query) {
    json_key(writer, "metrics");
    json_begin_array(writer);
    for (size_t i = 0; i < query->metric_count; i++) {
        json_begin_object(writer);
        write_definition(writer, query->metrics[i]);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_notices(struct response *response, const struct metric_query *query) {
    if (response->row_count < query->limit || query->dimension_count == 0)
        return;
    json_key(&response->writer, "notices");
    json_begin_array(&response->writer);
    json_write_string(&response->writer, "there may be more rows than the limit shows");
    json_end_array(&response->writer);
}

static code write_values(struct scope *scope, struct response *response,
                         const struct metric_query *query, enum comparison comparison,
                         const struct selection *before) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text currency;

    if (comparison != COMPARE_NOTHING)
        return comparison_write_table(scope, response, "values", query, comparison, before);
    TRY(metric_run(scope, query, &rows, &currency));
    return metric_write_table(scope, response, "values", query, rows, currency);
}

code metric_http_values(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct metric_query query = {0};
    enum comparison comparison;
    struct selection before;

    TRY(read_query(scope, request, &query));
    TRY(comparison_read(scope, request, &query.selection, &comparison, &before));
    json_begin_object(&response->writer);
    write_definitions(&response->writer, &query);
    TRY(selection_write(scope, response, &query.selection));
    comparison_write(response, comparison, &before);
    if (request_flag(request, "sql"))
        TRY(write_sql(scope, &response->writer, &query));
    TRY(write_values(scope, response, &query, comparison, &before));
    write_notices(response, &query);
    json_end_object(&response->writer);
    return OK;
}
