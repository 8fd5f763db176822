// SPDX-License-Identifier: Apache-2.0
// One in-memory database per file, with one thread, so that rows come in the order of the file, and
// streaming, so that a chunk is in memory and no more. The statement names the file by its
// descriptor: no character of a path can mean a pattern or end a literal, and the file checked is
// the file read.
#include "plug/source/parquet.h"

#include "base/json.h"
#include "base/limits.h"
#include "plug/source/format.h"

#include <duckdb.h>
#include <stdlib.h>
#include <unistd.h>

struct parquet {
    char *path;
    int file;
    duckdb_database database;
    duckdb_connection connection;
    duckdb_result result; // of the rows, while is_reading
    bool is_reading;
    duckdb_data_chunk chunk;
    idx_t chunk_row, chunk_size;
    size_t column_count;
    const struct source_column *columns;
    struct text *fields; // heap
    struct buffer raw;
    int64_t row, rows_total;
    char fault[FAULT_BYTES];
};

static code fail(struct scope *scope, const struct parquet *parquet, const char *reason) {
    const struct text first_line = {reason, reason ? strcspn(reason, "\n") : 0};

    scope_fail(scope, INVALID, "\"%s\" is no readable Parquet file", parquet->path);
    return scope_detail(scope, "%.*s", TEXT_ARG(first_line));
}

static void parquet_close(struct parquet **held) {
    struct parquet *parquet = *held;

    if (!parquet)
        return;
    duckdb_destroy_data_chunk(&parquet->chunk);
    if (parquet->is_reading)
        duckdb_destroy_result(&parquet->result);
    duckdb_disconnect(&parquet->connection);
    duckdb_close(&parquet->database);
    if (parquet->file >= 0)
        close(parquet->file);
    buffer_clear(&parquet->raw);
    free(parquet->fields);
    free(parquet->path);
    free(parquet);
    *held = NULL;
}

static code open_database(struct scope *scope, struct parquet *parquet) {
    static const char *const options[][2] = {
        {"threads", "1"},
        {"memory_limit", "1GB"},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
    };
    duckdb_config config = NULL;
    char *reason = NULL;
    duckdb_state state = duckdb_create_config(&config);

    for (size_t i = 0; i < sizeof(options) / sizeof(*options) && state == DuckDBSuccess; i++)
        state = duckdb_set_config(config, options[i][0], options[i][1]);
    if (state == DuckDBSuccess)
        state = duckdb_open_ext(NULL, &parquet->database, config, &reason);
    if (state == DuckDBSuccess)
        state = duckdb_connect(parquet->database, &parquet->connection);
    if (state == DuckDBSuccess)
        state = duckdb_query(parquet->connection, "SET TimeZone = 'UTC'", NULL);
    duckdb_destroy_config(&config);
    if (state != DuckDBSuccess)
        scope_fail(scope, INTERNAL, "cannot start DuckDB: %s",
                   reason ? reason : "no reason was given");
    duckdb_free(reason);
    return state == DuckDBSuccess ? OK : INTERNAL;
}

static code parquet_open(struct scope *scope, const char *path, struct parquet **ret_parquet) {
    CLEANUP(parquet_close) struct parquet *parquet = calloc(1, sizeof(*parquet));
    int64_t size_bytes;

    if (!parquet)
        abort();
    parquet->file = -1;
    parquet->path = strdup(path);
    TRY(stream_open_file(scope, path, &parquet->file, &size_bytes));
    TRY(open_database(scope, parquet));
    *ret_parquet = TAKE(parquet);
    return OK;
}

// Run a statement about the file: `select`, then "FROM" the file, then `rest`. The caller destroys
// the result, also after a failure.
static code run(struct scope *scope, struct parquet *parquet, const char *select, const char *rest,
                duckdb_result *ret_result) {
    const char *sql = arena_printf(&scope->arena, "%s FROM read_parquet('/proc/self/fd/%d')%s",
                                   select, parquet->file, rest);

    if (duckdb_query(parquet->connection, sql, ret_result) != DuckDBSuccess)
        return fail(scope, parquet, duckdb_result_error(ret_result));
    return OK;
}

