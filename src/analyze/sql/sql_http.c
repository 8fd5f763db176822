// SPDX-License-Identifier: Apache-2.0
// An analyst's own question to the lake. What may be asked is decided by lake_query_untrusted.
#include "analyze/sql/sql_http.h"

#include "base/limits.h"
#include "govern/audit/audit.h"
#include "govern/export/export_http.h"
#include "saved_query_sql.h"
#include "store/lake.h"

#include <inttypes.h>
#include <stdio.h>

struct question {
    struct text query;
    int64_t limit;
    struct export_order order; // of a file
};

#define QUERY_FIELD                                                                                \
    {                                                                                              \
        .name = "query", .type = JSON_FIELD_TEXT, .offset = offsetof(struct question, query),      \
        .required = true,                                                                          \
        .description = "one SELECT (or WITH, DESCRIBE, SHOW, EXPLAIN, SUMMARIZE) over the lake"    \
    }
static const struct json_field question_fields[] = {
    QUERY_FIELD,
    {.name = "limit",
     .type = JSON_FIELD_INT64,
     .offset = offsetof(struct question, limit),
     .description = "rows of the answer at most, 1000 unless said; 0 for all"},
};
static const struct json_field file_fields[] = {
    QUERY_FIELD,
    EXPORT_ORDER_FIELDS(offsetof(struct question, order)),
};
#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

const struct route_body sql_query_body = {question_fields, COUNT_OF(question_fields), NULL, false};
const struct route_answer sql_query_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "result", ANSWER_TABLE, "the rows"},
        {.name = "truncated", ANSWER_BOOL, "there are more rows", .is_optional = true},
        ANSWER_NOTICES),
};
const struct route_body sql_file_body = {file_fields, COUNT_OF(file_fields), NULL, false};
const struct route_answer sql_file_answer = {
    .type = ANSWER_FILE,
    .help = "all rows, as an attachment; where the command line named a path, what was written",
};

static code read_question(struct scope *scope, const struct request *request,
                          const struct json_field *fields, size_t field_count,
                          struct question *question) {
    TRY(json_read_record(scope, request->body, fields, field_count, question));
    if (question->limit < 0)
        return scope_fail_field(scope, INVALID, "limit", "a limit of %" PRId64 " rows cannot be",
                                question->limit);
    if (question->query.size > LIMIT_SQL_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "query",
                                "a query of %zu bytes is past the limit of %d",
                                question->query.size, LIMIT_SQL_BYTES);
    return OK;
}

static enum column_type column_type_of(enum row_type type) {
    switch (type) {
    case ROW_BOOL:
        return COLUMN_BOOL;
    case ROW_INT64:
        return COLUMN_INTEGER;
    case ROW_DOUBLE:
    case ROW_DECIMAL:
        return COLUMN_NUMBER;
    case ROW_DATE:
        return COLUMN_DAY;
    case ROW_TIMESTAMP:
        return COLUMN_INSTANT;
    case ROW_NULL:
    case ROW_TEXT:
        return COLUMN_TEXT;
    }
    return COLUMN_TEXT;
}

static struct column *columns_of(struct scope *scope, const struct rows *rows, size_t count) {
    struct column *columns = arena_array(&scope->arena, count, sizeof(*columns));

    for (size_t i = 0; i < count; i++) {
        columns[i].name = arena_printf(&scope->arena, "%s", rows_column_name(rows, i));
        columns[i].label = columns[i].name;
        columns[i].type = column_type_of(rows_column_type(rows, i));
    }
    return columns;
}

static void write_row(struct response *response, const struct rows *rows,
                      const struct column *columns, size_t count) {
    response_begin_row(response);
    for (size_t i = 0; i < count; i++) {
        if (!rows_is_null(rows, i) && rows_column_type(rows, i) == ROW_DECIMAL)
            rows_write_decimal(&response->writer, rows, i);
        else
            response_cell(response, columns[i].type, rows, i);
    }
    response_end_row(response);
}

// Nothing is said of an answer that is whole.
static void write_truncation(struct response *response, int64_t limit) {
    struct json_writer *writer = &response->writer;
    char notice[80];

    snprintf(notice, sizeof(notice), "only the first %" PRId64 " rows: there are more", limit);
    json_key(writer, "truncated");
    json_write_bool(writer, true);
    json_key(writer, "notices");
    json_begin_array(writer);
    json_write_string(writer, notice);
    json_end_array(writer);
}

code sql_http_query(struct scope *scope, const struct request *request, struct response *response) {
    struct question question = {.limit = LIMIT_PAGE_ROWS};
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct column *columns;
    bool truncated = false;
    size_t count;

    TRY(read_question(scope, request, question_fields, COUNT_OF(question_fields), &question));
    TRY(lake_refresh(scope));
    TRY(lake_query_untrusted(scope, question.query, &rows));
    count = rows_column_count(rows);
    columns = columns_of(scope, rows, count);
    json_begin_object(&response->writer);
    response_begin_table(response, "result", columns, count);
    while (!truncated && rows_next(rows)) {
        truncated = question.limit > 0 && response->row_count == question.limit;
        if (!truncated)
            write_row(response, rows, columns, count);
        TRY(scope_check(scope));
    }
    if (!truncated)
        TRY(rows_end(rows));
    response_end_table(response);
    if (truncated)
        write_truncation(response, question.limit);
    json_end_object(&response->writer);
    return OK;
}

// ---- as a file ----

struct sealing {
    enum export_format format;
    struct rows **rows;
};

// What was taken is told by its columns: the query itself may hold somebody's name.
static code write_audit(struct scope *scope, void *context, int64_t count) {
    const struct sealing *sealing = context;
    CLEANUP(buffer_clear) struct buffer details = {0};
    struct json_writer writer;

    json_writer_init(&writer, &details);
    json_begin_object(&writer);
    json_key(&writer, "count");
    json_write_int64(&writer, count);
    json_key(&writer, "format");
    json_write_string(&writer, export_format_names[sealing->format]);
    json_key(&writer, "columns");
    json_begin_array(&writer);
    for (size_t i = 0; i < rows_column_count(*sealing->rows); i++)
        json_write_string(&writer, rows_column_name(*sealing->rows, i));
    json_end_array(&writer);
    json_end_object(&writer);
    rows_close(sealing->rows); // an open reading would keep the ledger from being written
    return audit_append(scope, "sql.export", TEXT("sql"), buffer_text(&details));
}

static code write_file(struct scope *scope, void *context, const char *path,
                       enum export_format format, int64_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct question *question = context;
    struct sealing sealing = {.format = format, .rows = &rows};
    const struct export_file file = {
        .path = path, .format = format, .before_name = write_audit, .context = &sealing};

    TRY(lake_query_untrusted(scope, question->query, &rows));
    return export_file_write(scope, rows, &file, ret_count);
}

code sql_http_file(struct scope *scope, const struct request *request, struct response *response) {
    struct question question = {.order.format = EXPORT_CSV};
    const struct export_source source = {
        .name = TEXT("query"), .write = write_file, .context = &question};

    TRY(read_question(scope, request, file_fields, COUNT_OF(file_fields), &question));
    TRY(lake_refresh(scope));
    return export_send(scope, &question.order, &source, response);
}

// ---- what there is to ask ----

code sql_http_columns(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column columns[] = {
        {"table", "Table", COLUMN_TEXT, NULL},
        {"column", "Column", COLUMN_TEXT, NULL},
        {"type", "Type", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(lake_query(scope, sql_sql_columns, NO_BINDS, &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}
