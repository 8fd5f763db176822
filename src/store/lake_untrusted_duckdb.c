// SPDX-License-Identifier: Apache-2.0
// SQL of a person. Four locks, one behind the other: the statement must be a SELECT for DuckDB's
// own parser; the functions it reads from must be of a list; it runs in a read-only transaction;
// and the database knows no files, extensions or settings.
#include "store/lake_duckdb.h"

#include <strings.h>

// The functions in a FROM that read nothing but the lake and its catalogue. Others change how the
// database runs: one that turns logging on makes every later query of every connection fail.
static const char refused_functions[] =
    "SELECT name FROM ("
    "  SELECT DISTINCT lower(atom ->> '$') AS name"
    "  FROM json_tree(CAST(json_serialize_sql($1::TEXT) AS JSON)) WHERE key = 'function_name'"
    ") AS used "
    "WHERE name IN (SELECT lower(function_name) FROM duckdb_functions()"
    "               WHERE function_type IN ('table', 'table_macro')) "
    "AND name NOT IN ('duckdb_columns', 'duckdb_functions', 'duckdb_keywords', 'duckdb_tables',"
    "    'duckdb_types', 'duckdb_views', 'generate_series', 'histogram', 'histogram_values',"
    "    'icu_calendar_names', 'json_each', 'json_tree', 'pg_timezone_names', 'pragma_table_info',"
    "    'range', 'repeat', 'unnest') "
    "LIMIT 1";

// The parser writes out SELECTs only, and SHOW, DESCRIBE and SUMMARIZE, which it turns into one.
static const char is_select[] = "SELECT json_serialize_sql($1::TEXT) ->> 'error' = 'false'";

static code fail_kind(struct scope *scope) {
    return scope_fail(scope, INVALID,
                      "only SELECT, WITH, DESCRIBE, SHOW, SUMMARIZE and EXPLAIN are run");
}

// On the connection that will run it: one row of one statement of ours, its text in the scope.
static code ask(struct scope *scope, duckdb_connection connection, const char *question,
                struct text sql, struct text *ret_answer) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct lake_statement statement = {.connection = connection};

    if (lake_statement_run(scope, &statement, LAKE_AUTHOR_PERSON, question,
                           BINDS(BIND_TEXT(sql))) != OK ||
        lake_rows_new(scope, &statement, LAKE_AUTHOR_PERSON, NULL, NULL, &rows) != OK) {
        lake_statement_clear(&statement);
        return scope->failure.code;
    }
    *ret_answer = (struct text){0};
    if (rows_next(rows))
        *ret_answer = text_copy(&scope->arena, rows_text(rows, 0));
    return rows_end(rows);
}

static bool skip_word(struct text *sql, const char *word) {
    const size_t size = strlen(word);

    *sql = text_trim(*sql);
    if (sql->size <= size || strncasecmp(sql->data, word, size) != 0 ||
        !strchr(" \t\r\n", sql->data[size]))
        return false;
    sql->data += size;
    sql->size -= size;
    return true;
}

static code check_functions(struct scope *scope, duckdb_connection connection, struct text sql) {
    struct text answer = {0};

    if (skip_word(&sql, "EXPLAIN"))
        skip_word(&sql, "ANALYZE");
    TRY(ask(scope, connection, is_select, sql, &answer));
    if (!text_is(answer, "true"))
        return fail_kind(scope);
    TRY(ask(scope, connection, refused_functions, sql, &answer));
    if (answer.size > 0)
        return scope_fail(scope, FORBIDDEN, "the function %.*s is not for queries",
                          TEXT_ARG(answer));
    return OK;
}