// An expression that gives the column as text: what has parts as JSON, all else as DuckDB writes
// it.
static void add_expression(struct buffer *sql, const char *name, duckdb_type type) {
    const bool has_parts = type == DUCKDB_TYPE_LIST || type == DUCKDB_TYPE_STRUCT ||
                           type == DUCKDB_TYPE_MAP || type == DUCKDB_TYPE_ARRAY ||
                           type == DUCKDB_TYPE_UNION;

    buffer_add_string(sql, has_parts ? "CAST(to_json(\"" : "CAST(\"");
    for (const char *byte = name; *byte; byte++) {
        if (*byte == '"')
            buffer_add_char(sql, '"');
        buffer_add_char(sql, *byte);
    }
    buffer_add_string(sql, has_parts ? "\") AS VARCHAR)" : "\" AS VARCHAR)");
}

// The names of the columns, and the SELECT that gives them as text.
static code read_schema(struct scope *scope, struct parquet *parquet, struct buffer *select,
                        struct source_column **ret_columns, size_t *ret_count) {
    CLEANUP(duckdb_destroy_result) duckdb_result result = {0};
    struct source_column *columns;
    size_t count;

    TRY(run(scope, parquet, "SELECT *", " LIMIT 0", &result));
    count = duckdb_column_count(&result);
    if (count > LIMIT_RECORD_FIELDS)
        return scope_fail(scope, TOO_LARGE, "\"%s\" has %zu columns, at most %d are taken",
                          parquet->path, count, LIMIT_RECORD_FIELDS);
    columns = arena_array(&scope->arena, count, sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        const char *name = duckdb_column_name(&result, i);

        buffer_add_string(select, i == 0 ? "SELECT " : ", ");
        add_expression(select, name, duckdb_column_type(&result, i));
        columns[i].name = text_copy(&scope->arena, text_of(name));
    }
    *ret_columns = columns;
    *ret_count = count;
    return OK;
}

code parquet_columns(struct scope *scope, const char *path,
                     const struct source_column **ret_columns, size_t *ret_count) {
    CLEANUP(parquet_close) struct parquet *parquet = NULL;
    CLEANUP(buffer_clear) struct buffer select = {0};
    struct source_column *columns;

    TRY(parquet_open(scope, path, &parquet));
    TRY(read_schema(scope, parquet, &select, &columns, ret_count));
    *ret_columns = columns;
    return OK;
}

// ---- as a format ----