// One statement that only reads. Preparing it is as far as a statement gets before this.
static code prepare_one(struct scope *scope, duckdb_connection connection, const char *sql,
                        duckdb_prepared_statement *ret_prepared) {
    duckdb_extracted_statements statements = NULL;
    const idx_t count = duckdb_extract_statements(connection, sql, &statements);

    if (count == 0 && duckdb_extract_statements_error(statements))
        lake_fail(scope, LAKE_AUTHOR_PERSON, duckdb_extract_statements_error(statements));
    else if (count != 1)
        scope_fail(scope, INVALID, "one statement is expected, %d came", (int)count);
    else if (check_functions(scope, connection, text_of(sql)) == OK &&
             duckdb_prepare_extracted_statement(connection, statements, 0, ret_prepared) !=
                 DuckDBSuccess)
        lake_fail(scope, LAKE_AUTHOR_PERSON, duckdb_prepare_error(*ret_prepared));
    duckdb_destroy_extracted(&statements);
    return scope->failure.code;
}

static code check_kind(struct scope *scope, duckdb_prepared_statement prepared) {
    const duckdb_statement_type type = duckdb_prepared_statement_type(prepared);

    if (type != DUCKDB_STATEMENT_TYPE_SELECT && type != DUCKDB_STATEMENT_TYPE_EXPLAIN)
        return fail_kind(scope);
    if (duckdb_nparams(prepared) > 0)
        return scope_fail(scope, INVALID, "parameters have no values here");
    return OK;
}

static void add_column(struct buffer *out, duckdb_prepared_statement prepared, idx_t column) {
    const char *name = duckdb_prepared_statement_column_name(prepared, column);
    const bool plain = lake_type_is_plain(duckdb_prepared_statement_column_type(prepared, column));
    const int number = (int)column + 1;

    if (plain)
        buffer_printf(out, "#%d AS \"", number);
    else
        buffer_printf(out, "CAST(#%d AS TEXT) AS \"", number);
    for (const char *byte = name; *byte != '\0'; byte++)
        buffer_add(out, *byte == '"' ? "\"\"" : byte, *byte == '"' ? 2 : 1);
    buffer_add_char(out, '"');
    duckdb_free((void *)name);
}

// The same query with the columns that rows cannot carry (lists, intervals, …) as text; empty when
// there are none. It has been parsed as one SELECT, so it stands whole inside the parentheses.
static void cast_columns(duckdb_prepared_statement prepared, const char *sql, struct buffer *out) {
    const idx_t count = duckdb_prepared_statement_column_count(prepared);
    struct text query = text_trim(text_of(sql));
    bool plain = true;

    for (idx_t i = 0; i < count; i++)
        plain = plain && lake_type_is_plain(duckdb_prepared_statement_column_type(prepared, i));
    if (plain || duckdb_prepared_statement_type(prepared) != DUCKDB_STATEMENT_TYPE_SELECT)
        return;
    buffer_add_string(out, "SELECT ");
    for (idx_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_add_string(out, ", ");
        add_column(out, prepared, i);
    }
    while (query.size > 0 && query.data[query.size - 1] == ';') {
        query.size--;
        query = text_trim(query);
    }
    buffer_printf(out, " FROM (\n%.*s\n)", TEXT_ARG(query));
}

static code query(struct scope *scope, struct lake_connection *connection, const char *sql,
                  struct rows **ret_rows) {
    CLEANUP(duckdb_destroy_prepare) duckdb_prepared_statement prepared = NULL;
    CLEANUP(buffer_clear) struct buffer cast = {0};

    TRY(lake_connection_begin_read_only(scope, connection));
    TRY(prepare_one(scope, lake_connection_handle(connection), sql, &prepared));
    TRY(check_kind(scope, prepared));
    cast_columns(prepared, sql, &cast);
    return lake_connection_query(scope, connection, LAKE_AUTHOR_PERSON,
                                 cast.size > 0 ? buffer_string(&cast) : sql, NO_BINDS, ret_rows);
}

code lake_duckdb_query_untrusted(struct scope *scope, struct text sql, struct rows **ret_rows) {
    struct lake_connection *connection = lake_connection_take(scope);

    if (!connection)
        return scope->failure.code;
    if (query(scope, connection, text_string(&scope->arena, sql), ret_rows) != OK) {
        lake_connection_release(connection);
        return scope->failure.code;
    }
    return OK;
}