static code count_rows(struct scope *scope, struct parquet *parquet) {
    CLEANUP(duckdb_destroy_result) duckdb_result result = {0};
    CLEANUP(duckdb_destroy_data_chunk) duckdb_data_chunk chunk = NULL;

    TRY(run(scope, parquet, "SELECT count(*)", "", &result));
    chunk = duckdb_fetch_chunk(result);
    if (!chunk)
        return fail(scope, parquet, duckdb_result_error(&result));
    parquet->rows_total =
        *(int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
    return OK;
}

static code begin_rows(struct scope *scope, struct parquet *parquet, const char *select) {
    CLEANUP(duckdb_destroy_prepare) duckdb_prepared_statement statement = NULL;
    CLEANUP(duckdb_destroy_pending) duckdb_pending_result pending = NULL;
    const char *sql = arena_printf(&scope->arena, "%s FROM read_parquet('/proc/self/fd/%d')",
                                   select, parquet->file);

    if (duckdb_prepare(parquet->connection, sql, &statement) != DuckDBSuccess)
        return fail(scope, parquet, duckdb_prepare_error(statement));
    if (duckdb_pending_prepared_streaming(statement, &pending) != DuckDBSuccess)
        return fail(scope, parquet, duckdb_pending_error(pending));
    parquet->is_reading = true;
    if (duckdb_execute_pending(pending, &parquet->result) != DuckDBSuccess)
        return fail(scope, parquet, duckdb_result_error(&parquet->result));
    return OK;
}

static code open_format(struct scope *scope, struct source *source) {
    CLEANUP(buffer_clear) struct buffer select = {0};
    struct source_column *columns;
    struct parquet *parquet;
    size_t count = 0;

    TRY(parquet_open(scope, source->path, &source->parquet));
    parquet = source->parquet;
    TRY(read_schema(scope, parquet, &select, &columns, &count));
    if (count != source->dialect.column_count)
        return fail(scope, parquet, "it changed while it was opened");
    parquet->columns = source->dialect.columns;
    parquet->column_count = count;
    parquet->fields = calloc(count + 1, sizeof(*parquet->fields));
    if (!parquet->fields)
        abort();
    TRY(count_rows(scope, parquet));
    return begin_rows(scope, parquet, buffer_string(&select));
}

static void close_format(struct source *source) {
    parquet_close(&source->parquet);
}

// Have a row at chunk_row, or tell the end.
static code next_row(struct scope *scope, struct parquet *parquet, bool *ret_end) {
    parquet->chunk_row++;
    while (parquet->chunk_row >= parquet->chunk_size) {
        duckdb_destroy_data_chunk(&parquet->chunk);
        parquet->chunk = duckdb_fetch_chunk(parquet->result);
        parquet->chunk_row = 0;
        parquet->chunk_size = parquet->chunk ? duckdb_data_chunk_get_size(parquet->chunk) : 0;
        if (parquet->chunk)
            continue;
        if (parquet->row < parquet->rows_total)
            return fail(scope, parquet, duckdb_result_error(&parquet->result));
        *ret_end = true;
        return OK;
    }
    parquet->row++;
    *ret_end = false;
    return OK;
}

// The value of the present row; a NULL has size 0 and no data.
static struct text value_text(const struct parquet *parquet, size_t column) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(parquet->chunk, column);
    uint64_t *validity = duckdb_vector_get_validity(vector);
    duckdb_string_t *values = duckdb_vector_get_data(vector);
    duckdb_string_t *value = &values[parquet->chunk_row];

    if (validity && !duckdb_validity_row_is_valid(validity, parquet->chunk_row))
        return (struct text){0};
    return (struct text){.data = duckdb_string_t_data(value),
                         .size = duckdb_string_t_length(*value)};
}

static void take_row(struct parquet *parquet) {
    struct json_writer writer;

    parquet->raw.size = 0;
    json_writer_init(&writer, &parquet->raw);
    json_begin_object(&writer);
    for (size_t i = 0; i < parquet->column_count; i++) {
        parquet->fields[i] = value_text(parquet, i);
        json_key_text(&writer, parquet->columns[i].name);
        if (parquet->fields[i].data)
            json_write_text(&writer, parquet->fields[i]);
        else
            json_write_null(&writer);
    }
    json_end_object(&writer);
}

static code next_record(struct scope *scope, struct source *source, struct record *ret_record,
                        bool *ret_end) {
    struct parquet *parquet = source->parquet;

    TRY(next_row(scope, parquet, ret_end));
    if (*ret_end)
        return OK;
    take_row(parquet);
    *ret_record = (struct record){
        .row = parquet->row,
        .line = parquet->row,
        .raw = buffer_text(&parquet->raw),
        .fields = parquet->fields,
        .field_count = parquet->column_count,
    };
    fault_check_fields(ret_record, parquet->fault, parquet->column_count, false);
    for (size_t i = 0; i < parquet->column_count; i++)
        if (text_contains(parquet->fields[i], '\0'))
            fault_set(ret_record, parquet->fault, "encoding", "has a NUL character in field %zu",
                      i + 1);
    return OK;
}

static code pass_record(struct scope *scope, struct source *source, bool *ret_end) {
    return next_row(scope, source->parquet, ret_end);
}

static int64_t rows_read(const struct source *source) {
    return source->parquet->row;
}

static int64_t rows_total(const struct source *source) {
    return source->parquet->rows_total;
}

const struct format parquet_format = {
    .open = open_format,
    .close = close_format,
    .next = next_record,
    .pass = pass_record,
    .rows_read = rows_read,
    .rows_total = rows_total,
};
